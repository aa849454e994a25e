"""What several rows say of one thing: copies, sides, speakers, wholes and parts.

Each check yields table, row, column and message; `plausible` turns them into faults.
"""

import numpy as np
import pandas as pd

from partnership.evidence import periods
from partnership.evidence.overview import NO_POINT, span, told
from partnership.evidence.ranks import DIMENSIONS

_GROUPS = ("WLD", "W00")


def copies(known):
    """Rows of one statement say the same, of the same pair and the same time."""
    rows = known.rows
    group = rows.groupby(["statement_id", "series", "period", "bound"])["value"]
    middle = group.transform("median")
    far = (rows["value"] - middle).abs() > 0.01 * middle.abs()
    yield from told(
        rows[far].assign(middle=middle[far]),
        "value",
        "found {value:g}, about {middle:g} in copies of {statement_id}; allowed: "
        "copies of one statement within 2 percent",
    )
    whole = rows.groupby("statement_id")
    for column in ("reporter", "partner"):
        yield from told(
            rows[(whole.cumcount() == 0) & (whole[column].transform("nunique") > 1)],
            column,
            f"found {{{column}}}, and another in a copy of {{statement_id}}; allowed: "
            "one for all copies",
        )
    own = rows.groupby(["statement_id", "series"])
    of_all = whole["value"].transform("median")
    strange = (rows["value"] - of_all).abs() > 0.02 * of_all.abs()
    strange &= (own["at"].transform("size") == 1) & (whole["at"].transform("size") > 1)
    yield from told(
        rows[strange],
        "statement_id",
        "found {statement_id}, of which no row has this series or this value; allowed: "
        "a statement that the row repeats",
    )
    late = own["start"].transform("max") > own["end"].transform("min")
    yield from told(
        rows[late & (own.cumcount() == 0)],
        "period",
        "found {period}, and a time apart from it in a copy of {statement_id}; "
        "allowed: times that overlap",
    )


def named(known):
    """A statement that is named after a source is of it; others have copies or kin."""
    rows = known.rows
    parts = rows["statement_id"].str.extract(r"^st-(.+)-(\d{3,4})$")
    after = parts[0].isin(known.sources.index)
    own = (parts[0] == rows["source_id"]).groupby(rows["statement_id"]).transform("any")
    yield from told(
        rows[after & ~own],
        "statement_id",
        "found {statement_id} from {source_id}; allowed: named after the source of "
        "one of its rows",
    )
    spoken = known.sources.reset_index()
    # One year in a name is that of the page; two are the years that it is about.
    year = spoken["source_id"].str.extract(r"-((?:19|20)\d\d)(?:-(?!\d{4})|$)")[0]
    year = year.where(spoken["source_id"].str.count(r"-(?:19|20)\d\d\b") == 1)
    other = year.notna() & (spoken["published"].str[:4] != year)
    yield from told(
        spoken.assign(table="sources", at=range(len(spoken)))[
            other & spoken["published"].notna()
        ],
        "published",
        "found {published} for {source_id}; allowed: the year in its name",
    )
    twice = ["statement_id", "source_id", "series", "bound"]
    yield from told(
        rows[rows.duplicated(twice)],
        "statement_id",
        "found {statement_id} a second time from {source_id}; allowed: a source once "
        "for a statement, a series and a bound",
    )
    alone = rows.groupby("statement_id")["at"].transform("size") == 1
    kin = parts.groupby(0)[1].transform("size").fillna(0) > 1
    year = rows["period"].str[:4] == parts[1]
    yield from told(
        rows[~after & alone & ~(kin & year)],
        "statement_id",
        "found {statement_id}, which no other row has; allowed: named after its "
        "source, shared by copies, or one of several that end in their year",
    )


