"""Commands that find a figure and say where it comes from."""
# ruff: noqa: D301 - to click, \b says: leave the lines of this paragraph as they are

from __future__ import annotations

import click

from partnership.cli.base import (
    AS_JSON,
    DATA,
    PAIR,
    PLAIN,
    YEAR,
    command,
    known,
    listed,
    write,
)


@command("lab")
@click.argument("words", nargs=-1, required=True)
@click.option("-n", "--most", type=click.IntRange(1), default=10, help="How many.")
@PLAIN
@DATA
@AS_JSON
def find(words: tuple[str, ...], most: int, plain: bool, as_json: bool) -> None:
    """Find stated figures by WORDS, the best first, one a line.

    A line has value, unit, period, who says so, source, series and what it is about.
    Word forms do not matter, nor do 2019/20, 2019-20 and 2019/2020; names may be
    Russian.

    \b
    Examples:
      partnership find trade turnover 2016
      partnership find students 2019/20 --most 3
      partnership find tractors delivered --json
    """
    from partnership.evidence import finding

    found = finding.find(" ".join(words), most=most)
    if found.empty and not as_json:
        click.echo("nothing found; try fewer or other words", err=True)
    columns = ["value", "unit", "period", "who", "source_id", "series", "about"]
    listed(found, columns, as_json, plain)


@command("lab")
@click.argument("name")
@PAIR
@YEAR
@PLAIN
@DATA
@AS_JSON
def series(
    name: str,
    pair: tuple[str, str] | None,
    year: str | None,
    plain: bool,
    as_json: bool,
) -> None:
    """Write every statement of the series NAME: which one stands, and why.

    An asterisk is before what stands for its period. A line has period, value,
    qualifier, who says so, source, what it is about and the step of the rule that
    decided. `partnership cite` cites the source.

    \b
    Examples:
      partnership series goods_turnover --year 2016
      partnership series fleet_units --plain
      partnership series goods_turnover --json
    """
    from partnership.evidence import finding, package, standing

    known(name, package.load("series")["series"], "series")
    found = standing.standing(name, *(pair or ()), year=year)
    about, named = found.attrs, finding.names(package.default())
    cells = zip(*(found[key] for key in about["keys"]), strict=True)
    found["about"] = [finding.about(cell, named) for cell in cells]
    found["mark"] = found["stands"].map({True: "*", False: "-"})
    if found.empty and not as_json:
        click.echo("nothing found; try another pair or year", err=True)
    if not (plain or as_json):
        write(False, None, [f"{about['definition']}; {about['unit']}"])
    columns = ["mark", "period", "value", "qualifier", "stated_by", "source_id"]
    listed(found, [*columns, "about", "why"], as_json, plain)
