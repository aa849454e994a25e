"""Indicators of trade: worked numbers, properties, gaps and refusals."""

import math
import re

import duckdb
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invented import written
from partnership.methods import indicators as ind

positive = st.floats(min_value=0.001, max_value=1e6)
quick = settings(deadline=None, max_examples=12)


def world(*rows, year=2000):
    """Flows of invented economies: exporter, importer, product, value."""
    frame = pd.DataFrame(rows, columns=["exporter", "importer", "product", "value"])
    return frame.assign(year=year)


# AAA sells 60 of wheat and 40 of tin, BBB 20 and 80; the world 80 of wheat, 120 of tin.
FLOWS = world(
    ("AAA", "BBB", "wheat", 50),
    ("AAA", "CCC", "wheat", 10),
    ("AAA", "CCC", "tin", 40),
    ("BBB", "AAA", "wheat", 20),
    ("BBB", "AAA", "tin", 60),
    ("BBB", "CCC", "tin", 20),
)


def value(frame, column, **keys):
    """One number of a result."""
    for key, wanted in keys.items():
        frame = frame[frame[key] == wanted]
    return frame[column].item()


@st.composite
def tables(draw, gaps=False):
    """Flows of a few economies and products, each key once."""
    names = st.sampled_from(["AAA", "BBB", "CCC", "DDD"])
    keys = st.tuples(names, names, st.sampled_from(["wheat", "tin", "oil"]))
    keys = keys.filter(lambda key: key[0] != key[1])
    rows = draw(st.lists(keys, min_size=1, max_size=20, unique=True))
    return world(*((*key, draw(positive)) for key in rows))


class TestTotalsAndShares:
    def test_worked_numbers(self):
        totals = ind.totals(FLOWS)
        assert dict(zip(totals["exporter"], totals["value"], strict=True)) == {
            "AAA": 100,
            "BBB": 100,
        }
        shares = ind.shares(FLOWS)
        assert value(shares, "share", exporter="BBB", importer="AAA") == 0.8
        assert value(shares, "rank", exporter="BBB", importer="CCC") == 2
        assert ind.totals(FLOWS, []).value.tolist() == [200]

    def test_equal_values_share_a_place_and_leave_the_next_out(self):
        rows = zip("ABCD", [9, 4, 4, 1], strict=True)
        table = ind.shares(world(*(("AAA", f"{n}X", "tin", v) for n, v in rows)))
        assert table.sort_values("importer")["rank"].tolist() == [1, 2, 2, 4]

    def test_the_index_of_a_pandas_frame_holds_keys(self):
        indexed = FLOWS.set_index(["year", "exporter"])
        pd.testing.assert_frame_equal(ind.totals(indexed), ind.totals(FLOWS))

    def test_of_some_parts_no_rank_is_told(self):
        """Number 1 of the two that are known may be number 40 of all."""
        stated = pd.DataFrame({"exporter": ["AAA", "BBB"], "value": [100.0, 400.0]})
        table = ind.shares(FLOWS, "importer", "exporter", stated)
        own, other = (table[table["exporter"] == code] for code in ("AAA", "BBB"))
        assert own["rank"].tolist() == [1, 1] and set(own["covered"]) == {1}
        assert other["rank"].isna().all() and set(other["covered"]) == {0.25}
        assert value(other, "share", importer="AAA") == pytest.approx(80 / 400)
        unsaid = ind.shares(FLOWS, "importer", "exporter", stated[:1])
        gone = unsaid[unsaid["exporter"] == "BBB"]
        assert len(gone) == 2 and gone[["share", "rank", "covered"]].isna().all(
            axis=None
        )

    @quick
    @given(tables())
    def test_shares_sum_to_one(self, flows):
        sums = ind.shares(flows).groupby("exporter")["share"].sum()
        assert sums.tolist() == pytest.approx([1.0] * len(sums))


