"""Pages of other notebooks and other packages; slides; what programs read."""

import json

import pytest
from bs4 import BeautifulSoup
from nbformat import v4, write

import partnership as p
from invented import SOURCES, picture
from partnership import site as website
from partnership.site import assemble, metadata, pages, series, slides


def opened(checkout, tmp_path, data, **notebooks):
    """Build the site of a checkout; give its pages, and what the search knows."""
    root, folder = checkout(data, **notebooks), tmp_path / "site"
    found = {
        path: BeautifulSoup((folder / path).read_text(encoding="utf-8"), "html.parser")
        for path in website.build(root, folder)
    }
    entries = (folder / "static" / "documents.js").read_text(encoding="utf-8")
    return found, json.loads(entries.removeprefix("var found = ").strip(";\n"))[1]


def cells(title, *more):
    """A notebook in the order that shows its figure first."""
    return [
        v4.new_markdown_cell(f"# {title}\n\n**Question.** What is it?"),
        v4.new_code_cell("import partnership as p"),
        v4.new_code_cell("draw()", outputs=[picture(title="A line", alt="It rises.")]),
        v4.new_markdown_cell("**Answer.** It is so.\n\n**Time.** An hour.\n\nA hint."),
        *more,
    ]


def test_a_figure_may_come_before_the_answer(package, checkout, tmp_path):
    learned = v4.new_markdown_cell("## What we learned\n\nMuch.")
    found, _ = opened(
        checkout, tmp_path, package().path, **{"01_a": cells("One", learned)}
    )
    assert found["index.html"].select_one(".card .question").string == "What is it?"
    assert found["01_a.html"].find("meta", {"name": "description"})["content"] == (
        "It is so."
    )
    deck = [
        " ".join(board.get_text().split())
        for board in found["slides/01.html"].select("section:not(.close) .board")
    ]
    assert deck == [
        "One What is it?",
        "In one picture What is it?",
        "The answer It is so.",
        "What we learned Much.",
    ]
    assert found["slides/01.html"].select_one(".figure img")["alt"] == "It rises."


def test_two_notebooks_have_two_pages(package, checkout, tmp_path):
    root = checkout(package().path, **{"01_a b": cells("One"), "01_a-c": cells("Two")})
    assert {"01_a-b.html", "01_a-c.html"} <= {*website.build(root, tmp_path / "site")}
    write(v4.new_notebook(cells=cells("Three")), root / "notebooks" / "01_a-b.ipynb")
    with pytest.raises(website.SiteError, match="two notebooks have one page"):
        website.build(root, tmp_path / "site")


PLAN = """\
# Teaching

For teachers.

## Lesson plans

### 01_a: one

**Goals.** Students read.

**Ask the class.**

- What do you guess? (Seven.)
- What else? (Much.)
"""


def test_slides_are_in_the_order_of_a_lesson(package, checkout, tmp_path):
    more = [
        v4.new_markdown_cell("## A finding\n\nIt is short."),
        v4.new_markdown_cell("## How\n\nBy a method.", metadata={"tags": ["detail"]}),
        v4.new_markdown_cell("## What we learned\n\nMuch."),
    ]
    root = checkout(package().path, **{"01_a": cells("One", *more)})
    (root / "notebooks" / "TEACHING.md").write_text(PLAN)
    website.build(root, tmp_path / "site")
    text = (tmp_path / "site" / "slides" / "01.html").read_text(encoding="utf-8")
    deck = BeautifulSoup(text, "html.parser")
    kinds = [" ".join(one["class"]) for one in deck.select("section")]
    assert kinds == ["title", "figure", "guess", "answer", *["text"] * 3, "close"]
    boards = [one.get_text(" ", strip=True) for one in deck.select(".board")]
    assert boards[2] == "Your guess? What do you guess?"
    assert boards[4:7] == [
        "A finding It is short.",
        "What do you say? What else?",
        "What we learned Much.",
    ]
    notes = [one.get_text(" ", strip=True) for one in deck.select(".notes")]
    assert notes == ["Goals. Students read.", "Seven.", "What else? Much."]


def test_slides_belong_to_all_but_the_way_in(package, checkout, tmp_path):
    names = ("00_first", "07_b", "12_c", "plain")
    made = {name: cells(name) for name in (*names, "exercises__07_b")}
    found, _ = opened(checkout, tmp_path, package().path, **made)
    decks = {path for path in found if path.startswith("slides/")}
    assert decks == {"slides/07.html", "slides/12.html", "slides/plain.html"}
    assert found["07_b.html"].select('a[href="exercises/07_b.html"]')


def test_a_package_without_claims_has_no_page_of_claims(package, checkout, tmp_path):
    data = package(sources=SOURCES)
    found, entries = opened(checkout, tmp_path, data.path, **{"01_a": cells("One")})
    assert "claims.html" not in found
    for path, page in found.items():
        assert not page.select('[href*="claims.html"], [src*="claims.js"]'), path
        assert "partnership claims" not in page.get_text(), path
    assert {one.get("k") for one in entries} == {
        "Figure",
        "Notebook",
        "Table",
        "Source",
    }
    assert found["index.html"].h1.string == "Invented"


