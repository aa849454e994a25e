"""Lists of products and sections: worked numbers, properties and refusals."""

import math
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership.study import products

DATA = Path(__file__).resolve().parents[1] / "data"

GROUPS = pd.DataFrame(
    {
        "product": ["tractors", "trucks", "malt", "sugar", "soil cultivators", "yarn"],
        "group": ["machines", "machines", "food", "food", "machines", "textiles"],
    }
)


def mentions(*lists):
    """Build the table from (year, direction, statement, source, names) tuples."""
    rows = [
        {
            "period": str(year),
            "direction": direction,
            "product": name,
            "order_in_source": place,
            "source_id": source,
            "statement_id": statement,
        }
        for year, direction, statement, source, names in lists
        for place, name in enumerate(names, start=1)
    ]
    return pd.DataFrame(rows)


# 2011 and 2013 have no list of exports; the list of 2014 was printed twice.
TABLE = mentions(
    (2010, "export", "s10", "paper", ["tractors", "trucks", "malt"]),
    (2012, "export", "s12", "paper", ["sugar", "soil cultivators"]),
    (2014, "export", "s14", "paper", ["sugar", "malt"]),
    (2014, "export", "s14", "other paper", ["sugar", "malt"]),
    (2015, "import", "s15", "paper", ["yarn"]),
)


class TestLists:
    def test_one_statement_in_two_papers_is_one_list(self):
        lists = products.product_lists(TABLE)
        assert lists["year"].tolist() == [2010, 2012, 2014, 2015]
        assert lists["products"].tolist() == [3, 2, 2, 1]
        assert lists.loc[2, "source_ids"] == "other paper;paper"

    def test_two_statements_of_one_year_are_two_lists(self):
        more = mentions((2010, "export", "other", "paper", ["malt"]))
        lists = products.product_lists(pd.concat([TABLE, more], ignore_index=True))
        assert (lists["year"] == 2010).sum() == 2

    def test_sources_are_optional(self):
        lists = products.product_lists(TABLE.drop(columns="source_id"))
        assert set(lists["source_ids"]) == {""}

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"direction": "exports"}, "found 'exports'; allowed is one of export"),
            ({"period": "2016/2017"}, "found '2016/2017'; allowed are calendar years"),
            ({"product": ""}, "products['product']: found an empty cell at 0"),
            ({"statement_id": None}, "products['statement_id']: found an empty cell"),
            ({"order_in_source": 0}, "found 0; allowed are whole numbers from 1 up"),
            ({"order_in_source": 1.5}, "found 1.5; allowed are whole numbers"),
            ({"order_in_source": "first"}, "found 'first'; allowed are whole numbers"),
            ({"order_in_source": None}, "products['order_in_source']: found"),
        ],
    )
    def test_bad_cells_are_named(self, change, message):
        with pytest.raises(ValueError, match=re.escape(message)):
            products.product_lists(TABLE.assign(**change))

    def test_bad_frames_are_named(self):
        with pytest.raises(ValueError, match="no column 'direction'"):
            products.product_lists(TABLE.drop(columns="direction"))
        with pytest.raises(ValueError, match="products: found no rows"):
            products.product_lists(TABLE.iloc[:0])
        with pytest.raises(ValueError, match="products: found a list"):
            products.product_lists([])


class TestGroups:
    def test_each_mention_gets_its_group_once(self):
        rows = products.with_groups(TABLE, GROUPS)
        assert len(rows) == 8
        assert rows.groupby("group").size().to_dict() == {
            "food": 4,
            "machines": 3,
            "textiles": 1,
        }

    def test_a_product_without_a_group_is_named(self):
        with pytest.raises(ValueError, match="found no row for 'malt'"):
            products.with_groups(TABLE, GROUPS[GROUPS["product"] != "malt"])

    def test_a_product_with_two_groups_is_named(self):
        twice = pd.concat([GROUPS, GROUPS.iloc[[2]].assign(group="other")])
        with pytest.raises(ValueError, match="found 'malt' twice"):
            products.with_groups(TABLE, twice)

    def test_an_empty_group_is_named(self):
        with pytest.raises(ValueError, match="found no group for 'tractors'"):
            products.with_groups(TABLE, GROUPS.assign(group=None))


