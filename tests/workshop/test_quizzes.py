"""Quizzes: five questions a lesson, with keys and hints, and no answer to be seen."""

import json
import re
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from partnership.workshop import exercises, quizzes, reading
from partnership.workshop.exercises import ExerciseError, accepts, quiz

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
LESSONS = [path.stem for path in sorted(FOLDER.glob("*.ipynb"))]
TOLD = json.loads((FOLDER / "exercises" / exercises.TASKS).read_text("utf-8"))

QUESTION = """\
**Question.** Of 14<!--n--> cows, how many are brown?

{options}**Answer.** {answer}

**Hint.** Look at them.

**Why.** The others are white.
"""


def questions(*answers, options=""):
    """Quiz of a lesson with these answers."""
    cells = [QUESTION.format(answer=one, options=options) for one in answers]
    first = new_code_cell('quiz("cows")')
    notebook = new_notebook(cells=[first, *map(new_markdown_cell, cells)])
    return quizzes.quizzes(notebook)["cows"]


def test_a_question_is_read():
    (one,) = questions("B", options="- **A** two\n- **B** three\n\n")
    assert one["ask"] == "Of 14 cows, how many are brown?"
    assert one["options"] == {"A": "two", "B": "three"}
    assert (one["hint"], one["decimals"]) == ("Look at them.", None)
    assert accepts(one["task"], "b)", key=one["key"])
    assert not accepts(one["task"], "A", key=one["key"])


@pytest.mark.parametrize(
    ("answer", "decimals", "right", "wrong"),
    [
        ("8,012<!--n-->", 0, [8012, "8 012"], [8013, 8.0]),
        ("2.5<!--n-->", 1, [2.5, "2,5", 2.52], [2.4, 25]),
        ("−3<!--n-->", 0, [-3, "−3"], [3]),
    ],
)
def test_a_number_counts_as_it_is_written(answer, decimals, right, wrong):
    (one,) = questions(answer)
    assert one["decimals"] == decimals
    known = {"key": one["key"], "decimals": decimals}
    assert all(accepts(one["task"], other, **known) for other in right)
    assert not any(accepts(one["task"], other, **known) for other in wrong)


def test_the_quiz_asks_and_checks(tmp_path, monkeypatch, capsys):
    asked = {"hints": {}, "quiz": {"cows": questions("4<!--n-->", "white")}}
    (tmp_path / exercises.TASKS).write_text(json.dumps(asked))
    monkeypatch.chdir(tmp_path)
    quiz("cows")
    quiz("cows", 4, "black")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "1. Of 14 cows, how many are brown?"
    assert said[2] == "cows, question 1: right"
    assert said[3] == "cows, question 2: not yet. Look at them."
    with pytest.raises(ExerciseError, match="lesson: found 'dogs'; allowed is cows"):
        quiz("dogs")
    with pytest.raises(ExerciseError, match="answers: found 3; allowed is 2"):
        quiz("cows", 2, 1, "white")


def test_without_the_file_it_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ExerciseError, match=r"none without tasks\.json"):
        quiz("cows")


# ---- those of the project ----


def test_every_lesson_has_five_questions():
    assert list(TOLD["quiz"]) == LESSONS
    for lesson, asked in TOLD["quiz"].items():
        assert len(asked) == 5, lesson
        assert len({one["ask"] for one in asked}) == 5
        for one in asked:
            assert one["ask"].endswith((".", "?")) and len(one["hint"]) > 15
            assert len(one["options"]) in (0, 2, 3, 4)
            assert "<!--" not in str(one)


def test_right_answers_are_no_habit():
    letters = [
        letter
        for asked in TOLD["quiz"].values()
        for one in asked
        for letter in one["options"]
        if accepts(one["task"], letter, key=one["key"])
    ]
    assert len(letters) == sum(
        bool(o["options"]) for a in TOLD["quiz"].values() for o in a
    )
    assert max(map(letters.count, letters)) < len(letters) / 2


def test_students_see_no_answer():
    student = reading.read(FOLDER / "exercises" / "quiz.ipynb")
    sources = "\n".join(cell.source for cell in student.cells)
    assert "Answer." not in sources and "Why." not in sources
    assert set(re.findall(r'quiz\("(\w+)"\)', sources)) == set(TOLD["quiz"])
