from __future__ import annotations

from itertools import combinations
from math import cos, radians

import pytest

import stresstest as st
from stresstest import api
from stresstest.reverse.answers import LEAST_ANGLE, Answer, distinct_answers
from stresstest.reverse.question import Posed, Question, pose


@pytest.fixture(scope="module")
def posed() -> Posed:
    book = api.compile_portfolios(st.load_portfolio("ai_growth_fund"), st.load_market())
    return pose(book, Question(0.25))


@pytest.fixture(scope="module")
def found(posed: Posed) -> list[Answer]:
    return distinct_answers(posed.target, 4)


def test_answers_are_led_by_different_drivers_and_stand_apart(posed: Posed, found: list[Answer]) -> None:
    assert len(found) == 4
    assert len({answer.lead for answer in found}) == 4
    assert [answer.distance for answer in found] == sorted(answer.distance for answer in found)
    for one, other in combinations(found, 2):
        cosine = posed.target.space.cosine(one.point.move, other.point.move)
        assert abs(cosine) <= cos(radians(LEAST_ANGLE)) + 1e-9


def test_all_cost_the_target(posed: Posed, found: list[Answer]) -> None:
    for answer in found:
        assert answer.point.reached
        assert answer.point.loss == pytest.approx(posed.target.amount, abs=1e-7 * posed.target.scale)
        lead = max(answer.parts, key=lambda driver: answer.parts[driver])
        assert answer.lead == lead
        assert not set(answer.held) & set(answer.shifts)


def test_each_holds_what_led_before(found: list[Answer]) -> None:
    first = next(answer for answer in found if not answer.held)
    assert first.lead == "market"
    for answer in found:
        assert answer is first or first.lead in answer.held
        assert answer.lead not in answer.held
