"""Potash, its economics and a promise of plants: worked numbers and refusals."""

import doctest
import re
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import partnership as p
from partnership import charts
from partnership.methods import economics
from partnership.methods.economics import Project
from partnership.study import industry

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
    for module in (economics,):
        result = doctest.testmod(module)
        assert result.attempted >= 3
        assert result.failed == 0


class TestOneScale:
    def test_a_tonne_of_k2o_is_five_thirds_of_a_tonne_of_product(self):
        assert industry.product_from_k2o(21000) == pytest.approx(35000)

    def test_pure_potassium_chloride_follows_from_the_molar_masses(self):
        potassium, oxygen, chlorine = 39.098, 15.999, 35.453
        exact = (2 * potassium + oxygen) / (2 * (potassium + chlorine))
        assert pytest.approx(exact, abs=5e-4) == industry.PURE_KCL

    def test_a_series_stays_a_series(self):
        result = industry.product_from_k2o(pd.Series({2018: 60.0, 2019: np.nan}))
        assert result[2018] == pytest.approx(100)
        assert np.isnan(result[2019])

    @pytest.mark.parametrize("share", [0, 0.7, -0.6, float("nan"), True, "60 %"])
    def test_a_share_beyond_pure_salt_is_refused(self, share):
        with raises("share: found"):
            industry.product_from_k2o(100, share)

    def test_nine_months_make_a_year_by_twelve_ninths(self):
        assert industry.annualised(9, 9) == 12
        assert industry.annualised(24200, 9) == pytest.approx(32266.67, abs=0.01)

    @pytest.mark.parametrize("months", [0, 13, -3, float("nan")])
    def test_an_empty_period_or_more_than_a_year_is_refused(self, months):
        with raises("months: found"):
            industry.annualised(100, months)

    def test_utilisation_is_in_percent(self):
        assert industry.utilisation(350, 1400) == 25

    def test_utilisation_needs_a_capacity_and_an_output(self):
        with raises("capacity: found 0"):
            industry.utilisation(1, 0)
        with raises("output: found -1"):
            industry.utilisation(-1, 10)


class TestMissedOutput:
    def test_worked_by_hand(self):
        plan = pd.Series({2018: 720_000, 2019: 1_000_000})
        output = pd.Series({2017: 1, 2018: 20_000, 2019: 1_200_000})
        result = industry.missed_output(plan, output, pd.Series({2018: 200, 2019: 300}))
        assert result["missing"].to_dict() == {2018: 700_000, 2019: 0}
        assert result["value"].to_dict() == {2018: 140, 2019: 0}

    def test_every_year_of_the_plan_needs_an_output_and_a_price(self):
        plan, one = pd.Series({2018: 1, 2019: 1}), pd.Series({2018: 1})
        with raises("output: found no value for 2019"):
            industry.missed_output(plan, one, plan)
        with raises("prices: found no value for 2019"):
            industry.missed_output(plan, plan, one)

    @pytest.mark.parametrize(
        ("plan", "text"),
        [
            (pd.Series(dtype=float), "plan: found no entries"),
            ([1, 2], "plan: found list"),
            (pd.Series({2018: -1}), "plan[2018]: found -1"),
            (pd.Series({2018: np.nan}), "plan[2018]: found nan"),
            (pd.Series([1.0], index=["2018"]), "plan: allowed are whole years"),
            (pd.Series([1.0, 2.0], index=[2018, 2018]), "plan: allowed are whole"),
        ],
    )
    def test_a_plan_that_is_none_is_refused(self, plan, text):
        with raises(text):
            industry.missed_output(plan, plan, plan)


