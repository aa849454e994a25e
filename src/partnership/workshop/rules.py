"""What every notebook must have; `problems` runs all rules."""

from __future__ import annotations

import ast
import functools
import html
import re
from collections.abc import Callable, Iterable, Iterator
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
                for message in () if reading.is_colab(cell) else rule(cell):
                    yield f"{place(number, cell)}: {message}"

        return checked

    return wrap


def plain_metadata(notebook: Any) -> Iterator[str]:
    """Check for the kernel python3 and no state of widgets."""
    kernel = notebook.metadata.get("kernelspec", {}).get("name", "python3")
    if kernel != "python3":
        yield f"kernel {kernel!r} exists on one machine only: choose python3"
    if "widgets" in notebook.metadata:
        yield "widget state in the notebook's metadata: clear it, use plain output"


_PATH = (
    r"(?<![\w.:/<>~-])(?:~/[\w.-]+|/[A-Za-z_][\w.-]*/[\w./-]+)|\b[A-Z]:\\\w|file://\S*"
)
_ADDRESS = re.compile(r"\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*|\bhttps?:[^\s<>\"')]+")
# What no source of a cell and no output holds: its kind, a pattern, what is wrong.
_NEVER = (
    ("raw", "(?s).*", "raw cells are shown to nobody: use markdown"),
    ("code", r"\A\s*\Z", "empty code cell: delete it"),
    ("code", "['\"][a-z]{1,2}\\d{3,4}['\"]", "row id {}: ask for series and period"),
    ("code", r"^\s*(?:!|%%|%(?:pip|conda|run|load)\b).*", "{!r} is not Python"),
    ("raw|code|markdown", _PATH, "absolute path {!r}: paths start at the notebook"),
    (".*/.*", _PATH, "absolute path {!r} in the output"),
    (".*/.*", "(?i)<script", "output that needs scripts: use plain output"),
    (".*(widget|javascript).*", "", "output that needs scripts: use plain output"),
    (
        "text/html",
        '["#]T_[0-9a-f]{3,}',
        "pandas Styler changes its ids: show the frame",
    ),
    ("text/html", r"<td>.*\.\.\.</td>", "cut cell {!r}: set display.max_colwidth"),
    ("text/html", r"<td>-?[\d,]*\.\d{5,}</td>", "needless digits, {!r}: round it"),
    (".*/.*", r"\bat 0x[0-9A-Fa-f]+", "memory address {!r} in the output: end with ;"),
)


@_each()
def portable(cell: Any) -> Iterator[str]:
    """Check for what no cell and no output holds: paths, addresses, widgets ..."""
    for kind, text in ((cell.cell_type, cell.source), *reading.shown(cell)):
        plain = _ADDRESS.sub("", text)
        for where, pattern, message in _NEVER:
            if re.fullmatch(where, kind):
                found = re.findall(f"(?m){pattern}", plain)
                yield from dict.fromkeys(message.format(o.strip()[:40]) for o in found)


def executed(notebook: Any) -> Iterator[str]:
    """Check that every code cell was run, in order, in a fresh kernel."""
    for expected, (number, cell) in enumerate(cells(notebook, "code"), start=1):
        if (count := cell.get("execution_count")) != expected:
            wrong = "executed out of order" if count else "not executed"
            yield f"{place(number, cell)}: {wrong}: expected In [{expected}]: rerun it"


# Tags and comments by which nbval does not compare, or not run, a cell.
_EXEMPTING = re.compile(
    "(NBVAL|PYTEST_VALIDATE)_IGNORE_OUTPUT|NBVAL_SKIP|(NBVAL_)?RAISES_EXCEPTION"
    "|SKIP_EXECUTION"
)


@_each("code")
def compared(cell: Any) -> Iterator[str]:
    """Check that no cell failed, warned or is not compared, unless with a reason."""
    said = re.search(r"#\s*why:[ \t]*(\S.*)", cell.source)
    reason = str(cell.metadata.get("reason", "")).strip() or said
    marks = [*reading.tags(cell), *re.findall(r"#\s*([A-Z_]+)", cell.source)]
    names = {str(mark).upper().replace("-", "_"): mark for mark in marks}
    used = [mark for name, mark in names.items() if _EXEMPTING.fullmatch(name)]
    if used and not reason:
        yield f"{used[0]} without a reason: say why in a comment, # why: ..."
    expected = reason and "raises" in " ".join(used).lower()
    for output in cell.outputs:
        if output.output_type == "error" and not expected:
            yield f"ended with an error, {output.get('ename')}: {output.get('evalue')}"
        elif output.output_type == "stream" and output.name == "stderr":
            first = (reading.text(output.text).strip().splitlines() or [""])[0]
            yield f"wrote to stderr: {first[:80]}"


