"""Places on the globe: what coordinates and distances say of each other.

Each check yields table, row, column and message; `plausible` turns them into faults.
"""

import numpy as np

EARTH_KM = 6371.0  # mean radius
_CAPITAL, _PLACE = ["capital_lat_deg", "capital_lon_deg"], ["latitude", "longitude"]


def positions(known):
    """Capitals lie as far apart as is stated, places are near, legs no short cuts."""
    if not known.has("countries"):
        return
    countries = known.data.load("countries").set_index("iso3")
    if known.has("pair_geography"):
        yield from _capitals(known, countries)
    if known.has("places"):
        yield from _places(known, countries)
    if known.has("places", "legs"):
        yield from _legs(known)


def _capitals(known, countries):
    """Capitals whose distances to the others are not those of their coordinates."""
    pairs = known.data.load("pair_geography")
    ends = [
        countries.reindex(pairs[end])[_CAPITAL].to_numpy()
        for end in ("exporter", "importer")
    ]
    stated = pairs["distance_capitals_km"].astype(float)
    computed = _distance_km(*ends)
    # Whoever measured took another radius of the globe.
    computed *= (stated / computed).median()
    off = (stated - computed).abs().groupby(pairs["exporter"]).median()
    for code, km in off[off > 1].items():
        at = countries.index.get_loc(code)
        place = ", ".join(map(str, countries.loc[code, _CAPITAL]))
        message = f"found {place}, about {km:.0f} km from where its distances have it"
        yield "countries", at, "capital_lat_deg", f"{message}; allowed: 1 km"


def _places(known, countries):
    """Places farther from the capital of their country than the country is wide."""
    places = known.data.load("places")
    home = countries.reindex(places["country"])
    km = _distance_km(places[_PLACE].to_numpy(), home[_CAPITAL].to_numpy())
    most = 3 * np.sqrt(home["area_km2"].to_numpy(float) / np.pi)
    for at in np.flatnonzero(km > most):
        message = f"found {places.at[at, 'longitude']}, {km[at]:.0f} km from "
        message += f"{home['capital'].iloc[at]}; allowed: {most[at]:.0f}, as "
        yield "places", int(at), "longitude", f"{message}{home.index[at]} is not wider"


def _legs(known):
    """Legs that are shorter than the way through the air, or three times as long."""
    places = known.data.load("places").set_index("place_id")
    legs = known.data.load("legs")
    ends = [
        places.reindex(legs[end])[_PLACE].to_numpy()
        for end in ("from_place", "to_place")
    ]
    air, stated = _distance_km(*ends), legs["distance_km"].to_numpy(float)
    for at in np.flatnonzero((stated < 0.99 * air) | (stated > 3 * air)):
        message = f"found {stated[at]:g} km, {air[at]:.0f} through the air; allowed: "
        yield "legs", int(at), "distance_km", f"{message}no less, and no 3 times as far"


def _distance_km(one, other):
    """Kilometres along great circles, of latitudes and longitudes in degrees.

    By the haversine formula: Sinnott, R. W. (1984). Virtues of the haversine. Sky and
    Telescope 68(2), 159.
    """
    one, other = np.radians(one), np.radians(other)
    half = np.sin((other - one) / 2) ** 2
    chord = half[:, 0] + np.cos(one[:, 0]) * np.cos(other[:, 0]) * half[:, 1]
    return 2 * EARTH_KM * np.arcsin(np.sqrt(chord))