def test_claims_name_their_own_report_and_day(court, checkout, tmp_path):
    heading = v4.new_markdown_cell("## How many are at work?\n\nFew.")
    made = {"01_trade": cells("Trade"), "03_machinery": cells("Machines", heading)}
    found, entries = opened(checkout, tmp_path, court(found=[50]).path, **made)
    page = found["claims.html"]
    assert "The report makes 2 statements." in page.p.get_text()
    assert "In June 2010" in [one.string for one in page.thead("th")]
    links = [link["href"] for link in page.select("td.more > a")]
    assert links == ["03_machinery.html#how-many-are-at-work", "01_trade.html"]
    assert "Claim" in {one.get("k") for one in entries}


@pytest.mark.parametrize("home", ["", "notebooks"])
def test_a_folder_of_tables_has_a_site_of_its_own(court, tmp_path, home):
    data = court(found=[50], tables={"about": {"title": "A bulletin, examined"}})
    (data.path / home).mkdir(exist_ok=True)
    heading = v4.new_markdown_cell("## How many are at work?\n\nFew. [Ways](ways.csv)")
    made = {"01_trade": cells("Trade"), "03_machinery": cells("Machines", heading)}
    for name, own in made.items():
        write(v4.new_notebook(cells=own), data.path / home / f"{name}.ipynb")
    if home:
        (data.path / home / "ways.csv").write_text("a file that is no table\n")
        (data.path / "README.md").write_text("# Tables\n\nThey are few.\n")
    found = {
        path: BeautifulSoup(
            (tmp_path / "site" / path).read_text("utf-8"), "html.parser"
        )
        for path in website.build(data.path, tmp_path / "site")
    }
    assert ("codebook.html" in found) == bool(home)
    assert found["index.html"].h1.string == "A bulletin, examined"
    links = [link["href"] for link in found["claims.html"].select("td.more > a")]
    assert links == ["03_machinery.html#how-many-are-at-work", "01_trade.html"]
    linked = found["03_machinery.html"].select('a[href="data/ways.csv"]')
    assert bool(linked) == (not home)  # beside the tables it is one of them


def test_a_package_may_say_little_of_itself(checkout, tmp_path):
    folder = tmp_path / "plain"
    folder.mkdir()
    names = list(p.describe("sources").index)
    fields = [{"name": name, "type": "string"} for name in names]
    table = {"name": "sources", "path": "sources.csv", "schema": {"fields": fields}}
    (folder / "datapackage.json").write_text(
        json.dumps({"name": "plain", "resources": [table]})
    )
    known = {"source_id": "s-1", "language": "xx"}
    row = ",".join(known.get(name, "") for name in names)
    (folder / "sources.csv").write_text(f"{','.join(names)}\n{row}\n")
    found, _ = opened(checkout, tmp_path, folder)
    assert set(found) == {f"{n}.html" for n in ("index", "data", "search", "sources")}
    assert "in xx" in found["sources.html"].find("li", id="s-1").get_text()
    assert "1" in found["data.html"].find("tr", id="sources").get_text()


def test_slides_keep_whole_sentences():
    text = "One is here. Two are there. The table lists them:"
    assert slides.clip(text, 30) == "One is here. Two are there."
    assert slides.clip(text, 5) == "One is here."
    assert slides.clip(text, 500) == "One is here. Two are there."


def test_no_text_ends_the_script_of_jsonld():
    content = {"name": "</script><!-- & é"}
    text = metadata.script(content)
    assert "<" not in text and json.loads(text) == content


def test_a_formula_in_the_statements_of_a_series_is_text():
    rows = [
        {"period": "2010", "value": 2.5, "note": "=1+1"},
        {"value": -3.0, "note": ""},
    ]
    rows = [{"stands": False, "source_id": None, "period": ""} | row for row in rows]
    for row in rows:
        row |= {name: "" for name in series._CSV if name not in row}
    written = series.csv(series.Series("a", "A", {}, rows)).decode()
    assert written == (
        "period,value,stands,source_id,note\n2010,2.5,False,,'=1+1\n,-3.0,False,,\n"
    )


def test_introduction_is_the_first_prose():
    text = "# T\n\n<!-- a:start -->\n\n[![b](c)](d)\n\nThis 3<!--n--> is it.\n\nNo."
    assert pages.introduction(text) == "This 3 is it."


def test_addresses_follow_the_setting(tmp_path):
    project = tmp_path / "pyproject.toml"
    project.write_text("[project]\nname = 'x'\n")
    assert assemble.address(tmp_path, "Homepage", "/") == ""
    project.write_text("[project.urls]\nHomepage = 'https://example.org/s'\n")
    assert assemble.address(tmp_path, "Homepage", "/") == "https://example.org/s/"
    about = metadata.dataset(p.evidence.package.default(), "https://example.org/s/")
    assert about["distribution"][0]["contentUrl"].startswith("https://example.org/s/")
