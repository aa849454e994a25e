"""The search: its page, and an entry for each section, figure, claim, table, source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bs4 import Tag

from partnership.site.pages import Page
from partnership.site.polish import HEADINGS, words

if TYPE_CHECKING:
    from partnership.site.assemble import Site

_TEXTS = {*HEADINGS, "p", "li", "td", "th", "pre", "dd", "dt"}


def search(site: Site) -> str:
    """The page on which the search runs, in the reader's browser."""
    told = ["texts", "figures", *(["claims"] if site.claims else []), "data"]
    described = f"Search in {', '.join(told)} and sources."
    return site.render("search.html", Page("search.html", "Search", described))


def documents(site: Site) -> list[dict[str, str]]:
    """All entries; solutions are left out, since they would tell."""
    told = [page for page in site.made if page.kind != "Solution"]
    found = [entry for page in told for entry in of_page(page)]
    for name, row in site.board.iterrows() if site.claims else ():
        text = f"{row['now']}. {row['sentence']}"
        found.append(
            _entry("Claim", "Claims", f"claims.html#{name}", row["statement"], text)
        )
    for name in site.package.tables():
        about = {"title": name, "description": ""} | site.package.resource(name)
        at, title = f"data.html#{name}", f"{name}: {about['title']}"
        found.append(_entry("Table", "Data", at, title, about["description"]))
    for name, row in site.sources.iterrows():
        at, title = f"sources.html#{name}", row["title"] or name
        text = f"{row['publisher']} {row['published']} {name} {row['note']}"
        found.append(_entry("Source", "Sources", at, title, text))
    return found


def _entry(kind: str, page: str, address: str, title: str, text: str) -> dict[str, str]:
    """An entry as the script reads it."""
    return {"u": address, "p": page, "t": title, "k": kind, "x": text}


def of_page(page: Page) -> list[dict[str, str]]:
    """Entries of one page: its figures, then its sections."""
    found, sections = [], [(page.path, page.title, [])]
    for part in _parts(page.body):
        if part.name == "figure":
            at, said = f"{page.path}#{part['id']}", words(part.figcaption.p)
            found.append(_entry("Figure", page.title, at, said, str(part.img["alt"])))
        elif part.name in HEADINGS[:3]:
            sections.append((f"{page.path}#{part['id']}", words(part), []))
        else:
            sections[-1][2].append(words(part))
    for at, title, texts in sections:
        if at != page.path or texts:
            found.append(_entry(page.kind, page.title, at, title, " ".join(texts)))
    return found


def _parts(part: Tag) -> Iterator[Tag]:
    """Figures, headings and texts in their order; no code and no table of sources."""
    for tag in part.children:
        if tag.name is None or (tag.name, tag.get("class")) == ("details", ["code"]):
            continue
        if tag.name == "table" and "Sources used" in words(tag.caption or tag):
            continue
        if tag.name in _TEXTS or (tag.name == "figure" and tag.get("id")):
            yield tag
        else:
            yield from _parts(tag)
