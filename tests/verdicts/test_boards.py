"""The board, what moves it, and its picture."""

import pandas as pd
import pytest

from invented import claim, written
from partnership import charts, verdicts
from partnership.evidence.faults import DataError
from partnership.evidence.package import DataPackage
from pictures import canvas


def test_a_board_has_a_row_a_statement_and_links(court):
    board = verdicts.board(data=court(found=[100]))
    assert board["verdict"].to_dict() == {"c01": "supported", "c02": "supported"}
    assert board["section"].tolist() == [
        "03_machinery.ipynb#How-many-are-at-work?",
        "01_trade.ipynb",
    ]
    assert board.attrs["source_id"] == "s-report"


def test_a_link_from_the_data_cannot_leave_its_place(court):
    bad = claim("c01", "01_trade#A) <b>[x](y)", is_quantitative="false")
    data = court(tables={"claims": [bad], "claim_rules": []})
    (link,) = verdicts.board(data=data)["section"]
    assert not set("<>()[] ") & set(link)


@pytest.mark.parametrize("day", ["1990", "2005-01-01", "2009-11-30", None])
def test_before_the_evidence_and_without_any_nothing_is_checkable(court, day):
    data = court(found=[100])
    if day is None:
        data = court(tables={"evidence": []})
    board = verdicts.board(day, data=data)
    assert board["verdict"].tolist() == ["not_checkable"] * 2
    assert (board["source_ids"] == "").all()
    shown = "No evidence on it" if day is None else "Nothing on it"
    assert board.at["c02", "reason"].startswith(shown)
    table = verdicts.counts(board)
    assert table.to_numpy().tolist() == [[1], [1]]


def test_a_package_without_statements_has_an_empty_board(package):
    data = package(about={"report": None})
    assert verdicts.both(data).empty and verdicts.sensitivity(data=data).empty
    assert verdicts.counts(verdicts.board(data=data)).empty
    assert verdicts.to_markdown(data).count("\n") == 2
    assert '"@graph": []' in verdicts.to_jsonld(data=data)


def test_one_board_reads_each_table_once_and_a_second_none(court, monkeypatch):
    read, data = [], court(found=[100], tests=["witnesses"])
    old = DataPackage._read

    def reading(self, table):
        read.append(table)
        return old(self, table)

    monkeypatch.setattr(DataPackage, "_read", reading)
    verdicts.board("2010-06-30", data=data)
    assert len(read) == len(set(read)) > 5
    read.clear()
    verdicts.sensitivity("2010-06-30", data=data)
    verdicts.sensitivity(data=data)
    assert read == []


def test_counts_follow_the_notebooks_and_the_scale(court):
    table = verdicts.counts(verdicts.board(data=court(found=[50])))
    assert table.index.tolist() == ["trade", "machinery"]
    assert table.columns.tolist() == ["supported", "overstated"]


@pytest.mark.parametrize(
    ("parts", "decides"),
    [
        (["supported", "contradicted", "overstated"], "contradicted"),
        (["supported_with_caveat", "supported"], "supported_with_caveat"),
        (["not_checkable", "supported"], "supported"),
        (["not_checkable", "not_checkable"], "not_checkable"),
    ],
)
def test_a_sentence_is_as_good_as_its_weakest_part(parts, decides):
    frame = pd.DataFrame({"verdict": [*parts, "supported"]})
    frame["sentence"] = ["s01"] * len(parts) + ["s02"]
    kept = verdicts.by_sentence(frame)
    assert kept["verdict"].tolist() == [decides, "supported"]


def test_both_tenses_are_words(court):
    both = verdicts.both(court(found=[100]))
    assert both["then"].tolist() == ["supported", "not checkable"]
    assert both["now"].tolist() == ["supported", "supported"]
    assert both.at["c02", "then_reason"] == "Too early."
    assert both["still"].tolist() == ["not known", "no"]
    assert both.at["c01", "still_reason"] == "It ended."


def test_sensitivity_names_what_changes(court):
    changes = verdicts.sensitivity(data=court(found=[85], qualifier="more_than"))
    found = changes.set_index(["variant", "claim_id"])
    assert found["becomes"].to_dict() == {
        ("tolerance doubled", "c01"): "supported",
        ("primary sources only", "c02"): "not_checkable",
        ("more than taken as a bound", "c01"): "not_checkable",
    }
    assert found.loc[("tolerance doubled", "c01"), "verdict"] == "overstated"


def test_each_statement_is_one_tile_in_its_column(court):
    frame = verdicts.board(data=court(found=[50]))
    ax = canvas("A board of two statements by their verdict", "Statements")
    verdicts.draw_board(ax, frame, changed=["c01"])
    tiles = {tile.get_gid(): tile for tile in ax.patches}
    assert {name: int(tile.get_x()) for name, tile in tiles.items()} == {
        "c01": 1,
        "c02": 0,
    }
    words = pd.Series([(text.get_gid(), text.get_text()) for text in ax.texts])
    assert ("mark", "c01") in set(words) and ("head", "overstated\n1") in set(words)
    assert tiles["c01"].get_linewidth() > tiles["c02"].get_linewidth()
    assert charts.sources(ax) == ["s-report"]


