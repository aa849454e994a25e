"""Each rule for notebooks catches what it is for, and only that."""

import copy
import json

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
    new_raw_cell,
)

from partnership import sources_used
from partnership.evidence.faults import DataError
from partnership.workshop import reading, rules
from partnership.workshop.rules import RULES, problems

TITLE = """\
# 1. Was 2016 a record year?

**Question.** Did trade reach a record of USD 300<!--claimed--> million in 2016?
"""
ANSWER = """\
**Answer.** No: goods turnover was 319<!--goods.max()--> million in 2013. It fell after
that, f.o.b. or c.i.f. alike.

**Time.** About 20 minutes, 3 of them for the exercise.

**You learn.** How to lay sources side by side.

**Data.** As collected on 23 November 2026.
"""
ALT = "Line chart: turnover rises to 319 million dollars in 2013 and falls after that."
PICTURE = {"alt": ALT, "title": "Turnover peaked in 2013", "sources": ["belstat-2017"]}
TABLE = pd.DataFrame(
    {
        "source_id": ["belstat-2017", "embassy-2014"],
        "publisher": ["Belstat", None],
        "title": ["Foreign trade <2017> | goods", "Trade & economy"],
        "url": ["https://example.org/home/a/b?x=1&y=2", pd.NA],
        "published": ["2017-07-01", pd.Timestamp("2014-02-03")],
        "kind": ["statistics", "web page"],
    }
)


QUIET, DETAIL = {"jupyter": {"source_hidden": True}}, {"tags": ["detail"]}


def code(source, *outputs, count=None, **metadata):
    return new_code_cell(
        source, outputs=list(outputs), execution_count=count, metadata=metadata
    )


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def picture(**about):
    return new_output(
        "display_data",
        data={"image/png": "aWNvbg==", "text/plain": ALT},
        metadata={"image/png": PICTURE | about},
    )


def shown(**data):
    return new_output(
        "execute_result",
        data={kind.replace("_", "/"): text for kind, text in data.items()},
        execution_count=1,
    )


def numbered(cells):
    """Notebook of the cells, executed in order."""
    codes = [cell for cell in cells if cell.cell_type == "code"]
    for count, cell in enumerate(codes, start=1):
        cell.execution_count = count
    return new_notebook(cells=cells)


def text(source, **answers):
    """Cell of prose with the answers of its kernel."""
    values = [
        {"expression": expression, "answer": answer}
        for expression, answer in answers.items()
    ]
    return new_markdown_cell(source, metadata={"partnership": {"values": values}})


@pytest.fixture
def good():
    table = sources_used(["embassy-2014", "belstat-2017"], sources=TABLE)
    return numbered(
        [
            text(TITLE, claimed="300"),
            code("import partnership as p", **QUIET),
            code("ax = drawn(goods)\ncharts.show(ax, alt=text)", picture()),
            text(ANSWER, **{"goods.max()": "319"}),
            text(
                "## 2. What fell?\n\nExports fell by −12.3<!--change--> percent, and\n"
                "**35<!--share--> %** of them were machines (SITC 7).\n\n"
                "### By product\n\n1. Tractors: `MTZ`, 2006–2023.\n2. The rest.\n\n"
                "| Product | Share, % |\n|---|---|\n| Tractors | 21<!--tractors--> |",
                change="-12.34",
                share="34.6",
                tractors="21.2",
            ),
            code(
                "change = round(growth, 2)\nshare, tractors = shares",
                **QUIET,
            ),
            new_markdown_cell("## What we learned\n\nTrade peaked in 2013.\n"),
            new_markdown_cell("## Limits\n\nNobody reported after 2021.\n"),
            new_markdown_cell(
                "## Your turn\n\nSee [exercise 1](exercises/01.ipynb).\n"
            ),
            new_markdown_cell("## Sources used"),
            code(
                "sources_used(turnover)",
                shown(text_plain=repr(table), text_html=table._repr_html_()),
                **QUIET,
            ),
        ]
    )


def messages(notebook):
    nbformat.validate(notebook)
    return problems(notebook)


def test_a_good_notebook_has_no_problems(good, tmp_path):
    assert messages(good) == []
    nbformat.write(good, tmp_path / "01_good.ipynb")
    assert problems(reading.read(tmp_path / "01_good.ipynb")) == []


def test_messages_name_cell_section_and_sentence(good):
    replace(3, "319<", "318<")(good)
    (found,) = problems(good)
    assert found.startswith("cell 4 (markdown), section “1. Was 2016 a reco")
    assert "goods.max(): expected 319, found 318" in found
    assert "[“…No: goods turnover was 318 million in 2013. It fell…”]" in found


