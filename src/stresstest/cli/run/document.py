"""The JSON document of a run, `stresstest/result/1`: it may gain fields, never change or lose one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stresstest.api import Stress
from stresstest.cli.breakdowns.factor_document import NO_FACTOR_TABLES, FactorTables, factor_documents
from stresstest.cli.breakdowns.network_document import network_documents
from stresstest.cli.breakdowns.stage_document import NO_STAGES, Stages, stage_documents
from stresstest.cli.exit_codes import ExitCode
from stresstest.cli.governance.document import NO_GOVERNANCE, GovernanceTables, governance_documents
from stresstest.cli.json_numbers import number
from stresstest.cli.run.funding_text import funding_document
from stresstest.cli.run.margin_text import margin_document
from stresstest.cli.run.path_document import path_document
from stresstest.cli.run.plausibility_text import card_documents
from stresstest.cli.run.sample_text import sample_document
from stresstest.cli.run.views import PortfolioView, ScenarioLine, knows
from stresstest.measures.contributions import contributions
from stresstest.measures.plausibility import Plausibility
from stresstest.measures.trace import Trace
from stresstest.scenarios.event import NOTICE
from stresstest.scenarios.scenario import ScenarioSet

SCHEMA = "stresstest/result/1"


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run and what was asked of it.

    Attributes
    ----------
    attributes
        Attributes to split the P&L by.
    traces
        By portfolio, the traces of the position asked for.
    market_age_days
        Days from the market's date to today.
    exit_codes
        Every exit code that holds; the process ends with the gravest.
    cards
        Plausibility of each scenario; empty where none was asked for or the market has no factor model.
    stages
        How the P&L is split by stages.
    factors
        The P&L by risk factors, as far as it was asked for.
    governance
        What the losses rest on, as far as it was asked for.
    """

    stress: Stress
    views: tuple[PortfolioView, ...]
    severity: float
    attributes: tuple[str, ...]
    traces: dict[str, tuple[Trace, ...]]
    market_age_days: int
    exit_codes: tuple[ExitCode, ...]
    cards: tuple[Plausibility, ...] = ()
    stages: Stages = NO_STAGES
    factors: FactorTables = NO_FACTOR_TABLES
    governance: GovernanceTables = NO_GOVERNANCE


def result_document(report: RunReport) -> dict[str, Any]:
    """Return the whole result as plain JSON values; a missing number is null."""
    result = report.stress.result
    market = result.book.market
    return {
        "schema": SCHEMA,
        "as_of": market.as_of.isoformat(),
        "market": market.name,
        "market_age_days": report.market_age_days,
        "currency": result.currency,
        "severity": report.severity,
        "drivers": driver_texts(report.stress.scenarios),
        "notices": notices(report.stress.scenarios),
        "base_value": number(result.total[0]),
        "portfolios": [_portfolio(view, report) for view in report.views],
        "plausibility": card_documents(report.cards),
        "networks": network_documents(report.stress.compiled),
        "warnings": [str(warning) for warning in result.warnings],
        "exit_codes": [int(code) for code in report.exit_codes],
        **governance_documents(report.stress.scenarios, report.governance),
    }


def notices(scenarios: ScenarioSet) -> dict[str, str]:
    """Return the notice of each scenario in which an issuer defaults."""
    return {scenario.name: NOTICE for scenario in scenarios if scenario.names_defaults}


def driver_texts(scenarios: ScenarioSet) -> dict[str, dict[str, str]]:
    """Return what the drivers of each scenario that has some are set to, as they are written."""
    return {
        scenario.name: {driver.name: driver.text() for driver in scenario.drivers}
        for scenario in scenarios
        if scenario.drivers
    }


def _portfolio(view: PortfolioView, report: RunReport) -> dict[str, Any]:
    result = view.result
    document: dict[str, Any] = {
        "name": result.name,
        "title": view.title,
        "currency": result.currency,
        "base_value": number(result.base_value),
        "gross_value": number(result.gross_value),
        "scenarios": _scenarios(view),
        "positions": _positions(view),
        "coverage": _coverage(view),
        "failures": _failures(view),
        "limits": _limits(view),
        "limits_not_checked": [{"name": limit.name, "scenario": limit.scenario} for limit in view.unchecked],
        "nav": _nav(view),
    }
    sample = sample_document(report.stress, report.views.index(view))
    optional = {"sample": sample, "funded_ratio": funding_document(view), "margin": margin_document(view)}
    document |= {name: part for name, part in optional.items() if part is not None}
    return document | _asked(view, report)


def _asked(view: PortfolioView, report: RunReport) -> dict[str, Any]:
    """Return what the options of the run ask for beside the rest."""
    document: dict[str, Any] = {}
    if report.attributes:
        known = [name for name in report.attributes if knows(view, name)]
        document["contributions"] = {name: _contributions(view, name) for name in known}
    if report.stages.any:
        document["stages"] = stage_documents(view.result, report.stages)
    document |= factor_documents(view.result, report.factors)
    if view.result.name in report.traces:
        document["traces"] = [_trace(trace) for trace in report.traces[view.result.name]]
    return document


def _in_run_order(view: PortfolioView) -> list[ScenarioLine]:
    order = view.result.table.scenarios
    return sorted(view.scenarios, key=lambda line: order.index(line.name))


