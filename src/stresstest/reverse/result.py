"""Answers of a reverse stress: moves, what drives them, what they cost where, and the scenarios they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stresstest.arrays import FloatArray
from stresstest.market.keys import RiskFactorKey
from stresstest.measures.plausibility import Plausibility
from stresstest.reverse.question import Question
from stresstest.scenarios.scenario import Scenario


@dataclass(frozen=True, slots=True)
class FactorMove:
    """One factor of an answer.

    Attributes
    ----------
    base, level
        Before and after.
    change
        In the kind's change space.
    deviations
        Change in standard deviations of the factor over the horizon.
    cost
        Slope averaged along the way, times the change: its part of the loss.
    marginal
        What one standard deviation up costs there.
    """

    factor: RiskFactorKey
    base: float
    level: float
    change: float
    deviations: float
    cost: float
    marginal: float


@dataclass(frozen=True, slots=True, eq=False)
class ReverseAnswer:
    """One move that costs the target, fully revalued.

    Attributes
    ----------
    scenario
        The move as a scenario; run, it costs `loss`.
    text
        The same as a YAML document.
    lead
        Driver that costs most: a systematic factor, or the own moves of a group.
    held
        Drivers that stand still, since they led answers before.
    distance
        √(xᵀ S⁻¹ x) in the regime of the question.
    tail_probability
        Φ(−distance): of a Gaussian of the regime, what lies beyond the plane that touches the answer.
    loss
        In the portfolio's currency, positive.
    parts
        By driver, its part of the loss, the largest first.
    shifts
        By systematic factor, its move in standard deviations.
    moves
        The largest cost first.
    pnl
        `(n_positions,)` in the portfolio's currency, NaN for a position without a value.
    card
        How plausible the move is in each regime, and beside the largest moves seen.
    steepness
        What one more unit of distance costs at the answer.
    """

    scenario: Scenario
    text: str
    lead: str
    held: tuple[str, ...]
    distance: float
    tail_probability: float
    loss: float
    parts: Mapping[str, float]
    shifts: Mapping[str, float]
    moves: tuple[FactorMove, ...]
    pnl: FloatArray
    card: Plausibility
    steepness: float

    @property
    def shares(self) -> dict[str, float]:
        """Part of the loss that each driver makes, the largest first; they add up to 1."""
        total = sum(self.parts.values())
        return {driver: part / total for driver, part in self.parts.items()} if total else {}

    def relief(self, pnl: float) -> float:
        """Return how much farther the answer lies without a position of P&L `pnl` there, to first order."""
        return -pnl / self.steepness if self.steepness > 0.0 else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class ReverseStress:
    """What would have to happen to a portfolio to lose what was asked.

    Attributes
    ----------
    portfolio, currency, base_value, gross_value
        Of the portfolio.
    positions, position_types
        Ids and types, in the order of every `pnl`.
    amount
        The loss asked for, in the currency.
    n_factors
        How many factors could move.
    unknown
        Factors that the portfolio depends on and the market's model knows nothing of: they stood still.
    answers
        By distance; empty where the loss is out of reach.
    largest
        Where it is out of reach, the move that costs most.
    """

    question: Question
    portfolio: str
    currency: str
    base_value: float
    gross_value: float
    positions: tuple[str, ...]
    position_types: tuple[str, ...]
    amount: float
    n_factors: int
    unknown: tuple[RiskFactorKey, ...]
    answers: tuple[ReverseAnswer, ...]
    largest: ReverseAnswer | None = None

    @property
    def reached(self) -> bool:
        """Whether some move costs what was asked."""
        return self.largest is None

    def percent(self, amount: float) -> float:
        """Return an amount in per cent of the absolute base value."""
        return 100.0 * amount / abs(self.base_value)
