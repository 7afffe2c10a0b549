"""What a scenario predicts of each name: as written, without the name's own group, and a plain baseline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.errors import InputError, Problem
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.market.estimation.history import PriceHistory, changes
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Issuer, MarketSnapshot
from stresstest.measures.scorecard import LEAST_NAMES, Scorecard, ScoredName
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.effects import REPLAYED, CompiledScenarios, LineEffect
from stresstest.scenarios.numbering import numbered_lines
from stresstest.scenarios.propagated import propagated_levels
from stresstest.scenarios.scenario import Scenario, ScenarioSet

DRIVERS = ("NVDA", "QQQ")
"""What the baseline regresses each name on."""

REGRESSION_RETURNS = 504
"""Daily returns of the baseline's regression, two years; at least an eighth of them."""


@dataclass(frozen=True, slots=True)
class CardOptions:
    """How a scorecard is made.

    Attributes
    ----------
    severity
        Scale of the scenario's shocks.
    group_by
        What is left out at a time: `theme`, `industry` or `sector`.
    regime
        Regime of the factor model that names of a group are predicted in; empty: `stressed`, or the first.
    history
        Prices that the baseline's betas are estimated from, up to `before`; without it the factor model's.
    before
        Last day of the regression; None: the last of the history.
    """

    severity: float = 1.0
    group_by: str = "theme"
    regime: str = ""
    history: PriceHistory | None = field(default=None, compare=False)
    before: date | None = None


def scorecard(
    scenario: Scenario, realised: Mapping[str, float], market: MarketSnapshot, options: CardOptions
) -> Scorecard:
    """Return `scenario` against `realised` relative moves by name, on `market`.

    A name is predicted three ways: by the whole scenario; from the lines that reach other groups alone,
    through the conditional mean of the market's factor model; and by the baseline, its betas on NVDA and QQQ
    times what these two did.

    Raises
    ------
    InputError
        ST461 for fewer than three names in common, ST326 for an unknown regime, and all that
        `compile_scenarios` finds.
    """
    spots = {name: RiskFactorKey("spot", name) for name in realised}
    names = [name for name, key in spots.items() if key in market.levels]
    if len(names) < LEAST_NAMES:
        got = f"{len(names)} of {len(realised)} realised names in market {market.name!r}"
        raise InputError([Problem("ST461", got, f"at least {LEAST_NAMES}")])
    compiled = compile_scenarios(ScenarioSet((scenario,)), market, options.severity)
    groups = {name: group_of(market, market.issuers.get(name), options.group_by) for name in names}
    left_out = _left_out(compiled, market, groups, options)
    baseline, note = _baseline(realised, market, names, options)
    naming = _named(scenario, compiled)
    scored = (
        ScoredName(
            name,
            groups[name],
            _predicted(compiled, market, spots[name]),
            realised[name],
            name in naming,
            left_out.get(name),
            baseline.get(name),
        )
        for name in names
    )
    unpriced = tuple(name for name in realised if name not in names)
    return Scorecard(scenario.name, tuple(scored), unpriced, note)


def group_of(market: MarketSnapshot, issuer: Issuer | None, group_by: str) -> str:
    """Return the group of an issuer: its theme of the largest exposure, of several the one of fewest names.

    An issuer without themes goes by its industry, one without that by its sector, else by itself.
    """
    if issuer is None:
        return ""
    if group_by == "theme" and issuer.themes:
        sizes = {theme: _size(market, theme) for theme in issuer.themes}
        return min(issuer.themes, key=lambda theme: (-issuer.themes[theme], sizes[theme], theme))
    order = ("industry", "sector") if group_by in ("theme", "industry") else ("sector",)
    return next((issuer.attributes[name] for name in order if name in issuer.attributes), issuer.id)


def _size(market: MarketSnapshot, theme: str) -> int:
    return sum(theme in issuer.themes for issuer in market.issuers.values())


def _predicted(compiled: CompiledScenarios, market: MarketSnapshot, key: RiskFactorKey) -> float:
    row = compiled.columns.moved.get(key)
    return 0.0 if row is None else float(row[-1]) / market.levels[key] - 1.0


def _named(scenario: Scenario, compiled: CompiledScenarios) -> set[str]:
    """Return the issuers whose spot a line that counts names, or a replay moves."""
    lines = numbered_lines(scenario)
    naming = {number for number, _, line in lines if line.shock.select.is_naming}
    return {
        effect.factor.public_name
        for effect in _stated(compiled)
        if effect.factor.kind == "spot" and (effect.line in naming or effect.reason == REPLAYED)
    }


