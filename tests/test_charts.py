"""The charts: what is drawn, what is written, and that nothing is cut or covered."""

import base64
import io
import itertools
import re

import matplotlib as mpl
import matplotlib.colors
import nbformat
import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text
from PIL import Image

from partnership import charts
from partnership.charts.labels import _spread_out
from partnership.charts.picture import _ticks_out_of_view
from partnership.workshop import runner

ALT = "Line chart: the figures rise until 2009 and fall to a third of that by 2012."


def year_frame(rows, unit="USD_million"):
    """Make a frame as `partnership.series` does; rows are (year, value, extras)."""
    made = []
    for year, value, *extra in rows:
        row = {
            "period": str(year),
            "period_type": "calendar_year",
            "start": pd.Timestamp(year, 1, 1),
            "end": pd.Timestamp(year, 12, 31),
            "value": value,
            "low": value,
            "high": value,
            "bound": "",
            "open_low": False,
            "open_high": False,
            "n_independent": 1,
            "source_id": f"source-{year}",
            "reliability": "primary",
        }
        made.append(row | (extra[0] if extra else {}))
    frame = pd.DataFrame(made)
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


def statement_frame():
    rows = [
        ("2010", "calendar_year", "2010-01-01", "2010-12-31", 90.7, "exact", "primary"),
        (
            "2011",
            "calendar_year",
            "2011-01-01",
            "2011-12-31",
            200,
            "more_than",
            "secondary",
        ),
        (
            "2012",
            "calendar_year",
            "2012-01-01",
            "2012-12-31",
            400,
            "forecast",
            "secondary",
        ),
        (
            "2013",
            "calendar_year",
            "2013-01-01",
            "2013-12-31",
            300,
            "less_than",
            "primary",
        ),
        ("2014..2016", "range", "2014-01-01", "2016-12-31", 150, "about", "primary"),
    ]
    names = ["period", "period_type", "start", "end", "value", "qualifier"]
    frame = pd.DataFrame(rows, columns=[*names, "reliability"])
    frame["start"], frame["end"] = map(pd.to_datetime, (frame["start"], frame["end"]))
    frame["source_id"] = "source-" + frame["period"].str[:4]
    frame.attrs["unit"] = "USD_million"
    return frame


EVENTS = pd.DataFrame(
    {
        "date": ["2017-03-29", "1995-10", "2004", "2009-06-17", "2017-03-31"],
        "precision": ["day", "month", "year", "day", "day"],
        "text": [
            "The visit begins",
            "The embassy opens",
            "Foreign diplomas are no longer recognised",
            "A visit to Ashgabat with a text so long that it has to be broken into "
            "several lines to find room beside its mark",
            "The plant opens",
        ],
        "source_id": "events",
    }
)
PLANS = pd.DataFrame(
    {
        "period": ["2010", "2012", "2025"],
        "value": [90.7, 237.8, np.nan],
        "target": [1000.0, 400.0, 500.0],
        "word": ["target", "forecast", "target"],
        "unit": "USD_million",
        "source_id": ["a;b", "c", "a"],
    }
)
PARTNERS = pd.DataFrame(
    {
        "category": ["Latvia", "Lithuania", "Turkmenistan", "Belgium"],
        "value": [409.0, 1002.0, 348.0, 334.0],
        "unit": "USD_million",
        "source_id": "cow",
    }
)
SECTIONS = pd.DataFrame(
    {
        "food": [8.0, 1.0],
        "machinery": [74.0, 90.0],
        "fuel": [0.5, 0.5],
        "other": [3, 1],
    },
    index=["1995", "2005"],
)
MATRIX = pd.DataFrame(
    [[1.0, np.nan, 14.0], [2.0, 3.0, 7.0]],
    index=["tractors", "medicines"],
    columns=[2007, 2010, 2012],
)
TWO = pd.DataFrame(
    {"2013": [319.0, 82.0, 79.9], "2018": [32.2, 81.0, 80.0]},
    index=["Turkmenistan", "Kyrgyzstan", "Tajikistan"],
)


def canvas():
    return charts.canvas(
        "Goods trade fell to a third", "Goods turnover, million US dollars, 2006–2012"
    )


def full_line(ax):
    charts.line_with_spread(ax, year_frame(GOODS), label="goods", role="pair")
    more = [(2006, 60.0), (2007, 62.0), (2008, 90.0), (2009, 88.0)]
    charts.line_with_spread(
        ax, year_frame(more), label="goods and services", role="pair", variant=1
    )
    charts.claim_line(ax, 300, "the report: $300 million")
    charts.mark_event(ax, "2009-06-17", "a visit")
    charts.mark_event(ax, "2010-01", "customs union")
    charts.note(ax, 2007, 87.9, "the first peak")
    return ax


