"""What the checks of dates, jumps, visits and lists say, word for word.

A check groups rows by what they are about, so several cases stand in one table.
"""

import pytest

from invented import FLEET, looked, statements


def of(table, *found):
    """Findings of one table: row from 1, column and message."""
    return [(table, row - 1, column, message) for row, column, message in found]


def test_nothing_dated_is_later_than_its_pages(package):
    dates = [
        ("2015-12-31", ""),
        ("2016-01-01", ""),
        ("2010-05-01", "s-2010"),
        ("2010-05-02", "s-2010"),
        ("2010-05-02", "s-2010;s-2012"),
        ("2010-05-02", "s-2012;s-2010"),
        ("2010-05-02", "s-2010;s-undated"),
        ("2010-05-02", "s-2009"),
        ("2010-05-02", "unknown"),
        ("2010-05", "s-2010"),
    ]
    events = [
        {"event_id": f"ev{n:03}", "date": date, "source_ids": ids}
        for n, (date, ids) in enumerate(dates)
    ]
    papers = [
        {"agreement_id": f"ag{n:03}", "date": date, "source_ids": "s-2012"}
        for n, date in enumerate(("2012-02-02", "2012-02-01"))
    ]
    days = [("2012-02-02", "2012-02-01"), ("2010-02", "2010-01-31")]
    days += [("2010-02-05", "2010-02"), ("2010-02-05", ""), ("2011", "2016")]
    visits = [
        {"visit_id": f"v{n:02}", "date_start": first, "date_end": last}
        | {"source_ids": "s-2012"}
        for n, (first, last) in enumerate(days)
    ]
    tables = {"events": events, "agreements": papers, "visits": visits}
    today = "allowed: until the day of the data, 2015-12-31"
    page = "the last of its sources came out on {}; allowed: until then"
    assert looked(package, "dates", **tables) == [
        *of("events", (2, "date", f"found 2016-01-01; {today}")),
        *of("visits", (5, "date_end", f"found 2016; {today}")),
        *of(
            "events",
            (4, "date", f"found 2010-05-02; {page.format('2010-05-01')}"),
            (8, "date", f"found 2010-05-02; {page.format('2009-12-31')}"),
        ),
        *of(
            "agreements",
            (1, "date", f"found 2012-02-02; {page.format('2012-02-01')}"),
        ),
        *of(
            "visits",
            (1, "date_start", f"found 2012-02-02; {page.format('2012-02-01')}"),
            (1, "date_end", "found 2012-02-01; allowed: from 2012-02-02 on"),
            (2, "date_end", "found 2010-01-31; allowed: from 2010-02 on"),
        ),
    ]


def test_no_outcome_is_later_than_its_page_and_no_news_is_old(package):
    day = {"period_type": "date"}
    rows = [
        {"period": "2010-05", "period_type": "month"},
        {"period": "2010-06", "period_type": "month"},
        day | {"period": "2010-05-01"},
        day | {"period": "2010-05-02"},
        day | {"period": "2010-05-02", "qualifier": "planned"},
        day | {"period": "2010-05-02", "source_id": "s-undated"},
        day | {"period": "2009-11-02"},
        day | {"period": "2009-11-01"},
        day | {"period": "2009-11-01", "qualifier": "target"},
        day | {"period": "2009-10"},
        {"period": "2009-10", "period_type": "month"},
        # a page of December 2009 may be of its first day
        day | {"period": "2009-06-04", "source_id": "s-2009"},
        day | {"period": "2009-06-03", "source_id": "s-2009"},
    ]
    late = "which begins after the publication (2010-05-01); allowed: an outcome of a "
    late += "time before it"
    old = "half a year or more before the publication ({}); allowed: news of the day, "
    old += "or a reason in oddities"
    assert looked(package, "dates", machinery=statements(*rows)) == of(
        "machinery",
        (2, "period", f"found 2010-06, {late}"),
        (4, "period", f"found 2010-05-02, {late}"),
        (8, "period", f"found 2009-11-01, {old.format('2010-05-01')}"),
        (13, "period", f"found 2009-06-03, {old.format('2009-12-31')}"),
    )


