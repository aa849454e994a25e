"""Garlyk and the promise of plants: what sources state, and the findings."""

import pandas as pd
import pytest

import partnership as p
from partnership.methods import economics, events
from partnership.methods.economics import Project
from partnership.study import industry


class TestAssumed:
    def test_what_is_assumed_is_enclosed_by_its_range(self):
        found = industry.assumed()
        assert (found["meaning"] != "").all() and len(found) == 6
        assert (found["low"].between(0, found["base"], inclusive="left")).all()
        assert (found["base"] < found["high"]).all()


class TestTheFindings:
    """What the issue and the notebook say about the real data."""

    def output(self):
        rows = p.load("potash").query("iso3 == 'TKM' and flow == 'production'")
        return economics.product_from_k2o(rows.set_index("year")["value"])

    def test_24_200_tonnes_in_nine_months_are_32_300_a_year(self):
        stated = p.statements("garlyk_output", outcomes_only=False)["value"].item()
        unnamed = (
            p.statements("garlyk_output_period_not_stated", outcomes_only=False)
            .reset_index()["value"]
            .item()
        )
        assert stated == 24200
        year = economics.annualised(stated, 9)
        assert round(year, -2) == unnamed == 32300
        assert round(economics.utilisation(year, 1.4e6), 1) == 2.3

    def test_fao_and_press_agree_within_ten_percent_for_2018(self):
        year = economics.annualised(24200, 9)
        assert self.output()[2018] / year == pytest.approx(1, abs=0.10)
        # Without the conversion they would seem to differ by a third.
        assert 21000 / year < 0.67

    def test_no_year_reaches_a_twentieth_of_the_capacity(self):
        use = self.output().map(lambda tonnes: economics.utilisation(tonnes, 1.4e6))
        assert use.index.tolist() == list(range(2018, 2024))
        assert use.max() < 5

    def test_a_billion_and_a_half_needs_a_price_never_seen(self):
        revenue = p.statements(
            "garlyk_potential_revenue", outcomes_only=False
        ).reset_index()
        needed = revenue["value"].item() / 1.4
        prices = economics.full_years(p.load("prices"), "potassium_chloride")
        assert round(needed) == 1071
        assert prices.max() < needed

    def test_no_assumption_rescues_the_plant_at_the_reported_use(self):
        prices = economics.full_years(p.load("prices"), "potassium_chloride")
        kindest = Project(2010, 2017, 45, 1000, 1.4e6, 20, 35, 30, 0.05)
        path = economics.price_path(kindest, prices, 400)
        use = economics.break_even_utilisation(kindest, path)
        assert use > 4 * self.output().max() / 1.4e6

    def test_the_means_agree_with_the_publisher_s_own(self):
        ours = economics.full_years(p.load("prices"), "potassium_chloride")
        theirs = p.series("potash_price", "WLD", "WLD")["value"]
        theirs.index = theirs.index.astype(int)
        assert len(theirs) == 20
        assert (ours[theirs.index] - theirs).abs().max() < 0.01

    def test_the_data_move_from_2014_to_2017(self):
        said = p.statements(
            "garlyk_planned_completion_year", outcomes_only=False
        ).reset_index()
        result = events.promised_years(said, "2010-01-11")
        assert result["promised"].min() == 2014
        assert result["promised"].iloc[-1] == 2017
        assert result["made"].min() == pd.Timestamp("2010-01-11")
        assert (result["made"] < "2017-03-31").all()

    def test_three_plants_opened_in_the_promised_time(self):
        window = "2017-04-02", "2022-12-31"
        opened = events.openings(p.load("events"), *window, "opening_chemical")
        assert opened["date"].tolist() == ["2018-09-17", "2018-10-17", "2019-06-28"]
