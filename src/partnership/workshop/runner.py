"""Rerun notebooks in place: in parallel, all or nothing per file, without noise.

A rerun with unchanged code, data and packages gives the very same bytes, so that a
difference in version control is always a difference in the results.

This module needs nbclient and nbformat (the ``lab`` extra); ``import partnership``
does not import it.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager
from difflib import get_close_matches
from pathlib import Path

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from partnership.evidence import files, package
from partnership.evidence.faults import DataError
from partnership.workshop import answers, kernels, prose, reading

KERNELSPEC = {
    "display_name": "Python 3 (ipykernel)",
    "language": "python",
    "name": "python3",
}
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
MOST_SHOWN = 2_000_000  # characters of a cell's outputs, its pictures included
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_CELL_FILE = re.compile(r"\(\d+\.py, ")
_FAILING_LINE = re.compile(r"^-+> *\d+ (.*)$", re.MULTILINE)


class NotebookError(Exception):
    """A notebook could not be run; its file is as it was.

    Parameters
    ----------
    notebook : Path
        The notebook's file.
    cell : int or None
        The number of the code cell as JupyterLab shows it, ``[1]`` being the first;
        None where no cell was reached.
    reason : str
        What went wrong, in one line.
    code : str
        The failing line of code, where it is known.
    """

    def __init__(self, notebook, cell, reason, code=""):
        self.notebook, self.cell, self.reason, self.code = notebook, cell, reason, code
        where = Path(notebook).name + (f", code cell [{cell}]" if cell else "")
        super().__init__(f"{where}: {reason}" + (f"\n    {code}" if code else ""))


def find_notebooks(root: Path, names: Sequence[str] = ()) -> list[Path]:
    """Find the notebooks to run.

    Parameters
    ----------
    root : Path
        The checkout: the folder that holds ``notebooks``.
    names : sequence of str
        Paths, or names such as ``01_trade`` and ``exercises/01_trade``; none stands
        for all notebooks.

    Returns
    -------
    list of Path
        In the order of the names given, else sorted by path.

    Raises
    ------
    FileNotFoundError
        There is no such notebook, or none at all.
    """
    folder = reading.home(root)
    by_name = {}
    for path in sorted(folder.rglob("*.ipynb")):
        name = path.relative_to(folder).with_suffix("").as_posix()
        if "/." not in f"/{name}":
            by_name[name] = path
    if not (names or by_name):
        raise FileNotFoundError(f"no notebooks in {folder}")
    found = [] if names else list(by_name.values())
    for name in names:
        stem = name.removesuffix(".ipynb").removeprefix("notebooks/")
        path = Path(name).resolve() if Path(name).is_file() else by_name.get(stem)
        if path is None:
            near = get_close_matches(stem, by_name) or by_name
            raise FileNotFoundError(f"no notebook {name!r}; there is {', '.join(near)}")
        found.append(path)
    return list(dict.fromkeys(found))


def read(path: Path) -> nbformat.NotebookNode:
    """Read a notebook; a `NotebookError` says what is wrong with a file."""
    try:
        return reading.read(path)
    except DataError as error:
        reason = str(error).removeprefix(path.name).lstrip(":, ")
        raise NotebookError(path, None, reason) from None


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Return the cells that a run executes: code cells that are not blank."""
    return [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]


# What may stand in the metadata of a cell; editors and other runners leave more.
KEPT = {"jupyter", "partnership", "reason", "slideshow", "tags"}


