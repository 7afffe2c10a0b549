"""Rogers and Veraart's second example as a network: paid in full, or all in default, both consistently."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.networks.random_networks import chosen, edge, firm, network, start, surroundings

from stresstest.networks.cascade import run_cascade
from stresstest.networks.mechanisms.clearing import GAP
from stresstest.networks.run_risk import run_risks

COSTS = {"external_recovered": 0.5, "claims_recovered": 0.5}


def test_the_gap_between_the_greatest_and_the_least_solution_is_told_by_firm() -> None:
    """External assets (1, 1): everybody pays (2.1, 2.2), or (1, 1); a little less and everybody fails."""
    of = network(
        [firm("A", equity=1.1, debt=2.1), firm("B", equity=0.9, debt=2.2)],
        [edge("B", "A", "term_loan", amount=2.1), edge("A", "B", "term_loan", amount=2.2)],
    )
    sur = surroundings(of)
    np.testing.assert_allclose(sur.balance.external, 1.0)
    state = start(sur, 3)
    state.losses["direct"][2] = 0.95
    outcome = run_cascade(sur, state, chosen("clearing", **COSTS))
    first, second = run_risks(of, outcome.state, 1)
    assert (first.firm, second.firm) == ("B", "A")
    assert first.gap == pytest.approx(1.0 - 1.0 / 2.2, rel=1e-13)
    assert second.gap == pytest.approx(1.0 - 1.0 / 2.1, rel=1e-13)
    np.testing.assert_array_equal(outcome.state.paid[1], 1.0)
    # After the shock A lacks 0.05 even if B pays: there is one solution.
    assert run_risks(of, outcome.state, 2) == ()
    assert np.all(outcome.state.paid[2] < 1.0)


def test_without_a_circle_of_debts_or_without_clearing_there_is_none() -> None:
    of = network(
        [firm("A", equity=1.0, debt=2.0), firm("B", equity=1.0, debt=2.0)],
        [edge("B", "A", "term_loan", amount=2.0)],
    )
    sur = surroundings(of)
    assert run_risks(of, run_cascade(sur, start(sur, 2), chosen("clearing", **COSTS)).state, 1) == ()
    assert run_risks(of, start(sur, 2), 1) == ()


def test_a_least_solution_that_was_not_found_is_told_first() -> None:
    of = network([firm(name, equity=1.0) for name in "ABC"], [])
    state = start(surroundings(of), 2)
    gaps = np.array([[0.0, 0.0, 0.0], [0.25, 0.0, np.nan]])
    found = run_risks(of, replace(state, reported={GAP: gaps}), 1)
    assert [risk.firm for risk in found] == ["C", "A"]
    assert np.isnan(found[0].gap)
    assert found[1].gap == 0.25
