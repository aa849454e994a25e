"""Gravity for this pair: the panel of post-Soviet exporters, what is tried on it."""

from __future__ import annotations

import partnership as p
from partnership.methods import gravity

PAIR = ("BLR", "TKM")
YEARS = [2011, 2012, 2013]
PREFERRED = gravity.SPECIFICATIONS["both effects"]


def panel(absent="missing", distance="distance_weighted_km"):
    """Join flows, sizes and distances; importers that are post-Soviet are flagged.

    Parameters
    ----------
    absent : {"missing", "zero"}
        As in `partnership.methods.gravity.panel`.
    distance : str
        Column of ``pair_geography``.

    Returns
    -------
    partnership.methods.gravity.Panel
    """
    countries, indicators = p.load("countries"), p.load("country_year")
    flagged = countries.loc[countries["post_soviet"].fillna(False), "iso3"]
    gdp = indicators[indicators["indicator"] == "gdp_current"].dropna(subset="value")
    geography = p.load("pair_geography")
    geography["distance_weighted_km"] = geography[distance]
    trade = p.load("post_soviet_trade")
    return gravity.panel(trade, gdp, geography, absent, "drop", flagged)


def tried(rows):
    """Excess of the pair in `YEARS` under every choice that the notebook weighs.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `panel`.

    Returns
    -------
    pandas.Series
        Recorded over expected trade, times, by choice.
    """
    forms = gravity.SPECIFICATIONS
    bare = {
        name: (tuple(one for one in form[0] if one != "flag"), form[1])
        for name, form in forms.items()
    }
    choices = {
        "preferred": (rows, PREFERRED),
        "absent pairs are zeros": (panel("zero").rows, PREFERRED),
        "distance between capitals": (
            panel(distance="distance_capitals_km").rows,
            PREFERRED,
        ),
        "without Russia as exporter": (rows[rows["exporter"] != "RUS"], PREFERRED),
        "without Ukraine as exporter": (rows[rows["exporter"] != "UKR"], PREFERRED),
        "without Russia as importer": (rows[rows["importer"] != "RUS"], PREFERRED),
        "post-Soviet importers only": (rows[rows["flag"] == 1], PREFERRED),
        "logarithms": (rows, PREFERRED, "ols"),
        "plain": (rows, forms["plain"]),
        **{
            f"{name}, {words} flag": (rows, each[name])
            for name in ("border and flag", "exporter effects")
            for words, each in (("without", bare), ("with", forms))
        },
    }
    return gravity.robustness(choices, *PAIR, YEARS)
