"""One check of each kind of argument, for the whole package.

A check returns its argument in the one form that the caller goes on with, and never
changes it in place. Where it cannot, it raises a ``ValueError`` that reads
"ARGUMENT: found X; allowed is Y". Bounds belong to what is allowed, except `low` with
``above=True``; a number is finite and never negative unless the bounds say so.
"""

from __future__ import annotations

import difflib
import math
import re
from numbers import Integral, Real

import numpy as np
import pandas as pd

FIRST_YEAR, LAST_YEAR = 1000, 2999
"""Years that are believed: 202211 is a month and 16 a slip of the pen."""

_YEAR = re.compile(r"(\d{4})(?:/(\d{4}))?")

_TOTAL = re.compile(
    r"(?:(?:grand |sub)?total|sum|all|(?:the )?(?:whole )?world|wld|w00|monde|"
    r"всего|итого|мир|весь мир)(?:[ _-](?:all|total|world|trade|partners|countries|"
    r"reporters|products|goods|commodities|merchandise))*",
    re.IGNORECASE,
)

# Groups of economies in common data sets (World Bank, Eurostat, OECD): they hold their
# members once more.
_GROUPS = re.compile(
    r"EAP|EAS|ECA|ECS|EMU|EUU|EUR|HIC|LAC|LCN|LDC|LIC|LMC|LMY|MEA|MIC|MNA|NAC|OED|SAS|"
    r"SSA|SSF|UMC|EU|EU\d\d(_\d{4})?|EA\d\d|(EXT|INT|EXTRA|INTRA)_EU.*|OECD|G20"
)


