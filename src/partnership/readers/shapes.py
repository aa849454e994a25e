"""The shapes of trade files, each known by its columns and never by a file's name.

Columns are compared without case, spaces and signs. A shape turns cells into flows: one
row a flow that one side states, with ``reporter`` and ``partner`` as the file has them,
``flow`` ("export" or "import" of the reporter), ``product``, ``year``, ``value``,
``quantity``, ``valuation`` and who states it. Rows that say again what others say stay
out by name. The unit of values is the one that the maker of the shape declares.

References
----------
Columns as documented by CEPII (BACI, Gravity), the United Nations (Comtrade), the World
Bank (WITS), the Observatory of Economic Complexity and the Growth Lab (Atlas).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from partnership.evidence.faults import DataError


@dataclass(frozen=True)
class Shape:
    """What a maker's files look like."""

    name: str
    needs: tuple[str, ...]  # columns; "a|b" is one of two
    unit: str  # of values; empty: a column or the caller says so
    flows: Callable[[pd.DataFrame], pd.DataFrame] | None  # None: a table of codes


def plain(name: str) -> str:
    """Name of a column without case, spaces and signs."""
    return "".join(c for c in name.casefold() if c.isalnum())


def _first(frame, *names, default=""):
    """The first of some columns that is there, else one of a single text."""
    found = next((name for name in names if name in frame), None)
    return pd.Series(default, frame.index, str) if found is None else frame[found]


_GOODS = re.compile(
    r"(?!.*(?:revision|version|group))(?:hs\w*|sitc\w*|\w*(?:product|commodity)\w*)"
)


def unread(flows, frame):
    """A column of products that the shape does not know; or nothing."""
    columns = [name for name in frame if _GOODS.fullmatch(name)]
    read = (flows["product"] != "TOTAL").any() or "product" in columns
    return "" if read else next(iter(columns), "")


def _whole_codes(codes):
    """Codes of the Harmonized System, whose number of digits is even, with their 0."""
    codes = codes.str.removesuffix(".0")
    odd = codes.str.fullmatch(r"[0-9](?:[0-9]{2}){0,2}")
    return codes.mask(odd, "0" + codes)


OTHER = "re-exports and other flows"


def _assembled(frame, flow, value, quantity="", **columns):
    parts = {"flow": flow, "value": value, "quantity": quantity, **columns}
    return pd.DataFrame(parts, index=frame.index)


def baci(frame):
    """CEPII BACI: t year, i exporter, j importer, k product, v value, q quantity."""
    return _assembled(
        frame,
        "export",
        frame["v"],
        _first(frame, "q"),
        reporter=frame["i"],
        partner=frame["j"],
        product=_whole_codes(_first(frame, "k", default="TOTAL")),
        year=frame["t"],
        valuation="fob",
        stated_by="CEPII",
    )


_EXPORTS = ("x", "2", "export", "exports", "grossexp", "exportusthousand")
_IMPORTS = ("m", "1", "import", "imports", "grossimp", "importusthousand")
_KINDS = dict.fromkeys(_EXPORTS, "export") | dict.fromkeys(_IMPORTS, "import")


def _kinds(words):
    """Whether each word is an export or an import; empty: neither."""
    return words.map(lambda word: _KINDS.get(plain(word), ""))


# Breakdowns of one flow: the column, and what stands there for the whole.
_WHOLES = {
    "partner2code|2ndpartnercode|ptcode2": {"0", ""},
    "motcode|modeoftransportcode": {"0", "00", ""},
    "customscode|customsproccode|cstcode": {"c00", "0", ""},
    "moscode": {"0", ""},
}


def _comtrade_products(frame):
    words = ("cmdcode", "commoditycode", "cmddesc", "commodity")
    codes = _first(frame, *words, default="TOTAL")
    kind = _first(frame, "classificationcode", "classification")
    harmonized = kind.str.match("[hH]")
    return codes.mask(harmonized, _whole_codes(codes))


def _comtrade_periods(frame):
    """Years, or months where the file has a column of them."""
    years = _first(frame, "period", "refyear", "year", "yr")
    months = _first(frame, "refmonth").str.zfill(2)
    single = months.str.fullmatch("0[1-9]|1[0-2]") & years.str.fullmatch("[0-9]{4}")
    return years.mask(single, years + months)


