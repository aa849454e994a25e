"""Garlyk, the potash plant: what is stated and what is assumed."""

from __future__ import annotations

from dataclasses import replace

from partnership import verdicts
from partnership.evidence.package import default
from partnership.evidence.series import statements
from partnership.methods import events
from partnership.methods.assumptions import by_row
from partnership.methods.economics import (  # noqa: F401
    PRODUCT,
    PURE_KCL,
    Project,
    annualised,
    break_even_price,
    break_even_utilisation,
    cash_flows,
    cohort_value,
    full_years,
    intake,
    npv,
    price_path,
    product_from_k2o,
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
from partnership.study.old import (  # noqa: F401
    for_chart,
    missed_output,
    sensitivity,
)


def assumed():
    """Low, base and high of what the teaching model assumes; no source states these.

    Returns
    -------
    pandas.DataFrame
        As `partnership.verdicts.intervals`, of the inputs with a base.
    """
    found = verdicts.intervals("potash_plant").dropna(subset="base")
    return found.drop(index="k2o_share")


def ranges(capital):
    """Every assumption of the model, the contract value with the base `capital`."""
    found = verdicts.intervals("potash_plant").drop(index="k2o_share")
    found.loc["capital", "base"] = capital
    return found


def value_of(project, known, later, share=1.0):
    """Value of a project as a function of changed assumptions, for `assumptions`.

    Parameters
    ----------
    project : Project
    known, later
        As for `price_path`; ``later`` may be among the changed assumptions.
    share : float
        Of capacity, as for `cash_flows`.

    Returns
    -------
    callable
        Takes a frame, one row a case and one column an assumption.
    """

    def value(later=later, **changed):
        case = replace(project, **changed)
        path = price_path(case, known, later)
        return value_at_signing(case, path, share)

    return by_row(value)


STORY = {
    "ev019": "Presidents lay the foundation",
    "ev024": "Turnkey contract",
    "ev049": "Put off to 2016",
    "ev057": "First ore raised",
    "ev069": "Fire in the unfinished plant",
    "ev080": "Opened by both presidents",
    "ev098": "Turkmenistan ends the contract",
    "ev105": "Customer goes to arbitration",
    "ev132": "Counterclaim of the builder",
    "ev145": "Order to reach full capacity",
}
"""Events of the plant, each in a few words."""


def story():
    """Events of `STORY` in order of time, with their words in the column ``text``."""
    found = default().load("events").set_index("event_id").loc[list(STORY)]
    return found.assign(text=list(STORY.values()))


def __getattr__(name):  # old name of `assumed`
    if name != "ASSUMED":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    rows = assumed()[["meaning", "low", "base", "high"]].itertuples()
    return {key: tuple(rest) for key, *rest in rows}


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
