"""The command line: ``partnership COMMAND``.

A new command is one function under ``@main.command()``. Import what it needs inside
it, so that ``partnership --help`` stays quick.
"""
# ruff: noqa: D301 - to click, \b says: leave the lines of this paragraph as they are

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path

try:
    import click
except ModuleNotFoundError:
    sys.exit("partnership: this command needs click: pip install 'partnership[lab]'")

from partnership import __version__


class Misuse(click.ClickException):
    """What was asked for does not exist, or not here: one line, exit code 2."""

    exit_code = 2


def find_root(start: Path | None = None) -> Path:
    """Return the checkout that a folder belongs to.

    Parameters
    ----------
    start : Path, optional
        Where to begin; the current folder by default.

    Raises
    ------
    Misuse
        Neither the folder nor one above it has ``notebooks`` and ``pyproject.toml``.
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / "notebooks").is_dir() and (folder / "pyproject.toml").is_file():
            return folder
    raise Misuse(
        f"{start} is not in a checkout of the project; change to its folder first "
        "(table, cite, claims and sources work anywhere)"
    )


def in_one_line(extra):
    """Let a command say in one line what is wrong with data, files or packages.

    Parameters
    ----------
    extra : str
        The extra of the package that brings what the command imports.
    """

    def wrap(command):
        @functools.wraps(command)
        def called(*arguments, **options):
            try:
                return command(*arguments, **options)
            except ModuleNotFoundError as error:
                raise click.ClickException(
                    f"this needs the package {error.name}: "
                    f"pip install 'partnership[{extra}]'"
                ) from None
            except BrokenPipeError:
                raise  # click ends quietly when nobody reads on
            except (ValueError, OSError) as error:  # DataError is a ValueError
                raise click.ClickException(str(error)) from None

        return called

    return wrap


def write_json(value) -> None:
    """Write a value as JSON to standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def records(frame) -> list[dict]:
    """Rows of a frame as dicts that JSON can hold: what is missing is null."""
    return json.loads(frame.to_json(orient="records", date_format="iso"))


AS_JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON instead.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="partnership")
def main() -> None:
    """Figures on Belarus and Turkmenistan, with the source of each.

    \b
    Anywhere:
      partnership table                   list the tables
      partnership table trade             write one as CSV
      partnership sources potash Garlyk   find sources
      partnership cite trade-mfa-by       cite one
      partnership claims                  statements and verdicts
    In a checkout of the project:
      partnership run                     rerun all notebooks
      partnership check                   look for faults in data and notebooks
      partnership site                    build the web site

    COMMAND --help says more, with examples.

    \b
    Exit codes:
      0  all is well
      1  a fault was found, or the work could not be done
      2  wrong use: an unknown command, option or name, or not in a checkout
    """


# ---- in a checkout ----


