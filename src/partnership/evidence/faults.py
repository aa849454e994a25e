"""Every fault of a table against its schema, as file, row, column, found, allowed."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

import pandas as pd

from partnership.evidence import periods

_LONGEST_LIST = 12


class DataError(ValueError):
    """Something in the data, or in what was asked of them, is wrong."""


def nearest(word: str, known, what: str) -> DataError:
    """Error for an unknown name that suggests the names most like it."""
    known = [str(name) for name in known]
    close = difflib.get_close_matches(str(word), known, n=4, cutoff=0.5)
    close += [name for name in known if str(word) in name and name not in close][:4]
    hint = "did you mean " + ", ".join(close) if close else listing(known)
    return DataError(f"unknown {what} {word!r}; {hint}")


def listing(values) -> str:
    """Words for what is allowed, cut after a dozen values."""
    values = sorted(str(value) for value in values)
    more = len(values) - _LONGEST_LIST
    text = ", ".join(values[:_LONGEST_LIST]) + (f" and {more} more" if more > 0 else "")
    return f"allowed: {text}"


@dataclass(frozen=True)
class Problem:
    """One fault in a file: where it is, what was found, what is allowed."""

    file: str
    message: str
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += f", row {self.line - 1} (line {self.line})"
        if self.column is not None:
            place += f", column {self.column}"
        return f"{place}: {self.message}"


def _one(names):
    return names if isinstance(names, str) else names[0]


def _first(problems: list[Problem]) -> str:
    more = len(problems) - 1
    return str(problems[0]) + (f" (and {more} more)" if more else "")


def _header_fault(header: list[str], names: list[str]) -> str:
    missing = [name for name in names if name not in header]
    extra = [name for name in header if name not in names]
    faults = []
    if missing:
        faults.append("missing column " + ", ".join(missing))
    if extra:
        faults.append("unknown column " + ", ".join(extra))
    if not faults:
        faults.append("columns are in another order or stand twice")
    return "; ".join(faults) + "; expected " + ", ".join(names)


def _field_problems(name: str, cells: pd.Series, field: dict) -> list[Problem]:
    """Faults of one column: type, required, enum, pattern, range, uniqueness."""
    column, rules = field["name"], field.get("constraints", {})
    filled = cells[cells != ""]

    def at(wrong, message):
        return [
            Problem(name, message.format(repr(cell)), row + 2, column)
            for row, cell in wrong.items()
        ]

    faults = []
    if rules.get("required"):
        faults += at(cells[cells == ""], "empty; a value is required")
    pattern = {
        "number": r"-?\d+(\.\d+)?([eE][+-]?\d+)?",
        "integer": r"-?\d+",
        "boolean": "true|false",
    }.get(field["type"])
    if pattern:
        fits = filled.str.fullmatch(pattern).astype(bool)
        allowed = {
            "number": "a number with a point as decimal mark",
            "integer": "a whole number",
            "boolean": "true or false",
        }[field["type"]]
        faults += at(filled[~fits], f"found {{}}; allowed: {allowed}")
        filled = filled[fits]
    if "enum" in rules:
        known = {str(value) for value in rules["enum"]}
        wrong = filled[~filled.isin(known)]
        faults += at(wrong, "found {}; " + listing(known).replace("{", "{{"))
    if "pattern" in rules:
        rule = re.compile(rules["pattern"])
        wrong = filled[[rule.fullmatch(cell) is None for cell in filled]]
        shown = rules["pattern"].replace("{", "{{").replace("}", "}}")
        faults += at(wrong, f"found {{}}; allowed form: {shown}")
    for rule, beyond in (("minimum", pd.Series.lt), ("maximum", pd.Series.gt)):
        if rule in rules:
            wrong = filled[beyond(filled.astype(float), rules[rule])]
            faults += at(wrong, f"found {{}}; {rule} is {rules[rule]}")
    if rules.get("unique"):
        faults += at(filled[filled.duplicated()], "found {} a second time")
    return faults


def _key_problems(name: str, raw: pd.DataFrame, key) -> list[Problem]:
    key = [key] if isinstance(key, str) else list(key)
    if not key:
        return []
    twice = raw[raw.duplicated(key)]
    return [
        Problem(name, f"key {', '.join(record)} stands twice", row + 2, ", ".join(key))
        for row, record in zip(twice.index, twice[key].to_numpy(), strict=True)
    ]


def _period_problems(name: str, raw: pd.DataFrame) -> list[Problem]:
    faults = []
    for row, period, kind in raw[["period", "period_type"]].itertuples():
        try:
            periods.parse(period, kind)
        except ValueError as error:
            faults.append(Problem(name, str(error), row + 2, "period"))
    return faults
