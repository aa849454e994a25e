"""The command line: what it prints, and how it fails."""

import io

import pandas as pd
import pytest
from click.testing import CliRunner

import partnership as p
from partnership.cli import main


@pytest.fixture
def call():
    """Run a command; give its exit code and output."""

    def run(*arguments):
        result = CliRunner().invoke(main, arguments)
        return result.exit_code, result.output

    return run


def test_help_names_every_command(call):
    code, text = call("--help")
    assert code == 0
    for command in main.commands:
        assert f"  {command}" in text
        assert call(command, "--help")[0] == 0


def test_table_writes_the_rows(call):
    code, text = call("table", "visits")
    assert code == 0
    frame = pd.read_csv(io.StringIO(text))
    assert list(frame["visit_id"]) == list(p.load("visits")["visit_id"])


def test_table_of_one_series(call):
    code, text = call("table", "trade", "--series", "goods_turnover")
    assert code == 0
    assert set(pd.read_csv(io.StringIO(text))["series"]) == {"goods_turnover"}


def test_table_without_name_lists_the_tables(call):
    code, text = call("table")
    assert code == 0
    assert [line.split()[0] for line in text.splitlines()] == p.tables()


def test_table_described(call):
    code, text = call("table", "trade", "--describe")
    assert code == 0
    assert "free on board" in text


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("table", "trad"), "did you mean trade"),
        (("table", "trade", "--series", "goods_turnovr"), "goods_turnover"),
        (("table", "visits", "--series", "goods_turnover"), "unknown series of visits"),
        (("cite", "trade-azernews-2071"), "trade-azernews-2017"),
    ],
)
def test_errors_are_one_line_with_the_way_out(call, arguments, hint):
    code, text = call(*arguments)
    assert code == 1
    assert hint in text
    assert len(text.strip().splitlines()) == 1
    assert "Traceback" not in text


def test_cite(call):
    code, text = call("cite", "trade-azernews-2017", "trade-mfa-by", "--bibtex")
    assert code == 0
    assert text.count("@misc{") == 2


def test_check_outside_a_checkout(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, text = call("check")
    assert code == 1
    assert "not in a checkout" in text
