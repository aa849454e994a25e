"""Students from Turkmenistan in Belarus: the series and the level each counts."""

from __future__ import annotations

import pandas as pd

from partnership.evidence.series import statements
from partnership.methods.assumptions import (  # noqa: F401
    changed,
    corners,
    draw,
    middle,
    one_at_a_time,
)
from partnership.methods.changes import (  # noqa: F401
    METHODS,
    academic,
    against,
    as_frame,
    backtest,
    breaks,
    by_academic_year,
    chance,
    errors,
    forecast,
    gains,
    index,
    placebos,
    share,
    year_over_year,
)
from partnership.methods.economics import (  # noqa: F401
    PRODUCT,
    PURE_KCL,
    Project,
    annualised,
    break_even_price,
    break_even_utilisation,
    cash_flows,
    cohort_value,
    for_chart,
    full_years,
    intake,
    missed_output,
    npv,
    price_path,
    product_from_k2o,
    sensitivity,
    utilisation,
    value_at_signing,
)

LEVELS = {
    "students_higher_education_belstat_with_masters": "Belstat: universities",
    "students_higher_education_uis": "UNESCO: universities",
    "students_higher_education_stated": "stated: universities",
    "students_level_unspecified": "stated: level not said",
    "students_all_levels": "stated: all training",
}
"""Series of students of one origin in one host, with the level that each counts."""


def stated(first, last, **pair):
    """Statements of all `LEVELS` about a time, with words for what each counts.

    Parameters
    ----------
    first, last : str
        Dates between which the period of a statement starts.
    **pair
        ``reporter``, ``partner`` and ``data`` of ``partnership.statements``.

    Returns
    -------
    pandas.DataFrame
        As ``partnership.statements`` returns it, with ``category``: level and
        qualifier in words.
    """
    found = [
        statements(name, **pair).reset_index().assign(category=words)
        for name, words in LEVELS.items()
    ]
    found = pd.concat(found, ignore_index=True)
    qualifier = ", " + found["qualifier"].str.replace("_", " ")
    found["category"] += qualifier.mask(found["qualifier"] == "exact", "")
    return found[found["start"].between(first, last)].reset_index(drop=True)
