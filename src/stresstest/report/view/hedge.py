"""A hedge as a committee reads it: before and after, trades with receipts, what holds it back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HedgedLine:
    """A scenario without and with the plan, in per cent of the base value of the book as it was."""

    name: str
    horizon: str
    role: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class TradeLine:
    """A trade with what it costs and saves, in the portfolio's currency; `days` None where not known."""

    action: str
    label: str
    lots: float
    value: float
    cost: float
    saves: float
    days: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule that holds the plan back, or that the book breaks."""

    text: str
    measured: str
    price: str
    reason: str


@dataclass(frozen=True, slots=True)
class FrontierPointView:
    """The best plan at one amount of a rule; None where there is none."""

    amount: str
    spent: float | None
    worst: float | None
    kept: float | None
    is_plan: bool


@dataclass(frozen=True, slots=True)
class FrontierView:
    """Best plans over a range of one rule: money spent against the largest loss, in per cent."""

    rule: str
    points: tuple[FrontierPointView, ...]


@dataclass(frozen=True, slots=True)
class ComparisonLine:
    """A hedge beside others: spent and worst P&L in per cent; what is kept of a boom, in words."""

    text: str
    spent: float
    worst: float
    boom: str


@dataclass(frozen=True, slots=True)
class ChallengeLine:
    """A reason to reject a plan: passed, failed, or None where it could not be asked."""

    question: str
    passed: bool | None
    finding: str


@dataclass(frozen=True, slots=True)
class HedgeView:
    """A plan, or why there is none.

    Attributes
    ----------
    status
        `optimal`, `feasible`, `no_trade`, `infeasible` or `unbounded`.
    worst_before, worst_after
        Largest loss of the policy's horizon in per cent, with its scenario; None where there is no plan.
    spent
        Trading costs, rolls and premium in per cent of the base value; None where there is no plan.
    diagnosis
        Why there is no plan, in sentences.
    """

    portfolio: str
    currency: str
    policy: str
    title: str
    horizon: str
    status: str
    objective: str
    lines: tuple[HedgedLine, ...]
    worst_before: tuple[str, float] | None = None
    worst_after: tuple[str, float] | None = None
    spent: float | None = None
    trades: tuple[TradeLine, ...] = ()
    totals: tuple[tuple[str, str], ...] = ()
    rules: tuple[RuleLine, ...] = ()
    frontiers: tuple[FrontierView, ...] = ()
    comparisons: tuple[ComparisonLine, ...] = ()
    challenges: tuple[ChallengeLine, ...] = ()
    sellers: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    diagnosis: tuple[str, ...] = ()

    def line(self, name: str) -> HedgedLine | None:
        """Return the scenario called `name`, or None where the plan does not know it."""
        return next((line for line in self.lines if line.name == name), None)
