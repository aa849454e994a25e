"""How many delivered machines still work: a fleet model with stated uncertainty.

Machines of the first stock and of every later delivery leave by a Weibull survival
curve; what is not stated is an interval. `prior` draws from the intervals, `weights`
says how well each draw agrees with a count, `posterior` keeps draws by these weights,
and `fleet` turns draws into fleets at the ends of years. The rest asks for quantiles
and for the chance of a number; which assumption moves the answer, and what would have
to be true, is asked with `partnership.methods.assumptions`.
An argument that is missing, out of its range or no number is a ``ValueError`` that
names it, what was found and what is allowed.

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
reading
    Only where one delivery is stated in two ways: above 1/2 the second counts.
excess
    Only with a count: scale of `assumptions.more_than`.
together
    Perhaps: rank correlation of ``life`` and ``money_share``, -1 to 1.

References
----------
Gelman, A., Carlin, J. B., Stern, H. S., Dunson, D. B., Vehtari, A. and Rubin, D. B.
(2013). *Bayesian Data Analysis*, 3rd edition. CRC Press, sections 10.3 and 10.4.

Weibull, W. (1951). A Statistical Distribution Function of Wide Applicability.
*Journal of Applied Mechanics*, 18(3), 293-297.

Greenspan, A. and Cohen, D. (1999). Motor Vehicle Stocks, Scrappage, and Sales.
*Review of Economics and Statistics*, 81(3), 369-383.
"""

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from partnership import checks
from partnership.methods import assumptions

