"""The command line: ``partnership COMMAND``.

A new command is one function under ``@command(...)``. Import what it needs inside it,
so that ``partnership --help`` stays quick.
"""
# ruff: noqa: D301 - to click, \b says: leave the lines of this paragraph as they are

from __future__ import annotations

import contextlib
import functools
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

try:
    import click
except ModuleNotFoundError:
    sys.exit("partnership: this command needs click: pip install 'partnership[lab]'")

from partnership import __version__

# Where this is missing, jsonschema, which nbformat imports, does without the parsers
# of internationalised addresses: building them takes longer than most commands.
sys.modules.setdefault("rfc3987_syntax", None)


class Misuse(click.ClickException):
    """What was asked for does not exist, or not here: one line, exit code 2."""

    exit_code = 2


def find_root(start: Path | None = None) -> Path:
    """Return the checkout that a folder, by default the current one, belongs to."""
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / "notebooks").is_dir() and (folder / "pyproject.toml").is_file():
            return folder
    raise Misuse(
        f"{start} is not in a checkout of the project; change to its folder first "
        "(table, cite, claims and sources work anywhere)"
    )


def known(name: str, names: Iterable[str], kind: str) -> str:
    """Return a name if it is one of these; else it is wrong use, with suggestions."""
    from partnership.evidence import faults

    names = list(names)
    if name not in names:
        raise Misuse(str(faults.nearest(name, names, kind)))
    return name


def write(as_json: bool, value: Any, lines: Iterable[str] = ()) -> None:
    """Write a value as JSON to standard output, or else the same as lines of text."""
    if as_json:
        lines = [json.dumps(value, ensure_ascii=False, indent=2, default=str)]
    for line in lines:
        click.echo(line)


def records(frame: Any) -> list[dict]:
    """Rows of a frame as dicts that JSON can hold: what is missing is null."""
    return json.loads(frame.to_json(orient="records", date_format="iso"))


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "show_default": True}
)
@click.version_option(__version__, package_name="partnership")
def main() -> None:
    """Figures on a partnership of two countries, with the source of each.

    \b
    Anywhere:
      partnership table                  list the tables
      partnership table trade            write one as CSV
      partnership sources trade 2013     find sources
      partnership cite SOURCE_ID         cite one
      partnership claims                 statements and verdicts
      partnership world INDICATOR FILE   indicators of large files of trade
      partnership new-pair KAZ UZB DIR   a folder of tables about two others
    In a checkout of the project:
      partnership run                    rerun all notebooks
      partnership check                  look for faults in data and notebooks
      partnership site                   build the web site

    With --data DIR check and the first four read another folder of tables.
    COMMAND --help says more, with examples.

    \b
    Exit codes:
      0  all is well
      1  a fault was found, or the work could not be done
      2  wrong use: an unknown command, option or name, or not in a checkout
    """


SECONDS = click.FloatRange(0, min_open=True)
FORMS = click.Choice(["csv", "json", "jsonld", "markdown"])
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON instead.")
FOLDER = click.Path(path_type=Path, file_okay=False)
DATA = click.option("--data", type=FOLDER, help="Another folder of tables.")


def command(extra: str) -> Callable:
    """Make a command that says in one line what is wrong with data, files or packages.

    Parameters
    ----------
    extra : str
        The extra of the package that brings what the command imports.
    """

    def wrap(function: Callable) -> click.Command:
        @functools.wraps(function)
        def called(*arguments, data=None, **options):
            try:
                with contextlib.ExitStack() as after:
                    if data is not None:  # read that folder, for this once
                        from partnership.evidence import package

                        after.callback(package.use, package.default())
                        package.use(data)
                    return function(*arguments, **options)
            except ModuleNotFoundError as error:
                found = f"this needs the package {error.name}"
                said = f"{found}: pip install 'partnership[{extra}]'"
                raise click.ClickException(said) from None
            except BrokenPipeError:
                raise  # click ends quietly when nobody reads on
            except (ValueError, OSError) as error:  # DataError is a ValueError
                raise click.ClickException(str(error)) from None

        return main.command()(called)

    return wrap


# ---- in a checkout ----


