"""A checkout as a whole: what `partnership check` finds in it, and what it renews."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from partnership.evidence import package
from partnership.evidence.faults import Problem
from partnership.workshop import generated, rules


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
