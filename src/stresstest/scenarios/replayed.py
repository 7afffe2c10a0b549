"""A replay against a market: each share by its own history, the others through proxies, all of it listed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from stresstest.errors import Problem, ProblemList
from stresstest.kernels.exponential import exp
from stresstest.market.factor_kinds import FACTOR_KINDS, ChangeSpace
from stresstest.market.keys import RiskFactorKey
from stresstest.quantity import Shift, ShiftType, parse_tenor
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.effects import ScenarioWarning
from stresstest.scenarios.findings import Findings
from stresstest.scenarios.lines import Line, reach
from stresstest.scenarios.moves import DirectMoves, Move, Mover
from stresstest.scenarios.replay import Replay, ReplayProxy
from stresstest.scenarios.scenario import Scenario, Shock
from stresstest.scenarios.selectors import Selector, select
from stresstest.scenarios.tenors import TenorTable

_LISTED = 12


@dataclass(frozen=True, slots=True)
class _Shares:
    """Shares by what they move with: their own history, a proxy, or nothing."""

    own: dict[str, float]
    proxied: dict[str, tuple[ReplayProxy, float]]
    without: tuple[str, ...]


def with_replay(direct: DirectMoves, directory: FactorDirectory, problems: ProblemList) -> DirectMoves:
    """Return `direct` with the moves of its scenario's replay wherever no line moves the factor.

    Shares take the log return of their own history, or of the first proxy that reaches them. Funds and other
    factors that move through links follow today's constituents, not their own history. The warnings list who
    moved through which proxy, and who did not move at all.
    """
    scenario = direct.scenario
    if scenario.replay is None:
        return direct
    shares = _shares(scenario.replay, directory)
    part = _moves(scenario, _shocks(scenario.replay, shares), directory, direct.severity)
    problems.extend(part[1].problems())
    if not part[0].reach.hits and not direct.moves:
        got = (
            f"replay of {scenario.replay.history.file}, which moves nothing in market {directory.market.name}"
        )
        expected = "names that the market has, or series and proxies"
        problems.add(Problem("ST453", got, expected, scenario.replay.location))
    return _merged(direct, part[0], tuple(_notes(scenario, shares)))


def _shares(replay: Replay, directory: FactorDirectory) -> _Shares:
    """Return what each priced share that no link moves is replayed by."""
    history = {name: move for name, move in replay.log_moves().items() if name not in replay.series}
    spots = directory.of_kind("spot").factors
    names = [
        name for name, keys in spots.items() if "#" not in name and not directory.linked.intersection(keys)
    ]
    candidates = [
        (proxy, {key.name for key in select(proxy.select, "spot", directory)})
        for proxy in replay.proxies
        if proxy.series in history
    ]
    proxied = {}
    for name in names:
        proxy = next((one for one, reached in candidates if name in reached), None)
        if name not in history and proxy is not None:
            proxied[name] = (proxy, proxy.beta * history[proxy.series])
    own = {name: history[name] for name in names if name in history}
    return _Shares(own, proxied, tuple(name for name in names if name not in own and name not in proxied))


def _shocks(replay: Replay, shares: _Shares) -> Iterator[Shock]:
    """Yield the replay as lines that name factors."""
    moves = {**shares.own, **{name: move for name, (_, move) in shares.proxied.items()}}
    for name, move in moves.items():
        yield _shock("spot", Selector.of(name=name), _relative(move), replay)
    logs, changes = replay.log_moves(), replay.changes()
    tables: dict[tuple[str, str], dict[str, Shift]] = {}
    for series, one in replay.series.items():
        if series in logs:
            kind = FACTOR_KINDS[one.factor.kind]
            if kind.change_space is ChangeSpace.LOG:
                shift = _relative(logs[series])
            else:
                shift = Shift(ShiftType.ABSOLUTE, changes[series] * one.size, kind.units[0])
            tables.setdefault((one.factor.kind, one.factor.name), {})[one.factor.tenor] = shift
    for (kind_name, name), by_tenor in tables.items():
        yield from _by_tenor(kind_name, name, by_tenor, replay)


def _by_tenor(kind: str, name: str, shifts: Mapping[str, Shift], replay: Replay) -> Iterator[Shock]:
    """Yield one line for the factors of a name: a table where its series have tenors."""
    select_by = Selector.of(curve=name) if kind in ("zero_rate", "basis") else Selector.of(name=name)
    tenors = {tenor: shift for tenor, shift in shifts.items() if tenor}
    if tenors:
        table = TenorTable(tuple(map(parse_tenor, tenors)), tuple(tenors.values()))
        yield _shock(kind, select_by, table, replay)
    if "" in shifts:
        yield _shock(kind, select_by, shifts[""], replay)


def _shock(kind: str, select_by: Selector, shift: Shift | TenorTable, replay: Replay) -> Shock:
    return Shock(select_by, kind, shift, optional=True, location=replay.location)


def _relative(log_move: float) -> Shift:
    return Shift(ShiftType.RELATIVE, float(exp(log_move)) - 1.0, "%")


def _moves(
    scenario: Scenario, shocks: Iterator[Shock], directory: FactorDirectory, severity: float
) -> tuple[DirectMoves, Findings]:
    """Return the moves of the replay's lines, which have the number 0; history is plausible by itself."""
    lines = [Line(0, shock) for shock in shocks]
    for line in lines:
        line.is_plausible = True
    reached = reach(lines, directory, ProblemList())
    findings = Findings()
    mover, levels = Mover("override", severity, findings), directory.market.levels
    moves: dict[RiskFactorKey, Move] = {}
    for key, hits in reached.hits.items():
        move = mover.move(key, levels[key], hits)
        if move is not None:
            moves[key] = move
    return DirectMoves(scenario, severity, replace(reached, unmatched=()), moves), findings


def _merged(direct: DirectMoves, history: DirectMoves, notes: tuple[ScenarioWarning, ...]) -> DirectMoves:
    """Return the moves of lines, and of history where no line moves the factor."""
    hits = {key: list(found) for key, found in history.reach.hits.items()}
    for key, found in direct.reach.hits.items():
        hits.setdefault(key, []).extend(found)
    return replace(
        direct,
        reach=replace(direct.reach, hits=hits),
        moves={**history.moves, **direct.moves},
        warnings=(*direct.warnings, *notes),
    )


def _notes(scenario: Scenario, shares: _Shares) -> Iterator[ScenarioWarning]:
    """Yield who moves through a proxy, by proxy, and who has neither history nor proxy."""
    by_proxy: dict[tuple[str, float], list[str]] = {}
    for name, (proxy, _) in shares.proxied.items():
        by_proxy.setdefault((proxy.series, proxy.beta), []).append(name)
    where = scenario.replay.location if scenario.replay is not None else scenario.location
    for (series, beta), names in by_proxy.items():
        how = series if math.isclose(beta, 1.0) else f"{series} (beta {beta:g})"
        yield ScenarioWarning(scenario.name, f"moved by proxy {how}: {_listed(names)}", where)
    if shares.without:
        message = f"without history or proxy, unmoved: {_listed(shares.without)}"
        yield ScenarioWarning(scenario.name, message, where)


def _listed(names: list[str] | tuple[str, ...]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more
