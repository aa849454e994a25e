"""What every notebook must have; `problems` runs all rules."""

from __future__ import annotations

import ast
import functools
import html
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from partnership.workshop import reading
from partnership.workshop.numerals import DOLLARS, is_formula
from partnership.workshop.prose import prose_numbers, questions, typed_numbers
from partnership.workshop.reading import cells, own_cells, place

Rule = Callable[[Any], Iterator[str]]


def _each(kind: str = "") -> Callable[[Rule], Rule]:
    """Make a rule about one cell, of a kind, a rule about all; messages name the cell.

    The generated cell that prepares Colab is left out.
    """

    def wrap(rule: Rule) -> Rule:
        @functools.wraps(rule)
        def checked(notebook: Any) -> Iterator[str]:
            for number, cell in cells(notebook, kind):
                if not reading.is_colab(cell):
                    for message in rule(cell):
                        yield f"{place(number, cell)}: {message}"

        return checked

    return wrap


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
    if "widgets" in notebook.metadata:
        yield "widget state in the notebook's metadata: clear it, use plain output"
    for number, cell in cells(notebook):
        if cell.cell_type == "raw":
            yield f"{place(number, cell)}: raw cells are shown to nobody: use markdown"
        elif cell.cell_type == "code" and not cell.source.strip():
            yield f"{place(number, cell)}: empty code cell: delete it"


def executed(notebook: Any) -> Iterator[str]:
    """Check that every code cell was run, in order, in a fresh kernel."""
    for expected, (number, cell) in enumerate(cells(notebook, "code"), start=1):
        count = cell.get("execution_count")
        if count is None:
            yield f"{place(number, cell)}: not executed: run all cells and save"
        elif count != expected:
            yield (
                f"{place(number, cell)}: executed out of order, expected "
                f"In [{expected}]: restart the kernel and run all cells"
            )


@_each("code")
def no_errors(cell: Any) -> Iterator[str]:
    """Check that no cell failed or wrote to stderr, unless meant to, with a reason."""
    expected = "raises" in " ".join(_exempting(cell)).lower() and _reason(cell)
    for output in cell.outputs:
        if output.output_type == "error" and not expected:
            yield f"ended with an error, {output.get('ename')}: {output.get('evalue')}"
        elif output.output_type == "stream" and output.name == "stderr":
            first = (reading.text(output.text).strip().splitlines() or [""])[0]
            yield f"wrote to stderr: {first[:80]}"


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


@_each("code")
def compared(cell: Any) -> Iterator[str]:
    """Check that no cell evades the comparison of its output without a reason."""
    used = _exempting(cell)
    if used and not _reason(cell):
        yield (
            f"{used[0]} without a reason: make the output stable, or say why in a "
            "comment, # why: ..."
        )


@_each("code")
def pictures(cell: Any) -> Iterator[str]:
    """Check that every picture is a PNG with alt text, title and sources."""
    for kind, output in reading.pictures(cell):
        if kind != "image/png":
            yield f"{kind} cannot be compared: show pictures as PNG"
            continue
        about = output.get("metadata", {}).get("image/png", {})
        alt, title = (str(about.get(name) or "").strip() for name in ("alt", "title"))
        sources = about.get("sources")
        missing = {
            "alt text": not alt,
            "title": not title,
            "sources": not isinstance(sources, list) or not any(map(str, sources)),
        }
        for name in (name for name, lacks in missing.items() if lacks):
            yield f"picture without {name}: use charts.figure(title, ..., alt=...)"
        if 0 < len(alt) < 40:
            yield (
                f"alt text of {len(alt)} characters ({alt!r}): say what the picture "
                "shows, in 40 or more"
            )
        elif alt and alt == title:
            yield "alt text repeats the title: say what the picture shows"
        if reading.text(output.data.get("text/plain", "")).startswith("<Figure"):
            yield "the figure's size stands in the output: use charts.figure"


@_each("code")
def whole_pictures(cell: Any) -> Iterator[str]:
    """Check that a picture is opened and shown in one cell."""
    tree = reading.tree(cell.source)
    bound = reading.names([tree], ast.Store)
    for node in ast.walk(tree or ast.Module([], [])):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "show":
            for name in reading.names(node.args[:1], ast.Load) - bound:
                yield f"shows {name}, which is opened in another cell"


PARTS = ("Question", "Answer", "Time", "You learn", "Data")


_ABBREVIATED = re.compile(
    r"\b(?:c\.i\.f|f\.o\.b|e\.g|i\.e|U\.S|vs|approx|ca|Rev)\.|\bNo\.(?=\s[0-9])"
)


