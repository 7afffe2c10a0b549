"""A credit default swap on an index against a market: its curve, flat spread and recovery."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from stresstest.errors import InputError, Problem, ProblemList
from stresstest.instrument_type import Requirements
from stresstest.instruments.cds_index.spec import CdsIndexSpec
from stresstest.market.credit_swaps import CreditSwapTerms, credit_swap_factors, swap_key
from stresstest.market.floating_lookups import find_floating_curve
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import check_levels, find_issuer
from stresstest.market.recoveries import CONVENTIONAL_RECOVERY
from stresstest.market.snapshot import MarketSnapshot

_SENIORITY = "senior_unsecured"


def requirements(spec: CdsIndexSpec, market: MarketSnapshot) -> Requirements:
    """Return the zero rates of the curve, the spread of the index, its recovery where the market states one.

    Raises
    ------
    InputError
        The index is unknown (ST355) or none (ST356), or all of: the contract is over (ST360), there is no
        such curve (ST362), it is of another currency (ST372), a level is missing (ST357).
    """
    problems = ProblemList()
    if spec.maturity <= market.as_of:
        problems.add(_ended(spec, market.as_of))
    factors: tuple[RiskFactorKey, ...] = ()
    swap = _find_terms(spec, market, problems)
    if swap is not None:
        factors = credit_swap_factors(swap, market.as_of)
    check_levels(market, factors, problems)
    problems.raise_if_any()
    return Requirements(spec.currency or find_issuer(market, spec.index, "index").currency, factors)


def swap_terms(spec: CdsIndexSpec, market: MarketSnapshot) -> CreditSwapTerms:
    """Return the contract in the market; raise `InputError` where no curve fits (ST362, ST372)."""
    problems = ProblemList()
    swap = _find_terms(spec, market, problems)
    problems.raise_if_any()
    if swap is None:
        raise ValueError(f"no curve for {spec!r}")
    return swap


def _find_terms(spec: CdsIndexSpec, market: MarketSnapshot, problems: ProblemList) -> CreditSwapTerms | None:
    index = find_issuer(market, spec.index, "index")
    if index.kind != "index":
        got = f"{index.id}, which is of kind {index.kind}"
        problems.add(Problem("ST356", got, "an issuer of kind index", field="index"))
    field = "curve" if spec.curve else "currency"
    curve = find_floating_curve(market, spec.currency or index.currency, spec.curve, field, problems)
    if curve is None:
        return None
    stated = swap_key(market, "recovery_rate", index.id, _SENIORITY)
    return CreditSwapTerms(
        curve,
        spec.maturity,
        spec.coupon,
        RiskFactorKey("credit_spread", index.id.split("#", 1)[0]),
        CONVENTIONAL_RECOVERY[_SENIORITY] if spec.recovery is None else spec.recovery,
        swap_key(market, "basis", index.id),
        stated if spec.recovery is None else None,
        spec.index_factor,
    )


def check_alive(specs: Sequence[CdsIndexSpec], today: date) -> None:
    """Raise `InputError` with every contract that is over (ST360)."""
    found = [_ended(spec, today) for spec in specs if spec.maturity <= today]
    if found:
        raise InputError(found)


def _ended(spec: CdsIndexSpec, today: date) -> Problem:
    who = f"credit default swap on {spec.index} that ends on {spec.maturity}"
    return Problem("ST360", who, f"a maturity after {today}", field="maturity")
