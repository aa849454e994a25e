"""Lists of products: worked numbers, properties and refusals."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invented import written
from partnership.methods.mentions import (
    MEASURES,
    first_last,
    mentions_matrix,
    mentions_of,
    product_lists,
    with_groups,
)

GROUPS = pd.DataFrame(
    {
        "product": ["tractors", "trucks", "malt", "sugar", "soil cultivators", "yarn"],
        "group": ["machines", "machines", "food", "food", "machines", "textiles"],
    }
)


def table(*lists):
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
TABLE = table(
    (2010, "export", "s10", "paper", ["tractors", "trucks", "malt"]),
    (2012, "export", "s12", "paper", ["sugar", "soil cultivators"]),
    (2014, "export", "s14", "paper", ["sugar", "malt"]),
    (2014, "export", "s14", "other paper", ["sugar", "malt"]),
    (2015, "import", "s15", "paper", ["yarn"]),
)


class TestLists:
    def test_one_statement_in_two_papers_is_one_list(self):
        lists = product_lists(TABLE)
        assert lists["year"].tolist() == [2010, 2012, 2014, 2015]
        assert lists["products"].tolist() == [3, 2, 2, 1]
        assert lists.loc[2, "source_ids"] == "other paper;paper"

    def test_two_statements_of_one_year_are_two_lists(self):
        more = table((2010, "export", "other", "paper", ["malt"]))
        lists = product_lists(pd.concat([TABLE, more], ignore_index=True))
        assert (lists["year"] == 2010).sum() == 2

    def test_sources_are_optional(self):
        lists = product_lists(TABLE.drop(columns="source_id"))
        assert set(lists["source_ids"]) == {""}

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"direction": "exports"}, "found 'exports'; allowed is one of export"),
            ({"period": "2016/2017"}, "found '2016/2017'; allowed is a calendar year"),
            ({"product": ""}, "products['product']: found an empty cell at 0"),
            ({"statement_id": None}, "products['statement_id']: found an empty cell"),
            ({"order_in_source": 0}, "products['order_in_source']: found 0 at 0"),
            ({"order_in_source": 1.5}, "found 1.5 at 0; allowed is a whole number"),
            ({"order_in_source": None}, "found no value (NaN) at 0"),
        ],
    )
    def test_bad_cells_are_named(self, change, message):
        with pytest.raises(ValueError, match=re.escape(message)):
            product_lists(TABLE.assign(**change))

    def test_a_frame_without_rows_is_refused(self):
        with pytest.raises(ValueError, match="products: found no rows"):
            product_lists(TABLE.iloc[:0])


class TestGroups:
    def test_each_mention_gets_its_group_once(self):
        rows = with_groups(TABLE, GROUPS)
        assert len(rows) == 8
        size = rows.groupby("group").size().to_dict()
        assert size == {"food": 4, "machines": 3, "textiles": 1}

    def test_a_product_without_a_group_is_named(self):
        with pytest.raises(ValueError, match="found no row for 'malt'"):
            with_groups(TABLE, GROUPS[GROUPS["product"] != "malt"])

    def test_a_product_with_two_groups_is_named(self):
        twice = pd.concat([GROUPS, GROUPS.iloc[[2]].assign(group="other")])
        with pytest.raises(ValueError, match="found 'malt' twice"):
            with_groups(TABLE, twice)

    def test_an_empty_group_is_named(self):
        with pytest.raises(ValueError, match="found an empty cell at 'tractors'"):
            with_groups(TABLE, GROUPS.assign(group=None))


class TestMatrix:
    def test_not_named_and_no_list_are_kept_apart(self):
        matrix = mentions_matrix(TABLE, GROUPS, "export")
        assert matrix.index.tolist() == ["machines", "food"]
        assert matrix.columns.tolist() == [2010, 2011, 2012, 2013, 2014, 2015]
        assert matrix[[2010, 2012, 2014]].to_numpy().tolist() == [[1, 1, 0], [1, 1, 1]]
        assert matrix[[2011, 2013, 2015]].isna().all(axis=None)
        assert matrix.attrs["lists"] == {2010: 1, 2012: 1, 2014: 1}

    def test_the_best_place_of_a_group(self):
        matrix = mentions_matrix(TABLE, GROUPS, "export", measure="place")
        assert matrix.loc["machines", [2010, 2012, 2014]].tolist() == [1, 2, 0]
        assert matrix.loc["food", [2010, 2012, 2014]].tolist() == [3, 1, 1]

    def test_how_many_products_of_a_group(self):
        # sugar and malt of 2014 stand in two papers: two products, not four
        matrix = mentions_matrix(TABLE, GROUPS, "export", measure="products")
        assert matrix.loc["machines", [2010, 2012, 2014]].tolist() == [2, 1, 0]
        assert matrix.loc["food", [2010, 2012, 2014]].tolist() == [1, 1, 2]

    def test_both_directions_share_their_years(self):
        early = table((2008, "import", "s08", "paper", ["yarn"]))
        every = pd.concat([early, TABLE], ignore_index=True)
        matrix = mentions_matrix(every, GROUPS, "export")
        assert matrix.columns.tolist() == list(range(2008, 2016))
        assert matrix[2008].isna().all()

    def test_the_years_can_be_chosen(self):
        matrix = mentions_matrix(TABLE, GROUPS, "import", years=[2014, 2015, 2016])
        assert matrix.isna().loc["textiles"].tolist() == [True, False, True]
        text = mentions_matrix(TABLE, GROUPS, "import", years=["2015"])
        assert text.columns.tolist() == [2015]
        with pytest.raises(ValueError, match="years: found 15; allowed is a year"):
            mentions_matrix(TABLE, GROUPS, "import", years=[15])

    def test_lists_of_one_year_count_together(self):
        more = table((2014, "export", "another", "paper", ["tractors"]))
        every = pd.concat([TABLE, more], ignore_index=True)
        matrix = mentions_matrix(every, GROUPS, "export")
        assert matrix[2014].to_dict() == {"machines": 1, "food": 1}
        assert matrix.attrs["lists"][2014] == 2

    def test_categories_invent_no_lists(self):
        plain = mentions_matrix(TABLE, GROUPS, "export")
        typed = TABLE.astype({"direction": "category", "product": "category"})
        pd.testing.assert_frame_equal(plain, mentions_matrix(typed, GROUPS, "export"))

    plain = tuple(mentions_matrix(TABLE, GROUPS, "export", m) for m in MEASURES)

    @settings(deadline=None)
    @given(st.permutations(range(len(TABLE))))
    def test_the_order_of_the_rows_does_not_matter(self, order):
        for measure, plain in zip(MEASURES, self.plain, strict=True):
            mixed = mentions_matrix(TABLE.iloc[order], GROUPS, "export", measure)
            pd.testing.assert_frame_equal(mixed, plain)

    def test_unknown_choices_are_named(self):
        with pytest.raises(ValueError, match="direction: found 'both'"):
            mentions_matrix(TABLE, GROUPS, "both")
        with pytest.raises(ValueError, match="measure: found 'order'"):
            mentions_matrix(TABLE, GROUPS, "export", "order")
        with pytest.raises(ValueError, match="found no list of imports"):
            mentions_matrix(TABLE[TABLE["direction"] == "export"], GROUPS, "import")

    def test_first_and_last_year_of_a_group(self):
        spans = first_last(mentions_matrix(TABLE, GROUPS, "export"))
        assert spans.loc["machines"].tolist() == [2010, 2012, 2, 3]
        assert spans.loc["food"].tolist() == [2010, 2014, 3, 3]

    def test_a_group_outside_the_years_shown_has_no_span(self):
        matrix = mentions_matrix(TABLE, GROUPS, "export", years=[2014])
        spans = first_last(matrix)
        assert pd.isna(spans.loc["machines", "first"])
        assert spans.loc["machines", ["named", "of"]].tolist() == [0, 1]

    def test_a_span_needs_a_list(self):
        matrix = mentions_matrix(TABLE, GROUPS, "export", years=[2011])
        with pytest.raises(ValueError, match="no year with a list"):
            first_last(matrix)


class TestMentionsOf:
    def test_every_list_answers(self):
        found = mentions_of(TABLE, "malt", "export")
        assert found["year"].tolist() == [2010, 2012, 2014]
        assert found["named"].tolist() == [True, False, True]
        assert found["place"].tolist()[::2] == [3, 2]
        assert pd.isna(found.loc[1, "place"])
        assert found["of"].tolist() == [3, 2, 2]

    def test_only_whole_words_in_any_case(self):
        assert not mentions_of(TABLE, "oil")["named"].any()
        assert mentions_of(TABLE, "SOIL")["named"].sum() == 1
        assert mentions_of(TABLE, "tractors?|truck")["named"].sum() == 1

    def test_several_matches_take_the_first_place(self):
        found = mentions_of(TABLE, "trucks|malt")
        assert found.loc[0, "product"] == "trucks;malt"
        assert found.loc[0, "place"] == 2

    @pytest.mark.parametrize("pattern", ["", " ", None, "("])
    def test_a_bad_pattern_is_named(self, pattern):
        with pytest.raises(ValueError, match=re.escape(f"pattern: found {pattern!r}")):
            mentions_of(TABLE, pattern)

    def test_a_direction_without_lists_is_named(self):
        with pytest.raises(ValueError, match="direction: found 'both'"):
            mentions_of(TABLE, "malt", "both")
        with pytest.raises(ValueError, match="found no list of imports"):
            mentions_of(TABLE.iloc[:3], "malt", "import")


class TestWholeResults:
    def test_lists(self):
        assert (
            written(product_lists(TABLE))
            == """\
