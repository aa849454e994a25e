"""The ways of the study, their map and their data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import partnership as p
from partnership import charts
from partnership.methods import routes
from partnership.study import corridor
from pictures import canvas, layout_problems

# Places a, b and d, and between b and d one without coordinates.
PLACES = pd.DataFrame(
    {"latitude": [50, 50, None, 40], "longitude": [30, 35, None, 55]}
).assign(place_id=list("abcd"), country=["AAA", "BBB", "CCC", "DDD"])


def legs(*ways, km=None):
    frame = pd.DataFrame(map(list, ways), columns=["from_place", "to_place"])
    ids = [f"r_{i + 1}" for i in range(len(frame))]
    return frame.assign(leg_id=ids, route="r", mode="road", distance_km=km)


def drawn(base, view="region"):
    """Draw the coasts of a view."""
    ax = canvas("A finding in words", "km")
    return charts.map.coasts(ax, base, corridor.drawing()["views"][view])


class TestWays:
    def test_a_leg_may_stand_in_several_ways(self):
        way = legs("ab", "bd")
        table = pd.DataFrame({"leg_id": ["r_1", "r_2", "r_2", "r_1"]})
        both = corridor.ways(way, table.assign(way=["one", "one", "two", "two"]))
        assert both["leg_id"].tolist() == ["r_1", "r_2", "r_2", "r_1"]
        frame = corridor.routes(both, PLACES, [("AAA", "BBB"), ("BBB", "DDD")])
        ab = routes.geodesic_km((50, 30), (50, 35))
        bd = routes.geodesic_km((50, 35), (40, 55))
        assert frame["estimated_km"].tolist() == pytest.approx([ab + bd] * 2)
        assert frame.loc["one", "chain_km"] == pytest.approx(ab + bd)
        with pytest.raises(ValueError, match="table: found 'r_2'; allowed is a leg"):
            corridor.ways(way.head(1), table)


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
            ax = drawn(base, view)
            charts.add_sources(ax, "s")
            fig = charts.finish(ax, "A map that is long enough to have an alternative.")
            box = ax.get_window_extent()
            across = box.width / np.ptp(ax.get_xlim())
            assert across == pytest.approx(box.height / np.ptp(ax.get_ylim()), rel=0.01)
            assert not layout_problems(fig)

    def test_stated_is_solid_estimated_dotted_and_borders_get_a_ring(self, base):
        places = p.load("places")
        all_legs = p.load("legs")
        road = all_legs[all_legs["route"] == "road_kazakhstan"]
        ax = drawn(base)
        charts.map.way(ax, corridor.way_lines(road, places), "road")
        lines = {
            gid: [x for x in ax.lines if x.get_gid() == gid]
            for gid in ("stated", "estimated", "crossing")
        }
        # Minsk-Moscow and Zhanaozen-Turkmenbashi are stated, the two others are not.
        assert [len(found) for found in lines.values()] == [2, 2, 3]
        assert {line.get_linestyle() for line in lines["stated"]} == {"-"}
        assert "-" not in {line.get_linestyle() for line in lines["estimated"]}
        start = lines["stated"][0].get_xydata()[0]
        where = places.set_index("place_id").loc["minsk", ["latitude", "longitude"]]
        assert start == pytest.approx(
            np.array(charts.map.lambert(*where, *ax.projection))
        )

    def test_a_stretch_over_an_unplaced_border_is_solid_only_if_all_is_stated(self):
        half, whole = (legs("bc", "cd", km=[700, km]) for km in (None, 800))
        for way, basis in ((half, "estimated"), (whole, "stated")):
            [line] = corridor.way_lines(way, PLACES)
            assert line.points[[0, -1]] == pytest.approx(np.array([(50, 35), (40, 55)]))
            assert line.crosses == {"BBB", "DDD"}
            assert line.stated is (basis == "stated")

    def test_coasts_and_borders_are_told_apart(self, base):
        ax = drawn(base)
        gids = [line.get_gid() for line in ax.lines]
        shown = [pair for scale, pair, _ in base["lines"] if scale == "50m"]
        assert gids.count("border") == sum(pair != "" for pair in shown)
        assert gids.count("coast") == shown.count("")


class TestData:
    def test_the_distance_of_the_report_is_that_by_air_rounded_up(self):
        at = p.load("places").set_index("place_id")[["latitude", "longitude"]]
        city = routes.geodesic_km(tuple(at.loc["minsk"]), tuple(at.loc["ashgabat"]))
        air = routes.geodesic_km(
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
        changes = frame.loc["rail_kti_corridor", ["borders", "reloadings"]]
        assert changes.tolist() == [2, 1]
        assert frame.loc["rail_kazakhstan", "borders"] == 3
        assert bool(frame.loc["garlyk_china", "borders_open"])

    def test_no_stated_leg_is_shorter_than_its_straight_line(self):
        frame = routes.lengths(p.load("legs"), p.load("places"))
        assert frame["winding"].dropna().between(1, 1.5).all()
        assert frame["winding"].notna().sum() >= 4
