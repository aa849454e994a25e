"""Exercises: check an answer without knowing it, and make the students' notebooks.

A notebook of solutions, such as ``exercises/01_trade_solution.ipynb``, is the only
one that is written by hand. In its code cells nbgrader's marks, and one of ours, say
what students do not get::

    peak = ...
    ### BEGIN SOLUTION
    peak = turnover["value"].max()
    ### END SOLUTION
    ### HINT Is it a year of the series, or what was said of it?
    check("peak", peak, key="3f2a91c07be4", decimals=1)
    ### BEGIN HIDDEN TESTS
    reject("peak", [300, 120.6], key="3f2a91c07be4", decimals=1)
    ### END HIDDEN TESTS

The students' notebook, ``exercises/01_trade.ipynb``, is made from it: solutions become
``# your code here``, hints and hidden tests go, and so do cells with the tag
``solution``. Cells with the tag ``page`` are for the pages of the site alone: the rows
that a task needs where nothing is computed. Hints, and the quizzes, stand in
``exercises/tasks.json`` (`quizzes`), where `check` finds them after a wrong answer.

The key is a digest of the task's name and the answer, so that a reader of the notebook
does not see the answer. It hides it, no more: short answers can be found by trying,
which is good enough for a self-check. What `spellings` does, ``static/exercises.js``
of the site does as well; a test compares the two.
"""

from __future__ import annotations

import ast
import hashlib
import math
import re
import sys
from collections.abc import Iterable
from copy import deepcopy
from numbers import Integral, Real
from pathlib import Path

from partnership.evidence import files
from partnership.evidence.faults import DataError, misshapen
from partnership.workshop import reading

A, B, C, D, E, F = "ABCDEF"  # an answer C, without quotes, is the letter
TASKS = "tasks.json"
STUB = "# your code here"
_PART = r"^([ \t]*)### BEGIN {0}\n.*?^[ \t]*### END {0}[ \t]*$"
_SOLUTION = re.compile(_PART.format("SOLUTION"), re.M | re.S)
_HIDDEN = re.compile(r"\n*" + _PART.format("HIDDEN TESTS"), re.M | re.S)
_HINT = re.compile(r"^[ \t]*### HINT (.*)\n?", re.M)

# How an answer may be written: the same here and in static/exercises.js.
_SPACES = "[\t-\r \u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]+"
_AROUND = " \"'`´“”„‘’‚«»()[]{}.,:;!*"
_MINUS = str.maketrans("−‐‑‒–—", "------")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]+)*|[.,][0-9]+)")
_GROUPS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_LOOSE = re.compile(
    r"(\w+ *= *)([-+−–]? ?[0-9][0-9., \u00a0\u202f'’]*%?|[A-F]\))\s*", re.I
)


class ExerciseError(ValueError):
    """An exercise is not well formed, or a wrong answer would be taken."""


def key(task: str, answer, decimals: int | None = None) -> str:
    """Return the digest by which `check` knows the answer of a task.

    Parameters
    ----------
    task : str
        The task's name; the same answer to another task has another key.
    answer : number, str, bool, or a set, list or tuple of str
        Case and spaces of texts do not matter, nor does the order in a collection.
    decimals : int, optional
        For numbers, how many decimals count: 0 for whole numbers, -2 for hundreds.

    Raises
    ------
    ExerciseError
        The answer is none of these, or is a number and `decimals` is missing.
    """
    return _digest(task, spellings(answer, decimals)[0])


def check(
    task: str, answer, *, key: str, decimals: int | None = None, hint: str = ""
) -> None:
    """Print whether an answer is right, without giving it away.

    Parameters
    ----------
    task : str
        The task's name.
    answer : number, str, bool, or a set, list or tuple of str
        The reader's answer; ``...`` says that there is none yet. ``2,1`` is read with
        a decimal comma, and ``C)`` as the letter.
    key : str
        What `key` returns for the right answer.
    decimals : int, optional
        For numbers, how many decimals count.
    hint : str
        Where to look again, printed after a wrong answer; by default that of the task
        in ``tasks.json`` beside the notebook, if it is there.
    """
    if answer is ...:
        print(f"{task}: no answer yet")
    elif accepts(task, answer, key=key, decimals=decimals):
        print(f"{task}: right")
    else:
        hint = hint or _told("hints").get(key, "")
        print(f"{task}: not yet. {_advice(answer, decimals)}{hint}".rstrip())


