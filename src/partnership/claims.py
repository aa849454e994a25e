"""Verdicts on the statements of the report, computed from the data.

The rule of a statement with a number is data: the table ``claim_rules`` names the
inputs, ``claims`` the comparison, the number and the tolerance. `SCALE` maps
comparison and outcome to a verdict, and a caveat is a rule as well. A statement
without a number has verdicts with reasons in ``claim_verdicts`` and its evidence in
``evidence``.

Every verdict has a date. `View` shows a data package as it was known on a day: a row
is known from its earliest dated source, a month or a year counts as its last day, and
an undated source is not known before the last day unless the evidence says when.
"""

from __future__ import annotations

import functools
import json
import math
import os
from dataclasses import dataclass, field
from itertools import pairwise

import pandas as pd

from partnership import periods
from partnership.data import OBSERVATION_TABLES, DataError, DataPackage, default
from partnership.series import PRECISION, series, statements

SAID = "2017-04-02"
"""Day of the report."""

REPORT = "dip-ctv-2017-results"
"""Its source."""

VERDICTS = {
    "supported": "supported",
    "supported_with_caveat": "supported with a caveat",
    "overstated": "overstated",
    "understated": "understated",
    "contradicted": "contradicted",
    "superseded": "superseded by later events",
    "not_checkable": "not checkable",
}
"""The closed scale. Overstated: the records give less, or a lower number, than was
said; understated: more, or a higher one."""

OUTCOMES = ("below", "within", "above", "unknown")
_SUPPORT, _OVER, _UNDER = "supported", "overstated", "understated"
_WRONG, _OPEN = "contradicted", "not_checkable"
SCALE = {
    comparison: dict(zip(OUTCOMES, (*row, _OPEN), strict=True))
    for comparison, row in {
        "about": (_OVER, _SUPPORT, _UNDER),
        "equals": (_WRONG, _SUPPORT, _WRONG),
        "at_least": (_OVER, _SUPPORT, _SUPPORT),
        "at_most": (_SUPPORT, _SUPPORT, _UNDER),
        "record_high": (_OVER, _SUPPORT, _WRONG),
    }.items()
}
"""Comparison, and where the number found lies against the number said: the verdict.
For a record, above means that an earlier year is as high, and below that the level
itself was not reached."""

CAVEATS = {
    "definition": "another definition gives another answer",
    "witnesses": "it rests on one witness",
    "boundary": "it no longer holds at half the tolerance",
}
_NOT_NEWS = (
    "sources",
    "claims",
    "claim_rules",
    "claim_verdicts",
    "places",
    "countries",
)


# --------------------------------------------------------------------------------------
# What was known


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


# --------------------------------------------------------------------------------------
# The rule language: inputs and selections


@dataclass(frozen=True)
class Finding:
    """What one input of a rule gives.

    Attributes
    ----------
    role, label : str
        From the rule.
    value : float
        The number found, in the unit of the statement; NaN if none is known.
    outcome : str
        One of `OUTCOMES`.
    fits : bool or None
        Whether the outcome supports the statement; None if unknown.
    text : str
        Number and label as a reader writes them.
    independent : int
        Independent statements behind the number.
    source_ids : tuple of str
    """

    role: str
    label: str
    value: float = math.nan
    outcome: str = "unknown"
    fits: bool | None = None
    text: str = ""
    independent: int = 0
    source_ids: tuple = ()


@dataclass(frozen=True)
class _Found:
    """A number before it is compared; `more` and `less` mark a one-sided one."""

    value: float
    source_ids: tuple
    note: str = ""
    more: bool = False
    less: bool = False
    level: float | None = None
    independent: int = 0
    spoken: bool = False  # "more than" as somebody said it, not a count that goes on


