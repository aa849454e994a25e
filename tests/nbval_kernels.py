"""A pytest plugin that gives nbval the kernels of `partnership.runner`.

nbval starts its kernels over tcp and with whatever settings the user has. Loaded with
``-p nbval_kernels`` (see the Makefile), this plugin lets them talk over ipc, keeps the
user's settings out, and blocks the network inside them as it is blocked in the tests.
It also keeps the history of the cells, without which IPython does not see that a
semicolon ends a cell and shows what the notebook hides.
"""

from contextlib import ExitStack
from itertools import count
from pathlib import Path

import nbval.kernel
from jupyter_client.manager import KernelManager

from partnership.workshop import runner

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
        options["env"] = runner.kernel_environment(ROOT / ".cache")
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


def pytest_configure(config):
    """Put our kernel manager in the place of nbval's."""
    stack = ExitStack()
    config.add_cleanup(stack.close)
    folder = stack.enter_context(runner.connection_folder())
    numbers = count()

    def make(**options):
        connection = folder / f"{next(numbers)}.json"
        settings = runner.kernel_settings(connection)
        return LocalKernelManager(**(settings | options))

    nbval.kernel.KernelManager = make
    nbval.kernel.RunningKernel.execute_cell_input = execute
