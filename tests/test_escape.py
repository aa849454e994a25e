"""What the data says stays text: one set of payloads through every door."""

import base64
import csv
import hashlib
import json
import os
import re
import shutil
from html import unescape
from pathlib import Path
from urllib.parse import quote

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from nbformat import v4

import browser
import partnership as p
from partnership import site as website
from partnership import verdicts as claims
from partnership.evidence import escape, files
from partnership.site import convert
from partnership.site.single import single
from partnership.workshop import generated

ROOT = Path(__file__).parents[1]
PAYLOADS = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- codebook:end --><svg onload=alert(1)>",
    "[x](javascript:alert(1)) ![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "&lt;script&gt; &#60;b> &copy=1",
    "\" onmouseover='alert(1)",
    "a | b ` c | d ` \\| e",
    "*a* **b** _c_ __d__ ~~e~~ `f`",
    "$200 and $300, $$x$$, \\(y\\), \\\\(z\\\\)",
    "\\begin{equation}x\\end{equation}",
    "# no heading",
    "1. no list",
    "- no list",
    "two\n\n<b>lines</b>\n---\n[x]: javascript:alert(1)\n",
    "{{ 7 * 7 }}",
)
ADDRESSES = (
    "javascript:alert(1)",
    " javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "vbscript:x",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "http:javascript:alert(1)",
    "//example.org",
    "/\t/example.org",
    "\\\\example.org",
    "https://example.org\\@example.com",
    "https://example.org/ x",
)


# What an escape that is missing would let through, and what no test of names would see.
RAW = (
    *PAYLOADS,
    '<script src="data:text/javascript,alert(1)"></script>',
    '<script src="static/evil.js"></script>',
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    '<iframe src="javascript:parent.alert(1)"></iframe>',
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<video><source onerror=alert(1)></video>",
    '<a class="evil" href="javascript:alert(1)">x</a>',
    '<base href="https://example.org/">',
    '<p style="background: url(https://example.org/a)">x</p>',
    '<form class="evil" action="https://example.org/"></form>',
)


def assert_harmless(page):
    """No script but ours, no handler, no link that runs something."""
    for tag in BeautifulSoup(page, "html.parser").find_all(True):
        if tag.name == "script":
            ours = re.fullmatch(r"for \(const file of .+\) .+;", tag.get_text())
            assert "src" not in tag.attrs and (ours or json.loads(tag.string)), tag
        ours = tag.get("class") == ["small-chart"]
        assert (tag.name != "svg" or ours) and tag.get("src") != "x", tag
        assert not [name for name in tag.attrs if name.startswith("on")], tag
        for name in ("href", "src", "action"):
            bare = re.sub(r"[\x00-\x20]", "", tag.get(name, "")).lower()
            assert not re.match(r"(javascript:|vbscript:|file:|data:(?!,$))", bare), tag


def shown(source):
    """Text that a reader sees of a Markdown text, which has to be one paragraph."""
    page = BeautifulSoup(convert.markdown(source), "html.parser")
    assert [tag.name for tag in page.find_all(recursive=False)] == ["p"], page
    assert {tag.name for tag in page.p.find_all(True)} <= {"span", "a"}, page
    return page.p.get_text()


# ---- the functions


@pytest.mark.parametrize("text", PAYLOADS)
def test_text_stays_text(text):
    line = " ".join(text.split())
    assert shown(escape.markdown(text)) == line
    table = f"| a | b |\n|---|---|\n| {escape.markdown(text)} | end |"
    page = BeautifulSoup(convert.markdown(table), "html.parser")
    assert [cell.get_text() for cell in page.find_all("td")] == [line, "end"]
    assert_harmless(str(page))
    tag = f'<b title="{escape.html(text)}">{escape.html(text)}</b>'
    tag = BeautifulSoup(tag, "html.parser")
    assert tag.b["title"] == tag.b.get_text() == text


@given(st.text("ab1 *_`[]()<>!&#;$\\|~-+=.:{}/\"'\n\u2028", min_size=1))
def test_every_text_stays_text(text):
    line = " ".join(text.split())
    assert not line or shown(escape.markdown(text)) == line


def test_a_page_finds_no_formula():
    # JupyterLab looks for formulas in the finished page, within one piece of text.
    for text in PAYLOADS:
        page = BeautifulSoup(convert.markdown(escape.markdown(text)), "html.parser")
        assert all(
            str(one) in "$\\" or not set(one) & {"$", "\\"} for one in page.strings
        )


