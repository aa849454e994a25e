"""Every mark of the board and of the numbers that head the pages: place, size, look."""

import pandas as pd
import pytest
from matplotlib.colors import to_hex

from partnership import charts, verdicts
from partnership.charts.page import page_of
from pictures import canvas

FRAME = pd.DataFrame(
    {
        "theme": ["trade", "trade", "machines", "trade"],
        "section": ["01", "01", "03", "01"],
        "verdict": ["supported", "supported", "overstated", "supported_with_caveat"],
        "mark": ["a", "b", "c", "d"],
    },
    index=["c01", "c02", "c03", "c04"],
)
FRAME.attrs["source_id"] = "s-report"
HEAD = {"size": 9, "colour": "#1a1a1a", "va": "bottom", "ha": "left"}
MARK = {"size": 8, "va": "center_baseline", "ha": "left"}
TILE = {"fill": "#006d5f", "edge": "#006d5f", "line": 0.8}
INK, GRID, BLACK = "#1a1a1a", "#e4e4e4", "#000000"


def texts(ax):
    return [
        {
            "gid": one.get_gid(),
            "text": one.get_text(),
            "colour": to_hex(one.get_color()),
        }
        | {"at": tuple(round(place, 3) for place in one.get_position())}
        | {"size": one.get_fontsize(), "va": one.get_va(), "ha": one.get_ha()}
        for one in ax.texts
    ]


def tiles(ax):
    return [
        {"gid": one.get_gid(), "fill": to_hex(one.get_facecolor())}
        | {"edge": to_hex(one.get_edgecolor()), "line": one.get_linewidth()}
        | {"box": tuple(round(place, 3) for place in one.get_bbox().bounds)}
        for one in ax.patches
    ]


def rules(ax):
    return [
        (round(one.get_ydata()[0], 3), one.get_color(), one.get_linewidth(), one.zorder)
        for one in ax.lines
    ]


def bare(ax):
    """Ends of the axes, and whether nothing else of them is left."""
    assert not any(spine.get_visible() for spine in ax.spines.values())
    assert not len(ax.get_xticks()) and not len(ax.get_yticks())
    ends = [*ax.get_xlim(), *ax.get_ylim()]
    return [round(end, 3) for end in ends], round(page_of(ax).height, 4)


@pytest.fixture
def ax():
    return canvas("A board of statements by their verdict", "Statements")


def test_the_board(ax):
    assert verdicts.draw_board(ax, FRAME, changed=["c02"]) is ax
    assert texts(ax) == [
        HEAD | {"gid": "head", "text": "supported\n2", "at": (0.02, -0.35)},
        MARK | {"gid": "mark", "text": "a", "at": (0.06, 0.5), "colour": "#ffffff"},
        MARK | {"gid": "mark", "text": "b", "at": (0.06, 1.5), "colour": "#ffffff"},
        HEAD
        | {"gid": "head", "text": "supported\nwith a caveat\n1", "at": (1.02, -0.35)},
        MARK | {"gid": "mark", "text": "d", "at": (1.06, 0.5), "colour": BLACK},
        HEAD | {"gid": "head", "text": "overstated\n1", "at": (2.02, -0.35)},
        MARK | {"gid": "mark", "text": "c", "at": (2.06, 2.9), "colour": BLACK},
    ] + [
        {"gid": "theme", "text": text, "at": at, "colour": INK}
        | {"size": 10, "va": "center", "ha": "right"}
        for text, at in (("trade", (-0.06, 0.5)), ("machines", (-0.06, 2.9)))
    ]
    light, orange = {"fill": "#bfdad7"}, {"fill": "#f3dabf", "edge": "#d06a00"}
    assert tiles(ax) == [
        TILE | {"gid": "c01", "box": (0.02, 0.06, 0.96, 0.86)},
        TILE
        | {"gid": "c02", "box": (0.02, 1.06, 0.96, 0.86), "edge": INK, "line": 1.8},
        TILE | light | {"gid": "c04", "box": (1.02, 0.06, 0.96, 0.86)},
        TILE | orange | {"gid": "c03", "box": (2.02, 2.46, 0.96, 0.86)},
    ]
    assert rules(ax) == [(-0.2, GRID, 0.9, 0), (2.2, GRID, 0.9, 0)]
    assert bare(ax) == ([-0.4, 3, 3.6, -2.9], 1.5275)
    assert charts.sources(ax) == ["s-report"]


