"""Shares, changes, breaks and forecasts of a short series: worked by hand."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invented import written
from partnership.methods import changes


def yearly(values, first=2007):
    years = range(first, first + len(values))
    return pd.Series(list(values), years, dtype=float, name="students")


counts = st.lists(st.integers(0, 20000), min_size=6, max_size=12).map(yearly)
steps = st.lists(st.integers(-3000, 3000), min_size=6, max_size=10).map(yearly)


def test_academic_years_are_written_and_read():
    assert changes.academic(1999) == changes.academic("1999/2000") == "1999/00"
    text = pd.Series([5.0, 8.0], ["2007/2008", "2008/2009"])
    assert changes.year_over_year(text)["change"].to_dict() == {2008: 3}


# --- Shares and change ----------------------------------------------------------------


def test_share_keeps_the_years_of_both():
    got = changes.share(yearly([1, 3, 5]), yearly([4, 4, np.nan, 8]))
    assert got.to_dict() == {2007: 0.25, 2008: 0.75}


@pytest.mark.parametrize(
    ("part", "whole", "message"),
    [
        ([5], [4], "found 4 in 2007 for a part of 5"),
        ([0], [0], "a whole above 0"),
        ([1, np.nan], [np.nan, 3], "no year in common"),
        ([-1], [3], "part: found -1 at 2007"),
        ([1], [np.inf], "whole: found inf"),
    ],
)
def test_impossible_shares(part, whole, message):
    with pytest.raises(ValueError, match=message):
        changes.share(yearly(part), yearly(whole))


@given(st.lists(st.integers(0, 500), min_size=2, max_size=6).filter(sum))
def test_shares_of_all_parts_sum_to_one(parts):
    whole = yearly([sum(parts)])
    total = sum(changes.share(yearly([part]), whole)[2007] for part in parts)
    assert total == pytest.approx(1)


def test_index_and_change():
    values = pd.Series({2007: 50.0, 2008: 0.0, 2010: 75.0, 2011: 60.0})
    assert changes.index(values, 2007).to_dict() == {
        2007: 100,
        2008: 0,
        2010: 150,
        2011: 120,
    }
    got = changes.year_over_year(values)
    assert got["change"].to_dict() == {2008: -50, 2011: -15}  # never across 2009
    assert got["percent"].to_dict() == {2008: -100, 2011: -20}
    assert np.isnan(changes.year_over_year(yearly([0, 5]))["percent"][2008])
    for base in (2008, 2009, [2008], "base"):
        with pytest.raises(ValueError, match="base: found "):
            changes.index(values, base)


@given(counts)
def test_changes_add_up(values):
    total = changes.year_over_year(values)["change"].sum()
    assert total == values.iloc[-1] - values.iloc[0]


# --- Breaks ---------------------------------------------------------------------------


def test_one_step_is_found_exactly():
    found = changes.breaks(yearly([1, 1, 1, 1, 9, 9, 9, 9]), most=1)
    assert found["dates"].tolist()[1] == (2011,)
    assert found["squares"].tolist() == [128, 0]
    assert found.attrs["chosen"] == 1


def test_two_steps_are_found_and_the_penalty_decides():
    values = yearly([0, 1, 0, 20, 21, 20, 5, 4, 5, 4])
    found = changes.breaks(values)
    assert found["dates"][2] == (2010, 2013)
    assert found.attrs["chosen"] == 2
    assert changes.breaks(values, penalty=1000).attrs["chosen"] == 0


def test_criterion_by_hand():
    # Means 1 and 4, squares 2 + 2 = 4 about them and 17.5 about the common mean 2.5.
    found = changes.breaks(yearly([0, 1, 2, 3, 4, 5]), most=1)
    assert found["squares"].tolist() == [17.5, 4]
    expected = [6 * np.log(17.5 / 6), 6 * np.log(4 / 6) + 2 * np.log(6)]
    assert found["criterion"].tolist() == pytest.approx(expected)


def test_a_line_is_no_break_of_lines():
    values = yearly([3, 5, 7, 9, 11, 13])
    assert changes.breaks(values, most=1, line=True).attrs["chosen"] == 0
    assert changes.breaks(values, most=1).attrs["chosen"] == 1
    bent = yearly([0, 2, 4, 6, 6, 6, 6, 6])
    assert changes.breaks(bent, most=1, line=True)["dates"][1] == (2010,)


def test_constant_values_have_no_break():
    values = yearly([4.0] * 8)
    assert changes.breaks(values, most=1).attrs["chosen"] == 0
    assert (changes.gains(values) == 0).all()


@settings(deadline=None, max_examples=30)
@given(steps, st.integers(1, 3), st.booleans())
def test_no_other_dates_fit_better(values, shortest, line):
    """The search against all ways to cut, each fitted by numpy."""

    def squares(part):
        x = np.arange(len(part))
        degree = int(line) if len(part) > 1 else 0
        return ((part - np.polyval(np.polyfit(x, part, degree), x)) ** 2).sum()

    y, n = values.to_numpy(), len(values)
    most = min(2, n // shortest - 1)
    found = changes.breaks(values, most, shortest, line)
    for m, row in found.iterrows():
        tried = []
        for cuts in itertools.combinations(range(n), m):
            parts = np.split(y, cuts)
            if min(map(len, parts)) >= shortest:
                tried.append(sum(map(squares, parts)))
        assert row["squares"] == pytest.approx(min(tried), rel=1e-6, abs=1e-6)
        assert len(row["dates"]) == m


@settings(deadline=None, max_examples=40)
@given(steps, st.integers(-500, 500))
def test_dates_do_not_move_with_the_level(values, shift):
    one, other = changes.gains(values), changes.gains(values + shift)
    assert np.allclose(one, other, atol=1e-6)
    assert one.between(-1e-9, 1 + 1e-9).all()


@settings(deadline=None, max_examples=40)
@given(steps)
def test_the_best_placebo_is_the_break(values):
    found = changes.breaks(values, most=1)["squares"]
    if found[0] > 0:
        assert changes.gains(values).max() == pytest.approx(1 - found[1] / found[0])


def test_segments_have_their_shortest_length():
    values = yearly([0, 0, 0, 0, 0, 0, 0, 50])
    assert changes.gains(values, shortest=3).index.tolist() == [2010, 2011, 2012]
    assert changes.breaks(values, most=1, shortest=1)["dates"][1] == (2014,)


def test_chance_is_small_for_a_step_and_large_for_none():
    step = yearly([0, 1, 0, 1, 0, 1, 90, 91, 90, 91, 90, 91])
    # 2 of the C(12, 6) = 924 ways to choose six places split the two groups.
    assert changes.chance(step, draws=1500, seed=1) < 0.01
    assert changes.chance(yearly([5.0] * 6), draws=20) == 1
    assert changes.chance(step, 50, seed=3) == changes.chance(step, 50, seed=3)
    # No order of ten is as good, yet the share is not 0.
    assert changes.chance(step, 10, seed=1) == 1 / 11


@settings(deadline=None, max_examples=10)
@given(steps, st.integers(0, 9))
def test_chance_counts_the_orders_one_by_one(values, seed):
    generator, best = np.random.default_rng(seed), changes.gains(values).max()
    orders = [yearly(generator.permutation(values.to_numpy())) for _ in range(20)]
    reached = sum(changes.gains(order).max() >= best - 1e-12 for order in orders)
    assert changes.chance(values, 20, seed) == (reached + 1) / 21


def test_other_series_are_searched_as_placebos():
    step = yearly([0, 1, 0, 1, 0, 90, 91, 90, 91, 90])
    got = changes.placebos({"AAA": step, "BBB": yearly([4.0] * 8)}, seed=4)
    assert got["best date"].tolist() == ["2012/13", "2010/11"]
    assert got["pays"].tolist() == [True, False]
    assert got["by chance, percent"]["AAA"] < 5 < got["by chance, percent"]["BBB"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: changes.breaks(yearly([1, np.nan, 3, 4, 5, 6])), "no value for 2008"),
        (lambda: changes.breaks(yearly([1, 2, 3]), most=1), "found 3 years"),
        (lambda: changes.breaks(yearly(range(9)), most=-1), "most: found -1"),
        (lambda: changes.breaks(yearly(range(9)), penalty=-1), "penalty: found -1"),
        (lambda: changes.gains(yearly([1, 2, 3])), "found 3 years"),
        (lambda: changes.chance(yearly(range(9)), draws=0), "draws: found 0"),
        (lambda: changes.breaks(yearly(range(9)), shortest=0), "shortest: found 0"),
        (lambda: changes.breaks([1, 2, 3]), "a pandas Series"),
        (lambda: changes.year_over_year(pd.Series([1, 2], ["07", "08"])), "a year"),
        (lambda: changes.year_over_year(yearly([1, 2]).astype(str)), "found '1.0'"),
    ],
)
def test_series_that_cannot_be_searched(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- Forecasts ------------------------------------------------------------------------

RISE = yearly([0, 100, 300, 600, 1000])  # changes 100, 200, 300, 400


def test_naive_by_hand():
    got = changes.forecast(RISE, 4, "naive", level=0.8)
    assert got.index.tolist() == [2012, 2013, 2014, 2015]
    assert (got["value"] == 1000).all()
    s = np.sqrt((100**2 + 200**2 + 300**2 + 400**2) / 4)
    assert got.loc[2015, "high"] == pytest.approx(1000 + 1.2815516 * s * 2)
    assert got.loc[2012, "low"] == pytest.approx(1000 - 1.2815516 * s)


def test_drift_by_hand():
    got = changes.forecast(RISE, 2, "drift", level=0.95)
    assert got["value"].tolist() == [1250, 1500]
    s = np.std([100, 200, 300, 400], ddof=1)
    width = 1.959964 * s * np.sqrt(2 * (1 + 2 / 4))
    assert got.loc[2013, "high"] - 1500 == pytest.approx(width)


def test_damped_trend_fades():
    # A straight line leaves no errors: every weight fits, the first damping is kept.
    line = yearly([10, 20, 30, 40, 50, 60])
    got = changes.forecast(line, 40, "damped")
    assert line.iloc[-1] < got["value"].iloc[0] < 70
    rise = np.diff(got["value"])
    assert (rise >= 0).all() and (np.diff(rise) <= 1e-9).all()
    # The trend that is left sums to phi / (1 - phi) of it.
    ratio = rise[1] / rise[0]
    ahead = (got["value"].iloc[0] - 60) / (1 - ratio)
    assert got["value"].iloc[-1] == pytest.approx(60 + ahead * (1 - ratio**40))


def test_damped_width_by_hand(monkeypatch):
    monkeypatch.setattr(changes, "SMOOTHING", (0.5,))
    monkeypatch.setattr(changes, "DAMPING", (0.8,))
    level, trend, squares = 20.0, 10.0, 0.0
    for value in (40, 40, 70, 60):
        error = value - level - 0.8 * trend
        level, trend = level + 0.8 * trend + 0.5 * error, 0.8 * trend + 0.25 * error
        squares += error**2
    got = changes.forecast(yearly([10, 20, 40, 40, 70, 60]), 2, "damped")
    assert got["value"].tolist() == pytest.approx(
        [level + 0.8 * trend, level + (0.8 + 0.64) * trend]
    )
    second = 1.2815516 * np.sqrt(squares * (1 + (0.5 * (1 + 0.5 * 0.8)) ** 2))
    assert got["high"].iloc[1] - got["value"].iloc[1] == pytest.approx(second)


@settings(deadline=None, max_examples=25)
@given(counts, st.sampled_from(changes.METHODS))
def test_intervals_widen_and_nobody_is_negative(values, method):
    free = changes.forecast(values, 5, method)
    assert (free.to_numpy() >= 0).all()
    assert (free["low"] <= free["value"]).all()
    assert (free["value"] <= free["high"]).all()
    wider = changes.forecast(values, 5, method, level=0.95)
    assert (wider["high"] >= free["high"]).all()
    above = values + 1e6  # far from 0, where nothing is cut off
    far = changes.forecast(above, 5, method)
    assert (np.diff(far["high"] - far["low"]) >= -1e-6).all()


@settings(deadline=None, max_examples=15)
@given(counts, st.integers(1, 9))
def test_a_backtest_never_looks_ahead(values, jump):
    """What comes after an origin changes errors, not forecasts."""
    changed = values.copy()
    changed.iloc[-1] += 1000 * jump
    one, other = (
        changes.backtest(v, ("naive", "drift", "damped")) for v in (values, changed)
    )
    last = one["origin"] + one["ahead"] == values.index[-1]
    assert (other["error"] - one["error"])[last].round(6).eq(1000 * jump).all()
    assert (other["error"] - one["error"])[~last].round(6).eq(0).all()


def test_backtest_counts():
    got = changes.backtest(
        RISE.reindex(range(2007, 2010)).combine_first(
            yearly([0, 100, 300, 600, 1000, 1000, 1000])
        ),
        ["naive"],
    )
    assert got[["origin", "ahead", "error"]].to_numpy().tolist() == [
        [2011, 1, 0],
        [2011, 2, 0],
        [2012, 1, 0],
    ]
    assert got["inside"].all()
    far = changes.backtest(yearly([0, 1, 2, 3, 4, 5000]), ["drift"])
    assert far["error"].tolist() == [4995] and not far["inside"].any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"horizon": 0}, "horizon: found 0"),
        ({"horizon": 10**9}, "horizon: found 1000000000; allowed is .* to 1000"),
        ({"method": "oracle"}, "one of naive, drift, damped"),
        ({"level": 1}, "between 0 and 1"),
        ({"level": 0}, "between 0 and 1"),
        ({"level": 80}, "level: found 80"),
        ({"values": yearly([1, 2, 3, 4])}, "found 4 years; allowed is 5"),
        ({"values": yearly([1, 2, np.nan, 4, 5, 6])}, "no value for 2009"),
        ({"values": yearly([1, 2, 3, 4, -5])}, "found -5 at 2011"),
    ],
)
def test_impossible_forecasts(arguments, message):
    with pytest.raises(ValueError, match=message):
        changes.forecast(**({"values": RISE, "horizon": 2} | arguments))


def test_backtest_needs_more_than_its_first_origin():
    with pytest.raises(ValueError, match="more than first=5"):
        changes.backtest(RISE)
    with pytest.raises(ValueError, match="first: found 3"):
        changes.backtest(RISE, first=3)


def test_errors_by_hand():
    tested = pd.DataFrame(
        {
            "method": ["naive"] * 4,
            "origin": [2011, 2011, 2011, 2012],
            "ahead": [1, 2, 4, 1],
            "error": [-10.0, 5.0, 99.0, 30.0],
            "inside": [True, True, False, False],
        }
    )
    got = changes.errors(tested)
    assert got.columns.tolist() == ["1 ahead", "2 ahead", "inside"]
    assert got.loc["naive"].tolist() == [20, 5, 50]


def test_outcomes_beside_intervals():
    made = {"naive": pd.DataFrame({"low": [49.0], "high": [1234.0]}, [2009])}
    got = changes.against({2009: 70}, made)
    assert got.loc["2009/10"].tolist() == ["70", "0–1,200"]
    with pytest.raises(ValueError, match="no 2010 in naive"):
        changes.against({2010: 70}, made)


# --- Whole results ----------------------------------------------------------------

BENT = yearly([10, 12, 11, 30, 33, 31, 34, 50, 52])


def test_shares_indexes_and_changes_to_the_digit():
    part, whole = yearly([1, 3, 5]), yearly([4, 4, np.nan, 8])
    assert (
        written(changes.share(part, whole))
        == """\
