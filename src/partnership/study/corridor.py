"""Ways between Minsk and Ashgabat, and how they are drawn."""

from itertools import pairwise

import numpy as np
import pandas as pd

from partnership import charts, checks
from partnership.charts import map as maps
from partnership.evidence import files
from partnership.evidence.package import default
from partnership.methods.routes import compare_routes, geodesic_line, lengths, stops


def ways(legs, table=None):
    """Legs of the ways from end to end.

    Parameters
    ----------
    legs : pandas.DataFrame
        The table ``legs``.
    table : pandas.DataFrame, optional
        As ``ways``, which is the default: ``way`` and ``leg_id``, in order.

    Returns
    -------
    pandas.DataFrame
        Rows of `legs` with the name of the way as ``route``; a leg may stand in
        several ways.

    Raises
    ------
    ValueError
        If a leg is not in `legs`.
    """
    table = default().load("ways") if table is None else table
    known = legs.set_index("leg_id")
    for lost in table.loc[~table["leg_id"].isin(known.index), "leg_id"]:
        raise checks.fault("table", repr(lost), "a leg of `legs`")
    found = known.loc[table["leg_id"]].reset_index()
    return found.assign(route=table["way"].to_numpy())[list(legs.columns)]


def routes(legs, places, neighbours, via=None):
    """Compare routes on the gauges of the table, as `compare_routes` does."""
    gauges = default().load("countries").set_index("iso3")["gauge_mm"].dropna()
    return compare_routes(legs, places, neighbours, gauges.to_dict(), via)


def drawing():
    """How the maps are drawn, by hand.

    Returns
    -------
    dict
        ``views``: extent, names of countries and ``places`` (place_id to the side of
        its name) of each map; ``ways``: the look of each way, the lowest first.
    """
    file = default().inside("map_views.json")
    return files.json_of(file.name, files.content(file))


def read_map():
    """Coasts, borders and names of countries; see `partnership.charts.map.read`."""
    return maps.read(default().inside("map.geojson"))


def draw_ways(ax, legs, known, via=None, looks=None):
    """Draw several routes and name the places of the region.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        After `partnership.charts.map.coasts`.
    legs, known, via
        As in `stops`.
    looks : mapping of route to arguments of `partnership.charts.map.way`, optional
        The routes to draw, the lowest first; by default those of `drawing`.

    Returns
    -------
    matplotlib.axes.Axes
    """
    by_hand = drawing()
    for route, look in (looks or by_hand["ways"]).items():
        lines = way_lines(legs[legs["route"] == route], known, via)
        maps.way(ax, lines, **look)
    charts.add_sources(ax, legs["source_id"])
    return maps.places(ax, known, by_hand["views"]["region"]["places"])


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
            lines.append(maps.Line(line, set(bases) == {"stated"}, crosses))
            points, bases, countries, land = points[-1:], [], [], True
    return lines
