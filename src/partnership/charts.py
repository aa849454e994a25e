"""The house style and the few chart forms that serve all notebooks.

A form takes an Axes and returns it. `canvas` and `grid` make the Axes, `show` ends the
cell::

    ax = charts.canvas("Trade peaked in 2013", "Goods turnover, million US dollars")
    charts.line_with_spread(ax, frame, label="goods", role="pair")
    charts.claim_line(ax, 300, "the claim: $300 million")
    charts.show(ax, alt="Line chart: goods turnover rises to 319 million in 2013 ...")

Along time, x is the year and the middle of a calendar year stands at its whole number,
so that ``ax.plot([2013], [319])`` meets the tick. What depends on the final size (line
breaks, labels at the ends of lines, ticks, the footer) is laid out by `finish`.
"""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import islice, pairwise, product
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter, MaxNLocator
from matplotlib.transforms import Bbox
from PIL import Image

from .periods import bounds

# --------------------------------------------------------------------------------------
# The style


class Role(NamedTuple):
    """How one actor looks: the same in every figure."""

    colour: str
    text: str
    marker: str
    width: float


# Chosen so that any two stay apart for protan, deutan and tritan eyes and in grey
# print (test_charts.py computes it); `text` is the twin that keeps 4.5:1 on white.
ROLES = {
    "BLR": Role("#15457f", "#15457f", "o", 2.2),
    "TKM": Role("#d06a00", "#a85500", "s", 2.2),
    "pair": Role("#006d5f", "#006d5f", "o", 2.2),
    "other": Role("#949494", "#666666", "v", 1.6),
}
INK, MUTED, AXIS, GRID, EMPTY = "#1a1a1a", "#595959", "#7a7a7a", "#e4e4e4", "#f5f5f5"
CLAIM = {"color": INK, "linewidth": 1.5, "dashes": (5, 3)}
# A second or third definition beside the first: same hue, other tint, marker, dash.
VARIANTS = ((0.0, ""), (0.3, "^"), (0.45, "s"))

WIDTH, DPI, SHOWN = 8.0, 144, 800  # inches, dots an inch, pixels in the notebook
MARGIN, LINE = 0.14, 1.32  # inches; line height in font sizes
TITLE, SUBTITLE, LABEL, TICK, SMALL = 14.0, 10.5, 10.0, 9.5, 9.0  # points
FONT = "DejaVu Sans"  # ships with matplotlib: the same letters on every machine

_RC = {
    "font.family": [FONT],
    "font.size": LABEL,
    "text.parse_math": False,  # two dollar signs are money, not mathematics
    "text.color": INK,
    "text.hinting": "none",
    "axes.unicode_minus": True,
    "axes.edgecolor": AXIS,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.facecolor": "white",
    "figure.facecolor": "white",
    "figure.dpi": DPI,
    "savefig.facecolor": "white",
    "hatch.linewidth": 1.0,
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "path.simplify": True,
    "agg.path.chunksize": 0,
}

# Families of settings that can change a picture.
_DRAWING = (
    *("agg", "axes", "figure", "font", "grid", "hatch", "image", "lines", "markers"),
    *("patch", "path", "scatter", "text", "xtick", "ytick"),
)

OUTCOMES = ("exact", "about", "almost", "more_than", "less_than", "derived", "modelled")
PLANS = ("planned", "target", "forecast", "capacity")
_UP = Path([(0, 0.32), (0, 1), (-0.18, 0.72), (0, 1), (0.18, 0.72)], [1, 2, 1, 2, 2])
_DOWN = Path([(x, -y) for x, y in _UP.vertices], _UP.codes)


def style():
    """Return a context in which matplotlib draws in the house style.

    The forms use it by themselves; global settings are never changed, and what the
    caller set for other pictures does not change ours.
    """
    changed = {
        key: value
        for key, value in dict.items(mpl.rcParamsDefault)
        if key.partition(".")[0] in _DRAWING and dict.get(mpl.rcParams, key) != value
    }
    return mpl.rc_context(changed | _RC)


def number(value: float) -> str:
    """Write a number for a label: thousands by comma, no needless decimals."""
    value = float(f"{value:.12g}")
    size = abs(value)
    if value == int(value) or size >= 1000:
        text = f"{value:,.0f}"
    elif size >= 10:
        text = f"{value:,.1f}"
    else:
        text = f"{value:.2g}" if size < 1 else f"{value:.2f}".rstrip("0")
    return text.replace("-", "\u2212")


def contrast(one: Any, two: Any) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""

    def luminance(colour):
        rgb = np.asarray(to_rgb(colour))
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        return float(linear @ (0.2126, 0.7152, 0.0722))

    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def year_of(when: Any) -> float:
    """Place of a moment on the time axis, in years.

    Parameters
    ----------
    when : int, float, str or date
        A year, or a day. A text is ``2017``, ``2017-03`` or ``2017-03-29``; a month
        stands at its middle.

    Returns
    -------
    float
        2017.0 is the middle of 2017.
    """
    if isinstance(when, int | float | np.number) and not isinstance(when, bool):
        return float(when)
    if isinstance(when, str):
        first, last = bounds(when)
    else:
        first = last = pd.Timestamp(when)
    return _middle(pd.Timestamp(first), pd.Timestamp(last))


def _edge(day: pd.Timestamp) -> float:
    """Give the start of a day on the time axis."""
    length = 366 if day.is_leap_year else 365
    return day.year + (day.day_of_year - 1) / length - 0.5


def _middle(start: pd.Timestamp, end: pd.Timestamp) -> float:
    start, end = start.normalize(), end.normalize()
    return (_edge(start) + _edge(end + pd.Timedelta(days=1))) / 2


def _tint(colour: str, share: float) -> tuple[float, float, float]:
    return tuple(c + (1 - c) * share for c in to_rgb(colour))


# --------------------------------------------------------------------------------------
# What a figure remembers until it is laid out


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


def _figure(thing: Any) -> Figure:
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


# --------------------------------------------------------------------------------------
# Checks shared by the forms


