"""What the tables know of any two economies, and what they do not.

Everything here is a frame. `partnership.pair.words` says it in sentences, and
`partnership.pair.page` shows both. Without a row a frame is empty: that is a finding.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd

from partnership.evidence.cited import source_ids
from partnership.evidence.faults import DataError, NothingRecorded, nearest
from partnership.evidence.flows import partner_flows
from partnership.evidence.package import DataPackage, chosen
from partnership.evidence.series import series, statements
from partnership.methods import indicators, left_out
from partnership.methods.gravity import LEVEL

GOODS = "goods_exports_reconciled"
SPAN, DRAWN, SEED, NEAR = 4, 500, 10, 120
"""Last years of the expectation; pairs drawn for its band, and how many of them."""


def traders(data: DataPackage | None = None) -> dict[str, str]:
    """Names of the economies of ``trade_world``, by code."""
    data = chosen(data)

    def find():
        world = data.load("trade_world")
        codes = sorted({*world["exporter"].unique(), *world["importer"].unique()})
        names = data.load("countries").set_index("iso3")["name_en"]
        return {code: names.get(code, code) for code in codes}

    return data.once(("traders",), find)


def _rows(data, table, columns):
    """Rows of a table; without a row where the package has no such table."""
    there = table in data.tables()
    return data.load(table) if there else pd.DataFrame(columns=columns)


def world(data: DataPackage | None = None) -> pd.Series:
    """Count of how many pairs the tables know something.

    Returns
    -------
    pandas.Series
        ``economies``, ``pairs`` that they make, whatever the direction, and of these
        those with ``trade`` in any year, with an ``expectation`` and with ``students``
        of the one in the other.
    """
    data = chosen(data)
    trade, codes = data.load("trade_world"), {*traders(data)}
    rows, hosts = panel(data).rows, _rows(data, "students_abroad", ["host", "origin"])

    def pairs(one, other):
        both = np.sort(pd.concat([one, other], axis=1).drop_duplicates(), axis=1)
        found = {(a, b) for a, b in both if a != b}
        return sum({a, b} <= codes for a, b in found)

    return pd.Series(
        {
            "economies": len(codes),
            "pairs": len(codes) * (len(codes) - 1) // 2,
            "trade": pairs(trade["exporter"], trade["importer"]),
            "expectation": pairs(rows["exporter"], rows["importer"]),
            "students": pairs(hosts["host"], hosts["origin"]),
        }
    )


def panel(data: DataPackage | None = None):
    """The panel of all pairs in the last years, for the expectation."""
    data = chosen(data)

    def make():
        trade, lands = data.load("trade_world"), data.load("pair_geography")
        countries, last = data.load("countries"), trade["year"].max()
        group = countries.loc[countries["post_soviet"].fillna(False), "iso3"]
        years = range(last - SPAN + 1, last + 1)
        return left_out.world(trade, lands, years, group)

    return data.once(("pair panel",), make)


def _grid(data):
    """The panel as matrices, made once."""

    def make():
        return left_out.made(panel(data).rows, left_out.FORM)

    return data.once(("pair grid",), make)


def spread(data: DataPackage | None = None) -> pd.DataFrame:
    """Trade over expectation of pairs drawn once, each left out of its own."""
    data = chosen(data)

    def make():
        rows = panel(data).rows
        pairs = rows[["exporter", "importer"]].drop_duplicates()
        rng = np.random.default_rng(SEED)
        drawn = rng.choice(len(pairs), min(DRAWN, len(pairs)), replace=False)
        pairs = pairs.iloc[np.sort(drawn)].itertuples(index=False, name=None)
        return left_out.left_out(_grid(data), pairs, left_out.FORM)

    return data.once(("pair spread",), make)


class Pair:
    """Two economies, and what the tables have of them.

    Parameters
    ----------
    first, second : str
        ISO 3166 alpha-3 codes of two economies of the table ``trade_world``.
    data : DataPackage, optional
        Another data package than the one in use.

    Attributes
    ----------
    codes, names : tuple of str
    ways : dict of str to (str, str)
        Exporter and importer by the words for the direction, "A to B".

    Raises
    ------
    DataError
        If a code is unknown or stands twice.
    """

    def __init__(self, first: str, second: str, data: DataPackage | None = None):
        self.data = chosen(data)
        known = traders(self.data)
        for code in (first, second):
            if not isinstance(code, str) or code not in known:
                raise nearest(code, known, "economy with trade")
        if first == second:
            raise DataError(f"second: found {second} twice; allowed: two economies")
        self.codes = (first, second)
        self.names = tuple(known[code] for code in self.codes)
        sides = [(one, one[::-1]) for one in (self.names, self.codes)]
        self.ways = {" to ".join(n): c for n, c in zip(*sides, strict=True)}

    @property
    def years(self) -> tuple[int, int]:
        """First and last year of the table of trade."""
        years = self.data.load("trade_world")["year"]
        return int(years.min()), int(years.max())

    @property
    def cut(self) -> bool:
        """Whether the table of trade has not all economies: no expectation holds."""
        return "complete_for" in self.data.resource("trade_world")

    @cached_property
    def goods(self) -> dict[str, pd.DataFrame]:
        """Goods sold, by way: as `partnership.series` gives them, in USD million."""
        found = {}
        for way, codes in self.ways.items():
            frame = series(GOODS, *codes, data=self.data, missing="empty")
            columns = ["value", "low", "high"]
            frame = frame.assign(**{c: frame[c] / 1000 for c in columns})
            frame.attrs |= {"unit": "USD_million"}
            found[way] = frame
        return found

    @cached_property
    def places(self) -> pd.DataFrame:
        """Share and place of each in the other's trade, by year and what it is of.

        Returns
        -------
        pandas.DataFrame
            ``year``, ``whole`` ("exports of A"), ``of`` (the other), ``value`` (USD
            million), ``share`` (percent), ``rank`` and ``partners`` (with a flow).
        """
        names, found = dict(zip(self.codes, self.names, strict=True)), []
        for own, other in (self.codes, self.codes[::-1]):
            for direction in ("exports", "imports"):
                try:
                    flows = partner_flows(own, direction, data=self.data)
                except ValueError:
                    continue  # it sells, or buys, nothing, or has some partners only
                words = {"trade": f"{direction} of {names[own]}", "other": other}
                found.append(flows.assign(**words))
        columns = ["year", "whole", "of", "value", "share", "rank", "partners"]
        if not found:
            return pd.DataFrame(columns=columns)
        within = ["trade", "other", "year"]
        rows = indicators.shares(pd.concat(found), "partner", within)
        rows["partners"] = rows.groupby(within)["partner"].transform("size")
        rows = rows[rows["partner"] == rows["other"]].rename(columns={"trade": "whole"})
        rows = rows.assign(of=rows["other"].map(names), share=100 * rows["share"])
        return rows[columns].sort_values(["year", "whole"], ignore_index=True)

    @cached_property
    def distance(self) -> float:
        """Kilometres between the two, weighted by population; NaN without a row."""
        columns = ["exporter", "importer", "distance_weighted_km"]
        lands, (one, other) = _rows(self.data, "pair_geography", columns), self.codes
        rows = lands[(lands["exporter"] == one) & (lands["importer"] == other)]
        return float(rows["distance_weighted_km"].astype(float).sum(min_count=1))

    @cached_property
    def expected(self) -> pd.DataFrame:
        """Expected trade of the last years, by way.

        Returns
        -------
        pandas.DataFrame
            One row a way: ``period``, ``exports`` and ``expected`` (USD million a
            year), their ``ratio``, ``low`` and ``high`` (its interval), ``least`` and
            ``most`` (USD million, between which `LEVEL` percent of such pairs lie),
            ``above`` (how many of these stand as high), ``of`` and ``none`` (how many
            record nothing). A way without an expectation has no row.
        """
        if np.isnan(self.distance) or self.cut:
            return pd.DataFrame()
        found, grid = {}, _grid(self.data)
        for way, codes in self.ways.items():
            row = left_out.excess(grid, *codes, left_out.FORM).iloc[-1]
            if np.isnan(row["expected"]):
                continue
            ratios, band = left_out.nearest(
                spread(self.data), row["expected"], NEAR, LEVEL
            )
            ends = {
                "least": band[0] * row["expected"],
                "most": band[1] * row["expected"],
            }
            ends |= {"above": int((ratios >= row["ratio"]).sum()), "of": len(ratios)}
            ends |= {"none": int((ratios == 0).sum())}
            found[way] = {"period": row.name, **row.drop("se"), **ends}
        return pd.DataFrame.from_dict(found, orient="index")

    @cached_property
    def records(self) -> pd.DataFrame:
        """What each side is stated to have recorded of each way, apart from BACI.

        Returns
        -------
        pandas.DataFrame
            ``way``, ``side`` (seller or buyer), ``period``, ``stated_by``,
            ``valuation``, ``value`` (USD million) and ``source_id``: whole years.
        """
        found = []
        for way, (seller, buyer) in self.ways.items():
            asked = {"seller": ("goods_exports", seller, buyer)}
            asked |= {"buyer": ("goods_imports", buyer, seller)}
            for side, what in asked.items():
                try:
                    rows = statements(
                        *what, data=self.data, each="stated_by", product=""
                    )
                except NothingRecorded:
                    continue
                found.append(rows.reset_index().assign(way=way, side=side))
        columns = ["way", "side", "period", "stated_by", "valuation", "value"]
        columns += ["source_id"]
        return pd.concat(found)[columns] if found else pd.DataFrame(columns=columns)

    @cached_property
    def students(self) -> pd.DataFrame:
        """Students of the one in the other.

        Returns
        -------
        pandas.DataFrame
            ``way`` (from "A to B"), ``period`` (academic year), ``stated_by``,
            ``value`` (persons) and ``source_id``; of the table ``students_abroad`` and
            of the series of that name.
        """
        found, data = [], self.data
        columns = ["way", "period", "stated_by", "value", "source_id"]
        for way, (origin, host) in self.ways.items():
            table = ["host", "origin", "year", "persons", "source_id"]
            rows = _rows(data, "students_abroad", table)
            rows = rows[(rows["host"] == host) & (rows["origin"] == origin)]
            ends = rows["year"].astype(int)
            spans = (ends - 1).astype(str) + "/" + ends.astype(str)
            rows = rows.assign(way=way, period=spans, stated_by="UIS")
            found.append(rows.rename(columns={"persons": "value"})[columns])
            told = series(
                "students_abroad",
                host,
                origin,
                data=data,
                each="stated_by",
                missing="empty",
            )
            found.append(told.reset_index().assign(way=way)[columns])
        rows = pd.concat([one for one in found if len(one)] or found[:1])
        return rows.sort_values(["way", "period"], kind="stable", ignore_index=True)

    @cached_property
    def visits(self) -> pd.DataFrame:
        """Rows of ``visits`` between the two."""
        columns = ["date_start", "visitor_country", "host_country", "source_ids"]
        rows = _rows(self.data, "visits", columns)
        sides = rows[["visitor_country", "host_country"]]
        return rows[sides.isin(self.codes).all(axis=1)].sort_values("date_start")

    @cached_property
    def claims(self) -> pd.DataFrame:
        """Rows of ``claims``, where the tables are about these two."""
        rows = _rows(self.data, "claims", ["claim_id", "source_id"])
        return rows[[{*(self.data.pair or ())} == {*self.codes}] * len(rows)]

    def sizes(self, code: str) -> pd.DataFrame:
        """Gross domestic product of one of the two by year, USD million."""
        columns = ["iso3", "year", "indicator", "value", "source_id"]
        rows = _rows(self.data, "country_year", columns)
        own = (rows["iso3"] == code) & (rows["indicator"] == "gdp_current")
        return rows[own].sort_values("year")

    @property
    def sources(self) -> list[str]:
        """Ids of the sources behind all of this."""
        tables = ["trade_world"] + ["pair_geography"] * (not np.isnan(self.distance))
        frames = [self.records, self.students, self.visits, self.claims]
        frames += [self.sizes(code) for code in self.codes]
        found = {one for frame in frames for one in source_ids(frame)}
        for table in tables:
            found |= {*source_ids(self.data.load(table))}
        return sorted(found)
