"""Cohen's kappa on numbers worked by hand."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership.methods.agreement import kappa

# Twenty things: both yes 8, both no 6, one of each kind 2 and 4.
ONE = ["yes"] * 10 + ["no"] * 10
TWO = ["yes"] * 8 + ["no"] * 2 + ["yes"] * 4 + ["no"] * 6


def test_a_table_worked_by_hand():
    found = kappa(ONE, TWO)
    # 14 of 20 agree; chance gives 0.5 x 0.6 + 0.5 x 0.4 = 0.5; (0.7 - 0.5) / 0.5
    assert found[:4].to_dict() == pytest.approx(
        {"things": 20, "agree": 0.7, "by_chance": 0.5, "kappa": 0.4}
    )
    # Its standard error is sqrt(0.7 x 0.3 / 20) / 0.5 = 0.20, by Cohen's formula.
    assert found["low"] == pytest.approx(0.4 - 1.96 * 0.2, abs=0.06)
    assert found["high"] == pytest.approx(0.4 + 1.96 * 0.2, abs=0.06)


def test_more_classes_and_one_that_only_one_reader_knows():
    found = kappa(list("aabbc"), list("aabbb"))
    # chance: 0.4 x 0.4 + 0.4 x 0.6 = 0.4
    assert found["kappa"] == pytest.approx((0.8 - 0.4) / 0.6)


def test_the_ends_of_the_scale():
    assert kappa("abab", "abab")[["kappa", "low", "high"]].tolist() == [1, 1, 1]
    assert kappa("aabb", "bbaa")["kappa"] == -1
    assert kappa("aabb", "abab")["kappa"] == 0


def test_one_class_says_nothing():
    assert math.isnan(kappa("aaa", "aaa")["kappa"])


def test_the_interval_is_seeded():
    assert kappa(ONE, TWO).equals(kappa(ONE, TWO))
    assert not kappa(ONE, TWO).equals(kappa(ONE, TWO, seed=1))


@given(st.lists(st.tuples(*[st.sampled_from("abc")] * 2), min_size=2, max_size=30))
def test_order_of_things_and_of_readers_does_not_matter(pairs):
    one, two = zip(*pairs, strict=True)
    found = kappa(one, two, draws=50)
    same = kappa(one[::-1], two[::-1], draws=50)
    assert found.equals(same)
    assert found["kappa"] == pytest.approx(kappa(two, one)["kappa"], nan_ok=True)


@pytest.mark.parametrize(
    ("one", "two", "message"),
    [
        ("ab", ["a", None], "two: found no class; allowed is a class for each thing"),
        (None, "ab", "one: found no class; allowed is a class for each thing"),
        (
            pd.Series(["a", "b"], [0, 1]),
            pd.Series(["a", "b"], [1, 0]),
            "two: found another index; allowed is that of one, in its order",
        ),
    ],
)
def test_things_are_named_and_judged(one, two, message):
    with pytest.raises(ValueError, match=message):
        kappa(one, two)


@pytest.mark.parametrize(("one", "two"), [("", ""), ("ab", "a")])
def test_readers_judge_the_same_things(one, two):
    with pytest.raises(ValueError, match=r"two: found .*; allowed is as many as in"):
        kappa(one, two)
