"""Indicators of trade, written once for every size of table.

Each function takes a frame of flows and gives a frame of the same kind: pandas in a
notebook, Polars or a DuckDB relation over Parquet on a laptop, PySpark (session or
Spark Connect) on a cluster, by way of Narwhals [1]_. Where the engine is lazy, so is
the result, and nothing is collected in between. No order of rows is promised.

Flows have the columns exporter, importer, year and value, and product where a formula
asks for it; other columns are left out unless they are named. Names of columns are
given as text or as a list of texts; of a pandas frame, levels of the index count as
columns. Values are of one unit. Rows of one key add up. A row that is not there is no
trade; a row without a value (null or NaN) is a gap, and what it is part of is missing
too, never read as smaller. A ratio to a total of 0 is missing as well.

Errors
------
A lost key, a value below 0 or infinite, and a total among the parts, by its name
(`partnership.checks.totals`), are refused as "ARGUMENT: found X; allowed is Y": at once
in memory, as a ``ValueError``; by a lazy engine within the query itself, as its own
error of a cast, with the same words in it. No engine knows a total by its value.

References
----------
The definitions follow chapter 1 of [2]_; functions name the origin of their formula.

.. [1] Narwhals, the interface ``narwhals.stable.v2``.
.. [2] UNCTAD and WTO (2012). *A Practical Guide to Trade Policy Analysis*.
   Chapter 1, Analyzing trade flows.
"""

from __future__ import annotations

import hashlib
import re

import narwhals.stable.v2 as nw

from partnership import checks
from partnership.methods.cells import (
    GAP,
    VALUE,
    cells_of,
    flows_of,
    names_of,
    refuse,
    summed,
    totals_in,
)

CIF_FOB = 1.06
"""Ratio of a c.i.f. to an f.o.b. value that the IMF uses since 2017."""
COMPLETE = 0.95  # of a stated whole: from there on its parts count as all there


def _join(frame, totals, keys, how="inner"):
    return frame.join(totals, on=keys or None, how=how if keys else "cross")


def _known(value):
    """Decode: what a gap is part of is missing."""
    return nw.when(value < GAP).then(value)


def _ratio(part, whole):
    fits = (part < GAP) & (whole > 0) & (whole < GAP)
    return nw.when(fits).then(part / whole)


def _native(flows, result, keys, **columns):
    """Give keys and columns as a frame of the engine's own kind."""
    native = result.select(*keys, **columns).to_native()
    if not nw.dependencies.is_duckdb_relation(flows):
        return native
    # DuckDB writes each step as a common table expression that it is told to run anew
    # for every use; left to itself, it runs a sum that is used again only once.
    query = native.sql_query()
    steps = re.findall(r'"__duckdb_s\d+"', query)
    if all(steps.count(step) == 2 for step in steps):  # made and used once
        return native
    query = query.replace(" AS NOT MATERIALIZED (", " AS (")
    own = hashlib.sha256(query.encode()).hexdigest()[:8]  # names of its own for steps
    return flows.query("flows", re.sub(r'"__duckdb_s(?=\d+")', f'"{own}_', query))


def totals(flows, by=("exporter", "year")):
    r"""Total of the flows by some columns, :math:`X_i = \sum_{jk} x_{ijk}`.

    Returns
    -------
    frame
        The columns of `by`, and ``value``.
    """
    by = names_of(by)
    return _native(flows, cells_of(flows, by, by), by, value=_known(VALUE))


def shares(flows, of="importer", within=("exporter", "year"), whole=None):
    r"""Share and place of each part in its whole.

    .. math:: s_k = \frac{v_k}{\sum_l v_l}

    Parameters
    ----------
    flows : frame
    of, within : str or list of str
        The columns that name the parts, and those that name the wholes.
    whole : frame, optional
        `within` and ``value`` as stated, by default the sums of the parts.

    Returns
    -------
    frame
        `within`, `of`, ``value``, ``share`` (a fraction) and ``rank``: 1 for the
        largest, equal values share a place and leave the next ones out. With `whole`
        also ``covered``, the sum of the parts over it; below `COMPLETE` parts are
        missing that may stand before others, and no rank is given.
    """
    of, within = names_of(of), names_of(within)
    parts = cells_of(flows, [*within, *of], of)
    sums = summed(parts, within, named="value", whole="value")
    if whole is not None:
        stated = summed(flows_of(whole, within), within, whole="value")
        sums = _join(sums.drop("whole"), stated, within, "left")
    parts, total = _join(parts, sums, within), nw.col("whole")
    parts = parts.with_columns(share=_ratio(VALUE, total), value=_known(VALUE))
    place = VALUE.rank("min", descending=True).over(*within or ["whole"])
    made = {"value": VALUE, "share": nw.col("share"), "rank": place}
    if whole is not None:
        covered = _ratio(nw.col("named"), total)
        made |= {"rank": nw.when(covered >= COMPLETE).then(place), "covered": covered}
    return _native(flows, parts, [*within, *of], **made)


