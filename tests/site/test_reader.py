"""The site of the project, opened in Chromium without network.

Every template is looked at; with TEST_LONG=1 every page is.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest

from browser import LONG, served, template
from partnership import verdicts
from partnership.site.single import single

pytestmark = [pytest.mark.browser, pytest.mark.wider]
ROOT = Path(__file__).parents[2]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


class Visitor:
    """A reader, who notes what a page asks for and complains of.

    There is no network, unless pages come from an address.
    """

    def __init__(self, chromium, site, address="", **look):
        self.context = chromium.new_context(offline=not address, **look)
        self.page = self.context.new_page()
        self.address = address or site.as_uri()
        self.requests, self.errors = [], []
        self.page.on("request", lambda one: self.requests.append(one.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("requestfailed", self._miss)
        self.page.on("console", self._hear)

    def _miss(self, request):
        # What is still on its way when the reader goes on is not missing.
        if request.failure != "net::ERR_ABORTED":
            self.errors.append(f"{request.url}: {request.failure}")

    def _hear(self, message):
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def open(self, path):
        self.page.goto(f"{self.address}/{path}")
        return self.page


@pytest.fixture(scope="module")
def all_pages(built):
    """Paths of all pages, the smallest first."""
    return sorted(built[2], key=lambda path: (built[0] / path).stat().st_size)


@pytest.fixture(scope="module")
def small(all_pages):
    """Paths of all pages, or of the smallest of each template."""
    each = {template(path): path for path in reversed(all_pages)}
    return all_pages if LONG else list(each.values())


@pytest.fixture(scope="module")
def large(all_pages):
    """Paths of all pages, or of the largest of each template."""
    return (
        all_pages
        if LONG
        else list({template(path): path for path in all_pages}.values())
    )


@pytest.fixture(scope="module")
def visitors():
    """Readers by the width and height of their windows."""
    made = {}
    yield made
    for visitor in made.values():
        visitor.context.close()


@pytest.fixture
def visit(chromium, built, visitors):
    """A function that lets a reader look at the site through a window of some size.

    A test fails when its reader noted an error, and leaves none to the next.
    """

    def start(viewport=DESK):
        wide = viewport["width"], viewport["height"]
        if wide not in visitors:
            visitors[wide] = Visitor(chromium, built[0], viewport=viewport)
        return visitors[wide]

    yield start
    noted = []
    for visitor in visitors.values():
        noted += visitor.errors
        visitor.errors.clear()
    assert not noted


def test_pages_open_without_network_and_errors(visit, large):
    visitor = visit()
    for path in large:
        page = visitor.open(path)
        pictures = page.evaluate(
            "Promise.all([...document.images].map(i => i.decode().then("
            "() => i.naturalWidth > 0 && i.alt.length > 0, () => false)))"
        )
        assert all(pictures), path
    schemes = {urlsplit(url).scheme for url in visitor.requests}
    assert schemes <= {"file", "data"}


def test_pages_open_from_a_server_as_well(chromium, built, small):
    with served(built[0]) as address:
        visitor = Visitor(chromium, built[0], address)
        for path in small:
            page = visitor.open(path)
            rules = "[...document.styleSheets].map(one => one.cssRules.length)"
            assert all(page.evaluate(rules) or [0]), path
        assert visitor.open("search.html?q=trade").locator("#results li").count()
        assert visitor.open("slides/01.html").evaluate("Reveal.isReady()")
        visitor.context.close()
    assert visitor.errors == []


def test_a_page_in_one_file_needs_no_other(chromium, tmp_path):
    text = single(ROOT / "notebooks" / "10_any_pair.ipynb")
    (tmp_path / "a.html").write_text(text, encoding="utf-8")
    visitor = Visitor(chromium, tmp_path)
    page = visitor.open("a.html")
    assert page.evaluate("[...document.images].every(one => one.naturalWidth > 0)")
    assert page.evaluate("getComputedStyle(document.body).lineHeight") != "normal"
    assert {urlsplit(url).scheme for url in visitor.requests} == {"file"}
    assert not axe(page)
    visitor.context.close()
    assert visitor.errors == []


def test_no_page_scrolls_sideways_on_a_phone(visit, large):
    visitor, wide = visit(PHONE), []
    for path in large:
        width = visitor.open(path).evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            wide.append((path, width))
    assert not wide


# Without preload: it would fetch style sheets, which pages from files may not.
AXE = """rules => axe.run(
  {resultTypes: ["violations"], runOnly: rules, preload: false}
).then(found => found.violations.map(
  one => [one.id, one.nodes.length, one.nodes[0].html.slice(0, 200)]
))"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = {"type": "rule", "values": ["color-contrast"]}
# Of what is alike a page may have hundreds: it is looked at with TEST_LONG=1.
FEW = """document.querySelectorAll("tbody tr:nth-child(n+5), li:nth-child(n+5)")
  .forEach(one => one.remove())"""
