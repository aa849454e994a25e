"""Visits and documents counted, and the event study."""

from __future__ import annotations

import math
import re
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invented import written
from partnership.methods.events import (
    bunched,
    by_field_and_year,
    count_visits,
    dated,
    log_changes,
    openings,
    placebo,
    placebo_table,
    promised_years,
    shifted,
    trips,
    years_of,
)

VISITS = pd.DataFrame(
    [
        ("2002-05", "AAA", "BBB", "official", "confirmed", "head_of_state"),
        ("2008-03", "BBB", "AAA", "official", "unconfirmed", "head_of_state"),
        ("2012-12-04", "AAA", "BBB", "summit", "confirmed", "head_of_state"),
        ("2017-03-29", "AAA", "BBB", "official", "confirmed", "head_of_state"),
        ("2009-06-17", "AAA", "BBB", "official", "confirmed", "head_of_state"),
        ("2014-06-11", "AAA", "BBB", "working", "confirmed", "head_of_government"),
    ],
    columns=["date_start", "visitor", "host", "kind", "status", "level"],
).rename(columns={"visitor": "visitor_country", "host": "host_country"})
FLAT = pd.Series(10.0, index=range(2000, 2011))
yearly = st.lists(st.floats(0.1, 1000), min_size=8, max_size=14).map(
    lambda values: pd.Series(values, index=range(2000, 2000 + len(values)))
)


class TestTrips:
    def test_official_visits_in_the_order_of_time(self):
        found = trips(VISITS, "AAA", "BBB")["date_start"].tolist()
        assert found == ["2002-05", "2009-06-17", "2017-03-29"]

    def test_kinds_and_levels_widen_the_count(self):
        wide = {"kinds": {*VISITS["kind"]}, "levels": {*VISITS["level"]}}
        assert len(trips(VISITS, "AAA", "BBB", **wide)) == 5
        sure = trips(VISITS, "BBB", "AAA")
        unsure = trips(VISITS, "BBB", "AAA", status="unconfirmed")
        assert (len(sure), len(unsure)) == (0, 1)

    @pytest.mark.parametrize(
        ("until", "count"),
        [
            ("2017-03-28", 2),
            ("2017-03-29", 3),
            ("2017-03", 3),
            ("2017", 3),
            ("2016", 2),
            ("2002-05-01", 1),
            ("2002-04-30", 0),
        ],
    )
    def test_until_counts_the_last_day(self, until, count):
        assert len(trips(VISITS, "AAA", "BBB", until)) == count

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"host": "AAA"}, "host: found 'AAA'; allowed is another than the visitor"),
            ({"kinds": ("state",)}, "kind: found 'state'; allowed is one of official"),
            ({"status": "sure"}, "status: found 'sure'; allowed is one of conf"),
            ({"visits": VISITS.drop(columns="level")}, "found no column 'level'"),
        ],
    )
    def test_errors_name_what_is_allowed(self, change, message):
        arguments = {"visits": VISITS, "visitor": "AAA", "host": "BBB"} | change
        with pytest.raises(ValueError, match=message):
            trips(**arguments)


class TestDocuments:
    agreements = pd.DataFrame(
        {
            "field": ["trade", "culture", "trade", "trade", "legal"],
            "date": ["2017-03-30", "2017-03-30", "2009", "2010-01", None],
            "date_kind": ["signed", "signed", "signed", "reported", "unknown"],
        }
    )

    def test_counts_of_signed_documents(self):
        table = by_field_and_year(self.agreements)
        assert table.index.tolist() == ["trade", "culture"]
        assert table.columns.tolist() == [2009, 2017]
        assert table.loc["trade"].tolist() == [1, 1]
        assert math.isnan(table.loc["culture", 2009])

    def test_other_kinds_of_date_are_asked_for(self):
        wide = by_field_and_year(self.agreements, ("signed", "reported"))
        assert wide.loc["trade", 2010] == 1
        with pytest.raises(ValueError, match="found no document with in_force"):
            by_field_and_year(self.agreements, ("in_force",))


