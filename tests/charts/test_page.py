"""What a page remembers: units and sources; and what every form refuses."""

import re

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from partnership import charts
from pictures import (
    ALT,
    EVENTS,
    GOODS,
    MATRIX,
    PARTNERS,
    PLANS,
    SECTIONS,
    SWINGS,
    canvas,
    full_line,
    statement_frame,
    texts,
    unit,
    year_frame,
)

LINE = year_frame(GOODS)
SAID = statement_frame()

# Form, its frame, options, message: "ARGUMENT: found X; allowed is Y".
REFUSED = [
    (charts.line, LINE, {"role": "third"}, "role: found 'third'; allowed is one of fi"),
    (charts.line, LINE, {"role": "claim"}, "role: found 'claim'"),
    (charts.line, LINE, {"variant": 3}, "variant: found 3; allowed is one of 0, 1, 2"),
    (charts.line, LINE.drop(columns="low"), {}, "frame: found no column 'low'"),
    (charts.line, LINE[:0], {}, "frame: found no rows"),
    (charts.line, [1, 2], {}, "frame: found [1, 2]; allowed is a pandas DataFrame"),
    (charts.line, LINE.assign(series=[*"aaaaab"]), {}, "several series (a, b)"),
    (charts.line, LINE.assign(reliability="good"), {}, "reliability: found 'good'"),
    (charts.line, LINE.assign(bound="high"), {}, "bound: found 'high'"),
    (charts.line, LINE.assign(start=pd.NaT), {}, "found no period in 6 of 6 rows"),
    (charts.line, LINE.assign(value="many"), {}, "value: found 'many'"),
    (charts.line, LINE.assign(low=99), {"band": "x"}, "frame: found low exceeds high"),
    (charts.points, SAID.assign(qualifier="maybe"), {}, "qualifier: found 'maybe'"),
    (charts.points, SAID.assign(value=np.nan), {}, "value: found no value (NaN)"),
    (charts.points, SAID, {"text": "remark"}, "frame: found no column 'remark'"),
    (charts.timeline, EVENTS.assign(date="May 2017"), {}, "no date"),
    (charts.timeline, EVENTS.assign(date=""), {}, "date: found none in 5 of 5 rows"),
    (charts.timeline, EVENTS.assign(text=None), {}, "text: found none in 5 of 5 rows"),
    (charts.timeline, EVENTS, {"highlight": ["x"]}, "highlight: found 'x'"),
    (charts.timeline, EVENTS, {"date": "day"}, "frame: found no column 'day'"),
    (charts.events, EVENTS, {"text": "words"}, "frame: found no column 'words'"),
    (charts.bars, PARTNERS, {"highlight": "Eland"}, "highlight: found 'Eland'"),
    (charts.bars, PARTNERS.drop(columns="value"), {}, "found no column 'value'"),
    (charts.bars, PARTNERS.assign(value="many"), {}, "value: found 'many'"),
    (charts.bars, PARTNERS.assign(category="a"), {}, "category: found 'a' twice"),
    (charts.bars, PARTNERS.assign(unit=[*"tttk"]), {}, "a frame that mixes k, t"),
    (charts.targets, PLANS, {"value": "came"}, "frame: found no column 'came'"),
    (charts.targets, PLANS.drop(columns="target"), {}, "found no column 'target'"),
    (charts.tornado, SWINGS.assign(at_low=np.nan), {}, "swings: found no value"),
    (charts.shares, -SECTIONS, {}, "frame: found -8"),
    (charts.shares, SECTIONS * 0, {}, "found a row that adds up to 0"),
    (charts.shares, SECTIONS, {"highlight": {"gas": "first"}}, "no column 'gas'"),
    (charts.heatmap, MATRIX * np.nan, {}, "matrix: found only empty cells"),
    (charts.claim, "many", {}, "value: found 'many'"),
    (charts.event, "March 2017", {"text": "x"}, "no date"),
]


@pytest.mark.parametrize(("form", "frame", "options", "message"), REFUSED)
def test_errors_name_what_is_wrong_and_what_is_allowed(form, frame, options, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        form(canvas(), frame, **options)


def test_forms_that_cannot_share_an_axes_say_so():
    for first in (full_line, lambda ax: charts.bars(ax, PARTNERS)):
        ax = first(canvas())
        with pytest.raises(ValueError, match="bars: found an Axes that already holds"):
            charts.bars(ax, PARTNERS)
    with pytest.raises(ValueError, match="ax: found Figure; allowed is an Axes"):
        charts.finish(mpl.figure.Figure(), ALT)


def test_one_axes_holds_one_unit():
    ax = charts.line(canvas(), LINE)
    for other, word in (("persons", "persons"), ("", "no unit")):
        with pytest.raises(ValueError, match=rf"unit: found '{word}'.*'USD_million'"):
            charts.line(ax, year_frame(GOODS, unit=other))
    free = charts.line(canvas(), year_frame(GOODS, unit=""))
    charts.line(free, year_frame(GOODS, unit=None))
    assert unit(free) == "no unit"
    matrix = charts.heatmap(canvas(), MATRIX.assign(unit="x")[[*MATRIX]], unit="rank")
    assert unit(matrix) == "rank"


def test_sources_come_as_ids_texts_and_frames():
    more = [["extra;source-2006", None, "last"], "one; two", EVENTS, PARTNERS]
    ax = charts.add_sources(full_line(canvas()), *more)
    ids = [f"source-{year}" for year in (2006, 2007, 2008, 2009, 2011, 2012)]
    ids += ["extra", "last", "one", "two", "events", "more", "cow"]
    fig = charts.finish(ax, ALT)
    footer = " ".join(texts(fig, "sources"))
    assert charts.sources(fig) == charts.sources({"a": ax}) == ids
    assert re.findall(r"[\w-]+", footer) == ["Sources", *ids]


def test_long_footer_counts_what_it_leaves_out():
    ids = [f"a-source-with-a-rather-long-name-{i:02}" for i in range(40)]
    fig = charts.finish(charts.add_sources(full_line(canvas()), ids), ALT)
    lines = texts(fig, "sources")
    footer = " ".join(lines)
    listed = [one for one in charts.sources(fig) if one in footer]
    assert len(lines) == 2
    assert f"and {46 - len(listed)} more" in footer


def test_key_explains_only_what_is_drawn():
    plain = charts.line(canvas(), year_frame([(2006, 1.0), (2007, 2.0)]))
    assert texts(charts.finish(plain, ALT), "key") == []
    key = " ".join(texts(charts.finish(full_line(canvas()), ALT), "key"))
    assert "Hollow mark: secondary or tertiary source; filled: primary." in key
    assert "Whiskers" in key
    assert "Arrow" in key
    assert "Diamond" not in key
