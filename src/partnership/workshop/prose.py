"""The conventions of the notebooks: facts, sources, the index, and their checks.

Numbers in prose
----------------
A number in a markdown cell that states a result is followed at once by an HTML
comment that names the value::

    Goods turnover reached 319<!--record_goods--> million US dollars.

The comment is invisible in JupyterLab and in exports.  A code cell of the same
section (from one heading of level 1 or 2 to the next heading of level 1 or 2)
prints the value under that name, or asserts it::

    facts("USD million", record_goods=turnover["value"].max())
    # prints: record_goods = 319 USD million

    assert record_goods == 319

`prose_numbers` compares the number in the sentence with the printed or asserted
value, at the precision of the sentence: 2.7 agrees with 2.66, 319 with 319.0,
14,000 with 14000.  Trailing zeros count: a sentence that says 14,000 for 13,962
binds the rounded value, ``facts(about=round(total, -3))``.  Scale words belong to the
prose, nothing is converted: for "1.4 Mt" bind 1.4, for "35 percent" bind 35.  A minus
sign (− or a hyphen) counts.  A number word may be bound too, ``eleven<!--signed-->``,
but need not be.  The comment stands directly behind the digits, or behind ``%``, an
ordinal ending or closing emphasis: ``35 %<!--share-->``, ``**319**<!--goods-->``.

What needs no name (with a comment it is checked all the same):

- years 1900-2100 that are plainly years (not "2000 tractors", "more than 2000",
  "USD 2000"), decades (the 1990s), ranges (2006–2023, 2006–23), academic years
  (2016/17), dates (30 March 2017, 29–31 March, 2017-03-30);
- ordinals (1st, 4th), numbers of list items and headings (``## 1. Trade``), references
  (section 3, step 2, table 1, exercise 4, cell 5, page 7, decree No. 145);
- codes behind their classification (SITC 7, HS 8701, ISO 3166), notebook names
  (01_trade), names written with letters and a hyphen (MTZ-82) or without a gap (G20);
- code (fenced or inline, unless the code is a bare number), formulas, link targets,
  HTML tags and footnote marks;
- the part **Time.** of the first cell.

A period can be bound as well: ``2013<!--record_year-->`` with
``facts(record_year="2013")``; an academic year prints as 2016/2017, a range as
2006..2023, a date as 2017-03-30.

The other rules are the functions of `RULES`; each takes a notebook and yields
messages, and `problems` runs them.  Only reading notebooks needs nbformat, so
``from partnership.notebooks import facts`` stays light.
"""

from __future__ import annotations

import ast
import difflib
import math
import numbers
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from partnership.workshop.reading import (
    _CODE,
    _COMMENT,
    _FENCE,
    _FILL,
    _LINK,
    _at,
    _cells,
    _hide,
    _Pattern,
    _Section,
    _sections,
    _stdout,
    _tree,
)


def facts(unit: str = "", /, **values: Any) -> None:
    """Print named values, one line each, for the sentences of a section.

    Parameters
    ----------
    unit : str, optional
        Unit of all values, as in ``facts("USD million", goods=319.0)``.
    **values : number, date or period
        One number each (Python or NumPy); or a date, or a period as text
        (``"2013"``, ``"2016/2017"``, ``"2017-03-30"``, ``"2006..2023"``).

    Raises
    ------
    TypeError
        If a value is not one number, date or period, or no value is given.
    ValueError
        If a value is missing or infinite.

    Notes
    -----
    Integers print in full, other numbers with six significant digits and at least two
    decimals, so that the last digits of a float never make an output differ.

    Examples
    --------
    >>> facts("USD million", record_goods=319.0, change=-12.345678)
    record_goods = 319 USD million
    change = -12.3457 USD million
    >>> facts(record_year="2013")
    record_year = 2013
    """
    if not isinstance(unit, str):
        raise TypeError(f"facts() takes names, facts(total={unit!r}), and a unit first")
    if not values:
        raise TypeError("facts() needs at least one named value: facts(total=319)")
    for name, value in values.items():
        print(f"{name} = {_printed(name, value)} {unit}".rstrip())


_PERIOD = _Pattern(
    r"\d{4}(?:/\d{4}|-\d\d(?:-\d\d)?)?(?:\.\.\d{4}(?:/\d{4}|-\d\d(?:-\d\d)?)?)?"
)


