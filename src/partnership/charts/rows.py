"""Rows: bars ranked, beside a plan and around a base; shares; cells; a distribution."""

import math
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from partnership.charts import house
from partnership.charts.house import AXIS, INK, MUTED, number, px, role_look, size_of
from partnership.charts.page import Label, Panel, join
from partnership.checks import array, choice, fault, need, once

_GREYS = ("#6e6e6e", "#a8a8a8", "#c4c4c4", "#8b8b8b", "#d9d9d9", "#b6b6b6")
_REST = "#ececec"


def _hatched(colour: Any) -> dict[str, Any]:
    return {"facecolor": "white", "edgecolor": colour, "hatch": "////"}


def _named(frame: Any) -> pd.DataFrame:
    """Give a frame the column of names, which else are its periods or its index."""
    if isinstance(frame, pd.Series):
        frame = frame.to_frame("value")
    if isinstance(frame, pd.DataFrame) and "category" not in frame:
        names = frame.get("period", frame.index)
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
    panel.frames[-1] = ("", frame.assign(value=frame[value]))
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
    panel.frames[-1] = ("", swings[["at_low", "at_high"]])
    rows, (low, high) = np.arange(len(swings)), ends.T - base
    ax.barh(rows, low, left=base, height=0.6, gid="low", **_hatched(colour))
    ax.barh(rows, high, left=base, height=0.6, gid="high", color=colour)
    texts = [str((names if names is not None else {}).get(n, n)) for n in swings.index]
    if "low" in swings and "high" in swings:
        spans = zip(texts, swings["low"], swings["high"], strict=True)
        texts = [f"{text} ({number(a)}–{number(b)})" for text, a, b in spans]
    texts = [
        house.wrap(text, 0.36 * house.WIDTH * house.DPI, house.TICK) for text in texts
    ]
    row_axis(ax, panel, texts, 0.42 if "\n" in "".join(texts) else 0.29, base)
    panel.ticks = [(base, write(base))]
    for row, pair in enumerate(ends):
        told = {*pair} - {base} or {base}  # an end that moves nothing is not written
        below = sorted(end for end in told if end < base)
        beyond = sorted(end for end in told if end >= base)
        for side, found in (("left", below), ("right", beyond[::-1])):
            if found:  # both ends on one side share a text, behind the longer bar
                text = "; ".join(map(write, sorted(found)))
                _write(panel, text, found[0], row, side=side)
    panel.remember(ends.ravel())
    meaning = "Hatched: low end of an assumption; filled: high end; line: none moved."
    panel.page.words.setdefault(meaning)
    return ax


def shares(ax, frame, *, highlight=None, rest="all other") -> Axes:
    """Draw what each row is made of: bars of 100 percent.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    frame : pandas.DataFrame
        Rows are bars, columns are parts, values are amounts in one unit.
    highlight : mapping of part to role, optional
        Parts in the colour of a role; the others are greys.
    rest : str
        Five parts keep their name; the smaller ones are added up under this one.

    Returns
    -------
    matplotlib.axes.Axes
        One container of bars a part, widths in percent, label the part.
    """
    highlight = dict(highlight or {})
    amounts = need(frame, highlight, "frame", filled=True).fillna(0.0)
    values = array(amounts, "frame")
    whole = values.sum(axis=1, keepdims=True)
    if (whole <= 0).any():
        raise fault("frame", "a row that adds up to 0", "amounts above 0 in each row")
    percent = pd.DataFrame(100 * values / whole, amounts.index)
    percent = percent.set_axis(amounts.columns.map(str), axis=1)
    percent = _kept(percent, highlight, rest)
    panel = join(ax, "shares", "shares", percent, "percent")
    greys, left, rows = cycle(_GREYS), np.zeros(len(percent)), range(len(percent))
    bar = {"height": 0.72, "edgecolor": "white", "linewidth": 1.2, "gid": "share"}
    for part, width in percent.items():
        mine, ends = part in highlight, left + width.to_numpy()
        colour = role_look(highlight[part]).colour if mine else next(greys)
        panel.fills[part] = colour = _REST if part == rest else colour
        ax.barh(rows, width, left=left, color=colour, label=part, **bar)
        ink, weight = house.ink_on(colour), "bold" if mine else "normal"
        for row in rows:
            points = [(left[row], row), (ends[row], row)]
            panel.labels.append(Label(part, points, ink, weight, kind="share"))
        left = ends
    row_axis(ax, panel, amounts.index, 0.62, 0)
    ax.lines[-1].set_visible(False)
    ax.set_xlim(0, 100)
    return ax


