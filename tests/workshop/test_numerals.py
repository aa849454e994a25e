"""Numbers in a text: which need an expression, and which do not."""

import pytest

from partnership.workshop import prose
from partnership.workshop.answers import printed
from partnership.workshop.numerals import numbers_in

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
    ("text", "expression", "value"),
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
def test_the_expression_of_a_number(text, expression, value):
    found = [(n.expression, n.value) for n in numbers_in(text) if n.expression]
    assert found == [(expression, value)]


def test_an_expression_may_hold_what_ends_other_tags():
    (found,) = numbers_in('**3**<!--(goods.value["a"] > 2).sum()-->')
    assert found.expression == '(goods.value["a"] > 2).sum()'
    (found,) = numbers_in("3<!--sum(\n    goods)-->")
    assert found.expression == "sum( goods)"
    assert not numbers_in("<!-- why: this is a comment -->")


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
def test_prose_agrees_at_its_own_precision(text, bound, fine):
    *_, number = numbers_in(f"It was {text}<!--value-->.")
    assert prose.agrees(number, printed(bound)) is fine
