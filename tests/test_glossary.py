"""The glossary explains each term, and its first use in a notebook leads there."""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
GLOSSARY = (ROOT / "notebooks" / "GLOSSARY.md").read_text(encoding="utf-8")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

# How each term may stand in a text, by the anchor of its entry.
FORMS = {
    "academic-year": r"academic years?",
    "backtest": r"backtests?",
    "cif-and-fob": r"[fc]\.o\.b\.|c\.[if]\.[fr]\.",
    "constant-market-share-analysis": r"constant-market-share analysis",
    "draw": r"\bdraws\b",
    "geodesic": r"geodesic",
    "gravity-model": r"gravity model",
    "hhi": r"Herfindahl–Hirschman index|\bHHI\b",
    "mirror-statistics": r"mirror(?: statistics)?",
    "placebo-test": r"placebos?(?: tests?)?",
    "ppml": r"\bPPML\b",
    "present-value": r"present values?",
    "prior-and-posterior": r"\bprior\b",
    "spread": r"\b(?:the|a) spread\b",
    "survival-curve": r"survival(?: curves?)?",
    "synthetic-control": r"synthetic controls?",
    "tornado-chart": r"tornado(?: chart)?",
    "turnover": r"turnover",
}
# The question and the answer also stand in the README, where there are no such links;
# headings, code and what is a link already are no running text.
NOT_TEXT = re.compile(
    r"^\*\*(?:Question|Answer)\.\*\*.*?$|^#+ .*?$|`[^`]*`|<!--.*?-->"
    r"|\[[^\]]*\]\((?!GLOSSARY)[^)]*\)",
    re.MULTILINE,
)
LINK = re.compile(r"\[(?P<text>[^\]]*)\]\(GLOSSARY\.md#(?P<anchor>[^)]*)\)")


def anchor(heading):
    """Return the anchor of a heading as web hosts of repositories make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def running_text(path):
    """Return the prose of a notebook with all that is not running text blanked."""
    cells = nbformat.read(path, as_version=4).cells
    prose = "\n\n".join(c.source for c in cells if c.cell_type == "markdown")
    return NOT_TEXT.sub("", prose)


def test_entries_are_sorted_and_explained():
    entries = re.split(r"^## ", GLOSSARY, flags=re.MULTILINE)[1:]
    headings = [entry.partition("\n")[0] for entry in entries]
    assert headings == sorted(headings, key=str.lower)
    assert {anchor(heading) for heading in headings} == set(FORMS)
    for entry in entries:
        assert len(entry.split()) > 25, entry


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_first_use_of_a_term_leads_to_its_entry(path):
    text = running_text(path)
    links = {match.span("text"): match["anchor"] for match in LINK.finditer(text)}
    assert set(links.values()) <= set(FORMS)
    for term, form in FORMS.items():
        if first := re.search(form, text, re.IGNORECASE):
            around = [a for (s, e), a in links.items() if s <= first.start() < e]
            line = text[max(first.start() - 40, 0) : first.end() + 20]
            assert around == [term], f"{term!r} is not linked at: {line!r}"


def test_every_entry_is_linked_from_somewhere():
    linked = {m["anchor"] for p in NOTEBOOKS for m in LINK.finditer(running_text(p))}
    assert linked == set(FORMS)


def test_entries_name_notebooks_that_exist():
    for name in re.findall(r"\]\(([^)]+\.ipynb)\)", GLOSSARY):
        assert (ROOT / "notebooks" / name).is_file(), name
