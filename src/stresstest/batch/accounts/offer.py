"""What a market offers to hold: names that instruments of each type can be written on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot

DOLLAR_LIKE = {"JPY": 150.0, "KRW": 1_400.0, "TWD": 30.0, "CNY": 7.0, "SEK": 10.0}
"""Units of a currency that are about a dollar, where that is not about one: for sizes of positions only."""


@dataclass(frozen=True)
class Offer:
    """Names of a market by what can be written on them, each list in the order of names."""

    market: MarketSnapshot

    @property
    def as_of(self) -> date:
        """Date of the market."""
        return self.market.as_of

    @cached_property
    def _names(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for key in self.market.levels:
            found.setdefault(key.kind, set()).add(key.name)
        return found

    def named(self, *kinds: str) -> list[str]:
        """Return the names that have factors of all `kinds`."""
        sets = [self._names.get(kind, set()) for kind in kinds]
        return sorted(set.intersection(*sets))

    def _issuers(self, kinds: Sequence[str], *factors: str) -> list[str]:
        issuers = self.market.issuers
        return [
            name
            for name in self.named(*factors)
            if name in issuers
            and issuers[name].kind in kinds
            and issuers[name].currency in self.market.discount_curves
        ]

    @cached_property
    def shares(self) -> list[str]:
        """Shares with a price and a dividend yield."""
        return self._issuers(("equity",), "spot", "dividend_yield")

    @cached_property
    def funds(self) -> list[str]:
        """Funds with a price."""
        return self._issuers(("fund",), "spot", "dividend_yield")

    @cached_property
    def optionable(self) -> list[str]:
        """Shares and funds with a surface of vols."""
        return self._issuers(("equity", "fund"), "spot", "dividend_yield", "implied_vol")

    @cached_property
    def debtors(self) -> list[str]:
        """Firms with a credit spread."""
        return self._issuers(("equity", "private"), "credit_spread")

    @cached_property
    def convertible(self) -> list[str]:
        """Firms with a credit spread, a share and a surface of its vols."""
        return self._issuers(("equity",), "spot", "dividend_yield", "implied_vol", "credit_spread")

    @cached_property
    def sovereigns(self) -> list[str]:
        """Governments whose curve discounts."""
        return sorted(name for name, issuer in self.market.issuers.items() if issuer.kind == "sovereign")

    @cached_property
    def credit_indices(self) -> list[str]:
        """Indices that swaps are written on."""
        return [name for name in self._issuers(("index",), "credit_spread") if "." in name]

    @cached_property
    def currencies(self) -> list[str]:
        """Currencies with a curve."""
        return sorted(self.market.discount_curves)

    @cached_property
    def pairs(self) -> list[str]:
        """Pairs of an exchange rate whose currencies both have curves."""
        return [pair for pair in self.named("fx_spot") if {pair[:3], pair[3:]} <= set(self.currencies)]

    @cached_property
    def pairs_with_vols(self) -> list[str]:
        """Those of the pairs that have a surface of vols."""
        return [pair for pair in self.pairs if pair in self._names.get("implied_vol", set())]

    @cached_property
    def commodities(self) -> list[str]:
        """Commodities and power with a forward curve."""
        return sorted({key.name for key in self.market.levels if key.kind in _FORWARDS and key.tenor})

    @cached_property
    def commodities_with_vols(self) -> list[str]:
        """Those of the commodities that have a surface of vols."""
        return [name for name in self.commodities if name in self._names.get("implied_vol", set())]

    @cached_property
    def gpus(self) -> list[str]:
        """GPUs with a curve of rentals."""
        return sorted({key.name for key in self.market.levels if key.kind == "rental_rate" and key.tenor})

    @cached_property
    def private(self) -> list[str]:
        """Private firms with a mark."""
        return self.named("private_mark")

    @cached_property
    def swaption_currencies(self) -> list[str]:
        """Currencies with a surface of vols of swap rates."""
        vols = self._names.get("normal_vol", set())
        return [currency for currency in self.currencies if f"{currency}_SWAPTION" in vols]

    @cached_property
    def inflation_currencies(self) -> list[str]:
        """Currencies with expected inflation."""
        return [currency for currency in self.currencies if currency in self._names.get("inflation", set())]

    def level(self, kind: str, name: str) -> float:
        """Return the level of a factor, at its shortest tenor where it has several."""
        key = RiskFactorKey(kind, name)
        return self.market.levels[key] if key in self.market.levels else next(self._levels(kind, name))

    def forward(self, name: str) -> float:
        """Return a forward price of a commodity or of power."""
        return next(level for kind in _FORWARDS for level in self._levels(kind, name))

    def _levels(self, kind: str, name: str) -> Iterator[float]:
        return (level for key, level in self.market.levels.items() if (key.kind, key.name) == (kind, name))


_FORWARDS = ("commodity_forward", "power_price")
