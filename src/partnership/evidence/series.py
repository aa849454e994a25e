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

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from partnership.evidence import periods
from partnership.evidence.faults import DataError, nearest
from partnership.evidence.package import DataPackage, default

PRECISION = {
    "exact": 0,
    "about": 1,
    "almost": 1,
    "more_than": 2,
    "less_than": 2,
    "derived": 3,
    "modelled": 4,
}


ONE_SIDED = {"more_than": "lower", "less_than": "upper"}


RELIABILITY = {"primary": 0, "secondary": 1, "tertiary": 2}


DIMENSIONS = ("maker", "machine", "institution", "product", "item")


# Where these are not named, the row is about the whole.
_WHOLE_IF_EMPTY = ("product", "item")


_OF_THE_WITNESS = ("observation_id", "source_id", "reliability", "corrected")


# Columns by which rows are selected and grouped.
_WORDS = (
    *("stated_by", "reporter", "partner", *DIMENSIONS, "valuation"),
    *("qualifier", "bound", "statement_id", "source_id"),
    *("observation_id", "period", "period_type", "stated_on"),
)


_YEARS = ("calendar_year", "academic_year")


_STEPS = ("choice", "reliability", "precision", "publication", "statement date")


_REASONS = np.array(["only statement", *_STEPS, "same value"], object)


_SIDES = ["", "lower", "upper"]


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
    **dimensions : str
        ``maker``, ``machine``, ``institution``, ``product`` or ``item``. Left out, the
        only possibility is taken; for product and item also the whole.

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
    told, at, about = _select(
        name, reporter, partner, stated_by, valuation, data, each, dimensions
    )
    return _settled(told, _outcomes(told, at[~told.aside[at]], about), about, each)


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
    groups = told.joint(at, "period", "statement_id", "bound")
    _, group = np.unique(groups, return_inverse=True)
    witness = at[_first(group, told.copy[at])]
    sources: list[list[str]] = [[] for _ in witness]
    known, codes = told.texts["source_id"], told.codes["source_id"][at]
    for one, code in sorted(set(zip(group.tolist(), codes.tolist(), strict=True))):
        sources[one].append(known[code])
    order = np.argsort(told.time[witness])
    frame = told.rows.take(witness[order])
    frame["source_ids"] = [";".join(sources[one]) for one in order]
    columns = [
        *("period", "period_type", "start", "end", "stated_on", "value", "unit"),
        *("qualifier", "bound", "stated_by", "reporter", "partner"),
        *(name for name in (*DIMENSIONS, "valuation") if name in frame),
        *("observation_id", "statement_id", "source_id", "source_ids"),
        *("reliability", "published", "corrected", "note"),
    ]
    frame = frame[columns].set_index(["period", each] if each else "period")
    frame.attrs = about
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
    if isinstance(names, str) or not list(names):
        raise DataError("compare needs a list with one name or more")
    frames = []
    for item in names:
        item = {"name": item} if isinstance(item, str) else dict(item)
        label = item.pop("label", item["name"])
        arguments = {"reporter": reporter, "partner": partner, **common, **item}
        frames.append((label, series(data=data, **arguments)))
    labels = [label for label, _ in frames]
    if len(set(labels)) < len(labels):
        raise DataError(f"compare needs a label of its own for each: {labels}")
    units = {frame.attrs["unit"] for _, frame in frames}
    if len(units) > 1:
        raise DataError(
            f"series of different units cannot be compared: {sorted(units)}"
        )
    combined = pd.concat([frame.assign(series=label) for label, frame in frames])
    combined = combined[["series", *combined.columns[:-1]]]
    combined.attrs = {"unit": units.pop(), "series": labels}
    combined.attrs["data"] = frames[0][1].attrs["data"]
    return combined


