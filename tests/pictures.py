"""Pictures of invented figures, and what a test reads from a figure."""

import numpy as np
import pandas as pd
from matplotlib.text import Annotation, Text

from partnership import charts
from partnership.charts.page import opened, page_of
from partnership.charts.texts import ink_of

ALT = "Line chart: the figures rise until 2009 and fall to a third of that by 2012."


def year_frame(rows, unit="USD_million"):
    """Make a frame as `partnership.series` does; rows are (year, value, extras)."""
    plain = {"bound": "", "open_low": False, "open_high": False}
    plain |= {"period_type": "calendar_year", "reliability": "primary"}
    made = []
    for year, value, *extra in rows:
        row = {"start": pd.Timestamp(year, 1, 1), "end": pd.Timestamp(year, 12, 31)}
        row |= {"value": value, "low": value, "high": value}
        row |= {"source_id": f"source-{year}"} | plain
        made.append(row | (extra[0] if extra else {}))
    index = pd.Index([str(row[0]) for row in rows], name="period")
    frame = pd.DataFrame(made, index)
    frame.attrs = {"unit": unit, "title": "Goods turnover"}
    return frame


GOODS = [
    (2006, 15.6, {"reliability": "secondary"}),
    (2007, 87.9, {"low": 80.0, "high": 95.0, "open_high": True}),
    (2008, 49.5, {"reliability": "tertiary"}),
    (2009, 74.8, {"low": 70.0, "high": 74.8}),
    (2011, 50.0, {"bound": "lower"}),
    (2012, 25.7, {"bound": "upper"}),
]

SPREAD = [(y, v, {"low": v - 9, "high": v + 9}) for y, v, *_ in GOODS[:4]]
SPREAD += [(2011, 50.0, {"low": 41.0, "high": 61.0}), (2012, 25.7)]


def statement_frame():
    """Make a frame as `partnership.statements` does."""
    frame = year_frame(
        [
            (2010, 90.7, {"qualifier": "exact"}),
            (2011, 200, {"qualifier": "more_than", "reliability": "secondary"}),
            (2012, 400, {"qualifier": "forecast", "reliability": "secondary"}),
            (2013, 300, {"qualifier": "less_than"}),
            (2014, 150, {"qualifier": "about", "period_type": "range"}),
        ]
    )
    frame.loc["2014", "end"] = pd.Timestamp(2016, 12, 31)
    return frame.rename(index={"2014": "2014..2016"})


LONG = (
    "A visit to the capital with a text so long that it has to be broken into several "
    "lines to find room beside its mark"
)
EVENTS = pd.DataFrame(
    {
        "date": ["2017-03-29", "1995-10", "2004", "2009-06-17", "2017-03-31"],
        "text": [
            "The visit begins",
            "The embassy opens",
            "Foreign diplomas are no longer recognised",
            LONG,
            "The plant opens",
        ],
        "source_ids": "events;more",
    }
)
PLANS = pd.DataFrame(
    {
        "value": [90.7, 237.8, np.nan],
        "target": [1000.0, 400.0, 500.0],
        "word": ["target", "forecast", "target"],
        "unit": "USD_million",
        "source_id": ["a;b", "c", "a"],
    },
    index=pd.Index(["2010", "2012", "2025"], name="period"),
)
PARTNERS = pd.DataFrame(
    {
        "category": ["Aland", "Beland", "Celand", "Deland"],
        "value": [409.0, 1002.0, 348.0, 334.0],
        "unit": "USD_million",
        "source_id": "cow",
    }
)
SECTIONS = pd.DataFrame(
    {"food": [8.0, 1], "machinery": [74.0, 90], "fuel": [0.5, 0.5], "other": [3, 1]},
    index=["1995", "2005"],
)
MANY = SECTIONS.assign(ore=[6.0, 2], wood=[5.0, 2], wool=[4.0, 3], gas=[0.2, 0.1])
MATRIX = pd.DataFrame(
    [[1.0, np.nan, 14.0], [2.0, 3.0, 7.0]],
    index=["tractors", "medicines"],
    columns=[2007, 2010, 2012],
)
SWINGS = pd.DataFrame(
    {
        "low": [7, 0, 0.1],
        "high": [25, 0.3, 0.6],
        "at_low": [4900.0, 8200.0, 9300.0],
        "at_base": [9489.0, 9489.0, 9489.0],
        "at_high": [14200.0, 11900.0, 9400.0],
    },
    index=["life", "share of the imports of all other years, as far as known", "old"],
)


def canvas(
    title="Goods trade fell to a third",
    subtitle="Goods turnover, million US dollars, 2006–2012",
):
    """Open a figure with one Axes, for `charts.finish` to end."""
    with charts.style():
        return next(iter(opened(title, subtitle, (1, 1), 1, None)))