UNFOLD = "document.querySelectorAll('details').forEach(one => { one.open = true })"


def axe(page):
    """What axe finds on a page, by colour scheme, which changes colours alone."""
    folder = Path(axe_playwright_python.__file__).parent
    page.evaluate((folder / "axe.min.js").read_text())
    page.evaluate(UNFOLD)
    if not LONG:
        page.evaluate(FEW)
    found = {}
    for scheme, rules in (("dark", COLOURS), ("light", RULES)):
        page.emulate_media(color_scheme=scheme)
        found[scheme] = page.evaluate(AXE, rules)
    return {scheme: broken for scheme, broken in found.items() if broken}


@pytest.mark.slow
def test_axe_finds_no_violation(visit, small):
    found = {path: axe(visit().open(path)) for path in small}
    assert not {path: broken for path, broken in found.items() if broken}


def test_search_finds_garlyk(visit):
    visitor = visit()
    page = visitor.open("index.html")
    page.fill("#query", "Garlyk")
    page.press("#query", "Enter")
    page.wait_for_selector("#results li")
    assert "search.html?q=Garlyk" in page.url
    addresses = page.eval_on_selector_all(
        "#results a", "links => links.map(a => a.getAttribute('href'))"
    )
    assert any(one.startswith("series/garlyk_") for one in addresses[:5])
    kinds = " ".join(page.locator("#results .by").all_inner_texts())
    assert all(kind in kinds for kind in ("Number", "Value", "Series"))
    page.fill("#query", "qqqq +-*: zz")
    assert "Nothing found" in page.inner_text("#found")
    page.fill("#query", "tractors 14,000")
    assert page.locator("#results li").count() > 3
    page.click("#results a")
    assert page.locator("h1").count() == 1


def test_a_number_leads_to_its_row_and_to_how_it_is_computed(visit):
    visitor = visit(PHONE)
    page = visitor.open("01_trade.html")
    row = page.locator('.prose a.of[href^="series/goods_turnover.html#"]').first
    number = row.inner_text()
    row.click()
    assert number in page.locator("tr:target").inner_text()
    page.locator("tr:target td a").first.click()
    page.locator("li:target details.cite").wait_for()
    visitor.open("01_trade.html")
    computed = page.locator('a.of[href^="#number-"]').first
    computed.focus()
    page.keyboard.press("Enter")
    note = page.locator(".note:target")
    assert note.is_visible() and "is computed" in note.inner_text()
    page.keyboard.press("Tab")  # what it names, and the way back, are next
    assert page.evaluate("document.activeElement.closest('.note') !== null")
    note.locator(".back").click()
    assert not page.locator(".note:visible").count()


def test_a_citation_is_copied_with_one_click(visit):
    page = visit().open("sources.html")
    first = page.locator("details.cite").first
    first.locator("summary").click()
    first.locator("button").click()
    assert page.evaluate("getSelection().toString()").startswith("@misc{")


def test_slides_move_on_and_fit(visit, all_pages):
    visitor, cut = visit({"width": 1280, "height": 720}), []
    decks = [path for path in all_pages if path.startswith("slides/")]
    for path in decks if LONG else decks[-2:]:
        page = visitor.open(path)
        page.wait_for_selector(".reveal.ready")
        assert page.evaluate("Reveal.getIndices().h") == 0
        page.keyboard.press("ArrowRight")
        assert page.evaluate("Reveal.getIndices().h") == 1, path
        for number in range(page.evaluate("Reveal.getTotalSlides()")):
            bottom, right = page.evaluate(
                """number => {
                  Reveal.slide(number);
                  const board = Reveal.getCurrentSlide().querySelector(".board");
                  const parts = [...board.querySelectorAll("h1,h2,p,li,img,math")];
                  const boxes = parts.map(part => part.getBoundingClientRect());
                  return [Math.max(...boxes.map(box => box.bottom)),
                          Math.max(...boxes.map(box => box.right))];
                }""",
                number,
            )
            if bottom > 720 or right > 1280:
                cut.append((path, number + 1, bottom, right))
    assert not cut


