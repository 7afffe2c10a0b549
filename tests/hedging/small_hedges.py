"""A small book and policies that hedge it in a second, to test everything that is made of a plan."""

from __future__ import annotations

from functools import cache
from typing import Any

import stresstest as st
from stresstest.hedging.plans.plan import HedgePlan
from stresstest.hedging.plans.planning import Planner, Request
from stresstest.hedging.policies.policy import Policy
from stresstest.hedging.policies.policy_loading import parse_policy
from stresstest.portfolio.loading import build_portfolio
from stresstest.portfolio.model import Portfolio

SCENARIOS = ("time_bomb", "ai_capex_collapse", "boom_continues", "soft_landing", "haven_failure_bonds")

POSITIONS: list[dict[str, Any]] = [
    {"id": "nvda", "type": "equity", "issuer": "NVDA", "quantity": 50_000,
     "lots": [{"quantity": 20_000, "price": 20.5}, {"quantity": 30_000, "price": 150}]},
    {"id": "orcl", "type": "equity", "issuer": "ORCL", "quantity": 20_000, "cost_price": 100},
    {"id": "ko", "type": "equity", "issuer": "KO", "quantity": 40_000},
    {"id": "nvda-call", "type": "european_option", "underlying": "NVDA", "right": "call", "strike": 210,
     "expiry": "2026-03-20", "multiplier": 100, "quantity": -100},
    {"id": "cash-usd", "type": "cash", "currency": "USD", "quantity": 1_000_000},
]  # fmt: skip

POLICY = """\
version: 1
name: small
title: Sell, buy bills, gold and index puts
narrative: A policy for tests.
horizon: 12m
universe:
  - {name: bills, type: zero_bond, issuer: UST, maturities: [6m], source: bills, reason: Bills are safe.}
  - {name: gold, type: fund, issuer: GLD, source: gold, reason: Nobody owes gold.}
  - {name: puts, type: european_option, underlying: SPY, right: put, strikes: [80%, 90%], expiries: [6m, 12m],
     strike_step: 5, source: puts, reason: Insurance.}
sell: {all: true}
objective:
  - {minimise: worst_loss, scenarios: [time_bomb, ai_capex_collapse], weight: 1, reason: The story.}
  - {minimise: cost, weight: 1, reason: Cost is certain.}
costs:
  half_spread:
    - {select: {type: european_option}, half_spread: 0.5vol, class: judgement, reason: as quoted}
    - {half_spread: 3bp, class: judgement, reason: as quoted}
  volume:
    - {select: {type: zero_bond}, value: 50_000_000_000, class: judgement, reason: deep}
    - {select: {type: european_option}, share_of_underlying: 10%, class: judgement, reason: a tenth}
    - {share_of_market_cap: 0.35%, class: judgement, reason: usual}
  impact: {coefficient: 0.1, class: judgement, reason: square root}
  fee_per_contract: {amount: 0.65, class: judgement, reason: listed}
  tax: {rate: 20%, class: judgement, reason: long-term}
  lots: {equity: 100, fund: 100, zero_bond: 10_000, european_option: 1}
rules:
  - {name: participation, min_participation: 60%, scenario: boom_continues, reason: Keep most of the boom.}
  - {name: premium, max_premium: 1%, reason: One per cent a year.}
  - {name: gold_cap, max_weight: 5%, select: {asset_class: gold}, reason: A little gold.}
  - {name: turnover, max_turnover: 60%, reason: Not everything at once.}
  - {name: trading_days, max_adv_days: 10, share: 20%, reason: Two weeks.}
  - {name: small_trades, min_trade: 0.1%, reason: No noise.}
  - {name: trade_count, max_trades: 8, reason: A short list.}
"""


def small_book() -> Portfolio:
    return build_portfolio({"version": 1, "name": "small", "currency": "USD", "positions": POSITIONS})


def small_policy(**amounts: float) -> Policy:
    """Return the policy with other amounts of its rules."""
    policy = parse_policy(POLICY)
    for name, amount in amounts.items():
        policy = policy.with_amount(name, amount)
    return policy


def request(policy: Policy | None = None) -> Request:
    return Request(
        small_book(), policy or small_policy(), st.load_market("2025-10-03"), st.load_scenarios(*SCENARIOS)
    )


@cache
def planner() -> Planner:
    return Planner(request())


@cache
def plan() -> HedgePlan:
    return planner().plan()
