"""Indicators of 1, 20 and 100 million rows, against what people write today.

One seeded table in the shape of BACI is made for each size: as many economies and
products, and the same skew of who sells how many products to whom. Each measure is a
fresh process that reads Parquet and writes Parquet; those of one size take turns, and
the median of their times stands. Results of all ways are compared first.

    make bench-world               all sizes, about an hour, into docs/performance.md
    make bench-world WORLD=1       one million rows only, to the screen

The packages `ecomplexity` and `rca-batch-calc` are measured where the Python of
BENCH_OTHERS has them; the files of BENCH_FOLDER (by default a new folder) are deleted.
"""

from __future__ import annotations

import json
import math
import os
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import textwrap
from datetime import date
from importlib.metadata import version
from pathlib import Path

import duckdb

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "docs" / "performance.md"
HEAD = "## Indicators of millions of rows"
MEMORY = "3GB"  # of DuckDB, which needs some more for itself: 4 GB in all
ECONOMIES, PRODUCTS, A_YEAR = 226, 5021, 10_000_000


def make(path: Path, rows: int, seed: int = 1) -> int:
    """Write a table of about so many flows; years have 10 million at most."""
    years = max(1, round(rows / A_YEAR))
    base = duckdb.connect(config={"memory_limit": "3GB", "temp_directory": path.parent})
    # A number from 0 to 1 that depends on the seed and on x alone.
    base.execute(f"create macro u(x) as hash(x, {seed}) / 18446744073709551616.0")
    base.execute(
        f"create table e as select lpad((4 * i)::varchar, 3, '0') code, "
        f"exp(-5.0 * i / {ECONOMIES}) size from range(1, {ECONOMIES + 1}) t(i)"
    )

    def number(scale):
        return (
            f"least({PRODUCTS}, ceil({scale} * a.size * b.size "
            "* (0.5 + u('n' || a.code || b.code))))::int"
        )

    pairs = "e a, e b where a.code <> b.code"
    low, high = 1.0, 1e6
    for _ in range(60):
        scale = (low * high) ** 0.5
        query = f"select sum({number(scale)}) from {pairs}"
        made = base.execute(query).fetchone()[0]
        low, high = (scale, high) if made < rows / years else (low, scale)
    # A pair starts at some product and goes on in steps of one size: the number of
    # products is prime, so no product comes twice.
    base.execute(
        f"""copy (
        with pairs as (
            select t, a.code i, b.code j, {number(scale)} n, 4 * a.size * b.size larger,
                (u('o' || i || j) * {PRODUCTS})::bigint first,
                1 + (u('s' || i || j) * ({PRODUCTS} - 1))::int % ({PRODUCTS} - 1) step
            from range(2001, {2001 + years}) y(t), {pairs}),
        cells as (select *, (first + m * step) % {PRODUCTS} product
            from (select *, unnest(range(n)) m from pairs))
        select t::smallint t, i, j, lpad((10100 + 190 * product)::varchar, 6, '0') k,
            greatest(0.001, round(exp(2 + larger + 2.5
                * sqrt(-2 * ln(1e-12 + u(product * 31 + m)))
                * cos(6.283 * u(i || j || t || m))), 3)) v,
            round(1000 * u(m || i), 3) q
        from cells) to '{path}' (format parquet, row_group_size 1000000)"""
    )
    return base.execute(f"select count(*) from '{path}'").fetchone()[0]


# What every way does: read `file`, calculate, write `out`.

