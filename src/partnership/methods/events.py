"""Visits, documents, promises and openings counted, and trade around visits.

An event study asks whether a series moves around some dates. With ten visits, most of
them in neighbouring years, no method makes it an experiment. The functions say what can
be said: how the series changed around each visit, how often years without a visit would
have looked as good (placebos), how large a change would have had to be to stand out,
and when there are too few other years to compare with at all.
"""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np
import pandas as pd

from partnership.methods.economics import _need_rows


def promised_years(statements, contract):
    """Order promises of completion by the day on which they were made.

    Parameters
    ----------
    statements : pandas.DataFrame
        Columns ``stated_on`` (a date, a month or a year as text), ``value`` (the
        promised year) and what else shall be kept.
    contract : str
        Date of the contract. An account given after the promised year was over is no
        promise but tells what the contract said, and is dated to the contract.

    Returns
    -------
    pandas.DataFrame
        The rows sorted by ``made`` (Timestamp; the middle of a month or a year), with
        ``promised`` (int), ``slip`` (years after the earliest promised year) and
        ``retold`` (bool: dated to the contract).
    """
    _need_rows(statements, ["stated_on", "value"], "statements")
    said = statements["stated_on"].fillna("").astype(str)
    if (said == "").any():
        raise ValueError("statements['stated_on']: found no date; one a row is needed")
    promised = statements["value"].astype(int)
    retold = said.str[:4].astype(int) > promised
    made = said.mask(retold, contract).map(lambda text: _span(text)[0])
    made += (said.mask(retold, contract).map(lambda text: _span(text)[1]) - made) / 2
    slip = promised - promised.min()
    result = statements.assign(made=made, promised=promised, slip=slip, retold=retold)
    return result.sort_values(["made", "promised"], ignore_index=True)


def _span(text):
    """First and last day of a date written as 2014, 2014-10 or 2014-10-08."""
    period = pd.Period(text, freq={4: "Y", 7: "M"}.get(len(text), "D"))
    return period.start_time, period.end_time.normalize()


def openings(events, start, end, kind="opening_chemical"):
    """List and number the events of one kind in a window of time.

    Parameters
    ----------
    events : pandas.DataFrame
        Columns ``date`` (text, to the day, the month or the year) and ``kind``.
    start, end : str
        First and last day, both included. An event known to the month or the year
        counts only if all of it lies within the window.
    kind : str
        The kind to count; it must be there at all.

    Returns
    -------
    pandas.DataFrame
        The rows in order of time, with ``number`` (1, 2, ...) and ``years_after``
        (from `start` to the event's first day). It may be empty.
    """
    _need_rows(events, ["date", "kind"], "events")
    if pd.Timestamp(end) < pd.Timestamp(start):
        raise ValueError(f"end: found {end}; allowed is a day not before {start}")
    rows = events[events["kind"] == kind]
    if rows.empty:
        kinds = ", ".join(sorted(set(events["kind"])))
        raise ValueError(f"kind: found {kind!r}; allowed is one of {kinds}")
    first = rows["date"].map(lambda text: _span(text)[0])
    last = rows["date"].map(lambda text: _span(text)[1])
    inside = (first >= pd.Timestamp(start)) & (last <= pd.Timestamp(end))
    after = (first - pd.Timestamp(start)).dt.days / 365.25
    rows = rows.assign(years_after=after)[inside]
    rows = rows.sort_values("years_after", kind="stable", ignore_index=True)
    return rows.assign(number=range(1, len(rows) + 1))


def trips(
    visits,
    visitor,
    host,
    until=None,
    kinds=("official",),
    status=("confirmed",),
    levels=("head_of_state",),
):
    """Visits from one country to another, by who travels, what for and how sure.

    Parameters
    ----------
    visits : pandas.DataFrame
        The table ``visits``.
    visitor, host : str
        ISO 3166 alpha-3 codes.
    until : str, optional
        Last day (``2017-03-31``), month or year that counts. A visit whose day is not
        known counts if its month or year has begun by then.
    kinds, status, levels : tuple of str
        Values of the columns ``kind``, ``status`` and ``level`` that count.

    Returns
    -------
    pandas.DataFrame
        The rows in the order of time.

    Raises
    ------
    ValueError
        If a column is missing, visitor and host are the same, or a kind, status or
        level does not occur in `visits`.
    """
    wanted = {"kind": kinds, "status": status, "level": levels}
    _need(visits, ("date_start", "visitor_country", "host_country", *wanted), "visits")
    if visitor == host:
        raise ValueError(f"host: found {host!r}; allowed is another than the visitor")
    kept = (visits["visitor_country"] == visitor) & (visits["host_country"] == host)
    for column, values in wanted.items():
        known = set(visits[column])
        for value in [values] if isinstance(values, str) else values:
            if value not in known:
                allowed = ", ".join(sorted(map(str, known)))
                raise ValueError(f"{column}: found {value!r}; allowed are {allowed}")
        kept &= visits[column].isin([values] if isinstance(values, str) else values)
    if until is not None:
        # ISO dates compare as text; "2017-03" comes before "2017-03-31".
        kept &= visits["date_start"] <= str(until) + "~"
    return visits[kept].sort_values("date_start", kind="stable")