class TestConcentration:
    def test_worked_number_of_a_textbook_market(self):
        # One of 50 %, three of 10 %, twenty of 1 %, the example of T. Taylor
        # (Conversable Economist, 2020): 2500 + 3 x 100 + 20 x 1 = 2820 of 10,000
        market = [50] + [10] * 3 + [1] * 20
        rows = (("AAA", f"B{n:02}", "tin", v) for n, v in enumerate(market))
        row = ind.hhi(world(*rows)).iloc[0]
        assert (row["n"], row["hhi"]) == (24, pytest.approx(0.2820))
        # n = 24: (0.282 - 1/24) / (23/24) = 0.2507826; 1 / 0.282 = 3.5461
        assert row["normalised"] == pytest.approx(0.2507826)
        assert row["equivalent"] == pytest.approx(3.5461, abs=1e-4)

    def test_a_single_part_cannot_be_normalised(self):
        row = ind.hhi(FLOWS[:1]).iloc[0]
        assert row["hhi"] == 1 and math.isnan(row["normalised"])

    @quick
    @given(tables())
    def test_it_is_the_sum_of_the_squared_shares(self, flows):
        shares = ind.shares(flows).set_index("exporter")["share"]
        index = ind.hhi(flows).set_index("exporter")["hhi"]
        expected = (shares**2).groupby("exporter").sum()
        pd.testing.assert_series_equal(index.sort_index(), expected, check_names=False)


class TestRevealedAdvantage:
    def test_worked_numbers(self):
        # AAA: wheat 60 / 100 against 80 / 200 is 1.5; tin 40 / 100 to 120 / 200 is 2/3
        table = ind.rca(FLOWS)
        wheat = {"exporter": "AAA", "product": "wheat"}
        assert value(table, "rca", **wheat) == pytest.approx(1.5)
        assert value(table, "symmetric", **wheat) == pytest.approx(0.2)
        assert value(table, "value", **wheat) == 60
        assert value(table, "rca", exporter="AAA", product="tin") == pytest.approx(
            2 / 3
        )

    def test_years_are_counted_apart(self):
        both = pd.concat([FLOWS, FLOWS.assign(year=2001, value=1)])
        table = ind.rca(both)
        assert value(
            table, "rca", exporter="AAA", product="wheat", year=2000
        ) == pytest.approx(1.5)
        together = ind.rca(both, per=[])
        # 62 of 103 against 83 of 206
        wheat = {"exporter": "AAA", "product": "wheat"}
        assert value(together, "rca", **wheat) == pytest.approx(62 / 103 / (83 / 206))

    @quick
    @given(tables())
    def test_the_mean_weighted_by_the_weight_of_the_products_is_1(self, flows):
        table = ind.rca(flows)
        world_share = flows.groupby("product")["value"].sum() / flows["value"].sum()
        weighted = table["rca"] * table["product"].map(world_share)
        sums = weighted.groupby(table["exporter"]).sum()
        assert sums.tolist() == pytest.approx([1.0] * len(sums))

    @quick
    @given(tables(), st.floats(0.001, 1000))
    def test_the_unit_does_not_matter(self, flows, scale):
        one, other = (
            ind.rca(f).sort_values(["exporter", "product"])["rca"]
            for f in (flows, flows.assign(value=flows["value"] * scale))
        )
        assert one.tolist() == pytest.approx(other.tolist())


class TestIntensity:
    def test_worked_number(self):
        # AAA sells 50 of 100 to BBB, which buys 50 of the 200 - 80 that others buy
        index = value(ind.intensity(FLOWS), "intensity", exporter="AAA", importer="BBB")
        assert index == pytest.approx(0.5 / (50 / 120))

    def test_who_buys_nothing_is_compared_with_all(self):
        flows = world(("AAA", "CCC", "tin", 10), ("BBB", "CCC", "tin", 30))
        assert ind.intensity(flows)["intensity"].tolist() == [1, 1]

    @quick
    @given(tables())
    def test_the_mean_over_all_partners_weighted_by_their_imports_is_1(self, flows):
        table = ind.intensity(flows)
        bought = flows.groupby("importer")["value"].sum()
        others = flows["value"].sum() - table["exporter"].map(bought).fillna(0)
        weighted = table["intensity"] * table["importer"].map(bought) / others
        sums = weighted.groupby(table["exporter"]).sum()
        assert sums.tolist() == pytest.approx([1.0] * len(sums))