@command("lab")
@click.argument("notebooks", nargs=-1)
@click.option("-j", "--jobs", type=click.IntRange(1), help="How many run at a time.")
@click.option("--timeout", type=SECONDS, default=300, help="Seconds for one cell.")
@AS_JSON
def run(
    notebooks: tuple[str, ...], jobs: int | None, timeout: float, as_json: bool
) -> None:
    """Rerun NOTEBOOKS (all by default) and write their outputs in place.

    NOTEBOOKS are names such as 01_trade, or paths. The first error stops the run;
    the notebook it is in stays as it was. As many run at a time as there are cores.

    \b
    Examples:
      partnership run
      partnership run 01_trade exercises/01_trade --jobs 1
      partnership run --json     what was run, for how long, and what failed
    """
    import nbformat
    from tqdm import tqdm

    from partnership.workshop import runner

    root = find_root()
    try:
        paths = runner.find_notebooks(root, notebooks)
    except FileNotFoundError as error:
        raise Misuse(str(error)) from None
    cells = sum(len(runner.code_cells(nbformat.read(path, 4))) for path in paths)
    seconds: dict[Path, float] = {}
    changed, failed = [], None
    with tqdm(total=cells, unit="cell", desc="running", disable=None) as bar:

        def done(path, time):
            seconds[path] = round(time, 1)
            if not as_json:
                bar.write(f"{path.stem}: {time:.1f} s", file=sys.stdout)

        def step(_path):
            bar.update()

        try:
            changed = runner.run_notebooks(paths, root, jobs, timeout, step, done)
        except runner.NotebookError as error:
            failed = error
    write(as_json, [_result(path, root, seconds, failed) for path in paths])
    if failed:
        raise click.ClickException(str(failed))
    if not as_json:
        click.echo(f"notebooks: {len(paths)} run, {sum(changed)} changed")


def _result(path, root, seconds, failed) -> dict:
    """What became of one notebook; neither finished nor failed means stopped."""
    name = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
    found = {"notebook": name, "state": "stopped", "seconds": None, "error": None}
    if path in seconds:
        found |= {"state": "run", "seconds": seconds[path]}
    elif failed and Path(failed.notebook) == path:
        error = {"cell": failed.cell, "reason": failed.reason, "code": failed.code}
        found |= {"state": "failed", "error": error}
    return found


@command("lab")
@click.option("--refresh", is_flag=True, help="First renew hashes and what is made.")
@DATA
@AS_JSON
def check(refresh: bool, as_json: bool) -> None:
    """Look for faults in the data and in the notebooks.

    Each fault names file, row and column, what was found and what is allowed. The exit
    code is 1 if there is a fault. --refresh records changed tables and renews the
    codebook and the generated parts of the README and the notebooks.

    \b
    Examples:
      partnership check
      partnership check --refresh   after a change of a table that is meant
      partnership check --data DIR  the tables of another folder
      partnership check --json      a list of faults: file, row, column, message
    """
    from partnership import verdicts
    from partnership.evidence.package import open_folder
    from partnership.workshop import upkeep

    data = click.get_current_context().params["data"]
    root = None if data else find_root()
    tables = open_folder(data or root / "data")
    for line in upkeep.refresh(root, tables) if refresh else ():
        if not as_json:
            click.echo(line)
    found = list(upkeep.faults(root, tables))
    if not any(problem.file.endswith((".csv", ".json")) for problem in found):
        found += verdicts.faults(tables)
    # Rows count from 1, without the header.
    names = ("file", "row", "column", "message")
    faults = [{name: getattr(one, name) for name in names} for one in found]
    write(as_json, faults, map(str, found))
    if found:
        raise click.ClickException(f"{len(found)} faults")
    if not as_json:
        click.echo(f"{'data' if data else 'data and notebooks'}: no fault")


@command("site")
@click.option(
    "-o",
    "--output",
    type=FOLDER,
    show_default="site/ in the checkout",
    help="Where it goes.",
)
def site(output: Path | None) -> None:
    """Build the site from the notebooks as they are, to be opened without a network.

    \b
    Examples:
      partnership site
      partnership site --output public
    """
    from tqdm import tqdm

    from partnership.site import build

    root = find_root()
    target = (output or root / "site").resolve()
    with tqdm(unit="page", desc="building", disable=None) as bar:

        def done(path, total):
            bar.total = total
            bar.update()

        pages = build(root, target, done)
    click.echo(f"site: {len(pages)} pages; open {target / 'index.html'}")


# ---- anywhere ----


