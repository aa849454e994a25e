"""What the HTML of a page needs beyond Markdown: anchors, tables, links to sources."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import chain, count
from typing import Any
from urllib.parse import unquote

from bs4 import BeautifulSoup, Comment, Tag

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_SOURCE = re.compile(r"(?<![\w./-])[a-z]+(?:-[a-z0-9]+)+(?![\w-])")
_NUMBER = re.compile(r"[−–+-]?(\d[\d, ]*)?(\.\d+)?( ?%)?")
_DAY = re.compile(r"\d{4}-\d\d(-\d\d)?")


def soup(html: str) -> BeautifulSoup:
    """Parse HTML."""
    return BeautifulSoup(html, "html.parser")


def find(part: Tag, *names: str) -> list[Tag]:
    """Tags with these names, in their order; bs4's own search takes far longer."""
    return [tag for tag in part.descendants if tag.name in names]


def words(tag: Tag) -> str:
    """Text of a part of a page, with single spaces."""
    return " ".join(tag.get_text().split())


def slug(text: str) -> str:
    """Anchor for a heading: lower case, words joined by hyphens, no other signs.

    A link in JupyterLab's form (``#What-is-counted?``) has the same slug as the
    heading, so that `anchor` finds it.
    """
    text = re.sub(r"[^\w\s-]", "", text.strip().lower())
    return re.sub(r"[\s-]+", "-", text).strip("-")


def anchors(body: BeautifulSoup) -> set[str]:
    """All ids of a page."""
    return {str(tag["id"]) for tag in body.descendants if tag.name and tag.get("id")}


def anchor(fragment: str, known: set[str]) -> str | None:
    """The id that the fragment of a link means, or None."""
    fragment = unquote(fragment)
    if fragment in known:
        return fragment
    return slug(fragment) if slug(fragment) in known else None


