"""The basis that a price of a loan against GPUs implies: its kernel in one column of base levels."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from stresstest.arrays import frozen
from stresstest.errors import InputError, Problem
from stresstest.instrument_type import CompileContext, Override
from stresstest.instruments.collateral_loan.compile import compile_columns
from stresstest.instruments.collateral_loan.kernel import revalue
from stresstest.instruments.collateral_loan.requirements import party_factors
from stresstest.instruments.collateral_loan.spec import CollateralLoanSpec
from stresstest.instruments.collateral_loan.terms import loan
from stresstest.kernels.exponential import exp
from stresstest.kernels.market import MarketRows, Out
from stresstest.market.floating_lookups import base_log_discount
from stresstest.market.forward_lookups import base_forward_price
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loan_terms import PUBLIC_TERMS, accrued_interest, loan_curve, private_basis
from stresstest.market.price_curves import PriceCurve
from stresstest.market.root_search import NoRootError, decreasing_root
from stresstest.market.snapshot import MarketSnapshot

_STATE = 7
_BOUNDS = (-0.5, 5.0)
_BUMP = 1e-5
"""Half of the step that the slope of a value in its basis is measured over."""


class BaseRows:
    """Rows of one column at the market's own levels, in the order in which a type asks for them."""

    def __init__(self, market: MarketSnapshot) -> None:
        self._market = market
        self._factors: dict[RiskFactorKey, int] = {}
        self._derived: dict[Hashable, int] = {}
        self._values: list[float] = []

    def factor(self, key: RiskFactorKey) -> int:
        """Return the row of a factor."""
        return self._factors.setdefault(key, len(self._factors))

    def _row(self, name: Hashable, value: float) -> int:
        if name not in self._derived:
            self._derived[name] = len(self._values)
            self._values.append(value)
        return self._derived[name]

    def log_discount(self, curve: str, years: float) -> int:
        """Return the row of ln D."""
        value = base_log_discount(self._market, self._market.curves[curve], years)
        return self._row(("log_discount", curve, years), value)

    def discount(self, curve: str, years: float) -> int:
        """Return the row of D."""
        value = float(exp(base_log_discount(self._market, self._market.curves[curve], years)))
        return self._row(("discount", curve, years), value)

    def forward_price(self, curve: PriceCurve, years: float) -> int:
        """Return the row of a forward price."""
        return self._row((curve.name, years), base_forward_price(self._market, curve, years))

    def constant(self, value: float) -> int:
        """Return the row of a number."""
        return self._row(value, value)

    def market_rows(self) -> MarketRows:
        """Return the rows, one column wide."""
        factors = [[self._market.levels[key]] for key in self._factors]
        return MarketRows(frozen(np.array(factors)), np.array(self._values)[:, None])


def base_value(spec: CollateralLoanSpec, market: MarketSnapshot) -> float:
    """Return the value of one unit of face at the market's own levels, accrued interest included."""
    rows: Any = BaseRows(market)
    columns = compile_columns([spec], CompileContext(market.as_of, market, rows))
    out = Out(np.zeros((1, 1)), np.zeros((1, 1)))
    revalue(columns, rows.market_rows(), np.zeros((1, _STATE, 1)), out)
    return float(out.value[0, 0])


def solved_basis(spec: CollateralLoanSpec, market: MarketSnapshot, private_issuer: str) -> float:
    """Return the basis at which the loan is worth its price and the accrued interest.

    Raises
    ------
    InputError
        None between −50 % and 500 % gives it (ST373).
    """
    found = loan(spec, loan_curve(spec, market), market.as_of)
    dirty = (spec.price or 0.0) / 100.0 + accrued_interest(found, market, market.as_of)
    private = spec.model_copy(update={**PUBLIC_TERMS, "issuer": private_issuer})
    issuers = {**market.issuers, private_issuer: replace(market.issuers[spec.issuer], id=private_issuer)}

    def value(basis: float) -> float:
        levels = {**market.levels, **private_basis(private_issuer, basis)}
        return base_value(private, replace(market, levels=levels, issuers=issuers))

    def over(basis: float) -> tuple[float, float]:
        slope = (value(basis + _BUMP) - value(basis - _BUMP)) / (2.0 * _BUMP)
        return value(basis) - dirty, slope

    try:
        return decreasing_root(over, 0.0, _BOUNDS)
    except NoRootError:
        got = f"loan of {spec.issuer} at a price of {spec.price:g}"
        raise InputError([Problem("ST373", got, "a price that some basis gives", field="price")]) from None


def override(
    spec: CollateralLoanSpec, private_issuer: str, market: MarketSnapshot, valuation_date: date
) -> Override | None:
    """Return the loan with its basis or that of its price; None without either.

    Raises
    ------
    InputError
        As `solved_basis` and `loan_curve` do.
    """
    needed = (*loan_curve(spec, market).keys(), *party_factors(spec, market))
    found = spec.basis
    if spec.price is not None and all(key in market.levels for key in needed):
        found = solved_basis(spec, market, private_issuer)
    if found is None or valuation_date != market.as_of:
        return None
    terms = spec.model_copy(update={**PUBLIC_TERMS, "issuer": private_issuer})
    return Override(terms, private_basis(private_issuer, found))
