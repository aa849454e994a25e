"""Sums that were stated of several years, as bands by year."""

import numpy as np
import pandas as pd

from partnership import checks


def over_years(items, years, timing=(1.0, 1.0)):
    r"""Add up stated sums, each spread over its own years.

    .. math:: [a_t, b_t] = \sum_i [\tau_0 l_i / n_i, \min(\tau_1 / n_i, 1) \, h_i]

    over the items whose years contain *t*, :math:`n_i` of them: ends are added, as
    interval arithmetic has it [1]_, so that a band contains whatever its items do, also
    if all of them lie at one end.

    Parameters
    ----------
    items : pandas.DataFrame
        One row a sum: ``low`` and ``high`` in one unit, ``open`` (it is at least that,
        as of "more than"), ``from`` and ``until``, its first and last year.
    years : iterable of int
    timing : (float, float)
        What falls on a year, in times of the even part: least and most. (1, 1) is
        spread evenly, which is an assumption and no statement.

    Returns
    -------
    pandas.DataFrame
        By year: ``low``, ``high`` and ``open``, true where the sum may be above
        ``high`` because an item is open.

    Raises
    ------
    ValueError
        If low, high or the years of an item are not in order, or timing leaves out 1.

    References
    ----------
    .. [1] Moore, R. E., Kearfott, R. B. and Cloud, M. J. (2009). *Introduction to
       Interval Analysis*. SIAM, chapter 2.
    """
    columns = ["low", "high", "from", "until"]
    items = checks.need(items, [*columns, "open"], "items", filled=True)
    low, high, first, last = (
        checks.array(items[name], f"items[{name!r}]", keys=items.index)
        for name in columns
    )
    for one, other, names in ((low, high, "low, high"), (first, last, "from, until")):
        for wrong in items.index[one > other]:
            raise checks.fault("items", f"{wrong!r} with {names} reversed", "in order")
    slow, fast = checks.array(timing, "timing")
    checks.demand(
        slow <= 1 <= fast, "timing", f"{slow:g} to {fast:g}", "an interval of 1"
    )
    years = pd.Index(years, name="year")
    inside = (years.to_numpy() >= first[:, None]) & (years.to_numpy() <= last[:, None])
    part = inside / (last - first + 1)[:, None]
    least, most = slow * low @ part, high @ np.minimum(fast * part, inside)
    above = (inside & items["open"].to_numpy(bool)[:, None]).any(axis=0)
    return pd.DataFrame({"low": least, "high": most, "open": above}, years)
