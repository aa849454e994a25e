"""Forms along time: lines, points, remarks, events, a timeline, the claim.

x is the year, and the middle of a calendar year stands at its whole number.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.path import Path

from partnership.charts.house import AXIS, CLAIM, INK, MUTED, number, role_look
from partnership.charts.page import Label, Panel, add_sources, join, page_of
from partnership.checks import array, choice, fault, need
from partnership.evidence.periods import bounds

OUTCOMES = ("exact", "about", "almost", "more_than", "less_than", "derived", "modelled")
PLANS = ("planned", "target", "forecast", "capacity")

UP = Path([(0, 0.32), (0, 1), (-0.18, 0.72), (0, 1), (0.18, 0.72)], [1, 2, 1, 2, 2])
_DOWN = Path([(x, -y) for x, y in UP.vertices], UP.codes)


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
    told = frame.assign(category=words, period=dates).iloc[order]
    panel = join(ax, "a timeline", "timeline", told, "")
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


def _in_time(frame: Any, columns: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Sort a frame by time; return it with the places of its rows on the axis."""
    columns = f"start end period_type value source_id reliability {columns}".split()
    frame = need(frame, columns, "frame", filled=True)
    undated = int((frame["start"].isna() | frame["end"].isna()).sum())
    if undated:
        found = f"no period in {undated} of {len(frame)} rows"
        raise fault("frame", found, "one with start and end in each")
    frame = frame.sort_values(["start", "end"], kind="stable")
    return frame, _ends(frame).mean(axis=1)


def _ends(frame: pd.DataFrame) -> np.ndarray:
    return np.array([span(row.start, row.end) for row in frame.itertuples()])


def _numbers(frame: pd.DataFrame, column: str, gaps: bool = True) -> np.ndarray:
    return array(frame[column], column, low=-math.inf, gaps=gaps)


def _join(ax, form, frame, x, value, label) -> Panel:
    panel = join(ax, "a time chart", form, frame, label=label)
    panel.remember(x, value)
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
    ax, frame, label: str | None = None, *, role="first", variant=0, band=""
) -> Axes:
    """Draw a series with its gaps and with the spread between its sources.

    A band where most rows have a spread, else whiskers.

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
    band : str
        What low and high mean where they are computed and no spread between sources, a
        sentence for the footer.

    Returns
    -------
    matplotlib.axes.Axes
        The line has gid ``line`` and a NaN in each gap. Markers have gid ``primary``
        (filled) and ``secondary`` (hollow), the spread ``spread``, a computed band
        ``interval``, arrows where the value is a bound ``bound`` and where the spread
        is open ``open``.
    """
    look = role_look(role, variant)
    frame, x = _in_time(frame, "low high bound open_low open_high")
    several = frame["series"].unique() if "series" in frame else ()
    if frame.index.nlevels > 1:
        several = frame.index.droplevel(0).unique()
    if len(several) > 1:
        names = ", ".join(map(str, several))
        allowed = "one a call: frame.xs(name, level=1), or charts.panels"
        raise fault("frame", f"several series ({names})", allowed)
    value = _numbers(frame, "value")
    panel, gaps = _join(ax, "line", frame, x, value, label), _gaps(frame, x)
    hollow, bound = _hollow(panel, frame), frame["bound"].fillna("").to_numpy()
    for word in set(bound):
        choice(word, ("", "lower", "upper"), "bound")
    lower, upper = bound == "lower", bound == "upper"
    if band:
        low, high = _numbers(frame, "low"), _numbers(frame, "high")
        if (low > high).any():
            raise fault("frame", "low exceeds high", "low <= high")
        panel.remember([], low, high)
        panel.page.words.setdefault(band if band.endswith(".") else band + ".")
        _area(ax, x, low, high, role_look(role), gid="interval")
    else:
        _spread(ax, panel, frame, x, value, lower, upper, gaps, look)
    dash = {"linestyle": (0, (1, 1.2)) if variant == 2 else "solid", "gid": "line"}
    dash |= {"color": look.colour, "linewidth": look.width}
    ax.plot(*gaps(x, value), zorder=3, clip_on=False, **dash)
    _arrows(ax, panel, x, value, value, lower, upper, "bound", look)
    marks(ax, x[~hollow], value[~hollow], "primary", look)
    marks(ax, x[hollow], value[hollow], "secondary", look, hollow=True)
    _name(panel, label, x, value, look)
    return ax


def _gaps(frame: pd.DataFrame, x: np.ndarray) -> Callable:
    """Make what puts a NaN, at a middle x, wherever two periods do not join."""
    apart = (frame["start"] - frame["end"].shift()).dt.days
    dated = frame["period_type"] == "date"
    most = np.where(dated | dated.shift(fill_value=False), 366, 31)
    breaks = np.flatnonzero(apart.to_numpy() > most)
    between = (x[breaks - 1] + x[breaks]) / 2

    def gaps(x, *values):
        return np.insert(x, breaks, between), *(
            np.insert(one, breaks, np.nan) for one in values
        )

    return gaps


