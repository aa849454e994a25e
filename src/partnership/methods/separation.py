"""What an estimate of gravity cannot use: separated rows, regressors that are lost.

Zeros can leave Poisson without a finite estimate [1]_: effects that nothing holds from
minus infinity, whose rows are told here by name [2]_, or a regressor that does not vary
where something is traded, which is refused.

References
----------
.. [1] Santos Silva, J. M. C. and Tenreyro, S. (2010). On the existence of the maximum
   likelihood estimates in Poisson regression. *Economics Letters* 107(2), 310-312.
.. [2] Correia, S., Guimarães, P. and Zylkin, T. (2019). Verifying the existence of
   maximum likelihood estimates for generalized linear models. arXiv:1903.01633.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from partnership import checks


def informative(rows, effects):
    """Tell which rows the effects can use, and for each effect and reason which not.

    They cannot use groups without trade, groups of a single row, and the zeros between
    groups that no trade ties together.
    """
    traded, kept = rows["exports"].to_numpy() > 0, np.ones(len(rows), dtype=bool)
    codes = {effect: pd.factorize(rows[effect])[0] for effect in effects}
    sides = [codes[effect] for effect in effects if effect != "year"]
    notes, before = {}, None

    def leave_out(effect, reason, out):
        nonlocal kept
        notes[effect, reason] = notes.get((effect, reason), False) | out
        kept = kept & ~out

    while before != kept.sum():
        before = kept.sum()
        for effect, code in codes.items():
            some, size = (np.bincount(code, w)[code] for w in (traded & kept, kept))
            leave_out(effect, "all zero", kept & (some == 0))
            leave_out(effect, "one row", kept & (some > 0) & (size == 1))
        if len(sides) == 2 and kept.any():
            apart = np.zeros(len(rows), dtype=bool)
            apart[kept] = _separated(*(side[kept] for side in sides), traded[kept])
            leave_out(", ".join(effects), "separated", apart)
    if not (traded & kept).any():
        raise checks.fault(
            "rows",
            f"{len(rows)} rows, of which the effects can use none",
            "groups of two rows or more with some trade",
        )
    return kept, notes


def left_out(rows, kept, notes):
    """Describe what `informative` leaves out."""
    table = []
    for (effect, reason), out in notes.items():
        if not out.any():
            continue
        gone, side = rows[out], effect.split("_")[0]
        names = gone["pair"] + " " + gone["year"].astype(str)
        names = (names if reason == "separated" else gone[effect]).unique()
        lost = []
        if side != "year":
            lost = sorted({*gone[side].unique()} - {*rows.loc[kept, side].unique()})
        words = ", ".join(lost), ", ".join(map(str, names))
        table.append((effect, reason, len(names), len(gone), *words))
    columns = ["effect", "reason", "groups", "rows", "economies", "names"]
    return pd.DataFrame(table, columns=columns)


def _separated(first, second, traded):
    """Tell which zeros stand between groups that no trade ties together.

    Let a trade be a road both ways from an exporter's effect to an importer's, a zero
    one from the first to the second. A zero from which no road leads back is met
    exactly by lowering effects for ever.
    """
    from scipy.sparse import coo_array, csgraph

    second = second + first.max() + 1
    roads = np.r_[first, second[traded]], np.r_[second, first[traded]]
    size = second.max() + 1
    graph = coo_array((np.ones(len(roads[0])), roads), shape=(size, size))
    part = csgraph.connected_components(graph, connection="strong")[1]
    return part[first] != part[second]


def refuse_lost(beside, square, names, effects):
    """Stop at a regressor that does not vary beside those before it and the effects.

    Without one a finite estimate exists [1]_: among the flows above 0 nothing is a sum
    of the others and of effects, so that no zero can be met exactly.

    Parameters
    ----------
    beside, square : numpy.ndarray
        Products of the regressors among the flows above 0, with the effects taken out
        and without.
    names, effects : sequence of str
    """
    scale = np.sqrt(np.diag(square))
    scale[scale == 0] = 1
    beside, kept = beside / np.outer(scale, scale), []
    for place, name in enumerate(names):
        rest, shared = beside[place, place], beside[kept, place]
        rest -= shared @ np.linalg.solve(beside[np.ix_(kept, kept)], shared)
        if rest <= 1e-12:
            others = [*(one for one in names if one != name), *effects]
            raise checks.fault(
                "regressors",
                f"{name!r}, which does not vary where something is traded beside "
                f"{', '.join(others) or 'a constant'}",
                "one that does",
            )
        kept.append(place)
