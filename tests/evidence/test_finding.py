"""What is found, and in which order; what stands, and why."""

import pytest

import partnership as p
from invented import FLEET, SOURCES, observation, statements, written
from partnership.evidence import finding
from partnership.evidence.faults import DataError
from partnership.evidence.finding import Entry, Index
from partnership.evidence.words import Meanings

# By observation: what became of it, and whether it stands.
TOLD = {
    "m001": ("reliability", True),
    "m002": ("reliability", False),
    "m003": ("copy", False),
    "m004": ("no outcome", False),
    "m005": ("only statement", True),
    "m006": ("set aside", False),
    "m007": ("only statement", True),
    "m008": ("same value", True),
    "m009": ("same value", False),
}


@pytest.fixture
def data(package):
    """Counts of machines in 2010 to 2014, disagreeing in every way."""
    rows = [
        observation(1, 100),
        observation(2, 90, source_id="s-2009"),
        observation(3, 100, statement_id="st-1", source_id="s-undated"),
        observation(4, 500, qualifier="planned"),
        observation(5, 80, period="2011"),
        observation(6, 81, period="2011"),
        observation(7, 70, period="2012", partner="WLD"),
        observation(8, 60, period="2013/2014", period_type="academic_year"),
        observation(9, 60, period="2013/2014", period_type="academic_year"),
    ]
    choice = {"choice_id": "ch01", "table": "machinery", "series": "fleet_units"}
    choice |= {"observation_id": "m005", "set_aside": "m006", "reason": "So it is."}
    return package(
        sources=SOURCES,
        series=[FLEET],
        machinery=rows,
        choices=[choice],
        countries=[
            {"iso3": "AAA", "name_en": "Alphaland", "name_ru": "Альфаландия"},
            {"iso3": "BBB", "name_en": "Betaland", "name_ru": "Беталандия"},
        ],
        speakers=[{"stated_by": "AAA", "kind": "economy", "name": "Alphaland"}],
        search_words=[{"word": "машин", "language": "ru", "means": "machines"}],
    )


# ---- what stands ----


def test_every_statement_says_what_became_of_it(data):
    frame = p.standing("fleet_units", data=data).set_index("observation_id")
    found = zip(frame["step"], frame["stands"], strict=True)
    assert dict(zip(frame.index, found, strict=True)) == TOLD
    assert frame.at["m004", "why"] == "no outcome of a whole period: planned"
    assert frame.at["m006", "why"] == "a reasoned choice sets it aside. So it is."
    said = "a reasoned choice sets the others aside. So it is."
    assert frame.at["m005", "why"] == said
    assert frame.at["m002", "why"] == "the source of another is more reliable"


def test_the_frame_of_all_statements(data):
    frame = p.standing("fleet_units", data=data)
    assert (
        written(frame.drop(columns=["maker", "machine", "item"]))
        == """\
None:int64 | period:text, value:float64, unit:text, qualifier:text, bound:text,
  stated_by:text, stated_on:text, reporter:text, partner:text, stands:bool,
  step:text, why:text, source_id:text, reliability:text, published:text,
  statement_id:text, observation_id:text, corrected:bool, note:text
0 | 2010, 100, units, exact, , AAA, , AAA, BBB, True, reliability, its source is
  more reliable, s-2010, primary, 2010-05-01, st-1, m001, False,
1 | 2010, 90, units, exact, , AAA, , AAA, BBB, False, reliability, the source of
  another is more reliable, s-2009, secondary, 2009-12, st-2, m002, False,
2 | 2010, 100, units, exact, , AAA, , AAA, BBB, False, copy, a repetition: another
  copy speaks for this statement, s-undated, primary, , st-1, m003, False,
3 | 2010, 500, units, planned, , AAA, , AAA, BBB, False, no outcome, no outcome of a
  whole period: planned, s-2010, primary, 2010-05-01, st-4, m004, False,
4 | 2011, 80, units, exact, , AAA, , AAA, BBB, True, only statement, a reasoned
  choice sets the others aside. So it is., s-2010, primary, 2010-05-01, st-5, m005,
  False,
5 | 2011, 81, units, exact, , AAA, , AAA, BBB, False, set aside, a reasoned choice
  sets it aside. So it is., s-2010, primary, 2010-05-01, st-6, m006, False,
6 | 2013/2014, 60, units, exact, , AAA, , AAA, BBB, True, same value, others state
  the same, s-2010, primary, 2010-05-01, st-8, m008, False,
7 | 2013/2014, 60, units, exact, , AAA, , AAA, BBB, False, same value, another says
  the same, s-2010, primary, 2010-05-01, st-9, m009, False,
8 | 2012, 70, units, exact, , AAA, , AAA, WLD, True, only statement, the only
  statement, s-2010, primary, 2010-05-01, st-7, m007, False,
"""
    )
    assert frame.attrs == {
        "definition": "Machines at work",
        "unit": "units",
        "measure": "stock",
        "series": "fleet_units",
        "table": "machinery",
        "keys": ["reporter", "partner", "maker", "machine", "item"],
        "data": data.folder,
    }