def compare(
    comparison, found, said, tolerance=0.0, *, level=None, more=False, less=False
):
    """Where a number found lies against a number said.

    Parameters
    ----------
    comparison : str
        A key of `SCALE`.
    found, said : float
        In one unit; for a record, `found` is the highest earlier value.
    tolerance : float
        Percent of `said`, both ways.
    level : float, optional
        For a record: the value of the period itself; without it no record shows.
    more, less : bool
        `found` is only a lower or an upper bound.

    Returns
    -------
    str
        One of `OUTCOMES`.

    Raises
    ------
    ValueError
        For an unknown comparison or a negative tolerance.
    """
    if comparison not in SCALE:
        raise ValueError(
            f"comparison: found {comparison!r}; allowed are {', '.join(SCALE)}"
        )
    if not tolerance >= 0:
        raise ValueError(f"tolerance: found {tolerance}; allowed is 0 percent or more")
    if math.isnan(found):
        return "unknown"
    reach = said * tolerance / 100
    low, high = said - reach, said + reach
    if comparison == "record_high":
        if found >= high:  # a tie is no record
            return "unknown" if less else "above"
        if level is None or more:
            return "unknown"
        return "below" if level < low else "within"
    if more and found <= high:
        return "within" if comparison == "at_least" and found >= low else "unknown"
    if less and found >= low:
        return "within" if comparison == "at_most" and found <= high else "unknown"
    return "below" if found < low else "above" if found > high else "within"


def _conditions(text):
    pairs = [part.partition("=") for part in text.split(";") if part]
    return {column: value.split("|") for column, _, value in pairs}


def _series(rule, data):
    """The chosen value of a series, with what the rule selects around it."""
    wanted = {column: values[0] for column, values in _conditions(rule.where).items()}
    entry = data.load("series").set_index("series").loc[rule.name]
    rows = data.load(entry["theme"])
    rows = rows[(rows["series"] == rule.name) & rows["qualifier"].isin(list(PRECISION))]
    for column, value in wanted.items():
        rows = rows[rows[column] == value]
    kinds = ["calendar_year", "academic_year", "month", "date"]
    if rule.select == "stated":
        kinds = kinds[2:]
    elif entry["measure"] == "flow":
        kinds = kinds[:2]
    if not rows["period_type"].isin(kinds).any():
        return None
    start, end = map(pd.Timestamp, periods.bounds(rule.period))
    if rule.select == "stated":
        frame = statements(rule.name, data=data, outcomes_only=False, **wanted)
        frame = frame[frame["qualifier"].isin(list(PRECISION))]
        frame = frame[frame["period_type"].isin(kinds)]
        bound = frame["qualifier"].map({"more_than": "lower", "less_than": "upper"})
        frame = frame.assign(bound=bound.fillna(""), n_independent=1)
    else:
        frame = series(rule.name, data=data, **wanted)
    at = frame[frame["period"] == rule.period]
    if rule.select in ("nearest", "stated"):
        none = pd.Timedelta(0)
        away = (frame["start"] - end).clip(lower=none)
        away += (start - frame["end"]).clip(lower=none)
        near = away[away <= pd.Timedelta(days=30.44 * float(rule.within_months))]
        at = frame.loc[near.sort_values(kind="stable").index[:1]]
    row = at.iloc[0] if len(at) else None
    ids = tuple(at["source_id"])
    level, note = None, "" if row is None else f" ({row['period']})"
    if rule.select == "maximum_before":
        before = frame[frame["end"] < start]
        level = None if row is None else float(row["value"])
        also = "" if level is None else f" (and {number(level)} in {rule.period})"
        row = None if before.empty else before.loc[before["value"].idxmax()]
        if row is not None:
            note, ids = f" in {row['period']}{also}", (row["source_id"], *ids)
    if row is None:
        return None
    more, less = row["bound"] == "lower", row["bound"] == "upper"
    return _Found(
        row["value"], ids, note, more, less, level, row["n_independent"], spoken=True
    )


def _rows(rule, data):
    """Dated things that happened: how many, the first, or the wait for it."""
    frame = data.load(rule.input)
    date = "date_start" if rule.input == "visits" else "date"
    if rule.name:
        frame = frame[frame["kind"] == rule.name]
    for column, values in _conditions(rule.where).items():
        frame = frame[frame[column].isin(values)]
    start, _, end = rule.period.partition("..")
    frame = frame.dropna(subset=[date])
    frame = frame.assign(
        first=_last(frame[date], 0),
        last=_last(frame[date]),
    ).sort_values("first")
    today = getattr(data, "day", None) or pd.Timestamp(vintage(data))
    frame = frame[frame["last"] <= min(today, _day(end, "period") if end else today)]
    if start:
        frame = frame[frame["first"] >= pd.Timestamp(periods.bounds(start)[0])]
    ids = tuple(sorted({i for cell in frame["source_ids"] for i in cell.split(";")}))
    ids = tuple(i for i in ids if not isinstance(data, View) or i in data.kept)
    if rule.select == "count":
        # A span that is not over can only bring more, and so can what is left out.
        more = bool(end) and today < _day(end, "period")
        more |= getattr(data, "primary_only", False)
        return _Found(len(frame), ids, more=more, independent=len(ids))
    if frame.empty:
        if rule.select == "years_to_first":
            waited = (today - _day(start, "period")).days / 365.25
            return _Found(waited, (), " and more", more=True)
        return None
    first = frame.iloc[0]
    ids = tuple(i for i in first["source_ids"].split(";") if i in ids)
    if rule.select == "first_year":
        return _Found(float(first["first"].year), ids, independent=len(ids))
    waited = (first["first"] - _day(start, "period")).days / 365.25
    return _Found(waited, ids, f" ({first[date]})", independent=len(ids))


