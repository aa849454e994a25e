"""Whether the rows of all tables can be true together: each against the others.

`faults` looks at one cell at a time. Here statements are held against their copies,
their neighbours in time, other speakers, the publication that they stand in and the
account of where all rows came from. No check knows a value; each says what follows from
what is there, so that it holds for any package, and after every rerun.

What is odd and right is a row of the table ``oddities``: check, table, row and reason. A
row of it that no check asks for any more is a fault, so that no excuse outlives its
occasion.
"""

import functools
import math

import numpy as np
import pandas as pd

from partnership.evidence import cells, periods
from partnership.evidence.faults import Problem
from partnership.evidence.ranks import DIMENSIONS

_AHEAD = ("planned", "target", "forecast", "capacity")
_GROUPS = ("WLD", "W00")
_NO_POINT = (*_AHEAD, "more_than", "less_than")


def faults(data) -> list[Problem]:
    """What cannot be so, of a package whose cells are right.

    Parameters
    ----------
    data : DataPackage

    Returns
    -------
    list of partnership.evidence.faults.Problem
        One a row and check; those that ``oddities`` gives a reason for are left out.
    """
    known = _Known(data)
    found = [
        (check, table, at, column, message)
        for check, look in CHECKS.items()
        for table, at, column, message in look(known)
    ]
    if "oddities" not in data.tables():
        return [known.problem(*one[1:]) for one in found]
    odd = data.load("oddities")
    asked = [(check, table, known.key(table, at)) for check, table, at, *_ in found]
    told = list(zip(odd["check"], odd["table"], odd["row"], strict=True))
    left = [one for one, key in zip(found, asked, strict=True) if key not in set(told)]
    idle = [n for n, key in enumerate(told) if key not in set(asked)]
    message = "found an exception that no check needs; allowed: what a check asks for"
    problems = [known.problem(*one[1:]) for one in left]
    return problems + [known.problem("oddities", at, "row", message) for at in idle]


class _Known:
    """The tables of a package as the checks need them, each made once."""

    def __init__(self, data):
        self.data, self.tables = data, set(data.tables())

    def has(self, *tables):
        return self.tables.issuperset(tables)

    def fields(self, table):
        return self.data.resource(table)["schema"]["fields"]

    def key_of(self, table):
        key = self.data.resource(table)["schema"].get("primaryKey") or []
        return [key] if isinstance(key, str) else key

    def key(self, table, at):
        """Key of a row as ``oddities`` writes it."""
        return ";".join(str(self.data.load(table).at[at, c]) for c in self.key_of(table))

    @functools.cache  # noqa: B019 - lives as long as one check
    def _lines(self, table):
        path = self.data.resource(table)["path"]
        return cells.lines(cells.plain(path, (self.data.path / path).read_bytes()))

    def problem(self, table, at, column, message):
        path, row = self.data.resource(table)["path"], None if at is None else at + 1
        line = None if at is None else self._lines(table)[at]
        return Problem(path, message, line, column, row)

    @functools.cached_property
    def sources(self):
        frame = self.data.load("sources").set_index("source_id")
        frame["first"], frame["last"] = _span(frame["published"])
        return frame

    @functools.cached_property
    def series(self):
        return self.data.load("series").set_index("series")

    @functools.cached_property
    def rows(self):
        """All statements, with table, row, time, and the day of the publication."""
        frames = []
        for table in self.data.observation_tables():
            frame = self.data.load(table)
            frames.append(frame.assign(table=table, at=range(len(frame))))
        if not frames:
            return pd.DataFrame(columns=["table", "at"])
        rows = pd.concat(frames, ignore_index=True)
        texts = [c for c in rows if c not in ("table", "at", "value")]
        rows[texts] = rows[texts].fillna("")
        for name in {*DIMENSIONS, "valuation"} - {*rows}:
            rows[name] = ""
        spans = map(periods.parse, rows["period"], rows["period_type"])
        rows["start"], rows["end"] = periods.ends(list(spans))
        known = self.sources.reindex(rows["source_id"])
        rows["first"], rows["published"] = known["first"].array, known["last"].array
        rows["kind"] = known["kind"].array
        rows["outcome"] = ~rows["qualifier"].isin(_AHEAD)
        rows["direction"] = rows["series"].map(self.series["direction"])
        if self.has("corrections"):  # what is meant, not what is misprinted
            meant = self.data.load("corrections").query("column == 'value'")
            meant = meant.set_index("observation_id")["as_meant"].astype(float)
            rows["value"] = rows["observation_id"].map(meant).fillna(rows["value"])
        return rows

    @property
    def key_columns(self):
        return ["series", "reporter", "partner", *DIMENSIONS, "valuation"]