class TestDated:
    def test_exact_and_uncertain_dates_are_told_apart(self):
        words = VISITS["kind"].str.upper()
        rows = dated(VISITS, "date_start", words)
        assert rows["precision"].tolist() == ["month", "month"] + ["day"] * 4
        assert rows["text"].iloc[-1] == "OFFICIAL"
        assert rows["date"].is_monotonic_increasing
        gap = VISITS.assign(date_start=[None, *VISITS["date_start"][1:]])
        assert len(dated(gap, "date_start", words)) == 5

    def test_another_form_of_date_is_refused(self):
        odd = VISITS.assign(date_start="May 2002")
        with pytest.raises(ValueError, match="date_start: found 'May 2002'; allowed"):
            dated(odd, "date_start", odd["kind"])


class TestChanges:
    def test_worked_numbers(self):
        values = pd.Series([10.0, 20.0, 40.0, 30.0], index=[2000, 2001, 2002, 2003])
        # 2001: ln(40 / 10); 2002: ln(30 / 20)
        found = log_changes(values)
        expected = {2001: math.log(4), 2002: math.log(1.5)}
        assert found.to_dict() == pytest.approx(expected)
        # With skip=0 the year itself is the second window: ln(20 / 10) and so on
        own = log_changes(values, skip=0)
        expected = {2001: math.log(2), 2002: math.log(2), 2003: math.log(0.75)}
        assert own.to_dict() == pytest.approx(expected)

    def test_longer_windows_are_means(self):
        values = pd.Series([10.0, 30.0, 5.0, 40.0, 80.0], index=range(2000, 2005))
        # 2002: mean(40, 80) / mean(10, 30) = 60 / 20
        found = log_changes(values, before=2, after=2)
        assert found.to_dict() == pytest.approx({2002: math.log(3)})

    def test_years_may_be_text(self):
        text = FLAT.rename(str)
        assert log_changes(text).equals(log_changes(FLAT))

    def test_a_gap_is_no_zero_and_no_neighbour(self):
        values = pd.Series({2000: 10.0, 2001: 20.0, 2003: 40.0, 2004: 40.0})
        # 2002 lies between 2001 and 2003; 2001 and 2003 miss 2002.
        assert log_changes(values).index.tolist() == [2002]
        same = values.reindex(range(2000, 2005))
        assert log_changes(same).index.tolist() == [2002]

    @given(yearly, st.floats(0.01, 100))
    def test_the_unit_does_not_matter(self, values, scale):
        one, other = log_changes(values), log_changes(values * scale)
        assert other.tolist() == pytest.approx(one.tolist(), abs=1e-9)

    @given(yearly)
    def test_a_growth_rate_gives_the_same_change_everywhere(self, values):
        steady = pd.Series(1.1 ** np.arange(len(values)), index=values.index)
        assert log_changes(steady).tolist() == pytest.approx(
            [2 * math.log(1.1)] * (len(values) - 2)
        )

    @pytest.mark.parametrize(
        ("values", "arguments", "message"),
        [
            (FLAT, {"before": 0}, "before: found 0; allowed is a whole number from 1"),
            (FLAT, {"after": 1.5}, "after: found 1.5"),
            (FLAT, {"skip": 2}, "skip: found 2; allowed is one of 0, 1"),
            (FLAT, {"before": 6, "after": 6}, "no year with 6 before and 6 after"),
            (FLAT * 0, {}, "values: found 0 at 2000; allowed is a finite number above"),
            (FLAT * math.nan, {}, "values: found no year with 1 before"),
        ],
    )
    def test_bad_series_are_named(self, values, arguments, message):
        with pytest.raises(ValueError, match=message):
            log_changes(values, **arguments)


def change(values):
    return pd.Series(values, index=range(2000, 2000 + len(values)), dtype=float)


