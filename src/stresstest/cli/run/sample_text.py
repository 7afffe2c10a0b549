"""The sample of a run as text and as JSON: value at risk, expected shortfall, worst draw by portfolio."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from stresstest.api import Stress
from stresstest.cli.terminal import ASIDE, HEAD, money, percent
from stresstest.measures.tail import TailMeasures
from stresstest.revaluation.result import PortfolioResult
from stresstest.scenarios.member_set import MemberSet

CONFIDENCE_LEVELS = (0.95, 0.99)


def sample_texts(stress: Stress, portfolio: int) -> list[Text]:
    """Return the lines on the draws of a portfolio, by its place in the run; none without a sample."""
    held = _drawn(stress, portfolio)
    if held is None:
        return []
    tails = [stress.tails(level)[portfolio] for level in CONFIDENCE_LEVELS]
    lines = [Text(f"Sample of {held.table.n_columns - 1:,} draws{_terms(stress)}", HEAD)]
    for tail in tails:
        level = f"{100.0 * tail.confidence_level:g} %"
        lines.append(_line(f"expected shortfall {level}", tail.expected_shortfall, held))
        lines.append(_line(f"value at risk {level}", tail.value_at_risk, held))
    lines.append(_line("worst draw", tails[0].worst_loss, held))
    failed = _n_failed(held)
    if failed:
        lines.append(Text(f"  draws that leave out positions without a value: {failed:,}", ASIDE))
    return lines


def sample_document(stress: Stress, portfolio: int) -> dict[str, Any] | None:
    """Return the draws of a portfolio as plain JSON values; None without a sample."""
    held = _drawn(stress, portfolio)
    if held is None:
        return None
    return {
        "columns": held.table.n_columns - 1,
        "incomplete_columns": _n_failed(held),
        "tails": [_tail(stress.tails(level)[portfolio]) for level in CONFIDENCE_LEVELS],
    }


def _drawn(stress: Stress, portfolio: int) -> PortfolioResult | None:
    return None if stress.sampled is None else stress.sampled.portfolios[portfolio]


def _tail(tail: TailMeasures) -> dict[str, float]:
    return {
        "confidence_level": tail.confidence_level,
        "value_at_risk": tail.value_at_risk,
        "expected_shortfall": tail.expected_shortfall,
        "worst_loss": tail.worst_loss,
        "effective_columns": tail.effective_columns,
    }


def _terms(stress: Stress) -> str:
    terms = stress.scenarios.sample if isinstance(stress.scenarios, MemberSet) else None
    if terms is None:
        return ""
    tails = "" if terms.degrees_of_freedom is None else f", Student t {terms.degrees_of_freedom}"
    return f" (seed {terms.seed}{tails}), losses positive"


def _line(name: str, loss: float, held: PortfolioResult) -> Text:
    relative = 100.0 * loss / abs(held.base_value) if held.base_value else None
    return Text(f"  {name:<24} {money(loss):>16}  {percent(relative):>9}")


def _n_failed(held: PortfolioResult) -> int:
    return int((held.left_out != 0.0).sum())
