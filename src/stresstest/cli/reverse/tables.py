"""Answers of a reverse stress on the terminal."""

from __future__ import annotations

import math

from rich.console import Console
from rich.text import Text

from stresstest.cli.terminal import ALARM, ASIDE, HEAD, bar, compact, percent, plain_table, safe
from stresstest.cli.wrapping import paragraph
from stresstest.market.factor_kinds import FACTOR_KINDS
from stresstest.reverse.answers import LEAST_ANGLE
from stresstest.reverse.result import FactorMove, ReverseAnswer, ReverseStress
from stresstest.reverse.severities import MOST_SEVERE, Severities, SeverityNeeded
from stresstest.scenarios.wording import change_text, level_text

_SHOWN, _LISTED = 6, 5
_RARE = 1e-4
_CAVEAT = (
    "costs: move times slope, averaged along the way to the answer, so that they add up to the loss. "
    "A Gaussian percentile compares moves with one another and with a regime; it does not predict."
)


def print_reverse(console: Console, found: ReverseStress) -> None:
    """Print what would have to happen: the answers side by side, then each in turn."""
    _print_head(console, found)
    if found.largest is not None:
        _print_out_of_reach(console, found, found.largest)
        return
    _print_answers(console, found)
    for number, answer in enumerate(found.answers, start=1):
        console.print()
        _print_answer(console, found, answer, number)
    console.print()
    if len(found.answers) < found.question.answers:
        paragraph(console, _fewer_text(found), style=ASIDE)
    paragraph(console, _CAVEAT, style=ASIDE)


def _fewer_text(found: ReverseStress) -> str:
    led = ", ".join(answer.lead for answer in found.answers)
    return (
        f"{len(found.answers)} of {found.question.answers} answers: without {led}, no other that was looked "
        f"for costs so much and lies {LEAST_ANGLE:g} degrees from these."
    )


def _print_head(console: Console, found: ReverseStress) -> None:
    question = found.question
    base = f"{found.base_value:,.0f} {found.currency}"
    console.print(
        safe(f"What costs {found.portfolio} {100.0 * question.loss:g} % of base value {base}", HEAD)
    )
    factors = "1 factor" if found.n_factors == 1 else f"{found.n_factors} factors"
    facts = f"{factors} over {question.horizon}, regime {question.regime}; fully revalued today."
    paragraph(console, facts)
    if found.gross_value > 10.0 * abs(found.base_value):
        text = f"Base value is small against gross {found.gross_value:,.0f}: per cent of it say little."
        paragraph(console, text, style=ASIDE)
    if found.unknown:
        paragraph(console, _unknown_text(found), style=ASIDE)


def _unknown_text(found: ReverseStress) -> str:
    kinds = dict.fromkeys(key.kind for key in found.unknown)
    return f"{len(found.unknown)} factors without history stand still: {', '.join(kinds)}."


def _print_out_of_reach(console: Console, found: ReverseStress, largest: ReverseAnswer) -> None:
    text = (
        f"Out of reach: the largest loss found is {found.percent(largest.loss):.1f} %, at distance "
        f"{largest.distance:.3g}. {_why(found, largest)}"
    )
    paragraph(console, text, style=ALARM)
    _print_answer(console, found, largest, 0)


def _why(found: ReverseStress, largest: ReverseAnswer) -> str:
    """Return what keeps the loss down: positions that gain there, and those that lose nothing."""
    gains = sum(pnl for pnl in largest.pnl.tolist() if pnl > 0.0)
    still = sum(1 for pnl in largest.pnl.tolist() if pnl == 0.0)
    parts = []
    if gains > 0.0:
        parts.append(f"positions that gain there make {found.percent(gains):.1f} %")
    if still:
        parts.append(f"{still} of {len(found.positions)} positions do not move")
    kinds = ", ".join(dict.fromkeys(key.kind for key in found.unknown))
    if found.question.loss > 1.0 and found.gross_value <= found.base_value * (1.0 + 1e-9):
        parts.append("no position has a negative value, and what is held can fall to nothing, not below")
    if kinds:
        parts.append(f"{kinds} have no history to move by: try --space scenarios")
    return ("; ".join(parts) + ".").capitalize() if parts else ""


def _print_answers(console: Console, found: ReverseStress) -> None:
    console.print()
    asked = found.question.regime
    others = [one.regime for one in found.answers[0].card.distances if one.regime != asked]
    heads = [
        ("", "right"),
        ("led by", "left"),
        ("of loss", "right"),
        ("distance", "right"),
        ("tail", "right"),
    ]
    table = plain_table([*heads, *((regime.replace("_", " "), "right") for regime in others)])
    for number, answer in enumerate(found.answers, start=1):
        share = f"{100.0 * answer.shares.get(answer.lead, 0.0):.0f} %"
        tail = f"{100.0 * answer.tail_probability:.2g} %" if answer.tail_probability >= _RARE else "< 0.01 %"
        distances = [f"{one.distance:.2f}" for one in answer.card.distances if one.regime != asked]
        lead = safe(answer.lead.replace("_", " "))
        table.add_row(str(number), lead, share, f"{answer.distance:.2f}", tail, *distances)
    console.print(table)
    text = (
        f"distance: in standard deviations of regime {asked}, then of the others; tail: what a Gaussian of "
        "that regime has beyond. Each answer holds still what led those before it."
    )
    paragraph(console, text, style=ASIDE)


