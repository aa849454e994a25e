"""A page about two economies: a picture and sentences, shown in a notebook."""

from __future__ import annotations

import pandas as pd

from partnership import charts
from partnership.evidence.face import computed
from partnership.pair import words
from partnership.pair.known import LEVEL, SPAN, Pair, traders
from partnership.verdicts import widgets

SAY = {
    name: getattr(words, name)
    for name in ("answer", "goods", "expected", "places", "records", "students")
} | {"contacts": words.contacts}


MOST = 46  # characters above a panel; above others it stands alone


def say(pair: Pair, *subjects: str) -> None:
    """Show sentences about subjects such as "goods" and "students", as a list."""
    from IPython.display import display

    for subject in subjects:
        told = SAY[subject](pair)
        data = {"text/markdown": words.markdown(told), "text/plain": "\n".join(told)}
        display(data, raw=True)


def draw(pair: Pair) -> None:
    """Draw trade and expectation of each direction; a sentence where there is none."""
    first, last = pair.years
    own = pair.data.resource("trade_world").get("source_id", "trade_world")
    panels, parts = {}, {}
    for way, frame in pair.goods.items():
        found = [("recorded", frame)] if len(frame) else []
        if way in pair.expected.index:
            found.append(("expected", _band(pair, way, own)))
        if found:
            names = [name for name, _ in found]
            none = "" if len(frame) else "no flow recorded"
            panels[way] = none or ("no expectation" if names == ["recorded"] else "")
            parts[way] = found
    if not parts:
        say(pair, "goods", "expected")
        return
    heads = max(len(way) + len(remark) for way, remark in panels.items())
    shape = (len(panels), 1) if heads > MOST else None
    gone = [way for way in pair.ways if way not in parts]
    missing = f"; {words.listed(gone)}: no flow recorded" if gone else ""
    label = f"Goods exports f.o.b., reconciled by a model, USD million, {first}–{last}"
    note = f"Band: where {LEVEL} percent of pairs with such an expectation lie."
    with charts.figure(
        words.title(pair),
        label + missing,
        alt=words.alt(pair),
        panels=panels,
        shape=shape,
        same_scale="x",
        sources=own,
    ) as axes:
        for way, found in parts.items():
            for name, frame in found:
                role = "other" if name == "expected" else _role(pair, way)
                band = note if name == "expected" else ""
                charts.line(axes[way], frame, name, role=role, band=band)


def _role(pair, way):
    return "first" if pair.ways[way] == pair.codes else "second"


def _band(pair, way, source):
    """The expectation in each of its years, with the band of such pairs."""
    row, last = pair.expected.loc[way], pair.years[1]
    years = [str(year) for year in range(last - SPAN + 1, last + 1)]
    flat = {"value": row["expected"], "low": row["least"], "high": row["most"]}
    sources = [source, *pair.data.load("pair_geography")["source_id"].unique()]
    return computed(pd.DataFrame(flat, years), sources, "USD_million", hollow=True)


def page(first: str, second: str, data=None) -> Pair:
    """Show all of two economies at once: for a menu.

    Parameters
    ----------
    first, second : str
        ISO 3166 alpha-3 codes.
    data : DataPackage, optional

    Returns
    -------
    Pair
    """
    from IPython.display import display

    pair = Pair(first, second, data)
    draw(pair)
    say(pair, *[subject for subject in SAY if subject != "answer"])
    display(words.lacks(pair))
    return pair


def choose(pair: Pair):
    """Show menus of all economies, which start with a pair, and its page.

    Returns
    -------
    ipywidgets.interactive or None
        As `partnership.verdicts.widgets.explore`.
    """
    known = sorted(
        (f"{name} ({code})", code) for code, name in traders(pair.data).items()
    )

    def show(first, second):
        if first == second:
            print("Choose two economies that differ.")
        else:
            page(first, second, pair.data)

    menus = {
        side: sorted(known, key=lambda one, own=code: one[1] != own)
        for side, code in zip(("first", "second"), pair.codes, strict=True)
    }
    return widgets.explore(show, "choose two economies and see their page", menus)