class TestComplementarity:
    def test_worked_number(self):
        # AAA sells 60 % wheat, 40 % tin; CCC buys 10 of wheat and 60 of tin:
        # 1 - (|1/7 - 0.6| + |6/7 - 0.4|) / 2
        table = ind.complementarity(FLOWS)
        index = value(table, "complementarity", exporter="AAA", importer="CCC")
        assert index == pytest.approx(1 - (abs(1 / 7 - 0.6) + abs(6 / 7 - 0.4)) / 2)
        assert "AAA" not in set(table.loc[table["importer"] == "AAA", "exporter"])

    def test_nothing_in_common_is_0_and_the_same_is_1(self):
        flows = world(("AAA", "BBB", "tin", 10), ("CCC", "DDD", "oil", 3))
        table = ind.complementarity(flows).set_index(["exporter", "importer"])
        expected = {("AAA", "BBB"): 1, ("AAA", "DDD"): 0, ("CCC", "BBB"): 0}
        expected["CCC", "DDD"] = 1
        assert table["complementarity"].to_dict() == expected

    @quick
    @given(tables())
    def test_it_is_one_less_half_of_the_distance(self, flows):
        sold, bought = (
            flows.pivot_table(
                index=side, columns="product", values="value", aggfunc="sum"
            )
            .fillna(0)
            .pipe(lambda table: table.div(table.sum(axis=1), axis=0))
            for side in ("exporter", "importer")
        )
        for row in ind.complementarity(flows).itertuples():
            distance = (sold.loc[row.exporter] - bought.loc[row.importer]).abs().sum()
            assert row.complementarity == pytest.approx(1 - distance / 2, abs=1e-9)


class TestBalance:
    def test_worked_numbers(self):
        table = ind.balance(FLOWS)
        row = table[table["economy"] == "BBB"].iloc[0]
        found = row[["exports", "imports", "balance", "turnover"]].tolist()
        assert found == [100, 50, 50, 150]

    def test_with_each_partner(self):
        table = ind.balance(FLOWS, ["economy", "partner", "year"])
        assert value(table, "balance", economy="AAA", partner="BBB") == -30
        assert value(table, "balance", economy="CCC", partner="AAA") == -50

    @quick
    @given(tables())
    def test_balances_of_all_sum_to_0(self, flows):
        table = ind.balance(flows)
        assert table["balance"].sum() == pytest.approx(0, abs=1e-6)
        assert table["turnover"].sum() == pytest.approx(2 * flows["value"].sum())


class TestGrubelLloyd:
    def test_worked_numbers(self):
        exports = {"x": 319, "y": 43, "z": 10}
        imports = {"x": 354, "y": 141, "z": 100}
        flows = world(
            *(("AAA", "BBB", k, v) for k, v in exports.items()),
            *(("BBB", "AAA", k, v) for k, v in imports.items()),
        )
        single = ind.grubel_lloyd(flows, ["economy", "product", "year"], [])
        # x: 1 - 35 / 673, y: 1 - 98 / 184, z: 1 - 90 / 110
        found = single[single["economy"] == "AAA"].sort_values("product")
        expected = [0.947994, 0.467391, 0.181818]
        assert found["grubel_lloyd"].tolist() == pytest.approx(expected, abs=1e-6)
        # all: 1 - (35 + 98 + 90) / (673 + 184 + 110) = 1 - 223 / 967
        whole = value(ind.grubel_lloyd(flows), "grubel_lloyd", economy="BBB")
        assert whole == pytest.approx(0.769390, abs=1e-6)

    def test_no_trade_has_no_index(self):
        assert ind.grubel_lloyd(FLOWS.assign(value=0))["grubel_lloyd"].isna().all()

    @quick
    @given(tables())
    def test_the_whole_lies_between_its_products(self, flows):
        single = ind.grubel_lloyd(flows, ["economy", "product", "year"], [])
        assert single["grubel_lloyd"].between(0, 1).all()
        of_each = single.groupby("economy")["grubel_lloyd"]
        whole = (
            ind.grubel_lloyd(flows).set_index("economy")["grubel_lloyd"].sort_index()
        )
        assert (whole >= of_each.min() - 1e-9).all()
        assert (whole <= of_each.max() + 1e-9).all()


def yearly(values):
    return pd.DataFrame({"period": list(values), "value": list(values.values())})


