"""Change, breaks and forecasts of a short yearly series.

Pure functions on pandas Series by year; of an academic year the index holds the year
in which it starts, so 2016 stands for 2016/17. A gap stays a gap: what needs
consecutive years says so.

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

from __future__ import annotations

import itertools
from statistics import NormalDist

import numpy as np
import pandas as pd

METHODS = ("naive", "drift", "damped")


_FEWEST = 5  # values that a forecast needs


_SMOOTHING = np.linspace(0.1, 1.0, 10)  # tried for level and trend of the damped trend


_DAMPING = (0.8, 0.85, 0.9, 0.95, 0.98)  # the usual range of the damping


def _number(value, argument, low=0.0, high=np.inf, allowed="a finite number from 0 up"):
    plain = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    if not plain or not np.isfinite(value) or not low <= value <= high:
        raise ValueError(f"{argument}: found {value!r}; allowed is {allowed}")
    return float(value)


def _whole(value, argument, low=1):
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or value < low:
        raise ValueError(
            f"{argument}: found {value!r}; allowed is a whole number from {low} up"
        )
    return int(value)


def _yearly(values, argument="values", *, signed=False, consecutive=False):
    """Return a checked float Series sorted by start year."""
    if not isinstance(values, pd.Series) or values.empty:
        raise ValueError(
            f"{argument}: found {type(values).__name__} without entries or not a "
            "Series; allowed is a pandas Series with one value or more"
        )
    years = values.index
    if not pd.api.types.is_integer_dtype(years) or not years.is_unique:
        raise ValueError(
            f"{argument}: found the index {list(years)[:4]}; allowed are start years "
            "such as 2016, each once (see by_academic_year)"
        )
    try:
        values = values.astype(float).sort_index()
    except (TypeError, ValueError):
        raise ValueError(f"{argument}: found no numbers; allowed are numbers") from None
    wrong = values[np.isinf(values) | ((values < 0) & (not signed))]
    if len(wrong):
        raise ValueError(
            f"{argument}: found {wrong.iloc[0]:g} in {wrong.index[0]}; allowed are "
            + ("finite numbers" if signed else "finite numbers from 0 up")
        )
    if consecutive:
        whole = values.dropna().reindex(range(values.index[0], values.index[-1] + 1))
        if whole.isna().any():
            raise ValueError(
                f"{argument}: found no value for {whole.index[whole.isna()][0]}; "
                "allowed are consecutive years without a gap"
            )
    return values


def academic(year):
    """Write a start year as an academic year: 2016 as 2016/17."""
    return f"{year}/{(year + 1) % 100:02}"


def by_academic_year(frame, column="value"):
    """Turn the frame of ``partnership.series`` into a Series by start year.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns ``period``, ``period_type`` and `column`; rows that are no academic
        year (dates, calendar years) are left out.
    column : str, default "value"

    Returns
    -------
    pandas.Series
        Indexed by the year in which the academic year starts (int).

    Raises
    ------
    ValueError
        If a column is missing, or no row is an academic year.
    """
    for name in ("period", "period_type", column):
        if name not in frame:
            raise ValueError(f"frame: found no column {name!r}; allowed is one with it")
    rows = frame[frame["period_type"] == "academic_year"]
    if rows.empty:
        raise ValueError("frame: found no academic year; allowed is one or more")
    years = pd.Index(rows["period"].str[:4].astype(int), name="starts")
    return _yearly(pd.Series(rows[column].to_numpy(float), years), "frame")


def as_frame(values, source_id, unit="persons"):
    """Dress a Series by start year as the frame that the charts take.

    Parameters
    ----------
    values : pandas.Series
        By start year.
    source_id : str
        Ids of the sources behind the values, joined by ";".
    unit : str, default "persons"

    Returns
    -------
    pandas.DataFrame
        One row a year, with the columns that ``charts.line_with_spread`` needs.
    """
    values = _yearly(values, signed=True).dropna()
    years = values.index
    frame = pd.DataFrame(
        {
            "period": [f"{year}/{year + 1}" for year in years],
            "period_type": "academic_year",
            "start": pd.to_datetime([f"{year}-09-01" for year in years]),
            "end": pd.to_datetime([f"{year + 1}-08-31" for year in years]),
            "value": values.to_numpy(),
            "low": values.to_numpy(),
            "high": values.to_numpy(),
            "bound": "",
            "open_low": False,
            "open_high": False,
            "source_id": source_id,
            "reliability": "secondary",  # computed: a hollow marker
        }
    )
    frame.attrs = {"unit": unit}
    return frame


def share(part, whole):
    r"""Share of a part in its whole, year by year: :math:`s_t = p_t / w_t`.

    Parameters
    ----------
    part, whole : pandas.Series
        Persons by start year. Years that only one of them has are left out.

    Returns
    -------
    pandas.Series
        Fractions from 0 to 1.

    Raises
    ------
    ValueError
        If a whole is 0, a share is above 1, or they have no year in common.
    """
    both = pd.DataFrame({"part": _yearly(part, "part"), "of": _yearly(whole, "whole")})
    both = both.dropna()
    if both.empty:
        raise ValueError("whole: found no year in common with part; allowed is one")
    wrong = both[(both["of"] == 0) | (both["part"] > both["of"])]
    if len(wrong):
        row = wrong.iloc[0]
        raise ValueError(
            f"whole: found {row['of']:g} in {wrong.index[0]} for a part of "
            f"{row['part']:g}; allowed is a whole above 0 and not below its part"
        )
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
    values = _yearly(values)
    if base not in values.index or not values[base] > 0:
        raise ValueError(
            f"base: found {base!r}; allowed is a year with a value above 0"
        )
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
    values = _yearly(values)
    before = pd.Series(values.reindex(values.index - 1).to_numpy(), values.index)
    change = values - before
    percent = 100 * change / before.where(before > 0)
    return pd.DataFrame({"change": change, "percent": percent})[change.notna()]


def _misfit(values, line):
    """Sum of squares about the mean, or about the least-squares line."""
    if not line:
        return float(((values - values.mean()) ** 2).sum())
    x = np.arange(len(values)) - (len(values) - 1) / 2
    slope = (x @ values) / (x @ x) if len(values) > 1 else 0.0
    return float(((values - values.mean() - slope * x) ** 2).sum())


def breaks(values, most=2, shortest=3, line=False, penalty=None):
    r"""Best dates of zero, one, ... breaks, by trying all of them.

    For each number of breaks *m* the dates with the smallest sum of squared residuals
    :math:`S_m` are found (the aim of [1]_, here by full search). The number is the one
    with the smallest criterion [2]_

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

    Raises
    ------
    ValueError
        If there is a gap, or the years do not suffice for `most` breaks.
    """
    values = _yearly(values, signed=True, consecutive=True)
    most, shortest = _whole(most, "most", 0), _whole(shortest, "shortest")
    n, y = len(values), values.to_numpy()
    if n < shortest * (most + 1):
        raise ValueError(
            f"values: found {n} years; allowed are {shortest * (most + 1)} or more for "
            f"{most} breaks and segments of {shortest}"
        )
    p = (2 + line) * np.log(n) if penalty is None else _number(penalty, "penalty")
    cost = {
        (i, j): _misfit(y[i:j], line)
        for i, j in itertools.combinations(range(n + 1), 2)
        if j - i >= shortest
    }
    # Below this a fit is perfect but for rounding, and its logarithm says nothing.
    least = n * (1e-9 * max(np.abs(y).max(), 1e-9)) ** 2
    rows = []
    for m in range(most + 1):
        tried = []
        for cuts in itertools.combinations(range(shortest, n), m):
            edges = list(itertools.pairwise((0, *cuts, n)))
            if all(edge in cost for edge in edges):
                tried.append((sum(cost[edge] for edge in edges), cuts))
        squares, cuts = min(tried)
        criterion = n * np.log(max(squares, least) / n) + m * p
        rows.append((tuple(int(values.index[c]) for c in cuts), squares, criterion))
    result = pd.DataFrame(rows, columns=["dates", "squares", "criterion"])
    result.attrs["chosen"] = int(result["criterion"].idxmin())
    return result


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
    values = _yearly(values, signed=True, consecutive=True)
    shortest, y = _whole(shortest, "shortest"), values.to_numpy()
    if len(y) < 2 * shortest:
        raise ValueError(
            f"values: found {len(y)} years; allowed are {2 * shortest} or more"
        )
    cuts = range(shortest, len(y) - shortest + 1)
    none = _misfit(y, line)
    saved = [none - _misfit(y[:c], line) - _misfit(y[c:], line) for c in cuts]
    gain = np.array(saved) / none if none > 0 else np.zeros(len(saved))
    return pd.Series(gain, values.index[list(cuts)], name="gain")


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
    values = _yearly(values, signed=True, consecutive=True)
    draws, best = _whole(draws, "draws"), gains(values, shortest).max()
    generator = np.random.default_rng(seed)
    orders = (
        pd.Series(generator.permutation(values.to_numpy()), values.index)
        for _ in range(draws)
    )
    reached = sum(gains(order, shortest).max() >= best - 1e-12 for order in orders)
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
        tried = breaks(values, most=1)
        rows[name] = {
            "best date": academic(tried["dates"][1][0]),
            "pays": tried.attrs["chosen"] == 1,
            "by chance, percent": round(100 * chance(values, seed=seed)),
        }
    return pd.DataFrame(rows).T


def _damped(y, horizon):
    """Damped trend: point forecasts, and standard errors by horizon."""
    best = None
    for alpha, beta, phi in itertools.product(_SMOOTHING, _SMOOTHING, _DAMPING):
        level, trend, errors = y[1], y[1] - y[0], []
        for value in y[2:]:
            error = value - level - phi * trend
            errors.append(error)
            level += phi * trend + alpha * error
            trend = phi * trend + alpha * beta * error
        squares = float(np.square(errors).sum())
        if best is None or squares < best[0] - 1e-9:
            best = (squares, alpha, beta, phi, level, trend, len(errors))
    squares, alpha, beta, phi, level, trend, count = best
    damping = np.cumsum(phi ** np.arange(1, horizon + 1))
    weights = alpha * (1 + beta * damping[:-1])
    spread = np.sqrt(1 + np.concatenate([[0], np.cumsum(weights**2)]))
    # Three weights were fitted; with five values two errors would be left for them.
    return level + damping * trend, spread * np.sqrt(squares / max(count - 3, 1))


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
    values = _yearly(values, consecutive=True)
    horizon = _whole(horizon, "horizon")
    if not _number(level, "level", 0, 1, "a number between 0 and 1") * (1 - level):
        raise ValueError(f"level: found {level!r}; allowed is between 0 and 1")
    if method not in METHODS:
        raise ValueError(f"method: found {method!r}; allowed: {', '.join(METHODS)}")
    if len(values) < _FEWEST:
        raise ValueError(f"values: found {len(values)}; allowed are {_FEWEST} or more")
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
    values = _yearly(values, consecutive=True)
    first = _whole(first, "first", _FEWEST)
    if len(values) <= first:
        raise ValueError(
            f"values: found {len(values)}; allowed are more than first={first}"
        )
    rows = []
    for method, known in itertools.product(methods, range(first, len(values))):
        made = forecast(values.iloc[:known], len(values) - known, method, level)
        for ahead, (year, row) in enumerate(made.iterrows(), start=1):
            error = values[year] - row["value"]
            inside = row["low"] <= values[year] <= row["high"]
            origin = int(values.index[known - 1])
            rows.append((method, origin, ahead, error, bool(inside)))
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
    near = tested[tested["ahead"] <= _whole(furthest, "furthest")]
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
            if year not in table.index:
                raise ValueError(f"made: found no {year} in {name}; allowed is one")
            low, high = table.loc[year, ["low", "high"]].round(-2)
            rows[academic(year)][name] = f"{low:,.0f}–{high:,.0f}"
    return pd.DataFrame(rows).T
