"""From a portfolio, a policy, a market and scenarios to the numbers that a hedge is worked out from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.errors import InputError, Problem
from stresstest.hedging.inputs.drawn_sets import DrawnSet
from stresstest.hedging.inputs.effects import EffectReader, Effects
from stresstest.hedging.inputs.factor_bumps import (
    base_units,
    converted,
    factor_exposures,
    spot_deltas,
    values_later,
)
from stresstest.hedging.inputs.hedge_book import HedgeBook, hedge_book
from stresstest.hedging.inputs.inputs import HedgeInputs, ScenarioRole, line_scales
from stresstest.hedging.inputs.line_costs import LinePrices, trade_costs
from stresstest.hedging.inputs.lines import Line
from stresstest.hedging.inputs.risk_exposures import RiskExposures, name_deltas
from stresstest.hedging.policies.candidates import FORWARDS, NOTIONAL_SWAPS, SWAPS_ON_NOTIONAL
from stresstest.hedging.policies.policy import Objective, Policy
from stresstest.hedging.policies.policy_files import source_of
from stresstest.hedging.policies.scenario_names import ScenarioUse, scenario_called, uses, with_named
from stresstest.hedging.policies.universe import expand_universe
from stresstest.market.fx import fx_factors
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.book import Book
from stresstest.portfolio.model import Portfolio
from stresstest.quantity import parse_horizon
from stresstest.revaluation.engine import UnitValues
from stresstest.revaluation.totals import apply_holdings
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.eventful import with_event_factors
from stresstest.scenarios.loading import load_scenarios
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.sampling import SampledColumns
from stresstest.scenarios.scenario import ScenarioSet

_TAIL_TERMS = ("expected_shortfall", "expected_loss")


def build_inputs(
    portfolio: Portfolio,
    policy: Policy,
    market: MarketSnapshot,
    scenarios: ScenarioSet,
    threads: int | None = None,
) -> HedgeInputs:
    """Return the inputs of a hedge; see `HedgeInputs.of`."""
    named = with_named(scenarios, policy)
    sets = {place: sampled_set(term) for place, term in enumerate(policy.objective) if term.scenario_set}
    prepared = with_event_factors(market, _everything(named, sets.values()))
    candidates = expand_universe(policy, prepared, market.as_of, portfolio)
    bound = hedge_book(portfolio, candidates, prepared, policy.sell)
    reader = EffectReader(bound.book, bound.lines, bound.cash_row, threads)
    found = _Scenarios(reader, policy, named)
    effects, roles, worst = found.all()
    drawn = {place: DrawnSet.of(members, bound.book.market) for place, members in sets.items()}
    samples = {place: _sample(reader, one.columns) for place, one in drawn.items()}
    inputs = _assembled(bound, policy, (effects, roles, worst), samples)
    counted = [
        ("scenarios", effects),
        *((f"draws of {sets[place].name}", one) for place, one in samples.items()),
    ]
    notes = tuple(_notes(counted))
    return replace(inputs, seller_loss=found.seller_losses(), notes=notes, drawn=drawn)


def inputs_under(inputs: HedgeInputs, scenarios: ScenarioSet, threads: int | None = None) -> HedgeInputs:
    """Return `inputs` under other scenarios, or the same ones at other sizes; see `HedgeInputs.under`."""
    policy, book = inputs.policy, inputs.book
    reader = EffectReader(book, inputs.lines, cash_row_of(book), threads)
    found = _Scenarios(reader, policy, with_named(scenarios, policy))
    effects, roles, worst = found.all()
    changed = replace(
        inputs, scenarios=effects, roles=roles, worst=worst, seller_loss=found.seller_losses(), notes=()
    )
    if np.array_equal(changed.scale, inputs.scale):
        return changed
    # What has no price is measured by its largest P&L, and so are its costs.
    bound = HedgeBook(book, inputs.lines, cash_row_of(book), inputs.cash_before)
    assembled = _assembled(bound, policy, (effects, roles, worst), dict(inputs.samples))
    return replace(assembled, seller_loss=changed.seller_loss, moves=inputs.moves)


def cash_row_of(book: Book) -> int:
    """Return the row of one unit of the currency of the first portfolio, which is in the book."""
    currency = book.portfolios[0].currency
    return next(
        row
        for row, item in enumerate(book.instruments)
        if item.tag == "cash" and item.requirements.currency == currency
    )


def _notes(counted: Iterable[tuple[str, Effects]]) -> Iterator[str]:
    """Yield what a reader must know of columns in which the book could not be valued in full."""
    for what, effects in counted:
        if effects.n_incomplete:
            columns = f"{effects.n_incomplete:,} of {len(effects.names):,} {what}"
            yield f"some position has no value in {columns}, and counts as unmoved there"


def _assembled(
    bound: HedgeBook,
    policy: Policy,
    scenarios: tuple[Effects, tuple[ScenarioRole, ...], str],
    samples: dict[int, Effects],
) -> HedgeInputs:
    book, lines = bound.book, bound.lines
    currency, horizon = book.portfolios[0].currency, parse_horizon(policy.horizon).years
    units = base_units(book)
    value = converted(book, units, currency)[:, 0]
    mid = per_line(lines, value)
    base = _base_value(book, units)
    risk = _exposures(bound, value, policy)
    effects, roles, worst = scenarios
    notional = per_line(lines, _notionals(book, units, SWAPS_ON_NOTIONAL))
    scale = line_scales(mid, effects, notional)
    swaps = per_line(lines, _notionals(book, units, NOTIONAL_SWAPS))
    dealt = _dealt(lines, (mid, risk.delta), effects, swaps)
    prices = LinePrices(
        *(mid, risk.delta, scale, abs(base), _market_rate(bound), horizon, notional, risk.later, dealt)
    )
    return HedgeInputs(
        *(book, policy, lines, base, bound.cash_before, mid, effects, roles, samples),
        costs=trade_costs(book, lines, policy.costs, prices),
        risk=risk,
        notional=notional,
        worst=worst,
    )


def _notionals(book: Book, units: UnitValues, types: Collection[str]) -> FloatArray:
    """Return `(n_instruments,)` notional of a unit of swaps of `types`, in the book's currency; else 0."""
    rates = converted(book, replace(units, value=np.ones_like(units.value)), book.portfolios[0].currency)
    return np.where([item.tag in types for item in book.instruments], rates[:, 0], 0.0)


