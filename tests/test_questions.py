"""docs/questions.md: every line of the table gives its answer, in one step."""

import re
import shlex
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import partnership as p
from partnership.cli import main

TEXT = (Path(__file__).parents[1] / "docs" / "questions.md").read_text("utf-8")
ROWS = [
    [cell.strip().strip("`") for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if line.startswith("| ") and "`" in line
]


def test_there_are_ten_questions():
    assert len(ROWS) == 10 and all(len(row) == 5 for row in ROWS)


def first(text: str) -> str:
    """What a reader sees first of an answer, digits without commas."""
    return re.sub(r"(?<=\d),(?=\d{3})", "", "\n".join(text.splitlines()[:3]))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_command_gives_the_answer(row):
    _, answer, _, command, _ = row
    result = CliRunner().invoke(main, shlex.split(command)[1:])
    assert result.exit_code == 0 and answer in first(result.output)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_python_gives_the_answer(row):
    _, answer, _, _, line = row
    found = eval(line, {"p": p})
    if isinstance(found, pd.DataFrame):
        found = " ".join(
            f"{cell:.12g}" if isinstance(cell, float) else str(cell)
            for cell in found.iloc[0]
        )
    assert answer in first(found)
