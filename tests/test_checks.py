"""Checks of arguments: one table of (check, bad value, message)."""

import math
import re

import numpy as np
import pandas as pd
import pytest

from partnership import checks

NAN, S = math.nan, pd.Series
FRAME = pd.DataFrame({"period": ["2015", "2016"], "value": [1, 2]})
NUMBER = "a finite number from 0 up"
YEAR = 'a year from 1000 to 2999 as 2016, "2016" or "2016/2017"'

BAD = [
    # check, arguments, bounds, found, allowed
    *((checks.number, v, {}, repr(v), NUMBER) for v in (-1, True, "1", None, NAN, 1j)),
    (checks.number, math.inf, {"low": -math.inf}, "inf", "a finite number"),
    (checks.number, np.float64(-2), {}, "-2.0", NUMBER),
    (checks.number, 0, {"above": True}, "0", "a finite number above 0"),
    (checks.number, 2, {"high": 1}, "2", "a finite number from 0 to 1"),
    (checks.number, 2.0, {"whole": True}, "2.0", "a whole number from 0 up"),
    (checks.number, 4, {"low": 5, "whole": True}, "4", "a whole number from 5 up"),
    (checks.array, [[1, 2], [3, -4]], {}, "-4", NUMBER),
    (checks.array, [[1, 2], [3]], {}, "[1, 2]", NUMBER),
    (checks.array, ["1"], {}, "'1'", NUMBER),
    (checks.array, "1", {}, "'1'", NUMBER),
    (checks.array, pd.to_datetime(["2016"]).as_unit("ns"), {}, "'2016-01-01", None),
    (checks.array, [1, None], {}, "no value (NaN)", NUMBER),
    (checks.array, [1.5], {"whole": True}, "1.5", "a whole number from 0 up"),
    (checks.array, [0, 1], {"keys": "ab", "above": True}, "0 at 'a'", None),
    (checks.numbers, [1], {}, "[1]", "a pandas Series"),
    (checks.numbers, FRAME, {}, "a DataFrame", "a pandas Series"),
    (checks.numbers, S(dtype=float), {}, "no entries", "one or more"),
    (checks.numbers, S([1, 2], ["a", "a"]), {}, "'a' twice", "each once"),
    (checks.numbers, S({"a": "3,5"}), {}, "'3,5' at 'a'", NUMBER),
    (checks.numbers, S({"a": True}), {}, "True at 'a'", NUMBER),
    (checks.numbers, S({"a": 1j}), {}, "1j at 'a'", NUMBER),
    (checks.numbers, S({"a": -1.0}), {}, "-1 at 'a'", NUMBER),
    (checks.numbers, S({1: NAN}), {"gaps": False}, "no value (NaN) at 1", NUMBER),
    *((checks.year, v, {}, repr(v), YEAR) for v in (202211, 16, True, 2016.0, None)),
    *((checks.year, v, {}, repr(v), YEAR) for v in ("2016/2018", "2016-05", "٢٠١٦")),
    (
        checks.yearly,
        S({2000: 1.0, 2002: 2.0}),
        {"consecutive": True},
        "no value for",
        None,
    ),
    (checks.yearly, S({2000: 1.0}), {"years": [2001]}, "no value for 2001", None),
    (checks.yearly, S({2000: -1.0}), {}, "-1 at 2000", NUMBER),
    (checks.need, S([1]), {"columns": ()}, "a Series", "a pandas DataFrame"),
    (checks.need, FRAME, {"columns": ["a"]}, "no column 'a'", "a frame with a"),
    (checks.need, FRAME[:0], {"columns": (), "filled": True}, "no rows", "one or more"),
    (checks.once, FRAME.assign(period=1)[["period"]], {}, "'1' twice", "each once"),
    (checks.choice, "c", {"allowed": "ab"}, "'c'", "one of a, b"),
    (checks.choice, S([1, 2]), {"allowed": "ab"}, "a Series", "one of a, b"),
    (checks.choice, "X1", {"allowed": [f"X{n}" for n in range(20, 40)]}, "'X1'", None),
]


@pytest.mark.parametrize(("check", "value", "bounds", "found", "allowed"), BAD)
def test_what_is_wrong_and_what_is_allowed_are_said(
    check, value, bounds, found, allowed
):
    message = f"it: found {found}" + (f"; allowed is {allowed}" if allowed else "")
    ending = "$" if allowed else ""
    with pytest.raises(ValueError, match=re.escape(message) + ending):
        check(value, argument="it", **bounds)


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ((2016, "2016"), "it, index: found 2016 twice"),
        (("2015", "2016/2017"), "it, index: found calendar and academic years"),
        (("2015", "2016-05"), "it, index: found '2016-05'"),
        ((2015, pd.Timestamp("2016-01-01")), "it, index: found Timestamp"),
    ],
)
def test_an_index_of_other_times_than_years_is_named(keys, found):
    with pytest.raises(ValueError, match=found):
        checks.yearly(S([1.0, 2.0], list(keys)), "it")


@pytest.mark.parametrize(
    "keys", [(2016, 2015), ("2016", "2015"), ("2016/2017", "2015/2016")]
)
def test_years_come_back_whole_and_in_order(keys):
    values = checks.yearly(S([2, None], list(keys), dtype="Int64", name="x"))
    expected = S([NAN, 2.0], pd.Index([2015, 2016], name="year"), name="x")
    pd.testing.assert_series_equal(values, expected)


def test_numbers_come_back_plain():
    assert type(checks.number(np.int32(3), "x", whole=True)) is int
    assert type(checks.number(np.float32(3), "x")) is float
    assert checks.array([1, None, pd.NA], "x", gaps=True).tolist()[0] == 1
    assert checks.choice("a", {"a": 1}, "x") == "a"


def test_a_needed_level_of_the_index_becomes_a_column():
    frame = checks.need(FRAME.set_index("period"), ("period", "value"), "x")
    pd.testing.assert_frame_equal(frame, FRAME)
    kept = FRAME.set_index("period")
    assert checks.need(kept, ("value",), "x") is kept


def test_totals_are_known_by_name():
    names = ["WLD", "W00", "World", "all", "TOTAL", "Total trade", "EU27_2020", "EUU"]
    assert checks.totals([*names, "AAA", "Allspice", "rest of the world", 0]) == names
    assert checks.totals(["000", "112"]) == ["000"]
    assert checks.totals([0, 4, 112]) == [0]
    assert checks.totals(["0", "1", "2"]) == []
