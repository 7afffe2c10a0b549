"""Who owes the payments that a plan buys, and what it is worth when one of them fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.plans.plan import named

RECOVERY = 0.4
"""Of what a failed seller owes."""

CLEARING = "the clearing house"


@dataclass(frozen=True, slots=True)
class SellerExposure:
    """One seller.

    Attributes
    ----------
    name
        Of the seller, by its id in the market where it has one; who stands behind listed options is called
        the clearing house.
    label
        Name with id, for readers.
    is_cleared
        Whether it is a clearing house: members' margin, its own capital and the default fund of all members
        stand before what it owes.
    bought
        Value today of what it owes, in the portfolio's currency; what is owed to it takes nothing off.
    pnl_if_failing
        By scenario, P&L of the hedged book if it fails there and pays the recovery only.
    """

    name: str
    is_cleared: bool
    bought: float
    pnl_if_failing: Mapping[str, float]
    label: str = ""


def seller_exposures(
    inputs: HedgeInputs, buy: FloatArray, pnl_after: Mapping[str, float]
) -> tuple[SellerExposure, ...]:
    """Return every seller of what is bought, the largest first.

    Parameters
    ----------
    buy
        `(n_candidates,)` units bought.
    pnl_after
        By scenario, P&L of the hedged book, in the portfolio's currency.
    """
    rows: dict[tuple[str, bool], list[int]] = {}
    for place, line in enumerate(inputs.candidates):
        name = line.seller or (CLEARING if line.is_option else "")
        if buy[place] > 0.0 and name:
            rows.setdefault((name, line.is_cleared), []).append(place)
    found = [_exposure(inputs, buy, pnl_after, key, places) for key, places in rows.items()]
    return tuple(sorted(found, key=lambda item: (-item.bought, item.name)))


def _exposure(
    inputs: HedgeInputs,
    buy: FloatArray,
    pnl_after: Mapping[str, float],
    key: tuple[str, bool],
    places: list[int],
) -> SellerExposure:
    lines = [inputs.n_held + place for place in places]
    units = buy[places]
    today = units * inputs.unit_value[lines]
    columns = inputs.columns(list(pnl_after))
    owed = today[:, np.newaxis] + units[:, np.newaxis] * inputs.scenarios.unit[np.ix_(lines, columns)]
    lost = (1.0 - RECOVERY) * np.maximum(owed, 0.0).sum(axis=0)
    failing = {name: value - float(lost[place]) for place, (name, value) in enumerate(pnl_after.items())}
    issuer = inputs.book.market.issuers.get(key[0])
    label = named(key[0], issuer.name if issuer is not None else "")
    return SellerExposure(*key, float(np.maximum(today, 0.0).sum()), failing, label)
