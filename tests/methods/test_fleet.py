"""The fleet model: worked cases, properties and refusals."""

import doctest
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invented import written
from partnership.methods import assumptions, fleet

lives = st.floats(min_value=3, max_value=60)
shapes = st.floats(min_value=0.8, max_value=6)
numbers = st.lists(st.floats(min_value=0, max_value=1e5), min_size=1, max_size=30)

VALUES = {
    "life": 10.0,
    "shape": 3.0,
    "old_share": 0.5,
    "timing": 0.0,
    "money_share": 0.1,
    "price": 20.0,
    "sold": 900.0,
}


@pytest.fixture
def stated():
    """A stock of 1,000 in 2000; 900 machines in 2002 to 2004; trade of 4 years."""
    trade = pd.Series({2001: 10.0, 2002: 20.0, 2003: 40.0, 2004: 20.0})
    return fleet.Evidence(1000.0, 2000, {"sold": (2002, 2004)}, trade)


def values(**other):
    return pd.DataFrame([VALUES | other])


def test_the_examples_in_the_docstrings_hold():
    result = doctest.testmod(fleet)
    assert result.attempted >= 1 and result.failed == 0


class TestSurvival:
    def test_half_is_gone_at_the_median_life_whatever_the_shape(self):
        assert fleet.survival(12, 12, [0.8, 1, 3, 6]) == pytest.approx(0.5)

    def test_worked_values(self):
        # shape 1: half-lives, 1/2 then 1/4 then 1/8
        assert fleet.survival([0, 5, 10, 15], 5, 1) == pytest.approx(
            [1, 1 / 2, 1 / 4, 1 / 8]
        )
        # shape 3 at twice the life: 2 ** -8, the EPA rule says none
        assert fleet.survival(20, 10, 3) == pytest.approx(1 / 256)

    @given(lives, shapes, st.floats(0, 100), st.floats(0, 100))
    def test_it_never_rises_and_stays_a_share(self, life, shape, one, two):
        early, late = sorted([one, two])
        first, second = fleet.survival([early, late], life, shape)
        assert 0 <= second <= first <= 1

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ((-1, 10), "age: found -1; allowed is a finite number from 0"),
            ((1, -3), "life: found -3; allowed is a finite number above 0"),
            ((1, 0), "life: found 0; allowed is a finite number above 0"),
            ((1, math.nan), "life: found no value"),
            ((1, math.inf), "life: found inf"),
            ((1, 10, 0), "shape: found 0; allowed is a finite number above 0"),
        ],
    )
    def test_impossible_inputs_are_refused(self, arguments, words):
        with pytest.raises(ValueError, match=words):
            fleet.survival(*arguments)


class TestRemaining:
    def test_a_constant_hazard_forgets_ages(self):
        # shape 1 has no memory: the stock halves every `life` years
        left = fleet.remaining(8, 4, 1)[0]
        assert left[[0, 4, 8]] == pytest.approx([1, 1 / 2, 1 / 4], abs=1e-6)

    def test_machines_that_go_at_one_age_leave_evenly(self):
        # a sharp life of 10: ages are even from 0 to 10, a tenth goes each year
        left = fleet.remaining(10, 10, 80)[0]
        assert left == pytest.approx(np.linspace(1, 0, 11), abs=0.006)

    @given(lives, shapes)
    def test_it_falls_from_one_and_slower_than_a_new_delivery_at_first(self, life, k):
        left = fleet.remaining(40, life, k)[0]
        assert left[0] == 1
        assert (np.diff(left) <= 1e-12).all()
        assert left.min() >= 0

    def test_a_negative_span_is_refused(self):
        with pytest.raises(ValueError, match="years: found -1"):
            fleet.remaining(-1, 10)


