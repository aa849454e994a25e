"""How the headline numbers could be wrong: doubts that hold for the whole set."""

import numpy as np
import pandas as pd

import partnership as p
from partnership import verdicts
from partnership.evidence.asof import View, known_from
from partnership.evidence.cited import source_ids
from partnership.evidence.package import default
from partnership.methods import economics, fleet, left_out
from partnership.study import education, gravity, machinery, report, trade

# Publishers that are, or by their own words pass on, an office or a medium of one of
# the two states; read from their names, so that a house owned in silence is missing.
_OFFICES = (
    r"BelTA|\b[CS]TV\b|Belarus Segodnya|SB\.? Belarus|Radio Belarus|News\.by|\bONT\b"
    r"|Belteleradio|Belarus 24|belarus\.by|Official website|Zviazda|TDH|[Ss]tate"
    r" [Nn]ews|Golden Age|[Mm]inistry of|Embassy of (?:Bel|Turk)|n embassy|[Pp]ress"
    r" service|gov\.tm|[Gg]overnment portal|Council of Ministers of B|District Exec"
    r"|Agency of Turkmenistan|Transport and Logistics Centre|Turkmen maritime"
)


def of_the_two_states():
    """Whether the publisher of each source is an office or a medium of either state."""
    publishers = p.load("sources").set_index("source_id")["publisher"]
    return publishers.str.contains(_OFFICES)


def board_of(kept, whole):
    """Verdicts as known now from some sources alone.

    Parameters
    ----------
    kept : iterable of str
        Ids of the sources that stay.
    whole : pandas.DataFrame
        As `partnership.verdicts.board`, from all sources.

    Returns
    -------
    pandas.DataFrame
        As `whole`. A count may lack rows now: where a verdict changes, it is judged
        with every count as a lower bound.
    """
    boards = []
    for bound in (False, True):
        shown = View(default())
        shown.good = shown.kept = frozenset(kept)
        shown.primary_only = bound
        boards.append(verdicts.board(data=shown))
    plain, bounded = boards
    return plain.where(plain["verdict"] == whole["verdict"], bounded, axis="index")


def board_with_undated(day):
    """Verdicts as known on a day, had every source without a date come before it."""
    shown, known = View(default()), known_from(default())
    shown.once(("known_from",), lambda: known.fillna(pd.Timestamp(day)))
    return verdicts.board(day, data=shown)


def supported(board):
    """How many sentences of the report stand, with or without a caveat."""
    found = verdicts.by_sentence(board)["verdict"]
    return int(found.isin(["supported", "supported_with_caveat"]).sum())


def doubts():
    """What each doubt that can be put in numbers makes of a headline number.

    Returns
    -------
    pandas.DataFrame
        Indexed by a short name of the doubt: ``headline`` and ``doubt`` in words,
        ``printed`` (the number as its notebook has it), ``low`` and ``high`` (the span
        of that number and of what the doubt makes of it), ``unit`` and ``source_ids``.
    """
    found = _trade() | _counts() | _plant() | _models()
    return pd.DataFrame.from_dict(found, "index")


def _span(headline, doubt, printed, ends, unit, *sources):
    ids = sorted({one for used in sources for one in source_ids(used)})
    ends = [float(printed), *ends]
    row = {"headline": headline, "doubt": doubt, "printed": ends[0]}
    row |= {"low": min(ends), "high": max(ends), "unit": unit}
    return row | {"source_ids": ";".join(ids)}


_WORLD = "ctx-baci-2000-2020"