def _print_answer(console: Console, found: ReverseStress, answer: ReverseAnswer, number: int) -> None:
    lead = f"{answer.scenario.name}  led by {answer.lead}"
    console.print(safe(f"{number}  {lead}" if number else lead, HEAD))
    leading = list(answer.shares.items())[:_LISTED]
    shares = ", ".join(f"{driver} {100.0 * share:.0f} %" for driver, share in leading)
    paragraph(console, f"Loss from: {shares}", indent=3)
    shifts = sorted(answer.shifts.items(), key=lambda item: -abs(item[1]))[:_LISTED]
    moved = ", ".join(f"{driver} {shift:+.2f}" for driver, shift in shifts if abs(shift) >= 0.005)
    if moved:
        paragraph(console, f"Systematic factors, in standard deviations: {moved}", indent=3)
    if answer.held:
        paragraph(console, f"Standing still: {', '.join(answer.held)}", indent=3)
    beyond = answer.card.extrapolated
    if beyond:
        names = ", ".join(str(shock.factor) for shock in beyond[:3])
        paragraph(console, f"Beyond the largest move seen: {len(beyond)}, first {names}", indent=3)
    factors = plain_table(
        [("factor", "left"), *((name, "right") for name in ("from", "move", "sd", "costs", "1 sd up costs"))]
    )
    for move in answer.moves[:_SHOWN]:
        factors.add_row(*_factor_row(found, move))
    console.print(factors)
    _print_positions(console, found, answer)


def _factor_row(found: ReverseStress, move: FactorMove) -> list[Text | str]:
    kind = FACTOR_KINDS[move.factor.kind]
    return [
        safe(str(move.factor)),
        level_text(kind, move.base),
        change_text(kind, move.base, move.level),
        f"{move.deviations:+.2f}",
        f"{found.percent(move.cost):.2f} %",
        f"{found.percent(move.marginal):+.2f} %",
    ]


def _print_positions(console: Console, found: ReverseStress, answer: ReverseAnswer) -> None:
    every = answer.pnl.tolist()
    losing = sorted((row for row, pnl in enumerate(every) if pnl < 0.0), key=every.__getitem__)[:_SHOWN]
    table = plain_table(
        [
            *(("position", "left"), ("type", "left"), ("P&L", "right"), ("of base", "right"), ("", "left")),
            *([("farther without", "right")] if found.reached else []),
        ]
    )
    largest = max((abs(every[row]) for row in losing), default=0.0)
    for row in losing:
        pnl = every[row]
        drawn = bar(pnl, largest, 12, ascii_only=console.options.ascii_only)
        gained = [f"{answer.relief(pnl):+.2f}"] if found.reached else []
        table.add_row(
            safe(found.positions[row]),
            found.position_types[row],
            compact(pnl),
            percent(found.percent(pnl)),
            drawn,
            *gained,
        )
    if losing:
        console.print(table)


def print_severities(console: Console, found: Severities) -> None:
    """Print how severe each scenario must be, then the pair that needs least."""
    share = 100.0 * found.amount / abs(found.base_value)
    title = f"What costs {found.portfolio} {share:g} % of base value {found.base_value:,.0f} {found.currency}"
    console.print(safe(title, HEAD))
    reached = [item for item in found.needed if item.severity is not None]
    if reached:
        table = plain_table(
            [("scenario", "left"), ("severity", "right"), ("", "left"), ("drivers alone", "left")]
        )
        for item in reached:
            drawn = bar(-float(item.severity or 0.0), MOST_SEVERE, 18, ascii_only=console.options.ascii_only)
            name = safe(f"{item.scenario} *" if item.is_path else item.scenario)
            table.add_row(name, f"{100.0 * item.at:.4g} %", drawn, safe(_driver_text(item)))
        console.print(table)
        if any(item.is_path for item in reached):
            paragraph(console, "* a path, at its worst date; no pairs of paths are tried", style=ASIDE)
    if found.pair is not None:
        pair, at = found.pair, f"{100.0 * found.pair.severity:.4g} %"
        text = f"Least severe pair: {pair.first} and {pair.second} together, both at {at}"
        paragraph(console, f"{text}; of a factor that both move the larger move counts.")
    _print_short(console, found)


def _driver_text(item: SeverityNeeded) -> str:
    return ", ".join(f"{one.driver} {one.text}" for one in item.drivers if one.text) or ""


def _print_short(console: Console, found: Severities) -> None:
    """Print what does not cost so much, with the most that it costs."""
    short = [item for item in found.needed if item.severity is None]
    for item in short:
        most = 100.0 * item.loss / abs(found.base_value)
        at = f"{100.0 * item.at:g} %"
        text = f"not valued: {item.problem}" if item.problem else f"at most {most:.1f} %, at severity {at}"
        if not item.problem and not (item.loss > 0.0 and math.isfinite(item.loss)):
            text = "loses nothing"
        paragraph(console, f"{item.scenario}: {text}", style=ASIDE)