def hhi(flows, of="importer", within=("exporter", "year")):
    r"""Herfindahl-Hirschman index of concentration [1]_, [2]_, and its inverse [4]_.

    .. math::

        H = \sum_{k=1}^{n} s_k^2 = \frac{\sum_k v_k^2}{(\sum_k v_k)^2}, \qquad
        H^{*} = \frac{H - 1/n}{1 - 1/n}, \qquad N = 1 / H

    Parameters
    ----------
    flows, of, within
        As for `shares`.

    Returns
    -------
    frame
        `within`, ``n`` (parts, those of 0 as well), ``hhi`` from 1/n (all alike) to 1
        (one has all), ``normalised`` from 0 to 1, which does not depend on *n* (missing
        for a single part), and ``equivalent``, the number of equal parts that would be
        as concentrated.

    Notes
    -----
    Hirschman [1]_ took the root of the sum of squares, Herfindahl [2]_ the sum, the
    usual form today; see [3]_. Competition authorities write it from 0 to 10,000.

    References
    ----------
    .. [1] Hirschman, A. O. (1945). *National Power and the Structure of Foreign Trade*.
       University of California Press.
    .. [2] Herfindahl, O. C. (1950). *Concentration in the Steel Industry*.
       Dissertation, Columbia University.
    .. [3] Hirschman, A. O. (1964). The Paternity of an Index. *American Economic
       Review*, 54(5), 761.
    .. [4] Adelman, M. A. (1969). Comment on the "H" Concentration Measure as a
       Numbers-Equivalent. *Review of Economics and Statistics*, 51(1), 99-101.
    """
    of, within = names_of(of), names_of(within)
    parts = cells_of(flows, [*within, *of], of)
    found = summed(parts, within, square=VALUE * VALUE, whole="value", n=nw.lit(1))
    whole, n = nw.col("whole"), nw.col("n")
    found = found.with_columns(hhi=_ratio(nw.col("square"), whole * whole))
    index = nw.col("hhi")
    normalised = nw.when(n > 1).then((index - 1 / n) / (1 - 1 / n))
    columns = {"n": n, "hhi": index, "normalised": normalised, "equivalent": 1 / index}
    return _native(flows, found, within, **columns)


def rca(flows, per="year"):
    r"""Revealed comparative advantage [1]_ and its symmetric form [2]_.

    The share of a product in the exports of an economy against its share in the
    exports of all:

    .. math::

        RCA_{ik} = \frac{x_{ik} / x_i}{x_k / x}, \qquad
        RSCA_{ik} = \frac{RCA_{ik} - 1}{RCA_{ik} + 1}

    Parameters
    ----------
    flows : frame
        With a column product; *all* are the exporters that it holds.
    per : str or list of str
        The columns within which all is counted, such as year.

    Returns
    -------
    frame
        exporter, product, `per`, ``value``, ``rca`` (from 0, above 1 for an advantage)
        and ``symmetric`` (from -1 to 1). A product that an economy does not sell has no
        row: its RCA is 0.

    References
    ----------
    .. [1] Balassa, B. (1965). Trade Liberalisation and "Revealed" Comparative
       Advantage. *The Manchester School*, 33(2), 99-123.
    .. [2] Laursen, K. (2015). Revealed Comparative Advantage and the Alternatives as
       Measures of International Specialization. *Eurasian Business Review*, 5, 99-115.
    """
    per = names_of(per)
    cells = cells_of(flows, ["exporter", "product", *per])
    own, world = ["exporter", *per], ["product", *per]
    exports, products = (
        refuse(summed(cells, keys, **{to: "value"}), totals_in(keys[:1]), to)
        for keys, to in ((own, "of_economy"), (world, "of_product"))
    )
    everything = summed(exports, per, of_all="of_economy")
    for sums, keys in ((exports, own), (products, world), (everything, per)):
        cells = _join(cells, sums, keys)
    at_home = _ratio(VALUE, nw.col("of_economy"))
    abroad = _ratio(nw.col("of_product"), nw.col("of_all"))
    cells = cells.with_columns(rca=_ratio(at_home, abroad))
    index, keys = nw.col("rca"), ["exporter", "product", *per]
    symmetric = (index - 1) / (index + 1)
    return _native(
        flows, cells, keys, value=_known(VALUE), rca=index, symmetric=symmetric
    )


