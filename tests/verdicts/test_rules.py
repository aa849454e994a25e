"""The rule language: comparisons, combinations, caveats, and statements judged."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import partnership as p
from partnership import verdicts
from partnership.verdicts.rules import OUTCOMES, SCALE, Finding, combine, compare


class TestCompare:
    # The number said is 100 and the tolerance 10 percent: limits 90 and 110.
    @pytest.mark.parametrize(
        ("comparison", "found", "verdict"),
        [
            ("about", 89, "overstated"),
            ("about", 90, "supported"),
            ("about", 110, "supported"),
            ("about", 111, "understated"),
            ("equals", 89, "contradicted"),
            ("equals", 100, "supported"),
            ("equals", 111, "contradicted"),
            ("at_least", 89, "overstated"),
            ("at_least", 91, "supported"),
            ("at_least", 500, "supported"),
            ("at_most", 5, "supported"),
            ("at_most", 109, "supported"),
            ("at_most", 111, "understated"),
        ],
    )
    def test_each_comparison_on_worked_numbers(self, comparison, found, verdict):
        assert SCALE[comparison][compare(comparison, found, 100, 10)] == verdict

    @pytest.mark.parametrize(
        ("earlier", "level", "verdict"),
        [
            (80, 100, "supported"),
            (109, 100, "supported"),
            (110, 100, "contradicted"),  # a tie at the limit is no record
            (150, None, "contradicted"),
            (80, 89, "overstated"),  # no earlier year is higher, the level is short
            (80, None, "not_checkable"),
        ],
    )
    def test_a_record_needs_its_level_and_no_earlier_peak(
        self, earlier, level, verdict
    ):
        outcome = compare("record_high", earlier, 100, 10, level=level)
        assert SCALE["record_high"][outcome] == verdict

    @pytest.mark.parametrize(
        ("comparison", "found", "side", "outcome"),
        [
            ("about", 50, "more", "unknown"),
            ("about", 111, "more", "above"),
            ("about", 150, "less", "unknown"),
            ("about", 50, "less", "below"),
            ("at_least", 95, "more", "within"),
            ("at_least", 50, "more", "unknown"),
            ("at_most", 95, "less", "within"),
            ("at_most", 95, "more", "unknown"),
            ("record_high", 120, "more", "above"),
            ("record_high", 120, "less", "unknown"),
        ],
    )
    def test_a_bound_decides_only_what_it_can(self, comparison, found, side, outcome):
        assert compare(comparison, found, 100, 10, level=100, **{side: True}) == outcome

    def test_the_table_is_total(self):
        rules = p.describe("claims").at["comparison", "allowed"]
        assert set(SCALE) == set(rules.split(", "))
        for row in SCALE.values():
            assert set(row) == set(OUTCOMES)
            assert set(row.values()) <= set(verdicts.VERDICTS)
            assert row["unknown"] == "not_checkable"

    @given(
        st.sampled_from(sorted(SCALE)),
        st.floats(0, 1e6),
        st.floats(1, 1e6),
        st.floats(0, 90),
        st.one_of(st.none(), st.floats(0, 1e6)),
    )
    def test_every_comparison_has_an_outcome(self, how, found, said, tolerance, level):
        assert compare(how, found, said, tolerance, level=level) in OUTCOMES

    @given(st.floats(1, 1e6), st.floats(1, 1e6), st.floats(0, 40))
    def test_a_wider_tolerance_never_loses_a_fit(self, found, said, tolerance):
        if compare("about", found, said, tolerance) == "within":
            assert compare("about", found, said, 2 * tolerance) == "within"

    def test_nothing_found_is_unknown(self):
        assert compare("equals", math.nan, 5) == "unknown"

    def test_errors_name_the_argument(self):
        with pytest.raises(ValueError, match="comparison: found 'near'; allowed are"):
            compare("near", 1, 1)
        for bad in (-1, math.nan):
            with pytest.raises(ValueError, match="tolerance: found"):
                compare("about", 1, 1, bad)


def finding(role, fits, outcome=None):
    state = {True: "within", False: "below", None: "unknown"}
    return Finding(role, "", 1.0, outcome or state[fits], fits)


class TestCombine:
    @pytest.mark.parametrize(
        ("main", "other", "how", "verdict"),
        [
            ([True], [], "all", "supported"),
            ([True, True], [True], "any", "supported"),
            ([True, False], [], "any", "supported_with_caveat"),
            ([True, False], [], "all", "overstated"),
            ([False, False], [], "any", "overstated"),
            ([True], [False], "all", "supported_with_caveat"),
            ([False], [True], "all", "supported_with_caveat"),
            ([False], [False], "all", "overstated"),
            ([None, True], [None], "any", "supported"),
            ([None], [True], "any", "not_checkable"),
            ([], [], "any", "not_checkable"),
        ],
    )
    def test_inputs_and_other_definitions(self, main, other, how, verdict):
        found = [finding("main", fits) for fits in main]
        found += [finding("definition", fits) for fits in other]
        result, caveats = combine(found, "about", how)
        assert result == verdict
        assert caveats == (("definition",) if "caveat" in verdict else ())

    def test_the_first_input_that_fails_names_the_verdict(self):
        found = [finding("main", False, "above"), finding("main", False, "below")]
        assert combine(found, "about")[0] == "understated"
        assert combine(found[::-1], "about")[0] == "overstated"


class TestVerdict:
    def test_number_tolerance_and_words_come_from_the_tables(self, court):
        judged = verdicts.verdict("c01", data=court(value=100, found=[108]))
        assert (judged.verdict, judged.kind) == ("supported", "computed")
        assert judged.reason == (
            "The report says about 100 machines; the records give 108 at work (2010)."
        )
        data = court(value=100, found=[108], tolerance=5)
        assert verdicts.verdict("c01", data=data).verdict == "understated"
        assert verdicts.verdict("c01", data=data, factor=2).verdict == "supported"

    def test_one_witness_is_a_caveat(self, court):
        judged = verdicts.verdict("c01", data=court(found=[100], tests=["witnesses"]))
        assert judged.caveats == ("witnesses",)
        assert judged.reason.endswith("; it rests on one witness.")
        data = court(found=[100, 100], tests=["witnesses"])
        assert verdicts.verdict("c01", data=data).verdict == "supported"

    def test_a_boundary_case_is_a_caveat(self, court):
        # 6 percent off: inside of 10, outside of 5
        judged = verdicts.verdict("c01", data=court(found=[106], tests=["boundary"]))
        assert (judged.verdict, judged.caveats) == (
            "supported_with_caveat",
            ("boundary",),
        )
        data = court(found=[104], tests=["boundary"])
        assert verdicts.verdict("c01", data=data).verdict == "supported"

    def test_more_than_is_a_number_near_it_unless_read_as_a_bound(self, court):
        data = court(found=[50], qualifier="more_than")
        judged = verdicts.verdict("c01", data=data)
        assert judged.verdict == "overstated" and "more than 50" in judged.reason
        judged = verdicts.verdict("c01", data=data, strict=True)
        assert judged.verdict == "not_checkable"

    def test_a_stated_verdict_stands_from_its_day_and_needs_evidence(self, court):
        data = court(found=[100])
        at = {day: verdicts.verdict("c02", day, data=data) for day in ("2009", "2010")}
        assert at["2009"].verdict == at["2010"].verdict == "not_checkable"
        assert at["2009"].reason == "Nothing on it was known by 2009."
        assert at["2010"].reason == "Too early."
        judged = verdicts.verdict("c02", data=data)
        assert (judged.verdict, judged.reason) == ("supported", "It is so.")
        assert (judged.kind, judged.source_ids) == ("stated", ("s-2009",))
        judged = verdicts.verdict("c02", data=data, primary_only=True)
        assert judged.reason == "No source of the kind asked for is left."
        # What is known now stands from the day of the data, and what was until then.
        days = {"2015-12-30": "Too early.", "2015-12-31": "It is so."}
        for day, reason in days.items():
            assert verdicts.verdict("c02", day, data=data).reason == reason

    def test_unknown_arguments_are_named(self, court):
        data = court(found=[100])
        with pytest.raises(ValueError, match="claim_id: found 'c99'; allowed are c01"):
            verdicts.verdict("c99", data=data)
        with pytest.raises(ValueError, match="as_of: found '3 May'; allowed is a date"):
            verdicts.verdict("c01", "3 May", data=data)
        with pytest.raises(ValueError, match="factor: found -1"):
            verdicts.verdict("c01", data=data, factor=-1)