OURS = """
import duckdb
from partnership.methods import indicators
base = duckdb.connect(config=dict(memory_limit="MEMORY", temp_directory=out + ".tmp"))
base.execute("set preserve_insertion_order = false")
one = base.sql("select 'A' exporter, 2000 as year, 1.0 as value")
indicators.totals(one)  # what Narwhals imports at its first use
START()
flows = base.read_parquet(file).select(
    "i as exporter, j as importer, k as product, t as year, v as value")
indicators.NAME(flows).write_parquet(out)
"""
COMMAND = """
from partnership import world
world.calculate("NAME", [file], out=out, memory="MEMORY")
"""
SQL = """
import duckdb
base = duckdb.connect(config=dict(memory_limit="MEMORY", temp_directory=out + ".tmp"))
base.execute("set preserve_insertion_order = false")
flows = f"read_parquet('{file}')"
base.execute(f'''copy (QUERY) to '{out}' (format parquet)''')
"""
SQL_RCA = """
with c as (select i, k, t, sum(v) v from {flows} group by all),
x as (select i, t, sum(v) x from c group by all),
p as (select k, t, sum(v) p from c group by all),
w as (select t, sum(v) w from c group by all),
r as (select i, k, t, v, (v / x) / (p / w) r
  from c join x using (i, t) join p using (k, t) join w using (t))
select *, (r - 1) / (r + 1) s from r"""
SQL_HHI = """
with p as (select i, j, t, sum(v) v from {flows} group by all),
h as (select i, t, count(*) n, sum(v * v) / sum(v) ^ 2 h from p group by all)
select *, (h - 1 / n) / (1 - 1 / n) normalised, 1 / h equivalent from h"""
SQL_INTENSITY = """
with c as (select i, j, t, sum(v) v from {flows} group by all),
x as (select i, t, sum(v) x from c group by all),
m as (select j, t, sum(v) m from c group by all),
w as (select t, sum(v) w from c group by all)
select c.*, (v / x) / (m.m / (w - coalesce(own.m, 0))) r
from c join x using (i, t) join m using (j, t) join w using (t)
left join m own on own.j = c.i and own.t = c.t"""
PANDAS = """
import pandas
d = pandas.read_parquet(file, columns=COLUMNS)
c = d.groupby(KEYS, as_index=False)["v"].sum()
def total(*keys): return c.groupby(list(keys))["v"].transform("sum")
"""
PANDAS_RCA = """
c["r"] = (c.v / total("i", "t")) / (total("k", "t") / total("t"))
c["s"] = (c.r - 1) / (c.r + 1)
c.to_parquet(out)
"""
PANDAS_HHI = """
c["h"] = (c.v / total("i", "t")) ** 2
h = c.groupby(["i", "t"], as_index=False).agg(n=("h", "size"), h=("h", "sum"))
h["normalised"], h["equivalent"] = (h.h - 1 / h.n) / (1 - 1 / h.n), 1 / h.h
h.to_parquet(out)
"""
PANDAS_INTENSITY = """
own = c.groupby(["j", "t"], as_index=False)["v"].sum()
own = own.rename(columns={"j": "i", "v": "own"})
own = c.merge(own, on=["i", "t"], how="left")["own"].fillna(0)
c["r"] = (c.v / total("i", "t")) / (total("j", "t") / (total("t") - own))
c.to_parquet(out)
"""
POLARS = """
import polars
c = polars.scan_parquet(file).group_by(KEYS).agg(polars.col("v").sum())
v, r, h, n = map(polars.col, "vrhn")
"""
POLARS_RCA = """
c = c.with_columns(
    r=(v / v.sum().over("i", "t")) / (v.sum().over("k", "t") / v.sum().over("t")))
c.with_columns(s=(r - 1) / (r + 1)).sink_parquet(out)
"""
POLARS_HHI = """
c = c.group_by("i", "t").agg(n=polars.len(), h=((v / v.sum()) ** 2).sum())
c.with_columns(s=(h - 1 / n) / (1 - 1 / n), e=1 / h).sink_parquet(out)
"""
POLARS_INTENSITY = """
own = c.group_by(polars.col("j").alias("i"), "t").agg(own=v.sum())
c = c.join(own, on=["i", "t"], how="left")
world = v.sum().over("t") - polars.col("own").fill_null(0)
r = (v / v.sum().over("i", "t")) / (v.sum().over("j", "t") / world)
c.with_columns(r=r).select("i", "j", "t", "v", "r").sink_parquet(out)
"""
ECOMPLEXITY = """
import pandas
from ecomplexity.ComplexityData import ComplexityData
d = pandas.read_parquet(file, columns=["i", "k", "t", "v"])
d = d.groupby(["t", "i", "k"], as_index=False)["v"].sum()
data = ComplexityData(d, {"time": "t", "loc": "i", "prod": "k", "val": "v"}, "raise")
years = []
for t in d["t"].unique():
    data.create_full_df(t)
    data.calculate_rca()
    table = data.data_t.assign(t=t, r=data.rca_t.ravel())
    years.append(table[table["val"] > 0].reset_index())
pandas.concat(years).to_parquet(out)
"""
# By market, with scans of the whole table for each economy: one product of 5,021 and
# 10 economies of 226.
BATCH = """
import os, pandas
from rca_batch_calc.rca_calc import RCA_Calculator
os.makedirs(out + ".csv")
name = "BACI_HS_Y2001_V1.csv"
d = pandas.read_parquet(file)
few, one = [int(c) for c in sorted(d["i"].unique())[:10]], [int(d["k"].min())]
d.to_csv(f"{out}.csv/{name}", index=False)
START()
c = RCA_Calculator()
given = (out + ".csv", name)
tables = {
    "xij": c.generate_xij(*given, one, few).rename(
        columns=dict(t="Year", i="Exporter", j="Importer", k="Product", v="V")),
    "xin": pandas.DataFrame(c.generate_xin(*given, ["V"], one),
        columns=["Year", "Importer", "Product", "V"]),
    "xwj": pandas.DataFrame(c.generate_xwj(*given, ["V"], few),
        columns=["Year", "Exporter", "Importer", "V"]),
    "xwn": pandas.DataFrame(c.generate_xwn(*given, ["V"]),
        columns=["Year", "Importer", "V"]),
}
for key, table in tables.items(): table.to_csv(f"{out}.csv/{key}.csv", index=False)
r = c.rca_calc_new("V", *(f"{out}.csv/{key}.csv" for key in tables))
"""
ALL = ["ours, DuckDB", "the command, DuckDB", "SQL by hand, DuckDB", "pandas", "Polars"]
OTHERS = ["ecomplexity", "rca-batch-calc, a part"]
EACH = {1: (5, ALL + OTHERS), 20: (5, [*ALL, "ecomplexity"]), 100: (3, ALL[:3])}
"""Runs and ways of each size: beyond 20 million, DuckDB alone keeps to 4 GB."""

