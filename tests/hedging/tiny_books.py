"""Books of two or three positions and policies of few lines, for tests that work out the answer by hand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

import stresstest as st
from stresstest.arrays import FloatArray
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.policies.policy_loading import parse_policy
from stresstest.hedging.program.trade_state import TradeState, state_of
from stresstest.hedging.rules.built import BuiltRule
from stresstest.hedging.rules.registry import build_rule

SCENARIOS = ("time_bomb", "ai_capex_collapse", "boom_continues", "haven_failure_gold", "haven_failure_bonds")

POSITIONS: list[dict[str, Any]] = [
    {"id": "nvda", "type": "equity", "issuer": "NVDA", "quantity": 4_000,
     "lots": [{"quantity": 1_000, "price": 200}, {"quantity": 3_000, "price": 50}]},
    {"id": "msft", "type": "equity", "issuer": "MSFT", "quantity": 1_000},
    {"id": "calls", "type": "european_option", "underlying": "NVDA", "right": "call", "strike": 210,
     "expiry": "2026-03-20", "multiplier": 100, "quantity": -20},
    {"id": "cash", "type": "cash", "currency": "USD", "quantity": 100_000},
]  # fmt: skip

HEAD = """\
version: 1
name: tiny
horizon: 12m
universe:
  - {name: shares, type: equity, issuer: [KO, JNJ], source: defensives, reason: steady}
  - {name: bills, type: zero_bond, issuer: UST, maturities: [6m], source: bills, reason: safe}
  - {name: gold, type: fund, issuer: GLD, source: gold, reason: owed by nobody}
  - {name: puts, type: european_option, underlying: [SPY, NVDA], right: put, strikes: [90%], expiries: [6m],
     strike_step: 5, source: puts, reason: insurance}
sell: {all: true}
objective:
  - {minimise: worst_loss, scenarios: [time_bomb, ai_capex_collapse], weight: 1}
  - {minimise: cost, weight: 1}
costs:
  half_spread:
    - {select: {type: european_option}, half_spread: 1vol, class: judgement, reason: as quoted}
    - {half_spread: 10bp, class: judgement, reason: as quoted}
  volume:
    - {select: {type: zero_bond}, value: 50_000_000_000, class: judgement, reason: deep}
    - {select: {type: european_option}, share_of_underlying: 10%, class: judgement, reason: a tenth}
    - {share_of_market_cap: 0.35%, class: judgement, reason: usual}
  impact: {coefficient: 0.1, class: judgement, reason: square root}
  tax: {rate: 20%, class: judgement, reason: long-term}
  lots: {equity: 100, fund: 100, zero_bond: 10_000, european_option: 1}
"""


CREDIT = """\
  - {name: credit, type: cds_index, index: CDX.NA.HY, series: 45, coupon: 500bp, recovery: 30%, tenors: [5y],
     source: credit, reason: spreads widen}
sell: {all: true}"""

PROTECTED = (
    HEAD.replace("sell: {all: true}", CREDIT)
    .replace(
        "    - {half_spread: 10bp",
        "    - {select: {type: cds_index}, half_spread: 2bp of spread, class: judgement, reason: as quoted}\n"
        "    - {half_spread: 10bp",
    )
    .replace(
        "  impact:",
        "  margin: [{select: {type: cds_index}, share: 4%, class: judgement, reason: asked}]\n  impact:",
    )
    .replace(
        "    - {share_of_market_cap",
        "    - {select: {type: cds_index}, value: 2_000_000_000, class: judgement, reason: deep}\n"
        "    - {share_of_market_cap",
    )
)
"""The same with protection on high yield to buy."""


def policy_text(*rules: str, head: str = HEAD) -> str:
    """Return a policy with `rules`, each written without its reason."""
    lines = [f"  - {{{rule}, reason: a rule}}" for rule in rules]
    return head + ("rules:\n" + "\n".join(lines) + "\n" if lines else "")


def inputs(
    *rules: str, head: str = HEAD, positions: Sequence[dict[str, Any]] = POSITIONS, threads: int | None = None
) -> HedgeInputs:
    """Return the inputs of a tiny hedge, with the scenarios above."""
    book = {"version": 1, "name": "tiny", "currency": "USD", "positions": list(positions)}
    policy = parse_policy(policy_text(*rules, head=head))
    market = st.load_market("2025-10-03")
    return HedgeInputs.of(st.build_portfolio(book), policy, market, st.load_scenarios(*SCENARIOS), threads)


@cache
def ruled(*rules: str) -> HedgeInputs:
    """Return the inputs of the book above under `rules`."""
    return inputs(*rules)


@cache
def protected(*rules: str) -> HedgeInputs:
    """Return the inputs of the book above where protection on credit may be bought, under `rules`."""
    return inputs(*rules, head=PROTECTED)


def rule_and_protected(rule: str) -> tuple[BuiltRule, HedgeInputs]:
    """Return the only rule of such a policy, built."""
    found = protected(rule)
    return build_rule(found.policy.rules[0], found), found


def rule_and_inputs(rule: str) -> tuple[BuiltRule, HedgeInputs]:
    """Return the only rule of a policy, built."""
    found = ruled(rule)
    return build_rule(found.policy.rules[0], found), found


def state(found: HedgeInputs, cost: float = 0.0, **units: float) -> TradeState:
    """Return the book after trades in units: `nvda=-100` sells, `ko=200` buys; ids with `_` for `-`."""
    trades: FloatArray = np.zeros(found.n_lines)
    for name, size in units.items():
        place = line(found, name.replace("_", "-"), held=size < 0.0)
        trades[place] = abs(size) * found.scale[place] / found.nav
    return state_of(found, trades[: found.n_held], trades[found.n_held :], cost)


def line(found: HedgeInputs, name: str, *, held: bool) -> int:
    """Return the place of a line."""
    return next(
        place for place, one in enumerate(found.lines) if one.id.startswith(name) and one.is_held == held
    )
