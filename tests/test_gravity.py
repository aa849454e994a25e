"""The gravity model: known answers, another library, and the real tables."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import partnership as p
from partnership.methods import gravity

BOTH = gravity.SPECIFICATIONS["both effects"]
FLAGGED = gravity.SPECIFICATIONS["border and flag"]
YEARS = [2011, 2012, 2013]


def world(seed=0, exporters=8, importers=25, years=3, noise="poisson"):
    """Rows whose flows follow known coefficients: distance -1.2, border 0.5."""
    rng = np.random.default_rng(seed)
    grid = pd.MultiIndex.from_product(
        [
            [f"X{i}" for i in range(exporters)],
            [f"M{j:02d}" for j in range(importers)],
            range(2000, 2000 + years),
        ],
        names=["exporter", "importer", "year"],
    ).to_frame(index=False)
    rows = grid.assign(
        pair=grid["exporter"] + "-" + grid["importer"],
        exporter_year=grid["exporter"] + " " + grid["year"].astype(str),
        importer_year=grid["importer"] + " " + grid["year"].astype(str),
    )
    pairs = rows["pair"].unique()
    rows["log_distance"] = rows["pair"].map(
        pd.Series(rng.uniform(0, 3, len(pairs)), pairs)
    )
    rows["border"] = rows["pair"].map(pd.Series(rng.integers(0, 2, len(pairs)), pairs))
    effects = 0
    for column, level in (("exporter_year", 4), ("importer_year", 3)):
        names = rows[column].unique()
        effects = effects + rows[column].map(
            pd.Series(rng.normal(level, 0.7, len(names)), names)
        )
    mean = np.exp(effects - 1.2 * rows["log_distance"] + 0.5 * rows["border"])
    rows["exports"] = mean if noise == "none" else rng.poisson(mean).astype(float)
    return rows


@pytest.fixture(scope="module")
def tables():
    gdp = p.load("country_year").query("indicator == 'gdp_current'")
    return (
        p.load("post_soviet_trade"),
        gdp.dropna(subset="value"),
        p.load("pair_geography"),
    )


@pytest.fixture(scope="module")
def real(tables):
    return gravity.panel(*tables, missing="drop")


# A table of two exporters, three importers and two years, without A to Z.
TRADE = pd.DataFrame(
    [(e, i, y, 10.0) for e in "AB" for i in "XYZ" for y in (2000, 2001)],
    columns=["exporter", "importer", "year", "exports_usd_million"],
).query("not (exporter == 'A' and importer == 'Z')")
GDP = pd.DataFrame(
    [(c, y, 100.0) for c in "ABXYZ" for y in (2000, 2001)],
    columns=["iso3", "year", "value"],
)
APART = pd.DataFrame(
    [(e, i, 1000.0, 0) for e in "AB" for i in "XYZ"],
    columns=["exporter", "importer", "distance_weighted_km", "contiguous"],
)


class TestPanel:
    def test_an_absent_pair_is_missing_or_zero(self):
        rows = gravity.panel(TRADE, GDP, APART).rows
        zeros = gravity.panel(TRADE, GDP, APART, absent="zero").rows
        assert (len(rows), len(zeros)) == (10, 12)
        assert zeros.loc[zeros["pair"] == "A-Z", "exports"].tolist() == [0, 0]
        assert zeros["exports"].sum() == rows["exports"].sum() == 100

    def test_an_economy_does_not_trade_with_itself(self):
        # B sells to A as well: 2 x 4 combinations, less A to A, in 2 years
        to_a = TRADE.query("exporter == 'B' and importer == 'X'").assign(importer="A")
        apart = APART.query("exporter == 'B' and importer == 'X'").assign(importer="A")
        zeros = gravity.panel(
            pd.concat([TRADE, to_a]), GDP, pd.concat([APART, apart]), absent="zero"
        ).rows
        assert (zeros["exporter"] != zeros["importer"]).all()
        assert len(zeros) == 7 * 2

    def test_columns(self):
        row = gravity.panel(TRADE, GDP, APART, group=("X",)).rows.iloc[0]
        assert row["log_distance"] == pytest.approx(6.907755)  # ln 1000
        assert row["log_gdp_exporter"] == pytest.approx(4.605170)  # ln 100
        assert row["flag"] == 1
        assert row["importer_year"] == "X 2000"

    def test_what_lacks_a_gdp_or_a_distance_is_named(self):
        gdp = GDP.query("not (iso3 == 'X' and year == 2001)")
        apart = APART.query("importer != 'Y'")
        words = r"X \(no GDP, 2001–2001\), Y \(no distance, 2000–2001\)"
        with pytest.raises(ValueError, match=words):
            gravity.panel(TRADE, gdp, apart)
        rows, dropped = gravity.panel(TRADE, gdp, apart, missing="drop")
        assert len(rows) == 10 - 2 - 4
        assert dropped.set_index("economy").loc["Y"].tolist() == [
            "no distance",
            "2000–2001",
            4,
            40.0,
        ]

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"absent": "none"}, "absent: found 'none'; allowed is one of missing"),
            ({"missing": "skip"}, "missing: found 'skip'"),
            ({"gdp": GDP.assign(value=0.0)}, "gdp['value']: found 0.0 at 2000, A"),
            ({"gdp": GDP.assign(value=np.nan)}, "gdp['value']: found nan"),
            ({"gdp": pd.concat([GDP, GDP])}, "gdp: found A, 2000 twice"),
            ({"trade": TRADE.iloc[:0]}, "trade: found no rows"),
            ({"trade": TRADE.drop(columns="year")}, "trade: found no column 'year'"),
            (
                {"trade": TRADE.assign(exports_usd_million=-1.0)},
                "trade['exports_usd_million']: found -1.0 at A, X, 2000",
            ),
            ({"geography": APART.assign(contiguous=2)}, "geography['contiguous']"),
            (
                {"geography": APART.assign(distance_weighted_km=0)},
                "geography['distance_weighted_km']: found 0 at A, X",
            ),
        ],
    )
    def test_errors(self, change, words):
        given_ = {"trade": TRADE, "gdp": GDP, "geography": APART} | change
        with pytest.raises(ValueError, match=re.escape(words)):
            gravity.panel(**given_)


class TestFit:
    def test_known_coefficients_without_noise(self):
        one = gravity.fit(world(noise="none"), *BOTH)
        assert one.coefficients["estimate"].tolist() == pytest.approx([-1.2, 0.5])
        assert one.rows["expected"].tolist() == pytest.approx(
            one.rows["exports"].tolist(), rel=1e-6
        )

    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_known_coefficients_with_noise(self, seed):
        table = gravity.fit(world(seed), *BOTH).coefficients
        error = (table["estimate"] - [-1.2, 0.5]) / table["se"]
        assert (error.abs() < 4).all()
        assert (table["se"] < 0.05).all()

    def test_expectations_add_up_for_each_exporter_and_importer(self, real):
        # A property of PPML with such effects (Fally 2015)
        rows = gravity.fit(real.rows, *BOTH).rows
        for effect in BOTH[1]:
            sums = rows.groupby(effect)[["exports", "expected"]].sum()
            np.testing.assert_allclose(sums["expected"], sums["exports"], rtol=1e-6)

    def test_ols_on_logarithms_of_positive_flows(self):
        rows = world(4)
        rows.loc[rows.index[:5], "exports"] = 0.0
        one = gravity.fit(rows, ("log_distance",), method="ols")
        kept = rows[rows["exports"] > 0]
        slope, level = np.polyfit(kept["log_distance"], np.log(kept["exports"]), 1)
        assert one.coefficients.loc["log_distance", "estimate"] == pytest.approx(slope)
        assert len(one.rows) == len(kept)
        expected = np.exp(level + slope * kept["log_distance"])
        np.testing.assert_allclose(one.rows["expected"], expected)

    def test_importers_without_trade_are_named_and_counted(self):
        rows = world(5)
        rows.loc[rows["importer"] == "M03", "exports"] = 0.0
        rows.loc[rows["importer_year"] == "M07 2001", "exports"] = 0.0
        one = gravity.fit(rows, *BOTH)
        row = one.left_out.iloc[0]
        assert row.tolist() == ["importer_year", "all zero", 4, 32, "M03"]
        assert len(one.rows) == len(rows) - 32

    def test_a_single_row_is_left_out(self):
        rows = world(6)
        lone = rows[rows["importer_year"] == "M01 2000"].index[1:]
        one = gravity.fit(rows.drop(index=lone), *BOTH)
        assert one.left_out["reason"].tolist() == ["one row"]
        assert "M01 2000" not in set(one.rows["importer_year"])

    def test_a_flag_of_importers_is_not_told_from_their_effects(self, real):
        with pytest.raises(ValueError, match="found 'flag', which does not vary"):
            gravity.fit(real.rows, ("log_distance", "flag"), BOTH[1])

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ((("log_distance",), ("pair",)), "effects: found 'pair'"),
            (((), BOTH[1]), "regressors: found none"),
            ((("language",), ()), "rows: found no column 'language'"),
            ((("border",), (), "gamma"), "method: found 'gamma'"),
        ],
    )
    def test_errors(self, arguments, words):
        with pytest.raises(ValueError, match=re.escape(words)):
            gravity.fit(world(), *arguments)

    def test_nothing_but_zeros_is_refused(self):
        with pytest.raises(ValueError, match="the effects can use none"):
            gravity.fit(world().assign(exports=0.0), *BOTH)


class TestOtherLibrary:
    """The same estimates from statsmodels, to four digits and more."""

    def test_plain_form_and_clustered_errors(self, real):
        sm = pytest.importorskip("statsmodels.api")
        names = list(gravity.SPECIFICATIONS["plain"][0])
        one = gravity.fit(real.rows, names).coefficients
        groups = pd.factorize(real.rows["pair"])[0]
        other = sm.GLM(
            real.rows["exports"],
            sm.add_constant(real.rows[names]),
            family=sm.families.Poisson(),
        ).fit(cov_type="cluster", cov_kwds={"groups": groups}, tol=1e-12)
        np.testing.assert_allclose(one["estimate"], other.params[names], rtol=1e-6)
        np.testing.assert_allclose(one["se"], other.bse[names], rtol=1e-3)

    def test_both_effects(self, real):
        sm = pytest.importorskip("statsmodels.api")
        some = sorted(real.rows["importer"].unique())[::6]
        part = real.rows["importer"].isin(some) & (real.rows["year"] == 2013)
        one = gravity.fit(real.rows[part], *BOTH)
        dummies = [
            pd.get_dummies(one.rows[name], dtype=float, drop_first=bool(place))
            for place, name in enumerate(BOTH[1])
        ]
        design = pd.concat([one.rows[list(BOTH[0])].astype(float), *dummies], axis=1)
        poisson = sm.families.Poisson()
        other = sm.GLM(one.rows["exports"], design, family=poisson).fit(
            tol=1e-13, maxiter=200
        )
        estimate = one.coefficients["estimate"]
        np.testing.assert_allclose(estimate, other.params[list(BOTH[0])], rtol=1e-5)
        np.testing.assert_allclose(
            one.rows["expected"], other.fittedvalues, rtol=1e-4, atol=1e-6
        )


class TestExcess:
    def test_known_excess_without_noise(self):
        rows = world(noise="none")
        own = rows["pair"] == "X2-M05"
        truth = rows.loc[own, "exports"].to_numpy()
        rows.loc[own, "exports"] *= [7.0, 2.0, 0.5]
        found = gravity.excess(rows, "X2", "M05", BOTH)
        assert found["ratio"].tolist() == pytest.approx([7, 2, 0.5], rel=1e-5)
        assert found["expected"].tolist() == pytest.approx(truth.tolist(), rel=1e-5)
        assert gravity.ratio(found, [2000]) == pytest.approx(7, rel=1e-5)

    def test_the_flow_itself_does_not_move_its_expectation(self):
        rows = world(7)
        before = gravity.excess(rows, "X1", "M02", BOTH)
        more = rows.assign(
            exports=rows["exports"].where(rows["pair"] != "X1-M02", rows["exports"] * 9)
        )
        after = gravity.excess(more, "X1", "M02", BOTH)
        assert after["expected"].tolist() == before["expected"].tolist()
        np.testing.assert_allclose(after["ratio"], 9 * before["ratio"])

    @pytest.mark.parametrize("method", ["ppml", "ols"])
    @pytest.mark.parametrize("name", list(gravity.SPECIFICATIONS))
    def test_expectation_is_that_of_the_library(self, real, name, method):
        form = gravity.SPECIFICATIONS[name]
        rows = real.rows[real.rows["year"] > 2011]
        own = rows[rows["pair"] == "BLR-TKM"]
        found = gravity.excess(rows, "BLR", "TKM", form, method, interval=False)
        one = gravity.fit(rows.drop(index=own.index), *form, method=method)
        link = one.model.predict(newdata=own, type="link", atol=1e-12, btol=1e-12)
        np.testing.assert_allclose(np.log(found["expected"]), link, rtol=1e-4)

    @pytest.mark.parametrize("name", list(gravity.SPECIFICATIONS))
    def test_the_error_extends_that_of_the_coefficients(self, real, name):
        # One unit more of a regressor: its own standard error
        form = gravity.SPECIFICATIONS[name]
        one = gravity.fit(real.rows, *form)
        x = gravity._design(one, one.rows)
        for place, regressor in enumerate(form[0]):
            unit = np.zeros((1, x.shape[1]))
            unit[0, place + (not form[1])] = 1
            from scipy import sparse

            se = gravity._link_error(one, x, sparse.csr_array(unit))
            assert se[0] == pytest.approx(
                one.coefficients.loc[regressor, "se"], rel=2e-3
            )

    def test_the_interval_covers(self):
        # 40 worlds: a 95 percent interval of the expectation misses few truths
        hits = 0
        for seed in range(40):
            rows, truth = world(seed, years=1), world(seed, years=1, noise="none")
            found = gravity.excess(rows, "X3", "M04", BOTH).iloc[0]
            mean = truth.loc[truth["pair"] == "X3-M04", "exports"].item()
            low = found["expected"] * np.exp(-gravity.NORMAL_95 * found["se"])
            high = found["expected"] * np.exp(gravity.NORMAL_95 * found["se"])
            hits += low <= mean <= high
        assert 32 <= hits <= 40

    def test_a_pair_that_is_not_in_the_table(self, real):
        with pytest.raises(ValueError, match="found BLR-MNE, which has no row"):
            gravity.excess(real.rows, "BLR", "MNE", BOTH)

    def test_a_year_that_nothing_else_determines_is_a_gap(self):
        rows = world(8)
        alone = (rows["importer_year"] == "M00 2001") & (rows["exporter"] != "X0")
        found = gravity.excess(rows[~alone], "X0", "M00", BOTH)
        assert found["expected"].isna().tolist() == [False, True, False]
        assert found["se"].isna().tolist() == [False, True, False]
        with pytest.raises(ValueError, match=r"years: found \[2001\]"):
            gravity.ratio(found, [2000, 2001])

    @settings(max_examples=15, deadline=None)
    @given(st.floats(0.001, 1000))
    def test_the_unit_of_money_does_not_matter(self, scale):
        rows = world(9, years=1)
        one = gravity.excess(rows, "X0", "M01", BOTH)
        other = gravity.excess(
            rows.assign(exports=rows["exports"] * scale), "X0", "M01", BOTH
        )
        np.testing.assert_allclose(one["ratio"], other["ratio"], rtol=1e-5)
        np.testing.assert_allclose(one["se"], other["se"], rtol=1e-4)


class TestRanking:
    def test_places_follow_the_ratio_above_a_minimum(self):
        one = gravity.fit(world(10), *BOTH)
        ranks = gravity.ranking(one, [2000, 2001], minimum=20)
        assert (ranks["expected"] >= 20).all()
        assert ranks["ratio"].is_monotonic_decreasing
        assert ranks["place"].tolist() == list(range(1, len(ranks) + 1))
        rows = one.rows.query("pair == @ranks.index[0] and year < 2002")
        assert ranks["exports"].iloc[0] == pytest.approx(rows["exports"].sum() / 2)

    @pytest.mark.parametrize(
        ("years", "minimum", "words"),
        [
            ([1999], 1, r"years: found \[1999\]; allowed are 2000 to 2002"),
            ([], 1, "years: found none"),
            ([2000], -1, "minimum: found -1"),
            ([2000], 1e12, "which no pair reaches"),
        ],
    )
    def test_errors(self, years, minimum, words):
        with pytest.raises(ValueError, match=words):
            gravity.ranking(gravity.fit(world(), *BOTH), years, minimum)


def test_the_table_shows_estimates_and_counts():
    table = gravity.table({"one": gravity.fit(world(noise="none"), *BOTH)})
    assert table.index.tolist() == ["log_distance", "border", "rows", "pairs"]
    assert table["one"].tolist() == ["-1.20 (0.00)", "0.50 (0.00)", "600", "200"]
    with pytest.raises(ValueError, match="fits: found none"):
        gravity.table({})


def test_chart_frame():
    result = gravity.excess(world(11), "X0", "M01", BOTH)
    frame = gravity.chart_frame(result, "ratio", interval=True)
    np.testing.assert_allclose(frame["low"], result["low"])
    np.testing.assert_allclose(frame["high"], result["high"])
    plain = gravity.chart_frame(result, "expected")
    assert plain["low"].equals(plain["value"])
    assert plain.attrs["unit"] == "USD_million"
    with pytest.raises(ValueError, match="column: found 'se'"):
        gravity.chart_frame(result, "se")


class TestTheRealTables:
    def test_what_drops_out(self, tables, real):
        found = real.dropped.set_index("economy")["reason"].to_dict()
        assert found == {
            "ERI": "no GDP",
            "MNE": "no distance",
            "PRK": "no GDP",
            "TWN": "no GDP",
            "XKX": "no distance",
        }
        assert len(real.rows) + real.dropped["rows"].sum() == len(tables[0])
        with pytest.raises(ValueError, match=r"TWN \(no GDP, 2005–2014\)"):
            gravity.panel(*tables)

    def test_elasticities_have_the_sign_and_size_of_the_literature(self, real):
        table = gravity.fit(real.rows, *FLAGGED).coefficients["estimate"]
        assert -1.6 < table["log_distance"] < -0.6
        assert table[["log_gdp_exporter", "log_gdp_importer"]].between(0.7, 1.2).all()

    def test_the_excess_and_its_two_readings(self, tables, real):
        found = gravity.excess(real.rows, "BLR", "TKM", BOTH)
        assert found.loc[2013, "exports"] == 348
        assert gravity.ratio(found, YEARS) == pytest.approx(9.33, abs=0.01)
        assert (found["low"] > 1).sum() == 9
        zeros = gravity.panel(*tables, absent="zero", missing="drop").rows
        other = gravity.excess(zeros, "BLR", "TKM", BOTH, interval=False)
        assert gravity.ratio(other, YEARS) == pytest.approx(9.19, abs=0.01)

    def test_the_flag_takes_half_of_the_excess(self, real):
        regressors, effects = gravity.SPECIFICATIONS["exporter effects"]
        less = tuple(name for name in regressors if name != "flag")
        with_flag, without = (
            gravity.ratio(
                gravity.excess(
                    real.rows, "BLR", "TKM", (names, effects), interval=False
                ),
                YEARS,
            )
            for names in (regressors, less)
        )
        assert with_flag / without == pytest.approx(0.49, abs=0.01)
