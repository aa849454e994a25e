"""What is known of two economies, in sentences: for a page, a title, an alt text.

Each function takes a `partnership.pair.known.Pair`. Names stand before a colon, never
inside of a sentence, so that "Gambia" and "Côte d'Ivoire" need no article.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from partnership.evidence import escape
from partnership.pair.known import LEVEL, SPAN, Pair


def usd(million: float, rough: bool = False) -> str:
    """An amount in words: USD 2,138 million, USD 45,000; 0 is 0.

    What is estimated is rough: two digits tell.
    """
    million = float(f"{million:.2g}") if rough else million
    if million >= 10_000:
        digits = "," if rough else ",.0f" if million >= 100_000 else ".1f"
        return f"USD {million / 1000:{digits}} billion".replace(
            ".0 billion", " billion"
        )
    if million >= 100:
        return f"USD {million:,.0f} million"
    if million >= 0.1:
        digits = "g" if rough else ".1f" if million >= 1 else ".2f"
        return f"USD {million:{digits}} million"
    return f"USD {float(f'{1e6 * million:.3g}'):,.0f}" if million else "0"


def times(ratio: float) -> str:
    """A ratio with two digits that tell, "less than 0.01" below."""
    if 0 < ratio < 0.01:
        return "less than 0.01"
    digits = ",.0f" if ratio >= 10 else ".1f" if ratio >= 1 else "#.2g"
    return f"{ratio:{digits}}" if ratio else "0"


def span(years) -> str:
    """Years as spans: 2000 and 2003–2005."""
    years = pd.Series(sorted(years))
    parts = years.groupby((years.diff() != 1).cumsum())
    ends = [dict.fromkeys((part.iloc[0], part.iloc[-1])) for _, part in parts]
    return listed("–".join(map(str, one)) for one in ends)


def listed(names) -> str:
    """Names as a list: A, B and C."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def goods(pair: Pair) -> list[str]:
    """Trade of each direction: the latest, the highest, years without a record."""
    first, last = pair.years
    said = []
    for way, frame in pair.goods.items():
        value = frame["value"].set_axis(frame.index.astype(int))
        if value.empty:
            gap = f"no flow is recorded in any year from {first} to {last}"
            said.append(f"{way}: {gap}. One that nobody reported would not show.")
            continue
        high, late = value.idxmax(), value.index.max()
        text = f"{usd(value[late])} in {late}"
        more = f"; the highest year is {high}, {usd(value[high])}"
        text += ", the highest year" if high == late else more
        gaps = {*range(first, last + 1)} - {*value.index}
        text += f". No flow is recorded in {span(gaps)}" if gaps else ""
        said.append(f"{way}: {text}.")
    return said


def expected(pair: Pair) -> list[str]:
    """Recorded over expected trade, its interval, and where such pairs lie."""
    said = []
    for way in pair.ways:
        if way not in pair.expected.index:
            said.append(f"{way}: no expectation, since {unexpected(pair)}.")
            continue
        row = pair.expected.loc[way]
        hoped = usd(row["expected"], rough=True)
        if row["exports"] == 0:
            text = (
                f"in {_period(pair)} no flow is recorded; {hoped} a year are expected"
            )
            there = f"in {row['none']} of them nothing is recorded either"
        else:
            ends = f"{times(row['low'])} to {times(row['high'])}"
            text = f"in {_period(pair)} {usd(row['exports'])} a year are recorded,"
            text += f" {times(row['ratio'])} times the {hoped} expected"
            text += f" ({LEVEL} percent interval {ends})"
            inside = row["least"] <= row["exports"] <= row["most"]
            there = f"this pair {'among them' if inside else 'outside'};"
            there += f" {row['above']} stand as high or higher"
        band = " and ".join(usd(row[end], rough=True) for end in ("least", "most"))
        text += (
            f". Of {row['of']} drawn pairs nearest in expectation {LEVEL} percent lie"
        )
        said.append(f"{way}: {text} between {band}, {there}.")
    return said


def _period(pair):
    return pair.expected["period"].iloc[0].replace("..", "–")


