"""Distances and routes: lengths, borders and reloadings.

A *leg* joins two places by one mode of transport; a *route* is its legs in order. The
length of a leg is **stated** (a source gives it), **estimated** (the geodesic between
its ends, which no way on the ground can beat) or **unknown** (an end has no
coordinates). The three are counted apart and never added up. What compares routes is
the chain: the geodesics from place to place, a floor under the length of the route.

The functions take three things that the docstrings do not repeat: `legs`, one row a leg
with ``leg_id``, ``from_place``, ``to_place``, ``mode`` and ``distance_km``, and for
several routes ``route``; `places`, one row a place with ``place_id``, ``latitude``,
``longitude`` (degrees, empty where no gazetteer gives them) and ``country``; and `via`,
a mapping of leg_id to a list of place_id assumed on the way of that leg.

Errors
------
Every function stops with a ``ValueError`` "ARGUMENT: found X; allowed is Y" if a frame
is empty or lacks a column, a place is unknown or stands twice, or a point is off the
earth.

Geodesics come from geographiclib, which is pure Python and small; pyproj gives the same
numbers but brings a compiled library and a data base of projections that nothing here
needs.
"""

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pandas as pd

from partnership import checks

BASES = ("stated", "estimated", "unknown")

_ON_WATER = ("sea", "ferry")

_HOURS = {"minutes": 1 / 60, "hours": 1, "days": 24}


def _point(point, argument):
    """Latitude and longitude of a checked point."""
    pair = np.iterable(point) and len(point) == 2
    checks.demand(pair, argument, checks.shown(point), "a latitude and a longitude")
    sides = zip(point, ("latitude", "longitude"), (90, 180), strict=True)
    return tuple(
        checks.number(value, f"{argument} {side}", low=-limit, high=limit)
        for value, side, limit in sides
    )


def geodesic_km(start, end):
    """Shortest way over the ellipsoid WGS 84 between two points.

    Parameters
    ----------
    start, end : (float, float)
        Latitude and longitude in degrees, north and east positive.

    Returns
    -------
    float
        Kilometres, exact to far below a metre.

    References
    ----------
    Karney, C. F. F. (2013). Algorithms for geodesics. *Journal of Geodesy*, 87(1),
    43-55.

    Examples
    --------
    >>> round(geodesic_km((53.900, 27.567), (37.950, 58.383)))
    2938
    """
    from geographiclib.geodesic import Geodesic

    ends = (*_point(start, "start"), *_point(end, "end"))
    return Geodesic.WGS84.Inverse(*ends, Geodesic.DISTANCE)["s12"] / 1000


def geodesic_line(start, end, n=40):
    """Latitudes and longitudes of `n` points along the geodesic, shape (n, 2)."""
    from geographiclib.geodesic import Geodesic

    n = checks.number(n, "n", low=2, whole=True)
    line = Geodesic.WGS84.InverseLine(*_point(start, "start"), *_point(end, "end"))
    steps = [line.Position(s) for s in np.linspace(0, line.s13, n)]
    return np.array([(step["lat2"], step["lon2"]) for step in steps])


def stops(legs, places, via=None):
    """Places that each leg passes, in order, as far as they have coordinates.

    One row a leg and place: ``leg`` (place of the leg in `legs`, from 0), ``place_id``,
    ``latitude`` and ``longitude`` (NaN where none is known) and ``country``.
    """
    via = dict(via or {})
    columns = ("leg_id", "from_place", "to_place", "mode", "distance_km")
    checks.need(legs, columns, "legs", filled=True)
    columns = ["place_id", "latitude", "longitude", "country"]
    known = checks.need(places, columns, "places", filled=True)[columns]
    checks.once(known["place_id"], "places['place_id']")
    rows = [
        (number, place)
        for number, leg in enumerate(legs.itertuples())
        for place in (leg.from_place, *via.get(leg.leg_id, ()), leg.to_place)
    ]
    frame = pd.DataFrame(rows, columns=["leg", "place_id"])
    for unknown in frame.loc[~frame["place_id"].isin(known["place_id"]), "place_id"]:
        checks.choice(unknown, known["place_id"], "place")
    return frame.join(known.set_index("place_id"), on="place_id")


def _chain(points):
    """Sum of the geodesics along rows with latitude and longitude, gaps skipped."""
    known = points[["latitude", "longitude"]].dropna().to_numpy()
    return sum(geodesic_km(a, b) for a, b in pairwise(known))


def lengths(legs, places, via=None):
    """Length of each leg: stated, estimated from coordinates, or unknown.

    Parameters
    ----------
    legs, places, via
        As the module says; a stated length is above 0.

    Returns
    -------
    pandas.DataFrame
        `legs` with ``stated_km`` (NaN where no source gives one), ``straight_km`` (the
        geodesic between the ends, by way of `via`; NaN where an end has no
        coordinates), ``winding`` (stated over straight) and ``basis``: ``stated``,
        ``estimated`` or ``unknown``.
    """
    at = stops(legs, places, via)
    stated = legs["distance_km"].astype(float)
    argument = "legs['distance_km']"
    checks.array(stated, argument, above=True, gaps=True, keys=legs["leg_id"].array)
    straight = [
        np.nan if points["latitude"].isna().any() else _chain(points)
        for _, points in at.groupby("leg")
    ]
    frame = legs.assign(stated_km=stated, straight_km=straight)
    frame["winding"] = frame["stated_km"] / frame["straight_km"]
    known = [frame["stated_km"].notna(), frame["straight_km"].notna()]
    frame["basis"] = np.select(known, BASES[:2], BASES[2])
    return frame