_BOUNDS = {name: {"above": True} for name in ("life", "shape", "price")}
_BOUNDS |= {name: {"high": 1} for name in ("old_share", "timing", "money_share")}
_BOUNDS["reading"] = {"high": 1}


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
        Two of the same years are two readings of one statement.
    trade : pandas.Series
        USD million by year: what the unstated deliveries could cost, and the weights
        of `timing`. Years from ``stock_year + 1`` to the last year of the model.
    count : (int, float), optional
        A year, and the number of machines that somebody said "more than" of.
    source_ids : tuple of str
    """

    stock: float
    stock_year: int
    batches: dict[str, tuple[int, int]]
    trade: pd.Series
    count: tuple[int, float] | None = None
    source_ids: tuple[str, ...] = field(default=())

    def __post_init__(self):
        """Check stock, years and trade."""
        checks.number(self.stock, "stock")
        trade = checks.yearly(self.trade, "trade", gaps=False)
        first, last = self.stock_year + 1, self.stock_year + len(trade)
        found, allowed = f"the years {[*trade.index]}", f"all years from {first}"
        every = [*trade.index] == [*range(first, last + 1)]
        checks.demand(every, "trade", found, f"{allowed}, in order")
        object.__setattr__(self, "trade", trade)
        for name, (start, end) in self.batches.items():
            fits, found = first <= start <= end <= last, f"{name} in {start}..{end}"
            checks.demand(fits, "batches", found, f"a period in {first}..{last}")
        if self.count:
            checks.choice(self.count[0], trade.index, "count")
            checks.number(self.count[1], "count", above=True)

    @property
    def assumed(self):
        """Names of the assumptions that say what was delivered and what is left."""
        several = len({*self.batches.values()}) < len(self.batches)
        own = [name for name in _BOUNDS if several or name != "reading"]
        return [*own, *self.batches]


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

    Examples
    --------
    >>> float(survival(10, life=10))
    0.5
    """
    age = checks.array(age, "age")
    life = checks.array(life, "life", **_BOUNDS["life"])
    shape = checks.array(shape, "shape", **_BOUNDS["shape"])
    with np.errstate(divide="ignore"):  # nothing is gone at age 0
        power = shape * (np.log(age) - np.log(life))  # three times as fast as **
    return np.exp(-math.log(2) * np.exp(power))


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

    Notes
    -----
    The integral is a sum over five points a year, exact to five digits for lives
    of three years and more.

    References
    ----------
    Cox, D. R. (1962). *Renewal Theory*. Methuen, chapter 5.
    """
    years = checks.number(years, "years", whole=True)
    life, shape = np.broadcast_arrays(*map(np.atleast_1d, (life, shape)))
    ages, lived = np.arange(years)[:, None], 0.0
    for node, weight in zip(*np.polynomial.legendre.leggauss(5), strict=True):
        lived += weight / 2 * survival(ages + (node + 1) / 2, life, shape)
    gone = np.cumsum(lived, axis=0) / _mean_life(life, shape)
    return np.clip(np.vstack([np.ones(len(life)), 1 - gone]), 0, 1).T


def _mean_life(life, shape):
    gamma = np.vectorize(math.gamma, otypes=[float])(1 + 1 / shape)
    return life * math.log(2) ** (-1 / shape) * gamma


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
    """
    # Years run down and draws across: a step in time then works on whole rows.
    bought = np.atleast_2d(checks.array(deliveries, "deliveries")).T
    checks.demand(len(bought), "deliveries", "an empty period", "one year or more")
    stock = np.atleast_1d(checks.array(stock, "stock"))
    life, shape = np.atleast_1d(life), np.atleast_1d(shape)
    years = len(bought)
    alive = survival(np.arange(years)[:, None] + 0.5, life, shape)
    fleets = stock * remaining(years, life, shape).T
    draws = max(fleets.shape[1], bought.shape[1])
    fleets = np.broadcast_to(fleets, (years + 1, draws)).copy()
    for age in range(years):
        fleets[age + 1 :] += bought[: years - age] * alive[age]
    return fleets.T


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
    """
    values, trade = checks.need(values, evidence.assumed, "values"), evidence.trade
    for name in evidence.assumed:
        checks.array(values[name], name, **_BOUNDS.get(name, {}))
    machines = (values["money_share"] / values["price"]).to_numpy() * 1000
    bought = pd.DataFrame(np.outer(machines, trade), values.index, trade.index)
    timing, sold = values["timing"].to_numpy()[:, None], {}
    for name, (first, last) in evidence.batches.items():
        one = values[name].to_numpy()
        if (first, last) in sold:
            one = np.where(values["reading"] > 0.5, one, sold[first, last])
        sold[first, last] = one
        part = trade.loc[first:last].to_numpy()
        even = np.full(len(part), 1 / len(part))
        as_trade = part / part.sum() if part.any() else even
        weights = (1 - timing) * even + timing * as_trade
        bought.loc[:, first:last] = one[:, None] * weights
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
    """
    bought = deliveries(evidence, values)
    stock = evidence.stock * values["old_share"].to_numpy()
    at_work = working(bought.to_numpy(), stock, values["life"], values["shape"])
    columns = [evidence.stock_year, *bought.columns]
    return pd.DataFrame(at_work, index=values.index, columns=columns)


def at_work(evidence, values, year):
    """Machines of the make at work at the end of one year: as `fleet`, but faster.

    Parameters
    ----------
    evidence, values
        As in `deliveries`.
    year : int
        After the year of the first stock.

    Returns
    -------
    pandas.Series
        One value a draw.
    """
    checks.choice(year, evidence.trade.index, "year")
    bought = deliveries(evidence, values).loc[:, :year]
    life, shape = values["life"].to_numpy(), values["shape"].to_numpy()
    ages = year + 0.5 - bought.columns.to_numpy(float)
    new = np.einsum("ij,ji->i", bought, survival(ages[:, None], life, shape))
    # Half of the way, in years, over which anything works: S(a) > 2 ** -30.
    half = np.minimum(year - evidence.stock_year, life * 30 ** (1 / shape)) / 2
    nodes, weights = _gauss(12)
    lived = half * (weights @ survival(half * (1 + nodes[:, None]), life, shape))
    left = (1 - lived / _mean_life(life, shape)).clip(0, 1)
    stock = evidence.stock * values["old_share"].to_numpy()
    return pd.Series(stock * left + new, values.index)


