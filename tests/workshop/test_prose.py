"""Sentences, titles and alt texts agree with the kernel, or somebody says so."""

import copy
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from partnership.workshop import prose, rules, runner

TESTS = Path(__file__).resolve().parents[1]
LEVELS = "period,value\n2012,20.0\n2013,31.9\n2014,12.4\n"
CELLS = (
    "# Land\n\nTrade reached 31.9<!--level.max()--> million in"
    " 2013<!--level.idxmax()-->, of 9,000<!--quoted--> announced.",
    "import pandas as pd\nlevel = pd.read_csv('../level.csv', index_col=0).value\n"
    "level.index = level.index.map(str)",
    "Then it fell by **61<!--round(100 * fall)-->** %.",
    "fall = 1 - level['2014'] / level['2013']",
    "## In tenths\n\nIn eleven<!--len(level) + 8--> tables, 2012–2014"
    "<!--f'{level.index[0]}..{level.index[-1]}'-->, the least is"
    " 124<!--level.iloc[-1]-->.",
    "level = level * 10",
    "<!-- why: no code in this section -->\n\n## Last\n\nStill 319<!--level.max()-->.",
)


def made():
    """Return an invented notebook that asks its kernel."""
    kinds = (new_markdown_cell, new_code_cell)
    return new_notebook(cells=[kinds[n % 2](text) for n, text in enumerate(CELLS)])


def checkout(folder, notebook, levels=LEVELS):
    """Write a checkout with a table and a notebook; return the notebook's path."""
    root = folder.resolve()
    (root / "notebooks").mkdir(parents=True)
    (root / "pyproject.toml").touch()
    (root / "level.csv").write_text(levels)
    path = root / "notebooks" / f"{folder.name}.ipynb"
    nbformat.write(notebook, path)
    return path


def run(path):
    return runner.run_notebooks([path], path.parents[1])


