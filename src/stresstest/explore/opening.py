"""What a page shows before anything is moved: portfolios, scenarios with their drivers, types, policies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import stresstest
from stresstest.api import load_portfolio
from stresstest.catalog import instrument_types
from stresstest.explore.live import LiveBook
from stresstest.io.flow_text import flow_text
from stresstest.io.resources import names
from stresstest.portfolio.writing import position_rows
from stresstest.scenarios.drivers import Driver, NumberDriver
from stresstest.scenarios.scenario import Scenario

Values = dict[str, Any]

STEPS = 100
"""Steps of a slider over the range of a driver."""


def opening(live: LiveBook) -> Values:
    """Return what there is to look at."""
    market = live.book.market
    return {
        "version": stresstest.__version__,
        "market": market.name,
        "as_of": market.as_of.isoformat(),
        "currency": market.currency,
        "portfolios": [
            {
                "name": held.name,
                "title": held.portfolio.title,
                "currency": held.currency,
                "positions": len(held.positions),
            }
            for held in live.book.portfolios
        ],
        "scenarios": [_scenario(one) for one in live.scenarios],
        "types": list(instrument_types()),
        "policies": [name for name, _ in names("hedges")],
    }


def _scenario(scenario: Scenario) -> Values:
    return {
        "name": scenario.name,
        "title": scenario.title,
        "narrative": scenario.narrative,
        "horizon": scenario.horizon,
        "status": scenario.status,
        "network": "" if scenario.network is None else scenario.network.network.name,
        "over_time": scenario.goes_on,
        "defaults": scenario.names_defaults,
        "not_covered": list(scenario.not_covered),
        "drivers": [_driver(one) for one in {one.name: one for one in all_drivers(scenario)}.values()],
    }


def all_drivers(scenario: Scenario) -> Iterator[Driver]:
    """Yield the drivers of included scenarios, then its own: the last one of a name is shown."""
    for item in scenario.include:
        yield from all_drivers(item.scenario)
    yield from scenario.drivers


def _driver(driver: Driver) -> Values:
    shown: Values = {"name": driver.name, "description": driver.description, "value": driver.text()}
    if not isinstance(driver, NumberDriver):
        return shown | {"choices": list(driver.choices)}
    low, high = driver.in_points(driver.low), driver.in_points(driver.high)
    return shown | {
        "points": driver.points,
        "low": low,
        "high": high,
        "step": step_of(low, high),
        "unit": driver.unit,
        "measure": driver.measure,
    }


def step_of(low: float, high: float) -> float:
    """Return a round step that takes a slider over its range in some hundred steps.

    Examples
    --------
    >>> step_of(10.0, 80.0), step_of(0.0, 1.0), step_of(2.0, 6.0)
    (1.0, 0.01, 0.05)
    """
    wanted, size = (high - low) / STEPS, 1.0
    while size > wanted:
        size /= 10.0
    while size * 10.0 <= wanted:
        size *= 10.0
    found = next(part for part in (1.0, 2.0, 5.0, 10.0) if part * size >= wanted * (1.0 - 1e-9))
    return round(found * size, 12)


def template(tag: str) -> str:
    """Return a position of a type as a shipped portfolio holds it, to be edited; empty where none does."""
    for name, _ in names("portfolios"):
        portfolio = load_portfolio(name)
        for instrument, row in zip(
            portfolio.positions.instrument.tolist(), position_rows(portfolio), strict=True
        ):
            held = portfolio.instruments[instrument]
            if held.tag == tag and "weight" not in row:
                return flow_text({**row, "id": f"what-if-{row['id']}"[:64]})
    return ""
