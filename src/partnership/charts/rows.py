"""Bars in rows: ranked, beside a plan, and around a base."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from partnership.charts.house import (
    AXIS,
    DPI,
    INK,
    MUTED,
    ROLES,
    TICK,
    WIDTH,
    number,
    role_look,
    style,
    tint,
    wrap,
)
from partnership.charts.page import Label, Panel, join
from partnership.checks import array, choice, fault, need, once


def named_rows(frame: Any, category: str, value: str = "value") -> pd.DataFrame:
    """Give a frame the column of names, which a series has as its index."""
    if isinstance(frame, pd.Series):
        frame = frame.to_frame(value)
    if isinstance(frame, pd.DataFrame) and category not in frame:
        frame = frame.assign(**{category: frame.index.astype(str)})
    return frame


def row_axis(
    ax: Axes, panel: Panel, names: Sequence[str], height: float, base: float = 0.0
) -> None:
    """Give each row its name at the left edge; values are written, so no x axis."""
    panel.rows, panel.row_height, panel.base = len(names), height, float(base)
    panel.names = [(name, INK, "normal") for name in names]
    ax.set_ylim(len(names) - 0.5, -0.5)
    ends = [-0.5, len(names) - 0.5]
    ax.plot([base, base], ends, color=AXIS, linewidth=0.9, gid="zero")


def _write(panel: Panel, text, x, row, bold=False, colour=MUTED, side=None) -> None:
    """Note a text at the end of a bar."""
    side = side or ("left" if x < 0 else "right")
    weight = "bold" if bold else "normal"
    point = [(float(x), row)]
    panel.labels.append(Label(text, point, colour, weight, side=side, kind="bar"))


def bars(
    ax: Axes,
    frame: pd.DataFrame | pd.Series,
    *,
    category: str = "category",
    value: str = "value",
    highlight: str | Iterable[str] = (),
    role: str = "second",
    unit: str | None = None,
    write: Callable[[float], str] = number,
) -> Axes:
    """Draw ranked bars, the largest on top, with one or a few of them highlighted.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    frame : pandas.DataFrame or pandas.Series
    category, value : str
        Columns with the names and the lengths of the bars. A series, or a frame without
        such a column, has the names as its index.
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
    look = role_look(role)
    frame = named_rows(frame, category, value)
    frame = need(frame, [category, value], "frame", filled=True)
    frame = frame.assign(_length=array(frame[value], value, low=-math.inf))
    frame = frame.sort_values("_length", ascending=False, kind="stable")
    names, lengths = frame[category].astype(str), frame["_length"].tolist()
    once(names, category)
    names = names.tolist()
    chosen = {highlight} if isinstance(highlight, str) else set(highlight)
    for name in chosen:
        choice(name, names, "highlight")
    panel = join(ax, "bars", "bars", frame, unit)
    other = tint(ROLES["other"].colour, 0.35)
    colours = [look.colour if name in chosen else other for name in names]
    with style():
        ax.barh(range(len(names)), lengths, height=0.66, color=colours, gid="bars")
        row_axis(ax, panel, names, 0.29)
        for row, (name, length) in enumerate(zip(names, lengths, strict=True)):
            mine = name in chosen
            _write(
                panel, write(length), length, row, mine, look.text if mine else MUTED
            )
            if mine:
                panel.names[row] = (name, look.text, "bold")
    panel.remember([0, *lengths])
    return ax


