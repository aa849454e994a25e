"""Each pair left out of its own estimate: exactly, with its error, or by name."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invented import written
from methods.test_gravity import BOTH, world
from partnership.methods import gravity, left_out

FORM = BOTH[0]
ALL = "2000..2002"


def square(seed, count=6, noise=0.6):
    """Each of a few economies sells to every other one; a third of the pairs never."""
    rng = np.random.default_rng(seed)
    names = [f"E{i}" for i in range(count)]
    trade = pd.MultiIndex.from_product(
        [names, names, [2000, 2001]], names=["exporter", "importer", "year"]
    ).to_frame(index=False)
    trade = trade[trade["exporter"] != trade["importer"]]
    pair = trade["exporter"] + trade["importer"]
    never = rng.choice(pair.unique(), len(pair.unique()) // 3, replace=False)
    trade["exports_usd_million"] = rng.lognormal(3, noise, len(trade))
    trade = trade[~pair.isin(never)]
    apart = pd.MultiIndex.from_product([names, names], names=["exporter", "importer"])
    apart = apart.to_frame(index=False).query("exporter != importer")
    apart["distance_weighted_km"] = rng.uniform(100, 5000, len(apart))
    apart["contiguous"] = rng.integers(0, 2, len(apart))
    return gravity.panel(trade, None, apart, absent="zero").rows


def by_fit(rows, pair, method="ppml"):
    """What pyfixest expects of a pair if its rows get a dummy each (Salkever 1976)."""
    own, put_in = rows["pair"] == pair, rows["exports"].mean()
    both = rows.assign(exports=rows["exports"].where(~own, put_in))
    dummies = [f"own {year}" for year in rows.loc[own, "year"]]
    both[dummies] = 0.0
    both.loc[own, dummies] = np.eye(len(dummies))
    found = gravity.fit(both, (*FORM, *dummies), left_out.EFFECTS, method).coefficients
    link = found.loc[dummies, "estimate"].to_numpy()
    return put_in * np.exp(-link), found.loc[dummies, "se"].to_numpy()


@pytest.mark.parametrize("method", ["ppml", "ols"])
class TestOtherLibrary:
    def test_coefficients(self, method):
        rows = world(11)
        one = left_out.coefficients(rows, FORM, method)
        other = gravity.fit(rows, FORM, left_out.EFFECTS, method).coefficients
        np.testing.assert_allclose(one["estimate"], other["estimate"], rtol=1e-7)
        np.testing.assert_allclose(one["se"], other["se"], rtol=5e-3)

    def test_expectation_and_error_of_a_pair(self, method):
        rows = world(12)
        found = left_out.excess(rows, "X2", "M05", FORM, method)
        expected, se = by_fit(rows, "X2-M05", method)
        np.testing.assert_allclose(found["expected"][:-1], expected, rtol=1e-6)
        np.testing.assert_allclose(found["se"][:-1], se, rtol=5e-3)
        assert found["expected"][ALL] == pytest.approx(expected.mean())

    def test_of_zeros_and_a_square_without_its_diagonal(self, method):
        rows = square(1)
        pairs = [tuple(pair.split("-")) for pair in rows["pair"].unique()]
        many = left_out.left_out(rows, pairs, FORM, method)
        for pair in many.index[[0, 7, -1]]:
            expected = by_fit(rows, pair, method)[0]
            assert many["expected"][pair] == pytest.approx(expected.mean(), rel=1e-6)

    def test_many_are_the_same_as_one(self, method):
        rows = world(13, exporters=4, importers=6)
        pairs = [("X1", "M02"), ("X3", "M00"), ("X0", "M05")]
        many = left_out.left_out(rows, pairs, FORM, method)
        for pair, row in zip(pairs, many.itertuples(), strict=True):
            one = left_out.excess(rows, *pair, FORM, method).iloc[-1]
            assert row.expected == pytest.approx(one["expected"], rel=1e-6)
            assert row.ratio == pytest.approx(one["ratio"], rel=1e-6)

    def test_the_flow_itself_does_not_move_its_expectation(self, method):
        rows = world(7)
        own = rows["pair"] == "X1-M02"
        for times in (0, 9, 900):
            other = rows["exports"].where(~own, rows["exports"] * times)
            changed = rows.assign(exports=other)
            for form in (
                lambda r: left_out.excess(r, "X1", "M02", FORM, method).iloc[-1],
                lambda r: left_out.left_out(r, [("X1", "M02")], FORM, method).iloc[0],
            ):
                before, after = form(rows), form(changed)
                assert after["expected"] == pytest.approx(before["expected"], rel=1e-6)


class TestExcess:
    def test_known_excess_without_noise(self):
        rows = world(noise="none")
        own = rows["pair"] == "X2-M05"
        truth = rows.loc[own, "exports"].to_numpy()
        rows.loc[own, "exports"] *= [7.0, 2.0, 0.0]
        found = left_out.excess(rows, "X2", "M05", FORM)
        assert found["ratio"][:-1].tolist() == pytest.approx([7, 2, 0], rel=1e-6)
        all_years = (truth * [7, 2, 0]).sum() / truth.sum()
        assert found["ratio"][ALL] == pytest.approx(all_years, rel=1e-6)
        assert found.index.tolist() == ["2000", "2001", "2002", ALL]

    def test_the_error_of_the_mean_allows_for_repeated_errors(self):
        # The same year three times tells as much as once, and no more.
        once = world(14, years=1)
        rows = pd.concat(
            once.assign(
                year=year,
                exporter_year=once["exporter"] + str(year),
                importer_year=once["importer"] + str(year),
            )
            for year in (2000, 2001, 2002)
        ).reset_index(drop=True)
        one = left_out.excess(once, "X3", "M04", FORM).iloc[0]
        three = left_out.excess(rows, "X3", "M04", FORM).iloc[-1]
        np.testing.assert_allclose(three, one, rtol=3e-3)

    def test_the_interval_covers(self):
        # 40 worlds: a 95 percent interval of the expectation misses few truths
        hits = 0
        for seed in range(40):
            rows, truth = world(seed, years=1), world(seed, years=1, noise="none")
            found = left_out.excess(rows, "X3", "M04", FORM).iloc[0]
            mean = truth.loc[truth["pair"] == "X3-M04", "exports"].item()
            hits += found["low"] <= found["exports"] / mean <= found["high"]
        assert 32 <= hits <= 40

    def test_a_year_that_nothing_else_determines_is_a_gap(self):
        rows = world(8)
        alone = (rows["importer_year"] == "M00 2001") & (rows["exporter"] != "X0")
        rows["exports"] = rows["exports"].where(~alone, 0)
        found = left_out.excess(rows, "X0", "M00", FORM)
        assert found["expected"].isna().tolist() == [False, True, False, True]
        assert found["high"].isna().tolist() == [False, True, False, True]
        many = left_out.left_out(rows, [("X0", "M00"), ("X1", "M01")], FORM)
        assert many["ratio"].isna().tolist() == [True, False]

    def test_an_importer_that_buys_nothing_in_a_year_changes_nothing(self):
        rows = world(8)
        idle = rows["importer_year"] == "M03 2001"
        rows["exports"] = rows["exports"].where(~idle, 0)
        found = left_out.excess(rows, "X1", "M01", FORM)
        expected, _ = by_fit(rows[~idle], "X1-M01")
        np.testing.assert_allclose(found["expected"][:-1], expected, rtol=1e-6)

    @settings(max_examples=15, deadline=None)
    @given(st.floats(0.001, 1000))
    def test_the_unit_of_money_does_not_matter(self, scale):
        rows = world(9, years=1)
        scaled = rows.assign(exports=rows["exports"] * scale)
        one, other = (
            left_out.excess(r, "X0", "M01", FORM)[["ratio", "se"]]
            for r in (rows, scaled)
        )
        np.testing.assert_allclose(one, other, rtol=1e-6)


class TestRefused:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda d: d.drop(index=5), "rows: found pairs that lack a year or change"),
            (
                lambda d: d.assign(border=d["border"].where(d.index != 4, 9)),
                "rows: found pairs that lack a year or change a regressor",
            ),
            (
                lambda d: d.assign(border=1),
                "regressors: found 'border', which does not vary",
            ),
            (
                lambda d: d.assign(border=(d["exports"] == 0).astype(int)),
                "regressors: found 'border', which does not vary",
            ),
            (
                lambda d: d.assign(exports=d["exports"].where(d.index != 2)),
                "rows['exports']: found no value",
            ),
        ],
    )
    def test_rows(self, change, words):
        rows = world()
        idle = rows["pair"].isin(["X0-M00", "X1-M03"])
        rows["exports"] = rows["exports"].where(~idle, 0)
        with pytest.raises(ValueError, match=re.escape(words)):
            left_out.excess(change(rows), "X1", "M02", FORM)

    def test_zeros_that_no_trade_ties(self):
        rows = world(years=1, importers=8)
        first = rows["exporter"] < "X4", rows["importer"] < "M04"
        rows = rows[first[0] | ~first[1]]
        rows = rows.assign(exports=rows["exports"].where(first[0] == first[1], 0))
        rows = rows.reset_index(drop=True)
        with pytest.raises(ValueError, match="zeros that no trade ties: X0-M04"):
            left_out.excess(rows, "X0", "M01", FORM)

    @pytest.mark.parametrize("call", ["excess", "left_out"])
    def test_a_pair_that_is_not_in_the_table(self, call):
        with pytest.raises(ValueError, match="found X1-M99, which has no row"):
            if call == "excess":
                left_out.excess(world(), "X1", "M99", FORM)
            else:
                left_out.left_out(world(), [("X1", "M99")], FORM)

    def test_another_method(self):
        with pytest.raises(ValueError, match="method: found 'gamma'"):
            left_out.coefficients(world(), FORM, "gamma")


class TestBandOfPairs:
    seen = pd.DataFrame({"expected": 10.0 ** np.arange(9), "ratio": np.arange(9) / 4})

    def test_it_is_drawn_from_pairs_of_such_an_expectation(self):
        # 10^3.6: the nearest seven are 10^1 to 10^7; beyond each end (7 + 1) / 8 = 1
        ratios, band = left_out.nearest(self.seen, 10**3.6, 7, level=75)
        assert ratios.tolist() == [n / 4 for n in range(1, 8)]
        assert band == (0.25, 1.75)

    def test_the_next_pair_lies_in_it_as_often_as_it_says(self):
        rng, inside = np.random.default_rng(3), []
        for _ in range(2000):
            ratio = rng.lognormal(size=40)
            seen = pd.DataFrame({"expected": np.ones(39), "ratio": ratio[:39]})
            low, high = left_out.nearest(seen, 1.0, 39, level=90)[1]
            inside.append(low <= ratio[39] <= high)
        # (39 + 1) (1 - 0.9) / 2 = 2 of 39 lie beyond on each side: 36 of 40 gaps
        assert np.mean(inside) == pytest.approx(0.90, abs=0.02)

    def test_without_a_ratio_a_pair_is_none(self):
        seen = self.seen.assign(ratio=self.seen["ratio"].where(self.seen.index < 8))
        with pytest.raises(ValueError, match="count: found 9; allowed is 2 to the 8"):
            left_out.nearest(seen, 1.0, 9, level=75)

    def test_too_few_for_the_level_are_refused(self):
        with pytest.raises(
            ValueError, match="level: found 95; allowed is a level below"
        ):
            left_out.nearest(self.seen, 1.0, 9)


def test_matrices_stand_for_the_rows():
    rows = world(12)
    made = left_out.made(rows, FORM)
    for one in (rows, made):
        found = left_out.excess(one, "X2", "M05", FORM)
        pd.testing.assert_frame_equal(found, left_out.excess(rows, "X2", "M05", FORM))


def test_the_world_is_every_pair_with_a_distance():
    rows = [("AAA", "BBB", 2000, 5000.0), ("BBB", "CCC", 2000, 1.0)]
    rows += [("AAA", "BBB", 1999, 9.0), ("CCC", "AAA", 2000, 4.0)]
    trade = pd.DataFrame(rows, columns=[*gravity.KEY, "value"])
    lands = pd.MultiIndex.from_product([["AAA", "BBB", "CCC"]] * 2, names=gravity.PAIR)
    lands = lands.to_frame(index=False).assign(contiguous=0, common_official_language=1)
    lands["distance_weighted_km"] = 100.0
    lands.loc[lands["exporter"] == "CCC", "distance_weighted_km"] = np.nan
    found = left_out.world(trade, lands, [2000], ["AAA", "BBB"])
    rows = found.rows.set_index("pair")
    assert rows["exports"].to_dict() == {
        **{"AAA-BBB": 5, "AAA-CCC": 0, "BBB-AAA": 0, "BBB-CCC": 0.001}
    }
    assert rows["flag"].to_dict() == {
        **{"AAA-BBB": 1, "AAA-CCC": 0, "BBB-AAA": 1, "BBB-CCC": 0}
    }
    assert found.dropped["economy"].tolist() == ["CCC"]


WHOLE = """\
None:text | estimate:float64, se:float64
log_distance | {}
border | {}
period:text | exports:float64, expected:float64, ratio:float64, low:float64,
  high:float64, se:float64