def _scenarios(view: PortfolioView) -> list[dict[str, Any]]:
    return [
        {
            "name": line.name,
            "title": line.title,
            "horizon": line.horizon,
            "stressed_value": number(line.stressed_value),
            "pnl": number(line.pnl),
            "pnl_percent": line.percent,
            "pnl_percent_of_gross": line.percent_of_gross,
            **({} if line.path is None else {"path": path_document(line.path)}),
        }
        for line in _in_run_order(view)
    ]


def _failures(view: PortfolioView) -> list[dict[str, Any]]:
    return [
        {
            "id": failure.position,
            "scenario": failure.scenario,
            "reason": failure.reason.value,
            "message": failure.message,
            "base_value": number(failure.base_value),
        }
        for failure in view.result.failures
    ]


def _positions(view: PortfolioView) -> list[dict[str, Any]]:
    result = view.result
    if result.units is None:
        return []
    base, pnl = result.position_value[:, 0].tolist(), result.position_pnl.tolist()
    columns = {line.name: line.column for line in _in_run_order(view)}
    rows = zip(result.position_ids, result.position_types, base, pnl, strict=True)
    return [
        {
            "id": position,
            "type": tag,
            "base_value": number(value),
            "pnl": {name: number(moves[column]) for name, column in columns.items()},
        }
        for position, tag, value, moves in rows
    ]


def _coverage(view: PortfolioView) -> dict[str, Any]:
    covered = view.coverage
    unreached: dict[str, list[str]] = {}
    if covered is not None:
        unreached = {line.name: list(covered.unreached(line.column)) for line in view.scenarios}
    return {
        "reached": {line.name: line.reach for line in view.scenarios},
        "unreached": unreached,
        "reached_positions": {line.name: line.reached_positions for line in view.scenarios},
        "reached_exposure": {line.name: line.reached_exposure for line in view.scenarios},
        "proxied": [
            {
                "id": item.position,
                "issuer": item.issuer,
                "proxy": item.proxy,
                "stated_value": item.stated_value,
                "stated_date": item.stated_date.isoformat(),
                "currency": item.currency,
                "roll": item.roll,
            }
            for item in view.result.proxied
        ],
        "reconciliation_gap": view.result.reconciliation_gap,
    }


def _limits(view: PortfolioView) -> list[dict[str, Any]]:
    return [
        {
            "name": check.limit.name,
            "scenario": check.limit.scenario,
            "of": check.limit.of,
            "max_loss": check.limit.max_loss,
            "worst_scenario": check.scenario,
            "loss": number(check.loss),
            "breached": check.breached,
            "level": check.level,
            "warning": check.limit.warning,
            "owner": check.limit.owner,
        }
        for check in view.limits
    ]


def _nav(view: PortfolioView) -> dict[str, Any] | None:
    found = view.reconciliation
    if found is None:
        return None
    return {
        "value": found.net_asset_value,
        "date": found.stated_on.isoformat() if found.stated_on else None,
        "difference": number(found.difference),
        "unexplained": number(found.unexplained),
        "share": number(found.share),
        "tolerance": found.tolerance,
        "within": found.within,
        "days_apart": found.days_apart,
        "without_value": list(found.without_value),
        "positions": [{"id": gap.position, "difference": number(gap.difference)} for gap in found.gaps],
    }


def _contributions(view: PortfolioView, attribute: str) -> list[dict[str, Any]]:
    shares = contributions(view.result, attribute)
    columns = {line.name: line.column for line in _in_run_order(view)}
    rows = zip(shares.groups, shares.base_value.tolist(), shares.pnl.tolist(), strict=True)
    return [
        {
            "group": group,
            "base_value": number(base),
            "pnl": {name: number(pnl[column]) for name, column in columns.items()},
        }
        for group, base, pnl in rows
    ]


def _trace(trace: Trace) -> dict[str, Any]:
    return {
        "id": trace.position,
        "scenario": trace.scenario,
        "pnl": number(trace.pnl),
        "factors": [
            {"factor": str(item.key), "base": item.base, "level": item.level, "pnl": number(item.pnl)}
            for item in trace.factors
        ],
        "time": number(trace.time),
        "interaction": number(trace.interaction),
    }


def output_columns(
    views: Sequence[PortfolioView], notices: Mapping[str, str] | None = None
) -> dict[str, list[Any]]:
    """Return the result as a long table: one row a portfolio, position and scenario.

    Parameters
    ----------
    notices
        By scenario, what must stand beside its numbers; where there is one, the table has a column of them.
    """
    names = (
        "portfolio", "position", "type", "currency", "scenario", "base_value", "stressed_value", "pnl",
    )  # fmt: skip
    rows = [row for view in views for row in _output_rows(view)]
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    if notices:
        columns["notice"] = [notices.get(scenario, "") for scenario in columns["scenario"]]
    return columns


def _output_rows(view: PortfolioView) -> list[tuple[Any, ...]]:
    result = view.result
    value = result.position_value
    lines = _in_run_order(view)
    return [
        (
            result.name,
            position,
            result.position_types[row],
            result.currency,
            line.name,
            float(value[row, 0]),
            float(value[row, line.column]),
            float(result.position_pnl[row, line.column]),
        )
        for row, position in enumerate(result.position_ids)
        for line in lines
    ]
