"""What became of the networks of a run's scenarios, a few lines each."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from rich.console import Console
from rich.text import Text

from stresstest.cli.terminal import ASIDE, HEAD, percent, safe
from stresstest.measures.network_losses import FirmLoss, NetworkLosses, network_losses
from stresstest.scenarios.effects import CompiledScenarios

_NAMED, _RATIOS = 8, 4
_PAR = 0.995
"""Debts worth more are not told."""

_DOUBT = 0.005
"""Probability that the money ends below which it is not told."""

_GAP = 0.005
"""Gap between the solutions of clearing above which it is told, per unit of debt."""


def print_networks(console: Console, compiled: CompiledScenarios) -> None:
    """Print for each scenario with a network who loses, who fails and when, and how it came to rest."""
    if not compiled.networks:
        return
    console.print(Text("\nNetworks: value of firms against the same network without the shock", HEAD))
    for name, found in compiled.networks.items():
        losses = network_losses(name, found)
        console.print(Text.assemble(safe(name, HEAD), f", {losses.network}: ", safe(_firms(losses))))
        for line in _beside(losses):
            console.print(safe(f"  {line}", ASIDE))


def _firms(losses: NetworkLosses) -> str:
    falling = [firm for firm in losses.firms if firm.equity_change < 0.0]
    named = [_change(firm) for firm in falling[:_NAMED]]
    more = [f"{len(falling) - _NAMED} more"] if len(falling) > _NAMED else []
    return ", ".join([*named, *more]) or "no firm loses"


def _change(firm: FirmLoss) -> str:
    return f"{firm.firm} {percent(100.0 * firm.equity_change, 0)}{'*' if firm.price_stated else ''}"


def _beside(losses: NetworkLosses) -> Iterator[str]:
    yield from _precedents(losses)
    stated = [firm.firm for firm in losses.firms if firm.price_stated and firm.equity_change < 0.0]
    if stated:
        yield f"* worth in the network; the price stays where a line states it: {', '.join(stated)}"
    sold = [firm for firm in losses.firms if (firm.earnings_ratio or 1.0) < _PAR][:_RATIOS]
    if sold:
        ratios = ", ".join(f"{firm.firm} {_ratios_text(firm)}" for firm in sold)
        yield f"earnings x multiple, after over before: {ratios}"
    yield from _money_ends(losses)
    debts = sorted((firm for firm in losses.firms if firm.debt_worth < _PAR), key=_worth)[:_NAMED]
    if debts:
        yield "debts worth: " + ", ".join(
            f"{firm.firm} {100.0 * firm.debt_worth:.0f} cents" for firm in debts
        )
    run = [risk for risk in losses.run_risks if not risk.gap <= _GAP][:_NAMED]
    if run:
        firms = ", ".join(f"{risk.firm} {_cents(risk.gap)}" for risk in run)
        yield f"clearing has more than one solution; if creditors run, less is paid: {firms}"
    if losses.unpriced:
        yield f"no price in this market, so no position feels it: {', '.join(losses.unpriced)}"
    rounds = ", ".join(f"{count} of {scale}" for scale, count in losses.rounds.items())
    rest = "at rest" if losses.converged else f"NOT at rest, last change {losses.residual:.2g}"
    yield f"{' > '.join(losses.mechanisms)}; rounds: {rounds}; {rest}"


def _money_ends(losses: NetworkLosses) -> Iterator[str]:
    """Yield whose money ends in which month, and how likely it ends of others, the likeliest first."""
    failed = [firm for firm in losses.firms if firm.failed_month is not None]
    if failed:
        yield f"out of money: {', '.join(f'{firm.firm} in month {firm.failed_month:.1f}' for firm in failed)}"
    doubted = sorted((firm for firm in losses.firms if _doubted(firm)), key=_doubt, reverse=True)[:_NAMED]
    if doubted:
        yield "may run out of money: " + ", ".join(
            f"{firm.firm} {100.0 * firm.doubt:.0f} %" for firm in doubted
        )


def _precedents(losses: NetworkLosses) -> Iterator[str]:
    """Yield of each firm of a past network what is stated, what the network makes of it, what happened."""
    for firm in losses.firms:
        if firm.outcome is not None:
            figures = (firm.direct_change, firm.equity_change, firm.outcome)
            first, with_network, happened = (percent(100.0 * figure, 0) for figure in figures)
            yield f"{firm.firm}: {first} as stated, {with_network} with the network, {happened} in fact"


def _ratios_text(firm: FirmLoss) -> str:
    return f"{firm.earnings_ratio:.2f} x {firm.multiple_ratio:.2f}"


def _cents(gap: float) -> str:
    return "by an unknown amount" if isnan(gap) else f"by {100.0 * gap:.0f} cents"


def _doubted(firm: FirmLoss) -> bool:
    return firm.failed_month is None and firm.doubt >= _DOUBT


def _doubt(firm: FirmLoss) -> float:
    return firm.doubt


def _worth(firm: FirmLoss) -> float:
    return firm.debt_worth