def test_the_numbers_that_head_the_pages_stand_in_their_order(court):
    frame = verdicts.both(court(found=[50])).assign(headline=[2, 1])
    ax = canvas("Two numbers and what became of them", "Statements")
    verdicts.draw_numbers(ax, frame)
    said = [text.get_text() for text in ax.texts if text.get_gid() == "said"]
    assert said == ["c02", "c01"]
    tiles = [tile.get_gid() for tile in ax.patches]
    assert tiles == ["c02", "c02", "c01", "c01"]
    records = [text.get_text() for text in ax.texts if text.get_gid() == "records"]
    assert records == [
        "It is so.\nStill so? no: It ended.",
        "50 at work (2010).\nStill so? not known: It ended.",
    ]


def test_a_board_cell_for_cell(court):
    board = verdicts.board(data=court(found=[50]))
    assert (
        written(board)
        == """\
claim_id:text | theme:text, statement:text, speaker:text, mark:text, sentence:text,
  question:text, headline:Int64, verdict:text, reason:text, kind:text, as_of:text,
  probability:float64, section:text, source_ids:text
c01 | machinery, Statement c01., report narrator, c01, s01, was_so, <NA>,
  overstated, The report says about 100 machines; the records give 50 at work
  (2010)., computed, 2015-12-31, nan, 03_machinery.ipynb#How-many-are-at-work?,
  s-2010
c02 | trade, Statement c02., report narrator, c02, s02, was_so, <NA>, supported, It
  is so., stated, 2015-12-31, nan, 01_trade.ipynb, s-2009
"""
    )
    assert (
        written(verdicts.both(court(found=[50])).iloc[:, 7:])
        == """\
claim_id:text | verdict:text, reason:text, kind:text, as_of:text,
  probability:float64, section:text, source_ids:text, then:text, now:text,
  then_reason:text, still:text, still_reason:text
c01 | overstated, The report says about 100 machines; the records give 50 at work
  (2010)., computed, 2015-12-31, nan, 03_machinery.ipynb#How-many-are-at-work?,
  s-2010, overstated, overstated, The report says about 100 machines; the records
  give 50 at work (2010)., not known, It ended.
c02 | supported, It is so., stated, 2015-12-31, nan, 01_trade.ipynb, s-2009, not
  checkable, supported, Too early., no, It ended.
"""
    )
    assert (
        written(verdicts.counts(board))
        == """\
theme:text | supported:int64, overstated:int64 by verdict
trade | 1, 0
machinery | 0, 1
"""
    )
    changes = verdicts.sensitivity(data=court(found=[85], qualifier="more_than"))
    assert (
        written(changes)
        == """\
None:int64 | variant:text, claim_id:text, kind:text, verdict:text, becomes:text
0 | tolerance doubled, c01, computed, overstated, supported
1 | primary sources only, c02, stated, supported, not_checkable
2 | more than taken as a bound, c01, computed, overstated, not_checkable
"""
    )
    early = verdicts.sensitivity("2010-06-30", data=court(found=[85]))
    assert (
        written(early)
        == """\
None:int64 | variant:text, claim_id:text, kind:text, verdict:text, becomes:text
0 | tolerance doubled, c01, computed, overstated, supported
"""
    )


def test_the_weakest_part_of_each_kind():
    scale = [*verdicts.VERDICTS]
    pairs = [(one, other) for one in scale for other in scale if one < other]
    frame = pd.DataFrame({"verdict": [name for pair in pairs for name in pair]})
    frame["sentence"] = [f"s{n}" for n, pair in enumerate(pairs) for _ in pair]
    kept = verdicts.by_sentence(frame).set_index("sentence")["verdict"]
    decides = [
        f"{' '.join(pair)}: {one}" for pair, one in zip(pairs, kept, strict=True)
    ]
    assert decides == [
        "supported supported_with_caveat: supported_with_caveat",
        "supported understated: understated",
        "supported_with_caveat understated: understated",
        "overstated supported: overstated",
        "overstated supported_with_caveat: overstated",
        "overstated understated: overstated",
        "contradicted supported: contradicted",
        "contradicted supported_with_caveat: contradicted",
        "contradicted overstated: contradicted",
        "contradicted understated: contradicted",
        "contradicted not_checkable: contradicted",
        "not_checkable supported: supported",
        "not_checkable supported_with_caveat: supported_with_caveat",
        "not_checkable overstated: overstated",
        "not_checkable understated: understated",
    ]


@pytest.mark.parametrize("odd", [5, [], {}, ("a",), float("nan"), "2017-13", True])
def test_odd_arguments_are_named(court, odd):
    data = court()
    for call in (
        lambda: verdicts.verdict(odd, data=data),
        lambda: verdicts.board(odd, data=data),
        lambda: verdicts.sensitivity(odd, data=data),
        lambda: verdicts.intervals(odd, data),
        lambda: verdicts.fleet_evidence(odd, data),
        lambda: verdicts.counts(odd),
        lambda: verdicts.by_sentence(odd),
        lambda: verdicts.to_jsonld(odd or 0, data=data),
    ):
        with pytest.raises(ValueError, match=r"found|unknown"):
            call()


def test_a_folder_stands_for_its_package(court):
    data = court(found=[100])
    assert verdicts.board(data=str(data.path)).equals(verdicts.board(data=data))
    with pytest.raises(DataError, match=r"datapackage\.json is missing"):
        verdicts.board(data=data.path / "none")
