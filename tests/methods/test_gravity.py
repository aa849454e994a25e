"""The gravity model: known answers, another library, and what it must refuse."""

import re

import numpy as np
import pandas as pd
import pytest

from invented import written
from partnership.methods import gravity, separation

BOTH = gravity.SPECIFICATIONS["both effects"]


def grid(exporters, importers, years):
    """One row an exporter, importer and year, with the columns of a panel."""
    keys = ["exporter", "importer", "year"]
    rows = pd.MultiIndex.from_product([exporters, importers, years], names=keys)
    rows = rows.to_frame(index=False)
    year = " " + rows["year"].astype(str)
    return rows.assign(
        pair=rows["exporter"] + "-" + rows["importer"],
        exporter_year=rows["exporter"] + year,
        importer_year=rows["importer"] + year,
    )


def world(seed=0, exporters=8, importers=25, years=3, noise="poisson"):
    """Rows whose flows follow known coefficients: distance -1.2, border 0.5."""
    rng = np.random.default_rng(seed)
    rows = grid(
        [f"X{i}" for i in range(exporters)],
        [f"M{j:02d}" for j in range(importers)],
        range(2000, 2000 + years),
    )

    def each(column, draw):
        names = rows[column].unique()
        return rows[column].map(pd.Series(draw(len(names)), names))

    rows["log_distance"] = each("pair", lambda n: rng.uniform(0, 3, n))
    rows["border"] = each("pair", lambda n: rng.integers(0, 2, n))
    effects = each("exporter_year", lambda n: rng.normal(4, 0.7, n))
    effects += each("importer_year", lambda n: rng.normal(3, 0.7, n))
    mean = np.exp(effects - 1.2 * rows["log_distance"] + 0.5 * rows["border"])
    rows["exports"] = mean if noise == "none" else rng.poisson(mean).astype(float)
    rows["log_gdp_exporter"] = each("exporter_year", lambda n: rng.normal(10, 1, n))
    rows["log_gdp_importer"] = each("importer_year", lambda n: rng.normal(10, 1, n))
    return rows.assign(flag=rows["importer"].isin(["M01", "M02", "M03"]).astype(int))


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


