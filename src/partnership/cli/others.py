"""Commands for other pairs of economies and for files of one's own."""
# ruff: noqa: D301 - to click, \b says: leave the lines of this paragraph as they are

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from partnership.cli.base import DATA, FOLDER, Misuse, command, holding, known, write


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


@command("lab", "class")
@click.argument("folder", type=FOLDER)
def for_class(folder: Path) -> None:
    """Write a FOLDER for the students of a class, and FOLDER.zip beside it.

    Notebooks, exercises without their solutions, data, and a README of three steps; in
    a checkout also the wheel of the package, and the worksheets of site/ if the site
    was built. All or nothing: a folder in which a file was changed or added is left as
    it is.

    \b
    Examples:
      partnership class class-of-2026
    """
    from partnership import site
    from partnership.workshop import classroom

    otherwise = "has no notebooks and data; change to a folder with both"
    root = holding("notebooks", "data/datapackage.json", otherwise=otherwise)
    extra = site.printed(root / "site") or {  # or those of a folder for a class
        classroom.own_file(root, file).relative_to(root).as_posix(): file.read_bytes()
        for file in sorted((root / "worksheets").rglob("*"))
        if file.is_file()
    }
    if (root / "pyproject.toml").is_file():
        extra |= classroom.wheel(root)
    else:
        extra |= {file.name: file.read_bytes() for file in root.glob("*.whl")}
    files = classroom.write(root, folder, extra)
    if not any(name.startswith("worksheets/") for name in files):
        click.echo("no worksheets: `partnership site` makes them")
    click.echo(f"class: {len(files)} files in {folder} and {folder.name}.zip")
