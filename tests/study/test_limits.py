"""Doubts of the whole set, beside the headline numbers that they move."""

import pytest

import partnership as p
from partnership import verdicts
from partnership.evidence.package import default
from partnership.study import limits

DAY = verdicts.report()["day"]


@pytest.fixture(scope="module")
def table():
    return limits.doubts()


def test_each_doubt_spans_the_number_and_names_its_sources(table):
    assert (table["low"] <= table["printed"]).all()
    assert (table["printed"] <= table["high"]).all()
    assert (table["low"] < table["high"]).all()
    assert len(p.sources(table)) > len(table)


# By hand from the tables: 1 percent of 14,500.8 million; 341,744.4 + 523,737.3 tonnes
# and 305,546 / 0.6 of 1.4 million; 26,334.2 over 50,007.4; 1.466 times 20.8 of 120.6.
BY_HAND = {
    ("gas", "high"): 120.6 + 145.008,
    ("origin", "high"): 100 * 865_481.7 / 1.4e6,
    ("exports", "high"): 100 * 305_546 / 0.6 / 1.4e6,
    ("later", "high"): 100 * 20.8 * 1.466 / 120.6,
    ("table", "low"): 111.4684,  # BACI: both ways
    ("rate", "low"): 100 * 20.8 / 50_007.4,
    ("level", "high"): 9_000,
}


@pytest.mark.parametrize("cell", BY_HAND, ids=lambda cell: cell[0])
def test_the_ends_by_hand(table, cell):
    assert table.at[cell] == pytest.approx(BY_HAND[cell], rel=1e-4)


def test_publishers_of_the_two_states_by_their_names():
    states, names = limits.of_the_two_states(), p.load("sources")
    publisher = names.set_index("source_id")["publisher"]
    for part in ("BelTA", "TDH", "Embassy of Belarus", "Press service", "STV"):
        assert states[publisher.str.contains(part)].all(), part
    for part in ("RFE/RL", "Reuters", "World Bank", "Trend$", "TASS$", "Chronicles of"):
        others = publisher.str.contains(part) & ~publisher.str.contains("TDH|BelTA")
        assert others.any(), part
        assert not states[others].any(), part


def test_a_board_of_some_sources():
    whole, states = verdicts.board(), limits.of_the_two_states()
    shown = ["verdict", "reason", "source_ids"]
    assert limits.board_of(states.index, whole)[shown].equals(whole[shown])
    nothing = limits.board_of([], whole)["verdict"]
    place = p.claim("distance_minsk_ashgabat").claim_id  # places are no news
    assert set(nothing.drop(place)) == {"not_checkable"}
    # A count without some of its rows is a lower bound, and contradicts nothing.
    news = p.load("visits")["source_ids"].str.split(";").explode()
    fewer = limits.board_of(states.index.difference(news), whole)["verdict"]
    visits = p.claim("official_visits_to_turkmenistan").claim_id
    assert whole.at[visits, "verdict"] == "supported_with_caveat"
    assert fewer[visits] == "not_checkable"


def test_undated_sources_may_count_as_known(monkeypatch):
    then = verdicts.board(DAY)["verdict"]
    board = limits.board_with_undated(DAY)
    assert (board["as_of"] == DAY).all()
    known = limits.known_from(default())
    assert known.isna().sum() > 50
    monkeypatch.setattr(limits, "known_from", lambda data: known.mask(known > DAY))
    assert (limits.board_with_undated(DAY)["verdict"] != then).any()