DEFINITIONS = {
    "official visits": {},
    "summit trips too": {"kinds": ("official", "summit")},
    "official, unconfirmed too": {"status": ("confirmed", "unconfirmed")},
}
"""Three ways to count visits of presidents: arguments of `trips`."""


def counts(visits, pairs, until=None, definitions=DEFINITIONS):
    """Count visits by several definitions.

    Parameters
    ----------
    visits : pandas.DataFrame
        The table ``visits``.
    pairs : mapping of str to (str, str)
        Visitor and host of each column.
    until : str, optional
        As in `trips`.
    definitions : mapping of str to arguments of `trips`
        One row each.

    Returns
    -------
    pandas.DataFrame
        Whole numbers.
    """
    table = {
        column: {
            name: len(trips(visits, *pair, until, **how))
            for name, how in definitions.items()
        }
        for column, pair in pairs.items()
    }
    return pd.DataFrame(table)


def years_of(visits):
    """Years of visits, each once, in order.

    Parameters
    ----------
    visits : pandas.DataFrame
        Rows with ``date_start``.

    Returns
    -------
    list of int
    """
    _need(visits, ("date_start",), "visits")
    return sorted({int(date[:4]) for date in visits["date_start"]})


def dated(frame, date, text):
    """Rows for a timeline, with the precision of each date.

    Parameters
    ----------
    frame : pandas.DataFrame
    date : str
        Column with the dates, written ``2017-03-29``, ``2017-03`` or ``2017``.
    text : pandas.Series
        What happened, on the index of `frame`.

    Returns
    -------
    pandas.DataFrame
        `frame` with ``date``, ``precision`` (day, month or year) and ``text``, in the
        order of time; rows without a date are left out.

    Raises
    ------
    ValueError
        If the column is missing or a date has another form.
    """
    _need(frame, (date,), "frame")
    kept = frame.assign(date=frame[date], text=text).dropna(subset="date")
    kept["precision"] = kept["date"].str.len().map({4: "year", 7: "month", 10: "day"})
    odd = kept.loc[kept["precision"].isna(), "date"]
    if len(odd):
        raise ValueError(
            f"{date}: found {odd.iloc[0]!r}; allowed are 2017-03-29, 2017-03 and 2017"
        )
    return kept.sort_values("date", kind="stable")


def by_field_and_year(agreements, dates=("signed",)):
    """Count documents by field and year.

    Parameters
    ----------
    agreements : pandas.DataFrame
        The table ``agreements``.
    dates : tuple of str
        Kinds of date (column ``date_kind``) that count: the day of signing by default.

    Returns
    -------
    pandas.DataFrame
        Rows are fields, the largest first, columns years; NaN where there is none.

    Raises
    ------
    ValueError
        If a column is missing or no document has such a date.
    """
    _need(agreements, ("field", "date", "date_kind"), "agreements")
    kept = agreements[agreements["date_kind"].isin(dates) & agreements["date"].notna()]
    if kept.empty:
        raise ValueError(f"dates: found no document with {', '.join(dates)}")
    table = pd.crosstab(kept["field"], kept["date"].str[:4].astype(int))
    order = table.sum(axis=1).sort_values(ascending=False, kind="stable").index
    return table.loc[order].where(table > 0).rename_axis(columns="year")


def _need(frame, columns, argument):
    missing = [name for name in columns if name not in frame]
    if missing:
        raise ValueError(f"{argument}: the column {missing[0]!r} is missing")


