"""A folder about any two economies: what is in it, what is not, and all or nothing."""

import copy
import gzip
import json
import os
import random
from decimal import Decimal

import pandas as pd
import pytest

import partnership as p
from partnership.evidence import cited
from partnership.evidence.package import DataPackage, shipped
from partnership.pair import context, coverage, economies, folder, new_pair
from partnership.pair.coverage import lines


@pytest.fixture
def made(tmp_path):
    """Function that writes a folder about two economies."""

    def make(first, second, *files, **how):
        place = tmp_path / f"{first}-{second}{len(list(tmp_path.iterdir()))}"
        return new_pair(first, second, place, *files, data=shipped(), **how)

    return make


def direction(data):
    found = coverage(data)
    return found[found["rows"] > 0].set_index(["series", "direction"])


def test_a_folder_validates_and_holds_what_it_names(made):
    data = made("KAZ", "UZB")
    assert data.check() == [] and data.pair == ("KAZ", "UZB")
    assert all(data.unchanged(table) for table in data.tables())
    assert "report" not in data.descriptor
    assert data.descriptor["name"] == "kazakhstan-uzbekistan"
    assert len(data.load("choices")) == len(data.load("corrections")) == 0
    assert "claims" not in data.tables() and "education" not in data.tables()
    for table in ("units", "speakers", "languages"):
        pd.testing.assert_frame_equal(data.load(table), shipped().load(table))
    world = data.load("trade_world")
    assert (world[["exporter", "importer"]].isin(data.pair).any(axis=1)).all()
    both = shipped().load("trade_world").query("exporter == 'UZB' or importer == 'UZB'")
    assert len(world.query("exporter == 'UZB' or importer == 'UZB'")) == len(both)
    assert set(data.load("country_year")["iso3"]) == set(data.pair)


def test_nothing_is_there_that_no_row_names(made):
    data = made("KAZ", "UZB")
    frames = [data.load(one) for one in data.tables() if one != "sources"]
    frames = [one for one in frames if {"source_id", "source_ids"} & set(one)]
    used = {one for frame in frames for one in cited.source_ids(frame)}
    used.add(data.resource("trade_world")["source_id"])
    assert set(data.load("sources")["source_id"]) == used
    named = {*data.pair, *data.load("trade_world")[["exporter", "importer"]].stack()}
    assert set(data.load("countries")["iso3"]) == named
    assert set(data.load("series")["series"]) == {*folder.SERIES}


def test_the_series_of_the_pair_are_those_of_the_project(made):
    data = made("KAZ", "UZB")
    for pair in (("KAZ", "UZB"), ("UZB", "KAZ")):
        ours = p.series("goods_exports_reconciled", *pair, data=data)
        theirs = p.series("goods_exports_reconciled", *pair, data=shipped())
        assert ours.value.to_dict() == theirs.value.to_dict() and len(ours) == 21
    far = p.statements(
        "straight_distance_between_capitals", outcomes_only=False, data=data
    )
    lands = shipped().load("pair_geography").set_index(["exporter", "importer"])
    assert far.value.tolist() == [lands.at[("KAZ", "UZB"), "distance_capitals_km"]]
    assert far.source_id.tolist() == ["ctx-geodist"]


def test_students_become_observations_where_the_table_has_them(made):
    hosts = shipped().load("students_abroad")
    own = hosts.query("host == 'KAZ' and origin == 'TKM'").set_index("year")["persons"]
    data = made("TKM", "KAZ")
    found = p.series("students_abroad", "KAZ", "TKM", data=data)
    assert found.value.tolist() == own.tolist()
    assert found.index.tolist() == [f"{year - 1}/{year}" for year in own.index]
    terms = {one["name"] for one in data.resource("education")["licenses"]}
    assert "CC-BY-SA-3.0-IGO" in terms
    assert data.check() == []


def quiet_pair():
    """The first two economies in order without any flow between them."""
    world = shipped().load("trade_world")
    there = set(zip(world["exporter"], world["importer"], strict=True))
    own = sorted({one for pair in there for one in pair})
    pairs = ((a, b) for a in own for b in own if a < b)
    return next(one for one in pairs if not {one, one[::-1]} & there)


