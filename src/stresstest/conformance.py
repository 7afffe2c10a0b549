"""What every instrument type must do, checked on examples through the engine: for our types and for others'.

A type's own tests call `violations(examples, market)` and assert that it is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from stresstest.arrays import FloatArray, frozen, frozen_int
from stresstest.errors import InputError
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.binding import BoundInstrument, bind
from stresstest.portfolio.book import Book, compile_book
from stresstest.portfolio.model import Instrument, Portfolio, Positions
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.gauges import ContractGauges
from stresstest.revaluation.result import PortfolioResult
from stresstest.revaluation.totals import apply_holdings, stress_totals
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.histories import AGED
from stresstest.scenarios.table import BASE, NO_DRAW, ColumnTable

_WIDTH = 97
_BUMP = 0.03
_GROUNDS = (1.0, 0.2)
"""What forward curves of prices are multiplied by: collateral moves no claim that it covers in full."""
_EARNING = (
    "zero_rate", "basis", "credit_spread", "hazard_rate", "dividend_yield", "borrow_fee", "inflation",
    "implied_vol", "vol_skew", "vol_curvature", "normal_vol",
)  # fmt: skip
"""Kinds of factors whose level makes a value change with time alone."""
_AGES_DAYS = tuple(sorted({round(1.18**power) for power in range(60)}))
"""From a day to 48 years."""
_AGEING_GAP = 1e-9


def violations(examples: Sequence[Instrument], market: MarketSnapshot) -> list[str]:
    """Return what `examples` do that no instrument may, in words; an empty list where all is well.

    Checked on each example: a value exists, and an unmoved column has exactly the base value; the value is
    linear in quantity, exactly for powers of two; company, order and chunk borders change no bit of it;
    it moves with every factor that it declares and with no other; a factor that is not a number gives a
    failure; a missing factor gives an `InputError` that names position and factor; where nothing earns and
    nothing moves, time changes nothing: what leaves the value has been paid, once; gauges of what may flip in
    it are numbers, given contract by contract, alike in any company, and moved by declared factors only.

    Parameters
    ----------
    examples
        Instruments of one or more types that `market` can price.
    market
        Any snapshot.
    """
    checks: tuple[Callable[[Sequence[Instrument], MarketSnapshot], Iterator[str]], ...] = (
        _zero_shock,
        _linearity,
        _order_and_company,
        _declared_factors,
        _not_a_number,
        _missing_factor,
        _ageing,
        _triggers,
    )
    return [text for check in checks for text in check(examples, market)]


def _portfolio(
    examples: Sequence[Instrument],
    market: MarketSnapshot,
    quantity: float = 1.0,
    rows: Sequence[int] | None = None,
) -> Portfolio:
    """Return a position in each example; `rows` number them: private factors bear a position's id."""
    count = len(examples)
    positions = Positions(
        ids=tuple(f"p{row}" for row in rows or range(count)),
        instrument=frozen_int(range(count)),
        quantity=frozen(np.full(count, quantity)),
        weight=frozen(np.full(count, np.nan)),
        names=("",) * count,
    )
    return Portfolio("conformance", market.currency, tuple(examples), positions)


def _run(book: Book, columns: FactorColumns) -> PortfolioResult:
    return apply_holdings(book, revalue(book, columns)).portfolios[0]


def _columns(book: Book, moved: dict[RiskFactorKey, FloatArray], count: int) -> FactorColumns:
    names = [f"s{number}" for number in range(count)]
    return FactorColumns(ColumnTable.instant(names), book.market.levels, moved)


def _random(book: Book) -> FactorColumns:
    """Return columns in which every factor of the book moves by up to a tenth."""
    generator = np.random.default_rng(11)
    moved = {}
    for key in book.factor_keys:
        row = book.market.levels[key] * (1.0 + 0.1 * generator.uniform(-1.0, 1.0, _WIDTH + 1))
        row[0] = book.market.levels[key]
        moved[key] = row
    return _columns(book, moved, _WIDTH)


