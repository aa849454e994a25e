"""Rows that cannot be true together are found, one by one, and today's are true."""

import warnings
from itertools import chain
from pathlib import Path

import pytest

from invented import FLEET, SOURCES, claim, observation, source
from partnership.evidence import plausible
from partnership.evidence.package import default

SPEAKERS = [
    {"stated_by": "AAA", "kind": "economy", "name": "Aaa"},
    {"stated_by": "BBB", "kind": "economy", "name": "Bbb"},
    {"stated_by": "CCC", "kind": "economy", "name": "Ccc"},
    {"stated_by": "BODY", "kind": "body", "name": "A body"},
]
TRADE = {"series": "sold", "theme": "machinery", "unit": "units", "direction": "export"}
TRADE |= {"measure": "flow", "definition": "Sold"}


def row(number, value, **columns):
    """A statement of its own, of the year 2010 and a page of that year."""
    columns = {"statement_id": f"st-s-2010-{number:03}"} | columns
    return observation(number, value, **columns)


def found(package, *, check=None, **tables):
    """Messages of all checks, or of one, on tables made up."""
    series = [FLEET, TRADE | {"series": "bought"}, TRADE | {"series": "sold"}]
    made = {"series": series, "sources": SOURCES, "speakers": SPEAKERS}
    data = package(**made | {"oddities": []} | tables)
    if check is None:
        return [str(fault) for fault in plausible.faults(data)]
    known = plausible.Known(data)
    return [str(known.problem(*one)) for one in plausible.CHECKS[check](known)]


def test_the_data_of_today_are_plausible():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert plausible.faults(default()) == []


def test_a_package_without_rows_is(package):
    assert plausible.faults(package()) == []


@pytest.mark.parametrize(
    ("check", "rows", "said"),
    [
        ("copies", [{}, {"value": "150"}], "in copies of st-s-2010-001; allowed"),
        ("copies", [{}, {"reporter": "CCC"}], "found AAA, and another in a copy of"),
        ("copies", [{}, {"partner": "CCC"}], "found BBB, and another in a copy of"),
        ("copies", [{}, {"period": "2008"}], "a time apart from it in a copy of"),
        (
            "copies",
            [{}, {"series": "sold", "value": "7"}],
            "of which no row has this series or this value",
        ),
        ("named", [{"source_id": "s-2009"}], "allowed: named after the source"),
        ("named", [{}, {}], "a second time from s-2010"),
        ("named", [{"statement_id": "st-somebody"}], "which no other row has"),
        ("repeats", [{}, {"statement_id": "x", "value": "101"}], "a second figure of"),
        ("speakers", [{"stated_by": "CCC"}], "found CCC on AAA and BBB; allowed"),
        ("dates", [{"period": "2011"}], "begins after the publication (2010-05-01)"),
        ("dates", [{"stated_on": "2010-06"}], "after the publication (2010-05-01)"),
        (
            "dates",
            [{"period": "2009-05-02", "period_type": "date"}],
            "half a year or more before the publication",
        ),
        ("jumps", [{}, {"period": "2009", "value": "1"}], "about 100 in the years"),
        ("jumps", [{}, {"source_id": "s-2012", "value": "140"}], "found 100 and 140"),
        ("jumps", [{"value": "-1"}], "the only one of fleet_units below 0"),
    ],
)
def test_a_statement_against_another(package, check, rows, said):
    rows = [row(1, 100) | change for change in rows]
    rows = [one | {"observation_id": f"m{n:03}"} for n, one in enumerate(rows)]
    messages = found(package, check=check, machinery=rows)
    assert any(said in message for message in messages)
    assert all(one.startswith("machinery.csv, row ") for one in messages)


def test_two_copies_may_differ_by_a_rounding(package):
    rows = [row(1, 100), row(1, 101, observation_id="m002", source_id="s-2012")]
    assert found(package, check="copies", machinery=rows) == []


