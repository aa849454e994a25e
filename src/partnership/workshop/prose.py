"""Numbers in prose, titles and alt texts agree with values.

A number in a markdown cell that states a result is followed at once by an HTML comment
with a Python expression::

    Goods turnover reached 319<!--goods.value.max()--> million US dollars in
    2013<!--goods.value.idxmax()-->.

The comment is invisible in JupyterLab and in exports. The kernel answers the expression
when the section has run (from one heading of level 1 or 2 to the next), and the number
is compared with the answer at the precision of the sentence: 2.7 agrees with 2.66, 319
with 319.0, 14,000 with 14000. Trailing zeros count: a sentence that says 14,000 for
13,962 asks for ``round(total, -3)``. Scale words belong to the prose, nothing is
converted: for "1.4 Mt" the answer is 1.4, for "35 percent" 35. A minus sign (− or a
hyphen) counts. A number word may be bound too, ``eleven<!--len(signed)-->``, but need
not be. The comment stands directly behind the digits, or behind ``%``, an ordinal
ending or closing emphasis. A period can be bound as well: an academic year is answered
as 2016/2017, a range as 2006..2023, a date as 2017-03-30. A number that is quoted, and
no value of ours, is marked ``9,000<!--quoted-->``.

What needs no comment (with one it is checked all the same):

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

A notebook that still calls `facts` names printed values instead, ``319<!--name-->``,
and is checked against its outputs.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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
_COUNTED = re.compile(
    rf"{_SPACE}?%|(?:{_SPACE}|-)?(?:{_ADJECTIVE})?(?:{_MEASURE}|{_THINGS})\b"
)
_MEASURED = re.compile(rf"{_SPACE}?%|(?:{_SPACE}|-)?(?:{_MEASURE})\b")
_AMOUNT = re.compile(
    r"(?:[$€£]|\b(?:USD|EUR|BYN|TMT|RUB)|\b(?:[Mm]ore|[Ll]ess|[Ff]ewer) than"
    r"|\b(?:[Aa]lmost|[Nn]early|[Rr]oughly|[Aa]pproximately|[Ss]ome|[Tt]otal of))"
    rf"{_SPACE}?$"
)
_NUMBER = re.compile(
    r"(?:(?<![^\W_])(?P<sign>[-−–+])[$€£]?)?"
    r"(?:(?<![^\W_])|(?<=USD)|(?<=EUR)|(?<=BYN)|(?<=TMT)|(?<=RUB))"
    r"(?P<digits>[0-9]{1,3}(?:[,\u00a0\u202f\u2009][0-9]{3})+(?![0-9])(?:\.[0-9]+)*"
    r"|[0-9]+(?:\.[0-9]+)*|(?<![0-9])\.[0-9]+)"
)
# What may stand between a number and its comment.
_TAIL = re.compile(r"(?:st|nd|rd|th|s)?(?:" + _SPACE + r"?%)?")
_YEAR = r"(?:19[0-9]{2}|20[0-9]{2}|2100)"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_MONTH = "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in _MONTHS)
_MONTH = rf"(?P<month>{_MONTH}|Sept)\b\.?"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])"
_DATE = re.compile(
    rf"(?<![\w.,])(?:{_DAY}(?:[ ]?[–-][ ]?|[ ](?:to|and|or)[ ]))*(?P<day>{_DAY})"
    rf"\s+{_MONTH}(?:\s+(?P<year>{_YEAR})(?!\w))?"
)
_US_DATE = re.compile(rf"\b{_MONTH}\s+(?P<day>{_DAY}),\s+(?P<year>{_YEAR})(?!\w)")
_ISO = re.compile(rf"(?<![\w.-]){_YEAR}-(?:0[1-9]|1[0-2])(?:-{_DAY})?(?![\w-])")
_YEARS = re.compile(
    rf"(?<![\w.,])(?P<first>{_YEAR})(?P<gap>[ ]?[–—-][ ]?|\.\.|/)"
    rf"(?P<last>{_YEAR}|[0-9]{{2}})(?!\w|[.,][0-9])"
)
_ITEM = r"[0-9][0-9.]*+"
_LABELS = [
    re.compile(r"(?<![\w.,])[0-9]{1,3}(?:st|nd|rd|th)\b"),
    re.compile(r"(?<!\w)[0-9]{2}_[a-z]\w*"),
    re.compile(
        r"\b(?:[Ss]ections?|[Ss]teps?|[Tt]ables?|[Tt]asks?|[Ee]xercises?|[Cc]hapters?"
        r"|[Cc]ells?|[Pp]ages?|[Aa]rticles?|(?<=[a-z][ ])[Nn]o\.)[ \u00a0][0-9]{1,3}+"
        rf"(?![.,]?[0-9])(?!{_COUNTED.pattern})"
    ),
    re.compile(
        r"\b(?:HS|SITC|CN|ISIC|CPC|ISO)\b(?:[ ](?:sections?|codes?|chapters?|headings?"
        rf"|divisions?|groups?|[Rr]ev\.?|[Rr]evision))*[ \u00a0]{_ITEM}"
        rf"(?:(?:,[ ]|,?[ ](?:and|or|to)[ ]|[–-]){_ITEM}(?!{_COUNTED.pattern}))*"
    ),
    re.compile(rf"(?<=[^\W\d_]-){_ITEM}(?!{_COUNTED.pattern})"),
    re.compile(r"\[\^[^\]]+\]"),
]
_ADDRESS = re.compile(r"<?\b(?:https?|doi|mailto):[^\s<>)]+>?")
DOLLARS = re.compile(r"(\$\$?)((?:(?!\n[ \t]*\n)[^$])+)\1")
_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
    *("seventeen", "eighteen", "nineteen", "twenty"),
)
_WORD = re.compile(rf"\b({'|'.join(_WORDS)})$", re.I)


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
    prose = reading.prose(text) if isinstance(text, str) else text
    seen = _ADDRESS.sub(_hidden, prose.seen)
    seen = DOLLARS.sub(lambda m: _hidden(m) if is_formula(m) else m[0], seen)
    comments, spans = dict(prose.comments), _free_spans(seen)
    found = [
        _number(match, seen, prose.text, spans, comments)
        for match in _NUMBER.finditer(seen)
    ]
    for at, comment in comments.items():
        word = _WORD.search(seen[:at])
        start = word.start() if word else at
        if word or not answers.fault(comment):  # any other comment is just a comment
            said, value = (
                (word[1], _WORDS.index(word[1].lower())) if word else ("", None)
            )
            context = _context(prose.text, start, at)
            found.append(Number(said, value, 0, "", start, comment, False, context))
    return sorted(found, key=lambda number: number.start)


def _hidden(match: re.Match[str]) -> str:
    return HIDDEN * len(match[0])


def _number(match, seen, text, spans, comments) -> Number:
    """Take a number with its comment, which is then no other number's."""
    start, end = match.span("digits")
    span = next((s for s in spans if s[0] <= start and end <= s[1]), None)
    period, ends = "", {end}
    if span and not re.search("[0-9]", seen[end : span[1]]):
        period = span[2]
        ends.add(span[1])
    comment = ""
    for place in sorted(ends):
        for at in range(place, _TAIL.match(seen, place).end() + 1):
            comment = comment or comments.pop(at, "")
    free = span is not None
    if not free and _is_year(seen, match):
        free, period = True, match["digits"]
    digits = re.sub(r"[^0-9.]", "", match["digits"])
    value = float(digits) if digits.count(".") < 2 else None
    if value is not None and match["sign"] and match["sign"] != "+":
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
    return spans


