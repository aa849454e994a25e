"""Forms in rows: bars, shares, a heat map, a slope chart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from partnership.charts.house import (
    AXIS,
    DPI,
    EMPTY,
    GRID,
    INK,
    LABEL,
    MUTED,
    ROLES,
    TICK,
    WIDTH,
    _tint,
    _wrap,
    contrast,
    number,
    role_look,
    style,
)
from partnership.charts.page import (
    _figure,
    _Label,
    _meet,
    _need,
    _numbers,
    _Panel,
    _panel,
)


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
    form, look = "bars", role_look(role)
    frame = _with_names(frame, category, value)
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


def _with_names(frame, category, value="value"):
    """Give a frame the column of names, which a series has as its index."""
    if isinstance(frame, pd.Series):
        frame = frame.to_frame(value)
    if isinstance(frame, pd.DataFrame) and category not in frame:
        frame = frame.assign(**{category: frame.index.astype(str)})
    return frame


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
    role : str
        Key of `ROLES`.
    unit : str, optional
        As in `bars`.

    Returns
    -------
    matplotlib.axes.Axes
        Two containers of bars: targets, then outcomes.
    """
    form, look = "targets", role_look(role)
    if isinstance(frame, pd.DataFrame) and "period" in frame and category not in frame:
        category = "period"
    frame = _with_names(frame, category)
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


def _row_axis(ax, panel: _Panel, names: Sequence[str], height: float, base=0) -> None:
    """Give each row its name at the left edge; values are written, so no x axis."""
    panel.rows, panel.row_height = len(names), height
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_yticks(range(len(names)), names, color=INK)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.plot(
        [base, base], [-0.5, len(names) - 0.5], color=AXIS, linewidth=0.9, gid="zero"
    )


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
    role: str = "first",
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
    form, look = "tornado", role_look(role)
    _need(swings, ["at_low", "at_high"], form)
    panel = _new_rows(ax, "bars", form)
    _meet(ax, swings, unit, form)
    base = swings["at_base"].iloc[0] if "at_base" in swings else None
    base = swings.attrs.get("middle") if base is None else base
    if base is None:
        raise ValueError(f"{form}: found no base; allowed is a column at_base or attrs")
    low, high = (_numbers(swings[name], form) for name in ("at_low", "at_high"))
    rows = np.arange(len(swings))
    hollow = {"facecolor": "white", "edgecolor": look.colour, "hatch": "////"}
    with style():
        ax.barh(rows, low - base, left=base, height=0.6, gid="low", **hollow)
        ax.barh(rows, high - base, left=base, height=0.6, color=look.colour, gid="high")
        for row, ends in enumerate(zip(low, high, strict=True)):
            below, above = [e for e in ends if e < base], [e for e in ends if e >= base]
            for side, at in (("left", sorted(below)), ("right", sorted(above))):
                if at:
                    text = "; ".join(map(write, at))
                    place = [(at[0 if side == "left" else -1], row)]
                    panel.labels.append(
                        _Label(text, place, MUTED, side=side, kind="bar")
                    )
        words = [str((names or {}).get(name, name)) for name in swings.index]
        if "low" in swings and "high" in swings:
            words = [
                f"{word} ({number(first)}–{number(last)})"
                for word, first, last in zip(
                    words, swings["low"], swings["high"], strict=True
                )
            ]
        words = [_wrap(word, 0.36 * WIDTH * DPI, TICK) for word in words]
        tall = 0.42 if any("\n" in word for word in words) else 0.29
        _row_axis(ax, panel, words, tall, base)
        ax.set_xticks([base], [write(base)])
    panel.xs += [*low, *high]
    panel.base = float(base)
    meaning = "Hatched: low end of an assumption; filled: high end; line: none moved."
    _figure(ax)._house.words.setdefault(meaning)
    return ax


def distribution(ax: Axes, test: Any, observed: str = "observed", *, role="pair"):
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
    factors = np.exp(test.means)
    bins = np.linspace(*np.quantile(factors, [0, 1]), 31) if np.ptp(factors) else 3
    heights, _, bars = ax.hist(factors, bins, color=ROLES["other"].colour)
    for bar in bars:
        bar.set(gid="placebos", edgecolor="white", alpha=0.6)
    top = heights.max()
    lines = (
        ("needed", test.needed, MUTED, "dotted", 1.04, "needed to stand out"),
        ("observed", test.observed, look.text, "solid", 1.16, observed),
    )
    for gid, value, colour, dash, height, words in lines:
        x = float(np.exp(value))
        ax.plot([x, x], [0, height * top], color=colour, lw=2, ls=dash, gid=gid)
        text = f" {words}: {x:.2f} times"
        ax.text(x, height * top, text, color=colour, va="center", fontsize=9.5)
    ax.set(ylim=(0, 1.24 * top), yticks=[])
    return ax


def draw_placebos(ax, test, role="pair"):  # old name
    """Draw a placebo test of visits."""
    return distribution(ax, test, "the visits", role=role)


bars_with_target = targets  # old name
