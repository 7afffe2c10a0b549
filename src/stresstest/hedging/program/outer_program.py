"""A program solved from outside: impact, tails and cones by cuts where they are not there as they are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import cvxpy as cp
import numpy as np

from stresstest.arrays import BoolArray, FloatArray, frozen
from stresstest.hedging.program.cone_cuts import ModelledCone
from stresstest.hedging.program.cvxpy_atoms import total
from stresstest.hedging.program.trade_counts import Counts, LotSizes
from stresstest.hedging.program.trade_limits import TradeLimits
from stresstest.hedging.program.trade_model import TradeModel
from stresstest.hedging.program.trade_rows import TradeRows
from stresstest.hedging.rules.built import BuiltRule
from stresstest.hedging.tails.modelled import ModelledTail
from stresstest.hedging.tails.rows import TailRows
from stresstest.hedging.tails.solvers import Attempt, Solved, SolverSettings, solve
from stresstest.hedging.tails.split import Split

CUT_TOLERANCE = 1e-9
"""Largest breach of a cone or of impact, as a share of the base value, that needs no further cut."""

TAIL_TOLERANCE = 1e-9
"""Largest relative excess of a shortfall over all draws above that of the draws in doubt."""

BREACH = "breach"
_DEEPEST = 1.0
"""Share of the base value by which rules need not be kept better than asked for."""
_MOST_ROUNDS = 60
_KEPT = 24


@dataclass(eq=False)
class CutPool:
    """Where programs over the same inputs were cut, the latest last: tangents hold for all of them.

    Attributes
    ----------
    trades
        `(n_lines,)` trades.
    splits
        Of each tail of the objective, by its place: which draws were in doubt last.
    """

    trades: list[FloatArray] = field(default_factory=list)
    splits: dict[int, Split] = field(default_factory=dict)

    def add(self, trades: FloatArray) -> None:
        """Keep trades; the oldest of many go."""
        self.trades = [*self.trades, trades][-_KEPT:]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a program is for.

    Attributes
    ----------
    objective
        `policy`; `cost` or `count` for any trades that keep to the rules, the cheapest or the fewest;
        `breach` for the least by which rules with rows without end are broken, all others kept; the name of
        a rule for the amount of it, freed.
    lots
        Sizes that trades come in; None: any.
    counts
        Of the lines that are on; None: no line has a switch.
    is_relaxed
        Whether cones that only imply their rules are left out, for a bound.
    margin
        By how much cones are kept with room to spare, so that trades near their cuts do not break them.
    is_cut
        Whether impact is bounded by tangents where it could be there as it is.
    """

    objective: str = "policy"
    lots: LotSizes | None = None
    counts: Counts | None = None
    is_relaxed: bool = False
    margin: float = 0.0
    is_cut: bool = False

    @property
    def is_integer(self) -> bool:
        """Whether there are lots or switches."""
        return self.counts is not None or self.lots is not None

    @property
    def has_impact(self) -> bool:
        """Whether impact is there as it is: in what is optimised, not at the border of what is allowed."""
        return self.objective == "policy" and not self.is_integer and not self.is_cut


@dataclass(frozen=True, slots=True)
class OuterAnswer:
    """How the rounds of cuts ended: cvxpy's status, objective and bound of the last."""

    status: str
    objective: float
    lower_bound: float
    attempts: tuple[Attempt, ...]

    @property
    def is_found(self) -> bool:
        """Whether there are trades."""
        return self.status in (cp.OPTIMAL, cp.USER_LIMIT)


