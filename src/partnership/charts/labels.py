"""Where labels stand, so that none covers a line or another label."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise, product
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.transforms import Bbox

from partnership.charts.house import AXIS, DPI, INK, LABEL, MUTED, _px, _size, _wrap
from partnership.charts.page import _Label, _Panel
from partnership.charts.time import _UP


def _spread_out(centres: Sequence[float], heights: Sequence[float]) -> np.ndarray:
    """Move centres as little as needed so that blocks of these heights do not touch.

    Blocks that overlap merge and settle around the mean of where they wanted to be.
    """
    order = np.argsort(centres, kind="stable")
    blocks: list[list] = []  # [centre, height, members]
    for index in order:
        blocks.append([centres[index], heights[index], [index]])
        while len(blocks) > 1:
            low, high = blocks[-2], blocks[-1]
            if high[0] - low[0] >= (low[1] + high[1]) / 2:
                break
            count = len(low[2]) + len(high[2])
            wish = (low[0] * len(low[2]) + high[0] * len(high[2])) / count
            blocks[-2:] = [[wish, low[1] + high[1], low[2] + high[2]]]
    result = np.zeros(len(centres))
    for centre, height, members in blocks:
        at = centre - height / 2
        for index in members:
            result[index] = at + heights[index] / 2
            at += heights[index]
    return result


def _free(ax: Axes, panel: _Panel, axis: str) -> bool:
    """Whether the limits of an axis are ours to set, not the caller's."""
    was = getattr(panel, f"set_{axis}")
    if was is None:
        return getattr(ax, f"get_autoscale{axis}_on")()
    return tuple(getattr(ax, f"get_{axis}lim")()) == was


def _event_rows(ax: Axes, panel: _Panel, left, width, end):
    """Row and side of the label of each event; rows count from the plot up.

    A label must not meet another one in its row, nor a line that leads to a row above,
    nor may its own line cross a label on the way. Of all choices of sides the one that
    needs the fewest rows is taken; all to the right of their lines always works.
    """
    low, high = ax.get_xlim()
    events = []
    for where, text in sorted(panel.events, reverse=True):
        at = left + (where - low) / (high - low) * width
        long = _size(text, 9.5)[0] + _px(6)
        sides = {"left": (at, at + long), "right": (at - long, at)}
        fits = [s for s, (a, b) in sides.items() if a >= left and b <= end]
        events.append((where, text, at, sides, fits or ["left"]))

    def placed(choice):
        rows: list[tuple[float, float, float, int]] = []  # line, start, stop, row
        for (_, _, at, sides, _), side in zip(events, choice, strict=True):
            start, stop = sides[side]
            row = 0
            while True:
                clash = False
                for line, first, last, other in rows:
                    meet = other == row and start <= last and stop >= first
                    crossed = other > row and start - _px(3) < line < stop + _px(3)
                    crossing = other < row and first - _px(3) < at < last + _px(3)
                    clash |= meet or crossed or crossing
                if not clash or row > len(events):
                    break
                row += 1
            rows.append((at, start, stop, row))
        return [row for *_, row in rows]

    choices = list(islice(product(*[event[-1] for event in events]), 1024))
    plans = [(placed(choice), choice) for choice in choices]
    rows, choice = min(plans, key=lambda plan: (max(plan[0], default=0), sum(plan[0])))
    named = zip(events, choice, rows, strict=True)
    result = [(where, text, side, row) for (where, text, *_), side, row in named]
    return result, max(rows, default=-1) + 1


def _edge_labels(panel: _Panel, ax: Axes) -> None:
    """Labels of lines that reach the right side go beside it, the others inside."""
    low, high = ax.get_xlim()
    for label in panel.labels:
        if label.kind == "line":
            near = high - label.points[0][0] < 0.06 * (high - low)
            label.side = "right" if near else ""


def _share_key(panel, place) -> float:
    """Name the parts in the row that holds most names; return the room of the key.

    The key, above the bars, names what does not fit.
    """
    named: dict[float, dict[str, str]] = {}
    for label in panel.labels:
        room = place[1] * label.percent / 100 - _px(5)
        digits = f"{label.percent:.0f}"
        label.shown = digits if _size(digits, LABEL, "bold")[0] <= room else ""
        name = _wrap(label.text, max(room, 1), LABEL, label.weight)
        name += f"{' ' if chr(10) in name else chr(10)}{digits}"
        fits = _size(name, LABEL, label.weight)[0] <= room and name.count("\n") < 2
        row = named.setdefault(label.points[0][1], {})
        if fits:
            row[label.part] = name
    best = max(named, key=lambda row: len(named[row]))
    for label in panel.labels:
        if label.points[0][1] == best:
            label.shown = named[best].get(label.part, label.shown)
    at, row, panel.key = 0.0, 0, []
    for part, fill in {label.part: label.fill for label in panel.labels}.items():
        if part in named[best]:
            continue
        need = _px(13) + _size(part, 9.5)[0]
        if at and at + need > place[1]:
            at, row = 0.0, row + 1
        panel.key.append((part, fill, at * 72 / DPI, row))
        at += need + _px(14)
    return _px(6 + 15 * (row + 1)) if panel.key else 0.0


