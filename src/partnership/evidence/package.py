"""Read the data package: tables, their descriptions, sources and citations.

A data package is a folder with ``datapackage.json`` and one CSV file a table. The
project's own lies in ``data/``; `open` reads any other folder of the same layout, and
`use` makes it the one that is read where none is named.

An unknown name raises a `DataError` that suggests the nearest ones; a file that does
not fit its description one that names file, row, column, what was found and what is
allowed.
"""

import copy
import functools
import json
import os
import posixpath
import warnings
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from partnership.evidence import cells, cited, faults, files
from partnership.evidence.descriptor import malformed, missing_tables
from partnership.evidence.faults import DataError, FormFault, Problem, nearest


class DataChangedWarning(UserWarning):
    """A file no longer has the hash that datapackage.json records."""


class DataPackage:
    """A folder of tables with their description.

    Parameters
    ----------
    path : path-like
        The folder that holds ``datapackage.json``.
    descriptor : dict, optional
        What is in it, where it has been read already.

    Raises
    ------
    DataError
        If the folder holds no ``datapackage.json``, or one that is no description of
        tables.
    """

    def __init__(self, path, descriptor=None):
        try:
            self.path = Path(path)
            self.folder = str(self.path.resolve())  # attrs["data"] of frames
        except (TypeError, ValueError):
            raise DataError(f"data: found {path!r:.80}; allowed: a folder") from None
        self.descriptor = self._read_descriptor() if descriptor is None else descriptor
        # A resource without a schema (the lines of a map) is no table.
        tables = [one for one in self._described() if one.get("schema")]
        self._resources = {one["name"]: one for one in tables}
        self._frames = {}
        self.files()  # a path that leaves the folder is refused at once

    def _read_descriptor(self):
        file = self.inside("datapackage.json")
        if not file.is_file():
            needs = "a datapackage.json and one CSV file for each table that it names"
            raise DataError(f"{file} is missing: a data folder needs {needs}")
        found = files.json_of(str(file), files.content(file, str(file)))
        if fault := malformed(found):
            raise DataError(f"{self.path}: {fault}")
        return found

    def _described(self):
        return self.descriptor.get("resources") or ()

    def __repr__(self) -> str:
        return (
            f"<DataPackage {self.descriptor.get('name')}: {len(self.tables())} tables>"
        )

    @property
    def pair(self) -> tuple[str, str] | None:
        """The two economies (ISO 3166 alpha-3) that the package is about, if any."""
        return tuple(self.descriptor.get("pair") or ()) or None

    def tables(self) -> list[str]:
        """Names of the tables, in the order of the package."""
        return list(self._resources)

    def observation_tables(self) -> list[str]:
        """Names of the tables of statements: each row has its own ``observation_id``.

        The tables of choices and corrections only refer to one.
        """
        needed = {"observation_id", "statement_id"}
        return [table for table in self.tables() if needed <= set(self._names(table))]

    def resource(self, table: str) -> dict:
        """Descriptor of a table; an unknown name suggests the nearest ones."""
        if not isinstance(table, str) or table not in self._resources:
            raise nearest(table, self._resources, "table")
        return self._resources[table]

    def _fields(self, table):
        return self.resource(table)["schema"]["fields"]

    def _names(self, table):
        return [field["name"] for field in self._fields(table)]

    def once(self, key: object, make: Callable):
        """Return what was made once for the package, until its tables are refreshed."""
        if key not in self._frames:
            self._frames[key] = make()
        return self._frames[key]

    def load(self, table: str) -> pd.DataFrame:
        """Typed frame of a table; see `partnership.load`."""
        if not isinstance(table, str) or table not in self._frames:
            self._frames[table] = self._read(table)
        # A shallow copy is safe: pandas copies on write.
        return self._frames[table].copy(deep=False)

    def _read(self, table):
        file, resource = self._file(table), self.resource(table)
        recorded, frame = self.once(("typed", table), lambda: self._typed(table))
        if frame is None or faults.doubtful(frame, table, resource["schema"], self._of):
            text = self._text(table)
            raw = self._raw(table, text)
            if found := self._faults(table, text, {table: raw}):
                raise DataError(faults.first(found))
            frame = cells.convert(raw, self._fields(table))
        self._counted(table, frame)
        if resource.get("hash") and not recorded:
            message = (
                f"{file.name} differs from the hash in datapackage.json; its content "
                f"passes the checks. If this is meant: {faults.renewal(self.path)}"
            )
            warnings.warn(message, DataChangedWarning, stacklevel=4)
        frame.attrs = {"data": self.folder}
        if source := resource.get("source_id"):  # of the table as a whole
            frame.attrs["source_id"] = source
        return frame

    def _typed(self, table):
        """Whether a file is unchanged, and if so its frame by the fast parser."""
        content = self._content(self.resource(table))
        if self.resource(table).get("hash") != files.digest(content):
            return False, None
        text = cells.plain(self._file(table).name, content)
        return True, cells.typed(text, self._fields(table))

    def _of(self, table, column):
        """Column of a table that another one names, not yet checked itself."""
        if column not in self._names(table):
            raise nearest(column, self._names(table), f"column of {table}")
        _, frame = self.once(("typed", table), lambda: self._typed(table))
        raw = self._raw(table, self._text(table)) if frame is None else frame
        return raw[column]

    def inside(self, path: object, named: str = "") -> Path:
        """File by its path in the folder, which need not exist.

        The path is relative, with slashes. Nothing outside of the folder is ever
        opened: an absolute path, an address, a way up and out and a symbolic link that
        leads out are refused; `named` says where the path was found.
        """
        fault = ""
        # A colon is part of an address or a drive, and no name on Windows.
        fits = isinstance(path, str) and path.isprintable() and len(path.encode()) < 256
        if fits and not {"\\", ":"} & set(path):
            # What is opened is what is checked: normalized first, links followed then.
            name = posixpath.normpath(path.strip())
            if name.split("/")[0] not in ("", ".", ".."):
                file = self.path / name
                if files.leads_into(self.path, file):
                    return file
                fault = ", a link that leads out of the folder"
        such = "a file inside the folder, such as trade.csv or maps/coast.geojson"
        found = f"{named or self.path}: found {path!r:.80}{fault}"
        raise DataError(f"{found}; allowed: {such}")

    def files(self) -> dict[str, Path]:
        """Files of all resources, tables or not, by their path in the package."""
        files = [self._located(one) for one in self._described()]
        return {file.relative_to(self.path).as_posix(): file for file in files}

    def _located(self, resource):
        named = f"datapackage.json: resource {resource.get('name')!r:.80}, path"
        return self.inside(resource.get("path"), named)

    def _file(self, table):
        return self._located(self.resource(table))

    def _content(self, resource):
        file = self._located(resource)
        if not file.is_file():
            raise FormFault(file.name, f"file is missing in {self.path}")
        return files.content(file)

    def unchanged(self, table: str) -> bool:
        """Whether the file has the hash that the package records."""
        resource, there = self.resource(table), self._file(table).is_file()
        return there and resource.get("hash") == files.digest(self._content(resource))

    def _text(self, table):
        content = self._content(self.resource(table))
        return cells.plain(self._file(table).name, content)

    def _raw(self, table, text):
        """Cells of a table as text; a `FormFault` where that cannot be."""
        raw = cells.text(self._file(table).name, text, self._names(table))
        return self._counted(table, raw)

    def _counted(self, table, frame):
        expected = self.resource(table).get("rows")
        if expected is not None and len(frame) != expected:
            way = f"record an intended change with {faults.renewal(self.path)}"
            message = (
                f"{len(frame)} rows, expected {expected}; restore the file, or {way}"
            )
            raise FormFault(self._file(table).name, message)
        return frame

    def problems(self, table: str, seen: dict | None = None) -> list[Problem]:
        """Every fault of one table against its schema.

        Parameters
        ----------
        table : str
        seen : dict, optional
            Keeps the cells of tables for those that refer to them.
        """
        seen = {} if seen is None else seen
        try:
            text = self._text(table)
            seen[table] = self._raw(table, text)
            return self._faults(table, text, seen)
        except FormFault as fault:  # of this table, or of one that it refers to
            return [fault.problem]

    def _faults(self, table, text, seen):
        name, resource, raw = self._file(table).name, self.resource(table), seen[table]
        lines = functools.cache(lambda: cells.lines(text))

        def fault(row, column, message):
            return Problem(name, message, lines()[row], column, row + 1)

        def known(target, column):
            if column not in self._names(target):
                raise nearest(column, self._names(target), f"column of {target}")
            if target not in seen:
                seen[target] = self._raw(target, self._text(target))
            return seen[target][column]

        found = faults.of_table(raw, table, resource["schema"], known, fault)
        named = {**resource, **(resource.get("view") or {})}  # by the table as a whole
        places = {"source_id": "sources", "series": "series", "stated_by": "speakers"}
        for column, target in places.items():
            cell = named.get(column)
            if cell is not None and cell not in set(known(target, column)):
                message = f"{table}, {nearest(cell, known(target, column), column)}"
                found.append(Problem("datapackage.json", message))
        if table in self.observation_tables() and "series" in self._resources:
            columns = ("series", "theme", "unit")
            dictionary = pd.DataFrame({c: known("series", c) for c in columns})
            found += faults.of_series(raw, table, dictionary, fault)
        return found

    def check(self) -> list[Problem]:
        """Every fault of every table; an empty list where all is well."""
        if gone := missing_tables(self._resources):
            return gone
        seen = {}
        found = [self.problems(table, seen) for table in self.tables()]
        return list(dict.fromkeys(fault for faults in found for fault in faults))

    def refresh(self) -> list[str]:
        """Record sizes and hashes of changed files, and how many rows tables have.

        Nothing is written unless every table passes its checks.

        Returns
        -------
        list of str
            Names of the resources whose record changed.

        Raises
        ------
        DataError
            If a table has a fault.
        """
        now = DataPackage(self.path, copy.deepcopy(self.descriptor))
        for resource in now._described():
            resource.pop("rows", None)
        if found := now.check():
            raise DataError(faults.first(found))
        changed = []
        for resource in self._described():
            name, content = resource["name"], self._content(resource)
            if resource.get("hash") != files.digest(content):
                changed.append(name)
            if resource.get("schema"):
                resource["rows"] = len(now._raw(name, now._text(name)))
            resource.update(bytes=len(content), hash=files.digest(content))
        text = json.dumps(self.descriptor, indent=2, ensure_ascii=False) + "\n"
        files.write_atomically(self.inside("datapackage.json"), text)
        self._frames.clear()
        return changed

    def describe(self, table: str) -> pd.DataFrame:
        """Columns of a table; see `partnership.describe`."""
        resource = self.resource(table)
        columns, rows = ["type", "unit", "allowed", "description"], {}
        for field in self._fields(table):
            one = {"type": "string", "unit": "", "description": ""} | field
            enum = (field.get("constraints") or {}).get("enum") or ()
            one["allowed"] = ", ".join(map(str, enum))
            rows[field["name"]] = [one[column] or "" for column in columns]
        frame = pd.DataFrame.from_dict(rows, "index", columns=columns)
        frame = frame.rename_axis("column")
        frame.attrs = {
            "title": resource.get("title") or table,
            "description": resource.get("description") or "",
            "rows": resource.get("rows"),
            "licences": [one.get("title") for one in resource.get("licenses") or ()],
        }
        return frame

    def sources(self, used) -> pd.DataFrame:
        """Sources of a frame or of ids; see `partnership.sources`."""
        return cited.known(cited.source_ids(used), self.load("sources"))

    def cite(self, used, style: str = "text") -> str:
        """Citation of a source, or of those of a frame; see `partnership.cite`."""
        return cited.citations(self.sources(used), style)


