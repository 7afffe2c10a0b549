"""Institutions that sell because prices fall, and make them fall; and those that buy then.

Sales of a day, spread over what a firm's shares trade: linear or square-root impact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.networks.mechanism import Mechanism, Setting, Surroundings, Timescale
from stresstest.networks.state import State
from stresstest.networks.valuation import values_of

SOLD = "shares_sold"
"""Reported: money of each firm's shares that institutions sell, less what others buy."""

_NAME = "fire_sale"


class _Institution(NamedTuple):
    """What an institution holds: places of firms, and money in each."""

    place: int
    firms: tuple[int, ...]
    amounts: tuple[float, ...]


def run(surroundings: Surroundings, state: State, settings: Mapping[str, float]) -> State:
    """Return the state with what sales take from prices.

    Net sales of an institution with own money A and leverage L, whose holdings have returned r: L(L − 1)·A·(−r)
    for a leveraged fund at the close (Cheng and Madhavan 2009, equation 8); what brings a margin account back
    to its leverage, λ of it (Greenwood, Landier and Thesmar 2015, equation 3); a part of its assets for a
    volatility target; minus a part, bought, for one that rebalances.
    """
    balance = surroundings.balance
    base = np.where(balance.equity > 0.0, balance.equity, 1.0)
    returns = values_of(balance, state).equity / base - 1.0
    sales = np.zeros(state.paid.shape)
    for one in _institutions(surroundings):
        sold = _sales(surroundings, one, returns, settings)
        total = sum(one.amounts)
        for firm, amount in zip(one.firms, one.amounts, strict=True):
            sales[:, firm] += sold * (amount / total)
    fall = _price_falls(surroundings, sales, settings)
    loss = np.maximum(state.losses.get(_NAME, 0.0), balance.equity * fall)
    return replace(state, losses=state.with_loss(_NAME, loss), reported={**state.reported, SOLD: sales})


def _institutions(surroundings: Surroundings) -> list[_Institution]:
    network, held = surroundings.network, dict[int, list[tuple[int, float]]]()
    for edge in network.of_type("holding"):
        held.setdefault(network.index[edge.first], []).append((network.index[edge.second], edge.amount))
    return [
        _Institution(place, tuple(firm for firm, _ in rows), tuple(amount for _, amount in rows))
        for place, rows in held.items()
        if network.nodes[place].behaviour
    ]


def _sales(
    surroundings: Surroundings, one: _Institution, returns: FloatArray, settings: Mapping[str, float]
) -> FloatArray:
    """Return `(n_columns,)` money of all that an institution sells, negative where it buys."""
    node = surroundings.network.nodes[one.place]
    assets = sum(one.amounts)
    gain = np.zeros(len(returns))
    for firm, amount in zip(one.firms, one.amounts, strict=True):
        gain += (amount / assets) * returns[:, firm]
    own = assets / node.leverage
    if node.behaviour == "leveraged_fund":
        return -node.leverage * (node.leverage - 1.0) * own * gain
    if node.behaviour == "margin_account":
        # Debt stays, assets fall: back at its leverage it holds L times what is left of its own money.
        left = np.maximum(own + assets * gain, 0.0)
        return settings["deleveraging"] * np.maximum(assets * (1.0 + gain) - node.leverage * left, 0.0)
    if node.behaviour == "volatility_target":
        return settings["volatility_selling"] * np.maximum(-gain, 0.0) * assets
    return -settings["rebalancing"] * np.maximum(-gain, 0.0) * assets


def _price_falls(surroundings: Surroundings, sales: FloatArray, settings: Mapping[str, float]) -> FloatArray:
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
        Setting("volatility_selling", 0.5, 0.0, 10.0, "judgement: part of assets sold for the part lost"),
        Setting(
            "rebalancing",
            0.4,
            0.0,
            1.0,
            "a fund of 60 per cent shares buys 40 per cent of what they lost",
            percent=True,
        ),
        Setting("largest_fall", 0.9, 0.0, 0.99, "no sale takes more than this", percent=True),
    ),
    run=run,
    reference="M. Cheng and A. Madhavan, Journal of Investment Management 7(4) (2009) 43, equation 8; R. Greenwood, "
    "A. Landier and D. Thesmar, Journal of Financial Economics 115 (2015) 471, equation 3; R. Cont and E. "
    "Schaanning, Norges Bank Working Paper 2/2017",
)
