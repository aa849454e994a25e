"""A new folder of tables, all or nothing: built beside its place, and moved there."""

from __future__ import annotations

import copy
import gzip
import json
import os
import re
import unicodedata
from pathlib import Path

import pandas as pd

from partnership.evidence import files
from partnership.evidence.faults import DataError, names_of, nearest
from partnership.evidence.package import DataPackage, chosen
from partnership.pair import context, texts

WHOLE = ("units", "speakers", "languages")
EMPTY = ("trade", "choices", "corrections", "totals")
CLAIMS = ("claims", "claim_rules", "claim_verdicts", "evidence")
"""Tables that are copied, that are there without a row, and those of statements."""

SERIES = (
    *("goods_exports_reconciled", "goods_exports", "goods_imports", "goods_turnover"),
    *("students_abroad", "distance_population_weighted"),
    "straight_distance_between_capitals",
)
"""Series that any pair can ask for, with rows or without."""

CUT = {
    "trade_world": "Here cut to the flows of {0} and {1}: complete for these two.",
    "country_year": "Here cut to {0} and {1}.",
    "pair_geography": "Here cut to {0} and {1}.",
    "countries": "Here cut to those that the other tables name.",
}


def economies(data: DataPackage | None = None) -> dict[str, str]:
    """Names of the economies that a pair can be made of, by code."""
    known = context.text(chosen(data), "countries")
    known = known[known["kind"] == "economy"]
    return dict(zip(known["iso3"], known["name_en"], strict=True))


def new_pair(
    first: str,
    second: str,
    folder,
    *trade,
    claims: bool = False,
    data: DataPackage | None = None,
    **how,
) -> DataPackage:
    """Write a folder about any two economies, cut from the tables that are there.

    Parameters
    ----------
    first, second : str
        ISO 3166 alpha-3 codes.
    folder : path-like
        Made; it may exist if it is empty.
    *trade : path-like
        Trade files of your own, which become rows of ``trade``; one source a file.
    claims : bool
        Also write the empty tables of statements.
    data : DataPackage, optional
        Where the rows come from, if not from the package in use.
    **how
        ``unit``, ``level`` and ``decimal`` of the files, as for
        `partnership.readers.read`.

    Returns
    -------
    DataPackage
        The new one, without a fault.

    Raises
    ------
    DataError
        If a code is unknown or stands twice, if the folder is not empty, or if a file
        cannot be read; then nothing is written.
    """
    data = chosen(data)
    known, pair = economies(data), (first, second)
    for code in pair:
        if not isinstance(code, str) or code not in known:
            raise nearest(code, known, "economy")
    if first == second:
        raise DataError(f"second: found {second} twice; allowed: two economies")
    if not isinstance(folder, str | os.PathLike):
        raise DataError(f"folder: found {folder!r:.80}; allowed: a new folder")
    for name in [name for name, value in how.items() if value is not None]:
        if not trade:
            raise DataError(f"{name}: found without a trade file; allowed: with one")
    target = Path(folder).absolute()
    # It is put in the place of an empty one, and a shell would stand in neither.
    if Path.cwd().is_relative_to(target.resolve()):
        raise DataError(f"folder: found {folder}, where you are; allowed: a new folder")
    files.sweep(target.parent)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise DataError(f"folder: found {folder}; allowed: a new or an empty folder")
    tables = _tables(data, pair, trade, claims, how)
    descriptor = _descriptor(data, pair, [known[code] for code in pair], tables)
    target.parent.mkdir(parents=True, exist_ok=True)
    with files.draft(target.parent) as draft:
        made = draft / "new"
        _write(made, descriptor, tables)
        if target.exists():
            target.rmdir()
        made.rename(target)
    return DataPackage(folder)


def _tables(data, pair, trade, claims, how):
    """Rows of all tables of the folder, in the order of the package."""
    tables = context.of_pair(data, pair)
    own = context.of_files(data, pair, trade, **how)
    empty = [*EMPTY, *(CLAIMS if claims else ())]
    tables |= {table: context.text(data, table).iloc[:0] for table in empty}
    tables |= {table: context.text(data, table) for table in WHOLE}
    tables["trade"] = own["trade"]
    speakers = pd.concat([tables["speakers"], own["speakers"]])
    tables["speakers"] = speakers.drop_duplicates("stated_by")
    named = {"series": {*SERIES}, "countries": {*pair}, "sources": set()}
    for table, wanted in named.items():  # sources last: countries name some
        rows = context.text(data, table)
        wanted |= _named(data, tables, table)
        tables[table] = rows[rows.iloc[:, 0].isin(wanted)]
    tables["sources"] = pd.concat([tables["sources"], own["sources"]])
    return {table: tables[table] for table in data.tables() if table in tables}


def _named(data, tables, target):
    """Keys of a table that rows of others name, or their descriptions."""
    found = set()
    for table, rows in tables.items():
        resource = data.resource(table)
        for field in resource["schema"]["fields"]:
            if (field.get("listOf") or {}).get("resource") == target:
                found |= set(";".join(rows[field["name"]]).split(";"))
        for key in resource["schema"].get("foreignKeys") or ():
            if key["reference"].get("resource") == target:
                found |= set(rows[names_of(key["fields"])[0]])
        about = {"sources": resource.get("source_id")}
        about["series"] = (resource.get("view") or {}).get("series")
        found |= {about.get(target)}
    return found


def _descriptor(data, pair, names, tables):
    """Description of the folder: that of the tables it is cut from, less the report."""
    title = "–".join(names)
    plain = unicodedata.normalize("NFKD", "-".join(names)).encode("ascii", "ignore")
    kept = ("$schema", "licenses", "created")
    made = {key: data.descriptor[key] for key in kept if key in data.descriptor}
    made |= {"name": re.sub("[^a-z0-9]+", "-", plain.decode().lower()).strip("-")}
    made |= {"title": f"{title} in open data", "pair": [*pair], "version": "0.1.0"}
    made["description"] = f"Figures on {title}, each as one source states it."
    resources = {table: copy.deepcopy(data.resource(table)) for table in tables}
    for table, resource in resources.items():
        for key in ("rows", "bytes", "hash"):
            resource.pop(key, None)
        if said := CUT.get(table, "").format(*names):
            resource["description"] = (
                f"{resource.get('description', '')} {said}".strip()
            )
    if "trade_world" in resources:  # other economies lack most of their partners there
        resources["trade_world"]["complete_for"] = [*pair]
    # Terms of the tables whose rows have become observations.
    origins = {"education": "students_abroad", "corridor": "pair_geography"}
    for table, origin in origins.items():
        if table in resources:
            given = (resources[table], data.resource(origin))
            terms = [one for about in given for one in about.get("licenses") or ()]
            kept = {one.get("name"): one for one in terms}
            resources[table]["licenses"] = [*kept.values()]
    return made | {"resources": [*resources.values()]}


def _write(folder, descriptor, tables):
    """Write the files and check them; `refresh` records sizes and hashes."""
    folder.mkdir()
    for resource in descriptor["resources"]:
        rows = tables[resource["name"]]
        content = rows.to_csv(index=False, lineterminator="\n").encode()
        packed = resource["path"].endswith(".gz")
        content = gzip.compress(content, mtime=0) if packed else content
        file = folder / resource["path"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    text = json.dumps(descriptor, ensure_ascii=False)
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    made = DataPackage(folder)
    made.refresh()
    for name, text in texts.made(made).items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
