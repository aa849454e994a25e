"""The board of all statements: verdicts, what moves them, and their picture."""

from __future__ import annotations

import os

import pandas as pd

from partnership.evidence.asof import SAID
from partnership.evidence.package import default
from partnership.verdicts.rules import REPORT, VERDICTS, verdict


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
        ``sentence``, ``kind``, ``as_of``, ``section`` (of the notebook that argues
        it) and ``source_ids``.
    """
    data = data or default()
    claims = data.load("claims").set_index("claim_id")
    found = [verdict(name, as_of, data=data, **options) for name in claims.index]
    names = ("verdict", "sentence", "kind", "as_of")
    columns = {name: [getattr(v, name) for v in found] for name in names}
    frame = claims[["theme", "statement", "speaker"]].assign(**columns)
    frame["section"] = [section(name, theme) for name, theme in frame["theme"].items()]
    frame["source_ids"] = [";".join(v.source_ids) for v in found]
    return frame


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
    themes = [theme for theme in NOTEBOOKS if theme in table.index]
    scale = [name for name in VERDICTS if name in table.columns]
    return table.loc[themes, scale].rename(columns=VERDICTS)


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


NOTEBOOKS = {
    "trade": "01_trade",
    "machinery": "03_machinery",
    "education": "04_education",
    "industry": "05_industry",
    "corridor": "06_corridor",
    "diplomacy": "07_diplomacy",
}


SECTIONS = {
    "c04": "01_trade#Would it have been a record?",
    "c05": "01_trade#What was claimed, and of what?",
    "c22": "02_products#What came the other way?",
    "c25": "02_products#When was each group named first and last?",
    "c26": "02_products#Is malt exported?",
    "c27": "02_products#How much of it were machines?",
    "c28": "03_machinery#How likely is the report's number?",
    "c30": "03_machinery#The diesel train: promise and outcome",
    "c31": "03_machinery#What was stated about machines?",
    "c33": "04_education#What does the number count?",
    "c34": "05_industry#How rich in gas is the country?",
    "c42": "05_industry#How much came out of it?",
    "c43": "05_industry#How much came out of it?",
    **{
        f"c{n}": "05_industry#What became of seven to ten plants?"
        for n in range(18, 22)
    },
    "c44": "06_corridor#What can the number mean?",
    "c01": "07_diplomacy#Which were the documents?",
    "c12": "07_diplomacy#Which were the documents?",
    "c14": "07_diplomacy#Sixth and four times: what is counted?",
    "c15": "07_diplomacy#Sixth and four times: what is counted?",
}


def section(claim_id, theme):
    """Link to the notebook, and where there is one to the section, on a statement."""
    name, _, heading = SECTIONS.get(claim_id, NOTEBOOKS[theme]).partition("#")
    anchor = "#" + heading.replace(" ", "-") if heading else ""
    return f"{name}.ipynb{anchor}"


def both(data=None):
    """Board with both tenses side by side.

    Returns
    -------
    pandas.DataFrame
        The columns of `board` as known now, with ``then`` and ``then_sentence`` as of
        the day of the report; ``then`` and ``now`` are words of the scale.
    """
    now, then = board(data=data), board(SAID, data=data)
    return now.assign(
        then=then["verdict"].map(VERDICTS),
        now=now["verdict"].map(VERDICTS),
        then_sentence=then["sentence"],
    )


LOOKS = {  # role of charts, and how much of its colour fills the tile
    "supported": ("pair", 1.0),
    "supported_with_caveat": ("pair", 0.25),
    "understated": ("TKM", 0.25),
    "overstated": ("TKM", 0.25),
    "contradicted": ("TKM", 1.0),
    "superseded": ("other", 1.0),
    "not_checkable": ("other", 0.0),
}


MARKS = dict(
    pair.split(" ", 1)
    for pair in """\