def intensity(flows, per="year"):
    r"""Intensity of the exports of economy *i* to economy *j* [1]_, [2]_.

    The share of *j* in the exports of *i*, against the share of *j* in the imports
    of the world without *i* (as *i* sells nothing to itself):

    .. math:: I_{ij} = \frac{x_{ij} / x_i}{m_j / (m_w - m_i)}

    It is 1 if *i* sells to *j* what the weight of *j* suggests. The index has no upper
    bound, is not symmetric and jumps for small partners; report it with the flow.

    Parameters
    ----------
    flows, per
        As for `rca`; the product is not asked for.

    Returns
    -------
    frame
        exporter, importer, `per`, ``value`` and ``intensity``.

    References
    ----------
    .. [1] Kojima, K. (1964). The Pattern of International Trade among Advanced
       Countries. *Hitotsubashi Journal of Economics*, 5(1), 16-36.
    .. [2] Drysdale, P. and Garnaut, R. (1982). Trade Intensities and the Analysis of
       Bilateral Trade Flows in a Many-Country World: A Survey. *Hitotsubashi Journal
       of Economics*, 22(2), 62-84.
    """
    per = names_of(per)
    own, other, keys = ["exporter", *per], ["importer", *per], ["exporter", "importer"]
    cells = cells_of(flows, [*keys, *per])
    exports, imports = (
        refuse(summed(cells, side, **{to: "value"}), totals_in(side[:1]), to)
        for side, to in ((own, "of_exporter"), (other, "of_importer"))
    )
    everything = summed(exports, per, of_all="of_exporter")
    found = cells
    for sums, on in ((exports, own), (imports, other), (everything, per)):
        found = _join(found, sums, on)
    imports = imports.rename({"importer": "exporter", "of_importer": "of_seller"})
    found = found.join(imports, on=own, how="left")
    others = nw.col("of_all") - nw.col("of_seller").fill_null(0.0)
    sold = _ratio(VALUE, nw.col("of_exporter"))
    weight = _ratio(nw.col("of_importer"), others)
    columns = {"value": _known(VALUE), "intensity": _ratio(sold, weight)}
    return _native(flows, found, [*keys, *per], **columns)


def complementarity(flows, per="year"):
    r"""Fit of what economy *i* sells to all with what economy *j* buys from all [1]_.

    .. math::

        C_{ij} = 1 - \frac{1}{2} \sum_k \left| \frac{m_{jk}}{m_j} -
        \frac{x_{ik}}{x_i} \right| = \sum_k \min\left(
        \frac{m_{jk}}{m_j}, \frac{x_{ik}}{x_i} \right)

    Parameters
    ----------
    flows, per
        As for `rca`.

    Returns
    -------
    frame
        exporter, importer, `per` and ``complementarity``, from 0 (no product in
        common) to 1 (alike), for every exporter with every other importer, whether
        they trade or not. The coarser the products, the higher it is.

    References
    ----------
    .. [1] Michaely, M. (1996). Trade Preferential Agreements in Latin America: An
       Ex-Ante Assessment. World Bank Policy Research Working Paper 1583.
    """
    per = names_of(per)

    def side(own, name):
        cells = cells_of(flows, [own, "product", *per])
        whole = summed(cells, [own, *per], **{f"of_{name}": "value"})
        whole = refuse(whole, totals_in([own]), f"of_{name}")
        share = _ratio(VALUE, nw.col(f"of_{name}"))
        cells = _join(cells, whole, [own, *per])
        return whole, cells.select(own, "product", *per, share.alias(name))

    (sellers, sold), (buyers, bought) = side("exporter", "x"), side("importer", "m")
    keys = ["exporter", "importer", *per]
    overlap = _join(sold, bought, ["product", *per])
    overlap = summed(overlap, keys, common=nw.min_horizontal("x", "m"))
    pairs = _join(sellers, buyers, per).join(overlap, on=keys, how="left")
    pairs = pairs.filter(nw.col("exporter") != nw.col("importer"))
    low, high = nw.min_horizontal("of_x", "of_m"), nw.max_horizontal("of_x", "of_m")
    known = (low > 0) & (high < GAP)
    fit = nw.when(known).then(nw.col("common").fill_null(0.0))
    return _native(flows, pairs, keys, complementarity=fit)