def nbval(*paths, lax=False):
    """Compare notebooks with a fresh run; return exit code and report."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["-p", "nbval_kernels", "--nbval-lax" if lax else "--nbval"]
    command += [
        "--nbval-current-env",
        "-c",
        os.devnull,
        "--rootdir",
        paths[0].parents[2],
    ]
    known = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [*command, *paths],
        env=os.environ | {"PYTHONPATH": known, "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """Return the notebook with the answers of its kernel."""
    path = checkout(tmp_path_factory.mktemp("answered") / "land", made())
    assert run(path) == [True]
    assert run(path) == [False]
    return nbformat.read(path, as_version=4)


@pytest.fixture
def land(answered):
    return copy.deepcopy(answered)


def replaced(old, new):
    """Change of the source of a cell."""

    def change(notebook):
        (cell,) = [cell for cell in notebook.cells if old in cell.source]
        cell.source = cell.source.replace(old, new)

    return change


def swapped(one, other):
    """Change of the order of two cells; their numbers are counted anew."""

    def change(notebook):
        cells = notebook.cells
        cells[one], cells[other] = cells[other], cells[one]
        codes = [cell for cell in cells if cell.cell_type == "code"]
        for number, cell in enumerate(codes, start=1):
            cell.execution_count = number

    return change


def stored(notebook):
    return [cell.metadata.get("partnership") for cell in notebook.cells]


def test_a_run_stores_the_answers_and_nothing_else(answered):
    first, _, second, _, third, _, last = stored(answered)
    assert first["values"] == [
        {"expression": "level.max()", "answer": "31.9"},
        {"expression": "level.idxmax()", "answer": "2013"},
    ]
    assert second["values"] == [{"expression": "round(100 * fall)", "answer": "61"}]
    assert [one["answer"] for one in third["values"]] == ["11", "2012..2014", "124"]
    assert last["values"] == [{"expression": "level.max()", "answer": "319"}]
    assert [cell.source for cell in answered.cells] == list(CELLS)
    assert list(prose.prose_numbers(answered)) == []


def test_answers_that_are_asked_no_more_go(land, tmp_path):
    replaced("61<!--round(100 * fall)-->", "a lot")(land)
    (message,) = prose.prose_numbers(land)
    assert "round(100 * fall): expected in the text" in message
    path = checkout(tmp_path / "land", land)
    assert run(path) == [True]
    assert "partnership" not in nbformat.read(path, as_version=4).cells[2].metadata


FOOLED = {
    "a value of the table": (
        lambda notebook: None,
        LEVELS.replace("31.9", "32.9"),
        ("Land", "reached 31.9 million", "level.max()", "expected 32.9", "found 31.9"),
    ),
    "a digit of a sentence": (
        replaced("31.9<", "31.8<"),
        LEVELS,
        ("Land", "reached 31.8 million", "level.max()", "expected 31.9", "found 31.8"),
    ),
    "a period": (
        replaced("2012–2014<", "2012–2013<"),
        LEVELS,
        ("In tenths", "tables, 2012–2013", "{level", "2012..2014", "2012..2013"),
    ),
    "the order of two cells": (
        swapped(3, 5),
        LEVELS,
        ("Land", "reached 31.9 million", "level.max()", "expected 319", "found 31.9"),
    ),
    "an expression that changes state": (
        replaced("level.max()--> million", "level.pop('2013')--> million"),
        LEVELS,
        ("Land", "31.9 million", "level.pop('2013')", "expected a value", "of pop"),
    ),
    "an undefined name": (
        replaced("round(100 * fall)", "round(100 * rise)"),
        LEVELS,
        ("Land", "fell by 61", "100 * rise", "expected a value", "found NameError"),
    ),
    "several values": (
        replaced("level.max()--> million", "level--> million"),
        LEVELS,
        ("Land", "31.9 million", ": level:", "expected a value", "found Series"),
    ),
}


@pytest.fixture
def fooled(land, tmp_path):
    """Write a notebook for each way to fool the check; return name to path."""
    found = {}
    for name, (change, levels, _) in FOOLED.items():
        notebook = copy.deepcopy(land)
        change(notebook)
        folder = tmp_path / name.replace(" ", "_")
        found[name] = checkout(folder, notebook, levels)
    return found


@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.long)])
def test_a_run_stops_where_a_sentence_is_wrong_and_leaves_the_file(fooled, step):
    for name, path in list(fooled.items())[::step]:  # a kernel takes time
        before = path.read_bytes()
        with pytest.raises(runner.NotebookError) as caught:
            run(path)
        for text in (path.name, "section", *FOOLED[name][2]):
            assert text in str(caught.value), name
        assert path.read_bytes() == before


def test_nbval_asks_the_same_kernel_and_finds_the_same(fooled, answered, tmp_path):
    good = checkout(tmp_path / "good", answered)
    chosen = {name: fooled[name] for name in list(fooled)[::3]}  # a kernel takes time
    code, report = nbval(good, *chosen.values())
    assert code == 1
    failed = report.partition("short test summary")[2]
    assert "good.ipynb" not in failed
    for name, path in chosen.items():
        assert f"{path.name}::Prose of Land" in failed, report
        for text in (path.name, "section", *FOOLED[name][2]):
            assert text in report, name


def test_nbval_compares_what_is_stored_unless_it_is_lax(land, tmp_path):
    land.cells[0].metadata["partnership"]["values"][0]["answer"] = "31.90"
    path = checkout(tmp_path / "land", land)
    code, report = nbval(path)
    assert code == 1
    assert "level.max(): expected 31.9, found 31.90 in the file" in report
    assert "::Prose of Land" in report and "1 failed, 4 passed" in report
    assert nbval(path, lax=True)[0] == 0


STATIC = {
    "digit": (replaced("61<", "62<"), "round(100 * fall): expected 61, found 62"),
    "sign": (replaced("61<", "−61<"), "the sign differs"),
    "precision": (replaced("31.9<", "31.90<"), None),
    "more digits": (replaced("31.9<", "31.94<"), "expected 31.9, found 31.94"),
    "word": (replaced("eleven<", "twelve<"), "expected 11, found twelve"),
    "scaled": (replaced("31.9<", "31,900,000<"), "nothing is converted"),
    "rounded": (replaced("124<", "120<"), "ask for the rounded value"),
    "unbound": (replaced("<!--round(100 * fall)-->", ""), "61 is bound to no value"),
    "new expression": (
        replaced("* fall)", "* fall, 0)"),
        "found none: run the notebook",
    ),
    "no expression": (
        replaced("round(100 * fall)", "the fall"),
        "no Python expression",
    ),
    "behind the unit": (
        replaced("61<!--round(100 * fall)-->** %", "61** % in all<!--fall-->"),
        "<!--fall--> follows no number",
    ),
    "quoted nothing": (
        replaced("eleven<!--len(level) + 8-->", "<!--quoted-->"),
        "follows",
    ),
    "number in a heading": (replaced("In tenths", "In 12"), "12 is bound to no value"),
    "no code before": (
        lambda notebook: notebook.cells.insert(
            0, new_markdown_cell("# First\n\n3<!--level.min()-->\n\n## Second")
        ),
        "level.min(): expected a code cell before the end of the section, found none",
    ),
}


@pytest.mark.parametrize("name", STATIC)
def test_each_fault_is_found_without_a_kernel(land, name):
    change, expected = STATIC[name]
    change(land)
    found = list(prose.prose_numbers(land))
    assert any(expected in message for message in found) if expected else not found, (
        found
    )


def test_an_expression_without_end_is_no_traceback(tmp_path):
    text = new_markdown_cell("# A\n\n3<!--sum(iter(lambda: level, 0))-->")
    notebook = new_notebook(cells=[text, new_code_cell("level = 1")])
    path = checkout(tmp_path / "land", notebook)
    with pytest.raises(runner.NotebookError, match=r"^land\.ipynb: [Tt]imeout"):
        runner.run_notebooks([path], path.parents[1], timeout=2)


def test_what_the_file_holds_may_be_spoilt(land):
    land.cells[0].metadata["partnership"]["values"] = [{"answer": "31.9"}, {}]
    first, _ = prose.prose_numbers(land)
    assert "level.max(): expected a value, found none" in first


def test_any_changed_digit_of_a_bound_number_is_caught(land):
    for cell in (cell for cell in land.cells if cell.cell_type == "markdown"):
        source = cell.source
        for place, letter in enumerate(source):
            bound = source[place:].lstrip("0123456789.").startswith("<!--")
            if letter.isdigit() and bound and "<!--quoted" not in source[place:][:15]:
                digit = str((int(letter) + 1) % 10)
                cell.source = source[:place] + digit + source[place + 1 :]
                assert list(prose.prose_numbers(land)), cell.source
        cell.source = source


def test_the_time_of_the_opening_is_free_and_no_other(land):
    land.cells[0].source += "\n\n**Time.** About 20 minutes."
    assert list(prose.prose_numbers(land)) == []
    land.cells[6].source += "\n\n**Time.** About 20 minutes."
    (found,) = prose.prose_numbers(land)
    assert "section “Last”: 20 is bound to no value" in found


# ---- titles, alt texts and labels ----


@pytest.mark.parametrize(
    ("source", "typed"),
    [
        ("charts.figure('Trade passed 300 million', f'{unit}', alt=text)", ["300"]),
        ("charts.figure('Trade', 'USD million of 1,400', height=5)", ["1,400"]),
        ("charts.show(ax, alt=f'It rises to 319 in {year}')", ["319"]),
        ("charts.show(ax, alt='It rises ' + f'by {much}' + ' to 319')", ["319"]),
        ("charts.show(ax, alt=' '.join(['to 319', 'and', '8']))", ["319", "8"]),
        ("charts.show(ax, alt='to {} of 9'.format(level))", ["9"]),
        ("charts.grid('a', 'b', panels={'Tractors': 'some 12'})", ["12"]),
        ("charts.bars(ax, level, ['more than 5', 'fewer'])", ["5"]),
        ("title = f'At {level}, 40 more'\ncharts.figure(title, '')", ["40"]),
        ("words = {'a': 'of 45'}\ncharts.figure(words['a'], '')", ["45"]),
        ("charts.figure('about 7' if level else 'about 8', '')", ["7", "8"]),
        ("ax.set_title('300 in all')", ["300"]),
        ("charts.figure(f'{300} million', '')", ["300"]),
        ("charts.figure(f'{level}0 percent, 20{year}', '')", ["0", "20"]),
        # free: values, dates, years, ranges, ordinals, codes, other texts
        ("charts.figure(f'Passed {level:.1f} in {year}', f'{level:,.0f}')", []),
        ("charts.show(ax, alt='From 2006–2023, the 6th visit of 30 March 2017')", []),
        ("charts.event(ax, '2017-03-30', 'SITC 7 and G20 in section 3')", []),
        ("charts.line(ax, goods.query('value > 300'), 'goods')", []),
        ("text = goods.query('value > 300')\ncharts.line(ax, text)", []),
        ("charts.line(ax, goods, height=300)", []),
        ("print('300')", []),
    ],
)
def test_typed_numbers_of_a_picture_are_found(source, typed):
    notebook = new_notebook(cells=[new_code_cell(source)])
    found = sorted(prose.typed_numbers(notebook))
    assert len(found) == len(typed), found
    for message, number in zip(found, sorted(typed), strict=True):
        assert f": {number} is typed in a title, alt text or label" in message


def test_a_variable_is_looked_up_where_it_was_last_set():
    texts = ("alt = 'to 300'", "alt = f'to {level}'\ncharts.show(ax, alt=alt)")
    cells = [new_code_cell(text) for text in texts]
    assert list(prose.typed_numbers(new_notebook(cells=cells))) == []
    cells[1].source = "charts.show(ax, alt=alt)"
    assert list(prose.typed_numbers(new_notebook(cells=cells)))


def test_a_number_typed_for_a_sentence_only_is_found(land):
    land.cells[3].source += "\nsurveyed, rate = 1467, 0.5\nprint(rate)"
    land.cells[2].source += " Of 1,467<!--surveyed--> and 0.5<!--rate-->."
    (found,) = rules.nothing_twice(land)
    assert "section “Land”: surveyed: typed in the code for this sentence" in found
