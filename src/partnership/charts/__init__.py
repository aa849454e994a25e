"""The house style and the few chart forms that serve all notebooks.

A figure is a context that opens, draws, and shows on leaving; a form takes an Axes and
returns it::

    with charts.figure(
        "Trade peaked in 2013",
        "Goods turnover, million US dollars",
        alt="Line chart: goods turnover rises to 319 million in 2013 and falls ...",
    ) as ax:
        charts.line(ax, frame, "goods", role="pair")
        charts.claim(ax, 300, "the claim: $300 million")

Along time, x is the year and the middle of a calendar year stands at its whole number,
so that ``ax.plot([2013], [319])`` meets the tick. What depends on the final size (line
breaks, labels at the ends of lines, ticks, the footer) is laid out at the end. The room
knows no country and no method; it may import `partnership.evidence`, for its
periods, and `partnership.checks`.
"""

# ruff: noqa: F401 - the names are here for those who import the package
from partnership.charts import map
from partnership.charts.curves import chances
from partnership.charts.house import AXIS, CLAIM, GRID, INK, ROLES, contrast, style
from partnership.charts.page import add_sources, sources
from partnership.charts.picture import drawn, figure, finish, panels, png
from partnership.charts.rows import (
    bars,
    distribution,
    heatmap,
    shares,
    targets,
    tornado,
)
from partnership.charts.time import claim, event, events, line, note, points, timeline
