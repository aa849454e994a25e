"""Indicators of trade: worked numbers, properties and refusals."""

import doctest
import math
import re

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from partnership.methods import indicators as ind

# Goods turnover in USD million as the embassy states it (2019 is a gap).
GOODS = pd.Series(
    [90.7, 237.2, 237.8, 319.0, 195.0, 93.6, 120.6, 65.0, 32.2, 25.7],
    [*range(2010, 2019), 2020],
)

flow = st.floats(min_value=0, max_value=1e6).map(lambda v: round(v, 3))
positive = st.floats(min_value=0.001, max_value=1e6)
# No part is near half of all: it would pass for the total of the others.
flows = st.lists(positive, min_size=1, max_size=30).map(pd.Series)
flows = flows.filter(lambda v: len(v) < 3 or abs(2 * v.max() / v.sum() - 1) > 1e-3)


def approx(values):
    return pytest.approx(values, nan_ok=True)


def outcomes(values):
    columns = {"period": map(str, values), "value": values.values()}
    frame = pd.DataFrame({name: list(cells) for name, cells in columns.items()})
    frame = frame.assign(period_type="calendar_year")
    frame.attrs = {"series": "goods_turnover", "unit": "USD_million"}
    return frame


def test_the_examples_in_the_docstrings_hold():
    result = doctest.testmod(ind)
    assert result.attempted >= 3
    assert result.failed == 0


class TestByYear:
    def test_periods_become_whole_years_in_order(self):
        series = ind.by_year(outcomes({2016: 120.6, 2015: 93.6}))
        assert series.index.tolist() == [2015, 2016]
        assert series.tolist() == [93.6, 120.6]
        assert series.name == "goods_turnover"
        assert series.attrs["unit"] == "USD_million"

    def test_another_column_can_be_taken_and_the_index_holds_periods(self):
        frame = outcomes({2016: 120.6}).assign(low=112.0).set_index("period")
        assert ind.by_year(frame, "low").to_dict() == {2016: 112.0}

    def test_an_academic_year_is_no_year_of_trade(self):
        frame = outcomes({"2016/2017": 1.0}).assign(period_type="academic_year")
        with pytest.raises(ValueError, match=r"2016/2017.*calendar year"):
            ind.by_year(frame)


class TestGrowth:
    def test_worked_numbers(self):
        # 120.6 / 93.6 = 1.28846154; 65 / 120.6 = 0.53897181; 32.2 / 65 = 0.49538462
        rates = ind.growth(GOODS.loc[2015:2018])
        assert rates.tolist() == approx([math.nan, 28.846154, -46.102819, -50.461538])

    def test_no_rate_reaches_across_a_gap(self):
        assert math.isnan(ind.growth(GOODS)[2020])
        explicit = pd.Series({2018: 32.2, 2019: math.nan, 2020: 25.7})
        assert ind.growth(explicit).isna().all()

    def test_growth_from_nothing_has_no_size(self):
        rates = ind.growth(pd.Series({2000: 0.0, 2001: 5.0, 2002: 0.0}))
        assert rates.tolist() == approx([math.nan, math.nan, -100.0])

    def test_the_order_of_the_rows_does_not_matter(self):
        pd.testing.assert_series_equal(ind.growth(GOODS[::-1]), ind.growth(GOODS))

    @given(st.lists(positive, min_size=2, max_size=20))
    def test_growth_chains_back_to_the_multiple(self, values):
        series = pd.Series(values, index=range(2000, 2000 + len(values)))
        chained = (1 + ind.growth(series).dropna() / 100).prod()
        last = series.index[-1]
        expected = ind.multiple(series, 2000, last)
        assert chained == pytest.approx(expected, rel=1e-6)

    def test_years_may_be_text_or_academic(self):
        values = pd.Series({"2015/2016": 93.6, "2016/2017": 120.6})
        assert ind.growth(values)[2016] == pytest.approx(28.846154)

    def test_a_month_is_no_year(self):
        with pytest.raises(ValueError, match="values, index: found 202211; allowed"):
            ind.growth(pd.Series({202211: 1.0, 202212: 2.0}))


