"""The basis of a swap as a factor of its own, stated or solved from the upfront that it trades at."""

from __future__ import annotations

from datetime import date

from stresstest.errors import Problem
from stresstest.instrument_type import Override
from stresstest.instruments.cds.spec import CdsSpec
from stresstest.instruments.cds.terms import check_alive, requirements, swap_terms
from stresstest.market.credit_swap_quotes import basis_of
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot


def override(
    spec: CdsSpec, private_issuer: str, market: MarketSnapshot, valuation_date: date
) -> Override | None:
    """Return the swap with its basis as a private factor; None where it trades at the issuer's spread.

    The spread stays that of the issuer: one credit factor moves all claims on it.

    Raises
    ------
    InputError
        No spread gives the upfront (ST390), or the market lacks something, as in `requirements`.
    """
    basis = spec.basis
    if spec.upfront is not None:
        check_alive([spec], valuation_date)
        requirements(spec, market)
        got = f"upfront {100.0 * spec.upfront:g}% for protection on {spec.issuer} until {spec.last_day}"
        unreachable = Problem("ST390", got, "an upfront that some spread gives", field="upfront")
        basis = basis_of(swap_terms(spec, market), spec.upfront, market, valuation_date, unreachable)
    if basis == 0.0:
        return None
    terms = spec.model_copy(update={"issuer": private_issuer, "upfront": None, "basis": 0.0})
    return Override(terms, {RiskFactorKey("basis", private_issuer): basis})