def changes(values, before=1, after=1, skip=1):
    r"""Change around every year that has the years it needs.

    .. math::

        c_t = \ln \frac{\frac{1}{a}\sum_{i=0}^{a-1} v_{t+s+i}}
                       {\frac{1}{b}\sum_{i=1}^{b} v_{t-i}}

    Parameters
    ----------
    values : pandas.Series
        A yearly series above 0, indexed by whole years; gaps may be NaN or absent.
    before, after : int
        Length of the two windows, b and a, in years, 1 or more.
    skip : {0, 1}
        s: whether the second window starts with the year itself or the next one.

    Returns
    -------
    pandas.Series
        Natural logarithm of the ratio, by year; years with a gap in a window are left
        out. 0.69 is a doubling, -0.69 a halving.

    Raises
    ------
    ValueError
        If a value is 0 or negative, the index is no whole years or has one twice, a
        window is shorter than one year, or no year has both windows.
    """
    for name, length in (("before", before), ("after", after)):
        if not isinstance(length, (int, np.integer)) or length < 1:
            raise ValueError(f"{name}: found {length!r}; allowed is a number from 1 up")
    if skip not in (0, 1):
        raise ValueError(f"skip: found {skip!r}; allowed is 0 or 1")
    values = _yearly(values)
    years = range(int(values.index.min()), int(values.index.max()) + 1)
    values = values.reindex(years)
    found = {}
    for year in years:
        # Label slices would cut a window short at the ends; reindex leaves NaN there.
        first = values.reindex(range(year - before, year)).to_numpy()
        second = values.reindex(range(year + skip, year + skip + after)).to_numpy()
        found[year] = np.log(second.mean() / first.mean())
    result = pd.Series(found, name="change", dtype=float).dropna()
    if result.empty:
        raise ValueError(
            f"values: found no year with {before} before and {after} after it; allowed "
            "is a series with such years"
        )
    return result.rename_axis("year")


def _yearly(values):
    if not isinstance(values, pd.Series):
        raise ValueError(
            f"values: found a {type(values).__name__}; allowed is a pandas Series"
        )
    known = values.dropna().astype(float)
    if known.empty:
        raise ValueError("values: found no values; allowed is one or more")
    if not pd.api.types.is_integer_dtype(known.index):
        raise ValueError(
            f"values: found the index entry {known.index[0]!r}; allowed are whole years"
        )
    if not known.index.is_unique:
        twice = known.index[known.index.duplicated()][0]
        raise ValueError(f"values: found {twice} twice; allowed is once")
    if not (known > 0).all() or np.isinf(known).any():
        year = known.index[~((known > 0) & ~np.isinf(known))][0]
        raise ValueError(
            f"values: found {known[year]:g} in {year}; allowed are numbers above 0"
        )
    return known


class Placebo(NamedTuple):
    """Visits against as many other years.

    Attributes
    ----------
    observed : float
        Mean change around the visits.
    events : list of int
        Visit years that have a change; the others are in `left_out`.
    left_out : list of int
        Visit years for which the series has a gap.
    pool : list of int
        Years from which placebos are taken.
    means : numpy.ndarray
        Mean change of each placebo set.
    exact : bool
        Whether `means` holds every possible set.
    share : float
        Share of the placebo sets whose mean is as high as the observed one or higher.
    p : float
        The same with the visits themselves counted as one of the sets,
        (1 + count) / (1 + sets): never 0, and never below 1 / (1 + sets).
    needed : float
        Mean change that would have put the visits above 95 percent of the sets.
    """

    observed: float
    events: list
    left_out: list
    pool: list
    means: np.ndarray
    exact: bool
    share: float
    p: float
    needed: float


