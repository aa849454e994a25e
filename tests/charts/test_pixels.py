"""Pixels: texts stand where matplotlib puts them, and 256 colours are enough."""

import io

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from PIL import Image

from partnership import charts
from partnership.charts import house
from partnership.charts.pixels import Renderer, few_colours
from pictures import FORMS, canvas, finished

HOUSE = [getattr(house, name) for name in ("INK", "MUTED", "AXIS", "GRID", "EMPTY")]
HOUSE += [one for role in charts.ROLES.values() for one in (role.colour, role.text)]
HOUSE += [house.role_look(role, v).colour for role in charts.ROLES for v in (1, 2)]


def pixels(fig, make=Renderer):
    renderer = make(*fig.canvas.get_width_height(), fig.dpi)
    with charts.style():
        fig.draw(renderer)
    return np.asarray(renderer.buffer_rgba())


def rgb(picture):
    return np.asarray(picture.convert("RGB")).astype(int)


@pytest.mark.parametrize("name", FORMS)
def test_house_colours_and_areas_stay_and_edges_are_rounded(name):
    drawn = pixels(finished(name))
    kept, drawn = rgb(few_colours(drawn)), drawn[..., :3].astype(int)
    apart = np.abs(kept - drawn).max(axis=2)
    assert apart.max() <= 31
    packed = drawn @ (65536, 256, 1)
    colours, count = np.unique(packed, return_counts=True)
    exact = (mpl.colors.to_rgba_array(HOUSE)[:, :3] * 255 + 0.5).astype(int)
    exact = (exact @ (65536, 256, 1)).tolist()
    exact += colours[np.argsort(-count)[:50]].tolist()
    assert np.isin(exact, packed).sum() > 50
    assert apart[np.isin(packed, exact)].max() == 0


def test_colours_beyond_the_palette_take_the_nearest():
    ramp = np.linspace(0, 255, 40).astype(np.uint8)
    red, green = np.meshgrid(ramp, ramp)
    drawn = np.dstack([red, green, 0 * red, 0 * red + 255])
    picture = few_colours(np.ascontiguousarray(drawn))
    palette = np.array(picture.getpalette()).reshape(-1, 3)
    assert len(picture.getcolors()) <= 256
    apart = np.abs(drawn[..., None, :3].astype(int) - palette).astype(float)
    nearest = (apart**2).sum(axis=3).min(axis=2)
    assert nearest.max() > 0
    got = ((rgb(picture) - drawn[..., :3].astype(int)) ** 2).sum(axis=2)
    np.testing.assert_array_equal(got, nearest)


def test_a_white_picture_has_one_colour():
    white = np.full((4, 4, 4), 255, np.uint8)
    assert few_colours(white).convert("RGB").getcolors() == [(16, (255, 255, 255))]


@pytest.mark.parametrize("word", ["Agpy, 12", "“Ещё” 5 тыс. €", "two\nlines", "$x^2$"])
@pytest.mark.parametrize("turn", [0, 90])
def test_texts_stand_where_matplotlib_puts_them(word, turn):
    fig = charts.add_sources(canvas(), "a").figure
    fig.axes[0].set_axis_off()
    math = "^" in word
    fig.text(0.4, 0.5, word, fontsize=11, rotation=turn, parse_math=math)
    ours, theirs = (
        255 - pixels(fig, make)[..., 0].astype(int) for make in (Renderer, RendererAgg)
    )
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.01)
    for axis in (0, 1):
        ends = [np.flatnonzero(ink.any(axis=axis))[[0, -1]] for ink in (ours, theirs)]
        assert np.abs(ends[0] - ends[1]).max() <= 1


@pytest.mark.parametrize("name", ["line", "heatmap", "shares"])
def test_picture_has_the_same_bytes_every_time(name):
    first, second = (charts.png(finished(name)) for _ in range(2))
    assert first == second
    picture = Image.open(io.BytesIO(first))
    assert picture.width == round(house.WIDTH * house.DPI)
    assert set(picture.info) <= {"dpi"}
