"""Colours, sizes and letters of the house, and the widths of texts.

Widths and heights of texts are in pixels of the picture.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags

from partnership.checks import choice


class Role(NamedTuple):
    """How one actor looks: the same in every figure."""

    colour: str | tuple[float, float, float]
    text: str
    marker: str
    width: float


# Who is first and who is second, the package of data says. Chosen so that any two stay
# apart for protan, deutan and tritan eyes and in grey print (a test computes it);
# `text` is the twin that keeps 4.5:1 on white.
ROLES = {
    "first": Role("#15457f", "#15457f", "o", 2.2),
    "second": Role("#d06a00", "#a85500", "s", 2.2),
    "pair": Role("#006d5f", "#006d5f", "o", 2.2),
    "other": Role("#949494", "#666666", "v", 1.6),
}
INK, MUTED, AXIS, GRID, EMPTY = "#1a1a1a", "#595959", "#7a7a7a", "#e4e4e4", "#f5f5f5"
CLAIM = {"color": INK, "linewidth": 1.5, "dashes": (5, 3)}

# A second or third definition beside the first: same hue, other tint, marker, dash.
VARIANTS = ((0.0, ""), (0.3, "^"), (0.45, "s"))

WIDTH, DPI, SHOWN = 8.0, 144, 800  # inches, dots an inch, pixels in the notebook
MARGIN, LINE = 0.14, 1.32  # inches; line height in font sizes
ROOM = (WIDTH - 2 * MARGIN) * DPI  # between the margins, in pixels
LABEL, TICK = 10.0, 9.5  # points
FONT = "DejaVu Sans"  # ships with matplotlib: the same letters on every machine

_RC = {
    "font.family": [FONT],
    "font.size": LABEL,
    "text.parse_math": False,  # two dollar signs are money, not mathematics
    "text.color": INK,
    "text.hinting": "none",
    "axes.unicode_minus": True,
    "axes.edgecolor": AXIS,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "figure.dpi": DPI,
    "hatch.linewidth": 1.0,
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "agg.path.chunksize": 0,
}


# What the caller may have set for other pictures, and ours.
_SETTINGS = {k: v for k, v in dict.items(mpl.rcParamsDefault) if "backend" not in k}
_SETTINGS |= _RC


@contextmanager
def style() -> Iterator[None]:
    """Draw in the house style inside of this context.

    A block of `figure` is inside. Global settings are never changed, and what the
    caller set for other pictures does not change ours.
    """
    other = {k: v for k, v in _SETTINGS.items() if dict.get(mpl.rcParams, k) != v}
    with mpl.rc_context(other):
        yield


def number(value: float) -> str:
    """Write a number for a label: thousands by comma, no needless decimals."""
    value = float(f"{value:.12g}")
    size = abs(value)
    if value == int(value) or size >= 1000:
        text = f"{value:,.0f}"
    elif size >= 10:
        text = f"{value:,.1f}"
    else:
        text = f"{value:.2g}" if size < 1 else f"{value:.2f}".rstrip("0")
    return text.replace("-", "\u2212")


def contrast(one: Any, two: Any) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""

    def luminance(colour):
        rgb = np.asarray(to_rgb(colour))
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        return float(linear @ (0.2126, 0.7152, 0.0722))

    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def ink_on(colour: Any) -> str:
    """Black or white, whichever reads better on a colour."""
    return max(("black", "white"), key=lambda ink: contrast(ink, colour))


def tint(colour: Any, share: float) -> tuple[float, float, float]:
    """Mix a colour with a share of white."""
    return tuple(c + (1 - c) * share for c in to_rgb(colour))


def role_look(name: str, variant: int = 0) -> Role:
    """Look of a role; variants 1 and 2 tell definitions apart within it."""
    role = ROLES[choice(name, list(ROLES), "role")]
    share, marker = VARIANTS[choice(variant, range(len(VARIANTS)), "variant")]
    if not variant:
        return role
    marker = "o" if marker == role.marker else marker
    return Role(tint(role.colour, share), role.text, marker, role.width - 0.5)


def px(points: float) -> float:
    """Turn points into pixels."""
    return points * DPI / 72


@cache
def _advance(letter: str, weight: str) -> float:
    """Width of a letter in font sizes."""
    font = get_font(findfont(FontProperties(family=FONT, weight=weight)))
    font.set_size(100, 72)
    glyph = font.load_char(ord(letter), flags=LoadFlags.NO_HINTING)
    return glyph.linearHoriAdvance / 65536 / 100


@lru_cache(maxsize=4096)
def size_of(text: str, size: float, weight: str = "normal") -> tuple[float, float]:
    """Width and height of a text of one or several lines.

    Its letters are added up. Drawn it is narrower, as a rule by less than 1 percent,
    because some letters move together.
    """
    lines = text.split("\n")
    width = max(sum(_advance(letter, weight) for letter in line) for line in lines)
    return px(size) * width, px(size) * (1.2 * len(lines) - 0.2)


def wrap(text, width, size, weight="normal", balance=False) -> str:
    """Break a text into lines no wider than `width`; balanced lines where asked."""
    space = size_of(" ", size, weight)[0]

    def broken(limit):
        lines = []
        for paragraph in text.split("\n"):
            room = -1.0
            for word in paragraph.split(" "):
                need = size_of(word, size, weight)[0] + space
                if need > room:
                    lines.append(word)
                    room = limit + space
                else:
                    lines[-1] += f" {word}"
                room -= need
        return lines

    lines = broken(width)
    # A last line of a word or two looks lost: even the lines out.
    if balance and len(lines) > 1 and size_of(lines[-1], size)[0] < 0.4 * width:
        for share in np.arange(0.95, 0.5, -0.05):
            narrower = broken(width * share)
            if len(narrower) > len(lines):
                break
            lines = narrower
    return "\n".join(lines)
