"""Colours and letters: roles stay apart for all eyes, settings do not leak."""

import itertools

import matplotlib as mpl
import matplotlib.colors
import numpy as np
import pytest
from matplotlib.font_manager import FontProperties

from partnership import charts
from partnership.charts import house
from partnership.charts.house import size_of, wrap
from partnership.charts.pixels import Renderer
from pictures import ALT, canvas, full_line

ORDINARY = "Tractors, trucks and road machines stand in the lists until 2017; food"
KERNED = "AVAVAV TOTOTO WAWAWA LYLYLY AVAVAV TOTOTO WAWAWA"
NARROW = "iiiiiiii llllllll ........ '''''''' jjjjjjjj"
RUSSIAN = "Ещё раз — 5 тыс. € ½ ≥ 9000 «слово»"

# Severity 1.0 of Machado, Oliveira and Fernandes (2009), in linear RGB.
CVD = {
    "normal": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def lab(colour, matrix):
    rgb = np.array(mpl.colors.to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.asarray(matrix) @ linear, 0, 1)
    to_xyz = [
        [0.4124, 0.3576, 0.1805],
        [0.2126, 0.7152, 0.0722],
        [0.0193, 0.1192, 0.9505],
    ]
    xyz = np.asarray(to_xyz) @ seen / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("eyes", CVD)
def test_roles_stay_apart_for_all_eyes(eyes):
    colours = {name: role.colour for name, role in charts.ROLES.items()}
    colours["claim"] = charts.CLAIM["color"]
    for (name, a), (other, b) in itertools.combinations(colours.items(), 2):
        apart = np.linalg.norm(lab(a, CVD[eyes]) - lab(b, CVD[eyes]))
        assert apart > 12, f"{name} and {other}: {apart:.0f} for {eyes} eyes"


def test_roles_differ_in_grey_print_or_in_their_marker():
    for (_, a), (_, b) in itertools.combinations(charts.ROLES.items(), 2):
        lighter = abs(lab(a.colour, np.eye(3))[0] - lab(b.colour, np.eye(3))[0])
        assert lighter > 8 or a.marker != b.marker
    for role in charts.ROLES.values():
        assert charts.contrast(role.text, "white") >= 4.5
        assert charts.contrast(role.colour, "white") >= 3
        markers = {house.role_look("first", variant).marker for variant in range(3)}
        assert len(markers) == 3


def test_style_does_not_leak():
    before = dict(mpl.rcParams)
    charts.png(charts.finish(full_line(canvas()), ALT))
    assert dict(mpl.rcParams) == before
    with charts.style(), charts.style():
        assert mpl.rcParams["text.parse_math"] is False
    assert dict(mpl.rcParams) == before
    with pytest.raises(KeyError), charts.style():
        raise KeyError
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("weight", ["normal", "bold"])
@pytest.mark.parametrize("text", [ORDINARY, KERNED, NARROW, RUSSIAN])
def test_lines_are_broken_as_if_every_one_were_measured(text, weight):
    for width in range(60, 900, 37):
        lines, line = [], ""
        for word in text.split(" "):
            longer = f"{line} {word}" if line else word
            if line and size_of(longer, 10, weight)[0] > width:
                lines.append(line)
                line = word
            else:
                line = longer
        assert wrap(text, width, 10, weight).split("\n") == [*lines, line]


@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_texts_are_drawn_no_wider_than_they_are_taken_for(weight):
    font = FontProperties(family="DejaVu Sans", size=10, weight=weight)
    measure = Renderer(9, 9, house.DPI).get_text_width_height_descent
    for text in (ORDINARY, KERNED, NARROW, RUSSIAN):
        drawn, taken = measure(text, font, False)[0], size_of(text, 10, weight)[0]
        assert drawn - 1 <= taken <= drawn * (1.2 if text == KERNED else 1.02)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((14000, "14,000"), (1234.5, "1,234"), (90.7, "90.7"), (-46.1, "\u221246.1")),
        *(
            (3.0, "3"),
            (2.5, "2.5"),
            (2.25, "2.25"),
            (0.123, "0.12"),
            (0.1 + 0.2, "0.3"),
        ),
    ],
)
def test_numbers_have_thousands_and_no_needless_decimals(value, text):
    assert house.number(value) == text