class TestPromises:
    SAID = pd.DataFrame(
        {"stated_on": ["2014-10-08", "2011", "2019"], "value": [2016, 2014, 2015]}
    )

    def test_an_account_after_the_fact_is_dated_to_the_contract(self):
        result = industry.promised_years(self.SAID, "2010-01-11")
        assert result["made"].dt.strftime("%Y-%m-%d").tolist() == [
            "2010-01-11",
            "2011-07-02",
            "2014-10-08",
        ]
        assert result["promised"].tolist() == [2015, 2014, 2016]
        assert result["slip"].tolist() == [1, 0, 2]
        assert result["retold"].tolist() == [True, False, False]

    def test_a_promise_made_within_its_own_year_stays_where_it_is(self):
        said = pd.DataFrame({"stated_on": ["2016-12"], "value": [2016]})
        result = industry.promised_years(said, "2010-01-11")
        assert not result["retold"].item()
        assert result["made"].dt.strftime("%Y-%m-%d").item() == "2016-12-16"

    def test_a_promise_without_a_date_is_refused(self):
        for missing in ("", None):
            said = pd.DataFrame({"stated_on": [missing], "value": [2016]})
            with raises(f"statements['stated_on']: found {missing!r}; allowed is a"):
                industry.promised_years(said, "2010")

    def test_no_promises_and_no_column_are_refused(self):
        with raises("statements: found no rows"):
            industry.promised_years(self.SAID.iloc[:0], "2010")
        with raises("statements: found no column 'stated_on'"):
            industry.promised_years(self.SAID[["value"]], "2010")

    def test_the_data_move_from_2014_to_2017(self):
        said = p.statements(
            "garlyk_planned_completion_year", outcomes_only=False
        ).reset_index()
        result = industry.promised_years(said, "2010-01-11")
        assert result["promised"].min() == 2014
        assert result["promised"].iloc[-1] == 2017
        assert result["made"].min() == pd.Timestamp("2010-01-11")
        assert (result["made"] < "2017-03-31").all()


class TestOpenings:
    EVENTS = pd.DataFrame(
        {
            "date": ["2019-06-28", "2018", "2017-04", "2017-04-02", "2018-05-05"],
            "kind": ["opening", "opening", "opening", "opening", "fire"],
        }
    )

    def test_counted_in_order_and_only_if_wholly_inside(self):
        result = industry.openings(self.EVENTS, "2017-04-02", "2019-06-28", "opening")
        # April 2017 may have been before the 2nd; the last day counts.
        assert result["date"].tolist() == ["2017-04-02", "2018", "2019-06-28"]
        assert result["number"].tolist() == [1, 2, 3]
        assert result["years_after"].iloc[0] == 0
        assert result["years_after"].iloc[2] == pytest.approx(817 / 365.25)

    def test_none_in_the_window_is_an_answer(self):
        result = industry.openings(self.EVENTS, "2020-01-01", "2021-01-01", "opening")
        assert result.empty

    def test_an_unknown_kind_and_an_empty_window_are_refused(self):
        with raises("kind: found 'party'; allowed is one of fire, opening"):
            industry.openings(self.EVENTS, "2017-01-01", "2018-01-01", "party")
        with raises("end: found 2016-01-01; allowed is a day not before 2017-01-01"):
            industry.openings(self.EVENTS, "2017-01-01", "2016-01-01", "opening")

    def test_three_plants_opened_in_the_promised_time(self):
        events = p.load("events")
        opened = industry.openings(events, "2017-04-02", "2022-12-31")
        assert opened["date"].tolist() == ["2018-09-17", "2018-10-17", "2019-06-28"]


