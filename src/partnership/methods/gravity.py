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
.. [5] Salkever, D. S. (1976). The use of dummy variables to compute predictions,
   prediction errors, and confidence intervals. *Journal of Econometrics* 4(4), 393-397.
"""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from partnership import checks

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


LEVEL = 95  # percent of the intervals
NORMAL_95 = 1.959964
"""Half width of a central 95 percent interval, in standard errors."""


_PAIR = ["exporter", "importer"]


_KEY = [*_PAIR, "year"]


_EFFECTS = ("year", "exporter_year", "importer_year")


class Panel(NamedTuple):
    """What the model is estimated on, and what it is not.

    Attributes
    ----------
    rows : pandas.DataFrame
        One row an exporter, importer and year: those three, ``pair``, ``exports``
        (USD million), ``log_gdp_exporter``, ``log_gdp_importer``, ``log_distance``,
        ``border`` and ``flag`` (0 or 1; flag: the importer is one of the group), and
        the effects ``exporter_year`` and ``importer_year``.
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
        values = frame[key].map(values)
        allowed = "a whole year"
        if key != "year":
            allowed = "a name as text (read_csv drops NA unless keep_default_na=False)"
        _refuse(frame, key, values.isna().to_numpy(), argument, allowed)
        frame[key] = values if key == "year" else frame[key]
    labels = frame[keys[0]].str.cat(frame[keys[1:]].astype(str), sep=", ")
    checks.once(labels, argument)
    for column, bounds in amounts.items():
        name = f"{argument}[{column!r}]"
        cells = checks.array(frame[column], name, keys=labels.array, **bounds)
        frame[column] = cells
    return frame


