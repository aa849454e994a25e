"""The rule language: comparisons, combinations, caveats, and statements judged."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import partnership as p
from invented import claim, rule
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
        near = court(value=100, found=[104], tolerance=10)
        assert verdicts.verdict("c01", data=near, factor=0.5).verdict == "supported"
        assert verdicts.verdict("c01", data=near, factor=0.3).verdict == "understated"

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


def test_findings_and_reasons_word_for_word(court):
    def judged(found, said=None, rules=(), **how):
        data = court(found=found, **how)
        if said or rules:
            claims = [claim("c01", "01_trade", **NUMBER | (said or {}))]
            rows = [rule(1, "c01", **RULE)] + [
                rule(n, "c01", **RULE | one) for n, one in enumerate(rules, 2)
            ]
            tables = {"claims": claims, "claim_rules": rows}
            data = court(found=found, tables=tables, **how)
        return verdicts.verdict("c01", data=data)

    one = judged([108])
    (found,) = one.findings
    assert found.text == "108 at work (2010)" and math.isnan(found.probability)
    assert (found.role, found.label, found.value) == ("main", "at work", 108)
    assert (found.outcome, found.fits, found.independent) == ("within", True, 1)
    assert found.source_ids == ("s-2010",)
    assert (one.claim_id, one.as_of, one.caveats) == ("c01", "2015-12-31", ())
    assert one.source_ids == ("s-2010",) and math.isnan(one.probability)
    none = judged([])
    assert (none.verdict, none.findings[0].role) == ("not_checkable", "main")
    assert none.findings[0].label == "at work" and none.findings[0].text == ""
    reasons = [
        judged(*given).reason.removeprefix("The report says ").split("; ")
        for given in (
            ([],),
            ([1234.5],),
            ([12.34],),
            ([100], {"comparison": "at_least"}),
            ([100], {"comparison": "at_most", "unit_words": ""}),
            ([100], {"comparison": "equals"}),
            ([100], {"comparison": "record_high"}),
            ([2010], {"unit": "year", "value": "2010", "unit_words": "on"}),
            ([100], {}, [{"role": "definition", "label": "sold", "period": "2009"}]),
            ([100], {}, [{"compare_as": "c01", "label": "it"}]),
            ([500], {}, [{"compare_as": "c01", "label": "it"}]),
            ([500], {}, [{"label": "as well"}]),
        )
    ]
    assert reasons == [
        ["about 100 machines", "nothing on it was known by 2015-12-31."],
        ["about 100 machines", "the records give 1,234 at work (2010)."],
        ["about 100 machines", "the records give 12.3 at work (2010)."],
        ["at least 100 machines", "the records give 100 at work (2010)."],
        ["at most 100", "the records give 100 at work (2010)."],
        ["100 machines", "the records give 100 at work (2010)."],
        ["a record of 100 machines", "nothing on it was known by 2015-12-31."],
        ["about 2010 on", "the records give 2,010 at work (2010)."],
        ["about 100 machines", "the records give 100 at work (2010), 100 sold (2010)."],
        [
            "about 100 machines",
            "the records give 100 at work (2010), also the about 100 machines of it.",
        ],
        [
            "about 100 machines",
            "the records give 500 at work (2010), not the about 100 machines of it.",
        ],
        [
            "about 100 machines",
            "the records give 500 at work (2010), 500 as well (2010).",
        ],
    ]
    for qualifier, sign in (("more_than", "more than "), ("less_than", "less than ")):
        text = judged([100], qualifier=qualifier).findings[0].text
        assert text == f"{sign}100 at work (2010)"


NUMBER = {"value": "100", "unit": "units", "unit_words": "machines"}
NUMBER |= {"comparison": "about", "tolerance_percent": "10"}
RULE = {"input": "series", "name": "fleet_units", "select": "nearest"}
RULE |= {"where": "reporter=AAA;partner=BBB", "period": "2010-06-30"}
RULE |= {"within_months": "12", "label": "at work"}


def test_caveats_stand_in_the_reason(court):
    judged = verdicts.verdict("c01", data=court([106], tests=["witnesses", "boundary"]))
    assert judged.caveats == ("witnesses", "boundary")
    assert judged.reason == (
        "The report says about 100 machines; the records give 106 at work (2010); it "
        "rests on one witness; it no longer holds at half the tolerance."
    )
    for wrong in ("c00", None):
        with pytest.raises(ValueError, match="claim_id: found"):
            verdicts.verdict(wrong, data=court())
    for factor in (-1, math.nan):
        with pytest.raises(ValueError, match="factor: found"):
            verdicts.verdict("c01", data=court(), factor=factor)
    with pytest.raises(ValueError, match="comparison: found 'like'; allowed are about"):
        compare("like", 1, 1)


def test_days_of_a_stated_verdict(court):
    data = court(tables={"evidence": []})
    assert verdicts.verdict("c02", data=data).reason == (
        "No evidence on it was known by 2015-12-31."
    )
    context = {"evidence_id": "ce001", "claim_id": "c02", "stance": "context"}
    context |= {"known_by": "2009-12", "source_ids": "s-2009"}
    judged = verdicts.verdict("c02", data=court(tables={"evidence": [context]}))
    assert (judged.verdict, judged.source_ids) == ("not_checkable", ("s-2009",))
    assert judged.reason == "No evidence on it was known by 2015-12-31."