class OuterProgram:
    """Trades within limits that keep to rows and cones, the best by an objective.

    Parameters
    ----------
    pool
        Where other programs over the same inputs were cut.

    Attributes
    ----------
    useless
        Objective above which trades are of no use any more.
    enough
        Objective at which trades that keep to all rules need not be made better.
    is_settled
        Whether solving once more would find the same, as nothing was cut off.
    """

    def __init__(self, rows: TradeRows, limits: TradeLimits, shape: Shape, pool: CutPool) -> None:
        self.rows, self.shape, self.pool = rows, shape, pool
        self.model = TradeModel(rows, limits, shape.lots, shape.counts, is_whole=shape.has_impact)
        self.useless, self.enough, self.is_settled = np.inf, -np.inf, False
        self._freed = next((rule for rule in rows.rules if rule.name == shape.objective), None)
        self._giving = frozenset(rule.name for rule in rows.rules if _gives_way(rule, shape))
        self._amount = cp.Variable(name="amount")
        self._border = self._limits()
        self._cones = self._modelled_cones()
        self._tails: list[ModelledTail] = []
        self._planes: list[list[tuple[FloatArray, float]]] = []
        self._fixed: list[cp.Constraint] = []
        self.objective = self._objective()
        if shape.counts is not None and shape.counts.most_trades is not None and shape.objective != "count":
            self._fixed.append(total(self.model.used) <= shape.counts.most_trades)
        self._cut_at_known(limits)

    def _modelled_cones(self) -> list[ModelledCone]:
        shape, whole = self.shape, not self.shape.is_integer
        return [
            ModelledCone(cone, self.model.point, self._slack(cone.rule, place) - shape.margin, whole=whole)
            for place, cone in enumerate(self.rows.cones)
        ]

    def _cut_at_known(self, limits: TradeLimits) -> None:
        """Cut at trades of earlier programs, so that the first round is near."""
        shape, pool = self.shape, self.pool
        for trades in () if shape.has_impact else pool.trades:
            self.cut_at(trades)
        if shape.counts is not None and pool.trades:
            latest = pool.trades[-1]
            for cone in (one for one in self._cones if one.is_active):
                cone.spread_cuts(latest, self.rows.cost(latest), limits.most)

    def solve(self, settings: SolverSettings, most_rounds: int = _MOST_ROUNDS) -> OuterAnswer:
        """Solve with more and more cuts until nothing is cut off; the bound of any round holds."""
        attempts: list[Attempt] = []
        if self.model.limits.is_empty:
            return OuterAnswer(cp.INFEASIBLE, np.nan, -np.inf, ())
        for _ in range(most_rounds):
            found = self._round(settings)
            attempts += found.attempts
            # An interior point method that stops short of its tolerance is judged by its multipliers' bound.
            status = cp.OPTIMAL if found.status == cp.OPTIMAL_INACCURATE else found.status
            answer = OuterAnswer(status, found.value, found.lower_bound, tuple(attempts))
            self.is_settled = not answer.is_found or self._suffices() or not self._cut()
            if self.is_settled:
                break
        return answer

    def _suffices(self) -> bool:
        """Tell whether what was found keeps to all rules, and is as good as it need be."""
        if self.enough == -np.inf:
            return False
        trades = self.found()
        if self.rows.objective(trades) > self.enough or self.rows.breach(trades) > CUT_TOLERANCE:
            return False
        self.pool.add(trades)
        return True

    def forbid(self, on: Any) -> None:
        """Leave out the choice of lines `on` `(n_lines,)`."""
        sides = np.where(on, 1.0, -1.0)
        self._fixed.append(sides @ self.model.used <= float(on.sum()) - 1.0)

    def found(self) -> FloatArray:
        """Return the trades found."""
        return self.model.found()

    def is_on(self) -> BoolArray:
        """Return `(n_lines,)` which lines are on in what was found."""
        return self.model.is_on()

    @property
    def is_turnable(self) -> bool:
        """Whether a cone took part that only implies its rule, and that could be turned."""
        return any(cone.is_active and cone.rows.is_sufficient for cone in self._cones)

    def amount(self) -> float:
        """Return the amount of the rule that was freed."""
        return float(np.asarray(self._amount.value))

    @property
    def has_amount(self) -> bool:
        """Whether an amount is free."""
        return self._freed is not None

    def shadow_price(self, name: str) -> float:
        """Return the change of the objective per unit of a rule's amount, from the multipliers found.

        By the envelope theorem Σ multiplier · ∂row/∂amount.
        """
        rule = next(rule for rule in self.rows.rules if rule.name == name)
        rows, bounds = self.rows.slopes(rule, self.found())
        # A row that no trade moves, such as a premium where nothing has one, has a multiplier but no price.
        is_moved = np.abs(self.rows.limits.matrix).max(axis=1, initial=0.0) > 0.0
        multipliers = np.where(is_moved, np.asarray(self._border.dual_value), 0.0)
        prices = multipliers[np.array(self.rows.owners) == name]
        of_cones = [
            0.0 if cone.border.dual_value is None or not cone.is_active else float(cone.border.dual_value)
            for cone in self._cones
            if cone.rows.rule == name
        ]
        return float(prices @ rows) - float(np.array(of_cones) @ bounds)

    def _limits(self) -> Any:
        limits = self.rows.limits
        value = limits.matrix @ self.model.point + limits.offset
        if self._freed is not None:
            slope = np.zeros(len(limits.offset))
            slope[np.array(self.rows.owners) == self._freed.name] = self.rows.slopes(
                self._freed, self._rest()
            )[0]
            value = value + slope * (self._amount - self.rows.amounts[self._freed.name])
        if self._giving:
            value = value - np.isin(self.rows.owners, list(self._giving)).astype(np.float64) * self._amount
        border: Any = value <= 0.0
        return border

    def _slack(self, rule: str, place: int) -> Any:
        """Return what a freed amount, or a rule that gives way, adds to the bound of a cone."""
        if rule in self._giving:
            return self._amount
        if self._freed is None or rule != self._freed.name:
            return 0.0
        own = [number for number, cone in enumerate(self.rows.cones) if cone.rule == rule]
        slope = self.rows.slopes(self._freed, self._rest())[1][own.index(place)]
        return slope * (self._amount - self.rows.amounts[rule])

    def _rest(self) -> FloatArray:
        return np.zeros(self.rows.inputs.n_lines)

    def _objective(self) -> Any:
        shape, point = self.shape, self.model.point
        if shape.objective == "cost":
            return self.model.cost
        if shape.objective == "count":
            return total(self.model.used)
        if shape.objective == BREACH:
            self._fixed.append(self._amount >= -_DEEPEST)
            return self._amount
        if self._freed is not None:
            stated = self.rows.amounts[self._freed.name]
            self._fixed.append(self._freed.loosens * (self._amount - stated) >= 0.0)
            return self._freed.loosens * self._amount
        value: Any = self.rows.linear.matrix[0] @ point + float(self.rows.linear.offset[0])
        for factor, losses in self.rows.worst:
            loss = cp.Variable(nonneg=True, name="worst_loss")
            self._fixed.append(loss >= losses.matrix @ point + losses.offset)
            value = value + factor * loss
        for factor, term, quantities in self.rows.tails:
            over: Any = quantities.matrix @ point + quantities.offset
            tail = ModelledTail.of(over, term)
            self._tails.append(tail)
            self._planes.append([])
            value = value + factor * tail.shortfall
        return value

    def _round(self, settings: SolverSettings) -> Solved:
        """Solve with rows for a part of the draws, or planes below the tails: either bounds the whole."""
        cones = [row for cone in self._cones for row in cone.constraints()]
        rows = [self._border, *self.model.constraints, *self.model.tangents(), *cones, *self._fixed]
        if np.isfinite(self.useless):
            rows.append(self.objective <= self.useless)
        problem = cp.Problem(cp.Minimize(self.objective), rows)
        size = max((tail.size for tail in self._tails), default=1.0)
        settings = replace(settings, enough=self.enough)
        found = solve(problem, self._tail_rows(), size, settings)
        if found.status == cp.UNBOUNDED and self._tails:
            for place, tail in enumerate(self._tails):
                self.pool.splits[place] = Split.whole(tail.term)
            found = solve(problem, self._tail_rows(), size, settings)
        return found

    def _tail_rows(self) -> list[cp.Constraint]:
        rows: list[cp.Constraint] = []
        for place, tail in enumerate(self._tails):
            if self._planes[place] and self.shape.is_integer:
                slopes, offsets = zip(*self._planes[place], strict=True)
                rows.append(tail.shortfall >= np.array(slopes) @ self.model.point + np.array(offsets))
                continue
            if place not in self.pool.splits:
                self.pool.splits[place] = Split.guess(tail.term, tail.losses())
            rows += tail.rows(self.pool.splits[place])
        return rows

    def _cut(self) -> bool:
        """Cut where the point found breaks a cone or underrates a cost; tell whether any of it was needed."""
        trades = self.found()
        if self.shape.is_integer:
            is_short = self._is_short(trades)
        else:
            is_short = self._misplaced() | (self.model.impact_gap(trades) > CUT_TOLERANCE)
            if is_short:
                self.model.add_tangents(trades)
        is_joined = self.join(trades)
        if self.shape.is_integer and (is_short or is_joined):
            self.cut_at(trades)
        if not is_short and not is_joined:
            self.pool.add(trades)
        return is_short or is_joined

    def _is_short(self, trades: FloatArray) -> bool:
        """Tell whether the trades break what the program holds to be kept, or cost more than it says."""
        cost = self.rows.cost(trades)
        over = float(self.rows.limits.at(trades, cost).max(initial=-np.inf))
        over = max([over, *(c.breach(trades, cost) for c in self._cones if c.is_active)])
        if over > CUT_TOLERANCE:
            return True
        if self.shape.objective != "policy":
            return False
        modelled = float(np.asarray(self.objective.value))
        return self.rows.objective(trades) > modelled + 1e-6 * max(abs(modelled), 1e-6)

    def join(self, trades: FloatArray) -> bool:
        """Let cones that were left out take part where their rules would break; tell whether any does."""
        cost = self.rows.cost(trades)
        new = [
            cone
            for cone in self._cones
            if not cone.is_active
            and not (self.shape.is_relaxed and cone.rows.is_sufficient)
            and cone.breach(trades, cost) > CUT_TOLERANCE
        ]
        for cone in new:
            cone.is_active = True
        return bool(new)

    def _misplaced(self) -> bool:
        """Give shortfalls their values over all draws; tell whether draws were in a wrong place.

        Where none was, what a shortfall lacks is the solver's accuracy, which solving again does not mend.
        """
        is_wrong = False
        for place, tail in enumerate(self._tails):
            losses = tail.losses()
            if tail.correct() > TAIL_TOLERANCE:
                before = self.pool.splits[place]
                self.pool.splits[place] = before.moved(tail.term, losses)
                is_wrong = is_wrong or bool(before.misplaced(tail.term, losses).any())
        return is_wrong

    def cut_at(self, trades: FloatArray) -> None:
        """Cut where `(n_lines,)` trades are."""
        cost = self.rows.cost(trades)
        self.model.add_tangents(trades)
        for cone in self._cones:
            cone.cut_at(trades, cost)
        if self.shape.is_integer and self._tails:
            for place, (_, term, quantities) in enumerate(self.rows.tails):
                cut = TailRows(term).cut(frozen(quantities.at(trades, cost)))
                slope = cut.slope @ quantities.matrix
                self._planes[place].append((slope, cut.intercept + float(cut.slope @ quantities.offset)))


def _gives_way(rule: BuiltRule, shape: Shape) -> bool:
    return shape.objective == BREACH and rule.sharpened is not None
