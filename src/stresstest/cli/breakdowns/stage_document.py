"""P&L by stages of scenarios as plain JSON values, and how it was asked to be split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stresstest.cli.json_numbers import number
from stresstest.measures.stages import stage_split
from stresstest.revaluation.result import PortfolioResult

MECHANISM = "mechanism"
"""What `--by` splits by where stages are meant, and not an attribute of positions."""


@dataclass(frozen=True, slots=True)
class Stages:
    """Whether P&L is split by mechanism, and round by round."""

    by_mechanism: bool
    by_round: bool

    @property
    def any(self) -> bool:
        """Whether it is split at all."""
        return self.by_mechanism or self.by_round


NO_STAGES = Stages(False, False)
"""P&L is not split by stages."""


def stage_documents(result: PortfolioResult, stages: Stages) -> list[dict[str, Any]]:
    """Return of each scenario the parts of its P&L in their order, of the portfolio and of each position."""
    return [_document(result, name, stages) for name in result.table.scenarios]


def _document(result: PortfolioResult, scenario: str, stages: Stages) -> dict[str, Any]:
    split = stage_split(result, scenario, rounds=stages.by_round)
    positions = (
        {} if split.positions is None else dict(zip(result.position_ids, split.positions, strict=True))
    )
    return {
        "scenario": scenario,
        "parts": [
            {"part": part, "pnl": number(pnl)} for part, pnl in zip(split.parts, split.pnl, strict=True)
        ],
        "positions": {
            position: {part: number(pnl) for part, pnl in zip(split.parts, row, strict=True)}
            for position, row in positions.items()
        },
    }
