"""Rows of default states: both of a claim whose issuer can default, else the stand-in twice."""

from __future__ import annotations

from dataclasses import replace

from tests.fixtures.books import small_market

from stresstest.market.default_rows import default_rows
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loans import Debtor


def test_rows_are_those_of_the_issuer_and_of_the_rank() -> None:
    base = small_market()
    keys = {
        RiskFactorKey("default_state", "BOLT"): 0.0,
        RiskFactorKey("recovery_rate", "BOLT", "secured"): 0.7,
    }
    market = replace(base, levels={**base.levels, **keys})
    rows = {key: 5 + place for place, key in enumerate(keys)}
    claims = [Debtor("ACME", "secured"), Debtor("BOLT", "secured"), Debtor("BOLT#loan-1", "secured")]
    found = default_rows(claims, market, rows.__getitem__)
    assert found.default.tolist() == [-1, 5, 5]
    assert found.recovery.tolist() == [-1, 6, 6]
