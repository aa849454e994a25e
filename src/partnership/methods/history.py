"""What a series by year says of its own past: growth, records, targets, parts.

Flows are values of one unit and never negative. A series by year is indexed by 2016,
"2016" or "2016/2017", and answers by whole year (int). A gap (NaN) stays a gap: it is
never read as zero. Nothing is changed in place.

Errors
------
Every function stops with a ``ValueError`` "ARGUMENT: found X; allowed is Y" if a flow
is negative, infinite or no number, a Series is empty or names a key twice, a year is
none, or a frame lacks a column.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from partnership import checks


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


def _value_at(values, year, argument):
    """Value of one year of a checked yearly series."""
    year, known = checks.year(year, argument), values.dropna().index
    if year not in known:
        span = f"{known.min()} to {known.max()}" if len(known) else "none here"
        raise checks.fault(argument, f"{year}", f"a year with a value ({span})")
    return float(values[year])


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
    .. [1] Kojima, K. (1964), as for `partnership.methods.indicators.intensity`, with
       ``m_i`` = 0.
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
