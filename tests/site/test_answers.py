"""Exercises and quizzes on the site: answers are checked in the page, as in Python."""

import json
import random
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from partnership.workshop import exercises, reading

FOLDER = Path(__file__).parents[2] / "notebooks" / "exercises"
TOLD = json.loads((FOLDER / exercises.TASKS).read_text(encoding="utf-8"))
NAMES = [p.stem for p in sorted(FOLDER.glob("0*.ipynb")) if "solution" not in p.stem]
# A wrong answer and the right one to each task of an exercise, as people write them.
ANSWERS = [("2,4", "2,1"), ("nine", "8"), ("goods 2013", "Sum 2016; goods 2013")]
ANSWERS += [("B", "(c)"), ("65 %", " 47")]
SPELLINGS = ["2,1", "−3,5 %", "14\u202f000", "1,414", "1.234,5", "1,2,3", "0.5", ",5"]
SPELLINGS += ["-0", "–0,04", "2.675", "0.125", "C)", " 'c' ", "{A, D}", "d;A", "„Über“"]
SPELLINGS += [
    "",
    "%",
    "1e3",
    "٣",
    "ΑΣ",
    "K\u0301",
    "a  b\u00a0c",
    "12'000",
    "- 7",
    "+7",
]


def forms(site, path):
    text = (site / path).read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser").select("form.answer")


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_the_tasks_of_its_notebook(built, name):
    cells = reading.read(FOLDER / f"{name}.ipynb").cells
    asked = [exercises.asked(c.source) for c in cells if c.cell_type == "code"]
    keys = [one["key"] for one in asked if one]
    found = [form.attrs for form in forms(built[0], f"exercises/{name}.html")]
    assert [one["data-key"] for one in found] == keys
    assert [one["data-hint"] for one in found] == [TOLD["hints"][key] for key in keys]
    page = (built[0] / f"exercises/{name}.html").read_text(encoding="utf-8")
    assert "SOLUTION" not in page and ": right" not in page


def test_every_lesson_leads_to_its_quiz(built):
    for lesson, questions in TOLD["quiz"].items():
        page = (built[0] / f"{lesson}.html").read_text(encoding="utf-8")
        assert f'href="quiz/{lesson}.html"' in page
        told = (built[0] / f"quiz/{lesson}.html").read_text(encoding="utf-8")
        assert "?</a>." not in told
        found = forms(built[0], f"quiz/{lesson}.html")
        assert [one["data-key"] for one in found] == [one["key"] for one in questions]
        offered = [[i["value"] for i in one.select("[type=radio]")] for one in found]
        assert offered == [list(one["options"]) for one in questions]


@pytest.fixture(scope="module")
def reader(chromium, built):
    """Opens a page of the site, without network, on a phone; says what went wrong."""
    context = chromium.new_context(offline=True, viewport={"width": 390, "height": 844})
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def open_page(path):
        page.goto((built[0] / path).as_uri())
        return page

    yield open_page
    context.close()
    assert errors == []


@pytest.mark.browser
def test_wrong_answers_get_a_hint_and_right_ones_are_right(reader):
    page = reader("exercises/01_trade.html")
    assert page.locator("figure img").count() >= 1
    asked = page.locator("form.answer")
    assert asked.count() == len(ANSWERS)
    for number, (wrong, right) in enumerate(ANSWERS):
        form = asked.nth(number)
        hint, said = form.get_attribute("data-hint"), form.locator("output")
        form.locator("input").fill("")
        form.locator("button").click()
        assert said.inner_text() == "No answer yet."
        form.locator("input").fill(wrong)
        form.locator("button").click()
        assert said.inner_text().startswith("Not yet. ")
        assert said.inner_text().endswith(hint)
        form.locator("input").fill(right)
        form.locator("input").press("Enter")
        assert said.inner_text() == "Right."


@pytest.mark.browser
def test_a_quiz_is_done_on_the_page(reader):
    page, asked = reader("quiz/00_start_here.html"), TOLD["quiz"]["00_start_here"]
    for number, one in enumerate(asked):
        form, heard = page.locator("form.answer").nth(number), []
        for answer in one["options"] or ("7", "1", "120,6"):
            if one["options"]:
                form.locator(f'input[value="{answer}"]').check()
            else:
                form.locator("input").fill(answer)
            form.locator("button").click()
            heard.append(form.locator("output").inner_text())
        assert heard.count("Right.") == 1
        wrong = [said for said in heard if said != "Right."]
        assert wrong and all(said.endswith(one["hint"]) for said in wrong)


@pytest.mark.browser
def test_the_page_reads_answers_as_python_does(reader):
    chance = random.Random(20170402)
    signs = "0123456789019.,.,-− \u00a0'%aC()"
    tried = [*SPELLINGS]
    tried += [
        "".join(chance.choices(signs, k=chance.randint(1, 7))) for _ in range(600)
    ]
    cases = [(text, decimals) for text in tried for decimals in (None, 0, 1, 3, -2)]
    page = reader("exercises/01_trade.html")
    script = "cases => cases.map(one => exercises.spellings(...one))"
    for (text, decimals), found in zip(
        cases, page.evaluate(script, cases), strict=True
    ):
        try:
            expected = exercises.spellings(text, decimals)
        except exercises.ExerciseError:
            expected = []
        assert set(found) == set(expected), (text, decimals)
    known = [(t, a, exercises.key(t, a)) for t, a in [("x", "A"), ("задача, ½", "да")]]
    script = "all => all.map(([t, a, k]) => exercises.accepts(t, a, k, null))"
    assert page.evaluate(script, known) == [True, True]
