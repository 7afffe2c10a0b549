"""How severe each scenario must be, how far each driver must go, and which two scenarios do it together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import combinations

from stresstest.errors import InputError
from stresstest.measures.network_holders import with_holders
from stresstest.measures.sweep import SEVERITY, Axis, Point, Sweeper, driver_of
from stresstest.portfolio.book import Book
from stresstest.revaluation.totals import stress_totals
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.scenario import Include, Scenario, ScenarioSet
from stresstest.scenarios.table import ColumnTable

MOST_SEVERE = 3.0
"""Severity beyond which no scenario is taken."""

PAIRED = 5
"""Instantaneous scenarios, the least severe ones, of which pairs are tried."""

_GRID = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, MOST_SEVERE)
_DRIVER_STEPS = 12
_PAIR_STEPS = 4
_WORTH = 1e-3
_TOLERANCE = 1e-8
_MOST_ROUNDS = 40
_NARROW = 1e-12
_CLOSE = 1e-3


@dataclass(frozen=True, slots=True)
class DriverNeeded:
    """Where a driver makes a scenario at severity 1 begin, or cease, to cost the target.

    Attributes
    ----------
    own
        Its value in the scenario.
    needed
        The value nearest to its own at which the target is just lost; None without one in its range.
    text
        `needed` as people write it.
    """

    driver: str
    own: float
    needed: float | None
    text: str


@dataclass(frozen=True, slots=True)
class SeverityNeeded:
    """How severe a scenario must be to cost the target.

    Attributes
    ----------
    severity
        The smallest, 1 as written; None where none up to `MOST_SEVERE` does.
    loss
        There, or the largest that was found; at the worst date of a path.
    at
        Severity of `loss`.
    problem
        Why the scenario could not be valued, or nothing.
    is_path
        Whether it has several dates: the worst one counts.
    """

    scenario: str
    title: str
    horizon: str
    severity: float | None
    loss: float
    at: float
    drivers: tuple[DriverNeeded, ...] = ()
    problem: str = ""
    is_path: bool = False


@dataclass(frozen=True, slots=True)
class PairNeeded:
    """Two scenarios that cost the target together, at one severity below what either needs alone.

    Where both move a factor the larger move counts, so that nothing is counted twice.
    """

    first: str
    second: str
    severity: float


@dataclass(frozen=True, slots=True)
class Severities:
    """What it takes of each scenario, the least severe first, and the cheapest pair."""

    amount: float
    base_value: float
    currency: str
    portfolio: str
    needed: tuple[SeverityNeeded, ...]
    pair: PairNeeded | None

    @property
    def reached(self) -> bool:
        """Whether some scenario costs the amount."""
        return any(item.severity is not None for item in self.needed)


def severities_needed(book: Book, scenarios: ScenarioSet, loss: float) -> Severities:
    """Return how severe each of `scenarios` must be to cost the first portfolio of `book` a share.

    Parameters
    ----------
    book
        Compiled with the scenarios, so that claims on issuers that default can.
    loss
        Share of the absolute base value, positive.
    """
    acting = with_holders(scenarios, book)
    base_value = _base_value(book)
    amount = loss * abs(base_value)
    needed = [_severity_needed(book, scenario, amount) for scenario in acting]
    needed.sort(key=lambda item: (item.severity is None, item.severity or -item.loss))
    held = book.portfolios[0]
    return Severities(
        amount,
        base_value,
        held.currency,
        held.name,
        tuple(needed),
        _cheapest_pair(book, acting, needed, amount),
    )


def _severity_needed(book: Book, scenario: Scenario, amount: float) -> SeverityNeeded:
    sweeper = Sweeper(book, scenario, Axis(SEVERITY, 0.0, MOST_SEVERE))
    found = SeverityNeeded(
        scenario.name, scenario.title, scenario.horizon, None, 0.0, 0.0, is_path=scenario.goes_on
    )
    try:
        points = sweeper.points(_GRID)
        crossing = _first_crossing(sweeper, points, amount)
        found = replace(found, drivers=tuple(_drivers_needed(book, scenario, amount)))
    except InputError as error:
        return replace(found, problem=error.problems[0].got)
    if crossing is not None:
        return replace(found, severity=crossing.x, loss=_loss(crossing), at=crossing.x)
    worst = max((point for point in points if point.possible), key=_loss, default=points[0])
    return replace(found, loss=_loss(worst), at=worst.x)


def _drivers_needed(book: Book, scenario: Scenario, amount: float) -> Iterator[DriverNeeded]:
    for name in scenario.driver_names:
        driver = driver_of(scenario, name)
        if driver is None or not driver.low < driver.high:
            continue
        axis = Axis(name, driver.low, driver.high)
        sweeper = Sweeper(book, scenario, axis)
        own = driver.value
        steps = [
            driver.low + (driver.high - driver.low) * step / _DRIVER_STEPS for step in range(_DRIVER_STEPS)
        ]
        grid = sorted({*steps, driver.high, own})
        points = sweeper.points(grid)
        at = grid.index(own)
        found = [_edge(sweeper, side, amount) for side in (points[at:], points[at::-1])]
        nearest = min((point for point in found if point), key=lambda point: abs(point.x - own), default=None)
        needed = None if nearest is None else nearest.x
        yield DriverNeeded(name, own, needed, "" if needed is None else axis.text(needed, scenario))


def _edge(sweeper: Sweeper, points: Sequence[Point], amount: float) -> Point | None:
    """Return where, away from the first point, the amount begins or ceases to be lost; None where neither."""
    if not all(point.possible for point in points):
        return None
    costs = [_loss(point) >= amount for point in points]
    change = next((place for place, enough in enumerate(costs) if enough != costs[0]), None)
    if change is None:
        return None
    low, high = sorted(points[change - 1 : change + 1], key=_loss)
    return _between(sweeper, low, high, amount)


def _first_crossing(sweeper: Sweeper, points: Sequence[Point], amount: float) -> Point | None:
    """Return the first point of an ordered grid that costs the amount, between its neighbours exactly."""
    before: Point | None = None
    for point in points:
        if not point.possible:
            return None
        if _loss(point) >= amount:
            return point if before is None else _between(sweeper, before, point, amount)
        before = point
    return None


def _between(sweeper: Sweeper, low: Point, high: Point, amount: float) -> Point:
    """Return where the loss first is the amount; of a jump its far side.

    Each round values, in one revaluation, the secant's guess, its close neighbours and the quarters.
    """
    for _ in range(_MOST_ROUNDS):
        span = high.x - low.x
        if abs(_loss(high) - amount) <= _TOLERANCE * amount or abs(span) <= _NARROW:
            break
        guess = (amount - _loss(low)) / (_loss(high) - _loss(low))
        parts = {0.25, 0.5, 0.75, guess - _CLOSE, guess, guess + _CLOSE}
        between = sorted({low.x + part * span for part in parts if 0.0 < part < 1.0}, reverse=span < 0.0)
        for point in sweeper.points([x for x in between if x not in {low.x, high.x}], between=True):
            if not point.possible:
                return high
            if _loss(point) >= amount:
                high = point
                break
            low = point
    return high


def _loss(point: Point) -> float:
    return -float(point.worst[0])


def _base_value(book: Book) -> float:
    columns = FactorColumns(ColumnTable.instant([]), book.market.levels, {})
    return stress_totals(book, columns).portfolios[0].base_value


def _cheapest_pair(
    book: Book, scenarios: ScenarioSet, needed: Sequence[SeverityNeeded], amount: float
) -> PairNeeded | None:
    """Return the pair that needs least of the scenarios that do alone; None where no pair needs less."""
    alone = {item.scenario: item.severity for item in needed if item.severity}
    instant = {scenario.name: scenario for scenario in scenarios if not scenario.goes_on}
    near = [(instant[name], severity) for name, severity in alone.items() if name in instant][:PAIRED]
    found = [pair for one, other in combinations(near, 2) if (pair := _pair(book, (one, other), amount))]
    return min(found, key=lambda pair: pair.severity, default=None)


def _pair(
    book: Book, near: tuple[tuple[Scenario, float], tuple[Scenario, float]], amount: float
) -> PairNeeded | None:
    """Return how severe both must be together; None where that is not less than one of them alone."""
    (first, alone), (second, other) = near
    if _differ(first.network, second.network) or _differ(first.propagate, second.propagate):
        return None
    both = Scenario(
        *("pair", (), first.horizon),
        include=(Include(first), Include(second)),
        combine="worst_of_factor",
        network=first.network or second.network,
        propagate=first.propagate or second.propagate,
    )
    most = min(alone, other)
    with suppress(InputError):
        sweeper = Sweeper(book, both, Axis(SEVERITY, 0.0, most))
        points = sweeper.points([most * step / _PAIR_STEPS for step in range(_PAIR_STEPS + 1)])
        found = _first_crossing(sweeper, points, amount)
        if found is not None and found.x < most * (1.0 - _WORTH):
            return PairNeeded(first.name, second.name, found.x)
    return None


def _differ(one: object, other: object) -> bool:
    """Tell whether two scenarios want different ones of what a whole can have only one of."""
    return one is not None and other is not None and one != other
