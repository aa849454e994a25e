"""Visits and documents of the reviewed tables."""

import math

import pandas as pd
import pytest

import partnership as p
from partnership import charts
from partnership.methods import events
from pictures import canvas


class TestDrawing:
    def test_the_line_stands_at_the_factor_of_the_visits(self):
        test = events.placebo(pd.Series([0.7, 0.1, 0.2], [2000, 2001, 2002]), [2000])
        ax = canvas("A finding in words", "Factor, years")
        charts.distribution(ax, test, "the visits")
        lines = {line.get_gid(): line.get_xdata()[0] for line in ax.lines}
        assert lines["observed"] == pytest.approx(math.exp(0.7))
        assert lines["needed"] == pytest.approx(math.exp(test.needed))
        bars = [patch for patch in ax.patches if patch.get_gid() == "placebos"]
        assert sum(bar.get_height() for bar in bars) == len(test.means)


class TestData:
    visits = p.load("visits")

    def test_sixth_and_four_times_hold_for_official_visits(self):
        day = "2017-03-31"
        to_ashgabat = events.trips(self.visits, "BLR", "TKM", day)
        assert [date[:4] for date in to_ashgabat["date_start"]] == [
            *("2002", "2009", "2011", "2013", "2015", "2017")
        ]
        both = ("official", "summit")
        assert len(events.trips(self.visits, "BLR", "TKM", day, both)) == 7
        to_minsk = events.trips(self.visits, "TKM", "BLR", day)
        assert [date[:4] for date in to_minsk["date_start"]] == [
            *("2010", "2012", "2014", "2016")
        ]
        unsure = ("confirmed", "unconfirmed")
        assert len(events.trips(self.visits, "TKM", "BLR", day, status=unsure)) == 5

    def test_eleven_documents_of_one_day(self):
        agreements = p.load("agreements")
        day = agreements[agreements["date"] == "2017-03-30"]
        numbers = day["title"].str.extract(r"\((\d+) of 11\)")[0].astype(int)
        assert sorted(numbers) == list(range(1, 12))
        table = events.by_field_and_year(agreements)
        assert table[2017].sum() == 11

    def test_the_visits_do_not_stand_out(self):
        cow = p.series("goods_imports", "TKM", "BLR", stated_by="COW", valuation="cif")
        change = events.log_changes(cow.value)
        years = [
            int(date[:4])
            for pair in (("BLR", "TKM"), ("TKM", "BLR"))
            for date in events.trips(self.visits, *pair)["date_start"]
        ]
        test = events.placebo(change, years)
        assert test.events == [2002, 2009, 2010, 2011, 2012, 2013]
        assert len(test.means) == math.comb(15, 6) == 5005
        assert 0.05 < test.share < 0.12
        # Five of the six are one run; drawn so, and as a calendar moved on a ring
        run = cow.value.loc["2008":"2014"]
        one = (run["2013"] * run["2014"] / run["2008"] / run["2009"]) ** (1 / 5)
        assert math.exp(change.loc[2009:2013].mean()) == pytest.approx(one)
        bunched = events.bunched(change, years, exclude=[2008])
        assert len(bunched.means) == 46 and 0.25 < bunched.share < 0.35
        moved = events.shifted(change, years)
        assert len(moved.means) == 20 and moved.share == 0.2
        embassy = events.log_changes(p.series("goods_turnover").value)
        with pytest.raises(ValueError, match="found 9 with a change and 3 other years"):
            events.placebo(embassy, years)
