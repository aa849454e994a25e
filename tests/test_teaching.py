"""The lesson plans: one for each notebook, with all parts, and links that lead on."""

import re
from pathlib import Path

import pytest

from partnership.workshop import reading

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


@pytest.mark.parametrize("name", PLANS)
def test_minutes_add_up_and_name_sections_of_the_notebook(name):
    (line,) = re.findall(r"^\*\*Minutes\.\*\* (.+)\.$", PLANS[name], re.M)
    parts = [re.fullmatch(r"(\d+) (.+)", part) for part in line.split(" · ")]
    time = PLANS[name].partition("**Time.** ")[2].partition("\n")[0]
    assert str(sum(int(part[1]) for part in parts)) in re.findall(r"\d+", time)
    cells = reading.read(FOLDER / f"{name}.ipynb")
    titles = {title for _, _, title, _ in reading.headings(cells)}
    named = re.findall(r"\*([^*]+)\*", line)
    assert len(named) > 1 and set(named) <= titles
    assert parts[-1][2] == "quiz"


def test_contents_list_every_lesson():
    contents = TEXT.partition("## Contents")[2].partition("\n## ")[0]
    listed = re.findall(r"^- \[(\d\d_\w+): .*\]\(#(.+)\)$", contents, re.M)
    assert [name for name, _ in listed] == list(PLANS)
    titles = re.findall(r"^#+ (.+)$", TEXT, re.M)
    kept = (re.sub(r"[^\w\s-]", "", one.lower()).replace(" ", "-") for one in titles)
    anchors = set(kept)
    assert set(re.findall(r"\(#([^)]+)\)", TEXT)) <= anchors


def test_tomorrow_fills_one_lesson():
    part = TEXT.partition("## Tomorrow")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (\d+)–(\d+) \| (.+?) \| .+ \|$", part, re.M)
    ends = [int(number) for start, end, _ in rows for number in (start, end)]
    assert ends[0] == 0 and ends[-1] == 45 and ends[1:-1:2] == ends[2::2]
    cells = reading.read(FOLDER / "01_trade.ipynb")
    titles = {title for _, _, title, _ in reading.headings(cells)}
    opened = " ".join(place for _, _, place in rows)
    assert set(re.findall(r"\*([^*]+)\*", opened)) <= titles
    assert "Collapse All Code" in part


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
