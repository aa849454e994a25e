"""Economics of a plant and of a cohort: worked numbers, properties and refusals."""

import doctest
import math
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invented import written
from partnership.methods import assumptions, economics
from partnership.methods.economics import Project

# Two years of building, three of operation: small enough to work by hand.
SMALL = Project(
    signed=2010,
    opens=2012,
    life=3,
    capital=200,
    capacity=1e6,
    fixed=10,
    unit=50,
    freight=20,
    rate=0.10,
)

shares = st.floats(min_value=0.01, max_value=1)
money = st.floats(min_value=0, max_value=1e4)
projects = st.builds(
    Project,
    signed=st.integers(1990, 2015),
    opens=st.integers(2016, 2020),
    life=st.integers(1, 50),
    capital=st.floats(min_value=1, max_value=1e4),
    capacity=st.floats(min_value=1e4, max_value=1e7),
    fixed=money,
    unit=st.floats(min_value=0, max_value=500),
    freight=st.floats(min_value=0, max_value=500),
    rate=st.floats(min_value=0, max_value=0.5),
)


def raises(text):
    return pytest.raises(ValueError, match=re.escape(text))


def test_the_examples_in_the_docstrings_hold():
    result = doctest.testmod(economics)
    assert result.attempted >= 3 and result.failed == 0


# --- One scale ------------------------------------------------------------------------


def test_a_tonne_of_k2o_is_five_thirds_of_a_tonne_of_product():
    assert economics.product_from_k2o(21000) == pytest.approx(35000)
    series = economics.product_from_k2o(pd.Series({2018: 60.0, 2019: np.nan}))
    assert series[2018] == pytest.approx(100) and np.isnan(series[2019])


def test_pure_potassium_chloride_follows_from_the_molar_masses():
    potassium, oxygen, chlorine = 39.098, 15.999, 35.453
    exact = (2 * potassium + oxygen) / (2 * (potassium + chlorine))
    assert pytest.approx(exact, abs=5e-4) == economics.PURE_KCL


def test_a_part_of_a_year_and_of_a_capacity():
    assert economics.annualised(9, 9) == 12
    assert economics.annualised(24200, 9) == pytest.approx(32266.67, abs=0.01)
    assert economics.utilisation(350, 1400) == 25


def test_missed_output_worked_by_hand():
    plan = pd.Series({2018: 720_000, 2019: 1_000_000})
    output = pd.Series({2017: 1, 2018: 20_000, 2019: 1_200_000})
    result = economics.missed_output(plan, output, pd.Series({2018: 200, 2019: 300}))
    assert result["missing"].to_dict() == {2018: 700_000, 2019: 0}
    assert result["value"].to_dict() == {2018: 140, 2019: 0}


def test_only_full_years_have_a_mean():
    months = [f"2017-{m:02d}" for m in range(1, 13)] + ["2018-01"]
    rows = pd.DataFrame(
        {"commodity": "salt", "month": months, "value": [*range(1, 13), 99.0]}
    )
    assert economics.full_years(rows, "salt").to_dict() == {2017: 6.5}
    rows.loc[3, "value"] = np.nan  # a month without a value
    for commodity in ("salt", "sugar"):
        with raises(f"commodity: found no full year of '{commodity}'"):
            economics.full_years(rows, commodity)


# --- Present value --------------------------------------------------------------------


def test_known_present_values():
    # numpy-financial documents this example of npv: 3065.2227.
    flows = [-40_000, 5_000, 8_000, 12_000, 30_000]
    assert economics.npv(flows, 0.08) == pytest.approx(3065.22267, abs=1e-4)
    assert economics.npv([100], 0.5) == 100
    assert economics.npv([-100, 110], 0.10) == pytest.approx(0)
    assert economics.npv([1, 2, 3], 0) == 6
    late = pd.Series([110, -100], [2001, 2000])
    assert economics.npv(late, 0.10) == pytest.approx(0)
    # a perpetuity is its payment over the rate
    assert economics.npv([0] + [5] * 2000, 0.05) == pytest.approx(100)


ONE, BOTH = pd.Series({2018: 1}), pd.Series({2018: 1, 2019: 1})
YEARS = dict.fromkeys(range(2012, 2015), 1.0)