class TestMultiple:
    def test_worked_number(self):
        # 319.0 / 90.7 = 3.51709
        assert ind.multiple(GOODS, 2010, 2013) == pytest.approx(3.51709, abs=1e-5)

    def test_a_year_without_a_value_is_named(self):
        with pytest.raises(ValueError, match=r"year: found 2019.*2010 to 2020"):
            ind.multiple(GOODS, 2010, 2019)

    def test_a_base_of_nothing_is_refused(self):
        with pytest.raises(ValueError, match="base_year: found the value 0 in 2000"):
            ind.multiple(pd.Series({2000: 0.0, 2001: 1.0}), 2000, 2001)

    def test_a_year_may_be_text(self):
        assert ind.multiple(GOODS, "2010", "2013") == pytest.approx(3.51709)


class TestRecord:
    def test_the_highest_year_and_value(self):
        assert ind.record(GOODS) == (2013, 319.0)
        assert ind.record(GOODS).value == 319.0

    def test_only_the_years_before(self):
        assert ind.record(GOODS, before=2013) == (2012, 237.8)

    def test_the_first_of_equal_years_counts(self):
        assert ind.record(pd.Series({2002: 5.0, 2001: 5.0})) == (2001, 5.0)

    def test_gaps_are_passed_over(self):
        assert ind.record(pd.Series({2001: 1.0, 2002: math.nan})) == (2001, 1.0)

    def test_nothing_to_compare_is_refused(self):
        with pytest.raises(ValueError, match="no value before 2010"):
            ind.record(GOODS, before=2010)
        with pytest.raises(ValueError, match="no value at all"):
            ind.record(pd.Series({2001: math.nan}))

    def test_was_2016_a_record(self):
        assert not ind.was_record(GOODS, 2016)
        years = ind.earlier_as_high(GOODS, 2016)
        assert years.index.tolist() == [2011, 2012, 2013, 2014]
        # 319.0 - 120.6 = 198.4; 319.0 / 120.6 = 2.64511
        assert years.loc[2013, "difference"] == pytest.approx(198.4)
        assert years.loc[2013, "ratio"] == pytest.approx(2.64511, abs=1e-5)

    def test_later_years_play_no_part(self):
        assert ind.was_record(GOODS, 2011)
        assert ind.was_record(GOODS, 2013)

    def test_a_stated_figure_against_a_series(self):
        # $300 million: 319 in 2013 was higher, 450 with services as well
        assert ind.earlier_as_high(GOODS, 2016, 300).index.tolist() == [2013]
        assert ind.was_record(GOODS, 2016, 320)

    def test_a_tie_is_no_record(self):
        values = pd.Series({2001: 5.0, 2002: 5.0})
        assert not ind.was_record(values, 2002)
        assert ind.earlier_as_high(values, 2002).index.tolist() == [2001]

    def test_years_that_may_hide_a_higher_value_are_listed(self):
        known = ind.earlier_as_high(GOODS, 2020, 10)
        assert known.attrs["gaps"] == [2019]
        assert ind.earlier_as_high(GOODS, 2016).attrs["gaps"] == []

    def test_the_first_year_is_no_record(self):
        with pytest.raises(ValueError, match="no value before 2010"):
            ind.was_record(GOODS, 2010)

    def test_a_comparison_with_nothing_has_no_ratio(self):
        years = ind.earlier_as_high(pd.Series({2001: 1.0, 2002: 0.0}), 2002)
        assert years["ratio"].isna().all()

    @given(st.lists(flow, min_size=2, max_size=20))
    def test_a_record_is_above_the_record_before_it(self, values):
        series = pd.Series(values, index=range(2000, 2000 + len(values)))
        last = series.index[-1]
        above = series[last] > ind.record(series, before=last).value
        assert ind.was_record(series, last) == above
        assert ind.earlier_as_high(series, last).empty == above


