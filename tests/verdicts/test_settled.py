"""Stated answers beside the readings, and what `check` finds amiss in them."""

import json
import textwrap

import pytest

import partnership as p
from invented import SETTLED, claim, rule
from partnership import verdicts


def rows(court, **changes):
    """Faults of a court whose second statement has other answers."""
    old = court().load("claim_verdicts").fillna("").to_dict("records")
    made = [
        row | (changes.get(row["asked"], {}) if row["claim_id"] == "c02" else {})
        for row in old
    ]
    kept = [row for row in made if row.get("asked")]
    data = court(tables={"claim_verdicts": kept})
    return [fault.message for fault in verdicts.faults(data)]


def test_readings_and_answer_stand_in_words(court):
    table = verdicts.readings("now", court())
    assert table.loc["c02"].tolist() == [
        *("not checkable", "not checkable", "supported", SETTLED)
    ]
    assert verdicts.readings("still", court()).index.tolist() == ["c02"]


def test_the_answers_of_the_court_stand(court, package):
    assert verdicts.faults(court()) == []
    assert verdicts.faults(package()) == []


def test_what_statements_and_rules_require_is_named(court):
    number = {"input": "events", "name": "opening", "select": "count"}
    model = {"input": "model", "name": "fleet", "where": "model=m", "period": "2010"}
    line = {"input": "geodesic", "name": "one;other", "select": "length"}
    kept = court().load("claim_rules").dropna(axis=1, how="all").to_dict("records")
    more = [rule(n, "c01", **how) for n, how in enumerate((number, model, line), 11)]
    data = court(tables={"claim_rules": kept + more})
    gone = {"events", "assumptions", "places", "machinery"}
    about = dict(data.descriptor)
    about["resources"] = [r for r in about["resources"] if r["name"] not in gone]
    del about["report"]
    (data.path / "datapackage.json").write_text(json.dumps(about), encoding="utf-8")
    faults = verdicts.faults(p.open(data.path))
    assert {fault.file for fault in faults} == {"datapackage.json"}
    found = "; ".join(fault.message for fault in faults)
    assert "report: found no name" in found
    for table in gone:
        assert f"table {table} is missing that rules require: cr" in found


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("maker=XX|YY", "unknown maker of machinery 'YY'; allowed: XX"),
        ("machine=traktor", "unknown machine of machinery 'traktor'; did you mean tra"),
        ("qualifier=", "unknown qualifier of machinery ''; did you mean "),
        ("maker=XX", ""),
        ("machine=combine", ""),  # of which there is no row, which may be an answer
    ],
)
def test_a_condition_that_no_row_can_fulfil_is_a_misprint(court, where, said):
    kept = court().load("claim_rules").dropna(axis=1, how="all").to_dict("records")
    rules = [row | ({"where": where} if row["role"] == "main" else {}) for row in kept]
    data = court(found=[100], tables={"claim_rules": rules})
    faults = [one for one in verdicts.faults(data) if one.file == "claim_rules.csv"]
    assert [fault.message.startswith("cr01, ") for fault in faults] == [True] * bool(
        said
    )
    assert said in "".join(map(str, faults))


def test_a_kind_of_event_that_cannot_be_is_a_misprint(court):
    how = {"input": "events", "name": "openning", "select": "count", "period": "2010"}
    kept = court().load("claim_rules").dropna(axis=1, how="all").to_dict("records")
    events = [{"event_id": "ev001", "date": "2010", "kind": "opening"}]
    tables = {"claim_rules": [*kept, rule(2, "c01", **how)]}
    (fault,) = verdicts.faults(court(tables=tables | {"events": events}))
    assert "cr02, unknown kind of events 'openning'; did you mean opening" in str(fault)


def test_the_source_of_the_report_is_described(court):
    data = court()
    data.descriptor["report"]["source_id"] = "s-raport"
    (fault,) = verdicts.faults(data)
    said = "datapackage.json: report, unknown source_id 's-raport'; did you mean s-rep"
    assert str(fault).startswith(said)


def test_without_a_day_nothing_is_known_now(court):
    data = court()
    del data.descriptor["created"]
    with pytest.raises(p.DataError, match=r"datapackage.json, created: found nothing"):
        verdicts.faults(data)


def test_tables_of_statements_require_each_other(court):
    data = court()
    about = dict(data.descriptor)
    gone = {"claim_rules", "claim_verdicts", "evidence"}
    about["resources"] = [r for r in about["resources"] if r["name"] not in gone]
    (data.path / "datapackage.json").write_text(json.dumps(about), encoding="utf-8")
    (fault,) = p.open(data.path).check()
    assert all(f"{table} (for claims)" in fault.message for table in gone)


