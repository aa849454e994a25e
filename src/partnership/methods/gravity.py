r"""How much two economies would trade if size and distance decided: gravity.

The model says that exports of economy i to economy j in year t are, on average,

.. math:: E[X_{ijt}] = \exp(a_{it} + b_{jt} + x_{ijt}' \beta),

where :math:`x` holds the logarithm of distance, a common border and so on, and where
:math:`a` and :math:`b` are either the logarithms of gross domestic product (GDP) or
free effects for each exporter and importer in each year [1]_. It is estimated by
Poisson pseudo maximum likelihood (PPML), which keeps the zeros and stays consistent
when the spread of the flows grows with their size [2]_; ordinary least squares (OLS)
in logarithms is there to compare. The estimator itself is that of pyfixest, imported
when first used.

With an effect for every importer and year, nothing that is the same for all exporters
can be estimated: if all exporters are post-Soviet, a post-Soviet flag of the importer
is absorbed, and `fit` says so.

References
----------
.. [1] Anderson, J. E. and van Wincoop, E. (2003). Gravity with gravitas. *American
   Economic Review* 93(1), 170-192.
.. [2] Santos Silva, J. M. C. and Tenreyro, S. (2006). The log of gravity. *Review of
   Economics and Statistics* 88(4), 641-658.
"""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from partnership.checks import need

# fmt: off
POST_SOVIET = (
    "ARM", "AZE", "BLR", "EST", "GEO", "KAZ", "KGZ", "LTU", "LVA", "MDA", "RUS", "TJK",
    "TKM", "UKR", "UZB",
)
"""The 15 economies (ISO 3166 alpha-3) that were republics of the Soviet Union."""


SPECIFICATIONS = {
    "plain": (("log_gdp_exporter", "log_gdp_importer", "log_distance"), ()),
    "border and flag": (
        ("log_gdp_exporter", "log_gdp_importer", "log_distance", "border", "flag"),
        ("year",),
    ),
    "exporter effects": (
        ("log_gdp_importer", "log_distance", "border", "flag"),
        ("exporter_year",),
    ),
    "both effects": (("log_distance", "border"), ("exporter_year", "importer_year")),
}
"""Regressors and effects of the specifications, from plain to free effects."""


NORMAL_95 = 1.959964
"""Half width of a central 95 percent interval, in standard errors."""


_KEY = ["exporter", "importer", "year"]


_EFFECTS = ("year", "exporter_year", "importer_year")


class Panel(NamedTuple):
    """What the model is estimated on, and what it is not.

    Attributes
    ----------
    rows : pandas.DataFrame
        One row an exporter, importer and year: those three, ``pair``, ``exports``
        (USD million), ``log_gdp_exporter``, ``log_gdp_importer``, ``log_distance``,
        ``border`` and ``flag`` (0 or 1; flag: the importer is post-Soviet), and the
        effects ``exporter_year`` and ``importer_year``.
    dropped : pandas.DataFrame
        One row an economy and reason: ``economy``, ``reason``, ``years`` (first to
        last), ``rows`` and ``exports`` (USD million that are lost with them).
    """

    rows: pd.DataFrame
    dropped: pd.DataFrame


class Fit(NamedTuple):
    """An estimated specification.

    Attributes
    ----------
    coefficients : pandas.DataFrame
        One row a regressor: ``estimate`` and ``se`` (clustered by pair). The
        coefficient of a logarithm is an elasticity.
    rows : pandas.DataFrame
        The rows used, with the column ``expected`` (USD million).
    left_out : pandas.DataFrame
        One row an effect and reason, for what the effects cannot use: ``effect``,
        ``reason``, ``groups``, ``rows``, ``economies`` (those that vanish entirely).
    regressors, effects, method
        As given to `fit`.
    model : object
        The result of pyfixest.
    """

    coefficients: pd.DataFrame
    rows: pd.DataFrame
    left_out: pd.DataFrame
    regressors: tuple[str, ...]
    effects: tuple[str, ...]
    method: str
    model: Any