def opening(notebook: Any) -> Iterator[str]:
    """Check the opening: title, question, answer, time, aims, data vintage."""
    if not notebook.cells or notebook.cells[0].cell_type != "markdown":
        yield "the first cell must be markdown, with the title and the question"
        return
    first = next(reading.headings(notebook), None)
    if not first or first[:2] != (1, 1) or not notebook.cells[0].source.startswith("#"):
        yield "cell 1 (markdown): starts without a title, # ..."
    parts = reading.opening(notebook)
    for name in PARTS:
        if name not in parts:
            yield (
                f"opening: no paragraph **{name}.** (a blank line, then **{name}.** "
                "and its text)"
            )
    order = [name for name in parts if name in PARTS]
    if len(order) == len(PARTS) and order != list(PARTS):
        yield f"opening: the parts must be in order: {', '.join(PARTS)}"
    answer = _ABBREVIATED.sub("x", parts.get("Answer", "."))
    sentences = len(re.findall(r"[.!?]+(?=[\"”’)*_]*(?:\s|$))", answer))
    if not parts.get("Question", "?").endswith("?"):
        yield "opening: **Question.** does not end with a question mark"
    if not 1 <= sentences <= 3:
        yield (
            f"opening: **Answer.** has {sentences} sentences: two are best, one to "
            "three allowed"
        )
    if not re.search(r"[0-9]+.*\b(minute|hour)", parts.get("Time", "1 minute")):
        yield "opening: **Time.** says no minutes: About 20 minutes."
    if not re.search(r"\b(?:19|20)[0-9]{2}\b", parts.get("Data", "2000")):
        yield "opening: **Data.** has no date: say of when the data is"


def story_first(notebook: Any) -> Iterator[str]:
    """Check that the lead figure stands between question and answer."""
    first = [cell for cell in notebook.cells if not reading.is_colab(cell)][:5]
    kinds = [cell.cell_type for cell in first]
    if not re.match("markdown code (code ){1,2}markdown", " ".join(kinds)):
        yield (
            f"opening: found {', '.join(kinds)}; allowed is title and question, the "
            "import cell, the lead figure in one or two cells, then the answer"
        )
        return
    title, imports, *lead = first[: kinds.index("markdown", 1) + 1]
    answer = lead.pop()
    for cell, names in ((title, PARTS[:1]), (answer, PARTS[1:])):
        found = tuple(reading.opening(SimpleNamespace(cells=[cell])))
        if found != names:
            yield (
                f"opening: found the parts {', '.join(found) or 'none'}; allowed in "
                f"this cell is {', '.join(names)}"
            )
    if not imports.metadata.get("jupyter", {}).get("source_hidden"):
        yield "opening: the import cell is not collapsed (jupyter.source_hidden)"
    if not any(True for cell in lead for _ in reading.pictures(cell)):
        yield "opening: no picture before the answer: show the finding first"


def imports(notebook: Any) -> Iterator[str]:
    """Check that the first code cell holds all imports, and nothing is installed."""
    for order, (number, cell) in enumerate(own_cells(notebook)):
        at, tree = place(number, cell), reading.tree(cell.source)
        command = re.search(
            r"^\s*(?:!|%%|%(?:pip|conda|run|load)\b).*", cell.source, re.M
        )
        nodes = ast.walk(tree or ast.Module([], []))
        found = [n for n in nodes if isinstance(n, ast.Import | ast.ImportFrom)]
        if command:
            yield f"{at}: {command[0].strip()[:40]!r} is not Python: keep it out"
        elif tree is None:
            yield f"{at}: not valid Python"
        elif order == 0 and not found:
            yield f"{at}: the first code cell must be the import cell"
        if order > 0 and found:
            line = ast.unparse(found[0])
            yield f"{at}: {line!r} outside the import cell, the first code cell"


MOST_LINES, MOST_CELLS = 20, 3


@_each("code")
def short_cells(cell: Any) -> Iterator[str]:
    """Check that a code cell is short; blank lines and comments do not count."""
    lines = [line.strip() for line in cell.source.split("\n")]
    written = sum(bool(line) and line[0] != "#" for line in lines)
    if written > MOST_LINES:
        yield (
            f"{written} lines of code, {MOST_LINES} are allowed: split it, or move "
            "the work into the package"
        )


def prose_between(notebook: Any) -> Iterator[str]:
    """Check that prose follows after three code cells."""
    run = 0
    for number, cell in cells(notebook):
        run = run + (not reading.is_colab(cell)) if cell.cell_type == "code" else 0
        if run > MOST_CELLS:
            at = place(number, cell)
            yield f"{at}: {run} code cells without prose, {MOST_CELLS} are allowed"


@_each("code")
def no_row_ids(cell: Any) -> Iterator[str]:
    """Check that no reader meets the id of a row."""
    for found in re.findall(r"""['"][a-z]{1,2}\d{3,4}['"]""", cell.source):
        yield f"row id {found}: ask for series and period"


def nothing_twice(notebook: Any) -> Iterator[str]:
    """Check that no variable is a typed number that only the prose reads."""
    trees = [reading.tree(cell.source) for _, cell in own_cells(notebook)]
    used, typed = reading.names(trees, ast.Load), set()
    for node in (node for tree in trees if tree for node in ast.walk(tree)):
        if isinstance(node, ast.Assign) and not any(
            isinstance(part, ast.Name | ast.Call) for part in ast.walk(node.value)
        ):
            typed |= reading.names(node.targets, ast.Store)
    for question in questions(notebook):
        name = question.number.expression
        if name in typed - used:
            yield (
                f"{question.at}: {name}: typed in the code for this sentence only: "
                "take it from the data, or mark the number <!--quoted-->"
            )