@command("lab")
@click.argument("source_ids", nargs=-1, required=True, metavar="SOURCE_ID...")
@click.option("--bibtex", is_flag=True, help="As BibTeX entries instead of text.")
@DATA
@AS_JSON
def cite(source_ids: tuple[str, ...], bibtex: bool, as_json: bool) -> None:
    """Cite the publications with these ids, which `partnership sources` lists.

    \b
    Examples:
      partnership cite SOURCE_ID
      partnership cite SOURCE_ID SOURCE_ID --bibtex
    """
    from partnership.evidence import package

    ids = package.load("sources")["source_id"]
    wanted = [known(name, ids, "source") for name in source_ids]
    rows = records(package.sources(wanted).loc[wanted].reset_index())
    rows = [row | {"citation": package.cite(row["source_id"])} for row in rows]
    form = "bibtex" if bibtex else "text"
    write(as_json, rows, (package.cite(name, form) for name in wanted))


@command("lab")
@click.argument("words", nargs=-1)
@click.option("--kind", help="Only this kind, such as news or official_statistics.")
@click.option("--used-by", metavar="NAME", help="Only those behind a series or table.")
@DATA
@AS_JSON
def sources(
    words: tuple[str, ...], kind: str | None, used_by: str | None, as_json: bool
) -> None:
    """List all sources, or those with all these WORDS in their fields.

    Capital letters do not matter.

    \b
    Examples:
      partnership sources trade 2013
      partnership sources --kind official_statistics
      partnership sources --used-by goods_turnover
      partnership sources --used-by trade --json
    """
    from partnership.evidence import package

    found = package.load("sources")
    if kind is not None:
        known(kind, sorted(found["kind"].dropna().unique()), "kind")
        found = found[found["kind"] == kind]
    if used_by is not None:
        found = found[found["source_id"].isin(_behind(used_by))]
    texts = found.fillna("").agg(" ".join, axis=1).str.casefold()
    for word in words:
        found = found[texts[found.index].str.contains(word.casefold(), regex=False)]
    if found.empty and not as_json:
        click.echo("no such source", err=True)
    lines = []
    for row in found.fillna("").itertuples():
        date = f" ({row.published})" if row.published else ""
        lines.append(f"{row.source_id}: {row.publisher}{date}. {row.title}")
    write(as_json, records(found), lines)


def _behind(name: str) -> set[str]:
    """Return the ids of the sources of a table, or of the rows of a series."""
    from partnership.evidence import cited, package

    frames = {one: package.load(one) for one in package.tables() if one != "sources"}
    frames = {k: v for k, v in frames.items() if {"source_id", "source_ids"} & set(v)}
    if name in frames:
        return set(cited.source_ids(frames[name]))
    series = package.load("series")["series"]
    known(name, [*frames, *series], "series or table")
    rows = [f[f["series"] == name] for f in frames.values() if "series" in f]
    return {source for frame in rows for source in cited.source_ids(frame)}


@command("lab")
@click.argument("name", required=False)
@click.option("--series", help="Only the rows of this series.")
@click.option("--describe", is_flag=True, help="What the columns mean, not the rows.")
@DATA
@AS_JSON
def table(name: str | None, series: str | None, describe: bool, as_json: bool) -> None:
    """Write a table as CSV to standard output; without NAME, list the tables.

    \b
    Examples:
      partnership table
      partnership table trade > trade.csv
      partnership table trade --series goods_turnover --json
      partnership table trade --describe
    """
    from partnership.evidence import package

    if name is None:
        titles = {one: package.describe(one).attrs["title"] for one in package.tables()}
        rows = [{"table": one, "title": title} for one, title in titles.items()]
        write(as_json, rows, (f"{one:18} {title}" for one, title in titles.items()))
        return
    known(name, package.tables(), "table")
    frame = package.describe(name).reset_index() if describe else package.load(name)
    if series is not None:
        known(series, set(frame.get("series", [])), f"series of {name}")
        frame = frame[frame["series"] == series]
    write(as_json, records(frame), [frame.to_csv(index=False).removesuffix("\n")])