COLUMNS = ("indicator", "way", "seconds", "times SQL", "processor s", "peak GB")
ABOUT = (
    "Made by `make bench-world`: seeded tables in the shape of BACI, read from Parquet "
    "and written to Parquet, each time by a fresh process; median of its turns, "
    "without its imports. DuckDB is limited to 3 GB. Ours takes some hundredths of a "
    "second to write its query, whatever the size; the command also reads the names "
    "of all partners, to refuse totals among them. rca-batch-calc finds the "
    "advantage within each importer's market; its part is one product of 5,021 and 10 "
    "economies of 226, from CSV."
)

CELLS = {"rca": "ikt", "hhi": "ijt", "intensity": "ijt"}


CHILD = """
import json, os, re, sys, time
file, out = sys.argv[1:]
def START():
    global begun
    begun = time.perf_counter(), time.process_time()
START()
{imports}
START()
{code}
took = time.perf_counter() - begun[0], time.process_time() - begun[1]
peak = re.search("VmHWM: *(\\d+)", open("/proc/self/status").read().replace("\\t", ""))
print(json.dumps([*took, int(peak[1]) / 1e6]))
"""


def programs(name: str) -> dict[str, str]:
    """Code of each way to calculate an indicator."""
    texts, keys = globals(), [*CELLS[name]]
    found = {
        "ours, DuckDB": OURS,
        "the command, DuckDB": COMMAND,
        "SQL by hand, DuckDB": SQL.replace("QUERY", texts[f"SQL_{name.upper()}"]),
        "pandas": PANDAS + texts[f"PANDAS_{name.upper()}"],
        "Polars": POLARS + texts[f"POLARS_{name.upper()}"],
    }
    if name == "rca":
        found |= {"ecomplexity": ECOMPLEXITY, "rca-batch-calc, a part": BATCH}
    words = {"NAME": name, "MEMORY": MEMORY}
    words |= {"KEYS": str(keys), "COLUMNS": str([*keys, "v"])}
    for way, code in found.items():
        for word, value in words.items():
            code = code.replace(word, value)
        found[way] = code
    return found


def measure(way: str, code: str, file: Path) -> list[float] | None:
    """Seconds, processor seconds and peak GB of a fresh process; None if it fails."""
    lines = code.splitlines()
    imports = [line for line in lines if re.match("(from [a-zA-Z_.]+ )?import ", line)]
    rest = [line for line in lines if line not in imports]
    program = CHILD.replace("{imports}", "\n".join(imports))
    program = program.replace("{code}", "\n".join(rest))
    others = way.startswith(("ecomplexity", "rca-batch-calc"))
    python = os.environ.get("BENCH_OTHERS", "") if others else sys.executable
    if not python:
        return None
    out = file.with_name(f"out-{way.split(',')[0].replace(' ', '-')}.parquet")
    command = [python, "-c", program, str(file), str(out)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=file.parent,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
    )
    for left in file.parent.glob(out.name + ".*"):
        shutil.rmtree(left)
    if done.returncode:
        print(way, done.stderr[-600:], file=sys.stderr)
        return None
    return json.loads(done.stdout.splitlines()[-1])


