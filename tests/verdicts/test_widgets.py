"""Menus and sliders, and the sentence where nobody is there."""

import pandas as pd
import pytest

from partnership import verdicts


@pytest.fixture
def both(court):
    return verdicts.both(court(found=[50]))


def test_the_menus_filter(both, monkeypatch):
    shown = []
    monkeypatch.delenv("PARTNERSHIP_UNATTENDED", raising=False)
    monkeypatch.setattr("IPython.display.display", shown.append)
    box = verdicts.explorer(both)
    assert box.children[0].options == ("all", "machinery", "trade")
    assert box.children[1].options == ("all", "supported", "overstated")
    box.f(theme="machinery", verdict="overstated")
    assert shown[-1].index.tolist() == ["c01"]
    box.f(theme="trade", verdict="overstated")
    assert shown[-1].empty
    box.f(theme="all", verdict="all")
    assert len(shown[-1]) == 2


def test_sliders_start_in_the_middle(monkeypatch):
    monkeypatch.delenv("PARTNERSHIP_UNATTENDED", raising=False)
    ends = pd.DataFrame({"low": [1], "high": [3], "meaning": ["Years"]}, ["life"])
    called = []
    box = verdicts.explore(lambda life: called.append(life), "move it", sliders=ends)
    slider = box.children[0]
    assert (slider.min, slider.value, slider.max) == (1, 2, 3)
    assert (slider.step, slider.description) == (0.1, "Years")


def test_unattended_runs_get_a_sentence(both, monkeypatch, capsys):
    monkeypatch.setenv("PARTNERSHIP_UNATTENDED", "1")
    assert verdicts.explorer(both) is None
    said = "Run this cell in JupyterLab to filter the statements.\n"
    assert capsys.readouterr().out == said


def test_what_the_menus_show(both, monkeypatch):
    shown = []
    monkeypatch.delenv("PARTNERSHIP_UNATTENDED", raising=False)

    def display(frame):
        names = ("display.max_colwidth", "display.max_rows")
        shown.append((frame, [pd.get_option(name) for name in names]))

    monkeypatch.setattr("IPython.display.display", display)
    box = verdicts.explorer(both)
    box.f(theme="trade", verdict="all")
    frame, options = shown[-1]
    assert frame.columns.tolist() == ["statement", "then", "now", "still", "reason"]
    assert frame.index.tolist() == ["c02"] and options == [None, None]
    box.f(theme="all", verdict="supported")
    assert shown[-1][0].index.tolist() == ["c02"]
    assert [menu.description for menu in box.children[:2]] == ["theme", "verdict"]


def test_a_menu_beside_a_slider_and_nobody_there(monkeypatch, capsys):
    monkeypatch.delenv("PARTNERSHIP_UNATTENDED", raising=False)
    ends = pd.DataFrame({"low": [0.0], "high": [5.0], "meaning": ["Share"]}, ["share"])
    box = verdicts.explore(lambda **chosen: None, "x", {"kind": ["a"]}, ends)
    menu, slider = box.children[:2]
    assert (menu.options, slider.min, slider.max) == (("a",), 0, 5)
    assert (slider.value, slider.step) == (2.5, 0.25)
    assert slider.style.description_width == "initial" and slider.layout.width == "95%"
    monkeypatch.setenv("PARTNERSHIP_UNATTENDED", "1")
    capsys.readouterr()
    assert verdicts.explore(print, "move it") is None
    assert capsys.readouterr().out == "Run this cell in JupyterLab to move it.\n"
