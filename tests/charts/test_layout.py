"""Where everything stands: limits, and texts that are neither cut nor covered."""

import pytest

from partnership import charts
from partnership.charts import house
from pictures import (
    ALT,
    FORMS,
    GOODS,
    canvas,
    finished,
    full_line,
    layout_problems,
    shown_texts,
    texts,
    year_frame,
)


@pytest.mark.parametrize("name", FORMS)
def test_no_text_is_cut_overlaps_or_lies_on_a_line(name):
    fig = finished(name)
    assert layout_problems(fig) == []
    assert fig.get_size_inches()[0] == house.WIDTH


@pytest.mark.parametrize("name", FORMS)
def test_text_is_large_and_dark_enough(name):
    fig = finished(name)
    with charts.style():
        fig.draw_without_rendering()
    # The swatch of a key is an area, not a text; its name stands beside it.
    shown = [text for text in shown_texts(fig) if text.get_gid() != "swatch"]
    for text in shown:
        assert text.get_fontsize() >= 9
        assert text.get_fontname() == "DejaVu Sans"
        fill = background(text)
        ratio = charts.contrast(text.get_color(), fill)
        assert ratio >= 4.5, f"{text.get_text()!r}: {ratio:.1f} on {fill}"
    assert len(shown) > 4


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


def test_problems_of_a_layout_are_seen():
    ax = charts.line(canvas(), year_frame(GOODS), "goods")
    fig = charts.finish(ax, ALT)
    assert layout_problems(fig) == []
    fig.text(0.95, 0.5, "far too long for its place", parse_math=False)
    (cut,) = layout_problems(fig)
    assert cut.startswith("cut: 'far too long")
    fig.texts[-1].remove()
    fig.text(0.05, 0.965, "over the title")
    assert any("overlap" in problem for problem in layout_problems(fig))
    fig.texts[-1].remove()
    ax.text(2006.0, 15.6, "covered", gid="label", ha="center", va="center")
    assert any("covered: 'covered'" in p for p in layout_problems(fig))


def test_limits_of_the_caller_stay():
    ax = charts.line(canvas(), year_frame(GOODS))
    ax.set_ylim(0, 1234)
    charts.finish(ax, ALT)
    assert ax.get_ylim() == (0, 1234)


def test_ticks_of_the_caller_stay():
    ax = charts.line(canvas(), year_frame(GOODS))
    ax.set(yticks=[0, 25, 2000], xticks=[2007, 2011])
    fig = charts.finish(ax, ALT)
    assert texts(fig, "tick") == ["0", "25", "2007", "2011"]


def test_what_matplotlib_draws_alone_keeps_its_ticks():
    ax = charts.add_sources(canvas(), "a")
    ax.plot([0, 1000], [0, 5])
    fig = charts.finish(ax, ALT)
    assert {"0", "5", "1000"} <= set(texts(fig, "tick"))
    assert layout_problems(fig) == []


def test_axis_starts_at_zero_and_holds_everything():
    ax = full_line(canvas())
    charts.finish(ax, ALT)
    low, high = ax.get_ylim()
    assert low == 0
    assert high >= 300
    ax = charts.line(canvas(), year_frame([(2006, -5.0), (2007, 8.0)]))
    charts.finish(ax, ALT)
    assert ax.get_ylim()[0] <= -5


def test_title_and_subtitle_wrap_and_two_dollar_signs_are_money():
    title = "From $100 to $200 million: " + "words that fill a line of the title " * 3
    ax = canvas(title.strip(), "USD million")
    charts.line(ax, year_frame(GOODS))
    fig = charts.finish(ax, ALT)
    lines = texts(fig, "title")
    assert " ".join(lines) == title.strip() and len(lines) == 2
    assert not any(text.get_parse_math() for text in shown_texts(fig))
    assert layout_problems(fig) == []