class TestMirrorGap:
    def mirror(self, exports, imports, *factor):
        table = ind.mirror_gap(yearly(exports), yearly(imports), *factor, by="period")
        return table.set_index("period").sort_index()

    def test_worked_numbers(self):
        table = self.mirror({2012: 231.5, 2013: 315}, {2013: 348, 2014: 208}, 1.10)
        assert table.index.tolist() == [2012, 2013, 2014]
        # 348 / 1.10 = 316.3636; less 315 = 1.3636; / 315 = 1.004329
        row = table.loc[2013]
        assert row["imports_fob"] == pytest.approx(316.3636, abs=1e-4)
        assert row["gap"] == pytest.approx(1.3636, abs=1e-4)
        assert row["ratio"] == pytest.approx(1.004329, abs=1e-6)
        # min / max = 315 / 316.3636
        assert row["agreement"] == pytest.approx(0.995690, abs=1e-6)

    def test_the_usual_factor_is_that_of_the_imf(self):
        table = self.mirror({2013: 100.0}, {2013: 106.0})
        assert table.loc[2013, "gap"] == pytest.approx(0, abs=1e-9)

    def test_one_side_alone_is_kept_and_not_compared(self):
        table = self.mirror({1: 5.0, 3: 1.0}, {2: 5.0, 3: 1.0})
        expected = [5.0, math.nan, 1.0]
        assert table["exports"].tolist() == pytest.approx(expected, nan_ok=True)
        assert table.loc[:2, ["gap", "ratio", "agreement"]].isna().all(axis=None)

    def test_nothing_on_one_side_is_no_agreement(self):
        table = self.mirror({1: 0.0, 2: 0.0}, {1: 5.0, 2: 0.0}, 1)
        assert table["ratio"].isna().all()
        expected = [0.0, math.nan]
        assert table["agreement"].tolist() == pytest.approx(expected, nan_ok=True)

    @quick
    @given(st.lists(st.tuples(positive, positive), min_size=1, max_size=10))
    def test_agreement_is_the_same_from_both_sides(self, pairs):
        left, right = (dict(enumerate(side)) for side in zip(*pairs, strict=True))
        one, other = self.mirror(left, right, 1), self.mirror(right, left, 1)
        pd.testing.assert_series_equal(one["agreement"], other["agreement"])
        assert one["agreement"].between(0, 1).all()
        assert (one["gap"] == -other["gap"]).all()

    @pytest.mark.parametrize("factor", [0.9, 0, math.nan, "1.06"])
    def test_a_factor_below_1_is_refused(self, factor):
        with pytest.raises(ValueError, match="factor: found"):
            self.mirror({1: 1.0}, {1: 1.0}, factor)

    @pytest.mark.parametrize("key", ["2013", 2014])
    def test_two_sides_without_a_match_stop(self, key):
        with pytest.raises(ValueError, match="exports and imports: found no key in"):
            self.mirror({2013: 5.0}, {key: 5.0})


class TestConstantMarketShares:
    later = FLOWS.assign(year=2001, value=[70, 10, 50, 20, 60, 40])

    def test_worked_numbers(self):
        # The world grows from 200 to 250, wheat from 80 to 100, tin from 120 to 150;
        # wheat in BBB 50 to 70, in CCC 10 to 10, tin in CCC 60 to 90.
        both = pd.concat([FLOWS, self.later])
        table = ind.constant_market_shares(both, 2000, 2001).set_index("exporter")
        row = table.loc["AAA"]
        assert (row["first"], row["last"], row["change"]) == (100, 130, 30)
        assert row["growth"] == pytest.approx(100 * 250 / 200 - 100)
        assert row["composition"] == pytest.approx(60 * 1.25 + 40 * 1.25 - 125)
        kept = 50 * 70 / 50 + 10 * 10 / 10 + 40 * 90 / 60
        assert row["market"] == pytest.approx(kept - 125)
        assert row["competitiveness"] == pytest.approx(130 - kept)

    @quick
    @given(tables(), tables())
    def test_the_effects_add_up_to_the_change(self, first, last):
        both = pd.concat([first, last.assign(year=2001)])
        table = ind.constant_market_shares(both, 2000, 2001)
        effects = table[["growth", "composition", "market", "competitiveness"]]
        wanted = table["change"].tolist()
        assert effects.sum(axis=1).tolist() == pytest.approx(wanted, abs=1e-6)

    def test_worked_numbers_of_one_market_by_product(self):
        # The whole market grows by 1.5, cars by 1, the others by 4.
        values = {
            ("own", 2000): {"cars": 40, "tea": 4},
            ("own", 2001): {"cars": 36, "tea": 20, "salt": 1},
            ("rest", 2000): {"cars": 960, "tea": 96, "salt": 100},
            ("rest", 2001): {"cars": 1964, "tea": 480, "salt": 499},
        }
        rows = [
            {"exporter": one, "importer": "AAA", "year": year, "product": k, "value": v}
            for (one, year), sold in values.items()
            for k, v in sold.items()
        ]
        table = ind.constant_market_shares(pd.DataFrame(rows), 2000, 2001, of="product")
        own = table[table["exporter"] == "own"].set_index("product")
        effects = ["change", "growth", "composition", "market", "competitiveness"]
        assert own.loc["cars", effects].tolist() == [-4, 60, -20, 0, -44]
        assert own.loc["tea", effects].tolist() == [16, 6, 10, 0, 0]
        assert own.loc["salt", effects].tolist() == [1, 0, 0, 0, 1]

    @quick
    @given(tables(), tables(), st.sampled_from(["product", "importer"]))
    def test_the_parts_of_a_column_are_those_of_the_whole(self, first, last, of):
        both = pd.concat([first, last.assign(year=2001)])
        whole = ind.constant_market_shares(both, 2000, 2001).set_index("exporter")
        parts = ind.constant_market_shares(both, 2000, 2001, of=of)
        parts = parts.drop(columns=of).groupby("exporter").sum().loc[whole.index]
        wanted = whole[parts.columns].to_numpy()
        assert parts.to_numpy() == pytest.approx(wanted, abs=1e-6)

    def test_an_exporter_that_keeps_its_shares_is_no_more_competitive(self):
        both = pd.concat([FLOWS, FLOWS.assign(year=2001, value=3 * FLOWS["value"])])
        table = ind.constant_market_shares(both, 2000, 2001)
        assert table["growth"].tolist() == pytest.approx([200, 200])
        effects = table[["composition", "market", "competitiveness"]]
        assert effects.abs().max(axis=None) == pytest.approx(0, abs=1e-9)


