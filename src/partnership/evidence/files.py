"""Files: text and JSON as they come, and writing that is whole or not at all.

What a reader cannot take is a `FormFault`: file, line, what was found, what is allowed.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from partnership.evidence.faults import FormFault, one_line

try:
    import fcntl
except ImportError:  # Windows: nothing is locked there, and nothing swept
    fcntl = None

LARGEST = 1 << 30
"""Bytes of a file, packed or not, at most."""

_CONFLICT = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?= |$)", re.M)


def content(file: Path, name: str = "") -> bytes:
    """What a file holds; `name` is how messages call it."""
    name = name or file.name
    try:
        with file.open("rb") as opened:
            found = opened.read(LARGEST + 1)
    except (OSError, ValueError) as error:  # a name with a NUL is the latter
        said = getattr(error, "strerror", None) or error
        raise FormFault(name, f"cannot be read: {said}") from None
    if len(found) > LARGEST:
        raise FormFault(name, f"is larger than {LARGEST:,} bytes, which is the limit")
    return found


_OTHER_FORMS = {
    b"PK\x03\x04": "a zip archive, a workbook or a document",
    b"\xd0\xcf\x11\xe0": "an old workbook or document",
    b"\x1f\x8b": "packed by gzip once more",
    b"BZh": "packed by bzip2",
    b"\xfd7zXZ": "packed by xz",
    b"\x28\xb5\x2f\xfd": "packed by zstandard",
    b"7z\xbc\xaf": "packed by 7-Zip",
    b"Rar!": "packed by RAR",
    b"%PDF": "a PDF",
    b"PAR1": "Parquet",
    b"ARROW1": "Arrow or Feather",
    b"<stata_dta>": "a file of Stata",
    b"$FL2": "a file of SPSS",
    b"SQLite format": "a database",
}
"""By first bytes: what a file is that is no text."""


def form(found: bytes) -> str:
    """What a file is that is no text, by its first bytes; or nothing."""
    said = next((w for begin, w in _OTHER_FORMS.items() if found.startswith(begin)), "")
    return said and f"is {said}"


def decoded(name: str, found: bytes) -> str:
    """Text of a file in UTF-8, without a byte order mark and NUL bytes."""
    if said := form(found):
        raise FormFault(name, f"{said}; allowed: text in UTF-8")
    allowed = "allowed: UTF-8 without a byte order mark; save it so"
    if found.startswith(codecs.BOM_UTF8):
        raise FormFault(name, f"starts with a byte order mark; {allowed}")
    wide = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    if found.startswith(wide) or b"\0" in found[:4]:
        raise FormFault(name, f"is UTF-16 or UTF-32, or no text; {allowed}")
    try:
        text, at = found.decode(), found.find(b"\0")
        wrong = f"found a NUL byte; {allowed}"
    except UnicodeDecodeError as error:
        at, wrong = error.start, f"is not UTF-8; {allowed}"
    if at >= 0:
        raise FormFault(name, wrong, found.count(b"\n", 0, at) + 1)
    return text


def text(file: Path) -> str:
    """Text of a file in UTF-8, with LF line ends."""
    return decoded(file.name, content(file)).replace("\r\n", "\n")


def digest(content: bytes) -> str:
    """Hash of a file as datapackage.json records it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def conflict(name: str, text: str) -> None:
    """Refuse a text with the marks that git leaves where two versions disagree."""
    if found := _CONFLICT.search(text):
        wrong = f"found {found[0]}, a mark of two versions that git could not join"
        line = text.count("\n", 0, found.start()) + 1
        raise FormFault(name, f"{wrong}; allowed: one of the two", line)


def json_of(name: str, text: str | bytes, kind: Callable = dict) -> Any:
    """Value of a JSON file; `kind` makes objects of their pairs."""

    def made(pairs):
        found = kind(pairs)
        if len(found) < len(pairs):
            names = [key for key, _ in pairs]
            twice = next(key for key in names if names.count(key) > 1)
            raise ValueError(f"the key {twice!r:.80} stands twice")
        return found

    def constant(word):
        raise ValueError(f"found {word}; allowed: finite numbers")

    text = text if isinstance(text, str) else decoded(name, text)
    try:
        found = json.loads(text, object_pairs_hook=made, parse_constant=constant)
        if re.search(r"\\u[dD][89a-fA-F]", text):
            json.dumps(found, ensure_ascii=False).encode()
        return found
    except json.JSONDecodeError as error:
        conflict(name, text)
        whole = error.pos < len(text.rstrip()) and "Unterminated" not in error.msg
        wrong, line = f"is no valid JSON: {error.msg}", error.lineno
        if not text.strip():
            wrong, line = "is empty", None
        elif not whole:
            wrong = "is no valid JSON: it ends too early"
    except UnicodeEncodeError:
        wrong, line = "holds half of a character (a lone surrogate)", None
    except RecursionError:
        wrong, line = "is no valid JSON: it is nested too deep", None
    except ValueError as error:
        wrong, line = f"is no valid JSON: {error}", None
    raise FormFault(name, wrong, line)


