"""Files as text cells: packed or not, delimited, JSON or Parquet, in their encodings.

What cannot be read is a `DataError` that names the file and, where there is one, the
row (of data, from 1) with its line.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from partnership.evidence import cells, files
from partnership.evidence.faults import DataError, Problem

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def fault(file: str, message: str, row=None, line=None, column=None) -> DataError:
    """The error of a file, or of a place in it."""
    if row is not None and line is None:  # of a file without lines, as Parquet
        file, row = f"{file}, row {row}", None
    return DataError(str(Problem(file, message, line, column, row)))


@dataclass(frozen=True)
class Opened:
    """The cells of a file as text, in the columns as they are named."""

    name: str
    cells: pd.DataFrame
    text: str = ""  # of a delimited file, from its header on
    separator: str = ","
    before: int = 0  # lines above the header

    def fault(self, row: int, column: str, message: str) -> DataError:
        """The error of a cell, by the position of its row."""
        line = None
        if self.text:
            rows = cells.numbered(self.text, delimiter=self.separator)
            line = [at for at, record in rows if record][row + 1] + self.before
        return fault(self.name, message, row + 1, line, column)


def opened(path) -> list[Opened]:
    """The tables in a file; an archive can hold several.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    list of Opened

    Raises
    ------
    DataError
        If the file is not there, cannot be unpacked, is empty, or is no table.
    """
    try:
        path = Path(path)
    except TypeError:
        found = f"a {type(path).__name__}"
        raise DataError(f"files: found {found}; allowed: paths of files") from None
    content = files.content(path, str(path))
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(path.name, content)
    return [_table(path.name, content)]


def _archive(name, content):
    found = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for one in archive.infolist():
                inside = Path(one.filename)
                hidden = inside.parts[0] == "__MACOSX" or inside.name.startswith(".")
                if one.is_dir() or hidden or inside.stem.casefold() == "readme":
                    continue
                if one.filename == "[Content_Types].xml":
                    said = "is a workbook or a document; allowed: its table as CSV"
                    raise fault(name, said)
                with archive.open(one) as packed:  # which may lie about its size
                    content = packed.read(files.LARGEST + 1)
                if len(content) > files.LARGEST:
                    raise fault(name, f"{one.filename} unpacks to more than 1 GB")
                found.append(_table(f"{name}/{one.filename}", content))
    except DataError:
        raise
    except Exception as error:  # zipfile and its decoders have many
        raise fault(name, f"is no archive that can be unpacked: {error}") from None
    if not found:
        raise fault(name, "is an empty archive")
    return found


def _table(name, content):
    if content.startswith(b"PAR1"):
        return Opened(name, _parquet(name, content))
    if content.startswith(b"\x1f\x8b") or name.endswith(".gz"):
        content = cells.plain(name, content)
    text = _decoded(name, content).replace("\r\n", "\n").replace("\r", "\n")
    if (at := text.find("\0")) >= 0:
        said = "found a NUL byte, as in UTF-16 without its mark; allowed: text"
        raise fault(name, said, line=text.count("\n", 0, at) + 1)
    if not text.strip():
        raise fault(name, "is empty")
    if text.lstrip()[0] in "[{":
        return Opened(name, _json(name, text))
    return _delimited(name, text)


def _parquet(name, content):
    try:
        frame = pd.read_parquet(io.BytesIO(content))
    except ImportError:
        raise fault(
            name, "is Parquet, which needs pyarrow: pip install pyarrow"
        ) from None
    except Exception as error:  # pyarrow has errors of its own
        raise fault(name, f"is no whole Parquet file: {error}") from None
    if any(frame.index.names):
        frame = frame.reset_index()
    # Whole numbers stay whole: 643, not 643.0.
    return frame.convert_dtypes().astype("str").where(frame.notna(), "")


def _decoded(name, content):
    encoding = next((e for mark, e in _MARKS.items() if content.startswith(mark)), None)
    try:
        return content.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if found := files.form(content):
            said = f"{found}; allowed: CSV, packed by gzip or not"
            raise fault(name, said) from None
        line = content[: error.start].count(b"\n") + 1
        allowed = "UTF-8, or UTF-16 with its mark"
        message = f"is not {encoding or 'UTF-8'}; allowed: {allowed}"
        raise fault(name, message, line=line) from None


def _json(name, text):
    found = files.json_of(name, text)
    if isinstance(found, dict):  # answers of services wrap their rows
        lists = [part for part in found.values() if isinstance(part, list)]
        lists = [part for part in lists if all(isinstance(row, dict) for row in part)]
        found = max(lists, key=len, default=None)
    if not found or not all(isinstance(row, dict) for row in found):
        raise fault(name, "holds no list of rows, each an object with named cells")
    frame = pd.DataFrame(found, dtype=object)
    nested = frame.map(lambda cell: isinstance(cell, list | dict)).any()
    frame = frame.loc[:, ~nested]
    return frame.map(_word).astype("str")


def _word(cell):
    if cell is None or cell != cell:
        return ""
    whole = isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53
    return str(int(cell)) if whole else str(cell)


def _delimited(name, text):
    body = text.lstrip("\n")
    if re.match("sep=.\n", body, re.I):  # what spreadsheets write
        body = body[6:].lstrip("\n")
    before, text = text.count("\n") - body.count("\n"), body
    head = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=head.count)
    if separator not in head:
        listed = ", ".join(_SEPARATORS.values())
        raise fault(
            name, f"found one column, {head!r:.60}; allowed: columns by {listed}"
        )
    try:
        _, names = next(cells.numbered(head, delimiter=separator))
    except csv.Error as error:
        raise fault(name, error.args[0], line=1 + before) from None
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise fault(name, f"two columns are named {twice[0]!r}", line=1 + before)
    frame = _fast(text, names, separator)
    if frame is None:
        frame = _careful(name, text, names, separator, before)
    return Opened(name, frame, text, separator, before)


def _fast(text, names, separator):
    """Cells by the fast parser; None where a row is too long, too short or open."""
    try:
        frame = pd.read_csv(
            io.StringIO(text), sep=separator, dtype="str", na_filter=False
        )
    except ValueError:
        return None
    inside = sum(part.count(separator) for part in text.split('"')[::2])
    whole = inside == (len(names) - 1) * (len(frame) + 1)
    plain = isinstance(frame.index, pd.RangeIndex) and list(frame.columns) == names
    return frame if whole and plain else None


def _careful(name, text, names, separator, before):
    """The same row by row, to name the first that has another number of cells."""
    lines, records = [], []
    try:
        for line, record in cells.numbered(text, delimiter=separator, strict=True):
            if record:  # an empty line, as at the end of many files, is no row
                lines.append(line + before)
                records.append(record)
    except csv.Error as error:
        message, line = error.args
        raise fault(name, message, len(records), line + before) from None
    rows = records[1:]
    # UN Comtrade's site ends each row, but not the header, with a comma.
    if all(len(row) == len(names) + 1 and not row[-1] for row in rows):
        rows = [row[:-1] for row in rows]
    for number, row in enumerate(rows, 1):
        if len(row) != len(names):
            files.conflict(name, text)
            message = f"{len(row)} cells, expected {len(names)}"
            raise fault(name, message, number, lines[number])
    return pd.DataFrame(rows, columns=names, dtype="str")