class TestBalanceAndTurnover:
    def test_worked_numbers(self):
        # UNCTAD 2015, USD million: 82.1082 sold, 2.9022 bought
        assert ind.balance(82.1082, 2.9022) == pytest.approx(79.206)
        assert ind.turnover(82.1082, 2.9022) == pytest.approx(85.0104)

    def test_one_side_is_never_the_whole(self):
        exports, imports = pd.Series({2000: 3.0, 2001: 4.0}), pd.Series({2001: 5.0})
        assert ind.balance(exports, imports).tolist() == approx([math.nan, -1.0])
        assert ind.turnover(exports, imports).tolist() == approx([math.nan, 9.0])

    @given(flow, flow)
    def test_both_flows_can_be_found_again(self, exports, imports):
        total = ind.turnover(exports, imports)
        difference = ind.balance(exports, imports)
        assert (total + difference) / 2 == pytest.approx(exports)
        assert abs(difference) <= total

    def test_a_series_and_a_number_do_not_mix(self):
        with pytest.raises(ValueError, match="exports and imports: found a Series and"):
            ind.balance(GOODS, 1.0)

    @pytest.mark.parametrize(
        "function",
        [
            ind.balance,
            ind.turnover,
            ind.grubel_lloyd,
            lambda left, right: ind.trade_intensity(left, 100, right, 900, 9),
            lambda left, right: ind.section_shares(left.to_frame().T, right),
        ],
    )
    @pytest.mark.parametrize("keys", [("2013", 2013), (2013, 2014), ("AAA", "BBB")])
    def test_two_sides_without_a_match_stop(self, function, keys):
        left, right = (pd.Series({key: 5.0}) for key in keys)
        found = f"found {keys[0]!r} and {keys[1]!r}, without a match"
        with pytest.raises(ValueError, match=found):
            function(left, right)

    def test_two_sides_of_mixed_keys_stop(self):
        mixed = pd.Series({2013: 5.0, "2014": 5.0})
        with pytest.raises(ValueError, match="allowed is one kind of key"):
            ind.balance(mixed, mixed)


class TestGrubelLloyd:
    def test_worked_numbers(self):
        # Exports 6, imports 2: 1 - |6 - 2| / (6 + 2) = 0.5
        assert ind.grubel_lloyd(6, 2) == 0.5
        exports = pd.Series({"x": 319, "y": 43, "z": 10})
        imports = pd.Series({"x": 354, "y": 141, "z": 100})
        # x: 1 - 35 / 673, y: 1 - 98 / 184, z: 1 - 90 / 110
        expected = [0.947994, 0.467391, 0.181818]
        assert ind.grubel_lloyd(exports, imports).tolist() == pytest.approx(
            expected, abs=1e-6
        )
        # all: 1 - (35 + 98 + 90) / (673 + 184 + 110) = 1 - 223 / 967
        whole = ind.grubel_lloyd(exports, imports, aggregate=True)
        assert whole == pytest.approx(0.769390, abs=1e-6)

    def test_no_trade_has_no_index(self):
        assert math.isnan(ind.grubel_lloyd(0, 0))
        both = ind.grubel_lloyd(pd.Series([0.0, 1.0]), pd.Series([0.0, 1.0]))
        assert both.tolist() == approx([math.nan, 1.0])

    def test_an_aggregate_needs_both_sides(self):
        with pytest.raises(ValueError, match="only one side"):
            left, right = pd.Series({"x": 1, "y": 1}), pd.Series({"y": 1})
            ind.grubel_lloyd(left, right, True)
        with pytest.raises(ValueError, match="found 0 in all"):
            ind.grubel_lloyd(pd.Series({"x": 0}), pd.Series({"x": 0}), True)

    @given(positive, flow)
    def test_between_0_and_1_and_the_same_from_both_sides(self, exports, imports):
        index = ind.grubel_lloyd(exports, imports)
        assert 0 <= index <= 1
        assert index == ind.grubel_lloyd(imports, exports)

    @given(st.lists(st.tuples(positive, flow), min_size=1, max_size=10))
    def test_the_aggregate_lies_between_its_products(self, pairs):
        exports, imports = (pd.Series(side) for side in zip(*pairs, strict=True))
        single = ind.grubel_lloyd(exports, imports)
        whole = ind.grubel_lloyd(exports, imports, aggregate=True)
        assert single.min() - 1e-9 <= whole <= single.max() + 1e-9


