"""The program of a hedge: rules over one set of inputs, solved with amounts that may change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import cvxpy as cp
import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.policies.policy import Policy
from stresstest.hedging.program.existence import Existence
from stresstest.hedging.program.guided import Asked, Guided, GuidedSearch
from stresstest.hedging.program.lot_search import LotAnswer, best_lots
from stresstest.hedging.program.objective_terms import ObjectiveTerms, objective_terms
from stresstest.hedging.program.outer_program import CutPool, OuterAnswer, OuterProgram, Shape
from stresstest.hedging.program.rule_rows import RuleRows
from stresstest.hedging.program.solution import (
    FEASIBLE,
    INFEASIBLE,
    NO_TRADE,
    OPTIMAL,
    STOPPED,
    UNBOUNDED,
    HedgeSolution,
)
from stresstest.hedging.program.trade_counts import TRADED
from stresstest.hedging.program.trade_state import TradeState, state_of
from stresstest.hedging.program.written_calls import coverage
from stresstest.hedging.rules.built import BuiltRule
from stresstest.hedging.rules.registry import COUNTED, build_rule
from stresstest.hedging.tails.solvers import Attempt, SolverSettings

FEASIBILITY = 1e-8
"""Largest breach of a rule, in its own terms, that counts as rounding of a solver."""

_BINDING = 1e-6
_WORSE = 1e-9
_MOST_SHARPENED = 60
"""Times that a program is solved with more rows of a rule that has them without end."""
_NONE: Mapping[str, float] = {}


@dataclass(frozen=True, slots=True)
class ProgramSettings:
    """When a search may stop.

    Attributes
    ----------
    gap, integer_gap
        Relative gap without and with lots and counts.
    most_nodes
        Nodes of each search over the lines that are traded, and of four over their lots: they end at the
        same place on any machine.
    time_limit
        Seconds for each call of a solver, a last resort.
    """

    gap: float = 1e-8
    integer_gap: float = 1e-4
    most_nodes: int = 2000
    time_limit: float = 600.0

    def solver(self) -> SolverSettings:
        """Return the settings of the solvers."""
        return SolverSettings(
            gap=self.gap,
            integer_gap=self.integer_gap,
            time_limit=self.time_limit,
            most_nodes=self.most_nodes,
        )


class HedgeProgram:
    """What to sell and buy so that the policy's objective is least and every rule holds.

    Parameters
    ----------
    inputs
        Of portfolio, policy, market and scenarios.
    policy
        Rules and objective, over the same scenarios; default: the one of the inputs.

    Examples
    --------
    >>> import stresstest as st
    >>> from stresstest.hedging.policies.policy_loading import load_policy
    >>> portfolio, market = st.load_portfolio("ai_growth_fund"), st.load_market()
    >>> inputs = HedgeInputs.of(portfolio, load_policy("buffett"), market, st.load_scenarios())
    >>> HedgeProgram(inputs).solve(integers=False).status
    'optimal'
    """

    def __init__(
        self, inputs: HedgeInputs, policy: Policy | None = None, settings: ProgramSettings | None = None
    ) -> None:
        self.inputs = inputs if policy is None else inputs.with_policy(policy)
        self.settings = settings or ProgramSettings()
        self._pool = CutPool()
        self._solutions: dict[tuple[frozenset[str], tuple[float, ...]], Guided] = {}

    @cached_property
    def rules(self) -> tuple[BuiltRule, ...]:
        """Every rule of the policy, in its order, but for those of lots and counts."""
        return tuple(
            build_rule(rule, self.inputs) for rule in self.inputs.policy.rules if rule.measure not in COUNTED
        )

    @cached_property
    def terms(self) -> ObjectiveTerms:
        """What is minimised."""
        return objective_terms(self.inputs)

    @cached_property
    def _rows(self) -> RuleRows:
        return RuleRows(self.terms, self.rules)

    @cached_property
    def _guided(self) -> GuidedSearch:
        return GuidedSearch(self._rows, self._pool, self.settings.solver())

    @cached_property
    def _existence(self) -> Existence:
        return Existence(self._guided, self.settings.most_nodes)

    @property
    def unproved(self) -> int:
        """Number of answers so far that there are no trades which a search that was ended gave."""
        return self._existence.unproved

    def solve(
        self,
        amounts: Mapping[str, float] = _NONE,
        without: Collection[str] = (),
        slack: str | None = None,
        integers: bool = True,
    ) -> HedgeSolution:
        """Return the best trades that keep to the rules.

        Parameters
        ----------
        amounts
            In place of those of the policy, by rule.
        without
            Rules left out.
        slack
            Rule whose amount is free: the least change of it that lets trades exist is sought, and `slack`
            of the solution says it.
        integers
            Whether trades come in lots, and rules on sizes and numbers of trades count.
        """
        if slack is not None:
            return self._freed(slack, amounts, frozenset(without))
        return self._solved(frozenset(without), self.amounts(amounts), integers=integers)

    def holds(self, without: Collection[str] = (), amounts: Mapping[str, float] = _NONE) -> bool:
        """Tell whether trades exist that keep to all rules but those `without`; in lots of any size."""
        asked = Asked(frozenset(without), self.amounts(amounts))
        return self._existence.holds(asked)

    def nearest(
        self, rule: str, without: Collection[str] = (), amounts: Mapping[str, float] = _NONE
    ) -> float | None:
        """Return the amount of `rule` nearest to its own at which trades exist; None where there is none."""
        return self._freed(rule, amounts, frozenset(without)).slack

    def holds_in_lots(self, amounts: Mapping[str, float] = _NONE) -> bool:
        """Tell whether trades in whole lots are found that keep to every rule, sizes and numbers included.

        A search that ends without any proves nothing: it may look at as many nodes as one for lots.
        """
        return self._existence.holds_in_lots(Asked(frozenset(), self.amounts(amounts)))

    def amounts(self, other: Mapping[str, float] = _NONE) -> dict[str, float]:
        """Return the amount of every rule, those of `other` in place of the policy's.

        Raises
        ------
        KeyError
            For the name of no rule.
        """
        stated = {rule.name: rule.amount for rule in self.inputs.policy.rules}
        unknown = [name for name in other if name not in stated]
        if unknown:
            raise KeyError(unknown[0])
        return {**stated, **other}

    def _continuous(self, without: frozenset[str], amounts: Mapping[str, float]) -> Guided:
        """Return the policy's own program without lots and counts, solved once."""
        key = without, tuple(amounts.values())
        if key not in self._solutions:
            self._solutions[key] = self._guided.best(Asked(without, amounts), Shape())
        return self._solutions[key]

    def _best_lots(
        self, without: frozenset[str], amounts: Mapping[str, float], at: FloatArray, bound: float
    ) -> LotAnswer:
        """Return the best lots; sought again where they break a row that no rule had yet."""
        attempts: tuple[Attempt, ...] = ()
        for _ in range(_MOST_SHARPENED):
            lots = self._existence.lots(Asked(without, amounts))
            found = best_lots(lots, at, self.settings.solver(), bound)
            attempts += found.attempts
            if found.trades is None or not self._rows.sharpened(found.trades, without, amounts):
                break
        return replace(found, attempts=attempts)

    def _solved(
        self, without: frozenset[str], amounts: Mapping[str, float], *, integers: bool
    ) -> HedgeSolution:
        continuous = self._continuous(without, amounts)
        program, answer, bound = continuous.program, continuous.answer, continuous.lower_bound
        if continuous.trades is None:
            return self._without_answer(without, amounts, answer)
        prices = {rule.name: 100.0 * program.shadow_price(rule.name) for rule in self._rows.kept(without)}
        trades, wanted = continuous.trades, self.settings.gap
        n_free = int((trades > TRADED).sum())
        if integers:
            lots = self._best_lots(without, amounts, trades, bound)
            answer = replace(answer, attempts=(*answer.attempts, *lots.attempts))
            if lots.trades is None:
                is_proved = lots.status == cp.INFEASIBLE
                return self._at_rest(without, amounts, answer) if is_proved else self._ended(STOPPED, answer)
            trades, bound, wanted = lots.trades, lots.lower_bound, self.settings.integer_gap
        found = self._checked(trades, without, amounts)
        if found.objective >= found.unhedged - _WORSE and not found.broken:
            return self._at_rest(without, amounts, answer)
        binding = self._binding(found, prices, without, n_free)
        found = replace(
            found, lower_bound=bound, attempts=answer.attempts, shadow_prices=prices, binding=binding
        )
        return _judged(found, wanted)

    def _without_answer(
        self, without: frozenset[str], amounts: Mapping[str, float], answer: OuterAnswer
    ) -> HedgeSolution:
        """Return why there are no trades: none are needed, the rules conflict, or they have no end."""
        if answer.status == cp.UNBOUNDED:
            return self._ended(UNBOUNDED, answer, unbounded=self._direction(without, amounts))
        if answer.status == cp.INFEASIBLE:
            return self._at_rest(without, amounts, answer)
        return self._ended(STOPPED, answer)

    def _checked(
        self, trades: FloatArray, without: frozenset[str], amounts: Mapping[str, float]
    ) -> HedgeSolution:
        """Return trades with everything recomputed from numbers: costs, state, objective, breaches."""
        held = self.inputs.n_held
        sell, buy = trades[:held], trades[held:]
        costs = self.inputs.costs.of(sell, buy)
        state = state_of(self.inputs, sell, buy, costs.trading)
        breaches = [rule.breach(state, amounts[rule.name]) for rule in self._rows.kept(without)]
        breaches += [min(0.0, self.inputs.cash_share) - state.free_cash]
        breaches += [-row for row in coverage(self.inputs, state.after)]
        return HedgeSolution(
            STOPPED,
            sell=self.inputs.units(sell, slice(0, held)),
            buy=self.inputs.units(buy, slice(held, None)),
            state=state,
            costs=costs,
            objective=self.terms.value(state),
            unhedged=self._unhedged(),
            violation=float(max(breaches)),
            broken=self._broken(without, amounts),
        )

    def _unhedged(self) -> float:
        return self.terms.value(self.resting())

    def resting(self) -> TradeState:
        """Return the state of the book as it is."""
        held, new = self.inputs.n_held, len(self.inputs.candidates)
        return state_of(self.inputs, np.zeros(held), np.zeros(new), 0.0)

    def _broken(self, without: frozenset[str], amounts: Mapping[str, float]) -> tuple[str, ...]:
        """Return the rules that the book as it is breaks."""
        resting = self.resting()
        return tuple(
            rule.name
            for rule in self._rows.kept(without)
            if rule.breach(resting, amounts[rule.name]) > FEASIBILITY
        )

    def _at_rest(
        self, without: frozenset[str], amounts: Mapping[str, float], answer: OuterAnswer
    ) -> HedgeSolution:
        """Return that no trade helps; where the book as it is breaks a rule, that the rules conflict."""
        if self._broken(without, amounts):
            return self._ended(INFEASIBLE, answer)
        found = self._checked(np.zeros(self.inputs.n_lines), without, amounts)
        unhedged = self._unhedged()
        return replace(
            found, status=NO_TRADE, lower_bound=unhedged, gap=0.0, violation=0.0, attempts=answer.attempts
        )

    def _ended(self, status: str, answer: OuterAnswer, **more: Any) -> HedgeSolution:
        held, new = self.inputs.n_held, len(self.inputs.candidates)
        return HedgeSolution(
            status,
            frozen(np.zeros(held)),
            frozen(np.zeros(new)),
            unhedged=self._unhedged(),
            attempts=answer.attempts,
            **more,
        )

    def _direction(self, without: frozenset[str], amounts: Mapping[str, float]) -> tuple[str, str]:
        """Return the candidate that the program buys most of where everything is capped."""
        rows, limits = self._rows.of(without, amounts), self._rows.limits(without, amounts).boxed()
        program = OuterProgram(rows, limits, Shape(), self._pool)
        program.solve(self.settings.solver())
        bought = program.found()[self.inputs.n_held :]
        return self.inputs.candidates[int(np.argmax(bought))].id, "buy"

    def _binding(
        self,
        found: HedgeSolution,
        prices: Mapping[str, float],
        without: frozenset[str],
        n_free: int,
    ) -> tuple[str, ...]:
        """Return the rules whose amount has a price, and the count of trades that `n_free` without it break.

        A rule that merely holds with equality is none of them: without a price nothing is gained beyond it.
        """
        n_traded = int((found.sell > 0.0).sum() + (found.buy > 0.0).sum())
        policy = self.inputs.policy
        counts = [one for one in policy.rules if one.measure == "max_trades" and one.name not in without]
        short = {one.name for one in counts if n_traded <= one.amount < n_free}
        return tuple(
            rule.name
            for rule in policy.rules
            if abs(prices.get(rule.name, 0.0)) > _BINDING or rule.name in short
        )

    def _freed(self, name: str, amounts: Mapping[str, float], without: frozenset[str]) -> HedgeSolution:
        """Return the least change of a rule's amount that lets trades exist."""
        rule = next((rule for rule in self.rules if rule.name == name), None)
        stated = self.amounts(amounts)
        if rule is None or not rule.is_affine or rule.steps:
            from stresstest.hedging.program.amount_search import nearest_amount

            amount = nearest_amount(self, name, stated, without)
            status = INFEASIBLE if amount is None else FEASIBLE
            return self._ended(status, OuterAnswer(status, np.nan, -np.inf, ()), slack=amount)
        freed = self._guided.best(Asked(without - {name}, stated), Shape(name))
        if freed.trades is None or freed.answer.status != cp.OPTIMAL:
            is_proved = freed.answer.status == cp.INFEASIBLE
            return self._ended(INFEASIBLE if is_proved else STOPPED, freed.answer)
        found = self._checked(freed.trades, without, {**stated, name: freed.amount})
        return replace(found, status=FEASIBLE, slack=freed.amount, attempts=freed.answer.attempts)


def _judged(found: HedgeSolution, wanted: float) -> HedgeSolution:
    """Return trades with their gap, and `optimal` only where that is as wanted and every rule holds."""
    size = max(abs(found.objective), abs(found.unhedged), 1e-12)
    gap = abs(found.objective - found.lower_bound) / size
    status = (OPTIMAL if gap <= wanted else FEASIBLE) if found.violation <= FEASIBILITY else STOPPED
    return replace(found, status=status, gap=gap)
