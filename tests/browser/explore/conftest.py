"""The page to explore in Chromium: servers of `stresstest explore`, and pages that note what goes wrong."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

SCENARIOS = ("ai_capex_collapse", "ai_capex_collapse_network", "slow_grind")
SETTLED = "body[data-settled]"


@contextmanager
def serving(*words: str) -> Iterator[str]:
    """Serve a page; give its address."""
    command = [sys.executable, "-m", "stresstest", "explore", *words, "--no-browser"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.stdout is not None
    assert server.stderr is not None
    address = server.stdout.readline().strip()
    try:
        assert address, server.stderr.read()
        yield address
    finally:
        server.terminate()
        server.communicate(timeout=30)


def shocks(names=SCENARIOS):
    return [word for name in names for word in ("--shocks", name)]


@pytest.fixture(scope="session")
def address():
    with serving("ai_growth_fund", "balanced_60_40", *shocks()) as found:
        yield found


class Watched:
    """A page with what it must not do: errors on its console, requests that leave it."""

    def __init__(self, context, address: str) -> None:
        self.address = address
        self.wrong: list[str] = []
        self.page = context.new_page()
        self.page.set_default_timeout(60_000)
        self.page.on("console", self._told)
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("request", lambda request: self._asked(request.url))

    def _told(self, told) -> None:
        if told.type in ("error", "warning"):
            self.wrong.append(f"{told.type}: {told.text}")

    def _asked(self, url: str) -> None:
        if not url.startswith((self.address, "blob:", "data:")):
            self.wrong.append(f"request: {url}")

    def open(self, view: str = ""):
        self.page.goto(f"{self.address}{view}")
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until everything shows the latest move."""
        self.page.wait_for_selector(SETTLED)

    def pnl(self, portfolio: str = "ai_growth_fund") -> float:
        """Return the P&L in the headline, to the last bit."""
        place = f'#headline-portfolios [data-portfolio="{portfolio}"] data.pnl'
        return float(self.page.locator(place).get_attribute("value"))

    def text(self, selector: str) -> str:
        return self.page.locator(selector).inner_text()

    def move(self, slider: str, value: str) -> None:
        """Move a slider as a hand does, by its input event, and wait for all that follows."""
        self.page.locator(f"#{slider}").evaluate(
            "(node, to) => { node.value = to; node.dispatchEvent(new Event('input', {bubbles: true})); }",
            value,
        )
        self.settle()


@pytest.fixture
def watched(browser, address):
    """Give a page on the shared server; it fails the test that did what a page must not."""
    context = browser.new_context(accept_downloads=True)
    found = Watched(context, address)
    yield found
    context.close()
    assert found.wrong == []
