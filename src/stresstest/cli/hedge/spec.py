"""The document of `hedge --json` as a model, for its JSON Schema; it may gain fields, never lose one."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Date: TypeAlias = date


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True, allow_inf_nan=False)


class CostResult(_Part):
    """What trades cost, in the portfolio's currency."""

    spread: float
    """Distance of bid and ask from the mid."""
    impact: float
    """Square-root impact."""
    tax: float
    """On realised gains net of realised losses; negative for a trade that realises a loss."""
    fees: float
    """Per contract."""
    rolls: float
    """Expected cost of rolling the options bought within the policy's horizon, and of keeping swaps."""


class TradeResult(_Part):
    """One trade."""

    instrument: str
    """Id of the position that is reduced, or of what is bought."""
    label: str
    """The same for readers."""
    action: Literal["sell", "cover", "buy"]
    """`cover`: a short position bought back."""
    quantity: float
    """Units, negative when sold."""
    lots: float
    """The same in lots."""
    value: float
    """Quantity × mid, in the portfolio's currency; negative for a swap whose buyer is paid on day one."""
    notional: float
    """Of a swap, or what a forward is on, in the portfolio's currency; 0 for what is traded for its value."""
    cost: float
    """Everything that the trade costs."""
    costs: CostResult
    """The same in parts."""
    days: float | None
    """Days that it takes at the share of the volume that the policy allows; null where none is known."""
    reason: str
    """Why the thing is there, in the policy's words; of a sale, what it does."""
    source: str
    """Kind of refuge: `bills`, `gold`, `puts`; empty for sales."""
    seller: str
    """Who must pay; empty for what nobody has to honour."""
    saves: dict[str, float]
    """By scenario, P&L that the trade adds, its cost paid; over all trades they add up."""
    saves_per_unit: dict[str, float]
    """By scenario, what one more unit of currency traded, or of notional, adds."""


class OutcomeResult(_Part):
    """One scenario without and with the plan."""

    name: str
    """Name; `a+b` is `a` with `b` on top, `a@110%` is `a` at another severity."""
    horizon: str
    """Its horizon."""
    role: Literal["objective", "rule", "held_out"]
    """What it was used for."""
    pnl_before: float
    """P&L of the portfolio as it is, in its currency."""
    pnl_after: float | None
    """P&L of the hedged portfolio against the base value before, every cost paid."""
    pnl_before_percent: float
    """In per cent of |base value|."""
    pnl_after_percent: float | None
    """In per cent of |base value|."""
    held_out: bool
    """Whether neither objective nor rules rest on it."""


class BindingResult(_Part):
    """A rule that holds the plan back."""

    rule: str
    """Name in the policy."""
    measure: str
    """What it measures."""
    amount: float
    """As stated; shares are decimals."""
    measured: float | None
    """Recomputed from the trades."""
    shadow_price: float | None
    """Slope at the plan: change of the objective, as a share of the base value, for one unit more; null where
    there is none."""
    step_change: float | None
    """The same for a whole step looser (a point of a share, else one), solved again; null where not asked."""
    change_without: float | None
    """Change of the objective without a rule that forbids outright; null for others."""
    reason: str
    """In the policy's words."""


class RepairResult(_Part):
    """The least change of one rule that ends a conflict."""

    rule: str
    """Name in the policy."""
    amount: float
    """As stated."""
    repaired: float | None
    """The nearest amount that works; null where no amount of this rule alone does."""
    reachable: float | None
    """The same where all other conflicts are settled; null where that is not known."""
    in_lots: float | None
    """The nearest amount tried at which whole lots were found; null where none were, or were sought."""
    remaining: list[str]
    """Rules that conflict without this one; empty where none do."""


class ConflictRuleResult(_Part):
    """A rule of a conflict."""

    rule: str
    """Name in the policy."""
    measure: str
    """What it measures."""
    amount: float
    """As stated."""
    measured: float | None
    """In the book as it is; null where there is nothing to measure."""
    reason: str
    """In the policy's words."""


