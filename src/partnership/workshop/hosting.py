"""Where the project is hosted, and what follows from it: badges and the Colab cell.

There is one setting, ``[project.urls]`` in pyproject.toml: ``Repository`` is where the
code lives, ``Homepage`` where the site is published. As long as an address is unset,
whatever needs it is left out.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from partnership.workshop.exercises import solutions
from partnership.workshop.reading import COLAB, is_colab

BRANCH = "main"


FIRST = "notebooks/00_start_here.ipynb"


START, END = "<!-- badges:start -->", "<!-- badges:end -->"


GITHUB, GITLAB = "github.com", "gitlab.com"


# Colab brings its own Jupyter, which a newer one must not replace.
COLAB_HAS = {"ipykernel", "ipywidgets", "jupyterlab", "nbclient", "nbformat"}


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
    found = (_installed() if root is None else _declared(root)).get(name.lower())
    if found is None:
        return None
    if not re.fullmatch(r"https://[\w.-]+(?:/[\w.~/-]*)?", found):
        raise ValueError(
            f"[project.urls] {name}: found {found!r}; allowed is https://…"
        )
    return found.rstrip("/").removesuffix(".git")


def _project(root: str | Path) -> dict[str, Any]:
    text = (Path(root) / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text).get("project", {})


def _declared(root: str | Path) -> dict[str, str]:
    return {name.lower(): url for name, url in _project(root).get("urls", {}).items()}


def _installed() -> dict[str, str]:
    try:
        lines = metadata.metadata("partnership").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        return {}
    pairs = (line.partition(",") for line in lines)
    return {name.strip().lower(): url.strip() for name, _, url in pairs}


@dataclass(frozen=True)
class Generated:
    """What follows from the address of the repository; empty while it is unset.

    Attributes
    ----------
    badges : str
        One line of Markdown for the README, with what the host allows.
    colab : str
        Code of the cell that installs the package in Colab and does nothing elsewhere.
    """

    badges: str = ""
    colab: str = ""


def generated(root: str | Path) -> Generated:
    """Make what a checkout needs for its address.

    Parameters
    ----------
    root : path
        The checkout.
    """
    repository = address("Repository", root)
    if repository is None:
        return Generated()
    extra = _project(root)["optional-dependencies"]["lab"]
    return Generated(_badges(repository), _colab_code(repository, extra))


def _badges(repository: str) -> str:
    host, path = urlsplit(repository).netloc, urlsplit(repository).path.strip("/")
    found = []
    if host == GITHUB:
        flow = f"{repository}/actions/workflows/ci.yml"
        found.append(_badge("Tests", f"{flow}/badge.svg?branch={BRANCH}", flow))
    if host in (GITHUB, GITLAB):
        # GitLab may nest groups, so there the path is one part of the address.
        place = f"gh/{path}" if host == GITHUB else "gl/" + path.replace("/", "%2F")
        target = f"https://mybinder.org/v2/{place}/{BRANCH}"
        target += f"?urlpath=lab/tree/{FIRST}"
        picture = "https://mybinder.org/badge_logo.svg"
        found.append(_badge("Open in Binder", picture, target))
    if host == GITHUB:
        colab = "https://colab.research.google.com"
        target = f"{colab}/github/{path}/blob/{BRANCH}/{FIRST}"
        found.append(_badge("Open in Colab", f"{colab}/assets/colab-badge.svg", target))
    return " ".join(found)


def _badge(alt: str, picture: str, target: str) -> str:
    return f"[![{alt}]({picture})]({target})"


def with_badges(text: str, badges: str) -> str:
    """Return the text of a README with these badges between its markers.

    Raises
    ------
    ValueError
        If a marker is missing, doubled or out of order.
    """
    if re.findall(f"{START}|{END}", text) != [START, END]:
        raise ValueError(f"README.md: needs one {START}, then one {END}")
    before, rest = text.split(START)
    inner = f"\n\n{badges}\n\n" if badges else "\n"
    return before + START + inner + END + rest.split(END)[1]


def _colab_code(repository: str, extra: list[str]) -> str:
    names = [re.match(r"[\w-]+", requirement)[0] for requirement in extra]
    needed = " ".join(name for name in names if name not in COLAB_HAS)
    return (
        'if "google.colab" in str(get_ipython()):  # else nothing\n'
        f'    %pip install --quiet "partnership @ git+{repository}" {needed}'
    )


def with_colab_cell(notebook: Any, code: str) -> Any:
    """Give a notebook the cell for Colab, or take it away.

    The cell stands after the first one and has the tag `COLAB`.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Stays as it is.
    code : str
        As in `Generated`; empty: no cell.

    Returns
    -------
    nbformat.NotebookNode
    """
    import nbformat  # late: only this needs it

    new = nbformat.from_dict(notebook)
    old = next((cell for cell in new.cells if is_colab(cell)), None)
    new.cells = [cell for cell in new.cells if not is_colab(cell)]
    if code:
        cell = nbformat.v4.new_code_cell(code, id="colab", metadata={"tags": [COLAB]})
        same = old is not None and old.source == code
        new.cells.insert(1, old if same else cell)
    return new


def refresh(root: str | Path) -> list[Path]:
    """Bring the badges and the Colab cells in line with the setting.

    Parameters
    ----------
    root : path
        The checkout.

    Returns
    -------
    list of pathlib.Path
        The files that changed. Notebooks among them have to be run again.
    """
    import nbformat

    root, made = Path(root), generated(root)
    changed = []
    readme = root / "README.md"
    text = readme.read_text(encoding="utf-8")
    if (new := with_badges(text, made.badges)) != text:
        readme.write_text(new, encoding="utf-8", newline="\n")
        changed.append(readme)
    # Students' notebooks are made from the solutions, with this cell.
    for path in [
        *sorted((root / "notebooks").glob("*.ipynb")),
        *solutions(root / "notebooks"),
    ]:
        old = nbformat.read(path, as_version=4)
        new = with_colab_cell(old, made.colab)
        if new.cells != old.cells:
            draft = nbformat.writes(new).rstrip("\n") + "\n"
            path.write_text(draft, encoding="utf-8", newline="\n")
            changed.append(path)
    return changed
