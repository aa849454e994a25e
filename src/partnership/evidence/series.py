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

import pandas as pd

from partnership.evidence import periods
from partnership.evidence.faults import DataError, nearest
from partnership.evidence.package import OBSERVATION_TABLES, DataPackage, default

PRECISION = {
    "exact": 0,
    "about": 1,
    "almost": 1,
    "more_than": 2,
    "less_than": 2,
    "derived": 3,
    "modelled": 4,
}


RELIABILITY = {"primary": 0, "secondary": 1, "tertiary": 2}


ONE_SIDED = {"more_than": "lower", "less_than": "upper"}


DIMENSIONS = ("maker", "machine", "institution", "product", "item")


# Where these are not named, the row is about the whole.
_WHOLE_IF_EMPTY = ("product", "item")


_YEARS = ("calendar_year", "academic_year")


_PERIOD_TYPES = {
    "flow": _YEARS,
    "stock": (*_YEARS, "month", "date"),
    "rate": (*_YEARS, "month", "date"),
    "attribute": (*_YEARS, "month", "date"),
}


_KEY = ["period", "period_type"]


_COLUMNS = [
    "period",
    "period_type",
    "start",
    "end",
    "value",
    "low",
    "high",
    "bound",
    "open_low",
    "open_high",
    "n_sources",
    "n_independent",
    "observation_id",
    "source_id",
    "reliability",
    "corrected",
    "chosen_by",
]


def series(
    name: str,
    reporter: str | None = None,
    partner: str | None = None,
    stated_by: str | None = None,
    *,
    valuation: str | None = None,
    data: DataPackage | None = None,
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
        Another data package than the project's own.
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
    data = data or default()
    rows, about = _select(
        name, reporter, partner, stated_by, valuation, data, dimensions
    )
    rows = _outcomes(rows[~rows["set_aside"]], about)
    chosen = set(data.load("choices")["observation_id"])
    frame = pd.DataFrame(
        [_settle(group, chosen, about) for _, group in rows.groupby(_KEY, sort=False)],
        columns=_COLUMNS,
    )
    frame = frame.sort_values(["start", "end"]).set_index("period")
    frame.attrs = about
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
    **dimensions: str,
) -> pd.DataFrame:
    """Everything that was said: one row a statement.

    Parameters
    ----------
    name, reporter, partner, stated_by, valuation, data, **dimensions
        As in `series`.
    outcomes_only : bool
        False adds plans, targets, forecasts, capacities, parts of years, ranges and
        undated statements.

    Returns
    -------
    pandas.DataFrame
        The witness of each statement by its period, with ``source_ids`` of all copies.

    Raises
    ------
    DataError
        As `series`, a tie aside.
    """
    data = data or default()
    rows, about = _select(
        name, reporter, partner, stated_by, valuation, data, dimensions
    )
    if not with_set_aside:
        rows = rows[~rows["set_aside"]]
    if outcomes_only:
        rows = _outcomes(rows, about)
    witnesses = [
        _witness(copies).assign(source_ids=";".join(sorted(set(copies["source_id"]))))
        for _, copies in rows.groupby([*_KEY, "statement_id", "bound"], sort=False)
    ]
    frame = pd.concat(witnesses).sort_values(
        ["start", "end", "stated_on", "observation_id"]
    )
    columns = [
        *("period", "period_type", "start", "end", "stated_on", "value", "unit"),
        *("qualifier", "bound", "stated_by", "reporter", "partner"),
        *(name for name in (*DIMENSIONS, "valuation") if name in frame),
        *("observation_id", "statement_id", "source_id", "source_ids"),
        *("reliability", "published", "corrected", "note"),
    ]
    frame = frame[columns].set_index("period")
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
    combined = combined[["series", *_COLUMNS[1:]]]
    combined.attrs = {"unit": units.pop(), "series": [label for label, _ in frames]}
    return combined


def _select(name, reporter, partner, stated_by, valuation, data, dimensions):
    """Rows of one series and key, corrected, with what is known of the series."""
    dictionary = data.load("series").set_index("series")
    if name not in dictionary.index:
        raise nearest(name, dictionary.index, "series")
    entry = dictionary.loc[name]
    rows = _observations(entry["theme"], data)
    rows = rows[rows["series"] == name]
    for column in dimensions:
        if column not in DIMENSIONS or column not in rows:
            known = [known for known in DIMENSIONS if known in rows]
            raise nearest(column, known, f"dimension of {name}")
    named = {"reporter": reporter, "partner": partner, "stated_by": stated_by}
    for column, wanted in {**named, **dimensions}.items():
        if wanted is not None:
            rows = _keep(name, rows, column, wanted)
    rows = _resolve_pair(name, rows, data.pair)
    for column in DIMENSIONS:
        if column in rows and dimensions.get(column) is None:
            rows = _resolve_dimension(name, rows, column)
    if "valuation" in rows:
        rows = _resolve_valuation(name, rows, valuation)
    first = rows.iloc[0]
    about = {
        "series": name,
        "title": f"{entry['definition']}, {first['reporter']}–{first['partner']}",
        "definition": entry["definition"],
        "unit": entry["unit"],
        "measure": entry["measure"],
        "reporter": first["reporter"],
        "partner": first["partner"],
        "valuation": _valuations(rows),
    }
    return rows, about


