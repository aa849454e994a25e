"""Layout of a figure: line breaks, ticks, rows of events, footer.

Sizes are in pixels of the figure unless a name says inches or points.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter, MaxNLocator

from partnership.charts.house import (
    AXIS,
    DPI,
    INK,
    LINE,
    MARGIN,
    MUTED,
    SMALL,
    SUBTITLE,
    TICK,
    TITLE,
    WIDTH,
    _px,
    _size,
    _wrap,
    number,
    style,
)
from partnership.charts.labels import (
    _draw_labels,
    _edge_labels,
    _event_rows,
    _free,
    _share_key,
)
from partnership.charts.page import _KEYS, _House, _Panel
from partnership.charts.time import _middle


def _further_lines(ax) -> float:
    """Height of the labels of the horizontal axis beyond one line, in pixels."""
    highs = [_size(label.get_text(), TICK)[1] for label in ax.get_xticklabels()]
    return max(highs, default=_px(TICK)) - _px(TICK)


def _ours(axis: Any, panel: _Panel) -> bool:
    """Whether the ticks of an axis are ours to set, not the caller's."""
    return axis.isDefault_majloc or axis.get_major_locator() in panel.locators


def _tick(axis: Any, panel: _Panel, locator: Any, formatter: Any) -> None:
    if _ours(axis, panel):
        axis.set_major_locator(locator)
        axis.set_major_formatter(formatter)
        panel.locators.append(locator)


def _limits(ax: Axes, panel: _Panel, bins: int, house: _House) -> None:
    """Set the limits of both axes, and the ticks of the y axis."""
    ys, xs = house.shared(ax, "y"), house.shared(ax, "x")
    low, high = (min(ys), max(ys)) if ys else (0.0, 1.0)
    if panel.kind == "a slope chart" and _free(ax, panel, "y"):
        room = 0.05 * ((high - low) or abs(high) or 1.0)
        ax.set_ylim(low - room, high + room)
        panel.set_y = tuple(ax.get_ylim())
    if panel.kind == "a time chart":
        free = _free(ax, panel, "y")
        if not free:
            low, high = sorted(ax.get_ylim())
        floor = min(low, 0.0) if free else low
        steps = [1, 2, 2.5, 5, 10]
        ticks = MaxNLocator(nbins=bins, steps=steps).tick_values(floor, high)
        step = ticks[1] - ticks[0]
        if free:
            # Whole steps, and a little air where a mark would touch the top.
            floor = math.floor(floor / step + 1e-9) * step
            top = math.ceil(high / step - 1e-9) * step
            top += 0.03 * (top - floor) if top - high < 0.02 * (top - floor) else 0
            ax.set_ylim(floor, top)
            panel.set_y = tuple(ax.get_ylim())
            high = top
        ticks = [t for t in ticks if floor - 1e-9 <= t <= high + 1e-9]
        write = FuncFormatter(lambda value, _: number(value))
        _tick(ax.yaxis, panel, FixedLocator(ticks), write)
    if panel.kind in ("a time chart", "a timeline") and _free(ax, panel, "x"):
        xs = xs or [0.0, 1.0]
        pad = min(0.5, 0.025 * (max(xs) - min(xs))) or 0.5
        ax.set_xlim(min(xs) - pad, max(xs) + pad)
        panel.set_x = tuple(ax.get_xlim())


def _y_axis(ax: Axes, panel: _Panel) -> float:
    """Set ticks of the y axis; return the width of its labels."""
    if panel.kind == "a time chart":
        ax.grid(True, axis="y")
        low = ax.get_ylim()[0]
        ax.spines["bottom"].set_visible(low == 0)
        if low < 0 < ax.get_ylim()[1] and "zero" not in {x.get_gid() for x in ax.lines}:
            ax.axhline(0, color=AXIS, linewidth=0.9, zorder=1.6, gid="zero")
    labels = [tick.get_text() for tick in ax.get_yticklabels()]
    if panel.rows:
        weights = [tick.get_fontweight() for tick in ax.get_yticklabels()]
        widths = [_size(s, 9.5, w)[0] for s, w in zip(labels, weights, strict=True)]
        pad = max(widths, default=0) + _px(8)
        ax.tick_params(axis="y", pad=pad * 72 / DPI)
        for tick in ax.get_yticklabels():
            tick.set_horizontalalignment("left")
        return pad
    low, high = sorted(ax.get_ylim())
    shown = [
        text
        for text, at in zip(labels, ax.get_yticks(), strict=True)
        if low - 1e-9 <= at <= high + 1e-9
    ]
    widths = [_size(text, 9.5)[0] for text in shown]
    ax.tick_params(axis="y", pad=5)
    return max(widths, default=0) + _px(5) if widths else 0.0


