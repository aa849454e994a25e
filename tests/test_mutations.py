"""A sample of changes to the data: `partnership check` notices most of them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "tests" / "benchmarks" / "mutate.py"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="each change has its own process")
@pytest.mark.parametrize(
    ("number", "most"), [(30, 1), pytest.param(100, 2, marks=pytest.mark.long)]
)
def test_the_check_alone_notices_most_changes_and_each_changed_verdict(
    tmp_path, number, most
):
    words = ["--rows", "named", "--quick", "--output", str(tmp_path)]
    words += ["--number", str(number)]
    done = subprocess.run([sys.executable, SCRIPT, *words], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    lines = (tmp_path / "named-1.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    alive = [row for row in rows if not row["by"]]
    assert len(rows) == number
    assert len(alive) <= most, alive
    assert not [row for row in alive if row["verdicts"]]
    assert {"cells", "plausible"} <= {row["by"] for row in rows}
