"""Lesson plans are read from the teaching page as teachers write it."""

from pathlib import Path

from partnership.workshop.lessons import lessons

PAGE = """\
# Teaching

## Lesson plans

### 01_a: was it so?

**Goals.** Students

1. read;
2. count.

**Ask the class.**

- Which one?
  And why? (The first; the second (of AAA) is late.)
- Who says so?

**If time is short.** One. **If time is long.** Two.

### 02_b: how much?

**Ask the class.**

1. *Is it much?* The point: compare it.
2. *Is it (not) little?* Wait. The point: the *same* answer.

**Exercises**, in the folder

- No question.

## After the lessons

### 03_c

No plan.
"""


def test_questions_and_what_is_to_be_heard():
    found = lessons(PAGE)
    assert list(found) == ["01_a", "02_b"]
    assert found["01_a"].title == "was it so?"
    assert found["01_a"].questions == [
        ("Which one? And why?", "The first; the second (of AAA) is late."),
        ("Who says so?", ""),
    ]
    assert found["02_b"].questions == [
        ("Is it much?", "The point: compare it."),
        ("Is it (not) little?", "Wait. The point: the *same* answer."),
    ]
    assert found["01_a"].part("Goals") == "**Goals.** Students\n\n1. read;\n2. count."
    assert found["01_a"].part("Ask the class").startswith("**Ask the class.**\n\n- W")
    assert found["02_b"].part("Goals") == ""


def test_each_lesson_of_the_project_asks_a_class():
    folder = Path(__file__).parents[2] / "notebooks"
    found = lessons((folder / "TEACHING.md").read_text(encoding="utf-8"))
    for name, lesson in found.items():
        assert (folder / f"{name}.ipynb").is_file()
        assert len(lesson.questions) >= 4, name
        assert all(asked and heard for asked, heard in lesson.questions), name