def comtrade(frame):
    """UN Comtrade: rows of the API and of bulk files, of today and of before 2022.

    Imports and exports alone: re-exports and re-imports are part of them. Of a flow
    that stands as a whole and in parts (second partner, mode of transport, customs
    procedure), the whole stays; parts without a whole are added by the reader.
    """
    words = ("flowcode", "tradeflowcode", "rgcode", "flowdesc", "tradeflow")
    kind = _kinds(_first(frame, *words))
    value = _first(frame, "primaryvalue", "tradevalueus", "tradevalue")
    cif = _first(frame, "cifvalue", "ciftradevalueus", "ciftradevalue")
    fob = _first(frame, "fobvalue", "fobtradevalueus", "fobtradevalue")
    valuation = pd.Series("", frame.index, str)
    valuation[(value == cif) & (value != "")] = "cif"
    valuation[(value == fob) & (value != "")] = "fob"
    reporter = _first(frame, "reportercode", "rtcode", "reporteriso", "rt3iso")
    flows = _assembled(
        frame,
        kind,
        value,
        _first(frame, "netwgt", "netweightkg", "netweight", "qty"),
        reporter=reporter,
        partner=_first(frame, "partnercode", "ptcode", "partneriso", "pt3iso"),
        product=_comtrade_products(frame),
        year=_comtrade_periods(frame),
        valuation=valuation,
        stated_by=reporter,
    )
    out = pd.Series("", frame.index, str).mask(kind == "", OTHER)
    out = out.mask(_first(frame, "typecode").str.casefold() == "s", "services")
    keys = ["flow", "reporter", "partner", "product", "year"]
    for number, (names, wholes) in enumerate(_WHOLES.items()):
        column = _first(frame, *names.split("|")).str.strip().str.casefold()
        column = column.str.removesuffix(".0")
        whole = column.isin(wholes | {"na", "nan"})
        flows[f"part{number}"] = column.where(~whole, "")
    parts = [f"part{number}" for number in range(len(_WHOLES))]
    for part in parts:
        left = out == ""
        others = [*keys, *(one for one in parts if one != part)]
        whole = (flows[part] == "") & left
        has = flows.assign(whole=whole).groupby(others, dropna=False)["whole"]
        again = left & (flows[part] != "") & has.transform("any")
        out = out.mask(again, "parts of a flow that stands as a whole")
    flows["out"] = out
    flows["sums"] = flows[parts].ne("").sum(axis=1)
    return flows.drop(columns=parts)


def wits(frame):
    """World Bank WITS, advanced query: one row a flow, in thousand dollars."""
    kind = _kinds(_first(frame, "tradeflowname", "tradeflow", "flow"))
    reporter = _first(frame, "reporteriso3", "reporter", "reportername")
    flows = _assembled(
        frame,
        kind,
        _first(frame, "tradevaluein1000usd", "tradevalue1000usd"),
        _first(frame, "quantity"),
        reporter=reporter,
        partner=_first(frame, "partneriso3", "partner", "partnername"),
        product=_first(frame, "productcode", "product", default="TOTAL"),
        year=frame["year"],
        valuation="",
        stated_by=reporter,
    )
    return flows.assign(out=pd.Series("", frame.index, str).mask(kind == "", OTHER))


def wits_profile(frame):
    """World Bank WITS, country profile: a column a year, or one a flow."""
    years = [name for name in frame if re.fullmatch(r"(19|20)\d\d", name)]
    names = {
        "reporter": _first(frame, "reportername", "reporter"),
        "partner": _first(frame, "partnername", "partner"),
        "product": _first(
            frame, "productgroup", "productcategories", "product", default="TOTAL"
        ),
    }
    base = pd.DataFrame(names)
    if years:
        base["flow"] = _kinds(_first(frame, "indicator"))
        flows = pd.concat([base.assign(year=y, value=frame[y]) for y in years])
        flows = flows[flows["value"].str.strip() != ""]
    else:
        flows = pd.concat(
            [
                base.assign(year=frame["year"], flow=flow, value=frame[column])
                for flow in ("export", "import")
                if (column := f"{flow}usthousand") in frame
            ]
        )
    columns = {"quantity": "", "valuation": "", "stated_by": flows["reporter"]}
    flows = flows.assign(out="", **columns)
    flows.loc[flows["flow"] == "", "out"] = "indicators that are no value"
    return flows


def gravity(frame):
    """CEPII Gravity: what both sides and BACI say of the flow from o to d."""
    exporter = _first(frame, "iso3o", "isoo", "countryido")
    importer = _first(frame, "iso3d", "isod", "countryidd")
    sides = {
        "tradeflowcomtradeo": (exporter, "fob"),
        "tradeflowcomtraded": (importer, "cif"),
        "tradeflowbaci": ("CEPII", "fob"),
    }
    flows = [
        _assembled(
            frame,
            "export",
            frame[column],
            reporter=exporter,
            partner=importer,
            product="TOTAL",
            year=frame["year"],
            valuation=valuation,
            stated_by=speaker,
        )
        for column, (speaker, valuation) in sides.items()
        if column in frame
    ]
    flows = pd.concat(flows)
    # The set has a row for every pair of years; most have no flow.
    return flows[~flows["value"].str.strip().isin(["", "NA"])]


