"""Gravity on the tables of post-Soviet trade."""

import pytest

import partnership as p
from partnership.methods import gravity
from partnership.study.gravity import panel

BOTH = gravity.SPECIFICATIONS["both effects"]
YEARS = [2011, 2012, 2013]


@pytest.fixture(scope="module")
def real():
    return panel()


def test_what_drops_out(real):
    found = real.dropped.set_index("economy")["reason"].to_dict()
    assert found == {
        "ERI": "no GDP",
        "MNE": "no distance",
        "PRK": "no GDP",
        "TWN": "no GDP",
        "XKX": "no distance",
    }
    trade = p.load("post_soviet_trade")
    assert len(real.rows) + real.dropped["rows"].sum() == len(trade)


def test_elasticities_have_the_sign_and_size_of_the_literature(real):
    table = gravity.fit(
        real.rows, *gravity.SPECIFICATIONS["border and flag"]
    ).coefficients["estimate"]
    assert -1.6 < table["log_distance"] < -0.6
    assert table[["log_gdp_exporter", "log_gdp_importer"]].between(0.7, 1.2).all()


def test_the_excess_and_its_two_readings(real):
    found = gravity.excess(real.rows, "BLR", "TKM", BOTH)
    assert found.loc[2013, "exports"] == 348
    assert gravity.ratio(found, YEARS) == pytest.approx(9.34, abs=0.01)
    assert (found["low"] > 1).sum() == 9
    zeros = panel("zero").rows
    other = gravity.excess(zeros, "BLR", "TKM", BOTH, years=YEARS)
    assert gravity.ratio(other, YEARS) == pytest.approx(9.20, abs=0.01)


def test_the_flag_takes_half_of_the_excess(real):
    regressors, effects = gravity.SPECIFICATIONS["exporter effects"]
    without = tuple(name for name in regressors if name != "flag")
    forms = {"with": regressors, "without": without}
    found = gravity.robustness(
        {name: (real.rows, (form, effects)) for name, form in forms.items()},
        *("BLR", "TKM", YEARS),
    )
    assert found["with"] / found["without"] == pytest.approx(0.49, abs=0.01)
