"""Chromium for the tests that need a browser: the computer's own, never a download."""

import http.server
import os
import re
import shutil
import threading
from contextlib import contextmanager
from functools import partial

import pytest

LONG = os.environ.get("TEST_LONG") == "1"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    # Nothing but the page itself: no updates, no sign-in, no first-run page.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # A page or a program that looks up any other name finds nothing.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
]


def without(what):
    """Skip the test for lack of something, or fail it where CI=true."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"CI=true, but {what}")
    pytest.skip(what)


@contextmanager
def start():
    """Start Chromium, that of $CHROMIUM or of the PATH, without a window."""
    named = os.environ.get("CHROMIUM")
    wanted = [named] if named else NAMES
    path = next(filter(None, map(shutil.which, wanted)), None)
    if path is None:
        without(f"no browser: {', '.join(wanted)} not found; set CHROMIUM to its path")
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        without("playwright is not installed: pip install 'partnership[test]'")
    # Chromium does not start as root with its sandbox.
    root = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS + root)
        try:
            yield started
        finally:
            started.close()


def template(path):
    """Which pages are made alike: a page of each is enough to see what is wrong."""
    folder, _, name = path.rpartition("/")
    if folder == "worksheets":
        return "key" if "_key" in name else re.sub("[0-9]+", "", path)
    if folder or re.match("[0-9]", name):
        return "solution" if "_solution" in name else folder or "notebook"
    return "text" if name in {"codebook.html", "glossary.html"} else name


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *said):
        pass


@contextmanager
def served(folder):
    """Address of a server on this computer that gives the files of a folder."""
    answers = partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("localhost", 0), answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
