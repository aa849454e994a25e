"""Bars, shares, cells and a distribution: what is drawn."""

from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from partnership import charts
from pictures import (
    ALT,
    MANY,
    MATRIX,
    PARTNERS,
    PLANS,
    SWINGS,
    canvas,
    finished,
    found,
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


@pytest.mark.parametrize("claimed", [300, 348, 409, 420, 1002, 1010])
def test_numbers_of_bars_keep_off_the_claim(claimed):
    ax = charts.claim(charts.bars(canvas(), PARTNERS), claimed, "claim")
    charts.finish(ax, ALT)
    x, _ = ax.transData.transform((claimed, 0))
    boxes = [text.get_window_extent() for text in found(ax, "bar-label")]
    assert not any(box.x0 - 2 < x < box.x1 + 2 for box in boxes)
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
    assert found(ax, "bar-label")[-1].xy == (9300.0, 2)  # behind the longer one
    names = [name.replace("\n", " ") for name in row_names(ax)]
    assert names == [
        f"{name} ({row.low:g}–{row.high:g})" for name, row in SWINGS.iterrows()
    ]
    assert ticks(ax) == ["9,489"]
    assert list(one(ax, "zero").get_xdata()) == [9489.0, 9489.0]
    assert "none moved" in " ".join(texts(fig, "key"))


def test_a_tornado_writes_no_number_where_nothing_moves():
    swings = SWINGS.drop(columns="at_base").assign(at_high=9000.0)
    swings.attrs["middle"], swings.loc[swings.index[-1], "at_low"] = 9000.0, 9000.0
    ax = charts.tornado(canvas(), swings, unit="units")
    charts.finish(charts.add_sources(ax, "invented"), ALT)
    assert texts(ax, "bar-label") == ["4,900", "8,200", "9,000"]


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


def test_shares_add_up_and_gather_the_rest():
    ax = charts.shares(canvas(), MANY, highlight={"machinery": "first"})
    parts = {c.get_label(): [bar.get_width() for bar in c] for c in ax.containers}
    assert list(parts) == ["machinery", "food", "ore", "wool", "wood", "all other"]
    np.testing.assert_allclose(np.sum(list(parts.values()), axis=0), 100)
    assert parts["machinery"][0] == pytest.approx(100 * 74 / 100.7)
    assert parts["all other"][1] == pytest.approx(100 * 1.6 / 99.6)
    assert unit(ax) == "percent"
    charts.finish(charts.add_sources(ax, "unctad"), ALT)
    named = " ".join([*texts(ax, "share-label"), *texts(ax, "key")])
    assert all(part in named for part in parts)
    ax = charts.shares(canvas(), MANY, highlight={"gas": "second"})  # small, yet named
    parts = [container.get_label() for container in ax.containers]
    assert parts == ["gas", "machinery", "food", "ore", "wool", "all other"]


def test_heatmap_holds_the_values_and_leaves_gaps_empty():
    ax = charts.heatmap(canvas(), MATRIX, unit="rank")
    mesh = ax.collections[0]
    values = mesh.get_array().filled(-1)
    np.testing.assert_array_equal(values, MATRIX.fillna(-1).to_numpy())
    assert texts(ax, "cell") == ["1", "14", "2", "3", "7"]
    assert ticks(ax) == ["2007", "2010", "2012"]
    assert row_names(ax) == list(MATRIX.index)
    shade = [charts.contrast(mesh.cmap(mesh.norm(v))[:3], "white") for v in (1, 7, 14)]
    assert shade == sorted(shade)


def test_long_heads_of_a_heatmap_wrap_and_keep_clear_of_each_other_and_the_title():
    long = ["supported with a caveat", "overtaken by later events", "not checkable"]
    matrix = pd.DataFrame(1.0, index=["trade", "machinery"], columns=2 * long)
    ax = charts.heatmap(canvas(), matrix, unit="statements")
    fig = charts.finish(charts.add_sources(ax, ["embassy-2014"]), ALT)
    assert len(found(fig, "tick")) == sum(head.count("\n") + 1 for head in ticks(ax))
    assert any("\n" in head for head in ticks(ax))
    assert layout_problems(fig) == []
    heads, under = (
        [text.get_window_extent() for text in found(fig, gid)]
        for gid in ("tick", "subtitle")
    )
    assert min(box.y0 for box in under) - max(box.y1 for box in heads) > 40


@pytest.mark.parametrize(("observed", "needed"), [(2.0, 3.9), (3.9, 2.0), (3.5, 3.4)])
def test_a_distribution_shows_the_sets_and_the_real_one(observed, needed):
    means, ends = np.log([0.5, 1.0, 1.0, 2.0, 4.0]), np.log([observed, needed])
    test = SimpleNamespace(means=means, observed=ends[0], needed=ends[1])
    ax = charts.distribution(canvas(), test, "the visits")
    assert sum(bar.get_height() for bar in found(ax, "placebos")) == 5
    assert one(ax, "observed").get_xdata() == pytest.approx([observed] * 2)
    assert one(ax, "needed").get_xdata() == pytest.approx([needed] * 2)
    charts.finish(charts.add_sources(ax, "a"), ALT)
    shown = {text.get_text().strip(): text.get_window_extent() for text in ax.texts}
    assert f"the visits: {observed:.2f} times" in shown
    assert layout_problems(ax) == []
    for line in ax.lines:  # no line crosses a text
        x, high = ax.transData.transform(line.get_xydata()[1])
        assert not any(b.x0 + 6 < x < b.x1 and b.y0 < high for b in shown.values())
