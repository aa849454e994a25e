"""Stated answers beside two independent readings: what differs, and what is amiss."""

from __future__ import annotations

import pandas as pd

from partnership.evidence.asof import days, report, vintage
from partnership.evidence.faults import DataError, Problem, nearest
from partnership.evidence.package import chosen
from partnership.evidence.ranks import dictionary
from partnership.verdicts import models
from partnership.verdicts.boards import claim_ids
from partnership.verdicts.inputs import READS, later, number, rules
from partnership.verdicts.models import records
from partnership.verdicts.rules import SCALE, STILL, VERDICTS, compare, stated


def readings(asked, data=None):
    """The two independent readings beside the settled answer.

    Parameters
    ----------
    asked : {"then", "now", "still"}
    data : DataPackage, optional

    Returns
    -------
    pandas.DataFrame
        Statements without a number: ``reading_a``, ``reading_b`` and ``verdict``, in
        words, "" where a question makes no sense; ``settlement``, the reason where not
        all three are one.
    """
    known, words = stated(chosen(data)), VERDICTS | STILL
    names = ["reading_a", "reading_b", "verdict"]
    rows = {
        claim: [*(words[row[name]] for name in names), row["settlement"] or ""]
        for (claim, question), row in known.items()
        if question == asked and (claim, "then") in known
    }
    columns = [*names, "settlement"]
    return pd.DataFrame.from_dict(rows, "index", columns=columns).rename_axis(
        "claim_id"
    )


_GROUNDS = {
    "supported": {"supports"},
    "supported_with_caveat": {"supports"},
    "overstated": {"qualifies", "contradicts"},
    "understated": {"qualifies", "contradicts"},
    "contradicted": {"contradicts"},
}
"""What of the evidence, known by its day, an answer cannot do without: one of these."""


def _unlike(verdict, first, second, text):
    """How a settlement has to read; nothing where it does."""
    words = {**VERDICTS, **STILL, None: "no answer"}
    aside = [one for one in (first, second) if one != verdict]
    who = "Both readings have" if len(aside) == 2 else "One reading has"
    lead = f"{who} {' and '.join(words[one] for one in dict.fromkeys(aside))}"
    tail = f"So {words[verdict]}."
    fits = text.removeprefix(lead)[:1] in (",", ".", ":") and text.endswith(tail)
    return "" if fits and text.startswith(lead) else f"{lead} …. {tail}"


def _said(answer):
    return [answer[name] for name in ("verdict", "reading_a", "reading_b")]


def _answer(claim, asked, answer, differ):
    """What is wrong with one answer, after the word that is asked."""
    scale, said = STILL if asked == "still" else VERDICTS, _said(answer)
    bad = [word or "nothing" for word in said if word not in scale]
    if bad:
        yield f": found {bad[0]}; allowed is a word of its scale"
    has, case = answer["settlement"] or "none", claim["case"]
    if differ != (has != "none"):
        allowed = "a reason" if differ else "none where all agree"
        yield f", settlement: found {has}; allowed is {allowed}"
    elif differ and not bad and (allowed := _unlike(*said, has)):
        yield f", settlement: found {has!r}; allowed is {allowed}"
    if asked == "still" and said[0] and case in ("event", "promise"):
        yield f": found {said[0]}; allowed is nothing for one of the case {case}"


def _groundless(claim, verdict, stances):
    """What a verdict lacks in the evidence that was known; nothing if it stands."""
    needed = _GROUNDS.get(verdict, set())
    # That something did not come needs no evidence but its absence.
    absent = claim["case"] == "promise" and "supports" not in needed
    if absent or not needed or needed & stances:
        return ""
    on = ", ".join(sorted(stances)) or "no evidence"
    return (
        f"found {verdict} on {on}; allowed is on what {' or '.join(sorted(needed))} it"
    )


