"""Belarusian machines in Turkmenistan: what is stated and what is assumed."""

from itertools import product

import numpy as np
import pandas as pd

import partnership as p
from partnership import charts, verdicts
from partnership.evidence import periods
from partnership.methods import assumptions, fleet

_MODEL = "tractor_fleet"


def evidence():
    """Stock, deliveries and trade behind the fleet: what sources state."""
    return verdicts.fleet_evidence(_MODEL)


def intervals():
    """Ends of every assumption about the fleet, with meaning, basis and sources."""
    return verdicts.intervals(_MODEL)


DRAWN = "as drawn"


def answers(stated, draws):
    """List what may be answered to each open question, as weights of the same draws.

    Parameters
    ----------
    stated : partnership.methods.fleet.Evidence
    draws : pandas.DataFrame
        As `partnership.methods.fleet.prior` returns it.

    Returns
    -------
    dict of str to dict of str to numpy.ndarray
        Question, answer, weights; `DRAWN` leaves a question to the draws.
    """
    (year, bound), ends = stated.count, intervals()
    units = fleet.at_work(stated, draws, year)
    near, far = (
        assumptions.more_than(units, bound, ends.at["excess", end])
        for end in ("low", "high")
    )
    any_life, life, both = np.ones(len(draws)), draws["life"], draws["together"]
    lives = p.load("machinery").query("series == 'useful_life_years'")
    lives = lives.set_index(["machine", "item"])["value"]
    scrapped, thumb = lives["truck", "scrapping age"], lives["tractor", "rule of thumb"]
    sum_meant = draws["reading"] > 0.5
    found = {
        "count": {
            "set aside": any_life,
            "a bound and no more": units >= bound,
            "far below the truth": far,
            DRAWN: fleet.weights(stated, draws),
            "close to the truth": near,
        },
        "amount": {
            "a number": ~sum_meant,
            DRAWN: any_life,
            "a sum": sum_meant,
        },
        "life": {
            DRAWN: any_life,
            f"{scrapped.max():.0f} years at most": life <= scrapped.max(),
            f"{thumb.min():.0f} years at least": life >= thumb.min(),
        },
        "draws": {
            DRAWN: any_life,
            "long lives with few purchases": both < 0,
            "long lives with many purchases": both > 0,
        },
    }
    return {
        question: {name: np.asarray(one, float) for name, one in given.items()}
        for question, given in found.items()
    }


def combinations(answers):
    """Multiply the weights of one answer to each question, for all combinations.

    Returns
    -------
    dict of tuple of str to numpy.ndarray
        Answers in the order of the questions, weights.
    """
    chosen = product(*(given.items() for given in answers.values()))
    return {
        tuple(name for name, _ in one): np.prod([weight for _, weight in one], axis=0)
        for one in chosen
    }


def register(lives, shape=3.0):
    """Work out what a register of tractors says about their lives.

    Parameters
    ----------
    lives : iterable of float
        Median lives to try, years.
    shape : float
        As in `partnership.methods.fleet.survival`.

    Returns
    -------
    pandas.DataFrame
        By life: ``sold``, how many of the tractors sold in the span are still there,
        and ``older``, how many of all ages must have stood there before it so that the
        rest of the register is theirs. The register is undated; it is read at the end
        of the span, and the sales are spread evenly over it.
    """
    of_mtz = {"maker": "MTZ", "machine": "tractor", "outcomes_only": False}
    found = p.statements("fleet_units", "EST", "BLR", **of_mtz)
    sales = p.statements("deliveries_units", "BLR", "EST", **of_mtz)
    years = sales["end"].item().year - sales["start"].item().year
    even = np.full(years + 1, sales["value"].item() / (years + 1))
    rows = {
        life: (
            fleet.working(even, 0, life, shape)[0, -1],
            fleet.remaining(years + 1, life, shape)[0, -1],
        )
        for life in lives
    }
    frame = pd.DataFrame.from_dict(rows, "index", columns=["sold", "left"])
    frame["older"] = (found["value"].item() - frame["sold"]) / frame.pop("left")
    return frame


def stated_units():
    """Read every stated number of machines of Belarus in Turkmenistan.

    Returns
    -------
    pandas.DataFrame
        One row a statement, as `partnership.statements` returns it, with the columns
        ``series``, ``group`` (of `GROUPS`) and ``text`` (the statement in a few words)
        besides. A plan without a period stands at the day on which it was said.
    """
    rows, found = p.load("machinery").fillna(""), []
    for name in VERBS:
        ends = ("TKM", "BLR") if name == "fleet_units" else ("BLR", "TKM")
        here = rows[["series", "reporter", "partner"]].eq([name, *ends]).all(axis=1)
        keys = rows.loc[here, ["maker", "machine", "item"]].drop_duplicates()
        for key in keys.to_dict("records"):
            key = {column: cell for column, cell in key.items() if cell}
            said = p.statements(name, *ends, outcomes_only=False, **key)
            found.append(said.assign(series=name))
    said = pd.concat(found)
    for column in ("start", "end"):
        said[column] = said[column].fillna(pd.to_datetime(said["stated_on"]))
    said.index = said.index.where(said.index != "", said["stated_on"].to_numpy())
    said["group"] = [_group(row) for row in said.itertuples()]
    said["text"] = [_words(row) for row in said.itertuples()]
    said = said.sort_values(["start", "end", "observation_id"])
    said.attrs = {"unit": "units"}
    return said


