"""Small inputs for the command line: a portfolio over the shipped market and scenarios for it."""

from __future__ import annotations

from pathlib import Path

PORTFOLIO = """\
version: 1
name: sample
title: Two shares and cash
currency: USD
market: "2025-10-03"
positions:
  - {id: chips, type: equity, issuer: NVDA, quantity: 100, tags: {desk: growth}}
  - {id: soft, type: equity, issuer: MSFT, quantity: -10, tags: {desk: hedge}}
  - {id: cash, type: cash, currency: USD, quantity: 1_000}
limits:
  - {name: tight, scenario: any, max_loss: 10%, of: base}
"""

FALL = """\
version: 1
name: fall
title: Chips halve
horizon: 1m
shocks:
  - {select: {issuer: NVDA}, factor: spot, shift: -50%}
"""

RISE = """\
version: 1
name: rise
horizon: 1m
shocks:
  - {select: {issuer: NVDA}, factor: spot, shift: +10%}
"""


def write_samples(folder: Path, **files: str) -> dict[str, Path]:
    """Write files named `portfolio`, `fall`, `rise` and any others, and return their paths by name."""
    texts = {"portfolio": PORTFOLIO, "fall": FALL, "rise": RISE, **files}
    paths = {name: folder / f"{name}.yaml" for name in texts}
    for name, path in paths.items():
        path.write_text(texts[name], encoding="utf-8")
    return paths


DRIVEN = """\
version: 1
name: driven
horizon: 1m
drivers: {cut: {value: 50%, range: [10%, 80%]}}
shocks:
  - {select: {issuer: NVDA}, factor: spot, shift: {driver: cut, slope: -1%}}
"""