def _sides(flows, by):
    """Exports and imports of each economy side by side, by these columns."""

    def side(own, other, name, missing):
        named = {"economy": own, "partner": other}
        totals = [named[key] for key in by if key in named]
        cells = cells_of(flows, [named.get(key, key) for key in by], totals)
        keys = [nw.col(named.get(key, key)).alias(key) for key in by]
        return cells.select(*keys, **{name: VALUE, missing: nw.lit(0.0)}).select(
            *by, "exports", "imports"
        )

    both = nw.concat(
        [
            side("exporter", "importer", "exports", "imports"),
            side("importer", "exporter", "imports", "exports"),
        ]
    )
    return summed(both, by, exports="exports", imports="imports")


def balance(flows, by=("economy", "year")):
    """Exports and imports of each economy, their balance and their turnover.

    Parameters
    ----------
    flows : frame
    by : str or list of str
        ``economy``, which is in turn the exporter and the importer of a flow;
        ``partner``, if wanted, the other one; and columns of `flows`.

    Returns
    -------
    frame
        `by`, ``exports``, ``imports``, ``balance`` (exports less imports, positive for
        a surplus) and ``turnover`` (their sum).
    """
    by = names_of(by)
    exports, imports = nw.col("exports"), nw.col("imports")
    turnover = exports + imports
    columns = {
        "exports": _known(exports),
        "imports": _known(imports),
        "balance": nw.when(turnover < GAP).then(exports - imports),
        "turnover": _known(turnover),
    }
    return _native(flows, _sides(flows, by), by, **columns)


def grubel_lloyd(flows, by=("economy", "year"), of="product"):
    r"""Grubel-Lloyd index of intra-industry trade [1]_.

    .. math:: GL = 1 - \frac{\sum_k |x_k - m_k|}{\sum_k (x_k + m_k)}

    Parameters
    ----------
    flows : frame
        With a column product.
    by : str or list of str
        As for `balance`.
    of : str or list of str
        What the sums run over; with ``of=[]`` and product in `by`, the index of each
        product.

    Returns
    -------
    frame
        `by`, ``turnover`` and ``grubel_lloyd``, from 0 (one way) to 1 (alike). The
        finer the products, the lower it is: compare only indices of one classification.

    References
    ----------
    .. [1] Grubel, H. G. and Lloyd, P. J. (1975). *Intra-industry Trade: The Theory and
       Measurement of International Trade in Differentiated Products*. Wiley.
    """
    by, of = names_of(by), names_of(of)
    exports, imports = nw.col("exports"), nw.col("imports")
    sides = refuse(_sides(flows, [*by, *of]), totals_in(of), "exports")
    one_way, turnover = (exports - imports).abs(), exports + imports
    found = summed(sides, by, one_way=one_way, turnover=turnover)
    whole = nw.col("turnover")
    index = 1 - _ratio(nw.col("one_way"), whole)
    return _native(flows, found, by, turnover=_known(whole), grubel_lloyd=index)


