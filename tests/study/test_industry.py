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

    def test_a_price_in_four_readings(self):
        quoted = pd.Series(200.0, range(2009, 2026))
        found = industry.price_readings(quoted, 300)
        landed, after = found["less 60 for the voyage"]
        assert landed.loc[:2019].eq(200).all() and landed.loc[2020:].eq(140).all()
        assert after == 240
        # US consumer prices: 218.056 in 2010, 214.537 in 2009, 313.689 in 2024.
        real, after = found["in dollars of 2010"]
        assert real.index[-1] == 2024 and real[2010] == 200
        assert real[2009] == pytest.approx(200 * 218.056 / 214.537)
        assert after == pytest.approx(300 * 218.056 / 313.689)
        assert found["both"][1] == pytest.approx(240 * 218.056 / 313.689)
        assert found["as quoted"] == (quoted, 300)


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

    def test_declared_origin_is_more_than_the_plant_could_make(self):
        rows = p.load("industry").query("series == 'potash_imports_by_origin'")
        rows = rows.query("reporter == 'BRA' and partner == 'TKM'").set_index("period")
        assert rows.at["2026-01..2026-04", "value"] > 1.4e6 * 4 / 12

    def test_the_reading_of_the_price_turns_the_sign_at_full_use(self):
        prices = economics.full_years(p.load("prices"), "potassium_chloride")
        base = industry.assumed()["base"].to_dict()
        later = base.pop("later")
        plant = Project(signed=2010, opens=2017, capital=1126, capacity=1.4e6, **base)
        full = {
            name: economics.value_at_signing(
                plant, economics.price_path(plant, *reading), 1
            )
            for name, reading in industry.price_readings(prices, later).items()
        }
        assert full["as quoted"] > full["less 60 for the voyage"] > 0
        assert 0 > full["in dollars of 2010"] > full["both"]

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
