"""Numbers in a text, and which of them state no result.

Free, so that no comment with an expression has to follow, are

- years 1900-2100 that are plainly years (not "2000 tractors", "more than 2000",
  "USD 2000"), decades (the 1990s), ranges (2006–2023, 2006–23), academic years
  (2016/17), dates (30 March 2017, 29–31 March, 2017-03-30);
- ordinals (1st, 4th), numbers of list items and headings (``## 1. Trade``), references
  (section 3, step 2, table 1, exercise 4, cell 5, page 7, decree No. 145);
- codes behind their classification (SITC 7, HS 8701, ISO 3166), notebook names
  (01_trade), names written with letters and a hyphen (AB-82) or without a gap (G20);
- code (fenced or inline, unless the code is a bare number), formulas, link targets,
  HTML tags and footnote marks;
- the part **Time.** of the opening.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterator
from dataclasses import dataclass

from partnership.workshop import answers, reading
from partnership.workshop.reading import HIDDEN, Prose


@dataclass(frozen=True)
class Number:
    """A number in prose: text, value, place and comment, and whether it needs one."""

    text: str
    value: float | None
    decimals: int
    period: str
    start: int
    expression: str
    free: bool
    context: str


_SPACE = "[ \u00a0\u202f\u2009]"
_MONEY = "USD|EUR|BYN|TMT|RUB"
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
_ADJECTIVE = r"(?:[Nn]ew|[Ff]oreign|[A-Z][a-z]+)[ ]"
# A number before one of these counts something: no year, no reference, no code.
_MEASURED = rf"{_SPACE}?%|(?:{_SPACE}|-)?(?:{_MEASURE})\b"
_COUNTED = rf"{_MEASURED}|(?:{_SPACE}|-)?(?:{_ADJECTIVE})?(?:{_MEASURE}|{_THINGS})\b"
_AMOUNT = re.compile(
    rf"(?:[$€£]|\b(?:{_MONEY}|(?i:(?:more|less|fewer) than|almost|nearly|roughly|some"
    rf"|approximately|total of))){_SPACE}?$"
)
_NUMBER = re.compile(
    rf"(?:(?<![^\W_])(?P<sign>[-−–+])[$€£]?)?(?:(?<![^\W_])|(?<={_MONEY}))"
    r"(?P<digits>[0-9]{1,3}(?:[,\u00a0\u202f\u2009][0-9]{3})+(?![0-9])(?:\.[0-9]+)*"
    r"|[0-9]+(?:\.[0-9]+)*|(?<![0-9])\.[0-9]+)"
)
# What may stand between a number and its comment.
_TAIL = re.compile(rf"(?:st|nd|rd|th|s)?(?:{_SPACE}?%)?")
_YEAR = r"(?:19[0-9]{2}|20[0-9]{2}|2100)"
_MONTH = "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in month_name[1:])
_MONTH = rf"(?P<month>{_MONTH}|Sept)\b\.?"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])"
_DATES = (
    rf"(?<![\w.,])(?:{_DAY}(?:[ ]?[–-][ ]?|[ ](?:to|and|or)[ ]))*(?P<day>{_DAY})"
    rf"\s+{_MONTH}(?:\s+(?P<year>{_YEAR})(?!\w))?",
    rf"\b{_MONTH}\s+(?P<day>{_DAY}),\s+(?P<year>{_YEAR})(?!\w)",
)
_ISO = re.compile(rf"(?<![\w.-]){_YEAR}-(?:0[1-9]|1[0-2])(?:-{_DAY})?(?![\w-])")
_YEARS = re.compile(
    rf"(?<![\w.,])(?P<first>{_YEAR})(?P<gap>[ ]?[–—-][ ]?|\.\.|/)"
    rf"(?P<last>{_YEAR}|[0-9]{{2}})(?!\w|[.,][0-9])(?!{_COUNTED})"
)
_ITEM = r"[0-9][0-9.]*+"
_LABEL = re.compile(
    r"(?<![\w.,])[0-9]{1,3}(?:st|nd|rd|th)\b|(?<!\w)[0-9]{2}_[a-z]\w*|\[\^[^\]]+\]"
    r"|\b(?:(?i:section|step|table|task|exercise|chapter|cell|page|article)s?"
    rf"|(?<=[a-z][ ])[Nn]o\.)[ \u00a0][0-9]{{1,3}}+(?![.,]?[0-9])(?!{_COUNTED})"
    r"|\b(?:HS|SITC|CN|ISIC|CPC|ISO)\b(?:[ ](?:(?:section|code|chapter|heading|division"
    rf"|group)s?|[Rr]ev\.?|[Rr]evision))*[ \u00a0]{_ITEM}"
    rf"(?:(?:,[ ]|,?[ ](?:and|or|to)[ ]|[–-]){_ITEM}(?!{_COUNTED}))*"
    rf"|(?<=[^\W\d_]-){_ITEM}(?!{_COUNTED})"
)
_ADDRESS = re.compile(r"<?\b(?:https?|doi|mailto):[^\s<>)]+>?")
DOLLARS = re.compile(r"(\$\$?)((?:(?!\n[ \t]*\n)[^$])+)\1")
_WORDS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    "|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty"
)
_WORD = re.compile(rf"\b({_WORDS})$", re.I)


def numbers_in(text: Prose | str) -> list[Number]:
    """Find the numbers of a text, with the expressions that comments give them.

    Parameters
    ----------
    text : Prose or str
        A str is Markdown.

    Returns
    -------
    list of Number
        In the order of the text. ``free`` marks those that need no expression; a
        number word appears only where a comment follows it, and an expression that
        follows no number appears with an empty text.
    """
    prose = sum(reading.blocks(text), Prose()) if isinstance(text, str) else text
    seen = _ADDRESS.sub(_hidden, prose.seen)
    seen = DOLLARS.sub(lambda m: _hidden(m) if is_formula(m) else m[0], seen)
    comments, spans = dict(prose.comments), list(_free_spans(seen))
    found = [
        _number(match, seen, prose.text, spans, comments)
        for match in _NUMBER.finditer(seen)
    ]
    for at, comment in comments.items():
        word = _WORD.search(seen[:at])
        if word or not answers.fault(comment):  # any other comment is just a comment
            said, start = (word[1], word.start()) if word else ("", at)
            value = _WORDS.split("|").index(said.lower()) if word else None
            context = _context(prose.text, start, at)
            found.append(Number(said, value, 0, "", start, comment, False, context))
    return sorted(found, key=lambda number: number.start)


def _hidden(match: re.Match[str]) -> str:
    return HIDDEN * len(match[0])


def _number(match, seen, text, spans, comments) -> Number:
    """Take a number with its comment, which is then no other number's."""
    start, end = match.span("digits")
    free, period, ends = False, "", [end]
    for first, last, said in spans:
        if first <= start and end <= last:
            free = True
            if not re.search("[0-9]", seen[end:last]):
                period, ends = said, [end, last]
            break
    if not free and _is_year(seen, match):
        free, period = True, match["digits"]
    tails = (range(one, _TAIL.match(seen, one).end() + 1) for one in ends)
    places = (at for tail in tails for at in tail)
    comment = next((comments.pop(at) for at in places if at in comments), "")
    digits = re.sub(r"[^0-9.]", "", match["digits"])
    value = float(digits) if digits.count(".") < 2 else None
    if value is not None and (match["sign"] or "+") != "+":
        value = -value
    decimals = len(digits.partition(".")[2])
    context = _context(text, match.start(), end)
    return Number(match[0], value, decimals, period, start, comment, free, context)


