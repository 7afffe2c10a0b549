"""Explanations as text for the terminal: scenarios line by line, instrument types field by field."""

from __future__ import annotations

import re

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from stresstest.cli.files.explanations import ExplainedLine, ExplainedScenario
from stresstest.cli.terminal import ASIDE, HEAD, percent, plain_table, safe, signed_style
from stresstest.instrument_type import InstrumentType
from stresstest.io.field_docs import add_descriptions
from stresstest.io.model_cards import model_card
from stresstest.market.factor_kinds import FACTOR_KINDS, ChangeSpace
from stresstest.scenarios.effects import DIRECT, LINKED, NETWORK, PROPAGATED, REPLAYED, LineEffect
from stresstest.scenarios.wording import change_text, level_text, place_text

SHOWN = 4
"""Factors shown of a line where no portfolio narrows them down."""


def print_scenario(console: Console, found: ExplainedScenario) -> None:
    """Print a scenario: what it tells, then each line with the factors it moves and who holds them."""
    scenario = found.scenario
    console.print(Text.assemble(safe(scenario.name, HEAD), "  ", safe(scenario.title)))
    governed = scenario.governance.words()
    facts = [f"horizon {scenario.horizon}", scenario.timing, *governed, f"market {found.market}"]
    if found.severity != 1.0:
        facts.append(f"severity {100.0 * found.severity:.4g} %")
    if scenario.source:
        facts.append("source " + ", ".join(scenario.source))
    console.print(safe("; ".join(fact for fact in facts if fact)))
    if scenario.narrative:
        console.print()
        for paragraph in scenario.narrative.strip().split("\n\n"):
            console.print(safe(" ".join(paragraph.split())))
            console.print()
    for line in found.lines:
        _print_line(console, line, found)
    if not found.with_portfolio:
        still = f", {found.n_still:,} more are stated not to" if found.n_still else ""
        console.print(safe(f"{found.n_moved:,} factors of market {found.market} move{still}", ASIDE))
    for note in found.notes:
        console.print(safe(f"Note: {note}", ASIDE))


def _print_line(console: Console, line: ExplainedLine, found: ExplainedScenario) -> None:
    if found.with_portfolio and not line.effects:
        return
    title = safe(f"{line.number:>2}  {line.text}" if line.number else f"    {line.text}", HEAD)
    place = place_text(line.location)
    console.print(title.append(safe(f"  {place}", ASIDE).plain if place else "", ASIDE))
    if line.basis:
        console.print(_indented(line.basis, 4))
    shown = line.effects if found.with_portfolio else line.effects[:SHOWN]
    width = max((len(str(effect.factor)) for effect in shown), default=0)
    for effect in shown:
        console.print(_effect_line(effect, width))
        holders = found.holders.get(effect.factor, ())
        if holders and _decides(effect):
            console.print(_indented(", ".join(holders), 6))
    hidden = len(line.effects) - len(shown)
    if hidden:
        console.print(_indented(f"and {hidden} more of {len(line.effects)} factors", 4))


def _indented(text: str, columns: int) -> Padding:
    return Padding(safe(text, ASIDE), (0, 0, 0, columns))


def _decides(effect: LineEffect) -> bool:
    return not effect.reason.startswith("overruled")


def _without_place(reason: str) -> str:
    """Return a reason without the place of the line that it names: that stands beside the line's number."""
    return re.sub(r" \([^)]*:\d+\)$", "", reason)


def _effect_line(effect: LineEffect, width: int) -> Text:
    """Return factor, from, to, change, and why the line does not decide or what else is to know."""
    kind = FACTOR_KINDS[effect.factor.kind]
    remarks = (
        []
        if effect.reason in (DIRECT, LINKED, NETWORK, PROPAGATED, REPLAYED)
        else [_without_place(effect.reason)]
    )
    if effect.floored:
        remarks.append("stopped by its floor")
    if effect.implied is not None:
        remarks.append(f"links imply {change_text(kind, effect.base, effect.implied)}")
    change = effect.level - effect.base
    if kind.change_space is ChangeSpace.LOG:
        moved = percent(100.0 * change / effect.base)
    else:
        moved = change_text(kind, effect.base, effect.level)
    name = safe(str(effect.factor)).plain
    text = Text(
        f"    {name:<{width}}  {level_text(kind, effect.base):>9} to {level_text(kind, effect.level):>9}"
    )
    text.append(f"  {moved:>9}", signed_style(change) if _decides(effect) else ASIDE)
    return text.append(safe(f"  {'; '.join(remarks)}", ASIDE).plain, ASIDE)


def print_instrument(console: Console, type_: InstrumentType) -> None:
    """Print an instrument type: what it is, its fields, and its model card."""
    console.print(Text.assemble(safe(type_.tag, HEAD), "  ", safe(type_.summary)))
    console.print(safe(" ".join((type_.spec.__doc__ or "").split())))
    console.print()
    add_descriptions(type_.spec)
    table = plain_table([("field", "left"), ("", "left"), ("", "left")])
    for name, field in type_.spec.model_fields.items():
        need = "required" if field.is_required() else "optional"
        table.add_row(safe(name), need, safe(" ".join((field.description or "").split())))
    console.print(table)
    console.print()
    console.print("Every position also has an id, a type, and a quantity or a weight.")
    for heading, body in model_card(type_.spec).items():
        console.print()
        console.print(safe(heading, HEAD))
        for block in card_blocks(body):
            console.print(Padding(safe(block), (0, 0, 0, 2)))


def card_blocks(body: str) -> list[str]:
    r"""Return paragraphs and list items of a card's section, each on one line that the terminal may break.

    Examples
    --------
    >>> card_blocks("One\nsentence.\n\n- first\n  thing\n- second")
    ['One sentence.', '- first thing', '- second']
    """
    blocks: list[str] = []
    for paragraph in body.split("\n\n"):
        for number, line in enumerate(paragraph.splitlines()):
            if number == 0 or line.startswith("- "):
                blocks.append(line.strip())
            else:
                blocks[-1] += f" {line.strip()}"
    return blocks
