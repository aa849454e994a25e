"""Indicators of whole files of trade, by an engine that need not hold them in memory.

`partnership.methods.indicators` has the formulas. Here files become a frame of the
engine that is asked for, and its result a file or text. DuckDB is embedded and the
default: it keeps to a limit of memory and spills the rest to a folder of its own, which
is deleted at the end.
"""

from __future__ import annotations

import contextlib
import csv
import gzip
import inspect
import os
import re
import shutil
import sys
import tempfile
import threading
from pathlib import Path

from partnership import checks
from partnership.evidence.files import draft

INDICATORS = (
    *("totals", "shares", "balance", "rca", "hhi", "intensity", "complementarity"),
    *("grubel_lloyd", "mirror_gap", "constant_market_shares", "movers"),
)
"""Names of functions of `partnership.methods.indicators`."""

BACI = {"t": "year", "i": "exporter", "j": "importer", "k": "product", "v": "value"}
"""The short names of the columns of BACI."""


def calculate(
    indicator, files, engine="duckdb", *, where=None, memory="4GB", out=None, **options
):
    """Calculate an indicator of files, and write it to a file or as CSV to stdout.

    Parameters
    ----------
    indicator : str
        One of `INDICATORS`.
    files : list of path
        Parquet or CSV (also .csv.gz), together one table; for mirror_gap that of the
        exporters and that of the importers. With exporter, importer, year, value and,
        where it is needed, product, or with the names of `BACI`. Codes of CSV files
        stay text.
    engine : {"duckdb", "polars", "pandas", "spark"}
        Spark is the session that runs, that of ``SPARK_REMOTE``, or a local one.
    where : str, optional
        A condition in SQL on these columns.
    memory : str
        The limit for DuckDB, and for a local Spark.
    out : path, optional
        A file .parquet, its rows in no order; of Spark, a folder. Or a file .csv, in
        order of the keys; without it, the same goes to standard output.
    **options
        As for the indicator.
    """
    from partnership.methods import indicators

    checks.choice(indicator, INDICATORS, "indicator")
    checks.choice(engine, _RUNS, "engine")
    if out is not None:
        checks.choice(Path(out).suffix, (".parquet", ".csv"), "ending of --out")
    tables = _tables(indicator, files)
    function = getattr(indicators, indicator)
    try:
        inspect.signature(function).bind(*tables, **options)
    except TypeError as error:
        raise ValueError(f"{indicator}: {error}") from None
    near = Path(out).resolve().parent if out else Path(tempfile.gettempdir())
    checks.demand(near.is_dir(), "--out", out, "a file in a known folder")
    with draft(near) as folder:
        run = _RUNS[engine](str(folder), memory)
        try:
            flows = [run.where(_named(run.read(table)), where) for table in tables]
            for frame in flows:
                _without_totals(frame)
                _of_years(frame, options)
            result = function(*flows, **options)
            path = folder / f"result{Path(out or 'x.csv').suffix}"
            run.write(_ordered(result) if path.suffix == ".csv" else result, path)
        except (ImportError, ValueError, OSError):
            raise
        except Exception as error:  # each engine has errors of its own
            raise ValueError(_said(engine, str(error))) from None
        finally:
            run.close()
        if out is None:
            with path.open(encoding="utf-8") as lines:
                shutil.copyfileobj(lines, sys.stdout)
        else:
            path.replace(out)


def _tables(indicator, files):
    """Files by table: one of all, or two of sides that are compared; each file once."""
    tables = [files] if indicator != "mirror_gap" else [[file] for file in files]
    if indicator == "mirror_gap" and len(tables) != 2:
        raise checks.fault("files", len(tables), "two: of exporters, of importers")
    for table in tables:
        for file in table:
            checks.demand(Path(file).is_file(), "file", file, "a file that is there")
        checks.names([str(Path(file).resolve()) for file in table], "files")
    return tables


