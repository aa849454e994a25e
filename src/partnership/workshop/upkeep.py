"""A checkout as a whole: what `partnership check` finds in it, and what it renews."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from partnership.evidence import package
from partnership.evidence.faults import Problem
from partnership.workshop import codebook, exercises, generated, hosting, rules


def faults(root: Path) -> Iterator[tuple[Problem, str]]:
    """Faults of the data and of the notebooks, each with the line that says it.

    Parameters
    ----------
    root : path
        The checkout.
    """
    for problem in package.open(root / "data").check():
        yield problem, str(problem)
    folder = root / "notebooks"
    kinds = {"*.ipynb": rules.RULES, "exercises/*.ipynb": rules.EXERCISE_RULES}
    for pattern, chosen in kinds.items():
        for path in sorted(folder.glob(pattern)):
            name = path.relative_to(root).as_posix()
            for text in rules.problems(path, chosen):
                yield Problem(name, text.removeprefix(f"{path.stem}: ")), text
    for path in exercises.solutions(folder):
        if not exercises.is_current(path):
            name = exercises.student_path(path).relative_to(root).as_posix()
            message = f"not what {path.name} gives: partnership check --refresh"
            yield Problem(name, message), f"{name}: {message}"


def refresh(root: Path) -> Iterator[str]:
    """Record changed tables and renew what is generated; say so, line by line.

    Parameters
    ----------
    root : path
        The checkout.
    """
    changed = package.open(root / "data").refresh()
    codebook.write(package.open(root / "data"))
    generated.write_index(root / "README.md")
    picture = generated.headline(root / "notebooks")
    (root / "notebooks" / "headline.png").write_bytes(picture)
    rerun = [path.stem for path in hosting.refresh(root) if path.suffix == ".ipynb"]
    for solution in exercises.solutions(root / "notebooks"):
        if exercises.write_student(solution):
            rerun.append(f"exercises/{exercises.student_path(solution).stem}")
    yield f"recorded: {', '.join(changed) or 'no table had changed'}"
    if rerun:
        yield f"to be run again: {', '.join(rerun)}"