None:int64 | year:int64, direction:text, statement_id:text, source_ids:text,
  products:int64
0 | 2010, export, s10, paper, 3
1 | 2012, export, s12, paper, 2
2 | 2014, export, s14, other paper;paper, 2
3 | 2015, import, s15, paper, 1
"""
        )
        assert (
            written(with_groups(TABLE[:2], GROUPS))
            == """\
None:int64 | direction:text, year:int64, statement_id:text, product:text,
  place:int64, source_ids:text, group:text
0 | export, 2010, s10, tractors, 1, paper, machines
1 | export, 2010, s10, trucks, 2, paper, machines
"""
        )

    def test_matrices(self):
        assert (
            written(mentions_matrix(TABLE, GROUPS, "export"))
            == """\
group:text | 2010:float64, 2011:float64, 2012:float64, 2013:float64, 2014:float64,
  2015:float64 by year
machines | 1, nan, 1, nan, 0, nan
food | 1, nan, 1, nan, 1, nan
"""
        )
        assert (
            written(mentions_matrix(TABLE, GROUPS, "import"))
            == """\
group:text | 2010:float64, 2011:float64, 2012:float64, 2013:float64, 2014:float64,
  2015:float64 by year
textiles | nan, nan, nan, nan, nan, 1
"""
        )

    def test_other_measures_and_years(self):
        made = [
            mentions_matrix(TABLE, GROUPS, "export", measure, range(2009, 2013))
            for measure in MEASURES
        ]
        assert (
            "".join(map(written, made))
            == """\
