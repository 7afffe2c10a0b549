"""Conventional recoveries and the loss that a spread pays for."""

from __future__ import annotations

import pytest

from stresstest.market.recoveries import CONVENTIONAL_RECOVERY, SPREAD_LOSS


def test_better_ranks_recover_more() -> None:
    ranks = ("secured", "senior_unsecured", "subordinated")
    assert [CONVENTIONAL_RECOVERY[rank] for rank in ranks] == sorted(
        CONVENTIONAL_RECOVERY.values(), reverse=True
    )
    assert pytest.approx(0.6) == SPREAD_LOSS
