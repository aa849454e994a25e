"""The fleet of the pair: what sources state, what follows, and its pictures."""

import math

import numpy as np
import pandas as pd
import pytest

import partnership as p
from partnership.charts import picture
from partnership.methods import assumptions, fleet
from partnership.study import machinery


@pytest.fixture(scope="module")
def real():
    """Evidence, intervals, draws and fleets of the project's own data."""
    evidence, intervals = machinery.evidence(), machinery.intervals()
    draws = assumptions.draw(intervals)
    return evidence, intervals, draws, fleet.fleet(evidence, draws)


@pytest.fixture(scope="module")
def swings(real):
    evidence, intervals, *_ = real
    return assumptions.one_at_a_time(
        lambda values: fleet.fleet(evidence, values)[2017], intervals
    )


class TestWithTheData:
    def test_the_evidence_is_what_the_sources_state(self, real):
        evidence, intervals, _, _ = real
        assert evidence.stock == 62_740
        assert evidence.stock_year == 1992
        assert evidence.batches == {
            "sold_2007": (2007, 2007),
            "sold_2009_2017": (2009, 2017),
        }
        assert evidence.trade[[1993, 2007, 2013, 2017]].tolist() == [5, 96, 319, 65]
        ends = intervals[["low", "high"]].T.to_dict("list")
        assert ends["life"] == [7, 25]
        assert ends["sold_2007"] == pytest.approx([2000, 2790])
        assert ends["sold_2009_2017"] == [5500, 6500]
        assert ends["price"] == [10, 20]
        assert ends["old_share"] == [0.1, 0.6]

    def test_every_source_of_the_intervals_is_known(self, real):
        evidence, intervals, _, _ = real
        ids = [i for cell in intervals["source_id"] for i in cell.split(";") if i]
        assert len(p.sources([*ids, *evidence.source_ids])) >= 10

    def test_the_claim_is_unlikely_and_not_impossible(self, real):
        *_, fleets = real
        assert 0.09 < fleet.probability(fleets, 2017, 14_000) < 0.12
        assert 0.11 < fleet.probability(fleets, 2014, 14_000) < 0.14
        assert 9_500 < fleets[2017].median() < 9_900

    def test_the_answer_does_not_hang_on_the_seed(self, real):
        evidence, intervals, _, fleets = real
        other = fleet.fleet(evidence, assumptions.draw(intervals, seed=1))
        for year in (2014, 2017):
            one, two = (fleet.probability(f, year, 14_000) for f in (fleets, other))
            assert one == pytest.approx(two, abs=0.015)

    def test_no_draw_joins_the_count_of_2014_and_the_claim(self, real):
        *_, fleets = real
        near = fleets[fleets[2014].between(5_000, 10_000)]
        assert len(near) > 5_000
        assert fleet.probability(near, 2017, 14_000) == 0

    def test_life_drives_the_answer(self, swings):
        assert swings.index[0] == "life"
        assert swings["swing"].iloc[0] > 2 * swings["swing"].iloc[1]

    def test_machines_that_die_one_by_one_give_the_same_fleet(self, real):
        evidence, _, draws, fleets = real
        random, row = np.random.default_rng(5), 7
        one = draws.loc[row]
        scale = one["life"] / math.log(2) ** (1 / one["shape"])
        died = scale * random.weibull(one["shape"], 200_000)
        bought = fleet.deliveries(evidence, draws.loc[[row]]).loc[row]
        alive = sum(n * (died > 2017.5 - year).mean() for year, n in bought.items())
        # who is met in a stock of mixed ages lives longer, and is anywhere in its life
        met = random.choice(died, 200_000, p=died / died.sum())
        left = met * random.uniform(size=len(met)) > 2017 - evidence.stock_year
        alive += evidence.stock * one["old_share"] * left.mean()
        assert fleets.at[row, 2017] == pytest.approx(alive, rel=0.01)

    def test_every_statement_on_machines_of_the_pair_is_shown_once(self):
        said = machinery.stated_units()
        rows = p.load("machinery")
        kinds = ["deliveries", "contract", "planned_deliveries", "fleet"]
        rows = rows[rows["series"].isin([f"{kind}_units" for kind in kinds])]
        pair = {("BLR", "TKM"), ("TKM", "BLR")}
        ends = pd.Series(list(zip(rows["reporter"], rows["partner"], strict=True)))
        rows = rows[ends.isin(pair).to_numpy()]
        aside = set(p.load("choices")["set_aside"].dropna())
        wanted = set(rows.loc[~rows["observation_id"].isin(aside), "statement_id"])
        assert set(said["statement_id"]) == wanted
        assert said["statement_id"].is_unique
        assert (said["group"] == "Plans and announced sales").sum() == (
            said["qualifier"] == "planned"
        ).sum()
        assert set(said["group"]) == set(machinery.GROUPS)
        assert said["start"].notna().all()
        assert "2010-01-26" in said.index  # a plan without a period

    def test_an_order_is_counted_once(self):
        orders = machinery.orders()
        units = orders.groupby(["period", "maker"])["value"].sum()
        assert units["2016-12", "John Deere"] == 1350
        assert units["2016-12", "Claas"] == 2000
        # 250 dump trucks of 2019 and 2,000 trucks planned to 2021 are within it
        assert orders.query("maker == 'KamAZ'")["value"].tolist() == [250, 1982]
        text = "2,110 buses and taxis, Toyota (Sumitomo), Japan, 2021–2022"
        assert orders.at["2021", "text"] == text
        assert len(machinery.orders(since="2009")) > len(orders)


