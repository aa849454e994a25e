"""A page for each series: its statements, which one stands, and why."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from partnership.evidence import escape, finding, ranks
from partnership.evidence.faults import NothingRecorded
from partnership.evidence.standing import judged
from partnership.site.pages import Page, filed, shortened

if TYPE_CHECKING:
    from collections.abc import Callable

    from partnership.evidence.package import DataPackage
    from partnership.site.assemble import Site

FOLDER = "series"
WIDTH, HEIGHT, LEFT, EDGE = 360, 130, 8, 22  # of a chart, in its own units
_CSV = ("period", "value", "unit", "qualifier", "bound", "stated_by", "stated_on")
_CSV += ("reporter", "partner", *ranks.DIMENSIONS, "valuation", "stands", "step")
_CSV += ("source_id", "statement_id", "observation_id", "corrected", "note")


class Series(NamedTuple):
    """A series that has rows, as its page and the search need it."""

    name: str
    title: str
    entry: dict[str, Any]  # its row of the table ``series``
    rows: list[dict[str, Any]]  # see `standing`, with ``about`` in words

    @property
    def path(self) -> str:
        """Path of its page in the site."""
        return f"{FOLDER}/{filed(self.name)}.html"

    @property
    def parts(self) -> dict[str, list[dict[str, Any]]]:
        """Rows that are about the same, by what that is."""
        said: dict[str, set[str]] = {}
        for row in self.rows:
            said.setdefault(row["about"], set()).add(row.get("valuation", ""))
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.rows:
            about, valued = row["about"], row.get("valuation", "")
            apart = {"fob", "cif"} <= said[about]
            found.setdefault(f"{about}, {valued}" if apart else about, []).append(row)
        return found


def known(package: DataPackage) -> dict[str, Series]:
    """Series of a package that have rows, by name."""
    if "series" not in package.tables():
        return {}
    tables, named = package.observation_tables(), finding.names(package)
    dictionary = ranks.dictionary(package).fillna("")
    rows: dict[str, list[dict[str, Any]]] = {}
    for table in dict.fromkeys(dictionary["theme"]):
        if table in tables or package.pair is not None:
            for row in _rows(package, table, named):
                rows.setdefault(row["series"], []).append(row)
    found = {}
    for entry in dictionary.reset_index().to_dict("records"):
        name = entry["series"]
        title = name[0].upper() + name[1:].replace("_", " ")
        if name in rows:
            found[name] = Series(name, title, entry, rows[name])
    return found


def _rows(package, table, named) -> list[dict[str, Any]]:
    try:
        frame = judged(table, package)
    except NothingRecorded:  # a view without a flow of the pair
        return []
    keys = frame.attrs["keys"]
    cells = zip(*(frame[key] for key in keys), strict=True)
    frame = frame.assign(about=[finding.about(cell, named) for cell in cells])
    frame["who"] = frame["stated_by"].map(lambda code: named.get(code, code))
    middle = frame["start"] + (frame["end"] - frame["start"]) / 2
    frame["when"] = middle.dt.year + middle.dt.day_of_year / 366
    return frame.drop(columns=["start", "end"]).to_dict("records")


def index(site: Site) -> str:
    """List all series by their table."""
    groups: dict[str, list[Series]] = {}
    for one in site.series.values():
        groups.setdefault(one.entry["theme"], []).append(one)
    titles = {name: site.package.resource(name).get("title", name) for name in groups}
    described = f"The {len(site.series)} series of the data, each with all statements, "
    described += "which one stands for its period, and why."
    page = Page("series.html", "Series", described)
    return site.render("series_index.html", page, groups=groups, titles=titles)


def pages(site: Site) -> dict[str, Callable[[], str]]:
    """What makes the page of each series, by its path."""
    return {one.path: partial(page, site, one) for one in site.series.values()}


def page(site: Site, one: Series) -> str:
    """Page of one series."""
    used = sorted({row["source_id"] for row in one.rows})
    for name in used:
        site.cited.setdefault(name, {})[one.path] = one.title
    said = f"{one.entry['definition']}. {len(one.rows)} statements on it, each with "
    described = shortened(f"{one.title}: {said}its source, and which one stands.")
    unit = site.units.get(one.entry["unit"], one.entry["unit"].replace("_", " "))
    unit = unit if unit[1:2].isupper() else unit[0].lower() + unit[1:]
    return site.render(
        "series.html",
        Page(one.path, one.title, described),
        one=one,
        unit=unit,
        parts=[(about, rows, chart(rows)) for about, rows in one.parts.items()],
        publishers={name: site.sources.at[name, "publisher"] for name in used},
    )


def csv(one: Series) -> bytes:
    """Write the statements of a series as CSV."""
    columns = [c for c in _CSV if any(str(row.get(c, "")) for row in one.rows)]
    return escape.csv(pd.DataFrame(one.rows, dtype=object)[columns]).encode()


# --------------------------------------------------------------------------------------
# A small chart


def chart(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Places of what stands in a small chart; None where fewer than three periods do.

    The chart of a notebook takes a tenth of a second and 30 kB, and there are hundreds
    of series: this one is drawn by the template, in its own units.
    """
    stands = {row["period"]: row for row in rows if row["stands"]}
    if len(stands) < 3:
        return None
    told: dict[str, list[float]] = {}
    for row in rows:
        if row["period"] in stands and row["step"] not in ("no outcome", "set aside"):
            told.setdefault(row["period"], []).append(row["value"])
    every = [0.0, *(value for values in told.values() for value in values)]
    low, high = min(every), max(every)
    when = [row["when"] for row in stands.values()]
    span = (WIDTH - 2 * LEFT) / ((max(when) - min(when)) or 1)
    scale = (HEIGHT - 2 * EDGE) / ((high - low) or 1)

    def y(value):
        return round(HEIGHT - EDGE - (value - low) * scale, 1)

    points, before = [], when[0]
    for x, (period, row) in zip(when, stands.items(), strict=True):
        ends = y(min(told[period])), y(max(told[period]))
        at = round(LEFT + (x - min(when)) * span, 1), y(row["value"])
        points.append((*at, *ends, row["reliability"] == "primary", x - before > 1.1))
        before = x
    most = max(stands.values(), key=lambda row: row["value"])
    return {
        "points": points,
        "zero": y(0.0),
        "first": min(stands, key=lambda period: stands[period]["when"]),
        "last": max(stands, key=lambda period: stands[period]["when"]),
        "most": f"{most['value']:,.12g} ({most['period']})",
        "size": (WIDTH, HEIGHT),
    }
