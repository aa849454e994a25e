"""What is said of any two economies: fifty pairs, and what they lack."""

import os
import random
import re

import numpy as np
import pandas as pd
import pytest

import partnership as p
from partnership.charts import picture
from partnership.evidence.package import shipped
from partnership.pair import (
    Pair,
    choose,
    draw,
    lacks,
    new_pair,
    page,
    say,
    traders,
    words,
    world,
)
from partnership.pair.page import SAY
from partnership.study import gravity

NO_TRADE, NO_DISTANCE, STUDENTS = ("NRU", "VGB"), ("MNE", "KAZ"), ("TKM", "KAZ")
NAMES = [("CIV", "KIR"), ("STP", "TUR"), ("TTO", "CIV")]
NOTHING = ("ASM", "SSD")  # neither trade with each other nor a distance
OWN = ("BLR", "TKM")


def drawn(count=50, seed=10):
    """Pairs that are asked for, and others by a seed, to make so many."""
    known = sorted(traders(shipped()))
    pairs = [NO_TRADE, NO_DISTANCE, STUDENTS, NOTHING, *NAMES, OWN]
    rng = random.Random(seed)
    return pairs + [tuple(rng.sample(known, 2)) for _ in range(count - len(pairs))]


@pytest.fixture
def shown(monkeypatch):
    """What is displayed: sentences, frames, and titles of finished pictures."""
    import IPython.display

    found = []
    monkeypatch.setattr(IPython.display, "display", lambda one, **_: found.append(one))
    monkeypatch.setattr(picture, "png", lambda fig: b"")  # laid out, not painted
    return found


def test_fifty_pairs_run_and_say_what_they_lack(shown):
    pairs, gone = drawn(), set()
    assert len(set(pairs)) == 50
    for codes in pairs:
        shown.clear()
        pair = page(*codes, data=shipped())
        texts = [one["text/plain"] for one in shown[:-1]]
        table = shown[-1]
        said = "\n".join(texts)
        assert len(texts) >= len(SAY) - 1 and not re.search(
            r"\bnan\b|None|\[|\(\)", said
        )
        for name in pair.names:
            assert name in said and f"GDP of {name}" in table.index
        # "Gambia" and "US" would need an article inside of a sentence.
        told = [one for tell in SAY.values() for one in tell(pair)]
        told = [one for one in told if not one.startswith("Not in the tables")]
        after = " ".join(re.sub(r"\(.*?\)", "", one).partition(":")[2] for one in told)
        for name in pair.names:
            assert not re.search(rf"\b{re.escape(name)}\b", after), after
        empty = table.index[table["there"] == ""]
        assert (table.loc[empty, "missing"] != "").all()
        gone |= {one.partition(",")[0].partition(" of ")[0] for one in empty}
        answer = words.answer(pair)[-1]
        assert all(one.partition(",")[0] in answer for one in empty)
    assert gone == {
        *("goods", "own records", "distance", "expectation", "students", "GDP"),
        *("visits", "statements"),
    }


@pytest.mark.long
def test_the_same_in_kernels(tmp_path):
    from pathlib import Path

    from partnership.site.single import single
    from partnership.workshop import copies

    root = Path(__file__).parents[2]
    for codes in drawn():
        values = dict(zip(("first", "second"), codes, strict=True))
        target = tmp_path / f"{'_'.join(codes)}.ipynb"
        template = root / "notebooks" / "10_any_pair.ipynb"
        copies.run_copy(template, values, target, root, single)
        assert traders(shipped())[codes[0]] in target.read_text("utf-8")


@pytest.mark.parametrize("codes", [NO_TRADE, NO_DISTANCE, NOTHING, NAMES[0]])
def test_a_picture_says_what_is_not_there(shown, codes):
    pair = Pair(*codes, data=shipped())
    draw(pair)
    text = "".join(one["text/plain"] for one in shown)
    assert ("no flow" in text) == any(not len(one) for one in pair.goods.values())
    assert ("no expectation" in text) == pair.expected.empty
    assert ("image/png" in shown[0]) == (codes != NOTHING)


def test_no_flow_is_no_zero():
    pair = Pair(*NO_TRADE, data=shipped())
    assert all(frame.empty for frame in pair.goods.values())
    first = f"{pair.names[0]} to {pair.names[1]}"
    assert words.goods(pair)[0].startswith(f"{first}: no flow is recorded in any year")
    assert "0 million" not in " ".join(words.goods(pair))
    row = pair.expected.loc[first]
    assert row["exports"] == 0 < row["expected"] and row["none"] == row["above"] - (
        row["of"] - row["none"]
    )


def test_the_expectation_of_this_project_is_that_of_its_notebook():
    pair = Pair(*OWN, data=shipped())
    theirs = gravity.left_out.excess(
        gravity.panel(gravity.PERIODS["2017..2020"]).rows, *OWN, gravity.FORM
    ).iloc[-1]
    ours = pair.expected.iloc[0]
    for name in ("exports", "expected", "ratio", "low", "high"):
        assert ours[name] == pytest.approx(theirs[name], rel=1e-6), name
    assert ours["least"] < ours["expected"] < ours["most"]
    # The ratio is of all these years, and the amount beside it of the last one.
    assert " in 2020; 2017–2020 at 1.2 times" in words.answer(pair)[0]


def test_places_are_those_among_all_partners():
    pair = Pair("KAZ", "UZB", data=shipped())
    rows = pair.places.set_index(["year", "whole"]).loc[2020]
    trade = shipped().load("trade_world").query("year == 2020")
    bought = trade[trade["importer"] == "UZB"].set_index("exporter")["value"]
    row = rows.loc["imports of Uzbekistan"]
    assert row["share"] == pytest.approx(100 * bought["KAZ"] / bought.sum())
    assert row["rank"] == (bought > bought["KAZ"]).sum() + 1
    assert row["partners"] == len(bought) > 100


