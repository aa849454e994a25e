"""How many delivered machines still work: a fleet model with stated uncertainty.

Machines of the first stock and of every later delivery leave by a Weibull survival
curve; what is not stated is an interval. `partnership.methods.assumptions` samples
the intervals, `fleet` turns a sample into fleets at the ends of years. The rest asks
questions: quantiles, the chance of a number, which assumption moves the answer, and
what would have to be true.

Values travel as frames, one row a draw and one column an assumption:

life
    Years after which half of a delivery is gone; the same for old and new machines.
shape
    Shape of the Weibull curve: 1 loses a constant share, 4 goes almost at once.
old_share
    Share of the wanted make in the first stock, 0 to 1.
sold_...
    Machines of a delivery whose number is stated, one column a delivery.
timing
    0 spreads a delivery of several years evenly, 1 in proportion to the trade.
money_share
    Share of the imports spent on the machines in years without a stated number.
price
    USD thousand a machine in those years.

References
----------
Weibull, W. (1951). A Statistical Distribution Function of Wide Applicability.
*Journal of Applied Mechanics*, 18(3), 293-297.

Greenspan, A. and Cohen, D. (1999). Motor Vehicle Stocks, Scrappage, and Sales.
*Review of Economics and Statistics*, 81(3), 369-383.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from partnership.methods.assumptions import _checked, middle

SHARES = ("old_share", "timing", "money_share")


ABOVE_ZERO = ("life", "shape", "price")


@dataclass(frozen=True)
class Evidence:
    """What is stated about a fleet.

    Attributes
    ----------
    stock : float
        Machines of all makes at the end of `stock_year`.
    stock_year : int
    batches : dict of str to (int, int)
        Deliveries with a stated number: name of the assumption, first and last year.
    trade : pandas.Series
        USD million by year: what the unstated deliveries could cost, and the weights
        of `timing`. Years from ``stock_year + 1`` to the last year of the model.
    source_ids : tuple of str
    """

    stock: float
    stock_year: int
    batches: dict[str, tuple[int, int]]
    trade: pd.Series
    source_ids: tuple[str, ...] = field(default=())

    def __post_init__(self):
        """Check stock, years and trade."""
        _checked(self.stock, "stock")
        _checked(self.trade, "trade")
        if not len(self.trade):
            raise ValueError(
                "trade: found an empty period; allowed is one year or more"
            )
        years = list(range(self.stock_year + 1, self.stock_year + 1 + len(self.trade)))
        if list(self.trade.index) != years:
            raise ValueError(
                f"trade: found the years {list(self.trade.index)}; allowed are all "
                f"years from {years[0]}, in order"
            )
        for name, (first, last) in self.batches.items():
            if not years[0] <= first <= last <= years[-1]:
                raise ValueError(
                    f"batches: found {name} in {first}..{last}; allowed is a period "
                    f"within {years[0]}..{years[-1]}"
                )


def survival(age, life, shape=3.0):
    r"""Share of a delivery that still works at an age.

    .. math:: S(a) = \exp\left(-\ln 2 \, (a / L)^k\right)

    Parameters
    ----------
    age : float or array
        Years since the delivery, 0 or more.
    life : float or array
        Median life *L* in years, above 0: half is gone at this age.
    shape : float or array, default 3
        Shape *k*, above 0. The rule of the US EPA, half at *L* and all at *2 L*, is
        near 3: then 0.4 percent are left at *2 L*.

    Returns
    -------
    numpy.ndarray
        From 1 to 0, in the common shape of the arguments.

    Raises
    ------
    ValueError
        If an argument is negative, missing or infinite, or life or shape is 0.

    Examples
    --------
    >>> float(survival(10, life=10))
    0.5
    """
    age = _checked(age, "age")
    life = _checked(life, "life", above=True)
    shape = _checked(shape, "shape", above=True)
    return np.exp(-math.log(2) * (age / life) ** shape)


def remaining(years, life, shape=3.0):
    r"""Share of a stock of mixed ages that still works 0, 1, ... `years` later.

    The ages are those of a steady inflow (renewal theory):

    .. math:: R(t) = 1 - \frac{1}{\mu} \int_0^t S(a)\,da, \qquad
              \mu = L \, (\ln 2)^{-1/k} \, \Gamma(1 + 1/k)

    Parameters
    ----------
    years : int
        How far to look, 0 or more.
    life, shape : float or array of shape (n,)
        As in `survival`.

    Returns
    -------
    numpy.ndarray, shape (n, years + 1)
        From 1 down.

    Raises
    ------
    ValueError
        As `survival`, or if `years` is negative.

    Notes
    -----
    The integral is a sum over eight points a year, exact to five digits for lives
    of three years and more.

    References
    ----------
    Cox, D. R. (1962). *Renewal Theory*. Methuen, chapter 5.
    """
    _checked(years, "years")
    life, shape = np.broadcast_arrays(*map(np.atleast_1d, (life, shape)))
    nodes, weights = np.polynomial.legendre.leggauss(8)
    ages = np.arange(years)[:, None] + (nodes + 1) / 2
    lived = survival(ages, life[:, None, None], shape[:, None, None]) @ weights / 2
    gamma = np.vectorize(math.gamma, otypes=[float])(1 + 1 / shape)
    mean = life * math.log(2) ** (-1 / shape) * gamma
    gone = np.cumsum(lived, axis=1) / mean[:, None]
    return np.clip(np.column_stack([np.ones(len(life)), 1 - gone]), 0, 1)


def working(deliveries, stock, life, shape=3.0):
    """Machines at work at the end of each year.

    Parameters
    ----------
    deliveries : array of shape (years,) or (n, years)
        Machines of each year after the first stock; they come in the middle of it.
    stock : float or array of shape (n,)
        Machines of the make at the end of the year before the first delivery.
    life, shape : float or array of shape (n,)
        As in `survival`.

    Returns
    -------
    numpy.ndarray, shape (n, years + 1)
        The first column is the first stock.

    Raises
    ------
    ValueError
        As `survival`; if a number of machines is negative or missing, or there is no
        year.
    """
    bought = np.atleast_2d(_checked(deliveries, "deliveries"))
    if not bought.shape[1]:
        raise ValueError(
            "deliveries: found an empty period; allowed is one year or more"
        )
    stock = np.atleast_1d(_checked(stock, "stock"))
    life, shape = np.atleast_1d(life), np.atleast_1d(shape)
    years = bought.shape[1]
    alive = survival(np.arange(years) + 0.5, life[:, None], shape[:, None])
    fleets = stock[:, None] * remaining(years, life, shape)
    rows = max(len(fleets), len(bought))
    fleets = np.broadcast_to(fleets, (rows, years + 1)).copy()
    for age in range(years):
        fleets[:, age + 1 :] += bought[:, : years - age] * alive[:, age : age + 1]
    return fleets


def deliveries(evidence, values):
    """Deliveries of each year that a set of assumptions implies.

    Parameters
    ----------
    evidence : Evidence
    values : pandas.DataFrame
        One row a draw; the columns are named in the docstring of the module.

    Returns
    -------
    pandas.DataFrame
        Machines, one column a year: the stated number in the years of a batch,
        trade x money_share / price in all others.

    Raises
    ------
    ValueError
        If an assumption is missing, negative, or a share above 1.
    """
    names = ["life", "shape", "old_share", "timing", "money_share", "price"]
    names += evidence.batches
    lost = [name for name in names if name not in values]
    if lost:
        raise ValueError(
            f"values: found no column {lost[0]}; allowed are all of {names}"
        )
    for name in names:
        high = 1 if name in SHARES else math.inf
        _checked(values[name], name, high=high, above=name in ABOVE_ZERO)
    trade = evidence.trade.astype(float)
    machines = (values["money_share"] / values["price"]).to_numpy() * 1000
    bought = pd.DataFrame(
        np.outer(machines, trade), index=values.index, columns=trade.index
    )
    timing = values["timing"].to_numpy()[:, None]
    for name, (first, last) in evidence.batches.items():
        part = trade.loc[first:last].to_numpy()
        even = np.full(len(part), 1 / len(part))
        weights = (1 - timing) * even + timing * (part / part.sum())
        bought.loc[:, first:last] = values[name].to_numpy()[:, None] * weights
    return bought


def fleet(evidence, values):
    """Machines of the make at work at the end of each year, one row a draw.

    Parameters
    ----------
    evidence, values
        As in `deliveries`.

    Returns
    -------
    pandas.DataFrame
        One column a year, the year of the first stock included.

    Raises
    ------
    ValueError
        As `deliveries` and `survival`.
    """
    bought = deliveries(evidence, values)
    stock = evidence.stock * values["old_share"].to_numpy()
    life, shape = values["life"].to_numpy(), values["shape"].to_numpy()
    at_work = working(bought.to_numpy(), stock, life, shape)
    columns = [evidence.stock_year, *bought.columns]
    return pd.DataFrame(at_work, index=values.index, columns=columns)


def quantiles(fleets, low=0.05, high=0.95):
    """Median and interval of each year, as a frame that charts can draw.

    Parameters
    ----------
    fleets : pandas.DataFrame
        As `fleet` returns it.
    low, high : float
        Ends of the interval, 0 to 1.

    Returns
    -------
    pandas.DataFrame
        The columns that `charts.interval` and `charts.line_with_spread` need;
        ``value`` is the median. Add ``source_id`` before drawing.
    """
    _checked([low, high], "quantile", high=1)
    years = [str(year) for year in fleets.columns]
    ends = pd.to_datetime([f"{year}-12-31" for year in years])
    found = fleets.quantile([low, 0.5, high])
    return pd.DataFrame(
        {
            "period": years,
            "period_type": "calendar_year",
            "start": ends - pd.offsets.YearBegin(),
            "end": ends,
            "value": found.loc[0.5].to_numpy(),
            "low": found.loc[low].to_numpy(),
            "high": found.loc[high].to_numpy(),
            "bound": "",
            "open_low": False,
            "open_high": False,
            "reliability": "primary",
        }
    )


def probability(fleets, year, at_least):
    """Share of the draws with `at_least` machines at the end of `year`.

    Raises
    ------
    ValueError
        If the year is not in the model or there is no draw.
    """
    if year not in fleets.columns:
        raise ValueError(
            f"year: found {year!r}; allowed are {min(fleets)}..{max(fleets)}"
        )
    if fleets.empty:
        raise ValueError("fleets: found no draws; allowed is one or more")
    return float((fleets[year] >= at_least).mean())


def summary(runs, at_least):
    """Put several distributions of a fleet side by side.

    Parameters
    ----------
    runs : dict of str to pandas.Series
        Machines, one value a draw.
    at_least : float
        The number whose chance is asked for.

    Returns
    -------
    pandas.DataFrame
        One row a run: ``low`` and ``high`` (5 of 100 draws lie below, 5 above) and
        ``median``, to the hundred, and ``chance`` of `at_least` in whole percent.
    """
    rows = {
        name: [
            *run.quantile([0.05, 0.5, 0.95]).round(-2),
            100 * (run >= at_least).mean(),
        ]
        for name, run in runs.items()
    }
    columns = ["low", "median", "high", "chance"]
    return pd.DataFrame.from_dict(rows, "index", columns=columns).round().astype(int)


def tornado(evidence, intervals, year):
    """Fleet with one assumption at either end and all others in the middle.

    Parameters
    ----------
    evidence : Evidence
    intervals : pandas.DataFrame
        As in `draw`.
    year : int

    Returns
    -------
    pandas.DataFrame
        Index: assumptions, the one that matters most first; columns ``at_low``,
        ``at_high`` and ``swing`` in machines. ``attrs["middle"]``: the fleet with all
        assumptions in the middle.
    """
    centre = middle(intervals)
    rows = {}
    for name, ends in intervals.iterrows():
        pair = pd.concat([centre, centre], ignore_index=True)
        pair[name] = [ends["low"], ends["high"]]
        rows[name] = fleet(evidence, pair)[year].to_numpy()
    result = pd.DataFrame.from_dict(rows, "index", columns=["at_low", "at_high"])
    result["swing"] = (result["at_high"] - result["at_low"]).abs()
    result = result.sort_values("swing", ascending=False, kind="stable")
    result.attrs["middle"] = float(fleet(evidence, centre)[year].iloc[0])
    return result


def needed(evidence, intervals, year, target, ceilings):
    """Value of one assumption alone that brings the fleet to a target.

    Parameters
    ----------
    evidence, intervals, year
        As in `tornado`.
    target : float
        Machines.
    ceilings : dict of str to float
        Assumptions to try, and how far: up from the lower end of the interval.

    Returns
    -------
    pandas.DataFrame
        Index: assumptions; columns ``low``, ``high`` (the interval) and ``needed``,
        the least value that reaches the target, NaN where none up to the ceiling does.
    """
    rows = {}
    for name, ceiling in ceilings.items():
        grid = np.linspace(intervals.at[name, "low"], ceiling, 2001)
        values = middle(intervals).loc[np.zeros(len(grid), dtype=int)]
        values = values.reset_index(drop=True).assign(**{name: grid})
        reached = grid[fleet(evidence, values)[year].to_numpy() >= target]
        rows[name] = [
            *intervals.loc[name, ["low", "high"]],
            reached[0] if len(reached) else np.nan,
        ]
    return pd.DataFrame.from_dict(rows, "index", columns=["low", "high", "needed"])


def implied_price(value_usd_million, units):
    """USD a machine that a sum and a number of machines imply."""
    _checked(value_usd_million, "value_usd_million")
    _checked(units, "units", above=True)
    return value_usd_million * 1e6 / units
