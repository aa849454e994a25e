"""Statements judged: rules, the board, exports."""

from partnership.evidence.asof import left_out, report, vintage
from partnership.verdicts.boards import (
    VARIANTS,
    board,
    both,
    counts,
    draw_board,
    sensitivity,
)
from partnership.verdicts.exports import FORMATS, export, to_jsonld, to_markdown
from partnership.verdicts.models import fleet_evidence, intervals
from partnership.verdicts.rules import CAVEATS, SCALE, VERDICTS, verdict
from partnership.verdicts.widgets import explore, explorer

__all__ = [
    "CAVEATS",
    "FORMATS",
    "SCALE",
    "VARIANTS",
    "VERDICTS",
    "board",
    "both",
    "counts",
    "draw_board",
    "explore",
    "explorer",
    "export",
    "fleet_evidence",
    "intervals",
    "left_out",
    "report",
    "sensitivity",
    "to_jsonld",
    "to_markdown",
    "verdict",
    "vintage",
]
