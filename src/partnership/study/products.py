"""What was sold: the largest suppliers of a market, and the ledger of the boom."""

from __future__ import annotations

import numpy as np
import pandas as pd

from partnership.evidence.face import computed
from partnership.evidence.package import default
from partnership.evidence.ranks import told
from partnership.methods.bands import over_years
from partnership.verdicts import intervals


def leaders(years, *, data=None):
    """The five largest suppliers of Turkmenistan by section of goods (UNCTAD).

    Parameters
    ----------
    years : list of str
    data : DataPackage, optional
        Another data package than the project's own.

    Returns
    -------
    pandas.DataFrame
        By section and place, one column a year: the supplier and its percent of what
        all suppliers together sold.
    """
    data = data or default()
    rows = data.load("trade").query(
        "series == 'goods_exports' and stated_by == 'UNCTAD' and partner == 'TKM'"
        " and period in @years and product.notna()"
    )
    key, names = ["product", "period"], data.load("countries").set_index("iso3").name_en
    whole = rows[rows["reporter"] == "WLD"].set_index(key)["value"].rename("whole")
    rows = rows[rows["reporter"] != "WLD"].join(whole, on=key)
    rows = rows.sort_values("value", ascending=False, kind="stable")
    rows = rows.assign(place=rows.groupby(key).cumcount() + 1).query("place <= 5")
    # A section with the pair's figure alone has no leaders.
    rows = rows[rows.groupby(key)["place"].transform("max") == 5]
    percent = (100 * rows["value"] / rows["whole"]).map("{:.0f}".format)
    rows = rows.assign(text=rows["reporter"].map(names) + " " + percent)
    return rows.pivot(index=["product", "place"], columns="period", values="text")


def boom(*, data=None):
    """Sums of the boom as stated, and what of them may count.

    Parameters
    ----------
    data : DataPackage, optional
        Another data package than the project's own.

    Returns
    -------
    pandas.DataFrame
        By item of ``boom_ledger``: ``counts_as``, ``from``, ``until``, ``doubt``;
        ``said``, the largest sum stated, less what counts as another item; ``low`` and
        ``high``, between the statements and by the assumptions of the model ``boom``
        (all USD million); ``open`` where the sum is "more than" that; ``source_id``.
    """
    data = data or default()
    rows = data.load("boom_ledger")
    said = pd.concat(told(table, data).rows for table in rows["table"].unique())
    said = said.set_index("observation_id")[["value", "qualifier", "source_id"]]
    rows = rows.join(said, on="observation_id")
    many = (rows["until"] - rows["from"] + 1).where(rows["per"] == "year", 1)
    rows["value"] *= many
    groups = rows.groupby("item", sort=False)
    columns = ["counts_as", "from", "until", "less", "assumption", "doubt"]
    items, value = groups[columns].first(), groups["value"]
    ends = pd.DataFrame({"low": value.min(), "high": value.max()})
    for item, part in items["less"].dropna().items():
        ends.loc[item] -= ends.loc[part, ["high", "low"]].to_numpy()
    counted = intervals("boom", data)[["low", "high"]].astype(float)
    counted = counted.reindex(items["assumption"]).fillna(1)
    items["said"] = ends["high"]
    items["low"] = ends["low"] * counted["low"].to_numpy()
    items["high"] = ends["high"] * counted["high"].to_numpy()
    items["open"] = groups["qualifier"].agg(lambda words: "more_than" in set(words))
    items["source_id"] = groups["source_id"].agg(lambda ids: ";".join(sorted({*ids})))
    return items.drop(columns=["less", "assumption"])


def boom_by_year(items, years, timing=(1, 1)):
    """Sums of `boom` by year as a frame to draw: the sums as said, above a band.

    Parameters
    ----------
    items : pandas.DataFrame
        Rows of `boom`.
    years, timing
        As for `partnership.methods.bands.over_years`.

    Returns
    -------
    pandas.DataFrame
        As `partnership.computed`; ``value`` is the upper end, in USD million, and
        ``bound`` says where it is open above.
    """
    band = over_years(items, years, timing)
    ends = band.assign(value=band["high"])[["value", "low", "high"]]
    frame = computed(ends, ";".join(items["source_id"]).split(";"), "USD_million")
    return frame.assign(bound=np.where(band["open"], "lower", ""))
