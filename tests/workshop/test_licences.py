"""Licences of locked packages: where they are stated, and where they are not."""

import json
from email.message import Message
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner

from partnership.cli import main
from partnership.workshop import licences

OSI = "License :: OSI Approved"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"License-Expression": "MIT", "License": "other"}, "MIT"),
        ({"Classifier": f"{OSI} :: MIT License", "License": "x"}, "MIT License"),
        ({"Classifier": OSI, "License": "BSD-3-Clause\n\nAll of it."}, "BSD-3-Clause"),
        ({"Classifier": "Topic :: Software"}, "not stated"),
    ],
)
def test_a_licence_is_what_the_package_states(fields, said, monkeypatch):
    about = Message()
    for name, value in fields.items():
        about[name] = value.partition("\n")[0]
    monkeypatch.setattr(metadata, "metadata", lambda name: about)
    assert licences.licence("invented") == said


def test_each_package_of_the_locks_is_listed_once(tmp_path):
    lock = "pytest==9.0 \\\n    --hash=sha256:0\n    # via x\n"
    (tmp_path / "requirements.txt").write_text(lock)
    more = "no-such-package==1.2 ; os_name == 'nt' \\\n    --hash=sha256:1\n"
    (tmp_path / "requirements-test.txt").write_text(lock + more)
    absent, present = licences.locked(tmp_path)
    assert absent == {
        "name": "no-such-package",
        "version": "1.2",
        "locks": ["requirements-test.txt"],
        "licence": None,
    }
    assert present["locks"] == ["requirements-test.txt", "requirements.txt"]
    assert "MIT" in present["licence"]


def test_the_command_lists_all_locks_of_the_project(monkeypatch):
    monkeypatch.chdir(Path(__file__).parent)
    text = CliRunner().invoke(main, ["licences"]).output
    rows = json.loads(CliRunner().invoke(main, ["licences", "--json"]).output)
    assert len(rows) == text.count("\n") > 190
    assert {"pandas", "sphinx", "pyspark", "pywinpty"} <= {one["name"] for one in rows}
    # One package has its licence in a file alone.
    unsaid = {one["name"] for one in rows if one["licence"] == "not stated"}
    assert unsaid <= {"axe-playwright-python"}