class TestMovers:
    def test_worked_numbers(self):
        both = pd.concat([FLOWS, TestConstantMarketShares.later])
        table = ind.movers(both, 2000, 2001)
        pair = {"exporter": "AAA", "importer": "BBB"}
        assert value(table, "change", **pair) == 20
        assert value(table, "growth", **pair) == pytest.approx(0.4)
        assert value(table, "contribution", **pair) == pytest.approx(20 / 200)

    @quick
    @given(tables(), tables())
    def test_contributions_add_up_to_the_growth_of_all(self, first, last):
        table = ind.movers(pd.concat([first, last.assign(year=2001)]), 2000, 2001)
        growth = last["value"].sum() / first["value"].sum() - 1
        assert table["contribution"].sum() == pytest.approx(growth, abs=1e-6)
        new = table["first"] == 0
        assert table.loc[new, "growth"].isna().all()


CALLS = {
    "totals": ind.totals,
    "shares": ind.shares,
    "hhi": ind.hhi,
    "rca": ind.rca,
    "intensity": ind.intensity,
    "complementarity": ind.complementarity,
    "balance": ind.balance,
    "grubel_lloyd": ind.grubel_lloyd,
    "mirror_gap": lambda flows: ind.mirror_gap(flows, flows),
    "constant_market_shares": lambda flows: ind.constant_market_shares(
        flows, 2000, 2000
    ),
    "movers": lambda flows: ind.movers(flows, 2000, 2000),
}


def run(engine, call, flows):
    """Run an indicator in one engine, to the end."""
    if engine == "pandas":
        return CALLS[call](flows)
    if engine == "polars":
        return CALLS[call](pl.from_pandas(flows).lazy()).collect()
    return CALLS[call](duckdb.from_df(flows)).fetchall()


