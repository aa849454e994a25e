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

Zeros can leave PPML without a finite estimate [3]_: a regressor that does not vary
where something is traded, or effects that nothing holds from minus infinity. `fit`
stops at the first and leaves out, by name, the rows of the second [4]_. It stops as
well at a regressor that the effects absorb: with an effect for every importer and year
nothing that is the same for all exporters can be estimated.

An argument that is not allowed is a ``ValueError`` that names it, what was found and
what is allowed.

References
----------
.. [1] Anderson, J. E. and van Wincoop, E. (2003). Gravity with gravitas. *American
   Economic Review* 93(1), 170-192.
.. [2] Santos Silva, J. M. C. and Tenreyro, S. (2006). The log of gravity. *Review of
   Economics and Statistics* 88(4), 641-658.
.. [3] Santos Silva, J. M. C. and Tenreyro, S. (2010). On the existence of the maximum
   likelihood estimates in Poisson regression. *Economics Letters* 107(2), 310-312.
.. [4] Correia, S., Guimarães, P. and Zylkin, T. (2019). Verifying the existence of
   maximum likelihood estimates for generalized linear models. arXiv:1903.01633.
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np
import pandas as pd

from partnership import checks
from partnership.methods import separation

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

LEVEL, NORMAL = 95, 1.959964
"""Percent of the intervals, and half of their width in standard errors."""

PAIR = ["exporter", "importer"]
KEY = [*PAIR, "year"]
_EFFECTS = ("year", "exporter_year", "importer_year")


class Panel(NamedTuple):
    """What the model is estimated on, and what it is not.

    Attributes
    ----------
    rows : pandas.DataFrame
        One row an exporter, importer and year: those three, ``pair``, ``exports``
        (USD million), ``log_gdp_exporter``, ``log_gdp_importer``, ``log_distance``,
        ``border`` and ``flag`` (0 or 1; flag: both are of the group), the effects
        ``exporter_year`` and ``importer_year``, and what was asked for besides.
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
        ``reason``, ``groups``, ``rows``, ``economies`` (those that vanish entirely)
        and ``names`` (the groups; of separated zeros the pairs and years).
    """

    coefficients: pd.DataFrame
    rows: pd.DataFrame
    left_out: pd.DataFrame


def _refuse(frame, column, bad, argument, allowed):
    """Stop if rows of a column are bad, and name them by their labels."""
    if not bad.any():
        return
    found = frame.loc[bad, column].iloc[0]
    found = "nothing" if pd.isna(found) else checks.shown(found)
    rows = [str(label) for label in frame.index[bad]]
    where = ", ".join(rows[:10]) + (", ..." if len(rows) > 10 else "")
    raise checks.fault(
        f"{argument}[{column!r}]", f"{found} in {len(rows)} rows: {where}", allowed
    )


def _key(column, value):
    """Return a whole year or the name of an economy; None if it is neither."""
    if column != "year":
        return value if isinstance(value, str) and value.strip() else None
    if isinstance(value, float) and value.is_integer():  # as in a column with a gap
        value = int(value)
    try:
        return checks.year(value, "year")
    except ValueError:
        return None


def _table(frame, argument, keys, amounts):
    """Check keys and amounts of a table; return it with whole years and floats."""
    frame = checks.need(frame, [*keys, *amounts], argument, filled=True).copy()
    for key in keys:
        values = {value: _key(key, value) for value in frame[key].unique()}
        allowed = "a whole year"
        if key != "year":
            allowed = "a name as text (read_csv drops NA unless keep_default_na=False)"
        bad = frame[key].isin([value for value in values if values[value] is None])
        _refuse(frame, key, bad.to_numpy(), argument, allowed)
        frame[key] = frame[key].map(values) if key == "year" else frame[key]
    checks.once(frame[keys], argument)
    for column, bounds in amounts.items():
        name = f"{argument}[{column!r}]"
        try:
            cells = checks.array(frame[column], name, **bounds)
        except ValueError:  # labels of all rows take longer than the check
            labels = frame[keys[0]].str.cat(frame[keys[1:]].astype(str), sep=", ")
            cells = checks.array(frame[column], name, keys=labels.array, **bounds)
        frame[column] = cells
    return frame


