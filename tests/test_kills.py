"""Commands that are killed, that run twice at once, or that cannot write.

A kill point is a step at which a command opens a file to write, or makes, moves or
removes one: there the process kills itself, as `kill -9` would. Whatever the point,
each file is the old one or the new one, git shows nothing else, and the next run does
all the work and leaves nothing behind.
"""

import itertools
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from invented import SOURCES, picture
from partnership import __version__

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="no SIGKILL, and nothing is locked"),
]
DRIVER = """
import os, resource, signal, sys
step, place, limit, *sys.argv[1:] = sys.argv[1:]
count, writes = 0, os.O_WRONLY | os.O_RDWR | os.O_CREAT

def hook(event, args):
    global count
    if event == "open":
        name, _, flags = args
        if not (isinstance(flags, int) and flags & writes):
            return
    elif event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"):
        name = args[0]
    else:
        return
    if isinstance(name, (str, bytes)) and os.fsdecode(name).startswith(place):
        count += 1
        if count == int(step):
            os.kill(os.getpid(), signal.SIGKILL)

from partnership.cli import main
import partnership.site.assemble, partnership.workshop.runner, partnership.pair
import partnership.workshop.classroom, partnership.world
import tempfile
tempfile.gettempdir()  # looks for a folder once, with a file of its own
sys.addaudithook(hook)
if int(limit):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit),) * 2)
try:
    main()
finally:
    print(count, file=sys.stderr)
"""
COMMANDS = {
    "run": ["run", "01_a"],
    "refresh": ["check", "--refresh"],
    "site": ["site"],
    "new-pair": ["new-pair", "KAZ", "UZB", "pair"],
    "class": ["class", "class"],
    "world": ["world", "rca", "flows.csv", "--out", "rca.csv"],
}
PROJECT = f"""
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "partnership"
version = "{__version__}"
requires-python = ">=3.11"
[tool.hatch.build.targets.wheel]
only-include = ["README.md"]
"""
POINTS, SAMPLE = 10, {("run", 0), ("refresh", 1), ("class", 3)}


def pytest_generate_tests(metafunc):
    """Ten points for each command, of which a few are tried each time."""
    if "point" not in metafunc.fixturenames:
        return
    all_of_them = itertools.product(COMMANDS, range(POINTS))
    marks = {True: [], False: [pytest.mark.long]}
    cases = [pytest.param(*one, marks=marks[one in SAMPLE]) for one in all_of_them]
    metafunc.parametrize(("command", "point"), cases)


@pytest.fixture
def place(monkeypatch):
    """A folder with a short path, where sockets have room, for this test alone."""
    with tempfile.TemporaryDirectory(prefix="k") as made:
        folder = Path(made).resolve()
        (folder / "tmp").mkdir()
        monkeypatch.setenv("TMPDIR", str(folder / "tmp"))
        monkeypatch.delenv("MPLBACKEND", raising=False)
        yield folder


@pytest.fixture
def root(package, place):
    """A small checkout in which every command finds something to do."""
    root = place / "checkout"
    shutil.copytree(package(sources=SOURCES).path, root / "data")
    about = root / "data" / "datapackage.json"
    found = json.loads(about.read_text())
    for one in found["resources"]:  # they name sources of the project's own
        for key in ("source_id", "view", "hash"):
            one.pop(key, None)
    about.write_text(json.dumps(found))
    flows = "".join(f"AAA,BBB,{n},2016,5\n" for n in range(10, 20))
    header = "exporter,importer,product,year,value\n"
    (root / "flows.csv").write_text(header + flows)
    (root / "notebooks").mkdir()
    (root / "pyproject.toml").write_text(PROJECT)
    marks = "<!-- {0}:start -->\n<!-- {0}:end -->\n"
    readme = "# Two\n\nOf AAA.\n\n" + "\n".join(
        map(marks.format, ("badges", "notebooks"))
    )
    (root / "README.md").write_text(readme)
    (root / "notebooks" / "headline.png").write_bytes(b"old")
    cells = [
        v4.new_markdown_cell("# A\n\n**Question.** Is it so?"),
        v4.new_code_cell("a = 1", outputs=[picture(title="A", alt="A", sources=["a"])]),
        v4.new_markdown_cell("**Answer.** It is so."),
        v4.new_code_cell("a + 1;"),
    ]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    nbformat.write(v4.new_notebook(cells=cells), root / "notebooks" / "01_a.ipynb")
    return root


