"""What the command line gives, to compare a page with."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.runner import run


def document(*words: str | Path) -> dict:
    """Return the document of `stresstest run --json`."""
    found = run("run", *words, "--json")
    assert found.code in (0, 3), found.err
    return json.loads(found.out)


def pnl(of: dict, scenario: str, portfolio: str = "ai_growth_fund") -> float:
    """Return a P&L of a document, to the last bit."""
    held = next(one for one in of["portfolios"] if one["name"] == portfolio)
    return next(one["pnl"] for one in held["scenarios"] if one["name"] == scenario)
