"""A reverse stress as plain JSON values."""

from __future__ import annotations

from typing import Any

from stresstest.cli.json_numbers import number
from stresstest.reverse.result import FactorMove, ReverseAnswer, ReverseStress
from stresstest.reverse.severities import Severities


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
        "regimes": [
            {
                "regime": one.regime,
                "distance": one.distance,
                "percentile": one.percentile,
                "systematic_distance": one.systematic_distance,
                "systematic_percentile": one.systematic_percentile,
            }
            for one in answer.card.distances
        ],
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
    return {
        "factor": str(move.factor),
        "base": move.base,
        "level": move.level,
        "change": move.change,
        "deviations": move.deviations,
        "cost": move.cost,
        "marginal": move.marginal,
    }


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
        "scenarios": [
            {
                "scenario": item.scenario,
                "title": item.title,
                "horizon": item.horizon,
                "severity": item.severity,
                "loss": item.loss,
                "at": item.at,
                "drivers": [
                    {"driver": one.driver, "own": one.own, "needed": one.needed, "text": one.text}
                    for one in item.drivers
                ],
                "problem": item.problem,
            }
            for item in found.needed
        ],
        "pair": None
        if found.pair is None
        else {"first": found.pair.first, "second": found.pair.second, "severity": found.pair.severity},
    }
