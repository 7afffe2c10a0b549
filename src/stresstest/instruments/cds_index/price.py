"""The basis of a swap on an index as a factor of its own, stated or solved from a price."""

from __future__ import annotations

from datetime import date

from stresstest.errors import Problem
from stresstest.instrument_type import Override
from stresstest.instruments.cds_index.spec import CdsIndexSpec
from stresstest.instruments.cds_index.terms import check_alive, requirements, swap_terms
from stresstest.market.credit_swap_quotes import basis_of
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot


def override(
    spec: CdsIndexSpec, private_issuer: str, market: MarketSnapshot, valuation_date: date
) -> Override | None:
    """Return the swap with its basis as a private factor; None where it trades at the index's spread.

    The spread stays that of the index. A price is 100 less the points that a buyer of protection pays.

    Raises
    ------
    InputError
        No spread gives the price (ST390), or the market lacks something, as in `requirements`.
    """
    basis = spec.basis
    if spec.price is not None:
        check_alive([spec], valuation_date)
        requirements(spec, market)
        got = f"price {spec.price:g} of the swap on {spec.index} that ends on {spec.maturity}"
        unreachable = Problem("ST390", got, "a price that some spread gives", field="price")
        upfront = 1.0 - spec.price / 100.0
        basis = basis_of(swap_terms(spec, market), upfront, market, valuation_date, unreachable)
    if basis == 0.0:
        return None
    terms = spec.model_copy(update={"index": private_issuer, "price": None, "basis": 0.0})
    return Override(terms, {RiskFactorKey("basis", private_issuer): basis})
