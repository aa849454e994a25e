"""The board for others: schema.org ClaimReview, CSV and Markdown."""

from __future__ import annotations

import json
import re
from datetime import date

from partnership import checks
from partnership.evidence import escape
from partnership.evidence.asof import report
from partnership.evidence.package import chosen
from partnership.verdicts.boards import board, both
from partnership.verdicts.rules import VERDICTS

RATING = {
    "supported": 5,
    "supported_with_caveat": 4,
    "understated": 2,
    "overstated": 2,
    "contradicted": 1,
}
"""Rating of a verdict from 1 to 5; what is not checkable has none."""


def to_jsonld(base_url=None, as_of=None, *, data=None):
    """Write the board as schema.org ClaimReview.

    Parameters
    ----------
    base_url : str, optional
        Address under which the page ``claims.html`` of the site stands; without it the
        links are relative.
    as_of, data
        As in `verdict`.

    Returns
    -------
    str
        JSON-LD: one ``@graph`` with a ClaimReview a statement.

    References
    ----------
    https://schema.org/ClaimReview
    """
    data = chosen(data)
    claims = data.load("claims").set_index("claim_id")
    frame = board(as_of, data=data).join(claims[["source_id", "said_on"]])
    frame = frame.join(both(data)[["still", "still_reason"]])
    known = data.load("sources").set_index("source_id").fillna("")
    base_url = base_url if base_url is None else str(base_url)
    plain = not base_url or re.fullmatch(r"https?://[^\s<>\"]+", base_url)
    if not plain or (base_url and escape.address(base_url) != base_url):
        raise checks.fault("base_url", repr(base_url), "an address with http or https")
    page = (base_url.rstrip("/") + "/" if base_url else "") + "claims.html"
    title = data.descriptor.get("title") or data.descriptor.get("name")
    author = {"@type": "Organization", "name": title}
    author |= {"url": base_url} if base_url else {}
    narrator, reviews = (data.descriptor.get("report") or {}).get("narrator"), []
    for claim, row in frame.iterrows():
        used = known.loc[[one for one in row["source_ids"].split(";") if one]]
        about = {"@type": "ClaimReview", "@id": f"{page}#{claim}"}
        about |= {"url": f"{page}#{claim}", "claimReviewed": row["statement"]}
        about |= {"datePublished": row["as_of"], "inLanguage": "en", "author": author}
        about["itemReviewed"] = _item(row, known.loc[row["source_id"]], narrator)
        about["reviewRating"] = _rating(row)
        if row["still"]:
            about["reviewBody"] = (
                f"Is it still so? {row['still']}: {row['still_reason']}"
            )
        about["isBasedOn"] = [
            {"@type": "CreativeWork", "name": one["title"], "url": one["url"]}
            for _, one in used.iterrows()
        ]
        reviews.append(about)
    graph = {"@context": "https://schema.org", "@graph": reviews}
    return json.dumps(graph, indent=2, ensure_ascii=False) + "\n"


def _item(row, report, narrator):
    """The statement as schema.org Claim: who makes it, when and where.

    The narrator of the report speaks for the outlet.
    """
    outlet = {"@type": "Organization", "name": report["publisher"]}
    person = {"@type": "Person", "name": row["speaker"]}
    return {
        "@type": "Claim",
        "author": outlet if row["speaker"] == narrator else person,
        "datePublished": row["said_on"],
        "appearance": {
            "@type": "CreativeWork",
            "headline": report["title"],
            "url": report["url"],
            "datePublished": report["published"],
            "publisher": outlet,
        },
    }


def _rating(row):
    """The verdict as schema.org Rating."""
    rating = {
        "@type": "Rating",
        "alternateName": VERDICTS[row["verdict"]],
        "ratingExplanation": row["reason"],
    }
    if row["verdict"] in RATING:
        rating |= {"ratingValue": RATING[row["verdict"]]}
        rating |= {"bestRating": 5, "worstRating": 1}
    return rating


def to_csv(data=None, raw=False):
    """Write the board with both verdicts as CSV; `raw` as in `escape.csv`."""
    columns = ["theme", "sentence", "statement", "speaker", "question", "then"]
    columns += ["then_reason", "now", "reason", "probability", "still", "still_reason"]
    columns += ["kind", "section", "source_ids"]
    return escape.csv(both(data)[columns], index=True, raw=raw)


def to_markdown(data=None, folder=""):
    """Write the board with both verdicts as a Markdown table.

    Parameters
    ----------
    data : DataPackage, optional
    folder : str
        Put before the links to the notebooks, such as ``notebooks/``.
    """
    frame, day = both(data), ""
    if len(frame):
        day = date.fromisoformat(report(data)["day"]).strftime("In %B %Y")
    lines = [f"| | Statement | {day} | As known now | Still so? | Why |"]
    lines += ["|" + "---|" * 6]
    for claim, row in frame.iterrows():
        link = f"[{escape.markdown(claim)}]({folder}{row['section']})"
        texts = row[["statement", "then", "now", "still", "reason"]]
        texts = texts.map(escape.markdown)
        lines.append("| " + " | ".join([link, *texts]) + " |")
    return "\n".join(lines) + "\n"
