"""The site: built once, read as files, and opened in Chromium without network."""

import base64
import hashlib
import json
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import axe_playwright_python
import nbformat
import pytest

import partnership as p
from browser import browser
from partnership import site as website
from partnership import verdicts as claims
from partnership.workshop import reading

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
MB = 1_000_000
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Document(HTMLParser):
    """The tags of a page in their order, with the text of each."""

    def __init__(self, path):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(path.read_text(encoding="utf-8"))
        assert not self.open, f"{path}: not closed: {self.open}"

    def handle_starttag(self, tag, attributes):
        inside = [name for name, *_ in self.open]
        self.tags.append((tag, dict(attributes), [], inside))
        if tag not in VOID:
            self.open.append(self.tags[-1])

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes), [], [name for name, *_ in self.open]))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1][0] == tag, f"</{tag}> closes {self.open[-1]}"
        self.open.pop()

    def handle_data(self, data):
        for tag in self.open:
            tag[2].append(data)

    def find(self, *names):
        """Attributes and text of the tags with these names."""
        return [(a, "".join(text)) for tag, a, text, _ in self.tags if tag in names]

    @property
    def ids(self):
        return [a["id"] for _, a, *_ in self.tags if "id" in a]

    @property
    def jsonld(self):
        found = [
            "".join(text)
            for tag, a, text, _ in self.tags
            if tag == "script" and a.get("type") == "application/ld+json"
        ]
        return [json.loads(text) for text in found]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The site, the pages that were announced, and those that were returned."""
    folder = tmp_path_factory.mktemp("out") / "site"
    announced = []
    pages = website.build(ROOT, folder, announced.append)
    return folder, announced, pages


@pytest.fixture(scope="module")
def site(built):
    return built[0]


@pytest.fixture(scope="module")
def pages(site):
    """Every page, parsed, by its path in the site."""
    return {
        file.relative_to(site).as_posix(): Document(file)
        for file in sorted(site.rglob("*.html"))
    }


def text_pages(pages):
    return [path for path in pages if not path.startswith("slides/")]


# --------------------------------------------------------------------------------------
# What is there


def test_build_returns_and_announces_every_page(built, pages):
    _, announced, returned = built
    assert sorted(announced) == returned == sorted(pages)
    assert website.expected(ROOT) == len(pages)


def test_every_notebook_has_a_page_and_every_theme_slides(pages):
    for path in NOTEBOOKS:
        assert f"{path.stem}.html" in pages
        if "01" <= path.stem[:2] <= "09":
            assert f"slides/{path.stem[:2]}.html" in pages
    for path in sorted((ROOT / "notebooks" / "exercises").glob("*.ipynb")):
        assert f"exercises/{path.stem}.html" in pages
    for name in ("index", "claims", "codebook", "sources", "data", "search"):
        assert f"{name}.html" in pages


def test_size(site):
    files = [file for file in site.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < 15 * MB
    large = [f.name for f in site.rglob("*.html") if f.stat().st_size >= 2 * MB]
    assert not large


def test_a_second_build_gives_the_same_bytes(site, tmp_path):
    website.build(ROOT, tmp_path / "site")

    def digests(folder):
        return {
            file.relative_to(folder).as_posix(): hashlib.sha256(
                file.read_bytes()
            ).hexdigest()
            for file in folder.rglob("*")
            if file.is_file()
        }

    assert digests(tmp_path / "site") == digests(site)


def test_data_is_there_as_it_is(site):
    package = p.evidence.package.default()
    for name in ["datapackage.json", *(f"{table}.csv" for table in package.tables())]:
        assert (site / "data" / name).read_bytes() == (package.path / name).read_bytes()


def test_solutions_are_linked_from_the_teaching_page_alone(pages):
    solutions = {path for path in pages if path.endswith("_solution.html")}
    for path, page in pages.items():
        if path in {*solutions, "teaching.html"}:
            continue
        links = [a.get("href", "") for a, _ in page.find("a")]
        assert not [one for one in links if "_solution" in one], path
    links = {
        a.get("href", "").partition("#")[0] for a, _ in pages["teaching.html"].find("a")
    }
    assert solutions and solutions <= links


# --------------------------------------------------------------------------------------
# Each page as a file


def test_one_title_and_no_skipped_level(pages):
    for path, page in pages.items():
        levels = [int(tag[1]) for tag, *_ in page.tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1 and levels.count(1) == 1, path
        steps = pairwise(levels)
        assert all(after <= before + 1 for before, after in steps), path


def test_ids_are_unique(pages):
    for path, page in pages.items():
        twice = [name for name, n in Counter(page.ids).items() if n > 1]
        assert not twice, (path, twice)


def test_links_and_anchors_resolve(site, pages):
    broken = []
    for path, page in pages.items():
        for tag, attributes, *_ in page.tags:
            for name in ("href", "src", "action"):
                address = attributes.get(name)
                if address is None or re.match("(https?|data):", address):
                    continue
                place, _, fragment = address.partition("#")
                file = (site / path).parent / unquote(place) if place else site / path
                file = Path(file).resolve()
                if not file.is_file():
                    broken.append((path, tag, address))
                elif fragment and file.suffix == ".html":
                    other = pages[file.relative_to(site.resolve()).as_posix()]
                    if unquote(fragment) not in other.ids:
                        broken.append((path, tag, address))
    assert not broken


def test_nothing_is_loaded_from_elsewhere(site, pages):
    for path, page in pages.items():
        for tag, attributes, *_ in page.tags:
            if tag in ("script", "img", "iframe", "source", "video", "audio", "form"):
                for name in ("src", "srcset", "action"):
                    assert not urlsplit(attributes.get(name, "")).netloc, (path, tag)
            if tag == "link" and attributes.get("rel") != "canonical":
                assert not urlsplit(attributes["href"]).netloc, path
            assert "url(" not in attributes.get("style", ""), path
    for file in site.rglob("*.css"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"@import|url\(\s*['\"]?(https?:)?//", text), file.name


def test_metadata(site, pages):
    titles = Counter(page.find("title")[0][1] for page in pages.values())
    assert max(titles.values()) == 1, titles.most_common(2)
    for path, page in pages.items():
        assert page.find("html")[0][0]["lang"] == "en"
        meta = {
            a.get("name") or a.get("property"): a.get("content", "")
            for a, _ in page.find("meta")
        }
        assert 20 <= len(meta["description"]) <= 300, path
        assert meta["og:title"] and meta["twitter:card"], path
        assert "<!--" not in meta["description"] and "**" not in meta["description"]
        if path in ("index.html", "claims.html") or re.match(r"(slides/)?0", path):
            assert meta["twitter:card"] == "summary_large_image", path
            assert (site / path).parent.joinpath(meta["og:image"]).is_file(), path


def test_fields_have_labels(pages):
    # axe takes a placeholder for a label, but it goes once the reader types.
    for path, page in pages.items():
        labelled = {a.get("for") for a, _ in page.find("label")}
        for tag, attributes, _, inside in page.tags:
            if tag in ("input", "select"):
                assert "label" in inside or attributes.get("id") in labelled, path


def test_marks_of_numbers_are_gone(site):
    for file in site.rglob("*.html"):
        assert "<!--" not in file.read_text(encoding="utf-8"), file.name


def test_pictures_carry_alt_text_and_sources_of_the_notebook(site, pages):
    for path in NOTEBOOKS:
        page = pages[f"{path.stem}.html"]
        shown = {a["src"]: a for a, _ in page.find("img")}
        captions = iter(text for _, text in page.find("figcaption"))
        count = 0
        for output in outputs(path):
            if "image/png" not in output.get("data", {}):
                continue
            count += 1
            about = output.metadata["image/png"]
            picture = base64.b64decode(output.data["image/png"])
            name = f"img/{hashlib.sha256(picture).hexdigest()[:16]}.png"
            assert (site / name).read_bytes() == picture
            assert shown[name]["alt"] == about["alt"]
            assert shown[name]["width"] == str(about["width"])
            caption = next(captions)
            assert about["title"] in caption
            assert all(source in caption for source in about["sources"])
        assert count == len(shown)


def outputs(path):
    cells = nbformat.read(path, as_version=4).cells
    return [output for cell in cells for output in cell.get("outputs", [])]


def test_code_is_as_in_the_notebook(pages):
    for path in NOTEBOOKS:
        shown = [
            t
            for a, t in pages[f"{path.stem}.html"].find("pre")
            if a.get("class") == "code"
        ]
        cells = nbformat.read(path, as_version=4).cells
        code = [cell.source for cell in cells if cell.cell_type == "code"]
        assert [one.strip() for one in shown] == [one.strip() for one in code]


def test_tables_have_caption_header_and_a_box(pages):
    for path, page in pages.items():
        if path.startswith("slides/"):
            continue
        captions = 0
        for tag, attributes, text, inside in page.tags:
            if tag == "table":
                assert "div" in inside, path
            if tag == "caption":
                captions += 1
                assert "".join(text).strip(), path
            if tag == "th":
                assert attributes.get("scope") in {"col", "row", "colgroup", "rowgroup"}
                assert "".join(text).strip(), path
        assert captions == len(page.find("table")), path
        boxes = [a for a, _ in page.find("div") if a.get("class") == "table-box"]
        assert len(boxes) == captions, path
        for box in boxes:
            assert box["tabindex"] == "0" and box["role"] == "region", path
        assert len({box["aria-label"] for box in boxes}) == len(boxes), path


def test_formulas_are_mathml(pages):
    formulas = pages["03_machinery.html"].find("math")
    assert formulas and all(a["alttext"] for a, _ in formulas)
    for path in text_pages(pages):
        assert not re.search(r"\$\$|\\frac|\\exp", visible(pages[path])), path


def visible(page):
    skipped = {"script", "style", "pre", "code", "math"}
    return " ".join(
        "".join(text)
        for tag, _, text, inside in page.tags
        if tag in ("p", "li", "h2") and not skipped & {tag, *inside}
    )


def test_every_source_has_an_entry_and_ids_lead_to_it(pages):
    known = set(p.load("sources")["source_id"])
    entries = [a["id"] for a, _ in pages["sources.html"].find("li") if "id" in a]
    assert sorted(entries) == sorted(known)
    for path in NOTEBOOKS:
        page = pages[f"{path.stem}.html"]
        linked = {
            a["href"].partition("#")[2]
            for a, _ in page.find("a")
            if a.get("href", "").startswith("sources.html#")
        }
        named = {
            s
            for o in outputs(path)
            if "image/png" in o.get("data", {})
            for s in o.metadata["image/png"]["sources"]
        }
        tables = " ".join(t for _, t in page.find("td", "th"))
        named |= set(re.findall(r"[a-z]+(?:-[a-z0-9]+)+", tables)) & known
        assert named <= linked, (path.stem, sorted(named - linked)[:3])


def test_claims_page_has_every_claim_and_its_review(pages):
    page, board = pages["claims.html"], claims.both()
    assert set(board.index) <= set(page.ids)
    (graph,) = page.jsonld
    exported = json.loads(claims.export("jsonld"))["@graph"]
    reviews = graph["@graph"]
    assert len(reviews) == len(board) == 45
    for review, source in zip(reviews, exported, strict=True):
        name = review["url"].partition("#")[2]
        assert review["url"] == f"claims.html#{name}"
        assert review["reviewRating"] == source["reviewRating"]
        assert review["claimReviewed"] == board.at[name, "statement"]
        assert review["reviewRating"]["alternateName"] == board.at[name, "now"]
    rows = {a["id"]: text for tag, a, text, _ in page.tags if tag == "tr" and "id" in a}
    for name, row in board.iterrows():
        text = "".join(rows[name])
        for column in ("statement", "then", "now", "sentence"):
            assert row[column] in text, (name, column)
    assert set(board.index) <= set(pages["09_claims.html"].ids)


def test_data_page_describes_every_file(site, pages):
    page, package = pages["data.html"], p.evidence.package.default()
    (about,) = page.jsonld
    assert about["@type"] == "Dataset" and about["license"] and about["description"]
    parts = {part["@id"].partition("#")[2]: part for part in about["hasPart"]}
    for table in package.tables():
        resource = package.resource(table)
        (file,) = parts[table]["distribution"]
        content = (site / file["contentUrl"]).read_bytes()
        assert file["contentSize"] == f"{len(content)} B"
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        row = next(t for a, t in page.find("tr") if a.get("id") == table)
        assert f"{resource['rows']:,}" in row and resource["title"] in row


def test_index_has_questions_and_answers(pages):
    text = " ".join(t for _, t in pages["index.html"].find("p"))
    for path in NOTEBOOKS:
        about = reading.opening(nbformat.read(path, 4))
        assert about["Question"] in text and about["Answer"] in text, path.stem


# --------------------------------------------------------------------------------------
# The parts


def test_numbers_in_marks_and_math_survive():
    from partnership.site import convert

    assert convert.plain("319<!--peak--> and 3") == "319 and 3"
    assert "<math" in convert.markdown("a $x^2$ b")
    assert 'display="block"' in convert.markdown("$$x^2$$")


def test_two_header_rows_of_pandas_become_one():
    import pandas as pd

    from partnership.site import polish

    index = pd.Index([2015, 2016], name="year")
    frame = pd.DataFrame({"goods": [1.5, 2.0], "who": ["a", "b"]}, index)
    frame.columns.name = "measure"
    body = polish.tidy(polish.soup("<h2>Trade</h2>" + frame.to_html()))
    heads = [[polish.words(cell) for cell in row("th")] for row in body.thead("tr")]
    assert heads == [["year, by measure", "goods", "who"]]
    assert body.caption.get_text() == "Table 1. Trade"
    assert [cell.get("class") for cell in body.thead("th")] == [None, "number", None]
    assert {cell["scope"] for cell in body.tbody("th")} == {"row"}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("02_b.ipynb", "02_b.html"),
        ("02_b.ipynb#What-is-it?", "02_b.html#what-is-it"),
        ("#what-is-it", None),
        ("GLOSSARY.md#hhi", "glossary.html#hhi"),
        ("../data/trade.csv", "data/trade.csv"),
        ("../src/code.py", None),
        ("https://example.org/x", "https://example.org/x"),
    ],
)
def test_links_between_files_become_links_between_pages(address, expected):
    from partnership.site import polish

    links = polish.Links(
        places={
            "notebooks/02_b.ipynb": "02_b.html",
            "notebooks/GLOSSARY.md": "glossary.html",
            "data/trade.csv": "data/trade.csv",
        },
        ids={"02_b.html": {"what-is-it"}, "glossary.html": {"hhi"}, "01_a.html": set()},
        exists=lambda path: path == "src/code.py",
    )
    html = polish.soup("")
    page = polish.Page("01_a.html", "notebooks/01_a.ipynb", "", "", "", html)
    found = links.target(page, address)
    if address == "#what-is-it":
        assert links.broken == [
            "notebooks/01_a.ipynb: link to #what-is-it: there is no such heading"
        ]
    else:
        assert (found, links.broken) == (expected, [])
    links.target(page, "gone.ipynb")
    assert "gone.ipynb: there is no such file" in links.broken[-1]


def test_a_widget_falls_back_to_what_is_static():
    from partnership.site import convert

    view = {"model_id": "1", "version_major": 2}
    output = nbformat.v4.new_output(
        "display_data", {convert.WIDGET: view, "text/plain": "interactive(children=("}
    )
    cell = nbformat.v4.new_code_cell("slider", outputs=[output])
    notebook = nbformat.v4.new_notebook(cells=[cell])
    body = convert.page_body(convert.with_pictures(notebook, convert.Pictures()))
    assert "interactive(" not in body and "Run this cell in JupyterLab" in body


def test_code_is_open_in_exercises_and_folded_elsewhere(site):
    folds = {
        name: re.findall(r'<details class="code"([^>]*)>', (site / name).read_text())
        for name in ("exercises/01_trade.html", "01_trade.html")
    }
    assert len(folds["exercises/01_trade.html"]) > 3
    assert set(folds["exercises/01_trade.html"]) == {' open=""'}
    assert set(folds["01_trade.html"]) == {""}


def test_slides_keep_whole_sentences():
    from partnership.site import slides

    text = "One is here. Two are there. The table lists them:"
    assert slides.clip(text, 30) == "One is here. Two are there."
    assert slides.clip(text, 5) == "One is here."
    assert slides.clip(text, 500) == "One is here. Two are there."


def test_no_text_ends_the_script_of_jsonld():
    from partnership.site import metadata

    content = {"name": "</script><!-- & é"}
    text = metadata.script(content)
    assert "<" not in text and json.loads(text) == content


def test_introduction_is_the_first_prose():
    from partnership.site import pages

    text = "# T\n\n<!-- a:start -->\n\n[![b](c)](d)\n\nThis 3<!--n--> is it.\n\nNo."
    assert pages._introduction(text) == "This 3 is it."


def test_addresses_follow_the_setting(tmp_path):
    from partnership.site import metadata, pages

    project = tmp_path / "pyproject.toml"
    project.write_text("[project]\nname = 'x'\n")
    assert pages.Checkout(tmp_path).address == ""
    project.write_text("[project.urls]\nHomepage = 'https://example.org/s'\n")
    assert pages.Checkout(tmp_path).address == "https://example.org/s/"
    about = metadata.dataset(p.evidence.package.default(), "https://example.org/s/")
    assert about["distribution"][0]["contentUrl"].startswith("https://example.org/s/")


# --------------------------------------------------------------------------------------
# What it refuses


def test_another_folder_is_not_replaced(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(website.SiteError, match="not a site built before"):
        website.build(ROOT, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_a_broken_build_leaves_the_old_site(tmp_path, monkeypatch):
    from partnership.site import pages

    target = tmp_path / "site"
    target.mkdir()
    (target / website.MARKER).touch()
    (target / "index.html").write_text("old")

    def fail(*_):
        raise website.SiteError("half way")

    monkeypatch.setattr(pages, "write", fail)
    with pytest.raises(website.SiteError, match="half way"):
        website.build(ROOT, target)
    assert (target / "index.html").read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("package", ["mkdocs", "sphinx_revealjs"])
def test_a_missing_package_is_named(package, monkeypatch):
    from partnership.site import pages

    monkeypatch.setattr(pages, "find_spec", lambda name: None)
    with pytest.raises(website.SiteError, match=r"pip install 'partnership\[site\]'"):
        pages._vendored(package, "", ())


def test_a_missing_import_is_named(tmp_path, monkeypatch):
    import sys

    monkeypatch.delitem(sys.modules, "partnership.site.pages", raising=False)
    monkeypatch.setitem(sys.modules, "nbformat", None)
    with pytest.raises(website.SiteError) as error:
        website.build(ROOT, tmp_path / "site")
    assert str(error.value) == (
        "the site needs nbformat: pip install 'partnership[site]'"
    )


# --------------------------------------------------------------------------------------
# In Chromium


@pytest.fixture(scope="module")
def chromium():
    with browser() as started:
        yield started


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
        self.page.goto(
            (self.site / path.partition("?")[0]).as_uri()
            + "".join(path.partition("?")[1:])
        )
        return self.page


@pytest.fixture(scope="module")
def visit(chromium, site):
    """A function that opens a page as a reader with the given look."""
    made = {}

    def start(scheme="light", viewport=None):
        wide = (viewport or DESK)["width"]
        if (scheme, wide) not in made:
            look = {"color_scheme": scheme, "viewport": viewport or DESK}
            made[scheme, wide] = Visitor(chromium, site, **look)
        return made[scheme, wide]

    yield start
    for visitor in made.values():
        visitor.context.close()


@pytest.mark.browser
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


@pytest.mark.browser
def test_no_page_scrolls_sideways_on_a_phone(visit, pages):
    visitor, wide = visit(viewport=PHONE), []
    for path in pages:
        page = visitor.open(path)
        width = page.evaluate("document.documentElement.scrollWidth")
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


@pytest.mark.browser
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


@pytest.mark.browser
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
    assert all(kind in kinds for kind in ("Notebook", "Figure", "Claim", "Source"))
    page.fill("#query", "qqqq +-*: zz")
    assert "Nothing found" in page.inner_text("#found")
    page.fill("#query", "tractors 14,000")
    assert page.locator("#results li").count() > 3
    page.click("#results a")
    assert page.locator("h1").count() == 1
    assert visitor.errors == []


@pytest.mark.browser
def test_slides_move_on_and_fit(visit, pages):
    visitor, cut = visit(viewport={"width": 1280, "height": 720}), []
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


@pytest.mark.browser
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


@pytest.mark.browser
def test_claims_can_be_filtered(visit):
    page = visit().open("claims.html")
    rows = "table.claims tbody tr:visible"
    assert page.locator(rows).count() == 45
    board = claims.both()
    page.select_option("select[name=theme]", "trade")
    assert page.locator(rows).count() == (board["theme"] == "trade").sum()
    page.select_option("select[name=theme]", "")
    page.fill("input[name=words]", "tractors")
    assert 0 < page.locator(rows).count() < 45
    assert page.inner_text("#shown").endswith("of 45 statements")


@pytest.mark.browser
def test_paper_shows_what_is_folded(visit):
    page = visit().open("01_trade.html")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    assert not page.locator(".menu").is_visible()
    page.emulate_media(media="screen")
