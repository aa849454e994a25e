"""Read the data package: tables, their descriptions, sources and citations.

A data package is a folder with ``datapackage.json`` and one CSV file a table. The
project's own lies in ``data/``; `open` reads any other folder of the same layout.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import json
import posixpath
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from partnership.evidence import escape
from partnership.evidence.cited import _bibtex, _text_citation, source_ids
from partnership.evidence.faults import (
    DataError,
    Problem,
    _field_problems,
    _first,
    _header_fault,
    _key_problems,
    _one,
    _period_problems,
    nearest,
)

OBSERVATION_TABLES = (
    "trade",
    "machinery",
    "education",
    "industry",
    "corridor",
    "diplomacy",
)


_TRUE_FALSE = {"true": True, "false": False}


class DataChangedWarning(UserWarning):
    """A file no longer has the hash that datapackage.json records."""


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
        file = self.inside("datapackage.json")
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
        self._frames: dict[Any, Any] = {}
        self.files()  # a path that leaves the folder is refused at once

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

    def observation_tables(self) -> list[str]:
        """Names of the tables of statements: each row has its own ``observation_id``.

        The tables of choices and corrections only refer to one.
        """
        needed = {"observation_id", "statement_id"}
        fields = {
            name: one["schema"]["fields"] for name, one in self._resources.items()
        }
        return [name for name in fields if needed <= {f["name"] for f in fields[name]}]

    def once(self, key: object, make: Callable[[], Any]) -> Any:
        """Return what was made once for the package, until its tables are refreshed."""
        if key not in self._frames:
            self._frames[key] = make()
        return self._frames[key]

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

    def inside(self, path: object, named: str = "") -> Path:
        """Find a file by its path in the folder; nothing outside is ever opened.

        Parameters
        ----------
        path : str
            Relative, with slashes. An absolute path, an address, a way up and out and
            a symbolic link that leads out are refused.
        named : str, optional
            Where the path was found, for the message.

        Returns
        -------
        pathlib.Path
            The file need not exist.

        Raises
        ------
        DataError
            If the path is no text or leaves the folder.
        """
        fault = ""
        # A colon is part of an address or a drive, and no name on Windows.
        if isinstance(path, str) and path.isprintable() and not {"\\", ":"} & set(path):
            # What is opened is what is checked: normalized first, links followed then.
            name = posixpath.normpath(path.strip())
            if name.split("/")[0] not in ("", ".", ".."):
                file = self.path / name
                if _leads_into(self.path, file):
                    return file
                fault = ", a link that leads out of the folder"
        raise DataError(
            f"{named or self.path}: found {path!r:.80}{fault}; allowed: a file inside "
            "the folder, such as trade.csv or maps/coast.geojson"
        )

    def files(self) -> dict[str, Path]:
        """Files of all resources, tables or not, by their path in the package."""
        found = {}
        for one in self.descriptor.get("resources", []):
            file = self._located(one)
            found[file.relative_to(self.path).as_posix()] = file
        return found

    def _located(self, resource: dict) -> Path:
        named = f"datapackage.json: resource {resource.get('name')!r:.80}, path"
        return self.inside(resource.get("path"), named)

    def _file(self, table: str) -> Path:
        return self._located(self.resource(table))

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
        target = self.inside("datapackage.json")
        draft = self.inside("datapackage.json.new")
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
        if style == "markdown":
            url = escape.markdown_link(source["url"])
            return _text_citation({**source.map(escape.markdown), "url": url})
        if style == "bibtex":
            return _bibtex(source_id, source)
        raise nearest(style, ["text", "markdown", "bibtex"], "citation style")


def _leads_into(folder: Path, file: Path) -> bool:
    """Whether a file lies in a folder once all symbolic links are followed."""
    try:
        return file.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # links in a circle, a name that is too long
        return False


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


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


@functools.cache
def default() -> DataPackage:
    """The data package that ships with the project."""
    here = Path(__file__).resolve().parents[1]
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
    style : {"text", "markdown", "bibtex"}
        Markdown is the text with every sign in it shown as it is.

    Returns
    -------
    str
    """
    return default().cite(source_id, style)
