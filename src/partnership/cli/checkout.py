"""Commands that need a checkout of the project."""
# ruff: noqa: D301 - to click, \b says: leave the lines of this paragraph as they are

from __future__ import annotations

import sys
from pathlib import Path

import click

from partnership.cli.base import (
    AS_JSON,
    DATA,
    FOLDER,
    SECONDS,
    Misuse,
    command,
    find_root,
    home,
    write,
)


@command("lab")
@click.argument("notebooks", nargs=-1)
@click.option("-j", "--jobs", type=click.IntRange(1), help="How many run at a time.")
@click.option("--timeout", type=SECONDS, default=300, help="Seconds for one cell.")
@DATA
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
      partnership run --data DIR    the notebooks of another folder of tables
      partnership run --json        what was run, for how long, and what failed
    """
    import nbformat
    from tqdm import tqdm

    from partnership.workshop import runner

    root = home()
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
    show_default="site/ in the checkout or in DIR",
    help="Where it goes.",
)
@DATA
def site(output: Path | None) -> None:
    """Build the site from the notebooks as they are, to be opened without a network.

    \b
    Examples:
      partnership site
      partnership site --output public
      partnership site --data DIR   of another folder of tables and its notebooks
    """
    from tqdm import tqdm

    from partnership.site import build

    root = home()
    target = (output or root / "site").resolve()
    with tqdm(unit="page", desc="building", disable=None) as bar:

        def done(path, total):
            bar.total = total
            bar.update()

        pages = build(root, target, done)
    click.echo(f"site: {len(pages)} pages; open {target / 'index.html'}")