def _once(frame, key, argument):
    """Stop if two rows have the same key."""
    twice = frame.loc[frame.duplicated(key), key]
    if len(twice):
        found = ", ".join(str(cell) for cell in twice.iloc[0])
        raise ValueError(f"{argument}: found {found} twice; allowed is once")


def _choice(value, allowed, argument):
    """Stop unless `value` is one of those allowed."""
    if value not in allowed:
        raise ValueError(
            f"{argument}: found {value!r}; allowed is one of {', '.join(allowed)}"
        )


def _bad(frame, column, test, allowed, argument):
    """Stop if a number of a column fails a test; NaN is never allowed."""
    numbers = pd.to_numeric(frame[column], errors="coerce").astype(float)
    wrong = ~(test(numbers) & np.isfinite(numbers))
    if wrong.any():
        row = frame[wrong].iloc[0]
        where = ", ".join(str(row[c]) for c in (*_KEY, "iso3") if c in frame)
        raise ValueError(
            f"{argument}[{column!r}]: found {row[column]} at {where}; allowed {allowed}"
        )


def panel(trade, gdp, geography, absent="missing", missing="error", group=POST_SOVIET):
    """Join flows, sizes and distances, and list what cannot be joined.

    Parameters
    ----------
    trade : pandas.DataFrame
        ``exporter``, ``importer``, ``year``, ``exports_usd_million`` (0 or more).
    gdp : pandas.DataFrame
        ``iso3``, ``year``, ``value``: GDP in USD million, above 0.
    geography : pandas.DataFrame
        ``exporter``, ``importer``, ``distance_weighted_km`` (above 0), ``contiguous``
        (0 or 1); one row a pair.
    absent : {"missing", "zero"}, default "missing"
        What a combination of exporter, importer and year that is not in `trade`
        means: nothing is known, or nothing was traded.
    missing : {"error", "drop"}, default "error"
        What to do with rows that have no GDP or no distance.
    group : collection of str
        Importers whose ``flag`` is 1.

    Returns
    -------
    Panel

    Raises
    ------
    ValueError
        If a table lacks a column, has a row twice, or a flow, GDP or distance that
        is not allowed; if `missing` is "error" and a GDP or a distance is missing (the
        message names the economies); or if nothing is left.
    """
    _choice(absent, ("missing", "zero"), "absent")
    _choice(missing, ("error", "drop"), "missing")
    need(trade, [*_KEY, "exports_usd_million"], "trade", filled=True)
    need(gdp, ["iso3", "year", "value"], "gdp", filled=True)
    apart = ["exporter", "importer", "distance_weighted_km", "contiguous"]
    need(geography, apart, "geography", filled=True)
    _once(trade, _KEY, "trade")
    _once(gdp, ["iso3", "year"], "gdp")
    _once(geography, ["exporter", "importer"], "geography")
    _bad(trade, "exports_usd_million", lambda v: v >= 0, "are 0 or more", "trade")
    _bad(gdp, "value", lambda v: v > 0, "are numbers above 0", "gdp")
    _bad(geography, apart[2], lambda v: v > 0, "are numbers above 0", "geography")
    _bad(geography, apart[3], lambda v: v.isin((0, 1)), "are 0 and 1", "geography")

    rows = trade[[*_KEY, "exports_usd_million"]]
    if absent == "zero":
        every = [sorted(trade[column].unique()) for column in _KEY]
        grid = pd.MultiIndex.from_product(every, names=_KEY).to_frame(index=False)
        grid = grid[grid["exporter"] != grid["importer"]]
        rows = grid.merge(rows, how="left", on=_KEY).fillna({"exports_usd_million": 0})
    rows = rows.rename(columns={"exports_usd_million": "exports"})
    for side in ("exporter", "importer"):
        size = gdp.rename(columns={"iso3": side, "value": f"gdp_{side}"})
        size = size[[side, "year", f"gdp_{side}"]]
        rows = rows.merge(size, how="left", on=[side, "year"])
    rows = rows.merge(geography[apart], how="left", on=["exporter", "importer"])

    lost = []
    for column, economy, reason in (
        ("gdp_exporter", "exporter", "no GDP"),
        ("gdp_importer", "importer", "no GDP"),
        ("distance_weighted_km", "importer", "no distance"),
    ):
        lacking = rows[rows[column].isna()].assign(reason=reason)
        lost.append(lacking.assign(economy=lacking[economy]))
        rows = rows[rows[column].notna()]
    dropped = _dropped(pd.concat(lost))
    if missing == "error" and len(dropped):
        names = [f"{r.economy} ({r.reason}, {r.years})" for r in dropped.itertuples()]
        raise ValueError(
            f"gdp and geography: found nothing for {', '.join(names)}; allowed is a "
            "value for every row of trade, or missing='drop' to leave them out"
        )
    if rows.empty:
        raise ValueError("trade: found no row with GDP and distance; needed are some")
    return Panel(_derived(rows, group), dropped)