def test_keyboard_reaches_skip_link_search_and_tables(visit):
    page = visit().open("01_trade.html")
    focused = "document.activeElement.%s"
    page.keyboard.press("Tab")
    assert page.evaluate(focused % "className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box["y"] >= 0, "the skip link stays out of sight"
    reached = []
    for _ in range(200):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(f"[{focused % 'id'}, {focused % 'className'}]"))
    assert "query" in [name for name, _ in reached[:3]]
    assert "table-box" in [kind for _, kind in reached]
    page.evaluate("window.scrollTo(0, 0)")
    page.focus(".skip")
    page.keyboard.press("Enter")
    assert page.evaluate(focused % "id") == "main"


def test_claims_can_be_filtered(visit):
    page, board = visit().open("claims.html"), verdicts.both()
    rows = "table.claims tbody tr:visible"
    assert page.locator(rows).count() == len(board)
    page.select_option("select[name=theme]", "trade")
    assert page.locator(rows).count() == (board["theme"] == "trade").sum()
    page.select_option("select[name=theme]", "")
    page.fill("input[name=words]", "tractors")
    assert 0 < page.locator(rows).count() < len(board)
    assert page.inner_text("#shown").endswith(f"of {len(board)} statements")


def test_slides_stand_below_each_other_on_a_phone(visit):
    visitor = visit(PHONE)
    page = visitor.open("slides/01.html")
    boxes = page.evaluate(
        """[...document.querySelectorAll(".slides > section")].map(one => {
          const box = one.getBoundingClientRect(), text = one.querySelector("p, li");
          return [box.top, box.height, getComputedStyle(text).fontSize];
        })"""
    )
    tops, heights, sizes = zip(*boxes, strict=True)
    assert list(tops) == sorted(set(tops)) and min(heights) > 60
    assert min(float(size.removesuffix("px")) for size in sizes) >= 14


def test_notes_are_shown_when_asked_for(visit):
    page = visit({"width": 1280, "height": 720}).open("slides/01.html")
    page.wait_for_selector(".reveal.ready")
    page.evaluate("Reveal.slide(2)")
    notes = page.locator("section.present .notes")
    assert not notes.is_visible()
    page.keyboard.press("s")
    assert notes.is_visible() and "At least four" in notes.inner_text()


def test_a_tap_opens_a_figure_in_full(visit):
    page = visit(PHONE).open("04_education.html")
    shown = page.locator("#figure-2 img").evaluate(
        "one => one.getBoundingClientRect().width"
    )
    page.locator("#figure-2 a.whole").click()
    assert page.url.endswith(".png")
    assert page.evaluate("document.images[0].naturalWidth") > 2 * shown


def test_board_is_a_card_for_each_statement_on_a_phone(visit):
    page = visit(PHONE).open("claims.html")
    lefts = page.locator("#c04 > *").evaluate_all(
        "cells => cells.map(one => one.getBoundingClientRect().left)"
    )
    assert len(set(lefts)) == 1, "the cells of a row stand beside each other"
    page.select_option("select[name=theme]", "trade")
    assert not page.locator("#c01").is_visible() and page.locator("#c04").is_visible()


def test_paper_leaves_out_code_and_detail(visit):
    page = visit().open("04_education.html")
    page.emulate_media(media="print")
    seen = {
        name: page.locator(name).count() for name in ("details.code", "details.detail")
    }
    hidden = {name: page.locator(f"{name}:visible").count() for name in seen}
    assert min(seen.values()) > 2 and not any(hidden.values())
    page.locator("details.detail").first.evaluate("one => { one.open = true }")
    assert page.locator("details.detail").first.is_visible(), "what is open is printed"
    assert not page.locator(".menu").is_visible()
    page.emulate_media(media="null")


# How many sheets of A4 a page may take: a lesson is copied for a class.
SHEETS = {"01_trade": 10, "04_education": 12, "worksheets/01": 3, "claims": 10}


def test_pages_fit_their_sheets(visit):
    visitor, found = visit(), {}
    for name, most in SHEETS.items():
        printed = visitor.open(f"{name}.html").pdf(prefer_css_page_size=True)
        sheets = len(re.findall(rb"/Type\s*/Page\b", printed))
        if not 0 < sheets <= most:
            found[name] = sheets
    assert not found
