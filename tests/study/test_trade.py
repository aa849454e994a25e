"""Trade of one economy with every partner."""

import numpy as np
import pandas as pd
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
    codes = [{"iso3": code} for code in ("AAA", "BBB", "CCC")]
    return package(trade_world=rows, series=[], sources=[SOURCE], countries=codes)


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


def test_the_parts_of_the_fall_are_all_of_it():
    parts = trade.fall_parts()
    assert parts[["market", "seller", "rest"]].sum(axis=1).tolist() == pytest.approx(
        [100.0] * len(parts)
    )
    assert len(parts) == 2 * 3 * 4 and not parts.duplicated().any()
    # The first row once more, from the table itself.
    world = p.load("trade_world")
    flow = world.query("exporter == 'BLR' and importer == 'TKM'")
    market, seller = world.query("importer == 'TKM'"), world.query("exporter == 'BLR'")
    before, after = [2013, 2014], [2018, 2019, 2020]
    moved = []
    for frame in (flow, market, seller, world):
        of_year = frame.groupby("year")["value"].sum()
        moved.append(np.log(of_year[after].mean() / of_year[before].mean()))
    assert parts["fall"][0] == pytest.approx(100 - 100 * np.exp(moved[0]))
    assert parts["market"][0] == pytest.approx(100 * moved[1] / moved[0])
    assert parts["seller"][0] == pytest.approx(100 * (moved[2] - moved[3]) / moved[0])


def test_sizes_by_the_figures_of_the_tables():
    found = trade.sizes(pd.Series({"2013": 319.0, "2016": 120.6, "2018": 32.2}))
    assert found.loc[2016, "constant"] == 120.6
    assert found.loc[2013, "constant"] == pytest.approx(319 * 240.007 / 232.957)
    assert found.loc[2013, "GDP of Belarus"] == pytest.approx(31900 / 75527.6)
    assert found.loc[2013, "trade of Turkmenistan"] == pytest.approx(31900 / 26800)
    newer, older = found.loc[2018, "GDP of Turkmenistan":]
    assert newer / older == pytest.approx(40765.4 / 26036.3)


def test_a_flow_meets_the_gaps_of_its_size():
    found = trade.mirror_gaps(pd.Series({"a": 9.99, "b": 10.0, "c": 5000.0}))
    assert found["size_from"].tolist() == [1, 10, 1000]
    assert found.index.tolist() == ["a", "b", "c"]


def test_half_of_second_records_lie_between_the_ends():
    found = trade.second_record(pd.Series({2016: 106.0}))
    gap = trade.mirror_gaps(pd.Series({2016: 106.0})).loc[2016]
    assert found.loc[2016, ["low", "high"]].tolist() == pytest.approx(
        [100 * gap["q25"], 100 * gap["q75"]]
    )


def test_the_odds_of_a_copy_are_lower_bounds():
    odds = trade.copy_odds(pd.Series({2013: 0.1, 2014: 0.05}))
    assert [*odds.index] == [*range(1, 10)]
    assert odds[1] == pytest.approx(0.5 / 0.1) and odds[9] == pytest.approx(0.5e9)


def test_of_some_partners_nothing_is_told(world):
    """A table cut to two economies has few partners of all others."""
    assert len(trade.partner_flows("BBB", "imports", data=world)) == 2
    world.resource("trade_world")["complete_for"] = ["AAA"]
    assert len(trade.partner_flows("AAA", "exports", data=world)) == 3
    with pytest.raises(ValueError, match="BBB, of which the table has some partners"):
        trade.partner_flows("BBB", "imports", data=world)
