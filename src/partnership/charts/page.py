"""A page: title, subtitle, panels, and what they remember until it is laid out.

Errors common to all forms are ValueErrors "ARGUMENT: found X; allowed is Y": a frame
that lacks a column, is empty or holds another unit than the Axes, values that are no
numbers, an unknown role or variant, an Axes that already holds another form.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Affine2D

from partnership.charts.house import DPI, LABEL, WIDTH, size_of, wrap
from partnership.checks import fault
from partnership.evidence.cited import source_ids


@dataclass
class Label:
    """A text tied to points of the data; where it stands is found by `lay_out`."""

    text: str
    points: list[tuple[float, float]]
    colour: str
    weight: str = "normal"
    size: float = LABEL
    side: str = ""  # "left" or "right": fixed to that side of the plot or the mark
    kind: str = "label"
    shown: str = ""  # the text as broken into lines

    def extent(self, text: str = "") -> tuple[float, float]:
        """Width and height, of the whole text or of this one."""
        return size_of(text or self.text, self.size, self.weight)

    def wrap(self, room: float, balance: bool = False) -> str:
        """Text broken into lines."""
        return wrap(self.text, room, self.size, self.weight, balance)


@dataclass
class Panel:
    """What one Axes holds; the lower half is found by `lay_out`, in pixels."""

    page: Page
    name: str = ""
    remark: str = ""  # follows the name in lighter type
    kind: str = ""
    unit: str | None = None
    rows: int = 0
    row_height: float = 0.0  # inches
    base: float = 0.0  # where bars begin
    xs: list[float] = field(default_factory=list)
    ys: list[float] = field(default_factory=list)
    types: set[str] = field(default_factory=set)
    labels: list[Label] = field(default_factory=list)
    events: list[tuple[float, str]] = field(default_factory=list)
    claims: list[tuple[float, str]] = field(default_factory=list)
    marks: list[list[Any]] = field(default_factory=list)  # of a timeline, by row
    names: list[tuple] = field(default_factory=list)  # of rows, with colour and weight
    ticks: list[tuple[float, str]] = field(default_factory=list)  # along x
    fills: dict[str, Any] = field(default_factory=dict)  # of shares, by part
    frames: list[tuple[str, pd.DataFrame]] = field(default_factory=list)  # with labels

    scale: list[tuple[float, str]] = field(default_factory=list)  # ticks along y
    stems: list[tuple] = field(default_factory=list)  # events with side and row
    key: list[tuple[str, Any, float, int]] = field(default_factory=list)  # of shares
    left: float = 0.0  # of the cell, which holds what stands beside the plot, too
    right: float = 0.0
    x: float = 0.0  # of the plot
    width: float = 0.0
    before: float = 0.0  # room beside, above and below the plot
    after: float = 0.0
    above: float = 0.0
    below: float = 0.0
    height: float = 0.0

    def remember(self, x: Sequence[float], *ys: Sequence[float]) -> None:
        """Note places that the limits must hold."""
        self.xs += list(map(float, x))
        self.ys += [float(y) for values in ys for y in values if math.isfinite(y)]


@dataclass
class Page:
    """A figure's texts and panels."""

    figure: Figure
    title: str
    subtitle: str
    shape: tuple[int, int]
    height: float | None
    same_scale: bool | str | Collection[str] | Mapping[str, Any] = False
    panels: dict[Axes, Panel] = field(default_factory=dict)
    sources: dict[str, None] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    words: dict[str, None] = field(default_factory=dict)
    top: Affine2D = field(default_factory=Affine2D)  # pixels from the upper left corner

    def group(self, mine: Panel, axis: str) -> list[Panel]:
        """Panels that share the limits of an axis with one of them."""
        which, everyone = self.same_scale, self.panels.values()
        if isinstance(which, Mapping):
            which = which.get(axis, False)
        if which is True or which == axis:
            return [one for one in everyone if one.kind == mine.kind]
        if which and not isinstance(which, str) and mine.name in which:
            return [one for one in everyone if one.name in which]
        return [mine]

    def shared(self, mine: Panel, axis: str) -> list[float]:
        """All that the limits of an axis must hold."""
        group = self.group(mine, axis)
        if axis == "y":
            return [y for one in group for y in one.ys]
        return [x for one in group for x in (*one.xs, *dict(one.events))]


def page_of(thing: Any) -> Page:
    """Page of an Axes, of several Axes by name, or of a Figure."""
    if isinstance(thing, Mapping):
        thing = next(iter(thing.values()))
    fig = thing if isinstance(thing, Figure) else getattr(thing, "figure", None)
    if not hasattr(fig, "_house"):
        raise fault("ax", type(thing).__name__, "an Axes or Figure of charts.figure")
    return fig._house


def join(ax: Axes, kind: str, form: str, frame=None, unit=None, label="") -> Panel:
    """Panel that a form may draw on, with its frame, unit and sources noted."""
    panel = page_of(ax).panels[ax]
    if panel.kind not in ("", kind) or panel.rows:
        raise fault(
            form,
            f"an Axes that already holds {panel.kind}",
            "an empty one, or a time chart for a form along time; name more panels",
        )
    panel.kind = kind
    if frame is None:
        return panel
    unit = frame.attrs.get("unit") if unit is None else unit
    if unit is None and "unit" in frame:
        units = sorted(set(frame["unit"].dropna().astype(str)))
        if len(units) > 1:
            raise fault("unit", f"a frame that mixes {', '.join(units)}", "one unit")
        unit = "".join(units)
    unit = unit or "no unit"
    if panel.unit not in (None, unit):
        raise fault("unit", repr(unit), f"that of the Axes, {panel.unit!r}")
    panel.unit = unit
    panel.frames.append((label or "", frame))
    if {"source_id", "source_ids"} & {*frame, *frame.attrs}:
        add_sources(ax, frame)
    return panel


def add_sources(ax: Axes, *used: Any) -> Axes:
    """Record source ids for the footer.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    *used : str, iterable of str or pandas.DataFrame
        Ids; a text may join several with ``;``. A frame gives those of its column
        ``source_id`` or ``source_ids``, or the one of a table with one source.

    Returns
    -------
    matplotlib.axes.Axes
    """
    noted = page_of(ax).sources
    for ids in used:
        if isinstance(ids, pd.DataFrame):
            named = [name for name in ("source_id", "source_ids") if name in ids]
            ids = ids[named[0]] if named else source_ids(ids)
        for cell in [ids] if isinstance(ids, str) else ids:
            for one in [] if pd.isna(cell) else str(cell).split(";"):
                if one.strip():
                    noted.setdefault(one.strip())
    return ax


def sources(thing: Any) -> list[str]:
    """Return the recorded source ids, in the order of their first use."""
    return list(page_of(thing).sources)


def opened(title, subtitle, shape, count, height) -> dict[Axes, Panel]:
    """Make a figure with empty panels."""
    if height is None and shape[0] > 1:
        height = 1.45
    fig = Figure(figsize=(WIDTH, 4.5), dpi=DPI)
    FigureCanvasAgg(fig)
    page = fig._house = Page(fig, title, subtitle, shape, height)
    fig.alt = ""
    for index in range(count):
        ax = fig.add_subplot(*shape, index + 1)
        page.panels[ax] = Panel(page)
    return page.panels
