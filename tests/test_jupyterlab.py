"""What a reader does: ``make lab``, a browser, Restart Kernel and Run All Cells.

JupyterLab runs on a copy of the notebooks, so that the committed ones stay as they are,
but it is `make lab` itself that starts it. 00_start_here and 03_machinery lose their
outputs in the copy: what they show afterwards comes from the run.
"""

import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest

import browser
from partnership import verdicts as claims
from partnership.methods import assumptions, fleet
from partnership.study import machinery
from partnership.workshop import runner

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        os.name == "nt" or not shutil.which("make"), reason="make lab needs make and sh"
    ),
]
ROOT = Path(__file__).resolve().parent.parent
CLEARED = ("00_start_here", "03_machinery")
READ_ONLY = "01_trade"
START = 60  # seconds that JupyterLab may take to start, or to show something
RUN = 120  # seconds that a notebook may take
# Root may write to every file unless it gives up that right. Then a file that is
# read-only is so for the server, as it is for everybody else.
AS_ROOT = getattr(os, "geteuid", lambda: 1)() == 0
AS_OTHERS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


@dataclass
class Lab:
    """A running JupyterLab: its address, what it opened, and what it has been asked."""

    folder: Path
    page_opened: str
    address: str
    token: str
    context: object = None
    requested: list[str] = field(default_factory=list)


# ---- the server ----


def copy_of_the_checkout(folder):
    """Copy what `make lab` and the notebooks need; the set-up counts as done."""
    shutil.copytree(
        ROOT / "notebooks",
        folder / "notebooks",
        ignore=shutil.ignore_patterns(".ipynb_checkpoints"),
    )
    for name in ("Makefile", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, folder)
    for name in CLEARED:
        path = folder / "notebooks" / f"{name}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.update(outputs=[], execution_count=None)
        nbformat.write(notebook, path)
    (folder / "notebooks" / f"{READ_ONLY}.ipynb").chmod(0o444)
    (folder / ".venv").mkdir()
    (folder / ".venv" / ".root").write_text(f"{folder.resolve()}\n")
    (folder / ".venv" / ".lab").touch()


def free_port():
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def command(port):
    """`make lab` with this Python in the place of .venv's."""
    extra = f"--ServerApp.port={port} --ServerApp.port_retries=0"
    if AS_ROOT:
        extra += " --allow-root"
    made = ["make", "lab", f"PY={sys.executable}", f"LAB_ARGS={extra}"]
    return [*AS_OTHERS, *made] if AS_ROOT and shutil.which("setpriv") else made


def environment(told):
    """An ordinary user's environment, whose browser writes down what it is to open."""
    said = f"import sys; open({str(told)!r}, 'w').write(sys.argv[1])"
    script = told.with_suffix(".py")
    script.write_text(said)
    unwanted = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PARTNERSHIP_UNATTENDED", "DISPLAY")
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return kept | {"BROWSER": f"{sys.executable} {script} %s"}