def _dropped(lost):
    """Count lost rows by economy and reason."""
    groups = lost.groupby(["economy", "reason"], sort=True)
    table = groups.agg(
        first=("year", "min"),
        last=("year", "max"),
        rows=("year", "size"),
        exports=("exports", "sum"),
    ).reset_index()
    years = table["first"].astype(str) + "–" + table["last"].astype(str)
    table.insert(2, "years", years)
    return table.drop(columns=["first", "last"])


def _derived(rows, group):
    """Return the columns of the model, sorted by exporter, importer and year."""
    year = rows["year"].astype(str)
    result = rows[_KEY].assign(
        pair=rows["exporter"] + "-" + rows["importer"],
        exports=rows["exports"].astype(float),
        log_gdp_exporter=np.log(rows["gdp_exporter"]),
        log_gdp_importer=np.log(rows["gdp_importer"]),
        log_distance=np.log(rows["distance_weighted_km"]),
        border=rows["contiguous"].astype(int),
        flag=rows["importer"].isin(group).astype(int),
        exporter_year=rows["exporter"] + " " + year,
        importer_year=rows["importer"] + " " + year,
    )
    return result.sort_values(_KEY, ignore_index=True)


def _informative(rows, effects, method):
    """Leave out groups of an effect that are all zero, or a single row."""
    notes, whole = [], rows
    while True:
        before = len(rows)
        for effect in effects:
            groups = rows.groupby(effect)["exports"]
            size, top = groups.transform("size"), groups.transform("max")
            single = (size == 1) & (top > 0)
            for reason, out in (("all zero", top == 0), ("one row", single)):
                if out.any():
                    notes.append((effect, reason, rows.loc[out]))
            rows = rows[~((top == 0) | single)]
        if len(rows) == before:
            break
    table = []
    for effect, reason, out in notes:
        side = effect.split("_")[0]
        gone = set()
        if side in ("exporter", "importer"):
            gone = set(out[side]) - set(rows[side])
        table.append(
            {
                "effect": effect,
                "reason": reason,
                "groups": out[effect].nunique(),
                "rows": len(out),
                "economies": ", ".join(sorted(gone)),
            }
        )
    columns = ["effect", "reason", "groups", "rows", "economies"]
    if rows.empty:
        raise ValueError(
            f"rows: found {len(whole)} rows, of which the effects can use none "
            f"({method}); allowed are groups with two rows or more and some trade"
        )
    return rows, pd.DataFrame(table, columns=columns)


