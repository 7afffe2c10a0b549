"""The small market with two sovereigns, one without and one with a spread, a second curve and a bare firm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tests.fixtures.books import AS_OF, small_market
from tests.fixtures.unit_values import unit_values

from stresstest.arrays import FloatArray, frozen
from stresstest.instruments.zero_bond import INSTRUMENT_TYPE
from stresstest.instruments.zero_bond.spec import ZeroBondSpec
from stresstest.io.cells import spec_from_cells
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Curve, Issuer, MarketSnapshot

NODE_DAYS = {"1Y": 365, "5Y": 1825, "10Y": 3650}
USD_RATES = (0.036, 0.037, 0.041)
BOLT_SPREAD = 0.045

__all__ = ["AS_OF", "BOLT_SPREAD", "NODE_DAYS", "USD_RATES", "bond", "key", "market", "values"]


def key(text: str) -> RiskFactorKey:
    return RiskFactorKey.parse(text)


def market() -> MarketSnapshot:
    base = small_market()
    added = {
        "GOV": Issuer("GOV", "Treasury", "sovereign", "USD"),
        "EMG": Issuer("EMG", "Emerging treasury", "sovereign", "USD"),
        "CHF": Issuer("CHF", "Swiss firm", "equity", "CHF"),
    }
    levels = {
        **base.levels,
        key("credit_spread/EMG"): 0.02,
        key("credit_spread/CHF"): 0.01,
        key("zero_rate/USD_SOFR/1Y"): 0.035,
    }
    sofr = Curve("USD_SOFR", "USD", ("1Y",), frozen([1.0]))
    return replace(
        base,
        levels=levels,
        issuers={**base.issuers, **added},
        curves={**base.curves, "USD_SOFR": sofr},
    )


def bond(issuer: str = "BOLT", maturity: str = "2030-06-01", **terms: str) -> ZeroBondSpec:
    """Terms of a bond as text cells."""
    spec = spec_from_cells(ZeroBondSpec, {"issuer": issuer, "maturity": maturity, **terms})
    assert spec is not None
    return spec


def values(specs: Sequence[ZeroBondSpec], *moves: Mapping[str, float]) -> FloatArray:
    """Value of one unit of face `(n_bonds, n_moves)`; a move gives the levels of some factors."""
    columns = [{key(text): level for text, level in move.items()} for move in moves or ({},)]
    return unit_values(INSTRUMENT_TYPE, specs, market(), columns)
