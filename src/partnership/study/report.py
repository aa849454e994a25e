"""The front picture: what the report claimed, panel by panel, against the records."""

from __future__ import annotations

import pandas as pd

from partnership import charts
from partnership.evidence.package import load
from partnership.evidence.series import series, statements
from partnership.methods.routes import geodesic_km


def claim(claim_id: str) -> float:
    """Return the number of one of the report's statements."""
    return load("claims").set_index("claim_id").at[claim_id, "value"]


def trade(ax):
    """Draw goods turnover, and goods and services, under the record claimed."""
    charts.panel_title(ax, "Trade", "USD million")
    charts.line_with_spread(
        ax, series("goods_turnover").reset_index(), label="goods", role="pair"
    )
    both = series("goods_and_services_turnover").reset_index()
    charts.line_with_spread(ax, both, label="with services", role="first", variant=1)
    return charts.claim_line(ax, claim("c04"), "the report")


def students(ax):
    """Draw Turkmen students in Belarus: universities, and all levels as stated."""
    charts.panel_title(ax, "Students", "persons")
    counted = series("students_higher_education_uis").reset_index()
    charts.line_with_spread(ax, counted, label="universities", role="second")
    every_level = statements("students_all_levels").reset_index()
    charts.points(ax, every_level, label="all levels", role="pair")
    unsaid = statements("students_level_unspecified").reset_index()
    charts.points(ax, unsaid, label="not said", role="other")
    return charts.claim_line(ax, claim("c33"), "the report")


def tractors(ax):
    """Draw tractors of all makes in the cotton sowing, and the working MTZ tractors."""
    charts.panel_title(ax, "Tractors", "units")
    sowing = statements(
        "campaign_units", item="cotton sowing", machine="tractor"
    ).reset_index()
    charts.points(ax, sowing, label="all makes, sowing", role="other")
    working = statements(
        "fleet_units", "TKM", maker="MTZ", machine="tractor"
    ).reset_index()
    charts.points(ax, working, label="MTZ in use", role="first")
    return charts.claim_line(ax, claim("c28"), "the report")


def garlyk(ax):
    """Draw capacity, plan and output of Garlyk; the report gives no number."""
    charts.panel_title(ax, "Garlyk potash", "thousand tonnes")
    ask = {"outcomes_only": False}
    capacity = (
        statements("garlyk_capacity_planned", **ask)
        .reset_index()
        .set_index("source_id")
    )
    plan = statements("garlyk_output_annual_plan", **ask).reset_index()
    output = statements("garlyk_output", **ask).reset_index()
    built = "ind-turkmenistanru-2017-opening"
    rows = {
        "capacity a year": capacity.at[built, "value"],
        "plan for 2018": plan["value"].item(),
        "output, 9 months of 2018": output["value"].item(),
    }
    frame = pd.DataFrame({"category": rows.keys(), "value": rows.values()})
    frame["value"] /= 1000
    charts.bars(ax, frame, highlight="output, 9 months of 2018", unit="thousand_tonnes")
    return charts.add_sources(ax, [built, *plan["source_id"], *output["source_id"]])


def visits(ax):
    """Draw official visits of each president up to the report, counted and claimed."""
    charts.panel_title(ax, "Official visits", "to March 2017, no summits")
    table = load("visits")
    table = table[
        (table["level"] == "head_of_state")
        & (table["kind"] == "official")
        & (table["status"] == "confirmed")
        & (table["date_start"] <= "2017-03-31")
    ]
    counted = table["visitor_country"].value_counts()
    frame = pd.DataFrame(
        {
            "period": ["Belarus' president", "Turkmenistan's"],
            "value": [float(counted["BLR"]), float(counted["TKM"])],
            "target": [claim("c14"), claim("c15")],
        }
    )
    charts.bars_with_target(ax, frame, kind="report", outcome="counted", unit="visits")
    return charts.add_sources(ax, table["source_ids"])


def distance(ax):
    """Draw the straight line between the capitals, and what is stated."""
    charts.panel_title(ax, "Minsk–Ashgabat", "km")
    places = load("places").set_index("place_id")[["latitude", "longitude"]].T
    stated = statements("distance_between_capitals", outcomes_only=False).reset_index()
    rows = {
        "straight line": geodesic_km(places["minsk"], places["ashgabat"]),
        "way not said, over": stated["value"].item(),
    }
    frame = pd.DataFrame({"category": rows.keys(), "value": rows.values()})
    charts.bars(ax, frame, highlight="straight line", unit="km")
    charts.add_sources(ax, ["log-geonames-joelacus", *stated["source_id"]])
    return charts.claim_line(ax, claim("c44"), "the report")


PANELS = (trade, students, tractors, garlyk, visits, distance)


def draw(title: str, subtitle: str):
    """Draw all panels.

    Parameters
    ----------
    title, subtitle : str
        As in `partnership.charts.canvas`.

    Returns
    -------
    list of matplotlib.axes.Axes
    """
    axes = charts.grid(title, subtitle, (3, 2), height=1.7)
    for panel, ax in zip(PANELS, axes, strict=True):
        panel(ax)
    return axes