def with_cell(frame, row, column, value):
    """Put a value into a row of a frame of any kind of column."""
    changed = frame.astype({column: object})
    changed.loc[row, column] = value
    return changed


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
        rows = gravity.panel(TRADE, GDP, APART, group=("A", "X")).rows
        row = rows.iloc[0]
        assert row["log_distance"] == pytest.approx(6.907755)  # ln 1000
        assert row["log_gdp_exporter"] == pytest.approx(4.605170)  # ln 100
        assert row["importer_year"] == "X 2000"
        assert set(rows.loc[rows["flag"] == 1, "pair"]) == {"A-X"}  # both, not one

    def test_without_sizes_and_with_more_columns(self):
        apart = APART.assign(language=[1, 0, 0, 1, 0, 0])
        rows = gravity.panel(TRADE, None, apart, also=["language"]).rows
        assert "log_gdp_exporter" not in rows
        assert rows.groupby("pair")["language"].first()["B-X"] == 1
        with pytest.raises(ValueError, match="geography: found no column 'language'"):
            gravity.panel(TRADE, None, APART, also=["language"])

    def test_an_exporter_without_any_distance_is_named_itself(self):
        apart = APART.query("exporter != 'B'")
        dropped = gravity.panel(TRADE, None, apart, missing="drop").dropped
        assert dropped[["economy", "rows"]].to_numpy().tolist() == [["B", 6]]

    def test_what_lacks_a_gdp_or_a_distance_is_named(self):
        gdp = GDP.query("not (iso3 == 'X' and year == 2001)")
        apart = APART.query("importer != 'Y'")
        words = r"X \(no GDP, 2001–2001\), Y \(no distance, 2000–2001\)"
        with pytest.raises(ValueError, match=words):
            gravity.panel(TRADE, gdp, apart)
        rows, dropped = gravity.panel(TRADE, gdp, apart, missing="drop")
        assert len(rows) == 10 - 2 - 4
        reason, years, count, exports = dropped.set_index("economy").loc["Y"]
        assert (reason, years, count, exports) == ("no distance", "2000–2001", 4, 40)

    def test_years_as_text_or_with_a_point_are_the_same_years(self):
        rows = gravity.panel(TRADE.astype({"year": str}), GDP, APART).rows
        floats = gravity.panel(TRADE.astype({"year": float}), GDP, APART).rows
        assert rows.equals(floats) and rows["year"].tolist()[:2] == [2000, 2001]

    @pytest.mark.parametrize("absent", ["missing", "zero"])
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            # read_csv makes nothing of NA, and floats of a column with a gap
            (("trade", [0, 3], "importer", np.nan), "nothing in 2 rows: 0, 3;"),
            (("trade", 6, "exporter", None), "nothing in 1 rows: 6;"),
            (("trade", 7, "importer", " "), "' ' in 1 rows: 7;"),
            (("trade", 7, "importer", 516), "516 in 1 rows: 7;"),
            (("trade", 7, "year", np.nan), "nothing in 1 rows: 7;"),
            (("trade", 7, "year", 200011), "200011 in 1 rows: 7;"),
            (("trade", 7, "importer", "World"), "'World' in 1 rows: 7; .* no total"),
            (("trade", 7, "exporter", "WLD"), "'WLD' in 1 rows: 7; .* no total"),
            (("gdp", 2, "iso3", np.nan), "nothing in 1 rows: 2;"),
            (("gdp", 2, "year", 2000.5), "2000.5 in 1 rows: 2;"),
            (("geography", 1, "importer", np.nan), "nothing in 1 rows: 1;"),
        ],
    )
    def test_a_lost_key_is_named_with_its_row(self, change, words, absent):
        table, row, column, value = change
        given_ = {"trade": TRADE, "gdp": GDP, "geography": APART}
        given_[table] = with_cell(given_[table], row, column, value)
        with pytest.raises(ValueError, match=rf"{table}\['{column}'\]: found {words}"):
            gravity.panel(**given_, absent=absent, missing="drop")

    def test_of_many_rows_ten_are_named(self):
        many = pd.concat([TRADE] * 2, ignore_index=True).assign(importer=None)
        with pytest.raises(ValueError, match=r"in 20 rows: 0, .*, 9, \.\.\.; allowed"):
            gravity.panel(many, GDP, APART)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"absent": "none"}, "absent: found 'none'; allowed is one of missing"),
            ({"missing": "skip"}, "missing: found 'skip'"),
            ({"gdp": GDP.assign(value=0.0)}, "gdp['value']: found 0 at 'A, 2000'"),
            ({"gdp": GDP.assign(value=np.nan)}, "gdp['value']: found no value"),
            ({"gdp": pd.concat([GDP, GDP])}, "gdp: found 'A, 2000' twice"),
            ({"trade": TRADE.iloc[:0]}, "trade: found no rows"),
            ({"trade": TRADE.drop(columns="year")}, "trade: found no column 'year'"),
            (
                {"trade": TRADE.assign(exports_usd_million=-1.0)},
                "trade['exports_usd_million']: found -1 at 'A, X, 2000'",
            ),
            ({"geography": APART.assign(contiguous=0.5)}, "geography['contiguous']"),
            (
                {"geography": APART.assign(distance_weighted_km=0)},
                "geography['distance_weighted_km']: found 0 at 'A, X'",
            ),
            (
                {"gdp": GDP[:1].assign(iso3="Q"), "missing": "drop"},
                "trade: found no",
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

    def test_expectations_add_up_for_each_exporter_and_importer(self):
        # A property of PPML with such effects (Fally 2015)
        rows = gravity.fit(world(4), *BOTH).rows
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

    def test_what_does_not_converge_is_refused(self, monkeypatch):
        import pyfixest

        def stopped(*formula, iwls_maxiter, **options):
            return pyfixest.estimation.fepois(*formula, iwls_maxiter=2, **options)

        monkeypatch.setattr(pyfixest, "fepois", stopped)
        with pytest.raises(ValueError, match="rows: found no convergence; allowed"):
            gravity.fit(world(1), *BOTH)

    def test_a_column_may_have_any_name(self):
        rows = world(4).assign(**{"common border": lambda d: d["border"]})
        names = ("log_distance", "common border")
        one, other = (gravity.fit(rows, form, BOTH[1]) for form in (names, BOTH[0]))
        assert one.coefficients.loc["common border"].tolist() == pytest.approx(
            other.coefficients.loc["border"].tolist()
        )

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ((("log_distance",), ("pair",)), "effects: found 'pair'"),
            (((), BOTH[1]), "regressors: found none"),
            ((("language",), ()), "rows: found no column 'language'"),
            ((("border",), (), "gamma"), "method: found 'gamma'"),
            ((("gap",), ()), "rows['gap']: found no value (NaN) at 1"),
        ],
    )
    def test_errors(self, arguments, words):
        rows = world().assign(gap=lambda d: d["border"].where(d.index != 1))
        with pytest.raises(ValueError, match=re.escape(words)):
            gravity.fit(rows, *arguments)


