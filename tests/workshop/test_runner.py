"""The rerunning of notebooks: results, failures, and files left whole."""

import errno
import itertools
import json
import os
import platform
import tempfile
import time
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from partnership.cli import main
from partnership.workshop import kernels, rules, runner


@pytest.fixture
def root(tmp_path):
    """Make an empty checkout."""
    root = tmp_path.resolve()
    (root / "notebooks").mkdir()
    (root / "pyproject.toml").touch()
    return root


def notebook(root, name, *sources):
    """Write a notebook with a heading and these code cells."""
    cells = [new_markdown_cell("# A title"), *map(new_code_cell, sources)]
    path = root / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(exist_ok=True)
    nbformat.write(new_notebook(cells=cells), path)
    return path


def outputs(path):
    """Return the text outputs of a notebook, one string a code cell."""
    cells = runner.code_cells(nbformat.read(path, as_version=4))
    return [
        "".join(o.get("text") or o.data["text/plain"] for o in cell.outputs)
        for cell in cells
    ]


def test_a_run_writes_outputs_and_a_rerun_changes_nothing(root):
    path = notebook(root, "a", "x = 2\nprint('a')", "", "print('b')\nx + 1")
    ids = [cell.id for cell in nbformat.read(path, as_version=4).cells]
    assert runner.run_notebooks([path], root) == [True]
    result = nbformat.read(path, as_version=4)
    assert outputs(path) == ["a\n", "b\n3"]
    assert [c.execution_count for c in runner.code_cells(result)] == [1, 2]
    assert [cell.id for cell in result.cells] == ids
    assert result.metadata.kernelspec == runner.KERNELSPEC
    assert result.metadata.language_info.version == platform.python_version()
    assert all(not cell.metadata for cell in result.cells)

    before = path.read_bytes(), path.stat().st_mtime_ns
    assert before[0].endswith(b"}\n") and b"\r" not in before[0]
    assert runner.run_notebooks([path], root) == [False]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_kernels_talk_over_ipc_in_the_notebooks_folder_and_draw_inline(
    root, monkeypatch
):
    monkeypatch.setenv("MPLBACKEND", "agg")
    path = notebook(
        root,
        "a",
        "import os, sys; from pathlib import Path\n"
        "from ipykernel.kernelapp import IPKernelApp\n"
        "IPKernelApp.instance().transport, Path.cwd().name",
        "'inline' in os.environ['MPLBACKEND'], os.environ['IPYTHONDIR'][-14:]",
        f"sys.executable == {runner.sys.executable!r}",
    )
    runner.run_notebooks([path], root)
    transport = "tcp" if os.name == "nt" else "ipc"
    assert outputs(path) == [
        f"('{transport}', 'notebooks')",
        f"(True, '{os.path.join('.cache', 'ipython')}')",
        "True",
    ]


def test_metadata_that_is_ours_stays_and_what_editors_leave_goes(root):
    path = notebook(root, "a", "1")
    made = nbformat.read(path, as_version=4)
    ours = {"jupyter": {"source_hidden": True}, "tags": ["a"], "reason": "b"}
    theirs = {"execution": {}, "papermill": {}, "vscode": {"languageId": "python"}}
    made.cells[1].metadata.update(ours | theirs)
    made.metadata.update(
        colab={"provenance": []},
        kernelspec={"name": "python3", "display_name": "mine"},
        language_info={"name": "python", "version": "3.99.1"},
        vscode={"interpreter": {}},
    )
    nbformat.write(made, path)
    assert runner.run_notebooks([path], root) == [True]
    result = nbformat.read(path, as_version=4)
    assert result.cells[1].metadata == ours
    assert set(result.metadata) == {"kernelspec", "language_info"}
    # The version was written once; another Python does not change it.
    assert result.metadata.language_info.version == "3.99.1"
    assert runner.run_notebooks([path], root) == [False]


