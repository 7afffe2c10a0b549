"""The plausibility card of a run: each scenario beside history, on the terminal and in JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from stresstest.cli.terminal import ASIDE, HEAD, plain_table, safe
from stresstest.measures.plausibility import Plausibility, RegimeDistance, ShockPlausibility

_CAVEAT = "A Gaussian percentile compares scenarios with one another; it does not predict."
_SHOWN_REGIMES = 2
_LISTED = 10


def print_cards(console: Console, cards: Sequence[Plausibility]) -> None:
    """Print one line a scenario: distance from regimes, the largest change, what history contradicts."""
    if not cards:
        return
    regimes = [found.regime for found in cards[0].distances[:_SHOWN_REGIMES]]
    console.print(Text("\nBeside history: distance of the common factors from regimes (percentile)", HEAD))
    heads = [("scenario", "left"), *((regime, "right") for regime in regimes)]
    table = plain_table([*heads, ("largest change", "left"), ("against", "right"), ("new", "right")])
    for card in cards:
        table.add_row(*_cells(card, regimes))
    console.print(table)
    console.print(
        Text(
            f"Largest change in stressed deviations; against: signs that history contradicts; "
            f"new: changes larger than any seen. {_CAVEAT}",
            ASIDE,
        )
    )


def _cells(card: Plausibility, regimes: Sequence[str]) -> Iterator[Text]:
    """Yield name, distances, the largest change, and how many signs are contradicted and sizes are new."""
    by_regime = {found.regime: found for found in card.distances}
    yield safe(card.scenario)
    yield from (Text(_distance(by_regime[regime])) for regime in regimes)
    yield safe(_largest(card.shocks[0], regimes[-1]) if card.shocks else "")
    yield from (Text(str(len(found))) for found in (card.contradictions, card.extrapolated))


def _distance(found: RegimeDistance) -> str:
    return f"{found.systematic_distance:.1f} ({100.0 * found.systematic_percentile:.0f}%)"


def _largest(shock: ShockPlausibility, regime: str) -> str:
    """Return the factor and its change in standard deviations of `regime`."""
    key = shock.factor
    name = "/".join(part for part in (key.name, key.tenor) if part)
    kind = "" if key.kind == "spot" else f" {key.kind.removeprefix('implied_').removeprefix('credit_')}"
    return f"{name}{kind} {shock.deviations[regime]:+.1f}"


def card_documents(cards: Sequence[Plausibility]) -> list[dict[str, Any]]:
    """Return the cards as plain JSON values."""
    return [_document(card) for card in cards]


def _document(card: Plausibility) -> dict[str, Any]:
    return {
        "scenario": card.scenario,
        "horizon_years": card.horizon_years,
        "distances": [
            {
                "regime": found.regime,
                "distance": found.distance,
                "statements": found.n_statements,
                "percentile": found.percentile,
                "systematic_distance": found.systematic_distance,
                "systematic_percentile": found.systematic_percentile,
            }
            for found in card.distances
        ],
        "largest": [_shock(shock) for shock in card.shocks[:_LISTED]],
        "contradicted": [_shock(shock) for shock in card.contradictions],
        "extrapolated": [_shock(shock) for shock in card.extrapolated[:_LISTED]],
        "n_extrapolated": len(card.extrapolated),
        "without_data": [str(key) for key in card.without_data],
    }


def _shock(shock: ShockPlausibility) -> dict[str, Any]:
    seen = shock.extrapolation
    return {
        "factor": str(shock.factor),
        "change": shock.change,
        "deviations": dict(shock.deviations),
        "expected": dict(shock.expected),
        "contradicted_by": list(shock.contradicted_by),
        "extrapolation": seen if seen - seen == 0.0 else None,
    }