def _x_axis(ax: Axes, panel: _Panel, width: float) -> None:
    """Ticks of a time axis: whole years, calendar or academic, as many as fit."""
    if panel.kind not in ("a time chart", "a timeline"):
        return
    low, high = ax.get_xlim()
    academic = panel.types == {"academic_year"}
    if academic:
        first, last = math.floor(min(panel.xs)), math.floor(max(panel.xs))
        places = {
            _middle(pd.Timestamp(y, 9, 1), pd.Timestamp(y + 1, 8, 31)): (
                f"{y}/{(y + 1) % 100:02}"
            )
            for y in range(first, last + 1)
        }
    else:
        years = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
        places = {float(y): str(y) for y in years or [round((low + high) / 2)]}
    need = _size(next(iter(places.values())), 9.5)[0] * 1.35
    a_year = width / (high - low)
    step = next((s for s in (1, 2, 5, 10, 20, 50) if s * a_year > need), 100)
    # Count academic years back from the last; calendar years go by round numbers.
    offset = len(places) - 1 if academic else -round(min(places))
    at = [x for i, x in enumerate(places) if (i - offset) % step == 0]
    names = FixedFormatter([places[x] for x in at])
    _tick(ax.xaxis, panel, FixedLocator(at), names)
    ax.tick_params(axis="x", length=3.5, color=AXIS, width=0.8)


def _layout(fig: Figure) -> None:
    house = fig._house
    for artist in house.made:
        artist.remove()
    house.made.clear()
    with style():
        fig.set_size_inches(WIDTH, fig.get_figheight())
        _compose(fig, house)