c01 11 documents|c02 a new branch|c03 strategic partners|c04 a record of 300
c05 trade around 300|c06 embassy opened|c07 Garlyk launched|c08 bridge a symbol
c09 bridge built|c10 the neighbours|c11 embassy interior|c12 on education
c13 joint statement|c14 the sixth visit|c15 visited four times|c16 reliable partners
c17 choose a corridor|c18 3 years at least|c19 within 5 years|c20 at least 7 plants
c21 up to 10 plants|c22 need of polymers|c23 sales to Europe|c24 logistics centres
c25 special vehicles|c26 malt|c27 farm machinery|c28 14,000 tractors
c29 built for the heat|c30 diesel train|c31 many machines|c32 tight education
c33 9,000 students|c34 rich in gas|c35 help with the gas|c36 shared know-how
c37 contract of 2010|c38 built from scratch|c39 Soviets dared not
c40 training goes on|c41 colleges to join|c42 region lifted|c43 potash for farms
c44 3,000 km apart|c45 proof of friendship""".replace("\n", "|").split("|")
)
"""A few words for each statement, as its mark in the picture."""


def board_chart(frame, title, subtitle, column="verdict", changed=(), sources=REPORT):
    """Draw the board: theme by verdict, each statement a tile with its words.

    Parameters
    ----------
    frame : pandas.DataFrame
        Index claim_id; ``theme`` and the verdicts.
    title, subtitle : str
        As in ``charts.canvas``.
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

    themes = [theme for theme in NOTEBOOKS if theme in set(frame["theme"])]
    scale = [name for name in VERDICTS if name in set(frame[column])]
    cells = frame.groupby(["theme", column]).groups
    rows = {t: max(len(cells.get((t, n), ())) for n in scale) for t in themes}
    tops, y = {}, 0.0
    for theme in themes:
        tops[theme], y = y, y + rows[theme] + 0.4
    ax = charts.canvas(title, subtitle, height=0.235 * (y + 2.9))
    with charts.style():
        for x, name in enumerate(scale):
            words = VERDICTS[name].replace(" with ", "\nwith ").replace(" by ", "\nby ")
            count = (frame[column] == name).sum()
            look = {"fontsize": 9, "va": "bottom", "gid": "head"}
            ax.text(x + 0.02, -0.35, f"{words}\n{count}", **look)
            for theme in themes:
                for place, claim in enumerate(cells.get((theme, name), ())):
                    at = x, tops[theme] + place
                    _tile(ax, *at, claim, LOOKS[name], claim in changed)
        for theme in themes:
            ax.text(
                -0.06, tops[theme] + 0.5, theme, ha="right", va="center", gid="theme"
            )
            ax.axhline(tops[theme] - 0.2, color=charts.GRID, linewidth=0.9, zorder=0)
        left = -0.8 * len(scale) / 6
        ax.set(xlim=(left, len(scale)), ylim=(y - 0.2, -2.9), xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    return charts.add_sources(ax, sources)


def _tile(ax, x, y, claim, look, changed):
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
    ax.text(x + 0.06, y + 0.5, MARKS.get(claim, claim), color=ink, **look)


def explorer(frame):
    """Menus for theme and verdict, and the statements that are left.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `both` returns it.

    Returns
    -------
    ipywidgets.interactive or None
        None, and a printed sentence, in runs that set PARTNERSHIP_UNATTENDED: nobody
        is there to choose, and the table of `to_markdown` says the same.
    """
    if os.environ.get("PARTNERSHIP_UNATTENDED"):
        print("Run this cell in JupyterLab to filter the statements.")
        return None
    import ipywidgets
    from IPython.display import display

    def show(theme, verdict):
        rows = frame if theme == "all" else frame[frame["theme"] == theme]
        rows = rows if verdict == "all" else rows[rows["now"] == verdict]
        columns = ["statement", "then", "now", "sentence"]
        hide = {"max_colwidth": None, "max_rows": None}
        with pd.option_context(
            *(x for k, v in hide.items() for x in ("display." + k, v))
        ):
            display(rows[columns])

    themes = ["all", *dict.fromkeys(frame["theme"])]
    scale = [
        "all",
        *(words for words in VERDICTS.values() if words in set(frame["now"])),
    ]
    return ipywidgets.interactive(show, theme=themes, verdict=scale)
