"""Links between the files of the checkout, as links between the pages of the site."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from partnership.evidence import escape
from partnership.site.pages import Page
from partnership.site.polish import anchor, find


@dataclass
class Links:
    """Where the files of the checkout stand in the site; links that lead nowhere."""

    places: dict[str, str]  # path in the site by path in the checkout
    ids: dict[str, set[str]]  # of each page in the site; other files have none
    exists: Callable[[str], bool]  # whether the checkout has a file
    repository: str = ""  # address of its files on the web; empty if there is none
    # Pages that only the teaching page, and they themselves, may link to.
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
        for link in find(page.body, "a"):
            if "href" not in link.attrs:
                continue
            if str(link["href"]).startswith("img/"):  # a figure, or its values
                link["href"] = page.root + str(link["href"])
                continue
            target = self.target(page, str(link["href"]))
            if target is None:
                link.unwrap()
            else:
                link["href"] = target
        for image in find(page.body, "img"):
            if str(image.get("src", "")).startswith("img/"):
                image["src"] = page.root + str(image["src"])
