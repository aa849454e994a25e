"""Verdicts on the statements of a report, computed from the data.

The rule of a statement with a number is data: the table ``claim_rules`` names the
inputs, ``claims`` the comparison, the number and the tolerance. `SCALE` maps
comparison and outcome to a verdict, and a caveat is a rule as well. A statement
without a number has two verdicts with reasons in ``claim_verdicts``, as known on the
day of the report and on the day of the data, and its evidence in ``evidence``. What was
known on a day shows `partnership.evidence.asof`, and what an input finds
`partnership.verdicts.inputs`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from partnership import checks
from partnership.evidence.asof import day_of, report, view, vintage
from partnership.evidence.package import chosen
from partnership.verdicts.inputs import found, number, rules
from partnership.verdicts.models import grouped

VERDICTS = {
    "supported": "supported",
    "supported_with_caveat": "supported with a caveat",
    "overstated": "overstated",
    "understated": "understated",
    "contradicted": "contradicted",
    "not_checkable": "not checkable",
}
"""The closed scale. Overstated: the records give less, or a lower number, than was
said; understated: more, or a higher one."""


STILL = {"yes": "yes", "no": "no", "not_known": "not known", None: ""}
"""Whether what was said is still so; nothing where that question makes no sense."""


OUTCOMES = ("below", "within", "above", "unknown")


_SUPPORT, _CAVEAT, _OVER = "supported", "supported_with_caveat", "overstated"


_UNDER, _WRONG, _OPEN = "understated", "contradicted", "not_checkable"


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
    """What one input of a rule gives."""

    role: str
    label: str
    value: float = math.nan  # in the unit of the statement; NaN if none is known
    outcome: str = "unknown"  # one of `OUTCOMES`
    fits: bool | None = None  # whether it supports the statement; None if unknown
    text: str = ""  # number and label as a reader writes them
    independent: int = 0  # independent statements behind the number
    source_ids: tuple = ()
    probability: float = math.nan  # share of a model's draws that fit what was said


@dataclass(frozen=True)
class Verdict:
    """The verdict on one statement as of one day."""

    claim_id: str
    verdict: str  # a key of `VERDICTS`
    as_of: str
    reason: str  # one sentence: the numbers, or the reasons, that led to it
    kind: str  # computed or stated
    findings: tuple = ()  # empty for a stated verdict
    caveats: tuple = ()  # keys of `CAVEATS` that apply
    source_ids: tuple = ()  # of the findings and of the evidence

    @property
    def probability(self):
        """Share of a model's draws that fit what was said; NaN without a model."""
        shares = [f.probability for f in self.findings]
        return next((share for share in shares if share >= 0), math.nan)


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
    low, high = limits(said, tolerance)
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


def limits(said, tolerance):
    """Lowest and highest number that a tolerance in percent takes for another."""
    reach = said * tolerance / 100
    return said - reach, said + reach


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
    if fits and not parted and all(f.fits for f in other):
        return _SUPPORT, ()
    if fits or any(f.fits for f in other):
        return _CAVEAT, ("definition",)
    first = next(f for f in main if not f.fits)
    return SCALE[comparison][first.outcome], ()


_BEFORE = {
    "about": "about ",
    "at_least": "at least ",
    "at_most": "at most ",
    "record_high": "a record of ",
}


def _wording(claim):
    """The number of a statement in words."""
    year = claim["unit"] == "year"
    value = f"{claim['value']:.0f}" if year else number(claim["value"])
    words = claim["unit_words"]
    before = _BEFORE.get(claim["comparison"], "")
    return f"{before}{value} {words or ''}".strip()


