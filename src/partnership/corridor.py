"""Distances, routes and a map of the corridor.

A *leg* joins two places by one mode of transport; a *route* is its legs in order. The
length of a leg is **stated** (a source gives it), **estimated** (the geodesic between
its ends, which no way on the ground can beat) or **unknown** (an end has no
coordinates). The three are counted apart and never added up. What compares routes is
the chain: the geodesics from place to place, a floor under the length of the route.

Geodesics come from geographiclib, which is pure Python and small; pyproj gives the same
numbers but brings a compiled library and a data base of projections that nothing here
needs. The map uses one projection, written out below.
"""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path

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
_RADIUS_KM = 6371.0088  # mean radius of the Earth, IUGG


# --------------------------------------------------------------------------
# Lengths
# --------------------------------------------------------------------------


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


# --------------------------------------------------------------------------
# Borders and reloadings
# --------------------------------------------------------------------------


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


# --------------------------------------------------------------------------
# The map
# --------------------------------------------------------------------------


def lambert(latitude, longitude, parallels, centre):
    r"""Lambert conformal conic projection of the sphere.

    It keeps angles and shapes and suits a region wider than high. Scale is true on the
    two standard parallels.

    .. math::

        n = \frac{\ln(\cos\varphi_1 / \cos\varphi_2)}
                 {\ln(t_1 / t_2)}, \quad
        t(\varphi) = \tan(\pi/4 - \varphi/2), \quad
        \rho = R\,\frac{\cos\varphi_1}{n} \left(\frac{t}{t_1}\right)^{n}

    Parameters
    ----------
    latitude, longitude : array_like
        Degrees; latitudes above -90 and up to 90.
    parallels : (float, float)
        Standard parallels, degrees, different and on one side of the equator.
    centre : (float, float)
        Latitude and longitude of the origin, degrees.

    Returns
    -------
    (numpy.ndarray, numpy.ndarray)
        x to the east and y to the north of the origin, km.

    Raises
    ------
    ValueError
        If the standard parallels are equal or lie on both sides of the equator.

    References
    ----------
    Snyder, J. P. (1987). *Map Projections: A Working Manual*. US Geological Survey
    Professional Paper 1395, equations 15-1 to 15-5.
    """
    first, second = (_degrees(value, "parallels", 89) for value in parallels)
    if first == second or first * second <= 0:
        raise ValueError(
            f"parallels: found {first:g} and {second:g}; allowed are two different "
            "ones on one side of the equator"
        )
    one, two, origin = np.radians([first, second, centre[0]])

    def t(phi):
        return np.tan(np.pi / 4 - phi / 2)

    n = math.log(math.cos(one) / math.cos(two)) / math.log(t(one) / t(two))

    def rho(phi):
        return _RADIUS_KM * math.cos(one) / n * (t(phi) / t(one)) ** n

    turn = np.asarray(longitude, dtype=float) - centre[1]
    theta = n * np.radians((turn + 180) % 360 - 180)
    radius = rho(np.radians(np.asarray(latitude, dtype=float)))
    return radius * np.sin(theta), rho(origin) - radius * np.cos(theta)


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
    """Read coasts, borders and names of countries.

    Parameters
    ----------
    path : path-like, optional
        By default ``map.geojson`` of the project's data.

    Returns
    -------
    dict
        ``lines``: list of (scale, between, array of latitude and longitude), between
        being empty for a coast and ``KAZ-TKM`` for a border; ``names``: {iso3: (name,
        latitude, longitude)}; ``neighbours``: list of pairs of countries with a land
        border.
    """
    if path is None:
        from partnership.data import default

        path = default().path / "map.geojson"
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    lines, names = [], {}
    for feature in content["features"]:
        about, shape = feature["properties"], feature["geometry"]["coordinates"]
        if about["kind"] == "label":
            names[about["iso3"]] = (about["name"], shape[1], shape[0])
            continue
        for line in shape:
            between = about.get("between", "")
            lines.append((about["scale"], between, np.array(line)[:, ::-1]))
    pairs = [tuple(pair.split("-")) for pair in content["neighbours"]]
    return {"lines": lines, "names": names, "neighbours": pairs}


