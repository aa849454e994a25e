"""Worksheets: what a class gets on paper, and what only the teacher gets."""

import re

from nbformat import v4

from invented import SOURCES, claim, picture
from partnership import site as website

TEACHING = """\
# Teaching

For teachers.

## Lesson plans

### 01_a: one

**Ask the class.**

- Who counts? (AAA does.)
"""


def test_sheets_ask_and_keys_tell(package, checkout, tmp_path):
    shown = picture(title="A line", alt="It rises.")
    given = picture(title="Two lines", alt="One rises, one falls.")
    solved = {"tags": ["solution"]}
    root = checkout(
        package(
            sources=SOURCES, claims=[claim("c01", "01_a", statement="Said so.")]
        ).path,
        **{
            "01_a": [
                v4.new_markdown_cell("# One\n\n**Question.** How many?"),
                v4.new_code_cell("draw()", outputs=[shown]),
                v4.new_markdown_cell("**Answer.** Seven."),
            ],
            "exercises__01_a_solution": [
                v4.new_markdown_cell("# Exercises"),
                v4.new_markdown_cell("## Task 1. Read\n\nWhich [line](a.md) falls?"),
                v4.new_code_cell("draw(2)", outputs=[given]),
                v4.new_code_cell(
                    "x = ...\n### BEGIN SOLUTION\nx = 2\n### END SOLUTION"
                ),
                v4.new_markdown_cell("The orange one.", metadata=solved),
                v4.new_markdown_cell("## Task 2. Compute\n\nHow much?"),
                v4.new_code_cell(
                    "y = ...\n### BEGIN SOLUTION\ny = 3\n### END SOLUTION"
                ),
            ],
        },
    )
    (root / "notebooks" / "TEACHING.md").write_text(TEACHING)
    (root / "notebooks" / "exercises" / "a.md").write_text("x")
    made = website.build(root, tmp_path / "site")
    texts = {path: (tmp_path / "site" / path).read_text() for path in made}
    sheet, key = texts["worksheets/01.html"], texts["worksheets/01_key.html"]
    for text in ("How many?", "Who counts?", "Task 1. Read", "One rises"):
        assert text in sheet, text
    for text in ("Seven.", "AAA does", "The orange one", "x = 2", "draw"):
        assert text not in sheet, text
    assert all(text in key for text in ("Seven.", "AAA does", "The orange one"))
    assert "Task 2" not in sheet + key, "it needs a computer"
    assert sheet.count("<img") == 2, "the lead figure and that of the task"
    assert sheet.count('class="lines"') == 2 and "lines" not in key
    assert "<a " not in sheet, "links lead nowhere on paper"
    assert "Said so." in texts["worksheets/statements.html"]
    assert "not checkable" in texts["worksheets/cards.html"]


def test_students_get_sheets_and_what_they_show(package, checkout, tmp_path):
    test_sheets_ask_and_keys_tell(package, checkout, tmp_path)
    found = website.printed(tmp_path / "site")
    assert {path.partition("/")[0] for path in found} == {"worksheets"}
    names = {path.removeprefix("worksheets/") for path in found}
    sheets = {"01.html", "cards.html", "statements.html"}
    assert sheets | {"static/site.css"} < names and len(names) == 5
    for name in sheets:
        text = found[f"worksheets/{name}"].decode()
        assert {*re.findall(r'(?:src|href)="([^":]+)"', text)} < names


def test_without_lessons_and_claims_there_are_no_sheets(package, checkout, tmp_path):
    root = checkout(
        package(sources=SOURCES).path,
        **{"01_a": [v4.new_markdown_cell("# A\n\n**Question.** B?\n\n**Answer.** C.")]},
    )
    made = website.build(root, tmp_path / "site")
    assert not [path for path in made if path.startswith("worksheets/")]
    assert website.printed(tmp_path / "site") == {}
