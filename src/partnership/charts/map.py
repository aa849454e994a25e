"""A map of coasts and borders, with ways and places on it; it knows no country.

It uses one projection, written out below. An Axes that holds a map carries it as
``ax.projection``, and the borders drawn as ``ax.borders``. Places are pairs of latitude
and longitude in degrees.
"""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.transforms import ScaledTranslation

from partnership.charts.house import AXIS, INK, MARGIN, MUTED, WIDTH, role_look
from partnership.charts.page import page_of
from partnership.checks import choice, fault, need
from partnership.evidence import faults, files

_RADIUS_KM = 6371.0088  # mean radius of the Earth, IUGG


class Line(NamedTuple):
    """A piece of a way: points of shape (n, 2), and what is known of it."""

    points: np.ndarray
    stated: bool = True
    crosses: Iterable[str] = ()  # two countries, where it crosses their border by land


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
    first, second = map(float, parallels)
    if first == second or first * second <= 0 or max(abs(first), abs(second)) > 89:
        allowed = "two different ones on one side of the equator, up to 89 degrees"
        raise fault("parallels", f"{first:g} and {second:g}", allowed)
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


def _project(ax: Axes, points: Any) -> np.ndarray:
    """Points of shape (n, 2) in degrees as km on the map."""
    return np.column_stack(lambert(*np.asarray(points, dtype=float).T, *ax.projection))


_ABOUT = dict.fromkeys(("iso3", "name", "scale", "between"), str) | {"kind!": str}
_FEATURE = {"properties!": _ABOUT, "geometry!": {"coordinates!": list}}
_FILE = {"neighbours!": [str], "features!": [_FEATURE]}


def _degrees(points: Any, place: str) -> np.ndarray:
    """Points of shape (n, 2), longitude and latitude, as a file gives them."""
    try:
        found = np.array(points)
    except ValueError:  # rows of different lengths
        found = np.empty(0)
    pairs = found.ndim == 2 and found.shape[1] == 2 and found.dtype.kind in "if"
    if not pairs or not (abs(found) <= (180, 90)).all():
        allowed = "pairs of a longitude up to 180 and a latitude up to 90 degrees"
        raise faults.DataError(f"{place}: found {points!r:.60}; allowed: {allowed}")
    return found


def read(path: Any) -> dict[str, Any]:
    """Read coasts, borders and names of countries.

    Parameters
    ----------
    path : path-like
        A file such as ``map.geojson`` of a package.

    Returns
    -------
    dict
        ``lines``: list of (scale, between, array of latitude and longitude), between
        being empty for a coast and ``AAA-BBB`` for a border; ``names``: {iso3: (name,
        latitude, longitude)}; ``neighbours``: list of pairs of countries with a land
        border.

    Raises
    ------
    DataError
        If the file is none of this form; it names the feature.
    """
    path = Path(path)
    content = files.json_of(path.name, files.content(path))
    if wrong := faults.misshapen(content, _FILE, path.name):
        raise faults.DataError(wrong)
    lines, names = [], {}
    for number, feature in enumerate(content["features"], start=1):
        about, shape = feature["properties"], feature["geometry"]["coordinates"]
        place = f"{path.name}, feature {number}"
        label = about["kind"] == "label"
        for key in ("iso3", "name") if label else ("scale",):
            if not about.get(key):
                raise faults.DataError(f"{place}: found no {key}; allowed: text")
        if label:
            ((longitude, latitude),) = _degrees([shape], place).tolist()
            names[about["iso3"]] = (about["name"], latitude, longitude)
            continue
        for line in shape:
            points = _degrees(line, place)[:, ::-1]
            lines.append((about["scale"], about.get("between") or "", points))
    pairs = [tuple(pair.split("-")) for pair in content["neighbours"]]
    return {"lines": lines, "names": names, "neighbours": pairs}


def coasts(ax: Axes, base: Mapping[str, Any], view: Mapping[str, Any]) -> Axes:
    """Draw coasts, borders and names of countries; the first call on a map.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The only one of its figure, which gets the height that keeps both scales equal.
    base : mapping
        What `read` returns.
    view : mapping
        ``scale`` of the lines to draw, ``parallels`` and ``centre`` of the projection,
        ``x`` and ``y`` (extent in km from the centre), ``names`` of the countries.

    Returns
    -------
    matplotlib.axes.Axes
        Lines have gid ``coast`` and ``border``, names ``country``.
    """
    # The plot is as wide as the page, so this height keeps both scales equal.
    width = WIDTH - 2 * MARGIN - 2 / 72
    page_of(ax).height = width * float(np.ptp(view["y"]) / np.ptp(view["x"]))
    ax.projection, ax.borders = (view["parallels"], view["centre"]), []
    for scale, between, line in base["lines"]:
        if scale != view["scale"]:
            continue
        xy = _project(ax, line)
        look = {"color": AXIS, "linewidth": 0.7, "gid": "coast"}
        if between:
            ax.borders.append((set(between.split("-")), xy))
            look = {"color": "#bdbdbd", "linewidth": 1.0, "gid": "border"}
        ax.plot(*xy.T, zorder=1, **look)
    look = {"color": MUTED, "fontsize": 9.5, "fontstyle": "italic"}
    look |= {"ha": "center", "va": "center", "clip_on": True, "gid": "country"}
    for iso3 in view["names"]:
        name, *where = base["names"][iso3]
        ax.text(*_project(ax, [where])[0], name, **look)
    ax.set(xlim=view["x"], ylim=view["y"])
    ax.set_axis_off()
    return ax


