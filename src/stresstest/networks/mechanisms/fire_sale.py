"""Institutions that sell because prices fall, and make them fall; and those that buy then.

Sales are spread over days of what a firm's shares trade; impact is linear or by the square root. Shares
pledged for a loan are sold where the loan exceeds its stated part of them and its debtor has not the cash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import isnan

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.networks.holders import Institution, institutions
from stresstest.networks.mechanism import Mechanism, Setting, Surroundings, Timescale
from stresstest.networks.state import State
from stresstest.networks.valuation import values_of

SALES = "shares_sold"
"""Reported: money of each firm's shares that institutions sell, less what others buy."""

_NAME = "fire_sale"
_ROUNDING = 1e-12


def run(surroundings: Surroundings, state: State, settings: Mapping[str, float]) -> State:
    """Return the state with what sales take from prices.

    Net sales of an institution with own money A and leverage L, whose holdings have returned r:
    L(L − 1)·A·(−r) for a leveraged fund at the close (Cheng and Madhavan 2009, equation 8); what brings a
    margin account back to its leverage, λ of it (Greenwood, Landier and Thesmar 2015, equation 3), at prices
    before the shock; a part of its assets for a volatility target, and for redemptions of an open fund;
    minus a part, bought, for one that rebalances; minus what it buys day by day for a firm's own programme.
    """
    balance = surroundings.balance
    base = np.where(balance.equity > 0.0, balance.equity, 1.0)
    returns = values_of(balance, state).equity / base - 1.0
    # By the square root the least fall feeds on itself, to impact² times sales over volume; rounding is none.
    returns = np.where(np.abs(returns) > _ROUNDING, returns, 0.0)
    sales = pledged_sales(surroundings, returns)
    for one in institutions(surroundings.network, surroundings.holders):
        sold = sales_of(one, returns, settings)
        held = sum(one.amounts) or 1.0
        for firm, amount, buying in zip(one.firms, one.amounts, one.buying, strict=True):
            sales[:, firm] += sold * (amount / held) - buying * settings["days"]
    fall = price_falls(surroundings, sales, settings)
    loss = np.maximum(state.losses.get(_NAME, 0.0), balance.equity * fall)
    return replace(state, losses=state.with_loss(_NAME, loss), reported={**state.reported, SALES: sales})


def sales_of(one: Institution, returns: FloatArray, settings: Mapping[str, float]) -> FloatArray:
    """Return `(n_columns,)` money of shares of the network that an institution sells, negative where it buys.

    What it sells of all its assets it sells in proportion, so of the network's firms their part.
    """
    lost = np.zeros(len(returns))
    if one.behaviour == "buy_back" or not one.assets > 0.0:
        return lost
    for firm, amount in zip(one.firms, one.amounts, strict=True):
        lost -= amount / one.assets * returns[:, firm]
    held = sum(one.amounts)
    if held > 0.0:
        # What it owns beside these firms falls with them as far as the scenario says.
        lost += settings["others_follow"] * max(one.assets / held - 1.0, 0.0) * np.maximum(lost, 0.0)
    if one.behaviour == "leveraged_fund":
        share = np.clip((one.leverage - 1.0) * lost, -1.0, 1.0)
    elif one.behaviour == "margin_account":
        share = settings["deleveraging"] * _beyond_leverage(one.leverage, lost)
    else:
        share = _RULES[one.behaviour][1] * settings[_RULES[one.behaviour][0]] * np.maximum(lost, 0.0)
    return np.asarray(share * sum(one.amounts))


_RULES = {
    "volatility_target": ("volatility_selling", 1.0),
    "open_fund": ("redemptions", 1.0),
    "rebalancer": ("rebalancing", -1.0),
}
"""Setting that says which part is traded of what is lost, and 1 for a sale, -1 for a purchase."""


def _beyond_leverage(leverage: float, lost: FloatArray) -> FloatArray:
    """Return the part of assets, at prices before the shock, whose sale restores the leverage.

    Debt stays and assets fall to (1 − l)·A: what is left of own money, (1/L − l)·A, carries L times that. All
    is sold where nothing is left.
    """
    left = 1.0 - lost
    carried = leverage * np.maximum(1.0 / leverage - lost, 0.0)
    return np.where(left > 0.0, np.clip((left - carried) / np.where(left > 0.0, left, 1.0), 0.0, 1.0), 1.0)


def pledged_sales(surroundings: Surroundings, returns: FloatArray) -> FloatArray:
    """Return `(n_columns, n_firms)` money of pledged shares sold to bring loans back to their stated limit.

    A loan K on shares worth W may be at most t·W: the debtor pays K − t·W in cash as far as it has any, and
    sells the rest over 1 − t.
    """
    network, sales = surroundings.network, np.zeros(returns.shape)
    for edge in network.of_type("margin_loan"):
        if not isnan(edge.trigger) and edge.asset in network.index and not isnan(edge.share):
            place, debtor = network.index[edge.asset], network.nodes[network.index[edge.second]]
            worth = edge.share * network.nodes[place].equity * (1.0 + returns[:, place])
            called = np.maximum(edge.outstanding - edge.trigger * worth, 0.0)
            unmet = np.maximum(called - debtor.cash, 0.0)
            sales[:, place] += np.minimum(unmet / (1.0 - edge.trigger), worth)
    return sales


def price_falls(surroundings: Surroundings, sales: FloatArray, settings: Mapping[str, float]) -> FloatArray:
    """Return `(n_columns, n_firms)` falls of prices in [0, 1): where net sales are above nothing."""
    fall = np.zeros(sales.shape)
    for place, node in enumerate(surroundings.network.nodes):
        if node.daily_volume > 0.0:
            days = np.maximum(sales[:, place], 0.0) / (node.daily_volume * settings["days"])
            linear = settings["linear_impact"] * days
            root = settings["square_root_impact"] * np.sqrt(days)
            fall[:, place] = np.minimum(linear + root, settings["largest_fall"])
    return fall


MECHANISM = Mechanism(
    name=_NAME,
    title="crowded holders sell",
    timescale=Timescale.INSTANT,
    settings=(
        Setting("linear_impact", 0.0, 0.0, 10.0, "fall for sales of one day's volume; use one of the two"),
        Setting(
            "square_root_impact", 0.02, 0.0, 1.0, "judgement: a day's volatility for a day's volume sold"
        ),
        Setting("days", 1.0, 0.01, 250.0, "days over which the sales are spread"),
        Setting("deleveraging", 1.0, 0.0, 1.0, "part of the way back to its leverage", percent=True),
        Setting("volatility_selling", 0.5, 0.0, 10.0, "judgement: part of assets sold over the part lost"),
        Setting("redemptions", 0.2, 0.0, 10.0, "judgement: part redeemed over the part lost, in weeks"),
        Setting(
            "rebalancing",
            0.4,
            0.0,
            1.0,
            "a fund of 60 per cent shares buys 40 per cent of what they lost",
            percent=True,
        ),
        Setting(
            "others_follow",
            0.0,
            0.0,
            1.0,
            "fall of what an institution holds beside these firms, over that of what it holds of them",
            percent=True,
        ),
        Setting("largest_fall", 0.9, 0.0, 0.99, "no sale takes more than this", percent=True),
    ),
    run=run,
    reference="M. Cheng and A. Madhavan, Journal of Investment Management 7(4) (2009) 43, equation 8; R. "
    "Greenwood, A. Landier and D. Thesmar, Journal of Financial Economics 115 (2015) 471, equation 3; R. "
    "Cont and E. Schaanning, Norges Bank Working Paper 2/2017",
)
