"""The basis that an upfront implies, for a swap whose holder states what it trades at."""

from __future__ import annotations

from datetime import date

from stresstest.errors import InputError, Problem
from stresstest.instrument_type import Override
from stresstest.instruments.cds.spec import CdsSpec
from stresstest.instruments.cds.terms import check_alive, requirements, swap_terms
from stresstest.market.credit_swap_quotes import QuotedSwap, base_recovery
from stresstest.market.root_search import NoRootError
from stresstest.market.snapshot import MarketSnapshot


def override(
    spec: CdsSpec, _private_issuer: str, market: MarketSnapshot, valuation_date: date
) -> Override | None:
    """Return the swap with the basis at which it trades at its upfront; None where it states none.

    The swap keeps the spread of its issuer: one credit factor moves all claims on it.

    Raises
    ------
    InputError
        No spread gives the upfront (ST390), or the market lacks something, as in `requirements`.
    """
    if spec.upfront is None:
        return None
    check_alive([spec], valuation_date)
    requirements(spec, market)
    swap = swap_terms(spec, market)
    try:
        quoted = QuotedSwap(base_recovery(swap, market), market, valuation_date).spread(spec.upfront)
    except NoRootError:
        got = f"upfront {100.0 * spec.upfront:g}% for protection on {spec.issuer} until {spec.last_day}"
        problem = Problem("ST390", got, "an upfront that some spread gives", field="upfront")
        raise InputError([problem]) from None
    basis = quoted - market.levels[swap.spread]
    return Override(spec.model_copy(update={"upfront": None, "basis": basis}), {})
