"""The systematic factors: portfolios of series that anyone can trade, and so anyone can check."""

from __future__ import annotations

from dataclasses import dataclass

SHORT, MIDDLE, LONG = "SHY", "IEF", "TLT"
"""Treasury funds of 1 to 3, 7 to 10 and over 20 years."""

SHORT_DURATION, MIDDLE_DURATION, LONG_DURATION = 1.85, 7.1, 16.2
"""Their rate durations in years; the mandates fix the maturities, so they moved by a tenth since 2007."""

CREDIT_DURATION = {"LQD": 8.0, "HYG": 3.3}
"""Spread durations of the credit funds, years."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A systematic factor.

    Attributes
    ----------
    members
        Tickers whose log returns are averaged, over those that have a history on the day.
    weights
        Ticker → coefficient of its log return; all must have a history. In place of `members`.
    against
        Earlier factors that are taken out by regression.
    """

    name: str
    text: str
    members: tuple[str, ...] = ()
    weights: tuple[tuple[str, float], ...] = ()
    against: tuple[str, ...] = ()

    @property
    def tickers(self) -> tuple[str, ...]:
        """Series that the factor is made of."""
        return self.members or tuple(ticker for ticker, _ in self.weights)


def _yields(short: float, middle: float, long: float) -> dict[str, float]:
    """Return coefficients of log returns that give a combination of the three yields' changes."""
    return {
        SHORT: -short / SHORT_DURATION,
        MIDDLE: -middle / MIDDLE_DURATION,
        LONG: -long / LONG_DURATION,
    }


def _spread(fund: str, rate_duration: float, shape: tuple[float, float, float]) -> dict[str, float]:
    """Return coefficients that give the change of a fund's spread: its return without that of rates.

    `shape` spreads the rate duration over the three yields; return = −rate part − spread duration · change.
    """
    duration = CREDIT_DURATION[fund]
    rates = _yields(*(-rate_duration * part / duration for part in shape))
    return {fund: -1.0 / duration, **rates}


def _exact(coefficients: dict[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple((ticker, coefficient) for ticker, coefficient in coefficients.items() if coefficient)


EQUITY_FACTORS = (
    "market",
    "ai",
    "growth",
    "power",
    "ai_cloud",
    "defensive",
    "utilities",
    "financials",
    "energy",
    "small",
)
"""Those that are returns of shares; all but the first without what `market` explains."""

DEFINITIONS: tuple[Definition, ...] = (
    Definition("market", "the S&P 500", members=("SPY",)),
    Definition("ai", "semiconductors beyond the market", members=("SMH",), against=("market",)),
    Definition("growth", "large growth beyond market and ai", members=("QQQ",), against=("market", "ai")),
    Definition(
        "power",
        "merchant and nuclear power beyond market and ai",
        members=("VST", "CEG", "NRG", "TLN"),
        against=("market", "ai"),
    ),
    Definition(
        "ai_cloud",
        "AI clouds and the miners that became ones, beyond market, ai and growth",
        members=("CRWV", "NBIS", "IREN", "APLD", "CORZ"),
        against=("market", "ai", "growth"),
    ),
    Definition("defensive", "staples and health care", members=("XLP", "XLV"), against=("market", "ai")),
    Definition(
        "utilities",
        "regulated utilities",
        members=("DUK", "SO", "AEP", "D", "XEL"),
        against=("market", "defensive"),
    ),
    Definition("financials", "banks and insurers", members=("XLF",), against=("market", "ai")),
    Definition("energy", "oil and gas shares", members=("XLE",), against=("market", "ai")),
    Definition("small", "small companies", members=("IWM",), against=("market", "financials", "ai")),
    Definition("rates_level", "10-year yield, from IEF", weights=_exact(_yields(0.0, 1.0, 0.0))),
    Definition("rates_slope", "30-year less 2-year yield", weights=_exact(_yields(-1.0, 0.0, 1.0))),
    Definition(
        "rates_curvature",
        "twice the 10-year less 2-year and 30-year yield",
        weights=_exact(_yields(-1.0, 2.0, -1.0)),
    ),
    Definition(
        "credit_high_yield",
        "spread of high yield, HYG without rates",
        weights=_exact(_spread("HYG", 2.9, (0.75, 0.25, 0.0))),
    ),
    Definition(
        "credit_investment_grade",
        "spread of investment grade, LQD without rates",
        weights=_exact(_spread("LQD", 8.0, (0.25, 0.45, 0.30))),
    ),
    Definition("gold", "gold, from GLD", members=("GLD",)),
    Definition("oil", "front oil futures, from USO", members=("USO",)),
    Definition("dollar", "the dollar against six currencies, from UUP", members=("UUP",)),
    Definition("volatility", "one-month VIX futures, from VIXY and VXX", members=("VIXY", "VXX")),
)
"""In order; a factor is only taken out of later ones. One whose series the history lacks is left out."""
