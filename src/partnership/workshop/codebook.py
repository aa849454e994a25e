"""The codebook in ``data/README.md``: the account of the evidence and every column."""

from __future__ import annotations

from urllib.parse import quote

from partnership.evidence.escape import markdown
from partnership.evidence.package import DataPackage, default

START = "<!-- codebook:start -->"


END = "<!-- codebook:end -->"


def text(package: DataPackage | None = None) -> str:
    """Write the generated part of the codebook.

    Parameters
    ----------
    package : DataPackage, optional
        The project's own if left out.

    Returns
    -------
    str
        Markdown: tables, the account of the evidence, columns.
    """
    package = package or default()
    parts = [START, "", "## Tables", "", _tables(package), ""]
    parts += ["## Account of the evidence", "", _account(package), ""]
    parts += ["## Columns", ""]
    for table in package.tables():
        parts += [f"### {markdown(table)}", "", _columns(package, table), ""]
    return "\n".join([*parts, END])


def is_current(readme: str, package: DataPackage | None = None) -> bool:
    """Whether a text holds the codebook of the package as it is now."""
    return text(package) in readme


def write(package: DataPackage | None = None) -> bool:
    """Renew the codebook in the package's README.md; True if it changed."""
    package = package or default()
    file = package.inside("README.md")
    old = file.read_text(encoding="utf-8") if file.is_file() else f"{START}{END}\n"
    before, _, rest = old.partition(START)
    new = before + text(package) + rest.partition(END)[2]
    if new != old:
        file.write_text(new, encoding="utf-8", newline="\n")
    return new != old


def _table(header: list[str], rows) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _tables(package: DataPackage) -> str:
    rows = []
    for table in package.tables():
        resource = package.resource(table)
        licences = ", ".join(licence["title"] for licence in resource["licenses"])
        cells = (resource["rows"], resource["description"], licences)
        link = f"[{markdown(table)}](#{quote(table)})"
        rows.append([link, *map(markdown, cells)])
    return _table(["table", "rows", "what a row is", "licence"], rows)


def _account(package: DataPackage) -> str:
    """Summarise the ledger: per evidence file what was kept where, and what was not."""
    ledger = package.load("ledger").fillna({"table": "", "reason": ""})
    rows = []
    for (file, counted), lines in ledger.groupby(
        ["evidence_file", "counted_in"], sort=False
    ):
        total = lines["number"].sum()
        fates = "; ".join(
            f"{line.number:,} {line.fate}"
            + (f" in {line.table}" if line.table else "")
            + (f" ({line.reason})" if line.reason else "")
            for line in lines.itertuples()
        )
        rows.append(map(markdown, (file, f"{total:,} {counted}", fates)))
    return _table(["evidence", "held", "became"], rows)


def _columns(package: DataPackage, table: str) -> str:
    described = package.describe(table)
    rows = []
    for column, line in described.iterrows():
        allowed = "" if column == "unit" else line["allowed"]
        cells = (column, line["type"], line["unit"], line["description"], allowed)
        rows.append(map(markdown, cells))
    return _table(["column", "type", "unit", "meaning", "allowed"], rows)
