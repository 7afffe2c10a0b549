"""Chips pledged for loans: lower rental, lower cover of debt service, chips for sale, lower rental again.

Every loan on a generation is marked anew at its price after the sales of all, until nothing changes. Firms
whose debt falls due meanwhile must find lenders at what they are worth then; those that do not, fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.networks.chips import Vehicle, backstop_of_year, pledges
from stresstest.networks.failures import LIQUIDATION, RECOVERED, with_failures
from stresstest.networks.mechanism import Mechanism, Setting, Surroundings, Timescale
from stresstest.networks.refinancing import maturity_wall
from stresstest.networks.state import CHIPS_SOLD, State

COVER, SOLD = "debt_service_cover", CHIPS_SOLD
"""Reported: cash over debt service of a year, and the part of pledged chips that is sold."""

_NAME = "collateral_spiral"
_IDLE = "idle_capacity"


class _Sales(NamedTuple):
    """Of every vehicle, in order: cover, part sold; and by generation the number of chips for sale."""

    covers: list[FloatArray]
    parts: list[FloatArray]
    sold: dict[str, FloatArray]


def run(surroundings: Surroundings, state: State, settings: Mapping[str, float]) -> State:
    """Return the state with prices of chips, what lenders are paid, what rents lose, who cannot refinance."""
    vehicles = _vehicles(surroundings, state, settings)
    sales = _sales(vehicles)
    state = _marked(surroundings, state, vehicles, (sales, settings))
    prices = {
        asset: np.minimum(price, _direct(state, asset) * _rental(surroundings, asset, sales.sold, settings))
        for asset, price in state.prices.items()
    }
    falls, bought = _idle(surroundings, prices, state.paid.shape)
    reported = {**state.reported, **{_before(asset): _direct(state, asset) for asset in prices}}
    state = replace(
        state,
        prices=prices,
        revenue_fall=np.maximum(state.revenue_fall, falls),
        losses=state.with_loss(_IDLE, bought),
        reported=reported,
    )
    wall = maturity_wall(surroundings, state, settings["advance"])
    ring_fenced = [vehicle.place for vehicle in vehicles]
    wall.month[:, ring_fenced] = np.nan
    failing = np.where(np.isnan(wall.month), 0.0, 1.0)
    return with_failures(surroundings, state, failing, wall.month, settings)


def _vehicles(surroundings: Surroundings, state: State, settings: Mapping[str, float]) -> list[Vehicle]:
    held = pledges(surroundings)
    return [
        Vehicle(surroundings, state, settings, [pledge for pledge in held if pledge.place == place])
        for place in dict.fromkeys(pledge.place for pledge in held)
    ]


def _sales(vehicles: list[Vehicle]) -> _Sales:
    covers = [vehicle.cover() for vehicle in vehicles]
    parts = [vehicle.part_sold(cover) for vehicle, cover in zip(vehicles, covers, strict=True)]
    sold: dict[str, FloatArray] = {}
    for vehicle, part in zip(vehicles, parts, strict=True):
        for pledge in vehicle.own:
            sold[pledge.asset] = sold.get(pledge.asset, 0.0) + part * pledge.owned
    return _Sales(covers, parts, sold)


def _marked(
    surroundings: Surroundings,
    state: State,
    vehicles: list[Vehicle],
    terms: tuple[_Sales, Mapping[str, float]],
) -> State:
    """Return the state with what lenders of every vehicle are paid and its owners lose."""
    sales, settings = terms
    discounts = {asset: _discount(surroundings, asset, sold, settings) for asset, sold in sales.sold.items()}
    cover, shares = np.full(state.paid.shape, np.nan), np.zeros(state.paid.shape)
    worth, lost = np.ones(state.paid.shape), np.zeros(state.paid.shape)
    for vehicle, at, part in zip(vehicles, sales.covers, sales.parts, strict=True):
        place, fetched = vehicle.place, vehicle.fetched(discounts)
        cover[:, place], shares[:, place] = at, part
        worth[:, place] = vehicle.paid(part, fetched)
        lost[:, place] = vehicle.owners_loss(at, part, fetched)
    return replace(
        state,
        paid=np.minimum(state.paid, worth),
        losses=state.with_loss(_NAME, lost),
        reported={**state.reported, COVER: cover, SOLD: shares},
    )


def _before(asset: str) -> str:
    return f"direct_price/{asset}"


def _direct(state: State, asset: str) -> FloatArray:
    """Return the price of a generation before any sale, over its base."""
    return state.reported.get(_before(asset), state.prices[asset])


def _installed(surroundings: Surroundings, asset: str, settings: Mapping[str, float]) -> float:
    known = {one.id: one.installed for one in surroundings.network.generations}
    return known.get(asset, settings["market_chips"])


def _rental(
    surroundings: Surroundings, asset: str, sold: Mapping[str, FloatArray], settings: Mapping[str, float]
) -> FloatArray | float:
    """Return what chips for sale leave of the rental price: linear in the part of the generation for sale."""
    if asset not in sold:
        return 1.0
    part = sold[asset] / _installed(surroundings, asset, settings)
    return np.maximum(1.0 - settings["impact"] * part, settings["scrap"])


def _discount(
    surroundings: Surroundings, asset: str, sold: FloatArray, settings: Mapping[str, float]
) -> FloatArray:
    """Return what sellers give up of the price: the haircut of a few chips, up to the deep one.

    Deep is a sale of more than changes hands over the months for which it lasts.
    """
    market = _installed(surroundings, asset, settings) * settings["turnover"] * settings["sale_months"]
    deep = max(settings["deep_haircut"] - settings["haircut"], 0.0)
    return np.asarray(settings["haircut"] + deep * np.minimum(sold / market, 1.0))


def _idle(
    surroundings: Surroundings, prices: Mapping[str, FloatArray], shape: tuple[int, ...]
) -> tuple[FloatArray, FloatArray]:
    """Return revenue lost where hours are let without a contract, and what backstops cost within the horizon.

    Both of `shape`, `(n_columns, n_firms)`. Contracts that begin within the horizon are revenue that no
    price of an hour changes. A firm that stands behind capacity pays for what is missing, up to its money of
    a year.
    """
    falls, bought = np.zeros(shape), np.zeros(shape)
    if not prices:
        return falls, bought
    lowest = np.min(np.stack(list(prices.values())), axis=0)
    for place, node in enumerate(surroundings.network.nodes):
        if node.lets_chips and node.revenue > 0.0:
            contracted = sum(order.share for order in surroundings.orders if order.supplier == place)
            missing = (1.0 - lowest) * max(1.0 - contracted, 0.0) * node.revenue
            filled = np.minimum(missing, backstop_of_year(surroundings, place))
            falls[:, place] = (missing - filled) / (node.revenue + _coming(surroundings, place))
            _share_out(surroundings, place, filled, bought)
    return falls, bought


def _coming(surroundings: Surroundings, place: int) -> float:
    """Return the money of a year of a firm's contracts that begin within the horizon."""
    last = surroundings.as_of + timedelta(days=round(surroundings.horizon_years * DAYS_PER_YEAR))
    own = (order for order in surroundings.orders if order.supplier == place and order.begins is not None)
    return sum(order.coming for order in own if order.begins is not None and order.begins <= last)


