"""The book after the trades of a plan: as it is traded, and as the plan values it with its options rolled."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from stresstest.arrays import FloatArray
from stresstest.catalog import instrument_type
from stresstest.hedging.inputs.hedge_book import carried
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.inputs.lines import Line
from stresstest.hedging.inputs.trading_costs import CostShares
from stresstest.hedging.plans.trades_file import (
    BUY,
    CASH,
    COVER,
    KIND_TAG,
    RESERVE,
    SELL,
    WRITE,
    TradeRow,
    holdings_of,
    trades_portfolio,
    with_trades,
)
from stresstest.portfolio.model import Instrument, Portfolio

RESERVE_ID = "roll-reserve"
CARRIED = "-rolled"
_ROUNDING = 1e-11
_RESERVE_NAME = "set aside for rolling the options bought, within the policy's horizon"
_CASH_NAME = "paid for purchases and costs, less what sales bring"


def trades_of(inputs: HedgeInputs, sell: FloatArray, buy: FloatArray, costs: CostShares) -> Portfolio:
    """Return trades as a portfolio: what is bought and sold, the cash that moves, the reserve for rolls.

    Parameters
    ----------
    sell
        `(n_held,)` units by which each held position is reduced.
    buy
        `(n_candidates,)` units bought.
    costs
        Of these trades, as shares of the base value.
    """
    rows = [*_sold(inputs, sell), *_bought(inputs, buy)]
    if rows:
        rows += _cash(inputs, sell, buy, costs)
    return trades_portfolio(f"{inputs.book.portfolios[0].name}_trades", inputs.currency, _netted(rows))


def hedged_book(portfolio: Portfolio, trades: Portfolio) -> Portfolio:
    """Return the book as it stands on the evening of the trades, the reserve for rolls taken out of cash."""
    return with_trades(portfolio, trades)


def carried_book(portfolio: Portfolio, trades: Portfolio, as_of: date) -> Portfolio:
    """Return the book as the plan values it: options that were bought have half of their life behind them.

    What the book held before stays as it is, also where the plan buys more of the same.
    """
    kinds = trades.positions.tags.get(KIND_TAG, ())
    rows = []
    for holding, kind in zip(holdings_of(trades), kinds, strict=True):
        aged = carried(holding.instrument, as_of) if kind in (BUY, WRITE) else holding.instrument
        name = holding.id if aged == holding.instrument else holding.id + CARRIED
        rows.append(TradeRow(name, aged, holding.quantity, kind, holding.name, holding.tags))
    return with_trades(portfolio, trades_portfolio(trades.name, trades.currency, rows))


def _sold(inputs: HedgeInputs, sell: FloatArray) -> Iterator[TradeRow]:
    own = inputs.book.portfolios[0].portfolio
    places = {name: place for place, name in enumerate(own.positions.ids)}
    for line, units in zip(inputs.held, sell.tolist(), strict=True):
        if units > 0.0:
            place = places[line.id]
            instrument = own.instruments[int(own.positions.instrument[place])]
            kind = COVER if line.sign < 0.0 else SELL
            amount = whole_lots(units, lot_of(inputs, line))
            yield TradeRow(
                line.id,
                instrument,
                -line.sign * amount,
                kind,
                line.label,
                _tags(amount / lot_of(inputs, line)),
            )


def _bought(inputs: HedgeInputs, buy: FloatArray) -> Iterator[TradeRow]:
    for line, units in zip(inputs.candidates, buy.tolist(), strict=True):
        if units > 0.0:
            for place, leg in enumerate(line.legs):
                item = inputs.book.instruments[leg.row]
                name = line.id if len(line.legs) == 1 else f"{line.id}-{place + 1}"
                kind = BUY if leg.ratio > 0.0 else WRITE
                terms = Instrument(item.tag, item.spec)
                amount = whole_lots(units, lot_of(inputs, line))
                yield TradeRow(
                    name, terms, leg.ratio * amount, kind, line.label, _tags(amount / lot_of(inputs, line))
                )


def whole_lots(units: float, lot_size: float) -> float:
    """Return `units` as a whole number of lots where only rounding keeps them from it.

    Examples
    --------
    >>> whole_lots(47_999.99999999999, 100.0), whole_lots(50.5, 100.0)
    (48000.0, 50.5)
    """
    whole = round(units / lot_size) * lot_size
    return whole if abs(units - whole) <= _ROUNDING * max(units, lot_size) else units


def lot_of(inputs: HedgeInputs, line: Line) -> float:
    """Return the units that a line is traded in: of a position, by its type."""
    return inputs.policy.costs.lot_size(line.type) if line.is_held else line.lot_size


def _tags(lots: float) -> dict[str, str]:
    return {"lots": f"{lots:.10g}"}


def _cash(inputs: HedgeInputs, sell: FloatArray, buy: FloatArray, costs: CostShares) -> Iterator[TradeRow]:
    """Yield the row of the cash that moves, and that of the reserve for rolls where there are any."""
    signs = [*inputs.sign[: inputs.n_held].tolist(), *[-1.0] * len(buy)]
    traded = zip(signs, inputs.unit_value.tolist(), [*sell.tolist(), *buy.tolist()], strict=True)
    moved = math.fsum(sign * mid * units for sign, mid, units in traded if units) - costs.trading * inputs.nav
    cash = Instrument("cash", instrument_type("cash").spec(currency=inputs.currency))
    own = inputs.book.portfolios[0].portfolio
    fresh = f"cash-{inputs.currency.lower()}"
    name = next((item.id for item in holdings_of(own) if item.instrument == cash), fresh)
    yield TradeRow(name, cash, moved, CASH, _CASH_NAME)
    if costs.rolls:
        yield TradeRow(RESERVE_ID, cash, -costs.rolls * inputs.nav, RESERVE, _RESERVE_NAME)


def _netted(rows: list[TradeRow]) -> list[TradeRow]:
    """Return the rows with those of one id added up: a name that is sold and bought is traded once."""
    netted: dict[str, TradeRow] = {}
    for row in rows:
        first = netted.get(row.id)
        if first is None:
            netted[row.id] = row
        else:
            quantity = first.quantity + row.quantity
            netted[row.id] = replace(first, quantity=quantity, kind=SELL if quantity < 0.0 else BUY)
    return [row for row in netted.values() if row.quantity]