def test_other_verdicts_have_their_columns_and_colours(ax):
    words = ["contradicted"] * 2 + ["not_checkable", "understated"]
    verdicts.draw_board(ax, FRAME.assign(verdict=words))
    heads = [one["text"] for one in texts(ax) if one["gid"] == "head"]
    assert heads == ["understated\n1", "contradicted\n2", "not checkable\n1"]
    looks = [(one["gid"], one["fill"], one["edge"], one["line"]) for one in tiles(ax)]
    assert looks == [
        ("c04", "#f3dabf", "#d06a00", 0.8),
        ("c01", "#d06a00", "#d06a00", 0.8),
        ("c02", "#d06a00", "#d06a00", 0.8),
        ("c03", "#ffffff", "#949494", 0.8),
    ]


def test_the_numbers_that_head_the_pages(ax):
    head = {"headline": [2.0, 1.0, None, 3.0], "still": ["no", "", "yes", "not known"]}
    frame = FRAME.assign(
        **head,
        then=["supported with a caveat", "not checkable", "supported", "supported"],
        now=["contradicted", "supported", "supported", "overstated"],
        reason=[
            "The report says 5; the records give 3 found.",
            "it is so.",
            "",
            "The report says 7; the records give " + "many things " * 20,
        ],
        still_reason=["It ended.", "", "", "Who knows?"],
    )
    assert verdicts.draw_numbers(ax, frame) is ax
    said = texts(ax)
    long = said[-1]["text"]
    assert long.count("\n") == 5 and long.startswith("Many things many things")
    assert long.endswith("\nStill so? not known: Who knows?")
    assert said == [
        HEAD | {"gid": "head", "text": text, "at": (x, -0.3)}
        for x, text in (
            (0, "said"),
            (1.52, "known then"),
            (2.62, "known now"),
            (3.85, "the records"),
        )
    ] + [
        one
        for y, mark, then, now, colours, reason in (
            (0, "b", "not checkable", "supported", (BLACK, "#ffffff"), "It is so.\n"),
            (
                2.2,
                "a",
                "supported\nwith a caveat",
                "contradicted",
                (BLACK, BLACK),
                "3 found.\nStill so? no: It ended.",
            ),
            (4.4, "d", "supported", "overstated", ("#ffffff", BLACK), long),
        )
        for one in (
            {"gid": "said", "text": mark, "at": (0, round(y + 0.7, 3)), "colour": INK}
            | {"size": 10, "va": "center", "ha": "left"},
            MARK
            | {"gid": "mark", "text": then, "at": (1.56, round(y + 0.7, 3))}
            | {"colour": colours[0]},
            MARK
            | {"gid": "mark", "text": now, "at": (2.66, round(y + 0.7, 3))}
            | {"colour": colours[1]},
            {"gid": "records", "text": reason, "at": (3.85, y), "colour": INK}
            | {"size": 8, "va": "top", "ha": "left"},
        )
    ]
    weights = [one.get_weight() for one in ax.texts if one.get_gid() == "said"]
    assert weights == ["bold"] * 3
    assert [(one["gid"], one["fill"], one["box"]) for one in tiles(ax)] == [
        ("c02", "#ffffff", (1.52, 0.06, 1.06, 1.26)),
        ("c02", "#006d5f", (2.62, 0.06, 1.06, 1.26)),
        ("c01", "#bfdad7", (1.52, 2.26, 1.06, 1.26)),
        ("c01", "#d06a00", (2.62, 2.26, 1.06, 1.26)),
        ("c04", "#006d5f", (1.52, 4.46, 1.06, 1.26)),
        ("c04", "#f3dabf", (2.62, 4.46, 1.06, 1.26)),
    ]
    assert rules(ax) == [(y, GRID, 0.9, 0) for y in (1.8, 4.0, 8.4)]
    assert bare(ax) == ([0, 7, 8.5, -1.2], 2.2795)
    assert charts.sources(ax) == ["s-report"]
