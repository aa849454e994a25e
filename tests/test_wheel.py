"""The package as others get it: built, installed elsewhere, and working there."""

import io
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

import pandas as pd
import pytest

import server
from partnership.workshop import lab

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("data", "notebooks", "src", "tests")
SKIPPED = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.pyc")


def build(folder, kind, target):
    """Build a wheel or an sdist of a folder; return the file."""
    command = ["-m", "build", f"--{kind}", "--no-isolation", "--outdir", str(target)]
    # What is being tested is the folder's own state, not this run's settings.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, *command, str(folder)],
        capture_output=True,
        text=True,
        env=env,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = target.iterdir()
    return built


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """Copy what a wheel is made from, with what must not get into it."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=SKIPPED)
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    cache = folder / "src" / "partnership" / "__pycache__"
    cache.mkdir()
    (cache / "data.cpython-311.pyc").touch()
    return folder


@pytest.fixture(scope="module")
def made(checkout, tmp_path_factory):
    """The wheel and the archive of notebooks, as `partnership wheel` makes them."""
    (checkout / "notebooks" / ".hidden").mkdir()
    (checkout / "notebooks" / ".hidden" / "a.ipynb").touch()
    return list(lab.build(checkout, tmp_path_factory.mktemp("dist")))


@pytest.fixture(scope="module")
def wheel(made):
    return made[0]


@pytest.fixture(scope="module")
def sdist(checkout, tmp_path_factory):
    return build(checkout, "sdist", tmp_path_factory.mktemp("sdist"))


def files_below(folder):
    """Paths of all files of a folder, caches aside, with slashes."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not {"__pycache__"} & set(path.parts)
    }


