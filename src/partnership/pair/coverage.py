"""What a folder has of its pair, and what it has not."""

from __future__ import annotations

import pandas as pd

from partnership.evidence.package import DataPackage


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
        and ``speakers``; of what no table has, one row a series with 0 rows.
    """
    parts = [data.load(table) for table in data.observation_tables()]
    for table in data.tables():
        if view := data.resource(table).get("view"):
            flows = data.load(table)
            columns = {view[side]: side for side in ("reporter", "partner", "period")}
            named = {"series": view["series"], "stated_by": view["stated_by"]}
            parts.append(flows.rename(columns=columns).assign(**named))
    columns = ["series", "reporter", "partner", "period", "stated_by"]
    rows = pd.concat([part[columns].astype("str") for part in parts])
    rows = rows[rows[["reporter", "partner"]].isin(data.pair).all(axis=1)]
    lines = []
    for name in data.load("series")["series"]:
        own = rows[rows["series"] == name]
        if own.empty:
            lines.append((name, "", 0, "", ""))
        for (one, other), part in own.groupby(["reporter", "partner"]):
            dated = sorted({*part["period"].dropna()} - {"nan", ""})
            years = " to ".join(dict.fromkeys([dated[0], dated[-1]])) if dated else ""
            said = ", ".join(sorted(set(part["stated_by"])))
            lines.append(
                (name, f"{one} to {other}", len(part), years or "undated", said)
            )
    return pd.DataFrame(
        lines, columns=["series", "direction", "rows", "years", "speakers"]
    )


def lines(found: pd.DataFrame) -> list[str]:
    """The coverage as lines of text; the last says what no table has."""
    there = found[found["rows"] > 0]
    head = pd.DataFrame([[*there.columns]], columns=there.columns)
    shown = pd.concat([head, there.astype("str")])
    width = shown.apply(lambda column: column.str.len().max())
    said = [
        "  ".join(cell.ljust(width[name]) for name, cell in row.items()).rstrip()
        for row in shown.to_dict("records")
    ]
    gone = ", ".join(found.loc[found["rows"] == 0, "series"])
    return [*said, f"no table has: {gone or 'nothing is missing'}"]
