"""The site as a whole: what its pages share, and its files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from functools import cached_property, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from markupsafe import Markup

from partnership import verdicts
from partnership.evidence import files, package
from partnership.site import (
    SiteError,
    convert,
    lists,
    missing,
    numbers,
    polish,
    search,
    series,
    worksheets,
)
from partnership.site.links import Links
from partnership.site.pages import TEXTS, Page, notebook_page, shortened, text_page
from partnership.workshop import exercises, generated, quizzes, reading
from partnership.workshop.lessons import Lesson, lessons

STATIC = Path(__file__).parent / "static"
COPIED = ("LICENSE", "LICENSE-DATA", "CITATION.cff")


def address(root: Path, name: str, ending: str) -> str:
    """An address of the project with an ending; empty while it is unknown."""
    known = (root / "pyproject.toml").is_file()
    found = generated.address(name, root) if known else ""
    return found + ending if found else ""


class Site:
    """What the pages share: the checkout, its data, the pages that come from files.

    A folder of tables alone is a checkout whose data stand at its root.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.address = address(root, "Homepage", "/")
        self.data = "" if (root / "datapackage.json").is_file() else "data/"
        self.home = reading.home(root).relative_to(root).as_posix() + "/"
        self.home = self.home.removeprefix("./")  # of a folder without notebooks/
        self.package = package.open_folder(root / self.data)
        self.package.inside("README.md")  # it is published as well
        self.about = {"title": "Data", "description": "", "created": ""}
        self.about |= self.package.descriptor
        self.sources = self.package.load("sources").set_index("source_id").fillna("")
        self.series = series.known(self.package)
        self.pictures = convert.Pictures()
        self.made = self._pages()
        self.ids = {page.path: polish.anchors(page.body) for page in self.made}
        if len(self.ids) < len(self.made):
            raise SiteError("two notebooks have one page: rename one of them")
        self.links = self._links()
        self.cited: dict[str, dict[str, str]] = {}  # pages by source: title by path
        origins = self._origins()
        for page in self.made:
            self.links.apply(page)
            if page.kind == "Notebook" and page.notebook:
                numbers.link(page, page.notebook.cells, origins)
            place = f"{page.root}sources.html"
            found = polish.link_sources(page.body, self.sources.index, place)
            for name in found if page.kind != "Solution" else ():
                self.cited.setdefault(name, {})[page.path] = page.title
        if self.links.broken:
            listed = "\n  ".join(self.links.broken)
            raise SiteError(f"links lead nowhere:\n  {listed}")

    def _pages(self) -> list[Page]:
        """Pages of notebooks, exercises and texts, in this order."""
        made = []
        for folder in (self.home, f"{self.home}exercises"):
            for file in sorted((self.root / folder).glob("*.ipynb")):
                if file.name == quizzes.MASTER.replace("_solution", ""):
                    continue  # a page for each lesson instead
                origin = file.relative_to(self.root).as_posix()
                told = self.pictures, self.claims, self.lessons.get(file.stem)
                made.append(notebook_page(file, origin, *told))
        for origin, kind in TEXTS.items():
            origin = origin.replace("data/", self.data)
            if self.has(origin):
                made.append(text_page(self.root / origin, origin, kind))
        return made

    def _links(self) -> Links:
        places = {"README.md": "index.html", "notebooks": "index.html"}
        places |= {page.origin: page.path for page in self.made}
        places |= {name: name for name in COPIED if self.has(name)}
        places |= {one.replace("data/", self.data, 1): one for one in self.tables()}
        solutions = {page.path for page in self.of_kind("Solution")}
        at = address(self.root, "Repository", "/blob/HEAD")
        return Links(places, self.ids, self.has, at, solutions)

    def _origins(self) -> numbers.Origins:
        """Where the rows stand that numbers of the text come from."""
        rows, asked = {}, {}
        for one in self.series.values():
            asked[one.name] = (one.path, one.title)
            for row in one.rows:
                said = f"{one.title}, {row['period'] or 'undated'}: {row['who']}, "
                at = f"{one.path}#{row['observation_id']}"
                told = (at, f"{said}{row['source_id']}")
                rows[row["observation_id"]] = told
        if self.claims:
            columns = ["claim_id", "metric", "statement"]
            table = self.package.load("claims")[columns].fillna("")
            for claim in table.to_dict("records"):
                told = (f"claims.html#{claim['claim_id']}", claim["statement"])
                rows[claim["claim_id"]] = told
                asked[claim["metric"] or claim["claim_id"]] = told
        return numbers.Origins(rows, asked)

    def has(self, origin: str) -> bool:
        """Whether the checkout has a file or folder."""
        return not origin.startswith("..") and (self.root / origin).exists()

    @cached_property
    def claims(self) -> set[str]:
        """Ids of the claims; a package without claims has no page of them."""
        return set(verdicts.claim_ids(self.package))

    @cached_property
    def lessons(self) -> dict[str, Lesson]:
        """Lesson plans by the name of their notebook."""
        file = reading.home(self.root) / "TEACHING.md"
        return lessons(files.text(file)) if file.is_file() else {}

    @cached_property
    def sheets(self) -> dict[str, Page]:
        """Pages to print for a class, by their path; their keys stand apart."""
        return {page.path: page for page in worksheets.sheets(self)}

    @cached_property
    def board(self) -> Any:
        """Every claim with its verdict then and now."""
        return verdicts.both(self.package).fillna({"section": ""})

    @cached_property
    def units(self) -> dict[str, str]:
        """Units in words."""
        known = "units" in self.package.tables()
        return dict(self.package.load("units").to_numpy()) if known else {}

    def tables(self) -> dict[str, Path]:
        """The files of the data package, by their path in the site."""
        files = {"datapackage.json": self.package.inside("datapackage.json")}
        files |= self.package.files()
        return {f"data/{name}": file for name, file in files.items()}

    def of_kind(self, kind: str) -> list[Page]:
        """Pages of one kind, in their order."""
        return [page for page in self.made if page.kind == kind]

    @cached_property
    def menu(self) -> dict[str, str]:
        """Paths of the pages that every page leads to, by what it calls them."""
        names = [*(["Claims"] if self.claims else [])]
        names += [*(["Series"] if self.series else []), "Data", "Sources"]
        names += [page.kind for page in self.made if page.kind in TEXTS.values()]
        return {"Notebooks": "index.html"} | {n: f"{n.lower()}.html" for n in names}

    def render(self, template: str, page: Page, **values: Any) -> str:
        """Fill a template for a page."""
        shown = self.pictures.about.get(page.picture)
        found = convert.environment().get_template(template)
        text = found.render(site=self, page=page, root=page.root, shown=shown, **values)
        # Blank lines at the ends of blocks differ with what is left out.
        return re.sub(r"\n\s*\n+", "\n", text) if "<pre" not in text else text

    def article(self, page: Page) -> str:
        """Page of a notebook, an exercise or a text."""
        body = Markup(convert.coloured(str(page.body).strip()))
        return self.render("article.html", page, body=body)

    @cached_property
    def exercises(self) -> dict[str, str]:
        """Paths of the exercises, by the name of their notebook."""
        return {page.name: page.path for page in self.of_kind("Exercise")}

    @cached_property
    def quizzes(self) -> dict[str, Page]:
        """Pages of the quizzes, by the name of their notebook."""
        return {
            one.name: Page(
                f"quiz/{one.name}.html",
                f"Quiz: {one.title}",
                shortened(f"Five questions on {one.title}, checked in the page."),
                kind="Quiz",
            )
            for one in self.of_kind("Notebook")
            if one.name in self.questions
        }

    @cached_property
    def questions(self) -> dict[str, list[dict[str, Any]]]:
        """Questions of the quizzes, by the name of their notebook."""
        file = reading.home(self.root) / "exercises" / exercises.TASKS
        return exercises.told(file)["quiz"] if file.is_file() else {}

    def quiz(self, lesson: Page) -> str:
        """Page of the quiz of a notebook."""
        questions, own = self.questions[lesson.name], self.quizzes[lesson.name]
        return self.render("quiz.html", own, lesson=lesson, questions=questions)

    def deck(self, page: Page) -> str:
        """Slides of a notebook."""
        title = f"{page.title} (slides)"
        own = Page(page.deck, title, page.description, page.picture)
        return self.render("deck.html", own, notebook=page)

    def pages(self) -> dict[str, Callable[[], str]]:
        """What makes each page, by its path; the sources list the pages before them."""
        found = {page.path: partial(self.article, page) for page in self.made}
        decks = [page for page in self.made if page.deck]
        found |= {page.deck: partial(self.deck, page) for page in decks}
        sheets = self.sheets.items()
        found |= {path: partial(worksheets.html, self, page) for path, page in sheets}
        for page in self.of_kind("Notebook"):
            if page.name in self.quizzes:
                found[self.quizzes[page.name].path] = partial(self.quiz, page)
        own = [lists.index, *([lists.claims] if self.claims else []), lists.data]
        found |= series.pages(self)
        if self.series:
            found["series.html"] = partial(series.index, self)
        own += [search.search, lists.sources]
        return found | {f"{make.__name__}.html": partial(make, self) for make in own}


