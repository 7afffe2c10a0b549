"""Debts cleared at maturity: who cannot pay in full pays all alike what is left after default costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.kernels.claims import Cleared, DefaultCosts, Means
from stresstest.kernels.clearing import clear
from stresstest.networks.failures import RECOVERED
from stresstest.networks.mechanism import Mechanism, Setting, Surroundings, Timescale
from stresstest.networks.state import State
from stresstest.networks.valuation import business, stakes_worth

GAP = "clearing_gap"
"""Reported: by how much the least solution pays less than the greatest, per unit of debt."""


def run(surroundings: Surroundings, state: State, settings: Mapping[str, float]) -> State:
    """Return the state with what is paid on every debt in the greatest solution, and the gap to the least."""
    balance = surroundings.balance
    costs = DefaultCosts(settings["external_recovered"], settings["claims_recovered"])
    external = business(balance, state)
    claims = balance.claims
    if not state.stakes_marked:
        external = external + stakes_worth(claims, np.broadcast_to(balance.equity, external.shape))
        claims = claims._replace(
            stake_offsets=np.zeros_like(claims.stake_offsets),
            stake_firms=claims.stake_firms[:0],
            stake_shares=claims.stake_shares[:0],
        )
    # What pledged chips bring is all that some debts are paid: their lenders' own solvency knows it.
    means = Means(np.ascontiguousarray(external), np.ascontiguousarray(state.paid * balance.owed))
    paid = []
    for greatest in (True, False):
        out = Cleared(*(np.empty(external.shape) for _ in range(3)))
        clear(claims, costs, means, greatest, out)
        paid.append(_per_unit(out.payments, balance.owed))
    reported = {**state.reported, GAP: paid[0] - paid[1]}
    return replace(state, paid=np.minimum(state.paid, paid[0]), reported=reported)


def _per_unit(payments: FloatArray, owed: FloatArray) -> FloatArray:
    """Return payments over what is owed; 1 where nothing is."""
    return np.where(owed > 0.0, payments / np.where(owed > 0.0, owed, 1.0), 1.0)


MECHANISM = Mechanism(
    name="clearing",
    title="debts cleared with costs of default",
    timescale=Timescale.MATURITY,
    settings=(
        RECOVERED,
        Setting(
            "claims_recovered",
            1.0,
            0.0,
            1.0,
            "judgement: claims on others are assigned at their worth",
            percent=True,
        ),
    ),
    run=run,
    reference="L. Eisenberg and T. H. Noe (2001), equation 2; L. C. G. Rogers and L. A. M. Veraart (2013), "
    "equation 2.1 with α external_recovered and β claims_recovered",
)
