"""The end of a figure: checks, the picture, and what it shows in words."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox
from PIL import Image

from partnership.charts.house import DPI, SHOWN, _px, style
from partnership.charts.labels import _ink
from partnership.charts.layout import _layout
from partnership.charts.page import _figure, add_sources, grid


def _check(title: str, subtitle: str, alt: str) -> None:
    alt = (alt or "").strip()
    if not title.strip():
        raise ValueError("the figure has no title: say the finding in words")
    if not subtitle.strip():
        raise ValueError("the figure has no subtitle: name measure, unit and years")
    if alt.casefold().rstrip(".") == title.strip().casefold().rstrip("."):
        raise ValueError("the alt text repeats the title: say what the picture shows")
    if len(alt) < 40 or " " not in alt or alt[-1] not in ".!?":
        raise ValueError(
            f"the alt text {alt!r} is no sentence: say what the picture shows in 40 "
            "characters or more, and end with a full stop"
        )


def finish(thing: Axes | Figure | Sequence[Axes], alt: str) -> Figure:
    """Lay a figure out: line breaks, labels, ticks, footer; and store its alt text.

    Parameters
    ----------
    thing : Axes, Figure or list of Axes
    alt : str
        What the picture shows, as a sentence of 40 characters or more.

    Returns
    -------
    matplotlib.figure.Figure
        With the attribute `alt`.

    Raises
    ------
    ValueError
        Without title, subtitle, alt text or source, or if the alt text repeats the
        title.
    """
    fig = _figure(thing)
    _check(fig._house.title, fig._house.subtitle, alt)
    if not fig._house.sources:
        raise ValueError("the figure names no source: use add_sources(ax, ids)")
    fig.alt = alt.strip()
    _layout(fig)
    return fig


def png(fig: Figure) -> bytes:
    """Picture of a finished figure; the same bytes in every run.

    256 colours suffice: areas and strokes keep theirs exactly, only the smoothed edges
    are rounded, and notebooks weigh a third.
    """
    with style():
        fig.canvas.draw()
    picture = Image.fromarray(np.asarray(fig.canvas.buffer_rgba())).convert("RGB")
    target = io.BytesIO()
    palette = picture.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette.save(target, "png", dpi=(DPI, DPI))
    return target.getvalue()


def show(thing: Axes | Figure | Sequence[Axes], alt: str) -> None:
    """Finish a figure and display it in the notebook.

    One output: the picture, with its alt text in the metadata (``alt``, ``title``,
    ``sources``, ``width`` in pixels), and as plain text the alt text and what is drawn
    (see `drawn`), so that a comparison of outputs as text sees other data or labels.

    Parameters
    ----------
    thing, alt
        As in `finish`.
    """
    from IPython.display import display

    fig = finish(thing, alt)
    about = {
        "alt": fig.alt,
        "title": fig._house.title,
        "sources": list(fig._house.sources),
        "width": SHOWN,
    }
    picture = base64.b64encode(png(fig)).decode("ascii")
    display(
        {"image/png": picture, "text/plain": "\n".join([fig.alt, *drawn(fig)])},
        metadata={"image/png": about},
        raw=True,
    )


@contextmanager
def figure(
    title: str,
    subtitle: str,
    *,
    alt: str,
    panels: Iterable[str] | Mapping[str, str] | None = None,
    shape: tuple[int, int] | None = None,
    height: float | None = None,
    same_scale: bool | str | Collection[str] = False,
    sources: Any = (),
) -> Iterator[Any]:
    """Open a figure, let the block draw, then finish and show it.

    Nothing is shown where the block raises.

    Parameters
    ----------
    title : str
        The finding in words. It wraps by itself.
    subtitle : str
        Measure, unit and years.
    alt : str
        What the picture shows, as a sentence of 40 characters or more.
    panels : iterable of str, or mapping of str to str, optional
        Names of several panels, row by row; of a mapping the values follow the names
        in lighter type (unit, years).
    shape : (int, int), optional
        Rows and columns of the panels; by default up to three columns.
    height : float, optional
        Height of one plot in inches, title and footer not counted. By default 3.1, 1.45
        where panels stand in several rows, or what the rows of the form need.
    same_scale : bool, "x", "y" or names of panels
        Whether panels of one kind share both limits, or those of one axis, or which
        panels share both.
    sources : str, pandas.DataFrame or iterable of them
        Sources that no form notes by itself, as for `add_sources`.

    Yields
    ------
    matplotlib.axes.Axes, or dict of str to Axes
        The mapping where there are panels.

    Raises
    ------
    ValueError
        Without title, subtitle, alt text or source; if the alt text repeats the title,
        is no sentence, or a panel's name stands twice.
    """
    _check(title, subtitle, alt)
    names = list(panels or [""])
    if len(set(names)) < len(names):
        raise ValueError(f"panels: found {names}; allowed are names that differ")
    axes = grid(title, subtitle, shape or len(names), height=height)
    house = _figure(axes)._house
    for name, ax in zip(names, axes, strict=True):
        note = panels[name] if isinstance(panels, Mapping) else ""
        house.panels[ax].title = (name, note)
    house.same_scale = same_scale
    used = [sources] if isinstance(sources, str | pd.DataFrame) else sources
    add_sources(axes[0], *used)
    named = dict(zip(names, axes, strict=True))
    yield named if panels else axes[0]
    show(named, alt)


def panels(axes: Mapping[str, Axes], parts: Any, form: Callable, **options: Any):
    """Draw one form in each panel that has a part.

    Parameters
    ----------
    axes : mapping of str to matplotlib.axes.Axes
        What `figure` gives for its panels.
    parts : mapping of str to pandas.DataFrame, or pandas.DataFrame
        By name of the panel; a frame of ``each=`` has the names as its second level.
    form : callable
        `line`, `points` and the like, or a function of an Axes and a frame.
    **options
        Passed on to the form.

    Returns
    -------
    mapping of str to matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If a part has no panel.
    """
    if isinstance(parts, pd.DataFrame):
        names = parts.index.get_level_values(1).unique()
        parts = {name: parts.xs(name, level=1) for name in names}
    lost = [str(name) for name in parts if name not in axes]
    if lost:
        raise ValueError(
            f"panels: found {', '.join(lost)}; allowed is {', '.join(axes)}"
        )
    for name, part in parts.items():
        form(axes[name], part, **options)
    return axes


def drawn(thing: Axes | Figure | Sequence[Axes]) -> list[str]:
    """Say in words and numbers what a figure shows.

    Parameters
    ----------
    thing : Axes, list of Axes or Figure
        A figure of `canvas` or `grid`.

    Returns
    -------
    list of str
        The title and the subtitle; then for each panel its labels with the point that
        each belongs to, and for each kind of mark how many there are and the sum of
        their places and values.
    """
    fig = _figure(thing)
    lines = [fig._house.title, fig._house.subtitle]
    for ax, panel in fig._house.panels.items():
        if panel.title[0]:
            lines.append("panel: " + " ".join(filter(None, panel.title)))
        for label in panel.labels:
            at = ", ".join(f"({x:.5g}, {y:.5g})" for x, y in label.points[:1])
            lines.append(f"{label.kind}: {label.text} {at}".rstrip())
        lines += [f"event: {text} ({when:.5g})" for when, text in panel.events]
        lines += [f"claim: {text} ({value:.5g})" for value, text in panel.claims]
        for kind, points in _data_of(ax).items():
            x, y = np.nansum(np.array(points), axis=0)
            lines.append(f"{kind}: {len(points)}, sums {x:.5g} and {y:.5g}")
    return lines


def _data_of(ax: Axes) -> dict[str, list[tuple[float, float]]]:
    """Points of all marks of an Axes by their kind (gid)."""
    found: dict[str, list[tuple[float, float]]] = {}
    for line in ax.lines:
        if line.get_gid() not in (None, "claim", "event", "cap", "zero"):
            points = np.column_stack(line.get_data(orig=False)).astype(float)
            found.setdefault(str(line.get_gid()), []).extend(map(tuple, points))
    for container in ax.containers:
        bars = [(bar.get_width(), bar.get_height()) for bar in container.patches]
        found.setdefault("bars", []).extend(bars)
    for one in ax.collections:
        cells = one.get_array()
        if cells is not None:
            values = np.ma.filled(np.ma.asarray(cells, float).ravel(), np.nan)
            found.setdefault("cells", []).extend((0.0, v) for v in values)
        elif one.get_gid():
            points = [tuple(p) for path in one.get_paths() for p in path.vertices]
            found.setdefault(str(one.get_gid()), []).extend(points)
    return found


def layout_problems(thing: Axes | Figure | Sequence[Axes]) -> list[str]:
    """List texts that are cut by the edge, overlap each other or lie on a line.

    Parameters
    ----------
    thing : Axes, Figure or list of Axes
        Finished.

    Returns
    -------
    list of str
        Empty where all is well.
    """
    fig = _figure(thing)
    with style():
        fig.draw_without_rendering()
    renderer = fig.canvas.get_renderer()
    boxes: list[tuple[str, Bbox, Text]] = []
    hidden = _ticks_out_of_view(fig)
    for text in fig.findobj(Text):
        if not text.get_visible() or not text.get_text().strip() or text in hidden:
            continue
        if isinstance(text, Annotation):
            text.update_positions(renderer)
        box = Text.get_window_extent(text, renderer)
        clip = text.get_clip_box() if text.get_clip_on() else None
        if clip is None or box.overlaps(clip):
            boxes.append((text.get_text(), box, text))
    page, problems = fig.bbox, []
    for name, box, _ in boxes:
        sides = (page.x0 - box.x0, box.x1 - page.x1, page.y0 - box.y0, box.y1 - page.y1)
        if max(sides) > 0.5:
            problems.append(f"cut: {name!r} by {max(sides):.0f} pixels")
    for index, (name, box, _) in enumerate(boxes):
        for other, next_box, _ in boxes[index + 1 :]:
            across = min(box.x1, next_box.x1) - max(box.x0, next_box.x0)
            down = min(box.y1, next_box.y1) - max(box.y0, next_box.y0)
            if across > 1 and down > 1:
                problems.append(f"overlap: {name!r} and {other!r}")
    for ax, panel in fig._house.panels.items():
        if panel.kind != "a time chart":
            continue
        ink = _ink(ax)
        for name, box, text in boxes:
            if text.axes is ax and text.get_gid() in ("label", "claim-label"):
                core = box.padded(-_px(1.5))
                if any(core.contains(*point) for point in ink):
                    problems.append(f"covered: {name!r} lies on a line or a mark")
    return problems


def _ticks_out_of_view(fig: Figure) -> set[Text]:
    """Labels that matplotlib keeps in store but does not draw."""
    hidden = set()
    for ax in fig.axes:
        for axis, span in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
            low, high = sorted(span)
            room = 1e-9 * (high - low)
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if not low - room <= tick.get_loc() <= high + room:
                    hidden |= {tick.label1, tick.label2}
            hidden |= {axis.offsetText}
    return hidden
