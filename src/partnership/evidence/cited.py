"""Sources of frames: their ids, citations, and the table that ends a notebook."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

import pandas as pd

from partnership.evidence import escape
from partnership.evidence.faults import DataError, nearest


def source_ids(used) -> list[str]:
    """Sorted ids of the sources that a frame names, or of a list of ids.

    Parameters
    ----------
    used : pandas.DataFrame, str or iterable of str
        A frame with a column ``source_ids`` (several ids, separated by ``;``) or
        ``source_id``, or of a table with one source; one id, or ids.

    Returns
    -------
    list of str
    """
    if isinstance(used, str):
        used = [used]
    if isinstance(used, pd.DataFrame):
        if used.index.name == "source_id":
            used = used.reset_index()
        column = "source_ids" if "source_ids" in used else "source_id"
        if column not in used and column not in used.attrs:
            columns = ", ".join(map(str, used.columns))
            raise DataError(f"the frame has no column source_id; columns: {columns}")
        used = used[column].dropna() if column in used else [used.attrs[column]]
    if not isinstance(used, Iterable):
        found = f"found {used!r:.60}"
        raise DataError(f"sources: {found}; allowed: a frame, a source id, or several")
    return sorted({name for cell in used for name in str(cell).split(";") if name})


def citations(sources: pd.DataFrame, style: str) -> str:
    """Citations of a table of sources by id, one a line."""
    if style not in _STYLES:
        raise nearest(style, _STYLES, "citation style")
    rows = sources.fillna("").iterrows()
    return "\n".join(_STYLES[style](name, source) for name, source in rows)


def text(source: Mapping[str, str]) -> str:
    """Citation of a source in words."""
    when = f" ({source['published']})" if source["published"] else " (undated)"
    read = f", retrieved {source['retrieved']}" if source["retrieved"] else ""
    title = source["title"] + (f", {source['file']}" if source["file"] else "")
    return f"{source['publisher']}{when}. {title}. {source['url']}{read}"


_ADDRESS = "/:?#[]@!$&'()*+,;=%~"  # the signs of an address that mean something
_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def bibtex(source_id: str, source: Mapping[str, str]) -> str:
    """Citation of a source for BibTeX."""

    def clean(text):
        line = " ".join(str(text).split())
        return re.sub(r"[\\~^&%#_$}{]", lambda m: _TEX.get(m[0], f"\\{m[0]}"), line)

    fields = {
        "author": "{" + clean(source["publisher"]) + "}",
        "title": "{" + clean(source["title"]) + "}",
        "year": source["published"][:4],
        "month": source["published"][5:7].lstrip("0"),
        "howpublished": rf"\url{{{quote(source['url'], safe=_ADDRESS)}}}",
        "note": source["retrieved"] and clean(f"retrieved {source['retrieved']}"),
        "language": source["language"],
    }
    lines = [f"  {key} = {{{text}}}," for key, text in fields.items() if text]
    return "\n".join([f"@misc{{{source_id},", *lines, "}"])


def _markdown(_source_id: str, source: pd.Series) -> str:
    url = escape.markdown_link(source["url"])
    return text({**source.map(escape.markdown), "url": url})


_STYLES = {
    "text": lambda _source_id, source: text(source),
    "markdown": _markdown,
    "bibtex": bibtex,
}


def known(ids: list[str], sources: pd.DataFrame) -> pd.DataFrame:
    """Rows of a table of sources by id; an unknown id suggests the nearest ones."""
    if "source_id" in sources:
        sources = sources.set_index("source_id")
    for name in ids:
        if name not in sources.index:
            raise nearest(name, sources.index, "source")
    return sources.loc[ids]


class SourceTable:
    """The table that `sources_used` returns: HTML for readers, text for the rest."""

    columns = ("publisher", "title", "published", "kind", "url")

    def __init__(self, sources: pd.DataFrame) -> None:
        self.rows = [
            {"source_id": name} | {key: _plain(row.get(key)) for key in self.columns}
            for name, row in zip(sources.index, sources.to_dict("records"), strict=True)
        ]

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        lines = ["Sources used in this notebook"]
        for row in self.rows:
            parts = [row["publisher"], row["title"], row["published"], row["kind"]]
            text = ", ".join(part for part in parts if part)
            lines.append(f"{row['source_id']}: {text} {row['url']}".rstrip())
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        # JupyterLab sets the cells of tables to the right; titles read from the left.
        left = ' style="text-align: left"'
        heads = ("Id", "Publisher", "Title", "Date", "Kind")
        head = "".join(f'<th scope="col"{left}>{name}</th>' for name in heads)
        lines = ["<table>", "<caption>Sources used in this notebook</caption>"]
        lines += [f"<thead><tr>{head}</tr></thead>", "<tbody>"]
        for row in self.rows:
            safe = {key: escape.html(value) for key, value in row.items()}
            title = escape.link(row["url"], row["title"] or row["source_id"])
            cells = (safe["publisher"], title, safe["published"], safe["kind"])
            body = "".join(f"<td{left}>{cell}</td>" for cell in cells)
            key = f'<th scope="row"{left}>{safe["source_id"]}</th>'
            lines.append(f"<tr>{key}{body}</tr>")
        return "\n".join([*lines, "</tbody>", "</table>"])


def _plain(value: Any) -> str:
    """Text of a cell; dates without time, missing values as nothing."""
    if pd.isna(value):
        return ""
    date = value.isoformat()[:10] if hasattr(value, "isoformat") else value
    return str(date).strip()
