import pandas as pd
import pytest

import partnership as p
from invented import claim


def test_a_claim_is_its_number_and_knows_where_it_was_said():
    rows = p.load("claims").dropna(subset="value").set_index("metric")
    assert rows.index.is_unique
    for metric, row in rows.iterrows():
        found = p.claim(metric)
        assert found == row["value"] == p.claim(row["claim_id"])
        assert (found.claim_id, found.unit) == (row["claim_id"], row["unit"])
    with pytest.raises(p.DataError, match="did you mean record_trade_turnover"):
        p.claim("record_trade")
    silent = p.load("claims").query("value.isna()")["claim_id"].iloc[0]
    with pytest.raises(p.DataError, match=f"no number in {silent}"):
        p.claim(silent)


def test_events_come_in_order_and_within_their_ends():
    every = p.events()
    assert (
        len(every) == len(p.load("events")) and every["start"].is_monotonic_increasing
    )
    some = p.events(theme="industry", since="2017", until="2018-06")
    assert set(some["theme"]) == {"industry"} and len(some) < len(every)
    assert some["start"].min() >= pd.Timestamp("2017-01-01")
    assert some["end"].max() <= pd.Timestamp("2018-06-30")
    for wrong in ({"kind": "no such kind"}, {"colour": "red"}):
        with pytest.raises(p.DataError, match="unknown"):
            p.events(**wrong)


def test_computed_values_look_like_a_series():
    goods = p.series("goods_turnover")
    own = p.computed(goods["value"], goods, "USD_million")
    shared = ["period_type", "start", "end", "value"]
    pd.testing.assert_frame_equal(own[shared], goods[shared], check_index_type=False)
    assert set(own.columns) <= set(goods.columns) and own.attrs["unit"] == "USD_million"
    assert set(own["source_id"].iloc[0].split(";")) == set(goods["source_id"])
    years = pd.Series({2017: 2.0, 2016: 1.0, 2018: float("nan")})
    study = p.computed(years, "some-source", "persons", low=years - 1, academic=True)
    assert study.index.tolist() == ["2016/2017", "2017/2018"]
    assert study["low"].tolist() == [0.0, 1.0] and study["high"].tolist() == [1.0, 2.0]
    made = pd.DataFrame({"value": years, "low": years - 1, "high": years + 2})
    whole = p.computed(made, "some-source", "persons", academic=True)
    assert whole["low"].tolist() == [0.0, 1.0] and whole["high"].tolist() == [3.0, 4.0]
    with pytest.raises(p.DataError, match="allowed are years or periods"):
        p.computed(pd.Series({2.5: 1.0}), "some-source", "persons")


def test_a_claim_of_two_statements_or_of_none(package):
    number = {"unit": "units", "value": "5"}
    said = [claim("c01", "01_trade", **number), claim("c02", "01_trade", **number)]
    said += [claim("c03", "01_trade"), claim("c04", "01_trade", metric="")]
    said[1]["metric"] = "c01"
    data = package(claims=said)
    found = p.claim("c02", data=data)
    assert (found, found.metric, found.unit) == (5, "c01", "units")
    assert (found.claim_id, found.statement) == ("c02", "Statement c02.")
    assert found.source_id == "s-report"
    for wrong in ("c01", "c03", "c9"):
        with pytest.raises(p.DataError, match="metric"):
            p.claim(wrong, data=data)


def test_events_are_those_asked_for(package):
    days = ["2010-05", "2010-05-01", "2009", "2010", "2010-05-31", "2010-06-01"]
    rows = [
        {"event_id": f"ev{n:03}", "date": day, "kind": "opening", "theme": "trade"}
        for n, day in enumerate(days)
    ]
    rows[1]["kind"], rows[2]["theme"] = "closing", ""
    data = package(events=rows)

    def ids(*words, **columns):
        found = p.events(*words, data=data, **columns)
        assert found.index.tolist() == [*range(len(found))]
        return [int(name[2:]) for name in found["event_id"]]

    assert ids() == [2, 3, 1, 0, 4, 5]
    assert ids("opening") == [2, 3, 0, 4, 5]
    assert ids(since="2010-05-01") == [1, 0, 4, 5]
    assert ids(until="2010-05") == [2, 1, 0, 4]
    assert ids("opening", "2009/2010", "2009/2010", theme="trade") == [0, 4, 5]
    ends = p.events("closing", data=data).loc[0, ["start", "end"]]
    assert ends.tolist() == [pd.Timestamp("2010-05-01")] * 2
    for wrong in ({"kind": "open"}, {"colour": "red"}, {"theme": "trades"}):
        with pytest.raises(p.DataError, match="unknown"):
            p.events(data=data, **wrong)


def test_computed_values_word_for_word():
    years = pd.Series({2011: 2.0, 2010: 1.0})
    frame = p.computed(years, ["b", "a;c"], "units", high=years + 1, hollow=True)
    expected = pd.DataFrame(
        {
            "period_type": "calendar_year",
            "start": pd.to_datetime(["2010-01-01", "2011-01-01"]),
            "end": pd.to_datetime(["2010-12-31", "2011-12-31"]),
            "value": [1.0, 2.0],
            "low": [1.0, 2.0],
            "high": [2.0, 3.0],
            "bound": "",
            "open_low": False,
            "open_high": False,
            "source_id": "a;b;c",
            "reliability": "secondary",
        },
        pd.Index(["2010", "2011"], name="period"),
    )
    expected[["start", "end"]] = expected[["start", "end"]].astype(frame["start"].dtype)
    pd.testing.assert_frame_equal(frame, expected)
    assert frame.attrs == {"unit": "units"}
    text = p.computed(pd.Series({"2010-05": 1}), "a", "units")
    assert text["period_type"].tolist() == ["month"]
    assert (text["reliability"].tolist(), text["value"].dtype) == (["primary"], float)
    for wrong in (True, "", 2.5):
        with pytest.raises(p.DataError, match="in the index; allowed are years"):
            p.computed(pd.Series({wrong: 1.0}), "a", "units")