def _geodesic(rule, data):
    """Length of the shortest lines from place to place, km."""
    from partnership.corridor import geodesic_km

    places = data.load("places").set_index("place_id")
    stops = places.loc[rule.name.split(";")]
    at = list(zip(stops["latitude"], stops["longitude"], strict=True))
    length = sum(geodesic_km(a, b) for a, b in pairwise(at))
    return _Found(length, tuple(sorted(set(stops["source_id"]))), independent=1)


@functools.cache
def _fleet():
    from partnership import machinery

    evidence, ends = machinery.evidence(), machinery.intervals()
    fleets = machinery.fleet(evidence, machinery.draw(ends))
    ids = {i for cell in ends["source_id"] for i in cell.split(";") if i}
    return fleets, tuple(sorted(ids | set(evidence.source_ids)))


def _model(rule, data):
    """Median of a model, known once all of its sources are."""
    whole = data.whole if isinstance(data, View) else data
    if rule.name != "fleet":
        raise DataError(f"claim_rules: unknown model {rule.name!r}; allowed: fleet")
    if whole.path != default().path:
        return None
    fleets, ids = _fleet()
    if isinstance(data, View) and not data.shows(ids):
        return None
    low, middle, high = fleets[int(rule.period)].quantile([0.05, 0.5, 0.95]).round(-2)
    note = f" (90 percent of its draws: {number(low)} to {number(high)})"
    return _Found(middle, ids, note, independent=1)


_INPUTS = {
    "series": _series,
    "events": _rows,
    "visits": _rows,
    "agreements": _rows,
    "geodesic": _geodesic,
    "model": _model,
}


def number(value):
    """Write a number for a sentence, with no more digits than it carries."""
    places = 0 if value == int(value) or abs(value) >= 1000 else 1
    return f"{value:,.{places}f}"


# --------------------------------------------------------------------------------------
# Verdicts


@dataclass(frozen=True)
class Verdict:
    """The verdict on one statement as of one day.

    Attributes
    ----------
    claim_id, verdict : str
        `verdict` is a key of `VERDICTS`.
    as_of : str
        The day.
    sentence : str
        The numbers, or the reasons, that led to it.
    kind : {"computed", "stated"}
    findings : tuple of Finding
        Empty for a stated verdict.
    caveats : tuple of str
        Keys of `CAVEATS` that apply.
    evidence : pandas.DataFrame
        Rows of ``evidence`` known on that day.
    source_ids : tuple of str
        Sources of the findings and of the evidence.
    """

    claim_id: str
    verdict: str
    as_of: str
    sentence: str
    kind: str
    findings: tuple = ()
    caveats: tuple = ()
    evidence: pd.DataFrame = field(default=None, repr=False, compare=False)
    source_ids: tuple = ()


def vintage(data=None):
    """Day of the data: what "as known now" means."""
    return (data or default()).descriptor["created"][:10]


def _wording(claim):
    """The number of a statement in words."""
    unit = {
        "USD_million": "million US dollars",
        "embassy": "opening of an embassy",
        "ordinal": "visits",
        "units": "tractors",
        "persons": "students",
        "year": "",
    }.get(claim.unit, claim.unit)
    before = {
        "about": "about ",
        "at_least": "at least ",
        "at_most": "at most ",
        "record_high": "a record of ",
    }
    value = f"{claim.value:.0f}" if claim.unit == "year" else number(claim.value)
    return f"{before.get(claim.comparison, '')}{value} {unit}".strip()


