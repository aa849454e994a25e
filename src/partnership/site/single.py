"""One page in one file, of one notebook: pictures and styles stand in it."""

from __future__ import annotations

import base64
from pathlib import Path

from markupsafe import Markup

from partnership.evidence import escape
from partnership.site import convert, pages, polish


def single(file: Path) -> str:
    """HTML of a notebook: no script, no link to another file."""
    pictures = convert.Pictures()
    notebook = convert.notebook(file, pictures)
    for output in (one for cell in notebook.cells for one in cell.outputs):
        if "figure" in output:
            coded = base64.b64encode(pictures.files[output.figure["path"]]).decode()
            output.figure["path"] = f"data:image/png;base64,{coded}"
    first = next((c.source for c in notebook.cells if c.cell_type == "markdown"), "")
    body = polish.tidy(polish.soup(convert.page_body(notebook)))
    for link in polish.find(body, "a"):
        if not escape.address(link.get("href", "#")):
            link.unwrap()
    style = (Path(__file__).parent / "static" / "site.css").read_text("utf-8")
    template = convert.environment().get_template("single.html")
    return template.render(
        title=pages.title(first, file.stem),
        style=Markup(style),
        body=Markup(convert.coloured(str(body).strip())),
    )
