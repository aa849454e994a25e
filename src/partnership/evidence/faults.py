"""Errors, and every fault of a table: file, row, column, found, allowed."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from partnership.evidence import declared, escape, patterns, periods

_LONGEST_LIST = 12


class DataError(ValueError):
    """Something in the data, or in what was asked of them, is wrong; in one line."""

    def __init__(self, message):
        super().__init__(one_line(message))


def one_line(text):
    """Text without line breaks and other signs that a terminal would obey, and short.

    Of one that is too long to be read the begin and the end are left.
    """
    text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in str(text))
    return text if len(text) <= 1500 else f"{text[:1000]} … {text[-400:]}"


class NothingRecorded(DataError):
    """What was asked for is known by name, and no row says anything about it."""


def nearest(word, known, what):
    """Error for an unknown name that suggests the names most like it."""
    import difflib  # here: only a fault needs it

    # Without case, and where names are keys of titles also by these.
    titles = known.items() if isinstance(known, Mapping) else ()
    names = {title.casefold(): str(n) for n, title in titles if isinstance(title, str)}
    names |= {str(name).casefold(): str(name) for name in known}
    asked = str(word).casefold()
    close = difflib.get_close_matches(asked, names, n=4, cutoff=0.5)
    close += [name for name in names if asked in name and name not in close][:4]
    close = [asked] if asked in names else close
    close = list(dict.fromkeys(names[name] for name in close))
    hint = "did you mean " + ", ".join(close) if close else listing(known)
    return DataError(f"unknown {what} {word!r:.80}; {hint}")


def listing(values):
    """Words for what is allowed, cut after a dozen values."""
    values = sorted(str(value) for value in values)
    more = len(values) - _LONGEST_LIST
    text = ", ".join(values[:_LONGEST_LIST]) + (f" and {more} more" if more > 0 else "")
    return f"allowed: {text or 'nothing, as there is none'}"


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
        return one_line(f"{place}: {self.message}")


class FormFault(DataError):
    """The form of a file is broken, so that its parts cannot be told apart."""

    def __init__(self, name, message, line=None, row=None):
        self.problem = Problem(name, message, line, row=row)
        super().__init__(self.problem)


def first(problems):
    """The first of several faults, and how many more there are."""
    more = len(problems) - 1
    return str(problems[0]) + (f" (and {more} more)" if more else "")


def header(found, names):
    """What is wrong with the names of the columns."""
    for sign, called in (";", "semicolons"), ("\t", "tabs"), ("|", "bars"):
        if len(found) == 1 and found[0].count(sign) == len(names) - 1 > 0:
            return f"columns are parted by {called}; allowed: commas"
    found = [name[:60] for name in found[:60]]
    missing = [name for name in names if name not in found]
    unknown = [name for name in found if name not in names]
    kinds = {"missing": missing, "unknown": unknown}
    said = [f"{kind} column {', '.join(of)}" for kind, of in kinds.items() if of]
    said = said or ["columns are in another order or stand twice"]
    return "; ".join([*said, "expected " + ", ".join(names)])


_KINDS = {dict: "an object", list: "a list", str: "text", int: "a whole number"}
_KINDS |= {bool: "true or false", float: "a number"}


def renewal(path):
    """The command that records a change in a folder; a checkout's needs no name."""
    folder = path.resolve()
    own = folder.name == "data" and (folder.parent / "pyproject.toml").is_file()
    where = "" if own else f" --data {shlex.quote(str(path))}"
    return f"`partnership check --refresh{where}`"


