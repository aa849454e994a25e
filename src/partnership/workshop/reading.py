"""Read a notebook: cells, headings, sections, named paragraphs, outputs."""

from __future__ import annotations

import ast
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from partnership.evidence import faults, files
from partnership.evidence.faults import FormFault

COLAB = "colab"  # the tag of the generated cell that prepares Colab
DETAIL = "detail"  # the tag of a cell that only those who check the method need
COMMENT = re.compile(r"<!--(.*?)-->", re.S)
HIDDEN = "\0"  # stands for hidden text: no digit, no letter, no space


_TEXT = (str, [str])
_VALUE = {"expression!": str, "answer!": str, "table": str, "row": str}
_ABOUT = {"tags": [str], "jupyter": dict, "partnership": {"values": [_VALUE]}}
_CELL = {"cell_type!": str, "source!": _TEXT, "metadata!": _ABOUT}
_CELL |= {"outputs": [{"output_type!": str}], "execution_count": int}
_WHOLE = {"widgets": dict, "kernelspec": {"name": str}, "language_info": dict}
_NOTEBOOK = {"cells!": [_CELL], "metadata!": _WHOLE, "nbformat_minor": int}
_PICTURE = {"alt": str, "title": str, "values": str, "sources": [str]}
_RICH = {"data!": dict, "metadata!": {"image/png": _PICTURE}}
_OUTPUTS = {
    "stream": {"name!": str, "text!": _TEXT},
    "error": {"ename!": str, "evalue!": str, "traceback!": [str]},
    "display_data": _RICH,
    "execute_result": _RICH,
}


def _wrong(found: Any) -> Iterator[str]:
    """What is wrong with the form of a notebook; empty where nothing is."""
    yield faults.misshapen(found, _NOTEBOOK, "its JSON")
    for number, cell in enumerate(found["cells"], start=1):
        if cell["cell_type"] == "code":
            yield faults.misshapen(cell, {"outputs!": list}, f"cell {number}")
        for output in cell.get("outputs") or ():
            kind, at = output["output_type"], f"cell {number}, output"
            if kind not in _OUTPUTS:
                yield f"{at}: found {kind!r:.40}; allowed: {', '.join(_OUTPUTS)}"
            yield faults.misshapen(output, _OUTPUTS[kind], at)


def parsed(path: str | Path, kind: Callable = dict) -> Any:
    """Notebook of format 4 as JSON, its objects of a kind; else what to do about it."""
    name, content = Path(path).name, files.content(Path(path))
    found = files.json_of(name, content, kind)
    version = found.get("nbformat") if isinstance(found, dict) else None
    if version != 4:
        what = "no notebook" if version is None else f"nbformat {version!r:.20}"
        allowed = "a notebook of format 4: open it in JupyterLab and save it"
        raise FormFault(name, f"found {what}; allowed: {allowed}")
    if fault := next(filter(None, _wrong(found)), ""):
        raise FormFault(name, fault)
    return found


def read(path: str | Path) -> Any:
    """Read a notebook of format 4; a `DataError` says what is wrong with a file."""
    import nbformat  # late: only the checks and the index need it

    found = parsed(path)
    try:
        notebook = nbformat.reader.reads(json.dumps(found))
        nbformat.validate(notebook)
    except Exception as error:  # of nbformat, or of what it does with odd types
        wrong = f"{str(error).partition(chr(10))[0] or 'of an odd form':.200}"
        raise FormFault(Path(path).name, f"is no valid notebook: {wrong}") from None
    return notebook


def written(notebook: Any) -> str:
    """Return the text of a notebook's file."""
    import nbformat

    return nbformat.writes(notebook).rstrip("\n") + "\n"


def home(root: Path) -> Path:
    """Folder of the notebooks of a checkout, or of a folder of tables, maybe itself."""
    own = root / "notebooks"
    return own if own.is_dir() or not (root / "datapackage.json").is_file() else root


def cells(notebook: Any, kind: str = "") -> list[tuple[int, Any]]:
    """Cells with their number from 1, all or those of one kind."""
    every = enumerate(notebook.cells, start=1)
    return [(n, cell) for n, cell in every if kind in ("", cell.cell_type)]


def tags(cell: Any) -> list[str]:
    """Tags of a cell."""
    return cell.get("metadata", {}).get("tags", [])


def is_colab(cell: Any) -> bool:
    """Whether a cell is the one that prepares Colab."""
    return COLAB in tags(cell)


