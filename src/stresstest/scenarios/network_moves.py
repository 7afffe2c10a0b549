"""What a scenario's network makes of the moves that its lines state, and the factors that it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from stresstest.arrays import BoolArray, FloatArray
from stresstest.errors import ProblemList
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot, Provenance
from stresstest.networks.balance import balance_of
from stresstest.networks.cascade import Outcome, run_cascade
from stresstest.networks.factors import FactorMove, factor_moves, primitive_levels, start_state
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.orders import orders_of
from stresstest.networks.valuation import values_of
from stresstest.quantity import parse_horizon
from stresstest.scenarios.network_use import NetworkUse
from stresstest.scenarios.scenario import Scenario


class NetworkStage(NamedTuple):
    """Name of a stage of a column, and what the network has made of factors up to it."""

    name: str
    moves: Mapping[RiskFactorKey, FactorMove]


@dataclass(frozen=True, slots=True, eq=False)
class NetworkMoves:
    """What a network does in several columns.

    Attributes
    ----------
    stages
        In the order in which they were reached; the last one is where it ends.
    outcome
        Everything that became of the network.
    converged
        `(n_columns,)`.
    """

    stages: tuple[NetworkStage, ...]
    outcome: Outcome
    surroundings: Surroundings

    @property
    def converged(self) -> BoolArray:
        """Tell of each column whether the network came to rest."""
        return self.outcome.converged


def network_moves(
    scenario: Scenario, market: MarketSnapshot, moved: Mapping[RiskFactorKey, FloatArray], n_columns: int
) -> NetworkMoves | None:
    """Return what the network of a scenario does to factors; None where it uses none.

    Parameters
    ----------
    moved
        `(n_columns,)` levels of the factors that lines state; element 0 is the base.
    """
    if scenario.network is None:
        return None
    surroundings = _surroundings(scenario.network, market, scenario.horizon)
    start = start_state(surroundings, market.levels, moved, n_columns)
    outcome = run_cascade(surroundings, start, scenario.network.chosen)
    first = values_of(surroundings.balance, start)
    stages = tuple(
        NetworkStage(
            stage.name,
            factor_moves(
                surroundings,
                market.levels,
                (first, values_of(surroundings.balance, stage.state)),
                (start, stage.state),
            ),
        )
        for stage in outcome.stages
    )
    return NetworkMoves(stages, outcome, surroundings)


def moved_level(base: float, stated: FloatArray | None, move: FactorMove, on_top: bool) -> FloatArray:
    """Return `(n_columns,)` the level of a factor after a network: from its base, or from what lines state.

    A factor that a line states stays there unless the network acts on top.
    """
    if stated is None:
        return base * move.ratio + move.shift
    return stated * move.ratio + move.shift if on_top else stated


def with_network_factors(market: MarketSnapshot, scenarios: Sequence[Scenario]) -> MarketSnapshot:
    """Return `market` with the factors that shock the firms of the networks of `scenarios`.

    Capex, revenue and funding of each firm, so that lines can select them. Without networks it is `market`.
    """
    networks = {use.network.name: use.network for scenario in scenarios for use in _uses(scenario)}
    if not networks:
        return market
    levels, provenance = dict(market.levels), dict(market.provenance)
    for network in networks.values():
        for key, level in primitive_levels(network):
            if key not in levels:
                levels[key] = level
                provenance[key] = Provenance("judgement", f"network {network.name}", network.as_of)
    return replace(market, levels=levels, provenance=provenance)


def _uses(scenario: Scenario) -> Iterator[NetworkUse]:
    if scenario.network is not None:
        yield scenario.network
    for item in scenario.include:
        yield from _uses(item.scenario)


def _surroundings(use: NetworkUse, market: MarketSnapshot, horizon: str) -> Surroundings:
    network = use.network.on(market.as_of)
    balance = balance_of(network, ProblemList())
    if balance is None:
        raise ValueError(f"network {network.name} has no balance sheets on {market.as_of}")
    years = parse_horizon(horizon).years
    return Surroundings(network, balance, orders_of(network, market.as_of), market.as_of, years)
