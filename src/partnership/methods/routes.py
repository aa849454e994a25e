"""Distances and routes: lengths, borders and reloadings.

A *leg* joins two places by one mode of transport; a *route* is its legs in order. The
length of a leg is **stated** (a source gives it), **estimated** (the geodesic between
its ends, which no way on the ground can beat) or **unknown** (an end has no
coordinates). The three are counted apart and never added up. What compares routes is
the chain: the geodesics from place to place, a floor under the length of the route.

Geodesics come from geographiclib, which is pure Python and small; pyproj gives the same
numbers but brings a compiled library and a data base of projections that nothing here
needs.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

GAUGE_MM = {
    **dict.fromkeys(("BLR", "RUS", "KAZ", "TKM", "UZB", "AZE", "GEO"), 1520),
    **dict.fromkeys(("IRN", "CHN", "TUR"), 1435),
}
"""Track gauge of the main network, mm. Iran has laid 1,520 mm over its last kilometres
before the Turkmen border since 2021."""


_ON_WATER = ("sea", "ferry")


_NO_LAND_BORDER = (*_ON_WATER, "air")


def _degrees(value, argument, limit):
    if not isinstance(value, (int, float, np.number)) or isinstance(value, bool):
        raise ValueError(f"{argument}: found {value!r}; allowed are degrees")
    if not -limit <= value <= limit:  # NaN fails too
        raise ValueError(
            f"{argument}: found {float(value):g}; allowed is {-limit} to {limit}"
        )
    return float(value)


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

    Raises
    ------
    ValueError
        If a latitude is not from -90 to 90 or a longitude not from -180 to 180.

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

    (lat1, lon1), (lat2, lon2) = _point(start, "start"), _point(end, "end")
    return (
        Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2, Geodesic.DISTANCE)["s12"] / 1000
    )


def _point(point, argument):
    lat, lon = point
    return (
        _degrees(lat, f"{argument} latitude", 90),
        _degrees(lon, f"{argument} longitude", 180),
    )


def geodesic_line(start, end, n=40):
    """Points along the geodesic, for drawing.

    Parameters
    ----------
    start, end : (float, float)
        As in `geodesic_km`.
    n : int
        Number of points, both ends included, 2 or more.

    Returns
    -------
    numpy.ndarray, shape (n, 2)
        Latitudes and longitudes in degrees.
    """
    from geographiclib.geodesic import Geodesic

    if n < 2:
        raise ValueError(f"n: found {n}; allowed is 2 or more")
    line = Geodesic.WGS84.InverseLine(*_point(start, "start"), *_point(end, "end"))
    steps = [line.Position(s) for s in np.linspace(0, line.s13, n)]
    return np.array([(step["lat2"], step["lon2"]) for step in steps])


def stops(legs, places, via=None):
    """Places that each leg passes, in order, as far as they have coordinates.

    Parameters
    ----------
    legs : pandas.DataFrame
        Rows of the table ``legs``.
    places : pandas.DataFrame
        The table ``places``.
    via : mapping of leg_id to list of place_id, optional
        Places assumed on the way of a leg.

    Returns
    -------
    pandas.DataFrame
        One row a leg and place: ``leg`` (place of the leg in `legs`, from 0),
        ``place_id``, ``latitude``, ``longitude`` (NaN where no gazetteer gives them)
        and ``country``.

    Raises
    ------
    ValueError
        If a column is missing, `legs` is empty or a place is unknown.
    """
    via = dict(via or {})
    _need(legs, ("leg_id", "from_place", "to_place", "mode", "distance_km"), "legs")
    _need(places, ("place_id", "latitude", "longitude", "country"), "places")
    known = places.set_index("place_id")[["latitude", "longitude", "country"]]
    rows = [
        (number, place)
        for number, leg in enumerate(legs.itertuples())
        for place in (leg.from_place, *via.get(leg.leg_id, ()), leg.to_place)
    ]
    frame = pd.DataFrame(rows, columns=["leg", "place_id"])
    unknown = frame.loc[~frame["place_id"].isin(known.index), "place_id"]
    if len(unknown):
        raise ValueError(
            f"place: found {unknown.iloc[0]!r}; allowed are those of places"
        )
    return frame.join(known, on="place_id")


def _need(frame, columns, argument):
    missing = [name for name in columns if name not in frame]
    if missing:
        raise ValueError(f"{argument}: the column {missing[0]!r} is missing")
    if frame.empty:
        raise ValueError(f"{argument}: found no rows; allowed is one or more")


def _chain(points):
    """Sum of the geodesics along rows with latitude and longitude, gaps skipped."""
    known = points.dropna(subset=["latitude", "longitude"])
    at = list(zip(known["latitude"], known["longitude"], strict=True))
    return sum(geodesic_km(a, b) for a, b in pairwise(at))


def lengths(legs, places, via=None):
    """Length of each leg: stated, estimated from coordinates, or unknown.

    Parameters
    ----------
    legs, places, via
        As in `stops`.

    Returns
    -------
    pandas.DataFrame
        `legs` with ``stated_km`` (NaN where no source gives one), ``straight_km`` (the
        geodesic between the ends, by way of `via`; NaN where an end has no
        coordinates), ``winding`` (stated over straight) and ``basis``: ``stated``,
        ``estimated`` or ``unknown``.

    Raises
    ------
    ValueError
        As `stops`; or if a stated length is not above 0.
    """
    at = stops(legs, places, via)
    stated = legs["distance_km"].astype(float)
    if (stated <= 0).any():
        raise ValueError(
            f"legs['distance_km']: found {stated[stated <= 0].iloc[0]:g}; allowed is a "
            "length above 0, or none"
        )
    straight = [
        np.nan if points["latitude"].isna().any() else _chain(points)
        for _, points in at.groupby("leg")
    ]
    frame = legs.assign(stated_km=stated, straight_km=straight)
    frame["winding"] = frame["stated_km"] / frame["straight_km"]
    frame["basis"] = np.select(
        [frame["stated_km"].notna(), frame["straight_km"].notna()],
        ["stated", "estimated"],
        "unknown",
    )
    return frame


def windings(legs, places, towns):
    """Stated over straight length, for each assumption about the towns on the way.

    Parameters
    ----------
    legs, places
        As in `stops`.
    towns : mapping of str to mapping
        For each assumption its `via`, as in `stops`.

    Returns
    -------
    pandas.DataFrame
        One row a leg (index ``leg_id``), one column an assumption.
    """
    columns = {
        name: lengths(legs, places, via)["winding"].to_numpy()
        for name, via in towns.items()
    }
    return pd.DataFrame(columns, index=legs["leg_id"])


_HOURS = {"minutes": 1 / 60, "hours": 1, "days": 24}


def in_hours(observations):
    """Travel times in one unit.

    Parameters
    ----------
    observations : pandas.DataFrame
        Rows with ``value`` and ``unit``.

    Returns
    -------
    pandas.DataFrame
        The rows with a column ``hours``, the shortest first.

    Raises
    ------
    ValueError
        If a unit is not minutes, hours or days.
    """
    _need(observations, ("value", "unit"), "observations")
    lost = set(observations["unit"]) - set(_HOURS)
    if lost:
        raise ValueError(
            f"observations['unit']: found {sorted(lost)[0]!r}; allowed are minutes, "
            "hours, days"
        )
    hours = observations["value"] * observations["unit"].map(_HOURS)
    return observations.assign(hours=hours).sort_values("hours", kind="stable")


def routes(legs, places, neighbours, via=None, gauges=GAUGE_MM):
    """One row a route: what is stated, what is estimated, borders and reloadings.

    Parameters
    ----------
    legs, places, via
        As in `stops`; the legs of a route stand in the order of travel.
    neighbours : iterable of (str, str)
        Pairs of countries with a land border.
    gauges : mapping of country to int
        Track gauge, mm.

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
    rows = {}
    for route, part in lengths(legs, places, via).groupby("route", sort=False):
        count = part["basis"].value_counts()
        low, is_open = borders(part, places, neighbours)
        estimated = part["basis"] == "estimated"
        rows[route] = {
            "legs": len(part),
            **{name: int(count.get(name, 0)) for name in BASES},
            "stated_km": part["stated_km"].sum(),
            "estimated_km": part.loc[estimated, "straight_km"].sum(),
            "chain_km": _chain(stops(part, places, via)),
            "borders": low,
            "borders_open": is_open,
            "reloadings": reloadings(part, places, gauges),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("route")


BASES = ("stated", "estimated", "unknown")


def borders(legs, places, neighbours):
    """Count the borders that one route crosses at least.

    A leg between two countries crosses one border. By land, where they have none in
    common, it crosses as many as the shortest chain of neighbours has; then the count
    is open, as the true way may take more. A leg that mixes rail and sea counts as
    land. Countries that an aircraft only flies over do not count.

    Parameters
    ----------
    legs, places
        As in `stops`; the legs of one route.
    neighbours : iterable of (str, str)
        Pairs of countries with a land border.

    Returns
    -------
    (int, bool)
        The count, and whether more are possible.

    Raises
    ------
    ValueError
        As `stops`; or if no chain of neighbours joins the ends of a leg.
    """
    stops(legs, places)  # checks the arguments
    country = places.set_index("place_id")["country"]
    near: dict[str, set[str]] = {}
    for one, other in neighbours:
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    count, is_open = 0, False
    for leg in legs.itertuples():
        start, end = country[leg.from_place], country[leg.to_place]
        if start == end:
            continue
        steps = 1 if leg.mode in _NO_LAND_BORDER else _steps(near, start, end)
        count, is_open = count + steps, is_open or steps > 1
    return count, is_open


def _steps(near, start, end):
    """Fewest borders from one country to another."""
    reached, steps = {start}, 0
    while end not in reached:
        wider = reached.union(*(near.get(name, ()) for name in reached))
        if wider == reached:
            raise ValueError(
                f"neighbours: found no way from {start} to {end}; allowed is a list of "
                "pairs that joins them"
            )
        reached, steps = wider, steps + 1
    return steps


def reloadings(legs, places, gauges=GAUGE_MM):
    """Count the changes between land and water, and of track gauge, on one route.

    A change of gauge counts on a rail leg between countries of different gauge; bogies
    may be exchanged there instead of reloading. A wagon that rolls onto a rail ferry
    counts like a reloaded one, as the legs do not say which ferry is meant. A leg that
    mixes rail and sea has one change inside.

    Parameters
    ----------
    legs, places
        As in `stops`.
    gauges : mapping of country to int
        Track gauge, mm.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        As `stops`; or if a rail leg starts or ends in a country without a gauge.
    """
    stops(legs, places)  # checks the arguments
    country = places.set_index("place_id")["country"]
    count, afloat = 0, None  # afloat: whether the leg before ended on the water
    for leg in legs.itertuples():
        by_water = leg.mode in _ON_WATER
        count += afloat is not None and afloat != by_water
        count += leg.mode == "rail_and_sea"
        afloat = by_water or leg.mode == "rail_and_sea"
        if leg.mode == "rail":
            widths = [country[leg.from_place], country[leg.to_place]]
            for name in widths:
                if name not in gauges:
                    raise ValueError(
                        f"gauges: found none for {name}; allowed is one for each "
                        "country at the end of a rail leg"
                    )
            count += gauges[widths[0]] != gauges[widths[1]]
    return count
