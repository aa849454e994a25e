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

    def run(words, cwd, env, **options):
        assert os.path.samefile(cwd, tmp_path)
        calls.append((" ".join(words[2:]), env))
        failed = any("failing" in word for word in words)
        said = f"said by {words[3]}".encode() if options else None
        return subprocess.CompletedProcess(words, int(failed), said)

    monkeypatch.setattr(subprocess, "run", run)
    return calls


def call(*arguments):
    """Run `partnership test`; give its exit code and output."""
    result = CliRunner().invoke(main, ["test", *arguments])
    return result.exit_code, result.output


def test_it_runs_style_tests_and_notebooks(ran):
    code, text = call()
    assert code == 0, text
    commands = [command for command, _ in ran]
    # style comes first; then two lanes run side by side
    assert commands[:2] == ["ruff check", "ruff format --check"]
    assert {"pytest tests --ignore=tests/site", "pytest tests/site"} < set(commands)
    (nbval,) = [one for one in commands if "--nbval " in one]
    assert nbval.endswith(" notebooks") and len(commands) == 5
    assert "said by tests/site" in text and "said by -p" in text
    for _, env in ran:
        assert env["PYTHONPATH"].split(os.pathsep)[0].endswith("tests")
        assert env["MPLBACKEND"] == "agg" and "TEST_LONG" not in env
        assert "MATPLOTLIBRC" not in env


def test_parts_are_chosen_and_outputs_need_not_be_compared(ran):
    assert call("notebooks", "--lax") == (0, "")  # shown as it comes
    assert call("long")[0] == 0
    (lax, _), (long, env) = ran
    assert "--nbval-lax --nbval-current-env" in lax and "--nbval " not in lax
    assert "-m long" in long and env["TEST_LONG"] == "1"
    assert call("other")[0] == 2


def test_a_fault_of_style_ends_it(ran, monkeypatch):
    monkeypatch.setitem(suite.PARTS, "style", (["ruff failing", "ruff check"], []))
    code, text = call()
    assert code == 1 and "failed: python -m ruff failing\n" in text and len(ran) == 1


@pytest.mark.parametrize("lane", [0, 1])
def test_a_failure_in_either_lane_is_named_when_all_has_ended(ran, monkeypatch, lane):
    lanes = [["pytest tests"], ["pytest other"]]
    lanes[lane][0] += " --failing"
    monkeypatch.setitem(suite.PARTS, "tests", tuple(lanes))
    code, text = call("tests", "notebooks")
    assert code == 1 and len(ran) == 3
    assert f"failed: python -m {lanes[lane][0]}\n" in text


def test_what_is_missing_is_named(ran, monkeypatch):
    monkeypatch.setitem(suite.PARTS, "notebooks", ([], ["no_such_package check"]))
    code, text = call()
    assert code == 1 and not ran
    assert "no_such_package: pip install 'partnership[test]'" in text