@_each("code")
def pictures(cell: Any) -> Iterator[str]:
    """Check that every picture is a PNG with alt text, title and sources."""
    for kind, output in reading.pictures(cell):
        if kind != "image/png":
            yield f"{kind} cannot be compared: show pictures as PNG"
            continue
        about = reading.about(output)
        alt, title = (str(about.get(name) or "").strip() for name in ("alt", "title"))
        sources = any(about.get("sources") or ())
        has = {"alt text": alt, "title": title, "sources": sources}
        for name in (name for name, given in has.items() if not given):
            yield f"picture without {name}: use charts.figure(title, ..., alt=...)"
        if 0 < len(alt) < 40:
            yield f"alt text of {len(alt)} characters: say what is shown in 40 or more"
        elif alt and alt == title:
            yield "alt text repeats the title: say what the picture shows"
        if reading.text(output.data.get("text/plain", "")).startswith("<Figure"):
            yield "the figure's size stands in the output: use charts.figure"


PARTS = ("Question", "Answer", "Time", "You learn", "Data")
_TIME, _YEAR = re.compile("[0-9].*(minute|hour)"), re.compile(r"\b(19|20)[0-9]{2}\b")
_ABBREVIATED = re.compile(
    r"\b(?:c\.i\.f|f\.o\.b|e\.g|i\.e|U\.S|vs|approx|ca|Rev)\.|\bNo\.(?=\s[0-9])"
)


def opening(notebook: Any) -> Iterator[str]:
    """Check the opening: title, question, answer, time, aims, data vintage."""
    if not notebook.cells or notebook.cells[0].cell_type != "markdown":
        yield "the first cell must be markdown, with the title and the question"
        return
    first = next(reading.headings(notebook), None)
    titled = first and first[:2] == (1, 1) and notebook.cells[0].source[0] == "#"
    parts = reading.opening(notebook)
    lacking = [name for name in PARTS if name not in parts]
    order, in_order = [name for name in parts if name in PARTS], ", ".join(PARTS)
    answer = _ABBREVIATED.sub("x", parts.get("Answer", "."))
    sentences = len(re.findall(r"[.!?]+(?=[\"”’)*_]*(?:\s|$))", answer))
    for right, message in (
        (titled, "cell 1 (markdown): starts without a title, # ..."),
        *((False, f"no paragraph **{name}.**, after a blank line") for name in lacking),
        (lacking or order == [*PARTS], f"the parts must be in order: {in_order}"),
        (parts.get("Question", "?")[-1] == "?", "**Question.** has no question mark"),
        (1 <= sentences <= 3, f"**Answer.** has {sentences} sentences: at most three"),
        (_TIME.search(parts.get("Time", "1 hour")), "**Time.** says no minutes"),
        (_YEAR.search(parts.get("Data", "2000")), "**Data.** has no date of the data"),
    ):
        if not right:
            yield f"opening: {message}"


def story_first(notebook: Any) -> Iterator[str]:
    """Check that the lead figure stands between question and answer."""
    first = [cell for cell in notebook.cells if not reading.is_colab(cell)][:5]
    kinds = [cell.cell_type for cell in first]
    if not re.match("markdown code (code ){1,2}markdown", " ".join(kinds)):
        allowed = "title and question, imports, lead figure in 1–2 cells, the answer"
        yield f"opening: found {', '.join(kinds)}; allowed is {allowed}"
        return
    title, _, *lead = first[: kinds.index("markdown", 1) + 1]
    for cell, names in ((title, PARTS[:1]), (lead.pop(), PARTS[1:])):
        found = tuple(reading.opening(SimpleNamespace(cells=[cell])))
        if found != names:
            parts = f"the parts {', '.join(found) or 'none'}"
            yield f"opening: found {parts}; allowed in this cell is {', '.join(names)}"
    if not any(True for cell in lead for _ in reading.pictures(cell)):
        yield "opening: no picture before the answer: show the finding first"


def imports(notebook: Any) -> Iterator[str]:
    """Check that the first code cell holds all imports, and all are valid Python."""
    for order, (number, cell) in enumerate(own_cells(notebook)):
        at, nodes = place(number, cell), reading.nodes(cell.source)
        found = [n for n in nodes if isinstance(n, ast.Import | ast.ImportFrom)]
        if not nodes:
            yield f"{at}: not valid Python"
        elif order == 0 and not found:
            yield f"{at}: the first code cell must be the import cell"
        elif order > 0 and found:
            line = ast.unparse(found[0])
            yield f"{at}: {line!r} outside the import cell, the first code cell"


MOST_LINES, MOST_CELLS, MOST_WORDS = 20, 3, 80


@_each("code")
def short_cells(cell: Any) -> Iterator[str]:
    """Check that a code cell is short; blank lines and comments do not count."""
    written = len(re.findall(r"^[ \t]*[^\s#]", cell.source, re.M))
    if written > MOST_LINES:
        yield f"{written} lines of code, {MOST_LINES} are allowed: split the cell"