def wait_for(check, process, log, seconds=START):
    """Return the first true answer of `check`; show the log if there is none."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        if answer := check():
            return answer
        time.sleep(0.1)
    pytest.fail(f"make lab did not get that far:\n{log.read_text()[-3000:]}")


def stop(process, server):
    """End the server as a system does; its kernels end with it."""
    try:
        if server:
            os.kill(server, signal.SIGTERM)
            process.wait(30)
    except (ProcessLookupError, subprocess.TimeoutExpired):
        pass
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)


@contextmanager
def serve(folder):
    """Run `make lab` in a copy of the checkout and yield it as a `Lab`."""
    copy_of_the_checkout(folder)
    told, log = folder / "told.txt", folder / "log.txt"
    port = free_port()
    with log.open("w") as output:
        process = subprocess.Popen(
            command(port),
            cwd=folder,
            env=environment(told),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = None
    try:
        wait_for(lambda: told.exists() and told.read_text(), process, log)
        opened = Path(urlsplit(told.read_text()).path)
        server = int(re.search(r"-(\d+)-open\.html$", opened.name)[1])
        target = re.search(r'href="([^"]+)"', opened.read_text())[1]
        address = "{0.scheme}://{0.netloc}".format(urlsplit(target))
        token = parse_qs(urlsplit(target).query)["token"][0]
        yield Lab(folder, target, address, token)
    finally:
        stop(process, server)
    assert not opened.parent.exists(), "make lab left its runtime folder behind"


def needs_the_package():
    """Skip unless a kernel, which sees no PYTHONPATH, finds the package installed."""
    code = [sys.executable, "-I", "-c", "import partnership"]
    if subprocess.run(code, cwd="/", capture_output=True).returncode:
        browser.without("the package is not installed: pip install --editable .")


@pytest.fixture(scope="module")
def lab(tmp_path_factory, chromium):
    """One JupyterLab and one browser for all tests here."""
    needs_the_package()
    with serve(tmp_path_factory.mktemp("checkout")) as lab:
        lab.context = chromium.new_context(viewport={"width": 1400, "height": 900})
        lab.context.set_default_timeout(1000 * START)
        lab.context.on("request", lambda request: lab.requested.append(request.url))
        lab.context.request.get(f"{lab.address}/lab?token={lab.token}")
        yield lab


# ---- what a reader does ----


def committed(name):
    """Read the notebook of this name in the checkout."""
    return nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)


def open_cells(name):
    """Numbers of the code cells that are not collapsed, and so show a prompt."""
    cells = enumerate(runner.code_cells(committed(name)), start=1)
    return [
        n for n, c in cells if not c.metadata.get("jupyter", {}).get("source_hidden")
    ]


class Reader:
    """A browser window with one notebook open."""

    def __init__(self, lab, name, address=None):
        self.name = name
        self.cells = len(runner.code_cells(committed(name)))
        self.page = lab.context.new_page()
        at = f"{lab.address}/lab/tree/notebooks/{name}.ipynb?reset"
        self.page.goto(address or at)
        self.panel = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        self.code = self.panel.locator(".jp-CodeCell")
        self.wait_until_idle()
        self.page.wait_for_load_state("networkidle")
        self.wait_for_all_cells()

    def wait_for_all_cells(self):
        """JupyterLab adds cells while it is idle."""
        self.code.nth(self.cells - 1).wait_for(state="attached")

    def wait_until_idle(self):
        indicator = self.panel.locator(".jp-Notebook-ExecutionIndicator")
        indicator.and_(self.page.locator("[data-status=idle]")).wait_for()

    def choose(self, menu, entry, confirm=True):
        """Choose an entry of a menu and say yes to the question that follows."""
        labels = self.page.locator(".lm-MenuBar-itemLabel")
        labels.filter(has_text=re.compile(f"^{menu}$")).click()
        entries = self.page.locator(".lm-Menu-itemLabel")
        entries.filter(has_text=re.compile(f"^{re.escape(entry)}$")).click()
        if confirm:
            self.page.locator(".jp-Dialog button.jp-mod-accept").click()

    def run_all(self):
        """Restart the kernel, run all cells, and wait for the last one.

        JupyterLab may lose a run that is asked for while it still makes its first
        contact with the kernel: all stays as it was. A reader asks again; so do we.
        """
        for _ in range(2):
            self.choose("Run", "Restart Kernel and Run All Cells…")
            if self.has_started():
                break
        self.wait_for_the_last_cell()

    def has_started(self):
        """Wait a while for cells to be under way; say whether they are."""
        running = self.code.locator(".jp-InputArea-prompt", has_text="[*]:")
        end = time.monotonic() + 15
        while not running.count() and time.monotonic() < end:
            self.page.wait_for_timeout(100)
        return running.count() > 0

    def wait_for_the_last_cell(self):
        # JupyterLab adds cells while it is idle, so the file says how many there are.
        prompts = self.code.locator(".jp-InputArea-prompt")
        last = prompts.filter(has_text=f"[{open_cells(self.name)[-1]}]:")
        try:
            last.wait_for(timeout=1000 * RUN, state="attached")
        except Exception as error:
            stands = f"{self.name} stands at {self.prompts()}; errors: {self.errors()}"
            raise AssertionError(stands) from error
        self.wait_until_idle()

    def prompts(self):
        return self.code.locator(".jp-InputArea-prompt").all_text_contents()

    def scroll(self):
        """Bring every cell into view once: JupyterLab shows them only then."""
        self.wait_for_all_cells()
        for cell in self.panel.locator(".jp-Cell").all():
            cell.scroll_into_view_if_needed()

    def pictures(self):
        """Widths of the pictures, in pixels; those not shown have none."""
        images = self.panel.locator(".jp-OutputArea img")
        return images.evaluate_all("all => all.map(image => image.naturalWidth)")

    def errors(self):
        shown = self.panel.locator("[data-mime-type*=stderr], [data-mime-type*=error]")
        return shown.all_inner_texts()

    def cell(self, code):
        """The one code cell that holds some code, in view."""
        cell = self.code.filter(has_text=code)
        cell.scroll_into_view_if_needed()
        return cell

    def run(self, cell):
        """Click into a cell and run it alone."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")

    def output(self, cell, text):
        """Wait until the output of a cell has some text; return all of it."""
        found = cell.locator(".jp-OutputArea").first
        found.filter(has_text=text).wait_for()
        return found.inner_text()


