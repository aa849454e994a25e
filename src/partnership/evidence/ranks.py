"""The rows of a table of statements, ranked for every step of the rule of `series`.

A lower place goes first. Places hold for whatever rows a call selects, so that it has
only to compare them; a table is ranked once a package, and so once a day.
"""

import numpy as np
import pandas as pd

from partnership.evidence import periods
from partnership.evidence.faults import DataError, NothingRecorded, nearest

PRECISION = {"exact": 0, "about": 1, "almost": 1, "more_than": 2, "less_than": 2}
PRECISION |= {"derived": 3, "modelled": 4}


ONE_SIDED = {"more_than": "lower", "less_than": "upper"}


RELIABILITY = {"primary": 0, "secondary": 1, "tertiary": 2}


DIMENSIONS = ("maker", "machine", "institution", "product", "item")


# Columns by which rows are selected and grouped.
_WORDS = (
    *("series", "stated_by", "reporter", "partner", *DIMENSIONS, "valuation"),
    *("qualifier", "bound", "statement_id", "source_id"),
    *("observation_id", "period", "period_type", "stated_on"),
)


YEARS = ("calendar_year", "academic_year")


STEPS = ("choice", "reliability", "precision", "publication", "statement date")


REASONS = ["only statement", *STEPS, "same value"]  # what `chosen_by` may say


SIDES = ["", "lower", "upper"]


