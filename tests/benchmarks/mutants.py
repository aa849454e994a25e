"""Change the code a little, one place at a time, and see whether its tests notice.

`make mutants` lets mutmut (``pip install mutmut``, which no lock holds) make all
mutants of the rooms in `ROOMS` in a copy of the checkout, draws some by a seed, and
runs the tests of the module that was changed, and no others. It prints the share that
died with its 95 percent interval (Wilson 1927), and each mutant that lives.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import random
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
ROOMS = ("evidence", "methods", "verdicts")
SECONDS = 180  # a mutant that takes longer never ends, which a reader would notice
# Modules whose tests have another name.
TESTED_BY = {
    "evidence/cells": "evidence/test_package.py",
    "evidence/escape": "test_escape.py",
    "evidence/faults": "evidence/test_package.py",
    "evidence/flows": "study/test_mirror_gaps.py",
    "evidence/neighbours": "evidence/test_plausible.py",
    "evidence/overview": "evidence/test_plausible.py",
    "evidence/ranks": "evidence/test_series.py",
    "evidence/standing": "evidence/test_finding.py",
    "evidence/witnesses": "evidence/test_plausible.py",
    "evidence/words": "evidence/test_finding.py",
    "verdicts/pictures": "test_gallery.py",
}
SETTINGS = """[mutmut]
source_paths=src
only_mutate=
{only}
also_copy=
    data
    docs
    notebooks
    src
    README.md
    Makefile
    CONTRIBUTING.md
    requirements.txt
    requirements-test.txt
"""
MAKE = """
import os
from mutmut import __main__ as mutmut
os.environ["MUTANT_UNDER_TEST"] = "mutant_generation"
os.makedirs("mutants", exist_ok=True)
mutmut.copy_src_dir()
mutmut.copy_also_copy_files()
mutmut.setup_source_paths()
mutmut.create_mutants(os.cpu_count())
"""


def mutants(folder):
    """Names of all mutants, which a copy of the tracked files gets if it is new."""
    if not (folder / "mutants").exists():
        listed = ["git", "-C", HERE, "ls-files", "-z"]
        names = subprocess.run(listed, capture_output=True, text=True, check=True)
        for name in filter(None, names.stdout.split("\0")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(HERE / name, folder / name)
        only = "\n".join(f"    src/partnership/{room}/*.py" for room in ROOMS)
        (folder / "setup.cfg").write_text(SETTINGS.format(only=only))
        subprocess.run([sys.executable, "-c", MAKE], cwd=folder, check=True)
    made = sorted((folder / "mutants/src/partnership").glob("*/*.meta"))
    return [
        name
        for file in made
        for name in json.loads(file.read_text())["exit_code_by_key"]
    ]


def tests_of(name):
    """The tests of the module of a mutant."""
    room, module = name.split(".")[1:3]
    return TESTED_BY.get(f"{room}/{module}", f"{room}/test_{module}.py")


def passes(folder, tests, name=""):
    """Whether tests pass on a mutant; without its name, on the code as it is."""
    inside = folder / "mutants"
    env = os.environ | {"MUTANT_UNDER_TEST": name, "PYTHONPATH": str(inside / "src")}
    env |= {"MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1"}
    # The examples of docstrings stand once more in every mutant.
    words = ["-x", "-q", "-p", "no:cacheprovider", "-k", "not docstring"]
    command = [sys.executable, "-m", "pytest", *words, f"tests/{tests}"]
    try:
        done = subprocess.run(
            command, cwd=inside, env=env, capture_output=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


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
    names = [name for name in mutants(asked.folder) if ".__init__." not in name]
    drawn = random.Random(asked.seed).sample(names, min(asked.number, len(names)))
    sound = functools.cache(functools.partial(passes, asked.folder))

    def lives(name):
        tests = tests_of(name)
        if not sound(tests):
            sys.exit(f"tests/{tests}: fails on the code as it is")
        return passes(asked.folder, tests, name)

    alive = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for n, (name, living) in enumerate(
            zip(drawn, pool.map(lives, drawn), strict=True), 1
        ):
            alive += [name] if living else []
            print(f"{n} of {len(drawn)}: {n - len(alive)} dead", flush=True)
    dead = len(drawn) - len(alive)
    low, high = wilson(dead, len(drawn))
    print(
        f"\n{dead} of {len(drawn)} mutants drawn from {len(names)} died: "
        f"{100 * dead / len(drawn):.0f} percent ({low:.0f} to {high:.0f})\n"
    )
    for name in alive:
        shown = subprocess.run(
            [sys.executable, "-m", "mutmut", "show", name],
            cwd=asked.folder,
            capture_output=True,
            text=True,
        )
        print(f"# {name}")
        lines = shown.stdout.splitlines()
        print(*(line for line in lines if line[:1] in "+-"), sep="\n")


if __name__ == "__main__":
    main()
