"""Belarus' sales to six states, and donors of a synthetic control."""

import pytest

import partnership as p
from partnership.study import peers


def test_flows_are_those_of_the_table():
    exports, turnover = peers.flows()
    rows = (
        p.load("trade_world").query("year == 2013").set_index(["exporter", "importer"])
    )
    out, back = (rows.at[pair, "value"] for pair in (("BLR", "TKM"), ("TKM", "BLR")))
    assert exports.at[2013, "TKM"] == pytest.approx(out / 1000)
    assert turnover.at[2013, "TKM"] == pytest.approx((out + back) / 1000)


def test_all_six_fell_to_2016_and_one_went_on_falling():
    for index in peers.indices():
        assert index.loc[peers.BASE].mean().tolist() == pytest.approx([100] * 6)
        assert (index.loc[2016] < index.loc[2013]).all()
        falling = index.loc[2020] < index.loc[2016]
        assert falling.index[falling].tolist() == ["TKM"]


def test_stated_turnovers_are_whole_years_with_their_speakers():
    rows = peers.stated()
    assert set(rows["state"]) == {*peers.STATES} and (rows["period"] >= "2017").all()
    assert rows["period"].str.fullmatch(r"\d{4}").all()
    both = rows[(rows["state"] == "AZE") & (rows["period"] == "2018")]
    assert both.set_index("stated_by")["value"].to_dict() == {"BLR": 204, "AZE": 450}


def test_donors_follow_the_rule_and_none_of_the_choices_stands_out():
    table, usual = peers.controls()
    exports, _ = peers.flows()
    donors = usual[2016].errors.index.drop("TKM")
    assert exports[donors].notna().all().all()
    size = (
        exports[donors].loc[peers.BASE].mean() / exports["TKM"].loc[peers.BASE].mean()
    )
    assert size.between(1 / 4, 4).all() and len(donors) == 48
    assert (table["gap"] < 0).all() and table["p"].between(0.3, 0.85).all()
    assert usual[2016].rank == 16
