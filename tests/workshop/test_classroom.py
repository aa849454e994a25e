"""The folder of a class: what students need, nothing else, and nothing lost."""

import json
import os
import posixpath
import re
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from nbformat import v4, write

from partnership import cli
from partnership.workshop import classroom, exercises, generated, reading

ROOT = Path(__file__).resolve().parents[2]
TASK = """\
cows = ...
### BEGIN SOLUTION
cows = 14
### END SOLUTION
### HINT Count the legs.
check("cows", cows, key="{key}", decimals=0)
"""


@pytest.fixture
def school(package, checkout):
    """A checkout with a lesson, its exercise with solutions, and things lying about."""
    links = "[task](exercises/01_cows.ipynb) [plan](TEACHING.md) [web](https://a.b/c)"
    lesson = [v4.new_markdown_cell(f"# Cows\n\n{links}")]
    root = checkout(package().path, **{"01_cows": lesson})
    task = v4.new_code_cell(TASK.format(key=exercises.key("cows", 14, 0)))
    argued = v4.new_markdown_cell("Fourteen.", metadata={"tags": ["solution"]})
    path = root / "notebooks" / "exercises" / "01_cows_solution.ipynb"
    write(v4.new_notebook(cells=[task, argued]), path)
    for name in (
        ".git/config",
        "notebooks/.ipynb_checkpoints/x.ipynb",
        "data/own.xlsx",
    ):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("mine")
    (root / "notebooks" / "TEACHING.md").write_text("What to expect")
    generated.refresh(root)
    return root


def below(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_folder_has_what_students_need_and_nothing_else(school, tmp_path):
    folder = tmp_path / "class"
    extra = {
        "invented-1-py3-none-any.whl": b"wheel",
        "worksheets/01.html": b"sheet",
    }
    listed = classroom.write(school, folder, extra)
    files = below(folder)
    assert listed == sorted(files)
    data = {name for name in files if name.startswith("data/")}
    assert {"data/datapackage.json", "data/sources.csv"} <= data
    assert "data/own.xlsx" not in data
    assert set(files) - data == {
        *("README.md", classroom.SUMS, *extra),
        *("notebooks/01_cows.ipynb", "notebooks/exercises/01_cows.ipynb"),
        "notebooks/exercises/tasks.json",
    }
    everything = b"".join(files.values())
    assert b"Fourteen" not in everything and b"cows = 14" not in everything
    assert b'"./invented-1-py3-none-any.whl[lab]"' in files["README.md"]
    assert len(re.findall(rb"^[1-9]\. ", files["README.md"], re.M)) == 3
    assert b"worksheets" in files["README.md"]
    text = json.loads(files["notebooks/01_cows.ipynb"])["cells"][0]["source"]
    assert "".join(text).endswith(
        "[task](exercises/01_cows.ipynb) plan [web](https://a.b/c)"
    )


def test_the_archive_is_the_same_and_always_the_same(school, tmp_path):
    classroom.write(school, tmp_path / "one" / "class")
    classroom.write(school, tmp_path / "two" / "class")
    with zipfile.ZipFile(tmp_path / "one" / "class.zip") as packed:
        found = {name: packed.read(name) for name in packed.namelist()}
    expected = below(tmp_path / "one" / "class")
    assert found == {f"class/{name}": content for name, content in expected.items()}
    one, two = ((tmp_path / n / "class.zip").read_bytes() for n in ("one", "two"))
    assert one == two


def test_a_folder_may_be_written_again(school, tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    classroom.write(school, folder)
    (school / "LICENSE").write_text("free")
    assert "LICENSE" in classroom.write(school, folder)
    # A class folder is enough to make one from.
    classroom.write(folder, tmp_path / "again")
    assert below(tmp_path / "again") == below(folder)


@pytest.mark.parametrize(
    "name", ["README.md", "notebooks/exercises/01_cows.ipynb", "mine.txt"]
)
def test_changed_files_are_never_lost(school, tmp_path, name):
    folder = tmp_path / "class"
    classroom.write(school, folder)
    (folder / name).write_text("my work")
    archive, before = (tmp_path / "class.zip").read_bytes(), below(folder)
    with pytest.raises(classroom.ClassError, match=f"found {name}, changed or not"):
        classroom.write(school, folder)
    assert below(folder) == before
    assert (tmp_path / "class.zip").read_bytes() == archive


def test_foreign_folders_and_archives_stay(school, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "letter").write_text("mine")
    (tmp_path / "b.zip").write_text("mine")
    (tmp_path / "c").write_text("mine")
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as packed:
        packed.writestr("d/letter", "mine")
    before = below(tmp_path)
    for name in "abcd":
        with pytest.raises(classroom.ClassError, match=f"{name}.*found"):
            classroom.write(school, tmp_path / name)
    assert below(tmp_path) == before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"02_pigs\.ipynb: is empty"),
        ('{"cells": [', r"02_pigs\.ipynb, line 1: is no valid JSON: it ends too early"),
        ("{}", r"02_pigs\.ipynb: found no notebook; allowed: a notebook of format 4"),
        ("\ufeff{}", r"02_pigs\.ipynb: starts with a byte order mark"),
        (
            Path(__file__),
            r"02_pigs\.ipynb: found a link that leads out; allowed is a f",
        ),
    ],
)
def test_notebooks_that_are_none_are_named(school, tmp_path, content, message):
    lesson = school / "notebooks" / "02_pigs.ipynb"
    if isinstance(content, Path):
        lesson.symlink_to(content)
    else:
        lesson.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        classroom.write(school, tmp_path / "class")
    assert not (tmp_path / "class").exists()


def test_a_failure_leaves_everything_as_it_was(school, tmp_path, monkeypatch):
    folder = tmp_path / "class"
    classroom.write(school, folder)
    (school / "LICENSE").write_text("free")
    before = below(tmp_path)

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space"):
        classroom.write(school, folder)
    assert below(tmp_path) == before


def test_exercises_must_be_made_from_their_solutions(school, tmp_path):
    path = school / "notebooks" / "exercises" / "01_cows_solution.ipynb"
    path.write_text(path.read_text().replace("Count the legs.", "Count the tails."))
    with pytest.raises(classroom.ClassError, match="--refresh"):
        classroom.write(school, tmp_path / "class")
    assert not (tmp_path / "class").exists()


def test_without_notebooks_the_command_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli.main, ["class", "mine"])
    assert done.exit_code == 2 and "has no notebooks and data" in done.output
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_class_of_this_project(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(cli.main, ["class", str(tmp_path / "class")])
    assert done.exit_code == 0, done.output
    folder = tmp_path / "class"
    files = below(folder)
    (wheel,) = (name for name in files if name.endswith(".whl"))
    assert len(files[wheel]) < 10e6
    assert not [name for name in files if "solution" in name or "TEACHING" in name]
    for name in (one for one in files if one.endswith(".ipynb")):
        here = posixpath.dirname(name)
        for cell in json.loads(files[name])["cells"]:
            if cell["cell_type"] != "markdown":
                continue
            text = reading.text(cell["source"])
            for link in re.findall(r"\]\(([^()#:\s]+)(?:#[^()\s]*)?\)", text):
                assert posixpath.normpath(f"{here}/{link}") in files, (name, link)
