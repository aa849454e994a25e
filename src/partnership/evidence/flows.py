"""Trade of one economy with every partner, from the table of world trade."""

from __future__ import annotations

from partnership import checks
from partnership.evidence.package import chosen

_SIDES = {"exports": ("exporter", "importer"), "imports": ("importer", "exporter")}


def partner_flows(economy, direction, *, data=None):
    """Goods trade of one economy with every partner, 2000-2020 (BACI, [1]_).

    Parameters
    ----------
    economy : str
        ISO 3166 alpha-3, one of the economies of the table ``trade_world``.
    direction : {"exports", "imports"}
    data : DataPackage, optional
        Another data package than the project's own.

    Returns
    -------
    pandas.DataFrame
        Columns year, partner and value (USD million, f.o.b., not rounded). A partner
        that is not there in a year: no flow recorded, or an economy that the table
        does not have.

    Raises
    ------
    ValueError
        If the direction or the economy is unknown, or if the table is cut to the flows
        of others (``complete_for`` in its description): of a few partners neither a
        place nor a share can be told.

    References
    ----------
    .. [1] Gaulier, G. and S. Zignago (2010). BACI: International Trade Database at the
       Product-Level. *CEPII Working Paper* 2010-23.
    """
    own, other = _SIDES[checks.choice(direction, list(_SIDES), "direction")]
    data = chosen(data)
    world = data.load("trade_world")
    checks.choice(economy, sorted(world[own].unique()), "economy")
    whole = data.resource("trade_world").get("complete_for", [economy])
    if economy not in whole:
        found = f"{economy}, of which the table has some partners only"
        raise checks.fault("economy", found, " or ".join(whole))
    flows = world[world[own] == economy].rename(columns={other: "partner"})
    flows["value"] = flows["value"] / 1000
    return flows[["year", "partner", "value"]].reset_index(drop=True)
