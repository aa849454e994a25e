"""The project's own files: they are there, agree with each other, and travel."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement

import partnership
from partnership.workshop import generated

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-site.txt", "requirements-test.txt")
SPARK = "requirements-spark.txt"
# Where the packages of conda-forge have another name than those of PyPI.
CONDA_NAMES = {"matplotlib": "matplotlib-base"}


def read(name):
    """Return the text of a file of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


PYPROJECT = tomllib.loads(read("pyproject.toml"))
PROJECT = PYPROJECT["project"]
EXTRAS = PROJECT["optional-dependencies"]
BUILD = PYPROJECT["build-system"]["requires"]
READERS = PROJECT["dependencies"] + EXTRAS["lab"] + BUILD
WORKFLOW = ".github/workflows/ci.yml"


def bounds(requirements):
    """Map the names of requirements to their version bounds."""
    parsed = map(Requirement, requirements)
    return {r.name.lower().replace("_", "-"): r.specifier for r in parsed}


def locked(name):
    """Return the entries of a lock: a list of (requirement, hashes)."""
    text = re.sub(r" *#.*", "", read(name)).replace("\\\n", " ")
    entries = []
    for line in filter(str.strip, text.splitlines()):
        requirement, *hashes = line.split("--hash=")
        entries.append((Requirement(requirement.strip()), [h.strip() for h in hashes]))
    return entries


