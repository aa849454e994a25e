"""Garlyk, the potash plant: what is stated and what is assumed."""

from __future__ import annotations

from partnership.evidence.series import statements
from partnership.methods import events
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
from partnership.methods.events import (  # noqa: F401
    DEFINITIONS,
    Placebo,
    by_field_and_year,
    changes,
    counts,
    dated,
    many,
    placebo,
    promised_years,
    shifted,
    trips,
    years_of,
)

ASSUMED = {
    "fixed": ("Fixed cost, USD million a year", 20, 40, 80),
    "unit": ("Unit cost, USD a tonne", 35, 60, 100),
    "freight": ("Freight and discount, USD a tonne", 30, 60, 120),
    "rate": ("Discount rate, a share", 0.05, 0.10, 0.15),
    "life": ("Years of operation", 15, 25, 45),
    "later": ("Price after the last year known, USD a tonne", 200, 300, 400),
}
"""What the teaching model assumes: words, low, base, high. No source states these."""


def openings(rows, start, end, kind="opening_chemical"):
    """Number the chemical plants opened in a window of time: `events.openings`."""
    return events.openings(rows, start, end, kind)


def stated(name, reporter=None, partner=None, **narrower):
    """Read the one figure that the data have of a series, plans included.

    Parameters
    ----------
    name, reporter, partner, **narrower
        As for `partnership.series.statements`.

    Returns
    -------
    float
        In the unit of the series. Statements that agree count as one figure.
    """
    rows = statements(
        name, reporter, partner, outcomes_only=False, **narrower
    ).reset_index()
    values = sorted(set(rows["value"]))
    if len(values) > 1:
        raise ValueError(f"name: found {values} for {name!r}; allowed is one figure")
    return float(values[0])
