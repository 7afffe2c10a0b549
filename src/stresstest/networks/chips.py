"""Vehicles that have pledged chips: what they earn, when their lenders sell, and what that brings.

A vehicle is ring-fenced: its lenders have first the customers' contracts, then the chips, and no claim on the
parent; what its owners lose is bounded by what it was worth to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.networks.contracts import backstop_years
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.model import Edge, Node
from stresstest.networks.refinancing import unpaid_of
from stresstest.networks.state import State

_MONTHS_OF_YEAR = 12.0


class Pledge(NamedTuple):
    """Chips of one generation that a vehicle has pledged.

    Attributes
    ----------
    place
        Of the vehicle.
    owned
        Number of chips.
    worth
        Money that they would fetch before the shock.
    age_years
        Of the chips.
    """

    place: int
    asset: str
    owned: float
    worth: float
    age_years: float


def pledges(surroundings: Surroundings) -> list[Pledge]:
    """Return the pledged chips of every vehicle by generation.

    Several pledges of one generation are pledges of the same chips as far as they exceed the largest.
    """
    place, found = surroundings.network.index, dict[tuple[int, str], list[Edge]]()
    for edge in surroundings.network.of_type("collateral"):
        found.setdefault((place[edge.second], edge.asset), []).append(edge)
    return [
        Pledge(
            vehicle,
            asset,
            max(edge.quantity for edge in edges),
            max(edge.amount for edge in edges),
            max(edge.age_years for edge in edges),
        )
        for (vehicle, asset), edges in found.items()
    ]


class Vehicle:
    """One vehicle with its pledges in every column."""

    def __init__(
        self, surroundings: Surroundings, state: State, settings: Mapping[str, float], own: Sequence[Pledge]
    ) -> None:
        self.surroundings, self.state, self.settings, self.own = surroundings, state, settings, own
        self.place = own[0].place
        self.node: Node = surroundings.network.nodes[self.place]
        self._orders = [
            (number, order)
            for number, order in enumerate(surroundings.orders)
            if order.supplier == self.place
        ]

    def cover(self) -> FloatArray:
        """Return cash of a year over debt service, infinite without any.

        Contracts that stand pay in full; chips that a customer gives back are let again at the market, as is
        what no contract holds; a backstop fills the gap up to its money of a year.
        """
        cash = self._revenue(self._lost(), self._price())
        return self._over_service(cash)

    def cover_today(self) -> float:
        """Return the cover without any shock."""
        nothing = np.zeros(1)
        return float(self._over_service(self._revenue(nothing, np.ones(1)))[0])

    def _over_service(self, revenue: FloatArray) -> FloatArray:
        service = self.node.debt_service
        cash = revenue * self.settings["cash_margin"]
        return cash / service if service > 0.0 else np.full(len(cash), np.inf)

    def _revenue(self, lost: FloatArray, price: FloatArray) -> FloatArray:
        contracted = sum(order.per_year for _, order in self._orders)
        open_ = max(self.node.revenue - contracted, 0.0)
        missing = (open_ + lost) * (1.0 - price)
        return (
            contracted
            + open_
            - missing
            + np.minimum(missing, backstop_of_year(self.surroundings, self.place))
        )

    def _lost(self) -> FloatArray:
        """Return `(n_columns,)` money of a year of contracts that end with their customer or the operator."""
        ended = np.zeros(len(self.state.paid))
        if self.node.parent:
            parent = self.surroundings.network.index[self.node.parent]
            ended = self.settings["operator_failure"] * self.state.failed[:, parent]
        lost = np.zeros(len(self.state.paid))
        for number, order in self._orders:
            lost += order.per_year * np.maximum(self.state.order_cuts[:, number], ended)
        return lost

    def _price(self) -> FloatArray:
        """Return the lowest rental price of the vehicle's generations, over its base."""
        return np.asarray(np.min(np.stack([self.state.prices[one.asset] for one in self.own]), axis=0))

    def part_sold(self, cover: FloatArray) -> FloatArray:
        """Return the part of the chips that lenders sell, in [0, 1]: the most that one of four triggers asks.

        Cover below the covenant (or below that of today, if less); contracts in default; debt due within the
        horizon that the chips no longer carry; and, where a document states one, a loan-to-value limit, which
        is restored by repaying out of sales.
        """
        covenant = min(self.settings["covenant"], self.cover_today())
        short = np.clip(1.0 - cover / covenant, 0.0, 1.0) if covenant > 0.0 else np.zeros(len(cover))
        owed = self.node.debt or 1.0
        parts = [
            short * self.settings["sale_speed"],
            self._contract_defaults() * self.settings["contract_sale"],
            self._wall() / owed,
            self._called(),
        ]
        return np.asarray(np.minimum(np.max(np.stack(parts), axis=0), 1.0))

    def _contract_defaults(self) -> FloatArray:
        """Return the part of contracted revenue whose customers do not pay."""
        contracted = sum(order.per_year for _, order in self._orders)
        return np.asarray(self._lost() / (contracted or 1.0))

    def worth(self) -> FloatArray:
        """Return `(n_columns,)` money that the chips would fetch singly, at the state's rental prices."""
        total = np.zeros(len(self.state.paid))
        for pledge in self.own:
            total += pledge.worth * self.state.prices[pledge.asset]
        return total

    def _wall(self) -> FloatArray:
        whole = sum(pledge.worth for pledge in self.own)
        advance = max(self.settings["chip_advance"], self.node.debt / whole if whole > 0.0 else 0.0)
        over = self.node.debt - advance * self.worth()
        return unpaid_of(self.surroundings, self.node, over)[0]

    def _called(self) -> FloatArray:
        """Return the part of the chips sold to come back to the tightest stated loan-to-value limit."""
        firm = self.surroundings.network.nodes[self.place].id
        limits = [
            edge.trigger
            for edge in self.surroundings.network.of_type("term_loan", "vendor_loan")
            if edge.second == firm and not isnan(edge.trigger)
        ]
        if not limits:
            return np.zeros(len(self.state.paid))
        worth = self.worth()
        value = self.node.debt / np.where(worth > 0.0, worth, 1.0)
        return np.where(worth > 0.0, np.clip(1.0 - min(limits) / value, 0.0, 1.0), 1.0)

    def fetched(self, discounts: Mapping[str, FloatArray]) -> FloatArray:
        """Return `(n_columns,)` money that the chips bring all lenders in a sale over months.

        Chips that several lenders hold a pledge on bring it once; the lenders share it.

        Parameters
        ----------
        discounts
            By generation what sellers give up of the price.
        """
        total = np.zeros(len(self.state.paid))
        for pledge in self.own:
            price = self.state.prices[pledge.asset] * (1.0 - discounts[pledge.asset])
            total += pledge.worth * price * self._aged(pledge)
        return total

    def _aged(self, pledge: Pledge) -> float:
        """Return the part of their worth that chips keep while they are for sale, by straight line."""
        left = self.settings["life_years"] - pledge.age_years
        wait = 0.5 * self.settings["sale_months"] / _MONTHS_OF_YEAR
        return max(1.0 - wait / left, 0.0) if left > 0.0 else 0.0

    def paid(self, part: FloatArray, fetched: FloatArray) -> FloatArray:
        """Return what lenders get on one unit: in full of what is not sold, of the rest what it fetches."""
        owed = self.node.debt
        from_chips = fetched / owed if owed > 0.0 else np.ones(len(part))
        return np.where(part > 0.0, np.minimum(1.0 - part + part * from_chips, 1.0), 1.0)

    def owners_loss(self, cover: FloatArray, part: FloatArray, fetched: FloatArray) -> FloatArray:
        """Return what the vehicle loses for its owners; at most what it is worth beyond its debt."""
        external, today = float(self.surroundings.balance.external[self.place]), self.cover_today()
        kept = np.minimum(cover / today, 1.0) if 0.0 < today < np.inf else np.ones(len(cover))
        worth = external * kept * (1.0 - part) + np.minimum(fetched, external) * part
        return np.clip(external - worth, 0.0, max(external - self.node.debt, 0.0))


def backstop_of_year(surroundings: Surroundings, place: int) -> float:
    """Return the money of a year for which others buy what a firm cannot let."""
    firm = surroundings.network.nodes[place].id
    return sum(
        edge.amount / backstop_years(edge, surroundings)
        for edge in surroundings.network.of_type("capacity_backstop")
        if edge.second == firm
    )