def test_a_pair_without_trade_says_so(made):
    data = made(*quiet_pair())
    assert data.check() == []
    assert not [one for one in direction(data).index if one[0].startswith("goods")]
    said = lines(coverage(data))[-1]
    assert said.startswith("no table has: ") and "goods_exports_reconciled" in said
    empty = p.series("goods_exports_reconciled", *data.pair, data=data, missing="empty")
    assert empty.empty and empty.attrs["unit"] == "USD_thousand"
    cells = json.loads((data.path / "start.ipynb").read_text("utf-8"))["cells"]
    assert "No flow" in "".join(cells[-1]["source"])


@pytest.mark.parametrize("pair", [("MNE", "KAZ"), ("ATA", "BVT"), ("SSD", "XKX")])
def test_what_is_not_there_is_said_and_no_error(made, pair):
    lands = shipped().load("pair_geography")
    assert not lands[["exporter", "importer"]].isin(pair).all(axis=1).any()
    data = made(*pair)
    assert data.check() == [] and "corridor" not in data.tables()
    gone = lines(coverage(data))[-1].removeprefix("no table has: ").split(", ")
    far = "distance_population_weighted"
    assert {far, "students_abroad"} <= {*gone}
    assert p.series(far, *pair, data=data, missing="empty").empty
    years = (
        set(data.load("country_year")["iso3"])
        if "country_year" in data.tables()
        else set()
    )
    assert {f"country_year of {one}" for one in {*pair} - years} <= {*gone}
    goods = p.series("goods_exports_reconciled", *pair, data=data, missing="empty")
    assert goods.empty == (
        f"{pair[0]} to {pair[1]}" not in "".join(lines(coverage(data)))
    )


def test_ten_pairs_drawn_by_a_seed_run_without_an_error(made):
    drawn = random.Random(12)
    known = sorted(economies(shipped()))
    for pair in [("CIV", "KIR"), *(drawn.sample(known, 2) for _ in range(9))]:
        data = made(*pair)
        assert data.check() == []
        told = coverage(data)
        assert (told["rows"] == 0).any() and lines(told)[-1].startswith("no table has")
        codes = [c["source"] for c in notebook(data) if c["cell_type"] == "code"]
        for code in codes:
            compile(code, pair[0], "exec")


def notebook(data):
    import nbformat

    found = nbformat.read(data.path / "start.ipynb", 4)
    nbformat.validate(found)
    return found.cells


@pytest.mark.parametrize("pair", [("CIV", "KAZ"), quiet_pair()])
def test_the_notebook_runs(made, pair, monkeypatch):
    data, seen = made(*pair), {}
    monkeypatch.chdir(data.path)
    try:
        for cell in notebook(data):
            if cell["cell_type"] == "code":
                exec(compile(cell["source"], "start", "exec"), seen)
    finally:
        p.use(None)
    assert ("sold" in seen or "bought" in seen) == (
        "goods_exports_reconciled" in str(direction(data).index)
    )


def test_a_name_is_never_code():
    import ast

    cell = folder.texts._figure(['"{quit()}', "'; 1/0 #"], ["sold", "bought"])
    calls = [n for n in ast.walk(ast.parse(cell)) if isinstance(n, ast.Call)]
    allowed = {"charts.figure", "charts.line", "words.usd"}
    assert {ast.unparse(one.func) for one in calls} == allowed


def test_the_tables_of_statements_are_there_if_wanted(made):
    from partnership import verdicts

    data = made("KAZ", "UZB", claims=True)
    assert {"claims", "claim_rules", "claim_verdicts", "evidence"} <= {*data.tables()}
    assert len(data.load("claims")) == 0
    assert data.check() == [] and verdicts.faults(data) == []


def test_two_runs_give_the_same_bytes(made):
    one, other = made("KAZ", "UZB"), made("KAZ", "UZB")
    for path in sorted(one.path.iterdir()):
        assert path.read_bytes() == (other.path / path.name).read_bytes(), path.name
    assert (one.path / "trade_world.csv.gz").read_bytes()[4:8] == bytes(4)


