"""Intervals: drawn from, moved one at a time, and asked what they need."""

import doctest
import math

import numpy as np
import pandas as pd
import pytest

from invented import written
from partnership.methods import assumptions
from partnership.methods.assumptions import between, by_row

ENDS = between(life=(2, 40), sold=(800, 1000), share=(-1, 0, 2))


def area(cases):
    """A function of a frame: life times sold, less a thousand for each share."""
    return cases["life"] * cases["sold"] - 1000 * cases["share"]


def test_the_examples_in_the_docstrings_hold():
    result = doctest.testmod(assumptions)
    assert result.attempted >= 1 and result.failed == 0


class TestIntervals:
    def test_a_base_is_given_or_the_middle(self):
        usual = assumptions.base(ENDS)
        assert usual.loc[0].to_dict() == {"life": 21, "sold": 900, "share": 0}
        plain = ENDS[["low", "high"]].assign(meaning="of no weight")
        assert assumptions.base(plain).at[0, "share"] == 0.5

    def test_changed_leaves_the_original_and_forgets_the_base(self):
        other = assumptions.changed(ENDS, share=(3, 4), life=(1, 2, 9))
        assert other.loc["life"].tolist() == [1, 2, 9]
        assert assumptions.base(other).at[0, "share"] == 3.5
        assert ENDS.loc["life", "low"] == 2
        with pytest.raises(ValueError, match=r"name: found .lifes.; .* one of life"):
            assumptions.changed(ENDS, lifes=(3, 4))

    @pytest.mark.parametrize("wrong", [5, (), (1,), (1, 2, 3, 4)])
    def test_an_interval_has_two_ends(self, wrong):
        with pytest.raises(ValueError, match=r"life: found .* allowed is .low, high"):
            between(life=wrong)

    @pytest.mark.parametrize(
        ("ends", "words"),
        [
            (between(a=(50, 40)), "a from 50 to 40"),
            (between(a=(0, 5, 4)), "a from 0 to 4 with base 5"),
            (between(a=(math.nan, 4)), r"intervals\['low'\]: found no value .* at 'a'"),
            (between(a=(0, math.inf)), "found inf at 'a'"),
            (pd.concat([ENDS, ENDS]), "found 'life' twice"),
            (ENDS[["low"]], "found no column 'high'"),
            (ENDS[:0], "found no rows"),
        ],
    )
    def test_impossible_intervals_are_refused(self, ends, words):
        with pytest.raises(ValueError, match=words):
            assumptions.draw(ends)


class TestDraw:
    def test_draws_stay_inside_and_repeat_with_the_seed(self):
        one, two = (assumptions.draw(ENDS, 500, seed=3) for _ in range(2))
        pd.testing.assert_frame_equal(one, two)
        assert not one.equals(assumptions.draw(ENDS, 500, seed=4))
        assert (one.min() >= ENDS["low"]).all()
        assert (one.max() <= ENDS["high"]).all()
        assert one["life"].mean() == pytest.approx(21, abs=1.5)
        generator = np.random.default_rng(3)
        pd.testing.assert_frame_equal(one, assumptions.draw(ENDS, 500, generator))

    def test_some_draws_are_needed(self):
        with pytest.raises(ValueError, match="draws: found 0"):
            assumptions.draw(ENDS, 0)