@command("lab")
@click.option("--format", "form", type=FORMS, default="csv")
@DATA
@AS_JSON
@click.option("--base-url", help="Where the pages stand, for the links in jsonld.")
def claims(form: str, as_json: bool, base_url: str | None) -> None:
    """Write the report's statements with their verdicts.

    The format jsonld is schema.org ClaimReview; without --base-url its links lead to
    the project's own site, if it has one.

    \b
    Examples:
      partnership claims > claims.csv
      partnership claims --format markdown
      partnership claims --format jsonld --base-url https://example.org
    """
    from partnership import verdicts
    from partnership.workshop import generated

    if as_json or form == "json":
        write(True, records(verdicts.both().reset_index()))
    else:
        base_url = base_url or generated.address("Homepage")
        click.echo(verdicts.export(form, base_url), nl=False)


@command("world")
@click.argument("indicator")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--engine", default="duckdb", show_default=True, metavar="NAME")
@click.option("--where", metavar="SQL", help="Only rows for which this holds.")
@click.option("--memory", default="4GB", show_default=True, help="Limit of DuckDB.")
@click.option("--out", help="A file .parquet or .csv.  [default: CSV to the screen]")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="An argument of it: start=2010, within=importer,year.",
)
def world(
    indicator: str, files: tuple[str, ...], settings: tuple[str, ...], **options: Any
) -> None:
    """Calculate an INDICATOR of trade from whole FILES, larger than memory.

    FILES are Parquet or CSV, together one table with the columns exporter, importer,
    product, year and value, or t, i, j, k and v as in BACI. A row that is not there is
    no trade; what a missing value is part of is missing. The engine is duckdb, polars,
    pandas or spark. With x for exports, m for imports, i and j for economies and k for
    products, INDICATOR is one of

    \b
      totals, balance, shares   x_i, m_i, x_i - m_i, s_k = v_k / sum v, place
      rca                r = (x_ik / x_i) / (x_k / x): Balassa (1965);
                         symmetric, (r - 1) / (r + 1): Laursen (2015)
      hhi                h = sum s_k^2: Herfindahl (1950), Hirschman (1964);
                         1 / h: Adelman (1969); of=, within=
      intensity          (x_ij / x_i) / (m_j / (m - m_i)):
                         Kojima (1964), Drysdale and Garnaut (1982)
      complementarity    1 - sum |m_jk / m_j - x_ik / x_i| / 2: Michaely (1996)
      grubel_lloyd       1 - sum |x_k - m_k| / sum (x_k + m_k):
                         Grubel and Lloyd (1975); by=, of=
      mirror_gap         m / factor - x; FILES of exporters, of importers; factor=
      constant_market_shares
                         growth by cause: Richardson (1971); start=, end=
      movers             change of v_k, and its part in all; start=, end=

    See UNCTAD and WTO (2012), A Practical Guide to Trade Policy Analysis, chapter 1.

    \b
    Examples:
      partnership world rca BACI_2022.parquet --out rca.parquet
      partnership world hhi BACI_*.csv --where "year >= 2015"
      partnership world movers trade.csv --set start=2010 --set end=2020
    """
    from partnership import world as room

    arguments = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise Misuse(f"--set: found {setting!r}; allowed is NAME=VALUE")
        arguments[name] = room.argument(name, value)
    room.calculate(indicator, files, **options, **arguments)


@command("lab")
@click.argument("first", metavar="CODE")
@click.argument("second", metavar="CODE")
@click.argument("folder", type=FOLDER)
@click.option(
    "--from",
    "files",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="A trade file of your own; may stand several times.",
)
@click.option("--unit", help="Of the values of the files, if they do not say it.")
@click.option("--level", help="Digits of their products, or TOTAL, if several.")
@click.option("--claims", is_flag=True, help="With empty tables of statements.")
@DATA
def new_pair(
    first: str, second: str, folder: Path, files: tuple[Path, ...], **options
) -> None:
    """Write a FOLDER of tables about any two economies, and say what it has.

    Context comes from the tables that are there; each --from FILE, a trade file of
    your own such as of UN Comtrade or BACI, becomes rows of the table trade. CODE is an
    ISO 3166 alpha-3 code.

    \b
    Examples:
      partnership new-pair KAZ UZB kaz-uzb
      partnership new-pair KAZ UZB kaz-uzb --from a.csv --from b.csv --unit USD
    """
    from partnership import pair
    from partnership.pair.coverage import lines

    for code in (first, second):
        known(code, pair.economies(), "economy")
    made = pair.new_pair(first, second, folder, *files, **options)
    write(False, None, lines(pair.coverage(made)))
    click.echo(f"{folder}: {len(made.tables())} tables; read {folder / 'README.md'}")


if __name__ == "__main__":
    main()
