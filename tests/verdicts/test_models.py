"""Intervals and evidence of models, read from tables."""

import pytest

from invented import FLEET, claim, observation, rule, written
from partnership import verdicts
from partnership.evidence.faults import DataError
from partnership.verdicts import models

PAIR = "reporter=AAA;partner=BBB;maker=XX;machine=tractor"


def given(name, kind="interval", **columns):
    row = {"model": "herd", "name": name, "kind": kind, "meaning": name.title()}
    return row | {"basis": "assumed: for the test", "unit": "share"} | columns


GOODS = "reporter=AAA;partner=BBB"
ROWS = [
    given("stock", "series", series="fleet_units", where=PAIR, period="2005")
    | {"unit": "units"},
    given("sales", "series", series="goods", where=GOODS, period="2006..2007")
    | {"unit": "USD_million"},
    given("life", low="5", high="15", unit="years", source_id="s-2009"),
    given("shape", low="2", base="3", high="4", unit="number"),
    given("old_share", low="0.1", unit="share", series="percent", where="maker=XX"),
    given("sold", unit="units", series="sold;paid", where=PAIR, period="2007"),
    given("timing", low="0", high="1"),
    given("money_share", low="0", high="0.5"),
    given("price", unit="USD_thousand", series="price", where="maker=XX|YY"),
]


def changed(name, **columns):
    """The rows with other cells in one of them."""
    return [row | columns if row["name"] == name else row for row in ROWS]


@pytest.fixture
def herd(court):
    """Function that makes a package with a fleet model and its few figures."""

    def make(tables=None):
        names = {"sold": "units", "paid": "USD_million", "price": "USD"}
        names |= {"percent": "percent", "goods": "USD_million"}
        series = [
            FLEET | {"series": name, "unit": unit, "measure": "flow"}
            for name, unit in names.items()
        ]
        series[-1]["theme"] = "trade"
        goods = {"series": "goods", "unit": "USD_million"}
        goods |= {"maker": None, "machine": None}
        stated = [
            observation(1, 1000, period="2005"),
            observation(2, 40, series="percent", unit="percent"),
            observation(3, 300, series="sold", period="2007", qualifier="more_than"),
            observation(4, 8, series="paid", unit="USD_million", period="2007"),
            observation(5, 10_000, series="price", unit="USD", source_id="s-2012"),
            observation(6, 20_000, series="price", unit="USD", maker="YY"),
        ]
        number = {"value": "500", "unit": "units", "comparison": "about"}
        number |= {"tolerance_percent": "10", "unit_words": "machines"}
        how = {"input": "model", "name": "fleet", "where": "model=herd"}
        how |= {"select": "median", "period": "2007", "label": "in the model"}
        made = {
            "series": [FLEET, *series],
            "machinery": stated,
            "trade": [
                observation(7, 6, period="2006", **goods),
                observation(8, 4, period="2007", **goods),
            ],
            "assumptions": ROWS,
            "claims": [claim("c01", "03_machinery", **number)],
            "claim_rules": [rule(1, "c01", **how)],
        }
        return court(tables=made | (tables or {}))

    return make


def _rows(data, table):
    """Rows of a table as they were given, without what is missing."""
    rows = data.load(table).astype(object).to_dict("records")
    return [{key: one for key, one in row.items() if one == one} for row in rows]


