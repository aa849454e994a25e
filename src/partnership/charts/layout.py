"""Layout of a figure: line breaks, limits, ticks, and the place of everything.

Sizes are in pixels of the figure unless a name says inches or points.
"""

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.markers import TICKDOWN
from matplotlib.ticker import MaxNLocator

from partnership.charts import house, texts
from partnership.charts.house import AXIS, DPI, INK, ROOM, TICK, px, size_of
from partnership.charts.page import Page, Panel, page_of
from partnership.charts.time import middle

_GAP, _SMALL = 0.3 * DPI, 9.0  # between columns of panels; points


def lay_out(fig: Figure) -> None:
    """Place everything on the page, so that nothing is cut or covered."""
    page = page_of(fig)
    for ax, panel in page.panels.items():
        _limits(ax, panel)
        _beside(ax, panel)
    _across(page)
    for ax, panel in page.panels.items():
        _years(ax, panel)
        _heights(ax, panel)
    _down(page)
    for ax, panel in page.panels.items():
        _write(ax, panel)


# -- limits and ticks ------------------------------------------------------------------


def _given(axis: Any) -> list[tuple[float, str]]:
    """Ticks of an axis as matplotlib or the caller has them."""
    at, (low, high) = axis.get_ticklocs(), sorted(axis.get_view_interval())
    named = zip(at, axis.get_major_formatter().format_ticks(at), strict=True)
    return [(x, text) for x, text in named if low - 1e-9 <= x <= high + 1e-9]


def _limits(ax: Axes, panel: Panel) -> None:
    """Set the limits along time, and the ticks of the y axis."""
    xs = panel.page.shared(panel, "x") or [0.0, 1.0]
    if panel.kind in ("a time chart", "a timeline") and ax.get_autoscalex_on():
        pad = min(0.5, 0.025 * (max(xs) - min(xs))) or 0.5
        ax.set_xlim(min(xs) - pad, max(xs) + pad)
    if panel.kind in ("", "a distribution") and ax.axison:
        panel.ticks = _given(ax.xaxis)
        panel.scale = [] if panel.kind else _given(ax.yaxis)
    if panel.kind != "a time chart":
        return
    free, ys = ax.get_autoscaley_on(), panel.page.shared(panel, "y") or [0.0, 1.0]
    floor, high = (min(*ys, 0.0), max(ys)) if free else sorted(ax.get_ylim())
    bins = 4 if panel.page.shape[1] > 1 else 6
    ticks = MaxNLocator(bins, steps=[1, 2, 2.5, 5, 10]).tick_values(floor, high)
    if free:
        # Whole steps, and a little air where a mark would touch the top.
        step, most = ticks[1] - ticks[0], high
        floor = math.floor(floor / step + 1e-9) * step
        high = math.ceil(high / step - 1e-9) * step
        high += 0.03 * (high - floor) if high - most < 0.02 * (high - floor) else 0
        ax.set_ylim(floor, high)
    at = [tick for tick in ticks if floor - 1e-9 <= tick <= high + 1e-9]
    own = ax.yaxis.isDefault_majloc
    panel.scale = [(y, house.number(y)) for y in at] if own else _given(ax.yaxis)


def _academic(panel: Panel) -> bool:
    """Whether the time axis has academic years only, as all that share it."""
    group = panel.page.group(panel, "x")
    return set().union(*(one.types for one in group)) == {"academic_year"}


def _years(ax: Axes, panel: Panel) -> None:
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
    need = size_of(next(iter(places.values())), TICK)[0] * 1.35
    a_year = panel.width / (high - low)
    step = next((s for s in (1, 2, 5, 10, 20, 50) if s * a_year > need), 100)
    # Count academic years back from the last; calendar years go by round numbers.
    offset = len(places) - 1 if academic else -round(min(places))
    at = [x for i, x in enumerate(places) if (i - offset) % step == 0]
    own = ax.xaxis.isDefault_majloc
    panel.ticks = [(x, places[x]) for x in at] if own else _given(ax.xaxis)


