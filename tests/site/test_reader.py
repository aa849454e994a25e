"""The site of the project, opened in Chromium without network."""

from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest

from partnership import verdicts

pytestmark = pytest.mark.browser
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


class Visitor:
    """A reader without network, who notes what a page asks for and complains of."""

    def __init__(self, chromium, site, **look):
        self.context = chromium.new_context(offline=True, **look)
        self.page = self.context.new_page()
        self.site, self.requests, self.errors = site, [], []
        self.page.on("request", lambda one: self.requests.append(one.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("requestfailed", lambda one: self.errors.append(one.url))
        self.page.on("console", self._hear)

    def _hear(self, message):
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def open(self, path):
        self.page.goto((self.site / path).as_uri())
        return self.page


@pytest.fixture(scope="module")
def pages(built):
    """Paths of all pages; of those of the series, which are made alike, every 30th."""
    series = [path for path in built[2] if path.startswith("series/")]
    alike = {*series} - {"series/goods_turnover.html", *series[::30]}
    return [path for path in built[2] if path not in alike]


@pytest.fixture(scope="module")
def visit(chromium, built):
    """A function that lets a reader look at the site through a window of some size."""
    made = {}

    def start(viewport=DESK):
        wide = viewport["width"], viewport["height"]
        if wide not in made:
            made[wide] = Visitor(chromium, built[0], viewport=viewport)
        return made[wide]

    yield start
    for visitor in made.values():
        visitor.context.close()


def test_every_page_opens_without_network_and_errors(visit, pages):
    visitor = visit()
    for path in pages:
        page = visitor.open(path)
        pictures = page.evaluate(
            "Promise.all([...document.images].map(i => i.decode().then("
            "() => i.naturalWidth > 0 && i.alt.length > 0, () => false)))"
        )
        assert all(pictures), path
    schemes = {urlsplit(url).scheme for url in visitor.requests}
    assert schemes <= {"file", "data"}
    assert visitor.errors == []


def test_no_page_scrolls_sideways_on_a_phone(visit, pages):
    visitor, wide = visit(PHONE), []
    for path in pages:
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
UNFOLD = "document.querySelectorAll('details').forEach(one => { one.open = true })"


@pytest.mark.slow
def test_axe_finds_no_violation(visit, pages):
    script = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
    visitor, found = visit(), {}
    for path in pages:
        page = visitor.open(path)
        page.evaluate(script)
        page.evaluate(UNFOLD)
        # The scheme changes colours alone.
        for scheme, rules in (("dark", COLOURS), ("light", RULES)):
            page.emulate_media(color_scheme=scheme)
            if violations := page.evaluate(AXE, rules):
                found[path, scheme] = violations
    assert not found


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
    assert any(one.startswith("05_industry.html#") for one in addresses[:5])
    kinds = " ".join(page.locator("#results .by").all_inner_texts())
    assert all(kind in kinds for kind in ("Number", "Series", "Claim"))
    page.fill("#query", "qqqq +-*: zz")
    assert "Nothing found" in page.inner_text("#found")
    page.fill("#query", "tractors 14,000")
    assert page.locator("#results li").count() > 3
    page.click("#results a")
    assert page.locator("h1").count() == 1
    assert visitor.errors == []


def test_a_number_leads_to_its_row_and_to_how_it_is_computed(visit):
    visitor = visit(PHONE)
    page = visitor.open("01_trade.html")
    row = page.locator('a.of[href^="series/goods_turnover.html#"]').first
    number = row.inner_text()
    row.click()
    assert number in page.locator("tr:target").inner_text()
    page.locator("tr:target td a").first.click()
    assert page.locator("li:target details.cite").count() == 1
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
    assert visitor.errors == []


def test_a_citation_is_copied_with_one_click(visit):
    page = visit().open("sources.html")
    first = page.locator("details.cite").first
    first.locator("summary").click()
    first.locator("button").click()
    assert page.evaluate("getSelection().toString()").startswith("@misc{")


def test_slides_move_on_and_fit(visit, pages):
    visitor, cut = visit({"width": 1280, "height": 720}), []
    for path in [path for path in pages if path.startswith("slides/")]:
        page = visitor.open(path)
        page.wait_for_function("Reveal.isReady()")
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
    assert visitor.errors == []


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


def test_paper_shows_what_is_folded(visit):
    page = visit().open("01_trade.html")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    assert not page.locator(".menu").is_visible()
    page.emulate_media(media="screen")