def role_look(name: str, variant: int = 0) -> Role:
    """Look of a role; variants 1 and 2 tell definitions apart within it."""
    if name not in ROLES:
        raise ValueError(
            f"role {name!r} is unknown; allowed: {', '.join(ROLES)} "
            "(the claim is drawn by claim_line)"
        )
    if variant not in range(len(VARIANTS)):
        raise ValueError(f"variant {variant!r} is unknown; allowed: 0, 1, 2")
    role = ROLES[name]
    share, marker = VARIANTS[variant]
    if not variant:
        return role
    marker = "o" if marker == role.marker else marker
    return Role(_tint(role.colour, share), role.text, marker, role.width - 0.5)


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
    if "source_id" in frame:
        add_sources(ax, frame["source_id"])


def unit(ax: Axes) -> str:
    """Unit of what the Axes shows; empty where it has none."""
    return _panel(ax).unit or ""


def add_sources(ax: Axes, ids: Any) -> Axes:
    """Record source ids for the footer.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    ids : str or iterable of str
        Ids; a text may join several with ``;``.

    Returns
    -------
    matplotlib.axes.Axes
    """
    house = _figure(ax)._house
    for cell in [ids] if isinstance(ids, str) else ids:
        if pd.isna(cell):
            continue
        for one in str(cell).split(";"):
            if one.strip():
                house.sources.setdefault(one.strip())
    return ax


# --------------------------------------------------------------------------------------
# Forms along time


def _times(frame: pd.DataFrame, form: str) -> tuple[pd.DataFrame, np.ndarray]:
    undated = frame["start"].isna() | frame["end"].isna()
    if undated.any():
        raise ValueError(
            f"{form}: {int(undated.sum())} of {len(frame)} rows have no period; "
            "leave them out or give them start and end"
        )
    frame = frame.sort_values(["start", "end"], kind="stable")
    x = [_middle(*pair) for pair in zip(frame["start"], frame["end"], strict=True)]
    return frame, np.asarray(x)


def _joined(left: Any, right: Any) -> bool:
    """Whether two periods follow each other, so that a line may join them."""
    days = (right.start - left.end).days
    dated = "date" in (left.period_type, right.period_type)
    return days <= (366 if dated else 31)


def _remember(panel: _Panel, frame: pd.DataFrame, x: np.ndarray, *ys: Any) -> None:
    panel.xs += x.tolist()
    for values in ys:
        panel.ys += [v for v in np.asarray(values, dtype=float) if np.isfinite(v)]
    for where, row in zip(x, frame.itertuples(), strict=True):
        panel.types.add(row.period_type)
        if row.period_type == "academic_year":
            panel.academic[float(where)] = f"{row.start.year}/{row.end.year % 100:02}"


def _marks(ax, x, y, gid, role, hollow=False, marker=None, size=6.2):
    """Draw markers only; nothing where there are none."""
    if len(x):
        face = "white" if hollow else role.colour
        ax.plot(
            x,
            y,
            linestyle="none",
            marker=marker or role.marker,
            markersize=size * (0.88 if (marker or role.marker) in "sD" else 1),
            markerfacecolor=face,
            markeredgecolor=role.colour,
            markeredgewidth=1.5,
            zorder=4,
            clip_on=False,
            gid=gid,
        )


def _arrows(ax, x, y, gid, path, role, width=1.3, size=34):
    """Draw arrows or dotted tails that start at the points, sized in points."""
    if len(x):
        ax.plot(
            x,
            y,
            linestyle="none",
            marker=path,
            markersize=size,
            markerfacecolor="none",
            markeredgecolor=role.colour,
            markeredgewidth=width,
            zorder=3,
            clip_on=False,
            gid=gid,
        )


def _reliability(panel_keys: set[str], frame: pd.DataFrame) -> np.ndarray:
    """Give True where the source is not primary; remember what the footer explains."""
    grades = set(frame["reliability"])
    unknown = grades - {"primary", "secondary", "tertiary"}
    if unknown:
        raise ValueError(
            f"reliability {sorted(map(str, unknown))} is unknown; "
            "allowed: primary, secondary, tertiary"
        )
    panel_keys |= grades
    return (frame["reliability"] != "primary").to_numpy()


def line_with_spread(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    label: str | None = None,
    role: str = "BLR",
    variant: int = 0,
    spread: str = "auto",
    unit: str | None = None,
) -> Axes:
    """Draw a series with its gaps and with the spread between its sources.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    frame : pandas.DataFrame
        What `partnership.series.series` returns: one row a period.
    label : str, optional
        Name written beside the line.
    role : str
        Key of `ROLES`.
    variant : int
        0, 1 or 2: tells definitions of one quantity apart within a role.
    spread : {"auto", "whiskers", "band"}
        How low and high are drawn; auto takes a band where most rows have a spread.
    unit : str, optional
        Overrides ``frame.attrs["unit"]``.

    Returns
    -------
    matplotlib.axes.Axes
        The line has gid ``line`` and a NaN in each gap. Markers have gid ``primary``
        (filled) and ``secondary`` (hollow), the spread ``spread``, arrows where the
        value is a bound ``bound`` and where the spread is open ``open``.

    Raises
    ------
    ValueError
        If the role, the variant or the spread is unknown, a column is missing, several
        series stand in the frame, or the unit is not that of the Axes.
    """
    form = "line_with_spread"
    look = role_look(role, variant)
    if spread not in ("auto", "whiskers", "band"):
        raise ValueError(f"spread {spread!r} is unknown; allowed: auto, whiskers, band")
    columns = "period_type start end value low high bound open_low open_high"
    _need(frame, [*columns.split(), "source_id", "reliability"], form)
    if "series" in frame and frame["series"].nunique() > 1:
        raise ValueError(
            f"{form}: the frame holds several series "
            f"({', '.join(map(str, frame['series'].unique()))}); draw one a call"
        )
    frame, x = _times(frame, form)
    value = _numbers(frame["value"], form, gaps=True)
    low = _numbers(frame["low"].fillna(frame["value"]), form, gaps=True)
    high = _numbers(frame["high"].fillna(frame["value"]), form, gaps=True)
    bound = frame["bound"].fillna("").to_numpy()
    if set(bound) - {"", "lower", "upper"}:
        raise ValueError(
            f"{form}: bound is {sorted(set(bound))}; allowed: '', lower, upper"
        )
    panel = _panel(ax, "a time chart")
    _meet(ax, frame, unit, form)
    keys = _figure(ax)._house.keys
    hollow = _reliability(keys, frame)
    _remember(panel, frame, x, value, low, high)

    rows = list(frame.itertuples())
    breaks = [i for i in range(1, len(rows)) if not _joined(rows[i - 1], rows[i])]
    gap_x = np.insert(x, breaks, [(x[i - 1] + x[i]) / 2 for i in breaks])
    wide = high > low
    open_low = frame["open_low"].to_numpy(bool, copy=True)
    open_high = frame["open_high"].to_numpy(bool, copy=True)
    if spread == "auto":
        spread = "band" if len(x) > 3 and wide.mean() > 0.6 else "whiskers"
    with style():
        if wide.any() and spread == "band":
            ax.fill_between(
                gap_x,
                np.insert(low, breaks, np.nan),
                np.insert(high, breaks, np.nan),
                color=look.colour,
                alpha=0.22,
                linewidth=0,
                zorder=2,
                gid="spread",
            )
        elif wide.any():
            _whiskers(ax, x[wide], low[wide], high[wide], look)
        if wide.any():
            keys.add(spread)
        lower, upper = bound == "lower", bound == "upper"
        open_high &= ~(lower & (high <= value))  # one arrow where it is one figure
        open_low &= ~(upper & (low >= value))
        _bounds(ax, x, high, low, open_high, open_low, look, keys, "open")
        ax.plot(
            gap_x,
            np.insert(value, breaks, np.nan),
            color=look.colour,
            linewidth=look.width,
            linestyle=(0, (1, 1.2)) if variant == 2 else "solid",
            zorder=3,
            clip_on=False,
            gid="line",
        )
        _bounds(ax, x, value, value, lower, upper, look, keys)
        _marks(ax, x[~hollow], value[~hollow], "primary", look)
        _marks(ax, x[hollow], value[hollow], "secondary", look, hollow=True)
    if label:
        _label_line(panel, x, value, label, look)
    return ax


