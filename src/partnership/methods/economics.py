"""Economics of a plant and of a cohort of students.

Money is USD million, mass is tonnes, prices are USD a tonne. The project model is a
teaching model: it shows what an answer depends on, it does not value a real plant; on
which assumption it depends most, `partnership.methods.assumptions` tells. An argument
that is not allowed is a ``ValueError`` that names it, what was found and what is
allowed; the docstrings say when.

References
----------
Present values as in any text on corporate finance, for instance [1]_.

.. [1] Brealey, R., Myers, S. and Allen, F. *Principles of Corporate Finance*, chapters
   2 and 5.
"""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from partnership import checks

PURE_KCL = 0.632
"""K2O equivalent of pure potassium chloride: 94.2 g of K2O to two moles of 74.6 g."""


PRODUCT = 0.60
"""K2O equivalent of fertiliser grade potassium chloride (95 percent KCl), by custom."""


def intake(stock, years, growth=0.0):
    r"""New students a year behind a stock, if each intake is `growth` above the last.

    .. math:: e = N \Big/ \sum_{k=0}^{T-1} (1 + g)^{-k}

    Parameters
    ----------
    stock : float
        Students *N*, all years of study together.
    years : int
        Length of study *T*, from 1 up; nobody leaves early.
    growth : float, default 0.0
        Yearly growth *g* of the intake, a fraction above -1.

    Returns
    -------
    float
        Persons a year.
    """
    stock = checks.number(stock, "stock")
    years = checks.number(years, "years", low=1, whole=True)
    growth = checks.number(growth, "growth", low=-1, above=True)
    return stock / float(((1 + growth) ** -np.arange(years)).sum())


def cohort_value(stock, years, paid, leaving=0.0):
    r"""What one cohort of a steady stock pays until it has left.

    .. math:: V = e\,p \sum_{k=0}^{T-1} (1 - q)^k, \qquad e = N / T

    Parameters
    ----------
    stock, years : float, int
        Students *N* and length of study *T*, as in `intake` without growth.
    paid : float
        USD *p* a person and year, not discounted.
    leaving : float, default 0.0
        Share *q* that gives up each year, from 0 to 1; with 0 a cohort is worth what
        the whole stock pays in a year, however long it studies.

    Returns
    -------
    float
        USD million.
    """
    paid = checks.number(paid, "paid")
    leaving = checks.number(leaving, "leaving", high=1)
    entrants = intake(stock, years)
    return entrants * paid * float(((1 - leaving) ** np.arange(years)).sum()) / 1e6


def product_from_k2o(k2o, share=PRODUCT):
    r"""Turn tonnes of nutrient into tonnes of product: :math:`m = m_{K_2O} / s`.

    Parameters
    ----------
    k2o : float or pandas.Series
        Tonnes of K2O, as FAO and USGS count.
    share : float, default `PRODUCT`
        K2O equivalent of the product, above 0 up to `PURE_KCL`.

    Returns
    -------
    float or pandas.Series
        Tonnes of product, as plants and newspapers count.
    """
    return k2o / checks.number(share, "share", high=PURE_KCL, above=True)


def annualised(value, months):
    """Scale a flow over some months (above 0, at most 12) to twelve.

    An arithmetic aid, no outcome: it assumes that the other months were like these.

    Examples
    --------
    >>> round(annualised(24200, 9))
    32267
    """
    months = checks.number(months, "months", high=12, above=True)
    return 12 * checks.number(value, "value") / months


def utilisation(output, capacity):
    """Output (from 0 up) in percent of capacity (above 0), both in one unit and span.

    Examples
    --------
    >>> round(utilisation(32300, 1400000), 1)
    2.3
    """
    capacity = checks.number(capacity, "capacity", above=True)
    return 100 * checks.number(output, "output") / capacity


def missed_output(plan, output, prices):
    """Value, at market prices, of the output that was planned and did not come.

    Gross: nothing is taken off for what the output would have cost. More output than
    planned counts as nothing missed.

    Parameters
    ----------
    plan, output : pandas.Series
        Tonnes of product by year; each year of `plan` needs an output and a price.
    prices : pandas.Series
        USD a tonne by year.

    Returns
    -------
    pandas.DataFrame
        By year of `plan`: ``plan``, ``output``, ``missing`` (tonnes), ``price`` (USD a
        tonne) and ``value`` (USD million).
    """
    frame = checks.yearly(plan, "plan", gaps=False).rename("plan").to_frame()
    needed = {"gaps": False, "years": frame.index}
    frame["output"] = checks.yearly(output, "output", **needed)
    frame["missing"] = (frame["plan"] - frame["output"]).clip(lower=0)
    frame["price"] = checks.yearly(prices, "prices", **needed)
    return frame.assign(value=frame["missing"] * frame["price"] / 1e6)


def npv(flows, rate):
    r"""Net present value: :math:`\sum_t f_t / (1 + r)^t`, with *t* counted from 0.

    Parameters
    ----------
    flows : sequence of float
        One finite flow a year, the first one undiscounted (spreadsheets discount it). A
        Series is by year, without a gap.
    rate : float
        Discount rate a year, above -1; 0.10 is ten percent.

    Returns
    -------
    float
        In the unit of the flows.

    Examples
    --------
    >>> round(npv([-100, 60, 60], 0.10), 2)
    4.13
    """
    if isinstance(flows, pd.Series):
        flows = checks.yearly(flows, "flows", signed=True, consecutive=True)
    flows = checks.array(flows, "flows", low=-np.inf)
    if flows.ndim != 1 or not flows.size:
        raise checks.fault("flows", "none, or a table", "one a year")
    rate = checks.number(rate, "rate", low=-1, above=True)
    return float(flows @ (1 + rate) ** -np.arange(flows.size, dtype=float))


