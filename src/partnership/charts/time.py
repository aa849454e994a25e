"""Forms along time: lines, bands, points, remarks, the claim."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.path import Path

from partnership.charts.dates import marks, middle, span, year_of
from partnership.charts.house import CLAIM, INK, number, role_look, style
from partnership.charts.page import Label, Panel, add_sources, join, page_of
from partnership.checks import array, choice, fault, need

OUTCOMES = ("exact", "about", "almost", "more_than", "less_than", "derived", "modelled")
PLANS = ("planned", "target", "forecast", "capacity")

UP = Path([(0, 0.32), (0, 1), (-0.18, 0.72), (0, 1), (0.18, 0.72)], [1, 2, 1, 2, 2])
_DOWN = Path([(x, -y) for x, y in UP.vertices], UP.codes)


def _in_time(frame: Any, columns: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Sort a frame by time; return it with the places of its rows on the axis."""
    frame = need(frame, ["start", "end", *columns.split()], "frame", filled=True)
    undated = int((frame["start"].isna() | frame["end"].isna()).sum())
    if undated:
        found = f"no period in {undated} of {len(frame)} rows"
        raise fault("frame", found, "one with start and end in each")
    frame = frame.sort_values(["start", "end"], kind="stable")
    x = [middle(*pair) for pair in zip(frame["start"], frame["end"], strict=True)]
    return frame, np.asarray(x)


def _one_series(frame: pd.DataFrame) -> None:
    """Stop where a frame holds several series or, from ``each=``, several economies."""
    several = frame["series"].unique() if "series" in frame else ()
    if frame.index.nlevels > 1:
        several = frame.index.droplevel(0).unique()
    if len(several) > 1:
        names = ", ".join(map(str, several))
        allowed = "one a call: frame.xs(name, level=1), or charts.panels"
        raise fault("frame", f"several series ({names})", allowed)


def _numbers(frame: pd.DataFrame, column: str, gaps: bool = True) -> np.ndarray:
    return array(frame[column], column, low=-math.inf, gaps=gaps)


def _join(ax, form, frame, unit, x, *ys) -> Panel:
    panel = join(ax, "a time chart", form, frame, unit)
    panel.remember(x, *ys)
    panel.types |= set(frame["period_type"])
    return panel


def _hollow(panel: Panel, frame: pd.DataFrame) -> np.ndarray:
    """Where the source is not primary; the footer explains the grades met."""
    grades = set(frame["reliability"])
    for grade in grades:
        choice(grade, ("primary", "secondary", "tertiary"), "reliability")
    panel.page.keys |= grades
    return (frame["reliability"] != "primary").to_numpy()


def line(
    ax: Axes,
    frame: pd.DataFrame,
    label: str | None = None,
    *,
    role: str = "first",
    variant: int = 0,
    spread: str = "auto",
    band: str = "",
    unit: str | None = None,
) -> Axes:
    """Draw a series with its gaps and with the spread between its sources.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    frame : pandas.DataFrame
        What `partnership.series` or `partnership.computed` returns: one row a period.
    label : str, optional
        Name written beside the line.
    role : str
        Key of `ROLES`.
    variant : int
        0, 1 or 2: tells definitions of one quantity apart within a role.
    spread : {"auto", "whiskers", "band", "none"}
        How low and high are drawn; auto takes a band where most rows have a spread.
    band : str
        What low and high mean where they are computed and no spread between sources, a
        sentence for the footer: they are then drawn as by `band`.
    unit : str, optional
        Overrides ``frame.attrs["unit"]``.

    Returns
    -------
    matplotlib.axes.Axes
        The line has gid ``line`` and a NaN in each gap. Markers have gid ``primary``
        (filled) and ``secondary`` (hollow), the spread ``spread``, arrows where the
        value is a bound ``bound`` and where the spread is open ``open``.
    """
    look = role_look(role, variant)
    choice(spread, ("auto", "whiskers", "band", "none"), "spread")
    columns = "period_type value low high bound open_low open_high source_id"
    frame, x = _in_time(frame, columns + " reliability")
    _one_series(frame)
    if band:
        _band(ax, frame, band, role=role, unit=unit)
        spread = "none"
    if spread == "none":
        same = frame["value"]
        frame = frame.assign(low=same, high=same, open_low=False, open_high=False)
    value = _numbers(frame, "value")
    panel = _join(ax, "line", frame, unit, x, value)
    hollow = _hollow(panel, frame)
    with style():
        gaps = _gaps(frame, x)
        arrows = _spread(ax, panel, frame, x, value, spread, gaps, look)
        dash = {"linestyle": (0, (1, 1.2)) if variant == 2 else "solid", "gid": "line"}
        dash |= {"color": look.colour, "linewidth": look.width}
        ax.plot(*gaps(x, value), zorder=3, clip_on=False, **dash)
        _arrows(ax, panel, x, value, value, *arrows, "bound", look)
        marks(ax, x[~hollow], value[~hollow], "primary", look)
        marks(ax, x[hollow], value[hollow], "secondary", look, hollow=True)
    _name(panel, label, x, value, look)
    return ax


