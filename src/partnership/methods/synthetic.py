r"""What a weighted mean of others makes of one unit: synthetic control.

Weights that are not negative and add up to one make of the other units a mean that
follows the treated one up to a year; what the two part by later is the gap [1]_. How
unusual it is, placebos in space tell: each other unit is treated in turn, with the
treated one among its donors, and the ratio of the errors after and before is ranked.

References
----------
.. [1] Abadie, A., Diamond, A. and Hainmueller, J. (2010). Synthetic control methods for
   comparative case studies. *Journal of the American Statistical Association* 105(490),
   493-505.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from partnership import checks


class Control(NamedTuple):
    """A unit, what the others make of it, and how it ranks among them.

    Attributes
    ----------
    weights : pandas.Series
        By donor, those above zero, the largest first.
    paths : pandas.DataFrame
        By year: ``recorded``, ``synthetic`` and ``gap``, the first less the second.
    errors : pandas.DataFrame
        By unit: ``before`` and ``after``, root mean squares of the gap, ``ratio``, the
        second over the first, and ``gap``, its mean after; the highest ratio first.
    rank, p : int, float
        Place of the ratio of the treated unit, and that over the number of units: the
        chance of such a place if the treated unit were drawn at random.
    """

    weights: pd.Series
    paths: pd.DataFrame
    errors: pd.DataFrame
    rank: int
    p: float


def weights(unit, donors):
    r"""Weights with which the donors come closest to a unit.

    The least :math:`|B w|^2 + (1'w - 1)^2` over :math:`w \ge 0`, where the columns of
    :math:`B` are donors less the unit, has the direction of the least :math:`|B w|^2`
    whose weights add up to one: so one call of non-negative least squares is enough.

    Parameters
    ----------
    unit : array_like of float
        One value a year.
    donors : array_like of float
        One row a year, one column a donor.

    Returns
    -------
    numpy.ndarray
    """
    from scipy.optimize import nnls

    unit = checks.array(unit, "unit", low=-np.inf)
    donors = checks.array(donors, "donors", low=-np.inf)
    fits = unit.ndim == 1 and donors.ndim == 2 and donors.shape[1] > 0
    fits = fits and len(donors) == len(unit) > 0
    found = f"{donors.shape} beside a unit of {unit.shape}"
    checks.demand(fits, "donors", found, "a row a year of the unit, a column a donor")
    apart = (donors - unit[:, None]) / (np.abs(unit).mean() or 1)
    share, _ = nnls(np.vstack([apart, np.ones(donors.shape[1])]), [0] * len(unit) + [1])
    return share / share.sum()


def control(panel, treated, last):
    """Compare a unit with its synthetic control, and that with all placebos.

    Parameters
    ----------
    panel : pandas.DataFrame
        By year (rows) and unit, without gaps: the treated one and two donors or more.
    treated : str
        Column of `panel`.
    last : int
        The last year before, which may not be the first or the last of the panel.

    Returns
    -------
    Control

    Notes
    -----
    The weights come from the years up to `last` of the outcome alone. The gap is no
    effect where the mean does not follow the unit before, where something else befell
    the unit or a donor afterwards, or where what was coming was known before.
    """
    panel = checks.need(panel, [], "panel", filled=True).sort_index()
    checks.array(panel, "panel", low=-np.inf)
    checks.once(panel.index, "panel")
    checks.once(panel.columns, "panel")
    checks.choice(treated, list(panel), "treated")
    checks.demand(panel.shape[1] > 2, "panel", f"{panel.shape[1]} units", "3 or more")
    checks.choice(last, panel.index[1:-1].tolist(), "last")
    before, count = panel.loc[:last].to_numpy(float), panel.shape[1]
    shares = np.zeros((count, count))
    for place in range(count):
        rest = np.arange(count) != place
        shares[rest, place] = weights(before[:, place], before[:, rest])
    shares = pd.DataFrame(shares, panel.columns, panel.columns)
    gaps = panel - panel @ shares
    after = gaps.loc[gaps.index > last]
    sizes = {"before": gaps.loc[:last], "after": after}
    errors = pd.DataFrame(
        {name: (part**2).mean() ** 0.5 for name, part in sizes.items()}
    )
    errors = errors.assign(ratio=errors["after"] / errors["before"], gap=after.mean())
    errors = errors.sort_values("ratio", ascending=False, kind="stable")
    rank = int((errors["ratio"] >= errors.at[treated, "ratio"]).sum())
    paths = pd.DataFrame({"recorded": panel[treated], "gap": gaps[treated]})
    paths.insert(1, "synthetic", paths["recorded"] - paths["gap"])
    found = shares[treated][shares[treated] > 0].sort_values(ascending=False)
    return Control(found, paths, errors, rank, rank / len(errors))
