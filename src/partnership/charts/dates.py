"""Moments on the time axis, events marked on it, and a timeline of events.

x is the year, and the middle of a calendar year stands at its whole number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from partnership.charts.house import AXIS, INK, MUTED, role_look
from partnership.charts.page import Label, add_sources, join
from partnership.checks import choice, fault, need
from partnership.evidence.periods import bounds


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
    first, last = bounds(when) if isinstance(when, str) else (when, when)
    return middle(pd.Timestamp(first), pd.Timestamp(last))


def edge(day: pd.Timestamp) -> float:
    """Start of a day on the time axis."""
    length = 366 if day.is_leap_year else 365
    return day.year + (day.day_of_year - 1) / length - 0.5


def span(start: pd.Timestamp, end: pd.Timestamp) -> tuple[float, float]:
    """Start of the first day and end of the last one on the time axis."""
    return edge(start.normalize()), edge(end.normalize() + pd.Timedelta(days=1))


def middle(start: pd.Timestamp, end: pd.Timestamp) -> float:
    """Middle of the time from one day to another on the time axis."""
    return sum(span(start, end)) / 2


def event(ax: Axes, when: Any, text: str) -> Axes:
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
    join(ax, "a time chart", "event").events.append((where, text))
    ax.axvline(where, color=AXIS, linewidth=0.9, zorder=1.5, gid="event")
    return ax


def events(ax, frame, *, text="text", date="date") -> Axes:
    """Mark every event of a frame, as `event` does, and note its sources.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        A time chart.
    frame : pandas.DataFrame
        What `partnership.events` returns.
    text, date
        As in `timeline`.

    Returns
    -------
    matplotlib.axes.Axes
    """
    dates, words = _dated(frame, date, text)
    for when, what in zip(dates, words, strict=True):
        event(ax, when, what)
    return add_sources(ax, frame)


def _dated(frame, date, text) -> tuple[pd.Series, pd.Series]:
    """Dates and texts of a frame of events; the dates may be its periods."""
    frame = need(frame, [text] if isinstance(text, str) else [], "frame", filled=True)
    periods = date == "date" and date not in frame
    column = "period" if periods else date
    dates = need(frame, [column], "frame")[column].set_axis(frame.index)
    words = frame[text] if isinstance(text, str) else text.reindex(frame.index)
    for name, cells in (("date", dates), ("text", words)):
        empty = int((cells.isna() | (cells == "")).sum())
        if empty:
            raise fault(name, f"none in {empty} of {len(frame)} rows", "one in each")
    return dates.astype(str), words.astype(str)


def timeline(
    ax, frame, *, text="text", date="date", role="first", highlight=()
) -> Axes:
    """Draw dated events, one a row: solid where the day is known, else hollow.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    frame : pandas.DataFrame
        What `partnership.events` or `partnership.statements` returns, or any frame with
        a column of dates written ``2017-03-29``, ``2017-03`` or ``2017``: the day is
        known, or only the month or the year.
    text : str or pandas.Series
        What happened: a column, or texts with the index of the frame.
    date : str
        Column of the dates; without a column ``date``, the periods.
    role : str
        Key of `ROLES`.
    highlight : iterable of str
        Texts to print bold.

    Returns
    -------
    matplotlib.axes.Axes
        Marks have gid ``day`` (solid), ``month`` (hollow) or ``year`` (an open bar).
    """
    look = role_look(role)
    dates, words = _dated(frame, date, text)
    for bold in highlight:
        choice(bold, words.tolist(), "highlight")
    order = np.argsort(dates.to_numpy(dtype=object), kind="stable")
    panel = join(ax, "a timeline", "timeline", frame.iloc[order], "")
    panel.rows, panel.row_height = len(frame), 0.2
    for row, index in enumerate(order):
        what = words.iloc[index]
        _row(ax, panel, row, dates.iloc[index], what, look, what in set(highlight))
    return ax


def _row(ax, panel, row, day, what, look, bold) -> None:
    """Draw one event of a timeline."""
    first, last = map(pd.Timestamp, bounds(day))
    ends = span(first, last)
    panel.remember(ends)
    before, points = len(ax.lines), [(x, row) for x in ends]
    if len(day) == 4:
        name = day
        bar = {"solid_capstyle": "projecting", "zorder": 4, "clip_on": False}
        ax.plot(ends, [row, row], color=look.colour, linewidth=8, gid="year", **bar)
        ax.plot(ends, [row, row], color="white", linewidth=5, gid="hole", **bar)
    else:
        kind, name, points = "month", f"{first:%b %Y}", [(sum(ends) / 2, row)] * 2
        if len(day) == 10:
            kind, name = "day", f"{first.day} {name}"
        marks(ax, [points[0][0]], [row], kind, look, kind == "month", size=7.5)
    if len(day) < 10:
        panel.page.keys.add("uncertain")
    panel.marks.append(list(ax.lines[before:]))
    panel.names.append((name, MUTED, "normal"))
    weight = "bold" if bold else "normal"
    panel.labels.append(Label(what, points, INK, weight, kind="row"))


def marks(ax, x, y, gid, look, hollow=False, marker=None, size=6.2) -> None:
    """Draw markers only; nothing where there are none."""
    marker = marker or look.marker
    if len(x):
        size *= 0.88 if marker in ("s", "D") else 1  # these look larger than round ones
        shape = {"marker": marker, "markersize": size, "linestyle": "none", "gid": gid}
        shape |= {"markeredgecolor": look.colour, "markeredgewidth": 1.5}
        shape |= {"markerfacecolor": "white" if hollow else look.colour}
        ax.plot(x, y, zorder=4, clip_on=False, **shape)
