"""The page to explore on 10,000 positions of every type: from a slider's event to the changed number."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from benches.mixed_book import examples, mixed_portfolio
from benches.timings import OURS, TIMINGS, Timing, measure, skip_peer

import stresstest as st
from stresstest.portfolio.writing import portfolio_text
from stresstest.scenarios.scenario import ScenarioSet

sync_api = pytest.importorskip("playwright.sync_api")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
N_POSITIONS, N_MOVES = 10_000, 50
SCENARIO = "ai_capex_collapse_network"
WORK = "a slider's event to the changed number, 95th percentile"

MOVE = """async (value) => {
  const slider = document.getElementById("driver-capex_cut");
  const target = document.getElementById("headline-portfolios");
  const number = () => target.querySelector("data.pnl").value;
  const before = number();
  return new Promise((done) => {
    let begin = 0;
    const seen = new MutationObserver(() => {
      const changed = performance.now() - begin;
      seen.disconnect();
      requestAnimationFrame(() => done([changed, performance.now() - begin, number() !== before]));
    });
    seen.observe(target, { childList: true, subtree: true });
    slider.value = value;
    begin = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  });
}"""


def is_option(tag):
    return tag.endswith("_option") or tag == "swaption"


def large_book(folder):
    """Write the portfolio: every type, and options once more until they are a third."""
    tags = list(examples())
    portfolio = mixed_portfolio(N_POSITIONS, [*tags, *(tag for tag in tags if is_option(tag))])
    target = folder / "large.yaml"
    target.write_text(portfolio_text(portfolio), encoding="utf-8")
    counts = Counter(portfolio.instruments[row].tag for row in portfolio.positions.instrument)
    assert set(counts) == set(tags)
    assert sum(count for tag, count in counts.items() if is_option(tag)) >= 0.3 * N_POSITIONS
    return target


@pytest.fixture
def address(tmp_path):
    command = [sys.executable, "-m", "stresstest", "explore", str(large_book(tmp_path)), "--no-browser"]
    server = subprocess.Popen(
        [*command, "--shocks", SCENARIO], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    yield server.stdout.readline().strip()
    server.terminate()
    server.communicate()


def moved(address):
    """Return the milliseconds of each move, to the changed number and until it is painted: `(2, n_moves)`."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{address}#scenario={SCENARIO}")
        page.wait_for_selector("body[data-settled]", timeout=300_000)
        cuts = np.random.default_rng(5).permutation(np.arange(10, 81))[: N_MOVES + 3]
        times = []
        for cut in cuts.tolist():
            changed, painted, differs = page.evaluate(MOVE, cut)
            assert differs
            times.append((changed, painted))
        browser.close()
    return np.array(times[3:]).T


def test_a_moved_driver_changes_the_number(benchmark, address):
    if CHROMIUM is None:
        skip_peer(WORK, OURS, "no Chromium")
        pytest.skip("no Chromium")
    changed, painted = benchmark.pedantic(moved, (address,), rounds=1)
    at, load = float(np.quantile(changed, 0.95)), os.getloadavg()[0]
    TIMINGS.append((Timing(WORK, OURS), at / 1e3))
    TIMINGS.append((Timing(WORK, "what is allowed: 0.1 s", target=1.0), 0.1))
    print(
        f"\n{N_MOVES} moves of {N_POSITIONS:,} positions, event to changed number: median "
        f"{np.median(changed):.0f} ms, 95th percentile {at:.0f} ms (painted {np.quantile(painted, 0.95):.0f} "
        f"ms), load {load:.1f} on {os.cpu_count()} cores"
    )


def test_the_same_move_as_a_new_stress(benchmark, tmp_path):
    portfolio = st.load_portfolio(large_book(tmp_path))
    (scenario,) = st.load_scenarios(SCENARIO)
    cuts = iter(range(10, 80))

    def anew():
        scenarios = ScenarioSet((scenario.with_drivers(capex_cut=f"{next(cuts)}%"),))
        assert st.stress(portfolio, scenarios).result.total[-1] != 0.0

    measure(benchmark, Timing(WORK, "stress() anew, without a page"), anew, rounds=3)