def _observations(table: str, data: DataPackage) -> pd.DataFrame:
    """Rows of a theme with source, period and precision, corrections applied."""
    key = f"_observations_{table}"
    if key not in data._frames:
        if table not in OBSERVATION_TABLES or table not in data.tables():
            raise DataError(f"the data package has no table of observations {table!r}")
        known = data.load("sources").set_index("source_id")
        rows = _corrected(data.load(table), data.load("corrections"))
        aside = data.load("choices")["set_aside"].dropna().str.split(";").explode()
        rows["set_aside"] = rows["observation_id"].isin(set(aside))
        words = rows.columns.drop(["value", "corrected", "set_aside"])
        rows[words] = rows[words].fillna("")
        rows["reliability"] = rows["source_id"].map(known["reliability"])
        rows["published"] = rows["source_id"].map(known["published"]).fillna("")
        spans = [
            periods.parse(period, kind) or (pd.NaT, pd.NaT)
            for period, kind in zip(rows["period"], rows["period_type"], strict=True)
        ]
        rows["start"] = pd.to_datetime([start for start, _ in spans])
        rows["end"] = pd.to_datetime([end for _, end in spans])
        data._frames[key] = rows
    return data._frames[key]


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


def _keep(name, rows, column, wanted):
    kept = rows[rows[column] == wanted]
    if kept.empty:
        present = [cell for cell in sorted(set(rows[column])) if cell]
        if str(wanted).upper() in present:
            raise DataError(
                f"{column} {wanted!r}: codes are written {wanted.upper()!r}"
            )
        raise nearest(wanted, present, f"{column} of {name}")
    return kept


def _resolve_pair(name, rows, own_pair):
    pairs = sorted(set(zip(rows["reporter"], rows["partner"], strict=True)))
    if len(pairs) > 1 and own_pair:
        pairs = [pair for pair in (own_pair, own_pair[::-1]) if pair in pairs] or pairs
    if len(pairs) > 1:
        shown = ", ".join(f"{a}–{b}" for a, b in pairs[:12])
        more = f" and {len(pairs) - 12} more" if len(pairs) > 12 else ""
        raise DataError(
            f"{name} is there for several pairs; name reporter and partner: "
            f"{shown}{more}"
        )
    first, second = pairs[0]
    return rows[(rows["reporter"] == first) & (rows["partner"] == second)]


def _resolve_dimension(name, rows, column):
    present = sorted(set(rows[column]))
    if len(present) == 1:
        return rows
    if "" in present and column in _WHOLE_IF_EMPTY:
        return rows[rows[column] == ""]
    shown = ", ".join(repr(cell) for cell in present)
    raise DataError(
        f"{name} is there for several values of {column}; name one: {shown}"
    )


def _resolve_valuation(name, rows, wanted):
    if wanted is not None:
        return _keep(name, rows, "valuation", wanted)
    present = set(rows["valuation"]) - {"", "unstated"}
    if len(present) > 1:
        raise DataError(
            f"{name} is there with several valuations; name one: {sorted(present)}"
        )
    return rows


def _valuations(rows) -> str:
    if "valuation" not in rows:
        return ""
    words = {
        "fob": "f.o.b.",
        "cif": "c.i.f.",
        "unstated": "valuation not stated",
        "": "",
    }
    found = [words[cell] for cell in words if cell in set(rows["valuation"])]
    return ", ".join(filter(None, found))


def _outcomes(rows: pd.DataFrame, about: dict) -> pd.DataFrame:
    """Step 1: what happened, for a period that fits the kind of quantity."""
    measure = about["measure"]
    kept = rows[
        rows["qualifier"].isin(list(PRECISION))
        & rows["period_type"].isin(_PERIOD_TYPES[measure])
    ]
    if kept.empty:
        counts = rows.groupby(["qualifier", "period_type"]).size()
        found = ", ".join(f"{kind} {when} ({n})" for (kind, when), n in counts.items())
        raise DataError(
            f"{about['series']} ({measure}) has no outcome for a whole period; its "
            f"rows are {found}. `statements(..., outcomes_only=False)` shows them"
        )
    return kept


