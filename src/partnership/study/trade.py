"""Trade of the two economies with every partner."""

from __future__ import annotations

from partnership import checks
from partnership.evidence.package import default

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
        If the direction or the economy is unknown.

    References
    ----------
    .. [1] Gaulier, G. and S. Zignago (2010). BACI: International Trade Database at the
       Product-Level. *CEPII Working Paper* 2010-23.
    """
    own, other = _SIDES[checks.choice(direction, list(_SIDES), "direction")]
    world = (data or default()).load("trade_world")
    checks.choice(economy, sorted(world[own].unique()), "economy")
    flows = world[world[own] == economy].rename(columns={other: "partner"})
    flows["value"] = flows["value"] / 1000
    return flows[["year", "partner", "value"]].reset_index(drop=True)