def tidy(body: BeautifulSoup, claims: Collection[str] = ()) -> BeautifulSoup:
    """Give a page, in place, what readers and programs that read aloud need.

    A row of a table that begins with the id of a claim gets it as its own id.
    """
    for part in list(body.descendants):
        if isinstance(part, Comment) or part.name == "style":
            part.extract()
    taken = anchors(body)
    number, heading = 0, "Data"  # a table without a caption is about what is above it
    for part in find(body, "table", *HEADINGS):
        if part.name != "table":
            heading = words(part)
            part["id"] = part.get("id") or _free(slug(heading) or "section", taken)
            continue
        for step in (_plain_attributes, _one_header_row, _scopes, _gaps, _align):
            step(part)
        for row in filter(None, _rows(part.tbody)):
            name = words(row[0])
            if name in claims and name not in taken:
                row[0].parent["id"] = name
                taken.add(name)
        if part.caption is None:
            number += 1
            part.insert(0, body.new_tag("caption", string=f"Table {number}. {heading}"))
        _boxed(body, part)
    _join_code(body)
    return body


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number if it is taken; the result is taken from now on."""
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    free = next(one for one in names if one not in taken)
    taken.add(free)
    return free


def _join_code(body: BeautifulSoup) -> None:
    """Fold the code of neighbouring cells together, where nothing stands between."""
    for cell in body.select("div.code-cell"):
        later = cell.find_next_sibling()
        folds = cell.find_all(recursive=False)
        if later is None or later.get("class") != ["code-cell"] or len(folds) != 1:
            continue
        code = later.find("details", class_="code")
        if folds[0].name == "details" and code is not None:
            for part in reversed(folds[0].find_all(recursive=False)[1:]):
                code.summary.insert_after(part)
            cell.decompose()


# --------------------------------------------------------------------------------------
# Tables


def _boxed(body: BeautifulSoup, table: Tag) -> None:
    """Put a table in a box that scrolls sideways, by keyboard as well."""
    label = {"tabindex": "0", "role": "region", "aria-label": words(table.caption)}
    inner = body.new_tag("span")
    inner.extend(list(table.caption.contents))
    table.caption.append(inner)
    table.wrap(body.new_tag("div", attrs={"class": "table-box", **label}))


def _plain_attributes(table: Tag) -> None:
    """Drop looks that are written into tags: ours stand in one place."""
    for tag in [table, *filter(lambda one: one.name, table.descendants)]:
        for name in ("border", "style", "class", "halign", "valign", "align"):
            tag.attrs.pop(name, None)


def _rows(part: Tag | None) -> list[list[Tag]]:
    return [find(row, "th", "td") for row in find(part, "tr")] if part else []


def _one_header_row(table: Tag) -> None:
    """Join the two header rows in which pandas names columns and index.

    The second row names the index and is empty otherwise: its names go into the empty
    cells of the first, or before the name of the columns.
    """
    rows = _rows(table.thead)
    if len(rows) != 2 or len(rows[0]) != len(rows[1]):
        return
    names = [words(cell) for cell in rows[1]]
    named = len(list(filter(None, names)))
    if 0 < named < len(names) and all(names[:named]):
        for cell, name in zip(rows[0], names[:named], strict=False):
            columns = words(cell)
            cell.string = f"{name}, by {columns}" if columns else name
        rows[1][0].parent.decompose()


def _scopes(table: Tag) -> None:
    """Say of each header cell what it heads; an empty one heads nothing."""
    for cell in find(table.thead, "th", "td") if table.thead else ():
        _head(cell, "colgroup" if int(cell.get("colspan", 1)) > 1 else "col")
    for part in find(table, "tbody") or [table]:
        for row in _rows(part):
            heads = [cell for cell in row if cell.name == "th"]
            if not heads and len(row) > 1 and words(row[0]):
                row[0].name = "th"
                heads = row[:1]
            for cell in heads:
                _head(cell, "rowgroup" if int(cell.get("rowspan", 1)) > 1 else "row")


def _head(cell: Tag, scope: str) -> None:
    if words(cell):
        cell["scope"] = scope
    else:
        cell.name = "td"
        cell.attrs.pop("scope", None)


def _gaps(table: Tag) -> None:
    """Write a gap as a dash, whatever pandas calls it."""
    for cell in find(table, "td"):
        if words(cell) in ("NaN", "<NA>"):
            cell.string = "–"


def _align(table: Tag) -> None:
    """Mark days, which do not break, and columns of numbers.

    Columns count from the right, since row headers may span rows.
    """
    heads, rows = _rows(table.thead), _rows(table.tbody)
    for cell in find(table, "td", "th"):
        if _DAY.fullmatch(words(cell)):
            cell["class"] = "day"
    if len(heads) != 1 or not rows:
        return
    for place in range(1, min(len(heads[0]), *map(len, rows)) + 1):
        cells = [row[-place] for row in rows]
        texts = [words(cell) for cell in cells if cell.name == "td"]
        if any(texts) and all(_NUMBER.fullmatch(text) for text in texts):
            for cell in [heads[0][-place], *cells]:
                cell["class"] = "number"


# --------------------------------------------------------------------------------------
# Links to sources


_NO_LINKS = {"a", "code", "script", "style", "title", "summary", *HEADINGS}


def _linkable(text: Any, known: set[str]) -> bool:
    """Whether ids in a text may become links: not in code, headings and links."""
    if text.parent.name == "code" and str(text) in known:
        return True  # a whole id in the style of code is a reference
    return not any(
        one.name in _NO_LINKS or (one.name == "pre" and "code" in one.get("class", []))
        for one in text.parents
    )


def link_sources(body: BeautifulSoup, known: Iterable[str], page: str) -> set[str]:
    """Link source ids in a page to the page of the sources; return those found."""
    known, found = set(known), set()
    for text in [part for part in body.descendants if part.name is None]:
        named = {one for one in _SOURCE.findall(text) if one in known}
        if not named or not _linkable(text, known):
            continue
        parts = re.split(f"({_SOURCE.pattern})", text)  # the ids stand at odd places
        for place, name in enumerate(parts):
            if place % 2 and name in named:
                look = {"class": "source", "href": f"{page}#{name}"}
                parts[place] = body.new_tag("a", string=name, attrs=look)
        text.replace_with(*filter(None, parts))
        found |= named
    return found
