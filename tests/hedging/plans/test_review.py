"""What a plan is looked at from outside by: sizes of its trades under other shocks."""

from __future__ import annotations

import pytest
from tests.hedging.tiny_books import line, protected, state

from stresstest.hedging.plans.receipts import Shares
from stresstest.hedging.plans.review import signed_sizes


def test_a_swap_weighs_its_notional_and_not_its_value() -> None:
    found = protected()
    place = line(found, "cdx", held=False)
    traded = state(found, cdx=200_000, ko=1_000, nvda=-500)
    sizes = signed_sizes(found, Shares(traded.sell, traded.buy))
    name = found.lines[place].id
    assert sizes[name] == pytest.approx(200_000 / found.nav)
    assert abs(200_000 * found.unit_value[place]) / found.nav < 0.2 * sizes[name]
    assert sizes["nvda"] == pytest.approx(-500 * found.unit_value[line(found, "nvda", held=True)] / found.nav)
    assert sizes["ko"] == pytest.approx(1_000 * found.unit_value[line(found, "ko", held=False)] / found.nav)