class TestSeparation:
    """Zeros that leave no finite estimate, and regressors that nothing tells apart."""

    @pytest.mark.parametrize("effects", [(), ("year",), BOTH[1]])
    @pytest.mark.parametrize("method", ["ppml", "ols"])
    @pytest.mark.parametrize(
        ("column", "values"),
        [
            ("barrier", lambda d: d["exports"] == 0),  # 1 where nothing is traded
            ("open", lambda d: d["exports"] > 0),
            ("far", lambda d: d["log_distance"].where(d["exports"] == 0, 2)),
            ("constant", lambda d: d["border"] * 0 + 7),
            ("twice", lambda d: 1 - 2 * d["log_distance"]),
            ("mixed", lambda d: d["log_distance"] - 3 * d["border"]),
        ],
    )
    def test_what_does_not_vary_where_something_is_traded(
        self, column, values, method, effects
    ):
        rows = world(5)
        rows["exports"] = rows["exports"].where(rows.index % 7 > 0, 0)
        rows[column] = values(rows).astype(float)
        with pytest.raises(ValueError, match=f"found '{column}', which does not vary"):
            gravity.fit(rows, (*BOTH[0], column), effects, method)

    @pytest.mark.parametrize("column", ["flag", "log_gdp_importer", "size"])
    def test_what_effects_hold_is_not_told_from_them(self, column):
        rows = world(5).assign(
            size=lambda d: d["log_gdp_exporter"] + d["log_gdp_importer"]
        )
        with pytest.raises(ValueError, match=f"found '{column}', .* exporter_year"):
            gravity.fit(rows, ("log_distance", column), BOTH[1])

    def test_zeros_inform_where_the_regressor_varies_among_trade(self):
        rows = world(5)
        rows["exports"] *= (rows["border"] == 0) | (rows.index % 2 == 0)
        slope = gravity.fit(rows, *BOTH).coefficients.loc["border", "estimate"]
        assert -0.5 < slope < 0.1  # half of e ** 0.5 is left

    def test_importers_without_trade_are_named_and_counted(self):
        rows = world(5)
        rows.loc[rows["importer"] == "M03", "exports"] = 0.0
        rows.loc[rows["importer_year"] == "M07 2001", "exports"] = 0.0
        one = gravity.fit(rows, *BOTH)
        *counts, names = one.left_out.iloc[0]
        assert counts == ["importer_year", "all zero", 4, 32, "M03"]
        assert names == "M03 2000, M03 2001, M03 2002, M07 2001"
        assert len(one.rows) == len(rows) - 32

    def test_a_single_row_is_left_out(self):
        rows = world(6)
        lone = rows[rows["importer_year"] == "M01 2000"].index[1:]
        one = gravity.fit(rows.drop(index=lone), *BOTH)
        assert one.left_out["reason"].tolist() == ["one row"]
        assert "M01 2000" not in set(one.rows["importer_year"])

    def blocks(self, back):
        """Two blocks that trade among themselves, with zeros from one to the other."""
        rows = grid([*"ABCD"], ["K", "L", "M", "N"], [2000])
        rng = np.random.default_rng(1)
        first = rows["exporter"].isin(["A", "B"]), rows["importer"].isin(["K", "L"])
        rows["exports"] = rng.integers(5, 50, 16) * (first[0] == first[1]) * 1.0
        rows["log_distance"] = rng.uniform(0, 1, 16)
        return rows if back else rows[first[0] | ~first[1]]

    @pytest.mark.parametrize("effects", [BOTH[1], BOTH[1][::-1]])
    def test_zeros_that_no_trade_ties_are_left_out_by_name(self, effects):
        rows = self.blocks(back=False)
        one = gravity.fit(rows, ("log_distance",), effects)
        row = one.left_out.iloc[0]
        assert row["reason"] == "separated" and row["rows"] == 4
        assert row["names"] == "A-M 2000, A-N 2000, B-M 2000, B-N 2000"
        traded = gravity.fit(rows[rows["exports"] > 0], ("log_distance",), effects)
        assert one.coefficients.equals(traded.coefficients)

    def test_zeros_both_ways_tie_the_blocks(self):
        one = gravity.fit(self.blocks(back=True), ("log_distance",), BOTH[1])
        assert one.left_out.empty and len(one.rows) == 16
        assert one.rows["expected"].min() > 1e-6

    def test_nothing_but_zeros_is_refused(self):
        for effects in ((), BOTH[1]):
            with pytest.raises(ValueError, match="the effects can use none"):
                gravity.fit(world().assign(exports=0.0), BOTH[0], effects)