def _context(text: str, start: int, end: int, width: int = 30) -> str:
    left = text[max(0, start - width) : start]
    right = text[end : end + width]
    if start > width:
        left = "…" + left.partition(" ")[2]
    if end + width < len(text):
        right = right.rpartition(" ")[0] + "…"
    return " ".join(f"{left}{text[start:end]}{right}".split())


def is_formula(match: re.Match[str]) -> bool:
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
        re.match(counted, text[match.end() :])
        or _AMOUNT.search(before)
        or text[match.end() : match.end() + 1] == "/"  # 2016/2018 is no period
        or before.endswith("/")
    )


def _free_spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Places of dates, year ranges, ordinals, references and codes, with the period."""
    for m in (m for pattern in _DATES for m in re.finditer(pattern, text)):
        month = [name[:3] for name in month_name].index(m["month"][:3])
        day = f"{m['year']}-{month:02d}-{int(m['day']):02d}" if m["year"] else ""
        yield *m.span(), day
    for m in _ISO.finditer(text):
        yield *m.span(), m[0]
    for m in _YEARS.finditer(text):
        first, last, academic = int(m["first"]), int(m["last"]), m["gap"] == "/"
        if last < 100:
            last += first - first % 100
            last += 100 * (last < first)  # 1999/00
        if last == first + 1 if academic else first < last <= first + 50:
            yield *m.span(), f"{first}{'/' if academic else '..'}{last}"
    for m in _LABEL.finditer(text):
        yield *m.span(), ""