def panel(trade, gdp, geography, absent="missing", missing="error", group=()):
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
        Also if a key is missing, of another kind or there twice (rows are named by
        their index), if a flow is that of a total such as the world, if `missing` is
        "error" and a GDP or a distance is missing, or if nothing is left.
    """
    checks.choice(absent, ("missing", "zero"), "absent")
    checks.choice(missing, ("error", "drop"), "missing")
    trade = _table(trade, "trade", _KEY, {"exports_usd_million": {}})
    gdp = _table(gdp, "gdp", ["iso3", "year"], {"value": {"above": True}})
    far = {"distance_weighted_km": {"above": True}, "contiguous": {}}
    geography = _table(geography, "geography", _PAIR, far)
    border = geography["contiguous"].isin((0, 1))
    _refuse(geography, "contiguous", ~border, "geography", "0 or 1")
    for side in _PAIR:
        total = trade[side].isin(checks.totals(trade[side].unique()))
        _refuse(trade, side, total, "trade", "a single economy, no total")
    rows = _joined(trade, gdp, geography, absent)
    dropped = _dropped(rows)
    if missing == "error" and len(dropped):
        names = [f"{r.economy} ({r.reason}, {r.years})" for r in dropped.itertuples()]
        raise checks.fault(
            "gdp and geography",
            f"nothing for {', '.join(names)}",
            "a value for every row of trade, or missing='drop' to leave them out",
        )
    rows = rows.dropna(subset=["gdp_exporter", "gdp_importer", "contiguous"])
    if rows.empty:
        raise checks.fault("trade", "no row with GDP and distance", "one or more")
    return Panel(_derived(rows, group), dropped)


def _joined(trade, gdp, geography, absent):
    """Put the GDP of both sides and the distance beside each flow."""
    rows = trade[[*_KEY, "exports_usd_million"]]
    if absent == "zero":
        every = [sorted(trade[column].unique()) for column in _KEY]
        grid = pd.MultiIndex.from_product(every, names=_KEY).to_frame(index=False)
        grid = grid[grid["exporter"] != grid["importer"]]
        rows = grid.merge(rows, how="left", on=_KEY).fillna({"exports_usd_million": 0})
    rows = rows.rename(columns={"exports_usd_million": "exports"})
    for side in _PAIR:
        size = gdp.rename(columns={"iso3": side, "value": f"gdp_{side}"})
        size = size[[side, "year", f"gdp_{side}"]]
        rows = rows.merge(size, how="left", on=[side, "year"])
    apart = geography[[*_PAIR, "distance_weighted_km", "contiguous"]]
    return rows.merge(apart, how="left", on=_PAIR)


def _dropped(rows):
    """Count the rows without GDP or distance by economy and reason."""
    lacks = {
        ("exporter", "no GDP"): rows["gdp_exporter"].isna(),
        ("importer", "no GDP"): rows["gdp_importer"].isna(),
        ("importer", "no distance"): rows["contiguous"].isna(),
    }
    economy = np.select([*lacks.values()], [rows[side] for side, _ in lacks], None)
    reason = np.select([*lacks.values()], [reason for _, reason in lacks], "")
    lost = rows.assign(economy=economy, reason=reason)[reason != ""]
    table = lost.groupby(["economy", "reason"], as_index=False).agg(
        first=("year", "min"),
        last=("year", "max"),
        rows=("year", "size"),
        exports=("exports", "sum"),
    )
    years = table.pop("first").astype(str) + "–" + table.pop("last").astype(str)
    table.insert(2, "years", years)
    return table


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


def _informative(rows, effects):
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


def _left_out(rows, kept, notes):
    """Describe what `_informative` leaves out."""
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


def _undetermined(rows, regressors, effects):
    """Regressors that do not vary beside those before them where something is traded.

    Without them a finite estimate exists [3]_: among the flows above 0 nothing is a
    sum of the others and of effects, so that no zero can be met exactly.
    """
    from pyfixest.estimation import demean

    rows = rows[rows["exports"] > 0]
    values = rows[list(regressors)].to_numpy(float)
    groups = [pd.factorize(rows[effect])[0] for effect in effects]
    groups = np.column_stack(groups or [np.zeros(len(rows), dtype=int)])
    scale = np.sqrt((values**2).sum(axis=0))
    scale[scale == 0] = 1
    left, _ = demean(
        values / scale, groups.astype(np.uint64), np.ones(len(rows)), tol=1e-10
    )
    square, kept, lost = left.T @ left, [], []
    for place, name in enumerate(regressors):
        beside = square[kept, place]
        rest = square[place, place]
        rest -= beside @ np.linalg.solve(square[np.ix_(kept, kept)], beside)
        (kept if rest > 1e-12 else lost).append(place if rest > 1e-12 else name)
    return lost


def _estimate(rows, regressors, effects, method, spare=()):
    """Let pyfixest estimate; return its model and its table of coefficients.

    Regressors in `spare` that cannot be determined are left out, others stop it.
    """
    from pyfixest import MapDemeaner, feols, fepois

    names = [*regressors, *spare]
    lost = _undetermined(rows, names, effects)
    stuck = [name for name in lost if name not in spare]
    if stuck:
        beside = ", ".join([n for n in regressors if n not in stuck] + [*effects])
        raise checks.fault(
            "regressors",
            f"{stuck[0]!r}, which does not vary where something is traded beside "
            f"{beside or 'a constant'}",
            "one that does",
        )
    names = [name for name in names if name not in lost]
    formula = " + ".join(f"`{name}`" for name in names)
    formula += f" | {' + '.join(effects)}" if effects else ""
    data = rows[["exports", *names]].astype(float)
    for group in ("pair", *effects):
        data[group] = pd.factorize(rows[group])[0]
    # pyfixest takes the effects from a set: their order must not be seen in a digit.
    precise = MapDemeaner(fixef_tol=1e-10)
    options = {"vcov": {"CRV1": "pair"}, "fixef_rm": "none", "demeaner": precise}
    with warnings.catch_warnings():
        # What it warns of is checked before, and stops with an error.
        warnings.simplefilter("ignore")
        if method == "ols":
            data["exports"] = np.log(data["exports"])
            model = feols(f"exports ~ {formula}", data, **options)
        else:
            # The default tolerance leaves the fifth digit open.
            options |= {"iwls_tol": 1e-12, "iwls_maxiter": 100, "separation_check": []}
            model = fepois(f"exports ~ {formula}", data, **options)
    if method == "ppml" and not model.convergence:
        raise checks.fault("rows", "no convergence", "a better determined model")
    table = model.tidy()[["Estimate", "Std. Error"]].reindex([*regressors, *spare])
    table.columns, table.index.name = ["estimate", "se"], None
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
    regressors, effects = tuple(regressors), tuple(effects)
    rows = _usable(rows, regressors, effects, method)
    kept, notes = _informative(rows, effects)
    rows, left_out = rows[kept], _left_out(rows, kept, notes)
    model, table = _estimate(rows, regressors, effects, method)
    expected = np.asarray(model.predict(type="response")).ravel()
    expected = np.exp(expected) if method == "ols" else expected
    rows = rows.assign(expected=expected)
    return Fit(table, rows, left_out, regressors, effects, method, model)


def _usable(rows, regressors, effects, method):
    """Check the arguments of `fit`; return the rows that the method can use."""
    checks.choice(method, ("ppml", "ols"), "method")
    for effect in effects:
        checks.choice(effect, _EFFECTS, "effects")
    if not regressors:
        raise checks.fault("regressors", "none", "one column or more")
    needed = [*_KEY, "pair", "exports", *regressors, *effects]
    rows = checks.need(rows, needed, "rows", filled=True)
    checks.array(rows["exports"], "rows['exports']", keys=rows.index)
    for name in regressors:
        place = f"rows[{name!r}]"
        checks.array(rows[name], place, low=-np.inf, keys=rows.index)
    return rows[rows["exports"] > 0] if method == "ols" else rows


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
        raise checks.fault("fits", "none", "one or more")
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


def excess(rows, exporter, importer, specification, method="ppml", years=None):
    r"""Trade of one pair over what all other pairs lead one to expect, by year.

    The pair tells the estimate nothing: it must not raise its own expectation.

    Parameters
    ----------
    rows : pandas.DataFrame
        The rows of `panel`.
    exporter, importer : str
        The pair.
    specification : (sequence of str, sequence of str)
        Regressors and effects, as in `SPECIFICATIONS`.
    method : {"ppml", "ols"}, default "ppml"
    years : sequence of int, optional
        Years to compute; all that the pair has by default.

    Returns
    -------
    pandas.DataFrame
        Indexed by year: ``exports`` and ``expected`` (USD million), ``ratio`` (exports
        over expected), ``low`` and ``high``, the 95 percent interval of the ratio, and
        ``se``, the standard error of the logarithm of ``expected`` (clustered by
        pair). A year whose effects nothing else determines is NaN.

    Notes
    -----
    Each row of the pair gets a dummy, which meets it exactly: the other coefficients
    are those without the pair, and the dummy's is minus the logarithm of the
    expectation if 1 is put in for its flow [5]_. Its standard error is that of the
    expectation alone. It says nothing on how far single pairs usually stray from it:
    see `ranking`.
    """
    regressors, effects = map(tuple, specification)
    mine = (rows["exporter"] == exporter) & (rows["importer"] == importer)
    own = rows[mine]
    if years is not None:
        own = own[own["year"].isin(years)]
    if own.empty:
        raise checks.fault(
            "exporter, importer, years",
            f"{exporter}-{importer}, which has no row",
            f"a pair of the table, {rows['pair'].nunique()} in all",
        )
    others = _usable(rows[~mine], regressors, effects, method)
    others = others[_informative(others, effects)[0]]
    # Any flow would do; one of usual size converges as the others do.
    put_in = others["exports"].mean()
    both = pd.concat([others, own.assign(exports=put_in)], ignore_index=True)
    dummies = [f"own {year}" for year in own["year"]]
    both[dummies] = np.eye(len(both), len(own), -len(others))
    _, table = _estimate(both, regressors, effects, method, spare=dummies)
    link, se = table.loc[dummies].to_numpy().T
    result = pd.DataFrame(
        {"exports": own["exports"].to_numpy(), "expected": put_in * np.exp(-link)},
        pd.Index(own["year"], name="year"),
    )
    result["ratio"] = result["exports"] / result["expected"]
    result["low"] = result["ratio"] * np.exp(-NORMAL_95 * se)
    result["high"] = result["ratio"] * np.exp(NORMAL_95 * se)
    return result.assign(se=se)


def robustness(choices, exporter, importer, years):
    """Trade of a pair over expectation, summed over years, under several choices.

    Parameters
    ----------
    choices : dict of str to tuple
        Rows, specification and (optional) method of `excess`, by name.
    exporter, importer : str
    years : sequence of int

    Returns
    -------
    pandas.Series
        Ratios by name.
    """
    pair = exporter, importer
    return pd.Series(
        {
            name: ratio(excess(rows, *pair, *form, years=years), years)
            for name, (rows, *form) in choices.items()
        }
    )


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
        Also if no pair reaches the minimum.

    Notes
    -----
    Every pair is part of the estimate here, so a large flow pulls its own expectation
    up: the ratio of `excess` is further from 1.
    """
    years = _chosen(years, one.rows["year"].unique())
    minimum = checks.number(minimum, "minimum")
    groups = one.rows[one.rows["year"].isin(years)].groupby("pair", sort=True)
    # A year without a row was left out because nothing was traded: the mean is taken
    # over all the years asked for.
    sums = groups[["exports", "expected"]].sum() / len(years)
    result = groups[_PAIR].first().join(sums)
    result = result[result["expected"] >= minimum]
    if result.empty:
        raise checks.fault(
            "minimum",
            f"{minimum:g}, which no pair reaches",
            f"up to {sums['expected'].max():g}",
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
        Years that have an expectation.

    Returns
    -------
    float
    """
    part = result.loc[_chosen(years, result.index[result["expected"].notna()])]
    return float(part["exports"].sum() / part["expected"].sum())


def _chosen(years, known):
    """Return the years as a list; each must be one of those known."""
    years = list(years)
    unknown = sorted({*years} - {*known})
    if unknown or not years:
        allowed = f"years with an expectation, {', '.join(map(str, sorted(known)))}"
        raise checks.fault("years", unknown or "none", allowed)
    return years
