"""Chromium without a head, and pages in it that note what goes wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from tests.browser.chromium import NAMES, REQUIRED, executable

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a browser; a module at a time, since its thread has an event loop while it is open."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = executable(playwright.chromium.executable_path)
        if path is None:
            reason = f"no browser: none of {', '.join(NAMES)} in PATH, and CHROMIUM names none"
            pytest.fail(reason) if os.environ.get(REQUIRED) else pytest.skip(reason)
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page_at(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Give pages of a width and colour scheme; the test fails where one logs an error or leaves the disk."""
    wrong: list[str] = []
    contexts = []

    def logged(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            wrong.append(f"{message.type}: {message.text}")

    def opened(width: int = 1280, color_scheme: str = "light", **options: object) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=color_scheme,  # type: ignore[arg-type]
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", logged)
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("request", lambda request: wrong.append(request.url) if _leaves(request.url) else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def _leaves(url: str) -> bool:
    return not url.startswith(("file:", "data:", "http://127.0.0.1:", "http://localhost:"))
