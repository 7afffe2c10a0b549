"""Assets that several creditors hold a pledge on."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import NamedTuple

from stresstest.networks.model import CLAIM_TYPES, Edge, Network

PLEDGE_TYPES = ("collateral", "margin_loan")
"""Edges by which a creditor holds a pledge: on chips, or on securities where the loan names them."""


class PledgedAsset(NamedTuple):
    """One asset of one firm, and who holds a pledge on it.

    Attributes
    ----------
    owner, asset, age_years
        What is pledged: chips of one generation and age, or securities.
    creditors
        Who holds a pledge, one entry a pledge, in the order of the file.
    owned, pledged
        Number of pieces: the largest that one pledge names, and the sum of all; NaN where none states it.
    worth
        Money that it would fetch, once; NaN where none states it.
    owed
        What these creditors have lent to the owner.
    """

    owner: str
    asset: str
    age_years: float
    creditors: tuple[str, ...]
    owned: float
    pledged: float
    worth: float
    owed: float

    @property
    def twice(self) -> bool:
        """Tell whether more than one pledge lies on it."""
        return len(self.creditors) > 1

    @property
    def times(self) -> float:
        """Return how often it is pledged: pieces pledged over owned, or pledges where none are stated."""
        return self.pledged / self.owned if self.owned > 0.0 else float(len(self.creditors))


def pledged_assets(network: Network) -> tuple[PledgedAsset, ...]:
    """Return every pledged asset, those pledged most often first.

    Pledges on chips of one owner, generation and age lie on the same chips: as many as the largest of them
    names. Chips of another age are other chips.
    """
    found: dict[tuple[str, str, float], list[Edge]] = {}
    for edge in network.of_type(*PLEDGE_TYPES):
        if edge.asset:
            found.setdefault((edge.second, edge.asset, edge.age_years), []).append(edge)
    assets = [_asset(key, edges, network) for key, edges in found.items()]
    return tuple(sorted(assets, key=lambda asset: (-asset.times, asset.owner, asset.asset, asset.age_years)))


def _asset(key: tuple[str, str, float], edges: Sequence[Edge], network: Network) -> PledgedAsset:
    owner, asset, age = key
    quantities = [edge.quantity for edge in edges if not isnan(edge.quantity)]
    worths = [edge.amount for edge in edges if edge.edge_type == "collateral" and not isnan(edge.amount)]
    creditors = tuple(edge.first for edge in edges)
    owed = sum(
        loan.outstanding
        for loan in network.of_type(*CLAIM_TYPES)
        if loan.second == owner and loan.first in creditors
    )
    nan = float("nan")
    return PledgedAsset(
        owner,
        asset,
        age,
        creditors,
        max(quantities, default=nan),
        sum(quantities) if quantities else nan,
        max(worths, default=nan),
        owed,
    )