_RING = [
    (8 * math.cos(math.pi * i / 4), 8 * math.sin(math.pi * i / 4)) for i in range(8)
]


def _ink(ax: Axes, *, events: bool = False) -> np.ndarray:
    """Points along everything drawn as a line or a marker, in pixels."""
    found = []
    for line in ax.lines:
        skip = ("zero", "cap") if events else ("event", "zero", "cap")
        if line.get_gid() in skip or not line.get_visible():
            continue
        at = line.get_transform().transform(np.column_stack(line.get_data(orig=False)))
        found.append(at)
        if line.get_marker() not in (None, "None", "none", ""):
            found += [at + ring for ring in _RING]
        if line.get_linestyle() not in ("None", "none", ""):
            found += [
                np.linspace(a, b, max(2, int(np.hypot(*(b - a)) / 4)))
                for a, b in pairwise(at)
                if np.isfinite([a, b]).all()
            ]
        if line.get_gid() in ("bound", "open"):
            way = 1 if line.get_marker() is _UP else -1
            found += [at + np.array([0, way * step]) for step in (12, 20, 28)]
    for collection in ax.collections:
        if isinstance(collection, LineCollection) and collection.get_gid():
            for segment in collection.get_segments():
                a, b = ax.transData.transform(segment)
                found.append(np.linspace(a, b, max(2, int(np.hypot(*(b - a)) / 4))))
    points = np.concatenate(found) if found else np.empty((0, 2))
    return points[np.isfinite(points).all(axis=1)]


def _box(at, offset, ha, va, size) -> Bbox:
    x, y = at[0] + _px(offset[0]), at[1] + _px(offset[1])
    x -= {"left": 0, "center": size[0] / 2, "right": size[0]}[ha]
    y -= {"bottom": 0, "center": size[1] / 2, "top": size[1]}[va]
    return Bbox.from_bounds(x, y, *size)


class _Spot(NamedTuple):
    """A place where a label could stand: beside a point, by an offset in points."""

    text: str
    point: tuple[float, float]
    offset: tuple[float, float]
    ha: str
    va: str


def _inside(ink: np.ndarray, box: Bbox) -> int:
    """How many points lie in a box."""
    right = (ink[:, 0] > box.x0) & (ink[:, 0] < box.x1)
    return int((right & (ink[:, 1] > box.y0) & (ink[:, 1] < box.y1)).sum())


def _best(ax, spots, size, weight, ink, taken, region) -> tuple[_Spot, Bbox]:
    """Return the first of the places that least disturbs lines and other texts."""
    best = None
    for spot in spots:
        at = ax.transData.transform(spot.point)
        extent = _size(spot.text, size, weight)
        box = _box(at, spot.offset, spot.ha, spot.va, extent)
        wide = box.padded(_px(3))
        out = max(region.x0 - box.x0, box.x1 - region.x1, 0)
        out += max(region.y0 - box.y0, box.y1 - region.y1, 0)
        score = _inside(ink, wide) + 50 * out
        score += 200 * sum(wide.overlaps(other) for other in taken)
        if best is None or score < best[0]:
            best = (score, spot, box)
        if score == 0:
            break
    return best[1:]


def _ground(ax: Axes, box: Bbox, ink: np.ndarray) -> dict | None:
    """White ground that keeps the grid off a label, unless it would hide data."""
    if _inside(ink, box.padded(_px(1))):
        return None
    for collection in ax.collections:
        if isinstance(collection, PolyCollection):
            for path in collection.get_paths():
                if path.transformed(ax.transData).intersects_bbox(box, filled=True):
                    return None
    return {"facecolor": "white", "edgecolor": "none", "pad": 0.6}


_AROUND = (
    ((8, 0), "left", "center"),
    ((0, 9), "center", "bottom"),
    ((5, 7), "left", "bottom"),
    ((-5, 7), "right", "bottom"),
    ((0, -9), "center", "top"),
    ((5, -7), "left", "top"),
    ((-5, -7), "right", "top"),
    ((-8, 0), "right", "center"),
)


