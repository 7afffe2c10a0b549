"""Events against a market: the levels that they give factors, on top of what lines do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from stresstest.errors import Problem, ProblemList
from stresstest.market.keys import RiskFactorKey
from stresstest.market.ratings import lowered, rating_bucket
from stresstest.market.recoveries import CONVENTIONAL_RECOVERY
from stresstest.market.snapshot import MarketSnapshot, Provenance
from stresstest.quantity import Shift, ShiftType
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.effects import ScenarioWarning
from stresstest.scenarios.event import (
    EVENT_ATTRIBUTES,
    NOTICE,
    SENIORITIES,
    Default,
    DividendCut,
    Downgrade,
    Event,
    Halt,
)
from stresstest.scenarios.lines import Hit, Line, Reach
from stresstest.scenarios.moves import DirectMoves, Move
from stresstest.scenarios.network_factors import with_network_factors
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock
from stresstest.scenarios.selectors import no_match, select, unmatched_values
from stresstest.scenarios.wording import place_text

_SAME_SEVERITY = 1e-12
_NO_SHIFT = Shift(ShiftType.ABSOLUTE, 0.0, "abs")


class EventLine(Line):
    """The part of an event that moves factors of one kind.

    `has_size` tells a downgrade or a dividend cut, which combine with other moves as lines do, from a default
    or a halt, which leave nothing to combine.
    """

    noun = "event"

    def __init__(self, number: int, event: Event, kind: str) -> None:
        shock = Shock(event.select, kind, _NO_SHIFT, location=event.location, locations=event.locations)
        super().__init__(number, shock)
        self.event = event
        self.reason = event.what.name
        self.has_size = isinstance(event.what, Downgrade | DividendCut)


@dataclass(frozen=True, slots=True)
class EventHistory:
    """What events have done on a path before.

    Attributes
    ----------
    first
        The market today: a downgrade widens by distances between the spreads of today.
    downgrades
        Notches of the downgrades of each issuer, by number of the line: a line counts once.
    """

    first: MarketSnapshot
    downgrades: Mapping[str, Mapping[int, int]] = field(default_factory=dict)

    def notches(self, name: str) -> int:
        """Return by how many notches an issuer has been downgraded."""
        return sum(self.downgrades.get(name, {}).values())

    def after(self, direct: DirectMoves) -> EventHistory:
        """Return the history with the downgrades of `direct`."""
        found = {name: dict(lines) for name, lines in self.downgrades.items()}
        for key, hits in direct.reach.hits.items():
            for line in (hit.line for hit in hits if key.kind == "credit_spread"):
                if isinstance(line, EventLine) and isinstance(line.event.what, Downgrade):
                    found.setdefault(key.public_name, {})[line.number] = line.event.what.notches
        return EventHistory(self.first, found)


class EventMoves:
    """What the events of one scenario do on top of its lines.

    Parameters
    ----------
    direct
        What the lines do.
    history
        What events have done before.
    """

    def __init__(
        self, direct: DirectMoves, directory: FactorDirectory, problems: ProblemList, history: EventHistory
    ) -> None:
        self.direct = direct
        self.directory = directory
        self.problems = problems
        self.history = history
        self.hits = dict(direct.reach.hits)
        self.moves = dict(direct.moves)
        self.warnings: list[ScenarioWarning] = []
        self._by_event: dict[RiskFactorKey, Event] = {}

    def add(self, event: Event, number: int) -> None:
        """Add an event as line `number`, where the severity reaches it."""
        found = list(event_problems(event))
        factors = selected(event, self.directory, self.problems) if not found else {}
        self.problems.extend(found)
        factors = self._without_defaulted(event, factors)
        if event.what.name == Default.name and factors:
            self._warn(event, f"{event.text()}: {NOTICE}")
        severity = self.direct.severity
        if severity <= 0.0 or severity < event.at_severity - _SAME_SEVERITY:
            return
        lines: dict[str, EventLine] = {}
        for key, level in self._levels(event, factors):
            line = lines.setdefault(key.kind, EventLine(number, event, key.kind))
            self._move(key, level, line, event)
        if isinstance(event.what, Halt) and factors:
            names = ", ".join(dict.fromkeys(key.name for key in factors))
            self._warn(event, f"{names} halted: valued at the last price, at which nobody can sell")
        if isinstance(event.what, DividendCut):
            self._warn_of_no_dividend(event, factors)

    def _without_defaulted(
        self, event: Event, factors: dict[RiskFactorKey, float]
    ) -> dict[RiskFactorKey, float]:
        """Return the factors of issuers that are not in default; add a problem where none is left."""
        gone = {key.public_name for key in self.directory.settled}
        left = {key: part for key, part in factors.items() if key.public_name not in gone}
        if factors and not left and not event.optional:
            names = ", ".join(dict.fromkeys(key.public_name for key in factors))
            got = f"{event.what.name} of {names}, in default since an earlier date"
            where = event.at("select")
            self.problems.add(Problem("ST338", got, "an issuer that is not in default", where))
        return left

    def _warn_of_no_dividend(self, event: Event, factors: Mapping[RiskFactorKey, float]) -> None:
        """Add a warning of issuers that have no dividend to cut."""
        without = [key.name for key in factors if self.directory.market.levels[key] == 0.0]
        if without:
            more = f" and {len(without) - 1} more pay" if len(without) > 1 else " pays"
            self._warn(event, f"{event.text()}: {without[0]}{more} no dividend, and nothing changes there")

    def _warn(self, event: Event, message: str) -> None:
        self.warnings.append(ScenarioWarning(self.direct.scenario.name, message, event.location))

    def _move(self, key: RiskFactorKey, level: float, line: EventLine, event: Event) -> None:
        other = self._by_event.get(key)
        if other is not None:
            got = f"two events move {key} (the other at {place_text(other.location) or 'another place'})"
            self.problems.add(Problem("ST338", got, "one event for each issuer and factor", event.location))
            return
        self._by_event[key] = event
        before = self.moves.get(key)
        adds = isinstance(event.what, Downgrade | DividendCut) and before is not None
        lines = (*before.lines, line) if adds and before is not None else (line,)
        self.moves[key] = Move(level, False, lines)
        self.hits[key] = [*self.hits.get(key, ()), Hit(line, 1.0, line.shock.select.specificity)]

    def _levels(
        self, event: Event, factors: Mapping[RiskFactorKey, float]
    ) -> Iterator[tuple[RiskFactorKey, float]]:
        """Yield factor and level of everything that the event moves."""
        levels, what = self.directory.market.levels, event.what
        if isinstance(what, Default):
            yield from self._defaulted(event, what, factors)
            return
        for key in factors:
            stated = self.moves[key].level if key in self.moves else levels[key]
            if isinstance(what, Halt):
                yield key, levels[key]
            elif isinstance(what, DividendCut):
                yield key, stated * (1.0 - what.cut)
            else:
                wider = self._wider(event, what, key)
                if wider is not None:
                    yield key, stated + wider

    def _defaulted(
        self, event: Event, what: Default, factors: Mapping[RiskFactorKey, float]
    ) -> Iterator[tuple[RiskFactorKey, float]]:
        levels = self.directory.market.levels
        yield from ((key, 0.0) for key in factors if key.kind == "spot")
        for name in dict.fromkeys(key.public_name for key in factors):
            state = RiskFactorKey("default_state", name)
            if state in levels:
                yield state, 1.0
                for seniority, part in what.recovery.items():
                    yield RiskFactorKey("recovery_rate", name, seniority), part
            elif RiskFactorKey("credit_spread", name) in levels:
                self._warn(event, f"claims on {name} were compiled without its default and do not see it")

    def _wider(self, event: Event, what: Downgrade, key: RiskFactorKey) -> float | None:
        """Return by how much a downgrade widens a spread; None after adding that the market cannot say.

        After earlier downgrades it widens by what all of them together do, less what they have done.
        """
        market, before = self.history.first, self.history.notches(key.public_name)
        issuer = market.issuers.get(key.public_name)
        rating = "" if issuer is None else issuer.attributes.get("rating", "")
        if not rating_bucket(rating):
            got = f"downgrade of {key.public_name}, which has no rating"
            self.problems.add(Problem("ST338", got, "a rated issuer", event.at("select")))
            return None
        bucket = rating_bucket(lowered(rating, before + what.notches))
        spread = _bucket_spread(market, bucket)
        if spread is None:
            got = f"downgrade of {key.public_name} from {rating} to {bucket}"
            expected = f"a market with an index that is rated {bucket}, for the spread"
            self.problems.add(Problem("ST338", got, expected, event.at("notches")))
            return None
        base = market.levels[key]
        wider = max(spread - base, 0.0)
        if not before:
            return wider
        already = _bucket_spread(market, rating_bucket(lowered(rating, before)))
        return wider - max((base if already is None else already) - base, 0.0)


def with_events(
    direct: DirectMoves,
    directory: FactorDirectory,
    problems: ProblemList,
    first_line: int,
    history: EventHistory | None = None,
) -> DirectMoves:
    """Return `direct` with the events of its scenario, numbered from `first_line`; `history` on a path.

    A default takes shares to 0, claims to what they recover, whatever lines say. A halt leaves the price as
    it was. A downgrade widens what lines make of the spread by the distance to the new bucket's; a dividend
    cut takes its part of what lines make of the yield.
    """
    if not direct.scenario.events:
        return direct
    moves = EventMoves(direct, directory, problems, history or EventHistory(directory.market))
    for number, event in enumerate(direct.scenario.events, first_line):
        moves.add(event, number)
    reach = Reach(moves.hits, direct.reach.unmatched)
    warnings = (*direct.warnings, *moves.warnings)
    return replace(direct, reach=reach, moves=moves.moves, warnings=warnings)


def with_event_factors(market: MarketSnapshot, scenarios: ScenarioSet) -> MarketSnapshot:
    """Return `market` with default state and recovery of every issuer that defaults in some scenario.

    A book that is compiled over it has claims that see the default. Without defaults it is `market` itself.
    """
    market = with_network_factors(market, scenarios.scenarios)
    events = [event for scenario in scenarios for event in _defaults(scenario)]
    if not events:
        return market
    directory, nowhere = FactorDirectory(market), ProblemList()
    keys = [key for event in events for key in selected(event, directory, nowhere)]
    levels, provenance = dict(market.levels), dict(market.provenance)
    for name in dict.fromkeys(key.public_name for key in keys):
        added = {RiskFactorKey("default_state", name): 0.0}
        for seniority in SENIORITIES:
            added[RiskFactorKey("recovery_rate", name, seniority)] = CONVENTIONAL_RECOVERY[seniority]
        for key, level in added.items():
            if key not in levels:
                levels[key] = level
                source = "convention of credit default swaps" if level else "no default"
                provenance[key] = Provenance("judgement", source, market.as_of)
    return replace(market, levels=levels, provenance=provenance)


def _defaults(scenario: Scenario) -> Iterator[Event]:
    return (event for event in scenario.all_events if isinstance(event.what, Default))


def event_problems(event: Event) -> Iterator[Problem]:
    """Yield what is wrong with an event on its own."""
    for attribute, _ in event.select.terms:
        if attribute not in EVENT_ATTRIBUTES:
            got = f"an event that selects by {attribute}"
            where = event.at(f"select.{attribute}")
            yield Problem("ST338", got, f"one of {', '.join(EVENT_ATTRIBUTES)}", where)
    if not event.at_severity > 0.0:
        got = f"an event at a severity of {100.0 * event.at_severity:g}%"
        yield Problem("ST338", got, "a severity above 0%", event.at("at_severity"))


def selected(event: Event, directory: FactorDirectory, problems: ProblemList) -> dict[RiskFactorKey, float]:
    """Return the factors of an event's kinds that it selects; add a problem where there are none."""
    found: dict[RiskFactorKey, float] = {}
    for kind in event.what.kinds:
        found.update(select(event.select, kind, directory))
    if found or event.optional:
        return found
    kind = event.what.kinds[0]
    unknown = [
        item.at(event.at(f"select.{name}")) for name, item in unmatched_values(event.select, kind, directory)
    ]
    problems.extend(unknown or [no_match(event.select, kind, directory).at(event.at("select"))])
    return {}


def _bucket_spread(market: MarketSnapshot, bucket: str) -> float | None:
    """Return the spread of the index that stands for a rating bucket, or None."""
    for issuer in market.issuers.values():
        if issuer.kind == "index" and issuer.attributes.get("rating") == bucket:
            spread = market.levels.get(RiskFactorKey("credit_spread", issuer.id))
            if spread is not None:
                return spread
    return None