def placebo(change, visits, exclude=(), draws=10_000, seed=0):
    """Compare the change around visits with that around other years.

    Parameters
    ----------
    change : pandas.Series
        What `changes` returns.
    visits : iterable of int
        Years with a visit; a year counts once.
    exclude : iterable of int
        Further years that are no placebos, such as those of other visits.
    draws : int
        If there are more possible sets than this, so many are drawn at random.
    seed : int or numpy.random.Generator
        For the drawing.

    Returns
    -------
    Placebo

    Raises
    ------
    ValueError
        If no visit year has a change, or fewer other years are left than visits.

    Notes
    -----
    The sets are as many years as there are visits, without repetition. The test asks
    whether visit years differ from other years. It cannot tell a visit that raises
    trade from a visit that is paid because trade grows, and it treats years as
    exchangeable, which a boom of several years is not: see `shifted`.

    References
    ----------
    Phipson, B. and Smyth, G. K. (2010). Permutation p-values should never be zero.
    *Statistical Applications in Genetics and Molecular Biology*, 9(1), article 39.
    """
    events, left_out = _events(change, visits)
    barred = {*events, *left_out, *(int(year) for year in exclude)}
    pool = [int(year) for year in change.index if int(year) not in barred]
    k = len(events)
    if len(pool) < k:
        raise ValueError(
            f"visits: found {k} with a change and {len(pool)} other years; allowed are "
            "at most as many visits as other years"
        )
    held = change.loc[pool].to_numpy()
    exact = comb(len(pool), k) <= draws
    if exact:
        picks = np.array(list(combinations(range(len(pool)), k)))
    else:
        rng = np.random.default_rng(seed)
        picks = np.array(
            [rng.choice(len(pool), k, replace=False) for _ in range(draws)]
        )
    return _compared(change, events, left_out, pool, held[picks].mean(axis=1), exact)


def shifted(change, visits):
    """Compare the visits with the same pattern of years moved in time.

    Visits in neighbouring years share a boom or a slump. Moving the whole pattern keeps
    their distances, so a placebo is as bunched as the visits are. Such moves are few.

    Parameters
    ----------
    change, visits
        As in `placebo`.

    Returns
    -------
    Placebo
        `pool` holds all years with a change, as a moved pattern may touch visit years.

    Raises
    ------
    ValueError
        If no visit year has a change, or the pattern fits nowhere else.
    """
    events, left_out = _events(change, visits)
    span = int(change.index.max() - change.index.min())
    moved = [
        [year + step for year in events] for step in range(-span, span + 1) if step
    ]
    fits = [years for years in moved if set(years) <= set(change.index)]
    if not fits:
        raise ValueError(
            f"visits: found a pattern from {events[0]} to {events[-1]} that fits "
            "nowhere else; allowed is one that can be moved within the series"
        )
    means = np.array([change.loc[years].mean() for years in fits])
    return _compared(change, events, left_out, change.index.tolist(), means, True)


def many(series, windows, visits, exclude=(), seed=0, fewest=20):
    """The placebo test for every combination of choices.

    Parameters
    ----------
    series : mapping of str to pandas.Series
        Yearly series.
    windows : mapping of str to (int, int, int)
        ``before``, ``after`` and ``skip`` of `changes`.
    visits : mapping of str to iterable of int
        Visit years.
    exclude, seed
        As in `placebo`.
    fewest : int
        With fewer possible placebo sets no share is given: five percent of 20 sets is
        one set.

    Returns
    -------
    pandas.DataFrame
        One row a combination: ``visits`` with a change, ``sets`` of as many other
        years, ``factor`` (exp of the mean change), ``needed`` (the factor that would
        have stood out) and ``share`` of the placebos that do as well, NaN where there
        are too few.
    """
    rows = {}
    for name, values in series.items():
        for window, lengths in windows.items():
            change = changes(values, *lengths)
            for who, years in visits.items():
                events, left_out = _events(change, years)
                barred = {*events, *left_out, *exclude}
                others = int((~change.index.isin(barred)).sum())
                row = {
                    "visits": len(events),
                    "sets": comb(others, len(events)),
                    "factor": np.exp(change.loc[events].mean()),
                }
                if row["sets"] >= fewest:
                    test = placebo(change, years, exclude, seed=seed)
                    row |= {"needed": np.exp(test.needed), "share": test.share}
                rows[name, window, who] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(
        ["series", "window", "visits of"]
    )


def _events(change, visits):
    years = sorted({int(year) for year in visits})
    events = [year for year in years if year in change.index]
    if not events:
        raise ValueError(
            f"visits: found {years or 'none'}; allowed are years from "
            f"{change.index.min()} to {change.index.max()}, one at least"
        )
    return events, [year for year in years if year not in events]


def _compared(change, events, left_out, pool, means, exact):
    observed = float(change.loc[events].mean())
    as_good = int((means >= observed - 1e-12).sum())
    return Placebo(
        observed=observed,
        events=events,
        left_out=left_out,
        pool=pool,
        means=means,
        exact=exact,
        share=as_good / len(means),
        p=(1 + as_good) / (1 + len(means)),
        needed=float(np.quantile(means, 0.95)),
    )