class TestWeights:
    def test_tied_draws_keep_their_values_and_get_the_correlation(self):
        sample = assumptions.draw(ENDS, 20_000)
        for by in (-0.7, 0, 0.7, 1):
            tied = assumptions.tie(sample, "life", "sold", by)
            assert tied["life"].equals(sample["life"])
            assert sorted(tied["sold"]) == sorted(sample["sold"])
            ranks = tied[["life", "sold"]].rank().corr().iloc[0, 1]
            # of normal scores; of ranks it is 6 / pi asin(by / 2) (Pearson 1907)
            assert ranks == pytest.approx(6 / math.pi * math.asin(by / 2), abs=0.015)
        with pytest.raises(ValueError, match=r"by: found 1\.5; .* -1 to 1"):
            assumptions.tie(sample, "life", "sold", 1.5)

    def test_rows_are_kept_as_often_as_their_weights_say(self):
        sample = pd.DataFrame({"name": list("abcd")})
        kept = assumptions.resample(sample, [0, 1, 3, 0])["name"]
        assert len(kept) == 4 and set(kept) == {"b", "c"}
        assert (kept == "c").sum() == 3
        many = pd.Series(np.arange(1000.0))
        weight = np.where(many < 250, 3.0, 1.0)
        found = assumptions.resample(many, weight)
        assert (found < 250).sum() == 500
        assert assumptions.resample(many, np.ones(1000)).equals(many)

    def test_what_weighted_draws_are_worth(self):
        assert assumptions.effective([2, 2, 2, 2]) == 4
        assert assumptions.effective([1, 0, 0]) == 1
        assert assumptions.effective([3, 1]) == pytest.approx(16 / 10)

    @pytest.mark.parametrize(
        ("weight", "words"),
        [
            ([0, 0], "weights: found none above 0"),
            ([1, -1], "weights: found -1"),
            ([1], "weights: found 1; allowed is 2, one a draw"),
        ],
    )
    def test_weights_that_say_nothing_are_refused(self, weight, words):
        with pytest.raises(ValueError, match=words):
            assumptions.resample(pd.Series([1.0, 2.0]), weight)

    def test_more_than_is_half_normal_on_the_logarithm_above_the_bound(self):
        said = assumptions.more_than(
            [99, 100, 100 * math.e, 400], 100, [0.5, 0.5, 1, 1]
        )
        expected = [0, 2, math.exp(-0.5), math.exp(-(math.log(4) ** 2) / 2)]
        assert said == pytest.approx(expected)

    def test_it_says_how_often_the_bound_is_said(self):
        # over all bounds the likelihood is a density: half a normal one
        bounds = np.geomspace(1, 1000, 20_001)
        said = [assumptions.more_than(1000, bound, 0.3).item() for bound in bounds]
        whole = np.trapezoid(said, np.log(bounds))
        assert whole == pytest.approx(math.sqrt(math.pi / 2), rel=1e-3)

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ((-1, 10, 1), "truth: found -1"),
            ((1, 0, 1), "bound: found 0; .* above 0"),
            ((1, 10, 0), "scale: found 0; .* above 0"),
        ],
    )
    def test_impossible_words_are_refused(self, arguments, words):
        with pytest.raises(ValueError, match=words):
            assumptions.more_than(*arguments)


class TestOneAtATime:
    def test_worked_by_hand(self):
        found = assumptions.one_at_a_time(area, ENDS)
        assert found.index.tolist() == ["life", "sold", "share"]
        assert found.loc["life"].to_dict() == {
            **{"low": 2, "base": 21, "high": 40},
            **{"at_low": 1800, "at_base": 18_900, "at_high": 36_000, "swing": 34_200},
        }
        assert found.loc["share", ["at_low", "at_high"]].tolist() == [19_900, 16_900]

    def test_all_ends_together(self):
        assert assumptions.corners(area, ENDS) == (2 * 800 - 2000, 40 * 1000 + 1000)
        assert assumptions.corners(lambda cases: cases["a"], between(a=(2, 2))) == (
            2,
            2,
        )

    def test_every_combination_with_the_others_usual(self):
        tried = {"share": [0, 2], "life": (10, 20, 30)}
        found = assumptions.across(area, ENDS, **tried)
        assert found.index.names == ["share", "life"]
        assert found.index.tolist()[:2] == [(0, 10), (0, 20)]
        usual = assumptions.base(ENDS)
        for (share, life), result in found.items():
            assert result == area(usual.assign(share=share, life=life)).item()
        with pytest.raises(ValueError, match="name: found 'luck'"):
            assumptions.across(area, ENDS, luck=[1])

    def test_plain_functions_get_whole_numbers_as_int(self):
        def repeated(word, times):
            return len("x" * times) + word

        ends = between(word=(0.25, 0.5), times=(4, 6))
        assert assumptions.corners(by_row(repeated), ends) == (4.25, 6.5)

    def test_what_is_needed_reaches_the_target_and_not_before(self):
        found = assumptions.needed(area, ENDS, 30_000, {"life": 60, "share": 2})
        life = found.at["life", "needed"]
        assert life * 900 >= 30_000 > (life - 58 / 2000) * 900
        assert found.loc["life", ["low", "high"]].tolist() == [2, 40]
        assert math.isnan(found.at["share", "needed"])
        with pytest.raises(ValueError, match="name: found 'luck'"):
            assumptions.needed(area, ENDS, 1, {"luck": 3})

    def test_a_function_gives_one_number_a_case(self):
        with pytest.raises(ValueError, match=r"function: found .* results for 7 cases"):
            assumptions.one_at_a_time(lambda cases: cases, ENDS)