def interval(
    ax: Axes,
    frame: pd.DataFrame,
    words: str,
    *,
    label: str | None = None,
    role: str = "other",
    unit: str | None = None,
) -> Axes:
    """Draw a computed band: a forecast interval, a range of assumptions.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    frame : pandas.DataFrame
        Columns period, period_type, start, end, low and high.
    words : str
        What the band means, a sentence for the footer.
    label, role, unit
        As in `line_with_spread`.

    Returns
    -------
    matplotlib.axes.Axes
        The band has gid ``interval``.

    Raises
    ------
    ValueError
        If a column is missing, low exceeds high, or there are no words.
    """
    form, look = "interval", role_look(role)
    _need(frame, ["period_type", "start", "end", "low", "high"], form)
    if not words.strip():
        raise ValueError(f"{form}: words is empty; say what the band means")
    frame, x = _times(frame, form)
    low, high = (_numbers(frame[name], form, gaps=True) for name in ("low", "high"))
    if (low > high).any():
        raise ValueError(f"{form}: low exceeds high; allowed is low <= high")
    panel = _panel(ax, "a time chart")
    _meet(ax, frame.assign(source_id=pd.NA), unit, form)
    _remember(panel, frame, x, low, high)
    _figure(ax)._house.words.setdefault(words if words.endswith(".") else words + ".")
    with style():
        ax.fill_between(
            x, low, high, color=look.colour, alpha=0.22, linewidth=0, gid="interval"
        )
    if label:
        _label_line(panel, x, high, label, look)
    return ax


def _whiskers(ax, x, low, high, look) -> None:
    ax.vlines(x, low, high, color=look.colour, linewidth=1.3, zorder=2.5, gid="spread")
    for ends in (low, high):
        ax.plot(
            x,
            ends,
            linestyle="none",
            marker="_",
            markersize=8,
            markeredgewidth=1.3,
            color=look.colour,
            zorder=2.5,
            gid="cap",
        )


def _bounds(ax, x, top, bottom, lower, upper, look, keys, gid="bound") -> None:
    """Arrows up from lower bounds, and down from upper ones."""
    _arrows(ax, x[lower], top[lower], gid, _UP, look)
    _arrows(ax, x[upper], bottom[upper], gid, _DOWN, look)
    if lower.any() or upper.any():
        keys.add("bound")


def _label_line(panel, x, value, label, look) -> None:
    order = [i for i in range(len(x)) if np.isfinite(value[i])]
    if not order:
        return
    last, top = order[-1], max(order, key=lambda i: value[i])
    rest = [i for i in reversed(order) if i not in (last, top)]
    points = [(float(x[i]), float(value[i])) for i in [last, top, *rest]]
    panel.labels.append(_Label(label, points, look.text, "bold", kind="line"))


def points(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    label: str | None = None,
    role: str = "BLR",
    variant: int = 0,
    unit: str | None = None,
) -> Axes:
    """Draw every statement as one marker.

    Hollow where the source is not primary, an open diamond for plans, targets,
    forecasts and capacities, an arrow at "more than" and "less than". A figure for part
    of a year or for several years has a line over that span.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    frame : pandas.DataFrame
        What `partnership.series.statements` returns: one row a statement.
    label, role, variant, unit
        As in `line_with_spread`.

    Returns
    -------
    matplotlib.axes.Axes
        Markers have gid ``primary``, ``secondary``, ``plan``, ``bound`` and ``span``.

    Raises
    ------
    ValueError
        As in `line_with_spread`, or if a qualifier is unknown.
    """
    form = "points"
    look = role_look(role, variant)
    columns = "period_type start end value qualifier source_id reliability"
    _need(frame, columns.split(), form)
    unknown = set(frame["qualifier"]) - {*OUTCOMES, *PLANS}
    if unknown:
        raise ValueError(
            f"{form}: qualifier {', '.join(sorted(map(str, unknown)))} is unknown; "
            f"allowed: {', '.join((*OUTCOMES, *PLANS))}"
        )
    frame, x = _times(frame, form)
    value = _numbers(frame["value"], form)
    panel = _panel(ax, "a time chart")
    _meet(ax, frame, unit, form)
    keys = _figure(ax)._house.keys
    plan = frame["qualifier"].isin(PLANS).to_numpy()
    hollow = _reliability(keys, frame[~plan]) if not plan.all() else np.array([])
    _remember(panel, frame, x, value)
    spans = frame["period_type"].isin(["range", "partial_year"]).to_numpy()
    with style():
        if spans.any():
            part = frame[spans]
            left = np.array([_edge(day) for day in part["start"]])
            right = np.array([_edge(d + pd.Timedelta(days=1)) for d in part["end"]])
            panel.xs += [*left, *right]
            ax.hlines(
                value[spans],
                left,
                right,
                color=look.colour,
                linewidth=1.3,
                zorder=2.5,
                gid="span",
            )
            keys.add("span")
        lower = (frame["qualifier"] == "more_than").to_numpy()
        upper = (frame["qualifier"] == "less_than").to_numpy()
        _bounds(ax, x, value, value, lower, upper, look, keys)
        out_x, out_y = x[~plan], value[~plan]
        _marks(ax, out_x[~(hollow > 0)], out_y[~(hollow > 0)], "primary", look)
        _marks(ax, out_x[hollow > 0], out_y[hollow > 0], "secondary", look, hollow=True)
        _marks(ax, x[plan], value[plan], "plan", look, True, marker="D", size=8.4)
    if plan.any():
        keys.add("plan")
    if label:
        _label_line(panel, x, value, label, look)
    return ax