def _matched(exports, imports, by):
    """Two tables side by side; a side that is missing is a gap."""
    sold, bought = cells_of(exports, by), cells_of(imports, by)
    missing = nw.lit(GAP)
    sides = [
        sold.select(*by, exports=VALUE, imports=missing),
        bought.select(*by, exports=missing, imports=VALUE),
    ]
    kinds = sold.collect_schema(), bought.collect_schema()
    texts = [[kind[key] == nw.String for key in by] for kind in kinds]
    found = checks.fault("exports and imports", "no key in common", "one or more")
    if texts[0] != texts[1]:
        raise found
    both = nw.concat(sides).group_by(*by).agg(nw.col("exports", "imports").min())
    if isinstance(both, nw.DataFrame) and len(both) == len(sold) + len(bought):
        raise found
    return both


def mirror_gap(exports, imports, factor=CIF_FOB, by=("exporter", "importer", "year")):
    r"""Lay one flow beside its mirror: what the seller and the buyer report.

    Imports are valued c.i.f. (with freight and insurance), exports f.o.b. (without),
    so imports are first divided by `factor`:

    .. math::

        M^{fob} = \frac{M^{cif}}{factor}, \quad
        gap = M^{fob} - X, \quad
        ratio = \frac{M^{fob}}{X}, \quad
        agreement = \frac{\min(X, M^{fob})}{\max(X, M^{fob})}

    Parameters
    ----------
    exports, imports : frame
        The flows as the exporters report them, f.o.b., and as the importers do, c.i.f.
    factor : float, default 1.06
        Ratio of c.i.f. to f.o.b., 1 or more. The IMF divides imports by 1.06 [1]_,
        since it renewed its direction of trade data in 2017 [2]_; 1.10 was customary
        before. Take 1 if both sides are valued alike. The true ratio differs by
        distance, product and year, so try more than one.
    by : str or list of str
        The columns by which the two are matched.

    Returns
    -------
    frame
        `by`, of all keys of either side; ``exports``, ``imports`` (as given),
        ``imports_fob``, ``gap`` (above 0 if the importer reports more), ``ratio``
        (missing if exports are 0) and ``agreement`` (from 0 to 1; missing if both are
        0). Where one side is missing the other stays and the rest is missing.

    Notes
    -----
    Agreement proves nothing if one side was estimated from the other: the
    figures of a panel for a country that rarely reports are often its partner's
    exports times 1.10. A ratio that is the same in every year is the sign of it.

    References
    ----------
    .. [1] International Monetary Fund (2017). *Direction of Trade Statistics
       Yearbook 2017*, introduction.
    .. [2] Marini, M., Dippelsman, R. and Stanger, M. (2018). New Estimates for
       Direction of Trade Statistics. IMF Working Paper 18/16.
    """
    factor, by = checks.number(factor, "factor", low=1), names_of(by)
    both = _matched(exports, imports, by)
    sold, bought = nw.col("exports"), nw.col("imports")
    fob = bought / factor
    both = both.with_columns(
        fob=fob, low=nw.min_horizontal(sold, fob), high=nw.max_horizontal(sold, fob)
    )
    fob, known = nw.col("fob"), nw.col("high") < GAP
    columns = {
        "exports": _known(sold),
        "imports": _known(bought),
        "imports_fob": _known(fob),
        "gap": nw.when(known).then(fob - sold),
        "ratio": _ratio(fob, sold),
        "agreement": _ratio(nw.col("low"), nw.col("high")),
    }
    return _native(None, both, by, **columns)  # of two sources: left as it is


def _two_years(flows, start, end, keys, parts):
    """Values of two years side by side; ``first`` and ``last`` are 0 for no trade."""
    cells = cells_of(flows, [*keys, "year"], parts)
    year, none = nw.col("year"), nw.lit(0.0)
    for name, one in {"start": start, "end": end}.items():
        lazy = isinstance(cells, nw.LazyFrame)
        there = lazy or cells.select((year == one).any()).item()
        checks.demand(there, name, f"{one!r}, of which there is no row", "a year there")
    return summed(
        # A lost year passes, so that no engine drops it before it is refused.
        cells.filter(year.is_in([start, end]) | year.is_null()),
        keys,
        first=nw.when(year == start).then(VALUE).otherwise(none),
        last=nw.when(year == end).then(VALUE).otherwise(none),
    )


_FIRST, _LAST = nw.col("first"), nw.col("last")
_ENDS = {"first": _known(_FIRST), "last": _known(_LAST)}
_ENDS["change"] = nw.when((_FIRST < GAP) & (_LAST < GAP)).then(_LAST - _FIRST)


