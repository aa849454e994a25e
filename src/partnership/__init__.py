"""The Belarus–Turkmenistan partnership in open data: load, compare, chart.

>>> import partnership as p
>>> p.tables()  # doctest: +SKIP
>>> p.series("goods_turnover")  # doctest: +SKIP
"""

from partnership.evidence.face import claim, computed, events
from partnership.evidence.faults import DataError
from partnership.evidence.finding import find
from partnership.evidence.package import (
    DataChangedWarning,
    cite,
    describe,
    load,
    sources,
    sources_used,
    tables,
    use,
)
from partnership.evidence.package import open_folder as open
from partnership.evidence.series import compare, series, statements
from partnership.evidence.standing import standing

__version__ = "0.2.0"
__all__ = [
    "DataChangedWarning",
    "DataError",
    "cite",
    "claim",
    "compare",
    "computed",
    "describe",
    "events",
    "find",
    "load",
    "open",
    "series",
    "sources",
    "sources_used",
    "standing",
    "statements",
    "tables",
    "use",
]
