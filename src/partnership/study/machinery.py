"""Belarusian machines in Turkmenistan: what is stated and what is assumed."""

from __future__ import annotations

import pandas as pd

import partnership as p
from partnership import charts, verdicts
from partnership.methods.assumptions import (  # noqa: F401
    changed,
    draw,
)
from partnership.methods.fleet import (  # noqa: F401
    Evidence,
    deliveries,
    fleet,
    implied_price,
    probability,
    remaining,
    summary,
    survival,
    working,
)
from partnership.study.old import (  # noqa: F401
    corners,
    middle,
    needed,
    one_at_a_time,
    quantiles,
    tornado,
)

_MODEL = "tractor_fleet"


def evidence():
    """Stock, deliveries and trade behind the fleet: what sources state."""
    return verdicts.fleet_evidence(_MODEL)


def intervals():
    """Ends of every assumption about the fleet, with meaning, basis and sources."""
    return verdicts.intervals(_MODEL)


def stated_units(reporter="BLR", partner="TKM"):
    """Read every stated number of machines from one economy in the other.

    Returns
    -------
    pandas.DataFrame
        One row a statement, as `partnership.statements` returns it, with the columns
        ``series``, ``group`` (tractors, trucks, others, plans) and ``text`` (the
        statement in a few words) besides. A plan without a period stands at the day
        on which it was said.
    """
    rows = p.load("machinery")
    dimensions = ["maker", "machine", "item"]
    found = []
    for name, verb in VERBS.items():
        ends = (partner, reporter) if name == "fleet_units" else (reporter, partner)
        here = rows[rows["series"] == name]
        here = here[(here["reporter"] == ends[0]) & (here["partner"] == ends[1])]
        for key in here[dimensions].fillna("").drop_duplicates().to_dict("records"):
            key = {column: cell for column, cell in key.items() if cell}
            said = p.statements(name, *ends, outcomes_only=False, **key).reset_index()
            found.append(said.assign(series=name, verb=verb))
    said = pd.concat(found, ignore_index=True)
    for column in ("start", "end"):
        said[column] = said[column].fillna(pd.to_datetime(said["stated_on"]))
    said["group"] = [_group(row) for row in said.itertuples()]
    said["text"] = [_words(row) for row in said.itertuples()]
    said = said.sort_values(["start", "end", "observation_id"], ignore_index=True)
    said.attrs = {"unit": "units"}
    return said


VERBS = {
    "deliveries_units": "delivered",
    "contract_units": "under contract",
    "planned_deliveries_units": "planned",
    "fleet_units": "at work",
}


def _group(row):
    if row.qualifier == "planned":
        return "plans"
    if row.machine in ("truck", "dump_truck", "truck_and_road_machine"):
        return "trucks"
    return "tractors" if row.machine == "tractor" else "others"


def _words(row):
    """Write a statement in a few words; what the group says already is left out."""
    amount = {"about": "about ", "more_than": "more than "}.get(row.qualifier, "")
    machine = row.machine.replace("machinery", "machine").replace("_", " ") + "s"
    maker = "" if row.maker in ("not named", "all Belarus") else f"{row.maker} "
    what = "" if row.group in ("tractors", "trucks") else f" {maker}{machine}"
    verb = "" if row.group == "plans" else f" {row.verb}"
    return f"{amount}{row.value:,.0f}{what}{verb}"


def tornado_chart(ax, swings, meanings, claim=None):
    """Draw `tornado`: a bar from the fleet at one end of an interval to the other.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Made by `charts.canvas`.
    swings : pandas.DataFrame
        As `tornado` returns it.
    meanings : mapping of str to str
        Names for readers, by assumption.
    claim : float, optional
        A number to draw as the house draws claims.

    Returns
    -------
    matplotlib.axes.Axes
    """
    centre = swings.attrs["middle"]
    look = charts.ROLES["first"]
    with charts.style():
        for row, (low, high) in enumerate(swings[["at_low", "at_high"]].to_numpy()):
            ax.barh(row, low - centre, left=centre, height=0.6, **LOW_END)
            ax.barh(row, high - centre, left=centre, height=0.6, color=look.colour)
        ax.axvline(centre, color=charts.INK, linewidth=1)
        ax.set_yticks(range(len(swings)), [meanings[name] for name in swings.index])
        ax.invert_yaxis()
        ax.xaxis.set_major_formatter(lambda value, _: charts.number(value))
        ax.grid(axis="x")
        if claim is not None:
            ax.axvline(claim, gid="claim", **charts.CLAIM)
            text = {"x": claim, "y": len(swings) - 0.7, "ha": "right", "fontsize": 10}
            ax.text(s=f"the report: {charts.number(claim)}  ", **text)
    return ax


LOW_END = {"facecolor": "white", "edgecolor": "#15457f", "hatch": "////"}


SLIDERS = ("life", "old_share", "money_share", "sold_2009_2017")


def explorer(evidence, intervals, year=2017, claim=None):
    """Sliders for four assumptions, and a figure of the fleet that they give.

    Parameters
    ----------
    evidence, intervals, year
        As in `tornado`; the other assumptions stay in the middle.
    claim : float, optional
        A number to draw as the house draws claims.

    Returns
    -------
    ipywidgets.interactive or None
        As `partnership.verdicts.explore`.
    """
    # All four make the fleet larger, so that the axis can stay while a line moves.
    ends = intervals.loc[[*SLIDERS]]
    most = fleet(evidence, middle(intervals).assign(**ends["high"]))
    top = 1.05 * most[_shown(most)].max(axis=None)

    def draw_fleet(**chosen):
        fleets = fleet(evidence, middle(intervals).assign(**chosen))
        finding = f"{fleets[year].iloc[0]:,.0f} tractors at work at the end of {year}"
        print(finding)  # JupyterLab does not read out the alt text of a picture
        ax = _path_chart(fleets[_shown(fleets)], finding, evidence.source_ids, claim)
        ax.set_ylim(0, top)
        charts.show(ax, f"Line of the modelled fleet over the years: {finding}.")

    return verdicts.explore(draw_fleet, "move the sliders", sliders=ends)


def _shown(fleets):
    """Years of the picture: from the first stated delivery on."""
    return [year for year in fleets.columns if year >= 2007]


def _path_chart(fleets, finding, source_ids, claim):
    measure = "Tractors at work at the end of each year, with the values chosen above"
    path = quantiles(fleets).assign(source_id=";".join(source_ids))
    ax = charts.canvas(finding, measure)
    charts.line_with_spread(ax, path, label="model", unit="units", role="first")
    if claim is not None:
        charts.claim_line(ax, claim, f"the report: {claim:,.0f}")
    return ax
