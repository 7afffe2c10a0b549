"""Tables of P&L by the stages of scenarios: a column a scenario by mechanism, or round by round."""

from __future__ import annotations

from rich.cells import set_cell_size
from rich.console import Console
from rich.text import Text

from stresstest.cli.breakdowns.stage_document import Stages
from stresstest.cli.run.matrices import MatrixRow, denominator_text, print_matrix
from stresstest.cli.run.views import PortfolioView
from stresstest.cli.terminal import HEAD, bar, money, percent, safe, signed_style
from stresstest.measures.stages import NETWORK, StageSplit, in_order, stage_split

WORDS = {"direct": "shocks as stated", "propagated": "propagated by history", "aged": "time alone"}
"""Stages that are no mechanism of a network, in words."""


def print_stages(console: Console, view: PortfolioView, stages: Stages) -> None:
    """Print what each stage makes of the P&L, as asked; the parts add up."""
    if stages.by_mechanism:
        _print_mechanisms(console, view)
    if stages.by_round:
        for line in view.scenarios:
            split = stage_split(view.result, line.name, rounds=True)
            if any(part.startswith(NETWORK) for part in split.parts):
                _print_rounds(console, view, split)


def _print_mechanisms(console: Console, view: PortfolioView) -> None:
    result = view.result
    splits = {line.name: stage_split(result, line.name) for line in view.scenarios}
    order = in_order(part for split in splits.values() for part in split.parts)
    rows = [
        MatrixRow(
            WORDS.get(part, part),
            None,
            tuple(_percent(view, split, part) for split in splits.values()),
        )
        for part in order
    ]
    rows.append(MatrixRow("total", None, tuple(view.shown_percent(line.pnl) for line in view.scenarios)))
    console.print()
    title = safe("P&L by mechanism", HEAD)
    console.print(Text.assemble(title, f", in per cent of {denominator_text(view)} of ", safe(result.name)))
    print_matrix(console, ("mechanism", ""), tuple(splits), rows)


def _percent(view: PortfolioView, split: StageSplit, part: str) -> float | None:
    if part not in split.parts:
        return None
    return view.shown_percent(float(split.pnl[split.parts.index(part)]))


def _print_rounds(console: Console, view: PortfolioView, split: StageSplit) -> None:
    """Print stage by stage what is added and what has been lost by then."""
    names = [_round_text(part) for part in split.parts]
    width = max(len(name) for name in names)
    added = split.pnl.tolist()
    total, largest = 0.0, max(abs(pnl) for pnl in split.pnl.cumsum().tolist())
    console.print()
    console.print(Text.assemble(safe(split.scenario, HEAD), f" round by round, {view.result.currency}"))
    console.print(Text(f"{'step':<{width}}  {'adds':>16}  {'so far':>16}  {'%':>8}", HEAD))
    for name, pnl in zip(names, added, strict=True):
        total += pnl
        text = Text(f"{set_cell_size(name, width)}  ")
        text.append(f"{money(pnl):>16}  ", signed_style(pnl))
        figures = f"{money(total):>16}  {percent(view.shown_percent(total)):>8}  "
        text.append(figures, signed_style(total))
        room = max(console.width - len(text), 8)
        text.append_text(bar(total, largest, room, ascii_only=console.options.ascii_only))
        console.print(text, no_wrap=True, overflow="crop")


def _round_text(part: str) -> str:
    """Return a stage in words: `clearing, round 2`."""
    if not part.startswith(NETWORK):
        return WORDS.get(part, part)
    _, mechanism, number = part.split("/")
    return f"{mechanism}, round {number}"
