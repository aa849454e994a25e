"""Read the data package: tables, their descriptions, sources and citations.

A data package is a folder with ``datapackage.json`` and one CSV file a table. The
project's own lies in ``data/``; `open` reads any other folder of the same layout.
"""

from __future__ import annotations

import csv
import difflib
import functools
import hashlib
import io
import json
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from partnership import periods

OBSERVATION_TABLES = (
    "trade",
    "machinery",
    "education",
    "industry",
    "corridor",
    "diplomacy",
)
_TRUE_FALSE = {"true": True, "false": False}
_LONGEST_LIST = 12


class DataError(ValueError):
    """Something in the data, or in what was asked of them, is wrong."""


class DataChangedWarning(UserWarning):
    """A file no longer has the hash that datapackage.json records."""


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


class DataPackage:
    """A folder of tables with their description.

    Parameters
    ----------
    path : path-like
        The folder that holds ``datapackage.json``.

    Raises
    ------
    DataError
        If the folder holds no readable ``datapackage.json``.
    """

    def __init__(self, path):
        self.path = Path(path)
        file = self.path / "datapackage.json"
        if not file.is_file():
            raise DataError(
                f"{file} is missing: a data folder needs a datapackage.json and one "
                "CSV file for each table that it names"
            )
        try:
            self.descriptor = json.loads(file.read_text(encoding="utf-8"))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise DataError(f"{file} is no valid JSON: {error}") from None
        # A resource without a schema (the lines of a map) is no table.
        self._resources = {
            r["name"]: r for r in self.descriptor.get("resources", []) if "schema" in r
        }
        self._frames: dict[str, pd.DataFrame] = {}

    def __repr__(self) -> str:
        return (
            f"<DataPackage {self.descriptor.get('name')}: {len(self.tables())} tables>"
        )

    @property
    def pair(self) -> tuple[str, str] | None:
        """The two economies (ISO 3166 alpha-3) that the package is about, if any."""
        pair = self.descriptor.get("pair")
        return tuple(pair) if pair else None

    def tables(self) -> list[str]:
        """Names of the tables, in the order of the package."""
        return list(self._resources)

    def resource(self, table: str) -> dict:
        """Descriptor of a table; an unknown name suggests the nearest ones."""
        if table not in self._resources:
            raise nearest(table, self._resources, "table")
        return self._resources[table]

    def load(self, table: str) -> pd.DataFrame:
        """Typed frame of a table; see `partnership.load`."""
        if table not in self._frames:
            self._frames[table] = self._read(table)
        # A shallow copy is safe: pandas copies on write.
        return self._frames[table].copy(deep=False)

    def _read(self, table: str) -> pd.DataFrame:
        resource = self.resource(table)
        raw, problems = self._parse(table)
        if problems:
            raise DataError(_first(problems))
        if not self.unchanged(table):
            problems = self.problems(table, raw)
            if problems:
                raise DataError(_first(problems))
            warnings.warn(
                f"{self._file(table).name} differs from the hash in datapackage.json; "
                "its content passes the checks. If the change is meant, record it with "
                "`partnership check --refresh`.",
                DataChangedWarning,
                stacklevel=4,
            )
        return _typed(raw, resource["schema"]["fields"])

    def _file(self, table: str) -> Path:
        return self.path / self.resource(table)["path"]

    def unchanged(self, table: str) -> bool:
        """Whether the file has the hash that the package records."""
        recorded = self.resource(table).get("hash")
        return recorded == f"sha256:{_sha256(self._file(table))}"

    def _parse(self, table: str) -> tuple[pd.DataFrame | None, list[Problem]]:
        """Cells of a table as text, and faults of the file's form."""
        resource = self.resource(table)
        file = self._file(table)
        name = file.name
        if not file.is_file():
            return None, [Problem(name, f"file is missing in {self.path}")]
        content = file.read_bytes()
        if content.startswith(b"\xef\xbb\xbf"):
            return None, [
                Problem(name, "starts with a byte order mark; save as UTF-8 without")
            ]
        if b"\r" in content:
            line = content[: content.index(b"\r")].count(b"\n") + 1
            return None, [
                Problem(name, "has Windows line ends; save it with LF line ends", line)
            ]
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            return None, [Problem(name, "is not UTF-8", line)]
        names = [field["name"] for field in resource["schema"]["fields"]]
        rows = csv.reader(io.StringIO(text))
        header = next(rows, [])
        if header != names:
            return None, [Problem(name, _header_fault(header, names), 1)]
        records = []
        for record in rows:
            if len(record) != len(names):
                message = (
                    f"{len(record)} cells, expected {len(names)}; a comma inside a "
                    "cell needs quotes, and numbers take a point as decimal mark"
                )
                return None, [Problem(name, message, rows.line_num)]
            records.append(record)
        expected = resource.get("rows")
        if expected is not None and len(records) != expected:
            message = (
                f"{len(records)} rows, expected {expected}; restore the file, or "
                "record an intended change with `partnership check --refresh`"
            )
            return None, [Problem(name, message)]
        return pd.DataFrame(records, columns=names, dtype="str"), []

    def problems(self, table: str, raw: pd.DataFrame | None = None) -> list[Problem]:
        """Every fault of one table against its schema.

        Parameters
        ----------
        table : str
        raw : pandas.DataFrame, optional
            The cells as text, where they have been read already.

        Returns
        -------
        list of Problem
        """
        if raw is None:
            raw, problems = self._parse(table)
            if problems:
                return problems
        schema = self.resource(table)["schema"]
        name = self._file(table).name
        faults: list[Problem] = []
        for field in schema["fields"]:
            faults += _field_problems(name, raw[field["name"]], field)
        faults += _key_problems(name, raw, schema.get("primaryKey", []))
        for key in schema.get("foreignKeys", []):
            faults += self._reference_problems(name, raw, table, key)
        for field in schema["fields"]:
            if "listOf" in field:
                faults += self._list_problems(name, raw[field["name"]], field)
        if {"period", "period_type"} <= set(raw):
            faults += _period_problems(name, raw)
        return faults

    def _keys(self, table: str, column: str) -> set[str]:
        raw, problems = self._parse(table)
        if problems:
            raise DataError(_first(problems))
        return set(raw[column])

    def _reference_problems(self, name, raw, table, key) -> list[Problem]:
        column = _one(key["fields"])
        target = key["reference"]["resource"] or table
        known = self._keys(target, _one(key["reference"]["fields"]))
        cells = raw[column]
        wrong = cells[(cells != "") & ~cells.isin(known)]
        return [
            Problem(name, str(nearest(cell, known, f"{target} key")), row + 2, column)
            for row, cell in wrong.items()
        ]

    def _list_problems(self, name, cells, field) -> list[Problem]:
        target = field["listOf"]
        known = self._keys(target["resource"], target["field"])
        return [
            Problem(
                name,
                str(nearest(item, known, f"{target['resource']} key")),
                row + 2,
                field["name"],
            )
            for row, cell in cells.items()
            for item in (cell.split(";") if cell else [])
            if item not in known
        ]

    def check(self) -> list[Problem]:
        """Every fault of every table; an empty list where all is well."""
        faults = []
        for table in self.tables():
            faults += self.problems(table)
        return faults

    def refresh(self) -> list[str]:
        """Record row counts, sizes and hashes of changed tables.

        Nothing is written unless every table passes its checks.

        Returns
        -------
        list of str
            Names of the tables whose record changed.

        Raises
        ------
        DataError
            If a table has a fault.
        """
        counted = {table: self.resource(table).get("rows") for table in self.tables()}
        # None in their place, not a gap: the order of the keys stays as it is.
        for table in counted:
            self.resource(table)["rows"] = None
        faults = self.check()
        for table, rows in counted.items():
            self.resource(table)["rows"] = rows
        if faults:
            raise DataError(_first(faults))
        changed = [table for table in self.tables() if not self.unchanged(table)]
        for table in self.tables():
            file = self._file(table)
            with file.open(encoding="utf-8", newline="") as lines:
                rows = sum(1 for _ in csv.reader(lines)) - 1
            self.resource(table).update(
                rows=rows, bytes=file.stat().st_size, hash=f"sha256:{_sha256(file)}"
            )
        target = self.path / "datapackage.json"
        draft = target.with_suffix(".json.new")
        text = json.dumps(self.descriptor, indent=2, ensure_ascii=False) + "\n"
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(target)
        self._frames.clear()
        return changed

    def describe(self, table: str) -> pd.DataFrame:
        """Columns of a table; see `partnership.describe`."""
        resource = self.resource(table)
        columns = [
            {
                "column": field["name"],
                "type": field["type"],
                "unit": field.get("unit", ""),
                "allowed": ", ".join(
                    map(str, field.get("constraints", {}).get("enum", []))
                ),
                "description": field["description"],
            }
            for field in resource["schema"]["fields"]
        ]
        frame = pd.DataFrame(columns).set_index("column")
        licences = [licence["title"] for licence in resource.get("licenses", [])]
        frame.attrs = {
            "title": resource.get("title", table),
            "description": resource.get("description", ""),
            "rows": resource.get("rows"),
            "licences": licences,
        }
        return frame

    def sources(self, used) -> pd.DataFrame:
        """Sources of a frame or of ids; see `partnership.sources`."""
        known = self.load("sources").set_index("source_id")
        ids = source_ids(used)
        for name in ids:
            if name not in known.index:
                raise nearest(name, known.index, "source")
        return known.loc[ids]

    def cite(self, source_id: str, style: str = "text") -> str:
        """Citation of a source; see `partnership.cite`."""
        source = self.sources([source_id]).iloc[0].fillna("")
        if style == "text":
            return _text_citation(source)
        if style == "bibtex":
            return _bibtex(source_id, source)
        raise nearest(style, ["text", "bibtex"], "citation style")


