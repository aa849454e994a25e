"""Change the code a little, one place at a time, and see whether its tests notice.

`make mutants` lets mutmut (``pip install mutmut``, which no lock holds) make all
mutants of the rooms in `ROOMS` in a copy of the checkout, draws some by a seed, and
runs the tests of the module that was changed, and no others: first in a fork of a
process that has imported all, and where none fails, in a fresh process, as code may run
at import. It prints the share that died with its 95 percent interval (Wilson 1927), and
each mutant that lives. A run that was broken off goes on where it stopped, as long as
no file of the checkout has changed.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
ROOMS = ("evidence", "methods", "verdicts")
SECONDS = 180  # a mutant that takes longer never ends, which a reader would notice
# Modules whose tests have another name.
TESTED_BY = {
    "evidence/cells": "evidence/test_package.py",
    "evidence/descriptor": "evidence/test_package.py",
    "evidence/escape": "test_escape.py",
    "evidence/faults": "evidence/test_package.py",
    "evidence/neighbours": "evidence/test_neighbours.py evidence/test_plausible.py",
    "evidence/overview": "evidence/test_plausible.py",
    "evidence/ranks": "evidence/test_series.py",
    "evidence/standing": "evidence/test_finding.py",
    "evidence/witnesses": "evidence/test_witnesses.py evidence/test_plausible.py",
    "evidence/words": "evidence/test_finding.py",
    "methods/frames": "methods/test_indicators.py",
    "methods/separation": "methods/test_gravity.py",
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
    """Names of all mutants, made anew with a copy of the checkout if a file differs."""
    listed = ["git", "-C", HERE, "ls-files", "-z"]
    done = subprocess.run(listed, capture_output=True, text=True, check=True)
    names = [name for name in done.stdout.split("\0") if (HERE / name).is_file()]
    digest = hashlib.sha256()
    for name in names:
        digest.update(name.encode() + (HERE / name).read_bytes())
    version, made = folder / "version", digest.hexdigest()
    if not version.exists() or version.read_text() != made:
        shutil.rmtree(folder, ignore_errors=True)
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(HERE / name, folder / name)
        only = "\n".join(f"    src/partnership/{room}/*.py" for room in ROOMS)
        (folder / "setup.cfg").write_text(SETTINGS.format(only=only))
        subprocess.run([sys.executable, "-c", MAKE], cwd=folder, check=True)
        version.write_text(made)
    found = sorted((folder / "mutants/src/partnership").glob("*/*.meta"))
    return [
        name
        for file in found
        for name in json.loads(file.read_text())["exit_code_by_key"]
        if ".__init__." not in name
    ]


def tests_of(name):
    """The tests of the module of a mutant: files apart by spaces."""
    room, module = name.split(".")[1:3]
    return TESTED_BY.get(f"{room}/{module}", f"{room}/test_{module}.py")


def files(tests):
    return [f"tests/{name}" for name in tests.split()]


def prepare(inside, tests):
    """Import in this process, once, what the tests of the mutants import."""
    os.chdir(inside)
    sys.path.insert(0, str(inside / "src"))
    os.environ |= {"PYTHONPATH": sys.path[0], "MUTANT_UNDER_TEST": ""}
    os.environ |= {"MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1"}
    import pytest

    paths = {path for one in tests for path in files(one)}
    if pytest.main(["--collect-only", "-qq", "-p", "no:cacheprovider", *paths]):
        sys.exit("the tests are not found")


def start(tests, name, fresh):
    """Start tests on a mutant (without a name: on the code as it is); the process."""
    child = os.fork()
    if child:
        return child
    os.setsid()
    signal.alarm(SECONDS)
    os.environ["MUTANT_UNDER_TEST"] = name
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    # The examples of docstrings stand once more in every mutant.
    words = ["-x", "-q", "-p", "no:cacheprovider", "-k", "not docstring", *files(tests)]
    if fresh:
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *words])
    import pytest

    os._exit(pytest.main(words))


def tried(todo, workers):
    """Each pair of tests and mutant with whether no test fails, as they end.

    What lives in a fork is tried again in a fresh process, mutants only.
    """
    waiting, running = [(*pair, False) for pair in todo], {}
    while waiting or running:
        while waiting and len(running) < workers:
            one = waiting.pop(0)
            running[start(*one)] = one
        child, status = os.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # what a test has started
        tests, name, fresh = running.pop(child)
        if status == 0 and name and not fresh:
            waiting.insert(0, (tests, name, True))
            continue
        if fresh and status and run_alone(tests):
            sys.exit(f"{tests} fails in a process of its own")
        yield tests, name, status == 0


@functools.cache
def run_alone(tests):
    """Status of tests on the code as it is, in a process of its own."""
    return os.waitpid(start(tests, "", True), 0)[1]


def wilson(part, whole, z=1.96):
    """Ends of the interval of a share, in percent."""
    share, extra = part / whole, z**2 / whole
    middle = share + extra / 2
    spread = z * (share * (1 - share) / whole + extra / whole / 4) ** 0.5
    return [100 * (middle + side * spread) / (1 + extra) for side in (-1, 1)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--number", type=int, default=400)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--folder", type=Path, default=HERE / ".cache" / "mutants")
    asked = parser.parse_args()
    folder, began = asked.folder.resolve(), time.monotonic()
    names = mutants(folder)
    drawn = random.Random(asked.seed).sample(names, min(asked.number, len(names)))
    results = folder / f"{asked.seed}.jsonl"
    lines = results.read_text().splitlines() if results.exists() else []
    known = {row["name"]: row["alive"] for row in map(json.loads, lines)}
    todo = [(tests_of(name), name) for name in drawn if name not in known]
    needed = sorted({tests for tests, _ in todo})
    prepare(folder / "mutants", needed)
    print(f"made and imported in {time.monotonic() - began:.0f} seconds", flush=True)
    for tests, _, sound in tried([(tests, "") for tests in needed], asked.workers):
        if not sound:
            sys.exit(f"{tests} fails on the code as it is")
    print(f"tests sound after {time.monotonic() - began:.0f} seconds", flush=True)
    with results.open("a") as file:
        for _, name, alive in tried(todo, asked.workers):
            known[name] = alive
            print(json.dumps({"name": name, "alive": alive}), file=file, flush=True)
            here = [known[name] for name in drawn if name in known]
            print(f"{len(here)} of {len(drawn)}: {here.count(False)} dead", flush=True)
    alive = [name for name in drawn if known[name]]
    dead = len(drawn) - len(alive)
    low, high = wilson(dead, len(drawn))
    print(
        f"\n{dead} of {len(drawn)} mutants drawn from {len(names)} died: "
        f"{100 * dead / len(drawn):.0f} percent ({low:.0f} to {high:.0f}), "
        f"in {(time.monotonic() - began) / 60:.0f} minutes\n"
    )
    for name in alive:
        shown = subprocess.run(
            [sys.executable, "-m", "mutmut", "show", name],
            cwd=folder,
            capture_output=True,
            text=True,
        )
        print(f"# {name}")
        lines = shown.stdout.splitlines()
        print(*(line for line in lines if line[:1] in "+-"), sep="\n")


if __name__ == "__main__":
    main()