def test_rules_can_be_selected(good):
    good.cells = good.cells[:6]
    assert problems(good)
    endings = (rules.last_sections, rules.sources_listed)
    assert problems(good, [rule for rule in RULES if rule not in endings]) == []


BROKEN = {
    b"": "is empty",
    b"{}": "found no notebook; allowed: a notebook of format 4: open it in JupyterLab",
    b"[]": "found no notebook",
    b"{not json": "is no valid JSON",
    b'{"nbformat": 4}': "its JSON, cells: found None; allowed is a list",
    b'{"nbformat": 3, "worksheets": []}': "found nbformat 3; allowed: a notebook of",
    b'{"nbformat": 4, "cells": [': "is no valid JSON: it ends too early",
    b'\xef\xbb\xbf{"nbformat": 4}': "starts with a byte order mark; allowed: UTF-8",
    b'{"nbformat": 4,\n<<<<<<< HEAD\n': "line 2: found <<<<<<<, a mark of two versions",
    b'{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code"}]}': "cells 1, so",
    '{"nbformat": 4}'.encode("utf-16"): "is UTF-16 or UTF-32",
    b"[" * 100_000: "is nested too deep",
}


def of_cell(**about):
    made = {"cell_type": "markdown", "id": "a", "source": "", "metadata": about}
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": [made]}).encode()


BROKEN |= {
    of_cell(partnership="x"): "metadata, partnership: found 'x'; allowed is an object",
    of_cell(partnership={"values": [{"row": "a"}]}): "expression: found None; allow",
    of_cell(tags="detail"): "cells 1, metadata, tags: found 'detail'; allowed is a",
    of_cell(jupyter=1): "cells 1, metadata, jupyter: found 1; allowed is an object",
    b'{"nbformat": 4, "metadata": {"widgets": 1}, "cells": []}': "widgets: found 1; a",
}


@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_file_is_one_message(tmp_path, content):
    path = tmp_path / "broken.ipynb"
    path.write_bytes(content)
    with pytest.raises(DataError) as error:
        reading.read(path)
    found = str(error.value)
    assert found.startswith("broken.ipynb") and "\n" not in found
    assert BROKEN[content] in found


