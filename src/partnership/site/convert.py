"""From notebooks and Markdown to HTML, by nbconvert with templates of ours."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import struct
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from latex2mathml.converter import convert as to_mathml
from nbconvert.exporters import HTMLExporter, SlidesExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

TEMPLATES = Path(__file__).parent / "templates"
WIDGET = "application/vnd.jupyter.widget-view+json"
# The static forms of an output, the best first.  A widget needs a kernel: its output
# shows what else it has.
STATIC = (
    *("text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg"),
    *("text/latex", "text/plain"),
)


class _Renderer(IPythonRenderer):
    """nbconvert's Markdown with formulas as MathML, which needs no script."""

    def block_math(self, body: str) -> str:
        return f'<div class="formula">{mathml(body, "block")}</div>'

    def inline_math(self, body: str) -> str:
        return mathml(body, "inline")

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")


def mathml(latex: str, display: str) -> str:
    """Write a formula as MathML, with its LaTeX for readers without MathML.

    Parameters
    ----------
    latex : str
    display : {"inline", "block"}
    """
    said = html.escape(" ".join(latex.split()))
    made = to_mathml(latex.strip(), display=display)
    return made.replace("<math ", f'<math alttext="{said}" ', 1)


def markdown(source: str) -> str:
    """HTML of a Markdown text, by the rules that nbconvert has for cells."""
    renderer = _Renderer(escape=False, exclude_anchor_links=True)
    return str(MarkdownWithMath(renderer=renderer).render(source))


class _Static:
    """What both exporters share: templates of ours, MathML, no widgets."""

    def __init__(self, **kw: Any) -> None:
        super().__init__(extra_template_basedirs=[str(TEMPLATES)], **kw)

    @property
    def default_config(self) -> Any:
        config = super().default_config.copy()
        config.NbConvertBase.display_data_priority = list(STATIC)
        return config

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        return markdown(source)


class PageExporter(_Static, HTMLExporter):
    """The cells of a notebook as the body of a page."""


class DeckExporter(_Static, SlidesExporter):
    """The cells of a notebook as reveal.js slides."""


class Pictures:
    """The pictures of the site, each a file named after its content."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.about: dict[str, dict[str, Any]] = {}

    def add(self, picture: bytes, about: dict[str, Any]) -> str:
        """Keep a PNG; return its path in the site."""
        path = f"img/{hashlib.sha256(picture).hexdigest()[:16]}.png"
        width, height = struct.unpack(">II", picture[16:24])
        shown = int(about.get("width") or width)
        self.files[path] = picture
        self.about[path] = {
            "alt": about.get("alt", ""),
            "title": about.get("title", ""),
            "sources": list(about.get("sources") or []),
            "width": shown,
            "height": round(height * shown / width),
        }
        return path


def with_pictures(notebook: Any, pictures: Pictures) -> Any:
    """Copy of a notebook whose pictures are files and whose widgets are static."""
    notebook = deepcopy(notebook)
    notebook.metadata.pop("widgets", None)
    count = 0
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if data.pop(WIDGET, None) is not None and len(data) == 1:
                data["text/plain"] = "Run this cell in JupyterLab to use its controls."
            if "image/png" in data:
                count += 1
                picture = base64.b64decode(data["image/png"])
                path = pictures.add(picture, output.metadata.get("image/png", {}))
                output.metadata["figure"] = {
                    "path": path,
                    "number": count,
                    **pictures.about[path],
                }
    return notebook


def plain(source: str) -> str:
    """Markdown without the hidden marks of numbers, ``319<!--name-->``."""
    return re.sub(r"<!--.*?-->", "", source, flags=re.S)


@cache
def _exporter(kind: type[_Static], template: str) -> Any:
    """One exporter for all pages: its templates are compiled once."""
    return kind(template_name=template)


def page_body(notebook: Any) -> str:
    """HTML of the cells of a notebook made by `with_pictures`.

    The code stands in it as it is, without colours: see `coloured`.
    """
    return str(_exporter(PageExporter, "notebook").from_notebook_node(notebook)[0])


def deck_body(notebook: Any) -> str:
    """HTML of the slides of a notebook made by `slides.deck`."""
    return str(_exporter(DeckExporter, "slides").from_notebook_node(notebook)[0])


_CODE = re.compile(r'(?<=<pre class="code">).*?(?=</pre>)', re.S)


def coloured(page: str) -> str:
    """Page with its code in colours.

    This comes last, since colours are thousands of tags, and reading and writing them
    at each step would take most of the time.
    """
    look = HtmlFormatter(nowrap=True)
    return _CODE.sub(
        lambda m: highlight(html.unescape(m[0]), PythonLexer(), look).rstrip(), page
    )
