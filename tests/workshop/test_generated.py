"""Generated parts: current or renewed, and no badge or cell without an address."""

import io
import json
import re
import shutil
from contextlib import redirect_stdout
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

import partnership as p
from partnership.workshop import generated, reading, rules, runner

ROOT = Path(__file__).resolve().parents[2]
FIRST = "notebooks/00_start_here.ipynb"
SOLUTION = "notebooks/exercises/01_trade_solution.ipynb"


@pytest.fixture
def checkout(tmp_path):
    """Copy what depends on the address; return a function that sets it."""
    (tmp_path / "notebooks" / "exercises").mkdir(parents=True)
    for name in ("README.md", FIRST, SOLUTION, "notebooks/headline.png"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "data", tmp_path / "data")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = re.sub(r"^\[project\.urls\]\n(?:\S.*\n)*", "", project, flags=re.M)

    def declare(**urls):
        lines = "".join(f"{name} = {json.dumps(url)}\n" for name, url in urls.items())
        text = f"{project}\n[project.urls]\n{lines}" if urls else project
        (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
        return tmp_path

    declare()
    return declare


def snapshot(root):
    return {path: path.read_bytes() for path in root.rglob("*.*") if path.is_file()}


def test_nothing_is_there_while_nothing_is_set(checkout):
    root = checkout()
    assert generated.address("Repository", root) is None
    assert generated.address("Homepage", root) is None
    generated.refresh(root)
    text = (root / "README.md").read_text(encoding="utf-8")
    assert "<!-- badges:start -->\n<!-- badges:end -->" in text


def test_what_is_made_in_the_checkout_is_current():
    assert generated.stale(ROOT) == [], "run `partnership check --refresh`"


def test_an_address_loses_what_does_not_belong_to_it(checkout):
    given = {
        "Repository": "https://example.org/a/b.git",
        "homepage": "https://example.org/",
    }
    root = checkout(**given)
    assert generated.address("Repository", root) == "https://example.org/a/b"
    assert generated.address("Homepage", root) == "https://example.org"


@pytest.mark.parametrize(
    "wrong",
    ["http://example.org", "example.org/a", 'https://example.org/"; rm', "https://a b"],
)
def test_an_address_that_is_none_is_refused(checkout, wrong):
    with pytest.raises(ValueError, match="allowed is https"):
        generated.address("Repository", checkout(Repository=wrong))


def test_the_installed_package_knows_its_addresses(monkeypatch):
    class Declared:
        def get_all(self, name):
            return ["Homepage, https://example.org/site/"] * (name == "Project-URL")

    monkeypatch.setattr("importlib.metadata.metadata", lambda name: Declared())
    assert generated.address("Homepage") == "https://example.org/site"
    assert generated.address("Repository") is None


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("github.com", ["Tests", "Open in Binder", "Open in Colab"]),
        ("gitlab.com", ["Open in Binder"]),
        ("example.org", []),
    ],
)
def test_badges_are_those_that_the_host_allows(host, names):
    line = generated.badges(f"https://{host}/owner/name")
    assert re.findall(r"\[!\[([^]]+)\]", line) == names
    targets = re.findall(r"\]\((https://[^()\s]+)\)", line)
    assert len(targets) == 2 * len(names)
    for target in targets[1::2]:
        assert "owner/name" in unquote(target)
    for target in targets:
        if "00_start_here" in target:
            opened = re.search(r"(?:tree|main)/(notebooks/.*)", target)[1]
            assert (ROOT / opened).is_file()


def test_refresh_writes_all_and_takes_all_away_again(checkout):
    root = checkout()
    generated.refresh(root)
    before = snapshot(root)
    assert generated.stale(root) == generated.refresh(root) == []
    checkout(Repository="https://github.com/owner/name")
    changed = generated.refresh(root)
    assert {path.name for path in changed} == {
        *("README.md", "00_start_here.ipynb"),
        *("01_trade_solution.ipynb", "01_trade.ipynb"),
    }
    student = reading.read(root / "notebooks" / "exercises" / "01_trade.ipynb")
    (cell,) = [cell for cell in student.cells if reading.is_colab(cell)]
    assert "git+https://github.com/owner/name" in cell.source
    assert "mybinder.org" in (root / "README.md").read_text(encoding="utf-8")
    assert generated.refresh(root) == []
    checkout()
    generated.refresh(root)
    assert snapshot(root) == before