@dataclass(frozen=True)
class _Told:
    """The rows of a table, ranked for every step of the rule.

    A lower place goes first. Places hold for whatever rows a call selects, which has
    only to compare them.
    """

    rows: pd.DataFrame
    of: dict[str, np.ndarray]  # rows of each series
    codes: dict[str, np.ndarray]  # columns as numbers ...
    texts: dict[str, np.ndarray]  # ... that stand for these texts, in their order
    aside: np.ndarray  # whether a choice sets the row aside
    outcome: np.ndarray  # step 1
    copy: np.ndarray  # step 2: place among the copies of a statement ...
    speaks: np.ndarray  # ... where a copy that a choice names goes first
    steps: np.ndarray  # step 3: one column for each of `_STEPS` ...
    stands: np.ndarray  # ... and the place that they give
    side: np.ndarray  # step 4: number in `_SIDES`
    time: np.ndarray

    def joint(self, at, *columns):
        """One number for each combination of columns, in the order of the first."""
        joint = self.codes[columns[0]][at]
        for column in columns[1:]:
            joint = joint * len(self.texts[column]) + self.codes[column][at]
        return joint

    def present(self, at, column):
        """Texts of a column in some rows, in their order."""
        return self.texts[column][np.unique(self.codes[column][at])].tolist()

    def cells(self, at, column):
        """Texts of a column in some rows."""
        return self.texts[column][self.codes[column][at]]

    def where(self, at, column, text):
        """Those of some rows that have a text in a column."""
        return at[self.cells(at, column) == text]


def _told(table: str, data: DataPackage) -> _Told:
    """Rank the rows of a table; done once a package and table."""
    rows, choices = _observations(table, data), data.load("choices")
    coded = {c: pd.factorize(rows[c], sort=True) for c in _WORDS if c in rows}
    texts = {column: np.asarray(text, object) for column, (_, text) in coded.items()}
    codes = {column: code for column, (code, _) in coded.items()}
    ids, kind, bound = rows["observation_id"], rows["period_type"], rows["bound"]
    start, end, order = _time(rows["start"]), _time(rows["end"]), codes[ids.name]
    codes["period"] = _places(start, end, codes["period"], codes["period_type"])
    flow = rows["series"].map(_dictionary(data)["measure"]) == "flow"
    whole = kind.isin(_YEARS) | (kind.isin(["month", "date"]) & ~flow)
    unnamed = ~ids.isin(choices["observation_id"])
    precision = rows["qualifier"].map(PRECISION).fillna(9)
    reliability = rows["reliability"].map(RELIABILITY).fillna(9)
    published, stated_on = _days(rows["published"]), _days(rows["stated_on"])
    aside = choices["set_aside"].dropna().str.split(";").explode()
    digits = [len(f"{v:.12g}".replace(".", "").strip("-0")) for v in rows["value"]]
    # The most precise copy; between equals the better source, the figure with more
    # digits, the later publication. The id makes the order complete.
    end_of_span = bound.map({"": 0, "low": 1, "high": 2})
    copy = [precision, end_of_span, reliability, -np.array(digits), -published, order]
    copy = _places(*copy)
    steps = [unnamed, reliability, precision, -published, -stated_on]
    sides = {"low": 1, "high": 2, **{k: _SIDES.index(v) for k, v in ONE_SIDED.items()}}
    side = bound.where(bound != "", rows["qualifier"]).map(sides).fillna(0)
    return _Told(
        rows=rows,
        of=rows.groupby("series").indices,
        codes=codes,
        texts=texts,
        aside=ids.isin(aside).to_numpy(),
        outcome=(whole & (precision < 9)).to_numpy(),
        copy=copy,
        speaks=_places(unnamed, copy),
        steps=np.column_stack(steps).astype("int64"),
        stands=_places(*steps, order),
        side=side.to_numpy("int64"),
        time=_places(start, end, codes["stated_on"], order),
    )


def _time(days):
    """Days as numbers, a missing one last."""
    seconds = days.to_numpy("datetime64[s]").view("int64")
    return np.where(days.isna(), np.iinfo("int64").max, seconds)


