"""Curves of a chance."""

import pandas as pd
import pytest

from partnership import charts
from pictures import ALT, canvas, found, layout_problems, one

AMOUNTS = pd.Index(range(0, 1001, 10), name="units")


def falling(middle):
    return pd.Series(100 / (1 + (AMOUNTS / middle) ** 6), AMOUNTS)


def drawn(claim=500):
    curves = pd.DataFrame({"with": falling(300), "without": falling(500)})
    between = pd.DataFrame({0: falling(200), 1: falling(300), 2: falling(700)})
    return curves, between, charts.chances(canvas(), curves, between, claim, "all")


def test_the_curves_the_range_and_the_claim_stand_where_they_should():
    curves, between, ax = drawn()
    lines = found(ax, "curve")
    assert [list(line.get_ydata()) for line in lines] == [
        list(curves[name]) for name in curves
    ]
    assert one(ax, "claim").get_xdata() == [500, 500]
    heights = one(ax, "range").get_paths()[0].vertices[:, 1]
    assert heights.max() == pytest.approx(between.max(axis=None))
    named = " ".join(text.get_text() for text in ax.texts)
    assert f"with:\n{curves['with'][500]:.0f} percent" in named
    assert "without:\n50 percent" in named and "the report: 500" in named
    charts.finish(charts.add_sources(ax, "a"), ALT)
    assert layout_problems(ax) == []


def test_other_amounts_are_refused():
    curves, between, _ = drawn()
    with pytest.raises(ValueError, match="curves: found 101 and 100 amounts"):
        charts.chances(canvas(), curves, between[1:], 500, "all")
    with pytest.raises(ValueError, match="the same amounts in both, with 505"):
        charts.chances(canvas(), curves, between, 505, "all")
