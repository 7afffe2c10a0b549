"""The JSON document of a hedge, `stresstest/hedge/1`: it may gain fields, never change or lose one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from stresstest.api.results import Stress
from stresstest.cli.exit_codes import ExitCode
from stresstest.hedging.diagnosis.diagnosis import Diagnosis, Repair
from stresstest.hedging.plans.comparisons import Yardstick
from stresstest.hedging.plans.distances import DistanceReading
from stresstest.hedging.plans.frontier import Frontier
from stresstest.hedging.plans.plan import HedgePlan, PlannedTrade, RuleReading, ScenarioOutcome, TradeCost
from stresstest.hedging.plans.verification import Verification

SCHEMA = "stresstest/hedge/1"


@dataclass(frozen=True, slots=True)
class HedgeReport:
    """A plan, how old its market is, and the status that the process ends with."""

    plan: HedgePlan
    market_age_days: int
    exit_code: ExitCode
    stress: Stress | None = None


def hedge_document(report: HedgeReport) -> dict[str, Any]:
    """Return the whole plan as plain JSON values; a missing number is null."""
    plan = report.plan
    document = {
        "schema": SCHEMA,
        "status": plan.status,
        "portfolio": plan.portfolio.name,
        "policy": plan.policy.name,
        "horizon": plan.policy.horizon,
        "currency": plan.currency,
        "base_value": plan.base_value,
        "as_of": plan.as_of.isoformat(),
        "market": plan.market,
        "market_age_days": report.market_age_days,
        "trades": [_trade(trade) for trade in plan.trades],
        "scenarios": [_scenario(plan, one) for one in plan.scenarios],
        "binding": [_binding(reading) for reading in plan.binding],
        "gap": None if plan.certificate is None else plan.certificate.gap,
        "diagnosis": None if plan.diagnosis is None else _diagnosis(plan.diagnosis, plan),
        "rules": [_rule(reading) for reading in plan.rules],
        "worst_before": None if plan.worst is None else plan.worst.name,
        "worst_after": None if plan.new_worst is None else plan.new_worst.name,
    }
    document |= _receipts(plan) | {"notes": list(plan.notes), "exit_codes": [int(report.exit_code)]}
    finite: dict[str, Any] = _finite(document)
    return finite


def _receipts(plan: HedgePlan) -> dict[str, Any]:
    return {
        "objective": None if plan.certificate is None else asdict(plan.certificate),
        "totals": None if plan.totals is None else asdict(plan.totals),
        "effective_bets": None if plan.bets is None else asdict(plan.bets),
        "sellers": [
            {**asdict(seller), "pnl_if_failing": dict(seller.pnl_if_failing)} for seller in plan.sellers
        ],
        "plan": None if plan.yardstick is None else asdict(plan.yardstick),
        "comparisons": [
            {"name": one.name, "text": one.text, **asdict(one.found)} for one in plan.comparisons
        ],
        "challenges": [asdict(challenge) for challenge in plan.challenges],
        "frontiers": [_frontier(one) for one in plan.frontiers],
        "reverse_distances": [_distance(reading) for reading in plan.distances],
        "fresh_draws": [asdict(tail) for tail in plan.fresh_tails],
        "verification": None if plan.verification is None else _verification(plan.verification),
    }


def _verification(checked: Verification) -> dict[str, Any]:
    return {
        "scenarios": checked.n_scenarios,
        "draws": checked.n_draws,
        "largest_difference": 0.0 if checked.largest is None else checked.largest.gap,
        "passed": checked.passed,
    }


def _distance(reading: DistanceReading) -> dict[str, Any]:
    question = reading.question
    return {
        "rule": reading.rule,
        "loss": question.loss,
        "horizon": question.horizon,
        "regime": question.regime,
        "factors": list(question.factors),
        "asked": reading.asked,
        "before": reading.before.distance,
        "after": reading.after.distance,
        "shifts_before": dict(reading.before.shifts),
        "shifts_after": dict(reading.after.shifts),
    }


def _trade(trade: PlannedTrade) -> dict[str, Any]:
    return {
        "instrument": trade.id,
        "label": trade.label,
        "action": trade.action,
        "quantity": trade.quantity,
        "lots": trade.lots,
        "value": trade.value,
        "notional": trade.notional,
        "cost": trade.cost.total,
        "costs": _costs(trade.cost),
        "days": trade.days,
        "reason": trade.reason,
        "source": trade.source,
        "seller": trade.seller,
        "saves": dict(trade.saves),
        "saves_per_unit": dict(trade.marginal),
    }


def _costs(cost: TradeCost) -> dict[str, float]:
    return asdict(cost)


def _scenario(plan: HedgePlan, one: ScenarioOutcome) -> dict[str, Any]:
    return {
        "name": one.name,
        "horizon": one.horizon,
        "role": one.role,
        "pnl_before": one.pnl_before,
        "pnl_after": one.pnl_after,
        "pnl_before_percent": plan.percent(one.pnl_before),
        "pnl_after_percent": plan.percent(one.pnl_after),
        "held_out": one.held_out,
    }


def _rule(reading: RuleReading) -> dict[str, Any]:
    rule = reading.rule
    return {
        "rule": rule.name,
        "measure": rule.measure,
        "amount": rule.amount,
        "measured": reading.measured,
        "binding": reading.is_binding,
        "broken_before": reading.was_broken,
        "shadow_price": reading.shadow_price,
        "step_change": reading.step_change,
        "change_without": reading.change_without,
        "reason": rule.reason,
    }


def _binding(reading: RuleReading) -> dict[str, Any]:
    return {key: value for key, value in _rule(reading).items() if key != "binding"}


def _frontier(found: Frontier) -> dict[str, Any]:
    return {
        "rule": found.rule.name,
        "measure": found.rule.measure,
        "points": [
            {"amount": point.amount, "feasible": point.is_plan, "plan": _yardstick(point.found)}
            for point in found.points
        ],
    }


def _yardstick(found: Yardstick | None) -> dict[str, Any] | None:
    return None if found is None else asdict(found)


def _diagnosis(found: Diagnosis, plan: HedgePlan) -> dict[str, Any]:
    return {
        "status": found.status,
        "conflict": [_conflict_rule(name, plan) for name in found.conflict],
        "repairs": [_repair(one) for one in found.repairs],
        "other_conflicts": [list(names) for names in found.others],
        "other_repairs": [_repair(one) for one in found.other_repairs],
        "together": [_repair(one) for one in found.together],
        "unbounded": None if found.unbounded is None else asdict(found.unbounded),
        "notes": list(found.notes),
    }


def _conflict_rule(name: str, plan: HedgePlan) -> dict[str, Any]:
    rule = plan.policy.rule(name)
    measured = next((one.measured for one in plan.rules if one.rule.name == name), None)
    return {
        "rule": rule.name,
        "measure": rule.measure,
        "amount": rule.amount,
        "measured": measured,
        "reason": rule.reason,
    }


def _repair(one: Repair) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "amount": one.amount,
        "repaired": one.repaired,
        "reachable": one.reachable,
        "in_lots": one.in_lots,
        "remaining": list(one.further),
    }


def _finite(value: Any) -> Any:
    """Return JSON values with null where a number is not finite."""
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
