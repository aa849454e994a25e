"""Belarus' trade with Turkmenistan beside that with five other states, and donors."""

from __future__ import annotations

import pandas as pd

import partnership as p
from partnership.evidence.package import default
from partnership.methods import synthetic
from partnership.verdicts import models

SELLER, BUYER = "BLR", "TKM"
STATES = ["AZE", "KAZ", "KGZ", "TJK", "TKM", "UZB"]
BASE = slice(2005, 2009)
LASTS = (2014, 2016)  # before the fall, before the visit


def flows():
    """Exports of Belarus, and its turnover, with every partner, 2000-2020 (BACI).

    Returns
    -------
    exports, turnover : pandas.DataFrame
        USD million by year and partner; NaN where no export, or neither way, is
        recorded.
    """
    return default().once(("flows", SELLER), _flows)


def _flows():
    trade = p.load("trade_world")
    sides = [("exporter", "importer"), ("importer", "exporter")]
    ways = [
        trade[trade[own] == SELLER].pivot(index="year", columns=other, values="value")
        for own, other in sides
    ]
    return ways[0] / 1000, ways[0].add(ways[1], fill_value=0) / 1000


def indices():
    """Exports to the six states, and turnover: mean of 2005-2009 = 100."""
    return [100 * flow / flow.loc[BASE].mean() for flow in (f[STATES] for f in flows())]


def stated(since="2017"):
    """Goods turnover of Belarus with each of the six as stated, whole years.

    Returns
    -------
    pandas.DataFrame
        One row a statement: ``state``, ``period``, ``stated_by``, ``qualifier``,
        ``value`` (USD million), ``BACI`` (turnover of that year, where it reaches) and
        ``source_id``.
    """
    found = [
        p.statements("goods_turnover", SELLER, state).assign(state=state)
        for state in STATES
    ]
    rows = pd.concat([one.reset_index() for one in found])
    rows = rows[rows["period"] >= since].drop_duplicates("statement_id")
    rows = rows.sort_values(["state", "period"], kind="stable")
    turnover = flows()[1][STATES].rename(str).stack().rename("BACI")
    rows = rows.join(turnover, on=["period", "state"])
    columns = ["period", "stated_by", "qualifier", "value", "BACI", "source_id"]
    return rows[["state", *columns]].reset_index(drop=True)


def control(times, last):
    """Synthetic control of the exports to Turkmenistan.

    Parameters
    ----------
    times : float
        Donors bought from Belarus in every year, and in the mean of 2005-2009 at most
        so many times more or less than Turkmenistan.
    last : int
        Last year before.

    Returns
    -------
    partnership.methods.synthetic.Control
        In USD million a year.
    """
    exports = flows()[0].dropna(axis="columns")
    size = exports.loc[BASE].mean() / exports[BUYER].loc[BASE].mean()
    near = exports.loc[:, size.between(1 / times, times)]
    return synthetic.control(near, BUYER, last)


def controls():
    """All choices of the donors' size and of the last year before.

    Returns
    -------
    table : pandas.DataFrame
        By ``times`` and ``last``: errors ``before`` and ``after`` and mean ``gap`` (USD
        million a year), ``ratio``, ``rank``, ``of`` (units) and ``p``.
    usual : dict of int to partnership.methods.synthetic.Control
        By last year, with the usual size.
    """
    sizes = models.intervals("synthetic_control").loc["size_ratio"]
    rows, usual = {}, {}
    for times in sizes[["low", "base", "high"]].astype(float):
        for last in LASTS:
            found = control(times, last)
            rank = {"rank": found.rank, "of": len(found.errors), "p": found.p}
            rows[times, last] = {**found.errors.loc[BUYER], **rank}
            usual |= {last: found} if times == sizes["base"] else {}
    return pd.DataFrame(rows).T.rename_axis(["times", "last"]), usual