def _zero_shock(examples: Sequence[Instrument], market: MarketSnapshot) -> Iterator[str]:
    book = compile_book([_portfolio(examples, market)], market)
    result = _run(book, _columns(book, {}, 3))
    for row, values in enumerate(result.position_value):
        if not np.isfinite(values).all():
            yield f"{_name(book, row)}: no finite base value"
        elif (values != values[0]).any():
            yield f"{_name(book, row)}: an unmoved column differs from the base"


def _linearity(examples: Sequence[Instrument], market: MarketSnapshot) -> Iterator[str]:
    values = {}
    for quantity in (1.0, 2.0, -1.0):
        book = compile_book([_portfolio(examples, market, quantity)], market)
        values[quantity] = _run(book, _random(book)).position_value
        if ((quantity * values[1.0]) != values[quantity]).any():
            yield f"{quantity:g} units are not exactly {quantity:g} times one unit"


def _order_and_company(examples: Sequence[Instrument], market: MarketSnapshot) -> Iterator[str]:
    book = compile_book([_portfolio(examples, market)], market)
    columns = _random(book)
    together = _run(book, columns)
    backwards = range(len(examples))[::-1]
    turned = _run(compile_book([_portfolio(examples[::-1], market, rows=backwards)], market), columns)
    if turned.value.tobytes() != together.value.tobytes():
        yield "the total depends on the order of positions"
    if stress_totals(book, columns, threads=2).portfolios[0].value.tobytes() != together.value.tobytes():
        yield "the total depends on how columns are cut"
    for row, example in enumerate(examples):
        alone = _run(compile_book([_portfolio([example], market, rows=[row])], market), columns)
        if alone.position_value[0].tobytes() != together.position_value[row].tobytes():
            yield f"{_name(book, row)}: the value depends on the other positions"


def _declared_factors(examples: Sequence[Instrument], market: MarketSnapshot) -> Iterator[str]:
    for example in examples:
        book = compile_book([_portfolio([example], market)], market)
        (item,) = book.instruments
        declared = [key for key in item.requirements.factors if key in book.market.levels]
        still = declared
        for ground in _GROUNDS:
            moving = _moving(book, still, ground)
            still = [key for key in still if key not in moving]
        for key in still:
            yield f"{_name(book, 0)}: declares {key}, which does not move its value"
        others = {key: _bumped(level) for key, level in book.market.levels.items() if key not in declared}
        rows = {key: np.array([book.market.levels[key], level]) for key, level in others.items()}
        if (np.diff(revalue(book, _columns(book, rows, 1)).value[0]) != 0.0).any():
            yield f"{_name(book, 0)}: a factor that it does not declare moves its value"


def _moving(book: Book, keys: Sequence[RiskFactorKey], ground: float) -> set[RiskFactorKey]:
    """Return those of `keys` that move the first instrument's value, prices multiplied by `ground`."""
    levels = book.market.levels
    prices = [
        curve.key(node)
        for curve in book.market.price_curves.values()
        if curve.kind not in _EARNING
        for node in range(len(curve.tenors))
    ]
    # The base, the ground, then one column for each key.
    moved = {key: np.array([levels[key], *([ground * levels[key]] * (len(keys) + 1))]) for key in prices}
    for place, key in enumerate(keys, start=2):
        moved.setdefault(key, np.full(len(keys) + 2, levels[key]))
        moved[key][place] = _bumped(moved[key][place])
    values = revalue(book, _columns(book, moved, len(keys) + 1)).value[0, 1:]
    return {key for key, value in zip(keys, values[1:], strict=True) if value != values[0]}


def _bumped(level: float) -> float:
    return level * (1.0 + _BUMP) if level else _BUMP


def _not_a_number(examples: Sequence[Instrument], market: MarketSnapshot) -> Iterator[str]:
    for example in examples:
        book = compile_book([_portfolio([example], market)], market)
        for key in book.instruments[0].requirements.factors:
            row = np.array([book.market.levels[key], np.nan])
            result = _run(book, _columns(book, {key: row}, 1))
            if not result.failures or not np.isfinite(result.value).all():
                yield f"{_name(book, 0)}: {key} that is not a number is no failure"


