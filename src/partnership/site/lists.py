"""Pages that are made from the data package: the way in, claims, data, sources."""

from __future__ import annotations

import json
from calendar import month_name
from typing import TYPE_CHECKING

from partnership import verdicts
from partnership.evidence import asof, cited, files
from partnership.site import convert, metadata, polish
from partnership.site.pages import Page, introduction, shortened

if TYPE_CHECKING:
    from partnership.evidence.package import DataPackage
    from partnership.site.assemble import Site


def index(site: Site) -> str:
    """The way in: the headline picture, questions and answers, ways to use it."""
    readme = site.root / "README.md"
    text = files.text(readme) if readme.is_file() else ""
    first = introduction(text) or site.about["description"]
    picture = next((page.picture for page in site.of_kind("Notebook")), "")
    return site.render(
        "index.html",
        Page("index.html", site.about["title"], shortened(first), picture),
        introduction=convert.markdown(first),
        citation=metadata.citation(site.root / "CITATION.cff"),
    )


def claims(site: Site) -> str:
    """The board of claims, with ClaimReview for programs that read it."""
    keys = {words: key for key, words in verdicts.VERDICTS.items()}
    titles = {page.origin: page.title for page in site.made}
    start, rows = Page("index.html", "", origin=site.home), []
    for name, row in site.board.iterrows():
        used = [one for one in row["source_ids"].split(";") if one]
        for one in used:
            site.cited.setdefault(one, {})["claims.html"] = "Claims"
        file, _, heading = row["section"].partition("#")
        rows.append(
            {
                **row,
                "id": name,
                "sources": used,
                "link": site.links.target(start, row["section"]) if file else None,
                "where": heading.replace("-", " ") or titles.get(site.home + file),
                "then_key": keys[row["then"]],
                "now_key": keys[row["now"]],
            }
        )
    # The notebook on the claims is the one that has a row for each.
    told = [p for p in site.of_kind("Notebook") if site.claims <= site.ids[p.path]]
    report = asof.report(site.package)
    year, month, *_ = report["day"].split("-")
    now = {row["now"] for row in rows}
    reviews = verdicts.to_jsonld(site.address or None, data=site.package)
    page = Page(
        "claims.html",
        "The claims and their verdicts",
        f"Every statement of {report['name']}, with its verdict as of that day and as "
        "known now, the reason and the sources.",
        told[0].picture if told else "",
    )
    return site.render(
        "claims.html",
        page,
        rows=rows,
        report=report["name"],
        month=f"{month_name[int(month)]} {year}",
        themes=dict.fromkeys(row["theme"] for row in rows),
        verdicts=[words for words in keys if words in now],
        notebook=told[0].path if told else "",
        jsonld=metadata.script(json.loads(reviews)),
    )


def sources(site: Site) -> str:
    """Every source under the first table that names it, with the pages that use it."""
    tables, languages = _first_tables(site.package), _languages(site.package)
    groups: dict[str, list] = {title: [] for title in [*tables.values(), "More"]}
    for name, row in site.sources.sort_index().iterrows():
        used, tongue = sorted(site.cited.get(name, {}).items()), row["language"]
        entry = {**row, "id": name, "language": languages.get(tongue, tongue)}
        entry |= {"bibtex": cited.bibtex(name, row), "pages": used}
        groups[tables.get(name, "More")].append(entry)
    described = f"The {len(site.sources)} publications that the figures come from, each"
    described += " with publisher, date, title, address and where it is used."
    return site.render(
        "sources.html",
        Page("sources.html", "Sources", described),
        groups=[(polish.slug(t), t, rows) for t, rows in groups.items() if rows],
    )


def _languages(package: DataPackage) -> dict[str, str]:
    """Names of the languages but English, in which the site itself is."""
    table = package.load("languages") if "languages" in package.tables() else None
    known = {} if table is None else dict(table.itertuples(index=False))
    return known | {"en": ""}


def _first_tables(package: DataPackage) -> dict[str, str]:
    """Title of the first table that names a source, by its id."""
    found: dict[str, str] = {}
    for name in package.tables():
        about = package.resource(name)
        columns = {field["name"] for field in about["schema"]["fields"]}
        if name != "sources" and columns & {"source_id", "source_ids"}:
            for source in cited.source_ids(package.load(name)):
                found.setdefault(source, about.get("title", name))
    return found


def data(site: Site) -> str:
    """The tables for download, with schema.org Dataset."""
    names, files = site.package.tables(), []
    for one in site.package.descriptor["resources"]:
        rows = len(site.package.load(one["name"])) if one["name"] in names else 0
        size = site.package.inside(one["path"]).stat().st_size
        known = {"title": one["name"], "description": "", "licenses": []}
        files.append(known | one | {"rows": rows, "bytes": size})
    return site.render(
        "data.html",
        Page("data.html", "Data", shortened(site.about["description"])),
        tables=[one for one in files if one["name"] in names],
        rest=[one for one in files if one["name"] not in names],
        series=site.package.load("series")["series"][:1] if "series" in names else [],
        jsonld=metadata.script(metadata.dataset(site.package, site.address)),
    )