def _span(texts):
    """First and last days of dates; NaT where there is none."""
    spans = [periods.bounds(one) if isinstance(one, str) else None for one in texts]
    return periods.ends(spans)


def _told(rows, column, message):
    """Findings of rows, with a message by row; {} in it stands for columns."""
    for row in rows.to_dict("records"):
        yield row["table"], row["at"], column, message.format_map(row)


def _copies(known):
    """Rows of one statement say the same, of the same pair and the same time."""
    rows = known.rows
    group = rows.groupby(["statement_id", "series", "period", "bound"])["value"]
    middle = group.transform("median")
    far = (rows["value"] - middle).abs() > 0.01 * middle.abs()
    yield from _told(
        rows[far].assign(middle=middle[far]),
        "value",
        "found {value:g}, about {middle:g} in copies of {statement_id}; allowed: "
        "copies of one statement within 2 percent",
    )
    own = rows.groupby(["statement_id", "series"])
    leads = own.cumcount() == 0
    for column in ("reporter", "partner"):
        yield from _told(
            rows[leads & (own[column].transform("nunique") > 1)],
            column,
            f"found {{{column}}}, and another in a copy of {{statement_id}}; allowed: "
            "one for all copies",
        )
    late = own["start"].transform("max") > own["end"].transform("min")
    yield from _told(
        rows[late & leads],
        "period",
        "found {period}, and a time apart from it in a copy of {statement_id}; "
        "allowed: times that overlap",
    )


def _named(known):
    """A statement that is named after a source is of it; others have copies or kin."""
    rows = known.rows
    parts = rows["statement_id"].str.extract(r"^st-(.+)-(\d{3,4})$")
    after = parts[0].isin(known.sources.index)
    own = (parts[0] == rows["source_id"]).groupby(rows["statement_id"]).transform("any")
    yield from _told(
        rows[after & ~own],
        "statement_id",
        "found {statement_id} from {source_id}; allowed: named after the source of "
        "one of its rows",
    )
    twice = ["statement_id", "source_id", "series", "bound"]
    yield from _told(
        rows[rows.duplicated(twice)],
        "statement_id",
        "found {statement_id} a second time from {source_id}; allowed: a source once "
        "for a statement, a series and a bound",
    )
    alone = rows.groupby("statement_id")["at"].transform("size") == 1
    kin = parts.groupby(0)[1].transform("size").fillna(0) > 1
    year = rows["period"].str[:4] == parts[1]
    yield from _told(
        rows[~after & alone & ~(kin & year)],
        "statement_id",
        "found {statement_id}, which no other row has; allowed: named after its "
        "source, shared by copies, or one of several that end in their year",
    )


def _sides(known):
    """Who is the reporter and who the partner, by the series and by other rows."""
    rows = known.rows
    if known.data.pair:
        first, second = known.data.pair
        sides = rows["reporter"] + ";" + rows["partner"]
        wrong = rows["reporter"] != first
        wrong &= (rows["partner"] == first) | (rows["reporter"] != second)
        wrong &= sides.str.contains(f"{first}|{second}")
        yield from _told(
            rows[(rows["direction"] == "pair") & wrong],
            "reporter",
            "found {reporter}, partner {partner}; {series} has no direction; allowed: "
            f"{first} if it takes part, else {second}",
        )
    yield from _told(
        _lone(rows, ["series"], 3),
        "reporter",
        "found {reporter} with {partner}, and the other way round in all {others} "
        "other rows of {series}; allowed: as the others",
    )
    yield from _told(
        _lone(rows, ["series", "source_id"], 2),
        "reporter",
        "found {reporter} with {partner}, and the other way round in all {others} "
        "other rows of {series} in {source_id}; allowed: as the others",
    )
    whole = rows["reporter"].isin(_GROUPS) & ~rows["partner"].isin(_GROUPS)
    few = whole & (whole.groupby(rows["series"]).transform("sum") < 3)
    yield from _told(
        rows[few],
        "reporter",
        "found {reporter} with partner {partner}; allowed: an economy, unless the "
        "series is often of the whole",
    )
    for dimension, at_home in _HOMES.items():
        made = rows[rows["direction"].isin(at_home) & (rows[dimension] != "")]
        home = [made.at[n, at_home[made.at[n, "direction"]]] for n in made.index]
        made = made.assign(home=home)
        most = made.groupby(dimension)["home"].transform(lambda c: c.mode()[0])
        share = (made["home"] == most).groupby(made[dimension]).transform("mean")
        yield from _told(
            made.assign(most=most)[(made["home"] != most) & (share > 0.6)],
            dimension,
            f"found {{{dimension}}} in {{home}}, elsewhere in {{most}}; allowed: one "
            "home",
        )


