"""The fleet model: worked cases, properties, refusals, and the stated figures."""

import doctest
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import partnership as p
from partnership import charts
from partnership.methods import fleet
from partnership.study import machinery

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
    return machinery.Evidence(1000.0, 2000, {"sold": (2002, 2004)}, trade)


@pytest.fixture(scope="module")
def real():
    """Evidence, intervals and fleets of the project's own data."""
    evidence, intervals = machinery.evidence(), machinery.intervals()
    draws = machinery.draw(intervals)
    return evidence, intervals, draws, machinery.fleet(evidence, draws)


def values(**other):
    return pd.DataFrame([VALUES | other])


def test_the_examples_in_the_docstrings_hold():
    for module in (fleet,):
        result = doctest.testmod(module)
        assert result.attempted >= 1
        assert result.failed == 0


class TestSurvival:
    def test_half_is_gone_at_the_median_life_whatever_the_shape(self):
        assert machinery.survival(12, 12, [0.8, 1, 3, 6]) == pytest.approx(0.5)

    def test_worked_values(self):
        # shape 1: half-lives, 1/2 then 1/4 then 1/8
        assert machinery.survival([0, 5, 10, 15], 5, 1) == pytest.approx(
            [1, 1 / 2, 1 / 4, 1 / 8]
        )
        # shape 3 at twice the life: 2 ** -8, the EPA rule says none
        assert machinery.survival(20, 10, 3) == pytest.approx(1 / 256)

    @given(lives, shapes, st.floats(0, 100), st.floats(0, 100))
    def test_it_never_rises_and_stays_a_share(self, life, shape, one, two):
        early, late = sorted([one, two])
        first, second = machinery.survival([early, late], life, shape)
        assert 0 <= second <= first <= 1

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ((-1, 10), "age: found -1; allowed is a number 0 or more"),
            ((1, -3), "life: found -3; allowed is a number above 0"),
            ((1, 0), "life: found 0; allowed is a number above 0"),
            ((1, math.nan), "life: found nan"),
            ((1, math.inf), "life: found inf"),
            ((1, 10, 0), "shape: found 0; allowed is a number above 0"),
        ],
    )
    def test_impossible_inputs_are_refused(self, arguments, words):
        with pytest.raises(ValueError, match=words):
            machinery.survival(*arguments)


class TestRemaining:
    def test_a_constant_hazard_forgets_ages(self):
        # shape 1 has no memory: the stock halves every `life` years
        left = machinery.remaining(8, 4, 1)[0]
        assert left[[0, 4, 8]] == pytest.approx([1, 1 / 2, 1 / 4], abs=1e-6)

    def test_machines_that_go_at_one_age_leave_evenly(self):
        # a sharp life of 10: ages are even from 0 to 10, a tenth goes each year
        left = machinery.remaining(10, 10, 80)[0]
        assert left == pytest.approx(np.linspace(1, 0, 11), abs=0.006)

    @given(lives, shapes)
    def test_it_falls_from_one_and_slower_than_a_new_delivery_at_first(self, life, k):
        left = machinery.remaining(40, life, k)[0]
        assert left[0] == 1
        assert (np.diff(left) <= 1e-12).all()
        assert left.min() >= 0

    def test_a_negative_span_is_refused(self):
        with pytest.raises(ValueError, match="years: found -1"):
            machinery.remaining(-1, 10)


