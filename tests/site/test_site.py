"""The site of the project: built once, and read as files."""

import base64
import hashlib
import json
import re
import sys
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup

import partnership as p
from invented import SOURCES
from partnership import site as website
from partnership import verdicts
from partnership.evidence.faults import DataError
from partnership.workshop import lessons as teaching
from partnership.workshop import reading

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EXERCISES = sorted((ROOT / "notebooks" / "exercises").glob("*.ipynb"))
EXERCISES = [path for path in EXERCISES if path.stem != "quiz"]  # a page a lesson
MB = 1_000_000
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Closed(HTMLParser):
    """A reader of pages who insists that every tag is closed, and in its order."""

    def __init__(self, text):
        super().__init__()
        self.open = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.open += [] if tag in VOID else [tag]

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def site(built):
    return built[0]


@pytest.fixture(scope="module")
def pages(site):
    """Every page, parsed, by its path in the site."""
    texts = {
        file.relative_to(site).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(site.rglob("*.html"))
    }
    return {path: BeautifulSoup(text, "html.parser") for path, text in texts.items()}


def data_of(page):
    """The JSON-LD of a page."""
    return json.loads(page.select_one('script[type="application/ld+json"]').string)


def pictures_of(path):
    """Metadata and content of the pictures of a notebook."""
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                about = output.metadata["image/png"]
                yield about, base64.b64decode(output.data["image/png"])


# --------------------------------------------------------------------------------------
# What there is


def test_build_returns_and_announces_every_page(built, pages):
    _, announced, returned = built
    assert sorted(path for path, _ in announced) == returned == sorted(pages)
    assert {total for _, total in announced} == {len(pages)}


def test_every_notebook_has_a_page_and_every_theme_slides(pages):
    wanted = {f"{path.stem}.html" for path in NOTEBOOKS}
    wanted |= {f"slides/{path.stem[:2]}.html" for path in NOTEBOOKS[1:]}
    wanted |= {f"exercises/{path.stem}.html" for path in EXERCISES}
    wanted |= {f"quiz/{path.stem}.html" for path in NOTEBOOKS}
    names = ("index", "claims", "codebook", "glossary", "teaching", "sources")
    wanted |= {f"{name}.html" for name in (*names, "data", "search", "series")}
    plans = (ROOT / "notebooks" / "TEACHING.md").read_text(encoding="utf-8")
    lessons = [name[:2] for name in teaching.lessons(plans)]
    sheets = [*lessons, *(f"{number}_key" for number in lessons), "statements", "cards"]
    wanted |= {f"worksheets/{name}.html" for name in sheets}
    assert {path for path in pages if not path.startswith("series/")} == wanted


def test_size(site):
    files = [file for file in site.rglob("*") if file.is_file()]
    # 9 MB of it are the tables to download, half of them the trade of the world; 3 MB
    # are the pages and files of the series.
    assert sum(file.stat().st_size for file in files) < 21 * MB
    large = [f.name for f in site.rglob("*.html") if f.stat().st_size >= 2 * MB]
    assert not large


def test_a_second_build_gives_the_same_bytes(site, tmp_path):
    website.build(ROOT, tmp_path / "site")

    def contents(folder):
        files = (file for file in folder.rglob("*") if file.is_file())
        return {file.relative_to(folder): file.read_bytes() for file in files}

    assert contents(tmp_path / "site") == contents(site)


def test_data_is_there_as_it_is(site):
    package = p.evidence.package.default()
    for name in ["datapackage.json", *package.files()]:
        assert (site / "data" / name).read_bytes() == (package.path / name).read_bytes()


def test_solutions_are_linked_from_the_teaching_page_alone(site, pages):
    solutions = {path for path in pages if path.endswith("_solution.html")}
    for path, page in pages.items():
        if path not in {*solutions, "teaching.html"}:
            assert not page.select('a[href*="_solution"]'), path
    links = {a["href"].partition("#")[0] for a in pages["teaching.html"].select("a")}
    assert solutions and solutions <= links
    entries = (site / "static" / "documents.js").read_text(encoding="utf-8")
    assert not any(f'"u":"{path}' in entries for path in solutions)
    exercises = {path.replace("_solution", "") for path in solutions if "/0" in path}
    assert all(f'"u":"{path}' in entries for path in exercises)


def test_keys_are_linked_from_the_teaching_page_alone(site, pages):
    for path, page in pages.items():
        assert path == "teaching.html" or not page.select('a[href*="_key"]'), path
    assert pages["teaching.html"].select('a[href="worksheets/01_key.html"]')
    entries = (site / "static" / "documents.js").read_text(encoding="utf-8")
    assert "_key" not in entries


# --------------------------------------------------------------------------------------
# Each page as a file


def test_every_tag_is_closed(site):
    for file in site.rglob("*.html"):
        Closed(file.read_text(encoding="utf-8"))


def test_one_title_and_no_skipped_level(pages):
    for path, page in pages.items():
        levels = [int(tag.name[1]) for tag in page.find_all(re.compile("^h[1-6]$"))]
        assert levels[0] == 1 and levels.count(1) == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), path


