"""Frames of flows of any engine: keys and values, checked and summed.

What is refused stops at once in memory, and within the query of a lazy engine; see
`partnership.methods.indicators`.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw
import pandas as pd

from partnership import checks

# A sum skips what is missing in one engine and not in the other, so in sums a gap is
# written as this, and what is refused as its negative: every engine carries them on.
GAP = float("inf")

VALUE = nw.col("value")


SIDES = ("exporter", "importer")


def names_of(columns):
    """Names of columns as a list; a text is one name."""
    return checks.names(columns, "columns")


def flows_of(native, keys):
    """Keys and coded values of a frame of any kind."""
    checks.names([*keys, "value"], "columns")
    if isinstance(native, pd.DataFrame):
        native = checks.need(native, [*keys, "value"], "flows", filled=True)
        native = native[[c for c in native if c in (*keys, "value", *SIDES)]]
    try:
        flows = nw.from_native(native)
    except TypeError:
        raise checks.fault("flows", checks.shown(native), "a frame") from None
    of_one_kind(flows, keys)
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


def of_one_kind(flows, keys):
    """Refuse codes both as text and as numbers, and totals beside their parts."""
    kinds = flows.collect_schema()
    sides = [side for side in SIDES if side in kinds]
    if len({kinds[side].is_numeric() for side in sides}) > 1:
        found = "codes as text on one side, as numbers on the other"
        raise checks.fault("exporter, importer", found, "one kind")
    if isinstance(flows, nw.LazyFrame):
        return
    for key in {*keys, *sides} & {*kinds}:
        if kinds[key] == nw.Object:
            known = flows[key].drop_nulls().unique().to_list()
            if len({type(one) for one in known}) > 1:
                found = " and ".join({type(one): repr(one) for one in known}.values())
                raise checks.fault(key, found, "codes of one kind")
    for side in sides:
        names = flows[side].drop_nulls().unique().to_list()
        if len(names) > 1 and checks.totals(names):
            raise ValueError(TOTAL.format(side))


def summed(frame, keys, **sums):
    """Sum columns, or expressions, by keys, or over all rows if there is no key."""
    made = {name: one for name, one in sums.items() if not isinstance(one, str)}
    frame = frame.with_columns(**made) if made else frame
    sums = {
        name: nw.col(name if name in made else one).sum() for name, one in sums.items()
    }
    return frame.group_by(*keys).agg(**sums) if keys else frame.select(**sums)


def cells_of(native, keys, parts=()):
    """Sum flows to these keys; refuse values that are none, lost keys and totals."""
    faults = {
        "value: found one below 0 or infinite; allowed is a finite number from 0 up": (
            (VALUE < 0) | VALUE.is_nan()
        )
    }
    frame = flows_of(native, keys)
    kinds = frame.collect_schema()
    if keys:
        lost = [nw.col(key).is_null() for key in keys]
        # In frames alone: a file has no such words, and a large one is not read twice.
        held = not isinstance(frame, nw.LazyFrame)
        texts = [key for key in keys if held and kinds[key] == nw.String]
        lost += [nw.col(key).is_in(["", "nan", "None", "<NA>"]) for key in texts]
        words = f"{', '.join(keys)}: found an empty cell; allowed is a key in every row"
        faults[words] = nw.any_horizontal(*lost, ignore_nulls=False)
    cells = summed(frame, keys, value="value")
    return refuse(cells, faults | totals_in(parts))


TOTAL = "{}: found a total such as World among the parts; allowed is none"


def totals_in(names):
    """Faults of columns that hold parts of a whole: names of totals among them."""
    return {
        TOTAL.format(name): nw.col(name).cast(nw.String).str.contains(checks.TOTALS)
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
