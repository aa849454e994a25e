"""Visits, documents, promises and openings counted, and trade around visits.

An event study asks whether a series moves around some dates. With ten visits, most of
them in neighbouring years, no method makes it an experiment. The functions say what can
be said: how the series changed around each visit, how often years without a visit would
have looked as good (placebos), how large a change would have had to be to stand out,
and when there are too few other years to compare with at all.

Dates are text, ``2017-03-29``, or ``2017-03`` and ``2017`` where no more is known, or
days of the calendar (Timestamp). `visits` is a frame with one row a visit: columns
``date_start``, ``visitor_country``, ``host_country``, ``kind``, ``status``, ``level``.

Errors
------
Every function stops with a ``ValueError`` "ARGUMENT: found X; allowed is Y" if a frame
lacks a column, a date or a year is none, a word is not in the column asked, or a number
is out of bounds. Docstrings name what else stops.
"""

from datetime import date
from itertools import chain, combinations, product
from math import comb
from typing import NamedTuple

import numpy as np
import pandas as pd

from partnership import checks
from partnership.evidence import periods


def _days(dates, argument):
    """First and last days of dates, as two indexes."""
    days = []
    for found in dates:
        text = f"{found:%Y-%m-%d}" if isinstance(found, date) else found
        try:
            days.append(periods.bounds(text))
        except (TypeError, ValueError):
            allowed = "a date as 2017-03-29, 2017-03 or 2017"
            raise checks.fault(argument, checks.shown(found), allowed) from None
    return (pd.DatetimeIndex([pair[side] for pair in days]) for side in (0, 1))