def draw_map(title, subtitle, base, view="region"):
    """Make a figure with coasts, borders and names of countries.

    Parameters
    ----------
    title, subtitle : str
        As in ``charts.canvas``.
    base : dict
        What `read_map` returns.
    view : {"region", "east"}
        Key of `VIEWS`.

    Returns
    -------
    matplotlib.axes.Axes
        Lines have gid ``coast`` and ``border``, names ``country``.

    Raises
    ------
    ValueError
        If the view is unknown.
    """
    from partnership import charts

    if view not in VIEWS:
        raise ValueError(f"view: found {view!r}; allowed are {', '.join(VIEWS)}")
    about = VIEWS[view]
    # The plot is as wide as the page, so this height keeps both scales equal.
    width = charts.WIDTH - 2 * charts.MARGIN - 2 / 72
    height = width * float(np.ptp(about["y"]) / np.ptp(about["x"]))
    ax = charts.canvas(title, subtitle, height=height)
    ax.projection = about["parallels"], about["centre"]
    ax.borders = [
        (set(between.split("-")), np.column_stack(lambert(*line.T, *ax.projection)))
        for scale, between, line in base["lines"]
        if scale == about["scale"] and between
    ]
    for scale, between, line in base["lines"]:
        if scale == about["scale"]:
            x, y = lambert(*line.T, *ax.projection)
            look = {"color": charts.AXIS, "linewidth": 0.7, "gid": "coast"}
            if between:
                look = {"color": "#bdbdbd", "linewidth": 1.0, "gid": "border"}
            ax.plot(x, y, zorder=1, **look)
    for iso3 in about["names"]:
        name, lat, lon = base["names"][iso3]
        x, y = lambert(lat, lon, *ax.projection)
        ax.text(
            x,
            y,
            name,
            color=charts.MUTED,
            fontsize=9.5,
            ha="center",
            va="center",
            fontstyle="italic",
            gid="country",
            clip_on=True,
        )
    ax.set(xticks=[], yticks=[], xlim=about["x"], ylim=about["y"])
    ax.spines[:].set_visible(False)
    return ax


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


def draw_ways(ax, legs, places, via=None, looks=LOOKS, named=NAMED):
    """Draw several routes and name their places.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Made by `draw_map`.
    legs, places, via
        As in `stops`.
    looks : mapping of route to arguments of `draw_way`
        The routes to draw, the lowest first.
    named : mapping of place_id to str
        As in `draw_places`.

    Returns
    -------
    matplotlib.axes.Axes
    """
    from partnership import charts

    for route, look in looks.items():
        draw_way(ax, legs[legs["route"] == route], places, via, **look)
    charts.add_sources(ax, legs["source_id"])
    return draw_places(ax, places, named)


def draw_way(
    ax,
    legs,
    places,
    via=None,
    *,
    role="pair",
    variant=0,
    thin=False,
    label="",
    at=0.5,
    offset=(0, 8),
    shift=0.0,
):
    """Draw one route: solid where the length is stated, dotted where it is not.

    The lines are geodesics between the known places, not the way on the ground. A ring
    stands where such a line meets the border that the leg crosses by land.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        After `draw_map`.
    legs, places, via
        As in `stops`; the legs of one route in their order.
    role, variant
        As in ``charts.line_with_spread``.
    thin : bool
        A thin dark line, for the flight.
    label : str
        Name written beside the line.
    at : float
        Where the label stands, as a share of the way, 0 to 1.
    offset : (float, float)
        Points by which the label is moved from there.
    shift : float
        Points by which the line is moved up, to part lines that run together.

    Returns
    -------
    matplotlib.axes.Axes
        Lines have gid ``stated`` and ``estimated``, rings ``crossing``.
    """
    from matplotlib.transforms import ScaledTranslation

    from partnership import charts

    look = charts.role_look(role, variant)
    colour, ink = (charts.INK, charts.INK) if thin else (look.colour, look.text)
    moved = ax.transData + ScaledTranslation(0, shift / 72, ax.figure.dpi_scale_trans)
    drawn = []
    for points, countries, basis, land in _stretches(legs, places, via):
        line = np.vstack([geodesic_line(a, b) for a, b in pairwise(points)])
        xy = np.column_stack(lambert(*line.T, *ax.projection))
        drawn.append(xy)
        dash = "solid" if basis == "stated" else (0, (1, 1.6))
        ax.plot(
            *xy.T,
            color=colour,
            linewidth=1.1 if thin else 2.2,
            linestyle=dash,
            zorder=3,
            transform=moved,
            gid=basis,
        )
        if land and countries[0] != countries[1]:
            where = [
                _meeting(xy, line)
                for pair, line in ax.borders
                if pair == set(countries)
            ]
            for x, y in [point for point in where if point is not None][:1]:
                ax.plot(
                    x,
                    y,
                    "o",
                    markersize=6,
                    markerfacecolor="white",
                    markeredgecolor=colour,
                    markeredgewidth=1.4,
                    zorder=4,
                    transform=moved,
                    gid="crossing",
                )
    if label:
        xy = np.vstack(drawn)
        x, y = xy[round(at * (len(xy) - 1))]
        _text(ax, x, y, label, offset, ink, "bold")
    return ax


