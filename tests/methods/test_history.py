"""Growth, records and targets: worked numbers, properties and refusals."""

import doctest
import math
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invented import written
from partnership.methods import history

# Goods turnover in USD million as the embassy states it (2019 is a gap).
GOODS = pd.Series(
    [90.7, 237.2, 237.8, 319.0, 195.0, 93.6, 120.6, 65.0, 32.2, 25.7],
    [*range(2010, 2019), 2020],
)

flow = st.floats(min_value=0, max_value=1e6).map(lambda v: round(v, 3))
positive = st.floats(min_value=0.001, max_value=1e6)


def approx(values):
    return pytest.approx(values, nan_ok=True)


def outcomes(values):
    columns = {"period": map(str, values), "value": values.values()}
    frame = pd.DataFrame({name: list(cells) for name, cells in columns.items()})
    frame = frame.assign(period_type="calendar_year")
    frame.attrs = {"series": "goods_turnover", "unit": "USD_million"}
    return frame


def test_the_examples_in_the_docstrings_hold():
    result = doctest.testmod(history)
    assert (result.attempted, result.failed) == (1, 0)


class TestGrowth:
    def test_worked_numbers(self):
        # 120.6 / 93.6 = 1.28846154; 65 / 120.6 = 0.53897181; 32.2 / 65 = 0.49538462
        rates = history.growth(GOODS.loc[2015:2018])
        assert rates.tolist() == approx([math.nan, 28.846154, -46.102819, -50.461538])

    def test_no_rate_reaches_across_a_gap(self):
        assert math.isnan(history.growth(GOODS)[2020])
        explicit = pd.Series({2018: 32.2, 2019: math.nan, 2020: 25.7})
        assert history.growth(explicit).isna().all()

    def test_growth_from_nothing_has_no_size(self):
        rates = history.growth(pd.Series({2000: 0.0, 2001: 5.0, 2002: 0.0}))
        assert rates.tolist() == approx([math.nan, math.nan, -100.0])

    def test_the_order_of_the_rows_does_not_matter(self):
        pd.testing.assert_series_equal(
            history.growth(GOODS[::-1]), history.growth(GOODS)
        )

    @given(st.lists(positive, min_size=2, max_size=20))
    def test_growth_chains_back_to_the_multiple(self, values):
        series = pd.Series(values, index=range(2000, 2000 + len(values)))
        chained = (1 + history.growth(series).dropna() / 100).prod()
        assert chained == pytest.approx(values[-1] / values[0], rel=1e-6)

    def test_years_may_be_text_or_academic(self):
        values = pd.Series({"2015/2016": 93.6, "2016/2017": 120.6})
        assert history.growth(values)[2016] == pytest.approx(28.846154)

    def test_a_month_is_no_year(self):
        with pytest.raises(ValueError, match="values, index: found 202211; allowed"):
            history.growth(pd.Series({202211: 1.0, 202212: 2.0}))