def _witness(copies: pd.DataFrame) -> pd.DataFrame:
    """Step 2: the copy that speaks for a statement, as a frame of one row.

    The most precise one; between equals the better source, the figure with more
    digits, the later publication. The id makes the order complete.
    """
    if len(copies) == 1:
        return copies
    order = pd.DataFrame(
        {
            "precision": copies["qualifier"].map(PRECISION).fillna(9),
            "bound": copies["bound"].map({"": 0, "low": 1, "high": 2}),
            "reliability": copies["reliability"].map(RELIABILITY),
            "digits": [-_digits(value) for value in copies["value"]],
            "published": [-_day(text) for text in copies["published"]],
            "observation_id": copies["observation_id"],
        }
    )
    return copies.loc[order.sort_values(list(order.columns)).index[:1]]


def _digits(value: float) -> int:
    return len(f"{value:.12g}".replace(".", "").strip("-0"))


def _day(text: str) -> int:
    """Last day of a publication date as a number; an undated one comes first."""
    return periods.bounds(text)[1].toordinal() if text else 0


def _settle(group: pd.DataFrame, chosen: set[str], about: dict) -> dict:
    """Steps 3 and 4 for the rows of one period."""
    candidates = []
    for _, copies in group.groupby("statement_id"):
        named = copies[copies["observation_id"].isin(chosen)]
        witness = _witness(copies if named.empty else named).iloc[0]
        rank = (
            1 if named.empty else 0,
            RELIABILITY[witness["reliability"]],
            PRECISION[witness["qualifier"]],
            -_day(witness["published"]),
            -_day(witness["stated_on"]),
        )
        candidates.append((rank, witness["observation_id"], witness))
    candidates.sort(key=lambda candidate: candidate[:2])
    best, _, witness = candidates[0]
    rivals = [
        other["observation_id"]
        for rank, _, other in candidates[1:]
        if rank == best
        and (other["value"], _bound(other)) != (witness["value"], _bound(witness))
    ]
    if rivals:
        raise DataError(
            f"{about['series']} {witness['period']}: {witness['observation_id']} and "
            f"{', '.join(rivals)} say different things with equal right; settle it "
            "with a row in choices.csv"
        )
    low, high, open_low, open_high = _spread(group, candidates, witness)
    return {
        **{key: witness[key] for key in [*_KEY, "start", "end", "value"]},
        "low": low,
        "high": high,
        "bound": _bound(witness),
        "open_low": open_low,
        "open_high": open_high,
        "n_sources": group["source_id"].nunique(),
        "n_independent": len(candidates),
        "observation_id": witness["observation_id"],
        "source_id": witness["source_id"],
        "reliability": witness["reliability"],
        "corrected": bool(witness["corrected"]),
        "chosen_by": _reason([candidate[0] for candidate in candidates]),
    }


def _bound(row) -> str:
    """Whether a row is one-sided: "lower" if the truth lies at or above it."""
    if row["bound"]:
        return {"low": "lower", "high": "upper"}[row["bound"]]
    return ONE_SIDED.get(row["qualifier"], "")


def _spread(group, candidates, witness) -> tuple[float, float, bool, bool]:
    """Span of the statements; a one-sided one widens it only if it contradicts it."""
    ends = group[group["bound"] != ""]
    spoken = [row for _, _, row in candidates] + [row for _, row in ends.iterrows()]
    points = [row["value"] for row in spoken if row["bound"] or not _bound(row)] or [
        witness["value"]
    ]
    low, high = min(points), max(points)
    lower = [row["value"] for row in spoken if row["qualifier"] == "more_than"]
    upper = [row["value"] for row in spoken if row["qualifier"] == "less_than"]
    open_high = bool(lower) and max(lower) >= high
    open_low = bool(upper) and min(upper) <= low
    low, high = min([low, *upper]), max([high, *lower])
    return (
        float(min(low, witness["value"])),
        float(max(high, witness["value"])),
        open_low,
        open_high,
    )


def _reason(ranks: list[tuple]) -> str:
    """Name of the first step on which the best statement beats all others."""
    if len(ranks) == 1:
        return "only statement"
    steps = ("choice", "reliability", "precision", "publication", "statement date")
    best, rest = ranks[0], ranks[1:]
    for position, step in enumerate(steps):
        rest = [rank for rank in rest if rank[position] == best[position]]
        if not rest:
            return step
    return "same value"
