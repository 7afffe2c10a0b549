"""The rows of the rules that are kept, at any amounts, and more of them where a rule has them without end."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from stresstest.arrays import BoolArray, FloatArray
from stresstest.hedging.program.objective_terms import ObjectiveTerms
from stresstest.hedging.program.trade_limits import TradeLimits
from stresstest.hedging.program.trade_rows import RowMaker, TradeRows
from stresstest.hedging.program.trade_state import state_of
from stresstest.hedging.rules.built import ROOM, BuiltRule


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

    def sharpened(
        self,
        trades: FloatArray,
        without: frozenset[str],
        amounts: Mapping[str, float],
        room: float = ROOM,
    ) -> bool:
        """Add rows that trades `(n_lines,)` break by more than `room`; tell whether there are any."""
        open_ended = [rule for rule in self.kept(without) if rule.sharpened is not None]
        if not open_ended:
            return False
        held = self._inputs.n_held
        sell, buy = trades[:held], trades[held:]
        state = state_of(self._inputs, sell, buy, self._inputs.costs.of(sell, buy).trading)
        grown = [
            rule.name
            for rule in open_ended
            if rule.sharpened and rule.sharpened(state, amounts[rule.name], room)
        ]
        if grown:
            self._made.clear()
            self._maker.forget(grown)
        return bool(grown)

    def _forbidden(self, rules: Collection[BuiltRule], amounts: Mapping[str, float]) -> BoolArray:
        """Return `(n_lines,)` lines that some rule allows nothing of."""
        found = np.zeros(self._inputs.n_lines, np.bool_)
        for rule in rules:
            if rule.forbidden is not None:
                found |= rule.forbidden(amounts[rule.name])
        return found
