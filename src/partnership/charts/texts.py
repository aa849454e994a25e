"""Texts with a fixed place: beside lines, at bars and marks, above the plot, the frame.

Coordinates are pixels of the figure unless a name says inches or points.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, product
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from partnership.charts import house
from partnership.charts.house import (
    AXIS,
    DPI,
    INK,
    LABEL,
    MUTED,
    ROOM,
    px,
    size_of,
    wrap,
)
from partnership.charts.page import Page, Panel, page_of

TITLE, SUBTITLE, SMALL = 14.0, 10.5, 9.0  # points
_STEM, _GAP = 15, 3  # points: between rows of events, between texts in a row


def write(
    ax: Axes,
    xy: Any,
    offset: tuple[float, float],
    text: str,
    colour: Any = INK,
    weight: str = "normal",
    size: float = LABEL,
    ha: str = "left",
    va: str = "center",
    **more: Any,
) -> None:
    """Write a text beside a point, moved by an offset in points."""
    if va == "center" and "\n" not in text:
        # On one baseline, whatever letters the text has.
        va, offset = "baseline", (offset[0], offset[1] - 0.36 * size)
    look = {"color": colour, "fontweight": weight, "fontsize": size, "ha": ha, "va": va}
    look |= {"textcoords": "offset points", "annotation_clip": False}
    look |= {"linespacing": 1.15, "zorder": 6}
    page_of(ax).made.append(ax.annotate(text, xy, offset, **look | more))


def leader(colour: Any, width: float) -> dict[str, Any]:
    """Look of a thin line from a text to its point."""
    ends = {"shrinkA": 1, "shrinkB": 5}
    return {"arrowstyle": "-", "color": colour, "linewidth": width, **ends}


def box_at(at, offset, ha, va, size) -> Bbox:
    """Box of a text of this size beside a point."""
    x, y = at[0] + px(offset[0]), at[1] + px(offset[1])
    x -= {"left": 0, "center": size[0] / 2, "right": size[0]}[ha]
    y -= {"bottom": 0, "center": size[1] / 2, "top": size[1]}[va]
    return Bbox.from_bounds(x, y, *size)


# -- events above the plot -------------------------------------------------------------


def place_events(ax: Axes, panel: Panel) -> int:
    """Find row and side of the label of each event; return how many rows there are.

    Of all choices of sides the one that needs the fewest rows is taken.
    """
    low, high = ax.get_xlim()
    events, choices = sorted(panel.events, reverse=True), []
    for where, text in events:
        at = panel.x + (where - low) / (high - low) * panel.width
        long = size_of(text, 9.5)[0] + px(6)
        sides = [(at, at, at + long, "left"), (at, at - long, at, "right")]
        fits = [one for one in sides if one[1] >= panel.x and one[2] <= panel.right]
        choices.append(fits or sides[:1])
    plans = [(_rows_of(plan), plan) for plan in islice(product(*choices), 1024)]
    rows, plan = min(plans, key=lambda one: (max(one[0], default=0), sum(one[0])))
    found = zip(events, plan, rows, strict=True)
    panel.stems = [(*event, side, row) for event, (*_, side), row in found]
    return max(rows, default=-1) + 1


def _rows_of(plan: Sequence[tuple]) -> list[int]:
    """Lowest row of each event, from right to left.

    A label must not meet another one in its row, nor a line that leads to a row above,
    nor may its own line cross a label on the way.
    """
    room, rows = px(_GAP), []
    for at, start, stop, _ in plan:
        taken = set()
        for row, (line, first, last, _) in zip(rows, plan, strict=False):
            if start <= last and stop >= first:
                taken.add(row)
            if start - room < line < stop + room:
                taken |= set(range(row))
            if first - room < at < last + room:
                taken |= set(range(row + 1, len(plan)))
        free = set(range(len(plan))) - taken
        rows.append(min(free, default=len(plan)))
    return rows


def write_events(ax: Axes, panel: Panel) -> None:
    """Write the labels of events above the plot, each at a stem of its line."""
    upright, height = ax.get_xaxis_transform(), ax.bbox.height
    stem = {"color": AXIS, "linewidth": 0.9, "clip_on": False, "zorder": 1.5}
    for where, text, side, row in panel.stems:
        rise = 4 + _STEM * row
        ends = [1, 1 + px(rise + 11) / height]
        line = ax.plot([where, where], ends, transform=upright, gid="zero", **stem)
        panel.page.made += line
        offset = (4 if side == "left" else -4, rise + 5)
        look = {"size": 9.5, "ha": side, "xycoords": upright, "gid": "event-label"}
        write(ax, (where, 1), offset, text, MUTED, **look)


# -- labels beside the plot, at marks and bars -----------------------------------------


def spread_out(centres: Sequence[float], heights: Sequence[float]) -> np.ndarray:
    """Move centres as little as needed so that blocks of these heights do not touch.

    Blocks that overlap merge and settle around the mean of where they wanted to be.
    """
    blocks: list[list] = []  # centre, height, members
    for index in np.argsort(centres, kind="stable"):
        blocks.append([centres[index], heights[index], [index]])
        while len(blocks) > 1:
            low, high = blocks[-2:]
            if high[0] - low[0] >= (low[1] + high[1]) / 2:
                break
            members = low[2] + high[2]
            wish = (low[0] * len(low[2]) + high[0] * len(high[2])) / len(members)
            blocks[-2:] = [[wish, low[1] + high[1], members]]
    result = np.zeros(len(centres))
    for centre, height, members in blocks:
        at = centre - height / 2
        for index in members:
            result[index] = at + heights[index] / 2
            at += heights[index]
    return result


def write_sides(ax: Axes, panel: Panel) -> list[Bbox]:
    """Write the labels of lines right of the plot; return their boxes."""
    mine, taken = [b for b in panel.labels if b.kind == "line" and b.side], []
    at = [ax.transData.transform(label.points[0]) for label in mine]
    sizes = [size_of(b.shown, b.size, b.weight) for b in mine]
    want = spread_out([y for _, y in at], [h + px(2.5) for _, h in sizes])
    for label, (x, y), size, target in zip(mine, at, sizes, want, strict=True):
        shift = (target - y) * 72 / DPI
        way, tied = max(9, (ax.bbox.x1 - x) * 72 / DPI + 4), abs(shift) > 7
        line = leader(label.colour, 0.6) if tied else None
        offset, ink = (way + 3 * tied, shift), (label.colour, label.weight)
        look = {"gid": "label", "arrowprops": line}
        write(ax, label.points[0], offset, label.shown, *ink, **look)
        taken.append(box_at((x, y), (way, shift), "left", "center", size))
    return taken


def write_marks(ax: Axes, panel: Panel) -> None:
    """Write texts at the marks of a timeline, at the ends of bars, and on shares."""
    low, high = ax.get_xlim()
    for label in panel.labels:
        (left, row), (right, _) = label.points[0], label.points[-1]
        back = label.side == "left"
        look = {"colour": label.colour, "weight": label.weight, "gid": "label"}
        look["ha"] = "right" if back else "left"
        if label.kind == "row":
            look["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
            at, way = ((left, row), -9) if back else ((right, row), 9)
            write(ax, at, (way, 0), label.shown, multialignment="left", **look)
        elif label.kind == "share" and label.shown:
            look |= {"ha": "center", "gid": "share-label"}
            write(ax, ((left + right) / 2, row), (0, 0), label.shown, **look)
        elif label.kind == "bar":
            shift = _away(panel, label, panel.width / (high - low)) * 72 / DPI
            offset, look["gid"] = (-shift if back else shift, -0.5), "bar-label"
            write(ax, (left, row), offset, label.text, **look)
    rows = max((row for *_, row in panel.key), default=0)
    corner = {"xycoords": "axes fraction"}
    for part, fill, at, row in panel.key:  # names of shares that are too narrow
        lift = 11 + 15 * (rows - row)
        write(ax, (0, 1), (at, lift), "\u25a0", fill, size=12, gid="swatch", **corner)
        write(ax, (0, 1), (at + 13, lift), part, MUTED, size=9.5, gid="key", **corner)


def _away(panel: Panel, label, scale: float) -> float:
    """Pixels from the end of a bar to its number, which keeps off the claim."""
    size = size_of(label.text, label.size, label.weight)[0]
    gaps = [(value - label.points[0][0]) * scale for value, _ in panel.claims]
    near = [gap for gap in gaps if -px(4) <= gap < size + px(9)]
    return max(near) + px(6) if near and label.side != "left" else px(5)


def bar_limits(group: Sequence[Panel], low: float, high: float) -> tuple[float, float]:
    """Limits at which bars and their numbers together fill the width of each panel.

    Found by repeating, because what a number needs in units depends on the scale.
    """
    for _ in range(60):
        before = low, high
        for panel in group:
            unit = (high - low) / panel.width
            high = max(high, *(value + px(2) * unit for value, _ in panel.claims), high)
            for label in panel.labels:
                unit = (high - low) / panel.width
                reach = _away(panel, label, 1 / unit) + px(1)
                reach += size_of(label.text, label.size, label.weight)[0]
                if label.side == "left":
                    low = min(low, label.points[0][0] - reach * unit)
                else:
                    high = max(high, label.points[0][0] + reach * unit)
        if (low, high) == before:
            break
    return low, high


def write_claims(ax: Axes, panel: Panel) -> None:
    """Write the claims above bars."""
    look = {"va": "bottom", "xycoords": ax.get_xaxis_transform(), "gid": "claim-label"}
    for value, text in panel.claims:
        ha = "center" if value < sum(ax.get_xlim()) * 0.8 else "right"
        write(ax, (value, 1), (0, 5), text, INK, "bold", ha=ha, **look)


# -- shares ----------------------------------------------------------------------------


def place_shares(panel: Panel) -> float:
    """Name the parts in the row that holds most names; return the room of the key.

    The key, above the bars, names what does not fit.
    """
    named: dict[float, dict[str, str]] = {}
    for label in panel.labels:
        (left, row), (right, _) = label.points
        room, digits = panel.width * (right - left) / 100 - px(5), f"{right - left:.0f}"
        label.shown = digits if size_of(digits, LABEL, "bold")[0] <= room else ""
        name = wrap(label.text, max(room, 1), LABEL, label.weight)
        name += f"{' ' if chr(10) in name else chr(10)}{digits}"
        names = named.setdefault(row, {})
        if size_of(name, LABEL, label.weight)[0] <= room and name.count("\n") < 2:
            names[label.text] = name
    best = max(named, key=lambda row: len(named[row]))
    for label in panel.labels:
        if label.points[0][1] == best:
            label.shown = named[best].get(label.text, label.shown)
    at, row, panel.key = 0.0, 0, []
    for part, fill in panel.fills.items():
        if part not in named[best]:
            need = px(13) + size_of(part, 9.5)[0]
            if at and at + need > panel.width:
                at, row = 0.0, row + 1
            panel.key.append((part, fill, at * 72 / DPI, row))
            at += need + px(14)
    return px(6 + 15 * (row + 1)) if panel.key else 0.0


# -- the frame -------------------------------------------------------------------------


_KEYS = (
    ("band", "Band: lowest to highest statement."),
    ("whiskers", "Whiskers: lowest to highest statement."),
    ("bound", "Arrow: “more than” or “less than”."),
    ("plan", "Diamond: plan, target or forecast."),
    ("span", "Line through a mark: the months or years it covers."),
    ("uncertain", "Hollow mark: the day is not known."),
)


def headings(page: Page) -> list[tuple[str, str, float, str, str]]:
    """Title and subtitle in lines: gid, text, size, weight, colour."""
    title = wrap(page.title, ROOM, TITLE, "bold", balance=True)
    subtitle = wrap(page.subtitle, ROOM, SUBTITLE, balance=True)
    return [
        ("title", title, TITLE, "bold", INK),
        ("subtitle", subtitle, SUBTITLE, "normal", MUTED),
    ]


def footer(page: Page) -> list[tuple[str, str, float, str, str]]:
    """What explains the marks that the figure really uses, and its sources."""
    grades = page.keys & {"secondary", "tertiary"}
    words = []
    if grades:
        kind = " or ".join(sorted(grades))
        filled = "; filled: primary" if "primary" in page.keys else ""
        words.append(f"Hollow mark: {kind} source{filled}.")
    words += [text for key, text in _KEYS if key in page.keys]
    key = wrap(" ".join([*words, *page.words]), ROOM, SMALL)
    lines = [("key", key), ("sources", _sources(page))]
    return [(gid, text, SMALL, "normal", MUTED) for gid, text in lines if text]


def _sources(page: Page) -> str:
    """Ids of the sources, as many as two lines hold."""
    ids = list(page.sources)
    word = "Source" if len(ids) == 1 else "Sources"
    for count in range(len(ids), 0, -1):
        more = f" and {len(ids) - count} more" if count < len(ids) else ""
        text = wrap(f"{word}: {', '.join(ids[:count])}{more}.", ROOM, SMALL)
        if text.count("\n") < 2:
            break
    return text


def write_line(fig, x, y, text, size, weight, colour, gid, ha="left") -> None:
    """Write on the figure, y pixels below its top, line by line.

    A text a line: then the distance between lines does not depend on letters.
    """
    width, tall = fig.bbox.size
    look = {"fontsize": size, "color": colour, "fontweight": weight, "gid": gid}
    for index, line in enumerate(text.split("\n")):
        at = 1 - (y + index * px(size) * house.LINE) / tall
        page_of(fig).made.append(fig.text(x / width, at, line, ha=ha, **look))


def write_name(fig: Figure, panel: Panel, y: float) -> None:
    """Write the name of a panel, and its remark in lighter type."""
    if panel.name:
        write_line(fig, panel.left, y, panel.name, 10.5, "bold", INK, "panel")
        if panel.remark:
            step = size_of(panel.name + "  ", 10.5, "bold")[0]
            look = (9.5, "normal", MUTED, "panel")
            write_line(fig, panel.left + step, y, panel.remark, *look)
