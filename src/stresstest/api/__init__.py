"""The verbs of the library and the facades that hold what they give."""

from __future__ import annotations

from stresstest.api.results import Stress, Worst, pnl_percent
from stresstest.api.sweeping import Swept, require_comparable, sweep
from stresstest.api.verbs import (
    Book,
    Portfolio,
    Resources,
    apply_holdings,
    build_portfolio,
    compile_portfolios,
    load_market,
    load_portfolio,
    load_portfolios,
    load_scenarios,
    market_of,
    revalue,
    stress,
)

__all__ = [
    "Book",
    "Portfolio",
    "Resources",
    "Stress",
    "Swept",
    "Worst",
    "apply_holdings",
    "build_portfolio",
    "compile_portfolios",
    "load_market",
    "load_portfolio",
    "load_portfolios",
    "load_scenarios",
    "market_of",
    "pnl_percent",
    "require_comparable",
    "revalue",
    "stress",
    "sweep",
]