def note(ax: Axes, when: Any, value: float, text: str) -> Axes:
    """Write a short remark beside one point of a time chart."""
    where = year_of(when)
    _panel(ax, "a time chart").labels.append(
        _Label(text, [(where, float(value))], INK, size=9.5, kind="note")
    )
    return ax


def claim_line(ax: Axes, value: float, text: str = "the claim") -> Axes:
    """Draw what was claimed: always the same dashed line, with its number.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Across a time chart the line lies, across bars it stands.
    value : float
    text : str
        The number is added where the text does not name it.

    Returns
    -------
    matplotlib.axes.Axes
        The line has gid ``claim``.
    """
    value = float(_numbers([value], "claim_line")[0])
    panel = _panel(ax)
    if number(value) not in text:
        text = f"{text}: {number(value)}"
    panel.claims.append((value, text))
    with style():
        if panel.kind == "bars":
            panel.xs.append(value)
            ax.axvline(value, zorder=3.5, gid="claim", **CLAIM)
        else:
            panel.kind = panel.kind or "a time chart"
            panel.ys.append(value)
            ax.axhline(value, zorder=2.2, gid="claim", **CLAIM)
    return ax


def mark_event(ax: Axes, when: Any, text: str) -> Axes:
    """Mark a moment with a thin line and a label above the plot.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        A time chart.
    when : int, float, str or date
        As in `year_of`.
    text : str

    Returns
    -------
    matplotlib.axes.Axes
        The line has gid ``event``.
    """
    where = year_of(when)
    _panel(ax, "a time chart").events.append((where, text))
    with style():
        ax.axvline(where, color=AXIS, linewidth=0.9, zorder=1.5, gid="event")
    return ax


def timeline(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    role: str = "BLR",
    highlight: Iterable[str] = (),
) -> Axes:
    """Draw dated events, one a row: solid where the day is known, else hollow.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    frame : pandas.DataFrame
        Columns date (``2017-03-29``, ``2017-03`` or ``2017``), precision (day, month or
        year) and text.
    role : str
        Key of `ROLES`.
    highlight : iterable of str
        Texts to print bold.

    Returns
    -------
    matplotlib.axes.Axes
        Marks have gid ``day`` (solid), ``month`` (hollow) or ``year`` (an open bar).

    Raises
    ------
    ValueError
        If a column is missing or a precision is unknown or does not fit its date.
    """
    form, look = "timeline", role_look(role)
    _need(frame, ["date", "precision", "text"], form)
    lengths = {"year": 4, "month": 7, "day": 10}
    for date, precision in zip(frame["date"], frame["precision"], strict=True):
        if precision not in lengths:
            raise ValueError(
                f"{form}: precision {precision!r} is unknown; allowed: day, month, year"
            )
        if len(str(date)) != lengths[precision]:
            raise ValueError(f"{form}: date {date!r} is not one {precision}")
    lost = set(highlight) - set(frame["text"])
    if lost:
        raise ValueError(f"{form}: highlight {sorted(lost)} is no text of the frame")
    panel = _panel(ax, "a timeline")
    if panel.rows:
        raise ValueError("timeline: this Axes already holds one")
    frame = frame.sort_values("date", kind="stable")
    _meet(ax, frame, "", form)
    dates = []
    with style():
        for row, item in enumerate(frame.itertuples()):
            first, last = map(pd.Timestamp, bounds(str(item.date)))
            left, right = _edge(first), _edge(last + pd.Timedelta(days=1))
            middle = (left + right) / 2
            panel.xs += [left, right]
            bold = "bold" if item.text in set(highlight) else "normal"
            before = len(ax.lines)
            if item.precision == "day":
                dates.append(f"{first.day} {first:%b %Y}")
                _marks(ax, [middle], [row], "day", look, size=7.5)
            elif item.precision == "month":
                dates.append(f"{first:%b %Y}")
                _marks(ax, [middle], [row], "month", look, hollow=True, size=7.5)
            else:
                dates.append(str(item.date))
                for width, colour, gid in (
                    (8, look.colour, "year"),
                    (5, "white", "hole"),
                ):
                    ax.plot(
                        [left, right],
                        [row, row],
                        color=colour,
                        linewidth=width,
                        solid_capstyle="projecting",
                        zorder=4,
                        clip_on=False,
                        gid=gid,
                    )
            if item.precision != "day":
                left, right = (
                    (middle, middle) if item.precision == "month" else (left, right)
                )
                _figure(ax)._house.keys.add("uncertain")
            else:
                left = right = middle
            panel.rows_of.append(list(ax.lines[before:]))
            panel.labels.append(
                _Label(item.text, [(left, row), (right, row)], INK, bold, kind="row")
            )
        panel.rows, panel.row_height = len(frame), 0.2
        ax.set_ylim(len(frame) - 0.5, -0.5)
        ax.set_yticks(range(len(frame)), dates)
        ax.grid(True, axis="x")
    return ax


# --------------------------------------------------------------------------------------
# Forms in rows


