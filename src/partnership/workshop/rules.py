"""What every notebook must have; `problems` runs all rules."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from partnership.workshop.prose import (
    _DOLLARS,
    _LINE,
    _YEAR,
    _is_formula,
    prose_numbers,
)
from partnership.workshop.reading import (
    _CODE,
    _COMMENT,
    _FENCE,
    _HEADING,
    _LINK,
    _at,
    _cells,
    _headings,
    _hide,
    _own,
    _parts,
    _Pattern,
    _pictures,
    _read,
    _sections,
    _shown,
    _stdout,
    _text,
    _tree,
)


def well_formed(notebook: Any) -> Iterator[str]:
    """Check for a valid notebook, kernel python3, no raw or empty code cells."""
    import nbformat

    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        yield f"not a valid notebook: {str(error).splitlines()[0]}"
    kernel = notebook.metadata.get("kernelspec", {}).get("name", "python3")
    if kernel != "python3":
        yield f"kernel {kernel!r} exists on one machine only: choose python3"
    for number, cell in _cells(notebook):
        if cell.cell_type == "raw":
            yield f"{_at(number, cell)}: raw cells are shown to nobody: use markdown"
        elif cell.cell_type == "code" and not cell.source.strip():
            yield f"{_at(number, cell)}: empty code cell: delete it"


def executed(notebook: Any) -> Iterator[str]:
    """Check that every code cell was run, in order, in a fresh kernel."""
    for expected, (number, cell) in enumerate(_cells(notebook, "code"), start=1):
        count = cell.get("execution_count")
        if count is None:
            yield f"{_at(number, cell)}: not executed: run all cells and save"
        elif count != expected:
            yield (
                f"{_at(number, cell)}: executed out of order, expected "
                f"In [{expected}]: restart the kernel and run all cells"
            )


def no_errors(notebook: Any) -> Iterator[str]:
    """Check that no cell failed or wrote to stderr, unless meant to, with a reason."""
    for number, cell in _cells(notebook, "code"):
        expected = "raises" in " ".join(_exempting(cell)).lower() and _reason(cell)
        for output in cell.outputs:
            if output.output_type == "error" and not expected:
                text = f"{output.get('ename', '')}: {output.get('evalue', '')}"
                yield f"{_at(number, cell)}: ended with an error, {text}"
            elif output.output_type == "stream" and output.name == "stderr":
                first = (_text(output.text).strip().splitlines() or [""])[0]
                yield f"{_at(number, cell)}: wrote to stderr: {first[:80]}"


_MARKERS = (
    "NBVAL_IGNORE_OUTPUT",
    "NBVAL_SKIP",
    "NBVAL_RAISES_EXCEPTION",
    "PYTEST_VALIDATE_IGNORE_OUTPUT",
)


_TAGS = (
    *(m.lower().replace("_", "-") for m in _MARKERS),
    "raises-exception",
    "skip-execution",
)


def _exempting(cell: Any) -> list[str]:
    """Tags and comments by which nbval does not compare, or not run, a cell."""
    tags = [t for t in cell.metadata.get("tags", []) if str(t).lower() in _TAGS]
    return tags + [m for m in _MARKERS if re.search(rf"#\s*{m}\b", cell.source)]


def _reason(cell: Any) -> str:
    said = re.search(r"#\s*why:[ \t]*(\S.*)", cell.source)
    return str(cell.metadata.get("reason", "")).strip() or (said[1] if said else "")


def compared(notebook: Any) -> Iterator[str]:
    """Check that no cell evades the comparison of its output without a reason."""
    for number, cell in _cells(notebook, "code"):
        used = _exempting(cell)
        if used and not _reason(cell):
            yield (
                f"{_at(number, cell)}: {used[0]} without a reason: make the output "
                "stable, or say why in a comment, # why: ..."
            )


def pictures(notebook: Any) -> Iterator[str]:
    """Check that every picture is a PNG with alt text, title and sources."""
    for number, cell in _cells(notebook, "code"):
        at = _at(number, cell)
        for kind, output in _pictures(cell):
            if kind != "image/png":
                yield f"{at}: {kind} cannot be compared: show pictures as PNG"
                continue
            about = output.get("metadata", {}).get("image/png", {})
            alt, title = (str(about.get(k) or "").strip() for k in ("alt", "title"))
            listed = about.get("sources")
            shown = "use charts.show(ax, alt=...)"
            if not alt:
                yield f"{at}: picture without alt text: {shown}"
            elif len(alt) < 40:
                yield (
                    f"{at}: alt text of {len(alt)} characters ({alt!r}): say what the "
                    "picture shows, in 40 or more"
                )
            elif alt == title:
                yield f"{at}: alt text repeats the title: say what the picture shows"
            if not title:
                yield f"{at}: picture without title: {shown}"
            if not isinstance(listed, list) or not [
                s for s in listed if str(s).strip()
            ]:
                yield f"{at}: picture without sources: {shown}"
            if _text(output.data.get("text/plain", "")).startswith("<Figure"):
                yield f"{at}: the figure's size stands in the output: {shown}"


def first_picture(notebook: Any) -> Iterator[str]:
    """Check that the first picture comes within the first three code cells."""
    early = [cell for _, cell in _own(notebook)[:3]]
    if not any(True for cell in early for _ in _pictures(cell)):
        yield "no picture in the first three code cells: show the finding first"


PARTS = ("Question", "Answer", "Time", "You learn", "Data")


_ABBREVIATED = _Pattern(
    r"\b(?:c\.i\.f|f\.o\.b|e\.g|i\.e|U\.S|vs|approx|ca|Rev)\.|\bNo\.(?=\s[0-9])"
)


def first_cell(notebook: Any) -> Iterator[str]:
    """Check the first cell: title, question, answer, time, aims, data vintage."""
    if not notebook.cells or notebook.cells[0].cell_type != "markdown":
        yield "the first cell must be markdown, with the title and the answer"
        return
    source = _COMMENT.sub("", notebook.cells[0].source)
    title = _HEADING.match(source.strip().split("\n")[0])
    if not title or len(title["level"]) != 1 or not title["title"]:
        yield "cell 1 (markdown): starts without a title, # ..."
    found = _parts(source)
    parts = dict(found)
    for name in PARTS:
        if name not in parts:
            yield (
                f"cell 1 (markdown): no paragraph **{name}.** (a blank line, then "
                f"**{name}.** and its text)"
            )
    order = [name for name, _ in found if name in PARTS]
    if len(order) == len(PARTS) and order != list(PARTS):
        yield f"cell 1 (markdown): the parts must be in order: {', '.join(PARTS)}"
    if "Question" in parts and not parts["Question"].endswith("?"):
        yield "cell 1 (markdown): **Question.** does not end with a question mark"
    if "Answer" in parts:
        answer = _ABBREVIATED.sub("x", parts["Answer"])
        sentences = len(re.findall(r"[.!?]+(?=[\"”’)*_]*(?:\s|$))", answer))
        if not 1 <= sentences <= 3:
            yield (
                f"cell 1 (markdown): **Answer.** has {sentences} sentences: two are "
                "best, one to three allowed"
            )
    if "Time" in parts and not re.search(r"[0-9]+.*\b(minute|hour)", parts["Time"]):
        yield "cell 1 (markdown): **Time.** says no minutes: About 20 minutes."
    if "Data" in parts and not re.search(rf"\b{_YEAR}\b", parts["Data"]):
        yield "cell 1 (markdown): **Data.** has no date: say of when the data is"


def imports(notebook: Any) -> Iterator[str]:
    """Check that the first code cell holds all imports, and nothing is installed."""
    for place, (number, cell) in enumerate(_own(notebook)):
        at = _at(number, cell)
        command = re.search(
            r"^\s*(?:!|%%|%(?:pip|conda|run|load)\b).*", cell.source, re.M
        )
        if command:
            yield f"{at}: {command[0].strip()[:40]!r} is not Python: keep it out"
        tree = _tree(cell.source)
        if tree is None:
            if not command:
                yield f"{at}: not valid Python"
            continue
        kinds = (ast.Import, ast.ImportFrom)
        found = [node for node in ast.walk(tree) if isinstance(node, kinds)]
        if place == 0 and not found:
            yield f"{at}: the first code cell must be the import cell"
        elif place > 0 and found:
            line = ast.unparse(found[0])
            yield f"{at}: {line!r} outside the import cell, the first code cell"


LONGEST_CELL, MOST_LINES = 10, 15


def short_cells(notebook: Any) -> Iterator[str]:
    """Check that a code cell has at most ten statements and fifteen lines.

    Statements are counted, for the formatter spreads one call over several lines;
    blank lines and comments do not count.
    """
    for number, cell in _cells(notebook, "code"):
        tree = _tree(cell.source) or ast.Module([], [])
        statements = sum(isinstance(node, ast.stmt) for node in ast.walk(tree))
        lines = [line.strip() for line in cell.source.split("\n")]
        written = sum(bool(line) and line[0] != "#" for line in lines)
        for found, allowed, what in (
            (statements, LONGEST_CELL, "statements"),
            (written, MOST_LINES, "lines of code"),
        ):
            if found > allowed:
                yield (
                    f"{_at(number, cell)}: {found} {what}, {allowed} are allowed: "
                    "split it, or move the work into the package"
                )


def headings(notebook: Any) -> Iterator[str]:
    """Check for one title, no skipped level, no empty heading."""
    titles, last = 0, 0
    for number, level, title in _headings(notebook):
        at = f"cell {number} (markdown)"
        titles += level == 1
        if level == 1 and titles == 2:
            yield f"{at}: second title of level 1, {title!r}: use ##"
        if last and level > last + 1:
            yield f"{at}: {title!r} skips from level {last} to level {level}"
        if not title:
            yield f"{at}: empty heading"
        last = level
    if titles == 0:
        yield "no title of level 1"
    for number, cell in _cells(notebook, "markdown"):
        if found := re.search(
            r"^(?![ \t]*[|>#-])(\S.*)\n=+[ \t]*$", _hide(_FENCE, cell.source), re.M
        ):
            yield f"cell {number} (markdown): write {found[1]!r} with #, not underlined"


LAST_SECTIONS = ("What we learned", "Limits", "Your turn", "Sources used")


def last_sections(notebook: Any) -> Iterator[str]:
    """Check that the last four sections are the usual ones, and not empty."""
    titles = [title for _, level, title in _headings(notebook) if level == 2]
    if tuple(titles[-4:]) != LAST_SECTIONS:
        wanted = ", ".join(f"## {title}" for title in LAST_SECTIONS)
        yield f"the last sections must be {wanted}; found {', '.join(titles[-4:])}"
    for section in _sections(notebook):
        if section.title not in LAST_SECTIONS:
            continue
        words = "".join(text for *_, text in section.prose).strip().split("\n", 1)
        if len(words) < 2 and not section.code:
            yield f"section “{section.title}” is empty"


def sources_listed(notebook: Any) -> Iterator[str]:
    """Check that the last section lists the sources, those of pictures included."""
    last = _sections(notebook)[-1]
    calls = [cell for _, cell in last.code if "sources_used(" in cell.source]
    if not calls:
        yield f"section “{last.title}” calls no sources_used(...)"
        return
    text = "\n".join(text for cell in calls for _, text in _shown(cell))
    listed = set(re.findall(r"[\w.-]*[\w-]", html.unescape(text)))
    for number, cell in _cells(notebook, "code"):
        for _, output in _pictures(cell):
            about = output.get("metadata", {}).get("image/png", {})
            for source in about.get("sources") or []:
                if str(source) not in listed:
                    yield (
                        f"{_at(number, cell)}: source {source} of the picture is not "
                        "among the sources used"
                    )


_PATH = _Pattern(
    r"(?<![\w.:/<>~-])(?:~/[\w.-]+|/[A-Za-z_][\w.-]*/[\w./-]+)|\b[A-Z]:\\\w|file://\S*"
)


def portable(notebook: Any) -> Iterator[str]:
    """Check that outputs are plain: no Styler, addresses, paths, widgets."""
    if "widgets" in notebook.metadata:
        yield "widget state in the notebook's metadata: clear it, use plain output"
    for number, cell in _cells(notebook):
        at = _at(number, cell)
        if path := _PATH.search(_LINK.sub("", cell.source)):
            yield f"{at}: absolute path {path[0]!r}: paths start at the notebook"
        if cell.cell_type != "code":
            continue
        for kind, text in _shown(cell):
            if "widget" in kind or "javascript" in kind or "<script" in text.lower():
                yield f"{at}: output of type {kind} needs scripts: use plain output"
            if kind == "text/html" and re.search(r"[\"#]T_[0-9a-f]{3,}", text):
                yield f"{at}: pandas Styler changes its ids each run: show the frame"
            elif address := re.search(r"\bat 0x[0-9A-Fa-f]+", text):
                yield f"{at}: memory address {address[0]!r} in the output: end with ;"
            if path := _PATH.search(re.sub(r"https?://[^\s\"'<>]+", "", text)):
                yield f"{at}: absolute path {path[0]!r} in the output"


def dollar_signs(notebook: Any) -> Iterator[str]:
    """Check that no paragraph has two dollar signs that are no formula.

    JupyterLab sets what stands between them as mathematics, and escaping them works
    differently in its exports, so amounts are written with USD.
    """
    for number, cell in _cells(notebook, "markdown"):
        text = _hide(_CODE, _hide(_FENCE, cell.source))
        for paragraph in re.split(r"\n[ \t]*\n", text):
            rest = _DOLLARS.sub(lambda m: "" if _is_formula(m) else m[0], paragraph)
            if len(re.findall(r"\$|&#36;|&dollar;", rest)) > 1:
                line = next(one for one in rest.split("\n") if "$" in one or "&" in one)
                yield (
                    f"{_at(number, cell)}: two dollar signs in a paragraph become a "
                    f"formula: write USD 300 million [“{line.strip()[:60]}”]"
                )


def facts_printed(notebook: Any) -> Iterator[str]:
    """Check that the output of a cell has the names of its call of facts()."""
    for number, cell in _cells(notebook, "code"):
        printed = {line["name"] for line in _LINE.finditer(_stdout(cell))}
        for node in ast.walk(_tree(cell.source) or ast.Module([], [])):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            for name in [k.arg for k in node.keywords if k.arg]:
                if called == "facts" and name not in printed:
                    yield (
                        f"{_at(number, cell)}: facts({name}=...) is not in the output: "
                        "run all cells and save"
                    )


Rule = Callable[[Any], Iterator[str]]


RULES: tuple[Rule, ...] = (
    well_formed,
    executed,
    no_errors,
    compared,
    facts_printed,
    portable,
    pictures,
    first_picture,
    first_cell,
    imports,
    short_cells,
    headings,
    last_sections,
    sources_listed,
    dollar_signs,
    prose_numbers,
)


# An exercise has its own first cell and leaves the sources to the notebook it is about.
EXERCISE_RULES: tuple[Rule, ...] = tuple(
    rule
    for rule in RULES
    if rule not in (first_picture, first_cell, last_sections, sources_listed)
)


def problems(notebook: Any, rules: Iterable[Rule] = RULES) -> list[str]:
    """Check one notebook.

    Parameters
    ----------
    notebook : path or nbformat.NotebookNode
        The notebook, version 4.
    rules : iterable of functions, optional
        By default all of `RULES`; exercises keep `EXERCISE_RULES`.

    Returns
    -------
    list of str
        One message a problem: notebook, cell, what is wrong, the way out.  Cells count
        from 1, of all kinds.
    """
    name = "notebook"
    if isinstance(notebook, (str, Path)):
        name = Path(notebook).stem
        try:
            notebook = _read(notebook)
        except Exception as error:  # nbformat raises many kinds for a broken file
            first = (str(error).splitlines() or [type(error).__name__])[0]
            return [f"{name}: cannot be read as a notebook: {first[:120]}"]
    return [f"{name}: {message}" for rule in rules for message in rule(notebook)]