class TestMatrix:
    def test_not_named_and_no_list_are_kept_apart(self):
        matrix = products.mentions_matrix(TABLE, GROUPS, "export")
        assert matrix.index.tolist() == ["machines", "food"]
        assert matrix.columns.tolist() == [2010, 2011, 2012, 2013, 2014, 2015]
        nan = math.nan
        assert matrix.loc["machines"].tolist() == pytest.approx(
            [1, nan, 1, nan, 0, nan], nan_ok=True
        )
        assert matrix.loc["food"].tolist() == pytest.approx(
            [1, nan, 1, nan, 1, nan], nan_ok=True
        )
        assert matrix.attrs["lists"] == {2010: 1, 2012: 1, 2014: 1}

    def test_the_best_place_of_a_group(self):
        matrix = products.mentions_matrix(TABLE, GROUPS, "export", measure="place")
        assert matrix.loc["machines", [2010, 2012, 2014]].tolist() == [1, 2, 0]
        assert matrix.loc["food", [2010, 2012, 2014]].tolist() == [3, 1, 1]

    def test_how_many_products_of_a_group(self):
        # sugar and malt of 2014 stand in two papers: two products, not four
        matrix = products.mentions_matrix(TABLE, GROUPS, "export", measure="products")
        assert matrix.loc["machines", [2010, 2012, 2014]].tolist() == [2, 1, 0]
        assert matrix.loc["food", [2010, 2012, 2014]].tolist() == [1, 1, 2]

    def test_both_directions_share_their_years(self):
        early = mentions((2008, "import", "s08", "paper", ["yarn"]))
        table = pd.concat([early, TABLE], ignore_index=True)
        matrix = products.mentions_matrix(table, GROUPS, "export")
        assert matrix.columns.tolist() == list(range(2008, 2016))
        assert matrix[2008].isna().all()

    def test_the_years_can_be_chosen(self):
        matrix = products.mentions_matrix(
            TABLE, GROUPS, "import", years=[2014, 2015, 2016]
        )
        assert matrix.loc["textiles"].tolist() == pytest.approx(
            [math.nan, 1, math.nan], nan_ok=True
        )

    def test_lists_of_one_year_count_together(self):
        more = mentions((2014, "export", "another", "paper", ["tractors"]))
        matrix = products.mentions_matrix(
            pd.concat([TABLE, more], ignore_index=True), GROUPS, "export"
        )
        assert matrix[2014].to_dict() == {"machines": 1, "food": 1}
        assert matrix.attrs["lists"][2014] == 2

    def test_categories_invent_no_lists(self):
        plain = products.mentions_matrix(TABLE, GROUPS, "export")
        typed = products.mentions_matrix(
            TABLE.astype(dict.fromkeys(["direction", "product"], "category")),
            GROUPS,
            "export",
        )
        pd.testing.assert_frame_equal(plain, typed)

    @given(st.permutations(range(len(TABLE))))
    def test_the_order_of_the_rows_does_not_matter(self, order):
        for measure in products.MEASURES:
            pd.testing.assert_frame_equal(
                products.mentions_matrix(TABLE.iloc[order], GROUPS, "export", measure),
                products.mentions_matrix(TABLE, GROUPS, "export", measure),
            )

    def test_unknown_choices_are_named(self):
        with pytest.raises(ValueError, match="direction: found 'both'"):
            products.mentions_matrix(TABLE, GROUPS, "both")
        with pytest.raises(ValueError, match="measure: found 'order'"):
            products.mentions_matrix(TABLE, GROUPS, "export", "order")
        with pytest.raises(ValueError, match="found no list of imports"):
            products.mentions_matrix(
                TABLE[TABLE["direction"] == "export"], GROUPS, "import"
            )

    def test_first_and_last_year_of_a_group(self):
        spans = products.first_last(products.mentions_matrix(TABLE, GROUPS, "export"))
        assert spans.loc["machines"].tolist() == [2010, 2012, 2, 3]
        assert spans.loc["food"].tolist() == [2010, 2014, 3, 3]

    def test_a_group_outside_the_years_shown_has_no_span(self):
        matrix = products.mentions_matrix(TABLE, GROUPS, "export", years=[2014])
        spans = products.first_last(matrix)
        assert pd.isna(spans.loc["machines", "first"])
        assert spans.loc["machines", ["named", "of"]].tolist() == [0, 1]

    def test_a_span_needs_a_list(self):
        matrix = products.mentions_matrix(TABLE, GROUPS, "export", years=[2011])
        with pytest.raises(ValueError, match="no year with a list"):
            products.first_last(matrix)


class TestMentionsOf:
    def test_every_list_answers(self):
        found = products.mentions_of(TABLE, "malt", "export")
        assert found["year"].tolist() == [2010, 2012, 2014]
        assert found["named"].tolist() == [True, False, True]
        assert found["place"].tolist()[::2] == [3, 2]
        assert pd.isna(found.loc[1, "place"])
        assert found["of"].tolist() == [3, 2, 2]

    def test_only_whole_words_in_any_case(self):
        assert not products.mentions_of(TABLE, "oil")["named"].any()
        assert products.mentions_of(TABLE, "SOIL")["named"].sum() == 1
        assert products.mentions_of(TABLE, "tractors?|truck")["named"].sum() == 1

    def test_several_matches_take_the_first_place(self):
        found = products.mentions_of(TABLE, "trucks|malt")
        assert found.loc[0, "product"] == "trucks;malt"
        assert found.loc[0, "place"] == 2

    @pytest.mark.parametrize("pattern", ["", " ", None, "("])
    def test_a_bad_pattern_is_named(self, pattern):
        with pytest.raises(
            ValueError, match="pattern: found " + re.escape(f"{pattern!r}")
        ):
            products.mentions_of(TABLE, pattern)

    def test_a_direction_without_lists_is_named(self):
        with pytest.raises(ValueError, match="direction: found 'both'"):
            products.mentions_of(TABLE, "malt", "both")
        with pytest.raises(ValueError, match="found no list of imports"):
            products.mentions_of(TABLE.iloc[:3], "malt", "import")


