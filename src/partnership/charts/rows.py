"""Bars in rows: ranked, beside a plan, and around a base."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from partnership.charts import house
from partnership.charts.house import AXIS, INK, MUTED, number, role_look, wrap
from partnership.charts.page import Label, Panel, join
from partnership.checks import array, choice, fault, need, once


def _hatched(colour: Any) -> dict[str, Any]:
    return {"facecolor": "white", "edgecolor": colour, "hatch": "////"}


def _named(frame: Any) -> pd.DataFrame:
    """Give a frame the column of names, which else are its periods or its index."""
    if isinstance(frame, pd.Series):
        frame = frame.to_frame("value")
    if isinstance(frame, pd.DataFrame) and "category" not in frame:
        names = frame["period"] if "period" in frame else frame.index
        frame = frame.assign(category=names.astype(str))
    return frame


def row_axis(ax: Axes, panel: Panel, names: Any, height: float, base: float) -> None:
    """Give each row its name at the left edge, and all of them a line at the base."""
    panel.names = [(str(name), INK, "normal") for name in names]
    panel.rows, panel.row_height, panel.base = len(names), height, float(base)
    ends = -0.5, len(names) - 0.5
    ax.set_ylim(ends[::-1])
    ax.plot([base, base], ends, color=AXIS, linewidth=0.9, gid="zero")


def _write(panel: Panel, text, x, row, bold=False, colour=MUTED, side=None) -> None:
    """Note a text at the end of a bar."""
    side = side or ("left" if x < 0 else "right")
    weight, point = "bold" if bold else "normal", (float(x), row)
    panel.labels.append(Label(text, [point], colour, weight, side=side, kind="bar"))


def bars(ax, frame, *, highlight=(), role="second", unit=None, write=number) -> Axes:
    """Draw ranked bars, the largest on top, with one or a few of them highlighted.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    frame : pandas.DataFrame or pandas.Series
        Lengths in the column value, names in the column category, else its index.
    highlight : str or iterable of str
        Names of bars in the colour of `role`; all others are grey.
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
    frame = need(_named(frame), ["category", "value"], "frame", filled=True)
    frame = frame.assign(_length=array(frame["value"], "value", low=-math.inf))
    frame = frame.sort_values("_length", ascending=False, kind="stable")
    once(frame["category"].astype(str), "category")
    names, lengths = frame["category"].astype(str).tolist(), frame["_length"].tolist()
    chosen = {highlight} if isinstance(highlight, str) else set(highlight)
    for name in chosen:
        choice(name, names, "highlight")
    panel = join(ax, "bars", "bars", frame, unit)
    other = house.tint(house.ROLES["other"].colour, 0.35)
    colours = [look.colour if name in chosen else other for name in names]
    ax.barh(range(len(names)), lengths, height=0.66, color=colours, gid="bars")
    row_axis(ax, panel, names, 0.29, 0)
    for row, (name, length) in enumerate(zip(names, lengths, strict=True)):
        mine = name in chosen
        _write(panel, write(length), length, row, mine, look.text if mine else MUTED)
        if mine:
            panel.names[row] = (name, look.text, "bold")
    panel.remember([0, *lengths])
    return ax


def targets(
    ax,
    frame,
    *,
    value="value",
    kind="target",
    outcome="outcome",
    role="pair",
    unit=None,
) -> Axes:
    """Draw, row by row, what was planned (hatched) and what came of it (filled).

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    frame : pandas.DataFrame
        One row a name (column category, else the periods, else the index), the plan in
        the column target. A missing outcome reads "no figure".
    value : str
        Column of the outcomes.
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
    frame = need(_named(frame), ["category", value, "target"], "frame", filled=True)
    panel = join(ax, "bars", "targets", frame, unit)
    came = array(frame[value], value, low=-math.inf, gaps=True)
    goal = array(frame["target"], "target", low=-math.inf)
    own = kind in frame and kind not in ("category", value, "target")
    words, rows = frame[kind] if own else [kind] * len(frame), np.arange(len(frame))
    hatched = {"height": 0.3, "linewidth": 1.1, "gid": "target"}
    ax.barh(rows - 0.19, goal, **hatched, **_hatched(look.colour))
    ax.barh(rows + 0.19, came, height=0.36, color=look.colour, gid="outcome")
    row_axis(ax, panel, frame["category"], 0.62, 0)
    for row, word, aim, end in zip(rows, words, goal, came, strict=True):
        _write(panel, f"{word} {number(aim)}", aim, row - 0.19)
        if np.isfinite(end):
            done = f"{outcome} {number(end)}"
            _write(panel, done, end, row + 0.19, True, look.text)
        else:
            _write(panel, f"{outcome}: no figure", 0.0, row + 0.19)
    panel.remember([0, *goal, *came[np.isfinite(came)]])
    return ax


def tornado(ax, swings, *, names=None, unit=None, write=number) -> Axes:
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
    unit : str, optional
        Overrides ``swings.attrs["unit"]``.
    write : callable
        Writes a result at the end of its bar.

    Returns
    -------
    matplotlib.axes.Axes
        Two containers of bars: hatched to the low ends, filled to the high ends.
    """
    swings = need(swings, ["at_low", "at_high"], "swings", filled=True)
    base = swings["at_base"].iloc[0] if "at_base" in swings else None
    base = swings.attrs.get("middle") if base is None else base
    if base is None:
        raise fault("swings", "no base", 'a column at_base or attrs["middle"]')
    ends = array(swings[["at_low", "at_high"]], "swings", low=-math.inf)
    panel, colour = join(ax, "bars", "tornado", swings, unit), role_look("first").colour
    rows, (low, high) = np.arange(len(swings)), ends.T - base
    ax.barh(rows, low, left=base, height=0.6, gid="low", **_hatched(colour))
    ax.barh(rows, high, left=base, height=0.6, gid="high", color=colour)
    texts = [str((names if names is not None else {}).get(n, n)) for n in swings.index]
    if "low" in swings and "high" in swings:
        spans = zip(texts, swings["low"], swings["high"], strict=True)
        texts = [f"{text} ({number(a)}–{number(b)})" for text, a, b in spans]
    texts = [wrap(text, 0.36 * house.WIDTH * house.DPI, house.TICK) for text in texts]
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
