"""The command line: ``partnership COMMAND``.

A new command is one function under ``@main.command()``. Import what it needs inside
it, so that ``partnership --help`` stays quick.
"""

from __future__ import annotations

import sys
from pathlib import Path

try:
    import click
except ModuleNotFoundError:
    sys.exit("partnership: this command needs click: pip install 'partnership[lab]'")

from partnership import __version__


def find_root(start: Path | None = None) -> Path:
    """Return the checkout that a folder belongs to.

    Parameters
    ----------
    start : Path, optional
        Where to begin; the current folder by default.

    Raises
    ------
    click.ClickException
        Neither the folder nor one above it has ``notebooks`` and ``pyproject.toml``.
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / "notebooks").is_dir() and (folder / "pyproject.toml").is_file():
            return folder
    raise click.ClickException(
        f"{start} is not in a checkout of the project; change to its folder first"
    )


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="partnership")
def main() -> None:
    """Figures on Belarus and Turkmenistan, with the source of each."""


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
def run(notebooks: tuple[str, ...], jobs: int | None, timeout: float) -> None:
    """Rerun NOTEBOOKS (all by default) and write their outputs in place.

    NOTEBOOKS are names such as 01_trade, or paths. The first error stops the run;
    the notebook it is in stays as it was.
    """
    try:
        import nbformat
        from tqdm import tqdm

        from partnership import runner
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"running notebooks needs {error.name}: pip install 'partnership[lab]'"
        ) from None

    root = find_root()
    try:
        paths = runner.find_notebooks(root, notebooks)
        cells = sum(
            len(runner.code_cells(nbformat.read(path, as_version=4))) for path in paths
        )
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    try:
        with tqdm(total=cells, unit="cell", desc="running", disable=None) as bar:
            changed = runner.run_notebooks(
                paths,
                root,
                jobs,
                timeout,
                on_cell=lambda path: bar.update(),
                on_done=lambda path, seconds: bar.write(
                    f"{path.stem}: {seconds:.1f} s", file=sys.stdout
                ),
            )
    except runner.NotebookError as error:
        raise click.ClickException(str(error)) from None
    except KeyboardInterrupt:
        raise click.Abort from None
    click.echo(f"notebooks: {len(paths)} run, {sum(changed)} changed")


@main.command()
@click.option(
    "--refresh",
    is_flag=True,
    help="Record changed tables; renew the codebook and the README's generated parts.",
)
def check(refresh: bool) -> None:
    """Check the data and the notebooks; exit code 1 if a fault is found."""
    from partnership import codebook, data, notebooks

    root = find_root()
    package = data.open(root / "data")
    if refresh:
        try:
            changed = package.refresh()
        except data.DataError as error:
            raise click.ClickException(str(error)) from None
        codebook.write(data.open(root / "data"))
        notebooks.write_index(root / "README.md")
        picture = notebooks.headline(root / "notebooks")
        (root / "notebooks" / "headline.png").write_bytes(picture)
        click.echo(f"recorded: {', '.join(changed) or 'no table had changed'}")
    faults = [str(problem) for problem in package.check()]
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        faults += notebooks.problems(path)
    for fault in faults:
        click.echo(fault)
    if faults:
        raise click.ClickException(f"{len(faults)} faults")
    click.echo("data and notebooks: no fault")


@main.command()
@click.argument("source_ids", nargs=-1, required=True)
@click.option("--bibtex", is_flag=True, help="As BibTeX entries instead of text.")
def cite(source_ids: tuple[str, ...], bibtex: bool) -> None:
    """Cite the publications with these SOURCE_IDS."""
    from partnership import data

    try:
        for source_id in source_ids:
            click.echo(data.cite(source_id, "bibtex" if bibtex else "text"))
    except data.DataError as error:
        raise click.ClickException(str(error)) from None


@main.command()
@click.argument("name", required=False)
@click.option("--series", help="Only the rows of this series.")
@click.option("--describe", is_flag=True, help="What the columns mean, not the rows.")
def table(name: str | None, series: str | None, describe: bool) -> None:
    """Write a table as CSV to standard output; without NAME, list the tables."""
    from partnership import data

    try:
        if name is None:
            for known in data.tables():
                click.echo(f"{known:18} {data.describe(known).attrs['title']}")
            return
        frame = data.describe(name).reset_index() if describe else data.load(name)
        if series is not None:
            if "series" not in frame or series not in set(frame["series"]):
                raise data.nearest(series, frame.get("series", []), f"series of {name}")
            frame = frame[frame["series"] == series]
    except data.DataError as error:
        raise click.ClickException(str(error)) from None
    click.echo(frame.to_csv(index=False), nl=False)


@main.command("claims")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "jsonld", "markdown"]),
    default="csv",
    show_default=True,
    help="jsonld: schema.org ClaimReview.",
)
@click.option("--base-url", help="Where the pages stand, for the links in jsonld.")
def export_claims(form: str, base_url: str | None) -> None:
    """Write the report's statements with their verdicts."""
    from partnership import claims

    click.echo(claims.export(form, base_url), nl=False)


if __name__ == "__main__":
    main()
