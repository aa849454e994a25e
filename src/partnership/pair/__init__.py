"""Any two economies: what is known of them, or a folder of tables about them.

The room knows no pair. What it copies is context, each row with its source; what only
the reader can know, stated figures, comes from the reader's files or by hand. It may
import `charts`, `verdicts`, `methods`, `readers`, `evidence` and `checks`.
"""

from partnership.pair.coverage import coverage
from partnership.pair.folder import economies, new_pair
from partnership.pair.known import LEVEL, NEAR, Pair, panel, spread, traders, world
from partnership.pair.page import choose, draw, page, say
from partnership.pair.words import lacks

__all__ = ["LEVEL", "NEAR", "Pair", "choose", "coverage", "draw", "economies", "lacks"]
__all__ += ["new_pair", "page", "panel", "say", "spread", "traders", "world"]