def way(
    ax: Axes,
    lines: Iterable[Line],
    label: str = "",
    *,
    role: str = "pair",
    variant: int = 0,
    thin: bool = False,
    at: float = 0.5,
    offset: tuple[float, float] = (0, 8),
    shift: float = 0.0,
) -> Axes:
    """Draw one way: solid where its length is stated, dotted where it is not.

    A ring stands where a line meets the border that it crosses by land.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        After `coasts`.
    lines : iterable of Line
        The pieces of the way in their order.
    label : str
        Name written beside the way.
    role, variant
        As in `partnership.charts.line`.
    thin : bool
        A thin dark line, for a flight.
    at : float
        Where the label stands, as a share of the way, 0 to 1.
    offset : (float, float)
        Points by which the label is moved from there.
    shift : float
        Points by which the way is moved up, to part ways that run together.

    Returns
    -------
    matplotlib.axes.Axes
        Lines have gid ``stated`` and ``estimated``, rings ``crossing``.
    """
    look = role_look(role, variant)
    colour, ink = (INK, INK) if thin else (look.colour, look.text)
    moved = ax.transData + ScaledTranslation(0, shift / 72, ax.figure.dpi_scale_trans)
    stroke = {"color": colour, "linewidth": 1.1 if thin else 2.2, "zorder": 3}
    drawn = []
    for line in lines:
        drawn.append(_project(ax, line.points))
        dash = {"gid": "estimated", "linestyle": (0, (1, 1.6))}
        dash = {"gid": "stated", "linestyle": "solid"} if line.stated else dash
        ax.plot(*drawn[-1].T, transform=moved, **stroke, **dash)
        borders = [xy for pair, xy in ax.borders if pair == set(line.crosses)]
        found = [_meeting(drawn[-1], border) for border in borders]
        for xy in [point for point in found if point is not None][:1]:
            ring = {"markersize": 6, "markeredgewidth": 1.4}
            ring |= {"markerfacecolor": "white", "markeredgecolor": colour}
            ax.plot(*xy, "o", transform=moved, zorder=4, gid="crossing", **ring)
    if label:
        xy = np.vstack(drawn)
        _text(ax, xy[round(at * (len(xy) - 1))], label, offset, ink, "bold")
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


_STEPS = {"left": (-7, 0), "right": (7, 0), "above": (0, 9), "below": (0, -9)}


def places(ax: Axes, known: pd.DataFrame, sides: Mapping[str, str]) -> Axes:
    """Mark and name places.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        After `coasts`.
    known : pandas.DataFrame
        Columns ``place_id``, ``place``, ``latitude`` and ``longitude``, as the table
        ``places``.
    sides : mapping of place_id to str
        The places, and where the name stands: "left", "right", "above", "below", or
        two of them ("below left").

    Returns
    -------
    matplotlib.axes.Axes
    """
    known = need(known, ["place_id", "place", "latitude", "longitude"], "known")
    known = known.set_index("place_id")
    for name, side in sides.items():
        choice(name, list(known.index), "sides")
        (xy,) = _project(ax, [known.loc[name, ["latitude", "longitude"]]])
        ax.plot(*xy, "o", color=INK, markersize=4.5, zorder=5, gid="place")
        word = known.at[name, "place"].split(" (")[0]
        offset = np.sum([_STEPS[step] for step in side.split()], axis=0)
        _text(ax, xy, word, offset, INK)
    return ax


def _text(ax, xy, text, offset, colour, weight="normal"):
    across = {-1: "right", 0: "center", 1: "left"}[int(np.sign(offset[0]))]
    look = {"color": colour, "fontsize": 9.5, "fontweight": weight, "zorder": 6}
    look |= {"path_effects": [withStroke(linewidth=2.5, foreground="white")]}
    where = {"textcoords": "offset points", "ha": across, "va": "center"}
    ax.annotate(text, tuple(map(float, xy)), offset, **look, **where)
