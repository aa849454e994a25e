"""Garlyk, the potash plant: what is stated and what is assumed."""

from dataclasses import replace

from partnership import verdicts
from partnership.evidence.package import default
from partnership.methods.assumptions import by_row
from partnership.methods.economics import price_path, value_at_signing


def assumed():
    """Low, base and high of what the teaching model assumes; no source states these.

    Returns
    -------
    pandas.DataFrame
        As `partnership.verdicts.intervals`, of the inputs with a base.
    """
    found = verdicts.intervals("potash_plant").dropna(subset="base")
    return found.drop(index="k2o_share")


def price_readings(quoted, later):
    """The quoted price and what it may mean, for `price_path`.

    Parameters
    ----------
    quoted : pandas.Series
        USD a tonne by year, as quoted: nominal, and from 2020 with a sea voyage.
    later : float
        USD a tonne after the last year, in the money of that year.

    Returns
    -------
    dict of str to (pandas.Series, float)
        Prices by year and later price: as quoted, less the highest voyage assumed, in
        dollars of 2010 by US consumer prices (to the last year that they have), both.
    """
    voyage = verdicts.intervals("potash_plant").at["voyage", "high"]
    us = default().load("country_year").query("iso3 == 'USA'")
    us = us[us["indicator"] == "consumer_prices"].set_index("year")["value"]
    to_2010 = us[2010] / us

    def real(prices, after):
        known = (prices * to_2010).dropna()
        return known, after * to_2010[known.index[-1]]

    landed = quoted - voyage * (quoted.index >= 2020), later - voyage
    return {
        "as quoted": (quoted, later),
        f"less {voyage:.0f} for the voyage": landed,
        "in dollars of 2010": real(quoted, later),
        "both": real(*landed),
    }


def ranges(capital):
    """Every assumption of the model, the contract value with the base `capital`."""
    found = verdicts.intervals("potash_plant").drop(index=["k2o_share", "voyage"])
    found.loc["capital", "base"] = capital
    return found


def value_of(project, known, later):
    """Value of a project at full output, as a function of changed assumptions.

    Parameters
    ----------
    project : Project
    known, later
        As for `price_path`; ``later`` may be among the changed assumptions.

    Returns
    -------
    callable
        Takes a frame, one row a case and one column an assumption.
    """

    def value(later=later, **changed):
        case = replace(project, **changed)
        return value_at_signing(case, price_path(case, known, later), 1.0)

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
