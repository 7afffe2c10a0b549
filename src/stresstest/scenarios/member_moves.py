"""What each member of a sampled set states and lets expect, factor by factor, at severity 1."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from stresstest.arrays import FloatArray
from stresstest.errors import InputError, ProblemList
from stresstest.kernels.drawing import ABSOLUTE, INDICATOR, LOG, LOGIT, NON_NEGATIVE
from stresstest.kernels.logarithm import log
from stresstest.market.factor_kinds import FACTOR_KINDS, ChangeSpace, Domain
from stresstest.market.factor_model import FactorModel
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.effects import REPLAYED, LineEffect
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.propagation import condition_factors, conditional_mean
from stresstest.scenarios.scenario import Scenario, ScenarioSet


class StatedMove(NamedTuple):
    """Move that a member states: change in the space that severity acts in, level, lowest change."""

    change: float
    level: float
    floor: float


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
    """

    name: str
    stated: Mapping[RiskFactorKey, StatedMove] = field(default_factory=dict)
    expected: Mapping[RiskFactorKey, float] = field(default_factory=dict)
    regime: str = ""
    root: FloatArray | None = None


def space_of(key: RiskFactorKey) -> int:
    """Return how random changes of a factor act on its level: `LOG` to `INDICATOR` of the kernel."""
    kind = FACTOR_KINDS[key.kind]
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


def stated_moves(scenarios: MemberSet, market: MarketSnapshot, severity: float) -> list[MemberMoves]:
    """Return what every scenario states, without the model.

    Each is compiled at severity 1 and at the highest that it is drawn at, so that a draw cannot leave a
    factor's domain through what is stated.

    Parameters
    ----------
    severity
        Multiplies the severities of every member.

    Raises
    ------
    InputError
        With everything that `compile_scenarios` finds wrong.
    """
    highest = {name: severity * scenarios.severity_of(name).high for name in scenarios.names}
    problems = ProblemList()
    for level in sorted(set(highest.values()) - {1.0}):
        some = ScenarioSet(tuple(scenario for scenario in scenarios if highest[scenario.name] == level))
        try:
            compile_scenarios(some, market, level)
        except InputError as error:
            problems.extend(error.problems)
    problems.raise_if_any()
    compiled = compile_scenarios(ScenarioSet(scenarios.scenarios), market)
    by_scenario: dict[str, list[LineEffect]] = {name: [] for name in scenarios.names}
    for effect in compiled.effects:
        if _is_stated(effect):
            by_scenario[effect.scenario].append(effect)
    return [
        MemberMoves(scenario.name, _moves(scenario, by_scenario[scenario.name])) for scenario in scenarios
    ]


def with_model(moves: MemberMoves, model: FactorModel, regime: str, *, conditional: bool) -> MemberMoves:
    """Return `moves` with what the model expects of all other factors, and the covariance it leaves.

    Parameters
    ----------
    conditional
        Whether the covariance is the one given the stated moves, or the whole one.
    """
    known = {key: move.change for key, move in moves.stated.items() if key in model.rows}
    expected = conditional_mean(model, regime, known, model.keys)
    root = condition_factors(model, regime, known if conditional else {}).root
    return MemberMoves(moves.name, moves.stated, expected, regime, root)


def _is_stated(effect: LineEffect) -> bool:
    """Tell whether a line or a replay gave the factor its level; not a link, not propagation."""
    return (effect.line > 0 or effect.reason == REPLAYED) and not effect.reason.startswith("overruled")


def _moves(scenario: Scenario, effects: Iterable[LineEffect]) -> dict[RiskFactorKey, StatedMove]:
    moves: dict[RiskFactorKey, StatedMove] = {}
    for effect in effects:
        key, base = effect.factor, effect.base
        change = stated_change(key, base, effect.level)
        lowest = _floor_change(scenario, effect)
        if key in moves:
            lowest = max(lowest, moves[key].floor)
        moves[key] = StatedMove(change, effect.level, lowest)
    return moves


def _floor_change(scenario: Scenario, effect: LineEffect) -> float:
    """Return the change to the floor of the effect's line; −∞ without one."""
    floor = scenario.lines[effect.line - 1].shock.floor
    if floor is None:
        return -math.inf
    lowest = min(floor.amount, effect.base)
    if lowest <= 0.0 and space_of(effect.factor) == LOG:
        return -math.inf
    return stated_change(effect.factor, effect.base, lowest)
