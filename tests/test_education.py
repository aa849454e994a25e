"""Shares, breaks, forecasts, capacity and money of students."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import partnership as p
from partnership.methods import changes
from partnership.study import education as ed


def yearly(values, first=2007):
    return pd.Series(
        list(values), range(first, first + len(values)), dtype=float, name="students"
    )


counts = st.lists(st.integers(0, 20000), min_size=6, max_size=12).map(yearly)
steps = st.lists(st.integers(-3000, 3000), min_size=6, max_size=10).map(yearly)


@pytest.fixture(scope="module")
def uis():
    return ed.by_academic_year(p.series("students_higher_education_uis").reset_index())


# --- In and out -----------------------------------------------------------------------


def test_only_academic_years_are_read():
    frame = p.series("students_higher_education_stated").reset_index()
    read = ed.by_academic_year(frame)
    assert read.to_dict() == {2012: 5889, 2013: 7500, 2021: 6600}
    with pytest.raises(ValueError, match="no academic year"):
        ed.by_academic_year(frame[frame["period_type"] == "date"])
    with pytest.raises(ValueError, match="no column 'low'"):
        ed.by_academic_year(frame.drop(columns="low"), "low")


def test_a_frame_for_the_charts_reads_back():
    values = yearly([5, 7, 4])
    frame = ed.as_frame(values, "edu-uis-360info")
    assert frame["period"].tolist() == ["2007/2008", "2008/2009", "2009/2010"]
    assert ed.by_academic_year(frame).equals(values)
    assert ed.by_academic_year(frame, "high").equals(values)
    assert str(frame["end"].iloc[-1].date()) == "2010-08-31"
    # Left out rather than drawn at nothing.
    assert len(ed.as_frame(yearly([5, np.nan, 4]), "x")) == 2


def test_frames_are_drawn():
    from partnership import charts

    values = yearly([5, 7, 4, 6])
    ax = charts.canvas("A finding", "persons, 2007/08 to 2010/11")
    frame = ed.as_frame(values, "edu-uis-360info")
    charts.line_with_spread(ax, frame, label="students")
    charts.finish(ax, "A line of four values that rises, falls and rises again.")


# --- Shares and change ----------------------------------------------------------------


def test_share_keeps_the_years_of_both():
    got = ed.share(yearly([1, 3, 5]), yearly([4, 4, np.nan, 8]))
    assert got.to_dict() == {2007: 0.25, 2008: 0.75}


@pytest.mark.parametrize(
    ("part", "whole", "message"),
    [
        ([5], [4], "found 4 in 2007 for a part of 5"),
        ([0], [0], "a whole above 0"),
        ([1, np.nan], [np.nan, 3], "no year in common"),
        ([-1], [3], "part: found -1 in 2007"),
        ([1], [np.inf], "whole: found inf"),
    ],
)
def test_impossible_shares(part, whole, message):
    with pytest.raises(ValueError, match=message):
        ed.share(yearly(part), yearly(whole))


@given(st.lists(st.integers(0, 500), min_size=2, max_size=6).filter(sum))
def test_shares_of_all_parts_sum_to_one(parts):
    whole = yearly([sum(parts)])
    total = sum(ed.share(yearly([part]), whole)[2007] for part in parts)
    assert total == pytest.approx(1)


def test_index_and_change():
    values = pd.Series({2007: 50.0, 2008: 0.0, 2010: 75.0, 2011: 60.0})
    assert ed.index(values, 2007).to_dict() == {
        2007: 100,
        2008: 0,
        2010: 150,
        2011: 120,
    }
    got = ed.year_over_year(values)
    assert got["change"].to_dict() == {2008: -50, 2011: -15}  # never across 2009
    assert got["percent"].to_dict() == {2008: -100, 2011: -20}
    assert np.isnan(ed.year_over_year(yearly([0, 5]))["percent"][2008])
    for base in (2008, 2009):
        with pytest.raises(ValueError, match=f"base: found {base}"):
            ed.index(values, base)


@given(counts)
def test_changes_add_up(values):
    total = ed.year_over_year(values)["change"].sum()
    assert total == values.iloc[-1] - values.iloc[0]


# --- Breaks ---------------------------------------------------------------------------


def test_one_step_is_found_exactly():
    found = ed.breaks(yearly([1, 1, 1, 1, 9, 9, 9, 9]), most=1)
    assert found["dates"].tolist()[1] == (2011,)
    assert found["squares"].tolist() == [128, 0]
    assert found.attrs["chosen"] == 1


def test_two_steps_are_found_and_the_penalty_decides():
    values = yearly([0, 1, 0, 20, 21, 20, 5, 4, 5, 4])
    found = ed.breaks(values)
    assert found["dates"][2] == (2010, 2013)
    assert found.attrs["chosen"] == 2
    assert ed.breaks(values, penalty=1000).attrs["chosen"] == 0


def test_criterion_by_hand():
    # Means 1 and 4, squares 2 + 2 = 4 about them and 17.5 about the common mean 2.5.
    found = ed.breaks(yearly([0, 1, 2, 3, 4, 5]), most=1)
    assert found["squares"].tolist() == [17.5, 4]
    expected = [6 * np.log(17.5 / 6), 6 * np.log(4 / 6) + 2 * np.log(6)]
    assert found["criterion"].tolist() == pytest.approx(expected)


def test_a_line_is_no_break_of_lines():
    values = yearly([3, 5, 7, 9, 11, 13])
    assert ed.breaks(values, most=1, line=True).attrs["chosen"] == 0
    assert ed.breaks(values, most=1).attrs["chosen"] == 1
    bent = yearly([0, 2, 4, 6, 6, 6, 6, 6])
    assert ed.breaks(bent, most=1, line=True)["dates"][1] == (2010,)


def test_constant_values_have_no_break():
    values = yearly([4.0] * 8)
    assert ed.breaks(values, most=1).attrs["chosen"] == 0
    assert (ed.gains(values) == 0).all()


@settings(deadline=None, max_examples=40)
@given(steps)
def test_a_further_break_never_fits_worse(values):
    # Only where a segment may be one year: a shortest length can forbid the split.
    squares = ed.breaks(values, 2, shortest=1)["squares"]
    assert (np.diff(squares) <= 1e-6 * (1 + squares[0])).all()


@settings(deadline=None, max_examples=40)
@given(steps, st.integers(-500, 500))
def test_dates_do_not_move_with_the_level(values, shift):
    one, other = ed.gains(values), ed.gains(values + shift)
    assert np.allclose(one, other, atol=1e-6)
    assert one.between(-1e-9, 1 + 1e-9).all()


@settings(deadline=None, max_examples=40)
@given(steps)
def test_the_best_placebo_is_the_break(values):
    found = ed.breaks(values, most=1)["squares"]
    if found[0] > 0:
        assert ed.gains(values).max() == pytest.approx(1 - found[1] / found[0])


def test_segments_have_their_shortest_length():
    values = yearly([0, 0, 0, 0, 0, 0, 0, 50])
    assert ed.gains(values, shortest=3).index.tolist() == [2010, 2011, 2012]
    assert ed.breaks(values, most=1, shortest=1)["dates"][1] == (2014,)


def test_chance_is_small_for_a_step_and_large_for_none():
    step = yearly([0, 1, 0, 1, 0, 1, 90, 91, 90, 91, 90, 91])
    # 2 of the C(12, 6) = 924 ways to choose six places split the two groups.
    assert ed.chance(step, draws=1500, seed=1) < 0.01
    assert ed.chance(yearly([5.0] * 6), draws=20) == 1
    assert ed.chance(step, 50, seed=3) == ed.chance(step, 50, seed=3)
    # No order of ten is as good, yet the share is not 0.
    assert ed.chance(step, 10, seed=1) == 1 / 11


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ed.breaks(yearly([1, np.nan, 3, 4, 5, 6])), "no value for 2008"),
        (lambda: ed.breaks(yearly([1, 2, 3]), most=1), "found 3 years"),
        (lambda: ed.breaks(yearly(range(9)), most=-1), "most: found -1"),
        (lambda: ed.breaks(yearly(range(9)), penalty=-1), "penalty: found -1"),
        (lambda: ed.gains(yearly([1, 2, 3])), "found 3 years"),
        (lambda: ed.chance(yearly(range(9)), draws=0), "draws: found 0"),
        (lambda: ed.breaks(pd.Series(dtype=float)), "one value or more"),
        (lambda: ed.breaks([1, 2, 3]), "a pandas Series"),
        (lambda: ed.year_over_year(pd.Series([1, 2], ["2007", "2008"])), "start years"),
        (lambda: ed.year_over_year(pd.Series([1, 2], [2007, 2007])), "each once"),
        (lambda: ed.year_over_year(yearly([1, 2]).astype(str) + "x"), "no numbers"),
    ],
)
def test_series_that_cannot_be_searched(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- Forecasts ------------------------------------------------------------------------

RISE = yearly([0, 100, 300, 600, 1000])  # changes 100, 200, 300, 400


def test_naive_by_hand():
    got = ed.forecast(RISE, 4, "naive", level=0.8)
    assert got.index.tolist() == [2012, 2013, 2014, 2015]
    assert (got["value"] == 1000).all()
    s = np.sqrt((100**2 + 200**2 + 300**2 + 400**2) / 4)
    assert got.loc[2015, "high"] == pytest.approx(1000 + 1.2815516 * s * 2)
    assert got.loc[2012, "low"] == pytest.approx(1000 - 1.2815516 * s)


def test_drift_by_hand():
    got = ed.forecast(RISE, 2, "drift", level=0.95)
    assert got["value"].tolist() == [1250, 1500]
    s = np.std([100, 200, 300, 400], ddof=1)
    width = 1.959964 * s * np.sqrt(2 * (1 + 2 / 4))
    assert got.loc[2013, "high"] - 1500 == pytest.approx(width)


def test_damped_trend_fades():
    # A straight line leaves no errors: every weight fits, the first damping is kept.
    line = yearly([10, 20, 30, 40, 50, 60])
    got = ed.forecast(line, 40, "damped")
    assert line.iloc[-1] < got["value"].iloc[0] < 70
    rise = np.diff(got["value"])
    assert (rise >= 0).all() and (np.diff(rise) <= 1e-9).all()
    # The trend that is left sums to phi / (1 - phi) of it.
    ratio = rise[1] / rise[0]
    ahead = (got["value"].iloc[0] - 60) / (1 - ratio)
    assert got["value"].iloc[-1] == pytest.approx(60 + ahead * (1 - ratio**40))


def test_damped_width_by_hand(monkeypatch):
    monkeypatch.setattr(changes, "_SMOOTHING", np.array([0.5]))
    monkeypatch.setattr(changes, "_DAMPING", (0.8,))
    level, trend, squares = 20.0, 10.0, 0.0
    for value in (40, 40, 70, 60):
        error = value - level - 0.8 * trend
        level, trend = level + 0.8 * trend + 0.5 * error, 0.8 * trend + 0.25 * error
        squares += error**2
    got = ed.forecast(yearly([10, 20, 40, 40, 70, 60]), 2, "damped")
    assert got["value"].tolist() == pytest.approx(
        [level + 0.8 * trend, level + (0.8 + 0.64) * trend]
    )
    second = 1.2815516 * np.sqrt(squares * (1 + (0.5 * (1 + 0.5 * 0.8)) ** 2))
    assert got["high"].iloc[1] - got["value"].iloc[1] == pytest.approx(second)


@settings(deadline=None, max_examples=25)
@given(counts, st.sampled_from(ed.METHODS))
def test_intervals_widen_and_nobody_is_negative(values, method):
    free = ed.forecast(values, 5, method)
    assert (free.to_numpy() >= 0).all()
    assert (free["low"] <= free["value"]).all()
    assert (free["value"] <= free["high"]).all()
    wider = ed.forecast(values, 5, method, level=0.95)
    assert (wider["high"] >= free["high"]).all()
    above = values + 1e6  # far from 0, where nothing is cut off
    far = ed.forecast(above, 5, method)
    assert (np.diff(far["high"] - far["low"]) >= -1e-6).all()


@settings(deadline=None, max_examples=15)
@given(counts, st.integers(1, 9))
def test_a_backtest_never_looks_ahead(values, jump):
    """What comes after an origin changes errors, not forecasts."""
    changed = values.copy()
    changed.iloc[-1] += 1000 * jump
    one, other = (
        ed.backtest(v, ("naive", "drift", "damped")) for v in (values, changed)
    )
    last = one["origin"] + one["ahead"] == values.index[-1]
    assert (other["error"] - one["error"])[last].round(6).eq(1000 * jump).all()
    assert (other["error"] - one["error"])[~last].round(6).eq(0).all()


def test_backtest_counts():
    got = ed.backtest(
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
    far = ed.backtest(yearly([0, 1, 2, 3, 4, 5000]), ["drift"])
    assert far["error"].tolist() == [4995] and not far["inside"].any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"horizon": 0}, "horizon: found 0"),
        ({"method": "oracle"}, "allowed: naive, drift, damped"),
        ({"level": 1}, "between 0 and 1"),
        ({"level": 0}, "between 0 and 1"),
        ({"level": 80}, "level: found 80"),
        ({"values": yearly([1, 2, 3, 4])}, "found 4; allowed are 5"),
        ({"values": yearly([1, 2, np.nan, 4, 5, 6])}, "no value for 2009"),
        ({"values": yearly([1, 2, 3, 4, -5])}, "found -5 in 2011"),
    ],
)
def test_impossible_forecasts(arguments, message):
    with pytest.raises(ValueError, match=message):
        ed.forecast(**({"values": RISE, "horizon": 2} | arguments))


def test_backtest_needs_more_than_its_first_origin():
    with pytest.raises(ValueError, match="more than first=5"):
        ed.backtest(RISE)
    with pytest.raises(ValueError, match="first: found 3"):
        ed.backtest(RISE, first=3)


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
    got = ed.errors(tested)
    assert got.columns.tolist() == ["1 ahead", "2 ahead", "inside"]
    assert got.loc["naive"].tolist() == [20, 5, 50]


def test_outcomes_beside_intervals():
    made = {"naive": pd.DataFrame({"low": [49.0], "high": [1234.0]}, [2009])}
    got = ed.against({2009: 70}, made)
    assert got.loc["2009/10"].tolist() == ["70", "0–1,200"]
    with pytest.raises(ValueError, match="no 2010 in naive"):
        ed.against({2010: 70}, made)


# --- Capacity and money ---------------------------------------------------------------


def test_intake_by_hand():
    assert ed.intake(8000, 5) == 1600
    assert ed.intake(70, 3, growth=1.0) == pytest.approx(40)  # 40 + 20 + 10
    assert ed.intake(7, 1, growth=0.5) == 7


@given(st.integers(0, 20000), st.integers(1, 8), st.floats(-0.5, 1.0))
def test_intakes_build_the_stock(stock, years, growth):
    entrants = ed.intake(stock, years, growth)
    rebuilt = sum(entrants / (1 + growth) ** k for k in range(years))
    assert rebuilt == pytest.approx(stock)


def test_cohort_by_hand():
    assert ed.cohort_value(4000, 4, 2500) == 10
    assert ed.cohort_value(3000, 3, 1000, leaving=0.5) == 1.75
    assert ed.cohort_value(5000, 5, 1000, leaving=1) == 1


@given(st.integers(0, 9000), st.integers(1, 7), st.floats(0, 5000))
def test_a_steady_cohort_is_worth_a_year_of_the_stock(stock, years, paid):
    value = ed.cohort_value(stock, years, paid)
    assert value == pytest.approx(stock * paid / 1e6)


@given(st.floats(0, 0.9), st.floats(0, 0.1))
def test_more_leaving_never_earns_more(leaving, more):
    before = ed.cohort_value(1000, 5, 3000, leaving)
    assert ed.cohort_value(1000, 5, 3000, leaving + more) <= before


def test_corners():
    ends = {"a": (1, 3), "b": (2, 5)}
    assert ed.corners(lambda a, b: a - b, **ends) == (-4, 1)
    assert ed.corners(lambda a: a, a=(2,)) == (2, 2)
    for wrong in (5, ()):
        with pytest.raises(ValueError, match="a: found"):
            ed.corners(lambda a: a, a=wrong)


def test_one_assumption_at_a_time():
    got = ed.one_at_a_time(lambda a, b: a * b, {"a": 2, "b": 10}, a=(1, 2), b=(0, 20))
    assert got.index.tolist() == ["b", "a"]
    assert got.loc["b"].tolist() == [0, 40] and got.loc["a"].tolist() == [10, 20]
    with pytest.raises(ValueError, match="b: found no usual value"):
        ed.one_at_a_time(lambda a: a, {"a": 2}, b=(0, 20))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ed.intake(-1, 5), "stock: found -1"),
        (lambda: ed.intake(100, 0), "years: found 0"),
        (lambda: ed.intake(100, 4.5), "years: found 4.5"),
        (lambda: ed.intake(100, 4, growth=-1), "growth: found -1; allowed is above -1"),
        (lambda: ed.intake(np.nan, 4), "stock: found nan"),
        (lambda: ed.cohort_value(10, 4, 100, leaving=1.2), "a share from 0 to 1"),
        (lambda: ed.cohort_value(10, -4, 100), "years: found -4"),
        (lambda: ed.cohort_value(10, 4, "much"), "paid: found 'much'"),
    ],
)
def test_impossible_assumptions(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- The data -------------------------------------------------------------------------


def test_the_report_against_the_universities(uis):
    belstat = ed.by_academic_year(
        p.series("students_higher_education_belstat_with_masters").reset_index()
    )
    assert (uis[2016], belstat[2016]) == (8012, 7982)
    assert uis.idxmax() == 2019 and uis[2019] == 10271
    assert (uis > 9000).sum() == 1


def test_six_statements_on_the_year_of_the_report():
    near = ed.stated("2016-09-01", "2017-08-31").set_index("category")["value"]
    assert near.to_dict() == {
        "Belstat: universities": 7982,
        "UNESCO: universities": 8012,
        "stated: universities, more than": 8500,
        "stated: universities, about": 8000,
        "stated: level not said, about": 9000,
        "stated: all training, almost": 9000,
    }
    assert ed.academic(1999) == "1999/00"


def test_hosts_as_placebos():
    changes = {
        code: ed.year_over_year(
            ed.by_academic_year(
                p.series("students_abroad", code, "TKM", stated_by="UIS").reset_index()
            )
        )["change"].loc[2008:]
        for code in ("TUR", "UKR")
    }
    got = ed.placebos(changes, seed=4)
    assert got["best date"].tolist() == ["2016/17", "2014/15"]
    assert got["pays"].tolist() == [False, True]
    assert (
        got.loc["UKR", "by chance, percent"] < 5 < got.loc["TUR", "by chance, percent"]
    )


def test_the_turn_in_the_data(uis):
    change = ed.year_over_year(uis.loc[2007:])["change"]
    found = ed.breaks(change)
    assert found["dates"].tolist() == [(), (2014,), (2014, 2017)]
    assert found.attrs["chosen"] == 1
    assert ed.breaks(change, shortest=2)["dates"][2] == (2014, 2018)
    assert ed.gains(change).idxmax() == 2014
    assert 0.15 < ed.chance(change, 500, seed=4) < 0.27


def test_the_forecasts_of_2017(uis):
    then = uis.loc[2007:2016]
    naive, drift = (ed.forecast(then, 8, m).loc[2024] for m in ("naive", "drift"))
    assert naive["low"] < 4000 < naive["high"]
    assert drift["low"] > 10000
    assert len(ed.backtest(then)) == 45
