"""Verdicts on the statements of a report, computed from the data.

The rule of a statement with a number is data: the table ``claim_rules`` names the
inputs, ``claims`` the comparison, the number and the tolerance. `SCALE` maps
comparison and outcome to a verdict, and a caveat is a rule as well. A statement
without a number has verdicts with reasons in ``claim_verdicts`` and its evidence in
``evidence``. Every verdict has a date; what was known then shows
`partnership.evidence.asof`.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field
from itertools import pairwise

import pandas as pd

from partnership.evidence import periods
from partnership.evidence.asof import View, _day, _last, _view, vintage
from partnership.evidence.faults import DataError
from partnership.evidence.package import default
from partnership.evidence.series import PRECISION, series, statements

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
        frame = statements(
            rule.name, data=data, outcomes_only=False, **wanted
        ).reset_index()
        frame = frame[frame["qualifier"].isin(list(PRECISION))]
        frame = frame[frame["period_type"].isin(kinds)]
        bound = frame["qualifier"].map({"more_than": "lower", "less_than": "upper"})
        frame = frame.assign(bound=bound.fillna(""), n_independent=1)
    else:
        frame = series(rule.name, data=data, **wanted).reset_index()
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
    from partnership.methods.routes import geodesic_km

    places = data.load("places").set_index("place_id")
    stops = places.loc[rule.name.split(";")]
    at = list(zip(stops["latitude"], stops["longitude"], strict=True))
    length = sum(geodesic_km(a, b) for a, b in pairwise(at))
    return _Found(length, tuple(sorted(set(stops["source_id"]))), independent=1)


@functools.cache
def _fleet():
    from partnership.study import machinery

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