class TestPictures:
    def test_the_explorer_says_what_the_model_says(self, real, monkeypatch, capsys):
        evidence, intervals, _, _ = real
        monkeypatch.delenv("PARTNERSHIP_UNATTENDED", raising=False)
        box = machinery.explorer(evidence, intervals)
        at = assumptions.base(intervals)
        names = {slider.description: slider for slider in box.children[:-1]}
        for name in machinery.SLIDERS:
            slider = names[intervals.at[name, "meaning"]]
            assert slider.value == pytest.approx(at[name].item())
            assert (slider.min, slider.max) == pytest.approx(
                tuple(intervals.loc[name, ["low", "high"]])
            )
        box.f(life=20.0, money_share=0.0)
        said = capsys.readouterr().out
        expected = fleet.fleet(evidence, at.assign(life=20.0, money_share=0.0))
        assert f"{expected[2017].item():,.0f} tractors" in said

    def test_the_explorer_draws_the_fleet_and_the_claim(self, real, monkeypatch):
        evidence, intervals, _, _ = real
        monkeypatch.delenv("PARTNERSHIP_UNATTENDED", raising=False)
        shown = []
        monkeypatch.setattr(
            picture, "show", lambda axes, alt: shown.append((axes[""], alt))
        )
        box = machinery.explorer(evidence, intervals, claim=14_000)
        box.f(life=20.0)
        ax, alt = shown[-1]
        at = assumptions.base(intervals).assign(life=20.0)
        expected = fleet.fleet(evidence, at).iloc[0]
        expected = expected[expected.index >= 2007]
        line = next(one for one in ax.lines if len(one.get_ydata()) == len(expected))
        assert line.get_ydata() == pytest.approx(expected.to_numpy())
        assert f"{expected[2017]:,.0f} tractors" in alt
        assert any(set(one.get_ydata()) == {14_000} for one in ax.lines)

    def test_no_slider_moves_the_line_out_of_the_picture(self, real, monkeypatch):
        evidence, intervals, _, _ = real
        monkeypatch.delenv("PARTNERSHIP_UNATTENDED", raising=False)
        shown = []
        monkeypatch.setattr(picture, "show", lambda axes, alt: shown.append(axes[""]))
        box = machinery.explorer(evidence, intervals, claim=14_000)
        for end in ("low", "high"):
            box.f(**{name: intervals.at[name, end] for name in machinery.SLIDERS})
            low, high = shown[-1].get_ylim()
            for line in shown[-1].lines:
                assert low <= min(line.get_ydata()) <= max(line.get_ydata()) <= high
        assert shown[0].get_ylim() == shown[-1].get_ylim()

    def test_unattended_runs_get_a_sentence(self, real, monkeypatch, capsys):
        evidence, intervals, _, _ = real
        monkeypatch.setenv("PARTNERSHIP_UNATTENDED", "1")
        assert machinery.explorer(evidence, intervals) is None
        assert "JupyterLab" in capsys.readouterr().out
