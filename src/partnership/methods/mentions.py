"""What was traded, by the lists of products that sources give.

Sources seldom say how much of a product was sold. They list products, in an order
that may mean size or nothing. This module counts such **mentions**: it says whether
a list names a product, never how much was traded. Two absences differ and are kept
apart: a year without any list is a gap (NaN); a list that does not name a product
is 0.

One list is one statement (``statement_id``): two papers that print the list of one
embassy are one witness. Which product belongs to which broad group is data (a table
with the columns ``product`` and ``group``), not code.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from partnership.checks import need

COLUMNS = ("period", "direction", "product", "order_in_source", "statement_id")
"""Columns that a frame of mentions needs; ``source_id`` is used where present."""


DIRECTIONS = ("export", "import")


MEASURES = ("mentioned", "place", "products")


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
