"""A checkout as a whole: what `partnership check` finds in it, and what it renews."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from partnership.evidence import files, package
from partnership.evidence.faults import FormFault, Problem
from partnership.workshop import generated, reading, rules


def faults(root: Path | None, data: package.DataPackage) -> Iterator[Problem]:
    """Faults of the data and of the notebooks.

    Parameters
    ----------
    root : path, optional
        The checkout, if the data are in one.
    data : DataPackage
    """
    found = data.check()
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
                texts = [text.removeprefix("notebook: ") for text in texts]
                yield from (Problem(name, text) for text in texts)
    # Nothing can be made of faulty data and broken notebooks.
    for path in [] if found else generated.stale(root):
        message = "what is made in it is not current: partnership check --refresh"
        yield Problem(path.relative_to(root).as_posix(), message)


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
