"""From a laid out figure to pixels, and to the few colours of a small file."""

from functools import lru_cache
from itertools import chain

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba_array
from matplotlib.font_manager import findfont, get_font
from matplotlib.ft2font import LoadFlags
from PIL import Image

from partnership.charts.house import AXIS, EMPTY, GRID, INK, MUTED, ROLES, role_look

_WHITE, _EXACT = 0xFFFFFF, 64
_LOOKS = [role_look(name, variant) for name in ROLES for variant in range(3)]
_HOUSE = [INK, MUTED, AXIS, GRID, EMPTY, *chain(*(look[:2] for look in _LOOKS))]
_HOUSE = (to_rgba_array(_HOUSE)[:, :3] * 255 + 0.5).astype(int) @ (1, 256, 65536)


class Renderer(RendererAgg):
    """Draws a text as one piece and keeps it: measured and drawn, it is made once."""

    def get_text_width_height_descent(self, s, prop, ismath):  # noqa: D102
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)
        return _text(s, findfont(prop), prop.get_size_in_points(), self.dpi)[0]

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):  # noqa: D102
        if ismath or angle:
            return super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
        text = _text(s, findfont(prop), prop.get_size_in_points(), self.dpi)
        (*_, descent), (left, low), piece = text
        x, y = round(x + left), round(y + low + descent) + 1
        self._renderer.draw_text_image(piece, x, y, 0, gc)


@lru_cache(maxsize=1024)
def _text(text: str, path: str, size: float, dpi: float) -> tuple:
    """Width, height and descent of a line, the offset of its pixels, and these."""
    font = get_font(path)
    font.clear()
    font.set_size(size, dpi)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    font.draw_glyphs_to_bitmap(antialiased=True)
    extent = *font.get_width_height(), font.get_descent()
    pixels, offset = np.array(font.get_image()), font.get_bitmap_offset()
    return tuple(v / 64 for v in extent), tuple(v / 64 for v in offset), pixels


def few_colours(pixels: np.ndarray) -> Image.Image:
    """Picture in 256 colours: areas and strokes keep theirs, edges are rounded.

    Those of the house and the most frequent ones stay as they are, and so does the most
    frequent of each of 32 x 32 x 32 cells; all others take the nearest of these.
    """
    flat = pixels.view("<u4").ravel() & _WHITE  # bytes: red, green, blue, alpha
    ink = np.flatnonzero(flat != _WHITE)
    used, counts = np.unique(flat[ink], return_counts=True)
    counts[np.isin(used, _HOUSE)] = flat.size
    used = np.append(_WHITE, used[np.argsort(-counts, kind="stable")]).astype("<u4")
    colours = used.view(np.uint8).reshape(-1, 4)[:, :3].astype(np.float32)
    _, first = np.unique(colours // 8 @ (1, 32, 1024), return_index=True)
    kept = [*dict.fromkeys([*range(min(_EXACT, len(used))), *np.sort(first)])]
    kept = colours[kept[:256]]
    apart = (kept**2).sum(axis=1) - 2 * colours @ kept.T  # but for its own square
    entry = np.zeros(_WHITE + 1, dtype=np.uint8)
    entry[used] = apart.argmin(axis=1)
    index = np.zeros(flat.shape, dtype=np.uint8)
    index[ink] = entry[flat[ink]]
    picture = Image.fromarray(index.reshape(pixels.shape[:2]))
    picture.putpalette(kept.astype(int).ravel().tolist())
    return picture
