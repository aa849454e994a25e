"""The sources that a notebook lists."""

import pandas as pd
import pytest

import partnership as p
from partnership import sources_used
from partnership.evidence import cited
from partnership.evidence.faults import DataError

TABLE = pd.DataFrame(
    {
        "source_id": ["belstat-2017", "embassy-2014"],
        "publisher": ["Belstat", None],
        "title": ["Foreign trade <2017> | goods", "Trade & economy"],
        "url": ["https://example.org/home/a/b?x=1&y=2", pd.NA],
        "published": ["2017-07-01", pd.Timestamp("2014-02-03")],
        "kind": ["statistics", "web page"],
    }
)


def test_sources_are_listed_once_by_id():
    one = pd.DataFrame({"source_id": ["embassy-2014", "belstat-2017", None]})
    many = pd.DataFrame({"source_ids": ["belstat-2017;embassy-2014"]})
    indexed = TABLE.set_index("source_id")
    expected = repr(sources_used("belstat-2017", "embassy-2014", sources=TABLE))
    for used in [(one,), (many,), (many, one), (["embassy-2014"], one), (indexed,)]:
        for table in (TABLE, indexed, TABLE.iloc[::-1]):
            assert repr(sources_used(*used, sources=table)) == expected
    assert expected.splitlines() == [
        "Sources used in this notebook",
        "belstat-2017: Belstat, Foreign trade <2017> | goods, 2017-07-01, statistics "
        "https://example.org/home/a/b?x=1&y=2",
        "embassy-2014: Trade & economy, 2014-02-03, web page",
    ]


PAGE = {
    "publisher": "Office & Co",
    "title": "Trade\nin  100 % {of} it_~^\\",
    "published": "2017-03-05",
    "retrieved": "2018-01-02",
    "file": "table.csv",
    "url": "https://example.org/a b?c=d&e=f#g~h",
    "language": "en",
}
BARE = dict.fromkeys(PAGE, "") | {"publisher": "P", "title": "T", "url": "u"}


def test_a_citation_word_for_word():
    table = pd.DataFrame([PAGE, BARE], index=["one", "two"])
    assert cited.citations(table, "text").split("\nP (undated)") == [
        "Office & Co (2017-03-05). Trade\nin  100 % {of} it_~^\\, table.csv. "
        "https://example.org/a b?c=d&e=f#g~h, retrieved 2018-01-02",
        ". T. u",
    ]
    assert cited.citations(table, "markdown") == (
        "Office & Co (2017-03-05). Trade in 100 % {of} it_&#126;^<span>&#92;</span>, "
        "table.csv. https://example.org/a b?c=d&#38;e=f#g&#126;h, "
        "retrieved 2018-01-02\n"
        "P (undated). T. u"
    )
    assert cited.citations(table, "bibtex") == (
        "@misc{one,\n"
        "  author = {{Office \\& Co}},\n"
        "  title = {{Trade in 100 \\% \\{of\\} it\\_\\textasciitilde{}"
        "\\textasciicircum{}\\textbackslash{}}},\n"
        "  year = {2017},\n"
        "  month = {3},\n"
        "  howpublished = {\\url{https://example.org/a%20b?c=d&e=f#g~h}},\n"
        "  note = {retrieved 2018-01-02},\n"
        "  language = {en},\n"
        "}\n"
        "@misc{two,\n"
        "  author = {{P}},\n"
        "  title = {{T}},\n"
        "  howpublished = {\\url{u}},\n"
        "}"
    )
    with pytest.raises(DataError, match="unknown citation style 'apa'"):
        cited.citations(table, "apa")


def test_the_table_of_sources_word_for_word():
    cell, head = '<td style="text-align: left">', 'style="text-align: left">'
    heads = ("Id", "Publisher", "Title", "Date", "Kind")
    heads = "".join(f'<th scope="col" {head}{name}</th>' for name in heads)
    rows = TABLE.assign(title=["Trade <1> | goods", None])
    assert sources_used(rows, sources=rows)._repr_html_() == "\n".join(
        [
            "<table>",
            "<caption>Sources used in this notebook</caption>",
            f"<thead><tr>{heads}</tr></thead>",
            "<tbody>",
            f'<tr><th scope="row" {head}belstat-2017</th>{cell}Belstat</td>{cell}'
            '<a href="https://example.org/home/a/b?x=1&amp;y=2">Trade &lt;1&gt; | goods'
            f"</a></td>{cell}2017-07-01</td>{cell}statistics</td></tr>",
            f'<tr><th scope="row" {head}embassy-2014</th>{cell}</td>{cell}'
            f"embassy-2014</td>{cell}2014-02-03</td>{cell}web page</td></tr>",
            "</tbody>",
            "</table>",
        ]
    )


def test_ids_come_from_cells_lists_and_what_a_frame_is_of():
    frame = pd.DataFrame({"year": [2010]})
    frame.attrs["source_id"] = "b;a"
    assert cited.source_ids(frame) == ["a", "b"]
    assert cited.source_ids("b;;a") == cited.source_ids(["a", "b", "a"]) == ["a", "b"]
    both = pd.DataFrame({"source_ids": ["c", None], "source_id": ["x", "y"]})
    assert cited.source_ids(both) == ["c"]


def test_the_table_of_sources_is_plain_html():
    text = sources_used(TABLE, sources=TABLE)._repr_html_()
    assert "<caption>Sources used in this notebook</caption>" in text
    assert text.count('scope="col"') == 5
    assert text.count('scope="row"') == 2
    assert 'href="https://example.org/home/a/b?x=1&amp;y=2"' in text
    assert "Foreign trade &lt;2017&gt; | goods" in text
    assert "nan" not in text.lower()
    assert "NaT" not in text
    assert "None" not in text


def test_unknown_sources_suggest_near_ones():
    with pytest.raises(DataError, match="belstat-2017"):
        sources_used("belstat-2016", sources=TABLE)
    with pytest.raises(DataError, match="source_id"):
        sources_used(pd.DataFrame({"year": [2016]}), sources=TABLE)
    with pytest.raises(ValueError, match="needs frames"):
        sources_used(sources=TABLE)


def test_sources_come_from_the_package_of_the_frame(package):
    rows = [{"source_id": "s-2009", "publisher": "Ministry", "title": "Report"}]
    other = package(sources=rows, visits=[{"source_ids": "s-2009"}])
    visits = other.load("visits")
    goods = p.series("goods_turnover")
    table = p.sources_used(visits, goods)
    assert "s-2009: Ministry, Report" in repr(table)
    assert len(table) == len(p.sources(goods)) + 1
    assert p.sources(visits)["title"].tolist() == ["Report"]
    # An id, and a frame that no longer says where it is from, is looked up in use.
    lost = pd.DataFrame({"source_ids": ["s-2009"]})
    with pytest.raises(DataError, match="unknown source 's-2009'"):
        p.sources(lost)
    assert p.use(other) is other
    try:
        assert p.sources(lost, "s-2009")["publisher"].tolist() == ["Ministry"]
        assert p.load("visits").equals(visits)
        assert p.sources(goods).index.tolist() == sorted(set(goods["source_id"]))
    finally:
        p.use(None)
    assert len(p.sources(goods)) == len(set(goods["source_id"]))
