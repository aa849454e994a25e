"""Bars: ranked, beside a plan, and around a base."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from partnership import charts
from pictures import (
    ALT,
    PARTNERS,
    PLANS,
    SWINGS,
    canvas,
    finished,
    layout_problems,
    one,
    row_names,
    texts,
    ticks,
    unit,
)


def test_bars_are_ranked_and_labelled():
    ax = charts.bars(canvas(), PARTNERS, highlight="Celand", role="second")
    (container,) = ax.containers
    assert [bar.get_width() for bar in container] == [1002, 409, 348, 334]
    assert row_names(ax) == ["Beland", "Aland", "Celand", "Deland"]
    colours = [mpl.colors.to_hex(bar.get_facecolor()) for bar in container]
    assert colours[2] == charts.ROLES["second"].colour
    assert len(set(colours)) == 2
    assert unit(ax) == "USD_million"
    charts.finish(ax, ALT)
    assert texts(ax, "bar-label") == ["1,002", "409", "348", "334"]


@pytest.mark.parametrize(
    "data",
    [
        pd.Series({"a": 1.0, "b": 2.0}),
        pd.DataFrame({"value": [1.0, 2.0]}, index=["a", "b"]),
        pd.DataFrame({"category": ["a", "b"], "value": [1.0, 2.0]}),
        pd.DataFrame({"value": [1.0, 2.0]}, pd.Index(["a", "b"], name="category")),
    ],
)
def test_bars_find_their_names(data):
    ax = charts.bars(canvas(), data, highlight="a", unit="units")
    assert row_names(ax) == ["b", "a"]


def test_bars_below_zero_reach_to_the_left():
    frame = pd.DataFrame({"category": ["a", "b"], "value": [-46.1, 12.0]})
    ax = charts.add_sources(charts.bars(canvas(), frame, unit="percent"), "x")
    charts.finish(ax, ALT)
    assert texts(ax, "bar-label") == ["12", "\u221246.1"]
    assert layout_problems(ax) == []


@pytest.mark.parametrize("frame", [PLANS, PLANS.reset_index(), PLANS.rename_axis(None)])
def test_targets_are_hatched_and_outcomes_filled(frame):
    ax = charts.targets(canvas(), frame, kind="word")
    goals, outcomes = ax.containers
    assert [bar.get_width() for bar in goals] == [1000, 400, 500]
    assert [bar.get_hatch() for bar in goals] == ["////"] * 3
    widths = [bar.get_width() for bar in outcomes]
    assert widths[:2] == [90.7, 237.8]
    assert np.isnan(widths[2])
    assert row_names(ax) == ["2010", "2012", "2025"]
    charts.finish(ax, ALT)
    assert texts(ax, "bar-label") == [
        *("target 1,000", "outcome 90.7", "forecast 400", "outcome 237.8"),
        *("target 500", "outcome: no figure"),
    ]
    assert charts.sources(ax) == ["a", "b", "c"]


def test_the_word_for_a_plan_is_no_number():
    ax = charts.finish(charts.targets(canvas(), PLANS), ALT)
    assert "target 1,000" in texts(ax, "bar-label")


def test_a_tornado_reaches_from_the_base_to_both_ends():
    fig = finished("tornado")
    (ax,) = fig.axes
    low, high = ax.containers
    assert [bar.get_x() + bar.get_width() for bar in low] == SWINGS["at_low"].tolist()
    ends = [bar.get_x() + bar.get_width() for bar in high]
    assert ends == SWINGS["at_high"].tolist()
    assert {bar.get_x() for bar in (*low, *high)} == {9489.0}
    assert {bar.get_hatch() for bar in low} == {"////"}
    numbers = ["4,900", "14,200", "8,200", "11,900", "9,300; 9,400"]
    assert texts(ax, "bar-label") == numbers
    names = [name.replace("\n", " ") for name in row_names(ax)]
    assert names == [
        f"{name} ({row.low:g}–{row.high:g})" for name, row in SWINGS.iterrows()
    ]
    assert ticks(ax) == ["9,489"]
    assert list(one(ax, "zero").get_xdata()) == [9489.0, 9489.0]
    assert "none moved" in " ".join(texts(fig, "key"))


def test_a_tornado_takes_the_base_and_the_names_that_it_gets():
    swings = SWINGS.drop(columns=["at_base", "low", "high"])
    swings.attrs["middle"] = 9000.0
    ax = charts.tornado(
        canvas(), swings, names=pd.Series({"life": "Median life"}), unit="units"
    )
    assert row_names(ax)[0] == "Median life"
    assert ticks(ax) == ["9,000"]
    with pytest.raises(ValueError, match="swings: found no base"):
        charts.tornado(canvas(), swings.drop("old").copy(deep=True).pipe(bare))


def bare(frame):
    frame.attrs = {}
    return frame
