"""Sections of goods between the two economies."""

from __future__ import annotations

import pandas as pd

from partnership.evidence.package import default
from partnership.evidence.series import series
from partnership.methods.indicators import (  # noqa: F401
    CIF_FOB,
    CIF_FOB_EARLIER,
    Record,
    SectionShares,
    balance,
    by_year,
    earlier_as_high,
    equivalent_number,
    growth,
    grubel_lloyd,
    hhi,
    mirror_gap,
    multiple,
    partner_standing,
    rank,
    record,
    section_shares,
    shares,
    targets_against_outcomes,
    trade_intensity,
    turnover,
    was_record,
)
from partnership.methods.mentions import (  # noqa: F401
    COLUMNS,
    DIRECTIONS,
    MEASURES,
    first_last,
    mentions_matrix,
    mentions_of,
    product_lists,
    tally,
    with_groups,
)


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
        name: by_year(
            series("goods_exports", product=name, data=package, **ask).reset_index()
        )
        for name in sorted(named.unique())
    }
    totals = by_year(series("goods_exports", data=package, **ask).reset_index())
    return pd.DataFrame(sections).T, totals
