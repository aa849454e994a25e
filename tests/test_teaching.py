"""The lesson plans: one for each notebook, with all parts, and links that lead on."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
TEXT = (FOLDER / "TEACHING.md").read_text(encoding="utf-8")
PLANS = dict(re.findall(r"^### (\d\d_\w+): .*?\n(.*?)(?=^### |\Z)", TEXT, re.M | re.S))
PARTS = (
    *("Time", "Level", "Goals", "Before class", "Ask the class"),
    *("Common mistakes", "If time is short", "If time is long"),
)


def test_every_notebook_has_a_plan():
    assert list(PLANS) == [path.stem for path in sorted(FOLDER.glob("*.ipynb"))]


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_has_all_parts(name):
    assert [p for p in PARTS if f"**{p}.**" not in PLANS[name]] == []
    asked = PLANS[name].partition("**Ask the class.**")[2].partition("\n**")[0]
    assert 4 <= len(re.findall(r"^(?:-|\d\.) ", asked, re.M)) <= 6
    assert f"({name}.ipynb)" in TEXT


@pytest.mark.parametrize("course", ["One afternoon", "One term"])
def test_a_course_leads_from_the_first_notebook_to_the_claims(course):
    part = TEXT.partition(f"### {course}\n")[2].partition("\n#")[0]
    used = re.findall(r"\((\d\d)_\w+\.ipynb\)", part)
    assert used == sorted(used)
    assert (used[0], used[-1]) == ("00", "09")


def test_links_lead_somewhere():
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", TEXT)
    assert len(targets) > 20
    assert [t for t in targets if not (FOLDER / t).is_file()] == []
