"""Costs of every line by the terms of a policy: spreads in price or volatility, volumes, impact, rolls."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.catalog import instrument_type
from stresstest.hedging.inputs.factor_bumps import base_units, level_bumps
from stresstest.hedging.inputs.lines import BookLeg, Line, number_of_rolls
from stresstest.hedging.inputs.risk_exposures import daily_vols
from stresstest.hedging.inputs.trading_costs import TradeCosts, lot_table
from stresstest.hedging.policies.costs import Costs, HalfSpread, Volume
from stresstest.hedging.policies.selection import Traits
from stresstest.hedging.policies.traits import traits_of
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.book import Book

_SHARES = ("equity", "fund")
_OWN_VOLUME, _MARKET_CAP = "adv_usd_mn", "market_cap_usd_bn"


@dataclass(frozen=True, eq=False)
class LinePrices:
    """What costs are worked out from.

    Attributes
    ----------
    mid, delta, scale
        `(n_lines,)` per unit, in the portfolio's currency.
    nav
        Base value of the portfolio.
    market_rate
        Units of the portfolio's currency for one of the market's.
    horizon_years
        Time over which bought options are rolled.
    notional
        `(n_lines,)` of a unit, in the portfolio's currency; 0 for what is no swap on a notional.
    later
        `(n_lines,)` worth of a unit at the horizon with all it paid, if nothing moves.
    dealt
        `(n_lines,)` what a unit counts for when it is traded: its value, a notional, what a forward is on.
    """

    mid: FloatArray
    delta: FloatArray
    scale: FloatArray
    nav: float
    market_rate: float
    horizon_years: float
    notional: FloatArray
    later: FloatArray
    dealt: FloatArray


_BUMPED = {"vol": "implied_vol", "spread": "credit_spread", "normal_vol": "normal_vol"}
"""By unit of half spreads, the kind of factor that they are stated in."""


def trade_costs(book: Book, lines: Sequence[Line], costs: Costs, prices: LinePrices) -> TradeCosts:
    """Return the costs of `lines` as shares of the base value."""
    return _LineCosts(book, lines, costs, prices).all()


class _LineCosts:
    """Bid and ask of every instrument, then costs line by line."""

    def __init__(self, book: Book, lines: Sequence[Line], costs: Costs, prices: LinePrices) -> None:
        self.book, self.lines, self.costs, self.prices = book, lines, costs, prices
        self.spreads = [costs.half_spread(line.traits) for line in lines]
        self._own_values = base_units(book).value[:, 0]
        self._place: dict[tuple[str, float], int] = {}
        self._values = {unit: self._bumped(unit) for unit in _BUMPED}

    def _bumped(self, unit: str) -> FloatArray:
        """Return the values at every half spread of a unit, whose columns are noted."""
        points = sorted({item.amount for item in self.spreads if item is not None and item.unit == unit})
        self._place |= {(unit, point): 1 + 2 * place for place, point in enumerate(points)}
        return level_bumps(self.book, self.book.portfolios[0].currency, _BUMPED[unit], points)

    def all(self) -> TradeCosts:
        prices, n_held = self.prices, sum(line.is_held for line in self.lines)
        spread = np.array([self._spread(place) for place in range(len(self.lines))])
        rolls = np.array([self._rolls(place) for place in range(n_held, len(self.lines))])
        premium = np.array([self._premium(place) for place in range(n_held, len(self.lines))])
        volume = np.array([self._volume(place) for place in range(len(self.lines))])
        margin = np.array([self._set_aside(place) for place in range(n_held, len(self.lines))])
        held = self.lines[:n_held]
        own_price = self._own_values[[line.legs[0].row for line in held]]
        return TradeCosts(
            spread=frozen(spread / prices.scale),
            fee=frozen([self._fee(line) for line in self.lines] / prices.scale),
            impact=self._impact(volume),
            roll_share=frozen(rolls / prices.scale[n_held:]),
            premium=frozen((premium + rolls) / prices.scale[n_held:] / prices.horizon_years),
            size=frozen(prices.dealt / prices.scale),
            set_aside=frozen(margin / prices.scale[n_held:]),
            daily_volume=frozen(volume),
            lots=lot_table(held, own_price, prices.scale[:n_held], prices.nav),
            tax_rate=self.costs.tax_rate,
        )

    def _quoted(self, leg: BookLeg, spread: HalfSpread | None, side: float) -> tuple[float, float]:
        """Return what a unit of a leg trades at today and as it is carried: the ask for side 1."""
        if leg.ratio < 0.0:
            side = -side
        rows = [leg.row, leg.carried_row]
        mid = self._values["vol"][rows, 0]
        if spread is None:
            today, later = mid
        elif spread.unit in _BUMPED:
            column = self._place[spread.unit, spread.amount] + (0 if side > 0.0 else 1)
            today, later = self._values[spread.unit][rows, column]
        else:
            today, later = mid + side * spread.amount * np.abs(mid)
        return leg.ratio * float(today), leg.ratio * float(later)

    def _quote(self, place: int, side: float) -> tuple[float, float]:
        quotes = [self._quoted(leg, self.spreads[place], side) for leg in self.lines[place].legs]
        return math.fsum(today for today, _ in quotes), math.fsum(later for _, later in quotes)

    def _spread(self, place: int) -> float:
        """Return the distance from the mid at which a unit trades in the line's own direction."""
        line = self.lines[place]
        side = -line.sign if line.is_held else 1.0
        return abs(self._quote(place, side)[0] - float(self.prices.mid[place]))

    def _rolls(self, place: int) -> float:
        """Return the cost of all rolls of a unit: each sells what is left at the bid and buys at the ask.

        A swap is kept, and costs its running premium less what its value gains by coming nearer to its end.
        """
        line = self.lines[place]
        if self.prices.notional[place]:
            return max(0.0, float(self.prices.mid[place] - self.prices.later[place]))
        if not any(leg.is_rolled for leg in line.legs):
            return 0.0
        count = number_of_rolls(self.prices.horizon_years, line.half_life_years(self.book.market.as_of))
        return count * (self._quote(place, 1.0)[0] - self._quote(place, -1.0)[1] + 2.0 * self._fee(line))

    def _premium(self, place: int) -> float:
        if self.prices.notional[place]:
            return self._spread(place)
        return self._quote(place, 1.0)[0] if self.lines[place].is_option else 0.0

    def _set_aside(self, place: int) -> float:
        """Return the cash that a unit of a swap ties up: what it owes today, and its initial margin."""
        notional, mid = float(self.prices.notional[place]), float(self.prices.mid[place])
        return max(0.0, -mid) + self.costs.margin(self.lines[place].traits) * notional if notional else 0.0

    def _fee(self, line: Line) -> float:
        contracts = sum(abs(leg.ratio) for leg in line.legs) if line.is_option else 0.0
        return contracts * self.costs.fee_per_contract * self.prices.market_rate

    def _impact(self, volume: FloatArray) -> FloatArray:
        """Return k of k · x^1.5: c · daily vol · √(traded ÷ volume) of what is traded, an option's delta.

        A bond has no delta and no impact beyond its spread.
        """
        delta, mid = np.abs(self.prices.delta), np.abs(self.prices.mid)
        is_option = np.array([line.is_option for line in self.lines], np.bool_)
        base = np.where(is_option, delta, mid)
        has_price = is_option | (delta > 0.0)
        vol = np.where(has_price, daily_vols(self.lines, self.book.market), 0.0)
        share = np.where(np.isfinite(volume), 1.0 / np.sqrt(volume), 0.0)
        return frozen(self.costs.impact_coefficient * vol * base / self.prices.scale * share)

    def _volume(self, place: int) -> float:
        """Return the usual daily volume of a line, as a share of the base value in units of its scale."""
        line, prices = self.lines[place], self.prices
        found = self.costs.volume(line.traits)
        if line.is_option:
            share = 1.0 if found is None or found.share_of_underlying is None else found.share_of_underlying
            value = share * self._issuer_volume(line.issuer)
            unit = self._shares_value(line)
        else:
            issuer = line.issuer if line.type in _SHARES else ""
            value = self._value(issuer, found)
            unit = float(prices.notional[place]) or abs(float(prices.mid[place]))
        if not math.isfinite(value) or unit == 0.0:
            return math.inf
        return value * prices.market_rate / unit * float(prices.scale[place]) / prices.nav

    def _value(self, issuer: str, found: Volume | None) -> float:
        """Return value traded a day in the market's currency; infinite where nothing is known."""
        known = self.book.market.issuers.get(issuer)
        attributes = known.attributes if known else {}
        if _OWN_VOLUME in attributes:
            return 1e6 * float(attributes[_OWN_VOLUME])
        if found is not None and found.value is not None:
            return found.value
        if found is not None and found.share_of_market_cap is not None and _MARKET_CAP in attributes:
            return found.share_of_market_cap * 1e9 * float(attributes[_MARKET_CAP])
        return math.inf

    def _issuer_volume(self, issuer: str) -> float:
        if issuer not in self.book.market.issuers:  # an option on a currency, say
            return math.inf
        kind = self.book.market.issuers[issuer].kind
        tag = "fund" if kind in ("fund", "index") else "equity"
        traits = _share_traits(tag, issuer, self.book.market)
        return self._value(issuer, self.costs.volume(traits))

    def _shares_value(self, line: Line) -> float:
        """Return the value of the shares that one unit is on, in the portfolio's currency."""
        first = self.book.instruments[line.legs[0].row]
        levels = self.book.market.levels
        spot = next((levels[key] for key in first.requirements.factors if key.kind == "spot"), 0.0)
        return float(spot * getattr(first.spec, "multiplier", 1.0)) * self.prices.market_rate


def _share_traits(tag: str, issuer: str, market: MarketSnapshot) -> Traits:
    return traits_of(tag, instrument_type(tag).spec(issuer=issuer), market)
