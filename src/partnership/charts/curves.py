"""Curves over a quantity that is no time: the chance of so much or more."""

import pandas as pd
from matplotlib.axes import Axes

from partnership.charts.house import CLAIM, INK, MUTED, ROLES, role_look
from partnership.charts.page import add_sources
from partnership.checks import fault


def chances(
    ax: Axes, curves: pd.DataFrame, between: pd.DataFrame, claim: float, area: str
) -> Axes:
    """Draw the chance of so much or more, and what other choices make of it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        An empty one.
    curves : pandas.DataFrame
        Percent by amount, one column a curve, whose name is written beside it with its
        percent at the claim: one or two, the main and lower one first.
    between : pandas.DataFrame
        The same amounts; its smallest and largest percent are the band.
    claim : float
        What was claimed: a dashed line that stands.
    area : str
        What the band is, in a few words.

    Returns
    -------
    matplotlib.axes.Axes
        Lines have gid ``curve``, the band ``range``, the claim ``claim``.
    """
    if not curves.index.equals(between.index) or claim not in curves.index:
        allowed = f"the same amounts in both, with {claim:g}"
        raise fault("curves", f"{len(curves)} and {len(between)} amounts", allowed)
    add_sources(ax, getattr(claim, "source_id", ""))
    x, low, high = curves.index, between.min(axis=1), between.max(axis=1)
    shade = {"color": ROLES["other"].colour, "alpha": 0.25, "linewidth": 0}
    ax.fill_between(x, low, high, gid="range", **shade)
    ax.axvline(claim, gid="claim", **CLAIM)
    ax.text(claim, 101, f" the report: {claim:,.0f}", color=INK, va="bottom")
    for (name, curve), role, side in zip(
        curves.items(), ("pair", "other"), ("right", "left"), strict=False
    ):
        look, at = role_look(role), (curve - 43).abs().idxmin()
        ax.plot(x, curve, color=look.colour, lw=look.width, gid="curve")
        ax.plot(claim, curve[claim], "o", color=look.colour, zorder=4)
        note = f"{name}:\n{curve[claim]:.0f} percent"
        where = {"xytext": (-10 if side == "right" else 10, 0), "ha": side}
        where |= {"va": "top" if side == "right" else "bottom"}
        where |= {"textcoords": "offset points"}
        ax.annotate(note, (at, curve[at]), color=look.text, weight="bold", **where)
    edge = (high[high.idxmax() :] - 60).abs().idxmin()
    ax.text(edge, 62, f"  {area}", color=MUTED, va="bottom")
    ax.set(xlim=(0, 1.03 * x[-1]), ylim=(0, 110), yticks=[0, 25, 50, 75, 100])
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    return ax
