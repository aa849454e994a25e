"""One check of each kind of argument, for the whole package.

A check returns its argument in the one form that the caller goes on with, and never
changes it in place. Where it cannot, it raises a ``ValueError`` that reads
"ARGUMENT: found X; allowed is Y".

Numbers are finite and take these bounds by name: `low` (0 unless another is given,
``-math.inf`` for any sign) and `high`, both allowed; ``above=True``, for which `low`
itself is refused; ``whole=True``; and ``gaps``, whether NaN is allowed. Empty cells
(None, pd.NA) count as NaN; text, True and complex numbers are no numbers.
"""

import math
import re
from collections.abc import Iterable
from numbers import Integral, Real

import numpy as np
import pandas as pd

_YEAR = re.compile(r"([12][0-9]{3})(?:/([0-9]{4}))?")  # 202211 is a month, 16 a slip

# As text, for engines other than Python's: (?i) of some covers Latin letters only.
TOTALS = (
    r"^\s*(?:(?i:(?:(?:grand |sub)?total|sum|all|(?:the |whole )*world|wld|w00|monde)"
    r"(?:[ _-](?:all|total|world|trade|partners|countries|goods|reporters|products|"
    r"commodities|merchandise))*)|[вВ][сС][еЕ][гГ][оО]|[иИ][тТ][оО][гГ][оО]|"
    r"(?:[вВ][еЕ][сС][ьЬ] )?[мМ][иИ][рР]"
    # Groups of the World Bank, of Eurostat and of the OECD hold their members again.
    r"|EAP|EAS|ECA|ECS|EMU|EUU|EUR|HIC|LAC|LCN|LDC|LIC|LMC|LMY|MEA|MIC|MNA|NAC|OED|SAS"
    r"|SSA|SSF|UMC|EU(?:\d\d(?:_\d{4})?)?|EA\d\d|(?:EXT|INT|EXTRA|INTRA)_EU.*|OECD|G20"
    r")\s*$"
)
"""Pattern of the names of totals and of groups of economies."""


def shown(value):
    """Write a value as a reader does: 2016, not np.int64(2016), in a tuple as well."""

    def plain(one):
        return one.item() if isinstance(one, np.generic) else one

    if isinstance(value, (pd.Series, pd.DataFrame, pd.Index, np.ndarray)):
        return f"a {type(value).__name__}"
    text = repr(tuple(map(plain, value)) if type(value) is tuple else plain(value))
    return text if len(text) <= 80 else f"{text[:76]} ..."


def fault(argument, found, allowed):
    """Make the error that every check raises."""
    return ValueError(f"{argument}: found {found}; allowed is {allowed}")


def demand(fits, argument, found, allowed):
    """Stop unless it fits."""
    if not fits:
        raise fault(argument, found, allowed)


def need(frame, columns, argument, filled=False):
    """Return a frame with these columns; with ``filled=True`` it must have rows.

    A level of the index that is needed becomes a column.
    """
    whole = isinstance(frame, pd.DataFrame)
    demand(whole, argument, shown(frame), "a pandas DataFrame")
    levels = {*frame.index.names} & {*columns} - {*frame.columns}
    if levels:
        frame = frame.reset_index(level=list(levels))
    wanted = f"a frame with {', '.join(map(str, columns))}"
    for column in columns:
        demand(column in frame, argument, f"no column {column!r}", wanted)
        one = isinstance(frame[column], pd.Series)
        demand(one, argument, f"the column {column!r} twice", "each once")
    demand(not filled or len(frame), argument, "no rows", "one or more")
    return frame


def once(keys, argument):
    """Stop if a key stands twice: in an Index, a Series or a frame of key columns."""
    twice = keys[keys.duplicated()]
    if isinstance(keys, pd.DataFrame):
        twice = [", ".join(map(str, row)) for row in twice.itertuples(index=False)]
    for first in twice:
        raise fault(argument, f"{shown(first)} twice", "each once")


def names(given, argument):
    """Return names, each once, as a list; a text is one name."""
    several = isinstance(given, Iterable) and not isinstance(given, str)
    found = list(given) if several else [given]
    demand(several or isinstance(given, str), argument, shown(given), "names as text")
    once(pd.Index(found, dtype=object), argument)
    return found


def choice(value, allowed, argument):
    """Return `value` if it is one of those allowed; of many only near ones are said."""
    words = [str(one) for one in allowed]
    if pd.api.types.is_hashable(value):  # a Series, say, has no one truth
        for one in allowed:
            if value == one and isinstance(value, bool) == isinstance(one, bool):
                return value
    if len(words) > 12:
        import difflib  # here: only a fault needs it

        near = difflib.get_close_matches(str(value), words, n=3) or words[:3]
        words = [*near, f"{len(words) - len(near)} others"]
    raise fault(argument, shown(value), f"one of {', '.join(words) or 'none'}")


def _bad(floats, low=0.0, high=math.inf, above=False, whole=False, gaps=False):
    """Tell which numbers break the bounds."""
    bad = (floats <= low if above else floats < low) | (floats > high)
    bad |= np.isinf(floats) | (np.isnan(floats) & (not gaps))
    return bad | (floats % 1 != 0) & ~np.isnan(floats) if whole else bad


