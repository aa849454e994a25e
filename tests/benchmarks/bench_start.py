"""How much the package adds to what a reader waits for anyway, as ratios in one run.

    .venv/bin/python tests/benchmarks/bench_start.py [--notebooks]

prints the median time of `import partnership` over that of `import pandas`, of the
first `series()` over that import, and, with --notebooks, of rerunning all notebooks
over starting as many kernels that only import pandas and pyplot.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNS = 7


def seconds(code: str) -> float:
    """Time a fresh interpreter that runs the code."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    return time.perf_counter() - start


def medians(*codes: str) -> list[float]:
    """Time the codes in turn, so that a drift of the machine meets all of them."""
    rounds = [[seconds(code) for code in codes] for _ in range(RUNS)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def notebooks() -> tuple[float, float]:
    """Time a rerun of all notebooks, and of as many notebooks that only import."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    from partnership.workshop import runner

    paths = runner.find_notebooks(ROOT, ())
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder)
        for path in paths:
            cell = new_code_cell("import pandas\nimport matplotlib.pyplot")
            nbformat.write(new_notebook(cells=[cell]), empty / path.name)
        copies = Path(folder) / "copies"
        copies.mkdir()
        for path in paths:
            (copies / path.name).write_bytes(path.read_bytes())
        times = []
        for where in (empty, copies):
            start = time.perf_counter()
            runner.run_notebooks(sorted(where.glob("*.ipynb")), ROOT)
            times.append(time.perf_counter() - start)
    return times[1], times[0]


def main() -> None:
    """Measure and print."""
    pandas, partnership, first = medians(
        "import pandas",
        "import partnership",
        "import partnership as p; p.series('goods_turnover')",
    )
    print(f"import partnership / import pandas: {partnership / pandas:.2f}")
    print(f"first series() / import partnership: {first / partnership:.2f}")
    if "--notebooks" in sys.argv:
        full, empty = notebooks()
        print(f"all notebooks / as many empty kernels: {full / empty:.2f}")


if __name__ == "__main__":
    main()
