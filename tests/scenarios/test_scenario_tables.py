"""Tables of docs/scenarios.md: what networks add, and what all parts together would be."""

from __future__ import annotations

from itertools import takewhile

import numpy as np
import pytest
from tests.architecture.source_tree import ROOT

from stresstest.market.keys import RiskFactorKey
from stresstest.market.loading import load_market
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.effects import NETWORK, CompiledScenarios
from stresstest.scenarios.eventful import with_event_factors
from stresstest.scenarios.loading import load_scenarios
from stresstest.scenarios.scenario import Scenario, ScenarioSet

LINES = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8").splitlines()
MARKET = load_market(["2025-10-03"])


def compiled(scenario: Scenario, severity: float = 1.0) -> CompiledScenarios:
    only = ScenarioSet((scenario,))
    return compile_scenarios(only, with_event_factors(MARKET, only), severity)


def scenario(name: str) -> Scenario:
    return load_scenarios([name]).scenarios[0]


def spot_moves(found: CompiledScenarios, *, network: bool) -> dict[str, float]:
    """Return the moves of prices in per cent, with or without those by the network."""
    moves = {}
    for effect in found.effects:
        decides = not effect.reason.startswith("overruled") and (network or effect.reason != NETWORK)
        if effect.factor.kind == "spot" and "#" not in effect.factor.name and decides:
            base = MARKET.levels[effect.factor]
            moves[effect.factor.name] = 100.0 * (effect.level / base - 1.0)
    return moves


def table(header: str) -> tuple[list[str], list[list[str]]]:
    start = next(number for number, line in enumerate(LINES) if line.startswith(header))
    rows = list(takewhile(lambda line: line.startswith("|"), LINES[start:]))
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]
    return cells[0], cells[2:]


def number(cell: str) -> float:
    return float(cell.replace("−", "-"))


def test_what_networks_add_is_what_the_page_says() -> None:
    head, rows = table("| stated → with the network |")
    assert len(rows) == 7
    for name, *cells in rows:
        found = compiled(scenario(name.strip("`")))
        stated, whole = spot_moves(found, network=False), spot_moves(found, network=True)
        for issuer, cell in zip(head[1:], cells, strict=True):
            first, _, last = cell.partition(" → ")
            assert stated.get(issuer, 0.0) == pytest.approx(number(first), abs=0.6), (name, issuer)
            assert whole.get(issuer, 0.0) == pytest.approx(number(last or first), abs=0.6), (name, issuer)


def test_the_whole_beside_its_parts_is_what_the_page_says() -> None:
    _, rows = table("| | largest part |")
    prices = {
        row[0].strip("`"): row[1:]
        for row in rows
        if RiskFactorKey("spot", row[0].strip("`")) in MARKET.levels
    }
    assert set(prices) == {"NVDA", "SPY", "US_REST"}
    bomb = scenario("time_bomb")
    parts = [spot_moves(compiled(item.scenario, item.severity), network=True) for item in bomb.include]
    whole = spot_moves(compiled(bomb), network=True)
    for issuer, cells in prices.items():
        moves = np.array([part.get(issuer, 0.0) for part in parts])
        largest = moves[np.argmax(np.abs(moves))]
        found = (largest, moves.sum(), 100.0 * (np.prod(1.0 + moves / 100.0) - 1.0), whole[issuer])
        assert [number(cell) for cell in cells] == pytest.approx(found, abs=0.6), issuer
