r"""Trade of a pair over what all other pairs lead one to expect, with a full grid.

The form is that of `partnership.methods.gravity` with effects for each exporter and
each importer in each year. A pair must not raise its own expectation, so the estimate
is made without it, in all years: exactly, by iteration, not by a single step. Every
pair of the grid stands in every year, so that flows are matrices, and the two effects
of a year leave one system as large as the number of importers. `excess` solves one
pair anew by Newton's method and has the error of the expectation; `left_out` goes on
from the estimate with all pairs, whose second derivatives it keeps (a chord method),
less those of the pair by the formula of Sherman, Morrison and Woodbury [1]_, until
nothing moves: hundreds of pairs a second.

References
----------
.. [1] Hager, W. W. (1989). Updating the inverse of a matrix. *SIAM Review* 31(2),
   221-239.
.. [2] Fally, T. (2015). Structural gravity and fixed effects. *Journal of International
   Economics* 97(1), 76-85.
.. [3] Cameron, A. C. and Miller, D. L. (2015). A practitioner's guide to
   cluster-robust inference. *Journal of Human Resources* 50(2), 317-372.
.. [4] Lei, J., G'Sell, M., Rinaldo, A., Tibshirani, R. J. and Wasserman, L. (2018).
   Distribution-free predictive inference for regression. *Journal of the American
   Statistical Association* 113(523), 1094-1111.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.linalg.lapack import dpotrf, dpotri

from partnership import checks
from partnership.methods import gravity, separation

EFFECTS = ("exporter_year", "importer_year")
PLAIN = ("log_distance", "border", "common_official_language")
FORM = (*PLAIN, "flag")
"""The effects; regressors without and with the flag of a group."""


class _Grid(NamedTuple):
    """Flows by year, exporter and importer; cells in use; regressors of each cell."""

    flows: np.ndarray
    used: np.ndarray
    regressors: np.ndarray
    places: list  # exporters, importers and years: of each its place
    sums: list  # of exporters, importers, and over regressors

    def at(self, exporter, importer):
        """Row and column of a pair."""
        row, column = self.places[0].get(exporter), self.places[1].get(importer)
        if row is None or column is None or not self.used[row, column]:
            known = f"a pair of the table, {self.used.sum()} in all"
            found = f"{exporter}-{importer}, which has no row"
            raise checks.fault("exporter, importer", found, known)
        return row, column

    def alone(self, row, column):
        """Years in which one side of a pair trades with nobody else."""
        here = self.flows[:, row, column]
        others = (self.sums[0][:, row] - here, self.sums[1][:, column] - here)
        return np.minimum(*others) <= 1e-9 * (here + 1)


def _inverse(matrix):
    """Of a symmetric, positive definite matrix: a quarter of a general one's time."""
    factor, wrong = dpotrf(matrix)
    upper, _ = dpotri(factor)
    if wrong:
        raise np.linalg.LinAlgError("the matrix is not positive definite")
    return np.triu(upper) + np.triu(upper, 1).T


class _Normal:
    """Least squares with weights (years, N, M) on effects and regressors (k, N, M).

    Scores and solutions are triples: of exporters (years, N, q), of importers
    (years, M, q) and of regressors (k, q), where q is the number of right sides.
    """

    def __init__(self, weights, regressors):
        self.weights, self.regressors = weights, regressors
        self.turned = weights.transpose(0, 2, 1)
        rows, columns = weights.sum(2), weights.sum(1)
        self.shares = np.divide(1, rows, out=np.zeros_like(rows), where=rows > 0)
        self.shares = self.shares[..., None]
        inner = -(self.turned @ (weights * self.shares))
        each = np.arange(columns.shape[1])
        inner[:, each, each] += columns + (columns <= 0)
        # One effect a year is free; any choice gives the same sums.
        inner += columns.mean() / columns.shape[1]
        self.inner = np.array([_inverse(matrix) for matrix in inner])
        by_row = weights.transpose(1, 0, 2) @ regressors.transpose(1, 2, 0)
        by_column = weights.transpose(2, 0, 1) @ regressors.transpose(2, 1, 0)
        by_row, by_column = by_row.swapaxes(0, 1), by_column.swapaxes(0, 1)
        self.explained = self.effects(by_row, by_column)
        self.flat = regressors.reshape(len(regressors), -1)
        self.square = (self.flat * weights.sum(0).ravel()) @ self.flat.T
        self.beside = self.square - self._sum(by_row, by_column)
        self.spread = None

    def _sum(self, rows, columns):
        """Inner products of the explained parts of the regressors with scores."""
        count = len(self.flat)
        return sum(
            part.reshape(-1, count).T @ side.reshape(-1, side.shape[2])
            for part, side in zip(self.explained, (rows, columns), strict=True)
        )

    def effects(self, rows, columns):
        """Solve for the effects alone."""
        second = self.inner @ (columns - self.turned @ (rows * self.shares))
        return (rows - self.weights @ second) * self.shares, second

    def solve(self, rows, columns, slopes):
        """Solve for effects and coefficients."""
        if self.spread is None:  # not before it is needed: it may not exist
            self.spread = np.linalg.inv(self.beside)
        slopes = self.spread @ (slopes - self._sum(rows, columns))
        first, second = self.effects(rows, columns)
        return (
            first - self.explained[0] @ slopes,
            second - self.explained[1] @ slopes,
            slopes,
        )

    def step(self, score):
        """Solve for the scores of a matrix (years, N, M)."""
        sums = score.sum(2), score.sum(1), self.flat @ score.sum(0).ravel()
        return [part[..., 0] for part in self.solve(*(s[..., None] for s in sums))]

    def of_cell(self, row, column):
        """Solve for one cell in each year: its move in all effects."""
        years, count, others = self.weights.shape
        each = np.arange(years)
        rows, columns = (
            np.zeros((years, count, years)),
            np.zeros((years, others, years)),
        )
        rows[each, row, each] = columns[each, column, each] = 1
        slopes = np.repeat(self.regressors[:, row, column, None], years, axis=1)
        return self.solve(rows, columns, slopes)


