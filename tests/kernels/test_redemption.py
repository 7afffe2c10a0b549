"""An early end pays its price in the step in which it happens; a default takes only what is open."""

from __future__ import annotations

import numpy as np

from stresstest.kernels.default import Claim
from stresstest.kernels.redemption import EarlyEnd, Settled, default_what_is_open, end_early


def test_it_pays_once_and_leaves_nothing() -> None:
    gone = np.array([0.0, 0.0, 1.0, 1.0])
    end = EarlyEnd(np.array([0.0, 1.0, 0.0, 1.0]), np.array([1.01, 1.01, 1.01, 1.01]))
    out = Settled(np.full(4, 0.98), np.full(4, 0.05))
    end_early(gone, end, out)
    assert out.value.tolist() == [0.98, 0.0, 0.0, 0.0]
    assert out.paid.tolist() == [0.05, 1.01, 0.0, 0.0]
    assert gone.tolist() == [0.0, 1.0, 1.0, 1.0]


def test_a_default_that_is_new_takes_what_is_open_and_an_old_one_every_right_and_payment() -> None:
    used, defaulted = np.array([1.0, 1.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0, 1.0])
    end, out = EarlyEnd(used, np.full(4, 1.01)), Settled(np.full(4, 0.98), np.full(4, 0.05))
    levels = np.array([0.0, 1.0, 1.0, 1.0]), np.array([0.4, 0.4, 0.4, 0.25])
    default_what_is_open(Claim(1.0, 0.0), levels, defaulted, end, out)
    assert used.tolist() == [1.0, 1.0, 0.0, 0.0]
    assert out.value.tolist() == [0.98, 0.4, 0.4, 0.25]
    assert out.paid.tolist() == [0.05, 0.05, 0.0, 0.0]
    assert defaulted.tolist() == [0.0, 1.0, 1.0, 1.0]


def test_a_claim_that_ends_pays_what_is_due_before_a_new_default_and_recovers_in_an_old_one() -> None:
    end, out = EarlyEnd(np.zeros(2), np.zeros(2)), Settled(np.zeros(2), np.full(2, 1.05))
    default_what_is_open(Claim(0.0, 1.0), (np.ones(2), np.full(2, 0.4)), np.array([0.0, 1.0]), end, out)
    assert out.value.tolist() == [0.0, 0.0]
    assert out.paid.tolist() == [1.05, 0.4]
