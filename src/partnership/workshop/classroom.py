"""A folder, and an archive of it, for the students of a class.

It holds the notebooks, the exercises without their solutions, the glossary, the data,
what else is handed over (the wheel of the package, worksheets) and a README of three
steps. ``SHA256SUMS`` lists every file, so that a folder in which somebody has worked is
told from one that may be replaced.
"""

from __future__ import annotations

import hashlib
import json
import os
import posixpath
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from partnership.evidence import package
from partnership.evidence.files import draft, holds, leads_into, swap
from partnership.workshop import exercises, lab, quizzes, reading

SUMS = "SHA256SUMS"
_LINK = re.compile(r"\[([^][]*)\]\(([^()#:\s]+)(#[^()\s]*)?\)")
README = """\
# {title}

The notebooks of the class, in three steps. They need Python 3.11 to 3.14
(python.org); where it says `python`, write `py` on Windows and `python3` on macOS and
Linux. If pip speaks of an externally managed environment, first run
`python3 -m venv own` once, and `. own/bin/activate` each time.

1. Unpack everything into a folder of your own and open a terminal there.
2. Once, and with a network: `python -m pip install {install}`
3. `python -m partnership.cli lab`

The exercises are in `notebooks/exercises`: run the folded cell at the top first, then
any task. A wrong answer gets a hint.{worksheets}
"""


class ClassError(ValueError):
    """The folder cannot be written; the message says why, and what to do."""


def write(
    root: str | Path, folder: str | Path, extra: Mapping[str, bytes] | None = None
) -> list[str]:
    """Write the folder of a class and, beside it, an archive of the same.

    Parameters
    ----------
    root : path
        A checkout, or another folder with ``notebooks`` and ``data``.
    folder : path
        New, empty, or as this function left it.
    extra : mapping of str to bytes, optional
        Further files by their path in the folder.

    Returns
    -------
    list of str
        Paths of all files in the folder, sorted.

    Raises
    ------
    ClassError
        If a file would be lost, or an exercise is not made from its solutions. Nothing
        is written then.
    """
    folder = Path(folder).absolute()
    archive = folder.with_name(f"{folder.name}.zip")
    _refuse(folder, _files(folder) if folder.exists() else {})
    _refuse(archive, _packed(archive) if archive.exists() else {})
    made = contents(Path(root), extra or {})
    folder.parent.mkdir(parents=True, exist_ok=True)
    with draft(folder.parent) as place:
        for name, content in made.items():
            file = place / "new" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        packed = {f"{folder.name}/{name}": content for name, content in made.items()}
        lab.pack(place / "zip", packed)
        _swap(place, folder, archive)
    return sorted(made)


def _swap(draft: Path, folder: Path, archive: Path) -> None:
    """Put folder and archive in the place of the old ones, or leave these there."""
    old = swap(draft / "new", folder, draft)
    try:
        os.replace(draft / "zip", archive)
    except OSError:
        folder.rename(draft / "new")
        if old:
            old.rename(folder)
        raise


def contents(root: Path, extra: Mapping[str, bytes]) -> dict[str, bytes]:
    """Files of the folder, by their path in it."""
    data = package.open_folder(root / "data")
    files = dict(_notebooks(root / "notebooks"))
    for name in ("README.md", "datapackage.json", *data.files()):
        if (file := data.inside(name)).is_file():
            files[f"data/{name}"] = file.read_bytes()
    for name in ("LICENSE", "LICENSE-DATA"):
        if (root / name).is_file():
            files[name] = (root / name).read_bytes()
    files |= extra
    wheel = next((name for name in files if name.endswith(".whl")), "")
    sheets = any(name.startswith("worksheets/") for name in files)
    files["README.md"] = README.format(
        title=data.descriptor.get("title", "Notebooks"),
        install=f'"./{wheel}[lab]"' if wheel else '"partnership[lab]"',
        worksheets="\nThe pages in `worksheets` are for printing." if sheets else "",
    ).encode()
    for name in [name for name in files if name.endswith(".ipynb")]:
        files[name] = _unlinked(name, files)
    sums = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}
    listed = "".join(f"{digest}  {name}\n" for name, digest in sums.items())
    return {name: files[name] for name in sums} | {SUMS: listed.encode()}


def _notebooks(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Notebooks and exercises, what they link to, and what the exercises look up."""
    solutions = exercises.solutions(folder)
    stale = [path for path in solutions if not exercises.is_current(path)]
    told = folder / "exercises" / exercises.TASKS
    if solutions and not holds(told, quizzes.tasks(folder)):
        stale.append(told)
    if stale:
        name = exercises.student_path(stale[0]).name
        said = f"{name} is not made from its solutions"
        raise ClassError(f"{said}: run `partnership check --refresh`")
    own = [*folder.glob("*.ipynb"), *folder.glob("exercises/*.ipynb")]
    for file in [*own, folder / "GLOSSARY.md", told]:
        if file.is_file() and not file.stem.endswith("_solution"):
            own_file(folder, file)
            if file.suffix == ".ipynb":
                reading.parsed(file)  # which says what is wrong, and where
            yield f"notebooks/{file.relative_to(folder).as_posix()}", file.read_bytes()


def own_file(folder: Path, file: Path) -> Path:
    """A file, unless it is a link that leads out of its folder."""
    if not leads_into(folder, file):
        raise ClassError(f"{file}: found a link that leads out; allowed is a file")
    return file


def _unlinked(name: str, files: Mapping[str, bytes]) -> bytes:
    """Notebook in which links to what the folder does not hold are text."""
    notebook = json.loads(files[name])
    here = posixpath.dirname(name)

    def kept(link: re.Match) -> str:
        target = posixpath.normpath(posixpath.join(here, link[2]))
        return link[0] if target in files else link[1]

    lost = False
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            old = reading.text(cell["source"])
            new = _LINK.sub(kept, old)
            if new != old:
                cell["source"], lost = new.splitlines(keepends=True), True
    if not lost:
        return files[name]
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def _refuse(place: Path, files: Mapping[str, bytes]) -> None:
    """Stop where a file is not as it was written here, or is not of here at all."""
    listed = files.get(SUMS, b"").decode(errors="replace").splitlines()
    sums = {name: digest for digest, _, name in (o.partition("  ") for o in listed)}
    changed = [
        name
        for name, content in sorted(files.items())
        if name != SUMS and hashlib.sha256(content).hexdigest() != sums.get(name)
    ]
    if changed:
        count = f" and {len(changed) - 1} more" * (len(changed) > 1)
        found = f"found {changed[0]}{count}, changed or not written by this command"
        raise ClassError(f"{place}: {found}; move it away, or choose another folder")


def _files(folder: Path) -> dict[str, bytes]:
    if folder.is_symlink() or not folder.is_dir():
        raise ClassError(f"{folder}: found a file or a link; allowed is a folder")
    every = [path for path in folder.rglob("*") if not path.is_dir()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in every}


def _packed(archive: Path) -> dict[str, bytes]:
    """Files of an archive without the folder that holds them; none of it is lost."""
    if not zipfile.is_zipfile(archive):
        return {archive.name: b""}
    with zipfile.ZipFile(archive) as packed:
        names = [one for one in packed.namelist() if not one.endswith("/")]
        return {name.partition("/")[2] or name: packed.read(name) for name in names}


def wheel(root: Path) -> dict[str, bytes]:
    """Build the wheel of a checkout, without a network; by its name."""
    with draft(Path(tempfile.gettempdir())) as folder:
        made = next(lab.build(root, folder))  # and not the archive behind it
        return {made.name: made.read_bytes()}
