"""Worth of shares and debts in a state: by hand, and stakes against the solution of their equations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.networks.random_networks import edge, firm, network, random_network, start, surroundings

from stresstest.networks.valuation import business, claims_worth, marked_equity, stakes_worth, values_of


def ring() -> object:
    return surroundings(
        network(
            [firm("A", equity=100.0, debt=50.0), firm("B", equity=40.0, debt=20.0)],
            [
                edge("A", "B", "equity_stake", share=0.5),
                edge("B", "A", "equity_stake", share=0.1),
                edge("A", "B", "term_loan", amount=10.0),
            ],
        )
    )


def test_before_stakes_are_marked_they_keep_their_value() -> None:
    sur = ring()
    state = start(sur, 2)
    state.losses["direct"][1] = [5.0, 25.0]
    # B falls to 15; A has lost 5 of its own, and its stake still counts as 20.
    np.testing.assert_allclose(values_of(sur.balance, state).equity[1], [95.0, 15.0], rtol=1e-14)


def test_marked_stakes_are_worth_what_the_firms_are_worth_together() -> None:
    """s_A = 120 + ½·s_B − 50 …: with losses (5, 25) the falls are 17.5 / 0.95 and 25.5 / 0.95."""
    sur = ring()
    state = replace(start(sur, 2), stakes_marked=True)
    state.losses["direct"][1] = [5.0, 25.0]
    expected = [[100.0, 40.0], [100.0 - 17.5 / 0.95, 40.0 - 25.5 / 0.95]]
    np.testing.assert_allclose(values_of(sur.balance, state).equity, expected, rtol=1e-14)


def test_a_debt_is_worth_what_is_paid_or_what_is_expected_whichever_is_less() -> None:
    sur = ring()
    state = start(sur, 3)
    state.paid[1, 1], state.expected[1, 1], state.expected[2, 1] = 0.7, 0.4, 0.9
    found = values_of(sur.balance, state)
    np.testing.assert_allclose(found.debt[:, 1], [1.0, 0.4, 0.9])
    np.testing.assert_allclose(found.equity[:, 0], [100.0, 94.0, 99.0])


def test_a_business_is_never_worth_less_than_nothing() -> None:
    sur = ring()
    state = start(sur, 2)
    state.losses["direct"][1] = 1e6
    np.testing.assert_array_equal(business(sur.balance, state)[1], 0.0)
    np.testing.assert_array_equal(values_of(sur.balance, state).equity[1], [0.0, 0.0])


@pytest.mark.parametrize("seed", range(4))
def test_sums_are_those_of_dense_matrices(seed: int) -> None:
    sur = surroundings(random_network(seed))
    claims, n = sur.balance.claims, len(sur.network.nodes)
    owed, held = np.zeros((n, n)), np.zeros((n, n))
    for owner in range(n):
        a, b = claims.claim_offsets[owner : owner + 2]
        np.add.at(owed, (owner, claims.claim_debtors[a:b]), claims.claim_shares[a:b])
        a, b = claims.stake_offsets[owner : owner + 2]
        np.add.at(held, (owner, claims.stake_firms[a:b]), claims.stake_shares[a:b])
    generator = np.random.default_rng(seed)
    debt, equity = generator.uniform(0.0, 1.0, (5, n)), generator.uniform(0.0, 9.0, (5, n))
    np.testing.assert_allclose(claims_worth(claims, debt), (debt * claims.obligations) @ owed.T, rtol=1e-13)
    np.testing.assert_allclose(stakes_worth(claims, equity), equity @ held.T, rtol=1e-13)
    # Where all firms are solvent equity is the solution of a linear system.
    assets = claims.obligations + equity
    expected = np.linalg.solve(np.eye(n) - held, equity.T).T
    np.testing.assert_allclose(marked_equity(claims, assets), expected, rtol=1e-12)
