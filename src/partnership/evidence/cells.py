"""The cells of a CSV file: by the fast parser, or row by row to name what is wrong.

The fast parser is trusted where nothing is unusual; what it would pass over (rows that
are too short, a byte order mark) goes the other way. All line ends are read as LF, and
a file that gzip has packed is unpacked.
"""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator

import pandas as pd

from partnership.evidence import faults, files
from partnership.evidence.faults import FormFault
from partnership.evidence.files import LARGEST

_TYPES = {"number": "float64", "integer": "Int64", "year": "Int64"}

_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")


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
    # Every second part lies outside of quotes: only commas there part cells, and a
    # quote stands at the begin or the end of a cell, or is one of two.
    outside = content.split(b'"')[::2]
    if any(one[:1] not in b",\n" for one in outside[1:]):
        return None
    if content.count(b'"') % 2 or any(one[-1:] not in b",\n" for one in outside[:-1]):
        return None
    commas = sum(part.count(b",") for part in outside)
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
        elif kind in ("integer", "year") and frame[name].notna().all():
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
    if frame is None:
        decoded = files.decoded(name, content)
        frame = pd.DataFrame(_careful(name, decoded, names), columns=names, dtype="str")
    if odd := _CONTROL.search(content):
        message = f"found the control character {odd[0].decode()!r}; allowed: text"
        raise FormFault(name, message, content.count(b"\n", 0, odd.start()) + 1)
    return frame


def _careful(name, text, names):
    """The same row by row, to name the first that is wrong."""
    records = []
    try:
        for line, record in numbered(text, strict=True):
            if line == 1 and record != names:
                files.conflict(name, text)
                raise FormFault(name, faults.header(record, names), 1, 0)
            if len(record) != len(names):
                files.conflict(name, text)
                message = (
                    f"{len(record)} cells, expected {len(names)}; a comma inside a "
                    "cell needs quotes, and numbers take a point as decimal mark"
                )
                raise FormFault(name, message, line, len(records))
            records.append(record)
    except csv.Error as error:
        raise FormFault(name, *error.args, len(records)) from None
    if not records:
        raise FormFault(name, faults.header([], names), 1, 0)
    return records[1:]


def numbered(text: str, **how) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line of the file in which each begins; cells of any length.

    What is no row is a ``csv.Error`` of a message and a line.
    """
    limit = csv.field_size_limit(len(text) + 1)
    try:
        rows, line = csv.reader(io.StringIO(text, newline=""), **how), 1
        for record in rows:
            yield line, record
            line = rows.line_num + 1
    except csv.Error as error:
        wrong = f"a cell without end, or signs around a quote: {error}"
        raise csv.Error(wrong, line) from None
    finally:
        csv.field_size_limit(limit)


def lines(content: bytes) -> list[int]:
    """First line of each row of data in the file."""
    return [line for line, _ in numbered(content.decode())][1:]