VERBS = {
    "deliveries_units": "delivered",
    "contract_units": "under contract",
    "planned_deliveries_units": "planned",
    "fleet_units": "at work",
}


# Groups of stated numbers, with what a reader must know of each.
GROUPS = {
    "Tractors": "",
    "Trucks": "2014: with road machines",
    "Combines and wagons": "",
    "Plans and announced sales": "",
}


def _group(row):
    if row.qualifier == "planned":
        return "Plans and announced sales"
    if row.machine in ("truck", "dump_truck", "truck_and_road_machine"):
        return "Trucks"
    return "Tractors" if row.machine == "tractor" else "Combines and wagons"


def _words(row):
    """Write a statement in a few words; what the group says already is left out."""
    amount = {"about": "about ", "more_than": "more than "}.get(row.qualifier, "")
    maker = "" if row.maker in ("not named", "all Belarus") else f"{row.maker} "
    known = row.group in ("Tractors", "Trucks")
    what = "" if known else f" {maker}{plural(row.machine)}"
    verb = "" if row.qualifier == "planned" else f" {VERBS[row.series]}"
    return f"{amount}{row.value:,.0f}{what}{verb}"


def plural(machine):
    """Write a kind of machine for readers.

    Examples
    --------
    >>> plural("bus_and_taxi")
    'buses and taxis'
    """
    parts = machine.replace("machinery", "machine").replace("_", " ").split(" and ")
    return " and ".join(f"{one}es" if one.endswith("s") else f"{one}s" for one in parts)


def orders(partner="TKM", since="2016"):
    """List contracts of an economy that name a number of machines.

    What one maker signed in one month is one order. A contract within a longer one of
    the same maker is a part of it, or another count of it, and is left out.

    Returns
    -------
    pandas.DataFrame
        By date, of the signing where it is known, else the first of the contract:
        ``maker``, ``value``, ``text`` for readers and ``source_ids``.
    """
    rows = p.load("machinery").query("series == 'contract_units'")
    begun = rows["period"].str.partition("..")[0]
    rows = rows.assign(date=rows["signed_on"].fillna(begun))
    rows = rows[(rows["partner"] == partner) & (rows["date"] >= since)]
    spans = map(periods.parse, rows["period"], rows["period_type"])
    rows[["start", "end"]] = [*spans]
    pairs = rows.merge(rows, on="maker", suffixes=("", "_of"))
    parts = pairs.query("start_of <= start and end <= end_of and period != period_of")
    rows = rows[~rows["observation_id"].isin(parts["observation_id"])]
    names, found = p.load("countries").set_index("iso3")["name_en"], {}
    for key, contracts in rows.groupby(["date", "maker", "reporter"]):
        kinds, units = contracts["machine"].unique(), contracts["value"].sum()
        first, last = contracts["start"].min().year, contracts["end"].max().year
        what = plural(kinds[0] if len(kinds) == 1 else "machinery")
        years = f", {first}–{last}" if last > first else ""
        text = f"{units:,.0f} {what}, {key[1]}, {names[key[2]]}{years}"
        found[key] = units, text, ";".join(contracts["source_id"].unique())
    columns = ["value", "text", "source_ids"]
    frame = pd.DataFrame.from_dict(found, "index", columns=columns)
    frame.insert(0, "maker", [maker for _, maker, _ in frame.index])
    return frame.set_index(pd.Index([day for day, *_ in frame.index], name="period"))


SLIDERS = ("life", "old_share", "money_share", "sold_2009_2017")


def explorer(evidence, intervals, year=2017, claim=None):
    """Sliders for four assumptions, and a figure of the fleet that they give.

    Parameters
    ----------
    evidence : partnership.methods.fleet.Evidence
    intervals : pandas.DataFrame
        The assumptions without a slider stay at their usual values.
    year : int, default 2017
    claim : float, optional
        A number to draw as the house draws claims.

    Returns
    -------
    ipywidgets.interactive or None
        As `partnership.verdicts.explore`.
    """

    def at_work(**chosen):
        fleets = fleet.fleet(evidence, assumptions.base(intervals).assign(**chosen))
        return fleets.iloc[0].loc[2007:]  # from the first stated delivery on

    # All four make the fleet larger, so that the axis can stay while a line moves.
    ends = intervals.loc[[*SLIDERS]]
    top = 1.05 * at_work(**ends["high"]).max()

    def draw_fleet(**chosen):
        path = at_work(**chosen)
        finding = f"{path[year]:,.0f} tractors at work at the end of {year}"
        print(finding)  # JupyterLab does not read out the alt text of a picture
        with charts.figure(
            finding,
            "Tractors at work at the end of each year, with the values chosen above",
            alt=f"Line of the modelled fleet over the years: {finding}.",
        ) as ax:
            charts.line(ax, p.computed(path, evidence.source_ids, "units"), "model")
            if claim is not None:
                charts.claim(ax, claim, f"the report: {claim:,.0f}")
            ax.set_ylim(0, top)

    return verdicts.explore(draw_fleet, "move the sliders", sliders=ends)
