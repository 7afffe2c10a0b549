"""Whether trades exist that keep to rules: of any size, few enough, in whole lots."""

from __future__ import annotations

from dataclasses import replace

import cvxpy as cp
import numpy as np

from stresstest.arrays import FloatArray
from stresstest.hedging.program.guided import WIDE_ROOM, Asked, GuidedSearch
from stresstest.hedging.program.lot_program import LotProgram
from stresstest.hedging.program.outer_program import CUT_TOLERANCE, OuterProgram, Shape

_ANY = 0.5
"""Relative gap at which a search for any lots that keep to the rules may end."""
_MOST_COUNTED, _MOST_LOTS = 12, 8
"""Rounds of a search over lines, and over lots, of rules that have rows without end."""


class Existence:
    """Answers by yes or no over the rows of a policy's rules.

    Attributes
    ----------
    unproved
        Number of answers no so far for which a search was ended.
    """

    def __init__(self, guided: GuidedSearch, most_nodes: int) -> None:
        self._guided, self._rows, self._most_nodes = guided, guided.rows, most_nodes
        self._ended = 0
        self._known: dict[tuple[frozenset[str], tuple[tuple[str, float], ...]], bool] = {}

    @property
    def unproved(self) -> int:
        """Number of answers no so far for which a search was ended."""
        return self._ended + self._guided.unproved

    def lots(self, asked: Asked) -> LotProgram:
        """Return the rules with lots and counts, with the rows known by now."""
        kept = {name: amount for name, amount in asked.amounts.items() if name not in asked.without}
        return LotProgram(self._rows.of(*asked), self._rows.limits(*asked), kept, self._guided.pool)

    def holds(self, asked: Asked) -> bool:
        """Tell whether trades exist that keep to all rules; in lots of any size."""
        key = asked.without, tuple(sorted(asked.amounts.items()))
        if key not in self._known:
            self._known[key] = self._holds(asked)
        return self._known[key]

    def _holds(self, asked: Asked) -> bool:
        trades = self._any(asked)
        if trades is None:
            return False
        lots = self.lots(asked)
        if lots.keeps(trades):
            return True
        most, settings = lots.counts.most_trades, replace(self._guided.settings, integer_gap=0.0)
        for _ in range(_MOST_COUNTED):
            fewest = self.lots(asked).fewest()
            answer = fewest.solve(settings)
            if not answer.is_found or (most is not None and int(np.round(answer.objective)) > most):
                return False
            if not self._rows.sharpened(fewest.found(), *asked, WIDE_ROOM):
                return True
        self._ended += 1
        return False

    def _any(self, asked: Asked) -> FloatArray | None:
        """Return trades of any size that keep to all rules, the cheapest where that is as easy."""
        if self._rows.open_ended(asked.without):
            return self._guided.deepest(asked).trades
        found = self._guided.best(asked, Shape("cost"))
        return found.trades if found.answer.status == cp.OPTIMAL else None

    def holds_in_lots(self, asked: Asked) -> bool:
        """Tell whether trades in whole lots are found that keep to every rule, sizes and numbers included."""
        nodes = max(self._most_nodes // 4, 1)
        settings = replace(self._guided.settings, integer_gap=_ANY, most_nodes=nodes)
        for _ in range(_MOST_LOTS):
            lots = self.lots(asked)
            shape = Shape("cost", lots=lots.sizes, counts=lots.counts)
            program = OuterProgram(lots.rows, lots.limits, shape, lots.pool)
            if (
                not program.solve(settings).is_found
                or lots.rows.breach(program.found()) > CUT_TOLERANCE * 10.0
            ):
                return False
            if not self._rows.sharpened(program.found(), *asked):
                return True
        return False
