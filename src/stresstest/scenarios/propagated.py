"""Factors that no line states, moved by the conditional mean given those that lines do."""

from __future__ import annotations

from collections.abc import Mapping

from stresstest.errors import Problem, ProblemList
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.market.factor_kinds import FACTOR_KINDS, ChangeSpace
from stresstest.market.factor_model import FactorModel
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import FactorLink
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.networked import Networked
from stresstest.scenarios.propagation import Combination, conditional_mean, unknown_regime
from stresstest.scenarios.scenario import Propagation


def propagated_moves(
    found: Networked, directory: FactorDirectory, problems: ProblemList
) -> dict[RiskFactorKey, float]:
    """Return the levels of the factors that propagation moves in one scenario; none where it asks for none.

    What the firms of its network are worth only the network moves. A regime that the market does not carry is
    added to `problems` (ST326, ST327).
    """
    direct = found.after
    scenario = direct.scenario
    if scenario.propagate is None:
        return {}
    model = directory.market.factor_model
    regime = regime_of(scenario.propagate, model)
    if model is None or isinstance(regime, Problem):
        problem = regime if isinstance(regime, Problem) else _no_model()
        problems.add(problem.at(scenario.at("propagate")))
        return {}
    stated = {key: move.level for key, move in direct.moves.items()}
    levels = propagated_levels(directory, model, regime, stated)
    own = found.own()
    return {
        key: level
        for key, level in levels.items()
        if level != directory.market.levels[key] and key not in own
    }


def _no_model() -> Problem:
    got, expected = "propagation without a factor model", "a market with one: stresstest market build"
    return Problem("ST327", got, expected)


def regime_of(propagation: Propagation, model: FactorModel | None) -> str | Problem:
    """Return the regime that a propagation names, or what is wrong with it (ST326, ST327)."""
    if model is None:
        return _no_model()
    if propagation.window is None:
        if propagation.regime in model.regimes:
            return propagation.regime
        return unknown_regime(model, propagation.regime)
    for name, regime in model.regimes.items():
        if regime.windows == (propagation.window,):
            return name
    first, last = propagation.window
    single = (regime.windows[0] for regime in model.regimes.values() if len(regime.windows) == 1)
    expected = "one of " + ", ".join(f"[{start}, {end}]" for start, end in single)
    return Problem("ST326", f"window [{first}, {last}]", expected or "a named regime")


def change_of(key: RiskFactorKey, base: float, level: float) -> float | None:
    """Return the change from `base` to `level` in the kind's change space, or None where there is none."""
    if level == base:
        return 0.0
    if FACTOR_KINDS[key.kind].change_space is ChangeSpace.LOG:
        return float(log(level / base)) if level > 0.0 else None
    return level - base


def level_after(key: RiskFactorKey, base: float, change: float) -> float:
    """Return the level after a change in the kind's change space; exactly the base where it is 0."""
    if FACTOR_KINDS[key.kind].change_space is ChangeSpace.LOG:
        return base * float(exp(change))
    return base + change


def propagated_levels(
    directory: FactorDirectory, model: FactorModel, regime: str, stated: Mapping[RiskFactorKey, float]
) -> dict[RiskFactorKey, float]:
    """Return the levels of the factors that `stated` leaves alone and the model moves.

    Link targets are left to their links. One that is stated, an index, tells what its members did: they move
    by their mean given its change, to first order in the link. A copy that is private to a position moves as
    its public factor does.

    Parameters
    ----------
    stated
        Levels by factor.
    """
    base = directory.market.levels
    changes = {
        key: change
        for key, level in stated.items()
        if (change := change_of(key, base[key], level)) is not None
    }
    links = {link.target: link for link in directory.links}
    shocked, combinations = statements(changes, links)
    free = [key for key in base if key not in stated and key not in links]
    public = [key for key in free if "#" not in key.name]
    means = conditional_mean(model, regime, shocked, public, combinations)
    copies = {key: key._replace(name=key.public_name) for key in free if "#" in key.name}
    means |= {
        key: change
        for key, origin in copies.items()
        if (change := means.get(origin, changes.get(origin))) is not None
    }
    return {key: level_after(key, base[key], change) for key, change in means.items()}


def statements(
    changes: Mapping[RiskFactorKey, float], links: Mapping[RiskFactorKey, FactorLink]
) -> tuple[dict[RiskFactorKey, float], list[Combination]]:
    """Return stated changes as those of factors and those of link targets; private copies say nothing."""
    shocked = {key: change for key, change in changes.items() if key not in links}
    combinations = [
        Combination(change, tuple(members_of(links[key], links).items()))
        for key, change in changes.items()
        if key in links and "#" not in key.name
    ]
    return shocked, combinations


def members_of(link: FactorLink, links: Mapping[RiskFactorKey, FactorLink]) -> dict[RiskFactorKey, float]:
    """Return what a link target is made of in the end, with first-order coefficients in change space."""
    total: dict[RiskFactorKey, float] = {}
    open_terms = [(link, 1.0)]
    while open_terms:
        current, scale = open_terms.pop()
        signed = (*current.weights, *current.betas, *((key, -years) for key, years in current.durations))
        for key, coefficient in signed:
            if key in links:
                open_terms.append((links[key], scale * coefficient))
            else:
                total[key] = total.get(key, 0.0) + scale * coefficient
    return total
