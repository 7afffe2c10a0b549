"""A fund share against a market: which price is its value, or which prices move it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stresstest.arrays import frozen, frozen_int, offsets
from stresstest.conventions.day_counts import act_365f_years
from stresstest.errors import Problem, ProblemList, nearest
from stresstest.instrument_type import CompileContext, Requirements
from stresstest.instruments.fund.columns import FundColumns
from stresstest.instruments.fund.look_through import look_through
from stresstest.instruments.fund.spec import FundSpec
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import check_levels, find_issuer
from stresstest.market.snapshot import MarketSnapshot


def weights(spec: FundSpec) -> Mapping[str, float]:
    """Return the weight of each issuer at the bottom of the fund, before its multiple."""
    if spec.holdings:
        return look_through(spec.holdings, spec.funds)
    return {spec.issuer or "": 1.0}


def requirements(spec: FundSpec, market: MarketSnapshot) -> Requirements:
    """Return that the value depends on the issuer's spot price, or on those of the holdings.

    Raises
    ------
    InputError
        The market has no such issuer (ST355), it is an equity and no value of the fund is stated (ST356), or
        one has no price (ST357).
    """
    problems = ProblemList()
    currency = spec.currency or market.currency
    if spec.issuer is not None:
        issuer = find_issuer(market, spec.issuer)
        currency = spec.currency or issuer.currency
        if issuer.kind == "equity" and spec.nav is None:
            got = f"fund of {spec.issuer!r}, an equity"
            problems.add(Problem("ST356", got, "type: equity", suggestion="equity", field="type"))
    spots = tuple(RiskFactorKey("spot", name) for name, weight in weights(spec).items() if weight != 0.0)
    _check_holdings(spec, market, problems)
    check_levels(market, (spot for spot in spots if spot.name in market.issuers), problems)
    problems.raise_if_any()
    return Requirements(currency, spots)


def _check_holdings(spec: FundSpec, market: MarketSnapshot, problems: ProblemList) -> None:
    for name in weights(spec):
        if name not in market.issuers:
            expected, near = f"an issuer of market {market.name!r}", nearest(name, market.issuers)
            problems.add(Problem("ST355", f"holding {name!r}", expected, suggestion=near, field="holdings"))


def _kept(expense_ratio: float, years: float) -> float:
    """Return the part of a fund that its fees leave after some years, (1 − fee)^t; exactly 1 without fees."""
    return float(exp(years * float(log(1.0 - expense_ratio)))) if expense_ratio else 1.0


def compile_columns(specs: Sequence[FundSpec], context: CompileContext) -> FundColumns:
    """Return the columns of `specs`, in their order."""
    rows, levels = context.rows, context.market.levels
    years = act_365f_years(context.market.as_of, context.valuation_date)
    held = [
        [(RiskFactorKey("spot", name), weight) for name, weight in weights(spec).items() if weight != 0.0]
        for spec in specs
    ]
    followed = [[] if spec.nav is None else one for spec, one in zip(specs, held, strict=True)]
    flat = [item for one in followed for item in one]
    return FundColumns(
        spot_row=frozen_int([rows.factor(one[0][0]) for one in held]),
        kept=frozen([_kept(spec.expense_ratio, years) for spec in specs]),
        nav=frozen([spec.nav or 0.0 for spec in specs]),
        multiple=frozen([spec.multiple for spec in specs]),
        offsets=offsets(map(len, followed)),
        holding_row=frozen_int([rows.factor(key) for key, _ in flat]),
        base_spot=frozen([levels[key] for key, _ in flat]),
        weight=frozen([weight for _, weight in flat]),
    )