def bars(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    category: str = "category",
    value: str = "value",
    highlight: str | Iterable[str] = (),
    role: str = "TKM",
    unit: str | None = None,
    write: Callable[[float], str] = number,
) -> Axes:
    """Draw ranked bars, the largest on top, with one or a few of them highlighted.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    frame : pandas.DataFrame
    category, value : str
        Columns with the names and the lengths of the bars.
    highlight : str or iterable of str
        Categories in the colour of `role`; all others are grey.
    role : str
        Key of `ROLES`.
    unit : str, optional
        Overrides ``frame.attrs["unit"]`` and the column unit.
    write : callable
        Writes a value at the end of its bar.

    Returns
    -------
    matplotlib.axes.Axes
    """
    form, look = "bars", role_look(role)
    _need(frame, [category, value], form)
    panel = _new_rows(ax, "bars", form)
    frame = frame.assign(_length=_numbers(frame[value], form))
    frame = frame.sort_values("_length", ascending=False, kind="stable")
    names = frame[category].astype(str).tolist()
    if len(set(names)) < len(names):
        raise ValueError(f"{form}: a category stands twice: {names}")
    chosen = {highlight} if isinstance(highlight, str) else set(highlight)
    if chosen - set(names):
        raise ValueError(
            f"{form}: highlight {sorted(chosen - set(names))} is no category; "
            f"there are {', '.join(names)}"
        )
    _meet(ax, frame, unit, form)
    other = _tint(ROLES["other"].colour, 0.35)
    lengths = frame["_length"].tolist()
    with style():
        ax.barh(
            range(len(names)),
            lengths,
            height=0.66,
            color=[look.colour if name in chosen else other for name in names],
            gid="bars",
        )
        for row, (name, length) in enumerate(zip(names, lengths, strict=True)):
            mine = name in chosen
            panel.labels.append(
                _Label(
                    write(length),
                    [(length, row)],
                    look.text if mine else MUTED,
                    "bold" if mine else "normal",
                    kind="bar",
                )
            )
        _row_axis(ax, panel, names, 0.29)
        for name, tick in zip(names, ax.get_yticklabels(), strict=True):
            if name in chosen:
                tick.set(color=look.text, fontweight="bold")
    panel.xs += [0, *lengths]
    return ax


def bars_with_target(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    category: str = "period",
    value: str = "value",
    target: str = "target",
    kind: str = "target",
    outcome: str = "outcome",
    role: str = "pair",
    unit: str | None = None,
) -> Axes:
    """Draw, row by row, what was planned (hatched) and what came of it (filled).

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    frame : pandas.DataFrame
        One row a category. A missing value reads "no figure".
    category, value, target : str
        Columns with the names, the outcomes and the plans.
    kind : str
        The word for the plan, or another column with one word a row (target, forecast).
    role : str
        Key of `ROLES`.
    unit : str, optional
        As in `bars`.

    Returns
    -------
    matplotlib.axes.Axes
        Two containers of bars: targets, then outcomes.
    """
    form, look = "bars_with_target", role_look(role)
    _need(frame, [category, value, target], form)
    panel = _new_rows(ax, "bars", form)
    _meet(ax, frame, unit, form)
    came = _numbers(frame[value], form, gaps=True)
    goal = _numbers(frame[target], form)
    own = kind in frame and kind not in (category, value, target)
    words = frame[kind].tolist() if own else [kind] * len(frame)
    names = frame[category].astype(str).tolist()
    rows = np.arange(len(frame))
    with style():
        ax.barh(
            rows - 0.19,
            goal,
            height=0.3,
            facecolor="white",
            edgecolor=look.colour,
            hatch="////",
            linewidth=1.1,
            gid="target",
        )
        ax.barh(rows + 0.19, came, height=0.36, color=look.colour, gid="outcome")
        for row in range(len(frame)):
            missing = not np.isfinite(came[row])
            done = (
                f"{outcome}: no figure" if missing else f"{outcome} {number(came[row])}"
            )
            length = 0.0 if missing else float(came[row])
            plan = f"{words[row]} {number(goal[row])}"
            panel.labels += [
                _Label(plan, [(float(goal[row]), row - 0.19)], MUTED, kind="bar"),
                _Label(
                    done,
                    [(length, row + 0.19)],
                    MUTED if missing else look.text,
                    "normal" if missing else "bold",
                    kind="bar",
                ),
            ]
        _row_axis(ax, panel, names, 0.62)
    panel.xs += [0, *goal, *came[np.isfinite(came)]]
    return ax


def _new_rows(ax: Axes, kind: str, form: str) -> _Panel:
    panel = _panel(ax, kind)
    if panel.rows:
        raise ValueError(f"{form}: this Axes already holds {kind}")
    return panel


def _row_axis(ax: Axes, panel: _Panel, names: Sequence[str], height: float) -> None:
    """Give each row its name at the left edge; values are written, so no x axis."""
    panel.rows, panel.row_height = len(names), height
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_yticks(range(len(names)), names, color=INK)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.plot([0, 0], [-0.5, len(names) - 0.5], color=AXIS, linewidth=0.9, gid="zero")


def shares(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    highlight: Mapping[str, str] | None = None,
    keep: int = 5,
    rest: str = "all other",
) -> Axes:
    """Draw what each row is made of: bars of 100 percent.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    frame : pandas.DataFrame
        Rows are bars, columns are parts, values are amounts in one unit.
    highlight : mapping of part to role, optional
        Parts in the colour of a role; the others are greys.
    keep : int
        So many parts keep their name; the smaller ones are added up as `rest`.
    rest : str
        Name of what was added up.

    Returns
    -------
    matplotlib.axes.Axes
        One container of bars a part, widths in percent, label the part.
    """
    form = "shares"
    _need(frame, [], form)
    panel = _new_rows(ax, "shares", form)
    highlight = dict(highlight or {})
    lost = set(highlight) - set(frame.columns)
    if lost:
        raise ValueError(f"{form}: {sorted(map(str, lost))} is no part of the frame")
    values = _numbers(frame.fillna(0.0).to_numpy(), form)
    if (values < 0).any() or (values.sum(axis=1) <= 0).any():
        raise ValueError(f"{form}: amounts must not be negative, nor a row add up to 0")
    percent = pd.DataFrame(
        100 * values / values.sum(axis=1, keepdims=True),
        index=frame.index.map(str),
        columns=frame.columns.map(str),
    )
    size = percent.mean().sort_values(ascending=False, kind="stable").index
    named = [*highlight, *[part for part in size if part not in highlight]][:keep]
    if len(named) < percent.shape[1]:
        percent = percent[named].assign(
            **{rest: percent.drop(columns=named).sum(axis=1)}
        )
    percent = percent[[*named, *[c for c in percent if c not in named]]]
    greys = iter(["#6e6e6e", "#a8a8a8", "#c4c4c4", "#8b8b8b", "#d9d9d9", "#b6b6b6"] * 5)
    _meet(ax, percent, "percent", form)
    left = np.zeros(len(percent))
    with style():
        for part in percent:
            mine = part in highlight
            colour = role_look(highlight[part]).colour if mine else next(greys)
            colour = "#ececec" if part == rest else colour
            width = percent[part].to_numpy()
            ax.barh(
                range(len(percent)),
                width,
                left=left,
                height=0.72,
                color=colour,
                edgecolor="white",
                linewidth=1.2,
                label=part,
                gid="share",
            )
            ink = max(("black", "white"), key=lambda c: contrast(c, colour))
            for row in range(len(percent)):
                cell = _Label(
                    part,
                    [(left[row], row), (left[row] + width[row], row)],
                    ink,
                    "bold" if mine else "normal",
                    kind="share",
                )
                cell.fill, cell.percent, cell.part = colour, width[row], part
                panel.labels.append(cell)
            left += width
        _row_axis(ax, panel, percent.index.tolist(), 0.62)
        ax.lines[-1].set_visible(False)
        ax.set_xlim(0, 100)
    return ax


