"""What several rooms share: packages and checkouts made up, the site, a browser."""

import csv
import functools
import gzip
import hashlib
import io
import json
import os
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

# One thread a process: tests run beside each other, and threads that wait for a core
# spend it. It must stand before numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import browser
import partnership as p
from invented import FLEET, SETTLED, SOURCES, claim, observation, rule
from partnership.evidence.package import default

ROOT = Path(__file__).resolve().parents[1]

# The same examples in every run, and no test that fails because a machine is slow.
settings.register_profile("project", deadline=None, derandomize=True, database=None)
settings.load_profile("project")


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items):
    """Leave out what is marked as long, unless TEST_LONG=1 asks for it."""
    if os.environ.get("TEST_LONG") == "1":
        for item in items:
            if item.get_closest_marker("wider"):
                item.add_marker("long")
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip("long; `make test-long` runs it"))


MESSAGES = Path(__file__).with_name("messages.json")
SAID = {}  # by function of a test: what `messages` heard


@pytest.fixture(autouse=True)
def messages(request, monkeypatch, tmp_path_factory):
    """Find what the rooms say to a refused call in `MESSAGES`, word for word.

    Left out is what quotes another package, and what Hypothesis makes up. A change of
    words is written down by WRITE_MESSAGES=1, with whole files of tests.
    """
    if request.path.parent.name not in ("evidence", "methods", "verdicts"):
        return (yield)
    heard, leave = set(), pytest.RaisesExc.__exit__
    folder = re.escape(str(tmp_path_factory.getbasetemp()))

    def listen(self, kind, error, trace):
        frame = trace
        while frame and frame.tb_next:
            frame = frame.tb_next
        ours = frame and "partnership" in frame.tb_frame.f_globals.get("__name__", "")
        if ours and isinstance(error, ValueError) and not _quotes(error):
            text = re.sub(rf"{folder}[/\\]\w+", "...", str(error))
            # Long lists are of the project's data, which grow.
            text = re.sub(r"(allowed: ).* and \d+ more", r"\1...", text)
            heard.add(re.sub(r"(did you mean [^,]+),.*", r"\1 ...", text))
        return leave(self, kind, error, trace)

    monkeypatch.setattr(pytest.RaisesExc, "__exit__", listen)
    yield
    if heard and not hasattr(request.function, "hypothesis"):
        name = request.node.nodeid.partition("[")[0]
        SAID.setdefault(name, set()).update(heard)
        if os.environ.get("WRITE_MESSAGES") != "1":
            assert heard <= {*told().get(name, ())}, "other words; see conftest.py"


def _quotes(error):
    """Whether an error says what another one said, or the system."""
    other = error.__context__
    while other:
        if isinstance(other, OSError) or str(other) in str(error):
            return True
        other = other.__context__
    return False


@functools.cache
def told():
    return json.loads(MESSAGES.read_text(encoding="utf-8")) if MESSAGES.exists() else {}


def pytest_sessionfinish(session):
    if os.environ.get("WRITE_MESSAGES") == "1":
        ran = {item.nodeid.partition("::")[0] for item in session.items}
        kept = {k: v for k, v in told().items() if k.partition("::")[0] not in ran}
        said = kept | {name: sorted(heard) for name, heard in SAID.items()}
        text = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True)
        MESSAGES.write_text(text + "\n", encoding="utf-8")


