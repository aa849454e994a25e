"""The board of all statements: verdicts, what moves them, and their pictures."""

from __future__ import annotations

from urllib.parse import quote

import pandas as pd

from partnership import checks
from partnership.evidence import totals
from partnership.evidence.asof import report
from partnership.evidence.overview import Known
from partnership.evidence.package import chosen
from partnership.verdicts.rules import STILL, VERDICTS, stated, verdict

_OF_CLAIM = [
    "theme",
    "statement",
    "speaker",
    "mark",
    "sentence",
    "question",
    "headline",
]
_OF_VERDICT = ["verdict", "reason", "kind", "as_of", "probability"]


def claim_ids(data=None):
    """Ids of the statements, in their order; none where the package judges none."""
    data = chosen(data)
    known = "claims" in data.tables()
    return data.load("claims")["claim_id"].tolist() if known else []


def board(as_of=None, *, data=None, **options):
    """All statements with their verdicts.

    Parameters
    ----------
    as_of, data, **options
        As in `verdict`.

    Returns
    -------
    pandas.DataFrame
        Index claim_id; from the table claims ``theme``, ``statement``, ``speaker``,
        ``mark`` (a few words), ``sentence`` (of the report), ``question`` and
        ``headline``; ``verdict``, ``reason``, ``kind``, ``as_of`` and ``probability``
        (0 to 1, of a verdict that rests on a model); ``section`` (link to the section
        of a notebook that argues it) and ``source_ids``. ``attrs["source_id"]`` is the
        report, if the package names it.
    """
    data = chosen(data)
    claims = data.load("claims").set_index("claim_id")
    found = [verdict(name, as_of, data=data, **options) for name in claims.index]
    columns = {name: [getattr(v, name) for v in found] for name in _OF_VERDICT}
    frame = claims[_OF_CLAIM].assign(**columns)
    frame["section"] = [_link(place) for place in claims["section"]]
    frame["source_ids"] = [";".join(v.source_ids) for v in found]
    frame.attrs["source_id"] = (data.descriptor.get("report") or {}).get("source_id")
    return frame


def _link(place):
    """Address of a place such as ``01_trade#A heading`` among the notebooks."""
    name, _, heading = place.partition("#")
    anchor = f"#{heading.replace(' ', '-')}" if heading else ""
    return quote(f"{name}.ipynb{anchor}", safe="/#?,:'")


_WEAKEST = ("contradicted", "overstated", "understated", "supported_with_caveat")
_WEAKEST += ("supported", "not_checkable")


def by_sentence(frame):
    """Keep of each sentence of the report the part that decides it.

    A sentence is as good as the weakest of its parts that can be checked, and not
    checkable where none can.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `board` returns it.

    Returns
    -------
    pandas.DataFrame
        Rows of the frame, one a sentence.
    """
    frame = checks.need(frame, ["sentence", "verdict"], "frame")
    order = frame["verdict"].map(_WEAKEST.index).sort_values(kind="stable").index
    kept = frame.loc[order].drop_duplicates("sentence").index
    return frame[frame.index.isin(kept)]


def themes(frame):
    """Themes in the order of the notebooks that argue their statements."""
    return list(frame.sort_values("section", kind="stable")["theme"].unique())


def counts(frame):
    """Count the statements of a board by theme and verdict.

    Parameters
    ----------
    frame : pandas.DataFrame
        As in `by_sentence`, whose result may be counted too.

    Returns
    -------
    pandas.DataFrame
        Themes in the order of the notebooks by verdicts in the order of the scale, in
        words; verdicts that no statement has are left out.
    """
    frame = checks.need(frame, ["theme", "section", "verdict"], "frame")
    table = pd.crosstab(frame["theme"], frame["verdict"])
    scale = [name for name in VERDICTS if name in table.columns]
    return table.loc[themes(frame), scale].rename(columns=VERDICTS)


VARIANTS = {
    "tolerance halved": {"factor": 0.5},
    "tolerance doubled": {"factor": 2.0},
    "primary sources only": {"primary_only": True},
    "more than taken as a bound": {"strict": True},
}


def sensitivity(as_of=None, *, data=None):
    """Verdicts that change with tolerance, sources or reading.

    Parameters
    ----------
    as_of, data
        As in `verdict`.

    Returns
    -------
    pandas.DataFrame
        One row a change: ``variant``, ``claim_id``, ``kind``, ``verdict`` and
        ``becomes``.
    """
    base, changes = board(as_of, data=data), []
    for name, options in VARIANTS.items():
        other = board(as_of, data=data, **options)["verdict"]
        moved = base.assign(variant=name, becomes=other)
        changes.append(moved[moved["verdict"] != other].reset_index())
    columns = ["variant", "claim_id", "kind", "verdict", "becomes"]
    return pd.concat(changes, ignore_index=True)[columns]


def both(data=None):
    """Board with the verdicts of both days side by side, and what is still so.

    Returns
    -------
    pandas.DataFrame
        The columns of `board` as known now; ``then`` and ``now``, words of the scale,
        the first as known on the day of the report; ``then_reason``; ``still`` ("yes",
        "no", "not known", or "" where it makes no sense) and ``still_reason``.
    """
    data = chosen(data)
    now, asked = board(data=data), stated(data)
    then = board(report(data)["day"], data=data) if len(now) else now
    still = [asked.get((claim, "still"), {}) for claim in now.index]
    return now.assign(
        then=then["verdict"].map(VERDICTS),
        now=now["verdict"].map(VERDICTS),
        then_reason=then["reason"],
        still=[STILL[row.get("verdict")] for row in still],
        still_reason=[row.get("reason") or "" for row in still],
    )


def answers(data):
    """Columns of `both` with answers; none where nothing is judged."""
    asked = ["then", "now", "still"]
    return both(data)[asked] if claim_ids(data) else pd.DataFrame()


def changed(data):
    """Answers that are not those of the control totals, if there are any.

    Returns
    -------
    list of partnership.evidence.faults.Problem
    """
    known = Known(data)
    kept = data.load("totals") if known.has("totals") else ()
    if not len(kept):
        return []
    kept = kept[kept["table"] == totals.BOARD]
    lines = totals.of_board(answers(data))
    return [known.problem(*one) for one in totals.told(kept, lines)]
