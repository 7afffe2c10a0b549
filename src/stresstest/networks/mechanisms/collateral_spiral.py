"""Chips pledged for loans: lower rental, lower cover of debt service, chips for sale, lower rental again.

A vehicle that holds chips and customers' contracts is ring-fenced from its parent: its lenders have first the
contracts, then the chips, and no claim on the parent beyond.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.networks.mechanism import Mechanism, Setting, Surroundings, Timescale
from stresstest.networks.model import Edge, Node
from stresstest.networks.state import State

COVER, SOLD = "debt_service_cover", "chips_sold"
"""Reported: cash over debt service of a year, and the part of pledged chips that is sold."""

_NAME = "collateral_spiral"


class Pledge(NamedTuple):
    """Chips of one generation that a vehicle has pledged.

    Attributes
    ----------
    place
        Of the vehicle.
    owned, pledged
        Number of chips, and the sum of what lenders hold pledges on: more than `owned` where pledged twice.
    worth
        Money that the chips would fetch before the shock.
    """

    place: int
    asset: str
    owned: float
    pledged: float
    worth: float


def pledges(surroundings: Surroundings) -> list[Pledge]:
    """Return the pledged chips of every vehicle by generation."""
    place, found = surroundings.network.index, dict[tuple[int, str], list[Edge]]()
    for edge in surroundings.network.of_type("collateral"):
        found.setdefault((place[edge.second], edge.asset), []).append(edge)
    return [
        Pledge(
            vehicle,
            asset,
            max(edge.quantity for edge in edges),
            sum(edge.quantity for edge in edges),
            max(edge.amount for edge in edges),
        )
        for (vehicle, asset), edges in found.items()
    ]


def run(surroundings: Surroundings, state: State, settings: Mapping[str, float]) -> State:
    """Return the state with prices of chips, what lenders are paid, and what rents lose."""
    held = pledges(surroundings)
    sold: dict[str, FloatArray] = {}
    cover = np.full(state.paid.shape, np.nan)
    shares = np.zeros(state.paid.shape)
    worth = np.ones(state.paid.shape)
    for vehicle in dict.fromkeys(pledge.place for pledge in held):
        own = [pledge for pledge in held if pledge.place == vehicle]
        stress = _Vehicle(surroundings, state, settings, vehicle)
        cover[:, vehicle] = stress.cover(own)
        part = stress.part_sold(cover[:, vehicle])
        shares[:, vehicle] = part
        for pledge in own:
            sold[pledge.asset] = sold.get(pledge.asset, 0.0) + part * pledge.owned
        worth[:, vehicle] = stress.paid(own, part)
    prices = {
        asset: np.minimum(before, _direct(state, asset) * _impact(sold.get(asset), settings))
        for asset, before in state.prices.items()
    }
    return replace(
        state,
        prices=prices,
        paid=np.minimum(state.paid, worth),
        revenue_fall=np.maximum(state.revenue_fall, _rental_falls(surroundings, prices)),
        reported={
            **state.reported,
            COVER: cover,
            SOLD: shares,
            **{_before(asset): _direct(state, asset) for asset in prices},
        },
    )


def _before(asset: str) -> str:
    return f"direct_price/{asset}"


def _direct(state: State, asset: str) -> FloatArray:
    """Return the price of a generation before any sale, over its base."""
    return state.reported.get(_before(asset), state.prices[asset])


def _impact(sold: FloatArray | None, settings: Mapping[str, float]) -> FloatArray | float:
    """Return what sales leave of a price: linear in the part of the market that comes for sale."""
    if sold is None:
        return 1.0
    return np.maximum(1.0 - settings["impact"] * sold / settings["market_chips"], settings["scrap"])


def _rental_falls(surroundings: Surroundings, prices: Mapping[str, FloatArray]) -> FloatArray:
    """Return `(n_columns, n_firms)` revenue lost where hours of chips are let without a contract."""
    nodes = surroundings.network.nodes
    contracted = np.zeros(len(nodes))
    for order in surroundings.orders:
        contracted[order.supplier] += order.share
    shape = next(iter(prices.values())).shape if prices else (1,)
    falls = np.zeros((*shape, len(nodes)))
    if not prices:
        return falls
    lowest = np.min(np.stack(list(prices.values())), axis=0)
    for place, node in enumerate(nodes):
        if node.lets_chips:
            falls[:, place] = (1.0 - lowest) * max(1.0 - contracted[place], 0.0)
    return falls


class _Vehicle:
    """One vehicle in every column."""

    def __init__(
        self, surroundings: Surroundings, state: State, settings: Mapping[str, float], place: int
    ) -> None:
        self.surroundings = surroundings
        self.state = state
        self.settings = settings
        self.place = place
        self.node: Node = surroundings.network.nodes[place]

    def cover(self, own: Sequence[Pledge]) -> FloatArray:
        """Return cash of a year over debt service: contracts that still stand, the rest let at the market."""
        contracted, lost = 0.0, np.zeros(len(self.state.paid))
        for number, order in enumerate(self.surroundings.orders):
            if order.supplier == self.place:
                contracted += order.per_year
                lost += order.per_year * self.state.order_cuts[:, number]
        open_revenue = max(self.node.revenue - contracted, 0.0)
        price = np.min(np.stack([self.state.prices[pledge.asset] for pledge in own]), axis=0)
        # Chips that a failed customer gives back are let again at the market.
        cash = contracted - lost + (open_revenue + lost) * price
        cash = cash * self.settings["cash_margin"]
        service = self.node.debt_service
        return cash / service if service > 0.0 else np.full(len(cash), np.inf)

    def part_sold(self, cover: FloatArray) -> FloatArray:
        """Return the part of the chips that lenders sell: none above the covenant, all where nothing is earned."""
        covenant = self.settings["covenant"]
        missing = np.clip((covenant - cover) / covenant, 0.0, 1.0)
        return np.minimum(missing * self.settings["sale_speed"], 1.0)

    def paid(self, own: Sequence[Pledge], part: FloatArray) -> FloatArray:
        """Return what lenders get on one unit: in full where nothing is sold, else cash left and chips sold."""
        fetched = np.zeros(len(part))
        for pledge in own:
            price = self.state.prices[pledge.asset]
            # A chip that two lenders hold a pledge on pays once.
            fetched += (
                pledge.worth
                * price
                * (1.0 - self.settings["haircut"])
                * min(pledge.owned / pledge.pledged, 1.0)
            )
        owed = self.node.debt
        from_chips = fetched / owed if owed > 0.0 else np.ones(len(part))
        return np.where(part > 0.0, np.minimum(1.0 - part + part * from_chips, 1.0), 1.0)


MECHANISM = Mechanism(
    name=_NAME,
    title="pledged chips sold, at lower prices",
    timescale=Timescale.MONTHS,
    settings=(
        Setting("covenant", 1.2, 0.0, 10.0, "judgement: cash over debt service that lenders ask for"),
        Setting(
            "cash_margin",
            0.75,
            0.0,
            1.0,
            "judgement: cash left of revenue after power and space",
            percent=True,
        ),
        Setting("sale_speed", 1.5, 0.0, 10.0, "judgement: part of the chips sold over the missing cover"),
        Setting(
            "haircut",
            0.5,
            0.0,
            1.0,
            "judgement: chips sell in months at 40 to 60 per cent below",
            percent=True,
        ),
        Setting(
            "impact", 1.0, 0.0, 20.0, "judgement: fall of the price for all chips of the market for sale"
        ),
        Setting("market_chips", 4e6, 1.0, 1e12, "judgement: chips of the generation installed, in number"),
        Setting("scrap", 0.05, 0.0, 1.0, "judgement: what a chip is worth whatever comes", percent=True),
    ),
    run=run,
    reference="R. Cifuentes, G. Ferrucci and H. S. Shin, Journal of the European Economic Association 3 (2005) "
    "556, section 2; M. K. Brunnermeier and L. H. Pedersen, Review of Financial Studies 22 (2009) 2201",
)
