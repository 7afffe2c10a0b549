"""Orders that are not placed are revenue that is not earned, at a price that assumed it for ever.

The loop of the article: spenders cut, their suppliers lose revenue, and so do the suppliers' suppliers;
earnings fall by more, and what the market pays for a dollar of earnings falls too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.networks.chips import pledges
from stresstest.networks.mechanism import Mechanism, Setting, Surroundings, Timescale
from stresstest.networks.orders import Order
from stresstest.networks.state import DIRECT, State

EARNINGS, MULTIPLE = "earnings_ratio", "multiple_ratio"
"""Reported: earnings and the price of a dollar of them, each after over before."""

_NAME = "capitalised_revenue"
_MOST_ROUNDS = 10_000


def run(surroundings: Surroundings, state: State, settings: Mapping[str, float]) -> State:
    """Return the state with revenues, orders and what businesses lose by them.

    x_s = Σ_c share(s, c)·cut_c, cut_c = max(own cut, pass_through · x_c): Leontief's inverse where no cut
    binds. Value beyond cash, after over before, is (1 − leverage · x)⁺ · (1 − multiple_fall · x)⁺. A vehicle
    that has pledged chips has no multiple: `collateral_spiral` values it.
    """
    network = surroundings.network
    fall, cut = revenue_falls(surroundings, state, settings["pass_through"])
    leverage = np.array([node.operating_leverage for node in network.nodes])
    leverage = np.where(np.isnan(leverage), settings["operating_leverage"], leverage)
    earnings = np.maximum(1.0 - leverage * fall, 0.0)
    multiple = np.maximum(1.0 - settings["multiple_fall"] * fall, 0.0)
    # Cash is not lost with orders, and what the direct shock has taken cannot be lost again.
    cash = np.array([node.cash for node in network.nodes])
    left = np.maximum(surroundings.balance.external - cash - state.losses.get(DIRECT, 0.0), 0.0)
    loss = left * (1.0 - earnings * multiple)
    loss[:, [pledge.place for pledge in pledges(surroundings)]] = 0.0
    return replace(
        state,
        revenue_fall=fall,
        purchases_cut=cut,
        losses=state.with_loss(_NAME, loss),
        reported={**state.reported, EARNINGS: earnings, MULTIPLE: multiple},
    )


def revenue_falls(
    surroundings: Surroundings, state: State, pass_through: float
) -> tuple[FloatArray, FloatArray]:
    """Return falls of revenue and cuts of orders `(n_columns, n_firms)`: the least that agree.

    What is passed on of revenue goes with the revenue of who passes it on; a contract for a stated time is
    kept while its customer lives, and is worth its expectation where that is doubted.
    """
    # One firm's columns lie side by side: every order is then one pass over memory.
    fall, cut = np.ascontiguousarray(state.revenue_fall.T), np.ascontiguousarray(state.purchases_cut.T)
    cancelled = np.ascontiguousarray(state.order_cuts.T)
    doubt = np.ascontiguousarray(state.doubt.T)
    fixed = [_fixed(surroundings, order) for order in surroundings.orders]
    for _ in range(_MOST_ROUNDS):
        lost = np.zeros(fall.shape)
        for place, order in enumerate(surroundings.orders):
            ended = np.maximum(cancelled[place], doubt[order.customer])
            if not fixed[place]:
                followed = fall if order.follows_revenue else cut
                ended = np.maximum(followed[order.customer], ended)
            lost[order.supplier] += order.share * ended
        grown = np.maximum(fall, np.minimum(lost, 1.0))
        deeper = np.maximum(cut, pass_through * grown)
        # Until nothing grows at all: one round more, for the sake of other columns, must leave all bits.
        settled = not (np.any(grown > fall) or np.any(deeper > cut))
        fall, cut = grown, deeper
        if settled:
            break
    return np.ascontiguousarray(fall.T), np.ascontiguousarray(cut.T)


def _fixed(surroundings: Surroundings, order: Order) -> bool:
    """Tell whether a contract binds the customer throughout the horizon, whatever it spends."""
    if order.until is None:
        return False
    return (order.until - surroundings.as_of).days >= surroundings.horizon_years * DAYS_PER_YEAR


MECHANISM = Mechanism(
    name=_NAME,
    title="orders lost, capitalised",
    timescale=Timescale.MONTHS,
    settings=(
        Setting(
            "operating_leverage",
            1.5,
            0.0,
            10.0,
            "judgement: earnings of a firm with high fixed costs fall half as much again as its revenue",
        ),
        Setting(
            "multiple_fall",
            0.5,
            0.0,
            10.0,
            "judgement: a dollar of earnings costs half a per cent less for each per cent of revenue lost",
        ),
        Setting(
            "pass_through",
            1.0,
            0.0,
            1.0,
            "judgement: a supplier cuts its own orders as its revenue falls",
            percent=True,
        ),
    ),
    run=run,
    reference="W. Leontief, Review of Economics and Statistics 18 (1936) 105; R. E. Miller and P. D. Blair, "
    "Input-Output Analysis (2nd ed., 2009), equation 2.11",
)