@pytest.mark.parametrize("text", [*ADDRESSES, *PAYLOADS[:1]])
def test_what_is_no_address(text):
    assert escape.address(text) == ""
    assert "<a" not in escape.link(text, "x")
    assert_harmless(escape.link(text, "x"))
    assert_harmless(convert.markdown(escape.markdown_link(text)))


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/a_b?c=d&copy=e#f",
        "HTTP://example.org",
        "mailto:a@example.org",
        "data.html#trade",
        "../a/b:c",
        "",
    ],
)
def test_what_is_an_address(text):
    assert escape.address(text) == text


@pytest.mark.parametrize("sign", list("*_$`<>[]|\\'\"&;~"))
def test_an_address_in_markdown_leads_where_it_says(sign):
    target = f"https://example.org/{sign}a{sign}?b={sign}copy"
    page = BeautifulSoup(convert.markdown(escape.markdown_link(target)), "html.parser")
    assert_harmless(str(page))
    if escape.address(target):
        assert len(page.find_all("a")) == 1
        href = page.a["href"]
        for code in re.findall("%..", href):
            href = href.replace(code, chr(int(code[1:], 16)))
        assert href == target


def test_harmless_text_stays_as_it_is():
    for text in ("Oil & Gas (2017), 5 > 4", "per_capita: a-b, 2.5 + 1 = 3.5!", "Größe"):
        assert escape.markdown(text) == text


