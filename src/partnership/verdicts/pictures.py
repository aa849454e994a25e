"""Pictures of the verdicts: the board, and the numbers that head the pages.

Matplotlib is imported when something is drawn: a board of verdicts needs none.
"""

from __future__ import annotations

from partnership import checks
from partnership.verdicts.boards import themes
from partnership.verdicts.rules import VERDICTS

_LOOKS = {  # role of charts, and how much white its tile has
    "supported": ("pair", 0),
    "supported_with_caveat": ("pair", 0.75),
    "understated": ("second", 0.75),
    "overstated": ("second", 0.75),
    "contradicted": ("second", 0),
    "not_checkable": ("other", 1),
}
_KEYS = {words: name for name, words in VERDICTS.items()}


def draw_board(ax, frame, changed=()):
    """Draw the board: theme by verdict, each statement a tile with its words.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The only one of its figure, which gets the height that the board needs.
    frame : pandas.DataFrame
        As `board` returns it.
    changed : iterable of str
        Statements that get a dark frame: their verdict was another one before.

    Returns
    -------
    matplotlib.axes.Axes
        Tiles are patches with gid ``claim_id``. A verdict that nobody has got has no
        column.
    """
    from partnership import charts

    frame = checks.need(frame, ["theme", "mark", "verdict"], "frame", filled=True)
    scale = [name for name in VERDICTS if name in set(frame["verdict"])]
    cells = frame.groupby(["theme", "verdict"]).groups
    tops, y = {}, 0.0
    for theme in themes(frame):
        rows = max(len(cells.get((theme, name), ())) for name in scale)
        tops[theme], y = y, y + rows + 0.4
    with charts.style():
        for x, name in enumerate(scale):
            head = f"{_two(VERDICTS[name])}\n{(frame['verdict'] == name).sum()}"
            ax.text(x + 0.02, -0.35, head, fontsize=9, va="bottom", gid="head")
            for theme in tops:
                for place, claim in enumerate(cells.get((theme, name), ())):
                    at = x, tops[theme] + place, (1, 1)
                    mark = frame.at[claim, "mark"]
                    _tile(ax, *at, claim, mark, name, claim in changed)
        look = {"ha": "right", "va": "center", "gid": "theme"}
        for theme, top in tops.items():
            ax.text(-0.06, top + 0.5, theme, **look)
            ax.axhline(top - 0.2, color=charts.GRID, linewidth=0.9, zorder=0)
    left = -0.8 * len(scale) / 6
    return _bare(ax, (left, len(scale)), y - 0.2, -2.9, frame)


def draw_numbers(ax, frame):
    """Draw the numbers that head the pages: verdicts, the records, what is still so.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        As in `draw_board`.
    frame : pandas.DataFrame
        As `both` returns it; the rows with a ``headline`` are drawn in its order.

    Returns
    -------
    matplotlib.axes.Axes
        Two tiles a statement, then and now, with gid ``claim_id``.
    """
    from partnership import charts
    from partnership.charts.house import wrap

    needed = ["headline", "mark", "then", "now", "reason", "still", "still_reason"]
    frame = checks.need(frame, needed, "frame")
    heads = {0: "said", 1.52: "known then", 2.62: "known now", 3.85: "the records"}
    shown, y = frame.dropna(subset="headline").sort_values("headline"), 0.0
    with charts.style():
        for x, words in heads.items():
            ax.text(x, -0.3, words, fontsize=9, va="bottom", gid="head")
        for claim, row in shown.iterrows():
            ax.text(0, y + 0.7, row["mark"], weight="bold", va="center", gid="said")
            for x, day in ((1.5, "then"), (2.6, "now")):
                _tile(ax, x, y, (1.1, 1.4), claim, _two(row[day]), _KEYS[row[day]])
            records = row["reason"].partition("the records give ")
            still = f"Still so? {row['still']}: " if row["still"] else ""
            first = records[2] or records[0]
            words = f"{first[:1].upper()}{first[1:]}\n{still}{row['still_reason']}"
            lines = wrap(words, 490, 8)
            ax.text(3.85, y, lines, fontsize=8, va="top", gid="records")
            y += max(2.2, 0.6 * (lines.count("\n") + 1) + 0.8)
            ax.axhline(y - 0.4, color=charts.GRID, linewidth=0.9, zorder=0)
    return _bare(ax, (0, 7), y - 0.3, -1.2, frame)


def _bare(ax, across, end, start, frame):
    """Leave nothing of the axes but their extent; the footer names the report."""
    from partnership import charts
    from partnership.charts.page import page_of

    page_of(ax).height = 0.235 * (end - start)
    ax.set(xlim=across, ylim=(end, start), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    return charts.add_sources(ax, frame.attrs["source_id"])


def _two(words):
    """Long words of the scale in two lines."""
    return words.replace(" with ", "\nwith ")


def _tile(ax, x, y, size, claim, words, verdict, changed=False):
    """A verdict as a tile with words on its colour."""
    from matplotlib.patches import Rectangle

    from partnership import charts
    from partnership.charts.house import ink_on, tint

    role, share = _LOOKS[verdict]
    colour = charts.ROLES[role].colour
    edge, line = (charts.INK, 1.8) if changed else (colour, 0.8)
    fill = tint(colour, share)
    box = {"facecolor": fill, "edgecolor": edge, "linewidth": line, "gid": claim}
    ax.add_patch(Rectangle((x + 0.02, y + 0.06), size[0] - 0.04, size[1] - 0.14, **box))
    look = {"fontsize": 8, "va": "center_baseline", "gid": "mark"}
    ax.text(x + 0.06, y + size[1] / 2, words, color=ink_on(fill), **look)
