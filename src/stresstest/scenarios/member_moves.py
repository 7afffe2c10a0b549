"""What each member of a sampled set states and lets expect, factor by factor, at severity 1."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from typing import NamedTuple

from stresstest.arrays import FloatArray
from stresstest.errors import Problem, ProblemList
from stresstest.kernels.drawing import ABSOLUTE, INDICATOR, LOG, LOGIT, NON_NEGATIVE
from stresstest.kernels.logarithm import log
from stresstest.market.factor_kinds import FACTOR_KINDS, ChangeSpace, Domain
from stresstest.market.factor_model import FactorModel
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.scenarios.direct import check, walked
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.followers import all_links
from stresstest.scenarios.halts import in_default
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.member_stages import MemberStages, Span
from stresstest.scenarios.moves import DirectMoves, Move
from stresstest.scenarios.paths import Path, PathPoint
from stresstest.scenarios.propagation import condition_factors, conditional_mean
from stresstest.scenarios.shifts import scaled_level
from stresstest.scenarios.variant_moves import StageRows, is_present, variant_moves


class StatedMove(NamedTuple):
    """Move that a member states at severity 1.

    Change in the space that severity acts in, before a floor; level after it; lowest change.
    """

    change: float
    level: float
    floor: float


class EventEffect(NamedTuple):
    """What an event makes of a level, after everything else: level · scale + shift; scale 0 states it."""

    scale: float
    shift: float


NO_EVENT = EventEffect(1.0, 0.0)
"""What nothing does."""


@dataclass(frozen=True, slots=True, eq=False)
class MemberMoves:
    """Moves of one member at severity 1.

    Attributes
    ----------
    stated
        By factor, link targets and private factors included.
    expected
        Mean change of the factors of the model that are not stated, given those that are.
    regime
        Regime of the model that its random parts follow; empty without a model.
    root
        `(n_factors, n_factors)` R of the covariance RᵀR a year that is left to the systematic factors; None
        without a model.
    events
        What events make of the levels of factors, all of which are stated too.
    offset
        Mean change of factors given what events do, which no severity scales: of those that are not stated,
        and without a model of those that a member's own propagation moves.
    held
        Factors in `stated` at their base that only the member's network moves.
    networked
        Changes that the network makes of factors at severity 1, on which the model conditions.
    """

    name: str
    stated: Mapping[RiskFactorKey, StatedMove] = field(default_factory=dict)
    expected: Mapping[RiskFactorKey, float] = field(default_factory=dict)
    regime: str = ""
    root: FloatArray | None = None
    events: Mapping[RiskFactorKey, EventEffect] = field(default_factory=dict)
    offset: Mapping[RiskFactorKey, float] = field(default_factory=dict)
    held: frozenset[RiskFactorKey] = frozenset()
    networked: Mapping[RiskFactorKey, float] = field(default_factory=dict)


def space_of(key: RiskFactorKey) -> int:
    """Return how random changes of a factor act on its level: `LOG` to `INDICATOR` of the kernel."""
    return _space_of_kind(key.kind)


@cache
def _space_of_kind(name: str) -> int:
    kind = FACTOR_KINDS[name]
    if kind.domain is Domain.INDICATOR:
        return INDICATOR
    if kind.change_space is ChangeSpace.LOG:
        return LOG
    if kind.change_space is ChangeSpace.LOGIT:
        return LOGIT
    return NON_NEGATIVE if kind.domain is Domain.NON_NEGATIVE else ABSOLUTE


def stated_change(key: RiskFactorKey, base: float, level: float) -> float:
    """Return the change that a severity scales: log(level ÷ base) in log space, else level − base."""
    if level == base:
        return 0.0
    return float(log(level / base)) if space_of(key) == LOG else level - base


def stated_moves(
    scenarios: MemberSet, stages: Sequence[MemberStages], market: MarketSnapshot, severity: float, span: Span
) -> list[MemberMoves]:
    """Return what every stage of every member states, without the model: quiet stages before others.

    Each is compiled at severity 1, and each member at the highest that it is drawn at, so that a draw cannot
    leave a factor's domain through what is stated. A path is taken as it stands on the last day of `span`.

    Parameters
    ----------
    stages
        Of each member.
    severity
        Multiplies the severities of every member.

    Raises
    ------
    InputError
        With everything that `compile_scenarios` finds wrong, and ST342 for a path that has no date by then.
    """
    highest = [severity * scenarios.severity_of(name).high for name in scenarios.names]
    problems, directory = ProblemList(), FactorDirectory(market)
    every = [one for of_member in stages for one in (of_member.quiet, *of_member.stages)]
    by_regime = scenarios.sample is not None and scenarios.sample.regime
    propagates = not by_regime and any(one.propagate for one in every)
    together = {} if propagates else variant_moves(scenarios.scenarios, stages, highest, directory)
    alone = [number for number in range(len(stages)) if number not in together]
    _check_highest(scenarios, alone, highest, directory)
    every = [one for number in alone for one in (stages[number].quiet, *stages[number].stages)]
    paths = walked(every, directory, [1.0] * len(every), problems)
    problems.extend(_problems(paths, span))
    problems.raise_if_any()
    points = iter([path.point_on(span.last).stated for path in paths])
    found = list(_in_order(stages, points, together, market))
    if not propagates:
        return found
    half = walked(every, directory, [0.5] * len(every), problems)
    problems.raise_if_any()
    return [
        _with_own_propagation(moves, path.point_on(span.last), other.point_on(span.last), market)
        for moves, path, other in zip(found, paths, half, strict=True)
    ]


def _check_highest(
    scenarios: MemberSet, numbers: Sequence[int], highest: Sequence[float], directory: FactorDirectory
) -> None:
    """Raise what is wrong with members at the highest severity that each is drawn at."""
    problems = ProblemList()
    for level in sorted({highest[number] for number in numbers} - {1.0}):
        some = [scenarios.scenarios[number] for number in numbers if highest[number] == level]
        check(some, directory, [level] * len(some), problems)
    problems.raise_if_any()


def _in_order(
    stages: Sequence[MemberStages],
    points: Iterator[DirectMoves],
    together: Mapping[int, tuple[int, Sequence[StageRows]]],
    market: MarketSnapshot,
) -> Iterator[MemberMoves]:
    """Yield every stage of every member: of variants as worked out `together`, of others by `points`."""
    for number, of_member in enumerate(stages):
        if number in together:
            yield from _of_variant(*together[number], market)
            continue
        quiet, *later = islice(points, 1 + len(of_member.stages))
        yield MemberMoves(of_member.quiet.name, _moves(quiet, quiet, market))
        yield from (_with_events(quiet, point, market) for point in later)


def _of_variant(column: int, stages: Sequence[StageRows], market: MarketSnapshot) -> Iterator[MemberMoves]:
    """Yield the stages of one variant: the quiet one, and those in which only what events reach differs."""
    quiet, *later = stages
    stated = dict(_stated_in(column, quiet, market))
    yield MemberMoves(quiet.scenarios[column].name, stated)
    for stage in later:
        before, after = (one.direct(column, stage.changed) for one in (quiet, stage))
        some = _with_events(before, after, market)
        yield replace(some, stated={**stated, **some.stated})


def _stated_in(
    column: int, stage: StageRows, market: MarketSnapshot
) -> Iterator[tuple[RiskFactorKey, StatedMove]]:
    floors = {kind: stage.has_floors(kind) for kind in stage.lines}
    for key, row in stage.rows.items():
        if is_present(row, column):
            base, level = market.levels[key], float(row.level[column])
            floor = stage.floor(key, column) if floors[key.kind] else None
            lowest = -math.inf if floor is None else _lowest_change(key, base, floor)
            yield key, StatedMove(stated_change(key, base, level), level, lowest)


def _with_own_propagation(
    moves: MemberMoves, whole: PathPoint, half: PathPoint, market: MarketSnapshot
) -> MemberMoves:
    """Return a stage with what its own propagation moves, as if it were stated.

    A mean is linear in what is stated: s · a + b at severity s, where b is what events let expect. Two
    severities, 1 and ½, tell the two apart.
    """
    if whole.stated.scenario.propagate is None:
        return moves
    targets = {link.target for link in all_links(market)}
    network = whole.linked.networked.get(whole.column)
    own = frozenset[RiskFactorKey]() if network is None else network.own()
    base = market.levels
    ends, middles = whole.levels(base), half.levels(base)
    stated, offset = dict(moves.stated), {}
    for key in dict.fromkeys((*ends, *middles)):
        if key not in targets and key not in moves.stated and key not in own:
            end, middle = (
                stated_change(key, base[key], found.get(key, base[key])) for found in (ends, middles)
            )
            rest = 2.0 * middle - end if moves.events else 0.0
            stated[key] = StatedMove(end - rest, ends.get(key, base[key]), -math.inf)
            offset[key] = rest
    return replace(moves, stated=stated, offset=offset)


def with_model(moves: MemberMoves, model: FactorModel, regime: str, *, conditional: bool) -> MemberMoves:
    """Return `moves` with what the model expects of all other factors, and the covariance it leaves.

    Parameters
    ----------
    conditional
        Whether the covariance is the one given the stated moves, or the whole one.
    """
    gone = {key for key, effect in moves.events.items() if effect.scale == 0.0}
    known = {
        key: max(move.change, move.floor)
        for key, move in moves.stated.items()
        if key in model.rows and key not in gone and key not in moves.held
    }
    known |= {key: change for key, change in moves.networked.items() if key in model.rows}
    expected = conditional_mean(model, regime, known, model.keys)
    root = condition_factors(model, regime, known if conditional else {}).root
    by_events = {
        key: moves.stated[key].level * (effect.scale - 1.0) + effect.shift
        for key, effect in moves.events.items()
        if key in known
    }
    offset: Mapping[RiskFactorKey, float] = {}
    if by_events:
        changes = {key: by_events.get(key, 0.0) for key in known}
        mean = conditional_mean(model, regime, changes, model.keys)
        offset = {key: change for key, change in mean.items() if key not in moves.stated}
    return replace(moves, expected=expected, regime=regime, root=root, offset=offset)


def _problems(paths: Sequence[Path], span: Span) -> Iterator[Problem]:
    """Yield a problem for each member that has not begun by the last day."""
    told = set()
    for path in paths:
        scenario, later = path.scenario, path.points[1:]
        if not path.begins_today and later[0].day > span.last and scenario.name not in told:
            told.add(scenario.name)
            got = f"member {scenario.name!r}, whose first step is on {later[0].day}"
            expected = f"a step by {span.last}, or a longer sample.horizon: draws show how members stand then"
            yield Problem("ST342", got, expected, scenario.at("member"))


def _with_events(quiet: DirectMoves, moves: DirectMoves, market: MarketSnapshot) -> MemberMoves:
    """Return a stage: what is stated as in the quiet one, and what events make of it."""
    events: dict[RiskFactorKey, EventEffect] = {}
    for key, move in moves.moves.items():
        before = quiet.moves[key].level if key in quiet.moves else market.levels[key]
        if in_default(move):
            events[key] = EventEffect(0.0, move.level)
        elif key.kind == "credit_spread" and move.level != before:
            events[key] = EventEffect(1.0, move.level - before)
        elif key.kind == "dividend_yield" and move.level != before:
            events[key] = EventEffect(move.level / before, 0.0)
    return replace(
        MemberMoves(moves.scenario.name, _moves(moves, quiet, market, frozenset(events))), events=events
    )


def _moves(
    direct: DirectMoves,
    quiet: DirectMoves,
    market: MarketSnapshot,
    by_events: frozenset[RiskFactorKey] = frozenset(),
) -> dict[RiskFactorKey, StatedMove]:
    """Return what is stated, in the order in which lines reach it; of `by_events` as without events."""
    moves: dict[RiskFactorKey, StatedMove] = {}
    for key in dict.fromkeys((*direct.reach.hits, *direct.moves)):
        move = quiet.moves.get(key) if key in by_events else direct.moves.get(key)
        if move is not None:
            stated = _stated_move(key, market.levels[key], move)
            source = quiet if key in by_events else direct
            free = _free_change(key, source, market.levels[key]) if move.floored else None
            moves[key] = stated if free is None else stated._replace(change=free)
        elif key in by_events:
            moves[key] = StatedMove(0.0, market.levels[key], -math.inf)
    return moves


def _free_change(key: RiskFactorKey, direct: DirectMoves, base: float) -> float | None:
    """Return the change that a floor has stopped, as it would be without: this is what a severity scales.

    None where several lines or parts move the factor, and where log space has no such change.
    """
    move, scenario = direct.moves[key], direct.scenario
    hits = [hit for hit in direct.reach.hits.get(key, ()) if hit.line in move.lines]
    if len(hits) != 1 or scenario.include or scenario.goes_on:
        return None
    ((line, exposure, _),) = hits
    level = scaled_level(line.kind.change_space, base, line.shift_of(key), direct.severity * exposure)
    return stated_change(key, base, level) if level > 0.0 or space_of(key) != LOG else None


def _stated_move(key: RiskFactorKey, base: float, move: Move) -> StatedMove:
    level, _, lines = move
    floors = [line.floor for line in lines if line.floor is not None]
    lowest = _lowest_change(key, base, max(floors)) if floors else -math.inf
    return StatedMove(stated_change(key, base, level), level, lowest)


def _lowest_change(key: RiskFactorKey, base: float, floor: float) -> float:
    """Return the change to a floor, or to the base where that lies lower; −∞ where log space has none."""
    least = min(floor, base)
    return stated_change(key, base, least) if least > 0.0 or space_of(key) != LOG else -math.inf