def headings(notebook: Any) -> Iterator[str]:
    """Check for one title, no skipped level, no empty heading."""
    titles, last = 0, 0
    for number, level, title, underlined in reading.headings(notebook):
        at = f"cell {number} (markdown)"
        titles += level == 1
        if level == 1 and titles == 2:
            yield f"{at}: second title of level 1, {title!r}: use ##"
        if last and level > last + 1:
            yield f"{at}: {title!r} skips from level {last} to level {level}"
        if not title:
            yield f"{at}: empty heading"
        if underlined:
            yield f"{at}: write {title!r} with #, not underlined"
        last = level
    if titles == 0:
        yield "no title of level 1"


LAST_SECTIONS = ("What we learned", "Limits", "Your turn", "Sources used")


def last_sections(notebook: Any) -> Iterator[str]:
    """Check that the last four sections are the usual ones, and not empty."""
    titles = [title for _, level, title, _ in reading.headings(notebook) if level == 2]
    if tuple(titles[-4:]) != LAST_SECTIONS:
        wanted = ", ".join(f"## {title}" for title in LAST_SECTIONS)
        yield f"the last sections must be {wanted}; found {', '.join(titles[-4:])}"
    for section in reading.sections(notebook):
        if section.title not in LAST_SECTIONS:
            continue
        words = "".join(text.text for *_, text in section.prose).strip()
        if words == section.title and not section.code:
            yield f"section “{section.title}” is empty"


def sources_listed(notebook: Any) -> Iterator[str]:
    """Check that the last section lists the sources, those of pictures included."""
    last = reading.sections(notebook)[-1]
    calls = [cell for _, cell in last.code if "sources_used(" in cell.source]
    if not calls:
        yield f"section “{last.title}” calls no sources_used(...)"
        return
    text = "\n".join(text for cell in calls for _, text in reading.shown(cell))
    listed = set(re.findall(r"[\w.-]*[\w-]", html.unescape(text)))
    for number, cell in cells(notebook, "code"):
        for _, output in reading.pictures(cell):
            about = output.get("metadata", {}).get("image/png", {})
            for source in about.get("sources") or []:
                if str(source) not in listed:
                    yield (
                        f"{place(number, cell)}: source {source} of the picture is not "
                        "among the sources used"
                    )


_ADDRESS = re.compile(r"\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*|\bhttps?:[^\s<>)]+")
_PATH = re.compile(
    r"(?<![\w.:/<>~-])(?:~/[\w.-]+|/[A-Za-z_][\w.-]*/[\w./-]+)|\b[A-Z]:\\\w|file://\S*"
)


@_each()
def portable(cell: Any) -> Iterator[str]:
    """Check that outputs are plain: no Styler, addresses, paths, widgets."""
    if path := _PATH.search(_ADDRESS.sub("", cell.source)):
        yield f"absolute path {path[0]!r}: paths start at the notebook"
    for kind, text in reading.shown(cell):
        if "widget" in kind or "javascript" in kind or "<script" in text.lower():
            yield f"output of type {kind} needs scripts: use plain output"
        if kind == "text/html" and re.search(r"[\"#]T_[0-9a-f]{3,}", text):
            yield "pandas Styler changes its ids each run: show the frame"
        elif address := re.search(r"\bat 0x[0-9A-Fa-f]+", text):
            yield f"memory address {address[0]!r} in the output: end with ;"
        if path := _PATH.search(re.sub(r"https?://[^\s\"'<>]+", "", text)):
            yield f"absolute path {path[0]!r} in the output"


@_each("markdown")
def dollar_signs(cell: Any) -> Iterator[str]:
    """Check that no paragraph has two dollar signs that are no formula.

    JupyterLab sets what stands between them as mathematics, and escaping them works
    differently in its exports, so amounts are written with USD.
    """
    for block in reading.blocks(cell.source):
        rest = DOLLARS.sub(lambda m: "" if is_formula(m) else m[0], block.seen)
        if rest.count("$") > 1:
            line = next(one for one in rest.split("\n") if "$" in one)
            yield (
                "two dollar signs in a paragraph become a formula: write USD 300 "
                f"million [“{line.strip()[:60]}”]"
            )


RULES: tuple[Rule, ...] = (
    *(well_formed, executed, no_errors, compared, portable),
    *(pictures, whole_pictures, opening, story_first, imports, short_cells),
    *(prose_between, no_row_ids, headings, last_sections, sources_listed),
    *(dollar_signs, prose_numbers, typed_numbers, nothing_twice),
)
# An exercise has its own first cell and leaves the sources to the notebook it is about.
_OF_NOTEBOOKS = (opening, story_first, last_sections, sources_listed)
EXERCISE_RULES = tuple(rule for rule in RULES if rule not in _OF_NOTEBOOKS)


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
            notebook = reading.read(notebook)
        except Exception as error:  # nbformat raises many kinds for a broken file
            first = (str(error).splitlines() or [type(error).__name__])[0]
            return [f"{name}: cannot be read as a notebook: {first[:120]}"]
    return [f"{name}: {message}" for rule in rules for message in rule(notebook)]
