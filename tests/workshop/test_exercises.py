"""Exercises: the self-check tells right from wrong; students' notebooks are current."""

import ast
import builtins
import copy
import json
import re
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from partnership.workshop import exercises, quizzes, reading, rules
from partnership.workshop.exercises import ExerciseError, accepts, check, key, reject

ROOT = Path(__file__).resolve().parents[2]
THEMES = [path.stem for path in sorted((ROOT / "notebooks").glob("0[1-8]_*.ipynb"))]
EVERY = exercises.solutions(ROOT / "notebooks")
SOLUTIONS = [path for path in EVERY if path.name != quizzes.MASTER]
ALL = [path for s in EVERY for path in (s, exercises.student_path(s))]

CELL = """\
share = ...
### BEGIN SOLUTION
share = 0.25
### END SOLUTION
### HINT A part of the whole.
### HINT No percent.
check("share", share, key="0", decimals=2)
### BEGIN HIDDEN TESTS
reject("share", [1], key="0", decimals=2)
### END HIDDEN TESTS
"""


def by_name(path):
    return path.stem


def read(path):
    return nbformat.read(path, as_version=4)


def calls(notebook, name):
    """Return the calls of a function in a notebook: a list of ast.Call."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            found += [
                node
                for node in ast.walk(ast.parse(cell.source))
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name
            ]
    return found


def asked(notebook, name):
    """Return what the cell with a task asks."""
    found = (exercises.asked(c.source) for c in notebook.cells if c.cell_type == "code")
    return next(one for one in found if one and one["task"] == name)


def task(call):
    return call.args[0].value


def settings(call):
    """Return the key and the decimals of a call of check or reject."""
    asked = {
        word.arg: ast.literal_eval(word.value)
        for word in call.keywords
        if word.arg in ("key", "decimals")
    }
    return asked["key"], asked.get("decimals")


def printed(notebook):
    return "".join(
        output.get("text", "")
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream"
    )


# ---- the self-check ----


@pytest.mark.parametrize(
    ("answer", "decimals", "same"),
    [
        (319.0, 0, [319, 319.4, np.float64(318.6), np.int64(319), np.array([319])]),
        (120.6, 1, [120.6, 120.64, 120.5500000001]),
        (0.0, 2, [-0.0, -0.001]),
        (14_000, -3, [13_600, 14_400.0]),
        ("Belstat", None, ["belstat", "  BELSTAT "]),
        (True, None, [True, "true"]),
        ({"Iran", "Russia"}, None, [["russia", "Iran"], ("Iran", "RUSSIA", "iran")]),
        ({"Iran", "Russia"}, None, [pd.Index(["Russia", "Iran"])]),
        # as people write: decimal commas, other minus signs, spaces that do not break
        (2.1, 1, ["2,1", "2.1", (2, 1), " 2,1 %", "+2.13"]),
        (-3.5, 1, ["−3,5", "–3.5", "- 3,5", "-3,5", (-3, 5)]),
        (14_000, 0, ["14000", "14 000", "14\u202f000", "14,000", "14'000", "14,000.2"]),
        (1234.5, 1, ["1,234.5", "1.234,5", "1 234,5", "1,234.52"]),
        (1.414, 3, ["1,414", (1, 414)]),
        (1414, 0, ["1,414", (1, 414)]),
        ("C", None, ["c", "C)", "(C)", " 'C' ", "C.", "“c”", exercises.C]),
        ({"2014", "2016"}, None, [{2014, 2016}, "2014; 2016", "{'2016', '2014'}"]),
        ({"A", "D"}, None, ["A, D", "d;a", {exercises.D, exercises.A}]),
    ],
)
def test_an_answer_has_many_spellings(answer, decimals, same):
    known = key("task", answer, decimals)
    assert all(accepts("task", other, key=known, decimals=decimals) for other in same)


@pytest.mark.parametrize(
    ("answer", "decimals", "wrong"),
    [
        (319.0, 0, [320, 318, -319, 0.319, float("nan"), float("inf"), None, "319 m"]),
        (120.6, 1, [120.7, 120.5, 1206, [120.6], "120,7", "1.2.06", "", "about 120.6"]),
        (2.1, 1, [(2, 2), (2, 1.0), (True, 1), (2,), "2,1,", "2,,1"]),
        (1234.5, 1, ["12 34,5", "1.2.3,4"]),
        ("Belstat", None, ["Belsta", "", 3, None, "Bel stat"]),
        ("C", None, ["B", "CC", "C or D", ["C", "D"]]),
        (True, None, [False, 0, ...]),
        ({"Iran", "Russia"}, None, [["Iran"], [], ["Iran", "Russia", "India"], "Iran"]),
    ],
)
def test_other_answers_are_wrong(answer, decimals, wrong):
    known = key("task", answer, decimals)
    for other in wrong:
        assert not accepts("task", other, key=known, decimals=decimals), other


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_a_number_is_right_by_itself_and_wrong_two_units_off(value, decimals):
    known = key("task", value, decimals)
    assert accepts("task", value, key=known, decimals=decimals)
    assert not accepts("task", value + 2 * 10**-decimals, key=known, decimals=decimals)


def test_a_key_belongs_to_one_task_and_hides_the_answer():
    assert key("a", 3, 0) != key("b", 3, 0)
    assert re.fullmatch("[0-9a-f]{12}", key("a", 3, 0))


def test_check_says_right_wrong_or_unanswered(capsys):
    known = key("peak", 319, 0)
    for answer in (..., 319, 300, "three"):
        check("peak", answer, key=known, decimals=0, hint="Look at 2013.")
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["peak: no answer yet", "peak: right"]
    assert lines[2] == "peak: not yet. Look at 2013."
    assert lines[3].startswith("peak: not yet. A number is expected, not this text.")
    assert "319" not in "".join(lines[2:]).replace("2013", "")


def test_check_asks_for_a_word_where_a_number_is_given(capsys):
    check("who", 7, key=key("who", "Belstat"))
    assert capsys.readouterr().out == (
        "who: not yet. A word or words are expected, not a number.\n"
    )


def test_reject_fails_on_an_answer_that_would_be_taken():
    known = key("peak", 319, 0)
    reject("peak", [300, "three"], key=known, decimals=0)
    with pytest.raises(ExerciseError, match="wrong answer '319'"):
        reject("peak", [300, "319"], key=known, decimals=0)


@pytest.mark.parametrize("answer", [3, [], [1.5, 2], None, float("nan")])
def test_no_key_for_what_cannot_be_an_answer(answer):
    with pytest.raises(ExerciseError, match="cannot be an answer"):
        key("task", answer)


def test_the_hint_comes_from_the_file_beside_the_notebook(
    tmp_path, monkeypatch, capsys
):
    known = key("peak", 319, 0)
    told = {"hints": {known: "Look at 2013."}, "quiz": {}}
    (tmp_path / exercises.TASKS).write_text(json.dumps(told))
    for folder in (tmp_path, tmp_path.parent):
        monkeypatch.chdir(folder)
        check("peak", 300, key=known, decimals=0)
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["peak: not yet. Look at 2013.", "peak: not yet."]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("x = 5,03", 'x = "5,03"'),
        ("x=−3,5", 'x="−3,5"'),
        ("x = 14 000", 'x = "14 000"'),
        ("x = 47 %", 'x = "47 %"'),
        ("x = c)", 'x = "c)"'),
        # What is Python stays as it is, and so does what is no answer.
        *((line, line) for line in ("x = 2,1", "x = C", "x = 5", "x = {", "x = f(5")),
        *((line, line) for line in ("    5,03", "print(5,03", "x == 5,03", "x = ...")),
    ],
)
def test_an_answer_that_is_no_python_is_put_in_quotes(written, read):
    assert [line.rstrip() for line in exercises.quoted([written + "\n"])] == [read]


def test_a_student_does_an_exercise(monkeypatch, capsys):
    """Cell by cell in IPython: wrong answers first, and as people write them."""
    from IPython.core.interactiveshell import InteractiveShell

    monkeypatch.chdir(ROOT / "notebooks" / "exercises")
    answers = {
        "contradiction": ("2,4", "2,1"),
        "years_explained": ("9", "8"),
        "lost": ('{"goods 2013"}', '"Sum 2016, goods 2013"'),
        "finding": ("B", "C)"),
        "market_percent": ("65 %", "47"),
    }
    shell = InteractiveShell.instance()
    shell.input_transformers_cleanup.append(exercises.quoted)
    try:
        for cell in read(Path("01_trade.ipynb")).cells:
            task = exercises.asked(cell.source) if cell.cell_type == "code" else None
            name = task["task"] if task else ""
            if cell.cell_type == "code" and "charts.figure" not in cell.source:
                for answer in answers.get(name, ["..."]):
                    source = cell.source.replace(f"{name} = ...", f"{name} = {answer}")
                    shell.run_cell(source).raise_error()
    finally:
        shell.input_transformers_cleanup.remove(exercises.quoted)
        InteractiveShell.clear_instance()
    said = [line for line in capsys.readouterr().out.splitlines() if ": " in line]
    told = json.loads(Path(exercises.TASKS).read_text("utf-8"))["hints"]
    for name in answers:
        wrong, right = (line for line in said if line.startswith(f"{name}: "))
        assert right == f"{name}: right"
        assert wrong.startswith(f"{name}: not yet. ") and wrong.endswith(
            tuple(told.values())
        )


# ---- the students' version ----


def test_solutions_and_hidden_tests_go():
    assert exercises.student_source(CELL) == (
        'share = ...\n# your code here\ncheck("share", share, key="0", decimals=2)\n'
    )


def test_what_a_cell_asks():
    hint = "A part of the whole. No percent."
    known = {"task": "share", "key": "0", "decimals": 2, "hint": hint}
    assert exercises.asked(CELL) == known
    assert exercises.asked("share = 1") is None


def test_a_page_keeps_outputs_and_gets_tables_of_its_own():
    shown = [nbformat.v4.new_output("stream", text="1")]
    made = new_code_cell("table", outputs=shown)
    own = new_code_cell("rows", metadata={"tags": ["page"]}, outputs=shown)
    task = new_code_cell(CELL, outputs=shown)
    cells = [made, own, task]
    students, page = (exercises.student_cells(cells, page=one) for one in (False, True))
    assert [(c.source, c.outputs) for c in students][:1] == [("table", [])]
    assert len(students) == 2
    assert [c.outputs for c in page] == [shown, shown, []]
    assert [bool(c.asked) for c in page] == [False, False, True]
    assert "HINT" not in page[2].source and "BEGIN" not in page[2].source


@pytest.mark.parametrize(
    "source",
    [
        "### BEGIN SOLUTION\nx = 1\n",
        "x = 1\n### END SOLUTION\n",
        "### BEGIN HIDDEN TESTS\nx = 1\n",
    ],
)
def test_a_mark_without_partner_is_an_error(source):
    with pytest.raises(ExerciseError, match="no partner"):
        exercises.student_source(source)


def test_students_get_neither_solution_cells_nor_outputs():
    said = new_markdown_cell("The answer", metadata={"tags": ["solution"]})
    solved = new_notebook(cells=[new_code_cell(CELL, execution_count=1), said])
    before = copy.deepcopy(solved)
    student = exercises.student_version(solved)
    assert solved == before
    assert [cell.cell_type for cell in student.cells] == ["code"]
    assert student.cells[0].execution_count is None


def test_a_changed_solution_makes_the_students_notebook_stale(tmp_path):
    folder = tmp_path / "exercises"
    folder.mkdir()
    solution = folder / "01_trade_solution.ipynb"
    notebook = new_notebook(cells=[new_code_cell(CELL)])
    nbformat.write(notebook, solution)
    assert exercises.solutions(tmp_path) == [solution]
    assert not exercises.is_current(solution)
    nbformat.write(exercises.student_version(notebook), folder / "01_trade.ipynb")
    assert exercises.is_current(solution)
    notebook.cells[0].source = CELL.replace("share = ...", "part = ...")
    nbformat.write(notebook, solution)
    assert not exercises.is_current(solution)


# ---- the exercises themselves ----


def test_every_theme_has_exercises():
    assert [path.stem for path in SOLUTIONS] == [f"{name}_solution" for name in THEMES]


@pytest.mark.parametrize("path", SOLUTIONS, ids=by_name)
def test_students_notebook_is_made_from_its_solutions(path):
    assert exercises.is_current(path), "run `partnership check --refresh`"


@pytest.mark.parametrize("path", ALL, ids=by_name)
def test_exercise_keeps_the_rules(path):
    found = rules.problems(reading.read(path), rules.EXERCISE_RULES)
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize("path", SOLUTIONS, ids=by_name)
def test_three_to_five_tasks_each_solved(path):
    notebook = read(path)
    tasks = [task(call) for call in calls(notebook, "check")]
    assert 3 <= len(tasks) <= 5
    assert len(set(tasks)) == len(tasks)
    lines = printed(notebook).splitlines()
    assert [line for line in lines if line.endswith(": right")] == [
        f"{name}: right" for name in tasks
    ]


@pytest.mark.parametrize("path", SOLUTIONS, ids=by_name)
def test_unsolved_every_task_waits_for_an_answer(path):
    tasks = [task(call) for call in calls(read(path), "check")]
    lines = printed(read(exercises.student_path(path))).splitlines()
    assert [line for line in lines if line.endswith(": no answer yet")] == [
        f"{name}: no answer yet" for name in tasks
    ]


@pytest.mark.parametrize("path", SOLUTIONS, ids=by_name)
def test_every_task_has_wrong_answers_that_are_rejected(path):
    notebook = read(path)
    rejected = {task(call): call for call in calls(notebook, "reject")}
    for call in calls(notebook, "check"):
        proof = rejected[task(call)]
        assert settings(proof) == settings(call)
        wrong = proof.args[1]
        assert isinstance(wrong, ast.List), "the wrong answers stand in a list"
        assert len(wrong.elts) >= 2


@pytest.mark.parametrize("path", SOLUTIONS, ids=by_name)
def test_students_do_not_see_the_solution(path):
    student = read(exercises.student_path(path))
    sources = "\n".join(cell.source for cell in student.cells)
    for mark in ("SOLUTION", "HIDDEN", "reject(", "_solution", "HINT"):
        assert mark not in sources
    for call in calls(read(path), "check"):
        hint = asked(read(path), task(call))["hint"]
        assert len(hint) > 20 and hint not in sources


@pytest.mark.parametrize("path", SOLUTIONS, ids=by_name)
def test_the_task_stands_before_its_set_up(path):
    first, setup, *rest = read(exercises.student_path(path)).cells
    assert "**First.** Run the folded cell below" in first.source
    assert setup.cell_type == "code" and setup.metadata.jupyter.source_hidden
    # Whatever else runs stands under the heading of a task.
    for cell in rest:
        if cell.cell_type == "code" or "## Task" in cell.source:
            assert re.search("^## Task", cell.source, re.M)
            break


@pytest.mark.parametrize("path", SOLUTIONS, ids=by_name)
def test_letters_need_no_quotes(path):
    student = read(exercises.student_path(path))
    options = {
        letter
        for cell in student.cells
        if cell.cell_type == "markdown"
        for letter in re.findall(r"^(?:- )?\*{0,2}([A-F])[.*]", cell.source, re.M)
    }
    first = next(cell for cell in student.cells if cell.cell_type == "code")
    known = {n.name for n in ast.walk(ast.parse(first.source)) if hasattr(n, "name")}
    assert options <= known


@pytest.mark.parametrize("path", SOLUTIONS, ids=by_name)
def test_theme_and_exercise_link_to_each_other(path):
    name = path.stem.removesuffix("_solution")
    theme = "\n".join(c.source for c in read(ROOT / f"notebooks/{name}.ipynb").cells)
    assert f"(exercises/{name}.ipynb" in theme
    first = read(exercises.student_path(path)).cells[0].source
    assert f"(../{name}.ipynb" in first


@pytest.mark.parametrize("path", SOLUTIONS, ids=by_name)
def test_every_task_is_argued_for_teachers_only(path):
    notebook = read(path)
    argued = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "markdown" and "solution" in cell.metadata.get("tags", [])
    ]
    assert len(argued) >= len(calls(notebook, "check"))
    student = {cell.source for cell in read(exercises.student_path(path)).cells}
    assert not student & {cell.source for cell in argued}


@pytest.mark.parametrize("path", SOLUTIONS, ids=by_name)
def test_a_task_has_the_name_of_its_answer(path):
    for call in calls(read(path), "check"):
        assert call.args[1].id == task(call)


@pytest.mark.parametrize("path", SOLUTIONS, ids=by_name)
def test_no_task_needs_another_one(path):
    """What a student's cell reads is made before Task 1 or in the task itself."""
    made, own, started = set(dir(builtins)), set(), False
    for cell in read(exercises.student_path(path)).cells:
        if cell.cell_type == "markdown":
            if re.search(r"^## Task", cell.source, re.MULTILINE):
                started, own = True, set()
            continue
        names = [n for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Name)]
        read_here = {n.id for n in names if isinstance(n.ctx, ast.Load)}
        stored = {n.id for n in names if isinstance(n.ctx, ast.Store)}
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                stored |= {(a.asname or a.name).partition(".")[0] for a in node.names}
            if isinstance(node, ast.arg):
                stored.add(node.arg)
            if isinstance(node, ast.FunctionDef):
                stored.add(node.name)
        missing = read_here - made - own - stored
        assert not missing, f"{cell.id} needs {sorted(missing)}"
        if started:
            own |= stored
        else:
            made |= stored
