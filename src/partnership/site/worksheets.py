"""Worksheets: pages to print, with lines to write on, and the keys to them apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from partnership import verdicts
from partnership.site import convert, polish
from partnership.site.convert import Node
from partnership.site.pages import Page
from partnership.workshop import reading

if TYPE_CHECKING:
    from partnership.site.assemble import Site

FOLDER, KEY = "worksheets", "_key"
_TASK = re.compile(r"## +(.+?)(?:\n|$)")


@dataclass
class Task:
    """A task of an exercise: what is given, and what the solutions say."""

    title: str
    given: list[Node] = field(default_factory=list)
    told: list[Node] = field(default_factory=list)

    @property
    def on_paper(self) -> bool:
        """Whether paper will do: there is a figure to read, or an answer to choose."""
        shown = any(
            "figure" in output for cell in self.given for output in cell.outputs
        )
        return shown or any("- **A**" in cell.source for cell in self.given)


def tasks(solutions: Node) -> list[Task]:
    """Tasks of a notebook of solutions, as `convert.notebook` reads it."""
    found: list[Task] = []
    for cell in solutions.cells:
        written = cell.cell_type == "markdown"
        if written and (heading := _TASK.match(cell.source)):
            found.append(Task(heading[1]))
            cell = Node(cell, source=cell.source[heading.end() :])
        if not found:
            continue
        if "solution" in reading.tags(cell):
            found[-1].told += [cell] if written else []
        elif "BEGIN SOLUTION" not in cell.source:
            found[-1].given.append(cell if written else Node(cell, source=""))
    return found


def sheets(site: Site) -> list[Page]:
    """Worksheets and keys of the lessons, then the statements to judge and as cards."""
    solutions = {
        one.name.replace("_solution", ""): one for one in site.of_kind("Solution")
    }
    found = []
    for page in site.of_kind("Notebook"):
        lesson = site.lessons.get(page.name)
        if lesson is None:
            continue
        solved = solutions.get(page.name)
        done = [t for t in tasks(solved.notebook) if t.on_paper] if solved else []
        values = {"told": page, "lesson": lesson, "tasks": done}
        number = page.name.partition("_")[0]
        found.append(_sheet(site, number, f"Worksheet: {page.title}", **values))
        found.append(_sheet(site, number + KEY, f"Key: {page.title}", **values))
    if site.claims:
        for name, title in {
            "statements": "The statements, without verdicts",
            "cards": "The board as cards",
        }.items():
            found.append(_sheet(site, name, title))
    return found


def _sheet(site: Site, name: str, title: str, **values: Any) -> Page:
    """A page to print; links lead nowhere on paper, and so go."""
    page = Page(f"{FOLDER}/{name}.html", title, f"{title}: a page to print.")
    page.kind = "Key" if name.endswith(KEY) else "Worksheet"
    kind = "lesson" if values else name
    template = convert.environment().get_template(f"sheet_{kind}.html")
    values |= {"words": verdicts.VERDICTS.values(), "cells": _cells}
    made = template.render(page=page, site=site, **values)
    page.body = polish.tidy(polish.soup(made))
    for link in polish.find(page.body, "a"):
        link.unwrap()
    for image in polish.find(page.body, "img"):
        image["src"] = page.root + str(image["src"])
    return page


def _cells(cells: list[Node]) -> Markup:
    """HTML of cells of a notebook, one level of headings below those of the sheet."""
    made = polish.soup(convert.page_body(Node(cells=cells)))
    for tag in polish.find(made, "figure"):
        del tag["id"]  # sheets have figures of several notebooks
        for fold in polish.find(tag, "details"):
            fold.decompose()  # values would tell what is to be read
    return Markup(str(made))


def html(site: Site, page: Page) -> str:
    """The file of a worksheet."""
    return site.render("sheet.html", page, body=Markup(str(page.body).strip()))
