"""Economies by the codes and names of trade files, as ISO 3166 alpha-3 codes.

The table ``economy_codes`` of the shipped package knows M49, UN Comtrade's own numbers,
former states with their years, letters that have changed, areas that are no economy,
and names; the table ``countries`` the codes of today.
"""

from __future__ import annotations

import functools
import re
import unicodedata

import pandas as pd

from partnership import checks
from partnership.evidence.faults import nearest
from partnership.evidence.package import shipped

AREA = ""
"""What an area stands as: the world, a group, or "not elsewhere specified"."""


def plain(name: str) -> str:
    """Name without case, accents, signs and articles, as names are compared."""
    name = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    words = "".join(c if c.isalnum() else " " for c in name if c.isascii()).split()
    return " ".join(word for word in words if word != "the")


@functools.cache
def known() -> dict[str, tuple[str, float, float]]:
    """Code, number or plain name: the economy, and the years in which it is one."""
    data = shipped()
    countries = data.load("countries").replace({float("nan"): None})
    always = (float("-inf"), float("inf"))
    found = {}
    for row in data.load("economy_codes").fillna({"iso3": AREA}).itertuples():
        years = tuple(
            end if pd.isna(year) else float(year)
            for year, end in zip((row.from_year, row.until_year), always, strict=True)
        )
        named = row.scheme == "name"
        found[plain(row.code) if named else row.code] = (row.iso3, *years)
    for row in countries.itertuples():
        place = (row.iso3 if row.kind == "economy" else AREA, *always)
        found[row.iso3] = place
        for name in {row.iso2, plain(row.name_en)} - {None}:
            found.setdefault(name, place)
    return found


def economies(cells: pd.Series, years: pd.Series, fault) -> pd.Series:
    """ISO code of each cell; `AREA` for what is no economy.

    Numbers are read with their zeros or without, "024" and "24", and as programs write
    them where a cell is missing, "24.0". A former state is itself in its years, and an
    error after them. `fault` makes the error of a row from its position, column and
    message.
    """
    words = pd.Series(cells.unique())
    table = known()
    places = {word: _place(word, table) for word in words}
    unknown = [word for word, place in places.items() if place is None]
    if unknown:
        row = int((cells == unknown[0]).to_numpy().argmax())
        # NA is the two letters of Namibia, and what some programs write for nothing.
        allowed = "a code or name of the table economy_codes"
        hint = nearest(unknown[0], table, "economy") if unknown[0] else "empty"
        raise fault(row, cells.name, f"{hint}; allowed: {allowed}")
    lost = [word for word in words if word.strip().upper() == "NA"]
    others = [w for w in words if len(w.strip()) != 2 and places[w][0] != AREA]
    if lost and others:
        row = int((cells == lost[0]).to_numpy().argmax())
        found = f"found {lost[0]!r} beside {others[0]!r}: Namibia, or nothing"
        raise fault(row, cells.name, f"{found}; allowed: NAM, or no such row")
    start, end = (
        cells.map({w: p[n] for w, p in places.items()}).astype("float64")
        for n in (1, 2)
    )
    outside = ((years < start) | (years > end)).to_numpy()
    if outside.any():
        row = int(outside.argmax())
        word, first, last = cells.iloc[row], start.iloc[row], end.iloc[row]
        span = f"{first:.0f} to {last:.0f}".replace("-inf to", "up to")
        message = f"found {word!r} in {years.iloc[row]}; allowed: its years, {span}"
        raise fault(row, cells.name, message)
    return cells.map({word: place[0] for word, place in places.items()})


def _place(word, table):
    text = re.sub(r"(?<=[0-9])\.0$", "", word.strip())
    if text.isascii() and text.isdigit():
        return table.get(text.zfill(3)) if len(text) <= 3 else None
    place = table.get(text) or table.get(text.upper()) or table.get(plain(text))
    total = re.match(checks.TOTALS, text)
    return place or ((AREA, float("-inf"), float("inf")) if total else None)
