"""Balance sheets of a network at market values, such that before any shock every firm is worth its price.

What a firm owns outside the network is what remains: its value (equity and debt) less its claims and stakes
in the network. So the unshocked valuation gives back the stated equity, and every debt is paid in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import isnan
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int
from stresstest.errors import Problem, ProblemList
from stresstest.io.money import money_text
from stresstest.kernels.claims import Claims
from stresstest.networks.model import CLAIM_TYPES, Edge, Network

_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """Firms' balance sheets; every array `(n_firms,)`, money.

    Attributes
    ----------
    external
        Value of what a firm owns outside the network: its business and its cash.
    equity, owed
        Market value of its shares; face of everything that it owes.
    salvage, chips
        What creditors have of the business whatever it is worth as a going concern: the stated salvage, at
        most what is owed; and the part of that which goes with the price of chips, 1 or 0.
    claims
        Claims and stakes within the network.
    """

    external: FloatArray
    equity: FloatArray
    owed: FloatArray
    salvage: FloatArray
    chips: FloatArray
    claims: Claims


class _Holding(NamedTuple):
    """What one firm owns of another, by their places: money that it is owed, or part of the equity."""

    owner: int
    firm: int
    size: float


def balance_of(network: Network, problems: ProblemList) -> Balance | None:
    """Return the balance sheets, or None after adding what keeps a firm from having one.

    ST503: a firm owes less in all than it owes within the network, or its claims and stakes there are worth
    more than the firm; stakes in one firm add up to all of it or more, or it has no value to hold a part of.
    """
    n_before = len(problems)
    equity = np.array([node.equity for node in network.nodes])
    owed = np.array([node.debt for node in network.nodes])
    loans, stakes = _loans(network), _stakes(network)
    problems.extend(_debt_problems(network, loans))
    problems.extend(_stake_problems(network, stakes))
    if len(problems) > n_before:
        return None
    external = equity + owed
    for loan in loans:
        external[loan.owner] -= loan.size
    for stake in stakes:
        external[stake.owner] -= stake.size * equity[stake.firm]
    problems.extend(_worth_problems(network, external))
    if len(problems) > n_before:
        return None
    shares = [loan._replace(size=loan.size / owed[loan.firm]) for loan in loans]
    claims = Claims(frozen(owed), *_rows(shares, len(equity)), *_rows(stakes, len(equity)))
    external = np.maximum(external, 0.0)
    stated = np.array([0.0 if isnan(node.salvage) else node.salvage for node in network.nodes])
    salvage = frozen(np.minimum(np.minimum(stated, owed), external))
    chips = frozen([float(node.lets_chips) for node in network.nodes])
    return Balance(frozen(external), frozen(equity), frozen(owed), salvage, chips, claims)


def stake_share(edge: Edge, equity: float) -> float:
    """Return the part of a firm's equity that a stake is: as stated, or its amount over the equity.

    Infinite where the firm has no equity.
    """
    if edge.share == edge.share:
        return edge.share
    return edge.amount / equity if equity > 0.0 else float("inf")


def _loans(network: Network) -> list[_Holding]:
    place = network.index
    edges = (edge for edge in network.of_type(*CLAIM_TYPES) if edge.outstanding > 0.0)
    return [_Holding(place[edge.first], place[edge.second], edge.outstanding) for edge in edges]


def _stakes(network: Network) -> list[_Holding]:
    place = network.index
    return [
        _Holding(
            place[edge.first],
            place[edge.second],
            stake_share(edge, network.nodes[place[edge.second]].equity),
        )
        for edge in network.of_type("equity_stake")
    ]


def _debt_problems(network: Network, loans: Sequence[_Holding]) -> Iterator[Problem]:
    inside = [0.0] * len(network.nodes)
    for loan in loans:
        inside[loan.firm] += loan.size
    for node, within in zip(network.nodes, inside, strict=True):
        if within > node.debt * (1.0 + _ROUNDING):
            within_text, in_all = money_text(within), money_text(node.debt)
            got = f"{node.id} owes {within_text} to firms of the network and {in_all} in all"
            yield Problem("ST503", got, "a debt of at least what edges say", node.location)


def _stake_problems(network: Network, stakes: Sequence[_Holding]) -> Iterator[Problem]:
    held = [0.0] * len(network.nodes)
    for stake in stakes:
        held[stake.firm] += stake.size
    for node, total in zip(network.nodes, held, strict=True):
        if total == float("inf"):
            got = f"{node.id}, which has no equity, as what a stake of an amount is held in"
            yield Problem("ST503", got, "its equity, or the stake's share", node.location)
        elif not total < 1.0:
            got = f"stakes in {node.id} that add up to {100.0 * total:.6g}%"
            yield Problem("ST503", got, "less than 100% of its equity", node.location)


def _worth_problems(network: Network, external: FloatArray) -> Iterator[Problem]:
    for node, left in zip(network.nodes, external.tolist(), strict=True):
        # What is left of numbers that cancel is rounding.
        if left < -_ROUNDING * (node.equity + node.debt):
            excess = money_text(-left)
            got = f"{node.id}, whose claims and stakes are worth {excess} more than the firm itself"
            yield Problem("ST503", got, "equity and debt of at least that", node.location)


def _rows(entries: Sequence[_Holding], n_firms: int) -> tuple[IntArray, IntArray, FloatArray]:
    """Return offsets, columns and values by owner, then by firm; what one owner has of one firm is added."""
    summed: dict[tuple[int, int], float] = {}
    for owner, firm, size in entries:
        summed[owner, firm] = summed.get((owner, firm), 0.0) + size
    ordered = sorted(summed.items())
    counts = [0] * n_firms
    for (owner, _), _ in ordered:
        counts[owner] += 1
    return (
        frozen_int([0, *accumulate(counts)]),
        frozen_int([firm for (_, firm), _ in ordered]),
        frozen([size for _, size in ordered]),
    )
