"""Gravity for this pair: the world panel, its peers, what is tried on it."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd

import partnership as p
from partnership.evidence.package import default
from partnership.methods import left_out

PAIR = ("BLR", "TKM")
YEARS = [2011, 2012, 2013]
PERIODS = {
    f"{first}..{last}": list(range(first, last + 1))
    for first, last in ((2005, 2007), (2008, 2010), (2011, 2013), (2014, 2016))
} | {"2017..2020": list(range(2017, 2021))}
BANDS = ("2011..2013", "2017..2020")  # a band is 210 estimates
PLAIN, FORM = left_out.PLAIN, left_out.FORM


def post_soviet():
    """Codes of the fifteen post-Soviet states, in order."""
    countries = p.load("countries")
    return sorted(countries.loc[countries["post_soviet"].fillna(False), "iso3"])


def panel(years=YEARS, sizes=False):
    """Every pair of economies in some years; without a recorded flow it is zero.

    Parameters
    ----------
    years : sequence of int
    sizes : bool, default False
        With the logarithms of GDP; rows without one drop out.

    Returns
    -------
    partnership.methods.gravity.Panel
    """
    return default().once(("gravity", *years, sizes), lambda: _panel(years, sizes))


def _panel(years, sizes):
    gdp = None
    if sizes:
        gdp = p.load("country_year").query("indicator == 'gdp_current'")
        gdp = gdp.dropna(subset="value")
    tables = p.load("trade_world"), p.load("pair_geography")
    also = ("common_ethnic_language", "distance_capitals_km")
    return left_out.world(*tables, years, post_soviet(), gdp=gdp, also=also)


def peers():
    """The 210 directed pairs of post-Soviet states."""
    return list(permutations(post_soviet(), 2))


def others(rows, count=500, seed=2017):
    """Draw pairs of which one side or both are not post-Soviet."""
    pairs = rows.loc[rows["flag"] == 0, ["exporter", "importer"]].drop_duplicates()
    drawn = np.random.default_rng(seed).choice(len(pairs), count, replace=False)
    return list(pairs.iloc[np.sort(drawn)].itertuples(index=False, name=None))


def over_time():
    """Trade of the pair over expectation by period, and the band of its peers.

    Returns
    -------
    table : pandas.DataFrame
        Indexed by period: what `left_out.excess` says of all its years, ``usual``,
        ``lowest`` and ``highest`` (median and 95 percent of the peers' ratios)
        and ``place``, where 1 is the highest of the peers; the last four in `BANDS`.
    ratios : pandas.DataFrame
        Trade over expectation of each peer (rows), left out, by period of `BANDS`.
    """
    table, found = {}, {}
    for period, years in PERIODS.items():
        rows = panel(years).rows
        table[period] = left_out.excess(rows, *PAIR, FORM).loc[period]
        if period in BANDS:
            found[period] = left_out.left_out(rows, peers(), FORM)["ratio"]
    table, ratios = pd.DataFrame(table).T.rename_axis("period"), pd.DataFrame(found)
    ends = {"usual": 0.5, "lowest": 0.025, "highest": 0.975}
    for name, end in ends.items():
        table[name] = ratios.quantile(end)
    table["place"] = (ratios >= ratios.loc["-".join(PAIR)]).sum()
    return table, ratios


def tried(rows):
    """Excess of the pair in `YEARS` under every choice that the notebook weighs.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `panel`.

    Returns
    -------
    pandas.DataFrame
        ``expected`` (USD million a year), ``ratio``, ``low`` and ``high`` by choice.
    """
    group = post_soviet()
    inside = rows["exporter"].isin(group)
    russia = rows[["exporter", "importer"]].eq("RUS").any(axis=1)
    # Two that reported nothing: their sales to a third that does not are unknown.
    silent = rows["exporter"].isin(["TJK", "UZB"])
    spoken = (
        "common_ethnic_language",
        *(name for name in FORM if "language" not in name),
    )
    traded = rows.groupby("pair")["exports"].transform("sum") > 0
    capitals = rows.assign(log_distance=np.log(rows["distance_capitals_km"]))
    choices = {
        "as above, with the flag": (rows, FORM),
        "without the flag": (rows, PLAIN),
        "logarithms, with the flag": (rows, FORM, "ols"),
        "logarithms, without the flag": (rows, PLAIN, "ols"),
        "language as spoken": (rows, spoken),
        "distance between capitals": (capitals, FORM),
        "pairs without any trade left out": (rows[traded], FORM),
        "without Russia": (rows[~russia], FORM),
        "without Uzbekistan and Tajikistan as sellers": (rows[~silent], FORM),
        "post-Soviet sellers only": (rows[inside], PLAIN[:2]),
    }
    found = {
        name: left_out.excess(part, *PAIR, *form).iloc[-1]
        for name, (part, *form) in choices.items()
    }
    return pd.DataFrame(found).T[["expected", "ratio", "low", "high"]]