def _missing_factor(examples: Sequence[Instrument], market: MarketSnapshot) -> Iterator[str]:
    for example in examples:
        item: BoundInstrument = bind([_portfolio([example], market)], market).instruments[0]
        for key in item.requirements.factors:
            if key not in market.levels:
                continue
            text = _error_without(key, example, market)
            if text is None:
                yield f"{item.tag}: a market without {key} is accepted"
            elif "p0" not in text or key.name not in text:
                yield f"{item.tag}: without {key} the error names not both position and factor: {text}"


def _error_without(key: RiskFactorKey, example: Instrument, market: MarketSnapshot) -> str | None:
    """Return what a market without `key` is refused with, or None where it is accepted."""
    lacking = {other: level for other, level in market.levels.items() if other != key}
    try:
        bind([_portfolio([example], market)], replace(market, levels=lacking))
    except InputError as error:
        return "\n".join(problem.format() for problem in error.problems)
    return None


def _ageing(examples: Sequence[Instrument], market: MarketSnapshot) -> Iterator[str]:
    book = compile_book([_portfolio(examples, market)], market)
    for row, values in enumerate(_run(book, _still(book)).position_value[:, 1:]):
        changed = abs(values - values[0])
        if not np.isfinite(values).all():
            yield f"{_name(book, row)}: no finite value along a path"
        elif changed.max() > _AGEING_GAP * max(abs(values[0]), 1.0):
            days = _AGES_DAYS[int((changed > _AGEING_GAP).argmax()) - 1]
            yield f"{_name(book, row)}: without rates, spreads and vols {days} days change value and cash"


def _triggers(examples: Sequence[Instrument], market: MarketSnapshot) -> Iterator[str]:
    book = compile_book([_portfolio(examples, market)], market)
    columns, every = _random(book), ContractGauges(book)
    together = every.at(columns)
    for row, item in enumerate(book.instruments):
        numbers = [number for number, gauge in enumerate(every.gauges) if gauge.instrument == row]
        own = ContractGauges(book, [row])
        if np.isnan(together[numbers]).any():
            yield f"{item.tag} {item.spec!r}: a gauge is no number"
        if own.gauges != [every.gauges[number] for number in numbers]:
            yield f"{item.tag} {item.spec!r}: its gauges depend on the other contracts"
        elif own.at(columns).tobytes() != together[numbers].tobytes():
            yield f"{item.tag} {item.spec!r}: what its gauges show depends on the other contracts"
        others = {
            key: level for key, level in book.market.levels.items() if key not in item.requirements.factors
        }
        rows = {key: np.array([level, _bumped(level)]) for key, level in others.items()}
        shown = own.at(_columns(book, rows, 1))
        if (shown[:, 0] != shown[:, 1]).any():
            yield f"{item.tag} {item.spec!r}: a factor that it does not declare moves a gauge"


def _still(book: Book) -> FactorColumns:
    """Return a path on which rates, spreads, yields and vols are 0 and forward curves flat from today on."""
    count = len(_AGES_DAYS)
    table = ColumnTable(
        scenario=(BASE, *("still" for _ in range(count + 1))),
        slice=np.array([0, *range(count + 1)]),
        stage=(BASE, "direct", *(AGED for _ in range(count))),
        draw=np.full(count + 2, NO_DRAW),
        probability=np.full(count + 2, np.nan),
    )
    levels = book.market.levels
    still = {key: 0.0 for key in levels if key.kind in _EARNING} | _flat_prices(book.market)
    moved = {key: np.array([levels[key], *([level] * (count + 1))]) for key, level in still.items()}
    return FactorColumns(table, levels, moved, (0.0, *(days / 365 for days in _AGES_DAYS)))


def _flat_prices(market: MarketSnapshot) -> dict[RiskFactorKey, float]:
    """Return every forward curve of prices at its earliest level, so that nothing is earned by waiting."""
    return {
        curve.key(node): market.levels[curve.key(0)]
        for curve in market.price_curves.values()
        if curve.kind not in _EARNING
        for node in range(len(curve.tenors))
    }


def _name(book: Book, position: int) -> str:
    item = book.instruments[int(book.portfolios[0].instrument[position])]
    return f"{item.tag} {item.spec!r}"
