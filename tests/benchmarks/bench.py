"""What a reader waits for, as ratios in one run, written to docs/performance.md.

Seconds differ from machine to machine, so everything is set against something that each
reader has to wait for anyway: the import of pandas, or kernels that do nothing else.
Each figure is the median of fresh processes that take turns, so that a drift of the
machine meets all of them.

    make bench                     all of it, some minutes
    make bench BENCH="start"       only these parts: start, notebooks, site, growth
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path

from world import HEAD

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "docs" / "performance.md"
RUNS = 7

BOARD = "from partnership import verdicts; verdicts.board()"
START = {
    "import partnership": "import partnership",
    "all tables but trade_world, cold": "import partnership as p; "
    "[p.load(t) for t in p.tables() if t != 'trade_world']",
    "trade_world, cold": "import partnership as p; p.load('trade_world')",
    "first series()": "import partnership as p; p.series('goods_turnover')",
    "a board of verdicts, first in a process": BOARD,
}
WARM = {
    "series(), warm": ("import partnership as p", "p.series('goods_turnover')", 200),
    "sensitivity of the verdicts, after a board": (
        BOARD,
        "verdicts.sensitivity()",
        1,
    ),
}
LAYOUT = "import pandas\nimport matplotlib.pyplot"


def seconds(code: str, *arguments: str) -> float:
    """Time a fresh interpreter that runs the code."""
    start = time.perf_counter()
    command = [sys.executable, "-c", code, *arguments]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def inside(setup: str, code: str, times: int) -> float:
    """Time a call in a fresh interpreter, its set-up left out."""
    program = (
        f"import timeit; print(timeit.timeit({code!r}, {setup!r}, number={times}))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
    return float(done.stdout.split()[-1]) / times


def in_turn(*measures) -> list[float]:
    """Medians of measures that take turns."""
    rounds = [[measure() for measure in measures] for _ in range(RUNS)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def start() -> list[tuple[str, float, float]]:
    """Loading, series and verdicts, in times of `import pandas`."""
    codes = ["pass", "import pandas", *START.values()]
    measures = [lambda code=code: seconds(code) for code in codes]
    measures += [lambda call=call: inside(*call) for call in WARM.values()]
    bare, pandas, *times = in_turn(*measures)
    unit = pandas - bare
    cold = [(time - bare) / unit for time in times[: len(START)]]
    # What is added to pandas, which each of them imports as well.
    rows = [("import pandas", unit, 1.0)]
    rows += [
        (f"{name}, beyond pandas", ratio * unit - unit, ratio - 1)
        for name, ratio in zip(START, cold, strict=True)
    ]
    warm = zip(WARM, times[len(START) :], strict=True)
    return rows + [(name, time, time / unit) for name, time in warm]


def notebooks() -> list[tuple[str, float, float]]:
    """Rerun of 00 to 09 against as many kernels that only import, and their cells."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    from partnership.workshop import runner

    paths = sorted((ROOT / "notebooks").glob("0*.ipynb"))
    cells: dict[tuple[str, int], float] = {}
    with tempfile.TemporaryDirectory() as folder:
        where = {name: Path(folder) / name for name in ("empty", "ours")}
        for target in where.values():
            target.mkdir()
        for path in paths:
            cell = new_code_cell(LAYOUT)
            nbformat.write(new_notebook(cells=[cell]), where["empty"] / path.name)
            shutil.copy(path, where["ours"])
        times = {name: [] for name in where}
        for _ in range(3):
            for name, target in where.items():
                begun = time.perf_counter()
                runner.run_notebooks(sorted(target.glob("*.ipynb")), ROOT)
                times[name].append(time.perf_counter() - begun)
        for path in sorted(where["ours"].glob("*.ipynb")):
            last, number = time.perf_counter(), 0

            def done(path):
                nonlocal last, number
                now, number = time.perf_counter(), number + 1
                cells[path.stem, number] = now - last
                last = now

            runner.run_notebooks([path], ROOT, jobs=1, on_cell=done)
    floor = min(times["empty"])
    rows = [
        (f"{len(paths)} kernels that only import pandas and pyplot", floor, 1.0),
        ("the ten notebooks", min(times["ours"]), min(times["ours"]) / floor),
    ]
    # The first cell waits for its kernel.
    of_cells = {key: spent for key, spent in cells.items() if key[1] > 1}
    total = sum(of_cells.values())
    rows.append(("all cells, one notebook at a time", total, total / floor))
    slowest = sorted(of_cells.items(), key=lambda item: -item[1])[:5]
    return rows + [
        (f"{name}, code cell {number}", spent, spent / floor)
        for (name, number), spent in slowest
    ]