def fit(rows, regressors, effects=(), method="ppml"):
    """Estimate a gravity equation.

    Parameters
    ----------
    rows : pandas.DataFrame
        The rows of `panel`.
    regressors : sequence of str
        Columns of `rows`.
    effects : sequence of {"year", "exporter_year", "importer_year"}, default ()
        Free effects; without any, a constant.
    method : {"ppml", "ols"}, default "ppml"
        Poisson pseudo maximum likelihood of the flows; or least squares of their
        logarithms, which leaves out the zeros.

    Returns
    -------
    Fit
        ``expected`` of OLS is the exponential of the expected logarithm: a middle
        value (geometric mean), not a mean.

    Raises
    ------
    ValueError
        If an argument is unknown, if a regressor does not vary beside the effects (it
        cannot be told from them), or if no row is left.

    Notes
    -----
    Groups of an effect that are all zero tell nothing about a ratio and would have an
    effect of minus infinity; groups of one row are met exactly. Both are left out and
    counted in ``left_out``.
    """
    regressors, effects = tuple(regressors), tuple(effects)
    _choice(method, ("ppml", "ols"), "method")
    for effect in effects:
        _choice(effect, _EFFECTS, "effects")
    if not regressors:
        raise ValueError("regressors: found none; allowed is one column or more")
    need(rows, [*_KEY, "pair", "exports", *regressors, *effects], "rows", filled=True)
    if method == "ols":
        rows = rows[rows["exports"] > 0].assign(log_exports=lambda d: np.log(d.exports))
    rows, left_out = _informative(rows, effects, method)

    from pyfixest import feols, fepois

    left = "log_exports" if method == "ols" else "exports"
    formula = f"{left} ~ {' + '.join(regressors)}"
    formula += f" | {' + '.join(effects)}" if effects else ""
    with warnings.catch_warnings():
        # What it warns of is checked below, and stops with an error.
        warnings.simplefilter("ignore")
        estimate = fepois if method == "ppml" else feols
        # The default tolerance leaves the fifth digit open.
        options = {"iwls_tol": 1e-12, "iwls_maxiter": 100} if method == "ppml" else {}
        model = estimate(
            formula, rows, vcov={"CRV1": "pair"}, fixef_rm="none", **options
        )
    table = model.tidy()[["Estimate", "Std. Error"]]
    table.columns, table.index.name = ["estimate", "se"], None
    for name in regressors:
        if name not in table.index:
            raise ValueError(
                f"regressors: found {name!r}, which does not vary beside "
                f"{', '.join(effects) or 'the others'}; leave out one of them"
            )
    if len(model._data) != len(rows):
        raise ValueError(
            f"rows: found {len(rows) - len(model._data)} rows that the regressors "
            "separate into zeros; allowed are regressors that do not"
        )
    expected = np.asarray(model.predict(type="response")).ravel()
    expected = np.exp(expected) if method == "ols" else expected
    rows = rows.assign(expected=expected)
    return Fit(
        table.loc[list(regressors)], rows, left_out, regressors, effects, method, model
    )


def table(fits):
    """Lay estimates side by side, standard errors in brackets.

    Parameters
    ----------
    fits : dict of str to Fit

    Returns
    -------
    pandas.DataFrame
        Text; one column a fit, one row a regressor, then rows and pairs used.
    """
    if not fits:
        raise ValueError("fits: found none; allowed is one or more")
    columns = {}
    for name, one in fits.items():
        cells = {
            regressor: f"{row.estimate:.2f} ({row.se:.2f})"
            for regressor, row in one.coefficients.iterrows()
        }
        counts = {"rows": len(one.rows), "pairs": one.rows["pair"].nunique()}
        columns[name] = cells | {key: f"{n:,}" for key, n in counts.items()}
    known = [n for spec in SPECIFICATIONS.values() for n in spec[0]]
    others = [n for one in fits.values() for n in one.regressors]
    order = [*dict.fromkeys([*known, *others]), "rows", "pairs"]
    result = pd.DataFrame(columns)
    return result.reindex([n for n in order if n in result.index]).fillna("")