year:int64 | 0:float64
2007 | 0.25
2008 | 0.75
"""
    )
    assert (
        written(changes.index(yearly([50, 0, 75]), 2007))
        == """\
year:int64 | students:float64
2007 | 100
2008 | 0
2009 | 150
"""
    )
    text = pd.Series([50.0, 0.0, 75.0, 60.0], ["2007", "2008", "2010", "2011"])
    assert (
        written(changes.year_over_year(text))
        == """\
year:int64 | change:float64, percent:float64
2008 | -50, -100
2011 | -15, -20
"""
    )


def test_breaks_to_the_digit():
    found = changes.breaks(BENT)
    assert (
        written(found)
        == """\
None:int64 | dates:any, squares:float64, criterion:float64
0 | (), 1989.5556, 48.585978
1 | (2010,), 495.33333, 40.466506
2 | (2010, 2013), 201.33333, 36.758534
"""
    )
    assert found.attrs["chosen"] == 2
    assert (
        written(changes.breaks(BENT, 1, line=True))
        == """\
None:int64 | dates:any, squares:float64, criterion:float64
0 | (), 185.53889, 27.234359
1 | (2010,), 110.60476, 29.170321
"""
    )
    assert (
        written(changes.breaks(BENT, 1, penalty=1))
        == """\
