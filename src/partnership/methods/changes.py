"""Change, breaks and forecasts of a short yearly series.

Pure functions on pandas Series by year; of an academic year the index holds the year
in which it starts, so 2016 stands for 2016/17 ("2016/2017" is read as well). A gap
stays a gap: what needs consecutive years says so. An argument that is not allowed is a
``ValueError`` that names it, what was found and what is allowed.

References
----------
.. [1] Bai, J. and Perron, P. (2003). Computation and analysis of multiple structural
   change models. *Journal of Applied Econometrics*, 18(1), 1-22.
.. [2] Yao, Y.-C. (1988). Estimating the number of change-points via Schwarz'
   criterion. *Statistics & Probability Letters*, 6(3), 181-189.
.. [3] Hyndman, R. J. and Athanasopoulos, G. (2021). *Forecasting: Principles and
   Practice*, 3rd edition, sections 5.2, 5.5, 5.10 and 8.7.
.. [4] Gardner, E. S. and McKenzie, E. (1985). Forecasting trends in time series.
   *Management Science*, 31(10), 1237-1246.
"""

import itertools
from statistics import NormalDist

import numpy as np
import pandas as pd

from partnership import checks

METHODS = ("naive", "drift", "damped")


SMOOTHING = tuple(np.linspace(0.1, 1.0, 10))
"""Weights that are tried for level and trend of the damped trend."""


DAMPING = (0.8, 0.85, 0.9, 0.95, 0.98)
"""Factors of damping that are tried: the usual range."""


_FEWEST = 5  # values that a forecast needs


def academic(year):
    """Write a start year, or "2016/2017", as an academic year: 2016/17."""
    year = checks.year(year, "year")
    return f"{year}/{(year + 1) % 100:02}"


def share(part, whole):
    r"""Share of a part in its whole, year by year: :math:`s_t = p_t / w_t`.

    Parameters
    ----------
    part, whole : pandas.Series
        Persons by start year; a whole is above 0 and not below its part. Years that
        only one of them has are left out.

    Returns
    -------
    pandas.Series
        Fractions from 0 to 1.
    """
    parts = {"part": checks.yearly(part, "part"), "of": checks.yearly(whole, "whole")}
    both = pd.DataFrame(parts).dropna()
    checks.demand(len(both), "whole", "no year in common with part", "one or more")
    for year, part, of in both.itertuples():
        fits, found = part <= of > 0, f"{of:g} in {year} for a part of {part:g}"
        checks.demand(fits, "whole", found, "a whole above 0 and not below its part")
    return both["part"] / both["of"]


def index(values, base):
    """Values in percent of those of the base year (100 in `base`).

    Parameters
    ----------
    values : pandas.Series
        By start year, from 0 up.
    base : int
        Start year with a value above 0.

    Returns
    -------
    pandas.Series
    """
    values, base = checks.yearly(values), checks.year(base, "base")
    fits = base in values.index and values[base] > 0
    checks.demand(fits, "base", checks.shown(base), "a year with a value above 0")
    return 100 * values / values[base]


def year_over_year(values):
    """Change against the year before, in persons and in percent.

    Parameters
    ----------
    values : pandas.Series
        By start year, from 0 up.

    Returns
    -------
    pandas.DataFrame
        Columns ``change`` and ``percent``, for the years whose year before has a value
        as well; no change reaches across a gap. ``percent`` is NaN after a 0.
    """
    values = checks.yearly(values)
    before = pd.Series(values.reindex(values.index - 1).to_numpy(), values.index)
    change = values - before
    percent = 100 * change / before.where(before > 0)
    return pd.DataFrame({"change": change, "percent": percent})[change.notna()]


def _squares(values, line=False):
    """Sum of squares about the mean, or the least-squares line, along the last axis."""
    rest = values - values.mean(axis=-1, keepdims=True)
    count = values.shape[-1]
    if line and count > 1:
        x = np.arange(count) - (count - 1) / 2
        rest = rest - (rest @ x)[..., None] * x / (x @ x)
    return (rest**2).sum(axis=-1)