def _share_out(surroundings: Surroundings, place: int, filled: FloatArray, bought: FloatArray) -> None:
    """Add to what each firm behind a backstop pays over the horizon, in proportion to the amounts."""
    network = surroundings.network
    behind = [edge for edge in network.of_type("capacity_backstop") if network.index[edge.second] == place]
    whole = sum(edge.amount for edge in behind)
    for edge in behind:
        bought[:, network.index[edge.first]] += filled * (edge.amount / whole) * surroundings.horizon_years


MECHANISM = Mechanism(
    name=_NAME,
    title="pledged chips sold, at lower prices",
    timescale=Timescale.MONTHS,
    settings=(
        Setting("covenant", 1.2, 0.0, 10.0, "judgement: cash over debt service that lenders ask for"),
        Setting("cash_margin", 0.75, 0.0, 1.0, "judgement: cash left after power and space", percent=True),
        Setting("sale_speed", 1.5, 0.0, 10.0, "judgement: part of the chips sold over the missing cover"),
        Setting(
            "contract_sale", 0.5, 0.0, 1.0, "judgement: chips sold of contracts in default", percent=True
        ),
        Setting(
            "operator_failure",
            0.5,
            0.0,
            1.0,
            "judgement: contracts that end if the operator fails",
            percent=True,
        ),
        Setting("chip_advance", 0.8, 0.0, 1.0, "judgement: 75 to 85 per cent of cost was lent", percent=True),
        Setting("advance", 0.5, 0.0, 1.0, "judgement: lenders lend half of a firm's worth", percent=True),
        Setting("haircut", 0.4, 0.0, 1.0, "judgement: chips sell at 40 to 60 per cent below", percent=True),
        Setting("deep_haircut", 0.6, 0.0, 1.0, "judgement: the same, of a sale too large", percent=True),
        Setting("sale_months", 6.0, 0.1, 60.0, "judgement: months for which chips are for sale"),
        Setting("turnover", 0.01, 1e-6, 1.0, "judgement: chips that change hands in a month", percent=True),
        Setting("impact", 1.0, 0.0, 20.0, "judgement: fall of rents for all chips of a generation for sale"),
        Setting("market_chips", 4e6, 1.0, 1e12, "judgement: chips of a generation that none is listed of"),
        Setting("life_years", 6.0, 0.5, 30.0, "documented: life over which chips are written off"),
        Setting("scrap", 0.05, 0.0, 1.0, "judgement: what a chip is worth whatever comes", percent=True),
        LIQUIDATION,
        RECOVERED,
    ),
    run=run,
    reference="R. Cifuentes, G. Ferrucci and H. S. Shin, Journal of the European Economic Association 3 "
    "(2005) 556, section 2; M. Brunnermeier and L. H. Pedersen, Review of Financial Studies 22 (2009) 2201",
)
