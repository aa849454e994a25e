"""Turkmen students in Belarus: what the series say and what the methods find."""

import pytest

import partnership as p
from partnership.checks import yearly
from partnership.methods import changes
from partnership.study import education


@pytest.fixture(scope="module")
def uis():
    return yearly(p.series("students_higher_education_uis").value)


def test_the_report_against_the_universities(uis):
    belstat = p.series("students_higher_education_belstat_with_masters").value
    assert (uis[2016], belstat["2016/2017"]) == (8012, 7982)
    assert uis.idxmax() == 2019 and uis[2019] == 10271
    assert (uis > 9000).sum() == 1


def test_six_statements_on_the_year_of_the_report():
    near = education.stated("2016-09-01", "2017-08-31").set_index("category")["value"]
    assert near.to_dict() == {
        "Belstat: universities": 7982,
        "UNESCO: universities": 8012,
        "stated: universities, more than": 8500,
        "stated: universities, about": 8000,
        "stated: level not said, about": 9000,
        "stated: all training, almost": 9000,
    }


def test_hosts_as_placebos():
    hosts = {
        code: p.series("students_abroad", code, "TKM", stated_by="UIS").value
        for code in ("TUR", "UKR")
    }
    moves = {
        code: changes.year_over_year(values)["change"].loc[2008:]
        for code, values in hosts.items()
    }
    got = changes.placebos(moves, seed=4)
    assert got["best date"].tolist() == ["2016/17", "2014/15"]
    assert got["pays"].tolist() == [False, True]
    assert got["by chance, percent"]["UKR"] < 5 < got["by chance, percent"]["TUR"]


def test_the_turn_in_the_data(uis):
    change = changes.year_over_year(uis.loc[2007:])["change"]
    found = changes.breaks(change)
    assert found["dates"].tolist() == [(), (2014,), (2014, 2017)]
    assert found.attrs["chosen"] == 1
    assert changes.breaks(change, shortest=2)["dates"][2] == (2014, 2018)
    assert changes.gains(change).idxmax() == 2014
    assert 0.15 < changes.chance(change, 500, seed=4) < 0.27


def test_the_forecasts_of_2017(uis):
    then = uis.loc[2007:2016]
    naive, drift = (changes.forecast(then, 8, m).loc[2024] for m in ("naive", "drift"))
    assert naive["low"] < 4000 < naive["high"]
    assert drift["low"] > 10000
    assert len(changes.backtest(then)) == 45