def project_files():
    """Return the files that are, or would be, under version control."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        command = [
            "git",
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        names = listed.stdout.decode().split("\0")
        return [ROOT / name for name in names if name and (ROOT / name).is_file()]
    folders = ("data", "notebooks", "src", "tests", ".ci")
    found = [p for folder in folders for p in (ROOT / folder).rglob("*")]
    found += list(ROOT.glob("*"))
    return [p for p in found if p.is_file() and "__pycache__" not in p.parts]


@pytest.mark.parametrize(
    "name",
    [
        *("notebooks", "data", "src", "tests", "environment.yml", "README.md"),
        *("pyproject.toml", "Makefile", *LOCKS, SPARK, "CITATION.cff", "CHANGELOG.md"),
        *(
            ".github/workflows/ci.yml",
            ".github/dependabot.yml",
            "CONTRIBUTING.md",
            "LICENSE",
            "LICENSE-DATA",
            ".gitignore",
            ".ci/run",
        ),
    ],
)
def test_the_usual_files_are_there(name):
    assert (ROOT / name).exists()


# ---- packages ----


def test_the_core_is_pandas_and_matplotlib():
    assert set(bounds(PROJECT["dependencies"])) == {"pandas", "matplotlib"}


def conda():
    """Return the packages of environment.yml for conda, and the lines for pip."""
    *packages, pip = yaml.safe_load(read("environment.yml"))["dependencies"]
    assert list(pip) == ["pip"]
    return packages, pip["pip"]


def test_conda_gets_the_same_packages_and_bounds():
    python, pip, *packages = conda()[0]
    assert pip == "pip"
    version = python.removeprefix("python=")
    assert f"Programming Language :: Python :: {version}" in PROJECT["classifiers"]
    *by_pip, project = conda()[1]
    assert project == "-e ."
    wanted = bounds(PROJECT["dependencies"] + EXTRAS["lab"])
    wanted = {CONDA_NAMES.get(name, name): bound for name, bound in wanted.items()}
    assert bounds(packages + by_pip) == wanted
    assert len(packages + by_pip) == len(wanted), "a package stands there twice"


def test_binder_builds_what_is_meant():
    """The rules of repo2docker, as far as its documentation and code state them."""
    environment = yaml.safe_load(read("environment.yml"))
    assert environment["name"] == PROJECT["name"]
    # More keys, such as a prefix, belong to one computer.
    assert set(environment) == {"name", "channels", "dependencies"}
    # It reads the version of Python with this pattern; otherwise it takes its own.
    (python,) = [line for line in conda()[0] if line.startswith("python")]
    assert re.fullmatch(r"python\s*=+\s*([0-9]+\.[0-9]+)", python)
    # With a local line for pip, it copies the repository before it installs.
    assert conda()[1][-1] == "-e ."
    # These come before environment.yml or run beside it.
    others = [
        "binder",
        ".binder",
        "Dockerfile",
        "Project.toml",
        "REQUIRE",
        "DESCRIPTION",
    ]
    others += [
        "default.nix",
        "install.R",
        "runtime.txt",
        "apt.txt",
        "postBuild",
        "start",
    ]
    assert not [name for name in others if (ROOT / name).exists()]


def test_the_build_backend_is_in_the_locks():
    groups = {"build": BUILD, "spark": EXTRAS["spark"]}
    assert PYPROJECT["dependency-groups"] == groups
    assert set(bounds(BUILD)) <= {r.name for r, _ in locked("requirements.txt")}


@pytest.mark.parametrize("name", [*LOCKS, SPARK])
def test_a_lock_has_hashes_everywhere_and_no_address(name):
    text = read(name)
    assert "://" not in text
    assert "index" not in re.sub(r"#.*|^[a-z0-9-]+==\S+", "", text, flags=re.M)
    assert not re.search(r"^\s*-(?!-hash=)", text, flags=re.M)
    entries = locked(name)
    assert len(entries) > (1 if name == SPARK else 50)
    for requirement, hashes in entries:
        (pin,) = requirement.specifier
        assert pin.operator == "==" and requirement.url is None
        assert hashes, f"{requirement.name} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", h) for h in hashes)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (LOCKS[0], READERS),
        (LOCKS[1], READERS + EXTRAS["site"]),
        (LOCKS[2], READERS + EXTRAS["site"] + EXTRAS["test"] + EXTRAS["world"]),
        (SPARK, EXTRAS["spark"]),
    ],
)
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_every_dependency_is_locked_within_its_bounds(name, wanted, python):
    environment = default_environment() | {
        "python_version": python,
        "python_full_version": python + ".0",
    }
    pins = {
        requirement.name: next(iter(requirement.specifier)).version
        for requirement, _ in locked(name)
        if requirement.marker is None or requirement.marker.evaluate(environment)
    }
    for package, bound in bounds(wanted).items():
        assert package in pins, f"{package} is not locked: make lock"
        assert pins[package] in bound, f"{package} {pins[package]}: make lock"


def test_readers_and_tests_get_the_same_versions():
    # A marker may differ: the tests may need everywhere what readers need on Windows.
    pins = [{(r.name, str(r.specifier)) for r, _ in locked(name)} for name in LOCKS]
    lab, site, test = pins
    assert lab < site < test


def test_readers_do_not_get_what_the_site_alone_needs():
    names = {requirement.name for requirement, _ in locked(LOCKS[0])}
    assert not names & {"sphinx", "mkdocs", "sphinx-revealjs", "latex2mathml"}


def test_new_versions_of_packages_and_actions_are_looked_for():
    settings = yaml.safe_load(read(".github/dependabot.yml"))
    assert settings["version"] == 2
    found = {one["package-ecosystem"]: one for one in settings["updates"]}
    assert set(found) == {"pip", "github-actions"}
    for one in found.values():
        assert one["directory"] == "/" and one["schedule"]["interval"] == "monthly"
        # one request for all, since the locks have to agree
        assert [group["patterns"] for group in one["groups"].values()] == [["*"]]


# ---- the workflow ----


def workflow():
    """Return the jobs of the workflow."""
    return yaml.safe_load(read(WORKFLOW))["jobs"]


def commands(text):
    """Return the commands that a text runs with Python, without what varies."""
    found = re.findall(r"(?:\$\(PY\)|\$\(PIP\)|python) (?:-m )?(.*)", text)
    text = "\n".join(found).replace("$(TEST_ARGS)", "").replace("$(1)", LOCKS[2])
    text = re.sub(r"^pip install ", "", text, flags=re.M)
    return {" ".join(line.split()) for line in text.splitlines()}


def test_the_workflow_does_on_windows_what_make_does():
    steps = workflow()["test"]["steps"]
    windows = [s for s in steps if "Windows" in s["name" if "name" in s else "uses"]]
    by_hand = commands("\n".join(step["run"] for step in windows if "run" in step))
    made = r"^(?:test: .*|define install)\n((?:[\t@].*\n)+)"
    made = commands("".join(re.findall(made, read("Makefile"), flags=re.M)))
    assert len(made) == 3 and "partnership.cli test" in made
    assert by_hand - {"venv .venv"} == made


def test_the_workflow_tests_three_systems_and_both_ends_of_python():
    job = workflow()["test"]
    matrix = job["strategy"]["matrix"]
    assert {os.split("-")[0] for os in matrix["os"]} == {"ubuntu", "macos", "windows"}
    assert all(
        f"Programming Language :: Python :: {version}" in PROJECT["classifiers"]
        for version in matrix["python"]
    )
    assert f">={matrix['python'][0]}" == PROJECT["requires-python"]
    (step,) = [s for s in job["steps"] if s.get("run", "").startswith("make test")]
    assert step["if"] == "runner.os != 'Windows'"


def test_the_workflow_publishes_from_the_main_branch_with_few_rights():
    whole = yaml.safe_load(read(WORKFLOW))
    assert whole["permissions"] == {"contents": "read"}
    job = workflow()["site"]
    assert f"refs/heads/{generated.BRANCH}" in job["if"] and job["needs"] == "test"
    rights = {"contents": "read", "pages": "write", "id-token": "write"}
    assert job["permissions"] == rights
    assert [s["run"] for s in job["steps"] if "run" in s] == ["make site PYTHON=python"]
    used = [step["uses"] for step in job["steps"] if "uses" in step]
    pages = ("configure-pages", "upload-pages-artifact", "deploy-pages")
    assert [name.split("@")[0] for name in used[-3:]] == [f"actions/{n}" for n in pages]
    (cache,) = [s["with"] for s in job["steps"] if "cache" in s.get("with", {})]
    assert cache["cache-dependency-path"] == LOCKS[1]


def test_the_workflow_uses_given_versions_of_actions_by_one_maker():
    used = [
        s["uses"] for job in workflow().values() for s in job["steps"] if "uses" in s
    ]
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@v[0-9]+", name) for name in used)


def test_the_badge_names_the_workflow():
    assert f'/{Path(WORKFLOW).name}"' in read("src/partnership/workshop/generated.py")


# ---- files that others read ----


def test_the_version_is_one():
    citation = yaml.safe_load(read("CITATION.cff"))
    (latest, *_) = re.findall(r"^## \[(\d\S*)\]", read("CHANGELOG.md"), flags=re.M)
    assert citation["version"] == partnership.__version__ == latest


def test_the_citation_has_what_its_format_requires():
    citation = yaml.safe_load(read("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["message"] and citation["title"]
    (author,) = citation["authors"]
    assert set(author) == {"name"}, "the contributors are one entity"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(citation["date-released"]))


@pytest.mark.skipif(not shutil.which("make"), reason="needs make")
def test_make_help_lists_every_target():
    makefile = read("Makefile").replace("\\\n", " ")
    phony = re.search(r"^\.PHONY:(.*)$", makefile, flags=re.M)[1].split()
    targets = re.findall(r"^([a-z][a-z-]*):(?!=)", makefile, flags=re.M)
    assert sorted(phony) == sorted(targets)
    command = ["make", "--no-print-directory"]
    shown = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert re.findall(r"^  ([a-z-]+) ", shown, flags=re.M) == targets


def test_no_file_holds_a_path_of_some_computer():
    # "me" stands for anybody, in examples
    home = r"(?:home|Users)/(?!me/)[A-Za-z][\w.-]*"
    places = re.compile(rf"(?<![\w.:/~<-])/(?:{home}|root|work)/|[A-Z]:\\Users\\")
    found = []
    for path in project_files():
        # pictures and fonts are not text
        text = path.read_bytes().decode("utf-8", errors="ignore")
        if path != Path(__file__):
            found += [
                f"{path.relative_to(ROOT)}: {m[0]}" for m in places.finditer(text)
            ]
    assert not found


def test_the_readme_counts_right():
    text = " ".join(read("README.md").split())
    figures, events, visits, agreements, claims = re.search(
        r"some ([\d,]+) figures.*?(\d+) events, (\d+) visits, (\d+) agreements; "
        r"the report's (\d+) statements",
        text,
    ).groups()
    size = {table: len(partnership.load(table)) for table in partnership.tables()}
    assert int(events) == size["events"] and int(visits) == size["visits"]
    assert int(agreements) == size["agreements"] and int(claims) == size["claims"]
    statements = partnership.evidence.package.default().observation_tables()
    told = sum(size[table] for table in statements)
    assert int(figures.replace(",", "")) == round(told / 50) * 50


def test_the_readme_says_what_has_never_been_run():
    text = read("README.md").split("## What is tested")[1].split("\n## ")[0]
    for place in ("macOS", "Windows", "Binder", "Colab", "conda", "GitHub Pages"):
        assert f"**{place}**" in text


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_the_ci_script_is_sound():
    subprocess.run(["bash", "-n", ".ci/run"], cwd=ROOT, check=True)
    assert "set -euo pipefail" in read(".ci/run")


def test_importing_the_package_is_light():
    """Pandas alone comes along; what is heavier waits until it is used."""
    heavy = "matplotlib scipy pyfixest statsmodels geographiclib IPython nbformat click"
    code = (
        "import sys, partnership\n"
        f"print([name for name in {heavy.split()!r} if name in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
