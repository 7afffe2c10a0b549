"""What a scenario's network makes of the moves that its lines state, in several columns at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, IntArray
from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.errors import ProblemList
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.networks.balance import balance_of
from stresstest.networks.cascade import Outcome, run_cascade
from stresstest.networks.factors import FactorMove, factor_moves, price_factor, start_state
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.mechanisms.funding_runway import FIRM_STOPPED, LOOSE_STOPPED
from stresstest.networks.orders import orders_of
from stresstest.networks.state import CHIPS_SOLD, State
from stresstest.networks.valuation import Values, values_of
from stresstest.quantity import parse_horizon
from stresstest.scenarios.network_use import NetworkUse
from stresstest.scenarios.scenario import Scenario

_MOST_STAGED = 2
STOPPED = (FIRM_STOPPED, LOOSE_STOPPED)
"""Kinds of promises of new money that investors may stop paying, in the order of flags."""

_FLAGS = (
    "runs out of money",
    "does not pay in full",
    "has pledged chips sold by its lenders",
    "keeps back money that it has promised firmly",
    "keeps back money that it has not promised firmly",
)

Rows = Mapping[RiskFactorKey, FloatArray]


class NetworkStage(NamedTuple):
    """Name of a stage of a column; levels `(n_columns,)` of the factors that the network moves by then."""

    name: str
    levels: Rows


@dataclass(frozen=True, slots=True, eq=False)
class NetworkMoves:
    """What a network does in several columns, column 0 being the base.

    Attributes
    ----------
    use
        The network with its mechanisms.
    surroundings
        Its balance sheets and orders on the market's date.
    outcome
        Everything that became of it.
    """

    use: NetworkUse
    surroundings: Surroundings
    outcome: Outcome
    market: MarketSnapshot
    stated: Rows

    @property
    def converged(self) -> BoolArray:
        """Tell of each column whether the network came to rest, in it and without a shock."""
        at_rest: BoolArray = self.outcome.converged
        return np.asarray(at_rest & at_rest[0])

    def newly_failed(self, column: int) -> tuple[str, ...]:
        """Return the firms that fail, or do not pay in full, in a column and not in the base."""
        state = self.outcome.state
        bad = (state.failed > 0.0) | (state.paid < 1.0)
        rows = zip(self.surroundings.network.nodes, bad[0].tolist(), bad[column].tolist(), strict=True)
        return tuple(firm.id for firm, before, after in rows if after and not before)

    def decided(self) -> IntArray:
        """Return `(n_columns, n_flags)`: 1 where a firm fails, pays less, loses chips or keeps money back.

        Between columns where a flag differs what the network does may bend or jump.
        """
        state = self.outcome.state
        flags = [
            state.failed > 0.0,
            state.paid < 1.0,
            self.chips_sold > 0.0,
            *(self.stopped(kind) > 0.0 for kind in STOPPED),
        ]
        return np.concatenate(flags, axis=1).astype(np.int64)

    @property
    def flag_words(self) -> tuple[str, ...]:
        """Return in words what each flag of `decided` says."""
        firms = [firm.id for firm in self.surroundings.network.nodes]
        return tuple(f"{firm} {what}" for what in _FLAGS for firm in firms)

    @property
    def chips_sold(self) -> FloatArray:
        """Return `(n_columns, n_firms)` the part of each vehicle's pledged chips that its lenders sell."""
        state = self.outcome.state
        return state.reported.get(CHIPS_SOLD, np.zeros(state.paid.shape))

    def stopped(self, kind: str) -> FloatArray:
        """Return `(n_columns, n_firms)` 1 where an investor keeps back promises of a kind of `STOPPED`."""
        state = self.outcome.state
        return state.reported.get(kind, np.zeros(state.paid.shape))

    @property
    def levels(self) -> Rows:
        """Levels of the factors that the network moves, where it ends; NaN where it does not come to rest."""
        return self._levels(self.outcome.state)

    def moves(self) -> Mapping[RiskFactorKey, FactorMove]:
        """Return what the network makes of factors that no line states, or acts on top of; see `levels`."""
        return self._moves(self.outcome.state)

    def stages(self) -> Iterator[NetworkStage]:
        """Yield the levels after each step of the cascade that changed something, in order."""
        start = values_of(self.surroundings.balance, self.outcome.start)
        for stage in self.outcome.stages:
            yield NetworkStage(stage.name, self._levels(stage.state, start))

    def _levels(self, state: State, start: Values | None = None) -> Rows:
        return {key: self._level(key, move) for key, move in self._moves(state, start).items()}

    def _moves(self, state: State, start: Values | None = None) -> dict[RiskFactorKey, FactorMove]:
        """Return the moves in a state; `start`, where it is known already, is what all was worth before."""
        balance, states = self.surroundings.balance, (self.outcome.start, state)
        values = start or values_of(balance, self.outcome.start), values_of(balance, state)
        moves = factor_moves(self.surroundings, self.market.levels, values, states)
        # What is private to a position moves as its public factor does.
        moves = self._unknown() | moves
        private = [key for key in self.market.levels if "#" in key.name]
        copies = ((key, RiskFactorKey(key.kind, key.public_name, key.tenor)) for key in private)
        moves |= {key: moves[public] for key, public in copies if public in moves}
        kept = {key: move for key, move in moves.items() if self.use.on_top or key not in self.stated}
        at_rest = self.converged
        if at_rest.all():
            return kept
        return {
            key: FactorMove(np.where(at_rest, move.ratio, np.nan), move.shift) for key, move in kept.items()
        }

    def _unknown(self) -> dict[RiskFactorKey, FactorMove]:
        """Return moves of all firms' prices, for `_moves` to make NaN, where a column is not at rest."""
        if self.converged.all():
            return {}
        levels = self.market.levels
        prices = (price_factor(node, levels) for node in self.surroundings.network.nodes)
        n_columns = len(self.converged)
        still = FactorMove(np.ones(n_columns), np.zeros(n_columns))
        return {key: still for key in prices if key in levels}

    def _level(self, key: RiskFactorKey, move: FactorMove) -> FloatArray:
        return self.stated.get(key, self.market.levels[key]) * move.ratio + move.shift