# ---- the doors


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A checkout whose data and notebook hold payloads wherever there is text."""
    root = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "data", root / "data")
    shutil.copy(ROOT / "pyproject.toml", root)
    file = root / "data" / "datapackage.json"
    package = json.loads(file.read_text(encoding="utf-8"))
    package["title"] = package["description"] = " ".join(PAYLOADS[:4])
    for place, resource in enumerate(package["resources"]):
        payload = PAYLOADS[place % len(PAYLOADS)]
        resource.update(title=payload, description=payload)
        licence = {"title": payload, "path": ADDRESSES[place % len(ADDRESSES)]}
        resource["licenses"] = [licence]
        for field in resource.get("schema", {}).get("fields", []):
            field["description"] = payload
    for name, texts, addresses in (
        ("sources", ("publisher", "title", "note", "file", "licence"), ("url",)),
        ("claims", ("statement", "speaker"), ()),
        ("claim_verdicts", ("reason",), ()),
        ("ledger", ("reason",), ()),
        ("languages", ("name",), ()),
        ("series", ("definition",), ()),
        ("units", ("meaning",), ()),
        ("speakers", ("name",), ()),
        ("countries", ("name_en", "capital"), ()),
        *((name, ("note", "item"), ()) for name in ("trade", "industry", "corridor")),
    ):
        resource = next(r for r in package["resources"] if r["name"] == name)
        table = root / "data" / resource["path"]
        with table.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        for place, row in enumerate(rows):
            row |= {c: PAYLOADS[place % len(PAYLOADS)] for c in texts if c in row}
            row |= {c: ADDRESSES[place % len(ADDRESSES)] for c in addresses}
        with table.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        digest = hashlib.sha256(table.read_bytes()).hexdigest()
        resource["hash"] = f"sha256:{digest}"
    file.write_text(json.dumps(package), encoding="utf-8")
    readme = "# A\n\nB.\n\n<!-- notebooks:start -->\n<!-- notebooks:end -->\n"
    (root / "README.md").write_text(readme, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def package(checkout):
    return p.open(checkout / "data")


@pytest.fixture(scope="module")
def used(package):
    """The table of all sources, as the last cell of a notebook shows it."""
    known = package.load("sources")
    return p.sources_used(known, sources=known)._repr_html_()


@pytest.mark.wider
def test_citations(package):
    few = None if browser.LONG else len(PAYLOADS)
    for row in package.load("sources")[:few].itertuples():
        text = package.cite(row.source_id)
        assert row.title in text, "as text it is what it was"
        source = package.cite(row.source_id, "markdown")
        assert_harmless(convert.markdown(source))
        assert " ".join(row.title.split()) in shown(source)


def test_the_table_of_claims(package):
    page = convert.markdown(claims.to_markdown(package))
    assert_harmless(page)
    rows = BeautifulSoup(page, "html.parser").tbody.find_all("tr")
    said = [" ".join(text.split()) for text in package.load("claims")["statement"]]
    assert [row.find_all("td")[1].get_text() for row in rows] == said


def test_the_sources_of_a_notebook(package, used):
    assert_harmless(used)
    table = BeautifulSoup(used, "html.parser")
    assert not table.tbody.find_all("a")
    assert len(table.tbody.find_all("tr")) == len(package.load("sources"))
    assert PAYLOADS[0] in table.get_text() and ADDRESSES[0] in table.get_text()


def test_the_codebook(package):
    text = generated.codebook(package)
    assert "<!--" not in text
    assert_harmless(convert.markdown(text))


def test_the_index_of_the_notebooks(tmp_path):
    (tmp_path / "notebooks").mkdir()
    said = [
        f"**{name}.** {' '.join(PAYLOADS[6:3:-1])}" for name in ("Question", "Answer")
    ]
    notebook = v4.new_notebook(
        cells=[v4.new_markdown_cell("\n\n".join(["# A", *said]))]
    )
    nbformat.write(notebook, tmp_path / "notebooks" / "[x](javascript:alert(1)).ipynb")
    page = convert.markdown(generated.index_table(tmp_path / "notebooks"))
    assert_harmless(page)
    (link,) = BeautifulSoup(page, "html.parser").find_all("a")
    assert link["href"].startswith("notebooks/") and link["href"].endswith(".ipynb")


@pytest.fixture(scope="module")
def site(checkout, package, used, tmp_path_factory):
    """The site of this checkout, with a notebook that shows what is made of data."""
    files.write_atomically(*generated.with_codebook(package))
    known = package.load("sources")
    cited = [package.cite(name, "markdown") for name in known["source_id"]]
    shown = (
        ("text/html", used),
        ("text/html", known._repr_html_()),
        ("text/markdown", claims.to_markdown(package)),
        ("text/markdown", "\n\n".join(cited)),
    )
    outputs = [v4.new_output("display_data", {kind: text}) for kind, text in shown]
    said = " ".join(map(escape.markdown, PAYLOADS))
    words = ["# A", f"**Question.** {said}", f"**Answer.** {said}"]
    words += ["[x](javascript:alert(1)) <vbscript:alert>"]
    links = list(package.load("claims")["section"])
    headings = {link.partition("#")[2] for link in links} - {""}
    words += [f"## {heading}" for heading in sorted(headings)]
    (checkout / "notebooks" / "exercises").mkdir(parents=True)
    names = {link.partition("#")[0] for link in links}
    # Windows has no such file names.
    names |= {"javascript:alert(1)"} if os.name != "nt" else set()
    for name in names:
        cells = [v4.new_markdown_cell("\n\n".join(words))]
        if name == "01_trade":
            cells += [v4.new_code_cell("0", outputs=outputs)]
        file = checkout / "notebooks" / f"{name}.ipynb"
        nbformat.write(v4.new_notebook(cells=cells), file)
    taught(checkout / "notebooks", said)
    folder = tmp_path_factory.mktemp("out") / "site"
    return folder, website.build(checkout, folder)


def taught(notebooks, said):
    """Write lesson plan, exercise and quiz of a notebook."""
    plan = f"### 01_trade: {said}\n\n**Goals.** {said}\n\n**Ask the class.**\n\n"
    plan = f"# Teaching\n\n{said}\n\n## Plans\n\n{plan}- *{said}* {said}\n"
    (notebooks / "TEACHING.md").write_text(plan, encoding="utf-8")
    title = v4.new_markdown_cell(f"# Exercise\n\n## {said}\n\n- **A** {said}")
    for place, payload in enumerate(PAYLOADS):
        line = " ".join(payload.split())
        check = f"### HINT {line}\ncheck({payload!r}, x, key={str(place)!r})"
        title.source += f"\n\n{escape.markdown(payload)}"
        cells = [title, v4.new_code_cell(check)]
        for ending in ("", "_solution"):
            file = notebooks / "exercises" / f"{place:02}_a{ending}.ipynb"
            nbformat.write(v4.new_notebook(cells=cells), file)
    asked = [
        {"task": text, "ask": escape.markdown(text), "key": text, "decimals": None}
        | {"options": {text: text}, "hint": text}
        for text in PAYLOADS
    ]
    told = json.dumps({"hints": {}, "quiz": {"01_trade": asked}})
    (notebooks / "exercises" / "tasks.json").write_text(told, encoding="utf-8")


def some(paths):
    """Pages at the root and four of each folder; with TEST_LONG=1 all."""
    folders = {}
    for path in paths:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    few = None if browser.LONG else 4
    return [
        path for name, of in folders.items() for path in of[: few if name else None]
    ]


@pytest.mark.wider
def test_the_site(site):
    folder, paths = site
    for path in some(paths):
        assert_harmless((folder / path).read_text(encoding="utf-8"))
    for name in ("data", "sources"):
        page = (folder / f"{name}.html").read_text(encoding="utf-8")
        said = BeautifulSoup(page, "html.parser").get_text()
        assert PAYLOADS[0] in said and ADDRESSES[0] in said


def test_a_page_in_one_file(site, checkout):
    page = single(checkout / "notebooks" / "01_trade.ipynb")
    assert_harmless(page)
    (style,) = BeautifulSoup(page, "html.parser").find_all("style")
    digest = hashlib.sha256(style.string.encode()).digest()
    assert f"style-src 'sha256-{base64.b64encode(digest).decode()}'" in unescape(page)
    assert "script-src" not in page, "nothing may run"


def heard(page):
    """What a page runs or complains of, in a list that grows."""
    ran = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: ran.append(str(error)))
    page.on("console", lambda said: ran.append(said.text))
    return ran


@pytest.mark.browser
@pytest.mark.wider
def test_nothing_of_the_data_runs_in_a_browser(site, chromium):
    folder, paths = site
    page = chromium.new_page()
    ran = heard(page)
    assert len({browser.template(path) for path in some(paths)}) > 14
    for path in some(paths):
        page.goto((folder / path).as_uri())
        kinds = "[...document.links].map(one => one.protocol)"
        assert set(page.evaluate(kinds)) <= {"file:", "https:", "mailto:"}, path
        made = "svg:not(.small-chart), img[src=x], b[onload], [onmouseover], iframe"
        assert page.locator(made).count() == 0, path
        for answer in page.locator("form.answer").all()[:5]:
            answer.locator("input").first.evaluate("one => one.value = one.checked = 1")
            answer.locator("button").click()
            assert answer.locator("output *").count() == 0
    page.wait_for_timeout(300)
    page.close()
    assert ran == []


@pytest.mark.browser
def test_the_search_shows_what_it_finds_as_text(site, chromium):
    page = chromium.new_page()
    ran, address = heard(page), (site[0] / "search.html").as_uri()
    page.goto(f"{address}?q={quote(PAYLOADS[0])}")
    assert PAYLOADS[0] in page.inner_text("#found")
    for text in (" ".join(payload.split()) for payload in PAYLOADS):
        page.fill("#query", text)
        assert text in page.inner_text("#found")
        assert page.locator("#found *").count() == 0
    page.fill("#query", "script alert")
    assert "<script>" in page.inner_text("#results")
    assert page.locator("#results li").count() > 10
    assert page.locator("#results :not(li, a, span, p, mark)").count() == 0
    page.close()
    assert ran == []


@pytest.mark.browser
@pytest.mark.parametrize("from_server", [False, True])
def test_nothing_runs_where_an_escape_is_missing(site, chromium, from_server):
    folder, _ = site
    (folder / "static" / "evil.js").write_text("alert(1)")
    text = (folder / "search.html").read_text(encoding="utf-8")
    kept = text.replace("</main>", "\n".join([*RAW, "</main>"]))
    bare = re.sub('<meta http-equiv="Content-Security-Policy".*?>', "", kept)
    (folder / "kept.html").write_text(kept, encoding="utf-8")
    (folder / "bare.html").write_text(bare, encoding="utf-8")
    with browser.served(folder) as server:
        address = server if from_server else folder.as_uri()
        page = chromium.new_page()
        ran = []
        page.on("dialog", lambda one: (ran.append(one.message), one.dismiss()))
        for name in ("bare", "kept"):
            ran.clear()
            page.goto(f"{address}/{name}.html?q=script")
            page.evaluate("document.querySelector('a.evil').click()")
            page.wait_for_timeout(300)
            assert bool(ran) == (name == "bare"), (name, ran)
        assert page.locator("#results li").count(), "our own script runs"
        page.evaluate("document.querySelector('form.evil').submit()")
        page.wait_for_timeout(300)
        assert page.url.endswith("kept.html?q=script")
        assert page.evaluate("document.baseURI") == page.url
        page.close()


def test_an_entry_of_bibtex_holds_no_other(package):
    for row in package.load("sources").head(len(PAYLOADS)).itertuples():
        entry = package.cite(row.source_id, "bibtex")
        plain = re.sub(r"\\[{}]", "", entry)
        assert plain.count("{") == plain.count("}") and entry.count("\n@") == 0
        depth = [0]
        for sign in plain:
            depth.append(depth[-1] + (sign == "{") - (sign == "}"))
        assert min(depth) == 0 and max(depth) <= 4 and depth[:-1].count(0) < 60
