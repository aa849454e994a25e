"""Exercises: check an answer without knowing it, and make the students' notebooks.

A notebook of solutions, such as ``exercises/01_trade_solution.ipynb``, is the only
one that is written by hand. In its code cells nbgrader's marks say what students do
not get::

    peak = ...
    ### BEGIN SOLUTION
    peak = turnover["value"].max()
    ### END SOLUTION
    check("peak", peak, key="3f2a91c07be4", decimals=1)
    ### BEGIN HIDDEN TESTS
    reject("peak", [300, 120.6], key="3f2a91c07be4", decimals=1)
    ### END HIDDEN TESTS

The students' notebook, ``exercises/01_trade.ipynb``, is made from it: solutions become
``# your code here``, hidden tests go, and so do cells with the tag ``solution``.

The key is a digest of the task's name and the answer, so that a reader of the notebook
does not see the answer. It hides it, no more: short answers can be found by trying,
which is good enough for a self-check.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable
from copy import deepcopy
from numbers import Real
from pathlib import Path

from partnership.workshop import reading

STUB = "# your code here"
_PART = r"^([ \t]*)### BEGIN {0}\n.*?^[ \t]*### END {0}[ \t]*$"
_SOLUTION = re.compile(_PART.format("SOLUTION"), re.M | re.S)
_HIDDEN = re.compile(r"\n?" + _PART.format("HIDDEN TESTS"), re.M | re.S)


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
    return _digest(task, _canonical(answer, decimals)[0])


def check(
    task: str, answer, *, key: str, decimals: int | None = None, hint: str = ""
) -> None:
    """Print whether an answer is right, without giving it away.

    Parameters
    ----------
    task : str
        The task's name.
    answer : number, str, bool, or a set, list or tuple of str
        The reader's answer; ``...`` says that there is none yet.
    key : str
        What `key` returns for the right answer.
    decimals : int, optional
        For numbers, how many decimals count.
    hint : str
        Where to look again, printed after a wrong answer.
    """
    if answer is ...:
        print(f"{task}: no answer yet")
    elif accepts(task, answer, key=key, decimals=decimals):
        print(f"{task}: right")
    else:
        print(f"{task}: not yet. {_advice(answer, decimals)}{hint}".rstrip())


def accepts(task: str, answer, *, key: str, decimals: int | None = None) -> bool:
    """Tell whether an answer is right; what is no answer at all is not."""
    try:
        candidates = _canonical(answer, decimals)
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


def _canonical(answer, decimals: int | None) -> list[str]:
    """Return the spellings under which an answer may stand in a key.

    A number that lies on the edge between two roundings has two of them: another
    order of the same sums must not make a right answer wrong.
    """
    if hasattr(answer, "item") and getattr(answer, "size", 0) == 1:
        answer = answer.item()
    elif hasattr(answer, "tolist"):
        answer = answer.tolist()
    if isinstance(answer, bool | str) and decimals is None:
        return [" ".join(str(answer).casefold().split())]
    is_number = isinstance(answer, Real) and not isinstance(answer, bool)
    if is_number and decimals is not None and math.isfinite(answer):
        edge = 1e-9 * max(1.0, abs(answer))
        rounded = {round(float(answer) + step, decimals) for step in (0, -edge, edge)}
        # adding 0 makes -0.0 and 0.0 one
        return [f"{value + 0.0:.{max(decimals, 0)}f}" for value in sorted(rounded)]
    is_list = isinstance(answer, set | frozenset | list | tuple) and answer
    if is_list and all(isinstance(item, str) for item in answer):
        return ["; ".join(sorted({_canonical(item, None)[0] for item in answer}))]
    kinds = "a number with decimals given, a text, True or False, or texts in a list"
    raise ExerciseError(f"{answer!r} cannot be an answer: give {kinds}")


def _advice(answer, decimals: int | None) -> str:
    is_number = isinstance(answer, Real) and not isinstance(answer, bool)
    if decimals is None:
        return "A word or words are expected, not a number. " if is_number else ""
    if not is_number and not hasattr(answer, "item"):
        return f"A number is expected, not {type(answer).__name__}. "
    if decimals > 0:
        return f"It is compared to {decimals} decimal{'s' if decimals > 1 else ''}. "
    return ""


def student_source(source: str) -> str:
    """Take solutions and hidden tests out of the code of a cell.

    Raises
    ------
    ExerciseError
        A mark has no partner.
    """
    cleared = _SOLUTION.sub(rf"\1{STUB}", _HIDDEN.sub("", source))
    if re.search(r"### *(BEGIN|END) ", cleared):
        raise ExerciseError(f"a mark has no partner in the cell:\n{source}")
    return cleared


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
    tagged = [c for c in student.cells if "solution" in c.metadata.get("tags", [])]
    student.cells = [cell for cell in student.cells if cell not in tagged]
    for cell in student.cells:
        cell.metadata.pop("partnership", None)  # another kernel will answer
        if cell.cell_type == "code":
            cell.source = student_source(cell.source)
            cell.update(execution_count=None, outputs=[])
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