def made(rows, regressors, method="ppml"):
    """Check rows of `gravity.panel`; return them as matrices, once for many pairs.

    What comes back may stand for the rows in all functions here.
    """
    if isinstance(rows, _Grid):
        return rows
    checks.choice(method, ("ppml", "ols"), "method")
    rows = gravity.usable(rows, regressors, EFFECTS, "ppml")
    keys = [pd.factorize(rows[key], sort=True) for key in gravity.KEY]
    codes, places = zip(*keys, strict=True)
    years = codes[2]
    flows = np.full((len(places[2]), len(places[0]), len(places[1])), np.nan)
    flows[years, codes[0], codes[1]] = rows["exports"]
    used = ~np.isnan(flows)
    values = np.zeros((len(regressors), *used.shape[1:]))
    values[:, codes[0], codes[1]] = rows[list(regressors)].to_numpy(float).T
    same = values[:, codes[0], codes[1]] == rows[list(regressors)].to_numpy().T
    if (used != used[0]).any() or not same.all():
        found = "pairs that lack a year or change a regressor"
        raise checks.fault("rows", found, "every pair in every year, as it was")
    _, notes = separation.informative(rows, EFFECTS)
    for (_, reason), out in notes.items():
        if reason == "separated" and out.any():
            names = ", ".join(rows.loc[out, "pair"].unique()[:10])
            raise checks.fault("rows", f"zeros that no trade ties: {names}", "none")
    positive = _Normal(np.where(flows > 0, 1.0, 0), values)
    separation.refuse_lost(positive.beside, positive.square, regressors, EFFECTS)
    flows, flat = np.nan_to_num(flows), values.reshape(len(values), -1)
    sums = [flows.sum(2), flows.sum(1), flat @ flows.sum(0).ravel()]
    places = [{name: at for at, name in enumerate(names)} for names in places]
    return _Grid(flows, used[0], values, places, sums)


def world(trade, geography, years, group=(), *, gdp=None, also=()):
    """Make the panel of every pair of economies: without a recorded flow it is zero.

    Parameters
    ----------
    trade : pandas.DataFrame
        ``exporter``, ``importer``, ``year`` and ``value`` (USD thousand).
    geography : pandas.DataFrame
        As for `gravity.panel`, with ``common_official_language``; a pair may lack its
        distance and then drops out.
    years : sequence of int
    group, gdp, also
        As for `gravity.panel`.

    Returns
    -------
    partnership.methods.gravity.Panel
    """
    trade = trade[trade["year"].isin(years)]
    return gravity.panel(
        trade.assign(exports_usd_million=trade["value"] / 1000),
        gdp,
        geography.dropna(subset="distance_weighted_km"),
        absent="zero",
        missing="drop",
        group=group,
        also=["common_official_language", *also],
    )


def _linear(first, second, slopes, regressors):
    """The linear predictor of every cell and year."""
    return np.tensordot(slopes, regressors, 1) + first[:, :, None] + second[:, None, :]