class TestWorking:
    def test_without_scrappage_the_fleet_is_all_that_came(self):
        found = fleet.working([100, 0, 250], stock=40, life=1e9)
        assert found[0] == pytest.approx([40, 140, 140, 390], rel=1e-6)

    def test_one_cohort_follows_the_curve(self):
        found = fleet.working([1000, 0, 0, 0], stock=0, life=2, shape=1)
        # it comes in the middle of the year: aged 0.5, 1.5, 2.5, 3.5 at the ends
        expected = 1000 * 0.5 ** (np.array([0.5, 1.5, 2.5, 3.5]) / 2)
        assert found[0, 1:] == pytest.approx(expected)
        assert found[0, 0] == 0

    def test_a_steady_state_stays(self):
        # as many come each year as leave: mean life 10 / ln 2, shape 1
        found = fleet.working([100] * 200, stock=0, life=10, shape=1)[0]
        assert found[-1] == pytest.approx(100 * 10 / math.log(2), rel=0.01)

    def test_several_draws_are_rows(self):
        both = fleet.working([10, 20], stock=[5, 50], life=[3, 9], shape=[1, 4])
        for row, (stock, life, shape) in enumerate([(5, 3, 1), (50, 9, 4)]):
            alone = fleet.working([10, 20], stock, life, shape)[0]
            assert both[row] == pytest.approx(alone)

    @given(numbers, lives, shapes, st.data())
    def test_more_deliveries_never_shrink_the_fleet(self, bought, life, shape, data):
        year = data.draw(st.integers(0, len(bought) - 1))
        more = list(bought)
        more[year] += data.draw(st.floats(0, 1e4))
        before = fleet.working(bought, 100, life, shape)
        assert (fleet.working(more, 100, life, shape) >= before - 1e-6).all()

    @given(numbers, lives, shapes, st.floats(1, 3))
    def test_a_longer_life_never_shrinks_the_fleet(self, bought, life, shape, times):
        short = fleet.working(bought, 100, life, shape)
        long = fleet.working(bought, 100, life * times, shape)
        assert (long >= short - 1e-2).all()

    @given(numbers, lives, shapes)
    def test_never_more_than_came(self, bought, life, shape):
        found = fleet.working(bought, 100, life, shape)[0]
        assert (found <= 100 + np.cumsum([0, *bought]) + 1e-6).all()
        assert (found >= 0).all()

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (([], 1, 10), "deliveries: found an empty period"),
            (([-5], 1, 10), "deliveries: found -5"),
            (([math.nan], 1, 10), "deliveries: found no value"),
            (([5], -1, 10), "stock: found -1"),
            (([5], 1, -10), "life: found -10"),
        ],
    )
    def test_impossible_inputs_are_refused(self, arguments, words):
        with pytest.raises(ValueError, match=words):
            fleet.working(*arguments)


class TestDeliveries:
    def test_stated_years_have_the_number_and_others_what_money_buys(self, stated):
        even = fleet.deliveries(stated, values()).iloc[0]
        # 10 million x 0.1 / 20 thousand = 50 machines; 900 over three years
        assert even.to_dict() == pytest.approx(
            {2001: 50, 2002: 300, 2003: 300, 2004: 300}
        )

    def test_timing_moves_machines_to_years_of_trade(self, stated):
        as_trade = fleet.deliveries(stated, values(timing=1)).iloc[0]
        assert as_trade.loc[2002:].tolist() == pytest.approx([225, 450, 225])

    def test_years_may_be_text_and_a_batch_without_trade_is_even(self):
        trade = pd.Series({"2002": 0.0, "2001": 0.0})
        evidence = fleet.Evidence(0.0, 2000, {"sold": (2001, 2002)}, trade)
        bought = fleet.deliveries(evidence, values(timing=1)).iloc[0]
        assert bought.to_dict() == {2001: 450, 2002: 450}

    @given(st.floats(0, 1))
    @settings(max_examples=30)
    def test_timing_never_changes_the_number(self, timing):
        trade = pd.Series({2001: 1.0, 2002: 7.0, 2003: 2.0})
        evidence = fleet.Evidence(0.0, 2000, {"sold": (2001, 2003)}, trade)
        bought = fleet.deliveries(evidence, values(timing=timing))
        assert bought.sum(axis=1).item() == pytest.approx(900)

    @given(lives, shapes, st.floats(0, 1), st.integers(2001, 2004))
    @settings(deadline=None)  # two models a case, slow where others compute as well
    def test_one_year_alone_is_that_year_of_the_fleet(self, life, shape, share, year):
        trade = pd.Series(dict.fromkeys(range(1981, 2005), 10.0))
        evidence = fleet.Evidence(1000.0, 1980, {"sold": (2002, 2004)}, trade)
        drawn = values(life=life, shape=shape, old_share=share)
        (alone,) = fleet.at_work(evidence, drawn, year)
        expected = fleet.fleet(evidence, drawn)[year].item()
        assert alone == pytest.approx(expected, rel=1e-4, abs=0.1)

    def test_a_year_outside_of_the_model_is_refused(self, stated):
        with pytest.raises(ValueError, match="year: found 2005"):
            fleet.at_work(stated, values(), 2005)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"old_share": 1.2}, "old_share: found 1.2; .* to 1"),
            ({"money_share": -0.1}, "money_share: found -0.1"),
            ({"timing": 2}, "timing: found 2; .* to 1"),
            ({"life": -2}, "life: found -2; .* above 0"),
            ({"price": 0}, "price: found 0; .* above 0"),
            ({"sold": math.nan}, "sold: found no value"),
        ],
    )
    def test_impossible_assumptions_are_refused(self, stated, change, words):
        with pytest.raises(ValueError, match=words):
            fleet.fleet(stated, values(**change))

    def test_a_missing_assumption_is_named(self, stated):
        for name in VALUES:
            with pytest.raises(ValueError, match=f"no column '{name}'"):
                fleet.fleet(stated, values().drop(columns=name))

    def test_evidence_refuses_gaps_and_batches_out_of_range(self):
        trade = pd.Series({2001: 1.0, 2003: 1.0})
        with pytest.raises(ValueError, match="all years from 2001"):
            fleet.Evidence(1, 2000, {}, trade)
        trade = pd.Series({2001: 1.0})
        with pytest.raises(ValueError, match=r"sold in 2001\.\.2002"):
            fleet.Evidence(1, 2000, {"sold": (2001, 2002)}, trade)
        with pytest.raises(ValueError, match="trade: found no entries"):
            fleet.Evidence(1, 2000, {}, pd.Series(dtype=float))
        with pytest.raises(ValueError, match=r"trade: found no value .* 2001"):
            fleet.Evidence(1, 2000, {}, trade * math.nan)
        with pytest.raises(ValueError, match="stock: found -1"):
            fleet.Evidence(-1, 2000, {}, trade)


