"""Files of a small working project, as `stresstest init` writes them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stresstest.cli.project.schemas import project_schemas
from stresstest.io.outputs import require_free, write_atomically
from stresstest.market.snapshot import MarketSnapshot

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
drivers:                                  # run … --set chip_fall=60%; sweep … --set-range chip_fall
  chip_fall: {value: 40%, range: [10%, 80%], description: Fall of the makers of AI chips.}
shocks:
  - select: {theme: ai_accelerators}      # the most specific line wins: issuer, then theme, industry, sector
    factor: spot
    shift: {driver: chip_fall, slope: -1%}
    basis: {class: judgement, analogue: "2022", note: "Why this size."}
  - select: {sector: information_technology}
    factor: spot
    shift: -20%
  - select: {curve: USD}
    factor: zero_rate
    shift: {1Y: -50bp, 10Y: -25bp}        # linear between tenors, flat outside
"""


SCENARIO_SET = """\
# yaml-language-server: $schema=../schemas/scenario_set.json
version: 1
name: my_set
title: My scenario, or an ordinary quarter
members:
  - {scenario: ../shocks/my_scenario.yaml, probability: 20%, severity: {low: 50%, mode: 100%, high: 150%},
     regime: stressed}
remainder: unshocked                      # the other 80 %: draws around the market as it is
sample: {columns: 2_000, seed: 1, regime: calm}
"""


def starter_files(market: MarketSnapshot) -> dict[str, str]:
    """Return the files of a new project by their path within it; schemas know the words of `market`."""
    schemas = {f"schemas/{kind}.json": text for kind, text in project_schemas(market).items()}
    return {
        "portfolio.yaml": PORTFOLIO,
        "shocks/my_scenario.yaml": SCENARIO,
        "sets/my_set.yaml": SCENARIO_SET,
        **schemas,
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
