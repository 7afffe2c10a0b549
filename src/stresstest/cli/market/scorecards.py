"""A scorecard from its options to a table or a JSON document."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from stresstest.api import load_market, load_scenarios
from stresstest.cli.exit_codes import ExitCode
from stresstest.cli.terminal import ASIDE, HEAD, open_console, percent, plain_table, safe
from stresstest.errors import InputError, Problem
from stresstest.kernels._jit import enable_caching
from stresstest.market.estimation.history import read_history
from stresstest.measures.predictions import CardOptions, scorecard
from stresstest.measures.realised import read_realised
from stresstest.measures.scorecard import Score, Scorecard

SCHEMA = "stresstest/scorecard/1"
WORST = 10
"""Names shown that the scenario misses by most."""


@dataclass(frozen=True, slots=True)
class ScorecardOptions:
    """Options of `stresstest scorecard`, named as there."""

    scenario: str
    realised: str
    markets: tuple[str, ...]
    severity: float
    group_by: str
    regime: str
    prices: str | None
    before: date | None
    as_json: bool


def run_scorecard(options: ScorecardOptions) -> int:
    """Make the scorecard and show it; return the exit status."""
    enable_caching()
    card = card_of(options)
    if options.as_json:
        click.echo(json.dumps(card_document(card, options), allow_nan=False))
    else:
        _print_card(open_console(), card, options)
    return int(ExitCode.DONE)


def card_of(options: ScorecardOptions) -> Scorecard:
    """Return the scorecard.

    Raises
    ------
    InputError
        With what is wrong in scenario, market and tables; ST461 for a source of several scenarios.
    """
    scenarios = load_scenarios(options.scenario)
    if len(scenarios) != 1:
        got = f"{len(scenarios)} scenarios in {options.scenario}"
        raise InputError([Problem("ST461", got, "one scenario")])
    market = load_market(*options.markets)
    history = None if options.prices is None else read_history(Path(options.prices))
    how = CardOptions(options.severity, options.group_by, options.regime, history, options.before)
    return scorecard(next(iter(scenarios)), read_realised(Path(options.realised)), market, how)


def card_document(card: Scorecard, options: ScorecardOptions) -> dict[str, Any]:
    """Return the scorecard as plain JSON values; moves and errors are fractions, a missing one is null."""
    scores = {"stated": card.stated, "unstated": card.unstated, "left_out": card.left_out}
    return {
        "schema": SCHEMA,
        "scenario": card.scenario,
        "severity": options.severity,
        "leave_out": options.group_by,
        **{name: None if found is None else asdict(found) for name, found in scores.items()},
        "baseline": None if card.baseline is None else asdict(card.baseline),
        "baseline_note": card.note,
        "skill": card.skill,
        "names": [asdict(name) for name in card.names],
        "unpriced": list(card.unpriced),
    }


def _print_card(console: Console, card: Scorecard, options: ScorecardOptions) -> None:
    console.print(safe(f"{card.scenario} against {Path(options.realised).name}", HEAD))
    columns = ("", "direction", "median miss", "mean miss", "rank corr.")
    table = plain_table([("names", "left"), *((name, "right") for name in columns)])
    rows = {
        "named by the scenario": card.stated,
        "all others": card.unstated,
        f"each without its {options.group_by}": card.left_out,
        "baseline, same names": card.baseline,
    }
    for label, found in rows.items():
        table.add_row(label, *_figures(found))
    console.print(table)
    _print_skill(console, card)
    worst = plain_table([("worst misses", "left"), ("predicted", "right"), ("realised", "right")])
    for item in card.worst(WORST):
        worst.add_row(safe(item.name), percent(100.0 * item.predicted), percent(100.0 * item.realised))
    console.print()
    console.print(worst)
    if card.unpriced:
        console.print(safe(f"Without a price in the market: {', '.join(card.unpriced)}", ASIDE))


def _print_skill(console: Console, card: Scorecard) -> None:
    if card.left_out is None:
        console.print(safe("The market has no factor model: no name can be left out.", ASIDE))
    elif card.skill is not None:
        text = f"Skill over the baseline ({card.note}): {card.skill:+.2f} (1 is perfect, 0 no better)"
        console.print(safe(text))
    else:
        console.print(safe(card.note, ASIDE))


def _figures(found: Score | None) -> list[str]:
    if found is None:
        return ["-"] * 5
    rank = "-" if found.rank_correlation is None else f"{found.rank_correlation:+.2f}"
    misses = (f"{100.0 * size:.1f} pp" for size in (found.median_error, found.mean_error))
    return [str(found.n_names), f"{100.0 * found.directions:.0f} %", *misses, rank]
