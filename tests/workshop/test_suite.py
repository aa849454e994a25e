"""The tests as a command: what it runs, in which order, and when it stops."""

import os
import subprocess

import pytest
from click.testing import CliRunner

from partnership.cli import main
from partnership.workshop import suite


@pytest.fixture
def ran(tmp_path, monkeypatch):
    """Stand in a checkout where nothing is run: the commands, with environments."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MATPLOTLIBRC", "mine")
    monkeypatch.delenv("TEST_LONG", raising=False)
    calls = []

    def run(words, cwd, env):
        assert os.path.samefile(cwd, tmp_path)
        calls.append((" ".join(words[2:]), env))
        failed = any("failing" in word for word in words)
        return subprocess.CompletedProcess(words, int(failed))

    monkeypatch.setattr(subprocess, "run", run)
    return calls


def test_it_runs_style_tests_and_notebooks(ran):
    result = CliRunner().invoke(main, ["test"])
    assert result.exit_code == 0, result.output
    commands = [command for command, _ in ran]
    assert [command.split()[0] for command in commands] == [
        *["ruff"] * 2,
        *["pytest"] * 2,
    ]
    assert commands[2] == "pytest tests" and "--nbval " in commands[3]
    for _, env in ran:
        assert env["PYTHONPATH"].split(os.pathsep)[0].endswith("tests")
        assert env["MPLBACKEND"] == "agg" and "TEST_LONG" not in env
        assert "MATPLOTLIBRC" not in env


def test_parts_are_chosen_and_outputs_need_not_be_compared(ran):
    assert CliRunner().invoke(main, ["test", "notebooks", "--lax"]).exit_code == 0
    assert CliRunner().invoke(main, ["test", "long"]).exit_code == 0
    (lax, _), (long, env) = ran
    assert "--nbval-lax --nbval-current-env" in lax and "--nbval " not in lax
    assert "-m long" in long and env["TEST_LONG"] == "1"
    assert CliRunner().invoke(main, ["test", "other"]).exit_code == 2


def test_the_first_failure_ends_it_and_is_named(ran, monkeypatch):
    parts = {"a": ["ruff failing"], "b": ["pytest tests"]}
    monkeypatch.setattr(suite, "PARTS", suite.PARTS | parts)
    assert suite.run(suite.Path.cwd(), ("a", "b")) == "ruff failing" and len(ran) == 1
    monkeypatch.setitem(suite.PARTS, "style", ["ruff failing"])
    result = CliRunner().invoke(main, ["test"])
    assert result.exit_code == 1 and "failed: python -m ruff failing" in result.output


def test_what_is_missing_is_named(ran, monkeypatch):
    monkeypatch.setitem(suite.PARTS, "style", ["no_such_package check"])
    result = CliRunner().invoke(main, ["test"])
    assert result.exit_code == 1 and not ran
    assert "no_such_package: pip install 'partnership[test]'" in result.output
