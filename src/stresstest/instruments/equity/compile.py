"""A share against a market: which price is its value."""

from __future__ import annotations

from collections.abc import Sequence

from stresstest.arrays import frozen, frozen_int
from stresstest.errors import Problem, ProblemList
from stresstest.instrument_type import CompileContext, Requirements
from stresstest.instruments.equity.columns import EquityColumns
from stresstest.instruments.equity.spec import EquitySpec
from stresstest.kernels.rows import NO_ROW
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import check_levels, find_issuer
from stresstest.market.snapshot import MarketSnapshot


def requirements(spec: EquitySpec, market: MarketSnapshot) -> Requirements:
    """Return that the value depends on the issuer's spot price alone.

    Raises
    ------
    InputError
        The market has no such issuer (ST355), it is a fund (ST356), or it has no price or fee (ST357).
    """
    issuer = find_issuer(market, spec.issuer)
    problems = ProblemList()
    if issuer.kind == "fund":
        problems.add(
            Problem(
                "ST356", f"equity of {spec.issuer!r}, a fund", "type: fund", suggestion="fund", field="type"
            )
        )
    spot = RiskFactorKey("spot", spec.issuer)
    check_levels(market, (spot, fee_key(spec)) if spec.borrowed else (spot,), problems)
    problems.raise_if_any()
    return Requirements(issuer.currency, (spot,))


def compile_columns(specs: Sequence[EquitySpec], context: CompileContext) -> EquityColumns:
    """Return the columns of `specs`, in their order."""
    rows = [context.rows.factor(RiskFactorKey("spot", spec.issuer)) for spec in specs]
    fees = [context.rows.factor(fee_key(spec)) if spec.borrowed else NO_ROW for spec in specs]
    gaps = [context.gap_years] * len(specs)
    return EquityColumns(frozen_int(rows), frozen_int(fees), frozen(gaps))


def fee_key(spec: EquitySpec) -> RiskFactorKey:
    """Return the fee for borrowing the share, which falls due along a path alone."""
    return RiskFactorKey("borrow_fee", spec.issuer)
