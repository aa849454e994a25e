"""Rows of tables about two invented economies, AAA and BBB; a picture of nothing."""

import base64
import struct
import textwrap


def source(source_id, published, reliability="primary"):
    return {"source_id": source_id, "published": published, "reliability": reliability}


SOURCES = [
    source("s-report", "2010-06-30"),
    source("s-2009", "2009-12", "secondary"),
    source("s-2010", "2010-05-01"),
    source("s-2012", "2012-02-01"),
    source("s-undated", ""),
]

CLAIM = {
    "theme": "machinery",
    "speaker": "report narrator",
    "said_on": "2010-06-30",
    "source_id": "s-report",
    "question": "was_so",
    "case": "state",
}


def claim(claim_id, section, **columns):
    row = CLAIM | {"claim_id": claim_id, "section": section, "metric": claim_id}
    words = {"statement": f"Statement {claim_id}.", "mark": claim_id}
    words |= {"sentence": f"s{claim_id[1:]}"}
    return row | words | {"is_quantitative": "true"} | columns


def rule(number, claim_id, **columns):
    row = {"rule_id": f"cr{number:02}", "claim_id": claim_id, "role": "main"}
    return row | {"combine": "any"} | columns


def observation(number, value=100, **columns):
    row = {"observation_id": f"m{number:03}", "series": "fleet_units", "unit": "units"}
    row |= {"stated_by": "AAA", "reporter": "AAA", "partner": "BBB", "maker": "XX"}
    row |= {"period": "2010", "period_type": "calendar_year", "machine": "tractor"}
    row |= {"qualifier": "exact", "source_id": "s-2010", "value": str(value)}
    row |= {"statement_id": f"st-{number}"} | columns
    return {column: cell for column, cell in row.items() if cell is not None}


FLEET = {"series": "fleet_units", "theme": "machinery", "measure": "stock"}
FLEET |= {"definition": "Machines at work", "unit": "units", "direction": "held"}

SETTLED = "Both readings have not checkable, too early. We say so. So supported."


def picture(**about):
    """Output of a cell with a picture, whose header alone is there."""
    from nbformat import v4

    content = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 200, 100)
    data = {"image/png": base64.b64encode(content).decode()}
    return v4.new_output("display_data", data, metadata={"image/png": about})


SPEAKERS = [
    {"stated_by": name, "kind": kind, "name": name.title()}
    for name, kind in (
        *(("AAA", "economy"), ("BBB", "economy"), ("CCC", "economy")),
        *(("BODY", "body"), ("PRESS", "press")),
    )
]


def written(frame):
    """Text of a frame or a Series: names and kinds of its columns, then its rows.

    Numbers have eight digits; the index stands before the bar.
    """

    def cell(value):
        if isinstance(value, float):
            return f"{value:.8g}"
        return str(value)

    frame = frame.to_frame() if hasattr(frame, "to_frame") else frame
    kinds = {"str": "text", "string": "text", "object": "any"}
    index = frame.index.to_frame()

    def head(table):
        names = zip(table.columns, map(str, table.dtypes), strict=True)
        return [f"{name}:{kinds.get(kind, kind)}" for name, kind in names]

    names = [str(name) for name in frame.index.names]
    kind = [one.partition(":")[2] for one in head(index)]
    first = ", ".join(":".join(pair) for pair in zip(names, kind, strict=True))
    lines = [f"{first} | {', '.join(head(frame))}"]
    if frame.columns.names != [None]:
        lines[0] += f" by {', '.join(map(str, frame.columns.names))}"
    for keys, row in zip(
        index.itertuples(index=False), frame.itertuples(index=False), strict=True
    ):
        lines.append(f"{', '.join(map(cell, keys))} | {', '.join(map(cell, row))}")
    lines = [textwrap.fill(line, 84, subsequent_indent="  ") for line in lines]
    return "\n".join(lines) + "\n"


def looked(package, check, **tables):
    """What one check of plausibility finds: table, row from 0, column, message."""
    from partnership.evidence.plausible import CHECKS, Known

    sold = FLEET | {"series": "sold", "direction": "export", "measure": "flow"}
    made = {"series": [FLEET, sold], "sources": SOURCES, "speakers": SPEAKERS}
    return list(CHECKS[check](Known(package(**made | {"oddities": []} | tables))))


def statements(*rows, **columns):
    """Rows of observations in their order, each of a statement of its own."""
    return [
        observation(n, **{"statement_id": f"st-s-2010-{n:03}"} | columns | row)
        for n, row in enumerate(rows, start=1)
    ]
