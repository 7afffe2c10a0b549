"""A small real job: three accounts in one table, one portfolio in YAML, named scenarios and draws."""

from __future__ import annotations

import random
from pathlib import Path

HEADER = (
    "portfolio,id,type,issuer,quantity,underlying,right,strike,expiry,multiplier,"
    "coupon,maturity,frequency,day_count"
)
ROWS = (
    "alpha,nvda,equity,NVDA,400,,,,,,,,,",
    "alpha,nvda-put,european_option,,20,NVDA,put,160,2026-01-16,100,,,,",
    "alpha,msft,equity,MSFT,-50,,,,,,,,,",
    "beta,crwv,fixed_bond,CRWV,500000,,,,,,9.25%,2030-06-01,2,30/360",
    "beta,nvda,equity,NVDA,100,,,,,,,,,",
    "gamma,orcl,equity,ORCL,300,,,,,,,,,",
    "gamma,nvda-put,european_option,,-10,NVDA,put,160,2026-01-16,100,,,,",
)
DELTA = """version: 1
name: delta
currency: EUR
positions:
  - {id: nvda, type: equity, issuer: NVDA, quantity: 40}
limits:
  - {scenario: any, max_loss: 5%, of: base}
"""
JOB = """version: 1
name: small
title: Four small portfolios
portfolios: [accounts.csv, delta.yaml]
market: 2025-10-03
scenarios: [ai_capex_collapse, export_stop, {sample: ai_burst_12m, columns: 700, seed: 7}]
measures: [expected_shortfall, worst_loss]
contributions: [type]
output: {group_size: 2}
"""


def write_job(folder: Path, *, seed: int | None = None, draws: int = 700, group_size: int = 2) -> Path:
    """Write the job into a folder, rows in another order for each seed, and return its file."""
    rows = list(ROWS)
    if seed is not None:
        random.Random(seed).shuffle(rows)  # noqa: S311
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "accounts.csv").write_text("\n".join([HEADER, *rows, ""]))
    (folder / "delta.yaml").write_text(DELTA)
    text = JOB.replace("columns: 700", f"columns: {draws}")
    (folder / "job.yaml").write_text(text.replace("group_size: 2", f"group_size: {group_size}"))
    return folder / "job.yaml"
