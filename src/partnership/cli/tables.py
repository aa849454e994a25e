"""Commands that look something up in a folder of tables."""
# ruff: noqa: D301 - to click, \b says: leave the lines of this paragraph as they are

from __future__ import annotations

import click

from partnership.cli.base import (
    AS_JSON,
    DATA,
    FORMS,
    PAIR,
    PLAIN,
    RAW,
    YEAR,
    Misuse,
    command,
    known,
    listed,
    records,
    write,
)


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
@PLAIN
@DATA
@AS_JSON
def sources(
    words: tuple[str, ...],
    kind: str | None,
    used_by: str | None,
    plain: bool,
    as_json: bool,
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
    if plain:
        listed(found, ["source_id", "publisher", "published", "title"], as_json, plain)
        return
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
@YEAR
@PAIR
@click.option("--source", help="Only rows that this source states.")
@click.option("--speaker", help="Only what this body states.")
@click.option("--describe", is_flag=True, help="What the columns mean, not the rows.")
@RAW
@PLAIN
@DATA
@AS_JSON
def table(
    name: str | None,
    describe: bool,
    raw: bool,
    plain: bool,
    as_json: bool,
    **wanted: str | tuple[str, str] | None,
) -> None:
    """Write a table as CSV to standard output; without NAME, list the tables.

    \b
    Examples:
      partnership table
      partnership table trade > trade.csv
      partnership table trade --series goods_turnover --year 2016 --json
      partnership table education --speaker UIS --plain
      partnership table trade --describe
    """
    from partnership.evidence import escape, finding, package

    if name is None:
        titles = {one: package.describe(one).attrs["title"] for one in package.tables()}
        rows = [{"table": one, "title": title} for one, title in titles.items()]
        lines = (f"{one:18} {title}" for one, title in titles.items())
        write(as_json, rows, map("\t".join, titles.items()) if plain else lines)
        return
    known(name, package.tables(), "table")
    frame = package.describe(name).reset_index() if describe else package.load(name)
    for column, value in wanted.items():
        if value is not None:
            try:
                frame = finding.kept(frame, column, value, name)
            except ValueError as error:
                raise Misuse(str(error)) from None
    if plain:
        listed(frame, frame.columns, as_json, plain)
    else:
        lines = [] if as_json else [escape.csv(frame, raw=raw).removesuffix("\n")]
        write(as_json, records(frame) if as_json else None, lines)


@command("lab")
@click.option("--format", "form", type=FORMS, default="csv")
@DATA
@AS_JSON
@RAW
@click.option("--base-url", help="Where the pages stand, for the links in jsonld.")
def claims(form: str, as_json: bool, raw: bool, base_url: str | None) -> None:
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
    from partnership.evidence import package
    from partnership.workshop import generated

    there, as_json = verdicts.claim_ids(), as_json or form == "json"
    if as_json:
        write(True, records(verdicts.both().reset_index()) if there else [])
    elif not there:
        about = package.default().descriptor
        click.echo(f"{about.get('title', about['name'])}: no claims", err=True)
    else:
        if form == "jsonld":
            text = verdicts.to_jsonld(base_url or generated.address("Homepage"))
        elif form == "markdown":
            text = verdicts.to_markdown(folder="notebooks/")
        else:
            text = verdicts.to_csv(raw=raw)
        write(False, None, [text.removesuffix("\n")])
