"""What the search of the site finds first, in Python and in the reader's browser."""

from pathlib import Path

import pytest

from partnership.evidence import finding
from partnership.site import search
from partnership.site.assemble import Site
from partnership.site.pages import Page
from partnership.site.polish import soup
from test_questions import ROWS

ROOT = Path(__file__).parents[2]
# A question, where its first hit stands, and what is in it.
QUESTIONS = [
    ("what did Garlyk produce", "00_start_here.html#number-", "24,200 tonnes"),
    ("turkmen students belarus 2019", "series/students_", "2019/2020"),
    ("students from Turkmenistan 2016/17", "series/students_", "2016/2017"),
    ("turkmen students in Belarus 2016-17", "series/students_", "2016/2017"),
    ("trade turnover 2016", "series/goods_turnover.html#t0806", "120.6"),
    ("record trade turnover", "claims.html#c04", "contradicted. The report says"),
    ("14,000 Belarus tractors", "03_machinery.html#number-", "14,000"),
    ("how many tractors did Belarus deliver", "03_machinery.html#number-", "tractors"),
    (
        "documents signed 2017",
        "series/documents_signed_at_visit.html#d",
        "11 documents",
    ),
    ("how far is Ashgabat from Minsk", "06_corridor.html#number-", "kilometres"),
    ("potash price 2017", "series/potash_price.html#i", "218.23"),
    ("prices of potash in 2017", "series/potash_price.html#i", "218.23"),
    ("gas exports to China", "series/gas_exports_pipeline.html#i", "bcm"),
    ("twin towns", "series/capital_twin_towns.html#", "0 towns"),
    ("where does the UIS figure 10,271 come from", "series/students_", "10,271"),
    ("visits of Lukashenko to Turkmenistan", "claims.html#c14", ""),
    ("арбитраж Гарлык", "series/arbitration_claim.html#i", "150 USD million"),
    ("товарооборот 2016", "series/goods_", "2016"),
    ("how much trade does the gravity model expect", "08_gravity.html#number-", "64"),
    ("what is a gravity model", "glossary.html#gravity-model", ""),
    ("how is a verdict computed", "09_claims.html#", "verdict"),
]


def compared(one):
    """What search.js compares with a question: a sentence counts as its own title."""
    weight = search.WEIGHTS.get(one.kind, search.OTHER) * one.weight
    title, text = f"{one.title} {one.hidden}", one.text
    if one.kind == "Number":
        title, text = text, title
    return finding.Entry(title, text, round(weight, 3))


@pytest.fixture(scope="module")
def found():
    """Entries of the project's site, and their index in Python."""
    site = Site(ROOT)
    entries = search.documents(site)
    index = finding.Index(map(compared, entries), finding.meanings(site.package))
    return entries, index


@pytest.mark.parametrize(("question", "address", "said"), QUESTIONS)
def test_a_question_has_its_right_first_hit(found, question, address, said):
    entries, index = found
    first = entries[index.search(question)[0]]
    assert first.address.startswith(address) and said in first.text, first


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_site_gives_the_answers_of_the_ten_questions(found, row):
    entries, index = found
    _, answer, words, _, line = row
    first = entries[index.search(words)[0]]
    if not line.startswith("p.find"):  # it stands beside the figure
        assert first.kind == "Value"
    else:
        assert answer in first.text.replace(",", "")


def test_the_browser_finds_the_same_in_the_same_order(found, built, chromium):
    entries, index = found
    page = chromium.new_context(offline=True).new_page()
    page.goto((built[0] / "search.html").as_uri())
    for question, *_ in QUESTIONS:
        page.fill("#query", question)
        shown = page.eval_on_selector_all(
            "#results a", "links => links.slice(0, 8).map(a => a.getAttribute('href'))"
        )
        wanted = [entries[place].address for place in index.search(question, 8)]
        assert shown == wanted, question


def test_a_sentence_with_a_number_is_found_by_itself():
    body = soup(
        "<h1 id=t>Title</h1><p>No number here. It was "
        "<a class=of id=n1-at>7</a> percent, of <a class=of id=n2-at>8</a>. None.</p>"
    )
    page = Page("a.html", "Title", kind="Notebook", body=body)
    sentence, section = search.of_page(page)
    assert sentence.text == "It was 7 percent, of 8." and sentence.kind == "Number"
    assert sentence.address == "a.html#n1-at"
    assert section.text.startswith("No number here. It was 7 percent")


def test_copies_of_a_statement_are_not_listed_and_no_solution_tells(found):
    entries, _ = found
    rows = [one for one in entries if one.kind == "Value"]
    assert len({one.address for one in rows}) == len(rows) > 2000
    assert all(entries[one.of].kind == "Series" for one in rows)
    assert not [one for one in entries if "_solution" in one.address]
