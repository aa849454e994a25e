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


def citation(file: Path) -> dict[str, str]:
    """Title, version, date and authors of CITATION.cff."""
    if not file.is_file():
        return {}
    found = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {
        "title": found["title"],
        "version": str(found["version"]),
        "date": str(found["date-released"]),
        "authors": ", ".join(author["name"] for author in found["authors"]),
    }


def dataset(package: DataPackage, address: str = "") -> dict[str, Any]:
    """schema.org Dataset of the data package, with each table as a part.

    Parameters
    ----------
    package : DataPackage
    address : str
        Where the site stands, with a slash at the end; empty: links are relative.

    References
    ----------
    https://schema.org/Dataset
    """
    about = package.descriptor
    shared = {"inLanguage": "en", "isAccessibleForFree": True}
    parts = []
    for one in about["resources"]:
        licences = [licence["path"] for licence in one.get("licenses", [])]
        file = {
            "@type": "DataDownload",
            "contentUrl": f"{address}data/{one['path']}",
            "encodingFormat": one.get("mediatype", "application/geo+json"),
        }
        if "bytes" in one:
            file["contentSize"] = f"{one['bytes']} B"
        if "hash" in one:
            file["sha256"] = one["hash"].removeprefix("sha256:")
        parts.append(
            {
                "@type": "Dataset",
                "@id": f"{address}data.html#{one['name']}",
                "name": one.get("title", one["name"]),
                "description": one.get("description", ""),
                **({"license": licences} if licences else {}),
                **shared,
                "distribution": [file],
            }
        )
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": f"{address}data.html",
        "name": about["title"],
        "description": about["description"],
        "version": about["version"],
        "dateModified": about["created"][:10],
        "keywords": about["keywords"],
        "license": [licence["path"] for licence in about["licenses"]],
        "creator": [
            {"@type": "Organization", "name": one["title"]}
            for one in about["contributors"]
        ],
        **shared,
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": f"{address}data/datapackage.json",
                "encodingFormat": "application/json",
            }
        ],
        "hasPart": parts,
    }