def _draw_labels(ax, panel, place, events, made, small) -> None:
    width, _, x1 = place[1:]
    frame = ax.get_window_extent()
    background = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}

    def write(
        xy,
        offset,
        text,
        colour,
        weight="normal",
        size=LABEL,
        ha="left",
        va="center",
        **more,
    ):
        if va == "center" and "\n" not in text:
            # On one baseline, whatever letters the text has.
            va, offset = "baseline", (offset[0], offset[1] - 0.36 * size)
        text = ax.annotate(
            text,
            xy,
            offset,
            textcoords="offset points",
            color=colour,
            fontweight=weight,
            fontsize=size,
            ha=ha,
            va=va,
            linespacing=1.15,
            annotation_clip=False,
            zorder=6,
            **more,
        )
        text.set_parse_math(False)
        made.append(text)

    for where, text, side, row in events:
        rise = 4 + 15 * row
        (line,) = ax.plot(
            [where, where],
            [0, 1],
            transform=ax.get_xaxis_transform(),
            color=AXIS,
            linewidth=0.9,
            clip_on=False,
            zorder=1.5,
            gid="zero",
        )
        stem = 1 + _px(rise + 11) / frame.height
        line.set_ydata([1, stem])
        made.append(line)
        shift = 4 if side == "left" else -4
        ax_at = (where, 1)
        write(
            ax_at,
            (shift, rise + 5),
            text,
            MUTED,
            size=9.5,
            ha=side,
            xycoords=ax.get_xaxis_transform(),
            gid="event-label",
        )

    taken: list[Bbox] = []
    for side in ("left", "right"):
        mine = [
            b for b in panel.labels if b.side == side and b.kind in ("label", "line")
        ]
        if not mine:
            continue
        at = [ax.transData.transform(label.points[0]) for label in mine]
        sizes = [_size(b.shown, b.size, b.weight) for b in mine]
        want = _spread_out([y for _, y in at], [h + _px(2.5) for _, h in sizes])
        for label, (x, y), size, target in zip(mine, at, sizes, want, strict=True):
            shift = (target - y) * 72 / DPI
            leader = abs(shift) > 7
            edge = frame.x1 - x if side == "right" else x - frame.x0
            way = max(9, edge * 72 / DPI + 4) * (1 if side == "right" else -1)
            write(
                label.points[0],
                (way + (0 if not leader else math.copysign(3, way)), shift),
                label.shown,
                label.colour,
                label.weight,
                ha="left" if side == "right" else "right",
                gid="label",
                arrowprops={
                    "arrowstyle": "-",
                    "color": label.colour,
                    "linewidth": 0.6,
                    "shrinkA": 1,
                    "shrinkB": 5,
                }
                if leader
                else None,
            )
            taken.append(
                _box(
                    (x, y), (way, shift), "left" if way > 0 else "right", "center", size
                )
            )

    for label in panel.labels:
        if label.kind == "bar":
            continue
        if label.kind == "row":
            way = 9 if label.side == "right" else -9
            point = label.points[1 if way > 0 else 0]
            write(
                point,
                (way, 0),
                label.shown,
                label.colour,
                label.weight,
                ha="left" if way > 0 else "right",
                multialignment="left",
                bbox=background | {"pad": 1.5},
                gid="label",
            )
        elif label.kind == "share" and label.shown:
            (left, row), (right, _) = label.points
            write(
                ((left + right) / 2, row),
                (0, 0),
                label.shown,
                label.colour,
                label.weight,
                ha="center",
                gid="share-label",
            )
    _bar_labels(ax, panel, width, write)
    if panel.kind == "shares":
        _draw_share_key(panel, write)

    if panel.kind != "a time chart":
        for value, text in panel.claims:
            write(
                (value, 1),
                (0, 5),
                text,
                INK,
                "bold",
                ha="center" if value < sum(ax.get_xlim()) * 0.8 else "right",
                va="bottom",
                xycoords=ax.get_xaxis_transform(),
                gid="claim-label",
            )
        return
    _inner_labels(ax, panel, x1, small, taken, write)


def _claim_spots(text: str, value: float, low: float, high: float) -> Iterator[_Spot]:
    """Places along the line, over it and under it; then the same in two lines."""
    whole = _size(text, LABEL, "bold")[0]
    broken = (_wrap(text, whole * s, LABEL, "bold") for s in np.arange(0.5, 1, 0.05))
    half = next((t for t in broken if t.count("\n") == 1), text)
    for shown in (text, half):
        for va, lift in (("bottom", 4), ("top", -4)):
            for share in (0, 1, 0.5, 0.25, 0.75, 0.125, 0.375, 0.625, 0.875):
                ha = {0: "left", 1: "right"}.get(share, "center")
                point = (low + share * (high - low), value)
                yield _Spot(shown, point, (0, lift), ha, va)