class TestIntervals:
    def test_an_end_is_typed_or_read_from_the_rows_in_the_unit_of_the_row(self, herd):
        ends = verdicts.intervals("herd", herd())
        low, high = ends["low"], ends["high"]
        assert (low["life"], high["life"]) == (5, 15)
        assert ends.at["life", "source_id"] == "s-2009"
        assert (low["old_share"], high["old_share"]) == (0.1, 0.4)  # percent
        assert (low["price"], high["price"]) == (10, 20)  # USD thousand
        assert ends.at["price", "source_id"] == "s-2012;s-2010"
        # 8 million buy 400 machines at the highest price
        assert (low["sold"], high["sold"]) == (300, 400)
        assert ends["base"].dropna().to_dict() == {"shape": 3}

    def test_a_margin_widens_what_is_rounded(self, herd):
        rows = [
            row | {"margin": "50"} if row["name"] == "sold" else row for row in ROWS
        ]
        ends = verdicts.intervals("herd", herd({"assumptions": rows}))
        assert ends.loc["sold", ["low", "high"]].tolist() == [250, 450]

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"where": "maker=ZZ"}, "price: found no figure of price"),
            ({"series": "prices"}, "unknown series 'prices'; did you mean price"),
            ({"unit": "km"}, "found figures in USD; allowed is km"),
        ],
    )
    def test_what_cannot_be_read_is_named(self, herd, change, message):
        rows = changed("price", **change)
        with pytest.raises(DataError, match=message):
            verdicts.intervals("herd", herd({"assumptions": rows}))

    def test_an_unknown_model_suggests_the_nearest(self, herd):
        with pytest.raises(DataError, match="unknown model of assumptions 'heard'"):
            verdicts.intervals("heard", herd())


class TestFleet:
    def test_the_evidence_is_what_the_rows_say(self, herd):
        stated = verdicts.fleet_evidence("herd", herd())
        assert (stated.stock, stated.stock_year) == (1000, 2005)
        assert stated.batches == {"sold": (2007, 2007)}
        assert stated.trade.to_dict() == {2006: 6, 2007: 4}
        assert stated.source_ids == ("s-2010",)

    def test_a_count_and_a_second_reading_enter_the_verdict(self, herd):
        plain = verdicts.verdict("c01", data=herd()).findings[0]
        heard = given("count", "series", series="counted", where=PAIR, period="2007")
        more = [
            heard | {"unit": "units"},
            given("excess", low="0.1", high="0.3", unit="number"),
            given("reading", low="0", high="1"),
            given("by_sum", low="300", high="900", unit="units", period="2007"),
        ]
        rows = {"assumptions": ROWS + more}
        data = herd(rows)
        counted = FLEET | {"series": "counted"}
        tables = rows | {"series": [*_rows(data, "series"), counted]}
        said = observation(8, 800, series="counted", period="2007")
        data = herd(tables | {"machinery": [*_rows(data, "machinery"), said]})
        stated = verdicts.fleet_evidence("herd", data)
        assert stated.count == (2007, 800)
        assert stated.batches == {"sold": (2007, 2007), "by_sum": (2007, 2007)}
        found = verdicts.verdict("c01", data=data).findings[0]
        assert plain.value < 700 < 800 < found.value  # none below the count is left

    def test_a_year_without_trade_is_named(self, herd):
        rows = changed("sales", period="2006..2008")
        with pytest.raises(DataError, match="sales: found no figure of 2008"):
            verdicts.fleet_evidence("herd", herd({"assumptions": rows}))

    def test_the_model_speaks_once_all_of_its_sources_are_known(self, herd):
        data = herd()
        judged = verdicts.verdict("c01", data=data)
        (found,) = judged.findings
        # 1,000 machines by 0.1 to 0.4, and 300 to 400 new ones, less two years of wear
        assert 400 < found.value < 700 and "percent of its draws" in found.text
        assert 0 < found.probability < 1 and judged.probability == found.probability
        share = f"; {100 * found.probability:.0f} percent come within"
        assert share in judged.reason
        assert set(found.source_ids) == {"s-2009", "s-2010", "s-2012"}
        assert verdicts.verdict("c01", "2011", data=data).verdict == "not_checkable"
        assert verdicts.verdict("c01", "2012-02-01", data=data).findings == (found,)

    def test_without_figures_it_says_nothing(self, herd):
        judged = verdicts.verdict("c01", data=herd({"machinery": [], "trade": []}))
        assert judged.verdict == "not_checkable"


