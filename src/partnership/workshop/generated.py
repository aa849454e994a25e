"""Files that are made, wholly or in part, and whether they are current.

Made are the badges and the index in README.md, the codebook in data/README.md (each
between ``<!-- name:start -->`` and ``<!-- name:end -->``), notebooks/headline.png, the
cell that prepares Colab, and the students' notebooks.

Where the project is hosted is one setting, ``[project.urls]`` in pyproject.toml:
``Repository`` is where the code lives, ``Homepage`` where the site is published. As
long as an address is unset, whatever needs it is left out.
"""

from __future__ import annotations

import base64
import re
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from partnership.evidence.escape import markdown
from partnership.evidence.files import content, decoded, holds, write_atomically
from partnership.evidence.package import DataPackage, open_folder
from partnership.workshop import exercises, quizzes, reading
from partnership.workshop.reading import COLAB, is_colab

BRANCH, FIRST = "main", "notebooks/00_start_here.ipynb"
# Colab brings its own Jupyter, which a newer one must not replace.
COLAB_HAS = {"ipykernel", "ipywidgets", "jupyterlab", "nbclient", "nbformat"}


def stale(root: str | Path) -> list[Path]:
    """Return the files of a checkout that `refresh` would change."""
    return [path for path, content in _made(Path(root)) if not holds(path, content)]


def refresh(root: str | Path) -> list[Path]:
    """Make anew what is not current; return the files that changed.

    Notebooks among them have to be run again.
    """
    # One after the other: students' notebooks are made from the solutions.
    return [path for path, made in _made(Path(root)) if write_atomically(path, made)]


def _made(root: Path) -> Iterator[tuple[Path, str | bytes]]:
    """Files that are made, with what they have to hold."""
    notebooks, repository = root / "notebooks", address("Repository", root)
    readme, picture = root / "README.md", root / "notebooks" / "headline.png"
    if readme.is_file():
        text = with_part(readme, "badges", badges(repository) if repository else "")
        yield readme, with_part(readme, "notebooks", index_table(notebooks), text)
    if picture.is_file():
        yield picture, headline(notebooks)
    yield with_codebook(open_folder(root / "data"))
    code = colab_code(root, repository) if repository else ""
    solutions = exercises.solutions(notebooks)
    for path in [*sorted(notebooks.glob("*.ipynb")), *solutions]:
        old = reading.read(path)
        new = with_colab_cell(old, code)
        if new.cells != old.cells:
            yield path, reading.written(new)
    if solutions:
        yield solutions[0].with_name(exercises.TASKS), quizzes.tasks(notebooks)
    for path in solutions:
        if not exercises.is_current(path):
            student = exercises.student_version(reading.read(path))
            yield exercises.student_path(path), reading.written(student)


def with_part(file: Path, part: str, inner: str, text: str | None = None) -> str:
    """Return the text of a file with something else between the marks of a part.

    Parameters
    ----------
    file : Path
    part : str
        The name in the marks.
    inner : str
        What shall stand between them; empty: nothing.
    text : str, optional
        In place of what the file holds.

    Raises
    ------
    ValueError
        If a mark is missing, doubled or out of order.
    """
    start, end = f"<!-- {part}:start -->", f"<!-- {part}:end -->"
    text = decoded(file.name, content(file)) if text is None else text
    if re.findall(f"{start}|{end}", text) != [start, end]:
        raise ValueError(f"{file.name}: needs one {start}, then one {end}")
    before, rest = text.split(start)
    inner = f"\n\n{inner}\n\n" if inner else "\n"
    return before + start + inner + end + rest.split(end)[1]


# ---- from the notebooks ----


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
    folder, rows = Path(notebooks_dir).resolve(), []
    for path in sorted(folder.glob("*.ipynb")):
        parts = reading.opening(reading.read(path))
        row = [f"[{markdown(path.stem)}]({quote(f'{folder.name}/{path.name}')})"]
        for name in ("Question", "Answer"):
            if name not in parts:
                raise ValueError(f"{path.name}: opening without **{name}.**")
            row.append(markdown(parts[name]))
        rows.append(row)
    return _table(["Notebook", "Question", "Answer"], rows)


def headline(notebooks_dir: str | Path) -> bytes:
    """Return the first picture of the first notebook, as PNG.

    Raises
    ------
    ValueError
        If the first notebook has no picture.
    """
    first = min(Path(notebooks_dir).glob("*.ipynb"))
    for _, cell in reading.cells(reading.read(first), "code"):
        for kind, output in reading.pictures(cell):
            if kind == "image/png":
                return base64.b64decode(output.data[kind])
    raise ValueError(f"{first.name} has no picture")


# ---- from the data ----


def codebook(package: DataPackage) -> str:
    """Write the codebook: tables, the account of the evidence, columns; as Markdown."""
    parts = ["## Tables", _tables(package)]
    parts += ["## Account of the evidence", _account(package), "## Columns"]
    for table in package.tables():
        parts += [f"### {markdown(table)}", _columns(package, table)]
    return "\n\n".join(parts)


def with_codebook(package: DataPackage) -> tuple[Path, str]:
    """README.md of a package, and its text with the codebook as it has to be."""
    file = package.inside("README.md")
    empty = None if file.is_file() else "<!-- codebook:start --><!-- codebook:end -->\n"
    return file, with_part(file, "codebook", codebook(package), empty)


