"""The front picture: what the report claimed, panel by panel, against the records."""

import pandas as pd

import partnership as p
from partnership import charts
from partnership.methods.events import trips
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


def opening_capacity():
    """Read the yearly capacity of Garlyk as stated at its opening, tonnes."""
    planned = p.statements("garlyk_capacity_planned", outcomes_only=False)
    return planned[planned["source_id"] == "ind-turkmenistanru-2017-opening"]


def garlyk(ax):
    """Draw capacity, plan and output of Garlyk; the report gives no number."""
    plan = p.statements("garlyk_output_annual_plan", outcomes_only=False)
    output = p.statements("garlyk_output", outcomes_only=False)
    rows = {
        "capacity a year": opening_capacity(),
        "plan for 2018": plan,
        "output, 9 months of 2018": output,
    }
    thousands = pd.Series({name: row.value.item() / 1000 for name, row in rows.items()})
    charts.bars(ax, thousands, highlight=list(rows)[-1], unit="thousand_tonnes")
    return charts.add_sources(ax, *rows.values())


def visits(ax):
    """Draw official visits of each president up to the report, counted and claimed."""
    pairs = ("BLR", "TKM"), ("TKM", "BLR")
    found = [trips(p.load("visits"), *pair, "2017-03") for pair in pairs]
    metrics = ["official_visits_to_turkmenistan", "official_visits_to_belarus"]
    frame = pd.DataFrame({"period": ["Belarus' president", "Turkmenistan's"]})
    frame["value"] = [float(len(visits)) for visits in found]
    frame["target"] = [_claimed(metric) for metric in metrics]
    charts.targets(ax, frame, kind="report", outcome="counted", unit="visits")
    return charts.add_sources(ax, *found)


def distance(ax):
    """Draw the straight line between the capitals, and what is stated."""
    places = p.load("places").set_index("place_id")
    ends = places.loc[["minsk", "ashgabat"]]
    stated = p.statements("distance_between_capitals", outcomes_only=False)
    straight = geodesic_km(*ends[["latitude", "longitude"]].to_numpy())
    frame = pd.DataFrame({"category": ["straight line", "way not said, over"]})
    frame["value"] = [straight, stated.value.item()]
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


NOTES = {name: note for name, (note, _) in PANELS.items()}
"""Names of the panels, and their units."""


def draw(axes):
    """Draw all panels.

    Parameters
    ----------
    axes : mapping of str to matplotlib.axes.Axes
        By the names of `NOTES`.
    """
    for name, (_, panel) in PANELS.items():
        panel(axes[name])
