"""Where claims read whether their issuer is in default, and what they then recover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from stresstest.arrays import IntArray, frozen_int
from stresstest.kernels.rows import NO_ROW
from stresstest.market.keys import RowOf
from stresstest.market.lookups import default_keys
from stresstest.market.snapshot import MarketSnapshot


class Claim(Protocol):
    """What is read of the terms of a bond, a loan or a swap on one."""

    @property
    def issuer(self) -> str:
        """Debtor, by its id in the market."""
        ...

    @property
    def seniority(self) -> str:
        """Rank of the claim."""
        ...


class DefaultRows(NamedTuple):
    """Rows in `market.factors` of default states and of recoveries, claim by claim; both `(n_claims,)`."""

    default: IntArray
    recovery: IntArray


def default_rows(claims: Sequence[Claim], market: MarketSnapshot, row_of: RowOf) -> DefaultRows:
    """Return the rows that claims read, in their order.

    Both are `NO_ROW` for a claim on an issuer that the market states no default state of: nothing in it can
    default.
    """
    found = [default_keys(market, claim.issuer, claim.seniority) for claim in claims]
    return DefaultRows(
        frozen_int([NO_ROW if keys is None else row_of(keys[0]) for keys in found]),
        frozen_int([NO_ROW if keys is None else row_of(keys[1]) for keys in found]),
    )
