"""What a reader must know before the numbers: failures, limits, coverage, plausibility, proxies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class FailureLine:
    """A position without a value in a scenario, left out of its total."""

    position: str
    scenario: str
    reason: str
    message: str
    base_value: float | None


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A loss limit against the worst of the scenarios that it covers.

    Attributes
    ----------
    loss, allowed
        Shares of what the limit is of; `loss` None where nothing is known, since no such scenario was run.
    """

    name: str
    scenario: str
    of: str
    allowed: float
    loss: float | None
    worst_scenario: str
    breached: bool


@dataclass(frozen=True, slots=True)
class ProxyLine:
    """A position that the market does not price."""

    position: str
    issuer: str
    proxy: str
    stated_value: float
    currency: str
    stated_date: date


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A kind of risk factor: how much of the portfolio depends on it, and how many scenarios move it.

    Attributes
    ----------
    share
        Of gross base value.
    moved_in
        Number of scenarios, of `CoverageView.n_scenarios`, that move a factor of the kind that it depends on.
    """

    kind: str
    positions: int
    share: float | None
    moved_in: int


@dataclass(frozen=True, slots=True)
class CoverageView:
    """What the scenarios reach of a portfolio.

    Attributes
    ----------
    never
        Positions that no scenario reaches, the largest first, with their share of gross value.
    risks
        By kind of risk factor; empty where only a document was read.
    gap
        Largest difference of the total and the sum of positions, as a share of gross value.
    """

    n_scenarios: int
    never: tuple[str, ...]
    never_share: float | None
    proxied: tuple[ProxyLine, ...]
    risks: tuple[RiskLine, ...]
    gap: float


@dataclass(frozen=True, slots=True)
class PlausibilityLine:
    """A scenario beside history: systematic distance and percentile by regime, and what stands out.

    Attributes
    ----------
    distances
        (regime, distance in standard deviations, percentile in [0, 1]).
    largest
        The stated change that is largest in standard deviations, in words.
    against, beyond
        Number of stated signs that history contradicts, and of sizes beyond any seen.
    """

    scenario: str
    distances: tuple[tuple[str, float, float], ...]
    largest: str
    against: int
    beyond: int
    without_data: int


@dataclass(frozen=True, slots=True)
class JudgementLine:
    """One input that rests on judgement, and how far it moves the loss."""

    name: str
    basis: str
    effect: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class JudgementView:
    """What of a loss rests on judgement.

    Attributes
    ----------
    scenario
        The loss that is looked at.
    share
        Share of the loss that rests on judgement; None where it was not measured.
    classes
        Number of the scenario's lines by class of evidence.
    inputs
        Inputs that move the loss most; empty where that was not measured.
    """

    scenario: str
    classes: tuple[tuple[str, int], ...]
    share: float | None = None
    inputs: tuple[JudgementLine, ...] = ()
    note: str = ""
