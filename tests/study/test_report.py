"""The front picture: what each panel plots."""

import numpy as np
import pytest

import partnership as p
from partnership import charts
from partnership.charts.page import opened
from partnership.study import report as overview
from pictures import layout_problems


@pytest.fixture(scope="module")
def panels():
    """Draw the picture once."""
    axes = list(opened("The report, the records", "Claimed and stated", (3, 2), 6, 1.7))
    overview.draw(dict(zip(overview.NOTES, axes, strict=True)))
    charts.finish(
        axes[0], alt="Six panels that compare the report with what sources state."
    )
    names = (panel.__name__ for _, panel in overview.PANELS.values())
    return dict(zip(names, axes, strict=True))


def claim_of(ax):
    """Return the height (or place) of the dashed line of a panel."""
    line = next(line for line in ax.lines if line.get_gid() == "claim")
    return {*line.get_ydata(), *line.get_xdata()} - {0, 1}


@pytest.mark.parametrize(
    ("panel", "claim"),
    [("trade", 300), ("students", 9_000), ("tractors", 14_000), ("distance", 3_000)],
)
def test_the_dashed_line_is_the_number_of_the_report(panels, panel, claim):
    assert claim in claim_of(panels[panel])


def test_trade_plots_the_goods_series(panels):
    line = next(line for line in panels["trade"].lines if line.get_gid() == "line")
    drawn = np.asarray(line.get_ydata(), dtype=float)
    assert list(drawn[~np.isnan(drawn)]) == list(
        p.series("goods_turnover").reset_index()["value"]
    )
    assert np.isnan(drawn).any(), "the missing year must stay a gap"


def test_visits_are_counted_from_the_table(panels):
    widths = {
        bar.get_width() for bar in panels["visits"].patches if bar.get_width() > 1
    }
    assert widths == {6.0, 4.0}


def test_nothing_is_cut_or_overlaps(panels):
    assert layout_problems(panels) == []