@main.command()
@click.argument("notebooks", nargs=-1)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    help="Notebooks at the same time.  [default: one for each core]",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=300,
    show_default=True,
    help="Longest time for one cell, in seconds.",
)
@AS_JSON
@in_one_line("lab")
def run(
    notebooks: tuple[str, ...], jobs: int | None, timeout: float, as_json: bool
) -> None:
    """Rerun NOTEBOOKS (all by default) and write their outputs in place.

    NOTEBOOKS are names such as 01_trade, or paths. The first error stops the run;
    the notebook it is in stays as it was.

    \b
    Examples:
      partnership run
      partnership run 01_trade 02_products --jobs 1
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
    cells = sum(
        len(runner.code_cells(nbformat.read(path, as_version=4))) for path in paths
    )
    seconds: dict[Path, float] = {}
    changed, failed = [False] * len(paths), None
    with tqdm(total=cells, unit="cell", desc="running", disable=None) as bar:

        def done(path, time):
            seconds[path] = round(time, 1)
            if not as_json:
                bar.write(f"{path.stem}: {time:.1f} s", file=sys.stdout)

        try:
            changed = runner.run_notebooks(
                paths,
                root,
                jobs,
                timeout,
                on_cell=lambda path: bar.update(),
                on_done=done,
            )
        except runner.NotebookError as error:
            failed = error
        except KeyboardInterrupt:
            raise click.Abort from None
    if as_json:
        write_json([_result(path, root, seconds, failed) for path in paths])
    if failed:
        raise click.ClickException(str(failed))
    if not as_json:
        click.echo(f"notebooks: {len(paths)} run, {sum(changed)} changed")


def _result(path, root, seconds, failed) -> dict:
    """What became of one notebook; neither finished nor failed means stopped."""
    name = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
    found = {"notebook": name, "state": "stopped", "seconds": None, "error": None}
    if path in seconds:
        return found | {"state": "run", "seconds": seconds[path]}
    if failed and Path(failed.notebook) == path:
        error = {"cell": failed.cell, "reason": failed.reason, "code": failed.code}
        return found | {"state": "failed", "error": error}
    return found


@main.command()
@click.option(
    "--refresh",
    is_flag=True,
    help="Record changed tables; renew the codebook and the generated parts of the "
    "README and the notebooks.",
)
@AS_JSON
@in_one_line("lab")
def check(refresh: bool, as_json: bool) -> None:
    """Look for faults in the data and in the notebooks.

    Each fault names file, row and column, what was found and what is allowed. The exit
    code is 1 if there is a fault.

    \b
    Examples:
      partnership check
      partnership check --refresh   after a change of a table that is meant
      partnership check --json      a list of faults: file, row, column, message
    """
    from partnership.evidence import package

    root = find_root()
    opened = package.open(root / "data")
    if refresh:
        _refresh(root, opened, quiet=as_json)
    found = [_fault(problem) for problem in opened.check()]
    found += _notebook_faults(root / "notebooks")
    if as_json:
        write_json([{k: v for k, v in fault.items() if k != "text"} for fault in found])
    else:
        for fault in found:
            click.echo(fault["text"])
    if found:
        raise click.ClickException(f"{len(found)} faults")
    if not as_json:
        click.echo("data and notebooks: no fault")


def _refresh(root: Path, opened, quiet: bool) -> None:
    from partnership.evidence import package
    from partnership.workshop import codebook, exercises, generated, hosting

    changed = opened.refresh()
    codebook.write(package.open(root / "data"))
    generated.write_index(root / "README.md")
    picture = generated.headline(root / "notebooks")
    (root / "notebooks" / "headline.png").write_bytes(picture)
    rerun = [path.stem for path in hosting.refresh(root) if path.suffix == ".ipynb"]
    for solution in exercises.solutions(root / "notebooks"):
        if exercises.write_student(solution):
            rerun.append(f"exercises/{exercises.student_path(solution).stem}")
    if quiet:
        return
    click.echo(f"recorded: {', '.join(changed) or 'no table had changed'}")
    if rerun:
        click.echo(f"to be run again: {', '.join(rerun)}")


def _fault(problem) -> dict:
    row = None if problem.line is None else problem.line - 1
    return {
        "file": problem.file,
        "row": row,
        "column": problem.column,
        "message": problem.message,
        "text": str(problem),
    }


def _notebook_faults(folder: Path) -> list[dict]:
    from partnership.workshop import exercises, rules

    found = []
    for pattern, chosen in (
        ("*.ipynb", rules.RULES),
        ("exercises/*.ipynb", rules.EXERCISE_RULES),
    ):
        for path in sorted(folder.glob(pattern)):
            name = path.relative_to(folder.parent).as_posix()
            for text in rules.problems(path, chosen):
                message = text.removeprefix(f"{path.stem}: ")
                fault = {"file": name, "row": None, "column": None}
                found.append(fault | {"message": message, "text": text})
    for path in exercises.solutions(folder):
        if not exercises.is_current(path):
            student = exercises.student_path(path).relative_to(folder.parent).as_posix()
            message = f"not what {path.name} gives: partnership check --refresh"
            fault = {"file": student, "row": None, "column": None, "message": message}
            found.append(fault | {"text": f"{student}: {message}"})
    return found


@main.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the site goes.  [default: site/ in the checkout]",
)
@in_one_line("site")
def site(output: Path | None) -> None:
    """Build the site from the notebooks as they are, to be opened without a network.

    \b
    Examples:
      partnership site
      partnership site --output public
    """
    from tqdm import tqdm

    from partnership.site import build, expected

    root = find_root()
    target = (output or root / "site").resolve()
    total = expected(root)
    with tqdm(total=total, unit="page", desc="building", disable=None) as bar:
        pages = build(root, target, on_page=lambda *page: bar.update())
    click.echo(f"site: {len(pages)} pages; open {target / 'index.html'}")


# ---- anywhere ----


@main.command()
@click.argument("source_ids", nargs=-1, required=True, metavar="SOURCE_ID...")
@click.option("--bibtex", is_flag=True, help="As BibTeX entries instead of text.")
@AS_JSON
@in_one_line("lab")
def cite(source_ids: tuple[str, ...], bibtex: bool, as_json: bool) -> None:
    """Cite the publications with these ids.

    \b
    Examples:
      partnership cite trade-azernews-2017
      partnership cite trade-azernews-2017 trade-mfa-by --bibtex
      partnership sources Azernews     finds ids
    """
    from partnership.evidence import faults, package

    known = list(package.load("sources")["source_id"])
    for source_id in source_ids:
        if source_id not in known:
            raise Misuse(str(faults.nearest(source_id, known, "source")))
    if as_json:
        rows = records(package.sources(source_ids).loc[list(source_ids)].reset_index())
        write_json([row | {"citation": package.cite(row["source_id"])} for row in rows])
        return
    for source_id in source_ids:
        click.echo(package.cite(source_id, "bibtex" if bibtex else "text"))


@main.command()
@click.argument("words", nargs=-1)
@click.option("--kind", help="Only this kind, such as news or official_statistics.")
@click.option("--used-by", metavar="NAME", help="Only those behind a series or table.")
@AS_JSON
@in_one_line("lab")
def sources(
    words: tuple[str, ...], kind: str | None, used_by: str | None, as_json: bool
) -> None:
    """List all sources, or those with all these WORDS in their fields.

    Capital letters do not matter.

    \b
    Examples:
      partnership sources Garlyk
      partnership sources --kind official_statistics
      partnership sources --used-by goods_turnover
      partnership sources --used-by trade --json
    """
    from partnership.evidence import faults, package

    found = package.load("sources")
    if used_by is not None:
        found = found[found["source_id"].isin(_behind(used_by))]
    if kind is not None:
        kinds = sorted(package.load("sources")["kind"].dropna().unique())
        if kind not in kinds:
            raise Misuse(str(faults.nearest(kind, kinds, "kind")))
        found = found[found["kind"] == kind]
    texts = found.fillna("").agg(" ".join, axis=1).str.casefold()
    for word in words:
        found = found[texts[found.index].str.contains(word.casefold(), regex=False)]
    if as_json:
        write_json(records(found))
    elif found.empty:
        click.echo("no such source", err=True)
    for row in [] if as_json else found.fillna("").itertuples():
        date = f" ({row.published})" if row.published else ""
        click.echo(f"{row.source_id}: {row.publisher}{date}. {row.title}")


def _behind(name: str) -> list[str]:
    """Return the ids of the sources of a table, or of the rows of a series."""
    from partnership.evidence import cited, faults, package

    with_sources = {
        table: package.load(table)
        for table in package.tables()
        if {"source_id", "source_ids"} & set(package.describe(table).index)
        and table != "sources"
    }
    if name in with_sources:
        return cited.source_ids(with_sources[name])
    series = list(package.load("series")["series"])
    if name not in series:
        raise Misuse(
            str(faults.nearest(name, [*with_sources, *series], "series or table"))
        )
    rows = [
        frame[frame["series"] == name]
        for frame in with_sources.values()
        if "series" in frame
    ]
    return sorted({source for frame in rows for source in cited.source_ids(frame)})


@main.command()
@click.argument("name", required=False)
@click.option("--series", help="Only the rows of this series.")
@click.option("--describe", is_flag=True, help="What the columns mean, not the rows.")
@AS_JSON
@in_one_line("lab")
def table(name: str | None, series: str | None, describe: bool, as_json: bool) -> None:
    """Write a table as CSV to standard output; without NAME, list the tables.

    \b
    Examples:
      partnership table
      partnership table trade > trade.csv
      partnership table trade --series goods_turnover --json
      partnership table trade --describe
    """
    from partnership.evidence import faults, package

    if name is None:
        titles = {
            known: package.describe(known).attrs["title"] for known in package.tables()
        }
        if as_json:
            write_json([{"table": k, "title": title} for k, title in titles.items()])
        for known, title in {} if as_json else titles.items():
            click.echo(f"{known:18} {title}")
        return
    if name not in package.tables():
        raise Misuse(str(faults.nearest(name, package.tables(), "table")))
    frame = package.describe(name).reset_index() if describe else package.load(name)
    if series is not None:
        if "series" not in frame or series not in set(frame["series"]):
            known = frame.get("series", [])
            raise Misuse(str(faults.nearest(series, set(known), f"series of {name}")))
        frame = frame[frame["series"] == series]
    if as_json:
        write_json(records(frame))
    else:
        click.echo(frame.to_csv(index=False), nl=False)


@main.command("claims")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json", "jsonld", "markdown"]),
    default="csv",
    show_default=True,
    help="jsonld: schema.org ClaimReview.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--base-url",
    help="Where the pages stand, for the links in jsonld.  [default: the project's "
    "own site, if it has one]",
)
@in_one_line("lab")
def export_claims(form: str, as_json: bool, base_url: str | None) -> None:
    """Write the report's statements with their verdicts.

    \b
    Examples:
      partnership claims > claims.csv
      partnership claims --format markdown
      partnership claims --format jsonld --base-url https://example.org
    """
    from partnership import verdicts
    from partnership.workshop import hosting

    if as_json or form == "json":
        write_json(records(verdicts.both().reset_index()))
        return
    base_url = base_url or hosting.address("Homepage")
    click.echo(verdicts.export(form, base_url), nl=False)


if __name__ == "__main__":
    main()
