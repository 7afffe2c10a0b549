"""Credit spreads by rating, for rated issuers whose own spread nobody states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from stresstest.errors import Problem
from stresstest.market.draft import Entry, MarketDraft
from stresstest.market.factor_kinds import FACTOR_KINDS
from stresstest.market.factor_levels import level_problem
from stresstest.market.keys import RiskFactorKey
from stresstest.market.ratings import BUCKETS, rating_bucket
from stresstest.market.snapshot import Issuer
from stresstest.quantity import QuantityError, parse_level

_BELOW_CCC = ("CC", "C")


def rating_spreads(draft: MarketDraft, issuers: Mapping[str, Issuer]) -> dict[RiskFactorKey, Entry[float]]:
    """Return `credit_spread` levels of rated issuers, sovereigns excepted, that the draft holds none of.

    BBB+ counts as BBB; CC and C count as CCC where no spread of their own is stated.
    """
    stated = draft.credit_spreads
    if stated is None:
        return {}
    spreads = _spreads(draft)
    levels: dict[RiskFactorKey, Entry[float]] = {}
    for issuer in issuers.values():
        bucket = rating_bucket(issuer.attributes.get("rating", ""))
        if bucket in _BELOW_CCC and bucket not in spreads:
            bucket = "CCC"
        key = RiskFactorKey("credit_spread", issuer.id)
        if bucket in spreads and issuer.kind != "sovereign" and key not in draft.levels:
            note = f"spread of rating {bucket}"
            levels[key] = Entry(spreads[bucket], replace(stated.provenance, note=note), stated.place)
    return levels


def _spreads(draft: MarketDraft) -> dict[str, float]:
    """Return the spread of each bucket after adding what is wrong with any."""
    stated = draft.credit_spreads
    spreads: dict[str, float] = {}
    for rating, text in stated.value.by_rating.items() if stated is not None else ():
        place = stated.place(f"by_rating/{rating}") if stated is not None else None
        try:
            spread = parse_level(text)
        except QuantityError as error:
            draft.problems.add(error.problem(place))
            continue
        problem = level_problem(FACTOR_KINDS["credit_spread"], str(text), spread)
        if rating not in BUCKETS:
            problem = Problem("ST222", f"rating {rating!r}", "one of " + ", ".join(BUCKETS))
        if problem is not None and place is not None:
            draft.problems.add(problem.at(place))
        spreads[rating] = spread
    return spreads