_HOMES = {
    "maker": {"supply": "reporter", "market": "reporter", "held": "partner"},
    "institution": {"host_origin": "reporter"},
}
"""By dimension: on which side its home stands, by the direction of the series."""


def _lone(rows, group, least):
    """Rows whose pair stands the other way round in all of `least` others or more."""
    rows = rows[rows["reporter"] != rows["partner"]]
    ends = rows[["reporter", "partner"]]
    pair = ends.min(axis=1) + ends.max(axis=1)
    by = [rows[column] for column in group]
    whole = rows.groupby([*by, pair])["at"].transform("size")
    same = rows.groupby([*by, pair, rows["reporter"]])["at"].transform("size")
    return rows.assign(others=whole - 1)[(same == 1) & (whole > least)]


def _speakers(known):
    """Who speaks fits the pair, the kind of the source and its other rows."""
    if not known.has("speakers"):
        return
    rows, kinds = known.rows, known.data.load("speakers").set_index("stated_by")["kind"]
    kind = rows["stated_by"].map(kinds)
    side = (rows["stated_by"] == rows["reporter"]) | (
        rows["stated_by"] == rows["partner"]
    )
    yield from _told(
        rows[(kind == "economy") & ~side],
        "stated_by",
        "found {stated_by} on {reporter} and {partner}; allowed: one of the two, a "
        "body or the press",
    )
    rare = rows.groupby(["stated_by", "kind"])["at"].transform("size") == 1
    yield from _told(
        rows[rare & (kind != "economy")],
        "stated_by",
        "found {stated_by} in a source of the kind {kind}, as in no other row; "
        "allowed: a speaker whom such sources quote",
    )
    alone = rows.groupby(["source_id", "stated_by"])["at"].transform("size") == 1
    whole = rows.groupby("source_id")["at"].transform("size")
    voices = rows.groupby("source_id")["stated_by"].transform("nunique")
    yield from _told(
        rows[alone & (whole > 2) & (voices == 2)],
        "stated_by",
        "found {stated_by}, and one other in all other rows of {source_id}; allowed: "
        "as the others",
    )


def _dates(known):
    """Nothing is later than the day of the data, or than the page that tells it."""
    today = pd.Timestamp(known.data.descriptor.get("created", "2999")[:10])
    for table in sorted(known.tables):
        columns = [f["name"] for f in known.fields(table) if f.get("holds") == "date"]
        frame = known.data.load(table) if columns else None
        for column in columns:
            late = _span(frame[column])[0] > today
            cells = frame[column].to_numpy()
            for at in np.flatnonzero(late):
                message = f"found {cells[at]}; allowed: until the day of the data"
                yield table, int(at), column, f"{message}, {today.date()}"
    rows = known.rows
    late = rows["outcome"] & (rows["start"] > rows["published"].fillna(today))
    yield from _told(
        rows[late],
        "period",
        "found {period}, which begins after the publication ({published:%Y-%m-%d}); "
        "allowed: an outcome of a time before it",
    )
    said = pd.Series(_span(rows["stated_on"].where(rows["stated_on"] != ""))[0])
    yield from _told(
        rows[(said > rows["published"]).to_numpy()],
        "stated_on",
        "found {stated_on}, after the publication ({published:%Y-%m-%d}); allowed: "
        "until then",
    )
    for table, start, end in _DATED:
        if known.has(table):
            yield from _told_later(known, table, start, end)