def excess(rows, exporter, importer, specification, method="ppml", interval=True):
    r"""Trade of one pair over what all other pairs lead one to expect, by year.

    The pair is left out of the estimate: it must not raise its own expectation, which
    it would through the effects of its exporter and importer.

    Parameters
    ----------
    rows : pandas.DataFrame
        The rows of `panel`.
    exporter, importer : str
        The pair.
    specification : (sequence of str, sequence of str)
        Regressors and effects, as in `SPECIFICATIONS`.
    method : {"ppml", "ols"}, default "ppml"
    interval : bool, default True
        Whether to compute the interval.

    Returns
    -------
    pandas.DataFrame
        Indexed by year: ``exports`` and ``expected`` (USD million), ``ratio`` (exports
        over expected) and, with `interval`, ``low`` and ``high``, the 95 percent
        interval of the ratio, and ``se``, the standard error of the logarithm of
        ``expected``. A year whose effects nothing else determines is NaN.

    Raises
    ------
    ValueError
        If the pair is not in `rows`, or as for `fit`.

    Notes
    -----
    With the design :math:`X` (dummies included), weights :math:`W` (the expectation
    for PPML, 1 for OLS) and scores summed by pair :math:`S`, the variance of
    :math:`x_0'\hat\theta` is :math:`z'S'Sz` with :math:`z = (X'WX)^{-1}x_0`, times the
    correction of pyfixest, G/(G−1) · (N−1)/(N−K): the cluster sandwich of the
    coefficients, extended to the effects. The interval is about the expectation alone.
    It says nothing on how far single pairs usually stray from it: see `ranking`.
    """
    own = rows[(rows["exporter"] == exporter) & (rows["importer"] == importer)]
    if own.empty:
        raise ValueError(
            f"exporter, importer: found {exporter}-{importer}, which has no row; "
            f"allowed is a pair of the table, {rows['pair'].nunique()} in all"
        )
    others = fit(rows.drop(index=own.index), *specification, method=method)
    x, new = _design(others, others.rows), _design(others, own)
    link = new @ _solve(x.T @ x, x.T @ np.log(others.rows["expected"].to_numpy()))
    for effect in others.effects:
        link[~own[effect].isin(others.rows[effect]).to_numpy()] = np.nan
    result = pd.DataFrame(
        {"exports": own["exports"].to_numpy(), "expected": np.exp(link)},
        pd.Index(own["year"], name="year"),
    )
    result["ratio"] = result["exports"] / result["expected"]
    if interval:
        se = np.where(np.isnan(link), np.nan, _link_error(others, x, new))
        result["low"] = result["ratio"] * np.exp(-NORMAL_95 * se)
        result["high"] = result["ratio"] * np.exp(NORMAL_95 * se)
        result["se"] = se
    return result


def _dummies(levels, values):
    """Return a sparse 0/1 matrix: rows of `values` by unique `levels`."""
    from scipy import sparse

    levels = pd.Index(levels.unique())
    codes = levels.get_indexer(values)
    known = np.flatnonzero(codes >= 0)
    cells = np.ones(len(known)), (known, codes[known])
    return sparse.csr_array(cells, shape=(len(values), len(levels)))


def _design(one, frame):
    """Regressors and dummies of a fit, for the rows of `frame`."""
    from scipy import sparse

    slopes = frame[list(one.regressors)].to_numpy(float)
    if not one.effects:
        slopes = np.column_stack([np.ones(len(frame)), slopes])
    parts = [_dummies(one.rows[effect], frame[effect]) for effect in one.effects]
    return sparse.hstack([sparse.csr_array(slopes), *parts], format="csr")


def _solve(square, right):
    """Solve a system whose only freedom is how the effects share a constant.

    That freedom changes nothing that is asked for; a tiny ridge settles it.
    """
    from scipy import sparse

    ridge = 1e-10 * square.diagonal().max() * sparse.eye_array(square.shape[0])
    return sparse.linalg.splu((square + ridge).tocsc()).solve(right)