def test_what_colab_saves_gets_the_present_form_and_its_ids_back(root):
    path = notebook(root, "a", "1")
    made = json.loads(path.read_text("utf-8"))
    ids = [cell.pop("id") for cell in made["cells"]]
    made["nbformat_minor"] = 0
    made["cells"][1]["metadata"] = {"id": ids[1], "outputId": "x", "colab": {}}
    path.write_text(json.dumps(made), encoding="utf-8")
    assert runner.run_notebooks([path], root) == [True]
    result = nbformat.read(path, as_version=4)
    assert result.nbformat_minor == 5
    assert [cell.id for cell in result.cells] == ["cell-1", ids[1]]
    assert all(not cell.metadata for cell in result.cells)
    assert runner.run_notebooks([path], root) == [False]


def test_a_notebook_that_is_a_link_stays_one(root):
    path = notebook(root, "a", "1")
    link = root / "notebooks" / "b.ipynb"
    try:
        link.symlink_to(path)
    except OSError:
        pytest.skip("no links here")
    assert runner.run_notebooks([link], root) == [True]
    assert link.is_symlink() and outputs(path) == ["1"]


def test_a_long_path_of_temporary_files_is_no_hindrance(root, monkeypatch):
    path = notebook(
        root,
        "a",
        "from ipykernel.kernelapp import IPKernelApp\nIPKernelApp.instance().transport",
    )
    long = root / ("t" * 90)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    runner.run_notebooks([path], root)
    assert outputs(path) == ["'ipc'" if os.name != "nt" else "'tcp'"]
    # no folder with a short path
    monkeypatch.setattr(os, "access", lambda folder, _: folder != "/tmp")
    runner.run_notebooks([path], root)
    assert outputs(path) == ["'tcp'"]
    assert not list(long.iterdir())


def test_as_many_kernels_start_as_work(root):
    """Kernels wait for a slot, not for the end of those before."""
    # The clock of processes may go wrong by a second, that of files does not.
    born = "import os, time; from ipykernel import get_connection_file\n"
    born += "print(os.path.getmtime(get_connection_file()))\n"
    sources = [
        f"{born}time.sleep({pause}); print(time.time())" for pause in (4, 4, 0, 0)
    ]
    paths = [notebook(root, f"n{n}", source) for n, source in enumerate(sources)]
    runner.run_notebooks(paths, root, jobs=2)
    times = [[float(one) for one in outputs(path)[0].split()] for path in paths]
    freed = min(ended for _, ended in times[:2])
    assert all(started < freed < ran for started, ran in times[2:])


def test_an_error_names_notebook_cell_and_line_and_leaves_the_file(root):
    path = notebook(root, "b", "x = 0", "", "y = 1\nprint(y / x)", "never")
    before = path.read_bytes()
    with pytest.raises(runner.NotebookError) as caught:
        runner.run_notebooks([path], root)
    assert str(caught.value) == (
        "b.ipynb, code cell [2]: ZeroDivisionError: division by zero\n    print(y / x)"
    )
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == ["b.ipynb"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import os; os._exit(3)", "the kernel died"),
        ("import time; time.sleep(60)", "ran longer than 1 seconds"),
        ("raise KeyError", "KeyError"),
        ("for", "SyntaxError: invalid syntax (line 1)"),
    ],
)
def test_other_ways_to_fail(root, source, reason):
    path = notebook(root, "c", "1", source)
    with pytest.raises(runner.NotebookError) as caught:
        runner.run_notebooks([path], root, timeout=1)
    assert (caught.value.cell, caught.value.reason) == (2, reason)


def test_a_failure_stops_the_others_and_keeps_what_was_finished(root):
    first = notebook(root, "a", "1")
    failing = notebook(root, "b", "raise ValueError('no')")
    slow = notebook(root, "c", "import time; time.sleep(60)")
    last = notebook(root, "d", "1")
    unrun = [path.read_bytes() for path in (failing, slow, last)]
    with pytest.raises(runner.NotebookError, match=r"^b\.ipynb, code cell \[1\]"):
        runner.run_notebooks([first, failing, slow, last], root, jobs=1)
    with pytest.raises(runner.NotebookError, match=r"^b\.ipynb, code cell \[1\]"):
        runner.run_notebooks([slow, failing, last], root, jobs=2)
    assert outputs(first) == ["1"]
    assert [path.read_bytes() for path in (failing, slow, last)] == unrun


