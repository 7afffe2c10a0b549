"""Executory contracts of failed firms: what those lose who counted on them; never a contract's face.

A contract to buy that is not begun is rejected: the supplier loses the margin that it would have earned,
keeps a claim for damages, capped and unsecured, and is left with what it built or rented for it. A landlord
loses rent until the space is let again. Where a firm has promised to buy capacity that nobody else takes, it
does, up to the amount.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray
from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.networks.mechanism import Setting, Surroundings
from stresstest.networks.model import Edge
from stresstest.networks.orders import LOOSE
from stresstest.networks.state import DIRECT, State

MARGIN, STRANDED, RENT, BACKSTOP, BACKLOG = (
    "lost_contracts",
    "stranded_assets",
    "lost_rents",
    "backstops",
    "lost_backlog",
)
"""Causes of losses: margin on contracts, capex and leases made for them, rents, capacity bought for others,
and the part of the price that rested on backlog."""

_LEASE_YEARS = 15.0
_CAP_SHARE, _CAP_YEARS = 0.15, 3.0

SETTINGS = (
    Setting("margin", 0.25, 0.0, 1.0, "judgement: margin on contracts for capacity", percent=True),
    Setting("present_value", 0.6, 0.0, 1.0, "computed: 2027 to 2031 at 9 per cent, after tax", percent=True),
    Setting("damages", 0.05, 0.0, 1.0, "judgement: capped damages over the lost margin", percent=True),
    Setting("stranded", 0.01, 0.0, 1.0, "judgement: capex of no other use, over face", percent=True),
    Setting("let_again", 0.5, 0.0, 1.0, "judgement: part of lost space that others rent", percent=True),
    Setting("claim_recovered", 0.3, 0.0, 1.0, "judgement: paid on a landlord's capped claim", percent=True),
    Setting("backstop_use", 0.5, 0.0, 1.0, "judgement: part of capacity taken over that is of use",
            percent=True),
    Setting("backlog_multiple", 0.25, 0.0, 1.0, "computed: part of the price due to backlog; of the 36 per "
            "cent by which Oracle rose on 2025-09-10, on 317bn of new backlog, 19 were left on 2025-10-03: a "
            "sixth of its price, so a quarter on all 455bn", percent=True),
)  # fmt: skip
"""Settings of the mechanism that uses this."""


def contract_losses(
    surroundings: Surroundings, state: State, settings: Mapping[str, float]
) -> Mapping[str, FloatArray]:
    """Return `(n_columns, n_firms)` losses of those who counted on failed firms, by cause; none left out.

    Those who count on a firm that is doubted lose the part of that which its doubt is. Of what a direct shock
    has taken from a business its contracts' part is gone with it, and cannot be lost again.
    """
    doubt = np.maximum(state.failed, state.doubt)
    rows = np.flatnonzero(np.any(doubt > 0.0, axis=1))
    found = _losses(surroundings, doubt[rows], settings).scaled(_left(surroundings, state, rows))
    kept = _kept(surroundings, state, rows, found)
    losses = {cause: _everywhere(loss, rows, len(state.failed)) for cause, loss in found.losses.items()}
    backlog = kept * _lost_backlog(surroundings, found.face) * settings["backlog_multiple"]
    return {**losses, BACKLOG: _everywhere(backlog, rows, len(state.failed))}


class _Found(NamedTuple):
    """Losses by cause, and the face of what nobody makes good, in columns in which somebody has failed."""

    losses: Mapping[str, FloatArray]
    face: FloatArray

    def scaled(self, part: FloatArray) -> _Found:
        """Return the same with a part of each loss."""
        return self._replace(losses={cause: loss * part for cause, loss in self.losses.items()})


def _left(surroundings: Surroundings, state: State, rows: IntArray) -> FloatArray:
    """Return the part of each business that the direct shock has left."""
    external = surroundings.balance.external
    direct = state.losses.get(DIRECT, np.zeros(state.paid.shape))[rows]
    return np.clip(1.0 - direct / np.where(external > 0.0, external, 1.0), 0.0, 1.0)


def _losses(surroundings: Surroundings, failed: FloatArray, settings: Mapping[str, float]) -> _Found:
    face, (rent, claim) = _face(surroundings, failed), _rents(surroundings, failed, settings)
    covered, called = _backstops(surroundings, face + rent)
    face, present = face * (1.0 - covered), settings["present_value"]
    stranded = _stranded_leases(surroundings, face) * (1.0 - settings["let_again"]) * present
    gone = rent * (1.0 - covered) * (1.0 - settings["let_again"]) * present
    losses = {
        MARGIN: face * settings["margin"] * present * (1.0 - settings["damages"]),
        STRANDED: face * settings["stranded"] + stranded,
        RENT: np.maximum(gone - claim, 0.0),
        BACKSTOP: called * (1.0 - settings["backstop_use"]) * present,
    }
    return _Found(losses, face)


def _everywhere(loss: FloatArray, rows: IntArray, n_columns: int) -> FloatArray:
    whole = np.zeros((n_columns, loss.shape[1]))
    whole[rows] = loss
    return whole


def _kept(surroundings: Surroundings, state: State, rows: IntArray, found: _Found) -> FloatArray:
    """Return what is left of firms after these losses and those of all other causes."""
    kept = surroundings.balance.external - sum(found.losses.values())
    for cause, loss in state.losses.items():
        if cause not in found.losses and cause != BACKLOG:
            kept = kept - loss[rows]
    return np.maximum(kept, 0.0)


def _face(surroundings: Surroundings, failed: FloatArray) -> FloatArray:
    """Return the face of contracts of failed customers, by supplier; what was never firm is no asset."""
    face = np.zeros(failed.shape)
    for order in surroundings.orders:
        if order.rank < LOOSE:
            face[:, order.supplier] += order.to_come * failed[:, order.customer]
    return face


def _rents(
    surroundings: Surroundings, failed: FloatArray, settings: Mapping[str, float]
) -> tuple[FloatArray, FloatArray]:
    """Return rents that landlords lose to failed tenants, and what they get on their claims.

    The claim is capped: rent of a year, or 15 per cent of what remains, of at most three years (11 U.S.C.
    section 502(b)(6)).
    """
    rent, claim = np.zeros(failed.shape), np.zeros(failed.shape)
    place = surroundings.network.index
    for edge in surroundings.network.of_type("lease"):
        tenant, landlord = place[edge.first], place[edge.second]
        left, year = _rent(edge)
        capped = min(left, max(year, min(_CAP_SHARE * left, _CAP_YEARS * year)))
        rent[:, landlord] += left * failed[:, tenant]
        claim[:, landlord] += capped * failed[:, tenant] * settings["claim_recovered"]
    return rent, claim


def _rent(edge: Edge) -> tuple[float, float]:
    """Return all rent to come of a lease, and that of a year."""
    if isnan(edge.amount):
        return edge.per_year * _LEASE_YEARS, edge.per_year
    return edge.amount, edge.amount / _LEASE_YEARS if isnan(edge.per_year) else edge.per_year


def _backstops(surroundings: Surroundings, lost: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the part of lost revenue that others make good, by supplier, and what each of those pays."""
    place = surroundings.network.index
    open_, called = lost.copy(), np.zeros(lost.shape)
    for edge in surroundings.network.of_type("capacity_backstop"):
        paid = np.minimum(after_horizon(edge, surroundings), open_[:, place[edge.second]])
        called[:, place[edge.first]] += paid
        open_[:, place[edge.second]] -= paid
    return np.where(lost > 0.0, 1.0 - open_ / np.where(lost > 0.0, lost, 1.0), 0.0), called


