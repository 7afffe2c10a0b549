"""The basis that a quoted price implies, for a swap on an index whose holder states what it trades at."""

from __future__ import annotations

from datetime import date

from stresstest.errors import InputError, Problem
from stresstest.instrument_type import Override
from stresstest.instruments.cds_index.spec import CdsIndexSpec
from stresstest.instruments.cds_index.terms import check_alive, requirements, swap_terms
from stresstest.market.credit_swap_quotes import QuotedSwap, base_recovery
from stresstest.market.root_search import NoRootError
from stresstest.market.snapshot import MarketSnapshot


def override(
    spec: CdsIndexSpec, _private_issuer: str, market: MarketSnapshot, valuation_date: date
) -> Override | None:
    """Return the swap with the basis at which it trades at its price; None where it states none.

    The swap keeps the spread of the index. The price is 100 less the points that a buyer of protection pays.

    Raises
    ------
    InputError
        No spread gives the price (ST390), or the market lacks something, as in `requirements`.
    """
    if spec.price is None:
        return None
    check_alive([spec], valuation_date)
    requirements(spec, market)
    swap = swap_terms(spec, market)
    try:
        quoted = QuotedSwap(base_recovery(swap, market), market, valuation_date).spread(
            1.0 - spec.price / 100.0
        )
    except NoRootError:
        got = f"price {spec.price:g} of the swap on {spec.index} that ends on {spec.maturity}"
        problem = Problem("ST390", got, "a price that some spread gives", field="price")
        raise InputError([problem]) from None
    basis = quoted - market.levels[swap.spread]
    return Override(spec.model_copy(update={"price": None, "basis": basis}), {})