def test_the_example_of_the_readme_can_be_pasted(made):
    data = made("KAZ", "UZB")
    text = (data.path / "README.md").read_text("utf-8")
    for table in data.tables():
        assert f"### {table}\n\n`{data.resource(table)['path']}`\n" in text
    part = text.split("### trade\n")[1].split("###")[0]
    cells = [
        line.split(" | ")[1].strip() for line in part.splitlines()[5:] if "|" in line
    ]
    with (data.path / "trade.csv").open("a", encoding="utf-8") as file:
        file.write(",".join(cells).replace("\\_", "_") + "\n")
    again = p.open(data.path)
    assert again.refresh() == ["trade"]
    assert p.series("goods_exports", data=again).value.tolist() == [12.5]


# ---- files of the reader ----

PLAIN = "exporter,importer,year,value,unit,valuation,stated_by\n"


@pytest.fixture
def own(tmp_path):
    """Function that writes a trade file."""

    def make(rows, name="own.csv"):
        path = tmp_path / name
        path.write_text(PLAIN + rows, encoding="utf-8")
        return path

    return make


def test_files_become_rows_of_trade_with_a_source_each(made, own):
    first = own(
        "KAZ,UZB,2019,1234567.05,USD,fob,KAZ\nKAZ,UZB,2019,1300000,USD,cif,UZB\n"
        "KAZ,DEU,2019,9,USD,fob,KAZ\n",
    )
    second = own("UZB,KAZ,2018,0.1,USD,,UZB\nUZB,KAZ,2017,0,USD,,UZB\n", "Own 2.csv")
    data = made("KAZ", "UZB", first, second)
    assert data.check() == []
    rows = pd.read_csv(data.path / "trade.csv", dtype=str, keep_default_na=False)
    columns = ["series", "stated_by", "reporter", "partner", "value", "valuation"]
    assert rows[[*columns, "source_id"]].to_numpy().tolist() == [
        ["goods_exports", "KAZ", "KAZ", "UZB", "1.23456705", "fob", "own-own"],
        ["goods_imports", "UZB", "UZB", "KAZ", "1.3", "cif", "own-own"],
        ["goods_exports", "UZB", "UZB", "KAZ", "0.0000001", "unstated", "own-own-2"],
        ["goods_exports", "UZB", "UZB", "KAZ", "0", "unstated", "own-own-2"],
    ]
    told = direction(data)
    assert told.loc[("goods_imports", "UZB to KAZ"), "speakers"] == "UZB"
    assert "goods_exports" not in lines(coverage(data))[-1].split(", ")


def test_baci_is_modelled_and_keeps_its_products(made, tmp_path):
    file = tmp_path / "x.csv"
    file.write_text(
        "t,i,j,k,v,q\n2016,398,860,010121,1.5,NA\n2016,398,860,020110,2,1\n"
    )
    data = made("KAZ", "UZB", file)
    rows = data.load("trade")
    assert rows["product"].tolist() == ["010121", "020110"]
    assert rows["value"].tolist() == [0.0015, 0.002]
    assert set(rows["qualifier"]) == {"modelled"} and set(rows["stated_by"]) == {
        "CEPII"
    }


def test_a_new_speaker_is_added_with_its_name(made, own):
    data = made("CIV", "KIR", own("CIV,KIR,2019,5,USD_thousand,fob,CIV\n"))
    names = data.load("speakers").set_index("stated_by")["name"]
    assert names["CIV"] == economies(shipped())["CIV"]


def test_the_point_is_moved_exactly():
    moved = Decimal("1234567890123.45").scaleb(context.MOVES["USD"])
    assert context.plain(moved) == "1234567.89012345"
    assert context.plain(Decimal("1E+3")) == "1000"
    assert context.plain(Decimal("100").scaleb(-3)) == "0.1"


# ---- what is refused, and leaves nothing ----