def test_who_stands_the_other_way_round_in_all_others(package):
    turned = {"reporter": "BBB", "partner": "AAA", "source_id": "s-2012"}
    rows = [row(n, 100 + n, maker=f"M{n}", period=str(2000 + n)) for n in range(5)]
    assert found(package, check="sides", machinery=rows) == []
    rows[4] |= turned
    (message,) = found(package, check="sides", machinery=rows)
    assert (
        "row 5 (line 6), column reporter: found BBB with AAA, and the other" in message
    )
    own = [row(n, 100 + n, maker=f"M{n}") for n in range(3)]
    own[2] |= turned | {"source_id": "s-2010"}
    (message,) = found(package, check="sides", machinery=own)
    assert "other rows of fleet_units in s-2010" in message


def test_a_series_without_direction_names_the_first_of_the_pair(package):
    series = [FLEET | {"direction": "pair"}]
    rows = [row(1, 1), row(2, 1, reporter="BBB", partner="AAA")]
    rows += [row(3, 1, reporter="BBB", partner="CCC"), row(4, 1, partner="CCC")]
    (message,) = found(package, check="sides", series=series, machinery=rows)
    assert message.startswith("machinery.csv, row 2 (line 3), column reporter: found")


def test_a_maker_has_one_home(package):
    series = [FLEET | {"direction": "supply"}]
    rows = [row(n, n, partner=f"P{n}") for n in range(1, 4)]
    rows += [row(4, 4, reporter="CCC", partner="DDD")]
    (message,) = found(package, check="sides", series=series, machinery=rows)
    assert "found XX in CCC, elsewhere in AAA; allowed: one home" in message


def test_one_speaker_and_one_qualifier_among_others(package):
    rows = [row(n, n, period=str(2000 + n)) for n in range(1, 7)]
    assert found(package, check="speakers", machinery=rows) == []
    other = [one | {"qualifier": "about"} if one is rows[0] else one for one in rows]
    (message,) = found(package, check="speakers", machinery=other)
    assert "row 1 (line 2), column qualifier: found about, and one other in" in message
    other = [one | {"stated_by": "BBB"} if one is rows[0] else one for one in rows]
    (message,) = found(package, check="speakers", machinery=other)
    assert "found BBB, and one other in all other rows of s-2010" in message
    (message,) = found(package, check="speakers", machinery=other[:2])
    assert "found BBB, and another in the one other row of s-2010; allowed" in message


def test_a_body_speaks_where_it_is_quoted(package):
    kinds = [one | {"kind": "news"} for one in SOURCES]
    rows = [row(1, 1, stated_by="BODY")]
    (message,) = found(package, check="speakers", sources=kinds, machinery=rows)
    assert "found BODY in a source of the kind news, as in no other row" in message


def test_a_source_is_of_the_year_in_its_name(package):
    named = [*SOURCES, source("x-2010", "2011-01")]
    (message,) = found(package, check="named", sources=named)
    assert "sources.csv, row 6 (line 7), column published: found 2011-01" in message


def test_wholes_are_the_sum_of_their_parts(package):
    own = TRADE | {"theme": "trade"}
    series = [own, own | {"series": "bought"}]
    series += [own | {"series": "both", "parts": "sold;bought"}]
    rows = [
        row(n, v, series=s, maker=None, machine=None)
        for n, s, v in ((1, "sold", 60), (2, "bought", 40), (3, "both", 101))
    ]
    tables = {"series": series, "trade": rows}
    assert found(package, check="sums", **tables) == []
    rows[2]["value"] = "130"
    (message,) = found(package, check="sums", **tables)
    assert "found 130; sold;bought of the same source give 100" in message
    rows[2]["source_id"] = "s-2012"
    assert found(package, check="sums", **tables) == []


