"""From a number of the text to its row, or to how it is computed, in one tap.

`marked` puts an empty element behind each number that has an answer in the metadata of
its cell; on the finished page `link` makes of number and element a link: to the row on
the page of its series, to the claim, or to a note, which the style sheet shows as long
as it is the target. No script is needed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from bs4 import NavigableString, Tag

from partnership.site import convert
from partnership.site.polish import HEADINGS, find
from partnership.workshop import reading

if TYPE_CHECKING:
    from partnership.site.pages import Page

TAG = "data"
# What a comment may follow: digits with sign, currency, months and endings, or a word.
_NUMBER = re.compile(
    r"(?:\d{1,2} [A-Z][a-z]+ )?[−–-]?[$€£]?\d[\d,.]*(?:[/–]\d+)?(?:%|st|nd|rd|th)?$"
    r"|\w+$"
)


def marked(cells: list[Any]) -> list[Any]:
    """Put an empty element behind each number with an answer: ``marked`` of cells.

    Their figures list their values, with the same elements.
    """
    for cell in cells:
        cell["listed"] = True
        answers = list(reading.stored(cell))
        cell["marked"] = convert.plain(cell.source, partial(_mark, answers))
    return cells


def _mark(left: list[dict[str, str]], comment: str) -> str:
    """Element for the first answer that is left and belongs to a comment."""
    said = " ".join(comment.split())
    found = next((one for one in left if one["expression"] == said), None)
    if found is None:
        return ""
    left.remove(found)
    told = convert.html.escape(found.get("row") or f"={said}")
    return f'<{TAG} value="{told}"></{TAG}>'


@dataclass
class Origins:
    """Where rows stand in the site, and what names of a notebook are made of.

    Attributes
    ----------
    rows : mapping of str to (str, str)
        Address in the site and a few words, by the id of the row.
    series : mapping of str to (str, str)
        Address and title of what code may ask for: a series, a claim by its metric.
    """

    rows: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    series: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def behind(self, cells: Iterable[Any]) -> dict[str, list[str]]:
        """Series behind each name of a notebook, as far as its code names them."""
        found: dict[str, list[str]] = {}
        for cell in cells:
            if cell.cell_type != "code":
                continue
            for node in reading.nodes(cell.source):
                for name, made_of in _made(node):
                    known = self.named(ast.walk(made_of), found)
                    old = found.get(name, [])
                    found[name] = list(dict.fromkeys([*old, *known]))
        return found

    def named(self, nodes: Iterable[ast.AST], found: Mapping[str, list[str]]):
        """Series that code names, directly or by what was made of them."""
        known: dict[str, None] = {}
        for node in nodes:
            if isinstance(node, ast.Constant) and node.value in self.series:
                known[str(node.value)] = None
            elif isinstance(node, ast.Name):
                known |= dict.fromkeys(found.get(node.id, ()))
        return list(known)


def _made(node: ast.AST) -> Iterable[tuple[str, ast.AST]]:
    """Names that a part of code makes, each with what it is made of."""
    if isinstance(node, ast.FunctionDef):
        yield node.name, node
    loops = [(node.target, node.iter)] if isinstance(node, ast.For) else []
    for target, value in reading.assigned(node) + loops:
        for name in ast.walk(target):
            if isinstance(name, ast.Name):
                yield name.id, value


def link(page: Page, cells: Iterable[Any], origins: Origins) -> None:
    """Link the marked numbers of a page, in place; add its notes at the end."""
    marks = find(page.body, TAG)
    behind = origins.behind(cells) if marks else {}
    notes: list[tuple[str, str, str]] = []
    for place, mark in enumerate(marks, start=1):
        told, name = str(mark["value"]), f"number-{place}"
        number = None if mark.find_parent([*HEADINGS, "a"]) else _before(mark)
        mark.decompose()
        if number is None or not (told[0] == "=" or told in origins.rows):
            continue
        if told[0] == "=":
            look = {"href": f"#{name}", "title": f"computed: {told[1:]}"}
            notes.append((name, str(number), told[1:]))
        else:
            address, words = origins.rows[told]
            look = {"href": page.root + address, "title": words}
        look |= {"class": "of", "id": f"{name}-at"}
        number.replace_with(page.body.new_tag("a", attrs=look, string=str(number)))
    if notes:
        page.body.append(_notes(page, notes, behind, origins))


def _before(mark: Tag) -> NavigableString | None:
    """The number that stands right before a mark, as a text of its own."""
    text = mark.previous_sibling
    while isinstance(text, Tag) and text.contents:  # emphasis that ends there
        text = text.contents[-1]
    found = _NUMBER.search(text) if isinstance(text, NavigableString) else None
    if not found:
        return None
    number = NavigableString(found[0])
    text.replace_with(*filter(None, [str(text)[: found.start()]]), number)
    return number


def _notes(page: Page, notes, behind, origins) -> Tag:
    """How numbers are computed: one note each, shown while it is the target."""
    box = page.body.new_tag("div", attrs={"class": "notes"})
    for name, number, said in notes:
        look = {"class": "note", "id": name, "role": "note"}
        note = page.body.new_tag("p", attrs=look)
        code = page.body.new_tag("code", string=said)
        note.extend([f"{number} is computed: ", code])
        used = origins.named(ast.walk(ast.parse(said, mode="eval")), behind)
        for place, one in enumerate(used):
            address, title = origins.series[one]
            note.append(", " if place else ". From ")
            at = {"href": page.root + address}
            note.append(page.body.new_tag("a", attrs=at, string=title))
        note.append(". ")
        back = {"href": f"#{name}-at", "class": "back"}
        note.append(page.body.new_tag("a", attrs=back, string="Back to the text"))
        box.append(note)
    return box