class TestChangeParts:
    flow = pd.Series({2013: 90.0, 2014: 110.0, 2018: 20.0, 2019: 30.0})
    market = pd.Series({2013: 1000.0, 2014: 1000.0, 2018: 400.0, 2019: 600.0})
    seller = pd.Series({2013: 300.0, 2014: 500.0, 2018: 400.0, 2019: 400.0})
    world = pd.Series({2013: 9000.0, 2014: 9000.0, 2018: 10000.0, 2019: 8000.0})
    spans = (2013, 2014), (2018, 2019)

    def parts(self, **other):
        flows = {n: getattr(self, n) for n in ("flow", "market", "seller", "world")}
        return ind.change_parts(*(flows | other).values(), *self.spans)

    def test_worked_numbers(self):
        # flow 100 to 25, market 1000 to 500, seller 400 of 9000 in both spans
        parts = self.parts()
        assert parts["change"] == pytest.approx(math.log(0.25))
        assert parts["market"] == pytest.approx(math.log(0.5))
        assert parts["seller"] == pytest.approx(0, abs=1e-12)
        assert parts["rest"] == pytest.approx(math.log(0.5))

    def test_a_lower_share_of_the_seller_is_its_own_part(self):
        parts = self.parts(world=self.world * [1, 1, 2, 2])
        assert parts["seller"] == pytest.approx(-math.log(2))
        assert parts["rest"] == pytest.approx(0, abs=1e-12)

    @pytest.mark.parametrize("name", ["flow", "market", "seller", "world"])
    def test_each_year_needs_a_value_above_0(self, name):
        for change in (lambda x: x.drop(2018), lambda x: x * [1, 1, 0, 1]):
            with pytest.raises(ValueError, match=f"{name}.*2018"):
                self.parts(**{name: change(getattr(self, name))})


class TestShares:
    def test_worked_numbers(self):
        parts = ind.trade_shares(pd.Series({"a": 50, "b": 30, "c": 20}))
        assert parts.to_dict() == pytest.approx({"a": 0.5, "b": 0.3, "c": 0.2})

    def test_shares_of_a_stated_total_keep_gaps(self):
        parts = ind.trade_shares(pd.Series({"a": 50.0, "b": math.nan}), total=200)
        assert parts.tolist() == approx([0.25, math.nan])

    @given(flows)
    def test_shares_sum_to_one(self, values):
        assert ind.trade_shares(values).sum() == pytest.approx(1)

    def test_an_unknown_part_makes_the_whole_unknown(self):
        with pytest.raises(ValueError, match=r"values: found no value \(NaN\) at 'b'"):
            ind.trade_shares(pd.Series({"a": 1.0, "b": math.nan}))

    def test_a_whole_of_nothing_is_refused(self):
        with pytest.raises(ValueError, match="values: found a whole of 0"):
            ind.trade_shares(pd.Series({"a": 0.0}))
        with pytest.raises(ValueError, match="total: found a whole of 0"):
            ind.trade_shares(pd.Series({"a": 0.0}), total=0)
        with pytest.raises(ValueError, match="total: found nan"):
            ind.trade_shares(pd.Series({"a": 1.0}), total=math.nan)

    def test_parts_may_exceed_a_total_by_rounding_only(self):
        assert ind.trade_shares(pd.Series({"a": 100.4}), total=100)["a"] > 1
        with pytest.raises(ValueError, match=r"total: found 100, less than.*100\.6"):
            ind.trade_shares(pd.Series({"a": 100.6}), total=100)


class TestRank:
    values = pd.Series({"AAA": 9.0, "BBC": 4.0, "CCD": 4.0, "DDE": 1.0, "EEF": None})

    def test_equal_values_share_a_place_and_leave_the_next_out(self):
        places = [ind.rank(self.values, n) for n in ("AAA", "BBC", "CCD", "DDE")]
        assert places == [1, 2, 2, 4]

    def test_an_unknown_name_meets_a_suggestion(self):
        many = pd.Series({f"X{n}{n}": float(n) for n in range(20)} | {"ABC": 1.5})
        with pytest.raises(ValueError, match=r"found 'ACB'; allowed is one of ABC, 20"):
            ind.rank(many, "ACB")

    def test_an_entry_without_a_value_has_no_place(self):
        with pytest.raises(ValueError, match=r"with a value\): found 'EEF'; allowed"):
            ind.rank(self.values, "EEF")

    @settings(deadline=None)
    @given(flows.filter(lambda values: values.is_unique))
    def test_places_of_distinct_values_are_1_to_n_in_order(self, values):
        places = [ind.rank(values, name) for name in values.index]
        assert sorted(places) == list(range(1, len(values) + 1))
        assert values.iloc[places.index(1)] == max(values)

    @settings(deadline=None)
    @given(st.lists(st.integers(0, 5), min_size=1, max_size=20))
    def test_ties_follow_the_competition_ranking_of_pandas(self, values):
        series = pd.Series(values)
        expected = series.rank(method="min", ascending=False).astype(int).tolist()
        assert [ind.rank(series, name) for name in series.index] == expected