def test_a_missing_file_is_one_message(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        reading.read(tmp_path / "none.ipynb")


def replace(index, old, new):
    def change(nb):
        assert old in nb.cells[index].source
        nb.cells[index].source = nb.cells[index].source.replace(old, new, 1)

    return change


def output(index, **about):
    def change(nb):
        nb.cells[index].outputs[0].metadata["image/png"].update(about)

    return change


def insert(index, cell):
    """Change that puts a cell in; code cells are counted again."""

    def change(nb):
        nb.cells.insert(index, copy.deepcopy(cell))
        nb.cells = numbered(nb.cells).cells

    return change


def delete(index):
    def change(nb):
        del nb.cells[index]
        nb.cells = numbered(nb.cells).cells

    return change


def put(index, name, value):
    def change(nb):
        setattr(nb.cells[index], name, value)

    return change


FAILED = new_output("error", ename="ValueError", evalue="bad", traceback=["x"])
LONG = "\n".join(f"a{i} = {i}" for i in range(20))
STYLED = '<style>#T_a1b2c_row0 {color: red}</style><table id="T_a1b2c"></table>'
MUTATIONS = {
    "raw cell": (insert(5, new_raw_cell("1")), "raw cells"),
    "empty cell": (insert(5, code(" ")), "empty code cell"),
    "kernel": (
        lambda nb: nb.metadata.update(kernelspec={"name": "x", "display_name": "x"}),
        "kernel 'x'",
    ),
    "cut cell": (insert(5, code("a", shown(text_html="<td>So...</td>"))), "cut cell"),
    "digits": (insert(5, code("a", shown(text_html="<td>1.06333</td>"))), "round it"),
    "not executed": (put(2, "execution_count", None), "not executed"),
    "out of order": (put(2, "execution_count", 7), "executed out of order"),
    "error": (insert(5, code("fail()", FAILED)), "an error, ValueError: bad"),
    "error without reason": (
        insert(5, code("fail()", FAILED, tags=["raises-exception"])),
        "an error, ValueError: bad",
        "raises-exception without a reason",
    ),
    "stderr": (
        insert(5, code("x()", printed("Warning: old\n", "stderr"))),
        "wrote to stderr: Warning: old",
    ),
    "ignore tag": (
        put(5, "metadata", {"tags": ["nbval-ignore-output"]}),
        "nbval-ignore-output without a reason",
    ),
    "skip tag": (put(5, "metadata", {"tags": ["nbval-skip"]}), "nbval-skip without"),
    "ignore comment": (
        replace(5, "change =", "# NBVAL_IGNORE_OUTPUT\nchange ="),
        "NBVAL_IGNORE_OUTPUT without a reason",
    ),
    "skip comment": (replace(5, "change =", "#NBVAL_SKIP\nchange ="), "NBVAL_SKIP"),
    "empty reason": (
        put(5, "metadata", {"tags": ["nbval-skip"], "reason": " "}),
        "nbval-skip without a reason",
    ),
    "no alt": (output(2, alt=""), "picture without alt text"),
    "short alt": (output(2, alt="A chart of trade."), "alt text of 17 characters"),
    "alt is title": (output(2, title=ALT), "alt text repeats the title"),
    "no title": (output(2, title=None), "picture without title"),
    "no sources": (output(2, sources=[]), "picture without sources"),
    "sources as text": (output(2, sources=None), "picture without sources"),
    "bare figure": (
        lambda nb: (
            nb.cells[2]
            .outputs[0]
            .data.update({"text/plain": "<Figure size 640x480 with 1 Axes>"})
        ),
        "the figure's size stands in the output",
    ),
    "svg": (
        insert(3, code("draw()", shown(**{"image_svg+xml": "<svg/>"}))),
        "image/svg+xml cannot be compared",
    ),
    "late picture": (
        lambda nb: [insert(2, code(f"x = {i}"))(nb) for i in range(2)],
        "opening: found markdown, code, code, code",
    ),
    "no title cell": (insert(0, code("import os")), "the first cell must be markdown"),
    "level of title": (replace(0, "# 1. Was", "Was"), "starts without a title"),
    "no question": (replace(0, "**Question.** ", ""), "no paragraph **Question.**"),
    "colon": (replace(3, "**Data.**", "**Data:**"), "no paragraph **Data.**"),
    "run together": (replace(3, "\n\n**You", "\n**You"), "no paragraph **You learn.**"),
    "no question mark": (replace(0, "in 2016?", "in 2016."), "mark"),
    "long answer": (replace(3, "alike.", "alike. A. B. C."), "has 5 sentences"),
    "no minutes": (replace(3, "minutes", "pages"), "says no minutes"),
    "no vintage": (replace(3, "23 November 2026", "ever"), "**Data.** has no date"),
    "no time": (replace(3, "**Time.**", "Time."), "no paragraph **Time.**"),
    "late import": (
        replace(5, "change =", "import os\nchange ="),
        "'import os' outside",
    ),
    "nested import": (
        replace(5, "change =", "def f():\n    from os import path\n\nchange ="),
        "'from os import path' outside the import cell",
    ),
    "no import cell": (put(1, "source", "x = 1"), "must be the import cell"),
    "install": (replace(1, "import p", "%pip install x\nimport p"), "'%pip install x'"),
    "shell": (replace(1, "import p", "!ls\nimport p"), "'!ls' is not Python"),
    "syntax": (replace(2, "alt=text)", "alt=text"), "not valid Python"),
    "long cell": (replace(2, "charts", f"{LONG}\ncharts"), "20 are allowed"),
    "second title": (replace(6, "## What", "# What"), "second title of level 1"),
    "skipped level": (replace(4, "### By", "#### By"), "from level 2 to level 4"),
    "empty heading": (replace(4, "### By product", "###"), "empty heading"),
    "underlined": (
        replace(4, "### By", "Old\n===\n\n### By"),
        "with #, not underlined",
    ),
    "last sections": (replace(7, "Limits", "Caveats"), "the last sections must be"),
    "section missing": (delete(8), "the last sections must be"),
    "empty section": (put(7, "source", "## Limits\n"), "section “Limits” is empty"),
    "no sources used": (put(10, "source", "used()"), "calls no sources_used"),
    "source not listed": (
        output(2, sources=["belstat-2018"]),
        "source belstat-2018 of the picture is not among",
    ),
    "part of an id": (output(2, sources=["belstat"]), "source belstat of the picture"),
    "styler": (insert(5, code("t", shown(text_html=STYLED))), "pandas Styler"),
    "address": (
        insert(5, code("ax", shown(text_plain="<Axes at 0x7f00aa>"))),
        "memory address 'at 0x7f00aa'",
    ),
    "path in output": (
        insert(5, code("x", printed("saved /home/me/a.csv\n"))),
        "absolute path '/home/me/a.csv' in the output",
    ),
    "path in code": (
        replace(5, "change =", 'x = open("/data/a.csv")\nchange ='),
        "/data",
    ),
    "home": (replace(5, "change =", 'x = "~/a.csv"\nchange ='), "'~/a.csv'"),
    "windows": (replace(5, "change =", 'x = r"C:\\data"\nchange ='), "absolute path"),
    "widget output": (
        insert(
            5, code("w", shown(**{"application_vnd.jupyter.widget-view+json": "{}"}))
        ),
        "needs scripts",
    ),
    "script": (
        insert(5, code("w", shown(text_html="<script>1</script>"))),
        "needs scripts",
    ),
    "widget state": (lambda nb: nb.metadata.update(widgets={}), "widget state"),
    "dollars": (
        replace(7, "Nobody", "From $a to $b. Nobody"),
        "two dollar signs in a paragraph",
    ),
    "number in prose": (replace(4, "35<", "36<"), "share: expected 34.6, found 36"),
    "typed number": (replace(2, "alt=text", "alt='to 300'"), "300 is typed"),
    "typed for the prose": (
        replace(5, "share, tractors = shares", "share = 34.6"),
        "share: typed in the code for this sentence only",
    ),
    "answer too early": (
        lambda nb: nb.cells.insert(1, nb.cells.pop(3)),
        "found markdown, markdown, code",
    ),
    "answer in the title": (replace(0, "2016?\n", "2016?\n\n**Data.** x"), "the parts"),
    "open import cell": (put(1, "metadata", {}), "tells no story: collapse its code"),
    "open list of sources": (put(10, "metadata", {}), "tells no story"),
    "long paragraph": (
        replace(7, "Nobody", "Nobody " * 75 + "at all"),
        "a paragraph of 80 words, fewer than 80 allowed",
    ),
    "long paragraph of a list": (
        replace(4, "The rest.", "The rest.\n\n   " + "It is. " * 40),
        "a paragraph of 80 words",
    ),
    "detail without a heading": (
        put(5, "metadata", QUIET | {"tags": ["detail"]}),
        "begin the detail with a heading",
    ),
    "detail swallows a section": (
        insert(5, new_markdown_cell("### A\n\nB.\n\n## C\n\nD.", metadata=DETAIL)),
        "a section begins within the detail",
    ),
    "detail of the opening": (
        put(3, "metadata", DETAIL),
        "the opening is no detail",
    ),
    "limits are no detail": (
        put(7, "metadata", DETAIL),
        "section “Limits” is no detail",
    ),
    "no lead figure": (put(2, "outputs", []), "no picture before the answer"),
    "code in a row": (
        lambda nb: [insert(5, code(f"x = {i}"))(nb) for i in range(3)],
        "4 code cells without prose",
    ),
    "row id": (replace(5, "growth", "row['t0123']"), "row id 't0123'"),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_each_fault_is_caught(good, name):
    change, *expected = MUTATIONS[name]
    change(good)
    found = problems(good)
    for text in expected:
        assert any(text in message for message in found), found


def test_every_rule_is_caught_by_a_mutation(good):
    silent = {rule.__name__ for rule in RULES}
    for change, *_ in MUTATIONS.values():
        changed = copy.deepcopy(good)
        change(changed)
        silent -= {rule.__name__ for rule in RULES if list(rule(changed))}
    assert not silent


def test_parts_in_another_order(good):
    cell = good.cells[3]
    blocks = cell.source.split("\n\n")
    blocks[1], blocks[2] = blocks[2], blocks[1]
    cell.source = "\n\n".join(blocks)
    assert "must be in order: Question, Answer" in messages(good)[0]


@pytest.mark.parametrize(
    "change",
    [
        put(5, "metadata", QUIET | {"tags": ["nbval-skip"], "reason": "no time"}),
        replace(5, "change =", "# NBVAL_IGNORE_OUTPUT why: x\n# why: slow\nchange ="),
        insert(5, code("f()  # why: shown", FAILED, tags=["raises-exception"])),
        insert(5, code("%matplotlib inline", **QUIET)),
        insert(
            5, code("\n\n".join(f"# note\nf(\n    {i},\n)" for i in range(6)), **QUIET)
        ),
        insert(5, code("x", printed("km/h, and/or 1/2/3, https://a.org/home/me/x\n"))),
        insert(5, new_markdown_cell("Let $x_{12}$ be $a + 3$; [a](/b/c), 2016.")),
        insert(5, new_markdown_cell("```\n# 7 no heading\n$1 $2\n```")),
        insert(5, new_markdown_cell("## A\n\nB.\n\n### C", metadata=DETAIL)),
    ],
)
def test_what_is_allowed(good, change):
    change(good)
    assert messages(good) == []


def test_the_dollar_rule_knows_formulas():
    def found(text):
        return list(rules.dollar_signs(new_notebook(cells=[new_markdown_cell(text)])))

    assert found("from $300 to $400")
    assert found(r"from \$300 to \$400")
    assert found("from &#36;300 to $400")
    assert found("a cost of US$ and a price of US$")
    assert not found("only $300")
    assert not found("from $300\n\nto $400")
    assert not found("let $x$ and $y_{i j}$ be 0, and $$a b c$$")
    assert not found("let `$x` and `$y`")
