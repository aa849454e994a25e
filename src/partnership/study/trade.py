"""Trade of the two: partners, size, fall, and how far records of it may lie apart."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

from partnership import checks
from partnership.evidence.flows import partner_flows
from partnership.evidence.package import default
from partnership.methods import history
from partnership.verdicts import intervals


def mirror_gaps(values):
    """How far the importer's record of flows of these sizes lies from the exporter's.

    Parameters
    ----------
    values : pandas.Series
        Flows as the exporter records them, USD million.

    Returns
    -------
    pandas.DataFrame
        The row of the table ``mirror_gaps`` of each flow, on the index of `values`.
    """
    table = default().load("mirror_gaps")
    found = np.searchsorted(table["size_from"], values, side="right") - 1
    return table.iloc[found].set_index(values.index)


def second_record(values):
    """Between which values half of the second records of flows of these sizes lie.

    Parameters
    ----------
    values : pandas.Series
        Flows as the exporter records them, USD million.

    Returns
    -------
    pandas.DataFrame
        ``value``, ``low`` and ``high`` (quartiles of the table ``mirror_gaps``, less
        freight and insurance by the usual factor), on the index of `values`.
    """
    gaps = mirror_gaps(values)
    fob = values / intervals("mirror").at["cif_fob", "base"]
    ends = {"low": fob * gaps["q25"], "high": fob * gaps["q75"]}
    return pd.DataFrame({"value": values, **ends})


def copy_odds(chances):
    """How much more likely a steady tenth is of a copy than of two records.

    Parameters
    ----------
    chances : pandas.Series
        By year, the share of flows with two records that show a tenth in any one year.

    Returns
    -------
    pandas.Series
        Likelihood ratio by the number of years that speak for themselves, from the
        least likely copy and the likeliest chance: lower bounds.
    """
    assumed = intervals("mirror")
    first, last = assumed.loc["years_apart", ["low", "high"]].astype(int)
    least = assumed.at["usual_factor", "low"]
    return pd.Series({n: least / chances.max() ** n for n in range(first, last + 1)})


def context(economy):
    """Indicators of one economy: one row a year, one column an indicator."""
    table = default().load("country_year").query("iso3 == @economy")
    return table.pivot(index="year", columns="indicator", values="value")


def sizes(turnover):
    """Turnover in constant dollars, and as a share of trade and output of the two.

    Parameters
    ----------
    turnover : pandas.Series
        Nominal, USD million, by year.

    Returns
    -------
    pandas.DataFrame
        By year: nominal, constant (dollars of the base year, by consumer prices of the
        United States) and percent of the merchandise trade and of the GDP of either;
        the GDP of Turkmenistan also by the vintage of 2024.
    """
    values = checks.yearly(turnover)
    base = intervals("trade_size").at["base_year", "base"]
    prices = context("USA")["consumer_prices"]
    result = {"nominal": values, "constant": values * prices[base] / prices}
    for name, code in (("Belarus", "BLR"), ("Turkmenistan", "TKM")):
        known = context(code)
        trade = known["merchandise_exports"] + known["merchandise_imports"]
        result[f"trade of {name}"] = 100 * values / trade
        result[f"GDP of {name}"] = 100 * values / known["gdp_current"]
    older = known["gdp_current_vintage_2024"]
    result["GDP of Turkmenistan, 2024 vintage"] = 100 * values / older
    return pd.DataFrame(result).loc[values.index]


def fall_parts():
    """Split the fall of Belarus' sales to Turkmenistan, by each choice that we see.

    Returns
    -------
    pandas.DataFrame
        One row a choice of the totals (BACI, or those of the World Bank) and of the
        years before and after, means of all years first: ``fall`` (percent), and
        ``market``, ``seller`` and ``rest``, percent of the fall in logarithms, as
        `partnership.methods.history.change_parts` has them.
    """
    sold = partner_flows("BLR", "exports")
    bought = partner_flows("TKM", "imports")
    flow = sold[sold["partner"] == "TKM"].set_index("year")["value"]
    world = default().load("trade_world").groupby("year")["value"].sum() / 1000
    of_year = (frame.groupby("year")["value"].sum() for frame in (bought, sold))
    exports = default().load("country_year").query("indicator == 'merchandise_exports'")
    stated = (
        context("TKM")["merchandise_imports"],
        context("BLR")["merchandise_exports"],
        exports.groupby("year")["value"].sum(),
    )
    totals = {"BACI": (*of_year, world), "World Bank": stated}
    spans = intervals("trade_fall")[["low", "high"]].astype(int)
    spans = [range(low, high + 1) for low, high in spans.itertuples(index=False)]
    choices = [[span, *([year] for year in span)] for span in spans]
    rows = []
    for name, before, after in product(totals, *choices):
        parts = history.change_parts(flow, *totals[name], before, after)
        change = parts.pop("change")
        ends = (
            "–".join(map(str, sorted({span[0], span[-1]}))) for span in (before, after)
        )
        fall = 100 * (1 - np.exp(change))
        rows.append((name, *ends, fall, *100 * parts / change))
    columns = ["totals", "before", "after", "fall", *parts.index]
    return pd.DataFrame(rows, columns=columns)