def names_in(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return [name for name in archive.namelist() if not name.endswith("/")]


def test_the_wheel_holds_the_package_the_data_and_nothing_else(wheel):
    names = names_in(wheel)
    assert len(names) == len(set(names))
    code = {f"partnership/{name}" for name in files_below(ROOT / "src" / "partnership")}
    data = {f"partnership/_data/{name}" for name in files_below(ROOT / "data")}
    assert "partnership/_data/datapackage.json" in data
    rest = {name for name in names if ".dist-info/" not in name}
    assert rest == code | data
    with zipfile.ZipFile(wheel) as archive:
        for name in data:
            path = ROOT / "data" / name.removeprefix("partnership/_data/")
            assert archive.read(name) == path.read_bytes()


def test_wheel_and_archive_are_small_and_hold_together_what_a_reader_needs(made):
    assert all(path.stat().st_size < 10_000_000 for path in made)
    assert made[1].name == lab.ARCHIVE
    notebooks = {f"notebooks/{name}" for name in files_below(ROOT / "notebooks")}
    notebooks = {name for name in notebooks if "/." not in name}
    assert "notebooks/exercises/01_trade.ipynb" in notebooks
    wanted = notebooks | {"CITATION.cff", "LICENSE", "LICENSE-DATA"}
    assert set(names_in(made[1])) == wanted


def test_the_metadata_say_what_it_is_and_hold_both_licences(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (folder,) = {n.split("/")[0] for n in archive.namelist() if "dist-info" in n}
        text = archive.read(f"{folder}/METADATA").decode()
        for name in ("LICENSE", "LICENSE-DATA"):
            held = archive.read(f"{folder}/licenses/{name}")
            assert held == (ROOT / name).read_bytes()
        scripts = archive.read(f"{folder}/entry_points.txt").decode()
    metadata = Parser().parsestr(text)
    assert metadata["License-Expression"] == "MIT AND CC-BY-4.0"
    assert metadata.get_all("License-File") == ["LICENSE", "LICENSE-DATA"]
    assert metadata["Requires-Python"] == ">=3.11"
    assert {"lab", "site", "test"} <= set(metadata.get_all("Provides-Extra"))
    assert "partnership = partnership.cli:main" in scripts


@pytest.mark.long
def test_the_sdist_builds_the_same_wheel(sdist, wheel, tmp_path):
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()
    assert not list(folder.rglob("*.pyc"))
    again = build(folder, "wheel", tmp_path / "wheel")
    assert sorted(names_in(again)) == sorted(names_in(wheel))


# ---- installed elsewhere ----


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Install the wheel in an environment of its own; return the environment's folder.

    There is no network, so it borrows pandas and the like from the environment that
    runs the tests. Its own packages come first, and the checkout is not on its path.
    """
    folder = tmp_path_factory.mktemp("elsewhere") / "env"
    venv.create(folder, with_pip=False)
    own = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    lent = Path(sysconfig.get_path("purelib"))
    # A plain line of a .pth file runs no .pth files there: an editable install of the
    # checkout, which is one, has no effect.
    (own / "lent.pth").write_text(f"{lent}\n")
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python"]
    command += [str(python(folder)), "install", "--quiet", "--no-deps", "--no-index"]
    done = subprocess.run([*command, str(wheel)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


def python(environment):
    """Path of the Python of an environment."""
    scripts = sysconfig.get_path("scripts", vars={"base": str(environment)})
    return Path(scripts) / ("python.exe" if os.name == "nt" else "python")


@pytest.fixture
def run(installed, tmp_path):
    """Run a program of the environment, far from the checkout; give what it prints."""

    def run(program, *arguments):
        env = server.without_path() | {"PYTHONIOENCODING": "utf-8"}
        command = [str(python(installed).with_name(program)), *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_the_package_that_is_imported_is_the_installed_one(run, installed):
    found = run("python", "-c", "import partnership as p; print(p.__file__)")
    assert Path(found.strip()).resolve().is_relative_to(installed.resolve())
    found = run(
        "python",
        "-c",
        "import partnership as p; print(p.evidence.package.default().path)",
    )
    assert Path(found.strip()).resolve().is_relative_to(installed.resolve())


def test_a_series_is_there(run):
    shown = "import partnership as p; print(p.series('goods_turnover'))"
    years = [line.split()[:1] for line in run("python", "-c", shown).splitlines()]
    assert ["2013"] in years and ["2016"] in years
    told = "import partnership as p; s = p.series('goods_turnover')"
    values = run("python", "-c", f"{told}; print(*s.loc[['2013', '2016'], 'value'])")
    assert values.split() == ["319.0", "120.6"]


def test_the_command_works(run):
    table = run("partnership", "table", "trade")
    written, held = (
        pd.read_csv(file, dtype={"value": float}, keep_default_na=False)
        for file in (io.StringIO(table), ROOT / "data" / "trade.csv")
    )
    assert list(written["observation_id"]) == list(held["observation_id"])
    assert list(written["value"]) == list(held["value"])
    assert "azernews.az" in run("partnership", "cite", "trade-azernews-2017")
    assert run("partnership", "sources", "Garlyk")
    assert "c28" in run("partnership", "claims")


def test_a_lent_package_is_not_its_own(run, installed):
    """The environment would not find the project without the wheel."""
    code = "import pandas, importlib.metadata as m; print(pandas.__file__)"
    found = Path(run("python", "-c", code).strip()).resolve()
    assert not found.is_relative_to(installed.resolve())


def test_without_a_checkout_the_notebooks_open_and_run_with_it(
    installed, made, tmp_path
):
    mine = tmp_path / "mine"
    settings = {"cwd": tmp_path, "env": server.without_path()}
    with server.lab(
        mine, "--from", made[1], python=python(installed), **settings
    ) as run:
        first = "notebooks/00_start_here.ipynb"
        assert run.ask(f"contents/{first}")["type"] == "notebook"
        code = "import os, partnership as p\nprint(p.__file__)\nprint(os.getcwd())"
        code += "\nprint(p.series('goods_turnover').value['2016'])"
        package, folder, value = run.execute(first, code).splitlines()
    assert Path(package).is_relative_to(installed) and value == "120.6"
    assert Path(folder) == mine / "notebooks"
    assert (
        "files copied from partnership-notebooks" in (tmp_path / "log.txt").read_text()
    )
    assert files_below(mine / "notebooks") == files_below(ROOT / "notebooks")
