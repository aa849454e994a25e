"""The tests of a checkout, as `partnership test` and make run them on every system."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

NBVAL = "pytest -p nbval_kernels {nbval} --nbval-current-env --nbval-cell-timeout=300"
PARTS = {
    "style": ["ruff check", "ruff format --check"],
    "tests": ["pytest tests"],
    "notebooks": [f"{NBVAL} notebooks"],
    "long": ["pytest -m long tests"],
}
USUAL = ("style", "tests", "notebooks")


def run(root: Path, parts: Sequence[str] = USUAL, lax: bool = False) -> str:
    """Run parts of the tests, each if all before have passed.

    Parameters
    ----------
    root : Path
        The checkout.
    parts : sequence of str
        Some of `PARTS`.
    lax : bool
        Whether notebooks are rerun without comparing their outputs.

    Returns
    -------
    str
        The command that failed; empty if none has.

    Raises
    ------
    ModuleNotFoundError
        A package of the extra ``test`` is missing.
    """
    from partnership.workshop import runner  # late: its packages are many

    # nbval_kernels, a plugin, is wanted before pytest reads its settings.
    path = [str(root / "tests"), os.environ.get("PYTHONPATH", "")]
    env = runner.own_settings(root / ".cache") | {
        "MPLBACKEND": "agg",
        "PYTHONPATH": os.pathsep.join(filter(None, path)),
    }
    for part in parts:
        env |= {"TEST_LONG": "1"} if part == "long" else {}
        for command in PARTS[part]:
            command = command.format(nbval="--nbval-lax" if lax else "--nbval")
            if find_spec(command.split()[0]) is None:
                raise ModuleNotFoundError(name=command.split()[0])
            said = [sys.executable, "-m", *command.split()]
            if subprocess.run(said, cwd=root, env=env).returncode:
                return command
    return ""
