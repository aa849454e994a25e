"""Layout of a figure: line breaks, limits, ticks, and the place of everything.

Sizes are in pixels of the figure unless a name says inches or points.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter, MaxNLocator

from partnership.charts import texts
from partnership.charts.dates import middle
from partnership.charts.house import (
    AXIS,
    DPI,
    LINE,
    MARGIN,
    TICK,
    WIDTH,
    number,
    px,
    size_of,
    style,
    wrap,
)
from partnership.charts.labels import write_inside
from partnership.charts.page import Page, Panel, page_of

_GAP = 0.3 * DPI  # between columns of panels


def lay_out(fig: Figure) -> None:
    """Place everything on the page, so that nothing is cut or covered."""
    page = page_of(fig)
    for artist in page.made:
        artist.remove()
    page.made.clear()
    small = page.shape[1] > 1
    with style():
        fig.set_size_inches(WIDTH, fig.get_figheight())
        for text in [*fig.texts, *(t for ax in page.panels for t in ax.texts)]:
            text.set_parse_math(False)  # the caller may have made it in another style
        for ax, panel in page.panels.items():
            _limits(ax, panel, 4 if small else 6)
            panel.before, panel.after = _y_axis(ax, panel), _right_of(panel)
            _beside(ax, panel, small)
        _across(page)
        for ax, panel in page.panels.items():
            _x_axis(ax, panel)
            _heights(ax, panel)
        _down(fig, page)
        for ax, panel in page.panels.items():
            _write(ax, panel, small)


# -- limits and ticks ------------------------------------------------------------------


def _free(ax: Axes, panel: Panel, axis: str) -> bool:
    """Whether the limits of an axis are ours to set, not the caller's."""
    if axis not in panel.limits:
        return getattr(ax, f"get_autoscale{axis}_on")()
    return tuple(getattr(ax, f"get_{axis}lim")()) == panel.limits[axis]


def _set(ax: Axes, panel: Panel, axis: str, low: float, high: float) -> None:
    getattr(ax, f"set_{axis}lim")(low, high)
    panel.limits[axis] = tuple(getattr(ax, f"get_{axis}lim")())


def _tick(axis: Any, panel: Panel, at: list[float], formatter: Any) -> None:
    """Set the ticks of an axis, unless the caller has."""
    if axis.isDefault_majloc or axis.get_major_locator() in panel.locators:
        panel.locators.append(FixedLocator(at))
        axis.set_major_locator(panel.locators[-1])
        axis.set_major_formatter(formatter)


def _limits(ax: Axes, panel: Panel, bins: int) -> None:
    """Set the limits of both axes, and the ticks of the y axis."""
    ys, xs = panel.page.shared(panel, "y"), panel.page.shared(panel, "x")
    low, high = (min(ys), max(ys)) if ys else (0.0, 1.0)
    if panel.kind == "a slope chart" and _free(ax, panel, "y"):
        room = 0.05 * ((high - low) or abs(high) or 1.0)
        _set(ax, panel, "y", low - room, high + room)
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
            _set(ax, panel, "y", floor, top)
            high = top
        at = [tick for tick in ticks if floor - 1e-9 <= tick <= high + 1e-9]
        _tick(ax.yaxis, panel, at, FuncFormatter(lambda value, _: number(value)))
    if panel.kind in ("a time chart", "a timeline") and _free(ax, panel, "x"):
        xs = xs or [0.0, 1.0]
        pad = min(0.5, 0.025 * (max(xs) - min(xs))) or 0.5
        _set(ax, panel, "x", min(xs) - pad, max(xs) + pad)


def _y_axis(ax: Axes, panel: Panel) -> float:
    """Draw grid and zero of the y axis; return the width of its labels."""
    low, high = ax.get_ylim()
    if panel.kind == "a time chart":
        ax.grid(True, axis="y")
        ax.spines["bottom"].set_visible(low == 0)
        if low < 0 < high and "zero" not in {line.get_gid() for line in ax.lines}:
            ax.axhline(0, color=AXIS, linewidth=0.9, zorder=1.6, gid="zero")
    low, high = sorted((low, high))
    widths = [
        size_of(label.get_text(), 9.5, label.get_fontweight())[0]
        for label, at in zip(ax.get_yticklabels(), ax.get_yticks(), strict=True)
        if panel.rows or low - 1e-9 <= at <= high + 1e-9
    ]
    if not panel.rows:
        ax.tick_params(axis="y", pad=5)
        return max(widths) + px(5) if widths else 0.0
    for label in ax.get_yticklabels():
        label.set_horizontalalignment("left")
    return max(widths, default=0) + px(8)


