"""`partnership world`: files in, indicators out, by every engine that is here."""

import duckdb
import pandas as pd
import pytest
from click.testing import CliRunner

from partnership import world
from partnership.cli import main
from partnership.methods import indicators

FLOWS = pd.DataFrame(
    [
        ("AAA", "BBB", "010121", 2000, 6.0),
        ("AAA", "024", "0101", 2000, 4.0),
        ("024", "BBB", "0101", 2001, 5.0),
        ("024", "AAA", "010121", 2001, 1.5),
    ],
    columns=["exporter", "importer", "product", "year", "value"],
)
ENGINES = ["duckdb", "polars", "pandas"]


@pytest.fixture
def files(tmp_path):
    """The same flows in five shapes."""
    short = {long: name for name, long in world.BACI.items()}
    FLOWS.to_parquet(tmp_path / "long.parquet", index=False)
    FLOWS.rename(columns=short).to_parquet(tmp_path / "baci.parquet", index=False)
    FLOWS.to_csv(tmp_path / "long.csv", index=False)
    FLOWS.rename(columns=short).to_csv(tmp_path / "baci.csv.gz", index=False)
    for year, rows in FLOWS.groupby("year"):
        rows.to_csv(tmp_path / f"year_{year}.csv", index=False)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, ["world", *map(str, arguments)])


def read(text):
    return [line.split(",") for line in text.splitlines()]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "names",
    [
        *("long.parquet", "baci.parquet", "long.csv", "baci.csv.gz"),
        "year_2000.csv year_2001.csv",
    ],
)
def test_every_shape_and_engine_gives_the_same(files, engine, names):
    paths = [files / name for name in names.split()]
    result = run("rca", *paths, "--engine", engine)
    assert result.exit_code == 0, result.output
    header, *rows = read(result.stdout)
    assert header == ["exporter", "product", "year", "value", "rca", "symmetric"]
    expected = indicators.rca(FLOWS).sort_values(["exporter", "product", "year"])
    # Zeros at the front of codes are kept.
    assert [row[:3] for row in rows] == expected.iloc[:, :3].astype(str).values.tolist()
    found = [[float(cell) for cell in row[3:]] for row in rows]
    assert found == [pytest.approx(row) for row in expected.iloc[:, 3:].values.tolist()]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_it_writes_a_file_and_nothing_else(files, engine, ending):
    before = set(files.iterdir())
    out = files / f"out.{ending}"
    result = run("hhi", files / "long.csv", "--engine", engine, "--out", out)
    assert (result.exit_code, result.stdout) == (0, ""), result.output
    assert set(files.iterdir()) - before == {out}
    kinds = {"exporter": str}
    table = pd.read_csv(out, dtype=kinds) if ending == "csv" else pd.read_parquet(out)
    table = table.set_index("exporter")["hhi"]
    assert table.to_dict() == pytest.approx({"AAA": 0.52, "024": 27.25 / 42.25})


@pytest.mark.parametrize("engine", ENGINES)
def test_text_is_in_order_of_the_keys(files, engine):
    keys = [range(1000, 1400), ["AAA", "BBB"], ["CCC"], range(2000, 2100)]
    names = ["product", "exporter", "importer", "year"]
    flows = pd.MultiIndex.from_product(keys, names=names).to_frame(index=False)
    flows["product"] = flows["product"].astype(str)
    flows.sample(frac=1, random_state=1).assign(value=1).to_parquet(
        files / "many.parquet"
    )
    for words in (["--out", files / "out.csv"], []):
        result = run("totals", files / "many.parquet", "--engine", engine, *words)
        text = (files / "out.csv").read_text() if words else result.stdout
        rows = [row[:2] for row in read(text)[1:]]
        assert len(rows) == 200 and rows == sorted(rows)
    out = files / "rca.csv"
    run("rca", files / "many.parquet", "--engine", engine, "--out", out)
    rows = [row[:3] for row in read(out.read_text())[1:]]
    assert len(rows) == 80_000 and rows == sorted(rows)


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_are_chosen_by_a_condition_on_the_long_names(files, engine):
    condition = "year > 2000 AND importer <> 'AAA'"
    result = run(
        "totals", files / "baci.parquet", "--where", condition, "--engine", engine
    )
    assert read(result.stdout) == [
        ["exporter", "year", "value"],
        ["024", "2001", "5.0"],
    ]