def oec(frame):
    """Observatory of Economic Complexity: exporter, importer, year, dollars."""

    def code(column):  # "asblr": the continent, then the economy
        return frame[column].map(lambda cell: cell[-3:].upper() if cell else cell)

    form = r"(?:section|hs\d+|hs\d*revision.*|sitc.*)id"
    hs = next((n for n in reversed([*frame]) if re.fullmatch(form, n)), None)
    return _assembled(
        frame,
        "export",
        frame["tradevalue"],
        _first(frame, "quantity"),
        reporter=code("exportercountryid"),
        partner=code("importercountryid"),
        product=frame[hs] if hs else "TOTAL",
        year=frame["year"],
        valuation="fob",
        stated_by="OEC",
    )


def atlas(frame):
    """Growth Lab's Atlas: exports and imports of one country by partner, dollars."""
    product = next((n for n in frame if re.fullmatch(r"\w*product\w*code", n)), None)
    names = {
        "reporter": _first(frame, "countryiso3code", "locationcode"),
        "partner": _first(
            frame, "partneriso3code", "partnercountryiso3code", "partnercode"
        ),
        "product": frame[product] if product else "TOTAL",
        "year": frame["year"],
        "quantity": "",
        "valuation": "fob",
        "stated_by": "ATLAS",
    }
    base = pd.DataFrame(names, index=frame.index)
    return pd.concat(
        [
            base.assign(flow=flow, value=frame[f"{flow}value"])
            for flow in ("export", "import")
            if f"{flow}value" in frame
        ]
    )


def named(frame):
    """A plain table of flows, whose unit a column or the caller declares."""
    return _assembled(
        frame,
        "export",
        frame["value"],
        _first(frame, "quantity"),
        reporter=frame["exporter"],
        partner=frame["importer"],
        product=_first(frame, "product", "productcode", default="TOTAL"),
        year=frame["year"],
        valuation=_first(frame, "valuation").str.casefold().replace("unstated", ""),
        stated_by=_first(frame, "statedby"),
    )


SHAPES = (
    Shape("BACI", ("t", "i", "j", "v"), "USD_thousand", baci),
    Shape(
        "UN Comtrade",
        (
            "primaryvalue|tradevalueus|tradevalue",
            "flowcode|tradeflowcode|rgcode|flowdesc|tradeflow",
            "reportercode|rtcode|reporteriso|rt3iso",
            "partnercode|ptcode|partneriso|pt3iso",
            "period|refyear|year|yr",
        ),
        "USD",
        comtrade,
    ),
    Shape(
        "WITS advanced query",
        (
            "tradevaluein1000usd|tradevalue1000usd",
            "reporteriso3|reporter|reportername",
            "partneriso3|partner|partnername",
            "tradeflowname|tradeflow|flow",
            "year",
        ),
        "USD_thousand",
        wits,
    ),
    Shape(
        "WITS country profile",
        (
            "reportername|reporter",
            "partnername|partner",
            "indicator|exportusthousand|importusthousand",
        ),
        "USD_thousand",
        wits_profile,
    ),
    Shape(
        "CEPII Gravity",
        (
            "iso3o|isoo|countryido",
            "iso3d|isod|countryidd",
            "year",
            "tradeflowcomtradeo|tradeflowcomtraded|tradeflowbaci",
        ),
        "USD_thousand",
        gravity,
    ),
    Shape(
        "OEC",
        ("exportercountryid", "importercountryid", "year", "tradevalue"),
        "USD",
        oec,
    ),
    Shape(
        "Atlas",
        (
            "countryiso3code|locationcode",
            "partneriso3code|partnercountryiso3code|partnercode",
            "year",
            "exportvalue|importvalue",
        ),
        "USD",
        atlas,
    ),
    Shape("flows by name", ("exporter", "importer", "year", "value"), "", named),
    Shape("codes of countries", ("countrycode", "countryname"), "", None),
    Shape("codes of products", ("code", "description"), "", None),
)


def of(name: str, columns) -> Shape:
    """The shape that these columns have; the error names the nearest one."""
    found = {plain(column) for column in columns}

    def missing(shape):
        return [need for need in shape.needs if not found & {*need.split("|")}]

    fits = [shape for shape in SHAPES if not missing(shape)]
    if fits:
        return max(fits, key=lambda shape: len(shape.needs))
    nearest = min(SHAPES[:-2], key=lambda s: len(missing(s)) / len(s.needs))
    absent = missing(nearest)
    if len(absent) == len(nearest.needs):
        words = [
            need for shape in SHAPES for need in re.split(r"\|", "|".join(shape.needs))
        ]
        close = {w for c in found for w in difflib.get_close_matches(c, words, 1, 0.8)}
        hint = f"; nearest columns {', '.join(sorted(close))}" if close else ""
    else:
        listed = ", ".join(need.replace("|", " or ") for need in absent)
        hint = f"; nearest is {nearest.name}, which also has {listed}"
    shown = ", ".join(list(columns)[:15]) + (" ..." if len(list(columns)) > 15 else "")
    known = ", ".join(shape.name for shape in SHAPES[:-2])
    raise DataError(f"{name}: found columns {shown}; allowed: {known}{hint}")