@pytest.mark.parametrize("engine", ["pandas", "polars", "duckdb"])
class TestRefusals:
    @pytest.mark.parametrize("call", CALLS)
    @pytest.mark.parametrize("bad", [-1.0, math.inf])
    def test_a_value_that_is_none_is_refused(self, engine, call, bad):
        flows = FLOWS.assign(value=[*FLOWS["value"][:-1], bad])
        with pytest.raises(
            Exception, match="value: found one below 0 or infinite; allo"
        ):
            run(engine, call, flows)

    @pytest.mark.parametrize("call", CALLS)
    @pytest.mark.parametrize("key", ["exporter", "importer", "product", "year"])
    def test_a_lost_key_is_refused_where_it_is_asked_for(self, engine, call, key):
        flows = FLOWS.assign(**{key: FLOWS[key].where(FLOWS.index != 2)})
        asked = key in ("exporter", "year")
        asked |= key == "importer" and call not in ("totals", "rca")
        asked |= key == "product" and call in (
            *("rca", "complementarity", "grubel_lloyd", "constant_market_shares"),
        )
        if asked:
            with pytest.raises(
                Exception, match="found an empty cell; allowed is a key"
            ):
                run(engine, call, flows)
        else:
            run(engine, call, flows)

    @pytest.mark.parametrize("call", ["totals", "rca", "balance", "movers"])
    @pytest.mark.parametrize("name", ["World", "WLD", "W00", " total", "EU27", "Всего"])
    def test_a_total_among_the_parts_is_refused(self, engine, call, name):
        flows = FLOWS.assign(exporter=FLOWS["exporter"].replace("BBB", name))
        with pytest.raises(Exception, match="exporter: found a total such as World"):
            run(engine, call, flows)

    @pytest.mark.parametrize("call", ["shares", "hhi", "intensity", "complementarity"])
    def test_a_total_among_the_importers_is_refused(self, engine, call):
        flows = FLOWS.assign(importer=FLOWS["importer"].replace("CCC", "World"))
        with pytest.raises(Exception, match="importer: found a total such as World"):
            run(engine, call, flows)

    def test_names_that_only_hold_such_a_word_are_allowed(self, engine):
        flows = FLOWS.assign(exporter=FLOWS["exporter"].replace("BBB", "Worldland"))
        run(engine, "totals", flows)

    @pytest.mark.parametrize("call", CALLS)
    def test_a_column_that_is_not_there_is_named(self, engine, call):
        with pytest.raises(ValueError, match="flows: found no column 'exporter'"):
            run(engine, call, FLOWS.drop(columns="exporter"))


def test_no_rows_are_refused_in_memory():
    with pytest.raises(ValueError, match="flows: found no rows"):
        ind.totals(FLOWS[:0])


def m49(**codes):
    """The flows with other codes of some sides."""
    names = {"AAA": 112, "BBB": 795, "CCC": 643} | codes.pop("other", {})
    sides = [side for side in ("exporter", "importer") if codes.get(side, True)]
    return FLOWS.assign(**{side: FLOWS[side].map(names) for side in sides})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        # The world beside its parts, also where nothing is asked of the partners.
        (lambda: ind.totals(with_world("World")), "importer: found a total such as W"),
        (lambda: ind.rca(with_world("WLD")), "importer: found a total such as World"),
        (lambda: ind.shares(m49(other={"CCC": 0})), "importer: found a total such as"),
        # Codes as numbers and as text, and keys that were lost on the way.
        (
            lambda: ind.balance(m49(importer=False)),
            "exporter, importer: found codes as",
        ),
        (lambda: ind.shares(m49(other={"AAA": "112"})), "found .* codes of one kind"),
        (lambda: ind.shares(FLOWS.replace("CCC", "")), "importer: found an empty cell"),
        (lambda: ind.shares(FLOWS.replace("CCC", "nan")), "importer: found an empty c"),
        # Years that are not there are no years without trade.
        (lambda: ind.movers(FLOWS, 1990, 2000), "start: found 1990, of which there is"),
        (lambda: ind.movers(FLOWS, 2000, "2000"), "end: found '2000', of which there"),
        (
            lambda: ind.constant_market_shares(FLOWS, 2000, 2001),
            "end: found 2001, of which there is no row; allowed is a year there",
        ),
        # Columns that stand twice, frames that are none.
        (
            lambda: ind.shares(FLOWS, ["importer", "importer"]),
            "columns: found 'importe",
        ),
        (lambda: ind.shares(FLOWS, "year"), "columns: found 'year' twice; allowed is"),
        (lambda: ind.shares(FLOWS, 5), "columns: found 5; allowed is names as text"),
        (
            lambda: ind.hhi(pd.concat([FLOWS, FLOWS[["value"]]], axis=1)),
            "column 'value' ",
        ),
        (lambda: ind.shares(None), "flows: found None; allowed is a frame"),
        (
            lambda: ind.shares(FLOWS["value"]),
            "flows: found a Series; allowed is a frame",
        ),
    ],
)
def test_what_would_be_counted_wrongly_is_refused(call, message):
    with pytest.raises(ValueError, match=message) as raised:
        call()
    assert "\n" not in str(raised.value)


def with_world(name):
    return pd.concat([FLOWS, world(("AAA", name, "wheat", 60))])


def test_exports_of_the_world_alone_are_counted():
    rows = FLOWS.assign(exporter="World")
    assert ind.shares(rows, "product", "year")["share"].tolist() == [0.4, 0.6]