def _academic(panel: Panel) -> bool:
    """Whether the time axis has academic years only, as all that share it."""
    group = panel.page.group(panel, "x")
    return set().union(*(one.types for one in group)) == {"academic_year"}


def _x_axis(ax: Axes, panel: Panel) -> None:
    """Ticks of a time axis: whole years, calendar or academic, as many as fit."""
    if panel.kind not in ("a time chart", "a timeline"):
        return
    low, high = ax.get_xlim()
    academic = _academic(panel)
    if academic:
        xs = [x for one in panel.page.group(panel, "x") for x in one.xs]
        years = range(math.floor(min(xs)), math.floor(max(xs)) + 1)
        ends = [(pd.Timestamp(y, 9, 1), pd.Timestamp(y + 1, 8, 31)) for y in years]
        names = [f"{y}/{(y + 1) % 100:02}" for y in years]
        places = dict(zip([middle(*pair) for pair in ends], names, strict=True))
    else:
        years = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
        places = {float(y): str(y) for y in years or [round((low + high) / 2)]}
    need = size_of(next(iter(places.values())), 9.5)[0] * 1.35
    a_year = panel.width / (high - low)
    step = next((s for s in (1, 2, 5, 10, 20, 50) if s * a_year > need), 100)
    # Count academic years back from the last; calendar years go by round numbers.
    offset = len(places) - 1 if academic else -round(min(places))
    at = [x for i, x in enumerate(places) if (i - offset) % step == 0]
    _tick(ax.xaxis, panel, at, FixedFormatter([places[x] for x in at]))
    ax.tick_params(axis="x", length=3.5, color=AXIS, width=0.8)


# -- across ----------------------------------------------------------------------------


def _right_of(panel: Panel) -> float:
    """Room for half of the last tick's label."""
    if panel.kind != "a time chart":
        return px(2)
    return px(24 if _academic(panel) else 16)


def _beside(ax: Axes, panel: Panel, small: bool) -> None:
    """Break the labels that stand beside the plot, and keep room for them."""
    low, high = ax.get_xlim()
    limit = 2.6 if panel.kind == "a slope chart" else 0.95 if small else 1.75
    for label in panel.labels:
        if label.kind == "line":  # inside, if the line ends early
            near = high - label.points[0][0] < 0.06 * (high - low)
            label.side = "right" if near else ""
        if label.side and label.kind in ("label", "line"):
            label.shown = wrap(label.text, limit * DPI, label.size, label.weight)
            need = size_of(label.shown, label.size, label.weight)[0] + px(16)
            if label.side == "right":
                panel.after = max(panel.after, need)
            else:
                panel.before = max(panel.before, need)


def _across(page: Page) -> None:
    """Find the left edge and the width of each plot."""
    margin, columns = MARGIN * DPI, page.shape[1]
    cell = (WIDTH * DPI - 2 * margin - _GAP * (columns - 1)) / columns
    panels = list(page.panels.items())
    for column in range(columns):
        mine = panels[column::columns]
        for ax, panel in mine:
            # Panels of one kind share their left edge within a column.
            alike = [other for _, other in mine if other.kind == panel.kind]
            before = max(other.before for other in alike)
            after = max(other.after for other in alike)
            if panel.rows:
                ax.tick_params(axis="y", pad=before * 72 / DPI)
            panel.left = margin + column * (cell + _GAP)
            panel.right = panel.left + cell
            panel.x, panel.width = panel.left + before, cell - before - after


# -- down ------------------------------------------------------------------------------


def _heights(ax: Axes, panel: Panel) -> None:
    """Find the height of a plot and the room above and below it."""
    levels = texts.place_events(ax, panel)
    panel.above = (px(24) if panel.name else 0) + levels * px(15)
    panel.above += px(3) if levels else 0
    if panel.kind == "a heatmap":  # ticks on top, maybe in several lines
        highs = [size_of(head.get_text(), TICK)[1] for head in ax.get_xticklabels()]
        panel.above += px(20) + max(highs, default=px(TICK)) - px(TICK)
        panel.below = px(4)
    else:
        panel.below = px(22) if len(ax.get_xticks()) else px(4)
    if panel.claims and panel.kind == "bars":
        panel.above += px(18)
    rows = _rows(ax, panel)
    panel.height = (rows * panel.row_height if panel.rows else 3.1) * DPI
    if panel.kind == "shares":
        panel.above += texts.place_shares(panel)
    if panel.page.height:
        panel.height = panel.page.height * DPI


