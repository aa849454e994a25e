"""Commands of a checkout of the project; `lab` works elsewhere, too."""
# ruff: noqa: D301 - to click, \b says: leave the lines of this paragraph as they are

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from partnership.cli.base import (
    AS_JSON,
    DATA,
    FILE,
    FOLDER,
    SECONDS,
    Misuse,
    command,
    find_root,
    home,
    known,
    write,
)
from partnership.workshop import suite


@command("lab")
@click.argument("notebooks", nargs=-1)
@click.option("-j", "--jobs", type=click.IntRange(1), help="How many run at a time.")
@click.option("--timeout", type=SECONDS, default=300, help="Seconds for one cell.")
@click.option("--pair", nargs=2, metavar="CODE CODE", help="Of a copy: two economies.")
@click.option("-o", "--output", type=FOLDER, help="Where the copy goes.")
@click.option("--force", is_flag=True, help="Replace files that you have changed.")
@DATA
@AS_JSON
def run(
    notebooks: tuple[str, ...],
    jobs: int | None,
    timeout: float,
    pair: tuple[str, str] | None,
    output: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Rerun NOTEBOOKS (all by default) and write their outputs in place.

    NOTEBOOKS are names such as 01_trade, or paths. The first error stops the run;
    the notebook it is in stays as it was. As many run at a time as there are cores.
    With --pair one notebook about any two economies is copied, to the current folder or
    that of --output, and run there; a page of it in one HTML file goes beside it.

    \b
    Examples:
      partnership run
      partnership run 01_trade exercises/01_trade --jobs 1
      partnership run 10_any_pair --pair KAZ UZB --output pairs
      partnership run --data DIR    the notebooks of another folder of tables
      partnership run --json        what was run, for how long, and what failed
    """
    from tqdm import tqdm

    from partnership.workshop import runner

    root = home()
    try:
        paths = runner.find_notebooks(root, notebooks)
    except FileNotFoundError as error:
        raise Misuse(str(error)) from None
    if pair or output or force:
        copy = (pair, output or Path(), force)
        written = _run_copy(root, paths, *copy, timeout)
        names = ("notebook", "page")
        values = dict(zip(names, map(str, written), strict=True))
        write(as_json, values, [f"written: {path}" for path in written])
        return
    seconds: dict[Path, float] = {}
    changed, failed = [], None
    with tqdm(unit="cell", desc="running", disable=None) as bar:

        def done(path, time):
            seconds[path] = round(time, 1)
            if not as_json:
                bar.write(f"{path.stem}: {time:.1f} s", file=sys.stdout)

        def step(_path):
            bar.update()

        try:
            bar.reset(sum(len(runner.code_cells(runner.read(path))) for path in paths))
            changed = runner.run_notebooks(paths, root, jobs, timeout, step, done)
        except runner.NotebookError as error:
            failed = error
    write(as_json, [_result(path, root, seconds, failed) for path in paths])
    if failed:
        raise click.ClickException(str(failed))
    if not as_json:
        click.echo(f"notebooks: {len(paths)} run, {sum(changed)} changed")


def _run_copy(root, paths, pair, folder, force, timeout) -> list[Path]:
    """Check what was asked of a copy, and make it."""
    from partnership.evidence import escape, files
    from partnership.pair import traders
    from partnership.workshop import copies, reading, runner

    if pair is None or len(paths) != 1:
        found = f"{len(paths)} notebooks and {'a' if pair else 'no'} --pair"
        raise Misuse(
            f"--pair, --output, --force: found {found}; allowed is one of each"
        )
    for code in pair:
        known(code, traders(), "economy with trade")
    if pair[0] == pair[1]:
        raise Misuse(f"--pair: found {pair[0]} twice; allowed: two economies")
    if folder.resolve().is_relative_to(reading.home(root).resolve()):
        found = (
            f"--output: found {folder}, whose notebooks the checks and the site read"
        )
        raise Misuse(f"{found}; allowed is another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with files.draft(folder):
            pass
    except OSError as error:
        found = f"--output: found {folder}: {error.strerror}"
        raise Misuse(f"{found}; allowed is a folder to write in") from None
    try:
        from partnership.site.single import single
    except ModuleNotFoundError as error:
        from partnership.site import missing

        raise missing(error.name) from None
    target = folder / f"{'_'.join([paths[0].stem, *pair])}.ipynb"
    values = dict(zip(("first", "second"), pair, strict=True))
    names = " and ".join(escape.markdown(traders()[code]) for code in pair)
    how = {"title": f"{names}: what do open tables know of them?"}
    how |= {"force": force, "timeout": timeout}
    try:
        return copies.run_copy(paths[0], values, target, root, single, **how)
    except runner.NotebookError as error:
        raise click.ClickException(str(error)) from None


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
@click.option("--totals", is_flag=True, help="First count columns and verdicts anew.")
@DATA
@AS_JSON
def check(refresh: bool, totals: bool, as_json: bool) -> None:
    """Look for faults in the data and in the notebooks.

    Each fault names file, row and column, what was found and what is allowed. The exit
    code is 1 if there is a fault. --refresh records changed tables and renews the
    codebook and the generated parts of the README and the notebooks. --totals does it,
    too, writes anew what columns and verdicts come to, and says what is not as it was:
    read it, for nothing else notices a digit that one source alone gives.

    \b
    Examples:
      partnership check
      partnership check --refresh   after a change of a table that is meant
      partnership check --totals    the same, and the sums have changed with it
      partnership check --data DIR  the tables of another folder
      partnership check --json      a list: file, line, row, column, message
    """
    from partnership import verdicts
    from partnership.evidence.package import open_folder
    from partnership.workshop import upkeep

    data = click.get_current_context().params["data"]
    root = None if data else find_root()
    tables = open_folder(data or root / "data")
    steps = [_count(tables)] if totals else []
    steps += [upkeep.refresh(root, tables)] if refresh or totals else []
    for line in itertools.chain(*steps):
        if not as_json:
            click.echo(line)
    found = list(upkeep.faults(root, tables))
    files = {problem.file for problem in found} - {"totals.csv"}
    if not any(file.endswith((".csv", ".json")) for file in files):
        found += verdicts.faults(tables) or verdicts.changed(tables)
    # Rows count from 1, without the header.
    names = ("file", "line", "row", "column", "message")
    faults = [{name: getattr(one, name) for name in names} for one in found]
    write(as_json, faults, map(str, found))
    if found:
        raise click.ClickException(f"{len(found)} faults")
    if not as_json:
        click.echo(f"{'data' if data else 'data and notebooks'}: no fault")


def _count(tables) -> Iterator[str]:
    """Write the control totals anew; say what has changed, line by line."""
    from partnership import verdicts
    from partnership.evidence import totals

    if "totals" not in tables.tables():
        raise Misuse(f"--totals: found no table totals in {tables.path}; allowed: one")
    tables.refresh()
    lines = totals.renew(tables, verdicts.answers(tables))
    yield from lines or ["totals: nothing has changed"]


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


@command("lab")
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[FOLDER] [MORE]...")
@click.option(
    "--from", "source", type=FILE, help="An archive of notebooks to copy from."
)
@click.option("--own-settings", is_flag=True, help="With your settings of Jupyter.")
def lab(words: tuple[str, ...], source: Path | None, own_settings: bool) -> None:
    """Open JupyterLab at the first notebook of FOLDER.

    FOLDER is by default the checkout that you are in, else the current folder if it has
    notebooks, else partnership-notebooks. One without notebooks gets them from the
    archive that lies beside the wheel, or here; of an archive that --from names, files
    are copied that are new or newer. Files that you have changed stay as they are. MORE
    are arguments for JupyterLab.

    \b
    Examples:
      partnership lab
      partnership lab --no-browser
      partnership lab my-folder --from partnership-notebooks-0.2.0.zip
    """
    from partnership.workshop import lab as room

    named = words[:1] if words and not words[0].startswith("-") else ()
    try:
        folder = Path(*named) if named else find_root()
    except Misuse:
        here = Path.cwd()
        folder = here if room.first(here) else here / "partnership-notebooks"
    if source is None and room.first(folder) is None:
        source = Path(room.ARCHIVE)
        if not source.is_file():
            said = f"{folder} has no notebooks, and {source} is not here"
            raise Misuse(f"{said}; --from FILE says where it is")
    if source is not None:
        copied, left = room.unpack(source, folder)
        click.echo(f"{folder}: {len(copied)} files copied from {source.name}")
        for name in left:
            click.echo(f"left as it is, since you have changed it: {name}")
    room.open_lab(folder, words[len(named) :], own_settings)


lab.context_settings["ignore_unknown_options"] = True


@command("test")
@click.argument(
    "parts", nargs=-1, type=click.Choice([*suite.PARTS]), metavar="[PART]..."
)
@click.option("--lax", is_flag=True, help="Rerun notebooks, but do not compare them.")
def test(parts: tuple[str, ...], lax: bool) -> None:
    """Run the tests of the checkout, as make test does.

    PART is style, tests (of package and data), notebooks (against a fresh run) or long
    (tests that take too long for every day); without one, it is all but the last.

    \b
    Examples:
      partnership test
      partnership test style tests   as make check
      partnership test --lax         on other versions of the packages
    """
    if failed := suite.run(find_root(), parts or suite.USUAL, lax):
        said = "; ".join(f"python -m {one}" for one in failed)
        raise click.ClickException(f"failed: {said}")


@command("lab")
@click.argument("folder", type=FOLDER, required=False)
def wheel(folder: Path | None) -> None:
    """Build the wheel, and the notebooks as an archive, in FOLDER (dist by default).

    With both, `pip install "WHEEL[lab]"` and `partnership lab` need no checkout.

    \b
    Examples:
      partnership wheel
    """
    from partnership.workshop import lab as room

    root = find_root()
    for made in room.build(root, folder or root / "dist"):
        click.echo(f"{made}: {made.stat().st_size / 1e6:.1f} MB")


@command("lab")
@AS_JSON
def licences(as_json: bool) -> None:
    """List the packages of all locks, with the licences that they state.

    \b
    Examples:
      partnership licences
      partnership licences --json   with the locks that name each
    """
    from partnership.workshop.licences import locked

    found = list(locked(find_root()))
    lines = (
        f"{one['name']} {one['version']}: {one['licence'] or 'not installed here'}"
        for one in found
    )
    write(as_json, found, lines)
