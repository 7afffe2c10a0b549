"""What became of networks as plain JSON values."""

from __future__ import annotations

from typing import Any

from stresstest.cli.json_numbers import number
from stresstest.measures.network_losses import FirmLoss, NetworkLosses, network_losses
from stresstest.scenarios.effects import CompiledScenarios


def network_documents(compiled: CompiledScenarios) -> list[dict[str, Any]]:
    """Return the network of each scenario that has one, where the scenario ends."""
    return [_document(network_losses(name, found)) for name, found in compiled.networks.items()]


def _document(losses: NetworkLosses) -> dict[str, Any]:
    return {
        "scenario": losses.scenario,
        "network": losses.network,
        "mechanisms": list(losses.mechanisms),
        "rounds": losses.rounds,
        "residual": number(losses.residual),
        "converged": losses.converged,
        "run_risks": [{"id": risk.firm, "gap": number(risk.gap)} for risk in losses.run_risks],
        "firms": [_firm(firm) for firm in losses.firms],
        "unpriced": list(losses.unpriced),
    }


def _firm(firm: FirmLoss) -> dict[str, Any]:
    return {
        "id": firm.firm,
        "title": firm.title,
        "equity_before": firm.equity_before,
        "equity_change": number(firm.equity_change),
        "debt_worth": number(firm.debt_worth),
        "failed_month": firm.failed_month,
        "earnings_ratio": firm.earnings_ratio,
        "multiple_ratio": firm.multiple_ratio,
        "price_stated": firm.price_stated,
        "direct_change": number(firm.direct_change),
        "outcome": firm.outcome,
        "doubt": number(firm.doubt),
    }
