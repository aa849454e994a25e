"""A copy of a notebook with other parameters: where it goes, what it never replaces."""

import nbformat
import pytest
from click.testing import CliRunner
from nbformat import v4

from partnership.cli import main
from partnership.workshop import copies, runner

TEXT = "See [the other](other.ipynb#A), [the web](https://example.org) and [here](#A)."


@pytest.fixture
def template(tmp_path):
    """A notebook with parameters."""
    cell = v4.new_code_cell('first = "AAA"\nsecond = "BBB"')
    cell.metadata["tags"] = ["parameters"]
    cells = [v4.new_markdown_cell(TEXT), cell, v4.new_code_cell("print(first, second)")]
    path = tmp_path / "template.ipynb"
    nbformat.write(v4.new_notebook(cells=cells), path)
    return path


@pytest.fixture
def copy(template, tmp_path, monkeypatch):
    """Function that makes a copy; nothing is run."""

    def run(paths, *_):
        notebook = nbformat.read(paths[0], 4)
        notebook.cells[2].outputs = [v4.new_output("stream", text="ran")]
        nbformat.write(notebook, paths[0])

    monkeypatch.setattr(runner, "run_notebooks", run)

    def make(first="CCC", second="DDD", name="made.ipynb", **how):
        target = tmp_path / "out" / name
        values = {"first": first, "second": second}
        page = "<p>{}</p>".format
        copies.run_copy(
            template, values, target, tmp_path, lambda f: page(f.name), **how
        )
        return target

    return make


def test_the_copy_has_the_parameters_and_the_original_is_as_it_was(template, copy):
    before = template.read_bytes()
    made = nbformat.read(copy(), 4)
    assert made.cells[1].source == "first = 'CCC'\nsecond = 'DDD'"
    assert made.cells[2].outputs[0].text == "ran"
    told = "See the other, [the web](https://example.org) and [here](#A)."
    assert made.cells[0].source == told
    assert template.read_bytes() == before
    cells = copies.copied(template, {}, "A & B").cells
    assert cells[0].source == told
    notebook = nbformat.read(template, 4)
    notebook.cells[0].source = "# Old\n\nText"
    nbformat.write(notebook, template)
    assert copies.copied(template, {}, "A & B").cells[0].source == "# A & B\n\nText"


def test_what_was_written_is_replaced_and_what_was_changed_is_not(copy):
    target = copy()
    assert copies.ours(target) and copies.ours(target.with_suffix(".html"))
    copy("EEE")
    assert "'EEE'" in target.read_text("utf-8")
    notebook = nbformat.read(target, 4)
    notebook.cells[2].source += "  # mine"
    nbformat.write(notebook, target)
    with pytest.raises(ValueError, match="not as it was written; allowed: another"):
        copy("FFF")
    assert "# mine" in target.read_text("utf-8")
    copy("FFF", force=True)
    assert "# mine" not in target.read_text("utf-8")
    page = target.with_suffix(".html")
    page.write_text(page.read_text("utf-8").replace("made", "mine"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"made.html, which is not as it was written"):
        copy()


def test_a_link_never_leads_to_the_original(template, copy, tmp_path):
    before = template.read_bytes()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "made.ipynb").symlink_to(template)
    with pytest.raises(ValueError, match="found the original"):
        copy(force=True)
    other = tmp_path / "letter.ipynb"
    other.write_text("dear reader")
    (tmp_path / "out" / "made.ipynb").unlink()
    (tmp_path / "out" / "made.ipynb").symlink_to(other)
    with pytest.raises(ValueError, match="not as it was written"):
        copy()
    copy(force=True)
    assert other.read_text() == "dear reader" and template.read_bytes() == before


def test_a_cell_that_fails_leaves_nothing(copy, tmp_path, monkeypatch):
    def fail(*_):
        raise runner.NotebookError("x", 1, "it failed")

    monkeypatch.setattr(runner, "run_notebooks", fail)
    with pytest.raises(runner.NotebookError):
        copy()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("source", "tags", "said"),
    [
        ('first = "A"', ["parameters"], "found 0 lines that set second"),
        ('first = second = "A"', [], "found 0 cells with the tag parameters"),
    ],
)
def test_a_notebook_without_them_is_refused(template, source, tags, said):
    notebook = nbformat.read(template, 4)
    notebook.cells[1].source, notebook.cells[1].metadata["tags"] = source, tags
    nbformat.write(notebook, template)
    with pytest.raises(ValueError, match=said):
        copies.copied(template, {"first": "C", "second": "D"})


# ---- the command ----


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ["--pair", "KAZ", "UZC"],
            "unknown economy with trade 'UZC'; did you mean UZB",
        ),
        (["--pair", "KAZ", "KAZ"], "--pair: found KAZ twice; allowed: two economies"),
        (["--pair", "KAZ", "UZB", "--output", "/dev/null/x"], "--output: found /dev"),
        (["--pair", "KAZ", "UZB", "-o", "notebooks"], "whose notebooks the checks"),
        (["--output", "somewhere"], "found 1 notebooks and no --pair; allowed is one"),
        (["01_trade", "--pair", "KAZ", "UZB"], "found 2 notebooks and a --pair"),
    ],
)
def test_wrong_use_is_one_line(options, said):
    done = CliRunner().invoke(main, ["run", "10_any_pair", *options])
    assert done.exit_code == 2, done.output
    assert said in done.output and done.output.count("\n") == 1
