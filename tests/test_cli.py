"""The command line: what it prints, and how it fails."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import partnership as p
from partnership import site as website
from partnership import verdicts
from partnership.cli import main
from partnership.evidence import package
from partnership.workshop import runner


@pytest.fixture
def call():
    """Run a command; give its exit code and output."""

    def run(*arguments):
        result = CliRunner().invoke(main, arguments)
        return result.exit_code, result.output

    return run


@pytest.fixture
def read(call):
    """Run a command with --json; give what it wrote."""

    def run(*arguments):
        code, text = call(*arguments, "--json")
        assert code == 0, text
        return json.loads(text)

    return run


@pytest.fixture
def here(checkout, monkeypatch):
    """Stand in a checkout with the data and one notebook."""
    root = checkout(package.default().path, "07_diplomacy")
    monkeypatch.chdir(root / "notebooks")
    return root


# ---- help ----


def test_help_names_every_command_and_the_exit_codes(call):
    code, text = call("--help")
    assert code == 0
    for command in main.commands:
        assert f"  partnership {command}" in text, "no example"
    for number in (0, 1, 2):
        assert f"\n    {number}  " in text


@pytest.mark.parametrize("command", main.commands)
def test_every_command_explains_itself_with_examples(call, command):
    code, text = call(command, "--help")
    assert code == 0
    assert f"Examples:\n    partnership {command}" in text


def test_examples_work(call, monkeypatch, tmp_path):
    """Those that write nothing, as they stand in the help, with an id that exists."""
    known = p.load("sources")["source_id"][0]
    monkeypatch.chdir(tmp_path)
    seen = 0
    for command in ("cite", "sources", "table", "claims", "find", "series"):
        lines = call(command, "--help")[1].split("Examples:\n")[1].split("\n\n")[0]
        for line in lines.splitlines():
            arguments = line.strip().split("  ")[0].split(">")[0].split()[1:]
            found = call(*(known if one == "SOURCE_ID" else one for one in arguments))
            assert found[0] == 0 and "no such source" not in found[1], line
            seen += 1
    assert seen > 8


def test_help_is_quick():
    code = (
        "import sys; sys.argv = ['partnership', '--help']\n"
        "from partnership.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'nbformat', 'nbclient', 'nbconvert', 'tqdm', 'matplotlib'}\n"
        "print('heavy:', heavy & set(sys.modules))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("heavy: set()\n")


# ---- table, cite, sources, claims ----


def test_table_writes_the_rows(call):
    code, text = call("table", "visits")
    assert code == 0
    frame = pd.read_csv(io.StringIO(text))
    assert list(frame["visit_id"]) == list(p.load("visits")["visit_id"])


def test_a_pair_without_statements_is_said(call):
    code, text = call("series", "goods_turnover", "--pair", "BLR", "NAM", "--plain")
    assert code == 0 and text == "nothing found; try another pair or year\n"
    for named in (("series", "goods_turnover"), ("table", "trade")):
        code, text = call(*named, "--pair", "BLR", "tkm")
        assert code > 0 and "'tkm'; did you mean" in text and "TKM" in text
        assert len(text.strip().splitlines()) == 1


def test_table_of_one_series(call, read):
    code, text = call("table", "trade", "--series", "goods_turnover")
    assert code == 0
    frame = pd.read_csv(io.StringIO(text))
    assert set(frame["series"]) == {"goods_turnover"}
    rows = read("table", "trade", "--series", "goods_turnover")
    assert [row["value"] for row in rows] == list(frame["value"])
    assert list(rows[0]) == list(frame.columns)
    assert any(cell is None for row in rows for cell in row.values())


def test_table_without_name_lists_the_tables(call, read):
    code, text = call("table")
    assert code == 0
    assert [line.split()[0] for line in text.splitlines()] == p.tables()
    assert [row["table"] for row in read("table")] == p.tables()


def test_table_described(call):
    code, text = call("table", "trade", "--describe")
    assert code == 0
    assert "free on board" in text


def test_cite(call, read):
    ids = tuple(p.load("sources")["source_id"][[1, 0]])
    code, text = call("cite", *ids, "--bibtex")
    assert code == 0
    assert text.count("@misc{") == 2
    found = read("cite", *ids)
    assert [row["source_id"] for row in found] == list(ids)
    assert found[0]["citation"] == p.cite(ids[0])


def test_sources_by_words_in_any_case(call, read):
    code, text = call("sources", "GARLYK", "belta")
    assert code == 0
    lines = text.splitlines()
    assert 0 < len(lines) < len(call("sources", "garlyk")[1].splitlines())
    assert all(
        line.split(": ")[0] in set(p.load("sources")["source_id"]) for line in lines
    )
    assert len(read("sources")) == len(p.load("sources"))
    assert read("sources", "no.such.word") == []
    assert "no such source" in call("sources", "no.such.word")[1]


def test_sources_by_kind_and_use(read):
    rows = read("sources", "--kind", "official_statistics")
    assert {row["kind"] for row in rows} == {"official_statistics"}
    said = p.load("trade").query("series == 'goods_turnover'")["source_id"]
    used = read("sources", "--used-by", "goods_turnover")
    assert {row["source_id"] for row in used} == set(said)
    used = read("sources", "--used-by", "visits")
    assert {row["source_id"] for row in used} == set(
        p.evidence.cited.source_ids(p.load("visits"))
    )


def test_claims(call, read):
    code, text = call("claims")
    assert code == 0
    assert len(pd.read_csv(io.StringIO(text))) == len(p.load("claims"))
    rows = {row["claim_id"]: row for row in read("claims")}
    assert rows["c28"]["now"] == verdicts.both().at["c28", "now"]
    assert call("claims", "--format", "json")[1] == call("claims", "--json")[1]


# ---- run, check, site ----


def test_check_compares_stated_verdicts_with_the_readings(call, here):
    path = here / "data" / "claim_verdicts.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    agreed = table["reading_a"].eq("overstated") & table["settlement"].eq("")
    at = table.index[agreed][0]
    table.loc[at, "verdict"] = "contradicted"
    table.to_csv(path, index=False, lineterminator="\n")
    code, text = call("check", "--refresh")
    assert code == 1
    said = f"{table['claim_id'][at]}, {table['asked'][at]}, settlement: found none"
    assert f"claim_verdicts.csv: {said}; allowed is a reason" in text


def test_check_lists_faults_with_file_row_and_column(call, here):
    code, text = call("check", "--json")
    assert (code, text) == (0, "[]\n")
    path = here / "data" / "visits.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table.loc[2, "source_ids"] = "no-such-source"
    table.to_csv(path, index=False, lineterminator="\n")
    notebook = here / "notebooks" / "broken.ipynb"
    notebook.write_text("{")

    result = CliRunner().invoke(main, ["check", "--json"])
    assert result.exit_code == 1
    faults = json.loads(result.stdout)
    assert result.stderr == f"Error: {len(faults)} faults\n"
    assert all(list(f) == ["file", "line", "row", "column", "message"] for f in faults)
    assert {(f["file"], f["line"], f["row"]) for f in faults} == {
        ("visits.csv", 4, 3),
        ("notebooks/broken.ipynb", 1, None),
    }
    assert {f["column"] for f in faults} == {"source_ids", None}
    code, text = call("check")
    assert code == 1
    assert "visits.csv, row 3 (line 4), column source_ids: " in text


def test_run_says_what_became_of_each_notebook(call, here, monkeypatch):
    first = here / "notebooks" / "07_diplomacy.ipynb"
    second, third = (shutil.copy(first, first.with_name(f"{n}.ipynb")) for n in "xy")

    def stand_in(paths, root, jobs, timeout, on_cell, on_done):
        on_done(paths[0], 1.26)
        raise runner.NotebookError(second, 3, "ValueError: no", "f()")

    monkeypatch.setattr(runner, "run_notebooks", stand_in)
    result = CliRunner().invoke(main, ["run", "--json"])
    assert result.exit_code == 1
    assert "x.ipynb, code cell [3]: ValueError: no" in result.stderr
    failure = {"cell": 3, "reason": "ValueError: no", "code": "f()"}
    assert json.loads(result.stdout) == [
        {
            "notebook": str(Path("notebooks", path.name)),
            "state": state,
            "seconds": seconds,
            "error": error,
        }
        for path, state, seconds, error in (
            (first, "run", 1.3, None),
            (second, "failed", None, failure),
            (third, "stopped", None, None),
        )
    ]


def test_site_says_where_to_look(call, here, monkeypatch):
    built = []

    def build(root, target, on_page):
        built.append((root, target))
        on_page("index.html", 2)
        return ["index.html", "a.html"]

    monkeypatch.setattr(website, "build", build)
    code, text = call("site")
    assert code == 0
    assert text == f"site: 2 pages; open {here / 'site' / 'index.html'}\n"
    call("site", "--output", str(here / "public"))
    assert built == [(here, here / "site"), (here, here / "public")]


def test_site_leaves_a_folder_of_something_else_alone(call, here):
    mine = here / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("dear reader")
    code, text = call("site", "--output", str(mine))
    assert code == 1
    assert len(text.strip().splitlines()) == 1 and "mine" in text
    assert [path.name for path in mine.iterdir()] == ["letter.txt"]


def test_a_missing_package_is_named_with_its_extra(call, here, monkeypatch):
    def build(*_arguments, **_options):
        raise ModuleNotFoundError("no nbconvert", name="nbconvert")

    monkeypatch.setattr(website, "build", build)
    code, text = call("site")
    assert code == 1
    line = "Error: this needs the package nbconvert: pip install 'partnership[site]'\n"
    assert text == line
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert "pip install 'partnership[lab]'" in call("run")[1]


# ---- errors ----


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("table", "trad"), "did you mean trade"),
        (("table", "TRADE"), "did you mean trade"),
        (("new-pair", "Kazakhstan", "UZB", "x"), "did you mean KAZ"),
        (("new-pair", "kaz", "UZB", "x"), "did you mean KAZ"),
        (("new-pair", "CIV", "Curacao", "x"), "did you mean CUW"),
        (("table", "trade", "--series", "goods_turnovr"), "goods_turnover"),
        (("table", "visits", "--series", "goods_turnover"), "unknown series of visits"),
        (("cite", "trade-azernews-2071"), "trade-azernews-2017"),
        (("sources", "--kind", "newspaper"), "news"),
        (("sources", "--used-by", "goods_turnovr"), "goods_turnover"),
    ],
)
def test_unknown_names_are_wrong_use_and_suggest_others(call, arguments, hint):
    code, text = call(*arguments)
    assert code == 2
    assert hint in text
    assert len(text.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        *(("chek",), ("table", "--serie", "x"), ("cite",)),
        *(("run", "--timeout", one) for one in ("nan", "inf", "-1", "soon")),
    ],
)
def test_wrong_use_of_a_command_is_exit_code_two(call, arguments):
    assert call(*arguments)[0] == 2


def test_an_unknown_notebook_is_wrong_use(call, here):
    code, text = call("run", "07_diplomcy")
    assert code == 2
    assert "07_diplomacy" in text


@pytest.mark.parametrize("command", ["check", "run", "site"])
def test_outside_a_checkout(call, tmp_path, monkeypatch, command):
    (tmp_path / "notebooks").mkdir()  # is not enough
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(website, "build", None)
    code, text = call(command)
    assert code == 2
    assert "is not in a checkout" in text and "work anywhere" in text
    assert len(text.strip().splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end differently there")
def test_a_reader_who_stops_reading_sees_no_traceback():
    command = [sys.executable, "-m", "partnership.cli", "table", "trade"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""


# ---- another folder ----


@pytest.fixture
def folder(call, tmp_path, monkeypatch):
    """A folder about two other economies, written by the command, outside of it all."""
    monkeypatch.chdir(tmp_path)
    code, text = call("new-pair", "KAZ", "UZB", "kaz uzb")
    assert code == 0, text
    lines = text.splitlines()
    assert lines[0].split() == ["series", "direction", "rows", "years", "speakers"]
    assert lines[-2].startswith("no table has: goods_exports,")
    assert lines[-1].startswith("kaz uzb: 14 tables; ")
    return tmp_path / "kaz uzb"


def test_every_command_reads_the_folder_that_is_named(call, read, folder):
    place = ("--data", "kaz uzb")
    own = p.open(folder)
    assert [one["table"] for one in read("table", *place)] == own.tables()
    assert len(read("table", "trade_world", *place)) == len(own.load("trade_world"))
    assert len(read("sources", *place)) == len(own.load("sources"))
    ids = own.load("sources")["source_id"]
    assert call("cite", ids[0], *place) == (0, own.cite(ids[0]) + "\n")
    gone = next(one for one in p.load("sources")["source_id"] if one not in set(ids))
    assert call("cite", gone, *place)[0] == 2
    assert call("cite", gone)[0] == 0
    assert call("check", *place) == (0, "data: no fault\n")
    assert package.default() is package.shipped()
    code, text = call("table", "--data", "nowhere")
    assert code == 1 and "datapackage.json is missing" in text
    assert len(text.splitlines()) == 1


def test_claims_of_a_folder_with_statements(call, tmp_path):
    place = str(tmp_path / "new")
    assert call("new-pair", "KAZ", "UZB", place, "--claims")[0] == 0
    code, text = call("claims", "--data", place)
    assert (code, len(text.splitlines())) == (0, 1)


def test_a_changed_table_names_the_command_that_works_there(call, folder):
    path = folder / "country_year.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8", newline="\n")
    code, text = call("table", "country_year", "--data", "kaz uzb")
    assert code == 1
    command = "partnership check --refresh --data 'kaz uzb'"
    assert f"`{command}`" in text
    code, text = call("check", "--refresh", "--data", "kaz uzb")
    assert (code, text) == (0, "recorded: country_year\ndata: no fault\n")
    assert call("table", "country_year", "--data", "kaz uzb")[0] == 0


def test_totals_are_counted_when_asked_and_not_before(call, folder):
    place = ("--data", "kaz uzb")
    assert call("check", *place) == (0, "data: no fault\n")
    code, text = call("check", "--totals", *place)
    assert code == 0 and "country_year, value: no line, was one\n" in text
    path = folder / "country_year.csv"
    *lines, last = path.read_text("utf-8").splitlines(keepends=True)
    code_, year, indicator, value, *others = last.split(",")
    changed = ",".join([code_, year, indicator, f"{float(value) + 9:g}", *others])
    path.write_text("".join([*lines, changed]), encoding="utf-8", newline="\n")
    code, text = call("check", "--refresh", *place)
    assert code == 1 and "recorded: country_year\n" in text
    assert "column come_to: country_year, value: found " in text
    assert ", +9, a multiple of 9, as when two digits change places; allowed: " in text
    code, text = call("check", "--totals", *place)
    assert code == 0 and text.startswith("country_year, value: ")
    assert call("check", *place) == (0, "data: no fault\n")


def test_check_names_all_missing_tables_in_one_line(call, read, folder):
    path = folder / "datapackage.json"
    found = json.loads(path.read_text("utf-8"))
    gone = ("units", "choices", "speakers")
    kept = [one for one in found["resources"] if one["name"] not in gone]
    path.write_text(json.dumps(found | {"resources": kept}), encoding="utf-8")
    code, text = call("check", "--data", "kaz uzb")
    lines = text.splitlines()
    assert code == 1 and len(lines) == 2 and lines[1] == "Error: 1 faults"
    assert all(f"{table} (for " in lines[0] for table in gone)


def test_check_names_columns_that_statements_lack_in_one_line(call, tmp_path):
    columns = {
        "stories": ["observation_id", "statement_id", "value", "source_id"],
        "sources": ["source_id", "title"],
        "series": ["series", "theme", "unit", "direction", "measure"],
        "choices": ["table", "series", "period", "observation_id", "set_aside"],
        "corrections": ["table", "observation_id", "column", "as_meant"],
    }
    resources = []
    for name, fields in columns.items():
        schema = {"fields": [{"name": field} for field in fields]}
        resources.append({"name": name, "path": f"{name}.csv", "schema": schema})
        (tmp_path / f"{name}.csv").write_text(",".join(fields) + "\n")
    found = json.dumps({"name": "foreign", "resources": resources})
    (tmp_path / "datapackage.json").write_text(found)
    code, text = call("check", "--data", str(tmp_path))
    said = "stories lacks series, stated_by, reporter, partner, period, note, "
    said += "period_type, stated_on, unit, qualifier, bound; sources lacks publisher, "
    said += "published, kind, reliability"
    assert code == 1
    assert text.splitlines()[0] == f"datapackage.json: columns that are read: {said}"


def test_new_pair_takes_files_and_refuses_in_one_line(call, tmp_path):
    file, place = tmp_path / "own.csv", tmp_path / "new"
    file.write_text("exporter,importer,year,value,stated_by\nKAZ,UZB,2019,5,KAZ\n")
    made = ("new-pair", "KAZ", "UZB", str(place), "--from", str(file))
    (tmp_path / "copy.csv").write_bytes(file.read_bytes())
    again = ("--unit", "USD", "--from", str(tmp_path / "copy.csv"))
    code, text = call(*made, *again)
    assert code == 1 and "copy.csv: found the flows of" in text
    assert len(text.splitlines()) == 1 and not place.exists()
    code, text = call(*made)
    assert code == 1 and "say unit=" in text and len(text.splitlines()) == 1
    assert not place.exists()
    assert call(*made, "--unit", "USD_million")[0] == 0
    assert p.open(place).load("trade")["value"].tolist() == [5.0]
    code, text = call(*made)
    assert code == 1 and "allowed: a new or an empty folder" in text
    for codes in (("KAZ", "UZC"), ("KAZ", "WLD")):
        code, text = call("new-pair", *codes, str(tmp_path / "other"))
        assert code == 2 and len(text.splitlines()) == 1


# ---- figures ----


def test_find_writes_a_figure_a_line(call, read):
    code, text = call("find", "trade", "turnover", "2016", "--most", "3")
    assert code == 0 and len(text.splitlines()) == 3
    first = text.splitlines()[0].split()
    assert first[:4] == ["120.6", "USD_million", "2016", "Belarus"]
    assert first[4] in set(p.load("sources")["source_id"])
    row = read("find", "trade", "turnover", "2016")[0]
    assert (row["value"], row["series"], row["stands"]) == (
        120.6,
        "goods_turnover",
        True,
    )
    code, text = call("find", "zeppelins")
    assert code == 0 and text.startswith("nothing found")


def test_series_says_what_stands_and_why(call, read):
    code, text = call(
        "series", "goods_turnover", "--year", "2016", "--pair", *["BLR", "TKM"]
    )
    title, *lines = text.splitlines()
    assert code == 0 and title == "Exports plus imports of goods; USD_million"
    assert [line[0] for line in lines].count("*") == 1
    assert lines[0].startswith("*  2016  120.6") and "more precise" in lines[0]
    rows = read("series", "goods_turnover", "--year", "2016")
    chosen = p.series("goods_turnover").loc["2016"]
    (mine,) = [r for r in rows if r["observation_id"] == chosen["observation_id"]]
    assert mine["stands"] and mine["step"] == chosen["chosen_by"]
    code, text = call("series", "goods_turnovr")
    assert code == 2 and "did you mean goods_turnover" in text


def test_tables_are_filtered(call, read):
    rows = read("table", "education", "--year", "2019/20", "--speaker", "UIS")
    assert rows and {(r["period"], r["stated_by"]) for r in rows} == {
        ("2019/2020", "UIS")
    }
    rows = read("table", "trade", "--source", "trade-azernews-2017")
    assert {row["source_id"] for row in rows} == {"trade-azernews-2017"}
    code, text = call("table", "series", "--year", "2017")
    assert code == 2 and "unknown year of series" in text


@pytest.mark.parametrize("command", [("find", "Türkiye"), ("series", "goods_turnover")])
def test_plain_is_one_row_a_line_with_tabs(call, command):
    lines = call(*command, "--plain")[1].splitlines()
    assert len({line.count("\t") for line in lines}) == 1 and "\t" in lines[0]


# ---- what is written, wherever it goes ----

WRITING = [
    ("table", "countries"),
    ("table", "countries", "--json"),
    ("table", "countries", "--plain"),
    ("claims",),
    ("find", "Türkiye"),
    ("series", "goods_turnover", "--json"),
]


@pytest.mark.parametrize("arguments", WRITING, ids=" ".join)
def test_output_is_utf8_with_lf_wherever_it_goes(arguments, tmp_path):
    """Under a locale of Windows, and with its line ends in texts and streams."""
    program = (
        "import io, os, sys\n"
        "os.linesep = '\\r\\n'\n"
        "sys.stdout = io.TextIOWrapper(sys.stdout.buffer, 'cp1252', newline='\\r\\n')\n"
        "from partnership.cli import main\n"
        f"main({list(arguments)!r})\n"
    )
    env = os.environ | {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    file = tmp_path / "out"
    with file.open("wb") as out:
        subprocess.run([sys.executable, "-c", program], stdout=out, env=env, check=True)
    written = file.read_bytes()
    assert b"\r" not in written and written.endswith(b"\n")
    assert len(written.decode("utf-8")) > 100
    if arguments[1:2] == ("countries",):
        assert "Türkiye" in written.decode("utf-8")


def test_names_of_files_and_products_in_any_letters_are_written(tmp_path):
    rows = "exporter,importer,year,value,product\nAAA,BBB,2016,5,чай\n"
    (tmp_path / "чай.csv").write_text(rows, encoding="utf-8")
    asked = [["world", "shares", "чай.csv", "--set", "of=product"]]
    asked += [["new-pair", "KAZ", "UZB", "папка"], ["check", "--data", "папка"]]
    env = os.environ | {"PYTHONIOENCODING": "cp1252"}
    for arguments in asked:
        command = [sys.executable, "-m", "partnership.cli", *arguments]
        how = {"cwd": tmp_path, "env": env, "capture_output": True}
        made = subprocess.run(command, check=True, **how)
        assert made.stdout.decode("utf-8") and not made.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a shell closes it")
def test_closed_output_is_no_traceback(tmp_path):
    command = f"exec {sys.executable} -m partnership.cli find trade >&-"
    made = subprocess.run(command, shell=True, capture_output=True, check=False)
    assert (made.returncode, made.stderr) == (0, b"")


def test_no_control_characters_reach_the_screen(call, folder):
    path = folder / "sources.csv"
    text = path.read_text("utf-8").replace("CEPII", "CE\x9b31mP\x9b2J\u202eII")
    path.write_text(text, encoding="utf-8", newline="\n")
    for command in (("sources",), ("table", "sources"), ("sources", "--json")):
        code, text = call(*command, "--data", str(folder))
        assert code == 0 and not set(text) & set("\x1b\x9b\u202e")
        warning, _, text = text.partition("\n")  # to standard error, in one line
        assert warning.startswith("Warning: sources.csv differs from the hash")
        if "--json" in command:
            told = {row["publisher"][:15] for row in json.loads(text)}
            assert "CE\x9b31mP\x9b2J\u202eII" in told, "JSON loses nothing"
        else:
            assert "CE31mP2JII" in text


def test_csv_for_spreadsheets_runs_no_formula(call, folder):
    path = folder / "units.csv"
    cells = ["=1+1", "+A1", "-A1", "@x", "-5", "+5.5%", "a=b"]
    lines = "".join(f"unit{n},{cell}\n" for n, cell in enumerate(cells))
    path.write_text(path.read_text("utf-8") + lines, encoding="utf-8", newline="\n")
    call("check", "--refresh", "--data", str(folder))
    safe, raw = (
        call("table", "units", "--data", str(folder), *more)[1].splitlines()[-7:]
        for more in ((), ("--raw",))
    )
    assert [line.partition(",")[2] for line in raw] == cells
    assert [line.partition(",")[2] for line in safe] == [
        *("'=1+1", "'+A1", "'-A1", "'@x"),
        *("-5", "+5.5%", "a=b"),
    ]