def source_ids(used) -> list[str]:
    """Sorted ids of the sources that a frame names, or of a list of ids.

    Parameters
    ----------
    used : pandas.DataFrame, str or iterable of str
        A frame with a column ``source_ids`` (several ids, separated by ``;``) or
        ``source_id``, one id, or ids.

    Returns
    -------
    list of str
    """
    if isinstance(used, str):
        used = [used]
    if isinstance(used, pd.DataFrame):
        column = "source_ids" if "source_ids" in used else "source_id"
        if column not in used:
            raise DataError(
                "the frame has no column source_id; columns: " + ", ".join(used.columns)
            )
        used = used[column].dropna()
    return sorted({name for cell in used for name in str(cell).split(";") if name})


def _one(names):
    return names if isinstance(names, str) else names[0]


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


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


def _typed(raw: pd.DataFrame, fields: list[dict]) -> pd.DataFrame:
    """Frame with numbers as numbers, truth values as such, empty cells as missing."""
    columns = {}
    for field in fields:
        cells = raw[field["name"]]
        cells = cells.where(cells != "")
        if field["type"] == "number":
            cells = cells.astype("float64")
        elif field["type"] == "integer":
            cells = cells.astype("int64" if cells.notna().all() else "Int64")
        elif field["type"] == "boolean":
            cells = cells.map(_TRUE_FALSE).astype("boolean")
        columns[field["name"]] = cells
    return pd.DataFrame(columns)