_DATED = (
    ("events", "date", "date"),
    ("agreements", "date", "date"),
    ("visits", "date_start", "date_end"),
)


def _told_later(known, table, start, end):
    """Something that begins after the last page that tells of it, or ends before."""
    frame = known.data.load(table)
    first, last = _span(frame[start])[0], _span(frame[end])[1]
    latest = _latest(known, frame)
    for at in np.flatnonzero(first > latest):
        message = f"found {frame.at[at, start]}; the last of its sources came out "
        message += f"on {latest[at].date()}; allowed: until then"
        yield table, int(at), start, message
    for at in np.flatnonzero(last < first):
        message = f"found {frame.at[at, end]}; allowed: from {frame.at[at, start]} on"
        yield table, int(at), end, message


def _latest(known, frame):
    """Last day of the latest publication of each row; NaT if one has no date."""
    days = known.sources["last"].to_dict()
    names = frame["source_ids"].fillna("").str.split(";")
    return pd.DatetimeIndex([max(_days(one, days), default=pd.NaT) for one in names])


def _days(names, days):
    found = [days.get(name, pd.NaT) for name in names if name]
    return [] if any(pd.isna(day) for day in found) else found


def _repeats(known):
    """One source says one thing of one time, and no row stands twice."""
    rows = known.rows
    key = [*known.key_columns, "period", "period_type", "bound", "stated_by"]
    key += ["stated_on", "source_id"]
    rows = rows[(rows["period"] != "") & rows["outcome"]]
    again = rows.duplicated(key)
    yield from _told(
        rows[again],
        "period",
        "found a second figure of {series} for {period} in {source_id}; allowed: one",
    )
    for table in sorted(known.tables - {*known.data.observation_tables()}):
        keys = known.key_of(table)
        frame = known.data.load(table) if len(keys) == 1 else None
        if frame is None or not {"source_id", "source_ids"} & {*frame}:
            continue
        for at in np.flatnonzero(frame.drop(columns=keys).duplicated()):
            message = "found all of another row under another key; allowed: once"
            yield table, int(at), keys[0], message


def _jumps(known):
    """A value is of the size of those beside it: years, and other speakers."""
    rows, key = known.rows, known.key_columns
    yearly = rows["period_type"].isin(["calendar_year", "academic_year"])
    rows = rows[yearly & rows["outcome"] & (rows["value"] > 0)]
    rows = rows.assign(year=rows["start"].dt.year, n=range(len(rows)))
    beside = rows.merge(rows, on=key, suffixes=("", "_of"))
    near = (beside["year"] - beside["year_of"]).abs() <= 2
    beside = beside[near & (beside["n"] != beside["n_of"])].groupby("n")["value_of"]
    rows = rows.assign(middle=rows["n"].map(beside.median()))
    ratio = np.log(rows["value"] / rows["middle"]).abs()
    far = (ratio > math.log(6)) & (rows["n"].map(beside.size()) > 1)
    yield from _told(
        rows[far],
        "value",
        "found {value:g}, about {middle:g} in the years beside it; allowed: within "
        "6 times, or a reason in oddities",
    )
    yield from _apart(known, key)
    for table in sorted(known.tables):
        yield from _panel(known, table)


def _apart(known, key):
    """Statements of one time that are far apart."""
    rows = known.rows
    point = ~rows["qualifier"].isin(_NO_POINT) & (rows["bound"] == "")
    rows = rows[point & (rows["period"] != "") & (rows["value"] > 0)]
    group = rows.groupby([*key, "period", "period_type"])["value"]
    low, high = group.transform("min"), group.transform("max")
    yield from _told(
        rows.assign(low=low, high=high)[(high > 1.3 * low) & (group.cumcount() == 0)],
        "value",
        "found {low:g} and {high:g} for {series} in {period}; allowed: within 30 "
        "percent, or a reason in oddities",
    )