def test_notebooks_run_at_the_same_time_and_report_in_the_order_given(root):
    # Each waits until the other has begun: one after the other, neither would end.
    wait = (
        "import time; from pathlib import Path\n"
        "Path('{0}').touch()\n"
        "while not Path('{1}').exists(): time.sleep(0.02)\n"
        "time.sleep({2})"
    )
    slow = notebook(root, "slow", wait.format("s", "f", 0.5))
    fast = notebook(root, "fast", wait.format("f", "s", 0))
    done, cells = [], []
    changed = runner.run_notebooks(
        [slow, fast],
        root,
        jobs=2,
        timeout=60,
        on_cell=cells.append,
        on_done=lambda path, seconds: done.append(path),
    )
    assert changed == [True, True]
    assert done == [fast, slow]
    assert sorted(cells) == [fast, slow]


def test_streams_are_merged_and_widgets_keep_their_numbers(root):
    path = notebook(
        root,
        "a",
        "for i in range(3): print(i, flush=True)",
        "import ipywidgets as w\nw.IntSlider(3)",
    )
    runner.run_notebooks([path], root)
    result = nbformat.read(path, as_version=4)
    printed, slider = (cell.outputs[0] for cell in runner.code_cells(result))
    assert printed.text == "0\n1\n2\n"
    state = result.metadata.widgets[runner.WIDGET_STATE].state
    assert sorted(state) == [f"{n:032x}" for n in range(1, len(state) + 1)]
    model = slider.data["application/vnd.jupyter.widget-view+json"].model_id
    assert state[model].state.value == 3
    assert runner.run_notebooks([path], root) == [False]


def test_an_output_with_a_local_path_is_an_error(root):
    path = notebook(root, "a", "1", "import os; os.getcwd()")
    with pytest.raises(runner.NotebookError, match=r"cell \[2\] shows a local path"):
        runner.run_notebooks([path], root)
    assert outputs(path) == ["", ""]


def test_a_notebook_that_is_edited_while_it_runs_is_not_written(root):
    change = "from pathlib import Path; Path('a.ipynb').write_text('{}');"
    path = notebook(root, "a", change)
    with pytest.raises(runner.NotebookError, match="was changed while it ran: run it"):
        runner.run_notebooks([path], root)
    assert path.read_text() == "{}"


def test_a_clock_that_jumps_decides_nothing(root, monkeypatch):
    path = notebook(root, "a", "1")
    times = itertools.cycle([2e9, 0, 1e9])
    monkeypatch.setattr(time, "time", lambda: next(times))
    assert runner.run_notebooks([path], root, timeout=20) == [True]
    os.utime(path, (4e9, 4e9))
    assert runner.run_notebooks([path], root, timeout=20) == [False]


def test_an_output_without_end_names_its_cell(root):
    path = notebook(root, "a", "1", "while True: print('a' * 10_000)")
    with pytest.raises(runner.NotebookError) as caught:
        runner.run_notebooks([path], root, timeout=60)
    assert (caught.value.cell, caught.value.reason) == (
        2,
        "shows too much; allowed: 2,000,000 characters in all",
    )


@pytest.mark.parametrize("text", ["a", "ipykernel_", "<!--", "/a/", "~/", "](", "0x"])
def test_time_grows_with_the_length_of_an_output_and_not_faster(root, text):
    long = text * (60_000 // len(text))  # of one that grows faster: 10 seconds
    cell = new_code_cell("f()", execution_count=1)
    cell.outputs = [new_output("stream", text=long)]
    cell.outputs += [new_output("error", ename="E", evalue="e", traceback=[long])]
    made = new_notebook(cells=[cell])
    began = time.process_time()
    runner.normalise(made, root)
    for rule in rules.RULES:
        list(rule(made))
    assert time.process_time() - began < 2


FULL = "No space left on device"


def test_a_full_disk_is_one_line_and_the_file_is_as_it_was(root, monkeypatch):
    path = notebook(root, "a", "1")
    before = path.read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, FULL)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(runner.NotebookError) as caught:
        runner.run_notebooks([path], root)
    assert str(caught.value) == f"a.ipynb: {FULL}; the file is as it was"
    assert path.read_bytes() == before
    assert sorted(os.listdir(path.parent)) == ["a.ipynb"]