def _table(header: list[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _tables(package: DataPackage) -> str:
    rows = []
    for table in package.tables():
        about = package.describe(table).attrs
        licences = ", ".join(filter(None, about["licences"]))
        rows_of = about["rows"] if about["rows"] is not None else ""
        cells = (rows_of, about["description"], licences)
        rows.append([f"[{markdown(table)}](#{quote(table)})", *map(markdown, cells)])
    return _table(["table", "rows", "what a row is", "licence"], rows)


def _account(package: DataPackage) -> str:
    """Summarise the ledger: per evidence file what was kept where, and what was not."""
    ledger = package.load("ledger").fillna({"table": "", "reason": ""})
    rows = []
    parts = ledger.groupby(["evidence_file", "counted_in"], sort=False)
    for (file, counted), lines in parts:
        total = lines["number"].sum()
        fates = []
        for line in lines.itertuples():
            place = f" in {line.table}" if line.table else ""
            reason = f" ({line.reason})" if line.reason else ""
            fates.append(f"{line.number:,} {line.fate}{place}{reason}")
        cells = (file, f"{total:,} {counted}", "; ".join(fates))
        rows.append(map(markdown, cells))
    return _table(["evidence", "held", "became"], rows)


def _columns(package: DataPackage, table: str) -> str:
    rows = []
    for column, line in package.describe(table).iterrows():
        allowed = "" if column == "unit" else line["allowed"]
        cells = (column, line["type"], line["unit"], line["description"], allowed)
        rows.append(map(markdown, cells))
    return _table(["column", "type", "unit", "meaning", "allowed"], rows)


# ---- from the address ----


def address(name: str, root: str | Path | None = None) -> str | None:
    """Return an address of the project, or None while it is unset.

    Parameters
    ----------
    name : str
        ``"Repository"`` or ``"Homepage"``, as in ``[project.urls]``.
    root : path, optional
        The checkout; without it, the installed package says.

    Returns
    -------
    str or None
        Without a slash at the end.

    Raises
    ------
    ValueError
        If the address is no ``https://`` one.
    """
    lines: list[str] = []
    if root is None:
        with suppress(metadata.PackageNotFoundError):
            lines = metadata.metadata("partnership").get_all("Project-URL") or []
        urls = dict(line.split(", ", 1) for line in lines)
    else:
        urls = _project(root).get("urls", {})
    found = {key.lower(): url for key, url in urls.items()}.get(name.lower())
    if found and not re.fullmatch(r"https://[\w.-]+(?:/[\w.~/-]*)?", found):
        wrong = f"found {found!r}; allowed is https://…"
        raise ValueError(f"[project.urls] {name}: {wrong}")
    return found and found.rstrip("/").removesuffix(".git")


def _project(root: str | Path) -> dict[str, Any]:
    file = Path(root) / "pyproject.toml"
    try:
        return tomllib.loads(decoded(file.name, content(file))).get("project", {})
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{file.name}: is no valid TOML: {error}") from None


def badges(repository: str) -> str:
    """One line of Markdown for the README, with what the host of the code allows."""
    github, gitlab = "github.com", "gitlab.com"
    host, path = urlsplit(repository).netloc, urlsplit(repository).path.strip("/")
    # GitLab may nest groups, so there the path is one part of the address.
    place = f"gh/{path}" if host == github else f"gl/{quote(path, safe='')}"
    flow, binder = f"{repository}/actions/workflows/ci.yml", "https://mybinder.org"
    colab = "https://colab.research.google.com"
    lab = f"{binder}/v2/{place}/{BRANCH}?urlpath=lab/tree/{FIRST}"
    opened = f"{colab}/github/{path}/blob/{BRANCH}/{FIRST}"
    badges = (
        ("Tests", f"{flow}/badge.svg?branch={BRANCH}", flow, [github]),
        ("Open in Binder", f"{binder}/badge_logo.svg", lab, [github, gitlab]),
        ("Open in Colab", f"{colab}/assets/colab-badge.svg", opened, [github]),
    )
    shown = (one[:3] for one in badges if host in one[3])
    return " ".join(f"[![{alt}]({image})]({target})" for alt, image, target in shown)


def colab_code(root: str | Path, repository: str) -> str:
    """Code that installs the package in Colab and does nothing elsewhere."""
    extra = _project(root)["optional-dependencies"]["lab"]
    names = [re.match(r"[\w-]+", requirement)[0] for requirement in extra]
    needed = " ".join(name for name in names if name not in COLAB_HAS)
    return (
        'if "google.colab" in str(get_ipython()):  # else nothing\n'
        f'    %pip install --quiet "partnership @ git+{repository}" {needed}'
    )


def with_colab_cell(notebook: Any, code: str) -> Any:
    """Give a notebook the cell for Colab, or take it away.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Stays as it is.
    code : str
        As `colab_code` gives it; empty: no cell.

    Returns
    -------
    nbformat.NotebookNode
        The cell stands after the first one and has the tag `COLAB`.
    """
    import nbformat  # late: only this needs it

    new = nbformat.from_dict(notebook)
    same = [cell for cell in new.cells if is_colab(cell) and cell.source == code]
    made = nbformat.v4.new_code_cell(code, id="colab", metadata={"tags": [COLAB]})
    new.cells = [cell for cell in new.cells if not is_colab(cell)]
    if code:
        new.cells.insert(1, [*same, made][0])
    return new
