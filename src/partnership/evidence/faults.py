"""Every fault of a table against its schema, as file, row, column, found, allowed."""

import re
import shlex
from dataclasses import dataclass
from re import _parser

import numpy as np

from partnership.evidence import escape, periods

_LONGEST_LIST = 12


class DataError(ValueError):
    """Something in the data, or in what was asked of them, is wrong; in one line."""

    def __init__(self, message):
        super().__init__(one_line(message))


def one_line(text):
    """Text without line breaks and other signs that a terminal would obey."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in str(text))


class NothingRecorded(DataError):
    """What was asked for is known by name, and no row says anything about it."""


def nearest(word, known, what):
    """Error for an unknown name that suggests the names most like it."""
    import difflib  # here: only a fault needs it

    known = [str(name) for name in known]
    close = difflib.get_close_matches(str(word), known, n=4, cutoff=0.5)
    close += [name for name in known if str(word) in name and name not in close][:4]
    hint = "did you mean " + ", ".join(close) if close else listing(known)
    return DataError(f"unknown {what} {word!r:.80}; {hint}")


def listing(values):
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


# What a descriptor must look like as far as it is read; keys with "!" are needed.
_KEY, _LIMIT = (str, [str]), (str, float)
_RULES = {"enum": list, "pattern": str, "minimum": _LIMIT, "maximum": _LIMIT}
_FIELD = dict.fromkeys(("name!", "type", "unit", "description", "holds"), str) | {
    "constraints": _RULES | {"required": bool, "unique": bool},
    "listOf": {"resource!": str, "field!": str},
}
_REFERENCE = {"fields!": _KEY, "reference!": {"resource": str, "fields!": _KEY}}
_SCHEMA = {"fields!": [_FIELD], "primaryKey": _KEY, "foreignKeys": [_REFERENCE]}
_SCHEMA["distinct"] = [[str]]
_VIEW = dict.fromkeys(("series!", "reporter!", "partner!", "period!"), str)
_VIEW |= dict.fromkeys(("stated_by!", "qualifier!", "valuation!"), str)
_ABOUT = dict.fromkeys(("title", "description", "version", "created", "$schema"), str)
_ABOUT |= {"licenses": [dict.fromkeys(("name", "title", "path"), str)]}
_RESOURCE = dict.fromkeys(("name!", "hash", "source_id"), str) | _ABOUT
_RESOURCE |= {"view": _VIEW, "schema": _SCHEMA, "rows": int, "bytes": int}
_REPORT = dict.fromkeys(("name!", "day!", "source_id!", "narrator"), str)
_DESCRIPTOR = {"name": str, "pair": [str], "resources": [_RESOURCE]} | _ABOUT
_DESCRIPTOR |= {"report": _REPORT, "contributors": [{"title!": str}]}
_KINDS = {dict: "an object", list: "a list", str: "text", int: "a whole number"}
_KINDS |= {bool: "true or false", float: "a number"}


def descriptor(found):
    """What is wrong with the form of a datapackage.json; empty if nothing is."""
    if fault := misshapen(found, _DESCRIPTOR, "datapackage.json"):
        return fault
    if len({*(found.get("pair") or "ab")}) != 2:
        return f"datapackage.json, pair: found {found['pair']}; allowed: two economies"
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
        for field in schema["fields"]:
            pattern = (field.get("constraints") or {}).get("pattern")
            if message := _no_pattern(pattern or ""):
                return f"{place}, field {field['name']}: pattern {message}"
    tables = [one["name"] for one in resources]
    if len(set(tables)) < len(tables):
        return "datapackage.json: two tables have one name"
    return ""


def missing_tables(tables):
    """The fault that tables, descriptors by name, need others that are not there."""
    needed = {}
    for name, resource in tables.items():
        fields, keys = resource["schema"]["fields"], resource["schema"]
        targets = [one["reference"] for one in keys.get("foreignKeys") or ()]
        targets += [one.get("listOf") or {} for one in fields]
        targets = [one.get("resource") for one in targets]
        if "view" in resource or {"observation_id", "statement_id"} <= {
            field["name"] for field in fields
        }:  # what the rule of `series` reads
            targets += ["series", "sources", "choices", "corrections"]
        if name == "claims":  # what a verdict reads
            targets += ["claim_rules", "claim_verdicts", "evidence", "sources"]
        for target in dict.fromkeys(targets):
            if target and target not in tables:
                needed.setdefault(target, []).append(name)
    said = "; ".join(f"{name} (for {', '.join(by)})" for name, by in needed.items())
    message = f"tables are missing that others require: {said}"
    return [Problem("datapackage.json", message)] if needed else []


def renewal(path):
    """The command that records a change in a folder; a checkout's needs no name."""
    folder = path.resolve()
    own = folder.name == "data" and (folder.parent / "pyproject.toml").is_file()
    where = "" if own else f" --data {shlex.quote(str(path))}"
    return f"`partnership check --refresh{where}`"


