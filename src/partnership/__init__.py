"""The Belarus–Turkmenistan partnership in open data: load, compare, chart.

>>> import partnership as p
>>> p.tables()  # doctest: +SKIP
>>> p.series("goods_turnover")  # doctest: +SKIP
"""

from partnership.evidence.faults import DataError
from partnership.evidence.package import (
    DataChangedWarning,
    cite,
    describe,
    load,
    open,
    sources,
    tables,
)
from partnership.evidence.series import compare, series, statements

__version__ = "0.1.0"
__all__ = [
    "DataChangedWarning",
    "DataError",
    "cite",
    "compare",
    "describe",
    "load",
    "open",
    "series",
    "sources",
    "statements",
    "tables",
]