class TestGaps:
    """What a gap is part of is missing, and nothing else is."""

    flows = FLOWS.assign(value=[50, math.nan, 40, 20, 60, 20])

    def test_totals_and_shares(self):
        totals = ind.totals(self.flows).set_index("exporter")["value"]
        assert math.isnan(totals["AAA"]) and totals["BBB"] == 100
        shares = ind.shares(self.flows)
        assert shares.loc[shares["exporter"] == "AAA", "share"].isna().all()
        assert shares.loc[shares["exporter"] == "BBB", "share"].sum() == 1
        assert ind.hhi(self.flows)["hhi"].isna().tolist() == [True, False]

    def test_a_gap_in_the_world_is_a_gap_in_every_comparison_with_it(self):
        assert ind.rca(self.flows)["rca"].isna().all()
        assert ind.intensity(self.flows)["intensity"].isna().all()

    def test_balance_and_complementarity_of_the_others(self):
        balance = ind.balance(self.flows).set_index("economy")["balance"]
        assert balance.isna().to_dict() == {"AAA": True, "BBB": False, "CCC": True}
        fit = ind.complementarity(self.flows).set_index(["exporter", "importer"])
        known = fit["complementarity"].notna()
        assert known[known].index.tolist() == [("BBB", "AAA")]

    def test_two_years(self):
        later = FLOWS.assign(year=2001)
        both = pd.concat([self.flows, later])
        table = ind.movers(both, 2000, 2001)
        assert table["change"].isna().sum() == 1
        assert table["contribution"].isna().all()
        effects = ind.constant_market_shares(both, 2000, 2001)
        assert effects["growth"].isna().all()
        assert effects["change"].isna().sum() == 1


def test_nothing_is_changed_in_place():
    flows = FLOWS.copy()
    for call in CALLS.values():
        call(flows)
    pd.testing.assert_frame_equal(flows, FLOWS)


def test_every_formula_names_its_source():
    for name in ("hhi", "rca", "intensity", "complementarity", "grubel_lloyd"):
        assert re.search(r"\[1\] \w+.*\((19|20)\d\d\)", getattr(ind, name).__doc__)


