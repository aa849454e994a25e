"""Verdicts: the statements of a report, judged by rules that are data.

This room turns the tables ``claims``, ``claim_rules``, ``claim_verdicts`` and
``evidence`` into a verdict for any day, a board of all statements, what moves them, its
picture and its exports. It knows no statement by its id, and may import `charts`,
`methods`, `evidence` and `checks`; its models take their inputs from ``assumptions``.
"""

# ruff: noqa: F401 - the names are here for those who import the room
from partnership.evidence.asof import left_out, report, vintage
from partnership.verdicts.boards import (
    VARIANTS,
    answers,
    board,
    both,
    by_sentence,
    changed,
    claim_ids,
    counts,
    sensitivity,
)
from partnership.verdicts.exports import to_csv, to_jsonld, to_markdown
from partnership.verdicts.models import fleet_evidence, intervals
from partnership.verdicts.pictures import draw_board, draw_numbers
from partnership.verdicts.rules import CAVEATS, SCALE, STILL, VERDICTS, verdict
from partnership.verdicts.settled import faults, readings
from partnership.verdicts.widgets import explore, explorer