def _judge(rule, claim, others, data, factor, strict):
    """Finding of one rule, compared with the number of its statement."""
    found = _INPUTS[rule.input](rule, data)
    if found is None:
        return Finding(rule.role, rule.label)
    target = others.loc[rule.compare_as] if rule.compare_as else claim
    literal = strict or not found.spoken
    outcome = compare(
        target.comparison,
        found.value,
        target.value,
        target.tolerance_percent * factor,
        level=found.level,
        more=found.more and literal,
        less=found.less and literal,
    )
    fits = (
        None if outcome == "unknown" else SCALE[target.comparison][outcome] == _SUPPORT
    )
    sign = ("more than " if found.more else "less than " if found.less else "") * (
        found.spoken
    )
    year = rule.select == "first_year"
    value = f"{found.value:.0f}" if year else number(found.value)
    years = " years" if rule.select == "years_to_first" else ""
    text = f"{sign}{value}{years} {rule.label}{found.note}"
    if rule.compare_as:
        text = f"{'also' if fits else 'not'} the {_wording(target)} of {rule.label}"
    return Finding(
        rule.role,
        rule.label,
        float(found.value),
        outcome,
        fits,
        text,
        int(found.independent),
        found.source_ids,
    )


def combine(findings, comparison, how="any"):
    """Verdict of several inputs, before the caveats of witnesses and boundary.

    Parameters
    ----------
    findings : list of Finding
        In the order of the rules.
    comparison : str
        A key of `SCALE`.
    how : {"any", "all"}
        Whether one deciding input must fit, or each that is known.

    Returns
    -------
    (str, tuple of str)
        Verdict, and the caveats that apply.
    """
    main = [f for f in findings if f.role == "main" and f.fits is not None]
    other = [f for f in findings if f.role == "definition" and f.fits is not None]
    if not main:
        return _OPEN, ()
    fits = any(f.fits for f in main) if how == "any" else all(f.fits for f in main)
    parted = how == "any" and len({f.fits for f in main}) > 1
    if fits and (parted or not all(f.fits for f in other)):
        return "supported_with_caveat", ("definition",)
    if fits:
        return _SUPPORT, ()
    if any(f.fits for f in other):
        return "supported_with_caveat", ("definition",)
    first = next(f for f in main if not f.fits)
    return SCALE[comparison][first.outcome], ()


def _computed(claim, rules, others, data, factor, strict):
    """Verdict, caveats and findings of a statement with a number."""
    inputs = [rule for rule in rules if rule.input]
    how = next(rule.combine for rule in inputs if rule.role == "main")

    def at(scale):
        found = [_judge(r, claim, others, data, scale, strict) for r in inputs]
        return found, *combine(found, claim.comparison, how)

    findings, result, caveats = at(factor)
    tests = {rule.role for rule in rules} - {"main", "definition"}
    if result in (_SUPPORT, "supported_with_caveat"):
        if "witnesses" in tests:
            heard = sum(f.independent for f in findings if f.fits)
            caveats += ("witnesses",) * (heard < 2)
        if "boundary" in tests and at(factor / 2)[1] not in (
            _SUPPORT,
            "supported_with_caveat",
        ):
            caveats += ("boundary",)
        result = "supported_with_caveat" if caveats else _SUPPORT
    return result, caveats, tuple(findings)


def _sentence(claim, findings, caveats, as_of):
    """One sentence with the numbers that led to a computed verdict."""
    known = [f for f in findings if f.text and f.fits is not None]
    said = f"The report says {_wording(claim)}"
    if not any(f.role == "main" for f in known):
        return f"{said}; nothing on it was known by {as_of}."
    fit = [f.text for f in known if f.fits]
    miss = [f.text for f in known if not f.fits]
    parts = [", ".join(side) for side in (fit, miss) if side]
    words = f"{said}; the records give {', but '.join(parts)}"
    extra = [CAVEATS[c] for c in caveats if c != "definition"]
    return words + "".join(f"; {phrase}" for phrase in extra) + "."