def test_products_are_no_more_than_all_of_them(package):
    def rows(whole, *parts, year, source_id="s-2012"):
        about = {"period": year, "source_id": source_id, "maker": None, "machine": None}
        made = [(whole, None), *zip(parts, ("food", "fuel"), strict=False)]
        return [row(n, v, product=p, **about) for n, (v, p) in enumerate(made)]

    def said(*groups):
        made = [r | {"observation_id": f"t{n}"} for n, r in enumerate(chain(*groups))]
        return found(package, check="sums", trade=made, series=[own])

    own = FLEET | {"theme": "trade"}
    good = [rows(100, 60, 40, year=year) for year in ("2008", "2009")]
    assert said(*good, rows(100, 60, 40, year="2010")) == []
    (message,) = said(*good, rows(100, 64, 40, year="2010"))
    assert "found 100; products of the same source give 104; allowed" in message
    assert len(said(*good, rows(100, 60, 4, year="2010"))) == 1
    # A list of the main products need not be all of them.
    assert said(rows(100, 60, 4, year="2010")) == []


def test_a_table_repeats_figures_as_they_are(package):
    own = {"host": "AAA", "origin": "BBB", "year": "2010", "persons": "90"}
    about = {"series": "students_abroad", "stated_by": "UIS", "period": "2009/2010"}
    about |= {"period_type": "academic_year", "maker": None, "machine": None}
    series = [FLEET | {"series": "students_abroad", "theme": "education"}]
    tables = {"series": series, "students_abroad": [own]}
    good = row(1, 90, **about)
    assert found(package, check="second", education=[good], **tables) == []
    wrong = good | {"value": "96"}
    (message,) = found(package, check="second", education=[wrong], **tables)
    assert "found 96; students_abroad has 90 of it; allowed: the same" in message


def test_a_month_is_no_more_than_its_year(package):
    series = [FLEET | {"measure": "flow"}]
    part = {"period": "2010-01..2010-06", "period_type": "partial_year"}
    for value, wrong in ((60, False), (106, True), (8, True)):
        rows = [row(1, 100), row(2, value, **part)]
        faults = found(package, check="jumps", series=series, machinery=rows)
        assert (
            any("for the year; allowed: part of it" in one for one in faults) == wrong
        )


def test_a_line_of_a_table_by_year(package):
    line = [
        {
            "iso3": "AAA",
            "indicator": "x",
            "year": 2000 + n,
            "value": 100 + n,
            "unit": "a",
        }
        for n in range(9)
    ]
    assert found(package, check="jumps", country_year=line) == []
    far = [one | {"value": 1020 if one["year"] == 2002 else 100} for one in line]
    (message,) = found(package, check="jumps", country_year=far)
    assert "country_year.csv, row 3 (line 4), column value: found 1020" in message
    below = [one | {"value": -one["value"] if one is line[1] else 9} for one in line]
    assert "below 0" in found(package, check="jumps", country_year=below)[0]
    unit = [one | {"unit": "b" if one is line[1] else "a"} for one in line]
    (message,) = found(package, check="jumps", country_year=unit)
    assert "column unit: found b; allowed: one unit for a" in message


def test_a_line_beside_others_of_its_kind(package):
    def said(change):
        lines = [
            {"iso3": f"A{n:02}", "indicator": "x", "year": y, "value": 100 + y % 3}
            for n in range(20)
            for y in range(2000, 2015)
        ]
        lines[21] |= change
        return found(package, check="jumps", country_year=lines)

    assert said({}) == []
    # Under four times its neighbours, and far from what any of the other lines does.
    assert "found 190, about" in "".join(said({"value": 190}))
    (message,) = said({"iso3": "AAA"})
    assert "column year: found 2007, and no year before it; allowed: a line" in message


def test_nothing_is_later_than_the_day_of_the_data_or_its_page(package):
    event = {"event_id": "ev01", "source_ids": "s-2010"}
    for date, said in (("2016", "until the day of the data"), ("2010-06", "came out")):
        messages = found(package, check="dates", events=[event | {"date": date}])
        assert "events.csv, row 1 (line 2), column date: found " in messages[0]
        assert any(said in message for message in messages)
    visit = {"visit_id": "v01", "date_start": "2010-02", "date_end": "2010-01"}
    messages = found(package, check="dates", visits=[visit | {"source_ids": "s-2010"}])
    assert ["allowed: from 2010-02 on" in message for message in messages] == [True]


