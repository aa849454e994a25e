"""All tables of a package at once, as checks across rows and tables need them."""

import functools

import pandas as pd

from partnership.evidence import cells, periods
from partnership.evidence.faults import Problem
from partnership.evidence.ranks import DIMENSIONS

AHEAD = ("planned", "target", "forecast", "capacity")
NO_POINT = (*AHEAD, "more_than", "less_than")


class Known:
    """The tables of a package as the checks need them, each made once."""

    def __init__(self, data):
        self.data, self.tables = data, set(data.tables())

    def has(self, *tables):
        """Whether all of these tables are there."""
        return self.tables.issuperset(tables)

    def fields(self, table):
        """Descriptors of the columns."""
        return self.data.resource(table)["schema"]["fields"]

    def key_of(self, table):
        """Columns of the primary key."""
        key = self.data.resource(table)["schema"].get("primaryKey") or []
        return [key] if isinstance(key, str) else key

    def key(self, table, at):
        """Key of a row as ``oddities`` writes it."""
        if at is None:
            return ""
        return ";".join(
            str(self.data.load(table).at[at, c]) for c in self.key_of(table)
        )

    def cell(self, table, at, column):
        """Cell of a row as ``oddities`` writes it."""
        value = "" if at is None else self.data.load(table).at[at, column]
        return f"{value:.10g}" if isinstance(value, float) else str(value)

    @functools.cache  # noqa: B019 - lives as long as one check
    def _lines(self, table):
        path = self.data.resource(table)["path"]
        return cells.lines(cells.plain(path, (self.data.path / path).read_bytes()))

    def problem(self, table, at, column, message):
        """Fault of a row; of the file, where there is none."""
        path, row = self.data.resource(table)["path"], None if at is None else at + 1
        line = None if at is None else self._lines(table)[at]
        return Problem(path, message, line, column, row)

    @functools.cached_property
    def sources(self):
        """Sources by id, with the first and last day of their publication."""
        frame = self.data.load("sources").set_index("source_id")
        frame["first"], frame["last"] = span(frame["published"])
        return frame

    @functools.cached_property
    def series(self):
        """The dictionary of series by name."""
        return self.data.load("series").set_index("series")

    @functools.cached_property
    def rows(self):
        """All statements, with table, row, time, and the day of the publication."""
        frames = []
        for table in self.data.observation_tables():
            frame = self.data.load(table)
            frames.append(frame.assign(table=table, at=range(len(frame))))
        if not frames:
            return pd.DataFrame(columns=["table", "at"])
        rows = pd.concat(frames, ignore_index=True)
        texts = [c for c in rows if c not in ("table", "at", "value")]
        rows[texts] = rows[texts].fillna("")
        for name in {*DIMENSIONS, "valuation"} - {*rows}:
            rows[name] = ""
        spans = map(periods.parse, rows["period"], rows["period_type"])
        rows["start"], rows["end"] = periods.ends(list(spans))
        known = self.sources.reindex(rows["source_id"])
        rows["first"], rows["published"] = known["first"].array, known["last"].array
        rows["kind"] = known["kind"].array
        rows["outcome"] = ~rows["qualifier"].isin(AHEAD)
        rows["direction"] = rows["series"].map(self.series["direction"])
        if self.has("corrections"):  # what is meant, not what is misprinted
            meant = self.data.load("corrections").query("column == 'value'")
            meant = meant.set_index("observation_id")["as_meant"].astype(float)
            meant = rows["observation_id"].map(meant.to_dict()).astype(float)
            rows["value"] = meant.fillna(rows["value"])
        return rows

    @property
    def key_columns(self):
        """What a figure is about, the time apart."""
        return ["series", "reporter", "partner", *DIMENSIONS, "valuation"]


def span(texts):
    """First and last days of dates; NaT where there is none."""
    spans = [periods.bounds(one) if isinstance(one, str) else None for one in texts]
    return periods.ends(spans)


def told(rows, column, message):
    """Findings of rows, with a message by row; {} in it stands for columns."""
    for row in rows.to_dict("records"):
        yield row["table"], row["at"], column, message.format_map(row)