class TestWorking:
    def test_without_scrappage_the_fleet_is_all_that_came(self):
        fleet = machinery.working([100, 0, 250], stock=40, life=1e9)
        assert fleet[0] == pytest.approx([40, 140, 140, 390], rel=1e-6)

    def test_one_cohort_follows_the_curve(self):
        fleet = machinery.working([1000, 0, 0, 0], stock=0, life=2, shape=1)
        # it comes in the middle of the year: aged 0.5, 1.5, 2.5, 3.5 at the ends
        expected = 1000 * 0.5 ** (np.array([0.5, 1.5, 2.5, 3.5]) / 2)
        assert fleet[0, 1:] == pytest.approx(expected)
        assert fleet[0, 0] == 0

    def test_a_steady_state_stays(self):
        # as many come each year as leave: mean life 10 / ln 2, shape 1
        fleet = machinery.working([100] * 200, stock=0, life=10, shape=1)[0]
        assert fleet[-1] == pytest.approx(100 * 10 / math.log(2), rel=0.01)

    def test_several_draws_are_rows(self):
        both = machinery.working([10, 20], stock=[5, 50], life=[3, 9], shape=[1, 4])
        for row, (stock, life, shape) in enumerate([(5, 3, 1), (50, 9, 4)]):
            alone = machinery.working([10, 20], stock, life, shape)[0]
            assert both[row] == pytest.approx(alone)

    @given(numbers, lives, shapes, st.data())
    def test_more_deliveries_never_shrink_the_fleet(self, bought, life, shape, data):
        year = data.draw(st.integers(0, len(bought) - 1))
        more = list(bought)
        more[year] += data.draw(st.floats(0, 1e4))
        before = machinery.working(bought, 100, life, shape)
        assert (machinery.working(more, 100, life, shape) >= before - 1e-6).all()

    @given(numbers, lives, shapes, st.floats(1, 3))
    def test_a_longer_life_never_shrinks_the_fleet(self, bought, life, shape, times):
        short = machinery.working(bought, 100, life, shape)
        long = machinery.working(bought, 100, life * times, shape)
        assert (long >= short - 1e-2).all()

    @given(numbers, lives, shapes)
    def test_never_more_than_came(self, bought, life, shape):
        fleet = machinery.working(bought, 100, life, shape)[0]
        assert (fleet <= 100 + np.cumsum([0, *bought]) + 1e-6).all()
        assert (fleet >= 0).all()

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (([], 1, 10), "deliveries: found an empty period"),
            (([-5], 1, 10), "deliveries: found -5"),
            (([math.nan], 1, 10), "deliveries: found nan"),
            (([5], -1, 10), "stock: found -1"),
            (([5], 1, -10), "life: found -10"),
        ],
    )
    def test_impossible_inputs_are_refused(self, arguments, words):
        with pytest.raises(ValueError, match=words):
            machinery.working(*arguments)


class TestDeliveries:
    def test_stated_years_have_the_number_and_others_what_money_buys(self, stated):
        even = machinery.deliveries(stated, values()).iloc[0]
        # 10 million x 0.1 / 20 thousand = 50 machines; 900 over three years
        assert even.to_dict() == pytest.approx(
            {2001: 50, 2002: 300, 2003: 300, 2004: 300}
        )

    def test_timing_moves_machines_to_years_of_trade(self, stated):
        as_trade = machinery.deliveries(stated, values(timing=1)).iloc[0]
        assert as_trade.loc[2002:].tolist() == pytest.approx([225, 450, 225])

    @given(st.floats(0, 1))
    @settings(max_examples=30)
    def test_timing_never_changes_the_number(self, timing):
        trade = pd.Series({2001: 1.0, 2002: 7.0, 2003: 2.0})
        evidence = machinery.Evidence(0.0, 2000, {"sold": (2001, 2003)}, trade)
        bought = machinery.deliveries(evidence, values(timing=timing))
        assert bought.sum(axis=1).item() == pytest.approx(900)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"old_share": 1.2}, "old_share: found 1.2; .* at most 1"),
            ({"money_share": -0.1}, "money_share: found -0.1"),
            ({"timing": 2}, "timing: found 2; .* at most 1"),
            ({"life": -2}, "life: found -2; allowed is a number above 0"),
            ({"price": 0}, "price: found 0; allowed is a number above 0"),
            ({"sold": math.nan}, "sold: found nan"),
        ],
    )
    def test_impossible_assumptions_are_refused(self, stated, change, words):
        with pytest.raises(ValueError, match=words):
            machinery.fleet(stated, values(**change))

    def test_a_missing_assumption_is_named(self, stated):
        for name in VALUES:
            with pytest.raises(ValueError, match=f"no column {name}"):
                machinery.fleet(stated, values().drop(columns=name))

    def test_evidence_refuses_gaps_and_batches_out_of_range(self):
        trade = pd.Series({2001: 1.0, 2003: 1.0})
        with pytest.raises(ValueError, match="all years from 2001"):
            machinery.Evidence(1, 2000, {}, trade)
        trade = pd.Series({2001: 1.0})
        with pytest.raises(ValueError, match=r"sold in 2001\.\.2002"):
            machinery.Evidence(1, 2000, {"sold": (2001, 2002)}, trade)
        with pytest.raises(ValueError, match="empty period"):
            machinery.Evidence(1, 2000, {}, pd.Series(dtype=float))
        with pytest.raises(ValueError, match="stock: found -1"):
            machinery.Evidence(-1, 2000, {}, trade)