@pytest.mark.parametrize(
    ("pair", "rows", "said"),
    [
        (("KAZ", "KAZ"), None, "second: found KAZ twice; allowed: two economies"),
        (("KAZ", "UZC"), None, "unknown economy 'UZC'; did you mean"),
        (("kaz", "UZB"), None, "unknown economy 'kaz'"),
        (("KAZ", "WLD"), None, "unknown economy 'WLD'"),
        (("KAZ", "UZB"), "KAZ,DEU,2019,5,USD,fob,KAZ\n", "found no flow between KAZ"),
        (("KAZ", "UZB"), "KAZ,UZB,2019,5,USD,fob,\n", "column stated_by: found ''"),
        (("KAZ", "UZB"), "KAZ,UZB,2019,5,EUR,fob,KAZ\n", "found 'EUR'; allowed: USD"),
    ],
)
def test_what_cannot_be_is_one_line_and_no_folder(tmp_path, own, pair, rows, said):
    files = [] if rows is None else [own(rows)]
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(p.DataError) as caught:
        new_pair(*pair, tmp_path / "new", *files, data=shipped())
    assert said in str(caught.value) and "\n" not in str(caught.value)
    assert sorted(os.listdir(tmp_path)) == before


@pytest.mark.parametrize(
    ("arguments", "how", "said"),
    [
        ((["KAZ"], "UZB", "x"), {}, r"unknown economy \['KAZ'\]"),
        (("KAZ", "UZB", None), {}, "folder: found None; allowed: a new folder"),
        (
            ("KAZ", "UZB", "."),
            {},
            r"folder: found \., where you are; allowed: a new fo",
        ),
        (
            ("KAZ", "UZB", "x", None),
            {},
            "files: found a NoneType; allowed: paths of fi",
        ),
        (
            ("KAZ", "UZB", "x", ["y"]),
            {},
            "files: found a list; allowed: paths of files",
        ),
        (("KAZ", "UZB", "x"), {"unit": "USD"}, "unit: found without a trade file; all"),
        (("KAZ", "UZB", "x"), {"data": "no"}, "no/datapackage.json is missing"),
    ],
)
def test_other_kinds_of_arguments_are_named(
    tmp_path, monkeypatch, arguments, how, said
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(p.DataError, match=said):
        new_pair(*arguments, **how)
    assert os.listdir(tmp_path) == []


def test_a_package_that_says_little_of_itself_is_enough(tmp_path):
    about = copy.deepcopy(shipped().descriptor)
    for key in ("$schema", "licenses", "created"):
        del about[key]
    for one in about["resources"]:
        one.pop("licenses")
    data = DataPackage(shipped().path, about)
    made = new_pair("KAZ", "UZB", tmp_path / "two", data=data)
    assert made.check() == [] and "licenses" not in made.descriptor


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("dear reader")
    with pytest.raises(p.DataError, match="allowed: a new or an empty folder"):
        new_pair("KAZ", "UZB", tmp_path, data=shipped())
    assert os.listdir(tmp_path) == ["letter.txt"]
    (tmp_path / "empty").mkdir()
    assert new_pair("KAZ", "UZB", tmp_path / "empty", data=shipped()).check() == []


@pytest.mark.parametrize("broken", ["made", "readme"])
def test_an_error_on_the_way_leaves_nothing(tmp_path, monkeypatch, broken):
    def fail(*_arguments):
        raise OSError("no space left")

    monkeypatch.setattr(folder.texts, broken, fail)
    (tmp_path / "empty").mkdir()
    with pytest.raises(OSError, match="no space"):
        new_pair("KAZ", "UZB", tmp_path / "empty", data=shipped())
    assert os.listdir(tmp_path) == ["empty"] and not os.listdir(tmp_path / "empty")


def test_a_fault_in_the_rows_stops_before_the_move(tmp_path, monkeypatch):
    cut = context.of_pair

    def wrong(data, pair):
        rows = cut(data, pair)
        rows["country_year"] = rows["country_year"].assign(unit="bananas")
        return rows

    monkeypatch.setattr(context, "of_pair", wrong)
    with pytest.raises(p.DataError, match="bananas"):
        new_pair("KAZ", "UZB", tmp_path / "new", data=shipped())
    assert os.listdir(tmp_path) == []


def test_the_table_of_the_world_is_packed(made):
    content = (made("KAZ", "UZB").path / "trade_world.csv.gz").read_bytes()
    assert gzip.decompress(content).startswith(b"exporter,importer,year,value\n")