def verdict(
    claim_id,
    as_of=None,
    *,
    data=None,
    factor=1.0,
    primary_only=False,
    strict=False,
):
    """Judge one statement by what was known on a day.

    Parameters
    ----------
    claim_id : str
    as_of : str, optional
        ISO date; by default everything that the data hold counts.
    data : DataPackage, optional
    factor : float
        Multiplies every tolerance.
    primary_only : bool
        Leave out secondary and tertiary sources.
    strict : bool
        Take "more than" and "less than" as bounds; by default a speaker who says more
        than 5,000 is taken to mean a number near it.

    Returns
    -------
    Verdict

    Raises
    ------
    ValueError
        For an unknown statement, a date that is none or a factor below 0.
    """
    data = data or default()
    claims = data.load("claims").set_index("claim_id")
    if claim_id not in claims.index:
        raise ValueError(
            f"claim_id: found {claim_id!r}; allowed are {claims.index[0]} to "
            f"{claims.index[-1]}"
        )
    if not factor >= 0:
        raise ValueError(f"factor: found {factor}; allowed is 0 or more")
    day, view = as_of or vintage(data), data
    if as_of is not None or primary_only:
        view = _view(data, as_of, primary_only)
    claim, pieces = claims.loc[claim_id], view.load("evidence")
    pieces = pieces[pieces["claim_id"] == claim_id]
    rules = data.load("claim_rules")
    rules = rules[rules["claim_id"] == claim_id].astype(object).fillna("")
    if len(rules):
        result, caveats, findings = _computed(
            claim, list(rules.itertuples()), claims, view, factor, strict
        )
        sentence, kind = _sentence(claim, findings, caveats, day), "computed"
    else:
        stated = data.load("claim_verdicts")
        stated = stated[(stated["claim_id"] == claim_id) & (stated["as_of"] <= day)]
        if stated.empty:
            raise ValueError(f"as_of: found {day}; {claim_id} has no verdict by then")
        result, sentence = stated.sort_values("as_of").iloc[-1][["verdict", "reason"]]
        caveats, findings, kind = (), (), "stated"
        if result != _OPEN and not set(pieces["stance"]) - {"context"}:
            result, sentence = _OPEN, "No source of the kind asked for is left."
    ids = {i for f in findings for i in f.source_ids}
    ids |= {i for cell in pieces["source_ids"] for i in cell.split(";")}
    return Verdict(
        claim_id,
        result,
        day,
        sentence,
        kind,
        findings,
        caveats,
        pieces,
        tuple(sorted(ids)),
    )


@functools.lru_cache(maxsize=8)
def _view(data, as_of, primary_only):
    return View(data, as_of, primary_only)


def board(as_of=None, *, data=None, **options):
    """All statements with their verdicts.

    Parameters
    ----------
    as_of, data, **options
        As in `verdict`.

    Returns
    -------
    pandas.DataFrame
        Index claim_id; ``theme``, ``statement``, ``speaker``, ``verdict``,
        ``sentence``, ``kind``, ``as_of``, ``section`` (of the notebook that argues
        it) and ``source_ids``.
    """
    data = data or default()
    claims = data.load("claims").set_index("claim_id")
    found = [verdict(name, as_of, data=data, **options) for name in claims.index]
    names = ("verdict", "sentence", "kind", "as_of")
    columns = {name: [getattr(v, name) for v in found] for name in names}
    frame = claims[["theme", "statement", "speaker"]].assign(**columns)
    frame["section"] = [section(name, theme) for name, theme in frame["theme"].items()]
    frame["source_ids"] = [";".join(v.source_ids) for v in found]
    return frame


def counts(frame, column="verdict"):
    """Count the statements of a board by theme and verdict.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `board` returns it.
    column : str
        Column with the verdicts, keys of `VERDICTS`.

    Returns
    -------
    pandas.DataFrame
        Themes in the order of the notebooks by verdicts in the order of the scale, in
        words; verdicts that no statement has are left out.
    """
    table = pd.crosstab(frame["theme"], frame[column])
    themes = [theme for theme in NOTEBOOKS if theme in table.index]
    scale = [name for name in VERDICTS if name in table.columns]
    return table.loc[themes, scale].rename(columns=VERDICTS)


VARIANTS = {
    "tolerance halved": {"factor": 0.5},
    "tolerance doubled": {"factor": 2.0},
    "primary sources only": {"primary_only": True},
    "more than taken as a bound": {"strict": True},
}


