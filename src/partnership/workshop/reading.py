"""Read a notebook: cells, headings, sections, named paragraphs, outputs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class _Pattern:
    """A regular expression, compiled when first used.

    Compiling them all takes longer than the rest of the import, and a notebook that
    calls `facts` needs one of them.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern, self.flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        return getattr(re.compile(self.pattern, self.flags), name)  # re caches it


def _read(path: str | Path) -> Any:
    import nbformat  # late: only the checks and the index need it

    return nbformat.read(str(path), as_version=4)


def _cells(notebook: Any, kind: str = "") -> list[tuple[int, Any]]:
    """Cells with their number from 1, all or those of one kind."""
    every = enumerate(notebook.cells, start=1)
    return [(n, cell) for n, cell in every if kind in ("", cell.cell_type)]


def _own(notebook: Any) -> list[tuple[int, Any]]:
    """Return the code cells, without the generated one that prepares Colab."""
    from partnership.workshop.hosting import (
        is_colab,  # late: notebooks import this module
    )

    return [item for item in _cells(notebook, "code") if not is_colab(item[1])]


def _at(number: int, cell: Any) -> str:
    """How messages name a cell: its place, and the prompt that a reader sees."""
    if cell.cell_type == "code" and cell.get("execution_count"):
        return f"cell {number} (In [{cell.execution_count}])"
    return f"cell {number} ({cell.cell_type})"


_FILL = "\0"  # stands for hidden text: no digit, no letter, no space


_FENCE = _Pattern(
    r"^ {0,3}(?P<mark>`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}(?P=mark)[`~]*[ \t]*$|\Z)",
    re.M | re.S,
)


_CODE = _Pattern(r"(?<!`)(`+)(?!`)(?P<code>.+?)(?<!`)\1(?!`)", re.S)


_COMMENT = _Pattern(r"<!--(.*?)-->", re.S)


_HEADING = _Pattern(r" {0,3}(?P<level>#{1,6})(?:[ \t]+(?P<title>.*?))?[ \t]*#*[ \t]*$")


def _hide(pattern: _Pattern, text: str) -> str:
    """Blank what matches, keeping lengths and line ends."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", _FILL, found[0]), text)


def _headings(notebook: Any) -> Iterator[tuple[int, int, str]]:
    """Number of the cell, level and title of every heading."""
    for number, cell in _cells(notebook, "markdown"):
        for line in _hide(_FENCE, cell.source).split("\n"):
            if found := _HEADING.match(line):
                title = _COMMENT.sub("", found["title"] or "").strip()
                yield number, len(found["level"]), title


@dataclass
class _Section:
    """From one heading of level 1 or 2 to the next."""

    title: str
    prose: list[tuple[int, Any, str]] = field(default_factory=list)
    code: list[tuple[int, Any]] = field(default_factory=list)


def _sections(notebook: Any) -> list[_Section]:
    sections = [_Section("before the title")]
    for number, cell in _cells(notebook):
        if cell.cell_type == "code":
            sections[-1].code.append((number, cell))
        if cell.cell_type != "markdown":
            continue
        chunk: list[str] = []
        visible = _hide(_FENCE, cell.source).split("\n")
        for line, seen in zip(cell.source.split("\n"), visible, strict=True):
            heading = _HEADING.match(seen)
            if heading and len(heading["level"]) <= 2:
                sections[-1].prose.append((number, cell, "\n".join(chunk)))
                title = _COMMENT.sub("", heading["title"] or "").strip()
                sections.append(_Section(title))
                chunk = []
            chunk.append(line)
        sections[-1].prose.append((number, cell, "\n".join(chunk)))
    return sections


def _parts(source: str) -> list[tuple[str, str]]:
    """Paragraphs of the first cell that open with a bold word: ``**Time.** ...``."""
    found = []
    for paragraph in re.split(r"\n[ \t]*\n", source.strip()):
        if match := re.match(r"\*\*([A-Z][a-z ]+)\.\*\*\s+(.+)", paragraph, re.S):
            found.append((match[1], match[2].strip()))
    return found


def _python(source: str) -> str:
    """A code cell without its magics, for `ast`; line numbers stay."""
    lines = [
        "" if line.lstrip()[:1] in ("%", "!") else line for line in source.split("\n")
    ]
    return "\n".join(lines)


def _tree(source: str) -> ast.Module | None:
    try:
        return ast.parse(_python(source))
    except SyntaxError:
        return None


def _text(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)


def _stdout(cell: Any) -> str:
    streams = (one for one in cell.outputs if one.output_type == "stream")
    return "".join(_text(one.text) for one in streams if one.name == "stdout")


def _shown(cell: Any) -> Iterator[tuple[str, str]]:
    """Type and text of all that a code cell shows, pictures aside."""
    for output in cell.outputs:
        if output.output_type == "stream":
            yield "text/plain", _text(output.text)
        elif output.output_type == "error":
            yield "text/plain", "\n".join(output.get("traceback", []))
        else:
            for kind, value in output.data.items():
                if not kind.startswith("image/"):
                    yield kind, _text(value)


def _pictures(cell: Any) -> Iterator[tuple[str, Any]]:
    """Type of each picture, and the output that holds it."""
    for output in cell.outputs:
        for kind in output.get("data", {}):
            if kind.startswith("image/") or kind == "application/pdf":
                yield kind, output


_LINK = _Pattern(
    r"\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)|\]\[[^\]]*\]"
    r"|^ {0,3}\[[^\]^][^\]]*\]:.*$|<?\b(?:https?|doi|mailto):[^\s<>)]+>?",
    re.M,
)
