"""A reverse stress from its question to answers that are scenarios ready to run."""

from __future__ import annotations

import re
from math import sqrt

import numpy as np

from stresstest.arrays import frozen
from stresstest.errors import ModelError
from stresstest.kernels.normal import normal_cdf
from stresstest.market.keys import RiskFactorKey
from stresstest.measures.plausibility import Plausibility, plausibility
from stresstest.portfolio.book import Book
from stresstest.quantity import parse_horizon
from stresstest.reverse.answers import Answer, distinct_answers
from stresstest.reverse.moves import OWN
from stresstest.reverse.question import Posed, Question, pose
from stresstest.reverse.result import FactorMove, ReverseAnswer, ReverseStress
from stresstest.reverse.scenario_text import scenario_text
from stresstest.scenarios.loading import parse_scenario

_NAMED = 3
_MOST_NAME = 64
_CAVEAT = (
    "A Gaussian percentile compares moves with one another and with a regime; it does not predict. What "
    "moves and how far is computed from the market's factor model; nothing says that it will happen."
)


def reverse_stress(book: Book, question: Question) -> ReverseStress:
    """Return what would have to happen to the first portfolio of `book` to lose what `question` asks.

    Raises
    ------
    InputError
        For a question that does not fit, see `pose`.
    """
    posed = pose(book, question)
    found = distinct_answers(posed.target, question.answers)
    reached = found[0].point.reached
    told = [_told(posed, answer, number) for number, answer in enumerate(found, start=1)]
    nothing = posed.target.loss.positions([np.zeros(len(posed.target.space.keys))])
    return ReverseStress(
        question=question,
        portfolio=nothing.name,
        currency=nothing.currency,
        base_value=posed.base_value,
        gross_value=nothing.gross_value,
        positions=nothing.position_ids,
        position_types=nothing.position_types,
        amount=posed.target.amount,
        n_factors=len(posed.target.space.keys),
        unknown=posed.unknown,
        answers=tuple(told) if reached else (),
        largest=None if reached else told[0],
    )


def _told(posed: Posed, answer: Answer, number: int) -> ReverseAnswer:
    moves = _moves(posed, answer)
    levels = {move.factor: (move.base, move.level) for move in moves}
    name = _name(posed, answer, number)
    text = scenario_text(
        _head(posed, answer, name), _narrative(posed, answer), levels, posed.book.market.levels
    )
    result = posed.target.loss.positions([answer.point.move])
    pull = posed.target.space.pull(np.asarray(answer.point.gradient))
    return ReverseAnswer(
        scenario=parse_scenario(text, f"{name}.yaml"),
        text=text,
        lead=answer.lead,
        held=answer.held,
        distance=answer.distance,
        tail_probability=float(normal_cdf(-answer.distance)),
        loss=-float(result.pnl[1]),
        parts=dict(sorted(answer.parts.items(), key=lambda item: -item[1])),
        shifts=answer.shifts,
        moves=moves,
        pnl=frozen(result.position_pnl[:, 1]),
        card=_card(posed, name, {key: level for key, (_, level) in levels.items()}),
        steepness=sqrt(float(pull @ pull)),
    )


def _head(posed: Posed, answer: Answer, name: str) -> dict[str, object]:
    return {
        "name": name,
        "title": _title(posed, answer),
        "horizon": posed.question.horizon,
        "tags": ["reverse_stress"],
        "status": "draft",
    }


def _card(posed: Posed, name: str, stated: dict[RiskFactorKey, float]) -> Plausibility:
    card = plausibility(name, parse_horizon(posed.question.horizon).years, stated, posed.book.market)
    if card is None:
        raise ModelError("a market with a factor model gave no plausibility")
    return card


def _moves(posed: Posed, answer: Answer) -> tuple[FactorMove, ...]:
    space, point = posed.target.space, answer.point
    levels = posed.target.loss.levels([point.move])
    slopes = zip(answer.average_gradient, point.gradient, strict=True)
    rows = zip(space.keys, point.move, space.deviations, slopes, strict=True)
    found = [
        FactorMove(
            factor=key,
            base=float(levels[key][0]),
            level=float(levels[key][1]),
            change=float(change),
            deviations=float(change / deviation),
            cost=float(change * average),
            marginal=float(slope * deviation),
        )
        for key, change, deviation, (average, slope) in rows
        if change != 0.0
    ]
    return tuple(sorted(found, key=lambda move: -abs(move.cost)))


def _name(posed: Posed, answer: Answer, number: int) -> str:
    """Return the scenario's name; of a long portfolio's the beginning, since a name has a most."""
    lead = f"_{number}_{_snake(answer.lead.removeprefix(OWN))}"
    head = f"reverse_{_snake(posed.book.portfolios[0].name)}"[: max(len("reverse"), _MOST_NAME - len(lead))]
    return (head.rstrip("_") + lead)[:_MOST_NAME].rstrip("_")


def _snake(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


def _title(posed: Posed, answer: Answer) -> str:
    share = posed.percent(answer.point.loss)
    portfolio = posed.book.portfolios[0].name
    return f"What costs {portfolio} {share:.4g} %, led by {answer.lead}"


def _narrative(posed: Posed, answer: Answer) -> list[str]:
    question, total = posed.question, sum(answer.parts.values())
    leading = sorted(answer.parts.items(), key=lambda item: -item[1])[:_NAMED]
    named = ", ".join(f"{driver} {100.0 * part / total:.0f} %" for driver, part in leading if total)
    still = f" in which {', '.join(answer.held)} stand still" if answer.held else ""
    first = (
        f"The most plausible move over {question.horizon} in regime {question.regime}{still} that costs "
        f"{posed.book.portfolios[0].name} {posed.percent(answer.point.loss):.4g} % of its base "
        f"value under full revaluation: Mahalanobis distance {answer.distance:.3g}, "
        f"{len(posed.target.space.keys)} factors. The loss comes from {named}."
    )
    return [first, _CAVEAT]