def _link_error(one, x, new):
    """Clustered standard error of the linear predictor for the rows of `new`."""
    from scipy import sparse

    rows = one.rows
    if one.method == "ppml":
        weight = rows["expected"].to_numpy()
        score = (rows["exports"] - rows["expected"]).to_numpy()
    else:
        weight = np.ones(len(rows))
        score = np.log(rows["exports"] / rows["expected"]).to_numpy()
    inverse_new = _solve(x.T @ (sparse.diags_array(weight) @ x), new.T.toarray())
    pairs = _dummies(rows["pair"], rows["pair"])
    spread = pairs.T @ (score[:, None] * (x @ inverse_new))
    free = x.shape[1]
    if len(one.effects) == 2:
        # One constant is shared between the effects in each connected part.
        first, second = (_dummies(rows[effect], rows[effect]) for effect in one.effects)
        links = sparse.block_array([[None, first.T @ second], [second.T @ first, None]])
        free -= sparse.csgraph.connected_components(links, directed=False)[0]
    n, g = len(rows), pairs.shape[1]
    correction = g / (g - 1) * (n - 1) / (n - free)
    return np.sqrt(correction * (spread**2).sum(axis=0))


def ranking(one, years, minimum):
    """Rank pairs by trade over expectation, summed over some years.

    Parameters
    ----------
    one : Fit
    years : sequence of int
        Years to sum.
    minimum : float
        USD million a year, 0 or more: only pairs whose mean expected flow reaches it.

    Returns
    -------
    pandas.DataFrame
        Indexed by pair, highest ratio first: ``exporter``, ``importer``, ``exports``
        and ``expected`` (USD million a year), ``ratio``, ``place`` (1 is highest).

    Raises
    ------
    ValueError
        If a year is not in the fit, `minimum` is negative, or no pair reaches it.

    Notes
    -----
    Every pair is part of the estimate here, so a large flow pulls its own expectation
    up: the ratio of `excess` is further from 1.
    """
    years = list(years)
    unknown = sorted(set(years) - set(one.rows["year"]))
    if unknown or not years:
        have = one.rows["year"]
        raise ValueError(
            f"years: found {unknown or 'none'}; "
            f"allowed are {have.min()} to {have.max()}"
        )
    if not minimum >= 0:
        raise ValueError(f"minimum: found {minimum}; allowed is 0 or more")
    rows = one.rows[one.rows["year"].isin(years)]
    groups = rows.groupby("pair", sort=True)
    # A year without a row was left out because nothing was traded: the mean is taken
    # over all the years asked for.
    sums = groups[["exports", "expected"]].sum() / len(years)
    result = groups[["exporter", "importer"]].first().join(sums)
    result = result[result["expected"] >= minimum]
    if result.empty:
        raise ValueError(
            f"minimum: found {minimum:g}, which no pair reaches; allowed is up to "
            f"{sums['expected'].max():g}"
        )
    result["ratio"] = result["exports"] / result["expected"]
    result = result.sort_values(["ratio", "expected"], ascending=[False, True])
    return result.assign(
        place=result["ratio"].rank(method="min", ascending=False).astype(int)
    )


def ratio(result, years):
    """Trade over expectation, summed over some years of `excess`.

    Parameters
    ----------
    result : pandas.DataFrame
        What `excess` returns.
    years : sequence of int

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If a year is missing or has no expectation.
    """
    years = list(years)
    known = result.index[result["expected"].notna()]
    unknown = sorted(set(years) - set(known))
    if unknown or not years:
        raise ValueError(
            f"years: found {unknown or 'none'}; allowed are those with an expectation, "
            f"{', '.join(str(year) for year in known)}"
        )
    part = result.loc[years]
    return float(part["exports"].sum() / part["expected"].sum())


def chart_frame(result, column, interval=False, source_id="ctx-cow-trade-v4"):
    """Turn a column of `excess` into a frame for ``partnership.charts``.

    Parameters
    ----------
    result : pandas.DataFrame
        What `excess` returns.
    column : {"exports", "expected", "ratio"}
    interval : bool, default False
        Whether ``low`` and ``high`` are the 95 percent interval, or the value itself.
    source_id : str
        Source of the flows, for the footer.

    Returns
    -------
    pandas.DataFrame
        One row a year with the columns of ``partnership.series``.
    """
    _choice(column, ("exports", "expected", "ratio"), "column")
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