def test_why_each_step_decides(package):
    def pair(year, one, other):
        about = {"period": str(year), "source_id": "s-2010"}
        return [about | one, about | other | {"value": "90"}]

    rows = pair(2001, {"qualifier": "exact"}, {"qualifier": "about"})
    rows += pair(2002, {"source_id": "s-2012"}, {})
    rows += pair(2003, {"stated_on": "2010"}, {"stated_on": "2009"})
    rows += pair(2004, {}, {})
    part = {"period": "2005-01..2005-06", "period_type": "partial_year"}
    rows += [part, part | {"qualifier": "forecast"}, {"period": "2005"}]
    rows += [{"period": "2005", "qualifier": "target"}, {"period": "2006"}]
    rows = statements(*rows)
    choices = [
        {"choice_id": f"ch{n}", "table": "machinery", "series": "fleet_units"}
        | {"observation_id": rows[at]["observation_id"], "reason": reason}
        for n, (at, reason) in enumerate(((7, "It counts more."), (12, "Alone.")))
    ]
    data = package(sources=SOURCES, series=[FLEET], machinery=rows, choices=choices)
    frame = p.standing("fleet_units", data=data)
    columns = ["period", "value", "stands", "step", "why"]
    assert (
        written(frame.set_index("observation_id")[columns])
        == """\
observation_id:text | period:text, value:float64, stands:bool, step:text, why:text
m001 | 2001, 100, True, precision, it is more precise
m002 | 2001, 90, False, precision, another is more precise
m003 | 2002, 100, True, publication, it was published later
m004 | 2002, 90, False, publication, another was published later
m006 | 2003, 90, False, statement date, another was stated later
m005 | 2003, 100, True, statement date, it was stated later
m007 | 2004, 100, False, choice, a reasoned choice puts another first
m008 | 2004, 90, True, choice, a reasoned choice puts it first. It counts more.
m009 | 2005-01..2005-06, 100, False, no outcome, no outcome of a whole period:
  partial year
m010 | 2005-01..2005-06, 100, False, no outcome, no outcome of a whole period:
  forecast, partial year
m011 | 2005, 100, True, only statement, the only statement
m012 | 2005, 100, False, no outcome, no outcome of a whole period: target
m013 | 2006, 100, True, only statement, a reasoned choice sets the others aside.
  Alone.
"""
    )


def test_what_stands_is_what_series_gives(data):
    frame = p.standing("fleet_units", data=data).query("stands and partner == 'BBB'")
    chosen = p.series("fleet_units", "AAA", "BBB", data=data)
    assert frame["observation_id"].tolist() == chosen["observation_id"].tolist()
    assert frame["step"].tolist() == chosen["chosen_by"].tolist()


def test_of_the_project_the_same_stands_as_in_series():
    for name in ("goods_turnover", "goods_exports", "fleet_units", "students_abroad"):
        frame = p.standing(name)
        keys = [key for key in frame.attrs["keys"] if key != "valuation"]
        for cells, rows in frame[frame["stands"]].groupby(keys):
            named = {key: cell for key, cell in zip(keys, cells, strict=True) if cell}
            for valuation, part in rows.groupby(rows.get("valuation", rows["unit"])):
                if len(rows.get("valuation", rows["unit"]).unique()) > 1:
                    named["valuation"] = valuation
                chosen = p.series(name, **named)
                assert set(part["observation_id"]) <= set(chosen["observation_id"])


def test_of_one_pair_and_of_one_year(data):
    def ids(*pair, **year):
        return p.standing("fleet_units", *pair, data=data, **year)["observation_id"]

    assert list(ids("AAA", "WLD")) == ["m007"]
    assert list(ids(year=2011)) == list(ids(year="2011")) == ["m005", "m006"]
    assert list(ids(year="2013/14")) == list(ids(year="2013-14")) == ["m008", "m009"]
    assert list(ids(year="2014")) == ["m008", "m009"], "the year touches it"
    assert not len(ids(year="1999"))
    with pytest.raises(DataError, match="year: 'last' is no date"):
        ids(year="last")
    with pytest.raises(DataError, match="did you mean fleet_units"):
        p.standing("fleet_unit", data=data)


