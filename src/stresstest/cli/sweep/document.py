"""A sweep as the JSON document that `stresstest sweep --json` prints."""

from __future__ import annotations

from typing import Any

from stresstest.cli.json_numbers import number
from stresstest.cli.run.document import driver_texts, notices
from stresstest.cli.sweep.report import SweepReport
from stresstest.measures.breaches import Breach, Kept
from stresstest.measures.break_points.record import BreakPoint, Unlisted
from stresstest.measures.sweep import SEVERITY
from stresstest.measures.turning_points import Sweep, TurningPoint
from stresstest.scenarios.scenario import ScenarioSet


def sweep_document(report: SweepReport) -> dict[str, Any]:
    """Return the sweep as plain JSON values; P&L is null where the scenario is impossible."""
    result = report.result
    return {
        "schema": "stresstest/sweep/1",
        "scenario": report.scenario.name,
        "market": report.market,
        "horizon": report.scenario.horizon,
        "axis": report.axis.name,
        "severity": None if report.axis.name == SEVERITY else report.severity,
        "drivers": driver_texts(ScenarioSet((report.scenario,))).get(report.scenario.name, {}),
        "notices": notices(ScenarioSet((report.scenario,))),
        "against": result.against or None,
        "x": result.x.tolist(),
        "portfolios": [_portfolio(result, place) for place in range(len(result.portfolios))],
        "impossible": [{"x": point.x, "reason": point.problem} for point in result.impossible],
    }


def _portfolio(result: Sweep, place: int) -> dict[str, Any]:
    name, base = result.portfolios[place], result.base_values[place]
    return {
        "name": name,
        "currency": result.currencies[place],
        "base_value": number(base),
        "pnl": [number(value) for value in result.pnl[place].tolist()],
        "turning_points": [_turning_point(item) for item in result.turning_points if item.portfolio == name],
        "breaches": [_breach(item) for item in result.breaches if item.portfolio == name],
        "not_crossed": [_kept(item) for item in result.kept if item.portfolio == name],
        "break_points": [_break_point(item, base) for item in result.break_points if item.portfolio == name],
        "not_listed": [_unlisted(item) for item in result.unlisted if item.portfolio == name],
    }


def _turning_point(item: TurningPoint) -> dict[str, Any]:
    return {
        "x": item.kink.x,
        "kind": "cliff" if item.kink.is_cliff else "kink",
        "jump": number(item.kink.jump),
        "slope_before": number(item.kink.slope_before),
        "slope_after": number(item.kink.slope_after),
        "causes": list(item.causes),
    }


def _breach(item: Breach) -> dict[str, Any]:
    return {
        "limit": item.limit.name,
        "max_loss": item.limit.max_loss,
        "of": item.limit.of,
        "x": item.x,
        "loss": number(item.loss),
        "breached": "above" if item.enters else "below",
    }


def _kept(item: Kept) -> dict[str, Any]:
    return {
        "limit": item.limit.name,
        "max_loss": item.limit.max_loss,
        "of": item.limit.of,
        "breached": item.breached,
        "largest_loss": number(item.largest_loss),
        "x": item.x,
    }


def _break_point(item: BreakPoint, base: float) -> dict[str, Any]:
    return {
        "x": item.x,
        "kind": item.kind,
        "what": item.what,
        "subject": item.subject,
        "positions": list(item.positions),
        "effect": number(item.effect),
        "bends": item.bends,
        "loss": number(item.loss),
        "loss_percent": number(100.0 * item.loss / abs(base)) if base else None,
    }


def _unlisted(item: Unlisted) -> dict[str, Any]:
    return {"kind": item.kind, "what": item.what, "count": item.count}
