"""The board for others: schema.org ClaimReview, CSV and Markdown."""

from __future__ import annotations

import json

from partnership.evidence import escape
from partnership.evidence.package import default
from partnership.verdicts.board import board, both
from partnership.verdicts.rules import VERDICTS

RATING = {
    "supported": 5,
    "supported_with_caveat": 4,
    "understated": 2,
    "overstated": 2,
    "contradicted": 1,
}
"""Rating of a verdict from 1 to 5; what is superseded or not checkable has none."""


def to_jsonld(base_url=None, as_of=None, *, data=None):
    """Write the board as schema.org ClaimReview.

    Parameters
    ----------
    base_url : str, optional
        Address under which the page ``09_claims.html`` stands; without it the links
        are relative.
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
    data = data or default()
    frame = board(as_of, data=data)
    claims = data.load("claims").set_index("claim_id")
    known = data.load("sources").set_index("source_id").fillna("")
    page = (base_url.rstrip("/") + "/" if base_url else "") + "09_claims.html"
    reviews = []
    for claim, row in frame.iterrows():
        report = known.loc[claims.at[claim, "source_id"]]
        outlet = {"@type": "Organization", "name": report["publisher"]}
        narrator = row["speaker"] == "report narrator"
        person = {"@type": "Person", "name": row["speaker"]}
        rating = {
            "@type": "Rating",
            "alternateName": VERDICTS[row["verdict"]],
            "ratingExplanation": row["sentence"],
        }
        if row["verdict"] in RATING:
            value = {"ratingValue": RATING[row["verdict"]]}
            rating |= value | {"bestRating": 5, "worstRating": 1}
        used = known.loc[[i for i in row["source_ids"].split(";") if i]]
        reviews.append(
            {
                "@type": "ClaimReview",
                "@id": f"{page}#{claim}",
                "url": f"{page}#{claim}",
                "claimReviewed": row["statement"],
                "datePublished": row["as_of"],
                "inLanguage": "en",
                "author": {
                    "@type": "Organization",
                    "name": data.descriptor["title"],
                    **({"url": base_url} if base_url else {}),
                },
                "itemReviewed": {
                    "@type": "Claim",
                    "author": outlet if narrator else person,
                    "datePublished": claims.at[claim, "said_on"],
                    "appearance": {
                        "@type": "CreativeWork",
                        "headline": report["title"],
                        "url": report["url"],
                        "datePublished": report["published"],
                        "publisher": outlet,
                    },
                },
                "reviewRating": rating,
                "isBasedOn": [
                    {"@type": "CreativeWork", "name": one["title"], "url": one["url"]}
                    for _, one in used.iterrows()
                ],
            }
        )
    graph = {"@context": "https://schema.org", "@graph": reviews}
    return json.dumps(graph, indent=2, ensure_ascii=False) + "\n"


def to_csv(data=None):
    """Write the board with both tenses as CSV."""
    columns = ["theme", "statement", "speaker", "then", "then_sentence", "now"]
    columns += ["sentence", "kind", "section", "source_ids"]
    return both(data)[columns].to_csv(lineterminator="\n")


def to_markdown(data=None, folder=""):
    """Write the board with both tenses as a Markdown table.

    Parameters
    ----------
    data : DataPackage, optional
    folder : str
        Put before the links to the notebooks, such as ``notebooks/``.
    """
    lines = ["| | Statement | In April 2017 | As known now | Why |", "|" + "---|" * 5]
    for claim, row in both(data).iterrows():
        link = f"[{escape.markdown(claim)}]({folder}{row['section']})"
        texts = row[["statement", "then", "now", "sentence"]].map(escape.markdown)
        lines.append("| " + " | ".join([link, *texts]) + " |")
    return "\n".join(lines) + "\n"


FORMATS = ("csv", "jsonld", "markdown")


def export(format="csv", base_url=None):
    """Write the board in one of `FORMATS`: the body of ``partnership claims``.

    Raises
    ------
    ValueError
        For an unknown format.
    """
    if format not in FORMATS:
        raise ValueError(f"format: found {format!r}; allowed are {', '.join(FORMATS)}")
    if format == "jsonld":
        return to_jsonld(base_url)
    return to_csv() if format == "csv" else to_markdown(folder="notebooks/")