def network_moves(
    scenario: Scenario, market: MarketSnapshot, stated: Rows, n_columns: int, day: date | None = None
) -> NetworkMoves | None:
    """Return what the network of a scenario does to factors; None where it uses none.

    A factor that lines state stays where they put it, unless the network acts on top.

    Parameters
    ----------
    stated
        `(n_columns,)` levels of the factors that lines state; element 0 is the base.
    day
        Date of a path at which the network is looked at; None: the end of the scenario's horizon.
    """
    use = scenario.network
    if use is None:
        return None
    surroundings = _surroundings(use, market, _years(scenario, market, day))
    start = start_state(surroundings, market.levels, stated, n_columns)
    # One scenario may be asked for its stages; of many draws they would fill the memory.
    outcome = run_cascade(surroundings, start, use.chosen, keep_stages=n_columns <= _MOST_STAGED)
    return NetworkMoves(use, surroundings, outcome, market, stated)


def _years(scenario: Scenario, market: MarketSnapshot, day: date | None) -> float:
    """Return how far a network looks: a scenario of today over its horizon, a path up to a date."""
    if day is None or not scenario.goes_on:
        return parse_horizon(scenario.horizon).years
    return (day - market.as_of).days / DAYS_PER_YEAR


def _surroundings(use: NetworkUse, market: MarketSnapshot, years: float) -> Surroundings:
    network = use.network.on(market.as_of)
    balance = balance_of(network, ProblemList())
    if balance is None:
        raise ValueError(f"network {network.name} has no balance sheets on {market.as_of}")
    return Surroundings(network, balance, orders_of(network, market.as_of), market.as_of, years, use.holders)
