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

`numerals` says which numbers need no comment; with one they are checked all the same.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from partnership.workshop import answers, reading
from partnership.workshop.numerals import Number, numbers_in
from partnership.workshop.reading import HIDDEN, Prose

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
    def asks(self) -> bool:
        """Whether the kernel has to answer: a number is there, and not quoted."""
        return bool(self.number.text) and self.number.expression not in ("", QUOTED)

    @property
    def at(self) -> str:
        """Cell and section, as messages name them."""
        return f"cell {self.cell} (markdown), section “{self.section}”"


def questions(notebook: Any) -> list[Question]:
    """Return what the prose of a notebook asks the kernel, in the order of the text."""
    return [one for one in _numbers(notebook) if one.asks]


def _numbers(notebook: Any) -> list[Question]:
    """Every number of the prose, and every expression that follows none."""
    found, after = [], 0
    kept = {n: _stored(cell) for n, cell in reading.cells(notebook, "markdown")}
    for section in reading.sections(notebook):
        after = max([after, *(n for n, cell in section.code if cell.source.strip())])
        for cell, text in section.prose:
            for number in numbers_in(text):
                said = number.expression
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
    return [one for one in reading.stored(cell) if {"expression", "answer"} <= set(one)]


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
    every = _numbers(notebook)
    for one in every:
        number, wrong = one.number, ""
        if one.asks:
            reason = answers.fault(number.expression) or "found none: run the notebook"
            wrong = one.fault(one.stored or {"error": reason})
        elif not number.text:
            wrong = "follows no number: put it right behind the digits"
            wrong = f"{one.at}: <!--{number.expression}--> {wrong} [“{number.context}”]"
        elif not (number.expression or number.free):
            wrong = f"is bound to no value: write {number.text}<!--EXPRESSION-->"
            wrong = f"{one.at}: {number.text} {wrong} [“{number.context}”]"
        if wrong:
            yield wrong
    used = {id(one.stored) for one in every}
    for place, cell in reading.cells(notebook, "markdown"):
        for answer in _stored(cell):
            if id(answer) not in used:
                at = f"{reading.place(place, cell)}: {answer['expression']}"
                yield f"{at}: expected in the text, found stored only: run the notebook"


def hint(number: Number, answer: str) -> str:
    """Say how a sentence that disagrees may have come about."""
    value, said, text = _value(answer), number.value, number.text
    if value and said:
        scales = (s for scale in (100, 1e3, 1e6, 1e9) for s in (scale, 1 / scale))
        if any(math.isclose(value * scale, said, rel_tol=0.005) for scale in scales):
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
    for number, cell in reading.own_cells(notebook):
        nodes = reading.nodes(cell.source)
        assigned |= _assigned(nodes)
        for node in nodes:
            if not isinstance(node, ast.Call) or not _draws(node.func):
                continue
            words = [*node.args, *(word.value for word in node.keywords)]
            for text in _texts(words, assigned):
                for found in numbers_in(Prose(text, text)):
                    if not found.free:
                        at = f"{reading.place(number, cell)}: {found.text}"
                        said = f"[“{found.context.replace(HIDDEN, '…')}”]"
                        yield f"{at} is typed in a title, alt text or label {said}"


def _assigned(nodes: list[ast.AST]) -> dict[str, list[ast.expr]]:
    """Names, and what code puts into them."""
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        for target, value in reading.assigned(node):
            for name in reading.names(ast.walk(target), ast.Store):
                found.setdefault(name, []).append(value)
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
