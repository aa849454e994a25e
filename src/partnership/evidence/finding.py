"""Find stated figures, and anything else with a title and a text, by words.

A text counts for the words of the question that it has, rare ones more than common
ones, those of its title more than others, and in a short text more than in a long one;
a word that it lacks costs more than that word alone. Okapi BM25 (Robertson and Zaragoza
2009) without its parameters for length. search.js ranks in the same way.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from partnership import checks
from partnership.evidence import periods, ranks, words
from partnership.evidence.faults import nearest
from partnership.evidence.package import DataPackage, chosen
from partnership.evidence.standing import judged

LENGTH = 20  # words of a text in which a word counts half of what it does alone
TITLE = 1.5
LIKE = 0.9  # what a word counts that stands for the one that was asked
BEGINS = 0.6  # the same of a word that only begins as the one that was asked


class Entry(NamedTuple):
    """What can be found; `weight` is what an entry of its kind counts."""

    title: str
    text: str
    weight: float = 1.0


class Index:
    """Entries by their words.

    Parameters
    ----------
    entries : iterable of Entry
    meanings : words.Meanings
    """

    def __init__(self, entries: Iterable[Entry], meanings: words.Meanings) -> None:
        self.entries, self.meanings = list(entries), meanings
        self.places: dict[str, dict[int, float]] = {}
        known: dict[str, list[str]] = {}  # many entries share a title

        def tokens(text):
            if text not in known:
                known[text] = words.tokens(text)
            return known[text]

        for place, entry in enumerate(self.entries):
            title, text = tokens(entry.title), words.tokens(entry.text)
            half = 0.5 + (len(title) + len(text)) / LENGTH
            extra = TITLE / (1 + len(set(title)) / LENGTH)
            for token, count in Counter(title + text).items():
                weight = count / (count + half) + extra * (token in title)
                self.places.setdefault(token, {})[place] = weight

    def search(self, question: str, most: int | None = None) -> list[int]:
        """Places of the entries that fit a question, the best first.

        Parameters
        ----------
        question : str
        most : int, optional
            How many; all by default.
        """
        scores: dict[int, float] = {}
        matched: dict[int, float] = {}
        total = 0.0
        for group in self.meanings.asked(question):
            found = self._found(group)
            rare = math.log(1 + len(self.entries) / max(len(found), 1))
            total += rare
            for place, weight in found.items():
                scores[place] = scores.get(place, 0) + rare * weight
                matched[place] = matched.get(place, 0) + rare

        def rank(place):
            share = matched[place] / total
            return -scores[place] * share**3 * self.entries[place].weight, place

        return sorted(scores, key=rank)[:most]

    def _found(self, group: Sequence[str]) -> dict[int, float]:
        """Entries with one of some tokens, and what the best of these counts there."""
        counted = {group[0]: 1.0} | dict.fromkeys(group[1:], LIKE)
        if group[0] not in self.places and len(group) == 1 and len(group[0]) > 2:
            begun = [one for one in self._ordered if one.startswith(group[0])]
            counted = dict.fromkeys(begun, BEGINS)
        found: dict[int, float] = {}
        for token, share in counted.items():
            for place, weight in self.places.get(token, {}).items():
                found[place] = max(found.get(place, 0), share * weight)
        return found

    @cached_property
    def _ordered(self) -> list[str]:
        return sorted(self.places)


def meanings(data: DataPackage) -> words.Meanings:
    """Other words for things: the economies' names, and the table ``search_words``."""
    found = []
    if "countries" in data.tables():
        names = data.load("countries")[["name_ru", "name_en"]].dropna()
        # The ends of a name are its cases.
        found += [(ru.rstrip("аеийоуыьюя"), en) for ru, en in names.to_numpy()]
    if "search_words" in data.tables():
        found += data.load("search_words")[["word", "means"]].to_numpy().tolist()
    return words.Meanings((word, meant) for word, meant in found if len(word) > 1)


def names(data: DataPackage) -> dict[str, str]:
    """Names of economies and of those who state figures, by their code."""
    found: dict[str, str] = {}
    for table, key, name in (
        ("countries", "iso3", "name_en"),
        ("speakers", "stated_by", "name"),
    ):
        if table in data.tables():
            found = dict(data.load(table)[[key, name]].dropna().to_numpy()) | found
    return found


def about(cells: Sequence[str], named: dict[str, str]) -> str:
    """Say in words what a row is about: reporter, partner, then maker and the like."""
    sides = "–".join(named.get(code, code) for code in cells[:2])
    return ", ".join([sides, *(cell.replace("_", " ") for cell in cells[2:] if cell)])


