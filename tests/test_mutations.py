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
def test_the_check_alone_notices_most_changes_and_every_changed_verdict(tmp_path):
    words = ["--rows", "named", "--number", "30", "--quick", "--output", str(tmp_path)]
    done = subprocess.run([sys.executable, SCRIPT, *words], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    lines = (tmp_path / "named-1.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    alive = [row for row in rows if not row["by"]]
    assert len(rows) == 30
    assert len(alive) <= 5, alive
    assert not [row for row in alive if row["verdicts"]]
    assert {"cells", "plausible"} <= {row["by"] for row in rows}
