"""The data package: what it holds, what it says of itself, how it fails."""

import gzip
import hashlib
import json
import shutil
import time
import warnings
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from frictionless import Package, system

import partnership as p
from invented import FLEET, SOURCES, observation
from partnership.cli import main
from partnership.evidence import cells, cited
from partnership.evidence import package as data
from partnership.evidence.series import DIMENSIONS
from partnership.workshop import generated

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def copy(tmp_path):
    """Give a copy of the data that a test may break."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    return folder


def edit(folder, table, change):
    """Rewrite one file through a function of its text."""
    file = folder / f"{table}.csv"
    text = file.read_bytes().decode()
    changed = change(text)
    assert changed != text, "the edit changed nothing"
    file.write_bytes(changed.encode())


def set_cell(folder, table, row, column, value):
    """Put a value into one cell, with the hash left as it was."""
    file = folder / f"{table}.csv"
    frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    frame.loc[row, column] = value
    frame.to_csv(file, index=False, lineterminator="\n")


def failure(folder, table):
    """Return the one error that loading the table gives."""
    with pytest.raises(p.DataError) as error:
        p.open(folder).load(table)
    return str(error.value)


# What the package holds


@pytest.mark.parametrize("rows", [10_000, pytest.param(10**9, marks=pytest.mark.long)])
def test_frictionless_finds_no_fault(rows):
    """It takes a second for each 30,000 rows, so long tables are long tests."""
    with system.use_context(trusted=True):
        package = Package(str(DATA / "datapackage.json"))
        for name in p.tables():
            if data.default().resource(name)["rows"] > rows:
                package.remove_resource(name)
        count, report = len(package.resources), package.validate()
    assert report.valid, report.flatten(["title", "type", "message"])[:5]
    assert report.stats["tasks"] == count
    # the map and its views are no tables
    assert rows < 10**9 or count == len(p.tables()) + 2


def test_own_checks_find_no_fault():
    assert data.default().check() == []


def test_every_file_is_described_and_every_description_has_its_file():
    files = {file.name.split(".")[0] for file in DATA.glob("*.csv*")}
    assert files == set(p.tables())


def test_hashes_and_sizes_are_those_of_the_files():
    package = data.default()
    for table in package.tables():
        assert package.unchanged(table), table
        size = (DATA / package.resource(table)["path"]).stat().st_size
        assert package.resource(table)["bytes"] == size


@pytest.mark.parametrize("name", ["map", "map_views"])
def test_the_map_is_the_file_that_the_package_describes(name):
    resources = data.default().descriptor["resources"]
    map_ = next(one for one in resources if one["name"] == name)
    content = (DATA / map_["path"]).read_bytes()
    assert map_["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert name not in p.tables()


@pytest.mark.parametrize("table", p.tables())
def test_columns_are_described(table):
    described = p.describe(table)
    assert (described["description"].str.len() >= 2).all()
    numbers = described[described["type"].isin(["number", "integer"])]
    assert (numbers["unit"] != "").all(), numbers
    assert described.attrs["licences"]
    assert described.attrs["description"].endswith((".", "missing"))
    assert "`" not in described.attrs["description"]  # shown as plain text


@pytest.mark.parametrize(
    ("column", "table"),
    [("unit", "units"), ("stated_by", "speakers"), ("language", "languages")],
)
def test_a_closed_list_is_one_table_without_a_word_too_many(column, table):
    used = set()
    for name in set(p.tables()) - {table}:
        schema = data.default().resource(name)["schema"]
        if column in p.load(name):
            lists = [key["reference"]["resource"] for key in schema["foreignKeys"]]
            assert table in lists, name
            used |= set(p.load(name)[column].dropna())
    assert used == set(p.load(table)[column])


def test_a_series_has_one_unit_and_one_table():
    dictionary = p.load("series").set_index("series")
    for table in data.default().observation_tables():
        rows = p.load(table)
        assert set(dictionary.loc[rows["series"].unique(), "theme"]) == {table}
        expected = rows["series"].map(dictionary["unit"])
        assert (rows["unit"] == expected).all()


def test_no_series_names_a_country():
    words = p.load("countries")
    words = set(words.loc[words["kind"] == "economy", "name_en"].str.lower())
    words |= {"belarus", "belarusian", "turkmen", "turkmenistan", "blr", "tkm"}
    words |= {"russian", "kazakh", "kazakhstan", "iranian", "uzbek", "afghan"}
    for name in p.load("series")["series"]:
        assert not words & set(name.split("_")), name


def test_every_source_is_used():
    used = {"ctx-natural-earth"}  # the map
    for table in p.tables():
        frame = p.load(table)
        named = {"source_id", "source_ids"} & {*frame, *frame.attrs}
        if table != "sources" and named:
            used |= set(cited.source_ids(frame))
    assert set(p.load("sources")["source_id"]) == used


def test_one_address_and_file_is_one_source():
    sources = p.load("sources").dropna(subset="url")
    address = sources["url"].str.replace(r"^https?://(www\.|m\.)?", "", regex=True)
    key = pd.DataFrame({"url": address.str.rstrip("/"), "file": sources["file"]})
    assert not key.duplicated().any()


def test_the_report_itself_is_no_observation():
    for table in data.default().observation_tables():
        assert not (p.load(table)["source_id"] == "dip-ctv-2017-results").any()


def test_no_two_observations_are_the_same():
    for table in data.default().observation_tables():
        rows = p.load(table).drop(columns=["observation_id", "note"])
        assert not rows.duplicated().any(), rows[rows.duplicated()]


def test_ends_of_a_span_come_in_pairs():
    for table in data.default().observation_tables():
        rows = p.load(table)
        ends = rows[rows["bound"].notna()]
        keys = ["series", "statement_id", "period", "stated_on"]
        keys += [name for name in DIMENSIONS if name in rows]
        for _, pair in ends.groupby(keys, dropna=False):
            assert sorted(pair["bound"]) == ["high", "low"], pair
            low, high = pair.set_index("bound").loc[["low", "high"], "value"]
            assert low < high, pair


def test_choices_and_corrections_name_rows_that_are_there():
    ids = {
        table: p.load(table).set_index("observation_id")
        for table in data.default().observation_tables()
    }
    for choice in p.load("choices").itertuples():
        row = ids[choice.table].loc[choice.observation_id]
        assert row["series"] == choice.series
        assert row["period"] == choice.period or pd.isna(choice.period)
        if pd.notna(choice.set_aside):
            assert set(choice.set_aside.split(";")) <= set(ids[choice.table].index)
    for fix in p.load("corrections").itertuples():
        row = ids[fix.table].loc[fix.observation_id]
        if fix.column == "value":
            assert row["value"] == float(fix.as_stated)
        else:
            assert row[fix.column] == fix.as_stated


def test_ledger_accounts_for_every_row():
    ledger = p.load("ledger")
    placed = ledger[ledger["fate"].isin(["kept", "added"])]
    counted = placed.groupby("table")["number"].sum()
    ours = {"series", "choices", "corrections", "ledger", "totals"}
    for table in set(p.tables()) - ours:
        assert counted[table] == len(p.load(table)), table
    out = ledger[ledger["fate"] == "left out"]
    assert out["reason"].notna().all()


# The evidence as it was collected: files and what they held.
EVIDENCE_ROWS = {
    "trade_observations.csv": 1200,
    "education_observations.csv": 656,
    "machinery_observations.csv": 357,
    "industry_observations.csv": 554,
    "logistics_observations.csv": 240,
    "diplomacy_observations.csv": 38,
    "context/trade_blr_tkm_bilateral.csv": 106,
    "trade_product_mentions.csv": 115,
    "visits.csv": 36,
    "agreements.csv": 33,
    "events.csv": 174,
    "claims.csv": 45,
    "claims_evidence.csv": 258,
    "claims_verdicts_proposed.csv": 90,
    "sources.csv": 617,
    "series.csv": 346,
    "removed.csv": 42,
    "additions/observations.csv": 44,
    "additions/events.csv": 24,
    "additions/corrections_of_rows.csv": 36,
    "additions/us_cpi_annual.csv": 33,
    "logistics_places.csv": 52,
    "logistics_routes.csv": 27,
}


@pytest.mark.parametrize(("file", "rows"), EVIDENCE_ROWS.items())
def test_ledger_adds_up_to_the_evidence(file, rows):
    ledger = p.load("ledger")
    assert ledger.loc[ledger["evidence_file"] == file, "number"].sum() == rows


def test_codebook_has_the_account_of_the_ledger():
    text = (DATA / "README.md").read_text(encoding="utf-8")
    assert generated.codebook(data.default()) in text, (
        "run `partnership check --refresh`"
    )


# What the helper does


def test_load_gives_typed_frames():
    trade = p.load("trade")
    assert trade["value"].dtype == "float64"
    assert trade["period"].dtype == "str"
    assert p.load("claims")["is_quantitative"].dtype == "boolean"
    assert p.load("country_year")["year"].dtype == "int64"


def test_what_a_caller_changes_stays_with_the_caller():
    first = p.load("trade")
    first.loc[0, "value"] = -1.0
    first["new"] = 1
    again = p.load("trade")
    assert again.loc[0, "value"] != -1.0
    assert "new" not in again


def test_values_are_stored_as_stated():
    for table in data.default().observation_tables():
        text = pd.read_csv(DATA / f"{table}.csv", dtype=str, keep_default_na=False)
        assert text["value"].str.fullmatch(r"-?\d+(\.\d+)?").all()
        decimals = text["value"].str.extract(r"\.(\d+)$")[0].dropna()
        assert not (decimals.str.len() > 6).any(), decimals[decimals.str.len() > 6]


@pytest.mark.parametrize(
    ("ask", "hint"),
    [
        (lambda: p.load("trad"), "did you mean trade"),
        (lambda: p.series("goods_turnovr"), "goods_turnover"),
        (lambda: p.cite("trade-azernews-2071"), "trade-azernews-2017"),
        (lambda: p.cite("trade-azernews-2017", "apa"), "text"),
        (lambda: p.describe("machine"), "machinery"),
    ],
)
def test_unknown_names_suggest_the_nearest(ask, hint):
    with pytest.raises(p.DataError, match=hint):
        ask()


def test_sources_of_a_frame_and_of_ids():
    visits = p.load("visits").head(1)
    assert len(p.sources(visits)) == len(visits["source_ids"].iloc[0].split(";"))
    assert list(p.sources(["trade-mfa-by"]).index) == ["trade-mfa-by"]
    with pytest.raises(p.DataError, match="no column source_id"):
        p.sources(p.load("series"))


def test_citations():
    text = p.cite("trade-azernews-2017")
    source = p.sources("trade-azernews-2017").iloc[0]
    for part in (source["publisher"], source["title"], source["url"]):
        assert part in text
    entry = p.cite("trade-azernews-2017", "bibtex")
    assert entry.startswith("@misc{trade-azernews-2017,\n") and entry.endswith("\n}")
    assert f"year = {{{source['published'][:4]}}}" in entry
    for source_id in p.load("sources")["source_id"]:
        assert p.cite(source_id) and "nan" not in p.cite(source_id).split()


def test_another_folder_of_the_same_layout(copy):
    other = p.open(copy)
    assert other.tables() == p.tables()
    pd.testing.assert_frame_equal(other.load("trade"), p.load("trade"))
    turnover = p.series("goods_turnover", data=other)
    pd.testing.assert_frame_equal(turnover, p.series("goods_turnover"))


def test_a_folder_without_description(tmp_path):
    with pytest.raises(p.DataError, match=r"datapackage\.json is missing"):
        p.open(tmp_path)


# Bad input: one clear error each


def test_missing_column(copy):
    frame = pd.read_csv(copy / "trade.csv", dtype=str, keep_default_na=False)
    frame.drop(columns="unit").to_csv(copy / "trade.csv", index=False)
    message = failure(copy, "trade")
    assert "trade.csv" in message and "missing column unit" in message


def test_unknown_column(copy):
    edit(copy, "trade", lambda text: text.replace("series,", "serie,", 1))
    message = failure(copy, "trade")
    assert "missing column series" in message and "unknown column serie" in message


def test_unquoted_decimal_comma(copy):
    edit(
        copy,
        "trade",
        lambda text: text.replace(",319,USD_million", ",319,5,USD_million", 1),
    )
    message = failure(copy, "trade")
    assert "cells, expected" in message and "decimal" in message and "row" in message


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "found"),
    [
        ("trade", 4, "value", "15,6", "trade.csv, row 5 (line 6), column value: found"),
        ("trade", 4, "value", "15,6", "'15,6'; allowed: a number with a point as dec"),
        (
            "trade",
            1,
            "observation_id",
            "t0232",
            "row 2 (line 3), column observation_id",
        ),
        ("trade", 1, "observation_id", "t0232", "found 't0232' a second time"),
        (
            "machinery",
            0,
            "unit",
            "pieces",
            "row 1 (line 2), column unit: unknown units",
        ),
        (
            "trade",
            0,
            "source_id",
            "trade-azernews-2071",
            "column source_id: unknown so",
        ),
        ("trade", 0, "source_id", "trade-azernews-2071", "trade-azernews-2017"),
        ("visits", 0, "source_ids", "dip-wiki-en;dip-nowhere", "key 'dip-nowhere'"),
        ("trade", 0, "series", "goods_turnovers", "did you mean goods_turnover"),
        (
            "education",
            None,
            "period",
            "2016/2018",
            "column period: academic year '2016",
        ),
    ],
)
def test_a_wrong_cell_is_named(copy, table, row, column, value, found):
    if row is None:
        row = p.load(table)["period_type"].eq("academic_year").idxmax()
    set_cell(copy, table, row, column, value)
    assert found in failure(copy, table)


@pytest.mark.parametrize("rows", [1, 100])
def test_truncated_file(copy, rows):
    edit(copy, "trade", lambda text: "\n".join(text.splitlines()[:-rows]) + "\n")
    message = failure(copy, "trade")
    assert "rows, expected" in message and "--refresh" in message


def test_file_cut_within_a_line(copy):
    edit(copy, "trade", lambda text: text[: len(text) * 2 // 3])
    message = failure(copy, "trade")
    assert "trade.csv" in message and ("cells" in message or "rows" in message)


def test_windows_line_ends_are_read(copy):
    edit(copy, "trade", lambda text: text.replace("\n", "\r\n"))
    with pytest.warns(p.DataChangedWarning, match="differs from the hash"):
        changed = p.open(copy).load("trade")
    pd.testing.assert_frame_equal(changed, p.load("trade"))
    assert p.open(copy).check() == []
    assert p.open(copy).refresh() == ["trade"]
    assert p.open(copy).load("trade").equals(changed)


ROWS = 'name,note,value\na,"one\ntwo",1\nb,"say ""x"", y",2\nc,,3\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ROWS.replace(",3", ",3.x"), "row 3 (line 5), column value: found '3.x'"),
        (ROWS.replace("c,,3", "c,3"), "row 3 (line 5): 2 cells, expected 3"),
        (ROWS.replace("b,", "b,x,"), "row 2 (line 4): 4 cells, expected 3"),
        (ROWS.replace("c,,", 'c,",'), "row 3 (line 5): a cell without end"),
        (ROWS.replace('two"', "two"), "row 1 (line 2): a cell without end, or signs"),
        (ROWS.replace("two", "two\0"), "line 3: found a NUL byte"),
        (ROWS.replace("y", "\x07"), r"line 4: found the control character '\x07'"),
        (ROWS.replace("b,", '"b"b,'), "row 2 (line 4): a cell without end, or signs"),
        (ROWS.replace("c,,3", f"c,{'y' * 200_000}"), "row 3 (line 5): 2 cells"),
        (ROWS.replace(",", ";"), "columns are parted by semicolons; allowed: commas"),
        (ROWS.replace("c,", "<<<<<<< HEAD\nc,"), "line 5: found <<<<<<<, a mark"),
        (ROWS.replace("\nc", "\n\nc"), "row 3 (line 5): 0 cells, expected 3"),
        (ROWS.replace("b", "a"), "row 2 (line 4), column name: found 'a' a second"),
        (
            ROWS.replace("c,,3", 'c,5" pipe,x'),
            "row 3 (line 5), column value: found 'x'",
        ),
        (ROWS.replace("c,,3", f"c,{'y' * 200_000},x"), "row 3 (line 5), column value"),
        ("", "row 0 (line 1): missing column name, note, value"),
        (ROWS.replace("note,value", "value,note"), "columns are in another order"),
        (ROWS.replace("note", "name"), "missing column note; expected"),
    ],
)
@pytest.mark.parametrize("recorded", [True, False])
def test_rows_and_lines_are_those_of_the_file(tmp_path, text, message, recorded):
    fields = [{"name": "name", "constraints": {"unique": True}}, {"name": "note"}]
    fields += [{"name": "value", "type": "number"}]
    table = {"name": "few", "path": "few.csv", "schema": {"fields": fields}}
    if recorded:
        digest = hashlib.sha256(text.encode()).hexdigest()
        table["hash"] = f"sha256:{digest}"
    describe(tmp_path, {"resources": [table]})
    (tmp_path / "few.csv").write_bytes(text.encode())
    (problem,) = p.open(tmp_path).check()
    assert message in str(problem)
    if recorded and ("second" in message or "control" in message):
        return  # a recorded file is not searched again
    assert message in failure(tmp_path, "few")


def describe(folder, descriptor):
    (folder / "datapackage.json").write_text(json.dumps(descriptor))


def test_public_data_packages_are_read(tmp_path):
    fields = [{"name": "year", "type": "year"}, {"name": "value", "type": "number"}]
    fields += [{"name": "code"}, {"name": "whole", "type": "integer"}]
    table = {"name": "flows", "path": "flows.csv", "schema": {"fields": fields}}
    describe(tmp_path, {"name": "plain", "resources": [table]})
    file = tmp_path / "flows.csv"
    file.write_bytes(b'year,value,code,whole\r\n2015,1.5,NA,7\r\n2016,,"a\r\nb",\r\n')
    plain = p.open(tmp_path)
    with warnings.catch_warnings(action="error"):  # no hash, so nothing has changed
        frame = plain.load("flows")
    assert frame["year"].tolist() == [2015, 2016]
    assert frame["code"].tolist() == ["NA", "a\nb"]
    assert frame["whole"].tolist() == [7, pd.NA] and frame["value"].isna().sum() == 1
    assert p.describe("trade").columns.equals(plain.describe("flows").columns)
    assert plain.describe("flows").loc["year", "description"] == ""
    assert plain.refresh() == ["flows"]
    pd.testing.assert_frame_equal(p.open(tmp_path).load("flows"), frame)
    with pytest.raises(p.DataError, match="unknown table 'series'"):
        p.series("goods_turnover", data=plain)


def rules(kind="string", **given):
    return {"type": kind, "constraints": given}


def keyed(key):
    return {"schema": {"fields": [{"name": "a"}, {"name": "b"}], "foreignKeys": [key]}}


@pytest.mark.parametrize(
    ("descriptor", "message"),
    [
        ([], "found []; allowed is an object"),
        (None, "found None; allowed is an object"),
        (42, "found 42; allowed is an object"),
        ({"resources": {}}, "resources: found {}; allowed is a list"),
        ({"resources": [1]}, "resources 1: found 1; allowed is an object"),
        ({"pair": "AAA"}, "pair: found 'AAA'; allowed is a list"),
        ({"pair": [["AAA"]]}, "pair 1: found ['AAA']; allowed is text"),
        ({"name": {}}, "name: found {}; allowed is text"),
        ({"name": None, "schema": "x"}, "name: found None; allowed is text"),
        ({"schema": "file.json"}, "schema: found 'file.json'; allowed is an object"),
        ({"schema": {}}, "schema, fields: found None; allowed is a list"),
        ({"rows": True}, "rows: found True; allowed is a whole number"),
        ({"schema": {"fields": ["a"]}}, "fields 1: found 'a'; allowed is an object"),
        ({"schema": {"fields": []}}, "columns stand twice, there is none"),
        ({"schema": {"fields": [{"name": "a"}] * 2}}, "table t: columns stand twice"),
        ({"schema": {"fields": [{"name": "a"}], "primaryKey": "b"}}, "a key names"),
        ({"schema": {"fields": [{"name": "a"}], "primaryKey": [["b"]]}}, "primaryKey"),
        ({"schema": {"fields": [{"name": "a", "constraints": 1}]}}, "constraints: f"),
        *[
            ({"schema": {"fields": [{"name": "a", **field}]}}, message)
            for field, message in [
                ({"type": "strng"}, "field a, type: found 'strng'; allowed: any, arr"),
                ({"type": ["a"]}, "fields 1, type: found ['a']; allowed is text"),
                ({"type": "number", "decimalChar": ","}, "decimalChar: found ','; all"),
                (
                    rules(minLength="three"),
                    "minLength: found 'three'; allowed is a who",
                ),
                (rules(maxLength=-1), "field a, maxLength: found -1; allowed: 0 or"),
                (rules(enum=5), "constraints, enum: found 5; allowed is a list"),
                (rules(enum=[]), "field a, enum: found no value; allowed: one or"),
                (rules(enum=[None]), "enum 1: found None; allowed is text or a number"),
                (
                    rules("number", enum=["x"]),
                    "enum: found 'x'; allowed: a number with",
                ),
                (rules("boolean", enum=[2]), "enum: found 2; allowed: true or false"),
                (rules(pattern=1), "constraints, pattern: found 1; allowed is text"),
                (rules(required="yes"), "required: found 'yes'; allowed is true or fa"),
                (rules(unique=1), "constraints, unique: found 1; allowed is true or f"),
                (rules("number", minimum="few"), "minimum: found 'few'; allowed: a nu"),
                (rules("number", maximum=True), "found True; allowed is text or a num"),
                (rules("integer", maximum=10**400), "allowed: a whole number"),
                (rules("date", minimum="2016"), "found '2016'; allowed: a day such as"),
            ]
        ],
        (
            keyed({"fields": [], "reference": {"fields": []}}),
            "foreignKeys: found [] and []; allowed: pairs",
        ),
        (
            keyed({"fields": ["a", "b"], "reference": {"fields": "a"}}),
            "foreignKeys: found ['a', 'b'] and ['a']; allowed: pairs",
        ),
        ({"title": 42}, "resources 1, title: found 42; allowed is text"),
        ({"licenses": ["a"]}, "licenses 1: found 'a'; allowed is an object"),
        ({"bytes": "a"}, "bytes: found 'a'; allowed is a whole number"),
        ({"description": "\ud800"}, "holds half of a character"),
        ({"rows": float("nan")}, "found NaN; allowed: finite numbers"),
        ({"path": "x" * 300}, "allowed: a file inside the folder"),
        ({"pair": ["AAA", "AAA"]}, "pair: found ['AAA', 'AAA']; allowed: two"),
        ({"resources": [], "report": {}}, "report, name: found None; allowed is text"),
        ({"resources": [], "created": "yesterday"}, "created: found 'yesterday'; all"),
        ({"resources": [], "created": "2016"}, "created: found '2016'; allowed: a day"),
        (
            {"pair": ["A", "B"], "report": {"name": "r", "day": "s", "source_id": "x"}},
            "report, day: found 's'; allowed: a day such as 2026-11-27",
        ),
        ({"name": " ", "schema": {"fields": [{"name": "a"}]}}, "found an empty name"),
        ({"schema": {"fields": [{"name": "a"}, {"name": ""}]}}, "found an empty name"),
    ],
)
def test_a_descriptor_of_another_form_is_one_line(tmp_path, descriptor, message):
    if isinstance(descriptor, dict) and not {"resources", "pair"} & set(descriptor):
        resource = {"name": "t", "path": "t.csv", **descriptor}
        descriptor = {"resources": [resource]}
    describe(tmp_path, descriptor)
    with pytest.raises(p.DataError) as error:
        p.open(tmp_path)
    assert message in str(error.value) and "\n" not in str(error.value)


def test_a_package_without_a_table_is_a_fault(tmp_path):
    describe(tmp_path, {"name": "few", "resources": None})
    (fault,) = p.open(tmp_path).check()
    assert str(fault) == "datapackage.json: found no table; allowed: one or more"
    with pytest.raises(p.DataError, match="unknown table 't'; allowed: nothing, as"):
        p.open(tmp_path).load("t")


def test_two_tables_of_one_name_and_json_without_end(tmp_path):
    table = {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "a"}]}}
    describe(tmp_path, {"resources": [table, table]})
    with pytest.raises(p.DataError, match="two tables have one name"):
        p.open(tmp_path)
    for text, message in (
        (b"[" * 100_000, "is no valid JSON: it is nested too deep"),
        (b"", "is empty"),
        (b'{\n"name": "', "line 2: is no valid JSON: it ends too early"),
        (b'{"name": 1, "name": 2}', "is no valid JSON: the key 'name' stands twice"),
        (b"\xef\xbb\xbf{}", "starts with a byte order mark"),
        ("{}".encode("utf-16"), "is UTF-16"),
        (b'{"name": "\xe9"}', "line 1: is not UTF-8"),
        (b"{    }\n\0", "line 2: found a NUL byte"),
        (b"{\n<<<<<<< HEAD\n}", "line 2: found <<<<<<<, a mark of two versions"),
    ):
        (tmp_path / "datapackage.json").write_bytes(text)
        with pytest.raises(p.DataError, match=rf"datapackage\.json(, |: ).*{message}"):
            p.open(tmp_path)


def foreign(folder, fields, text, **schema):
    """A package of one table with these fields."""
    schema |= {"fields": fields}
    describe(folder, {"resources": [{"name": "t", "path": "t.csv", "schema": schema}]})
    (folder / "t.csv").write_text(text)
    return p.open(folder)


@pytest.mark.parametrize(
    ("kind", "given", "fit", "wrong", "message"),
    [
        ("string", {"minLength": 2}, "ab", "a", "minLength is 2"),
        ("string", {"maxLength": 2}, "ab", "abc", "maxLength is 2"),
        ("any", {"maxLength": 0}, "", "a", "maxLength is 0"),
        ("string", {"pattern": ""}, "", "a", "allowed form: "),
        ("string", {"pattern": "[[a]"}, "[", "b", "allowed form: [[a]"),
        ("string", {"enum": [5, "a"]}, "5", "b", "allowed: 5, a"),
        ("number", {"enum": [0.5]}, "0.50", "0.6", "allowed: 0.5"),
        ("number", {"enum": ["1e3"]}, "1000", "1", "allowed: 1e3"),
        ("boolean", {"enum": [True]}, "true", "false", "allowed: True"),
        ("number", {"minimum": "1"}, "1", "0.9", "minimum is 1"),
        ("number", {"exclusiveMinimum": 1}, "1.1", "1", "exclusiveMinimum is 1"),
        ("integer", {"exclusiveMaximum": 3}, "2", "3", "exclusiveMaximum is 3"),
        ("year", {"minimum": 2000}, "2000", "1999", "minimum is 2000"),
        ("year", {"maximum": "2000"}, "2000", "20001", "maximum is 2000"),
        ("date", {"minimum": "2016-02-01"}, "2016-02-01", "2016-01-31", "minimum is"),
        ("yearmonth", {"maximum": "2016-02"}, "2016-02", "2016-03", "maximum is"),
        ("year", {}, "-44", "2016/17", "allowed: a year such as 2016"),
        ("date", {}, "2016-02-29", "29.02.2016", "allowed: a day such as 2016-03-31"),
        ("date", {}, "2016-02-29", "2015-02-29", "'2015-02-29' is no date: day is"),
        ("yearmonth", {}, "2016-12", "2016-13", "'2016-13' is no date: month must"),
    ],
)
def test_what_a_foreign_field_declares_is_checked(
    tmp_path, kind, given, fit, wrong, message
):
    fields = [{"name": "a", "type": kind, "constraints": given}, {"name": "b"}]
    with warnings.catch_warnings(action="error"):
        whole = foreign(tmp_path, fields, f"a,b\n{fit},1\n")
    assert whole.check() == []
    assert len(whole.load("t")) == 1
    (fault,) = foreign(tmp_path, fields, f"a,b\n{fit},1\n{wrong},2\n").check()
    assert str(fault).startswith("t.csv, row 2 (line 3), column a: found '")
    assert message in str(fault)


def test_keys_of_several_columns_are_checked_as_one(tmp_path):
    fields = [{"name": name} for name in "abcd"]
    key = {"fields": ["c", "d"], "reference": {"fields": ["a", "b"]}}
    text = "a,b,c,d\n1,x,2,y\n2,y,,\n3,x,2,x\n"
    (fault,) = foreign(tmp_path, fields, text, foreignKeys=[key]).check()
    said = "t.csv, row 3 (line 4), column c, d: found 2, x; allowed: a key of t"
    assert str(fault) == said
    package = p.open(tmp_path)
    package.descriptor["resources"][0]["schema"].pop("foreignKeys")
    package.refresh()  # a hash that fits hides nothing
    package.descriptor["resources"][0]["schema"]["foreignKeys"] = [key]
    describe(tmp_path, package.descriptor)
    with pytest.raises(p.DataError, match="row 3"):
        p.open(tmp_path).load("t")
    keys = [["a"], ["b", "d"]]
    text = "a,b,c,d\n1,x,,y\n2,x,,y\n,x,,\n,x,,\n"
    (fault,) = foreign(tmp_path, fields, text, uniqueKeys=keys).check()
    assert "row 2 (line 3), column b, d: key x, y stands twice" in str(fault)


@pytest.mark.parametrize(
    ("field", "schema", "said"),
    [
        ({"type": "geopoint"}, {}, "table t, type geopoint of a"),
        ({"type": "time"}, {}, "table t, type time of a"),
        ({"format": "email"}, {}, "table t, format email of a"),
        ({"missingValues": ["NA"]}, {}, "table t, missingValues of a"),
        ({"trueValues": ["yes"], "type": "boolean"}, {}, "t, trueValues of a"),
        ({"categories": ["x"]}, {}, "table t, categories of a"),
        ({"constraints": {"jsonSchema": {}}}, {}, "table t, jsonSchema of a"),
        ({"constraints": {"minLenght": 3}}, {}, "table t, minLenght of a"),
        ({"constraints": {"minimum": "b"}}, {}, "table t, minimum of a"),
        ({"type": "number", "constraints": {"minLength": 1}}, {}, "t, minLength of a"),
        ({}, {"missingValues": ["", "-"]}, "table t, missingValues"),
    ],
)
def test_what_is_declared_and_not_checked_is_said_in_one_line(
    tmp_path, field, schema, said
):
    with pytest.warns(UserWarning, match=rf"^datapackage\.json: .*{said}$") as given:
        foreign(tmp_path, [{"name": "a", **field}, {"name": "b"}], "a,b\n,1", **schema)
    assert len(given) == 1 and "not checked: " in str(given[0].message)


def test_the_command_says_what_is_not_checked_in_one_line(tmp_path):
    foreign(tmp_path, [{"name": "a"}, {"name": "b"}], "a,b\n,1\n")
    descriptor = p.open(tmp_path).descriptor
    descriptor["resources"][0]["schema"]["missingValues"] = ["-"]
    describe(tmp_path, descriptor)
    done = CliRunner().invoke(main, ["check", "--data", str(tmp_path)])
    said = "Warning: datapackage.json: not checked: table t, missingValues\n"
    assert done.exit_code == 0 and done.stderr == said


def test_what_a_resource_declares_and_a_field_of_many_is_said_in_one_line(tmp_path):
    fields = [{"name": f"a{n}", "type": "array"} for n in range(20)]
    one = {"name": "t", "path": "t.csv", "dialect": {"quoteChar": "'"}}
    one |= {"encoding": "cp1252", "schema": {"fields": fields}}
    describe(tmp_path, {"resources": [one, {"name": "map", "path": "m"}]})
    with pytest.warns(UserWarning, match="dialect; table t, encoding cp1252; .* more"):
        p.open(tmp_path)


@pytest.mark.parametrize(
    "pattern",
    [
        *("(a+)+", "(a|a)*b", "(?:a?){50}a{50}", "(a{1,9}){9}b", ".*.*.*.*b"),
        *("a?" * 30 + "a" * 30, "(?:a|aa)" * 40 + "b", "a{0,100}" * 6 + "b"),
    ],
)
def test_a_pattern_that_takes_without_end_is_refused(tmp_path, pattern):
    fields = [{"name": "a", "constraints": {"pattern": pattern}}]
    table = {"name": "t", "path": "t.csv", "schema": {"fields": fields}}
    describe(tmp_path, {"resources": [table]})
    with pytest.raises(p.DataError, match=r"table t, field a: pattern .* without end"):
        p.open(tmp_path)


@pytest.mark.parametrize(
    "pattern", [".*.*.*b", "[a-z]*.*\\w*!", "a{0,100}" * 5 + "b", "a?" * 18 + "a" * 18]
)
def test_a_pattern_is_tried_as_long_as_it_ends_soon(tmp_path, pattern):
    fields = [{"name": "a", "constraints": {"pattern": pattern}}]
    text = "a\n" + "".join(f"{'a' * n}\n" for n in range(400, 1000))
    began = time.process_time()
    found = foreign(tmp_path, fields, text).check()
    assert time.process_time() - began < 10
    assert len(found) == 600 and "too long to be tried" in str(found[-1])
    assert ("allowed form" in str(found[0])) == ("?" in pattern)
    assert foreign(tmp_path, [fields[0]], "a\nno\n").check()


def test_a_message_is_one_line_without_signs_that_a_terminal_obeys():
    assert str(p.DataError("found 'é\n\x1b[31m'")) == r"found 'é\n\x1b[31m'"


def test_a_row_belongs_to_the_table_and_unit_of_its_series(package):
    rows = [observation(1, 5), observation(2, 6, unit="USD_million")]
    fleet = FLEET | {"level": ""}
    wrong = package(machinery=rows, series=[fleet], sources=SOURCES)
    found = "machinery.csv, row 2 (line 3), column unit: found 'USD_million'; fleet_un"
    assert found + "its is in units" in map(str, wrong.problems("machinery"))
    elsewhere = package(machinery=rows[:1], series=[fleet | {"theme": "trade"}])
    found = [str(one) for one in elsewhere.problems("machinery")]
    assert any("fleet_units belongs to the table trade" in one for one in found)
    with pytest.raises(p.DataError, match="fleet_units has no row in the table trade"):
        p.series("fleet_units", data=elsewhere)


def test_byte_order_mark(copy):
    edit(copy, "trade", lambda text: "\ufeff" + text)
    assert "byte order mark" in failure(copy, "trade")


FLOWS = [
    {"exporter": "BLR", "importer": "TKM", "year": "2013", "value": "315749.406"},
    {"exporter": "BLR", "importer": "TKM", "year": "2014", "value": "0.001"},
    {"exporter": "TKM", "importer": "BLR", "year": "2014", "value": "7"},
]


@pytest.mark.parametrize(
    ("row", "change", "message"),
    [
        (1, {"year": "2013"}, "row 2 (line 3), column exporter, importer, year: key "),
        (0, {"value": ""}, "row 1 (line 2), column value: empty"),
        (0, {"value": "nan"}, "row 1 (line 2), column value: found 'nan'"),
        (0, {"value": "0"}, "row 1 (line 2), column value: found '0'; minimum"),
        (2, {"exporter": "TKN"}, "row 3 (line 4), column exporter: unknown countries"),
        (2, {"importer": "TKM"}, "column importer: found 'TKM'; allowed: other than"),
        (2, {"year": "2021"}, "row 3 (line 4), column year: found '2021'; maximum"),
    ],
)
def test_faults_of_the_packed_table_of_flows(package, row, change, message):
    rows = [dict(flow) for flow in FLOWS]
    rows[row] |= change
    made = package(shipped=True, trade_world=rows)
    (fault,) = made.problems("trade_world")
    assert str(fault).startswith("trade_world.csv.gz, row ")
    assert message in str(fault)


def test_packed_files_that_cannot_be_unpacked(package, monkeypatch):
    made = package(shipped=True, trade_world=FLOWS)
    assert made.problems("trade_world") == []
    assert made.load("trade_world")["value"].tolist() == [315749.406, 0.001, 7]
    file = made.path / "trade_world.csv.gz"
    whole = file.read_bytes()
    for content, message in (
        (whole[:-9], "is no whole gzip file"),
        (whole[:12] + b"\xff" * 20, "is no whole gzip file"),
        (b"exporter,importer\n", "is no gzip file, as its name says"),
        (gzip.compress(b"0" * 2_000), "unpacks to more than 1,000 bytes"),
    ):
        monkeypatch.setattr(cells, "LARGEST", 1_000)
        file.write_bytes(content)
        with pytest.raises(p.DataError, match=r"^trade_world\.csv\.gz: ") as raised:
            p.open(made.path).load("trade_world")
        assert message in str(raised.value)


def test_what_a_table_as_a_whole_names_must_be_there(package):
    made = package(shipped=True, trade_world=FLOWS)
    made.resource("trade_world")["source_id"] = "ctx-baci-2000-2021"
    made.resource("trade_world")["view"]["series"] = "goods_export_reconciled"
    made.resource("trade_world")["view"]["stated_by"] = "CEPI"
    source, series, speaker = map(str, made.problems("trade_world"))
    start = "datapackage.json: trade_world, unknown "
    assert source.startswith(f"{start}source_id 'ctx-baci-2000-2021'; did you mean")
    assert series.startswith(f"{start}series 'goods_export_reconciled'; did you mean")
    assert speaker.startswith(f"{start}stated_by 'CEPI'; did you mean CEPII")


def test_another_encoding(copy):
    file = copy / "sources.csv"
    file.write_bytes(
        file.read_bytes().replace("–".encode(), "–".encode("cp1252")) + b"\xff"
    )
    assert "is not UTF-8" in failure(copy, "sources")


OUTSIDE = {
    "up": "../secret.csv",
    "out and in again": "../data/trade.csv",
    "up again": "maps/../../secret.csv",
    "absolute": "/etc/passwd",
    "Windows": "C:\\secret.csv",
    "drive": "C:secret.csv",
    "server": "\\\\server\\secret.csv",
    "server with slashes": "//server/secret.csv",
    "backslash": "..\\secret.csv",
    "address": "https://example.org/secret.csv",
    "folder": "maps/..",
    "empty": "",
    "blank": " ",
    "line break": "trade.csv\n../secret.csv",
    "list": ["trade.csv", "../secret.csv"],
    "number": 7,
    "nothing": None,
    "link": "link.csv",
    "linked folder": "linked/secret.csv",
}


def lead_outside(folder, name, path):
    """Give a resource another path, beside a file and links that lead out."""
    (folder.parent / "secret.csv").write_text("SECRET,1\n")
    (folder / "link.csv").symlink_to(folder.parent / "secret.csv")
    (folder / "linked").symlink_to(folder.parent)
    edit_path(folder, name, path)


def edit_path(folder, name, path):
    file = folder / "datapackage.json"
    descriptor = json.loads(file.read_text(encoding="utf-8"))
    next(r for r in descriptor["resources"] if r["name"] == name)["path"] = path
    file.write_text(json.dumps(descriptor), encoding="utf-8")


@pytest.mark.parametrize("name", ["a" * 256, "é" * 128])
def test_a_path_has_255_bytes_at_most(copy, name):
    data = p.open(copy)
    assert data.inside(name[1:]).parent == copy.resolve()
    with pytest.raises(p.DataError, match="a file inside the folder"):
        data.inside(name)


@pytest.mark.parametrize("resource", ["trade", "map"])
@pytest.mark.parametrize("path", OUTSIDE.values(), ids=OUTSIDE)
def test_no_path_leaves_the_folder(copy, resource, path):
    lead_outside(copy, resource, path)
    with pytest.raises(p.DataError) as error:
        p.open(copy)
    message = str(error.value)
    assert message.startswith(f"datapackage.json: resource '{resource}', path: found ")
    assert repr(path)[:40] in message and "a file inside the folder" in message
    assert "SECRET" not in message and "\n" not in message


@pytest.mark.parametrize("command", ["check", "check --refresh", "site"])
def test_no_command_opens_or_copies_what_is_outside(copy, command, monkeypatch):
    (copy.parent / "notebooks").mkdir()
    (copy.parent / "pyproject.toml").write_text("[project]\n")
    lead_outside(copy, "map", "../secret.csv")
    before = sorted(copy.parent.rglob("*"))
    monkeypatch.chdir(copy.parent)
    result = CliRunner().invoke(main, command.split())
    assert result.exit_code == 1
    (line,) = result.output.splitlines()
    assert "resource 'map', path: found '../secret.csv'" in line
    assert sorted(copy.parent.rglob("*")) == before


def test_an_absolute_path_is_none_of_the_folder_even_if_it_leads_there(copy):
    edit_path(copy, "trade", (copy / "trade.csv").as_posix())
    with pytest.raises(p.DataError, match="a file inside the folder"):
        p.open(copy)


def test_a_link_made_after_opening_is_not_followed(copy):
    package = p.open(copy)
    (copy.parent / "secret.csv").write_text("SECRET,1\n")
    (copy / "trade.csv").unlink()
    (copy / "trade.csv").symlink_to(copy.parent / "secret.csv")
    for door in (package.check, package.refresh, package.files):
        with pytest.raises(p.DataError, match="leads out") as error:
            door()
        assert "SECRET" not in str(error.value)


@pytest.mark.parametrize("name", ["datapackage.json", "README.md"])
def test_the_package_writes_through_no_link(copy, name):
    outside = copy.parent / name
    (copy / name).rename(outside)
    (copy / name).symlink_to(outside)
    before = outside.read_bytes()
    with pytest.raises(p.DataError, match="leads out"):
        generated.with_codebook(p.open(copy))
    assert outside.read_bytes() == before


@pytest.mark.parametrize("path", ["maps/trade.csv", "./trade.csv", "maps/../trade.csv"])
def test_paths_that_stay_in_the_folder(copy, path):
    (copy / "maps").mkdir()
    if path.startswith("maps/t"):
        (copy / "trade.csv").rename(copy / path)
    edit_path(copy, "trade", path)
    assert len(p.open(copy).load("trade")) == len(p.load("trade"))


def test_a_link_inside_the_folder_is_followed(copy):
    (copy / "trade.csv").rename(copy / "other.csv")
    (copy / "trade.csv").symlink_to("other.csv")
    assert len(p.open(copy).load("trade")) == len(p.load("trade"))


def test_a_link_to_itself(copy):
    (copy / "trade.csv").unlink()
    (copy / "trade.csv").symlink_to("trade.csv")
    with pytest.raises(p.DataError):
        p.open(copy).load("trade")


def test_missing_file(copy):
    (copy / "trade.csv").unlink()
    assert "trade.csv: file is missing" in failure(copy, "trade")


@pytest.mark.parametrize(
    ("table", "column", "cell", "message"),
    [
        ("trade", "stated_on", "2016-02-30", "'2016-02-30' is no date"),
        ("visits", "date_start", "2016-13", "'2016-13' is no date"),
        ("sources", "published", "٢٠١٦", "'٢٠١٦' is no date"),
        ("prices", "month", "2016-00", "'2016-00' is no date"),
        ("trade", "value", "1e999", "allowed: a finite number"),
        ("trade", "value", "9" * 400, "allowed: a finite number"),
        ("trade", "value", "١٢", "allowed: a number with a point"),
        ("country_year", "year", "9" * 400, "a whole number of 18 digits at most"),
        ("places", "latitude", "90.1", "maximum is 90"),
        ("places", "longitude", "-181", "minimum is -180"),
        ("sources", "url", "javascript:alert(1)", "begins with http or https"),
        ("sources", "url", "ftp://example.org/a", "begins with http or https"),
    ],
)
def test_cells_that_are_no_date_number_place_or_address(
    copy, table, column, cell, message
):
    set_cell(copy, table, 3, column, cell)
    place = f"{table}.csv, row 4 (line 5), column {column}: found "
    found = failure(copy, table)
    assert found.startswith(place) and message in found


def record(folder, table):
    """Record the hash of a changed table without any check."""
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    one = next(one for one in descriptor["resources"] if one["name"] == table)
    content = (folder / one["path"]).read_bytes()
    one["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
    path.write_text(json.dumps(descriptor), encoding="utf-8")


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("unit", "persons", "found 'persons'; "),
        ("observation_id", "t0001", "found 't0001' a second time"),
        ("source_id", "no-such-source", "unknown sources key 'no-such-source'"),
        ("value", "inf", "found 'inf'"),
        ("value", "", "empty; a value is required"),
        ("series", "goods_turnovers", "unknown series key 'goods_turnovers'"),
    ],
)
def test_a_hash_that_fits_says_unchanged_and_not_right(copy, column, cell, message):
    set_cell(copy, "trade", 3, column, cell)
    record(copy, "trade")
    assert p.open(copy).unchanged("trade")
    assert message in failure(copy, "trade")


@pytest.mark.parametrize("pattern", [r"(a+)+", r"((a|b)*c?)*", r"(\d+,?)+x", "[a"])
def test_a_pattern_without_end_is_refused_before_it_runs(copy, pattern):
    path = copy / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    field = descriptor["resources"][0]["schema"]["fields"][0]
    field.setdefault("constraints", {})["pattern"] = pattern
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    with pytest.raises(p.DataError, match=r"field \w+: pattern .* (repeats|cannot)"):
        p.open(copy)


def test_changed_value_is_a_warning_with_the_way_out(copy):
    set_cell(copy, "trade", 0, "note", "changed")
    with pytest.warns(p.DataChangedWarning, match=r"check --refresh"):
        p.open(copy).load("trade")


def test_refresh_records_a_change(copy):
    opened = p.open(copy)
    assert "hay" not in set(opened.load("product_groups")["product"])
    set_cell(copy, "trade", 0, "note", "changed")
    edit(copy, "product_groups", lambda text: text + "hay,medicines,\n")
    with (copy / "map.geojson").open("a") as file:
        file.write("\n")
    assert set(opened.refresh()) == {"trade", "product_groups", "map"}
    assert p.open(copy).refresh() == []
    for again in (opened, p.open(copy)):
        assert len(again.load("product_groups")) == len(p.load("product_groups")) + 1
        assert again.load("trade").loc[0, "note"] == "changed"


def test_refresh_of_unchanged_data_leaves_every_byte(copy):
    before = (copy / "datapackage.json").read_bytes()
    assert p.open(copy).refresh() == []
    assert (copy / "datapackage.json").read_bytes() == before


def test_refresh_refuses_faulty_data_and_writes_nothing(copy):
    before = (copy / "datapackage.json").read_bytes()
    set_cell(copy, "trade", 0, "unit", "pieces")
    with pytest.raises(p.DataError, match="pieces"):
        p.open(copy).refresh()
    assert (copy / "datapackage.json").read_bytes() == before
    assert not list(copy.glob("*.new"))


def test_an_expired_correction_is_an_error(copy):
    fix = p.load("corrections").iloc[0]
    frame = pd.read_csv(copy / f"{fix['table']}.csv", dtype=str, keep_default_na=False)
    row = frame.index[frame["observation_id"] == fix["observation_id"]][0]
    set_cell(copy, fix["table"], row, "value", "1")
    other = p.open(copy)
    with (
        pytest.warns(p.DataChangedWarning),
        pytest.raises(p.DataError, match="has expired"),
    ):
        p.series("goods_turnover", data=other)


def test_description_that_is_no_json(copy):
    (copy / "datapackage.json").write_text("{", encoding="utf-8")
    with pytest.raises(p.DataError, match="no valid JSON"):
        p.open(copy)


def test_descriptor_is_a_data_package_of_version_2():
    descriptor = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    assert descriptor["$schema"].startswith("https://datapackage.org/profiles/2")
    for resource in descriptor["resources"]:
        assert resource.get("type") == "table" or "json" in resource["format"]
        assert resource["licenses"]
        assert resource["hash"].startswith("sha256:")


@pytest.mark.parametrize(
    ("table", "column"),
    [
        *(("trade", "period_type"), ("series", "measure"), ("sources", "kind")),
        *(("claims", "case"), ("claim_rules", "where"), ("claim_verdicts", "asked")),
        *(("evidence", "stance"), ("assumptions", "margin"), ("speakers", "kind")),
    ],
)
def test_a_column_that_is_read_and_is_not_there_is_named(package, table, column):
    data = package(shipped=True)
    fields = data.resource(table)["schema"]["fields"]
    fields[:] = [one for one in fields if one["name"] != column]
    said = f"datapackage.json: columns that are read: {table} lacks {column}"
    assert [str(one) for one in data.check()] == [said]