def _said(engine, error):
    """What an engine says, in one line: our own words, a place in a file, or its."""
    if words := re.search(r"[\w, ]+: found .*?; allowed is [^'\"\n]*", error):
        return words[0]
    line, file = re.search(r"on Line: (\d+)", error), re.search(r"file = (.*)", error)
    why = re.search(
        r"Expected Number of Columns.*|Value with unterminated.*|Invalid unicode.*"
        r"|Error when converting.*|Could not convert.*",
        error,
    )
    if line and why:
        return f"{file[1].strip() if file else 'file'}, line {line[1]}: {why[0]}"
    return f"{engine}: {error.splitlines()[0]}"


def argument(name, value):
    """Read an argument of an indicator from text: a number, or names of columns."""
    if name in ("start", "end", "factor"):
        try:
            return float(value) if name == "factor" else int(value)
        except ValueError:
            raise checks.fault(name, repr(value), "a number") from None
    checks.choice(name, ("by", "of", "within", "per"), "argument of the indicator")
    columns = [column for column in value.split(",") if column]
    checks.demand(columns or name != "of", name, "nothing", "names of columns")
    return columns


def _named(native):
    """Give columns of BACI their long names; a year that is text becomes a number."""
    import narwhals.stable.v2 as nw

    flows = nw.from_native(native)
    schema = flows.collect_schema()
    if set(BACI) <= set(schema):
        flows, schema = flows.rename(BACI), flows.rename(BACI).collect_schema()
    kinds = {"year": nw.Int64, "value": nw.Float64}
    texts = [name for name in kinds if schema.get(name) == nw.String]
    return flows.with_columns(nw.col(n).cast(kinds[n]) for n in texts).to_native()


def _without_totals(native):
    """Refuse totals among the partners, also where no indicator asks for partners."""
    import narwhals.stable.v2 as nw

    flows = nw.from_native(native).lazy()
    for side in sorted({"exporter", "importer"} & set(flows.collect_schema())):
        names = flows.group_by(side).agg(nw.len()).collect("pyarrow")[side].to_list()
        if found := checks.totals(names):
            found = f"the total {checks.shown(found[0])} among the parts"
            raise checks.fault(side, found, "none: leave it out by --where")


def _of_years(native, options):
    """Refuse a year to begin or end with of which no row is there."""
    import narwhals.stable.v2 as nw

    asked = {name: options[name] for name in ("start", "end") if name in options}
    if asked:
        flows = nw.from_native(native).lazy()
        years = flows.group_by("year").agg(nw.len()).collect("pyarrow")["year"]
        for name, year in asked.items():
            checks.choice(year, sorted(years.drop_nulls().to_list()), name)


def _ordered(native):
    """Rows in the order of their keys, as a reader of text wants them."""
    import narwhals.stable.v2 as nw

    result = nw.from_native(native)
    kinds = result.collect_schema()
    return result.sort([c for c in kinds if not kinds[c].is_float()]).to_native()


def _csv(files):
    """Whether files are CSV; two kinds at once are refused."""
    kinds = {Path(file).name.removesuffix(".gz").rpartition(".")[2] for file in files}
    for kind in kinds:
        checks.choice(kind, ("parquet", "csv"), "ending of a file")
    if len(kinds) > 1:
        raise checks.fault("files", "CSV and Parquet", "one kind")
    return kinds == {"csv"}


def _csv_form(files):
    """How CSV files are to be read, by their headers: the same columns in all."""
    heads = {}
    for file in files:
        opened = gzip.open if str(file).endswith(".gz") else open
        how = {"encoding": "utf-8-sig", "errors": "replace", "newline": ""}
        with opened(file, "rt", **how) as lines:
            head = lines.readline().rstrip("\r\n")
        separator = max(",;\t|", key=head.count)
        names = next(csv.reader([head], delimiter=separator), [])
        heads[separator, *checks.names(names, f"{Path(file).name}, header")] = file
    if len(heads) > 1:
        names = " and ".join(Path(file).name for file in heads.values())
        raise checks.fault("files", f"other columns in {names}", "the same in all")
    ((separator, *names),) = heads
    checks.demand(names, "files", "no header", "names of columns")
    return separator, names


