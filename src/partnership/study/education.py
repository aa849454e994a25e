"""Students from Turkmenistan in Belarus: the series and the level each counts."""

import pandas as pd

import partnership as p


def stated(first, last):
    """Read what is said of students of one origin in one host, and what it counts.

    Parameters
    ----------
    first, last : str
        Dates between which the period of a statement starts.

    Returns
    -------
    pandas.DataFrame
        As ``partnership.statements`` returns it, of every series that has a ``level``
        in the table ``series``, with ``category``: level and qualifier in words.
    """
    series = p.load("series").dropna(subset="level")
    levels = series.set_index("series")["level"].items()
    found = [p.statements(name).assign(category=level) for name, level in levels]
    found = pd.concat(found).sort_values(["start", "end", "observation_id"])
    qualifier = ", " + found["qualifier"].str.replace("_", " ")
    found["category"] += qualifier.mask(found["qualifier"] == "exact", "")
    return found[found["start"].between(first, last)]
