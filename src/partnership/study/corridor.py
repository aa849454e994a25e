"""Ways between Minsk and Ashgabat, and how they are drawn."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from partnership.charts.map import (  # noqa: F401
    VIEWS,
    _meeting,
    _text,
    draw_map,
    draw_places,
    lambert,
    read_map,
)
from partnership.methods.routes import (  # noqa: F401
    BASES,
    GAUGE_MM,
    borders,
    geodesic_km,
    geodesic_line,
    in_hours,
    lengths,
    reloadings,
    routes,
    stops,
    windings,
)

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