class TestCount:
    def test_two_batches_of_the_same_years_are_two_readings(self):
        trade = pd.Series({2001: 1.0, 2002: 1.0})
        batches = {"sold": (2001, 2002), "by_sum": (2001, 2002)}
        evidence = fleet.Evidence(0.0, 2000, batches, trade)
        for reading, units in ((0, 900), (0.5, 900), (0.6, 2000), (1, 2000)):
            drawn = values(by_sum=2000.0, reading=float(reading))
            assert fleet.deliveries(evidence, drawn).sum(axis=1).item() == units
        with pytest.raises(ValueError, match="no column 'reading'"):
            fleet.deliveries(evidence, values(by_sum=2000.0))

    def test_a_count_outside_of_the_model_is_refused(self, stated):
        with pytest.raises(ValueError, match="count: found 1999"):
            fleet.Evidence(1, 2000, {}, stated.trade, (1999, 5.0))
        with pytest.raises(ValueError, match=r"count: found 0\.0; .* above 0"):
            fleet.Evidence(1, 2000, {}, stated.trade, (2001, 0.0))

    def test_a_count_on_a_grid_gives_the_known_posterior(self):
        # n machines came in 2001 and none is gone: the fleet is n itself
        trade = pd.Series({2001: 1.0})
        evidence = fleet.Evidence(
            0.0, 2000, {"sold": (2001, 2001)}, trade, (2001, 100.0)
        )
        fixed = {name: (cell, cell) for name, cell in VALUES.items()}
        fixed |= {"life": (1e9, 1e9), "sold": (50, 450), "excess": (0.5, 0.5)}
        drawn = fleet.posterior(evidence, assumptions.between(**fixed), 40_000)
        grid = np.arange(100.005, 450, 0.01)
        weight = np.exp(-(np.log(grid / 100) ** 2) / (2 * 0.5**2))
        for number in (120, 160, 220):
            exact = weight[grid >= number].sum() / weight.sum()
            assert (drawn["sold"] >= number).mean() == pytest.approx(exact, abs=0.005)
        assert drawn["sold"].min() >= 100

    def test_without_a_count_the_posterior_is_the_prior(self, stated):
        ends = {name: (cell / 2, cell) for name, cell in VALUES.items()}
        ends = assumptions.between(**ends)
        assert fleet.posterior(stated, ends, 500).equals(fleet.prior(ends, 500))

    def test_lives_and_purchases_may_go_together(self):
        ends = {name: (cell / 2, cell) for name, cell in VALUES.items()}
        for by in (-0.9, 0.9):
            tied = assumptions.between(**ends, together=(by, by))
            drawn = fleet.prior(tied, 2000)[["life", "money_share"]]
            assert drawn.corr().iloc[0, 1] == pytest.approx(by, abs=0.05)


