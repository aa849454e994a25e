"""Parts of files that are made: the index in the README and its picture."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from urllib.parse import quote

from partnership.evidence import escape
from partnership.workshop import reading

START, END = "<!-- notebooks:start -->", "<!-- notebooks:end -->"


def index_table(notebooks_dir: str | Path) -> str:
    """Table of the notebooks with the question and the answer of each.

    Parameters
    ----------
    notebooks_dir : path
        The folder of the notebooks; subfolders are left out.

    Returns
    -------
    str
        A markdown table of plain text; links start with the name of the folder.

    Raises
    ------
    ValueError
        If the opening of a notebook has no question or no answer.
    """
    folder = Path(notebooks_dir).resolve()
    lines = ["| Notebook | Question | Answer |", "|---|---|---|"]
    for path in sorted(folder.glob("*.ipynb")):
        parts = reading.opening(reading.read(path))
        place = quote(f"{folder.name}/{path.name}")
        row = [f"[{escape.markdown(path.stem)}]({place})"]
        for name in ("Question", "Answer"):
            if name not in parts:
                raise ValueError(f"{path.name}: opening without **{name}.**")
            row.append(escape.markdown(parts[name]))
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)


def write_index(readme: str | Path, notebooks_dir: str | Path | None = None) -> bool:
    """Write the table of the notebooks into the README, between its markers.

    Parameters
    ----------
    readme : path
        A file with the lines ``<!-- notebooks:start -->`` and
        ``<!-- notebooks:end -->``.
    notebooks_dir : path, optional
        By default the folder ``notebooks`` beside the file.

    Returns
    -------
    bool
        Whether the file changed.

    Raises
    ------
    ValueError
        If a marker is missing, doubled or out of order.
    """
    path = Path(readme)
    old = path.read_text(encoding="utf-8")
    new = _with_index(path, old, notebooks_dir)
    if new != old:
        path.write_text(new, encoding="utf-8", newline="\n")
    return new != old


def headline(notebooks_dir: str | Path) -> bytes:
    """Return the first picture of the first notebook, as PNG.

    Parameters
    ----------
    notebooks_dir : path

    Raises
    ------
    ValueError
        If the first notebook has no picture.
    """
    first = min(Path(notebooks_dir).glob("*.ipynb"))
    for _, cell in reading.cells(reading.read(first), "code"):
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                return base64.b64decode(output.data["image/png"])
    raise ValueError(f"{first.name} has no picture")


def is_current(readme: str | Path, notebooks_dir: str | Path | None = None) -> bool:
    """Whether the README holds the table that `write_index` would write."""
    path = Path(readme)
    text = path.read_text(encoding="utf-8")
    return _with_index(path, text, notebooks_dir) == text


def _with_index(readme: Path, text: str, notebooks_dir: str | Path | None) -> str:
    folder = Path(notebooks_dir or readme.resolve().parent / "notebooks")
    if re.findall(f"{START}|{END}", text) != [START, END]:
        raise ValueError(f"{readme.name}: needs one {START}, then one {END}")
    before, rest = text.split(START)
    after = rest.split(END)[1]
    return f"{before}{START}\n\n{index_table(folder)}\n\n{END}{after}"
