"""The tests of a checkout, as `partnership test` and make run them on every system.

Two lanes run side by side, since a run of pytest keeps one core busy: what is in front
is seen as it comes, and what runs beside it when both have ended.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

from partnership.workshop import kernels

NBVAL = "pytest -p nbval_kernels {nbval} --nbval-current-env --nbval-cell-timeout=300"
# What each part runs in front, and beside it.
PARTS: dict[str, tuple[list[str], list[str]]] = {
    "style": (["ruff check", "ruff format --check"], []),
    "tests": (["pytest tests --ignore=tests/site"], ["pytest tests/site"]),
    "notebooks": ([], [f"{NBVAL} notebooks"]),
    "long": (["pytest -m long tests"], []),
}
USUAL = ("style", "tests", "notebooks")


def run(root: Path, parts: Sequence[str] = USUAL, lax: bool = False) -> list[str]:
    """Run parts of the tests; a fault of style ends it.

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
    list of str
        The commands that failed.

    Raises
    ------
    ModuleNotFoundError
        A package of the extra ``test`` is missing. Nothing has been run then.
    """
    # nbval_kernels, a plugin, is wanted before pytest reads its settings.
    path = [str(root / "tests"), os.environ.get("PYTHONPATH", "")]
    env = kernels.own_settings(root / ".cache") | {
        "MPLBACKEND": "agg",
        "PYTHONPATH": os.pathsep.join(filter(None, path)),
    }
    env |= {"TEST_LONG": "1"} if "long" in parts else {}
    nbval = "--nbval-lax" if lax else "--nbval"
    front, beside = (
        [one.format(nbval=nbval) for part in parts for one in PARTS[part][lane]]
        for lane in (0, 1)
    )
    for name in dict.fromkeys(one.split()[0] for one in front + beside):
        if find_spec(name) is None:
            raise ModuleNotFoundError(name=name)

    def call(command: str, **options) -> subprocess.CompletedProcess:
        said = [sys.executable, "-m", *command.split()]
        return subprocess.run(said, cwd=root, env=env, **options)

    while front and front[0].startswith("ruff"):
        if call(front[0]).returncode:
            return front[:1]
        del front[0]
    if not front:
        front, beside = beside, []
    hidden = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with ThreadPoolExecutor(1) as pool:
        ends = [pool.submit(call, one, **hidden) for one in beside]
        failed = [one for one in front if call(one).returncode]
        for one, end in zip(beside, ends, strict=True):
            print(end.result().stdout.decode(errors="replace"), flush=True)
            failed += [one] if end.result().returncode else []
    return failed
