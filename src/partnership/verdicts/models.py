"""Models whose inputs are data: the table ``assumptions`` and the series it names.

An interval has its ends in the table, or in the observations: an empty end is the
smallest or the largest figure of the series of the row. Nothing that a source states
is typed a second time.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from partnership.evidence.faults import DataError, Problem, names_of, nearest
from partnership.evidence.package import chosen
from partnership.evidence.periods import span
from partnership.evidence.ranks import PRECISION, dictionary, told
from partnership.evidence.series import series
from partnership.methods import fleet


def conditions(text):
    """Read conditions such as ``kind=official;level=first|second`` of a table."""
    pairs = [part.partition("=") for part in (text or "").split(";") if part]
    return {column: value.split("|") for column, _, value in pairs}


def check_columns(where, columns, table):
    """Stop where a condition names a column that the table has not got."""
    for column in where:
        if column not in columns:
            raise nearest(column, columns, f"column of {table}")


def check_values(where, table, data):
    """Stop where a condition asks for what its column cannot have: a misprint.

    Allowed is what the column enumerates, what the table has that it refers to,
    or what stands in it, if anything does.
    """
    schema = data.resource(table)["schema"]
    known = {
        field["name"]: set(field.get("constraints", {}).get("enum") or ())
        or set(data.load(table)[field["name"]].dropna())
        for field in schema["fields"]
        if field["name"] in where
    }
    for key in schema.get("foreignKeys") or ():
        own, there = (names_of(of["fields"]) for of in (key, key["reference"]))
        if own[0] in known and len(own) == 1:
            to = key["reference"].get("resource") or table
            known[own[0]] = set(data.load(to)[there[0]])
    for column, allowed in known.items():
        for value in where[column]:
            if allowed and value not in {str(one) for one in allowed}:
                raise nearest(value, allowed, f"{column} of {table}")


def records(table):
    """Rows of a table as dicts; what is missing is None."""
    names, table = list(table), table.copy(deep=False)
    table.attrs = {}  # pandas copies them deeply with each column
    cells = [table[name].to_numpy(object, na_value=None) for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]


def grouped(data, table, key):
    """Rows of a table as dicts, in a list for each value of a column, read once."""

    def make():
        found = {}
        for row in records(data.load(table)):
            found.setdefault(row[key], []).append(row)
        return found

    return data.once(("grouped", table), make)


def figures(name, where, data):
    """Rows of a series, maybe none, that state an outcome and fulfil the conditions."""
    if name not in dictionary(data).index:
        raise nearest(name, dictionary(data).index, "series")
    theme = dictionary(data).at[name, "theme"]
    rows = told(theme, data)
    check_columns(where, rows.rows, theme)
    at = rows.of.get(name, np.array([], int))

    def cells(column):
        known = column in rows.codes and column != "period"  # whose codes are an order
        return rows.cells(at, column) if known else rows.rows[column].array.take(at)

    for column, values in (where | {"qualifier": PRECISION}).items():
        at = at[[cell in values for cell in cells(column)]]
    columns = ("value", "unit", "period_type", "source_id")
    found = zip(*map(cells, columns), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in found]


def inputs(model, data):
    """Rows of ``assumptions`` on one model as dicts by name; an error without any."""
    rows = grouped(data, "assumptions", "model")
    if not isinstance(model, str) or model not in rows:
        raise nearest(model, rows, "model of assumptions")
    return {
        row["name"]: row | {"where": conditions(row["where"])} for row in rows[model]
    }


def intervals(model, data=None):
    """Read the interval of every assumption of a model.

    Parameters
    ----------
    model : str
        Column ``model`` of the table ``assumptions``.
    data : DataPackage, optional
        The project's own if left out.

    Returns
    -------
    pandas.DataFrame
        By name: ``meaning``, ``basis`` (stated, or assumed and why), ``low``, ``base``
        (NaN where the middle will do) and ``high`` in ``unit``, and ``source_id`` (ids
        joined by ";", may be empty).

    Raises
    ------
    DataError
        If the model is unknown, or an empty end has no figure.
    """
    data = chosen(data)
    rows = inputs(model, data)
    found = [
        row | _ends(name, rows, data)
        for name, row in rows.items()
        if row["kind"] == "interval"
    ]
    columns = ["meaning", "basis", "low", "base", "high", "unit", "source_id"]
    table = pd.DataFrame(found, columns=["name", *columns]).set_index("name")
    return table.astype({"base": float})


# What a figure is divided by that is in another unit than the interval.
_PARTS = {("percent", "share"): 100, ("USD", "USD_thousand"): 1000}


def _ends(name, rows, data):
    """Low, high and source ids of one interval."""
    row = rows[name]
    low, high, ids = row["low"], row["high"], [row["source_id"] or ""]
    if low is None or high is None:
        found = _sources(row, data)
        if not found:
            raise DataError(f"assumptions, {name}: found no figure of {row['series']}")
        wanted = row["unit"]
        values = [x["value"] / _divisor(x["unit"], wanted, rows, data) for x in found]
        margin = row["margin"] or 0
        low = min(values) - margin if low is None else low
        high = max(values) + margin if high is None else high
        ids += [one["source_id"] for one in found]
    known = dict.fromkeys(filter(None, ids))
    return {"low": float(low), "high": float(high), "source_id": ";".join(known)}


def _sources(row, data):
    """Figures of all series that a row of ``assumptions`` names."""
    period = {"period": [row["period"]]} if row["period"] else {}
    where, names = row["where"] | period, (row["series"] or "").split(";")
    return [found for name in names for found in figures(name, where, data)]


def _divisor(unit, wanted, rows, data):
    if (unit, wanted) == ("USD_million", "units"):  # what the money buys at most
        return _ends("price", rows, data)["high"] / 1000
    if unit != wanted and (unit, wanted) not in _PARTS:
        raise DataError(f"assumptions: found figures in {unit}; allowed is {wanted}")
    return _PARTS.get((unit, wanted), 1)


def fleet_evidence(model, data=None):
    """Read what is stated about a fleet: first stock, deliveries, trade.

    Parameters
    ----------
    model, data
        As in `intervals`. The model has the series ``stock`` at the end of a year,
        series in USD million that are the trade of spans of years, perhaps the series
        ``count`` of a year, and an interval in units for each delivery, with its period
        (two of one period are two readings of it).

    Returns
    -------
    partnership.methods.fleet.Evidence

    Raises
    ------
    DataError
        As `intervals`, or if a year has no figure.
    """
    data = chosen(data)
    trade, batches, ids, count, stock = {}, {}, set(), None, None
    for name, row in inputs(model, data).items():
        if row["kind"] == "series":
            where = {key: one for key, (one, *_) in row["where"].items()}
            frame = series(row["series"], data=data, **where)
            years = range(*_years(row["period"], 1))
            lost = [year for year in years if str(year) not in frame.index]
            if lost:
                raise DataError(f"assumptions, {name}: found no figure of {lost[0]}")
            found = frame.loc[[str(year) for year in years]]
            values = dict(zip(years, found["value"], strict=True))
            ids |= set(found["source_id"])
            if name in ("stock", "count") and len(values) != 1:
                found = f"assumptions, {name}, period: found {row['period']}"
                raise DataError(f"{found}; allowed is one year")
            if name == "stock":
                ((stock_year, stock),) = values.items()
            elif name == "count":
                (count,) = values.items()
            else:
                trade |= values
        elif row["unit"] == "units":
            batches[name] = _years(row["period"])
            if row["series"]:  # else all of it is assumed
                first, *_ = row["series"].split(";")
                sold = _sources(row | {"series": first}, data)
                ids |= {one["source_id"] for one in sold}
    if stock is None:
        said = "found no series with the name stock; allowed is one, of one year"
        raise DataError(f"assumptions, {model}: {said}")
    flow = pd.Series(trade, name="trade").sort_index()
    ids = tuple(sorted(ids))
    return fleet.Evidence(stock, stock_year, batches, flow, count, ids)


def faults(data):
    """What a model cannot use of the table of assumptions: order, series, names."""
    found = []
    for model, rows in grouped(data, "assumptions", "model").items():
        try:
            for row in rows:
                if row["series"] in dictionary(data).index:
                    theme = dictionary(data).at[row["series"], "theme"]
                    check_values(conditions(row["where"]), theme, data)
            for name, row in intervals(model, data).iterrows():
                low, high = row["low"], row["high"]
                base = low if pd.isna(row["base"]) else row["base"]
                if not low <= base <= high:
                    wrong = f"found {low:g}, {base:g}, {high:g}; allowed: in order"
                    found.append(f"{model}, {name}, low, base and high: {wrong}")
            if "stock" in inputs(model, data):
                fleet_evidence(model, data)
        except ValueError as error:
            found.append(f"{model}: {error}")
    return [Problem("assumptions.csv", text) for text in found]


def _years(period, more=0):
    """First and last year of a period, and how many more."""
    first, _, last = period.partition("..")
    return span(first)[0].year, span(last or first)[1].year + more


def _fleet(model, year, data):
    stated, ends = fleet_evidence(model, data), intervals(model, data)
    ids = {one for cell in ends["source_id"] for one in cell.split(";") if one}
    draws = fleet.posterior(stated, ends)
    return fleet.at_work(stated, draws, year), ids | set(stated.source_ids)


_MODELS = {"fleet": _fleet}


def outcome(name, model, year, data):
    """Result of a model, found once.

    Returns
    -------
    (pandas.Series, ids) or None
        One value a draw, and the sources behind them; None where the package has
        nothing on one of the series.
    """
    if name not in _MODELS:
        allowed = ", ".join(_MODELS)
        raise DataError(f"claim_rules: unknown model {name!r}; allowed: {allowed}")

    def run():
        named = [row["series"] for row in inputs(model, data).values()]
        named = {one for cell in named if cell for one in cell.split(";")}
        if not all(figures(one, {}, data) for one in named):
            return None
        return _MODELS[name](model, year, data)

    return data.once(("model", name, model, year), run)