VISIT = {"visit_id": "v01", "date_start": "2010-02-01", "date_end": "2010-02-03"}
VISIT |= {"source_ids": "s-2010", "documents_signed": "1", "visitor_country": "AAA"}
VISIT |= {"host_country": "BBB"}
PAPER = {"agreement_id": "a01", "date": "2010-02-02", "date_kind": "signed"}
PAPER |= {"source_ids": "s-2010;s-2009"}


def test_a_note_and_a_period_are_of_one_year(package):
    own = {"period": "2008/2009", "period_type": "academic_year"}
    own |= {"note": "UIS reference year 2009; of a file"}
    assert found(package, check="dates", machinery=[row(1, 9, **own)]) == []
    wrong = row(1, 9, **own | {"period": "2007/2008"})
    (message,) = found(package, check="dates", machinery=[wrong])
    assert "found 2007/2008; its note has the reference year 2009" in message


TRIP = {"visit_id": "v1", "date_start": "2010-05-01", "visitor": "Someone"}
TRIP |= {"visitor_country": "AAA", "host_country": "BBB", "city": "Ville"}
TRIP |= {"status": "confirmed", "kind": "working", "source_ids": "s-2010"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, ""),
        ({"status": "unconfirmed"}, "found unconfirmed; allowed: confirmed where"),
        ({"city": ""}, "found confirmed; allowed: confirmed where"),
        ({"city": "", "status": "unconfirmed"}, ""),
        ({"city": "", "kind": "online"}, ""),
        ({"city": "", "date_start": "2010-04"}, ""),
        ({"visitor": "Firms of Aaaland"}, ""),
        ({"visitor": "Firms of Bbbland"}, "found AAA for Firms of Bbbland; allowed"),
    ],
)
def test_a_visit_is_known_by_its_place_or_an_event(package, change, said):
    event = {"event_id": "e1", "date": "2010-04-30", "source_ids": "s-2010"}
    names = {"AAA": "Aaaland", "BBB": "Bbbland"}
    countries = [{"iso3": one, "name_en": name} for one, name in names.items()]
    tables = {"events": [event], "agreements": [], "countries": countries}
    found_ = found(package, check="visits", visits=[TRIP | change], **tables)
    assert len(found_) == bool(said)
    assert said in "".join(found_)


@pytest.mark.parametrize(
    ("paper", "said"),
    [
        ({}, []),
        ({"date": "2009-02-02"}, ["tells of a visit on 2010-02-01", "has 0 signed"]),
        ({"date_kind": "talks", "title": "A (talks)"}, ["agreements has 0 signed"]),
        ({"date_kind": "talks"}, ["found talks; allowed: signed, unless the", "has 0"]),
        ({"date": "2009-02-02", "source_ids": "s-2012"}, ["agreements has 0 signed"]),
    ],
)
def test_papers_are_signed_on_the_visit_that_their_source_tells_of(
    package, paper, said
):
    tables = {"visits": [VISIT], "agreements": [PAPER | paper]}
    messages = found(package, check="visits", **tables)
    assert len(messages) == len(said)
    assert all(one in message for one, message in zip(said, messages, strict=True))


def test_a_visitor_and_a_city_have_one_home(package):
    rows = [
        VISIT | {"visit_id": f"v{n}", "date_start": f"2010-0{n}"} for n in (1, 2, 3)
    ]
    rows = [row | {"documents_signed": "", "date_end": ""} for row in rows]
    rows = [row | {"visitor": "A. Person", "city": "Town"} for row in rows]
    assert found(package, check="visits", visits=rows) == []
    rows[1] |= {"visitor": "A. Person (minister)", "visitor_country": "BBB"}
    rows[1] |= {"host_country": "AAA"}
    messages = found(package, check="visits", visits=rows)
    assert [one.split(", ")[2].split(";")[0] for one in messages] == [
        "column visitor_country: found BBB for A. Person",
        "column host_country: found AAA for Town",
    ]


