"""Control totals: what the cells of each column come to, kept apart from the cells.

Whoever copies figures by hand counts and adds them up on another sheet: a digit that
slips later no longer agrees with it. The table ``totals`` is that sheet, a line a
column. Numbers are added up exactly; dates by the numbers that stand in them, a sum
that means nothing and changes with every year and day (a hash total, as bookkeepers
say); words of a short list are counted one by one, and of all else how many differ.
Recording changed tables leaves it as it is: only `renew` writes it, and says what has
changed.
"""

import io
import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from functools import partial
from itertools import groupby

import pandas as pd

from partnership.evidence import files

FIELDS = ["table", "column", "cells", "come_to"]
BOARD = "verdicts"  # in place of a table: what is made from all of them
WORDS = 40  # of a longer list it is said how many differ
SHOWN = 4  # columns of a table, in one fault
WAY = "after a change that is meant, `partnership check --totals`"


def lines(data) -> pd.DataFrame:
    """Count the tables of a package anew.

    Parameters
    ----------
    data : DataPackage

    Returns
    -------
    DataFrame
        A row a column: ``cells`` that are filled, and what they ``come_to``.
    """
    tables = [table for table in data.tables() if table != "totals"]
    found = [
        data.once(("totals", one), partial(_of_table, data, one)) for one in tables
    ]
    return pd.DataFrame([line for one in found for line in one], columns=FIELDS)


def _of_table(data, table):
    frame, schema = data.load(table), data.resource(table)["schema"]
    referring = [key["fields"] for key in schema.get("foreignKeys") or ()]
    found = []
    for field in schema["fields"]:
        name = field["name"]
        refers = name in referring or [name] in referring
        cells = frame[name].dropna().tolist()
        found.append((table, name, len(cells), come_to(cells, field, refers)))
    return found


def of_board(board) -> pd.DataFrame:
    """Lines of a board of statements: a column for each question, a word for each."""
    found = []
    for column in board:
        answers = board[column][board[column] != ""]
        told = ", ".join(f"{claim} {answer}" for claim, answer in answers.items())
        found.append((BOARD, column, len(answers), told))
    return pd.DataFrame(found, columns=FIELDS)


def come_to(cells, field, refers):
    """What the cells of a column come to, in words."""
    kind, name = field.get("type"), field["name"]
    if kind in ("number", "integer"):
        return _plain(sum(map(Decimal, map(str, cells)), Decimal()))
    if field.get("holds") == "date" or name.endswith("period"):
        return str(sum(map(int, re.findall(r"\d+", " ".join(cells)))))
    short = refers or kind == "boolean" or "enum" in (field.get("constraints") or {})
    words = Counter(map(str, cells))
    if short and len(words) <= WORDS:
        return ", ".join(f"{word} {number}" for word, number in sorted(words.items()))
    return f"{len(words)} different"


def _plain(number, sign=""):
    text = f"{number:{sign}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def faults(known):
    """Columns that no longer come to what ``totals`` says; nothing while it is empty.

    Yields table, row, column and message as all checks of `plausible` do.
    """
    kept = known.data.load("totals") if known.has("totals") else ()
    if len(kept):
        yield from told(kept[kept["table"] != BOARD], lines(known.data))


def told(kept, now):
    """Lines of ``totals`` against what is counted now, as `faults`; one a table."""
    for table, ones in groupby(compared(kept, now), lambda one: one[0]):
        _, columns, places, founds, allowed = zip(*ones, strict=True)
        found = f"{columns[0]}: found {founds[0]}; allowed: {allowed[0]}"
        if more := len(columns) - 1:
            first = zip(columns[:SHOWN], founds, allowed, strict=False)
            cells = "; ".join(f"{name} {new} for {old}" for name, new, old in first)
            rest = f" and {more + 1 - SHOWN} columns more" if more >= SHOWN else ""
            found = f"found {cells}{rest}; allowed: what stands here"
        yield "totals", places[0], "come_to", f"{table}, {found}; {WAY}"


def compared(kept, now):
    """Table, column, row of ``totals``, what is found there now and what is allowed."""
    kept = kept.assign(at=kept.index, come_to=kept["come_to"].fillna(""))
    both = kept.merge(now, on=FIELDS[:2], how="outer", suffixes=("", "_now"))
    order = dict.fromkeys([*kept["table"], *now["table"]])
    both["order"] = both["table"].map({name: n for n, name in enumerate(order)})
    for row in both.sort_values(["order", "at"]).to_dict("records"):
        at = None if pd.isna(row["at"]) else int(row["at"])
        if at is None:
            said = "no line", "one"
        elif pd.isna(row["cells_now"]):
            said = "no such column", "what is there"
        else:
            said = _difference(row)
        if said:
            yield row["table"], row["column"], at, *said


def _difference(row):
    """What a column comes to and what it has to, as briefly as can be."""
    old, new = row["come_to"], row["come_to_now"]
    more = int(row["cells_now"] - row["cells"])
    count = f" ({more:+} cells)" if more else ""
    if old == new:
        return (f"the same{count}", f"{row['cells']} cells") if more else ()
    try:
        off = Decimal(new) - Decimal(old)
    except InvalidOperation:
        words, before = ({*one.split(", ")} for one in (new, old))
        found, allowed = (
            ", ".join(sorted(one)) or "no such"
            for one in (words - before, before - words)
        )
        return found + count, allowed
    digits = int("".join(map(str, off.as_tuple().digits)).rstrip("0") or 1)
    swap = ", a multiple of 9, as when two digits change places"
    slip = "" if more or digits % 9 else swap
    return f"{new}, {_plain(off, '+')}{slip}{count}", old


def renew(data, board) -> list[str]:
    """Write ``totals`` anew; return what has changed, a line each.

    Parameters
    ----------
    data : DataPackage
    board : DataFrame
        Answers by statement (rows) and question (columns); "" where it makes no sense.

    Raises
    ------
    DataError
        If a table has a fault; nothing is written then.
    """
    kept = data.load("totals")
    now = pd.concat([lines(data), of_board(board)], ignore_index=True)
    changed = [
        f"{table}, {column}: {found}, was {was}"
        for table, column, _, found, was in compared(kept, now)
    ]
    out = io.StringIO(newline="")
    now.to_csv(out, index=False, lineterminator="\n")
    path = data.inside(data.resource("totals")["path"])
    files.write_atomically(path, out.getvalue())
    data.refresh()
    return changed
