"""What a portfolio holds when it is looked through, and what it would fetch if it had to be sold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NameLine:
    """An issuer at the bottom of everything held: per cent of the portfolio, P&L in its worst scenario."""

    issuer: str
    title: str
    percent: float
    pnl_percent: float | None


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme: exposure of the portfolio in per cent, of how many names."""

    theme: str
    percent: float
    names: int


@dataclass(frozen=True, slots=True)
class Concentration:
    """How few names a portfolio rests on.

    Attributes
    ----------
    effective_names
        1 ÷ Σ weight² over absolute weights: as many equal names would be as concentrated.
    top_five, top_ten
        Per cent of gross value.
    ai_percent
        Look-through exposure to themes of artificial intelligence: of each name the largest of its own, in
        per cent of the portfolio; None where the market knows no such theme.
    """

    portfolio: str
    unit: str
    n_names: int
    effective_names: float
    top_five: float
    top_ten: float
    ai_percent: float | None
    names: tuple[NameLine, ...]
    themes: tuple[ThemeLine, ...]


@dataclass(frozen=True, slots=True)
class ExitLine:
    """A position sold at a part of the usual volume.

    Attributes
    ----------
    days
        Trading days to sell it.
    at_mark, at_exit
        P&L in the scenario at its marks, and with what the sale costs.
    """

    position: str
    days: float
    at_mark: float
    at_exit: float


@dataclass(frozen=True, slots=True)
class Exits:
    """Loss at the mark and at exit prices, for the positions whose usual volume is known.

    Attributes
    ----------
    participation
        Part of the usual daily volume that is traded.
    at_mark, at_exit
        Totals over the lines, in the portfolio's currency.
    known_share
        Share of gross value that the lines are.
    unknown
        Positions without a known volume, the largest first.
    """

    portfolio: str
    currency: str
    scenario: str
    participation: float
    coefficient: float
    lines: tuple[ExitLine, ...]
    at_mark: float
    at_exit: float
    known_share: float
    unknown: tuple[str, ...]
    days_90: float
    n_lines: int = 0