def _stretches(legs, places, via):
    """Legs as pieces between places with coordinates, stated if every leg is."""
    measured, at = lengths(legs, places, via), stops(legs, places, via)
    points, bases, countries, land = [], [], [], True
    for number, leg in enumerate(measured.itertuples()):
        way = at[at["leg"] == number]
        known = way.dropna(subset=["latitude"])
        bases.append(leg.basis)
        land = land and leg.mode not in ("air", "rail_and_sea")
        countries += way["country"].tolist()
        new = list(zip(known["latitude"], known["longitude"], strict=True))
        points += [point for point in new if point not in points[-1:]]
        if len(points) > 1 and pd.notna(way["latitude"].iloc[-1]):
            basis = "stated" if set(bases) == {"stated"} else "estimated"
            yield points, (countries[0], countries[-1]), basis, land
            points, bases, countries, land = points[-1:], [], [], True


def _meeting(line, other):
    """First point at which one line of shape (n, 2) meets another, or None."""
    start, step = line[:-1, None], np.diff(line, axis=0)[:, None]
    begin, stride = other[None, :-1], np.diff(other, axis=0)[None]

    def cross(a, b):
        return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]

    area = cross(step, stride)
    with np.errstate(divide="ignore", invalid="ignore"):
        along = cross(begin - start, stride) / area
        across = cross(begin - start, step) / area
    hits = (along >= 0) & (along <= 1) & (across >= 0) & (across <= 1)
    if not hits.any():
        return None
    i, j = np.argwhere(hits)[0]
    return line[i] + along[i, j] * step[i, 0]


def draw_places(ax, places, sides):
    """Mark and name places.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        After `draw_map`.
    places : pandas.DataFrame
        The table ``places``.
    sides : mapping of place_id to str
        The places, and where the name stands: "left", "right", "above", "below", or
        two of them ("below left").

    Returns
    -------
    matplotlib.axes.Axes
    """
    from partnership import charts

    steps = {"left": (-7, 0), "right": (7, 0), "above": (0, 9), "below": (0, -9)}
    known = places.set_index("place_id")
    for name, side in sides.items():
        x, y = lambert(*known.loc[name, ["latitude", "longitude"]], *ax.projection)
        ax.plot(x, y, "o", color=charts.INK, markersize=4.5, zorder=5, gid="place")
        word = known.at[name, "place"].split(" (")[0]
        offset = np.sum([steps[step] for step in side.split()], axis=0)
        _text(ax, x, y, word, offset, charts.INK)
    return ax


def _text(ax, x, y, text, offset, colour, weight="normal"):
    from matplotlib.patheffects import withStroke

    across = {-1: "right", 0: "center", 1: "left"}[int(np.sign(offset[0]))]
    ax.annotate(
        text,
        (float(x), float(y)),
        xytext=offset,
        textcoords="offset points",
        color=colour,
        fontsize=9.5,
        fontweight=weight,
        ha=across,
        va="center",
        zorder=6,
        path_effects=[withStroke(linewidth=2.5, foreground="white")],
    )
