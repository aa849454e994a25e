"""Tables for readers and for programs that read aloud; links between pages."""

import pandas as pd
import pytest

from partnership.site import links, pages, polish


def test_two_header_rows_of_pandas_become_one():
    index = pd.Index([2015, 2016], name="year")
    frame = pd.DataFrame({"goods": [1.5, 2.0], "who": ["a", "b"]}, index)
    frame.columns.name = "measure"
    body = polish.tidy(polish.soup("<h2>Trade</h2>" + frame.to_html()))
    heads = [[polish.words(cell) for cell in row("th")] for row in body.thead("tr")]
    assert heads == [["year, by measure", "goods", "who"]]
    assert body.caption.get_text() == "Table 1. Trade"
    assert [cell.get("class") for cell in body.thead("th")] == [None, "number", None]
    assert {cell["scope"] for cell in body.tbody("th")} == {"row"}


def test_a_gap_is_a_dash_in_a_column_of_numbers():
    frame = pd.DataFrame({"value": [1.5, None], "place": pd.array([2, None], "Int64")})
    body = polish.tidy(polish.soup(frame.to_html()))
    cells = [polish.words(cell) for cell in body.tbody("td")]
    assert cells == ["1.5", "2", "–", "–"]
    assert {*(cell["class"] for cell in body.tbody("td"))} == {"number"}


def test_rows_of_claims_can_be_linked_to():
    frame = pd.DataFrame({"claim": ["x1", "x2", "x1"], "value": [1, 2, 3]})
    table = frame.to_html(index=False)
    body = polish.tidy(polish.soup(table), {"x1", "x3"})
    assert [row.get("id") for row in body.tbody("tr")] == ["x1", None, None]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>see a-b-2017, a-b</p>", "see [a-b-2017], a-b"),
        ("<p>x/a-b-2017 a-b-2017-c a-b-2017</p>", "x/a-b-2017 a-b-2017-c [a-b-2017]"),
        ("<code>a-b-2017</code> <code>f(a-b-2017)</code>", "[a-b-2017] f(a-b-2017)"),
        ("<h2>a-b-2017</h2>", "a-b-2017"),
        ('<pre class="code">a-b-2017</pre><pre>a-b-2017</pre>', "a-b-2017[a-b-2017]"),
    ],
)
def test_source_ids_become_links(html, found):
    body = polish.soup(html)
    polish.link_sources(body, ["a-b-2017"], "sources.html")
    for link in body("a"):
        assert link["href"] == "sources.html#a-b-2017"
        link.string = f"[{link.string}]"
    assert body.get_text() == found


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("02_b.ipynb", "02_b.html"),
        ("02_b.ipynb#What-is-it?", "02_b.html#what-is-it"),
        ("#what-is-it", None),
        ("GLOSSARY.md#hhi", "glossary.html#hhi"),
        ("../data/trade.csv", "data/trade.csv"),
        ("../src/code.py", None),
        ("https://example.org/x", "https://example.org/x"),
    ],
)
def test_links_between_files_become_links_between_pages(address, expected):
    known = links.Links(
        places={
            "notebooks/02_b.ipynb": "02_b.html",
            "notebooks/GLOSSARY.md": "glossary.html",
            "data/trade.csv": "data/trade.csv",
        },
        ids={"02_b.html": {"what-is-it"}, "glossary.html": {"hhi"}, "01_a.html": set()},
        exists=lambda path: path == "src/code.py",
    )
    page = pages.Page("01_a.html", "", origin="notebooks/01_a.ipynb")
    found = known.target(page, address)
    if address == "#what-is-it":
        assert known.broken == [
            "notebooks/01_a.ipynb: link to #what-is-it: there is no such heading"
        ]
    else:
        assert (found, known.broken) == (expected, [])
    known.target(page, "gone.ipynb")
    assert "gone.ipynb: there is no such file" in known.broken[-1]
