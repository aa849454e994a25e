"""Coordinates against distances, countries and legs: a digit that slips is found."""

import pytest

from partnership.evidence import geography, plausible
from partnership.evidence.overview import Known
from partnership.evidence.package import default

# On the equator, one degree is 111.19 km of the mean radius.
DEGREE = 111.19493


def economy(code, longitude, **columns):
    row = {"iso3": code, "capital": f"{code} City", "capital_lat_deg": "0"}
    return row | {"capital_lon_deg": str(longitude), "area_km2": "314159"} | columns


def pairs(places, radius=1.0):
    return [
        {
            "exporter": one,
            "importer": other,
            "distance_capitals_km": f"{radius * DEGREE * abs(a - b):.0f}",
        }
        for one, a in places.items()
        for other, b in places.items()
        if one != other
    ]


def found(package, **tables):
    known = Known(package(**tables))
    return [str(known.problem(*one)) for one in geography.positions(known)]


CAPITALS = {"AAA": 10, "BBB": 20, "CCC": 35, "DDD": 50}


@pytest.mark.parametrize("radius", [1.0, 1.002])
def test_a_capital_lies_where_its_distances_have_it(package, radius):
    stated = {"pair_geography": pairs(CAPITALS, radius)}
    countries = [economy(*one) for one in CAPITALS.items()]
    assert found(package, countries=countries, **stated) == []
    moved = [*countries[:1], economy("BBB", "20.1"), *countries[2:]]
    assert found(package, countries=moved, **stated) == [
        "countries.csv, row 2 (line 3), column capital_lat_deg: found 0.0, 20.1, about "
        "11 km from where its distances have it; allowed: 1 km"
    ]


def place(name, longitude, country="AAA"):
    row = {"place_id": name, "country": country, "latitude": "0"}
    return row | {"longitude": str(longitude)}


def test_a_place_is_no_farther_away_than_its_country_is_wide(package):
    """The area is that of a circle of 316 km: three times that are 949."""
    places = [place("near", 18.5), place("far", 18.6)]
    assert found(package, countries=[economy("AAA", 10)], places=places) == [
        "places.csv, row 2 (line 3), column longitude: found 18.6, 956 km from AAA "
        "City; allowed: 949, as AAA is not wider"
    ]


@pytest.mark.parametrize(
    ("km", "said"),
    [
        ("", ""),
        ("1112", ""),
        ("3000", ""),
        ("1000", "found 1000 km, 1112 through the air; allowed: no less"),
        ("3400", "found 3400 km, 1112 through the air; allowed: no less"),
    ],
)
def test_a_leg_is_no_short_cut_and_no_great_detour(package, km, said):
    places = [place("here", 10), place("there", 20)]
    legs = [{"leg_id": "one", "from_place": "here", "to_place": "there"}]
    legs[0]["distance_km"] = km
    countries = [economy("AAA", 15)]
    messages = found(package, countries=countries, places=places, legs=legs)
    assert [said in one for one in messages] == ([True] if said else [])


def test_today_each_place_is_where_it_is_said_to_be():
    assert [*plausible.CHECKS["positions"](Known(default()))] == []