def test_arguments_of_an_indicator(files):
    result = run(
        *("movers", files / "long.csv", "--set", "start=2000", "--set", "end=2001"),
        *("--set", "of=exporter"),
    )
    rows = {row[0]: row[3] for row in read(result.stdout)[1:]}
    assert rows == {"AAA": "-10.0", "024": "6.5"}
    with_two = run("mirror_gap", files / "long.csv", files / "long.csv")
    assert len(read(with_two.stdout)) == 5


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"value": [1, 2, 3, -4]},
            "value: found one below 0 or infinite; allowed is a",
        ),
        ({"importer": ["WLD", "BBB", "024", "024"]}, "importer: found the total 'WLD'"),
        (
            {"exporter": ["0", "112", "024", "795"]},
            "exporter: found the total '0' among",
        ),
        (
            {"exporter": ["AAA", None, "BBB", "024"]},
            "exporter, product, year: found an",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_line(files, engine, change, message):
    FLOWS.assign(**change).to_parquet(files / "wrong.parquet")
    out = files / "out.csv"
    result = run("rca", files / "wrong.parquet", "--engine", engine, "--out", out)
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: {message}")
    assert result.output.count("\n") == 1 and "Traceback" not in result.output
    assert not out.exists() and not [*files.glob(".partnership-*")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["rcas", "long.csv"], "indicator: found 'rcas'; allowed is one of totals, sh"),
        (["rca", "none.csv"], "none.csv; allowed is a file that is there"),
        (
            ["rca", "long.csv", "--engine", "dask"],
            "engine: found 'dask'; allowed is on",
        ),
        (
            ["rca", "long.csv", "long.parquet"],
            "files: found CSV and Parquet; allowed is",
        ),
        (["rca", "notes.txt"], "ending of a file: found 'txt'; allowed is one of parq"),
        (
            ["rca", "long.csv", "--out", "x.xlsx"],
            "ending of --out: found '.xlsx'; allo",
        ),
        (
            ["rca", "long.csv", "--out", "no/x.csv"],
            "--out: found no/x.csv; allowed is a file in a known folder",
        ),
        (
            ["rca", "long.csv", "--memory", "lots"],
            "memory: found 'lots'; allowed is such as 4GB",
        ),
        (["rca", "long.csv", "--where", "yeer > 1"], 'column "yeer" not found'),
        (
            ["rca", "long.csv", "--set", "start=2000"],
            "rca: got an unexpected keyword a",
        ),
        (["movers", "long.csv"], "movers: missing a required argument: 'start'"),
        (
            ["movers", "long.csv", "--set", "start=x"],
            "start: found 'x'; allowed is a nu",
        ),
        (
            ["hhi", "long.csv", "--set", "of"],
            "--set: found 'of'; allowed is NAME=VALUE",
        ),
        (
            ["hhi", "long.csv", "--set", "off=1"],
            "argument of the indicator: found 'off'",
        ),
        (["hhi", "long.csv", "--set", "of=port"], "flows: found no column 'port'"),
        (
            ["mirror_gap", "long.csv"],
            "files: found 1; allowed is two: of exporters, of",
        ),
        (["hhi", "long.csv", "long.csv"], "long.csv' twice; allowed is each once"),
        (
            ["hhi", "long.csv", "baci.csv.gz"],
            "files: found other columns in long.csv a",
        ),
        (["hhi", "long.csv", "--set", "of="], "of: found nothing; allowed is names of"),
        (["hhi", "long.csv", "--set", "of=year"], "columns: found 'year' twice; allow"),
        (
            ["movers", "long.csv", "--set", "start=1990", "--set", "end=2001"],
            "start: found 1990; allowed is one of 2000, 2001",
        ),
    ],
)
def test_wrong_use_is_named(files, arguments, message):
    (files / "notes.txt").write_text("x")
    name, *rest = arguments
    rest = [str(files / one) if (files / one).is_file() else one for one in rest]
    result = run(name, *rest)
    assert result.exit_code != 0 and message in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("AAA,BBB,2000\n", "line 2: Expected Number of Columns: 4 Found: 3"),
        ("AAA,BBB,2000,5\nAAA,CCC,2000,1,5\n", "line 3: Expected Number of Columns: "),
        ('"AAA,BBB,2000,5\nAAA,CCC,2000,5\n', "line 2: Value with unterminated quote"),
        ("AAA,BBB,2000,٣\n", "٣"),
        ("AAA,BBB,MM,5\n", "MM"),
        (None, "flows.csv, header: found 'value' twice; allowed is each once"),
        ("", "files: found no header; allowed is names of columns"),
    ],
)
def test_a_broken_csv_is_named_by_every_engine(tmp_path, engine, text, message):
    head = "exporter,importer,year,value" + (",value" if text is None else "") + "\n"
    content = head + (text or "AAA,BBB,2000,1,2\n") if text != "" else ""
    (tmp_path / "flows.csv").write_text(content, encoding="utf-8")
    result = run("shares", tmp_path / "flows.csv", "--engine", engine)
    assert result.exit_code == 1 and message in result.output
    assert result.output.count("\n") == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_other_separators_and_a_mark_are_read(files, engine):
    FLOWS.to_csv(files / "x.csv", index=False, sep=";", encoding="utf-8-sig")
    asked = ["hhi", files / "x.csv", "--engine", engine]
    assert run(*asked).stdout == run("hhi", files / "long.csv").stdout


