"""Stated answers beside two independent readings: what differs, and what is amiss."""

from __future__ import annotations

import pandas as pd

from partnership.evidence.asof import report
from partnership.evidence.faults import DataError, Problem
from partnership.evidence.package import default
from partnership.evidence.ranks import dictionary
from partnership.verdicts.boards import claim_ids
from partnership.verdicts.inputs import READS, rules
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


def _lost(data):
    """What the statements and their rules require beside them, and is not there."""
    found, needed = [], {}
    try:
        report(data)
    except DataError as error:
        found.append(Problem("datapackage.json", str(error).partition(", ")[2]))
    for rule in (rule for its in rules(data).values() for rule in its if rule.input):
        table = READS.get(rule.input, rule.input)
        if table == "series" and table in data.tables():
            table = dictionary(data)["theme"].get(rule.name, table)
        if table not in data.tables():
            needed.setdefault(table, []).append(rule.rule_id)
    for table, by in needed.items():
        text = f"table {table} is missing that rules require: {', '.join(by)}"
        found.append(Problem("datapackage.json", text))
    return found


def faults(data=None):
    """Find stated answers that stand neither on both readings nor on a reason.

    A statement without a number needs an answer as known then, as known now and to
    whether it is still so, one with a number the last alone; each in its own words. An
    answer that is not that of both readings needs a settlement, and no other has one.
    Only a promise is asked whether it came. The report is named, and the tables that
    rules read are there.

    Parameters
    ----------
    data : DataPackage, optional

    Returns
    -------
    list of partnership.evidence.faults.Problem
    """
    data = data or default()
    if not claim_ids(data):
        return []
    rows, computed, found = dict(stated(data)), rules(data), _lost(data)

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
            scale = STILL if one == "still" else VERDICTS
            said = [answer[name] for name in ("verdict", "reading_a", "reading_b")]
            if bad := [word or "nothing" for word in said if word not in scale]:
                amiss(claim, f"{one}: found {bad[0]}; allowed is a word of its scale")
            differ = claim not in computed and len(set(said)) > 1
            if differ != bool(answer["settlement"]):
                allowed = "a reason" if differ else "none where all agree"
                has = answer["settlement"] or "none"
                amiss(claim, f"{one}, settlement: found {has}; allowed is {allowed}")
    for claim, one in rows:
        amiss(claim, f"asked: found {one}; allowed is still for one with a rule")
    return found
