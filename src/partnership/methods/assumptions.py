"""Assumptions as intervals: draw from them, move one at a time, try all ends."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd


def _checked(values, name, low=0.0, high=math.inf, *, above=False):
    """Return an array of floats within bounds, or say what is wrong."""
    array = np.asarray(values, dtype=float)
    bad = ~(array > low if above else array >= low) | ~(array <= high)
    bad |= np.isinf(array)
    if bad.any():
        found = array[bad].ravel()[0]
        least = f"above {low:g}" if above else f"{low:g} or more"
        most = "" if math.isinf(high) else f", at most {high:g}"
        raise ValueError(f"{name}: found {found:g}; allowed is a number {least}{most}")
    return array


def draw(intervals, draws=20_000, seed=2017):
    """Draw every assumption evenly and independently from its interval.

    Parameters
    ----------
    intervals : pandas.DataFrame
        Index: names of the assumptions; columns ``low`` and ``high``.
    draws : int, default 20,000
        At 20,000 the standard error of a probability is 0.4 points or less.
    seed : int or numpy.random.Generator

    Returns
    -------
    pandas.DataFrame
        One row a draw, one column an assumption.

    Raises
    ------
    ValueError
        If `draws` is below 1, or an interval is empty, missing or negative.
    """
    _checked(draws, "draws", low=1)
    low = _checked(intervals["low"], "low")
    high = _checked(intervals["high"], "high")
    if (low > high).any():
        name = intervals.index[low > high][0]
        row = intervals.loc[name]
        raise ValueError(
            f"intervals: found {name} from {row['low']:g} to {row['high']:g}; allowed "
            "is low not above high"
        )
    random = np.random.default_rng(seed)
    sample = random.uniform(low, high, size=(int(draws), len(intervals)))
    return pd.DataFrame(sample, columns=intervals.index)


def middle(intervals):
    """One row with every assumption in the middle of its interval."""
    return intervals[["low", "high"]].mean(axis=1).to_frame().T


def changed(intervals, **ends):
    """Intervals with other ends for some assumptions: ``changed(i, life=(20, 25))``.

    Raises
    ------
    ValueError
        If an assumption is unknown.
    """
    result = intervals.copy()
    for name, (low, high) in ends.items():
        if name not in result.index:
            raise ValueError(f"{name}: unknown; allowed are {list(result.index)}")
        result.loc[name, ["low", "high"]] = low, high
    return result


def corners(function, **ends):
    """Smallest and largest result over all corners of the assumptions.

    Parameters
    ----------
    function : callable
        Takes the names of `ends` and returns a number. The range is the true one where
        the function rises or falls throughout in each of them.
    **ends : tuple
        The values to try for each assumption, as a rule its low and its high end.

    Returns
    -------
    tuple of float
        Low and high.
    """
    for name, values in ends.items():
        if not isinstance(values, (tuple, list)) or not values:
            raise ValueError(f"{name}: found {values!r}; allowed is a tuple of values")
    tried = [
        float(function(**dict(zip(ends, chosen, strict=True))))
        for chosen in itertools.product(*ends.values())
    ]
    return min(tried), max(tried)


def one_at_a_time(function, usual, **ends):
    """Range of a result when one assumption moves and the others stay.

    Parameters
    ----------
    function : callable
    usual : dict
        A value for every argument.
    **ends : tuple
        As in `corners`.

    Returns
    -------
    pandas.DataFrame
        By assumption: ``low`` and ``high``, the widest range first.
    """
    for name in ends:
        if name not in usual:
            raise ValueError(f"{name}: found no usual value; allowed is one for each")
    fixed = {name: (value,) for name, value in usual.items()}
    rows = {name: corners(function, **fixed | {name: ends[name]}) for name in ends}
    table = pd.DataFrame(rows, index=["low", "high"]).T
    return table.loc[(table["high"] - table["low"]).sort_values(ascending=False).index]
