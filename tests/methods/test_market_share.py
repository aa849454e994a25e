"""The split of a change of exports: worked numbers, properties and refusals."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership.methods.market_share import constant_market_share

flow = st.floats(min_value=0, max_value=1e6).map(lambda v: round(v, 3))
positive = st.floats(min_value=0.001, max_value=1e6)


class TestConstantMarketShare:
    before = pd.Series({"cars": 40.0, "tea": 4.0})
    after = pd.Series({"cars": 36.0, "tea": 20.0, "salt": 1.0})
    market = pd.Series({"cars": 1000.0, "tea": 100.0, "salt": 100.0})
    later = pd.Series({"cars": 2000.0, "tea": 500.0, "salt": 500.0})

    def split(self, *given):
        ends = (self.before, self.after, self.market, self.later)
        return constant_market_share(*(given or ends))

    def test_worked_numbers(self):
        # The whole market grows by 1.5, cars by 1, the others by 4.
        table = self.split()
        assert table.loc["cars"].tolist() == [-4, 60, -20, -44]
        assert table.loc["tea"].tolist() == [16, 6, 10, 0]
        assert table.loc["salt"].tolist() == [1, 0, 0, 1]

    @given(st.lists(st.tuples(flow, flow, positive, positive), min_size=1, max_size=6))
    def test_the_parts_are_the_whole_change(self, rows):
        table = self.split(*map(pd.Series, zip(*rows, strict=True)))
        parts = table.drop(columns="change")
        size = parts.abs().sum(axis=1) + table["change"].abs()
        assert ((parts.sum(axis=1) - table["change"]).abs() <= 1e-9 * size + 1e-9).all()

    def test_a_constant_share_leaves_nothing_to_it(self):
        table = self.split(self.market / 50, self.later / 50, self.market, self.later)
        assert table["share"].abs().max() < 1e-9
        assert table["composition"].sum() == pytest.approx(0)

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ((before, after, market.drop("tea"), later), "before: found 'tea'"),
            ((before, after, market, later.drop("tea")), "market_after"),
            ((before, after, market * 0, later), "market_before"),
        ],
    )
    def test_bad_flows_are_named(self, given, message):
        with pytest.raises(ValueError, match=message):
            self.split(*given)