def misshapen(found, shape, place):
    """Place and kind of the first part of a JSON value that has not its shape."""
    if isinstance(shape, tuple):  # one of several kinds
        faults = [misshapen(found, kind, place) for kind in shape]
        inner = [fault for fault in faults if not fault.startswith(f"{place}: ")]
        kinds = [fault.rpartition("; allowed is ")[2] for fault in faults]
        said = faults[0].rpartition("; allowed is ")[0]
        return inner[0] if inner else f"{said}; allowed is {' or '.join(kinds)}"
    kind = shape if isinstance(shape, type) else type(shape)
    kinds = (int, float) if kind is float else kind
    number = kind in (int, float) and isinstance(found, bool)
    if not isinstance(found, kinds) or number:
        return f"{place}: found {found!r:.60}; allowed is {_KINDS[kind]}"
    parts = []
    if isinstance(shape, dict):
        for name, part in shape.items():
            key = name.rstrip("!")
            if found.get(key) is not None or name != key:
                parts.append((found.get(key), part, f"{place}, {key}"))
    elif isinstance(shape, list):
        parts = [(one, shape[0], f"{place} {n}") for n, one in enumerate(found, 1)]
    return next(filter(None, (misshapen(*part) for part in parts)), "")


def names_of(key):
    """Columns of a key, which a descriptor gives as one name or as a list."""
    return [key] if isinstance(key, str) else key


def of_table(raw, table, schema, known, fault):
    """Faults of the cells of a table.

    Parameters
    ----------
    raw : pandas.DataFrame
        Cells as text.
    table : str
    schema : dict
    known : callable
        Gives the column of another table, by the names of both.
    fault : callable
        Makes a `Problem` of the position of a row, a column and a message.

    Returns
    -------
    list of Problem
    """
    found, named = [], []
    for field in schema["fields"]:
        found += of_field(raw[field["name"]], field, fault)
        if many := field.get("listOf"):
            cells = raw[field["name"]].str.split(";").explode()
            named.append((cells, many["resource"], many["field"]))
    for key in schema.get("foreignKeys") or ():
        columns, there = (names_of(of["fields"]) for of in (key, key["reference"]))
        target = key["reference"].get("resource") or table
        if len(columns) == 1:
            named.append((raw[columns[0]], target, there[0]))
            continue
        allowed = set(zip(*(known(target, column) for column in there), strict=True))
        for row, *cells in raw[columns].itertuples():
            if all(cells) and tuple(cells) not in allowed:
                message = f"found {', '.join(cells)}; allowed: a key of {target}"
                found.append(fault(row, ", ".join(columns), message))
    for cells, target, there in named:
        allowed = set(known(target, there))
        wrong = cells[(cells != "") & ~cells.isin(allowed)]
        found += [
            fault(row, cells.name, str(nearest(cell, allowed, f"{target} key")))
            for row, cell in wrong.items()
        ]
    first, others = schema.get("primaryKey") or [], schema.get("uniqueKeys") or []
    for key in filter(None, [names_of(first), *others]):
        twice = raw.duplicated(key)
        if key in others:  # where a cell is empty, there is no such key
            twice &= (raw[key] != "").all(axis=1)
        for row, *cells in raw.loc[twice, key].itertuples():
            message = f"key {', '.join(cells)} stands twice"
            found.append(fault(row, ", ".join(key), message))
    for one, other in schema.get("distinct") or ():
        for row, cell in raw.loc[raw[one] == raw[other], other].items():
            message = f"found {cell!r}; allowed: other than {one}"
            found.append(fault(row, other, message))
    if {"period", "period_type"} <= set(raw):
        for row, period, kind in raw[["period", "period_type"]].itertuples():
            try:
                periods.parse(period, kind)
            except ValueError as error:
                found.append(fault(row, "period", str(error)))
    return found


def no_date(cell):
    """What is wrong with a year, a month or a day."""
    try:
        periods.bounds(cell)
    except ValueError as error:
        return f"found {cell!r}: {error}"
    return ""


def _no_address(cell):
    """What is wrong with an address of the web."""
    if escape.address(cell) == cell and cell[:4].lower() == "http":
        return ""
    return f"found {cell!r:.80}; allowed: an address that begins with http or https"


_HOLDS = {"date": no_date, "address": _no_address}
"""By what a field ``holds``: what is wrong with a cell of it."""