# --------------------------------------------------------------------------------------
# Files


VENDORED = {
    # Scripts and styles of others: by their path in the site, who carries them where.
    "static/reveal/reveal.js": ("sphinx_revealjs", "_static/revealjs/dist"),
    "static/reveal/reveal.css": ("sphinx_revealjs", "_static/revealjs/dist"),
    "static/reveal/reset.css": ("sphinx_revealjs", "_static/revealjs/dist"),
    "static/reveal/LICENSE": ("sphinx_revealjs", "_static/revealjs"),
}


def vendored() -> dict[str, Path]:
    """Files that installed packages carry, by their path in the site."""
    found = {}
    for path, (carrier, folder) in VENDORED.items():
        spec = find_spec(carrier)
        if spec is None or spec.origin is None:
            raise missing(carrier)
        found[path] = Path(spec.origin).parent / folder / posixpath.basename(path)
        if not found[path].is_file():
            said = f"{carrier} no longer carries {found[path].name}"
            raise SiteError(f"{said}: install the version of requirements-site.txt")
    return found


def write(root: Path, folder: Path, on_page: Callable[[str, int], object]) -> list[str]:
    """Write the site of a checkout into an empty folder; return the paths of pages."""
    copied = {f"static/{file.name}": file for file in STATIC.iterdir()} | vendored()
    site = Site(root)
    pages = site.pages()
    for path, make in pages.items():
        _write(folder / path, make().rstrip() + "\n")
        on_page(path, len(pages))
    _write(folder / "static/documents.js", search.script(site))
    for one in site.series.values():
        _write((folder / one.path).with_suffix(".csv"), series.csv(one))
    for path, picture in site.pictures.files.items():
        _write(folder / path, picture)
    copied |= site.tables() | {name: root / name for name in COPIED if site.has(name)}
    for path, file in copied.items():
        _write(folder / path, file.read_bytes())
    return sorted(pages)


def _write(file: Path, content: str | bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