class TestQuestions:
    def test_chances_are_weighted_shares_at_or_above(self):
        units = pd.Series([30.0, 10.0, 20.0, 40.0])
        cases = {
            "even": np.ones(4),
            "last": np.array([0, 0, 1.0, 3]),
            "none": 0 * units,
        }
        found = fleet.chances(units, cases, [0, 10, 11, 40, 41])
        assert found["even"].tolist() == [100, 100, 75, 25, 0]
        assert found["last"].tolist() == [100, 100, 100, 75, 0]
        assert found["none"].isna().all()

    def test_probability_counts_draws_at_or_above(self):
        fleets = pd.DataFrame({2017: [1.0, 2.0, 3.0, 4.0]})
        assert fleet.probability(fleets, 2017, 3) == 0.5
        assert fleet.probability(fleets, 2017, 5) == 0
        with pytest.raises(ValueError, match=r"year: found 2018; .* one of 2017"):
            fleet.probability(fleets, 2018, 3)
        with pytest.raises(ValueError, match="no draws"):
            fleet.probability(fleets.iloc[:0], 2017, 3)

    def test_quantiles_by_year(self):
        fleets = pd.DataFrame({2016: range(101), 2017: range(0, 202, 2)})
        found = fleet.quantiles(fleets)
        assert found.loc[2016].to_dict() == {"value": 50, "low": 5, "high": 95}
        assert found.loc[2017].tolist() == [100, 10, 190]
        with pytest.raises(ValueError, match=r"quantile: found 1\.5"):
            fleet.quantiles(fleets, high=1.5)

    def test_summary_rounds_to_hundreds_and_percent(self):
        run = pd.Series(np.arange(0, 10_100, 100.0))
        row = fleet.summary({"all": run}, at_least=9_000).loc["all"]
        assert row.to_dict() == {"low": 500, "median": 5000, "high": 9500, "chance": 11}

    def test_implied_price(self):
        assert fleet.implied_price(400, 5500) == pytest.approx(72_727, abs=1)
        with pytest.raises(ValueError, match="units: found 0"):
            fleet.implied_price(400, 0)


class TestWholeResults:
    DRAWS = pd.DataFrame([VALUES, VALUES | {"life": 5.0, "timing": 1.0}], [7, 3])

    def test_fleets(self, stated):
        assert (
            written(fleet.deliveries(stated, self.DRAWS))
            == """\
None:int64 | 2001:float64, 2002:float64, 2003:float64, 2004:float64 by year
7 | 50, 300, 300, 300
3 | 50, 225, 450, 225
"""
        )
        assert (
            written(fleet.fleet(stated, self.DRAWS))
            == """\
None:int64 | 2000:float64, 2001:float64, 2002:float64, 2003:float64, 2004:float64
7 | 500, 500.45121, 750.88826, 1000.7671, 1248.5358
3 | 500, 450.99644, 577.87554, 929.71715, 1047.7041
"""
        )
        assert (
            written(fleet.at_work(stated, self.DRAWS, 2004))
            == """\
None:int64 | 0:float64
7 | 1248.5358
3 | 1047.7041
"""
        )
        assert (
            written(fleet.quantiles(fleet.fleet(stated, self.DRAWS)))
            == """\
None:int64 | value:float64, low:float64, high:float64
2000 | 500, 500, 500
2001 | 475.72383, 453.46918, 497.97847
2002 | 664.3819, 586.52618, 742.23763
2003 | 965.24213, 933.26964, 997.21462
2004 | 1148.12, 1057.7457, 1238.4943
"""
        )
        bought = pd.Series({2001: 10.0, 2002: 20.0})
        assert fleet.working(bought, 100, 8).round(6).tolist() == [
            [100.0, 97.614238, 105.241386]
        ]
        assert fleet.survival([0, 5, 10], 10).round(6).tolist() == [1.0, 0.917004, 0.5]
        assert fleet.remaining(3, 10).round(6).tolist() == [
            [1.0, 0.900911, 0.802062, 0.704065]
        ]

    def test_answers(self, stated):
        fleets = fleet.fleet(stated, self.DRAWS)
        assert fleet.probability(fleets, 2004, 1000) == 1.0
        runs = {"a": fleets[2004], "b": fleets[2004] * 2}
        assert (
            written(fleet.summary(runs, 1000))
            == """\
None:text | low:int64, median:int64, high:int64, chance:int64
a | 1100, 1100, 1200, 100
b | 2100, 2300, 2500, 100
"""
        )
        units = pd.Series([900.0, 1100.0, 1300.0])
        cases = {"all": np.ones(3), "the last": np.array([0.0, 0, 1])}
        assert (
            written(fleet.chances(units, cases, [1000, 1300]))
            == """\
units:int64 | all:float64, the last:float64
1000 | 66.666667, 100
1300 | 33.333333, 100
"""
        )
        assert fleet.implied_price(10.0, 400) == 25000.0
        with pytest.raises(ValueError, match="value_usd_million: found -1"):
            fleet.implied_price(-1, 400)