def heatmap(
    ax: Axes,
    matrix: pd.DataFrame,
    *,
    role: str = "BLR",
    unit: str | None = None,
    write: Callable[[float], str] = number,
    dark: str = "high",
) -> Axes:
    """Draw a table whose cells are shaded by value and carry their number.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    matrix : pandas.DataFrame
        Rows and columns as they shall stand; a missing cell stays empty.
    role : str
        Key of `ROLES`: the hue.
    unit : str, optional
        Overrides ``matrix.attrs["unit"]``.
    write : callable
        Writes a value into its cell.
    dark : {"high", "low"}
        Which end of the values is dark; low suits ranks.

    Returns
    -------
    matplotlib.axes.Axes
        ``ax.collections[0].get_array()`` holds the values.
    """
    form, look = "heatmap", role_look(role)
    if dark not in ("high", "low"):
        raise ValueError(f"dark {dark!r} is unknown; allowed: high, low")
    _need(matrix, [], form)
    panel = _new_rows(ax, "a heatmap", form)
    values = np.ma.masked_invalid(_numbers(matrix.to_numpy(), form, gaps=True))
    if values.mask.all():
        raise ValueError(f"{form}: all cells are empty")
    _meet(ax, matrix.drop(columns=["source_id", "unit"], errors="ignore"), unit, form)
    shades = [_tint(look.colour, 0.88), look.colour]
    if dark == "low":
        shades.reverse()
    ramp = LinearSegmentedColormap.from_list("house", shades).with_extremes(bad=EMPTY)
    low, high = float(values.min()), float(values.max())
    with style():
        mesh = ax.pcolormesh(
            np.arange(matrix.shape[1] + 1) - 0.5,
            np.arange(matrix.shape[0] + 1) - 0.5,
            values,
            cmap=ramp,
            vmin=low,
            vmax=high if high > low else low + 1,
            edgecolors="white",
            linewidth=2,
            gid="heatmap",
        )
        for row, column in zip(*np.where(~np.ma.getmaskarray(values)), strict=True):
            value = float(values[row, column])
            fill = ramp(mesh.norm(value))
            ax.text(
                column,
                row,
                write(value),
                ha="center",
                va="center_baseline",
                fontsize=9.5,
                color=max(("black", "white"), key=lambda c: contrast(c, fill[:3])),
                gid="cell",
            )
        _row_axis(ax, panel, [str(name) for name in matrix.index], 0.31)
        ax.lines[-1].set_visible(False)
        # names of rows and the margins take about a quarter of the width
        room = 0.75 * WIDTH * DPI / matrix.shape[1]
        heads = [_wrap(str(name), room, TICK) for name in matrix.columns]
        ax.set_xticks(range(matrix.shape[1]), heads)
        ax.xaxis.tick_top()
        ax.tick_params(length=0)
    return ax


def slope(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    highlight: Mapping[str, str] | None = None,
    unit: str | None = None,
    write: Callable[[float], str] = number,
) -> Axes:
    """Draw how things stood at two moments, joined by lines.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    frame : pandas.DataFrame
        Index: names; exactly two columns: the two moments.
    highlight : mapping of name to role, optional
        All other names are grey.
    unit : str, optional
        Overrides ``frame.attrs["unit"]``.
    write : callable
        Writes a value.

    Returns
    -------
    matplotlib.axes.Axes
        One line of gid ``line`` a name.
    """
    form = "slope"
    _need(frame, [], form)
    if frame.shape[1] != 2:
        raise ValueError(f"{form} needs exactly two columns, not {frame.shape[1]}")
    highlight = dict(highlight or {})
    lost = set(highlight) - set(frame.index)
    if lost:
        raise ValueError(
            f"{form}: highlight {sorted(map(str, lost))} is not in the index"
        )
    values = _numbers(frame.to_numpy(), form)
    panel = _panel(ax, "a slope chart")
    _meet(ax, frame, unit, form)
    with style():
        for name, (first, last) in zip(frame.index, values, strict=True):
            mine = name in highlight
            look = role_look(highlight.get(name, "other"))
            ax.plot(
                [0, 1],
                [first, last],
                color=look.colour,
                linewidth=look.width,
                marker="o",
                markersize=6,
                clip_on=False,
                zorder=4 if mine else 3,
                gid="line",
            )
            weight = "bold" if mine else "normal"
            for x, y, side in ((0, first, "left"), (1, last, "right")):
                text = (
                    f"{write(y)}  {name}" if side == "right" else f"{name}  {write(y)}"
                )
                panel.labels.append(
                    _Label(text, [(x, float(y))], look.text, weight, side=side)
                )
        ax.set_xlim(0, 1)
        ax.set_xticks([0, 1], [str(column) for column in frame.columns])
        ax.tick_params(axis="x", labelcolor=INK, labelsize=LABEL, pad=8)
        ax.set_yticks([])
        ax.vlines(
            [0, 1], 0, 1, transform=ax.get_xaxis_transform(), color=GRID, zorder=1
        )
        ax.spines["bottom"].set_visible(False)
    panel.ys += values.ravel().tolist()
    return ax