# ---- what the kernel says ----

QUOTED = "quoted"


@dataclass(frozen=True)
class Question:
    """A number of the prose and the expression that the kernel answers.

    Attributes
    ----------
    cell, after : int
        Number of the markdown cell, and of the code cell after which to ask: the last
        one before the section ends; 0 if there is none.
    stored : dict or None
        The answer that the file holds.
    """

    cell: int
    section: str
    number: Number
    after: int
    stored: Mapping[str, str] | None

    def fault(
        self, answer: Mapping[str, str], stored: Mapping[str, str] | None = None
    ) -> str:
        """Say where a sentence and an answer disagree; else nothing.

        Parameters
        ----------
        answer : mapping
            As `answers.answer` gives it.
        stored : mapping, optional
            What the file should hold: the same answer.
        """
        number, expected = self.number, answer.get("answer")
        if not self.after:
            found = "expected a code cell before the end of the section, found none"
        elif expected is None:
            found = f"expected a value, {answer['error']}"
        elif not agrees(number, expected):
            said = number.period or number.text
            found = f"expected {expected}, found {said}; {hint(number, expected)}"
        elif stored is not None and stored != answer:
            kept = stored.get("answer", "nothing")
            where = " ".join(answer.get(name, "") for name in ("table", "row")).strip()
            found = f"expected {expected} {where}".rstrip()
            found += f", found {kept} in the file: run the notebook"
        else:
            return ""
        return f"{self.at}: {number.expression}: {found} [“{number.context}”]"

    @property
    def at(self) -> str:
        """Cell and section, as messages name them."""
        return f"cell {self.cell} (markdown), section “{self.section}”"


