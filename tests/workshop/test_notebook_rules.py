"""Each rule for notebooks catches what it is for, and only that."""

import copy
import datetime
import math
import re
import subprocess
import sys

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
    new_raw_cell,
)

from partnership.evidence.cited import sources_used
from partnership.evidence.faults import DataError
from partnership.workshop import generated, prose, rules
from partnership.workshop.prose import facts, numbers_in
from partnership.workshop.rules import RULES, problems

FIRST = """\
# 1. Was 2016 a record year?

**Question.** Did trade reach a record of USD 300<!--claimed--> million in 2016?

**Answer.** No: goods turnover was 319<!--goods_2013--> million in 2013. It fell after
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


@pytest.fixture
def good():
    table = sources_used(["embassy-2014", "belstat-2017"], sources=TABLE)
    return numbered(
        [
            new_markdown_cell(FIRST),
            code(
                "import partnership as p\nfrom partnership.workshop.prose import facts"
            ),
            code("charts.show(ax, alt=text)", picture()),
            code(
                'facts("USD million", claimed=300, goods_2013=peak)',
                printed("claimed = 300 USD million\ngoods_2013 = 319 USD million\n"),
            ),
            new_markdown_cell(
                "## 2. What fell?\n\nExports fell by −12.3<!--change--> percent, and\n"
                "**35<!--share--> %** of them were machines (SITC 7).\n\n"
                "### By product\n\n1. Tractors: `MTZ`, 2006–2023.\n2. The rest.\n\n"
                "| Product | Share, % |\n|---|---|\n| Tractors | 21<!--tractors--> |"
            ),
            code(
                "change = round(growth, 2)\nassert change == -12.34\n"
                'facts("percent", share=share, tractors=21.2)',
                printed("share = 34.6 percent\ntractors = 21.2 percent\n"),
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
            ),
        ]
    )


def messages(notebook):
    nbformat.validate(notebook)
    return problems(notebook)


def test_a_good_notebook_has_no_problems(good, tmp_path):
    assert messages(good) == []
    nbformat.write(good, tmp_path / "01_good.ipynb")
    assert problems(tmp_path / "01_good.ipynb") == []


def test_messages_name_the_notebook(good, tmp_path):
    good.cells[0].source = good.cells[0].source.replace("319<", "318<")
    nbformat.write(good, tmp_path / "01_trade.ipynb")
    (found,) = problems(str(tmp_path / "01_trade.ipynb"))
    assert found.startswith("01_trade: cell 1 (markdown), section “1. Was 2016 a reco")
    assert "318 is named goods_2013, but cell 4 (In [3]) has goods_2013 = 319" in found
    assert "[“…No: goods turnover was 318 million in 2013. It fell…”]" in found


def test_rules_can_be_selected(good):
    good.cells = good.cells[:6]
    assert {m.split(":")[0] for m in problems(good)} == {"notebook"}
    endings = (rules.last_sections, rules.sources_listed)
    assert problems(good, [rule for rule in RULES if rule not in endings]) == []


@pytest.mark.parametrize("text", ["", "{}", "{not json", '{"nbformat": 4}', "[]"])
def test_a_broken_file_is_one_message(tmp_path, text):
    path = tmp_path / "broken.ipynb"
    path.write_text(text, encoding="utf-8")
    found = problems(path)
    assert len(found) == 1
    assert found[0].startswith("broken: cannot be read as a notebook")


def test_a_missing_file_is_one_message(tmp_path):
    assert "cannot be read" in problems(tmp_path / "none.ipynb")[0]


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
LONG = "\n".join(f"a{i} = {i}" for i in range(11))
STYLED = '<style>#T_a1b2c_row0 {color: red}</style><table id="T_a1b2c"></table>'
MUTATIONS = {
    "raw cell": (insert(5, new_raw_cell("1")), "raw cells"),
    "empty cell": (insert(5, code(" ")), "empty code cell"),
    "kernel": (
        lambda nb: nb.metadata.update(kernelspec={"name": "x", "display_name": "x"}),
        "kernel 'x'",
    ),
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
        "no picture in the first three code cells",
    ),
    "no title cell": (insert(0, code("import os")), "the first cell must be markdown"),
    "level of title": (replace(0, "# 1. Was", "Was"), "starts without a title"),
    "no question": (replace(0, "**Question.** ", ""), "no paragraph **Question.**"),
    "colon": (replace(0, "**Data.**", "**Data:**"), "no paragraph **Data.**"),
    "run together": (replace(0, "\n\n**You", "\n**You"), "no paragraph **You learn.**"),
    "no question mark": (replace(0, "in 2016?\n\n**A", "in 2016.\n\n**A"), "mark"),
    "long answer": (replace(0, "alike.", "alike. A. B. C."), "has 5 sentences"),
    "no minutes": (replace(0, "minutes", "pages"), "says no minutes"),
    "no vintage": (replace(0, "23 November 2026", "ever"), "**Data.** has no date"),
    "no time": (replace(0, "**Time.**", "Time."), "no paragraph **Time.**"),
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
    "long cell": (replace(2, "charts", f"{LONG}\ncharts"), "10 are allowed"),
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
        replace(7, "Nobody", "From $300<!--a--> to $400<!--a-->. Nobody"),
        "two dollar signs in a paragraph",
    ),
    "facts not run": (
        replace(3, "claimed=", "wanted=1, claimed="),
        "facts(wanted=...)",
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_each_fault_is_caught(good, name):
    change, *expected = MUTATIONS[name]
    change(good)
    found = problems(good)
    for text in expected:
        assert any(text in message for message in found), found


def test_every_rule_is_caught_by_a_mutation(good):
    silent = {rule.__name__ for rule in RULES} - {"prose_numbers"}
    for change, *_ in MUTATIONS.values():
        changed = copy.deepcopy(good)
        change(changed)
        silent -= {rule.__name__ for rule in RULES if list(rule(changed))}
    assert not silent


def test_parts_in_another_order(good):
    cell = good.cells[0]
    blocks = cell.source.split("\n\n")
    blocks[1], blocks[2] = blocks[2], blocks[1]
    cell.source = "\n\n".join(blocks)
    assert "must be in order: Question, Answer" in messages(good)[0]


@pytest.mark.parametrize(
    "change",
    [
        put(5, "metadata", {"tags": ["nbval-skip"], "reason": "prints the time"}),
        replace(5, "change =", "# NBVAL_IGNORE_OUTPUT why: x\n# why: slow\nchange ="),
        insert(5, code("f()  # why: shown", FAILED, tags=["raises-exception"])),
        insert(5, code("%matplotlib inline")),
        insert(5, code("\n\n".join(f"# note\nf(\n    {i},\n)" for i in range(5)))),
        insert(5, code("x", printed("km/h, and/or 1/2/3, https://a.org/home/me/x\n"))),
        insert(5, new_markdown_cell("Let $x_{12}$ be $a + 3$; [a](/b/c), 2016.")),
        insert(5, new_markdown_cell("```\n# 7 no heading\n$1 $2\n```")),
    ],
)
def test_what_is_allowed(good, change):
    change(good)
    assert messages(good) == []


# --------------------------------------------------------------------------------------
# Numbers in prose


PROSE_MUTATIONS = {
    "digit in the prose": (replace(0, "319<!", "329<!"), "goods_2013 = 319"),
    "digit in a table": (replace(4, "21<!", "22<!"), "tractors = 21.2"),
    "sign in the prose": (replace(4, "−12.3<", "12.3<"), "the sign differs"),
    "precision": (replace(4, "35<", "34.5<"), "share = 34.6"),
    "name in the prose": (replace(4, "<!--share", "<!--shares"), "did you mean share?"),
    "name elsewhere": (replace(4, "<!--share", "<!--claimed"), "repeat it here"),
    "name of another value": (replace(4, "<!--share", "<!--tractors"), "tractors ="),
    "no name": (replace(4, "<!--share-->", ""), "35 is bound to no value"),
    "comment after the unit": (
        replace(0, "300<!--claimed--> million", "300 million<!--claimed-->"),
        "<!--claimed--> follows no number",
        "300 is bound to no value",
    ),
    "no identifier": (replace(4, "<!--share", "<!--the share"), "must be one name"),
    "two names": (
        replace(4, "<!--share-->", "<!--share--><!--tractors-->"),
        "must be one name",
    ),
    "digit in the output": (
        lambda nb: (
            nb.cells[3].outputs[0].update(text="claimed = 300\ngoods_2013 = 318")
        ),
        "goods_2013 = 318",
    ),
    "name in the output": (
        lambda nb: nb.cells[3].outputs[0].update(text="claimed = 300\ngoods = 319"),
        "named goods_2013, which no code cell of this section prints",
    ),
    "number in the assert": (replace(5, "-12.34", "-13.34"), "change = -13.34"),
    "name in the assert": (replace(5, "assert change", "assert changed"), "change"),
    "other comparison": (replace(5, "== -12.34", "<= -12.34"), "named change, which"),
    "assert in a comment": (replace(5, "assert", "# assert"), "named change, which"),
    "facts dropped": (delete(3), "300 is named claimed, which no code cell"),
    "output dropped": (put(3, "outputs", []), "300 is named claimed, which no code"),
    "not executed": (put(3, "execution_count", None), "named claimed, which no code"),
    "failed": (
        lambda nb: nb.cells[3].outputs.append(FAILED),
        "named claimed, which no code",
    ),
    "facts in the next section": (
        lambda nb: nb.cells.insert(5, nb.cells.pop(3)),
        "it is bound in section “2. What fell?” only",
    ),
    "heading in between": (
        replace(4, "### By product", "## By product"),
        "named change, which no code cell of this section",
    ),
    "number in a heading": (
        replace(4, "What fell?", "What fell by 12?"),
        "12 is bound",
    ),
    "scaled": (replace(0, "319<!", "319,000,000<!"), "nothing is converted"),
    "one off": (replace(0, "319<!", "318<!"), "correct the sentence or the name"),
    "rounded": (replace(0, "319<!", "320<!"), "bind the rounded value"),
}


@pytest.mark.parametrize("name", PROSE_MUTATIONS)
def test_each_fault_of_a_number_is_caught(good, name):
    change, *expected = PROSE_MUTATIONS[name]
    change(good)
    found = list(prose.prose_numbers(good))
    for text in expected:
        assert any(text in message for message in found), found


def test_any_changed_digit_of_a_bound_number_is_caught(good):
    for index in (0, 4):
        source = good.cells[index].source
        for match in re.finditer(r"([0-9.]+)<!--", source):
            for at in range(match.start(1), match.end(1)):
                if source[at] == ".":
                    continue
                digit = str((int(source[at]) + 1) % 10)
                good.cells[index].source = source[:at] + digit + source[at + 1 :]
                assert list(prose.prose_numbers(good)), good.cells[index].source
        good.cells[index].source = source


def test_a_year_with_a_name_is_checked(good):
    named = replace(6, "in 2013", "in 2013<!--year-->")
    named(good)
    assert "2013 is named year, which no code cell" in messages(good)[0]
    for text, fine in [("2013", True), ("2014", False)]:
        changed = copy.deepcopy(good)
        insert(7, code("facts(year=y)", printed(f"year = {text}\n")))(changed)
        assert (messages(changed) == []) is fine


def test_sections_start_inside_cells(good):
    """A cell may hold the end of one section and the start of the next."""
    cell = good.cells.pop(5)
    good.cells[4].source += "\n\n## Next\n\nNo numbers.\n"
    good.cells.insert(5, cell)
    assert "bound in section “Next” only" in next(prose.prose_numbers(good))


def test_dropping_the_time_part_exempts_nothing_else(good):
    replace(6, "Trade", "**Time.** 20 minutes. Trade")(good)
    assert "20 is bound to no value" in messages(good)[0]


NEEDS_NAME = [
    ("$300 million", "300", 300),
    ("USD 300 million", "300", 300),
    ("USD319", "319", 319),
    ("14,000 tractors", "14,000", 14000),
    ("24,200 t", "24,200", 24200),
    ("14\u202f000 tractors", "14\u202f000", 14000),
    ("1,234,567.5", "1,234,567.5", 1234567.5),
    ("1.4 Mt", "1.4", 1.4),
    ("1.4Mt", "1.4", 1.4),
    ("fell by −73 percent", "−73", -73),
    ("fell by -73 percent", "-73", -73),
    ("a balance of −$73 million", "−$73", -73),
    ("35 %", "35", 35),
    ("35%", "35", 35),
    ("35 percent", "35", 35),
    ("0.5", "0.5", 0.5),
    (".5", ".5", 0.5),
    ("_319_", "319", 319),
    ("`319`", "319", 319),
    ("| 319 |", "319", 319),
    ("[319](http://example.org/1)", "319", 319),
    ("2000 tractors", "2000", 2000),
    ("2000 Turkmen students", "2000", 2000),
    ("more than 2000 in all", "2000", 2000),
    ("USD 2016", "2016", 2016),
    ("2016 %", "2016", 2016),
    ("2,016", "2,016", 2016),
    ("1899", "1899", 1899),
    ("2101", "2101", 2101),
    ("32 March", "32", 32),
    ("35 march", "35", 35),
    ("the share was\n35. Then", "35", 35),
    ("## 319 million", "319", 319),
    ("table 14 tractors", "14", 14),
    ("No. 35 of them", "35", 35),
    ("SITC 7, 319 million", "319", 319),
    ("SITC 7 and 35 percent", "35", 35),
    ("version 3.1.1", "3.1.1", None),
    ("<b title='4'>5</b>", "5", 5),
    ("&#36;5", "5", 5),
    ("$319$", "319", 319),
    ("US$ in 2016, 7 per US$ in all", "7", 7),
]


@pytest.mark.parametrize(("text", "digits", "value"), NEEDS_NAME)
def test_numbers_that_need_a_name(text, digits, value):
    found = [number for number in numbers_in(text) if not number.free]
    assert [(number.text, number.value) for number in found] == [(digits, value)]


@pytest.mark.parametrize(
    "text",
    [
        "2016",
        "in 2016, trade",
        "mid-2016",
        "the 1990s",
        "the 2017 visit",
        "the 2013 deliveries",
        "2016/17",
        "2016/2017",
        "1999/00",
        "2006–2023",
        "2006-2023",
        "2006–23",
        "2016/17–2018/19",
        "2009..2017",
        "30 March 2017",
        "29–31 March 2017",
        "29 and 31 March",
        "from 29 to 31 March 2017",
        "29 March–2 April 2017",
        "2 Apr. 2017",
        "March 30, 2017",
        "2017-03-30",
        "2017-03",
        "1st, 2nd, 3rd and 14th",
        "01_trade",
        "## 1. Trade",
        "### 1.2. Trade",
        "1. one\n2. two\n3) three",
        "> 1. one\n> 2. two",
        "35. one\n36. two",
        "section 3, step 2, table 1, cell 14, task 4",
        "decree No. 145",
        "SITC 7",
        "SITC sections 5–8",
        "SITC Rev. 3",
        "HS 8701, 8702 and 31",
        "MTZ-82.1",
        "G20 and CO2",
        "`n = 5`",
        "``a `5` b``",
        "```\n319\n```",
        "~~~ python\n319\n~~~\n",
        "```\n319",
        "$x_{12} = 3$",
        "$$\n3 + 4\n$$",
        "![a](b_12.png)",
        "[a](http://example.org/(300)/x)",
        "[a][12]\n\n[12]: http://example.org/300",
        "<https://example.org/300>",
        "see https://example.org/300 there",
        '<img width="300">',
        "&#160;",
        "note[^12]",
        "<!-- 319 in a comment -->",
    ],
)
def test_numbers_that_need_no_name(text):
    assert [number.text for number in numbers_in(text) if not number.free] == []


@pytest.mark.parametrize("text", ["2016/18", "2016/2018", "2018/2017", "2016/6"])
def test_an_impossible_academic_year_is_no_period(text):
    assert [number for number in numbers_in(text) if not number.free]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("319<!--goods--> million", "goods", 319),
        ("319<!-- goods --> million", "goods", 319),
        ("**319**<!--goods-->", "goods", 319),
        ("**319<!--goods-->**", "goods", 319),
        ("`319`<!--goods-->", "goods", 319),
        ("35 %<!--goods-->", "goods", 35),
        ("35%<!--goods-->", "goods", 35),
        ("23rd<!--goods-->", "goods", 23),
        ("23<!--goods-->rd", "goods", 23),
        ("eleven<!--goods--> documents", "goods", 11),
        ("in 2013<!--goods-->", "goods", 2013),
        ("9,000–14,000<!--goods-->", "goods", 14000),
        ("[319<!--goods-->](x)", "goods", 319),
        ("319 million<!--goods-->", "goods", None),
        ("words<!--goods-->", "goods", None),
    ],
)
def test_the_name_of_a_number(text, name, value):
    assert [(n.name, n.value) for n in numbers_in(text) if n.name] == [(name, value)]


@pytest.mark.parametrize(
    ("text", "bound", "fine"),
    [
        ("2.7", 2.66, True),
        ("2.7", 2.65, True),
        ("2.7", 2.64, False),
        ("2.70", 2.66, False),
        ("319", 319.0, True),
        ("319", 319.5, True),
        ("319", 318.4, False),
        ("319.0", 319, True),
        ("14,000", 14000, True),
        ("14,000", 13962, False),
        ("24,200", 24200.3, True),
        ("−73", -73.2, True),
        ("-73", -73, True),
        ("73", -73, False),
        ("35", 0.35, False),
        ("0", 0.0, True),
        ("2016/17", "2016/2017", True),
        ("2016/17", "2015/2016", False),
        ("2006–2023", "2006..2023", True),
        ("2006–23", "2006..2023", True),
        ("30 March 2017", "2017-03-30", True),
        ("31 March 2017", "2017-03-30", False),
        ("March 30, 2017", "2017-03-30", True),
        ("2017-03", "2017-03", True),
        ("2013", "2013", True),
        ("1990s", 1990, True),
    ],
)
def test_prose_agrees_at_its_own_precision(text, bound, fine, capsys):
    facts(value=bound)
    notebook = numbered(
        [
            new_markdown_cell(f"# A\n\nIt was {text}<!--value-->."),
            code("facts(value=bound)", printed(capsys.readouterr().out)),
        ]
    )
    assert (list(prose.prose_numbers(notebook)) == []) is fine


@pytest.mark.parametrize(
    ("source", "fine"),
    [
        ("assert total == 319", True),
        ("assert round(total) == 319", True),
        ("assert round(total, 1) == 319.0, 'changed'", True),
        ("assert year == 2013 and total == 319", True),
        ("%time x()\nassert total == 319", True),
        ("assert total == 318", False),
        ("assert total == 319 or total == 1", False),
        ("assert 300 < total < 320", False),
        ("assert totals['a'] == 319", False),
        ("assert total == other", False),
        ("if False:\n    assert total == 319", False),
    ],
)
def test_asserts_bind_names(source, fine):
    notebook = numbered([new_markdown_cell("# A\n\n319<!--total--> t"), code(source)])
    assert (list(prose.prose_numbers(notebook)) == []) is fine


def test_all_values_of_a_name_must_agree():
    text = printed("total = 319 t\ntotal = 320 t\n")
    notebook = numbered([new_markdown_cell("# A\n\n319<!--total-->"), code("f", text)])
    (found,) = prose.prose_numbers(notebook)
    assert "total = 320" in found


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


# --------------------------------------------------------------------------------------
# facts, sources and the index


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (319, "319"),
        (319.0, "319"),
        (np.float64(318.99999999999994), "319"),
        (np.int64(14000), "14000"),
        (0.1 + 0.2, "0.3"),
        (-12.345678, "-12.3457"),
        (1234567.891, "1234567.89"),
        (0.000123456789, "0.000123457"),
        (1e15, "1000000000000000"),
        (-0.0, "0"),
        (np.float32(0.5), "0.5"),
        ("2016/2017", "2016/2017"),
        ("2009-12..2017-08", "2009-12..2017-08"),
        (pd.Timestamp("2017-03-30"), "2017-03-30"),
        (datetime.date(2017, 3, 30), "2017-03-30"),
        (np.str_("2013"), "2013"),
    ],
)
def test_facts_print_one_line_a_name(value, text, capsys):
    facts("USD million", goods=value)
    assert capsys.readouterr().out == f"goods = {text} USD million\n"
    facts(goods=value)
    assert capsys.readouterr().out == f"goods = {text}\n"


@pytest.mark.parametrize(
    "value",
    [
        *(True, np.True_, None, "many", "319 million", [1], {"a": 1}, 1j),
        *(pd.NA, pd.NaT, pd.Series([319.0]), np.array([319.0]), np.array(319.0)),
    ],
)
def test_facts_refuse_what_is_not_one_number(value):
    with pytest.raises(TypeError, match="total"):
        facts(total=value)


@pytest.mark.parametrize("value", [math.nan, math.inf, np.float64("nan")])
def test_facts_refuse_missing_numbers(value):
    with pytest.raises(ValueError, match="total = "):
        facts(total=value)


def test_facts_need_names():
    with pytest.raises(TypeError, match="named value"):
        facts("USD million")
    with pytest.raises(TypeError, match="takes names"):
        facts(319)
    facts(unit=3)  # a value may be called unit


def test_facts_leave_the_checks_unloaded():
    loaded = "import sys, partnership.workshop.prose; print('nbformat' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "False"


def test_sources_are_listed_once_by_id():
    one = pd.DataFrame({"source_id": ["embassy-2014", "belstat-2017", None]})
    many = pd.DataFrame({"source_ids": ["belstat-2017;embassy-2014"]})
    indexed = TABLE.set_index("source_id")
    expected = repr(sources_used("belstat-2017", "embassy-2014", sources=TABLE))
    for used in [(one,), (many,), (many, one), (["embassy-2014"], one), (indexed,)]:
        for table in (TABLE, indexed, TABLE.iloc[::-1]):
            assert repr(sources_used(*used, sources=table)) == expected
    assert expected.splitlines() == [
        "Sources used in this notebook",
        "belstat-2017: Belstat, Foreign trade <2017> | goods, 2017-07-01, statistics "
        "https://example.org/home/a/b?x=1&y=2",
        "embassy-2014: Trade & economy, 2014-02-03, web page",
    ]


def test_the_table_of_sources_is_plain_html():
    text = sources_used(TABLE, sources=TABLE)._repr_html_()
    assert "<caption>Sources used in this notebook</caption>" in text
    assert text.count('scope="col"') == 5
    assert text.count('scope="row"') == 2
    assert 'href="https://example.org/home/a/b?x=1&amp;y=2"' in text
    assert "Foreign trade &lt;2017&gt; | goods" in text
    assert "nan" not in text.lower()
    assert "NaT" not in text
    assert "None" not in text


def test_unknown_sources_suggest_near_ones():
    with pytest.raises(DataError, match="belstat-2017"):
        sources_used("belstat-2016", sources=TABLE)
    with pytest.raises(DataError, match="source_id"):
        sources_used(pd.DataFrame({"year": [2016]}), sources=TABLE)
    with pytest.raises(ValueError, match="needs frames"):
        sources_used(sources=TABLE)


def test_sources_come_from_the_data_package(monkeypatch):
    known = TABLE.set_index("source_id")
    monkeypatch.setattr(
        "partnership.evidence.package.sources", lambda used: known.loc[list(used)]
    )
    assert repr(sources_used("embassy-2014")).endswith("2014-02-03, web page")


README = "# A\n\n<!-- notebooks:start -->\nold\n<!-- notebooks:end -->\n\nEnd.\n"


@pytest.fixture
def project(good, tmp_path):
    (tmp_path / "notebooks" / "exercises").mkdir(parents=True)
    nbformat.write(good, tmp_path / "notebooks" / "02_b.ipynb")
    replace(0, "fell after\nthat", "rose | fell")(good)
    nbformat.write(good, tmp_path / "notebooks" / "01_a.ipynb")
    nbformat.write(new_notebook(), tmp_path / "notebooks" / "exercises" / "01.ipynb")
    (tmp_path / "README.md").write_text(README, encoding="utf-8")
    return tmp_path


def test_the_index_holds_question_and_answer(project):
    rows = generated.index_table(project / "notebooks").splitlines()
    question = "Did trade reach a record of USD 300 million in 2016?"
    answer = "No: goods turnover was 319 million in 2013. It rose \\| fell, f.o.b. or"
    assert rows[0] == "| Notebook | Question | Answer |"
    assert rows[2] == (
        f"| [01_a](notebooks/01_a.ipynb) | {question} | {answer} c.i.f. alike. |"
    )
    assert rows[3].startswith("| [02_b](notebooks/02_b.ipynb) |")
    assert len(rows) == 4


def test_the_readme_is_brought_up_to_date(project, good):
    readme = project / "README.md"
    assert not generated.is_current(readme)
    assert generated.write_index(readme) is True
    assert generated.is_current(readme)
    assert generated.write_index(readme) is False
    text = readme.read_bytes().decode()
    assert text.startswith("# A\n\n<!-- notebooks:start -->\n\n| Notebook |")
    assert text.endswith("|\n\n<!-- notebooks:end -->\n\nEnd.\n")
    replace(0, "reach a record", "reach records")(good)
    nbformat.write(good, project / "notebooks" / "01_a.ipynb")
    assert not generated.is_current(readme)


@pytest.mark.parametrize(
    "text",
    [
        "# A\n",
        README.replace("end", "stop"),
        README + README,
        "".join(reversed(README.splitlines(keepends=True))),
    ],
)
def test_the_markers_must_be_there_once(project, text):
    (project / "README.md").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"README\.md: needs one"):
        generated.write_index(project / "README.md")
    assert (project / "README.md").read_text(encoding="utf-8") == text


def test_the_index_needs_a_question(project):
    nbformat.write(new_notebook(), project / "notebooks" / "03_c.ipynb")
    with pytest.raises(ValueError, match=r"03_c\.ipynb: first cell without"):
        generated.index_table(project / "notebooks")
