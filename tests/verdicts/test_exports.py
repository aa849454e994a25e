"""ClaimReview, CSV and Markdown say what the board says."""

import csv
import json

import pytest

from invented import SOURCES, claim
from partnership import verdicts
from partnership.verdicts.exports import RATING


@pytest.fixture
def data(court):
    return court(found=[50])


@pytest.mark.parametrize("base", [None, "https://example.org/site/"])
def test_jsonld_says_what_the_board_says(data, base):
    graph = json.loads(verdicts.to_jsonld(base, data=data))
    assert graph["@context"] == "https://schema.org"
    board = verdicts.board(data=data)
    page = "https://example.org/site/claims.html" if base else "claims.html"
    for (name, row), review in zip(board.iterrows(), graph["@graph"], strict=True):
        assert review["@type"] == "ClaimReview"
        assert review["url"] == review["@id"] == f"{page}#{name}"
        assert review["claimReviewed"] == row["statement"]
        assert review["datePublished"] == row["as_of"] == "2015-12-31"
        author = {"@type": "Organization", "name": "Invented"}
        assert review["author"] == author | ({"url": base} if base else {})
        item = review["itemReviewed"]
        assert (item["@type"], item["datePublished"]) == ("Claim", "2010-06-30")
        assert item["appearance"]["datePublished"] == "2010-06-30"
        rating = review["reviewRating"]
        assert rating["@type"] == "Rating"
        assert rating["alternateName"] == verdicts.VERDICTS[row["verdict"]]
        assert rating["ratingExplanation"] == row["reason"]
        assert rating["ratingValue"] == RATING[row["verdict"]]
        assert (rating["worstRating"], rating["bestRating"]) == (1, 5)
    bodies = [review["reviewBody"] for review in graph["@graph"]]
    still = ["not known", "no"]
    assert bodies == [f"Is it still so? {said}: It ended." for said in still]
    assert [len(review["isBasedOn"]) for review in graph["@graph"]] == [1, 1]


def test_jsonld_of_another_day_has_no_number_for_what_is_open(data):
    reviews = json.loads(verdicts.to_jsonld(as_of="2010-06-30", data=data))["@graph"]
    assert {review["datePublished"] for review in reviews} == {"2010-06-30"}
    rating = reviews[1]["reviewRating"]
    assert rating["alternateName"] == "not checkable"
    assert "ratingValue" not in rating


@pytest.mark.parametrize(
    ("speaker", "kind", "name"),
    [
        ("report narrator", "Organization", "Outlet"),
        ("A. Person", "Person", "A. Person"),
    ],
)
def test_the_outlet_speaks_for_its_narrator(court, speaker, kind, name):
    said = claim("c01", "01_trade", is_quantitative="false", speaker=speaker)
    tables = {"claims": [said], "claim_rules": []}
    tables["sources"] = [row | {"publisher": "Outlet"} for row in SOURCES]
    graph = json.loads(verdicts.to_jsonld(data=court(tables=tables)))["@graph"]
    assert graph[0]["itemReviewed"]["author"] == {"@type": kind, "name": name}


def test_the_package_says_who_its_narrator_is(court):
    said = claim("c01", "01_trade", is_quantitative="false", speaker="the anchor")
    tables = {"claims": [said], "claim_rules": []}
    about = {"name": "the bulletin", "day": "2010-06-30", "source_id": "s-report"}
    for narrator, kind in ({}, "Person"), ({"narrator": "the anchor"}, "Organization"):
        made = court(tables=tables | {"about": {"report": about | narrator}})
        (review,) = json.loads(verdicts.to_jsonld(data=made))["@graph"]
        assert review["itemReviewed"]["author"]["@type"] == kind


def test_csv_and_markdown_hold_both_tenses(data):
    rows = list(csv.DictReader(verdicts.export("csv", data=data).splitlines()))
    now, then = verdicts.board(data=data), verdicts.board("2010-06-30", data=data)
    assert [row["claim_id"] for row in rows] == now.index.tolist()
    head, _, *lines = verdicts.export("markdown", data=data).splitlines()
    assert "| In June 2010 |" in head
    for row, line in zip(rows, lines, strict=True):
        claim = row["claim_id"]
        assert row["now"] == verdicts.VERDICTS[now.at[claim, "verdict"]]
        assert row["then"] == verdicts.VERDICTS[then.at[claim, "verdict"]]
        assert line.startswith(f"| [{claim}](notebooks/{row['section']}) |")
        assert f"| {row['then']} | {row['now']} |" in line
        assert line.count("|") == 7


def test_export_names_its_formats(data):
    assert verdicts.export("jsonld", data=data) == verdicts.to_jsonld(data=data)
    with pytest.raises(ValueError, match="format: found 'pdf'; allowed are csv"):
        verdicts.export("pdf")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "no address", "a.b/c"])
def test_the_address_of_the_pages_is_one(court, address):
    with pytest.raises(ValueError, match=r"^base_url: found '.*'; allowed is an add"):
        verdicts.to_jsonld(address, data=court())


def test_a_package_without_a_title_has_its_name(court):
    data = court(found=[90])
    del data.descriptor["title"]
    data.descriptor["name"] = "few"
    assert '"few"' in verdicts.to_jsonld(data=data)
