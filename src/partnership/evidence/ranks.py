"""The rows of a table of statements, ranked for every step of the rule of `series`.

A lower place goes first. Places hold for whatever rows a call selects, so that it has
only to compare them; a table is ranked once a package, and so once a day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from partnership.evidence import periods
from partnership.evidence.faults import DataError
from partnership.evidence.package import DataPackage

PRECISION = {
    "exact": 0,
    "about": 1,
    "almost": 1,
    "more_than": 2,
    "less_than": 2,
    "derived": 3,
    "modelled": 4,
}


ONE_SIDED = {"more_than": "lower", "less_than": "upper"}


RELIABILITY = {"primary": 0, "secondary": 1, "tertiary": 2}


DIMENSIONS = ("maker", "machine", "institution", "product", "item")


# Columns by which rows are selected and grouped.
_WORDS = (
    *("stated_by", "reporter", "partner", *DIMENSIONS, "valuation"),
    *("qualifier", "bound", "statement_id", "source_id"),
    *("observation_id", "period", "period_type", "stated_on"),
)


_YEARS = ("calendar_year", "academic_year")


STEPS = ("choice", "reliability", "precision", "publication", "statement date")


SIDES = ["", "lower", "upper"]


@dataclass(frozen=True)
class Told:
    """The rows of a table and their places."""

    rows: pd.DataFrame
    of: dict[str, np.ndarray]  # rows of each series
    codes: dict[str, np.ndarray]  # columns as numbers ...
    texts: dict[str, np.ndarray]  # ... that stand for these texts, in their order
    aside: np.ndarray  # whether a choice sets the row aside
    outcome: np.ndarray  # step 1
    copy: np.ndarray  # step 2: place among the copies of a statement ...
    speaks: np.ndarray  # ... where a copy that a choice names goes first
    steps: np.ndarray  # step 3: one column for each of `STEPS` ...
    stands: np.ndarray  # ... and the place that they give
    side: np.ndarray  # step 4: number in `SIDES`
    time: np.ndarray

    def joint(self, at, *columns):
        """One number for each combination of columns, in the order of the first."""
        joint = self.codes[columns[0]][at]
        for column in columns[1:]:
            joint = joint * len(self.texts[column]) + self.codes[column][at]
        return joint

    def present(self, at, column):
        """Texts of a column in some rows, in their order."""
        return self.texts[column][np.unique(self.codes[column][at])].tolist()

    def cells(self, at, column):
        """Texts of a column in some rows."""
        return self.texts[column][self.codes[column][at]]

    def where(self, at, column, text):
        """Those of some rows that have a text in a column."""
        return at[self.cells(at, column) == text]


def told(table: str, data: DataPackage) -> Told:
    """Rows of a table, ranked once."""
    return data.once(("told", table), lambda: _ranked(table, data))


def _ranked(table, data):
    rows, choices = _observations(table, data), data.load("choices")
    coded = {c: pd.factorize(rows[c], sort=True) for c in _WORDS if c in rows}
    texts = {column: np.asarray(text, object) for column, (_, text) in coded.items()}
    codes = {column: code for column, (code, _) in coded.items()}
    ids, kind, bound = rows["observation_id"], rows["period_type"], rows["bound"]
    start, end, order = _time(rows["start"]), _time(rows["end"]), codes[ids.name]
    codes["period"] = _places(start, end, codes["period"], codes["period_type"])
    flow = rows["series"].map(dictionary(data)["measure"]) == "flow"
    whole = kind.isin(_YEARS) | (kind.isin(["month", "date"]) & ~flow)
    unnamed = ~ids.isin(choices["observation_id"])
    precision = rows["qualifier"].map(PRECISION).fillna(9)
    reliability = rows["reliability"].map(RELIABILITY).fillna(9)
    published, stated_on = _days(rows["published"]), _days(rows["stated_on"])
    aside = choices["set_aside"].dropna().str.split(";").explode()
    digits = [len(f"{v:.12g}".replace(".", "").strip("-0")) for v in rows["value"]]
    # The most precise copy; between equals the better source, the figure with more
    # digits, the later publication. The id makes the order complete.
    end_of_span = bound.map({"": 0, "low": 1, "high": 2})
    copy = [precision, end_of_span, reliability, -np.array(digits), -published, order]
    copy = _places(*copy)
    steps = [unnamed, reliability, precision, -published, -stated_on]
    sides = {"low": 1, "high": 2, **{k: SIDES.index(v) for k, v in ONE_SIDED.items()}}
    side = bound.where(bound != "", rows["qualifier"]).map(sides).fillna(0)
    return Told(
        rows=rows,
        of=rows.groupby("series").indices,
        codes=codes,
        texts=texts,
        aside=ids.isin(aside).to_numpy(),
        outcome=(whole & (precision < 9)).to_numpy(),
        copy=copy,
        speaks=_places(unnamed, copy),
        steps=np.column_stack(steps).astype("int64"),
        stands=_places(*steps, order),
        side=side.to_numpy("int64"),
        time=_places(start, end, codes["stated_on"], order),
    )


def _time(days):
    """Days as numbers, a missing one last."""
    seconds = days.to_numpy("datetime64[s]").view("int64")
    return np.where(days.isna(), np.iinfo("int64").max, seconds)


def _places(*keys):
    """Place of each row in the order of some numbers; equal rows share one."""
    order = np.lexsort(keys[::-1])
    steps = [np.diff(np.asarray(key)[order], prepend=0) != 0 for key in keys]
    places = np.empty(len(order), "int64")
    places[order] = np.cumsum(np.any(steps, axis=0))
    return places


def _days(dates):
    """Last days of dates as numbers; where there is none it comes first."""
    days = {text: periods.bounds(text)[1].toordinal() for text in set(dates) if text}
    return dates.map(days).fillna(0).astype("int64")


def dictionary(data: DataPackage) -> pd.DataFrame:
    """Rows of the table ``series`` by name."""
    return data.once(("dictionary",), lambda: data.load("series").set_index("series"))


def _observations(table: str, data: DataPackage) -> pd.DataFrame:
    """Rows of a table with source, period and precision, corrections applied."""
    if table not in data.observation_tables():
        raise DataError(f"the data package has no table of observations {table!r}")
    known = data.load("sources").set_index("source_id")
    rows = _corrected(data.load(table), data.load("corrections"))
    words = rows.columns.drop(["value", "corrected"])
    rows[words] = rows[words].fillna("")
    rows["reliability"] = rows["source_id"].map(known["reliability"])
    rows["published"] = rows["source_id"].map(known["published"]).fillna("")
    spans = list(zip(rows["period"], rows["period_type"], strict=True))
    days = {span: periods.parse(*span) or (pd.NaT, pd.NaT) for span in set(spans)}
    rows["start"] = pd.to_datetime([days[span][0] for span in spans])
    rows["end"] = pd.to_datetime([days[span][1] for span in spans])
    return rows


def _corrected(rows: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Put what is meant where a source is known to err; say so in ``corrected``."""
    rows = rows.assign(corrected=False)
    place = pd.Series(rows.index, index=rows["observation_id"])
    for fix in corrections.itertuples():
        if fix.observation_id not in place.index:
            continue
        row = place[fix.observation_id]
        number = fix.column == "value"
        stated = float(fix.as_stated) if number else fix.as_stated
        if rows.at[row, fix.column] != stated:
            raise DataError(
                f"corrections.csv, {fix.observation_id}, column {fix.column}: the row "
                f"now says {rows.at[row, fix.column]}, the correction expects "
                f"{fix.as_stated}; it has expired: remove or renew it"
            )
        rows.at[row, fix.column] = float(fix.as_meant) if number else fix.as_meant
        rows.at[row, "corrected"] = True
    return rows


def first(group, place):
    """Positions of the row of each group that goes first, by group."""
    order = np.lexsort((place, group))
    return order[np.diff(group[order], prepend=-1) != 0]
