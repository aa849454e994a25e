"""Quizzes, and the file from which exercises take hints and quizzes their questions.

The quiz of all lessons is written as a notebook, ``exercises/quiz_solution.ipynb``, so
that its numbers are bound like those of every other notebook. Behind the cell that
calls ``quiz("01_trade")`` stand the questions of that lesson, a cell each, with the tag
``solution``::

    **Question.** In which year was the turnover of goods largest?

    - **A** 2008          (options, if there are any)

    **Answer.** 2013<!--goods.idxmax()-->

    **Hint.** Look for the highest mark of the first figure.

    **Why.** For those who teach.

An answer is a letter, a word or a number; as many decimals count as it is written with.
``exercises/tasks.json`` holds what students may see: no answers, but their keys.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from partnership.workshop import exercises, reading

MASTER = "quiz_solution.ipynb"
_LESSON = re.compile(r'^quiz\("(\w+)"\)', re.M)
_NAMED = re.compile(r"^\*\*(\w+)\.\*\* +(.+)$", re.M)
_OPTION = re.compile(r"^- \*\*([A-F])\*\* +(.+)$", re.M)


def tasks(notebooks_dir: str | Path) -> str:
    """Return the text of ``tasks.json``: hints by the key of the task, and quizzes."""
    hints, quiz = {}, {}
    for path in exercises.solutions(notebooks_dir):
        notebook = reading.read(path)
        if path.name == MASTER:
            quiz = quizzes(notebook)
        for _, cell in reading.cells(notebook, "code"):
            if task := exercises.asked(cell.source):
                hints[task["key"]] = task["hint"]
    made = {"hints": hints, "quiz": quiz}
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def quizzes(notebook: Any) -> dict[str, list[dict[str, Any]]]:
    """Return the questions of each lesson as students get them.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The quiz with its answers.

    Returns
    -------
    dict of str to list of dict
        By the name of the lesson's notebook: ``task``, ``ask``, ``options`` by letter,
        ``key``, ``decimals`` (None where the answer is no number) and ``hint``.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for _, cell in reading.cells(notebook):
        if cell.cell_type == "code":
            if opens := _LESSON.search(cell.source):
                lesson, asked = opens[1], found.setdefault(opens[1], [])
            continue
        text = reading.COMMENT.sub("", cell.source)
        named = dict(_NAMED.findall(text))
        if "Question" in named:
            task = f"{lesson}, question {len(asked) + 1}"
            asked.append({"task": task, "ask": named["Question"]})
            asked[-1] |= {"options": dict(_OPTION.findall(text))}
            asked[-1] |= _known(task, named["Answer"]) | {"hint": named["Hint"]}
    return found


def _known(task: str, answer: str) -> dict[str, Any]:
    """Key of an answer, and how many decimals count."""
    number = answer.replace(",", "").replace("−", "-")
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", number):
        decimals = len(number.partition(".")[2])
        known = exercises.key(task, float(number), decimals)
        return {"key": known, "decimals": decimals}
    return {"key": exercises.key(task, answer), "decimals": None}