None:int64 | dates:any, squares:float64, criterion:float64
0 | (), 1989.5556, 48.585978
1 | (2010,), 495.33333, 37.072057
"""
    )
    assert (
        written(changes.gains(BENT))
        == """\
year:int64 | gain:float64
2010 | 0.75103317
2011 | 0.65683291
2012 | 0.56796884
2013 | 0.58709371
"""
    )
    assert (
        written(changes.gains(BENT, 2, line=True))
        == """\
year:int64 | gain:float64
2009 | 0.066810962
2010 | 0.40387289
2011 | 0.0093720993
2012 | 0.25675959
2013 | 0.13795508
2014 | 0.21464289
"""
    )
    assert changes.chance(BENT) == 0.025487256371814093
    assert changes.chance(BENT, 50, 1, 2) == 0.058823529411764705
    table = {"AAA": BENT.diff().dropna(), "BBB": BENT}
    assert (
        written(changes.placebos(table))
        == """\
None:text | best date:any, pays:any, by chance, percent:any
AAA | 2013/14, False, 93
BBB | 2010/11, True, 3
"""
    )
    assert (
        written(changes.placebos(table, seed=3))
        == """\
None:text | best date:any, pays:any, by chance, percent:any
AAA | 2013/14, False, 93
BBB | 2010/11, True, 2
"""
    )


@pytest.mark.parametrize(
    ("method", "rows"),
    [
        (
            "naive",
            """\
