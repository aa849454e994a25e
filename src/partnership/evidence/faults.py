"""Every fault of a table against its schema, as file, row, column, found, allowed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from partnership.evidence import periods

_LONGEST_LIST = 12


class DataError(ValueError):
    """Something in the data, or in what was asked of them, is wrong."""


def nearest(word: object, known: Iterable, what: str) -> DataError:
    """Error for an unknown name that suggests the names most like it."""
    import difflib  # here: only a fault needs it

    known = [str(name) for name in known]
    close = difflib.get_close_matches(str(word), known, n=4, cutoff=0.5)
    close += [name for name in known if str(word) in name and name not in close][:4]
    hint = "did you mean " + ", ".join(close) if close else listing(known)
    return DataError(f"unknown {what} {word!r:.80}; {hint}")


def listing(values: Iterable) -> str:
    """Words for what is allowed, cut after a dozen values."""
    values = sorted(str(value) for value in values)
    more = len(values) - _LONGEST_LIST
    text = ", ".join(values[:_LONGEST_LIST]) + (f" and {more} more" if more > 0 else "")
    return f"allowed: {text}"


@dataclass(frozen=True)
class Problem:
    """One fault in a file: where it is, what was found, what is allowed.

    Rows of data are counted from 1 (0 is the header), lines from 1; a row with a line
    break in a cell has several lines, of which this is the first.
    """

    file: str
    message: str
    line: int | None = None
    column: str | None = None
    row: int | None = None

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row} (line {self.line})"
        elif self.line is not None:
            place += f", line {self.line}"
        if self.column is not None:
            place += f", column {self.column}"
        return f"{place}: {self.message}"


Found = Callable[[int, str, str], Problem]
"""A fault by the position of its row, column and message."""


def first(problems: list[Problem]) -> str:
    """The first of several faults, and how many more there are."""
    more = len(problems) - 1
    return str(problems[0]) + (f" (and {more} more)" if more else "")


def header(found: list[str], names: list[str]) -> str:
    """What is wrong with the names of the columns."""
    missing = [name for name in names if name not in found]
    extra = [name for name in found if name not in names]
    faults = []
    if missing:
        faults.append("missing column " + ", ".join(missing))
    if extra:
        faults.append("unknown column " + ", ".join(extra))
    if not faults:
        faults.append("columns are in another order or stand twice")
    return "; ".join(faults) + "; expected " + ", ".join(names)


# What a descriptor must look like as far as it is read; keys with "!" are needed.
_KEY = (str, [str])
_FIELD = {
    "name!": str,
    "type": str,
    "unit": str,
    "description": str,
    "constraints": {"enum": list, "pattern": str, "required": bool, "unique": bool},
    "listOf": {"resource!": str, "field!": str},
}
_REFERENCE = {"fields!": _KEY, "reference!": {"resource": str, "fields!": _KEY}}
_SCHEMA = {"fields!": [_FIELD], "primaryKey": _KEY, "foreignKeys": [_REFERENCE]}
_SCHEMA["distinct"] = [[str]]
_VIEW = dict.fromkeys(("series!", "reporter!", "partner!", "period!"), str)
_VIEW |= dict.fromkeys(("stated_by!", "qualifier!", "valuation!"), str)
_RESOURCE = {
    "name!": str,
    "title": str,
    "description": str,
    "licenses": [{"title": str}],
    "rows": int,
    "hash": str,
    "source_id": str,
    "view": _VIEW,
    "schema": _SCHEMA,
}
_DESCRIPTOR = {"name": str, "pair": [str], "resources": [_RESOURCE]}
_KINDS = {dict: "an object", list: "a list", str: "text", int: "a whole number"}
_KINDS |= {bool: "true or false"}


def descriptor(found: object) -> str:
    """What is wrong with the form of a datapackage.json; empty if nothing is."""
    if fault := _misshapen(found, _DESCRIPTOR, "datapackage.json"):
        return fault
    resources = [one for one in found.get("resources") or () if one.get("schema")]
    for resource in resources:
        place = f"datapackage.json, table {resource['name']}"
        schema = resource["schema"]
        names = [field["name"] for field in schema["fields"]]
        keys = [schema.get("primaryKey") or []]
        keys += [key["fields"] for key in schema.get("foreignKeys") or ()]
        keys += schema.get("distinct") or []
        view = resource.get("view") or {}
        keys += [view[part] for part in ("reporter", "partner", "period") if view]
        used = {name for key in keys for name in names_of(key)}
        if len(set(names)) < len(names) or not names or not used <= set(names):
            return f"{place}: columns stand twice, there is none, or a key names others"
    tables = [one["name"] for one in resources]
    if len(set(tables)) < len(tables):
        return "datapackage.json: two tables have one name"
    return ""


def _misshapen(found, shape, place) -> str:
    """Place and kind of the first part of a JSON value that has not its shape."""
    if isinstance(shape, tuple):  # one of two kinds
        faults = [_misshapen(found, kind, place) for kind in shape]
        return "" if "" in faults else faults[0]
    kind = shape if isinstance(shape, type) else type(shape)
    if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
        return f"{place}: found {found!r:.60}; allowed is {_KINDS[kind]}"
    parts = []
    if isinstance(shape, dict):
        for name, part in shape.items():
            key = name.rstrip("!")
            if found.get(key) is not None or name != key:
                parts.append((found.get(key), part, f"{place}, {key}"))
    elif isinstance(shape, list):
        parts = [(one, shape[0], f"{place} {n}") for n, one in enumerate(found, 1)]
    return next(filter(None, (_misshapen(*part) for part in parts)), "")


def names_of(key: str | list[str]) -> list[str]:
    """Columns of a key, which a descriptor gives as one name or as a list."""
    return [key] if isinstance(key, str) else key


_FORMS = {
    "number": (
        r"-?\d+(\.\d+)?([eE][+-]?\d+)?",
        "a number with a point as decimal mark",
    ),
    "integer": (r"-?\d+", "a whole number"),
    "boolean": ("true|false", "true or false"),
}


def of_table(
    raw: pd.DataFrame,
    table: str,
    schema: dict,
    known: Callable[[str, str], pd.Series],
    fault: Found,
) -> list[Problem]:
    """Faults of the cells of a table; `known` gives a column of another table."""
    found, named = [], []
    for field in schema["fields"]:
        found += of_field(raw[field["name"]], field, fault)
        if many := field.get("listOf"):
            named.append((field["name"], many["resource"], many["field"], True))
    for key in schema.get("foreignKeys") or ():
        column, there = (names_of(of["fields"])[0] for of in (key, key["reference"]))
        named.append((column, key["reference"].get("resource") or table, there, False))
    for column, target, there, many in named:
        allowed = set(known(target, there))
        found += of_reference(raw[column], allowed, target, fault, many)
    found += of_key(raw, names_of(schema.get("primaryKey") or []), fault)
    for one, other in schema.get("distinct") or ():
        found += [
            fault(row, other, f"found {raw[other][row]!r}; allowed: other than {one}")
            for row in raw.index[raw[one] == raw[other]]
        ]
    if {"period", "period_type"} <= set(raw):
        found += of_period(raw, fault)
    return found


def of_field(cells: pd.Series, field: dict, fault: Found) -> list[Problem]:
    """Faults of one column: type, required, enum, pattern, range, uniqueness."""
    column, rules = field["name"], field.get("constraints") or {}
    faults: list[Problem] = []

    def add(wrong, allowed):
        faults.extend(
            fault(row, column, f"found {cell!r}{allowed}")
            for row, cell in wrong.items()
        )

    if rules.get("required"):
        empty = cells.index[cells == ""]
        faults += [fault(row, column, "empty; a value is required") for row in empty]
    filled = cells[cells != ""]
    if form := _FORMS.get(field.get("type")):
        fits = filled.str.fullmatch(form[0]).astype(bool)
        add(filled[~fits], f"; allowed: {form[1]}")
        filled = filled[fits]
    if rules.get("enum"):
        known = {str(value) for value in rules["enum"]}
        add(filled[~filled.isin(known)], f"; {listing(known)}")
    if rules.get("pattern"):
        rule = re.compile(rules["pattern"])
        wrong = [rule.fullmatch(cell) is None for cell in filled]
        add(filled[wrong], f"; allowed form: {rule.pattern}")
    for rule, beyond in (("minimum", pd.Series.lt), ("maximum", pd.Series.gt)):
        limit = rules.get(rule)
        if isinstance(limit, int | float) and field.get("type") in (
            "number",
            "integer",
        ):
            add(filled[beyond(filled.astype(float), limit)], f"; {rule} is {limit}")
    if rules.get("unique"):
        add(filled[filled.duplicated()], " a second time")
    return faults


def of_key(raw: pd.DataFrame, key: list[str], fault: Found) -> list[Problem]:
    """Rows whose key stood before."""
    twice = raw[raw.duplicated(key)] if key else raw[:0]
    return [
        fault(row, ", ".join(key), f"key {', '.join(record)} stands twice")
        for row, record in zip(twice.index, twice[key].to_numpy(), strict=True)
    ]


def of_reference(
    cells: pd.Series, known: set[str], target: str, fault: Found, many: bool = False
) -> list[Problem]:
    """Cells that name what another table does not have; `many`: joined by ";"."""
    found = cells.str.split(";").explode() if many else cells
    wrong = found[(found != "") & ~found.isin(known)]
    return [
        fault(row, cells.name, str(nearest(cell, known, f"{target} key")))
        for row, cell in wrong.items()
    ]


def of_period(raw: pd.DataFrame, fault: Found) -> list[Problem]:
    """Periods that do not have the form of their type."""
    faults = []
    for row, period, kind in raw[["period", "period_type"]].itertuples():
        try:
            periods.parse(period, kind)
        except ValueError as error:
            faults.append(fault(row, "period", str(error)))
    return faults


def of_series(
    raw: pd.DataFrame, table: str, dictionary: pd.DataFrame, fault: Found
) -> list[Problem]:
    """Statements in another table or unit than the one of their series."""
    entries = dictionary.drop_duplicates("series").set_index("series")
    theme, unit = (raw["series"].map(entries[name]) for name in ("theme", "unit"))
    faults = [
        fault(row, "series", f"{raw['series'][row]} belongs to the table {theme[row]}")
        for row in raw.index[theme.notna() & (theme != table)]
    ]
    return faults + [
        fault(
            row,
            "unit",
            f"found {raw['unit'][row]!r}; {raw['series'][row]} is in {unit[row]}",
        )
        for row in raw.index[unit.notna() & (unit != raw["unit"])]
    ]
