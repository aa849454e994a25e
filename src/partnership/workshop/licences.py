"""The licences of the packages that the locks name, as these packages state them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from partnership.evidence import files

PIN = re.compile(r"^([\w.-]+)==([^\s;]+)", re.M)


def licence(name: str) -> str | None:
    """Return the licence that an installed package states; None if it is not there."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    kinds = about.get_all("Classifier") or []
    named = [one.split(" :: ")[-1] for one in kinds if one.startswith("License ::")]
    named = [one for one in named if one != "OSI Approved"]
    # The whole text of a licence may stand in the field: its first line names it.
    written = (about.get("License") or "").strip().partition("\n")[0].strip()
    stated = about.get("License-Expression") or "; ".join(named) or written
    return stated or "not stated"


def locked(root: Path) -> Iterator[dict[str, str | list[str] | None]]:
    """Packages of the locks of a checkout: name, version, locks, and the licence.

    The licence is that of the version that is installed here, and None where the
    package is not, as it is for another system or for a lock that is not set up.
    """
    pins: dict[tuple[str, str], list[str]] = {}
    for path in sorted(root.glob("requirements*.txt")):
        for pin in PIN.findall(files.text(path)):
            pins.setdefault(pin, []).append(path.name)
    for (name, version), locks in sorted(pins.items()):
        found = {"name": name, "version": version, "locks": locks}
        yield found | {"licence": licence(name)}