def prose_between(notebook: Any) -> Iterator[str]:
    """Check that prose follows after three code cells."""
    run = 0
    for number, cell in cells(notebook):
        counts = not {reading.COLAB, "page"} & set(reading.tags(cell))
        run = run + counts if cell.cell_type == "code" else 0
        if run > MOST_CELLS:
            at = place(number, cell)
            yield f"{at}: {run} code cells without prose, {MOST_CELLS} are allowed"


@_each("markdown")
def short_paragraphs(cell: Any) -> Iterator[str]:
    """Check that no paragraph, nor one of a list, is long."""
    for text in reading.paragraphs(cell.source):
        if (count := len(text.split())) >= MOST_WORDS:
            allowed = f"a paragraph of {count} words, fewer than {MOST_WORDS} allowed"
            yield f"{allowed}: shorten or divide it [“{text[:40]}”]"


@_each("code")
def housekeeping(cell: Any) -> Iterator[str]:
    """Check that a cell that shows nothing, or lists the sources, is collapsed.

    One of parameters is there to be changed.
    """
    collapsed = cell.metadata.get("jupyter", {}).get("source_hidden")
    collapsed = collapsed or "parameters" in reading.tags(cell)
    if not collapsed and (not cell.outputs or "sources_used(" in cell.source):
        yield "tells no story: collapse its code (jupyter.source_hidden)"


def detail(notebook: Any) -> Iterator[str]:
    """Check that detail folds under a heading of its own and holds no other section."""
    section, folded = "", False
    for number, cell in cells(notebook):
        first, *rest = cell.source.split("\n") if cell.cell_type == "markdown" else [""]
        titles = [line for line in (first, *rest) if re.match("##? ", line)]
        section = titles[-1].lstrip("# ") if titles else section
        before, folded = folded, reading.is_detail(cell)
        if not folded:
            continue
        for right, message in (
            (before or re.match("##+ ", first), "begin the detail with a heading"),
            (titles in ([], [first]), "a section begins within the detail: divide it"),
            (number > 5, "the opening is no detail"),
            (section not in LAST_SECTIONS, f"section “{section}” is no detail"),
        ):
            if not right:
                yield f"{place(number, cell)}: {message}"


def nothing_twice(notebook: Any) -> Iterator[str]:
    """Check that no variable is a typed number that only the prose reads."""
    sources = (cell.source for _, cell in own_cells(notebook))
    nodes = [node for source in sources for node in reading.nodes(source)]
    typed: set[str] = set()
    for node in (node for node in nodes if isinstance(node, ast.Assign)):
        parts = ast.walk(node.value)
        if not any(isinstance(part, ast.Name | ast.Call) for part in parts):
            typed |= reading.names(ast.walk(node), ast.Store)
    typed -= reading.names(nodes, ast.Load)
    for question in questions(notebook):
        if (name := question.number.expression) in typed:
            wrong = "typed in the code for this sentence only: take it from the data"
            yield f"{question.at}: {name}: {wrong}, or mark it <!--quoted-->"


def headings(notebook: Any) -> Iterator[str]:
    """Check for one title, no skipped level, no empty heading."""
    titles, last = 0, 0
    for number, level, title, underlined in reading.headings(notebook):
        titles += level == 1
        for wrong, message in (
            (level == 1 and titles == 2, f"second title of level 1, {title!r}: use ##"),
            (
                0 < last < level - 1,
                f"{title!r} skips from level {last} to level {level}",
            ),
            (not title, "empty heading"),
            (underlined, f"write {title!r} with #, not underlined"),
        ):
            if wrong:
                yield f"cell {number} (markdown): {message}"
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
        words = "".join(text.text for _, text in section.prose).strip()
        if words == section.title in LAST_SECTIONS and not section.code:
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
            about = reading.about(output)
            for source in sorted({*map(str, about.get("sources") or [])} - listed):
                at = f"{place(number, cell)}: source {source} of the picture"
                yield f"{at} is not among the sources used"


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
            wrong = "two dollar signs in a paragraph become a formula: write USD 300"
            yield f"{wrong} [“{line.strip()[:60]}”]"


# An exercise has its own first cell and leaves the sources to the notebook it is about.
EXERCISE_RULES: tuple[Rule, ...] = (
    *(plain_metadata, portable, executed, compared, pictures, imports),
    *(short_cells, prose_between, headings, dollar_signs),
    *(prose_numbers, typed_numbers, nothing_twice),
)
RULES = (
    *(*EXERCISE_RULES, opening, story_first, last_sections, sources_listed),
    *(short_paragraphs, housekeeping, detail),
)


def problems(notebook: Any, rules: Iterable[Rule] = RULES) -> list[str]:
    """Check one notebook.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The notebook, version 4.
    rules : iterable of functions, optional
        By default all of `RULES`; exercises keep `EXERCISE_RULES`.

    Returns
    -------
    list of str
        One message a problem: cell, what is wrong, the way out. Cells count from 1, of
        all kinds.
    """
    return [message for rule in rules for message in rule(notebook)]