def is_detail(cell: Any) -> bool:
    """Whether a cell is detail, which the site folds and paper leaves out."""
    return DETAIL in tags(cell)


def stored(cell: Any) -> list[dict[str, str]]:
    """Answers of the kernel in the metadata of a cell: see `prose.store`."""
    return cell.get("metadata", {}).get("partnership", {}).get("values", [])


def own_cells(notebook: Any) -> list[tuple[int, Any]]:
    """Return the code cells, without the generated one that prepares Colab."""
    return [item for item in cells(notebook, "code") if not is_colab(item[1])]


def place(number: int, cell: Any) -> str:
    """How messages name a cell: its place, and the prompt that a reader sees."""
    if cell.cell_type == "code" and cell.get("execution_count"):
        return f"cell {number} (In [{cell.execution_count}])"
    return f"cell {number} ({cell.cell_type})"


# ---- what a reader sees of a Markdown text ----


@dataclass
class Prose:
    """A Markdown text as it is read: without marks, with its comments apart.

    Attributes
    ----------
    text : str
        What is read, code in a line included.
    seen : str
        The same with `HIDDEN` in place of code and numbers of headings.
    comments : dict of int to str
        What stands between ``<!--`` and ``-->``, by its place in the text.
    """

    text: str = ""
    seen: str = ""
    comments: dict[int, str] = field(default_factory=dict)

    def add(self, text: str, hidden: bool = False) -> None:
        """Append what is read."""
        self.text += text
        self.seen += HIDDEN * len(text) if hidden else text

    def __add__(self, other: Prose) -> Prose:
        """Join two texts."""
        moved = {len(self.text) + at: said for at, said in other.comments.items()}
        text, seen = self.text + other.text, self.seen + other.seen
        return Prose(text, seen, self.comments | moved)

    def add_html(self, source: str) -> None:
        """Append what is read of HTML, and keep its comments."""
        for part in re.split(r"(<!--.*?-->|</?[A-Za-z][^<>]*>)", source, flags=re.S):
            if comment := COMMENT.fullmatch(part):
                said = " ".join(comment[1].split())
                before = self.comments.get(len(self.text))
                self.comments[len(self.text)] = f"{before} {said}" if before else said
            elif not part.startswith("<"):
                self.add(html.unescape(part))


@cache
def _parser() -> Any:
    import mistune  # late: only the checks need it

    return mistune.create_markdown(renderer=None, plugins=["table", "strikethrough"])


_BARE_NUMBER = re.compile(r"\s*[-−–+]?[$€£]?[0-9][0-9.,\s]*%?\s*")
_HEADING_NUMBER = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2})*\.(?=\s)")
_ENDS = {"table_cell": " | "} | dict.fromkeys(
    ("paragraph", "block_text", "heading", "table_row", "table_head"), "\n"
)


@cache
def _tokens(source: str) -> list[tuple[dict[str, Any], Prose]]:
    """Paragraphs, lists, headings ... of a Markdown text, each with what is read."""
    found = [(token, Prose()) for token in _parser()(source)]
    for token, block in found:
        _walk([token], block)
    return found


def blocks(source: str) -> list[Prose]:
    """Paragraphs, lists, headings ... of a Markdown text."""
    return [block for _, block in _tokens(source)]


def paragraphs(source: str) -> Iterator[str]:
    """Text of each paragraph of a Markdown text, those of lists included."""
    waiting = [token for token, _ in _tokens(source)]
    while waiting:
        token = waiting.pop(0)
        if token["type"] in ("paragraph", "block_text"):
            _walk([token], read := Prose())
            yield read.text
        else:
            waiting[:0] = token.get("children", [])


def _walk(tokens: list[dict[str, Any]], into: Prose) -> None:
    for token in tokens:
        kind, raw = token["type"], token.get("raw", "")
        if kind in ("inline_html", "block_html"):
            into.add_html(raw)
        elif kind == "codespan":
            # A bare number in code type is a number in prose that would like to hide.
            into.add(raw, hidden=not _BARE_NUMBER.fullmatch(raw))
        elif kind == "text":
            into.add(html.unescape(raw))
        elif kind != "block_code":
            children = list(token.get("children", []))
            if kind == "heading" and children and children[0]["type"] == "text":
                title = children.pop(0)["raw"]
                number = _HEADING_NUMBER.match(title)
                end = number.end() if number else 0
                into.add(title[:end], hidden=True)
                into.add(html.unescape(title[end:]))
            _walk(children, into)
            into.add(_ENDS.get(kind, "" if children else "\n"))


