"""A potash plant, its output and its economics, and a promise of plants to count.

Small pure functions: numbers, Series and frames in, the same out; nothing is loaded.
Money is USD million, mass is tonnes, prices are USD a tonne. The project model is a
teaching model: it shows what an answer depends on, it does not value the real plant.
Every function raises a ``ValueError`` that names the argument, what was found and what
is allowed; the docstrings say when.

References
----------
Present values as in any text on corporate finance, for instance [1]_.

.. [1] Brealey, R., Myers, S. and Allen, F. *Principles of Corporate Finance*, chapters
   2 and 5.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from numbers import Real

import numpy as np
import pandas as pd

from partnership.series import statements

PURE_KCL = 0.632
"""K2O equivalent of pure potassium chloride: 94.2 g of K2O to two moles of 74.6 g."""

PRODUCT = 0.60
"""K2O equivalent of fertiliser grade potassium chloride (95 percent KCl), by custom."""

ASSUMED = {
    "fixed": ("Fixed cost, USD million a year", 20, 40, 80),
    "unit": ("Unit cost, USD a tonne", 35, 60, 100),
    "freight": ("Freight and discount, USD a tonne", 30, 60, 120),
    "rate": ("Discount rate, a share", 0.05, 0.10, 0.15),
    "life": ("Years of operation", 15, 25, 45),
    "later": ("Price after the last year known, USD a tonne", 200, 300, 400),
}
"""What the teaching model assumes: words, low, base, high. No source states these."""


def _amount(value, argument, *, low=0.0, high=np.inf, above=False):
    """Return one finite number between `low` and `high` as float."""
    real = isinstance(value, Real) and not isinstance(value, (bool, np.bool_))
    fits = real and np.isfinite(value) and low <= value <= high
    if not fits or (above and value == low):
        edge = "above" if above else "from"
        upper = f" to {high:g}" if np.isfinite(high) else ""
        raise ValueError(
            f"{argument}: found {value!r}; allowed is a number {edge} {low:g}{upper}"
        )
    return float(value)


def _yearly(values, argument, years=None):
    """Return a Series of amounts by whole year, sorted; it must have all of `years`."""
    if not isinstance(values, pd.Series) or values.empty:
        found = "no entries" if isinstance(values, pd.Series) else type(values).__name__
        raise ValueError(f"{argument}: found {found}; allowed is a Series by year")
    whole = pd.api.types.infer_dtype(values.index) == "integer"
    if not whole or values.index.has_duplicates:
        raise ValueError(f"{argument}: allowed are whole years as index, each once")
    for year, value in values.items():
        _amount(value, f"{argument}[{year}]")
    lost = sorted(set(years if years is not None else ()) - set(values.index))
    if lost:
        raise ValueError(f"{argument}: found no value for {lost[0]}; one is needed")
    return values.astype(float).sort_index()


def _need(frame, columns, argument):
    missing = [name for name in columns if name not in frame]
    if missing or frame.empty:
        found = f"no column {missing[0]!r}" if missing else "no rows"
        raise ValueError(f"{argument}: found {found}; needed are {', '.join(columns)}")


# --------------------------------------------------------------------------------------
# Output, put on one scale


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
    return k2o / _amount(share, "share", high=PURE_KCL, above=True)


def annualised(value, months):
    """Scale a flow over some months (above 0, at most 12) to twelve.

    An arithmetic aid, no outcome: it assumes that the other months were like these.

    Examples
    --------
    >>> round(annualised(24200, 9))
    32267
    """
    months = _amount(months, "months", high=12, above=True)
    return 12 * _amount(value, "value") / months


def utilisation(output, capacity):
    """Output (from 0 up) in percent of capacity (above 0), both in one unit and span.

    Examples
    --------
    >>> round(utilisation(32300, 1400000), 1)
    2.3
    """
    capacity = _amount(capacity, "capacity", above=True)
    return 100 * _amount(output, "output") / capacity


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
    frame = _yearly(plan, "plan").rename("plan").to_frame()
    frame["output"] = _yearly(output, "output", frame.index)
    frame["missing"] = (frame["plan"] - frame["output"]).clip(lower=0)
    frame["price"] = _yearly(prices, "prices", frame.index)
    return frame.assign(value=frame["missing"] * frame["price"] / 1e6)


# --------------------------------------------------------------------------------------
# Promises


def promised_years(statements, contract):
    """Order promises of completion by the day on which they were made.

    Parameters
    ----------
    statements : pandas.DataFrame
        Columns ``stated_on`` (a date, a month or a year as text), ``value`` (the
        promised year) and what else shall be kept.
    contract : str
        Date of the contract. An account given after the promised year was over is no
        promise but tells what the contract said, and is dated to the contract.

    Returns
    -------
    pandas.DataFrame
        The rows sorted by ``made`` (Timestamp; the middle of a month or a year), with
        ``promised`` (int), ``slip`` (years after the earliest promised year) and
        ``retold`` (bool: dated to the contract).
    """
    _need(statements, ["stated_on", "value"], "statements")
    said = statements["stated_on"].fillna("").astype(str)
    if (said == "").any():
        raise ValueError("statements['stated_on']: found no date; one a row is needed")
    promised = statements["value"].astype(int)
    retold = said.str[:4].astype(int) > promised
    made = said.mask(retold, contract).map(lambda text: _span(text)[0])
    made += (said.mask(retold, contract).map(lambda text: _span(text)[1]) - made) / 2
    slip = promised - promised.min()
    result = statements.assign(made=made, promised=promised, slip=slip, retold=retold)
    return result.sort_values(["made", "promised"], ignore_index=True)


def _span(text):
    """First and last day of a date written as 2014, 2014-10 or 2014-10-08."""
    period = pd.Period(text, freq={4: "Y", 7: "M"}.get(len(text), "D"))
    return period.start_time, period.end_time.normalize()


def openings(events, start, end, kind="opening_chemical"):
    """List and number the events of one kind in a window of time.

    Parameters
    ----------
    events : pandas.DataFrame
        Columns ``date`` (text, to the day, the month or the year) and ``kind``.
    start, end : str
        First and last day, both included. An event known to the month or the year
        counts only if all of it lies within the window.
    kind : str
        The kind to count; it must be there at all.

    Returns
    -------
    pandas.DataFrame
        The rows in order of time, with ``number`` (1, 2, ...) and ``years_after``
        (from `start` to the event's first day). It may be empty.
    """
    _need(events, ["date", "kind"], "events")
    if pd.Timestamp(end) < pd.Timestamp(start):
        raise ValueError(f"end: found {end}; allowed is a day not before {start}")
    rows = events[events["kind"] == kind]
    if rows.empty:
        kinds = ", ".join(sorted(set(events["kind"])))
        raise ValueError(f"kind: found {kind!r}; allowed is one of {kinds}")
    first = rows["date"].map(lambda text: _span(text)[0])
    last = rows["date"].map(lambda text: _span(text)[1])
    inside = (first >= pd.Timestamp(start)) & (last <= pd.Timestamp(end))
    after = (first - pd.Timestamp(start)).dt.days / 365.25
    rows = rows.assign(years_after=after)[inside]
    rows = rows.sort_values("years_after", kind="stable", ignore_index=True)
    return rows.assign(number=range(1, len(rows) + 1))


# --------------------------------------------------------------------------------------
# Project economics: a teaching model


def npv(flows, rate):
    r"""Net present value: :math:`\sum_t f_t / (1 + r)^t`, with *t* counted from 0.

    Parameters
    ----------
    flows : sequence of float
        One finite flow a year, the first one undiscounted (spreadsheets discount it).
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
    flows = np.asarray(flows, dtype=float)
    if flows.ndim != 1 or not flows.size or not np.isfinite(flows).all():
        raise ValueError("flows: found none, or one that is not finite; all are needed")
    rate = _amount(rate, "rate", low=-1, above=True)
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
            _amount(value, name, above=name in ("life", "capacity"))
            if name in ("signed", "opens", "life") and value != int(value):
                raise ValueError(f"{name}: found {value}; allowed is a whole number")
        if self.opens <= self.signed:
            raise ValueError(
                f"opens: found {self.opens}; allowed is a year after {self.signed}"
            )

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
    known = _yearly(known, "known")
    last = min(int(known.index.max()), project.years[-1])
    _yearly(known, "known", range(project.opens, last + 1))
    return known.reindex(project.years).fillna(_amount(later, "later"))


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
        prices = pd.Series(_amount(prices, "prices"), index=project.years)
    prices = _yearly(prices, "prices", project.years).loc[list(project.years)]
    share = _amount(utilisation, "utilisation", high=1)
    tonnes = share * project.capacity / 1e6
    years = pd.RangeIndex(int(project.signed), project.years.stop, name="year")
    before = years < project.opens
    frame = pd.DataFrame(0.0, index=years, columns=["capital", "revenue", "costs"])
    frame.loc[before, "capital"] = project.capital / before.sum()
    frame.loc[~before, "revenue"] = tonnes * prices.to_numpy()
    a_tonne = project.unit + project.freight
    frame.loc[~before, "costs"] = tonnes * a_tonne + project.fixed
    return frame.assign(net=frame["revenue"] - frame["costs"] - frame["capital"])


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
    _amount(utilisation, "utilisation", high=1, above=True)
    free = value_at_signing(project, 0.0, utilisation)
    return -free / (value_at_signing(project, 1.0, utilisation) - free)


def sensitivity(project, known, later, ranges, utilisation=1.0):
    """Vary one assumption at a time and value the project.

    Parameters
    ----------
    project, known, later
        The base case, as for `price_path`.
    ranges : mapping of str to (float, float)
        Low and high of ``later`` or of an attribute of `Project`, around the base.
    utilisation : float
        As for `cash_flows`.

    Returns
    -------
    pandas.DataFrame
        One row an assumption, the widest swing first: ``low``, ``base``, ``high`` (the
        assumption) and ``at_low``, ``at_base``, ``at_high`` (value, USD million).
    """
    base = {**asdict(project), "later": later}
    rows = {}
    for name, (low, high) in ranges.items():
        if name not in base or not low <= base[name] <= high:
            raise ValueError(
                f"ranges[{name!r}]: found {low} to {high}; allowed is a range around "
                f"the base case ({base.get(name, 'no such one')}) of {', '.join(base)}"
            )
        trials = [low, base[name], high]
        rows[name] = list(trials)
        for value in trials:
            case = project if name == "later" else replace(project, **{name: value})
            path = price_path(case, known, value if name == "later" else later)
            rows[name].append(value_at_signing(case, path, utilisation))
    columns = ["low", "base", "high", "at_low", "at_base", "at_high"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    swing = (frame["at_high"] - frame["at_low"]).abs()
    return frame.loc[swing.sort_values(ascending=False, kind="stable").index]


# --------------------------------------------------------------------------------------
# From tables to numbers and Series, and from these to what the charts take


def stated(name, reporter=None, partner=None, **narrower):
    """Read the one figure that the data have of a series, plans included.

    Parameters
    ----------
    name, reporter, partner, **narrower
        As for `partnership.series.statements`.

    Returns
    -------
    float
        In the unit of the series. Statements that agree count as one figure.
    """
    rows = statements(name, reporter, partner, outcomes_only=False, **narrower)
    values = sorted(set(rows["value"]))
    if len(values) > 1:
        raise ValueError(f"name: found {values} for {name!r}; allowed is one figure")
    return float(values[0])


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
    _need(prices, ["commodity", "month", "value"], "prices")
    rows = prices[prices["commodity"] == commodity].dropna(subset="value")
    groups = rows.groupby(rows["month"].astype(str).str[:4].astype(int))["value"]
    result = groups.mean()[groups.count() == 12]
    if result.empty:
        raise ValueError(f"commodity: found no full year of {commodity!r}")
    return result.rename_axis("year")


def for_chart(values, source_id, unit, reliability="primary"):
    """Dress a Series by year as the frame that `charts.line_with_spread` draws."""
    values = _yearly(values, "values")
    frame = pd.DataFrame(
        {"period": values.index.astype(str), "value": values.to_numpy()}
    )
    frame = frame.assign(
        period_type="calendar_year",
        start=pd.to_datetime(frame["period"] + "-01-01"),
        end=pd.to_datetime(frame["period"] + "-12-31"),
        low=frame["value"],
        high=frame["value"],
        bound="",
        open_low=False,
        open_high=False,
        source_id=source_id,
        reliability=reliability,
    )
    frame.attrs = {"unit": unit}
    return frame
