"""What the inputs of a rule find in a package."""

import pytest

from invented import claim, observation, rule
from partnership import verdicts
from partnership.evidence.faults import DataError
from partnership.verdicts import inputs


@pytest.fixture
def judged(court):
    """Function that judges one statement by one rule on the tables given."""

    def judge(said, how, as_of=None, tables=None, options=None, **columns):
        number = {"unit": "units", "unit_words": "things", "tolerance_percent": "0"}
        number |= {"value": str(said[1]), "comparison": said[0]}
        own = {"claims": [claim("c01", "07_diplomacy", **number)]}
        own["claim_rules"] = [rule(1, "c01", **{"label": "found"} | how)]
        data = court(tables=own | (tables or {}), **columns)
        return verdicts.verdict("c01", as_of, data=data, **options or {})

    return judge


def series(select, period, **columns):
    how = {"input": "series", "name": "fleet_units", "select": select}
    return how | {"where": "maker=XX", "period": period} | columns


COUNTED = [
    observation(1, 80, period="2006"),
    observation(2, 120, period="2008", source_id="s-2012"),
    observation(3, 100, period="2010"),
    observation(4, 55, period="2010-06", period_type="date", maker="YY"),
    observation(5, 999, period="2010", qualifier="planned"),
    observation(6, 44, period="2011-03", period_type="month", maker="ZZ"),
]


class TestSeries:
    def find(self, judged, select, period, said=("about", 100), as_of=None, **more):
        tables = {"machinery": COUNTED}
        found = judged(said, series(select, period, **more), as_of, tables)
        return found.findings[0]

    def test_the_value_at_a_period(self, judged):
        assert self.find(judged, "at", "2008").value == 120
        assert self.find(judged, "at", "2007").fits is None
        assert self.find(judged, "at", "2008", as_of="2011").fits is None

    def test_the_nearest_value_within_some_months(self, judged):
        near = self.find(judged, "nearest", "2007-03-01", within_months="3")
        assert (near.value, near.text) == (80, "80 found (2006)")
        assert self.find(judged, "nearest", "2007-06", within_months="3").fits is None
        # 25 months are 761 days, which 2003-12-02 is away from 2006.
        reach = {"within_months": "25"}
        assert self.find(judged, "nearest", "2003-12-02", **reach).value == 80
        assert self.find(judged, "nearest", "2003-12-01", **reach).fits is None

    def test_a_statement_about_a_day(self, judged):
        more = {"within_months": "2", "where": "maker=YY"}
        assert self.find(judged, "stated", "2010-07-02", **more).value == 55
        assert self.find(judged, "stated", "2010-10-02", **more).fits is None
        assert self.find(judged, "stated", "2011-03-15", where="maker=ZZ").value == 44

    def test_the_highest_value_before_and_the_level_itself(self, judged):
        said = ("record_high", 100)
        found = self.find(judged, "maximum_before", "2010", said)
        assert (found.value, found.outcome) == (120, "above")
        assert found.text == "120 found in 2008 (and 100 in 2010)"
        assert set(found.source_ids) == {"s-2010", "s-2012"}
        # What came out later does not spoil a record of its day.
        found = self.find(judged, "maximum_before", "2010", said, as_of="2010-06")
        assert (found.value, found.outcome) == (80, "within")

    @pytest.mark.parametrize(
        ("select", "period", "value"),
        [
            ("at", "2008/2009", 70),
            ("nearest", "2010/2011", 60),
            ("maximum_before", "2009/2010", 90),
        ],
    )
    def test_academic_years(self, judged, select, period, value):
        years = {"2006/2007": 90, "2008/2009": 70, "2009/2010": 60}
        how = {"period_type": "academic_year"}
        counted = enumerate(years.items(), start=1)
        rows = [observation(n, v, period=year, **how) for n, (year, v) in counted]
        more = {"within_months": "1"} if select == "nearest" else {}
        tables = {"machinery": rows}
        found = judged(("about", 70), series(select, period, **more), tables=tables)
        assert found.findings[0].value == value

    def test_an_unknown_series_is_an_error(self, judged):
        with pytest.raises(DataError, match="unknown series 'fleet_unit'; did you"):
            self.find(judged, "at", "2010", name="fleet_unit")


def event(number, date, source_ids="s-2010", kind="opening"):
    row = {"event_id": f"ev{number:03}", "date": date, "kind": kind}
    return row | {"source_ids": source_ids}


DATED = {
    "events": [
        event(1, "2006"),
        event(2, "2008-03", "s-2012;s-undated"),
        event(3, "2009-07-01", "s-2009;s-2012"),
        event(4, "2009-08-01", kind="closing"),
    ]
}


