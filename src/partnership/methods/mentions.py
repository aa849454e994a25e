"""What was traded, by the lists of products that sources give.

Sources seldom say how much of a product was sold. They list products, in an order
that may mean size or nothing. This module counts such **mentions**: it says whether
a list names a product, never how much was traded. Two absences differ and are kept
apart: a year without any list is a gap (NaN); a list that does not name a product
is 0.

One list is one statement (``statement_id``): two papers that print the list of one
embassy are one witness. `products` is a frame with one row a product in a source's
list (see `COLUMNS`). Which product belongs to which broad group is data, not code:
`groups` is a frame with the columns ``product`` and ``group``, each product once.

Errors
------
Every function stops with a ``ValueError`` "ARGUMENT: found X; allowed is Y" if a frame
is empty or lacks a column, a direction, a year, an order or a name in it is not
allowed, a product has no group or two, or no list has the direction asked for.
"""

import re

import pandas as pd

from partnership import checks

COLUMNS = ("period", "direction", "product", "order_in_source", "statement_id")
"""Columns that a frame of mentions needs; ``source_id`` is used where present."""


DIRECTIONS = ("export", "import")


MEASURES = ("mentioned", "place", "products")


_LIST = ["year", "direction", "statement_id", "source_ids"]


def _filled(frame, column, argument):
    """Stop if a cell of a column is empty."""
    for row in frame.index[frame[column].fillna("").astype(str) == ""]:
        found = f"an empty cell at {checks.shown(row)}"
        raise checks.fault(f"{argument}[{column!r}]", found, "a name")


def _mentions(products):
    """Return each product once a statement, with its first place, in order."""
    rows = checks.need(products, COLUMNS, "products", filled=True)
    rows = rows.reset_index(drop=True)
    for direction in rows["direction"].unique():
        checks.choice(direction, DIRECTIONS, "products['direction']")
    for column in ("product", "statement_id"):
        _filled(rows, column, "products")
    period, order = rows["period"].astype(str), rows["order_in_source"]
    for odd in period[~period.str.fullmatch(r"\d{4}")]:
        raise checks.fault("products['period']", repr(odd), "a calendar year")
    argument = "products['order_in_source']"
    order = checks.numbers(order, argument, low=1, whole=True, gaps=False)
    rows = rows.assign(year=period.astype(int), place=order.astype(int))
    key = ["direction", "year", "statement_id"]
    ids = rows.get("source_id", pd.Series("", rows.index)).astype(str)
    ids = ids.groupby([rows[k] for k in key], observed=True)
    rows["source_ids"] = ids.transform(lambda cells: ";".join(sorted({*cells})))
    rows = rows[[*key, "product", "place", "source_ids"]]
    rows = rows.sort_values([*key, "place"], kind="stable", ignore_index=True)
    return rows.drop_duplicates([*key, "product"], ignore_index=True)


def _of(rows, direction):
    """Rows of one direction, one at least."""
    checks.choice(direction, DIRECTIONS, "direction")
    rows = rows[rows["direction"] == direction]
    checks.demand(len(rows), "products", f"no list of {direction}s", "one or more")
    return rows


def product_lists(products):
    """One row a list: who lists how many products, for which year.

    Parameters
    ----------
    products : pandas.DataFrame

    Returns
    -------
    pandas.DataFrame
        Columns ``year`` (int), ``direction``, ``statement_id``, ``source_ids``
        (joined by ";"), ``products`` (how many the list names); sorted by year.
    """
    lists = _mentions(products).groupby(_LIST)["product"].size()
    return lists.rename("products").reset_index()


def with_groups(products, groups):
    """Add the column ``group`` to the mentions, one row a statement and product."""
    rows = _mentions(products)
    groups = checks.need(groups, ("product", "group"), "groups", filled=True)
    _filled(groups.set_index("product"), "group", "groups")
    checks.once(groups["product"], "groups['product']")
    for name in sorted({*rows["product"]} - {*groups["product"]}):
        raise checks.fault("groups['product']", f"no row for {name!r}", "one for each")
    return rows.assign(group=rows["product"].map(groups.set_index("product")["group"]))


def mentions_matrix(products, groups, direction, measure="mentioned", years=None):
    """Which groups of products were named in which year.

    Parameters
    ----------
    products, groups : pandas.DataFrame
        The order of the groups in `groups` is the order of the rows of the result.
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

    Notes
    -----
    A list in broad words ("machinery") names a broad group and no narrow one, so a 0
    means "not named", not "not traded". Lists differ in length as well: seven
    products say less than thirteen.
    """
    checks.choice(measure, MEASURES, "measure")
    every = with_groups(products, groups)
    rows = _of(every, direction)
    if years is None:
        years = range(every["year"].min(), every["year"].max() + 1)
    years = pd.Index([checks.year(year, "years") for year in years], name="year")
    cells = rows.groupby(["group", "year"])
    found = cells["place"].min() if measure == "place" else cells["product"].nunique()
    found = found.clip(upper=1) if measure == "mentioned" else found
    order = [group for group in groups["group"].unique() if group in {*rows["group"]}]
    matrix = found.unstack("year", fill_value=0).astype(float)
    matrix = matrix.reindex(index=pd.Index(order, name="group"), columns=years)
    lists = rows.groupby("year")["statement_id"].nunique().to_dict()
    matrix.attrs = {"direction": direction, "measure": measure, "lists": lists}
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
        (years that have a list; there must be one).
    """
    matrix = checks.need(matrix, (), "matrix", filled=True)
    named = matrix.loc[:, matrix.notna().all()] > 0
    checks.demand(len(named.columns), "matrix", "no year with a list", "one or more")
    years = named.where(named).mul(named.columns).astype(float)
    ends = {"first": years.min(axis=1), "last": years.max(axis=1)}
    counts = {"named": named.sum(axis=1), "of": named.shape[1]}
    return pd.DataFrame({**ends, **counts}).astype(dict.fromkeys(ends, "Int64"))


def mentions_of(products, pattern, direction=None):
    r"""Tell in which lists a product is named, and at which place.

    Parameters
    ----------
    products : pandas.DataFrame
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
    """
    words = pattern.strip() if isinstance(pattern, str) else ""
    try:
        wanted = re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) if words else None
    except re.error:
        wanted = None
    if wanted is None:
        allowed = "a word or a regular expression"
        raise checks.fault("pattern", checks.shown(pattern), allowed)
    rows = _mentions(products)
    rows = _of(rows, direction) if direction else rows
    rows["named"] = [bool(wanted.search(name)) for name in rows["product"]]
    lists, hits = rows.groupby(_LIST), rows[rows["named"]].groupby(_LIST)
    found = lists["named"].any().to_frame()
    found["product"] = hits["product"].agg(";".join)
    found["place"] = hits["place"].min().astype("Int64")
    found["of"] = lists.size()
    return found.fillna({"product": ""}).reset_index()
