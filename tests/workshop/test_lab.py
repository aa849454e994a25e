"""JupyterLab without make: its settings, its sockets, and the folder of a reader."""

import json
import os
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from nbformat import v4, write

import server
from partnership.cli import main
from partnership.workshop import lab

TRANSPORT = "from ipykernel.kernelapp import IPKernelApp as A\n"
TRANSPORT += "print(A.instance().transport)"


@pytest.fixture
def archive(tmp_path):
    """Function that makes an archive of files, with their texts."""

    def make(files, name="a.zip"):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w") as made:
            for file, text in files.items():
                made.writestr(file, text)
        return path

    return make


@pytest.fixture
def opened(monkeypatch):
    """What JupyterLab would have been opened with, in the place of opening it."""
    calls = []
    monkeypatch.setattr(lab, "open_lab", lambda *given: calls.append(given))
    return calls


def call(*arguments):
    """Run `partnership lab`; give its exit code and output."""
    result = CliRunner().invoke(main, ["lab", *map(str, arguments)])
    return result.exit_code, result.output


# ---- its settings ----


def test_the_first_notebook_stands_in_the_folder_or_in_notebooks(tmp_path):
    assert lab.first(tmp_path) is lab.first(tmp_path / "none") is None
    (tmp_path / "start.ipynb").touch()
    assert lab.first(tmp_path).name == "start.ipynb"
    (tmp_path / "notebooks").mkdir()
    for name in ("01_b", "00_a"):
        (tmp_path / "notebooks" / f"{name}.ipynb").touch()
    assert lab.first(tmp_path) == tmp_path / "notebooks" / "00_a.ipynb"


def test_the_users_settings_are_kept_out_unless_they_are_wanted(tmp_path, monkeypatch):
    theirs = {"JUPYTER_CONFIG_DIR": "mine", "JUPYTER_PATH": "mine", "MPLBACKEND": "agg"}
    for name, value in theirs.items():
        monkeypatch.setenv(name, value)
    made = lab.environment(tmp_path, tmp_path / "run")
    assert made["JUPYTER_RUNTIME_DIR"] == str(tmp_path / "run")
    assert made["JUPYTER_CONFIG_DIR"].startswith(str(tmp_path / ".cache"))
    assert not {"JUPYTER_PATH", "MPLBACKEND", "PARTNERSHIP_UNATTENDED"} & set(made)
    own = lab.environment(tmp_path, tmp_path / "run", own=True)
    assert own["JUPYTER_CONFIG_DIR"] == own["JUPYTER_PATH"] == "mine"
    assert "MPLBACKEND" not in own


@pytest.mark.skipif(os.name == "nt", reason="ipc is not for Windows")
@pytest.mark.parametrize("length", [30, 48, 49, 53, 54, 90])
def test_ipc_is_chosen_only_where_every_socket_has_a_short_path(tmp_path, length):
    runtime = Path("/" + "r" * (length - 1))
    (said,) = [one for one in lab.arguments(tmp_path, runtime) if "transport" in one]
    # "/kernel-", 36 characters of an id and "-ipc-5" follow; 103 is the limit of macOS.
    assert said.endswith("ipc" if length + 8 + 36 + 6 <= 103 else "tcp")


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        ("", "tcp" if os.name == "nt" else "ipc"),
        # no folder with a short path either
        ("import os; os.access = lambda *_: False", "tcp"),
    ],
)
def test_a_long_path_of_temporary_files_does_not_stop_kernels(tmp_path, before, wanted):
    temporary = tmp_path / ("t" * 49)
    temporary.mkdir()
    write(v4.new_notebook(), tmp_path / "a.ipynb")
    named = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    env = os.environ | named | {"MPLBACKEND": "agg"}
    with server.lab(tmp_path, before=before, cwd=tmp_path, env=env) as running:
        assert "a.ipynb" in {one["name"] for one in running.ask("contents")["content"]}
        code = f"{TRANSPORT}\nimport os; print(os.environ.get('MPLBACKEND'))"
        transport, backend = running.execute("a.ipynb", code).split()
    assert transport == wanted and "inline" in backend
    assert not list(temporary.glob("kernels-*")), "its runtime folder is still there"
    said = tmp_path / ".cache/jupyter/config/labconfig/page_config.json"
    assert json.loads(said.read_text())["disabledExtensions"]


# ---- the folder of a reader ----


def test_files_are_copied_and_those_that_were_changed_stay(archive, tmp_path):
    folder = tmp_path / "mine"
    names = ("notebooks/a.ipynb", "notebooks/b.ipynb", "notebooks/c.ipynb")
    old = archive(dict.fromkeys(names, "old") | {"LICENSE": "same"})
    assert lab.unpack(old, folder) == ([*names, "LICENSE"], [])
    assert lab.unpack(old, folder) == ([], [])
    (folder / names[1]).write_text("mine")
    (folder / names[2]).unlink()
    new = archive(dict.fromkeys(names, "new") | {"LICENSE": "same"}, "b.zip")
    copied, left = lab.unpack(new, folder)
    assert (copied, left) == ([names[0], names[2]], [names[1]])
    assert [(folder / name).read_text() for name in names] == ["new", "mine", "new"]
    # It is still the reader's when the archive comes again.
    assert lab.unpack(new, folder) == ([], [names[1]])


