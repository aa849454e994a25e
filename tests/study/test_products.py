"""Lists of products in the reviewed tables."""

from pathlib import Path

import pandas as pd
import pytest

from partnership.methods import mentions

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
