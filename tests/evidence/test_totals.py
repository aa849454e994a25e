"""What columns come to, apart from their cells; each change of a cell is noticed."""

import random
from itertools import zip_longest

import pandas as pd
import pytest

from invented import FLEET, SOURCES, observation
from partnership import verdicts
from partnership.evidence import plausible, totals
from partnership.evidence.overview import Known
from partnership.evidence.package import DataPackage, default

ROWS = [
    observation(1, "0.1", period="2009"),
    observation(2, "0.2", qualifier="about", signed_on="2010-05-30"),
    observation(3, "2500", bound="low", statement_id="st-1"),
]
BOARD = pd.DataFrame(
    {"now": ["supported", "not checkable"], "still": ["", "no"]}, ["c01", "c02"]
)


MADE = {"series": [FLEET], "sources": SOURCES}


@pytest.fixture
def told(package):
    """Function that counts three statements, changes them, and gives the messages."""

    def make(*changes):
        rows = zip_longest(ROWS, changes, fillvalue={})
        lines = totals.lines(package(machinery=ROWS, **MADE)).astype(str)
        rows = [row | change for row, change in rows]
        made = {"machinery": rows, "totals": lines.to_dict("records")}
        known = Known(package(**made | MADE))
        found = [known.problem(*one) for one in totals.faults(known)]
        return [str(one).removesuffix(f"; {totals.WAY}") for one in found]

    return make


def test_a_line_a_column(package):
    data = package(machinery=ROWS, **MADE)
    lines = totals.lines(data)
    assert list(lines) == ["table", "column", "cells", "come_to"]
    mine = lines[lines["table"] == "machinery"].set_index("column")
    assert [*mine.index] == [*data.load("machinery")]
    told = mine.apply(tuple, axis=1)
    assert told["value"] == ("machinery", 3, "2500.3"), "exactly, not as floats add"
    assert told["period"] == ("machinery", 3, str(2009 + 2010 + 2010))
    assert told["signed_on"] == ("machinery", 1, str(2010 + 5 + 30))
    assert told["qualifier"] == ("machinery", 3, "about 1, exact 2")
    assert told["bound"] == ("machinery", 1, "low 1")
    assert told["statement_id"] == ("machinery", 3, "2 different")
    assert told["note"] == ("machinery", 0, "0 different")
    assert "totals" not in {*lines["table"]}
    assert "trade_world" in {*lines["table"]}, "packed or not"


def test_a_long_list_is_not_counted_word_by_word(package):
    codes = [{"iso3": f"{n:03}", "kind": f"k{n}"} for n in range(41)]
    for number, said in ((40, "k0 1, k1 1, k10 1"), (41, "41 different")):
        lines = totals.lines(package(countries=codes[:number]))
        lines = lines.set_index(["table", "column"])["come_to"]
        assert lines["countries", "kind"].startswith(said)


def test_what_has_not_changed_says_nothing(told):
    assert told() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": "0.7"}, "value: found 2500.9, +0.6; allowed: 2500.3"),
        ({"value": "-0.1"}, "value: found 2500.1, -0.2; allowed: 2500.3"),
        ({"value": ""}, "value: found 2500.2, -0.1 (-1 cells); allowed: 2500.3"),
        ({"value": "0"}, "value: found 2500.2, -0.1; allowed: 2500.3"),
        ({"period": "2008"}, "period: found 6028, -1; allowed: 6029"),
        (
            {"qualifier": "derived"},
            "qualifier: found derived 1, exact 1; allowed: exact 2",
        ),
        (
            {"qualifier": ""},
            "qualifier: found exact 1 (-1 cells); allowed: exact 2",
        ),
        ({"bound": "high"}, "bound: found high 1 (+1 cells); allowed: no such"),
        ({"statement_id": "st-9"}, "statement_id: found 3 different; allowed: 2 diff"),
    ],
)
def test_a_change_is_told_beside_what_was(told, change, said):
    (message,) = told(change)
    assert message.startswith("totals.csv, row ")
    assert f"column come_to: machinery, {said}" in message