def site() -> list[tuple[str, float, float]]:
    """Build of the site, in times of `import pandas`."""
    with tempfile.TemporaryDirectory() as folder:
        code = "import sys; from partnership.site import build; build(*sys.argv[1:])"
        bare, pandas = in_turn(
            lambda: seconds("pass"), lambda: seconds("import pandas")
        )
        built = seconds(code, str(ROOT), str(Path(folder) / "site"))
    return [("the site", built, built / (pandas - bare))]


def larger(folder: Path, times: int) -> None:
    """Copy the data with its observations so many times over, each with its own id."""
    shutil.copytree(ROOT / "data", folder)
    file = folder / "datapackage.json"
    package = json.loads(file.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        columns = [f["name"] for f in resource.get("schema", {}).get("fields", [])]
        if not {"observation_id", "statement_id"} <= set(columns):
            continue
        path = folder / resource["path"]
        with path.open(encoding="utf-8", newline="") as lines:
            header, *rows = csv.reader(lines)
        ids = [header.index(name) for name in ("observation_id", "statement_id")]
        with path.open("w", encoding="utf-8", newline="") as target:
            write = csv.writer(target, lineterminator="\n")
            write.writerow(header)
            for copy in range(times):
                for row in rows:
                    new = list(row)
                    for at in ids if copy else ():
                        new[at] = f"{new[at]}x{copy}"
                    write.writerow(new)
        content = path.read_bytes()
        resource["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
        resource["rows"], resource["bytes"] = times * len(rows), len(content)
    file.write_text(json.dumps(package), encoding="utf-8")


def growth() -> list[tuple[str, float, float]]:
    """First series of a package with 10 and 100 times the observations."""
    code = (
        "import sys, partnership as p; data = p.open(sys.argv[1]); "
        "p.series('goods_turnover', data=data)"
    )
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        sizes = (1, 10, 100)
        for times in sizes:
            larger(Path(folder) / str(times), times)
        spent = in_turn(
            lambda: seconds("import partnership"),
            *(lambda t=t: seconds(code, str(Path(folder) / str(t))) for t in sizes),
        )
        for times, took in zip(sizes, spent[1:], strict=True):
            first = took - spent[0]
            name = f"first series(), observations {times} times"
            rows.append((name, first, first / (spent[1] - spent[0])))
    return rows


PARTS = {
    "start": (start, "in times of `import pandas`"),
    "notebooks": (notebooks, "in times of the empty kernels"),
    "site": (site, "in times of `import pandas`"),
    "growth": (growth, "in times of the package as it is"),
}


def report(found: dict[str, list[tuple[str, float, float]]]) -> str:
    """Write the measured parts as Markdown."""
    packages = ("pandas", "matplotlib", "nbclient", "pyfixest")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    lines = [
        "# Performance",
        "",
        "Made by `make bench`. Seconds are those of one machine on one day; compare",
        "the ratios, which are measured in one run.",
        "",
        f"{date.today()}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, {versions}.",
    ]
    for name, rows in found.items():
        lines += ["", f"## {PARTS[name][0].__doc__.split('.')[0]}", ""]
        lines += [f"| what | seconds | {PARTS[name][1]} |", "|---|---:|---:|"]
        lines += [
            f"| {what} | {took:.3g} | {ratio:.2f} |" for what, took, ratio in rows
        ]
    return "\n".join(lines) + "\n"


def main(names: list[str]) -> None:
    """Measure the named parts, or all of them, which alone are written down."""
    wanted = names or list(PARTS)
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        sys.exit(f"bench: found {unknown[0]!r}; allowed are {', '.join(PARTS)}")
    text = report({name: PARTS[name][0]() for name in wanted})
    print(text)
    if not names:
        TARGET.parent.mkdir(exist_ok=True)
        page = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
        if HEAD in page:  # the section of world.py stays
            text += "\n" + page[page.index(HEAD) :]
        TARGET.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # its folders go as well
    main(sys.argv[1:])