def sensitivity(as_of=None, *, data=None):
    """Verdicts that change with tolerance, sources or reading.

    Parameters
    ----------
    as_of, data
        As in `verdict`.

    Returns
    -------
    pandas.DataFrame
        One row a change: ``variant``, ``claim_id``, ``kind``, ``verdict`` and
        ``becomes``.
    """
    base, changes = board(as_of, data=data), []
    for name, options in VARIANTS.items():
        other = board(as_of, data=data, **options)
        for claim in base.index[base["verdict"] != other["verdict"]]:
            kind, first = base.loc[claim, ["kind", "verdict"]]
            changes.append((name, claim, kind, first, other.at[claim, "verdict"]))
    columns = ["variant", "claim_id", "kind", "verdict", "becomes"]
    return pd.DataFrame(changes, columns=columns)


# --------------------------------------------------------------------------------------
# Where it is argued, and exports

NOTEBOOKS = {
    "trade": "01_trade",
    "machinery": "03_machinery",
    "education": "04_education",
    "industry": "05_industry",
    "corridor": "06_corridor",
    "diplomacy": "07_diplomacy",
}
SECTIONS = {
    "c04": "01_trade#Would it have been a record?",
    "c05": "01_trade#What was claimed, and of what?",
    "c22": "02_products#What came the other way?",
    "c25": "02_products#When was each group named first and last?",
    "c26": "02_products#Is malt exported?",
    "c27": "02_products#How much of it were machines?",
    "c28": "03_machinery#How likely is the report's number?",
    "c30": "03_machinery#The diesel train: promise and outcome",
    "c31": "03_machinery#What was stated about machines?",
    "c33": "04_education#What does the number count?",
    "c34": "05_industry#How rich in gas is the country?",
    "c42": "05_industry#How much came out of it?",
    "c43": "05_industry#How much came out of it?",
    **{
        f"c{n}": "05_industry#What became of seven to ten plants?"
        for n in range(18, 22)
    },
    "c44": "06_corridor#What can the number mean?",
    "c01": "07_diplomacy#Which were the documents?",
    "c12": "07_diplomacy#Which were the documents?",
    "c14": "07_diplomacy#Sixth and four times: what is counted?",
    "c15": "07_diplomacy#Sixth and four times: what is counted?",
}


def section(claim_id, theme):
    """Link to the notebook, and where there is one to the section, on a statement."""
    name, _, heading = SECTIONS.get(claim_id, NOTEBOOKS[theme]).partition("#")
    anchor = "#" + heading.replace(" ", "-") if heading else ""
    return f"{name}.ipynb{anchor}"


RATING = {
    "supported": 5,
    "supported_with_caveat": 4,
    "understated": 2,
    "overstated": 2,
    "contradicted": 1,
}
"""Rating of a verdict from 1 to 5; what is superseded or not checkable has none."""


def to_jsonld(base_url=None, as_of=None, *, data=None):
    """Write the board as schema.org ClaimReview.

    Parameters
    ----------
    base_url : str, optional
        Address under which the page ``09_claims.html`` stands; without it the links
        are relative.
    as_of, data
        As in `verdict`.

    Returns
    -------
    str
        JSON-LD: one ``@graph`` with a ClaimReview a statement.

    References
    ----------
    https://schema.org/ClaimReview
    """
    data = data or default()
    frame = board(as_of, data=data)
    claims = data.load("claims").set_index("claim_id")
    known = data.load("sources").set_index("source_id").fillna("")
    page = (base_url.rstrip("/") + "/" if base_url else "") + "09_claims.html"
    reviews = []
    for claim, row in frame.iterrows():
        report = known.loc[claims.at[claim, "source_id"]]
        outlet = {"@type": "Organization", "name": report["publisher"]}
        narrator = row["speaker"] == "report narrator"
        person = {"@type": "Person", "name": row["speaker"]}
        rating = {
            "@type": "Rating",
            "alternateName": VERDICTS[row["verdict"]],
            "ratingExplanation": row["sentence"],
        }
        if row["verdict"] in RATING:
            value = {"ratingValue": RATING[row["verdict"]]}
            rating |= value | {"bestRating": 5, "worstRating": 1}
        used = known.loc[[i for i in row["source_ids"].split(";") if i]]
        reviews.append(
            {
                "@type": "ClaimReview",
                "@id": f"{page}#{claim}",
                "url": f"{page}#{claim}",
                "claimReviewed": row["statement"],
                "datePublished": row["as_of"],
                "inLanguage": "en",
                "author": {
                    "@type": "Organization",
                    "name": data.descriptor["title"],
                    **({"url": base_url} if base_url else {}),
                },
                "itemReviewed": {
                    "@type": "Claim",
                    "author": outlet if narrator else person,
                    "datePublished": claims.at[claim, "said_on"],
                    "appearance": {
                        "@type": "CreativeWork",
                        "headline": report["title"],
                        "url": report["url"],
                        "datePublished": report["published"],
                        "publisher": outlet,
                    },
                },
                "reviewRating": rating,
                "isBasedOn": [
                    {"@type": "CreativeWork", "name": one["title"], "url": one["url"]}
                    for _, one in used.iterrows()
                ],
            }
        )
    graph = {"@context": "https://schema.org", "@graph": reviews}
    return json.dumps(graph, indent=2, ensure_ascii=False) + "\n"


