"""The page by keyboard alone, from its address, at other sizes, with hostile names, without its server."""

from __future__ import annotations

import signal
import subprocess
import sys
from urllib.parse import quote

import pytest
from tests.browser.explore.conftest import Watched, serving

HOSTILE = {
    "script": "</script><script>document.title='taken'</script>",
    "markup": "<img src=x onerror=document.title='taken'><b>bold</b>",
    "quotes": "\"'`&quot;&lt;${1+1}{{7*7}}",
    "turned": "\u202eevil\u2066\u200f right to left",
    "long": "x" * 200,
}
PLAIN = {key: f"a plain {key}" for key in HOSTILE}
# Places where a name may be broken are as many as the name is long.
SKELETON = "(node) => [...node.querySelectorAll(':not(wbr)')].map((one) => one.tagName)"


def book(folder, names):
    positions = [
        f"  - {{id: p-{key}, type: equity, issuer: {issuer}, quantity: 100, name: {quoted(name)}, "
        f"tags: {{desk: {quoted((name * 300)[:300])}}}}}"
        for (key, name), issuer in zip(names.items(), ("NVDA", "MSFT", "AVGO", "CRWV", "META"), strict=True)
    ]
    title = f"title: {quoted(names['script'])}"
    target = folder / "book.yaml"
    lines = ["version: 1", "name: book", title, "currency: USD", "positions:", *positions]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


def scenario(folder, names):
    target = folder / "story.yaml"
    lines = [
        "version: 1\nname: story\nhorizon: 1m",
        f"title: {quoted(names['markup'])}",
        f"narrative: {quoted((names['script'] * 300)[:300])}",
        f"drivers: {{fall: {{value: 20%, range: [0%, 50%], description: {quoted(names['quotes'])}}}}}",
        "shocks:\n  - {select: {issuer: NVDA}, factor: spot, shift: {driver: fall, slope: -1%}}",
    ]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def at(browser, address, **options):
    return Watched(browser.new_context(**options), address)


def test_names_stay_text_and_leave_the_tags_as_they_are(browser, tmp_path):
    skeletons = []
    for number, names in enumerate((PLAIN, HOSTILE)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with serving(str(book(folder, names)), "--shocks", str(scenario(folder, names))) as address:
            found = at(browser, address, viewport={"width": 390, "height": 844})
            page = found.open("#by=desk")
            skeletons.append(page.locator("body").evaluate(SKELETON))
            shown = page.locator("#positions tbody th button").evaluate_all(
                "(all) => all.map((b) => b.title)"
            )
            assert sorted(shown) == sorted(names.values())
            assert page.title() != "taken"
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            assert found.wrong == []
    assert skeletons[0] == skeletons[1]


def test_hostile_words_of_the_address_stay_text(watched):
    page = watched.page
    words = quote("<img src=x onerror=document.title='taken'>")
    page.goto(f"{watched.address}#scenario={words}&portfolio=ai_growth_fund&find={words}&by={words}")
    page.wait_for_selector("#problems li")
    assert "onerror" in watched.text("#problems")
    assert page.locator("#problems img").count() == 0
    assert page.title() != "taken"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_fits_and_is_legible(browser, address, width, scheme):
    found = at(browser, address, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = found.open("#scenario=ai_capex_collapse_network&severity=110%25")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for section in page.locator("#results section:not([hidden])").all():
        assert section.bounding_box()["width"] > 0.8 * min(width, 800)
        assert section.locator("h2").is_visible()
    assert page.locator("body").evaluate(LOW_CONTRAST) == []
    assert found.wrong == []
    page.context.close()


LOW_CONTRAST = """(body) => {
  const numbers = (text) => (text.match(/[0-9.]+/g) ?? [0, 0, 0, 0]).map(Number);
  const light = ([r, g, b]) => {
    const part = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const found = numbers(getComputedStyle(node).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
    return numbers(getComputedStyle(document.body).backgroundColor);
  };
  const own = (node) => [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
  const bad = [];
  for (const node of body.querySelectorAll("*")) {
    if (!own(node) || !node.checkVisibility() || node.closest("svg, .hidden, .skip, option")) continue;
    const [one, other] = [light(numbers(getComputedStyle(node).color)), light(behind(node))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) bad.push(`${node.tagName}.${node.className}: ${node.textContent} ${ratio.toFixed(2)}`);
  }
  return bad;
}"""


def test_a_view_is_shared_by_its_address(watched, browser):
    page = watched.open()
    page.locator("#scenario").select_option("ai_capex_collapse_network")
    watched.settle()
    watched.move("driver-capex_cut", "71")
    watched.move("severity", "77")
    page.locator("#portfolio-balanced_60_40").uncheck()
    watched.settle()
    page.locator("#quantity-nvda").fill("1234")
    page.locator("#quantity-nvda").press("Tab")
    watched.settle()
    page.locator("#by").select_option("sector")
    watched.settle()
    other = at(browser, watched.address)
    other.open("#" + page.url.split("#")[1])
    assert other.pnl() == watched.pnl()
    for part in ("#headline", "#sliders", "#waterfall", "#scenarios", "#positions", "#heat", "#changes"):
        assert other.text(part) == watched.text(part)
    assert other.page.locator("#driver-capex_cut").input_value() == "71"
    assert other.page.locator("#portfolio-balanced_60_40").is_checked() is False
    assert other.wrong == []
    other.page.context.close()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("scenario=ai_capex_colapse", "did you mean 'ai_capex_collapse'"),
        ("portfolio=ai_growth_fond", "did you mean 'ai_growth_fund'"),
        ("scenario=ai_capex_collapse&set=ai_capex_collapse.capex_cutt=5%25", "did you mean 'capex_cut'"),
        ("scenario=ai_capex_collapse&severity=much", "percentage"),
        ("trades={torn", None),
        ("trades=null", None),
        ("trades=" + quote('{"ai_growth_fund":{"quantities":{"nvda":"<b>"}}}'), "finite number"),
        ("scenario=slow_grind&by=no_such_attribute", None),
    ],
)
def test_a_wrong_address_gives_a_page_and_says_what_is_wrong(watched, words, told):
    page = watched.page
    page.goto(f"{watched.address}#{words}")
    page.wait_for_selector("#problems li" if told else "body[data-settled]")
    assert told is None or told in watched.text("#problems")
    page.locator("#scenario").select_option("slow_grind")
    assert page.locator("#headline").is_visible()


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.textContent")


