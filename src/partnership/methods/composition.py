"""Indicators of one short list, as a notebook has it: pandas in, numbers out.

Each is a call of `partnership.methods.indicators`, which has the formulas and their
references, with what can only be checked of a list in memory.

Errors
------
Every function stops with a ``ValueError`` "ARGUMENT: found X; allowed is Y" if a value
is negative, infinite or no number, if a key stands twice, if all parts are 0, and if a
total stands among the parts: by its name (`partnership.checks.totals`), or by its
value, the sum of all others to rounding.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from partnership import checks
from partnership.methods import indicators


def alone(parts, argument):
    """Stop if a row is the total of the others, by its name or in every column.

    A column shows nothing by its values where it has few digits, where two parts are
    almost all, or where it sums to 1 or 100: shares, of which one may well be half.
    """
    parts = pd.DataFrame(parts)
    named = checks.totals(parts.index) if len(parts) > 1 else []
    values = np.nan_to_num(parts.to_numpy(dtype=float))
    whole, top = values.sum(0), values.max(0)
    exact = (d for d in range(7) if np.allclose(values, values.round(d), 1e-12, 0))
    unit = 10.0 ** -next(exact, 12)
    slack = np.maximum(unit * np.sqrt((values > 0).sum(0)), 1e-9 * top)
    rest = whole - np.sort(values, axis=0)[-2:].sum(0)
    tells = (rest > 2 * slack) & (slack < 0.05 * top)
    tells &= (abs(whole - 1) > slack) & (abs(whole - 100) > slack)
    total = (abs(2 * values - whole) <= slack) | (values == 0) | ~tells
    total = parts.index[total.all(1) & (values[:, tells] > 0).any(1)]
    if named or len(total):
        word = "the total" if named else "the sum of all others,"
        found = f"{word} {checks.shown([*named, *total][0])} among the parts"
        allowed = "none: drop it, or give percentages if one part is half of all"
        raise checks.fault(argument, found, allowed)


def hhi(values):
    """Herfindahl-Hirschman index of one list of parts; see `indicators.hhi`.

    Parameters
    ----------
    values : pandas.Series
        Flows by partner or product, none missing.

    Returns
    -------
    float
        From 1/n (all alike, of n parts) to 1 (one has all).
    """
    values = checks.numbers(values, "values", gaps=False)
    alone(values, "values")
    if values.sum() == 0:
        raise checks.fault("values", "a whole of 0", "one above 0")
    flows = pd.DataFrame({"part": range(len(values)), "value": values.array})
    return float(indicators.hhi(flows, of="part", within=[])["hhi"].item())


def partner_standing(flows, partner, totals=None):
    """Place and share of one partner among all, and how concentrated the trade is.

    Parameters
    ----------
    flows : pandas.DataFrame
        One row a year and partner, with the columns year, partner and value.
    partner : str
        The partner whose place is asked for; it must be there in every year.
    totals : pandas.Series, optional
        Trade with all partners as stated, by year, where `flows` may lack some: a year
        in which they make less than `indicators.COMPLETE` of it is refused.

    Returns
    -------
    pandas.DataFrame
        By year: value, rank (from 1), of (partners with any trade), share (percent of
        the total), hhi and equivalent (see `indicators.hhi`).
    """
    flows = checks.need(flows, ("year", "partner", "value"), "flows", filled=True)
    flows = flows[["year", "partner", "value"]]
    checks.once(flows[["year", "partner"]], "flows, year and partner")
    values = flows.set_index(["year", "partner"])["value"]
    values = checks.numbers(values, "flows['value']", gaps=False).unstack("year")
    alone(values, "flows['partner']")
    for year in values:
        known = values.index[values[year].notna()]
        checks.choice(partner, known, f"partner in {year} (of those with a value)")
        if not values[year].any():
            raise checks.fault(f"flows of {year}", "a whole of 0", "one above 0")
    whole = values.sum() if totals is None else checks.numbers(totals, "totals")
    whole = whole.reindex(values.columns).rename("value").reset_index()
    table = indicators.shares(flows, "partner", "year", whole).set_index("year")
    for year, covered in table["covered"].items():
        if not covered >= indicators.COMPLETE:
            named = f"{values[year].notna().sum()} partners with {100 * covered:.0f}"
            found = f"{named} percent of the total of {year}"
            allowed = f"all, {100 * indicators.COMPLETE:.0f} percent or more"
            raise checks.fault("flows", found, f"{allowed}: else no place holds")
    spread = indicators.hhi(flows, of="partner", within="year").set_index("year")
    table = table[table["partner"] == partner].sort_index()
    table["rank"] = table["rank"].astype(int)
    return table.assign(
        of=(values > 0).sum(),
        share=100 * table["share"],
        hhi=spread["hhi"],
        equivalent=spread["equivalent"],
    )[["value", "rank", "of", "share", "hhi", "equivalent"]]


class SectionShares(NamedTuple):
    """Shares of sections by year in percent, and the check of their sum by year."""

    shares: pd.DataFrame
    check: pd.DataFrame


def section_shares(sections, totals=None):
    r"""Shares of the sections of a classification, with a check of their sum.

    .. math:: s_{kt} = 100 \, \frac{v_{kt}}{\sum_l v_{lt}}

    Parameters
    ----------
    sections : pandas.DataFrame
        Values of one unit: sections (rows) by years (columns), one or more above 0 in
        each year. NaN: the source gives no value for the section in that year.
    totals : pandas.Series, optional
        The total that the source states for each year, above 0, same unit, by year.

    Returns
    -------
    SectionShares
        ``shares`` in percent of the **sum of the sections**, so that a year sums to
        100 whatever the stated total; a section without a value stays NaN. ``check``
        has, by year, that ``sum``, the stated ``total``, their ``difference`` and that
        in ``percent`` of the total (NaN for years without one). A difference well above
        rounding means that a section is missing, and then the shares are too high.
    """
    checks.need(sections, (), "sections", filled=True)
    checks.once(sections.columns, "sections, columns")
    checks.once(sections.index, "sections, rows")
    values = sections.apply(
        lambda flows: checks.numbers(flows, f"sections[{checks.shown(flows.name)}]")
    )
    alone(values, "sections")
    sums = values.sum()
    for year in sums.index[sums == 0]:
        found = f"no value above 0 in {checks.shown(year)}"
        raise checks.fault("sections", found, "one or more")
    stated = pd.Series(np.nan, sums.index)
    if totals is not None:
        stated = checks.numbers(totals, "totals", above=True)
        if sums.index.intersection(stated.index).empty:
            first = [checks.shown(one.index[0]) for one in (sums, stated)]
            found = f"years {' and '.join(first)}, without a match"
            raise checks.fault("sections and totals", found, "some year in common")
        stated = stated.reindex(sums.index)
    check = pd.DataFrame({"sum": sums, "total": stated, "difference": sums - stated})
    check["percent"] = 100 * check["difference"] / stated
    flows = values.rename_axis("section").rename_axis("year", axis="columns").stack()
    flows = flows.dropna().rename("value").reset_index()
    shares = indicators.shares(flows, of="section", within="year")
    shares = shares.pivot(index="section", columns="year", values="share")
    shares = 100 * shares.reindex(index=values.index, columns=values.columns)
    return SectionShares(shares, check)
