"""Balance sheets of a network at market values, such that before any shock every firm is worth its price.

What a firm owns outside the network is what remains: its value (equity and debt) less its claims and stakes in
the network, as in O. de Bandt and others; so the unshocked valuation gives back the stated equity and every
debt is paid in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from stresstest.arrays import FloatArray, frozen, frozen_int
from stresstest.errors import Problem, ProblemList
from stresstest.kernels.claims import Claims
from stresstest.networks.model import CLAIM_TYPES, Edge, Network


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """Firms' balance sheets; every array `(n_firms,)`, money.

    Attributes
    ----------
    external
        Value of what a firm owns outside the network: its business and its cash.
    equity, owed
        Market value of its shares; face of everything that it owes.
    claims
        Claims and stakes within the network.
    """

    external: FloatArray
    equity: FloatArray
    owed: FloatArray
    claims: Claims


def balance_of(network: Network, problems: ProblemList) -> Balance | None:
    """Return the balance sheets, or None after adding what keeps a firm from having one.

    ST503: a firm owes less in all than it owes within the network, or its claims and stakes there are worth
    more than the firm; stakes in one firm add up to all of it or more.
    """
    n_before = len(problems)
    place = network.index
    equity = np.array([node.equity for node in network.nodes])
    owed = np.array([node.debt for node in network.nodes])
    loans = [(place[edge.first], place[edge.second], edge.outstanding) for edge in _loans(network)]
    stakes = [
        (place[edge.first], place[edge.second], stake_share(edge, equity[place[edge.second]]))
        for edge in network.of_type("equity_stake")
    ]
    problems.extend(_debt_problems(network, owed, loans))
    problems.extend(_stake_problems(network, stakes))
    if len(problems) > n_before:
        return None
    external = equity + owed
    for owner, _, amount in loans:
        external[owner] -= amount
    for owner, firm, share in stakes:
        external[owner] -= share * equity[firm]
    for node, left in zip(network.nodes, external.tolist(), strict=True):
        if left < 0.0:
            got = f"{node.id}, whose claims and stakes are worth {-left:.6g} more than the firm itself"
            problems.add(Problem("ST503", got, "equity and debt of at least that", node.location))
    if len(problems) > n_before:
        return None
    shares = [(owner, debtor, amount / owed[debtor]) for owner, debtor, amount in loans if amount > 0.0]
    claims = Claims(frozen(owed), *_rows(shares, len(equity)), *_rows(stakes, len(equity)))
    return Balance(frozen(external), frozen(equity), frozen(owed), claims)


def stake_share(edge: Edge, equity: float) -> float:
    """Return the part of a firm's equity that a stake is: as stated, or its amount over the equity."""
    return edge.share if edge.share == edge.share else edge.amount / equity


def _loans(network: Network) -> Iterable[Edge]:
    return (edge for edge in network.of_type(*CLAIM_TYPES) if edge.outstanding > 0.0)


def _debt_problems(
    network: Network, owed: FloatArray, loans: Sequence[tuple[int, int, float]]
) -> Iterable[Problem]:
    inside = [0.0] * len(owed)
    for _, debtor, amount in loans:
        inside[debtor] += amount
    for node, within, whole in zip(network.nodes, inside, owed.tolist(), strict=True):
        if within > whole * (1.0 + 1e-12):
            got = f"{node.id} owes {within:.6g} to firms of the network and {whole:.6g} in all"
            yield Problem("ST503", got, "a debt of at least what edges say", node.location)


def _stake_problems(network: Network, stakes: Sequence[tuple[int, int, float]]) -> Iterable[Problem]:
    held = [0.0] * len(network.nodes)
    for _, firm, share in stakes:
        held[firm] += share
    for node, total in zip(network.nodes, held, strict=True):
        if not total < 1.0:
            got = f"stakes in {node.id} that add up to {100.0 * total:.6g}%"
            yield Problem("ST503", got, "less than 100% of its equity", node.location)


def _rows(
    entries: Sequence[tuple[int, int, float]], n_firms: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return offsets, columns and values of (row, column, value) in the order of rows, entries of one added."""
    summed: dict[tuple[int, int], float] = {}
    for row, column, value in entries:
        summed[row, column] = summed.get((row, column), 0.0) + value
    ordered = sorted(summed.items())
    counts = [0] * n_firms
    for (row, _), _ in ordered:
        counts[row] += 1
    return (
        frozen_int([0, *accumulate(counts)]),
        frozen_int([column for (_, column), _ in ordered]),
        frozen([value for _, value in ordered]),
    )