def _gaps(frame: pd.DataFrame, x: np.ndarray) -> Callable:
    """Make what puts a NaN, at a middle x, wherever two periods do not join."""
    rows, breaks = list(frame.itertuples()), []
    for i in range(1, len(rows)):
        days = (rows[i].start - rows[i - 1].end).days
        dated = "date" in (rows[i - 1].period_type, rows[i].period_type)
        if days > (366 if dated else 31):
            breaks.append(i)
    between = [(x[i - 1] + x[i]) / 2 for i in breaks]

    def gaps(x, *values):
        return np.insert(x, breaks, between), *(
            np.insert(one, breaks, np.nan) for one in values
        )

    return gaps


def _spread(ax, panel, frame, x, value, spread, gaps, look):
    """Draw low and high; return where the value is a lower and an upper bound."""
    filled = frame.assign(
        low=frame["low"].fillna(frame["value"]),
        high=frame["high"].fillna(frame["value"]),
    )
    low, high = _numbers(filled, "low"), _numbers(filled, "high")
    panel.remember([], low, high)
    bound = frame["bound"].fillna("").to_numpy()
    for word in set(bound):
        choice(word, ("", "lower", "upper"), "bound")
    wide = high > low
    if wide.any():
        most = len(x) > 3 and wide.mean() > 0.6
        spread = {"auto": "band" if most else "whiskers"}.get(spread, spread)
        panel.page.keys.add(spread)
        if spread == "band":
            _area(ax, *gaps(x, low, high), look, zorder=2, gid="spread")
        else:
            stroke = {"color": look.colour, "zorder": 2.5}
            ax.vlines(
                x[wide], low[wide], high[wide], linewidth=1.3, gid="spread", **stroke
            )
            for ends in (low, high):
                cap = {"marker": "_", "markersize": 8, "markeredgewidth": 1.3}
                cap |= {"linestyle": "none", "gid": "cap"}
                ax.plot(x[wide], ends[wide], **cap, **stroke)
    lower, upper = bound == "lower", bound == "upper"
    # One arrow where it is one figure.
    open_high = frame["open_high"].to_numpy(bool) & ~(lower & (high <= value))
    open_low = frame["open_low"].to_numpy(bool) & ~(upper & (low >= value))
    _arrows(ax, panel, x, high, low, open_high, open_low, "open", look)
    return lower, upper


def _area(ax, x, low, high, look, **more) -> None:
    shade = {"color": look.colour, "alpha": 0.22, "linewidth": 0}
    ax.fill_between(x, low, high, **shade, **more)


def _arrows(ax, panel, x, top, bottom, up, down, gid, look) -> None:
    """Arrows up from lower bounds, and down from upper ones."""
    shape = {"linestyle": "none", "markersize": 34, "markeredgewidth": 1.3}
    shape |= {"markerfacecolor": "none", "markeredgecolor": look.colour}
    for where, y, path in ((up, top, UP), (down, bottom, _DOWN)):
        if where.any():
            panel.page.keys.add("bound")
            mark = {"marker": path, "zorder": 3, "clip_on": False, "gid": gid}
            ax.plot(x[where], y[where], **shape, **mark)


def _name(panel, label, x, value, look) -> None:
    """Tie a label to the last point, else the highest, else any other."""
    order = [i for i in range(len(x)) if np.isfinite(value[i])]
    if not label or not order:
        return
    last, top = order[-1], max(order, key=lambda i: value[i])
    rest = [i for i in reversed(order) if i not in (last, top)]
    points = [(float(x[i]), float(value[i])) for i in [last, top, *rest]]
    panel.labels.append(Label(label, points, look.text, "bold", kind="line"))