@dataclass(frozen=True)
class Project:
    """A plant that is paid for in equal parts before it opens and then runs evenly.

    Attributes
    ----------
    signed, opens : int
        Year of the contract, to which all values are discounted, and first full year
        of operation, which must be later.
    life : int
        Years of operation, 1 or more.
    capital : float
        Cost of the plant, USD million, spread evenly over `signed` to `opens` - 1.
    capacity : float
        Tonnes of product a year, above 0.
    fixed : float
        Cost a year that falls due at any output, USD million.
    unit, freight : float
        Cost of one more tonne, and quoted price less what the plant receives at its
        gate; both USD a tonne.
    rate : float
        Discount rate a year, from 0 up.
    """

    signed: int
    opens: int
    life: int
    capital: float
    capacity: float
    fixed: float
    unit: float
    freight: float
    rate: float

    def __post_init__(self):
        for name, value in asdict(self).items():
            checks.number(value, name, above=name in ("life", "capacity"))
            if name in ("signed", "opens", "life") and value != int(value):
                raise checks.fault(name, value, "a whole number")
        if self.opens <= self.signed:
            raise checks.fault("opens", self.opens, f"a year after {self.signed}")

    @property
    def years(self):
        """Years of operation, as a range."""
        return range(int(self.opens), int(self.opens + self.life))


def price_path(project, known, later):
    """Prices of all years of operation: those known, then one that is assumed.

    Parameters
    ----------
    project : Project
    known : pandas.Series
        USD a tonne by whole year, without a gap from the opening to its last year.
    later : float
        USD a tonne in every year after the last one of `known`.

    Returns
    -------
    pandas.Series
        USD a tonne by year of operation.
    """
    known = checks.yearly(known, "known", gaps=False)
    years = project.years[: max(known.index[-1] - project.years[0] + 1, 0)]
    checks.yearly(known, "known", years=years)
    return known.reindex(project.years).fillna(checks.number(later, "later"))


def cash_flows(project, prices, utilisation):
    """Yearly flows of the project, USD million of the year.

    Parameters
    ----------
    project : Project
    prices : pandas.Series or float
        USD a tonne: for each year of operation (see `price_path`), or one for all.
    utilisation : float
        Output as a share of capacity, 0 to 1, the same in every year.

    Returns
    -------
    pandas.DataFrame
        By year from the contract on: ``capital``, ``revenue`` (at the quoted price),
        ``costs`` (unit cost, freight, fixed cost) and ``net``.
    """
    if not isinstance(prices, pd.Series):
        prices = pd.Series(checks.number(prices, "prices"), index=project.years)
    prices = checks.yearly(prices, "prices", gaps=False, years=project.years)
    share = checks.number(utilisation, "utilisation", high=1)
    tonnes = share * project.capacity / 1e6
    years = pd.RangeIndex(int(project.signed), project.years.stop, name="year")
    before, a_tonne = years < project.opens, project.unit + project.freight
    capital = np.where(before, project.capital / before.sum(), 0.0)
    revenue = tonnes * prices.reindex(years).mask(before, 0.0)
    costs = np.where(before, 0.0, tonnes * a_tonne + project.fixed)
    frame = pd.DataFrame(
        {"capital": capital, "revenue": revenue, "costs": costs}, years
    )
    return frame.assign(net=revenue - costs - capital)


def value_at_signing(project, prices, utilisation):
    """Net present value of `cash_flows` in the year of the contract, USD million."""
    return npv(cash_flows(project, prices, utilisation)["net"], project.rate)


def break_even_utilisation(project, prices):
    r"""Share of capacity at which the net present value is nil.

    The value is a straight line in the utilisation *u*, so that
    :math:`u^* = -V(0) / (V(1) - V(0))`.

    Returns
    -------
    float
        A share; above 1 if not even full use pays, infinite if a tonne brings no more
        than it costs.
    """
    idle = value_at_signing(project, prices, 0)
    gain = value_at_signing(project, prices, 1) - idle
    return -idle / gain if gain > 0 else float("inf")


def break_even_price(project, utilisation):
    r"""Quoted price, the same in every year, at which the net present value is nil.

    The value is a straight line in the price as well:
    :math:`p^* = -V(0) / (V(1) - V(0))` with the price as argument, USD a tonne. The
    utilisation is a share above 0, up to 1.
    """
    checks.number(utilisation, "utilisation", high=1, above=True)
    free = value_at_signing(project, 0.0, utilisation)
    return -free / (value_at_signing(project, 1.0, utilisation) - free)


def full_years(prices, commodity):
    """Yearly means of a monthly price, for years with all twelve months.

    Parameters
    ----------
    prices : pandas.DataFrame
        Columns ``commodity``, ``month`` (2017-03) and ``value``.
    commodity : str

    Returns
    -------
    pandas.Series
        The unit of `prices`, by year.
    """
    columns = ["commodity", "month", "value"]
    prices = checks.need(prices, columns, "prices", filled=True)
    rows = prices[prices["commodity"] == commodity].dropna(subset="value")
    groups = rows.groupby(rows["month"].astype(str).str[:4].astype(int))["value"]
    result = groups.mean()[groups.count() == 12]
    if result.empty:
        raise checks.fault("commodity", f"no full year of {commodity!r}", "one or more")
    return result.rename_axis("year")