def test_ids_are_unique(pages):
    for path, page in pages.items():
        counted = Counter(tag["id"] for tag in page.find_all(id=True))
        assert max(counted.values(), default=1) == 1, (path, counted.most_common(1))


def test_links_and_anchors_resolve(site, pages):
    broken = []
    ids = {path: {t["id"] for t in page(id=True)} for path, page in pages.items()}
    for path, page in pages.items():
        for tag in page(True):
            for address in filter(None, map(tag.get, ("href", "src", "action"))):
                if re.match("(https?|data):", address):
                    continue
                place, _, fragment = address.partition("#")
                file = (site / path).parent / unquote(place) if place else site / path
                at = file.resolve().relative_to(site.resolve()).as_posix()
                if not file.is_file() or (
                    fragment and at in ids and unquote(fragment) not in ids[at]
                ):
                    broken.append((path, tag.name, address))
    assert not broken


def test_nothing_is_loaded_from_elsewhere(site, pages):
    loads = "script, img, iframe, source, video, audio, form, link:not([rel=canonical])"
    for path, page in pages.items():
        for tag in page.select(loads):
            for address in map(tag.get, ("src", "srcset", "action", "href")):
                assert not urlsplit(address or "").netloc, (path, tag)
        assert not page.select('[style*="url("]'), path
    for file in site.rglob("*.css"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"@import|url\(\s*['\"]?(https?:)?//", text), file.name


def test_a_page_runs_its_one_script_and_no_other(pages):
    for path, page in pages.items():
        told = page.select('meta[http-equiv="Content-Security-Policy"]')
        assert told == page.select("meta")[1:2], path
        rules = dict(one.split(" ", 1) for one in told[0]["content"].split("; "))
        assert rules["default-src"] == rules["base-uri"] == "'none'"
        runs = page.select("script:not([type])")
        assert len(runs) == (not path.startswith("worksheets/")), path
        for one in runs:
            digest = hashlib.sha256(one.string.encode()).digest()
            own = f"'sha256-{base64.b64encode(digest).decode()}'"
            assert rules.pop("script-src") == f"{own} 'strict-dynamic'"
        assert "unsafe" not in told[0]["content"] and "script-src" not in rules
        assert not page.select("style, [style], base, iframe, object, embed"), path
        for tag in page.find_all(True):
            assert not [name for name in tag.attrs if name.startswith("on")], path