def _judge(rule, said, data, factor, strict):
    """Finding of one rule, compared with the number of its statement."""
    what = found(rule, data)
    if what is None:
        return Finding(rule.role, rule.label)
    (target,) = said[rule.compare_as or rule.claim_id]
    how = target["comparison"]
    against = target["value"], target["tolerance_percent"] * factor
    literal = strict or not what.spoken
    ends = {"more": what.more and literal, "less": what.less and literal}
    outcome = compare(how, what.value, *against, level=what.level, **ends)
    fits = None if outcome == "unknown" else SCALE[how][outcome] == _SUPPORT
    if rule.compare_as:
        text = f"{'also' if fits else 'not'} the {_wording(target)} of {rule.label}"
    else:
        sign = "more than " if what.more else "less than " if what.less else ""
        year = rule.select == "first_year"
        value = f"{what.value:.0f}" if year else number(what.value)
        years = " years" if rule.select == "years_to_first" else ""
        sign = sign if what.spoken else ""
        text = f"{sign}{value}{years} {rule.label}{what.note}"
    share = math.nan
    if what.draws is not None:
        low, high = limits(*against)
        low = -math.inf if how == "at_most" else low
        high = math.inf if how == "at_least" else high
        share = float(what.draws.between(low, high).mean())
        near = f"{against[1]:g} percent of the number said"
        near = f"{100 * share:.0f} percent come within {near}"
        text = f"{text.rstrip(')')}; {near})"
    about = (outcome, fits, text, int(what.independent), what.source_ids, share)
    return Finding(rule.role, rule.label, float(what.value), *about)


def _computed(mine, said, data, factor, strict):
    """Verdict, caveats and findings of a statement with a number."""
    inputs = [rule for rule in mine if rule.input]
    how = next(rule.combine for rule in inputs if rule.role == "main")
    comparison = said[mine[0].claim_id][0]["comparison"]

    def at(scale):
        findings = [_judge(rule, said, data, scale, strict) for rule in inputs]
        return findings, *combine(findings, comparison, how)

    findings, result, caveats = at(factor)
    tests = {rule.role for rule in mine}
    if result in (_SUPPORT, _CAVEAT):
        heard = sum(f.independent for f in findings if f.fits)
        if "witnesses" in tests and heard < 2:
            caveats += ("witnesses",)
        if "boundary" in tests and at(factor / 2)[1] not in (_SUPPORT, _CAVEAT):
            caveats += ("boundary",)
        result = _CAVEAT if caveats else _SUPPORT
    return result, caveats, tuple(findings)


def _reason(claim, findings, caveats, as_of):
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


def stated(data):
    """Rows of ``claim_verdicts`` as dicts by statement and what is asked."""
    rows = grouped(data, "claim_verdicts", "claim_id")
    return {(claim, row["asked"]): row for claim, its in rows.items() for row in its}


def _stated(claim_id, pieces, data, day, primary_only):
    """Verdict and reason of a statement without a number, by its `pieces`."""
    until = str(day_of(day, "as_of", data).date())
    days = {"now": vintage(data), "then": report(data)["day"]}
    asked = next((name for name, first in days.items() if first <= until), None)
    row = stated(data).get((claim_id, asked))
    if row is None:
        return _OPEN, f"Nothing on it was known by {day}."
    if row["verdict"] == _OPEN or {one["stance"] for one in pieces} - {"context"}:
        return row["verdict"], row["reason"]
    if primary_only:
        return _OPEN, "No source of the kind asked for is left."
    return _OPEN, f"No evidence on it was known by {day}."


def verdict(
    claim_id, as_of=None, *, data=None, factor=1.0, primary_only=False, strict=False
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
    data = chosen(data)
    said = grouped(data, "claims", "claim_id")
    if not isinstance(claim_id, str) or claim_id not in said:
        allowed = f"{min(said, default='none')} to {max(said, default='none')}"
        raise ValueError(f"claim_id: found {claim_id!r}; allowed are {allowed}")
    factor = checks.number(factor, "factor")
    shown, day = view(data, as_of, primary_only), as_of or vintage(data)
    pieces = grouped(shown, "evidence", "claim_id").get(claim_id, ())
    mine = rules(data).get(claim_id)
    caveats, findings, kind = (), (), "computed" if mine else "stated"
    if mine:
        result, caveats, findings = _computed(mine, said, shown, factor, strict)
        reason = _reason(said[claim_id][0], findings, caveats, day)
    else:
        result, reason = _stated(claim_id, pieces, data, day, primary_only)
    ids = {one for finding in findings for one in finding.source_ids}
    cells = filter(None, (row["source_ids"] for row in pieces))
    ids |= {one for cell in cells for one in cell.split(";")}
    about = (result, day, reason, kind, findings, caveats)
    return Verdict(claim_id, *about, source_ids=tuple(sorted(ids)))
