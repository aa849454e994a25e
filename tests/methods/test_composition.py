"""Concentration, standing and sections of one list: numbers and refusals."""

import math
import re

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from invented import written
from partnership.methods import composition

YEARS = [2015, 2016]
positive = st.floats(min_value=0.001, max_value=1e6)
# No part is near half of all: it would pass for the total of the others.
flows = st.lists(positive, min_size=1, max_size=30).map(pd.Series)
flows = flows.filter(lambda v: len(v) < 3 or abs(2 * v.max() / v.sum() - 1) > 1e-3)


class TestConcentration:
    def test_worked_number_of_a_textbook_market(self):
        # One of 50 %, three of 10 %, twenty of 1 %, the example of T. Taylor
        # (Conversable Economist, 2020): 2500 + 3 x 100 + 20 x 1 = 2820 of 10,000
        market = pd.Series([50] + [10] * 3 + [1] * 20)
        assert composition.hhi(market) == pytest.approx(0.2820)

    def test_equal_parts(self):
        assert composition.hhi(pd.Series([5.0] * 4)) == pytest.approx(0.25)

    def test_one_that_has_all(self):
        assert composition.hhi(pd.Series([5.0, 0.0])) == 1

    @settings(deadline=None, max_examples=30)
    @given(flows.filter(lambda values: len(values) > 1))
    def test_bounds(self, values):
        n, slack = len(values), 1e-9
        assert 1 / n - slack <= composition.hhi(values) <= 1 + slack

    @settings(deadline=None, max_examples=30)
    @given(flows, st.floats(0.001, 1000))
    def test_the_unit_does_not_matter(self, values, scale):
        assert composition.hhi(values * scale) == pytest.approx(composition.hhi(values))

    @settings(deadline=None, max_examples=30)
    @given(flows)
    def test_merging_two_partners_concentrates(self, values):
        with_another = pd.concat([values, pd.Series([1.0])], ignore_index=True)
        merged = with_another.iloc[:-1].copy()
        merged.iloc[-1] += 1.0
        assume(
            all(abs(2 * v.max() / v.sum() - 1) > 1e-3 for v in (merged, with_another))
        )
        assert composition.hhi(merged) >= composition.hhi(with_another) - 1e-12

    def test_an_unknown_part_makes_the_whole_unknown(self):
        with pytest.raises(ValueError, match=r"values: found no value \(NaN\) at 'b'"):
            composition.hhi(pd.Series({"a": 1.0, "b": math.nan}))

    def test_a_whole_of_nothing_is_refused(self):
        with pytest.raises(ValueError, match="values: found a whole of 0"):
            composition.hhi(pd.Series({"a": 0.0}))


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
        result = composition.section_shares(self.sections, self.totals)
        # Section 7: 4.371 / 5.9016, 39.261 / 43.8639, 35.522 / 82.1081
        assert result.shares.loc[7].tolist() == pytest.approx(
            [74.0647, 89.5064, 43.2625], abs=1e-3
        )
        assert result.shares[1995].isna().sum() == 3
        # 5.9016 - 5.9009 = 0.0007, which is 0.0119 percent of 5.9009
        assert result.check.loc[1995, "difference"] == pytest.approx(0.0007, abs=1e-6)
        assert result.check.loc[1995, "percent"] == pytest.approx(0.0119, abs=1e-4)

    def test_a_missing_section_shows_in_the_check(self):
        result = composition.section_shares(self.sections.drop(index=7), self.totals)
        # Without section 7 the sum falls 35.522 short of the total of 2015.
        assert result.check.loc[2015, "difference"] == pytest.approx(-35.522, abs=1e-3)

    def test_without_a_stated_total_nothing_is_compared(self):
        result = composition.section_shares(self.sections, self.totals.drop(2015))
        assert math.isnan(result.check.loc[2015, "difference"])
        assert result.check.loc[2015, "sum"] == pytest.approx(82.1081)
        alone = composition.section_shares(self.sections)
        assert alone.check["total"].isna().all()

    @settings(deadline=None, max_examples=30)
    @given(st.lists(st.tuples(positive, positive, positive), min_size=1, max_size=9))
    def test_shares_sum_to_100(self, rows):
        shares = composition.section_shares(pd.DataFrame(rows)).shares
        assert shares.sum().tolist() == pytest.approx([100.0] * 3)
        assert (shares >= 0).all(axis=None)

    @pytest.mark.parametrize(
        ("sections", "message"),
        [
            (pd.DataFrame(), "sections: found no rows"),
            (pd.DataFrame({2015: [1.0, -2.0]}), "sections[2015]: found -2 at 1"),
            (pd.DataFrame({2015: [math.nan]}), "found no value above 0 in 2015"),
            (pd.DataFrame({2015: [1, 2]}, index=[7, 7]), "found 7 twice"),
            (pd.DataFrame([[1, 2]], columns=[2015, 2015]), "found 2015 twice"),
        ],
    )
    def test_bad_sections_are_named(self, sections, message):
        with pytest.raises(ValueError, match=re.escape(message)):
            composition.section_shares(sections)

    @pytest.mark.parametrize("totals", [pd.Series({2015: 0.0}), 82])
    def test_bad_totals_are_named(self, totals):
        with pytest.raises(ValueError, match="totals: found"):
            composition.section_shares(self.sections, totals)

    @pytest.mark.parametrize("year", ["2015", 2016])
    def test_totals_without_a_match_stop(self, year):
        with pytest.raises(ValueError, match="sections and totals: found years"):
            composition.section_shares(
                pd.DataFrame({2015: [1.0, 2]}), pd.Series({year: 3.0})
            )