def test_a_second_record_only_where_two_are_stated():
    said = words.records(Pair(*OWN, data=shipped()))
    assert "the buyer's record is" in said[0] and "two counts" in said[0]
    assert "neither side" in words.records(Pair(*NAMES[0], data=shipped()))[0]
    one = words.records(Pair("UKR", "BLR", data=shipped()))
    assert "one side only" in " ".join(one)


def test_students_both_ways_where_there_are_rows():
    said = words.students(Pair(*STUDENTS, data=shipped()))
    hosts = shipped().load("students_abroad")
    own = hosts.query("host == 'KAZ' and origin == 'TKM'").sort_values("year")
    told = p.series("students_abroad", "KAZ", "TKM", "UIS", data=shipped())
    assert {f"{year - 1}/{year}" for year in own["year"]} >= {*told.index[:-2]}
    assert f"{told.value.iloc[-1]:,.0f} in {told.index[-1]} (UNESCO" in said[0]
    assert said[1].endswith("the tables have no row.")


def test_counts_of_all_pairs():
    found, trade = world(shipped()), shipped().load("trade_world")
    assert found["economies"] == 206 and found["pairs"] == 206 * 205 / 2
    both = {
        frozenset(one) for one in zip(trade["exporter"], trade["importer"], strict=True)
    }
    assert found["trade"] == len(both) < found["pairs"]
    assert 0 < found["students"] < 500 < found["expectation"] == 201 * 200 / 2


def test_of_a_folder_that_is_cut_nothing_is_expected(tmp_path):
    data = new_pair("KAZ", "UZB", tmp_path / "new", data=shipped())
    assert data.resource("trade_world")["complete_for"] == ["KAZ", "UZB"]
    whole, pair = Pair("KAZ", "UZB", shipped()), Pair("KAZ", "UZB", data)
    pd.testing.assert_frame_equal(
        whole.places.reset_index(drop=True), pair.places.reset_index(drop=True)
    )
    assert pair.expected.empty and "cut" in words.expected(pair)[0]
    other = Pair("KAZ", "RUS", data)
    assert set(other.places["whole"]) == {
        "exports of Kazakhstan",
        "imports of Kazakhstan",
    }
    lacks(other)


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (("KAZ", "UZC"), "unknown economy with trade 'UZC'; did you mean"),
        (("KAZ", "WLD"), "unknown economy with trade 'WLD'"),
        (("KAZ", "KAZ"), "second: found KAZ twice; allowed: two economies"),
    ],
)
def test_what_is_refused(codes, said):
    with pytest.raises(p.DataError, match=re.escape(said)):
        Pair(*codes, data=shipped())


def test_numbers_in_words():
    said = [words.usd(one) for one in (2137.83, 12.34, 0.25, 0.045, 1e-6, 0)]
    assert said == [
        *("USD 2,138 million", "USD 12.3 million", "USD 0.25 million"),
        *("USD 45,000", "USD 1", "0"),
    ]
    rough = [words.usd(one, rough=True) for one in (1225.2, 25.04, 0.3147, 0.003147)]
    assert rough == [
        *("USD 1,200 million", "USD 25 million", "USD 0.31 million", "USD 3,100")
    ]
    said = [words.usd(one) for one in (437_921.9, 12_345.6, 9_999)]
    assert said == ["USD 438 billion", "USD 12.3 billion", "USD 9,999 million"]
    said = [words.usd(one, rough=True) for one in (1_123_000, 14_120)]
    assert said == ["USD 1,100 billion", "USD 14 billion"]
    said = [words.times(one) for one in (0, 0.004, 0.4, 1.44, 1234.6)]
    assert said == ["0", "less than 0.01", "0.40", "1.4", "1,235"]
    assert words.span([2003, 2000, 2004]) == "2000 and 2003–2004"
    assert words.listed(["A"]) == "A" and words.listed(["A", "B", "C"]) == "A, B and C"


def test_a_name_is_text_in_markdown():
    text = words.markdown(["<b>*A*</b> to [B](x): 1."])
    assert "<b>" not in text and "](x)" not in text


def test_the_sources_are_named(shown):
    found = Pair(*OWN, data=shipped()).sources
    known = shipped().load("sources")["source_id"]
    assert set(found) <= set(known) and len(found) > 10
    say(Pair(*NAMES[0], data=shipped()), "goods")
    assert shown[0]["text/markdown"].startswith("- ")
    assert np.isnan(Pair(*NO_DISTANCE, data=shipped()).distance)
    assert os.environ.get("PARTNERSHIP_DATA") is None


def test_the_menus_start_with_the_pair(shown, monkeypatch, capsys):
    pytest.importorskip("ipywidgets")
    pair = Pair(*NAMES[0], data=shipped())
    monkeypatch.setenv("PARTNERSHIP_UNATTENDED", "1")
    assert (
        choose(pair) is None and "Run this cell in JupyterLab" in capsys.readouterr()[0]
    )
    monkeypatch.delenv("PARTNERSHIP_UNATTENDED")
    menus = choose(pair).children[:2]
    assert [menu.value for menu in menus] == [*NAMES[0]]
    assert [len(menu.options) for menu in menus] == [206, 206]
    menus[1].value = "KAZ"
    assert "Kazakhstan" in shown[-2]["text/plain"] + str(shown[-1].index)
