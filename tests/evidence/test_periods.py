"""Periods: what each text form means, and what is refused."""

from datetime import date

import pandas as pd
import pytest

from partnership.evidence import periods


@pytest.mark.parametrize(
    ("text", "kind", "start", "end"),
    [
        ("2016", "calendar_year", date(2016, 1, 1), date(2016, 12, 31)),
        ("2016/2017", "academic_year", date(2016, 9, 1), date(2017, 8, 31)),
        ("2016-02", "month", date(2016, 2, 1), date(2016, 2, 29)),
        ("2017-03-30", "date", date(2017, 3, 30), date(2017, 3, 30)),
        ("2018-01..2018-09", "partial_year", date(2018, 1, 1), date(2018, 9, 30)),
        ("2009..2017", "range", date(2009, 1, 1), date(2017, 12, 31)),
        ("2009-12..2017-08", "range", date(2009, 12, 1), date(2017, 8, 31)),
    ],
)
def test_first_and_last_day(text, kind, start, end):
    assert periods.parse(text, kind) == (start, end)


def test_undated_has_no_days():
    assert periods.parse("", "undated") is None


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("2016/2018", "academic_year", "follow each other"),
        ("2016", "academic_year", "does not fit academic_year"),
        ("2016-13", "month", "no date"),
        ("2017-02-29", "date", "no date"),
        ("2017..2009", "range", "ends before it starts"),
        ("2016", "undated", "does not fit undated"),
        ("2016", "year", "unknown"),
    ],
)
def test_refused(text, kind, message):
    with pytest.raises(ValueError, match=message):
        periods.parse(text, kind)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2016", "calendar_year"),
        ("2016/2017", "academic_year"),
        ("2016-05", "month"),
        ("2016-05-11", "date"),
        ("2016-01..2016-09", "partial_year"),
        ("2009..2017", "range"),
    ],
)
def test_kind_is_the_first_whose_form_fits(text, kind):
    assert periods.kind(text) == kind
    with pytest.raises(ValueError, match="allowed are 2016; 2016/2017"):
        periods.kind(text + "?")


def test_what_is_refused_word_for_word():
    for text in ("2016-13", "2017-02-29", "201", "2016-1", "", "May"):
        with pytest.raises(ValueError, match="is no date"):
            periods.bounds(text)
    assert periods.span("2016/2017") == (date(2016, 9, 1), date(2017, 8, 31))
    assert periods.span("2016-02") == (date(2016, 2, 1), date(2016, 2, 29))


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2019/20", "2019/2020"),
        (" 2019-2020 ", "2019/2020"),
        ("2019–20", "2019/2020"),
        ("1999/00", "1999/2000"),
        ("2019/21", ""),
        ("2019", ""),
        ("2019/20-1", ""),
        ("in 2019/20", ""),
    ],
)
def test_an_academic_year_however_it_is_written(text, year):
    assert periods.academic_year(text) == year


def test_periods_that_touch_a_year():
    written = ["2016", "2017", "2016/2017", "2015..2016", "2016-12..2017-01", "", None]
    written = pd.Series([*written, "2017-01-01", "2016-12"], [*"abcdefghi"])

    def touched(year):
        found = periods.touching(written, year)
        assert found.dtype == bool and found.index.equals(written.index)
        return "".join(found.index[found])

    assert touched("2016") == "acdei"
    assert touched("2017") == "bceh"
    assert touched("2016-12") == "acdei"
    assert touched("2016/17") == "c"
    assert touched("2017-01-01") == "bceh"
    with pytest.raises(ValueError, match="'soon' is no date"):
        periods.touching(written, "soon")


def test_ends_of_spans():
    first, last = periods.ends([(date(2016, 1, 1), date(2016, 12, 31)), None])
    assert [str(day) for day in (*first, *last)] == [
        *("2016-01-01 00:00:00", "NaT", "2016-12-31 00:00:00", "NaT")
    ]
