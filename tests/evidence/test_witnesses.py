"""What the checks of copies, sides, speakers and sums say, word for word.

A check groups rows by what they are about, so several cases stand in one table.
"""

import pytest

from invented import FLEET, SOURCES, claim, looked, source, statements

PAIR = [FLEET | {"direction": "pair"}, FLEET | {"series": "sold"}]
TURNED = {"reporter": "BBB", "partner": "AAA"}
OTHERS = {  # another cell for each column that says what a figure is about
    "series": "sold",
    "reporter": "CCC",
    "partner": "CCC",
    "maker": "YY",
    "machine": "plough",
    "item": "red",
    "period": "2009",
    "source_id": "s-2009",
}


def of(*found, table="machinery"):
    """Findings of one table: row from 1, column and message."""
    return [(table, row - 1, column, message) for row, column, message in found]


def copies(name, *values, **columns):
    """Rows of one statement."""
    made = {"statement_id": name} | columns
    return [made | {"value": str(value)} for value in values]


def test_copies_are_alike(package):
    def far(value, middle, name):
        text = f"found {value}, about {middle} in copies of {name}; allowed: copies of"
        return "value", f"{text} one statement within 2 percent"

    rows = copies("a", 100, 100, 101, 99)  # a hundredth from the middle, no more
    rows += copies("b", 100, 100, 101.5)
    rows += copies("c", -100, -100, -103)
    rows += copies("d", 100, 104)
    half = {"period": "2010-01..2010-06", "period_type": "partial_year"}
    for n, other in enumerate(({"series": "sold"}, half, {"bound": "low"})):
        rows += copies(f"e{n}", 150, 150) + copies(f"e{n}", 100, 100, **other)
    assert looked(package, "copies", machinery=statements(*rows)) == of(
        (7, *far("101.5", 100, "b")),
        (10, *far(-103, -100, "c")),
        (11, *far(100, 102, "d")),
        (12, *far(104, 102, "d")),
    )


def test_copies_are_of_one_pair_one_series_and_one_time(package):
    alone = "of which no row has this series or this value; allowed: a statement that "
    alone += "the row repeats"
    rows = copies("a", 100) + copies("a", 100, reporter="CCC", partner="DDD")
    rows += copies("b", 102.5, series="sold") + copies("b", 100, 100)
    rows += copies("c", 102, series="sold") + copies("c", 100, 100)
    rows += copies("d", -103, series="sold") + copies("d", -100, -100)
    rows += copies("e", 100, period="2008")
    rows += copies("e", 100, period="2009..2010", period_type="range")
    part = {"period": "2009-01..2009-06", "period_type": "partial_year"}
    rows += copies("f", 100, period="2009") + copies("f", 100, **part)
    assert looked(package, "copies", machinery=statements(*rows)) == of(
        (
            1,
            "reporter",
            "found AAA, and another in a copy of a; allowed: one for all copies",
        ),
        (
            1,
            "partner",
            "found BBB, and another in a copy of a; allowed: one for all copies",
        ),
        (3, "statement_id", f"found b, {alone}"),
        (9, "statement_id", f"found d, {alone}"),
        (
            12,
            "period",
            "found 2008, and a time apart from it in a copy of e; allowed: times that "
            "overlap",
        ),
    )


def test_a_statement_is_named_after_a_source_or_kept_with_its_kin(package):
    names = ["st-s-2009-001", "st-s-2010-001", "st-s-2010-001", "st-lone-1"]
    names += ["st-lone-001", "st-kin-2010", "st-kin-2009", "st-kin-2008", "x", "x"]
    rows = [{"statement_id": name} for name in names]
    rows[2]["source_id"] = rows[9]["source_id"] = "s-2009"
    rows[7]["period"] = "2008"
    for other in ({}, {"series": "sold"}, {"bound": "low"}, {}):
        rows.append({"statement_id": "st-s-2010-002"} | other)
    lone = "which no other row has; allowed: named after its source, shared by copies, "
    lone += "or one of several that end in their year"
    assert looked(package, "named", machinery=statements(*rows)) == of(
        (
            1,
            "statement_id",
            "found st-s-2009-001 from s-2010; allowed: named after the source of one "
            "of its rows",
        ),
        (
            14,
            "statement_id",
            "found st-s-2010-002 a second time from s-2010; allowed: a source once for "
            "a statement, a series and a bound",
        ),
        (4, "statement_id", f"found st-lone-1, {lone}"),
        (5, "statement_id", f"found st-lone-001, {lone}"),
        (7, "statement_id", f"found st-kin-2009, {lone}"),
    )