def _still_so(claim, mine, answer, data):
    """What is wrong with a stated "still", by the last figure since it was said.

    A record is over when a later year does not reach it. Without a later figure it is
    not known; a model and a count of things that happened give none.
    """
    how, day = claim["comparison"], claim["said_on"]
    how = "at_least" if how == "record_high" else how
    main = [later(rule, day, data) for rule in mine if rule.role == "main"]
    last = max(filter(None, main), default=None)
    follows, why = "not_known", f"no figure is of a day after {day}"
    if last:
        outcome = compare(how, last[1], claim["value"], claim["tolerance_percent"])
        follows = "yes" if SCALE[how][outcome] == "supported" else "no"
        why = f"the last figure is {number(last[1])}"
    if answer["verdict"] not in (follows, None):
        return f"still: found {answer['verdict']}; allowed is {follows}, as {why}"
    return ""


def _lost(data):
    """What the statements and their rules require beside them, and is not there."""
    found, needed = [], {}
    try:
        source = report(data)["source_id"]
        if "sources" in data.tables():
            known = set(data.load("sources")["source_id"])
            if source not in known:
                raise DataError(f"report, {nearest(source, known, 'source_id')}")
    except DataError as error:
        found.append(
            Problem("datapackage.json", str(error).removeprefix("datapackage.json, "))
        )
    for rule in (rule for its in rules(data).values() for rule in its if rule.input):
        table = READS.get(rule.input, rule.input)
        if table == "series" and table in data.tables():
            table = dictionary(data)["theme"].get(rule.name, table)
        if table not in data.tables():
            needed.setdefault(table, []).append(rule.rule_id)
            continue
        kind = {"kind": [rule.name]} if table == rule.input and rule.name else {}
        try:
            models.check_values(rule.where | kind, table, data)
        except DataError as error:
            found.append(Problem("claim_rules.csv", f"{rule.rule_id}, {error}"))
    for table, by in needed.items():
        text = f"table {table} is missing that rules require: {', '.join(by)}"
        found.append(Problem("datapackage.json", text))
    return found or (models.faults(data) if "assumptions" in data.tables() else [])


def faults(data=None):
    """Find stated answers that stand neither on both readings nor on a reason.

    A statement without a number needs an answer as known then, as known now and to
    whether it is still so, one with a number the last alone; each in its own words. An
    answer that is not that of both readings needs a settlement, and no other has one:
    it names what it sets aside and what it comes to, so that no answer changes alone.
    An answer rests on evidence of its day: support for what is supported, something
    against it for what is not. Whether a number is still so follows from its last
    figure. Only a promise is asked whether it came, and neither a promise nor an event
    is still so. The report is named, and the tables that rules read are there.

    Parameters
    ----------
    data : DataPackage, optional

    Returns
    -------
    list of partnership.evidence.faults.Problem
    """
    data = chosen(data)
    if not claim_ids(data):
        return []
    rows, computed, found = dict(stated(data)), rules(data), _lost(data)
    whole = not found
    until = {"then": data.descriptor.get("report", {}).get("day"), "now": vintage(data)}
    pieces = data.load("evidence") if "evidence" in data.tables() else None

    def amiss(claim, text, file="claim_verdicts.csv"):
        found.append(Problem(file, f"{claim}, {text}"))

    for row in records(data.load("claims")):
        claim, question = row["claim_id"], row["question"]
        if (row["case"] == "promise") != (question == "did_it_come"):
            text = f"question: found {question}; allowed is did_it_come for a promise"
            amiss(claim, f"{text}, and only for one", "claims.csv")
        for one in ("still",) if claim in computed else ("then", "now", "still"):
            answer = rows.pop((claim, one), None)
            if answer is None:
                amiss(claim, f"asked: found no {one}; allowed is one row")
                continue
            differ = claim not in computed and len(set(_said(answer))) > 1
            for text in _answer(row, one, answer, differ):
                amiss(claim, f"{one}{text}")
            if claim in computed:
                text = _still_so(row, computed[claim], answer, data) if whole else ""
                amiss(claim, text) if text else None
            if claim in computed or pieces is None or not until.get(one):
                continue
            own = pieces[pieces["claim_id"] == claim]
            known = own[days(own["known_by"]) <= pd.Timestamp(until[one])]
            if text := _groundless(row, answer["verdict"], set(known["stance"])):
                amiss(claim, f"{one}: {text}")
    for claim, one in rows:
        amiss(claim, f"asked: found {one}; allowed is still for one with a rule")
    return found
