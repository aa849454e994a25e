"""The number that an input of a rule gives, by what a package or a view of it shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from types import SimpleNamespace
from typing import NamedTuple

import pandas as pd

from partnership.evidence.asof import View, vintage
from partnership.evidence.faults import nearest
from partnership.evidence.periods import bounds, span
from partnership.evidence.ranks import ONE_SIDED, PRECISION
from partnership.evidence.series import series, statements
from partnership.methods.routes import geodesic_km
from partnership.verdicts import models


def rules(data):
    """Rows of ``claim_rules`` by statement, their conditions read once."""

    def made(row):
        row = {column: cell or "" for column, cell in row.items()}
        return SimpleNamespace(**row | {"where": models.conditions(row["where"])})

    def make():
        rows = models.grouped(data, "claim_rules", "claim_id")
        return {claim: [*map(made, its)] for claim, its in rows.items()}

    return data.once(("rules",), make)


@dataclass(frozen=True)
class Found:
    """A number before it is compared; `more` and `less` mark a one-sided one."""

    value: float
    source_ids: tuple
    note: str = ""
    more: bool = False
    less: bool = False
    level: float | None = None
    independent: int = 1
    spoken: bool = False  # "more than" as somebody said it, not a count that goes on
    draws: pd.Series | None = None  # of a model whose median is the value


def found(rule, data):
    """What a rule finds in a package or a view of it, looked up once; None: nothing."""
    return data.once(("found", rule.rule_id), lambda: _INPUTS[rule.input](rule, data))


def later(rule, day, data):
    """Last day and value of the last figure of a rule that is of a time after a day.

    None if there is none; a distance is of every day.
    """
    if rule.input == "geodesic":
        known = found(rule, data)
        return known and (pd.Timestamp.max, known.value)
    rows = _stated(rule, data) if rule.input == "series" else []
    after = [(row.end, row.value) for row in rows if row.end > pd.Timestamp(day)]
    return max(after, default=None)


def number(value):
    """Write a number for a sentence, with no more digits than it carries."""
    places = 0 if value == int(value) or abs(value) >= 1000 else 1
    return f"{value:,.{places}f}"


class _Row(NamedTuple):
    """What a rule looks at in a row of a series."""

    period: str
    start: pd.Timestamp
    end: pd.Timestamp
    value: float
    bound: str
    source_id: str
    n_independent: int


def _series(rule, data):
    """The chosen value of a series, with what the rule selects around it."""
    rows = _stated(rule, data)
    start, end = map(pd.Timestamp, span(rule.period))
    at = [row for row in rows if row.period == rule.period]
    if rule.select in ("nearest", "stated"):
        reach = pd.Timedelta(days=30.44 * float(rule.within_months or 0))

        def away(row):
            return max(row.start - end, start - row.end, pd.Timedelta(0))

        at = sorted((row for row in rows if away(row) <= reach), key=away)
    level, ids = None, [row.source_id for row in at[:1]]
    note = f" ({at[0].period})" if at else ""
    if rule.select == "maximum_before":
        also = ""
        if at:
            level = float(at[0].value)
            also = f" (and {number(level)} in {rule.period})"
        before = [row for row in rows if row.end < start]
        at = sorted(before, key=lambda row: row.value, reverse=True)
        if at:
            ids, note = [at[0].source_id, *ids], f" in {at[0].period}{also}"
    if not at:
        return None
    row = at[0]
    more, less = row.bound == "lower", row.bound == "upper"
    about = (tuple(ids), note, more, less, level, row.n_independent)
    return Found(row.value, *about, spoken=True)


def _stated(rule, data):
    """Rows of a series that a rule may take, one a period or one a statement."""
    wanted = {column: value for column, (value, *_) in rule.where.items()}
    rows = models.figures(rule.name, rule.where, data)
    kinds = {"calendar_year", "academic_year"}
    if rule.select == "stated":
        kinds = {"month", "date"}
    elif models.dictionary(data).at[rule.name, "measure"] != "flow":
        kinds |= {"month", "date"}
    if kinds.isdisjoint(row["period_type"] for row in rows):
        return []
    if rule.select != "stated":
        frame = series(rule.name, data=data, **wanted)
    else:
        frame = statements(rule.name, data=data, outcomes_only=False, **wanted)
        kept = frame["qualifier"].isin(PRECISION) & frame["period_type"].isin(kinds)
        bound = frame["qualifier"].map(ONE_SIDED).fillna("")
        frame = frame.assign(bound=bound, n_independent=1)[kept]
    frame.attrs = {}  # pandas copies them deeply with each column
    columns = (frame[name].array for name in _Row._fields[1:])
    return [_Row(*cells) for cells in zip(frame.index, *columns, strict=True)]


def _dated(table, data):
    """Rows of a table with a date, in order of time: first day, last day, row."""

    def make():
        column = "date_start" if table == "visits" else "date"
        frame = data.load(table).dropna(subset=[column])
        rows = models.records(frame.assign(date=frame[column]))
        spans = [(*bounds(row["date"]), row) for row in rows]
        return sorted(spans, key=lambda span: span[0])

    return data.once(("dated", table), make)


def _rows(rule, data):
    """Dated things that happened: how many, the first, or the wait for it."""
    rows = _dated(rule.input, data)
    if not rows:  # nobody looked, which is not the same as nothing there
        return None
    where = rule.where | ({"kind": [rule.name]} if rule.name else {})
    models.check_columns(where, rows[0][-1], rule.input)
    start, _, end = rule.period.partition("..")
    begin = span(start)[0] if start else date.min
    today = bounds(getattr(data, "as_of", None) or vintage(data))[1]
    until = span(end)[1] if end else today
    rows = [
        (first, row)
        for first, last, row in rows
        if begin <= first
        and last <= min(today, until)
        and all(row[column] in values for column, values in where.items())
    ]
    ids = {one for _, row in rows for one in row["source_ids"].split(";")}
    if isinstance(data, View):
        ids &= data.kept
    if rule.select == "count":
        # A span that is not over can only bring more, and so can what is left out.
        more = today < until or getattr(data, "primary_only", False)
        return Found(len(rows), tuple(sorted(ids)), more=more, independent=len(ids))
    if not rows:
        if rule.select != "years_to_first":
            return None
        waited = (today - span(start)[1]).days / 365.25
        return Found(waited, (), " and more", more=True, independent=0)
    first, row = rows[0]
    own = tuple(one for one in row["source_ids"].split(";") if one in ids)
    if rule.select == "first_year":
        return Found(float(first.year), own, independent=len(own))
    waited = (first - span(start)[1]).days / 365.25
    return Found(waited, own, f" ({row['date']})", independent=len(own))


def _geodesic(rule, data):
    """Length of the shortest lines from place to place, km."""
    places = data.load("places").set_index("place_id")
    if places.empty:
        return None
    wanted = rule.name.split(";")
    for name in wanted:
        if name not in places.index:
            raise nearest(name, places.index, "place")
    stops = places.loc[wanted]
    at = list(zip(stops["latitude"], stops["longitude"], strict=True))
    length = sum(geodesic_km(a, b) for a, b in pairwise(at))
    return Found(length, tuple(sorted(set(stops["source_id"]))))


def _model(rule, data):
    """Median of a model, known once all of its sources are."""
    whole = data.whole if isinstance(data, View) else data
    (model,) = rule.where["model"]
    year = span(rule.period)[1].year
    result = models.outcome(rule.name, model, year, whole)
    if result is None:
        return None
    draws, ids = result
    if isinstance(data, View) and not data.shows(ids):
        return None
    low, middle, high = draws.quantile([0.05, 0.5, 0.95]).round(-2)
    note = f" (90 percent of its draws: {number(low)} to {number(high)})"
    return Found(middle, tuple(sorted(ids)), note, draws=draws)


READS = {"geodesic": "places", "model": "assumptions"}
"""Tables that inputs read, where they are not called so."""


_INPUTS = {
    "series": _series,
    "events": _rows,
    "visits": _rows,
    "agreements": _rows,
    "geodesic": _geodesic,
    "model": _model,
}