def test_a_source_is_of_the_one_year_in_its_name(package):
    named = {"x-2010": "2011-01", "x-2010-03": "2010", "x-2009-03": "2010"}
    named |= {"x-2009-2010": "2012", "x-2010-2014-y": "2012", "x-1999": "1999"}
    named |= {"x-1999-y": "2001", "x-2100": "2001", "x-2008": "", "x-20101": "2001"}
    sources = [source(name, published) for name, published in named.items()]
    wrong = [("x-2010", "2011-01"), ("x-2009-03", "2010"), ("x-1999-y", "2001")]
    assert looked(package, "named", sources=sources) == of(
        *(
            (
                [*named].index(name) + 1,
                "published",
                f"found {published} for {name}; allowed: the year in its name",
            )
            for name, published in wrong
        ),
        table="sources",
    )


def test_the_first_of_the_pair_reports_what_has_no_direction(package):
    ends = ["AAA BBB", "BBB AAA", "BBB CCC", "CCC BBB", "CCC AAA", "CCC DDD"]
    rows = [
        dict(zip(("reporter", "partner"), end.split(), strict=True)) for end in ends
    ]
    rows = statements(*rows, TURNED | {"series": "sold"})
    text = "fleet_units has no direction; allowed: AAA if it takes part, else BBB"
    assert looked(package, "sides", series=PAIR, machinery=rows) == of(
        (2, "reporter", f"found BBB, partner AAA; {text}"),
        (4, "reporter", f"found CCC, partner BBB; {text}"),
        (5, "reporter", f"found CCC, partner AAA; {text}"),
    )
    none = {"about": {"pair": None}}
    assert looked(package, "sides", series=PAIR, machinery=rows, **none) == []


def test_no_pair_stands_the_other_way_round_alone(package):
    def group(name, *rows, one_page=False):
        page = {"series": name, "source_id": "s-2010"}
        named = [] if one_page else [{"source_id": f"s-{n}"} for n in range(len(rows))]
        named = named or [{}] * len(rows)
        return [page | one | row for one, row in zip(named, rows, strict=True)]

    rows = group("four", {}, {}, {}, TURNED)
    rows += group("three", {}, {}, TURNED)
    rows += group("two of five", {}, {}, {}, TURNED, TURNED)
    rows += group("one page", {}, {}, TURNED, one_page=True)
    rows += group("two on a page", {}, TURNED, one_page=True)
    rows += group("at home", *[{"partner": "AAA"}] * 5)
    rows = statements(*rows, maker=None)
    text = "found BBB with AAA, and the other way round in all {} other rows of {}; "
    text += "allowed: as the others"
    assert looked(package, "sides", machinery=rows) == of(
        (4, "reporter", text.format(3, "four")),
        (15, "reporter", text.format(2, "one page in s-2010")),
    )


def test_the_whole_reports_nothing_alone(package):
    rows = [{"reporter": "WLD"}, {"reporter": "W00", "partner": "CCC"}]
    rows += [{"reporter": "WLD", "partner": "W00"}, {"partner": "WLD"}]
    often = {"series": "sold", "reporter": "WLD"}
    rows += [often | {"partner": end} for end in ("CCC", "DDD", "EEE")]
    text = "allowed: an economy, unless the series is often of the whole"
    rows = statements(*rows, maker=None)
    assert looked(package, "sides", machinery=rows) == of(
        (1, "reporter", f"found WLD with partner BBB; {text}"),
        (2, "reporter", f"found W00 with partner CCC; {text}"),
    )


@pytest.mark.parametrize(
    ("dimension", "direction", "home"),
    [
        ("maker", "supply", "R"),
        ("maker", "market", "R"),
        ("maker", "held", "P"),
        ("maker", "export", None),
        ("institution", "host_origin", "R"),
        ("institution", "held", None),
    ],
)
def test_a_maker_and_an_institution_have_one_home(package, dimension, direction, home):
    theme = {"maker": "machinery", "institution": "education"}[dimension]
    named = [1, 1, 9, 2, 2, 2, 8, 8, 7]
    rows = [{"reporter": f"R{n}", "partner": f"P{n}"} for n in named]
    for row, name in zip(rows, "aaabbbbbc", strict=True):
        row[dimension] = name
    own = {"theme": theme, "direction": direction}
    columns = {"maker": None, "machine": None} if theme == "education" else {}
    rows = [columns | row for row in rows] + [columns | {dimension: ""}]
    tables = {"series": [FLEET | own], theme: statements(*rows)}
    text = f"found a in {home}9, elsewhere in {home}1; allowed: one home"
    expected = of((3, dimension, text), table=theme) if home else []
    assert looked(package, "sides", **tables) == expected