def unexpected(pair: Pair) -> str:
    """Why there is no expectation."""
    if pair.cut:
        return "the table of trade is cut to the flows of few economies"
    if np.isnan(pair.distance):
        return "the tables have no distance of the two"
    return f"one side trades with nobody else in one of the last {SPAN} years"


def places(pair: Pair) -> list[str]:
    """Share and place of each in the trade of the other in the last year recorded."""
    rows = pair.places.groupby(["whole", "of"], sort=False).last()
    if rows.empty:
        return ["Neither has a place in the trade of the other: no flow is recorded."]
    said = []
    for (whole, of), row in rows.sort_values("share", ascending=False).iterrows():
        flows, _, own = whole.partition(" of ")
        sells = flows == "exports"
        way = f"{own} to {of}" if sells else f"{of} to {own}"
        side, others = ("seller's", "buyers") if sells else ("buyer's", "sellers")
        part = f"{times(row['share'])} percent of the {side} {flows}"
        place = f"number {row['rank']:.0f} of {row['partners']:.0f} {others}"
        said.append(f"{way}: {part} in {row['year']:.0f}, {place}.")
    return said


def records(pair: Pair) -> list[str]:
    """Whether both sides have recorded a flow, and how far they lie apart."""
    said = []
    for way in pair.ways:
        own = pair.records[pair.records["way"] == way]
        sides = dict(list(own.groupby("side")["value"]))
        by = own.groupby(["side", "period"])["value"].median().unstack("side")
        by = by.dropna() if len(sides) == 2 else by.iloc[:0]
        if by.empty:
            lacks = "one side only" if sides else "neither side"
            said.append(f"{way}: a record of {lacks} is in the tables, so no mirror.")
            continue
        ratio = by["buyer"] / by["seller"].where(by["seller"] > 0)
        ends = f"{times(ratio.min())} to {times(ratio.max())}"
        years = f"{len(by)} years" if len(by) > 1 else f"{by.index[0]}"
        text = f"the buyer's record is {ends} times the seller's in {years}"
        said.append(f"{way}: {text}; two records need not be two counts.")
    return said


def students(pair: Pair) -> list[str]:
    """Students of the one in the other: who says so, and of when."""
    said = []
    speakers = pair.data.load("speakers").set_index("stated_by")
    speakers = speakers["name"].where(speakers["kind"] != "press", "press")
    for way in pair.ways:
        who = f"Students, {way}"
        rows = pair.students[pair.students["way"] == way]
        if rows.empty:
            said.append(f"{who}: the tables have no row.")
            continue
        parts = []
        for speaker, own in rows.groupby("stated_by"):
            last = own.sort_values("period").iloc[-1]
            by = speakers.get(speaker, speaker)
            parts.append(f"{last['value']:,.0f} in {last['period']} ({by})")
        said.append(f"{who}: {listed(parts)}.")
    return said


def contacts(pair: Pair) -> list[str]:
    """Visits and statements, where there are any."""
    visits, claims = len(pair.visits), len(pair.claims)
    if not visits + claims:
        return ["Visits and statements: the tables have none of these two."]
    years = pair.visits["date_start"].str[:4] if visits else ["no year"]
    when = f", {min(years)} to {max(years)}" if visits else ""
    return [f"Visits: {visits}{when}. Statements that are checked: {claims}."]