def normalise(
    notebook: nbformat.NotebookNode, root: Path, version: str | None = None
) -> nbformat.NotebookNode:
    """Take out of an executed notebook what differs from run to run.

    Execution times, what editors leave in the metadata and random widget ids go; cell
    ids, outputs and their order stay. The notebook is changed in place and returned.

    Parameters
    ----------
    notebook : NotebookNode
        An executed notebook of format 4.
    root : Path
        The checkout, whose path no output may hold.
    version : str, optional
        The version of Python that the file named before: it is written once, so that
        a run on another one, or to open the notebook, changes nothing.

    Raises
    ------
    ValueError
        An output holds a path of this computer, so it would differ on any other.
        Tracebacks are shortened instead, since no test compares them.
    """
    about = notebook.metadata
    about["kernelspec"] = nbformat.from_dict(KERNELSPEC)
    if version and "language_info" in about:
        about["language_info"]["version"] = version
    for name in set(about) - {"kernelspec", "language_info", "widgets", "title"}:
        del about[name]
    roots = sorted({str(root.resolve()), sys.prefix}, key=len, reverse=True)
    # "/app" is not in "/apple"
    places = rf"(?:{'|'.join(map(re.escape, roots))})(?![\w-])"
    local = re.compile(rf"ipykernel_\d+|{places}")
    # Colab writes an older form, in which the id of a cell stands in its metadata.
    notebook["nbformat_minor"] = max(5, notebook.nbformat_minor)
    for number, cell in enumerate(notebook.cells, start=1):
        cell.setdefault("id", cell.metadata.get("id", f"cell-{number}"))
        for name in set(cell.metadata) - KEPT:
            del cell.metadata[name]
        if cell.cell_type == "code" and not cell.source.strip():
            cell.update(execution_count=None, outputs=[])
    for number, cell in enumerate(code_cells(notebook), start=1):
        for output in cell.outputs:
            for at, line in enumerate(output.get("traceback", [])):
                words = re.split(r"(\s+)", re.sub(places, ".", line))
                words = [re.sub(r"\A.*ipykernel_\d+", "ipykernel", w) for w in words]
                output.traceback[at] = "".join(words)
        for _, text in reading.shown(cell):
            if found := local.search(text):
                word = text[: found.start()].split()[-1:] if found[0][0] == "i" else ""
                word = "".join(word) + text[found.start() :].split(maxsplit=1)[0]
                shows = f"code cell [{number}] shows a local path: {word:.200}"
                raise ValueError(shows)
    return _renumber_widgets(notebook)