def doubtful(frame, table, schema, known):
    """Whether a typed table needs a closer look: keys, sources, units, numbers.

    A hash that fits says that a file is unchanged, and not that it is right.
    """
    for field in schema["fields"]:
        cells = frame[field["name"]]
        if (field.get("constraints") or {}).get("required") and cells.hasnans:
            return True
        if field.get("type") == "number" and np.isinf(cells).any():
            return True
    key = names_of(schema.get("primaryKey") or [])
    if key and frame.duplicated(key).any():
        return True
    for key in schema.get("foreignKeys") or ():
        column, there = (names_of(of["fields"])[0] for of in (key, key["reference"]))
        if len(names_of(key["fields"])) > 1:
            return True
        allowed = known(key["reference"].get("resource") or table, there)
        if not set(frame[column].dropna().unique()) <= set(allowed):  # isin is slower
            return True
    if not {"series", "unit", "observation_id"} <= set(frame):
        return False
    units = dict(zip(known("series", "series"), known("series", "unit"), strict=True))
    return not (frame["series"].map(units) == frame["unit"]).all()


def of_field(cells, field, fault):
    """Faults of one column: type, required, enum, pattern, range, uniqueness."""
    column, rules = field["name"], field.get("constraints") or {}
    kind = field.get("type") or ""

    def wrong(cells, allowed):
        found = [(row, f"found {cell!r:.80}{allowed}") for row, cell in cells.items()]
        return [fault(row, column, message) for row, message in found]

    faults = []
    if rules.get("required"):
        empty = cells.index[cells == ""]
        faults += [fault(row, column, "empty; a value is required") for row in empty]
    filled = cells[cells != ""]
    if form := declared.FORMS.get(kind):
        fits = filled.str.fullmatch(form[0]).astype(bool)
        faults += wrong(filled[~fits], f"; allowed: {form[1]}")
        filled = filled[fits]
    if kind == "number":
        infinite = ~np.isfinite(filled.astype(float))
        faults += wrong(filled[infinite], "; allowed: a finite number")
    if of_kind := _HOLDS.get("date" if kind in declared.DAYS else field.get("holds")):
        odd = {cell: of_kind(cell) for cell in filled.unique()}
        odd = {cell: message for cell, message in odd.items() if message}
        for row, cell in filled[filled.isin(odd)].items():
            faults.append(fault(row, column, odd[cell]))
    values = filled.astype(float) if kind in declared.NUMBERS else filled
    if rules.get("enum"):
        allowed = {declared.value(value, kind) for value in rules["enum"]}
        faults += wrong(filled[~values.isin(allowed)], f"; {listing(rules['enum'])}")
    if rules.get("pattern") is not None:
        odd = patterns.odd(rules["pattern"], filled.unique())
        for row, cell in filled[filled.isin(odd)].items():
            faults.append(fault(row, column, f"found {cell!r:.80}; {odd[cell]}"))
    for rule, limit in declared.limits(field).items():
        far = declared.LIMITS[rule](values, limit)
        faults += wrong(filled[far], f"; {rule} is {rules[rule]}")
    for rule in declared.LENGTHS.keys() & rules if kind in declared.TEXTS else ():
        if rules[rule] is not None:
            far = declared.LENGTHS[rule](filled.str.len(), rules[rule])
            faults += wrong(filled[far], f"; {rule} is {rules[rule]}")
    if rules.get("unique"):
        faults += wrong(filled[filled.duplicated()], " a second time")
    return faults


def of_series(raw, table, dictionary, fault):
    """Statements in another table or unit than the one of their series."""
    entries = dictionary.drop_duplicates("series").set_index("series").add_suffix("_of")
    rows = raw.reindex(columns=["series", "unit"], fill_value="")
    rows = rows.join(entries, on="series").dropna()
    faults = []
    for row, name, _, theme, _ in rows[rows["theme_of"] != table].itertuples():
        faults.append(fault(row, "series", f"{name} belongs to the table {theme}"))
    for row, name, unit, _, of in rows[rows["unit"] != rows["unit_of"]].itertuples():
        faults.append(fault(row, "unit", f"found {unit!r}; {name} is in {of}"))
    return faults