class UnboundedResult(_Part):
    """A trade without end."""

    instrument: str
    """What is traded."""
    direction: str
    """In which direction."""


class DiagnosisResult(_Part):
    """Why there is no plan."""

    status: Literal["infeasible", "unbounded"]
    """What is wrong."""
    conflict: list[ConflictRuleResult]
    """Rules that cannot hold together though all but any one of them can."""
    repairs: list[RepairResult]
    """The smallest change first."""
    other_conflicts: list[list[str]]
    """Conflicts that share no rule with the first."""
    other_repairs: list[RepairResult]
    """Of each rule of those, what is reachable."""
    together: list[RepairResult]
    """Changes that together end several conflicts; empty for one conflict, or where none are known."""
    unbounded: UnboundedResult | None
    """The trade without end."""
    notes: list[str]
    """What a reader of the repairs must know."""


class ChallengeResult(_Part):
    """A reason to reject the plan."""

    name: str
    """Snake case."""
    question: str
    """What must hold."""
    passed: bool | None
    """Whether it does; null where it could not be asked."""
    finding: str
    """What was found."""


class VerificationResult(_Part):
    """The book after the trades file, revalued in full."""

    scenarios: int
    """Scenarios compared."""
    draws: int
    """Sampled columns compared."""
    largest_difference: float
    """Share of the base value."""
    passed: bool
    """Whether all agree within 1e-9 of the base value."""


class DistanceResult(_Part):
    """How far the book is from a loss that a rule names, looked for afresh in the books that files give."""

    rule: str
    """Name in the policy."""
    loss: float
    """Share of the base value of the portfolio as it is, costs of the plan counted."""
    horizon: str
    """Time over which the risk factors move."""
    regime: str
    """Of the market's factor model."""
    factors: list[str]
    """What moves; empty: everything that the model knows."""
    asked: float
    """Least distance that the rule allows."""
    before: float | None
    """Mahalanobis distance of the most plausible move that costs the loss; null where none does."""
    after: float | None
    """The same for the book after the plan."""
    shifts_before: dict[str, float]
    """By systematic factor of the model, how far it moves there, in its standard deviations."""
    shifts_after: dict[str, float]
    """The same after the plan."""


class HedgeSpec(_Part):
    """A hedge."""

    schema_: Annotated[Literal["stresstest/hedge/1"], Field(alias="schema")]
    """Name and version of the format."""
    status: Literal["optimal", "feasible", "no_trade", "infeasible", "unbounded"]
    """`feasible`: the best found in the search allowed."""
    portfolio: str
    """Name of the portfolio."""
    policy: str
    """Name of the policy."""
    horizon: str
    """Horizon of the scenarios that are optimised."""
    currency: str
    """Currency of every amount."""
    base_value: float
    """Of the portfolio as it is; every per cent is of its size."""
    as_of: Date
    """Date of the market."""
    market: str
    """Name of the market."""
    market_age_days: int
    """Days from the market's date to the run."""
    trades: list[TradeResult]
    """Sales first."""
    scenarios: list[OutcomeResult]
    """Every scenario of the run and those that the policy makes of them."""
    binding: list[BindingResult]
    """Rules that hold the plan back."""
    gap: float | None
    """|objective − lower bound| ÷ |objective|; null where there is no plan."""
    diagnosis: DiagnosisResult | None
    """Why there is no plan; null where there is one."""
    reverse_distances: list[DistanceResult]
    """Of the rules on distances; empty where there is no plan."""
    challenges: list[ChallengeResult]
    """Empty with `--no-challenges`."""
    verification: VerificationResult | None
    """Null where there is no plan."""
    notes: list[str]
    """What a reader of the numbers must know."""
    exit_codes: list[int]
    """0, or 4 where there is no plan."""