def tab_to(page, wanted, most=150):
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page) == wanted:
            return
    raise AssertionError(f"{wanted} is not reached by {most} presses of Tab")


def test_everything_is_done_by_keyboard(watched):
    page = watched.open("#portfolio=ai_growth_fund&scenario=ai_capex_collapse")
    before = watched.pnl()
    tab_to(page, "severity")
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    watched.settle()
    assert page.locator("#severity").input_value() == "90"
    assert watched.pnl() > before
    assert focused(page) == "severity"
    tab_to(page, "driver-capex_cut-number")
    page.keyboard.press("Control+A")
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    watched.settle()
    assert page.locator("#driver-capex_cut").input_value() == "30"
    tab_to(page, "save-scenario")
    with page.expect_download():
        page.keyboard.press("Enter")
    tab_to(page, "slow_grind")
    page.keyboard.press("Enter")
    watched.settle()
    assert page.locator("#scenario").input_value() == "slow_grind"
    assert focused(page) == "slow_grind"
    tab_to(page, "nvda-put-jan26")
    page.keyboard.press("Enter")
    page.wait_for_selector("tr.drill-row")
    tab_to(page, "add-text")
    page.keyboard.type("- {id: w, type: equity, issuer: MSFT, quantity: -100}")
    tab_to(page, "Apply")
    page.keyboard.press("Enter")
    page.wait_for_selector("tr[data-position='w']")
    watched.settle()


def test_the_first_press_of_tab_skips_to_the_results_and_keeps_the_view(watched):
    page = watched.open("#portfolio=balanced_60_40&scenario=slow_grind")
    before, address = watched.pnl("balanced_60_40"), page.url
    page.keyboard.press("Tab")
    assert focused(page) == "skip"
    page.keyboard.press("Enter")
    assert focused(page) == "results"
    page.get_by_role("button", name="Who loses where").click()
    assert focused(page) == "title-heat"
    assert page.url == address
    assert watched.pnl("balanced_60_40") == before


def test_every_control_has_a_name(watched):
    page = watched.open("#scenario=ai_capex_collapse_network")
    unnamed = page.locator("input, select, textarea, button").evaluate_all(
        "(all) => all.filter((one) => !one.labels?.length && !one.ariaLabel && !one.textContent.trim())"
        ".map((one) => one.outerHTML)"
    )
    assert unnamed == []
    ids = page.locator("[id]").evaluate_all("(all) => all.map((one) => one.id)")
    assert len(ids) == len(set(ids))


def test_a_server_that_has_gone_is_told(browser):
    with serving("ai_growth_fund", "--shocks", "ai_capex_collapse") as address:
        found = at(browser, address)
        page = found.open()
    page.locator("#driver-capex_cut").press("ArrowRight")
    page.locator("#problems", has_text="Is stresstest explore still running?").wait_for()
    assert page.locator("body.old").count() == 1
    page.context.close()


def test_the_browser_stops_a_page_that_would_reach_out(browser, address):
    page = browser.new_context().new_page()
    page.goto(address)
    with pytest.raises(Exception, match="Failed to fetch"):
        page.evaluate("fetch('https://example.org/')")
    added = "Object.assign(document.createElement('script'), {textContent: \"document.title = 'taken'\"})"
    page.evaluate(f"document.body.append({added})")
    assert page.title() != "taken"
    page.context.close()


def test_the_address_is_alone_on_standard_output():
    words = [sys.executable, "-m", "stresstest", "explore", "ai_growth_fund", "--shocks", "slow_grind"]
    server = subprocess.Popen(
        [*words, "--no-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Tests that run in the background ignore Ctrl-C, and what they start would too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )
    try:
        first = server.stdout.readline()
        server.send_signal(signal.SIGINT)
        out, told = server.communicate(timeout=30)
    finally:
        server.kill()
    assert first.startswith("http://127.0.0.1:")
    assert out == ""
    assert "Ctrl-C ends it" in told
    assert "Traceback" not in told
    assert server.returncode in (0, 130)
