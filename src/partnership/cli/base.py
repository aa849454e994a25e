"""What all commands share: the group, their options, and how they fail."""
# ruff: noqa: D301 - to click, \b says: leave the lines of this paragraph as they are

from __future__ import annotations

import contextlib
import functools
import json
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from partnership import __version__

# Where this is missing, jsonschema, which nbformat imports, does without the parsers
# of internationalised addresses: building them takes longer than most commands.
sys.modules.setdefault("rfc3987_syntax", None)


class Misuse(click.ClickException):
    """What was asked for does not exist, or not here: one line, exit code 2."""

    exit_code = 2


def holding(*names: str, otherwise: str) -> Path:
    """Return the folder that holds these: the current one, or the nearest above it."""
    start = Path.cwd().resolve()
    for folder in (start, *start.parents):
        if all((folder / name).exists() for name in names):
            return folder
    raise Misuse(f"{start} {otherwise}")


def find_root() -> Path:
    """Return the checkout that the current folder belongs to."""
    otherwise = (
        "is not in a checkout of the project; change to its folder first "
        "(find, series, table, cite, claims and sources work anywhere)"
    )
    return holding("notebooks", "pyproject.toml", otherwise=otherwise)


def home() -> Path:
    """Return the folder of tables that ``--data`` names, or else the checkout."""
    data = click.get_current_context().params["data"]
    return data.resolve() if data else find_root()


def known(name: str, names: Iterable[str], kind: str) -> str:
    """Return a name if it is one of these; else it is wrong use, with suggestions."""
    from partnership.evidence import faults

    names = names if isinstance(names, Mapping) else list(names)
    if name not in names:
        raise Misuse(str(faults.nearest(name, names, kind)))
    return name


def write(as_json: bool, value: Any, lines: Iterable[str] = ()) -> None:
    """Write a value as JSON to standard output, or else the same as lines of text.

    UTF-8 with LF wherever it goes: neither the locale nor the system has a say.
    """
    from partnership.evidence.escape import screen

    if as_json:
        text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
        lines = [screen(text, lambda sign: f"\\u{ord(sign[0]):04x}")]
    out = sys.stdout.buffer
    for line in lines:
        out.write(screen(line).encode("utf-8", "replace") + b"\n")
    out.flush()


def listed(found: Any, columns: Iterable[str], as_json: bool, plain: bool) -> None:
    """Write some columns of a frame, a row a line; as JSON all of them."""
    rows = [[_cell(cell) for cell in row] for row in found[[*columns]].to_numpy(object)]
    if plain:
        lines = ["\t".join(row) for row in rows]
    else:
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        padded = (zip(row, widths, strict=True) for row in rows)
        lines = ["  ".join(c.ljust(w) for c, w in row).rstrip() for row in padded]
    write(as_json, records(found) if as_json else None, lines)


def _cell(cell: Any) -> str:
    """Write a cell on one line: numbers in full, what is missing as nothing."""
    if isinstance(cell, float):
        return "" if cell != cell else f"{cell:.12g}"
    return " ".join(str(cell).split())


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
      partnership find WORDS             find figures by words
      partnership series NAME            what stands for each year, and why
      partnership table                  list the tables
      partnership table trade            write one as CSV
      partnership sources trade 2013     find sources
      partnership cite SOURCE_ID         cite one
      partnership claims                 statements and verdicts
      partnership world INDICATOR FILE   indicators of large files of trade
      partnership new-pair KAZ UZB DIR   a folder of tables about two others
      partnership lab                    open the notebooks in JupyterLab
    In a checkout of the project:
      partnership run                    rerun all notebooks
      partnership check                  look for faults in data and notebooks
      partnership site                   build the web site
      partnership class DIR              a folder and an archive for students
      partnership test                   run the tests
      partnership wheel                  build the package, and the notebooks beside it
      partnership licences               licences of the locked packages

    With --data DIR what reads tables reads those of another folder.
    COMMAND --help says more, with examples.

    \b
    Exit codes:
      0  all is well
      1  a fault was found, or the work could not be done
      2  wrong use: an unknown command, option or name, or not in a checkout
    """


class _Seconds(click.FloatRange):
    """Seconds up to a day; nan, which is neither below nor above, is none."""

    def convert(self, value, param, ctx):
        found = super().convert(value, param, ctx)
        return found if found == found else self.fail("nan is no number", param, ctx)


SECONDS = _Seconds(0, 86_400, min_open=True)
FORMS = click.Choice(["csv", "json", "jsonld", "markdown"])
PLAIN = click.option("--plain", is_flag=True, help="Tabs between cells, no padding.")
RAW = click.option(
    "--raw", is_flag=True, help="CSV with texts that a spreadsheet takes for formulas."
)
YEAR = click.option("--year", help="Only what touches it: 2017, 2017-03, 2019/20.")
PAIR = click.option(
    "--pair", nargs=2, metavar="A B", help="Only reporter A, partner B."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON instead.")
FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)
DATA = click.option("--data", type=FOLDER, help="Another folder of tables.")


@contextlib.contextmanager
def warned() -> Iterator[None]:
    """Say each warning once, in one line; where in the code it arose helps nobody."""
    said = set()

    def show(message: Warning | str, *_args: object, **_how: object) -> None:
        from partnership.evidence.faults import one_line

        if str(message) not in said:
            said.add(str(message))
            click.echo(f"Warning: {one_line(message)}", err=True)

    with warnings.catch_warnings():
        warnings.showwarning = show
        yield


def _ready() -> None:
    """Make standard output take any text: it can be closed, or know few letters."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - it stays
    elif hasattr(sys.stdout, "reconfigure"):
        how = {"errors": "backslashreplace", "newline": "\n"}
        sys.stdout.reconfigure(encoding="utf-8", **how)


def command(extra: str, name: str | None = None) -> Callable:
    """Make a command that says in one line what is wrong with data, files or packages.

    Parameters
    ----------
    extra : str
        The extra of the package that brings what the command imports.
    name : str, optional
        Its name, where the function cannot have it.
    """

    def wrap(function: Callable) -> click.Command:
        @functools.wraps(function)
        def called(*arguments, data=None, **options):
            _ready()
            try:
                with contextlib.ExitStack() as after:
                    after.enter_context(warned())
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
            except ValueError as error:  # DataError is one
                from partnership.evidence.faults import one_line

                raise click.ClickException(one_line(error)) from None
            except OSError as error:
                from partnership.evidence import files

                raise click.ClickException(files.said(error)) from None

        return main.command(name)(called)

    return wrap
