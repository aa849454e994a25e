"""Names behind the numbers of notebooks that still call `facts`."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from partnership.workshop import answers, reading
from partnership.workshop.numerals import Number, numbers_in
from partnership.workshop.prose import agrees, hint
from partnership.workshop.reading import Section


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
        try:
            print(f"{name} = {answers.printed(value)} {unit}".rstrip())
        except (TypeError, ValueError) as error:
            raise type(error)(f"{name} = {value!r}: {error}") from None


@dataclass(frozen=True)
class _Fact:
    """A value that a code cell prints or asserts under a name."""

    text: str
    value: float | None
    where: str


# A line that `facts` prints.
LINE = re.compile(r"^(?P<name>[^\W\d]\w*) = (?P<value>\S+)(?: .*)?$", re.M)


def _facts_of(section: Section) -> dict[str, list[_Fact]]:
    """Values bound by the executed code cells of a section."""
    bound: dict[str, list[_Fact]] = {}
    for number, cell in section.code:
        failed = any(one.output_type == "error" for one in cell.outputs)
        if failed or not cell.get("execution_count"):
            continue
        where = reading.place(number, cell)
        for line in LINE.finditer(reading.stdout(cell)):
            text = line["value"]
            if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", text):
                fact = _Fact(text, float(text), where)
            elif answers.PERIOD.fullmatch(text):
                fact = _Fact(text, None, where)
            else:
                continue
            bound.setdefault(line["name"], []).append(fact)
        for name, value in _asserted(cell.source):
            bound.setdefault(name, []).append(
                _Fact(answers.printed(value), value, where)
            )
    return bound


def _asserted(source: str) -> Iterator[tuple[str, float]]:
    """Names and numbers of ``assert name == 319``, ``assert round(name, 1) == 2.7``."""
    tree = reading.tree(source)
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


def numbers(notebook: Any) -> Iterator[str]:
    """Check that every number of the prose agrees with a value of its section."""
    sections = reading.sections(notebook)
    bound = [_facts_of(section) for section in sections]
    for section, here in zip(sections, bound, strict=True):
        for cell_number, cell, text in section.prose:
            for number in numbers_in(text):
                message = _judge(number, section, here, sections, bound)
                if message:
                    at = reading.place(cell_number, cell)
                    where = f"{at}, section “{section.title}”"
                    yield f"{where}: {message} [“{number.context}”]"


def _judge(
    number: Number,
    section: Section,
    here: dict[str, list[_Fact]],
    sections: list[Section],
    bound: list[dict[str, list[_Fact]]],
) -> str:
    """What is wrong with one number, and the way out; nothing if all is well."""
    name, text = number.expression, number.text
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
            way = f"it is bound in section “{homes[0]}” only: repeat it here, "
        elif near := difflib.get_close_matches(name, here, n=1):
            way = f"did you mean {near[0]}? Otherwise "
        else:
            way = "add "
        return (
            f"{text} is named {name}, which no code cell of this section prints or "
            f"asserts; {way}facts({name}=...)"
        )
    for fact in here[name]:
        if not agrees(number, fact.text):
            return (
                f"{text} is named {name}, but {fact.where} has {name} = {fact.text}; "
                f"{hint(number, fact.text)}"
            )
    return ""


def facts_printed(notebook: Any) -> Iterator[str]:
    """Check that the output of a cell has the names of its call of facts()."""
    for number, cell in reading.cells(notebook, "code"):
        printed = {line["name"] for line in LINE.finditer(reading.stdout(cell))}
        for node in ast.walk(reading.tree(cell.source) or ast.Module([], [])):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            for name in [k.arg for k in node.keywords if k.arg]:
                if called == "facts" and name not in printed:
                    yield (
                        f"{reading.place(number, cell)}: facts({name}=...) is not in "
                        "the output: run all cells and save"
                    )
