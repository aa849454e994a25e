"""Distances, routes, borders and reloadings."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invented import written
from partnership.methods.routes import (
    BASES,
    borders,
    compare_routes,
    geodesic_km,
    geodesic_line,
    in_hours,
    lengths,
    reloadings,
    stops,
    windings,
)

MINSK, ASHGABAT = (53.90019, 27.56653), (37.95, 58.38333)
latitude, longitude = st.floats(-80, 80), st.floats(-179, 179)
point = st.tuples(latitude, longitude)

PLACES = pd.DataFrame(
    [
        ("a", "Aa", "AAA", 50.0, 30.0),
        ("b", "Bb", "BBB", 50.0, 35.0),
        ("c", "Cc", "CCC", np.nan, np.nan),
        ("d", "Dd", "DDD", 40.0, 55.0),
        ("e", "Ee", "EEE", 36.0, 55.0),
        ("f", "Ff", "FFF", 40.0, 50.0),
    ],
    columns=["place_id", "place", "country", "latitude", "longitude"],
)
NEIGHBOURS = [("AAA", "BBB"), ("BBB", "CCC"), ("CCC", "DDD"), ("DDD", "EEE")]
GAUGES = {"AAA": 1520, "BBB": 1520, "CCC": 1520, "DDD": 1520, "EEE": 1435}


def legs(*rows, route="r"):
    frame = pd.DataFrame(rows, columns=["from_place", "to_place", "mode", "km"])
    frame["distance_km"] = frame.pop("km").astype(float)
    ids = [f"{route}_{i + 1}" for i in range(len(frame))]
    return frame.assign(route=route, leg_id=ids)


class TestGeodesic:
    def test_a_degree_of_the_equator_and_the_quarter_meridian(self):
        # WGS 84: 2 pi 6378.137 / 360 = 111.3195 km; the quarter meridian is
        # 10,001.966 km (Karney 2013, and any geodesy table)
        assert geodesic_km((0, 0), (0, 1)) == pytest.approx(111.3195, abs=1e-4)
        assert geodesic_km((0, 0), (90, 0)) == pytest.approx(10001.966, abs=1e-3)

    def test_the_two_capitals(self):
        # Computed with pyproj.Geod(ellps="WGS84").inv: 2937638.4265 m
        assert geodesic_km(MINSK, ASHGABAT) == pytest.approx(2937.6384, abs=1e-4)

    @given(point, point)
    def test_near_the_great_circle_of_a_sphere_and_the_same_back(self, a, b):
        (p1, l1), (p2, l2) = np.radians(a), np.radians(b)
        h = math.sin((p2 - p1) / 2) ** 2
        h += math.cos(p1) * math.cos(p2) * math.sin((l2 - l1) / 2) ** 2
        sphere = 2 * 6371.0088 * math.asin(min(1, math.sqrt(h)))
        there = geodesic_km(a, b)
        # The ellipsoid differs from the mean sphere by at most 0.6 percent.
        assert there == pytest.approx(sphere, rel=0.0065, abs=1e-3)
        assert there == pytest.approx(geodesic_km(b, a), abs=1e-6)

    @given(point, point, point)
    def test_a_detour_is_never_shorter(self, a, b, c):
        direct = geodesic_km(a, c)
        assert direct <= geodesic_km(a, b) + geodesic_km(b, c) + 1e-6

    @pytest.mark.parametrize(
        ("start", "end", "message"),
        [
            ((91, 0), ASHGABAT, "start latitude: found 91; allowed is a finite number"),
            (MINSK, (0, 181), "end longitude: found 181; allowed .* -180 to 180"),
            ((math.nan, 0), ASHGABAT, "start latitude: found nan"),
            (("53", 27), ASHGABAT, "start latitude: found '53'; allowed"),
        ],
    )
    def test_a_point_off_the_earth_is_refused(self, start, end, message):
        with pytest.raises(ValueError, match=message):
            geodesic_km(start, end)

    def test_the_line_lies_on_the_geodesic(self):
        line = geodesic_line(MINSK, ASHGABAT, 5)
        assert line.shape == (5, 2)
        assert line[0] == pytest.approx(MINSK)
        assert line[-1] == pytest.approx(ASHGABAT)
        parts = [geodesic_km(a, b) for a, b in pairwise(line)]
        assert parts == pytest.approx([2937.6384 / 4] * 4, abs=1e-3)
        with pytest.raises(ValueError, match="n: found 1; allowed is a whole number"):
            geodesic_line(MINSK, ASHGABAT, 1)


class TestLengths:
    way = legs(
        ("a", "b", "rail", None), ("b", "c", "rail", 700), ("c", "d", "rail", None)
    )

    def test_stated_estimated_and_unknown_stay_apart(self):
        frame = lengths(self.way, PLACES)
        assert frame["basis"].tolist() == ["estimated", "stated", "unknown"]
        ab = geodesic_km((50, 30), (50, 35))
        known = frame[["straight_km", "stated_km"]].fillna(0).T.to_numpy()
        assert known == pytest.approx(np.array([[ab, 0, 0], [0, 700, 0]]))

    def test_winding_is_stated_over_straight(self):
        frame = lengths(legs(("a", "b", "road", 429.0)), PLACES)
        straight = geodesic_km((50, 30), (50, 35))  # 358.5 km
        assert frame["winding"].item() == pytest.approx(429 / straight)

    def test_places_on_the_way_lengthen_the_estimate_not_the_statement(self):
        way = legs(("a", "b", "rail", None), ("a", "b", "rail", 400))
        via = {"r_1": ["d"], "r_2": ["d"]}
        frame = lengths(way, PLACES, via)
        detour = geodesic_km((50, 30), (40, 55))
        detour += geodesic_km((40, 55), (50, 35))
        assert frame["straight_km"].tolist() == pytest.approx([detour, detour])
        assert frame["stated_km"].tolist()[1] == 400

    @pytest.mark.parametrize(
        ("way", "message"),
        [
            (legs(("a", "x", "rail", None)), "place: found 'x'"),
            (legs(("a", "b", "rail", 0)), r"distance_km'\]: found 0 at 'r_1'"),
            (legs(("a", "b", "rail", 1))[["leg_id"]], "found no column 'from_place'"),
            (legs(("a", "b", "rail", 1)).iloc[:0], "legs: found no rows"),
        ],
    )
    def test_bad_legs_are_named(self, way, message):
        with pytest.raises(ValueError, match=message):
            lengths(way, PLACES)

    def test_a_place_that_stands_twice_is_named(self):
        with pytest.raises(ValueError, match=r"places\['place_id'\]: found 'a' twice"):
            lengths(self.way, pd.concat([PLACES, PLACES[:1]]))

    def test_windings_has_a_column_an_assumption(self):
        way = legs(("a", "b", "rail", 1000.0))
        frame = windings(way, PLACES, {"none": {}, "by d": {"r_1": ["d"]}})
        ab = geodesic_km((50, 30), (50, 35))
        detour = geodesic_km((50, 30), (40, 55))
        detour += geodesic_km((40, 55), (50, 35))
        assert frame.loc["r_1"].tolist() == pytest.approx([1000 / ab, 1000 / detour])

    def test_times_in_one_unit(self):
        rows = pd.DataFrame({"value": [2, 90, 3], "unit": ["days", "minutes", "hours"]})
        frame = in_hours(rows)
        assert frame["hours"].tolist() == pytest.approx([1.5, 3, 48])
        assert frame.index.tolist() == [1, 2, 0]
        with pytest.raises(ValueError, match="found 'weeks'; allowed is one of min"):
            in_hours(rows.assign(unit="weeks"))


class TestRoutes:
    def test_one_row_a_route_with_its_parts(self):
        way = pd.concat([TestLengths.way, legs(("f", "d", "ferry", 306), route="s")])
        frame = compare_routes(way, PLACES, NEIGHBOURS, GAUGES)
        first = frame.loc["r"]
        assert first[["legs", *BASES]].tolist() == [3, 1, 1, 1]
        assert first["stated_km"] == 700
        ab = geodesic_km((50, 30), (50, 35))
        assert first["estimated_km"] == pytest.approx(ab)
        # The chain leaves out c, which has no coordinates: a to b to d.
        chain = ab + geodesic_km((50, 35), (40, 55))
        assert first["chain_km"] == pytest.approx(chain)
        ferry = frame.loc["s", ["stated_km", "borders", "reloadings"]]
        assert ferry.tolist() == [306, 1, 0]

    def test_the_straight_line_of_a_stated_leg_is_no_estimate(self):
        way = legs(("a", "b", "rail", 429), ("b", "d", "rail", None))
        row = compare_routes(way, PLACES, NEIGHBOURS, GAUGES).loc["r"]
        assert row["stated_km"] == 429
        bd = geodesic_km((50, 35), (40, 55))
        assert row["estimated_km"] == pytest.approx(bd)

    def test_borders_follow_the_countries(self):
        assert borders(TestLengths.way, PLACES, NEIGHBOURS) == (3, False)

    def test_a_gap_in_the_neighbours_is_filled_by_the_shortest_way_and_open(self):
        # AAA to DDD: three borders at least
        way = legs(("a", "d", "rail", None))
        assert borders(way, PLACES, NEIGHBOURS) == (3, True)
        assert borders(way.assign(mode="air"), PLACES, []) == (1, False)
        with pytest.raises(ValueError, match="found no way from AAA to DDD"):
            borders(way, PLACES, NEIGHBOURS[:1])

    @pytest.mark.parametrize(
        ("modes", "count"),
        [
            (["rail", "rail"], 0),
            (["rail", "ferry", "rail"], 2),
            (["rail_and_sea", "rail"], 2),
            (["rail_and_sea", "ferry"], 1),
            (["rail", "sea"], 1),
            (["sea", "ferry"], 0),
            (["road", "rail_or_road"], 0),
        ],
    )
    def test_reloadings_between_land_and_water(self, modes, count):
        way = legs(*[("a", "b", mode, None) for mode in modes])
        assert reloadings(way, PLACES, GAUGES) == count

    def test_a_change_of_gauge_counts_for_rail_only(self):
        assert reloadings(legs(("d", "e", "rail", None)), PLACES, GAUGES) == 1
        assert reloadings(legs(("d", "e", "road", None)), PLACES, GAUGES) == 0
        with pytest.raises(ValueError, match="gauges: found none for EEE"):
            reloadings(legs(("d", "e", "rail", 1)), PLACES, {"DDD": 1520})


class TestWholeResults:
    WAY = pd.concat(
        [
            legs(("a", "b", "rail", 400), ("b", "c", "road", 700), route="r"),
            legs(("f", "d", "sea", None), ("d", "e", "rail", 600), route="s"),
            legs(("a", "d", "air", None), ("d", "e", "rail_and_sea", None), route="t"),
        ],
        ignore_index=True,
    )
    VIA: ClassVar = {"s_2": ["f"], "r_2": ["a"]}

    def test_lengths_and_routes(self):
        found = lengths(self.WAY, PLACES, self.VIA).drop(columns="route")
        assert (
            written(found)
            == """\
