"""Belarusian machines in Turkmenistan: what is stated and what is assumed."""

from __future__ import annotations

import os

import pandas as pd

from partnership.methods.assumptions import (  # noqa: F401
    changed,
    corners,
    draw,
    middle,
    one_at_a_time,
)
from partnership.methods.fleet import (  # noqa: F401
    ABOVE_ZERO,
    SHARES,
    Evidence,
    deliveries,
    fleet,
    implied_price,
    needed,
    probability,
    quantiles,
    remaining,
    summary,
    survival,
    tornado,
    working,
)

BASIS = {
    "life": ("Median life, years", "stated: norms, rules of thumb, one model"),
    "shape": ("Shape of the survival curve", "assumed: the EPA rule is near 3"),
    "old_share": (
        "Belarusian share of the stock of 1992",
        "assumed: up to the share of MTZ in CIS output of 2001",
    ),
    "sold_2007": (
        "Tractors sold in 2007",
        "stated: more than 2,000; at most the contract over the highest average price",
    ),
    "sold_2009_2017": (
        "Tractors sold in 2009–2017",
        "stated: about 6,000, read to the nearest thousand",
    ),
    "timing": (
        "Timing in 2009–2017: even (0) or as trade (1)",
        "assumed: anything between the two",
    ),
    "money_share": (
        "Share of other years' imports spent on tractors",
        "assumed: up to half the share that the contract has in 2007",
    ),
    "price": ("Price in other years, USD thousand", "stated: average new MTZ, 2007"),
}


def evidence(last_year=2017):
    """Read the stock of 1992, the stated deliveries of MTZ tractors and the trade.

    The trade is the imports from Belarus in the data sets until the first stated
    delivery of several years, and the stated goods turnover from then on.

    Returns
    -------
    Evidence
    """
    import partnership as p

    stock = (
        p.series("fleet_units", "TKM", "WLD", maker="all", machine="tractor")
        .reset_index()
        .iloc[0]
    )
    start = stock["end"].year
    sold = _tractors("deliveries_units")
    batches = {
        "sold_" + row.period.replace("..", "_"): (row.start.year, row.end.year)
        for row in sold.itertuples()
    }
    change = max(first for first, _ in batches.values())
    imports = p.series("goods_imports", "TKM", "BLR")
    turnover = p.series("goods_turnover")
    years = range(start + 1, last_year + 1)
    rows = [(imports if y < change else turnover).loc[str(y)] for y in years]
    trade = pd.Series([row["value"] for row in rows], index=list(years), name="trade")
    used = {stock["source_id"], *sold["source_id"], *(row["source_id"] for row in rows)}
    return Evidence(float(stock["value"]), start, batches, trade, tuple(sorted(used)))


def intervals():
    """Read or set the interval of every assumption.

    Returns
    -------
    pandas.DataFrame
        Index: assumptions; columns ``low``, ``high``, ``meaning``, ``basis`` (stated,
        or assumed and why) and ``source_id`` (ids joined by ";", may be empty).
    """
    import partnership as p

    rows = p.load("machinery")
    lives = rows[rows["series"] == "useful_life_years"]
    lives = lives[lives["machine"].isin(["tractor", "truck"])]
    prices = rows[(rows["series"] == "unit_price") & (rows["maker"] == "MTZ")]
    first, later = (row for _, row in _tractors("deliveries_units").iterrows())
    contract = _tractors("contract_value").iloc[0]
    cis = (
        p.series("market_share_percent", "BLR", "CIS", item="output")
        .reset_index()
        .iloc[0]
    )
    dearest = prices["value"].max()
    ends = {
        "life": (lives["value"].min(), lives["value"].max(), *lives["source_id"]),
        "shape": (2, 4, "mach-life-nonroad"),
        "old_share": (0.1, cis["value"] / 100, cis["source_id"]),
        "sold_2007": (
            *(first["value"], contract["value"] * 1e6 / dearest),
            *(first["source_id"], contract["source_id"]),
        ),
        "sold_2009_2017": (
            *(later["value"] - 500, later["value"] + 500, later["source_id"]),
        ),
        "timing": (0, 1),
        "money_share": (0, 0.3),
        "price": (prices["value"].min() / 1e3, dearest / 1e3, *prices["source_id"]),
    }
    table = [
        (name, *BASIS[name], low, high, ";".join(dict.fromkeys(ids)))
        for name, (low, high, *ids) in ends.items()
    ]
    columns = ["name", "meaning", "basis", "low", "high", "source_id"]
    return pd.DataFrame(table, columns=columns).set_index("name")


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
    import partnership as p

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


def _tractors(name):
    import partnership as p

    choice = {"maker": "MTZ", "machine": "tractor", "outcomes_only": False}
    return p.statements(name, "BLR", "TKM", **choice).reset_index()


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
    from partnership import charts

    centre = swings.attrs["middle"]
    look = charts.ROLES["BLR"]
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
        None, and a printed sentence, in runs that set PARTNERSHIP_UNATTENDED: nobody
        is there to move sliders, and their ids would differ in every run.
    """
    if os.environ.get("PARTNERSHIP_UNATTENDED"):
        print("Run this cell in JupyterLab to move the sliders.")
        return None
    import ipywidgets

    from partnership import charts

    # All four make the fleet larger, so that the axis can stay while a line moves.
    most = fleet(
        evidence, middle(intervals).assign(**intervals.loc[[*SLIDERS], "high"])
    )
    top = 1.05 * most[_shown(most)].max(axis=None)

    def draw_fleet(**chosen):
        fleets = fleet(evidence, middle(intervals).assign(**chosen))
        finding = f"{fleets[year].iloc[0]:,.0f} tractors at work at the end of {year}"
        print(finding)  # JupyterLab does not read out the alt text of a picture
        ax = _path_chart(fleets[_shown(fleets)], finding, evidence.source_ids, claim)
        ax.set_ylim(0, top)
        charts.show(ax, f"Line of the modelled fleet over the years: {finding}.")

    sliders = {}
    for name in SLIDERS:
        low, high = map(float, intervals.loc[name, ["low", "high"]])
        sliders[name] = ipywidgets.FloatSlider(
            value=(low + high) / 2,
            min=low,
            max=high,
            step=(high - low) / 20,
            description=intervals.at[name, "meaning"],
            style={"description_width": "initial"},
            layout={"width": "95%"},
        )
    return ipywidgets.interactive(draw_fleet, **sliders)


def _shown(fleets):
    """Years of the picture: from the first stated delivery on."""
    return [year for year in fleets.columns if year >= 2007]


def _path_chart(fleets, finding, source_ids, claim):
    from partnership import charts

    measure = "Tractors at work at the end of each year, with the values chosen above"
    path = quantiles(fleets).assign(source_id=";".join(source_ids))
    ax = charts.canvas(finding, measure)
    charts.line_with_spread(ax, path, label="model", unit="units", role="BLR")
    if claim is not None:
        charts.claim_line(ax, claim, f"the report: {claim:,.0f}")
    return ax
