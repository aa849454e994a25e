"""What was traded: lists of products, and sections of a classification.

Sources seldom say how much of a product was sold. They list products, in an order
that may mean size or nothing. This module counts such **mentions**: it says whether
a list names a product, never how much was traded. Two absences differ and are kept
apart: a year without any list is a gap (NaN); a list that does not name a product
is 0.

One list is one statement (``statement_id``): two papers that print the list of one
embassy are one witness. Which product belongs to which broad group is data (a table
with the columns ``product`` and ``group``), not code.

The second half of the module reads values by section of the Standard International
Trade Classification (SITC), for the few years that have them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd
from pandas.api import types

from partnership.checks import need
from partnership.data import default
from partnership.series import series
from partnership.trade import by_year

COLUMNS = ("period", "direction", "product", "order_in_source", "statement_id")
"""Columns that a frame of mentions needs; ``source_id`` is used where present."""

DIRECTIONS = ("export", "import")
MEASURES = ("mentioned", "place", "products")


class SectionShares(NamedTuple):
    """Shares of sections and the check of their sum.

    Attributes
    ----------
    shares : pandas.DataFrame
        Percent, sections by years; each column sums to 100.
    check : pandas.DataFrame
        One row a year: ``sum`` of the sections, stated ``total``, ``difference``
        (sum less total, same unit) and ``percent`` (difference in percent of total).
    """

    shares: pd.DataFrame
    check: pd.DataFrame


# --------------------------------------------------------------------------
# Lists of products
# --------------------------------------------------------------------------


def _show(value):
    """Return a value as a reader writes it: 2016, not np.int64(2016)."""
    return repr(value.item() if isinstance(value, np.generic) else value)


def _choice(value, allowed, argument):
    """Stop unless `value` is one of those allowed."""
    if value not in allowed:
        raise ValueError(
            f"{argument}: found {_show(value)}; allowed is one of {', '.join(allowed)}"
        )


def _mentions(products):
    """Return the mentions once a statement, with the year as int."""
    need(products, COLUMNS, "products", filled=True)
    for value in products["direction"].unique():
        _choice(value, DIRECTIONS, "products['direction']")
    period = products["period"].astype(str)
    bad = period[~period.str.fullmatch(r"\d{4}")]
    if len(bad):
        raise ValueError(
            f"products['period']: found {_show(bad.iloc[0])}; "
            "allowed are calendar years such as 2016"
        )
    for column in ("product", "statement_id"):
        blank = products[column].isna() | (products[column].astype(str) == "")
        if blank.any():
            raise ValueError(
                f"products[{_show(column)}]: found an empty cell at "
                f"{_show(products.index[blank][0])}; allowed is a name"
            )
    order = pd.to_numeric(products["order_in_source"], errors="coerce").astype(float)
    wrong = ~(order >= 1) | (order % 1 != 0)
    if wrong.any():
        found = products.loc[wrong, "order_in_source"].iloc[0]
        raise ValueError(
            f"products['order_in_source']: found {_show(found)}; "
            "allowed are whole numbers from 1 up"
        )
    rows = products[["direction", "product", "statement_id"]]
    rows = rows.assign(year=period.astype(int), place=order.astype(int))
    has_source = "source_id" in products.columns
    rows["source_id"] = products["source_id"].astype(str) if has_source else ""
    key = ["direction", "year", "statement_id"]
    sources = rows.groupby(key)["source_id"].agg(lambda ids: ";".join(sorted({*ids})))
    once = rows.sort_values("place", kind="stable").drop_duplicates([*key, "product"])
    once = once[[*key, "product", "place"]].sort_values([*key, "place"])
    return once.join(sources.rename("source_ids"), on=key).reset_index(drop=True)


def product_lists(products):
    """One row a list: who lists how many products, for which year.

    Parameters
    ----------
    products : pandas.DataFrame
        Mentions, one row a product in a source's list (see `COLUMNS`).

    Returns
    -------
    pandas.DataFrame
        Columns ``year`` (int), ``direction``, ``statement_id``, ``source_ids``
        (joined by ";"), ``products`` (how many the list names); sorted by year.

    Raises
    ------
    ValueError
        If the frame is empty or lacks a column, or a direction, a period, an order
        or a name in it is not allowed.
    """
    key = ["year", "direction", "statement_id", "source_ids"]
    counts = _mentions(products).groupby(key)["product"].size()
    return counts.rename("products").reset_index()


def with_groups(products, groups):
    """Add the broad group to each mention; one statement counts once.

    Parameters
    ----------
    products : pandas.DataFrame
        Mentions, one row a product in a source's list (see `COLUMNS`).
    groups : pandas.DataFrame
        Columns ``product`` and ``group``: each product exactly once.

    Returns
    -------
    pandas.DataFrame
        Columns ``direction``, ``year``, ``statement_id``, ``product``, ``place``,
        ``source_ids``, ``group``; one row a statement and product.

    Raises
    ------
    ValueError
        If a product has no group, or two, or an empty one; or as for
        `product_lists`.
    """
    rows = _mentions(products)
    need(groups, ("product", "group"), "groups", filled=True)
    twice = groups.loc[groups["product"].duplicated(), "product"]
    if len(twice):
        raise ValueError(
            f"groups['product']: found {_show(twice.iloc[0])} twice; "
            "allowed is one group a product"
        )
    empty = groups["group"].isna() | (groups["group"].astype(str) == "")
    if empty.any():
        name = groups.loc[empty, "product"].iloc[0]
        raise ValueError(
            f"groups['group']: found no group for {_show(name)}; one is needed"
        )
    rows["group"] = rows["product"].map(groups.set_index("product")["group"])
    lost = rows.loc[rows["group"].isna(), "product"]
    if len(lost):
        raise ValueError(
            f"groups['product']: found no row for {_show(lost.iloc[0])}; "
            "allowed is one for every product"
        )
    return rows


def mentions_matrix(products, groups, direction, measure="mentioned", years=None):
    """Which groups of products were named in which year.

    Parameters
    ----------
    products : pandas.DataFrame
        Mentions, one row a product in a source's list (see `COLUMNS`).
    groups : pandas.DataFrame
        Columns ``product`` and ``group``: each product exactly once. The order of
        the groups in this table is the order of the rows of the result.
    direction : {"export", "import"}
        Which lists to read.
    measure : {"mentioned", "place", "products"}, default "mentioned"
        1 if a list names the group; or the best place of the group in a list, 1
        being the first; or how many products of the group the lists name.
    years : sequence of int, optional
        Columns of the result; by default every year from the first to the last list
        of either direction, so that both matrices have the same columns.

    Returns
    -------
    pandas.DataFrame
        Floats, groups by years. **0**: there is a list, it does not name the group.
        **NaN**: there is no list for that year. Groups that no list of this
        direction names are left out. Several lists of one year count together.
        ``attrs`` holds ``direction``, ``measure`` and ``lists`` (lists a year).

    Raises
    ------
    ValueError
        If no list has this direction, if `direction` or `measure` is unknown, or as
        for `with_groups`.

    Notes
    -----
    A list in broad words ("machinery") names a broad group and no narrow one, so a 0
    means "not named", not "not traded". Lists differ in length as well: seven
    products say less than thirteen.
    """
    _choice(direction, DIRECTIONS, "direction")
    _choice(measure, MEASURES, "measure")
    every = with_groups(products, groups)
    rows = every[every["direction"] == direction]
    if rows.empty:
        raise ValueError(f"products: found no list of {direction}s; one is needed")
    if years is None:
        years = range(every["year"].min(), every["year"].max() + 1)
    lists = rows.groupby("year")["statement_id"].nunique()
    cells = rows.groupby(["group", "year"])
    if measure == "place":
        found = cells["place"].min()
    else:
        found = cells["product"].nunique()
        found = found.clip(upper=1) if measure == "mentioned" else found
    order = [group for group in groups["group"].unique() if group in set(rows["group"])]
    matrix = found.unstack("year", fill_value=0).astype(float)
    matrix = matrix.reindex(index=order, columns=pd.Index(years, name="year"))
    matrix.index.name = "group"
    matrix.attrs = {
        "direction": direction,
        "measure": measure,
        "lists": {int(year): int(n) for year, n in lists.items()},
    }
    return matrix


def tally(count):
    """Write how many products are named: a dash for none, so that marks stand out."""
    return f"{count:.0f}" if count else "–"


def first_last(matrix):
    """First and last year in which each group is named.

    Parameters
    ----------
    matrix : pandas.DataFrame
        The result of `mentions_matrix`: above 0 named, 0 not named, NaN no list.

    Returns
    -------
    pandas.DataFrame
        One row a group, in the order of `matrix`: ``first`` and ``last`` (years, NA
        if the years shown do not name it), ``named`` (years that name it) and ``of``
        (years that have a list).

    Raises
    ------
    ValueError
        If `matrix` is no frame or has no year with a list.
    """
    need(matrix, (), "matrix", filled=True)
    listed = matrix.notna().all()
    if not listed.any():
        raise ValueError("matrix: found no year with a list; one or more is needed")
    named = matrix.loc[:, listed] > 0
    years = named.columns.to_numpy()
    spans = [years[row] for row in named.to_numpy()]
    return pd.DataFrame(
        {
            "first": pd.array([s.min() if len(s) else None for s in spans], "Int64"),
            "last": pd.array([s.max() if len(s) else None for s in spans], "Int64"),
            "named": named.sum(axis=1).to_numpy(),
            "of": int(listed.sum()),
        },
        index=matrix.index,
    )


def mentions_of(products, pattern, direction=None):
    r"""Tell in which lists a product is named, and at which place.

    Parameters
    ----------
    products : pandas.DataFrame
        Mentions, one row a product in a source's list (see `COLUMNS`).
    pattern : str
        The product as a regular expression for whole words, case ignored: ``malt``,
        ``tyres?``, ``tractors|trucks``. Whole words, or ``oil`` would find *soil
        cultivators*.
    direction : {"export", "import"}, optional
        Only lists of this direction; by default both.

    Returns
    -------
    pandas.DataFrame
        One row **a list**, found there or not, sorted by year: ``year``,
        ``direction``, ``statement_id``, ``source_ids``, ``named`` (bool),
        ``product`` (the names that match, joined by ";", or ""), ``place`` (of the
        first match, NA if none) and ``of`` (length of the list).

    Raises
    ------
    ValueError
        If `pattern` is empty or no regular expression, if no list has this
        direction, or as for `product_lists`.
    """
    if not isinstance(pattern, str) or not pattern.strip():
        raise ValueError(f"pattern: found {_show(pattern)}; allowed is a word or more")
    try:
        wanted = re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)
    except re.error as error:
        raise ValueError(
            f"pattern: found {_show(pattern)}; allowed is a regular expression"
            f" ({error})"
        ) from None
    rows = _mentions(products)
    if direction is not None:
        _choice(direction, DIRECTIONS, "direction")
        rows = rows[rows["direction"] == direction]
        if rows.empty:
            raise ValueError(f"products: found no list of {direction}s; one is needed")
    found = []
    key = ["year", "direction", "statement_id", "source_ids"]
    for values, items in rows.groupby(key):
        hits = items[items["product"].map(lambda name: bool(wanted.search(name)))]
        found.append(
            {
                **dict(zip(key, values, strict=True)),
                "named": len(hits) > 0,
                "product": ";".join(hits["product"]),
                "place": hits["place"].min() if len(hits) else None,
                "of": len(items),
            }
        )
    return pd.DataFrame(found).astype({"place": "Int64"})


# --------------------------------------------------------------------------
# Sections of a classification
# --------------------------------------------------------------------------


def _flows(frame, argument):
    """Return a frame of flows as floats after checking every entry."""
    for axis, name in ((frame.index, "row"), (frame.columns, "column")):
        if not axis.is_unique:
            twice = _show(axis[axis.duplicated()][0])
            raise ValueError(
                f"{argument}: found the {name} {twice} twice; allowed is once"
            )
    for column in frame.columns:
        if types.is_bool_dtype(frame[column]) or not types.is_numeric_dtype(
            frame[column]
        ):
            raise ValueError(
                f"{argument}: found {_show(frame[column].iloc[0])} in {_show(column)}; "
                "allowed are numbers from 0 up"
            )
    floats = frame.astype(float)
    bad = ((floats < 0) | np.isinf(floats)).stack()
    if bad.any():
        row, column = bad.index[bad][0]
        raise ValueError(
            f"{argument}: found {floats.loc[row, column]:g} at {_show(row)}, "
            f"{_show(column)}; "
            "allowed are finite numbers from 0 up"
        )
    return floats


def section_shares(sections, totals=None):
    r"""Shares of the sections of a classification, with a check of their sum.

    .. math:: s_{kt} = 100 \, \frac{v_{kt}}{\sum_l v_{lt}}

    Parameters
    ----------
    sections : pandas.DataFrame
        Values of one unit, from 0 up: sections (rows) by years (columns). NaN: the
        source gives no value for the section in that year.
    totals : pandas.Series, optional
        The total that the source states for each year, same unit, indexed by year.

    Returns
    -------
    SectionShares
        ``shares`` in percent of the **sum of the sections**, so that a year sums to
        100 whatever the stated total; a section without a value stays NaN. ``check``
        compares that sum with the stated total; ``total`` and what follows from it
        are NaN for years without one. A difference well above rounding means that a
        section is missing, and then the shares are too high.

    Raises
    ------
    ValueError
        If `sections` is empty or a year in it has no value above 0, an entry is
        negative or no number, a row, column or year stands twice, or a stated total
        is 0.
    """
    need(sections, (), "sections", filled=True)
    values = _flows(sections, "sections")
    sums = values.sum()
    if (sums == 0).any():
        raise ValueError(
            f"sections: found no value above 0 in {_show(sums.index[sums == 0][0])}; "
            "one or more is needed"
        )
    if totals is None:
        stated = pd.Series(np.nan, index=sums.index)
    elif isinstance(totals, pd.Series) and len(totals):
        stated = _flows(totals.to_frame("total"), "totals")["total"]
        stated = stated.reindex(sums.index)
    else:
        raise ValueError(
            f"totals: found {_show(totals)}; allowed is a pandas Series indexed by year"
        )
    if (stated == 0).any():
        raise ValueError(
            f"totals: found 0 at {_show(stated.index[stated == 0][0])}; "
            "allowed is a number above 0"
        )
    difference = sums - stated
    check = pd.DataFrame(
        {
            "sum": sums,
            "total": stated,
            "difference": difference,
            "percent": 100 * difference / stated,
        }
    )
    return SectionShares(100 * values / sums, check)


def sitc_sections(reporter, partner, *, data=None):
    """Read goods exports by SITC section, as UNCTAD gives them.

    Parameters
    ----------
    reporter, partner : str
        Exporter and importer, ISO 3166 alpha-3.
    data : DataPackage, optional
        Another data package than the project's own.

    Returns
    -------
    sections : pandas.DataFrame
        USD million: sections (rows) by years (columns); NaN where none is given.
    totals : pandas.Series
        The stated totals of these years, USD million.

    Raises
    ------
    ValueError
        If no section of this flow is in the data.
    """
    package = data or default()
    rows = package.load("trade")
    rows = rows[(rows["reporter"] == reporter) & (rows["partner"] == partner)]
    named = rows.loc[rows["product"].str.startswith("SITC", na=False), "product"]
    if named.empty:
        raise ValueError(f"no SITC section of exports from {reporter!r} to {partner!r}")
    ask = {"reporter": reporter, "partner": partner, "stated_by": "UNCTAD"}
    sections = {
        name: by_year(series("goods_exports", product=name, data=package, **ask))
        for name in sorted(named.unique())
    }
    totals = by_year(series("goods_exports", data=package, **ask))
    return pd.DataFrame(sections).T, totals