def test_nothing_is_stated_after_its_page_nor_of_another_year_than_its_note(package):
    said = ["2010-05-01", "2010-05-02", "2010-05", "2010", "2010-06"]
    rows = [{"stated_on": day} for day in said]
    rows += [{"stated_on": "2014-01-01", "source_id": "s-undated"}]
    years = {"period": "2008/2009", "period_type": "academic_year"}
    rows += [
        years | {"note": "UIS reference year 2009; x"},
        years | {"note": "reference year 2008"},
        {"period": "2009", "note": "reference year 2008"},
        {"period": "2009", "note": "reference year 20081"},
        {"period": "2009", "note": "preference year 2008"},
    ]
    after = "after the publication (2010-05-01); allowed: until then"
    note = "its note has the reference year 2008; allowed: one that ends in it"
    assert looked(package, "dates", machinery=statements(*rows)) == of(
        "machinery",
        (2, "stated_on", f"found 2010-05-02, {after}"),
        (5, "stated_on", f"found 2010-06, {after}"),
        (8, "period", f"found 2008/2009; {note}"),
        (9, "period", f"found 2009; {note}"),
    )


def line(item, *values, start=2000, **columns):
    """Rows of one thing, a year each; None leaves a year out."""
    return [
        {"item": item, "value": str(value), "period": str(year)} | columns
        for year, value in enumerate(values, start)
        if value is not None
    ]


def test_a_value_is_of_the_size_of_the_years_beside_it(package):
    rows = line("a", 100, 600, 100) + line("b", 100, 601, 100)
    rows += line("c", 601, 100, 601) + line("d", 100, None, 700)
    rows += line("e", 100, None, None, 700) + line("f", 0, 100)
    rows += line("g", 100) + line("g", 700, start=2001, qualifier="planned")
    part = {"period_type": "partial_year", "period": "2001"}
    rows += line("h", 100) + line("h", 700, **part)
    years = {"period_type": "academic_year", "period": "2001/2002"}
    rows += line("i", 100) + line("i", 700, **years)
    # In the middle of all others within two years, itself left out.
    rows += line("j", 100, 100, 700, 100, 100) + line("k", 100, 700)
    rows += line("l", 100, 100, None, None, 700, 700)
    others = {"series": "sold", "reporter": "CCC", "partner": "CCC", "maker": "YY"}
    for n, (column, cell) in enumerate((others | {"machine": "plough"}).items()):
        rows += line(f"m{n}", 100) + line(f"m{n}", 700, start=2001, **{column: cell})
    rows = statements(*rows)
    found = looked(package, "jumps", machinery=rows)
    allowed = "in the years beside it; allowed: within 6 times, or a reason in oddities"
    assert [(rows[at]["item"], rows[at]["period"], *end) for _, at, *end in found] == [
        (item, period, "value", f"found {value}, about {middle} {allowed}")
        for item, period, value, middle in (
            ("b", "2001", 601, 100),
            ("c", "2001", 100, 601),
            ("d", "2000", 100, 700),
            ("d", "2002", 700, 100),
            ("i", "2000", 100, 700),
            ("i", "2001/2002", 700, 100),
            ("j", "2002", 700, 100),
            ("k", "2000", 100, 700),
            ("k", "2001", 700, 100),
        )
    ]


def test_one_number_below_0_among_others(package):
    rows = [{"value": value} for value in ("-1", "0", "2")]
    rows += [{"value": value, "series": "sold"} for value in ("-1", "-2")]
    text = "found -1, the only one of fleet_units below 0; allowed: 0 or more, or a "
    found = looked(package, "jumps", machinery=statements(*rows, maker=None))
    assert found[:1] == of("machinery", (1, "value", f"{text}reason in oddities"))
    assert len(found) == 1


