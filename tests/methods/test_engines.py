"""The same results from pandas, Polars, DuckDB and real PySpark, to 1e-9.

Every engine gets the same tables in one go, told apart by a column ``case``: those
drawn by hypothesis (missing flows, totals of 0, one product, leading zeros, letters of
many alphabets, repeated keys, gaps), a few extremes, and, where the evidence is beside
the checkout, whole tables of world trade.
"""

from pathlib import Path

import duckdb
import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from partnership.methods import indicators as ind

ROOT = Path(__file__).parents[2]
WORLD = ROOT.parent / "shared" / "evidence" / "world"
KEYS = ["case", "exporter", "importer", "product", "year"]
PER = ["case", "year"]
YEARS = (2000, 2001)

CALLS = {
    "totals": lambda f: ind.totals(f, ["exporter", *PER]),
    "totals of nothing": lambda f: ind.totals(f, []),
    "shares": lambda f: ind.shares(f, "importer", ["exporter", *PER]),
    "shares of stated": lambda f: ind.shares(f, "importer", PER, f),
    "shares of products": lambda f: ind.shares(f, "product", PER),
    "hhi": lambda f: ind.hhi(f, "importer", ["exporter", *PER]),
    "rca": lambda f: ind.rca(f, PER),
    "intensity": lambda f: ind.intensity(f, PER),
    "complementarity": lambda f: ind.complementarity(f, PER),
    "balance": lambda f: ind.balance(f, ["economy", *PER]),
    "balance with partners": lambda f: ind.balance(f, ["economy", "partner", *PER]),
    "grubel_lloyd": lambda f: ind.grubel_lloyd(f, ["economy", *PER]),
    "grubel_lloyd of products": lambda f: ind.grubel_lloyd(
        f, ["economy", "product", *PER], []
    ),
    "mirror_gap": lambda f: ind.mirror_gap(
        ind.totals(f, KEYS),
        ind.totals(f, ["importer", "case", "product", "year"]),
        by=["case", "product", "year"],
    ),
    "constant_market_shares": lambda f: ind.constant_market_shares(f, *YEARS, "case"),
    "constant_market_shares of products": lambda f: ind.constant_market_shares(
        f, *YEARS, "case", "product"
    ),
    "movers": lambda f: ind.movers(f, *YEARS, per="case"),
}
# A difference of two numbers is as exact as they are.
DIFFERENCES = {"balance", "gap", "change", "composition", "market", "competitiveness"}


@st.composite
def tables(draw):
    """One small table of flows; about every second has a gap."""
    names = ["AAA", "BBB", "024", "24", "Côte d'Ivoire", "Ќина", "中国"]
    products = draw(st.sampled_from([["010121"], ["010121", "10121", "ø", "ﬁ"]]))
    values = st.one_of(
        st.just(0.0), st.floats(0.001, 1e9), st.integers(0, 1000).map(float)
    )
    if draw(st.booleans()):
        values = st.one_of(values, st.none())
    if draw(st.integers(0, 9)) == 0:
        values = st.just(0.0)
    row = st.tuples(*map(st.sampled_from, (names, names, products, YEARS)), values)
    rows = draw(st.lists(row, min_size=1, max_size=30))
    return pd.DataFrame(rows, columns=[*KEYS[1:], "value"])


def drawn(number=60):
    """The same tables on every run."""
    found = []

    @settings(
        derandomize=True, database=None, max_examples=number, phases=[Phase.generate]
    )
    @given(tables())
    def note(table):
        found.append(table)

    note()
    return found


def extremes():
    """Tables at the edge: one row, one zero, one gap, the same row again."""
    one = ["AAA", "BBB", "0101", 2000]
    for values in ([1.0], [0.0], [None], [2.0, 2.0], [2.0, None], [1e-300, 1e300]):
        yield pd.DataFrame([[*one, v] for v in values], columns=[*KEYS[1:], "value"])


def evidence():
    """Tables of world trade of other people, where they are beside the checkout."""
    if not WORLD.is_dir():
        return
    years = pd.read_csv(WORLD / "trade_unctad_pairs_1995_2005_2015.csv")
    machines = pd.read_csv(WORLD / "trade_unctad_machinery_pairs_2015.csv")
    columns = ["exporter", "importer", "value", "product", "year"]
    last = years.iloc[:, [0, 1, 4]].assign(product="goods", year=2000)
    first = years.iloc[:, [0, 1, 3]].assign(product="goods", year=2001)
    machines = machines.assign(product="machinery", year=2000)
    frames = [f.set_axis(columns, axis=1) for f in (first, last, machines)]
    yield pd.concat(frames).query("exporter != 'WLD' and importer != 'WLD'")
    old = pd.read_csv(WORLD / "trade_cow_pairs_1992_2014.csv").set_index(
        ["exporter", "importer"]
    )
    old = old[["y2000_usd_million", "y2001_usd_million"]].set_axis(YEARS, axis=1)
    old = old.rename_axis("year", axis=1).stack().rename("value").reset_index()
    yield old.assign(product="0")


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """All cases in one Parquet file, which every engine reads by itself."""
    found = [*drawn(), *extremes()]
    frames = [f.assign(case=f"{n:03}") for n, f in enumerate(found)]
    stacked = pd.concat(frames, ignore_index=True)
    assert stacked["case"].nunique() >= 40 and stacked["value"].isna().any()
    assert stacked.duplicated(KEYS).any() and (stacked["product"] == "010121").any()
    frames += [f.assign(case=f"world {n}") for n, f in enumerate(evidence())]
    path = tmp_path_factory.mktemp("cases") / "cases.parquet"
    stacked = pd.concat(frames, ignore_index=True)
    stacked["value"] = stacked["value"].astype(float)
    stacked["year"] = stacked["year"].astype("int64")
    stacked.to_parquet(path, index=False)
    return path


