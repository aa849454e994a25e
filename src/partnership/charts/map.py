"""A map of coasts and borders, and places on it.

It uses one projection, written out below.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np

from partnership.methods.routes import _degrees

_RADIUS_KM = 6371.0088  # mean radius of the Earth, IUGG


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
        from partnership.evidence.package import default

        path = default().inside("map.geojson")
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