def promised_years(statements, contract):
    """Order promises of completion by the day on which they were made.

    Parameters
    ----------
    statements : pandas.DataFrame
        Columns ``stated_on``, ``value`` (the promised year) and what else shall be
        kept.
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
    columns, place = ("stated_on", "value"), "statements['stated_on']"
    statements = checks.need(statements, columns, "statements", filled=True)
    stated_on, promised = statements["stated_on"], statements["value"].astype(int)
    said, _ = _days(stated_on, place)
    retold = said.year > promised
    first, last = _days(stated_on.mask(retold, contract), place)
    made, slip = first + (last - first) / 2, promised - promised.min()
    result = statements.assign(made=made, promised=promised, slip=slip, retold=retold)
    return result.sort_values(["made", "promised"], ignore_index=True)


def openings(events, start, end, kind):
    """List and number the events of one kind in a window of time.

    Parameters
    ----------
    events : pandas.DataFrame
        Columns ``date`` and ``kind``.
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
    events = checks.need(events, ("date", "kind"), "events", filled=True)
    (start,), _ = _days([start], "start")
    _, (end,) = _days([end], "end")
    found, least = f"{end:%Y-%m-%d}", f"a day not before {start:%Y-%m-%d}"
    checks.demand(end >= start, "end", found, least)
    checks.choice(kind, sorted({*events["kind"]}), "kind")
    rows = events[events["kind"] == kind]
    first, last = _days(rows["date"], "events['date']")
    rows = rows.assign(years_after=(first - start).days / 365.25)
    rows = rows[(first >= start) & (last <= end)]
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
    visitor, host : str
        Two countries as the table writes them (ISO 3166 alpha-3).
    until : str, optional
        Last day, month or year that counts. A visit whose day is not known counts if
        its month or year has begun by then.
    kinds, status, levels : str or tuple of str
        Values of the columns ``kind``, ``status`` and ``level`` that count.

    Returns
    -------
    pandas.DataFrame
        The rows in the order of time.
    """
    wanted = {"kind": kinds, "status": status, "level": levels}
    columns = ("date_start", "visitor_country", "host_country", *wanted)
    visits = checks.need(visits, columns, "visits")
    checks.demand(visitor != host, "host", repr(host), "another than the visitor")
    kept = (visits["visitor_country"] == visitor) & (visits["host_country"] == host)
    for column, values in wanted.items():
        values = [values] if isinstance(values, str) else values
        for value in values:
            checks.choice(value, sorted({*visits[column].dropna()}), column)
        kept &= visits[column].isin(values)
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


def count_visits(visits, pairs, until=None, definitions=DEFINITIONS):
    """Count visits by several definitions.

    Parameters
    ----------
    visits, until
        As in `trips`.
    pairs : mapping of str to (str, str)
        Visitor and host of each column.
    definitions : mapping of str to arguments of `trips`
        One row each.

    Returns
    -------
    pandas.DataFrame
        Whole numbers.
    """
    rows = [
        [len(trips(visits, *pair, until, **how)) for pair in pairs.values()]
        for how in definitions.values()
    ]
    return pd.DataFrame(rows, list(definitions), list(pairs))


def years_of(visits):
    """Years in which visits start, as a list of int, each once, in order."""
    visits = checks.need(visits, ("date_start",), "visits")
    first, _ = _days(visits["date_start"], "visits['date_start']")
    return sorted({*first.year})


def dated(frame, date, text):
    """Rows for a timeline in the order of time, with the precision of each date.

    Parameters
    ----------
    frame : pandas.DataFrame
    date : str
        Column with the dates; rows without one are left out.
    text : pandas.Series
        What happened, on the index of `frame`.

    Returns
    -------
    pandas.DataFrame
        `frame` with ``date``, ``precision`` (day, month or year) and ``text``.
    """
    frame = checks.need(frame, (date,), "frame")
    kept = frame.assign(date=frame[date], text=text).dropna(subset="date")
    _days(kept["date"], date)
    kept["precision"] = kept["date"].str.len().map({4: "year", 7: "month", 10: "day"})
    return kept.sort_values("date", kind="stable")


def by_field_and_year(agreements, dates=("signed",)):
    """Count documents by field and year.

    Parameters
    ----------
    agreements : pandas.DataFrame
        Columns ``field``, ``date`` and ``date_kind``.
    dates : tuple of str
        Kinds of date that count: the day of signing by default. A document must have
        one.

    Returns
    -------
    pandas.DataFrame
        Rows are fields, the largest first, columns years; NaN where there is none.
    """
    columns = ("field", "date", "date_kind")
    agreements = checks.need(agreements, columns, "agreements")
    kept = agreements[agreements["date_kind"].isin(dates) & agreements["date"].notna()]
    checks.demand(len(kept), "dates", f"no document with {', '.join(dates)}", "some")
    first, _ = _days(kept["date"], "agreements['date']")
    table = pd.crosstab(kept["field"], first.year)
    order = table.sum(axis=1).sort_values(ascending=False, kind="stable").index
    return table.loc[order].where(table > 0).rename_axis(columns="year")


def log_changes(values, before=1, after=1, skip=1):
    r"""Change around every year that has the years it needs.

    .. math::

        c_t = \ln \frac{\frac{1}{a}\sum_{i=0}^{a-1} v_{t+s+i}}
                       {\frac{1}{b}\sum_{i=1}^{b} v_{t-i}}

    Parameters
    ----------
    values : pandas.Series
        A series by year, above 0; gaps may be NaN or absent.
    before, after : int
        Length of the two windows, b and a, in years, 1 or more.
    skip : {0, 1}
        s: whether the second window starts with the year itself or the next one.

    Returns
    -------
    pandas.Series
        Natural logarithm of the ratio, by year; years with a gap in a window are left
        out, and one must be left. 0.69 is a doubling, -0.69 a halving.
    """
    before = checks.number(before, "before", low=1, whole=True)
    after = checks.number(after, "after", low=1, whole=True)
    checks.choice(skip, (0, 1), "skip")
    known = checks.yearly(values, above=True)
    known = known.reindex(range(known.index[0], known.index[-1] + 1))
    first = sum(known.shift(step) for step in range(1, before + 1)) / before
    second = sum(known.shift(-step) for step in range(skip, skip + after)) / after
    result = np.log(second / first).dropna()
    found = f"no year with {before} before and {after} after it"
    checks.demand(len(result), "values", found, "a series with such years")
    return result.rename("change").rename_axis("year")


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
        What `log_changes` returns.
    visits : iterable of int
        Years with a visit, each counted once; one must have a change, and there must
        be as many other years.
    exclude : iterable of int
        Further years that are no placebos, such as those of other visits.
    draws : int
        If there are more possible sets than this, so many are drawn at random.
    seed : int or numpy.random.Generator
        For the drawing.

    Returns
    -------
    Placebo

    Notes
    -----
    The sets are as many years as there are visits, without repetition. The test asks
    whether visit years differ from other years. It cannot tell a visit that raises
    trade from a visit that is paid because trade grows, and it treats years as
    exchangeable, which a boom of several years is not: see `bunched` and `shifted`.

    References
    ----------
    Phipson, B. and Smyth, G. K. (2010). Permutation p-values should never be zero.
    *Statistical Applications in Genetics and Molecular Biology*, 9(1), article 39.
    """
    events, left_out, pool = _split(change, visits, exclude)
    k, draws = len(events), checks.number(draws, "draws", low=1, whole=True)
    found = f"{k} with a change and {len(pool)} other years"
    fits = len(pool) >= k
    checks.demand(fits, "visits", found, "at most as many visits as other years")
    exact, rng = comb(len(pool), k) <= draws, np.random.default_rng(seed)
    if exact:
        picks = list(combinations(range(len(pool)), k))
    else:
        picks = [rng.choice(len(pool), k, replace=False) for _ in range(draws)]
    means = change.loc[pool].to_numpy()[np.array(picks)].mean(axis=1)
    return _compared(change, events, left_out, pool, means, exact)


