"""Visits, documents and trade around the visits."""

from partnership.charts.tables import draw_placebos  # noqa: F401
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