@pytest.mark.parametrize(
    ("name", "arguments", "text"),
    [
        *[("product_from_k2o", (1, s), "share: found") for s in (0, 0.7, True, "60 %")],
        *[("annualised", (1, m), "months: found") for m in (0, 13, -3, math.nan)],
        ("utilisation", (1, 0), "capacity: found 0"),
        ("utilisation", (-1, 10), "output: found -1"),
        ("missed_output", (BOTH, ONE, BOTH), "output: found no value for 2019"),
        ("missed_output", (BOTH, BOTH, ONE), "prices: found no value for 2019"),
        ("missed_output", (ONE * -1, ONE, ONE), "plan: found -1 at 2018"),
        ("missed_output", (ONE * math.nan, ONE, ONE), "plan: found no value (NaN)"),
        ("missed_output", (pd.Series({"2018-03": 1}), ONE, ONE), "plan, index: found"),
        ("npv", ([], 0.1), "flows: found none"),
        ("npv", ([[1, 2]], 0.1), "flows: found none, or a table"),
        ("npv", ([1, math.nan], 0.1), "flows: found no value"),
        (
            "npv",
            (pd.Series([1, 2], [2000, 2002]), 0.1),
            "flows: found no value for 2001",
        ),
        ("npv", (pd.Series([1, 2], [2000, 2000]), 0.1), "found 2000 twice"),
        ("npv", ([1], -1), "rate: found -1"),
        ("npv", ([1], math.inf), "rate: found inf"),
        *[
            ("cash_flows", (SMALL, 100.0, share), "utilisation: found")
            for share in (-0.1, 1.01, math.nan, None)
        ],
        ("cash_flows", (SMALL, -1.0, 1), "prices: found -1"),
        ("cash_flows", (SMALL, pd.Series({2012: 1, 2013: 1}), 1), "no value for 2014"),
        # the path never fills a gap, and knows the first and the last year
        ("price_path", (SMALL, pd.Series({2013: 1, 2014: 2}), 7), "no value for 2012"),
        ("price_path", (SMALL, pd.Series({2012: 1, 2014: 2}), 7), "no value for 2013"),
        ("price_path", (SMALL, pd.Series({2012: 1, 2013: 1, 2020: 2}), 7), "for 2014"),
        ("break_even_price", (SMALL, 0), "utilisation: found 0"),
        ("intake", (-1, 5), "stock: found -1"),
        ("intake", (math.nan, 4), "stock: found nan"),
        ("intake", (100, 0), "years: found 0"),
        ("intake", (100, 4.5), "years: found 4.5"),
        ("intake", (100, 4, -1), "growth: found -1"),
        ("cohort_value", (10, 4, 100, 1.2), "leaving: found 1.2"),
        ("cohort_value", (10, -4, 100), "years: found -4"),
        ("cohort_value", (10, 4, "much"), "paid: found 'much'"),
    ],
)
def test_impossible_inputs_are_refused(name, arguments, text):
    with raises(text):
        getattr(economics, name)(*arguments)


class TestProject:
    @pytest.mark.parametrize(
        ("change", "text"),
        [
            ({"life": -1}, "life: found -1"),
            ({"life": 0}, "life: found 0"),
            ({"life": 2.5}, "life: found 2.5; allowed is a whole number"),
            ({"capital": -5}, "capital: found -5"),
            ({"capacity": 0}, "capacity: found 0"),
            ({"rate": float("nan")}, "rate: found nan"),
            ({"opens": 2010}, "opens: found 2010; allowed is a year after 2010"),
            ({"unit": "50"}, "unit: found '50'"),
        ],
    )
    def test_impossible_plants_are_refused(self, change, text):
        with raises(text):
            replace(SMALL, **change)

    def test_whole_numbers_may_come_as_floats(self):
        table = replace(SMALL, life=3.0, opens=2012.0, signed=2010.0)
        assert list(table.years) == [2012, 2013, 2014]
        assert economics.value_at_signing(table, 270.0, 0.5) == pytest.approx(
            economics.value_at_signing(SMALL, 270.0, 0.5)
        )

    def test_flows_worked_by_hand(self):
        flows = economics.cash_flows(SMALL, 270.0, 0.5)
        # Half a million tonnes: revenue 135, costs 0.5 x 70 + 10 = 45.
        assert flows.index.tolist() == [2010, 2011, 2012, 2013, 2014]
        assert flows["capital"].tolist() == [100, 100, 0, 0, 0]
        assert flows["net"].tolist() == [-100, -100, 90, 90, 90]

    def test_value_worked_by_hand(self):
        by_hand = -100 - 100 / 1.1 + 90 / 1.1**2 + 90 / 1.1**3 + 90 / 1.1**4
        found = economics.value_at_signing(SMALL, 270.0, 0.5)
        assert found == pytest.approx(by_hand)

    def test_a_flat_price_is_the_same_as_a_series_of_it(self):
        flat = pd.Series(270.0, index=[2014, 2012, 2013])
        assert economics.value_at_signing(SMALL, flat, 0.5) == pytest.approx(
            economics.value_at_signing(SMALL, 270.0, 0.5)
        )

    def test_prices_go_to_their_own_years(self):
        rising = pd.Series({2014: 300.0, 2012: 100.0, 2013: 200.0})
        assert economics.cash_flows(SMALL, rising, 1)["revenue"].tolist() == [
            *(0, 0),
            *(100, 200, 300),
        ]

    def test_the_path_ends_in_what_is_assumed(self):
        known = pd.Series({2011: 9.0, 2012: 1.0, 2013: 2.0})
        path = economics.price_path(SMALL, known, 7)
        assert path.to_dict() == {2012: 1, 2013: 2, 2014: 7}

    def test_prices_of_years_before_and_after_the_operation_play_no_part(self):
        known = pd.Series({year: float(year) for year in range(2000, 2030)})
        path = economics.price_path(SMALL, known, 7)
        assert path.to_dict() == {2012: 2012, 2013: 2013, 2014: 2014}


