"""Lines, points, remarks, events, the timeline and the claim: what is drawn."""

import numpy as np
import pandas as pd
import pytest

from partnership import charts
from partnership.charts.page import page_of
from partnership.charts.texts import spread_out
from partnership.charts.time import year_of
from pictures import (
    ALT,
    EVENTS,
    GOODS,
    SPREAD,
    canvas,
    finished,
    found,
    full_line,
    one,
    row_names,
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
    ax = charts.line(canvas(), frame)
    ends = {round(s[0][0]): s[:, 1].tolist() for s in one(ax, "spread").get_segments()}
    assert ends == {2007: [80.0, 95.0], 2009: [70.0, 74.8]}

    frame = year_frame(SPREAD)
    ax = charts.line(canvas(), frame)
    corners = np.concatenate([p.vertices for p in one(ax, "spread").get_paths()])
    for row in frame.itertuples():
        here = corners[np.isclose(corners[:, 0], row.start.year), 1]
        assert (here.min(), here.max()) == (row.low, row.high)
    assert not ((corners[:, 0] > 2009) & (corners[:, 0] < 2011)).any()


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
    both = {"bound": "lower", "open_high": True}  # one figure, one arrow
    ax = charts.line(canvas(), year_frame([(2006, 5.0, both)]))
    assert one(ax, "bound") and not found(ax, "open")


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


def test_labels_at_the_end_of_lines_move_apart_as_little_as_needed():
    assert spread_out([10.0, 12.0, 50.0], [10.0, 10.0, 10.0]).tolist() == [6, 16, 50]
    assert spread_out([5.0, 5.0], [2.0, 4.0]).tolist() == [3.5, 6.5]
    assert spread_out([9.0, 5.0, 8.0], [2.0, 2.0, 2.0]).tolist() == [9.5, 5, 7.5]
    ax = canvas()
    for name, end in (("one", 100.0), ("two", 101.0)):
        charts.line(ax, year_frame([(2006, 50.0), (2007, end)]), name)
    charts.finish(ax, ALT)
    low, high = (text.get_window_extent() for text in found(ax, "label"))
    assert high.y0 > low.y1 - 1


@pytest.mark.parametrize(
    ("when", "year"),
    [
        *((2017, 2017.0), ("2017", 2017.0), ("2016", 2016.0), ("2017-07", 2017.0384)),
        (pd.Timestamp("2017-07-02 18:30"), 2017.0),
    ],
)
def test_year_of(when, year):
    assert year_of(when) == pytest.approx(year, abs=1e-4)


def test_event_stands_on_its_day():
    ax = charts.event(canvas(), "2017-03-30", "the visit")
    (x, _) = one(ax, "event").get_xdata()
    # The 89th day of the year: a quarter of a year before its middle.
    assert x == pytest.approx(2017 + 88.5 / 365 - 0.5)
    charts.finish(charts.add_sources(ax, "a"), ALT)
    assert texts(ax, "event-label") == ["the visit"]


def test_events_of_a_frame_are_marked_with_their_sources():
    words = EVENTS["text"].str[:9]
    ax = charts.events(charts.line(canvas(), year_frame(GOODS)), EVENTS, text=words)
    marked = sorted(line.get_xdata()[0] for line in found(ax, "event"))
    assert marked == sorted(map(year_of, EVENTS["date"]))
    charts.finish(ax, ALT)
    assert sorted(texts(ax, "event-label")) == sorted(words)
    assert charts.sources(ax)[-2:] == ["events", "more"]


def test_labels_of_events_meet_neither_each_other_nor_a_line():
    ax = charts.line(canvas(), year_frame(GOODS))
    for month in range(1, 9):
        charts.event(ax, f"2009-0{month}", f"event number {month}")
    charts.finish(ax, ALT)
    labels = {t.get_text(): t.get_window_extent() for t in found(ax, "event-label")}
    boxes = list(labels.values())
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    stems = [line.get_xydata() for line in found(ax, "zero")]
    for x, top in ((stem[0][0], stem[1][1]) for stem in stems if len(stem) == 2):
        at, high = ax.get_xaxis_transform().transform((x, top))
        crossed = [b for b in boxes if b.x0 + 2 < at < b.x1 - 2 and b.y1 < high - 2]
        assert crossed == []


def test_timeline_tells_days_from_months_and_years():
    ax = charts.timeline(canvas(), EVENTS)
    fig = charts.finish(ax, ALT)
    dates = row_names(ax)
    assert dates == ["Oct 1995", "2004", "17 Jun 2009", "29 Mar 2017", "31 Mar 2017"]
    assert len(found(ax, "day")) == 3
    assert one(ax, "month").get_markerfacecolor() == "white"
    np.testing.assert_allclose(one(ax, "year").get_xdata(), [2003.5, 2004.5])
    shown = [text.replace("\n", " ") for text in texts(ax, "label")]
    assert sorted(shown) == sorted(EVENTS["text"])
    assert "day is not known" in " ".join(texts(fig, "key"))
    assert charts.sources(fig) == ["events", "more"]
    for length, keys in ((10, 0), (7, 1)):
        known = charts.timeline(canvas(), EVENTS[EVENTS["date"].str.len() == length])
        assert len(texts(charts.finish(known, ALT), "key")) == keys
    rows = [m.get_ydata()[0] for g in ("month", "year", "day") for m in found(ax, g)]
    labels = page_of(ax).panels[ax].labels
    np.testing.assert_allclose(rows, [label.points[0][1] for label in labels])


@pytest.mark.parametrize(
    "frame",
    [
        EVENTS.rename(columns={"date": "period"}),
        EVENTS.rename(columns={"date": "period"}).set_index("period"),
        EVENTS.sample(frac=1, random_state=3),
    ],
)
def test_a_timeline_finds_its_dates_and_sorts_them(frame):
    ax = charts.timeline(canvas(), frame, text=frame["text"])
    dates = row_names(ax)
    assert dates == ["Oct 1995", "2004", "17 Jun 2009", "29 Mar 2017", "31 Mar 2017"]
    wanted = EVENTS.sort_values("date")["text"].tolist()
    lines = [line for line in charts.drawn(ax) if line.startswith("row: ")]
    assert all(text in line for text, line in zip(wanted, lines, strict=True))
