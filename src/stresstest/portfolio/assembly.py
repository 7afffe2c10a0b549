"""Positions put together one by one: distinct instruments found, ids unique, weights complete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from stresstest.arrays import frozen, frozen_int
from stresstest.catalog import instrument_type
from stresstest.errors import InputError, Location, Problem, ProblemList
from stresstest.portfolio.model import Instrument, Lot, Positions, StatedValue
from stresstest.portfolio.spec import PortfolioHead, PositionHead

WEIGHT_TOLERANCE = 1e-9
"""Weights add to 1 within this, or the portfolio names its remainder."""

REMAINDER_ID = "remainder"
_REMAINDER_NAME = "what the weights leave"

_NAN = float("nan")


def weight_left(
    weights: Sequence[float], portfolio: PortfolioHead, location: Location, problems: ProblemList
) -> float:
    """Return the share of the total that `weights` leave to cash: 0 where they are complete, or wrong.

    What is wrong with them is added to `problems`: no total, one in another currency, a sum that is not 1.
    """
    if not weights:
        return 0.0
    if portfolio.total is None:
        problems.add(Problem("ST257", "weights without a total", "total: {value, currency}", location))
        return 0.0
    if portfolio.total.currency != portfolio.currency:
        got = f"total in {portfolio.total.currency}"
        problems.add(Problem("ST258", got, f"the portfolio's {portfolio.currency}", location))
    left = 1.0 - sum(weights)
    if abs(left) <= WEIGHT_TOLERANCE:
        return 0.0
    if portfolio.remainder != "cash" or left < 0.0:
        got = f"weights add to {1.0 - left:.6%}"
        problems.add(Problem("ST259", got, "100%, or less with remainder: cash", location))
        return 0.0
    return left


def with_remainder(
    instruments: tuple[Instrument, ...], positions: Positions, weight: float, currency: str
) -> tuple[tuple[Instrument, ...], Positions]:
    """Return `instruments` and `positions` with cash of `weight` as the last position.

    Raises
    ------
    InputError
        When a position has the id that the cash takes.
    """
    if REMAINDER_ID in positions.ids:
        where = positions.locate(positions.ids.index(REMAINDER_ID), "id")
        raise InputError(
            [Problem("ST250", f"position id {REMAINDER_ID!r} stands twice", "a unique id", where)]
        )
    cash = Instrument("cash", instrument_type("cash").spec(currency=currency))
    held = instruments if cash in instruments else (*instruments, cash)
    written = len(positions)

    def locate(position: int, field: str) -> Location:
        return positions.locate(min(position, written - 1), field)

    return held, Positions(
        (*positions.ids, REMAINDER_ID),
        frozen_int([*positions.instrument.tolist(), held.index(cash)]),
        frozen([*positions.quantity.tolist(), _NAN]),
        frozen([*positions.weight.tolist(), weight]),
        {tag: (*values, "") for tag, values in positions.tags.items()},
        (*positions.names, _REMAINDER_NAME),
        locate,
        positions.lots,
    )


class PositionCollector:
    """Collects positions in the order written; equal terms become one instrument."""

    def __init__(self, problems: ProblemList) -> None:
        self._problems = problems
        self._instruments: dict[Instrument, int] = {}
        self._ids: dict[str, int] = {}
        self._rows: list[tuple[int, float, float, str]] = []
        self._tags: dict[str, dict[int, str]] = {}
        self._lots: dict[int, tuple[Lot, ...]] = {}

    def add(self, head: PositionHead, spec: Any, locate: Callable[[str], Location]) -> None:
        """Add one position; an id used before is a problem."""
        first = self._ids.setdefault(head.id, len(self._rows))
        if first != len(self._rows):
            self._problems.add(
                Problem("ST250", f"position id {head.id!r} stands twice", "a unique id", locate("id"))
            )
            return
        for tag, value in head.tags.items():
            self._tags.setdefault(tag, {})[len(self._rows)] = value
        if head.cost_price is not None and head.quantity is not None:
            self._lots[len(self._rows)] = (Lot(head.quantity, head.cost_price),)
        elif head.lots:
            self._lots[len(self._rows)] = tuple(Lot(lot.quantity, lot.price, lot.date) for lot in head.lots)
        instrument = self._instrument(head, spec)
        row = self._instruments.setdefault(instrument, len(self._instruments))
        quantity = _NAN if head.quantity is None else head.quantity
        self._rows.append((row, quantity, _NAN if head.weight is None else head.weight, head.name))

    def _instrument(self, head: PositionHead, spec: Any) -> Instrument:
        if head.stated_value is None or head.stated_date is None or head.quantity is None:
            return Instrument(head.type, spec, proxy=head.proxy or "")
        stated = StatedValue(head.stated_value, head.stated_date, head.quantity)
        return Instrument(head.type, spec, head.id, stated, head.proxy or "")

    def add_remainder(self, portfolio: PortfolioHead, location: Location) -> None:
        """Complete weights with cash where the portfolio says so; check what they add to."""
        weights = [weight for _, _, weight, _ in self._rows if weight == weight]  # noqa: PLR0124 - NaN
        left = weight_left(weights, portfolio, location, self._problems)
        if left == 0.0:
            return
        spec = instrument_type("cash").spec(currency=portfolio.currency)
        head = PositionHead.model_construct(id=REMAINDER_ID, type="cash", weight=left, name=_REMAINDER_NAME)
        self.add(head, spec, lambda _: location)

    def instruments(self) -> tuple[Instrument, ...]:
        """Return the distinct instruments."""
        return tuple(self._instruments)

    def positions(self, locate: Callable[[int, str], Location]) -> Positions:
        """Return the positions as columns."""
        count = len(self._rows)
        tags = {
            tag: tuple(values.get(row, "") for row in range(count))
            for tag, values in sorted(self._tags.items())
        }
        return Positions(
            ids=tuple(self._ids),
            instrument=frozen_int([row[0] for row in self._rows]),
            quantity=frozen([row[1] for row in self._rows]),
            weight=frozen([row[2] for row in self._rows]),
            tags=tags,
            names=tuple(row[3] for row in self._rows),
            locate=locate,
            lots=dict(self._lots),
        )