def test_the_pair_of_the_package_comes_first_and_time_runs_on(data):
    frame = p.standing("fleet_units", data=data)
    assert frame["partner"].tolist() == ["BBB"] * 8 + ["WLD"]
    assert frame["period"].tolist()[:8] == sorted(frame["period"].tolist()[:8])


# ---- what is found ----


def test_the_row_of_the_year_comes_first(data):
    found = p.find("how many machines in 2011", data=data)
    assert found["observation_id"][0] == "m005" and found["value"][0] == 80
    assert found["who"][0] == "Alphaland" and found["stands"][0]
    assert p.find("machine 2013/14", data=data)["observation_id"][0] == "m008"
    assert len(p.find("machines", most=3, data=data)) == 3
    assert p.find("zeppelins", data=data).empty


def test_other_languages_find_the_same(data):
    russian = p.find("сколько машин в Альфаландии, 2011", data=data)
    english = p.find("machines of Alphaland 2011", data=data)
    assert russian["observation_id"][0] == english["observation_id"][0] == "m005"


def test_a_package_without_other_words_is_searched_too(package):
    rows = [observation(1, 100)]
    data = package(sources=SOURCES, series=[FLEET], machinery=rows)
    assert p.find("machines", data=data)["value"].tolist() == [100]


def order(question, *entries):
    return Index(entries, Meanings([("hound", "dog")])).search(question)


def test_what_has_all_words_comes_before_what_has_one_often():
    both, often = Entry("", "one dog, one cat"), Entry("", "cat cat cat cat cat")
    assert order("dog cat", often, both) == [1, 0]


def test_rare_words_titles_and_short_texts_count_more():
    common = [Entry("", "dog")] * 5
    assert order("dog zebra", *common, Entry("", "zebra"))[0] == 5
    assert order("dog", Entry("cat", "dog"), Entry("dog", "cat")) == [1, 0]
    assert order("dog", Entry("", "dog " + "cat " * 30), Entry("", "dog")) == [1, 0]
    assert order("dog", Entry("", "dog"), Entry("", "dog", 1.5)) == [1, 0]


def test_another_word_and_the_beginning_of_a_word_find_it():
    assert order("hounds", Entry("", "dog"), Entry("", "cat")) == [0]
    assert order("zeb", Entry("", "cat"), Entry("", "zebra")) == [1]
    assert order("of the", Entry("", "of the")) == []


@pytest.mark.parametrize(
    ("question", "series", "period"),
    [
        ("trade turnover 2016", "goods_turnover", "2016"),
        ("what did Garlyk produce", "garlyk_output", "2018-01..2018-09"),
        ("turkmen students belarus 2019", "students_higher_education", "2019/2020"),
        ("студенты из Туркменистана в Беларуси 2019/20", "students_", "2019/2020"),
        ("documents signed at the visit 2017", "documents_signed_at", "2017-03-30"),
        ("flights a week", "flights_per_week_between_capitals", "2020-03"),
        ("potash price 2017", "potash_price", "2017"),
        ("экспорт газа из Туркменистана 2019", "gas_exports", "2019"),
        ("cost of the Garlyk plant", "garlyk_plant_cost", "2017-03-31"),
        ("twin towns of the capital", "capital_twin_towns", "2018-09-26"),
    ],
)
def test_questions_to_the_project_have_their_first_hit(question, series, period):
    first = p.find(question).iloc[0]
    assert first["series"].startswith(series) and first["period"] == period


# ---- rows of a table ----


def test_rows_of_a_table_by_year_pair_source_and_speaker(data):
    table = data.load("machinery")

    def ids(column, wanted):
        kept = finding.kept(table, column, wanted, "machinery")
        return kept["observation_id"].tolist()

    assert ids("year", "2011") == ["m005", "m006"]
    assert ids("pair", ("AAA", "WLD")) == ["m007"]
    assert ids("source", "s-2009") == ["m002"]
    assert len(ids("speaker", "AAA")) == 9
    with pytest.raises(DataError, match=r"speaker of machinery 'XYZ'; allowed: AAA"):
        ids("speaker", "XYZ")
    with pytest.raises(DataError, match="unknown year of sources"):
        finding.kept(data.load("sources"), "year", "2011", "sources")