def constant_market_shares(flows, start, end, per=(), of=()):
    r"""Decompose the change of exports between two years [1]_, [2]_.

    What an economy would sell if it had kept its share of the world, of each product,
    and of each product in each market, tells growth, choice of products and choice of
    markets from the rest, which is called competitiveness:

    .. math::

        X^1 - X^0 = r X^0 + \sum_k (r_k - r) X_k^0
        + \sum_{jk} (r_{jk} - r_k) X_{jk}^0
        + \sum_{jk} (X_{jk}^1 - X_{jk}^0 - r_{jk} X_{jk}^0)

    in this order, with the rates of growth *r* of all trade, of product *k*, and of
    product *k* in market *j*, the economy's own sales included. It weighs
    by the first year; exchange both and turn the signs to weigh by the last.

    Parameters
    ----------
    flows : frame
        With a column product.
    start, end : int or str
        The two years, as the column has them.
    per : str or list of str
        Further columns within which all is counted.
    of : str or list of str
        Columns whose parts of the sums stand in rows of their own: product, importer.

    Returns
    -------
    frame
        exporter, `per`, `of`, ``first``, ``last``, ``change``, ``growth``,
        ``composition`` (of products), ``market`` and ``competitiveness``, which add up
        to the change.

    References
    ----------
    .. [1] Richardson, J. D. (1971). Constant-Market-Shares Analysis of Export Growth.
       *Journal of International Economics*, 1(2), 227-239.
    .. [2] Leamer, E. E. and Stern, R. M. (1970). *Quantitative International
       Economics*, chapter 7. Allyn and Bacon.
    """
    per = names_of(per)
    pair = ["exporter", "importer"]
    cells = _two_years(flows, start, end, [*pair, "product", *per], pair)
    levels = {"by_all": per, "by_product": ["product", *per]}
    levels["by_market"] = ["importer", "product", *per]
    for level, keys in levels.items():
        sums = summed(cells, keys, before="first", after="last")
        grown = _ratio(nw.col("after"), nw.col("before"))
        grown = nw.when(_FIRST > 0).then((_FIRST * grown).fill_null(GAP))
        cells = _join(cells, sums, keys).with_columns(grown.fill_null(0.0).alias(level))
        cells = cells.drop("before", "after")
    names, keys = ["first", *levels, "last"], ["exporter", *per, *names_of(of)]
    found = summed(cells, keys, **{name: name for name in names})
    known = nw.all_horizontal(*(nw.col(n) < GAP for n in names), ignore_nulls=False)
    effects = ("growth", "composition", "market", "competitiveness")
    steps = zip(effects, names[1:], names[:-1], strict=True)
    parts = {e: nw.when(known).then(nw.col(to) - nw.col(at)) for e, to, at in steps}
    return _native(flows, found, keys, **_ENDS, **parts)


def movers(flows, start, end, of=("exporter", "importer"), per=()):
    r"""What each part has added to the change of the whole between two years.

    .. math::

        v_k^1 - v_k^0, \qquad g_k = \frac{v_k^1}{v_k^0} - 1, \qquad
        c_k = \frac{v_k^1 - v_k^0}{\sum_l v_l^0}

    Parameters
    ----------
    flows : frame
    start, end : int or str
        The two years, as the column has them.
    of, per : str or list of str
        The columns that name the parts, and those within which a whole is counted.

    Returns
    -------
    frame
        `of`, `per`, ``first``, ``last``, ``change``, ``growth`` (a fraction, missing
        where nothing was before) and ``contribution`` to the growth of the whole (a
        fraction of its first value), so that contributions add up to its growth.
    """
    of, per = names_of(of), names_of(per)
    cells = _two_years(flows, start, end, [*of, *per], of)
    cells = _join(cells, summed(cells, per, whole="first"), per)
    whole, growth = nw.col("whole"), _ratio(_LAST, _FIRST) - 1
    added = nw.when((whole > 0) & (whole < GAP)).then(_ENDS["change"] / whole)
    columns = _ENDS | {"growth": growth, "contribution": added}
    return _native(flows, cells, [*of, *per], **columns)
