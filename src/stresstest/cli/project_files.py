"""Files of a small working project, as `stresstest init` writes them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stresstest.cli.schemas import schema_text
from stresstest.io.outputs import require_free, write_atomically

PORTFOLIO = """\
# yaml-language-server: $schema=schemas/portfolio.json
version: 1
name: my_portfolio
title: A small portfolio to start from
currency: USD
positions:
  - {id: nvda, type: equity, issuer: NVDA, quantity: 5_000}
  - {id: msft, type: equity, issuer: MSFT, quantity: 2_000}
  - {id: treasuries, type: fund, issuer: TLT, quantity: 8_000}
  # A protective put: one contract is on 100 shares.
  - {id: nvda-put, type: european_option, underlying: NVDA, right: put, strike: 160, expiry: 2026-01-16,
     multiplier: 100, quantity: 40}
  - {id: cash, type: cash, currency: USD, quantity: 250_000}
limits:
  - {name: worst_case, scenario: any, max_loss: 30%, of: base}
"""

SCENARIO = """\
# yaml-language-server: $schema=../schemas/scenario.json
version: 1
name: my_scenario
title: Chips fall, rates ease
narrative: |
  Say here what happens and why, so that the sizes below can be argued with.
horizon: 3m
shocks:
  - select: {theme: ai_accelerators}      # the most specific line wins: issuer, then theme, industry, sector
    factor: spot
    shift: -40%
    basis: {class: judgement, analogue: "2022", note: "Why this size."}
  - select: {sector: information_technology}
    factor: spot
    shift: -20%
  - select: {curve: USD}
    factor: zero_rate
    shift: {1Y: -50bp, 10Y: -25bp}        # linear between tenors, flat outside
"""


def starter_files() -> dict[str, str]:
    """Return the files of a new project by their path within it."""
    return {
        "portfolio.yaml": PORTFOLIO,
        "shocks/my_scenario.yaml": SCENARIO,
        "schemas/portfolio.json": schema_text("portfolio"),
        "schemas/scenario.json": schema_text("scenario"),
    }


def write_files(folder: Path, files: Mapping[str, str], *, force: bool) -> None:
    """Write `files` below `folder`, which is made; nothing is written where one of them exists already.

    Raises
    ------
    InputError
        ST145 for a file that exists, unless `force`; ST146 where the folder cannot be.
    """
    targets = {folder / name: text for name, text in files.items()}
    for target in targets:
        if target.parent.is_dir():
            require_free(target, force)
    for target, text in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, text.encode("utf-8"), force)
