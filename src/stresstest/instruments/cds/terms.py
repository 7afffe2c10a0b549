"""A single-name credit default swap against a market: its curve, spread and recovery."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from stresstest.errors import InputError, Problem, ProblemList
from stresstest.instrument_type import Requirements
from stresstest.instruments.cds.spec import CdsSpec
from stresstest.market.credit_swaps import CreditSwapTerms, credit_swap_factors, swap_key
from stresstest.market.floating_lookups import find_floating_curve
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import check_levels, default_keys, find_issuer
from stresstest.market.recoveries import CONVENTIONAL_RECOVERY
from stresstest.market.snapshot import MarketSnapshot


def requirements(spec: CdsSpec, market: MarketSnapshot) -> Requirements:
    """Return the zero rates of the curve, the issuer's spread, its recovery and default state where stated.

    Raises
    ------
    InputError
        The issuer is unknown (ST355), or all of: the contract is over (ST360), there is no such curve
        (ST362), it is of another currency (ST372), a level is missing (ST357).
    """
    problems = ProblemList()
    if spec.last_day <= market.as_of:
        problems.add(ended(spec, market.as_of))
    factors: list[RiskFactorKey] = []
    swap = _find_terms(spec, market, problems)
    if swap is not None:
        factors += credit_swap_factors(swap, market.as_of)
    factors += [key for key in default_keys(market, spec.issuer, spec.seniority) or () if key not in factors]
    check_levels(market, factors, problems)
    problems.raise_if_any()
    return Requirements(currency_of(spec, market), tuple(factors))


def swap_terms(spec: CdsSpec, market: MarketSnapshot) -> CreditSwapTerms:
    """Return the contract in the market; raise `InputError` where no curve fits (ST362, ST372)."""
    problems = ProblemList()
    swap = _find_terms(spec, market, problems)
    problems.raise_if_any()
    if swap is None:
        raise ValueError(f"no curve for {spec!r}")
    return swap


def _find_terms(spec: CdsSpec, market: MarketSnapshot, problems: ProblemList) -> CreditSwapTerms | None:
    issuer = find_issuer(market, spec.issuer)
    field = "curve" if spec.curve else "currency"
    curve = find_floating_curve(market, spec.currency or issuer.currency, spec.curve, field, problems)
    if curve is None:
        return None
    stated = swap_key(market, "recovery_rate", issuer.id, spec.seniority)
    return CreditSwapTerms(
        curve,
        spec.last_day,
        spec.coupon,
        RiskFactorKey("credit_spread", issuer.id.split("#", 1)[0]),
        CONVENTIONAL_RECOVERY[spec.seniority] if spec.recovery is None else spec.recovery,
        swap_key(market, "basis", issuer.id),
        stated if spec.recovery is None else None,
    )


def currency_of(spec: CdsSpec, market: MarketSnapshot) -> str:
    """Return the currency of all payments."""
    return spec.currency or find_issuer(market, spec.issuer).currency


def ended(spec: CdsSpec, today: date) -> Problem:
    """Return what is wrong with a contract whose last day is over or today."""
    who = f"credit default swap on {spec.issuer} that ends on {spec.last_day}"
    field = "maturity" if spec.maturity is not None else "tenor"
    return Problem("ST360", who, f"a maturity after {today}", field=field)


def check_alive(specs: Sequence[CdsSpec], today: date) -> None:
    """Raise `InputError` with every contract that is over (ST360)."""
    found = [ended(spec, today) for spec in specs if spec.last_day <= today]
    if found:
        raise InputError(found)