def _frame(ax: Axes, panel: Panel) -> None:
    """Draw grid, baseline and ticks; write names of rows and values of ticks."""
    page, xs, kind = panel.page, [x for x, _ in panel.ticks], panel.kind
    upright, tall = ax.get_xaxis_transform(), page.figure.bbox.height
    grid = {"color": house.GRID, "linewidth": 0.9, "zorder": 0.5}
    stroke = {"color": AXIS, "linewidth": 0.8, "clip_on": False, "gid": "zero"}
    low, high = sorted(ax.get_ylim())
    if kind == "a time chart":
        ys, across = [y for y, _ in panel.scale], ax.get_yaxis_transform()
        ax.hlines(ys, 0, 1, transform=across, **grid)
        if low < 0 < high:
            ax.axhline(0, color=AXIS, linewidth=0.9, zorder=1.6)
    if kind == "a timeline":
        ax.vlines(xs, 0, 1, transform=upright, **grid)
    if kind in ("a timeline", "a distribution") or (
        kind == "a time chart" and low == 0
    ):
        ax.plot([0, 1], [0, 0], transform=ax.transAxes, zorder=2.5, **stroke)
    if kind in ("a timeline", "a time chart"):
        shape = {"marker": TICKDOWN, "markersize": 3.5, "markeredgewidth": 0.8}
        ax.plot(xs, np.zeros(len(xs)), ls="", transform=upright, **shape, **stroke)

    def write(x, y, text, *look, ha="left", gid="tick"):  # centred on y, from below
        lines = text.count("\n")
        y = tall - y - px(TICK) * (0.64 + house.LINE * lines / 2)
        texts.write_lines(page, x, y, text, TICK, *look, gid=gid, ha=ha)

    def at(x, y):
        return ax.transData.transform((x, y))

    for y, text in panel.scale:
        write(panel.x - px(5), at(0, y)[1], text, ha="right")
    rows = [label.points[0][1] for label in panel.labels if label.kind == "row"]
    for y, name in zip(rows or range(len(panel.names)), panel.names, strict=True):
        write(panel.left, at(0, y)[1], *name, gid="name")
    for x, text in panel.ticks:
        y = ax.bbox.y0 - px(7 + 0.41 * TICK)
        if kind == "a heatmap":  # on top, maybe in several lines
            y = (
                ax.bbox.y1
                + px(7)
                + px(TICK) * (0.36 + house.LINE * text.count("\n") / 2)
            )
        write(at(x, 0)[0], y, text, ha="center")
    ax.set_axis_off()


# -- across ----------------------------------------------------------------------------


def _beside(ax: Axes, panel: Panel) -> None:
    """Find the room left and right of a plot; break the labels that stand there."""
    beside, gap = [(text, "normal") for _, text in panel.scale], px(5)
    if panel.names:
        beside, gap = [(text, weight) for text, _, weight in panel.names], px(8)
    widths = [size_of(text, TICK, weight)[0] for text, weight in beside]
    panel.before, panel.after = (max(widths) + gap if widths else 0.0), px(2)
    if panel.kind == "a time chart":
        panel.after = px(24 if _academic(panel) else 16)  # half of a year's name
    low, high = ax.get_xlim()
    for label in panel.labels:
        if label.kind == "line":  # inside, if the line ends early
            near = high - label.points[0][0] < 0.06 * (high - low)
            label.side = "right" if near else ""
            room = (0.95 if panel.page.shape[1] > 1 else 1.75) * DPI
            label.shown = label.wrap(room)
            need = label.extent(label.shown)[0] + px(16) if near else 0
            panel.after = max(panel.after, need)


def _across(page: Page) -> None:
    """Find the left edge and the width of each plot."""
    columns, panels = page.shape[1], list(page.panels.values())
    cell = (ROOM - _GAP * (columns - 1)) / columns
    for index, panel in enumerate(panels):
        # Panels of one kind share their left edge within a column.
        mine = panels[index % columns :: columns]
        alike = [other for other in mine if other.kind == panel.kind]
        before = max(other.before for other in alike)
        panel.left = house.MARGIN * DPI + index % columns * (cell + _GAP)
        panel.right, panel.x = panel.left + cell, panel.left + before
        panel.width = cell - before - max(other.after for other in alike)


# -- down ------------------------------------------------------------------------------


