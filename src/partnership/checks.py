"""Checks of arguments that several themes share."""

from __future__ import annotations

import pandas as pd


def need(frame, needed, argument, *, filled=False):
    """Stop unless `frame` is a frame with the columns that are needed.

    Parameters
    ----------
    frame : object
    needed : sequence of str
        Names of the columns.
    argument : str
        How the caller names the frame, for the message.
    filled : bool
        Whether the frame must also have rows.

    Raises
    ------
    ValueError
        If it is no frame, a column is missing, or it has no rows but must.
    """
    if not isinstance(frame, pd.DataFrame):
        kind = type(frame).__name__
        raise ValueError(f"{argument}: found a {kind}; allowed is a pandas DataFrame")
    missing = [column for column in needed if column not in frame.columns]
    if missing:
        raise ValueError(
            f"{argument}: column {missing[0]!r} is missing; "
            f"needed are {', '.join(needed)}"
        )
    if filled and frame.empty:
        raise ValueError(f"{argument}: found no rows; allowed is one or more")
