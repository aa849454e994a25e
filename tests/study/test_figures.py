"""The figures of this study: kept by the rules that the codebook states."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

import partnership as p
from partnership import verdicts
from partnership.evidence import package

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(ROOT.glob("notebooks/*.ipynb"))
OUTCOMES = ["exact", "about", "almost", "more_than", "less_than", "derived", "modelled"]
KEY = ["series", "reporter", "partner", "period", "period_type", "valuation"]
KEY += ["maker", "machine", "product", "institution", "item"]


@pytest.fixture(scope="module")
def told():
    """All observations, with the text of each value."""
    tables = package.default().observation_tables()
    read = {"dtype": str, "keep_default_na": False}
    frames = [pd.read_csv(ROOT / "data" / f"{t}.csv", **read) for t in tables]
    return pd.concat(frames).fillna("")


def rounding(text):
    """Half of the last digit that a number shows."""
    whole, _, decimals = text.lstrip("-").partition(".")
    zeros = len(whole) - len(whole.rstrip("0"))
    return 10.0 ** (-len(decimals) if decimals else zeros) / 2


def test_a_fine_figure_is_about_only_for_a_reason_that_is_told(told):
    digits = told["value"].str.replace(r"^[-0.]+|\.", "", regex=True)
    whole = ~told["value"].str.contains(".", regex=False)
    digits = digits.where(~whole, digits.str.rstrip("0"))
    estimates = told["stated_by"].isin(["COW", "CIA", "UIS", "USGS"])
    reason = told["note"].str.contains("estimate|rounded|as first read")
    fine = (told["qualifier"] == "about") & (digits.str.len() >= 3)
    assert not told.loc[fine & ~estimates & ~reason, "observation_id"].tolist()


def test_every_conflict_has_a_choice_or_a_note_with_the_other_figure(told):
    chosen = p.load("choices")
    settled = {
        *chosen["observation_id"],
        *";".join(chosen["set_aside"].dropna()).split(";"),
    }
    rows = told[told["qualifier"].isin(OUTCOMES) & (told["bound"] == "")]
    silent = []
    for _, group in rows[rows["period"] != ""].groupby(KEY):
        points = group[~group["qualifier"].isin(["more_than", "less_than"])]
        value = points["value"].astype(float)
        if value.nunique() < 2 or group["source_id"].nunique() < 2:
            continue
        slack = max(0.03 * value.abs().max(), points["value"].map(rounding).max())
        if value.max() - value.min() <= slack or settled & {*group["observation_id"]}:
            continue
        notes = " ".join(points["note"]).replace(",", "")
        if not any(re.search(rf"(?<![\d.]){v}(?!\d)", notes) for v in points["value"]):
            silent.append(points["observation_id"].tolist())
    assert not silent


def test_plans_of_land_and_places_are_no_outcomes(told):
    known = p.load("sources").set_index("source_id")["published"]
    areas = told[told["series"] == "wheat_area_ha"]
    early = areas["source_id"].map(known).str[:4] < areas["period"]
    assert early.any() and (areas.loc[early, "qualifier"] == "planned").all()


def test_declared_origin_carries_its_doubt_and_no_verdict():
    definition = p.load("series").set_index("series")["definition"]
    assert "no output of a plant" in definition["potash_imports_by_origin"]
    assert "potash_imports_by_origin" not in {*p.load("claim_rules")["name"]}
    assert "ctx-tdm-potash" not in " ".join(p.load("evidence")["source_ids"].dropna())


def test_consumer_prices_cover_the_trade_of_the_pair():
    table = p.load("country_year").query("indicator == 'consumer_prices'")
    index = table.set_index("year")["value"]
    assert [*index.index] == [*range(1992, 2025)] and {*table["iso3"]} == {"USA"}
    assert index[2024] / index[2013] == pytest.approx(1.346, abs=0.005)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_day_of_the_data_is_one(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = " ".join("".join(cell["source"]) for cell in cells)
    day = pd.Timestamp(verdicts.vintage())
    said = re.findall(r"as (?:collected|known) on (\d+ \w+ 2026)", text)
    assert {*said} <= {f"{day.day} {day:%B %Y}"}
