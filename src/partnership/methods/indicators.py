"""Indicators of trade, as small pure functions.

Flows are values of one unit, normally USD million, and never negative. A series by year
is indexed by 2016, "2016" or "2016/2017", and answers by whole year (int). A gap (NaN)
stays a gap: it is never read as zero. Nothing is changed in place.

Errors
------
Every function stops with a ``ValueError`` "ARGUMENT: found X; allowed is Y" if a flow
is negative, infinite or no number, a Series is empty or names a key twice, a year is
none, or a frame lacks a column. Functions of two sides stop if the sides have no key in
common or keys of another kind (text and numbers). Functions of parts of a whole stop if
all parts are 0, and if a total stands among them: by its name
(`partnership.checks.totals`), or by its value, the sum of all others to rounding.
Docstrings name what else stops.

References
----------
The definitions follow chapter 1 of [1]_; single functions name the origin of
their formula.

.. [1] UNCTAD and WTO (2012). *A Practical Guide to Trade Policy Analysis*.
   Chapter 1, Analyzing trade flows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from partnership import checks


class Record(NamedTuple):
    """The earliest year with the highest value of a series, and that value."""

    year: int
    value: float


class SectionShares(NamedTuple):
    """Shares of sections by year in percent, and the check of their sum by year."""

    shares: pd.DataFrame
    check: pd.DataFrame


def by_year(frame, column="value"):
    """Take a column of a frame of ``partnership.series`` by calendar year (int)."""
    frame = checks.need(frame, ("period", "period_type", column), "frame")
    other = frame.loc[frame["period_type"] != "calendar_year", "period"]
    if len(other):
        raise checks.fault("frame", checks.shown(other.iloc[0]), "a calendar year")
    values = frame.set_index("period")[column].rename(frame.attrs.get("series"))
    result = checks.yearly(values, f"frame[{column!r}]").rename_axis("year")
    result.attrs = dict(frame.attrs)
    return result


def growth(values):
    r"""Growth against the year before, in percent.

    .. math:: g_t = 100 \left( \frac{v_t}{v_{t-1}} - 1 \right)

    Parameters
    ----------
    values : pandas.Series
        Flows by year.

    Returns
    -------
    pandas.Series
        Percent, by year. NaN for the first year, where this year or the year before has
        no value (the rate never reaches across a gap), and where the year before is 0.

    Examples
    --------
    >>> growth(pd.Series({2015: 93.6, 2016: 120.6, 2018: 32.2})).round(1).tolist()
    [nan, 28.8, nan]
    """
    values = checks.yearly(values)
    before = values.reindex(values.index - 1).to_numpy()
    # A rate from nothing has no size; NaN keeps it from being drawn as infinite.
    return 100 * (values / np.where(before > 0, before, np.nan) - 1)


def multiple(values, base_year, year):
    r"""How many times one year is another: :math:`v_{year} / v_{base}`, without unit.

    Both years need a value, the base one above 0.
    """
    values = checks.yearly(values)
    base = _value_at(values, base_year, "base_year")
    if base == 0:
        raise checks.fault("base_year", f"the value 0 in {base_year}", "one above 0")
    return _value_at(values, year, "year") / base


def _value_at(values, year, argument):
    """Value of one year of a checked yearly series."""
    year, known = checks.year(year, argument), values.dropna().index
    if year not in known:
        span = f"{known.min()} to {known.max()}" if len(known) else "none here"
        raise checks.fault(argument, f"{year}", f"a year with a value ({span})")
    return float(values[year])


def record(values, before=None):
    """Find the `Record` of a series by year, of all years or of those before one.

    Gaps are passed over; it stops if no year with a value is left.
    """
    known = checks.yearly(values).dropna()
    if before is not None:
        known = known[known.index < checks.year(before, "before")]
    if known.empty:
        when = "at all" if before is None else f"before {before}"
        raise checks.fault("values", f"no value {when}", "one year or more")
    return Record(int(known.idxmax()), float(known.max()))


def earlier_as_high(values, year, value=None):
    """List the earlier years whose value is as high as that of `year`, or higher.

    Parameters
    ----------
    values : pandas.Series
        Flows by year, with a value before `year`.
    year : int
        The year in question. Only years before it are looked at.
    value : float, optional
        The value to compare with, in the unit of `values`; by default that of `year`.
        Pass it to test a stated figure against a series.

    Returns
    -------
    pandas.DataFrame
        By earlier year: ``value``, ``difference`` (from the value in question, same
        unit) and ``ratio`` (times the value in question; NaN if that is 0).
        ``attrs["gaps"]`` lists the years between the first one and `year` for which
        nothing is known: a higher value may hide there.
    """
    values, year = checks.yearly(values), checks.year(year, "year")
    if value is None:
        value = _value_at(values, year, "year")
    value = checks.number(value, "value")
    earlier = values[values.index < year].dropna()
    if earlier.empty:
        raise checks.fault("year", f"no value before {year}", "one with an earlier one")
    higher = earlier[earlier >= value]
    ratio = higher / (value if value > 0 else np.nan)
    result = pd.DataFrame(
        {"value": higher, "difference": higher - value, "ratio": ratio}
    )
    span = range(int(values.index.min()), year)
    result.attrs = {"gaps": [y for y in span if y not in earlier.index]}
    return result


def was_record(values, year, value=None):
    """Whether a year was higher than every earlier year.

    A tie is no record, and years without a value are passed over. Later years play no
    part: a statement is judged by what had happened when it was made.

    Parameters
    ----------
    values, year, value
        As for `earlier_as_high`.

    Returns
    -------
    bool
    """
    return earlier_as_high(values, year, value).empty


def _together(mixed=False, **flows):
    """Return checked flows as columns by key, and how to give a result of them.

    A result is a number if all flows are; ``mixed=True`` lets a number hold for all
    keys of the Series beside it.
    """
    series = [name for name, flow in flows.items() if isinstance(flow, pd.Series)]
    if series and len(series) < len(flows) and not mixed:
        names = " and ".join(flows)
        raise checks.fault(names, "a Series and a number", "two Series or two numbers")
    for name, flow in flows.items():
        check = checks.numbers if name in series else checks.number
        flows[name] = check(flow, name)
    for name in series[1:]:
        _meet(flows[series[0]].index, flows[name].index, f"{series[0]} and {name}")
    if series:
        return pd.DataFrame(flows), lambda result: result
    return pd.DataFrame(flows, [0]), lambda result: float(result.iloc[0])


def _meet(left, right, names):
    """Stop if two indexes share no key, or hold text and numbers."""
    text = {isinstance(key, str) for key in (*left, *right)}
    if len(text) > 1 or left.intersection(right).empty:
        found = f"{checks.shown(left[0])} and {checks.shown(right[0])}, without a match"
        raise checks.fault(names, found, "one kind of key, with some in common")


def balance(exports, imports):
    """Balance of trade: exports less imports, positive for a surplus.

    Two numbers, or two Series that are matched on their keys; NaN where one side is
    missing.
    """
    flows, give = _together(exports=exports, imports=imports)
    return give(flows["exports"] - flows["imports"])


def turnover(exports, imports):
    """Turnover of trade: exports plus imports, as `balance` matches them.

    NaN where one side is missing: one side is never the whole.
    """
    flows, give = _together(exports=exports, imports=imports)
    return give(flows["exports"] + flows["imports"])


def grubel_lloyd(exports, imports, aggregate=False):
    r"""Grubel-Lloyd index of intra-industry trade [1]_, from 0 (one way) to 1 (alike).

    For a product *k*, and with ``aggregate=True`` for all products together
    (the mean of the products weighted by their turnover):

    .. math::

        GL_k = 1 - \frac{|X_k - M_k|}{X_k + M_k}, \qquad
        GL = 1 - \frac{\sum_k |X_k - M_k|}{\sum_k (X_k + M_k)}

    Exports and imports are matched as in `balance`. NaN where one side is missing and
    where both are 0. The finer the products, the lower the aggregate: compare only
    indices of one classification. The aggregate needs both sides of every product
    (fill in 0 where absence means no trade), some trade, and no total among them.

    References
    ----------
    .. [1] Grubel, H. G. and Lloyd, P. J. (1975). *Intra-industry Trade: The Theory and
       Measurement of International Trade in Differentiated Products*. Wiley.
    """
    flows, give = _together(exports=exports, imports=imports)
    difference = (flows["exports"] - flows["imports"]).abs()
    total = flows["exports"] + flows["imports"]
    if not aggregate:
        return give(1 - difference / total)  # 0 / 0 is NaN
    names = "exports and imports"
    if total.isna().any():
        key = checks.shown(total.index[total.isna()][0])
        allowed = "both: fill in 0 where absence means no trade"
        raise checks.fault(names, f"only one side at {key}", allowed)
    _parts_alone(flows, names)
    if total.sum() == 0:
        raise checks.fault(names, "0 in all", "some trade")
    return float(1 - difference.sum() / total.sum())


def _parts_alone(parts, argument):
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


def trade_shares(values, total=None, tolerance=0.005):
    r"""Shares of the parts in the whole, as fractions.

    .. math:: s_k = v_k / \sum_l v_l \quad\text{or}\quad s_k = v_k / total

    Without `total` no part may be missing. With it, the stated whole of a list that is
    not complete, gaps stay NaN; rounded parts may exceed it by `tolerance` of it.
    """
    values = checks.numbers(values, "values", gaps=total is not None)
    if total is None:
        _parts_alone(values, "values")
        whole, argument = values.sum(), "values"
    else:
        whole, argument = checks.number(total, "total"), "total"
    if whole == 0:
        raise checks.fault(argument, "a whole of 0", "one above 0")
    if values.sum() > whole * (1 + tolerance) and total is not None:
        found = f"{whole:g}, less than the parts ({values.sum():g})"
        raise checks.fault("total", found, "their sum or more")
    return values / whole


def rank(values, name):
    """Place of one entry among all, from 1 for the largest.

    Equal values share a place and leave the next ones out (competition ranking:
    1, 2, 2, 4), so the place is one more than the number of larger entries. Entries
    without a value have no place; an unknown name meets near ones.

    Examples
    --------
    >>> rank(pd.Series({"AAA": 9.0, "BBB": 4.0, "CCC": 4.0, "DDD": 1.0}), "DDD")
    4
    """
    values = checks.numbers(values, "values")
    _parts_alone(values, "values")
    return _place(values, name, "name")


def _place(values, name, argument):
    known = values.dropna()
    checks.choice(name, known.index, f"{argument} (of those with a value)")
    return int((known > known[name]).sum()) + 1


def hhi(values, normalised=False):
    r"""Herfindahl-Hirschman index of concentration.

    .. math::

        H = \sum_{k=1}^{n} s_k^2, \qquad H^{*} = \frac{H - 1/n}{1 - 1/n}

    Parameters
    ----------
    values : pandas.Series
        Flows by partner or product, none missing; *n* counts those of 0 as well.
    normalised : bool, default False
        Return :math:`H^{*}`, which does not depend on *n*, of two entries or more.

    Returns
    -------
    float
        :math:`H` from 1/n (all alike) to 1 (one has all); :math:`H^{*}` from 0 to 1.

    Notes
    -----
    Hirschman (1945) took the root of the sum of squares, Herfindahl (1950) the sum, the
    usual form today. Competition authorities write it from 0 to 10,000, with shares in
    percent.

    References
    ----------
    Hirschman, A. O. (1945). *National Power and the Structure of Foreign Trade*.
    University of California Press.

    Herfindahl, O. C. (1950). *Concentration in the Steel Industry*. Dissertation,
    Columbia University.

    Hirschman, A. O. (1964). The Paternity of an Index. *American Economic Review*,
    54(5), 761.
    """
    parts = trade_shares(values)
    index, n = float((parts**2).sum()), len(parts)
    if not normalised:
        return index
    if n == 1:
        raise checks.fault("values", "one entry", "two or more")
    return (index - 1 / n) / (1 - 1 / n)


def equivalent_number(values):
    r"""Count the equal partners that would give the same concentration.

    .. math:: N = 1 / H

    Parameters
    ----------
    values : pandas.Series
        As for `hhi`.

    Returns
    -------
    float
        From 1 to the number of entries.

    References
    ----------
    Adelman, M. A. (1969). Comment on the "H" Concentration Measure as a
    Numbers-Equivalent. *Review of Economics and Statistics*, 51(1), 99-101.
    """
    return 1 / hhi(values)


def trade_intensity(x_ij, x_i, m_j, m_w, m_i):
    r"""Intensity of the exports of economy *i* to economy *j* [1]_, [2]_.

    The share of *j* in the exports of *i*, against the share of *j* in the imports
    of the world without *i* (as *i* sells nothing to itself):

    .. math:: I_{ij} = \frac{x_{ij} / x_i}{m_j / (m_w - m_i)}

    The exports of *i* to *j* and to all, and the imports of *j*, of the world and of
    *i* from all partners, of one year and one unit; numbers hold for all keys of the
    Series beside them. With ``m_i=0`` the index takes its simpler form, the share of
    *j* in all imports of the world. It is 1 if *i* sells to *j* what the weight of *j*
    suggests, and NaN where `x_ij` is. A total that is missing, 0 or smaller than its
    part stops. The index has no upper bound, is not symmetric and jumps for small
    partners; report it with the flow beside it.

    References
    ----------
    .. [1] Kojima, K. (1964). The Pattern of International Trade among Advanced
       Countries. *Hitotsubashi Journal of Economics*, 5(1), 16-36.
    .. [2] Drysdale, P. and Garnaut, R. (1982). Trade Intensities and the Analysis of
       Bilateral Trade Flows in a Many-Country World: A Survey. *Hitotsubashi Journal
       of Economics*, 22(2), 62-84.

    Examples
    --------
    >>> round(trade_intensity(x_ij=10, x_i=100, m_j=50, m_w=1100, m_i=100), 9)
    2.0
    """
    flows, give = _together(True, x_ij=x_ij, x_i=x_i, m_j=m_j, m_w=m_w, m_i=m_i)
    others, known = flows["m_w"] - flows["m_i"], flows["x_ij"].notna()
    for name, wrong, allowed in (
        *((name, flows[name].isna(), "a value") for name in flows.columns[1:]),
        *((name, flows[name] == 0, "a total above 0") for name in ("x_i", "m_j")),
        ("x_i", flows["x_i"] < flows["x_ij"], "x_ij or more"),
        ("m_w", others < flows["m_j"], "m_i plus m_j or more"),
    ):
        for key in flows.index[wrong & known]:
            at = f" at {checks.shown(key)}" if len(flows) > 1 else ""
            raise checks.fault(name, f"{flows.at[key, name]:g}{at}", allowed)
    return give((flows["x_ij"] / flows["x_i"]) / (flows["m_j"] / others))


def change_parts(flow, market, seller, world, before, after):
    r"""Split the change of a flow between two spans of years into three parts.

    .. math::

        \ln\frac{x'}{x} = \ln\frac{m'}{m} + \ln\frac{e' / w'}{e / w}
        + \ln\frac{I'}{I}, \qquad I = \frac{x \, w}{e \, m}

    Parameters
    ----------
    flow, market, seller, world : pandas.Series
        By year, in one unit, above 0: what the seller sells on the market (*x*), all
        imports of the market (*m*), all exports of the seller (*e*) and of the world
        (*w*).
    before, after : iterable of int
        Years of either span; the mean over its years stands for a span.

    Returns
    -------
    pandas.Series
        Changes of logarithms: ``change`` is the sum of ``market`` (it buys more or less
        from everyone), ``seller`` (its share of the exports of the world) and ``rest``
        (the intensity *I* [1]_: what concerns the pair).

    Notes
    -----
    An identity without a residual [2]_, not a cause: where the pair is a good part of
    the market, the parts move together.

    References
    ----------
    .. [1] Kojima, K. (1964), as for `trade_intensity`, with ``m_i=0``.
    .. [2] Ang, B. W. (2004). Decomposition Analysis for Policymaking in Energy: Which
       Is the Preferred Method? *Energy Policy*, 32(9), 1131-1139.
    """
    before, after = [*before], [*after]
    flows = {"flow": flow, "market": market, "seller": seller, "world": world}
    moved = {}
    for name, values in flows.items():
        known = checks.yearly(values, name, years=before + after, above=True)
        moved[name] = np.log(known[after].mean() / known[before].mean())
    seller = moved["seller"] - moved["world"]
    rest = moved["flow"] - moved["market"] - seller
    parts = {"market": moved["market"], "seller": seller, "rest": rest}
    return pd.Series({"change": moved["flow"], **parts})


def _text(cells):
    """Cells as text, empty ones as ''; a year that gaps made 2010.0 is 2010."""
    return cells.map(
        lambda cell: "" if pd.isna(cell) else str(cell).strip().removesuffix(".0")
    )


def targets_against_outcomes(targets, outcomes):
    """Set targets and forecasts against what happened.

    Parameters
    ----------
    targets : pandas.DataFrame
        One row a target or forecast: ``period`` (empty if no year was named),
        ``stated_on`` (YYYY, YYYY-MM or YYYY-MM-DD, may be empty), ``value`` (above 0)
        and ``who`` or ``stated_by``; ``unit``, where given, must be that of `outcomes`.
    outcomes : pandas.DataFrame
        One row a period with ``period`` and ``value``, as ``partnership.series``
        returns it. Which series answers which target is the caller's decision (goods,
        or goods and services).

    Returns
    -------
    pandas.DataFrame
        On the index of `targets`, in its order: ``period``, ``stated_on``, ``who`` as
        given (empty cells as ""), ``target``, ``outcome`` (the value of the same
        period; where no year was named, the highest yearly value from the year of the
        statement on; NaN if there is none), ``outcome_period`` (that of the outcome, or
        ""), ``percent`` (outcome of target) and ``basis``: ``same period``, ``no year
        named`` or ``no outcome``.

    Notes
    -----
    The year of the statement counts for a target without a year, though part of it
    had passed: this reads the target in its favour. Only whole years can be that
    highest value, and a gap stays a gap: with no value since the statement the
    outcome is NaN, not 0.
    """
    targets = checks.need(targets, ("period", "stated_on", "value"), "targets")
    who = "who" if "who" in targets.columns else "stated_by"
    checks.need(targets, (who,), "targets")
    outcomes = checks.need(outcomes, ("period", "value"), "outcomes")
    unit = outcomes.attrs.get("unit")
    if unit is not None and "unit" in targets.columns:
        for other in targets["unit"]:
            checks.choice(other, [unit], "targets['unit']")
    aims = checks.numbers(targets["value"], "targets['value']", gaps=False, above=True)
    reached = outcomes.set_index(_text(outcomes["period"]))["value"]
    reached = checks.numbers(reached, "outcomes['value']").dropna()
    years = reached[reached.index.str.fullmatch(r"\d{4}")]
    period, stated = _text(targets["period"]), _text(targets["stated_on"])

    def answer(named, said):
        if named:
            return named if named in reached.index else ""
        since = years[years.index >= said[:4]] if said else years[:0]
        return since.idxmax() if len(since) else ""

    at = pd.Series(map(answer, period, stated), targets.index, dtype=period.dtype)
    outcome = at.map(reached).astype(float)
    kinds = [at == "", at == period], ["no outcome", "same period"]
    return pd.DataFrame(
        {
            "period": period,
            "stated_on": stated,
            "who": _text(targets[who]),
            "target": aims,
            "outcome": outcome,
            "outcome_period": at,
            "percent": 100 * outcome / aims,
            "basis": np.select(*kinds, "no year named"),
        }
    )


def partner_standing(flows, partner):
    """Place and share of one partner among all, and how concentrated the trade is.

    Parameters
    ----------
    flows : pandas.DataFrame
        One row a year and partner, with the columns year, partner and value.
    partner : str
        The partner whose place is asked for; it must be there in every year.

    Returns
    -------
    pandas.DataFrame
        By year: value, rank (from 1), of (partners with any trade), share (percent of
        the total), hhi (see `hhi`) and equivalent (see `equivalent_number`).
    """
    flows = checks.need(flows, ("year", "partner", "value"), "flows", filled=True)
    checks.once(flows[["year", "partner"]], "flows, year and partner")
    values = flows.set_index(["year", "partner"])["value"]
    values = checks.numbers(values, "flows['value']", gaps=False)
    _parts_alone(values.unstack("year"), "flows['partner']")
    rows = {}
    for year, group in values.groupby("year"):
        group = group.droplevel("year")
        place = _place(group, partner, f"partner in {year}")
        part = trade_shares(group, total=group.sum())
        rows[year] = {
            "value": group[partner],
            "rank": place,
            "of": int((group > 0).sum()),
            "share": 100 * part[partner],
            "hhi": float((part**2).sum()),
            "equivalent": 1 / float((part**2).sum()),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("year")


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
    values = sections.apply(
        lambda flows: checks.numbers(flows, f"sections[{checks.shown(flows.name)}]")
    )
    _parts_alone(values, "sections")
    sums = values.sum()
    for year in sums.index[sums == 0]:
        found = f"no value above 0 in {checks.shown(year)}"
        raise checks.fault("sections", found, "one or more")
    stated = pd.Series(np.nan, sums.index)
    if totals is not None:
        stated = checks.numbers(totals, "totals", above=True)
        _meet(sums.index, stated.index, "sections and totals")
        stated = stated.reindex(sums.index)
    check = pd.DataFrame({"sum": sums, "total": stated, "difference": sums - stated})
    check["percent"] = 100 * check["difference"] / stated
    return SectionShares(100 * values / sums, check)