def lacks(pair: Pair) -> pd.DataFrame:
    """What the tables have of the two, and what they have not.

    Returns
    -------
    pandas.DataFrame
        By subject: ``there`` and ``missing``, in words; empty where nothing is.
    """
    first, last = pair.years
    every, rows = {*range(first, last + 1)}, {}
    for way, frame in pair.goods.items():
        years = {*frame.index.astype(int)}
        gaps = f"no flow recorded in {span(every - years)}" if every - years else ""
        rows[f"goods, {way}"] = (span(years) if years else "", gaps)
    for way in pair.ways:
        own = pair.records[pair.records["way"] == way].groupby("side")["period"]
        there = [f"{side}'s in {one.nunique()} years" for side, one in own]
        gone = [f"{side}'s" for side in ("seller", "buyer") if side not in own.groups]
        missing = f"the {listed(gone)} own record" if gone else ""
        rows[f"own records, {way}"] = (", ".join(there), missing)
    far = pair.distance
    known = "" if np.isnan(far) else f"{far:,.0f} km, weighted by people"
    rows["distance"] = (known, "" if known else "no row of the two")
    for way in pair.ways:
        there = way in pair.expected.index
        years = pair.expected.at[way, "period"].replace("..", "–") if there else ""
        rows[f"expectation, {way}"] = (years, "" if there else unexpected(pair))
    for way in pair.ways:
        own = pair.students[pair.students["way"] == way]["period"]
        there = f"{own.min()} to {own.max()}" if len(own) else ""
        rows[f"students, {way}"] = (there, "" if len(own) else "no row of the two")
    for code, name in zip(pair.codes, pair.names, strict=True):
        years = pair.sizes(code)["year"].tolist()
        rows[f"GDP of {name}"] = (span(years), "") if years else ("", "no row")
    for what, found in (("visits", pair.visits), ("statements", pair.claims)):
        rows[what] = (f"{len(found)}", "") if len(found) else ("", "no row of the two")
    columns = ["there", "missing"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def answer(pair: Pair) -> list[str]:
    """The sentences under the first picture: trade, expectation, what is missing."""
    said, why = [], ""
    for way, frame in pair.goods.items():
        latest = "no trade is recorded"
        if len(frame):
            latest = f"{usd(frame['value'].iloc[-1])} in {frame.index[-1]}"
        if way in pair.expected.index:
            row = pair.expected.loc[way]
            ends = f"{times(row['low'])} to {times(row['high'])}"
            found = f"{_period(pair)} at {times(row['ratio'])} times the expectation"
            found += f" ({LEVEL} percent interval {ends})"
            if row["exports"] == 0:
                hoped = usd(row["expected"], rough=True)
                found = f"nothing in {_period(pair)}, with {hoped} a year expected"
            inside = row["least"] <= row["exports"] <= row["most"]
            found += f", {'inside' if inside else 'outside'} the band of such pairs"
        else:
            found, why = "no expectation", f" No expectation: {unexpected(pair)}."
        said.append(f"{way}: {latest}; {found}.")
    table = lacks(pair)
    gone = table.index[table["there"] == ""].str.split(", ", n=1)
    ways = pd.Series([[*one, ""][1] for one in gone], [one[0] for one in gone], str)
    short = {
        what: f" ({listed(own)})" if 0 < len(own[own != ""]) < 2 else ""
        for what, own in ways.groupby(level=0, sort=False)
    }
    named = [what + short[what] for what in dict.fromkeys(ways.index)]
    none = f"Not in the tables: {listed(named)}." if named else "Nothing is missing."
    return [*said, none + why]


def title(pair: Pair) -> str:
    """The finding about the trade of the two, for the first picture."""
    first, last = pair.years
    if not any(map(len, pair.goods.values())):
        names = listed(pair.names)
        return f"{names}: no trade with each other is recorded in {first}–{last}"
    parts, when = [], ""
    for way, frame in pair.goods.items():
        if way in pair.expected.index:
            ratio, low, high = pair.expected.loc[way, ["ratio", "low", "high"]]
            what = (
                f"times the expected trade of {_period(pair)}" if not when else "times"
            )
            found = f"{times(ratio)} {what} ({times(low)} to {times(high)})"
            when = _period(pair) if ratio else when
            parts.append(f"{way}: {found if ratio else 'none in ' + _period(pair)}")
        elif len(frame):
            latest = usd(frame["value"].iloc[-1])
            parts.append(f"{way}: {latest} in {frame.index[-1]}")
        else:
            parts.append(f"{way}: no trade recorded")
    return "; ".join(parts)


def alt(pair: Pair) -> str:
    """What the first picture shows."""
    if pair.expected.empty:
        return " ".join(["Line chart.", *goods(pair)])
    rows = pair.expected["expected"].items()
    hoped = "; ".join(f"{way}: {usd(one, rough=True)} a year" for way, one in rows)
    shown = f"Expected in {_period(pair)}, with a band: {hoped}."
    return " ".join(["Line chart.", *goods(pair), shown])


def markdown(sentences: list[str]) -> str:
    """Sentences as a list in Markdown; what tables hold is text, never code."""
    return "\n".join(f"- {escape.markdown(one)}" for one in sentences)