def small_multiples():
    axes = charts.grid("Six numbers", "By theme; units differ from panel to panel", 6)
    for index, ax in enumerate(axes):
        charts.panel_title(ax, f"Theme {index}", "million US dollars")
        if index < 4:
            charts.line_with_spread(ax, year_frame(GOODS), role="BLR")
        else:
            charts.bars(ax, PARTNERS, highlight="Turkmenistan")
        charts.claim_line(ax, 300 * (index + 1))
    return axes[0]


def sourced(form, *args, **options):
    def draw(ax):
        form(ax, *args, **options)
        return charts.add_sources(ax, "unctad")

    return draw


FORMS = {
    "line_with_spread": full_line,
    "band": lambda ax: charts.line_with_spread(
        ax, year_frame(GOODS), label="goods", spread="band"
    ),
    "points": lambda ax: charts.points(ax, statement_frame(), label="as stated"),
    "timeline": lambda ax: charts.timeline(ax, EVENTS, highlight=["The plant opens"]),
    "bars": lambda ax: charts.claim_line(
        charts.bars(ax, PARTNERS, highlight="Turkmenistan"), 450, "the claim"
    ),
    "bars_with_target": lambda ax: charts.bars_with_target(ax, PLANS, kind="word"),
    "shares": sourced(charts.shares, SECTIONS, highlight={"machinery": "BLR"}, keep=2),
    "heatmap": sourced(charts.heatmap, MATRIX, dark="low", unit="rank"),
    "slope": sourced(
        charts.slope, TWO, highlight={"Turkmenistan": "TKM"}, unit="USD_million"
    ),
    "grid": lambda _: small_multiples(),
}


def found(ax, gid):
    return [artist for artist in ax.findobj() if artist.get_gid() == gid]


def one(ax, gid):
    (artist,) = found(ax, gid)
    return artist


def texts(thing, gid):
    return [text.get_text() for text in thing.findobj(Text) if text.get_gid() == gid]


# -- what is drawn ---------------------------------------------------------------------


def test_line_carries_the_values_and_breaks_at_the_gap():
    frame = year_frame(GOODS)
    ax = charts.line_with_spread(canvas(), frame, role="pair")
    line = one(ax, "line")
    x, y = line.get_data()
    drawn = ~np.isnan(y)
    assert y[drawn].tolist() == frame["value"].tolist()
    assert x[drawn].tolist() == [2006, 2007, 2008, 2009, 2011, 2012]
    (gap,) = x[~drawn]
    assert 2009 < gap < 2011
    assert charts.unit(ax) == "USD_million"
    assert line.get_color() == charts.ROLES["pair"].colour


def test_a_missing_value_breaks_the_line_too():
    frame = year_frame([(2006, 1.0), (2007, np.nan), (2008, 3.0)])
    ax = charts.line_with_spread(canvas(), frame)
    np.testing.assert_array_equal(one(ax, "line").get_ydata(), [1.0, np.nan, 3.0])
    assert one(ax, "primary").get_xdata().tolist() == [2006, 2007, 2008]


def test_order_of_rows_does_not_matter():
    frame = year_frame(GOODS)
    shuffled = frame.sample(frac=1, random_state=7)
    lines = [
        one(charts.line_with_spread(canvas(), f), "line").get_xydata()
        for f in (frame, shuffled)
    ]
    np.testing.assert_array_equal(*lines)


def test_academic_years_join_and_stand_at_their_middle():
    frame = year_frame([(2010, 5.0), (2011, 6.0), (2013, 8.0)])
    frame["period_type"] = "academic_year"
    frame["start"] = [pd.Timestamp(y, 9, 1) for y in (2010, 2011, 2013)]
    frame["end"] = [pd.Timestamp(y + 1, 8, 31) for y in (2010, 2011, 2013)]
    ax = charts.line_with_spread(canvas(), frame)
    x, y = one(ax, "line").get_data()
    assert np.isnan(y).tolist() == [False, False, True, False]
    assert 2010.6 < x[0] < 2010.7
    charts.finish(ax, ALT)
    labels = [tick.get_text() for tick in ax.get_xticklabels()]
    assert labels == ["2010/11", "2011/12", "2012/13", "2013/14"]


def test_markers_tell_primary_from_other_sources():
    ax = charts.line_with_spread(canvas(), year_frame(GOODS), role="BLR")
    primary, secondary = one(ax, "primary"), one(ax, "secondary")
    assert primary.get_xdata().tolist() == [2007, 2009, 2011, 2012]
    assert secondary.get_xdata().tolist() == [2006, 2008]
    assert primary.get_markerfacecolor() == charts.ROLES["BLR"].colour
    assert secondary.get_markerfacecolor() == "white"
    assert secondary.get_markeredgecolor() == charts.ROLES["BLR"].colour


