"""Stated sums as bands by year: worked numbers, properties and refusals."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invented import written
from partnership.methods.bands import over_years


def items(*rows):
    columns = ["low", "high", "open", "from", "until"]
    return pd.DataFrame(rows, [f"item {n}" for n in range(len(rows))], columns)


TWO = items((40, 40, True, 2001, 2004), (0, 30, False, 2003, 2005))


def test_even_parts_add_up_end_by_end():
    found = over_years(TWO, range(2000, 2007))
    assert found["low"].tolist() == [0, 10, 10, 10, 10, 0, 0]
    assert found["high"].tolist() == [0, 10, 10, 20, 20, 10, 0]
    assert found["open"].tolist() == [False, *[True] * 4, False, False]


def test_a_year_takes_more_or_less_than_its_part_and_never_more_than_the_sum():
    found = over_years(TWO, [2003], (0.5, 2)).loc[2003]
    assert (found["low"], found["high"]) == (5, 40)
    assert over_years(TWO, [2003], (0, 9)).at[2003, "high"] == 70


SUMS = st.tuples(st.floats(0, 1e3), st.floats(0, 1e3), st.just(False))
YEARS = st.tuples(st.integers(2000, 2010), st.integers(2000, 2010)).map(sorted)
ROWS = st.tuples(SUMS, YEARS).map(lambda row: (*sorted(row[0][:2]), False, *row[1]))


@given(st.lists(ROWS, min_size=1, max_size=5))
def test_all_years_together_hold_the_whole_sums(rows):
    given_items = items(*rows)
    found = over_years(given_items, range(2000, 2011))
    assert (found["low"] <= found["high"] + 1e-9).all()
    for end in ("low", "high"):
        assert found[end].sum() == pytest.approx(given_items[end].sum())


@pytest.mark.parametrize(
    ("rows", "timing", "words"),
    [
        ([(2, 1, False, 2001, 2002)], (1, 1), "'item 0' with low, high reversed"),
        ([(1, 2, False, 2002, 2001)], (1, 1), "'item 0' with from, until reversed"),
        ([(-1, 2, False, 2001, 2002)], (1, 1), "items\\['low'\\]"),
        ([(1, 2, False, 2001, 2002)], (1.5, 2), "timing: found 1.5 to 2"),
    ],
)
def test_refusals(rows, timing, words):
    with pytest.raises(ValueError, match=words):
        over_years(items(*rows), [2001], timing)


def test_a_band_word_for_word():
    assert (
        written(over_years(TWO, [2003, 2004], (0.5, 2)))
        == """\
year:int64 | low:float64, high:float64, open:bool
2003 | 5, 40, True
2004 | 5, 40, True
"""
    )
    for change in (
        {"items": TWO.drop(columns="open")},
        {"items": TWO[:0]},
        {"items": TWO.assign(low=50)},
        {"items": TWO.assign(low=-1)},
        {"items": TWO.assign(until=1999)},
        {"items": TWO.assign(**{"from": "soon"})},
        {"timing": (1.1, 2)},
        {"timing": (0.5, 0.9)},
        {"timing": (-1, 2)},
    ):
        with pytest.raises(ValueError, match="found"):
            over_years(**{"items": TWO, "years": [2003]} | change)