# ---- writing ----


def said(error: OSError) -> str:
    """Which file the system refuses, and why, in one line."""
    named = f"{error.filename}: " if error.filename else ""
    return one_line(named + (error.strerror or str(error)))


def holds(path: Path, content: str | bytes) -> bool:
    """Tell whether there is a file with just this content."""
    made = content if isinstance(content, bytes) else content.encode()
    return path.is_file() and path.read_bytes() == made


def write_atomically(path: Path, content: str | bytes) -> bool:
    """Write a file in one step; say whether it changed.

    A reader sees the old file or the new one, never half of one; an unchanged file
    keeps its time stamp, so that an open JupyterLab has nothing to reload. A link
    stays one.
    """
    content = content if isinstance(content, bytes) else content.encode()
    try:
        if holds(path, content):
            return False
        path = path.resolve()
        with draft(path.parent) as folder:
            made = folder / "new"
            made.write_bytes(content)
            if path.exists():
                shutil.copymode(path, made)
            os.replace(made, path)
    except OSError as error:
        said = f"{error.strerror or error}; the file is as it was"
        raise type(error)(error.errno, said, str(path)) from None
    return True


@contextlib.contextmanager
def draft(beside: Path) -> Iterator[Path]:
    """Give a folder in another one, to build in; afterwards it is gone.

    The run holds a lock on it, which ends with the run in whatever way: what is not
    locked was left by one that was killed, and is swept. No clock and no process id
    decides that.
    """
    sweep(beside)
    folder, lock = None, -1
    try:
        folder, lock = _made(beside)
        yield folder
    except OSError as error:  # the draft's own name would say nothing
        named = str(error.filename or ".partnership-")
        if error.strerror and ".partnership-" in named:
            raise type(error)(error.errno, error.strerror, str(beside)) from None
        raise
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        if lock >= 0:
            os.close(lock)


def swap(new: Path, target: Path, draft: Path) -> Path | None:
    """Put a folder in the place of another, or leave that there; say where it went.

    Where another run puts its own there in between, the later one stays.
    """
    for attempt in range(10):
        old = draft / f"old{attempt}"
        with contextlib.suppress(FileNotFoundError):
            target.rename(old)
        try:
            new.rename(target)
            return old if old.exists() else None
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST) and attempt < 9:
                continue
            if old.exists():
                old.rename(target)
            raise
    return None


def _made(beside: Path) -> tuple[Path, int]:
    """Make a draft and lock it; another one, if it is swept in between."""
    while True:
        folder = Path(tempfile.mkdtemp(".draft", ".partnership-", beside))
        lock = _locked(folder)
        if lock is not None:
            return folder, lock


def sweep(beside: Path) -> None:
    """Remove from a folder the drafts that runs which were killed have left."""
    for folder in beside.glob(".partnership-*.draft") if fcntl else ():
        with contextlib.suppress(FileNotFoundError):  # two sweep at once
            lock = _locked(folder) if folder.lstat().st_uid == os.geteuid() else None
            if lock is not None and lock >= 0:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)


def _locked(folder: Path) -> int | None:
    """Lock a folder: the descriptor, -1 where there are no locks, None if taken."""
    if fcntl is None:
        return -1
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:  # swept before it was locked
        return None
    except OSError:  # of somebody else
        return -1
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if folder.exists():
            return lock
        taken = None
    except BlockingIOError:
        taken = None
    except OSError:  # a file system without locks
        taken = -1
    os.close(lock)
    return taken


def leads_into(folder: Path, file: Path) -> bool:
    """Whether a file lies in a folder once all symbolic links are followed."""
    try:
        real = file.resolve()
        # Python 3.13 leaves a link of a circle as it is, others raise RuntimeError.
        return real.is_relative_to(folder.resolve()) and not real.is_symlink()
    except (OSError, RuntimeError):  # or a name that is too long
        return False