class TestDated:
    def find(self, judged, select, period, said=("equals", 3), as_of=None, **options):
        how = {"input": "events", "name": "opening", "select": select, "period": period}
        return judged(said, how, as_of, DATED, options).findings[0]

    def test_a_count_takes_what_lies_in_the_span_and_was_known(self, judged):
        assert self.find(judged, "count", "..2010-06-30").value == 3
        assert self.find(judged, "count", "2008-01-01..2010-06-30").value == 2
        assert self.find(judged, "count", "2008-04-01..2010-06-30").value == 1
        found = self.find(judged, "count", "..2010-06-30", as_of="2010-12-31")
        assert (found.value, found.outcome) == (2, "below")
        assert found.source_ids == ("s-2009", "s-2010")

    def test_a_count_may_grow_while_its_span_lasts_or_sources_are_left_out(
        self, judged
    ):
        for span, options in (
            ("..2020-12-31", {}),
            ("..2010-06-30", {"primary_only": True}),
        ):
            found = self.find(judged, "count", span, ("equals", 4), **options)
            assert found.fits is None, span
            found = self.find(judged, "count", span, ("at_least", 2), **options)
            assert found.fits, span

    def test_what_is_announced_does_not_count_before_its_day(self, judged):
        found = self.find(judged, "count", "..2010", ("equals", 2), "2009-12-31")
        assert found.value == 1
        ahead = {"events": [event(1, "2011-01-01", "s-2010")]}
        how = {"input": "events", "select": "count", "period": "..2012"}
        for day, count in (("2010-12-31", 0), ("2011-01-01", 1)):
            found = judged(("equals", 1), how, day, ahead).findings[0]
            assert found.value == count, day

    def test_a_window_of_academic_years(self, judged):
        # From September 2009 to August 2011.
        dates = ("2009-08-31", "2009-09-01", "2011-08-31", "2011-09-01")
        rows = [event(number, date) for number, date in enumerate(dates)]
        how = {"input": "events", "name": "opening", "select": "count"}
        how |= {"period": "2009/2010..2010/2011"}
        found = judged(("equals", 2), how, tables={"events": rows})
        assert (found.verdict, found.findings[0].value) == ("supported", 2)

    def test_the_year_of_the_first(self, judged):
        assert self.find(judged, "first_year", "", ("equals", 2006)).fits
        assert self.find(judged, "first_year", "2008-02..", ("equals", 2008)).fits

    def test_the_wait_for_the_first(self, judged):
        found = self.find(judged, "years_to_first", "2007-07-01..", ("at_most", 1))
        assert found.value == pytest.approx(0.7, abs=0.05)  # to 1 March 2008
        assert found.fits and found.text == "0.7 years found (2008-03)"
        # Nothing came: the wait goes on, and decides once it is too long.
        late = "2009-07-02.."
        for day, fits in (("2010-06-30", None), ("2013-07-02", False)):
            found = self.find(judged, "years_to_first", late, ("at_most", 3), day)
            assert found.fits is fits, day
        assert found.text.endswith("found and more")

    def test_conditions_may_have_alternatives(self, judged):
        how = {"input": "events", "where": "kind=opening|closing", "select": "count"}
        found = judged(("equals", 4), how | {"period": "..2010"}, None, DATED)
        assert found.findings[0].value == 4

    def test_an_unknown_column_is_an_error(self, judged):
        how = {"input": "events", "where": "kinds=opening", "select": "count"}
        with pytest.raises(DataError, match="unknown column of events 'kinds'; did"):
            judged(("equals", 4), how | {"period": "..2010"}, None, DATED)
        how = series("at", "2010", where="makers=XX")
        with pytest.raises(DataError, match="unknown column of machinery 'makers'"):
            judged(("equals", 4), how, None, {"machinery": COUNTED})

    def test_nobody_looked_is_not_nothing_there(self, judged):
        how = {"input": "events", "select": "count", "period": "..2010-06-30"}
        assert judged(("equals", 0), how).verdict == "not_checkable"


class TestOthers:
    def test_a_line_from_place_to_place(self, judged):
        rows = [
            {
                "place_id": name,
                "latitude": "0",
                "longitude": east,
                "source_id": "s-2012",
            }
            for name, east in (("aa", "0"), ("bb", "1"), ("cc", "2"))
        ]
        how = {"input": "geodesic", "name": "aa;bb;cc", "select": "length"}
        found = judged(("about", 223), how, "2010", {"places": rows}).findings[0]
        assert found.value == pytest.approx(2 * 111.3195, abs=1e-3)  # two degrees
        with pytest.raises(DataError, match="unknown place 'dd'"):
            judged(("about", 1), how | {"name": "aa;dd"}, None, {"places": rows})
        assert judged(("about", 1), how).verdict == "not_checkable"

    def test_an_unknown_model_is_an_error(self, judged):
        how = {"input": "model", "name": "herd", "where": "model=cows"}
        with pytest.raises(DataError, match="unknown model 'herd'; allowed: fleet"):
            judged(("about", 1), how | {"period": "2010"})


