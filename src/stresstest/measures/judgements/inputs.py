"""The judged numbers that move a loss most, found by moving each and revaluing everything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from stresstest.measures.judgements.register import RegisteredNumber, register
from stresstest.measures.judgements.valuing import Valued, valued
from stresstest.measures.judgements.variants import Variant, variants
from stresstest.portfolio.book import Book
from stresstest.scenarios.scenario import Scenario

SIZE = 0.1
"""Part of its size, or of a driver's range, by which a number is moved unless asked otherwise."""

MOST = 10
"""Numbers that are named of each portfolio."""


@dataclass(frozen=True, slots=True)
class InputMove:
    """What is done to a number, and the change of each portfolio's P&L that follows.

    Attributes
    ----------
    change
        P&L with the number moved − P&L as stated, `(n_portfolios,)`, each in its own currency.
    """

    label: str
    change: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class MovedNumber:
    """A judged number of a scenario with its moves."""

    number: RegisteredNumber
    moves: tuple[InputMove, ...]

    def largest(self, portfolio: int) -> InputMove:
        """Return the move that changes the P&L of a portfolio, by its place, most."""
        return max(self.moves, key=lambda move: abs(move.change[portfolio]))


@dataclass(frozen=True, slots=True)
class MovedScenario:
    """Every judged number of a scenario, moved.

    Attributes
    ----------
    portfolios, currencies
        Names in the order of the changes, and the currency of each.
    pnl
        As stated, `(n_portfolios,)`.
    moved
        In the order of the register.
    unmoved
        Numbers that could not be moved, each with why: without a size, or impossible when moved.
    """

    scenario: str
    size: float
    portfolios: tuple[str, ...]
    currencies: tuple[str, ...]
    pnl: tuple[float, ...]
    moved: tuple[MovedNumber, ...]
    unmoved: tuple[tuple[RegisteredNumber, str], ...]

    def top(self, portfolio: int, most: int = MOST) -> tuple[MovedNumber, ...]:
        """Return the numbers that move the P&L of a portfolio most, the largest change first."""
        acting = [item for item in self.moved if item.largest(portfolio).change[portfolio]]
        acting.sort(key=lambda item: -abs(item.largest(portfolio).change[portfolio]))
        return tuple(acting[:most])


def moved_inputs(
    book: Book,
    scenarios: Iterable[Scenario],
    severities: Sequence[float],
    size: float = SIZE,
    *,
    most: int | None = None,
) -> tuple[MovedScenario, ...]:
    """Return what every judged number of each scenario moves, all variants of one revalued together.

    Parameters
    ----------
    severities
        One of each scenario.
    size
        As in `variants`.
    most
        Moves of each number that are tried, the first ones, such as up only; None: all.

    Raises
    ------
    ValueError
        For a size outside (0, 1).
    """
    held = [(one.name, one.currency) for one in book.portfolios]
    return tuple(
        moved_scenario(scenario, partial(_valued, book, severity), held, size, most=most)
        for scenario, severity in zip(tuple(scenarios), severities, strict=True)
    )


def _valued(book: Book, severity: float, several: Sequence[Scenario]) -> Sequence[Valued]:
    return valued(book, several, [severity] * len(several))


def moved_scenario(
    scenario: Scenario,
    value: Callable[[Sequence[Scenario]], Sequence[Valued]],
    held: Sequence[tuple[str, str]],
    size: float = SIZE,
    *,
    most: int | None = None,
) -> MovedScenario:
    """Return what every judged number of a scenario moves.

    Parameters
    ----------
    value
        Values several scenarios at the severity of this one.
    held
        Name and currency of each portfolio that it gives a P&L of.
    size
        As in `variants`.
    most
        As in `moved_inputs`.

    Raises
    ------
    ValueError
        For a size outside (0, 1).
    """
    if not 0.0 < size < 1.0:
        raise ValueError(f"size {size!r} is not between 0 and 1")
    judged = [number for number in register([scenario]) if number.is_judged]
    tried = [(number, tuple(variants(scenario, number, size))[:most]) for number in judged]
    all_of = [scenario, *(variant.scenario for _, several in tried for variant in several)]
    base, *found = value(all_of)
    values = iter(found)
    moved: list[MovedNumber] = []
    unmoved: list[tuple[RegisteredNumber, str]] = []
    for number, several in tried:
        moves, reason = _moves(several, [next(values) for _ in several], base)
        if moves:
            moved.append(MovedNumber(number, moves))
        else:
            unmoved.append((number, reason or base.reason or "it has no size to be moved by"))
    names = tuple(name for name, _ in held), tuple(currency for _, currency in held)
    return MovedScenario(scenario.name, size, *names, base.pnl, tuple(moved), tuple(unmoved))


def _moves(
    several: Sequence[Variant], values: Sequence[Valued], base: Valued
) -> tuple[tuple[InputMove, ...], str]:
    """Return the moves that are possible, and why the last impossible one is not."""
    moves = []
    for variant, value in zip(several, values, strict=True):
        if value.pnl and base.pnl:
            change = tuple(after - before for before, after in zip(base.pnl, value.pnl, strict=True))
            moves.append(InputMove(variant.label, change))
    return tuple(moves), next((value.reason for value in values if value.reason), "")