def _estimate(flows, used, regressors, method):
    """Effects, coefficients, weights at them, and what is left of each cell.

    Poisson by Newton's method from a mean of flows and margins; logarithms at once.
    """
    if method == "ols":
        weights = np.where(used & (flows > 0), 1.0, 0)
        left = np.log(np.where(weights > 0, flows, 1))
        normal = _Normal(weights, regressors)
        found = normal.step(left)
        return found, normal, (left - _linear(*found, regressors)) * weights
    flows = flows * used
    sides = flows.sum(2), flows.sum(1)
    total = flows.sum((1, 2))[:, None, None]
    weights = (flows + used * sides[0][:, :, None] * sides[1][:, None, :] / total) / 2
    score = weights * np.log(np.where(weights > 0, weights, 1)) + flows - weights
    found, moved = [0, 0, 0], 1
    for turn in range(100):
        if moved > 0.1:  # near the end the matrix of the turn before does as well
            normal = _Normal(weights, regressors)
        steps = normal.step(score)
        found = [old + step for old, step in zip(found, steps, strict=True)]
        if turn == 0:  # without trade an effect is minus infinity
            for effect, side in zip(found, sides, strict=False):
                effect[side <= 0] = -np.inf
        weights = used * np.exp(_linear(*found, regressors))
        score = flows - weights
        moved = 1 if turn == 0 else max(np.abs(step).max() for step in steps)
        if moved < 1e-9:
            return found, _Normal(weights, regressors), score
    raise checks.fault("rows", "no convergence", "a better determined model")


def _errors(moves, shares, normal, score):
    """Standard errors, clustered by pair, of links to which years add by `shares`."""
    used = normal.weights > 0
    pairs, cells, errors = used.any(0).sum(), used.sum(), []
    free = used.any(2).sum() + used.any(1).sum() - len(used) + len(normal.flat)
    for share in shares:
        move = _linear(*(part @ share for part in moves), normal.regressors)
        errors.append(np.sqrt(((move * score).sum(0) ** 2).sum()))
    small = pairs / (pairs - 1) * (cells - 1) / (cells - free)  # as libraries do [3]_
    return np.array(errors) * np.sqrt(small)


def coefficients(rows, regressors, method="ppml"):
    """Estimate the form with all pairs.

    Parameters
    ----------
    rows, regressors, method
        As for `excess`.

    Returns
    -------
    pandas.DataFrame
        One row a regressor: ``estimate`` and ``se`` (clustered by pair [3]_).
    """
    grid = made(rows, regressors, method)
    found, normal, score = _estimate(grid.flows, grid.used, grid.regressors, method)
    each = np.eye(len(regressors))
    nothing = [np.zeros((*part.shape, len(regressors))) for part in found[:2]]
    errors = _errors(normal.solve(*nothing, each), each, normal, score)
    return pd.DataFrame({"estimate": found[2], "se": errors}, [*regressors])


def excess(rows, exporter, importer, regressors, method="ppml"):
    r"""Trade of one pair over expectation, by year and in all years together.

    Parameters
    ----------
    rows : pandas.DataFrame
        The rows of `gravity.panel`, every pair in every year; or what `made` returns.
    exporter, importer : str
        The pair, which tells the estimate nothing.
    regressors : sequence of str
        Columns that do not change from year to year.
    method : {"ppml", "ols"}, default "ppml"
        Of "ols" the expectation is a geometric mean.

    Returns
    -------
    pandas.DataFrame
        Indexed by period, the years and last all of them, ``"2011..2013"``:
        ``exports`` and ``expected`` (USD million; the last row is their mean a year),
        ``ratio``, ``low`` and ``high``, its 95 percent interval, and ``se``, the
        standard error of the logarithm of ``expected`` (clustered by pair [3]_). A
        year whose effects nothing else determines is NaN.

    Notes
    -----
    The interval says how sure the *expectation* is, and nothing on how far single
    pairs stray from theirs: for that see `left_out`.
    """
    grid = made(rows, regressors, method)
    row, column = grid.at(exporter, importer)
    used, exports = grid.used.copy(), grid.flows[:, row, column]
    used[row, column] = False
    found, normal, score = _estimate(grid.flows, used, grid.regressors, method)
    expected = np.exp(_linear(*found, grid.regressors)[:, row, column])
    expected[grid.alone(row, column)] = np.nan
    every = expected / expected.sum()
    shares, moves = [*np.eye(len(expected)), every], normal.of_cell(row, column)
    result = pd.DataFrame({"exports": exports, "expected": expected})
    result.loc[len(result)] = result.mean(skipna=False)
    error = _errors(moves, shares, normal, score)
    error = pd.Series(error).where(result["expected"].notna())
    ratio = result["exports"] / result["expected"]
    low, high = (ratio * np.exp(z * error) for z in (-gravity.NORMAL, gravity.NORMAL))
    periods = [*map(str, grid.places[2])]
    periods.append(f"{periods[0]}..{periods[-1]}")
    return result.assign(ratio=ratio, low=low, high=high, se=error).set_axis(
        pd.Index(periods, name="period")
    )


