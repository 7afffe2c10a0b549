"""What a type from outside imports is there, and factor kinds are registered once."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

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


def test_a_type_of_this_package_could_be_written_with_it() -> None:
    folder = Path(extend.__file__).parent / "instruments" / "zero_bond"
    used = set()
    for file in folder.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("stresstest."):
                own = "zero_bond" in (node.module or "")
                used |= set() if own else {alias.name for alias in node.names}
    assert used <= set(extend.__all__)