class TestWholeResults:
    def test_draws(self):
        drawn = assumptions.draw(ENDS, 4)
        assert (
            written(drawn)
            == """\
None:int64 | life:float64, sold:float64, share:float64
0 | 37.793237, 906.95282, 1.4457052
1 | 19.252167, 808.84836, 1.2697844
2 | 19.577257, 865.60102, -0.34084871
3 | 23.922428, 935.98084, 1.8161288
"""
        )
        assert len(assumptions.draw(ENDS)) == 20_000
        tied = assumptions.tie(drawn, "life", "sold", 0.9)
        assert (
            written(tied)
            == """\
None:int64 | life:float64, sold:float64, share:float64
0 | 37.793237, 935.98084, 1.4457052
1 | 19.252167, 808.84836, 1.2697844
2 | 19.577257, 865.60102, -0.34084871
3 | 23.922428, 906.95282, 1.8161288
"""
        )
        weights = [0.1, 0.2, 0.0, 0.7]
        assert (
            written(assumptions.resample(drawn, weights))
            == """\
None:int64 | life:float64, sold:float64, share:float64
0 | 19.252167, 808.84836, 1.2697844
1 | 23.922428, 935.98084, 1.8161288
2 | 23.922428, 935.98084, 1.8161288
3 | 23.922428, 935.98084, 1.8161288
"""
        )
        assert assumptions.effective(weights) == pytest.approx(1.851851852)
        likely = assumptions.more_than([90, 100, 150], 100, 0.5)
        assert likely.round(6).tolist() == [0.0, 2.0, 1.439568]
        for call in (
            lambda: assumptions.draw(ENDS, 0),
            lambda: assumptions.tie(drawn, "lives", "sold", 0.9),
            lambda: assumptions.tie(drawn, "life", "solds", 0.9),
            lambda: assumptions.tie(drawn, "life", "sold", 1.1),
            lambda: assumptions.resample(drawn, [1.0]),
            lambda: assumptions.resample(drawn, [0, 0, 0, 0]),
            lambda: assumptions.effective([-1.0]),
            lambda: assumptions.more_than(-1, 100, 1),
            lambda: assumptions.more_than(1, 0, 1),
            lambda: assumptions.more_than(1, 100, 0),
        ):
            with pytest.raises(ValueError, match="found"):
                call()

    def test_answers(self):
        assert (
            written(ENDS)
            == """\
None:text | low:float64, base:float64, high:float64
life | 2, nan, 40
sold | 800, nan, 1000
share | -1, 0, 2
"""
        )
        assert (
            written(assumptions.changed(ENDS, life=(3, 4, 5)))
            == """\
None:text | low:float64, base:float64, high:float64
life | 3, 4, 5
sold | 800, nan, 1000
share | -1, 0, 2
"""
        )
        assert (
            written(assumptions.base(ENDS))
            == """\
None:int64 | life:float64, sold:float64, share:float64
0 | 21, 900, 0
"""
        )
        assert (
            written(assumptions.one_at_a_time(area, ENDS))
            == """\
None:text | low:float64, base:float64, high:float64, at_low:float64,
  at_base:float64, at_high:float64, swing:float64
life | 2, 21, 40, 1800, 18900, 36000, 34200
sold | 800, 900, 1000, 16800, 18900, 21000, 4200
share | -1, 0, 2, 19900, 18900, 16900, 3000
"""
        )
        ceilings = {"life": 60, "share": 2}
        assert (
            written(assumptions.needed(area, ENDS, 40_000, ceilings))
            == """\
None:text | low:float64, high:float64, needed:float64
life | 2, 40, 44.456
share | -1, 2, nan
"""
        )
        found = assumptions.across(area, ENDS, life=[1, 2], share=[0, 1])
        assert (
            written(found)
            == """\
life:int64, share:int64 | 0:float64
1, 0 | 900
1, 1 | -100
2, 0 | 1800
2, 1 | 800
"""
        )
        assert assumptions.corners(area, ENDS) == (-400.0, 41000.0)
        for call in (
            lambda: assumptions.needed(area, ENDS, 1, {"lives": 3}),
            lambda: assumptions.across(area, ENDS, lives=[3]),
            lambda: assumptions.corners(lambda cases: "a", ENDS),
            lambda: assumptions.corners(lambda cases: [1.0], ENDS),
        ):
            with pytest.raises(ValueError, match="found"):
                call()