def spoil(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_each_part_that_is_not_current_is_found_and_renewed(checkout):
    root = checkout()
    generated.refresh(root)
    before = snapshot(root)
    student = root / "notebooks" / "exercises" / "01_trade.ipynb"
    spoil(root / "README.md", "| Notebook |", "| Book |")
    spoil(root / "data" / "README.md", "## Columns", "## Rows")
    spoil(student, "# your code here", "# mine")
    (root / "notebooks" / "headline.png").write_bytes(b"")
    found = generated.stale(root)
    assert sorted(path.name for path in found) == [
        *("01_trade.ipynb", "README.md", "README.md", "headline.png")
    ]
    assert generated.refresh(root) == found
    after = snapshot(root)
    before.pop(student), after.pop(student)  # its outputs come with a run
    assert after == before


README = "# A\n\n<!-- part:start -->\nold\n<!-- part:end -->\n\nEnd.\n"


@pytest.mark.parametrize(
    "text",
    [
        *("", "# A\n", README.replace("end", "stop"), README + README),
        "".join(reversed(README.splitlines(keepends=True))),
    ],
)
def test_the_marks_must_be_there_once(text):
    with pytest.raises(ValueError, match=r"README\.md: needs one <!-- part:start"):
        generated.with_part(Path("README.md"), "part", "new", text)


def test_only_what_stands_between_the_marks_changes():
    new = generated.with_part(Path("README.md"), "part", "new", README)
    assert new == README.replace("\nold\n", "\n\nnew\n\n")
    assert generated.with_part(Path("README.md"), "part", "", new) == README.replace(
        "\nold\n", "\n"
    )


@pytest.mark.parametrize("story", [False, True])
def test_the_index_holds_question_and_answer(tmp_path, story):
    """The answer stands in the first cell, or behind the lead figure."""
    parts = ["# A", "**Question.** Is it <300>?", "**Answer.** 319<!--a-->:\nyes | no."]
    cells = ["\n\n".join(parts)] if not story else ["\n\n".join(parts[:2]), parts[2]]
    cells = [nbformat.v4.new_markdown_cell(cell) for cell in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "01_a.ipynb")
    assert generated.index_table(tmp_path).splitlines() == [
        "| Notebook | Question | Answer |",
        "| --- | --- | --- |",
        f"| [01_a]({tmp_path.name}/01_a.ipynb) | Is it &#60;300>? | 319: yes \\| no. |",
    ]
    late = nbformat.v4.new_markdown_cell("## B\n\n**Answer.** Late.")
    nbformat.write(nbformat.v4.new_notebook(cells=[late]), tmp_path / "02_b.ipynb")
    with pytest.raises(ValueError, match=r"02_b\.ipynb: opening without"):
        generated.index_table(tmp_path)


def test_the_codebook_of_another_package_is_made_from_nothing(tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "data" / "README.md").unlink()
    package = p.open(tmp_path / "data")
    file, text = generated.with_codebook(package)
    assert file == tmp_path / "data" / "README.md"
    assert text.startswith("<!-- codebook:start -->\n\n## Tables\n\n| table |")


class Shell:
    """Stand in for IPython: notes what magics are called."""

    def __init__(self, name):
        self.name, self.called = name, []

    def __str__(self):
        return f"<{self.name}.Shell object>"

    def run_line_magic(self, name, line):
        self.called.append((name, line))


def ran_in(shell, code):
    """Run a cell as IPython does, in a given shell; return the magics it called."""
    plain = TransformerManager().transform_cell(code)
    printed, names = io.StringIO(), {"get_ipython": lambda: shell}
    with redirect_stdout(printed):
        exec(compile(plain, "cell", "exec"), names)
    assert printed.getvalue() == ""
    assert set(names) == {"get_ipython", "__builtins__"}, "it leaves a name behind"
    return shell.called


def test_the_cell_installs_in_colab_and_does_nothing_elsewhere(checkout):
    root = checkout(Repository="https://example.org/a/b")
    code = generated.colab_code(root, "https://example.org/a/b")
    assert ran_in(Shell("ipykernel.zmqshell"), code) == []
    ((magic, line),) = ran_in(Shell("google.colab"), code)
    assert magic == "pip"
    assert '"partnership @ git+https://example.org/a/b"' in line
    assert {"pyfixest", "geographiclib"} <= set(line.split())
    assert not generated.COLAB_HAS & set(line.split())


def test_the_cell_stands_second_and_leaves_the_rest_alone(checkout):
    root = checkout(Repository="https://example.org/a/b")
    old = nbformat.read(root / FIRST, as_version=4)
    new = generated.with_colab_cell(
        old, generated.colab_code(root, "https://example.org/a/b")
    )
    nbformat.validate(new)
    assert reading.is_colab(new.cells[1])
    assert [new.cells[0], *new.cells[2:]] == old.cells
    assert all(line.count("\t") == 0 for line in new.cells[1].source.splitlines())


def test_a_notebook_with_the_cell_keeps_the_rules(checkout):
    root = checkout(Repository="https://example.org/a/b")
    notebook = nbformat.read(root / FIRST, as_version=4)
    assert rules.problems(notebook) == []
    with_cell = generated.with_colab_cell(
        notebook, generated.colab_code(root, "https://example.org/a/b")
    )
    for number, cell in enumerate(runner.code_cells(with_cell), start=1):
        cell.execution_count = number  # as a rerun would count
    assert rules.problems(with_cell) == []
