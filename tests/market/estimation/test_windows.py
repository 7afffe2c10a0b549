"""Windows: how they are written, which returns lie in them, what an overlapping return is worth."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tests.fixtures.price_histories import made_up_prices, write_wide

from stresstest.errors import InputError
from stresstest.market.estimation.history import PriceHistory, read_history
from stresstest.market.estimation.windows import (
    REGIMES,
    overlap_efficiency,
    parse_regime,
    rows_inside,
    usable_windows,
)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> PriceHistory:
    days, prices = made_up_prices(date(2024, 1, 1), date(2025, 10, 3))
    folder: Path = tmp_path_factory.mktemp("history")
    return read_history(write_wide(folder / "prices.csv", days, {"SPY": prices["SPY"]}))


def test_overlap_is_that_of_simulated_variances() -> None:
    generator = np.random.default_rng(3)
    lag, n = 5, 400
    daily = generator.normal(size=(4000, n + lag))
    sums = np.cumsum(daily, axis=1)
    overlapping = sums[:, lag:] - sums[:, :-lag]
    variances = (overlapping**2).mean(axis=1) / lag
    effective = 2.0 / variances.var()
    assert effective / n == pytest.approx(overlap_efficiency(lag), rel=0.08)


def test_a_return_lies_in_a_window_with_both_its_ends(history: PriceHistory) -> None:
    first, last = history.days[20], history.days[40]
    inside = rows_inside(history, ((first, last),), 5)
    assert np.flatnonzero(inside).tolist() == list(range(25, 41))
    other = (history.days[60], history.days[66])
    assert int(rows_inside(history, ((first, last), other), 5).sum()) == 16 + 2


def test_regime_is_read() -> None:
    name, windows = parse_regime("stressed=2007-10-09..2009-03-09,2020-02-19..2020-04-30")
    assert name == "stressed"
    assert windows == REGIMES["stressed"][:2]


@pytest.mark.parametrize(
    "text",
    ["", "calm", "calm=", "calm=2020-01-01", "calm=2020-02-01..2020-01-01", "a b=2020-01-01..2021-01-01"],
)
def test_malformed_regime_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="ST232"):
        parse_regime(text)


def test_usual_regimes_are_kept_where_the_history_covers_them(history: PriceHistory) -> None:
    assert set(usable_windows(history, REGIMES, strict=False)) == {"calm", "stressed"}


def test_asked_regime_without_returns_is_refused(history: PriceHistory) -> None:
    wanted = {"old": ((date(1999, 1, 1), date(2001, 1, 1)),)}
    with pytest.raises(InputError, match=r"ST232.*'old' with 0 returns.*2024-01-01 to 2025-10-03"):
        usable_windows(history, wanted, strict=True)