def sides(known):
    """Who is the reporter and who the partner, by the series and by other rows."""
    rows = known.rows
    if known.data.pair:
        first, second = known.data.pair
        sides = rows["reporter"] + ";" + rows["partner"]
        wrong = rows["reporter"] != first
        wrong &= (rows["partner"] == first) | (rows["reporter"] != second)
        wrong &= sides.str.contains(f"{first}|{second}")
        yield from told(
            rows[(rows["direction"] == "pair") & wrong],
            "reporter",
            "found {reporter}, partner {partner}; {series} has no direction; allowed: "
            f"{first} if it takes part, else {second}",
        )
    yield from told(
        _lone(rows, ["series"], 3),
        "reporter",
        "found {reporter} with {partner}, and the other way round in all {others} "
        "other rows of {series}; allowed: as the others",
    )
    yield from told(
        _lone(rows, ["series", "source_id"], 2),
        "reporter",
        "found {reporter} with {partner}, and the other way round in all {others} "
        "other rows of {series} in {source_id}; allowed: as the others",
    )
    whole = rows["reporter"].isin(_GROUPS) & ~rows["partner"].isin(_GROUPS)
    few = whole & (whole.groupby(rows["series"]).transform("sum") < 3)
    yield from told(
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
        yield from told(
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


def speakers(known):
    """Who speaks fits the pair, the kind of the source and its other rows."""
    if not known.has("speakers"):
        return
    rows, kinds = known.rows, known.data.load("speakers").set_index("stated_by")["kind"]
    kind = rows["stated_by"].map(kinds)
    side = (rows["stated_by"] == rows["reporter"]) | (
        rows["stated_by"] == rows["partner"]
    )
    yield from told(
        rows[(kind == "economy") & ~side],
        "stated_by",
        "found {stated_by} on {reporter} and {partner}; allowed: one of the two, a "
        "body or the press",
    )
    rare = rows.groupby(["stated_by", "kind"])["at"].transform("size") == 1
    yield from told(
        rows[rare & (kind != "economy")],
        "stated_by",
        "found {stated_by} in a source of the kind {kind}, as in no other row; "
        "allowed: a speaker whom such sources quote",
    )
    page = rows.groupby("source_id")
    two = (page["at"].transform("size") == 2) & (page.cumcount() == 0)
    yield from told(
        rows[two & (page["stated_by"].transform("nunique") == 2)],
        "stated_by",
        "found {stated_by}, and another in the one other row of {source_id}; allowed: "
        "one, or a reason in oddities",
    )
    groups = (
        ("stated_by", ["source_id"], 2),
        ("qualifier", ["source_id", "series"], 4),
    )
    for column, key, least in groups:
        group = rows.groupby(key)
        alone = rows.groupby([*key, column])["at"].transform("size") == 1
        alone &= group[column].transform("nunique") == 2
        yield from told(
            rows[alone & (group["at"].transform("size") > least)],
            column,
            f"found {{{column}}}, and one other in all other rows of {{source_id}}; "
            "allowed: as the others",
        )


def repeats(known):
    """One source says one thing of one time, and no row stands twice."""
    rows = known.rows
    key = [*known.key_columns, "period", "period_type", "bound", "stated_by"]
    key += ["stated_on", "source_id"]
    rows = rows[(rows["period"] != "") & rows["outcome"]]
    again = rows.duplicated(key)
    yield from told(
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


def sums(known):
    """Parts add up to what their source gives as the whole."""
    rows = known.rows
    rows = rows[~rows["qualifier"].isin(NO_POINT) & (rows["bound"] == "")]
    yield from _products(known, rows)
    if not known.has("series") or "parts" not in known.series:
        return
    key = [*known.key_columns[1:], "period", "source_id"]
    for whole, parts in known.series["parts"].dropna().items():
        found = rows[rows["series"] == whole].drop_duplicates(key).set_index(key)
        total = sum(
            rows[rows["series"] == part].drop_duplicates(key).set_index(key)["value"]
            for part in parts.split(";")
        )
        found = found.assign(total=total)
        off = (found["value"] - found["total"]).abs() > 0.02 * found["value"].abs()
        yield from told(
            found[off].reset_index(),
            "value",
            f"found {{value:g}}; {parts} of the same source give {{total:g}}; allowed: "
            "within 2 percent",
        )


def _products(known, rows):
    """Products are no more than all of them, and as much where they mostly are."""
    key = [*(c for c in known.key_columns if c != "product"), "period", "source_id"]
    one = rows[rows["product"] != ""].groupby(key)["value"].sum().rename("total")
    both = rows[rows["product"] == ""].drop_duplicates(key).merge(one, on=key)
    share = both["total"] / both["value"]
    usual = share.groupby([both["series"], both["source_id"]]).transform("median")
    whole = (usual - 1).abs() < 0.001
    yield from told(
        both[(share > 1.001) | (whole & (share < 0.999))],
        "value",
        "found {value:g}; products of the same source give {total:g}; allowed: no "
        "less, and as much where those of other periods do",
    )


def second(known):
    """A table that repeats figures of observations repeats them rightly.

    Its descriptor says so: ``repeats`` names the series, who states them, and the
    columns of the table for reporter, partner, year and value.
    """
    rows = known.rows
    for table in sorted(known.tables):
        about = known.data.resource(table).get("repeats")
        if not about:
            continue
        names = {about[one]: one for one in ("reporter", "partner", "year", "value")}
        frame = known.data.load(table).rename(columns=names)
        frame = frame[["reporter", "partner", "year", "value"]]
        mine = rows["series"].isin(about["series"])
        mine &= rows["stated_by"] == about["stated_by"]
        mine = rows[mine].assign(year=rows["end"].dt.year)
        both = mine.merge(frame, on=["reporter", "partner", "year"])
        far = (both["value_x"] - both["value_y"]).abs() > 0.01 * both["value_y"].abs()
        yield from told(
            both[far],
            "value",
            f"found {{value_x:g}}; {table} has {{value_y:g}} of it; allowed: the same",
        )


def beside(known):
    """Flows with the whole world are of the size that a table by country and year has.

    Its descriptor says which of its indicators stands beside which series: ``beside``.
    """
    for table in sorted(known.tables):
        about = known.data.resource(table).get("beside") or {}
        rows = known.rows[known.rows["series"].isin(about)] if about else None
        if rows is None:
            continue
        whole = rows["partner"].isin(_GROUPS) & (rows["period_type"] == "calendar_year")
        for name in DIMENSIONS:
            whole &= rows[name] == ""
        rows = rows[whole].assign(year=rows["start"].dt.year)
        rows["indicator"] = rows["series"].map(about)
        frame = known.data.load(table).rename(columns={"iso3": "reporter"})
        both = rows.merge(
            frame, on=["indicator", "reporter", "year", "unit"], suffixes=("", "_of")
        )
        far = ~(both["value"] / both["value_of"]).between(1 / 3, 3)
        yield from told(
            both[far],
            "value",
            f"found {{value:g}}; {table} has {{value_of:g}} as {{indicator}}; allowed: "
            "within 3 times, or a reason in oddities",
        )


def evidence(known):
    """Evidence is known from its publication, and has the figure of its source."""
    if not known.has("evidence", "sources"):
        return
    frame = known.data.load("evidence")
    last, named = span(frame["known_by"])[1], frame["source_ids"].fillna("")
    spans = known.sources[["first", "last"]].T.to_dict("list")
    for at in np.flatnonzero(frame["known_by_precision"].isin(_LENGTHS)):
        ids = named[at].split(";")
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
    yield from _stances(known, frame)


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


def _stances(known, frame):
    """A figure near a number supports it, and one that is not contradicts it."""
    if not known.has("claims"):
        return
    claims = known.data.load("claims").set_index("claim_id")
    claims = claims[["value", "unit", "tolerance_percent", "comparison"]]
    both = frame.join(claims.add_suffix("_said"), on="claim_id")
    both = both[both["value"].notna() & (both["unit"] == both["unit_said"])]
    both = both[both["comparison_said"].isin(["about", "equals", "record_high"])]
    off = (both["value"] - both["value_said"]).abs()
    near = off <= both["value_said"] * both["tolerance_percent_said"] / 100
    wrong = (both["stance"] == "supports") & ~near
    wrong |= (both["stance"] == "contradicts") & near
    for at in both.index[wrong]:
        found = f"found {both.at[at, 'stance']}, by {both.at[at, 'value']:g} of "
        message = f"{found}{both.at[at, 'value_said']:g}; allowed: supports what is "
        yield "evidence", int(at), "stance", message + "within the tolerance, only"