@pytest.fixture
def reader(lab):
    """Open notebooks, and close their windows in the end."""
    opened = []

    def read(name, address=None):
        opened.append(Reader(lab, name, address))
        return opened[-1]

    yield read
    for window in opened:
        window.page.close(run_before_unload=False)


def committed_pictures(name):
    """How many pictures the committed notebook has."""
    outputs = [o for cell in runner.code_cells(committed(name)) for o in cell.outputs]
    return sum("image/png" in output.get("data", {}) for output in outputs)


def assert_all_ran(window, drawn_by_widgets=0):
    """Every cell has run in its order, without error, and its pictures are there."""
    window.scroll()
    assert window.prompts() == [f"[{n}]:" for n in open_cells(window.name)]
    assert window.errors() == []
    widths = window.pictures()
    stored = committed_pictures(window.name)
    assert len(widths) - drawn_by_widgets == stored > 0
    assert min(widths) > 300


# ---- the tests ----


def test_make_lab_opens_the_first_notebook_and_it_runs(lab, reader):
    assert urlsplit(lab.page_opened).path == "/lab/tree/notebooks/00_start_here.ipynb"
    window = reader("00_start_here", lab.page_opened)
    assert window.pictures() == [], "the copy still has outputs"
    assert set(window.prompts()) == {"[ ]:"}
    window.run_all()
    assert_all_ran(window)
    toasts = window.page.locator(".Toastify").all_inner_texts()
    assert not any("news" in text for text in toasts)


def test_only_this_computer_and_only_with_the_token(lab):
    assert urlsplit(lab.address).hostname in ("localhost", "127.0.0.1")
    contents = f"{lab.address}/api/contents/notebooks"
    assert len(lab.token) >= 40
    with urllib.request.urlopen(f"{contents}?token={lab.token}", timeout=START) as good:
        assert "03_machinery" in good.read().decode()
    for wrong in ("", f"?token={lab.token[:-1]}"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(contents + wrong, timeout=START)
        assert refused.value.code == 403


@pytest.mark.long
def test_the_sliders_of_the_machinery_move_the_figure(reader):
    window = reader("03_machinery")
    window.run_all()
    assert_all_ran(window, drawn_by_widgets=1)

    evidence, intervals = machinery.evidence(), machinery.intervals()
    low, high = map(float, intervals.loc["life", ["low", "high"]])
    middle = assumptions.base(intervals)

    def sentence(**chosen):
        units = fleet.fleet(evidence, middle.assign(**chosen))[2017].iloc[0]
        return f"{units:,.0f} tractors at work at the end of 2017"

    cell = window.cell("machinery.explorer")
    handles = cell.locator(".noUi-handle")
    assert handles.count() == 4
    window.output(cell, sentence())
    picture = cell.locator(".widget-output img, .jp-OutputArea img").last
    before = picture.get_attribute("src")
    handles.first.focus()
    window.page.keyboard.press("ArrowRight")
    longer = sentence(life=(low + high) / 2 + (high - low) / 20)
    assert longer != sentence()
    assert sentence() not in window.output(cell, longer)
    picture.wait_for()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)")
    assert picture.get_attribute("src") != before


