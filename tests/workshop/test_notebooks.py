"""The committed notebooks keep the rules of `partnership.workshop.rules`."""

from pathlib import Path

import pytest

from partnership.workshop import reading, rules

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks():
    assert NOTEBOOKS, "notebooks/ holds no notebook"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_keeps_the_rules(path):
    found = rules.problems(reading.read(path))
    assert not found, "\n".join(["", *found])