class TestConcentration:
    def test_worked_number_of_a_textbook_market(self):
        # One of 50 %, three of 10 %, twenty of 1 %, the example of T. Taylor
        # (Conversable Economist, 2020): 2500 + 3 x 100 + 20 x 1 = 2820 of 10,000
        market = pd.Series([50] + [10] * 3 + [1] * 20)
        assert ind.hhi(market) == pytest.approx(0.2820)
        # n = 24: (0.282 - 1/24) / (23/24) = 0.2507826
        assert ind.hhi(market, normalised=True) == pytest.approx(0.2507826)
        # 1 / 0.282 = 3.5461
        assert ind.equivalent_number(market) == pytest.approx(3.5461, abs=1e-4)

    def test_equal_parts_count_themselves(self):
        assert ind.hhi(pd.Series([5.0] * 4)) == pytest.approx(0.25)
        assert ind.equivalent_number(pd.Series([5.0] * 4)) == pytest.approx(4)
        assert ind.hhi(pd.Series([5.0] * 4), normalised=True) == pytest.approx(0)

    def test_one_that_has_all(self):
        alone = pd.Series([5.0, 0.0])
        assert ind.hhi(alone) == ind.hhi(alone, normalised=True) == 1

    def test_a_single_entry_cannot_be_normalised(self):
        with pytest.raises(ValueError, match="found one entry"):
            ind.hhi(pd.Series([5.0]), normalised=True)

    @given(flows.filter(lambda values: len(values) > 1))
    def test_bounds(self, values):
        n, slack = len(values), 1e-9
        assert 1 / n - slack <= ind.hhi(values) <= 1 + slack
        assert -slack <= ind.hhi(values, normalised=True) <= 1 + slack
        assert 1 - slack <= ind.equivalent_number(values) <= n + 1e-6

    @given(flows, st.floats(0.001, 1000))
    def test_the_unit_does_not_matter(self, values, scale):
        assert ind.hhi(values * scale) == pytest.approx(ind.hhi(values))

    @given(flows)
    def test_merging_two_partners_concentrates(self, values):
        with_another = pd.concat([values, pd.Series([1.0])], ignore_index=True)
        merged = with_another.iloc[:-1].copy()
        merged.iloc[-1] += 1.0
        assume(
            all(abs(2 * v.max() / v.sum() - 1) > 1e-3 for v in (merged, with_another))
        )
        assert ind.hhi(merged) >= ind.hhi(with_another) - 1e-12