def test_intervals_cell_for_cell(herd):
    assert (
        written(verdicts.intervals("herd", herd()))
        == """\
name:text | meaning:text, basis:text, low:float64, base:float64, high:float64,
  unit:text, source_id:text
life | Life, assumed: for the test, 5, nan, 15, years, s-2009
shape | Shape, assumed: for the test, 2, 3, 4, number,
old_share | Old_Share, assumed: for the test, 0.1, nan, 0.4, share, s-2010
sold | Sold, assumed: for the test, 300, nan, 400, units, s-2010
timing | Timing, assumed: for the test, 0, nan, 1, share,
money_share | Money_Share, assumed: for the test, 0, nan, 0.5, share,
price | Price, assumed: for the test, 10, nan, 20, USD_thousand, s-2012;s-2010
"""
    )


def test_what_a_table_gives_word_for_word(herd):
    data = herd()
    assert models.conditions("a=1;b=2|3;;c=") == {
        "a": ["1"],
        "b": ["2", "3"],
        "c": [""],
    }
    assert models.conditions(None) == models.conditions("") == {}
    assert models.figures("sold", {"maker": ["XX"]}, data) == [
        {"value": 300.0, "unit": "units", "period_type": "calendar_year"}
        | {"source_id": "s-2010"}
    ]
    assert models.figures("sold", {"maker": ["YY"]}, data) == []
    assert [row["value"] for row in models.figures("goods", {"period": ["2007"]}, data)]
    for call in (
        lambda: models.figures("sold", {"makers": ["XX"]}, data),
        lambda: models.figures("solds", {}, data),
        lambda: models.inputs("heard", data),
        lambda: models.outcome("herd", "herd", 2007, data),
        lambda: verdicts.fleet_evidence("heard", data),
    ):
        with pytest.raises(DataError, match="unknown"):
            call()
    changes = [changed("price", unit="km"), changed("price", where="maker=ZZ")]
    changes += [changed("stock", period="2004"), changed("sales", period="2006..2008")]
    for rows in changes:
        data = herd({"assumptions": rows})
        with pytest.raises(DataError, match="found"):
            verdicts.intervals("herd", data)
            verdicts.fleet_evidence("herd", data)
    draws, ids = models.outcome("fleet", "herd", 2007, herd())
    assert (len(draws), ids) == (20_000, {"s-2009", "s-2010", "s-2012"})
    assert models.outcome("fleet", "herd", 2007, herd({"trade": []})) is None


def without(name):
    return [row for row in ROWS if row["name"] != name]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (changed("shape", base="5"), "herd, shape, low, base and high: found 2, 5, 4;"),
        (changed("life", low="20"), "herd, life, low, base and high: found 20, 20, 15"),
        (without("stock"), ""),
        (changed("stock", period="2005..2006"), "stock: found no figure of 2006"),
        (changed("stock", series="none"), "unknown series 'none'"),
        (
            changed("sales", where="reporter:AAA"),
            "goods 'reporter:AAA'; allowed: product",
        ),
        (changed("price", series="none"), "unknown series 'none'"),
        (changed("price", where="maker=ZZ"), "unknown maker of machinery 'ZZ'"),
        (changed("sales", where="reporter=AAB"), "unknown reporter of trade 'AAB'"),
    ],
)
def test_assumptions_that_a_model_cannot_use_are_faults(herd, rows, said):
    assert models.faults(herd()) == []
    found = models.faults(herd({"assumptions": rows}))
    assert len(found) == bool(said)
    assert not said or str(found[0]).startswith("assumptions.csv: herd")
    assert said in "".join(map(str, found))


def test_a_fleet_without_a_stock_is_refused_by_name(herd):
    with pytest.raises(DataError, match="assumptions, herd: found no series with the "):
        models.fleet_evidence("herd", herd({"assumptions": without("stock")}))
