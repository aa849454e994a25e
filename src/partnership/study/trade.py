"""Trade of the two economies with every partner."""

from __future__ import annotations

import pandas as pd

from partnership.evidence.package import default


def partner_flows(economy, direction, *, data=None):
    """Goods trade of one economy with every partner (Correlates of War, 2005-2014).

    Parameters
    ----------
    economy : str
        ISO 3166 alpha-3: a post-Soviet exporter, or for imports BLR or TKM.
    direction : {"exports", "imports"}
    data : DataPackage, optional
        Another data package than the project's own.

    Returns
    -------
    pandas.DataFrame
        Columns year, partner, value (USD million, c.i.f. as the importer records it;
        rounded to whole millions by the data set) and source_id.

    Raises
    ------
    ValueError
        If the direction is unknown, or no partner of the economy is in the tables.
    """
    if direction not in ("exports", "imports"):
        raise ValueError(
            f"direction {direction!r} is unknown; allowed: exports, imports"
        )
    package = data or default()
    post_soviet = package.load("post_soviet_trade")
    others = package.load("trade_by_partner")
    # One measure only: the table also holds a second data set for 2006.
    others = others[others["source_id"] == "trade-cow-dyadic"]
    flows = pd.concat([post_soviet, others], ignore_index=True)
    own, partner = ("exporter", "importer")[:: 1 if direction == "exports" else -1]
    flows = flows[flows[own] == economy]
    if direction == "exports":
        flows = flows[flows["source_id"] != "trade-cow-dyadic"]
    if flows.empty:
        raise ValueError(f"no {direction} of {economy!r} in the tables")
    flows = flows.rename(columns={partner: "partner", "exports_usd_million": "value"})
    return flows[["year", "partner", "value", "source_id"]].reset_index(drop=True)
