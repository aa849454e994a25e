"""Students from Turkmenistan in Belarus: the series and the level each counts."""

import pandas as pd

from partnership.evidence.package import default
from partnership.evidence.series import statements


def stated(first, last, **pair):
    """Read what is said of students of one origin in one host, and what it counts.

    Parameters
    ----------
    first, last : str
        Dates between which the period of a statement starts.
    **pair
        ``reporter``, ``partner`` and ``data`` of ``partnership.statements``.

    Returns
    -------
    pandas.DataFrame
        As ``partnership.statements`` returns it, of every series that has a ``level``
        in the table ``series``, with ``category``: level and qualifier in words.
    """
    series = (pair.get("data") or default()).load("series").dropna(subset="level")
    found = [
        statements(row.series, **pair).assign(category=row.level)
        for row in series.itertuples()
    ]
    found = pd.concat(found).sort_values(["start", "end", "observation_id"])
    qualifier = ", " + found["qualifier"].str.replace("_", " ")
    found["category"] += qualifier.mask(found["qualifier"] == "exact", "")
    return found[found["start"].between(first, last)]
