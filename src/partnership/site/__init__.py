"""The static site: every page opens from the file system, without network or server.

``build`` is all that others need; the packages of the extra ``site`` are imported by it
and not before. The room turns executed notebooks and the data into pages and computes
no result; it may import `verdicts`, `workshop`, `charts`, `evidence` and `checks`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from partnership.evidence import files

MARKER = ".partnership-site"
"""File by which a folder is known as a site that `build` may replace."""


class SiteError(ValueError):
    """The site cannot be built; the message says why, and what to do."""


def build(
    root: str | Path,
    target: str | Path | None = None,
    on_page: Callable[[str, int], object] = lambda path, total: None,
) -> list[str]:
    """Build the site from the executed notebooks and the data.

    The folder is replaced as a whole at the end; if anything fails, it stays as it was.

    Parameters
    ----------
    root : path
        The checkout, with ``notebooks`` and ``data``; or a folder of tables with its
        own notebooks, in ``notebooks`` or beside the tables.
    target : path, optional
        The folder of the site; ``site`` in `root` by default.
    on_page : function, optional
        Called with the path of each page once it is written, and with the number of
        all pages.

    Returns
    -------
    list of str
        Paths of the pages in the site.

    Raises
    ------
    SiteError
        If a package is missing, if `target` is a folder of something else, or if links
        of the notebooks lead nowhere.
    DataError
        If a file is no notebook.
    """
    root = Path(root).resolve()
    target = Path(target).absolute() if target else root / "site"
    _check_replaceable(target)
    try:
        from partnership.site.assemble import write
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("partnership"):
            raise
        raise missing(error.name) from None
    target.parent.mkdir(parents=True, exist_ok=True)
    with files.draft(target.parent) as draft:
        made = draft / "new"
        made.mkdir()
        pages = write(root, made, on_page)
        (made / MARKER).write_text("Built by `partnership site`.\n", encoding="utf-8")
        files.swap(made, target, draft)
    return pages


def printed(folder: Path) -> dict[str, bytes]:
    """Worksheets of a built site for students, without keys, and what they show.

    Returns
    -------
    dict of str to bytes
        Content by path; all of it stands under ``worksheets`` and needs no more.
    """
    found = {}
    for file in sorted((folder / "worksheets").glob("*.html")):
        if file.stem.endswith("_key"):
            continue
        text = files.text(file)
        for place in re.findall(r'(?:src|href)="\.\./([^"#]+)"', text):
            found[f"worksheets/{place}"] = (folder / place).read_bytes()
        found[f"worksheets/{file.name}"] = text.replace('="../', '="').encode()
    return found


def missing(package: str | None) -> SiteError:
    """Error for a package of the extra that is not installed."""
    return SiteError(f"the site needs {package}: pip install 'partnership[site]'")


def _check_replaceable(target: Path) -> None:
    free = not target.exists() or (target.is_dir() and not any(target.iterdir()))
    if target.is_symlink() or not (free or (target / MARKER).is_file()):
        wrong = f"{target} exists and is not a site built before: it is not replaced"
        raise SiteError(f"{wrong}; move it away, or choose another folder")