class TestPlacebo:
    def test_worked_numbers_of_all_sets(self):
        # Visits 2000 and 2001 with mean 2.5; the other four years are 1, 2, 3, 4.
        test = placebo(change([3, 2, 1, 2, 3, 4]), [2001, 2000, 2000, 2010])
        assert test.observed == pytest.approx(2.5)
        assert (test.events, test.left_out) == ([2000, 2001], [2010])
        assert test.pool == [2002, 2003, 2004, 2005]
        assert test.exact
        # Six pairs of 1, 2, 3, 4: means 1.5, 2, 2.5, 2.5, 3, 3.5; four reach 2.5
        assert sorted(test.means) == pytest.approx([1.5, 2, 2.5, 2.5, 3, 3.5])
        assert test.share == pytest.approx(4 / 6)
        assert test.p == pytest.approx(5 / 7)
        assert test.needed == pytest.approx(
            np.quantile([1.5, 2, 2.5, 2.5, 3, 3.5], 0.95)
        )

    def test_excluded_years_are_no_placebos(self):
        test = placebo(change([3, 2, 1, 2]), [2000], exclude=[2003])
        assert test.pool == [2001, 2002]
        text = placebo(change([3, 2, 1, 2]), ["2000"], exclude=["2003"])
        assert (text.events, text.pool) == ([2000], [2001, 2002])

    def test_drawing_is_seeded_and_close_to_all_sets(self):
        values = change(np.random.default_rng(1).normal(size=20))
        years = [2000, 2005, 2010, 2015]
        every = placebo(values, years)
        drawn = placebo(values, years, draws=1500, seed=7)
        again = placebo(values, years, draws=1500, seed=7)
        assert every.exact
        assert len(every.means) == math.comb(16, 4)
        assert not drawn.exact
        assert len(drawn.means) == 1500
        # No year is drawn twice into one set: every drawn set is a possible one.
        assert set(drawn.means.round(10)) <= set(every.means.round(10))
        assert np.array_equal(drawn.means, again.means)
        # Four standard errors of a share from 1500 draws: 4 x 0.5 / sqrt(1500) = 0.05
        assert drawn.share == pytest.approx(every.share, abs=0.052)
        other = placebo(values, years, draws=1500, seed=8)
        assert not np.array_equal(drawn.means, other.means)

    def test_a_large_effect_is_found_and_none_is_not(self):
        rng = np.random.default_rng(3)
        values = change(rng.normal(0, 0.3, size=21))
        years = [2002, 2007, 2012, 2018]
        raised = values.copy()
        raised[years] += 2
        assert placebo(raised, years).share == 0
        assert placebo(raised, years).p == pytest.approx(1 / 2381)
        shares = []
        for _ in range(60):
            noise = change(rng.normal(size=14))
            shares.append(placebo(noise, [2001, 2006, 2011]).p)
        # Without an effect p is spread evenly: about 5 percent below 0.05
        assert 0.35 < np.mean(shares) < 0.65
        assert np.mean(np.array(shares) < 0.05) < 0.16

    @settings(max_examples=40)
    @given(st.lists(st.floats(-3, 3), min_size=6, max_size=12), st.integers(1, 3))
    def test_share_and_p_are_shares_and_the_sets_are_complete(self, values, k):
        frame = change(values)
        test = placebo(frame, frame.index[:k])
        others = list(combinations(values[k:], k))
        assert sorted(test.means) == pytest.approx(sorted(np.mean(o) for o in others))
        assert 0 <= test.share <= 1
        assert 1 / (1 + len(others)) <= test.p <= 1
        high = placebo(frame + np.r_[[9] * k, [0] * (len(values) - k)], frame.index[:k])
        assert high.share == 0

    @pytest.mark.parametrize(
        ("visits", "message"),
        [
            ([2004, 2005, 2006], "visits: found 3 with a change and 2 other years"),
            ([1990], r"visits: found \[1990\]; allowed is a year from 2002 to 2006"),
            ([], "visits: found none; allowed is a year from 2002 to 2006"),
        ],
    )
    def test_too_few_years_are_refused(self, visits, message):
        frame = pd.Series(0.0, index=range(2002, 2007))
        with pytest.raises(ValueError, match=message):
            placebo(frame, visits)