def backstop_years(edge: Edge, surroundings: Surroundings) -> float:
    """Return for how many years a backstop stands, at least one; `_LEASE_YEARS` where it has no end."""
    return (
        _LEASE_YEARS if edge.end is None else max((edge.end - surroundings.as_of).days / DAYS_PER_YEAR, 1.0)
    )


def after_horizon(edge: Edge, surroundings: Surroundings) -> float:
    """Return the money of a backstop beyond the horizon; that within stands behind capacity let today."""
    years = backstop_years(edge, surroundings)
    return edge.amount * max(1.0 - surroundings.horizon_years / years, 0.0)


def _stranded_leases(surroundings: Surroundings, face: FloatArray) -> FloatArray:
    """Return what tenants owe for space that the lost part of their contracts was to fill."""
    network, stranded = surroundings.network, np.zeros(face.shape)
    for edge in network.of_type("lease"):
        tenant = network.index[edge.first]
        stranded[:, tenant] += _rent(edge)[0] * _part_of_backlog(surroundings, face, tenant)
    return stranded


def _part_of_backlog(surroundings: Surroundings, face: FloatArray, firm: int) -> FloatArray:
    """Return `(n_columns,)` the part of all that a firm is to deliver that is lost."""
    backlog = surroundings.network.nodes[firm].backlog
    whole = backlog or sum(order.to_come for order in surroundings.orders if order.supplier == firm)
    return np.minimum(face[:, firm] / whole, 1.0) if whole > 0.0 else np.zeros(len(face))


def _lost_backlog(surroundings: Surroundings, face: FloatArray) -> FloatArray:
    """Return the part of their stated backlog that firms have lost."""
    part = np.zeros(face.shape)
    for place, node in enumerate(surroundings.network.nodes):
        if node.backlog > 0.0:
            part[:, place] = _part_of_backlog(surroundings, face, place)
    return part