group:text | 2009:float64, 2010:float64, 2011:float64, 2012:float64 by year
machines | nan, 1, nan, 1
food | nan, 1, nan, 1
group:text | 2009:float64, 2010:float64, 2011:float64, 2012:float64 by year
machines | nan, 1, nan, 2
food | nan, 3, nan, 1
group:text | 2009:float64, 2010:float64, 2011:float64, 2012:float64 by year
machines | nan, 2, nan, 1
food | nan, 1, nan, 1
"""
        )
        assert (
            written(first_last(made[0]))
            == """\
group:text | first:Int64, last:Int64, named:int64, of:int64
machines | 2010, 2012, 2, 2
food | 2010, 2012, 2, 2
"""
        )
        assert (
            written(mentions_of(TABLE, "^t"))
            == """\
None:int64 | year:int64, direction:text, statement_id:text, source_ids:text,
  named:bool, product:text, place:Int64, of:int64
0 | 2010, export, s10, paper, False, , <NA>, 3
1 | 2012, export, s12, paper, False, , <NA>, 2
2 | 2014, export, s14, other paper;paper, False, , <NA>, 2
3 | 2015, import, s15, paper, False, , <NA>, 1
"""
        )
        assert (
            written(mentions_of(TABLE, "a", "export"))
            == """\
None:int64 | year:int64, direction:text, statement_id:text, source_ids:text,
  named:bool, product:text, place:Int64, of:int64
0 | 2010, export, s10, paper, False, , <NA>, 3
1 | 2012, export, s12, paper, False, , <NA>, 2
2 | 2014, export, s14, other paper;paper, False, , <NA>, 2
"""
        )

    def test_what_is_refused(self):
        twice = pd.concat([GROUPS, GROUPS[:1]])
        for call in (
            lambda: with_groups(TABLE, twice),
            lambda: with_groups(TABLE, GROUPS[:3]),
            lambda: with_groups(TABLE, GROUPS[["product"]]),
            lambda: mentions_matrix(TABLE, GROUPS, "both"),
            lambda: mentions_matrix(TABLE, GROUPS, "export", "weighted"),
            lambda: mentions_of(TABLE, "("),
            lambda: mentions_of(TABLE, "a", "out"),
            lambda: product_lists(TABLE.drop(columns="period")),
        ):
            with pytest.raises(ValueError, match="found"):
                call()