@pytest.mark.parametrize(
    ("asked", "change", "said"),
    [
        ("now", {"settlement": ""}, "now, settlement: found none; allowed is a reason"),
        ("then", {"reading_b": "supported"}, "then, settlement: found none"),
        ("then", {"settlement": "So."}, "then, settlement: found So.; allowed is none"),
        (
            "still",
            {"verdict": "supported"},
            "still: found supported; allowed is a word",
        ),
        ("then", {"reading_a": "yes"}, "then: found yes; allowed is a word of its"),
        (
            "then",
            {"verdict": ""},
            "then: found nothing; allowed is a word of its scale",
        ),
        ("still", {"asked": ""}, "asked: found no still; allowed is one row"),
        ("now", {"verdict": "overstated"}, f"now, settlement: found {SETTLED!r}"),
        ("now", {"reading_a": "supported"}, f"now, settlement: found {SETTLED!r}"),
        ("now", {"reading_b": "overstated"}, f"now, settlement: found {SETTLED!r}"),
        (
            "then",
            dict.fromkeys(("verdict", "reading_a", "reading_b"), "contradicted"),
            "then: found contradicted on supports; allowed is on what contradicts it",
        ),
    ],
)
def test_what_is_amiss_is_named(court, asked, change, said):
    found = rows(court, **{asked: change})
    assert found and found[0].startswith(f"c02, {said}")


def test_a_rule_and_a_stated_verdict_exclude_each_other(court):
    table = court().load("claim_verdicts").fillna("").to_dict("records")
    extra = table[0] | {"claim_id": "c01"}
    (fault,) = verdicts.faults(court(tables={"claim_verdicts": [*table, extra]}))
    allowed = "allowed is still for one with a rule"
    assert str(fault) == f"claim_verdicts.csv: c01, asked: found then; {allowed}"


def test_only_a_promise_is_asked_whether_it_came(court):
    said = [claim("c02", "01_trade", is_quantitative="false", case="promise")]
    table = court().load("claim_verdicts").fillna("").to_dict("records")
    none = dict.fromkeys(("verdict", "reading_a", "reading_b"), "")
    table = [row | (none if row["asked"] == "still" else {}) for row in table]
    kept = [row for row in table if row["claim_id"] == "c02"]
    tables = {"claims": said, "claim_rules": [], "claim_verdicts": kept}
    (fault,) = verdicts.faults(court(tables=tables))
    assert str(fault).startswith("claims.csv: c02, question: found was_so; allowed is")


@pytest.mark.parametrize(
    ("answer", "piece", "said"),
    [
        ("supported", {"known_by": "2011-01"}, "found supported on no evidence"),
        ("supported", {"stance": "context"}, "found supported on context"),
        ("understated", {}, "found understated on supports; allowed is on what "),
    ],
)
def test_an_answer_rests_on_evidence_of_its_day(court, answer, piece, said):
    table = court().load("claim_verdicts").fillna("").to_dict("records")
    same = dict.fromkeys(("verdict", "reading_a", "reading_b"), answer)
    table = [row | (same if row["asked"] == "then" else {}) for row in table]
    own = {"evidence_id": "ce001", "claim_id": "c02", "stance": "supports"}
    own |= {"known_by": "2009-12", "source_ids": "s-2009"} | piece
    data = court(tables={"claim_verdicts": table, "evidence": [own]})
    assert said in "; ".join(fault.message for fault in verdicts.faults(data))


def test_an_event_and_a_promise_are_not_still_so(court):
    said = claim("c01", "01_trade", value="1", unit="units", case="event")
    said |= {"comparison": "equals", "tolerance_percent": "0"}
    other = claim("c02", "01_trade", is_quantitative="false")
    faults = verdicts.faults(court(tables={"claims": [said, other]}))
    text = "c01, still: found not_known; allowed is nothing for one of the case event"
    assert [fault.message for fault in faults] == [text]


@pytest.mark.parametrize(
    ("found", "period", "answers"),
    [
        (100, "2010", "yes"),
        (50, "2012", "no"),
        (150, "2012", "no"),
        (100, "2009", "not_known"),
    ],
)
def test_a_number_is_still_so_by_its_last_figure(court, found, period, answers):
    table = court().load("claim_verdicts").fillna("").to_dict("records")
    for answer in ("yes", "no", "not_known", ""):
        mine = [r | {"verdict": answer} for r in table if r["claim_id"] == "c01"]
        others = [r for r in table if r["claim_id"] != "c01"]
        tables = {"claim_verdicts": mine + others}
        faults = verdicts.faults(court([found], period=period, tables=tables))
        said = f"c01, still: found {answer}; allowed is {answers}, as "
        assert [fault.message.startswith(said) for fault in faults] == (
            [] if answer in (answers, "") else [True]
        )


def test_a_record_is_still_one_where_the_level_is_reached(court):
    said = claim("c01", "01_trade", value="100", unit="units", tolerance_percent="0")
    said |= {"comparison": "record_high"}
    tables = {"claims": [said, claim("c02", "01_trade", is_quantitative="false")]}
    (fault,) = verdicts.faults(court([120], period="2012", tables=tables))
    assert (
        fault.message == "c01, still: found not_known; allowed is yes, as the last "
        "figure is 120"
    )


