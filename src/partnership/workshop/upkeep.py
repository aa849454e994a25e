"""A checkout as a whole: what `partnership check` finds in it, and what it renews."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from partnership.evidence import package, plausible
from partnership.evidence.faults import Problem
from partnership.workshop import generated, reading, rules
from partnership.workshop.answers import printed


def faults(root: Path | None, data: package.DataPackage) -> Iterator[Problem]:
    """Faults of the data and of the notebooks.

    Parameters
    ----------
    root : path, optional
        The checkout, if the data are in one.
    data : DataPackage
    """
    found = data.check() or plausible.faults(data)
    yield from found
    if root is None:
        return
    yield from [] if found else shown(root, data)
    # No codebook can be made of faulty data.
    for path in [] if found else generated.stale(root):
        message = "what is made in it is not current: partnership check --refresh"
        yield Problem(path.relative_to(root).as_posix(), message)
    kinds = {"*.ipynb": rules.RULES, "exercises/*.ipynb": rules.EXERCISE_RULES}
    for pattern, chosen in kinds.items():
        for path in sorted((root / "notebooks").glob(pattern)):
            name = path.relative_to(root).as_posix()
            for text in rules.problems(path, chosen):
                yield Problem(name, text.removeprefix(f"{path.stem}: "))


def shown(root: Path, data: package.DataPackage) -> Iterator[Problem]:
    """Sentences of the notebooks that show a figure which the tables no longer have.

    The kernel has stored table and row of each figure that a sentence states: what a
    reader sees is held against the row, and needs no kernel for it.
    """
    meant = data.load("corrections").query("column == 'value'")
    meant = meant.set_index("observation_id")["as_meant"].astype(float)
    figures: dict[str, pd.DataFrame] = {}
    for path in sorted((root / "notebooks").rglob("*.ipynb")):
        name = path.relative_to(root).as_posix()
        for _, cell in reading.cells(reading.read(path), "markdown"):
            values = cell.metadata.get("partnership", {}).get("values", [])
            for one in (one for one in values if "row" in one):
                table, row = one["table"], one["row"]
                if table not in figures:
                    key = "claim_id" if table == "claims" else "observation_id"
                    figures[table] = data.load(table).set_index(key)
                frame = figures[table]
                value = meant.get(row, frame["value"].get(row))
                now = "no such row" if pd.isna(value) else printed(value)
                asked = re.findall(r"\["(\d{4}[^"]*)"\]", one["expression"])
                period = str(frame["period"].get(row)) if "period" in frame else ""
                if now != one["answer"]:
                    said = f"shows {one['answer']}, the table has {now}"
                elif asked and period and asked[-1] not in period:
                    said = f"asks for {asked[-1]}, the table has {period}"
                else:
                    continue
                place = f"{one['expression']}, {table} {row}"
                yield Problem(name, f"{place}: {said}; run the notebook, read it again")


def refresh(root: Path | None, data: package.DataPackage) -> Iterator[str]:
    """Record changed tables and renew what is generated; say so, line by line.

    Parameters
    ----------
    root : path, optional
        The checkout, if the data are in one.
    data : DataPackage
    """
    yield f"recorded: {', '.join(data.refresh()) or 'no table had changed'}"
    if root is None:
        return
    made = [path for path in generated.refresh(root) if path.suffix == ".ipynb"]
    if made:
        names = (path.relative_to(root / "notebooks").with_suffix("") for path in made)
        yield f"to be run again: {', '.join(name.as_posix() for name in names)}"
