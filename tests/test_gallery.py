"""Every chart form on real data, drawn into .cache/gallery to be looked at."""

from pathlib import Path

import pandas as pd
import pytest

import partnership as p
from partnership import charts
from partnership.charts.page import opened
from partnership.methods import history, mentions
from partnership.study import report as overview
from partnership.study import trade
from pictures import canvas, layout_problems

FOLDER = Path(__file__).parents[1] / ".cache" / "gallery"


def line_with_spread():
    """Draw a series with its gaps, a claim and an event."""
    ax = canvas("Goods trade peaked in 2013", "Turnover, USD million, 2006–2021")
    charts.line(
        ax, p.series("goods_turnover").reset_index(), label="goods", role="pair"
    )
    charts.claim(ax, 300, "the report")
    return charts.event(ax, "2017-03-30", "the visit")


def band():
    """Draw a series with a band, and its gaps."""
    ax = canvas("Sources differ by a few percent", "Imports, USD million")
    imports = p.series("goods_imports", "TKM", "BLR", valuation="cif").reset_index()
    return charts.line(ax, imports, role="second")


def points():
    """Draw every statement on one quantity."""
    ax = canvas("What was said of trade", "Turnover, coverage not said, USD million")
    told = p.statements("turnover_unspecified", outcomes_only=False).reset_index()
    return charts.points(ax, told, label="statements", role="other")


def bars():
    """Draw ranked bars."""
    flows = trade.partner_flows("TKM", "imports")
    largest = flows[flows["year"] == 2013].nlargest(8, "value")
    ax = canvas("Belarus was eighth", "Imports of Turkmenistan, USD million, 2013")
    largest = largest.rename(columns={"partner": "category"})
    charts.bars(ax, largest, highlight="BLR", unit="USD_million")
    return charts.add_sources(ax, p.load("trade_world"))


def bars_with_target():
    """Draw targets and what came of them."""
    names = ("trade_target", "trade_forecast")
    aims = [p.statements(name, outcomes_only=False).reset_index() for name in names]
    aims = pd.concat(aims, ignore_index=True)
    held = history.targets_against_outcomes(
        aims, p.series("goods_turnover").reset_index()
    )
    held = held.dropna(subset="outcome").rename(columns={"stated_on": "category"})
    ax = canvas("No target was met", "Turnover announced and come, USD million")
    charts.targets(ax, held, value="outcome", unit="USD_million")
    return charts.add_sources(ax, aims["source_id"])


def timeline():
    """Draw dated events, exact and uncertain."""
    events = p.load("events")
    events = events[events["kind"].isin(["embassy", "relations", "dispute"])].head(9)
    events = events.rename(columns={"event": "text", "date_precision": "precision"})
    events["source_id"] = events["source_ids"]
    ax = canvas("Embassies first, disputes later", "Events, 1993–2022")
    return charts.timeline(ax, events)


def heatmap():
    """Draw a shaded table."""
    products = p.load("products")
    matrix = mentions.mentions_matrix(products, p.load("product_groups"), "export")
    ax = canvas("Machines leave the lists", "Groups named, by year")
    charts.heatmap(
        ax, matrix.dropna(axis="columns"), unit="lists", write=mentions.tally
    )
    return charts.add_sources(ax, products["source_id"])


def shares():
    """Draw bars of 100 percent."""
    sections = p.series("goods_exports", "BLR", "TKM", "UNCTAD", each="product")
    ax = canvas("Machines fell to less than half", "Exports by section, percent")
    drawn = sections["value"].unstack()
    drawn = drawn.rename(columns=lambda name: name.split(" ", 2)[2])
    charts.shares(ax, drawn, highlight={"machinery and transport equipment": "first"})
    return charts.add_sources(ax, sections)


def small_multiples():
    """Draw the front picture."""
    made = opened("The report and the records", "Dashed: the report", (3, 2), 6, 1.7)
    axes = dict(zip(overview.NOTES, made, strict=True))
    overview.draw(axes)
    return axes


FORMS = [line_with_spread, band, points, bars, bars_with_target, timeline]
FORMS += [heatmap, shares, small_multiples]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_form_on_real_data(form):
    drawn = form()
    figure = charts.finish(drawn, alt=f"A picture of the gallery: {form.__doc__}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{form.__name__}.png").write_bytes(charts.png(figure))
    assert layout_problems(drawn) == []
    assert charts.sources(drawn), "a figure without source"
