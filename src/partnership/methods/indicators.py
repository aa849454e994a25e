"""Indicators of trade, as small pure functions.

Every function takes pandas Series or frames (or plain numbers) and returns a
number, a Series or a frame; nothing is changed in place and no table is read.
Flows are values of one unit, normally USD million, and never negative. A gap
(NaN) stays a gap: it is never read as zero. Where a gap would make the answer
wrong, the function stops with a ``ValueError`` that names the argument, what was
found and what is allowed.

References
----------
The definitions follow chapter 1 of [1]_; single functions name the origin of
their formula.

.. [1] UNCTAD and WTO (2012). *A Practical Guide to Trade Policy Analysis*.
   Chapter 1, Analyzing trade flows.
"""

from __future__ import annotations

import difflib
from numbers import Real
from typing import NamedTuple

import numpy as np
import pandas as pd
from pandas.api import types

from partnership.checks import need

CIF_FOB = 1.06
"""Ratio of a c.i.f. to an f.o.b. value that the IMF uses since 2017."""


CIF_FOB_EARLIER = 1.10
"""Ratio of a c.i.f. to an f.o.b. value that was customary before."""


class Record(NamedTuple):
    """The highest value of a yearly series.

    Attributes
    ----------
    year : int
        The year; the earliest one where several years share the value.
    value : float
        The value, in the unit of the series.
    """

    year: int
    value: float


def _show(value):
    """Return a value as a reader writes it: 2016, not np.int64(2016)."""
    return repr(value.item() if isinstance(value, np.generic) else value)


def _numbers(values, argument, *, gaps=True):
    """Return `values` as a float Series after checking every entry."""
    if not isinstance(values, pd.Series):
        kind = type(values).__name__
        raise ValueError(f"{argument}: found a {kind}; allowed is a pandas Series")
    if values.empty:
        raise ValueError(f"{argument}: found no entries; allowed is one or more")
    if not values.index.is_unique:
        twice = values.index[values.index.duplicated()][0]
        raise ValueError(
            f"{argument}: found {_show(twice)} twice in the index; allowed is once"
        )
    if types.is_bool_dtype(values) or not types.is_numeric_dtype(values):
        for label, value in values.items():
            missing = value is None or value is pd.NA or value is pd.NaT
            if not missing and (isinstance(value, bool) or not isinstance(value, Real)):
                raise ValueError(
                    f"{argument}: found {_show(value)} at {_show(label)}; "
                    "allowed are numbers from 0 up"
                )
    if types.is_complex_dtype(values):
        raise ValueError(f"{argument}: found complex numbers; allowed are real ones")
    floats = pd.Series(
        values.to_numpy(dtype=float, na_value=np.nan), values.index, name=values.name
    )
    bad = floats[(floats < 0) | np.isinf(floats)]
    if len(bad):
        raise ValueError(
            f"{argument}: found {bad.iloc[0]:g} at {_show(bad.index[0])}; "
            "allowed are finite numbers from 0 up"
        )
    if not gaps and floats.isna().any():
        gap = floats.index[floats.isna()][0]
        raise ValueError(
            f"{argument}: found no value (NaN) at {_show(gap)}; "
            "allowed are numbers from 0 up: drop the entry, or fill in what it means"
        )
    return floats


