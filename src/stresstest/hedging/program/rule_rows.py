"""The rows of the rules that are kept, at any amounts, and more of them where a rule has them without end."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from stresstest.arrays import BoolArray, FloatArray
from stresstest.hedging.program.objective_terms import ObjectiveTerms
from stresstest.hedging.program.trade_limits import TradeLimits
from stresstest.hedging.program.trade_rows import RowMaker, TradeRows
from stresstest.hedging.program.trade_state import TradeState, state_of
from stresstest.hedging.rules.built import ROOM, BuiltRule

FORCED = -np.inf
"""Room that makes a rule add the row of the worst near those known, whether trades break it or not."""


class RuleRows:
    """Rows and limits of a program by the rules left out and the amounts of the others.

    Parameters
    ----------
    terms
        The objective, over the inputs that the rules are built for.
    """

    def __init__(self, terms: ObjectiveTerms, rules: tuple[BuiltRule, ...]) -> None:
        self._inputs, self._rules = terms.inputs, rules
        self._maker = RowMaker(terms)
        self._made: dict[tuple[frozenset[str], tuple[float, ...]], TradeRows] = {}

    @property
    def nothing(self) -> FloatArray:
        """`(n_lines,)` of nothing traded."""
        return np.zeros(self._inputs.n_lines)

    def kept(self, without: frozenset[str]) -> tuple[BuiltRule, ...]:
        """Return the rules but those `without`."""
        return tuple(rule for rule in self._rules if rule.name not in without)

    def of(self, without: frozenset[str], amounts: Mapping[str, float]) -> TradeRows:
        """Return the rows of the rules that are kept, as far as they are known."""
        rules = self.kept(without)
        key = without, tuple(amounts[rule.name] for rule in rules)
        if key not in self._made:
            self._made[key] = self._maker.rows(rules, amounts)
        return self._made[key]

    def limits(self, without: frozenset[str], amounts: Mapping[str, float]) -> TradeLimits:
        """Return how much of each line may be traded."""
        return TradeLimits.of(self._inputs, self._forbidden(self.kept(without), amounts))

    def open_ended(self, without: frozenset[str]) -> tuple[BuiltRule, ...]:
        """Return the rules that are kept and have rows without end."""
        return tuple(rule for rule in self.kept(without) if rule.sharpened is not None)

    def guided(self, without: frozenset[str], amounts: Mapping[str, float]) -> TradeRows:
        """Return the rows, and cones that lead to where the rules with rows without end hold."""
        rows = self.of(without, amounts)
        guides = [self._maker.guides(rule, amounts[rule.name]) for rule in self.open_ended(without)]
        return replace(rows, cones=(*rows.cones, *(cone for own in guides for cone in own)))

    def sharpened(
        self,
        trades: FloatArray,
        without: frozenset[str],
        amounts: Mapping[str, float],
        room: float = ROOM,
    ) -> bool:
        """Add rows that trades `(n_lines,)` break by more than `room`; tell whether there are any."""
        open_ended = self.open_ended(without)
        if not open_ended:
            return False
        state = self._state(trades)
        grown = [
            rule.name
            for rule in open_ended
            if rule.sharpened and rule.sharpened(state, amounts[rule.name], room)
        ]
        if grown:
            self._made.clear()
            self._maker.forget(grown)
        return bool(grown)

    def excess(self, trades: FloatArray, without: frozenset[str], amounts: Mapping[str, float]) -> float:
        """Return by how much trades `(n_lines,)` break rows near those known, the worst of which are added.

        That nothing further away is worse is for `sharpened` to say.
        """
        self.sharpened(trades, without, amounts, FORCED)
        state = self._state(trades)
        rows = [rule.linear(state, amounts[rule.name]) for rule in self.open_ended(without)]
        return max((float(np.max(row)) for own in rows for row in own if np.size(row)), default=-np.inf)

    def _state(self, trades: FloatArray) -> TradeState:
        held = self._inputs.n_held
        sell, buy = trades[:held], trades[held:]
        return state_of(self._inputs, sell, buy, self._inputs.costs.of(sell, buy).trading)

    def _forbidden(self, rules: Collection[BuiltRule], amounts: Mapping[str, float]) -> BoolArray:
        """Return `(n_lines,)` lines that some rule allows nothing of."""
        found = np.zeros(self._inputs.n_lines, np.bool_)
        for rule in rules:
            if rule.forbidden is not None:
                found |= rule.forbidden(amounts[rule.name])
        return found