def _heights(ax: Axes, panel: Panel) -> None:
    """Find the height of a plot and the room above and below it."""
    levels = texts.place_events(ax, panel)
    panel.above = px(24 if panel.name else 0) + px(15 * levels + 3 if levels else 0)
    panel.below = px(22) if panel.ticks else px(4)
    if panel.kind == "a heatmap":  # ticks on top, maybe in several lines
        highs = [size_of(head, TICK)[1] for _, head in panel.ticks]
        panel.above += px(20) + max(highs) - px(TICK)
        panel.below = px(4)
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
    scale, gap, top = panel.width / (high - low), px(12), 0.0
    for label, marks in zip(panel.labels, panel.marks, strict=True):
        (left, _), (right, _) = label.points
        before = (left - low) * scale - gap
        after = panel.right - panel.x - (right - low) * scale - gap
        whole = label.extent()[0]
        beyond = whole <= after or (whole > before and after >= before)
        label.side, room = ("right", after) if beyond else ("left", before)
        label.shown = label.wrap(room)
        lines = label.shown.count("\n") + 1.7
        label.points = [(left, top + lines / 2), (right, top + lines / 2)]
        for mark in marks:
            mark.set_ydata(np.full(len(mark.get_ydata()), top + lines / 2))
        top += lines
    ax.set_ylim(top, 0)
    return top


def _down(page: Page) -> None:
    """Find the height of the page, put every plot in its place, write the rest."""
    margin, columns = house.MARGIN * DPI, page.shape[1]
    title = house.wrap(page.title, ROOM, 14, "bold", balance=True)
    subtitle = house.wrap(page.subtitle, ROOM, 10.5, balance=True)
    key = house.wrap(texts.key_of(page), ROOM, _SMALL)
    pen = texts.write_lines(page, margin, margin, title, 14, INK, "bold", "title")
    pen = texts.write_lines(page, margin, pen + px(3), subtitle, 10.5, gid="subtitle")
    pen += px(17)
    panels, puts = list(page.panels.items()), []
    for first in range(0, len(panels), columns):
        row = panels[first : first + columns]
        pen += 0.14 * DPI if first else 0
        above, height, below = (
            max(getattr(panel, name) for _, panel in row)
            for name in ("above", "height", "below")
        )
        puts += [(ax, panel, pen + above, height) for ax, panel in row]
        for _, panel in row:  # its name, and the remark in lighter type
            place = panel.left, pen, panel.name, 10.5
            texts.write_lines(page, *place, INK, "bold", "panel")
            step = size_of(panel.name + "  ", 10.5, "bold")[0]
            place = panel.left + step, pen + px(1), panel.remark, 9.5
            texts.write_lines(page, *place, gid="panel")
        pen += above + height + below
    pen = texts.write_lines(page, margin, pen + px(9), key, _SMALL, gid="key")
    pen += px(1) if key else 0
    sources = texts.sources_of(page, ROOM, _SMALL)
    pen = texts.write_lines(page, margin, pen, sources, _SMALL, gid="sources") + px(1)
    # A whole number of pixels, or the picture gets a stray line at its edge.
    tall = math.ceil(pen + margin)
    page.figure.set_size_inches(house.WIDTH, tall / DPI)
    page.top.translate(0, tall)
    for put in puts:
        _put(*put, tall)


def _put(ax: Axes, panel: Panel, top: float, height: float, tall: float) -> None:
    """Put a plot in its place; beside taller plots rows keep their height, on top."""
    if panel.rows and panel.kind != "a timeline":
        count = max(panel.rows, height / (1.35 * panel.row_height * DPI))
        count = panel.rows if panel.kind == "a heatmap" else count
        ax.set_ylim(count - 0.5, -0.5)
        for line in ax.lines:
            if line.get_gid() == "claim":
                line.set_ydata([1 - panel.rows / count, 1])
    page = house.WIDTH * DPI
    bottom = 1 - (top + height) / tall
    ax.set_position((panel.x / page, bottom, panel.width / page, height / tall))


def _write(ax: Axes, panel: Panel) -> None:
    """Write the labels of a plot that has its place."""
    if panel.kind == "bars" and ax.get_autoscalex_on():
        xs = panel.page.shared(panel, "x")
        low, high = min(panel.base, *xs), max(panel.base, *xs)
        high = high if high > low else low + 1
        ax.set_xlim(texts.bar_limits(panel.page.group(panel, "x"), low, high))
    _frame(ax, panel)
    texts.write_events(ax, panel)
    texts.write_marks(ax, panel)
    if panel.kind == "a time chart":
        texts.write_inside(ax, panel, texts.write_sides(ax, panel))
    else:
        texts.write_claims(ax, panel)
