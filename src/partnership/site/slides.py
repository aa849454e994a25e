"""A deck for a notebook: title, answer, a slide for each figure, what we learned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from partnership.site.convert import Node, plain
from partnership.workshop import reading

LEARNED = "What we learned"
LEFT_OUT = ("Limits", "Your turn", "Sources used")
BESIDE, ALONE, SHORTEST = 330, 620, 40  # characters beside a figure, and without one
_NAMED = re.compile(r"\*\*[A-Z][a-z ]+\.\*\*\s")  # **Answer.** has its own slide
_HEADING = re.compile(r"^## +(.+?) *#* *$", re.M)
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[A-ZÀ-Þ\"“(*])")


@dataclass
class Slide:
    """A slide: its kind, which is the class of its look, Markdown, and a figure."""

    kind: str
    text: str
    figure: dict[str, Any] | None = None


@dataclass
class Section:
    """A section of a notebook: its heading, and texts and figures in their order."""

    title: str
    parts: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """The texts without the figures."""
        return [part for kind, part in self.parts if kind == "text"]


def sections(notebook: Node) -> list[Section]:
    """Split a notebook, as `convert.notebook` reads it, at its headings of level 2.

    The first section has no title and holds what stands before the first heading,
    without the first cell and the paragraphs with names, such as the answer.
    """
    found = [Section("")]
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown" and place > 0:
            before, *rest = _HEADING.split(plain(cell.source))
            texts = _texts(before)
            if len(found) == 1:
                texts = [text for text in texts if not _NAMED.match(text)]
            found[-1].parts += [("text", text) for text in texts]
            for title, text in zip(rest[::2], rest[1::2], strict=True):
                found.append(Section(title, [("text", one) for one in _texts(text)]))
        for output in cell.outputs:
            if "figure" in output:
                found[-1].parts.append(("figure", output.figure))
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
    kinds = [kind for kind, _ in section.parts]
    used = set()
    for place, (kind, figure) in enumerate(section.parts):
        if kind != "figure":
            continue
        near = []
        if "figure" not in kinds[:place] and place > 0:
            near.append(0)
        if place + 1 < len(kinds) and kinds[place + 1] == "text":
            near.append(place + 1)
        near = [one for one in near if one not in used]
        used.update(near)
        room = BESIDE * 2 // (len(near) + 1)  # of two texts each has less
        yield figure, [clip(section.parts[one][1], room) for one in near]


def deck(notebook: Node, title: str) -> list[Slide]:
    """Derive the slides of a notebook, as `convert.notebook` reads it."""
    about = reading.opening(notebook)
    slides = [Slide("title", f"# {title}\n\n{about.get('Question', '')}")]
    if "Answer" in about:
        slides.append(Slide("answer", f"## The answer\n\n{about['Answer']}"))
    for section in sections(notebook):
        if section.title in LEFT_OUT:
            continue
        heading = f"## {section.title or 'In one picture'}"
        pictures = list(_beside(section))
        for figure, texts in pictures:
            slides.append(Slide("figure", "\n\n".join([heading, *texts]), figure))
        if section.title == LEARNED:
            slides.append(Slide("text", "\n\n".join([heading, *section.texts])))
        elif not pictures and section.title and section.texts:
            said = "\n\n".join(_fitting(section.texts))
            slides.append(Slide("text", f"{heading}\n\n{said}"))
    return slides


def _fitting(texts: list[str]) -> Iterator[str]:
    """Paragraphs, clipped to what a slide without a figure holds."""
    room = ALONE
    for text in texts:
        kept = clip(text, room)
        if room < ALONE and (len(kept) > room or len(kept) < SHORTEST):
            return
        yield kept
        room -= len(kept)