def _printed(name: str, value: Any) -> str:
    """One value as `facts` prints it."""
    if hasattr(value, "isoformat"):  # a date; pandas' NaT gives "NaT", not a period
        value = value.isoformat()[:10]
    if isinstance(value, str):
        if _PERIOD.fullmatch(value):
            return value
        raise TypeError(f"{name} = {value!r}: facts() prints numbers, dates, periods")
    is_bool = type(value).__name__ in ("bool", "bool_")
    # A one-element Series has __float__ as well, but a sentence needs one number.
    if is_bool or not hasattr(value, "__float__") or hasattr(value, "__len__"):
        kind = type(value).__name__
        raise TypeError(f"{name}: facts() prints one number a name, not a {kind}")
    if isinstance(value, numbers.Integral):
        return str(int(value))
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{name} = {number}: a sentence cannot rest on this value")
    if number == 0 or number.is_integer():
        return str(int(number))
    decimals = max(2, 5 - math.floor(math.log10(abs(number))))
    text = f"{number:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


@dataclass(frozen=True)
class Number:
    """A number in prose: its text, value, place and name, and whether it needs one."""

    text: str
    value: float | None
    decimals: int
    period: str
    start: int
    name: str
    free: bool
    context: str


_SPACE = "[ \u00a0\u202f\u2009]"


_MEASURE = (
    r"million|billion|thousand|hundred|bn|mln|percent|per cent|percentage|points?"
    r"|times|dollars?|euros?|roubles?|USD|EUR|BYN|t|kt|Mt|kg|tonnes?|tons?|m|km"
    r"|kilometres?|ha|hectares?|kW|MW|GWh|bcm"
)


_THINGS = (
    r"tractors|trucks|vehicles|machines|buses|wagons|units|pieces|deliveries|students"
    r"|graduates|people|persons|places|workers|jobs|engineers|documents|visits"
    r"|agreements|observations|statements|rows|sources|products|mentions|companies"
    r"|years|months|weeks|days|hours|minutes"
)


_ADJECTIVE = r"(?:[Nn]ew|[Ff]oreign|Turkmen|Belarus(?:ian)?)[ ]"


# A number before one of these counts something: no year, no reference, no code.
_COUNTED = _Pattern(
    rf"{_SPACE}?%|(?:{_SPACE}|-)?(?:{_ADJECTIVE})?(?:{_MEASURE}|{_THINGS})\b"
)


_MEASURED = _Pattern(rf"{_SPACE}?%|(?:{_SPACE}|-)?(?:{_MEASURE})\b")


_AMOUNT = _Pattern(
    r"(?:[$€£]|\b(?:USD|EUR|BYN|TMT|RUB)|\b(?:[Mm]ore|[Ll]ess|[Ff]ewer) than"
    r"|\b(?:[Aa]lmost|[Nn]early|[Rr]oughly|[Aa]pproximately|[Ss]ome|[Tt]otal of))"
    rf"{_SPACE}?$"
)


_NUMBER = _Pattern(
    r"(?:(?<![^\W_])(?P<sign>[-−–+])[$€£]?)?"
    r"(?:(?<![^\W_])|(?<=USD)|(?<=EUR)|(?<=BYN)|(?<=TMT)|(?<=RUB))"
    r"(?P<digits>[0-9]{1,3}(?:[,\u00a0\u202f\u2009][0-9]{3})+(?![0-9])(?:\.[0-9]+)*"
    r"|[0-9]+(?:\.[0-9]+)*|(?<![0-9])\.[0-9]+)"
)


# What may stand between a number and its comment.
_TAIL = _Pattern(r"(?:st|nd|rd|th|s)?(?:" + _SPACE + r"?%)?[*_`]{0,3}")


_YEAR = r"(?:19[0-9]{2}|20[0-9]{2}|2100)"


_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


_MONTH = "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in _MONTHS)


_MONTH = rf"(?P<month>{_MONTH}|Sept)\b\.?"


_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])"


_DATE = _Pattern(
    rf"(?<![\w.,])(?:{_DAY}(?:[ ]?[–-][ ]?|[ ](?:to|and|or)[ ]))*(?P<day>{_DAY})"
    rf"\s+{_MONTH}(?:\s+(?P<year>{_YEAR})(?!\w))?"
)


_US_DATE = _Pattern(rf"\b{_MONTH}\s+(?P<day>{_DAY}),\s+(?P<year>{_YEAR})(?!\w)")


_ISO = _Pattern(rf"(?<![\w.-]){_YEAR}-(?:0[1-9]|1[0-2])(?:-{_DAY})?(?![\w-])")


_YEARS = _Pattern(
    rf"(?<![\w.,])(?P<first>{_YEAR})(?P<gap>[ ]?[–—-][ ]?|\.\.|/)"
    rf"(?P<last>{_YEAR}|[0-9]{{2}})(?!\w|[.,][0-9])"
)