class TestWholeResults:
    """Columns, their order and every number, of the world above and a year later."""

    LATER = pd.concat(
        [FLOWS, FLOWS.assign(year=2001, value=[40, 30, 40, 30, 10, 90])],
        ignore_index=True,
    )

    def test_totals_and_shares(self):
        assert (
            written(ind.totals(self.LATER))
            == """\
None:int64 | exporter:text, year:int64, value:float64
0 | AAA, 2000, 100
1 | BBB, 2000, 100
2 | AAA, 2001, 110
3 | BBB, 2001, 130
"""
        )
        assert (
            written(ind.shares(self.LATER))
            == """\
None:int64 | exporter:text, year:int64, importer:text, value:float64, share:float64,
  rank:float64
0 | AAA, 2000, BBB, 50, 0.5, 1
1 | AAA, 2000, CCC, 50, 0.5, 1
2 | BBB, 2000, AAA, 80, 0.8, 1
3 | BBB, 2000, CCC, 20, 0.2, 2
4 | AAA, 2001, BBB, 40, 0.36363636, 2
5 | AAA, 2001, CCC, 70, 0.63636364, 1
6 | BBB, 2001, AAA, 40, 0.30769231, 2
7 | BBB, 2001, CCC, 90, 0.69230769, 1
"""
        )
        assert (
            written(ind.shares(FLOWS, "product", ["year"]))
            == """\
None:int64 | year:int64, product:text, value:float64, share:float64, rank:float64
0 | 2000, wheat, 80, 0.4, 2
1 | 2000, tin, 120, 0.6, 1
"""
        )
        assert (
            written(ind.hhi(self.LATER))
            == """\
None:int64 | exporter:text, year:int64, n:int64, hhi:float64, normalised:float64,
  equivalent:float64
0 | AAA, 2000, 2, 0.5, 0, 2
1 | BBB, 2000, 2, 0.68, 0.36, 1.4705882
2 | AAA, 2001, 2, 0.53719008, 0.074380165, 1.8615385
3 | BBB, 2001, 2, 0.5739645, 0.14792899, 1.742268
"""
        )

    def test_advantage_and_intensity(self):
        assert (
            written(ind.rca(FLOWS))
            == """\
None:int64 | exporter:text, product:text, year:int64, value:float64, rca:float64,
  symmetric:float64
0 | AAA, wheat, 2000, 60, 1.5, 0.2
1 | AAA, tin, 2000, 40, 0.66666667, -0.2
2 | BBB, wheat, 2000, 20, 0.5, -0.33333333
3 | BBB, tin, 2000, 80, 1.3333333, 0.14285714
"""
        )
        assert (
            written(ind.intensity(FLOWS))
            == """\
None:int64 | exporter:text, importer:text, year:int64, value:float64,
  intensity:float64
0 | AAA, BBB, 2000, 50, 1.2
1 | AAA, CCC, 2000, 50, 0.85714286
2 | BBB, AAA, 2000, 80, 1.5
3 | BBB, CCC, 2000, 20, 0.42857143
"""
        )
        assert (
            written(ind.complementarity(FLOWS))
            == """\
None:int64 | exporter:text, importer:text, year:int64, complementarity:float64
0 | AAA, BBB, 2000, 0.6
1 | AAA, CCC, 2000, 0.54285714
4 | BBB, CCC, 2000, 0.94285714
5 | BBB, AAA, 2000, 0.95
"""
        )

    def test_balance_and_mirrors(self):
        assert (
            written(ind.balance(FLOWS))
            == """\
None:int64 | economy:text, year:int64, exports:float64, imports:float64,
  balance:float64, turnover:float64
0 | AAA, 2000, 100, 80, 20, 180
1 | BBB, 2000, 100, 50, 50, 150
2 | CCC, 2000, 0, 70, -70, 70
"""
        )
        assert (
            written(ind.grubel_lloyd(FLOWS))
            == """\
None:int64 | economy:text, year:int64, turnover:float64, grubel_lloyd:float64
0 | AAA, 2000, 180, 0.66666667
1 | BBB, 2000, 150, 0.26666667
2 | CCC, 2000, 70, 0
"""
        )
        total = FLOWS.groupby(["exporter", "importer", "year"], as_index=False)["value"]
        total = total.sum()
        mirror = total.assign(value=total["value"] * 1.2)[1:]
        assert (
            written(ind.mirror_gap(total, mirror))
            == """\
None:int64 | exporter:text, importer:text, year:int64, exports:float64,
  imports:float64, imports_fob:float64, gap:float64, ratio:float64,
  agreement:float64
0 | AAA, BBB, 2000, 50, nan, nan, nan, nan, nan
1 | AAA, CCC, 2000, 50, 60, 56.603774, 6.6037736, 1.1320755, 0.88333333
2 | BBB, AAA, 2000, 80, 96, 90.566038, 10.566038, 1.1320755, 0.88333333
3 | BBB, CCC, 2000, 20, 24, 22.641509, 2.6415094, 1.1320755, 0.88333333
"""
        )

    def test_two_years(self):
        found = ind.constant_market_shares(self.LATER, 2000, 2001)
        assert (
            written(found)
            == """\
None:int64 | exporter:text, first:float64, last:float64, change:float64,
  growth:float64, composition:float64, market:float64, competitiveness:float64
0 | AAA, 100, 110, 10, 20, 1.6666667, 35, -46.666667
1 | BBB, 100, 130, 30, 20, -1.6666667, -35, 46.666667
"""
        )
        found = ind.constant_market_shares(self.LATER, 2000, 2001, of=["product"])
        assert (
            written(found)
            == """\
None:int64 | exporter:text, product:text, first:float64, last:float64,
  change:float64, growth:float64, composition:float64, market:float64,
  competitiveness:float64
0 | AAA, wheat, 60, 70, 10, 12, 3, -5, 0
1 | AAA, tin, 40, 40, 0, 8, -1.3333333, 40, -46.666667
2 | BBB, wheat, 20, 30, 10, 4, 1, 5, 0
3 | BBB, tin, 80, 100, 20, 16, -2.6666667, -40, 46.666667
"""
        )
        assert (
            written(ind.movers(self.LATER, 2000, 2001))
            == """\
None:int64 | exporter:text, importer:text, first:float64, last:float64,
  change:float64, growth:float64, contribution:float64
0 | AAA, BBB, 50, 40, -10, -0.2, -0.05
1 | AAA, CCC, 50, 70, 20, 0.4, 0.1
2 | BBB, AAA, 80, 40, -40, -0.5, -0.2
3 | BBB, CCC, 20, 90, 70, 3.5, 0.35
"""
        )
