"""A figure of the house: title, subtitle, panels, and what they remember."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from partnership.charts.house import DPI, FONT, GRID, LABEL, MUTED, TICK, WIDTH, style


@dataclass
class _Label:
    """A text tied to points of the data; where it stands is found by `finish`."""

    text: str
    points: list[tuple[float, float]]
    colour: str
    weight: str = "normal"
    size: float = LABEL
    side: str = ""  # "left" or "right": fixed to that side of the plot
    kind: str = "label"
    shown: str = ""  # the text as broken into lines
    part: str = ""  # of a share: its part, its percent, the colour of its bar
    percent: float = 0.0
    fill: Any = None


@dataclass
class _Panel:
    kind: str = ""
    unit: str | None = None
    title: tuple[str, str] = ("", "")
    rows: int = 0
    row_height: float = 0.0
    base: float = 0.0  # where bars begin
    xs: list[float] = field(default_factory=list)
    ys: list[float] = field(default_factory=list)
    types: set[str] = field(default_factory=set)
    academic: dict[float, str] = field(default_factory=dict)
    labels: list[_Label] = field(default_factory=list)
    events: list[tuple[float, str]] = field(default_factory=list)
    claims: list[tuple[float, str]] = field(default_factory=list)
    key: list[tuple[str, Any, float, int]] = field(default_factory=list)
    rows_of: list[list[Any]] = field(default_factory=list)
    set_x: tuple | None = None  # the limits as laid out; others are the caller's
    set_y: tuple | None = None
    locators: list[Any] = field(default_factory=list)  # ours; others are the caller's


@dataclass
class _House:
    title: str
    subtitle: str
    shape: tuple[int, int]
    height: float | None
    panels: dict[Axes, _Panel] = field(default_factory=dict)
    sources: dict[str, None] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    words: dict[str, None] = field(default_factory=dict)
    made: list[Any] = field(default_factory=list)
    same_scale: bool | str | Collection[str] = False

    def shared(self, ax: Axes, axis: str) -> list[float]:
        """All that the limits of an axis must hold, of panels of one scale together."""
        which, mine = self.same_scale, self.panels[ax]
        if which is True or which == axis:
            group = [other for other in self.panels.values() if other.kind == mine.kind]
        elif which and not isinstance(which, str) and mine.title[0] in which:
            group = [other for other in self.panels.values() if other.title[0] in which]
        else:
            group = [mine]
        if axis == "y":
            return [y for panel in group for y in panel.ys]
        marks = [where for panel in group for where, _ in panel.events]
        return [*(x for panel in group for x in panel.xs), *marks]


def _figure(thing: Any) -> Figure:
    if isinstance(thing, Mapping):
        thing = list(thing.values())
    if isinstance(thing, list | tuple) and thing:
        thing = thing[0]
    fig = thing if isinstance(thing, Figure) else getattr(thing, "figure", None)
    if not hasattr(fig, "_house"):
        raise ValueError("expected an Axes or Figure made by charts.canvas or .grid")
    return fig


def _panel(ax: Axes, kind: str = "") -> _Panel:
    panel = _figure(ax)._house.panels[ax]
    if kind and panel.kind not in ("", kind):
        raise ValueError(
            f"this Axes already holds {panel.kind}, {kind} cannot join it; "
            "make a second panel with charts.grid"
        )
    panel.kind = kind or panel.kind
    return panel


def _new(title: str, subtitle: str, shape: tuple[int, int], count: int, height):
    with style():
        fig = Figure(figsize=(WIDTH, 4.5), dpi=DPI)
        FigureCanvasAgg(fig)
        fig._house = _House(title, subtitle, shape, height)
        fig.alt = ""
        for index in range(count):
            ax = fig.add_subplot(*shape, index + 1)
            ax.tick_params(
                length=0,
                labelsize=TICK,
                labelcolor=MUTED,
                labelfontfamily=FONT,
                grid_color=GRID,
                grid_linewidth=0.9,
            )
            ax.spines[["top", "right", "left"]].set_visible(False)
            fig._house.panels[ax] = _Panel()
    return list(fig._house.panels)


def set_height(ax: Axes, inches: float) -> Axes:
    """Set the height of one plot, for a form that knows it only from what it draws."""
    _figure(ax)._house.height = inches
    return ax


def canvas(title: str, subtitle: str, *, height: float | None = None) -> Axes:
    """Make a figure with one Axes, and room for title, subtitle and footer.

    Parameters
    ----------
    title : str
        The finding in words. It wraps by itself.
    subtitle : str
        Measure, unit and years.
    height : float, optional
        Height of the plot in inches, title and footer not counted. By default 3.1, or
        what the rows of the form need.

    Returns
    -------
    matplotlib.axes.Axes
    """
    return _new(title, subtitle, (1, 1), 1, height)[0]


def grid(
    title: str,
    subtitle: str,
    shape: int | tuple[int, int],
    *,
    height: float | None = None,
) -> list[Axes]:
    """Make a figure of small multiples.

    Parameters
    ----------
    title, subtitle : str
        As in `canvas`.
    shape : int or (int, int)
        How many panels, or rows and columns.
    height : float, optional
        Height of one panel in inches; by default 1.45 where there are several rows.

    Returns
    -------
    list of matplotlib.axes.Axes
        Row by row.
    """
    if isinstance(shape, int):
        count, columns = shape, {1: 1, 2: 2, 4: 2}.get(shape, 3)
        shape = (math.ceil(shape / columns), columns)
    else:
        count = shape[0] * shape[1]
    if count < 1:
        raise ValueError(f"a grid needs at least one panel, not {count}")
    if height is None and shape[0] > 1:
        height = 1.45
    return _new(title, subtitle, shape, count, height)


def panel_title(ax: Axes, text: str, note: str = "") -> Axes:
    """Name a panel of a grid; `note` follows in lighter type (unit, years)."""
    _panel(ax).title = (text, note)
    return ax


def _need(frame: Any, columns: Iterable[str], form: str) -> None:
    if not isinstance(frame, pd.DataFrame):
        raise ValueError(f"{form} needs a DataFrame, not {type(frame).__name__}")
    missing = [column for column in columns if column not in frame]
    if missing:
        raise ValueError(
            f"{form}: the frame has no column {', '.join(map(repr, missing))}; "
            f"it has {', '.join(map(str, frame.columns))}"
        )
    if frame.empty:
        raise ValueError(f"{form}: the frame has no rows")


def _numbers(values: Any, form: str, *, gaps: bool = False) -> np.ndarray:
    try:
        result = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{form}: {list(values)!r} are not all numbers") from None
    if np.isinf(result).any() or (not gaps and np.isnan(result).any()):
        raise ValueError(f"{form}: a value is missing or infinite: {result.tolist()}")
    return result


def _meet(ax: Axes, frame: pd.DataFrame, unit: str | None, form: str) -> None:
    """Record unit and sources of a frame; an Axes holds one unit."""
    if unit is None:
        unit = frame.attrs.get("unit")
    if unit is None and "unit" in frame:
        units = sorted(set(frame["unit"].dropna().astype(str)))
        if len(units) > 1:
            raise ValueError(f"{form}: the frame mixes units: {', '.join(units)}")
        unit = units[0] if units else ""
    unit, panel = unit or "", _panel(ax)
    if panel.unit is not None and panel.unit != unit:
        raise ValueError(
            f"{form}: this Axes shows {panel.unit or 'no unit'!r}, the frame has "
            f"{unit or 'no unit'!r}; use one unit an Axes, or pass unit="
        )
    panel.unit = unit
    if "source_id" in frame or "source_ids" in frame:
        add_sources(ax, frame)


def unit(ax: Axes) -> str:
    """Unit of what the Axes shows; empty where it has none."""
    return _panel(ax).unit or ""


def add_sources(ax: Axes, *used: Any) -> Axes:
    """Record source ids for the footer.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    *used : str, iterable of str or pandas.DataFrame
        Ids; a text may join several with ``;``. A frame gives those of its column
        ``source_id`` or ``source_ids``.

    Returns
    -------
    matplotlib.axes.Axes
    """
    sources = _figure(ax)._house.sources
    for ids in used:
        if isinstance(ids, pd.DataFrame):
            ids = ids["source_id" if "source_id" in ids else "source_ids"]
        cells = pd.Series([ids] if isinstance(ids, str) else list(ids), dtype=object)
        for one in cells.dropna().astype(str).str.split(";").explode().str.strip():
            if one:
                sources.setdefault(one)
    return ax


_KEYS = (
    ("band", "Band: lowest to highest statement."),
    ("whiskers", "Whiskers: lowest to highest statement."),
    ("bound", "Arrow: “more than” or “less than”."),
    ("plan", "Diamond: plan, target or forecast."),
    ("span", "Line through a mark: the months or years it covers."),
    ("uncertain", "Hollow mark: the day is not known."),
)


def sources(thing: Axes | Figure | Sequence[Axes]) -> list[str]:
    """Return the recorded source ids, in the order of their first use."""
    return list(_figure(thing)._house.sources)