2016 | 52, 40.466036, 63.533964
2017 | 52, 35.688512, 68.311488
2018 | 52, 32.022588, 71.977412
""",
        ),
        (
            "drift",
            """\
2016 | 57.25, 46.627386, 67.872614
2017 | 62.5, 46.664743, 78.335257
2018 | 67.75, 47.409243, 88.090757
""",
        ),
        (
            "damped",
            """\
2016 | 58.112497, 44.85431, 71.370684
2017 | 64.610205, 49.572597, 79.647812
2018 | 70.977959, 52.834434, 89.121483
""",
        ),
    ],
)
def test_forecasts_to_the_digit(method, rows):
    columns = "starts:int64 | value:float64, low:float64, high:float64\n"
    assert written(changes.forecast(BENT, 3, method)) == columns + rows


def test_a_backtest_to_the_digit():
    assert (
        written(changes.forecast(BENT, 2))
        == """\
starts:int64 | value:float64, low:float64, high:float64
2016 | 52, 40.466036, 63.533964
2017 | 52, 35.688512, 68.311488
"""
    )
    assert (
        written(changes.forecast(BENT, 2, level=0.5))
        == """\
starts:int64 | value:float64, low:float64, high:float64
2016 | 52, 45.929592, 58.070408
2017 | 52, 43.415147, 60.584853
"""
    )
    tested = changes.backtest(BENT)
    assert (
        written(tested)
        == """\
