"""Statements judged: rules, the board, exports."""

from partnership.evidence.asof import View, known_from, left_out, report, vintage
from partnership.verdicts.board import (
    VARIANTS,
    board,
    board_chart,
    both,
    counts,
    sensitivity,
)
from partnership.verdicts.export import (
    FORMATS,
    RATING,
    export,
    to_csv,
    to_jsonld,
    to_markdown,
)
from partnership.verdicts.inputs import number
from partnership.verdicts.models import fleet_evidence, intervals
from partnership.verdicts.rules import (
    CAVEATS,
    OUTCOMES,
    SCALE,
    VERDICTS,
    Finding,
    Verdict,
    combine,
    compare,
    verdict,
)
from partnership.verdicts.widgets import explore, explorer

__all__ = [
    "CAVEATS",
    "FORMATS",
    "OUTCOMES",
    "RATING",
    "SCALE",
    "VARIANTS",
    "VERDICTS",
    "Finding",
    "Verdict",
    "View",
    "board",
    "board_chart",
    "both",
    "combine",
    "compare",
    "counts",
    "explore",
    "explorer",
    "export",
    "fleet_evidence",
    "intervals",
    "known_from",
    "left_out",
    "number",
    "report",
    "sensitivity",
    "to_csv",
    "to_jsonld",
    "to_markdown",
    "verdict",
    "vintage",
]


def __getattr__(name):  # old names of `report`
    part = {"SAID": "day", "REPORT": "source_id"}.get(name)
    if part is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return report()[part]
