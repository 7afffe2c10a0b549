"""From a portfolio and a policy to a plan: solved, verified through files, with receipts; or diagnosed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from stresstest.errors import ModelError
from stresstest.hedging.diagnosis.rule_conflicts import infeasible_diagnosis, unbounded_diagnosis
from stresstest.hedging.inputs.effective_bets import entropy_of_bets, torsion
from stresstest.hedging.inputs.factor_bumps import base_units
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.plans.hedged_books import trades_of
from stresstest.hedging.plans.plan import (
    Bets,
    Certificate,
    HedgePlan,
    RuleReading,
    ScenarioOutcome,
    Totals,
    TradeCost,
)
from stresstest.hedging.plans.plan_checks import PlanChecker
from stresstest.hedging.plans.receipts import Shares, planned_trades
from stresstest.hedging.plans.sellers import seller_exposures
from stresstest.hedging.plans.trades_file import as_quantities
from stresstest.hedging.plans.verification import book_from_files
from stresstest.hedging.policies.policy import Policy, Rule
from stresstest.hedging.program.program import FEASIBILITY, HedgeProgram, ProgramSettings
from stresstest.hedging.program.solution import INFEASIBLE, STOPPED, UNBOUNDED, HedgeSolution
from stresstest.hedging.program.trade_state import TradeState, pnl_after
from stresstest.hedging.rules.income import carry_change
from stresstest.hedging.rules.registry import build_rule
from stresstest.market.snapshot import MarketSnapshot
from stresstest.measures.percentages import SMALL_BASE
from stresstest.portfolio.model import Portfolio
from stresstest.revaluation.holdings import BaseValues, hold
from stresstest.scenarios.scenario import ScenarioSet

BETS = "min_effective_bets"
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Request:
    """What a plan is asked for.

    Attributes
    ----------
    scenarios
        Reported beside those that the policy names; one that it names is taken from here.
    threads
        Threads to use; the trades do not depend on them.
    """

    portfolio: Portfolio
    policy: Policy
    market: MarketSnapshot
    scenarios: ScenarioSet
    settings: ProgramSettings = field(default_factory=ProgramSettings)
    threads: int | None = None


@dataclass(frozen=True)
class Planner:
    """Plans one request; every step is worked out once."""

    request: Request

    @cached_property
    def inputs(self) -> HedgeInputs:
        """Everything that the plan is worked out from, as arrays."""
        asked = self.request
        return HedgeInputs.of(asked.portfolio, asked.policy, asked.market, asked.scenarios, asked.threads)

    @cached_property
    def program(self) -> HedgeProgram:
        """Rules and objective over the inputs."""
        return HedgeProgram(self.inputs, settings=self.request.settings)

    @cached_property
    def solution(self) -> HedgeSolution:
        """What the solvers found, checked from numbers."""
        return self.program.solve()

    @cached_property
    def portfolio(self) -> Portfolio:
        """The book as it is, with quantities in place of weights and a currency."""
        book, units = self.inputs.book, base_units(self.inputs.book)
        own = book.portfolios[0].portfolio
        held = hold(book, BaseValues(units.value[:, 0], units.fx[:, 0], units.conversions))[0]
        return as_quantities(own, held.quantity.tolist())

    @cached_property
    def shares(self) -> Shares:
        """Values traded as shares of the base value."""
        held = self.inputs.n_held
        return Shares(
            self.inputs.shares(self.solution.sell, slice(0, held)),
            self.inputs.shares(self.solution.buy, slice(held, None)),
        )

    @cached_property
    def state(self) -> TradeState:
        """The book after the trades, in numbers."""
        if self.solution.state is None:
            raise ValueError("there is no plan")
        return self.solution.state

    def plan(self) -> HedgePlan:
        """Return the plan, or why there is none.

        Raises
        ------
        ModelError
            Where no solver finds an answer, or full revaluation contradicts the plan.
        """
        solution = self.solution
        if solution.status == STOPPED:
            tried = ", ".join(f"{attempt.solver} {attempt.status}" for attempt in solution.attempts)
            raise ModelError(f"no solver finds a plan within the time and tolerance allowed: {tried}")
        empty = HedgePlan(
            status=solution.status,
            policy=self.request.policy,
            portfolio=self.portfolio,
            base_value=self.inputs.base_value,
            market=self.request.market.name,
            as_of=self.request.market.as_of,
            notes=(*self.inputs.notes, *self._base_notes(), *self._silences(), *solution.notes),
        )
        if solution.status == INFEASIBLE:
            diagnosis = infeasible_diagnosis(self.program)
            return replace(empty, scenarios=self._resting(), rules=self._as_it_is(), diagnosis=diagnosis)
        if solution.status == UNBOUNDED:
            return replace(empty, scenarios=self._resting(), diagnosis=unbounded_diagnosis(solution))
        return self._filled(empty)

    def _base_notes(self) -> Iterator[str]:
        """Yield that per cent of the base value mislead, where it is negative or small against gross."""
        inputs = self.inputs
        worth = inputs.held_shares * inputs.value_per_scale
        gross = inputs.nav * (float(np.abs(worth).sum()) + abs(inputs.cash_share))
        if inputs.base_value < SMALL_BASE * gross:
            part = 100.0 * inputs.base_value / gross
            yield (
                f"the base value is {part:.1f} % of what is held and owed: per cent of it tell of the "
                "financing, and rules that are meant for funds, in per cent of it, seldom fit"
            )

    def _silences(self) -> Iterator[str]:
        """Yield which rules ask nothing of this book, and why."""
        return (rule.silence for rule in self.program.rules if rule.silence)

    def _filled(self, empty: HedgePlan) -> HedgePlan:
        inputs, solution = self.inputs, self.solution
        assert solution.costs is not None  # noqa: S101 - a solution with trades has costs
        trades = trades_of(inputs, solution.sell, solution.buy, solution.costs)
        checker = self.checker(trades)
        outcomes = self._outcomes(self.state)
        listed = planned_trades(inputs, self.shares, self._barred())
        return replace(
            empty,
            trades=listed,
            scenarios=outcomes,
            rules=self.readings(),
            certificate=self._certificate(),
            totals=self._totals(),
            bets=self._bets(),
            sellers=seller_exposures(inputs, solution.buy, {one.name: one.pnl_after for one in outcomes}),
            verification=checker.verified(self.state),
            fresh_tails=checker.fresh_tails(),
            distances=checker.distances(),
            trades_portfolio=trades,
            hedged=checker.after,
        )

    def checker(self, trades: Portfolio) -> PlanChecker:
        """Return what compares the plan with its files."""
        asked = self.request
        after = book_from_files(self.portfolio, trades, asked.market.as_of)
        return PlanChecker(self.inputs, asked.market, asked.scenarios, self.portfolio, after)

    def _barred(self) -> dict[str, Rule]:
        """Return by id of each held position that a rule allows nothing of, that rule."""
        held = self.inputs.held
        return {
            held[place].id: built.rule
            for built in reversed(self.program.rules)
            if built.forbidden is not None
            for place in np.flatnonzero(built.forbidden(built.rule.amount)[: len(held)]).tolist()
        }

    def _resting(self) -> tuple[ScenarioOutcome, ...]:
        return self._outcomes(self.program.resting())

    def _outcomes(self, state: TradeState) -> tuple[ScenarioOutcome, ...]:
        inputs = self.inputs
        after = pnl_after(inputs, inputs.scenarios, state) * inputs.nav
        rows = zip(inputs.roles, inputs.scenarios.before.tolist(), after.tolist(), strict=True)
        return tuple(
            ScenarioOutcome(role.name, role.horizon, role.role, before, later) for role, before, later in rows
        )

    def _certificate(self) -> Certificate:
        found = self.solution
        tried = tuple(f"{attempt.solver}: {attempt.status}" for attempt in found.attempts)
        return Certificate(found.unhedged, found.objective, found.lower_bound, found.gap, tried)

    def readings(self) -> tuple[RuleReading, ...]:
        """Return every rule as the plan leaves it, its price by the slope at the plan."""
        built = {rule.name: rule for rule in self.program.rules}
        found = []
        for rule in self.inputs.policy.rules:
            binds = rule.name in self.solution.binding
            price = self.solution.shadow_prices.get(rule.name)
            value = built[rule.name].measured(self.state) if rule.name in built else self._counted(rule)
            price = price / 100.0 if binds and price else None
            found.append(RuleReading(rule, value, binds, price, rule.name in self.solution.broken))
        return tuple(found)

    def _as_it_is(self) -> tuple[RuleReading, ...]:
        """Return every rule in the book as it is; those on single trades have nothing to measure there."""
        built, resting = {rule.name: rule for rule in self.program.rules}, self.program.resting()
        found = []
        for rule in self.inputs.policy.rules:
            own = built.get(rule.name)
            value = np.nan if own is None else own.measured(resting)
            is_broken = own is not None and own.breach(resting, rule.amount) > FEASIBILITY
            found.append(RuleReading(rule, value, is_binding=False, shadow_price=None, was_broken=is_broken))
        return tuple(found)

    def _counted(self, rule: Rule) -> float:
        """Return the number of trades, or the smallest as a share of the base value, whole exits aside."""
        traded = self.shares.traded
        if rule.measure == "max_trades":
            return float((traded > 0.0).sum())
        inputs, select = self.inputs, rule.terms.select
        left = np.abs(self.state.after) > _NOTHING
        left[inputs.n_held :] = True
        chosen = np.array([select is None or select.matches(line.traits) for line in inputs.lines])
        sizes = (traded * inputs.costs.size)[(traded > 0.0) & left & chosen]
        return float(sizes.min(initial=np.inf))

    def _totals(self) -> Totals:
        inputs, costs = self.inputs, self.solution.costs
        assert costs is not None  # noqa: S101
        held, value = inputs.n_held, inputs.value_per_scale * inputs.nav
        reduced = np.abs(value[:held]) * self.shares.sell
        is_short = np.array([line.sign < 0.0 for line in inputs.lines[:held]], dtype=bool)
        new = float(np.maximum(value[held:], 0.0) @ self.shares.buy)
        return Totals(
            bought=new + float(reduced[is_short].sum()),
            sold=float(reduced[~is_short].sum()),
            cost=TradeCost(*(part * inputs.nav for part in costs)),
            carry=self._carry() * inputs.nav,
        )

    def _carry(self) -> float:
        """Return the change of a year's income, rolls included, as a share of the base value."""
        return float(carry_change(self.inputs)(self.state))

    def _bets(self) -> Bets | None:
        model = self.inputs.risk.model
        if model is None:
            return None
        rules = (rule for rule in self.inputs.policy.rules if rule.measure == BETS)
        rule = next(rules, Rule("effective_bets", BETS, 1.0))
        measured = build_rule(rule, self.inputs).measured
        text = f"{rule.definition.meaning}, {rule.terms.regime} regime"
        turned = (
            torsion(model.covariance[rule.terms.regime]) @ self.inputs.per_scale(self.inputs.risk.factors).T
        )
        states = (self.program.resting(), self.state)
        by_entropy = [entropy_of_bets(turned @ state.after) for state in states]
        return Bets(measured(states[0]), measured(states[1]), text, *by_entropy)