@pytest.mark.parametrize(
    ("change", "asked", "message"),
    [
        (
            {},
            {"effects": ["year", "year"]},
            "effects: found 'year' twice; allowed is e",
        ),
        ({}, {"regressors": ["border", "border"]}, "regressors: found 'border' twice"),
        ({}, {"regressors": ["exports"]}, "regressors: found 'exports'; allowed is a "),
        ({}, {"regressors": ["year"]}, "'year', which does not vary where something"),
        ({}, {"regressors": 5}, "regressors: found 5; allowed is names as text"),
        ({"year": 2000}, {}, "rows: found 'X0, M00, 2000' twice; allowed is each once"),
    ],
)
def test_what_the_estimator_would_not_survive_is_refused(change, asked, message):
    asked = {"regressors": ["log_distance"], "effects": "year"} | asked
    with pytest.raises(ValueError, match=message):
        gravity.fit(world().assign(**change), **asked)


def test_names_of_columns_are_no_formulas_and_one_is_a_name():
    rows = world().rename(columns={"log_distance": "a`b + c"})
    found = gravity.fit(rows, "a`b + c", "year").coefficients
    same = gravity.fit(world(), ["log_distance"], ["year"]).coefficients
    assert found.index.tolist() == ["a`b + c"]
    np.testing.assert_array_equal(found, same)
    one = gravity.panel(TRADE, GDP, APART, group="A").rows
    assert one["flag"].tolist() == [0] * len(one)


def test_what_the_estimator_gives_up_is_one_line(monkeypatch):
    def stops(*_, **__):
        raise ValueError("Demeaning failed after 10000 iterations.")

    monkeypatch.setattr("pyfixest.fepois", stops)
    with pytest.raises(ValueError, match="rows: found no convergence; allowed is a "):
        gravity.fit(world(), *BOTH)


class TestOtherLibrary:
    """Estimates and errors of the same forms from statsmodels."""

    @pytest.mark.parametrize("method", ["ppml", "ols"])
    @pytest.mark.parametrize("name", list(gravity.SPECIFICATIONS))
    def test_estimates(self, name, method):
        sm = pytest.importorskip("statsmodels.api")
        rows = world(12)
        rows = rows[(rows["exports"] > 0) | (method == "ppml")]
        names, effects = gravity.SPECIFICATIONS[name]
        dummies = [pd.get_dummies(rows[effect], dtype=float) for effect in effects]
        design = pd.concat([rows[list(names)].astype(float), *dummies], axis=1)
        # In each year one effect is shared out between exporters and importers.
        design = design.drop(columns=[c for c in design if "M00" in str(c)])
        design = design if effects else sm.add_constant(design)
        cluster = {"groups": pd.factorize(rows["pair"])[0]}
        if method == "ppml":
            model = sm.GLM(rows["exports"], design, family=sm.families.Poisson())
            options = {"tol": 1e-10, "maxiter": 100}
        else:
            model, options = sm.OLS(np.log(rows["exports"]), design), {}
        other = model.fit(cov_type="cluster", cov_kwds=cluster, **options)
        one = gravity.fit(rows, names, effects, method).coefficients
        np.testing.assert_allclose(one["estimate"], other.params[list(names)], 1e-5)
        np.testing.assert_allclose(one["se"], other.bse[list(names)], 3e-3)


def test_the_table_shows_estimates_and_errors():
    one = gravity.fit(world(noise="none"), *BOTH).coefficients
    table = gravity.table({"one": one, "other": one[:1]})
    assert table.index.tolist() == ["log_distance", "border"]
    assert table["one"].tolist() == ["-1.20 (0.00)", "0.50 (0.00)"]
    assert table["other"].tolist() == ["-1.20 (0.00)", ""]
    with pytest.raises(ValueError, match="coefficients: found none"):
        gravity.table({})


