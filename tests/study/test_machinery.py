"""The fleet of the pair: what sources state, what follows, and its pictures."""

import math

import numpy as np
import pandas as pd
import pytest

import partnership as p
from partnership import verdicts
from partnership.charts import picture
from partnership.methods import assumptions, fleet
from partnership.study import machinery


@pytest.fixture(scope="module")
def real():
    """Evidence, intervals, draws and fleets of the project's own data."""
    evidence, intervals = machinery.evidence(), machinery.intervals()
    draws = fleet.posterior(evidence, intervals)
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
            "sold_by_sum": (2009, 2017),
        }
        assert evidence.count == (2014, 5000)
        assert evidence.trade[[1993, 2007, 2013, 2017]].tolist() == [5, 96, 319, 65]
        ends = intervals[["low", "high"]].T.to_dict("list")
        assert ends["life"] == [7, 35]
        assert ends["sold_2007"] == pytest.approx([2000, 2790])
        assert ends["sold_2009_2017"] == [5500, 6500]
        assert ends["price"] == [10, 20]
        assert ends["old_share"] == [0.1, 0.6]

    def test_every_source_of_the_intervals_is_known(self, real):
        evidence, intervals, _, _ = real
        ids = [i for cell in intervals["source_id"] for i in cell.split(";") if i]
        assert len(p.sources([*ids, *evidence.source_ids])) >= 10

    def test_what_a_sum_buys_ends_the_reading_as_a_sum(self, real):
        of_mtz = {"maker": "MTZ", "outcomes_only": False}
        paid = p.statements("deliveries_value", **of_mtz)["value"].item()
        sale = p.statements("contract_value", "BLR", "MNG")["value"].item()
        units = p.statements("contract_units", "BLR", "MNG")["value"].item()
        high = real[1].at["sold_by_sum", "high"]
        assert high == pytest.approx(paid / sale * units, rel=0.005)

    def test_the_claim_is_unlikely_and_not_impossible(self, real):
        *_, fleets = real
        assert 0.09 < fleet.probability(fleets, 2017, 14_000) < 0.13
        assert 8_100 < fleets[2017].median() < 8_600

    def test_drawing_by_rejection_gives_the_same(self, real):
        # another way to the posterior (Gelman et al., 10.3), seed and size
        evidence, intervals, _, fleets = real
        drawn = fleet.prior(intervals, 120_000, seed=1)
        units = fleet.at_work(evidence, drawn, 2014)
        highest = 1 / intervals.at["excess", "low"]
        density = np.exp(-0.5 * (np.log(units / 5000) / drawn["excess"]) ** 2)
        density = (density / drawn["excess"]).where(units >= 5000, 0)
        chance = np.random.default_rng(3).uniform(0, highest, len(drawn))
        kept = fleet.at_work(evidence, drawn[chance < density], 2017)
        assert len(kept) > 4_000
        assert (kept >= 14_000).mean() == pytest.approx(
            fleet.probability(fleets, 2017, 14_000), abs=0.015
        )
        assert kept.median() == pytest.approx(fleets[2017].median(), rel=0.03)

    def test_the_verdict_asks_the_same_draws(self, real):
        evidence, _, draws, _ = real
        finding = next(
            one for one in verdicts.verdict("c28").findings if "model" in one.text
        )
        median = fleet.at_work(evidence, draws, 2017).median()
        assert finding.value == pytest.approx(median, abs=51)

    def test_no_draw_joins_a_near_count_and_the_claim(self, real):
        evidence, intervals, _, _ = real
        drawn = fleet.prior(intervals)
        near = fleet.at_work(evidence, drawn, 2014).between(5_000, 10_000)
        assert near.sum() > 3_000
        assert fleet.at_work(evidence, drawn[near], 2017).max() < 14_000

    def test_answers_move_the_chance_more_than_the_draws(self, real):
        evidence, intervals, _, fleets = real
        drawn = fleet.prior(intervals)
        asked = machinery.answers(evidence, drawn)
        cases = machinery.combinations(asked)
        assert len(cases) == math.prod(len(given) for given in asked.values())
        units = fleet.at_work(evidence, drawn, 2017)
        chance = fleet.chances(units, cases, [14_000]).loc[14_000]
        as_drawn = (machinery.DRAWN,) * 4
        assert chance[as_drawn] == pytest.approx(
            100 * fleet.probability(fleets, 2017, 14_000), abs=0.5
        )
        assert chance.min() < 0.1 and chance.max() > 70
        apart = [machinery.DRAWN, machinery.DRAWN]
        by_hand = drawn["reading"].gt(0.5) & drawn["life"].le(25)
        weight = fleet.weights(evidence, drawn)[by_hand]
        expected = weight[units[by_hand] >= 14_000].sum() / weight.sum()
        found = chance[apart[0], "a sum", "25 years at most", apart[1]]
        assert found == pytest.approx(100 * expected)

    def test_a_register_with_more_than_was_sold_asks_for_old_tractors(self):
        asked = machinery.register([16, 25, 35, 1e6])
        assert asked["sold"].is_monotonic_increasing
        assert asked["older"].is_monotonic_decreasing
        # nothing ever goes: what was not sold stood there before
        assert asked.loc[1e6].tolist() == pytest.approx([5000, 1125], rel=1e-3)
        assert asked.at[16, "older"] > 62_740

    def test_life_drives_the_answer(self, swings):
        assert swings.index[0] == "life"
        assert swings["swing"].iloc[0] > 2 * swings["swing"].iloc[1]
        assert set(swings.index[1:3]) == {"money_share", "reading"}

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