def test_a_file_that_was_there_before_any_copy_stays(archive, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.ipynb").write_text("mine")
    made = archive({"class/a.ipynb": "1", "class/b/c.csv": "2"})
    # and the folder that all files of the archive are in is left out
    assert lab.unpack(made, tmp_path / "mine") == (["b/c.csv"], ["a.ipynb"])
    assert (tmp_path / "mine" / "a.ipynb").read_text() == "mine"


@pytest.mark.parametrize("name", ["../a", "b/../../a", "/a", "C:/a", "..\\a", "a:b"])
def test_no_name_leads_out_of_the_folder(archive, tmp_path, name):
    made = archive({"fine": "1", name: "2"})
    with pytest.raises(ValueError, match=r"a\.zip: found .*; allowed is a path below"):
        lab.unpack(made, tmp_path / "deep" / "mine")
    assert not (tmp_path / "deep").exists()


def test_what_is_no_archive_or_too_large_is_refused(archive, tmp_path, monkeypatch):
    (tmp_path / "no.zip").write_text("no")
    with pytest.raises(ValueError, match=r"no\.zip: found no zip file"):
        lab.unpack(tmp_path / "no.zip", tmp_path / "mine")
    monkeypatch.setattr(lab, "LARGEST", 5)
    with pytest.raises(ValueError, match="found 6 bytes; allowed is 5"):
        lab.unpack(archive({"a": "123", "b": "456"}), tmp_path / "mine")


# ---- the command ----


def test_it_opens_the_checkout_that_one_is_in(tmp_path, monkeypatch, opened):
    (tmp_path / "notebooks" / "deep").mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "notebooks" / "a.ipynb").touch()
    monkeypatch.chdir(tmp_path / "notebooks" / "deep")
    assert call("--no-browser", "--own-settings", "--port", "1") == (0, "")
    assert opened == [(tmp_path.resolve(), ("--no-browser", "--port", "1"), True)]


def test_it_opens_the_current_folder_if_it_has_notebooks(tmp_path, monkeypatch, opened):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.ipynb").touch()
    assert call() == (0, "")
    assert opened == [(Path.cwd(), (), False)]


def test_it_copies_from_the_archive_that_lies_here(
    tmp_path, monkeypatch, opened, archive
):
    monkeypatch.chdir(tmp_path)
    code, text = call()
    assert code == 2 and f"{lab.ARCHIVE} is not here; --from FILE says" in text
    archive({"notebooks/a.ipynb": "{}"}, lab.ARCHIVE)
    code, text = call()
    assert code == 0 and "1 files copied" in text
    folder = Path.cwd() / "partnership-notebooks"
    assert opened == [(folder, (), False)] and lab.first(folder).name == "a.ipynb"
    lab.first(folder).write_text("mine")
    code, text = call("partnership-notebooks", "--from", lab.ARCHIVE, "--no-browser")
    assert code == 0 and "you have changed it: notebooks/a.ipynb" in text
    assert opened[1] == (Path("partnership-notebooks"), ("--no-browser",), False)


def test_what_cannot_be_copied_is_one_line(tmp_path, opened):
    code, text = call(tmp_path / "new", "--from", tmp_path / "none.zip")
    assert code == 1 and text.count("\n") == 1 and "none.zip" in text
    assert not opened


def test_without_jupyterlab_it_says_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "a.ipynb").touch()
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    code, text = call(tmp_path)
    assert code == 1 and "pip install 'partnership[lab]'" in text


def test_a_folder_without_notebooks_is_not_opened(tmp_path):
    with pytest.raises(FileNotFoundError, match="found no notebook"):
        lab.open_lab(tmp_path)
    assert tempfile.gettempdir() not in os.environ.get("JUPYTER_RUNTIME_DIR", "")


@pytest.mark.parametrize(
    ("project", "why"),
    [
        ("[project\n", "TOMLDecodeError: Expected ']' at the end"),
        ('[build-system]\nrequires = []\nbuild-backend = "nobody"\n', "nobody"),
    ],
)
def test_a_wheel_that_cannot_be_built_is_one_line(tmp_path, capfd, project, why):
    (tmp_path / "pyproject.toml").write_text(project)
    with pytest.raises(OSError, match="pip could not build the wheel: ") as error:
        next(lab.build(tmp_path, tmp_path / "dist"))
    assert why in str(error.value) and "\n" not in str(error.value)
    assert capfd.readouterr() == ("", "")
