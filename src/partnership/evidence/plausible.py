"""Whether the rows of all tables can be true together: each against the others.

`faults` looks at one cell at a time. Here statements are held against their copies,
their neighbours in time, other speakers, the publication that they stand in, the
account of where all rows came from and the control totals. No check knows a value; each
says what follows from what is there, so that it holds for any package, and after every
rerun.

What is odd and right is a row of the table ``oddities``: check, table, row, the cell
for which the reason holds, and the reason. One that no check asks for any more is a
fault, so that no excuse outlives its occasion. A package without that table, as a new
pair's, is asked only what knows no exception (`SURE`).
"""

from partnership.evidence import geography, neighbours, totals, witnesses
from partnership.evidence.faults import Problem
from partnership.evidence.overview import Known


def faults(data) -> list[Problem]:
    """What cannot be so, of a package whose cells are right.

    Parameters
    ----------
    data : DataPackage

    Returns
    -------
    list of partnership.evidence.faults.Problem
        One a row and check; those that ``oddities`` gives a reason for are left out.
    """
    known = Known(data)
    excused = known.has("oddities")
    found, lacking = [], []
    for check, look in CHECKS.items():
        try:
            asked = look(known) if excused or check in SURE else ()
            found += [(check, *one) for one in asked]
        except KeyError as error:  # a package of others, with some of our tables
            message = f"found no column {error.args[0]}, which the check {check} reads"
            lacking.append(Problem("datapackage.json", f"{message}; allowed: one"))
    if lacking:
        return lacking
    if not excused:
        return [known.problem(*one[1:]) for one in found]
    odd = data.load("oddities")
    asked = [
        (check, table, known.key(table, at), known.cell(table, at, column))
        for check, table, at, column, _ in found
    ]
    told = [tuple(row) for row in odd[["check", "table", "row", "found"]].to_numpy()]
    left = [one for one, key in zip(found, asked, strict=True) if key not in set(told)]
    idle = [n for n, key in enumerate(told) if key not in set(asked)]
    message = "found an exception that no check needs; allowed: what a check asks for"
    problems = [known.problem(*one[1:]) for one in left]
    return problems + [known.problem("oddities", at, "row", message) for at in idle]


def _publishers(known):
    """A source is as reliable as others of its kind, and of its publisher."""
    if not known.has("sources"):
        return
    frame = known.data.load("sources")
    seen = set()
    for key in (["kind"], ["kind", "publisher"]):
        size = frame.groupby(key)["title"].transform("size")
        same = frame.groupby([*key, "reliability"])["title"].transform("size")
        most = same.groupby([frame[column] for column in key]).transform("max")
        odd = (size > 2) & (2 * most >= size) & (same < most)
        if "publisher" in key:  # some write the one as well as the other
            odd &= same == 1
        for at in frame.index[odd & ~frame.index.isin(seen)]:
            of = " of ".join(frame.loc[at, key[::-1]])
            found = f"found {frame.at[at, 'reliability']}, another in most sources of "
            yield "sources", int(at), "reliability", f"{found}{of}; allowed: as they"
        seen |= {*frame.index[odd]}


def _account(known):
    """The rows of a table are those that the account of the evidence tells of."""
    if not known.has("ledger"):
        return
    ledger = known.data.load("ledger").dropna(subset=["table"])
    counted = ledger["fate"].isin(["kept", "added"])
    number = ledger[counted].groupby("table")["number"].sum()
    # What was merged may have become any number of rows.
    kept = ledger.loc[ledger["fate"] == "kept", "table"]
    merged = set(ledger.loc[ledger["fate"] == "merged", "table"]) - {*kept}
    for table in sorted(known.tables & {*number.index} - merged):
        rows = known.data.resource(table).get("rows")
        if rows not in (None, number[table]):
            message = f"found {rows} rows; the ledger accounts for {number[table]}; "
            yield table, None, None, message + "allowed: as many, or a line of it"


def _unused(known):
    """Every line of a dictionary is named by some row, where all rows are accounted."""
    if not known.has("ledger"):
        return
    named = {table: set() for table in _DICTIONARIES if table in known.tables}
    for resource in known.data.descriptor["resources"]:
        table = resource["name"]
        view = resource.get("view") or {}
        for target, column in _DICTIONARIES.items():
            cells = {view.get(column), resource.get(column)}
            named.get(target, set()).update(cells - {None})
        if table not in known.tables or view:
            continue
        schema = resource["schema"]
        keys = [(k["fields"], k["reference"]) for k in schema.get("foreignKeys") or ()]
        keys += [(f["name"], f["listOf"]) for f in schema["fields"] if f.get("listOf")]
        for column, reference in keys:
            column = column if isinstance(column, str) else column[0]
            if (target := reference.get("resource")) in named and target != table:
                cells = known.data.load(table)[column].dropna().unique()
                named[target].update(*(cell.split(";") for cell in cells))
    for table, names in named.items():
        key = known.data.load(table)[_DICTIONARIES[table]]
        for at in key.index[~key.isin(names)]:
            message = f"found {key[at]}, which nothing names; allowed: what is used"
            yield table, int(at), _DICTIONARIES[table], message


_DICTIONARIES = {"series": "series", "sources": "source_id", "speakers": "stated_by"}
_DICTIONARIES |= {"units": "unit", "languages": "language", "product_groups": "product"}

CHECKS = {
    "copies": witnesses.copies,
    "named": witnesses.named,
    "sides": witnesses.sides,
    "speakers": witnesses.speakers,
    "repeats": witnesses.repeats,
    "sums": witnesses.sums,
    "second": witnesses.second,
    "beside": witnesses.beside,
    "evidence": witnesses.evidence,
    "dates": neighbours.dates,
    "jumps": neighbours.jumps,
    "visits": neighbours.visits,
    "orders": neighbours.orders,
    "positions": geography.positions,
    "publishers": _publishers,
    "account": _account,
    "unused": _unused,
    "totals": totals.faults,
}
"""By the name that ``oddities`` gives it: what is looked at."""
SURE = ("copies", "repeats", "second", "dates", "totals")
