"""The map: its projection, coasts, ways and places, of invented countries."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership import charts
from pictures import ALT, canvas, found, layout_problems, one, texts

VIEW = {"scale": "1m", "parallels": (40, 55), "centre": (45, 45), "names": ["AAA"]}
VIEW |= {"x": (-900, 900), "y": (-600, 600)}
BORDER = np.array([(48.0, 40.0), (48.0, 50.0)])
COAST = np.array([(42.0, 38.0), (43.0, 52.0)])
BASE = {
    "lines": [("1m", "AAA-BBB", BORDER), ("1m", "", COAST), ("9m", "", COAST)],
    "names": {"AAA": ("Aland", 49.5, 45.0)},
}
PLACES = pd.DataFrame(
    [("a1", "Afirst (Aland)", 46.0, 43.0), ("b1", "Bfirst", 46.0, 48.0)],
    columns=["place_id", "place", "latitude", "longitude"],
)


def drawn_map():
    return charts.map.coasts(canvas(), BASE, VIEW)


def way(*points, stated=True, crosses=()):
    return charts.map.Line(np.array(points), stated, crosses)


def test_lambert_agrees_with_a_worked_example():
    # Snyder (1987), page 295: the sphere of radius 1, parallels 33 and 45.
    x, y = charts.map.lambert(35, -75, (33, 45), (23, -96))
    assert (x / 6371.0088, y / 6371.0088) == pytest.approx((0.2966785, 0.2462112), 1e-6)


@given(st.floats(30, 65), st.floats(10, 90))
def test_it_keeps_angles_and_scale_is_true_on_the_parallels(lat, lon):
    step = 1e-5

    def scales(lat):
        at, north, east = (
            np.array(charts.map.lambert(lat + dy, lon + dx, (40, 55), (46, 45)))
            for dy, dx in ((0, 0), (step, 0), (0, step))
        )
        unit = 6371.0088 * math.radians(step)
        across = np.hypot(*(east - at)) / (unit * math.cos(math.radians(lat)))
        return np.hypot(*(north - at)) / unit, across

    along, across = scales(lat)
    assert along == pytest.approx(across, rel=1e-4)
    assert scales(40)[0] == pytest.approx(1, rel=1e-4)
    assert scales(55)[1] == pytest.approx(1, rel=1e-4)


@pytest.mark.parametrize("parallels", [(40, 40), (-40, 40), (0, 40), (40, 90)])
def test_bad_parallels_are_refused(parallels):
    with pytest.raises(ValueError, match="parallels: found"):
        charts.map.lambert(45, 45, parallels, (45, 45))


def test_coasts_and_borders_are_told_apart_and_scales_are_equal():
    ax = drawn_map()
    assert len(found(ax, "coast")) == len(found(ax, "border")) == 1
    assert texts(ax, "country") == ["Aland"]
    charts.map.places(ax, PLACES, {"a1": "left", "b1": "above right"})
    fig = charts.finish(charts.add_sources(ax, "s"), ALT)
    box = ax.get_window_extent()
    assert box.width / 1800 == pytest.approx(box.height / 1200, rel=0.01)
    assert layout_problems(fig) == []
    assert {"Afirst", "Bfirst"} <= {text.get_text() for text in ax.texts}


def test_the_ring_stands_where_a_way_meets_the_border_it_crosses():
    ax = drawn_map()
    for north in (2, -2):  # the second way turns back before the border
        charts.map.way(ax, [way((46, 45), (48 + north, 45), crosses={"AAA", "BBB"})])
    charts.map.way(ax, [way((46, 44), (50, 44))])  # not said to cross
    charts.map.way(ax, [way((46, 44), (50, 44), crosses={"AAA", "CCC"})])
    x, y = one(ax, "crossing").get_xydata()[0]
    assert x == pytest.approx(0, abs=1e-6)
    # The border is a straight line on the map between its ends.
    ends = np.column_stack(charts.map.lambert(*BORDER.T, (40, 55), (45, 45)))
    assert y == pytest.approx(ends[:, 1].mean())


def test_stated_is_solid_estimated_dotted():
    ax = drawn_map()
    lines = [way((46, 43), (46, 45)), way((46, 45), (46, 48), stated=False)]
    charts.map.way(ax, lines, "a road", at=0.0)
    assert one(ax, "stated").get_linestyle() == "-"
    assert one(ax, "estimated").is_dashed()
    start = np.array(charts.map.lambert(46, 43, (40, 55), (45, 45)))
    assert one(ax, "stated").get_xydata()[0] == pytest.approx(start)
    assert ax.texts[-1].xy == pytest.approx(tuple(start))


def test_an_unknown_place_is_refused():
    with pytest.raises(ValueError, match="sides: found 'c1'; allowed is one of a1, b1"):
        charts.map.places(drawn_map(), PLACES, {"c1": "left"})