def asks(notebook: Any) -> bool:
    """Whether the prose of a notebook asks the kernel; no while it calls `facts`."""
    return not any(
        "facts(" in cell.source for _, cell in reading.cells(notebook, "code")
    )


def questions(notebook: Any) -> list[Question]:
    """Return what the prose of a notebook asks the kernel, in the order of the text."""
    found, after = [], 0
    kept = {n: _stored(cell) for n, cell in reading.cells(notebook, "markdown")}
    for section in reading.sections(notebook) if asks(notebook) else []:
        after = max([after, *(n for n, cell in section.code if cell.source.strip())])
        for cell, _, text in section.prose:
            for number in numbers_in(text):
                said = number.expression
                if not number.text or said in ("", QUOTED):
                    continue
                stored = next((a for a in kept[cell] if a["expression"] == said), None)
                if stored:
                    kept[cell].remove(stored)
                found.append(Question(cell, section.title, number, after, stored))
    return found


def due(notebook: Any) -> dict[int, list[Question]]:
    """Questions by the number of the code cell after which the kernel is asked."""
    found: dict[int, list[Question]] = {}
    for question in questions(notebook):
        found.setdefault(question.after, []).append(question)
    return found


def _stored(cell: Any) -> list[dict[str, str]]:
    """Answers in the metadata of a markdown cell."""
    return list(cell.metadata.get("partnership", {}).get("values", []))


def store(notebook: Any, answered: Iterable[tuple[Question, dict[str, str]]]) -> None:
    """Put the answers into the metadata of the markdown cells, and no others."""
    kept: dict[int, list[dict[str, str]]] = {}
    for question, answer in answered:
        kept.setdefault(question.cell, []).append(answer)
    for number, cell in reading.cells(notebook, "markdown"):
        cell.metadata.pop("partnership", None)
        if number in kept:
            cell.metadata["partnership"] = {"values": kept[number]}


def agrees(number: Number, answer: str) -> bool:
    """Whether a sentence says what was computed, at the precision of the sentence."""
    if number.period and number.period == answer:
        return True
    value = _value(answer)
    if value is None or number.value is None:
        return False
    half = 0.5 * 10.0**-number.decimals
    return abs(number.value - value) <= half * (1 + 1e-9) + 1e-12 * abs(value)


def _value(answer: str) -> float | None:
    """Return an answer as a number; None for a period that is no year."""
    return float(answer) if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", answer) else None


def prose_numbers(notebook: Any) -> Iterator[str]:
    """Check that every number of the prose agrees with a value of its section."""
    if not asks(notebook):
        from partnership.workshop import named  # until no notebook calls facts()

        yield from named.numbers(notebook)
        return
    yield from _unbound(notebook)
    asked = questions(notebook)
    for question in asked:
        reason = answers.fault(question.number.expression)
        error = {"error": reason or "found none: run the notebook"}
        yield from filter(None, [question.fault(question.stored or error)])
    for number, cell in reading.cells(notebook, "markdown"):
        kept = _stored(cell)
        for question in asked:
            if question.cell == number and question.stored:
                kept.remove(question.stored)
        for answer in kept:
            yield (
                f"{reading.place(number, cell)}: {answer['expression']}: expected in "
                "the text, found only among the stored answers: run the notebook"
            )


