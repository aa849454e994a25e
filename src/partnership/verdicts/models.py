"""Models whose inputs are data: the table ``assumptions`` and the series it names.

An interval has its ends in the table, or in the observations: an empty end is the
smallest or the largest figure of the series of the row. Nothing that a source states
is typed a second time.
"""

from __future__ import annotations

import pandas as pd

from partnership.evidence.asof import once
from partnership.evidence.faults import DataError, nearest
from partnership.evidence.package import default
from partnership.evidence.periods import bounds
from partnership.evidence.series import PRECISION, series
from partnership.methods import fleet
from partnership.methods.assumptions import draw


def conditions(text):
    """Read conditions such as ``kind=official;level=first|second`` of a table."""
    pairs = [part.partition("=") for part in str(text).split(";") if part]
    return {column: value.split("|") for column, _, value in pairs}


def figures(name, where, data):
    """Rows of a series, maybe none, that state an outcome and fulfil the conditions."""
    known = once(data, ("themes",), lambda: _themes(data))
    if name not in known:
        raise nearest(name, known, "series")
    rows = data.load(known[name])
    places = once(data, ("series", known[name]), lambda: rows.groupby("series").indices)
    rows = rows.iloc[places.get(name, [])]
    kept = rows["qualifier"].isin(list(PRECISION))
    for column, values in where.items():
        kept &= rows[column].isin(values)
    return rows[kept]


def _themes(data):
    return data.load("series").set_index("series")["theme"].to_dict()


def inputs(model, data=None):
    """Rows of ``assumptions`` on one model, by name; an error if there is none."""
    table = (data or default()).load("assumptions")
    rows = table[table["model"] == model].set_index("name")
    if rows.empty:
        raise nearest(model, table["model"].unique(), "model of assumptions")
    return rows


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
    data = data or default()
    rows = inputs(model, data)
    rows = rows[rows["kind"] == "interval"].copy()
    for name in rows.index:
        rows.loc[name, ["low", "high", "source_id"]] = _ends(rows, name, data)
    return rows[["meaning", "basis", "low", "base", "high", "unit", "source_id"]]


# What a figure is divided by that is in another unit than the interval.
_PARTS = {("percent", "share"): 100, ("USD", "USD_thousand"): 1000}


def _ends(rows, name, data):
    """Low, high and source ids of one interval."""
    row = rows.loc[name]
    low, high = row["low"], row["high"]
    ids = [] if pd.isna(row["source_id"]) else [row["source_id"]]
    if pd.isna(low) or pd.isna(high):
        where = conditions("" if pd.isna(row["where"]) else row["where"])
        if pd.notna(row["period"]):
            where["period"] = [row["period"]]
        parts = [figures(one, where, data) for one in str(row["series"]).split(";")]
        found = pd.concat(parts)
        if found.empty:
            raise DataError(f"assumptions, {name}: found no figure of {row['series']}")
        values = [
            value / _divisor(unit, row["unit"], rows, data)
            for value, unit in zip(found["value"], found["unit"], strict=True)
        ]
        margin = 0 if pd.isna(row["margin"]) else row["margin"]
        low = min(values) - margin if pd.isna(low) else low
        high = max(values) + margin if pd.isna(high) else high
        ids += found["source_id"].tolist()
    return float(low), float(high), ";".join(dict.fromkeys(ids))


def _divisor(unit, wanted, rows, data):
    if (unit, wanted) == ("USD_million", "units"):  # what the money buys at most
        return _ends(rows, "price", data)[1] / 1000
    if unit != wanted and (unit, wanted) not in _PARTS:
        raise DataError(f"assumptions: found figures in {unit}; allowed is {wanted}")
    return _PARTS.get((unit, wanted), 1)


def fleet_evidence(model, data=None):
    """Read what is stated about a fleet: first stock, deliveries, trade.

    Parameters
    ----------
    model, data
        As in `intervals`. The model has the series ``stock`` at the end of a year,
        series in USD million that are the trade of spans of years, and an interval in
        units for each delivery, with its period.

    Returns
    -------
    partnership.methods.fleet.Evidence

    Raises
    ------
    DataError
        As `intervals`, or if a year has no figure.
    """
    data = data or default()
    rows, trade, ids = inputs(model, data), {}, set()
    for name, row in rows[rows["kind"] == "series"].iterrows():
        where = {key: one for key, (one, *_) in conditions(row["where"]).items()}
        frame = series(row["series"], data=data, **where)
        first, last = _years(row["period"])
        years = range(first, last + 1)
        wanted = [str(year) for year in years]
        lost = [year for year in wanted if year not in frame.index]
        if lost:
            raise DataError(f"assumptions, {name}: found no figure of {lost[0]}")
        values = dict(zip(years, frame.loc[wanted, "value"], strict=True))
        ids |= set(frame.loc[wanted, "source_id"])
        if name == "stock":
            (stock_year, stock), *_ = values.items()
        else:
            trade |= values
    sold = rows[(rows["kind"] == "interval") & (rows["unit"] == "units")]
    batches = {name: _years(period) for name, period in sold["period"].items()}
    for row in sold.itertuples():
        where = conditions(row.where) | {"period": [row.period]}
        ids |= set(figures(row.series.split(";")[0], where, data)["source_id"])
    flow = pd.Series(trade, name="trade").sort_index()
    return fleet.Evidence(stock, stock_year, batches, flow, tuple(sorted(ids)))


def _years(period):
    first, _, last = period.partition("..")
    return bounds(first)[0].year, bounds(last or first)[1].year


def _fleet(model, year, data):
    stated, ends = fleet_evidence(model, data), intervals(model, data)
    ids = {one for cell in ends["source_id"] for one in cell.split(";") if one}
    fleets = fleet.fleet(stated, draw(ends))
    return fleets[year], ids | set(stated.source_ids)


_MODELS = {"fleet": _fleet}


def outcome(name, model, year, data):
    """Result of a model, found once: the middle 90 percent of its draws.

    Returns
    -------
    ((low, median, high), ids) or None
        To the hundred, and the sources behind them; None where the package has nothing
        on one of the series.
    """
    if name not in _MODELS:
        allowed = ", ".join(_MODELS)
        raise DataError(f"claim_rules: unknown model {name!r}; allowed: {allowed}")

    def run():
        named = inputs(model, data)["series"].dropna().str.split(";").explode()
        if any(figures(one, {}, data).empty for one in named):
            return None
        draws, ids = _MODELS[name](model, year, data)
        return tuple(draws.quantile([0.05, 0.5, 0.95]).round(-2)), ids

    return once(data, ("model", name, model, year), run)