@pytest.fixture
def checkout(tmp_path):
    """Function that makes a checkout of a data folder, and of notebooks.

    A notebook is one of the project's by its name, or cells by a name of its own.
    """

    def make(data, *names, **cells):
        from nbformat import v4, write

        root = tmp_path / "checkout"
        shutil.copytree(data, root / "data")
        (root / "notebooks" / "exercises").mkdir(parents=True)
        (root / "pyproject.toml").write_text("[project]\nname = 'invented'\n")
        for name in names:
            shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", root / "notebooks")
        for name, made in cells.items():
            path = root / "notebooks" / f"{name.replace('__', '/')}.ipynb"
            write(v4.new_notebook(cells=made), path)
        return root

    return make


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The site of the project, what its build announced, and what it returned."""
    from partnership import site

    folder, announced = tmp_path_factory.mktemp("out") / "site", []
    returned = site.build(ROOT, folder, lambda *page: announced.append(page))
    return folder, announced, returned


@pytest.fixture(scope="session")
def pyspark():
    """PySpark for this computer alone; where it is missing, a word or a failure."""
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    try:
        import pyspark
    except ModuleNotFoundError:
        if os.environ.get("SPARK_TESTS") == "required":
            raise
        pytest.skip("no PySpark here; `make spark` adds it")
    return pyspark


@pytest.fixture(scope="module")
def chromium():
    """A browser without a window and without a network, shared by a module."""
    with browser.start() as started:
        yield started


@pytest.fixture
def package(tmp_path):
    """Function that writes a data package with the schemas of the project's own.

    Rows are dicts, and a column that is left out is empty; a function gets the rows of
    the project's own table. Tables that are not named are empty, or with ``shipped``
    the project's own. The pair is AAA and BBB, reported on 2010-06-30, known in 2015.
    """

    def make(*, shipped=False, about=None, **tables):
        old = default()
        folder = tmp_path / f"package{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        descriptor = json.loads((old.path / "datapackage.json").read_text("utf-8"))
        if not shipped:
            report = {
                "name": "the report",
                "day": "2010-06-30",
                "source_id": "s-report",
                "narrator": "report narrator",
            }
            descriptor |= {"pair": ["AAA", "BBB"], "report": report}
            descriptor |= {"created": "2015-12-31T00:00:00Z", "title": "Invented"}
        descriptor |= about or {}
        listed = [one for one in descriptor["resources"] if shipped or "schema" in one]
        for one in [] if shipped else listed:  # rows say what a test is about, no more
            one["schema"].pop("foreignKeys", None)
            for field in one["schema"]["fields"]:
                field.get("constraints", {}).pop("required", None)
        for one in listed:
            file, rows = folder / one["path"], tables.get(one["name"], [])
            if shipped and one["name"] not in tables:
                shutil.copyfile(old.path / one["path"], file)
                continue
            names = [field["name"] for field in one["schema"]["fields"]]
            if callable(rows):
                with (old.path / one["path"]).open(encoding="utf-8") as lines:
                    rows = rows(list(csv.DictReader(lines)))
            out = io.StringIO(newline="")
            writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            packed = file.suffix == ".gz"
            content = out.getvalue().encode()
            file.write_bytes(gzip.compress(content, mtime=0) if packed else content)
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            one.update(rows=len(rows), hash=f"sha256:{digest}")
        descriptor["resources"] = listed
        (folder / "datapackage.json").write_text(json.dumps(descriptor))
        return p.open(folder)

    return make


@pytest.fixture
def court(package):
    """Function that makes a package with a count of machines, as claimed and as found.

    Statement c01 is a number with a rule, c02 is judged by hand.
    """

    def make(found=(), value=100, tolerance=10, tests=(), tables=None, **columns):
        where = "reporter=AAA;partner=BBB;maker=XX;machine=tractor"
        number = {"value": str(value), "unit": "units", "unit_words": "machines"}
        number |= {"comparison": "about", "tolerance_percent": str(tolerance)}
        main = {"input": "series", "name": "fleet_units", "where": where}
        main |= {"select": "nearest", "period": "2010-06-30", "within_months": "12"}
        own = [rule(1, "c01", **main, label="at work")]
        own += [rule(90 + n, "c01", role=role) for n, role in enumerate(tests)]
        by_hand = {"claim_id": "c02", "asked": "then", "reason": "Too early."}
        by_hand |= dict.fromkeys(("verdict", "reading_a", "reading_b"), "not_checkable")
        later = by_hand | {"asked": "now", "reason": "It is so."}
        later |= {"verdict": "supported", "settlement": SETTLED}
        ended = {"asked": "still", "verdict": "no", "reason": "It ended."}
        piece = {"evidence_id": "ce001", "claim_id": "c02", "stance": "supports"}
        piece |= {"known_by": "2009-12", "source_ids": "s-2009"}
        made = {
            "sources": SOURCES,
            "series": [FLEET],
            "claims": [
                claim("c01", "03_machinery#How many are at work?", **number),
                claim("c02", "01_trade", theme="trade", is_quantitative="false"),
            ],
            "claim_rules": own,
            "claim_verdicts": [
                by_hand,
                later,
                ended | {"claim_id": "c01", "verdict": "not_known"},
                ended | {"claim_id": "c02", "reading_a": "no", "reading_b": "no"},
            ],
            "evidence": [piece],
            "machinery": [observation(n, v, **columns) for n, v in enumerate(found)],
        }
        return package(**made | (tables or {}))

    return make
