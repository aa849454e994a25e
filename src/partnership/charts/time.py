"""Forms along time: lines, intervals, points, notes, events, a timeline.

x is the year, and the middle of a calendar year stands at its whole number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.path import Path

from partnership.charts.house import AXIS, CLAIM, INK, number, role_look, style
from partnership.charts.page import (
    _figure,
    _Label,
    _meet,
    _need,
    _numbers,
    _Panel,
    _panel,
    add_sources,
)
from partnership.evidence.periods import bounds

OUTCOMES = ("exact", "about", "almost", "more_than", "less_than", "derived", "modelled")


PLANS = ("planned", "target", "forecast", "capacity")


_UP = Path([(0, 0.32), (0, 1), (-0.18, 0.72), (0, 1), (0.18, 0.72)], [1, 2, 1, 2, 2])


_DOWN = Path([(x, -y) for x, y in _UP.vertices], _UP.codes)


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


def _one_series(frame: pd.DataFrame, form: str) -> None:
    """Stop where a frame holds several series or, from ``each=``, several economies."""
    column = frame.get("series")
    several = [] if column is None else column.unique()
    if frame.index.nlevels > 1:
        several = frame.index.droplevel(0).unique()
    if len(several) > 1:
        raise ValueError(
            f"{form}: found several series ({', '.join(map(str, several))}); "
            "allowed is one a call: frame.xs(name, level=1), or charts.panels"
        )


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

    Raises
    ------
    ValueError
        If the role, the variant or the spread is unknown, a column is missing, several
        series stand in the frame, or the unit is not that of the Axes.
    """
    form = "line"
    look = role_look(role, variant)
    if spread not in ("auto", "whiskers", "band", "none"):
        raise ValueError(
            f"spread: found {spread!r}; allowed is auto, whiskers, band, none"
        )
    columns = "period_type start end value low high bound open_low open_high"
    _need(frame, [*columns.split(), "source_id", "reliability"], form)
    _one_series(frame, form)
    if band:
        _band(ax, frame, band, role=role, unit=unit)
        spread = "none"
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
    _remember(panel, frame, x, value, *(() if spread == "none" else (low, high)))

    rows = list(frame.itertuples())
    breaks = [i for i in range(1, len(rows)) if not _joined(rows[i - 1], rows[i])]
    gap_x = np.insert(x, breaks, [(x[i - 1] + x[i]) / 2 for i in breaks])
    wide = (high > low) & (spread != "none")
    open_low = frame["open_low"].to_numpy(bool, copy=True) & (spread != "none")
    open_high = frame["open_high"].to_numpy(bool, copy=True) & (spread != "none")
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
        Columns period, period_type, start, end, low and high.
    words : str
        What the band means, a sentence for the footer.
    label, role, unit
        As in `line`.

    Returns
    -------
    matplotlib.axes.Axes
        The band has gid ``interval``.

    Raises
    ------
    ValueError
        If a column is missing, low exceeds high, or there are no words.
    """
    form, look = "band", role_look(role)
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

    Raises
    ------
    ValueError
        As in `line`, or if a qualifier is unknown.
    """
    form = "points"
    look = role_look(role, variant)
    columns = "period_type start end value qualifier source_id reliability"
    columns = [*columns.split(), *([text] if text and not callable(text) else [])]
    _need(frame, columns, form)
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
    if text:
        remarks = frame["value"].map(text) if callable(text) else frame[text]
        for at, y, remark in zip(x, value, remarks.fillna(""), strict=True):
            if remark:
                note(ax, at, y, remark)
    return ax


def note(ax: Axes, when: Any, value: float, text: str) -> Axes:
    """Write a short remark beside one point of a time chart."""
    where = year_of(when)
    _panel(ax, "a time chart").labels.append(
        _Label(text, [(where, float(value))], INK, size=9.5, kind="note")
    )
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
    value = float(_numbers([value], "claim")[0])
    panel = _panel(ax)
    if source_id:
        add_sources(ax, source_id)
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
    _panel(ax, "a time chart").events.append((where, text))
    with style():
        ax.axvline(where, color=AXIS, linewidth=0.9, zorder=1.5, gid="event")
    return ax


def events(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    text: str | pd.Series = "text",
    date: str = "date",
) -> Axes:
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
    dates, words = _dated(frame, date, text, "events")
    for when, what in zip(dates, words, strict=True):
        event(ax, when, what)
    return add_sources(ax, frame)


def _dated(frame, date, text, form) -> tuple[pd.Series, pd.Series]:
    """Dates and texts of a frame of events; dates may be its index of periods."""
    _need(frame, [text] if isinstance(text, str) else [], form)
    if date in frame:
        dates = frame[date]
    elif date == "date" and "period" in frame:
        dates = frame["period"]
    elif date == "date" and frame.index.name == "period":
        dates = frame.index.to_series()
    else:
        _need(frame, [date], form)
    words = frame[text] if isinstance(text, str) else text.reindex(frame.index)
    for what, column in (("a date", dates), ("a text", words)):
        empty = column.isna() | (column == "")
        if empty.any():
            raise ValueError(
                f"{form}: {int(empty.sum())} of {len(frame)} rows have not {what}; "
                "leave them out"
            )
    return dates.astype(str), words.astype(str)


def timeline(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    text: str | pd.Series = "text",
    date: str = "date",
    role: str = "first",
    highlight: Iterable[str] = (),
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

    Raises
    ------
    ValueError
        If a column is missing, a row has no date or no text, or a date is none.
    """
    form, look = "timeline", role_look(role)
    dates, words = _dated(frame, date, text, form)
    lost = set(highlight) - set(words)
    if lost:
        raise ValueError(f"{form}: highlight {sorted(lost)} is no text of the frame")
    panel = _panel(ax, "a timeline")
    if panel.rows:
        raise ValueError("timeline: this Axes already holds one")
    order = np.argsort(dates.to_numpy(dtype=object), kind="stable")
    _meet(ax, frame.iloc[order], "", form)
    dates, words = dates.iloc[order], words.iloc[order]
    ticks = []
    with style():
        for row, (day, what) in enumerate(zip(dates, words, strict=True)):
            first, last = map(pd.Timestamp, bounds(day))
            left, right = _edge(first), _edge(last + pd.Timedelta(days=1))
            middle = (left + right) / 2
            panel.xs += [left, right]
            bold = "bold" if what in set(highlight) else "normal"
            before = len(ax.lines)
            if len(day) == 10:
                ticks.append(f"{first.day} {first:%b %Y}")
                _marks(ax, [middle], [row], "day", look, size=7.5)
            elif len(day) == 7:
                ticks.append(f"{first:%b %Y}")
                _marks(ax, [middle], [row], "month", look, hollow=True, size=7.5)
            else:
                ticks.append(day)
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
            if len(day) < 10:
                left, right = (middle, middle) if len(day) == 7 else (left, right)
                _figure(ax)._house.keys.add("uncertain")
            else:
                left = right = middle
            panel.rows_of.append(list(ax.lines[before:]))
            panel.labels.append(
                _Label(what, [(left, row), (right, row)], INK, bold, kind="row")
            )
        panel.rows, panel.row_height = len(frame), 0.2
        ax.set_ylim(len(frame) - 0.5, -0.5)
        ax.set_yticks(range(len(frame)), ticks)
        ax.grid(True, axis="x")
    return ax


_band = band  # `line` has an argument of this name
line_with_spread, interval, claim_line, mark_event = (
    line,
    band,
    claim,
    event,
)  # old name
