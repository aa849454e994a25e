"""Texts with a fixed place: beside lines, at bars and marks, above the plot, the frame.

Coordinates are pixels of the figure unless a name says inches or points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import islice, product
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from partnership.charts.house import (
    AXIS,
    DPI,
    INK,
    LABEL,
    LINE,
    MARGIN,
    MUTED,
    SMALL,
    SUBTITLE,
    TITLE,
    WIDTH,
    px,
    size_of,
    wrap,
)
from partnership.charts.page import Page, Panel, page_of

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

    A label must not meet another one in its row, nor a line that leads to a row above,
    nor may its own line cross a label on the way. Of all choices of sides the one that
    needs the fewest rows is taken; all to the right of their lines always works.
    """
    low, high = ax.get_xlim()
    events = []
    for where, text in sorted(panel.events, reverse=True):
        at = panel.x + (where - low) / (high - low) * panel.width
        long = size_of(text, 9.5)[0] + px(6)
        spans = {"left": (at, at + long), "right": (at - long, at)}
        fits = [s for s, (a, b) in spans.items() if a >= panel.x and b <= panel.right]
        events.append((where, text, at, spans, fits or ["left"]))
    plans = [
        (_rows_of(events, sides), sides)
        for sides in islice(product(*[fits for *_, fits in events]), 1024)
    ]
    rows, sides = min(plans, key=lambda plan: (max(plan[0], default=0), sum(plan[0])))
    found = zip(events, sides, rows, strict=True)
    panel.stems = [(where, text, side, row) for (where, text, *_), side, row in found]
    return max(rows, default=-1) + 1


def _rows_of(events: Sequence[tuple], sides: Sequence[str]) -> list[int]:
    """Lowest row of each event, if their labels stand on these sides."""
    room = px(_GAP)
    done: list[tuple[float, float, float, int]] = []  # line, start, stop, row

    def clash(at, start, stop, row):
        for line, first, last, other in done:
            if other == row and start <= last and stop >= first:
                return True
            if other > row and start - room < line < stop + room:
                return True
            if other < row and first - room < at < last + room:
                return True
        return False

    for (_, _, at, spans, _), side in zip(events, sides, strict=True):
        row = 0
        while clash(at, *spans[side], row) and row <= len(events):
            row += 1
        done.append((at, *spans[side], row))
    return [row for *_, row in done]


def write_events(ax: Axes, panel: Panel) -> None:
    """Write the labels of events above the plot, each at a stem of its line."""
    upright, height = ax.get_xaxis_transform(), ax.get_window_extent().height
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
    """Write the labels left and right of the plot; return their boxes."""
    frame, taken = ax.get_window_extent(), []
    for side in ("left", "right"):
        kinds = ("label", "line")
        mine = [b for b in panel.labels if b.side == side and b.kind in kinds]
        if not mine:
            continue
        at = [ax.transData.transform(label.points[0]) for label in mine]
        sizes = [size_of(b.shown, b.size, b.weight) for b in mine]
        want = spread_out([y for _, y in at], [h + px(2.5) for _, h in sizes])
        for label, (x, y), size, target in zip(mine, at, sizes, want, strict=True):
            shift = (target - y) * 72 / DPI
            tied = abs(shift) > 7
            edge = frame.x1 - x if side == "right" else x - frame.x0
            way = max(9, edge * 72 / DPI + 4) * (1 if side == "right" else -1)
            ha = "left" if side == "right" else "right"
            look = {"ha": ha, "gid": "label"}
            look["arrowprops"] = leader(label.colour, 0.6) if tied else None
            offset = (way + (math.copysign(3, way) if tied else 0), shift)
            point, ink = label.points[0], (label.colour, label.weight)
            write(ax, point, offset, label.shown, *ink, **look)
            taken.append(box_at((x, y), (way, shift), ha, "center", size))
    return taken


def write_marks(ax: Axes, panel: Panel) -> None:
    """Write the texts of a timeline beside its marks, and of shares on their bars."""
    ground = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    for label in panel.labels:
        (left, row), (right, _) = label.points[0], label.points[-1]
        ink = (label.colour, label.weight)
        if label.kind == "row":
            way, x, ha = (9, right, "left")
            if label.side == "left":
                way, x, ha = (-9, left, "right")
            look = {"ha": ha, "multialignment": "left", "bbox": ground, "gid": "label"}
            write(ax, (x, row), (way, 0), label.shown, *ink, **look)
        elif label.kind == "share" and label.shown:
            look = {"ha": "center", "gid": "share-label"}
            write(ax, ((left + right) / 2, row), (0, 0), label.shown, *ink, **look)


def _away(panel: Panel, label, size: float, scale: float) -> float:
    """Pixels from the end of a bar to its number, which keeps off the claim."""
    if label.side == "left":
        return px(5)
    gaps = [(value - label.points[0][0]) * scale for value, _ in panel.claims]
    near = [gap for gap in gaps if gap + px(4) >= 0 and gap < size + px(9)]
    return max(near) + px(6) if near else px(5)