def _rows(ax: Axes, panel: Panel) -> float:
    """Rows of a plot, counted in its row heights; long texts of a timeline wrap."""
    if panel.kind != "a timeline":
        return panel.rows
    low, high = ax.get_xlim()
    scale, room = panel.width / (high - low), px(12)
    top, middles = 0.0, []
    for label, marks in zip(panel.labels, panel.marks, strict=True):
        (left, _), (right, _) = label.points
        before = (left - low) * scale - room
        after = panel.right - panel.x - (right - low) * scale - room
        whole = size_of(label.text, label.size, label.weight)[0]
        beyond = whole <= after or (whole > before and after >= before)
        label.side = "right" if beyond else "left"
        width = after if beyond else before
        label.shown = wrap(label.text, width, label.size, label.weight)
        lines = label.shown.count("\n") + 1.7
        middles.append(top + lines / 2)
        top += lines
        label.points = [(left, middles[-1]), (right, middles[-1])]
        for mark in marks:
            mark.set_ydata(np.full(len(mark.get_ydata()), middles[-1]))
    ax.set_ylim(top, 0)
    ax.set_yticks(middles, [tick.get_text() for tick in ax.get_yticklabels()])
    for tick in ax.get_yticklabels():
        tick.set_horizontalalignment("left")
    return top


def _down(fig: Figure, page: Page) -> None:
    """Find the height of the page, put every plot in its place, write the frame."""
    margin, columns = MARGIN * DPI, page.shape[1]
    head, pen = _stacked(texts.headings(page), margin, (px(3), px(17)))
    axes, rows = list(page.panels.items()), []
    for first in range(0, len(axes), columns):
        row = axes[first : first + columns]
        pen += 0.14 * DPI if rows else 0
        above, height, below = (
            max(getattr(panel, name) for _, panel in row)
            for name in ("above", "height", "below")
        )
        rows.append((row, pen, pen + above, height))
        pen += above + height + below
    foot, pen = _stacked(texts.footer(page), pen + px(9), (px(1), px(1)))
    # A whole number of pixels, or the picture gets a stray line at its edge.
    tall = math.ceil(pen + margin)
    fig.set_size_inches(WIDTH, tall / DPI)
    for y, (gid, text, *look) in [*head, *foot]:
        texts.write_line(fig, margin, y, text, *look, gid)
    for row, start, top, height in rows:
        for ax, panel in row:
            _put(ax, panel, top, height, tall)
            texts.write_name(fig, panel, start + px(10.5))


def _stacked(parts, pen: float, apart: tuple[float, float]):
    """Baselines of texts one below the other, and where the last one ends."""
    found = []
    for part, gap in zip(parts, apart, strict=False):
        size, lines = part[2], part[1].count("\n") + 1
        found.append((pen + px(size), part))
        pen += px(size) * LINE * lines + gap
    return found, pen


def _put(ax: Axes, panel: Panel, top: float, height: float, tall: float) -> None:
    """Put a plot in its place; beside taller plots rows keep their height, on top."""
    if panel.rows and panel.kind != "a timeline":
        count = max(panel.rows, height / (1.35 * panel.row_height * DPI))
        count = panel.rows if panel.kind == "a heatmap" else count
        ax.set_ylim(count - 0.5, -0.5)
        for line in ax.lines:
            if line.get_gid() == "claim":
                line.set_ydata([1 - panel.rows / count, 1])
    page = WIDTH * DPI
    bottom = 1 - (top + height) / tall
    ax.set_position((panel.x / page, bottom, panel.width / page, height / tall))


def _write(ax: Axes, panel: Panel, small: bool) -> None:
    """Write the labels of a plot that has its place."""
    texts.write_events(ax, panel)
    taken = texts.write_sides(ax, panel)
    texts.write_marks(ax, panel)
    if panel.kind == "bars":
        _bars(ax, panel)
        texts.write_bars(ax, panel)
    if panel.kind == "shares":
        texts.write_key(ax, panel)
    if panel.kind == "a time chart":
        write_inside(ax, panel, taken, small)
    else:
        texts.write_claims(ax, panel)


def _bars(ax: Axes, panel: Panel) -> None:
    """Set the limits across bars, which depend on the widths of their numbers."""
    if _free(ax, panel, "x"):
        xs = panel.page.shared(panel, "x")
        low, high = min(panel.base, *xs), max(panel.base, *xs)
        high = high if high > low else low + 1
        _set(ax, panel, "x", *texts.bar_limits(panel.page.group(panel, "x"), low, high))
