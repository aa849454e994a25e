"""Chromium for the tests that need a browser: the computer's own, never a download."""

import os
import shutil
from contextlib import contextmanager

import pytest

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
