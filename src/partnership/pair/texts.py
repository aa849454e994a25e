"""What stands beside the tables of a new folder: its README and a notebook."""

from __future__ import annotations

import json

from partnership.evidence import escape
from partnership.evidence.package import DataPackage
from partnership.pair.coverage import coverage, lines

VIEWED = "goods_exports_reconciled"

README = """# {title}

{description} Facts stand in the tables; `datapackage.json` describes them.

## What is there

```
{coverage}
```

## Three next steps

1. Look: open `start.ipynb` in JupyterLab, or `partnership table --data .`
2. Add a figure as its source states it: the source is a row of `sources.csv`, the
   figure a row of `trade.csv`, in the form of the examples below. Where a source is
   "To be named", an own file of yours, name its publisher, address, date and licence.
3. Record and check: `partnership check --refresh --data .`

A conflict between sources stays: `p.series` shows its spread. Where the rule leaves a
tie, a row of `choices.csv` settles it; an error of a source is a row of
`corrections.csv`. A series is defined in `series.csv` before its first row.

## A row of each table

An example of the form; where a table has rows it is the first of them, else the row is
invented. A star marks what may not be empty.
"""


def made(data: DataPackage) -> dict[str, str]:
    """Texts of the files, by name."""
    import nbformat

    return {"README.md": readme(data), "start.ipynb": nbformat.writes(notebook(data))}


def readme(data: DataPackage) -> str:
    """Next steps, what is there and what is not, and a row of each table explained."""
    about = {
        key: escape.markdown(data.descriptor[key]) for key in ("title", "description")
    }
    shown = "\n".join(lines(coverage(data)))
    parts = [README.format(coverage=shown, **about)]
    for table in data.tables():
        resource, row = data.resource(table), example(data, table)
        parts += [f"\n### {table}\n\n`{resource['path']}`\n"]
        parts += ["| Column | Example | Meaning |", "|---|---|---|"]
        for field in resource["schema"]["fields"]:
            star = "*" if (field.get("constraints") or {}).get("required") else ""
            name, told = field["name"], escape.markdown(field.get("description", ""))
            parts.append(f"| `{name}`{star} | {escape.markdown(row[name])} | {told} |")
    return "\n".join(parts) + "\n"


def example(data: DataPackage, table: str) -> dict[str, str]:
    """The first row of a table, or one of its form, by column."""
    fields, rows = data.resource(table)["schema"]["fields"], data.load(table)
    if len(rows):
        first = rows.iloc[0].astype("str").where(rows.iloc[0].notna(), "")
        return first.to_dict()
    first, second = data.pair
    known = {"observation_id": "t0001", "series": "goods_exports", "stated_by": first}
    known |= {"reporter": first, "partner": second, "period": "2016", "value": "12.5"}
    known |= {"unit": "USD_million", "valuation": "fob", "statement_id": "st-example-1"}
    known |= {"source_id": data.load("sources")["source_id"].iloc[0]}
    known |= {"note": "An example and no figure", "table": "trade"}
    row = {}
    for field in fields:
        rules = field.get("constraints") or {}
        words = rules.get("enum") or ["..."]
        default = str(words[0]) if rules.get("required") else ""
        row[field["name"]] = known.get(field["name"], default)
    return row


def notebook(data: DataPackage):
    """A notebook of a few cells: what each sold to the other, with the sources."""
    from nbformat import v4

    names = data.load("countries").set_index("iso3")["name_en"]
    named = [names[code] for code in data.pair]
    found = coverage(data).set_index("series")
    there = set(found.loc[[VIEWED], "direction"])
    ways = {"sold": data.pair, "bought": data.pair[::-1]}
    ways = {way: codes for way, codes in ways.items() if " to ".join(codes) in there}
    both = " and ".join(map(escape.markdown, named))
    opening = f"# {both}: what did they sell to each other?"
    cells = [
        v4.new_markdown_cell(opening),
        v4.new_code_cell(
            "import partnership as p\nfrom partnership import charts\n"
            'from partnership.pair import words\n\np.use(".");'
        ),
    ]
    if not ways:
        gap = "No flow of goods between the two is recorded in `trade_world`."
        cells.append(v4.new_markdown_cell(gap))
    else:
        ask = '{} = p.series("{}", "{}", "{}")'
        asked = [ask.format(way, VIEWED, *codes) for way, codes in ways.items()]
        cells += [
            v4.new_code_cell("\n".join(asked)),
            v4.new_code_cell(_figure(named, [*ways])),
            v4.new_markdown_cell("## Sources"),
            v4.new_code_cell(f"p.sources_used({', '.join(ways)})"),
        ]
    for number, cell in enumerate(cells, start=1):
        cell["id"] = f"cell-{number:02}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _figure(names, ways):
    """The cell that draws the flows: its title says the latest, its alt text the ends.

    Names of economies are values there, never code.
    """
    way, *_ = ways
    quoted = [json.dumps(name, ensure_ascii=False) for name in names]
    sides = {"sold": ("{first}", "{second}"), "bought": ("{second}", "{first}")}

    def flow(one, place):
        amount = f"{{words.usd({one}.value.iloc[{place}] / 1000)}}"
        return f"{amount} in {{{one}.index[{place}]}}"

    title = "{} to {}: goods of ".format(*sides[way]) + flow(way, -1)
    code = [
        f"first, second = {', '.join(quoted)}",
        "with charts.figure(",
        f'    f"{title}",',
        '    "Goods exports f.o.b. as reconciled by CEPII, thousand US dollars",',
    ]
    for part, one in enumerate(ways):
        said = f"Goods from {sides[one][0]}: {flow(one, 0)}, {flow(one, -1)}."
        code.append(f'    f" {said}"' if part else f'    alt=f"{said}"')
    code[-1] += ","
    code.append(") as ax:")
    for one in ways:
        role = "first" if one == "sold" else "second"
        label = f'f"from {sides[one][0]}"'
        code.append(f'    charts.line(ax, {one}, {label}, role="{role}")')
    return "\n".join(code)