def _unbound(notebook: Any) -> Iterator[str]:
    for section in reading.sections(notebook):
        for cell_number, cell, text in section.prose:
            at = f"{reading.place(cell_number, cell)}, section “{section.title}”"
            for number in numbers_in(text):
                said = number.text or f"<!--{number.expression}-->"
                if not number.text:
                    wrong = "follows no number: put it right behind the digits"
                elif not number.expression and not number.free:
                    wrong = (
                        f"is bound to no value: write {said}<!--EXPRESSION-->, or "
                        f"{said}<!--{QUOTED}--> where it is quoted"
                    )
                else:
                    continue
                yield f"{at}: {said} {wrong} [“{number.context}”]"


def hint(number: Number, answer: str) -> str:
    """Say how a sentence that disagrees may have come about."""
    value, said, text = _value(answer), number.value, number.text
    if value and said:
        for factor in (100, 1e3, 1e6, 1e9):
            for scaled in (value * factor, value / factor):
                if math.isclose(scaled, said, rel_tol=0.005):
                    return "nothing is converted: ask for the unit of the sentence"
        if math.isclose(value, -said, rel_tol=0.005):
            return "the sign differs: ask for what the sentence has"
        if text.endswith("0") and math.isclose(value, said, rel_tol=0.05):
            return "correct the sentence, or ask for the rounded value, round(..., -2)"
    return "correct the sentence or the expression"


# ---- titles, alt texts and labels ----

_WRITES = ("annotate", "set_title", "set_xlabel", "set_ylabel", "suptitle", "text")


def typed_numbers(notebook: Any) -> Iterator[str]:
    """Check that numbers in titles, alt texts and labels come from values.

    Every text is looked at that a call of ``charts`` or of an Axes takes, written there
    or put into a variable before; what an f-string puts in is free.
    """
    assigned: dict[str, list[ast.expr]] = {}
    for number, cell in reading.own_cells(notebook) if asks(notebook) else []:
        nodes = list(ast.walk(reading.tree(cell.source) or ast.Module([], [])))
        assigned |= _assigned(nodes)
        for node in nodes:
            if not isinstance(node, ast.Call) or not _draws(node.func):
                continue
            words = [*node.args, *(word.value for word in node.keywords)]
            for text in _texts(words, assigned):
                for found in numbers_in(Prose(text, text)):
                    context = found.context.replace(HIDDEN, "…")
                    if not found.free:
                        yield (
                            f"{reading.place(number, cell)}: {found.text} is typed in "
                            "a title, alt text or label: put the value into an "
                            f"f-string [“{context}”]"
                        )


def _assigned(nodes: list[ast.AST]) -> dict[str, list[ast.expr]]:
    """Names, and what code puts into them."""
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value:
            for target in getattr(node, "targets", None) or [node.target]:
                for name in reading.names([target], ast.Store):
                    found.setdefault(name, []).append(node.value)
    return found


def _draws(called: ast.expr) -> bool:
    if not isinstance(called, ast.Attribute):
        return False
    return called.attr in _WRITES or getattr(called.value, "id", "") == "charts"


def _texts(parts: list[Any], assigned: Mapping[str, list[ast.expr]]) -> Iterator[str]:
    """Texts in arguments, whole f-strings with `HIDDEN` for what is put in."""
    seen, parts = set(), list(parts)
    while parts:
        part = parts.pop()
        if isinstance(part, ast.Constant):
            yield part.value if isinstance(part.value, str) else ""
        elif isinstance(part, ast.JoinedStr):
            yield "".join(map(_part, part.values))
        elif isinstance(part, ast.Name) and part.id not in seen:
            seen.add(part.id)
            parts += assigned.get(part.id, [])
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            if part.func.attr in ("format", "join", "replace"):
                parts += [part.func.value, *part.args]
        elif isinstance(part, ast.Subscript):
            parts.append(part.value)
        elif isinstance(part, ast.BinOp | ast.IfExp | ast.List | ast.Tuple | ast.Dict):
            parts += ast.iter_child_nodes(part)


def _part(value: ast.expr) -> str:
    if isinstance(value, ast.FormattedValue):
        value = value.value  # a number that stands there as such is typed too
        return str(value.value) if isinstance(value, ast.Constant) else HIDDEN
    return value.value


def __getattr__(name: str) -> Any:
    if name == "facts":  # old name
        from partnership.workshop.named import facts

        return facts
    raise AttributeError(name)