def test_whiskers_and_band_equal_low_and_high():
    frame = year_frame(GOODS)
    ax = charts.line_with_spread(canvas(), frame, spread="whiskers")
    ends = {round(s[0][0]): s[:, 1].tolist() for s in one(ax, "spread").get_segments()}
    assert ends == {2007: [80.0, 95.0], 2009: [70.0, 74.8]}

    ax = charts.line_with_spread(canvas(), frame, spread="band")
    corners = np.concatenate([p.vertices for p in one(ax, "spread").get_paths()])
    for row in frame.itertuples():
        here = corners[np.isclose(corners[:, 0], row.start.year), 1]
        assert (here.min(), here.max()) == (row.low, row.high)
    assert not ((corners[:, 0] > 2009) & (corners[:, 0] < 2011)).any()


def test_arrows_stand_at_bounds_and_open_ends():
    ax = charts.line_with_spread(canvas(), year_frame(GOODS))
    up, down = found(ax, "bound")
    assert up.get_xydata().tolist() == [[2011, 50.0]]
    assert down.get_xydata().tolist() == [[2012, 25.7]]
    assert up.get_marker().vertices[:, 1].max() > 0
    assert down.get_marker().vertices[:, 1].min() < 0
    assert one(ax, "open").get_xydata().tolist() == [[2007, 95.0]]


def test_points_draw_every_statement_once():
    ax = charts.points(canvas(), statement_frame(), role="TKM")
    assert one(ax, "primary").get_ydata().tolist() == [90.7, 300, 150]
    assert one(ax, "secondary").get_ydata().tolist() == [200]
    plan = one(ax, "plan")
    assert plan.get_ydata().tolist() == [400]
    assert (plan.get_marker(), plan.get_markerfacecolor()) == ("D", "white")
    assert [b.get_ydata().tolist() for b in found(ax, "bound")] == [[200], [300]]
    (span,) = one(ax, "span").get_segments()
    np.testing.assert_allclose(span, [[2013.5, 150], [2016.5, 150]])


def test_claim_line_has_value_dash_and_number():
    ax = charts.claim_line(full_line(canvas()), 14000, "tractors")
    first, second = found(ax, "claim")
    assert set(first.get_ydata()) == {300}
    assert set(second.get_ydata()) == {14000}
    assert first.get_color() == second.get_color() == charts.CLAIM["color"]
    assert first.is_dashed()
    charts.finish(ax, ALT)
    labels = [text.replace("\n", " ") for text in texts(ax, "claim-label")]
    assert labels == ["the report: $300 million", "tractors: 14,000"]


def test_claim_stands_upright_across_bars():
    ax = FORMS["bars"](canvas())
    assert set(one(ax, "claim").get_xdata()) == {450}
    charts.finish(ax, ALT)
    assert texts(ax, "claim-label") == ["the claim: 450"]


def test_event_stands_on_its_day():
    ax = charts.mark_event(canvas(), "2017-03-30", "the visit")
    (x, _) = one(ax, "event").get_xdata()
    # The 89th day of the year: a quarter of a year before its middle.
    assert x == pytest.approx(2017 + 88.5 / 365 - 0.5)
    charts.add_sources(ax, "a")
    charts.finish(ax, ALT)
    assert texts(ax, "event-label") == ["the visit"]


@pytest.mark.parametrize(
    ("when", "year"),
    [(2017, 2017.0), ("2017", 2017.0), ("2016", 2016.0), ("2017-07", 2017.0384)],
)
def test_year_of(when, year):
    assert charts.year_of(when) == pytest.approx(year, abs=1e-4)


def test_bars_are_ranked_and_labelled():
    ax = charts.bars(canvas(), PARTNERS, highlight="Turkmenistan", role="TKM")
    (container,) = ax.containers
    assert [bar.get_width() for bar in container] == [1002, 409, 348, 334]
    names = [tick.get_text() for tick in ax.get_yticklabels()]
    assert names == ["Lithuania", "Latvia", "Turkmenistan", "Belgium"]
    colours = [mpl.colors.to_hex(bar.get_facecolor()) for bar in container]
    assert colours[2] == charts.ROLES["TKM"].colour
    assert len(set(colours)) == 2
    assert charts.unit(ax) == "USD_million"
    charts.finish(ax, ALT)
    assert texts(ax, "bar-label") == ["1,002", "409", "348", "334"]


def test_bars_below_zero_reach_to_the_left():
    frame = pd.DataFrame({"category": ["a", "b"], "value": [-46.1, 12.0]})
    ax = charts.add_sources(charts.bars(canvas(), frame, unit="percent"), "x")
    charts.finish(ax, ALT)
    assert texts(ax, "bar-label") == ["12", "\u221246.1"]
    assert charts.layout_problems(ax) == []


