"""State of instruments from date to date: where each column goes on from, and what it is given."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.instrument_type import InstrumentType
from stresstest.portfolio.book import Block
from stresstest.revaluation import states as module
from stresstest.revaluation.states import States, origins
from stresstest.scenarios.table import ColumnTable

TABLE = ColumnTable(
    scenario=("base", "fall", "calm", "fall", "fall", "calm", "calm", "fall", "fall"),
    slice=np.array([0, 0, 0, 1, 1, 1, 1, 2, 2]),
    stage=("base", "direct", "direct", *["aged", "direct"] * 3),
    draw=np.full(9, -1),
    probability=np.full(9, np.nan),
)
BLOCK = Block("remembering", 0, 2, None)


@pytest.fixture(autouse=True)
def a_type_with_state(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {
        "remembering": InstrumentType("remembering", "", dict, None, None, n_state=1),  # type: ignore[arg-type]
        "plain": InstrumentType("plain", "", dict, None, None),  # type: ignore[arg-type]
    }
    monkeypatch.setattr(module, "instrument_type", made.__getitem__)


def test_columns_of_a_date_go_on_from_the_last_column_of_an_earlier_one() -> None:
    assert origins(TABLE).tolist() == [0, 0, 0, 1, 1, 2, 2, 4, 4]


def test_state_goes_from_slice_to_slice() -> None:
    states = States(TABLE)
    assert states.prepare((BLOCK,))
    today = states.start(BLOCK, slice(0, 3))
    assert today.shape == (2, 1, 3)
    assert not today.any()
    today[:, 0] = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    states.keep(BLOCK, slice(0, 3), today)
    later = states.start(BLOCK, slice(4, 6))
    assert later[:, 0].tolist() == [[2.0, 3.0], [5.0, 6.0]]
    assert later.flags.writeable
    assert later.flags.c_contiguous


def test_what_has_no_state_gets_none_and_asks_for_no_order() -> None:
    plain = Block("plain", 0, 4, None)
    states = States(TABLE)
    assert not states.prepare((plain,))
    assert states.start(plain, slice(0, 3)).shape == (0, 0, 0)


def test_columns_of_today_need_no_order_and_keep_nothing() -> None:
    states = States(ColumnTable.instant(["a", "b"]))
    assert not states.prepare((BLOCK,))
    state = states.start(BLOCK, slice(0, 3))
    state[:] = 1.0
    states.keep(BLOCK, slice(0, 3), state)
    assert not states.start(BLOCK, slice(0, 3)).any()
