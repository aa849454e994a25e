"""Gravity on the tables of world trade."""

import numpy as np
import pytest

import partnership as p
from partnership.methods import gravity, left_out
from partnership.study import gravity as study


@pytest.fixture(scope="module")
def real():
    return study.panel()


def test_every_pair_of_the_table_or_a_reason(real):
    names = {*real.dropped["economy"]}
    assert names == {"ASM", "GUM", "MAC", "MNE", "SSD"}
    assert set(real.dropped["reason"]) == {"no distance"}
    trade = p.load("trade_world").query("2011 <= year <= 2013")
    total = real.rows["exports"].sum() + real.dropped["exports"].sum()
    assert total == pytest.approx(trade["value"].sum() / 1000)
    sides = len({*trade["exporter"], *trade["importer"]} - names)
    assert len(real.rows) == 3 * sides * (sides - 1)
    assert real.rows.loc[real.rows["flag"] == 1, "pair"].nunique() == 210


def test_a_size_that_is_missing_is_named():
    dropped = study.panel([2012], sizes=True).dropped
    assert "no GDP" in set(dropped["reason"])


def test_the_headline_by_another_library(real):
    """A dummy for each year of the pair leaves it out (Salkever 1976)."""
    rows, own = real.rows, real.rows["pair"] == "BLR-TKM"
    found = left_out.excess(rows, *study.PAIR, study.FORM)
    dummies = {f"own {y}": (own & (rows["year"] == y)) * 1.0 for y in study.YEARS}
    form = (*study.FORM, *dummies)
    other = gravity.fit(rows.assign(**dummies), form, left_out.EFFECTS).coefficients
    ratios = np.exp(other["estimate"][list(dummies)])
    np.testing.assert_allclose(found["ratio"][:-1], ratios, rtol=1e-5)
    np.testing.assert_allclose(found["se"][:-1], other["se"][list(dummies)], rtol=1e-3)
    assert found["ratio"].iloc[-1] == pytest.approx(3.95, abs=0.005)
    assert found[["low", "high"]].iloc[-1].tolist() == pytest.approx(
        [1.98, 7.87], abs=0.01
    )


def test_a_seeded_few_of_those_left_out_are_estimates_without_them(real):
    drawn = study.others(real.rows)
    assert len({*drawn}) == 500 and not {*drawn} & {*study.peers()}
    assert drawn == study.others(real.rows)
    rng = np.random.default_rng(5)
    pairs = [(study.peers() + drawn)[i] for i in rng.choice(710, 4, replace=False)]
    pairs += [("RUS", "BLR"), study.PAIR]
    many = left_out.left_out(real.rows, pairs, study.FORM)
    for pair, expected in zip(pairs, many["expected"], strict=True):
        one = left_out.excess(real.rows, *pair, study.FORM).iloc[-1]
        assert expected == pytest.approx(one["expected"], rel=1e-6)


def test_the_flag_and_logarithms_move_much_and_other_choices_little(real):
    ratios = study.tried(real.rows)["ratio"]
    assert ratios["without the flag"] == pytest.approx(12.49, abs=0.01)
    kept = ratios.drop([name for name in ratios.index if "logarithms" in name])
    kept = kept.drop("without the flag")
    assert kept.between(3.7, 6.1).all()


def test_the_place_is_that_of_the_ratio_left_out():
    table, ratios = study.over_time()
    assert ratios.columns.tolist() == [*study.BANDS]
    for period in study.BANDS:
        row, mine = table.loc[period], ratios[period]["BLR-TKM"]
        assert row["ratio"] == pytest.approx(mine, rel=1e-6)
        assert row["place"] == (ratios[period] > mine).sum() + 1
    bands = table.loc[[*study.BANDS]]
    assert bands["place"].tolist() == [4, 58]
    assert (bands["ratio"] > bands["highest"]).tolist() == [True, False]
    assert (table["low"] > 1).tolist() == [True] * 3 + [False] * 2
