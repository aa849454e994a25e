"""Rows of any two economies: cut from the tables, or made of the reader's files.

Tables are frames of cells as text, so that no figure is written otherwise than it was
read.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pandas as pd

from partnership.evidence import cells
from partnership.evidence.faults import DataError, listing
from partnership.evidence.package import DataPackage
from partnership.readers import read

MOVES = {"USD_million": 0, "USD_thousand": -3, "USD": -6}
"""How far the decimal point moves on the way to million dollars."""

ALL = ("total", "all products", "ag0", "")
"""Words for all goods, which no column of products needs."""

MODELLED = {
    "CEPII": "CEPII, Paris",
    "OEC": "Observatory of Economic Complexity",
    "ATLAS": "Growth Lab, Atlas of Economic Complexity",
}
"""Makers of data sets that reconcile what both sides report."""


def text(data: DataPackage, table: str) -> pd.DataFrame:
    """Cells of a table as they are written."""

    def make():
        resource = data.resource(table)
        file = data.inside(resource["path"])
        content = cells.plain(file.name, file.read_bytes())
        names = [field["name"] for field in resource["schema"]["fields"]]
        return cells.text(file.name, content, names)

    return data.once(("text", table), make)


def of_pair(data: DataPackage, pair: tuple[str, str]) -> dict[str, pd.DataFrame]:
    """Rows about two economies, by table, of the tables that have any."""
    world, years = text(data, "trade_world"), text(data, "country_year")
    lands, hosts = text(data, "pair_geography"), text(data, "students_abroad")
    either = world["exporter"].isin(pair) | world["importer"].isin(pair)
    lands = _between(lands, "exporter", "importer", pair)
    rows = {
        "trade_world": world[either],
        "country_year": years[years["iso3"].isin(pair)],
        "pair_geography": lands,
        "corridor": observations(data, "corridor", _distances(lands, pair)),
        "education": observations(
            data, "education", _students(_between(hosts, "host", "origin", pair))
        ),
    }
    return {table: frame for table, frame in rows.items() if len(frame)}


def _between(frame, one, other, pair):
    return frame[frame[[one, other]].isin(pair).all(axis=1)]


def _distances(lands, pair):
    """Distances have no direction: those from the first to the second."""
    columns = {
        "distance_weighted_km": "distance_population_weighted",
        "distance_capitals_km": "straight_distance_between_capitals",
    }
    for row in lands[lands["exporter"] == pair[0]].to_dict("records"):
        for column, series in columns.items():
            if row[column]:
                about = {"series": series, "reporter": pair[0], "partner": pair[1]}
                about |= {"stated_by": "CEPII", "period_type": "undated", "unit": "km"}
                yield about | {"value": row[column], "source_id": row["source_id"]}


def _students(hosts):
    for row in hosts.to_dict("records"):
        end = int(row["year"])
        about = {"series": "students_abroad", "stated_by": "UIS", "unit": "persons"}
        about |= {"reporter": row["host"], "partner": row["origin"]}
        about |= {"period": f"{end - 1}/{end}", "period_type": "academic_year"}
        about |= {"note": f"UIS year {end}, in which the academic year ends"}
        yield about | {"value": row["persons"], "source_id": row["source_id"]}


def observations(data: DataPackage, table: str, rows) -> pd.DataFrame:
    """Frame of statements, each with ids of its own; cells left out are empty."""
    made = []
    for number, row in enumerate(rows):
        more, place = divmod(number, 9999)
        letters = table[0] + (chr(ord("a") + more - 1) if more else "")
        ids = {"observation_id": f"{letters}{place + 1:04}", "qualifier": "exact"}
        ids["statement_id"] = f"st-{row['source_id']}-{number + 1:04}"
        made.append(ids | row)
    names = [field["name"] for field in data.resource(table)["schema"]["fields"]]
    return pd.DataFrame(made, columns=names, dtype="str").fillna("")


def of_files(
    data: DataPackage, pair: tuple[str, str], files, **how
) -> dict[str, pd.DataFrame]:
    """Rows of ``trade``, ``sources`` and ``speakers`` of the reader's trade files.

    Parameters
    ----------
    data : DataPackage
    pair : tuple of str
    files : iterable of path-like
        As for `partnership.readers.read`.
    **how
        ``unit``, ``level`` and ``decimal``, as there.

    Raises
    ------
    DataError
        If a file cannot be read, holds no flow of the pair or those of another file, or
        says not who speaks.
    """
    rows, sources, speakers = [], [], {code: ("economy", code) for code in pair}
    taken, before = set(text(data, "sources")["source_id"]), {}
    for file in files:
        flows, file = read(file, **how), Path(file)
        own = _between(flows, "exporter", "importer", pair).dropna(subset="value")
        if own.empty:
            found = f"{file.name}: found no flow between {' and '.join(pair)}"
            raise DataError(f"{found}; allowed: a file with flows of the pair")
        if unknown := sorted({*own["stated_by"]} - {*pair, *MODELLED}):
            found = f"{file.name}, column stated_by: found {unknown[0]!r}"
            raise DataError(f"{found}; {listing([*pair, *MODELLED])}")
        again = before.setdefault(own.to_csv(index=False), str(file))
        if len(before) == len(sources):
            found = f"{file}: found the flows of {again} again"
            raise DataError(f"{found}; allowed: each file once")
        source = _source_id(file.name, taken)
        taken.add(source)
        unit = own["unit"].iloc[0]
        rows += [_flow(flow, source, pair) for flow in own.to_dict("records")]
        about = {"source_id": source, "publisher": "To be named", "title": file.name}
        about |= {"file": file.name, "language": "en", "kind": "dataset"}
        about |= {"reliability": "secondary"}
        about["transformation"] = f"flows of the pair; {unit} written as USD_million"
        about["note"] = "Own file: name publisher, address, date and licence"
        sources.append(about)
        for code in sorted({*own["stated_by"]} & {*MODELLED}):
            speakers[code] = ("body", MODELLED[code])
    names = text(data, "countries").set_index("iso3")["name_en"]
    told = [
        (code, kind, names.get(code, name)) for code, (kind, name) in speakers.items()
    ]
    found = {"trade": observations(data, "trade", rows)}
    names = [*text(data, "sources")]
    found["sources"] = pd.DataFrame(sources, columns=names, dtype="str").fillna("")
    found["speakers"] = pd.DataFrame(told, columns=[*text(data, "speakers")])
    return found


def _flow(flow, source, pair):
    """A row of ``trade``: the exporter's side, or the importer's."""
    bought = flow["stated_by"] == flow["importer"]
    sides = (flow["exporter"], flow["importer"])
    reporter, partner = sides[::-1] if bought else sides
    value = Decimal(repr(flow["value"])).scaleb(MOVES[flow["unit"]])
    product = flow["product"].strip()
    return {
        "series": "goods_imports" if bought else "goods_exports",
        **{"stated_by": flow["stated_by"], "reporter": reporter, "partner": partner},
        **{"period": str(flow["year"]), "period_type": "calendar_year"},
        **{"value": plain(value), "unit": "USD_million", "source_id": source},
        "qualifier": "modelled" if flow["stated_by"] in MODELLED else "exact",
        "product": "" if product.casefold() in ALL else product,
        "valuation": flow["valuation"] or "unstated",
    }


def plain(value: Decimal) -> str:
    """A number with a point and no zero too many: no exponent, nothing rounded."""
    digits = format(value, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _source_id(name, taken):
    stem = re.sub("[^a-z0-9]+", "-", name.split(".")[0].lower()).strip("-") or "table"
    numbers = range(1, len(taken) + 2)
    names = (f"own-{stem}" + (f"-{n}" if n > 1 else "") for n in numbers)
    return next(one for one in names if one not in taken)
