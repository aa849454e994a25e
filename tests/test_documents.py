"""The examples of README and CONTRIBUTING run, and the files that they name exist."""

import ast
import re
import shlex
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from nbformat import v4

import partnership as p
from partnership import cli, verdicts
from partnership.workshop import answers, prose
from partnership.workshop.numerals import numbers_in

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ("README.md", "CONTRIBUTING.md")
SAYS = re.compile(r"^(.+?) +# = (.+)$", re.M)


def text(name):
    """The text of a document."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name, language):
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text(name), re.M | re.S)


@pytest.fixture
def run(monkeypatch):
    """Function that runs the Python of a document; its names, and the texts shown."""

    def run(name):
        shown, names = [], {}
        monkeypatch.setattr(
            "partnership.charts.picture.show", lambda _, alt: shown.append(alt)
        )
        for code in blocks(name, "python"):
            exec(compile(code, name, "exec"), names)
            for expression, value in SAYS.findall(code):
                found = eval(expression, names)
                assert found == ast.literal_eval(value), expression
        return names, shown

    return run


def test_the_python_of_the_readme_runs_and_says_what_comes_out(run):
    names, _ = run("README.md")
    assert len(SAYS.findall("".join(blocks("README.md", "python")))) >= 3
    assert names["p"].__name__ == "partnership"


def test_the_figure_of_contributing_is_shown_and_its_texts_keep_the_rules(run):
    _, shown = run("CONTRIBUTING.md")
    assert len(shown) == 1 and "120.6" in shown[0]
    cells = [v4.new_code_cell(code) for code in blocks("CONTRIBUTING.md", "python")]
    assert list(prose.typed_numbers(v4.new_notebook(cells=cells))) == []


def test_the_sentences_of_contributing_agree_with_the_figure(run):
    names, _ = run("CONTRIBUTING.md")
    (example,) = blocks("CONTRIBUTING.md", "markdown")
    found = [number for number in numbers_in(example) if not number.free]
    assert len(found) >= 4
    for number in numbers_in(example):
        if number.expression and number.expression != prose.QUOTED:
            answer = answers.answer(number.expression, names)
            assert prose.agrees(number, answer["answer"]), number
    assert all(number.expression for number in found)


@pytest.mark.parametrize(
    "line",
    [
        line.partition("#")[0]
        for block in blocks("README.md", "sh")
        for line in block.split("\n")
        if line.startswith("partnership ")
    ],
)
def test_the_commands_of_the_readme_work(line, tmp_path, monkeypatch):
    for file in re.findall(r"\bBACI_\w+\.parquet", line):  # a reader's own
        flow = {"t": [2022], "i": ["008"], "j": ["012"], "k": ["010121"], "v": [1.5]}
        pd.DataFrame(flow).to_parquet(tmp_path / file)
        monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli.main, shlex.split(line)[1:])
    written = re.search(r"--out (\S+)", line)
    said = Path(written[1]).is_file() if written else result.output.strip()
    assert result.exit_code == 0 and said, result.output


def ask(commands):
    """What a block of commands says, line by line; none may fail or say nothing."""
    said = []
    for line in commands.splitlines():
        result = CliRunner().invoke(cli.main, shlex.split(line)[1:])
        assert result.exit_code == 0 and result.output, result.output
        said.append(result.output)
    return said


def test_another_pair_in_ten_minutes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (first, then), (added,) = (blocks("CONTRIBUTING.md", one) for one in ("sh", "csv"))
    (written,) = ask(first)
    assert "no table has: goods_exports, goods_imports" in written
    for table, row in zip(("sources", "trade"), added.splitlines(), strict=True):
        with Path(f"kaz-uzb/{table}.csv").open("a", encoding="utf-8") as file:
            file.write(row + "\n")
    recorded, *_ = ask(then)
    assert recorded == "recorded: trade, sources\ndata: no fault\n"
    # The row is that of the pair that stands.
    made, stands = map(p.open, ("kaz-uzb", ROOT / "tests" / "data" / "kaz_uzb"))
    find, columns = ("goods_imports", "KAZ", "UZB"), ["value", "bound", "source_id"]
    own, other = (p.series(*find, data=one)[columns] for one in (made, stands))
    pd.testing.assert_frame_equal(own, other.loc[["2014"]])
    assert Path("pages/start.html").is_file()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_files_that_are_named_exist(name):
    quoted = re.findall(r"`([\w./*-]+)`", text(name))
    linked = re.findall(r"\]\((?!http)([^)#]+)", text(name))
    paths = [q for q in quoted if re.match(r"(?:data|notebooks|src|tests)/.", q)]
    quoted = [q for q in quoted if q not in paths]
    paths += [f"data/{q}" for q in quoted if re.fullmatch(r"\w+\.csv|\w+\.json", q)]
    modules = [q for q in quoted if re.fullmatch(r"(?:[a-z]+/)?\w+\.py", q)]
    assert len(paths) + len(modules) + len(linked) > 10
    missing = [path for path in [*paths, *linked] if not list(ROOT.glob(path))]
    missing += [part for part in modules if not list(ROOT.glob(f"src/**/{part}"))]
    assert missing == []


def test_the_audit_counts_its_rows_and_names_rows_that_exist():
    page = text("docs/audit.md")
    themes = ["trade", "machinery", "education", "industry", "corridor", "diplomacy"]
    known = {row for theme in themes for row in p.load(theme).observation_id}
    done, left = page.split("\n## Not read\n")
    rows = re.findall(r"^\| (\d+) \| (\w+) \| .+? \| .+? \| (\w+) \|", done, re.M)
    unread = re.findall(r"\b[a-z]\d{4}\b", left)
    small = [row for _, row, difference in rows if difference != "none"]
    said = f"{len(rows)} of {len(rows) + len(unread)} drawn rows could be read"
    assert said in page and f"({len(rows) - len(small)} of {len(rows)} have" in page
    assert {row for _, row, _ in rows} | set(unread) <= known
    assert not {row for _, row, _ in rows} & set(unread)


def test_the_first_paragraph_says_of_each_main_statement_what_the_board_says():
    words = " ".join(text("README.md").split())
    said = {
        "launch of the plant": ("c07", {"supported"}),
        "the 11 documents stand": ("c01", {"supported"}),
        "the students": ("c33", {"supported with a caveat"}),
        "and the distance stand by one definition": (
            "c44",
            {"supported with a caveat"},
        ),
        "and the record": ("c04", {"overstated", "contradicted"}),
        "and the tractors do not stand": ("c28", {"overstated", "contradicted"}),
    }
    board = verdicts.both().dropna(subset="headline")
    assert "of its six main statements" in words and len(board) == len(said)
    for words_of, (claim, allowed) in said.items():
        assert words_of in words and board.at[claim, "now"] in allowed
