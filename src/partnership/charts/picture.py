"""A figure from its first line to its last: opened, drawn, checked, shown."""

import base64
import io
import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from partnership.charts import values
from partnership.charts.house import DPI, SHOWN, style
from partnership.charts.layout import lay_out
from partnership.charts.page import add_sources, opened, page_of
from partnership.charts.pixels import Renderer, few_colours
from partnership.checks import choice, fault


def _checked(title: str, subtitle: str, alt: str) -> str:
    """Return the alt text of a figure whose three texts are as they must be."""
    alt = (alt or "").strip()
    if not title.strip():
        raise fault("title", "no title", "the finding in words")
    if not subtitle.strip():
        raise fault("subtitle", "no subtitle", "measure, unit and years")
    if alt.casefold().rstrip(".") == title.strip().casefold().rstrip("."):
        raise fault("alt", "a text that repeats the title", "what the picture shows")
    if len(alt) < 40 or " " not in alt or alt[-1] not in ".!?":
        allowed = "a sentence of 40 characters or more that ends with a full stop"
        raise fault("alt", f"{alt!r}, no sentence", allowed)
    return alt


@contextmanager
def figure(
    title: str,
    subtitle: str,
    *,
    alt: str,
    panels: Iterable[str] | Mapping[str, str] | None = None,
    shape: tuple[int, int] | None = None,
    height: float | None = None,
    same_scale: bool | str | Collection[str] | Mapping[str, Any] = False,
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
    same_scale : bool, "x", "y", names of panels, or a mapping
        Whether panels of one kind share both limits, or those of one axis, or which
        panels share both; ``{"x": True, "y": names}`` says so by axis.
    sources : str, pandas.DataFrame or iterable of them
        Sources that no form notes by itself, as for `add_sources`.

    Yields
    ------
    matplotlib.axes.Axes, or dict of str to Axes
        The mapping where there are panels.

    Raises
    ------
    ValueError
        Without title, subtitle, alt text or source; if the alt text repeats the title
        or is no sentence; if the name of a panel stands twice.
    """
    alt = _checked(title, subtitle, alt)
    names = [""] if panels is None else list(panels)
    if not names or len(set(names)) < len(names):
        raise fault("panels", names, "names that differ, one or more")
    columns = {1: 1, 2: 2, 4: 2}.get(len(names), 3)
    shape = shape or (math.ceil(len(names) / columns), columns)
    with style():
        made = opened(title, subtitle, shape, len(names), height)
        axes = dict(zip(names, made, strict=True))
        for name, ax in axes.items():
            made[ax].name = name
            made[ax].remark = panels[name] if isinstance(panels, Mapping) else ""
        page_of(axes).same_scale = same_scale
        used = [sources] if isinstance(sources, str | pd.DataFrame) else sources
        add_sources(axes, *used)
        yield axes[""] if panels is None else axes
        show(axes, alt)


def panels(
    axes: Mapping[str, Axes], parts: Any, form: Callable, **options: Any
) -> Mapping[str, Axes]:
    """Draw one form in each panel that has a part, or the same in all of them.

    Parameters
    ----------
    axes : mapping of str to matplotlib.axes.Axes
        What `figure` gives for its panels.
    parts : mapping of str to pandas.DataFrame, pandas.DataFrame, or any other
        By name of the panel, each of which must exist; a frame of ``each=`` has the
        names as its second level. Anything else, such as a frame by period alone, a
        claim or a date, is drawn in every panel.
    form : callable
        `line`, `points`, `claim` and the like, or a function of an Axes and a part.
    **options
        Passed on to the form.

    Returns
    -------
    mapping of str to matplotlib.axes.Axes
    """
    if isinstance(parts, pd.DataFrame) and parts.index.nlevels > 1:
        names = parts.index.get_level_values(1).unique()
        parts = {name: parts.xs(name, level=1) for name in names}
    if not isinstance(parts, Mapping):
        parts = dict.fromkeys(axes, parts)
    for name in parts:
        choice(name, list(axes), "parts")
    for name, part in parts.items():
        form(axes[name], part, **options)
    return axes


def finish(thing: Any, alt: str) -> Figure:
    """Lay a figure out: line breaks, labels, ticks, footer; and store its alt text.

    Parameters
    ----------
    thing : Axes, Figure, or Axes by name
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
    page = page_of(thing)
    fig = page.figure
    fig.alt = _checked(page.title, page.subtitle, alt)
    if not page.sources:
        raise fault("sources", "no source", "ids, by sources= or add_sources(ax, ids)")
    with style():
        lay_out(fig)
    return fig


def png(fig: Figure) -> bytes:
    """Picture of a finished figure; the same bytes in every run."""
    renderer = Renderer(*fig.canvas.get_width_height(), fig.dpi)
    with style():
        fig.draw(renderer)
    target = io.BytesIO()
    picture = few_colours(np.asarray(renderer.buffer_rgba()))
    picture.save(target, "png", dpi=(DPI, DPI))
    return target.getvalue()


def show(thing: Any, alt: str) -> None:
    """Finish a figure and display it in the notebook.

    One output: the picture, with its alt text in the metadata (``alt``, ``title``,
    ``sources``, ``values`` as `values.table` writes them, ``width`` in pixels), and as
    plain text the alt text and what is drawn (see `drawn`), so that a comparison of
    outputs as text sees other data or labels.

    Parameters
    ----------
    thing, alt
        As in `finish`.
    """
    from IPython.display import display

    fig, page = finish(thing, alt), page_of(thing)
    about = {"alt": fig.alt, "title": page.title, "sources": list(page.sources)}
    about |= {"values": found} if (found := values.table(page)) else {}
    picture = base64.b64encode(png(fig)).decode("ascii")
    display(
        {"image/png": picture, "text/plain": "\n".join([fig.alt, *drawn(fig)])},
        metadata={"image/png": about | {"width": SHOWN}},
        raw=True,
    )


def drawn(thing: Any) -> list[str]:
    """Say in words and numbers what a figure shows.

    Parameters
    ----------
    thing
        As in `finish`.

    Returns
    -------
    list of str
        The title and the subtitle; then for each panel its labels with the point that
        each belongs to, and for each kind of mark how many there are and the sum of
        their places and values.
    """
    page = page_of(thing)
    lines = [page.title, page.subtitle]
    for ax, panel in page.panels.items():
        if panel.name:
            lines.append("panel: " + " ".join(filter(None, (panel.name, panel.remark))))
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
    found = defaultdict(list)
    for line in ax.lines:
        if line.get_gid() not in (None, "claim", "event", "cap", "zero"):
            found[line.get_gid()] += np.column_stack(line.get_data(orig=False)).tolist()
    for container in ax.containers:
        found["bars"] += [(b.get_width(), b.get_height()) for b in container.patches]
    for one in ax.collections:
        if one.get_array() is not None:
            cells = np.ma.filled(one.get_array().astype(float), np.nan)
            found["cells"] += [(0.0, value) for value in cells.ravel()]
        elif one.get_gid():
            for path in one.get_paths():
                found[one.get_gid()] += path.vertices.tolist()
    return found