def shown(value):
    """Write a value as a reader does: 2016, not np.int64(2016)."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (pd.Series, pd.DataFrame, pd.Index, np.ndarray)):
        return f"a {type(value).__name__}"
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:76]} ..."


def fault(argument, found, allowed):
    """Make the error that every check raises."""
    return ValueError(f"{argument}: found {found}; allowed is {allowed}")


def need(frame, columns, argument, filled=False):
    """Return a frame with these columns; with ``filled=True`` it must have rows.

    A level of the index that is needed becomes a column.
    """
    if not isinstance(frame, pd.DataFrame):
        raise fault(argument, f"a {type(frame).__name__}", "a pandas DataFrame")
    columns = list(columns)
    levels = {*frame.index.names} & {*columns} - {*frame.columns}
    if levels:
        frame = frame.reset_index(level=list(levels))
    for column in columns:
        if column not in frame.columns:
            wanted = ", ".join(map(str, columns))
            raise fault(argument, f"no column {column!r}", f"a frame with {wanted}")
    if filled and frame.empty:
        raise fault(argument, "no rows", "one or more")
    return frame


def once(keys, argument):
    """Stop if a key stands twice: in an Index, a Series or a frame of key columns."""
    twice = keys[keys.duplicated()]
    if len(twice):
        first = twice[0] if isinstance(twice, pd.Index) else twice.iloc[0]
        if isinstance(keys, pd.DataFrame):
            first = ", ".join(map(str, first))
        raise fault(argument, f"{shown(first)} twice", "each once")


def choice(value, allowed, argument):
    """Return `value` if it is one of those allowed; of many only near ones are said."""
    allowed = list(allowed)
    try:
        if any(value is one or bool(value == one) for one in allowed):
            return value
    except (TypeError, ValueError):
        pass
    words = [str(one) for one in allowed]
    if len(words) > 12:
        near = difflib.get_close_matches(str(value), words, n=3) or words[:3]
        words = [*near, f"{len(words) - len(near)} others"]
    raise fault(argument, shown(value), f"one of {', '.join(words) or 'nothing'}")


def _outside(values, low, high, above):
    """Tell which entries are infinite or beyond the bounds; NaN is not."""
    below = values <= low if above else values < low
    return below | (values > high) | np.isinf(values)


def _range(low, high, above=False, whole=False):
    words = "a whole number" if whole else "a finite number"
    if low > -math.inf:
        words += f" above {low:g}" if above else f" from {low:g}"
        words += "" if high < math.inf or above else " up"
    return words + (f" to {high:g}" if high < math.inf else "")


def number(value, argument, *, low=0.0, high=math.inf, above=False, whole=False):
    """Return one number as float, or as int if it must be `whole`."""
    kind = Integral if whole else Real
    plain = isinstance(value, kind) and not isinstance(value, (bool, np.bool_))
    if not plain or math.isnan(value) or _outside(value, low, high, above):
        raise fault(argument, shown(value), _range(low, high, above, whole))
    return int(value) if whole else float(value)


def _floats(values):
    """Return an array of floats, and the place of the first entry that is no number.

    Empty cells (None, pd.NA) become NaN; text, True and complex numbers are none.
    """
    raw = np.asarray(values)
    if raw.dtype.kind in "iuf":
        return raw.astype(float), None
    raw = raw.astype(object)
    floats = np.full(raw.shape, np.nan)
    for place, value in enumerate(raw.flat):
        if isinstance(value, Real) and not isinstance(value, (bool, np.bool_)):
            floats.flat[place] = value
        elif not (value is None or value is pd.NA or value is pd.NaT):
            return raw, place
    return floats, None


def array(
    values, argument, *, low=0.0, high=math.inf, above=False, gaps=False, keys=None
):
    """Return numbers of any shape as floats; NaN only with ``gaps=True``.

    An error says at which of the `keys` a bad one stands.
    """
    floats, place = _floats(values)
    if place is None:
        bad = _outside(floats, low, high, above) | (np.isnan(floats) & (not gaps))
        if not bad.any():
            return floats
        place = bad.argmax()
    found = floats.flat[place]
    found = f"{found:g}" if isinstance(found, float) else shown(found)
    found = "no value (NaN)" if found == "nan" else found
    if keys is not None:
        found += f" at {shown(keys[place])}"
    raise fault(argument, found, _range(low, high, above))


def numbers(values, argument, *, gaps=True, **bounds):
    """Return a Series as floats on its index, of which every key stands once.

    `gaps` says whether a value may be NaN; the bounds are those of `array`.
    """
    if not isinstance(values, pd.Series):
        raise fault(argument, f"a {type(values).__name__}", "a pandas Series")
    if values.empty:
        raise fault(argument, "no entries", "one or more")
    once(values.index, argument)
    floats = array(values, argument, gaps=gaps, keys=values.index, **bounds)
    return pd.Series(floats, values.index, name=values.name)


def year(value, argument):
    """Return a year as int: 2016, "2016", or "2016/2017" for its first year."""
    found = _YEAR.fullmatch(value) if isinstance(value, str) else None
    if found:
        value = int(found[1])
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    pair = found is None or found[2] is None or int(found[2]) == value + 1
    if not whole or not pair or not FIRST_YEAR <= value <= LAST_YEAR:
        raise fault(
            argument,
            shown(found[0] if found else value),
            f'a year from {FIRST_YEAR} to {LAST_YEAR}, as 2016, "2016" or "2016/2017"',
        )
    return int(value)


def yearly(
    values, argument="values", *, signed=False, consecutive=False, years=(), **bounds
):
    """Return a Series of numbers by whole year (int), sorted.

    Parameters
    ----------
    values : pandas.Series
        Indexed by 2016, "2016" or "2016/2017" (then by the first year), each year
        once. Months, dates and a mix of calendar and academic years are refused.
    argument : str
    signed : bool, default False
        Whether numbers below 0 are allowed.
    consecutive : bool, default False
        Whether every year from the first to the last must have a value.
    years : iterable of int
        Years that must have a value.
    **bounds
        `low`, `high`, `above` and `gaps` of `numbers`.
    """
    bounds = {"low": -math.inf} | bounds if signed else bounds
    values = numbers(values, argument, **bounds)
    place = f"{argument}, index"
    texts = [key for key in values.index if isinstance(key, str)]
    if len({"/" in text for text in texts}) > 1:
        raise fault(place, "calendar and academic years", "one kind of year")
    index = pd.Index([year(key, place) for key in values.index])
    once(index, place)
    values.index = index.rename(values.index.name or "year")
    values = values.sort_index()
    wanted = range(index.min(), index.max() + 1) if consecutive else years
    for one in wanted:
        if one not in index or np.isnan(values[one]):
            raise fault(argument, f"no value for {one}", "one for every year needed")
    return values


def totals(keys):
    """Keys that name a total or a group of economies: WLD, W00, World, all, EU27 ...

    A zero (0, "0", "000") is the world where another key is a code of three digits; as
    a section of a classification it is food.
    """
    keys = list(keys)
    codes = [str(key) for key in keys]
    numeric = any(re.fullmatch(r"[1-9]\d\d|0[1-9]\d|00[1-9]", code) for code in codes)
    return [
        key
        for key, code in zip(keys, codes, strict=True)
        if _TOTAL.fullmatch(code.strip())
        or _GROUPS.fullmatch(code.strip())
        or (numeric and re.fullmatch(r"0|000", code))
    ]