def _range(low=0.0, high=math.inf, above=False, whole=False, gaps=False):
    """Write the bounds in words."""
    words = f"a {'whole' if whole else 'finite'} number"
    if low > -math.inf:
        words += f" above {low:g}" if above else f" from {low:g}"
        words += "" if high < math.inf or above else " up"
    return words + (f" to {high:g}" if high < math.inf else "")


def _plain(value, kind=Real):
    return isinstance(value, kind) and not isinstance(value, (bool, np.bool_))


def number(value, argument, **bounds):
    """Return one number as float, or as int if it must be whole (2.0 is refused)."""
    whole = bounds.get("whole", False)
    fits = _plain(value, Integral if whole else Real)
    if not fits or _bad(np.float64(value), **bounds):
        raise fault(argument, shown(value), _range(**bounds))
    return int(value) if whole else float(value)


def array(values, argument, *, keys=None, **bounds):
    """Return numbers of any shape as floats; an error says at which of the `keys`."""
    try:
        raw = np.asarray(values)
    except ValueError:  # rows of unlike length
        raw = np.asarray(values, dtype=object)
    floats, odd = raw, np.zeros(raw.shape, bool)
    if raw.dtype.kind not in "iuf":
        # As objects dates would be numbers, of nanoseconds.
        raw = (raw.astype(str) if raw.dtype.kind in "mM" else raw).astype(object)
        empty = pd.isna(raw)
        odd = ~(empty | np.vectorize(_plain, otypes=[bool])(raw))
        floats = np.where(odd | empty, np.nan, raw)
    floats = floats.astype(float)
    bad = odd | _bad(floats, **bounds)
    if not bad.any():
        return floats
    place = bad.argmax()
    found = f"{floats.flat[place]:g}".replace("nan", "no value (NaN)")
    found = shown(raw.flat[place]) if odd.flat[place] else found
    at = "" if keys is None else f" at {shown(keys[place])}"
    raise fault(argument, found + at, _range(**bounds))


def numbers(values, argument, **bounds):
    """Return a Series as floats on its index, each key once; gaps unless forbidden."""
    one = isinstance(values, pd.Series)
    demand(one, argument, shown(values), "a pandas Series")
    demand(len(values), argument, "no entries", "one or more")
    once(values.index, argument)
    floats = array(values, argument, keys=values.index, **{"gaps": True} | bounds)
    return pd.Series(floats, values.index, name=values.name)


def year(value, argument):
    """Return a year as int: 2016, "2016", or "2016/2017" for its first year."""
    text = str(value) if _plain(value, Integral) or isinstance(value, str) else ""
    found = _YEAR.fullmatch(text)
    if not found or (found[2] and int(found[2]) != int(found[1]) + 1):
        allowed = 'a year from 1000 to 2999 as 2016, "2016" or "2016/2017"'
        raise fault(argument, shown(value), allowed)
    return int(found[1])


def yearly(
    values, argument="values", *, signed=False, consecutive=False, years=(), **bounds
):
    """Return a Series of numbers by whole year (int), sorted.

    Parameters
    ----------
    values : pandas.Series
        Indexed by 2016, "2016" or "2016/2017" (then by the first year), each year
        once. Months, dates and a mix of calendar and academic years are refused, and
        so are the years in ``attrs["partial"]``, see `partnership.statements`.
    argument : str
    signed : bool, default False
        Whether numbers below 0 are allowed.
    consecutive : bool, default False
        Whether every year from the first to the last must have a value.
    years : iterable of int
        Years that must have a value.
    **bounds
        As for `numbers`.
    """
    bounds = {"low": -math.inf} | bounds if signed else bounds
    partial = getattr(values, "attrs", {}).get("partial", ())
    values = numbers(values, argument, **bounds)
    place = f"{argument}, index"
    for key in sorted({*values.index} & {*partial}, key=str):
        raise fault(place, f"{key!r}, of which a part is meant", "whole years")
    index = pd.Index([year(key, place) for key in values.index])
    kinds = {"/" in key for key in values.index if isinstance(key, str)}
    demand(len(kinds) < 2, place, "calendar and academic years", "one kind of year")
    once(index, place)
    values = values.set_axis(index.rename(values.index.name or "year")).sort_index()
    for one in range(index.min(), index.max() + 1) if consecutive else years:
        known = not np.isnan(values.get(one, np.nan))
        demand(known, argument, f"no value for {one}", "one for every year needed")
    return values


def totals(keys):
    """Keys that name a total or a group of economies: WLD, W00, World, all, EU27 ...

    A zero (0, "000") is the world where another key is a code of three digits; as a
    section of a classification it is food.
    """
    codes = [str(key).strip() for key in keys]
    coded = any(re.fullmatch(r"(?!000)\d{3}", code) for code in codes)
    return [
        key
        for key, code in zip(keys, codes, strict=True)
        if re.match(TOTALS, code) or (coded and code in ("0", "000"))
    ]
