"""Ways between Minsk and Ashgabat, and how they are drawn."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from partnership import charts
from partnership.charts.map import Line, coasts, lambert, places, read, way  # noqa: F401
from partnership.evidence.package import default
from partnership.methods.routes import (  # noqa: F401
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

GAUGE_MM = {
    **dict.fromkeys(("BLR", "RUS", "KAZ", "TKM", "UZB", "AZE", "GEO"), 1520),
    **dict.fromkeys(("IRN", "CHN", "TUR"), 1435),
}
"""Track gauge of the main network, mm. Iran has laid 1,520 mm over its last kilometres
before the Turkmen border since 2021."""


def routes(legs, places, neighbours, via=None, gauges=GAUGE_MM):
    """Compare routes on the gauges of the study, as `compare_routes` does."""
    return compare_routes(legs, places, neighbours, gauges, via)


WAYS = {
    "direct flight": ["air_minsk_ashgabat"],
    "rail through Kazakhstan": ["rail_kazakhstan"],
    "road through Kazakhstan": ["road_kazakhstan"],
    "Astrakhan and the Caspian": [
        "rail_kazakhstan_1",
        "caspian_russia",
        "trans_caspian_4",
    ],
    "Black Sea and Caucasus": ["trans_caspian"],
}
"""Ways between the two capitals: routes, and single legs where a route begins or ends
elsewhere."""


def ways(legs, parts=WAYS):
    """Legs of the ways from end to end.

    Parameters
    ----------
    legs : pandas.DataFrame
        The table ``legs``.
    parts : mapping of str to list of str
        For each way its routes and single legs, in order.

    Returns
    -------
    pandas.DataFrame
        Rows of `legs` with the name of the way as ``route``; a leg may stand in
        several ways.

    Raises
    ------
    ValueError
        If a part is neither a route nor a leg.
    """
    frames = []
    for name, wanted in parts.items():
        for part in wanted:
            found = legs[(legs["route"] == part) | (legs["leg_id"] == part)]
            if found.empty:
                raise ValueError(f"parts: found {part!r}; allowed are routes and legs")
            frames.append(found.assign(route=name))
    return pd.concat(frames, ignore_index=True)


LOOKS = {
    "Black Sea and Caucasus": {
        "role": "other",
        "label": "Black Sea\nand Caucasus",
        "at": 0.22,
        "offset": (-9, 0),
    },
    "Astrakhan and the Caspian": {
        "role": "other",
        "variant": 1,
        "label": "Astrakhan and\nthe Caspian",
        "at": 0.34,
        "offset": (-9, -8),
        "shift": 4,
    },
    "road through Kazakhstan": {
        "variant": 1,
        "label": "road",
        "at": 0.46,
        "offset": (9, 6),
        "shift": -2,
    },
    "rail through Kazakhstan": {
        "label": "rail",
        "at": 0.32,
        "offset": (9, 7),
        "shift": 2,
    },
    "direct flight": {
        "thin": True,
        "label": "direct\nflight",
        "at": 0.4,
        "offset": (-9, -10),
    },
}


NAMED = {
    "minsk": "left",
    "moscow": "right",
    "saratov": "below left",
    "atyrau": "right",
    "beyneu": "right",
    "zhanaozen_uzen": "right",
    "turkmenbashi": "above right",
    "bereket": "below",
    "ashgabat": "right",
    "astrakhan": "left",
    "poti_port": "left below",
    "alat_port": "left below",
}


NAMED_EAST = {
    "garlyk_settlement": "below",
    "qingdao": "left below",
    "ashgabat": "below",
    "bereket": "left below",
    "beyneu": "above",
    "almaty": "below right",
}
"""How each way is drawn, and where names stand on the two maps: by hand."""


VIEWS = {
    "region": {
        "scale": "50m",
        "parallels": (40, 55),
        "centre": (46.5, 45.0),
        "x": (-1520, 1500),
        "y": (-980, 1150),
        "names": ("BLR", "RUS", "KAZ", "TKM", "UZB", "AZE", "GEO"),
    },
    "east": {
        "scale": "110m",
        "parallels": (32, 48),
        "centre": (40.5, 88.0),
        "x": (-3250, 3250),
        "y": (-900, 1500),
        "names": ("RUS", "KAZ", "TKM", "UZB", "CHN"),
    },
}
"""Extent of the two maps: km from the centre."""


def read_map(path=None):
    """Read coasts, borders and names of countries; see `partnership.charts.map.read`.

    Parameters
    ----------
    path : path-like, optional
        By default ``map.geojson`` of the project's data.
    """
    return read(path or default().inside("map.geojson"))


def draw_map(title, subtitle, base, view="region"):  # old name
    """Make a figure with coasts, borders and names of countries."""
    if view not in VIEWS:
        raise ValueError(f"view: found {view!r}; allowed are {', '.join(VIEWS)}")
    return coasts(charts.canvas(title, subtitle), base, VIEWS[view])


def draw_ways(ax, legs, known, via=None, looks=LOOKS, named=NAMED):
    """Draw several routes and name their places.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        After `partnership.charts.map.coasts`.
    legs, known, via
        As in `stops`.
    looks : mapping of route to arguments of `partnership.charts.map.way`
        The routes to draw, the lowest first.
    named : mapping of place_id to str
        As in `partnership.charts.map.places`.

    Returns
    -------
    matplotlib.axes.Axes
    """
    for route, look in looks.items():
        way(ax, way_lines(legs[legs["route"] == route], known, via), **look)
    charts.add_sources(ax, legs["source_id"])
    return places(ax, known, named)


def draw_way(ax, legs, known, via=None, **look):  # old name
    """Draw one route."""
    return way(ax, way_lines(legs, known, via), **look)


draw_places = places  # old name


def way_lines(legs, known, via=None):
    """Legs of one route as pieces that `partnership.charts.map.way` draws.

    The lines are geodesics between the known places, not the way on the ground. A piece
    of several legs is stated if every leg is; a border is marked where it is crossed by
    land.

    Parameters
    ----------
    legs, known, via
        As in `stops`; the legs in their order.

    Returns
    -------
    list of Line
    """
    measured, at = lengths(legs, known, via), stops(legs, known, via)
    lines, points, bases, countries, land = [], [], [], [], True
    for number, leg in enumerate(measured.itertuples()):
        stop = at[at["leg"] == number]
        placed = stop.dropna(subset=["latitude"])
        bases.append(leg.basis)
        land = land and leg.mode not in ("air", "rail_and_sea")
        countries += stop["country"].tolist()
        new = list(zip(placed["latitude"], placed["longitude"], strict=True))
        points += [point for point in new if point not in points[-1:]]
        if len(points) > 1 and pd.notna(stop["latitude"].iloc[-1]):
            ends = {countries[0], countries[-1]}
            line = np.vstack([geodesic_line(a, b) for a, b in pairwise(points)])
            crosses = ends if land and len(ends) == 2 else ()
            lines.append(Line(line, set(bases) == {"stated"}, crosses))
            points, bases, countries, land = points[-1:], [], [], True
    return lines