def _read_csv(connection, files):
    """CSV by DuckDB, which refuses rows of another length and quotes without end."""
    separator, names = _csv_form(files)
    return connection.read_csv(
        [str(file) for file in files],
        header=True,
        columns=dict.fromkeys(names, "VARCHAR"),
        auto_detect=False,
        sep=separator,
        quotechar='"',
        escapechar='"',
        strict_mode=True,
    )


def _whole(files):
    """Whether files are CSV; then by DuckDB, as other engines pass over broken rows."""
    if not _csv(files):
        return False
    with contextlib.suppress(ModuleNotFoundError):
        import duckdb

        with duckdb.connect() as connection:
            _read_csv(connection, files).count("*").fetchall()
    return True


class _DuckDB:
    """Embedded, with a limit of memory; what does not fit is spilled to a folder."""

    def __init__(self, folder, memory):
        import duckdb

        config = {"memory_limit": memory, "temp_directory": folder}
        try:
            self.connection = duckdb.connect(config=config)
        except duckdb.Error as error:
            said = str(error).splitlines()[0]
            raise checks.fault(
                "memory", repr(memory), f"such as 4GB ({said})"
            ) from None
        self.connection.execute("set preserve_insertion_order = false")

    def read(self, files):
        names = [str(file) for file in files]
        if _csv(files):
            return _read_csv(self.connection, files)
        return self.connection.read_parquet(names)

    def where(self, flows, condition):
        return flows.filter(condition) if condition else flows

    def write(self, result, path):
        write = result.write_csv if path.suffix == ".csv" else result.write_parquet
        with self._progress():
            write(str(path))

    @contextlib.contextmanager
    def _progress(self):
        """Show how far a query is that takes longer than a moment."""
        from tqdm import tqdm

        done = threading.Event()

        def watch():
            with tqdm(total=100, unit="%", delay=1, disable=None, leave=False) as bar:
                while not done.wait(0.2):
                    bar.update(max(0, self.connection.query_progress() - bar.n))

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()

    def close(self):
        self.connection.close()


class _Pandas(_DuckDB):
    """All in memory; DuckDB reads and writes the files."""

    def where(self, flows, condition):
        return super().where(flows, condition).df()

    def write(self, result, path):
        super().write(self.connection.from_df(result), path)


class _Polars:
    """Lazy, and streaming where a step allows it."""

    def __init__(self, folder, memory):
        pass

    def read(self, files):
        import polars

        if _whole(files):
            separator = _csv_form(files)[0]
            return polars.scan_csv(files, infer_schema=False, separator=separator)
        return polars.scan_parquet(files)

    def where(self, flows, condition):
        import polars

        return flows.filter(polars.sql_expr(condition)) if condition else flows

    def write(self, result, path):
        sink = result.sink_csv if path.suffix == ".csv" else result.sink_parquet
        sink(path)

    def close(self):
        pass


class _Spark:
    """A session that runs, that of SPARK_REMOTE, or a local one."""

    def __init__(self, folder, memory):
        from pyspark.sql import SparkSession

        own = {"spark.driver.memory": memory.lower().removesuffix("b")}
        own |= {"spark.local.dir": folder, "spark.ui.enabled": "false"}
        running = SparkSession.getActiveSession() or "SPARK_REMOTE" in os.environ
        build = (
            SparkSession.builder if running else SparkSession.builder.config(map=own)
        )
        self.session, self.own = build.getOrCreate(), not running

    def read(self, files):
        names = [Path(file).resolve().as_uri() for file in files]
        if _whole(files):
            separator = _csv_form(files)[0]
            return self.session.read.csv(names, header=True, sep=separator)
        return self.session.read.parquet(*names)

    def where(self, flows, condition):
        return flows.where(condition) if condition else flows

    def write(self, result, path):
        if path.suffix == ".csv":
            result.toArrow().to_pandas().to_csv(path, index=False)
        else:
            result.write.parquet(path.resolve().as_uri())

    def close(self):
        if self.own:
            self.session.stop()


_RUNS = {"duckdb": _DuckDB, "polars": _Polars, "pandas": _Pandas, "spark": _Spark}