# --------------------------------------------------------------------------------------
# Layout: sizes in pixels of the figure unless a name says inches or points


def _px(points: float) -> float:
    return points * DPI / 72


def _further_lines(ax) -> float:
    """Height of the labels of the horizontal axis beyond one line, in pixels."""
    highs = [_size(label.get_text(), TICK)[1] for label in ax.get_xticklabels()]
    return max(highs, default=_px(TICK)) - _px(TICK)


@cache
def _renderer():
    return FigureCanvasAgg(Figure(figsize=(1, 1), dpi=DPI)).get_renderer()


@lru_cache(maxsize=4096)
def _size(text: str, size: float, weight: str = "normal") -> tuple[float, float]:
    """Width and height of a text of one or several lines."""
    font = FontProperties(family=FONT, size=size, weight=weight)
    with style():
        widths = [
            _renderer().get_text_width_height_descent(line, font, False)[0]
            for line in text.split("\n")
        ]
    return max(widths), _px(size) * (1.2 * text.count("\n") + 1.0)


def _wrap(text, width, size, weight="normal", balance=False) -> str:
    """Break a text into lines no wider than `width`; balanced lines where asked."""

    def broken(limit):
        lines = []
        for paragraph in text.split("\n"):
            line = ""
            for word in paragraph.split(" "):
                longer = f"{line} {word}" if line else word
                if line and _size(longer, size, weight)[0] > limit:
                    lines.append(line)
                    line = word
                else:
                    line = longer
            lines.append(line)
        return lines

    lines = broken(width)
    # A last line of a word or two looks lost: even the lines out.
    if balance and len(lines) > 1 and _size(lines[-1], size)[0] < 0.4 * width:
        for share in np.arange(0.95, 0.5, -0.05):
            narrower = broken(width * share)
            if len(narrower) > len(lines):
                break
            lines = narrower
    return "\n".join(lines)


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


def _ours(axis: Any, panel: _Panel) -> bool:
    """Whether the ticks of an axis are ours to set, not the caller's."""
    return axis.isDefault_majloc or axis.get_major_locator() in panel.locators


def _tick(axis: Any, panel: _Panel, locator: Any, formatter: Any) -> None:
    if _ours(axis, panel):
        axis.set_major_locator(locator)
        axis.set_major_formatter(formatter)
        panel.locators.append(locator)


def _limits(ax: Axes, panel: _Panel, bins: int) -> None:
    """Set the limits of both axes, and the ticks of the y axis."""
    low, high = (min(panel.ys), max(panel.ys)) if panel.ys else (0.0, 1.0)
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
        xs = [*(panel.xs or [0.0, 1.0]), *[where for where, _ in panel.events]]
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
        _limits(ax, panel, 4 if small else 6)
        left_of[ax] = _y_axis(ax, panel)
        _edge_labels(panel, ax)
        right_of[ax] = _px(2)
        if panel.kind == "a time chart":  # half of the last tick's label
            right_of[ax] = _px(24 if panel.types == {"academic_year"} else 16)
        for label in panel.labels:
            if label.side:
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