def panel(trade, gdp, geography, absent="missing", missing="error", group=(), also=()):
    """Join flows, sizes and distances, and list what cannot be joined.

    Parameters
    ----------
    trade : pandas.DataFrame
        ``exporter``, ``importer``, ``year``, ``exports_usd_million`` (0 or more).
    gdp : pandas.DataFrame or None
        ``iso3``, ``year``, ``value``: GDP in USD million, above 0. None where effects
        hold it: then no row is lost for it.
    geography : pandas.DataFrame
        ``exporter``, ``importer``, ``distance_weighted_km`` (above 0), ``contiguous``
        (0 or 1); one row a pair and direction.
    absent : {"missing", "zero"}, default "missing"
        What a combination of exporter, importer and year that is not in `trade`
        means: nothing is known, or nothing was traded.
    missing : {"error", "drop"}, default "error"
        What to do with rows that have no GDP or no distance.
    group : collection of str
        Economies; between two of them ``flag`` is 1.
    also : sequence of str
        Further columns of `geography` to keep.

    Returns
    -------
    Panel

    Raises
    ------
    ValueError
        Also if a key is missing, of another kind or there twice (rows are named by
        their index), if a flow is that of a total such as the world, if `missing` is
        "error" and a GDP or a distance is missing, or if nothing is left.
    """
    checks.choice(absent, ("missing", "zero"), "absent")
    checks.choice(missing, ("error", "drop"), "missing")
    group, also = checks.names(group, "group"), checks.names(also, "also")
    trade = _table(trade, "trade", KEY, {"exports_usd_million": {}})
    if gdp is not None:
        gdp = _table(gdp, "gdp", ["iso3", "year"], {"value": {"above": True}})
    far = {"distance_weighted_km": {"above": True}, "contiguous": {}}
    far |= {name: {"low": -np.inf} for name in also}
    geography = _table(geography, "geography", PAIR, far)
    border = geography["contiguous"].isin((0, 1))
    _refuse(geography, "contiguous", ~border, "geography", "0 or 1")
    for side in PAIR:
        total = trade[side].isin(checks.totals(trade[side].unique()))
        _refuse(trade, side, total, "trade", "a single economy, no total")
    rows = _joined(trade, gdp, geography, absent, also)
    dropped = _dropped(rows)
    if missing == "error" and len(dropped):
        names = [f"{r.economy} ({r.reason}, {r.years})" for r in dropped.itertuples()]
        raise checks.fault(
            "gdp and geography",
            f"nothing for {', '.join(names)}",
            "a value for every row of trade, or missing='drop' to leave them out",
        )
    rows = rows.dropna()
    if rows.empty:
        raise checks.fault("trade", "no row with GDP and distance", "one or more")
    return Panel(_derived(rows, group, also), dropped)


def _joined(trade, gdp, geography, absent, also):
    """Put the GDP of both sides, the distance and so on beside each flow."""
    places = [pd.Index(sorted(trade[column].unique())) for column in KEY]
    flows = np.full([len(index) for index in places], np.nan)
    where = [index.get_indexer(trade[c]) for index, c in zip(places, KEY, strict=True)]
    flows[tuple(where)] = trade["exports_usd_million"]
    if absent == "zero":
        flows[np.isnan(flows)] = 0
        flows[np.equal.outer(*(index.to_numpy() for index in places[:2]))] = np.nan
    at = np.nonzero(~np.isnan(flows))
    rows = {
        column: index[one] for column, index, one in zip(KEY, places, at, strict=True)
    }
    rows["exports"] = flows[at]
    for side, index, one in zip(PAIR, places, at, strict=False):
        if gdp is not None:
            sizes = gdp.pivot(index="iso3", columns="year", values="value")
            sizes = sizes.reindex(index=index, columns=places[2]).to_numpy()
            rows[f"gdp_{side}"] = sizes[one, at[2]]
    geography = geography.set_index(PAIR).reindex(
        pd.MultiIndex.from_product(places[:2], names=PAIR)
    )
    for column in ("distance_weighted_km", "contiguous", *also):
        rows[column] = geography[column].to_numpy().reshape(flows.shape[:2])[at[:2]]
    return pd.DataFrame(rows)


def _dropped(rows):
    """Count the rows without GDP or distance by economy and reason.

    Without a distance it is the importer that is named, unless the exporter has none.
    """
    lacks = {}
    for side in PAIR:
        if f"gdp_{side}" in rows:
            lacks[side, "no GDP"] = rows[f"gdp_{side}"].isna()
    far = rows["contiguous"].isna()
    near = rows.loc[~far, "exporter"].unique()
    lacks["exporter", "no distance"] = far & ~rows["exporter"].isin(near)
    lacks["importer", "no distance"] = far
    some = np.logical_or.reduce([*lacks.values()])
    rows, lacks = rows[some], {key: one[some] for key, one in lacks.items()}
    economy = np.select([*lacks.values()], [rows[side] for side, _ in lacks], None)
    reason = np.select([*lacks.values()], [reason for _, reason in lacks], "")
    lost = rows.assign(economy=economy, reason=reason)
    table = lost.groupby(["economy", "reason"], as_index=False).agg(
        first=("year", "min"),
        last=("year", "max"),
        rows=("year", "size"),
        exports=("exports", "sum"),
    )
    years = table.pop("first").astype(str) + "–" + table.pop("last").astype(str)
    table.insert(2, "years", years)
    return table


def _derived(rows, group, also):
    """Return the columns of the model."""
    year = " " + rows["year"].astype(str)
    sides = [rows[side] for side in PAIR]
    result = rows[KEY].assign(
        pair=sides[0] + "-" + sides[1],
        exports=rows["exports"],
        log_distance=np.log(rows["distance_weighted_km"]),
        border=rows["contiguous"].astype(int),
        flag=(sides[0].isin(group) & sides[1].isin(group)).astype(int),
        exporter_year=sides[0] + year,
        importer_year=sides[1] + year,
    )
    for side in PAIR:
        if f"gdp_{side}" in rows:
            result[f"log_gdp_{side}"] = np.log(rows[f"gdp_{side}"])
    return result.join(rows[[*also]]).reset_index(drop=True)


