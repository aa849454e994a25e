"""What was sold: the largest suppliers of a market, and the ledger of the boom."""

from __future__ import annotations

import numpy as np
import pandas as pd

from partnership.evidence.face import computed
from partnership.evidence.package import default
from partnership.evidence.ranks import told
from partnership.evidence.series import series
from partnership.methods.bands import over_years
from partnership.methods.indicators import constant_market_shares
from partnership.verdicts import intervals


def suppliers(product):
    """What economies sold Turkmenistan of one section, the largest ones (UNCTAD).

    Parameters
    ----------
    product : str
        A section as ``trade`` names it.

    Returns
    -------
    pandas.DataFrame
        USD million f.o.b. by name of the supplier and year; "World" is all of them.
    """
    choice = {"each": "reporter", "product": product}
    sold = series("goods_exports", None, "TKM", "UNCTAD", **choice)["value"]
    names = default().load("countries").set_index("iso3")["name_en"]
    return sold.unstack("period").rename(names)


def market_split(first, last):
    """Split the change of Belarus' sales to Turkmenistan between two years (UNCTAD).

    Parameters
    ----------
    first, last : str
        Years.

    Returns
    -------
    pandas.DataFrame, pandas.DataFrame
        By section: ``change`` and its parts ``growth`` (at that of all the market
        buys), ``composition`` (the section grew more or less than that) and ``share``
        (of the market, gained or lost), as
        `partnership.methods.indicators.constant_market_shares`; weighed by the first
        year, and by the last.
    """
    sold = {
        one: series("goods_exports", one, "TKM", "UNCTAD", each="product")
        for one in ("BLR", "WLD")
    }
    own, every = (frame["value"].loc[[first, last]] for frame in sold.values())
    flows = pd.DataFrame({"BLR": own, "others": every.sub(own, fill_value=0)})
    flows = flows.rename_axis(["year", "product"], axis=0).rename_axis(
        columns="exporter"
    )
    flows = flows.stack().dropna().rename("value").reset_index().assign(importer="TKM")

    def split(*years):
        parts = constant_market_shares(flows, *years, of="product")
        parts = parts[parts["exporter"] == "BLR"].set_index("product").sort_index()
        parts = parts.rename(columns={"competitiveness": "share"})
        return parts[["change", "growth", "composition", "share"]]

    return split(first, last), -split(last, first)


def lost_with_one_less(sold, first, last):
    """Sales that a loss of share cost Belarus, by the supplier that is left out.

    Parameters
    ----------
    sold : pandas.DataFrame
        As `suppliers` gives it.
    first, last : str
        Years.

    Returns
    -------
    pandas.Series
        USD million by supplier, weighed by the first year; below 0 for a loss.
    """
    own, others = sold.loc["Belarus"], sold.drop(["World", "Belarus"])
    market = sold.loc["World"] - others
    return own[last] - own[first] * market[last] / market[first]


def leaders(years):
    """The five largest suppliers of Turkmenistan by section of goods (UNCTAD).

    Parameters
    ----------
    years : list of str

    Returns
    -------
    pandas.DataFrame
        By section and place, one column a year: the supplier and its percent of what
        all suppliers together sold.
    """
    data = default()
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
    rows["product"] = rows["product"].str.split(n=2).str[2]
    return rows.pivot(index=["product", "place"], columns="period", values="text")


def boom():
    """Sums of the boom as stated, and what of them may count.

    Returns
    -------
    pandas.DataFrame
        By item of ``boom_ledger``: ``counts_as``, ``from``, ``until``, ``doubt``;
        ``said``, the largest sum stated, less what counts as another item; ``low`` and
        ``high``, between the statements and by the assumptions of the model ``boom``
        (all USD million); ``open`` where the sum is "more than" that; ``source_id``.
    """
    data = default()
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
    counted = intervals("boom")[["low", "high"]].astype(float)
    counted = counted.reindex(items["assumption"]).fillna(1)
    items["said"] = ends["high"]
    items["low"] = ends["low"] * counted["low"].to_numpy()
    items["high"] = ends["high"] * counted["high"].to_numpy()
    items["open"] = groups["qualifier"].agg(lambda words: "more_than" in set(words))
    items["source_id"] = groups["source_id"].agg(lambda ids: ";".join(sorted({*ids})))
    return items.drop(columns=["less", "assumption"])


def boom_by_year(items, years, even=True):
    """Sums of `boom` by year as a frame to draw: the sums as said, above a band.

    Parameters
    ----------
    items : pandas.DataFrame
        Rows of `boom`.
    years : iterable of int
    even : bool
        Spread each sum evenly, or let as much fall on a year as ``assumptions`` allow.

    Returns
    -------
    pandas.DataFrame
        As `partnership.computed`; ``value`` is the upper end, in USD million, and
        ``bound`` says where it is open above.
    """
    timing = intervals("boom").loc["timing", ["low", "high"]]
    band = over_years(items, years, (1, 1) if even else timing)
    ends = band.assign(value=band["high"])[["value", "low", "high"]]
    frame = computed(ends, ";".join(items["source_id"]).split(";"), "USD_million")
    return frame.assign(bound=np.where(band["open"], "lower", ""))
