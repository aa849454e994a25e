"""Visits, documents and trade around the visits."""

from partnership.charts.rows import (  # noqa: F401
    bars,
    bars_with_target,
    draw_placebos,
    heatmap,
    shares,
    slope,
)
from partnership.methods.events import (  # noqa: F401
    DEFINITIONS,
    Placebo,
    by_field_and_year,
    changes,
    counts,
    dated,
    many,
    openings,
    placebo,
    promised_years,
    shifted,
    trips,
    years_of,
)
