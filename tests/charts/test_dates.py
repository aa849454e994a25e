"""Moments on the time axis, events and the timeline."""

import numpy as np
import pandas as pd
import pytest

from partnership import charts
from pictures import (
    ALT,
    EVENTS,
    GOODS,
    canvas,
    found,
    one,
    row_names,
    texts,
    year_frame,
)


@pytest.mark.parametrize(
    ("when", "year"),
    [
        *((2017, 2017.0), ("2017", 2017.0), ("2016", 2016.0), ("2017-07", 2017.0384)),
        (pd.Timestamp("2017-07-02 18:30"), 2017.0),
    ],
)
def test_year_of(when, year):
    assert charts.year_of(when) == pytest.approx(year, abs=1e-4)


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
    assert marked == sorted(map(charts.year_of, EVENTS["date"]))
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
    rows = [m.get_ydata()[0] for g in ("month", "year", "day") for m in found(ax, g)]
    labels = charts.page.page_of(ax).panels[ax].labels
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