def _places(*keys):
    """Place of each row in the order of some numbers; equal rows share one."""
    order = np.lexsort(keys[::-1])
    steps = [np.diff(np.asarray(key)[order], prepend=0) != 0 for key in keys]
    places = np.empty(len(order), "int64")
    places[order] = np.cumsum(np.any(steps, axis=0))
    return places


def _first(group, place):
    """Positions of the row of each group that goes first, by group."""
    order = np.lexsort((place, group))
    return order[np.diff(group[order], prepend=-1) != 0]


def _days(dates):
    """Last days of dates as numbers; where there is none it comes first."""
    days = {text: periods.bounds(text)[1].toordinal() for text in set(dates) if text}
    return dates.map(days).fillna(0).astype("int64")


def _dictionary(data: DataPackage) -> pd.DataFrame:
    return data.once(("dictionary",), lambda: data.load("series").set_index("series"))


def _observations(table: str, data: DataPackage) -> pd.DataFrame:
    """Rows of a table with source, period and precision, corrections applied."""
    if table not in data.observation_tables():
        raise DataError(f"the data package has no table of observations {table!r}")
    known = data.load("sources").set_index("source_id")
    rows = _corrected(data.load(table), data.load("corrections"))
    words = rows.columns.drop(["value", "corrected"])
    rows[words] = rows[words].fillna("")
    rows["reliability"] = rows["source_id"].map(known["reliability"])
    rows["published"] = rows["source_id"].map(known["published"]).fillna("")
    spans = list(zip(rows["period"], rows["period_type"], strict=True))
    days = {span: periods.parse(*span) or (pd.NaT, pd.NaT) for span in set(spans)}
    rows["start"] = pd.to_datetime([days[span][0] for span in spans])
    rows["end"] = pd.to_datetime([days[span][1] for span in spans])
    return rows


