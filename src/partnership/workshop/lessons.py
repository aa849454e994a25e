"""The lesson plans of the teaching page: what to ask a class, what is to be heard."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_PLAN = re.compile(r"^### (\w+): (.+?)$(.*?)(?=^##|\Z)", re.M | re.S)
_PART = re.compile(r"^\*\*([^*]+)\.\*\*(.*?)(?=^\*\*[^*]+\.\*\*|^\*\*|\Z)", re.M | re.S)
_ITEM = re.compile(r"^(?:[-*]|\d+\.) +(.+?)(?=^(?:[-*]|\d+\.) |\Z)", re.M | re.S)
# *Why?* The point: ... or: Why? (Because ...)
_ASKED = re.compile(r"\*(?P<q>[^*]+)\*\s+(?P<a>.+)|(?P<asked>.+?)\s+\((?P<heard>.+)\)")


@dataclass
class Lesson:
    """A lesson plan: its title, and its parts by their names in bold."""

    title: str
    parts: dict[str, str] = field(default_factory=dict)

    def part(self, name: str) -> str:
        """A part with its name, as the page has it; empty if it has none."""
        text = self.parts.get(name, "")
        between = "\n\n" if text.startswith("- ") else " "  # a list begins on its own
        return f"**{name}.**{between}{text}" if text else ""

    @property
    def questions(self) -> list[tuple[str, str]]:
        """Questions to the class, each with what is to be heard."""
        found = []
        for item in _ITEM.findall(self.parts.get("Ask the class", "")):
            text = " ".join(item.split())
            match = _ASKED.fullmatch(text)
            pair = [part for part in match.groups() if part] if match else [text, ""]
            found.append((pair[0], pair[1]))
        return found


def lessons(text: str) -> dict[str, Lesson]:
    """Lesson plans in the text of the teaching page, by the name of their notebook."""
    found = {}
    for name, title, body in _PLAN.findall(text):
        parts = {part: said.strip() for part, said in _PART.findall(body)}
        found[name] = Lesson(title, parts)
    return found