class TestBreakEven:
    @given(projects, shares)
    def test_at_the_break_even_price_the_value_is_nil(self, project, share):
        price = economics.break_even_price(project, share)
        flows = economics.cash_flows(project, price, share)
        size = float(flows.abs().to_numpy().max())
        value = economics.value_at_signing(project, price, share)
        assert abs(value) <= 1e-6 * size * len(flows)

    @given(projects, st.floats(min_value=1, max_value=3000))
    def test_on_either_side_of_the_break_even_use(self, project, price):
        use = economics.break_even_utilisation(project, price)
        if use == float("inf"):
            assert price <= (project.unit + project.freight) * (1 + 1e-9)
        elif use <= 0.999:
            below = economics.value_at_signing(project, price, 0.99 * use)
            above = economics.value_at_signing(project, price, min(1, 1.001 * use))
            assert below < above
            assert below < 0 < above + 1e-6 * project.capital
        else:
            assert economics.value_at_signing(project, price, 0.999) < 1e-6

    def test_worked_by_hand(self):
        # Free capital, fixed cost 10, margin 200 on a million tonnes: 5 percent.
        free = replace(SMALL, capital=0)
        assert economics.break_even_utilisation(free, 270.0) == pytest.approx(0.05)
        assert economics.break_even_price(free, 0.05) == pytest.approx(270)

    def test_with_capital_the_annuity_decides(self):
        ahead = 1.1**-2 + 1.1**-3 + 1.1**-4
        by_hand = 70 + (100 + 100 / 1.1 + 10 * ahead) / ahead
        assert economics.break_even_price(SMALL, 1) == pytest.approx(by_hand)

    def test_a_tonne_that_costs_more_than_it_brings_never_pays(self):
        assert economics.break_even_utilisation(SMALL, 60.0) == float("inf")

    def test_not_even_full_use_reads_as_more_than_one(self):
        assert economics.break_even_utilisation(SMALL, 100.0) > 1

    @given(projects, st.floats(min_value=0, max_value=3000), shares)
    def test_dearer_plants_and_costs_never_help(self, project, price, share):
        base = economics.value_at_signing(project, price, share)
        for name in ("capital", "fixed", "unit", "freight"):
            dearer = replace(project, **{name: getattr(project, name) + 10})
            value = economics.value_at_signing(dearer, price, share)
            assert value <= base + 1e-9 * abs(base)


class TestSensitivity:
    RANGES = assumptions.between(
        rate=(0.05, 0.10, 0.15), later=(200, 270, 340), capital=(200, 200, 260)
    )

    def value(self, later, **changed):
        case = replace(SMALL, **changed)
        path = economics.price_path(case, pd.Series({2012: 270.0}), later)
        return economics.value_at_signing(case, path, 0.5)

    def test_each_row_varies_one_thing(self):
        value = assumptions.by_row(self.value)
        result = assumptions.one_at_a_time(value, self.RANGES)
        base = economics.value_at_signing(SMALL, 270.0, 0.5)
        assert result["at_base"].tolist() == pytest.approx([base] * 3)
        assert result.loc["capital", "at_low"] == pytest.approx(base)
        assert result.loc["capital", "at_high"] == pytest.approx(base - 30 - 30 / 1.1)
        later = 0.5 * 70 * (1.1**-3 + 1.1**-4)
        assert result.loc["later", "at_high"] == pytest.approx(base + later)
        assert result.loc["later", "at_low"] == pytest.approx(base - later)
        assert result["swing"].is_monotonic_decreasing


# --- Cohorts of students --------------------------------------------------------------


def test_intake_by_hand():
    assert economics.intake(8000, 5) == 1600
    assert economics.intake(70, 3, growth=1.0) == pytest.approx(40)  # 40 + 20 + 10
    assert economics.intake(7, 1, growth=0.5) == 7


@given(st.integers(0, 20000), st.integers(1, 8), st.floats(-0.5, 1.0))
def test_intakes_build_the_stock(stock, years, growth):
    entrants = economics.intake(stock, years, growth)
    rebuilt = sum(entrants / (1 + growth) ** k for k in range(years))
    assert rebuilt == pytest.approx(stock)


