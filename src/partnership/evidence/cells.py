"""The cells of a CSV file: by the fast parser, or row by row to name what is wrong.

The fast parser is trusted where nothing is unusual; what it would pass over (rows that
are too short, a byte order mark) goes the other way. All line ends are read as LF, and
a file that gzip has packed is unpacked.
"""

import codecs
import csv
import gzip
import io
import zlib

import pandas as pd

from partnership.evidence import faults
from partnership.evidence.faults import DataError, Problem

_TYPES = {"number": "float64", "integer": "Int64"}

LARGEST = 1 << 30
"""Bytes of an unpacked file at most: a small packed one can stand for any number."""


class FormFault(DataError):
    """The form of a file is broken, so that its cells cannot be told apart."""

    def __init__(self, name, message, line=None, row=None):
        self.problem = Problem(name, message, line, row=row)
        super().__init__(str(self.problem))


def plain(name: str, content: bytes) -> bytes:
    """Unpacked content with LF line ends; a `FormFault` where it cannot be unpacked."""
    if content.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(io.BytesIO(content)) as packed:
                content = packed.read(LARGEST + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise FormFault(name, f"is no whole gzip file: {error}") from None
        if len(content) > LARGEST:
            limit = f"{LARGEST:,} bytes, which is the limit"
            raise FormFault(name, f"unpacks to more than {limit}")
    elif name.endswith(".gz"):
        raise FormFault(name, "is no gzip file, as its name says")
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def fast(content, names, **how) -> pd.DataFrame | None:
    """Frame by the fast parser, or None if anything about the file is unusual."""
    if content.startswith(codecs.BOM_UTF8) or b"\0" in content:
        return None
    # Every second part lies outside of quotes: only commas there part cells.
    commas = sum(part.count(b",") for part in content.split(b'"')[::2])
    how |= {"keep_default_na": False, "skip_blank_lines": False}
    try:
        frame = pd.read_csv(io.BytesIO(content), **how)
    except ValueError:
        return None
    whole = commas == (len(names) - 1) * (len(frame) + 1)
    plain_index = isinstance(frame.index, pd.RangeIndex)
    return frame if whole and plain_index and list(frame.columns) == names else None


def typed(content, fields) -> pd.DataFrame | None:
    """Frame with numbers as numbers, empty cells as missing; None as in `fast`."""
    types = _types(fields)
    frame = fast(content, list(types), dtype=types, na_values=[""])
    return None if frame is None else _finished(frame, fields)


def convert(raw, fields) -> pd.DataFrame:
    """The same of cells that have been read as text."""
    return _finished(raw.where(raw != "").astype(_types(fields)), fields)


def _types(fields):
    return {one["name"]: _TYPES.get(one.get("type"), "str") for one in fields}


def _finished(frame, fields):
    for name, kind in ((field["name"], field.get("type")) for field in fields):
        if kind == "boolean":
            truth = frame[name].map({"true": True, "false": False})
            frame[name] = truth.astype("boolean")
        elif kind == "integer" and frame[name].notna().all():
            frame[name] = frame[name].astype("int64")
    return frame


def text(name, content, names) -> pd.DataFrame:
    """All cells as text.

    Raises
    ------
    FormFault
        With the first place where the file is not one of the columns `names`.
    """
    frame = fast(content, names, dtype="str", na_filter=False)
    return _careful(name, content, names) if frame is None else frame


def _careful(name, content, names):
    if content.startswith(codecs.BOM_UTF8):
        raise FormFault(name, "starts with a byte order mark; save as UTF-8 without")
    try:
        decoded = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FormFault(name, "is not UTF-8", line) from None
    records, line = [], 1
    rows = csv.reader(io.StringIO(decoded, newline=""), strict=True)
    try:
        header = next(rows, [])
        if header != names:
            raise FormFault(name, faults.header(header, names), 1, 0)
        line = rows.line_num + 1
        for record in rows:
            if len(record) != len(names):
                message = (
                    f"{len(record)} cells, expected {len(names)}; a comma inside a "
                    "cell needs quotes, and numbers take a point as decimal mark"
                )
                raise FormFault(name, message, line, len(records) + 1)
            records.append(record)
            line = rows.line_num + 1
    except csv.Error as error:
        message = f"a cell without end, or signs around a quote: {error}"
        raise FormFault(name, message, line, len(records) + 1) from None
    return pd.DataFrame(records, columns=names, dtype="str")


def lines(content: bytes) -> list[int]:
    """First line of each row of data in the file."""
    limit = csv.field_size_limit(len(content) + 1)  # the fast parser has none
    try:
        rows = csv.reader(io.StringIO(content.decode(), newline=""))
        return [1 + rows.line_num for _ in rows][:-1]
    finally:
        csv.field_size_limit(limit)
