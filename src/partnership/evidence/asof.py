"""A data package as it was known on a day, or by its best sources alone.

A row is known from its earliest dated source, a month or a year counts as its last
day, and an undated source is not known before the last day unless the evidence says
when.
"""

import numpy as np
import pandas as pd

from partnership import checks
from partnership.evidence import periods
from partnership.evidence.faults import DataError
from partnership.evidence.package import DataPackage, chosen

# Dictionaries, rules, and what is no news, like a latitude: shown whole.
_NOT_NEWS = (
    *("sources", "claims", "claim_rules", "claim_verdicts"),
    *("assumptions", "places", "countries"),
)


def report(data=None):
    """Say which report's statements the package judges.

    Parameters
    ----------
    data : DataPackage, optional
        The project's own if left out.

    Returns
    -------
    dict of str to str
        ``name`` in words, ``day`` on which it came out, its ``source_id``, and maybe
        ``narrator``: the speaker of the statements that the outlet makes itself.

    Raises
    ------
    DataError
        If ``datapackage.json`` names no report.
    """
    found = chosen(data).descriptor.get("report") or {}
    for part in ("name", "day", "source_id"):
        if part not in found:
            allowed = "allowed is a report with name, day and source_id"
            raise DataError(f"datapackage.json, report: found no {part}; {allowed}")
    return dict(found)


def vintage(data=None):
    """Day of the data: what "as known now" means."""
    found = chosen(data).descriptor.get("created")
    if found is None:
        allowed = "allowed is a day such as 2026-11-27"
        raise DataError(f"datapackage.json, created: found nothing; {allowed}")
    return found[:10]


def days(texts, end=1):
    """Last (``end=0``: first) days of dates written as 2016, 2016-05 or 2016-05-11."""
    spans = [None if pd.isna(text) else periods.bounds(text) for text in texts]
    return pd.Series(periods.ends(spans)[end], texts.index, "datetime64[us]")


def known_from(data):
    """Day from which each source was known.

    Parameters
    ----------
    data : DataPackage

    Returns
    -------
    pandas.Series
        Timestamps by source_id: the last day of the date of publication; for an
        undated source the earliest ``known_by`` of its evidence, else NaT.
    """

    def make():
        published = data.load("sources").set_index("source_id")["published"]
        stated = data.load("evidence")[["source_ids", "known_by"]].dropna()
        ids, known = stated["source_ids"].str.split(";"), days(stated["known_by"])
        stated = stated.assign(source_ids=ids, known_by=known).explode("source_ids")
        stated = stated.groupby("source_ids")["known_by"].min()
        return days(published).fillna(stated.reindex(published.index))

    return data.once(("known_from",), make)


class View(DataPackage):
    """A data package as it was known on a day, or by its best sources alone.

    Parameters
    ----------
    data : DataPackage
        Its descriptor and its tables are used as they are; no file is read again.
    as_of : str, optional
        ISO date. Rows whose sources are later or undated are left out; of several
        copies of a statement only the known ones stay.
    primary_only : bool
        Leave out rows without a primary source.

    Notes
    -----
    Sources, claims, rules, assumptions, places and countries are shown whole: they are
    dictionaries or, like a latitude, no news.
    """

    def __init__(self, data, as_of=None, primary_only=False):
        vars(self).update(vars(data), _frames={})
        self.whole, self.as_of, self.primary_only = data, as_of, primary_only
        self.day = None if as_of is None else day_of(as_of, "as_of", data)
        known = known_from(data)
        level = data.load("sources").set_index("source_id")["reliability"]
        good = known.index[(level == "primary") | (not primary_only)]
        early = known.index if self.day is None else known.index[known <= self.day]
        self.undated = frozenset(known.index[known.isna()])
        self.good, self.kept = frozenset(good), frozenset(good) & frozenset(early)

    def load(self, table):
        """Rows of a table that the view shows; see `partnership.load`."""
        if table not in self._frames:
            frame = self.whole.load(table)
            if table == "evidence" and self.day is not None:
                # Evidence carries its own date; sources still filter by kind.
                known = (days(frame["known_by"]) <= self.day).to_numpy()
                frame = frame[known & _any_in(frame, self.good)]
            elif table not in _NOT_NEWS and _cell(frame):
                frame = frame[_any_in(frame, self.kept)]
            self._frames[table] = frame
        return self._frames[table].copy(deep=False)

    def shows(self, source_ids):
        """Whether every one of these sources is shown."""
        return self.kept.issuperset(source_ids)


def view(data, as_of=None, primary_only=False):
    """Return the package itself, or its `View` where something is left out."""
    if as_of is None and not primary_only:
        return data
    if as_of is not None:
        day_of(as_of, "as_of", data)
    key = ("view", as_of, bool(primary_only))
    return data.once(key, lambda: View(data, as_of, primary_only))


def _cell(frame):
    return next((c for c in ("source_ids", "source_id") if c in frame), None)


def _any_in(frame, kept):
    """Mask of the rows that have one of the sources."""
    column = _cell(frame)
    if column == "source_id":
        return frame[column].isin(kept).to_numpy()
    parts = [cell.split(";") for cell in frame[column].fillna("")]
    return np.array([not kept.isdisjoint(ids) for ids in parts], dtype=bool)


def day_of(text, argument, data):
    """Last day of a date as a timestamp; `argument` is how the caller names it."""
    try:
        return pd.Timestamp(periods.bounds(text)[1])
    except (TypeError, ValueError):
        such = f"a date such as {vintage(data)}"
        raise checks.fault(argument, repr(text), such) from None


def left_out(as_of, data=None):
    """Count what the rule of knowledge leaves out.

    Parameters
    ----------
    as_of : str
    data : DataPackage, optional

    Returns
    -------
    pandas.DataFrame
        One row a table of observations, events, visits and agreements: ``rows``,
        ``known``, ``later`` (dated after the day) and ``undated``.
    """
    shown, rows = view(chosen(data), as_of), {}
    for table in (*shown.observation_tables(), "events", "visits", "agreements"):
        if table in shown.tables():
            frame = shown.whole.load(table)
            cells = frame[_cell(frame)].fillna("").str.split(";")
            undated = sum(shown.undated.issuperset(ids) for ids in cells)
            known = len(shown.load(table))
            rows[table] = len(frame), known, len(frame) - known - undated, undated
    columns = ["rows", "known", "later", "undated"]
    return pd.DataFrame.from_dict(rows, "index", columns=columns).rename_axis("table")
