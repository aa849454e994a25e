"""The pages of the site: what is on each, and the files beside them."""

from __future__ import annotations

import json
import posixpath
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from partnership import verdicts
from partnership.evidence import escape, package
from partnership.site import SiteError, convert, metadata, missing, polish, slides
from partnership.site.polish import Page
from partnership.workshop import hosting, reading

HERE = Path(__file__).parent
OWN_PAGES = ("index", "claims", "data", "search", "sources")
TEXTS = {
    # Where it stands, what it is called here, what search calls it.
    "data/README.md": ("codebook.html", "Codebook", "Codebook"),
    "notebooks/GLOSSARY.md": ("glossary.html", "Glossary", "Glossary"),
    "notebooks/TEACHING.md": ("teaching.html", "Teaching", "Teaching"),
}
COPIED = ("LICENSE", "LICENSE-DATA", "CITATION.cff")
THEMES = {
    "clm": "The report and its statements",
    "ctx": "Context: data sets on all economies",
    "dip": "Diplomacy",
    "edu": "Education",
    "ind": "Industry",
    "log": "The corridor",
    "mach": "Machinery",
    "trade": "Trade",
}
LANGUAGES = {
    "az": "Azerbaijani",
    "be": "Belarusian",
    "de": "German",
    "en": "",
    "es": "Spanish",
    "fr": "French",
    "kk": "Kazakh",
    "pl": "Polish",
    "ru": "Russian",
    "tk": "Turkmen",
    "tr": "Turkish",
    "uk": "Ukrainian",
}
LONGEST = 300  # characters of a page's description


# --------------------------------------------------------------------------------------
# What there is


@dataclass(frozen=True)
class Checkout:
    """The files that the site is made from."""

    root: Path

    @cached_property
    def notebooks(self) -> list[Path]:
        """Notebooks in their order."""
        return sorted((self.root / "notebooks").glob("*.ipynb"))

    @cached_property
    def exercises(self) -> list[Path]:
        """Exercises and their solutions."""
        return sorted((self.root / "notebooks" / "exercises").glob("*.ipynb"))

    @cached_property
    def texts(self) -> list[str]:
        """Those of `TEXTS` that exist."""
        return [origin for origin in TEXTS if (self.root / origin).is_file()]

    @cached_property
    def taught(self) -> set[str]:
        """Names of the notebooks that get slides: the themes, not the way in."""
        return {p.stem for p in self.notebooks if re.match(r"0[1-9]_", p.stem)}

    @cached_property
    def address(self) -> str:
        """Where the site will stand, with a slash at the end; empty while unknown."""
        return f"{found}/" if (found := hosting.address("Homepage", self.root)) else ""

    @cached_property
    def repository(self) -> str:
        """Address of the checkout's files on the web; empty while unknown."""
        found = hosting.address("Repository", self.root)
        return f"{found}/blob/HEAD" if found else ""

    def origin(self, path: Path) -> str:
        """Path of a file in the checkout, with slashes."""
        return path.relative_to(self.root).as_posix()

    def has(self, origin: str) -> bool:
        """Whether the checkout has a file or folder."""
        return not origin.startswith("..") and (self.root / origin).exists()


def count(root: Path) -> int:
    """Count the pages that `write` will write."""
    files = Checkout(root)
    noted = len(files.notebooks) + len(files.exercises) + len(files.texts)
    return len(OWN_PAGES) + noted + len(files.taught)


