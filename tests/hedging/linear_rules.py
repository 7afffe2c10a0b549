"""Toy programs whose rules are linear inequalities with a named amount: conflicts in them are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog

from stresstest.hedging.diagnosis.diagnosis import StatedRule


@dataclass(frozen=True)
class LinearRule:
    """`row · x <= amount` (`at_most`) or `row · x >= amount`."""

    name: str
    row: tuple[float, ...]
    amount: float
    at_most: bool = True
    step: float = 0.0

    def stated(self) -> StatedRule:
        far = 100.0 if self.at_most else -100.0
        return StatedRule(self.name, self.amount, 1.0 if self.at_most else -1.0, far, self.step)


@dataclass
class LinearProgram:
    """Rules over x >= 0; an amount may be stretched by `noise`, as a solver's tolerance would."""

    rules: tuple[LinearRule, ...]
    noise: float = 0.0
    blind: frozenset[str] = frozenset()
    solves: list[frozenset[str]] = field(default_factory=list)

    def holds(self, without: frozenset[str], amounts: Mapping[str, float]) -> bool:
        self.solves.append(without)
        rows, bounds = self._rows(without, amounts)
        if not rows:
            return True
        done = linprog(np.zeros(len(rows[0])), A_ub=rows, b_ub=bounds)
        return bool(done.status == 0)

    def nearest(self, rule: str, without: frozenset[str], amounts: Mapping[str, float]) -> float | None:
        if rule in self.blind:
            return None
        own = next(item for item in self.rules if item.name == rule)
        rows, bounds = self._rows(without | {rule}, amounts)
        sign = 1.0 if own.at_most else -1.0
        width = len(own.row)
        rows = [[*row, 0.0] for row in rows] + [[*(sign * v for v in own.row), -1.0]]
        bounds = [*bounds, sign * own.amount]
        done = linprog([*[0.0] * width, 1.0], A_ub=rows, b_ub=bounds)
        return own.amount + sign * (done.x[-1] + self.noise) if done.status == 0 else None

    def _rows(self, without: frozenset[str], amounts: Mapping[str, float]) -> tuple[list, list]:
        rows, bounds = [], []
        for rule in self.rules:
            if rule.name not in without:
                sign = 1.0 if rule.at_most else -1.0
                rows.append([sign * value for value in rule.row])
                bounds.append(sign * amounts.get(rule.name, rule.amount))
        return rows, bounds
