"""A small market, and the bond kernel run over columns of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.instrument_type import CompileContext
from stresstest.instruments.fixed_bond import INSTRUMENT_TYPE
from stresstest.instruments.fixed_bond.kernel import revalue
from stresstest.instruments.fixed_bond.spec import FixedBondSpec
from stresstest.io.cells import spec_from_cells
from stresstest.kernels.market import MarketRows, Out
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Curve, Issuer, MarketSnapshot

AS_OF = date(2025, 10, 3)
NODE_DAYS = (30, 91, 183, 365, 730, 1826, 3652, 7305, 10957)
TENORS = ("1M", "3M", "6M", "1Y", "2Y", "5Y", "10Y", "20Y", "30Y")
RATES = (0.0423, 0.0401, 0.0378, 0.0361, 0.0355, 0.0369, 0.0415, 0.0487, 0.0482)
SPREADS = {"CRWV": 0.055, "MSFT": 0.004, "EM": 0.021}


def market() -> MarketSnapshot:
    """Two curves in dollars and one in euros, two firms, a sovereign without and one with a spread."""
    curves, levels = {}, {}
    for number, (name, currency) in enumerate((("USD", "USD"), ("USD_SOFR", "USD"), ("EUR", "EUR"))):
        curves[name] = Curve(name, currency, TENORS, frozen([days / 365 for days in NODE_DAYS]))
        for tenor, rate in zip(TENORS, RATES, strict=True):
            levels[RiskFactorKey("zero_rate", name, tenor)] = rate - 0.007 * number
    for name, spread in SPREADS.items():
        levels[RiskFactorKey("credit_spread", name)] = spread
    kinds = {"CRWV": "equity", "MSFT": "equity", "EM": "sovereign", "UST": "sovereign", "BARE": "equity"}
    issuers = {name: Issuer(name, name, kind, "USD") for name, kind in kinds.items()}
    discount = {"USD": "USD", "EUR": "EUR"}
    return MarketSnapshot("test", AS_OF, "USD", levels, issuers, curves, discount, {}, (), {})


def bond(**terms: str) -> FixedBondSpec:
    """Terms of a bond as text cells, over those of a 9.25 % note of 2030."""
    cells = {
        "issuer": "CRWV",
        "coupon": "9.25%",
        "maturity": "2030-06-01",
        "frequency": "2",
        "day_count": "30/360",
    }
    spec = spec_from_cells(FixedBondSpec, cells | terms)
    assert spec is not None
    return spec


class FactorRows:
    """Rows of `market.factors` alone: a bond asks for nothing derived."""

    def __init__(self) -> None:
        self.keys: dict[RiskFactorKey, int] = {}

    def factor(self, key: RiskFactorKey) -> int:
        return self.keys.setdefault(key, len(self.keys))

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"a bond asked for {name}")


def unit_values(
    specs: Sequence[FixedBondSpec],
    changes: Mapping[str, Sequence[float]] | None = None,
    base: MarketSnapshot | None = None,
) -> FloatArray:
    """Value of one unit of face `(n_bonds, n_columns)`; `changes` gives the levels of some factors."""
    base = base or market()
    changes = changes or {}
    width = max((len(levels) for levels in changes.values()), default=1)
    rows = FactorRows()
    columns = INSTRUMENT_TYPE.compile(specs, CompileContext(base.as_of, base, rows))  # type: ignore[arg-type]
    factors = frozen(
        [
            np.broadcast_to(np.asarray(changes.get(str(key), base.levels[key]), dtype=float), width)
            for key in rows.keys
        ]
    )
    out = Out(np.full((len(specs), width), np.nan), np.zeros((len(specs), width)))
    revalue(columns, MarketRows(factors, np.zeros((1, width))), np.zeros((1, 1, 1)), out)
    assert not out.paid.any()
    return out.value
