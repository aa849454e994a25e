"""Lines, bands, points, remarks and the claim: what is drawn."""

import numpy as np
import pandas as pd
import pytest

from partnership import charts
from pictures import (
    ALT,
    GOODS,
    canvas,
    finished,
    found,
    full_line,
    layout_problems,
    one,
    statement_frame,
    texts,
    ticks,
    unit,
    year_frame,
)


def test_line_carries_the_values_and_breaks_at_the_gap():
    frame = year_frame(GOODS)
    ax = charts.line(canvas(), frame, role="pair")
    line = one(ax, "line")
    x, y = line.get_data()
    drawn = ~np.isnan(y)
    assert y[drawn].tolist() == frame["value"].tolist()
    assert x[drawn].tolist() == [2006, 2007, 2008, 2009, 2011, 2012]
    (gap,) = x[~drawn]
    assert 2009 < gap < 2011
    assert unit(ax) == "USD_million"
    assert line.get_color() == charts.ROLES["pair"].colour


def test_a_missing_value_breaks_the_line_too():
    frame = year_frame([(2006, 1.0), (2007, np.nan), (2008, 3.0)])
    ax = charts.line(canvas(), frame)
    np.testing.assert_array_equal(one(ax, "line").get_ydata(), [1.0, np.nan, 3.0])
    assert one(ax, "primary").get_xdata().tolist() == [2006, 2007, 2008]


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: frame.sample(frac=1, random_state=7),
        lambda frame: frame.reset_index(),
        lambda frame: frame.assign(place="AAA").set_index("place", append=True),
    ],
)
def test_neither_order_nor_index_of_rows_matters(change):
    frame = year_frame(GOODS)
    lines = [
        one(charts.line(canvas(), one_frame), "line").get_xydata()
        for one_frame in (frame, change(frame))
    ]
    np.testing.assert_array_equal(*lines)


def test_several_economies_in_one_frame_are_no_line():
    frame = pd.concat({"AAA": year_frame(GOODS), "BBB": year_frame(GOODS)})
    with pytest.raises(ValueError, match=r"several series \(AAA, BBB\)"):
        charts.line(canvas(), frame.swaplevel())


def test_academic_years_join_and_stand_at_their_middle():
    frame = year_frame([(2010, 5.0), (2011, 6.0), (2013, 8.0)])
    frame["period_type"] = "academic_year"
    frame["start"] = [pd.Timestamp(y, 9, 1) for y in (2010, 2011, 2013)]
    frame["end"] = [pd.Timestamp(y + 1, 8, 31) for y in (2010, 2011, 2013)]
    ax = charts.line(canvas(), frame)
    x, y = one(ax, "line").get_data()
    assert np.isnan(y).tolist() == [False, False, True, False]
    assert 2010.6 < x[0] < 2010.7
    charts.finish(ax, ALT)
    assert ticks(ax) == ["2010/11", "2011/12", "2012/13", "2013/14"]


def test_markers_tell_primary_from_other_sources():
    ax = charts.line(canvas(), year_frame(GOODS), role="first")
    primary, secondary = one(ax, "primary"), one(ax, "secondary")
    assert primary.get_xdata().tolist() == [2007, 2009, 2011, 2012]
    assert secondary.get_xdata().tolist() == [2006, 2008]
    assert primary.get_markerfacecolor() == charts.ROLES["first"].colour
    assert secondary.get_markerfacecolor() == "white"
    assert secondary.get_markeredgecolor() == charts.ROLES["first"].colour


def test_whiskers_and_band_equal_low_and_high():
    frame = year_frame(GOODS)
    ax = charts.line(canvas(), frame, spread="whiskers")
    ends = {round(s[0][0]): s[:, 1].tolist() for s in one(ax, "spread").get_segments()}
    assert ends == {2007: [80.0, 95.0], 2009: [70.0, 74.8]}

    ax = charts.line(canvas(), frame, spread="band")
    corners = np.concatenate([p.vertices for p in one(ax, "spread").get_paths()])
    for row in frame.itertuples():
        here = corners[np.isclose(corners[:, 0], row.start.year), 1]
        assert (here.min(), here.max()) == (row.low, row.high)
    assert not ((corners[:, 0] > 2009) & (corners[:, 0] < 2011)).any()
    assert not found(charts.line(canvas(), frame, spread="none"), "spread")


def test_a_computed_band_is_no_spread_between_sources():
    frame = year_frame(GOODS)
    ax = charts.line(canvas(), frame, band="Band: a guess")
    corners = one(ax, "interval").get_paths()[0].vertices
    assert {(2007.0, 80.0), (2007.0, 95.0)} <= set(map(tuple, corners))
    assert not found(ax, "spread") and not found(ax, "open")
    key = " ".join(texts(charts.finish(ax, ALT), "key"))
    assert "Band: a guess." in key and "lowest to highest" not in key