def _renumber_widgets(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Replace random widget ids by numbers in the order of their creation."""
    widgets = notebook.metadata.get("widgets", {}).get(WIDGET_STATE, {})
    if not widgets.get("state"):
        return notebook
    text = json.dumps(notebook)
    for number, model in enumerate(widgets["state"], start=1):
        text = text.replace(model, f"{number:032x}")
    return nbformat.from_dict(json.loads(text))


class _Client(NotebookClient):
    """nbclient's client for several notebooks at a time.

    A kernel starts and ends while others work; its cells wait for their turn. nbclient
    takes over Ctrl-C for one notebook; here asyncio's own handling stops all. After
    the last cell of a section it asks the kernel what the prose of the section states.
    """

    def __init__(self, notebook: nbformat.NotebookNode, turn, on_cell, **options):
        super().__init__(notebook, **options)
        self.turn, self.on_cell, self.due = turn, on_cell, prose.due(notebook)
        self.answered: list[tuple[prose.Question, dict[str, str]]] = []
        self.began = 0.0
        self.shown: dict[int, int] = {}  # characters by cell

    @asynccontextmanager
    async def async_setup_kernel(self, **kwargs):
        try:
            await self.async_start_new_kernel(**kwargs)
            await self.async_start_new_kernel_client()
            async with self.turn:
                self.began = time.perf_counter()
                yield
        finally:
            if self.km is not None:
                await self._async_cleanup_kernel()

    async def async_execute_cell(self, cell, cell_index, **options):
        done = await super().async_execute_cell(cell, cell_index, **options)
        if cell.cell_type == "code" and cell.source.strip():
            self.on_cell()
        if asked := self.due.get(cell_index + 1):
            wanted = answers.request([one.number.expression for one in asked])
            options = {"reply": True, "timeout": self.timeout}
            said = await self.kc.execute("", True, user_expressions=wanted, **options)
            self.answered += zip(asked, answers.reply(said["content"]), strict=True)
        return done

    def process_message(self, msg, cell, cell_index):
        content = msg["content"]
        texts = [content.get("text", ""), *content.get("data", {}).values()]
        texts += content.get("traceback", [])
        length = sum(len(text) for text in texts if isinstance(text, str))
        self.shown[cell_index] = self.shown.get(cell_index, 0) + length
        if self.shown[cell_index] > MOST_SHOWN:  # it might never end
            self.task_poll_for_reply.cancel()
            return None
        return super().process_message(msg, cell, cell_index)

    def faults(self) -> list[str]:
        """Say where the prose disagrees with the kernel."""
        never = [(question, {}) for question in self.due.get(0, [])]
        return list(filter(None, (q.fault(a) for q, a in [*never, *self.answered])))


async def _execute(
    path: Path, root: Path, connection_file: Path, timeout: float, turn, on_cell
) -> tuple[nbformat.NotebookNode, float]:
    """Execute a notebook in its own folder; return it, to be written, and its time."""
    notebook = read(path)
    version = notebook.metadata.get("language_info", {}).get("version")
    # Kernels of this very Python: those that the user has installed do not matter.
    manager = AsyncKernelManager(
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
        **kernels.kernel_settings(connection_file),
    )
    manager.kernel_spec.argv = kernels.KERNEL
    client = _Client(
        notebook,
        turn,
        lambda: on_cell(path),
        km=manager,
        timeout=timeout,
        coalesce_streams=True,
        record_timing=False,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(path.resolve().parent)}},
    )
    try:
        env = kernels.kernel_environment(root / ".cache")
        if (root / "datapackage.json").is_file():
            env[package.VARIABLE] = str(root.resolve())
        await client.async_execute(env=env)
        if faults := client.faults():
            raise NotebookError(path, None, "\n    ".join(faults))
        prose.store(notebook, client.answered)
        return normalise(notebook, root, version), time.perf_counter() - client.began
    except CellExecutionError as error:
        lines = _FAILING_LINE.findall(_ANSI.sub("", error.traceback))
        value = error.evalue.strip().partition("\n")[0]
        reason = f"{error.ename}: {_CELL_FILE.sub('(', value)}".removesuffix(": ")
        found = reason, lines[0].strip() if lines else ""
    except CellTimeoutError:
        found = (f"ran longer than {timeout:g} seconds",)
    except DeadKernelError:
        # nbclient says so of a cancelled cell, too
        if asyncio.current_task().cancelling():
            raise asyncio.CancelledError from None
        found = ("the kernel died",)
        if max(client.shown.values(), default=0) > MOST_SHOWN:
            found = (f"shows too much; allowed: {MOST_SHOWN:,} characters in all",)
    except (ValueError, RuntimeError, TimeoutError) as error:
        raise NotebookError(path, None, str(error)) from None
    except OSError as error:
        raise NotebookError(path, None, files.said(error)) from None
    raise NotebookError(path, client.code_cells_executed, *found)


async def _run_all(paths, root, jobs, timeout, on_cell, on_done) -> list[bool]:
    # As many kernels get ready as work: they start while others have their turn.
    ready, working = asyncio.Semaphore(jobs), asyncio.Semaphore(jobs)

    @asynccontextmanager
    async def turn():
        async with working:
            ready.release()
            yield

    async def run_one(number: int, path: Path) -> bool:
        await ready.acquire()
        connection, before = folder / f"{number}.json", files.content(path)
        done = await _execute(path, root, connection, timeout, turn(), on_cell)
        made, seconds = reading.written(done[0]).encode(), done[1]
        if files.content(path) not in (before, made):
            raise NotebookError(path, None, "was changed while it ran: run it again")
        try:
            changed = files.write_atomically(path, made)
        except OSError as error:
            raise NotebookError(path, None, error.strerror) from None
        on_done(path, seconds)
        return changed

    with kernels.connection_folder() as folder:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(run_one(n, p)) for n, p in enumerate(paths)]
    return [task.result() for task in tasks]


def _prepare(paths: Sequence[Path], cache: Path) -> None:
    """See to it that a run can write, before it takes its time; sweep leftovers."""
    for path in {path.parent: path for path in paths}.values():
        try:
            kernels.kernel_environment(cache)
            for folder in (cache, path.parent):
                with tempfile.TemporaryFile(dir=folder) as tried:
                    tried.write(bytes(100_000))
        except OSError as error:
            at = error.filename or folder
            raise NotebookError(path, None, f"{at}: {error.strerror}") from None
        files.sweep(path.parent)


def run_notebooks(
    paths: Sequence[Path],
    root: Path,
    jobs: int | None = None,
    timeout: float = 300,
    on_cell: Callable[[Path], object] = lambda path: None,
    on_done: Callable[[Path, float], object] = lambda path, seconds: None,
) -> list[bool]:
    """Execute notebooks, each in a kernel of its own, and write them in place.

    Parameters
    ----------
    paths : sequence of Path
        The notebooks. They start in this order.
    root : Path
        The checkout, or a folder of tables, which the notebooks then read where they
        name none; caches go to its ``.cache``.
    jobs : int, optional
        How many run at the same time; one for each core by default.
    timeout : float
        The longest time a cell may take, in seconds.
    on_cell : callable
        Called with the path after each executed cell.
    on_done : callable
        Called with the path and the seconds taken after each written notebook.

    Returns
    -------
    list of bool
        For each notebook, in the order given, whether its file changed.

    Raises
    ------
    NotebookError
        The first failure. What is still running is stopped; the failing notebook
        and those that did not finish keep their files as they were.
    """
    _prepare(paths, root / ".cache")
    cores = getattr(os, "sched_getaffinity", lambda _: range(os.cpu_count() or 1))(0)
    run = _run_all(paths, root, jobs or len(cores), timeout, on_cell, on_done)
    try:
        return asyncio.run(run)
    except* NotebookError as group:
        first = group
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
    raise first
