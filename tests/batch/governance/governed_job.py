"""A job with all of governance: a stated net asset value, a proxy, a network, judged and documented lines."""

from __future__ import annotations

from pathlib import Path

FUND = """\
version: 1
name: fund
currency: USD
nav: {value: 9_000_000, date: 2025-09-30, source: administrator}
limits:
  - {name: own, scenario: cut, max_loss: 30%, warning: 20%, owner: Desk}
positions:
  - {id: nvda, type: equity, issuer: NVDA, quantity: 20_000}
  - {id: crwv, type: equity, issuer: CRWV, quantity: 20_000}
  - {id: lab, type: equity, issuer: LAB, proxy: SMH, quantity: 50_000, stated_value: 1_500_000,
     stated_date: 2025-06-30}
  - {id: cash, type: cash, currency: USD, quantity: 1_000_000}
"""

QUIET = """\
version: 1
name: quiet
currency: EUR
nav: {value: 1_000_000, tolerance: 5%}
positions:
  - {id: cash, type: cash, currency: EUR, quantity: 1_000_000}
  - {id: nowhere, type: equity, issuer: NOSUCH, quantity: 5}
"""

CUT = """\
version: 1
name: cut
horizon: 3m
status: approved
owner: Market risk
approver: Risk committee
approved_on: 2025-09-15
valid_until: 2025-12-31
judged_on: 2025-09-01
shocks:
  - select: {issuer: NVDA}
    factor: spot
    shift: -40%
    basis: {class: judgement, analogue: "NVDA -62 % in 2022"}
  - select: {issuer: CRWV}
    factor: spot
    shift: -37%
    basis: {class: documented}
"""

OLD = """\
version: 1
name: old
horizon: 1m
status: draft
valid_until: 2025-06-30
shocks:
  - {select: {issuer: NVDA}, factor: spot, shift: -10%}
"""

JOB = """\
version: 1
name: governed
portfolios: [fund.yaml, quiet.yaml]
market: 2025-10-03
scenarios: [cut.yaml, old.yaml, openai_funding_stop, slow_grind]
limits:
  - {name: committee, scenario: any, max_loss: 60%, warning: 10%, owner: Head of risk}
reconcile: {tolerance: 2%}
judgement: true
challenger: factor_model
output: {group_size: 1}
"""

SCENARIOS = ("cut", "old", "openai_funding_stop", "slow_grind")


def write_governed(folder: Path, *changes: tuple[str, str]) -> Path:
    """Write the job with texts replaced in it, and return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"fund": FUND, "quiet": QUIET, "cut": CUT, "old": OLD, "job": JOB}
    for old, new in changes:
        assert any(old in text for text in texts.values()), old
        texts = {name: text.replace(old, new) for name, text in texts.items()}
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / "job.yaml"
