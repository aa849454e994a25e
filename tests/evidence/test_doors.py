"""What strangers hand to the package: one line each, or what they meant."""

import datetime

import numpy as np
import pandas as pd
import pytest

import partnership as p

GOODS, SOURCE = "goods_turnover", "trade-azernews-2017"


def computed(values, **how):
    return p.computed(pd.Series(values), how.pop("sources", SOURCE), "USD", **how)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        # Names in other letters, or titles where codes are meant.
        (lambda: p.series("GOODS_TURNOVER"), "did you mean goods_turnover"),
        (lambda: p.standing(GOODS, "blr"), "reporter of goods_turnover 'blr'; did you"),
        (lambda: p.standing(GOODS, "BLR", "Tkm"), "partner .* 'Tkm'; did you mean TKM"),
        (lambda: p.standing(GOODS, 112), "unknown reporter of goods_turnover 112; all"),
        (lambda: p.standing(GOODS, ["BLR"]), r"unknown reporter .* \['BLR'\]"),
        (lambda: p.series(GOODS, valuation="FOB"), "valuation of goods_turnover 'FOB'"),
        # One of another kind.
        (lambda: p.claim(["a"]), r"unknown metric of a claim \['a'\]"),
        (lambda: p.claim({}), "unknown metric of a claim {}"),
        (lambda: p.events(["opening"]), r"unknown kind \['opening'\]; did you mean op"),
        (lambda: p.find(None), "question: found None; allowed is words as text"),
        (lambda: p.find("trade", most=-1), "most: found -1; allowed is a whole number"),
        (lambda: p.find("trade", most="5"), "most: found '5'; allowed is a whole numb"),
        (lambda: p.sources(None), "sources: found None; allowed: a frame, a source id"),
        (lambda: p.cite(5), "sources: found 5; allowed: a frame, a source id, or seve"),
        (lambda: p.compare(None), "compare needs a list with one name or more"),
        (lambda: p.compare({"name": GOODS}), "compare needs a list with one name or "),
        (lambda: p.compare([{"label": "x"}]), "names: found {'label': 'x'}; allowed: "),
        (lambda: p.compare([[GOODS]]), r"names: found \['goods_turnover'\]; allowed:"),
        # A folder that is none.
        (lambda: p.open(5), "data: found 5; allowed: a folder"),
        (lambda: p.open("a\0b"), r"data: found 'a.*b'; allowed: a folder"),
        (lambda: p.use([]), r"data: found \[\]; allowed: a folder"),
        (
            lambda: p.series(GOODS, data="nowhere"),
            "nowhere/datapackage.json is missing",
        ),
        # Dates.
        (lambda: p.events(since="2016-13"), "since: '2016-13' is no date: month must"),
        (lambda: p.events(until=[2016]), r"until: '\[2016\]' is no date; write 2016"),
        # Values of one's own.
        (
            lambda: computed({2016: np.inf}),
            "values: found inf at 2016; allowed is a fi",
        ),
        (
            lambda: computed({2016: "1"}),
            "values: found '1' at 2016; allowed is a finit",
        ),
        (
            lambda: computed({2016: 1}, low=[1]),
            r"low: found \[1\]; allowed is a pandas S",
        ),
        (
            lambda: computed({2016: 1, 2017: 2}, low=pd.Series({2016: 1})),
            r"low: found no value \(NaN\) at 2017; allowed is a finite number",
        ),
        (
            lambda: computed({2016: 1}, low=pd.Series({2016: 5})),
            "low: found an end above high; allowed is one below",
        ),
        (
            lambda: p.computed(pd.Series([1, 2], ["2016", "2016"]), SOURCE, "USD"),
            "values: found '2016' twice; allowed is each once",
        ),
        (lambda: p.computed([1], SOURCE, "USD"), r"values: found \[1\]; allowed is a "),
        (
            lambda: p.computed(pd.DataFrame({"a": [1]}), SOURCE, "USD"),
            "no column 'value'",
        ),
        (
            lambda: computed({2016: 1}, sources=None),
            "sources: found None; allowed: a fr",
        ),
    ],
)
def test_one_line_says_what_was_found_and_what_is_allowed(call, message):
    with pytest.raises(ValueError, match=message) as raised:
        call()
    assert "\n" not in str(raised.value)


def test_dates_of_any_kind_are_read():
    expected = p.events(since="2017")["event_id"].tolist()
    assert 0 < len(expected) < len(p.events())
    for since in (2017, np.int64(2017), datetime.date(2017, 1, 1)):
        assert p.events(since=since)["event_id"].tolist() == expected


def test_data_are_also_named_by_their_folder():
    folder = p.series(GOODS).attrs["data"]
    assert p.series(GOODS, data=folder).value.equals(p.series(GOODS).value)


def test_an_economy_without_a_row_is_no_mistake():
    assert p.standing(GOODS, "KAZ").empty


def test_gaps_and_nothing_can_be_computed():
    assert computed({2016: 1.5, 2017: None})["value"].tolist() == [1.5]
    assert computed({}).empty