def _stated(compiled: CompiledScenarios) -> list[LineEffect]:
    return [
        effect
        for effect in compiled.effects
        if (effect.line or effect.reason == REPLAYED) and not effect.reason.startswith("overruled")
    ]


def _left_out(
    compiled: CompiledScenarios, market: MarketSnapshot, groups: Mapping[str, str], options: CardOptions
) -> dict[str, float]:
    """Return predictions by name from the lines that reach no name of its group; none without a model."""
    model = market.factor_model
    if model is None:
        return {}
    directory = FactorDirectory(market)
    stated = {effect.factor: effect.level for effect in _stated(compiled) if "#" not in effect.factor.name}
    by_issuer = {issuer.id: group_of(market, issuer, options.group_by) for issuer in market.issuers.values()}
    found = {}
    for group in dict.fromkeys(groups.values()):
        others = {key: level for key, level in stated.items() if by_issuer.get(key.name) != group}
        levels = propagated_levels(directory, model, regime_name(market, options), others)
        for name, of in groups.items():
            key = RiskFactorKey("spot", name)
            if of == group and key in levels and key in model.rows:
                found[name] = levels[key] / market.levels[key] - 1.0
    return found


def regime_name(market: MarketSnapshot, options: CardOptions) -> str:
    """Return the regime that options name, or `stressed` where there is one, or the first.

    Raises
    ------
    InputError
        ST326 for a regime that the model does not carry.
    """
    model = market.factor_model
    known = () if model is None else tuple(model.regimes)
    wanted = options.regime or ("stressed" if "stressed" in known else known[0])
    if wanted not in known:
        raise InputError([Problem("ST326", f"regime {wanted!r}", f"one of {', '.join(known)}")])
    return wanted


def _baseline(
    realised: Mapping[str, float], market: MarketSnapshot, names: list[str], options: CardOptions
) -> tuple[dict[str, float], str]:
    """Return predictions from what NVDA and QQQ did, and in words how."""
    drivers = [name for name in DRIVERS if name in realised]
    if not drivers:
        return {}, f"no baseline: no realised move of {' or '.join(DRIVERS)}"
    others = [name for name in names if name not in drivers]
    words = " and ".join(drivers)
    if options.history is not None:
        return _regressed(realised, drivers, others, options), f"regression on {words}"
    if market.factor_model is None:
        return {}, "no baseline: neither a price history nor a factor model"
    moved = {RiskFactorKey("spot", name): realised[name] for name in drivers}
    levels = {key: market.levels[key] * (1.0 + move) for key, move in moved.items() if key in market.levels}
    regime = regime_name(market, options)
    means = propagated_levels(FactorDirectory(market), market.factor_model, regime, levels)
    spots = {name: RiskFactorKey("spot", name) for name in others}
    found = {name: means[key] / market.levels[key] - 1.0 for name, key in spots.items() if key in means}
    return found, f"betas of the factor model on {words} ({regime})"


def _regressed(
    realised: Mapping[str, float], drivers: list[str], names: list[str], options: CardOptions
) -> dict[str, float]:
    """Return the betas of daily log returns over two years before the event times the drivers' moves."""
    history = options.history
    if history is None or any(name not in history.names for name in drivers):
        return {}
    before = options.before or history.days[-1]
    window = history.between(history.days[0], before)
    returns = changes(history.log_prices, 1)[window][-REGRESSION_RETURNS:]
    columns = {name: returns[:, place] for place, name in enumerate(history.names)}
    drive = np.stack([columns[name] for name in drivers], axis=1)
    moves = np.array([float(log(1.0 + realised[name])) for name in drivers])
    found = {}
    for name in names:
        betas = _betas(columns[name], drive) if name in columns else None
        if betas is not None:
            found[name] = float(exp(float((betas * moves).sum()))) - 1.0
    return found


def _betas(returns: FloatArray, drivers: FloatArray) -> FloatArray | None:
    """Return the slopes `(n_drivers,)` of a regression with intercept; None for too few returns."""
    known = np.isfinite(returns) & np.isfinite(drivers).all(axis=1)
    if int(known.sum()) < REGRESSION_RETURNS // 8:
        return None
    design = np.column_stack([np.ones(int(known.sum())), drivers[known]])
    solution = np.linalg.lstsq(design, returns[known], rcond=None)[0]
    return np.asarray(solution[1:], dtype=np.float64)
