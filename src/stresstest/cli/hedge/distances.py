"""How far a book is from a loss, before and after a hedge."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from stresstest.cli.terminal import ASIDE, HEAD
from stresstest.cli.wrapping import paragraph
from stresstest.hedging.plans.distances import DistanceReading, Nearest, largest_shifts
from stresstest.hedging.plans.plan import HedgePlan
from stresstest.report.view.hedge_words import far_text


def print_distances(console: Console, plan: HedgePlan) -> None:
    """Print the distance of the most plausible cause of each loss that a rule keeps away."""
    if not plan.distances:
        return
    console.print(Text("What it would take", HEAD))
    for reading in plan.distances:
        paragraph(console, distance_sentence(reading, has_trades=plan.has_trades))
    paragraph(
        console,
        "Distances compare moves with one another; they are no probabilities. Looked for afresh in the books "
        "of the files, every instrument revalued.",
        style=ASIDE,
    )
    console.print()


def distance_sentence(reading: DistanceReading, *, has_trades: bool) -> str:
    """Return how far the most plausible move that costs a loss lies, before and after."""
    asked = reading.question
    what = (
        f"the most plausible move of {', '.join(asked.factors)}"
        if asked.factors
        else "the most plausible move"
    )
    who = f"{reading.rule}: {what} over {asked.horizon} in regime {asked.regime} that costs"
    who = f"{who} {100.0 * asked.loss:g} % lies at distance {_far(reading.before)}"
    if has_trades:
        who += f" before and {_far(reading.after)} after"
    return f"{who}; the rule asks for {reading.asked:g}."


def _far(found: Nearest) -> str:
    named = ", ".join(f"{name} {shift:+.2f}" for name, shift in largest_shifts(found))
    return far_text(found.distance) + (f" ({named} deviations)" if named else "")
