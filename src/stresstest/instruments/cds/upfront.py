"""The basis of a swap as a factor of its own, stated or solved from the upfront that it trades at."""

from __future__ import annotations

from datetime import date

from stresstest.errors import InputError, Problem
from stresstest.instrument_type import Override
from stresstest.instruments.cds.spec import CdsSpec
from stresstest.instruments.cds.terms import check_alive, requirements, swap_terms
from stresstest.market.credit_swap_quotes import QuotedSwap, base_recovery
from stresstest.market.keys import RiskFactorKey
from stresstest.market.root_search import NoRootError
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
    basis = spec.basis if spec.upfront is None else _solved_basis(spec, market, valuation_date)
    if basis == 0.0:
        return None
    terms = spec.model_copy(update={"issuer": private_issuer, "upfront": None, "basis": 0.0})
    return Override(terms, {RiskFactorKey("basis", private_issuer): basis})


def _solved_basis(spec: CdsSpec, market: MarketSnapshot, valuation_date: date) -> float:
    check_alive([spec], valuation_date)
    requirements(spec, market)
    swap = swap_terms(spec, market)
    upfront = spec.upfront or 0.0
    try:
        quoted = QuotedSwap(base_recovery(swap, market), market, valuation_date).spread(upfront)
    except NoRootError:
        got = f"upfront {100.0 * upfront:g}% for protection on {spec.issuer} until {spec.last_day}"
        problem = Problem("ST390", got, "an upfront that some spread gives", field="upfront")
        raise InputError([problem]) from None
    return quoted - market.levels[swap.spread]
