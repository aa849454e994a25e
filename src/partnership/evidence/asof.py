"""A data package as it was known on a day, or by its best sources alone.

A row is known from its earliest dated source, a month or a year counts as its last
day, and an undated source is not known before the last day unless the evidence says
when.
"""

from __future__ import annotations

import functools

import pandas as pd

from partnership.evidence import periods
from partnership.evidence.package import OBSERVATION_TABLES, DataPackage, default

SAID = "2017-04-02"
"""Day of the report."""


_NOT_NEWS = (
    "sources",
    "claims",
    "claim_rules",
    "claim_verdicts",
    "places",
    "countries",
)


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
    published = data.load("sources").set_index("source_id")["published"]
    evidence = data.load("evidence")[["source_ids", "known_by"]].dropna()
    evidence = evidence.assign(source_id=evidence["source_ids"].str.split(";"))
    stated = evidence.explode("source_id").assign(known_by=lambda e: _last(e.known_by))
    stated = stated.groupby("source_id")["known_by"].min()
    return _last(published).fillna(stated.reindex(published.index))


def _last(texts, end=1):
    """Last (or first) days of dates written as 2016, 2016-05 or 2016-05-11."""
    days = [
        pd.NaT if pd.isna(t) else pd.Timestamp(periods.bounds(t)[end]) for t in texts
    ]
    return pd.Series(days, texts.index, dtype="datetime64[us]")


class View(DataPackage):
    """A data package as it was known on a day, or by its best sources alone.

    Parameters
    ----------
    data : DataPackage
    as_of : str, optional
        ISO date. Rows whose sources are later or undated are left out; of several
        copies of a statement only the known ones stay.
    primary_only : bool
        Leave out rows without a primary source.

    Notes
    -----
    Sources, claims, rules, places and countries are shown whole: they are dictionaries
    or, like a latitude, no news.
    """

    def __init__(self, data, as_of=None, primary_only=False):
        super().__init__(data.path)
        self.whole, self.as_of = data, as_of
        self.day = None if as_of is None else _day(as_of, "as_of")
        known = known_from(data)
        kept = pd.Series(True, known.index)
        if self.day is not None:
            kept &= known <= self.day
        if primary_only:
            level = data.load("sources").set_index("source_id")["reliability"]
            kept &= level == "primary"
        self.undated = frozenset(known.index[known.isna()])
        self.kept, self.primary_only = frozenset(kept.index[kept]), primary_only

    def load(self, table):
        """Rows of a table that the view shows; see `partnership.load`."""
        if table not in self._frames:
            frame = self.whole.load(table)
            if table == "evidence" and self.day is not None:
                # Evidence carries its own date; sources still filter by kind.
                frame = frame[_last(frame["known_by"]) <= self.day]
                known = View(self.whole, None, self.primary_only).kept
                frame = frame[_any_in(frame["source_ids"], known)]
            elif table not in _NOT_NEWS and _cell(frame) is not None:
                frame = frame[_any_in(frame[_cell(frame)], self.kept)]
            self._frames[table] = frame
        return self._frames[table].copy(deep=False)

    def shows(self, source_ids):
        """Whether every one of these sources is shown."""
        return set(source_ids) <= self.kept


def _cell(frame):
    return next((c for c in ("source_ids", "source_id") if c in frame), None)


def _any_in(cells, kept):
    parts = cells.fillna("").str.split(";")
    return [not kept.isdisjoint(ids) for ids in parts]


def _day(text, argument):
    try:
        return pd.Timestamp(periods.bounds(text)[1])
    except (TypeError, ValueError):
        raise ValueError(
            f"{argument}: found {text!r}; allowed is a date such as {SAID}"
        ) from None


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
    view = View(data or default(), as_of)
    rows = {}
    for table in (*OBSERVATION_TABLES, "events", "visits", "agreements"):
        if table in view.tables():
            frame = view.whole.load(table)
            cells = frame[_cell(frame)].fillna("").str.split(";")
            undated = sum(view.undated.issuperset(ids) for ids in cells)
            known = len(view.load(table))
            counts = (len(frame), known, len(frame) - known - undated, undated)
            rows[table] = dict(
                zip(("rows", "known", "later", "undated"), counts, strict=True)
            )
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("table")


def vintage(data=None):
    """Day of the data: what "as known now" means."""
    return (data or default()).descriptor["created"][:10]


@functools.lru_cache(maxsize=8)
def _view(data, as_of, primary_only):
    return View(data, as_of, primary_only)
