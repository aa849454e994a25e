"""Another pair of economies: a folder of tables cut from those that are there.

The room knows no pair. What it copies is context, each row with its source; what only
the reader can know, stated figures, comes from the reader's files or by hand. It may
import `charts`, `verdicts`, `methods`, `readers`, `evidence` and `checks`.
"""

from partnership.pair.coverage import coverage
from partnership.pair.folder import economies, new_pair

__all__ = ["coverage", "economies", "new_pair"]