class TestBunched:
    def test_worked_numbers(self):
        # Years 2000 to 2008; visits in 2003, and in 2006 and 2007
        frame = change([1, 2, 4, 9, 8, 16, 9, 9, 32])
        test = bunched(frame, [2003, 2006, 2007])
        # A pair and a single year apart from it: (2000, 2001) with 2004, 2005, 2008;
        # (2001, 2002) with 2004, 2005, 2008; (2004, 2005) with 2000, 2001, 2002, 2008
        sums = [11, 19, 35, 14, 22, 38, 25, 26, 28, 56]
        assert sorted(test.means) == pytest.approx(sorted(n / 3 for n in sums))
        assert test.observed == pytest.approx(9)
        assert test.share == pytest.approx(4 / 10) and test.p == pytest.approx(5 / 11)

    def test_single_years_apart_are_a_run_each(self):
        frame = change([5, 1, 2, 3, 4])
        # Pairs of others that are no neighbours: 2001 with 2003 or 2004
        assert bunched(frame, [2000, 2002]).means == pytest.approx([2, 2.5])

    def test_an_excluded_year_is_in_no_run(self):
        frame = change([1, 2, 4, 9, 9])
        assert bunched(frame, [2003, 2004], exclude=[2000]).means == pytest.approx([3])

    def test_a_run_of_noise_is_no_news_and_a_drawn_one_is(self):
        # One difference seen five times: drawn singly it looks rare, as a run it is not
        boom = change([3, 3, 3, 3, 3, 0, 0, 0, 0, 3, 3, 3, 3, 3])
        years = range(2009, 2014)
        assert placebo(boom, years).share < 0.01 < bunched(boom, years).share == 1 / 5

    def test_runs_that_fit_nowhere_are_refused(self):
        with pytest.raises(ValueError, match="visits: found runs of 3 years that fit"):
            bunched(change([0, 1, 2, 3, 4]), [2001, 2002, 2003])
        with pytest.raises(ValueError, match="sets; allowed is a million"):
            bunched(change(range(60)), range(2000, 2024, 2))


class TestShifted:
    def test_worked_numbers(self):
        # The calendar 2002, 2004 moved on the ring of 2000..2005 by 1 to 5 years
        frame = change([0, 1, 2, 3, 4, 9])
        test = shifted(frame, [2002, 2004])
        # 2003 and 2005, 2004 and 2000, 2005 and 2001, 2000 and 2002, 2001 and 2003
        assert test.means == pytest.approx([6, 2, 5, 1, 2])
        assert test.observed == pytest.approx(3)
        assert test.share == pytest.approx(2 / 5)
        assert test.p == pytest.approx(3 / 6)

    def test_visits_in_every_year_are_refused(self):
        with pytest.raises(ValueError, match="found a visit in every year"):
            shifted(change([0, 1]), [2000, 2001])


class TestMany:
    def test_every_combination_and_no_share_from_few_sets(self):
        # Twelve years with changes 0, 1, ... ; two visits, then five
        grown = np.exp(np.cumsum(np.r_[0, np.arange(13.0)]))
        values = pd.Series(grown, index=range(2000, 2014))
        table = placebo_table(
            {"s": values},
            {"own": (1, 1, 0), "next": (1, 1, 1)},
            {"two": [2012, 2013], "most": range(2003, 2014)},
            exclude=[2001],
        )
        assert table.shape == (4, 5)
        own = table.loc[("s", "own", "two")]
        # Changes are 0 in 2001 ... 12 in 2013: mean 11.5; C(10, 2) = 45 sets
        assert own["factor"] == pytest.approx(math.exp(11.5))
        assert (own["visits"], own["sets"], own["share"]) == (2, 45, 0)
        most = table.loc[("s", "own", "most")]
        assert (most["visits"], most["sets"]) == (11, 0)
        assert math.isnan(most["share"])