def test_some_months_are_less_than_their_year(package):
    half = {"period": "2010-01..2010-06", "period_type": "partial_year"}
    rows = []
    for n, value in enumerate((105, 106, 9, 8)):
        rows += [{"item": f"a{n}"}, half | {"item": f"a{n}", "value": str(value)}]
    changes = [{"qualifier": "target"}, {"bound": "low"}, {"partner": "CCC"}]
    changes += [{"period": "2009-01..2009-06"}, {"series": "sold"}]
    changes += [{"period": "2010-01-01..2010-01-01"}, {"maker": "YY"}]
    for n, change in enumerate(changes):
        own = {"item": f"b{n}", "value": "106"}
        rows += [{"item": f"b{n}"}, half | own | change]
    rows += [{"item": "c", "series": "stock"}]
    rows += [half | {"item": "c", "series": "stock", "value": "106"}]
    academic = {"period": "2010/2011", "period_type": "academic_year"}
    rows += [academic | {"item": "d"}, half | {"item": "d", "value": "106"}]
    flow = FLEET | {"measure": "flow"}
    series = [flow, flow | {"series": "sold"}, FLEET | {"series": "stock"}]
    rows = statements(*rows)
    found = looked(package, "jumps", series=series, machinery=rows)
    text = "found {} for 2010-01..2010-06, 100 for the year; allowed: part of it"
    assert found == of(
        "machinery", (4, "value", text.format(106)), (8, "value", text.format(8))
    )


def test_statements_of_one_time_are_near_each_other(package):
    rows = line("a", 100) + line("a", 130) + line("b", 100) + line("b", 131)
    rows += line("c", 100) + line("c", 140, qualifier="about") + line("c", 90)
    changes = [{"series": "sold"}, {"reporter": "CCC"}, {"maker": "YY"}]
    changes += [{"qualifier": "more_than"}, {"qualifier": "forecast"}]
    changes += [{"bound": "low"}, {"period": "2001"}, {"partner": "CCC"}]
    for n, change in enumerate(changes):
        rows += line(f"d{n}", 100) + line(f"d{n}", 140, **change)
    undated = {"period": "", "period_type": "undated"}
    rows += line("e", 100, **undated) + line("e", 140, **undated)
    day = {"period": "2000-05", "period_type": "date"}
    rows += line("f", 100, **day) + line("f", 140, **day | {"period_type": "month"})
    rows += line("g", -100, 3) + line("g", -140, 3)
    rows = statements(*rows)
    found = looked(package, "jumps", machinery=rows)
    text = "found {} and {} for fleet_units in 2000; allowed: within 30 percent, or a "
    text += "reason in oddities"
    assert found == of(
        "machinery",
        (3, "value", text.format(100, 131)),
        (5, "value", text.format(90, 140)),
    )


LEDGER = [{"evidence_file": "f", "counted_in": "rows", "fate": "kept"}]


def test_a_cell_of_a_line_is_near_its_neighbours(package):
    def lines(name, *values, unit="a"):
        cells = {"iso3": name, "indicator": "x", "unit": unit}
        years = enumerate(values, 2000)
        return [cells | {"year": str(n), "value": str(v)} for n, v in years]

    flat = [100] * 5
    rows = lines("AAA", *flat, 400, *flat) + lines("BBB", *flat, 401, *flat)
    rows += lines("CCC", *flat, 24, *flat) + lines("DDD", 401, *flat)
    rows += lines("EEE", 0, 100, 0, *flat)
    rows += lines("FFF", 1, 2, 1, 2, 17, 2, 1, 2)  # a line that moves much
    rows += lines("GGG", 9, 9, -2, -1) + lines("HHH", 9, 9, unit="b")
    found = looked(package, "jumps", country_year=rows, ledger=LEDGER)
    near = "beside it; allowed: nearer, or a reason"
    assert [(rows[at]["iso3"], *end) for _, at, *end in found] == [
        ("GGG", "value", "found a number below 0; allowed: 0 or more"),
        ("BBB", "value", f"found 401, about 100 {near}"),
        ("CCC", "value", f"found 24, about 100 {near}"),
        ("DDD", "value", f"found 401, about 100 {near}"),
        ("HHH", "unit", "found b; allowed: one unit for a indicator"),
        ("HHH", "unit", "found b; allowed: one unit for a indicator"),
    ]


def test_few_persons_may_be_far_from_their_neighbours(package):
    def lines(host, *persons):
        cells = {"host": host, "origin": "BBB", "source_id": "s-2010"}
        years = enumerate(persons, 2000)
        return [cells | {"year": str(n), "persons": str(v)} for n, v in years]

    flat = [20] * 5
    rows = lines("AAA", *flat, 120, *flat) + lines("CCC", *flat, 121, *flat)
    found = looked(package, "jumps", students_abroad=rows, ledger=LEDGER)
    text = "found 121, about 20 beside it; allowed: nearer, or a reason"
    assert found == of("students_abroad", (17, "persons", text))


