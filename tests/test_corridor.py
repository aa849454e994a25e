"""Distances, routes, borders and the map of the corridor."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import partnership as p
from partnership import charts
from partnership.study import corridor

MINSK, ASHGABAT = (53.90019, 27.56653), (37.95, 58.38333)
latitude, longitude = st.floats(-80, 80), st.floats(-179, 179)
point = st.tuples(latitude, longitude)

PLACES = pd.DataFrame(
    [
        ("a", "Aa (AAA)", "BLR", 50.0, 30.0),
        ("b", "Bb", "RUS", 50.0, 35.0),
        ("c", "Cc", "KAZ", np.nan, np.nan),
        ("d", "Dd", "TKM", 40.0, 55.0),
        ("e", "Ee", "IRN", 36.0, 55.0),
        ("f", "Ff", "AZE", 40.0, 50.0),
    ],
    columns=["place_id", "place", "country", "latitude", "longitude"],
)
NEIGHBOURS = [("BLR", "RUS"), ("RUS", "KAZ"), ("KAZ", "TKM"), ("TKM", "IRN")]


def legs(*rows, route="r"):
    frame = pd.DataFrame(rows, columns=["from_place", "to_place", "mode", "km"])
    frame["distance_km"] = frame.pop("km").astype(float)
    ids = [f"{route}_{i + 1}" for i in range(len(frame))]
    return frame.assign(route=route, leg_id=ids)


class TestGeodesic:
    def test_a_degree_of_the_equator_and_the_quarter_meridian(self):
        # WGS 84: 2 pi 6378.137 / 360 = 111.3195 km; the quarter meridian is
        # 10,001.966 km (Karney 2013, and any geodesy table)
        assert corridor.geodesic_km((0, 0), (0, 1)) == pytest.approx(111.3195, abs=1e-4)
        assert corridor.geodesic_km((0, 0), (90, 0)) == pytest.approx(
            10001.966, abs=1e-3
        )

    def test_the_two_capitals(self):
        # Computed with pyproj.Geod(ellps="WGS84").inv: 2937638.4265 m
        assert corridor.geodesic_km(MINSK, ASHGABAT) == pytest.approx(
            2937.6384, abs=1e-4
        )

    @given(point, point)
    def test_near_the_great_circle_of_a_sphere_and_the_same_back(self, a, b):
        (p1, l1), (p2, l2) = np.radians(a), np.radians(b)
        h = math.sin((p2 - p1) / 2) ** 2
        h += math.cos(p1) * math.cos(p2) * math.sin((l2 - l1) / 2) ** 2
        sphere = 2 * 6371.0088 * math.asin(min(1, math.sqrt(h)))
        there = corridor.geodesic_km(a, b)
        # The ellipsoid differs from the mean sphere by at most 0.6 percent.
        assert there == pytest.approx(sphere, rel=0.0065, abs=1e-3)
        assert there == pytest.approx(corridor.geodesic_km(b, a), abs=1e-6)

    @given(point, point, point)
    def test_a_detour_is_never_shorter(self, a, b, c):
        direct = corridor.geodesic_km(a, c)
        assert direct <= corridor.geodesic_km(a, b) + corridor.geodesic_km(b, c) + 1e-6

    @pytest.mark.parametrize(
        ("start", "end", "message"),
        [
            ((91, 0), ASHGABAT, "start latitude: found 91; allowed is -90 to 90"),
            (MINSK, (0, 181), "end longitude: found 181; allowed is -180 to 180"),
            ((math.nan, 0), ASHGABAT, "start latitude: found nan"),
            (("53", 27), ASHGABAT, "start latitude: found '53'; allowed are degrees"),
        ],
    )
    def test_a_point_off_the_earth_is_refused(self, start, end, message):
        with pytest.raises(ValueError, match=message):
            corridor.geodesic_km(start, end)

    def test_the_line_lies_on_the_geodesic(self):
        line = corridor.geodesic_line(MINSK, ASHGABAT, 5)
        assert line.shape == (5, 2)
        assert line[0] == pytest.approx(MINSK)
        assert line[-1] == pytest.approx(ASHGABAT)
        parts = [corridor.geodesic_km(a, b) for a, b in pairwise(line)]
        assert parts == pytest.approx([2937.6384 / 4] * 4, abs=1e-3)
        with pytest.raises(ValueError, match="n: found 1; allowed is 2 or more"):
            corridor.geodesic_line(MINSK, ASHGABAT, 1)


class TestLengths:
    way = legs(
        ("a", "b", "rail", None), ("b", "c", "rail", 700), ("c", "d", "rail", None)
    )

    def test_stated_estimated_and_unknown_stay_apart(self):
        frame = corridor.lengths(self.way, PLACES)
        assert frame["basis"].tolist() == ["estimated", "stated", "unknown"]
        ab = corridor.geodesic_km((50, 30), (50, 35))
        assert frame["straight_km"].tolist() == pytest.approx(
            [ab, np.nan, np.nan], nan_ok=True
        )
        assert frame["stated_km"].tolist() == pytest.approx(
            [np.nan, 700, np.nan], nan_ok=True
        )

    def test_winding_is_stated_over_straight(self):
        frame = corridor.lengths(legs(("a", "b", "road", 429.0)), PLACES)
        straight = corridor.geodesic_km((50, 30), (50, 35))  # 358.5 km
        assert frame["winding"].item() == pytest.approx(429 / straight)

    def test_places_on_the_way_lengthen_the_estimate_not_the_statement(self):
        way = legs(("a", "b", "rail", None), ("a", "b", "rail", 400))
        via = {"r_1": ["d"], "r_2": ["d"]}
        frame = corridor.lengths(way, PLACES, via)
        detour = corridor.geodesic_km((50, 30), (40, 55))
        detour += corridor.geodesic_km((40, 55), (50, 35))
        assert frame["straight_km"].tolist() == pytest.approx([detour, detour])
        assert frame["stated_km"].tolist()[1] == 400

    @pytest.mark.parametrize(
        ("way", "message"),
        [
            (legs(("a", "x", "rail", None)), "place: found 'x'"),
            (legs(("a", "b", "rail", 0)), r"distance_km'\]: found 0; allowed is a"),
            (legs(("a", "b", "rail", 1)).drop(columns="mode"), "'mode' is missing"),
            (legs(("a", "b", "rail", 1)).iloc[:0], "legs: found no rows"),
        ],
    )
    def test_bad_legs_are_named(self, way, message):
        with pytest.raises(ValueError, match=message):
            corridor.lengths(way, PLACES)

    def test_windings_has_a_column_an_assumption(self):
        way = legs(("a", "b", "rail", 1000.0))
        frame = corridor.windings(way, PLACES, {"none": {}, "by d": {"r_1": ["d"]}})
        ab = corridor.geodesic_km((50, 30), (50, 35))
        detour = corridor.geodesic_km((50, 30), (40, 55))
        detour += corridor.geodesic_km((40, 55), (50, 35))
        assert frame.loc["r_1"].tolist() == pytest.approx([1000 / ab, 1000 / detour])

    def test_times_in_one_unit(self):
        rows = pd.DataFrame({"value": [2, 90, 3], "unit": ["days", "minutes", "hours"]})
        frame = corridor.in_hours(rows)
        assert frame["hours"].tolist() == pytest.approx([1.5, 3, 48])
        assert frame.index.tolist() == [1, 2, 0]
        with pytest.raises(ValueError, match="found 'weeks'; allowed are minutes"):
            corridor.in_hours(rows.assign(unit="weeks"))


class TestRoutes:
    def test_one_row_a_route_with_its_parts(self):
        way = pd.concat([TestLengths.way, legs(("f", "d", "ferry", 306), route="s")])
        frame = corridor.routes(way, PLACES, NEIGHBOURS)
        first = frame.loc["r"]
        assert (
            first["legs"],
            first["stated"],
            first["estimated"],
            first["unknown"],
        ) == (
            3,
            1,
            1,
            1,
        )
        assert first["stated_km"] == 700
        ab = corridor.geodesic_km((50, 30), (50, 35))
        assert first["estimated_km"] == pytest.approx(ab)
        # The chain leaves out c, which has no coordinates: a to b to d.
        chain = ab + corridor.geodesic_km((50, 35), (40, 55))
        assert first["chain_km"] == pytest.approx(chain)
        assert frame.loc["s", ["stated_km", "borders", "reloadings"]].tolist() == [
            306,
            1,
            0,
        ]

    def test_the_straight_line_of_a_stated_leg_is_no_estimate(self):
        way = legs(("a", "b", "rail", 429), ("b", "d", "rail", None))
        row = corridor.routes(way, PLACES, NEIGHBOURS).loc["r"]
        assert row["stated_km"] == 429
        bd = corridor.geodesic_km((50, 35), (40, 55))
        assert row["estimated_km"] == pytest.approx(bd)

    def test_a_leg_may_stand_in_several_ways(self):
        way = legs(("a", "b", "rail", None), ("b", "d", "rail", None))
        table = pd.DataFrame({"leg_id": ["r_1", "r_2", "r_2", "r_1"]})
        both = corridor.ways(way, table.assign(way=["one", "one", "two", "two"]))
        assert both["leg_id"].tolist() == ["r_1", "r_2", "r_2", "r_1"]
        frame = corridor.routes(both, PLACES, NEIGHBOURS)
        ab = corridor.geodesic_km((50, 30), (50, 35))
        bd = corridor.geodesic_km((50, 35), (40, 55))
        assert frame["estimated_km"].tolist() == pytest.approx([ab + bd] * 2)
        assert frame.loc["one", "chain_km"] == pytest.approx(ab + bd)
        with pytest.raises(ValueError, match="table: found 'r_2'; allowed are legs"):
            corridor.ways(way.head(1), table)

    def test_borders_follow_the_countries(self):
        assert corridor.borders(TestLengths.way, PLACES, NEIGHBOURS) == (3, False)

    def test_a_gap_in_the_neighbours_is_filled_by_the_shortest_way_and_open(self):
        # Belarus to Turkmenistan: three borders at least
        way = legs(("a", "d", "rail", None))
        assert corridor.borders(way, PLACES, NEIGHBOURS) == (3, True)
        assert corridor.borders(way.assign(mode="air"), PLACES, []) == (1, False)
        with pytest.raises(ValueError, match="found no way from BLR to TKM"):
            corridor.borders(way, PLACES, NEIGHBOURS[:1])

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
        assert corridor.reloadings(way, PLACES) == count

    def test_a_change_of_gauge_counts_for_rail_only(self):
        assert corridor.reloadings(legs(("d", "e", "rail", None)), PLACES) == 1
        assert corridor.reloadings(legs(("d", "e", "road", None)), PLACES) == 0
        with pytest.raises(ValueError, match="gauges: found none for IRN"):
            corridor.reloadings(legs(("d", "e", "rail", 1)), PLACES, {"TKM": 1520})


class TestLambert:
    def test_worked_example_of_snyder(self):
        # Snyder (1987), page 295: sphere of radius 1, parallels 33 and 45, origin
        # 23 N 96 W, point 35 N 75 W: x = 0.2966785, y = 0.2462112
        x, y = corridor.lambert(35, -75, (33, 45), (23, -96))
        radius = 6371.0088
        assert x / radius == pytest.approx(0.2966785, abs=5e-8)
        assert y / radius == pytest.approx(0.2462112, abs=5e-8)

    @given(st.floats(30, 65), st.floats(10, 90))
    def test_conformal_and_true_on_the_parallels(self, lat, lon):
        def scales(lat):
            step = 1e-5
            at = np.array(corridor.lambert(lat, lon, (40, 55), (46, 45)))
            north = np.array(corridor.lambert(lat + step, lon, (40, 55), (46, 45)))
            east = np.array(corridor.lambert(lat, lon + step, (40, 55), (46, 45)))
            unit = 6371.0088 * math.radians(step)
            return (
                np.hypot(*(north - at)) / unit,
                np.hypot(*(east - at)) / (unit * math.cos(math.radians(lat))),
            )

        along, across = scales(lat)
        assert along == pytest.approx(across, rel=1e-4)
        assert scales(40)[0] == pytest.approx(1, rel=1e-4)
        assert scales(55)[1] == pytest.approx(1, rel=1e-4)

    @pytest.mark.parametrize("parallels", [(40, 40), (-40, 40), (0, 40)])
    def test_bad_parallels_are_refused(self, parallels):
        with pytest.raises(ValueError, match="parallels: found"):
            corridor.lambert(45, 45, parallels, (45, 45))


@pytest.fixture(scope="module")
def base():
    return corridor.read_map()


class TestMap:
    def test_no_disputed_line_is_in_the_file(self, base):
        drawn = {between for _, between, _ in base["lines"]}
        assert {"KAZ-TKM", "BLR-RUS", "KAZ-RUS", ""} <= drawn
        assert not drawn & {"RUS-UKR", "GEO-RUS", "ARM-AZE", "CHN-IND", "CHN-PAK"}
        # Every border that is drawn belongs to a country on a route.
        route = {"BLR", "RUS", "KAZ", "TKM", "AZE", "GEO", "IRN", "UZB", "CHN"}
        assert all(route & set(pair.split("-")) for pair in drawn if pair)

    def test_all_places_lie_where_their_country_is_named(self, base):
        # A line drawn in the wrong order of coordinates would leave the view.
        shore = np.vstack([line for scale, _, line in base["lines"] if scale == "50m"])
        assert shore[:, 0].min() >= 28
        assert shore[:, 0].max() <= 64
        assert shore[:, 1].max() <= 92

    def test_the_figure_keeps_both_scales_equal(self, base):
        for view in corridor.drawing()["views"]:
            ax = corridor.draw_map("A finding in words", "km", base, view)
            charts.add_sources(ax, "s")
            fig = charts.finish(ax, "A map that is long enough to have an alternative.")
            box = ax.get_window_extent()
            across = box.width / np.ptp(ax.get_xlim())
            assert across == pytest.approx(box.height / np.ptp(ax.get_ylim()), rel=0.01)
            assert not charts.layout_problems(fig)

    def test_stated_is_solid_estimated_dotted_and_borders_get_a_ring(self, base):
        places = p.load("places")
        all_legs = p.load("legs")
        road = all_legs[all_legs["route"] == "road_kazakhstan"]
        ax = corridor.draw_map("A finding in words", "km", base)
        corridor.draw_way(ax, road, places, label="road")
        lines = {
            gid: [x for x in ax.lines if x.get_gid() == gid]
            for gid in ("stated", "estimated", "crossing")
        }
        # Minsk-Moscow and Zhanaozen-Turkmenbashi are stated, the two others are not.
        assert [len(lines[gid]) for gid in ("stated", "estimated", "crossing")] == [
            2,
            2,
            3,
        ]
        assert {line.get_linestyle() for line in lines["stated"]} == {"-"}
        assert "-" not in {line.get_linestyle() for line in lines["estimated"]}
        start = lines["stated"][0].get_xydata()[0]
        where = places.set_index("place_id").loc["minsk", ["latitude", "longitude"]]
        assert start == pytest.approx(
            np.array(corridor.lambert(*where, *ax.projection))
        )

    def test_a_stretch_over_an_unplaced_border_is_solid_only_if_all_is_stated(self):
        half = legs(("b", "c", "rail", 700), ("c", "d", "rail", None))
        whole = half.assign(distance_km=[700.0, 800.0])
        for way, basis in ((half, "estimated"), (whole, "stated")):
            [line] = corridor.way_lines(way, PLACES)
            assert line.points[[0, -1]] == pytest.approx(np.array([(50, 35), (40, 55)]))
            assert line.crosses == {"RUS", "TKM"}
            assert line.stated is (basis == "stated")

    def test_coasts_and_borders_are_told_apart(self, base):
        ax = corridor.draw_map("A finding in words", "km", base)
        gids = [line.get_gid() for line in ax.lines]
        shown = [pair for scale, pair, _ in base["lines"] if scale == "50m"]
        assert gids.count("border") == sum(pair != "" for pair in shown)
        assert gids.count("coast") == shown.count("")

    def test_an_unknown_view_is_refused(self, base):
        with pytest.raises(ValueError, match="view: found 'west'; allowed are region"):
            corridor.draw_map("t", "s", base, "west")

    def test_the_ring_stands_where_a_way_meets_the_border(self):
        view = {"scale": "1m", "parallels": (40, 55), "centre": (45, 45), "names": ()}
        view |= {"x": (-900, 900), "y": (-900, 900)}
        border = np.array([(48.0, 40.0), (48.0, 50.0)])
        base = {"lines": [("1m", "AAA-BBB", border)], "names": {}}
        ax = charts.map.coasts(charts.canvas("A", "km"), base, view)
        north, south = ([(y, 45.0), (y + 4, 45.0)] for y in (45.0, 40.0))
        for points in (north, south):
            line = charts.map.Line(np.array(points), True, {"AAA", "BBB"})
            charts.map.way(ax, [line])
        (ring,) = (one for one in ax.lines if one.get_gid() == "crossing")
        x, y = ring.get_xydata()[0]
        assert x == pytest.approx(0, abs=1e-6)
        # The border is a straight line on the map between its ends.
        ends = np.column_stack(charts.map.lambert(*border.T, (40, 55), (45, 45)))
        assert y == pytest.approx(ends[:, 1].mean())


class TestData:
    def test_the_distance_of_the_report_is_that_by_air_rounded_up(self):
        at = p.load("places").set_index("place_id")[["latitude", "longitude"]]
        city = corridor.geodesic_km(tuple(at.loc["minsk"]), tuple(at.loc["ashgabat"]))
        air = corridor.geodesic_km(
            tuple(at.loc["minsk_national_airport_msq"]),
            tuple(at.loc["ashgabat_international_airport_asb"]),
        )
        assert city == pytest.approx(2938, abs=1)
        assert air == pytest.approx(2905, abs=1)
        assert 3000 / city == pytest.approx(1.021, abs=0.001)

    def test_every_route_of_the_data_is_measured(self, base):
        frame = corridor.routes(p.load("legs"), p.load("places"), base["neighbours"])
        assert (
            frame[["stated", "estimated", "unknown"]].sum(axis=1).equals(frame["legs"])
        )
        assert frame.loc["rail_kti_corridor", "stated_km"] == 908
        assert frame.loc["rail_kti_corridor", ["borders", "reloadings"]].tolist() == [
            2,
            1,
        ]
        assert frame.loc["rail_kazakhstan", "borders"] == 3
        assert bool(frame.loc["garlyk_china", "borders_open"])

    def test_no_stated_leg_is_shorter_than_its_straight_line(self):
        frame = corridor.lengths(p.load("legs"), p.load("places"))
        assert frame["winding"].dropna().between(1, 1.5).all()
        assert frame["winding"].notna().sum() >= 4
