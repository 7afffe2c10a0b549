"""A challenger beside each network: what the factor model alone makes of the same lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from stresstest.measures.judgements.valuing import Valued, valued
from stresstest.portfolio.book import Book
from stresstest.scenarios.challenger import REGIME, challenger_of
from stresstest.scenarios.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Challenge:
    """A portfolio in a scenario with a network, and in its challenger.

    Attributes
    ----------
    regime
        Of the factor model, in the challenger.
    pnl
        With the network, in the portfolio's currency.
    lines_pnl
        Of the lines alone, without network and without propagation.
    challenger_pnl
        With the factor model in the network's place.
    reason
        Why there are no numbers, or empty.
    """

    portfolio: str
    scenario: str
    currency: str
    regime: str
    pnl: float
    lines_pnl: float
    challenger_pnl: float
    reason: str = ""

    @property
    def difference(self) -> float:
        """P&L with the network − P&L of the challenger: what the network says beyond the factor model."""
        return self.pnl - self.challenger_pnl


def challenges(
    book: Book, scenarios: Iterable[Scenario], severities: Sequence[float], regime: str = REGIME
) -> tuple[Challenge, ...]:
    """Return every portfolio in each scenario that has a network beside its challenger, all revalued in full.

    Parameters
    ----------
    severities
        One of each scenario, those without a network among them.
    """
    found = zip(scenarios, severities, strict=True)
    networked = [(one, severity) for one, severity in found if one.network is not None]
    several = [variant for one, _ in networked for variant in (one, _bare(one), challenger_of(one, regime))]
    values = valued(book, several, [severity for _, severity in networked for _ in range(_EACH)])
    return tuple(
        _challenge(book, row, one, (values[_EACH * place : _EACH * (place + 1)], regime))
        for row in range(len(book.portfolios))
        for place, (one, _) in enumerate(networked)
    )


_EACH = 3
"""Columns of each scenario: with its network, its lines alone, its challenger."""


def _bare(scenario: Scenario) -> Scenario:
    return replace(scenario, network=None, propagate=None)


def _challenge(book: Book, row: int, scenario: Scenario, found: tuple[Sequence[Valued], str]) -> Challenge:
    values, regime = found
    held = book.portfolios[row]
    reason = next((value.reason for value in values if value.reason), "")
    pnl, lines, challenger = [float("nan") if reason else value.pnl[row] for value in values]
    own = scenario.propagate
    named = regime if own is None else own.regime or "a window of its own"
    names = (held.name, scenario.name, held.currency, named)
    return Challenge(*names, pnl, lines, challenger, reason)