@pytest.mark.long
def test_a_small_limit_of_memory_spills_and_gives_the_same(tmp_path):
    rows = 3_000_000
    file = tmp_path / "large.parquet"
    duckdb.sql(
        "select 'E' || (i % 200) exporter, 'X' || (i % 211) importer, 2000 as year, "
        f"(i * 7919 % 1000003)::varchar product, 1.0 as value from range({rows}) t(i)"
    ).write_parquet(str(file))
    table = tmp_path / "rca.parquet"
    result = run("rca", file, "--memory", "180MB", "--out", table)
    assert result.exit_code == 0, result.output
    found = duckdb.sql(
        f"select sum(value), count(*), max(rca) from '{table}'"
    ).fetchall()
    assert found[0][0] == rows and found[0][1] > 1_000_000


def test_the_limit_and_the_folder_to_spill_to_are_set(tmp_path):
    run = world._DuckDB(str(tmp_path), "200MB")
    query = "select current_setting('memory_limit'), current_setting('temp_directory')"
    assert run.connection.execute(query).fetchone() == ("190.7 MiB", str(tmp_path))
    run.close()


def test_the_help_has_formulas_and_references_of_all():
    text = " ".join(run("--help").stdout.split())
    for name in world.INDICATORS:
        assert name in text
        documented = getattr(indicators, name).__doc__
        for reference in ("Balassa", "Laursen", "Herfindahl", "Adelman", "Kojima"):
            if f".. [1] {reference}" in documented:
                assert f"{reference} (" in text
    assert "(x_ik / x_i) / (x_k / x): Balassa (1965)" in text


@pytest.mark.slow
def test_spark_writes_the_same(pyspark, files):
    result = run("rca", files / "baci.csv.gz", "--engine", "spark")
    assert result.exit_code == 0, result.output
    other = run("rca", files / "long.parquet")
    assert [r[:3] for r in read(result.stdout)] == [r[:3] for r in read(other.stdout)]
