"""Notebooks and Markdown as HTML; the hidden marks of numbers are nowhere."""

import json

import pytest
from bs4 import BeautifulSoup
from nbformat import v4

from invented import picture
from partnership import site as website
from partnership.evidence.faults import DataError
from partnership.site import convert


def test_numbers_in_marks_and_math_survive():
    assert convert.plain("319<!--peak--> and 3") == "319 and 3"
    assert "<math" in convert.markdown("a $x^2$ b")
    assert 'display="block"' in convert.markdown("$$x^2$$")
    lines = convert.markdown("So\n\n$$\na\n- b\n$$\n\nit is")
    assert 'display="block"' in lines and "<li>" not in lines


MARKS = [
    *("HIDDEN > 3", "HIDDEN | b", "HIDDEN[1](2)", "HIDDEN['a']", 'f("HIDDEN**")'),
    *("HIDDEN--1", "$HIDDEN", "`HIDDEN", "HIDDEN\n+ b", "<b>HIDDEN</b>", "-HIDDEN-"),
]


@pytest.mark.parametrize("mark", MARKS)
def test_marks_hold_any_expression(mark):
    said = convert.markdown(f"From **3**<!--{mark}--> to `4`<!--{mark}--> of $x$.")
    assert said.startswith("<p>From <strong>3</strong> to <code>4</code> of <math")
    table = convert.markdown(f"| a | b |\n|---|---|\n| 1<!--{mark}--> | 2 |\n")
    assert "<td>1</td>" in table and "<td>2</td>" in table


@pytest.mark.parametrize(
    "code",
    [
        "`<!--kept-->`",
        "``` ` <!--kept-->```",
        "```\n<!--kept-->\n```",
        "~~~\n<!--kept-->",
    ],
)
def test_code_keeps_its_comments(code):
    assert "&lt;!--kept--&gt;" in convert.markdown(f"3<!--gone-->\n\n{code}")
    assert "gone" not in convert.markdown(f"3<!--gone-->\n\n{code}")


def test_marks_are_on_no_page(package, checkout, tmp_path):
    number = "".join(f"3<!--{mark}-->" for mark in MARKS)
    value = {"expression": "HIDDEN", "answer": "3"}
    prose = v4.new_markdown_cell(
        f"## A part with {number}\n\n- {number}\n\n> **{number}**\n\n"
        f"| a | b |\n|---|---|\n| {number} | 2 |\n",
        metadata={"partnership": {"values": [value]}},
    )
    shown = picture(title=f"At {number}", alt=f"Of {number}")
    root = checkout(
        package().path,
        **{
            "01_a": [
                v4.new_markdown_cell(f"# At {number}\n\n**Question.** Is it {number}?"),
                v4.new_code_cell("a > b", outputs=[shown]),
                v4.new_markdown_cell(f"**Answer.** It is {number}."),
                prose,
            ]
        },
    )
    glossary = f"# Words\n\n## {number}\n\nAre {number}."
    (root / "notebooks" / "GLOSSARY.md").write_text(glossary)
    (root / "README.md").write_text(f"# Two\n\n{number} of AAA.")
    site = tmp_path / "site"
    for path in [*website.build(root, site), "static/documents.js"]:
        text = (site / path).read_text()
        assert "HIDDEN" not in text and "<!--" not in text, path
    deck = (site / "slides" / "01.html").read_text()
    threes = "3" * len(MARKS)
    assert f"It is {threes}." in deck and f'alt="Of {threes}"' in deck


def test_a_widget_falls_back_to_what_is_static(tmp_path):
    view = {"model_id": "1", "version_major": 2}
    data = {convert.WIDGET: view, "text/plain": "interactive(children=("}
    output = v4.new_output("display_data", data)
    notebook = v4.new_notebook(cells=[v4.new_code_cell("slider", outputs=[output])])
    file = tmp_path / "a.ipynb"
    file.write_text(json.dumps(notebook))
    body = convert.page_body(convert.notebook(file, convert.Pictures()))
    assert "interactive(" not in body and "Run this cell in JupyterLab" in body


def test_detail_folds_under_its_heading(tmp_path):
    tag = {"tags": ["detail"]}
    notebook = v4.new_notebook(
        cells=[
            v4.new_markdown_cell("## Found\n\nSeven."),
            v4.new_markdown_cell("### How *it* is found\n\nBy counting.", metadata=tag),
            v4.new_code_cell("count()", metadata=tag),
            v4.new_markdown_cell("So it is."),
        ]
    )
    file = tmp_path / "a.ipynb"
    file.write_text(json.dumps(notebook))
    body = BeautifulSoup(
        convert.page_body(convert.notebook(file, convert.Pictures())), "html.parser"
    )
    fold = body.select_one("details.detail")
    assert fold.summary.h3.get_text() == "How it is found"
    assert "By counting." in fold.get_text() and "count()" in fold.get_text()
    assert "open" not in fold.attrs
    assert not {"Seven.", "So it is."} & {*fold.stripped_strings}


def test_text_in_lists_of_lines_is_joined(tmp_path):
    stream = {"output_type": "stream", "name": "stdout", "text": ["1\n", "2 < 3\n"]}
    cell = {"cell_type": "code", "source": ["a\n", "b"], "metadata": {}}
    made = {"nbformat": 4, "metadata": {}, "cells": [cell | {"outputs": [stream]}]}
    file = tmp_path / "a.ipynb"
    file.write_text(json.dumps(made), encoding="utf-8")
    body = convert.page_body(convert.notebook(file, convert.Pictures()))
    assert '<pre class="code">a\nb</pre>' in body and "1\n2 &lt; 3\n" in body


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "ends too early"),
        ("[]", "found no notebook"),
        ('{"nbformat": 3, "worksheets": []}', "open it in JupyterLab and save it"),
    ],
)
def test_what_is_no_notebook_is_named(tmp_path, text, said):
    file = tmp_path / "old.ipynb"
    file.write_text(text)
    with pytest.raises(DataError, match=rf"^old\.ipynb.*{said}"):
        convert.notebook(file, convert.Pictures())