def full_line(ax):
    charts.line(ax, year_frame(GOODS), "goods", role="pair")
    more = year_frame([(2006, 60.0), (2007, 62.0), (2008, 90.0), (2009, 88.0)])
    charts.line(ax, more, "goods and services", role="pair", variant=1)
    charts.claim(ax, 300, "the report: $300 million")
    charts.event(ax, "2009-06-17", "a visit")
    charts.event(ax, "2010-01", "customs union")
    return charts.note(ax, 2007, 87.9, "the first peak")


def sourced(form, *args, **options):
    def draw(ax):
        form(ax, *args, **options)
        return charts.add_sources(ax, "unctad")

    return draw


FORMS = {
    "line": full_line,
    "spread": lambda ax: charts.line(ax, year_frame(SPREAD), "goods"),
    "band": lambda ax: charts.line(ax, year_frame(GOODS), "x", band="Band: a guess"),
    "points": lambda ax: charts.points(
        ax, statement_frame(), "as stated", text="{:.0f}".format
    ),
    "timeline": lambda ax: charts.timeline(ax, EVENTS, highlight=["The plant opens"]),
    "events": lambda ax: charts.events(
        charts.line(ax, year_frame(GOODS)), EVENTS[3:], text=pd.Series({3: "A", 4: "M"})
    ),
    "bars": lambda ax: charts.claim(
        charts.bars(ax, PARTNERS, highlight="Celand"), 450, "the claim"
    ),
    "targets": lambda ax: charts.targets(ax, PLANS, kind="word"),
    "tornado": lambda ax: charts.claim(
        sourced(charts.tornado, SWINGS, unit="units")(ax), 14000, "the claim"
    ),
    "shares": sourced(charts.shares, SECTIONS, highlight={"machinery": "first"}),
    "few shares": sourced(charts.shares, MANY),
    "heatmap": sourced(charts.heatmap, MATRIX, unit="rank"),
}


def finished(name):
    """Figure of one of the `FORMS`, laid out."""
    return charts.finish(FORMS[name](canvas()), ALT)


def found(ax, gid):
    return [artist for artist in ax.findobj() if artist.get_gid() == gid]


def one(ax, gid):
    (artist,) = found(ax, gid)
    return artist


def texts(thing, gid):
    return [text.get_text() for text in thing.findobj(Text) if text.get_gid() == gid]


def unit(ax):
    return page_of(ax).panels[ax].unit


def row_names(ax):
    return [name for name, *_ in page_of(ax).panels[ax].names]


def ticks(ax):
    """Texts of the ticks along x, from left to right."""
    return [text for _, text in page_of(ax).panels[ax].ticks]


def shown_texts(thing):
    """All texts that matplotlib draws: not those that it keeps in store."""
    fig = page_of(thing).figure
    assert not any(ax.axison for ax in fig.axes)  # the ticks are ours
    every = [*fig.texts, *(text for ax in fig.axes for text in ax.texts)]
    return [t for t in every if t.get_visible() and t.get_text().strip()]


def layout_problems(thing):
    """List texts that are cut by the edge, overlap each other or lie on a line."""
    fig = page_of(thing).figure
    with charts.style():
        fig.draw_without_rendering()
    renderer, boxes = fig.canvas.get_renderer(), []
    for text in shown_texts(fig):
        if isinstance(text, Annotation):
            text.update_positions(renderer)
        box = Text.get_window_extent(text, renderer)
        clip = text.get_clip_box() if text.get_clip_on() else None
        if clip is None or box.overlaps(clip):
            boxes.append((text.get_text(), box, text))
    page, problems = fig.bbox, []
    for index, (name, box, text) in enumerate(boxes):
        sides = (page.x0 - box.x0, box.x1 - page.x1, page.y0 - box.y0, box.y1 - page.y1)
        if max(sides) > 0.5:
            problems.append(f"cut: {name!r} by {max(sides):.0f} pixels")
        for other, next_box, _ in boxes[index + 1 :]:
            across = min(box.x1, next_box.x1) - max(box.x0, next_box.x0)
            down = min(box.y1, next_box.y1) - max(box.y0, next_box.y0)
            if across > 1 and down > 1:
                problems.append(f"overlap: {name!r} and {other!r}")
        panel = page_of(fig).panels.get(text.axes)
        label = text.get_gid() in ("label", "claim-label")
        if label and panel and panel.kind == "a time chart":
            core = box.padded(-3)
            if any(core.contains(*point) for point in ink_of(text.axes)):
                problems.append(f"covered: {name!r} lies on a line or a mark")
    return problems
