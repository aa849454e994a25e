"""A page of the site, and the pages that are made from a file: notebooks and texts."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath

from bs4 import BeautifulSoup

from partnership.evidence import files
from partnership.site import SiteError, convert, numbers, polish, slides
from partnership.workshop import exercises, reading
from partnership.workshop.lessons import Lesson

TEXTS = {
    # Where it stands, and what the page and the search call it.
    "data/README.md": "Codebook",
    "notebooks/GLOSSARY.md": "Glossary",
    "notebooks/TEACHING.md": "Teaching",
}
WAY_IN = "00"  # number of the notebook that leads to the others: it has no slides
LONGEST = 300  # characters of a page's description


@dataclass
class Page:
    """One page of the site: its path there, and what stands on it."""

    path: str
    title: str
    description: str = ""
    picture: str = ""  # path of its first picture in the site
    kind: str = ""  # what the search calls it: Notebook, Exercise, Glossary and so on
    origin: str = "notebooks/"  # its file in the checkout: links start there
    body: BeautifulSoup = field(default_factory=lambda: polish.soup(""))
    about: dict[str, str] = field(default_factory=dict)  # see `reading.opening`
    slides: list[slides.Slide] = field(default_factory=list)
    notebook: convert.Node | None = None  # its cells, if it was made from a notebook

    @property
    def root(self) -> str:
        """The way from the page to the root of the site."""
        return "../" * self.path.count("/")

    @property
    def name(self) -> str:
        """Name of the file, without folder and ending."""
        return PurePosixPath(self.path).stem

    @property
    def deck(self) -> str:
        """Path of the slides; empty if there are none."""
        number = self.name.partition("_")[0]
        name = number if number.isdigit() else self.name
        return f"slides/{name}.html" if self.slides else ""

    @property
    def sections(self) -> list[tuple[str, str]]:
        """Anchor and words of each heading of level 2."""
        return [(str(h["id"]), polish.words(h)) for h in polish.find(self.body, "h2")]


def filed(name: str) -> str:
    """A name as part of an address: ``a:b.html`` in a link would be a scheme."""
    return re.sub(r"[^\w.-]+", "-", name)


def title(source: str, fallback: str) -> str:
    """The first heading of level 1 in a Markdown text."""
    found = re.search(r"^# +(.+?) *#* *$", convert.plain(source), re.M)
    return re.sub(r"[*_`]", "", found[1]) if found else fallback


def introduction(source: str) -> str:
    """The first paragraph of a Markdown text that is prose, not badges or a list."""
    blocks = (block.strip() for block in convert.plain(source).split("\n\n"))
    signs = ("#", "|", "-", "*", ">", "<", "!", "[", "`")
    return next((b for b in blocks if b and not b.startswith(signs)), "")


def shortened(text: str) -> str:
    """The first sentences of a text, as the description of a page."""
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = slides.clip(re.sub(r"[*`]", "", " ".join(text.split())), LONGEST)
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rsplit(" ", 1)[0] + "…"


def notebook_page(
    file: Path,
    origin: str,
    pictures: convert.Pictures,
    claims: Collection[str],
    lesson: Lesson | None = None,
) -> Page:
    """Make the page of a notebook, an exercise or a solution."""
    folder = "exercises/" if "/exercises/" in origin else ""
    master = file.with_name(f"{file.stem}_solution.ipynb")
    if folder and master.is_file():  # its outputs, and tables for those without kernel
        asked = partial(exercises.student_cells, page=True)
        notebook = convert.notebook(master, pictures, asked)
    else:
        marked = {} if folder else {"chosen": numbers.marked}
        notebook = convert.notebook(file, pictures, **marked)
    first = next((c.source for c in notebook.cells if c.cell_type == "markdown"), "")
    rest = [part for part in convert.plain(first).split("\n\n")[1:] if part.strip()]
    about, named = reading.opening(notebook), title(first, file.stem)
    kind = "Exercise" if folder else "Notebook"
    if folder and file.stem.endswith("_solution"):
        kind = "Solution"
        named += " (solution)" * ("solution" not in named.lower())
    shown = [one.figure for c in notebook.cells for one in c.outputs if "figure" in one]
    body = polish.tidy(polish.soup(convert.page_body(notebook)), claims)
    if kind == "Solution":  # its code is what to read
        for fold in body.select("details.code"):
            fold["open"] = ""
    has_slides = kind == "Notebook" and not file.stem.startswith(WAY_IN)
    return Page(
        f"{folder}{filed(file.stem)}.html",
        named,
        description=shortened(about.get("Answer") or (rest or [named])[0]),
        picture=shown[0]["path"] if shown else "",
        kind=kind,
        origin=origin,
        body=body,
        about=about,
        slides=slides.deck(notebook, named, lesson) if has_slides else [],
        notebook=notebook,
    )


def text_page(file: Path, origin: str, kind: str) -> Page:
    """Make the page of a Markdown text."""
    source = files.text(file)
    body = polish.soup(f'<div class="prose">{convert.markdown(source)}</div>')
    for heading in polish.find(body, "h1")[1:]:
        raise SiteError(f"{origin}: a second title, {polish.words(heading)!r}: use ##")
    return Page(
        f"{kind.lower()}.html",
        title(source, kind),
        description=shortened(introduction(source) or kind),
        kind=kind,
        origin=origin,
        body=polish.tidy(body),
    )
