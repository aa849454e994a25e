"""A second pair that stands: Kazakhstan and Uzbekistan, in ``tests/data/kaz_uzb``."""

import json
import re
import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from nbformat import v4

import partnership as p
from partnership import verdicts
from partnership.cli import main
from partnership.evidence.package import DataPackage, shipped
from partnership.pair import context, coverage

FOLDER = Path(__file__).parents[1] / "data" / "kaz_uzb"
CONTEXT = ("trade_world", "country_year", "pair_geography", "countries")
# Of 2017 no more than the figures of that year.
REPORT = r"2 April|April 2017|2017-0|television|the report\b"
ELSEWHERE = re.compile(f"Belarus|Turkmen|Minsk|Ashgabat|BLR|TKM|{REPORT}", re.I)


@pytest.fixture
def own():
    """The package in use, until the test is over."""
    yield p.use(FOLDER)
    p.use(None)


@pytest.fixture
def call():
    """Run a command; give its exit code and output."""

    def run(*arguments):
        result = CliRunner().invoke(main, [*map(str, arguments)])
        return result.exit_code, result.output

    return run


@pytest.fixture
def copy(tmp_path):
    """A copy of the folder, to be written to."""
    return Path(shutil.copytree(FOLDER, tmp_path / "kaz uzb"))


def test_it_has_no_fault_and_is_small(call):
    assert call("check", "--data", FOLDER) == (0, "data: no fault\n")
    data = p.open(FOLDER)
    assert all(data.unchanged(table) for table in data.tables())
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 300_000


@pytest.mark.parametrize("table", CONTEXT)
def test_its_context_is_that_of_the_project(table):
    ours, theirs = (context.text(one, table) for one in (p.open(FOLDER), shipped()))
    assert len(ours) and len(ours.merge(theirs.drop_duplicates())) == len(ours)


def test_every_added_row_names_a_source_that_is_described():
    data = p.open(FOLDER)
    known = data.load("sources").set_index("source_id")
    for table, rows in {"trade": 20, "education": 6}.items():
        frame = data.load(table)
        assert len(frame) == frame["statement_id"].nunique() == rows
        assert known.loc[frame["source_id"], "url"].str.startswith("https://").all()


@pytest.mark.usefixtures("own")
def test_cells_of_a_notebook_need_no_data_argument():
    bought = p.series("goods_imports", "KAZ", "UZB")
    assert bought.index.tolist() == [str(year) for year in range(2005, 2015)]
    assert (bought.value["2005"], bought.value["2014"]) == (254, 872)
    assert bought.attrs["unit"] == "USD_million"
    students = p.series("students_abroad", "KAZ", "UZB")
    assert students.value.to_dict() == {
        "2013/2014": 4969,
        "2014/2015": 3529,
        "2015/2016": 3607,
    }
    assert p.series("goods_turnover", missing="empty").empty
    with pytest.raises(p.DataError, match="KAZ"):
        p.series("goods_imports")  # of both economies: which is to be said


def test_sources_follow_the_package_of_the_frame_else_the_one_in_use(own):
    cow = "ctx-cow-trade-v4"
    theirs = p.series("goods_turnover", data=shipped())
    p.use(None)
    bought = p.series("goods_imports", "KAZ", "UZB", data=own)
    with pytest.raises(p.DataError, match=cow):  # not in the project's own package
        p.cite(cow)
    assert p.cite(bought) == own.cite(cow)
    assert p.sources(bought).index.tolist() == [cow]
    assert cow in repr(p.sources_used(bought))
    ours = p.computed(bought.value, bought, "USD_million")
    assert p.cite(ours) == own.cite(cow)
    lost = pd.concat([bought, bought.assign(value=0.0)])
    lost.attrs = {}
    for ask in (p.cite, p.sources, p.sources_used):
        with pytest.raises(p.DataError, match=cow):
            ask(lost)
    p.use(own)
    assert p.cite(lost) == p.cite(cow) == own.cite(cow)
    assert set(p.sources(lost, theirs).index) == {cow, *theirs["source_id"]}
    assert p.cite(theirs, "bibtex").count("@misc") == theirs["source_id"].nunique()


def test_it_has_no_statements_and_the_command_says_so(call):
    said = (0, "Kazakhstan–Uzbekistan in open data: no claims\n")
    for form in ("csv", "markdown", "jsonld"):
        assert call("claims", "--format", form, "--data", FOLDER) == said
    assert call("claims", "--json", "--data", FOLDER) == (0, "[]\n")
    data = p.open(FOLDER)
    assert verdicts.claim_ids(data) == verdicts.faults(data) == []


