"""Shares, the heat map, a distribution."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from partnership import charts
from pictures import (
    ALT,
    MATRIX,
    SECTIONS,
    canvas,
    found,
    layout_problems,
    one,
    row_names,
    texts,
    ticks,
    unit,
)


def test_shares_add_up_and_gather_the_rest():
    ax = charts.shares(canvas(), SECTIONS, highlight={"machinery": "first"}, keep=2)
    parts = {c.get_label(): [bar.get_width() for bar in c] for c in ax.containers}
    assert list(parts) == ["machinery", "food", "all other"]
    np.testing.assert_allclose(np.sum(list(parts.values()), axis=0), 100)
    assert parts["machinery"][0] == pytest.approx(100 * 74 / 85.5)
    assert parts["all other"][1] == pytest.approx(100 * 1.5 / 92.5)
    assert unit(ax) == "percent"
    charts.finish(charts.add_sources(ax, "unctad"), ALT)
    named = " ".join([*texts(ax, "share-label"), *texts(ax, "key")])
    assert all(part in named for part in parts)


def test_heatmap_holds_the_values_and_leaves_gaps_empty():
    ax = charts.heatmap(canvas(), MATRIX, dark="low", unit="rank")
    mesh = ax.collections[0]
    values = mesh.get_array().filled(-1)
    np.testing.assert_array_equal(values, MATRIX.fillna(-1).to_numpy())
    assert texts(ax, "cell") == ["1", "14", "2", "3", "7"]
    assert ticks(ax) == ["2007", "2010", "2012"]
    assert row_names(ax) == list(MATRIX.index)
    shade = [charts.contrast(mesh.cmap(mesh.norm(v))[:3], "white") for v in (1, 7, 14)]
    assert shade == sorted(shade, reverse=True)


def test_long_heads_of_a_heatmap_wrap_and_keep_clear_of_each_other_and_the_title():
    long = ["supported with a caveat", "superseded by later events", "not checkable"]
    matrix = pd.DataFrame(1.0, index=["trade", "machinery"], columns=2 * long)
    ax = charts.heatmap(canvas(), matrix, unit="statements")
    fig = charts.finish(charts.add_sources(ax, ["embassy-2014"]), ALT)
    assert len(found(fig, "tick")) == sum(head.count("\n") + 1 for head in ticks(ax))
    assert any("\n" in head for head in ticks(ax))
    assert layout_problems(fig) == []


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