_ITEM = r"[0-9][0-9.]*+"


_LABELS = [
    _Pattern(r"(?<![\w.,])[0-9]{1,3}(?:st|nd|rd|th)\b"),
    _Pattern(r"(?<!\w)[0-9]{2}_[a-z]\w*"),
    _Pattern(r"^[ \t>]*#{1,6}[ \t]+[0-9]{1,2}(?:\.[0-9]{1,2})*\.(?=\s)", re.M),
    _Pattern(
        r"\b(?:[Ss]ections?|[Ss]teps?|[Tt]ables?|[Tt]asks?|[Ee]xercises?|[Cc]hapters?"
        r"|[Cc]ells?|[Pp]ages?|[Aa]rticles?|(?<=[a-z][ ])[Nn]o\.)[ \u00a0][0-9]{1,3}+"
        rf"(?![.,]?[0-9])(?!{_COUNTED.pattern})"
    ),
    _Pattern(
        r"\b(?:HS|SITC|CN|ISIC|CPC|ISO)\b(?:[ ](?:sections?|codes?|chapters?|headings?"
        rf"|divisions?|groups?|[Rr]ev\.?|[Rr]evision))*[ \u00a0]{_ITEM}"
        rf"(?:(?:,[ ]|,?[ ](?:and|or|to)[ ]|[–-]){_ITEM}(?!{_COUNTED.pattern}))*"
    ),
    _Pattern(rf"(?<=[^\W\d_]-){_ITEM}(?!{_COUNTED.pattern})"),
    _Pattern(r"\[\^[^\]]+\]"),
]


_TAG = _Pattern(r"</?[A-Za-z][^<>]*>|&(?:#[0-9]+|#x[0-9A-Fa-f]+|[A-Za-z]+);")


_DOLLARS = _Pattern(r"(\$\$?)((?:(?!\n[ \t]*\n)[^$])+)\1")


_BULLET = _Pattern(r"[ \t>]*(?P<item>(?P<n>[0-9]{1,2})[.)])(?=\s)")


_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
    *("seventeen", "eighteen", "nineteen", "twenty"),
)


_WORD = _Pattern(rf"\b({'|'.join(_WORDS)})[*_]{{0,3}}$", re.I)


def numbers_in(text: str) -> list[Number]:
    """Find the numbers of a markdown text, with the names that comments give them.

    Parameters
    ----------
    text : str
        Markdown.

    Returns
    -------
    list of Number
        In the order of the text.  ``free`` marks those that need no name; a number
        word appears only where a comment follows it, and a comment that names a value
        but follows no number appears with an empty text.
    """
    masked = _hide(_FENCE, text)
    # A bare number in code type is a number in prose that would like to hide.
    masked = _CODE.sub(
        lambda m: m[0] if _NUMBER.fullmatch(m["code"].strip()) else _FILL * len(m[0]),
        masked,
    )
    clean, seen, names = _without_comments(text, masked)
    for pattern in (_LINK, _TAG):
        seen = _hide(pattern, seen)
    seen = _DOLLARS.sub(lambda m: _FILL * len(m[0]) if _is_formula(m) else m[0], seen)
    spans = _free_spans(seen)
    found = []
    for match in _NUMBER.finditer(seen):
        start, end = match.span("digits")
        span = next((s for s in spans if s[0] <= start and end <= s[1]), None)
        period = ""
        ends = {end}
        if span and not re.search("[0-9]", seen[end : span[1]]):
            period = span[2]
            ends.add(span[1])
        name = ""
        for place in sorted(ends):
            for at in range(place, _TAIL.match(seen, place).end() + 1):
                name = name or names.pop(at, "")
        free = span is not None
        if not free and _is_year(seen, match):
            free, period = True, match["digits"]
        digits = re.sub(r"[^0-9.]", "", match["digits"])
        value = float(digits) if digits.count(".") < 2 else None
        if value is not None and match["sign"] and match["sign"] != "+":
            value = -value
        decimals = len(digits.partition(".")[2])
        found.append(
            Number(
                match[0],
                value,
                decimals,
                period,
                start,
                name,
                free,
                _context(clean, match.start(), end),
            )
        )
    for at, name in names.items():
        word = _WORD.search(seen[:at])
        place = word.start() if word else at
        if word or name.isidentifier():  # any other comment is just a comment
            found.append(
                Number(
                    word[1] if word else "",
                    float(_WORDS.index(word[1].lower())) if word else None,
                    0,
                    "",
                    place,
                    name,
                    False,
                    _context(clean, place, at),
                )
            )
    return sorted(found, key=lambda number: number.start)