@pytest.mark.parametrize("gone", p.open(FOLDER).tables())
def test_what_check_lets_pass_without_a_table_works(gone):
    about = dict(p.open(FOLDER).descriptor)
    about["resources"] = [one for one in about["resources"] if one["name"] != gone]
    data = DataPackage(FOLDER, about)
    if found := data.check():
        assert len(found) == 1 and f"{gone} (for " in found[0].message
        return
    assert len(coverage(data)) and not verdicts.claim_ids(data)
    for name in data.load("series")["series"]:
        p.series(name, "KAZ", "UZB", data=data, missing="empty")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Texts of the files of its site, by their path."""
    out = tmp_path_factory.mktemp("second") / "site"
    result = CliRunner().invoke(main, ["site", "--data", str(FOLDER), "-o", str(out)])
    assert result.exit_code == 0, result.output
    pages = {
        file.relative_to(out).as_posix(): file.read_text("utf-8")
        for file in out.rglob("*.html")
    }
    # The entries of the search, without its dictionary with names of all economies.
    searched = (out / "static" / "documents.js").read_text("utf-8").partition(" = ")[2]
    _, entries = json.loads(searched.strip().removesuffix(";"))
    return pages | {"static/documents.js": json.dumps(entries, ensure_ascii=False)}


def test_its_site_says_nothing_of_another_pair_or_report(site):
    names = ("index", "start", "slides/start", "data", "sources", "search", "codebook")
    names += ("series", "series/goods_imports", "series/students_abroad")
    assert {f"{name}.html" for name in names} <= {*site} and "claims.html" not in site
    for path, text in site.items():
        assert not ELSEWHERE.search(text), (path, ELSEWHERE.search(text))
        for word in ("claims.html", "ClaimReview", "partnership claims", "make lab"):
            assert word not in text, (path, word)


def test_its_site_shows_what_the_folder_has(site):
    pages = {path: BeautifulSoup(text, "html.parser") for path, text in site.items()}
    index = pages["index.html"]
    assert index.h1.string == "Kazakhstan–Uzbekistan in open data"
    assert index.find("img")["alt"].startswith("Goods from Kazakhstan: ")
    assert [card.a["href"] for card in index.select(".card h3")] == ["start.html"]
    data = p.open(FOLDER)
    rows = {row["id"]: row for row in pages["data.html"].select("tr[id]")}
    assert [*rows] == data.tables()
    for table, row in rows.items():
        assert row.th.a["href"] == f"codebook.html#{table}"
        assert pages["codebook.html"].find(id=table)
    entries = [one["id"] for one in pages["sources.html"].select("li[id]")]
    assert sorted(entries) == sorted(data.load("sources")["source_id"])


def told(path):
    """Sources and outputs of a notebook, without its pictures."""
    cells = nbformat.read(path, 4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    kept = [one for one in outputs if "image/png" not in one.get("data", {})]
    return json.dumps([[cell.source for cell in cells], kept], sort_keys=True)


def test_its_notebooks_run_against_it(call, copy):
    (copy / "notebooks").mkdir()
    ask = 'import partnership as p\n\np.series("goods_imports", "KAZ", "UZB").value'
    blind = v4.new_notebook(cells=[v4.new_code_cell(ask)])  # it names no folder
    nbformat.write(blind, copy / "notebooks" / "blind.ipynb")
    code, text = call("run", "--data", copy)
    assert (code, "notebooks: 1 run" in text) == (0, True), text
    ran = nbformat.read(copy / "notebooks" / "blind.ipynb", 4)
    assert " 872.0" in ran.cells[0].outputs[0].data["text/plain"]
    shutil.rmtree(copy / "notebooks")  # else those beside the tables
    code, text = call("run", "start", "--data", copy)
    assert (code, "notebooks: 1 run" in text) == (0, True), text
    assert told(copy / "start.ipynb") == told(FOLDER / "start.ipynb")
    code, text = call("run", "begin", "--data", copy)
    assert code == 2 and "no notebook 'begin'; there is start" in text


def test_a_notebook_that_fails_leaves_its_file(call, copy):
    path = copy / "start.ipynb"
    wrong = nbformat.read(path, 4)
    wrong.cells[2]["source"] = 'p.series("goods_export")'
    nbformat.write(wrong, path)
    before = path.read_bytes()
    code, text = call("run", "--data", copy)
    assert code == 1 and "unknown series" in text
    assert path.read_bytes() == before
