"""What a scenario does before anything is priced: line by line the factors it hits and who holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from stresstest.errors import Location
from stresstest.io.resources import default_market
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loading import load_market
from stresstest.portfolio.book import Book, compile_book
from stresstest.portfolio.loading import load_portfolios
from stresstest.portfolio.model import Portfolio
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.drivers import drivers_by_name
from stresstest.scenarios.effects import (
    LINKED,
    NETWORK,
    PROPAGATED,
    REPLAYED,
    CompiledScenarios,
    LineEffect,
    moved_factors,
)
from stresstest.scenarios.event import Event
from stresstest.scenarios.eventful import with_event_factors
from stresstest.scenarios.line_wording import line_text
from stresstest.scenarios.loading import load_scenarios
from stresstest.scenarios.numbering import numbered_lines
from stresstest.scenarios.scenario import Scenario, ScenarioLine, Shock, Step
from stresstest.scenarios.settings import with_settings
from stresstest.scenarios.wording import title_text

_UNSTATED = {
    LINKED: "through links to the above",
    NETWORK: "through the network",
    PROPAGATED: "through propagation of the above",
    REPLAYED: "replayed from history",
}
"""What moves factors that no line states, by reason."""

_NOWHERE = Location()


@dataclass(frozen=True, slots=True)
class ExplainOptions:
    """Against what a scenario is explained, named as on the command line."""

    portfolios: tuple[str, ...]
    markets: tuple[str, ...]
    severity: float
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """One line of a scenario, or the moves through links (number 0), with what it hits.

    `location` is where it was written; nowhere for what no line states.
    """

    number: int
    text: str
    basis: str
    effects: tuple[LineEffect, ...]
    location: Location = _NOWHERE


@dataclass(frozen=True, slots=True)
class ExplainedScenario:
    """A scenario against a market.

    Attributes
    ----------
    holders
        Positions that depend on a factor; empty where no portfolio was named.
    with_portfolio
        Whether only factors that some position depends on are shown.
    notes
        Warnings, and optional lines that reach nothing.
    n_moved, n_still
        Number of factors of the market that move, and of those that lines reach and leave where they are.
    """

    scenario: Scenario
    market: str
    severity: float
    lines: tuple[ExplainedLine, ...]
    with_portfolio: bool
    holders: Mapping[RiskFactorKey, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    n_moved: int = 0
    n_still: int = 0


def explained_scenarios(source: str, options: ExplainOptions) -> list[ExplainedScenario]:
    """Return the scenarios of `source` (name, file or folder), each explained.

    Raises
    ------
    InputError
        With everything that is wrong in scenarios, market and portfolios.
    """
    scenarios = with_settings(load_scenarios([source]), options.settings)
    portfolios = load_portfolios(*options.portfolios)
    market = load_market(options.markets or _market_of(portfolios))
    market = with_event_factors(market, scenarios)
    book = compile_book(portfolios, market) if portfolios else None
    compiled = compile_scenarios(scenarios, book.market if book else market, options.severity)
    holders = _holders(book) if book else {}
    return [
        ExplainedScenario(
            scenario,
            market.name,
            options.severity,
            tuple(_lines(scenario, compiled, holders if book else None)),
            book is not None,
            holders,
            _notes(scenario.name, compiled),
            *_counts(scenario.name, compiled),
        )
        for scenario in scenarios
    ]


def _counts(name: str, compiled: CompiledScenarios) -> tuple[int, int]:
    """Return how many factors move, and how many more lines reach that do not."""
    effects = [effect for effect in compiled.effects if effect.scenario == name]
    moved, reached = moved_factors(effects), {effect.factor for effect in effects}
    return len(moved), len(reached - moved)


def _market_of(portfolios: Sequence[Portfolio]) -> tuple[str, ...]:
    stated = tuple(dict.fromkeys(portfolio.market for portfolio in portfolios if portfolio.market))
    return stated[:1] or default_market()


def _holders(book: Book) -> dict[RiskFactorKey, tuple[str, ...]]:
    """Return the positions that depend on each factor, with their portfolio where there are several."""
    found: dict[RiskFactorKey, dict[str, None]] = {}
    for held in book.portfolios:
        prefix = f"{held.name}/" if len(book.portfolios) > 1 else ""
        for position, row in zip(held.positions.ids, held.instrument.tolist(), strict=True):
            requirements = book.instruments[row].requirements
            fx = book.conversion_factors(requirements.currency, held.currency)
            for key in (*requirements.factors, *fx):
                found.setdefault(key, {})[f"{prefix}{position}"] = None
    return {key: tuple(names) for key, names in found.items()}


def _lines(
    scenario: Scenario, compiled: CompiledScenarios, holders: Mapping[RiskFactorKey, Any] | None
) -> list[ExplainedLine]:
    by_line: dict[int, list[LineEffect]] = {}
    unwritten: dict[tuple[str, int], list[LineEffect]] = {}
    for effect in compiled.effects:
        if effect.scenario == scenario.name and (holders is None or effect.factor in holders):
            by_line.setdefault(effect.line, []).append(effect)
            if not effect.line:
                unwritten.setdefault((effect.reason, effect.step), []).append(effect)
    lines = [
        ExplainedLine(
            number,
            _numbered_text(step, line, scenario),
            basis_text(line.shock),
            _from_first_to_last(by_line.get(number, ())),
            line.shock.location,
        )
        for number, step, line in numbered_lines(scenario)
    ]
    dates = compiled.dates.get(scenario.name, ())
    unstated = (
        ExplainedLine(0, _unstated_text(reason, dates[step : step + 1], scenario, dates[0]), "", tuple(of))
        for (reason, step), of in unwritten.items()
    )
    return [*lines, *unstated]


def _from_first_to_last(effects: Sequence[LineEffect]) -> tuple[LineEffect, ...]:
    """Return one effect for each factor: a line that spreads over dates, from its first level to its last."""
    first: dict[RiskFactorKey, LineEffect] = {}
    last: dict[RiskFactorKey, LineEffect] = {}
    for effect in effects:
        first.setdefault(effect.factor, effect)
        last[effect.factor] = effect
    return tuple(effect._replace(base=first[key].base) for key, effect in last.items())


def _unstated_text(reason: str, day: Sequence[date], scenario: Scenario, as_of: date) -> str:
    """Return in words what moves factors that no line states, on a path with the step."""
    text = _UNSTATED[reason]
    if scenario.timing != "path" or not day:
        return text
    if day[0] == as_of:
        return f"today, {text}"
    own = next((step_text(step) for step in scenario.steps if step.day(as_of) == day[0]), str(day[0]))
    return f"{own}, {text}"


def _numbered_text(step: Step | None, line: ScenarioLine, scenario: Scenario) -> str:
    """Return a line in words, with its step and the scenario that it comes from where it is included."""
    text = _owned_text(line, scenario)
    return text if step is None else f"{step_text(step)}, {text}"


def step_text(step: Step) -> str:
    """Return when a step is, and what happens on it: `after 3m (the fall)`."""
    when = step.when.isoformat() if isinstance(step.when, date) else f"after {step.when.text}"
    return f"{when} ({step.title})" if step.title else when


def _owned_text(line: ScenarioLine, scenario: Scenario) -> str:
    """Return a line in words, with the scenario that it comes from where that is an included one."""
    shock = line.shock
    text = shock.text() if isinstance(shock, Event) else line_text(shock, drivers_by_name(line.owner.drivers))
    if line.owner is scenario:
        return text
    part = "" if line.severity == 1.0 else f" at {100.0 * line.severity:.6g}%"
    return f"{line.owner.name}{part}: {text}"


def basis_text(shock: Shock | Event) -> str:
    """Return what the size rests on: its class, and the episode it is modelled on."""
    if shock.basis is None:
        return ""
    return ": ".join(part for part in (shock.basis.basis_class, shock.basis.analogue) if part)


def _notes(scenario: str, compiled: CompiledScenarios) -> tuple[str, ...]:
    notes = [warning.message for warning in compiled.warnings if warning.scenario == scenario]
    lost = [line for line in compiled.unmatched if line.scenario == scenario]
    return (
        *notes,
        *(
            f"{title_text(line.line, line.location)} reaches nothing in this market: {line.text}"
            for line in lost
        ),
    )


def scenario_document(found: ExplainedScenario) -> dict[str, Any]:
    """Return the explanation as plain JSON values."""
    return {
        "schema": "stresstest/explanation/1",
        "scenario": found.scenario.name,
        "title": found.scenario.title,
        "horizon": found.scenario.horizon,
        "source": list(found.scenario.source),
        **found.scenario.governance.as_document(),
        "market": found.market,
        "severity": found.severity,
        "factors_moved": found.n_moved,
        "lines": [
            {
                "line": line.number,
                "file": line.location.file,
                "file_line": line.location.line,
                "text": line.text,
                "basis": line.basis,
                "factors": [_effect(effect, found) for effect in line.effects],
            }
            for line in found.lines
        ],
        "notes": list(found.notes),
    }


def _effect(effect: LineEffect, found: ExplainedScenario) -> dict[str, Any]:
    return {
        "factor": str(effect.factor),
        "from": effect.base,
        "to": effect.level,
        "reason": effect.reason,
        "step": effect.step,
        "floored": effect.floored,
        "implied": effect.implied,
        "positions": list(found.holders.get(effect.factor, ())),
    }