def _gauss(count):
    """Nodes and weights of Gauss and Legendre on -1 to 1 (Golub and Welsch 1969)."""
    # Not numpy.polynomial, whose import takes longer than the whole integral.
    place = np.arange(1, count)
    beside = np.diag(place / np.sqrt(4 * place**2 - 1.0), -1)
    nodes, vectors = np.linalg.eigh(beside)
    return nodes, 2 * vectors[0] ** 2


def weights(evidence, values):
    """Weight of each draw: the likelihood of the count, or 1 where there is none."""
    if not evidence.count:
        return np.ones(len(values))
    year, bound = evidence.count
    values = checks.need(values, ["excess"], "values")
    return assumptions.more_than(
        at_work(evidence, values, year), bound, values["excess"]
    )


def prior(intervals, draws=20_000, seed=2017):
    """Draws before the count is heard, ``life`` and ``money_share`` perhaps together.

    Parameters
    ----------
    intervals, draws, seed
        As in `partnership.methods.assumptions.draw`.

    Returns
    -------
    pandas.DataFrame
    """
    sample = assumptions.draw(intervals, draws, seed)
    if "together" not in sample:
        return sample
    return assumptions.tie(sample, "life", "money_share", sample["together"], seed)


def posterior(evidence, intervals, draws=20_000, seed=2017):
    """Draws after the count is heard: those of `prior`, kept by their `weights`.

    Sampling and importance resampling (Gelman et al. 2013, section 10.4).

    Parameters
    ----------
    evidence : Evidence
    intervals, draws, seed
        As in `partnership.methods.assumptions.draw`.

    Returns
    -------
    pandas.DataFrame
        As many rows as draws, some of them alike.
    """
    sample = prior(intervals, draws, seed)
    return assumptions.resample(sample, weights(evidence, sample), seed)


def quantiles(fleets, low=0.05, high=0.95):
    """Median and interval of each year.

    Parameters
    ----------
    fleets : pandas.DataFrame
        As `fleet` returns it.
    low, high : float
        Ends of the interval, 0 to 1.

    Returns
    -------
    pandas.DataFrame
        By year: ``value`` (the median), ``low`` and ``high``.
    """
    checks.array([low, high], "quantile", high=1)
    found = fleets.quantile([0.5, low, high])
    return found.set_axis(["value", "low", "high"]).T


def probability(fleets, year, at_least):
    """Share of the draws with `at_least` machines at the end of `year`."""
    checks.choice(year, fleets.columns, "year")
    checks.demand(len(fleets), "fleets", "no draws", "one or more")
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
    found = pd.DataFrame(runs).quantile([0.05, 0.5, 0.95]).round(-2).T
    found.columns = ["low", "median", "high"]
    chance = [100 * (run >= at_least).mean() for run in runs.values()]
    return found.assign(chance=chance).round().astype(int)


def chances(units, cases, numbers):
    """Chance of so many machines or more, in percent: a curve for each case.

    Parameters
    ----------
    units : pandas.Series
        Machines, one value a draw.
    cases : dict of name to array of shape (draws,)
        Weights of the draws; an empty case, whose weights are all 0, is NaN.
    numbers : sequence of float
        Machines.

    Returns
    -------
    pandas.DataFrame
        One row a number, one column a case.
    """
    numbers = pd.Index(numbers, name="units")
    order = units.to_numpy().argsort()
    place = np.searchsorted(units.to_numpy()[order], numbers)
    curves = {}
    for name, weight in cases.items():
        below = np.append(0, np.cumsum(weight[order]))
        curves[name] = 100 * (1 - below[place] / (below[-1] or math.nan))
    return pd.DataFrame(curves, numbers)


def implied_price(value_usd_million, units):
    """USD a machine that a sum and a number of machines imply."""
    value = checks.number(value_usd_million, "value_usd_million")
    return value * 1e6 / checks.number(units, "units", above=True)