def test_what_is_counted_is_counted_whole(package):
    mention = {"source_id": "s-2010", "reporter": "AAA", "period": "2010"}
    mention |= {"partner": "BBB", "direction": "export"}
    lists = [mention | {"mention_id": f"p{n}", "order_in_source": n} for n in (1, 3)]
    legs = [{"leg_id": f"l{n}", "route": "r", "leg_order": n} for n in (1, 2)]
    legs[0] |= {"from_place": "a", "to_place": "b"}
    legs[1] |= {"from_place": "c", "to_place": "d"}
    visits = [VISIT | {"ordinal_official": 1}]
    visits += [VISIT | {"date_start": "2011", "visit_id": "v02", "ordinal_official": 3}]
    messages = found(package, check="orders", products=lists, legs=legs, visits=visits)
    assert [message.split(":")[0] for message in messages] == [
        "products.csv, row 2 (line 3), column order_in_source",
        "visits.csv, row 2 (line 3), column ordinal_official",
        "legs.csv, row 2 (line 3), column from_place",
    ]
    leg = legs[0] | {"route": "air_a_b"}
    assert found(package, check="orders", legs=[leg]) == []
    leg |= {"from_place": "b_airport", "to_place": "a_airport"}
    (message,) = found(package, check="orders", legs=[leg])
    assert "found b_airport; allowed: the end that air_a_b names first" in message


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, None),
        ({"known_by": "2011-05-01"}, "found 2011-05-01; its source is of 2010-05-01"),
        (
            {"known_by": "2010-05-30", "known_by_precision": "month"},
            "the last day of a",
        ),
        ({"value": "90"}, "found 90 units; the observations of its source have 100"),
        ({"value": "90", "period": "2009"}, None),
    ],
)
def test_evidence_is_of_its_source(package, change, said):
    piece = {"evidence_id": "ce001", "known_by": "2010-05-01", "value": "100"}
    piece |= {"unit": "units", "period": "2010", "known_by_precision": "day"}
    piece |= {"source_ids": "s-2010"} | change
    tables = {"machinery": [row(1, 100)], "evidence": [piece]}
    messages = found(package, check="evidence", **tables)
    assert [said in message for message in messages] == ([True] if said else [])


@pytest.mark.parametrize(
    ("stance", "value", "fits"),
    [
        ("supports", "104", True),
        ("supports", "120", False),
        ("contradicts", "120", True),
        ("contradicts", "104", False),
        ("context", "104", True),
    ],
)
def test_a_figure_supports_what_it_is_near(package, stance, value, fits):
    said = {"value": "100", "unit": "units", "comparison": "about"}
    said = claim("c01", "03_machinery", tolerance_percent="5", **said)
    own = {"evidence_id": "ce001", "claim_id": "c01", "stance": stance, "unit": "units"}
    own |= {"value": value, "known_by": "2010-05-01", "source_ids": "s-2010"}
    tables = {"claims": [said], "evidence": [own]}
    messages = found(package, check="evidence", **tables)
    assert len(messages) == (not fits)
    assert fits or f"found {stance}, by {value} of 100; allowed" in messages[0]


def test_a_source_is_as_reliable_as_others_of_its_kind_and_publisher(package):
    page = {"kind": "news", "title": "A page"}
    pages = [source(f"s-{n}", "2010") | page | {"publisher": "P"} for n in range(4)]
    assert found(package, check="publishers", sources=pages) == []
    pages[1]["reliability"] = "tertiary"
    (message,) = found(package, check="publishers", sources=pages)
    assert "row 2 (line 3), column reliability: found tertiary, another in" in message
    assert "most sources of news; allowed" in message
    words = ("primary", "secondary", "secondary", "secondary", "tertiary", "tertiary")
    pages += [
        source(f"t-{n}", "2010", word) | page | {"publisher": f"Q{n}"}
        for n, word in enumerate(words)
    ]
    (message,) = found(package, check="publishers", sources=pages)
    assert "row 2 " in message and "most sources of P of news" in message