class TestCounts:
    def test_a_row_a_definition(self):
        pairs = {"there": ("AAA", "BBB"), "back": ("BBB", "AAA")}
        table = count_visits(VISITS, pairs, "2016")
        assert table.loc["official visits"].tolist() == [2, 0]
        assert table.loc["summit trips too"].tolist() == [3, 0]
        assert table.loc["official, unconfirmed too"].tolist() == [2, 1]

    def test_years_stand_once(self):
        assert years_of(VISITS) == [2002, 2008, 2009, 2012, 2014, 2017]
        assert years_of(pd.concat([VISITS, VISITS])) == years_of(VISITS)


class TestPromises:
    SAID = pd.DataFrame(
        {"stated_on": ["2014-10-08", "2011", "2019"], "value": [2016, 2014, 2015]}
    )

    def test_an_account_after_the_fact_is_dated_to_the_contract(self):
        result = promised_years(self.SAID, "2010-01-11")
        assert result["made"].dt.strftime("%Y-%m-%d").tolist() == [
            "2010-01-11",
            "2011-07-02",
            "2014-10-08",
        ]
        assert result["promised"].tolist() == [2015, 2014, 2016]
        assert result["slip"].tolist() == [1, 0, 2]
        assert result["retold"].tolist() == [True, False, False]

    def test_a_promise_made_within_its_own_year_stays_where_it_is(self):
        said = pd.DataFrame({"stated_on": ["2016-12"], "value": [2016]})
        result = promised_years(said, "2010-01-11")
        assert not result["retold"].item()
        assert result["made"].dt.strftime("%Y-%m-%d").item() == "2016-12-16"

    def test_a_promise_without_a_date_is_refused(self):
        for missing in ("", None):
            said = pd.DataFrame({"stated_on": [missing], "value": [2016]})
            with pytest.raises(
                ValueError,
                match=re.escape(
                    f"statements['stated_on']: found {missing!r}; allowed is a"
                ),
            ):
                promised_years(said, "2010")

    def test_no_promises_and_no_column_are_refused(self):
        with pytest.raises(ValueError, match=re.escape("statements: found no rows")):
            promised_years(self.SAID.iloc[:0], "2010")
        with pytest.raises(
            ValueError, match=re.escape("statements: found no column 'stated_on'")
        ):
            promised_years(self.SAID[["value"]], "2010")


class TestOpenings:
    EVENTS = pd.DataFrame(
        {
            "date": ["2019-06-28", "2018", "2017-04", "2017-04-02", "2018-05-05"],
            "kind": ["opening", "opening", "opening", "opening", "fire"],
        }
    )

    def test_counted_in_order_and_only_if_wholly_inside(self):
        result = openings(self.EVENTS, "2017-04-02", "2019-06-28", "opening")
        # April 2017 may have been before the 2nd; the last day counts.
        assert result["date"].tolist() == ["2017-04-02", "2018", "2019-06-28"]
        assert result["number"].tolist() == [1, 2, 3]
        assert result["years_after"].iloc[0] == 0
        assert result["years_after"].iloc[2] == pytest.approx(817 / 365.25)

    def test_an_inexact_date_counts_only_if_all_of_it_lies_inside(self):
        rows = pd.DataFrame({"date": ["2016", "2017", "2018-06"], "kind": "opening"})
        inside = openings(rows, "2016-02-01", "2018-06-29", "opening")
        assert inside["date"].tolist() == ["2017"]
        assert len(openings(rows, pd.Timestamp("2016-01-01"), "2018", "opening")) == 3

    def test_none_in_the_window_is_an_answer(self):
        result = openings(self.EVENTS, "2020-01-01", "2021-01-01", "opening")
        assert result.empty

    def test_an_unknown_kind_and_an_empty_window_are_refused(self):
        with pytest.raises(
            ValueError,
            match=re.escape("kind: found 'party'; allowed is one of fire, opening"),
        ):
            openings(self.EVENTS, "2017-01-01", "2018-01-01", "party")
        with pytest.raises(
            ValueError,
            match=re.escape(
                "end: found 2016-01-01; allowed is a day not before 2017-01-01"
            ),
        ):
            openings(self.EVENTS, "2017-01-01", "2016-01-01", "opening")


