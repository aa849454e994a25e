"""Periods: what each text form means, and what is refused."""

from datetime import date

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
