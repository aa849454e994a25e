"""Badges and the Colab cell: absent while no address is set, whole once one is."""

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

from partnership.workshop import exercises, hosting, rules, runner

ROOT = Path(__file__).resolve().parent.parent
FIRST = "notebooks/00_start_here.ipynb"
SOLUTION = "notebooks/exercises/01_trade_solution.ipynb"


@pytest.fixture
def checkout(tmp_path):
    """Copy what depends on the address; return a function that sets it."""
    (tmp_path / "notebooks" / "exercises").mkdir(parents=True)
    for name in ("README.md", FIRST, SOLUTION):
        shutil.copy(ROOT / name, tmp_path / name)
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
    assert hosting.address("Repository", root) is None
    assert hosting.address("Homepage", root) is None
    assert hosting.generated(root) == hosting.Generated("", "")


def test_the_checkout_is_as_the_setting_wants_it():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    made = hosting.generated(ROOT)
    again = hosting.with_badges(text, made.badges)
    assert again == text, "run `partnership check --refresh`"
    for path in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        found = [cell.source for cell in notebook.cells if hosting.is_colab(cell)]
        assert found == ([made.colab] if made.colab else []), path.name


def test_an_address_loses_what_does_not_belong_to_it(checkout):
    given = {
        "Repository": "https://example.org/a/b.git",
        "homepage": "https://example.org/",
    }
    root = checkout(**given)
    assert hosting.address("Repository", root) == "https://example.org/a/b"
    assert hosting.address("Homepage", root) == "https://example.org"


@pytest.mark.parametrize(
    "wrong",
    ["http://example.org", "example.org/a", 'https://example.org/"; rm', "https://a b"],
)
def test_an_address_that_is_none_is_refused(checkout, wrong):
    with pytest.raises(ValueError, match="allowed is https"):
        hosting.generated(checkout(Repository=wrong))


def test_the_installed_package_knows_its_addresses(monkeypatch):
    class Declared:
        def get_all(self, name):
            return ["Homepage, https://example.org/site/"] * (name == "Project-URL")

    monkeypatch.setattr(hosting.metadata, "metadata", lambda name: Declared())
    assert hosting.address("Homepage") == "https://example.org/site"
    assert hosting.address("Repository") is None


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("GITHUB", ["Tests", "Open in Binder", "Open in Colab"]),
        ("GITLAB", ["Open in Binder"]),
        (None, []),
    ],
)
def test_badges_are_those_that_the_host_allows(checkout, monkeypatch, host, names):
    if host:
        monkeypatch.setattr(hosting, host, "example.org")
    line = hosting.generated(
        checkout(Repository="https://example.org/owner/name")
    ).badges
    assert re.findall(r"\[!\[([^]]+)\]", line) == names
    targets = re.findall(r"\]\((https://[^()\s]+)\)", line)
    assert len(targets) == 2 * len(names)
    for target in targets[1::2]:
        assert "owner/name" in unquote(target)
    for target in targets:
        if "00_start_here" in target:
            opened = re.search(r"(?:tree|main)/(notebooks/.*)", target)[1]
            assert (ROOT / opened).is_file()


def test_refresh_writes_all_and_takes_all_away_again(checkout, monkeypatch):
    monkeypatch.setattr(hosting, "GITHUB", "example.org")
    root = checkout()
    hosting.refresh(root)
    before = snapshot(root)
    assert hosting.refresh(root) == []
    checkout(Repository="https://example.org/owner/name")
    changed = hosting.refresh(root)
    assert {path.suffix for path in changed} == {".md", ".ipynb"} and len(changed) == 3
    student = exercises.student_version(nbformat.read(root / SOLUTION, as_version=4))
    assert [cell.source for cell in student.cells if hosting.is_colab(cell)] == [
        hosting.generated(root).colab
    ]
    assert "mybinder.org" in (root / "README.md").read_text(encoding="utf-8")
    assert hosting.refresh(root) == []
    checkout()
    hosting.refresh(root)
    assert snapshot(root) == before


def test_the_readme_needs_its_markers():
    for text in ("", f"{hosting.START}", f"{hosting.END} {hosting.START}"):
        with pytest.raises(ValueError, match="badges:start"):
            hosting.with_badges(text, "")


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
    code = hosting.generated(root).colab
    assert ran_in(Shell("ipykernel.zmqshell"), code) == []
    ((magic, line),) = ran_in(Shell("google.colab"), code)
    assert magic == "pip"
    assert '"partnership @ git+https://example.org/a/b"' in line
    assert {"pyfixest", "geographiclib"} <= set(line.split())
    assert not hosting.COLAB_HAS & set(line.split())


def test_the_cell_stands_second_and_leaves_the_rest_alone(checkout):
    root = checkout(Repository="https://example.org/a/b")
    old = nbformat.read(root / FIRST, as_version=4)
    new = hosting.with_colab_cell(old, hosting.generated(root).colab)
    nbformat.validate(new)
    assert hosting.is_colab(new.cells[1])
    assert [new.cells[0], *new.cells[2:]] == old.cells
    assert all(line.count("\t") == 0 for line in new.cells[1].source.splitlines())


def test_a_notebook_with_the_cell_keeps_the_rules(checkout):
    root = checkout(Repository="https://example.org/a/b")
    notebook = nbformat.read(root / FIRST, as_version=4)
    assert rules.problems(notebook) == []
    with_cell = hosting.with_colab_cell(notebook, hosting.generated(root).colab)
    for number, cell in enumerate(runner.code_cells(with_cell), start=1):
        cell.execution_count = number  # as a rerun would count
    assert rules.problems(with_cell) == []