class TestPresentValue:
    def test_known_values(self):
        # numpy-financial documents this example of npv: 3065.2227.
        flows = [-40_000, 5_000, 8_000, 12_000, 30_000]
        assert industry.npv(flows, 0.08) == pytest.approx(3065.22267, abs=1e-4)
        assert industry.npv([100], 0.5) == 100
        assert industry.npv([-100, 110], 0.10) == pytest.approx(0)

    def test_a_perpetuity_is_its_payment_over_the_rate(self):
        assert industry.npv([0] + [5] * 2000, 0.05) == pytest.approx(100)

    def test_without_discounting_it_is_the_sum(self):
        assert industry.npv([1, 2, 3], 0) == 6

    @pytest.mark.parametrize(
        ("flows", "rate", "text"),
        [
            ([], 0.1, "flows: found none"),
            ([1, np.nan], 0.1, "flows: found none, or one"),
            ([[1, 2]], 0.1, "flows: found none"),
            ([1], -1, "rate: found -1"),
            ([1], np.inf, "rate: found inf"),
        ],
    )
    def test_impossible_inputs_are_refused(self, flows, rate, text):
        with raises(text):
            industry.npv(flows, rate)


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
        assert industry.value_at_signing(table, 270.0, 0.5) == pytest.approx(
            industry.value_at_signing(SMALL, 270.0, 0.5)
        )

    def test_flows_worked_by_hand(self):
        flows = industry.cash_flows(SMALL, 270.0, 0.5)
        # Half a million tonnes: revenue 135, costs 0.5 x 70 + 10 = 45.
        assert flows.index.tolist() == [2010, 2011, 2012, 2013, 2014]
        assert flows["capital"].tolist() == [100, 100, 0, 0, 0]
        assert flows["net"].tolist() == [-100, -100, 90, 90, 90]

    def test_value_worked_by_hand(self):
        by_hand = -100 - 100 / 1.1 + 90 / 1.1**2 + 90 / 1.1**3 + 90 / 1.1**4
        found = industry.value_at_signing(SMALL, 270.0, 0.5)
        assert found == pytest.approx(by_hand)

    def test_a_flat_price_is_the_same_as_a_series_of_it(self):
        flat = pd.Series(270.0, index=[2014, 2012, 2013])
        assert industry.value_at_signing(SMALL, flat, 0.5) == pytest.approx(
            industry.value_at_signing(SMALL, 270.0, 0.5)
        )

    def test_prices_go_to_their_own_years(self):
        rising = pd.Series({2014: 300.0, 2012: 100.0, 2013: 200.0})
        assert industry.cash_flows(SMALL, rising, 1)["revenue"].tolist() == [
            *(0, 0),
            *(100, 200, 300),
        ]

    def test_prices_of_other_years_are_left_aside(self):
        more = pd.Series(dict.fromkeys(range(2000, 2030), 270.0))
        assert industry.value_at_signing(SMALL, more, 0.5) == pytest.approx(
            industry.value_at_signing(SMALL, 270.0, 0.5)
        )

    @pytest.mark.parametrize("share", [-0.1, 1.01, float("nan"), None])
    def test_a_share_above_one_is_refused(self, share):
        with raises("utilisation: found"):
            industry.cash_flows(SMALL, 100.0, share)

    def test_prices_must_cover_the_operation(self):
        with raises("prices: found no value for 2014"):
            industry.cash_flows(SMALL, pd.Series({2012: 1.0, 2013: 1.0}), 1)
        with raises("prices: found -1"):
            industry.cash_flows(SMALL, -1.0, 1)

    def test_the_path_ends_in_what_is_assumed(self):
        known = pd.Series({2011: 9.0, 2012: 1.0, 2013: 2.0})
        path = industry.price_path(SMALL, known, 7)
        assert path.to_dict() == {2012: 1, 2013: 2, 2014: 7}

    def test_the_first_and_last_year_are_known_or_refused(self):
        with raises("known: found no value for 2012"):
            industry.price_path(SMALL, pd.Series({2013: 1.0, 2014: 2.0}), 7)
        with raises("known: found no value for 2014"):
            industry.price_path(SMALL, pd.Series({2012: 1, 2013: 1, 2020: 2}), 7)

    def test_the_path_never_fills_a_gap(self):
        with raises("known: found no value for 2013"):
            industry.price_path(SMALL, pd.Series({2012: 1.0, 2014: 2.0}), 7)
        with raises("known: found no value for 2012"):
            industry.price_path(SMALL, pd.Series({2013: 1.0, 2014: 2.0}), 7)

    def test_prices_of_years_before_and_after_the_operation_play_no_part(self):
        known = pd.Series({year: float(year) for year in range(2000, 2030)})
        path = industry.price_path(SMALL, known, 7)
        assert path.to_dict() == {2012: 2012, 2013: 2013, 2014: 2014}


