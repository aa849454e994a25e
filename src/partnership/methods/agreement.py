"""Agreement of two readers who put the same things into the same classes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from partnership import checks


def kappa(one, two, draws=10_000, seed=2017):
    """Cohen's kappa: agreement beyond what the readers' habits alone would give.

    Parameters
    ----------
    one, two : sequence of str
        The class that each reader gives to each thing, in the same order; of two Series
        with the same index.
    draws : int, default 10,000
        Resamples of the things, with replacement, for the interval.
    seed : int or numpy.random.Generator

    Returns
    -------
    pandas.Series
        ``things`` (how many), ``agree`` (share of them, 0 to 1), ``by_chance`` (share
        expected of independent readers with the same habits), ``kappa`` (1: all agree;
        0: as by chance) and ``low`` and ``high``, the middle 95 percent of the
        resamples. NaN where both readers know one class only, the same.

    Raises
    ------
    ValueError
        If the readers judge no thing, or not as many.

    Notes
    -----
    kappa = (agree - by_chance) / (1 - by_chance) [1]_; the interval is the percentile
    bootstrap [2]_. With few things and many classes it is wide.

    References
    ----------
    .. [1] Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational
       and Psychological Measurement, 20(1), 37–46.
    .. [2] Efron, B. and Tibshirani, R. (1993). An introduction to the bootstrap,
       chapter 13. Chapman & Hall.

    Examples
    --------
    >>> kappa(["a", "a", "b", "b"], ["a", "a", "b", "a"]).round(2)["kappa"]
    np.float64(0.5)
    """
    if isinstance(one, pd.Series) and isinstance(two, pd.Series):
        same = one.index.equals(two.index)
        checks.demand(same, "two", "another index", "that of one, in its order")
    one, two = (list(x) if isinstance(x, Iterable) else [None] for x in (one, two))
    for name, given in {"one": one, "two": two}.items():
        lost = pd.isna(given).any()
        checks.demand(not lost, name, "no class", "a class for each thing")
    if not one or len(one) != len(two):
        found = f"{len(two)} things beside {len(one)}"
        raise checks.fault("two", found, "as many as in one, and at least one")
    draws = checks.number(draws, "draws", low=1, whole=True)
    classes = sorted({*one, *two})
    table = pd.crosstab(pd.Categorical(one, classes), pd.Categorical(two, classes))
    table = table.reindex(index=classes, columns=classes, fill_value=0).to_numpy()
    random = np.random.default_rng(seed)
    again = random.multinomial(len(one), table.ravel() / len(one), size=draws)
    agree, chance, value = _kappa(table[None])
    resampled = _kappa(again.reshape(-1, *table.shape))[2]
    low, high = pd.Series(resampled).quantile([0.025, 0.975])
    found = {"things": len(one), "agree": agree[0], "by_chance": chance[0]}
    return pd.Series(found | {"kappa": value[0], "low": low, "high": high})


def _kappa(tables):
    """Agreement, the same by chance, and kappa of some square tables of counts."""
    shares = tables / tables.sum(axis=(1, 2), keepdims=True)
    agree = np.trace(shares, axis1=1, axis2=2)
    chance = (shares.sum(axis=1) * shares.sum(axis=2)).sum(axis=1)
    one_class = np.isclose(chance, 1)
    value = (agree - chance) / np.where(one_class, np.nan, 1 - chance)
    return agree, chance, value