VISIT = {"visitor_country": "AAA", "host_country": "BBB", "source_ids": "s-2010"}
VISIT |= {"status": "confirmed", "city": "Town", "kind": "working"}


def test_papers_are_signed_on_the_days_of_a_visit(package):
    days = [("2010-02-01", "2010-02-03"), ("2010-03-05", ""), ("2010-04", "")]
    visits = [
        VISIT
        | {"visit_id": f"v{n:02}", "date_start": first, "date_end": last}
        | {"documents_signed": number, "source_ids": ids}
        for n, (first, last), number, ids in zip(
            range(3), days, "310", ("s-2010", "s-2010;s-2009", "s-2012"), strict=True
        )
    ]
    made = [
        ("2010-02-01", "s-2010"),
        ("2010-02-03", "s-2012;s-2010"),
        ("2010-02-04", "s-2010"),
        ("2010-01-31", "s-2010"),
        ("2010-02", "s-2010"),  # some day of the month, which may be one of them
        ("2010-03-05", "s-2009"),
        ("2010-03-06", "s-2009"),
        ("2010-05-01", "s-undated"),
    ]
    papers = [{"date": date, "source_ids": ids} for date, ids in made]
    papers = [{"date_kind": "signed"} | paper for paper in papers]
    papers += [
        {"date": "2010-02-02", "date_kind": "talks", "title": "A (talks)"},
        {"date": "2010-02-02", "date_kind": "talks", "title": "B"},
        {"date": "2010-02-02", "date_kind": "talks"},
    ]
    papers = [
        {"agreement_id": f"ag{n:03}"} | paper for n, paper in enumerate(papers, 1)
    ]
    for paper in papers[8:]:
        paper["source_ids"] = "s-2010"
    kind = "found talks; allowed: signed, unless the title ends with (why not)"
    tells = "its source tells of a visit on {}; allowed: its days"
    both = "2010-02-01, 2010-03-05"
    assert looked(package, "visits", visits=visits, agreements=papers) == [
        *of("agreements", (10, "date_kind", kind), (11, "date_kind", kind)),
        *of(
            "agreements",
            (3, "date", f"found 2010-02-04; {tells.format(both)}"),
            (4, "date", f"found 2010-01-31; {tells.format(both)}"),
            (7, "date", f"found 2010-03-06; {tells.format('2010-03-05')}"),
        ),
        *of(
            "visits",
            (
                1,
                "documents_signed",
                "found 3; agreements has 2 signed on these days; allowed: as many",
            ),
        ),
    ]


@pytest.mark.parametrize(
    ("change", "event", "found"),
    [
        ({}, {}, []),
        ({"status": "unconfirmed"}, {}, ["status"]),
        ({"city": ""}, {}, []),  # an event of its days, from one of its sources
        ({"city": ""}, {"date": "2010-01-31"}, ["status"]),
        ({"city": ""}, {"date": "2010-02-04"}, ["status"]),
        ({"city": ""}, {"date": "2010-02-03"}, []),
        ({"city": ""}, {"source_ids": "s-2012"}, ["status"]),
        ({"city": "", "status": "unconfirmed"}, {}, []),
        ({"city": "", "kind": "online"}, {"date": "2009"}, []),
        ({"kind": "online", "city": "", "status": "unconfirmed"}, {}, ["status"]),
        ({"visitor": "Men of Aaaland"}, {}, []),
        ({"visitor": "Men of Bbblan"}, {}, ["visitor_country"]),
    ],
)
def test_a_visit_is_seen_and_its_visitor_comes_from_home(package, change, event, found):
    visit = VISIT | {"visit_id": "v01", "visitor": "Somebody"} | change
    visit |= {"date_start": "2010-02-01", "date_end": "2010-02-03"}
    visit["source_ids"] = "s-2009;s-2010"
    event = {"event_id": "ev001", "date": "2010-02-01", "source_ids": "s-2010"} | event
    countries = [
        {"iso3": name, "name_en": f"{name.title()}land"} for name in ("AAA", "BBB")
    ]
    made = looked(
        package, "visits", visits=[visit], events=[event], countries=countries
    )
    said = {
        "status": f"found {visit['status']}; allowed: confirmed where a city or an "
        "event is known of it, unconfirmed without",
        "visitor_country": "found AAA for Men of Bbblan; allowed: BBB",
    }
    assert made == of("visits", *((1, column, said[column]) for column in found))


