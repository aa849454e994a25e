"""Assumptions as intervals: draw, weigh draws, move one at a time, try all ends.

Intervals are a frame by name of the assumption with the columns ``low``, ``high`` and
perhaps ``base``, the usual value; without one the middle is usual. Other columns, such
as meaning, basis, unit and source_id, are for readers.

A function here takes a frame, one row a case and one column an assumption, and returns
one number a row; `by_row` makes one of a function of plain arguments. An argument that
is not allowed is a ``ValueError`` that names it, what was found and what is allowed.
"""

import math

import numpy as np
import pandas as pd

from partnership import checks


def between(**ends):
    """Make intervals of ``name=(low, high)`` or ``name=(low, base, high)``.

    Examples
    --------
    >>> between(stay=(4, 6), leaving=(0, 0.05, 0.1)).loc["stay", "high"]
    np.float64(6.0)
    """
    rows, allowed = {}, "(low, high) or (low, base, high)"
    for name, values in ends.items():
        fits = isinstance(values, (tuple, list)) and len(values) in (2, 3)
        checks.demand(fits, name, checks.shown(values), allowed)
        low, *base, high = values
        rows[name] = low, *(base or (math.nan,)), high
    return pd.DataFrame.from_dict(rows, "index", float, ["low", "base", "high"])


def changed(intervals, **ends):
    """Intervals with other ends for some assumptions: ``changed(i, life=(20, 25))``."""
    result = intervals.copy()
    for name, values in between(**ends).iterrows():
        checks.choice(name, result.index, "name")
        columns = values.index.intersection(result.columns)
        result.loc[name, columns] = values[columns]
    return result


def _ends(table):
    """Low, base and high of intervals as floats, checked."""
    table = checks.need(table, ["low", "high"], "intervals", filled=True)
    checks.once(table.index, "intervals")
    table = table.assign(base=table.get("base", math.nan))[["low", "base", "high"]]
    for end in table:
        bounds = {"low": -math.inf, "keys": table.index, "gaps": end == "base"}
        table[end] = checks.array(table[end], f"intervals[{end!r}]", **bounds)
    table["base"] = table["base"].fillna((table["low"] + table["high"]) / 2)
    for name, low, base, high in table.itertuples():
        found = f"{name} from {low:g} to {high:g} with base {base:g}"
        fits = low <= base <= high
        checks.demand(fits, "intervals", found, "low, base and high in order")
    return table


def _results(function, cases):
    """Results of a function, one a case."""
    found = checks.array(function(cases), "function", low=-math.inf, gaps=True)
    said = f"{found.shape} results for {len(cases)} cases"
    one = found.shape == (len(cases),)
    checks.demand(one, "function", said, "one a case (see by_row)")
    return found


def by_row(function):
    """Make a function of a frame of one of plain arguments; whole numbers are int."""

    def over(cases):
        found = []
        for row in cases.astype(float).to_dict("records"):
            row = {name: int(n) if n.is_integer() else n for name, n in row.items()}
            found.append(function(**row))
        return np.array(found, dtype=float)

    return over


def draw(intervals, draws=20_000, seed=2017):
    """Draw every assumption evenly and independently from its interval.

    Parameters
    ----------
    intervals : pandas.DataFrame
    draws : int, default 20,000
        At 20,000 the standard error of a probability is 0.4 points or less.
    seed : int or numpy.random.Generator

    Returns
    -------
    pandas.DataFrame
        One row a draw, one column an assumption.
    """
    draws, ends = checks.number(draws, "draws", low=1, whole=True), _ends(intervals)
    random = np.random.default_rng(seed)
    sample = random.uniform(ends["low"], ends["high"], size=(draws, len(ends)))
    return pd.DataFrame(sample, columns=ends.index)


def tie(sample, one, other, by, seed=2017):
    """Draws of two assumptions that go together: the second gets another order.

    Parameters
    ----------
    sample : pandas.DataFrame
        As `draw` returns it.
    one, other : str
        Columns; the values of `other` stay the same, in another order.
    by : float or array of shape (draws,)
        Correlation of the normal scores of both, -1 to 1, close to that of the ranks.
    seed : int or numpy.random.Generator

    Returns
    -------
    pandas.DataFrame

    References
    ----------
    Iman, R. L. and Conover, W. J. (1982). A distribution-free approach to inducing rank
    correlation among input variables. *Communications in Statistics - Simulation and
    Computation*, 11(3), 311-334.
    """
    sample = checks.need(sample, [one, other], "sample")
    by = checks.array(by, "by", low=-1, high=1)
    random = np.random.default_rng(seed)
    scores, noise = random.standard_normal((2, len(sample)))
    scores = np.sort(scores)[sample[one].to_numpy().argsort().argsort()]
    mixed = by * scores + np.sqrt(1 - by**2) * noise
    ordered = np.sort(sample[other].to_numpy())[mixed.argsort().argsort()]
    return sample.assign(**{other: ordered})


