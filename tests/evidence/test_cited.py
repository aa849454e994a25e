"""The sources that a notebook lists."""

import pandas as pd
import pytest

import partnership as p
from partnership import sources_used
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
