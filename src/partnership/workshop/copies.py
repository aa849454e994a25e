"""A copy of a notebook with other parameters: run, and written beside nothing of yours.

A cell with the tag ``parameters`` holds lines such as ``first = "AAA"``; the copy has
others. What was written here carries a seal, the hash of its cells: a file without one,
or changed since, is never replaced unless that is asked for.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from partnership.evidence.files import draft, write_atomically
from partnership.workshop import reading, runner

_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|#)[^()\s]*\)")
_SEAL = "\n<!-- made of a notebook, {} -->\n"


def copied(template: Path, values: Mapping[str, str], title: str = ""):
    """Read a notebook and set its parameters; links to files beside it become text.

    The title is that of the copy, in Markdown; without one it stays.

    Raises
    ------
    ValueError
        If there is not one cell of parameters, or if it does not set these.
    """
    notebook = reading.read(template)
    code = (cell for _, cell in reading.cells(notebook, "code"))
    cells = [cell for cell in code if "parameters" in reading.tags(cell)]
    if len(cells) != 1:
        found = f"{len(cells)} cells with the tag parameters"
        raise ValueError(f"{template.name}: found {found}; allowed is one")
    for name, value in values.items():
        line = rf"^{name} *=.*$"
        cells[0].source, count = re.subn(
            line, lambda _, n=name, v=value: f"{n} = {v!r}", cells[0].source, flags=re.M
        )
        if count != 1:
            found = f"{count} lines that set {name}"
            raise ValueError(f"{template.name}: found {found}; allowed is one")
    heading = f"# {title}"
    for _, cell in reading.cells(notebook, "markdown"):
        if title:
            cell.source = re.sub("^# .*", lambda _: heading, cell.source, flags=re.M)
        cell.source = _LINK.sub(r"\1", cell.source)
    return notebook


def _cells_of(notebook) -> str:
    said = [[cell.cell_type, reading.text(cell.source)] for cell in notebook.cells]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def ours(path: Path) -> bool:
    """Whether a file was written here and has not been changed since."""
    try:
        if path.suffix == ".ipynb":
            notebook = reading.read(path)
            return notebook.metadata.get("copy") == _cells_of(notebook)
        content = path.read_text(encoding="utf-8")
    except Exception:  # no notebook, no text: nothing of ours
        return False
    body, _, seal = content.rpartition("\n<!-- ")
    return "<!-- " + seal == _SEAL.format(_hash(body)).lstrip("\n")


def _hash(text):
    return hashlib.sha256(text.encode()).hexdigest()


def run_copy(
    template: Path,
    values: Mapping[str, str],
    target: Path,
    root: Path,
    page: Callable[[Path], str],
    title: str = "",
    force: bool = False,
    timeout: float = 300,
    on_cell: Callable[[Path], object] = lambda path: None,
) -> list[Path]:
    """Run a copy of a notebook with other parameters; write it and a page of it.

    Parameters
    ----------
    template : Path
        The notebook, which is not changed.
    values : mapping of str to str
        Parameters.
    target : Path
        File of the new notebook; the page gets the ending ``.html``.
    root : Path
        The checkout, as for `runner.run_notebooks`.
    page : function
        Makes the page of a notebook's file.
    title : str
        Of the copy, in Markdown; without one it stays.
    force : bool
        Replace files that were not written here, or have been changed.
    timeout, on_cell
        As for `runner.run_notebooks`.

    Returns
    -------
    list of Path
        The notebook and the page; both are written, or none.

    Raises
    ------
    ValueError
        If a file is there that is not replaced, or if there are no such parameters.
    runner.NotebookError
        If a cell fails.
    """
    files = [target, target.with_suffix(".html")]
    for path in files:
        if path.resolve() == template.resolve():
            raise ValueError(f"{path.name}: found the original; allowed: another file")
        if (path.is_symlink() or path.exists()) and not (force or ours(path)):
            found = f"found {path}, which is not as it was written"
            raise ValueError(f"{found}; allowed: another folder, or --force")
    with draft(Path(tempfile.gettempdir())) as folder:
        new = folder.resolve() / target.name
        new.write_text(
            reading.written(copied(template, values, title)), encoding="utf-8"
        )
        runner.run_notebooks([new], root, 1, timeout, on_cell)
        notebook = reading.read(new)
        notebook.metadata["copy"] = _cells_of(notebook)
        html = page(new)
    target.parent.mkdir(parents=True, exist_ok=True)
    for path, text in zip(files, (reading.written(notebook), html), strict=True):
        if path.is_symlink():
            path.unlink()  # the link, never the file that it leads to
        seal = _SEAL.format(_hash(text)) if path.suffix == ".html" else ""
        write_atomically(path, text + seal)
    return files
