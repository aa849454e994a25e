"""Frames of flows of any engine: coded, checked, added up, joined and given back.

What `partnership.methods.indicators` says of missing values and of errors is done here,
by way of Narwhals.
"""

from __future__ import annotations

import hashlib
import re

import narwhals.stable.v2 as nw
import pandas as pd

from partnership import checks

# A sum skips what is missing in one engine and not in the other, so in sums a gap is
# written as this, and what is refused as its negative: every engine carries them on.
GAP = float("inf")

VALUE = nw.col("value")
_SIDES = ("exporter", "importer")


def names_of(columns):
    """Names of columns, given as text or as a list of texts."""
    return checks.names(columns, "columns")


def coded(native, keys):
    """Keys and coded values of a frame of any kind."""
    checks.names([*keys, "value"], "columns")
    if isinstance(native, pd.DataFrame):
        native = checks.need(native, [*keys, "value"], "flows", filled=True)
        native = native[[c for c in native if c in (*keys, "value", *_SIDES)]]
    try:
        flows = nw.from_native(native)
    except TypeError:
        raise checks.fault("flows", checks.shown(native), "a frame") from None
    _of_one_kind(flows, keys)
    columns = flows.collect_schema().names()
    for column in [*keys, "value"]:
        if column not in columns:
            found, wanted = f"no column {column!r}", ", ".join([*keys, "value"])
            raise checks.fault("flows", found, f"a frame with {wanted}")
    value = VALUE.cast(nw.Float64)
    gap = nw.when(value.is_null() | value.is_nan()).then(nw.lit(GAP))
    fits = (value >= 0) & (value < GAP)
    coded = nw.when(fits).then(value).otherwise(gap.otherwise(nw.lit(-GAP)))
    return flows.select(*keys, value=coded)


def _of_one_kind(flows, keys):
    """Refuse codes both as text and as numbers, and totals beside their parts."""
    kinds = flows.collect_schema()
    sides = [side for side in _SIDES if side in kinds]
    if len({kinds[side].is_numeric() for side in sides}) > 1:
        found = "codes as text on one side, as numbers on the other"
        raise checks.fault("exporter, importer", found, "one kind")
    if isinstance(flows, nw.LazyFrame):
        return
    for key in dict.fromkeys([*keys, *sides]):
        if kinds.get(key) == nw.Object:
            known = flows[key].drop_nulls().unique().to_list()
            if len({type(one) for one in known}) > 1:
                found = " and ".join({type(one): repr(one) for one in known}.values())
                raise checks.fault(key, found, "codes of one kind")
    for side in sides:
        names = flows[side].drop_nulls().unique().to_list()
        if len(names) > 1 and checks.totals(names):
            raise ValueError(_TOTAL.format(side))


def add(frame, keys, **sums):
    """Sum columns, or expressions, by keys, or over all rows if there is no key."""
    made = {name: one for name, one in sums.items() if not isinstance(one, str)}
    frame = frame.with_columns(**made) if made else frame
    sums = {
        name: nw.col(name if name in made else one).sum() for name, one in sums.items()
    }
    return frame.group_by(*keys).agg(**sums) if keys else frame.select(**sums)


def checked(native, keys, parts=()):
    """Sum flows to these keys; refuse values that are none, lost keys and totals."""
    faults = {
        "value: found one below 0 or infinite; allowed is a finite number from 0 up": (
            (VALUE < 0) | VALUE.is_nan()
        )
    }
    frame = coded(native, keys)
    kinds = frame.collect_schema()
    if keys:
        lost = [nw.col(key).is_null() for key in keys]
        # In frames alone: a file has no such words, and a large one is not read twice.
        held = not isinstance(frame, nw.LazyFrame)
        texts = [key for key in keys if held and kinds[key] == nw.String]
        lost += [nw.col(key).is_in(["", "nan", "None", "<NA>"]) for key in texts]
        words = f"{', '.join(keys)}: found an empty cell; allowed is a key in every row"
        faults[words] = nw.any_horizontal(*lost, ignore_nulls=False)
    cells = add(frame, keys, value="value")
    return refuse(cells, faults | totals_in(parts))


_TOTAL = "{}: found a total such as World among the parts; allowed is none"


def totals_in(names):
    """Faults of columns that hold parts of a whole: names of totals among them."""
    return {
        _TOTAL.format(name): nw.col(name).cast(nw.String).str.contains(checks.TOTALS)
        for name in names
    }


def refuse(frame, faults, to="value"):
    """Stop with the words of a fault, in memory at once, else in the query."""
    text = nw.lit("0")
    for words, wrong in reversed(faults.items()):
        if isinstance(frame, nw.DataFrame) and frame.select(wrong.any()).item():
            raise ValueError(words)
        text = nw.when(wrong).then(nw.lit(words)).otherwise(text)
    if not faults or isinstance(frame, nw.DataFrame):
        return frame
    # Every engine refuses to read words as a number, and repeats them.
    return frame.with_columns(nw.col(to) + text.cast(nw.Float64))


def join(frame, totals, keys, how="inner"):
    """Join by keys, or each row to the one row of a whole without keys."""
    return frame.join(totals, on=keys or None, how=how if keys else "cross")


def decoded(value):
    """Decode: what a gap is part of is missing."""
    return nw.when(value < GAP).then(value)


def ratio(part, whole):
    """A part of a whole; missing where either is, or where the whole is 0."""
    fits = (part < GAP) & (whole > 0) & (whole < GAP)
    return nw.when(fits).then(part / whole)


def native(flows, result, keys, **columns):
    """Give keys and columns as a frame of the engine's own kind."""
    made = result.select(*keys, **columns).to_native()
    if not nw.dependencies.is_duckdb_relation(flows):
        return made
    # DuckDB writes each step as a common table expression that it is told to run anew
    # for every use; left to itself, it runs a sum that is used again only once.
    query = made.sql_query()
    steps = re.findall(r'"__duckdb_s\d+"', query)
    if all(steps.count(step) == 2 for step in steps):  # made and used once
        return made
    query = query.replace(" AS NOT MATERIALIZED (", " AS (")
    own = hashlib.sha256(query.encode()).hexdigest()[:8]  # names of its own for steps
    return flows.query("flows", re.sub(r'"__duckdb_s(?=\d+")', f'"{own}_', query))