@pytest.fixture(scope="module")
def spark(pyspark):
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.log.level", "OFF")
        .getOrCreate()
    )
    yield session
    session.stop()


def collected(native):
    """A result as a pandas frame in one order."""
    frame = nw.from_native(native)
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect("pyarrow")
    frame = frame.to_pandas().reset_index(drop=True)
    frame.columns = list(frame.columns)
    return frame


def compare(found, expected):
    """Equal keys, equal gaps, and numbers that differ by 1e-9 at most."""
    assert list(found) == list(expected) and len(found) == len(expected)
    words = {"case", "year", "exporter", "importer", "economy", "partner", "product"}
    keys = [column for column in expected if column in words]
    if keys:
        found, expected = (
            f.sort_values(keys).reset_index(drop=True) for f in (found, expected)
        )
    assert (found[keys].astype(str) == expected[keys].astype(str)).all(axis=None)
    numbers = [column for column in expected if column not in keys]
    size = expected[numbers].abs().max(axis=1).fillna(0).to_numpy(float)
    for column in numbers:
        one, other = (f[column].to_numpy(float) for f in (found, expected))
        assert (np.isnan(one) == np.isnan(other)).all(), column
        known = ~np.isnan(one)
        of = np.abs(other)
        if column in DIFFERENCES:
            of = size
        elif column in ("growth", "symmetric", "normalised", "contribution"):
            of = np.maximum(of, size if "competitiveness" in expected else 1)
        wrong = known & (np.abs(one - other) > 1e-9 * of)
        assert not wrong.any(), (column, found[wrong], expected[wrong])


@pytest.fixture(scope="module")
def expected(file):
    flows = pd.read_parquet(file)
    return {name: collected(call(flows)) for name, call in CALLS.items()}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    "engine", ["polars", "polars in memory", "duckdb", "duckdb of pandas"]
)
def test_engines_agree(engine, name, file, expected):
    flows = {
        "polars": pl.scan_parquet,
        "polars in memory": pl.read_parquet,
        "duckdb": duckdb.read_parquet,
        "duckdb of pandas": lambda path: duckdb.from_df(pd.read_parquet(path)),
    }[engine](file)
    compare(collected(CALLS[name](flows)), expected[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", CALLS)
def test_spark_agrees(name, spark, file, expected):
    flows = spark.read.parquet(file.as_uri())
    compare(collected(CALLS[name](flows)), expected[name])


@pytest.mark.slow
def test_spark_refuses_in_the_query(spark, file):
    flows = spark.read.parquet(file.as_uri()).selectExpr(
        *("case", "exporter", "importer", "product", "year", "-value as value")
    )
    with pytest.raises(Exception, match="value: found one below 0 or infinite; allow"):
        collected(ind.rca(flows, PER))


@pytest.mark.parametrize("name", CALLS)
def test_the_kind_of_frame_is_kept_and_lazy_stays_lazy(name, file):
    flows = pl.scan_parquet(file)
    assert isinstance(CALLS[name](flows), pl.LazyFrame)
    assert isinstance(CALLS[name](flows.collect()), pl.DataFrame)
    relation = duckdb.read_parquet(file)
    assert type(CALLS[name](relation)) is type(relation)
    assert isinstance(CALLS[name](pd.read_parquet(file)), pd.DataFrame)


def test_nothing_is_run_before_it_is_asked_for(tmp_path):
    file = tmp_path / "flows.parquet"
    columns = dict(zip(KEYS[1:], ["AAA", "BBB", "01", 2000], strict=True))
    pd.DataFrame([columns | {"value": 1.0}]).to_parquet(file)
    results = [ind.rca(duckdb.read_parquet(file)), ind.rca(pl.scan_parquet(file))]
    pd.DataFrame([columns | {"value": 7.0}]).to_parquet(file)
    assert [collected(one)["value"].item() for one in results] == [7.0, 7.0]


def test_a_result_can_be_asked_on(file):
    """What DuckDB is told of its steps meets no other step of the same name."""
    flows = duckdb.read_parquet(file)
    twice = ind.totals(ind.totals(flows, ["exporter", *PER]), PER)
    compare(collected(twice), collected(ind.totals(pd.read_parquet(file), PER)))
    rca = nw.from_native(ind.rca(flows, PER))
    spread = nw.from_native(ind.hhi(flows, "importer", ["exporter", *PER]))
    assert len(rca.join(spread, on=["exporter", *PER]).collect("pyarrow")) > 3


def test_duckdb_runs_a_step_that_is_used_again_only_once(file):
    plan = ind.rca(duckdb.read_parquet(file), PER).explain()
    assert str(plan).count("PARQUET_SCAN") == 1
