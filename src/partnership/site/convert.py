"""From notebooks and Markdown to HTML, by the Markdown parser that nbconvert uses."""

from __future__ import annotations

import base64
import contextlib
import csv
import hashlib
import html
import io
import re
import struct
from collections.abc import Callable
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import mistune
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from latex2mathml.converter import convert as to_mathml
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from partnership.evidence import escape
from partnership.evidence.faults import DataError
from partnership.site import policy
from partnership.workshop import reading
from partnership.workshop.reading import parsed, text

# Those of nbconvert, and formulas.
PLUGINS = ("strikethrough", "table", "url", "task_lists", "def_list", "math")
WIDGET = "application/vnd.jupyter.widget-view+json"
# The static forms of an output, the best first.  A widget needs a kernel: its output
# shows what else it has.
STATIC = ("text/html", "text/markdown", "image/png", "text/latex", "text/plain")
_CODE = re.compile(r'(?<=<pre class="code">).*?(?=</pre>)', re.S)
_COMMENT = re.compile(
    r"(?P<kept>^ {0,3}(?P<fence>`{3,}|~{3,}).*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)(?P=ticks)(?!`))|<!--(?P<said>.*?)-->",
    re.M | re.S,
)


class _Renderer(mistune.HTMLRenderer):
    """HTML with formulas as MathML, which needs no script."""

    def block_math(self, body: str) -> str:
        return f'<div class="formula">{mathml(body, "block")}</div>'

    def inline_math(self, body: str) -> str:
        return mathml(body, "inline")


def mathml(latex: str, display: str) -> str:
    """A formula as MathML, with its LaTeX for readers without MathML."""
    said = html.escape(" ".join(latex.split()))
    made = to_mathml(latex.strip(), display=display)
    return made.replace("<math ", f'<math alttext="{said}" ', 1)


@cache
def _parser() -> mistune.Markdown:
    # Links are looked at later, by `links.Links`.
    renderer = _Renderer(escape=False, allow_harmful_protocols=True)
    return mistune.create_markdown(renderer=renderer, plugins=PLUGINS)


def markdown(source: str) -> Markup:
    """HTML of a Markdown text."""
    return Markup(_parser()(plain(source)))


def plain(source: str, instead: Callable[[str], str] = lambda said: "") -> str:
    """Markdown without the hidden marks of numbers, ``319<!--goods.value.max()-->``.

    A mark may hold any signs but ``-->``, which ends it. Code stays as it is. What is
    written instead of a mark is asked with what stands in it.
    """
    return _COMMENT.sub(lambda found: found["kept"] or instead(found["said"]), source)


class Node(dict):
    """A part of a notebook; its keys are attributes as well, as in nbformat."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class Pictures:
    """The pictures of the site, each a file named after its content."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.about: dict[str, dict[str, Any]] = {}

    def add(self, picture: bytes, about: dict[str, Any]) -> str:
        """Keep a PNG; return its path in the site."""
        path = f"img/{hashlib.sha256(picture).hexdigest()[:16]}.png"
        width, height = struct.unpack(">II", picture[16:24])
        shown = about["width"] if isinstance(about.get("width"), int) else width
        told = {name: plain(about.get(name) or "") for name in ("alt", "title")}
        told |= {"path": path, "sources": list(about.get("sources") or [])}
        if about.get("values"):
            told |= {"values": table(about["values"]), "csv": path[:-3] + "csv"}
            self.files[told["csv"]] = about["values"].encode()
        self.files[path] = picture
        size = {"width": shown, "height": round(height * shown / width)}
        self.about[path] = told | size
        return path


def table(text: str) -> tuple[list[str], list[dict[str, str]]]:
    """Columns and rows of the values of a figure, as its page shows them.

    What is computed has all sources of the figure, which its caption lists.
    """
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        computed = row["row"] == "computed"
        row["source"] = "computed" if computed else row.get("source", "")
    one_unit = len({row.get("unit") for row in rows}) == 1
    hidden = {"row", "source", *(["unit"] if one_unit else [])}
    columns = [name for name in rows[0] if name not in hidden]
    return [*columns, "source"], rows


def notebook(
    file: Path, pictures: Pictures, chosen: Callable[[list], list] = list
) -> Node:
    """Read a notebook for `page_body`: what its outputs show, and pictures as files.

    `chosen` says which cells, and with what in them. This does without nbformat, whose
    import takes longer than all the pages.
    """
    found = parsed(file, Node)
    count = 0
    for cell in found.cells:
        cell["source"] = text(cell.source)
    found["cells"] = chosen(found.cells)
    for cell in found.cells:
        cell["outputs"] = [_shown(output) for output in cell.get("outputs", [])]
        for output in cell.outputs:
            if output.kind == "image/png":
                count += 1
                picture = _png(output.text, f"{file.name}, picture {count}")
                path = pictures.add(picture, output.about)
                output["figure"] = {**pictures.about[path], "number": count}
    return found


def _png(text: str, place: str) -> bytes:
    """Content of a picture."""
    with contextlib.suppress(ValueError):  # as of signs that are not ASCII
        found = base64.b64decode(text)
        if found.startswith(b"\x89PNG\r\n\x1a\n") and any(found[16:20]) and found[23:]:
            return found
    raise DataError(f"{place}: found no PNG; run the notebook again")


def _shown(output: Node) -> Node:
    """What a page can show of an output: its kind and its text."""
    if output.output_type == "stream":
        return Node(kind="stream", text=text(output.text))
    if output.output_type == "error":
        return Node(kind="error", text=f"{output.ename}: {output.evalue}")
    data = dict(output.data)
    if data.pop(WIDGET, None) is not None and len(data) == 1:
        data["text/plain"] = "Run this cell in JupyterLab to use its controls."
    kind = next((one for one in STATIC if one in data), "")
    about = output.get("metadata", {}).get(kind, {})
    about = about if isinstance(about, dict) else {}
    return Node(kind=kind, text=text(data.get(kind, "")), about=about)


@cache
def environment() -> Environment:
    """The templates, compiled once for all pages."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters |= {"address": escape.address, "markdown": markdown}
    made.globals |= {"loader": policy.loader, "policy": policy.policy}
    return made


def page_body(notebook: Node) -> str:
    """HTML of the cells of a notebook, its code without colours: see `coloured`."""
    parts = [
        _part(detail, list(cells))
        for detail, cells in groupby(notebook.cells, reading.is_detail)
    ]
    return environment().get_template("notebook.html").render(parts=parts)


def _part(detail: bool, cells: list[Node]) -> Node:
    """Cells that fold together, or stand open; a heading names what is folded."""
    title, first = "", cells[0]
    if detail and first.cell_type == "markdown" and first.source.startswith("#"):
        title, _, rest = first.source.partition("\n")
        marked = first.get("marked", first.source).partition("\n")[2]
        cells = [Node(first, source=rest, marked=marked), *cells[1:]]
    return Node(detail=detail, title=title, cells=cells)


def coloured(page: str) -> str:
    """Page with its code in colours.

    This comes last, since colours are thousands of tags, and reading and writing them
    at each step would take most of the time.
    """
    look = HtmlFormatter(nowrap=True)
    return _CODE.sub(
        lambda m: highlight(html.unescape(m[0]), PythonLexer(), look).rstrip(), page
    )