class TestEarlierAsHigh:
    def test_the_years_that_were_as_high(self):
        years = history.earlier_as_high(GOODS, 2016)
        assert years.index.tolist() == [2011, 2012, 2013, 2014]
        # 319.0 - 120.6 = 198.4; 319.0 / 120.6 = 2.64511
        assert years.loc[2013, "difference"] == pytest.approx(198.4)
        assert years.loc[2013, "ratio"] == pytest.approx(2.64511, abs=1e-5)

    def test_a_stated_figure_against_a_series(self):
        # $300 million: 319 in 2013 was higher, 450 with services as well
        assert history.earlier_as_high(GOODS, 2016, 300).index.tolist() == [2013]
        assert history.earlier_as_high(GOODS, 2016, 320).empty
        assert history.earlier_as_high(GOODS, 2013).empty

    def test_a_tie_is_no_record(self):
        values = pd.Series({2001: 5.0, 2002: 5.0})
        assert history.earlier_as_high(values, 2002).index.tolist() == [2001]

    def test_years_that_may_hide_a_higher_value_are_listed(self):
        known = history.earlier_as_high(GOODS, 2020, 10)
        assert known.attrs["gaps"] == [2019]
        assert history.earlier_as_high(GOODS, 2016).attrs["gaps"] == []

    def test_the_first_year_is_no_record(self):
        with pytest.raises(ValueError, match="no value before 2010"):
            history.earlier_as_high(GOODS, 2010)

    def test_a_comparison_with_nothing_has_no_ratio(self):
        years = history.earlier_as_high(pd.Series({2001: 1.0, 2002: 0.0}), 2002)
        assert years["ratio"].isna().all()

    def test_a_year_without_a_value_is_named(self):
        with pytest.raises(ValueError, match=r"year: found 2019.*2010 to 2020"):
            history.earlier_as_high(GOODS, 2019)

    @given(st.lists(flow, min_size=2, max_size=20))
    def test_it_is_empty_if_the_last_year_is_above_all_others(self, values):
        series = pd.Series(values, index=range(2000, 2000 + len(values)))
        above = values[-1] > max(values[:-1])
        assert history.earlier_as_high(series, series.index[-1]).empty == above


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
        result = history.targets_against_outcomes(
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
        later = history.targets_against_outcomes(
            self.stated.loc[["c"]], outcomes({2013: 319.0, 2018: 32.2})
        )
        assert later["outcome"].tolist() == [32.2]
        none = history.targets_against_outcomes(
            self.stated.loc[["c"]], outcomes({2013: 319.0})
        )
        assert none["outcome"].isna().all()
        assert none["basis"].tolist() == ["no outcome"]

    def test_a_part_of_a_year_is_not_the_highest_year(self):
        frame = outcomes({2018: 32.2})
        part = frame.assign(period="2017-01..2017-06", value=44.9)
        result = history.targets_against_outcomes(
            self.stated.loc[["c"]], pd.concat([frame, part])
        )
        assert result["outcome_period"].tolist() == ["2018"]

    def test_a_year_that_gaps_made_a_float_is_that_year(self):
        stated = self.stated.loc[["a"]].assign(period=[2010.0])
        row = history.targets_against_outcomes(stated, outcomes({2010: 90.7})).loc["a"]
        assert (row["basis"], row["percent"]) == ("same period", pytest.approx(9.07))

    def test_a_column_who_comes_first(self):
        stated = self.stated.assign(who="ambassador")
        result = history.targets_against_outcomes(stated, outcomes({2010: 1.0}))
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
            history.targets_against_outcomes(stated, outcomes({2010: 90.7}))

    def test_two_outcomes_of_one_period_are_refused(self):
        twice = pd.concat([outcomes({2010: 90.7}), outcomes({2010: 91.0})])
        with pytest.raises(ValueError, match=r"outcomes\['value'\]: found '2010' twi"):
            history.targets_against_outcomes(self.stated, twice)


def test_nothing_is_changed_in_place():
    values, stated = GOODS[::-1].copy(), TestTargets.stated.copy()
    history.growth(values)
    history.earlier_as_high(values, 2016)
    history.targets_against_outcomes(stated, outcomes({2010: 90.7}))
    pd.testing.assert_series_equal(values, GOODS[::-1])
    pd.testing.assert_frame_equal(stated, TestTargets.stated)


class TestChangeParts:
    flow = pd.Series({2013: 90.0, 2014: 110.0, 2018: 20.0, 2019: 30.0})
    market = pd.Series({2013: 1000.0, 2014: 1000.0, 2018: 400.0, 2019: 600.0})
    seller = pd.Series({2013: 300.0, 2014: 500.0, 2018: 400.0, 2019: 400.0})
    world = pd.Series({2013: 9000.0, 2014: 9000.0, 2018: 10000.0, 2019: 8000.0})
    spans = (2013, 2014), (2018, 2019)

    def parts(self, **other):
        flows = {n: getattr(self, n) for n in ("flow", "market", "seller", "world")}
        return history.change_parts(*(flows | other).values(), *self.spans)

    def test_parts_of_a_fall_add_up(self):
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


class TestWholeResults:
    FLOW = pd.Series({2009: 5.0, 2010: 8.0, 2012: 8.0, 2013: 2.0, 2014: 8.0})

    def test_growth_and_records(self):
        assert (
            written(history.growth(self.FLOW))
            == """\
year:int64 | 0:float64
2009 | nan
2010 | 60
2012 | nan
2013 | -75
2014 | 300
"""
        )
        found = history.earlier_as_high(self.FLOW, 2014)
        assert (
            written(found)
            == """\
year:int64 | value:float64, difference:float64, ratio:float64
2010 | 8, 0, 1
2012 | 8, 0, 1
"""
        )
        assert found.attrs == {"gaps": [2011]}
        assert (
            written(history.earlier_as_high(self.FLOW, 2013, 7))
            == """\
year:int64 | value:float64, difference:float64, ratio:float64
2010 | 8, 1, 1.1428571
2012 | 8, 1, 1.1428571
"""
        )
        assert (
            written(history.earlier_as_high(self.FLOW, 2010, 0))
            == """\
year:int64 | value:float64, difference:float64, ratio:float64
2009 | 5, 5, nan
"""
        )
        for wrong in ((2009,), (2011,), (2030, -1), ("soon",), (2014, math.nan)):
            with pytest.raises(ValueError, match="found"):
                history.earlier_as_high(self.FLOW, *wrong)

    def test_targets(self):
        told = outcomes({2010: 50.0, 2012: 80.0, 2013: 80.0})
        part = told[:1].assign(period="2014-01..2014-06", value=900.0)
        told = pd.concat([told, part], ignore_index=True)
        told.attrs = {"unit": "USD_million"}
        targets = pd.DataFrame(
            {
                "period": ["2010", None, 2013.0, None, "2020", None],
                "stated_on": ["2009-05", "2011-02-03", "2012", None, "2012", "2014"],
                "value": [100, 100, 160, 5, 7, 9],
                "stated_by": ["AAA", None, " BBB ", "AAA", "AAA", "AAA"],
                "unit": "USD_million",
            },
            index=[*"abcdef"],
        )
        assert (
            written(history.targets_against_outcomes(targets, told))
            == """\
None:text | period:text, stated_on:text, who:text, target:float64, outcome:float64,
  outcome_period:text, percent:float64, basis:text
a | 2010, 2009-05, AAA, 100, 50, 2010, 50, same period
b | , 2011-02-03, , 100, 80, 2012, 80, no year named
c | 2013, 2012, BBB, 160, 80, 2013, 50, same period
d | , , AAA, 5, nan, , nan, no outcome
e | 2020, 2012, AAA, 7, nan, , nan, no outcome
f | , 2014, AAA, 9, nan, , nan, no outcome
"""
        )
        who = targets.assign(who="somebody")
        assert set(history.targets_against_outcomes(who, told)["who"]) == {"somebody"}
        for change in (
            {"targets": targets.drop(columns="stated_by")},
            {"targets": targets.drop(columns="period")},
            {"targets": targets.assign(unit="km")},
            {"targets": targets.assign(value=0)},
            {"targets": targets.assign(value=None)},
            {"outcomes": told.drop(columns="value")},
            {"outcomes": pd.concat([told, told])},
        ):
            with pytest.raises(ValueError, match="found"):
                history.targets_against_outcomes(
                    **{"targets": targets, "outcomes": told} | change
                )

    def test_parts_of_a_change(self):
        flows = [self.FLOW, self.FLOW * 3 + 1, self.FLOW**2, self.FLOW * 9 + 40]
        found = history.change_parts(*flows, (2009, 2010), (2013, 2014))
        assert (
            written(found)
            == """\
None:text | 0:float64
change | -0.26236426
market | -0.24783616
seller | -0.12172337
rest | 0.10719527
"""
        )
        for place, name in enumerate(("flow", "market", "seller", "world")):
            odd = [one * (n != place) for n, one in enumerate(flows)]
            with pytest.raises(ValueError, match=f"{name}: found 0"):
                history.change_parts(*odd, [2009], [2010])
            with pytest.raises(ValueError, match="flow: found no value for 2011"):
                history.change_parts(*flows, [2009], [2011])