class TestQuestions:
    @pytest.fixture
    def ends(self):
        table = {name: (value, value) for name, value in VALUES.items()}
        table |= {"life": (2.0, 40.0), "sold": (800.0, 1000.0)}
        return pd.DataFrame.from_dict(table, "index", columns=["low", "high"])

    def test_draws_stay_inside_and_repeat_with_the_seed(self, ends):
        one, two = (machinery.draw(ends, 500, seed=3) for _ in range(2))
        pd.testing.assert_frame_equal(one, two)
        assert not one.equals(machinery.draw(ends, 500, seed=4))
        assert (one.min() >= ends["low"]).all()
        assert (one.max() <= ends["high"]).all()
        assert one["life"].mean() == pytest.approx(21, abs=1.5)
        generator = np.random.default_rng(3)
        pd.testing.assert_frame_equal(one, machinery.draw(ends, 500, generator))

    def test_draws_refuse_impossible_intervals(self, ends):
        with pytest.raises(ValueError, match="draws: found 0"):
            machinery.draw(ends, 0)
        ends.loc["life", "low"] = 50
        with pytest.raises(ValueError, match="life from 50 to 40"):
            machinery.draw(ends)
        ends.loc["life", "low"] = math.nan
        with pytest.raises(ValueError, match="low: found nan"):
            machinery.draw(ends)

    def test_probability_counts_draws_at_or_above(self):
        fleets = pd.DataFrame({2017: [1.0, 2.0, 3.0, 4.0]})
        assert machinery.probability(fleets, 2017, 3) == 0.5
        assert machinery.probability(fleets, 2017, 5) == 0
        with pytest.raises(ValueError, match=r"year: found 2018; allowed are 2017\.\."):
            machinery.probability(fleets, 2018, 3)
        with pytest.raises(ValueError, match="no draws"):
            machinery.probability(fleets.iloc[:0], 2017, 3)

    def test_quantiles_are_a_frame_to_draw(self):
        fleets = pd.DataFrame({2016: range(101), 2017: range(0, 202, 2)})
        frame = machinery.quantiles(fleets)
        assert frame["low"].tolist() == [5, 10]
        assert frame["value"].tolist() == [50, 100]
        assert frame["high"].tolist() == [95, 190]
        assert frame["start"].astype(str).tolist() == ["2016-01-01", "2017-01-01"]
        with pytest.raises(ValueError, match=r"quantile: found 1\.5"):
            machinery.quantiles(fleets, high=1.5)

    def test_summary_rounds_to_hundreds_and_percent(self):
        run = pd.Series(np.arange(0, 10_100, 100.0))
        row = machinery.summary({"all": run}, at_least=9_000).loc["all"]
        assert row.to_dict() == {"low": 500, "median": 5000, "high": 9500, "chance": 11}

    def test_tornado_moves_one_assumption_at_a_time(self, stated, ends):
        swings = machinery.tornado(stated, ends, 2004)
        assert swings.index[0] == "life"
        assert swings.index[1] == "sold"
        assert (swings["swing"].iloc[2:] == 0).all()
        by_hand = machinery.fleet(stated, values(life=2, sold=900))[2004].item()
        assert swings.at["life", "at_low"] == pytest.approx(by_hand)
        centre = machinery.fleet(stated, values(life=21, sold=900))[2004].item()
        assert swings.attrs["middle"] == pytest.approx(centre)

    def test_needed_reaches_the_target_and_not_before(self, stated, ends):
        target = 1400
        needs = machinery.needed(
            stated, ends, 2004, target, {"sold": 2000, "old_share": 0.5}
        )
        found = needs.at["sold", "needed"]
        at = values(life=21, sold=found)
        assert machinery.fleet(stated, at)[2004].item() >= target
        less = values(life=21, sold=found - 2)
        assert machinery.fleet(stated, less)[2004].item() < target
        assert math.isnan(needs.at["old_share", "needed"])

    def test_changed_leaves_the_original_and_refuses_unknown_names(self, ends):
        other = machinery.changed(ends, life=(3, 4))
        assert other.loc["life"].tolist() == [3, 4]
        assert ends.loc["life"].tolist() == [2, 40]
        with pytest.raises(ValueError, match="lifes: unknown"):
            machinery.changed(ends, lifes=(3, 4))

    def test_implied_price(self):
        assert machinery.implied_price(400, 5500) == pytest.approx(72_727, abs=1)
        with pytest.raises(ValueError, match="units: found 0"):
            machinery.implied_price(400, 0)


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
        assert 0.09 < machinery.probability(fleets, 2017, 14_000) < 0.12
        assert 0.11 < machinery.probability(fleets, 2014, 14_000) < 0.14
        assert 9_500 < fleets[2017].median() < 9_900

    def test_the_answer_does_not_hang_on_the_seed(self, real):
        evidence, intervals, _, fleets = real
        other = machinery.fleet(evidence, machinery.draw(intervals, seed=1))
        for year in (2014, 2017):
            one, two = (machinery.probability(f, year, 14_000) for f in (fleets, other))
            assert one == pytest.approx(two, abs=0.015)

    def test_no_draw_joins_the_count_of_2014_and_the_claim(self, real):
        *_, fleets = real
        near = fleets[fleets[2014].between(5_000, 10_000)]
        assert len(near) > 5_000
        assert machinery.probability(near, 2017, 14_000) == 0

    def test_life_drives_the_answer(self, real):
        evidence, intervals, _, _ = real
        swings = machinery.tornado(evidence, intervals, 2017)
        assert swings.index[0] == "life"
        assert swings["swing"].iloc[0] > 2 * swings["swing"].iloc[1]

    def test_machines_that_die_one_by_one_give_the_same_fleet(self, real):
        evidence, _, draws, fleets = real
        random, row = np.random.default_rng(5), 7
        one = draws.loc[row]
        scale = one["life"] / math.log(2) ** (1 / one["shape"])
        died = scale * random.weibull(one["shape"], 200_000)
        bought = machinery.deliveries(evidence, draws.loc[[row]]).loc[row]
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
        assert (said["group"] == "plans").sum() == (
            said["qualifier"] == "planned"
        ).sum()
        assert said["start"].notna().all()


