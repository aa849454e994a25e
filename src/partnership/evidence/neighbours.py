"""Rows beside each other in time and order: dates, jumps, visits, lists, routes.

Each check yields table, row, column and message; `plausible` turns them into faults.
"""

import math

import numpy as np
import pandas as pd

from partnership.evidence.overview import NO_POINT, span, told


def dates(known):
    """Nothing is later than the day of the data, or than the page that tells it."""
    today = pd.Timestamp(known.data.descriptor.get("created", "2999")[:10])
    for table in sorted(known.tables):
        columns = [f["name"] for f in known.fields(table) if f.get("holds") == "date"]
        frame = known.data.load(table) if columns else None
        for column in columns:
            late = span(frame[column])[0] > today
            cells = frame[column].to_numpy()
            for at in np.flatnonzero(late):
                message = f"found {cells[at]}; allowed: until the day of the data"
                yield table, int(at), column, f"{message}, {today.date()}"
    rows = known.rows
    known_by = rows["published"].fillna(today)  # a page without a day is of the data
    late = rows["outcome"] & (rows["start"] > known_by)
    yield from told(
        rows.assign(published=known_by)[late],
        "period",
        "found {period}, which begins after the publication ({published:%Y-%m-%d}); "
        "allowed: an outcome of a time before it",
    )
    said = pd.Series(span(rows["stated_on"].where(rows["stated_on"] != ""))[0])
    yield from told(
        rows[(said > rows["published"]).to_numpy()],
        "stated_on",
        "found {stated_on}, after the publication ({published:%Y-%m-%d}); allowed: "
        "until then",
    )
    named = rows["note"].str.extract(r"\breference year (\d{4})\b")[0]
    yield from told(
        rows.assign(named=named)[named.notna() & (named != rows["period"].str[-4:])],
        "period",
        "found {period}; its note has the reference year {named}; allowed: one that "
        "ends in it",
    )
    known_day = (rows["period_type"] == "date") & (rows["period"].str.len() == 10)
    old = (rows["first"] - rows["end"]).dt.days > 180
    yield from told(
        rows[known_day & rows["outcome"] & old],
        "period",
        "found {period}, half a year or more before the publication ("
        "{published:%Y-%m-%d}); allowed: news of the day, or a reason in oddities",
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
    first, last = span(frame[start])[0], span(frame[end])[1]
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


def jumps(known):
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
    far = (ratio > math.log(6)) & (rows["n"].map(beside.size()) > 0)
    yield from told(
        rows[far],
        "value",
        "found {value:g}, about {middle:g} in the years beside it; allowed: within "
        "6 times, or a reason in oddities",
    )
    yield from _parts_of_years(known, key)
    yield from _apart(known, key)
    negative = known.rows[known.rows["value"] < 0]
    yield from told(
        negative[negative.groupby("series")["at"].transform("size") == 1],
        "value",
        "found {value:g}, the only one of {series} below 0; allowed: 0 or more, or a "
        "reason in oddities",
    )
    # Without an account, tables of context are cut from those of another package.
    for table in sorted(known.tables) if known.has("ledger") else ():
        yield from _panel(known, table)


def _parts_of_years(known, key):
    """Flows of some months that are more than that of the year."""
    rows = known.rows
    flow = rows["series"].map(known.series["measure"]) == "flow"
    rows = rows[flow & rows["outcome"] & (rows["bound"] == "")]
    rows = rows.assign(year=rows["period"].str[:4])
    part = rows[
        (rows["period_type"] == "partial_year") & (rows["start"] != rows["end"])
    ]
    both = part.merge(
        rows[rows["period_type"] == "calendar_year"],
        on=[*key, "year"],
        suffixes=("", "_of"),
    )
    months = (both["end"] - both["start"]).dt.days / 30.4
    much = both["value"] > 1.05 * both["value_of"]
    little = both["value"] < both["value_of"] * months / 12 / 6
    yield from told(
        both[much | little],
        "value",
        "found {value:g} for {period}, {value_of:g} for the year; allowed: part of it",
    )


def _apart(known, key):
    """Statements of one time that are far apart."""
    rows = known.rows
    point = ~rows["qualifier"].isin(NO_POINT) & (rows["bound"] == "")
    rows = rows[point & (rows["period"] != "") & (rows["value"] > 0)]
    group = rows.groupby([*key, "period", "period_type"])["value"]
    low, high = group.transform("min"), group.transform("max")
    yield from told(
        rows.assign(low=low, high=high)[(high > 1.3 * low) & (group.cumcount() == 0)],
        "value",
        "found {low:g} and {high:g} for {series} in {period}; allowed: within 30 "
        "percent, or a reason in oddities",
    )


def _panel(known, table):
    """Cells of a table by year or month that are far from both of their neighbours.

    How far they may be is a matter of the line that they belong to: four times, and
    more where its values move much; and twice as far as in any other line of its kind.
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
    middle = np.sqrt((before.fillna(after) * after.fillna(before)).clip(lower=0))
    positive = (frame[value] > 0) & (middle > 0)
    ratio = np.log((frame[value] / middle).where(positive)).abs()
    usual = ratio.groupby(by).transform("median")
    far = (frame[value] - middle).abs() > 100 if value == "persons" else True
    below = frame[frame[value] < 0].groupby(line[:1])[value]
    for at in below.head(1).index[below.size() < 3] if line else ():
        yield table, int(at), value, "found a number below 0; allowed: 0 or more"
    wild = (ratio > math.log(4) + 4 * usual) | _alone(ratio, by)
    for at in ratio.index[wild & far]:
        found = f"found {frame.at[at, value]:g}, about {middle[at]:g} beside it"
        yield table, int(at), value, f"{found}; allowed: nearer, or a reason"
    if when == ["year"] and line:
        gap = frame.groupby(line)["year"].diff() > 1
        rare = gap.groupby(by[0]).transform("mean") < 0.005
        for at in frame.index[gap & rare]:
            message = f"found {frame.at[at, 'year']}, and no year before it; allowed: "
            yield table, int(at), "year", message + "a line without gaps, or a reason"
    if "unit" in frame and line:
        whole = frame.groupby(line[:1])["unit"].transform("size")
        same = frame.groupby([line[0], "unit"])["value"].transform("size")
        for at in frame.index[same < whole / 2]:
            message = f"found {frame.at[at, 'unit']}; allowed: one unit for a "
            yield table, int(at), "unit", message + line[0]


def _alone(ratio, by):
    """Where a line jumps twice as far, for how it moves, as ten others or more."""
    if len(by) != 2:
        return False
    moves = ratio.groupby(by).transform("quantile", 0.8)
    score = ratio / (moves + ratio.groupby(by[0]).transform("median") + 0.002)
    worst = score.groupby(by).transform("max")
    most = worst.groupby(by[0]).transform("max")
    others = worst.where(worst < most).groupby(by[0]).transform("max")
    many = by[1].groupby(by[0]).transform("nunique") >= 10
    return many & (score > 2 * most.where(worst < most, others))


def visits(known):
    """What was signed on a visit is of its days, and as many papers as were counted."""
    if not known.has("visits", "agreements"):
        return
    papers, visits = known.data.load("agreements"), known.data.load("visits")
    signed = papers["date_kind"] == "signed"
    for at in np.flatnonzero(~signed & ~papers["title"].fillna("").str.endswith(")")):
        message = f"found {papers.at[at, 'date_kind']}; allowed: signed, unless the "
        yield "agreements", int(at), "date_kind", f"{message}title ends with (why not)"
    first, last = span(papers["date"])
    start = span(visits["date_start"])[0]
    end = span(visits["date_end"].fillna(visits["date_start"]))[1]
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
    yield from _places(known, visits, start, end, told)
    for who, home in (("visitor", "visitor_country"), ("city", "host_country")):
        name = visits[who].str.replace(r"\s*\(.*", "", regex=True)
        whole = visits.groupby(name)[home].transform("size")
        same = visits.groupby([name, home])[home].transform("size")
        for at in np.flatnonzero((same < whole / 2) & name.notna()):
            found = f"found {visits.at[at, home]} for {name[at]}; allowed: as in most "
            yield "visits", int(at), home, found + "other visits"


def _places(known, visits, start, end, told):
    """A visit is confirmed where a city or an event is known of it; who comes is told.

    Visitors that are named after an economy come from there.
    """
    online = visits["kind"] == "online"
    seen = visits["city"].notna() | online
    if known.has("events"):
        events = known.data.load("events")
        first, last = span(events["date"])
        ids = [set(cell.split(";")) for cell in events["source_ids"].fillna("")]
        for at in np.flatnonzero(~seen):
            near = np.flatnonzero((first <= end[at]) & (last >= start[at]))
            seen[at] = any(ids[n] & told[at] for n in near)
    status = visits["status"]
    wrong = (status == "confirmed") & ~seen
    wrong |= (status == "unconfirmed") & (visits["city"].notna() | online)
    for at in np.flatnonzero(wrong):
        message = f"found {status[at]}; allowed: confirmed where a city or an event is "
        yield "visits", int(at), "status", message + "known of it, unconfirmed without"
    names = known.data.load("countries").set_index("iso3")["name_en"]
    ends = sorted(
        {*visits["visitor_country"], *visits["host_country"]} & {*names.index}
    )
    for home in ends:
        said = visits["visitor"].str.contains(names[home][:6], regex=False)
        for at in np.flatnonzero(said & (visits["visitor_country"] != home)):
            message = f"found {visits.at[at, 'visitor_country']} for "
            message += f"{visits.at[at, 'visitor']}; allowed: {home}"
            yield "visits", int(at), "visitor_country", message


def orders(known):
    """What is counted in order is whole: lists of products, official visits."""
    counts = (
        ("products", ["source_id", "reporter", "partner", "direction", "period"]),
        ("visits", ["visitor_country", "host_country"]),
        ("legs", ["route"]),
        ("ways", ["way"]),
    )
    columns = {"products": "order_in_source", "visits": "ordinal_official"}
    columns |= {"legs": "leg_order", "ways": "position"}
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
    if known.has("legs"):
        yield from _chains(known)


def _chains(known):
    """Each leg of a route begins where the one before it ends."""
    legs = known.data.load("legs").sort_values(["route", "leg_order"])
    before = legs.groupby("route")["to_place"].shift()
    for at in legs.index[before.notna() & (before != legs["from_place"])]:
        message = f"found {legs.at[at, 'from_place']}; allowed: {before[at]}, where "
        yield "legs", int(at), "from_place", message + "the leg before it ends"
    whole = legs.groupby("route").agg({"from_place": "first", "to_place": "last"})
    for route, *ends in whole.itertuples():
        first, last = (route.find(f"_{end.split('_')[0]}") for end in ends)
        if first > last > -1:
            at = int(legs.index[legs["route"] == route][0])
            message = f"found {ends[0]}; allowed: the end that {route} names first"
            yield "legs", at, "from_place", message