class Told:
    """The rows of a table and their places.

    Attributes
    ----------
    rows : pandas.DataFrame
    of : dict of str to array
        Rows of each series.
    codes, texts : dict of str to array
        Columns as numbers, and the texts that these stand for, in their order.
    aside, outcome : array of bool
        Whether a choice sets a row aside, and step 1.
    copy, speaks : array
        Step 2: place among the copies of a statement, and the same where a copy that a
        choice names goes first.
    steps, stands : array
        Step 3: a column for each of `STEPS`, and the place that they give.
    side : array
        Step 4: number in `SIDES`.
    time : array
        Place in the order of time.
    """

    def __init__(self, rows, data):
        coded = {c: _coded(rows[c]) for c in rows.columns if c in _WORDS}
        self.texts = texts = {column: text for column, (text, _) in coded.items()}
        self.codes = codes = {column: code for column, (_, code) in coded.items()}

        def of(column, value, kind=int):
            """What a function gives for each row; it is asked once a text."""
            return np.array([value(one) for one in texts[column]], kind)[codes[column]]

        known = data.load("sources").set_index("source_id").reindex(texts["source_id"])
        level, date = (known[c].fillna("") for c in ("reliability", "published"))
        rows["reliability"] = level.array.take(codes["source_id"])
        rows["published"] = date.array.take(codes["source_id"])
        kinds = texts["period_type"]
        pairs = codes["period"] * len(kinds) + codes["period_type"]
        pairs, span = np.unique(pairs, return_inverse=True)
        written, types = texts["period"][pairs // len(kinds)], kinds[pairs % len(kinds)]
        start, end = periods.ends(map(periods.parse, written, types))
        rows["start"], rows["end"] = start.take(span), end.take(span)
        codes["period"] = _places(_time(start), _time(end), pairs)[span]

        choices, measure = data.load("choices"), dictionary(data)["measure"]
        chosen = set(choices["observation_id"])
        aside = set(";".join(choices["set_aside"].dropna()).split(";"))
        year = of("period_type", YEARS.__contains__, bool)
        day = of("period_type", ("month", "date").__contains__, bool)
        flow = of("series", lambda name: measure.get(name) == "flow", bool)
        precision = of("qualifier", lambda word: PRECISION.get(word, 9))
        reliability = level.map(RELIABILITY).fillna(9).to_numpy(int)
        reliability = reliability[codes["source_id"]]
        published = np.array([_last_day(text) for text in date], int)
        published = published[codes["source_id"]]
        unnamed = of("observation_id", lambda name: name not in chosen)
        bound = of("bound", ["", "low", "high"].index)
        digits = [len(f"{v:.12g}".replace(".", "").strip("-0")) for v in rows["value"]]
        # The most precise copy; between equals the better source, the figure with more
        # digits, the later publication. The id makes the order complete.
        digits, order = -np.array(digits, int), codes["observation_id"]
        copy = _places(precision, bound, reliability, digits, -published, order)
        steps = [unnamed, reliability, precision, -published]
        steps += [-of("stated_on", _last_day)]
        one_sided = of("qualifier", lambda word: SIDES.index(ONE_SIDED.get(word, "")))
        self.rows, self.of = rows, rows.groupby("series").indices
        self.aside = of("observation_id", aside.__contains__, bool)
        self.outcome = (year | (day & ~flow)) & (precision < 9)
        self.copy, self.speaks = copy, _places(unnamed, copy)
        self.steps, self.stands = np.column_stack(steps), _places(*steps, order)
        self.side = np.where(bound, bound, one_sided)
        self.time = _places(codes["period"], codes["stated_on"], order)

    def joint(self, at, *columns):
        """One number for each combination of columns, in the order of the first."""
        joint = self.codes[columns[0]][at]
        for column in columns[1:]:
            joint = joint * len(self.texts[column]) + self.codes[column][at]
        return joint

    def decided(self, at, *keys):
        """Steps 2 and 3: which statement stands for each group of rows.

        Parameters
        ----------
        at : array
        *keys : str
            Columns whose texts the rows of a group share.

        Returns
        -------
        tuple of array
            The group of each row; the row that witnesses each statement, its group, and
            on how many of `STEPS` in a row it equals the one that stands; by group the
            row that stands.
        """
        group = np.unique(self.joint(at, *keys), return_inverse=True)[1]
        lead = first(self.joint(at, *keys, "statement_id"), self.speaks[at])
        witness, of = at[lead], group[lead]
        best = witness[first(of, self.stands[witness])]
        equal = self.steps[witness] == self.steps[best[of]]
        return group, witness, of, equal.cumprod(axis=1).sum(axis=1), best

    def present(self, at, column):
        """Texts of a column in some rows, in their order."""
        return self.texts[column][np.unique(self.codes[column][at])].tolist()

    def cells(self, at, column):
        """Texts of a column in some rows."""
        return self.texts[column][self.codes[column][at]]

    def where(self, at, column, text):
        """Those of some rows that have a text in a column."""
        return at[self.cells(at, column) == text]


def told(table, data, reporter=None, partner=None) -> Told:
    """Rows of a table, ranked once; of a table that is viewed, those of the pair."""
    stated = table in data.observation_tables()
    key, make = ((), _observations) if stated else ((reporter, partner), _viewed)
    return data.once(("told", table, *key), lambda: Told(make(table, data, *key), data))


def _viewed(table, data, reporter, partner):
    """Rows of a table of flows in the form of statements, one a flow."""
    resource = data.resource(table) if table in data.tables() else {}
    if not (view := resource.get("view")):
        said = f"the data package has no table of observations {table!r}"
        raise NothingRecorded(said)
    name, rows = view["series"], data.load(table)
    sides = {"reporter": reporter, "partner": partner}
    named = {side: code for side, code in sides.items() if code is not None}
    if not named and data.pair is None:
        raise DataError(f"{name} is there for many pairs; name reporter and partner")
    known = {side: set(rows[view[side]].unique()) for side in named}
    for side, code in named.items():
        if code not in known[side]:
            raise unrecorded(data, side, code, known[side], name)
        rows = rows[rows[view[side]] == code]
    if not named:
        rows = rows[rows[[view[side] for side in sides]].isin(data.pair).all(axis=1)]
    if rows.empty:
        between = " and ".join(named.values() or data.pair)
        said = f"{name}: no flow recorded between {between} in this order"
        raise NothingRecorded(said)
    parts = {part: rows[view[part]].astype(str) for part in (*sides, "period")}
    ids = parts["reporter"] + "-" + parts["partner"] + "-" + parts["period"]
    texts = dict.fromkeys(("stated_on", "bound", "note"), "")
    texts |= {part: view[part] for part in ("stated_by", "qualifier", "valuation")}
    texts |= {"series": name, "unit": dictionary(data).at[name, "unit"]}
    texts |= {"period_type": "calendar_year", "source_id": resource["source_id"]}
    rows = rows.assign(**texts, **parts, observation_id=ids, statement_id=ids)
    return rows.assign(corrected=False).reset_index(drop=True)


def _coded(cells):
    """The texts of a column in their order, and the place in them of each cell."""
    cells = cells.to_numpy(object)
    texts = sorted(set(cells))
    places = {text: place for place, text in enumerate(texts)}
    return np.array(texts, object), np.array([places[cell] for cell in cells], int)


def _time(days):
    """Days as numbers, a missing one last."""
    seconds = days.to_numpy("datetime64[s]").view("int64")
    return np.where(days.isna(), np.iinfo("int64").max, seconds)


def _last_day(date):
    """Last day of a date as a number; where there is none it comes first."""
    return periods.bounds(date)[1].toordinal() if date else 0


def _places(*keys):
    """Place of each row in the order of some numbers; equal rows share one."""
    order = np.lexsort(keys[::-1])
    steps = [np.diff(np.asarray(key)[order], prepend=0) != 0 for key in keys]
    places = np.empty(len(order), "int64")
    places[order] = np.cumsum(np.any(steps, axis=0))
    return places


def unrecorded(data, column, word, present, name) -> DataError:
    """Error for a word without a row; of what is known, and the whole, no mistake."""
    places = dict.fromkeys(("reporter", "partner"), ("countries", "iso3"))
    places["stated_by"] = ("speakers", "stated_by")
    table, key = places.get(column, ("", ""))
    error = nearest(word, present, f"{column} of {name}")
    if word == "":  # of products and items
        return NothingRecorded(f"{name}: no row about the whole, without a {column}")
    if table in data.tables() and word in data.load(table)[key].tolist():
        return NothingRecorded(str(error))
    return error


def dictionary(data) -> pd.DataFrame:
    """Rows of the table ``series`` by name."""
    return data.once(("dictionary",), lambda: data.load("series").set_index("series"))


def _observations(table, data):
    """Rows of a table, corrections applied, with nothing missing."""
    rows = _corrected(data.load(table), data.load("corrections"))
    rows.attrs = {}  # pandas copies them deeply with each column
    gaps = [c for c in rows.columns.drop("value") if rows[c].hasnans]
    return rows.fillna(dict.fromkeys(gaps, ""))


def _corrected(rows, corrections):
    """Put what is meant where a source is known to err; say so in ``corrected``."""
    rows = rows.assign(corrected=False)
    place = {name: row for row, name in rows["observation_id"].items()}
    for fix in corrections.itertuples():
        row = place.get(fix.observation_id)
        if row is None:  # of another table
            continue
        kind = float if fix.column == "value" else str
        if (now := rows.at[row, fix.column]) != kind(fix.as_stated):
            raise DataError(
                f"corrections.csv, {fix.observation_id}, column {fix.column}: the row "
                f"now says {now}, the correction expects {fix.as_stated}; it has "
                "expired: remove or renew it"
            )
        rows.at[row, fix.column] = kind(fix.as_meant)
        rows.at[row, "corrected"] = True
    return rows


def first(group, place):
    """Positions of the row of each group that goes first, by group."""
    order = np.lexsort((place, group))
    return order[np.diff(group[order], prepend=-1) != 0]