def test_cohort_by_hand():
    assert economics.cohort_value(4000, 4, 2500) == 10
    assert economics.cohort_value(3000, 3, 1000, leaving=0.5) == 1.75
    assert economics.cohort_value(5000, 5, 1000, leaving=1) == 1


@given(st.integers(0, 9000), st.integers(1, 7), st.floats(0, 5000))
def test_a_steady_cohort_is_worth_a_year_of_the_stock(stock, years, paid):
    value = economics.cohort_value(stock, years, paid)
    assert value == pytest.approx(stock * paid / 1e6)


@given(st.floats(0, 0.9), st.floats(0, 0.1))
def test_more_leaving_never_earns_more(leaving, more):
    before = economics.cohort_value(1000, 5, 3000, leaving)
    assert economics.cohort_value(1000, 5, 3000, leaving + more) <= before


class TestWholeResults:
    PRICES = pd.Series({2012: 300.0, 2013: 200.0})

    def test_a_project(self):
        path = economics.price_path(SMALL, self.PRICES, 250)
        assert (
            written(path)
            == """\
year:int64 | 0:float64
2012 | 300
2013 | 200
2014 | 250
"""
        )
        assert (
            written(economics.cash_flows(SMALL, path, 0.5))
            == """\
year:int64 | capital:float64, revenue:float64, costs:float64, net:float64
2010 | 100, 0, 0, -100
2011 | 100, 0, 0, -100
2012 | 0, 150, 45, 105
2013 | 0, 100, 45, 55
2014 | 0, 125, 45, 80
"""
        )
        assert economics.value_at_signing(SMALL, path, 0.5) == pytest.approx(
            -8.168840926
        )
        assert economics.break_even_utilisation(SMALL, path) == pytest.approx(
            0.5198902378
        )
        assert economics.break_even_price(SMALL, 0.5) == pytest.approx(258.8882175)
        for call in (
            lambda: economics.price_path(SMALL, self.PRICES, -1),
            lambda: economics.price_path(SMALL, self.PRICES[1:], 250),
            lambda: economics.price_path(SMALL, -self.PRICES, 250),
            lambda: economics.cash_flows(SMALL, -1.0, 0.5),
            lambda: economics.cash_flows(SMALL, path, 1.5),
            lambda: economics.cash_flows(SMALL, path[:1], 0.5),
            lambda: economics.break_even_price(SMALL, 0),
            lambda: economics.npv([], 0.1),
            lambda: economics.npv([[1.0]], 0.1),
            lambda: economics.npv([1.0], -1),
            lambda: replace(SMALL, opens=2010),
            lambda: replace(SMALL, life=0),
            lambda: replace(SMALL, life=1.5),
            lambda: replace(SMALL, capacity=0),
        ):
            with pytest.raises(ValueError, match="found"):
                call()

    def test_output_and_prices(self):
        months = [f"{year}-{n:02}" for year in (2010, 2011) for n in range(1, 13)]
        prices = pd.DataFrame({"month": months, "value": range(24)})
        prices = prices.assign(commodity="potash")
        prices.loc[23, "value"] = None
        assert (
            written(economics.full_years(prices, "potash"))
            == """\
year:int64 | value:float64
2010 | 5.5
"""
        )
        assert economics.utilisation(60, 80) == 75.0
        assert economics.annualised(60, 9) == 80.0
        assert economics.product_from_k2o(61.0) == pytest.approx(101.6666667)
        years = [2012, 2013]
        plan, output = pd.Series([5.0, 6.0], years), pd.Series([4.0, 1.0], years)
        assert (
            written(economics.missed_output(plan, output, self.PRICES))
            == """\
year:int64 | plan:float64, output:float64, missing:float64, price:float64,
  value:float64
2012 | 5, 4, 1, 300, 0.0003
2013 | 6, 1, 5, 200, 0.001
"""
        )
        for call in (
            lambda: economics.full_years(prices, "gold"),
            lambda: economics.full_years(prices[["month"]], "potash"),
            lambda: economics.utilisation(60, 0),
            lambda: economics.annualised(60, 13),
            lambda: economics.product_from_k2o(1, 0),
            lambda: economics.missed_output(plan, output, self.PRICES[:1]),
        ):
            with pytest.raises(ValueError, match="found"):
                call()

    def test_cohorts(self):
        assert economics.intake(100, 4) == 25.0
        assert economics.intake(100, 4, 0.1) == pytest.approx(28.67916397)
        assert economics.cohort_value(100, 4, 2.0) == 0.0002
        assert economics.cohort_value(100, 4, 2.0, 0.1) == pytest.approx(0.00017195)
