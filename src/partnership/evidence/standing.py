"""Every statement of a series: which one stands for its period, and by which step.

The rule is that of `series`; here nothing is left out, and each row says what became of
it.
"""

import numpy as np
import pandas as pd

from partnership.evidence import periods, ranks
from partnership.evidence.faults import DataError, NothingRecorded, nearest
from partnership.evidence.package import DataPackage, chosen
from partnership.evidence.ranks import DIMENSIONS, PRECISION, REASONS, STEPS, YEARS

WHY = {
    # What stands, by `chosen_by` of `series`.
    "only statement": "the only statement",
    "choice": "a reasoned choice puts it first",
    "reliability": "its source is more reliable",
    "precision": "it is more precise",
    "publication": "it was published later",
    "statement date": "it was stated later",
    "same value": "others state the same",
}
AGAINST = {
    # What does not stand, by what decided.
    "choice": "a reasoned choice puts another first",
    "reliability": "the source of another is more reliable",
    "precision": "another is more precise",
    "publication": "another was published later",
    "statement date": "another was stated later",
    "same value": "another says the same",
    "copy": "a repetition: another copy speaks for this statement",
    "set aside": "a reasoned choice sets it aside",
    "no outcome": "no outcome of a whole period",
}
_COLUMNS = (
    *("period", "value", "unit", "qualifier", "bound", "stated_by", "stated_on"),
    *("reporter", "partner", *DIMENSIONS, "valuation", "stands", "step", "why"),
    *("source_id", "reliability", "published", "statement_id", "observation_id"),
    *("corrected", "note"),
)


def standing(
    name: str,
    reporter: str | None = None,
    partner: str | None = None,
    *,
    year: str | int | None = None,
    data: DataPackage | None = None,
) -> pd.DataFrame:
    """Every statement of a series, with what stands for each period and why.

    Parameters
    ----------
    name : str
        A series of the table ``series``.
    reporter, partner : str, optional
        Only these economies (ISO 3166 alpha-3); all of them by default.
    year : str or int, optional
        Only periods that touch this year, or this period: 2019, "2019/20", "2017-03".
    data : DataPackage, optional

    Returns
    -------
    pandas.DataFrame
        One row a statement as it stands in its table, corrections applied, sorted by
        whom it is about (the columns ``attrs["keys"]``) and by time. ``stands`` says
        whether `series` gives this value, ``step`` what decided, ``why`` says it in
        words.

    Raises
    ------
    DataError
        If the name or an economy is unknown, or a year is none.
    """
    data = chosen(data)
    dictionary = ranks.dictionary(data)
    if not isinstance(name, str) or name not in dictionary.index:
        raise nearest(name, dictionary.index, "series")
    table = dictionary.at[name, "theme"]
    frame = judged(table, data, reporter, partner)
    frame = frame[frame["series"] == name]
    for side, code in (("reporter", reporter), ("partner", partner)):
        if code is not None:
            present = sorted(set(frame[side]))
            frame = frame[frame[side] == (code if isinstance(code, str) else None)]
            if frame.empty:
                error = ranks.unrecorded(data, side, code, present, name)
                if not isinstance(error, NothingRecorded):
                    raise error
    if year is not None:
        frame = frame[_touching(frame, str(year))]
    about = dictionary.loc[name, ["definition", "unit", "measure"]].to_dict()
    about |= {"series": name, "table": table, "keys": frame.attrs["keys"]}
    frame = frame[[column for column in _COLUMNS if column in frame]]
    frame = frame.reset_index(drop=True)
    frame.attrs = about | {"data": data.folder}
    return frame


def judged(
    table: str,
    data: DataPackage,
    reporter: str | None = None,
    partner: str | None = None,
) -> pd.DataFrame:
    """Rows of a table of statements with what became of each; see `standing`."""
    told = ranks.told(table, data, reporter, partner)
    return data.once(("judged", id(told)), lambda: _judged(told, data))


def _judged(told, data):
    rows = told.rows
    keys = [c for c in ("reporter", "partner", *DIMENSIONS) if c in rows]
    _number(told, keys)
    step = np.where(told.aside, "set aside", "no outcome").astype(object)
    at = np.flatnonzero(~told.aside & told.outcome)
    _, witness, of, equal, best = told.decided(at, "about", "period")
    other = witness != best[of]
    rival = np.full(len(best), -1)
    np.maximum.at(rival, of[other], equal[other])
    step[at] = "copy"
    step[witness] = np.array([*STEPS, "same value"], object)[equal]
    step[best] = np.array(REASONS, object)[rival + 1]
    stands = np.zeros(len(rows), bool)
    stands[best] = True
    frame = rows.assign(stands=stands, step=step, why=[*_why(rows, stands, step, data)])
    # By whom and what it is about, the pair of the package first, then by time.
    first, second = data.pair or ("", "")
    own = (frame["reporter"] != first) | (frame["partner"] != second)
    order = np.lexsort((told.time, told.codes["about"], own, told.codes["series"]))
    frame = frame.iloc[order].drop(columns="measure", errors="ignore")
    frame.attrs["keys"] = keys
    return frame


def _number(told, keys):
    """Number rows by what they are about: of such rows one value a period stands."""
    about = told.rows.groupby(["series", *keys]).ngroup().to_numpy()
    if "valuation" in told.codes:
        said = told.rows["valuation"].to_numpy(object)
        both = np.intersect1d(about[said == "fob"], about[said == "cif"])
        apart = np.where(np.isin(about, both), told.codes["valuation"] + 1, 0)
        about = about * (len(told.texts["valuation"]) + 1) + apart
    told.texts["about"], told.codes["about"] = np.unique(about, return_inverse=True)


def _why(rows, stands, step, data):
    """Say in words why each row stands, or why it does not."""
    reasons = {}
    for choice in data.load("choices").fillna("").itertuples():
        for name in (choice.observation_id, *choice.set_aside.split(";")):
            reasons[name] = choice.reason
    for one in zip(*(rows[c] for c in _NAMED), stands, step, strict=True):
        name, qualifier, when, first, decided = one
        said = (WHY if first else AGAINST)[decided]
        if first and name in reasons and decided == "only statement":
            yield f"a reasoned choice sets the others aside. {reasons[name]}"
        elif decided in ("choice", "set aside") and name in reasons:
            yield f"{said}. {reasons[name]}"
        elif decided == "no outcome":
            part = "" if when in YEARS else when
            grade = "" if qualifier in PRECISION else qualifier
            what = ", ".join(filter(None, (grade, part))).replace("_", " ")
            yield f"{said}: {what}" if what else said
        else:
            yield said


_NAMED = ("observation_id", "qualifier", "period_type")


def _touching(frame, year):
    try:
        return periods.touching(frame["period"], year)
    except ValueError as error:
        raise DataError(f"year: {error}") from None
