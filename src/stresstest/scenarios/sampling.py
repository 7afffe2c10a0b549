"""Sampled columns: thousands of draws around a mixture of scenarios, each a function of its number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int
from stresstest.errors import Problem, ProblemList
from stresstest.kernels.inverse_normal import fill_uniforms
from stresstest.market.factor_model import FactorModel
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.scenarios.drawn_networks import at_full_severity, member_networks
from stresstest.scenarios.driver_draws import member_name, with_driver_draws
from stresstest.scenarios.followers import all_links
from stresstest.scenarios.member_moves import MemberMoves, stated_moves, with_model
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.member_stages import MemberStages, Span, stages_drawn
from stresstest.scenarios.mixture import horizon_years, last_day, mixture_problems, weights
from stresstest.scenarios.propagation import unknown_regime
from stresstest.scenarios.sample_terms import UNSHOCKED, SampleTerms, stream
from stresstest.scenarios.sampled_rows import BoundSample, Mixture, bind_sample
from stresstest.scenarios.table import BASE, ColumnTable


@dataclass(frozen=True, slots=True, eq=False)
class SampledColumns:
    """Columns drawn from a mixture of scenarios; column 0 is the base, column j is draw j − 1.

    A `ColumnSource`. Nothing is held but the member and the severity of each draw: levels are made when a
    chunk is asked for, of the rows that a book reads and that move. Every random number is a function of the
    seed, the name of what it moves and the number of the draw, so that column j has the same bits in any
    chunk, order or process, whatever else is valued.

    Attributes
    ----------
    table
        What each column is: the member drawn around, the draw, probability 1 ÷ number of draws.
    base
        Base level of every factor of the market.
    mixture
        What the draws are made of.
    """

    table: ColumnTable
    base: Mapping[RiskFactorKey, float]
    mixture: Mixture

    @property
    def n_columns(self) -> int:
        """Number of columns, the base included."""
        return self.table.n_columns

    @property
    def elapsed_years(self) -> tuple[float, ...]:
        """Times of the slices: one, today."""
        return (0.0,)

    def bind(self, keys: Sequence[RiskFactorKey]) -> BoundSample:
        """Return the columns of `keys` in their order.

        Raises
        ------
        InputError
            With one problem for each key that the market has no level of.
        """
        return bind_sample(self.mixture, self.base, keys)


def sample_scenarios(scenarios: MemberSet, market: MarketSnapshot, severity: float = 1.0) -> SampledColumns:
    """Return the columns that the terms in `scenarios.sample` draw.

    Each draw picks a member by its probability, drivers by their distributions and a severity from the
    member's range. Factors that the member states go where it puts them at that severity; a path is taken as
    it stands at the end of the sample's horizon, and events that have set in by that severity happen. All
    other factors of the model go to their mean given these, plus a random part with the model's covariance
    over the horizon and the tails of a multivariate Student t: one chi-square a draw scales all of them.
    Under `varies: all` the stated factors have a random part too. Then links move their targets.

    Parameters
    ----------
    scenarios
        With `sample` set: a scenario set file, or built in Python.
    severity
        Multiplies the severity of every draw.

    Raises
    ------
    InputError
        ST340 for probabilities that do not add up, ST341 for a regime without a factor model, ST342 for
        members of several horizons and paths that begin after the sample's, and all that
        `compile_scenarios` finds.
    """
    terms = scenarios.sample
    if terms is None:
        raise ValueError("the scenario set does not say how it is sampled")
    problems = ProblemList()
    problems.extend(mixture_problems(scenarios))
    model = _model(scenarios, terms, market, problems)
    problems.raise_if_any()
    scenarios = with_driver_draws(scenarios)
    span = Span(market.as_of, last_day(scenarios, terms, market.as_of))
    stages = [MemberStages.of(scenario, span) for scenario in scenarios]
    stated = stated_moves(scenarios, stages, market, severity, span)
    networks = member_networks(stages, market, span.last)
    members = _completed(scenarios, terms, at_full_severity(networks, stated), model)
    drawn = _drawn(scenarios, terms, stages, severity)
    market_terms = (all_links(market), market.smiles)
    years = horizon_years(scenarios, terms)
    mixture = Mixture(terms, years, tuple(members), model, *market_terms, *drawn, networks)
    return SampledColumns(_table(members, mixture.member), market.levels, mixture)


def _drawn(
    scenarios: MemberSet, terms: SampleTerms, stages: list[MemberStages], severity: float
) -> tuple[IntArray, FloatArray]:
    """Return `(n_draws,)` the stage of the member that each draw is taken around, and its severity."""
    drawn = _members_drawn(terms, weights(scenarios))
    severities = _severities_drawn(scenarios, terms, drawn, severity)
    return stages_drawn(stages, drawn, severities), severities


def _completed(
    scenarios: MemberSet, terms: SampleTerms, stated: Sequence[MemberMoves], model: FactorModel | None
) -> list[MemberMoves]:
    """Return the members and the remainder with what the model makes of each, in the regime of each."""
    members = [*stated, MemberMoves(UNSHOCKED)] if terms.remainder else list(stated)
    if model is None:
        return members
    conditional = terms.varies != "all"
    regimes = [scenarios.regimes.get(moves.name, terms.regime) for moves in members]
    return [
        with_model(moves, model, regime, conditional=conditional)
        for moves, regime in zip(members, regimes, strict=True)
    ]


def _model(
    scenarios: MemberSet, terms: SampleTerms, market: MarketSnapshot, problems: ProblemList
) -> FactorModel | None:
    """Return the model that the draws vary by, None where no regime is named."""
    where = scenarios.at("sample")
    if not terms.regime:
        if scenarios.regimes:
            got = "a regime of a member, and none of the sample"
            problems.add(Problem("ST341", got, "a regime in sample", where))
        return None
    model = market.factor_model
    named = {terms.regime: scenarios.at("sample.regime")}
    named |= {regime: scenarios[name].at("member") for name, regime in scenarios.regimes.items()}
    for regime, place in named.items():
        if model is None:
            got = f"regime {regime!r}, and market {market.name} has no factor model"
            problems.add(Problem("ST341", got, "a market with a factor model, or no regime", place))
        elif regime not in model.regimes:
            problems.add(unknown_regime(model, regime).at(place))
    return model


def _uniforms(terms: SampleTerms, purpose: str) -> FloatArray:
    out = np.empty(terms.columns)
    fill_uniforms(terms.seed, stream(purpose), 0, out)
    return out


def _members_drawn(terms: SampleTerms, weight: FloatArray) -> IntArray:
    """Return `(n_draws,)` the member that each draw is taken around."""
    ends = np.cumsum(weight)
    ends[-1] = 1.0
    return frozen_int(np.searchsorted(ends, _uniforms(terms, "member"), side="right"))


def _severities_drawn(
    scenarios: MemberSet, terms: SampleTerms, member: IntArray, severity: float
) -> FloatArray:
    """Return `(n_draws,)` severities; those around the unshocked remainder are 1 and scale nothing."""
    uniform = _uniforms(terms, "severity")
    drawn = np.ones(terms.columns)
    for number, name in enumerate(scenarios.names):
        chosen = member == number
        drawn[chosen] = severity * scenarios.severity_of(name).quantile(uniform[chosen])
    return frozen(drawn)


def _table(members: Sequence[MemberMoves], member: IntArray) -> ColumnTable:
    n_draws = len(member)
    names = [member_name(moves.name) for moves in members]
    stage = "direct" if members[0].root is None else "propagated"
    return ColumnTable(
        scenario=(BASE, *(names[number] for number in member.tolist())),
        slice=np.zeros(n_draws + 1, np.int64),
        stage=(BASE, *[stage] * n_draws),
        draw=np.arange(-1, n_draws),
        probability=np.array([np.nan, *[1.0 / n_draws] * n_draws]),
    )