_KEYS = (
    ("band", "Band: lowest to highest statement."),
    ("whiskers", "Whiskers: lowest to highest statement."),
    ("bound", "Arrow: “more than” or “less than”."),
    ("plan", "Diamond: plan, target or forecast."),
    ("span", "Line through a mark: the months or years it covers."),
    ("uncertain", "Hollow mark: the day is not known."),
)


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
    low, high = ax.get_xlim()
    free = _free(ax, panel, "x")
    if free:
        low, high = min(0, *panel.xs), max(0, *panel.xs)
        high = high if high > low else low + 1

    def away(end, size):
        """Pixels from the end of a bar to its number, which keeps off the claim."""
        gaps = [(value - end) * width / (high - low) for value, _ in panel.claims]
        near = [gap for gap in gaps if gap + _px(4) >= 0 and gap < size + _px(9)]
        return max(near) + _px(6) if near and end >= 0 else _px(5)

    # The scale at which bars and numbers together fill the width: found by repeating,
    # because what a number needs in units depends on the scale.
    for _ in range(60 if free else 0):
        unit = (high - low) / width
        high = max([high, *[value + _px(2) * unit for value, _ in panel.claims]])
        for end, size in zip(ends, sizes, strict=True):
            reach = (away(end, size) + size + _px(1)) * unit
            high = max(high, end + reach) if end >= 0 else high
            low = min(low, end - reach) if end < 0 else low
    if free:
        ax.set_xlim(low, high)
        panel.set_x = tuple(ax.get_xlim())
    for label, end, size in zip(mine, ends, sizes, strict=True):
        shift = away(end, size) * 72 / DPI
        write(
            label.points[0],
            (-shift if end < 0 else shift, -0.5),
            label.text,
            label.colour,
            label.weight,
            ha="right" if end < 0 else "left",
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


# --------------------------------------------------------------------------------------
# The end


def _check(fig: Figure, alt: str) -> None:
    house, alt = fig._house, (alt or "").strip()
    if not house.title.strip():
        raise ValueError("the figure has no title: say the finding in words")
    if not house.subtitle.strip():
        raise ValueError("the figure has no subtitle: name measure, unit and years")
    if not house.sources:
        raise ValueError("the figure names no source: use add_sources(ax, ids)")
    if alt.casefold().rstrip(".") == house.title.strip().casefold().rstrip("."):
        raise ValueError("the alt text repeats the title: say what the picture shows")
    if len(alt) < 40 or " " not in alt or alt[-1] not in ".!?":
        raise ValueError(
            f"the alt text {alt!r} is no sentence: say what the picture shows in 40 "
            "characters or more, and end with a full stop"
        )


def finish(thing: Axes | Figure | Sequence[Axes], alt: str) -> Figure:
    """Lay a figure out: line breaks, labels, ticks, footer; and store its alt text.

    Parameters
    ----------
    thing : Axes, Figure or list of Axes
    alt : str
        What the picture shows, as a sentence of 40 characters or more.

    Returns
    -------
    matplotlib.figure.Figure
        With the attribute `alt`.

    Raises
    ------
    ValueError
        Without title, subtitle, alt text or source, or if the alt text repeats the
        title.
    """
    fig = _figure(thing)
    _check(fig, alt)
    fig.alt = alt.strip()
    _layout(fig)
    return fig


def sources(thing: Axes | Figure | Sequence[Axes]) -> list[str]:
    """Return the recorded source ids, in the order of their first use."""
    return list(_figure(thing)._house.sources)


def png(fig: Figure) -> bytes:
    """Picture of a finished figure; the same bytes in every run.

    256 colours suffice: areas and strokes keep theirs exactly, only the smoothed edges
    are rounded, and notebooks weigh a third.
    """
    with style():
        fig.canvas.draw()
    picture = Image.fromarray(np.asarray(fig.canvas.buffer_rgba())).convert("RGB")
    target = io.BytesIO()
    palette = picture.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette.save(target, "png", dpi=(DPI, DPI))
    return target.getvalue()


def show(thing: Axes | Figure | Sequence[Axes], alt: str) -> None:
    """Finish a figure and display it in the notebook.

    One output: the picture, with its alt text in the metadata (``alt``, ``title``,
    ``sources``, ``width`` in pixels), and as plain text the alt text and what is drawn
    (see `drawn`), so that a comparison of outputs as text sees other data or labels.

    Parameters
    ----------
    thing, alt
        As in `finish`.
    """
    from IPython.display import display

    fig = finish(thing, alt)
    about = {
        "alt": fig.alt,
        "title": fig._house.title,
        "sources": sources(fig),
        "width": SHOWN,
    }
    picture = base64.b64encode(png(fig)).decode("ascii")
    display(
        {"image/png": picture, "text/plain": "\n".join([fig.alt, *drawn(fig)])},
        metadata={"image/png": about},
        raw=True,
    )


def drawn(thing: Axes | Figure | Sequence[Axes]) -> list[str]:
    """Say in words and numbers what a figure shows.

    Parameters
    ----------
    thing : Axes, list of Axes or Figure
        A figure of `canvas` or `grid`.

    Returns
    -------
    list of str
        The title and the subtitle; then for each panel its labels with the point that
        each belongs to, and for each kind of mark how many there are and the sum of
        their places and values.
    """
    fig = _figure(thing)
    lines = [fig._house.title, fig._house.subtitle]
    for ax, panel in fig._house.panels.items():
        if panel.title[0]:
            lines.append("panel: " + " ".join(filter(None, panel.title)))
        for label in panel.labels:
            at = ", ".join(f"({x:.5g}, {y:.5g})" for x, y in label.points[:1])
            lines.append(f"{label.kind}: {label.text} {at}".rstrip())
        lines += [f"event: {text} ({when:.5g})" for when, text in panel.events]
        lines += [f"claim: {text} ({value:.5g})" for value, text in panel.claims]
        for kind, points in _data_of(ax).items():
            x, y = np.nansum(np.array(points), axis=0)
            lines.append(f"{kind}: {len(points)}, sums {x:.5g} and {y:.5g}")
    return lines


def _data_of(ax: Axes) -> dict[str, list[tuple[float, float]]]:
    """Points of all marks of an Axes by their kind (gid)."""
    found: dict[str, list[tuple[float, float]]] = {}
    for line in ax.lines:
        if line.get_gid() not in (None, "claim", "event", "cap", "zero"):
            points = np.column_stack(line.get_data(orig=False)).astype(float)
            found.setdefault(str(line.get_gid()), []).extend(map(tuple, points))
    for container in ax.containers:
        bars = [(bar.get_width(), bar.get_height()) for bar in container.patches]
        found.setdefault("bars", []).extend(bars)
    for one in ax.collections:
        cells = one.get_array()
        if cells is not None:
            values = np.ma.filled(np.ma.asarray(cells, float).ravel(), np.nan)
            found.setdefault("cells", []).extend((0.0, v) for v in values)
        elif one.get_gid():
            points = [tuple(p) for path in one.get_paths() for p in path.vertices]
            found.setdefault(str(one.get_gid()), []).extend(points)
    return found


def layout_problems(thing: Axes | Figure | Sequence[Axes]) -> list[str]:
    """List texts that are cut by the edge, overlap each other or lie on a line.

    Parameters
    ----------
    thing : Axes, Figure or list of Axes
        Finished.

    Returns
    -------
    list of str
        Empty where all is well.
    """
    fig = _figure(thing)
    with style():
        fig.draw_without_rendering()
    renderer = fig.canvas.get_renderer()
    boxes: list[tuple[str, Bbox, Text]] = []
    hidden = _ticks_out_of_view(fig)
    for text in fig.findobj(Text):
        if not text.get_visible() or not text.get_text().strip() or text in hidden:
            continue
        if isinstance(text, Annotation):
            text.update_positions(renderer)
        box = Text.get_window_extent(text, renderer)
        clip = text.get_clip_box() if text.get_clip_on() else None
        if clip is None or box.overlaps(clip):
            boxes.append((text.get_text(), box, text))
    page, problems = fig.bbox, []
    for name, box, _ in boxes:
        sides = (page.x0 - box.x0, box.x1 - page.x1, page.y0 - box.y0, box.y1 - page.y1)
        if max(sides) > 0.5:
            problems.append(f"cut: {name!r} by {max(sides):.0f} pixels")
    for index, (name, box, _) in enumerate(boxes):
        for other, next_box, _ in boxes[index + 1 :]:
            across = min(box.x1, next_box.x1) - max(box.x0, next_box.x0)
            down = min(box.y1, next_box.y1) - max(box.y0, next_box.y0)
            if across > 1 and down > 1:
                problems.append(f"overlap: {name!r} and {other!r}")
    for ax, panel in fig._house.panels.items():
        if panel.kind != "a time chart":
            continue
        ink = _ink(ax)
        for name, box, text in boxes:
            if text.axes is ax and text.get_gid() in ("label", "claim-label"):
                core = box.padded(-_px(1.5))
                if any(core.contains(*point) for point in ink):
                    problems.append(f"covered: {name!r} lies on a line or a mark")
    return problems


def _ticks_out_of_view(fig: Figure) -> set[Text]:
    """Labels that matplotlib keeps in store but does not draw."""
    hidden = set()
    for ax in fig.axes:
        for axis, span in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
            low, high = sorted(span)
            room = 1e-9 * (high - low)
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if not low - room <= tick.get_loc() <= high + room:
                    hidden |= {tick.label1, tick.label2}
            hidden |= {axis.offsetText}
    return hidden
