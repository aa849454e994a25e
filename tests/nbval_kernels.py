"""A pytest plugin that gives nbval the kernels of `partnership run`.

nbval starts its kernels over tcp and with whatever settings the user has. Loaded with
``-p nbval_kernels`` (see the Makefile), this plugin lets them talk over ipc, keeps the
user's settings out, and blocks the network inside them as it is blocked in the tests.
It also keeps the history of the cells, without which IPython does not see that a
semicolon ends a cell and shows what the notebook hides.

After the last cell of a section one more item asks the same kernel for what the prose
of the section states, and compares kernel, stored answers and sentences.
"""

from contextlib import ExitStack
from itertools import count
from pathlib import Path
from queue import Empty

import nbval.kernel
import nbval.plugin
import pytest
from jupyter_client.manager import KernelManager

from partnership.workshop import answers, kernels, prose

ROOT = Path(__file__).resolve().parent.parent
# Run by IPython before the first cell; it leaves no name in the notebook.
BLOCK_NETWORK = (
    "__import__('pytest_socket').socket_allow_hosts("
    "['127.0.0.1', '::1', 'localhost'], allow_unix_socket=True)"
)


class LocalKernelManager(KernelManager):
    """A kernel manager for kernels without network and without user settings."""

    def start_kernel(self, **options):
        """Start the kernel in a clean environment."""
        self.kernel_spec.argv = kernels.KERNEL
        options["env"] = kernels.kernel_environment(ROOT / ".cache")
        options["extra_arguments"] = [
            f"--InteractiveShellApp.exec_lines={BLOCK_NETWORK}",
            "--HistoryManager.hist_file=:memory:",
        ]
        return super().start_kernel(**options)


def execute(self, source, allow_stdin=None):
    """Execute a cell as nbval does, but with history."""
    return self.kc.execute(
        source, store_history=True, allow_stdin=allow_stdin, stop_on_error=False
    )


class Prose(pytest.Item):
    """What the prose of one section, or of some without code, asks the kernel."""

    def __init__(self, *, questions, **options):
        super().__init__(**options)
        self.questions = questions

    def runtest(self):
        """Ask, and compare with the sentences; strictly also with what is stored."""
        kernel, answered = self.parent.kernel, []
        if self.questions[0].after:
            wanted = [question.number.expression for question in self.questions]
            request = answers.request(wanted)
            asked = kernel.kc.execute("", silent=True, user_expressions=request)
            message = {"parent_header": {}}
            while message["parent_header"].get("msg_id") != asked:
                timeout = self.config.option.nbval_cell_timeout
                try:
                    message = kernel.get_message("shell", timeout=timeout)
                except Empty:
                    pytest.fail(f"no answer in {timeout:g} seconds: {wanted}", False)
            answered = answers.reply(message["content"])
        faults = []
        for place, question in enumerate(self.questions):
            answer = answered[place] if answered else {}
            strict = self.parent.compare_outputs  # not so with --nbval-lax
            stored = (question.stored or {}) if strict else None
            faults.append(question.fault(answer, stored))
        if any(faults):
            said = "\n".join([self.parent.name, *filter(None, faults)])
            pytest.fail(said, pytrace=False)

    def repr_failure(self, excinfo):
        """Give the message, without a traceback of this file."""
        return str(excinfo.value)

    def reportinfo(self):
        """Name the section."""
        return self.path, 0, f"{self.parent.name}: {self.name}"


def collect(self, plain=nbval.plugin.IPyNbFile.collect):
    """Collect the cells of a notebook as nbval does, and the prose of its sections."""
    due = None
    for item in plain(self):
        due = prose.due(self.nb) if due is None else due
        yield item
        number = next(n for n, c in enumerate(self.nb.cells, 1) if c is item.cell)
        for questions in (due.pop(0, []), due.pop(number, [])):
            if questions:
                titles = dict.fromkeys(question.section for question in questions)
                name = f"Prose of {', '.join(titles)}"
                yield Prose.from_parent(self, name=name, questions=questions)


def pytest_configure(config):
    """Put our kernel manager in the place of nbval's."""
    stack = ExitStack()
    config.add_cleanup(stack.close)
    folder = stack.enter_context(kernels.connection_folder())
    numbers = count()

    def make(**options):
        connection = folder / f"{next(numbers)}.json"
        settings = kernels.kernel_settings(connection)
        return LocalKernelManager(**(settings | options))

    nbval.kernel.KernelManager = make
    nbval.kernel.RunningKernel.execute_cell_input = execute
    nbval.plugin.IPyNbFile.collect = collect