def _kept(percent: pd.DataFrame, highlight: Any, rest: str) -> pd.DataFrame:
    """Highlighted and large parts by size, and the others added up."""
    size = percent.mean().sort_values(ascending=False, kind="stable").index
    named = [*highlight, *[part for part in size if part not in highlight]][:5]
    others = percent.drop(columns=named).sum(axis=1)
    more = {rest: others} if len(named) < percent.shape[1] else {}
    return percent[named].assign(**more)


def heatmap(ax, matrix, *, role="first", unit=None, write=number) -> Axes:
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

    Returns
    -------
    matplotlib.axes.Axes
        ``ax.collections[0].get_array()`` holds the values.
    """
    matrix = need(matrix, [], "matrix", filled=True)
    values = array(matrix, "matrix", low=-math.inf, gaps=True)
    values = np.ma.masked_invalid(values)
    if values.mask.all():
        raise fault("matrix", "only empty cells", "one or more values")
    unit = matrix.attrs.get("unit") if unit is None else unit
    panel = join(ax, "a heatmap", "heatmap", matrix, unit)
    shades = [house.tint(role_look(role).colour, 0.88), role_look(role).colour]
    ramp = LinearSegmentedColormap.from_list("house", shades)
    ramp = ramp.with_extremes(bad=house.EMPTY)
    low, high = float(values.min()), float(values.max())
    look = {"vmin": low, "vmax": high if high > low else low + 1, "gid": "heatmap"}
    look |= {"cmap": ramp, "edgecolors": "white", "linewidth": 2}
    text = {"ha": "center", "va": "center_baseline", "fontsize": 9.5, "gid": "cell"}
    columns, rows = (np.arange(matrix.shape[i] + 1) - 0.5 for i in (1, 0))
    mesh = ax.pcolormesh(columns, rows, values, **look)
    for row, column in zip(*np.where(~np.ma.getmaskarray(values)), strict=True):
        value = float(values[row, column])
        ink = house.ink_on(ramp(mesh.norm(value))[:3])
        ax.text(column, row, write(value), color=ink, **text)
    row_axis(ax, panel, matrix.index, 0.31, 0)
    ax.lines[-1].set_visible(False)
    # Names of rows and the margins take about a quarter of the width.
    room = 0.75 * house.WIDTH * house.DPI / matrix.shape[1]
    heads = [house.wrap(str(name), room, house.TICK) for name in matrix.columns]
    panel.ticks = list(enumerate(heads))
    return ax


def distribution(ax, test, observed: str = "observed") -> Axes:
    """Draw how the results of placebo sets are spread, and where the real one stands.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    test : object
        With ``means`` (one a placebo set), ``observed`` and ``needed`` (the mean that
        95 percent of the sets lie below), all logarithms of factors; as
        `partnership.methods.events.Placebo`.
    observed : str
        What the real set is called.

    Returns
    -------
    matplotlib.axes.Axes
        Bars have gid ``placebos``, the lines ``observed`` and ``needed``. x is the
        factor, exp(mean).
    """
    join(ax, "a distribution", "distribution")
    factors = np.exp(test.means)
    bins = np.linspace(*np.quantile(factors, [0, 1]), 31) if np.ptp(factors) else 3
    heights, _, bars = ax.hist(factors, bins, color=role_look("other").colour)
    for bar in bars:
        bar.set(gid="placebos", edgecolor="white", alpha=0.6)
    top, (left, right) = heights.max(), ax.get_xlim()
    room = house.ROOM
    lines = (
        ("needed", test.needed, MUTED, "dotted", "needed to stand out"),
        ("observed", test.observed, role_look("pair").text, "solid", observed),
    )
    for gid, value, colour, dash, words in lines:
        x, text = float(np.exp(value)), f" {words}: {np.exp(value):.2f} times"
        # The line on the left is the higher one: it crosses no text of the other.
        high = top * (1.16 if value == min(test.needed, test.observed) else 1.04)
        ax.plot([x, x], [0, high], color=colour, lw=2, ls=dash, gid=gid)
        ax.text(x, high, text, color=colour, va="center", fontsize=9.5)
        free = 1 - (size_of(text, 9.5)[0] + px(8)) / room
        right = max(right, left + (x - left) / free)
    ax.set(xlim=(left, right), ylim=(0, 1.24 * top))
    return ax
