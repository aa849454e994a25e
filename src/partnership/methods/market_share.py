"""What a share of a market did to the amount that was sold in it."""

import pandas as pd

from partnership import checks


def constant_market_share(before, after, market_before, market_after):
    r"""Split the change of exports to one market: its growth, its goods, one's share.

    .. math::

        x'_k - x_k = r x_k + (r_k - r) x_k + (x'_k - x_k - r_k x_k)

    with :math:`r_k` the growth of what the market buys of product *k* from all, and *r*
    that of all products together: constant-market-share analysis [1]_.

    Parameters
    ----------
    before, after : pandas.Series
        Exports to the market by product; a product that is missing is 0.
    market_before, market_after : pandas.Series
        What the market buys from all, by every product, above 0, same unit.

    Returns
    -------
    pandas.DataFrame
        By product of the market: ``change`` and its parts ``growth`` (at the growth of
        all products), ``composition`` (the product grew more or less than that) and
        ``share`` (what is left: the share of the market gained or lost). Add up rows
        for several products.

    Notes
    -----
    The split weighs by the first period. Exchange both periods and turn the signs to
    weigh by the last; the two are the ends of what the split can say, and neither says
    why a share changed.

    References
    ----------
    .. [1] Richardson, J. D. (1971). Constant-market-shares analysis of export growth.
       *Journal of International Economics*, 1(2), 227-239.
    """
    market = checks.numbers(market_before, "market_before", above=True, gaps=False)
    later = checks.numbers(market_after, "market_after", above=True, gaps=False)
    for name, flows in (("before", before), ("after", after), ("market_after", later)):
        for product in flows.index.difference(market.index):
            allowed = "the products of market_before"
            raise checks.fault(name, checks.shown(product), allowed)
    later = checks.numbers(later.reindex(market.index), "market_after", gaps=False)
    first, last = (
        checks.numbers(flows, name).reindex(market.index).fillna(0.0)
        for name, flows in (("before", before), ("after", after))
    )
    growth = later.sum() / market.sum() - 1
    parts = {"change": last - first, "growth": growth * first}
    parts["composition"] = (later / market - 1 - growth) * first
    parts["share"] = last - first * later / market
    return pd.DataFrame(parts)