@pytest.mark.long
def test_the_menus_of_the_claims_filter_the_statements(reader):
    window = reader("09_claims")
    window.run_all()
    cell = window.cell("verdicts.explorer")
    menus = cell.locator("select")
    assert menus.count() == 2
    frame = claims.both()
    rows = cell.locator(".jp-OutputArea tbody tr")
    rows.nth(len(frame) - 1).wait_for(state="attached")
    assert rows.count() == len(frame)
    theme = frame["theme"].mode()[0]
    menus.first.select_option(theme)
    wanted = int((frame["theme"] == theme).sum())
    assert 0 < wanted < len(frame)
    rows.nth(wanted).wait_for(state="detached")
    assert rows.count() == wanted


def test_a_notebook_that_was_only_opened_is_not_modified(lab, reader):
    """JupyterLab writes the kernel's version of Python into a notebook it opens.

    The files name one version, so this is promised for a kernel of that version.
    """
    names = ("02_products", "06_corridor")
    paths = [lab.folder / "notebooks" / f"{name}.ipynb" for name in names]
    before = [path.read_bytes() for path in paths]
    stated = {committed(name).metadata.language_info.version for name in names}
    if stated != {platform.python_version()}:
        pytest.skip(f"the notebooks name Python {stated}")
    for name in names:
        window = reader(name)
        window.scroll()
        tab = window.page.locator(".lm-TabBar-tab.lm-mod-current", has_text=name)
        assert "jp-mod-dirty" not in tab.first.get_attribute("class")
    assert [path.read_bytes() for path in paths] == before


@pytest.mark.long
def test_after_a_restart_old_outputs_stay_and_run_all_recovers(reader):
    window = reader("02_products")
    window.scroll()
    assert len(window.pictures()) == committed_pictures("02_products") > 0
    window.choose("Kernel", "Restart Kernel…")
    window.wait_until_idle()
    assert len(window.pictures()) == committed_pictures("02_products")

    early = window.code.nth(open_cells(window.name)[0] - 1)
    early.scroll_into_view_if_needed()
    window.run(early)
    assert "is not defined" in window.output(early, "NameError")
    assert len(window.errors()) == 1
    window.wait_until_idle()
    window.run_all()
    assert_all_ran(window)


@pytest.mark.long
@pytest.mark.skipif(
    AS_ROOT and not shutil.which("setpriv"), reason="root may write everywhere"
)
def test_a_notebook_that_is_read_only_runs_and_says_so(lab, reader):
    path = lab.folder / "notebooks" / f"{READ_ONLY}.ipynb"
    before = path.read_bytes()
    window = reader(READ_ONLY)
    window.panel.get_by_text("notebook is read-only").wait_for()
    window.run_all()
    window.code.locator(".cm-content:visible").last.click()
    window.page.keyboard.press("Control+s")
    window.page.get_by_text('is read-only. Use "Save as…" instead.').wait_for()
    # Nothing is lost: the results are still on the page, and marked as not saved.
    assert_all_ran(window)
    tab = window.page.locator(".lm-TabBar-tab.lm-mod-current", has_text=READ_ONLY)
    assert "jp-mod-dirty" in tab.first.get_attribute("class")
    assert path.read_bytes() == before


def test_the_committed_notebooks_are_not_the_ones_that_ran(lab):
    for name in CLEARED:
        assert committed_pictures(name)
        path = Path("notebooks", f"{name}.ipynb")
        assert not (lab.folder / path).samefile(ROOT / path)


def test_nothing_but_the_server_was_asked(lab):
    """Comes last: it looks at what all the tests above have asked for."""
    assert len(lab.requested) > 100
    schemes = ("data", "blob")
    asked = {
        "{0.scheme}://{0.netloc}".format(urlsplit(url))
        for url in lab.requested
        if urlsplit(url).scheme not in schemes
    }
    assert asked == {lab.address}
