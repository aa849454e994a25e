"""What notebooks ask for beside series: a claim, dated events, values of their own.

What is wrong with an argument is a `DataError` that says what is allowed.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from partnership import checks
from partnership.evidence import periods
from partnership.evidence.cited import source_ids
from partnership.evidence.faults import DataError, nearest
from partnership.evidence.package import DataPackage, chosen


class Claim(float):
    """The number of a statement; a float that knows where it was said.

    Attributes
    ----------
    claim_id, metric, unit, statement, source_id : str
    """


def claim(metric: str, *, data: DataPackage | None = None) -> Claim:
    """Return the number that a statement of the report gives.

    Parameters
    ----------
    metric : str
        What the number measures, by the column ``metric`` of claims, or a claim_id.
    data : DataPackage, optional

    Returns
    -------
    Claim
        In the unit of the statement; its attributes say which statement it is.

    Raises
    ------
    DataError
        If no statement or more than one has this metric, or it gives no number.
    """
    table = chosen(data).load("claims")
    wanted = metric if isinstance(metric, str) else None
    found = table[(table["metric"] == wanted) | (table["claim_id"] == wanted)]
    if found.empty:
        raise nearest(metric, table["metric"].dropna(), "metric of a claim")
    if len(found) > 1:
        ids = ", ".join(found["claim_id"])
        raise DataError(f"metric: found {metric!r} in {ids}; allowed is one claim_id")
    row = found.iloc[0]
    if pd.isna(row["value"]):
        raise DataError(f"metric: found no number in {row['claim_id']}; one is needed")
    result = Claim(row["value"])
    for name in ("claim_id", "metric", "unit", "statement", "source_id"):
        setattr(result, name, row[name])
    return result


def events(
    kind: str | None = None,
    since: str | int | None = None,
    until: str | int | None = None,
    *,
    data: DataPackage | None = None,
    **columns: str,
) -> pd.DataFrame:
    """List dated events in order of time.

    Parameters
    ----------
    kind : str, optional
        Only this kind.
    since, until : str or int, optional
        Only events that begin on or after, and end on or before, a date such as 2017,
        2017-03 or 2017-03-30, or an academic year.
    data : DataPackage, optional
    **columns : str
        Values of other columns, such as ``theme="industry"``.

    Returns
    -------
    pandas.DataFrame
        Rows of ``events`` with ``start`` and ``end``, the first and the last day that
        the date allows.
    """
    frame = chosen(data).load("events")
    wanted = {"kind": kind, **columns}
    for name, value in wanted.items():
        if name not in frame:
            raise nearest(name, frame.columns, "column of events")
        if value is not None:
            if not isinstance(value, str) or value not in set(frame[name]):
                raise nearest(value, frame[name].dropna().unique(), name)
            frame = frame[frame[name] == value]
    start, end = periods.ends([periods.bounds(date) for date in frame["date"]])
    frame = frame.assign(start=start, end=end)
    if since is not None:
        frame = frame[frame["start"] >= _span("since", since)[0]]
    if until is not None:
        frame = frame[frame["end"] <= _span("until", until)[1]]
    return frame.sort_values(["start", "end"], kind="stable", ignore_index=True)


def _span(argument, given):
    """First and last day of a date that an argument gives."""
    try:
        return tuple(map(pd.Timestamp, periods.span(str(given))))
    except ValueError as error:
        raise DataError(f"{argument}: {error}") from None


def computed(
    values: pd.Series | pd.DataFrame,
    sources,
    unit: str,
    *,
    low: pd.Series | None = None,
    high: pd.Series | None = None,
    academic: bool = False,
    hollow: bool = False,
) -> pd.DataFrame:
    """Dress values of our own as a frame like that of `partnership.series`.

    Parameters
    ----------
    values : pandas.Series or pandas.DataFrame
        By whole year or by period as text; gaps are left out. A frame has the columns
        ``value``, ``low`` and ``high``, as a forecast.
    sources : str, iterable of str or frames
        Behind the values: ids, or what `partnership.sources` takes.
    unit : str
    low, high : pandas.Series, optional
        Ends of an interval on the index of `values`; by default there is none.
    academic : bool
        Whole years are those in which academic years start.
    hollow : bool
        Draw hollow marks, as for secondary sources.

    Returns
    -------
    pandas.DataFrame
        One row a period, in order of time.
    """
    several = isinstance(sources, Iterable) and not isinstance(sources, str)
    several &= not isinstance(sources, pd.DataFrame)
    given = list(sources) if several else [sources]
    ids = sorted({one for item in given for one in source_ids(item)})
    if isinstance(values, pd.DataFrame):
        checks.need(values, ("value", "low", "high"), "values")
        values, low, high = (values[name] for name in ("value", "low", "high"))
    values = _finite(values, "values", None).dropna()
    names = [_period(key, academic) for key in values.index]
    kinds = [periods.kind(name) for name in names]
    start, end = periods.ends(map(periods.parse, names, kinds))
    low = values if low is None else _finite(low, "low", values.index)
    high = values if high is None else _finite(high, "high", values.index)
    checks.demand((low <= high).all(), "low", "an end above high", "one below")
    numbers = {"value": values, "low": low, "high": high}
    columns = {
        **{"period_type": kinds, "start": start, "end": end},
        **{name: one.to_numpy(float) for name, one in numbers.items()},
        **{"bound": "", "open_low": False, "open_high": False},
        **{"source_id": ";".join(ids)},
        **{"reliability": "secondary" if hollow else "primary"},
    }
    frame = pd.DataFrame(columns, pd.Index(names, name="period"))
    frame = frame.sort_values(["start", "end"], kind="stable")
    known = (getattr(one, "attrs", {}) for one in given)
    read = next((one["data"] for one in known if "data" in one), None)
    frame.attrs = {"unit": unit} | ({"data": read} if read else {})
    return frame


def _finite(values, argument, index):
    """Numbers of a Series; on an index that is given, each of them."""
    if index is not None and isinstance(values, pd.Series):
        values = values.reindex(index)
    given = isinstance(values, pd.Series) and values.empty
    bounds = {"low": -np.inf, "gaps": index is None}
    return values if given else checks.numbers(values, argument, **bounds)


def _period(key, academic: bool) -> str:
    """Write a whole year as a period; text is one already."""
    if isinstance(key, str) and key:
        return key
    if isinstance(key, (int, np.integer)) and not isinstance(key, bool):
        return f"{key}/{key + 1}" if academic else str(key)
    raise DataError(f"values: found {key!r} in the index; allowed are years or periods")
