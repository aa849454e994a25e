"""Tables drawn: what each row is made of, shaded cells, a distribution."""

from __future__ import annotations

import math
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from partnership.charts import house
from partnership.charts.house import DPI, MUTED, number, px, role_look, size_of
from partnership.charts.page import Label, join
from partnership.charts.rows import row_axis
from partnership.checks import array, choice, fault, need

_GREYS = ("#6e6e6e", "#a8a8a8", "#c4c4c4", "#8b8b8b", "#d9d9d9", "#b6b6b6")


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
    percent = pd.DataFrame(100 * values / whole, columns=amounts.columns.map(str))
    percent = _kept(percent, highlight, rest)
    panel = join(ax, "shares", "shares", percent, "percent")
    greys, left, rows = cycle(_GREYS), np.zeros(len(percent)), range(len(percent))
    bar = {"height": 0.72, "edgecolor": "white", "linewidth": 1.2, "gid": "share"}
    for part, width in percent.items():
        mine, ends = part in highlight, left + width.to_numpy()
        colour = role_look(highlight[part]).colour if mine else next(greys)
        panel.fills[part] = colour = "#ececec" if part == rest else colour
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


def heatmap(ax, matrix, *, role="first", unit=None, write=number, dark="high") -> Axes:
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
    choice(dark, ("high", "low"), "dark")
    matrix = need(matrix, [], "matrix", filled=True)
    values = array(matrix, "matrix", low=-math.inf, gaps=True)
    values = np.ma.masked_invalid(values)
    if values.mask.all():
        raise fault("matrix", "only empty cells", "one or more values")
    unit = matrix.attrs.get("unit") if unit is None else unit
    panel = join(ax, "a heatmap", "heatmap", matrix[[]], unit)
    shades = [house.tint(role_look(role).colour, 0.88), role_look(role).colour]
    shades = shades if dark == "high" else shades[::-1]
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
    room = 0.75 * house.WIDTH * DPI / matrix.shape[1]
    heads = [house.wrap(str(name), room, house.TICK) for name in matrix.columns]
    panel.ticks = list(enumerate(heads))
    return ax


def distribution(ax, test, observed: str = "observed", *, role="pair") -> Axes:
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
    role : str
        Key of `ROLES`.

    Returns
    -------
    matplotlib.axes.Axes
        Bars have gid ``placebos``, the lines ``observed`` and ``needed``. x is the
        factor, exp(mean).
    """
    look = role_look(role)
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
        ("observed", test.observed, look.text, "solid", observed),
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