class TestWholeResults:
    EVENTS = pd.DataFrame(
        {
            "date": ["2012", "2010-06", "2010-06-30", "2010-06-30", "2013", "2011-02"],
            "kind": ["opening"] * 5 + ["closing"],
            "name": list("abcdef"),
        }
    )

    def test_openings(self):
        found = openings(self.EVENTS, "2010-06", "2012", "opening")
        assert (
            written(found)
            == """\
None:int64 | date:text, kind:text, name:text, years_after:float64, number:int64
0 | 2010-06, opening, b, 0, 1
1 | 2010-06-30, opening, c, 0.079397673, 2
2 | 2010-06-30, opening, d, 0.079397673, 3
3 | 2012, opening, a, 1.5852156, 4
"""
        )
        assert (
            written(openings(self.EVENTS, "2011", "2011-02", "closing"))
            == """\
None:int64 | date:text, kind:text, name:text, years_after:float64, number:int64
0 | 2011-02, closing, f, 0.084873374, 1
"""
        )
        # A window of one day, and one that knows of nothing.
        day = openings(self.EVENTS, "2010-06-30", "2010-06-30", "opening")
        assert day["name"].tolist() == ["c", "d"]
        assert openings(self.EVENTS, "2009", "2009", "closing").empty
        odd = self.EVENTS.assign(date="June")
        for arguments in (
            (self.EVENTS, "2011", "2010", "opening"),
            (self.EVENTS, "2010", "2011", "parade"),
            (self.EVENTS, "soon", "2011", "opening"),
            (self.EVENTS, "2010", "late", "opening"),
            (odd, "2010", "2011", "opening"),
            (self.EVENTS.drop(columns="kind"), "2010", "2011", "opening"),
            (self.EVENTS[:0], "2010", "2011", "opening"),
        ):
            with pytest.raises(ValueError, match="found"):
                openings(*arguments)

    def test_visits(self):
        pairs = {"there": ("AAA", "BBB"), "back": ("BBB", "AAA")}
        assert (
            written(count_visits(VISITS, pairs))
            == """\
None:text | there:int64, back:int64
official visits | 3, 0
summit trips too | 4, 0
official, unconfirmed too | 3, 1
"""
        )
        assert (
            written(count_visits(VISITS, pairs, "2010"))
            == """\
None:text | there:int64, back:int64
official visits | 2, 0
summit trips too | 2, 0
official, unconfirmed too | 2, 1
"""
        )
        assert (
            written(trips(VISITS, "AAA", "BBB", "2009"))
            == """\
None:int64 | date_start:text, visitor_country:text, host_country:text, kind:text,
  status:text, level:text
0 | 2002-05, AAA, BBB, official, confirmed, head_of_state
4 | 2009-06-17, AAA, BBB, official, confirmed, head_of_state
"""
        )
        assert years_of(VISITS) == [2002, 2008, 2009, 2012, 2014, 2017]
        with pytest.raises(ValueError, match="visits: found no column"):
            years_of(VISITS.drop(columns="date_start"))
        with pytest.raises(ValueError, match="date_start"):
            years_of(VISITS.assign(date_start="May"))

    def test_documents_and_a_timeline(self):
        assert (
            written(by_field_and_year(TestDocuments.agreements))
            == """\
field:text | 2009:float64, 2017:int64 by year
trade | 1, 1
culture | nan, 1
"""
        )
        found = dated(self.EVENTS, "date", self.EVENTS["name"].str.upper())
        assert (
            written(found)
            == """\
None:int64 | date:text, kind:text, name:text, text:text, precision:text
1 | 2010-06, opening, b, B, month
2 | 2010-06-30, opening, c, C, day
3 | 2010-06-30, opening, d, D, day
5 | 2011-02, closing, f, F, month
0 | 2012, opening, a, A, year
4 | 2013, opening, e, E, year
"""
        )
        agreements = TestDocuments.agreements
        with pytest.raises(ValueError, match="agreements: found no column"):
            by_field_and_year(agreements.drop(columns="field"))
        with pytest.raises(ValueError, match="date"):
            by_field_and_year(agreements.assign(date="May"))
        with pytest.raises(ValueError, match="frame: found no column"):
            dated(self.EVENTS, "day", self.EVENTS["name"])

    def test_promises(self):
        said = pd.DataFrame(
            {
                "stated_on": ["2011-05", "2009", "2012-01-02"],
                "value": [2013, 2012, 2011],
            }
        )
        assert (
            written(promised_years(said, "2010-01-20"))
            == """\
None:int64 | stated_on:text, value:int64, made:datetime64[s], promised:int64,
  slip:int64, retold:bool
0 | 2009, 2012, 2009-07-02 00:00:00, 2012, 1, False
1 | 2012-01-02, 2011, 2010-01-20 00:00:00, 2011, 0, True
2 | 2011-05, 2013, 2011-05-16 00:00:00, 2013, 2, False
"""
        )

    def test_placebos(self):
        values = pd.Series(np.r_[1.0, 2, 4, 3, 5, 8, 6, 9, 12, 10], range(2000, 2010))
        assert (
            written(log_changes(values))
            == """\
year:int64 | change:float64
2001 | 1.3862944
2002 | 0.40546511
2003 | 0.22314355
2004 | 0.98082925
2005 | 0.18232156
2006 | 0.11778304
2007 | 0.69314718
2008 | 0.10536052
"""
        )
        assert (
            written(log_changes(values, 2, 2, 0))
            == """\
year:int64 | change:float64
2002 | 0.84729786
2003 | 0.28768207
2004 | 0.61903921
2005 | 0.55961579
2006 | 0.14310084
2007 | 0.40546511
2008 | 0.38299225
"""
        )
        series, windows = {"goods": values}, {"short": (1, 1), "long": (2, 2, 0)}
        visits = {"AAA": [2002, 2005], "BBB": [2004]}
        table = placebo_table(series, windows, visits, (2003,), fewest=6)
        assert (
            written(table)
            == """\
series:text, window:text, visits of:text | visits:int64, sets:int64, factor:float64,
  needed:float64, share:float64
goods, short, AAA | 2, 10, 1.3416408, 3.0612806, 0.9
goods, short, BBB | 1, 6, 2.6666667, 3.3635857, 0.16666667
goods, long, AAA | 2, 6, 2.0207259, 1.664364, 0
goods, long, BBB | 1, 5, 1.8571429, nan, nan
"""
        )
        assert (
            written(placebo_table(series, windows, visits))
            == """\
series:text, window:text, visits of:text | visits:int64, sets:int64, factor:float64,
  needed:float64, share:float64
goods, short, AAA | 2, 15, 1.3416408, nan, nan
goods, short, BBB | 1, 7, 2.6666667, nan, nan
goods, long, AAA | 2, 10, 2.0207259, nan, nan
goods, long, BBB | 1, 6, 1.8571429, nan, nan
"""
        )
        found = placebo(log_changes(values), [2002, 2005], (2003,), draws=5, seed=1)
        assert [found.exact, found.share, found.p] == [False, 1.0, 1.0]
        assert found.needed == pytest.approx(0.9416378455)
        assert found.means.round(6).tolist() == [
            0.549306,
            1.039721,
            0.399254,
            0.543095,
            0.543095,
        ]
        for wrong in ({"draws": 0}, {"exclude": ("never",)}, {"visits": ["May"]}):
            arguments = {"change": log_changes(values), "visits": [2002]} | wrong
            with pytest.raises(ValueError, match="found"):
                placebo(**arguments)
