"""What a figure draws, value by value, with the source of each."""

import numpy as np
import pandas as pd

from partnership.charts.page import Page
from partnership.evidence import periods
from partnership.evidence.escape import csv

MOST = 300  # rows; what has more is made by a simulation, or is the world
_NUMBERS = ("value", "target", "low", "high")
COLUMNS = ("panel", "what", "period", *_NUMBERS, "qualifier", "unit", "source", "row")
COMPUTED = "computed"


def table(page: Page) -> str:
    """Write the values of a figure as CSV.

    Parameters
    ----------
    page : Page

    Returns
    -------
    str
        The columns of `COLUMNS` that are not empty. ``row`` names the row of a table
        whose value it is; what is no row's value is said to be computed. Empty where
        the forms got no frame, or where there are more rows than `MOST`.
    """
    parts = [
        _long(panel, label, frame)
        for panel in page.panels.values()
        for label, frame in panel.frames
    ]
    parts = [part for part in parts if len(part)]
    if not parts or sum(map(len, parts)) > MOST:
        return ""
    found = pd.concat(parts, ignore_index=True).reindex(columns=COLUMNS)
    found = found.astype(object).fillna("")
    return csv(found.loc[:, (found != "").any()])


def _long(panel, label, frame) -> pd.DataFrame:
    """One row a value of a frame that a form got."""
    names = [name for name in frame.index.names if name and name not in frame]
    frame = frame.reset_index(names) if names else frame
    if "value" not in frame and "category" not in frame:
        frame, label = _melted(frame), ""
    own = next((c for c in frame if str(c).endswith("_id") and c not in _NO_ROW), None)
    made = pd.DataFrame(index=frame.index)
    made["panel"] = panel.name
    made["what"] = label or frame.get("what", frame.get("category", ""))
    made["period"] = frame.get("period", "")
    made["row"] = COMPUTED if own is None else frame[own].fillna(COMPUTED)
    for column in _NUMBERS:
        if column in frame:
            stated = own is not None and column == "value"
            made[column] = [_number(cell, stated) for cell in frame[column]]
    made["qualifier"] = frame.get("qualifier", frame.get("bound", ""))
    made["unit"] = panel.unit if panel.unit != "no unit" else ""
    made["source"] = frame.get("source_ids", frame.get("source_id", ""))
    return made.reset_index(drop=True)


_NO_ROW = ("source_id", "statement_id", "place_id")


def _melted(frame) -> pd.DataFrame:
    """One row a number of a wide frame, named by its column and its row."""
    texts = frame.select_dtypes(exclude="number")
    rows = (texts.iloc[:, 0] if texts.shape[1] else frame.index.to_series()).astype(str)
    numbers = frame.select_dtypes("number").set_axis(list(rows), axis=0)
    cells = [
        (column, row, n) for column in numbers for row, n in numbers[column].items()
    ]
    made = pd.DataFrame(cells, columns=["what", "period", "value"]).dropna()
    dated = made["period"].map(_is_period)
    named = made["what"].astype(str) + ", " + made["period"]
    made["what"] = made["what"].astype(str).where(dated, named)
    return made.assign(period=made["period"].where(dated, ""))


def _is_period(text: str) -> bool:
    try:
        return bool(periods.kind(text))
    except ValueError:
        return False


def _number(cell, stated: bool) -> str:
    """Write a stated number in full, and one of ours with six digits."""
    if not isinstance(cell, (int, float, np.number)) or not np.isfinite(cell):
        return ""
    full, short = (format(float(cell), digits) for digits in (".12g", ".6g"))
    return full if stated or len(full) <= 8 else short
