"""A reverse stress as plain JSON values."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from stresstest.cli.json_numbers import number
from stresstest.reverse.result import FactorMove, ReverseAnswer, ReverseStress
from stresstest.reverse.severities import Severities

_REGIME = ("regime", "distance", "percentile", "systematic_distance", "systematic_percentile")
_MOVE = ("base", "level", "change", "deviations", "cost", "marginal")


def reverse_document(found: ReverseStress) -> dict[str, Any]:
    """Return the whole result."""
    question = found.question
    return {
        "schema": "stresstest/reverse/1",
        "space": "factors",
        "portfolio": found.portfolio,
        "currency": found.currency,
        "base_value": found.base_value,
        "gross_value": found.gross_value,
        "loss": found.amount,
        "loss_percent": 100.0 * question.loss,
        "horizon": question.horizon,
        "regime": question.regime,
        "factors": list(question.factors),
        "n_factors": found.n_factors,
        "unknown_factors": [str(key) for key in found.unknown],
        "reached": found.reached,
        "answers": [_answer(found, answer) for answer in found.answers],
        "largest": None if found.largest is None else _answer(found, found.largest),
    }


def _answer(found: ReverseStress, answer: ReverseAnswer) -> dict[str, Any]:
    positions = zip(found.positions, found.position_types, answer.pnl.tolist(), strict=True)
    return {
        "name": answer.scenario.name,
        "title": answer.scenario.title,
        "lead": answer.lead,
        "held": list(answer.held),
        "distance": answer.distance,
        "tail_probability": answer.tail_probability,
        "loss": answer.loss,
        "loss_percent": found.percent(answer.loss),
        "regimes": [{name: getattr(one, name) for name in _REGIME} for one in answer.card.distances],
        "beyond_history": [str(shock.factor) for shock in answer.card.extrapolated],
        "drivers": [
            {"driver": driver, "loss": part, "deviations": answer.shifts.get(driver)}
            for driver, part in answer.parts.items()
        ],
        "moves": [_move(move) for move in answer.moves],
        "positions": [
            {"id": id_, "type": type_, "pnl": number(pnl), "distance_gained": number(answer.relief(pnl))}
            for id_, type_, pnl in positions
        ],
        "scenario": answer.text,
    }


def _move(move: FactorMove) -> dict[str, Any]:
    return {"factor": str(move.factor), **{name: getattr(move, name) for name in _MOVE}}


def severities_document(found: Severities) -> dict[str, Any]:
    """Return how severe each scenario must be."""
    return {
        "schema": "stresstest/reverse/1",
        "space": "scenarios",
        "portfolio": found.portfolio,
        "currency": found.currency,
        "base_value": found.base_value,
        "loss": found.amount,
        "loss_percent": 100.0 * found.amount / abs(found.base_value),
        "reached": found.reached,
        "scenarios": [asdict(item) for item in found.needed],
        "pair": None if found.pair is None else asdict(found.pair),
    }