def _compose(fig: Figure, house: _House) -> None:
    inch, (n_rows, n_columns) = DPI, house.shape
    page, margin = WIDTH * inch, MARGIN * inch
    small = n_columns > 1
    axes = list(house.panels)
    for text in fig.findobj(Text):
        text.set_parse_math(False)

    # Across: what stands left and right of each plot decides its width.
    left_of, right_of = {}, {}
    label_limit = (0.95 if small else 1.75) * inch
    for ax, panel in house.panels.items():
        _limits(ax, panel, 4 if small else 6, house)
        left_of[ax] = _y_axis(ax, panel)
        _edge_labels(panel, ax)
        right_of[ax] = _px(2)
        if panel.kind == "a time chart":  # half of the last tick's label
            right_of[ax] = _px(24 if panel.types == {"academic_year"} else 16)
        for label in panel.labels:
            if label.side and label.kind in ("label", "line"):
                limit = 2.6 * inch if panel.kind == "a slope chart" else label_limit
                label.shown = _wrap(label.text, limit, label.size, label.weight)
                need = _size(label.shown, label.size, label.weight)[0] + _px(16)
                store = right_of if label.side == "right" else left_of
                store[ax] = max(store[ax], need)
    gap = 0.3 * inch
    cell = (page - 2 * margin - gap * (n_columns - 1)) / n_columns
    place: dict[Axes, list[float]] = {}
    for column in range(n_columns):
        mine = axes[column::n_columns]
        x0 = margin + column * (cell + gap)
        for ax in mine:
            # Panels of one kind share their left edge within a column.
            alike = [a for a in mine if house.panels[a].kind == house.panels[ax].kind]
            before = max(left_of[a] for a in alike)
            after = max(right_of[a] for a in alike)
            if house.panels[ax].rows:
                ax.tick_params(axis="y", pad=before * 72 / DPI)
            place[ax] = [x0 + before, cell - before - after, x0, x0 + cell]

    # Down: header, then each row of panels with what stands above and below it.
    title = _wrap(house.title, page - 2 * margin, TITLE, "bold", balance=True)
    subtitle = _wrap(house.subtitle, page - 2 * margin, SUBTITLE, balance=True)
    header = [(title, TITLE, "bold", INK), (subtitle, SUBTITLE, "normal", MUTED)]
    footer = [_key_line(house), _source_line(house, page - 2 * margin)]
    footer = [_wrap(s, page - 2 * margin, SMALL) for s in footer if s]

    top_of, plot, below = {}, {}, {}
    events = {}
    for ax, panel in house.panels.items():
        x, width, x0, x1 = place[ax]
        _x_axis(ax, panel, width)
        events[ax], levels = _event_rows(ax, panel, x, width, x1)
        ticks_on_top = panel.kind == "a heatmap"
        standing = panel.claims and panel.kind == "bars"
        top_of[ax] = (
            (_px(24) if panel.title[0] else 0)
            + levels * _px(15)
            + (_px(3) if levels else 0)
            + (_px(20) + _further_lines(ax) if ticks_on_top else 0)
            + (_px(18) if standing else 0)
        )
        has_ticks = not ticks_on_top and len(ax.get_xticks()) > 0
        below[ax] = _px(22) if has_ticks else _px(4)
        rows = _row_lines(ax, panel, place[ax]) if panel.rows else 0
        natural = rows * panel.row_height * inch if panel.rows else 3.1 * inch
        if panel.kind == "shares":
            top_of[ax] += _share_key(panel, place[ax])
        plot[ax] = house.height * inch if house.height else natural

    pen = margin
    header_at = []
    for index, (text, size, weight, colour) in enumerate(header):
        header_at.append((text, size, weight, colour, pen))
        lines = text.count("\n") + 1
        pen += _px(size) * LINE * lines + (_px(3) if index == 0 else _px(17))
    tops = []
    for row in range(n_rows):
        mine = axes[row * n_columns : (row + 1) * n_columns]
        above = max(top_of[ax] for ax in mine)
        high = max(plot[ax] for ax in mine)
        tops.append((pen + above, high, pen))
        pen += above + high + max(below[ax] for ax in mine)
        pen += 0.14 * inch if row < n_rows - 1 else 0
    pen += _px(9)
    footer_at = []
    for text in footer:
        footer_at.append((text, pen))
        pen += _px(SMALL) * LINE * (text.count("\n") + 1) + _px(1)
    # A whole number of pixels, or the picture gets a stray line at its edge.
    tall = math.ceil(pen + margin)
    fig.set_size_inches(WIDTH, tall / inch)

    for index, ax in enumerate(axes):
        top, high, _ = tops[index // n_columns]
        x, width, *_ = place[ax]
        panel = house.panels[ax]
        if panel.rows and panel.kind != "a timeline":
            # Beside taller panels the rows keep their height and stay on top.
            count = max(panel.rows, high / (1.35 * panel.row_height * inch))
            count = panel.rows if panel.kind == "a heatmap" else count
            ax.set_ylim(count - 0.5, -0.5)
            for line in ax.lines:
                if line.get_gid() == "claim":
                    line.set_ydata([1 - panel.rows / count, 1])
        ax.set_position((x / page, 1 - (top + high) / tall, width / page, high / tall))

    def write(x, y, text, size, colour, weight="normal", gid=None):
        # A text a line: then the distance between lines does not depend on letters.
        for index, line in enumerate(text.split("\n")):
            house.made.append(
                fig.text(
                    x / page,
                    1 - (y + index * _px(size) * LINE) / tall,
                    line,
                    fontsize=size,
                    color=colour,
                    fontweight=weight,
                    va="baseline",
                    gid=gid,
                )
            )

    for (text, size, weight, colour, y), gid in zip(
        header_at, ("title", "subtitle"), strict=True
    ):
        write(margin, y + _px(size), text, size, colour, weight, gid)
    for text, y in footer_at:
        gid = "sources" if text.startswith("Source") else "key"
        write(margin, y + _px(SMALL), text, SMALL, MUTED, gid=gid)

    for index, (ax, panel) in enumerate(house.panels.items()):
        y = tops[index // n_columns][2] + _px(10.5)
        x0 = place[ax][2]
        if panel.title[0]:
            write(x0, y, panel.title[0], 10.5, INK, "bold", "panel")
            if panel.title[1]:
                step = _size(panel.title[0] + "  ", 10.5, "bold")[0]
                write(x0 + step, y, panel.title[1], 9.5, MUTED, gid="panel")
        _draw_labels(ax, panel, place[ax], events[ax], house.made, small)


def _key_line(house: _House) -> str:
    """One line that explains the marks that the figure really uses."""
    grades = house.keys & {"secondary", "tertiary"}
    words = []
    if grades:
        kind = " or ".join(sorted(grades))
        filled = "filled: primary" if "primary" in house.keys else ""
        words.append(
            f"Hollow mark: {kind} source" + (f"; {filled}." if filled else ".")
        )
    words += [text for key, text in _KEYS if key in house.keys]
    return " ".join([*words, *house.words])


def _source_line(house: _House, width: float) -> str:
    """Ids of the sources, as many as two lines hold."""
    ids = list(house.sources)
    word = "Source" if len(ids) == 1 else "Sources"
    for count in range(len(ids), 0, -1):
        text = f"{word}: {', '.join(ids[:count])}"
        if count < len(ids):
            text += f" and {len(ids) - count} more"
        text += "."
        if _wrap(text, width, SMALL).count("\n") < 2:
            break
    return text


def _row_lines(ax, panel, place) -> float:
    """Rows of a plot, counted in its row heights; long texts of a timeline wrap."""
    if panel.kind != "a timeline":
        return panel.rows
    x, width, _, end = place
    low, high = ax.get_xlim()
    top, middles = 0.0, []
    for label, marks in zip(panel.labels, panel.rows_of, strict=True):
        (left, _), (right, _) = label.points
        at = [x + (v - low) / (high - low) * width for v in (left, right)]
        before, after = at[0] - x - _px(12), end - at[1] - _px(12)
        whole = _size(label.text, label.size, label.weight)[0]
        right_side = whole <= after or (whole > before and after >= before)
        label.side = "right" if right_side else "left"
        room = after if right_side else before
        label.shown = _wrap(label.text, room, label.size, label.weight)
        lines = label.shown.count("\n") + 1
        middle = top + (lines + 0.7) / 2
        top += lines + 0.7
        middles.append(middle)
        label.points = [(left, middle), (right, middle)]
        for mark in marks:
            mark.set_ydata(np.full(len(mark.get_ydata()), middle))
    ax.set_ylim(top, 0)
    texts = [tick.get_text() for tick in ax.get_yticklabels()]
    ax.set_yticks(middles, texts)
    for tick in ax.get_yticklabels():
        tick.set_horizontalalignment("left")
    return top