def test_a_visitor_and_a_city_are_of_one_economy(package):
    guests = [("A. Person", "AAA", "BBB"), ("A. Person (minister)", "BBB", "AAA")]
    guests += [("A. Person", "AAA", "BBB"), ("B. Person", "AAA", "BBB")]
    guests += [("B. Person", "BBB", "BBB"), ("", "AAA", "BBB")]
    visits = [
        VISIT
        | {"visit_id": f"v{n:02}", "date_start": f"2010-0{n}", "visitor": name}
        | {"visitor_country": home, "host_country": host}
        for n, (name, home, host) in enumerate(guests, 1)
    ]
    assert looked(package, "visits", visits=visits) == of(
        "visits",
        (
            2,
            "visitor_country",
            "found BBB for A. Person; allowed: as in most other visits",
        ),
        (2, "host_country", "found AAA for Town; allowed: as in most other visits"),
    )


def test_what_is_counted_is_counted_whole(package):
    about = {"source_id": "s-2010", "reporter": "AAA", "partner": "BBB"}
    about |= {"direction": "export", "period": "2010"}
    others = {"source_id": "s-2009", "reporter": "CCC", "partner": "CCC"}
    others |= {"direction": "import", "period": "2009"}
    products = [about | {"order_in_source": str(n)} for n in (1, 3, 2)]
    products += [about | {column: cell} for column, cell in others.items()]
    products += [about | {"order_in_source": "5"}]
    products = [
        {"mention_id": f"p{n:03}", "order_in_source": "1"} | one
        for n, one in enumerate(products, 1)
    ]
    numbers = [("2010-03", 4), ("2010-01", 2), ("2010-02", 3), ("2010-04", 6)]
    visits = [
        VISIT
        | {"visit_id": f"v{n}", "date_start": day, "ordinal_official": str(number)}
        for n, (day, number) in enumerate(numbers, 10)
    ]
    visits += [VISIT | {"visit_id": "v20", "date_start": "2009"}]
    turned = {"visitor_country": "BBB", "host_country": "AAA", "visit_id": "v30"}
    visits += [VISIT | turned | {"date_start": "2010", "ordinal_official": "9"}]
    ways = [
        {"way": way, "position": str(n), "leg_id": f"{way}{n}"}
        for way, n in (("a", 1), ("a", 2), ("b", 1), ("b", 3))
    ]
    ends = [("r", 2, "b", "c"), ("r", 1, "a", "b"), ("r", 3, "d", "e")]
    ends += [("air_b_a", 1, "b_port", "a_port"), ("air_a_b", 1, "b_port", "a_port")]
    ends += [("air_a_c", 1, "b_port", "a_port"), ("s", 2, "a", "b")]
    ends += [("air_b_x", 1, "b_port", "a_port"), ("_b_a", 1, "a", "b")]
    legs = [
        {"leg_id": f"l{n}", "route": route, "leg_order": str(order)}
        | {"from_place": first, "to_place": last}
        for n, (route, order, first, last) in enumerate(ends, 1)
    ]
    tables = {"products": products, "visits": visits, "legs": legs, "ways": ways}
    assert looked(package, "orders", **tables) == [
        *of(
            "products",
            (9, "order_in_source", "found 5; allowed: 4, the next in order"),
        ),
        *of(
            "visits", (4, "ordinal_official", "found 6; allowed: 5, the next in order")
        ),
        *of("legs", (7, "leg_order", "found 2; allowed: 1, the next in order")),
        *of("ways", (4, "position", "found 3; allowed: 2, the next in order")),
        *of(
            "legs",
            (3, "from_place", "found d; allowed: c, where the leg before it ends"),
            (9, "from_place", "found a; allowed: the end that _b_a names first"),
            (
                5,
                "from_place",
                "found b_port; allowed: the end that air_a_b names first",
            ),
        ),
    ]
