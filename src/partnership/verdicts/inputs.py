"""The number that an input of a rule gives, by what a package or a view of it shows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from partnership.evidence.asof import View, day_of, days, once, vintage
from partnership.evidence.faults import nearest
from partnership.evidence.periods import bounds
from partnership.evidence.series import ONE_SIDED, PRECISION, series, statements
from partnership.methods.routes import geodesic_km
from partnership.verdicts import models


def rules(data):
    """Rows of ``claim_rules`` by statement, their conditions read once."""

    def make():
        table = data.load("claim_rules").astype(object)
        table = table.where(table.notna(), "")
        table["where"] = [models.conditions(text) for text in table["where"]]
        found = {}
        for rule in table.itertuples():
            found.setdefault(rule.claim_id, []).append(rule)
        return found

    return once(data, ("rules",), make)


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


def found(rule, data):
    """What a rule finds in a package or a view of it, looked up once; None: nothing."""
    return once(data, ("found", rule.rule_id), lambda: _INPUTS[rule.input](rule, data))


def number(value):
    """Write a number for a sentence, with no more digits than it carries."""
    places = 0 if value == int(value) or abs(value) >= 1000 else 1
    return f"{value:,.{places}f}"


def _series(rule, data):
    """The chosen value of a series, with what the rule selects around it."""
    wanted = {column: value for column, (value, *_) in rule.where.items()}
    rows = models.figures(rule.name, {c: [v] for c, v in wanted.items()}, data)
    kinds = ["calendar_year", "academic_year", "month", "date"]
    if rule.select == "stated":
        kinds = kinds[2:]
    elif data.load("series").set_index("series").at[rule.name, "measure"] == "flow":
        kinds = kinds[:2]
    if not rows["period_type"].isin(kinds).any():
        return None
    if rule.select == "stated":
        frame = statements(rule.name, data=data, outcomes_only=False, **wanted)
        kept = frame["qualifier"].isin(list(PRECISION))
        frame = frame[kept & frame["period_type"].isin(kinds)]
        bound = frame["qualifier"].map(ONE_SIDED).fillna("")
        frame = frame.assign(bound=bound, n_independent=1)
    else:
        frame = series(rule.name, data=data, **wanted)
    start, end = map(pd.Timestamp, bounds(rule.period))
    at = frame[frame.index == rule.period]
    if rule.select in ("nearest", "stated"):
        none = pd.Timedelta(0)
        away = (frame["start"] - end).clip(lower=none)
        away += (start - frame["end"]).clip(lower=none)
        reach = pd.Timedelta(days=30.44 * float(rule.within_months))
        order = away.reset_index(drop=True).sort_values(kind="stable")
        at = frame.iloc[order.index[order <= reach][:1]]
    ids, level, note = tuple(at["source_id"]), None, f" ({''.join(at.index)})"
    if rule.select == "maximum_before":
        also = ""
        if len(at):
            level = float(at["value"].iloc[0])
            also = f" (and {number(level)} in {rule.period})"
        at = frame[frame["end"] < start].nlargest(1, "value")
        ids, note = (*at["source_id"], *ids), f" in {''.join(at.index)}{also}"
    if at.empty:
        return None
    row = at.iloc[0]
    more, less = row["bound"] == "lower", row["bound"] == "upper"
    many = row["n_independent"]
    return Found(row["value"], ids, note, more, less, level, many, spoken=True)


def _dated(table, data):
    """Rows of a table with a date, in order of time, with their first and last day."""

    def make():
        frame = data.load(table)
        date = "date_start" if table == "visits" else "date"
        frame = frame.dropna(subset=[date]).assign(date=lambda rows: rows[date])
        first, last = days(frame["date"], 0), days(frame["date"])
        return frame.assign(first=first, last=last).sort_values("first")

    return once(data, ("dated", table), make)


def _rows(rule, data):
    """Dated things that happened: how many, the first, or the wait for it."""
    frame = _dated(rule.input, data)
    if frame.empty:  # nobody looked, which is not the same as nothing there
        return None
    kind = {"kind": [rule.name]} if rule.name else {}
    for column, values in (kind | rule.where).items():
        frame = frame[frame[column].isin(values)]
    start, _, end = rule.period.partition("..")
    today = getattr(data, "day", None) or pd.Timestamp(vintage(data))
    until = day_of(end, "period", data) if end else today
    frame = frame[frame["last"] <= min(today, until)]
    if start:
        frame = frame[frame["first"] >= pd.Timestamp(bounds(start)[0])]
    ids = {one for cell in frame["source_ids"] for one in cell.split(";")}
    if isinstance(data, View):
        ids &= data.kept
    if rule.select == "count":
        # A span that is not over can only bring more, and so can what is left out.
        more = today < until or getattr(data, "primary_only", False)
        many = len(ids)
        return Found(len(frame), tuple(sorted(ids)), more=more, independent=many)
    if frame.empty:
        if rule.select != "years_to_first":
            return None
        waited = (today - day_of(start, "period", data)).days / 365.25
        return Found(waited, (), " and more", more=True, independent=0)
    row = frame.iloc[0]
    own = tuple(one for one in row["source_ids"].split(";") if one in ids)
    if rule.select == "first_year":
        return Found(float(row["first"].year), own, independent=len(own))
    waited = (row["first"] - day_of(start, "period", data)).days / 365.25
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
    year = int(rule.period)
    result = models.outcome(rule.name, model, year, whole)
    if result is None:
        return None
    (low, middle, high), ids = result
    if isinstance(data, View) and not data.shows(ids):
        return None
    note = f" (90 percent of its draws: {number(low)} to {number(high)})"
    return Found(middle, tuple(sorted(ids)), note)


_INPUTS = {
    "series": _series,
    "events": _rows,
    "visits": _rows,
    "agreements": _rows,
    "geodesic": _geodesic,
    "model": _model,
}
