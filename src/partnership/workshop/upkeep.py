"""A checkout as a whole: what `partnership check` finds in it, and what it renews."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from partnership.evidence import files, package, plausible
from partnership.evidence.faults import FormFault, Problem
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
    found = data.check()
    if not found and data.observation_tables():  # else nothing is stated
        found = plausible.faults(data)
    yield from found
    if root is None:
        return
    kinds = {"*.ipynb": rules.RULES, "exercises/*.ipynb": rules.EXERCISE_RULES}
    for pattern, chosen in kinds.items():
        for path in sorted((root / "notebooks").glob(pattern)):
            name = path.relative_to(root).as_posix()
            try:
                texts = rules.problems(reading.read(path), chosen)
            except FormFault as fault:
                found.append(replace(fault.problem, file=name))
                yield found[-1]
            else:
                yield from (Problem(name, text) for text in texts)
    yield from [] if found else outdated(figures(root), data)
    # Nothing can be made of faulty data and broken notebooks.
    for path in [] if found else generated.stale(root):
        message = "what is made in it is not current: partnership check --refresh"
        yield Problem(path.relative_to(root).as_posix(), message)


def figures(root: Path) -> list[tuple[str, dict[str, str]]]:
    """Notebook, and the stored answer of each sentence that states a row's figure."""
    found = []
    for path in sorted((root / "notebooks").rglob("*.ipynb")):
        for _, cell in reading.cells(reading.read(path), "markdown"):
            stated = (
                one for one in reading.stored(cell) if {"row", "table"} <= set(one)
            )
            found += [(path.relative_to(root).as_posix(), one) for one in stated]
    return found


def outdated(
    stated: list[tuple[str, dict[str, str]]], data: package.DataPackage
) -> Iterator[Problem]:
    """Sentences that show a figure which the tables no longer have.

    The kernel has stored table and row of each figure that a sentence states: what a
    reader sees is held against the row, which needs no kernel.
    """
    if not stated:
        return
    meant = data.load("corrections").query("column == 'value'")
    meant = meant.set_index("observation_id")["as_meant"].astype(float)
    for name, one in stated:
        table, row = one["table"], one["row"]
        rows = data.load(table)
        rows = rows[rows.iloc[:, 0] == row]
        value = meant.get(row, rows["value"].max())
        now = "no such row" if pd.isna(value) else printed(value)
        asked = re.findall(r'\["(\d{4}[^"]*)"\]', one["expression"])
        said = ""
        if now != one["answer"]:
            said = f"shows {one['answer']}, the table has {now}"
        elif asked and "period" in rows and asked[-1] not in str(rows["period"].max()):
            said = f"asks for {asked[-1]}, the table has {rows['period'].max()}"
        if said:
            place = f"{one['expression']}, {table} {row}"
            yield Problem(name, f"{place}: {said}; run the notebook and read it again")


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
    for folder in (root, root / "notebooks", root / "notebooks" / "exercises"):
        files.sweep(folder)
    made = [path for path in generated.refresh(root) if path.suffix == ".ipynb"]
    if made:
        names = (path.relative_to(root / "notebooks").with_suffix("") for path in made)
        yield f"to be run again: {', '.join(name.as_posix() for name in names)}"
