"""The process of a kernel: its environment, how it is started and reached.

`runner`, JupyterLab and the tests share it, and it needs none of their packages.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

from partnership.evidence import files, package


def own_settings(cache: Path) -> dict[str, str]:
    """Return an environment free of the user's own settings of Python and its kin.

    Parameters
    ----------
    cache : Path
        A folder for the settings and caches of IPython and matplotlib; made if needed.
    """
    # IPython takes another folder, with a warning, if the one above is not there yet.
    cache.mkdir(parents=True, exist_ok=True)
    # Without MPLBACKEND a kernel draws inline, as it does in JupyterLab.
    unwanted = {"MPLBACKEND", "MATPLOTLIBRC", "PYTHONSTARTUP", package.VARIABLE}
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return kept | {
        "IPYTHONDIR": str(cache / "ipython"),
        "MPLCONFIGDIR": str(cache / "matplotlib"),
    }


def kernel_environment(cache: Path) -> dict[str, str]:
    """Return the environment of a kernel that runs unattended, as `own_settings`."""
    return own_settings(cache) | {
        # Kernels run side by side: threads of theirs would wait for each other.
        "OPENBLAS_NUM_THREADS": "1",
        # Nobody moves sliders: what is interactive shows its text instead.
        "PARTNERSHIP_UNATTENDED": "1",
    }


def connection_folder() -> AbstractContextManager[Path]:
    """Give a folder for the kernels' connection files, removed afterwards.

    Its path is short where it can be: that of a Unix socket may have 103 bytes.
    """
    base = Path(tempfile.gettempdir())
    if len(os.fsencode(base)) > 50 and os.access("/tmp", os.W_OK):
        base = Path("/tmp")
    return files.draft(base)


def kernel_settings(connection_file: Path) -> dict[str, str]:
    """Return the settings of a kernel manager: talk over ipc where that is possible.

    Other processes of this computer can listen to tcp, but not to a socket in a
    folder of ours.
    """
    socket = os.fsencode(connection_file.with_name(f"{connection_file.stem}-ipc-5"))
    return {
        "transport": "tcp" if os.name == "nt" or len(socket) > 103 else "ipc",
        "connection_file": str(connection_file),
    }


# As `python -m ipykernel_launcher`, but without the debugger, whose import takes a
# fifth of the start.
_LAUNCH = (
    "import sys; sys.path.remove(''); sys.modules['debugpy'] = None;"
    "from ipykernel.kernelapp import launch_new_instance; launch_new_instance()"
)
KERNEL = [sys.executable, "-c", _LAUNCH, "-f", "{connection_file}"]
KERNEL += ["--HistoryManager.enabled=False"]  # nobody asks for it, and it is a file
