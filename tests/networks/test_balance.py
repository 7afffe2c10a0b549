"""Balance sheets: everybody is worth its price before a shock, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from tests.networks.random_networks import balance, edge, firm, network, random_network, start, surroundings

from stresstest.errors import ProblemList
from stresstest.networks.balance import balance_of, stake_share
from stresstest.networks.model import Network
from stresstest.networks.valuation import values_of


@pytest.mark.parametrize("seed", range(5))
def test_every_firm_is_worth_its_price_and_every_debt_its_face(seed: int) -> None:
    of = random_network(seed)
    sur = surroundings(of)
    worth = values_of(sur.balance, start(sur, 2))
    expected = [node.equity for node in of.nodes]
    np.testing.assert_allclose(worth.equity, [expected, expected], rtol=1e-13)
    np.testing.assert_array_equal(worth.debt, 1.0)


def test_claims_and_stakes_of_one_firm_on_another_are_added_by_owner() -> None:
    of = network(
        [firm("B", equity=50.0, debt=40.0), firm("A", equity=100.0, debt=10.0)],
        [
            edge("A", "B", "term_loan", amount=10.0),
            edge("A", "B", "vendor_loan", amount=20.0, drawn=6.0),
            edge("A", "B", "equity_stake", share=0.1),
            edge("B", "A", "equity_stake", amount=5.0),
        ],
    )
    found = balance(of)
    np.testing.assert_allclose(found.external, [50.0 + 40.0 - 5.0, 110.0 - 16.0 - 5.0])
    claims = found.claims
    assert claims.claim_offsets.tolist() == [0, 0, 1]
    assert claims.claim_debtors.tolist() == [0]
    np.testing.assert_allclose(claims.claim_shares, [0.4])
    assert claims.stake_offsets.tolist() == [0, 1, 2]
    assert claims.stake_firms.tolist() == [1, 0]
    np.testing.assert_allclose(claims.stake_shares, [0.05, 0.1])
    assert not any(array.flags.writeable for array in (*claims, found.external, found.equity, found.owed))


def test_a_stake_is_its_share_or_its_amount_over_the_equity() -> None:
    stake = edge("A", "B", "equity_stake", amount=30.0)
    assert stake_share(stake, 120.0) == 0.25
    assert stake_share(edge("A", "B", "equity_stake", amount=30.0, share=0.2), 120.0) == 0.2
    assert stake_share(stake, 0.0) == float("inf")


@pytest.mark.parametrize(
    ("of", "got"),
    [
        (
            network([firm("A", equity=9.0), firm("B", debt=4.0)], [edge("A", "B", "term_loan", amount=5.0)]),
            "B owes 5 to firms of the network and 4 in all",
        ),
        (
            network(
                [firm(name, equity=90.0) for name in "ABC"],
                [edge(owner, "B", "equity_stake", share=0.5) for owner in "AC"],
            ),
            "stakes in B that add up to 100%",
        ),
        (
            network([firm("A", equity=9.0), firm("B")], [edge("A", "B", "equity_stake", amount=1.0)]),
            "B, which has no equity, as what a stake of an amount is held in",
        ),
        (
            network(
                [firm("A", equity=9.0), firm("B", equity=40.0)], [edge("A", "B", "equity_stake", share=0.3)]
            ),
            "A, whose claims and stakes are worth 3 more than the firm itself",
        ),
    ],
)
def test_what_has_no_balance_sheet_says_why(of: Network, got: str) -> None:
    problems = ProblemList()
    assert balance_of(of, problems) is None
    assert [(problem.code, problem.got) for problem in problems] == [("ST503", got)]


def test_all_problems_are_told_at_once() -> None:
    of = network(
        [firm(name, equity=9.0, debt=4.0) for name in "ABC"],
        [edge("A", "B", "term_loan", amount=5.0), edge("B", "C", "term_loan", amount=6.0)],
    )
    problems = ProblemList()
    assert balance_of(of, problems) is None
    assert len(problems) == 2


def test_what_rounding_leaves_below_nothing_is_nothing() -> None:
    """0.1 + 0.2 is more than 0.3: a firm that owns nothing but its claims has no business."""
    of = network(
        [firm("A", equity=0.3), firm("B", equity=1.0, debt=1.0)],
        [edge("A", "B", "term_loan", amount=0.1), edge("A", "B", "term_loan", amount=0.2)],
    )
    assert balance(of).external[0] == 0.0