class TestTradeIntensity:
    def test_worked_number(self):
        # Share in exports 10 / 100 = 0.10; in others' imports 50 / (1100 - 100) = 0.05
        index = ind.trade_intensity(x_ij=10, x_i=100, m_j=50, m_w=1100, m_i=100)
        assert index == pytest.approx(2)

    def test_without_own_imports_it_is_the_simpler_form(self):
        # (10 / 100) / (50 / 1100) = 2.2, the index of Yamazawa (1971)
        assert ind.trade_intensity(10, 100, 50, 1100, 0) == pytest.approx(2.2)

    def test_series_and_numbers_mix_and_gaps_stay(self):
        index = ind.trade_intensity(
            x_ij=pd.Series({"AAA": 10.0, "BBB": 0.0, "CCC": math.nan}),
            x_i=100,
            m_j=pd.Series({"AAA": 50.0, "BBB": 80.0}),
            m_w=1100,
            m_i=100,
        )
        assert index[["AAA", "BBB", "CCC"]].tolist() == approx([2.0, 0.0, math.nan])

    @given(st.lists(positive, min_size=2, max_size=10), st.data())
    def test_the_mean_over_all_partners_weighted_by_their_imports_is_1(
        self, imports, data
    ):
        m_j = pd.Series(imports)
        some = st.lists(positive, min_size=len(m_j), max_size=len(m_j))
        x_ij = pd.Series(data.draw(some))
        # Economy i imports 7 itself; the others' imports are the rest of the world's.
        index = ind.trade_intensity(x_ij, x_ij.sum(), m_j, m_j.sum() + 7, 7)
        assert (index * m_j / m_j.sum()).sum() == pytest.approx(1, rel=1e-6)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"x_i": 5}, "x_i: found 5; allowed is x_ij or more"),
            ({"m_w": 120}, "m_w: found 120; allowed is m_i plus m_j or more"),
            ({"m_j": 0}, "m_j: found 0; allowed is a total above 0"),
            ({"x_ij": 0, "x_i": 0}, "x_i: found 0; allowed is a total above 0"),
            ({"m_i": math.nan}, "m_i: found nan"),
            ({"x_i": "100"}, "x_i: found '100'"),
            ({"x_ij": [1]}, "x_ij: found [1]; allowed is a finite number"),
            ({"m_w": pd.Series({1: 1100, 2: math.nan})}, "m_w: found nan at 2"),
        ],
    )
    def test_an_impossible_total_is_named(self, change, message):
        flows = {"x_ij": 10, "x_i": 100, "m_j": 50, "m_w": 1100, "m_i": 100} | change
        with pytest.raises(ValueError, match=re.escape(message)):
            ind.trade_intensity(**flows)


class TestTargets:
    stated = pd.DataFrame(
        {
            "period": ["2010", "2012", "", "2019", "2012-01..2012-03", None],
            "stated_on": ["2008-01", "2012-09-06", "2017-05-10", "2017", "2012-04", ""],
            "value": [1000, 400, 500, 50, 320, 1],
            "stated_by": ["AAA", "BBB", "AAA", "AAA", "BBB", "AAA"],
        },
        index=["a", "b", "c", "d", "e", "f"],
    )

    def test_worked_numbers(self):
        result = ind.targets_against_outcomes(
            self.stated, outcomes(GOODS.to_dict() | {2019: math.nan})
        )
        # 90.7 of 1000; 237.8 of 400; since 2017 at most 65.0 of 500
        expected = [9.07, 59.45, 13.0, math.nan, math.nan, math.nan]
        assert result["percent"].tolist() == approx(expected)
        assert result.index.tolist() == list("abcdef")
        assert result["outcome_period"].tolist() == ["2010", "2012", "2017", "", "", ""]
        basis = ["same period"] * 2 + ["no year named"] + ["no outcome"] * 3
        assert result["basis"].tolist() == basis
        assert result.loc["b", "who"] == "BBB"

    def test_a_target_without_a_year_looks_only_forward(self):
        # 319 in 2013 came before the statement of 2017 and does not count
        later = ind.targets_against_outcomes(
            self.stated.loc[["c"]], outcomes({2013: 319.0, 2018: 32.2})
        )
        assert later["outcome"].tolist() == [32.2]
        none = ind.targets_against_outcomes(
            self.stated.loc[["c"]], outcomes({2013: 319.0})
        )
        assert none["outcome"].isna().all()
        assert none["basis"].tolist() == ["no outcome"]

    def test_a_part_of_a_year_is_not_the_highest_year(self):
        frame = outcomes({2018: 32.2})
        part = frame.assign(period="2017-01..2017-06", value=44.9)
        result = ind.targets_against_outcomes(
            self.stated.loc[["c"]], pd.concat([frame, part])
        )
        assert result["outcome_period"].tolist() == ["2018"]

    def test_a_year_that_gaps_made_a_float_is_that_year(self):
        stated = self.stated.loc[["a"]].assign(period=[2010.0])
        row = ind.targets_against_outcomes(stated, outcomes({2010: 90.7})).loc["a"]
        assert (row["basis"], row["percent"]) == ("same period", pytest.approx(9.07))

    def test_a_column_who_comes_first(self):
        stated = self.stated.assign(who="ambassador")
        result = ind.targets_against_outcomes(stated, outcomes({2010: 1.0}))
        assert set(result["who"]) == {"ambassador"}

    @pytest.mark.parametrize(
        ("stated", "message"),
        [
            (stated.drop(columns="stated_on"), "no column 'stated_on'"),
            (stated.drop(columns="stated_by"), "no column 'stated_by'"),
            (stated.assign(value=0), "found 0 at 'a'"),
            (stated.assign(value=math.nan), "found no value (NaN) at 'a'"),
            (stated.iloc[:0], "found no entries"),
            (stated.assign(unit="persons"), "found 'persons'; allowed is one of USD_m"),
        ],
    )
    def test_bad_targets_are_named(self, stated, message):
        with pytest.raises(ValueError, match="targets.*" + re.escape(message)):
            ind.targets_against_outcomes(stated, outcomes({2010: 90.7}))

    def test_two_outcomes_of_one_period_are_refused(self):
        twice = pd.concat([outcomes({2010: 90.7}), outcomes({2010: 91.0})])
        with pytest.raises(ValueError, match=r"outcomes\['value'\]: found '2010' twi"):
            ind.targets_against_outcomes(self.stated, twice)