def test_metadata(site, pages):
    titles = Counter(page.title.string for page in pages.values())
    assert max(titles.values()) == 1, titles.most_common(2)
    for path, page in pages.items():
        assert page.html["lang"] == "en"
        meta = {
            tag.get("name") or tag.get("property"): tag.get("content", "")
            for tag in page("meta")
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
        labelled = {tag.get("for") for tag in page("label")}
        for field in page.select("input, select"):
            assert field.find_parent("label") or field.get("id") in labelled, path


def test_marks_of_numbers_are_gone(site):
    for file in [*site.rglob("*.html"), site / "static" / "documents.js"]:
        assert "<!--" not in file.read_text(encoding="utf-8"), file.name


def test_pictures_carry_alt_text_and_sources_of_the_notebook(site, pages):
    for path in NOTEBOOKS:
        figures = pages[f"{path.stem}.html"].select("figure")
        for figure, (about, content) in zip(figures, pictures_of(path), strict=True):
            name = f"img/{hashlib.sha256(content).hexdigest()[:16]}.png"
            assert figure.img["src"] == name
            assert (site / name).read_bytes() == content
            assert figure.img["alt"] == about["alt"]
            assert figure.img["width"] == str(about["width"])
            caption = figure.figcaption.get_text()
            assert about["title"] in caption
            assert all(source in caption for source in about["sources"])


def test_code_is_as_in_the_notebook(pages):
    for path in NOTEBOOKS:
        shown = pages[f"{path.stem}.html"].select("pre.code")
        cells = nbformat.read(path, as_version=4).cells
        code = [cell.source.strip() for cell in cells if cell.cell_type == "code"]
        assert [one.get_text().strip() for one in shown] == code


def test_tables_have_caption_header_and_a_box(pages):
    for path, page in pages.items():
        boxes = page.select("div.table-box")
        assert [box.table for box in boxes] == page("table"), path
        for box in boxes:
            assert box["tabindex"] == "0" and box["role"] == "region", path
            assert box.table.caption.get_text(strip=True), path
            for head in box("th"):
                assert head["scope"] in {"col", "row", "colgroup", "rowgroup"}
                assert head.get_text(strip=True), path
        assert len({box["aria-label"] for box in boxes}) == len(boxes), path


def test_formulas_are_mathml(pages):
    formulas = pages["03_machinery.html"]("math")
    assert formulas and all(formula["alttext"] for formula in formulas)
    for path, page in pages.items():
        for tag in page.select("p, li, h2"):
            if not tag.select("code, math") and not tag.find_parent(["pre", "code"]):
                assert not re.search(r"\$\$|\\frac|\\exp", tag.get_text()), path


def test_every_source_has_an_entry_and_ids_lead_to_it(pages):
    known = set(p.load("sources")["source_id"])
    entries = [one["id"] for one in pages["sources.html"].select("li[id]")]
    assert sorted(entries) == sorted(known)
    for path in NOTEBOOKS:
        page = pages[f"{path.stem}.html"]
        links = page.select('a[href^="sources.html#"]')
        linked = {link["href"].partition("#")[2] for link in links}
        named = {one for about, _ in pictures_of(path) for one in about["sources"]}
        cells = " ".join(cell.get_text() for cell in page(["td", "th"]))
        named |= set(re.findall(r"[a-z]+(?:-[a-z0-9]+)+", cells)) & known
        assert named <= linked, (path.stem, sorted(named - linked)[:3])


def test_claims_page_has_every_claim_and_its_review(pages):
    page, board = pages["claims.html"], verdicts.both()
    reviews = data_of(page)["@graph"]
    exported = json.loads(verdicts.to_jsonld())["@graph"]
    for review, source in zip(reviews, exported, strict=True):
        name = review["url"].partition("#")[2]
        assert review["url"] == review["@id"] == f"claims.html#{name}"
        assert review["reviewRating"] == source["reviewRating"]
        assert review["claimReviewed"] == board.at[name, "statement"]
        assert review["reviewRating"]["alternateName"] == board.at[name, "now"]
    told = pages["09_claims.html"]
    assert len(reviews) == len(board) == len(page.select("tr[id]"))
    for name, row in board.iterrows():
        text = page.find("tr", id=name).get_text()
        for column in ("statement", "then", "now", "reason"):
            assert row[column] in text, (name, column)
        assert told.find("tr", id=name), name
    assert page.select('a[href="09_claims.html"]')
    assert page.find("img")["src"] == told.find("img")["src"]


def test_data_page_describes_every_file(site, pages):
    page, package = pages["data.html"], p.evidence.package.default()
    about = data_of(page)
    assert about["@type"] == "Dataset" and about["license"] and about["description"]
    parts = {part["@id"].partition("#")[2]: part for part in about["hasPart"]}
    for table in package.tables():
        resource = package.resource(table)
        (file,) = parts[table]["distribution"]
        content = (site / file["contentUrl"]).read_bytes()
        assert file["contentSize"] == f"{len(content)} B"
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        row = page.find("tr", id=table).get_text()
        assert f"{resource['rows']:,}" in row and resource["title"] in row


def test_index_has_questions_and_answers(pages):
    text = " ".join(one.get_text() for one in pages["index.html"]("p"))
    for path in NOTEBOOKS:
        about = reading.opening(nbformat.read(path, 4))
        assert about["Question"] in text and about["Answer"] in text, path.stem


def test_code_is_open_in_solutions_and_folded_elsewhere(pages):
    for path in ("01_trade", "exercises/01_trade", "exercises/01_trade_solution"):
        folds = pages[f"{path}.html"].select("details.code")
        assert len(folds) > 3
        assert {"open" in fold.attrs for fold in folds} == {"solution" in path}


# --------------------------------------------------------------------------------------
# What it refuses


def test_another_folder_is_not_replaced(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(website.SiteError, match="not a site built before"):
        website.build(ROOT, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_a_broken_build_leaves_the_old_site(tmp_path, monkeypatch):
    from partnership.site import assemble

    target = tmp_path / "site"
    target.mkdir()
    (target / website.MARKER).touch()
    (target / "index.html").write_text("old")

    def fail(*_):
        raise website.SiteError("half way")

    monkeypatch.setattr(assemble, "write", fail)
    with pytest.raises(website.SiteError, match="half way"):
        website.build(ROOT, target)
    assert (target / "index.html").read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["site"]


def test_a_text_that_is_none_is_named(checkout, package):
    root = checkout(package(sources=SOURCES).path)
    for name in ("TEACHING.md", "GLOSSARY.md"):
        for content, said in ((b"# \xff", "is not UTF-8"), (b"# abc\0", "a NUL byte")):
            (root / "notebooks" / name).write_bytes(content)
            with pytest.raises(DataError, match=f"^{name}, line 1: .*{said}"):
                website.build(root)
        (root / "notebooks" / name).unlink()


def test_a_missing_package_is_named(tmp_path, monkeypatch):
    from partnership.site import assemble

    monkeypatch.setattr(assemble, "find_spec", lambda name: None)
    with pytest.raises(website.SiteError, match=r"pip install 'partnership\[site\]'"):
        website.build(ROOT, tmp_path / "site")


def test_a_missing_import_is_named(tmp_path, monkeypatch):
    import partnership.site.assemble

    for name in ("assemble", "convert"):
        monkeypatch.delitem(sys.modules, f"partnership.site.{name}")
        monkeypatch.delattr(partnership.site, name)
    monkeypatch.setitem(sys.modules, "mistune", None)
    with pytest.raises(website.SiteError) as error:
        website.build(ROOT, tmp_path / "site")
    assert str(error.value) == "the site needs mistune: pip install 'partnership[site]'"