def _without_comments(text: str, masked: str) -> tuple[str, str, dict[int, str]]:
    """Text and masked text without comments, and the comments by their place there."""
    clean, seen, names, last, removed = [], [], {}, 0, 0
    for match in _COMMENT.finditer(masked):
        clean.append(text[last : match.start()])
        seen.append(masked[last : match.start()])
        place, name = match.start() - removed, match[1].strip()
        names[place] = f"{names[place]} {name}" if place in names else name
        removed += len(match[0])
        last = match.end()
    return "".join([*clean, text[last:]]), "".join([*seen, masked[last:]]), names


def _context(text: str, start: int, end: int, width: int = 30) -> str:
    left = text[max(0, start - width) : start]
    right = text[end : end + width]
    if start > width:
        left = "…" + left.partition(" ")[2]
    if end + width < len(text):
        right = right.rpartition(" ")[0] + "…"
    return " ".join(f"{left}{text[start:end]}{right}".split())


def _is_formula(match: re.Match[str]) -> bool:
    """Whether the text between dollar signs is a formula and not prose."""
    mark, inside = match.groups()
    if mark == "$$":
        return True
    words = re.search(r"(?<![\\{A-Za-z])[A-Za-z]{2,} [A-Za-z]{2,}", inside)
    return not words and not re.match(r"[\s0-9]", inside) and inside == inside.rstrip()


def _is_year(text: str, match: re.Match[str]) -> bool:
    """Whether a number is plainly a year."""
    if match["sign"] or not re.fullmatch(_YEAR, match["digits"]):
        return False
    before = text[max(0, match.start() - 20) : match.start()]
    # "The 2013 deliveries" has a year, "2000 deliveries" has not.
    counted = _MEASURED if re.search(r"\b[Tt]he $", before) else _COUNTED
    return not (
        counted.match(text, match.end())
        or _AMOUNT.search(before)
        or text[match.end() : match.end() + 1] == "/"  # 2016/2018 is no period
        or before.endswith("/")
    )


def _free_spans(text: str) -> list[tuple[int, int, str]]:
    """Places of dates, year ranges, ordinals, references and codes, with the period."""
    spans = []
    for pattern in (_DATE, _US_DATE):
        for m in pattern.finditer(text):
            month = [name[:3] for name in _MONTHS].index(m["month"][:3]) + 1
            day = f"{month:02d}-{int(m['day']):02d}"
            spans.append((*m.span(), f"{m['year']}-{day}" if m["year"] else ""))
    for m in _ISO.finditer(text):
        spans.append((*m.span(), m[0]))
    for m in _YEARS.finditer(text):
        first, last = int(m["first"]), m["last"]
        last = int(last) if len(last) == 4 else first - first % 100 + int(last)
        if last < first and len(m["last"]) == 2:
            last += 100  # 1999/00
        academic = m["gap"] == "/"
        fits = last == first + 1 if academic else first < last <= first + 50
        if fits and not _COUNTED.match(text, m.end()):
            spans.append((*m.span(), f"{first}{'/' if academic else '..'}{last}"))
    for pattern in _LABELS:
        spans.extend((*m.span(), "") for m in pattern.finditer(text))
    return [*spans, *_bullets(text)]


def _bullets(text: str) -> Iterator[tuple[int, int, str]]:
    """Numbers of list items; a wrapped line that starts with "35." is no list."""
    place, blank, listed = 0, True, False
    for line in text.split("\n"):
        match = _BULLET.match(line)
        if match and (blank or listed or match["n"] == "1"):
            yield place + match.start("item"), place + match.end("item"), ""
            listed = True
        blank = not line.strip()
        listed = listed and not blank
        place += len(line) + 1


@dataclass(frozen=True)
class _Fact:
    """A value that a code cell prints or asserts under a name."""

    text: str
    value: float | None
    where: str


_LINE = _Pattern(r"^(?P<name>[^\W\d]\w*) = (?P<value>\S+)(?: .*)?$", re.M)


def _facts_of(section: _Section) -> dict[str, list[_Fact]]:
    """Values bound by the executed code cells of a section."""
    bound: dict[str, list[_Fact]] = {}
    for number, cell in section.code:
        failed = any(one.output_type == "error" for one in cell.outputs)
        if failed or not cell.get("execution_count"):
            continue
        where = _at(number, cell)
        for line in _LINE.finditer(_stdout(cell)):
            text = line["value"]
            if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", text):
                fact = _Fact(text, float(text), where)
            elif _PERIOD.fullmatch(text):
                fact = _Fact(text, None, where)
            else:
                continue
            bound.setdefault(line["name"], []).append(fact)
        for name, value in _asserted(cell.source):
            bound.setdefault(name, []).append(_Fact(f"{value:g}", value, where))
    return bound


