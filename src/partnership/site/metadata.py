"""What the pages say to programs: JSON-LD of schema.org, and the citation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup

from partnership.evidence.package import DataPackage


def script(content: dict[str, Any]) -> Markup:
    """JSON-LD as it may stand in a page: no text in it can end the script."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", r"\u003c"))


def citation(file: Path) -> dict[str, Any]:
    """What CITATION.cff says, if there is one."""
    return yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}


def dataset(package: DataPackage, address: str = "") -> dict[str, Any]:
    """schema.org Dataset of the data package, with each table as a part.

    Without an address of the site, which ends with a slash, the links are relative.

    References
    ----------
    https://schema.org/Dataset
    """
    about = package.descriptor
    itself = {"path": "datapackage.json", "mediatype": "application/json"}
    authors = [one["title"] for one in about.get("contributors", [])]
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
