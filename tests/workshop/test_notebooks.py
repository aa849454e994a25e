"""The committed notebooks keep the rules of `partnership.notebooks`."""

from pathlib import Path

import pytest

from partnership.workshop import generated, rules

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks():
    assert NOTEBOOKS, "notebooks/ holds no notebook"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_keeps_the_rules(path):
    found = rules.problems(path)
    assert not found, "\n".join(["", *found])


def test_readme_lists_the_notebooks():
    assert generated.is_current(ROOT / "README.md"), "run `partnership check --refresh`"


def test_readme_shows_the_headline_as_it_is():
    picture = (ROOT / "notebooks" / "headline.png").read_bytes()
    assert picture == generated.headline(ROOT / "notebooks"), (
        "run `partnership check --refresh`"
    )