def test_rows_are_those_of_the_account(package):
    line = {"evidence_file": "f", "counted_in": "rows", "fate": "kept"}
    line |= {"table": "machinery", "number": "2"}
    tables = {"machinery": [row(1, 100)], "ledger": [line]}
    assert found(package, check="account", **tables) == [
        "machinery.csv: found 1 rows; the ledger accounts for 2; allowed: as many, or "
        "a line of it"
    ]
    tables["ledger"] = [line | {"number": "1"}]
    assert found(package, check="account", **tables) == []


def test_a_line_of_a_dictionary_is_used(package):
    more = {"stated_by": "NONE", "kind": "body", "name": "Nobody quotes it"}
    data = package(shipped=True, speakers=lambda rows: [*rows, more])
    assert [name for *_, name in plausible.CHECKS["unused"](plausible.Known(data))] == [
        "found NONE, which nothing names; allowed: what is used"
    ]


def test_an_oddity_is_left_out_and_goes_with_its_occasion(package):
    rows = [row(1, -1)]
    odd = {"check": "jumps", "table": "machinery", "row": "m001", "found": "-1"}
    odd |= {"reason": "It is so."}
    wrong = found(package, machinery=rows)
    assert any("below 0" in message for message in wrong)
    kept = found(package, machinery=rows, oddities=[odd])
    assert not any("below 0" in message for message in kept)
    other = found(package, machinery=[row(1, -2)], oddities=[odd])
    assert any("below 0" in message for message in other)
    idle = found(package, machinery=[row(1, 1)], oddities=[odd])
    assert any("found an exception that no check needs" in message for message in idle)


def test_every_check_finds_something_in_these_tests():
    here = Path(__file__)
    others = [here.with_name(f"test_{one}.py") for one in ("geography", "totals")]
    text = "".join(file.read_text(encoding="utf-8") for file in (here, *others))
    assert [name for name in plausible.CHECKS if f'"{name}"' not in text] == []


def test_trade_with_the_whole_world_is_of_the_size_of_a_table_by_year(package):
    series = [FLEET | {"series": "goods_exports", "theme": "trade"}]
    whole = {"series": "goods_exports", "partner": "WLD", "maker": None}
    whole |= {"machine": None}
    mine = {"iso3": "AAA", "indicator": "merchandise_exports", "year": "2010"}
    mine |= {"value": "100", "unit": "units"}
    tables = {"series": series, "country_year": [mine]}
    for value, column, cell in (
        ("299", "note", ""),
        ("301", "partner", "BBB"),
        ("301", "product", "machines"),
        ("301", "period", "2009"),
    ):
        rows = [row(1, value, **whole | {column: cell})]
        assert found(package, check="beside", trade=rows, **tables) == []
    for value in ("301", "33"):
        rows = [row(1, value, **whole)]
        (message,) = found(package, check="beside", trade=rows, **tables)
        assert f"found {value}; country_year has 100 as merchandise_exports" in message


def test_a_column_that_a_check_needs_is_named(package):
    data = package(oddities=[], series=[FLEET], machinery=[row(1, 1)])
    data.resource("products").pop("hash")
    fields = data.resource("products")["schema"]["fields"]
    fields[:] = [one for one in fields if one["name"] not in ("direction", "period")]
    (data.path / "products.csv").write_text(",".join(one["name"] for one in fields))
    (fault,) = plausible.faults(data)
    assert str(fault).startswith("datapackage.json: found no column ")
    assert str(fault).endswith(", which the check orders reads; allowed: one")
    assert "direction" in str(fault)


def test_pages_without_a_day_and_evidence_without_a_page(package):
    late = row(1, 1, source_id="s-undated", period="2016", statement_id="st-x")
    (message,) = found(package, check="dates", machinery=[late])
    assert "which begins after the publication (2015-12-31)" in message
    piece = {"evidence_id": "ce001", "claim_id": "c01", "stance": "supports"}
    piece |= {"known_by": "2010-01-01", "known_by_precision": "year"}
    (message,) = found(package, check="evidence", evidence=[piece])
    assert message.endswith("found 2010-01-01; allowed: the last day of a year")
