"""A market with nodes at the dates asked for, and credit default swaps in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tests.fixtures.unit_values import unit_values

from stresstest.arrays import FloatArray, frozen
from stresstest.instruments.cds import INSTRUMENT_TYPE
from stresstest.instruments.cds.spec import CdsSpec
from stresstest.io.cells import spec_from_cells
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Curve, Issuer, MarketSnapshot

AS_OF = date(2025, 10, 3)
NODE_DAYS = (30, 91, 183, 365, 730, 1826, 3652)
RATES = (0.0416, 0.0395, 0.0373, 0.0352, 0.0335, 0.0336, 0.0361)
SPREADS = {"ORCL": 0.0105, "CRWV": 0.0440}

__all__ = ["AS_OF", "NODE_DAYS", "RATES", "SPREADS", "key", "market", "swap", "values"]


def key(text: str) -> RiskFactorKey:
    return RiskFactorKey.parse(text)


def market(
    today: date = AS_OF,
    node_days: Sequence[int] = NODE_DAYS,
    rates: Sequence[float] = RATES,
    more: Mapping[str, float] | None = None,
) -> MarketSnapshot:
    """Two firms and an index in dollars, one firm in euros; `more` are further levels."""
    tenors = tuple(f"{days}D" for days in node_days)
    levels = {RiskFactorKey("zero_rate", "USD_SOFR", t): rate for t, rate in zip(tenors, rates, strict=True)}
    levels[key("zero_rate/EUR/1Y")] = 0.02
    levels |= {RiskFactorKey("credit_spread", name): spread for name, spread in SPREADS.items()}
    levels |= {key("credit_spread/SAP"): 0.004, key("credit_spread/CDX.NA.HY"): 0.0315}
    levels |= {key(text): level for text, level in (more or {}).items()}
    kinds = {"ORCL": "USD", "CRWV": "USD", "SAP": "EUR", "BARE": "USD"}
    issuers = {name: Issuer(name, name, "equity", currency) for name, currency in kinds.items()}
    issuers["CDX.NA.HY"] = Issuer("CDX.NA.HY", "Index", "index", "USD")
    curves = {
        "USD_SOFR": Curve("USD_SOFR", "USD", tenors, frozen([days / 365 for days in node_days])),
        "EUR": Curve("EUR", "EUR", ("1Y",), frozen([1.0])),
    }
    discount = {"USD": "USD_SOFR", "EUR": "EUR"}
    return MarketSnapshot("test", today, "USD", levels, issuers, curves, discount, {}, (), {})


def swap(issuer: str = "CRWV", maturity: str = "2030-12-20", **terms: str) -> CdsSpec:
    """Terms as text cells; an empty maturity is left out."""
    cells = {"issuer": issuer, **({"maturity": maturity} if maturity else {}), **terms}
    spec = spec_from_cells(CdsSpec, cells)
    assert spec is not None
    return spec


def values(
    specs: Sequence[Any], *moves: Mapping[str, float], base: MarketSnapshot | None = None
) -> FloatArray:
    """Value of one unit of protection `(n_swaps, n_moves)`; a move gives the levels of some factors."""
    columns = [{key(text): level for text, level in move.items()} for move in moves or ({},)]
    return unit_values(INSTRUMENT_TYPE, specs, base or market(), columns)