class TestWholeResults:
    def test_a_panel(self):
        trade = TRADE.query("year == 2000").assign(
            exports_usd_million=[5.0, 6, 7, 8, 9]
        )
        apart = APART.assign(
            contiguous=[1, 0, 0, 0, 0, 1], language=[1.5, 0, 0, 0, 0, 2]
        )
        apart["distance_weighted_km"] = [10.0, 20, 30, 40, 50, 60]
        gdp = GDP.assign(value=range(1, 11))
        made = gravity.panel(
            trade, gdp, apart, "zero", group=("A", "X", "Y"), also=["language"]
        )
        assert (
            written(made.rows)
            == """\
None:int64 | exporter:text, importer:text, year:int64, pair:text, exports:float64,
  log_distance:float64, border:int64, flag:int64, exporter_year:text,
  importer_year:text, log_gdp_exporter:float64, log_gdp_importer:float64,
  language:float64
0 | A, X, 2000, A-X, 5, 2.3025851, 1, 1, A 2000, X 2000, 0, 1.6094379, 1.5
1 | A, Y, 2000, A-Y, 6, 2.9957323, 0, 1, A 2000, Y 2000, 0, 1.9459101, 0
2 | A, Z, 2000, A-Z, 0, 3.4011974, 0, 0, A 2000, Z 2000, 0, 2.1972246, 0
3 | B, X, 2000, B-X, 7, 3.6888795, 0, 0, B 2000, X 2000, 1.0986123, 1.6094379, 0
4 | B, Y, 2000, B-Y, 8, 3.912023, 0, 0, B 2000, Y 2000, 1.0986123, 1.9459101, 0
5 | B, Z, 2000, B-Z, 9, 4.0943446, 1, 0, B 2000, Z 2000, 1.0986123, 2.1972246, 2
"""
        )
        lost = gravity.panel(TRADE, gdp.query("iso3 != 'X'"), apart[:3], missing="drop")
        assert (
            written(lost.rows)
            == """\
None:int64 | exporter:text, importer:text, year:int64, pair:text, exports:float64,
  log_distance:float64, border:int64, flag:int64, exporter_year:text,
  importer_year:text, log_gdp_exporter:float64, log_gdp_importer:float64
0 | A, Y, 2000, A-Y, 10, 2.9957323, 0, 0, A 2000, Y 2000, 0, 1.9459101
1 | A, Y, 2001, A-Y, 10, 2.9957323, 0, 0, A 2001, Y 2001, 0.69314718, 2.0794415
"""
        )
        assert (
            written(lost.dropped)
            == """\
None:int64 | economy:text, reason:text, years:text, rows:int64, exports:float64
0 | B, no distance, 2000–2001, 4, 40
1 | X, no GDP, 2000–2001, 4, 40
"""
        )
        lost = gravity.panel(TRADE, None, apart[:4], missing="drop")
        assert (
            written(lost.dropped)
            == """\
None:int64 | economy:text, reason:text, years:text, rows:int64, exports:float64
0 | Y, no distance, 2000–2001, 2, 20
1 | Z, no distance, 2000–2001, 2, 20
"""
        )

    def test_what_the_effects_cannot_use(self):
        rows = grid([*"AB"], [*"XYZ"], [2000, 2001]).assign(exports=0.0, border=0)
        rows.loc[[0, 2, 6, 7, 8], "exports"] = [1.0, 2, 3, 4, 5]
        rows = rows.drop(index=[10, 5])
        kept, notes = separation.informative(rows, ("exporter_year", "importer_year"))
        assert kept.astype(int).tolist() == [1, 0, 1, 0, 0, 1, 0, 1, 0, 0]
        assert [key for key, out in notes.items() if out.any()] == [
            ("exporter_year", "all zero"),
            ("importer_year", "all zero"),
            ("importer_year", "one row"),
        ]
        assert (
            written(separation.left_out(rows, kept, notes))
            == """\
None:int64 | effect:text, reason:text, groups:int64, rows:int64, economies:text,
  names:text
0 | exporter_year, all zero, 1, 2, , A 2001
1 | importer_year, all zero, 3, 3, Z, Z 2000, Y 2001, Z 2001
2 | importer_year, one row, 1, 1, , X 2001
"""
        )

    def test_estimates(self):
        rows = world(importers=6, years=2)
        found = gravity.fit(rows, ["log_distance", "border"], ("exporter_year",))
        assert (
            written(found.coefficients.round(5))
            == """\
None:text | estimate:float64, se:float64
log_distance | -1.04189, 0.16215
border | 0.38227, 0.25841
"""
        )
        assert found.rows["expected"].round(3).tolist()[:4] == [
            300.096,
            171.386,
            945.552,
            540.008,
        ]
        plain = gravity.fit(rows, ["log_distance"], method="ols")
        assert (
            written(plain.coefficients.round(5))
            == """\
None:text | estimate:float64, se:float64
log_distance | -1.23257, 0.11171
"""
        )
        assert plain.rows["expected"].round(3).tolist()[:4] == [
            156.095,
            156.095,
            606.783,
            606.783,
        ]
        forms = {"a": found.coefficients, "b": plain.coefficients}
        assert (
            written(gravity.table(forms))
            == """\
None:text | a:text, b:text
log_distance | -1.04 (0.16), -1.23 (0.11)
border | 0.38 (0.26),
"""
        )
