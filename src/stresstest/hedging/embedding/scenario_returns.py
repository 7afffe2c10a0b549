"""A stress result as allocation tools want it: what a unit of value in each asset earns in each scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.errors import Problem, ProblemList, nearest
from stresstest.revaluation.result import PortfolioResult, StressResult

_ENOUGH = 1e-9
"""Share of gross value below which a base value is none: a return on it would be rounding."""


class Stressed(Protocol):
    """What `st.stress` returns, as far as it is read here."""

    @property
    def result(self) -> StressResult:
        """Named scenarios."""

    @property
    def sampled(self) -> StressResult | None:
        """Draws, where scenarios were sampled."""


AssetNames: TypeAlias = Sequence[str] | Mapping[str, str] | None
"""For each weight the position or portfolio that it stands for, or names to these; None: all there are."""


@dataclass(frozen=True, eq=False)
class ScenarioReturns:
    """Returns of assets in scenarios, at the base value of each: P&L ÷ base value.

    Attributes
    ----------
    assets
        `(n_assets,)` names, in the order of the weights.
    scenarios
        `(n_scenarios,)` names; of draws, the member each was drawn from.
    returns
        `(n_assets, n_scenarios)` such as −0.25, a gain positive. A short position has a negative base value
        and a negative weight: its return is P&L ÷ base value as well.
    probability
        `(n_scenarios,)`, sum 1, or None where none was stated: then all count alike.
    """

    assets: tuple[str, ...]
    scenarios: tuple[str, ...]
    returns: FloatArray
    probability: FloatArray | None = None

    def column(self, scenario: str) -> FloatArray:
        """Return the returns `(n_assets,)` in `scenario`.

        Raises
        ------
        InputError
            When there is no such scenario, or it has several draws.
        """
        problems = ProblemList()
        count = self.scenarios.count(scenario)
        if count != 1:
            got = f"scenario {scenario!r}" + (f" with {count:,} draws" if count else "")
            known = tuple(dict.fromkeys(self.scenarios))
            problems.add(
                Problem("ST497", got, "one of " + ", ".join(known), suggestion=nearest(scenario, known))
            )
        problems.raise_if_any()
        return frozen(self.returns[:, self.scenarios.index(scenario)])


ResultLike: TypeAlias = Stressed | StressResult | PortfolioResult | ScenarioReturns


def named_returns(result: ResultLike, assets: AssetNames = None) -> ScenarioReturns:
    """Return the returns of `result` in its named scenarios, each at its end.

    Parameters
    ----------
    result
        What `st.stress` returned, a part of it, or returns made before (then `assets` selects among them).
    assets
        For each weight the id of a position of the one portfolio, or the name of a portfolio of several; a
        mapping from the names of the weights to these; None: all positions of one portfolio, or all of
        several portfolios, in their order.

    Raises
    ------
    InputError
        For names that the result does not hold, and assets without a return: no base value, or none in a
        scenario. All at once.
    """
    return _returns(_named(result), assets)


def drawn_returns(result: ResultLike, assets: AssetNames = None) -> ScenarioReturns:
    """Return the returns in the draws of a sampled `result`; in its named scenarios where none were drawn."""
    drawn = None if isinstance(result, _PARTS) else result.sampled
    return _returns(drawn if drawn is not None else _named(result), assets)


_PARTS = (StressResult, PortfolioResult, ScenarioReturns)


def _named(result: ResultLike) -> StressResult | PortfolioResult | ScenarioReturns:
    return result if isinstance(result, _PARTS) else result.result


class _Line(NamedTuple):
    """Name, base value and P&L `(n_scenarios,)` of what a weight can stand for."""

    name: str
    base: float
    pnl: FloatArray


def _returns(result: StressResult | PortfolioResult | ScenarioReturns, assets: AssetNames) -> ScenarioReturns:
    if isinstance(result, ScenarioReturns):
        return _selected(result, assets)
    portfolios = result.portfolios if isinstance(result, StressResult) else (result,)
    final = result.table.final_columns
    lines = _positions(portfolios[0]) if len(portfolios) == 1 else _portfolios(portfolios)
    wanted = _wanted(assets, [line.name for line in lines])
    by_name = {line.name: line for line in lines}
    chosen = [by_name[name] for name in wanted.values()]
    gross = sum(held.gross_value for held in portfolios)
    _check(chosen, gross, result.table.scenario, final.tolist())
    returns = np.array([line.pnl[final] / line.base for line in chosen]).reshape(len(chosen), len(final))
    scenarios = tuple(result.table.scenario[column] for column in final.tolist())
    return ScenarioReturns(
        tuple(wanted), scenarios, frozen(returns), _stated(result.table.probability[final])
    )


def _positions(held: PortfolioResult) -> list[_Line]:
    base = held.position_value[:, 0].tolist()
    return [_Line(*line) for line in zip(held.position_ids, base, held.position_pnl, strict=True)]


def _portfolios(portfolios: Iterable[PortfolioResult]) -> list[_Line]:
    return [_Line(held.name, held.base_value, held.pnl) for held in portfolios]


def _wanted(assets: AssetNames, known: Sequence[str]) -> dict[str, str]:
    """Return what each asset stands for, by its name."""
    if assets is None:
        assets = list(known)
    wanted = dict(assets) if isinstance(assets, Mapping) else {name: name for name in assets}
    problems = ProblemList()
    for name in wanted.values():
        if name not in known:
            expected = "a position of the portfolio, or one of several portfolios"
            problems.add(Problem("ST495", f"asset {name!r}", expected, suggestion=nearest(name, known)))
    if not wanted:
        problems.add(Problem("ST495", "no asset at all", "one a weight"))
    problems.raise_if_any()
    return wanted


def _check(lines: list[_Line], gross: float, scenario: tuple[str, ...], final: list[int]) -> None:
    problems = ProblemList()
    for line in lines:
        failed = [scenario[column] for column in final if not np.isfinite(line.pnl[column])]
        if not abs(line.base) > _ENOUGH * gross:
            got = f"asset {line.name!r} with a base value of {line.base:,.6g}"
            problems.add(Problem("ST496", got, "one to divide by; leave it out, or hold it in a portfolio"))
        elif failed:
            got = f"asset {line.name!r} without a value in {failed[0]!r}"
            problems.add(Problem("ST496", got, "one in every scenario; leave the asset or the scenario out"))
    problems.raise_if_any()


def _stated(probability: FloatArray) -> FloatArray | None:
    """Return the probabilities where every scenario has one, scaled to add to 1."""
    if np.isnan(probability).any() or not probability.sum() > 0.0:
        return None
    return frozen(probability / probability.sum())


def _selected(returns: ScenarioReturns, assets: AssetNames) -> ScenarioReturns:
    wanted = _wanted(assets, returns.assets)
    rows = [returns.assets.index(name) for name in wanted.values()]
    return ScenarioReturns(
        tuple(wanted), returns.scenarios, frozen(returns.returns[rows]), returns.probability
    )