def test_who_speaks_fits_the_pair_and_the_kind_of_the_source(package):
    kinds = [
        one | {"kind": "law" if one["source_id"] == "s-2009" else "news"}
        for one in SOURCES
    ]
    pages = ["s-2010"] * 4 + ["s-2009"] * 2 + ["s-2012"] * 2
    names = ["CCC", "BBB", "BODY", "BODY", "PRESS", "BODY", "AAA", "BBB"]
    cells = zip(names, pages, strict=True)
    rows = [{"stated_by": name, "source_id": page} for name, page in cells]
    rare = "as in no other row; allowed: a speaker whom such sources quote"
    two = (
        "and another in the one other row of {}; allowed: one, or a reason in oddities"
    )
    assert looked(
        package, "speakers", sources=kinds, machinery=statements(*rows)
    ) == of(
        (
            1,
            "stated_by",
            "found CCC on AAA and BBB; allowed: one of the two, a body or the press",
        ),
        (5, "stated_by", f"found PRESS in a source of the kind law, {rare}"),
        (6, "stated_by", f"found BODY in a source of the kind law, {rare}"),
        (5, "stated_by", f"found PRESS, {two.format('s-2009')}"),
        (7, "stated_by", f"found AAA, {two.format('s-2012')}"),
    )


def test_one_speaker_and_one_qualifier_stand_out(package):
    def page(name, column, *cells):
        return [{"source_id": name, column: cell} for cell in cells]

    rows = page("a", "stated_by", "AAA", "AAA", "BBB")
    rows += page("b", "stated_by", "AAA", "AAA", "BBB", "BBB")
    rows += page("c", "stated_by", "AAA", "PRESS", "PRESS", "BBB")
    rows += page("d", "qualifier", "about", *["exact"] * 4)
    rows += page("e", "qualifier", "about", *["exact"] * 3)
    rows += page("f", "qualifier", "about", "about", *["exact"] * 4)
    rows += page("g", "qualifier", "about", "derived", *["exact"] * 4)
    rows += page("h", "qualifier", "about", *["exact"] * 4)
    for row in rows[-2:]:
        row["series"] = "sold"
    text = "and one other in all other rows of {}; allowed: as the others"
    assert looked(package, "speakers", machinery=statements(*rows)) == of(
        (3, "stated_by", f"found BBB, {text.format('a')}"),
        (12, "qualifier", f"found about, {text.format('d')}"),
    )


def test_one_source_says_one_thing_of_one_time(package):
    others = OTHERS | {"bound": "low", "stated_by": "BBB", "stated_on": "2010"}
    rows = [{}, {"value": "101"}] + [{column: cell} for column, cell in others.items()]
    rows += [{"qualifier": "planned"}, {"period": "", "period_type": "undated"}] * 2
    day = {"period": "2010-05"}
    rows += [day | {"period_type": "month"}, day | {"period_type": "date"}]
    text = "found a second figure of fleet_units for 2010 in s-2010; allowed: one"
    found = looked(package, "repeats", machinery=statements(*rows))
    assert found == of((2, "period", text))


def test_no_row_of_context_stands_twice(package):
    place = {"place": "P", "country": "AAA", "role": "r", "latitude": "1"}
    place |= {"longitude": "1", "source_id": "s-2009"}
    event = {"date": "2010", "kind": "opening", "source_ids": "s-2009"}
    tables = {
        "places": [place | {"place_id": name} for name in "abc"],
        "events": [event | {"event_id": f"ev{n:03}"} for n in range(2)],
        # a key of two columns, and rows without a source
        "ways": [{"way": "a", "position": n, "leg_id": "b"} for n in (1, 2)],
        "product_groups": [{"product": name, "group": "g"} for name in "ab"],
    }
    tables["places"][1]["latitude"] = "2"
    text = "found all of another row under another key; allowed: once"
    assert looked(package, "repeats", **tables) == [
        ("events", 1, "event_id", text),
        ("places", 2, "place_id", text),
    ]


def parts(whole, *values, **columns):
    """Rows of a whole and of its parts."""
    names = ("both", "sold", "bought")
    cells = zip(names, (whole, *values), strict=False)
    return [columns | {"series": name, "value": str(value)} for name, value in cells]