def quiz(lesson: str, *answers) -> None:
    """Print the questions of a lesson's quiz, or check the answers to them.

    Parameters
    ----------
    lesson : str
        Name of the notebook, such as ``"01_trade"``.
    *answers : as in `check`
        One for each question, in their order; ``...`` leaves one out.

    Raises
    ------
    ExerciseError
        There is no such quiz here, or it has fewer questions than answers are given.
    """
    every = _told("quiz")
    if lesson not in every:
        allowed = ", ".join(every) or f"none without {TASKS} beside the notebook"
        raise ExerciseError(f"lesson: found {lesson!r}; allowed is {allowed}")
    asked = every[lesson]
    if len(answers) > len(asked):
        found = f"found {len(answers)}; allowed is {len(asked)}, one a question"
        raise ExerciseError(f"answers: {found}: write 2.1 with a point here")
    for number, one in enumerate(asked if not answers else (), start=1):
        lines = [f"{number}. {one['ask']}"]
        lines += [f"   {letter}  {text}" for letter, text in one["options"].items()]
        print("\n".join(lines))
    for one, answer in zip(asked, answers, strict=False):
        known = {name: one[name] for name in ("key", "decimals", "hint")}
        check(one["task"], answer, **known)


def _told(part: str) -> dict:
    """What the file of hints and quizzes holds, if it is near the notebook."""
    for folder in ("", "exercises", "notebooks/exercises"):
        if (file := Path(folder, TASKS)).is_file():
            return told(file)[part]
    return {}


_QUESTION = dict.fromkeys(("task!", "ask!", "key!", "hint!"), str)
_QUESTION |= {"options!": dict, "decimals": int}


def told(file: Path) -> dict:
    """Hints by key and quizzes by lesson, of a file; a `DataError` where it is none."""
    found, name = files.json_of(file.name, files.content(file)), file.name
    wrong = misshapen(found, {"hints!": dict, "quiz!": dict}, name)
    for lesson, asked in () if wrong else found["quiz"].items():
        wrong = wrong or misshapen(asked, [_QUESTION], f"{name}, {lesson}, question")
    if wrong:
        raise DataError(wrong)
    return found


def accepts(task: str, answer, *, key: str, decimals: int | None = None) -> bool:
    """Tell whether an answer is right; what is no answer at all is not."""
    try:
        candidates = spellings(answer, decimals)
    except ExerciseError:
        return False
    return any(_digest(task, candidate) == key for candidate in candidates)


def reject(
    task: str, answers: Iterable, *, key: str, decimals: int | None = None
) -> None:
    """Prove, in a notebook of solutions, that likely wrong answers are not taken.

    Raises
    ------
    ExerciseError
        One of the answers would be taken as right.
    """
    for answer in answers:
        if accepts(task, answer, key=key, decimals=decimals):
            raise ExerciseError(f"{task}: the wrong answer {answer!r} is taken")


def _digest(task: str, canonical: str) -> str:
    return hashlib.sha256(f"{task}\n{canonical}".encode()).hexdigest()[:12]


def spellings(answer, decimals: int | None) -> list[str]:
    """Return the spellings under which an answer may stand in a key, the plain first.

    A number that lies on the edge between two roundings has two of them: another
    order of the same sums must not make a right answer wrong. So has one that is
    written as 1,414: a decimal comma or one between thousands.

    Raises
    ------
    ExerciseError
        It cannot be an answer: a list of numbers, say, or a number without decimals.
    """
    if hasattr(answer, "item") and getattr(answer, "size", 0) == 1:
        answer = answer.item()
    elif hasattr(answer, "tolist"):
        answer = answer.tolist()
    if decimals is not None:
        if numbers := _numbers(answer):
            found = [one for number in numbers for one in _rounded(number, decimals)]
            return list(dict.fromkeys(found))
    elif isinstance(answer, bool | str):
        text = _plain(str(answer))
        parts = [one for one in map(_plain, re.split("[,;]", text)) if one]
        return list(dict.fromkeys([text, "; ".join(sorted(set(parts)))]))
    elif isinstance(answer, set | frozenset | list | tuple) and answer:
        words = [_plain(str(one)) for one in answer if isinstance(one, str | Integral)]
        if len(words) == len(answer):
            return ["; ".join(sorted(set(words)))]
    kinds = "a number with decimals given, a text, True or False, or texts in a list"
    raise ExerciseError(f"{answer!r} cannot be an answer: give {kinds}")


def _plain(text: str) -> str:
    """Text without case, without signs around it and with single spaces."""
    return re.sub(_SPACES, " ", text.lower()).strip(_AROUND)


def _rounded(number: float, decimals: int) -> list[str]:
    edge = 1e-9 * max(1.0, abs(number))
    rounded = {round(number + step, decimals) for step in (0, -edge, edge)}
    # adding 0 makes -0.0 and 0.0 one
    return [f"{value + 0.0:.{max(decimals, 0)}f}" for value in sorted(rounded)]


def _numbers(answer) -> list[float]:
    """What an answer may mean as a number; nothing if it is none."""
    if isinstance(answer, tuple) and len(answer) > 1:  # Python reads 2,1 as a pair
        if not all(type(part) is int for part in answer):
            return []
        answer = ",".join(map(str, answer))
    if isinstance(answer, str):
        return _read(answer)
    is_number = isinstance(answer, Real) and not isinstance(answer, bool)
    return [float(answer)] if is_number and math.isfinite(answer) else []