def _no_pattern(pattern):
    """What is wrong with a pattern: not readable, or slow without end on some cell."""
    try:
        parsed = _parser.parse(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"{pattern!r:.60} cannot be read: {error}"
    if _slow(parsed) or _open_ends(parsed) > 3:
        allowed = "three open repeats, none of what itself repeats or has a choice"
        return f"{pattern!r:.60} may take without end; allowed: {allowed}"
    return ""


_LONGEST_CELL = 1000  # that a pattern is tried on: three open repeats take n^3 steps


def _parts(parsed):
    """Kind and description of each part of a pattern, with the patterns in it."""
    for kind, about in parsed:
        inner = about[1] if str(kind) == "BRANCH" else about
        inner = inner if isinstance(inner, list | tuple) else [inner]
        subs = [one for one in inner if isinstance(one, _parser.SubPattern)]
        yield str(kind), about, subs


def _slow(parsed, repeated=False):
    """Whether something of many forms stands within a repeat: (a+)+, (a|aa)*."""
    for kind, about, inner in _parts(parsed):
        repeat = kind.endswith("_REPEAT")
        if repeated and (kind == "BRANCH" or (repeat and about[0] != about[1])):
            return True
        again = repeated or (repeat and about[1] > 1)
        if any(_slow(one, again) for one in inner):
            return True
    return False


def _open_ends(parsed):
    """How many repeats without an end a pattern has."""
    return sum(
        (kind.endswith("_REPEAT") and about[1] > 100) + sum(map(_open_ends, inner))
        for kind, about, inner in _parts(parsed)
    )


def misshapen(found, shape, place):
    """Place and kind of the first part of a JSON value that has not its shape."""
    if isinstance(shape, tuple):  # one of two kinds
        faults = [misshapen(found, kind, place) for kind in shape]
        return "" if "" in faults else faults[0]
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


_FORMS = {
    "number": (
        r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?",
        "a number with a point as decimal mark",
    ),
    "integer": (r"-?[0-9]{1,18}", "a whole number of 18 digits at most"),
    "boolean": ("true|false", "true or false"),
}


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
        column, there = (names_of(of["fields"])[0] for of in (key, key["reference"]))
        named.append((raw[column], key["reference"].get("resource") or table, there))
    for cells, target, there in named:
        allowed = set(known(target, there))
        wrong = cells[(cells != "") & ~cells.isin(allowed)]
        found += [
            fault(row, cells.name, str(nearest(cell, allowed, f"{target} key")))
            for row, cell in wrong.items()
        ]
    key = names_of(schema.get("primaryKey") or [])
    for row, *cells in raw.loc[raw.duplicated(key), key].itertuples() if key else ():
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


def _no_date(cell):
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


_HOLDS = {"date": _no_date, "address": _no_address}
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

    def wrong(cells, allowed):
        found = [(row, f"found {cell!r:.80}{allowed}") for row, cell in cells.items()]
        return [fault(row, column, message) for row, message in found]

    faults = []
    if rules.get("required"):
        empty = cells.index[cells == ""]
        faults += [fault(row, column, "empty; a value is required") for row in empty]
    filled = cells[cells != ""]
    if form := _FORMS.get(field.get("type")):
        fits = filled.str.fullmatch(form[0]).astype(bool)
        faults += wrong(filled[~fits], f"; allowed: {form[1]}")
        filled = filled[fits]
    if field.get("type") == "number":
        infinite = ~np.isfinite(filled.astype(float))
        faults += wrong(filled[infinite], "; allowed: a finite number")
    if of_kind := _HOLDS.get(field.get("holds")):
        odd = {cell: of_kind(cell) for cell in filled.unique()}
        odd = {cell: message for cell, message in odd.items() if message}
        for row, cell in filled[filled.isin(odd)].items():
            faults.append(fault(row, column, odd[cell]))
    if rules.get("enum"):
        known = {str(value) for value in rules["enum"]}
        faults += wrong(filled[~filled.isin(known)], f"; {listing(known)}")
    if rules.get("pattern"):
        rule = re.compile(rules["pattern"])
        odd = [len(cell) > _LONGEST_CELL or not rule.fullmatch(cell) for cell in filled]
        faults += wrong(filled[odd], f"; allowed form: {rule.pattern}")
    limits = {rule: rules.get(rule) for rule in ("minimum", "maximum")}
    limits = {rule: n for rule, n in limits.items() if isinstance(n, int | float)}
    if limits and field.get("type") in ("number", "integer"):
        numbers = filled.astype(float)
        for rule, limit in limits.items():
            far = numbers < limit if rule == "minimum" else numbers > limit
            faults += wrong(filled[far], f"; {rule} is {limit}")
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
