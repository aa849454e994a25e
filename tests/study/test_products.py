"""Lists of products in the reviewed tables."""

from pathlib import Path

import pandas as pd
import pytest

import partnership as p
from partnership.methods import bands, mentions
from partnership.study import products

DATA = Path(__file__).resolve().parents[2] / "data"


class TestData:
    """The reviewed tables of the data package."""

    @pytest.fixture
    def table(self):
        return pd.read_csv(DATA / "products.csv", dtype={"period": str})

    @pytest.fixture
    def groups(self):
        return pd.read_csv(DATA / "product_groups.csv")

    def test_every_product_has_one_group_and_every_row_a_product(self, table, groups):
        assert groups["product"].is_unique
        assert groups["group"].notna().all()
        assert set(groups["product"]) == set(table["product"])

    def test_the_list_of_2017_was_printed_twice_and_counts_once(self, table):
        lists = mentions.product_lists(table).query("year == 2017")
        assert lists["products"].tolist() == [7]
        assert lists["source_ids"].str.count(";").tolist() == [1]

    def test_tractors_leave_the_lists_after_2017(self, table, groups):
        spans = mentions.first_last(mentions.mentions_matrix(table, groups, "export"))
        assert spans.loc["tractors and farm machines", "last"] == 2017
        assert spans.loc["medicines", "last"] == 2025

    def test_malt_stands_in_one_list(self, table):
        found = mentions.mentions_of(table, "malt", "export").query("named")
        assert found[["year", "place", "of"]].to_numpy().tolist() == [[2012, 12, 13]]

    def test_a_year_without_a_list_is_a_gap(self, table, groups):
        matrix = mentions.mentions_matrix(table, groups, "export")
        assert matrix[[2018, 2022]].isna().all(axis=None)
        assert matrix[[2016, 2019]].notna().all(axis=None)


class TestMarket:
    """The share of Turkmenistan's machinery imports."""

    MACHINES = "SITC 7 machinery and transport equipment"

    def wide(self, *pair, **choice):
        return p.series("goods_exports", *pair, "UNCTAD", **choice)["value"].unstack()

    def test_leaders_are_the_largest_and_less_than_the_whole(self):
        sold = products.suppliers(self.MACHINES)
        whole = sold.loc["World"]
        assert (sold.drop("World").sum() < whole).all()
        assert sold.drop("World")["2015"].idxmax() == "Türkiye"
        table = products.leaders(["2005", "2015"])
        assert table.loc["machinery and transport equipment", "2015"][1] == "Türkiye 22"
        assert table.index.get_level_values("place").tolist() == [1, 2, 3, 4, 5] * 5
        assert table.notna().all(axis=None)

    def test_the_sums_are_what_unctad_has_of_the_pair_and_more(self):
        pair = self.wide("BLR", "TKM", each="product")
        whole = self.wide("WLD", "TKM", each="product")
        assert (whole >= pair.reindex_like(whole).fillna(0)).all(axis=None)
        # The total of all sellers in the matrix of pairs, which is another file.
        assert whole.loc["2015"].sum() == pytest.approx(7175.2, abs=0.1)

    def test_a_constant_amount_lost_share(self):
        split, later = (
            one.loc[self.MACHINES] for one in products.market_split("2005", "2015")
        )
        assert round(split["change"], 1) == round(later["change"], 1) == -3.7
        assert round(split["growth"] + split["composition"], 1) == 39.4
        assert (round(split["share"], 1), round(later["share"], 1)) == (-43.2, -21.5)

    def test_whoever_is_left_out_the_share_fell(self):
        sold = products.suppliers(self.MACHINES)
        lost = products.lost_with_one_less(sold, "2005", "2015")
        assert lost.idxmin() == "Azerbaijan"
        assert lost.max() < 0
        # Türkiye alone, by hand: 3,058.6 - 661.8 and 1,526.1 - 39.7.
        by_hand = 35.522 - 39.261 * (3058.6 - 661.8) / (1526.1 - 39.7)
        assert lost["Türkiye"] == pytest.approx(by_hand, abs=0.01)


class TestBoom:
    """The ledger of stated sums."""

    def test_every_item_is_a_row_that_states_it(self):
        for table, rows in p.load("boom_ledger").groupby("table"):
            known = p.load(table).set_index("observation_id")
            stated = known.loc[rows["observation_id"]]
            assert (stated["unit"] == "USD_million").all()
            assert set(rows["assumption"].dropna()) <= set(
                p.load("assumptions").query("model == 'boom'")["name"]
            )

    def test_nothing_is_counted_twice(self):
        sums = products.boom()
        said = sums["said"]
        assert said["contract"] + said["equipment"] == 1126
        assert sums.at["equipment", "high"] == 379  # as corrected
        assert sums.at["contract", "low"] == (1000 - 379) / 2
        assert (sums["low"] <= sums["high"]).all()
        assert sums.index[sums["open"]].tolist() == ["trucks"]

    def test_a_year_to_draw_is_the_band_with_its_open_end(self):
        goods = products.boom().query("counts_as == 'goods'")
        drawn = products.boom_by_year(goods, range(2016, 2019))
        band = bands.over_years(goods, range(2016, 2019))
        assert drawn["high"].tolist() == band["high"].tolist()
        assert drawn["bound"].tolist() == ["lower", "", ""]
        assert drawn["value"].iloc[-1] == 0
        wide = products.boom_by_year(goods, range(2016, 2019), even=False)
        assert (wide["low"].iloc[0], wide["high"].iloc[0]) == pytest.approx(
            (0.3 * band["low"].iloc[0], 2 * band["high"].iloc[0])
        )