def test_targets_are_hatched_and_outcomes_filled():
    ax = charts.bars_with_target(canvas(), PLANS, kind="word")
    goals, outcomes = ax.containers
    assert [bar.get_width() for bar in goals] == [1000, 400, 500]
    assert [bar.get_hatch() for bar in goals] == ["////"] * 3
    widths = [bar.get_width() for bar in outcomes]
    assert widths[:2] == [90.7, 237.8]
    assert np.isnan(widths[2])
    charts.finish(ax, ALT)
    assert texts(ax, "bar-label") == [
        "target 1,000",
        "outcome 90.7",
        "forecast 400",
        "outcome 237.8",
        "target 500",
        "outcome: no figure",
    ]
    assert charts.sources(ax) == ["a", "b", "c"]


def test_the_word_for_a_plan_is_no_number():
    ax = charts.finish(charts.bars_with_target(canvas(), PLANS), ALT)
    assert "target 1,000" in texts(ax, "bar-label")


def test_shares_add_up_and_gather_the_rest():
    ax = charts.shares(canvas(), SECTIONS, highlight={"machinery": "BLR"}, keep=2)
    parts = {c.get_label(): [bar.get_width() for bar in c] for c in ax.containers}
    assert list(parts) == ["machinery", "food", "all other"]
    np.testing.assert_allclose(np.sum(list(parts.values()), axis=0), 100)
    assert parts["machinery"][0] == pytest.approx(100 * 74 / 85.5)
    assert parts["all other"][1] == pytest.approx(100 * 1.5 / 92.5)
    assert charts.unit(ax) == "percent"
    charts.add_sources(ax, "unctad")
    charts.finish(ax, ALT)
    named = " ".join([*texts(ax, "share-label"), *texts(ax, "key")])
    assert all(part in named for part in parts)