class TestSectionShares:
    # UNCTAD, exports in USD million; the source gives no value for some sections.
    sections = pd.DataFrame(
        {
            1995: [0.48, 0.0466, None, None, None, 0.637, 0.149, 4.371, 0.218],
            2005: [0.381, 0.0099, None, None, None, 0.737, 0.835, 39.261, 2.64],
            2015: [6.645, 0.374, 0.936, 0.726, 0.0011, 9.79, 17.088, 35.522, 11.026],
        }
    )
    totals = pd.Series({1995: 5.9009, 2005: 43.863, 2015: 82.1082})

    def test_worked_numbers(self):
        result = ind.section_shares(self.sections, self.totals)
        # Section 7: 4.371 / 5.9016, 39.261 / 43.8639, 35.522 / 82.1081
        assert result.shares.loc[7].tolist() == pytest.approx(
            [74.0647, 89.5064, 43.2625], abs=1e-3
        )
        assert result.shares[1995].isna().sum() == 3
        # 5.9016 - 5.9009 = 0.0007, which is 0.0119 percent of 5.9009
        assert result.check.loc[1995, "difference"] == pytest.approx(0.0007, abs=1e-6)
        assert result.check.loc[1995, "percent"] == pytest.approx(0.0119, abs=1e-4)

    def test_a_missing_section_shows_in_the_check(self):
        result = ind.section_shares(self.sections.drop(index=7), self.totals)
        # Without section 7 the sum falls 35.522 short of the total of 2015.
        assert result.check.loc[2015, "difference"] == pytest.approx(-35.522, abs=1e-3)

    def test_without_a_stated_total_nothing_is_compared(self):
        result = ind.section_shares(self.sections, self.totals.drop(2015))
        assert math.isnan(result.check.loc[2015, "difference"])
        assert result.check.loc[2015, "sum"] == pytest.approx(82.1081)
        alone = ind.section_shares(self.sections)
        assert alone.check["total"].isna().all()

    @given(st.lists(st.tuples(positive, positive, positive), min_size=1, max_size=9))
    def test_shares_sum_to_100(self, rows):
        shares = ind.section_shares(pd.DataFrame(rows)).shares
        assert shares.sum().tolist() == pytest.approx([100.0] * 3)
        assert (shares >= 0).all(axis=None)

    @pytest.mark.parametrize(
        ("sections", "message"),
        [
            (pd.DataFrame(), "sections: found no rows"),
            (pd.DataFrame({2015: [1.0, -2.0]}), "sections[2015]: found -2 at 1"),
            (pd.DataFrame({2015: [math.nan]}), "found no value above 0 in 2015"),
            (pd.DataFrame({2015: [1, 2]}, index=[7, 7]), "found 7 twice"),
            (pd.DataFrame([[1, 2]], columns=[2015, 2015]), "found 2015 twice"),
        ],
    )
    def test_bad_sections_are_named(self, sections, message):
        with pytest.raises(ValueError, match=re.escape(message)):
            ind.section_shares(sections)

    @pytest.mark.parametrize("totals", [pd.Series({2015: 0.0}), 82])
    def test_bad_totals_are_named(self, totals):
        with pytest.raises(ValueError, match="totals: found"):
            ind.section_shares(self.sections, totals)


