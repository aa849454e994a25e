"""What a figure lists of its values."""

import csv
import io

import pandas as pd
import pytest

import partnership as p
from partnership import charts
from partnership.charts import values
from partnership.charts.page import page_of
from partnership.evidence.package import default

ALT = "A chart that shows some values, one after the other, for a test."


def listed(draw, **more):
    """Rows that the figure of a block lists."""
    with charts.house.style():
        made = charts.page.opened("Title", "Subtitle", (1, 1), 1, None)
        ax = next(iter(made))
        draw(ax)
        return list(csv.DictReader(io.StringIO(values.table(page_of(ax)))))


@pytest.fixture
def turnover():
    return p.series("goods_turnover")


def test_a_series_lists_each_value_with_its_row_and_source(turnover):
    rows = listed(lambda ax: charts.line(ax, turnover, "goods"))
    assert [row["period"] for row in rows] == list(turnover.index)
    assert [float(row["value"]) for row in rows] == turnover["value"].tolist()
    assert [row["row"] for row in rows] == turnover["observation_id"].tolist()
    assert [row["source"] for row in rows] == turnover["source_id"].tolist()
    assert {(row["what"], row["unit"]) for row in rows} == {("goods", "USD_million")}


def test_values_of_our_own_are_said_to_be_computed():
    frame = p.computed(pd.Series({2001: 1 / 3, 2002: 2.0}), "s-one", "units")
    rows = listed(lambda ax: charts.line(ax, frame, "half"))
    assert [row["row"] for row in rows] == ["computed"] * 2
    assert rows[0]["value"] == "0.333333" and rows[0]["source"] == "s-one"


def test_statements_keep_their_qualifier():
    frame = p.statements("fleet_units", "TKM", maker="MTZ", machine="tractor")
    rows = listed(lambda ax: charts.points(ax, frame))
    assert [row["qualifier"] for row in rows] == frame["qualifier"].tolist()


def test_events_are_listed_with_their_day():
    frame = p.events().head(3)
    rows = listed(lambda ax: charts.timeline(ax, frame, text="event"))
    assert [row["period"] for row in rows] == frame["date"].tolist()
    assert [row["what"] for row in rows] == frame["event"].tolist()
    assert [row["row"] for row in rows] == frame["event_id"].tolist()


def test_bars_targets_tables_and_swings_list_what_they_draw():
    bars = pd.DataFrame({"category": ["a", "b"], "value": [1.0, 2.0]})
    rows = listed(lambda ax: charts.bars(ax, bars, unit="units"))
    assert [(row["what"], row["value"]) for row in rows] == [("b", "2"), ("a", "1")]
    plans = pd.DataFrame({"category": ["a"], "target": [5.0], "came": [4.0]})
    (row,) = listed(lambda ax: charts.targets(ax, plans, value="came", unit="units"))
    assert (row["value"], row["target"]) == ("4", "5")
    wide = pd.DataFrame({"x": [1.0, 3.0], "y": [2.0, 4.0]}, index=["2001", "2002"])
    rows = listed(lambda ax: charts.heatmap(ax, wide, unit="units"))
    found = {(row["what"], row["period"]): row["value"] for row in rows}
    assert found == {
        **{("x", "2001"): "1", ("x", "2002"): "3"},
        **{("y", "2001"): "2", ("y", "2002"): "4"},
    }
    rows = listed(lambda ax: charts.shares(ax, wide.set_axis(["all", "some"])))
    assert [row["what"] for row in rows][:2] == ["y, all", "y, some"]
    swings = pd.DataFrame({"at_low": [1.0], "at_high": [3.0], "at_base": 2.0}, ["life"])
    rows = listed(lambda ax: charts.tornado(ax, swings, unit="units"))
    assert [row["what"] for row in rows] == ["at_low, life", "at_high, life"]


def test_a_simulation_lists_nothing():
    many = pd.Series(range(values.MOST + 1), range(1000, 1001 + values.MOST))
    frame = p.computed(many, "s-one", "units")
    with charts.house.style():
        ax = next(iter(charts.page.opened("Title", "Subtitle", (1, 1), 1, None)))
        charts.line(ax, frame)
        assert values.table(page_of(ax)) == ""


def test_the_output_carries_them(turnover, capsys, monkeypatch):
    shown = []
    monkeypatch.setattr(
        "IPython.display.display", lambda *a, metadata, **k: shown.append(metadata)
    )
    with charts.figure("Title", "Subtitle", alt=ALT) as ax:
        charts.line(ax, turnover, "goods")
    (about,) = (one["image/png"] for one in shown)
    first = about["values"].splitlines()[1].split(",")
    ids = set(default().load("trade")["observation_id"])
    assert first[0] == "goods" and first[-1] in ids
