"""A deck for a notebook, in the order of a lesson, with notes for who teaches it.

Question, lead figure, a guess, the answer; then a slide for each figure, what else to
ask, and what we learned. Detail of the method is left to the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from partnership.site.convert import Node, plain
from partnership.workshop import reading
from partnership.workshop.lessons import Lesson

LEARNED = "What we learned"
LEFT_OUT = ("Limits", "Your turn", "Sources used")
BESIDE, ALONE, SHORTEST = 330, 620, 40  # characters beside a figure, and without one
MOST_ASKED = 3  # questions on a slide
_NAMED = re.compile(r"\*\*[A-Z][a-z ]+\.\*\*\s")  # **Answer.** has its own slide
_HEADING = re.compile(r"^## +(.+?) *#* *$", re.M)
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[A-ZÀ-Þ\"“(*])")


@dataclass
class Slide:
    """A slide: its kind, which is the class of its look, Markdown, figure and notes."""

    kind: str
    text: str
    figure: dict[str, Any] | None = None
    notes: str = ""


@dataclass
class Section:
    """A section of a notebook: its heading, and texts and figures in their order."""

    title: str
    parts: list[str | dict[str, Any]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """The texts without the figures."""
        return [part for part in self.parts if isinstance(part, str)]


def sections(notebook: Node) -> list[Section]:
    """Split a notebook, as `convert.notebook` reads it, at its headings of level 2.

    The first section has no title and holds what stands before the first heading,
    without the first cell and the paragraphs with names, such as the answer.
    """
    found = [Section("")]
    told = [cell for cell in notebook.cells if not reading.is_detail(cell)]
    for place, cell in enumerate(told):
        if cell.cell_type == "markdown" and place > 0:
            before, *rest = _HEADING.split(plain(cell.source))
            first = len(found) == 1
            found[-1].parts += [
                text for text in _texts(before) if not (first and _NAMED.match(text))
            ]
            for title, text in zip(rest[::2], rest[1::2], strict=True):
                found.append(Section(title, _texts(text)))
        found[-1].parts += [one.figure for one in cell.outputs if "figure" in one]
    return found


def _texts(markdown: str) -> list[str]:
    """Paragraphs, lists and formulas of a text; a table needs more room than a slide.

    Links are reduced to their words: a deck is read from a distance.
    """
    markdown = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", markdown)
    blocks = (block.strip() for block in re.split(r"\n\s*\n", markdown))
    return [b for b in blocks if b and not b.startswith(("|", "```", "#", "<"))]


def clip(text: str, most: int) -> str:
    """As many whole sentences as fit, at least one.

    The last does not announce a table (``as follows:``) that the slide leaves out.
    """
    if re.match(r"[-*] |\d+\. |\$\$", text):
        return text
    kept = ""
    for sentence in _SENTENCE.split(" ".join(text.split())):
        if kept and len(kept) + len(sentence) > most:
            break
        if not (kept and sentence.endswith(":")):
            kept = f"{kept} {sentence}".strip()
    return kept


def _beside(section: Section) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Each figure of a section, with the text that leads to it and that reads it."""
    parts = section.parts
    figures = [place for place, part in enumerate(parts) if isinstance(part, dict)]
    for place in figures:
        near = parts[:1] if 0 < place == figures[0] else []
        near += [part for part in parts[place + 1 : place + 2] if isinstance(part, str)]
        room = BESIDE * 2 // (len(near) + 1)  # of two texts each has less
        yield parts[place], [clip(text, room) for text in near]


def deck(notebook: Node, title: str, lesson: Lesson | None = None) -> list[Slide]:
    """Derive the slides of a notebook, as `convert.notebook` reads it."""
    about, plan = reading.opening(notebook), lesson or Lesson(title)
    first, *rest = sections(notebook)
    guess, *others = plan.questions or [("", "")]
    question = about.get("Question", "")
    slides = [Slide("title", f"# {title}\n\n{question}", notes=plan.part("Goals"))]
    for figure, texts in _beside(first):
        said = question if len(slides) == 1 else "\n\n".join(texts)
        slides.append(Slide("figure", f"## In one picture\n\n{said}", figure))
    if guess[0]:
        slides.append(Slide("guess", f"## Your guess?\n\n{guess[0]}", notes=guess[1]))
    if "Answer" in about:
        text, wrong = (
            f"## The answer\n\n{about['Answer']}",
            plan.part("Common mistakes"),
        )
        slides.append(Slide("answer", text, notes=wrong))
    for section in rest:
        if section.title == LEARNED and others:
            slides += _asked(others)
        if section.title not in LEFT_OUT:
            slides += _of_section(section)
    return slides


def _asked(questions: list[tuple[str, str]]) -> Iterator[Slide]:
    """Slides with a few questions each; what is to be heard stands in the notes."""
    for start in range(0, len(questions), MOST_ASKED):
        part = questions[start : start + MOST_ASKED]
        text = "\n".join(f"- {asked}" for asked, _ in part)
        heard = "\n".join(f"- {asked} {answer}" for asked, answer in part)
        yield Slide("text", f"## What do you say?\n\n{text}", notes=heard)


def _of_section(section: Section) -> Iterator[Slide]:
    """A slide for each figure of a section, or one for its text."""
    heading, pictures = f"## {section.title}", list(_beside(section))
    for figure, texts in pictures:
        yield Slide("figure", "\n\n".join([heading, *texts]), figure)
    told = section.texts
    if section.title != LEARNED:
        told = [] if pictures else list(_fitting(told))
    if told:
        yield Slide("text", "\n\n".join([heading, *told]))


def _fitting(texts: list[str]) -> Iterator[str]:
    """Paragraphs, clipped to what a slide without a figure holds."""
    room = ALONE
    for text in texts:
        kept = clip(text, room)
        if room < ALONE and (len(kept) > room or len(kept) < SHORTEST):
            return
        yield kept
        room -= len(kept)
