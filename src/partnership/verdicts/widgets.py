"""Menus and sliders in JupyterLab; a sentence in runs where nobody is there."""

from __future__ import annotations

import os

import pandas as pd

from partnership.verdicts.rules import VERDICTS


def explore(function, purpose, menus=None, sliders=None):
    """Call a function whenever a menu or a slider is moved.

    Parameters
    ----------
    function : callable
        Takes the chosen values by name, and shows something.
    purpose : str
        What the reader can do: "filter the statements".
    menus : dict of str to list, optional
        Choices by name.
    sliders : pandas.DataFrame, optional
        Index: names; columns ``low``, ``high`` and ``meaning``. They start in the
        middle and go in twentieths.

    Returns
    -------
    ipywidgets.interactive or None
        None, and a printed sentence, in runs that set PARTNERSHIP_UNATTENDED: nobody
        is there to choose, and the ids of the controls would differ in every run.
    """
    if os.environ.get("PARTNERSHIP_UNATTENDED"):
        print(f"Run this cell in JupyterLab to {purpose}.")
        return None
    import ipywidgets

    controls = dict(menus or {})
    for row in () if sliders is None else sliders.itertuples():
        controls[row.Index] = ipywidgets.FloatSlider(
            value=(row.low + row.high) / 2,
            min=row.low,
            max=row.high,
            step=(row.high - row.low) / 20,
            description=row.meaning,
            style={"description_width": "initial"},
            layout={"width": "95%"},
        )
    return ipywidgets.interactive(function, **controls)


def explorer(frame):
    """Menus for theme and verdict, and the statements that are left.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `partnership.verdicts.both` returns it.

    Returns
    -------
    ipywidgets.interactive or None
        As `explore`; the table of `partnership.verdicts.to_markdown` says the same.
    """

    def show(theme, verdict):
        from IPython.display import display

        rows = frame[(frame["theme"] == theme) | (theme == "all")]
        rows = rows[(rows["now"] == verdict) | (verdict == "all")]
        whole = ("display.max_colwidth", None, "display.max_rows", None)
        with pd.option_context(*whole):
            display(rows[["statement", "then", "now", "still", "reason"]])

    themes = dict.fromkeys(frame["theme"])
    words = [word for word in VERDICTS.values() if word in set(frame["now"])]
    menus = {"theme": ["all", *themes], "verdict": ["all", *words]}
    return explore(show, "filter the statements", menus)
