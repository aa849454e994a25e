"""A figure from its first line to its last: opened, drawn, checked, shown."""

import base64
import io

import matplotlib as mpl
import nbformat
import pandas as pd
import pytest
from PIL import Image

from partnership import charts
from partnership.charts import house
from partnership.workshop import runner
from pictures import (
    ALT,
    GOODS,
    PARTNERS,
    canvas,
    found,
    full_line,
    layout_problems,
    shown_texts,
    texts,
    ticks,
    unit,
    year_frame,
)


@pytest.fixture
def shown(monkeypatch):
    """List of what cells display: pairs of data and metadata."""
    found = []

    def display(data, metadata, raw):
        found.append((data, metadata["image/png"]))

    monkeypatch.setattr("IPython.display.display", display)
    return found


def figure(title="The finding", subtitle="Units, 2006–2012", alt=ALT, **options):
    return charts.figure(title, subtitle, alt=alt, **options)


# -- opened and shown ------------------------------------------------------------------


def test_a_figure_is_shown_once_when_its_block_ends(shown):
    with figure(sources=["more", PARTNERS]) as ax:
        charts.line(ax, year_frame(GOODS), "goods")
        assert shown == []
    ((data, about),) = shown
    assert about["title"] == "The finding"
    assert about["sources"][:2] == ["more", "cow"]
    assert about["alt"] == data["text/plain"].splitlines()[0] == ALT


def test_what_a_block_draws_looks_the_same_whatever_the_caller_has_set(shown):
    for size in (10, 30):
        other = {"font.size": size, "lines.linewidth": size, "axes.grid": size > 10}
        with mpl.rc_context(other), figure(sources="a") as ax:
            full_line(ax)
            ax.plot([2007, 2008], [1, 2])
            ax.text(2009, 40, "$5 and $6")
        assert mpl.rcParams["font.size"] == 10
    assert shown[0] == shown[1]
    assert not any(text.get_parse_math() for text in shown_texts(ax))


def test_a_block_that_fails_shows_nothing(shown):
    with pytest.raises(ZeroDivisionError), figure(sources="a") as ax:
        charts.bars(ax, PARTNERS)
        1 / 0  # noqa: B018
    assert shown == []


def test_panels_are_found_and_titled_by_name(shown):
    names = {"Trade": "million", "Students": "", "Trucks": "units", "Visits": ""}
    with figure(panels=names, sources="a") as axes:
        assert list(axes) == list(names)
        charts.line(axes["Trade"], year_frame(GOODS))
        charts.line(axes["Students"], year_frame(GOODS, unit="persons"))
    fig = axes["Trade"].get_figure()
    names = ["Trade", "million", "Students", "Trucks", "units", "Visits"]
    assert texts(fig, "panel") == names
    assert [unit(ax) for ax in axes.values()][:2] == ["USD_million", "persons"]
    shapes = {ax.get_subplotspec().get_geometry()[:2] for ax in axes.values()}
    assert shapes == {(2, 2)}
    with figure(panels=["a", "b"], shape=(2, 1), sources="a") as axes:
        charts.line(axes["a"], year_frame(GOODS))
    assert axes["b"].get_subplotspec().get_geometry()[:2] == (2, 1)


@pytest.mark.parametrize("panels", [["a", "a"], []])
def test_panels_need_names_that_differ(panels):
    with pytest.raises(ValueError, match="panels: found"), figure(panels=panels):
        pass


def test_one_form_is_drawn_in_every_panel_that_has_a_part(shown):
    frames = {"AAA": year_frame(GOODS), "BBB": year_frame(GOODS[:2])}
    each = pd.concat(frames).swaplevel()
    for parts in (frames, each):
        with figure(panels=["BBB", "CCC", "AAA"]) as axes:
            charts.panels(axes, parts, charts.line, role="pair")
        assert [len(ax.lines) > 0 for ax in axes.values()] == [True, False, True]
    with pytest.raises(ValueError, match="parts: found 'BBB'"), figure(panels=["AAA"]):
        charts.panels({"AAA": None}, frames, charts.line)


@pytest.mark.parametrize(
    ("same", "x_alike", "y_alike"),
    [
        *((False, "", ""), ("x", "abc", ""), ("y", "", "abc"), (True, "abc", "abc")),
        (["a", "b"], "ab", "ab"),
        ({"x": True, "y": ["a", "b"]}, "abc", "ab"),
        ({"y": True}, "", "abc"),
    ],
)
def test_panels_share_what_they_are_told_to(shown, same, x_alike, y_alike):
    rows = {"a": (2001, 5.0), "b": (2005, 50.0), "c": (2009, 500.0)}
    with figure(panels=list(rows), same_scale=same) as axes:
        for name, (year, value) in rows.items():
            charts.line(axes[name], year_frame([(year, value), (year + 1, value)]))
    for axis, alike in (("x", x_alike), ("y", y_alike)):
        limits = {n: getattr(ax, f"get_{axis}lim")() for n, ax in axes.items()}
        groups = len(set(limits.values()))
        assert groups == 3 - max(len(alike) - 1, 0)
        assert len({limits[name] for name in alike}) == min(len(alike), 1)


def test_the_same_is_drawn_in_every_panel(shown):
    with figure(panels=["BBB", "AAA"]) as axes:
        charts.panels(axes, year_frame(GOODS), charts.line)
        charts.panels(axes, 300, charts.claim, text="the claim")
        charts.panels(axes, "2009-03-30", charts.event, text="the visit")
    for ax in axes.values():
        assert [len(found(ax, gid)) for gid in ("line", "claim", "event")] == [1, 1, 1]