def _vendored(package: str, folder: str, names: tuple[str, ...]) -> dict[str, Path]:
    """Files that an installed package carries, by name."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise missing(package)
    place = Path(next(iter(spec.submodule_search_locations))) / folder
    for name in names:
        if not (place / name).is_file():
            raise SiteError(
                f"{package} no longer carries {folder}/{name}: install the version of "
                "requirements.txt"
            )
    return {name: place / name for name in names}


def vendored() -> dict[str, Path]:
    """Scripts and styles of others, by their path in the site."""
    lunr = _vendored("mkdocs", "contrib/search/templates/search", ("lunr.js",))
    reveal = _vendored(
        "sphinx_revealjs",
        "_static/revealjs",
        ("dist/reveal.js", "dist/reveal.css", "dist/reset.css", "LICENSE"),
    )
    found = {f"static/{name}": path for name, path in lunr.items()}
    for name, path in reveal.items():
        found[f"static/reveal/{posixpath.basename(name)}"] = path
    return found


# --------------------------------------------------------------------------------------
# Pages from notebooks and texts


def _title(source: str, fallback: str) -> str:
    found = re.search(r"^# +(.+?) *#* *$", convert.plain(source), re.M)
    return re.sub(r"[*_`]", "", found[1]) if found else fallback


def _introduction(source: str) -> str:
    """The first paragraph of a Markdown text that is prose, not badges or a list."""
    blocks = (block.strip() for block in convert.plain(source).split("\n\n"))
    signs = ("#", "|", "-", "*", ">", "<", "!", "[", "`")
    return next((b for b in blocks if b and not b.startswith(signs)), "")


def _shortened(text: str) -> str:
    """The first sentences of a text, as the description of a page."""
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = slides.clip(re.sub(r"[*`]", "", " ".join(text.split())), LONGEST)
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rsplit(" ", 1)[0] + "…"


def notebook_page(path: Path, origin: str, pictures: convert.Pictures) -> Page:
    """Make the page of a notebook, an exercise or a solution."""
    notebook = nbformat.read(path, as_version=4)
    notebook = convert.with_pictures(notebook, pictures)
    about = reading.opening(notebook)
    first = notebook.cells[0].source if notebook.cells else ""
    title = _title(first, path.stem)
    exercise = "/exercises/" in origin
    solution = exercise and path.stem.endswith("_solution")
    if solution and "solution" not in title.lower():
        title += " (solution)"
    kind = "Solution" if solution else "Exercise" if exercise else "Notebook"
    shown = [
        output.metadata.figure
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "figure" in output.get("metadata", {})
    ]
    body = polish.tidy(polish.soup(convert.page_body(notebook)))
    if exercise:  # its code is what to read
        for fold in body.select("details.code"):
            fold["open"] = ""
    rest = [part for part in convert.plain(first).split("\n\n")[1:] if part.strip()]
    return Page(
        path=f"{'exercises/' if exercise else ''}{path.stem}.html",
        origin=origin,
        title=title,
        description=_shortened(about.get("Answer") or (rest or [title])[0]),
        kind=kind,
        body=body,
        picture=shown[0].path if shown else "",
        extra={"about": about, "notebook": notebook, "name": path.stem},
    )


def text_page(file: Path, origin: str) -> Page:
    """Make the page of a Markdown text."""
    path, title, kind = TEXTS[origin]
    source = file.read_text(encoding="utf-8")
    body = polish.soup(f'<div class="prose">{convert.markdown(source)}</div>')
    page = Page(
        path=path,
        origin=origin,
        title=_title(source, title),
        description=_shortened(_introduction(source) or title),
        kind=kind,
        body=polish.tidy(body),
        extra={"name": path.removesuffix(".html")},
    )
    for heading in page.body.find_all("h1")[1:]:
        raise SiteError(f"{origin}: a second title, {polish.words(heading)!r}: use ##")
    return page


# --------------------------------------------------------------------------------------
# The site


class Site:
    """Everything that the pages share."""

    def __init__(self, files: Checkout) -> None:
        self.files = files
        # The one object that the rest of the package knows, if it is the same folder:
        # verdicts that rest on a model are there for the project's own data alone.
        own = package.default()
        same = own.path.resolve() == (files.root / "data").resolve()
        self.package = own if same else package.open(files.root / "data")
        self.package.inside("README.md")  # it is published as well
        self.pictures = convert.Pictures()
        self.known = self.package.load("sources").set_index("source_id").fillna("")
        self.cited: dict[str, list[Page]] = {}
        self.made = [
            notebook_page(path, files.origin(path), self.pictures)
            for path in [*files.notebooks, *files.exercises]
        ]
        self.made += [text_page(files.root / o, o) for o in files.texts]
        self.links = self._links()
        for page in self.made:
            self.links.apply(page)
            place = f"{page.root}sources.html"
            found = polish.link_sources(page.body, self.known.index, place)
            for name in found if page.kind != "Solution" else ():
                self.cited.setdefault(name, []).append(page)
        if self.links.broken:
            listed = "\n  ".join(self.links.broken)
            raise SiteError(f"links lead nowhere:\n  {listed}")

    def _links(self) -> polish.Links:
        places = {page.origin: page.path for page in self.made}
        places |= {"README.md": "index.html", "notebooks": "index.html"}
        places |= {name: name for name in COPIED if self.files.has(name)}
        places |= {place: place for place in self.tables()}
        ids = {page.path: polish.anchors(page.body) for page in self.made}
        solutions = {page.path for page in self.pages_of("Solution")}
        return polish.Links(
            places, ids, self.files.has, self.files.repository, solutions
        )

    def tables(self) -> dict[str, Path]:
        """The files of the data package, by their path in the site."""
        files = {"datapackage.json": self.package.inside("datapackage.json")}
        files |= self.package.files()
        return {f"data/{name}": file for name, file in files.items()}

    def pages_of(self, kind: str) -> list[Page]:
        """Pages of one kind, in their order."""
        return [page for page in self.made if page.kind == kind]

    def link(self, address: str) -> str:
        """Address in the site of a link that starts in the folder of the notebooks."""
        start = Page("index.html", "notebooks/index", "", "", "", polish.soup(""))
        return self.links.target(start, address) or ""

    @cached_property
    def environment(self) -> Environment:
        """The templates."""
        made = Environment(
            loader=FileSystemLoader(convert.TEMPLATES),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        made.filters["address"] = escape.address
        made.globals.update(
            name=self.package.descriptor["title"],
            menu=self._menu(),
            address=self.files.address,
            vintage=self.package.descriptor["created"][:10],
        )
        return made

    def _menu(self) -> list[tuple[str, str]]:
        texts = {TEXTS[o][0]: TEXTS[o][1] for o in self.files.texts}
        pages = [("index.html", "Notebooks"), ("claims.html", "Claims")]
        pages += [("data.html", "Data"), ("sources.html", "Sources")]
        wanted = ("codebook.html", "glossary.html", "teaching.html")
        return pages + [(path, texts[path]) for path in wanted if path in texts]

    def render(self, template: str, path: str, **values: Any) -> str:
        """Fill a template for the page at a path."""
        values = {
            "picture": "",
            "jsonld": "",
            "path": path,
            "root": "../" * path.count("/"),
        } | values
        if values["picture"]:
            values["shown"] = self.pictures.about[values["picture"]]
        text = self.environment.get_template(template).render(values)
        # Blank lines at the ends of blocks differ with what is left out.
        return re.sub(r"\n\s*\n+", "\n", text) if "<pre" not in text else text

    # ---- pages made from notebooks and texts

    def article(self, page: Page) -> str:
        """Page of a notebook, an exercise or a text."""
        row = self.pages_of(page.kind) if page.kind in ("Notebook", "Exercise") else []
        place = row.index(page) if page in row else -1
        exercise = next(
            (
                one
                for one in self.pages_of("Exercise")
                if page.kind == "Notebook" and one.extra["name"] == page.extra["name"]
            ),
            None,
        )
        deck = page.kind == "Notebook" and page.extra["name"] in self.files.taught
        return self.render(
            "article.html",
            page.path,
            title=page.title,
            description=page.description,
            picture=page.picture,
            kind=page.kind,
            sections=page.sections(),
            body=Markup(convert.coloured(str(page.body).strip())),
            earlier=row[place - 1] if place > 0 else None,
            later=row[place + 1] if 0 <= place < len(row) - 1 else None,
            exercise=exercise.path if exercise else "",
            slides=deck_path(page) if deck else "",
            solutions=self.pages_of("Solution") if page.kind == "Teaching" else [],
        )

    def deck(self, page: Page) -> str:
        """Slides of a notebook."""
        made = slides.deck(page.extra["notebook"], page.title)
        body = polish.soup(convert.deck_body(made))
        return self.render(
            "deck.html",
            deck_path(page),
            title=f"{page.title} (slides)",
            description=page.description,
            picture=page.picture,
            page=page.path,
            body=Markup(str(body).strip()),
        )

    # ---- pages of our own

    def index(self) -> str:
        """The way in: the headline picture, questions and answers, ways to use it."""
        pages = self.pages_of("Notebook")
        readme = (self.files.root / "README.md").read_text(encoding="utf-8")
        introduction = _introduction(readme)
        return self.render(
            "index.html",
            "index.html",
            title=self.package.descriptor["title"],
            description=_shortened(introduction),
            picture=pages[0].picture if pages else "",
            introduction=Markup(convert.markdown(introduction)),
            notebooks=pages,
            decks={
                p.path: deck_path(p)
                for p in pages
                if p.extra["name"] in self.files.taught
            },
            exercises={p.extra["name"]: p.path for p in self.pages_of("Exercise")},
            citation=metadata.citation(self.files.root / "CITATION.cff"),
            tables=len(self.package.tables()),
            sources=len(self.known),
        )

    @cached_property
    def board(self) -> Any:
        """Every claim with its verdict then and now."""
        return verdicts.both(self.package)

    def claims(self) -> str:
        """The board of claims, with ClaimReview for programs that read it."""
        page = next((p for p in self.made if p.extra["name"] == "09_claims"), None)
        keys = {words: key for key, words in verdicts.VERDICTS.items()}
        rows = []
        for name, row in self.board.iterrows():
            used = [one for one in row["source_ids"].split(";") if one]
            for one in used:
                self._cite(one, "claims.html", "Claims")
            where = row["section"]
            heading = where.partition("#")[2].replace("-", " ")
            rows.append(
                {
                    "id": name,
                    "sources": used,
                    "link": self.link(where),
                    "where": heading or self._title_of(where),
                    "then_key": keys[row["then"]],
                    "now_key": keys[row["now"]],
                    **row[["theme", "statement", "speaker", "then", "now"]].to_dict(),
                    **row[["then_sentence", "sentence", "kind"]].to_dict(),
                }
            )
        now = {row["now"] for row in rows}
        return self.render(
            "claims.html",
            "claims.html",
            title="The claims and their verdicts",
            description="Every statement of the report of 2 April 2017, with its "
            "verdict as of that day and as known now, the reason and the sources.",
            picture=page.picture if page else "",
            rows=rows,
            themes=list(dict.fromkeys(row["theme"] for row in rows)),
            verdicts=[words for words in verdicts.VERDICTS.values() if words in now],
            figure=self.link("09_claims.ipynb") if page else "",
            jsonld=metadata.script(self.claim_reviews()),
        )

    def _title_of(self, link: str) -> str:
        origin = f"notebooks/{link.partition('#')[0]}"
        found = [page.title for page in self.made if page.origin == origin]
        return found[0] if found else link

    def _cite(self, source: str, path: str, title: str) -> None:
        page = Page(path, "", title, "", "", polish.soup(""))
        pages = self.cited.setdefault(source, [])
        if all(one.path != path for one in pages):
            pages.append(page)

    def claim_reviews(self) -> dict[str, Any]:
        """ClaimReview of every claim; each points to its row of the claims page."""
        address = self.files.address or None
        text = verdicts.to_jsonld(address, data=self.package)
        return json.loads(text.replace("09_claims.html#", "claims.html#"))

    def sources(self) -> str:
        """Every source, with the pages that use it."""
        groups: dict[str, list[dict[str, Any]]] = {}
        for name, source in self.known.sort_index().iterrows():
            theme = THEMES.get(name.partition("-")[0], "More")
            pages = sorted({(p.path, p.title) for p in self.cited.get(name, [])})
            tongue = LANGUAGES.get(source["language"], source["language"])
            entry = {"id": name, "pages": pages, **source, "language": tongue}
            groups.setdefault(theme, []).append(entry)
        return self.render(
            "sources.html",
            "sources.html",
            title="Sources",
            description=f"The {len(self.known)} publications that the figures come "
            "from, each with publisher, date, title, address and where it is used.",
            groups=[
                (polish.slug(theme), theme, rows) for theme, rows in groups.items()
            ],
            total=len(self.known),
        )

    def data(self) -> str:
        """The tables for download, with schema.org Dataset."""
        tables = [self.package.resource(name) for name in self.package.tables()]
        rest = [
            one
            for one in self.package.descriptor["resources"]
            if one["name"] not in self.package.tables()
        ]
        return self.render(
            "data.html",
            "data.html",
            title="Data",
            description=_shortened(self.package.descriptor["description"]),
            tables=tables,
            rest=rest,
            codebook="data/README.md" in self.files.texts,
            jsonld=metadata.script(metadata.dataset(self.package, self.files.address)),
        )

    def search(self) -> str:
        """The page on which the search runs, in the reader's browser."""
        return self.render(
            "search.html",
            "search.html",
            title="Search",
            description="Search in texts, figures, claims, data and sources.",
        )

    def documents(self) -> list[dict[str, str]]:
        """What the search knows; it leaves out solutions, which would tell."""
        found = []
        for page in self.made:
            if page.kind != "Solution":
                found += polish.documents(page)
        for name, row in self.board.iterrows():
            found.append(
                {
                    "u": f"claims.html#{name}",
                    "p": "Claims",
                    "t": row["statement"],
                    "k": "Claim",
                    "x": f"{row['now']}. {row['sentence']}",
                }
            )
        for table in self.package.tables():
            about = self.package.resource(table)
            found.append(
                {
                    "u": f"data.html#{table}",
                    "p": "Data",
                    "t": f"{table}: {about['title']}",
                    "k": "Table",
                    "x": about["description"],
                }
            )
        for name, source in self.known.iterrows():
            text = (
                f"{source['publisher']} {source['published']} {name} {source['note']}"
            )
            found.append(
                {
                    "u": f"sources.html#{name}",
                    "p": "Sources",
                    "t": source["title"] or name,
                    "k": "Source",
                    "x": text,
                }
            )
        return found

    def pages(self) -> Iterator[tuple[str, str]]:
        """Path and text of every page; the sources last, as they list who uses them."""
        for page in self.made:
            yield page.path, self.article(page)
        for page in self.pages_of("Notebook"):
            if page.extra["name"] in self.files.taught:
                yield deck_path(page), self.deck(page)
        for name in OWN_PAGES:
            yield f"{name}.html", getattr(self, name)()


def deck_path(page: Page) -> str:
    """Path of the slides of a notebook."""
    return f"slides/{page.extra['name'][:2]}.html"


# --------------------------------------------------------------------------------------
# Files


def write(root: Path, folder: Path, on_page: Callable[[str], object]) -> list[str]:
    """Write the site into an empty folder.

    Parameters
    ----------
    root : Path
        The checkout.
    folder : Path
    on_page : function
        Called with the path of each page.

    Returns
    -------
    list of str
        Paths of the pages.
    """
    carried = vendored()
    site = Site(Checkout(root))
    written = []
    for path, text in site.pages():
        _write(folder / path, text.rstrip() + "\n")
        written.append(path)
        on_page(path)
    documents = json.dumps(site.documents(), ensure_ascii=False, separators=(",", ":"))
    _write(folder / "static/documents.js", f"var documents = {documents};\n")
    for path, content in site.pictures.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    for file in sorted((HERE / "static").iterdir()):
        _copy(file, folder / "static" / file.name)
    for path, file in carried.items():
        _copy(file, folder / path)
    for path, file in site.tables().items():
        _copy(file, folder / path)
    for name in COPIED:
        if site.files.has(name):
            _copy(root / name, folder / name)
    return sorted(written)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


def _copy(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)