class TestBreakEven:
    @given(projects, shares)
    def test_at_the_break_even_price_the_value_is_nil(self, project, share):
        price = industry.break_even_price(project, share)
        flows = industry.cash_flows(project, price, share)
        size = float(flows.abs().to_numpy().max())
        value = industry.value_at_signing(project, price, share)
        assert abs(value) <= 1e-6 * size * len(flows)

    @given(projects, st.floats(min_value=1, max_value=3000))
    def test_on_either_side_of_the_break_even_use(self, project, price):
        use = industry.break_even_utilisation(project, price)
        if use == float("inf"):
            assert price <= (project.unit + project.freight) * (1 + 1e-9)
        elif use <= 0.999:
            below = industry.value_at_signing(project, price, 0.99 * use)
            above = industry.value_at_signing(project, price, min(1, 1.001 * use))
            assert below < above
            assert below < 0 < above + 1e-6 * project.capital
        else:
            assert industry.value_at_signing(project, price, 0.999) < 1e-6

    def test_worked_by_hand(self):
        # Free capital, fixed cost 10, margin 200 on a million tonnes: 5 percent.
        free = replace(SMALL, capital=0)
        assert industry.break_even_utilisation(free, 270.0) == pytest.approx(0.05)
        assert industry.break_even_price(free, 0.05) == pytest.approx(270)

    def test_with_capital_the_annuity_decides(self):
        ahead = 1.1**-2 + 1.1**-3 + 1.1**-4
        by_hand = 70 + (100 + 100 / 1.1 + 10 * ahead) / ahead
        assert industry.break_even_price(SMALL, 1) == pytest.approx(by_hand)

    def test_a_tonne_that_costs_more_than_it_brings_never_pays(self):
        assert industry.break_even_utilisation(SMALL, 60.0) == float("inf")

    def test_not_even_full_use_reads_as_more_than_one(self):
        assert industry.break_even_utilisation(SMALL, 100.0) > 1

    def test_no_output_has_no_break_even_price(self):
        with raises("utilisation: found 0"):
            industry.break_even_price(SMALL, 0)

    @given(projects, st.floats(min_value=0, max_value=3000), shares)
    def test_dearer_plants_and_costs_never_help(self, project, price, share):
        base = industry.value_at_signing(project, price, share)
        for name in ("capital", "fixed", "unit", "freight"):
            dearer = replace(project, **{name: getattr(project, name) + 10})
            value = industry.value_at_signing(dearer, price, share)
            assert value <= base + 1e-9 * abs(base)


class TestSensitivity:
    KNOWN = pd.Series({2012: 270.0})
    RANGES = MappingProxyType(
        {"rate": (0.05, 0.15), "later": (200, 340), "capital": (200, 260)}
    )

    def test_each_row_varies_one_thing(self):
        result = industry.sensitivity(SMALL, self.KNOWN, 270, self.RANGES, 0.5)
        base = industry.value_at_signing(SMALL, 270.0, 0.5)
        assert result["at_base"].tolist() == pytest.approx([base] * 3)
        assert result.loc["capital", "at_low"] == pytest.approx(base)
        assert result.loc["capital", "at_high"] == pytest.approx(base - 30 - 30 / 1.1)
        later = 0.5 * 70 * (1.1**-3 + 1.1**-4)
        assert result.loc["later", "at_high"] == pytest.approx(base + later)
        assert result.loc["later", "at_low"] == pytest.approx(base - later)

    def test_the_widest_swing_comes_first(self):
        result = industry.sensitivity(SMALL, self.KNOWN, 270, self.RANGES, 0.5)
        swing = (result["at_high"] - result["at_low"]).abs()
        assert swing.is_monotonic_decreasing
        assert len(set(result.index)) == 3

    def test_an_unknown_assumption_or_a_range_beside_the_base_is_refused(self):
        with raises("ranges['luck']: found 0 to 1"):
            industry.sensitivity(SMALL, self.KNOWN, 270, {"luck": (0, 1)})
        with raises("ranges['rate']: found 0.2 to 0.3"):
            industry.sensitivity(SMALL, self.KNOWN, 270, {"rate": (0.2, 0.3)})


class TestStated:
    def test_copies_of_one_figure_are_one_figure(self):
        rows = p.load("industry").query("series == 'garlyk_output'")
        assert len(rows) > 1
        assert industry.stated("garlyk_output") == 24200

    def test_figures_that_differ_are_not_one(self):
        with raises("allowed is one figure"):
            industry.stated("garlyk_capacity_planned")

    def test_what_is_assumed_is_enclosed_by_its_range(self):
        for words, low, base, high in industry.ASSUMED.values():
            assert words
            assert 0 <= low < base < high


