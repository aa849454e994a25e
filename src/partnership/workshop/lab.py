"""JupyterLab for a reader: in a checkout, or in a folder of one's own, without make.

Who has only the wheel gets the notebooks from an archive that `build` makes beside it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path, PureWindowsPath
from uuid import uuid4

from partnership import __version__
from partnership.evidence.faults import misshapen
from partnership.evidence.files import content as file
from partnership.evidence.files import json_of, write_atomically
from partnership.workshop import kernels

ARCHIVE = f"partnership-notebooks-{__version__}.zip"
COPIED = ".partnership.json"  # what `unpack` has copied: a digest for each file
LARGEST = 200_000_000  # bytes that an archive may hold
# No network: no news, no look for updates, no list of extensions, no language servers,
# as the search for them starts npm.
QUIET = [
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    "--LanguageServerManager.autodetect=False",
]
# news_url stops the news, but not the question whether to fetch them; this does.
NO_QUESTION = {
    "disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}
}


def first(folder: Path) -> Path | None:
    """The notebook to begin with, if there is one: in `notebooks`, or in the folder."""
    found = (sorted(place.glob("*.ipynb")) for place in (folder / "notebooks", folder))
    return next((path for paths in found for path in paths), None)


def environment(folder: Path, runtime: Path, own: bool = False) -> dict[str, str]:
    """Return the environment of JupyterLab, free of the user's settings.

    Parameters
    ----------
    folder : Path
        Settings and caches go to its ``.cache``.
    runtime : Path
        The folder of connection files.
    own : bool
        Whether the user's settings of Jupyter shall hold nevertheless.
    """
    cache = folder.resolve() / ".cache"
    made = kernels.own_settings(cache) | {"JUPYTER_RUNTIME_DIR": str(runtime)}
    if own:
        return made
    for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH"):
        made.pop(name, None)
    return made | {
        "JUPYTER_CONFIG_DIR": str(cache / "jupyter" / "config"),
        "JUPYTER_DATA_DIR": str(cache / "jupyter" / "data"),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }


def arguments(folder: Path, runtime: Path) -> list[str]:
    """Return the arguments of JupyterLab: no network, kernels over ipc if possible."""
    # as long as the names that JupyterLab gives
    settings = kernels.kernel_settings(runtime / f"kernel-{uuid4()}.json")
    transport = f"--KernelManager.transport={settings['transport']}"
    return [f"--ServerApp.root_dir={folder.resolve()}", transport, *QUIET]


def open_lab(folder: Path, more: Iterable[str] = (), own: bool = False) -> None:
    """Open JupyterLab at the first notebook of a folder, until it is closed.

    Parameters
    ----------
    folder : Path
    more : iterable of str
        More arguments for JupyterLab, such as ``--no-browser``.
    own : bool
        As in `environment`.

    Raises
    ------
    FileNotFoundError
        The folder has no notebook.
    """
    from jupyterlab.labapp import LabApp  # late: only this needs it

    start = first(folder)
    if start is None:
        raise FileNotFoundError(f"{folder}: found no notebook")
    with kernels.connection_folder() as runtime:
        wanted = environment(folder, runtime, own)
        for name in set(os.environ) - set(wanted):
            del os.environ[name]
        os.environ.update(wanted)
        if not own:
            quiet = Path(wanted["JUPYTER_CONFIG_DIR"], "labconfig", "page_config.json")
            quiet.parent.mkdir(parents=True, exist_ok=True)
            if not quiet.exists():
                quiet.write_text(json.dumps(NO_QUESTION), encoding="utf-8")
        said = [*arguments(folder, runtime), *more, str(start.resolve())]
        LabApp.launch_instance(said)


# ---- the notebooks beside the wheel ----


def build(root: Path, folder: Path) -> Iterator[Path]:
    """Build the wheel of a checkout and, beside it, the archive of its notebooks.

    Yields
    ------
    Path
        The wheel, then the archive. Both are made of what the checkout holds now.

    Raises
    ------
    OSError
        The wheel could not be built.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel"]
    offline = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    told = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run([*pip, *offline, "--wheel-dir", folder, root], **told)
    if done.returncode:
        said = done.stdout.decode(errors="replace")
        # OSError: ..., and neither ERROR: ... nor what only repeats that it failed
        kinds = r"\b(?:[A-Z]\w*[a-z]\w*|error): (?!subprocess-|metadata-).+"
        why = re.findall(kinds, said) or said.splitlines() or ["no word"]
        more = f"`pip wheel --no-deps {root}` says more"
        raise OSError(f"{root}: pip could not build the wheel: {why[-1]}; {more}")
    yield folder / f"partnership-{__version__}-py3-none-any.whl"
    notebooks = root / "notebooks"
    files = [root / name for name in ("CITATION.cff", "LICENSE", "LICENSE-DATA")]
    for path in sorted(notebooks.rglob("*")):
        below = path.relative_to(notebooks).parts
        if path.is_file() and not any(part.startswith(".") for part in below):
            files.append(path)
    made = folder / ARCHIVE
    pack(made, {path.relative_to(root).as_posix(): path.read_bytes() for path in files})
    yield made


def pack(archive: Path, contents: Mapping[str, bytes]) -> None:
    """Write an archive, with no date: the same files always give the same bytes."""
    with zipfile.ZipFile(archive, "w") as packed:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            packed.writestr(entry, content)


def unpack(archive: Path, folder: Path) -> tuple[list[str], list[str]]:
    """Copy the files of an archive into a folder, but never over one that was changed.

    Parameters
    ----------
    archive : Path
        A zip file. A folder that all of its files are in is left out.
    folder : Path
        Made if needed.

    Returns
    -------
    tuple of two lists of str
        The files that are new or newer than before; those that differ from the
        archive's and from what was copied before, which stay as they are.

    Raises
    ------
    ValueError
        It is no zip file, it is too large, or a name in it leads out of the folder.
        Nothing has been copied then.
    """
    try:
        with zipfile.ZipFile(archive) as held:
            entries = [one for one in held.infolist() if not one.is_dir()]
            if (size := sum(one.file_size for one in entries)) > LARGEST:
                raise ValueError(
                    f"{archive}: found {size:,} bytes; allowed is {LARGEST:,}"
                )
            contents = {one.filename: held.read(one) for one in entries}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError) as error:
        raise ValueError(f"{archive}: found no zip file ({error})") from None
    for name in contents:
        path = PureWindowsPath(name)  # whose rules are the stricter ones
        if path.anchor or ".." in path.parts or ":" in name:
            raise ValueError(f"{archive}: found {name!r}; allowed is a path below it")
    tops = {name.partition("/")[0] for name in contents}
    if len(tops) == 1 and not tops & {"notebooks", *contents}:
        contents = {n.partition("/")[2]: content for n, content in contents.items()}
    record = folder / COPIED
    before = json_of(record.name, file(record)) if record.is_file() else {}
    if wrong := misshapen(before, {}, record.name):
        raise ValueError(wrong)
    copied, left = [], []
    for name, content in contents.items():
        path, digest = folder / name, sha256(content).hexdigest()
        old = sha256(path.read_bytes()).hexdigest() if path.is_file() else None
        if old not in (None, digest, before.get(name)):
            left.append(name)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if write_atomically(path, content):
            copied.append(name)
        before[name] = digest
    write_atomically(record, json.dumps(before, indent=1) + "\n")
    return copied, left
