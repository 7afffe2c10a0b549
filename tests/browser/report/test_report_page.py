"""The report in Chromium: every section legible on a screen, a telephone, in the dark, and on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser import probes
from tests.cli.runner import run
from tests.report.dressed import whole
from tests.report.page.test_hostile_names import HOSTILE, renamed

from stresstest.report.page.html import page_of
from stresstest.report.sections.document import document_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS = (1280, 390)
KINDS = ("small", "fund")
LEAST, CONTRAST = 11.0, 4.5

Opened = Callable[..., "Page"]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write the report in which everything is, that of a shipped fund, and those of odd names."""
    folder = tmp_path_factory.mktemp("reports")
    found = {name: folder / f"{name}.html" for name in (*KINDS, "long", "hostile")}
    found["small"].write_text(page_of(whole()), encoding="utf-8")
    found["long"].write_text(page_of(renamed(whole(), HOSTILE["long"])), encoding="utf-8")
    found["hostile"].write_text(page_of(renamed(whole(), HOSTILE["end of a table"])), encoding="utf-8")
    shocks = (
        "dotcom_replay",
        "circular_financing_unwind",
        "deepseek_cost_shock",
        "slow_grind",
        "boom_continues",
    )
    asked = [part for name in shocks for part in ("--shocks", name)]
    done = run("report", "ai_growth_fund", *asked, "-o", found["fund"])
    assert done.code == 0, done.err
    return found


@pytest.fixture
def shown(pages: dict[str, Path], page_at: Opened) -> Opened:
    """Open a report at a width in a colour scheme, as tall as it is, with everything unfolded."""

    def opened(name: str, width: int = 1280, color_scheme: str = "light") -> Page:
        page = page_at(width, color_scheme)
        page.goto(pages[name].as_uri())
        page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        height = page.evaluate("() => document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": min(height + 10, 30_000)})
        return page

    return opened


@pytest.mark.parametrize("width", WIDTHS)
def test_every_section_is_there(shown: Opened, width: int) -> None:
    page = shown("small", width)
    found = dict(page.evaluate(probes.SECTIONS))
    assert list(found) == [section.anchor for section in document_of(whole()).sections]
    assert min(found.values()) > 60.0
    assert page.title() == "Stress test: The small report"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", [*KINDS, "long", "hostile"])
def test_the_page_is_not_wider_than_the_screen(shown: Opened, name: str, width: int) -> None:
    assert shown(name, width).evaluate(probes.OVERFLOW) <= 0


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", KINDS)
def test_no_text_is_cut(shown: Opened, name: str, width: int) -> None:
    assert shown(name, width).evaluate(probes.CLIPPED) == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", KINDS)
def test_letters_are_large_enough_to_read(shown: Opened, name: str, width: int) -> None:
    assert shown(name, width).evaluate(probes.SMALL, LEAST) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", KINDS)
def test_text_stands_out_from_what_is_behind_it(shown: Opened, name: str, scheme: str) -> None:
    assert shown(name, 1280, scheme).evaluate(probes.FAINT, CONTRAST) == []


def test_the_dark_page_is_dark(shown: Opened) -> None:
    colour = "() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    assert max(shown("small", 1280, "dark").evaluate(colour)[:3]) < 60
    assert min(shown("small", 1280, "light").evaluate(colour)[:3]) > 240


def test_paper_is_white_whatever_the_screen_is_and_nothing_is_folded(
    pages: dict[str, Path], page_at: Opened
) -> None:
    page = page_at(794, "dark")  # A4 at 96 dots an inch
    page.goto(pages["small"].as_uri())
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 794, "height": 20_000})
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(probes.OVERFLOW) <= 0
    assert not page.locator("nav").is_visible()
    assert page.locator("details table").first.is_visible()
    assert page.evaluate(probes.FAINT, CONTRAST) == []


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_prints(pages: dict[str, Path], page_at: Opened, paper: str) -> None:
    page = page_at()
    page.goto(pages["small"].as_uri())
    printed = page.pdf(format=paper)
    assert printed.startswith(b"%PDF")
    assert len(printed) > 20_000


def test_markup_in_names_builds_nothing(shown: Opened) -> None:
    page = shown("hostile")
    assert page.locator("script, img, iframe, [onerror]").count() == 0
    assert HOSTILE["end of a table"] in page.locator("#losses").inner_text()


def test_the_keyboard_reaches_the_contents_and_every_table(shown: Opened) -> None:
    page = shown("small")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('nav') !== null")
    regions = page.locator("[role=region]")
    regions.first.focus()
    assert page.evaluate("() => document.activeElement.getAttribute('role')") == "region"


def test_a_page_that_reaches_outside_would_be_told(page_at: Opened, tmp_path: Path) -> None:
    """The probes see what they look for."""
    bad = tmp_path / "bad.html"
    bad.write_text(
        "<body style='background:#fff'><p style='font-size:6px;color:#aaa;width:2000px'>tiny</p>"
        "<p style='overflow:hidden;width:20px;white-space:nowrap'>a long line of text</p></body>",
        encoding="utf-8",
    )
    page = page_at(390)
    page.goto(bad.as_uri())
    assert page.evaluate(probes.OVERFLOW) > 0
    assert len(page.evaluate(probes.SMALL, LEAST)) == 1
    assert len(page.evaluate(probes.FAINT, CONTRAST)) == 1
    assert len(page.evaluate(probes.CLIPPED)) == 1
