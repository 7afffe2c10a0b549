"""Names of risk factors and of the market data they belong to."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias


class RiskFactorKey(NamedTuple):
    """Identity of one observable number that moves values.

    String form `kind/name` or `kind/name/tenor`, as in `zero_rate/USD/5Y` or `spot/NVDA`. A factor private to
    one position carries `#` and the position's id in its name: `spot/NVDA#hedge-1`.

    Examples
    --------
    >>> str(RiskFactorKey("zero_rate", "USD", "5Y"))
    'zero_rate/USD/5Y'
    >>> RiskFactorKey.parse("spot/NVDA")
    RiskFactorKey(kind='spot', name='NVDA', tenor='')
    """

    kind: str
    name: str
    tenor: str = ""

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}/{self.tenor}" if self.tenor else f"{self.kind}/{self.name}"

    @property
    def public_name(self) -> str:
        """Name without the part that makes it private to a position."""
        return self.name.split("#", 1)[0]

    @classmethod
    def parse(cls, text: str) -> RiskFactorKey:
        """Return the key that `text` spells; raise `ValueError` when it has not two or three parts."""
        parts = text.split("/")
        if len(parts) not in (2, 3) or not all(parts):
            raise ValueError(f"{text!r} is not kind/name or kind/name/tenor")
        return cls(*parts)


RowOf: TypeAlias = Callable[[RiskFactorKey], int]
"""Gives the row of a factor in `market.factors`."""