def _number(value, argument):
    """Return one number as float after checking it."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
        raise ValueError(
            f"{argument}: found {_show(value)}; allowed is a number from 0 up"
            " or a pandas Series of them"
        )
    if not np.isfinite(value) or value < 0:
        raise ValueError(
            f"{argument}: found {_show(value)}; allowed is a finite number from 0 up"
        )
    return float(value)


def _yearly(values, argument="values"):
    """Return a checked Series that is indexed by whole years, sorted by year."""
    floats = _numbers(values, argument)
    if types.infer_dtype(floats.index) != "integer":
        raise ValueError(
            f"{argument}: found the index entry {_show(floats.index[0])}; "
            "allowed are whole years such as 2016 (see by_year)"
        )
    return floats.sort_index()


def _year(year, argument):
    """Return a year as int after checking it."""
    whole = isinstance(year, (int, np.integer)) and not isinstance(year, bool)
    if not whole:
        raise ValueError(
            f"{argument}: found {_show(year)}; allowed is a whole year such as 2016"
        )
    return int(year)


def _value_at(values, year, argument):
    """Return the value of one year of a checked yearly Series."""
    year = _year(year, argument)
    if year not in values.index or np.isnan(values[year]):
        have = values.dropna().index
        span = f"{have.min()} to {have.max()}" if len(have) else "no year"
        raise ValueError(
            f"{argument}: found {year}, for which there is no value; "
            f"allowed is a year that has one ({span})"
        )
    return float(values[year])


def _pair(left, right, names):
    """Return two checked flows, both numbers or both Series on one index."""
    if isinstance(left, pd.Series) != isinstance(right, pd.Series):
        raise ValueError(
            f"{names[0]} and {names[1]}: found a Series and a "
            "single number; allowed are two Series or two numbers"
        )
    if isinstance(left, pd.Series):
        return _numbers(left, names[0]).align(_numbers(right, names[1]), join="outer")
    return _number(left, names[0]), _number(right, names[1])


def _text(value):
    """Return a cell as text, an empty one as ''."""
    return "" if pd.isna(value) else str(value).strip()


def by_year(frame, column="value"):
    """Turn the frame of ``partnership.series`` into a Series by calendar year.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a period with the columns ``period``, ``period_type`` and `column`.
    column : str, default "value"
        The column to take, for instance ``value``, ``low`` or ``high``.

    Returns
    -------
    pandas.Series
        Floats in the unit of the frame, indexed by year (int), sorted; its name is
        the series and its ``attrs`` are those of the frame.

    Raises
    ------
    ValueError
        If a column is missing, a period is no calendar year or stands twice, or a
        value is negative or no number.
    """
    need(frame, ("period", "period_type", column), "frame")
    other = frame.loc[frame["period_type"] != "calendar_year"]
    if len(other):
        row = other.iloc[0]
        raise ValueError(
            f"frame: found the period {_show(row['period'])} of type "
            f"{_show(row['period_type'])}; allowed are calendar years"
        )
    result = pd.Series(
        frame[column].to_numpy(),
        pd.Index(frame["period"].astype(int), name="year"),
        name=frame.attrs.get("series"),
    )
    result = _yearly(result, f"frame[{_show(column)}]")
    result.attrs = dict(frame.attrs)
    return result


def growth(values):
    r"""Growth against the year before, in percent.

    .. math:: g_t = 100 \left( \frac{v_t}{v_{t-1}} - 1 \right)

    Parameters
    ----------
    values : pandas.Series
        Flows of one unit, from 0 up, indexed by year (int).

    Returns
    -------
    pandas.Series
        Percent, on the years of `values` in order. NaN for the first year, where
        this year or the year before has no value (the rate never reaches across a
        gap), and where the year before is 0.

    Raises
    ------
    ValueError
        If `values` is empty, holds a negative or non-numeric entry, names a year
        twice or is not indexed by whole years.

    Examples
    --------
    >>> growth(pd.Series({2015: 93.6, 2016: 120.6, 2018: 32.2})).round(1).tolist()
    [nan, 28.8, nan]
    """
    values = _yearly(values)
    before = values.reindex(values.index - 1).to_numpy()
    # A rate from nothing has no size; NaN keeps it from being drawn as infinite.
    return 100 * (values / np.where(before > 0, before, np.nan) - 1)


def multiple(values, base_year, year):
    r"""How many times the value of one year is that of another.

    .. math:: v_{year} / v_{base\_year}

    Parameters
    ----------
    values : pandas.Series
        Flows of one unit, from 0 up, indexed by year (int).
    base_year, year : int
        The two years; both need a value.

    Returns
    -------
    float
        A ratio without unit; 1 if the two are equal.

    Raises
    ------
    ValueError
        If one of the years has no value, if the base is 0, or for the reasons given
        under `growth`.
    """
    values = _yearly(values)
    base = _value_at(values, base_year, "base_year")
    if base == 0:
        raise ValueError(
            f"base_year: found the value 0 in {base_year}; allowed is a value above 0"
        )
    return _value_at(values, year, "year") / base


def record(values, before=None):
    """Find the highest year of a series.

    Parameters
    ----------
    values : pandas.Series
        Flows of one unit, from 0 up, indexed by year (int). Gaps are passed over.
    before : int, optional
        Only years earlier than this one count.

    Returns
    -------
    Record
        ``(year, value)``; the earliest year where several share the highest value.

    Raises
    ------
    ValueError
        If no year with a value is left, or for the reasons given under `growth`.
    """
    known = _yearly(values).dropna()
    if before is not None:
        known = known[known.index < _year(before, "before")]
    if known.empty:
        raise ValueError(
            f"values: found no value before {before}; allowed is one year or more"
            if before is not None
            else "values: found no value at all; allowed is one year or more"
        )
    return Record(int(known.idxmax()), float(known.max()))


def earlier_as_high(values, year, value=None):
    """List the earlier years whose value is as high as that of `year`, or higher.

    Parameters
    ----------
    values : pandas.Series
        Flows of one unit, from 0 up, indexed by year (int).
    year : int
        The year in question. Only years before it are looked at.
    value : float, optional
        The value to compare with, in the unit of `values`; by default the value of
        `year`. Pass it to test a stated figure against a series.

    Returns
    -------
    pandas.DataFrame
        One row an earlier year, sorted by year, with the columns ``value``,
        ``difference`` (against the value in question, same unit) and ``ratio``
        (times the value in question; NaN if that is 0). ``attrs["gaps"]`` lists the
        years between the first one and `year` for which nothing is known: a higher
        value may hide there.

    Raises
    ------
    ValueError
        If no earlier year has a value (then nothing can be a record), if `year` has
        none and `value` is not given, or for the reasons given under `growth`.
    """
    values = _yearly(values)
    year = _year(year, "year")
    value = (
        _value_at(values, year, "year") if value is None else _number(value, "value")
    )
    earlier = values[values.index < year].dropna()
    if earlier.empty:
        raise ValueError(
            f"year: found no value before {year}; allowed is a year with an earlier one"
        )
    higher = earlier[earlier >= value]
    result = pd.DataFrame(
        {
            "value": higher,
            "difference": higher - value,
            "ratio": higher / (value if value > 0 else np.nan),
        }
    )
    span = range(int(values.index.min()), year)
    result.attrs = {"gaps": [y for y in span if y not in earlier.index]}
    return result


def was_record(values, year, value=None):
    """Whether a year was higher than every earlier year.

    A tie is no record. Later years play no part, so that a statement is judged by
    what had happened when it was made.

    Parameters
    ----------
    values, year, value
        As for `earlier_as_high`.

    Returns
    -------
    bool
        True if no earlier year is as high; years without a value are passed over.

    Raises
    ------
    ValueError
        As for `earlier_as_high`.
    """
    return earlier_as_high(values, year, value).empty


def balance(exports, imports):
    """Balance of trade: exports less imports.

    Parameters
    ----------
    exports, imports : pandas.Series or float
        Flows of one unit, from 0 up. Two Series are matched on their index.

    Returns
    -------
    pandas.Series or float
        Same unit; positive is a surplus. NaN where one side is missing.

    Raises
    ------
    ValueError
        If an entry is negative or no number, a Series is empty or names an entry
        twice, or one argument is a Series and the other is not.
    """
    exports, imports = _pair(exports, imports, ("exports", "imports"))
    return exports - imports


def turnover(exports, imports):
    """Turnover of trade: exports plus imports.

    Parameters
    ----------
    exports, imports : pandas.Series or float
        Flows of one unit, from 0 up. Two Series are matched on their index.

    Returns
    -------
    pandas.Series or float
        Same unit. NaN where one side is missing: one side is never the whole.

    Raises
    ------
    ValueError
        As for `balance`.
    """
    exports, imports = _pair(exports, imports, ("exports", "imports"))
    return exports + imports


def grubel_lloyd(exports, imports, aggregate=False):
    r"""Grubel-Lloyd index of intra-industry trade.

    For a product *k*, and with ``aggregate=True`` for all products together
    (the mean of the products weighted by their turnover):

    .. math::

        GL_k = 1 - \frac{|X_k - M_k|}{X_k + M_k}, \qquad
        GL = 1 - \frac{\sum_k |X_k - M_k|}{\sum_k (X_k + M_k)}

    Parameters
    ----------
    exports, imports : pandas.Series or float
        Flows of one unit, from 0 up. Two Series, by product or by year, are matched
        on their index.
    aggregate : bool, default False
        Return the one index of all products together.

    Returns
    -------
    pandas.Series or float
        From 0 (trade goes one way) to 1 (both ways alike), without unit. NaN where
        one side is missing and where both sides are 0. The finer the products, the
        lower the aggregate: compare only indices of one classification.

    Raises
    ------
    ValueError
        As for `balance`; with ``aggregate=True`` also if an entry is missing on one
        side (fill in 0 where absence means no trade) or if there is no trade at all.

    References
    ----------
    Grubel, H. G. and Lloyd, P. J. (1975). *Intra-industry Trade: The Theory and
    Measurement of International Trade in Differentiated Products*. Wiley.
    """
    exports, imports = _pair(exports, imports, ("exports", "imports"))
    if not isinstance(exports, pd.Series):
        total = exports + imports
        return 1 - abs(exports - imports) / total if total > 0 else float("nan")
    difference, total = (exports - imports).abs(), exports + imports
    if not aggregate:
        return 1 - difference / total  # 0 / 0 is NaN
    if total.isna().any():
        raise ValueError(
            "exports and imports: found only one side (NaN) at "
            f"{_show(total.index[total.isna()][0])}; allowed are both: "
            "fill in 0 where absence means no trade"
        )
    if total.sum() == 0:
        raise ValueError("exports and imports: found 0 in all; allowed is some trade")
    return float(1 - difference.sum() / total.sum())


def mirror_gap(reported_exports_fob, mirrored_imports_cif, factor=CIF_FOB):
    r"""Lay one flow beside its mirror: what the seller and the buyer report.

    Imports are valued c.i.f. (with freight and insurance), exports f.o.b. (without),
    so imports are first divided by `factor`:

    .. math::

        M^{fob} = \frac{M^{cif}}{factor}, \quad
        gap = M^{fob} - X, \quad
        ratio = \frac{M^{fob}}{X}, \quad
        agreement = \frac{\min(X, M^{fob})}{\max(X, M^{fob})}

    Parameters
    ----------
    reported_exports_fob : pandas.Series
        Exports as the exporter reports them, f.o.b., one unit, by year or partner.
    mirrored_imports_cif : pandas.Series
        The same flow as the importer reports it, c.i.f., same unit and index.
    factor : float, default 1.06
        Ratio of c.i.f. to f.o.b., 1 or more. The IMF divides imports by 1.06 [1]_,
        since it renewed its direction of trade data in 2017 [2]_; 1.10 was customary
        before. Take 1 if both sides are valued alike. The true ratio differs by
        distance, product and year, so try more than one.

    Returns
    -------
    pandas.DataFrame
        On the union of both indices, sorted, with the columns ``exports``,
        ``imports`` (as given), ``imports_fob``, ``gap`` (same unit; above 0 if the
        importer reports more), ``ratio`` (NaN if exports are 0) and ``agreement``
        (from 0 to 1; NaN if both are 0, as there is nothing to compare). Where one
        side is missing the other stays and the rest is NaN. ``attrs["factor"]``
        holds the factor.

    Raises
    ------
    ValueError
        If `factor` is below 1 or no number, or an argument is no Series, is empty,
        names an entry twice, or holds a negative or non-numeric value.

    Notes
    -----
    Agreement proves nothing if one side was estimated from the other: the
    figures of a panel for a country that rarely reports are often its partner's
    exports times 1.10. A ratio that is the same in every year is the sign of it.

    References
    ----------
    .. [1] International Monetary Fund (2017). *Direction of Trade Statistics
       Yearbook 2017*, introduction.
    .. [2] Marini, M., Dippelsman, R. and Stanger, M. (2018). New Estimates for
       Direction of Trade Statistics. IMF Working Paper 18/16.
    """
    factor = _number(factor, "factor")
    if factor < 1:
        raise ValueError(
            f"factor: found {factor:g}; allowed is 1 or more (c.i.f. includes f.o.b.)"
        )
    exports = _numbers(reported_exports_fob, "reported_exports_fob")
    imports = _numbers(mirrored_imports_cif, "mirrored_imports_cif")
    exports, imports = exports.align(imports, join="outer")
    fob = imports / factor
    result = pd.DataFrame(
        {
            "exports": exports,
            "imports": imports,
            "imports_fob": fob,
            "gap": fob - exports,
            "ratio": fob / exports.where(exports > 0),
            "agreement": np.minimum(exports, fob) / np.maximum(exports, fob),
        }
    ).sort_index()
    result.attrs = {"factor": factor}
    return result


def shares(values, total=None, tolerance=0.005):
    r"""Shares of the parts in the whole.

    .. math:: s_k = v_k / \sum_l v_l \quad\text{or}\quad s_k = v_k / total

    Parameters
    ----------
    values : pandas.Series
        Parts of one whole, one unit, from 0 up, indexed by partner or product.
    total : float, optional
        The stated whole, for a list of parts that is not complete.
    tolerance : float, default 0.005
        By how much of `total` the parts may exceed it, for rounded figures.

    Returns
    -------
    pandas.Series
        Fractions. Without `total` they sum to 1; with it, gaps stay NaN.

    Raises
    ------
    ValueError
        If a part is missing and no `total` is given, if the whole is 0, if the parts
        exceed `total` by more than `tolerance`, or if `values` is empty, holds a
        negative or non-numeric entry or names an entry twice.
    """
    values = _numbers(values, "values", gaps=total is not None)
    whole = values.sum() if total is None else _number(total, "total")
    if whole == 0:
        argument = "values" if total is None else "total"
        raise ValueError(f"{argument}: found a whole of 0; allowed is one above 0")
    if total is not None and values.sum() > whole * (1 + tolerance):
        raise ValueError(
            f"total: found {whole:g}, less than the parts ({values.sum():g}); "
            "allowed is their sum or more"
        )
    return values / whole


def rank(values, name):
    """Place of one entry among all, from 1 for the largest.

    Equal values share a place and leave the next ones out (competition ranking:
    1, 2, 2, 4), so the place is one more than the number of larger entries.

    Parameters
    ----------
    values : pandas.Series
        One unit, from 0 up, indexed by name. Entries without a value have no place.
    name : object
        The entry to place.

    Returns
    -------
    int
        From 1 to the number of entries with a value.

    Raises
    ------
    ValueError
        If `name` is not in the index (near names are suggested) or has no value, or
        if `values` is empty, holds a negative or non-numeric entry or names an entry
        twice.

    Examples
    --------
    >>> rank(pd.Series({"RUS": 9.0, "KAZ": 4.0, "UZB": 4.0, "TKM": 1.0}), "TKM")
    4
    """
    values = _numbers(values, "values")
    if name not in values.index:
        near = difflib.get_close_matches(str(name), values.index.astype(str), n=3)
        hint = f" (near: {', '.join(near)})" if near else ""
        raise ValueError(
            f"name: found {_show(name)}; allowed is a name of values{hint}"
        )
    if np.isnan(values[name]):
        raise ValueError(
            f"name: found {_show(name)}, which has no value; allowed is one that has"
        )
    return int((values > values[name]).sum()) + 1


def hhi(values, normalised=False):
    r"""Herfindahl-Hirschman index of concentration.

    .. math::

        H = \sum_{k=1}^{n} s_k^2, \qquad H^{*} = \frac{H - 1/n}{1 - 1/n}

    Parameters
    ----------
    values : pandas.Series
        Flows (not shares in percent) by partner or product, from 0 up. *n* is the
        number of entries, those of 0 included.
    normalised : bool, default False
        Return :math:`H^{*}`, which does not depend on *n*.

    Returns
    -------
    float
        :math:`H` from 1/n (all alike) to 1 (one has all); :math:`H^{*}` from 0 to 1.

    Raises
    ------
    ValueError
        If an entry is missing, all are 0, there is only one and `normalised` is
        set, or for the reasons given under `shares`.

    Notes
    -----
    Hirschman (1945) took the root of the sum of squares, Herfindahl (1950) the sum;
    the sum is the usual form today. Competition authorities write it from 0 to
    10,000, with shares in percent.

    References
    ----------
    Hirschman, A. O. (1945). *National Power and the Structure of Foreign Trade*.
    University of California Press.

    Herfindahl, O. C. (1950). *Concentration in the Steel Industry*. Dissertation,
    Columbia University.

    Hirschman, A. O. (1964). The Paternity of an Index. *American Economic Review*,
    54(5), 761.
    """
    parts = shares(values)
    index = float((parts**2).sum())
    if not normalised:
        return index
    n = len(parts)
    if n == 1:
        raise ValueError("values: found one entry; allowed are two or more")
    return (index - 1 / n) / (1 - 1 / n)


def equivalent_number(values):
    r"""Count the equal partners that would give the same concentration.

    .. math:: N = 1 / H

    Parameters
    ----------
    values : pandas.Series
        As for `hhi`.

    Returns
    -------
    float
        From 1 to the number of entries.

    Raises
    ------
    ValueError
        As for `hhi`.

    References
    ----------
    Adelman, M. A. (1969). Comment on the "H" Concentration Measure as a
    Numbers-Equivalent. *Review of Economics and Statistics*, 51(1), 99-101.
    """
    return 1 / hhi(values)


def trade_intensity(x_ij, x_i, m_j, m_w, m_i):
    r"""Intensity of the exports of economy *i* to economy *j*.

    The share of *j* in the exports of *i*, against the share of *j* in the imports
    of the world without *i* (as *i* sells nothing to itself):

    .. math:: I_{ij} = \frac{x_{ij} / x_i}{m_j / (m_w - m_i)}

    Parameters
    ----------
    x_ij : float or pandas.Series
        Exports of *i* to *j*.
    x_i : float or pandas.Series
        Exports of *i* to all partners.
    m_j : float or pandas.Series
        Imports of *j* from all partners.
    m_w : float or pandas.Series
        Imports of the world.
    m_i : float or pandas.Series
        Imports of *i* from all partners. With 0 the index takes its simpler form,
        the share of *j* in all imports of the world.

    Returns
    -------
    float or pandas.Series
        Without unit: 1 if *i* sells to *j* what the weight of *j* in world imports
        suggests, above 1 if more. A Series if one argument is one; numbers hold for
        all its entries. NaN where `x_ij` is missing.

    Raises
    ------
    ValueError
        If a total is missing, 0, or smaller than its part (`x_i` below `x_ij`,
        ``m_w - m_i`` below `m_j`), or an argument is negative, no number, empty or
        names an entry twice.

    Notes
    -----
    All five are flows of one year and one unit. The index has no upper bound, is not
    symmetric and jumps for small partners; report it with the flow beside it.

    References
    ----------
    Kojima, K. (1964). The Pattern of International Trade among Advanced Countries.
    *Hitotsubashi Journal of Economics*, 5(1), 16-36.

    Drysdale, P. and Garnaut, R. (1982). Trade Intensities and the Analysis of
    Bilateral Trade Flows in a Many-Country World: A Survey. *Hitotsubashi Journal of
    Economics*, 22(2), 62-84.

    Examples
    --------
    >>> round(trade_intensity(x_ij=10, x_i=100, m_j=50, m_w=1100, m_i=100), 9)
    2.0
    """
    given = {"x_ij": x_ij, "x_i": x_i, "m_j": m_j, "m_w": m_w, "m_i": m_i}
    checked = {
        name: (_numbers if isinstance(flow, pd.Series) else _number)(flow, name)
        for name, flow in given.items()
    }
    single = not any(isinstance(flow, pd.Series) for flow in checked.values())
    flows = pd.DataFrame(checked, index=[0] if single else None)
    others = flows["m_w"] - flows["m_i"]
    known = flows["x_ij"].notna()
    rules = [
        *((name, flows[name].isna(), "a value") for name in ("x_i", "m_j", "m_w")),
        ("m_i", flows["m_i"].isna(), "a value"),
        ("x_i", flows["x_i"] == 0, "a total above 0"),
        ("m_j", flows["m_j"] == 0, "a total above 0"),
        ("x_i", flows["x_i"] < flows["x_ij"], "x_ij or more"),
        ("m_w", others < flows["m_j"], "m_i plus m_j or more"),
    ]
    for name, broken, allowed in rules:
        where = flows.index[broken & known]
        if len(where):
            at = "" if single else f" at {_show(where[0])}"
            raise ValueError(
                f"{name}: found {flows.loc[where[0], name]:g}{at}; allowed is {allowed}"
            )
    index = (flows["x_ij"] / flows["x_i"]) / (flows["m_j"] / others)
    return float(index.iloc[0]) if single else index


def targets_against_outcomes(targets, outcomes):
    """Set targets and forecasts against what happened.

    Parameters
    ----------
    targets : pandas.DataFrame
        One row a target or forecast, with the columns ``period`` (empty if no year
        was named), ``stated_on`` (YYYY, YYYY-MM or YYYY-MM-DD, may be empty),
        ``value`` (above 0) and ``who`` or ``stated_by``.
    outcomes : pandas.DataFrame
        One row a period with the columns ``period`` and ``value``, as
        ``partnership.series`` returns it. Which series answers which target is the
        caller's decision (goods, or goods and services).

    Returns
    -------
    pandas.DataFrame
        On the index of `targets`, in its order, with the columns

        - ``period``, ``stated_on``, ``who``: as given, empty cells as "",
        - ``target``: the announced value,
        - ``outcome``: the value of the same period; where no year was named, the
          highest yearly value from the year of the statement on; NaN if there is
          none,
        - ``outcome_period``: the period of that value, or "",
        - ``percent``: outcome as percent of target,
        - ``basis``: ``same period``, ``no year named`` or ``no outcome``.

    Raises
    ------
    ValueError
        If a column is missing, a frame is empty, a value is negative or no number, a
        target is missing or 0, a period of `outcomes` stands twice, or the units of
        both (column ``unit`` of `targets`, ``attrs["unit"]`` of `outcomes`) differ.

    Notes
    -----
    The year of the statement counts for a target without a year, though part of it
    had passed: this reads the target in its favour. Only whole years can be that
    highest value, and a gap stays a gap: with no value since the statement the
    outcome is NaN, not 0.
    """
    need(targets, ("period", "stated_on", "value"), "targets")
    who = "who" if "who" in targets.columns else "stated_by"
    need(targets, (who,), "targets")
    need(outcomes, ("period", "value"), "outcomes")
    _same_unit(targets, outcomes)
    aims = _numbers(targets["value"], "targets['value']", gaps=False)
    if (aims == 0).any():
        raise ValueError(
            f"targets['value']: found 0 at {_show(aims.index[aims == 0][0])}; "
            "allowed is a number above 0"
        )
    reached = _numbers(
        outcomes.set_index(outcomes["period"].map(_text))["value"], "outcomes['value']"
    ).dropna()
    years = reached[reached.index.str.fullmatch(r"\d{4}")]

    rows = []
    for label, row in targets.iterrows():
        period, stated = _text(row["period"]), _text(row["stated_on"])
        basis, at = "no outcome", ""
        if period in reached.index and period:
            basis, at = "same period", period
        elif not period and stated:
            since = years[years.index >= stated[:4]]
            if len(since):
                basis, at = "no year named", since.idxmax()
        outcome = reached[at] if at else np.nan
        rows.append(
            {
                "period": period,
                "stated_on": stated,
                "who": _text(row[who]),
                "target": aims[label],
                "outcome": outcome,
                "outcome_period": at,
                "percent": 100 * outcome / aims[label],
                "basis": basis,
            }
        )
    return pd.DataFrame(rows, index=targets.index)


def _same_unit(targets, outcomes):
    """Stop if both sides state a unit and the units differ."""
    unit = outcomes.attrs.get("unit")
    if unit is None or "unit" not in targets.columns:
        return
    other = targets.loc[targets["unit"] != unit, "unit"]
    if len(other):
        raise ValueError(
            f"targets['unit']: found {_show(other.iloc[0])}; "
            f"allowed is the unit of the outcomes, {_show(unit)}"
        )


def partner_standing(flows, partner):
    """Place and share of one partner among all, and how concentrated the trade is.

    Parameters
    ----------
    flows : pandas.DataFrame
        Columns year, partner and value, as `partner_flows` gives them.
    partner : str
        The partner whose place is asked for.

    Returns
    -------
    pandas.DataFrame
        By year: value, rank (from 1), of (partners with any trade), share (percent of
        the total), hhi (see `hhi`) and equivalent (see `equivalent_number`).

    Raises
    ------
    ValueError
        If a column is missing, or the partner is absent in a year.
    """
    need(flows, ("year", "partner", "value"), "flows")
    rows = {}
    for year, group in flows.groupby("year"):
        values = group.set_index("partner")["value"]
        rows[year] = {
            "value": values.get(partner),
            "rank": rank(values, partner),
            "of": int((values > 0).sum()),
            "share": 100 * shares(values)[partner],
            "hhi": hhi(values),
            "equivalent": equivalent_number(values),
        }
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame.index.name = "year"
    return frame


class SectionShares(NamedTuple):
    """Shares of sections and the check of their sum.

    Attributes
    ----------
    shares : pandas.DataFrame
        Percent, sections by years; each column sums to 100.
    check : pandas.DataFrame
        One row a year: ``sum`` of the sections, stated ``total``, ``difference``
        (sum less total, same unit) and ``percent`` (difference in percent of total).
    """

    shares: pd.DataFrame
    check: pd.DataFrame


def _flows(frame, argument):
    """Return a frame of flows as floats after checking every entry."""
    for axis, name in ((frame.index, "row"), (frame.columns, "column")):
        if not axis.is_unique:
            twice = _show(axis[axis.duplicated()][0])
            raise ValueError(
                f"{argument}: found the {name} {twice} twice; allowed is once"
            )
    for column in frame.columns:
        if types.is_bool_dtype(frame[column]) or not types.is_numeric_dtype(
            frame[column]
        ):
            raise ValueError(
                f"{argument}: found {_show(frame[column].iloc[0])} in {_show(column)}; "
                "allowed are numbers from 0 up"
            )
    floats = frame.astype(float)
    bad = ((floats < 0) | np.isinf(floats)).stack()
    if bad.any():
        row, column = bad.index[bad][0]
        raise ValueError(
            f"{argument}: found {floats.loc[row, column]:g} at {_show(row)}, "
            f"{_show(column)}; "
            "allowed are finite numbers from 0 up"
        )
    return floats


def section_shares(sections, totals=None):
    r"""Shares of the sections of a classification, with a check of their sum.

    .. math:: s_{kt} = 100 \, \frac{v_{kt}}{\sum_l v_{lt}}

    Parameters
    ----------
    sections : pandas.DataFrame
        Values of one unit, from 0 up: sections (rows) by years (columns). NaN: the
        source gives no value for the section in that year.
    totals : pandas.Series, optional
        The total that the source states for each year, same unit, indexed by year.

    Returns
    -------
    SectionShares
        ``shares`` in percent of the **sum of the sections**, so that a year sums to
        100 whatever the stated total; a section without a value stays NaN. ``check``
        compares that sum with the stated total; ``total`` and what follows from it
        are NaN for years without one. A difference well above rounding means that a
        section is missing, and then the shares are too high.

    Raises
    ------
    ValueError
        If `sections` is empty or a year in it has no value above 0, an entry is
        negative or no number, a row, column or year stands twice, or a stated total
        is 0.
    """
    need(sections, (), "sections", filled=True)
    values = _flows(sections, "sections")
    sums = values.sum()
    if (sums == 0).any():
        raise ValueError(
            f"sections: found no value above 0 in {_show(sums.index[sums == 0][0])}; "
            "one or more is needed"
        )
    if totals is None:
        stated = pd.Series(np.nan, index=sums.index)
    elif isinstance(totals, pd.Series) and len(totals):
        stated = _flows(totals.to_frame("total"), "totals")["total"]
        stated = stated.reindex(sums.index)
    else:
        raise ValueError(
            f"totals: found {_show(totals)}; allowed is a pandas Series indexed by year"
        )
    if (stated == 0).any():
        raise ValueError(
            f"totals: found 0 at {_show(stated.index[stated == 0][0])}; "
            "allowed is a number above 0"
        )
    difference = sums - stated
    check = pd.DataFrame(
        {
            "sum": sums,
            "total": stated,
            "difference": difference,
            "percent": 100 * difference / stated,
        }
    )
    return SectionShares(100 * values / sums, check)
