"""What a page needs beyond nbconvert: anchors, tables, links, entries for search."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from bs4 import BeautifulSoup, Comment, Tag

from partnership.evidence import escape

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_SOURCE = re.compile(r"(?<![\w./-])[a-z]+(?:-[a-z0-9]+)+(?![\w-])")
_NUMBER = re.compile(r"[−+-]?(\d[\d, ]*)?(\.\d+)?( ?%)?")
_DAY = re.compile(r"\d{4}-\d\d(-\d\d)?")
_CLAIM = re.compile(r"c\d\d")


@dataclass
class Page:
    """One page of the site.

    Attributes
    ----------
    path : str
        In the site, such as ``exercises/01_trade.html``.
    origin : str
        The file that it is made from, in the checkout; its links start there.
    title, description : str
    kind : str
        What search calls it: Notebook, Exercise, Glossary and so on.
    body : bs4.BeautifulSoup
    """

    path: str
    origin: str
    title: str
    description: str
    kind: str
    body: BeautifulSoup
    picture: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """The way from the page to the root of the site."""
        return "../" * self.path.count("/")

    def sections(self) -> list[tuple[str, str]]:
        """Anchor and words of each heading of level 2."""
        return [(str(h["id"]), words(h)) for h in self.body.find_all("h2")]


def soup(html: str) -> BeautifulSoup:
    """Parse HTML."""
    return BeautifulSoup(html, "html.parser")


def words(tag: Any) -> str:
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
    return {str(tag["id"]) for tag in body.find_all(id=True)}


def anchor(fragment: str, known: set[str]) -> str | None:
    """The id that the fragment of a link means, or None."""
    fragment = unquote(fragment)
    if fragment in known:
        return fragment
    return slug(fragment) if slug(fragment) in known else None


def tidy(body: BeautifulSoup) -> BeautifulSoup:
    """Give a page what readers and programs that read aloud need, in place.

    Parameters
    ----------
    body : bs4.BeautifulSoup
        As nbconvert made it.

    Returns
    -------
    bs4.BeautifulSoup
        The same.
    """
    for comment in body.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for style in body.find_all("style"):
        style.decompose()
    taken = anchors(body)
    for heading in body.find_all(HEADINGS):
        if not heading.get("id"):
            heading["id"] = _free(slug(words(heading)) or "section", taken)
    _tables(body)
    _join_code(body)
    return body


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


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number if it is taken; the result is taken from now on."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free)
    return free


# --------------------------------------------------------------------------------------
# Tables


def _tables(body: BeautifulSoup) -> None:
    number, names = 0, set(anchors(body))
    for table in body.find_all("table"):
        _plain_attributes(table)
        _one_header_row(table)
        _scopes(table)
        _align(table)
        _claim_rows(table, names)
        if table.caption is None:
            number += 1
            caption = body.new_tag("caption")
            caption.string = f"Table {number}. {_about(table)}"
            table.insert(0, caption)
        boxed(body, table)


def boxed(body: BeautifulSoup, table: Tag) -> None:
    """Put a table in a box that scrolls sideways, by keyboard as well."""
    caption = table.caption
    inner = body.new_tag("span")
    inner.extend(list(caption.contents))
    caption.append(inner)
    label = {"tabindex": "0", "role": "region", "aria-label": words(caption)}
    table.wrap(body.new_tag("div", attrs={"class": "table-box", **label}))


def _plain_attributes(table: Tag) -> None:
    """Drop looks that are written into tags: ours stand in one place."""
    for tag in [table, *table.find_all(True)]:
        for name in ("border", "style", "class", "halign", "valign", "align"):
            tag.attrs.pop(name, None)


def _about(table: Tag) -> str:
    """What a table is about: the heading above it, that of a part before the title."""
    heading = table.find_previous(HEADINGS)
    return words(heading) if heading else "Data"


def _rows(part: Tag | None) -> list[list[Tag]]:
    if part is None:
        return []
    return [row.find_all(["th", "td"]) for row in part.find_all("tr")]


def _one_header_row(table: Tag) -> None:
    """Join the two header rows in which pandas names columns and index.

    The second row names the index and is empty otherwise: its names go into the empty
    cells of the first, or before the name of the columns.
    """
    rows = _rows(table.thead)
    if len(rows) != 2 or len(rows[0]) != len(rows[1]):
        return
    first, second = rows
    named = [bool(words(cell)) for cell in second]
    count = sum(named)
    if not 0 < count < len(named) or not all(named[:count]):
        return
    for above, below in zip(first[:count], second[:count], strict=True):
        columns = words(above)
        above.string = words(below) + (f", by {columns}" if columns else "")
    second[0].parent.decompose()


def _scopes(table: Tag) -> None:
    """Say of each header cell what it heads; an empty one heads nothing."""
    for row in _rows(table.thead):
        for cell in row:
            wide = int(cell.get("colspan", 1)) > 1
            _head(cell, "colgroup" if wide else "col")
    for part in table.find_all("tbody") or [table]:
        for row in _rows(part):
            heads = [cell for cell in row if cell.name == "th"]
            if not heads and len(row) > 1 and words(row[0]):
                row[0].name = "th"
                heads = row[:1]
            for cell in heads:
                tall = int(cell.get("rowspan", 1)) > 1
                _head(cell, "rowgroup" if tall else "row")


def _head(cell: Tag, scope: str) -> None:
    if words(cell):
        cell["scope"] = scope
    else:
        cell.name = "td"
        cell.attrs.pop("scope", None)


def _align(table: Tag) -> None:
    """Mark days, which do not break, and columns of numbers.

    Columns count from the right, since row headers may span rows.
    """
    heads, rows = _rows(table.thead), _rows(table.tbody)
    for cell in table.find_all(["td", "th"]):
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


def _claim_rows(table: Tag, names: set[str]) -> None:
    """Give the rows of a table of claims the ids that ClaimReview points to."""
    for row in _rows(table.tbody):
        name = words(row[0]) if row else ""
        if _CLAIM.fullmatch(name) and name not in names:
            row[0].parent["id"] = name
            names.add(name)


# --------------------------------------------------------------------------------------
# Links


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
    """Turn each source id in a page into a link to the source.

    Parameters
    ----------
    body : bs4.BeautifulSoup
        Changed in place.
    known : iterable of str
        The source ids.
    page : str
        Path from here to the page of the sources.

    Returns
    -------
    set of str
        The ids that were found.
    """
    known, found = set(known), set()
    for text in list(body.find_all(string=_SOURCE)):
        if not _linkable(text, known):
            continue
        parts, end = [], 0
        for match in _SOURCE.finditer(text):
            if match[0] in known:
                link = body.new_tag("a", href=f"{page}#{match[0]}")
                link["class"] = "source"
                link.string = match[0]
                parts += [str(text)[end : match.start()], link]
                end = match.end()
                found.add(match[0])
        if parts:
            text.replace_with(*[part for part in [*parts, str(text)[end:]] if part])
    return found


@dataclass
class Links:
    """Where the files of the checkout stand in the site.

    Attributes
    ----------
    places : dict
        Path in the site by path in the checkout.
    ids : dict
        Ids by path of a page in the site; a file without is no page.
    exists : function
        Whether the checkout has a file.
    repository : str
        Address of the checkout's files on the web; empty if there is none.
    solutions : set of str
        Pages that only the teaching page, and they themselves, may link to.
    """

    places: dict[str, str]
    ids: dict[str, set[str]]
    exists: Callable[[str], bool]
    repository: str = ""
    solutions: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)

    def target(self, page: Page, address: str) -> str | None:
        """Address of a link in the site; None for what the site does not hold."""
        if re.match(r"[a-z][a-z0-9+.-]*:|//", address, re.I):
            return escape.address(address) or None
        file, _, fragment = address.partition("#")
        origin = page.origin
        if file:
            folder = posixpath.dirname(page.origin)
            origin = posixpath.normpath(posixpath.join(folder, unquote(file)))
        place = page.path if origin == page.origin else self.places.get(origin)
        if place is None:
            if not self.exists(origin):
                self._report(page, address, "there is no such file")
            return f"{self.repository}/{quote(origin)}" if self.repository else None
        if place in self.solutions and page.kind not in ("Teaching", "Solution"):
            return None
        here = posixpath.dirname(page.path) or "."
        path = "" if place == page.path else posixpath.relpath(place, here)
        if fragment and place in self.ids:
            name = anchor(fragment, self.ids[place])
            if name is None:
                self._report(page, address, "there is no such heading")
            fragment = name or ""
        return path + (f"#{fragment}" if fragment else "") or "#"

    def _report(self, page: Page, address: str, fault: str) -> None:
        self.broken.append(f"{page.origin}: link to {address}: {fault}")

    def apply(self, page: Page) -> None:
        """Rewrite the links of a page, in place."""
        for link in page.body.find_all("a", href=True):
            target = self.target(page, str(link["href"]))
            if target is None:
                link.unwrap()
            else:
                link["href"] = target
        for image in page.body.find_all("img", src=True):
            if str(image["src"]).startswith("img/"):
                image["src"] = page.root + str(image["src"])


# --------------------------------------------------------------------------------------
# Search


def documents(page: Page) -> Iterator[dict[str, str]]:
    """Entries for the search: one a section, one a figure.

    Yields
    ------
    dict
        ``u`` address, ``p`` page, ``t`` title, ``k`` kind, ``x`` text.
    """
    about = {"p": page.title, "k": page.kind}
    at, title, texts = "", page.title, []
    body = copy(page.body)
    for part in body.select("details.code, table"):
        if part.name == "details" or "Sources used" in words(part.caption or part):
            part.decompose()
    for figure in body.find_all("figure"):
        name, image = figure.get("id", ""), figure.img
        if image is not None:
            said = words(figure.figcaption.p) if figure.figcaption else page.title
            alt = str(image.get("alt", ""))
            address = f"{page.path}#{name}" if name else page.path
            yield {"p": page.title, "k": "Figure", "u": address, "t": said, "x": alt}
        figure.decompose()
    for tag in body.find_all([*HEADINGS, "p", "li", "td", "th", "pre", "dd", "dt"]):
        if tag.name in HEADINGS[:3]:
            if at or texts:
                yield {**about, "u": page.path + at, "t": title, "x": " ".join(texts)}
            at, title, texts = f"#{tag['id']}", words(tag), []
        elif tag.find_parent(["li", "td", "th", "dd"]) is None:
            texts.append(words(tag))
    yield {**about, "u": page.path + at, "t": title, "x": " ".join(texts)}
