"""Trade of one economy with every partner."""

import pytest

import partnership as p
from partnership.study import trade

SOURCE = {"source_id": "ctx-baci-2000-2020", "reliability": "secondary"}
ROWS = [
    ("AAA", "BBB", "2019", "1500.25"),
    ("AAA", "CCC", "2019", "0.001"),
    ("BBB", "AAA", "2019", "7"),
    ("AAA", "BBB", "2020", "3000"),
]


@pytest.fixture
def world(package):
    names = ("exporter", "importer", "year", "value")
    rows = [dict(zip(names, row, strict=True)) for row in ROWS]
    return package(trade_world=rows, series=[], sources=[SOURCE])


def test_flows_of_both_directions_in_million(world):
    sold = trade.partner_flows("AAA", "exports", data=world)
    assert [*sold.itertuples(index=False, name=None)] == [
        (2019, "BBB", 1.50025),
        (2019, "CCC", 0.000001),
        (2020, "BBB", 3.0),
    ]
    bought = trade.partner_flows("AAA", "imports", data=world)
    assert [*bought.itertuples(index=False, name=None)] == [(2019, "BBB", 0.007)]
    assert p.sources(bought).index.tolist() == [SOURCE["source_id"]]
    assert world.load("trade_world")["value"].tolist()[0] == 1500.25


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (("AAA", "turnover"), "direction: found 'turnover'; allowed is one of exports"),
        (("CCC", "exports"), "economy: found 'CCC'; allowed is one of "),
        (("DDD", "imports"), "economy: found 'DDD'; allowed is one of "),
    ],
)
def test_what_is_refused(world, asked, message):
    with pytest.raises(ValueError, match=message):
        trade.partner_flows(*asked, data=world)


def test_the_complete_table_has_what_the_correlates_of_war_lacked():
    sold = trade.partner_flows("BLR", "exports").set_index(["year", "partner"])["value"]
    reported = p.series("goods_exports", "BLR", "WLD", stated_by="WITS").value
    for year in range(2007, 2016):
        assert sold[year].sum() == pytest.approx(reported[str(year)], rel=0.06)
    dutch = p.series("goods_exports", "BLR", "NLD", stated_by="WITS").value["2013"]
    assert sold[2013, "NLD"] == pytest.approx(dutch, rel=0.002)
