"""The browser that tests drive: the system's own, else the one of Playwright."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REQUIRED = "REQUIRE_BROWSER"
"""Environment variable under which tests fail, instead of being skipped, where there is no browser."""


def executable(of_playwright: str) -> str | None:
    """Return the program that `CHROMIUM` names, else one in PATH, else that of Playwright where it exists."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    candidates = (*map(shutil.which, NAMES), of_playwright)
    return next((path for path in candidates if path and Path(path).exists()), None)
