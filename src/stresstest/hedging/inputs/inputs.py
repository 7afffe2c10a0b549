"""Everything that a hedge is worked out from, as arrays over lines in one fixed order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, frozen
from stresstest.hedging.inputs.drawn_sets import DrawnSet
from stresstest.hedging.inputs.effects import Effects
from stresstest.hedging.inputs.lines import Line
from stresstest.hedging.inputs.move_effects import MoveLibrary
from stresstest.hedging.inputs.risk_exposures import RiskExposures
from stresstest.hedging.inputs.trading_costs import TradeCosts
from stresstest.hedging.policies.policy import Policy
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.book import Book
from stresstest.portfolio.model import Portfolio
from stresstest.scenarios.scenario import ScenarioSet

_WORTHLESS = 1e-9


@dataclass(frozen=True)
class ScenarioRole:
    """How a scenario takes part: `objective`, `rule` or `held_out`."""

    name: str
    horizon: str
    role: str

    @property
    def held_out(self) -> bool:
        """Whether no term and no rule rests on it."""
        return self.role == "held_out"


@dataclass(frozen=True, eq=False)
class HedgeInputs:
    """A portfolio, a policy and a market as numbers; all per unit in the portfolio's currency.

    Attributes
    ----------
    book
        Its first portfolio is the one to hedge; the others hold one unit of everything that is needed.
    lines
        `(n_lines,)` held positions by id, then candidates by id. Cash of the portfolio's currency is no line.
    base_value
        Of the portfolio. Shares are of its absolute value, `nav`.
    cash_before
        Cash of the portfolio's currency.
    unit_value
        `(n_lines,)` mid price of a unit.
    scenarios
        P&L in named scenarios, composed ones and those at other severities included.
    roles
        Of each column of `scenarios`.
    samples
        P&L in the draws, by the place of the objective's term that is over them.
    worst
        Scenario of the horizon in which the book as it is loses most; empty where there is none.
    notional
        `(n_lines,)` of a unit of a swap, which is its size; 0 for everything that is bought for its value.
    seller_loss
        Largest fall of the price of each seller of a candidate inside a scenario of the horizon, in decimals.
    drawn
        The draws of `samples` themselves, by the same places; none under other scenarios.
    moves
        P&L under moves of risk factors, found as rules ask for it; the same under other scenarios.
    """

    book: Book
    policy: Policy
    lines: tuple[Line, ...]
    base_value: float
    cash_before: float
    unit_value: FloatArray
    scenarios: Effects
    roles: tuple[ScenarioRole, ...]
    samples: Mapping[int, Effects]
    costs: TradeCosts
    risk: RiskExposures
    notional: FloatArray
    worst: str = ""
    seller_loss: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    drawn: Mapping[int, DrawnSet] = field(default_factory=dict)
    moves: MoveLibrary = field(default_factory=MoveLibrary)

    @classmethod
    def of(
        cls,
        portfolio: Portfolio,
        policy: Policy,
        market: MarketSnapshot,
        scenarios: ScenarioSet,
        threads: int | None = None,
    ) -> HedgeInputs:
        """Return the inputs of a hedge of `portfolio`.

        Portfolio and candidates are compiled into one book and revalued together, by the kernels of every
        run: in all of `scenarios`, in those that the policy names besides, and in the draws of its sets.

        Raises
        ------
        InputError
            With what is wrong between portfolio, policy, market and scenarios; ST479 for a portfolio without
            value and for a set that is not sampled.
        """
        from stresstest.hedging.inputs.input_building import build_inputs

        return build_inputs(portfolio, policy, market, scenarios, threads)

    def under(self, scenarios: ScenarioSet, threads: int | None = None) -> HedgeInputs:
        """Return the inputs under other scenarios; book, lines, exposures and draws stay as they are.

        Parameters
        ----------
        scenarios
            Over the factors of the book's market, and those that the policy names among them; `notes` are
            left behind.
        """
        from stresstest.hedging.inputs.input_building import inputs_under

        return inputs_under(self, scenarios, threads)

    @property
    def nav(self) -> float:
        """Absolute base value: what every share is a share of."""
        return abs(self.base_value)

    @property
    def currency(self) -> str:
        """Currency of every amount."""
        return self.book.portfolios[0].currency

    @cached_property
    def n_held(self) -> int:
        """Number of held lines; they come first."""
        return sum(line.is_held for line in self.lines)

    @property
    def n_lines(self) -> int:
        """Number of lines."""
        return len(self.lines)

    @property
    def held(self) -> tuple[Line, ...]:
        """Held lines."""
        return self.lines[: self.n_held]

    @property
    def candidates(self) -> tuple[Line, ...]:
        """Candidates."""
        return self.lines[self.n_held :]

    @cached_property
    def quantity(self) -> FloatArray:
        """`(n_lines,)` units held; 0 for candidates."""
        return frozen([line.quantity for line in self.lines])

    @cached_property
    def sign(self) -> FloatArray:
        """`(n_lines,)` −1 for short positions, else 1."""
        return frozen([line.sign for line in self.lines])

    @cached_property
    def scale(self) -> FloatArray:
        """`(n_lines,)` what units are measured by: |mid|, a notional, or the largest P&L where both are 0."""
        return line_scales(self.unit_value, self.scenarios, self.notional)

    @cached_property
    def value_per_scale(self) -> FloatArray:
        """`(n_lines,)` mid price ÷ scale: 1 for what has a price, small and of either sign for a swap."""
        return frozen(self.unit_value / self.scale)

    @cached_property
    def held_shares(self) -> FloatArray:
        """`(n_lines,)` quantity held × scale, as a share of `nav`."""
        return frozen(self.quantity * self.scale / self.nav)

    @property
    def cash_share(self) -> float:
        """Cash before as a share of `nav`."""
        return self.cash_before / self.nav

    @cached_property
    def usable(self) -> BoolArray:
        """`(n_lines,)` whether a line has a value wherever one is needed."""
        parts = [self.scenarios.unit, *(sample.unit for sample in self.samples.values())]
        bad = np.isnan(self.unit_value) | np.any([np.isnan(part).any(axis=1) for part in parts], axis=0)
        result: BoolArray = ~bad
        return result

    def per_scale(self, per_unit: FloatArray) -> FloatArray:
        """Return `per_unit` `(n_lines, …)` per unit of scale; 0 for lines that cannot be used."""
        shape = (-1, *([1] * (per_unit.ndim - 1)))
        scaled: FloatArray = np.nan_to_num(per_unit, nan=0.0) / self.scale.reshape(shape)
        return scaled

    def units(self, shares: FloatArray, lines: slice) -> FloatArray:
        """Return units of the given lines for shares of the base value."""
        return frozen(shares * self.nav / self.scale[lines])

    def shares(self, units: FloatArray, lines: slice) -> FloatArray:
        """Return shares of the base value for units of the given lines."""
        return frozen(units * self.scale[lines] / self.nav)

    def of_horizon(self) -> tuple[str, ...]:
        """Return the plain scenarios of the policy's horizon."""
        return tuple(
            role.name
            for role in self.roles
            if role.horizon == self.policy.horizon and "+" not in role.name and "@" not in role.name
        )

    def with_policy(self, policy: Policy) -> HedgeInputs:
        """Return the inputs with other rules or amounts, over the same scenarios."""
        return replace(self, policy=policy)

    def columns(self, names: Sequence[str]) -> list[int]:
        """Return the columns of `scenarios` called `names`."""
        places = self.scenarios.by_name
        return [places[name] for name in names]


def line_scales(unit_value: FloatArray, scenarios: Effects, notional: FloatArray) -> FloatArray:
    """Return `(n_lines,)` notional of a unit, else |mid|, or its largest P&L where that is 0; never 0."""
    reach = np.abs(np.nan_to_num(scenarios.unit)).max(axis=1, initial=0.0)
    size = np.abs(unit_value)
    size = np.where(size > _WORTHLESS * reach, size, reach)
    size = np.where(notional > 0.0, notional, size)
    return frozen(np.where(size > 0.0, size, 1.0))