def _trade():
    """Trade by another table or office, with gas, later years and other money."""
    goods, dollars = p.series("goods_turnover"), "USD million"
    then, last = goods.value[["2016", "2021"]]
    there, back, russia = (
        p.series("goods_exports_reconciled", *ends).value["2016"] / 1000
        for ends in (gravity.PAIR, gravity.PAIR[::-1], ("RUS", gravity.PAIR[0]))
    )
    both, with_gas = [there + back], [then + russia / 100]
    second = trade.second_record(goods.value).loc["2016", ["low", "high"]]
    copied = "a second record (half of them)"
    growth = p.statements("goods_turnover_growth_percent").loc[["2022"]]
    context = p.load("country_year").set_index(["indicator", "iso3", "year"])["value"]
    prices, left = context["consumer_prices", "USA"], 100 * last / then
    grown = left * (1 + growth["value"] / 100)
    real = [left * prices[2016] / prices[2021]]
    vintages = ["gdp_current", "gdp_current_vintage_2024"]
    now, before = (100 * last / context[name, "TKM", 2021] for name in vintages)
    year, share = "Goods trade, 2016", "percent"
    fall, gdp = "Goods trade, 2021 over 2016", "Goods trade over Turkmen GDP, 2021"
    used, of_gdp = [goods, _WORLD], [goods, "ctx-wdi-2024", "ctx-wdi-2026"]
    gas = "1 percent of Russia's sales to Belarus added"
    return {
        "table": _span(year, "the table BACI", then, both, dollars, *used),
        "gas": _span(year, gas, then, with_gas, dollars, *used),
        "copy": _span(year, copied, then, second, dollars, goods, "ctx-wits-networks"),
        "later": _span(fall, "2022, by its growth", left, grown, share, goods, growth),
        "prices": _span(fall, "in dollars of 2016", left, real, share, "ctx-cpi-us"),
        "rate": _span(gdp, "GDP as it stood in 2024", now, [before], share, *of_gdp),
    }


def _counts():
    """Students by another level, tractors by other words, sentences by one side."""
    students = education.stated("2016-09-01", "2017-08-31")
    counted = p.series("students_higher_education_uis").value["2016/2017"]
    evidence, draws = machinery.evidence(), fleet.prior(machinery.intervals())
    units = np.asarray(fleet.at_work(evidence, draws, 2017))
    cases = machinery.combinations(machinery.answers(evidence, draws))
    found = {case: _median(units, weights) for case, weights in cases.items()}
    drawn = next(found[case] for case in found if {*case} == {machinery.DRAWN})
    read, units = [*found.values()], "units"
    states = of_the_two_states()
    whole, both = verdicts.board(), (True, False)
    kept = (states.index[states == one] for one in both)
    sides = [supported(board_of(ids, whole)) for ids in kept]
    stand, printed = "Sentences that stand", supported(whole)
    levels, said = "another level or count", verdicts.report()["source_id"]
    ids = evidence.source_ids
    return {
        "level": _span(
            "Students, 2016/17", levels, counted, students.value, "persons", students
        ),
        "words": _span(
            "Tractors, 2017", "words read otherwise", drawn, read, units, ids
        ),
        "side": _span(stand, "one side's sources", printed, sides, "sentences", said),
    }


def _median(values, weights):
    order = np.argsort(values)
    return values[order][np.searchsorted(weights[order].cumsum(), weights.sum() / 2)]


def _plant():
    """The plant by what is said to have left the country, and not by its output."""
    potash = p.load("potash").set_index(["iso3", "flow", "year"])["value"]["TKM"]
    made, sold = map(
        economics.product_from_k2o,
        (potash["production"].max(), potash["exports"].max()),
    )
    origin = p.load("industry").query(
        "series == 'potash_imports_by_origin' and partner == 'TKM'"
        " and period_type == 'calendar_year'"
    )
    declared, capacity = (
        origin.groupby("period")["value"].sum(),
        report.opening_capacity(),
    )
    of_capacity = [
        economics.utilisation(tonnes, capacity.value.item())
        for tonnes in (made, sold, declared.max())
    ]
    output, (made, sold, most) = "Garlyk's best year, of capacity", of_capacity
    fao = [capacity, "ctx-fao-potash"]
    return {
        "exports": _span(output, "exports by FAO", made, [sold], "percent", *fao),
        "origin": _span(
            output, "origin as customs declare", made, [most], "percent", *fao, origin
        ),
    }


def _models():
    """Trade over expectation: the interval of the estimate."""
    rows, used = gravity.panel().rows, (_WORLD, "ctx-geodist")
    over = left_out.excess(rows, *gravity.PAIR, gravity.FORM).iloc[-1]
    ends, ratio = [over.low, over.high], "Trade over expectation, 2011–2013"
    return {"interval": _span(ratio, "its interval", over.ratio, ends, "times", *used)}