None:int64 | method:text, origin:int64, ahead:int64, error:float64, inside:bool
0 | naive, 2011, 1, -2, True
1 | naive, 2011, 2, 1, True
2 | naive, 2011, 3, 17, True
3 | naive, 2011, 4, 19, True
4 | naive, 2012, 1, 3, True
5 | naive, 2012, 2, 19, False
6 | naive, 2012, 3, 21, False
7 | naive, 2013, 1, 16, False
8 | naive, 2013, 2, 18, False
9 | naive, 2014, 1, 2, True
10 | drift, 2011, 1, -7.75, True
11 | drift, 2011, 2, -10.5, True
12 | drift, 2011, 3, -0.25, True
13 | drift, 2011, 4, -4, True
14 | drift, 2012, 1, -1.2, True
15 | drift, 2012, 2, 10.6, True
16 | drift, 2012, 3, 8.4, True
17 | drift, 2013, 1, 12, False
18 | drift, 2013, 2, 10, True
19 | drift, 2014, 1, -3.7142857, True
20 | damped, 2011, 1, -4.4956594, True
21 | damped, 2011, 2, -4.6035135, True
22 | damped, 2011, 3, 8.3507895, True
23 | damped, 2011, 4, 7.3660064, True
24 | damped, 2012, 1, -0.86633916, True
25 | damped, 2012, 2, 12.394042, True
26 | damped, 2012, 3, 11.709215, True
27 | damped, 2013, 1, 13.05991, True
28 | damped, 2013, 2, 12.433325, True
29 | damped, 2014, 1, 0.73973907, True
"""
    )
    assert (
        written(changes.errors(tested))
        == """\
method:text | 1 ahead:float64, 2 ahead:float64, 3 ahead:float64, inside:float64
damped | 4.7904119, 9.8102935, 10.030002, 100
drift | 6.1660714, 10.366667, 4.325, 90
naive | 5.75, 12.666667, 19, 60
"""
    )
    assert (
        written(changes.errors(tested, 1))
        == """\
method:text | 1 ahead:float64, inside:float64
damped | 4.7904119, 100
drift | 6.1660714, 90
naive | 5.75, 60
"""
    )
    made = {"a": changes.forecast(BENT * 100, 2), "b": changes.forecast(BENT * 90, 2)}
    assert (
        written(changes.against({2016: 3456.7, 2017: 10}, made))
        == """\
None:text | outcome:text, a:text, b:text
2016/17 | 3,457, 4,000–6,400, 3,600–5,700
2017/18 | 10, 3,600–6,800, 3,200–6,100
"""
    )
    with pytest.raises(ValueError, match="furthest: found 0"):
        changes.errors(tested, 0)