def both(data=None):
    """Board with both tenses side by side.

    Returns
    -------
    pandas.DataFrame
        The columns of `board` as known now, with ``then`` and ``then_sentence`` as of
        the day of the report; ``then`` and ``now`` are words of the scale.
    """
    now, then = board(data=data), board(SAID, data=data)
    return now.assign(
        then=then["verdict"].map(VERDICTS),
        now=now["verdict"].map(VERDICTS),
        then_sentence=then["sentence"],
    )


def to_csv(data=None):
    """Write the board with both tenses as CSV."""
    columns = ["theme", "statement", "speaker", "then", "then_sentence", "now"]
    columns += ["sentence", "kind", "section", "source_ids"]
    return both(data)[columns].to_csv(lineterminator="\n")


def to_markdown(data=None, folder=""):
    """Write the board with both tenses as a Markdown table.

    Parameters
    ----------
    data : DataPackage, optional
    folder : str
        Put before the links to the notebooks, such as ``notebooks/``.
    """
    lines = ["| | Statement | In April 2017 | As known now | Why |", "|" + "---|" * 5]
    for claim, row in both(data).iterrows():
        link = f"[{claim}]({folder}{row['section']})"
        cells = [link, row["statement"], row["then"], row["now"], row["sentence"]]
        cells = [cell.replace("|", "\\|").replace("$", "\\$") for cell in cells]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


FORMATS = ("csv", "jsonld", "markdown")


def export(format="csv", base_url=None):
    """Write the board in one of `FORMATS`: the body of ``partnership claims``.

    Raises
    ------
    ValueError
        For an unknown format.
    """
    if format not in FORMATS:
        raise ValueError(f"format: found {format!r}; allowed are {', '.join(FORMATS)}")
    if format == "jsonld":
        return to_jsonld(base_url)
    return to_csv() if format == "csv" else to_markdown(folder="notebooks/")


# --------------------------------------------------------------------------------------
# The picture

LOOKS = {  # role of charts, and how much of its colour fills the tile
    "supported": ("pair", 1.0),
    "supported_with_caveat": ("pair", 0.25),
    "understated": ("TKM", 0.25),
    "overstated": ("TKM", 0.25),
    "contradicted": ("TKM", 1.0),
    "superseded": ("other", 1.0),
    "not_checkable": ("other", 0.0),
}


MARKS = dict(
    pair.split(" ", 1)
    for pair in """\
c01 11 documents|c02 a new branch|c03 strategic partners|c04 a record of 300
c05 trade around 300|c06 embassy opened|c07 Garlyk launched|c08 bridge a symbol
c09 bridge built|c10 the neighbours|c11 embassy interior|c12 on education
c13 joint statement|c14 the sixth visit|c15 visited four times|c16 reliable partners
c17 choose a corridor|c18 3 years at least|c19 within 5 years|c20 at least 7 plants
c21 up to 10 plants|c22 need of polymers|c23 sales to Europe|c24 logistics centres
c25 special vehicles|c26 malt|c27 farm machinery|c28 14,000 tractors
c29 built for the heat|c30 diesel train|c31 many machines|c32 tight education
c33 9,000 students|c34 rich in gas|c35 help with the gas|c36 shared know-how
c37 contract of 2010|c38 built from scratch|c39 Soviets dared not
c40 training goes on|c41 colleges to join|c42 region lifted|c43 potash for farms
c44 3,000 km apart|c45 proof of friendship""".replace("\n", "|").split("|")
)
"""A few words for each statement, as its mark in the picture."""