def _label_spots(text: str, label: _Label) -> Iterator[_Spot]:
    """Places beside the points; then farther away, to be tied by a thin line."""
    near = label.points if label.kind == "line" else label.points[:1]
    for point in near:
        for around in _AROUND:
            yield _Spot(text, point, *around)
    for reach in (18, 28, 40, 54, 70):
        for point in near[:4]:
            for angle in (0, 30, 150, 180, -30, -150, 90, -90):
                dx = round(reach * math.cos(math.radians(angle)), 6)
                dy = round(reach * math.sin(math.radians(angle)), 6)
                ha = "left" if dx > 1 else "right" if dx < -1 else "center"
                yield _Spot(text, point, (dx, dy), ha, "center")


def _inner_labels(ax, panel, end, small, taken, write) -> None:
    """Labels inside a time chart: of claims, of lines that end early, remarks."""
    frame = ax.get_window_extent()
    region = Bbox.from_extents(frame.x0, frame.y0 + _px(1), end, frame.y1 + _px(6))
    within = Bbox.from_extents(frame.x0, region.y0, frame.x1, region.y1)
    ink, data = _ink(ax, events=True), _ink(ax)
    for value, text in panel.claims:
        y = ax.transData.transform((0, value))[1]
        spots = _claim_spots(text, value, *ax.get_xlim())
        # The dashed line itself is no obstacle.
        others = ink[np.abs(ink[:, 1] - y) > 0.6]
        spot, box = _best(ax, spots, LABEL, "bold", others, taken, within)
        taken.append(box)
        write(
            spot.point,
            spot.offset,
            spot.text,
            INK,
            "bold",
            ha=spot.ha,
            va=spot.va,
            gid="claim-label",
            bbox=_ground(ax, box, data),
        )
    for label in panel.labels:
        if label.side or label.kind not in ("line", "note"):
            continue
        limit = (1.3 if small else 2.4) * DPI
        text = _wrap(label.text, limit, label.size, label.weight, balance=True)
        spots = _label_spots(text, label)
        spot, box = _best(ax, spots, label.size, label.weight, ink, taken, region)
        taken.append(box)
        leader = {
            "arrowstyle": "-",
            "color": MUTED,
            "linewidth": 0.7,
            "shrinkA": 1,
            "shrinkB": 5,
        }
        write(
            spot.point,
            spot.offset,
            spot.text,
            label.colour,
            label.weight,
            label.size,
            ha=spot.ha,
            va=spot.va,
            gid="label",
            bbox=_ground(ax, box, data),
            arrowprops=leader if math.hypot(*spot.offset) > 14 else None,
        )


def _bar_labels(ax, panel, width, write) -> None:
    mine = [label for label in panel.labels if label.kind == "bar"]
    if not mine:
        return
    sizes = [_size(b.text, b.size, b.weight)[0] for b in mine]
    ends = [b.points[0][0] for b in mine]
    left = [b.side == "left" or (not b.side and b.points[0][0] < 0) for b in mine]
    low, high = ax.get_xlim()
    free, xs = _free(ax, panel, "x"), ax.figure._house.shared(ax, "x")
    if free:
        low, high = min(panel.base, *xs), max(panel.base, *xs)
        high = high if high > low else low + 1

    def away(end, size, left):
        """Pixels from the end of a bar to its number, which keeps off the claim."""
        gaps = [(value - end) * width / (high - low) for value, _ in panel.claims]
        near = [gap for gap in gaps if gap + _px(4) >= 0 and gap < size + _px(9)]
        return max(near) + _px(6) if near and not left else _px(5)

    # The scale at which bars and numbers together fill the width: found by repeating,
    # because what a number needs in units depends on the scale.
    for _ in range(60 if free else 0):
        unit = (high - low) / width
        high = max([high, *[value + _px(2) * unit for value, _ in panel.claims]])
        for end, size, back in zip(ends, sizes, left, strict=True):
            reach = (away(end, size, back) + size + _px(1)) * unit
            high = high if back else max(high, end + reach)
            low = min(low, end - reach) if back else low
    if free:
        ax.set_xlim(low, high)
        panel.set_x = tuple(ax.get_xlim())
    for label, end, size, back in zip(mine, ends, sizes, left, strict=True):
        shift = away(end, size, back) * 72 / DPI
        write(
            label.points[0],
            (-shift if back else shift, -0.5),
            label.text,
            label.colour,
            label.weight,
            ha="right" if back else "left",
            gid="bar-label",
        )


def _draw_share_key(panel, write) -> None:
    """Name the parts that are too narrow for their name, above the bars."""
    rows = max((row for *_, row in panel.key), default=0)
    for part, fill, at, row in panel.key:
        lift = 11 + 15 * (rows - row)
        corner = {"xycoords": "axes fraction"}
        write((0, 1), (at, lift), "\u25a0", fill, size=12, gid="swatch", **corner)
        write((0, 1), (at + 13, lift), part, MUTED, size=9.5, gid="key", **corner)