def _text_citation(source: pd.Series) -> str:
    when = f" ({source['published']})" if source["published"] else " (undated)"
    read = f", retrieved {source['retrieved']}" if source["retrieved"] else ""
    file = f", {source['file']}" if source["file"] else ""
    return (
        f"{source['publisher']}{when}. {source['title']}{file}. {source['url']}{read}"
    )


def _bibtex(source_id: str, source: pd.Series) -> str:
    def clean(text):
        return re.sub(r"([&%#_$])", r"\\\1", str(text))

    fields = {
        "author": "{" + clean(source["publisher"]) + "}",
        "title": "{" + clean(source["title"]) + "}",
        "year": source["published"][:4],
        "month": source["published"][5:7].lstrip("0"),
        "howpublished": rf"\url{{{source['url']}}}",
        "note": clean(
            f"retrieved {source['retrieved']}" if source["retrieved"] else ""
        ),
        "language": source["language"],
    }
    lines = [f"  {key} = {{{text}}}," for key, text in fields.items() if text]
    return "\n".join([f"@misc{{{source_id},", *lines, "}"])


@functools.cache
def default() -> DataPackage:
    """The data package that ships with the project."""
    here = Path(__file__).resolve().parent
    shipped = here / "_data"
    return DataPackage(shipped if shipped.is_dir() else here.parents[1] / "data")


def open(path) -> DataPackage:
    """Open another folder of the same layout.

    Parameters
    ----------
    path : path-like
        A folder with ``datapackage.json`` and the CSV files that it names.

    Returns
    -------
    DataPackage
        With the methods `load`, `tables`, `describe`, `sources` and `cite`; hand it to
        `partnership.series` as ``data``.
    """
    return DataPackage(path)


def load(table: str) -> pd.DataFrame:
    """Load a table of the project's data.

    Parameters
    ----------
    table : str
        One of `tables`.

    Returns
    -------
    pandas.DataFrame
        One row a row of the file: numbers as float, whole numbers as int, empty cells
        missing. Changing it changes nobody else's copy.

    Raises
    ------
    DataError
        If the table is unknown, or if its file does not fit its description; the
        message names file, row, column, what was found and what is allowed.

    Warns
    -----
    DataChangedWarning
        If the file passes all checks but is not the one that the package records.
    """
    return default().load(table)


def tables() -> list[str]:
    """Names of the tables of the project's data."""
    return default().tables()


def describe(table: str) -> pd.DataFrame:
    """Say what the columns of a table mean.

    Parameters
    ----------
    table : str

    Returns
    -------
    pandas.DataFrame
        One row a column: type, unit, allowed values, description. ``attrs`` has the
        title, the row count and the licences of the table.
    """
    return default().describe(table)


def sources(used) -> pd.DataFrame:
    """List the sources behind a frame.

    Parameters
    ----------
    used : pandas.DataFrame, str or iterable of str
        A frame with a column ``source_id`` or ``source_ids``, or ids.

    Returns
    -------
    pandas.DataFrame
        One row a source, by id.

    Raises
    ------
    DataError
        For an unknown id; the message suggests the nearest ones.
    """
    return default().sources(used)


def cite(source_id: str, style: str = "text") -> str:
    """Cite a source.

    Parameters
    ----------
    source_id : str
    style : {"text", "bibtex"}

    Returns
    -------
    str
    """
    return default().cite(source_id, style)
