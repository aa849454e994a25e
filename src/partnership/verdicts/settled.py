"""Stated answers beside two independent readings: what differs, and what is amiss."""

from __future__ import annotations

import pandas as pd

from partnership.evidence import asof
from partnership.evidence.faults import Problem
from partnership.evidence.package import default
from partnership.verdicts.inputs import rules
from partnership.verdicts.models import records
from partnership.verdicts.rules import STILL, VERDICTS, stated


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
    known, words = stated(data or default()), VERDICTS | STILL
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


def _answer(claim, asked, answer, computed, evidence, days):
    """What is wrong with one answer, after the word that is asked."""
    scale, case = STILL if asked == "still" else VERDICTS, claim["case"]
    said = [answer[name] for name in ("verdict", "reading_a", "reading_b")]
    bad = [word or "nothing" for word in said if word not in scale]
    if bad:
        yield f": found {bad[0]}; allowed is a word of its scale"
    differ, has = not computed and len(set(said)) > 1, answer["settlement"] or "none"
    if differ != (has != "none"):
        allowed = "a reason" if differ else "none where all agree"
        yield f", settlement: found {has}; allowed is {allowed}"
    elif differ and not bad and (allowed := _unlike(*said, has)):
        yield f", settlement: found {has!r}; allowed is {allowed}"
    if asked == "still" and said[0] and case in ("event", "promise"):
        yield f": found {said[0]}; allowed is nothing for one of the case {case}"
    needed = _GROUNDS.get(said[0], set())
    # That something did not come needs no evidence but its absence.
    absent = case == "promise" and "supports" not in needed
    if computed or asked == "still" or not needed or absent:
        return
    early = evidence["known_by"] <= pd.Timestamp(days[asked])
    stances = sorted(set(evidence.loc[early, "stance"]))
    if not needed & {*stances}:
        found = f": found {said[0]} on {', '.join(stances) or 'no evidence'}; "
        yield f"{found}allowed is on what {' or '.join(sorted(needed))} it"


def faults(data=None):
    """Find stated answers that stand neither on both readings nor on a reason.

    A statement without a number needs an answer as known then, as known now and to
    whether it is still so, one with a number the last alone; each in its own words. An
    answer that is not that of both readings needs a settlement, and no other has one:
    it names what it sets aside and what it comes to, so that no answer changes alone.
    An answer rests on evidence of its day: support for what is supported, something
    against it for what is not. Only a promise is asked whether it came, and neither a
    promise nor an event is still so.

    Parameters
    ----------
    data : DataPackage, optional

    Returns
    -------
    list of partnership.evidence.faults.Problem
    """
    data = data or default()
    if "claims" not in data.tables():
        return []
    rows, computed, found = dict(stated(data)), rules(data), []
    known = data.load("evidence")
    known["known_by"] = asof.days(known["known_by"])
    days = {"then": asof.report(data)["day"], "now": asof.vintage(data)}

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
            own = known[known["claim_id"] == claim]
            for text in _answer(row, one, answer, claim in computed, own, days):
                amiss(claim, f"{one}{text}")
    for claim, one in rows:
        amiss(claim, f"asked: found {one}; allowed is still for one with a rule")
    return found
