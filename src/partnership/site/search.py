"""The search: its page, and what search.js can find.

What is found first is decided by `partnership.evidence.finding`, and search.js decides
in the same way in the reader's browser: sentences with a number, stated figures,
sections, figures, statements of the report, tables and sources.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from bs4 import Tag

from partnership.evidence import finding, words
from partnership.site.pages import Page
from partnership.site.polish import HEADINGS, find
from partnership.site.polish import words as words_of

if TYPE_CHECKING:
    from partnership.site.assemble import Site

_TEXTS = {*HEADINGS, "p", "li", "td", "th", "pre", "dd", "dt"}
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"(])")
# What an entry of a kind counts; of a kind that is not named, what pages say of the
# project itself, least.
WEIGHTS = {"Number": 1.5, "Claim": 1.2, "Series": 1.0, "Value": 1.0, "Figure": 0.9}
WEIGHTS |= {"Notebook": 0.9, "Glossary": 1.0, "Exercise": 0.5, "Source": 0.4}
OTHER = 0.5


class Found(NamedTuple):
    """What can be found: where, its title, what it is, the page it is on, and more."""

    address: str
    title: str
    kind: str
    page: str
    text: str
    hidden: str = ""  # words of the title that the reader does not see
    weight: float = 1.0  # among those of its kind
    of: int = -1  # place of the entry whose title and page it shares


def search(site: Site) -> str:
    """The page on which the search runs, in the reader's browser."""
    told = ["numbers", "figures", *(["claims"] if site.claims else []), "data"]
    described = f"Search in {', '.join(told)} and sources."
    return site.render("search.html", Page("search.html", "Search", described))


def documents(site: Site) -> list[Found]:
    """All entries; solutions are left out, since they would tell."""
    told = [page for page in site.made if page.kind != "Solution"]
    found = [entry for page in told for entry in of_page(page)]
    for name, row in site.board.iterrows() if site.claims else ():
        text, at = f"{row['now']}. {row['reason']}", f"claims.html#{name}"
        found.append(Found(at, row["statement"], "Claim", "Claims", text))
    found += of_series(site, len(found))
    for name in site.package.tables():
        about = {"title": name, "description": ""} | site.package.resource(name)
        at, title = f"data.html#{name}", f"{name}: {about['title']}"
        found.append(Found(at, title, "Table", "Data", about["description"]))
    for name, row in site.sources.iterrows():
        at, title = f"sources.html#{name}", row["title"] or name
        text = f"{row['publisher']} {row['published']} {name} {row['note']}"
        found.append(Found(at, title, "Source", "Sources", text))
    return found


def of_series(site: Site, before: int) -> Iterator[Found]:
    """What each series is about, and after it what is stated; copies are left out."""
    place = before
    for one in site.series.values():
        for number, (about, rows) in enumerate(one.parts.items(), start=1):
            title, of = f"{one.title}, {about}", place
            defined = f"{one.entry['definition']} {one.entry['theme']}"
            at = f"{one.path}#part-{number}"
            theme = one.entry["theme"]
            yield Found(at, title, "Series", "Series", one.entry["definition"], theme)
            place += 1
            for row in rows:
                if row["step"] in ("copy", "set aside"):
                    continue
                at = f"{one.path}#{row['observation_id']}"
                grade = row["qualifier"].replace("_", " ").replace("exact", "")
                value = f"{grade} {row['value']:,.12g} {row['unit'].replace('_', ' ')}"
                period = row["period"] or "undated"
                text = f"{period}: {' '.join(value.split())}; {row['who']}"
                hidden = f"{defined} {period}"
                more = (hidden, round(finding.weight(row, site.package.pair), 3), of)
                yield Found(at, title, "Value", "Series", text, *more)
                place += 1


def of_page(page: Page) -> list[Found]:
    """Entries of one page: its figures and its sentences with numbers, its sections."""
    found, sections = [], [(page.path, page.title, [])]
    for part in _parts(page.body):
        if part.name == "figure":
            at, said = f"{page.path}#{part['id']}", words_of(part.figcaption.p)
            found.append(Found(at, said, "Figure", page.title, str(part.img["alt"])))
        elif part.name in HEADINGS[:3]:
            sections.append((f"{page.path}#{part['id']}", words_of(part), []))
        else:
            title = sections[-1][1]
            for name, sentence in _sentences(part):
                at = f"{page.path}#{name}"
                found.append(Found(at, title, "Number", page.title, sentence))
            sections[-1][2].append(words_of(part))
    for at, title, texts in sections:
        if at != page.path or texts:
            found.append(Found(at, title, page.kind, page.title, " ".join(texts)))
    return found


def _sentences(part: Tag) -> Iterator[tuple[str, str]]:
    """Sentences with a number that leads somewhere, and the anchor of the first one."""
    if not any(one.get("class") == ["of"] for one in find(part, "a")):
        return
    text = ""
    for piece in part.descendants:
        if piece.name is None:
            own = piece.parent.get("class") == ["of"]
            text += f"\1{piece.parent['id']}\2{piece}" if own else str(piece)
    for sentence in _SENTENCE.split(" ".join(text.split())):
        if named := re.search("\1(.*?)\2", sentence):
            yield named[1], re.sub("\1.*?\2", "", sentence)


def _parts(part: Tag) -> Iterator[Tag]:
    """Figures, headings and texts in their order; no code, note or table of sources."""
    for tag in part.children:
        if tag.name is None or tag.get("class") in (["code"], ["notes"]):
            continue
        if tag.name == "table" and "Sources used" in words_of(tag.caption or tag):
            continue
        if tag.name in _TEXTS or (tag.name == "figure" and tag.get("id")):
            yield tag
        else:
            yield from _parts(tag)


def script(site: Site) -> str:
    """Entries and rules of the search as a script, without what can be worked out."""
    entries, listed = documents(site), []
    for one in entries:
        if one.of < 0:
            told = {"u": one.address, "k": one.kind, "t": one.title, "p": one.page}
            told |= {"d": one.hidden} if one.hidden else {}
        else:  # the script takes kind, title, page and definition from the series
            told = {"u": one.address.partition("#")[2], "o": one.of}
        told |= {"x": one.text} | ({"w": one.weight} if one.weight != 1 else {})
        listed.append(told)
    known = finding.meanings(site.package)
    rules = {
        "stop": sorted(words.STOP),
        "endings": [words.PLURALS, words.ENDINGS, words.DOERS],
        "means": known.known,
        "weights": WEIGHTS,
        "other": OTHER,
        "length": finding.LENGTH,
        "title": finding.TITLE,
        "like": finding.LIKE,
        "begins": finding.BEGINS,
    }
    text = json.dumps([rules, listed], ensure_ascii=False, separators=(",", ":"))
    return f"var found = {text};\n"