def same(name: str, folder: Path) -> None:
    """Stop unless all ways have written as many rows and the same numbers."""
    column = {"rca": "(r)", "hhi": "(h)", "intensity": "(r)"}[name]
    sums = {}
    for out in sorted(folder.glob("out-*.parquet")):
        own = out.stem in ("out-ours", "out-the-command")
        wanted = f"({name})" if own else column
        query = f"select count(*), sum{wanted}, max{wanted} from '{out}'"
        sums[out.stem] = duckdb.execute(query).fetchone()
    first = sums["out-ours"]
    for way, found in sums.items():
        near = all(abs(a / b - 1) < 1e-9 for a, b in zip(found, first, strict=True))
        if not near:
            sys.exit(f"bench: {name}: {way} finds {found}, ours {first}")


def compare(name: str, file: Path, runs: int, ways: list[str]) -> list[list[str]]:
    """Rows of the table: an indicator, a size and its ways, which take turns."""
    codes = {way: code for way, code in programs(name).items() if way in ways}
    found: dict[str, list] = {way: [] for way in codes}
    for turn in range(runs):
        for way, code in codes.items():
            if way == "rca-batch-calc, a part" and turn:
                continue
            if (one := measure(way, code, file)) is not None:
                found[way].append(one)
        if not turn:
            same(name, file.parent)
    for out in file.parent.glob("out-*.parquet"):
        out.unlink()
    medians = {
        way: [statistics.median(column) for column in zip(*rows, strict=True)]
        for way, rows in found.items()
        if rows
    }
    base = medians["SQL by hand, DuckDB"][0]
    return [
        [name, way, f"{took:.3g}", f"{took / base:.2f}", f"{spent:.3g}", f"{peak:.2f}"]
        for way, (took, spent, peak) in medians.items()
    ]


def write(text: str) -> None:
    """Put the section at the end of the page, in place of the last one."""
    page = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
    page = page.split(HEAD)[0].rstrip("\n")
    TARGET.write_text(f"{page}\n\n{text}", encoding="utf-8", newline="\n")


def main(millions: list[str]) -> None:
    """Measure these sizes; all of them are written down."""
    sizes = [int(one) for one in millions] or [1, 20, 100]
    names = ("duckdb", "polars", "pandas", "pyarrow", "narwhals")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    lines = [HEAD, "", *textwrap.wrap(ABOUT, 80), ""]
    lines += [f"{date.today()}, {platform.system()} {platform.machine()}, "]
    lines[-1] += f"{os.cpu_count()} cores, Python {platform.python_version()}, "
    lines[-1] += f"{versions}."
    given = os.environ.get("BENCH_FOLDER")
    ours: dict[str, dict[int, float]] = {name: {} for name in CELLS}
    with tempfile.TemporaryDirectory(dir=given) as folder:
        for size in sizes:
            file = Path(folder) / f"{size}.parquet"
            rows = make(file, size * 1_000_000)
            print(f"{rows:,} rows, {file.stat().st_size / 1e6:.0f} MB", flush=True)
            lines += ["", f"### {size} million rows", "", f"{rows:,} rows, "]
            lines[-1] += f"{file.stat().st_size / 1e6:,.0f} MB of Parquet."
            lines += ["", f"| {' | '.join(COLUMNS)} |", "|---|---|---:|---:|---:|---:|"]
            for name in CELLS:
                for row in compare(name, file, *EACH.get(size, EACH[100])):
                    line = f"| {' | '.join(row)} |"
                    lines.append(line)
                    print(line, flush=True)
                    if row[1].startswith("ours"):
                        ours[name][size] = float(row[2])
            file.unlink()
    low, high = min(sizes), max(sizes)
    if low < high:
        lines += [
            "",
            f"From {low} to {high} million rows, for each tenfold, ours takes",
        ]
        tens = math.log10(high / low)
        lines += [
            ", ".join(
                f"{(times[high] / times[low]) ** (1 / tens):.1f} times for {name}"
                for name, times in ours.items()
            )
            + "."
        ]
    text = "\n".join(lines) + "\n"
    if millions:
        print(text)
    else:
        write(text)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the folder goes as well
    main(sys.argv[1:])
