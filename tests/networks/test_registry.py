"""Every mechanism is found by its file, in the order in which it runs, with settings that say why."""

from __future__ import annotations

import pytest

from stresstest.networks.mechanism import Mechanism
from stresstest.networks.registry import all_mechanisms


def test_mechanisms_come_in_the_order_of_their_timescales() -> None:
    assert list(all_mechanisms()) == [
        "fire_sale", "capitalised_revenue", "collateral_spiral", "funding_runway", "clearing",
        "cross_holdings", "distress",
    ]  # fmt: skip


@pytest.mark.parametrize("mechanism", all_mechanisms().values(), ids=lambda one: one.name)
def test_a_setting_lies_in_its_range_and_has_a_reason(mechanism: Mechanism) -> None:
    assert mechanism.reference
    assert mechanism.title
    names = [setting.name for setting in mechanism.settings]
    assert len(set(names)) == len(names)
    for setting in mechanism.settings:
        assert setting.low <= setting.default <= setting.high, setting.name
        assert len(setting.reason) > 10, setting.name