def test_arrows_stand_at_bounds_and_open_ends():
    ax = charts.line(canvas(), year_frame(GOODS))
    up, down = found(ax, "bound")
    assert up.get_xydata().tolist() == [[2011, 50.0]]
    assert down.get_xydata().tolist() == [[2012, 25.7]]
    assert up.get_marker().vertices[:, 1].max() > 0
    assert down.get_marker().vertices[:, 1].min() < 0
    assert one(ax, "open").get_xydata().tolist() == [[2007, 95.0]]


def test_points_draw_every_statement_once():
    ax = charts.points(canvas(), statement_frame(), role="second")
    assert one(ax, "primary").get_ydata().tolist() == [90.7, 300, 150]
    assert one(ax, "secondary").get_ydata().tolist() == [200]
    plan = one(ax, "plan")
    assert plan.get_ydata().tolist() == [400]
    assert (plan.get_marker(), plan.get_markerfacecolor()) == ("D", "white")
    assert [b.get_ydata().tolist() for b in found(ax, "bound")] == [[200], [300]]
    (span,) = one(ax, "span").get_segments()
    np.testing.assert_allclose(span, [[2013.5, 150], [2016.5, 150]])


@pytest.mark.parametrize("text", ["remark", "n = {:.0f}".format])
def test_remarks_stand_beside_their_points(text):
    frame = statement_frame().assign(remark=["a", "", None, "b", ""])
    shown = texts(
        charts.finish(charts.points(canvas(), frame, text=text), ALT), "label"
    )
    wanted = ["a", "b"] if text == "remark" else [f"n = {v:.0f}" for v in frame.value]
    assert sorted(shown) == sorted(wanted)


def test_band_says_what_it_means():
    frame = year_frame([(2016, 1), (2017, 2), (2018, 3)], "persons")
    frame = frame.assign(low=[1.0, 2.0, 3.0], high=[4.0, 6.0, 9.0])
    ax = charts.band(canvas(), frame, "Band: 80 percent interval")
    assert charts.sources(ax) == []  # the line beside it has sources
    figure = charts.finish(charts.add_sources(ax, "made-up"), ALT)
    corners = one(ax, "interval").get_paths()[0].vertices
    assert {(2016.0, 1.0), (2018.0, 3.0), (2018.0, 9.0)} <= set(map(tuple, corners))
    assert texts(figure, "key") == ["Band: 80 percent interval."]
    assert layout_problems(ax) == []


def test_claim_line_has_value_dash_and_number():
    ax = charts.claim(full_line(canvas()), 14000, "tractors")
    first, second = found(ax, "claim")
    assert set(first.get_ydata()) == {300}
    assert set(second.get_ydata()) == {14000}
    assert first.get_color() == second.get_color() == charts.CLAIM["color"]
    assert first.is_dashed()
    charts.finish(ax, ALT)
    labels = [text.replace("\n", " ") for text in texts(ax, "claim-label")]
    assert labels == ["the report: $300 million", "tractors: 14,000"]


def test_claim_stands_upright_across_bars():
    figure = finished("bars")
    assert set(one(figure, "claim").get_xdata()) == {450}
    assert texts(figure, "claim-label") == ["the claim: 450"]


def test_a_claim_of_the_data_brings_its_source():
    class Claim(float):
        source_id = "the-report"

    ax = charts.claim(charts.line(canvas(), year_frame([(2006, 1.0)])), Claim(3))
    assert charts.sources(ax) == ["source-2006", "the-report"]


def test_lines_keep_their_ends_apart_and_labels_move_as_little_as_needed():
    ax = canvas()
    for name, end in (("one", 100.0), ("two", 101.0), ("far", 10.0)):
        charts.line(ax, year_frame([(2006, 50.0), (2007, end)]), name)
    charts.finish(ax, ALT)
    at = {t.get_text(): t.get_window_extent() for t in found(ax, "label")}
    lines = {"one": 100, "two": 101, "far": 10}
    want = {name: ax.transData.transform((2007, y))[1] for name, y in lines.items()}
    assert at["two"].y0 > at["one"].y1 - 1  # in the order of the lines, not touching
    middles = {name: (box.y0 + box.y1) / 2 for name, box in at.items()}
    assert middles["far"] == pytest.approx(want["far"], abs=5)
    moved = middles["two"] - want["two"], want["one"] - middles["one"]
    assert moved[0] == pytest.approx(moved[1], abs=8)
    assert max(moved) < at["one"].height
