"""A sample of changes to the data: `partnership check` notices most of them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "tests" / "benchmarks" / "mutate.py"


pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="each change has its own process"
)


def tried(folder, *words):
    """What became of each change: the lines that the script writes to a folder."""
    words = [*words, "--output", str(folder)]
    done = subprocess.run([sys.executable, SCRIPT, *words], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    (file,) = folder.glob("*.jsonl")
    return [*map(json.loads, file.read_text(encoding="utf-8").splitlines())]


@pytest.mark.parametrize(
    ("number", "most"), [(30, 1), pytest.param(100, 2, marks=pytest.mark.long)]
)
def test_the_check_alone_notices_most_changes_and_each_changed_verdict(
    tmp_path, number, most
):
    rows = tried(tmp_path, "--rows", "named", "--quick", "--number", str(number))
    alive = [row for row in rows if not row["by"]]
    assert len(rows) == number
    assert len(alive) <= most, alive
    assert not [row for row in alive if row["verdicts"]]
    assert {"cells", "plausible"} <= {row["by"] for row in rows}


@pytest.mark.long
def test_tests_and_notebooks_are_asked_as_well(tmp_path):
    """The tests hold on the copy without a change, or the script stops."""
    rows = tried(tmp_path, "--rows", "chosen", "--number", "1", "--nbval", "1")
    assert [row["nbval"] is not None for row in rows] == [True]
