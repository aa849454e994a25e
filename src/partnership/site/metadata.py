"""What the pages say to programs: JSON-LD of schema.org, and the citation."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup

from partnership.evidence import files
from partnership.evidence.faults import FormFault
from partnership.evidence.package import DataPackage


def script(content: dict[str, Any]) -> Markup:
    """JSON-LD as it may stand in a page: no text in it can end the script."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", r"\u003c"))


_NEEDED = {
    "title": ("[^\\0]+", "a title"),
    "authors": ("", "a list, each with name, or given-names and family-names"),
    "version": ("[^\\0]+", "a version such as 0.2.0"),
    "date-released": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a day such as 2026-11-27"),
}
"""Keys of CITATION.cff that the page shows: their form, and words for it."""


def citation(file: Path) -> dict[str, Any]:
    """What CITATION.cff says as text, if there is one; each author has a ``name``.

    Raises
    ------
    DataError
        It is no YAML, or lacks what the page shows; the line says where.
    """
    if not file.is_file():
        return {}
    found, lines = _keyed(file)
    for key, (form, allowed) in _NEEDED.items():
        if key not in found:
            wrong = f"found no {key}; allowed: {key}, {allowed}"
            raise FormFault(file.name, wrong, 1)
        if wrong := _wrong(key, found[key], form):
            raise FormFault(file.name, f"{wrong}; allowed: {allowed}", lines[key])
    return found | {"authors": [{"name": _author(one)} for one in found["authors"]]}


def _keyed(file: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """Keys of a YAML file, each once, with their values as text; the line of each."""
    name, text = file.name, files.decoded(file.name, files.content(file))
    files.conflict(name, text)
    try:  # as text: 1.10 is a version, and no number
        tree = yaml.compose(text, Loader=yaml.BaseLoader)
        found = yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        wrong = f"found no YAML: {error.problem}; allowed: key: value, and lists"
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise FormFault(name, wrong, line) from None
    except (yaml.YAMLError, RecursionError) as error:
        wrong = f"found no YAML: {str(error).partition(chr(10))[0]}; allowed: text"
        raise FormFault(name, wrong) from None
    if not isinstance(found, dict):
        shown = f"{found!r:.60}" if isinstance(found, str | None) else "a list"
        raise FormFault(name, f"found {shown}; allowed: key: value", 1)
    lines = {}
    for key, _ in tree.value:
        line = key.start_mark.line + 1
        if key.value in lines:
            wrong = f"found the key {key.value!r:.60} a second time; allowed: once"
            raise FormFault(name, wrong, line)
        lines[key.value] = line
    return found, lines


def _wrong(key: str, value: Any, form: str) -> str:
    """What stands where a key has another form; nothing where it has this one."""
    if key == "authors" and isinstance(value, list) and value:
        names = [_author(one) for one in value]
        return "" if all(names) else f"authors {names.index('') + 1}: found 'no name'"
    if isinstance(value, str) and form and re.fullmatch(form, value):
        return ""
    # never all of it: aliases make much of little
    shown = f"{value!r:.60}" if isinstance(value, str) else "a list or keys"
    return f"{key}: found {shown}"


def _author(one: Any) -> str:
    """Name of an author, a person or not; empty if there is none."""
    parts = one if isinstance(one, dict) else {}
    names = [parts.get(key) for key in ("given-names", "family-names")]
    found = parts.get("name") or " ".join(part for part in names if part)
    return found if isinstance(found, str) else ""


def dataset(package: DataPackage, address: str = "") -> dict[str, Any]:
    """schema.org Dataset of the data package, with each table as a part.

    Without an address of the site, which ends with a slash, the links are relative.

    References
    ----------
    https://schema.org/Dataset
    """
    about = package.descriptor
    itself = {"path": "datapackage.json", "mediatype": "application/json"}
    authors = [
        one["title"] for one in about.get("contributors", []) if one.get("title")
    ]
    found = {
        "@context": "https://schema.org",
        **_described(about, itself, address),
        "version": about.get("version"),
        "dateModified": about.get("created", "")[:10],
        "keywords": about.get("keywords"),
        "creator": [{"@type": "Organization", "name": name} for name in authors],
        "hasPart": [
            _described(one, one, address, f"#{one['name']}")
            for one in about["resources"]
        ],
    }
    return _given(found)


def _described(
    about: dict[str, Any], file: dict[str, Any], address: str, place: str = ""
) -> dict[str, Any]:
    """The package or one of its tables, and the file of it."""
    download = {
        "@type": "DataDownload",
        "contentUrl": f"{address}data/{file['path']}",
        "encodingFormat": file.get("mediatype", "application/octet-stream"),
        "contentSize": f"{file['bytes']} B" if "bytes" in file else None,
        "sha256": file.get("hash", "").removeprefix("sha256:"),
    }
    found = {
        "@type": "Dataset",
        "@id": f"{address}data.html{place}",
        "name": about.get("title", about.get("name")),
        "description": about.get("description"),
        "license": [one["path"] for one in about.get("licenses", []) if "path" in one],
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "distribution": [_given(download)],
    }
    return _given(found)


def _given(found: dict[str, Any]) -> dict[str, Any]:
    """What is not empty."""
    return {name: value for name, value in found.items() if value}
