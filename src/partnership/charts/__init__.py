"""The house style and the few chart forms that serve all notebooks.

A form takes an Axes and returns it. `canvas` and `grid` make the Axes, `show` ends the
cell::

    ax = charts.canvas("Trade peaked in 2013", "Goods turnover, million US dollars")
    charts.line_with_spread(ax, frame, label="goods", role="pair")
    charts.claim_line(ax, 300, "the claim: $300 million")
    charts.show(ax, alt="Line chart: goods turnover rises to 319 million in 2013 ...")

Along time, x is the year and the middle of a calendar year stands at its whole number,
so that ``ax.plot([2013], [319])`` meets the tick. What depends on the final size (line
breaks, labels at the ends of lines, ticks, the footer) is laid out by `finish`.
"""

from partnership.charts.figure import (
    add_sources,
    canvas,
    grid,
    panel_title,
    sources,
    unit,
)
from partnership.charts.rows import (
    bars,
    bars_with_target,
    draw_placebos,
    heatmap,
    shares,
    slope,
)
from partnership.charts.show import drawn, finish, layout_problems, png, show
from partnership.charts.style import (
    AXIS,
    CLAIM,
    DPI,
    EMPTY,
    FONT,
    GRID,
    INK,
    LABEL,
    LINE,
    MARGIN,
    MUTED,
    ROLES,
    SHOWN,
    SMALL,
    SUBTITLE,
    TICK,
    TITLE,
    VARIANTS,
    WIDTH,
    Role,
    contrast,
    number,
    role_look,
    style,
)
from partnership.charts.time import (
    OUTCOMES,
    PLANS,
    claim_line,
    interval,
    line_with_spread,
    mark_event,
    note,
    points,
    timeline,
    year_of,
)

__all__ = [
    "AXIS",
    "CLAIM",
    "DPI",
    "EMPTY",
    "FONT",
    "GRID",
    "INK",
    "LABEL",
    "LINE",
    "MARGIN",
    "MUTED",
    "OUTCOMES",
    "PLANS",
    "ROLES",
    "SHOWN",
    "SMALL",
    "SUBTITLE",
    "TICK",
    "TITLE",
    "VARIANTS",
    "WIDTH",
    "Role",
    "add_sources",
    "bars",
    "bars_with_target",
    "canvas",
    "claim_line",
    "contrast",
    "draw_placebos",
    "drawn",
    "finish",
    "grid",
    "heatmap",
    "interval",
    "layout_problems",
    "line_with_spread",
    "mark_event",
    "note",
    "number",
    "panel_title",
    "png",
    "points",
    "role_look",
    "shares",
    "show",
    "slope",
    "sources",
    "style",
    "timeline",
    "unit",
    "year_of",
]