def breaks(values, most=2, shortest=3, line=False, penalty=None):
    r"""Best dates of zero, one, ... breaks.

    For each number of breaks *m* the dates with the smallest sum of squared residuals
    :math:`S_m` are found, by dynamic programming [1]_. The number is the one with the
    smallest criterion [2]_

    .. math:: n \ln(S_m / n) + m\,p, \qquad p = (k + 1) \ln n,

    where *k* is the number of coefficients of a segment.

    Parameters
    ----------
    values : pandas.Series
        By start year, consecutive; yearly changes may be negative.
    most : int, default 2
        Largest number of breaks tried.
    shortest : int, default 3
        Years that a segment has at least.
    line : bool, default False
        Fit a line to each segment (k = 2) rather than a mean (k = 1).
    penalty : float, optional
        What a further break must save, instead of *p*.

    Returns
    -------
    pandas.DataFrame
        One row a number of breaks: ``dates`` (tuple of the first years of the new
        segments), ``squares`` and ``criterion``; ``attrs["chosen"]`` is the number
        with the smallest criterion, the fewer breaks where two are equal.
    """
    values = checks.yearly(values, signed=True, consecutive=True)
    most = checks.number(most, "most", whole=True)
    n, y = len(values), values.to_numpy()
    _long_enough(n, most + 1, shortest)
    p = (2 + line) * np.log(n)
    p = p if penalty is None else checks.number(penalty, "penalty")
    cost = np.full((n + 1, n + 1), np.inf)
    for i, j in itertools.combinations(range(n + 1), 2):
        if j - i >= shortest:
            cost[i, j] = _squares(y[i:j], line)
    # Below this a fit is perfect but for rounding, and its logarithm says nothing.
    least = n * (1e-9 * max(np.abs(y).max(), 1e-9)) ** 2
    # By last year: the squares up to it and the cuts that give them.
    best, rows = [(cost[0, j], ()) for j in range(n + 1)], []
    for m in range(most + 1):
        squares, cuts = best[n]
        criterion = n * np.log(max(squares, least) / n) + m * p
        rows.append((tuple(int(values.index[c]) for c in cuts), squares, criterion))
        best = [
            min((best[i][0] + cost[i, j], (*best[i][1], i)) for i in range(n + 1))
            for j in range(n + 1)
        ]
    result = pd.DataFrame(rows, columns=["dates", "squares", "criterion"])
    result.attrs["chosen"] = int(result["criterion"].idxmin())
    return result


def _long_enough(years, segments, shortest):
    """Stop if years do not suffice for some segments."""
    least = segments * checks.number(shortest, "shortest", low=1, whole=True)
    allowed = f"{least} or more for {segments} segments of {shortest}"
    checks.demand(years >= least, "values", f"{years} years", allowed)


def _gains(y, shortest, line=False):
    """Share of the squares that a break explains at each cut, along the last axis."""
    count = y.shape[-1]
    _long_enough(count, 2, shortest)
    none = _squares(y, line)
    saved = [
        none - _squares(y[..., :cut], line) - _squares(y[..., cut:], line)
        for cut in range(shortest, count - shortest + 1)
    ]
    return np.stack(saved, axis=-1) / np.where(none > 0, none, np.inf)[..., None]


def gains(values, shortest=3, line=False):
    """What one break explains at each date that allows one: the placebo dates.

    Parameters
    ----------
    values, shortest, line
        As in `breaks`.

    Returns
    -------
    pandas.Series
        By first year of the new segment: fall of the sum of squared residuals, as a
        fraction of that without a break (0 where there is nothing to explain).
    """
    values = checks.yearly(values, signed=True, consecutive=True)
    gain = _gains(values.to_numpy(), shortest, line)
    return pd.Series(gain, values.index[shortest:][: len(gain)], name="gain")