def left_out(rows, pairs, regressors, method="ppml"):
    """Trade over expectation of many pairs, each left out of its own estimate.

    Parameters
    ----------
    rows, regressors, method
        As for `excess`.
    pairs : iterable of (str, str)
        Exporters and importers.

    Returns
    -------
    pandas.DataFrame
        Indexed by pair, as in `rows`: ``exports`` and ``expected`` (USD million a year,
        the mean of all years) and ``ratio``. Where nothing else determines the effects
        of a year, NaN.

    Notes
    -----
    The quantiles of the ratios are the band in which a single pair may lie, whatever
    the reason; it is far wider than the interval of `excess`.
    """
    grid = made(rows, regressors, method)
    state = _estimate(grid.flows, grid.used, grid.regressors, method)
    found = {}
    for exporter, importer in pairs:
        row, column = grid.at(exporter, importer)
        exports, expected = grid.flows[:, row, column], np.nan
        if not grid.alone(row, column).any():
            expected = _without(grid, *state, row, column, method).mean()
        found[f"{exporter}-{importer}"] = exports.mean(), expected
    table = pd.DataFrame.from_dict(
        found, orient="index", columns=["exports", "expected"]
    )
    return table.rename_axis("pair").assign(ratio=table["exports"] / table["expected"])


def _without(grid, found, normal, score, row, column, method):
    """Expect the flows of a pair, by year, from the estimate with all pairs."""
    regressors, here = grid.regressors, grid.flows[:, row, column]

    def link(parts):
        slopes = regressors[:, row, column] @ parts[2]
        return parts[0][:, row] + parts[1][:, column] + slopes

    moves, weights = normal.of_cell(row, column), normal.weights[:, row, column]
    rest = np.linalg.inv(np.eye(len(here)) - weights[:, None] * link(moves))
    # Of logarithms this one step is exact, of Poisson it is where to start.
    change = rest @ score[:, row, column]
    found = [old - move @ change for old, move in zip(found, moves, strict=True)]
    if method == "ols":
        return np.exp(link(found))
    sums = [part.copy() for part in grid.sums]
    sums[0][:, row] -= here
    sums[1][:, column] -= here
    sums[2] -= regressors[:, row, column] * here.sum()
    for _ in range(50):
        slopes = np.exp(found[2] @ normal.flat).reshape(grid.used.shape) * grid.used
        slopes[row, column] = 0
        first, second = np.exp(found[0]), np.exp(found[1])
        steps = normal.solve(
            (sums[0] - first * (second @ slopes.T))[..., None],
            (sums[1] - second * (first @ slopes))[..., None],
            (sums[2] - normal.flat @ (slopes * (first.T @ second)).ravel())[:, None],
        )
        steps = [step[..., 0] for step in steps]
        change = rest @ (weights * link(steps))
        steps = [one + move @ change for one, move in zip(steps, moves, strict=True)]
        found = [old + step for old, step in zip(found, steps, strict=True)]
        if np.abs(link(steps)).max() < 1e-6:  # what is left is some hundredths of it
            return np.exp(link(found))
    # A pair that weighs too much for the matrix with it: anew.
    used = grid.used.copy()
    used[row, column] = False
    return np.exp(link(_estimate(grid.flows, used, regressors, method)[0]))


def nearest(seen, expected, count=150, level=95):
    """Ratios of the pairs that are expected to trade as much as one, and their band.

    How far pairs stray from their expectation depends on its size, so that the band in
    which one more pair is to be looked for is drawn from those most like it [4]_.

    Parameters
    ----------
    seen : pandas.DataFrame
        What `left_out` returns of pairs drawn at random.
    expected : float
        Of the pair asked about, USD million a year.
    count : int
        Pairs nearest in the logarithm of their expectation.
    level : float
        Percent of such pairs that the band holds.

    Returns
    -------
    ratios : pandas.Series
        Of the `count` pairs.
    band : tuple of float
        Lowest and highest ratio of the band; of n ratios the outermost k on each side
        lie beyond, k = (n + 1) (100 - level) / 200, rounded down.
    """
    seen = seen.dropna(subset="ratio")
    if not 2 <= count <= len(seen):
        raise checks.fault("count", count, f"2 to the {len(seen)} pairs with a ratio")
    apart = (np.log(seen["expected"]) - np.log(expected)).abs()
    ratios = seen["ratio"].loc[apart.nsmallest(count).index].sort_values()
    beyond = int((count + 1) * (100 - level) / 200)
    if beyond < 1:
        least = f"a level below {100 - 200 / (count + 1):.4g} for {count} pairs"
        raise checks.fault("level", level, least)
    return ratios, (ratios.iloc[beyond - 1], ratios.iloc[-beyond])
