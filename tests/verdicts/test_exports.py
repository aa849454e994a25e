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


PAGES = [
    row
    | {"publisher": "Outlet", "title": f"Page {row['source_id']}"}
    | {"url": f"https://example.org/{row['source_id']}"}
    for row in SOURCES
]


def work(name, said="name"):
    return {
        "@type": "CreativeWork",
        said: f"Page {name}",
        "url": f"https://example.org/{name}",
    }


def test_a_review_word_for_word(court):
    outlet = {"@type": "Organization", "name": "Outlet"}
    page = {"datePublished": "2010-06-30", "publisher": outlet}
    item = {"@type": "Claim", "author": outlet, "datePublished": "2010-06-30"}
    item |= {"appearance": work("s-report", "headline") | page}
    about = {"inLanguage": "en", "itemReviewed": item, "datePublished": "2015-12-31"}
    about |= {"@type": "ClaimReview"}
    about |= {"author": {"@type": "Organization", "name": "Invented"}}
    ends = {"@type": "Rating", "bestRating": 5, "worstRating": 1}
    first = ends | {"alternateName": "overstated", "ratingValue": 2}
    first["ratingExplanation"] = (
        "The report says about 100 machines; the records give 50 at work (2010)."
    )
    second = ends | {"alternateName": "supported", "ratingValue": 5}
    second["ratingExplanation"] = "It is so."
    written = verdicts.to_jsonld(data=court(found=[50], tables={"sources": PAGES}))
    assert written.startswith('{\n  "@context"') and written.endswith("}\n")
    assert json.loads(written) == {
        "@context": "https://schema.org",
        "@graph": [
            about
            | {"@id": "claims.html#c01", "url": "claims.html#c01"}
            | {"claimReviewed": "Statement c01.", "reviewRating": first}
            | {"reviewBody": "Is it still so? not known: It ended."}
            | {"isBasedOn": [work("s-2010")]},
            about
            | {"@id": "claims.html#c02", "url": "claims.html#c02"}
            | {"claimReviewed": "Statement c02.", "reviewRating": second}
            | {"reviewBody": "Is it still so? no: It ended."}
            | {"isBasedOn": [work("s-2009")]},
        ],
    }


def test_csv_and_markdown_word_for_word(data):
    said = "The report says about 100 machines; the records give 50 at work (2010)."
    link = "03_machinery.ipynb#How-many-are-at-work?"
    assert verdicts.to_csv(data) == (
        "claim_id,theme,sentence,statement,speaker,question,then,then_reason,now,"
        "reason,probability,still,still_reason,kind,section,source_ids\n"
        "c01,machinery,s01,Statement c01.,report narrator,was_so,overstated,"
        f"{said},overstated,{said},,not known,It ended.,computed,{link},s-2010\n"
        "c02,trade,s02,Statement c02.,report narrator,was_so,not checkable,"
        "Too early.,supported,It is so.,,no,It ended.,stated,01_trade.ipynb,s-2009\n"
    )
    assert verdicts.to_markdown(data) == (
        "| | Statement | In June 2010 | As known now | Still so? | Why |\n"
        "|---|---|---|---|---|---|\n"
        f"| [c01]({link}) | Statement c01. | overstated | overstated | not known | "
        f"{said} |\n"
        "| [c02](01_trade.ipynb) | Statement c02. | not checkable | supported | no | "
        "It is so. |\n"
    )


def test_a_formula_is_text_unless_raw(court):
    tables = {"claims": [claim("c01", "01_trade", statement="=1+1")]}
    data = court(tables=tables | {"claim_rules": []})
    assert "'=1+1," in verdicts.to_csv(data)
    assert ",=1+1," in verdicts.to_csv(data, raw=True)


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
    rows = list(csv.DictReader(verdicts.to_csv(data).splitlines()))
    now, then = verdicts.board(data=data), verdicts.board("2010-06-30", data=data)
    assert [row["claim_id"] for row in rows] == now.index.tolist()
    head, _, *lines = verdicts.to_markdown(data, "notebooks/").splitlines()
    assert "| In June 2010 |" in head
    for row, line in zip(rows, lines, strict=True):
        claim = row["claim_id"]
        assert row["now"] == verdicts.VERDICTS[now.at[claim, "verdict"]]
        assert row["then"] == verdicts.VERDICTS[then.at[claim, "verdict"]]
        assert line.startswith(f"| [{claim}](notebooks/{row['section']}) |")
        assert f"| {row['then']} | {row['now']} |" in line
        assert line.count("|") == 7


@pytest.mark.parametrize("address", ["javascript:alert(1)", "no address", "a.b/c"])
def test_the_address_of_the_pages_is_one(court, address):
    with pytest.raises(ValueError, match=r"^base_url: found '.*'; allowed is an add"):
        verdicts.to_jsonld(address, data=court())


def test_a_package_without_a_title_has_its_name(court):
    data = court(found=[90])
    del data.descriptor["title"]
    data.descriptor["name"] = "few"
    assert '"few"' in verdicts.to_jsonld(data=data)
