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
    loss, allowed, warning
        Shares of what the limit is of; `loss` None where nothing is known, since no such scenario was run;
        `warning` None where the limit has no warning level.
    warned
        Whether the loss exceeds the warning level and not the limit.
    owner
        Who decides what happens when it is breached; empty where nobody is named.
    """

    name: str
    scenario: str
    of: str
    allowed: float
    loss: float | None
    worst_scenario: str
    breached: bool
    warning: float | None = None
    warned: bool = False
    owner: str = ""


@dataclass(frozen=True, slots=True)
class ProxyLine:
    """A position that the market does not price, or not alone.

    Attributes
    ----------
    proxy
        What it moves with; empty where lines reach it by its own attributes.
    stated_value, currency, stated_date
        As its holder states it; None and empty where the position only has a level of its own.
    age_days
        Days from then to the market's date.
    roll
        Return of what it follows over these days, by which the stated value was moved; None where that is
        not known and the value is as stated.
    share
        Of gross base value; None where it is not known.
    """

    position: str
    issuer: str
    proxy: str
    stated_value: float | None
    currency: str
    stated_date: date | None
    age_days: int | None = None
    roll: float | None = None
    share: float | None = None


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
    """One input that rests on judgement, and how far it moves the loss.

    Attributes
    ----------
    effect
        What is done to it: `+10 % of its size`.
    source
        Who judged it and when, and where it is written, as far as that is stated.
    kind
        `line`, `event`, `driver`, or a part of a network.
    percent
        Change of P&L that follows, in per cent of the portfolio's unit.
    """

    name: str
    basis: str
    effect: str
    source: str = ""
    kind: str = ""
    percent: float | None = None


@dataclass(frozen=True, slots=True)
class RestLine:
    """What a scenario's P&L rests on, in per cent of the portfolio's unit.

    Attributes
    ----------
    layers
        (class of evidence, P&L), the firmest first; they add up to the P&L. Empty where the scenario cannot
        be built up class by class.
    judged
        P&L that rests on judgement.
    share
        Share of a loss that does; None for a gain. Above 1 where what is firm gains.
    reason
        Why there are no numbers.
    """

    scenario: str
    layers: tuple[tuple[str, float | None], ...]
    judged: float | None
    share: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChallengerLine:
    """A scenario with its network, its lines alone, and with the factor model in the network's place.

    P&L in per cent of the portfolio's unit; None, with a reason, where there is none.
    """

    scenario: str
    regime: str
    percent: float | None
    lines_percent: float | None
    challenger_percent: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class JudgementView:
    """What of a loss rests on judgement.

    Attributes
    ----------
    scenario
        The loss that is looked at.
    classes
        Number of the scenario's numbers by class of evidence.
    share
        Share of the loss that rests on judgement; None where it was not measured.
    inputs
        Judged inputs that move the loss most; empty where that was not measured.
    rests
        What the scenarios in focus rest on.
    challengers
        Networks of the scenarios in focus beside the factor model.
    n_moved, size
        Number of judged inputs that were moved, and by which part of themselves.
    register
        Every number of the scenario with what it rests on.
    """

    scenario: str
    classes: tuple[tuple[str, int], ...]
    share: float | None = None
    inputs: tuple[JudgementLine, ...] = ()
    note: str = ""
    rests: tuple[RestLine, ...] = ()
    challengers: tuple[ChallengerLine, ...] = ()
    n_moved: int = 0
    size: float | None = None
    register: tuple[JudgementLine, ...] = ()


@dataclass(frozen=True, slots=True)
class NavView:
    """The base value against the net asset value that the holder states.

    Attributes
    ----------
    difference
        Base value less net asset value.
    gaps
        Positions whose base value differs from their stated value, the largest difference first.
    """

    value: float
    difference: float
    stated_on: date | None = None
    tolerance: float | None = None
    within: bool | None = None
    days_apart: int | None = None
    gaps: tuple[tuple[str, float], ...] = ()
    without_value: tuple[str, ...] = ()