def figures(data: DataPackage) -> pd.DataFrame:
    """Every stated figure with the words by which it is found; see `find`."""
    return data.once(("figures",), lambda: _figures(data))


def _figures(data):
    named, publisher = names(data), data.load("sources").set_index("source_id")
    defined, own = ranks.dictionary(data)["definition"], data.pair
    frames = []
    for table in data.observation_tables():
        frame = judged(table, data).assign(table=table)
        cells = zip(*(frame[key] for key in frame.attrs["keys"]), strict=True)
        frame["about"] = [about(cell, named) for cell in cells]
        frames.append(frame)
    rows = pd.concat(frames, ignore_index=True)
    rows["definition"] = rows["series"].map(defined)
    rows["who"] = rows["stated_by"].map(lambda code: named.get(code, code))
    rows["publisher"] = rows["source_id"].map(publisher["publisher"].fillna(""))
    told = rows[list(_WEIGHED)].to_dict("records")
    rows["weight"] = [weight(row, own) for row in told]
    return rows


_WEIGHED = ("stands", "step", "qualifier", "reporter", "partner")


def weight(row: Mapping[str, Any], pair: Sequence[str] | None) -> float:
    """What a statement counts: more if it stands, also of a part of a year, or is ours.

    Parameters
    ----------
    row : mapping
        A row of `standing`.
    pair : sequence of str or None
        The economies that the package is about.
    """
    outcome = row["step"] == "no outcome" and row["qualifier"] in ranks.PRECISION
    own = [row[side] in (pair or ()) for side in ("reporter", "partner")]
    first = 1.2 if row["stands"] or outcome else 1.0
    return first * (1.25 if all(own) else 1.15 if any(own) else 1.0)


def find(
    question: str, *, most: int | None = 20, data: DataPackage | None = None
) -> pd.DataFrame:
    """Find stated figures by words.

    Parameters
    ----------
    question : str
        Words in any form and order: "turkmen students belarus 2019". Years may be
        2019/20, 2019-20 or 2019/2020; names may be Russian where the data know them.
    most : int, optional
        How many rows; None for all that fit.
    data : DataPackage, optional

    Returns
    -------
    pandas.DataFrame
        The best first: ``value``, ``unit``, ``period``, ``who`` says so, what it is
        ``about``, ``series``, ``definition``, ``stands`` (see `standing`), ``table``,
        ``observation_id``, ``source_id``, and the other columns of a statement.
    """
    data = chosen(data)
    rows = figures(data)
    if not isinstance(question, str):
        raise checks.fault("question", checks.shown(question), "words as text")
    if most is not None:
        checks.number(most, "most", whole=True)
    index = data.once(("index",), lambda: Index(_entries(rows), meanings(data)))
    return rows.iloc[index.search(question, most)].reset_index(drop=True)


def _entries(rows):
    for row in rows.itertuples():
        title = f"{row.series} {row.definition} {row.about} {row.period}"
        said = f"{row.table} {row.value:.12g} {row.unit} {row.who}"
        text = f"{said} {row.note} {row.publisher}"
        yield Entry(title, text, row.weight)


def kept(frame: pd.DataFrame, column: str, wanted, table: str) -> pd.DataFrame:
    """Keep the rows of a table that are of a series, year, pair, source or speaker.

    Parameters
    ----------
    frame : pandas.DataFrame
    column : {"series", "year", "pair", "source", "speaker"}
    wanted : str or tuple of str
        A name of it; a year as in `standing`; of a pair the codes of both.
    table : str
        Its name, for the message.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    DataError
        If the table has no such column, or nothing there has this name.
    """
    named = [names for names in _COLUMNS[column] if {*names} <= {*frame}]
    if not named:
        raise nearest(wanted, [], f"{column} of {table}")
    cells = frame[list(named[0])].fillna("").astype(str)
    if column == "year":
        return frame[periods.touching(cells.iloc[:, 0], wanted)]
    if column == "pair":
        for side, code in zip(cells, wanted, strict=True):
            if code not in set(cells[side]):
                raise nearest(code, {*cells[side]} - {""}, f"{side} of {table}")
        return frame[(cells == list(wanted)).all(axis=1)]
    lists = cells.iloc[:, 0].str.split(";")
    fits = lists.map(lambda ids: wanted in ids)
    if not fits.any():
        raise nearest(wanted, {*lists.explode()} - {""}, f"{column} of {table}")
    return frame[fits]


_COLUMNS = {
    "series": [("series",)],
    "year": [("period",), ("year",), ("date",), ("date_start",), ("month",)],
    "pair": [("reporter", "partner"), ("exporter", "importer"), ("host", "origin")],
    "source": [("source_id",), ("source_ids",)],
    "speaker": [("stated_by",), ("speaker",)],
}