def more_than(truth, bound, scale):
    r"""Likelihood of the words "more than", if the truth is so large.

    .. math:: p(b \mid N) = \frac{1}{s} \exp\left(-\frac{(\ln N/b)^2}{2 s^2}\right)
              \text{ for } N \ge b, \text{ else } 0

    up to a constant: the excess over the bound is half-normal on the logarithm.

    Parameters
    ----------
    truth : float or array
        *N*, 0 or more.
    bound : float
        The number said, *b*, above 0.
    scale : float or array
        *s*, above 0: in two of three cases *N* is below *b* exp(*s*). Who hears "more
        than" a round number expects less than the next one as round (Cummins et al.).

    Returns
    -------
    numpy.ndarray

    References
    ----------
    Cummins, C., Sauerland, U. and Solt, S. (2012). Granularity and scalar implicature
    in numerical expressions. *Linguistics and Philosophy*, 35(2), 135-169.
    """
    truth = checks.array(truth, "truth")
    scale = checks.array(scale, "scale", above=True)
    bound = checks.number(bound, "bound", above=True)
    excess = np.log(np.maximum(truth, bound) / bound) / scale
    return np.where(truth >= bound, np.exp(-(excess**2) / 2) / scale, 0)


def effective(weights):
    """Draws that weighted ones are worth: (sum of w)² / sum of w² (BDA3, 10.4)."""
    weights = _weights(weights)
    return float(weights.sum() ** 2 / (weights**2).sum())


def resample(sample, weights, seed=2017):
    """Keep rows of a sample in proportion to weights: some often, some never.

    Parameters
    ----------
    sample : pandas.DataFrame or pandas.Series
    weights : array of shape (draws,)
        0 or more, one at least above 0.
    seed : int or numpy.random.Generator

    Returns
    -------
    As `sample`
        As many rows; a row is there as often as it should be, to within one.

    Notes
    -----
    One random start, then even steps through the sum of the weights (systematic
    resampling), which adds less noise than independent draws.

    References
    ----------
    Kitagawa, G. (1996). Monte Carlo filter and smoother for non-Gaussian nonlinear
    state space models. *Journal of Computational and Graphical Statistics*, 5(1), 1-25.
    """
    ends = _weights(weights, len(sample)).cumsum()
    steps = np.arange(len(ends)) + np.random.default_rng(seed).uniform()
    kept = np.searchsorted(ends / ends[-1], steps / len(ends), side="right")
    return sample.iloc[np.minimum(kept, len(ends) - 1)].reset_index(drop=True)


def _weights(weights, rows=None):
    """Weights as floats, checked."""
    weights = checks.array(weights, "weights")
    if rows not in (None, len(weights)):
        raise checks.fault("weights", len(weights), f"{rows}, one a draw")
    if not weights.sum():
        raise checks.fault("weights", "none above 0", "one or more above 0")
    return weights


def base(intervals):
    """One row with every assumption at its usual value."""
    return _ends(intervals)["base"].to_frame(0).T


def one_at_a_time(function, intervals):
    """Results when one assumption moves to its ends and the others stay.

    Parameters
    ----------
    function : callable
    intervals : pandas.DataFrame

    Returns
    -------
    pandas.DataFrame
        By assumption, the widest swing first: ``low``, ``base``, ``high`` (the
        assumption), ``at_low``, ``at_base``, ``at_high`` (the result) and ``swing``,
        the distance of the results at both ends: what a tornado chart draws.
    """
    ends = _ends(intervals)
    cases = np.tile(ends["base"], (2 * len(ends) + 1, 1))
    for place in range(len(ends)):
        cases[[1 + 2 * place, 2 + 2 * place], place] = ends.iloc[place, [0, 2]]
    found = _results(function, pd.DataFrame(cases, columns=ends.index))
    at = {"at_low": found[1::2], "at_base": found[0], "at_high": found[2::2]}
    result = ends.assign(**at, swing=np.abs(found[2::2] - found[1::2]))
    return result.sort_values("swing", ascending=False, kind="stable")


def needed(function, intervals, target, ceilings):
    """Least value of one assumption alone that brings the result to a target.

    Parameters
    ----------
    function : callable
    intervals : pandas.DataFrame
    target : float
    ceilings : dict of str to float
        Assumptions to try, and how far: up from the lower end of the interval, in
        2,000 steps.

    Returns
    -------
    pandas.DataFrame
        By assumption: ``low``, ``high`` (the interval) and ``needed``, NaN where no
        value up to the ceiling does.
    """
    ends, rows = _ends(intervals), {}
    for name, ceiling in ceilings.items():
        low, high = ends.loc[checks.choice(name, ends.index, "name"), ["low", "high"]]
        grid = np.linspace(low, ceiling, 2001)
        cases = pd.DataFrame(ends["base"].to_dict(), range(len(grid)))
        enough = _results(function, cases.assign(**{name: grid})) >= target
        rows[name] = low, high, grid[enough][0] if enough.any() else np.nan
    return pd.DataFrame.from_dict(rows, "index", columns=["low", "high", "needed"])


def across(function, intervals, **values):
    """Results for every combination of values of some assumptions, the others usual.

    Parameters
    ----------
    function : callable
    intervals : pandas.DataFrame
    **values : iterable of float
        Values to try, by assumption.

    Returns
    -------
    pandas.Series
        One level of the index an assumption; of two, ``.unstack()`` is the table.
    """
    usual = base(intervals)
    for name in values:
        checks.choice(name, usual.columns, "name")
    tried = pd.MultiIndex.from_product(values.values(), names=[*values])
    cases = pd.DataFrame(usual.iloc[0].to_dict(), range(len(tried)))
    cases = cases.assign(**tried.to_frame(index=False))
    return pd.Series(_results(function, cases), tried)


def corners(function, intervals):
    """Smallest and largest result over all corners of the intervals.

    The range is the true one where the function rises or falls throughout in each
    assumption.
    """
    ends = _ends(intervals)
    found = across(function, intervals, **ends[["low", "high"]].T.to_dict("list"))
    return float(found.min()), float(found.max())