def test_two_digits_that_changed_places_are_named_as_such(told):
    (message,) = told({}, {}, {"value": "5200"})
    assert message.endswith(
        "value: found 5200.3, +2700, a multiple of 9, as when two digits change "
        "places; allowed: 2500.3"
    )


def test_a_cell_that_is_filled_with_what_is_there_is_counted(told):
    (message,) = told({"note": "x"}, {"note": "x"})
    assert "machinery, note: found 1 different (+2 cells); allowed: 0" in message


def test_lines_and_columns_match(package):
    lines = totals.lines(package(machinery=ROWS, **MADE)).astype(str)
    first, *others = lines.to_dict("records")
    made = {"totals": [*others, first | {"column": "colour"}], "machinery": ROWS}
    found = [
        (at, text) for _, at, _, text in totals.faults(Known(package(**made, **MADE)))
    ]
    said = "trade, found colour no such column for what is there; observation_id no "
    said += f"line for one; allowed: what stands here; {totals.WAY}"
    assert found == [(len(others), said)]


def test_a_row_more_is_one_fault(told):
    (message,) = told({}, {}, {}, observation(4, "7", note="seen"))
    assert message.startswith("totals.csv, row ")
    assert message.endswith(
        "machinery, found observation_id 4 different (+1 cells) for 3 different; "
        "series the same (+1 cells) for 3 cells; stated_by the same (+1 cells) for 3 "
        "cells; reporter the same (+1 cells) for 3 cells and 11 columns more; "
        "allowed: what stands here"
    )


def test_as_long_as_nothing_was_counted_nothing_is_asked(package):
    known = Known(package(machinery=ROWS, totals=[]))
    assert [*plausible.CHECKS["totals"](known)] == []


def test_renewing_says_what_changed_and_records_it(package):
    names = {"series": list, "sources": list, "speakers": list}  # the project's own
    data = package(machinery=[], **names)
    said = totals.renew(data, BOARD)
    assert "sources, kind: no line, was one" in said
    assert "verdicts, now: no line, was one" in said
    assert len(said) == len(totals.lines(data)) + 2
    board = BOARD.assign(now=["overstated", "not checkable"])
    changed = "verdicts, now: c01 overstated, was c01 supported"
    assert totals.renew(data, board) == [changed]
    again = DataPackage(data.path, data.descriptor)
    assert again.unchanged("totals")
    lines = again.load("totals").set_index(["table", "column"])
    assert [*lines.loc[("verdicts", "still")]] == [1, "c02 no"]


def test_what_would_change_a_verdict_is_told_by_its_statement(package):
    def other(rows):
        return [
            row | ({"comparison": "about"} if row["claim_id"] == "c19" else {})
            for row in rows
        ]

    data = package(shipped=True, claims=other)
    (fault,) = verdicts.changed(data)
    said = "verdicts, now: found c19 overstated; allowed: c19 supported with a caveat"
    assert fault.message == f"{said}; {totals.WAY}"
    assert verdicts.changed(default()) == []


@pytest.mark.parametrize("table", default().observation_tables())
def test_a_cell_of_any_row_is_noticed(table):
    """Changed at random, one at a time, in the tables of today."""
    data, rng = default(), random.Random(2017)
    kept = data.load("totals").fillna("").set_index(["table", "column"])["come_to"]
    frame, fields = data.load(table), data.resource(table)["schema"]["fields"]
    for field in fields:
        column, cells = field["name"], frame[field["name"]].dropna().tolist()
        if column in ("value", "period", "qualifier", "stated_by", "reporter"):
            at = rng.randrange(len(cells))
            cells[at] = rng.choice(sorted({*cells} - {cells[at]}))
            come_to = totals.come_to(cells, field, refers=True)
            assert come_to != kept[table, column], (column, at, cells[at])