def start(root, command, step=0, limit=0):
    """Start a command that kills itself at a step, or whose files have a limit."""
    (root.parent / "driver.py").write_text(DRIVER)
    given = [str(step), str(root.parent), str(limit), *COMMANDS[command]]
    return subprocess.Popen(
        [sys.executable, str(root.parent / "driver.py"), *given],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def done(process):
    """Exit code of a command, and what it said as an error."""
    _, said = process.communicate(timeout=300)
    return process.returncode, said


def files(folder):
    """What each file of a folder holds, caches aside, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".cache" not in path.parts
    }


def left(place):
    """What is left behind."""
    made = [*place.rglob(".partnership-*"), *(place / "tmp").iterdir()]
    names = {path.name for path in place.rglob("*") if path.name.startswith(".")}
    assert names <= {".cache", ".partnership-site", *(path.name for path in made)}
    return [path for path in made if path.name != ".partnership-site"]


def ends_well(root, command):
    """Whether the command did its work."""
    code, said = done(start(root, command))
    # `check` finds faults in a checkout as small as this one.
    assert code == 0 or (command == "refresh" and "faults" in said), said
    return said


REFERENCE = {}
"""By command: its number of steps, and what the files are after it."""


def undisturbed(root, command):
    """The reference of a command, made once in a copy of the checkout."""
    if command not in REFERENCE:
        twin = root.parent / "twin" / "checkout"
        shutil.copytree(root, twin)
        steps = int(ends_well(twin, command).split()[-1])
        REFERENCE[command] = steps, files(twin)
        shutil.rmtree(twin.parent)
    return REFERENCE[command]


def drawn(command, point, steps):
    """A step drawn with a seed, every second one near the ends, where folders move."""
    ends = [*range(1, 6), *range(steps - 5, steps + 1)]
    among = ends if point % 2 and steps > 10 else range(1, steps + 1)
    return random.Random(f"{command} {point}").choice(among)


def test_a_kill_breaks_nothing_and_leaves_nothing(root, command, point):
    steps, after = undisturbed(root, command)
    if command in ("site", "class") and point % 3 == 0:  # there is an older one
        (root / "LICENSE").write_text("old")
        ends_well(root, command)
        (root / "LICENSE").unlink()
    before = files(root)
    assert steps > 2 and before != after and not left(root.parent)
    step = drawn(command, point, steps)
    code, said = done(start(root, command, step))
    assert code == -9, said
    for name, content in files(root).items():
        drafted = re.search(r"(^|/)\.partnership-\w+\.draft/", name)
        assert drafted or content in (before.get(name), after.get(name)), (step, name)
    if (root / "pair").exists():  # a new pair is never written over another
        assert "a new or an empty folder" in done(start(root, command))[1]
    else:
        ends_well(root, command)
    assert files(root) == after, step
    assert left(root.parent) == [], step


@pytest.mark.parametrize(
    "command", ["run", "class", pytest.param("site", marks=pytest.mark.long)]
)
def test_two_at_once(root, command):
    both = [start(root, command) for _ in range(2)]
    assert [done(one)[0] for one in both] == [0, 0]
    together = files(root)
    ends_well(root, command)
    assert files(root) == together and not left(root.parent)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_cannot_be_written_is_one_line(root, command):
    before = files(root)
    code, said = done(start(root, command, limit=100))
    errors = [line for line in said.splitlines() if line.startswith("Error: ")]
    assert code == 1 and len(errors) == 1 and "File too large" in errors[0], said
    assert "Traceback" not in said and str(root.parent) + "/tmp/." not in said
    assert files(root) == before and left(root.parent) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_that_cannot_be_written_is_one_line(root, command):
    before = files(root)
    folders = [root, *filter(Path.is_dir, root.rglob("*"))]
    for folder in folders:
        folder.chmod(0o555)
    try:
        if os.access(root, os.W_OK):
            pytest.skip("root writes anywhere")
        code, said = done(start(root, command))
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert code == 1 and len(re.findall("^Error: .*Permission denied", said, re.M)) == 1
    assert "Traceback" not in said
    assert files(root) == before and left(root.parent) == []


@pytest.mark.parametrize("given", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("name", ["world.py 1", "bench.py site"])
def test_a_measurement_that_is_ended_leaves_no_folder(place, name, given):
    name, part = name.split()
    script = str(Path(__file__).parent / "benchmarks" / name)
    running = subprocess.Popen([sys.executable, script, part], stderr=subprocess.PIPE)
    until = time.monotonic() + 60
    while not any((place / "tmp").glob("tmp*")) and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.2)  # until it is at work in the folder
    running.send_signal(given)
    assert running.wait(60) != 0 and time.monotonic() < until
    assert list((place / "tmp").iterdir()) == []