def targets(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    category: str = "category",
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
        Columns with the names, the outcomes and the plans. Without such a column the
        names are the periods, else the index.
    kind : str
        The word for the plan, or another column with one word a row (target, forecast).
    outcome : str
        The word for what came.
    role : str
        Key of `ROLES`.
    unit : str, optional
        As in `bars`.

    Returns
    -------
    matplotlib.axes.Axes
        Two containers of bars: targets, then outcomes.
    """
    look = role_look(role)
    if isinstance(frame, pd.DataFrame) and "period" in frame and category not in frame:
        category = "period"
    frame = named_rows(frame, category)
    frame = need(frame, [category, value, target], "frame", filled=True)
    panel = join(ax, "bars", "targets", frame, unit)
    came = array(frame[value], value, low=-math.inf, gaps=True)
    goal = array(frame[target], target, low=-math.inf)
    own = kind in frame and kind not in (category, value, target)
    words = frame[kind].tolist() if own else [kind] * len(frame)
    rows = np.arange(len(frame))
    hatched = {"facecolor": "white", "edgecolor": look.colour, "hatch": "////"}
    with style():
        goals = {"height": 0.3, "linewidth": 1.1, "gid": "target"}
        ax.barh(rows - 0.19, goal, **goals, **hatched)
        ax.barh(rows + 0.19, came, height=0.36, color=look.colour, gid="outcome")
        row_axis(ax, panel, frame[category].astype(str).tolist(), 0.62)
    for row in range(len(frame)):
        _write(panel, f"{words[row]} {number(goal[row])}", goal[row], row - 0.19)
        if np.isfinite(came[row]):
            done = f"{outcome} {number(came[row])}"
            _write(panel, done, came[row], row + 0.19, True, look.text)
        else:
            _write(panel, f"{outcome}: no figure", 0.0, row + 0.19)
    panel.remember([0, *goal, *came[np.isfinite(came)]])
    return ax


def tornado(
    ax: Axes,
    swings: pd.DataFrame,
    *,
    names: Mapping[str, str] | pd.Series | None = None,
    role: str = "first",
    unit: str | None = None,
    write: Callable[[float], str] = number,
) -> Axes:
    """Draw how far a result moves if one assumption moves and the others stay.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    swings : pandas.DataFrame
        Index: assumptions, the one that matters most first. Columns ``at_low`` and
        ``at_high``: the result at either end. Columns ``low`` and ``high``, the ends
        themselves, are written behind the name. The result with nothing moved is the
        column ``at_base`` or ``attrs["middle"]``.
    names : mapping of str to str, optional
        Names for readers, by assumption.
    role : str
        Key of `ROLES`.
    unit : str, optional
        Overrides ``swings.attrs["unit"]``.
    write : callable
        Writes a result at the end of its bar.

    Returns
    -------
    matplotlib.axes.Axes
        Two containers of bars: hatched to the low ends, filled to the high ends.
    """
    look = role_look(role)
    swings = need(swings, ["at_low", "at_high"], "swings", filled=True)
    base = swings["at_base"].iloc[0] if "at_base" in swings else None
    base = swings.attrs.get("middle") if base is None else base
    if base is None:
        raise fault("swings", "no base", 'a column at_base or attrs["middle"]')
    ends = array(swings[["at_low", "at_high"]], "swings", low=-math.inf)
    panel = join(ax, "bars", "tornado", swings, unit)
    rows, (low, high) = np.arange(len(swings)), ends.T - base
    hatched = {"facecolor": "white", "edgecolor": look.colour, "hatch": "////"}
    with style():
        ax.barh(rows, low, left=base, height=0.6, gid="low", **hatched)
        ax.barh(rows, high, left=base, height=0.6, gid="high", color=look.colour)
        texts = _assumptions(swings, {} if names is None else names)
        row_axis(ax, panel, texts, 0.42 if "\n" in "".join(texts) else 0.29, base)
        panel.ticks = [(base, write(base))]
    for row, pair in enumerate(ends):
        below = sorted(end for end in pair if end < base)
        beyond = sorted(end for end in pair if end >= base)
        for side, found in (("left", below), ("right", beyond[::-1])):
            if found:  # both ends on one side share a text, behind the longer bar
                text = "; ".join(map(write, sorted(found)))
                _write(panel, text, found[0], row, side=side)
    panel.remember(ends.ravel())
    meaning = "Hatched: low end of an assumption; filled: high end; line: none moved."
    panel.page.words.setdefault(meaning)
    return ax


def _assumptions(swings: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Names for readers, with the ends of each assumption, broken into lines."""
    texts = [str(names.get(name, name)) for name in swings.index]
    if "low" in swings and "high" in swings:
        pairs = zip(swings["low"], swings["high"], strict=True)
        ranges = [f"({number(low)}–{number(high)})" for low, high in pairs]
        texts = [f"{text} {one}" for text, one in zip(texts, ranges, strict=True)]
    return [wrap(text, 0.36 * WIDTH * DPI, TICK) for text in texts]
