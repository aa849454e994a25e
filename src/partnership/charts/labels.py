"""Labels inside a time chart: found places, so that none covers a line or a label."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.transforms import Bbox

from partnership.charts.house import DPI, INK, LABEL, MUTED, px, size_of, wrap
from partnership.charts.page import Label, Panel
from partnership.charts.texts import box_at, leader, write
from partnership.charts.time import UP

_RING = [
    (8 * math.cos(math.pi * i / 4), 8 * math.sin(math.pi * i / 4)) for i in range(8)
]


def _along(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Points from one to another, 4 pixels apart."""
    return np.linspace(a, b, max(2, int(np.hypot(*(b - a)) / 4)))


def ink_of(ax: Axes, *, events: bool = False) -> np.ndarray:
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
            found += [_along(*ab) for ab in pairwise(at) if np.isfinite(ab).all()]
        if line.get_gid() in ("bound", "open"):
            way = 1 if line.get_marker() is UP else -1
            found += [at + np.array([0, way * step]) for step in (12, 20, 28)]
    for collection in ax.collections:
        if isinstance(collection, LineCollection) and collection.get_gid():
            found += [
                _along(*ax.transData.transform(ab)) for ab in collection.get_segments()
            ]
    points = np.concatenate(found) if found else np.empty((0, 2))
    return points[np.isfinite(points).all(axis=1)]


class Spot(NamedTuple):
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


def _best(ax, spots, size, weight, ink, taken, region) -> tuple[Spot, Bbox]:
    """Return the first of the places that least disturbs lines and other texts."""
    best = None
    for spot in spots:
        at = ax.transData.transform(spot.point)
        extent = size_of(spot.text, size, weight)
        box = box_at(at, spot.offset, spot.ha, spot.va, extent)
        wide = box.padded(px(3))
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
    if _inside(ink, box.padded(px(1))):
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


def _claim_spots(text: str, value: float, low: float, high: float) -> Iterator[Spot]:
    """Places along the line, over it and under it; then the same in two lines."""
    whole = size_of(text, LABEL, "bold")[0]
    broken = (wrap(text, whole * s, LABEL, "bold") for s in np.arange(0.5, 1, 0.05))
    half = next((t for t in broken if t.count("\n") == 1), text)
    for shown in (text, half):
        for va, lift in (("bottom", 4), ("top", -4)):
            for share in (0, 1, 0.5, 0.25, 0.75, 0.125, 0.375, 0.625, 0.875):
                ha = {0: "left", 1: "right"}.get(share, "center")
                point = (low + share * (high - low), value)
                yield Spot(shown, point, (0, lift), ha, va)


def _label_spots(text: str, label: Label) -> Iterator[Spot]:
    """Places beside the points; then farther away, to be tied by a thin line."""
    near = label.points if label.kind == "line" else label.points[:1]
    for point in near:
        for around in _AROUND:
            yield Spot(text, point, *around)
    for reach in (18, 28, 40, 54, 70):
        for point in near[:4]:
            for angle in (0, 30, 150, 180, -30, -150, 90, -90):
                dx = round(reach * math.cos(math.radians(angle)), 6)
                dy = round(reach * math.sin(math.radians(angle)), 6)
                ha = "left" if dx > 1 else "right" if dx < -1 else "center"
                yield Spot(text, point, (dx, dy), ha, "center")


def write_inside(ax: Axes, panel: Panel, taken: list[Bbox]) -> None:
    """Write labels of claims, of lines that end early, and remarks."""
    frame = ax.bbox
    bottom, top = frame.y0 + px(1), frame.y1 + px(6)
    within = Bbox.from_extents(frame.x0, bottom, frame.x1, top)
    region = Bbox.from_extents(frame.x0, bottom, panel.right, top)
    ink, data = ink_of(ax, events=True), ink_of(ax)

    def place(spots, colour, weight, size, ink, region, gid):
        spot, box = _best(ax, spots, size, weight, ink, taken, region)
        taken.append(box)
        look = {"ha": spot.ha, "va": spot.va, "bbox": _ground(ax, box, data)}
        if math.hypot(*spot.offset) > 14:
            look["arrowprops"] = leader(MUTED, 0.7)
        at = (spot.point, spot.offset, spot.text)
        write(ax, *at, colour, weight, size, gid=gid, **look)

    for value, text in panel.claims:
        y = ax.transData.transform((0, value))[1]
        # The dashed line itself is no obstacle.
        others = ink[np.abs(ink[:, 1] - y) > 0.6]
        spots = _claim_spots(text, value, *ax.get_xlim())
        place(spots, INK, "bold", LABEL, others, within, "claim-label")
    for label in panel.labels:
        if not label.side and label.kind in ("line", "note"):
            room = (1.3 if panel.small else 2.4) * DPI
            text = label.wrap(room, balance=True)
            look = (label.colour, label.weight, label.size)
            place(_label_spots(text, label), *look, ink, region, "label")
