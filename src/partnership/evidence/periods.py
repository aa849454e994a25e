"""The time a figure is about: one text form a kind of period."""

import re
from calendar import monthrange
from datetime import date

import pandas as pd

_POINT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)

_DATE = r"\d{4}-\d{2}(-\d{2})?"
_ANY = r"\d{4}(-\d{2}(-\d{2})?)?"
FORMS = {
    "calendar_year": (r"\d{4}", "2016"),
    "academic_year": (r"\d{4}/\d{4}", "2016/2017"),
    "month": (r"\d{4}-\d{2}", "2016-05"),
    "date": (_DATE, "2016-05-11, or 2016-05 where the day is not known"),
    "partial_year": (
        rf"\d{{4}}|{_DATE}\.\.{_DATE}",
        "2016-01..2016-09, or 2016 where the months are not stated",
    ),
    "range": (rf"{_ANY}\.\.{_ANY}", "2009..2017, 2009-12..2017-08"),
    "undated": ("", "empty"),
}
"""By type of period: the form of its text, and an example."""


ACADEMIC = re.compile(r"(\d{4})\s?[-–/]\s?(\d{4}|\d{2})(?![\d-])", re.ASCII)
"""How people write academic years: 2019/20, 2019-2020; see `academic_year`."""


def academic_year(found: str | re.Match[str]) -> str:
    """Write an academic year as the data do: 2019/20 as 2019/2020.

    Parameters
    ----------
    found : str or re.Match
        A text, or a match of `ACADEMIC` in one.

    Returns
    -------
    str
        Empty where the years do not follow each other.
    """
    match = ACADEMIC.fullmatch(found.strip()) if isinstance(found, str) else found
    following = str(int(match[1]) + 1) if match else ""
    fits = match and following.endswith(match[2])
    return f"{match[1]}/{following}" if fits else ""


def touching(written: pd.Series, year: str) -> pd.Series:
    """Tell which periods touch a year, a month or a day, or are an academic year.

    Parameters
    ----------
    written : pandas.Series
        Periods as the data write them, or years; what is missing touches nothing.
    year : str
        ``2019``, ``2017-03``, ``2019/20``.

    Returns
    -------
    pandas.Series of bool

    Raises
    ------
    ValueError
        If it is no year.
    """
    # As objects, since a column of text keeps what is missing.
    texts = written.astype(object).where(written.notna(), "").astype(str)
    named = academic_year(year)
    if named:
        return texts == named
    first, last = bounds(year)

    def fits(text):
        span = parse(text, kind(text)) if text else None
        return bool(span) and span[0] <= last and span[1] >= first

    return texts.map({text: fits(text) for text in texts.unique()}).astype(bool)


def kind(period: str) -> str:
    """First type of `FORMS` whose form a text has.

    Raises
    ------
    ValueError
        If it has the form of none.
    """
    for name, (pattern, _) in FORMS.items():
        if re.fullmatch(pattern, period, re.ASCII):
            return name
    examples = "; ".join(example for _, example in FORMS.values())
    raise ValueError(f"period {period!r}: allowed are {examples}")


def bounds(text: str) -> tuple[date, date]:
    """First and last day of a year, a month or a day written in ISO form.

    Parameters
    ----------
    text : str
        ``2016``, ``2016-05`` or ``2016-05-11``.

    Returns
    -------
    tuple of datetime.date

    Raises
    ------
    ValueError
        If the text has another form or names a day that does not exist.
    """
    found = _POINT.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no date; write 2016, 2016-05 or 2016-05-11")
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except ValueError as error:
        raise ValueError(f"{text!r} is no date: {error}") from None


def span(text: str) -> tuple[date, date]:
    """First and last day of a year, an academic year, a month or a day."""
    return parse(text, "academic_year") if "/" in text else bounds(text)


def ends(spans) -> tuple[pd.DatetimeIndex, pd.DatetimeIndex]:
    """First and last days of spans, as two indexes; NaT where there is no span."""
    spans = [span or (None, None) for span in spans]
    first, last = (pd.to_datetime([span[side] for span in spans]) for side in (0, 1))
    return first, last


def parse(period: str, period_type: str) -> tuple[date, date] | None:
    """First and last day of a period.

    Parameters
    ----------
    period : str
        The period as the data write it.
    period_type : str
        One of the keys of `FORMS`.

    Returns
    -------
    tuple of datetime.date, or None
        None for an undated row. An academic year runs from September to August.

    Raises
    ------
    ValueError
        If the text does not have the form of its type, if an academic year does not
        join two years that follow each other, or if a span ends before it starts.
    """
    if period_type not in FORMS:
        known = f"allowed: {', '.join(FORMS)}"
        raise ValueError(f"period type {period_type!r} is unknown; {known}")
    form, example = FORMS[period_type]
    if not re.fullmatch(form, period, re.ASCII):
        odd = f"period {period!r} does not fit {period_type}"
        raise ValueError(f"{odd}; write {example}")
    if period_type == "undated":
        return None
    if period_type == "academic_year":
        first, second = map(int, period.split("/"))
        if second != first + 1:
            odd = f"academic year {period!r}"
            raise ValueError(f"{odd} must join two years that follow each other")
        return date(first, 9, 1), date(second, 8, 31)
    first, _, last = period.partition("..")
    start, end = bounds(first)[0], bounds(last or first)[1]
    if end < start:
        raise ValueError(f"period {period!r} ends before it starts")
    return start, end
