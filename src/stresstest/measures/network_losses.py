"""What became of the firms of a scenario's network: value lost, debts, failures, in plain numbers."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

from stresstest.networks.factors import price_factor, unmapped
from stresstest.networks.mechanism import Timescale
from stresstest.networks.mechanisms.capitalised_revenue import EARNINGS, MULTIPLE
from stresstest.networks.run_risk import RunRisk, run_risks
from stresstest.networks.valuation import values_of
from stresstest.scenarios.network_moves import STOPPED, NetworkMoves

_SHOCKED = 1
_NOTICED = 5e-5
"""Changes below this part of what there was are not told."""


@dataclass(frozen=True, slots=True)
class FirmLoss:
    """A firm after the network, relative to the network without a shock.

    Attributes
    ----------
    equity_before, equity_change
        Value of its shares in the network's currency, and its relative change; NaN where there was none.
    debt_worth
        What one unit of its debt is worth, in [0, 1].
    failed_month
        Month in which it runs out of money; None where it does not.
    earnings_ratio, multiple_ratio
        Earnings, and the price of a dollar of them, after over before; None where no orders were capitalised.
    direct_change
        Relative change before any mechanism, by what lines state.
    outcome
        Relative change that happened, of a firm of a past network; None where none is stated.
    doubt
        Probability that its money ends within the horizon, beyond that without the shock, in [0, 1]; 1 where
        it does.
    price_stated
        Whether positions do not feel the change, since a line states the price and the network is not on top.
    """

    firm: str
    title: str
    equity_before: float
    equity_change: float
    debt_worth: float
    failed_month: float | None
    earnings_ratio: float | None = None
    multiple_ratio: float | None = None
    price_stated: bool = False
    direct_change: float = 0.0
    outcome: float | None = None
    doubt: float = 0.0


@dataclass(frozen=True, slots=True)
class NetworkLosses:
    """A network after a scenario.

    Attributes
    ----------
    mechanisms
        In the order in which they ran.
    rounds
        By timescale: instant, months, maturity.
    residual
        Largest relative change of the last round.
    run_risks
        Firms whose debts clearing could pay less, all consistently: what a run on the debtors could cost.
    firms
        Those that change, the largest loss of money first.
    unpriced
        Firms that change and that the market has no price of: their losses reach no position.
    """

    scenario: str
    network: str
    mechanisms: tuple[str, ...]
    rounds: dict[str, int]
    residual: float
    converged: bool
    run_risks: tuple[RunRisk, ...]
    firms: tuple[FirmLoss, ...]
    unpriced: tuple[str, ...] = ()


def network_losses(scenario: str, found: NetworkMoves) -> NetworkLosses:
    """Return what became of a scenario's network where the scenario ends."""
    outcome, firms = found.outcome, _firms(found)
    without = {item.firm for item in unmapped(found.surroundings.network, found.market.levels)}
    return NetworkLosses(
        scenario,
        found.use.network.name,
        tuple(chosen.mechanism.name for chosen in found.use.chosen),
        {Timescale(scale).name.lower(): count for scale, count in outcome.rounds.items()},
        float(outcome.residual[_SHOCKED]),
        bool(found.converged[_SHOCKED]),
        run_risks(found.surroundings.network, outcome.state, _SHOCKED),
        firms,
        tuple(firm.firm for firm in firms if firm.firm in without),
    )


def _firms(found: NetworkMoves) -> tuple[FirmLoss, ...]:
    """Return the firms that a scenario changes, lines and network together."""
    values = values_of(found.surroundings.balance, found.outcome.state)
    direct = values_of(found.surroundings.balance, found.outcome.start).equity
    months, doubts = found.outcome.state.month[_SHOCKED], found.outcome.state.doubt[_SHOCKED]
    changed = []
    for place, node in enumerate(found.surroundings.network.nodes):
        before, after = (float(values.equity[column, place]) for column in (0, _SHOCKED))
        owed_before, owed = (float(values.debt[column, place]) for column in (0, _SHOCKED))
        change = after / before - 1.0 if before > 0.0 else float("nan")
        month = None if months[place] != months[place] else float(months[place])
        worth = owed / owed_before if owed_before > 0.0 else 1.0
        doubt = float(doubts[place])
        if abs(change) > _NOTICED or worth < 1.0 - _NOTICED or month is not None or doubt > _NOTICED:
            ratios = _ratio(found, EARNINGS, place), _ratio(found, MULTIPLE, place)
            stated = not found.use.on_top and price_factor(node, found.market.levels) in found.stated
            at_first = (
                float(direct[_SHOCKED, place] / direct[0, place]) - 1.0 if before > 0.0 else float("nan")
            )
            happened = None if isnan(node.outcome) else node.outcome
            terms = node.id, node.title, before, change, worth, month
            changed.append(FirmLoss(*terms, *ratios, stated, at_first, happened, doubt))
    return tuple(sorted(changed, key=lambda firm: firm.equity_before * firm.equity_change))


def _ratio(found: NetworkMoves, name: str, place: int) -> float | None:
    """Return what capitalised revenue reports of a firm, relative to the network without a shock."""
    rows = found.outcome.state.reported.get(name)
    if rows is None or not rows[0, place] > 0.0:
        return None
    return float(rows[_SHOCKED, place] / rows[0, place])


def firm_words(found: NetworkMoves) -> frozenset[str]:
    """Return in words which firms fail, pay less, lose chips or keep money back, unlike without the shock."""
    state, firms = found.outcome.state, found.surroundings.network.nodes
    words = set()
    for place, firm in enumerate(firms):
        if state.failed[_SHOCKED, place] > state.failed[0, place]:
            words.add(f"{firm.id} runs out of money")
        if state.paid[_SHOCKED, place] < min(state.paid[0, place], 1.0):
            words.add(f"{firm.id} does not pay in full")
        if found.chips_sold[_SHOCKED, place] > found.chips_sold[0, place]:
            words.add(f"lenders sell chips of {firm.id}")
        for kind, promised in zip(STOPPED, ("has promised", "has not promised"), strict=True):
            stopped = found.stopped(kind)
            if stopped[_SHOCKED, place] > stopped[0, place]:
                words.add(f"{firm.id} keeps back money that it {promised} firmly")
    return frozenset(words)
