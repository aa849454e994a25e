"""Change the code a little, one place at a time, and see whether its tests notice.

`make mutants` lets mutmut (``pip install mutmut``, which no lock holds) make all
mutants of the rooms in `ROOMS` in a copy of the checkout, draws some by a seed, and
runs those tests of the same rooms that reach the changed function. It prints the share
that died with its 95 percent interval (Wilson 1927) and each mutant that lives.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
ROOMS = ("evidence", "methods", "verdicts")
ALIVE = {0: "survived", 5: "no test", 33: "no test", 34: "skipped", 35: "suspicious"}
LOT = 40  # mutants a call of mutmut: a run that was stopped goes on where it was
SETTINGS = """[mutmut]
source_paths=src
only_mutate=
{only}
also_copy=
    data
    notebooks
    src
    README.md
    Makefile
    CONTRIBUTING.md
    requirements.txt
    requirements-test.txt
pytest_add_cli_args=
    -p
    no:cacheprovider
    -k
    not docstring
pytest_add_cli_args_test_selection=
{tests}
"""


def copied(folder):
    """A copy of the tracked files, with the settings of mutmut."""
    if not folder.exists():
        listed = ["git", "-C", HERE, "ls-files", "-z"]
        names = subprocess.run(listed, capture_output=True, text=True, check=True)
        for name in filter(None, names.stdout.split("\0")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(HERE / name, folder / name)
    only = "\n".join(f"    src/partnership/{room}/*.py" for room in ROOMS)
    tests = "\n".join(f"    tests/{room}" for room in ROOMS)
    (folder / "setup.cfg").write_text(SETTINGS.format(only=only, tests=tests))


def mutmut(folder, *words):
    """What mutmut says of the copy."""
    # What a test starts in a process of its own finds the same package.
    env = os.environ | {"PYTHONPATH": str(folder / "mutants" / "src")}
    env |= {"MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "mutmut", *words]
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def results(folder):
    """How each mutant ended, by name; None if it was not tried."""
    found = {}
    for file in sorted(folder.glob("mutants/src/partnership/*/*.meta")):
        found |= json.loads(file.read_text())["exit_code_by_key"]
    return found


def wilson(part, whole, z=1.96):
    """Ends of the interval of a share, in percent."""
    share, extra = part / whole, z**2 / whole
    middle = share + extra / 2
    spread = z * (share * (1 - share) / whole + extra / whole / 4) ** 0.5
    return [100 * (middle + side * spread) / (1 + extra) for side in (-1, 1)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--number", type=int, default=400)
    parser.add_argument("--seed", type=int, default=2017)
    parser.add_argument("--folder", type=Path, default=HERE / ".cache" / "mutants")
    asked = parser.parse_args()
    copied(asked.folder)
    if not results(asked.folder):
        said = mutmut(asked.folder, "run", "none.of.this.name")
        if not results(asked.folder):
            sys.exit(said[-2000:])
    names = sorted(results(asked.folder))
    drawn = random.Random(asked.seed).sample(names, min(asked.number, len(names)))
    for first in range(0, len(drawn), LOT):
        known = results(asked.folder)
        lot = [name for name in drawn[first : first + LOT] if known[name] is None]
        if lot:
            said = mutmut(asked.folder, "run", *lot)
        ended = results(asked.folder)
        tried = [ended[name] for name in drawn if ended[name] is not None]
        dead = sum(code not in ALIVE for code in tried)
        print(f"{len(tried)} of {len(drawn)}: {dead} dead", flush=True)
        if lot and all(ended[name] is None for name in lot):
            sys.exit(said[-2000:])
    low, high = wilson(dead, len(drawn))
    print(
        f"\n{dead} of {len(drawn)} mutants drawn from {len(names)} died: "
        f"{100 * dead / len(drawn):.0f} percent ({low:.0f} to {high:.0f})\n"
    )
    for name in drawn:
        if ended[name] in ALIVE:
            print(f"# {name}: {ALIVE[ended[name]]}")
            shown = mutmut(asked.folder, "show", name).splitlines()
            print(*(line for line in shown if line[:1] in "+-"), sep="\n")


if __name__ == "__main__":
    main()