def test_parts_add_up_to_the_whole_of_their_source(package):
    both = [FLEET | {"series": name} for name in ("sold", "bought", "one")]
    both += [FLEET | {"series": "both", "parts": "sold;bought"}]
    both += [FLEET | {"series": "all", "parts": "one"}]
    rows = []
    for n, whole in enumerate((100, 102, 99, 98, 103, -103)):
        sign = -1 if whole < 0 else 1
        rows += parts(whole, 60 * sign, 40 * sign, item=str(n))
    for column, cell in OTHERS.items():
        other = {"qualifier": "less_than"} if column == "series" else {column: cell}
        made = parts(130, 60, 40, item=f"of {column}")
        made[2] |= other
        rows += made
    made = parts(130, 60, 40, item="bound")
    made[2]["bound"] = "low"
    rows += made + parts(130, 60, item="no part")
    rows += parts(130, 60, 40, item="plan", qualifier="planned")
    rows += parts(130, 60, 40, item="twice") + parts(100, 50, 50, item="twice")
    rows += [{"series": "all", "value": "7"}, {"series": "one", "value": "5"}]
    text = "found {}; {} of the same source give {}; allowed: within 2 percent"
    found = looked(package, "sums", series=both, machinery=statements(*rows))
    assert [(name, column, said) for name, _, column, said in found] == [
        ("machinery", "value", text.format(*cells))
        for cells in (
            (98, "sold;bought", 100),
            (103, "sold;bought", 100),
            (-103, "sold;bought", -100),
            (130, "sold;bought", 100),
            (7, "one", 5),
        )
    ]
    rows_of = [rows[at] for _, at, *_ in found]
    assert [row.get("item") for row in rows_of] == ["3", "4", "5", "twice", None]
    del both[3]["parts"], both[4]["parts"]
    assert looked(package, "sums", series=both, machinery=statements(*rows)) == []


def test_products_are_all_of_the_whole_where_they_mostly_are(package):
    def year(at, whole, *values, **columns):
        made = [(None, whole), *zip(("food", "fuel"), values, strict=False)]
        about = {"period": str(at)} | columns
        return [about | {"product": name, "value": str(v)} for name, v in made]

    def group(name, last, *, of_last=None):
        rows = year(2008, 1000, 600, 400) + year(2009, 1000, 600, 400)
        rows += year(2010, 1000, 600, last, **of_last or {})
        return [{"series": name} | row for row in rows]

    rows = group("a", 401) + group("b", 402) + group("c", 399) + group("d", 398)
    rows += group("e", 398, of_last={"source_id": "s-2009"})
    rows += group("f", 500, of_last={"qualifier": "target"})
    rows += group("g", 500, of_last={"bound": "high"})
    twice = year(2010, 1000, 600, 500, series="h")
    rows += [*twice, twice[0]]
    apart = year(2010, 1000, 600, 500, series="i")
    rows += [apart[0] | {"partner": "CCC"}, *apart[1:]]
    own = {"series": [FLEET | {"theme": "industry"}]}
    rows = statements(*rows, maker=None, machine=None)
    text = "found 1000; products of the same source give {}; allowed: no less, and as "
    text += "much where those of other periods do"
    found = looked(package, "sums", industry=rows, **own)
    assert [(rows[at]["series"], column, said) for _, at, column, said in found] == [
        ("b", "value", text.format(1002)),
        ("d", "value", text.format(998)),
        ("h", "value", text.format(1100)),
    ]
    assert [rows[at]["period"] for _, at, *_ in found] == ["2010"] * 3


def test_a_table_repeats_the_figures_of_a_speaker(package):
    names = ["students_abroad", "students_higher_education_uis", "other"]
    about = {"period": "2009/2010", "period_type": "academic_year", "stated_by": "UIS"}
    about |= {"maker": None, "machine": None, "series": names[0]}
    rows = [{"value": str(value)} for value in (101, 99, 102, 98)]
    rows += [{"series": name} for name in names[1:]]
    rows += [{"stated_by": "AAA"}, TURNED, {"partner": "CCC"}, {"period": "2010/2011"}]
    rows = [{"value": "120"} | row for row in rows]
    own = {"host": "AAA", "origin": "BBB", "year": "2010", "persons": "100"}
    tables = {"students_abroad": [own, own | {"year": "2011", "persons": "5"}]}
    tables["education"] = statements(*rows, **about)
    series = [FLEET | {"series": name, "theme": "education"} for name in names]
    text = "found {}; students_abroad has {} of it; allowed: the same"
    assert looked(package, "second", series=series, **tables) == of(
        (3, "value", text.format(102, 100)),
        (4, "value", text.format(98, 100)),
        (5, "value", text.format(120, 100)),
        (10, "value", text.format(120, 5)),
        table="education",
    )


