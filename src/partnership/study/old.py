"""Old names that notebooks and exercises still use; each says what takes its place."""

from __future__ import annotations

from dataclasses import asdict, replace

import pandas as pd

from partnership import checks
from partnership.methods import assumptions, economics
from partnership.methods.assumptions import between, by_row


def dressed(values, source_id, unit, reliability, academic=False):
    """Dress values (or value, low, high) by year as the charts take them."""
    # old name of `partnership.computed`
    table = values.to_frame("value") if isinstance(values, pd.Series) else values
    table = table.dropna()
    days = ("-09-01", "-08-31") if academic else ("-01-01", "-12-31")
    frame = pd.DataFrame(
        {
            "period": [f"{y}/{y + 1}" if academic else str(y) for y in table.index],
            "period_type": "academic_year" if academic else "calendar_year",
            "start": pd.to_datetime([f"{year}{days[0]}" for year in table.index]),
            "end": pd.to_datetime([f"{y + academic}{days[1]}" for y in table.index]),
            "value": table["value"].to_numpy(),
            "low": table.get("low", table["value"]).to_numpy(),
            "high": table.get("high", table["value"]).to_numpy(),
            "bound": "",
            "open_low": False,
            "open_high": False,
            "reliability": reliability,
        }
    )
    frame = frame if source_id is None else frame.assign(source_id=source_id)
    frame.attrs = {} if unit is None else {"unit": unit}
    return frame


def for_chart(values, source_id, unit, reliability="primary"):
    """Dress calendar years for the charts."""  # old name of `partnership.computed`
    return dressed(checks.yearly(values), source_id, unit, reliability)


def sensitivity(project, known, later, ranges, utilisation=1.0):
    """Swings of a project's value."""  # old name of `assumptions.one_at_a_time`
    usual = {**asdict(project), "later": later}
    table = between(**{n: (low, usual[n], high) for n, (low, high) in ranges.items()})

    def value(later=later, **changed):
        case = replace(project, **changed)
        path = economics.price_path(case, known, later)
        return economics.value_at_signing(case, path, utilisation)

    found = assumptions.one_at_a_time(by_row(value), table)
    return found.drop(columns="swing")


def missed_output(plan, output, prices):
    """Without a name of the index."""  # old name of `economics.missed_output`
    return economics.missed_output(plan, output, prices).rename_axis(None)
