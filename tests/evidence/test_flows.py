"""Trade of one economy with every partner."""

import pandas as pd
import pytest

from partnership.evidence.flows import partner_flows

ROWS = [
    {"exporter": one, "importer": other, "year": year, "value": value}
    for one, other, year, value in (
        ("AAA", "BBB", 2010, 1500),
        ("BBB", "AAA", 2010, 250),
        ("AAA", "CCC", 2011, 3000),
        ("CCC", "BBB", 2011, 7000),
    )
]


@pytest.mark.parametrize(
    ("direction", "partners", "values"),
    [("exports", ["BBB", "CCC"], [1.5, 3.0]), ("imports", ["BBB"], [0.25])],
)
def test_flows_are_in_millions(package, direction, partners, values):
    flows = partner_flows("AAA", direction, data=package(trade_world=ROWS))
    years = [2010, 2011][: len(values)]
    expected = pd.DataFrame({"year": years, "partner": partners, "value": values})
    pd.testing.assert_frame_equal(flows, expected, check_dtype=False)
    assert flows["value"].dtype == float


def test_what_the_table_does_not_have_is_named(package):
    data = package(trade_world=ROWS)
    with pytest.raises(ValueError, match="economy: found 'DDD'; allowed"):
        partner_flows("DDD", "imports", data=data)
    with pytest.raises(ValueError, match="direction: found 'out'; allowed"):
        partner_flows("AAA", "out", data=data)


def test_of_some_partners_nothing_is_told(package):
    data = package(trade_world=ROWS)
    data.resource("trade_world")["complete_for"] = ["AAA", "BBB"]
    assert len(partner_flows("BBB", "imports", data=data)) == 2
    with pytest.raises(ValueError, match="has some partners only; allowed is AAA or"):
        partner_flows("CCC", "exports", data=data)