def _corrected(rows: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Put what is meant where a source is known to err; say so in ``corrected``."""
    rows = rows.assign(corrected=False)
    place = pd.Series(rows.index, index=rows["observation_id"])
    for fix in corrections.itertuples():
        if fix.observation_id not in place.index:
            continue
        row = place[fix.observation_id]
        number = fix.column == "value"
        stated = float(fix.as_stated) if number else fix.as_stated
        if rows.at[row, fix.column] != stated:
            raise DataError(
                f"corrections.csv, {fix.observation_id}, column {fix.column}: the row "
                f"now says {rows.at[row, fix.column]}, the correction expects "
                f"{fix.as_stated}; it has expired: remove or renew it"
            )
        rows.at[row, fix.column] = float(fix.as_meant) if number else fix.as_meant
        rows.at[row, "corrected"] = True
    return rows


def _select(name, reporter, partner, stated_by, valuation, data, each, dimensions):
    """Rows of one series and key, with what is known of the series."""
    data = data or default()
    dictionary = _dictionary(data)
    if not isinstance(name, str) or name not in dictionary.index:
        raise nearest(name, dictionary.index, "series")
    entry = dictionary.loc[name]
    table = entry["theme"]
    told = data.once(("told", table), lambda: _told(table, data))
    if name not in told.of:
        raise DataError(f"{name} has no row in the table {table}")
    at = told.of[name]
    known = [column for column in DIMENSIONS if column in told.codes]
    for column in dimensions:
        if column not in known:
            raise nearest(column, known, f"dimension of {name}")
    named = {"reporter": reporter, "partner": partner, "stated_by": stated_by}
    if each is not None and each not in (*named, *known):
        raise nearest(each, [*named, *known], f"each of {name}")
    for column, wanted in {**named, **dimensions}.items():
        if wanted is not None:
            at = _keep(name, told, at, column, wanted)
    at = _resolve_pair(name, told, at, each, data.pair)
    for column in known:
        if column != each and dimensions.get(column) is None:
            at = _resolve(name, told, at, column)
    if each in _WHOLE_IF_EMPTY:
        at = at[told.cells(at, each) != ""]
        if not len(at):
            raise DataError(f"{name} names no {each}")
    if "valuation" in told.codes:
        at = _resolve_valuation(name, told, at, valuation)
    pair = {side: told.cells(at[0], side) for side in ("reporter", "partner")}
    if each in pair:
        pair[each] = f"each {each}"
    about = {
        "series": name,
        "title": f"{entry['definition']}, {'–'.join(pair.values())}",
        "definition": entry["definition"],
        "unit": entry["unit"],
        "measure": entry["measure"],
        **pair,
        "valuation": _valuations(told, at),
        "data": str(data.path),
    }
    return told, at, about


def _keep(name, told, at, column, wanted):
    kept = told.where(at, column, wanted) if isinstance(wanted, str) else ()
    if not len(kept):
        present = [cell for cell in told.present(at, column) if cell]
        code = str(wanted).upper()
        if code in present:
            raise DataError(f"{column} {wanted!r}: codes are written {code!r}")
        raise nearest(wanted, present, f"{column} of {name}")
    return kept


def _resolve(name, told, at, column):
    present = told.present(at, column)
    if len(present) == 1:
        return at
    if "" in present and column in _WHOLE_IF_EMPTY:
        return told.where(at, column, "")
    shown = ", ".join(repr(cell) for cell in present)
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
    if len(pairs) > 1:
        shown = ", ".join(f"{a}–{b}" for a, b in pairs[:12])
        more = f" and {len(pairs) - 12} more" if len(pairs) > 12 else ""
        raise DataError(
            f"{name} is there for several pairs; name reporter and partner: "
            f"{shown}{more}"
        )
    return told.where(told.where(at, "reporter", pairs[0][0]), "partner", pairs[0][1])


def _resolve_valuation(name, told, at, wanted):
    if wanted is not None:
        return _keep(name, told, at, "valuation", wanted)
    present = set(told.present(at, "valuation")) - {"", "unstated"}
    if len(present) > 1:
        raise DataError(
            f"{name} is there with several valuations; name one: {sorted(present)}"
        )
    return at


def _valuations(told, at) -> str:
    present = told.present(at, "valuation") if "valuation" in told.codes else ()
    return ", ".join(_VALUATIONS[cell] for cell in _VALUATIONS if cell in present)


def _outcomes(told, at, about):
    """Step 1: what happened, for a period that fits the kind of quantity."""
    kept = at[told.outcome[at]]
    if not len(kept):
        counts = told.rows.take(at).groupby(["qualifier", "period_type"]).size()
        found = ", ".join(f"{kind} {when} ({n})" for (kind, when), n in counts.items())
        raise DataError(
            f"{about['series']} ({about['measure']}) has no outcome for a whole period; "
            f"its rows are {found or 'set aside'}. `statements(..., "
            "outcomes_only=False)` shows them"
        )
    return kept


def _settled(told, at, about, each):
    """Steps 2 to 4: one value for each period of some rows."""
    keys = ["period", each] if each else ["period"]
    group = np.unique(told.joint(at, *keys), return_inverse=True)[1]
    lead = _first(told.joint(at, *keys, "statement_id"), told.speaks[at])
    witness, of = at[lead], group[lead]
    best = witness[_first(of, told.stands[witness])]
    first, other = best[of], witness != best[of]
    # On how many steps in a row a statement is equal to the one that goes first.
    equal = (told.steps[witness] == told.steps[first]).cumprod(axis=1).sum(axis=1)
    value, side = told.rows["value"].to_numpy(), told.side
    differs = (value[witness] != value[first]) | (side[witness] != side[first])
    tied = np.flatnonzero(other & differs & (equal == len(_STEPS)))
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
        "bound": np.array(_SIDES, object)[side[best]],
        "open_low": open_low,
        "open_high": open_high,
        "n_sources": np.bincount(group[sources]),
        "n_independent": np.bincount(of),
        **{column: of_best(column) for column in _OF_THE_WITNESS},
        "chosen_by": _REASONS[rival + 1],
    }
    if each:
        index = pd.MultiIndex.from_arrays(map(of_best, keys), names=keys)
    else:
        index = pd.Index(of_best("period"), name="period")
    frame = pd.DataFrame(columns, index)
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
