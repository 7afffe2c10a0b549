"""A small job that hedges: shares in two currencies, a policy with a scenario of its own beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from tests.hedging.small_hedges import POLICY

GROWTH = """version: 1
name: growth
currency: USD
positions:
  - {id: nvda, type: equity, issuer: NVDA, quantity: 40_000}
  - {id: msft, type: equity, issuer: MSFT, quantity: 15_000}
  - {id: cash, type: cash, currency: USD, quantity: 5_000_000}
"""
EUROS = """version: 1
name: euros
currency: EUR
positions:
  - {id: msft, type: equity, issuer: MSFT, quantity: 20_000}
  - {id: cash, type: cash, currency: EUR, quantity: 5_000_000}
"""
CASH = """version: 1
name: cash
currency: USD
positions:
  - {id: cash, type: cash, currency: USD, quantity: 5_000_000}
"""
CHIPS = """version: 1
name: chips_halve
title: Accelerator makers halve
source: a memo
horizon: 12m
shocks:
  - {select: {issuer: NVDA}, factor: spot, shift: -50%}
  - {select: {issuer: MSFT}, factor: spot, shift: -20%}
"""
JOB = """version: 1
name: hedged
portfolios: [books/]
market: 2025-10-03
scenarios: [ai_capex_collapse, export_stop]
limits:
  - {name: house, scenario: any, max_loss: 20%, warning: 1%, of: base}
hedge: {policy: own/small.yaml, portfolios: [growth, euros]}
output: {group_size: 2}
"""
NAMED = "portfolios: [growth, euros]"
BREACHING = "portfolios: breaching"
CHIPS_TOO = POLICY.replace("[time_bomb, ai_capex_collapse]", "[chips_halve, ai_capex_collapse]")
CANNOT_HOLD = POLICY.replace(
    "rules:\n", "rules:\n  - {name: safe, max_loss: 1%, scenario: ai_capex_collapse, reason: Too much.}\n"
).replace("max_turnover: 60%", "max_turnover: 2%")


def write_job(folder: Path, job: str = JOB, policy: str = CHIPS_TOO, **books: str) -> Path:
    """Write the job with its books, its policy and the scenario that only the policy names."""
    files = {
        "job.yaml": job,
        "books/growth.yaml": GROWTH,
        "books/euros.yaml": EUROS,
        "books/cash.yaml": CASH,
        "own/small.yaml": policy,
        "own/chips_halve.yaml": CHIPS,
        **{f"books/{name}.yaml": text for name, text in books.items()},
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "job.yaml"


def rows(root: Path, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table of results, group after group."""
    files = sorted(root.glob(f"results/{table}/group=*/part.parquet"))
    return [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]