class TestPictures:
    def test_tornado_chart_spans_the_ends(self, real):
        evidence, intervals, _, _ = real
        swings = machinery.tornado(evidence, intervals, 2017)
        ax = charts.canvas("Life decides", "Tractors, units, 2017", height=3)
        machinery.tornado_chart(ax, swings, intervals["meaning"], claim=14_000)
        charts.add_sources(ax, evidence.source_ids)
        charts.finish(ax, "Bars for every assumption from its low end to its high end.")
        assert charts.layout_problems(ax) == []
        spans = [
            (bar.get_x(), bar.get_x() + bar.get_width())
            for bar in ax.patches[:2]
        ]  # fmt: skip
        low, high = swings.loc["life", ["at_low", "at_high"]]
        assert min(map(min, spans)) == pytest.approx(low)
        assert max(map(max, spans)) == pytest.approx(high)

    def test_quantiles_can_be_drawn(self, real):
        *_, fleets = real
        frame = machinery.quantiles(fleets).assign(source_id="mach-wdi-tractors")
        ax = charts.canvas("A fan", "Tractors, units, 1992–2017")
        charts.interval(ax, frame, "Band: 90 percent of the draws.", unit="units")
        charts.line_with_spread(ax, frame.assign(low=frame["value"]), unit="units")
        line = next(one for one in ax.lines if one.get_gid() == "line")
        assert line.get_xdata()[[0, -1]].tolist() == [1992, 2017]
        assert line.get_ydata()[-1] == fleets[2017].median()

    def test_the_explorer_says_what_the_model_says(self, real, monkeypatch, capsys):
        evidence, intervals, _, _ = real
        monkeypatch.delenv("PARTNERSHIP_UNATTENDED", raising=False)
        box = machinery.explorer(evidence, intervals)
        at = machinery.middle(intervals)
        names = {slider.description: slider for slider in box.children[:-1]}
        for name in machinery.SLIDERS:
            slider = names[intervals.at[name, "meaning"]]
            assert slider.value == pytest.approx(at[name].item())
            assert (slider.min, slider.max) == pytest.approx(
                tuple(intervals.loc[name, ["low", "high"]])
            )
        box.f(life=20.0, money_share=0.0)
        said = capsys.readouterr().out
        expected = machinery.fleet(evidence, at.assign(life=20.0, money_share=0.0))
        assert f"{expected[2017].item():,.0f} tractors" in said

    def test_the_explorer_draws_the_fleet_and_the_claim(self, real, monkeypatch):
        evidence, intervals, _, _ = real
        monkeypatch.delenv("PARTNERSHIP_UNATTENDED", raising=False)
        shown = []
        monkeypatch.setattr(charts, "show", lambda ax, alt: shown.append((ax, alt)))
        box = machinery.explorer(evidence, intervals, claim=14_000)
        box.f(life=20.0)
        ax, alt = shown[-1]
        at = machinery.middle(intervals).assign(life=20.0)
        expected = machinery.fleet(evidence, at).iloc[0]
        expected = expected[expected.index >= 2007]
        line = next(one for one in ax.lines if len(one.get_ydata()) == len(expected))
        assert line.get_ydata() == pytest.approx(expected.to_numpy())
        assert f"{expected[2017]:,.0f} tractors" in alt
        assert any(set(one.get_ydata()) == {14_000} for one in ax.lines)

    def test_no_slider_moves_the_line_out_of_the_picture(self, real, monkeypatch):
        evidence, intervals, _, _ = real
        monkeypatch.delenv("PARTNERSHIP_UNATTENDED", raising=False)
        shown = []
        monkeypatch.setattr(charts, "show", lambda ax, alt: shown.append(ax))
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
