"""Whether trades exist: asked once, in lots within few rounds, and a search that was ended is counted."""

from __future__ import annotations

import pytest
from tests.hedging.program.test_guided import bent

from stresstest.hedging.program import guided
from stresstest.hedging.program.program import HedgeProgram


def test_lots_are_found_where_there_is_room_for_them() -> None:
    program = HedgeProgram(bent(1.2))
    assert program.holds()
    assert program.holds_in_lots()
    assert program.unproved == 0


def test_an_answer_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    program = HedgeProgram(bent(1.2))
    assert program.holds()
    monkeypatch.setattr(guided.GuidedSearch, "deepest", None)
    assert program.holds()


def test_a_search_that_is_ended_proves_nothing_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guided, "MOST_ROUNDS", 0)
    program = HedgeProgram(bent(1.2))
    assert not program.holds()
    assert program.unproved == 1