class TestTotalsAmongParts:
    parts = pd.Series({"AAA": 600.0, "BBB": 300.0, "CCC": 100.0})
    functions = (
        composition.hhi,
        lambda values: composition.section_shares(values.to_frame(2015)),
        lambda values: composition.partner_standing(
            values.rename_axis("partner").rename("value").reset_index().assign(year=1),
            "AAA",
        ),
    )

    @pytest.mark.parametrize("function", functions)
    @pytest.mark.parametrize("name", ["WLD", "W00", "World", "all", "TOTAL", "EU27"])
    def test_a_total_is_refused_by_its_name(self, function, name):
        # Not the sum of the others: some partners are not told apart.
        with pytest.raises(ValueError, match=f"{name}' among the parts; allowed is no"):
            function(pd.concat([self.parts, pd.Series({name: 1234.5})]))

    @pytest.mark.parametrize("function", functions)
    @pytest.mark.parametrize("total", [1000.0, 1000.4, 999.6])
    def test_a_total_is_refused_by_its_value(self, function, total):
        parts = pd.concat([self.parts + 0.1, pd.Series({"others": total + 0.3})])
        with pytest.raises(ValueError, match="the sum of all others, 'others' among"):
            function(parts.round())

    def test_in_one_year_only_it_may_be_chance(self):
        years = pd.DataFrame({2015: [1000.0, 600, 300, 100], 2016: [900.0, 600, 9, 80]})
        assert len(composition.section_shares(years).shares) == 4
        with pytest.raises(ValueError, match="the sum of all others, 0 among the"):
            composition.section_shares(years[[2015]])

    def test_a_zero_among_numeric_codes_is_the_world_and_a_section_is_not(self):
        with pytest.raises(ValueError, match="the total 0 among the parts"):
            composition.hhi(pd.Series({0: 9.0, 112: 4.0, 795: 3.0}))
        assert composition.hhi(pd.Series({0: 9.0, 1: 4.0, 2: 3.0})) > 0

    @pytest.mark.parametrize("scale", [1, 0.01])
    def test_a_half_is_allowed_in_shares_and_in_few_digits(self, scale):
        half = pd.Series({"AAA": 50, "BBB": 30, "CCC": 20}) * scale
        assert composition.hhi(half) == pytest.approx(0.38)
        assert composition.hhi(half / 10) == pytest.approx(0.38)


class TestPartnerStanding:
    flows = pd.DataFrame(
        [(2015, "AAA", 6), (2015, "BBB", 3), (2015, "CCC", 0), (2016, "AAA", 5)],
        columns=["year", "partner", "value"],
    )

    def test_worked_numbers(self):
        table = composition.partner_standing(self.flows, "AAA")
        # 2015: 6 of 9; squares of 2/3 and 1/3 sum to 5/9
        first = [6, 1, 2, 200 / 3, 5 / 9, 9 / 5]
        assert table.loc[2015].tolist() == pytest.approx(first)
        assert table.loc[2016].tolist() == [5, 1, 1, 100, 1, 1]
        assert table.index.name == "year"

    @pytest.mark.parametrize(
        ("flows", "message"),
        [
            (flows, "partner in 2016 (of those with a value): found 'BBB'"),
            (pd.concat([flows, flows[:1]]), "found '2015, AAA' twice"),
            (flows.assign(value=0), "found a whole of 0"),
            (flows.drop(columns="partner"), "flows: found no column 'partner'"),
        ],
    )
    def test_bad_flows_are_named(self, flows, message):
        with pytest.raises(ValueError, match=re.escape(message)):
            composition.partner_standing(flows, "BBB")

    @pytest.mark.parametrize("total", [10, None])
    def test_some_partners_have_no_place(self, total):
        table = composition.partner_standing(
            self.flows, "AAA", pd.Series([9, 5], YEARS)
        )
        assert table["rank"].tolist() == [1, 1]
        totals = pd.Series([9, total], YEARS, dtype=float)
        with pytest.raises(
            ValueError, match=r"1 partners with .* of the total of 2016"
        ):
            composition.partner_standing(self.flows, "AAA", totals)


