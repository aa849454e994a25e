"""Synthetic control on invented economies whose answer is known."""

import numpy as np
import pandas as pd
import pytest

from partnership.methods import synthetic

YEARS = range(2000, 2021)


def invented(effect=0.0, seed=3):
    """AAA is 0.6 BBB and 0.4 CCC up to 2014; five others wander on their own."""
    rng = np.random.default_rng(seed)
    walks = 100 + rng.normal(0, 10, (len(YEARS), 7)).cumsum(axis=0)
    names = ["BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH"]
    panel = pd.DataFrame(walks, YEARS, names)
    panel.insert(0, "AAA", 0.6 * panel["BBB"] + 0.4 * panel["CCC"])
    panel["AAA"] += rng.normal(0, 1e-3, len(YEARS))
    panel.loc[2015:, "AAA"] += effect
    return panel


def test_a_known_mean_and_a_known_effect_are_found():
    found = synthetic.control(invented(-20.0), "AAA", 2014)
    assert found.weights.loc[["BBB", "CCC"]].tolist() == pytest.approx(
        [0.6, 0.4], abs=1e-3
    )
    assert found.weights.sum() == pytest.approx(1) and (found.weights > 0).all()
    assert found.paths["gap"].loc[2015:].tolist() == pytest.approx([-20] * 6, abs=0.1)
    assert found.errors.at["AAA", "gap"] == pytest.approx(-20, abs=0.1)
    assert (found.rank, found.p) == (1, 1 / 8)


def test_the_years_after_tell_the_weights_nothing():
    one = synthetic.control(invented(), "AAA", 2014)
    two = synthetic.control(invented(500.0), "AAA", 2014)
    pd.testing.assert_series_equal(one.weights, two.weights)


def test_errors_and_rank_by_hand():
    panel = invented(-20.0)
    found = synthetic.control(panel, "DDD", 2014)
    gap = found.paths["recorded"] - found.paths["synthetic"]
    mean = panel[found.weights.index] @ found.weights
    assert found.paths["synthetic"].tolist() == pytest.approx(mean.tolist())
    before, after = gap.loc[:2014], gap.loc[2015:]
    before, after = (np.sqrt((part**2).mean()) for part in (before, after))
    row = found.errors.loc["DDD"]
    assert row[["before", "after"]].tolist() == pytest.approx([before, after])
    assert row["ratio"] == pytest.approx(after / before)
    assert found.rank == found.errors.index.get_loc("DDD") + 1 > 1


def test_weights_are_the_best_on_the_simplex():
    """No mean on a fine grid of three weights comes closer than what is found."""
    rng = np.random.default_rng(1)
    unit, donors = rng.normal(5, 2, 9), rng.normal(4, 2, (9, 3))
    share = synthetic.weights(unit, donors)
    assert share.sum() == pytest.approx(1) and (share >= 0).all()
    grid = np.linspace(0, 1, 201)
    tried = [(a, b, 1 - a - b) for a in grid for b in grid if a + b <= 1]
    errors = ((donors @ np.array(tried).T - unit[:, None]) ** 2).sum(axis=0)
    assert ((donors @ share - unit) ** 2).sum() <= errors.min() + 1e-9


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        (lambda d: d, ("ZZZ", 2014), "treated: found 'ZZZ'"),
        (lambda d: d, ("AAA", 2020), "last: found 2020"),
        (lambda d: d[["AAA", "BBB"]], ("AAA", 2014), "panel: found 2 units"),
        (lambda d: pd.concat([d, d[-1:]]), ("AAA", 2014), "panel: found 2020 twice"),
        (
            lambda d: d.reindex(range(1999, 2021)),
            ("AAA", 2014),
            "panel: found no value",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(change, arguments, message):
    with pytest.raises(ValueError, match=message):
        synthetic.control(change(invented()), *arguments)


@pytest.mark.parametrize(
    ("unit", "donors", "message"),
    [
        (None, [[1.0]], "unit: found no value"),
        ([1.0, 2.0], [[1.0]], r"donors: found \(1, 1\) beside a unit of \(2,\)"),
        ([1.0, 2.0], np.ones((2, 0)), r"donors: found \(2, 0\) beside a unit of"),
        ([1.0, 2.0], [[1.0], [np.nan]], r"donors: found no value \(NaN\)"),
    ],
)
def test_donors_lie_beside_the_unit(unit, donors, message):
    with pytest.raises(ValueError, match=message):
        synthetic.weights(unit, donors)
