"""Texts: beside, above and inside the plots, at bars and marks, and around them.

Coordinates are pixels of the figure unless a name says inches or points.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise, product
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.transforms import Bbox

from partnership.charts import house
from partnership.charts.house import AXIS, DPI, INK, LABEL, MUTED, px, size_of, wrap
from partnership.charts.page import Label, Page, Panel
from partnership.charts.time import UP

_RING = np.array([(x, y) for x in (-0.7, 0, 0.7) for y in (-0.7, 0, 0.7)])
# Degrees: where a label stands beside its point, and where it stands farther away.
_NEAR = (0, 90, 55, 125, -90, -55, -125, 180)
_FAR = (0, 30, 150, 180, -30, -150, 90, -90)


def write(
    ax, xy, offset, text, colour, weight="normal", size=LABEL, va="center", **more
) -> None:
    """Write a text beside a point, moved by an offset in points."""
    if va == "center" and "\n" not in text:
        # On one baseline, whatever letters the text has.
        va, offset = "baseline", (offset[0], offset[1] - 0.36 * size)
    look = {"color": colour, "fontweight": weight, "fontsize": size, "va": va}
    look |= {"textcoords": "offset points", "annotation_clip": False}
    look |= {"linespacing": 1.15, "zorder": 6}
    ax.annotate(text, xy, offset, **look | more)


def leader(colour: Any, width: float) -> dict[str, Any]:
    """Look of a thin line from a text to its point."""
    ends = {"shrinkA": 1, "shrinkB": 5}
    return {"arrowstyle": "-", "color": colour, "linewidth": width, **ends}


def box_at(at, offset, ha, va, size) -> Bbox:
    """Box of a text of this size beside a point."""
    x = at[0] + px(offset[0]) - {"left": 0, "center": 0.5, "right": 1}[ha] * size[0]
    y = at[1] + px(offset[1]) - {"bottom": 0, "center": 0.5, "top": 1}[va] * size[1]
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
    room, rows = px(3), []
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
        rise = 4 + 15 * row
        ends = [1, 1 + px(rise + 11) / height]
        ax.plot([where, where], ends, transform=upright, gid="zero", **stem)
        offset = (4 if side == "left" else -4, rise + 5)
        look = {"size": 9.5, "ha": side, "xycoords": upright, "gid": "event-label"}
        write(ax, (where, 1), offset, text, MUTED, **look)


# -- labels beside the plot, at marks and bars -----------------------------------------


def spread_out(centres: Sequence[float], heights: Sequence[float]) -> np.ndarray:
    """Move centres as little as needed so that blocks of these heights do not touch.

    The squares of the moves are least: a monotone regression of what is left when the
    blocks are stacked (Barlow and others 1972, the max-min formula).
    """
    order, n = np.argsort(centres, kind="stable"), len(centres)
    high = np.asarray(heights)[order]
    stacked = high.cumsum() - high / 2
    free = np.asarray(centres)[order] - stacked
    placed = [
        max(min(free[j:k].mean() for k in range(i + 1, n + 1)) for j in range(i + 1))
        for i in range(n)
    ]
    result = np.zeros(n)
    result[order] = placed + stacked
    return result


def write_sides(ax: Axes, panel: Panel) -> list[Bbox]:
    """Write the labels of lines right of the plot; return their boxes."""
    mine, taken = [b for b in panel.labels if b.kind == "line" and b.side], []
    at = [ax.transData.transform(label.points[0]) for label in mine]
    sizes = [label.extent(label.shown) for label in mine]
    want = spread_out([y for _, y in at], [h + px(2.5) for _, h in sizes])
    for label, (x, y), size, target in zip(mine, at, sizes, want, strict=True):
        shift = (target - y) * 72 / DPI
        way, tied = max(9, (ax.bbox.x1 - x) * 72 / DPI + 4), abs(shift) > 7
        look = {"arrowprops": leader(label.colour, 0.6) if tied else None}
        look |= {"weight": label.weight, "gid": "label"}
        offset = (way + 3 * tied, shift)
        write(ax, label.points[0], offset, label.shown, label.colour, **look)
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


def _away(panel: Panel, label: Label, scale: float) -> float:
    """Pixels from the end of a bar to its number, which keeps off the claim."""
    size = label.extent()[0]
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
            high = max([high, *(value + px(2) * unit for value, _ in panel.claims)])
            for label in panel.labels:
                unit = (high - low) / panel.width
                reach = _away(panel, label, 1 / unit) + label.extent()[0] + px(1)
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
        name = label.wrap(max(room, 1))
        name += f"{' ' if chr(10) in name else chr(10)}{digits}"
        names = named.setdefault(row, {})
        if label.extent(name)[0] <= room and name.count("\n") < 2:
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


# -- labels inside a time chart: none covers a line or another label ----------------


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
            found += [at + 8 * ring for ring in _RING]
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
    for reach in (8.6, 18, 28, 40, 54, 70):
        far = reach > 9
        for point in near[:4] if far else near:
            for angle in _FAR if far else _NEAR:
                way = math.radians(angle)
                dx, dy = (round(reach * f(way), 6) for f in (math.cos, math.sin))
                ha = "left" if dx > 1 else "right" if dx < -1 else "center"
                va = "center" if far or not dy else "bottom" if dy > 0 else "top"
                yield Spot(text, point, (dx, dy), ha, va)


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
            room = (1.3 if panel.page.shape[1] > 1 else 2.4) * DPI
            text = label.wrap(room, balance=True)
            look = (label.colour, label.weight, label.size)
            place(_label_spots(text, label), *look, ink, region, "label")


# -- the frame -------------------------------------------------------------------------


_KEYS = {
    "band": "Band: lowest to highest statement.",
    "whiskers": "Whiskers: lowest to highest statement.",
    "bound": "Arrow: “more than” or “less than”.",
    "plan": "Diamond: plan, target or forecast.",
    "span": "Line through a mark: the months or years it covers.",
    "uncertain": "Hollow mark: the day is not known.",
}


def key_of(page: Page) -> str:
    """What explains the marks that the figure really uses."""
    words, grades = [], page.keys & {"secondary", "tertiary"}
    if grades:
        kind = " or ".join(sorted(grades))
        filled = "; filled: primary" if "primary" in page.keys else ""
        words.append(f"Hollow mark: {kind} source{filled}.")
    words += [text for key, text in _KEYS.items() if key in page.keys]
    return " ".join([*words, *page.words])


def sources_of(page: Page, room: float, size: float) -> str:
    """Ids of the sources, as many as two lines hold."""
    ids = list(page.sources)
    word = "Source" if len(ids) == 1 else "Sources"
    for count in range(len(ids), 0, -1):
        more = f" and {len(ids) - count} more" if count < len(ids) else ""
        text = wrap(f"{word}: {', '.join(ids[:count])}{more}.", room, size)
        if text.count("\n") < 2:
            break
    return text


def write_lines(
    page, x, y, text, size, colour=MUTED, weight="normal", gid="", ha="left"
) -> float:
    """Write lines on the page, y pixels below its top; return where they end.

    A text a line: then the distance between lines does not depend on letters.
    """
    look = {"fontsize": size, "color": colour, "fontweight": weight, "ha": ha}
    look |= {"gid": gid, "transform": page.top}
    for line in text.split("\n") if text else ():
        page.figure.text(x, -y - px(size), line, **look)
        y += px(size) * house.LINE
    return y