class TestTables:
    def test_only_full_years_have_a_mean(self):
        months = [f"2017-{m:02d}" for m in range(1, 13)] + ["2018-01"]
        rows = pd.DataFrame(
            {"commodity": "salt", "month": months, "value": [*range(1, 13), 99]}
        )
        rows.loc[len(rows)] = ["sugar", "2017-01", 1000]
        assert industry.full_years(rows, "salt").to_dict() == {2017: 6.5}
        with raises("commodity: found no full year of 'sugar'"):
            industry.full_years(rows, "sugar")

    def test_a_month_without_a_value_makes_the_year_incomplete(self):
        months = [f"2017-{m:02d}" for m in range(1, 13)]
        rows = pd.DataFrame({"commodity": "salt", "month": months, "value": 1.0})
        rows.loc[3, "value"] = np.nan
        with raises("commodity: found no full year"):
            industry.full_years(rows, "salt")

    def test_the_means_agree_with_the_publisher_s_own(self):
        ours = industry.full_years(p.load("prices"), "potassium_chloride")
        theirs = p.series("potash_price", "WLD", "WLD")["value"]
        theirs.index = theirs.index.astype(int)
        assert len(theirs) == 20
        assert (ours[theirs.index] - theirs).abs().max() < 0.01

    def test_the_charts_draw_what_is_dressed_for_them(self):
        frame = industry.for_chart(pd.Series({2018: 21.0, 2020: 28.0}), "s", "kt")
        ax = charts.canvas("A title", "thousand tonnes, 2018 and 2020")
        charts.line_with_spread(ax, frame, label="output")
        line = next(one for one in ax.lines if one.get_gid() == "line")
        # 2019 is missing, so the line breaks there.
        assert np.isnan(line.get_ydata()).sum() == 1
        assert charts.unit(ax) == "kt"


class TestTheFindings:
    """What the issue and the notebook say about the real data."""

    def output(self):
        rows = p.load("potash").query("iso3 == 'TKM' and flow == 'production'")
        return industry.product_from_k2o(rows.set_index("year")["value"])

    def test_24_200_tonnes_in_nine_months_are_32_300_a_year(self):
        stated = p.statements("garlyk_output", outcomes_only=False)["value"].item()
        unnamed = (
            p.statements("garlyk_output_period_not_stated", outcomes_only=False)
            .reset_index()["value"]
            .item()
        )
        assert stated == 24200
        year = industry.annualised(stated, 9)
        assert round(year, -2) == unnamed == 32300
        assert round(industry.utilisation(year, 1.4e6), 1) == 2.3

    def test_fao_and_press_agree_within_ten_percent_for_2018(self):
        year = industry.annualised(24200, 9)
        assert self.output()[2018] / year == pytest.approx(1, abs=0.10)
        # Without the conversion they would seem to differ by a third.
        assert 21000 / year < 0.67

    def test_no_year_reaches_a_twentieth_of_the_capacity(self):
        use = self.output().map(lambda tonnes: industry.utilisation(tonnes, 1.4e6))
        assert use.index.tolist() == list(range(2018, 2024))
        assert use.max() < 5

    def test_a_billion_and_a_half_needs_a_price_never_seen(self):
        revenue = p.statements(
            "garlyk_potential_revenue", outcomes_only=False
        ).reset_index()
        needed = revenue["value"].item() / 1.4
        prices = industry.full_years(p.load("prices"), "potassium_chloride")
        assert round(needed) == 1071
        assert prices.max() < needed

    def test_no_assumption_rescues_the_plant_at_the_reported_use(self):
        prices = industry.full_years(p.load("prices"), "potassium_chloride")
        kindest = Project(2010, 2017, 45, 1000, 1.4e6, 20, 35, 30, 0.05)
        path = industry.price_path(kindest, prices, 400)
        use = industry.break_even_utilisation(kindest, path)
        assert use > 4 * self.output().max() / 1.4e6
