"""One table of flows from files of any known shape."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from partnership.evidence.faults import DataError, listing, nearest
from partnership.readers import codes, opening, shapes

COLUMNS = (
    *("exporter", "importer", "product", "year", "value", "quantity"),
    *("unit", "valuation", "stated_by"),
)

UNITS = ("USD", "USD_thousand", "USD_million")

_KEY = ["stated_by", "exporter", "importer", "product", "year"]

_YEAR = r"(?:19|20)[0-9]{2}"


def read(*files, unit: str | None = None, level: int | str | None = None, decimal=None):
    """Read trade files into one table of flows.

    Parameters
    ----------
    *files : path-like
        BACI, UN Comtrade, WITS, CEPII Gravity, OEC, Atlas, or a plain table with
        exporter, importer, year and value; CSV, JSON or Parquet, packed or not. Known
        by their columns; files of one shape (years, say) are put together.
    unit : {"USD", "USD_thousand", "USD_million"}, optional
        Of the values of a plain table without a column ``unit``.
    level : int or "TOTAL", optional
        Digits of the product codes to keep, where a file has several levels: their
        sum would count a good once a level.
    decimal : {".", ","}, optional
        Mark of decimals, where the cells leave it open.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`: economies as ISO 3166 alpha-3, product codes as text with their
        zeros, ``value`` in ``unit`` as the file declares it, NaN where it is missing (0
        is 0), ``valuation`` "fob", "cif" or empty, and who states the flow.
        ``attrs["left_out"]`` counts the rows left out, by reason.

    Raises
    ------
    DataError
        With file, row, column, what was found and what is allowed.
    """
    if not files:
        raise DataError("files: found none; allowed: one file or more")
    if unit is not None and unit not in UNITS:
        raise nearest(unit, UNITS, "unit")
    if decimal not in (None, *_FORMS):
        raise DataError(f"decimal: found {decimal!r:.40}; allowed: '.' or ','")
    left_out: dict[str, int] = {}
    found = []
    for path in files:
        for one in opening.opened(path):
            shape = shapes.of(one.name, one.cells.columns)
            if shape.flows is None:
                left_out[shape.name] = left_out.get(shape.name, 0) + len(one.cells)
                continue
            found.append(_flows(one, shape, unit, level, decimal, left_out))
    if not found:
        raise DataError(f"{files[0]}: holds codes alone; allowed: a file with flows")
    frame = pd.concat(found, ignore_index=True)
    units = sorted(set(frame["unit"]))
    if len(units) > 1:
        raise DataError(f"files: found units {', '.join(units)}; allowed: one for all")
    _unique(frame)
    frame = frame[[*COLUMNS]]
    frame.attrs["left_out"] = left_out
    return frame


def _flows(one, shape, unit, level, decimal, left_out):
    """Flows of one file, checked, with the place of each row."""
    names = {column: shapes.plain(column) for column in one.cells}
    original = {plain: column for column, plain in names.items()}
    if len(original) < len(names):
        raise opening.fault(
            one.name, "two columns differ in case or signs alone", line=1
        )
    if one.cells.empty:
        raise opening.fault(one.name, "holds no row of data; allowed: one or more")
    cells = one.cells.rename(columns=names)
    cells = cells.apply(lambda column: column.str.strip())
    flows = shape.flows(cells)
    flows = flows.rename_axis("row").reset_index()
    if unread := shapes.unread(flows, cells):
        message = "holds products under a name that is not known; allowed: product"
        raise opening.fault(one.name, message, line=1, column=original[unread])

    def fault_of(rows):
        def fault(position, column, message):
            cell = _column_of(shape, column, original)
            return one.fault(int(rows[position]), cell, message)

        return fault

    def keep(frame, wanted, reason):
        out = int((~wanted).sum())
        if out:
            left_out[reason] = left_out.get(reason, 0) + out
        return frame[wanted]

    if "out" in flows:
        for reason in sorted(set(flows["out"]) - {""}):
            flows = keep(flows, flows["out"] != reason, reason)
    flows["year"] = _years(flows["year"], fault_of(flows["row"].to_numpy()))
    for side in ("reporter", "partner"):
        fault = fault_of(flows["row"].to_numpy())
        flows[side] = codes.economies(flows[side], flows["year"], fault)
        flows = keep(flows, flows[side] != codes.AREA, "the world, groups and areas")
    fault = fault_of(flows["row"].to_numpy())
    odd = (~flows["valuation"].isin(("fob", "cif", ""))).to_numpy()
    if odd.any():
        found = flows["valuation"].iloc[odd.argmax()]
        message = f"found {found!r:.40}; allowed: fob, cif, or nothing"
        raise fault(int(odd.argmax()), "valuation", message)
    speakers = flows["stated_by"].isin(["CEPII", "OEC", "ATLAS", ""])
    speakers |= shape.unit == ""  # a plain table says itself who speaks
    own = flows["reporter"].where(flows["flow"] == "export", flows["reporter"])
    if shape.name == "CEPII Gravity":
        own = flows["reporter"].where(flows["valuation"] == "fob", flows["partner"])
    flows["stated_by"] = flows["stated_by"].where(speakers, own)
    for column in ("value", "quantity"):
        flows[column] = _numbers(
            flows[column].rename(column), fault, decimal, one.separator
        )
    export = flows["flow"] == "export"
    flows["exporter"] = flows["reporter"].where(export, flows["partner"])
    flows["importer"] = flows["partner"].where(export, flows["reporter"])
    same = (flows["exporter"] == flows["importer"]).to_numpy()
    flows = keep(flows, ~same, "flows of an economy with itself")
    flows = _one_level(one.name, flows, level, keep)
    flows = _added(flows)
    flows["unit"] = _unit(one, shape, flows, unit)
    flows["place"] = one.name
    return flows


def _column_of(shape, column, original):
    """Name in the file of the column that a fault is about."""
    words = {
        "reporter": ("reporter", "rt", "exporter", "i", "iso", "location", "country"),
        "partner": ("partner", "pt", "importer", "j", "iso", "partner"),
        "year": ("period", "refyear", "year", "yr", "t"),
        "value": ("primaryvalue", "tradevalue", "value", "v", "exportvalue"),
        "quantity": ("q", "qty", "netwgt", "quantity", "netweight"),
        "valuation": ("valuation",),
    }[column]
    for word in words:
        for plain, name in original.items():
            if plain == word or (len(word) > 1 and plain.startswith(word)):
                return name
    return column


def _years(cells, fault):
    cells = cells.str.removesuffix(".0")  # of a column in which one was missing
    whole = cells.str.fullmatch(_YEAR).to_numpy(bool)
    if not whole.all():
        row = int((~whole).argmax())
        found = cells.iloc[row]
        months = re.fullmatch(rf"{_YEAR}(0[1-9]|1[0-2])", found)
        allowed = "years (add up whole years of months first)" if months else "a year"
        raise fault(row, "year", f"found {found!r:.40}; allowed: {allowed}")
    return cells.astype("int64")


_POINT = r"[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?|\.[0-9]+"
_FORMS = {
    ".": (rf"(?:{_POINT})", r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"),
    ",": (r"[0-9]+(?:,[0-9]+)?", r"[0-9]{1,3}(?:[. ][0-9]{3})+(?:,[0-9]+)?"),
}


def _numbers(cells, fault, decimal, separator):
    """Numbers of text cells; empty and NA are missing, which is not 0.

    Where semicolons part cells, or the caller says so, a point may part thousands.
    """
    text = cells.str.replace("\u00a0", " ").where(~cells.isin(["NA", "NaN", "nan"]), "")
    filled = text[text != ""]
    points = decimal == "." or (decimal is None and separator != ";")
    form = r"[0-9]+(?:\.[0-9]+)?" if points else "[0-9]+"
    plain = filled.str.fullmatch(form).to_numpy(bool)
    if not plain.all():
        filled = _unmarked(filled, cells, fault, decimal, text)
    values = filled.astype("float64").reindex(text.index)
    bad = np.isinf(values.to_numpy())
    if bad.any():
        row = int(bad.argmax())
        raise fault(row, cells.name, f"found {cells.iloc[row]!r:.40}; allowed: finite")
    return values


def _unmarked(filled, cells, fault, decimal, text):
    """Cells with a point as the decimal mark and no other sign."""
    marks = [decimal] if decimal else [".", ","]
    fits = {
        mark: pd.concat([filled.str.fullmatch(form) for form in _FORMS[mark]], axis=1)
        .any(axis=1)
        .to_numpy(bool)
        for mark in marks
    }
    whole = [mark for mark in marks if fits[mark].all()]
    if len(whole) == 2 and filled.str.contains("[.,]").any():
        readings = [_points(filled, mark) for mark in whole]
        if not (readings[0] == readings[1]).all():
            cell = filled[readings[0] != readings[1]].iloc[0]
            row = int((text == cell).to_numpy().argmax())
            message = f"found {cell!r}, which has two readings; say decimal='.' or ','"
            raise fault(row, cells.name, message)
    if not whole:
        best = max(marks, key=lambda mark: fits[mark].sum())
        row = int(text.index.get_indexer([filled.index[(~fits[best]).argmax()]])[0])
        allowed = "a number that is not negative, with one mark of decimals"
        raise fault(
            row, cells.name, f"found {cells.iloc[row]!r:.40}; allowed: {allowed}"
        )
    return _points(filled, whole[0])


def _points(cells, mark):
    if mark == ".":
        return cells.str.replace(",", "")
    return cells.str.replace("[. ]", "", regex=True).str.replace(",", ".")


def _one_level(name, flows, level, keep):
    """Flows of one level of products."""
    code = flows["product"].str.strip()
    digits = code.str.fullmatch(r"\d+")
    levels = code.str.len().astype(str).where(digits, "TOTAL")
    total = code.str.casefold().isin(["total", "all products", "ag0", ""])
    named = sorted(set(code[~digits & ~total]))
    found = sorted(set(levels[digits | total]))
    if level is None and not named and len(found) == 1:
        return flows
    if level is None and (len(found) > 1 or (named and total.any())):
        shown = ", ".join([*found, *named[:3]])
        raise DataError(
            f"{name}: products of several levels: {shown}; name one with level=, as "
            "their sum would count a good once a level"
        )
    if level is not None:
        if str(level) not in found:
            raise DataError(f"{name}: level {level!r} is not there; {listing(found)}")
        wanted = (levels == str(level)) & (digits | total)
        return keep(flows, wanted, "products of other levels")
    return flows


def _added(flows):
    """Parts of a flow that does not stand as a whole, added."""
    if "sums" not in flows or not flows["sums"].any():
        return flows
    parts = flows["sums"] > 0
    key = [*_KEY, "valuation"]
    several = parts & flows.duplicated(key, keep=False)
    how = {column: "first" for column in flows if column not in key}
    how |= {
        "value": lambda v: v.sum(skipna=False),
        "quantity": lambda q: q.sum(skipna=False),
    }
    added = flows[several].groupby(key, as_index=False).agg(how)
    return pd.concat([flows[~several], added])


def _unit(one, shape, flows, unit):
    if shape.unit:
        return shape.unit
    names = {shapes.plain(column): column for column in one.cells}
    if "unit" in names:
        cells = one.cells[names["unit"]].str.strip()
        wrong = ~cells.isin(UNITS).to_numpy()
        if wrong.any():
            row = int(wrong.argmax())
            message = f"found {cells.iloc[row]!r:.40}; {listing(UNITS)}"
            raise one.fault(row, names["unit"], message)
        if cells.nunique() > 1:
            row = int((cells != cells.iloc[0]).to_numpy().argmax())
            message = f"found {cells.iloc[row]!r} after {cells.iloc[0]!r}; allowed: one"
            raise one.fault(row, names["unit"], message)
        return cells.iloc[0]
    if unit is None:
        raise DataError(
            f"{one.name}: no unit of the values is declared; add a column unit or say "
            f"unit=; {listing(UNITS)}"
        )
    return unit


def _unique(frame):
    twice = frame.duplicated(_KEY, keep=False) & frame.duplicated([*_KEY, "valuation"])
    if twice.any():
        row = frame[twice].iloc[0]
        same = (frame[[*_KEY, "valuation"]] == row[[*_KEY, "valuation"]]).all(axis=1)
        first = frame[same].iloc[0]
        flow = f"{row.exporter} to {row.importer}, {row['product']}, {row.year}"
        raise DataError(
            f"{row.place}, row {row.row + 1}: {flow} stands in {first.place}, row "
            f"{first.row + 1} already; allowed: each flow once a speaker"
        )
