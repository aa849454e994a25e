"""What the kernel answers: values that a sentence may state, and where they stand."""

import datetime
import math
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import partnership as p
from partnership.workshop import answers
from partnership.workshop.answers import answer, printed


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
def test_a_value_is_written_as_sentences_are_compared_with_it(value, text):
    assert printed(value) == text


@pytest.mark.parametrize(
    "value",
    [
        *(True, np.True_, None, "many", "319 million", [1], {"a": 1}, 1j),
        *(pd.NA, pd.NaT, pd.Series([319.0]), np.array([319.0]), np.array(319.0)),
    ],
)
def test_what_is_not_one_number_is_refused(value):
    with pytest.raises(TypeError, match="allowed is"):
        printed(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, np.float64("nan")])
def test_missing_numbers_are_refused(value):
    with pytest.raises(ValueError, match="no sentence can rest on it"):
        printed(value)


class Counter:
    """What changes with each call, by a name that says nothing."""

    calls = 0

    def up(self):
        self.calls += 1
        return self.calls


@pytest.fixture
def names():
    """Return the variables of an invented notebook."""
    stated = pd.DataFrame(
        {
            "value": [10.0, 30.5, 30.5, 20.0],
            "low": [9.0, 30.0, 30.0, 20.0],
            "observation_id": ["a1", "a2", "a3", "a4"],
        },
        index=pd.Index(["2012", "2013", "2014", "2016/2017"], name="period"),
    )
    stated.attrs["table"] = "trade"
    pairs = pd.MultiIndex.from_product([["2012", "2013"], ["AAA", "BBB"]])
    return {
        "stated": stated,
        "both": stated.set_axis(pairs),
        "own": pd.DataFrame({"value": [1.0]}, index=["2012"]),
        "claimed": p.claim("record_trade_turnover"),
        "draws": iter(range(100)),
        "kept": [1, 2, 3],
        "counter": Counter(),
        "number": 3,
    }


@pytest.mark.parametrize(
    ("expression", "value", "row"),
    [
        ('stated.value["2012"]', "10", "a1"),
        ('stated["value"]["2013"]', "30.5", "a2"),
        ('stated.value.loc["2014"]', "30.5", "a3"),
        ('stated.loc["2013":].value.iloc[-1]', "20", "a4"),
        ("stated.value.iloc[0]", "10", "a1"),
        ("stated.value.min()", "10", "a1"),
        ("stated.iloc[:2].value.max()", "30.5", "a2"),
        ("stated[stated.value < 15].value.item()", "10", "a1"),
        ('both.value["2013", "AAA"]', "30.5", "a3"),
        ("claimed", "300", "c04"),
        # computed: two rows, another column, arithmetic, no observations
        ("stated.value.max()", "30.5", None),
        ('stated.low["2012"]', "9", None),
        ('stated.value["2012"] / 4', "2.5", None),
        ("round(stated.value.min())", "10", None),
        ("stated.value.idxmin()", "2012", None),
        ('own.value["2012"]', "1", None),
        ("number", "3", None),
        ('f"{stated.index[0]}..{stated.index[2]}"', "2012..2014", None),
    ],
)
def test_an_answer_names_the_row_of_a_stated_figure(names, expression, value, row):
    found = answer(expression, names)
    expected = {"expression": expression, "answer": value}
    if row:
        expected |= {"table": "claims" if row == "c04" else "trade", "row": row}
    assert found == expected


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("number +", "no Python expression"),
        ("number = 4", "no Python expression"),
        ("number; number", "no Python expression"),
        ("import os", "no Python expression"),
        ("(number := 4)", "may change state"),
        ("[(yield number)]", "may change state"),
        ("[await number]", "may change state"),
        ("kept.pop()", "call of pop"),
        ("len([kept.append(4), kept])", "call of append"),
        ("next(draws)", "call of next"),
        ("stated.sort_values('value', inplace=True)", "inplace"),
        ("setattr(stated, 'a', number)", "call of setattr"),
        ("stated.__len__()", "__len__"),
        ("__import__('os').getpid()", "__import__"),
        ("319", "no name of the notebook"),
        ("sum([300, 19])", "no name of the notebook"),
        ("unknown", "NameError: name 'unknown' is not defined"),
        ('stated.value["1999"]', "KeyError"),
        ("stated.value", "found Series"),
        ("stated.value.head(1)", "found Series"),
        ("number > 2", "found bool"),
        ("number / 0", "ZeroDivisionError"),
        ('stated.value["2012"] * float("nan")', "no sentence can rest on it"),
        ("list(stated)[0]", "found the text 'value'"),
    ],
)
def test_what_may_not_be_asked_is_an_error_and_changes_nothing(
    names, expression, reason
):
    before = repr(names["stated"]), list(names["kept"]), set(names)
    assert reason in answer(expression, names)["error"]
    assert (repr(names["stated"]), list(names["kept"]), set(names)) == before


def asked(names, *expressions):
    """Ask as a kernel is asked."""
    (call,) = answers.request(expressions).values()
    text = repr(eval(call, {**names}))
    content = {"answers": {"status": "ok", "data": {"text/plain": text}}}
    return answers.reply({"user_expressions": content})


def test_expressions_travel_to_the_kernel_and_back(names):
    expressions = ["number", 'stated.value["2012"]', "len('\\'\"') + number", "nothing"]
    found = asked(names, *expressions)
    assert [one["expression"] for one in found] == expressions
    assert [one.get("answer") for one in found] == ["3", "10", "5", None]


def test_an_expression_that_changes_state_by_another_name_is_caught(names):
    good, bad = asked(names, "number", "counter.up()")
    assert good["answer"] == "3"
    assert "answer" not in bad and "it changes state" in bad["error"]


def test_a_kernel_that_cannot_answer_is_an_error():
    failed = {"status": "error", "ename": "ImportError", "evalue": "no package"}
    for content in (failed, {"user_expressions": {"answers": failed}}):
        with pytest.raises(RuntimeError, match="ImportError: no package"):
            answers.reply(content)


def test_answers_leave_the_checks_unloaded():
    loaded = (
        "import sys, partnership.workshop.answers;"
        "print({'nbformat', 'mistune', 'pandas'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() in ("set()", "{'pandas'}")