def _panel(known, table):
    """Cells of a table by year or month that are far from both of their neighbours.

    How far they may be is a matter of the line that they belong to: four times, and
    more where its values move much.
    """
    key = known.key_of(table)
    when = [c for c in key if c in ("year", "month")]
    numbers = {f["name"] for f in known.fields(table) if f.get("type") == "number"}
    if not when or len(numbers) != 1 or known.data.resource(table).get("view"):
        return
    (value,), line = numbers, [c for c in key if c not in when]
    frame = known.data.load(table).sort_values([*line, *when])
    by = [frame[column] for column in line]
    before, after = (frame.groupby(line)[value].shift(n) for n in (1, -1))
    middle = np.sqrt(before.fillna(after) * after.fillna(before))
    positive = (frame[value] > 0) & (middle > 0)
    ratio = np.log((frame[value] / middle).where(positive)).abs()
    usual = ratio.groupby(by).transform("median")
    far = (frame[value] - middle).abs() > 100 if value == "persons" else True
    for at in ratio.index[(ratio > math.log(4) + 4 * usual) & far]:
        found = f"found {frame.at[at, value]:g}, about {middle[at]:g} beside it"
        yield table, int(at), value, f"{found}; allowed: nearer, or a reason"
    if "unit" in frame and line:
        whole = frame.groupby(line[:1])["unit"].transform("size")
        same = frame.groupby([line[0], "unit"])["value"].transform("size")
        for at in frame.index[same < whole / 2]:
            message = f"found {frame.at[at, 'unit']}; allowed: one unit for a "
            yield table, int(at), "unit", message + line[0]


def _sums(known):
    """Parts add up to what their source gives as the whole."""
    if not known.has("series") or "parts" not in known.series:
        return
    rows = known.rows
    rows = rows[~rows["qualifier"].isin(_NO_POINT) & (rows["bound"] == "")]
    key = [*known.key_columns[1:], "period", "source_id"]
    for whole, parts in known.series["parts"].dropna().items():
        found = rows[rows["series"] == whole].drop_duplicates(key).set_index(key)
        total = sum(
            rows[rows["series"] == part].drop_duplicates(key).set_index(key)["value"]
            for part in parts.split(";")
        )
        found = found.assign(total=total)
        off = (found["value"] - found["total"]).abs() > 0.02 * found["value"].abs()
        yield from _told(
            found[off].reset_index(),
            "value",
            f"found {{value:g}}; {parts} of the same source give {{total:g}}; allowed: "
            "within 2 percent",
        )


def _publishers(known):
    """A publisher's sources of one kind are of one reliability."""
    frame = known.data.load("sources") if known.has("sources") else pd.DataFrame()
    if frame.empty:
        return
    own = frame.groupby(["publisher", "kind"])["reliability"]
    same = frame.groupby(["publisher", "kind", "reliability"])["title"]
    lone = (same.transform("size") == 1) & (own.transform("nunique") == 2)
    for at in frame.index[lone & (own.transform("size") > 2)]:
        found = f"found {frame.at[at, 'reliability']}, another in all other sources of "
        found += f"{frame.at[at, 'publisher']} of the kind; allowed: as the others"
        yield "sources", int(at), "reliability", found


def _account(known):
    """The rows of a table are those that the account of the evidence tells of."""
    if not known.has("ledger"):
        return
    ledger = known.data.load("ledger").dropna(subset=["table"])
    counted = ledger["fate"].isin(["kept", "added"])
    number = ledger[counted].groupby("table")["number"].sum()
    # What was merged may have become any number of rows.
    kept = ledger.loc[ledger["fate"] == "kept", "table"]
    merged = set(ledger.loc[ledger["fate"] == "merged", "table"]) - {*kept}
    for table in sorted(known.tables & {*number.index} - merged):
        rows = known.data.resource(table).get("rows")
        if rows not in (None, number[table]):
            message = f"found {rows} rows; the ledger accounts for {number[table]}; "
            yield table, None, None, message + "allowed: as many, or a line of it"


def _visits(known):
    """What was signed on a visit is of its days, and as many papers as were counted."""
    if not known.has("visits", "agreements"):
        return
    papers, visits = known.data.load("agreements"), known.data.load("visits")
    signed = papers["date_kind"] == "signed"
    first, last = _span(papers["date"])
    start = _span(visits["date_start"])[0]
    end = _span(visits["date_end"].fillna(visits["date_start"]))[1]
    told = [set(cell.split(";")) for cell in visits["source_ids"].fillna("")]
    for at in np.flatnonzero(signed):
        ids = set(papers.at[at, "source_ids"].split(";"))
        at_hand = [n for n, names in enumerate(told) if ids & names]
        if at_hand and not any(
            last[at] >= start[n] and first[at] <= end[n] for n in at_hand
        ):
            days = ", ".join(visits.loc[at_hand, "date_start"])
            message = f"found {papers.at[at, 'date']}; its source tells of a visit on "
            yield "agreements", int(at), "date", f"{message}{days}; allowed: its days"
    for at in np.flatnonzero(visits["documents_signed"].notna()):
        number = int((signed & (first >= start[at]) & (last <= end[at])).sum())
        if number != visits.at[at, "documents_signed"]:
            message = f"found {visits.at[at, 'documents_signed']}; agreements has "
            message += f"{number} signed on these days; allowed: as many"
            yield "visits", int(at), "documents_signed", message