PIECE = {"known_by": "2010-05-01", "known_by_precision": "day", "source_ids": "s-2010"}


def evidence(package, pieces, **tables):
    rows = [
        PIECE | {"evidence_id": f"ce{n:03}"} | one for n, one in enumerate(pieces, 1)
    ]
    return looked(package, "evidence", evidence=rows, **tables)


def test_evidence_is_known_when_a_source_of_it_came_out(package):
    days = [
        ("2010-05-01", "day", "s-2010"),
        ("2010-05-02", "day", "s-2010"),
        ("2010-04-30", "day", "s-2010"),
        ("2010-05-02", "day", "s-2012;s-2010"),
        ("2012-02-01", "day", "s-2010;s-2012"),
        ("2010-05-02", "day", "s-undated"),
        ("2010-05-02", "day", "nobody"),
        ("2010-05-02", "", "s-2010"),
        ("2010-05-31", "month", "s-2010"),
        ("2010-05", "month", "s-2010"),
        ("2010-05-30", "month", "s-2010"),
        ("2010-12-31", "year", "s-2010"),
        ("2010", "year", "s-2010"),
        ("2010-06-30", "year", "s-2010"),
        ("2011-12-31", "year", "s-2010"),
        ("2009-12-31", "month", "s-2009"),
        ("2010-01-31", "month", "s-2009"),
    ]
    pieces = [dict(zip(PIECE, cells, strict=True)) for cells in days]
    text = "its source is of {}; allowed: a date that fits"
    assert evidence(package, pieces) == of(
        (2, "known_by", f"found 2010-05-02; {text.format('2010-05-01')}"),
        (3, "known_by", f"found 2010-04-30; {text.format('2010-05-01')}"),
        (4, "known_by", f"found 2010-05-02; {text.format('2012-02-01')}"),
        (11, "known_by", "found 2010-05-30; allowed: the last day of a month"),
        (14, "known_by", "found 2010-06-30; allowed: the last day of a year"),
        (15, "known_by", f"found 2011-12-31; {text.format('2010-05-01')}"),
        (17, "known_by", f"found 2010-01-31; {text.format('2009-12-01')}"),
        table="evidence",
    )


def test_a_figure_of_evidence_is_one_of_its_source(package):
    rows = [{"value": str(value)} for value in (100, 101, 102, 103, 104)]
    rows += [{"value": "90", "period": "2008"}]
    pieces = [{}, {"value": "100"}, {"unit": "km"}, {"period": "2010"}]
    pieces += [{"period": "2010-05"}, {"period": "2009"}, {"period": "2008"}]
    pieces += [{"source_ids": "s-undated"}, {"source_ids": "s-undated;s-2010"}]
    pieces = [
        {"value": "91", "unit": "units", "known_by_precision": ""} | one
        for one in pieces
    ]
    text = (
        "found 91 units; the observations of its source have {}; allowed: one of them"
    )
    some = text.format("100, 101, 102, 103")
    assert evidence(package, pieces, machinery=statements(*rows)) == of(
        (1, "value", some),
        (4, "value", some),
        (5, "value", some),
        (7, "value", text.format("90")),
        (9, "value", some),
        table="evidence",
    )


def test_what_is_within_the_tolerance_supports_and_what_is_not_contradicts(package):
    number = {"value": "100", "unit": "units", "tolerance_percent": "5"}
    claims = [
        claim(f"c{n:02}", "01_trade", comparison=comparison, **number)
        for n, comparison in enumerate(("about", "equals", "record_high", "at_least"))
    ]
    pieces = [
        {"claim_id": one["claim_id"], "value": value, "stance": stance, "unit": "units"}
        for one in claims
        for stance in ("supports", "contradicts", "qualifies")
        for value in ("105", "106", "95", "94")
    ]
    pieces += [
        {"claim_id": "c00", "stance": "supports", "value": "106", "unit": "km"},
        {"claim_id": "c00", "stance": "supports", "unit": "units"},
    ]
    wrong = {"supports": ("106", "94"), "contradicts": ("105", "95")}
    assert evidence(package, pieces, claims=claims) == of(
        *(
            (
                n,
                "stance",
                f"found {one['stance']}, by {one['value']} of 100; allowed: supports "
                "what is within the tolerance, only",
            )
            for n, one in enumerate(pieces[:36], 1)
            if one["value"] in wrong.get(one["stance"], ())
        ),
        table="evidence",
    )
