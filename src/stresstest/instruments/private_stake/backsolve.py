"""Value of all equity that the price of the last round implies, by the option-pricing method backwards.

A round states the price of its own class. That price times all shares, the post-money value, is more than the
equity is worth wherever other classes have fewer rights. The equity sought is the one at which the class of
the round, as options until the exit, is worth what was paid: the backsolve method of the AICPA's guide
Valuation of Privately-Held-Company Equity Securities Issued as Compensation (2013); W. Gornall, I. A.
Strebulaev, Journal of Financial Economics 135 (2020) 120.
"""

from __future__ import annotations

from math import fsum, sqrt

from stresstest.instruments.private_stake.kernel import tranche_value
from stresstest.instruments.private_stake.spec import ExitSpec, PrivateStakeSpec, ShareClassSpec
from stresstest.instruments.private_stake.waterfall import Tranche, tranches
from stresstest.kernels.derived import log_level
from stresstest.kernels.exponential import exp
from stresstest.market.floating_lookups import base_log_discount
from stresstest.market.snapshot import MarketSnapshot

_STEPS = 200
"""Halvings: more than a double has bits, so that the last bracket is a pair of neighbours."""


def round_class(spec: PrivateStakeSpec) -> ShareClassSpec:
    """Return the class that the last round sold: the stated one, else the one held."""
    name = spec.round_class or spec.share_class
    return next(item for item in spec.stack if item.name == name)


def class_price(item: ShareClassSpec, stack: tuple[ShareClassSpec, ...], post_money: float) -> float:
    """Return what a round at a post-money value makes all shares of its class worth, billions.

    The post-money value is the price of one share as converted, times all shares as converted.
    """
    whole = fsum(one.shares * one.conversion for one in stack)
    return post_money * (item.shares * item.conversion / whole)


def class_value(payoff: list[Tranche], equity: float, sale: ExitSpec, log_discount: float) -> float:
    """Return the value of all shares of a class until the exit; strikes are due then, discounted."""
    deviation, factor = sale.volatility * sqrt(sale.years), float(exp(log_discount))

    def call(strike: float) -> float:
        log_due = float(log_level(strike)) + log_discount
        return float(tranche_value(equity, strike * factor, log_due, deviation))

    return fsum(item.slope * call(item.strike) for item in payoff)


def implied_equity(spec: PrivateStakeSpec, market: MarketSnapshot, post_money: float) -> float:
    """Return the equity in billions at which the class of the last round is worth its price.

    The value of a class rises with the equity, so that bisection finds the one.

    Parameters
    ----------
    spec
        With a stack and an exit.
    post_money
        Price of the round times all shares, billions.
    """
    if spec.exit is None:
        raise ValueError("a backsolve without an exit")
    own = round_class(spec)
    payoff, price = tranches(spec.stack, own.name), class_price(own, spec.stack, post_money)
    curve = market.curves[market.discount_curves[market.issuers[spec.issuer.split("#", 1)[0]].currency]]
    log_discount = base_log_discount(market, curve, spec.exit.years)
    low, high = 0.0, post_money
    while class_value(payoff, high, spec.exit, log_discount) < price:
        high *= 2.0
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if class_value(payoff, middle, spec.exit, log_discount) < price:
            low = middle
        else:
            high = middle
    return high