def test_heatmap_holds_the_values_and_leaves_gaps_empty():
    ax = charts.heatmap(canvas(), MATRIX, dark="low", unit="rank")
    values = ax.collections[0].get_array()
    np.testing.assert_array_equal(values.filled(-1), MATRIX.fillna(-1).to_numpy())
    assert texts(ax, "cell") == ["1", "14", "2", "3", "7"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["2007", "2010", "2012"]
    assert [t.get_text() for t in ax.get_yticklabels()] == list(MATRIX.index)
    mesh = ax.collections[0]
    shade = [charts.contrast(mesh.cmap(mesh.norm(v))[:3], "white") for v in (1, 7, 14)]
    assert shade == sorted(shade, reverse=True)


def test_long_heads_of_a_heatmap_wrap_and_keep_clear_of_each_other_and_the_title():
    long = ["supported with a caveat", "superseded by later events", "not checkable"]
    matrix = pd.DataFrame(1.0, index=["trade", "machinery"], columns=2 * long)
    ax = charts.heatmap(canvas(), matrix, unit="statements")
    charts.add_sources(ax, ["embassy-2014"])
    charts.finish(ax, ALT)
    fig = ax.get_figure()
    boxes = [label.get_window_extent() for label in ax.get_xticklabels()]
    assert all(left.x1 < right.x0 for left, right in itertools.pairwise(boxes))
    above = [text.get_window_extent().y0 for text in fig.texts if text.get_text()]
    assert max(box.y1 for box in boxes) < sorted(above)[-2]  # title, subtitle


def test_slope_joins_two_moments():
    ax = FORMS["slope"](canvas())
    ends = [line.get_ydata().tolist() for line in found(ax, "line")]
    assert ends == TWO.to_numpy().tolist()
    charts.finish(ax, ALT)
    labels = texts(ax, "label")
    assert "Turkmenistan  319" in labels
    assert "32.2  Turkmenistan" in labels
    assert len(labels) == 6


def test_timeline_tells_days_from_months_and_years():
    ax = charts.timeline(canvas(), EVENTS)
    fig = charts.finish(ax, ALT)
    dates = [tick.get_text() for tick in ax.get_yticklabels()]
    assert dates == ["Oct 1995", "2004", "17 Jun 2009", "29 Mar 2017", "31 Mar 2017"]
    assert len(found(ax, "day")) == 3
    assert one(ax, "month").get_markerfacecolor() == "white"
    np.testing.assert_allclose(one(ax, "year").get_xdata(), [2003.5, 2004.5])
    shown = [text.replace("\n", " ") for text in texts(ax, "label")]
    assert sorted(shown) == sorted(EVENTS["text"])
    assert "day is not known" in " ".join(texts(fig, "key"))
    rows = [m.get_ydata()[0] for g in ("month", "year", "day") for m in found(ax, g)]
    np.testing.assert_allclose(rows, ax.get_yticks())


def test_panels_of_a_grid_are_named_and_have_their_own_unit():
    first = small_multiples()
    fig = charts.finish(first, ALT)
    names = texts(fig, "panel")
    assert [n for n in names if n.startswith("Theme")] == [
        f"Theme {i}" for i in range(6)
    ]
    one_row = charts.grid("T", "S", 2)
    assert len(one_row) == 2
    charts.line_with_spread(one_row[0], year_frame(GOODS))
    charts.line_with_spread(one_row[1], year_frame(GOODS, unit="persons"))
    assert [charts.unit(ax) for ax in one_row] == ["USD_million", "persons"]
    assert len(charts.grid("T", "S", (2, 2))) == 4


def test_limits_of_the_caller_stay():
    ax = charts.line_with_spread(canvas(), year_frame(GOODS))
    ax.set_ylim(0, 1234)
    charts.finish(ax, ALT)
    assert ax.get_ylim() == (0, 1234)


def test_axis_starts_at_zero_and_holds_everything():
    ax = full_line(canvas())
    charts.finish(ax, ALT)
    low, high = ax.get_ylim()
    assert low == 0
    assert high >= 300
    ax = charts.line_with_spread(canvas(), year_frame([(2006, -5.0), (2007, 8.0)]))
    charts.finish(ax, ALT)
    assert ax.get_ylim()[0] <= -5


# -- title, footer, alt text -----------------------------------------------------------


def test_footer_lists_exactly_the_recorded_sources():
    ax = charts.add_sources(full_line(canvas()), ["extra;source-2006", None, "last"])
    ids = [
        *(f"source-{y}" for y in (2006, 2007, 2008, 2009, 2011, 2012)),
        "extra",
        "last",
    ]
    fig = charts.finish(ax, ALT)
    footer = " ".join(texts(fig, "sources"))
    assert charts.sources(fig) == ids
    assert re.findall(r"[\w-]+", footer) == ["Sources", *ids]


def test_long_footer_counts_what_it_leaves_out():
    ids = [f"a-source-with-a-rather-long-name-{i:02}" for i in range(40)]
    fig = charts.finish(charts.add_sources(full_line(canvas()), ids), ALT)
    lines = texts(fig, "sources")
    footer = " ".join(lines)
    listed = [one for one in charts.sources(fig) if one in footer]
    assert len(lines) == 2
    assert f"and {46 - len(listed)} more" in footer


def test_finish_writes_the_parts_and_can_run_again():
    ax = full_line(canvas())
    fig = charts.finish(ax, ALT)
    count, size = len(fig.findobj(Text)), fig.get_size_inches().tolist()
    picture = charts.png(fig)
    assert fig.alt == ALT
    assert texts(fig, "title") == ["Goods trade fell to a third"]
    assert texts(fig, "subtitle") == ["Goods turnover, million US dollars, 2006–2012"]
    charts.finish(fig, ALT)
    assert (len(fig.findobj(Text)), fig.get_size_inches().tolist()) == (count, size)
    assert charts.png(fig) == picture


def test_key_explains_only_what_is_drawn():
    plain = charts.line_with_spread(canvas(), year_frame([(2006, 1.0), (2007, 2.0)]))
    assert texts(charts.finish(plain, ALT), "key") == []
    rich = charts.finish(full_line(canvas()), ALT)
    key = " ".join(texts(rich, "key"))
    assert "Hollow mark: secondary or tertiary source; filled: primary." in key
    assert "Whiskers" in key
    assert "Arrow" in key
    assert "Diamond" not in key


@pytest.mark.parametrize(
    ("title", "subtitle", "alt", "source", "message"),
    [
        ("", "S", ALT, "a", "no title"),
        ("T", " ", ALT, "a", "no subtitle"),
        ("T", "S", "", "a", "no sentence"),
        ("T", "S", "Too short.", "a", "no sentence"),
        ("T", "S", ALT.rstrip("."), "a", "full stop"),
        (ALT, "S", ALT, "a", "repeats the title"),
        (ALT.rstrip("."), "S", ALT, "a", "repeats the title"),
        ("T", "S", ALT, "", "no source"),
    ],
)
def test_finish_asks_for_what_is_missing(title, subtitle, alt, source, message):
    ax = charts.add_sources(charts.canvas(title, subtitle), source)
    with pytest.raises(ValueError, match=message):
        charts.finish(ax, alt)


# -- errors ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (
            lambda ax: charts.line_with_spread(ax, year_frame(GOODS), role="RUS"),
            "first, second, pair",
        ),
        (
            lambda ax: charts.line_with_spread(ax, year_frame(GOODS), role="claim"),
            "allowed is first",
        ),
        (
            lambda ax: charts.line_with_spread(ax, year_frame(GOODS), variant=3),
            "allowed is 0, 1, 2",
        ),
        (
            lambda ax: charts.line_with_spread(ax, year_frame(GOODS), spread="x"),
            "whiskers",
        ),
        (
            lambda ax: charts.line_with_spread(
                ax, year_frame(GOODS).drop(columns="low")
            ),
            "no column 'low'",
        ),
        (lambda ax: charts.line_with_spread(ax, year_frame(GOODS)[:0]), "no rows"),
        (lambda ax: charts.line_with_spread(ax, [1, 2]), "not list"),
        (
            lambda ax: charts.line_with_spread(
                ax, year_frame(GOODS).assign(series=["a"] * 5 + ["b"])
            ),
            "several series",
        ),
        (
            lambda ax: charts.line_with_spread(
                ax, year_frame(GOODS).assign(reliability="good")
            ),
            "allowed: primary",
        ),
        (
            lambda ax: charts.line_with_spread(
                ax, year_frame(GOODS).assign(bound="high")
            ),
            "lower, upper",
        ),
        (
            lambda ax: charts.line_with_spread(
                ax, year_frame(GOODS).assign(start=pd.NaT)
            ),
            "no period",
        ),
        (
            lambda ax: charts.points(ax, statement_frame().assign(qualifier="maybe")),
            "maybe is unknown",
        ),
        (
            lambda ax: charts.points(ax, statement_frame().assign(value=np.nan)),
            "missing",
        ),
        (lambda ax: charts.bars(ax, PARTNERS, highlight="Iran"), "no category"),
        (lambda ax: charts.bars(ax, PARTNERS, value="worth"), "no column 'worth'"),
        (lambda ax: charts.bars(ax, PARTNERS.assign(value="many")), "not all numbers"),
        (lambda ax: charts.bars(ax, PARTNERS.assign(category="a")), "twice"),
        (
            lambda ax: charts.bars(ax, PARTNERS.assign(unit=["t", "t", "t", "km"])),
            "mixes units: km, t",
        ),
        (lambda ax: charts.shares(ax, -SECTIONS), "negative"),
        (lambda ax: charts.shares(ax, SECTIONS, highlight={"gas": "BLR"}), "no part"),
        (lambda ax: charts.heatmap(ax, MATRIX * np.nan), "all cells"),
        (lambda ax: charts.heatmap(ax, MATRIX, dark="middle"), "high, low"),
        (lambda ax: charts.slope(ax, MATRIX), "exactly two columns"),
        (lambda ax: charts.timeline(ax, EVENTS.assign(date="May 2017")), "no date"),
        (lambda ax: charts.timeline(ax, EVENTS.assign(date="")), "5 of 5 rows have"),
        (lambda ax: charts.claim_line(ax, "many"), "not all numbers"),
        (lambda ax: charts.mark_event(ax, "March 2017", "x"), "no date"),
        (lambda ax: charts.bars(full_line(ax), PARTNERS), "already holds"),
        (lambda ax: charts.bars(charts.bars(ax, PARTNERS), PARTNERS), "already holds"),
        (lambda ax: charts.finish(mpl.figure.Figure(), ALT), "charts.canvas"),
        (lambda ax: charts.grid("T", "S", 0), "at least one"),
    ],
)
def test_errors_name_what_is_wrong_and_what_is_allowed(draw, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        draw(canvas())


def test_one_axes_holds_one_unit():
    ax = charts.line_with_spread(canvas(), year_frame(GOODS))
    with pytest.raises(ValueError, match=r"'USD_million'.*'persons'"):
        charts.line_with_spread(ax, year_frame(GOODS, unit="persons"))
    with pytest.raises(ValueError, match="'no unit'"):
        charts.line_with_spread(ax, year_frame(GOODS, unit=""))
    charts.line_with_spread(ax, year_frame(GOODS, unit="x"), unit="USD_million")
    free = charts.line_with_spread(canvas(), year_frame(GOODS, unit=""))
    charts.line_with_spread(free, year_frame(GOODS, unit=None))
    assert charts.unit(free) == ""


# -- how it looks ----------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMS)
def test_no_text_is_cut_overlaps_or_lies_on_a_line(name):
    fig = charts.finish(FORMS[name](canvas()), ALT)
    assert charts.layout_problems(fig) == []
    assert fig.get_size_inches()[0] == charts.WIDTH


@pytest.mark.parametrize("name", FORMS)
def test_text_is_large_and_dark_enough(name):
    fig = charts.finish(FORMS[name](canvas()), ALT)
    with charts.style():
        fig.draw_without_rendering()
    hidden = _ticks_out_of_view(fig)
    checked = 0
    for text in fig.findobj(Text):
        # The swatch of a key is an area, not a text; its name stands beside it.
        if not text.get_text().strip() or text in hidden or text.get_gid() == "swatch":
            continue
        assert text.get_fontsize() >= 9
        assert text.get_fontname() == "DejaVu Sans"
        fill = background(text)
        ratio = charts.contrast(text.get_color(), fill)
        assert ratio >= 4.5, f"{text.get_text()!r}: {ratio:.1f} on {fill}"
        checked += 1
    assert checked > 4


def background(text):
    """Colour behind a text: that of the cell or the bar on which it stands."""
    if text.get_gid() == "cell":
        mesh = text.axes.collections[0]
        column, row = map(round, text.get_position())
        return mesh.cmap(mesh.norm(mesh.get_array()[row, column]))[:3]
    if text.get_gid() == "share-label":
        for bar in text.axes.patches:
            left, row = bar.get_xy()
            if left <= text.xy[0] <= left + bar.get_width() and (
                row <= text.xy[1] <= row + bar.get_height()
            ):
                return bar.get_facecolor()[:3]
    return "white"


def test_layout_problems_sees_cut_overlapping_and_covered_texts():
    ax = charts.line_with_spread(canvas(), year_frame(GOODS), label="goods")
    fig = charts.finish(ax, ALT)
    assert charts.layout_problems(fig) == []
    fig.text(0.95, 0.5, "far too long for its place", parse_math=False)
    (cut,) = charts.layout_problems(fig)
    assert cut.startswith("cut: 'far too long")
    fig.texts[-1].remove()
    fig.text(0.05, 0.965, "over the title")
    assert any("overlap" in problem for problem in charts.layout_problems(fig))
    fig.texts[-1].remove()
    ax.text(2006.0, 15.6, "covered", gid="label", ha="center", va="center")
    assert any("covered: 'covered'" in p for p in charts.layout_problems(fig))


def test_labels_at_the_end_of_lines_move_apart_as_little_as_needed():
    moved = _spread_out([10.0, 12.0, 50.0], [10.0, 10.0, 10.0])
    assert moved.tolist() == [6.0, 16.0, 50.0]
    assert _spread_out([5.0, 5.0], [2.0, 4.0]).tolist() == [3.0, 6.0]


# Severity 1.0 of Machado, Oliveira and Fernandes (2009), in linear RGB.
CVD = {
    "normal": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def lab(colour, matrix):
    rgb = np.array(mpl.colors.to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.asarray(matrix) @ linear, 0, 1)
    to_xyz = [
        [0.4124, 0.3576, 0.1805],
        [0.2126, 0.7152, 0.0722],
        [0.0193, 0.1192, 0.9505],
    ]
    xyz = np.asarray(to_xyz) @ seen / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("eyes", CVD)
def test_roles_stay_apart_for_all_eyes(eyes):
    colours = {name: role.colour for name, role in charts.ROLES.items()}
    colours["claim"] = charts.CLAIM["color"]
    for (one_name, a), (other, b) in itertools.combinations(colours.items(), 2):
        apart = np.linalg.norm(lab(a, CVD[eyes]) - lab(b, CVD[eyes]))
        assert apart > 12, f"{one_name} and {other}: {apart:.0f} for {eyes} eyes"


def test_roles_differ_in_grey_print_or_in_their_marker():
    for (_, a), (_, b) in itertools.combinations(charts.ROLES.items(), 2):
        lighter = abs(lab(a.colour, np.eye(3))[0] - lab(b.colour, np.eye(3))[0])
        assert lighter > 8 or a.marker != b.marker
    for role in charts.ROLES.values():
        assert charts.contrast(role.text, "white") >= 4.5
        assert charts.contrast(role.colour, "white") >= 3
        markers = {charts.role_look("BLR", variant).marker for variant in range(3)}
        assert len(markers) == 3


def test_style_does_not_leak():
    before = dict(mpl.rcParams)
    charts.png(charts.finish(full_line(canvas()), ALT))
    assert dict(mpl.rcParams) == before
    with charts.style():
        assert mpl.rcParams["text.parse_math"] is False
    assert dict(mpl.rcParams) == before


def test_settings_of_the_caller_do_not_change_a_picture():
    plain = charts.png(charts.finish(full_line(canvas()), ALT))
    with mpl.rc_context({"font.size": 20, "axes.grid": True, "lines.linewidth": 9}):
        other = charts.png(charts.finish(full_line(canvas()), ALT))
    assert other == plain


# -- in a notebook ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["line_with_spread", "heatmap", "grid"])
def test_picture_has_the_same_bytes_every_time(name):
    first, second = (
        charts.png(charts.finish(FORMS[name](canvas()), ALT)) for _ in range(2)
    )
    assert first == second
    picture = Image.open(io.BytesIO(first))
    assert picture.width == round(charts.WIDTH * charts.DPI)
    assert set(picture.info) <= {"dpi"}
    # What is plain stays exactly plain, in spite of the small palette.
    assert picture.convert("RGB").getpixel((2, 2)) == (255, 255, 255)


CELL = """
from partnership import charts
import pandas as pd
frame = pd.DataFrame({"category": ["a", "b"], "value": [1.0, 2.0], "source_id": "s"})
ax = charts.bars(charts.canvas("The title", "Units, 2017"), frame)
charts.show(ax, alt="Two bars: the second one is exactly twice as long as the first.")
"""


def test_notebook_stores_one_picture_with_its_metadata(tmp_path):
    outputs = []
    for name in ("first.ipynb", "second.ipynb"):
        path = tmp_path / name
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
        nbformat.write(notebook, path)
        runner.run_notebooks([path], tmp_path)
        outputs.append(nbformat.read(path, as_version=4).cells[0].outputs)
    (output,) = outputs[0]
    assert outputs[0] == outputs[1]
    assert output["output_type"] == "display_data"
    assert set(output["data"]) == {"image/png", "text/plain"}
    alt = "Two bars: the second one is exactly twice as long as the first."
    plain = output["data"]["text/plain"].splitlines()
    assert plain[0] == alt
    assert plain[1] == output["metadata"]["image/png"]["title"]
    assert output["metadata"]["image/png"] == {
        "alt": alt,
        "title": "The title",
        "sources": ["s"],
        "width": charts.SHOWN,
    }
    picture = Image.open(io.BytesIO(base64.b64decode(output["data"]["image/png"])))
    assert picture.format == "PNG"


def test_interval_draws_its_band_and_says_what_it_means():
    years = [2016, 2017, 2018]
    frame = pd.DataFrame(
        {
            "period": [str(year) for year in years],
            "period_type": "calendar_year",
            "start": [pd.Timestamp(year, 1, 1) for year in years],
            "end": [pd.Timestamp(year, 12, 31) for year in years],
            "low": [1.0, 2.0, 3.0],
            "high": [4.0, 6.0, 9.0],
        }
    )
    ax = charts.canvas("The band widens", "Forecast, persons")
    charts.interval(ax, frame, "Band: 80 percent interval", unit="persons")
    charts.add_sources(ax, "made-up")
    figure = charts.finish(
        ax, alt="A band that widens from 1 to 4 up to 3 to 9 persons."
    )
    band = next(one for one in ax.collections if one.get_gid() == "interval")
    corners = band.get_paths()[0].vertices
    assert {(2016.0, 1.0), (2018.0, 3.0), (2018.0, 9.0)} <= set(map(tuple, corners))
    assert any("80 percent interval." in text.get_text() for text in figure.texts)
    assert charts.layout_problems(ax) == []
    with pytest.raises(ValueError, match="low exceeds high"):
        charts.interval(ax, frame.rename(columns={"low": "high", "high": "low"}), "x")
    with pytest.raises(ValueError, match="words is empty"):
        charts.interval(ax, frame, " ")


def drawn_goods(values, label="goods", other="services"):
    ax = charts.canvas("Two lines", "Turnover, USD million")
    for name, factor in ((label, 1), (other, 2)):
        frame = pd.DataFrame(
            {
                "period": ["2015", "2016"],
                "period_type": "calendar_year",
                "start": [pd.Timestamp(2015, 1, 1), pd.Timestamp(2016, 1, 1)],
                "end": [pd.Timestamp(2015, 12, 31), pd.Timestamp(2016, 12, 31)],
                "value": [value * factor for value in values],
                "low": [value * factor for value in values],
                "high": [value * factor for value in values],
                "bound": "",
                "open_low": False,
                "open_high": False,
                "source_id": "made-up",
                "reliability": "primary",
            }
        )
        charts.line_with_spread(ax, frame, label=name, unit="USD_million")
    return charts.drawn(
        charts.finish(ax, alt="Two made-up lines of turnover, 2015–2016.")
    )


def test_drawn_changes_with_a_value_and_with_a_swapped_label():
    told = drawn_goods([93.6, 120.6])
    assert told[:2] == ["Two lines", "Turnover, USD million"]
    assert any(line.startswith("line: goods (2016, 120.6)") for line in told)
    assert told == drawn_goods([93.6, 120.6])
    assert told != drawn_goods([93.6, 120.7])
    assert told != drawn_goods([93.6, 120.6], "services", "goods")
