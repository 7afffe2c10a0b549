"""The share of a loss that rests on judgement: the scenario built up from its firmest numbers, step by step.

Each step adds the numbers of one class, the firmest first, and is a full revaluation; its P&L is the change
from the step before, so that the steps add up to the P&L exactly. What numbers of two classes do together
counts to the weaker one, which comes later: without it, that part of the loss would not be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from stresstest.measures.judgements.network_numbers import network_numbers
from stresstest.measures.judgements.rewriting import with_lines
from stresstest.measures.judgements.valuing import Valued, valued
from stresstest.portfolio.book import Book
from stresstest.scenarios.basis import JUDGED, class_of
from stresstest.scenarios.scenario import Scenario

TIME = "time"
NETWORK = "network"
LAYERS = (TIME, "documented", "computed", "unverified", "judgement", NETWORK)
"""Steps in order. `time`: no line at all, a path ages. `computed`: with replayed history and propagation.
`judgement`: with lines whose basis is not stated. `network`: with the network."""

_FIRM = ("documented", "computed")


@dataclass(frozen=True, slots=True)
class JudgedShare:
    """A portfolio's P&L in a scenario by what it rests on.

    Attributes
    ----------
    pnl
        Of the whole scenario, in the portfolio's currency.
    by_layer
        Of each of `LAYERS`; they add up to `pnl`.
    network_is_judged
        Whether a setting, an edge or a firm of the network rests on judgement; then its step does.
    reason
        Why there are no numbers, or empty: a step that cannot be compiled, or does not come to rest.
    """

    portfolio: str
    scenario: str
    currency: str
    pnl: float
    by_layer: Mapping[str, float]
    network_is_judged: bool
    reason: str = ""

    @property
    def judged(self) -> float:
        """P&L that rests on judgement: of numbers judged, unverified or without a basis, and by them."""
        layers = ["unverified", "judgement", *([NETWORK] if self.network_is_judged else [])]
        return sum(self.by_layer.get(layer, 0.0) for layer in layers)

    @property
    def share(self) -> float | None:
        """Judged P&L ÷ P&L of a loss; None for a gain. Above 1 where what is firm gains."""
        return self.judged / self.pnl if self.pnl < 0.0 and not self.reason else None


def judged_shares(
    book: Book, scenarios: Iterable[Scenario], severities: Sequence[float]
) -> tuple[JudgedShare, ...]:
    """Return the P&L of every portfolio in every scenario by what it rests on, portfolio by portfolio.

    Parameters
    ----------
    severities
        One of each scenario.
    """
    several = tuple(scenarios)
    built = [layer for scenario in several for layer in layered(scenario)]
    found = valued(book, built, [severity for severity in severities for _ in LAYERS])
    size = len(LAYERS)
    steps = [found[place : place + size] for place in range(0, len(found), size)]
    return tuple(
        _share(book, row, scenario, values)
        for row in range(len(book.portfolios))
        for scenario, values in zip(several, steps, strict=True)
    )


def layered(scenario: Scenario) -> tuple[Scenario, ...]:
    """Return the scenario up to each of `LAYERS`; the last one is the scenario itself."""
    bare = replace(scenario, network=None, replay=None, propagate=None)
    moving = replace(scenario, network=None)
    return (
        with_lines(_without_replays(bare), lambda _: False),
        with_lines(_without_replays(bare), lambda line: class_of(line.basis) == "documented"),
        with_lines(moving, lambda line: class_of(line.basis) in _FIRM),
        with_lines(moving, lambda line: class_of(line.basis) in (*_FIRM, "unverified")),
        moving,
        scenario,
    )


def _without_replays(scenario: Scenario) -> Scenario:
    include = (replace(item, scenario=_without_replays(item.scenario)) for item in scenario.include)
    return replace(scenario, replay=None, include=tuple(include))


def _share(book: Book, row: int, scenario: Scenario, values: Sequence[Valued]) -> JudgedShare:
    held = book.portfolios[row]
    use = scenario.network
    judged = use is not None and any(item.basis_class in JUDGED for item in network_numbers(use))
    names = (held.name, scenario.name, held.currency)
    reason = next((value.reason for value in values if value.reason), "")
    if reason:
        return JudgedShare(*names, float("nan"), {}, judged, reason)
    pnl = [value.pnl[row] for value in values]
    changes = (after - before for before, after in zip((0.0, *pnl), pnl, strict=False))
    return JudgedShare(*names, pnl[-1], dict(zip(LAYERS, changes, strict=True)), judged)
