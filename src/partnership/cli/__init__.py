"""The command line: ``partnership COMMAND``.

A new command is one function under ``@command(...)`` in the module that it fits.
Import what it needs inside it, so that ``partnership --help`` stays quick.
"""

import sys

try:
    from partnership.cli import checkout, figures, others, tables
except ModuleNotFoundError as error:
    if error.name != "click":
        raise
    sys.exit("partnership: this command needs click: pip install 'partnership[lab]'")
from partnership.cli.base import main

__all__ = ["checkout", "figures", "main", "others", "tables"]