None:int64 | from_place:text, to_place:text, mode:text, distance_km:float64,
  leg_id:text, stated_km:float64, straight_km:float64, winding:float64, basis:text
0 | a, b, rail, 400, r_1, 400, 358.412, 1.1160341, stated
1 | b, c, road, 700, r_2, 700, nan, nan, stated
2 | f, d, sea, nan, s_1, nan, 426.91328, nan, estimated
3 | d, e, rail, 600, s_2, 600, 1051.188, 0.57078278, stated
4 | a, d, air, nan, t_1, nan, 2247.2188, nan, estimated
5 | d, e, rail_and_sea, nan, t_2, nan, 443.98636, nan, estimated
"""
        )
        towns = {"none": {}, "some": self.VIA}
        assert (
            written(windings(self.WAY, PLACES, towns))
            == """\
leg_id:text | none:float64, some:float64
r_1 | 1.1160341, 1.1160341
r_2 | nan, nan
s_1 | nan, nan
s_2 | 1.3513929, 0.57078278
t_1 | nan, nan
t_2 | nan, nan
"""
        )
        found = compare_routes(self.WAY, PLACES, NEIGHBOURS, GAUGES, self.VIA)
        assert (
            written(found)
            == """\
route:text | legs:int64, stated:int64, estimated:int64, unknown:int64,
  stated_km:float64, estimated_km:float64, chain_km:float64, borders:int64,
  borders_open:bool, reloadings:int64