class TestTotalsAmongParts:
    parts = pd.Series({"AAA": 600.0, "BBB": 300.0, "CCC": 100.0})
    functions = (
        ind.trade_shares,
        ind.hhi,
        ind.equivalent_number,
        lambda values: ind.rank(values, "AAA"),
        lambda values: ind.grubel_lloyd(values, values, aggregate=True),
        lambda values: ind.section_shares(values.to_frame(2015)),
        lambda values: ind.partner_standing(
            values.rename_axis("partner").rename("value").reset_index().assign(year=1),
            "AAA",
        ),
    )

    @pytest.mark.parametrize("function", functions)
    @pytest.mark.parametrize("name", ["WLD", "W00", "World", "all", "TOTAL", "EU27"])
    def test_a_total_is_refused_by_its_name(self, function, name):
        # Not the sum of the others: some partners are not told apart.
        with pytest.raises(ValueError, match=f"{name}' among the parts; allowed is no"):
            function(pd.concat([self.parts, pd.Series({name: 1234.5})]))

    @pytest.mark.parametrize("function", functions)
    @pytest.mark.parametrize("total", [1000.0, 1000.4, 999.6])
    def test_a_total_is_refused_by_its_value(self, function, total):
        parts = pd.concat([self.parts + 0.1, pd.Series({"others": total + 0.3})])
        with pytest.raises(ValueError, match="the sum of all others, 'others' among"):
            function(parts.round())

    def test_in_one_year_only_it_may_be_chance(self):
        years = pd.DataFrame({2015: [1000.0, 600, 300, 100], 2016: [900.0, 600, 9, 80]})
        assert len(ind.section_shares(years).shares) == 4
        with pytest.raises(ValueError, match="the sum of all others, 0 among the"):
            ind.section_shares(years[[2015]])

    def test_a_zero_among_numeric_codes_is_the_world_and_a_section_is_not(self):
        with pytest.raises(ValueError, match="the total 0 among the parts"):
            ind.hhi(pd.Series({0: 9.0, 112: 4.0, 795: 3.0}))
        assert ind.hhi(pd.Series({0: 9.0, 1: 4.0, 2: 3.0})) > 0

    @pytest.mark.parametrize("scale", [1, 0.01])
    def test_a_half_is_allowed_in_shares_and_in_few_digits(self, scale):
        half = pd.Series({"AAA": 50, "BBB": 30, "CCC": 20}) * scale
        assert ind.rank(half, "AAA") == 1
        assert ind.rank(half / 10, "BBB") == 2


class TestPartnerStanding:
    flows = pd.DataFrame(
        [(2015, "AAA", 6), (2015, "BBB", 3), (2015, "CCC", 0), (2016, "AAA", 5)],
        columns=["year", "partner", "value"],
    )

    def test_worked_numbers(self):
        table = ind.partner_standing(self.flows, "AAA")
        # 2015: 6 of 9; squares of 2/3 and 1/3 sum to 5/9
        first = [6, 1, 2, 200 / 3, 5 / 9, 9 / 5]
        assert table.loc[2015].tolist() == pytest.approx(first)
        assert table.loc[2016].tolist() == [5, 1, 1, 100, 1, 1]
        assert table.index.name == "year"

    @pytest.mark.parametrize(
        ("flows", "message"),
        [
            (flows, "partner in 2016 (of those with a value): found 'BBB'"),
            (pd.concat([flows, flows[:1]]), "found '2015, AAA' twice"),
            (flows.assign(value=0), "found a whole of 0"),
            (flows.drop(columns="partner"), "flows: found no column 'partner'"),
        ],
    )
    def test_bad_flows_are_named(self, flows, message):
        with pytest.raises(ValueError, match=re.escape(message)):
            ind.partner_standing(flows, "BBB")


def test_nothing_is_changed_in_place():
    values, stated = GOODS[::-1].copy(), TestTargets.stated.copy()
    ind.growth(values)
    ind.earlier_as_high(values, 2016)
    ind.targets_against_outcomes(stated, outcomes({2010: 90.7}))
    pd.testing.assert_series_equal(values, GOODS[::-1])
    pd.testing.assert_frame_equal(stated, TestTargets.stated)