def chance(values, draws=2000, seed=0, shortest=3):
    """How often the same values in random order show a break as large.

    Parameters
    ----------
    values : pandas.Series
        By start year, consecutive; as a rule yearly changes, whose order would mean
        nothing if there were no break. Ties count as as large.
    draws, seed : int
        Number of random orders, and the seed of their generator.
    shortest : int, default 3
        As in `breaks`.

    Returns
    -------
    float
        Fraction from 1 / (draws + 1) to 1; small if the break is unlike chance.
    """
    y = checks.yearly(values, signed=True, consecutive=True).to_numpy()
    draws = checks.number(draws, "draws", low=1, whole=True)
    generator = np.random.default_rng(seed)
    orders = np.stack([generator.permutation(y) for _ in range(draws)])
    largest = _gains(orders, shortest).max(axis=-1)
    reached = int((largest >= _gains(y, shortest).max() - 1e-12).sum())
    return (reached + 1) / (draws + 1)


def placebos(table, seed=0):
    """Search one break in each of several series, as a control for the one of interest.

    Parameters
    ----------
    table : mapping of str to pandas.Series
        Changes by start year, as for `breaks`.
    seed : int
        As in `chance`.

    Returns
    -------
    pandas.DataFrame
        By name: ``best date``, whether the break ``pays`` its penalty, and how often
        it arises ``by chance``, percent.
    """
    rows = {}
    for name, values in table.items():
        tried, by_chance = breaks(values, most=1), chance(values, seed=seed)
        date, pays = academic(tried["dates"][1][0]), tried.attrs["chosen"] == 1
        rows[name] = date, pays, round(100 * by_chance)
    return pd.DataFrame(rows, ["best date", "pays", "by chance, percent"]).T


def _damped(y, horizon):
    """Damped trend: point forecasts, and standard errors by horizon."""
    grid = itertools.product(SMOOTHING, SMOOTHING, DAMPING)
    alpha, beta, phi = np.array(list(grid)).T
    level, trend, squares = y[1], y[1] - y[0], 0.0
    for value in y[2:]:
        error = value - level - phi * trend
        squares = squares + error**2
        level = level + phi * trend + alpha * error
        trend = phi * trend + alpha * beta * error
    # Of weights that fit alike but for rounding the first ones are taken.
    best = np.argmax(squares <= squares.min() + 1e-9)
    fitted = np.array([alpha, beta, phi, level, trend, squares])[:, best]
    alpha, beta, phi, level, trend, squares = fitted
    damping = np.cumsum(phi ** np.arange(1, horizon + 1))
    weights = alpha * (1 + beta * damping[:-1])
    spread = np.sqrt(1 + np.concatenate([[0], np.cumsum(weights**2)]))
    # Three weights were fitted; with five values two errors would be left for them.
    return level + damping * trend, spread * np.sqrt(squares / max(len(y) - 5, 1))


def forecast(values, horizon, method="naive", level=0.8):
    r"""Forecast from the last value on, with an interval.

    Let *y* be the last of *n* values, *d* the yearly changes and *h* the years ahead.

    - naive: *y*; standard error :math:`s\sqrt{h}`, *s* the root mean square of *d*.
    - drift: :math:`y + h\bar d`; standard error :math:`s\sqrt{h(1 + h/(n-1))}`, *s*
      the standard deviation of *d* [3]_.
    - damped: trend that fades by a factor :math:`\phi` a year [4]_; smoothing weights
      and :math:`\phi` from a grid, by least squared one-step errors; standard error
      :math:`s\sqrt{1 + \sum_{j<h} \alpha^2 (1 + \beta \phi_j)^2}` of the state space
      model, :math:`\phi_j = \phi + \dots + \phi^j`.

    Parameters
    ----------
    values : pandas.Series
        Persons by start year, five or more, consecutive.
    horizon : int
        Years ahead, from 1 up.
    method : {"naive", "drift", "damped"}
    level : float, default 0.8
        Probability of the interval, between 0 and 1, if the model were right.

    Returns
    -------
    pandas.DataFrame
        By start year: ``value``, ``low`` and ``high`` in persons, none below 0.

    Notes
    -----
    Quantiles are normal and the fitted weights count as known, so the intervals are
    too narrow for so few values; `backtest` shows by how much.
    """
    values = checks.yearly(values, consecutive=True)
    horizon = checks.number(horizon, "horizon", low=1, high=1000, whole=True)
    if checks.number(level, "level", high=1) in (0, 1):
        raise checks.fault("level", level, "a number between 0 and 1")
    checks.choice(method, METHODS, "method")
    if len(values) < _FEWEST:
        raise checks.fault("values", f"{len(values)} years", f"{_FEWEST} or more")
    y, ahead = values.to_numpy(), np.arange(1, horizon + 1)
    changes = np.diff(y)
    if method == "naive":
        point = np.repeat(y[-1], horizon)
        error = np.sqrt(np.mean(changes**2) * ahead)
    elif method == "drift":
        point = y[-1] + ahead * changes.mean()
        error = changes.std(ddof=1) * np.sqrt(ahead * (1 + ahead / len(changes)))
    else:
        point, error = _damped(y, horizon)
    reach = NormalDist().inv_cdf((1 + level) / 2) * error
    years = pd.Index(values.index[-1] + ahead, name="starts")
    table = {"value": point, "low": point - reach, "high": point + reach}
    return pd.DataFrame(table, years).clip(lower=0)