def bar_limits(group: Sequence[Panel], low: float, high: float) -> tuple[float, float]:
    """Limits at which bars and their numbers together fill the width of each panel.

    Found by repeating, because what a number needs in units depends on the scale.
    """
    texts = [(p, b, size_of(b.text, b.size, b.weight)[0]) for p, b in _at_bars(group)]
    for _ in range(60):
        before = low, high
        for panel in group:
            unit = (high - low) / panel.width
            for value, _ in panel.claims:
                high = max(high, value + px(2) * unit)
        for panel, label, size in texts:
            unit = (high - low) / panel.width
            reach = (_away(panel, label, size, 1 / unit) + size + px(1)) * unit
            if label.side == "left":
                low = min(low, label.points[0][0] - reach)
            else:
                high = max(high, label.points[0][0] + reach)
        if (low, high) == before:
            break
    return low, high


def _at_bars(group: Sequence[Panel]):
    return [(panel, b) for panel in group for b in panel.labels if b.kind == "bar"]


def write_bars(ax: Axes, panel: Panel) -> None:
    """Write the numbers at the ends of bars."""
    low, high = ax.get_xlim()
    for _, label in _at_bars([panel]):
        size = size_of(label.text, label.size, label.weight)[0]
        shift = _away(panel, label, size, panel.width / (high - low)) * 72 / DPI
        back = label.side == "left"
        look = {"ha": "right" if back else "left", "gid": "bar-label"}
        offset, ink = (-shift if back else shift, -0.5), (label.colour, label.weight)
        write(ax, label.points[0], offset, label.text, *ink, **look)


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
        room = panel.width * label.percent / 100 - px(5)
        digits = f"{label.percent:.0f}"
        label.shown = digits if size_of(digits, LABEL, "bold")[0] <= room else ""
        name = wrap(label.text, max(room, 1), LABEL, label.weight)
        name += f"{' ' if chr(10) in name else chr(10)}{digits}"
        fits = size_of(name, LABEL, label.weight)[0] <= room and name.count("\n") < 2
        row = named.setdefault(label.points[0][1], {})
        if fits:
            row[label.part] = name
    best = max(named, key=lambda row: len(named[row]))
    at, row, panel.key = 0.0, 0, []
    for label in panel.labels:
        if label.points[0][1] == best:
            label.shown = named[best].get(label.part, label.shown)
    for part, fill in {label.part: label.fill for label in panel.labels}.items():
        if part not in named[best]:
            need = px(13) + size_of(part, 9.5)[0]
            if at and at + need > panel.width:
                at, row = 0.0, row + 1
            panel.key.append((part, fill, at * 72 / DPI, row))
            at += need + px(14)
    return px(6 + 15 * (row + 1)) if panel.key else 0.0


def write_key(ax: Axes, panel: Panel) -> None:
    """Name the parts that are too narrow for their name, above the bars."""
    rows = max((row for *_, row in panel.key), default=0)
    corner = {"xycoords": "axes fraction"}
    for part, fill, at, row in panel.key:
        lift = 11 + 15 * (rows - row)
        write(ax, (0, 1), (at, lift), "\u25a0", fill, size=12, gid="swatch", **corner)
        write(ax, (0, 1), (at + 13, lift), part, MUTED, size=9.5, gid="key", **corner)


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
    room = (WIDTH - 2 * MARGIN) * DPI
    title = wrap(page.title, room, TITLE, "bold", balance=True)
    subtitle = wrap(page.subtitle, room, SUBTITLE, balance=True)
    return [
        ("title", title, TITLE, "bold", INK),
        ("subtitle", subtitle, SUBTITLE, "normal", MUTED),
    ]


def footer(page: Page) -> list[tuple[str, str, float, str, str]]:
    """What explains the marks that the figure really uses, and its sources."""
    room = (WIDTH - 2 * MARGIN) * DPI
    grades = page.keys & {"secondary", "tertiary"}
    words = []
    if grades:
        kind = " or ".join(sorted(grades))
        filled = "; filled: primary" if "primary" in page.keys else ""
        words.append(f"Hollow mark: {kind} source{filled}.")
    words += [text for key, text in _KEYS if key in page.keys]
    key = wrap(" ".join([*words, *page.words]), room, SMALL)
    lines = [("key", key), ("sources", _sources(page, room))]
    return [(gid, text, SMALL, "normal", MUTED) for gid, text in lines if text]


def _sources(page: Page, room: float) -> str:
    """Ids of the sources, as many as two lines hold."""
    ids = list(page.sources)
    word = "Source" if len(ids) == 1 else "Sources"
    for count in range(len(ids), 0, -1):
        more = f" and {len(ids) - count} more" if count < len(ids) else ""
        text = wrap(f"{word}: {', '.join(ids[:count])}{more}.", room, SMALL)
        if text.count("\n") < 2:
            break
    return text


def write_line(fig: Figure, x, y, text, size, weight, colour, gid) -> None:
    """Write on the figure, y pixels below its top, line by line.

    A text a line: then the distance between lines does not depend on letters.
    """
    width, tall = fig.get_size_inches() * DPI
    look = {"fontsize": size, "color": colour, "fontweight": weight, "gid": gid}
    for index, line in enumerate(text.split("\n")):
        at = 1 - (y + index * px(size) * LINE) / tall
        page_of(fig).made.append(fig.text(x / width, at, line, va="baseline", **look))


def write_name(fig: Figure, panel: Panel, y: float) -> None:
    """Write the name of a panel, and its remark in lighter type."""
    if panel.name:
        write_line(fig, panel.left, y, panel.name, 10.5, "bold", INK, "panel")
        if panel.remark:
            step = size_of(panel.name + "  ", 10.5, "bold")[0]
            look = (9.5, "normal", MUTED, "panel")
            write_line(fig, panel.left + step, y, panel.remark, *look)
