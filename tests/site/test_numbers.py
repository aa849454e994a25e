"""From a number of the text to its row, and from a figure to its values."""

import json

import pytest
from bs4 import BeautifulSoup
from nbformat import v4

from invented import FLEET, SOURCES, observation, picture
from partnership import site as website
from partnership.site import numbers
from partnership.site.pages import Page
from partnership.site.polish import soup


def cell(source, *answers):
    """A markdown cell with stored answers."""
    values = [
        dict(zip(("expression", "answer", "row"), one, strict=False)) for one in answers
    ]
    made = v4.new_markdown_cell(source)
    made.metadata["partnership"] = {"values": values}
    return made


@pytest.fixture
def linked():
    """Function that links the numbers of a text; row m001 and two names are known."""
    known = numbers.Origins(
        {"m001": ("series/fleet.html#m001", "Fleet, 2010: AAA")},
        {"fleet": ("series/fleet.html", "Fleet"), "wear": ("series/wear.html", "Wear")},
    )

    def link(source, *answers, code=""):
        (made,) = numbers.marked([cell(source, *answers)])
        from partnership.site import convert

        page = Page("a.html", "A", body=soup(str(convert.markdown(made["marked"]))))
        numbers.link(page, [v4.new_code_cell(code)], known)
        return page.body

    return link


def test_the_value_of_a_row_leads_to_the_row(linked):
    body = linked(
        "There were 1,200<!--f.value.max()-->.", ("f.value.max()", "1200", "m001")
    )
    (link,) = body("a")
    assert link.string == "1,200" and link["href"] == "series/fleet.html#m001"
    assert link["title"] == "Fleet, 2010: AAA"
    assert body.p.get_text() == "There were 1,200." and not body(numbers.TAG)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("**7**<!--x-->", "7"),
        ("about 35%<!--x--> of it", "35%"),
        ("in 2016/17<!--x-->", "2016/17"),
        ("on 30 March 2017<!--x-->", "30 March 2017"),
        ("eleven<!--x--> of them", "eleven"),
        ("a fall of −2.5<!--x-->", "−2.5"),
        ("the 9th<!--x--> time", "9th"),
        ("| a |\n| --- |\n| 1,000<!--x--> |", "1,000"),
    ],
)
def test_a_number_is_linked_as_it_is_written(linked, text, number):
    body = linked(text, ("x", "1", "m001"))
    assert [link.get_text() for link in body("a")] == [number]


def test_what_is_computed_shows_its_expression_and_the_series_behind_it(linked):
    code = "all = p.series('fleet')\nyears = all.value.loc['2010':]\n"
    code += "old = p.series('wear')"
    body = linked(
        "Half: 0.5<!--years.mean() / 2-->.", ("years.mean() / 2", "0.5"), code=code
    )
    link, note = body.find("a", class_="of"), body.find(class_="note")
    assert link["href"] == f"#{note['id']}" and "years.mean() / 2" in link["title"]
    assert note.code.string == "years.mean() / 2"
    assert [one["href"] for one in note("a")] == ["series/fleet.html", f"#{link['id']}"]


def test_no_link_in_headings_for_unknown_rows_and_without_answers(linked):
    answers = [("a", "7", "m001"), ("b", "8", "m999")]
    body = linked("# 7<!--a--> times\n\n8<!--b-->, 9<!--c-->, `5<!--d-->`", *answers)
    assert not body("a") and not body(numbers.TAG)
    assert body.get_text().split() == ["7", "times", "8,", "9,", "5<!--d-->"]


def test_the_same_expression_twice_takes_its_answers_in_their_order(linked):
    body = linked("1<!--a--> and 2<!--a-->", ("a", "1", "m001"), ("a", "2"))
    links = [link["href"] for link in body("a", class_="of")]
    assert links == ["series/fleet.html#m001", "#number-2"]


# ---- a whole site ----

VALUES = "what,period,value,unit,source,row\nfleet,2010,100,units,s-2010,m001\n"
VALUES += "half,2010,50,units,s-2010,computed\n"


@pytest.fixture
def built(package, checkout, tmp_path):
    rows = [
        observation(1, 100, note="<b>bold</b>"),
        observation(2, 90, source_id="s-2009"),
        *(observation(n, 10 * n, period=f"20{n + 8}") for n in (3, 4, 5)),
        observation(6, 7, partner="WLD", qualifier="planned"),
    ]
    data = package(sources=SOURCES, series=[FLEET], machinery=rows).path
    story = cell("# One\n\nThere were 100<!--a-->.", ("a", "100", "m001"))
    drawn = picture(title="A line", alt="It rises.", sources=["s-2010"], values=VALUES)
    shown = v4.new_code_cell("draw()", outputs=[drawn])
    root, folder = checkout(data, **{"01_a": [story, shown]}), tmp_path / "site"
    paths = website.build(root, folder)
    texts = {path: (folder / path).read_text(encoding="utf-8") for path in paths}
    return folder, {k: BeautifulSoup(v, "html.parser") for k, v in texts.items()}


def test_a_series_has_a_page_with_every_statement_and_what_stands(built):
    folder, pages = built
    page = pages["series/fleet_units.html"]
    assert page.h1.string == "Fleet units" and "Machines at work" in page.get_text()
    rows = {row["id"]: row for row in page.select("tbody tr")}
    assert set(rows) == {f"m00{n}" for n in range(1, 7)}
    said = {name: row.find_all("td")[-1].get_text() for name, row in rows.items()}
    assert said["m001"].startswith("stands: its source is more reliable")
    assert said["m002"] == "the source of another is more reliable"
    assert said["m006"] == "no outcome of a whole period: planned"
    assert "<b>bold</b>" in said["m001"] and not page("b")
    assert rows["m002"].a["href"] == "../sources.html#s-2009"
    assert len(page("svg")) == 1 and len(page("h2")) == 3, "one chart: WLD has one row"
    assert len(page.svg("circle")) == 4
    listed = (folder / "series" / "fleet_units.csv").read_text("utf-8").splitlines()
    assert len(listed) == 7 and "observation_id" in listed[0]
    assert pages["series.html"].find("a", href="series/fleet_units.html")


def test_a_figure_lists_its_values_and_gives_them_as_a_file(built):
    folder, pages = built
    page = pages["01_a.html"]
    fold = page.select_one("figure details.values")
    cells = [[c.get_text() for c in row(["th", "td"])] for row in fold.tbody("tr")]
    assert cells == [
        ["fleet", "2010", "100", "s-2010"],
        ["half", "2010", "50", "computed"],
    ]
    assert fold.find("a", class_="of")["href"] == "series/fleet_units.html#m001"
    file = fold.find("a", download=True)["href"]
    assert (folder / file).read_text("utf-8") == VALUES
    (number,) = page.select("p a.of")
    assert number["href"] == "series/fleet_units.html#m001"


def test_a_source_can_be_cited_in_two_forms(built):
    entry = built[1]["sources.html"].find("li", id="s-2010")
    assert entry.select_one("details.cite pre").string.startswith("@misc{s-2010,")


def test_the_search_knows_series_and_what_is_stated(built):
    text = (built[0] / "static" / "documents.js").read_text("utf-8")
    _, entries = json.loads(text.removeprefix("var found = ").strip(";\n"))
    stated = [one for one in entries if "o" in one]
    assert {one["u"] for one in stated} == {f"m00{n}" for n in range(1, 7)}
    assert all(entries[one["o"]]["k"] == "Series" for one in stated)
    assert "There were 100." in [
        one["x"] for one in entries if one.get("k") == "Number"
    ]
