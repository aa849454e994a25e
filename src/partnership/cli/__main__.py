"""``python -m partnership.cli`` is the command ``partnership``."""

from partnership.cli import main

main()