class TestWhole:
    """Value, text, witnesses and sources of each way to select."""

    def found(self, judged, how, said=("about", 100), tables=None, as_of=None):
        one = judged(said, how, as_of, tables).findings[0]
        value = None if one.fits is None else round(one.value, 2)
        return value, one.text, one.independent, one.source_ids

    def test_series(self, judged):
        tables = {"machinery": COUNTED}
        made = [
            self.found(judged, series(select, period, **more), said, tables)
            for select, period, said, more in (
                ("at", "2008", ("about", 100), {}),
                ("at", "2010", ("about", 100), {}),
                ("at", "2009", ("about", 100), {}),
                ("nearest", "2009", ("about", 100), {"within_months": "12"}),
                ("nearest", "2009", ("about", 100), {"within_months": ""}),
                (
                    "stated",
                    "2010-07",
                    ("about", 50),
                    {"where": "maker=YY", "within_months": 1},
                ),
                ("maximum_before", "2010", ("record_high", 200), {}),
                ("maximum_before", "2009", ("record_high", 110), {}),
                ("maximum_before", "2006", ("record_high", 110), {}),
            )
        ]
        assert made == [
            (120.0, "120 found (2008)", 1, ("s-2012",)),
            (100.0, "100 found (2010)", 1, ("s-2010",)),
            (None, "", 0, ()),
            (120.0, "120 found (2008)", 1, ("s-2012",)),
            (None, "", 0, ()),
            (55.0, "55 found (2010-06)", 1, ("s-2010",)),
            (120.0, "120 found in 2008 (and 100 in 2010)", 1, ("s-2012", "s-2010")),
            (120.0, "120 found in 2008", 1, ("s-2012",)),
            (None, "", 0, ()),
        ]

    def test_events(self, judged):
        how = {"input": "events", "name": "opening"}
        made = [
            self.found(judged, how | more, ("equals", 3), DATED)
            for more in (
                {"select": "count", "period": "2006..2010"},
                {"select": "count", "period": "2007..2008"},
                {"select": "count", "period": ""},
                {"select": "count", "period": "2011..2012"},
                {"select": "first_year", "period": ""},
                {"select": "first_year", "period": "2008-04.."},
                {"select": "first_year", "period": "2011.."},
                {"select": "years_to_first", "period": "2008-01.."},
                {"select": "years_to_first", "period": "2013.."},
            )
        ]
        assert made == [
            (3.0, "3 found", 4, ("s-2009", "s-2010", "s-2012", "s-undated")),
            (1.0, "1 found", 2, ("s-2012", "s-undated")),
            (3.0, "3 found", 4, ("s-2009", "s-2010", "s-2012", "s-undated")),
            (0.0, "0 found", 0, ()),
            (2006.0, "2006 found", 1, ("s-2010",)),
            (2009.0, "2009 found", 2, ("s-2009", "s-2012")),
            (None, "", 0, ()),
            (0.08, "0.1 years found (2008-03)", 2, ("s-2012", "s-undated")),
            (None, "2.0 years found and more", 0, ()),
        ]

    def test_visits_are_dated_by_their_start(self, judged):
        visits = [
            {"visit_id": "v01", "date_start": "2009-12-31", "date_end": "2010-01-02"},
            {"visit_id": "v02", "date_start": "2010-05"},
        ]
        visits = [row | {"source_ids": "s-2010"} for row in visits]
        how = {"input": "visits", "select": "count", "period": "2010"}
        made = self.found(judged, how, ("equals", 1), {"visits": visits})
        assert made == (1.0, "1 found", 1, ("s-2010",))


def test_the_last_figure_after_a_day(court):
    rows = [observation(n, n, period=str(2008 + n)) for n in (1, 2, 3)]
    how = series("nearest", "2010", within_months="12")
    tables = {"claim_rules": [rule(1, "c01", **how)], "machinery": rows}
    data = court(tables=tables)
    (one,) = inputs.rules(data)["c01"]
    last, value = inputs.later(one, "2010-12-30", data)
    assert (str(last)[:10], value) == ("2011-12-31", 3)
    assert inputs.later(one, "2011-12-31", data) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (5.25, "5.2"),
        (999.96, "1,000.0"),
        (1000.4, "1,000"),
        (-1234.5, "-1,234"),
        (0, "0"),
    ],
)
def test_numbers_have_no_more_digits_than_they_carry(value, text):
    assert inputs.number(value) == text
