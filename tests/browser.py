"""Chromium for the tests that need a browser: the computer's own, never a download."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    # Nothing but the page itself: no updates, no sign-in, no first-run page.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


def _without(what: str) -> None:
    """Skip the test for lack of something, or fail it where CI=true."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"CI=true, but {what}")
    pytest.skip(what)


def executable() -> str:
    """Path of Chromium: $CHROMIUM, or the first of `NAMES` that the PATH has."""
    named = os.environ.get("CHROMIUM")
    wanted = [named] if named else list(NAMES)
    for name in wanted:
        if found := shutil.which(name):
            return found
    _without(f"no browser: {', '.join(wanted)} not found; set CHROMIUM to its path")
    raise AssertionError("not reached")


@contextmanager
def browser(**launch: Any) -> Iterator[Any]:
    """Start Chromium without a window and yield it as a playwright Browser.

    Keyword arguments go to ``chromium.launch``; `args` are added to `FLAGS`.
    """
    path = executable()
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        _without("playwright is not installed: pip install 'partnership[test]'")
    flags = [*FLAGS, *launch.pop("args", [])]
    if getattr(os, "geteuid", lambda: 1)() == 0:
        flags.append("--no-sandbox")  # Chromium does not start as root with it
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=flags, **{"headless": True, **launch}
        )
        try:
            yield started
        finally:
            started.close()