def windings(legs, places, towns):
    """Stated over straight length, for each assumption about the towns on the way.

    Parameters
    ----------
    legs, places
    towns : mapping of str to mapping
        For each assumption its `via`.

    Returns
    -------
    pandas.DataFrame
        One row a leg (index ``leg_id``), one column an assumption.
    """
    found = pd.DataFrame(index=legs["leg_id"])
    for name, via in towns.items():
        found[name] = lengths(legs, places, via)["winding"].to_numpy()
    return found


def in_hours(observations):
    """Travel times in one unit.

    Parameters
    ----------
    observations : pandas.DataFrame
        Rows with ``value`` and ``unit``: minutes, hours or days.

    Returns
    -------
    pandas.DataFrame
        The rows with a column ``hours``, the shortest first.
    """
    checks.need(observations, ("value", "unit"), "observations", filled=True)
    for unit in observations["unit"].unique():
        checks.choice(unit, _HOURS, "observations['unit']")
    hours = observations["value"] * observations["unit"].map(_HOURS)
    return observations.assign(hours=hours).sort_values("hours", kind="stable")


def compare_routes(legs, places, neighbours, gauges, via=None):
    """One row a route: what is stated, what is estimated, borders and reloadings.

    Parameters
    ----------
    legs, places, via
        The legs of a route (column ``route``) stand in the order of travel.
    neighbours, gauges
        As in `borders` and `reloadings`.

    Returns
    -------
    pandas.DataFrame
        Index ``route``, with

        - ``legs``, and of them ``stated``, ``estimated`` and ``unknown``,
        - ``stated_km``: sum over the stated legs alone, and ``estimated_km``: sum over
          the estimated legs alone; they are parts, and not to be added,
        - ``chain_km``: geodesics through all places with coordinates, which no real
          length can fall below,
        - ``borders`` and ``borders_open``: see `borders`,
        - ``reloadings``: see `reloadings`.
    """
    checks.need(legs, ("route",), "legs")
    rows = {}
    for route, part in lengths(legs, places, via).groupby("route", sort=False):
        count = part["basis"].value_counts()
        low, is_open = borders(part, places, neighbours)
        estimated = part["basis"] == "estimated"
        rows[route] = {
            "legs": len(part),
            **count.reindex(BASES, fill_value=0),
            "stated_km": part["stated_km"].sum(),
            "estimated_km": part.loc[estimated, "straight_km"].sum(),
            "chain_km": _chain(stops(part, places, via)),
            "borders": low,
            "borders_open": is_open,
            "reloadings": reloadings(part, places, gauges),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("route")


def _ends(legs, places):
    """Mode, and country at the start and at the end, of each leg."""
    country = stops(legs, places)["country"].to_numpy().reshape(-1, 2)
    return zip(legs["mode"], *country.T, strict=True)


def borders(legs, places, neighbours):
    """Count the borders that one route crosses at least.

    A leg between two countries crosses one border. By land, where they have none in
    common, it crosses as many as the shortest chain of neighbours has; then the count
    is open, as the true way may take more. A leg that mixes rail and sea counts as
    land. Countries that an aircraft only flies over do not count.

    Parameters
    ----------
    legs, places
        The legs of one route.
    neighbours : iterable of (str, str)
        Pairs of countries with a land border. Some chain of them must join the ends of
        every leg by land.

    Returns
    -------
    (int, bool)
        The count, and whether more are possible.
    """
    near = defaultdict(set)
    for one, other in neighbours:
        near[one].add(other)
        near[other].add(one)
    steps = [
        1 if mode in (*_ON_WATER, "air") else _steps(near, start, end)
        for mode, start, end in _ends(legs, places)
        if start != end
    ]
    return sum(steps), max(steps, default=0) > 1


def _steps(near, start, end):
    """Fewest borders from one country to another."""
    reached, steps = {start}, 0
    while end not in reached:
        wider = reached.union(*(near[name] for name in reached))
        found = f"no way from {start} to {end}"
        more, allowed = wider > reached, "a list of pairs that joins them"
        checks.demand(more, "neighbours", found, allowed)
        reached, steps = wider, steps + 1
    return steps


def reloadings(legs, places, gauges):
    """Count the changes between land and water, and of track gauge, on one route.

    A change of gauge counts on a rail leg between countries of different gauge; bogies
    may be exchanged there instead of reloading. A wagon that rolls onto a rail ferry
    counts like a reloaded one, as the legs do not say which ferry is meant. A leg that
    mixes rail and sea has one change inside.

    Parameters
    ----------
    legs, places
        The legs of one route.
    gauges : mapping of country to int
        Track gauge, mm, of each country at the end of a rail leg.

    Returns
    -------
    int
    """
    count, afloat = 0, None  # afloat: whether the leg before ended on the water
    for mode, *ends in _ends(legs, places):
        by_water, mixed = mode in _ON_WATER, mode == "rail_and_sea"
        count += (afloat is not None and afloat != by_water) + mixed
        afloat = by_water or mixed
        if mode == "rail":
            for name in ends:
                allowed = "one for each country at the end of a rail leg"
                checks.demand(name in gauges, "gauges", f"none for {name}", allowed)
            count += gauges[ends[0]] != gauges[ends[1]]
    return count