def board_chart(frame, title, subtitle, column="verdict", changed=(), sources=REPORT):
    """Draw the board: theme by verdict, each statement a tile with its words.

    Parameters
    ----------
    frame : pandas.DataFrame
        Index claim_id; ``theme`` and the verdicts.
    title, subtitle : str
        As in ``charts.canvas``.
    column : str
        Column with the verdicts, keys of `VERDICTS`.
    changed : iterable of str
        Statements that get a dark frame: their verdict was another one before.
    sources : str or iterable of str
        Ids for the footer; by default the report.

    Returns
    -------
    matplotlib.axes.Axes
        Tiles are patches with gid ``claim_id``. A verdict that nobody has got has no
        column.
    """
    from partnership import charts

    themes = [theme for theme in NOTEBOOKS if theme in set(frame["theme"])]
    scale = [name for name in VERDICTS if name in set(frame[column])]
    cells = frame.groupby(["theme", column]).groups
    rows = {t: max(len(cells.get((t, n), ())) for n in scale) for t in themes}
    tops, y = {}, 0.0
    for theme in themes:
        tops[theme], y = y, y + rows[theme] + 0.4
    ax = charts.canvas(title, subtitle, height=0.235 * (y + 2.9))
    with charts.style():
        for x, name in enumerate(scale):
            words = VERDICTS[name].replace(" with ", "\nwith ").replace(" by ", "\nby ")
            count = (frame[column] == name).sum()
            look = {"fontsize": 9, "va": "bottom", "gid": "head"}
            ax.text(x + 0.02, -0.35, f"{words}\n{count}", **look)
            for theme in themes:
                for place, claim in enumerate(cells.get((theme, name), ())):
                    at = x, tops[theme] + place
                    _tile(ax, *at, claim, LOOKS[name], claim in changed)
        for theme in themes:
            ax.text(
                -0.06, tops[theme] + 0.5, theme, ha="right", va="center", gid="theme"
            )
            ax.axhline(tops[theme] - 0.2, color=charts.GRID, linewidth=0.9, zorder=0)
        left = -0.8 * len(scale) / 6
        ax.set(xlim=(left, len(scale)), ylim=(y - 0.2, -2.9), xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    return charts.add_sources(ax, sources)


def _tile(ax, x, y, claim, look, changed):
    """One statement: its words on the colour of its verdict."""
    from matplotlib.patches import Rectangle

    from partnership import charts

    colour, share = charts.ROLES[look[0]].colour, look[1]
    rgb = [1 - (1 - c) * share for c in charts.to_rgb(colour)]
    edge, width = (charts.INK, 1.8) if changed else (colour, 0.8)
    box = {"facecolor": rgb, "edgecolor": edge, "linewidth": width, "gid": claim}
    ax.add_patch(Rectangle((x + 0.02, y + 0.06), 0.96, 0.86, **box))
    ink = max((charts.INK, "white"), key=lambda one: charts.contrast(one, rgb))
    look = {"fontsize": 8, "va": "center_baseline", "gid": "mark"}
    ax.text(x + 0.06, y + 0.5, MARKS.get(claim, claim), color=ink, **look)


def explorer(frame):
    """Menus for theme and verdict, and the statements that are left.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `both` returns it.

    Returns
    -------
    ipywidgets.interactive or None
        None, and a printed sentence, in runs that set PARTNERSHIP_UNATTENDED: nobody
        is there to choose, and the table of `to_markdown` says the same.
    """
    if os.environ.get("PARTNERSHIP_UNATTENDED"):
        print("Run this cell in JupyterLab to filter the statements.")
        return None
    import ipywidgets
    from IPython.display import display

    def show(theme, verdict):
        rows = frame if theme == "all" else frame[frame["theme"] == theme]
        rows = rows if verdict == "all" else rows[rows["now"] == verdict]
        columns = ["statement", "then", "now", "sentence"]
        hide = {"max_colwidth": None, "max_rows": None}
        with pd.option_context(
            *(x for k, v in hide.items() for x in ("display." + k, v))
        ):
            display(rows[columns])

    themes = ["all", *dict.fromkeys(frame["theme"])]
    scale = [
        "all",
        *(words for words in VERDICTS.values() if words in set(frame["now"])),
    ]
    return ipywidgets.interactive(show, theme=themes, verdict=scale)
