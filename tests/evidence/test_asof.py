"""A package as it was known on a day, or by its best sources alone."""

import pandas as pd
import pytest

import partnership as p
from invented import SOURCES, observation, source
from partnership.evidence import asof
from partnership.evidence.faults import DataError
from partnership.evidence.package import DataPackage, default

THEN = "2010-06-30"


@pytest.mark.parametrize(
    ("published", "known_by", "known"),
    [
        (THEN, None, True),
        ("2010-07-01", None, False),
        ("2010-05", None, True),
        ("2010-06", None, True),  # a month counts as its last day
        ("2010-07", None, False),
        ("2009", None, True),
        ("2010", None, False),  # and a year too
        ("", None, False),  # undated: not known then
        ("", "2009-05", True),  # unless the evidence says so
        ("", "2011-05-01", False),
        ("", "2011-05-01;2009-05", True),  # the earliest counts
        ("2011-01-01", "2009-05-01", False),  # a dated source keeps its date
    ],
)
def test_a_source_is_known_from_its_date(court, published, known_by, known):
    evidence = [
        {"evidence_id": f"ce{day}", "source_ids": "s-new;s-2009", "known_by": day}
        for day in (known_by or "").split(";")
        if day
    ]
    tables = {"sources": [*SOURCES, source("s-new", published)], "evidence": evidence}
    data = court(found=[100], source_id="s-new", tables=tables)
    assert (len(asof.view(data, THEN).load("machinery")) == 1) == known
    assert asof.view(data).load("machinery").equals(data.load("machinery"))


def test_a_row_of_several_sources_is_known_from_the_earliest(court):
    def event(number, ids):
        return {"event_id": f"ev{number}", "date": "2008", "source_ids": ids}

    rows = [event(1, "s-2012;s-2009"), event(2, "s-2012"), event(3, "s-undated")]
    shown = asof.view(court(tables={"events": rows}), THEN).load("events")
    assert shown["event_id"].tolist() == ["ev1"]


def test_evidence_has_a_date_of_its_own(court):
    data = court()
    assert asof.view(data, "2009-12-30").load("evidence").empty
    assert len(asof.view(data, "2009-12-31").load("evidence")) == 1
    assert asof.view(data, "2009-12-31", True).load("evidence").empty


def test_primary_sources_only(court):
    rows = [observation(1, 5), observation(2, 6, source_id="s-2009")]
    shown = asof.view(court(tables={"machinery": rows}), None, True)
    assert shown.load("machinery")["source_id"].tolist() == ["s-2010"]
    assert shown.shows(["s-2010", "s-undated"]) and not shown.shows(["s-2009"])
    assert len(shown.load("sources")) == len(SOURCES)  # dictionaries are whole


def test_a_view_reads_nothing_again_and_changes_nothing(court, monkeypatch):
    data = court(found=[5, 6], source_id="s-2012")
    whole = data.load("machinery")
    data.load("sources"), data.load("evidence")
    monkeypatch.setattr(DataPackage, "_read", None)
    monkeypatch.setattr(DataPackage, "__init__", None)
    monkeypatch.setattr(DataPackage, "unchanged", None)
    assert asof.view(data, THEN).load("machinery").empty
    assert asof.view(data, THEN) is asof.view(data, THEN)
    assert data.load("machinery").equals(whole)
    with pytest.raises(ValueError, match="as_of: found '3 May'; allowed is a"):
        asof.view(data, "3 May")


def test_what_is_left_out_adds_up(court):
    rows = [
        observation(n, 1, source_id=name)
        for n, name in enumerate(["s-2009", "s-2010", "s-2012", "s-undated"])
    ]
    counts = asof.left_out(THEN, court(tables={"machinery": rows}))
    assert counts.loc["machinery"].to_dict() == {
        "rows": 4,
        "known": 2,
        "later": 1,
        "undated": 1,
    }
    shipped = asof.left_out("2017-04-02")
    assert (shipped["rows"] == shipped.drop(columns="rows").sum(axis=1)).all()
    assert set(default().observation_tables()) < set(shipped.index)
    assert (asof.left_out("2030-01-01")["later"] == 0).all()


def test_a_later_copy_does_not_sharpen_an_early_statement(court):
    one = {"statement_id": "st-1"}
    rows = [
        observation(1, 320, qualifier="almost", source_id="s-2009", **one),
        observation(2, 319, source_id="s-2012", **one),
    ]
    data = court(tables={"machinery": rows})
    ask = {"maker": "XX", "machine": "tractor"}
    assert p.series("fleet_units", data=data, **ask)["value"].tolist() == [319]
    early = p.series("fleet_units", data=asof.view(data, THEN), **ask)
    assert early["value"].tolist() == [320]


def test_the_report_is_named_by_the_package(package):
    assert asof.report(package())["source_id"] == "s-report"
    assert asof.vintage(package()) == "2015-12-31"
    with pytest.raises(DataError, match="report, day: found None; allowed is text"):
        asof.report(package(about={"report": {"name": "it"}}))
    assert asof.report() == default().descriptor["report"]


def test_known_from_is_the_last_day(court):
    known = asof.known_from(court())
    assert known["s-2009"] == pd.Timestamp("2009-12-31")
    assert pd.isna(known["s-undated"])
