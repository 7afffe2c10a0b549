"""Shipped portfolios and scenarios on a desk, compiled once for all tests."""

from __future__ import annotations

import asyncio
import threading

import pytest

import stresstest as st
from stresstest.explore.desk import Desk
from stresstest.explore.live import LiveBook
from stresstest.explore.saving import Sources
from stresstest.scenarios.scenario import ScenarioSet

PORTFOLIOS = ("ai_growth_fund", "balanced_60_40")
SCENARIOS = ("ai_capex_collapse", "ai_capex_collapse_network", "slow_grind")


def scenario_set(names=SCENARIOS):
    return ScenarioSet(tuple(one for name in names for one in st.load_scenarios(name)))


@pytest.fixture(scope="session")
def portfolios():
    return [st.load_portfolio(name) for name in PORTFOLIOS]


@pytest.fixture(scope="session")
def market():
    return st.load_market("2025-10-03")


@pytest.fixture(scope="session")
def scenarios():
    return scenario_set()


@pytest.fixture(scope="session")
def live(portfolios, scenarios, market):
    return LiveBook.of(portfolios, scenarios, market)


@pytest.fixture(scope="session")
def desk(live):
    return Desk(live, Sources({name: name for name in PORTFOLIOS}, SCENARIOS))


@pytest.fixture
def in_a_loop():
    """Run a coroutine in a thread of its own: that of the tests may have a browser's loop."""

    def run(coroutine):
        found, failed = [], []

        def work():
            try:
                found.append(asyncio.run(coroutine))
            except BaseException as error:
                failed.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        if failed:
            raise failed[0]
        return found[0]

    return run
