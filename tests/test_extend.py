"""What a type from outside imports is there, and factor kinds are registered once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stresstest import extend
from stresstest.market.factor_kinds import FACTOR_KINDS


def test_everything_promised_is_there() -> None:
    assert all(hasattr(extend, name) for name in extend.__all__)


def test_a_factor_kind_is_registered_once(monkeypatch) -> None:
    kind = replace(FACTOR_KINDS["rental_rate"], name="freight_rate")
    monkeypatch.setitem(FACTOR_KINDS, "freight_rate", kind)
    monkeypatch.delitem(FACTOR_KINDS, "freight_rate")
    extend.register_factor_kind(kind)
    extend.register_factor_kind(kind)
    assert FACTOR_KINDS["freight_rate"] is kind
    with pytest.raises(ValueError, match="'freight_rate' is taken"):
        extend.register_factor_kind(replace(kind, implausible=2.0))