def _dealt(
    lines: Sequence[Line], value: tuple[FloatArray, FloatArray], effects: Effects, notional: FloatArray
) -> FloatArray:
    """Return `(n_lines,)` what a unit counts for when it is traded: its value, or what it is on.

    A forward or future counts for the shares that it is on, one on anything else for its largest P&L. `value`
    is mid and delta of a unit.
    """
    mid, delta = value
    reach = np.abs(np.nan_to_num(effects.unit)).max(axis=1, initial=0.0)
    is_forward = np.array([line.type in FORWARDS for line in lines], np.bool_)
    on = np.where(is_forward, np.where(delta != 0.0, np.abs(delta), reach), 0.0)
    return frozen(np.where(notional > 0.0, notional, np.maximum(np.abs(mid), on)))


def per_line(lines: Sequence[Line], per_instrument: FloatArray, *, is_carried: bool = False) -> FloatArray:
    """Return `(n_lines, …)` sums over legs of what instruments have, as they are or as they are carried."""
    rows = [
        sum(leg.ratio * per_instrument[leg.carried_row if is_carried else leg.row] for leg in line.legs)
        for line in lines
    ]
    return frozen(np.array(rows).reshape(len(lines), *per_instrument.shape[1:]))


def _exposures(bound: HedgeBook, value: FloatArray, policy: Policy) -> RiskExposures:
    book, lines = bound.book, bound.lines
    currency, years = book.portfolios[0].currency, parse_horizon(policy.horizon).years
    delta = per_line(lines, spot_deltas(book, currency))
    model = book.market.factor_model
    factors = np.zeros((len(lines), 0))
    if model is not None:
        factors = per_line(lines, factor_exposures(book, model, currency))
    names, name_delta = name_deltas(lines, delta, book.market)
    values = values_later(book, currency, policy.horizon)
    later = per_line(lines, values)
    carried_value = per_line(lines, value, is_carried=True)
    mid = per_line(lines, value)
    carry = np.where(
        [any(leg.is_rolled for leg in line.legs) for line in lines],
        carried_value - mid,
        later - mid,
    )
    # What a swap that is bought costs to hold is set aside with the rolls, and no income twice.
    kept = [line.is_held or line.type not in SWAPS_ON_NOTIONAL for line in lines]
    carry = np.where(kept, carry, np.maximum(carry, 0.0))
    carry = carry / years + delta * [_dividend_yield(line, book.market) for line in lines]
    cash_carry = float(values[bound.cash_row] - 1.0) / years
    return RiskExposures(delta, factors, names, name_delta, frozen(carry), later, cash_carry, book.market)


def _dividend_yield(line: Line, market: MarketSnapshot) -> float:
    """Return the yield that holders of a share or fund receive; an option's holder receives none."""
    if line.is_option:
        return 0.0
    return market.levels.get(RiskFactorKey("dividend_yield", line.issuer), 0.0)


def _base_value(book: Book, units: UnitValues) -> float:
    base = float(apply_holdings(book, units).portfolios[0].base_value)
    if base == 0.0:
        got = f"portfolio {book.portfolios[0].name!r} with a base value of 0"
        raise InputError([Problem("ST479", got, "a base value other than 0: every rule is a share of it")])
    return base