def band(
    ax: Axes,
    frame: pd.DataFrame,
    words: str,
    label: str | None = None,
    *,
    role: str = "other",
    unit: str | None = None,
) -> Axes:
    """Draw a computed band: a forecast interval, a range of assumptions.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    frame : pandas.DataFrame
        Columns period_type, start, end, low and high. Sources are noted by the line.
    words : str
        What the band means, a sentence for the footer.
    label, role, unit
        As in `line`.

    Returns
    -------
    matplotlib.axes.Axes
        The band has gid ``interval``.
    """
    look = role_look(role)
    if not words.strip():
        raise fault("words", "no text", "a sentence that says what the band means")
    frame, x = _in_time(frame, "period_type low high")
    low, high = _numbers(frame, "low"), _numbers(frame, "high")
    if (low > high).any():
        raise fault("frame", "low exceeds high", "low <= high")
    panel = _join(ax, "band", frame.assign(source_id=pd.NA), unit, x, low, high)
    panel.page.words.setdefault(words if words.endswith(".") else words + ".")
    with style():
        _area(ax, x, low, high, look, gid="interval")
    _name(panel, label, x, high, look)
    return ax


_band = band  # `line` has an argument of this name


def points(
    ax: Axes,
    frame: pd.DataFrame,
    label: str | None = None,
    *,
    role: str = "first",
    variant: int = 0,
    text: str | Callable[[float], str] = "",
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
        What `partnership.statements` returns: one row a statement.
    label, role, variant, unit
        As in `line`.
    text : str or callable, optional
        A remark beside each mark: a column of them (an empty one is left out), or what
        writes one from the value, as ``"{:,.0f}".format``.

    Returns
    -------
    matplotlib.axes.Axes
        Markers have gid ``primary``, ``secondary``, ``plan``, ``bound`` and ``span``.
    """
    look = role_look(role, variant)
    column = "" if callable(text) else text
    columns = "period_type value qualifier source_id reliability"
    frame, x = _in_time(frame, f"{columns} {column}")
    for word in set(frame["qualifier"]):
        choice(word, (*OUTCOMES, *PLANS), "qualifier")
    value = _numbers(frame, "value", gaps=False)
    panel = _join(ax, "points", frame, unit, x, value)
    plan = frame["qualifier"].isin(PLANS).to_numpy()
    hollow = ~plan
    hollow[~plan] = _hollow(panel, frame[~plan])
    filled = ~plan & ~hollow
    with style():
        _spans(ax, panel, frame, value, look)
        lower = (frame["qualifier"] == "more_than").to_numpy()
        upper = (frame["qualifier"] == "less_than").to_numpy()
        _arrows(ax, panel, x, value, value, lower, upper, "bound", look)
        marks(ax, x[filled], value[filled], "primary", look)
        marks(ax, x[hollow], value[hollow], "secondary", look, hollow=True)
        marks(ax, x[plan], value[plan], "plan", look, True, marker="D", size=8.4)
    if plan.any():
        panel.page.keys.add("plan")
    _name(panel, label, x, value, look)
    if text:
        remarks = frame["value"].map(text) if callable(text) else frame[text]
        for at, y, remark in zip(x, value, remarks.fillna(""), strict=True):
            if remark:
                note(ax, at, y, remark)
    return ax


def _spans(ax, panel, frame, value, look) -> None:
    """Lines over the months or years that a figure covers."""
    long = frame["period_type"].isin(["range", "partial_year"]).to_numpy()
    if long.any():
        part = frame[long]
        ends = [span(*pair) for pair in zip(part["start"], part["end"], strict=True)]
        left, right = np.array(ends).T
        panel.remember([*left, *right])
        stroke = {"color": look.colour, "linewidth": 1.3, "zorder": 2.5}
        ax.hlines(value[long], left, right, gid="span", **stroke)
        panel.page.keys.add("span")


def note(ax: Axes, when: Any, value: float, text: str) -> Axes:
    """Write a short remark beside one point of a time chart; `when` as in `event`."""
    point = (year_of(when), float(value))
    panel = join(ax, "a time chart", "note")
    panel.labels.append(Label(text, [point], INK, size=9.5, kind="note"))
    return ax


def claim(ax: Axes, value: float, text: str = "the claim") -> Axes:
    """Draw what was claimed: always the same dashed line, with its number.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Across a time chart the line lies, across bars it stands.
    value : float
        What `partnership.claim` returns brings its source to the footer.
    text : str
        The number is added where the text does not name it.

    Returns
    -------
    matplotlib.axes.Axes
        The line has gid ``claim``.
    """
    source_id = getattr(value, "source_id", None)
    if source_id:
        add_sources(ax, source_id)
    value = float(array([value], "value", low=-math.inf)[0])
    panel = page_of(ax).panels[ax]
    panel.kind = panel.kind or "a time chart"
    if number(value) not in text:
        text = f"{text}: {number(value)}"
    panel.claims.append((value, text))
    with style():
        if panel.kind == "bars":
            panel.remember([value])
            ax.axvline(value, zorder=3.5, gid="claim", **CLAIM)
        else:
            panel.remember([], [value])
            ax.axhline(value, zorder=2.2, gid="claim", **CLAIM)
    return ax