WHOLE = {"AAA": 10.0, "BBB": 20.3, "CCC": 30.3}


class TestWholeResults:
    FLOWS = pd.DataFrame(
        {
            "year": [2015, 2015, 2015, 2016, 2016],
            "partner": ["AAA", "BBB", "CCC", "AAA", "CCC"],
            "value": [30.0, 50, 0, 40, 10],
        }
    )

    def test_the_standing_of_a_partner(self):
        assert (
            written(composition.partner_standing(self.FLOWS, "AAA"))
            == """\
year:int64 | value:float64, rank:int64, of:int64, share:float64, hhi:float64,
  equivalent:float64
2015 | 30, 2, 2, 37.5, 0.53125, 1.8823529
2016 | 40, 1, 2, 80, 0.68, 1.4705882
"""
        )
        totals = pd.Series({2015: 81.0, 2016: 50.0})
        assert (
            written(composition.partner_standing(self.FLOWS, "AAA", totals))
            == """\
year:int64 | value:float64, rank:int64, of:int64, share:float64, hhi:float64,
  equivalent:float64
2015 | 30, 2, 2, 37.037037, 0.53125, 1.8823529
2016 | 40, 1, 2, 80, 0.68, 1.4705882
"""
        )
        for change in (
            {"partner": "BBB"},
            {"flows": pd.concat([self.FLOWS, self.FLOWS[:1]])},
            {"flows": self.FLOWS.assign(value=0.0)},
            {"flows": self.FLOWS.assign(value=[1, 2, 3, 4, -5])},
            {"flows": self.FLOWS.assign(value=[1, 2, 3, 4, math.nan])},
            {"flows": self.FLOWS.drop(columns="year")},
            {"totals": pd.Series({2015: 200.0, 2016: 50.0})},
            {"totals": pd.Series({2015: -1.0})},
        ):
            arguments = {"flows": self.FLOWS, "partner": "AAA"} | change
            with pytest.raises(ValueError, match="found"):
                composition.partner_standing(**arguments)

    def test_the_shares_of_sections(self):
        sections = pd.DataFrame(
            {2015: [30.0, 60, None], 2016: [1.0, 2, 5]}, ["food", "fuel", "ore"]
        )
        found = composition.section_shares(sections, pd.Series({2016: 10.0}))
        assert (
            written(found.shares)
            == """\
None:text | 2015:float64, 2016:float64
food | 33.333333, 12.5
fuel | 66.666667, 25
ore | nan, 62.5
"""
        )
        assert (
            written(found.check)
            == """\
None:int64 | sum:float64, total:float64, difference:float64, percent:float64
2015 | 90, nan, nan, nan
2016 | 8, 10, -2, -20
"""
        )
        assert (
            written(composition.section_shares(sections).check)
            == """\
None:int64 | sum:float64, total:float64, difference:float64, percent:float64
2015 | 90, nan, nan, nan
2016 | 8, nan, nan, nan
"""
        )
        for change in (
            {"sections": sections[:0]},
            {"sections": pd.concat([sections, sections])},
            {"sections": pd.concat([sections, sections], axis=1)},
            {"sections": sections * 0},
            {"sections": -sections},
            {"sections": sections.assign(**{"2017": "a"})},
            {"totals": pd.Series({2017: 1.0})},
            {"totals": pd.Series({2016: 0.0})},
        ):
            with pytest.raises(ValueError, match="found"):
                composition.section_shares(**{"sections": sections} | change)

    @pytest.mark.parametrize(
        ("parts", "one"),
        [
            (pd.Series(WHOLE), "CCC"),
            (pd.Series(WHOLE | {"CCC": 31.3}), None),
            (pd.DataFrame({2015: WHOLE, 2016: dict.fromkeys(WHOLE, 1.0)}), "CCC"),
            (pd.Series({"WLD": 1.0, "AAA": 5.0}), "WLD"),
        ],
    )
    def test_a_whole_among_its_parts(self, parts, one):
        if one is None:
            assert composition.alone(parts, "parts") is None
            return
        with pytest.raises(ValueError, match=f"found .*{one}"):
            composition.alone(parts, "parts")
