"""P&L as a share of a portfolio: of its base value, and of its gross value where that says more."""

from __future__ import annotations

from stresstest.revaluation.result import PortfolioResult

SMALL_BASE = 0.1
"""Base value, as a part of gross value, below which per cent of it tell of the financing, not of the loss."""


def has_small_base(result: PortfolioResult) -> bool:
    """Tell whether per cent of base value mislead: it is negative, or small against what is held and owed."""
    return result.base_value < SMALL_BASE * result.gross_value


def percent_of_base(result: PortfolioResult, pnl: float) -> float | None:
    """Return `pnl` in per cent of |base value|; None where that is 0."""
    return 100.0 * pnl / abs(result.base_value) if result.base_value else None


def shown_percent(result: PortfolioResult, pnl: float) -> float | None:
    """Return `pnl` in per cent of |base value|, or of gross value where that misleads (`has_small_base`)."""
    share = percent_of_gross if has_small_base(result) else percent_of_base
    return share(result, pnl)


def percent_of_gross(result: PortfolioResult, pnl: float) -> float | None:
    """Return `pnl` in per cent of gross value; None where that is 0, or unknown as only totals were kept."""
    if result.units is None or not result.gross_value:
        return None
    return 100.0 * pnl / result.gross_value
