"""Trade files that people have, read by their columns into one table of flows."""

from partnership.readers.flows import COLUMNS, read
from partnership.readers.shapes import SHAPES

__all__ = ["COLUMNS", "SHAPES", "read"]
