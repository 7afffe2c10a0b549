"""Factor models: what must fit together, and the largest move of a horizon."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.fixtures.random_models import random_model, spots

MODEL = random_model(4, 2)


def test_rows_follow_the_keys() -> None:
    assert [MODEL.rows[key] for key in spots(4)] == [0, 1, 2, 3]
    assert not MODEL.exposures.flags.writeable
    assert not MODEL.covariance["calm"].flags.writeable


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"keys": spots(3)}, "exposures are"),
        ({"keys": (*spots(3), spots(1)[0])}, "stands twice"),
        ({"factors": ("a", "a")}, "stands twice"),
        ({"largest_moves": np.ones((4, 3))}, "largest move"),
        ({"covariance": {"calm": np.eye(2)}}, "different names"),
        ({"covariance": {"calm": np.eye(3), "stressed": np.eye(3)}}, "wrong shape"),
        ({"idiosyncratic_vol": {"calm": np.ones(3), "stressed": np.ones(3)}}, "wrong shape"),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(MODEL, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("years", "column"),
    [(1 / 365, 0), (5 / 252, 0), (20 / 252, 0), (21 / 252, 1), (0.25, 2), (1.0, 3), (2.6, 3)],
)
def test_largest_move_is_that_of_the_longest_horizon_not_above(years: float, column: int) -> None:
    assert MODEL.largest_seen(spots(1)[:1], years).tolist() == [MODEL.largest_moves[0, column]]
