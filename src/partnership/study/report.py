"""The front picture: what the report claimed, panel by panel, against the records."""

from __future__ import annotations

import pandas as pd

import partnership as p
from partnership import charts
from partnership.methods.routes import geodesic_km

SAID = "the report"


def _claimed(metric):
    return float(p.claim(metric))  # the footer names what the records rest on


def trade(ax):
    """Draw goods turnover, and goods and services, under the record claimed."""
    charts.line(ax, p.series("goods_turnover"), label="goods", role="pair")
    both = p.series("goods_and_services_turnover")
    charts.line(ax, both, label="with services", role="first", variant=1)
    return charts.claim(ax, _claimed("record_trade_turnover"), SAID)


def students(ax):
    """Draw Turkmen students in Belarus: universities, and all levels as stated."""
    counted = p.series("students_higher_education_uis")
    charts.line(ax, counted, label="universities", role="second")
    every_level = p.statements("students_all_levels")
    charts.points(ax, every_level, label="all levels", role="pair")
    unsaid = p.statements("students_level_unspecified")
    charts.points(ax, unsaid, label="not said", role="other")
    return charts.claim(ax, _claimed("students"), SAID)


def tractors(ax):
    """Draw tractors of all makes in the cotton sowing, and the working MTZ tractors."""
    sowing = p.statements("campaign_units", item="cotton sowing", machine="tractor")
    charts.points(ax, sowing, label="all makes, sowing", role="other")
    working = p.statements("fleet_units", "TKM", maker="MTZ", machine="tractor")
    charts.points(ax, working, label="MTZ in use", role="first")
    return charts.claim(ax, _claimed("tractors_at_work"), SAID)


def garlyk(ax):
    """Draw capacity, plan and output of Garlyk; the report gives no number."""
    names = {
        "garlyk_capacity_planned": "capacity a year",
        "garlyk_output_annual_plan": "plan for 2018",
        "garlyk_output": "output, 9 months of 2018",
    }
    said = [
        p.statements(series, outcomes_only=False).assign(category=name)
        for series, name in names.items()
    ]
    opening = said[0]["source_id"] == "ind-turkmenistanru-2017-opening"
    rows = pd.concat([said[0][opening], *said[1:]])[["category", "value", "source_id"]]
    rows = rows.reset_index(drop=True).assign(value=rows["value"].to_numpy() / 1000)
    last = names["garlyk_output"]
    return charts.bars(ax, rows, highlight=last, unit="thousand_tonnes")


def visits(ax):
    """Draw official visits of each president up to the report, counted and claimed."""
    table = p.load("visits")
    table = table[
        (table["level"] == "head_of_state")
        & (table["kind"] == "official")
        & (table["status"] == "confirmed")
        & (table["date_start"] <= "2017-03-31")
    ]
    counted = table["visitor_country"].value_counts()
    metrics = ["official_visits_to_turkmenistan", "official_visits_to_belarus"]
    frame = pd.DataFrame(
        {
            "period": ["Belarus' president", "Turkmenistan's"],
            "value": [float(counted["BLR"]), float(counted["TKM"])],
            "target": [_claimed(metric) for metric in metrics],
        }
    )
    charts.targets(ax, frame, kind="report", outcome="counted", unit="visits")
    return charts.add_sources(ax, table["source_ids"])


def distance(ax):
    """Draw the straight line between the capitals, and what is stated."""
    places = p.load("places").set_index("place_id")
    ends = places.loc[["minsk", "ashgabat"]]
    stated = p.statements("distance_between_capitals", outcomes_only=False)
    at = ends[["latitude", "longitude"]].to_numpy()
    rows = {
        "straight line": geodesic_km(*at),
        "way not said, over": stated.value.item(),
    }
    frame = pd.DataFrame({"category": rows.keys(), "value": rows.values()})
    charts.bars(ax, frame, highlight="straight line", unit="km")
    charts.add_sources(ax, [*ends["source_id"], *stated["source_id"]])
    return charts.claim(ax, _claimed("distance_minsk_ashgabat"), SAID)


PANELS = {
    "Trade": ("USD million", trade),
    "Students": ("persons", students),
    "Tractors": ("units", tractors),
    "Garlyk potash": ("thousand tonnes", garlyk),
    "Official visits": ("to March 2017, no summits", visits),
    "Minsk–Ashgabat": ("km", distance),
}


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
    for (name, (note, panel)), ax in zip(PANELS.items(), axes, strict=True):
        charts.panel_title(ax, name, note)
        panel(ax)
    return axes