def _spread(ax, panel, frame, x, value, lower, upper, gaps, look) -> None:
    """Draw low and high, and arrows where they are open."""
    filled = frame[["low", "high"]].T.fillna(frame["value"]).T
    low, high = _numbers(filled, "low"), _numbers(filled, "high")
    panel.remember([], low, high)
    wide = high > low
    if len(x) > 3 and wide.mean() > 0.6:
        panel.page.keys.add("band")
        _area(ax, *gaps(x, low, high), look, zorder=2, gid="spread")
    elif wide.any():
        panel.page.keys.add("whiskers")
        stroke = {"color": look.colour, "zorder": 2.5}
        ax.vlines(x[wide], low[wide], high[wide], linewidth=1.3, gid="spread", **stroke)
        cap = {"marker": "_", "markersize": 8, "markeredgewidth": 1.3, "gid": "cap"}
        for ends in (low, high):
            ax.plot(x[wide], ends[wide], linestyle="none", **cap, **stroke)
    # One arrow where it is one figure.
    open_high = frame["open_high"].to_numpy(bool) & ~(lower & (high <= value))
    open_low = frame["open_low"].to_numpy(bool) & ~(upper & (low >= value))
    _arrows(ax, panel, x, high, low, open_high, open_low, "open", look)


def _area(ax, x, low, high, look, **more) -> None:
    shade = {"color": look.colour, "alpha": 0.22, "linewidth": 0}
    ax.fill_between(x, low, high, **shade, **more)


def _arrows(ax, panel, x, top, bottom, up, down, gid, look) -> None:
    """Arrows up from lower bounds, and down from upper ones."""
    shape = {"linestyle": "none", "markersize": 34, "markeredgewidth": 1.3, "gid": gid}
    shape |= {"markerfacecolor": "none", "markeredgecolor": look.colour}
    for where, y, path in ((up, top, UP), (down, bottom, _DOWN)):
        if where.any():
            panel.page.keys.add("bound")
            ax.plot(x[where], y[where], marker=path, zorder=3, clip_on=False, **shape)


def _name(panel, label, x, value, look) -> None:
    """Tie a label to the last point, else the highest, else any other."""
    order = np.flatnonzero(np.isfinite(value))[::-1].tolist()
    if label and order:
        order.insert(1, max(reversed(order), key=lambda i: value[i]))
        points = [(float(x[i]), float(value[i])) for i in dict.fromkeys(order)]
        panel.labels.append(Label(label, points, look.text, "bold", kind="line"))


def points(
    ax, frame, label: str | None = None, *, role="first", variant=0, text=""
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
    label, role, variant
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
    frame, x = _in_time(frame, f"qualifier {'' if callable(text) else text}")
    for word in set(frame["qualifier"]):
        choice(word, (*OUTCOMES, *PLANS), "qualifier")
    value = _numbers(frame, "value", gaps=False)
    panel = _join(ax, "points", frame, x, value, label)
    plan = frame["qualifier"].isin(PLANS).to_numpy()
    hollow = ~plan
    hollow[~plan] = _hollow(panel, frame[~plan])
    filled = ~plan & ~hollow
    long = frame["period_type"].isin(["range", "partial_year"]).to_numpy()
    if long.any():
        ends = _ends(frame[long])
        panel.remember(ends.ravel())
        panel.page.keys.add("span")
        stroke = {"color": look.colour, "linewidth": 1.3, "zorder": 2.5, "gid": "span"}
        ax.hlines(value[long], *ends.T, **stroke)
    lower, upper = (frame["qualifier"] == word for word in ("more_than", "less_than"))
    arrows = lower.to_numpy(), upper.to_numpy(), "bound", look
    _arrows(ax, panel, x, value, value, *arrows)
    marks(ax, x[filled], value[filled], "primary", look)
    marks(ax, x[hollow], value[hollow], "secondary", look, hollow=True)
    marks(ax, x[plan], value[plan], "plan", look, True, marker="D", size=8.4)
    panel.page.keys |= {"plan"} if plan.any() else set()
    _name(panel, label, x, value, look)
    if text:
        remarks = frame["value"].map(text) if callable(text) else frame[text]
        for at, y, remark in zip(x, value, remarks.fillna(""), strict=True):
            if remark:
                note(ax, at, y, remark)
    return ax


def note(ax: Axes, when: Any, value: float, text: str) -> Axes:
    """Write a short remark beside one point of a time chart; `when` as in `event`."""
    panel, point = join(ax, "a time chart", "note"), (year_of(when), float(value))
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
    add_sources(ax, getattr(value, "source_id", ""))
    value = float(array([value], "value", low=-math.inf)[0])
    panel = page_of(ax).panels[ax]
    panel.kind = panel.kind or "a time chart"
    text = text if number(value) in text else f"{text}: {number(value)}"
    panel.claims.append((value, text))
    if panel.kind == "bars":
        panel.remember([value])
        ax.axvline(value, zorder=3.5, gid="claim", **CLAIM)
    else:
        panel.remember([], [value])
        ax.axhline(value, zorder=2.2, gid="claim", **CLAIM)
    return ax