def test_panels_that_share_the_years_name_them_alike(shown):
    academic = year_frame([(2010, 5.0), (2011, 6.0)])
    academic["period_type"] = "academic_year"
    for same, first in ((False, "2010/11"), ("x", "2010")):
        with figure(panels=["AAA", "BBB"], same_scale=same) as axes:
            charts.line(axes["AAA"], academic)
            charts.line(axes["BBB"], year_frame([(2010, 1.0), (2012, 3.0)]))
        assert ticks(axes["AAA"])[0] == first
        assert ticks(axes["BBB"])[0] == "2010"


def test_bars_of_panels_on_one_scale_have_equal_units(shown):
    with figure(panels=["a", "b"], same_scale=True, sources="a") as axes:
        charts.bars(axes["a"], pd.Series({"x": 10.0}), unit="units")
        charts.bars(axes["b"], pd.Series({"long name": 1000.0}), unit="units")
        charts.claim(axes["a"], 700, "the claim")
    assert axes["a"].get_xlim() == axes["b"].get_xlim()
    assert layout_problems(axes) == []


def test_small_multiples_of_all_kinds_fit_their_page(shown):
    names = {f"Theme {i}": "million US dollars" for i in range(6)}
    with figure(panels=names) as axes:
        for index, ax in enumerate(axes.values()):
            if index < 4:
                charts.line(ax, year_frame(GOODS), role="first")
            else:
                charts.bars(ax, PARTNERS, highlight="Celand")
            charts.claim(ax, 300 * (index + 1))
    assert layout_problems(axes) == []


# -- checked ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "subtitle", "alt", "source", "message"),
    [
        ("", "S", ALT, "a", "title: found no title"),
        ("T", " ", ALT, "a", "subtitle: found no subtitle"),
        ("T", "S", "", "a", "no sentence"),
        ("T", "S", "Too short.", "a", "no sentence"),
        ("T", "S", ALT.rstrip("."), "a", "full stop"),
        (ALT, "S", ALT, "a", "repeats the title"),
        (ALT.rstrip("."), "S", ALT, "a", "repeats the title"),
        ("T", "S", ALT, "", "sources: found no source"),
    ],
)
def test_finish_asks_for_what_is_missing(title, subtitle, alt, source, message, shown):
    ax = charts.add_sources(canvas(title, subtitle), source)
    with pytest.raises(ValueError, match=message):
        charts.finish(ax, alt)
    with (
        pytest.raises(ValueError, match=message),
        figure(title, subtitle, alt, sources=source),
    ):
        pass
    assert shown == []


def test_finish_writes_the_parts():
    fig = charts.finish(full_line(canvas()), ALT)
    assert fig.alt == ALT
    assert texts(fig, "title") == ["Goods trade fell to a third"]
    assert texts(fig, "subtitle") == ["Goods turnover, million US dollars, 2006–2012"]


# -- the picture, and what it shows in words -------------------------------------------


CELL = """
from partnership import charts
import pandas as pd
frame = pd.DataFrame({"category": ["a", "b"], "value": [1.0, 2.0], "source_id": "s"})
alt = "Two bars: the second one is exactly twice as long as the first."
with charts.figure("The title", "Units, 2017", alt=alt) as ax:
    charts.bars(ax, frame)
"""


def test_notebook_stores_one_picture_with_its_metadata(tmp_path):
    outputs = []
    for name in ("first.ipynb", "second.ipynb"):
        path = tmp_path / name
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
        nbformat.write(notebook, path)
        runner.run_notebooks([path], tmp_path)
        outputs.append(nbformat.read(path, as_version=4).cells[0].outputs)
    (output,) = outputs[0]
    assert outputs[0] == outputs[1]
    assert output["output_type"] == "display_data"
    assert set(output["data"]) == {"image/png", "text/plain"}
    alt = "Two bars: the second one is exactly twice as long as the first."
    plain = output["data"]["text/plain"].splitlines()
    assert plain[0] == alt
    assert plain[1] == output["metadata"]["image/png"]["title"]
    assert output["metadata"]["image/png"] == {
        "alt": alt,
        "title": "The title",
        "sources": ["s"],
        "values": "what,value,source,row\nb,2,s,computed\na,1,s,computed\n",
        "width": house.SHOWN,
    }
    picture = Image.open(io.BytesIO(base64.b64decode(output["data"]["image/png"])))
    assert picture.format == "PNG"


def drawn_goods(values, label="goods", other="services"):
    ax = canvas("Two lines", "Turnover, USD million")
    for name, factor in ((label, 1), (other, 2)):
        rows = [(2015 + i, value * factor) for i, value in enumerate(values)]
        charts.line(ax, year_frame(rows), name)
    return charts.drawn(charts.finish(ax, ALT))


def test_drawn_changes_with_a_value_and_with_a_swapped_label():
    told = drawn_goods([93.6, 120.6])
    assert told[:2] == ["Two lines", "Turnover, USD million"]
    assert any(line.startswith("line: goods (2016, 120.6)") for line in told)
    assert told == drawn_goods([93.6, 120.6])
    assert told != drawn_goods([93.6, 120.7])
    assert told != drawn_goods([93.6, 120.6], "services", "goods")
