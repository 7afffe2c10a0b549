"""What a run rests on: its register, the judged share of each loss, and what moves the worst of them most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stresstest.measures.judgements.inputs import SIZE, MovedNumber, MovedScenario, moved_inputs
from stresstest.measures.judgements.register import RegisteredNumber, register
from stresstest.measures.judgements.shares import JudgedShare, judged_shares
from stresstest.portfolio.book import Book
from stresstest.scenarios.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a run rests on.

    Attributes
    ----------
    register
        Every number of every scenario.
    shares
        Of every portfolio in every scenario, portfolio by portfolio.
    moved
        Judged numbers moved, of the scenarios that are the worst of some portfolio.
    """

    register: tuple[RegisteredNumber, ...]
    shares: tuple[JudgedShare, ...]
    moved: tuple[MovedScenario, ...]

    def of_portfolio(self, name: str) -> tuple[JudgedShare, ...]:
        """Return the shares of one portfolio, in the order of the run."""
        return tuple(share for share in self.shares if share.portfolio == name)

    def worst(self, portfolio: str) -> JudgedShare | None:
        """Return the share of a portfolio's largest loss; None where it has none with numbers."""
        known = [share for share in self.of_portfolio(portfolio) if not share.reason]
        return min(known, key=lambda share: share.pnl, default=None)

    def top(self, portfolio: str) -> tuple[MovedNumber, ...]:
        """Return the ten judged numbers that move the largest loss of a portfolio most."""
        worst = self.worst(portfolio)
        found = next((one for one in self.moved if worst and one.scenario == worst.scenario), None)
        return () if found is None else found.top(found.portfolios.index(portfolio))


def assess(
    book: Book, scenarios: Sequence[Scenario], severities: Sequence[float], size: float = SIZE
) -> Assessment:
    """Return what the P&L of every portfolio of `book` rests on.

    Parameters
    ----------
    severities
        One of each scenario.
    size
        By which judged numbers are moved, see `variants`.
    """
    shares = judged_shares(book, scenarios, severities)
    found = Assessment(register(scenarios), shares, ())
    worst = {share.scenario for held in book.portfolios if (share := found.worst(held.name))}
    chosen = [pair for pair in zip(scenarios, severities, strict=True) if pair[0].name in worst]
    moved = moved_inputs(book, [one for one, _ in chosen], [severity for _, severity in chosen], size)
    return Assessment(found.register, shares, moved)