def _asserted(source: str) -> Iterator[tuple[str, float]]:
    """Names and numbers of ``assert name == 319``, ``assert round(name, 1) == 2.7``."""
    tree = _tree(source)
    for statement in tree.body if tree else []:
        if not isinstance(statement, ast.Assert):
            continue
        tests = [statement.test]
        if isinstance(statement.test, ast.BoolOp) and isinstance(
            statement.test.op, ast.And
        ):
            tests = statement.test.values
        for test in tests:
            if not (
                isinstance(test, ast.Compare)
                and len(test.ops) == 1
                and isinstance(test.ops[0], ast.Eq)
            ):
                continue
            left = test.left
            if isinstance(left, ast.Call) and ast.unparse(left.func) == "round":
                left = left.args[0]
            try:
                value = ast.literal_eval(test.comparators[0])
            except ValueError:
                continue
            if isinstance(left, ast.Name) and isinstance(value, (int, float)):
                yield left.id, float(value)


def _agrees(number: Number, fact: _Fact) -> bool:
    """Whether a sentence says what was computed, at the precision of the sentence."""
    if number.period and number.period == fact.text:
        return True
    if fact.value is None or number.value is None:
        return False
    half = 0.5 * 10.0**-number.decimals
    return abs(number.value - fact.value) <= half * (1 + 1e-9) + 1e-12 * abs(fact.value)


def prose_numbers(notebook: Any) -> Iterator[str]:
    """Check that every number of the prose agrees with a value of its section."""
    sections = _sections(notebook)
    bound = [_facts_of(section) for section in sections]
    first = next((n for n, _ in _cells(notebook, "markdown")), 0)
    for section, here in zip(sections, bound, strict=True):
        for cell_number, cell, text in section.prose:
            if cell_number == first:
                text = re.sub(
                    r"^\*\*Time\.\*\*.*?(?=\n[ \t]*\n|\Z)", "", text, flags=re.M | re.S
                )
            for number in numbers_in(text):
                message = _judge(number, section, here, sections, bound)
                if message:
                    yield f"{_at(cell_number, cell)}, section “{section.title}”: " + (
                        f"{message} [“{number.context}”]"
                    )


def _judge(
    number: Number,
    section: _Section,
    here: dict[str, list[_Fact]],
    sections: list[_Section],
    bound: list[dict[str, list[_Fact]]],
) -> str:
    """What is wrong with one number, and the way out; nothing if all is well."""
    name, text = number.name, number.text
    if not name:
        if number.free:
            return ""
        return (
            f"{text} is bound to no value: write {text}<!--name--> and, in a code cell "
            "of this section, facts(name=...)"
        )
    if not text:
        return (
            f"<!--{name}--> follows no number: put it right behind the digits, "
            f"319<!--{name}--> million"
        )
    if not name.isidentifier():
        return f"{text}<!--{name}-->: the comment behind a number must be one name"
    if name not in here:
        homes = [s.title for s, b in zip(sections, bound, strict=True) if name in b]
        if homes:
            hint = f"it is bound in section “{homes[0]}” only: repeat it here, "
        elif near := difflib.get_close_matches(name, here, n=1):
            hint = f"did you mean {near[0]}? Otherwise "
        else:
            hint = "add "
        return (
            f"{text} is named {name}, which no code cell of this section prints or "
            f"asserts; {hint}facts({name}=...)"
        )
    for fact in here[name]:
        if not _agrees(number, fact):
            return (
                f"{text} is named {name}, but {fact.where} has {name} = {fact.text}; "
                f"{_hint(number, fact)}"
            )
    return ""


def _hint(number: Number, fact: _Fact) -> str:
    value, said, text = fact.value, number.value, number.text
    if value and said:
        for factor in (100, 1e3, 1e6, 1e9):
            for scaled in (value * factor, value / factor):
                if math.isclose(scaled, said, rel_tol=0.005):
                    return (
                        "nothing is converted: bind the number in the unit of the "
                        "sentence"
                    )
        if math.isclose(value, -said, rel_tol=0.005):
            return "the sign differs: bind the number as the sentence has it"
        if text.endswith("0") and math.isclose(value, said, rel_tol=0.05):
            return "correct the sentence, or bind the rounded value, round(..., -2)"
    return "correct the sentence or the name"