r | 2, 2, 0, 0, 1100, 0, 716.824, 2, False, 0
s | 2, 1, 1, 0, 600, 426.91328, 1478.1013, 2, False, 2
t | 2, 0, 2, 0, 0, 2691.2052, 2691.2052, 2, False, 1
"""
        )
        assert (
            written(stops(self.WAY[3:4], PLACES, self.VIA))
            == """\
None:int64 | leg:int64, place_id:text, latitude:float64, longitude:float64,
  country:text
0 | 0, d, 40, 55, DDD
1 | 0, f, 40, 50, FFF
2 | 0, e, 36, 55, EEE
"""
        )

    def test_hours(self):
        times = pd.DataFrame({"value": [2.0, 90, 30, 1.5]})
        times["unit"] = ["days", "minutes", "hours", "hours"]
        assert (
            written(in_hours(times))
            == """\
None:int64 | value:float64, unit:text, hours:float64
1 | 90, minutes, 1.5
3 | 1.5, hours, 1.5
2 | 30, hours, 30
0 | 2, days, 48
"""
        )
        for wrong in (times.assign(unit="weeks"), times[["value"]], times[:0]):
            with pytest.raises(ValueError, match="found"):
                in_hours(wrong)

    def test_what_is_refused(self):
        way = self.WAY[:1]
        for call in (
            lambda: compare_routes(way.drop(columns="route"), PLACES, [], {}),
            lambda: compare_routes(way, PLACES, [], GAUGES),
            lambda: compare_routes(way, PLACES, NEIGHBOURS, {"AAA": 1}),
            lambda: compare_routes(way, PLACES[:0], NEIGHBOURS, GAUGES),
            lambda: lengths(way, PLACES.drop(columns="country")),
            lambda: geodesic_km((1, 2, 3), (0, 0)),
            lambda: geodesic_km((1, 2), 5),
            lambda: geodesic_line((1, 2), (1, 200)),
        ):
            with pytest.raises(ValueError, match="found"):
                call()
        assert geodesic_line((0, 0), (0, 10)).shape == (40, 2)