class TestSectionShares:
    # UNCTAD, exports in USD million; the source gives no value for some sections.
    sections = pd.DataFrame(
        {
            1995: [0.48, 0.0466, None, None, None, 0.637, 0.149, 4.371, 0.218],
            2005: [0.381, 0.0099, None, None, None, 0.737, 0.835, 39.261, 2.64],
            2015: [6.645, 0.374, 0.936, 0.726, 0.0011, 9.79, 17.088, 35.522, 11.026],
        }
    )
    totals = pd.Series({1995: 5.9009, 2005: 43.863, 2015: 82.1082})

    def test_worked_numbers(self):
        result = products.section_shares(self.sections, self.totals)
        # Section 7: 4.371 / 5.9016, 39.261 / 43.8639, 35.522 / 82.1081
        assert result.shares.loc[7].tolist() == pytest.approx(
            [74.0647, 89.5064, 43.2625], abs=1e-3
        )
        assert result.shares[1995].isna().sum() == 3
        # 5.9016 - 5.9009 = 0.0007, which is 0.0119 percent of 5.9009
        assert result.check.loc[1995, "difference"] == pytest.approx(0.0007, abs=1e-6)
        assert result.check.loc[1995, "percent"] == pytest.approx(0.0119, abs=1e-4)

    def test_a_missing_section_shows_in_the_check(self):
        result = products.section_shares(self.sections.drop(index=7), self.totals)
        # Without section 7 the sum falls 35.522 short of the total of 2015.
        assert result.check.loc[2015, "difference"] == pytest.approx(-35.522, abs=1e-3)

    def test_without_a_stated_total_nothing_is_compared(self):
        result = products.section_shares(self.sections, self.totals.drop(2015))
        assert math.isnan(result.check.loc[2015, "difference"])
        assert result.check.loc[2015, "sum"] == pytest.approx(82.1081)
        alone = products.section_shares(self.sections)
        assert alone.check["total"].isna().all()

    @given(
        st.lists(
            st.lists(st.floats(0.001, 1e6), min_size=3, max_size=3),
            min_size=1,
            max_size=9,
        )
    )
    def test_shares_sum_to_100(self, rows):
        shares = products.section_shares(pd.DataFrame(rows)).shares
        assert shares.sum().tolist() == pytest.approx([100.0] * 3)
        assert (shares >= 0).all(axis=None)

    @pytest.mark.parametrize(
        ("sections", "message"),
        [
            (pd.DataFrame(), "sections: found no rows"),
            (pd.DataFrame({2015: [1.0, -2.0]}), "sections: found -2 at 1, 2015"),
            (pd.DataFrame({2015: [math.inf]}), "sections: found inf"),
            (pd.DataFrame({2015: ["1,5"]}), "sections: found '1,5' in 2015"),
            (pd.DataFrame({2015: [0.0]}), "no value above 0 in 2015"),
            (pd.DataFrame({2015: [math.nan]}), "no value above 0 in 2015"),
            (pd.DataFrame({2015: [1, 2]}, index=[7, 7]), "found the row 7 twice"),
            (
                pd.DataFrame([[1, 2]], columns=[2015, 2015]),
                "found the column 2015 twice",
            ),
        ],
    )
    def test_bad_sections_are_named(self, sections, message):
        with pytest.raises(ValueError, match=re.escape(message)):
            products.section_shares(sections)

    def test_bad_totals_are_named(self):
        with pytest.raises(ValueError, match="totals: found 0 at 2015"):
            products.section_shares(self.sections, pd.Series({2015: 0.0}))
        with pytest.raises(ValueError, match="totals: found 82"):
            products.section_shares(self.sections, 82)
        with pytest.raises(ValueError, match="totals: found -1"):
            products.section_shares(self.sections, pd.Series({2015: -1.0}))


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
        lists = products.product_lists(table).query("year == 2017")
        assert lists["products"].tolist() == [7]
        assert lists["source_ids"].str.count(";").tolist() == [1]

    def test_tractors_leave_the_lists_after_2017(self, table, groups):
        spans = products.first_last(products.mentions_matrix(table, groups, "export"))
        assert spans.loc["tractors and farm machines", "last"] == 2017
        assert spans.loc["medicines", "last"] == 2025

    def test_malt_stands_in_one_list(self, table):
        found = products.mentions_of(table, "malt", "export").query("named")
        assert found[["year", "place", "of"]].to_numpy().tolist() == [[2012, 12, 13]]

    def test_a_year_without_a_list_is_a_gap(self, table, groups):
        matrix = products.mentions_matrix(table, groups, "export")
        assert matrix[[2018, 2022]].isna().all(axis=None)
        assert matrix[[2016, 2019]].notna().all(axis=None)
