"""The board of all statements: verdicts, what moves them, and their picture."""

from __future__ import annotations

from urllib.parse import quote

import pandas as pd

from partnership.evidence.asof import report
from partnership.evidence.package import default
from partnership.verdicts.rules import VERDICTS, judge


def board(as_of=None, *, data=None, **options):
    """All statements with their verdicts.

    Parameters
    ----------
    as_of, data, **options
        As in `verdict`.

    Returns
    -------
    pandas.DataFrame
        Index claim_id; ``theme``, ``statement``, ``speaker``, ``verdict``,
        ``sentence``, ``kind``, ``as_of``, ``section`` (link to the section of a
        notebook that argues it), ``source_ids`` and ``mark`` (a few words for it).
        ``attrs["source_id"]`` is the report, if the package names it.
    """
    data = data or default()
    claims = data.load("claims").set_index("claim_id")
    found = [judge(name, as_of, data, **options) for name in claims.index]
    names = ("verdict", "sentence", "kind", "as_of")
    columns = {name: [getattr(v, name) for v in found] for name in names}
    frame = claims[["theme", "statement", "speaker"]].assign(**columns)
    frame["section"] = [_link(place) for place in claims["section"]]
    frame["source_ids"] = [";".join(v.source_ids) for v in found]
    frame["mark"] = claims["mark"]
    frame.attrs["source_id"] = data.descriptor.get("report", {}).get("source_id")
    return frame


def _link(place):
    """Address of a place such as ``01_trade#A heading`` among the notebooks."""
    name, _, heading = place.partition("#")
    anchor = f"#{heading.replace(' ', '-')}" if heading else ""
    return quote(f"{name}.ipynb{anchor}", safe="/#?,:'")


def _themes(frame):
    """Themes in the order of the notebooks that argue their statements."""
    return list(frame.sort_values("section", kind="stable")["theme"].unique())


def counts(frame, column="verdict"):
    """Count the statements of a board by theme and verdict.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `board` returns it.
    column : str
        Column with the verdicts, keys of `VERDICTS`.

    Returns
    -------
    pandas.DataFrame
        Themes in the order of the notebooks by verdicts in the order of the scale, in
        words; verdicts that no statement has are left out.
    """
    table = pd.crosstab(frame["theme"], frame[column])
    scale = [name for name in VERDICTS if name in table.columns]
    return table.loc[_themes(frame), scale].rename(columns=VERDICTS)


VARIANTS = {
    "tolerance halved": {"factor": 0.5},
    "tolerance doubled": {"factor": 2.0},
    "primary sources only": {"primary_only": True},
    "more than taken as a bound": {"strict": True},
}


def sensitivity(as_of=None, *, data=None):
    """Verdicts that change with tolerance, sources or reading.

    Parameters
    ----------
    as_of, data
        As in `verdict`.

    Returns
    -------
    pandas.DataFrame
        One row a change: ``variant``, ``claim_id``, ``kind``, ``verdict`` and
        ``becomes``.
    """
    base, changes = board(as_of, data=data), []
    for name, options in VARIANTS.items():
        other = board(as_of, data=data, **options)
        for claim in base.index[base["verdict"] != other["verdict"]]:
            kind, first = base.loc[claim, ["kind", "verdict"]]
            changes.append((name, claim, kind, first, other.at[claim, "verdict"]))
    columns = ["variant", "claim_id", "kind", "verdict", "becomes"]
    return pd.DataFrame(changes, columns=columns)


def both(data=None):
    """Board with both tenses side by side.

    Returns
    -------
    pandas.DataFrame
        The columns of `board` as known now, with ``then`` and ``then_sentence`` as of
        the day of the report; ``then`` and ``now`` are words of the scale.
    """
    now = board(data=data)
    then = board(report(data)["day"], data=data) if len(now) else now
    return now.assign(
        then=then["verdict"].map(VERDICTS),
        now=now["verdict"].map(VERDICTS),
        then_sentence=then["sentence"],
    )


_LOOKS = {  # role of charts, and how much of its colour fills the tile
    "supported": ("pair", 1.0),
    "supported_with_caveat": ("pair", 0.25),
    "understated": ("second", 0.25),
    "overstated": ("second", 0.25),
    "contradicted": ("second", 1.0),
    "superseded": ("other", 1.0),
    "not_checkable": ("other", 0.0),
}


def draw_board(ax, frame, column="verdict", changed=(), sources=()):
    """Draw the board: theme by verdict, each statement a tile with its words.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The only one of its figure, which gets the height that the board needs.
    frame : pandas.DataFrame
        As `board` returns it.
    column : str
        Column with the verdicts, keys of `VERDICTS`.
    changed : iterable of str
        Statements that get a dark frame: their verdict was another one before.
    sources : str or iterable of str
        Ids for the footer; by default the report.

    Returns
    -------
    matplotlib.axes.Axes
        Tiles are patches with gid ``claim_id``. A verdict that nobody has got has no
        column.
    """
    from partnership import charts
    from partnership.charts.page import page_of

    themes = _themes(frame)
    scale = [name for name in VERDICTS if name in set(frame[column])]
    cells = frame.groupby(["theme", column]).groups
    tops, y = {}, 0.0
    for theme in themes:
        rows = max(len(cells.get((theme, name), ())) for name in scale)
        tops[theme], y = y, y + rows + 0.4
    page_of(ax).height = 0.235 * (y + 2.9)
    with charts.style():
        for x, name in enumerate(scale):
            words = VERDICTS[name].replace(" with ", "\nwith ").replace(" by ", "\nby ")
            head = f"{words}\n{(frame[column] == name).sum()}"
            ax.text(x + 0.02, -0.35, head, fontsize=9, va="bottom", gid="head")
            for theme in themes:
                for place, claim in enumerate(cells.get((theme, name), ())):
                    at, words = (x, tops[theme] + place), frame.at[claim, "mark"]
                    _tile(ax, *at, claim, words, _LOOKS[name], claim in changed)
        look = {"ha": "right", "va": "center", "gid": "theme"}
        for theme in themes:
            ax.text(-0.06, tops[theme] + 0.5, theme, **look)
            ax.axhline(tops[theme] - 0.2, color=charts.GRID, linewidth=0.9, zorder=0)
        left = -0.8 * len(scale) / 6
        ax.set(xlim=(left, len(scale)), ylim=(y - 0.2, -2.9), xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    return charts.add_sources(ax, sources or frame.attrs["source_id"])


def _tile(ax, x, y, claim, words, look, changed):
    """One statement: its words on the colour of its verdict."""
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Rectangle

    from partnership import charts

    colour, share = charts.ROLES[look[0]].colour, look[1]
    rgb = [1 - (1 - c) * share for c in to_rgb(colour)]
    edge, width = (charts.INK, 1.8) if changed else (colour, 0.8)
    box = {"facecolor": rgb, "edgecolor": edge, "linewidth": width, "gid": claim}
    ax.add_patch(Rectangle((x + 0.02, y + 0.06), 0.96, 0.86, **box))
    ink = max((charts.INK, "white"), key=lambda one: charts.contrast(one, rgb))
    look = {"fontsize": 8, "va": "center_baseline", "gid": "mark"}
    ax.text(x + 0.06, y + 0.5, words, color=ink, **look)