@functools.cache
def shipped() -> DataPackage:
    """The data package that ships with the project."""
    here = Path(__file__).resolve().parents[1]
    shipped = here / "_data"
    return DataPackage(shipped if shipped.is_dir() else here.parents[1] / "data")


VARIABLE = "PARTNERSHIP_DATA"  # of the environment: a folder, where `use` names none
_opened = functools.cache(DataPackage)
_in_use: DataPackage | None = None


def default() -> DataPackage:
    """The data package that is read where none is named."""
    named = os.environ.get(VARIABLE)
    return _in_use or (_opened(named) if named else shipped())


def chosen(data) -> DataPackage:
    """A data package that was named, also by its folder; else the one in use."""
    known = data is None or isinstance(data, DataPackage)
    return (data or default()) if known else DataPackage(data)


def use(folder) -> DataPackage:
    """Read another data package from now on, wherever none is named.

    Parameters
    ----------
    folder : path-like, DataPackage or None
        As for `open`; None goes back to the package that the environment names in
        ``PARTNERSHIP_DATA``, or else to the one that ships with the project.

    Returns
    -------
    DataPackage
        The one in use now.
    """
    global _in_use
    _in_use = None if folder is None else chosen(folder)
    return default()


def open_folder(path) -> DataPackage:
    """Open another folder of the same layout.

    Parameters
    ----------
    path : path-like
        A folder with ``datapackage.json`` and the CSV files that it names.

    Returns
    -------
    DataPackage
        With the methods `load`, `tables`, `describe`, `sources` and `cite`; hand it to
        `partnership.series` as ``data``, or to `partnership.use`.
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
    """Names of the tables."""
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


def sources(*used) -> pd.DataFrame:
    """List the sources behind frames.

    Parameters
    ----------
    *used : pandas.DataFrame, str or iterable of str
        Frames with a column ``source_id`` or ``source_ids`` (joined by ";"), such as
        the results of `load` and `partnership.series`; or source ids. A frame is
        looked up in the package that it was read from.

    Returns
    -------
    pandas.DataFrame
        One row a source, by id.
    """
    return _found(used)


def _found(used) -> pd.DataFrame:
    ids: dict[str, set[str]] = {}
    own = default().folder
    for one in used:
        folder = getattr(one, "attrs", {}).get("data") or own
        ids.setdefault(folder, set()).update(cited.source_ids(one))
    there = {own: default()}
    found = [(there.get(at) or DataPackage(at)).sources(ids[at]) for at in ids]
    found = pd.concat(found)
    return found[~found.index.duplicated()].sort_index()


def sources_used(*used, sources: pd.DataFrame | None = None) -> cited.SourceTable:
    """List the sources behind frames, for the last cell of a notebook.

    Parameters
    ----------
    *used : pandas.DataFrame or str or iterable of str
        As for `sources`.
    sources : pandas.DataFrame, optional
        Another table of sources than that of the data package.

    Returns
    -------
    SourceTable
        One row a source, sorted by id: id, publisher, title (the link), date, kind.

    Raises
    ------
    ValueError
        If no source was given.
    """
    ids = {name for one in used for name in cited.source_ids(one)}
    if not ids:
        raise ValueError("sources_used() needs frames with sources, or source ids")
    if sources is None:
        return cited.SourceTable(_found(used))
    return cited.SourceTable(cited.known(sorted(ids), sources))


def cite(used, style: str = "text") -> str:
    """Cite a source, or those of a frame, one after the other.

    Parameters
    ----------
    used : str or pandas.DataFrame or iterable of str
        As for `sources`.
    style : {"text", "markdown", "bibtex"}
        Markdown is the text with every sign in it shown as it is.

    Returns
    -------
    str
    """
    return cited.citations(_found([used]), style)