def bunched(change, visits, exclude=()):
    """Compare the visits with other years that stand in runs as long as theirs.

    Changes of neighbouring years overlap: those of a run of visit years add up to one
    difference between the years at its two ends, so that a run is one trial and not
    several. Sets of years drawn singly, as in `placebo`, hide that.

    Parameters
    ----------
    change, visits, exclude
        As in `placebo`; each run must fit into the other years.

    Returns
    -------
    Placebo
        Its sets are all those whose runs have the lengths of the runs of visits.

    References
    ----------
    Politis, D. N. and Romano, J. P. (1992). A circular block-resampling procedure for
    stationary data. In LePage and Billard (eds), *Exploring the Limits of Bootstrap*.
    """
    events, left_out, pool = _split(change, visits, exclude)
    lengths, others = _runs(events), set(pool)
    places = [
        [range(year, year + n) for year in pool if others >= {*range(year, year + n)}]
        for n in lengths
    ]
    tries = np.prod([float(len(runs)) for runs in places])
    checks.demand(tries <= 1e6, "visits", f"{tries:.0e} sets", "a million or fewer")
    sets = {tuple(sorted(chain(*runs))) for runs in product(*places)}
    fits = [list(years) for years in sorted(sets) if _runs(years) == lengths]
    found = f"runs of {', '.join(map(str, lengths))} years that fit nowhere else"
    checks.demand(fits, "visits", found, "runs that fit into the other years")
    means = np.array([change.loc[years].mean() for years in fits])
    return _compared(change, events, left_out, pool, means, True)


def shifted(change, visits):
    """Compare the visits with the whole calendar of visits moved in time.

    The series is closed to a ring, so that what moves out at its end comes in at its
    beginning; but for that seam all distances between visits stay.

    Parameters
    ----------
    change, visits
        As in `placebo`; a year without a change is no place on the ring.

    Returns
    -------
    Placebo
        One mean a move; `pool` holds all years with a change, as a moved calendar may
        touch visit years.

    References
    ----------
    Chernozhukov, V., Wüthrich, K. and Zhu, Y. (2021). An exact and robust conformal
    inference method for counterfactual and synthetic controls. *Journal of the American
    Statistical Association*, 116(536), 1849-1864: the moving block permutations.
    """
    events, left_out, pool = _split(change, visits)
    checks.demand(pool, "visits", "a visit in every year", "a year without one")
    ring, values = change.index.isin(events), change.to_numpy()
    means = [values[np.roll(ring, step)].mean() for step in range(1, len(ring))]
    years = change.index.tolist()
    return _compared(change, events, left_out, years, np.array(means), True)


def placebo_table(series, windows, visits, exclude=(), seed=0, fewest=20):
    """The placebo test for every combination of choices.

    Parameters
    ----------
    series : mapping of str to pandas.Series
        Series by year.
    windows : mapping of str to (int, int, int)
        ``before``, ``after`` and ``skip`` of `log_changes`.
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
    rows = []
    for name, window, who in product(series, windows, visits):
        change = log_changes(series[name], *windows[window])
        events, _, pool = _split(change, visits[who], exclude)
        sets, factor = comb(len(pool), len(events)), np.exp(change.loc[events].mean())
        needed = share = np.nan
        if sets >= fewest:
            test = placebo(change, visits[who], exclude, seed=seed)
            needed, share = np.exp(test.needed), test.share
        rows.append((name, window, who, len(events), sets, factor, needed, share))
    index, columns = ["series", "window", "visits of"], ["visits", "sets", "factor"]
    frame = pd.DataFrame(rows, columns=[*index, *columns, "needed", "share"])
    return frame.set_index(index)


def _split(change, visits, exclude=()):
    """Visit years with a change and without, and the other years with a change."""
    years = sorted({checks.year(year, "visits") for year in visits})
    barred = {*years, *(checks.year(year, "exclude") for year in exclude)}
    events = [year for year in years if year in change.index]
    span = f"a year from {change.index.min()} to {change.index.max()} or more"
    checks.demand(events, "visits", f"{years or 'none'}", span)
    left_out = [year for year in years if year not in events]
    return events, left_out, [int(y) for y in change.index if int(y) not in barred]


def _runs(years):
    """Lengths of the runs of neighbouring years, the shortest first."""
    steps = np.diff(years) > 1
    return sorted(map(len, np.split(np.asarray(years), np.flatnonzero(steps) + 1)))


def _compared(change, events, left_out, pool, means, exact):
    observed = float(change.loc[events].mean())
    as_good = int((means >= observed - 1e-12).sum())
    share, p = as_good / len(means), (1 + as_good) / (1 + len(means))
    needed = float(np.quantile(means, 0.95))
    return Placebo(observed, events, left_out, pool, means, exact, share, p, needed)