def _read(text: str) -> list[float]:
    """Read a number as people write it: 2,1 or 14 000 or −3.5 %."""
    text = re.sub(_SPACES, " ", text.translate(_MINUS)).strip(" %")
    text = re.sub("([0-9])[ '’](?=[0-9]{3}(?![0-9]))", r"\1", text).replace("- ", "-")
    if not _NUMBER.fullmatch(text):
        return []
    points, commas = text.count("."), text.count(",")
    if points and commas:  # the last of the two ends the whole number
        last = max(".,", key=text.rfind)
        if text.count(last) > 1:
            return []
        other = "," if last == "." else "."
        return [float(text.replace(other, "").replace(last, "."))]
    grouped = [float(text.replace(",", ""))] if _GROUPS.fullmatch(text) else []
    if max(points, commas) > 1:
        return grouped
    return list(dict.fromkeys([float(text.replace(",", ".")), *grouped]))


def _advice(answer, decimals: int | None) -> str:
    is_number = isinstance(answer, Real) and not isinstance(answer, bool)
    if decimals is None:
        return "A word or words are expected, not a number. " if is_number else ""
    if not _numbers(answer) and not hasattr(answer, "item"):
        kind = "this text" if isinstance(answer, str) else type(answer).__name__
        return f"A number is expected, not {kind}. "
    if decimals > 0:
        return f"It is compared to {decimals} decimal{'s' if decimals > 1 else ''}. "
    return ""


def quoted(lines: list[str]) -> list[str]:
    """Put answers in quotes that are no Python: ``x = 5,03``, ``x = 47 %``, ``x = C)``.

    IPython gets it as a transformer of the lines of a cell.
    """
    return [
        _LOOSE.sub(r'\1"\2"\n', line)
        if _LOOSE.fullmatch(line) and not reading.nodes(line.strip())
        else line
        for line in lines
    ]


def asked(source: str) -> dict | None:
    """Return task, key, decimals and hint of the check in a cell, if there is one."""
    for node in reading.nodes(source) if "check(" in source else ():
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "check":
            words = {w.arg: ast.literal_eval(w.value) for w in node.keywords}
            hint = " ".join(_HINT.findall(source))
            found = {"task": node.args[0].value, "decimals": None, "hint": hint}
            return found | words
    return None


def student_source(source: str) -> str:
    """Take solutions, hints and hidden tests out of the code of a cell.

    Raises
    ------
    ExerciseError
        A mark has no partner.
    """
    cleared = _HINT.sub("", _SOLUTION.sub(rf"\1{STUB}", _HIDDEN.sub("", source)))
    if re.search(r"### *(BEGIN|END) ", cleared):
        raise ExerciseError(f"a mark has no partner in the cell:\n{source}")
    return cleared


def student_cells(cells: Iterable, page: bool = False) -> list:
    """Return the cells that students get, with what they do not get taken out.

    Parameters
    ----------
    cells : list of cells
        Of a notebook of solutions; they are not changed.
    page : bool, optional
        For a page: with the cells for pages and with outputs, except those of tasks,
        which get an item ``asked`` instead.
    """
    kept = []
    for cell in cells:
        tags = reading.tags(cell)
        if "solution" in tags or ("page" in tags and not page):
            continue
        cell = deepcopy(cell)
        if not page:
            cell["metadata"].pop("partnership", None)  # another kernel will answer
        if cell["cell_type"] == "code":
            task = asked(cell["source"])
            cell["source"] = student_source(cell["source"]).strip("\n")
            if task or not page:
                cell.update(execution_count=None, outputs=[])
            if page:
                cell["asked"] = task
        kept.append(cell)
    return kept


def student_version(solution):
    """Return the students' notebook of a notebook of solutions, not executed.

    Parameters
    ----------
    solution : NotebookNode
        The notebook of solutions; it is not changed.

    Raises
    ------
    ExerciseError
        A mark has no partner.
    """
    student = deepcopy(solution)
    student.cells = student_cells(solution.cells)
    return student


def solutions(notebooks_dir: str | Path) -> list[Path]:
    """Return the notebooks of solutions, sorted by name."""
    return sorted((Path(notebooks_dir) / "exercises").glob("*_solution.ipynb"))


def student_path(solution: str | Path) -> Path:
    """Return where the students' notebook of a notebook of solutions stands."""
    path = Path(solution)
    return path.with_name(path.name.replace("_solution.ipynb", ".ipynb"))


def is_current(solution: str | Path) -> bool:
    """Tell whether the students' notebook has the cells that its solutions give."""
    path, made = student_path(solution), student_version(reading.read(solution))
    cells = reading.read(path).cells if path.is_file() else []
    return list(map(_own, cells)) == list(map(_own, made.cells))


def _own(cell) -> tuple:
    """Return what does not come with a run."""
    return cell.id, cell.cell_type, cell.source


if shell := getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)():
    shell.input_transformers_cleanup.append(quoted)