def test_the_scales_are_those_of_the_data(court):
    schema = court().resource("claim_verdicts")["schema"]["fields"]
    (answer,) = (one for one in schema if one["name"] == "verdict")
    still = [word for word in verdicts.STILL if word]
    assert answer["constraints"]["enum"] == [*verdicts.VERDICTS, *still]
    assert len(verdicts.VERDICTS) == 6


def test_what_is_amiss_word_for_word(court):
    same = ("verdict", "reading_a", "reading_b")
    cases = [
        {"now": {"settlement": ""}},
        {"then": {"reading_b": "supported"}},
        {"then": {"settlement": "So."}},
        {"still": {"verdict": "supported"}},
        {"then": {"reading_a": "yes"}},
        {"then": {"verdict": ""}},
        {"still": {"asked": ""}},
        {"now": {"verdict": "overstated"}},
        {"now": {"reading_a": "supported"}},
        {"now": {"settlement": SETTLED.replace("So supported", "So be it")}},
        {"now": {"settlement": SETTLED.replace("Both", "The")}},
        {"now": {"settlement": SETTLED.replace("checkable,", "checkable -")}},
        {"then": dict.fromkeys(same, "contradicted")},
        {"then": dict.fromkeys(same, "overstated")},
    ]
    made = ["; ".join(rows(court, **case)) for case in cases]
    assert [textwrap.wrap(text, 72) for text in made] == [
        ["c02, now, settlement: found none; allowed is a reason"],
        ["c02, then, settlement: found none; allowed is a reason"],
        ["c02, then, settlement: found So.; allowed is none where all agree"],
        [
            "c02, still: found supported; allowed is a word of its scale; c02, still,",
            "settlement: found none; allowed is a reason",
        ],
        [
            "c02, then: found yes; allowed is a word of its scale; c02, then,",
            "settlement: found none; allowed is a reason",
        ],
        [
            "c02, then: found nothing; allowed is a word of its scale; c02, then,",
            "settlement: found none; allowed is a reason",
        ],
        ["c02, asked: found no still; allowed is one row"],
        [
            "c02, now, settlement: found 'Both readings have not checkable, too",
            "early. We say so. So supported.'; allowed is Both readings have not",
            "checkable …. So overstated.; c02, now: found overstated on supports;",
            "allowed is on what contradicts or qualifies it",
        ],
        [
            "c02, now, settlement: found 'Both readings have not checkable, too",
            "early. We say so. So supported.'; allowed is One reading has not",
            "checkable …. So supported.",
        ],
        [
            "c02, now, settlement: found 'Both readings have not checkable, too",
            "early. We say so. So be it.'; allowed is Both readings have not",
            "checkable …. So supported.",
        ],
        [
            "c02, now, settlement: found 'The readings have not checkable, too early.",
            "We say so. So supported.'; allowed is Both readings have not checkable",
            "…. So supported.",
        ],
        [
            "c02, now, settlement: found 'Both readings have not checkable - too",
            "early. We say so. So supported.'; allowed is Both readings have not",
            "checkable …. So supported.",
        ],
        [
            "c02, then: found contradicted on supports; allowed is on what",
            "contradicts it",
        ],
        [
            "c02, then: found overstated on supports; allowed is on what contradicts",
            "or qualifies it",
        ],
    ]


def test_a_promise_needs_no_evidence_that_it_did_not_come(court):
    said = claim("c02", "01_trade", is_quantitative="false", case="promise")
    said["question"] = "did_it_come"
    table = court().load("claim_verdicts").fillna("").to_dict("records")
    table = [row for row in table if row["claim_id"] == "c02"]
    for row in table:
        if row["asked"] != "still":
            row |= dict.fromkeys(("verdict", "reading_a", "reading_b"), "contradicted")
            row["settlement"] = ""
        else:
            row |= dict.fromkeys(("verdict", "reading_a", "reading_b"), "")
    tables = {"claims": [said], "claim_rules": [], "evidence": []}
    assert verdicts.faults(court(tables=tables | {"claim_verdicts": table})) == []
    table[0] |= dict.fromkeys(("verdict", "reading_a", "reading_b"), "supported")
    (fault,) = verdicts.faults(court(tables=tables | {"claim_verdicts": table}))
    assert str(fault) == (
        "claim_verdicts.csv: c02, then: found supported on no evidence; allowed is on "
        "what supports it"
    )


def test_what_is_missing_word_for_word(court):
    data = court()
    about = dict(data.descriptor)
    about["resources"] = [r for r in about["resources"] if r["name"] != "machinery"]
    del about["report"]
    (data.path / "datapackage.json").write_text(json.dumps(about), encoding="utf-8")
    assert [str(fault) for fault in verdicts.faults(p.open(data.path))] == [
        "datapackage.json: report: found no name; allowed is a report with name, day "
        "and source_id",
        "datapackage.json: table machinery is missing that rules require: cr01",
    ]
