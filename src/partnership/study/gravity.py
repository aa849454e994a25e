"""Gravity for this pair: which importers are flagged, and frames for the charts."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from partnership.checks import choice
from partnership.methods import gravity
from partnership.methods.gravity import (  # noqa: F401
    NORMAL_95,
    SPECIFICATIONS,
    Fit,
    Panel,
    fit,
    ranking,
    ratio,
    robustness,
    table,
)

# fmt: off
POST_SOVIET = (
    "ARM", "AZE", "BLR", "EST", "GEO", "KAZ", "KGZ", "LTU", "LVA", "MDA", "RUS", "TJK",
    "TKM", "UKR", "UZB",
)
"""The 15 economies (ISO 3166 alpha-3) that were republics of the Soviet Union."""
# fmt: on


panel = partial(gravity.panel, group=POST_SOVIET)


def excess(rows, exporter, importer, specification, method="ppml", interval=True):
    """As `gravity.excess`, with an argument that does nothing now."""  # old name
    return gravity.excess(rows, exporter, importer, specification, method)


def chart_frame(result, column, interval=False, source_id="ctx-cow-trade-v4"):
    """Turn a column of `excess` into a frame for ``partnership.charts``."""  # old name
    choice(column, ("exports", "expected", "ratio"), "column")
    value = result[column]
    low = high = value
    if interval and column != "exports":
        factor = np.exp(NORMAL_95 * result["se"])
        low, high = value / factor, value * factor
    frame = pd.DataFrame({"value": value, "low": low, "high": high})
    frame = frame.assign(
        period=[str(year) for year in result.index],
        period_type="calendar_year",
        start=[pd.Timestamp(year, 1, 1) for year in result.index],
        end=[pd.Timestamp(year, 12, 31) for year in result.index],
        bound="",
        open_low=False,
        open_high=False,
        source_id=source_id,
        reliability="primary",
    ).reset_index(drop=True)
    frame.attrs["unit"] = "times" if column == "ratio" else "USD_million"
    return frame