def _estimate(rows, regressors, effects, method):
    """Let pyfixest estimate; return its model and its table of coefficients."""
    from pyfixest import MapDemeaner, feols, fepois
    from pyfixest.estimation import demean

    # Names of columns are no formulas.
    columns = [f"x{number}" for number in range(len(regressors))]
    data = rows[["exports", *regressors]].astype(float)
    data = data.set_axis(["exports", *columns], axis=1)
    for group in ("pair", *effects):
        data[group] = pd.factorize(rows[group])[0]
    traded = data[data["exports"] > 0]
    values = traded[columns].to_numpy()
    groups = traded[[*effects]].to_numpy(np.uint64)
    groups = groups if effects else np.zeros((len(traded), 1), dtype=np.uint64)
    values = values / np.maximum(np.abs(values).max(axis=0, initial=0), 1e-300)
    left, _ = demean(values, groups, np.ones(len(traded)), tol=1e-10)
    separation.refuse_lost(left.T @ left, values.T @ values, regressors, effects)
    formula = "exports ~ " + " + ".join(columns)
    formula += f" | {' + '.join(effects)}" if effects else ""
    # pyfixest takes the effects from a set: their order must not be seen in a digit.
    precise = MapDemeaner(fixef_tol=1e-10)
    options = {"vcov": {"CRV1": "pair"}, "fixef_rm": "none", "demeaner": precise}
    with warnings.catch_warnings():
        # What it warns of is checked before, and stops with an error.
        warnings.simplefilter("ignore")
        try:
            if method == "ols":
                logs = data.assign(exports=np.log(traded["exports"]))
                model = feols(formula, logs, **options)
            else:
                # The default tolerance leaves the fifth digit open.
                options |= {"iwls_tol": 1e-12, "iwls_maxiter": 100}
                model = fepois(formula, data, separation_check=[], **options)
        except (ValueError, RuntimeError, np.linalg.LinAlgError):
            model = None
    if model is None or (method == "ppml" and not model.convergence):
        raise checks.fault("rows", "no convergence", "a better determined model")
    table = model.tidy()[["Estimate", "Std. Error"]].reindex(columns)
    table.columns, table.index = ["estimate", "se"], [*regressors]
    return model, table


def fit(rows, regressors, effects=(), method="ppml"):
    """Estimate a gravity equation.

    Parameters
    ----------
    rows : pandas.DataFrame
        The rows of `panel`.
    regressors : sequence of str
        Columns of `rows`, without gaps.
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
        Also if a regressor does not vary, beside the effects and the regressors before
        it, where something is traded; or if no row is left.

    Notes
    -----
    Groups of an effect that are all zero tell nothing about a ratio and would have an
    effect of minus infinity; groups of one row are met exactly, and so are zeros
    between groups that no trade ties together. They are left out and counted in
    ``left_out``.
    """
    regressors = tuple(checks.names(regressors, "regressors"))
    effects = tuple(checks.names(effects, "effects"))
    rows = usable(rows, regressors, effects, method)
    kept, notes = separation.informative(rows, effects)
    rows, left_out = rows[kept], separation.left_out(rows, kept, notes)
    model, table = _estimate(rows, regressors, effects, method)
    expected = np.asarray(model.predict(type="response")).ravel()
    expected = np.exp(expected) if method == "ols" else expected
    rows = rows.assign(expected=expected)
    return Fit(table, rows, left_out)


def usable(rows, regressors, effects, method):
    """Check the arguments of `fit`; return the rows that the method can use."""
    checks.choice(method, ("ppml", "ols"), "method")
    for effect in effects:
        checks.choice(effect, _EFFECTS, "effects")
    checks.demand(regressors, "regressors", "none", "one column or more")
    for name in sorted({*regressors} & {*PAIR, "pair", "exports"}):
        raise checks.fault("regressors", repr(name), "a column beside keys and exports")
    needed = [*KEY, "pair", "exports", *regressors, *effects]
    rows = checks.need(rows, needed, "rows", filled=True)
    checks.once(rows[KEY], "rows")
    checks.array(rows["exports"], "rows['exports']", keys=rows.index)
    for name in regressors:
        place = f"rows[{name!r}]"
        checks.array(rows[name], place, low=-np.inf, keys=rows.index)
    return rows[rows["exports"] > 0] if method == "ols" else rows


def table(coefficients):
    """Lay estimates side by side, standard errors in brackets.

    Parameters
    ----------
    coefficients : dict of str to pandas.DataFrame
        ``estimate`` and ``se`` by regressor.

    Returns
    -------
    pandas.DataFrame
        Text; one column a form, one row a regressor.
    """
    checks.demand(coefficients, "coefficients", "none", "one or more")
    columns = {
        name: one["estimate"].map("{:.2f}".format) + one["se"].map(" ({:.2f})".format)
        for name, one in coefficients.items()
    }
    order = dict.fromkeys(key for one in coefficients.values() for key in one.index)
    return pd.DataFrame(columns).reindex([*order]).fillna("")