def headings(notebook: Any) -> Iterator[tuple[int, int, str, bool]]:
    """Cell, level and title of every heading, and whether it is underlined."""
    for number, cell in cells(notebook, "markdown"):
        for token, block in _tokens(cell.source):
            if token["type"] == "heading":
                level, underlined = token["attrs"]["level"], token["style"] == "setext"
                yield number, level, block.text.strip(), underlined


@dataclass
class Section:
    """From one heading of level 1 or 2 to the next."""

    title: str
    level: int = 0
    prose: list[tuple[int, Prose]] = field(default_factory=list)
    code: list[tuple[int, Any]] = field(default_factory=list)


def sections(notebook: Any) -> list[Section]:
    """Split a notebook at its headings of level 1 and 2, within cells too.

    A paragraph **Time.** before the first heading of level 2 is left out: how long a
    notebook takes is no result.
    """
    found = [Section("before the title")]
    for number, cell in cells(notebook):
        if cell.cell_type == "code":
            found[-1].code.append((number, cell))
        if cell.cell_type != "markdown":
            continue
        found[-1].prose.append((number, Prose()))
        for token, block in _tokens(cell.source):
            if token["type"] == "heading" and token["attrs"]["level"] <= 2:
                found.append(Section(block.text.strip(), token["attrs"]["level"]))
                found[-1].prose.append((number, Prose()))
            if found[-1].level > 1 or not re.match(r"Time\.\s", block.text):
                found[-1].prose[-1] = (number, found[-1].prose[-1][1] + block)
    return found


def opening(notebook: Any) -> dict[str, str]:
    """Named paragraphs, ``**Question.** ...``, before the first heading of level 2.

    Returns
    -------
    dict of str to str
        Markdown without comments and line ends, by name, in the order of the text.
    """
    named: dict[str, str] = {}
    for _, cell in cells(notebook, "markdown"):
        source = COMMENT.sub("", cell.source)
        text, *rest = re.split(r"^ {0,3}##", source, maxsplit=1, flags=re.M)
        for paragraph in re.split(r"\n[ \t]*\n", text.strip()):
            if match := re.match(r"\*\*([A-Z][a-z ]+)\.\*\*\s+(.+)", paragraph, re.S):
                named.setdefault(match[1], " ".join(match[2].split()))
        if rest:
            break
    return named


# ---- code and outputs ----


def nodes(source: str) -> list[ast.AST]:
    """All parts of a cell's code, magics left out; none if it is no Python."""
    lines = (
        "" if line.lstrip()[:1] in ("%", "!") else line for line in source.split("\n")
    )
    try:
        return list(ast.walk(ast.parse("\n".join(lines))))
    except SyntaxError:
        return []


def text(value: Any) -> str:
    """Text of an output, which a file may hold as a list of lines."""
    return "".join(map(str, value)) if isinstance(value, list) else str(value)


def shown(cell: Any) -> Iterator[tuple[str, str]]:
    """Type and text of all that a cell shows, pictures aside."""
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            yield "text/plain", text(output.text)
        elif output.output_type == "error":
            said = f"{output.get('ename')}: {output.get('evalue')}"
            yield "text/plain", "\n".join([said, *output.get("traceback", [])])
        else:
            for kind, value in output.data.items():
                if not kind.startswith("image/"):
                    yield kind, text(value)


def pictures(cell: Any) -> Iterator[tuple[str, Any]]:
    """Type of each picture, and the output that holds it."""
    for output in cell.outputs:
        for kind in output.get("data", {}):
            if kind.startswith("image/") or kind == "application/pdf":
                yield kind, output


def about(output: Any) -> dict[str, Any]:
    """What is told of the picture of an output: alt text, title, sources."""
    return output.get("metadata", {}).get("image/png") or {}


def assigned(node: ast.AST) -> list[tuple[ast.expr, ast.expr]]:
    """Targets of an assignment, each with what is put into it; none if it is none."""
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value:
        targets = getattr(node, "targets", None) or [node.target]
        return [(target, node.value) for target in targets]
    return []


def names(nodes: Iterable[ast.AST], used: type[ast.expr_context]) -> set[str]:
    """Names that parts of code read (``ast.Load``) or set (``ast.Store``)."""
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, used)}