def _orders(known):
    """What is counted in order is whole: lists of products, official visits."""
    counts = (
        ("products", ["source_id", "reporter", "partner", "direction", "period"]),
        ("visits", ["visitor_country", "host_country"]),
    )
    columns = {"products": "order_in_source", "visits": "ordinal_official"}
    for table, key in counts:
        if not known.has(table):
            continue
        frame, column = known.data.load(table), columns[table]
        frame = frame[frame[column].notna()]
        if table == "visits":
            frame = frame.sort_values("date_start")
            expected = frame.groupby(key).cumcount() + frame.groupby(key)[
                column
            ].transform("min")
        else:
            expected = frame.groupby(key)[column].rank("first")
        for at in frame.index[frame[column] != expected]:
            found = f"found {frame.at[at, column]}; allowed: {expected[at]:.0f}"
            yield table, int(at), column, f"{found}, the next in order"


def _evidence(known):
    """Evidence is known from its publication, and has the figure of its source."""
    if not known.has("evidence", "sources"):
        return
    frame = known.data.load("evidence")
    last = _span(frame["known_by"])[1]
    spans = known.sources[["first", "last"]].T.to_dict("list")
    for at in np.flatnonzero(frame["known_by_precision"].isin(_LENGTHS)):
        ids = (frame.at[at, "source_ids"] or "").split(";")
        when, precision = frame.at[at, "known_by"], frame.at[at, "known_by_precision"]
        begin, end = periods.bounds(when[: _LENGTHS[precision]])
        if when not in (end.isoformat(), when[: _LENGTHS[precision]]):
            message = f"found {when}; allowed: the last day of a {precision}"
            yield "evidence", int(at), "known_by", message
        out = [spans[one] for one in ids if one in spans and pd.notna(spans[one][0])]
        fits = [a <= last[at] and pd.Timestamp(begin) <= b for a, b in out]
        if out and not any(fits):
            message = f"found {when}; its source is of {out[0][0].date()}; allowed: "
            yield "evidence", int(at), "known_by", f"{message}a date that fits"
    yield from _second(known, frame)


_LENGTHS = {"year": 4, "month": 7, "day": 10}


def _second(known, frame):
    """A figure in evidence is one that the observations have from its source."""
    frame = frame.assign(at=frame.index)[frame["value"].notna()]
    frame["source_id"] = frame["source_ids"].fillna("").str.split(";")
    frame["year"] = frame["period"].fillna("").str[:4]
    rows = known.rows[["source_id", "unit", "value", "period"]]
    rows = rows.assign(of=rows["period"].str[:4])
    both = frame.explode("source_id").merge(rows, on=["source_id", "unit"])
    both = both[(both["year"] == "") | (both["year"] == both["of"])]
    both["same"] = np.isclose(both["value_x"], both["value_y"])
    for at, there in both.groupby("at"):
        if not there["same"].any():
            value, unit = there[["value_x", "unit"]].iloc[0]
            has = ", ".join(f"{one:g}" for one in there["value_y"].unique()[:4])
            message = f"found {value:g} {unit}; the observations of its source have "
            yield "evidence", int(at), "value", f"{message}{has}; allowed: one of them"


CHECKS = {
    "copies": _copies,
    "named": _named,
    "sides": _sides,
    "speakers": _speakers,
    "dates": _dates,
    "repeats": _repeats,
    "jumps": _jumps,
    "sums": _sums,
    "publishers": _publishers,
    "account": _account,
    "visits": _visits,
    "orders": _orders,
    "evidence": _evidence,
}
"""By the name that ``oddities`` gives it: what is looked at."""
