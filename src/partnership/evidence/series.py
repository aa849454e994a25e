"""Many stated figures, one series with its spread.

The rule, in order:

1. Only outcomes count: plans, targets, forecasts and capacities never enter. A flow
   takes whole years; a stock, a rate or an attribute also takes months and dates.
2. One row a statement: of its copies the most precise one speaks for it.
3. Between statements a row of ``choices`` decides, else the more reliable source, else
   the more precise figure, else the later publication (and within one publication, such
   as the editions of a yearbook, the later statement). What is left is an error.
4. ``low`` and ``high`` span the statements; one-sided figures ("more than") are bounds.
   A stated span ("30 to 40") stands with its lower end, marked as a bound.
5. Corrections apply before all this.
6. Gaps stay gaps, and series with different definitions are never merged.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from partnership.evidence import ranks
from partnership.evidence.faults import DataError, NothingRecorded, nearest
from partnership.evidence.package import DataPackage, chosen
from partnership.evidence.ranks import DIMENSIONS, SIDES, STEPS

# Where these are not named, the row is about the whole.
_WHOLE_IF_EMPTY = ("product", "item")


_OF_THE_WITNESS = ("observation_id", "source_id", "reliability", "corrected")


_REASONS = np.array(ranks.REASONS, object)


# Of `series`, with their types where there is no row.
_COLUMNS = {
    **{"period_type": "str", "start": "datetime64[s]", "end": "datetime64[s]"},
    **{"value": "float64", "low": "float64", "high": "float64", "bound": "str"},
    **{"open_low": "bool", "open_high": "bool"},
    **{"n_sources": "int64", "n_independent": "int64"},
    **{"observation_id": "str", "source_id": "str", "reliability": "str"},
    **{"corrected": "bool", "chosen_by": "str"},
}


_VALUATIONS = {"fob": "f.o.b.", "cif": "c.i.f.", "unstated": "valuation not stated"}


def series(
    name: str,
    reporter: str | None = None,
    partner: str | None = None,
    stated_by: str | None = None,
    *,
    valuation: str | None = None,
    data: DataPackage | None = None,
    each: str | None = None,
    missing: str = "error",
    **dimensions: str,
) -> pd.DataFrame:
    """One value a period, with the spread between the statements behind it.

    Parameters
    ----------
    name : str
        A series of the table ``series``.
    reporter, partner : str, optional
        ISO 3166 alpha-3 codes. Left out, the only possibility is taken, or the pair
        that the data package is about.
    stated_by : str, optional
        Keep only what this body states; all speakers otherwise.
    valuation : {"fob", "cif", "unstated"}, optional
        Needed only where f.o.b. and c.i.f. figures stand side by side.
    data : DataPackage, optional
        Another data package than the one in use.
    each : str, optional
        "partner", "reporter", "stated_by" or a dimension: every value of it, as a
        second index level; ``frame.value.unstack()`` is the wide table. Products and
        items are those that are named, without the rows about the whole.
    missing : {"error", "empty"}
        What nothing is recorded of is an error, or a frame of the same form without a
        row; an unknown name or code is an error in any case.
    **dimensions : str
        ``maker``, ``machine``, ``institution``, ``product`` or ``item``. Left out, the
        only possibility is taken; for product and item also the whole, which "" names.

    Returns
    -------
    pandas.DataFrame
        By period (text such as "2013" or "2016/2017") in the order of time: ``value``
        with ``low`` and ``high`` in the unit of ``attrs["unit"]``; ``bound`` is "lower"
        or "upper" where the value itself is one-sided, ``open_low`` and ``open_high``
        say so of the spread; ``n_sources`` counts publications, ``n_independent``
        statements; ``chosen_by`` names the step of the rule that decided.

    Raises
    ------
    DataError
        If the name is unknown, if several possibilities are left (the message lists
        them), if no outcome is left, or if two statements tie.
    """
    if missing not in ("error", "empty"):
        raise nearest(missing, ("error", "empty"), "word for missing")
    try:
        told, at, about = _select(
            name, reporter, partner, stated_by, valuation, data, each, dimensions
        )
        return _settled(told, _outcomes(told, at[~told.aside[at]], about), about, each)
    except NothingRecorded:
        if missing == "error":
            raise
        return _nothing(name, reporter, partner, chosen(data), each)


def _nothing(name, reporter, partner, data, each):
    """The frame of `series` without a row."""
    pair = dict(zip(("reporter", "partner"), data.pair or ("", ""), strict=True))
    named = {"reporter": reporter, "partner": partner}
    pair |= {side: code for side, code in named.items() if code is not None}
    if each in pair:
        pair[each] = f"each {each}"
    keys = ["period", each] if each else ["period"]
    frame = pd.DataFrame({key: pd.Series(dtype="str") for key in keys})
    frame = frame.assign(**{c: pd.Series(dtype=kind) for c, kind in _COLUMNS.items()})
    frame = frame.set_index(keys if each else "period")
    frame.attrs = _about(name, data, pair, "")
    return frame


def statements(
    name: str,
    reporter: str | None = None,
    partner: str | None = None,
    stated_by: str | None = None,
    *,
    outcomes_only: bool = True,
    with_set_aside: bool = False,
    valuation: str | None = None,
    data: DataPackage | None = None,
    each: str | None = None,
    **dimensions: str,
) -> pd.DataFrame:
    """Everything that was said: one row a statement.

    Parameters
    ----------
    name, reporter, partner, stated_by, valuation, data, each, **dimensions
        As in `series`.
    outcomes_only : bool
        False adds plans, targets, forecasts, capacities, parts of years, ranges and
        undated statements.
    with_set_aside : bool
        True adds the rows that a row of ``choices`` sets aside.

    Returns
    -------
    pandas.DataFrame
        The witness of each statement by its period, with ``source_ids`` of all copies.
        ``attrs["partial"]`` names the periods, such as "2016", of which only a part is
        meant: functions that need whole years refuse them.

    Raises
    ------
    DataError
        As `series`, a tie aside.
    """
    told, at, about = _select(
        name, reporter, partner, stated_by, valuation, data, each, dimensions
    )
    if not with_set_aside:
        at = at[~told.aside[at]]
    if outcomes_only:
        at = _outcomes(told, at, about)
    keys = ["period", each] if each else ["period"]
    groups = told.joint(at, *keys, "statement_id", "bound")
    _, group = np.unique(groups, return_inverse=True)
    witness = at[ranks.first(group, told.copy[at])]
    sources = defaultdict(set)
    for one, source in zip(group.tolist(), told.cells(at, "source_id"), strict=True):
        sources[one].add(source)
    order = np.argsort(told.time[witness])
    frame = told.rows.take(witness[order])
    frame["source_ids"] = [";".join(sorted(sources[one])) for one in order.tolist()]
    part = told.cells(witness[order], "period_type") == "partial_year"
    period = frame["period"].to_numpy(object)
    columns = [
        *("period", "period_type", "start", "end", "stated_on", "value", "unit"),
        *("qualifier", "bound", "stated_by", "reporter", "partner"),
        *(name for name in (*DIMENSIONS, "valuation") if name in frame),
        *("observation_id", "statement_id", "source_id", "source_ids"),
        *("reliability", "published", "corrected", "note"),
    ]
    frame = frame[columns].set_index(keys if each else "period")
    frame.attrs = about | {"partial": sorted({*period[part]} - {*period[~part]})}
    return frame


def compare(
    names, reporter=None, partner=None, *, data: DataPackage | None = None, **common
) -> pd.DataFrame:
    """Lay series with different definitions side by side, never merged.

    Parameters
    ----------
    names : list of str or dict
        Names, or arguments of `series` with ``name`` and, if wanted, ``label``.
    reporter, partner, data, **common
        Arguments of `series` for all of them.

    Returns
    -------
    pandas.DataFrame
        The rows of each series one after the other, by period, with its name (or label)
        in the column ``series``. ``attrs["unit"]`` is their common unit.

    Raises
    ------
    DataError
        As `series`; also if the series have different units.
    """
    several = isinstance(names, Iterable) and not isinstance(names, str | Mapping)
    if not several or not (names := list(names)):
        raise DataError("compare needs a list with one name or more")
    frames = {}
    for item in names:
        item = {"name": item} if isinstance(item, str) else item
        if not isinstance(item, Mapping) or "name" not in item:
            raise DataError(f"names: found {item!r:.80}; allowed: arguments with name")
        item = dict(item)
        label = item.pop("label", item["name"])
        if label in frames:
            raise DataError(f"compare needs a label of its own for each: {label} twice")
        arguments = {"reporter": reporter, "partner": partner, **common, **item}
        frames[label] = series(data=data, **arguments)
    units = {frame.attrs["unit"] for frame in frames.values()}
    if len(units) > 1:
        found = f"cannot be compared: {sorted(units)}"
        raise DataError(f"series of different units {found}")
    combined = pd.concat(frames.values())
    lengths = [len(frame) for frame in frames.values()]
    combined.insert(0, "series", np.repeat([*frames], lengths))
    combined.attrs = {"unit": units.pop(), "series": [*frames]}
    combined.attrs["data"] = frames[label].attrs["data"]
    return combined


def _select(name, reporter, partner, stated_by, valuation, data, each, dimensions):
    """Rows of one series and key, with what is known of the series."""
    data = chosen(data)
    dictionary = ranks.dictionary(data)
    if not isinstance(name, str) or name not in dictionary.index:
        raise nearest(name, dictionary.index, "series")
    entry = dictionary.loc[name]
    table = entry["theme"]
    told = ranks.told(table, data, reporter, partner)
    if name not in told.of:
        raise NothingRecorded(f"{name} has no row in the table {table}")
    at, known = told.of[name], [one for one in DIMENSIONS if one in told.codes]
    for column in sorted({*dimensions} - {*known}):
        raise nearest(column, known, f"dimension of {name}")
    named = {"reporter": reporter, "partner": partner, "stated_by": stated_by}
    if each is not None and each not in (*named, *known):
        raise nearest(each, [*named, *known], f"each of {name}")
    for column, wanted in {**named, **dimensions}.items():
        if wanted is not None:
            at = _keep(name, told, at, column, wanted, data)
    at = _resolve_pair(name, told, at, each, data.pair)
    for column in known:
        if column != each and dimensions.get(column) is None:
            at = _resolve(name, told, at, column)
    if each in _WHOLE_IF_EMPTY:
        at = at[told.cells(at, each) != ""]
        if not len(at):
            raise DataError(f"{name} names no {each}")
    if "valuation" in told.codes:
        at = _resolve_valuation(name, told, at, valuation, data)
    pair = {side: told.cells(at[0], side) for side in ("reporter", "partner")}
    if each in pair:
        pair[each] = f"each {each}"
    said = told.present(at, "valuation") if "valuation" in told.codes else ()
    valued = ", ".join(_VALUATIONS[one] for one in _VALUATIONS if one in said)
    return told, at, _about(name, data, pair, valued)


def _about(name, data, pair, valuation):
    """What a frame says of itself in ``attrs``."""
    entry = ranks.dictionary(data).loc[name]
    return {
        "series": name,
        "title": f"{entry['definition']}, {'–'.join(pair.values())}",
        **{column: entry[column] for column in ("definition", "unit", "measure")},
        **pair,
        "valuation": valuation,
        **{"table": entry["theme"], "data": data.folder},
    }


def _keep(name, told, at, column, wanted, data):
    kept = told.where(at, column, wanted) if isinstance(wanted, str) else ()
    if not len(kept):
        present = [cell for cell in told.present(at, column) if cell]
        code = str(wanted).upper()
        if code in present:
            raise DataError(f"{column} {wanted!r}: codes are written {code!r}")
        raise ranks.unrecorded(data, column, wanted, present, name)
    return kept


def _resolve(name, told, at, column):
    present = told.present(at, column)
    if len(present) == 1:
        return at
    if "" in present and column in _WHOLE_IF_EMPTY:
        return told.where(at, column, "")
    shown = ", ".join(map(repr, present))
    raise DataError(
        f"{name} is there for several values of {column}; name one: {shown}"
    )


def _resolve_pair(name, told, at, each, own):
    if each in ("reporter", "partner"):
        return _resolve(name, told, at, "partner" if each == "reporter" else "reporter")
    sides = told.cells(at, "reporter"), told.cells(at, "partner")
    pairs = sorted(set(zip(*sides, strict=True)))
    if len(pairs) > 1 and own:
        pairs = [pair for pair in (own, own[::-1]) if pair in pairs] or pairs
    (reporter, partner), *others = pairs
    if others:
        shown = ", ".join(f"{a}–{b}" for a, b in pairs[:12])
        shown += f" and {len(pairs) - 12} more" if len(pairs) > 12 else ""
        several = f"{name} is there for several pairs"
        raise DataError(f"{several}; name reporter and partner: {shown}")
    return told.where(told.where(at, "reporter", reporter), "partner", partner)


def _resolve_valuation(name, told, at, wanted, data):
    if wanted is not None:
        return _keep(name, told, at, "valuation", wanted, data)
    present = sorted({*told.present(at, "valuation")} - {"", "unstated"})
    if len(present) > 1:
        several = f"{name} is there with several valuations"
        raise DataError(f"{several}; name one: {present}")
    return at


def _outcomes(told, at, about):
    """Step 1: what happened, for a period that fits the kind of quantity."""
    kept = at[told.outcome[at]]
    if not len(kept):
        counts = told.rows.take(at).groupby(["qualifier", "period_type"]).size()
        found = ", ".join(f"{kind} {when} ({n})" for (kind, when), n in counts.items())
        raise NothingRecorded(
            f"{about['series']} ({about['measure']}) has no outcome for a whole "
            f"period; its rows are {found or 'set aside'}. `statements(..., "
            "outcomes_only=False)` shows them"
        )
    return kept


def _settled(told, at, about, each):
    """Steps 2 to 4: one value for each period of some rows."""
    keys = ["period", each] if each else ["period"]
    group, witness, of, equal, best = told.decided(at, *keys)
    first, other = best[of], witness != best[of]
    value, side = told.rows["value"].to_numpy(), told.side
    differs = (value[witness] != value[first]) | (side[witness] != side[first])
    tied = np.flatnonzero(differs & (equal == len(STEPS)))
    if len(tied):
        ids = told.rows["observation_id"].iloc
        rivals = sorted(ids[witness[tied[of[tied] == of[tied[0]]]]])
        raise DataError(
            f"{about['series']} {told.rows['period'].iloc[first[tied[0]]]}: "
            f"{ids[first[tied[0]]]} and {', '.join(rivals)} say different things with "
            "equal right; settle it with a row in choices.csv"
        )
    rival = np.full(len(best), -1)  # the same of the next statement; -1: there is none
    np.maximum.at(rival, of[other], equal[other])
    sources = np.unique(told.joint(at, *keys, "source_id"), return_index=True)[1]
    low, high, open_low, open_high = _spread(told, at, group, witness, of, best)

    def of_best(column):
        return told.rows[column].array.take(best)

    columns = {
        **{column: of_best(column) for column in ("period_type", "start", "end")},
        "value": value[best],
        "low": low,
        "high": high,
        "bound": np.array(SIDES, object)[side[best]],
        "open_low": open_low,
        "open_high": open_high,
        "n_sources": np.bincount(group[sources]),
        "n_independent": np.bincount(of),
        **{column: of_best(column) for column in _OF_THE_WITNESS},
        "chosen_by": _REASONS[rival + 1],
    }
    levels = [of_best(key) for key in keys]
    index = pd.MultiIndex.from_arrays(levels, names=keys) if each else levels[0]
    frame = pd.DataFrame(columns, index)
    frame.index.names = keys
    frame.attrs = about
    return frame


def _spread(told, at, group, witness, of, best):
    """Step 4: the span; one-sided statements widen it where they contradict it."""
    ends = told.cells(at, "bound") != ""
    spoken, of = np.append(witness, at[ends]), np.append(of, group[ends])
    value, qualifier = told.rows["value"].to_numpy(), told.cells(spoken, "qualifier")
    point = (told.side[spoken] == 0) | (told.cells(spoken, "bound") != "")

    def extreme(function, rows, start):
        found = np.full(len(best), start)
        function.at(found, of[rows], value[spoken[rows]])
        return found

    low, high = extreme(np.minimum, point, np.inf), extreme(np.maximum, point, -np.inf)
    chosen, none = value[best], np.isinf(low)
    low, high = np.where(none, chosen, low), np.where(none, chosen, high)
    lower = extreme(np.maximum, qualifier == "more_than", -np.inf)
    upper = extreme(np.minimum, qualifier == "less_than", np.inf)
    return (
        np.minimum.reduce([low, upper, chosen]),
        np.maximum.reduce([high, lower, chosen]),
        upper <= low,
        lower >= high,
    )
