"""The rule that turns stated figures into a series, on made-up and on real cases."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import partnership as p
from partnership import checks
from partnership.evidence.package import DataPackage, default
from partnership.evidence.ranks import PRECISION, RELIABILITY

OUTCOMES = {"exact", "about", "almost", "more_than", "less_than", "derived", "modelled"}
DATES = ["2015", "2016-05", "2016-05-11", "2017-04-02", ""]
SOURCES = pd.DataFrame(
    [
        (f"{reliability}-{date or 'undated'}", reliability, date or None)
        for reliability in RELIABILITY
        for date in DATES
    ],
    columns=["source_id", "reliability", "published"],
)
DICTIONARY = pd.DataFrame(
    [("flow_series", "flow"), ("stock_series", "stock")], columns=["series", "measure"]
).assign(theme="trade", definition="Something", unit="units")
ROW = {
    "series": "flow_series",
    "stated_by": "BLR",
    "reporter": "BLR",
    "partner": "TKM",
    "period": "2016",
    "period_type": "calendar_year",
    "stated_on": None,
    "value": 1.0,
    "unit": "units",
    "qualifier": "exact",
    "bound": None,
    "product": None,
    "valuation": None,
    "source_id": "primary-2015",
    "note": None,
}


class Made(DataPackage):
    """A data package of given rows, without files."""

    pair = ("BLR", "TKM")
    folder = "made"

    def __init__(self, rows, choices=(), corrections=()):
        rows = [
            {**ROW, "observation_id": f"t{i:04d}", "statement_id": f"st-{i}", **row}
            for i, row in enumerate(rows)
        ]
        fields = ["observation_id", "set_aside"]
        fix = ["observation_id", "column", "as_stated", "as_meant"]
        self.frames = {
            "trade": pd.DataFrame(rows),
            "sources": SOURCES,
            "series": DICTIONARY,
            "choices": pd.DataFrame(choices, columns=fields, dtype="str"),
            "corrections": pd.DataFrame(corrections, columns=fix, dtype="str"),
        }
        self._frames = {}

    def tables(self):
        return list(self.frames)

    def observation_tables(self):
        return ["trade"]

    def load(self, table):
        return self.frames[table]


def settle(*rows, name="flow_series", **more):
    return p.series(name, data=Made(rows, **more))


ROWS = st.fixed_dictionaries(
    {
        "value": st.integers(1, 40).map(float),
        "qualifier": st.sampled_from(
            [*PRECISION, "planned", "target", "forecast", "capacity"]
        ),
        "source_id": st.sampled_from(list(SOURCES["source_id"])),
        "statement_id": st.sampled_from(["st-a", "st-b", "st-c", "st-d", "st-e"]),
        "when": st.sampled_from(
            [
                ("2015", "calendar_year"),
                ("2016", "calendar_year"),
                ("2016/2017", "academic_year"),
                ("2016-01..2016-09", "partial_year"),
                ("2009..2017", "range"),
                ("2016-05", "month"),
                ("2016-05-11", "date"),
                ("", "undated"),
            ]
        ),
    }
)


def rows_of(drawn):
    """Rows with ids that stay theirs when the order changes."""
    return [
        {
            **{key: row[key] for key in row if key != "when"},
            "observation_id": f"t{i:04d}",
            "period": row["when"][0],
            "period_type": row["when"][1],
        }
        for i, row in enumerate(drawn)
    ]


def outcome(rows, name="flow_series"):
    """The series, or the message of the error."""
    try:
        return settle(*rows, name=name)
    except p.DataError as error:
        return str(error).split(":")[0]


@settings(max_examples=150, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(drawn, random):
    rows = rows_of(drawn)
    shuffled = random.sample(rows, len(rows))
    first, second = outcome(rows), outcome(shuffled)
    if isinstance(first, str):
        assert isinstance(second, str)
    else:
        pd.testing.assert_frame_equal(first, second)


@settings(max_examples=150, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=9), st.sampled_from(list(DICTIONARY.series)))
def test_the_value_lies_within_the_spread_of_what_was_stated(drawn, name):
    frame = outcome([{**row, "series": name} for row in rows_of(drawn)], name)
    if isinstance(frame, str):
        return
    assert (frame["low"] <= frame["value"]).all()
    assert (frame["value"] <= frame["high"]).all()
    stated = {row["value"] for row in drawn}
    assert set(frame["low"]) | set(frame["value"]) | set(frame["high"]) <= stated
    assert (frame["n_independent"] <= frame["n_sources"] * 5).all()
    assert (frame["n_independent"] >= 1).all()


@settings(max_examples=150, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=9))
def test_no_plan_and_no_part_of_a_year_stands_for_a_year(drawn):
    rows = rows_of(drawn)
    frame = outcome(rows)
    if isinstance(frame, str):
        return
    by_id = {row["observation_id"]: row for row in rows}
    for observation_id in frame["observation_id"]:
        assert by_id[observation_id]["qualifier"] in OUTCOMES
        assert by_id[observation_id]["period_type"] in (
            "calendar_year",
            "academic_year",
        )


@settings(max_examples=100, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=9))
def test_more_witnesses_of_one_statement_change_no_count_of_statements(drawn):
    rows = rows_of(drawn)
    frame = outcome(rows)
    if isinstance(frame, str):
        return
    copies = [{**row, "observation_id": "u" + row["observation_id"]} for row in rows]
    doubled = outcome(rows + copies)
    assert list(doubled["n_independent"]) == list(frame["n_independent"])
    assert list(doubled["value"]) == list(frame["value"])


# Each step of the rule


def test_reliability_goes_before_precision():
    frame = settle(
        {"value": 5.0, "qualifier": "about", "source_id": "primary-2015"},
        {"value": 6.0, "qualifier": "exact", "source_id": "secondary-2017-04-02"},
    )
    assert frame.loc["2016", ["value", "low", "high"]].tolist() == [5, 5, 6]
    assert frame.loc["2016", "chosen_by"] == "reliability"


def test_precision_goes_before_the_date():
    frame = settle(
        {"value": 5.0, "qualifier": "exact", "source_id": "primary-2015"},
        {"value": 6.0, "qualifier": "about", "source_id": "primary-2017-04-02"},
    )
    assert frame.loc["2016", "value"] == 5
    assert frame.loc["2016", "chosen_by"] == "precision"


def test_the_later_publication_wins_and_an_undated_one_loses():
    frame = settle(
        {"value": 5.0, "source_id": "primary-2016-05"},
        {"value": 6.0, "source_id": "primary-2016-05-11"},
        {"value": 7.0, "source_id": "primary-undated"},
    )
    # A month counts as its last day, so it is later than a day within it.
    assert frame.loc["2016", "value"] == 5
    assert frame.loc["2016", "chosen_by"] == "publication"


def test_a_tie_is_an_error_that_a_choice_settles():
    rows = [{"value": 5.0}, {"value": 6.0}]
    with pytest.raises(p.DataError, match=r"t0000 and t0001.*choices\.csv"):
        settle(*rows)
    frame = settle(*rows, choices=[("t0001", None)])
    assert frame.loc["2016", ["value", "low", "high"]].tolist() == [6, 5, 6]
    assert frame.loc["2016", "chosen_by"] == "choice"


def test_equal_values_are_no_tie():
    frame = settle({"value": 5.0}, {"value": 5.0})
    assert frame.loc["2016", "chosen_by"] == "same value"
    assert frame.loc["2016", "n_independent"] == 2


def test_a_row_set_aside_enters_nothing():
    frame = settle({"value": 5.0}, {"value": 60.0}, choices=[("t0000", "t0001")])
    assert frame.loc["2016", ["value", "low", "high", "n_sources"]].tolist() == [
        5,
        5,
        5,
        1,
    ]


def test_of_copies_the_most_precise_speaks():
    frame = settle(
        {"value": 50.0, "qualifier": "about", "statement_id": "st-x"},
        {"value": 49.5, "source_id": "tertiary-2015", "statement_id": "st-x"},
    )
    assert frame.loc["2016", "value"] == 49.5
    assert frame.loc["2016", ["low", "high"]].tolist() == [49.5, 49.5]
    assert frame.loc["2016", "n_sources"] == 2
    assert frame.loc["2016", "n_independent"] == 1


def test_of_equal_copies_the_later_speaks():
    one = {"statement_id": "st-x"}
    frame = settle(
        {"value": 5.1, "source_id": "primary-2017-04-02", **one},
        {"value": 5.2, "source_id": "primary-2015", **one},
    )
    assert frame.loc["2016", ["value", "n_sources"]].tolist() == [5.1, 2]


def test_one_sided_figures_are_bounds():
    alone = settle({"value": 200.0, "qualifier": "more_than"})
    assert alone.loc["2016", "bound"] == "lower"
    assert alone.loc["2016", "open_high"] and not alone.loc["2016", "open_low"]
    # 237 is more than 200, so the bound does not widen the spread.
    agreeing = settle({"value": 200.0, "qualifier": "more_than"}, {"value": 237.0})
    assert agreeing.loc["2016", ["low", "high"]].tolist() == [237, 237]
    assert not agreeing.loc["2016", "open_high"]
    # 88 is not more than 90: the spread reaches the bound and stays open.
    against = settle({"value": 90.0, "qualifier": "more_than"}, {"value": 88.0})
    assert against.loc["2016", ["low", "high"]].tolist() == [88, 90]
    assert against.loc["2016", "open_high"]
    below = settle({"value": 80.0, "qualifier": "less_than"}, {"value": 88.0})
    assert below.loc["2016", ["low", "high"]].tolist() == [80, 88]
    assert below.loc["2016", "open_low"]
    at_the_bound = settle({"value": 88.0, "qualifier": "less_than"}, {"value": 88.0})
    assert at_the_bound.loc["2016", "open_low"]


def test_both_ends_of_a_span_are_the_spread():
    ends = [
        {"value": 30.0, "bound": "low", "statement_id": "st-x"},
        {"value": 40.0, "bound": "high", "statement_id": "st-x"},
    ]
    frame = settle(*ends)
    assert frame.loc["2016", ["value", "low", "high"]].tolist() == [30, 30, 40]
    assert frame.loc["2016", "bound"] == "lower"
    assert frame.loc["2016", "n_independent"] == 1


def test_corrections_come_first_and_are_told():
    fix = [("t0000", "value", "74172", "74.172")]
    frame = settle({"value": 74172.0}, corrections=fix)
    assert frame.loc["2016", "value"] == 74.172
    assert frame.loc["2016", "corrected"]
    with pytest.raises(p.DataError, match="has expired"):
        settle({"value": 74.172}, corrections=fix)


def test_a_stock_takes_dates_and_a_flow_does_not():
    row = {"period": "2014-06-12", "period_type": "date"}
    frame = settle({**row, "series": "stock_series"}, name="stock_series")
    assert list(frame.index) == ["2014-06-12"]
    with pytest.raises(p.DataError, match=r"no outcome.*exact date \(1\)"):
        settle(row)


def test_plans_alone_are_an_error_that_says_where_they_are():
    with pytest.raises(p.DataError, match=r"target undated \(1\).*outcomes_only=False"):
        settle({"qualifier": "target", "period": "", "period_type": "undated"})
    with pytest.raises(p.DataError, match=r"target calendar_year \(1\)"):
        settle({"qualifier": "target"})
    every = p.statements(
        "flow_series", data=Made([{"qualifier": "target"}]), outcomes_only=False
    )
    assert list(every["qualifier"]) == ["target"]


def test_both_directions_of_the_own_pair_are_two_possibilities():
    rows = [{}, {"reporter": "TKM", "partner": "BLR", "value": 2.0}]
    with pytest.raises(p.DataError, match="BLR–TKM, TKM–BLR"):
        settle(*rows)
    assert p.series("flow_series", "TKM", data=Made(rows)).loc["2016", "value"] == 2


def test_a_choice_chooses_the_row_that_it_names():
    rows = [
        {"value": 100.0, "qualifier": "about", "statement_id": "st-x"},
        {"value": 98.7, "statement_id": "st-x"},
        {"value": 90.0},
    ]
    frame = settle(*rows, choices=[("t0000", None)])
    assert frame.loc["2016", ["value", "chosen_by"]].tolist() == [100, "choice"]


def test_a_statement_ranks_by_the_copy_that_speaks_for_it():
    frame = settle(
        {"value": 100.0, "qualifier": "about", "statement_id": "st-x"},
        {"value": 93.0, "source_id": "tertiary-2015", "statement_id": "st-x"},
        {"value": 80.0, "qualifier": "about", "source_id": "secondary-2015"},
    )
    assert frame.loc["2016", "value"] == 80


def test_a_later_reprint_does_not_make_a_statement_later():
    frame = settle(
        {"value": 5.0, "source_id": "primary-2015", "statement_id": "st-x"},
        {"value": 4.0, "source_id": "primary-2016-05"},
        {
            "value": 5.0,
            "qualifier": "about",
            "source_id": "primary-2017-04-02",
            "statement_id": "st-x",
        },
    )
    assert frame.loc["2016", "value"] == 4


def test_opposite_bounds_of_one_value_do_not_agree():
    with pytest.raises(p.DataError, match="equal right"):
        settle({"qualifier": "more_than"}, {"qualifier": "less_than"})


def test_rows_set_aside_can_be_shown():
    made = Made([{"value": 5.0}, {"value": 60.0}], choices=[("t0000", "t0001")])
    assert len(p.statements("flow_series", data=made)) == 1
    assert len(p.statements("flow_series", data=made, with_set_aside=True)) == 2


def test_compare_says_what_it_needs():
    for names in ([], "goods_turnover"):
        with pytest.raises(p.DataError, match="needs a list"):
            p.compare(names)
    with pytest.raises(p.DataError, match="label of its own"):
        p.compare(["goods_turnover", "goods_turnover"])
    with pytest.raises(p.DataError, match="codes are written 'BLR'"):
        p.series("goods_turnover", "blr", "TKM")


def test_several_pairs_are_an_error_unless_one_is_the_packages_own():
    rows = [{"partner": "AZE"}, {"partner": "KAZ", "value": 2.0}]
    with pytest.raises(p.DataError, match="BLR–AZE, BLR–KAZ"):
        settle(*rows)
    assert settle(*rows, {"value": 3.0}).attrs["partner"] == "TKM"
    with pytest.raises(p.DataError, match="KAZ"):
        p.series("flow_series", partner="KZ", data=Made(rows))


ECONOMIES = pd.DataFrame({"iso3": ["BLR", "TKM", "KAZ", "AZE"]})
SPEAKERS = pd.DataFrame({"stated_by": ["BLR", "TKM", "IMF"]})


def sparse(*rows):
    data = Made([{}, *rows])
    data.frames |= {"countries": ECONOMIES, "speakers": SPEAKERS}
    return data


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("flow_series", {"partner": "KAZ"}),
        ("flow_series", {"reporter": "KAZ", "partner": "AZE"}),
        ("flow_series", {"stated_by": "IMF"}),
        ("stock_series", {}),
        ("flow_series", {"partner": "KAZ", "each": "stated_by"}),
    ],
)
def test_what_is_not_recorded_can_be_an_empty_frame(name, asked):
    data = sparse()
    with pytest.raises(p.DataError):
        p.series(name, data=data, **asked)
    full = p.series("flow_series", data=data, each=asked.get("each"))
    found = p.series(name, data=data, missing="empty", **asked)
    assert len(found) == 0 < len(full)
    assert found.index.names == full.index.names
    assert found.dtypes.to_dict() == full.dtypes.to_dict()
    assert list(found.attrs) == list(full.attrs)
    sides = {"reporter": "BLR", "partner": "TKM"} | asked
    assert all(found.attrs[side] == sides[side] for side in ("reporter", "partner"))
    assert found.attrs["unit"] == DICTIONARY.set_index("series").at[name, "unit"]


def test_plans_alone_are_no_value():
    data = sparse({"partner": "KAZ", "qualifier": "planned"})
    with pytest.raises(p.DataError, match="has no outcome"):
        p.series("flow_series", partner="KAZ", data=data)
    assert p.series("flow_series", partner="KAZ", data=data, missing="empty").empty


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"partner": "KZA"}, "KZA"),
        ({"partner": "tkm"}, "codes are written"),
        ({"stated_by": "NOBODY"}, "NOBODY"),
        ({"maker": "XX"}, "dimension"),
        ({"name": "flow_seris"}, "flow_series"),
        ({"missing": "nothing"}, "word for missing"),
    ],
)
def test_a_mistake_is_an_error_where_missing_is_none(asked, said):
    asked = {"name": "flow_series", "missing": "empty"} | asked
    with pytest.raises(p.DataError, match=said):
        p.series(data=sparse(), **asked)


def test_fob_and_cif_never_mix():
    rows = [{"valuation": "fob"}, {"valuation": "cif", "period": "2017"}]
    with pytest.raises(p.DataError, match=r"\['cif', 'fob'\]"):
        settle(*rows)
    frame = p.series("flow_series", valuation="cif", data=Made(rows))
    assert frame.attrs["valuation"] == "c.i.f."


# Several at once


EACH = [
    {"partner": "TKM", "value": 1.0},
    {"partner": "KAZ", "value": 2.0},
    {"partner": "KAZ", "period": "2015", "value": 3.0, "source_id": "tertiary-2015"},
    {"partner": "KAZ", "period": "2015", "value": 4.0},
    {"partner": "RUS", "product": "cars", "value": 5.0},
    {"partner": "RUS", "product": "tyres", "value": 6.0},
]


def test_each_gives_a_second_level_of_the_index():
    made = Made(EACH)
    frame = p.series("flow_series", each="partner", data=made)
    assert frame.index.names == ["period", "partner"]
    assert frame.value.to_dict() == {
        ("2015", "KAZ"): 4.0,
        ("2016", "KAZ"): 2.0,
        ("2016", "TKM"): 1.0,
    }
    assert frame.loc[("2015", "KAZ"), ["low", "high"]].tolist() == [3.0, 4.0]
    assert frame.value.unstack().loc["2016", "TKM"] == 1.0
    assert frame.attrs["title"] == "Something, BLR–each partner"
    alone = p.series("flow_series", partner="KAZ", data=made)
    pd.testing.assert_frame_equal(frame.xs("KAZ", level="partner"), alone)
    # The rows about the whole are left out of products: a sum would count them twice.
    goods = p.series("flow_series", partner="RUS", each="product", data=made)
    assert goods.value.to_dict() == {("2016", "cars"): 5.0, ("2016", "tyres"): 6.0}
    told = p.statements("flow_series", each="partner", data=made)
    assert told.value["2015", "KAZ"].tolist() == [3.0, 4.0]
    assert told.loc["2016"].index.tolist() == ["TKM", "KAZ"]


def test_one_statement_of_several_hosts_is_told_of_each():
    rows = [{"reporter": host, "statement_id": "st-x"} for host in ("BLR", "KAZ")]
    told = p.statements("flow_series", each="reporter", data=Made(rows))
    assert told.index.tolist() == [("2016", "BLR"), ("2016", "KAZ")]


def test_a_part_of_a_year_is_refused_where_whole_years_are_needed():
    part = {"period": "2017", "period_type": "partial_year"}
    rows = [{}, part, {"period": "2018"}, {**part, "period": "2018", "value": 2.0}]
    for each in (None, "stated_by"):
        told = p.statements(
            "flow_series", outcomes_only=False, each=each, data=Made(rows)
        )
        assert told.attrs["partial"] == ["2017"]
        value = told.value.droplevel(1) if each else told.value
        with pytest.raises(ValueError, match="found '2017', of which a part is meant"):
            checks.yearly(value.iloc[:2])
        assert checks.yearly(value.iloc[:1]).index.tolist() == [2016]
    whole = told[told["period_type"] == "calendar_year"].value.droplevel(1)
    assert checks.yearly(whole).index.tolist() == [2016, 2018]


def test_each_asks_for_one_of_all_the_rest():
    two = Made([*EACH, {"reporter": "TKM", "partner": "KAZ"}])
    with pytest.raises(
        p.DataError, match="several values of reporter; name one: 'BLR'"
    ):
        p.series("flow_series", each="partner", data=two)
    with pytest.raises(
        p.DataError, match="several values of product; name one: 'cars'"
    ):
        p.series("flow_series", partner="RUS", data=two)
    with pytest.raises(p.DataError, match="unknown each of flow_series 'maker'"):
        p.series("flow_series", each="maker", data=two)
    with pytest.raises(p.DataError, match="flow_series names no product"):
        p.series("flow_series", partner="TKM", each="product", data=two)
    tie = Made([*EACH, {"partner": "TKM", "value": 9.0}])
    with pytest.raises(p.DataError, match="t0000 and t0006"):
        p.series("flow_series", each="partner", data=tie)


def test_a_tie_is_an_error_only_where_it_is_asked_for():
    rows = [{"value": 5.0}, {"value": 6.0, "stated_by": "TKM"}]
    assert p.series("flow_series", stated_by="TKM", data=Made(rows)).value.item() == 6
    with pytest.raises(p.DataError, match="equal right"):
        settle(*rows)


@pytest.mark.parametrize("name", [None, 7, ["goods_turnover"], {}])
def test_names_of_another_kind_are_unknown(name):
    with pytest.raises(p.DataError, match="unknown series"):
        p.series(name)
    with pytest.raises(p.DataError, match="unknown table"):
        p.load(name)
    for side in ("reporter", "partner", "stated_by"):
        if name is not None:
            with pytest.raises(p.DataError, match=f"unknown {side} of flow_series"):
                p.series("flow_series", data=Made(EACH), **{side: name})


def test_a_series_without_rows_is_an_error():
    with pytest.raises(p.DataError, match="stock_series has no row in the table trade"):
        p.series("stock_series", data=Made(EACH))


def test_everything_set_aside_is_an_error():
    made = Made(EACH[:1], choices=[("t0009", "t0000")])
    with pytest.raises(p.DataError, match="its rows are set aside"):
        p.series("flow_series", data=made)
    assert len(p.statements("flow_series", outcomes_only=False, data=made)) == 0


# Real cases


@pytest.fixture(scope="module")
def turnover():
    return p.series("goods_turnover")


def test_goods_turnover_2007(turnover):
    year = turnover.loc["2007"]
    # 87.9 (embassy) and "more than 90" (a deputy prime minister) contradict each other.
    assert year[["value", "low", "high"]].tolist() == [87.9, 87.9, 90.0]
    assert year["open_high"]
    assert year["n_independent"] == 2


def test_goods_turnover_2008(turnover):
    year = turnover.loc["2008"]
    # "50" in an interview is the embassy's 49.5, rounded: one witness.
    assert year[["value", "low", "high"]].tolist() == [49.5, 49.5, 49.5]
    assert (year["n_sources"], year["n_independent"]) == (2, 1)


def test_goods_turnover_2009_is_read_through_the_correction():
    told = p.statements("goods_turnover").set_index("observation_id")
    assert told.loc["t0792", "value"] == 74.172
    assert told.loc["t0792", "corrected"]
    stated = p.load("trade").set_index("observation_id")
    assert stated.loc["t0792", "value"] == 74172


def test_goods_turnover_2011(turnover):
    year = turnover.loc["2011"]
    # Both sides speak: 237.2 in Minsk, 238.1 by the Turkmen ambassador.
    assert year[["value", "low", "high"]].tolist() == [237.2, 237.2, 238.1]
    assert year["chosen_by"] == "publication"


def test_goods_turnover_2013(turnover):
    year = turnover.loc["2013"]
    assert year[["value", "low", "high"]].tolist() == [319.0, 319.0, 319.0]
    assert (year["n_sources"], year["n_independent"]) == (4, 1)


def test_goods_turnover_2016(turnover):
    year = turnover.loc["2016"]
    # "More than 112" is true of 120.6: a bound, no second point.
    assert year[["value", "low", "high"]].tolist() == [120.6, 120.6, 120.6]
    assert year["n_independent"] == 2


def test_goods_turnover_has_gaps_and_no_parts_of_years(turnover):
    assert turnover.loc["2017", "value"] == 65
    assert "2019" not in turnover.index
    assert (turnover["period_type"] == "calendar_year").all()
    assert turnover.attrs["unit"] == "USD_million"
    assert "2022" not in turnover.index


def test_the_presidents_300_of_a_day_is_no_year():
    both = p.series("goods_and_services_turnover")
    assert "2017-03-30" not in set(both.index)
    every = p.statements("goods_and_services_turnover", outcomes_only=False)
    assert "2017-03-30" in set(every.index)


def test_the_two_belstat_counts_of_students_stay_apart():
    both = p.compare(
        [
            "students_higher_education_belstat",
            "students_higher_education_belstat_with_masters",
        ]
    )
    year = both.loc["2018/2019"].set_index("series")["value"]
    assert year.to_dict() == {
        "students_higher_education_belstat": 7749,
        "students_higher_education_belstat_with_masters": 7965,
    }


def test_compare_refuses_different_units():
    with pytest.raises(p.DataError, match="different units"):
        p.compare(["goods_turnover", "goods_turnover_growth_percent"])


def test_deliveries_never_mix_kinds_of_machines():
    with pytest.raises(p.DataError, match=r"several values of (maker|machine)"):
        p.series("deliveries_units")
    every = p.statements(
        "deliveries_units", maker="MTZ", machine="tractor", outcomes_only=False
    )
    assert set(every["machine"]) == {"tractor"}
    assert set(every["maker"]) == {"MTZ"}


def test_fleet_of_2014_is_told_by_maker():
    mtz = p.statements("fleet_units", "TKM", maker="MTZ", outcomes_only=False)
    assert 5000 in set(mtz[mtz.index.str.startswith("2014")]["value"])
    assert set(mtz["maker"]) == {"MTZ"}


def test_statements_count_a_repeated_one_once():
    told = p.statements("goods_turnover")
    year = told.loc[["2013"]]
    assert len(year) == 1
    assert len(year["source_ids"].iloc[0].split(";")) == 4


def test_every_series_that_has_outcomes_can_be_read():
    """No tie is left anywhere: every key of every series settles."""
    dimensions = ["maker", "machine", "institution", "product", "item"]
    failed = []
    for table in default().observation_tables():
        rows = p.load(table).fillna(dict.fromkeys(dimensions, ""))
        key = ["series", "reporter", "partner"]
        key += [name for name in dimensions if name in rows]
        if "valuation" in rows:
            rows["valuation"] = rows["valuation"].fillna("unstated")
        for values, group in rows.groupby(key):
            ask = dict(zip(key, values, strict=True))
            name = ask.pop("series")
            for valuation in sorted(set(group.get("valuation", [None]))):
                if valuation in ("fob", "cif"):
                    ask["valuation"] = valuation
                try:
                    p.series(name, **ask)
                except p.DataError as error:
                    if "no outcome" not in str(error):
                        failed.append(str(error))
    assert not failed, failed


FLOWS = [
    {"exporter": "AAA", "importer": "BBB", "year": "2013", "value": "315749.406"},
    {"exporter": "AAA", "importer": "BBB", "year": "2015", "value": "0.001"},
    {"exporter": "BBB", "importer": "CCC", "year": "2013", "value": "7"},
]
VIEWED = {"series": "goods_exports_reconciled", "theme": "trade_world"}
VIEWED |= {"definition": "Exports", "unit": "USD_thousand", "measure": "flow"}
MAKER = {"source_id": "ctx-baci-2000-2020", "reliability": "secondary"}


@pytest.fixture
def viewed(package):
    return package(trade_world=FLOWS, series=[VIEWED], sources=[MAKER])


def test_a_table_of_flows_is_viewed_as_a_series(viewed):
    found = p.series("goods_exports_reconciled", "AAA", "BBB", data=viewed)
    assert found.value.to_dict() == {"2013": 315749.406, "2015": 0.001}
    assert found.observation_id.tolist() == ["AAA-BBB-2013", "AAA-BBB-2015"]
    about = {"unit": "USD_thousand", "valuation": "f.o.b.", "table": "trade_world"}
    assert about.items() <= found.attrs.items()
    assert viewed.sources(found).index.tolist() == ["ctx-baci-2000-2020"]
    said = p.statements("goods_exports_reconciled", data=viewed)
    assert set(said.stated_by) == {"CEPII"} and set(said.qualifier) == {"modelled"}
    each = {"data": viewed, "each": "partner"}
    wide = p.series("goods_exports_reconciled", "BBB", **each).value
    assert wide.to_dict() == {("2013", "CCC"): 7}


@pytest.mark.parametrize(
    ("sides", "message"),
    [
        (("AAB", "BBB"), "unknown reporter of goods_exports_reconciled 'AAB'; did you"),
        (("BBB", "AAA"), "unknown partner of goods_exports_reconciled 'AAA'"),
        (("AAA", "CCC"), "no flow recorded between AAA and CCC in this order"),
    ],
)
def test_what_a_view_does_not_have(viewed, sides, message):
    with pytest.raises(p.DataError, match=message):
        p.series("goods_exports_reconciled", *sides, data=viewed)


def test_the_trade_of_the_world_is_not_read_before_it_is_asked_for(package):
    made = package(shipped=True)
    (made.path / "trade_world.csv.gz").unlink()
    assert len(p.series("goods_turnover", data=made))
    with pytest.raises(p.DataError, match=r"trade_world\.csv\.gz: file is missing"):
        p.series("goods_exports_reconciled", "BLR", "TKM", data=made)
