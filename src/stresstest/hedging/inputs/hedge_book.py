"""One book of a portfolio and everything that a policy lets it buy, and the lines that trades are made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from stresstest.arrays import frozen, frozen_int
from stresstest.catalog import instrument_type
from stresstest.hedging.inputs.factor_bumps import base_units
from stresstest.hedging.inputs.lines import BookLeg, Line, TaxLot, half_life_days, in_fixed_order
from stresstest.hedging.policies.candidates import SWAPS_ON_NOTIONAL, Candidate
from stresstest.hedging.policies.policy import SellTerms
from stresstest.hedging.policies.traits import traits_of
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.book import Book, compile_book
from stresstest.portfolio.model import Instrument, Portfolio, Positions
from stresstest.revaluation.holdings import BaseValues, hold

UNIVERSE = "universe"
"""Name of the second portfolio of the book: one unit of everything that can be bought."""


@dataclass(frozen=True)
class HedgeBook:
    """Portfolio and candidates compiled together.

    Attributes
    ----------
    lines
        In fixed order.
    cash_row
        Row of one unit of the portfolio's currency.
    cash_before
        Cash of that currency that the portfolio holds.
    """

    book: Book
    lines: tuple[Line, ...]
    cash_row: int
    cash_before: float


def carried(instrument: Instrument, as_of: date) -> Instrument:
    """Return what an instrument that is bought is carried at: an option with half of its life gone."""
    expiry = getattr(instrument.spec, "expiry", None)
    if not isinstance(expiry, date):
        return instrument
    aged = as_of + timedelta(days=half_life_days(expiry, as_of))
    return Instrument(instrument.tag, instrument.spec.model_copy(update={"expiry": aged}))


def hedge_book(
    portfolio: Portfolio, candidates: Sequence[Candidate], market: MarketSnapshot, sell: SellTerms
) -> HedgeBook:
    """Return the book of `portfolio` and one unit of every candidate, fresh and as it is carried.

    Raises
    ------
    InputError
        With every position that cannot be found, valued, shocked or converted.
    """
    currency = portfolio.currency or market.currency
    cash = Instrument("cash", instrument_type("cash").spec(currency=currency))
    fresh = [leg.instrument for candidate in candidates for leg in candidate.legs]
    wanted = list(dict.fromkeys([cash, *fresh, *(carried(item, market.as_of) for item in fresh)]))
    book = compile_book([portfolio, _one_of_each(wanted, currency)], market)
    rows = dict(zip(wanted, book.portfolios[1].instrument.tolist(), strict=True))
    held, cash_before = _held(book, rows[cash], sell)
    bought = [_bought(candidate, rows, market.as_of) for candidate in candidates]
    return HedgeBook(book, in_fixed_order([*held, *bought]), rows[cash], cash_before)


def _one_of_each(instruments: Sequence[Instrument], currency: str) -> Portfolio:
    count = len(instruments)
    positions = Positions(
        ids=tuple(f"{UNIVERSE}-{place}" for place in range(count)),
        instrument=frozen_int(np.arange(count)),
        quantity=frozen(np.ones(count)),
        weight=frozen(np.full(count, np.nan)),
    )
    return Portfolio(UNIVERSE, currency, tuple(instruments), positions)


def _held(book: Book, cash_row: int, sell: SellTerms) -> tuple[list[Line], float]:
    """Return the held lines, and the cash of the portfolio's currency, which is none."""
    units = base_units(book)
    owner = book.portfolios[0]
    quantity = hold(book, BaseValues(units.value[:, 0], units.fx[:, 0], units.conversions))[0].quantity
    lines, cash = [], []
    for place, row in enumerate(owner.instrument.tolist()):
        if row == cash_row:
            cash.append(float(quantity[place]))
        elif quantity[place] != 0.0 and np.isfinite(quantity[place] * units.value[row, 0]):
            lines.append(_held_line(book, place, float(quantity[place]), sell))
    return lines, math.fsum(cash)


def _held_line(book: Book, place: int, quantity: float, sell: SellTerms) -> Line:
    positions = book.portfolios[0].positions
    row = int(book.portfolios[0].instrument[place])
    item = book.instruments[row]
    traits = traits_of(item.tag, item.spec, book.market)
    chosen = sell.all or (sell.select is not None and sell.select.matches(traits))
    kept = sell.excluded is not None and sell.excluded.matches(traits)
    name = positions.names[place] if positions.names else ""
    issuer = traits.values.get("issuer", item.issuer.split("#", 1)[0])
    return Line(
        *(positions.ids[place], name or positions.ids[place], True, quantity, (BookLeg(1.0, row, row),)),
        *(item.tag, issuer, traits),
        can_sell=chosen and not kept,
        expiry=_expiry(item.spec),
        lots=_lots(positions, place),
    )


def _lots(positions: Positions, place: int) -> tuple[TaxLot, ...]:
    return tuple(TaxLot(abs(lot.quantity), lot.price) for lot in positions.lots.get(place, ()))


def _bought(candidate: Candidate, rows: dict[Instrument, int], as_of: date) -> Line:
    legs = tuple(
        BookLeg(leg.units, rows[leg.instrument], rows[carried(leg.instrument, as_of)])
        for leg in candidate.legs
    )
    return Line(
        *(candidate.id, candidate.label, False, 0.0, legs),
        *(
            "package" if candidate.is_package else candidate.instrument.tag,
            candidate.traits.values.get("issuer", ""),
            candidate.traits,
        ),
        lot_size=candidate.lot_size,
        seller=candidate.seller,
        is_cleared=candidate.cleared,
        source=candidate.source,
        universe_line=candidate.line,
        is_on_index=candidate.instrument.tag in SWAPS_ON_NOTIONAL
        or (candidate.option is not None and candidate.option.is_index),
        expiry=_expiry(candidate.instrument.spec),
    )


def _expiry(spec: Any) -> date | None:
    expiry = getattr(spec, "expiry", None)
    return expiry if isinstance(expiry, date) else None
