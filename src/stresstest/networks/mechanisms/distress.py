"""Distress before default: what weakened firms owe is marked down, which weakens those it is owed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from stresstest.arrays import frozen
from stresstest.kernels.contagion import Exposures, Sheets, Terms, network_values
from stresstest.networks.mechanism import Mechanism, Setting, Surroundings, Timescale
from stresstest.networks.state import State
from stresstest.networks.valuation import business, stakes_worth


def run(surroundings: Surroundings, state: State, settings: Mapping[str, float]) -> State:
    """Return the state with what every debt is worth by expectation, relative to the unshocked column."""
    balance, claims = surroundings.balance, surroundings.balance.claims
    external = business(balance, state)
    external = external + stakes_worth(claims, np.broadcast_to(balance.equity, external.shape))
    amounts = claims.claim_shares * claims.obligations[claims.claim_debtors]
    exposures = Exposures(claims.claim_offsets, claims.claim_debtors, frozen(amounts))
    own = np.array([node.asset_volatility for node in surroundings.network.nodes])
    volatility = frozen(np.where(np.isnan(own), settings["asset_volatility"], own))
    worth = np.empty(external.shape)
    sheets = Sheets(np.ascontiguousarray(external), balance.owed, volatility)
    network_values(exposures, sheets, Terms(settings["years"], settings["recovered"]), worth)
    relative = np.minimum(worth / worth[0], 1.0)
    return replace(state, expected=np.minimum(state.expected, relative))


MECHANISM = Mechanism(
    name="distress",
    title="debts of weakened firms marked down",
    timescale=Timescale.MATURITY,
    settings=(
        Setting(
            "asset_volatility",
            0.35,
            0.0,
            3.0,
            "judgement: a technology firm's assets, a year, where the network states none",
            percent=True,
        ),
        Setting("years", 3.0, 0.0, 30.0, "judgement: mean maturity of the debts"),
        Setting("recovered", 0.7, 0.0, 1.0, "judgement: as in clearing", percent=True),
    ),
    run=run,
    reference="P. Barucca et al. (2020), section 5; linear and non-linear DebtRank for the same exposures: "
    "stresstest.kernels.contagion.debt_rank",
)