2000 | 0, {}
2001 | 0, {}
2000..2001 | 0, {}
pair:text | exports:float64, expected:float64, ratio:float64
E1-E2 | 0, {}
E3-E0 | 29.62658, {}
"""


class TestWholeResults:
    @pytest.mark.parametrize(
        ("method", "numbers"),
        [
            (
                "ppml",
                (
                    "-0.23606, 0.17008",
                    "0.21591, 0.33362",
                    "2.03086, 0, 0, 0, 0.97377",
                    "3.00683, 0, 0, 0, 1.02264",
                    "2.51884, 0, 0, 0, 0.96594",
                    "2.51884, 0",
                    "19.02028, 1.55763",
                ),
            ),
            (
                "ols",
                (
                    "-0.09029, 0.09384",
                    "-0.18214, 0.14252",
                    "4.9592, 0, 0, 0, 0.59284",
                    "21.68889, 0, 0, 0, 0.49605",
                    "13.32404, 0, 0, 0, 0.42593",
                    "13.32404, 0",
                    "38.01606, 0.77932",
                ),
            ),
        ],
    )
    def test_a_pair_and_all_pairs(self, method, numbers):
        grid = left_out.made(square(0), FORM, method)
        found = [
            left_out.coefficients(grid, FORM, method),
            left_out.excess(grid, "E1", "E2", FORM, method),
            left_out.left_out(grid, [("E1", "E2"), ("E3", "E0")], FORM, method),
        ]
        text = "".join(written(one.round(5)) for one in found)
        assert text == WHOLE.format(*numbers)

    def test_the_nearest_pairs(self):
        seen = pd.DataFrame(
            {
                "exports": [1.0, 4, 0, 9, 5],
                "expected": [2.0, 2, 3, 10, np.nan],
                "ratio": [0.5, 2, 0, 0.9, np.nan],
            },
            pd.Index([*"abcde"], name="pair"),
        )
        assert (
            repr(left_out.nearest(seen, 2.5, 3, level=50))
            == """\
(pair
c    0.0
a    0.5
b    2.0
Name: ratio, dtype: float64, (np.float64(0.0), np.float64(2.0)))"""
        )
        assert (
            repr(left_out.nearest(seen, 9.0, 4, level=20))
            == """\
(pair
c    0.0
a    0.5
d    0.9
b    2.0
Name: ratio, dtype: float64, (np.float64(0.5), np.float64(0.9)))"""
        )
