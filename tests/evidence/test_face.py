import pandas as pd
import pytest

import partnership as p


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