def test_a_folder_that_cannot_be_written_is_named_before_anything_runs(
    root, monkeypatch
):
    path = notebook(root, "a", "1")
    real = tempfile.TemporaryFile

    def full(dir):
        return open("/dev/full", "wb") if dir.name == "notebooks" else real(dir=dir)

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(runner.NotebookError, match=f"notebooks: {FULL}"):
        runner.run_notebooks([path], root)
    monkeypatch.undo()
    (root / ".cache").rename(root / "gone")
    (root / ".cache").touch()
    with pytest.raises(runner.NotebookError, match=r"a\.ipynb: .*\.cache: File exists"):
        runner.run_notebooks([path], root)


def test_tracebacks_lose_local_paths(root):
    cell = new_code_cell("f()", execution_count=1)
    source = f"{tempfile.gettempdir()}/ipykernel_12/3.py"
    line = f"File {root.resolve()}/src/x.py and {source}"
    cell.outputs = [new_output("error", ename="E", evalue="e", traceback=[line])]
    result = runner.normalise(new_notebook(cells=[cell]), root)
    shown = result.cells[0].outputs[0].traceback[0]
    assert shown == "File ./src/x.py and ipykernel/3.py"
    cell.outputs[0].evalue = line  # this one is compared
    with pytest.raises(ValueError, match="a local path"):
        runner.normalise(new_notebook(cells=[cell]), root)


def test_notebooks_are_found_by_name_and_path(root, monkeypatch):
    monkeypatch.chdir(root)
    first, second = notebook(root, "01_trade", "1"), notebook(root, "02_products", "1")
    deep = notebook(root, "exercises/01_trade_exercise", "1")
    hidden = root / "notebooks" / ".ipynb_checkpoints"
    hidden.mkdir()
    (hidden / "01_trade-checkpoint.ipynb").touch()
    assert runner.find_notebooks(root) == [first, second, deep]
    names = ["02_products", str(first), "notebooks/02_products.ipynb"]
    assert runner.find_notebooks(root, names) == [second, first]
    with pytest.raises(FileNotFoundError, match=r"'01_trad'; there is 01_trade"):
        runner.find_notebooks(root, ["01_trad"])
    with pytest.raises(FileNotFoundError, match="no notebooks"):
        runner.find_notebooks(root / "notebooks")


def test_the_command_runs_reports_and_fails_in_few_lines(root, monkeypatch):
    notebook(root, "a", "1")
    monkeypatch.chdir(root / "notebooks")
    result = CliRunner().invoke(main, ["run"])
    assert result.exit_code == 0, result.output
    assert result.output.endswith("notebooks: 1 run, 1 changed\n")

    notebook(root, "b", "1/0")
    result = CliRunner().invoke(main, ["run", "b"])
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: b.ipynb, code cell [1]: ZeroDivisionError: division by zero\n    1/0\n"
    )
    (root / "notebooks" / "b.ipynb").write_text("{")
    result = CliRunner().invoke(main, ["run", "b", "--json"])
    wrong = "line 1: is no valid JSON: it ends too early"
    assert result.stderr.splitlines()[-1] == f"Error: b.ipynb: {wrong}"
    assert json.loads(result.stdout)[0]["error"]["reason"] == wrong
    monkeypatch.chdir(root.parent)
    assert "is not in a checkout" in CliRunner().invoke(main, ["run"]).stderr


def test_kernels_know_that_nobody_moves_sliders_and_take_one_thread(tmp_path):
    environment = kernels.kernel_environment(tmp_path / "cache")
    assert environment["PARTNERSHIP_UNATTENDED"] == "1"
    # Kernels side by side: threads of their linear algebra would wait for each other.
    assert environment["OPENBLAS_NUM_THREADS"] == "1"
