"""What a folder has of its pair, and what it has not."""

from __future__ import annotations

import pandas as pd

from partnership.evidence.package import DataPackage

COLUMNS = ["series", "direction", "rows", "years", "speakers"]


def coverage(data: DataPackage) -> pd.DataFrame:
    """List the series of a pair by direction, with years and speakers.

    Parameters
    ----------
    data : DataPackage
        A package with a ``pair``.

    Returns
    -------
    pandas.DataFrame
        ``series``, ``direction`` ("AAA to BBB"), ``rows``, ``years`` ("2000 to 2020")
        and ``speakers``; of what no table has, one row a series with 0 rows. The last
        two count the rows of ``country_year`` of each economy, and its indicators.
    """
    parts = [data.load(table) for table in data.observation_tables()]
    for table in data.tables():
        if view := data.resource(table).get("view"):
            columns = {view[side]: side for side in ("reporter", "partner", "period")}
            named = {"series": view["series"], "stated_by": view["stated_by"]}
            parts.append(data.load(table).rename(columns=columns).assign(**named))
    keys = ["series", "reporter", "partner", "period", "stated_by"]
    rows = pd.concat([part[keys].dropna(how="all") for part in parts])
    rows = rows[rows[["reporter", "partner"]].isin(data.pair).all(axis=1)]
    found = []
    for name in data.load("series")["series"]:
        own = rows[rows["series"] == name]
        for (one, other), part in own.groupby(["reporter", "partner"]):
            said = ", ".join(sorted(set(part["stated_by"])))
            found.append((name, f"{one} to {other}", len(part), _span(part), said))
        if own.empty:
            found.append((name, "", 0, "", ""))
    years = data.load("country_year") if "country_year" in data.tables() else None
    for code in data.pair:
        own = None if years is None else years[years["iso3"] == code]
        if own is None or own.empty:
            found.append((f"country_year of {code}", "", 0, "", ""))
        else:
            kinds = f"{own['indicator'].nunique()} indicators"
            span = _span(own.rename(columns={"year": "period"}))
            found.append(("country_year", code, len(own), span, kinds))
    return pd.DataFrame(found, columns=COLUMNS)


def _span(rows):
    dated = sorted(rows["period"].dropna().astype("str"))
    return " to ".join(dict.fromkeys([dated[0], dated[-1]])) if dated else "undated"


def lines(found: pd.DataFrame) -> list[str]:
    """The coverage as lines of text; the last says what no table has."""
    there = found[found["rows"] > 0].astype("str")
    cells = [COLUMNS, *there.to_numpy().tolist()]
    width = [max(map(len, column)) for column in zip(*cells, strict=True)]
    gone = ", ".join(found.loc[found["rows"] == 0, "series"])
    said = ["  ".join(map(str.ljust, row, width)).rstrip() for row in cells]
    return [*said, f"no table has: {gone}" if gone else "nothing is missing"]