def backtest(values, methods=METHODS, first=_FEWEST, level=0.8):
    """Forecast from every earlier year with the data up to it, and keep the errors.

    Parameters
    ----------
    values : pandas.Series
        As in `forecast`; more than `first`.
    methods : iterable of str
    first : int, default 5
        Number of values at the first origin.
    level : float, default 0.8
        Of the intervals.

    Returns
    -------
    pandas.DataFrame
        One row a method, origin and horizon: ``method``, ``origin``, ``ahead``,
        ``error`` (outcome minus forecast, persons), ``inside`` (outcome within the
        interval).
    """
    values = checks.yearly(values, consecutive=True)
    first = checks.number(first, "first", low=_FEWEST, whole=True)
    enough, allowed = len(values) > first, f"more than first={first}"
    checks.demand(enough, "values", f"{len(values)} years", allowed)
    rows = []
    for method, known in itertools.product(methods, range(first, len(values))):
        made = forecast(values.iloc[:known], len(values) - known, method, level)
        for ahead, (year, point, low, high) in enumerate(made.itertuples(), start=1):
            came, origin = values[year], int(values.index[known - 1])
            rows.append((method, origin, ahead, came - point, low <= came <= high))
    return pd.DataFrame(rows, columns=["method", "origin", "ahead", "error", "inside"])


def errors(tested, furthest=3):
    """Sum up a backtest.

    Parameters
    ----------
    tested : pandas.DataFrame
        What `backtest` returns.
    furthest : int, default 3
        Years ahead that get a column.

    Returns
    -------
    pandas.DataFrame
        By method: mean absolute error in persons by years ahead, and ``inside``, the
        percentage of all outcomes within their interval.
    """
    furthest = checks.number(furthest, "furthest", low=1, whole=True)
    near = tested[tested["ahead"] <= furthest]
    size = near["error"].abs().groupby([near["method"], near["ahead"]]).mean().unstack()
    size.columns = [f"{ahead} ahead" for ahead in size.columns]
    return size.assign(inside=100 * tested.groupby("method")["inside"].mean())


def against(outcomes, made):
    """Write outcomes beside the intervals of forecasts, these rounded to hundreds.

    Parameters
    ----------
    outcomes : mapping of int to float
        Persons by start year.
    made : mapping of str to pandas.DataFrame
        What `forecast` returns, by name.

    Returns
    -------
    pandas.DataFrame
        One row an outcome: ``outcome`` and a column "low–high" for each forecast.
    """
    rows = {academic(year): {"outcome": f"{n:,.0f}"} for year, n in outcomes.items()}
    for name, table in made.items():
        for year in outcomes:
            checks.demand(year in table.index, "made", f"no {year} in {name}", "one")
            low, high = table.loc[year, ["low", "high"]].round(-2)
            rows[academic(year)][name] = f"{low:,.0f}–{high:,.0f}"
    return pd.DataFrame(rows).T