def _market_rate(bound: HedgeBook) -> float:
    """Return units of the portfolio's currency for one of the market's."""
    market, currency = bound.book.market, bound.book.portfolios[0].currency
    rate = 1.0
    for key, sign in fx_factors(market, market.currency, currency):
        rate = rate * market.levels[key] if sign > 0 else rate / market.levels[key]
    return rate


def sampled_set(term: Objective) -> MemberSet:
    """Return the set that a term of the objective is over, with the term's own columns and seed.

    Raises
    ------
    InputError
        ST479 where the set is none that is sampled.
    """
    found: ScenarioSet | None = term.members
    if found is None:
        found = load_scenarios([source_of(term.scenario_set, term.location.file)])
    if not isinstance(found, MemberSet) or found.sample is None:
        got = f"scenario set {term.scenario_set!r}, which says nothing of how it is sampled"
        raise InputError([Problem("ST479", got, "a set with a sample", term.location)])
    sample = replace(
        found.sample,
        columns=term.columns or found.sample.columns,
        seed=found.sample.seed if term.seed is None else term.seed,
    )
    return replace(found, sample=sample)


def with_sets(policy: Policy) -> Policy:
    """Return a policy that holds the sets of its objective, so that a plan by it reads no file of them.

    Raises
    ------
    InputError
        See `sampled_set`.
    """
    terms = (
        replace(term, members=sampled_set(term)) if term.scenario_set else term for term in policy.objective
    )
    return replace(policy, objective=tuple(terms))


def _everything(named: ScenarioSet, sets: Iterable[MemberSet]) -> ScenarioSet:
    members = {scenario.name: scenario for members in sets for scenario in members}
    return ScenarioSet((*named, *(one for name, one in members.items() if name not in named.names)))


def _sample(reader: EffectReader, columns: SampledColumns) -> Effects:
    return reader.effects(columns, columns.table.scenario[1:])


class _Scenarios:
    """Effects in all scenarios that are reported, and in those that the policy makes of them."""

    def __init__(self, reader: EffectReader, policy: Policy, scenarios: ScenarioSet) -> None:
        self.reader, self.policy, self.scenarios = reader, policy, scenarios

    def all(self) -> tuple[Effects, tuple[ScenarioRole, ...], str]:
        """Return effects, the role of each column, and the worst scenario of the horizon unhedged."""
        effects = self._effects(self.scenarios, 1.0)
        horizon = tuple(one.name for one in self.scenarios if one.horizon == self.policy.horizon)
        place = effects.by_name
        worst = min(horizon, key=lambda name: float(effects.before[place[name]]), default="")
        roles: dict[ScenarioUse, str] = {}
        for role, use in uses(self.policy, horizon, worst):
            roles[use] = "objective" if "objective" in (role, roles.get(use)) else role
        for severity in dict.fromkeys(use.severity for use in roles):
            more = [use for use in roles if use.severity == severity and use.column_name not in place]
            if more:
                effects = effects.joined(self._more(more, severity))
        return effects, tuple(self._role(name, roles) for name in effects.names), worst

    def seller_losses(self) -> dict[str, float]:
        """Return the largest fall of each seller's price in a scenario of the horizon."""
        market = self.reader.book.market
        sellers = sorted({line.seller for line in self.reader.lines if line.seller})
        keys = [key for name in sellers if (key := RiskFactorKey("spot", name)) in market.levels]
        inside = [one for one in self.scenarios if one.horizon == self.policy.horizon]
        if not keys or not inside:
            return {}
        columns = compile_scenarios(ScenarioSet(tuple(inside)), market).columns
        bound = columns.bind(keys)
        low = [
            bound.chunk(number, 0, high - first).min(axis=1)
            for number, (first, high) in enumerate(
                map(columns.table.slice_bounds, range(columns.table.n_slices))
            )
        ]
        fall = 1.0 - np.min(low, axis=0) / bound.base
        return {key.name: float(size) for key, size in zip(keys, fall, strict=True)}

    def _effects(self, scenarios: ScenarioSet, severity: float) -> Effects:
        compiled = compile_scenarios(ScenarioSet(tuple(scenarios)), self.reader.book.market, severity)
        return self.reader.effects(compiled.columns, scenarios.names)

    def _more(self, used: list[ScenarioUse], severity: float) -> Effects:
        found = self._effects(
            ScenarioSet(tuple(scenario_called(self.scenarios, use.name) for use in used)), severity
        )
        return replace(found, names=tuple(use.column_name for use in used))

    def _role(self, name: str, roles: dict[ScenarioUse, str]) -> ScenarioRole:
        use = next((use for use in roles if use.column_name == name), ScenarioUse(name))
        scenario = scenario_called(self.scenarios, use.name)
        return ScenarioRole(name, scenario.horizon, roles.get(use, "held_out"))
