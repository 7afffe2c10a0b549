"""Price histories from wide and long tables, and what is wrong with them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tests.fixtures.price_histories import made_up_prices, write_long, write_wide

from stresstest.errors import InputError
from stresstest.market.estimation.history import changes, read_history

DAYS, PRICES = made_up_prices(date(2025, 8, 1), date(2025, 10, 3))


def gappy() -> dict[str, np.ndarray]:
    prices = {name: values.copy() for name, values in PRICES.items()}
    prices["AMD"][:7] = np.nan
    prices["MU"][11] = np.nan
    return prices


def test_wide_and_long_tables_give_one_history(tmp_path: Path) -> None:
    wide = read_history(write_wide(tmp_path / "wide.csv", DAYS, gappy()))
    long = read_history(write_long(tmp_path / "long.csv", DAYS, gappy()))
    assert wide.days == long.days == tuple(DAYS)
    for name in PRICES:
        assert wide.column(name).tobytes() == long.column(name).tobytes(), name
        np.testing.assert_allclose(np.exp(wide.column(name)), gappy()[name], rtol=1e-9)


def test_parquet_is_read(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pa.table({**{name: pa.array(values) for name, values in PRICES.items()}, "Date": pa.array(DAYS)})
    parquet.write_table(table, tmp_path / "prices.parquet")
    history = read_history(tmp_path / "prices.parquet")
    assert history.days == tuple(DAYS)
    assert set(history.names) == set(PRICES)


def test_changes_end_on_their_row() -> None:
    levels = np.array([[1.0], [2.0], [4.0], [np.nan], [9.0]])
    np.testing.assert_array_equal(changes(levels, 2)[:, 0], [np.nan, np.nan, 3.0, np.nan, 5.0])


def test_windows_hold_both_ends(tmp_path: Path) -> None:
    history = read_history(write_wide(tmp_path / "wide.csv", DAYS, PRICES))
    inside = history.between(DAYS[3], DAYS[5])
    assert np.flatnonzero(inside).tolist() == [3, 4, 5]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("day,SPY\n2025-01-02,1\n", "error[ST231] history without a column `date`"),
        ("date\n2025-01-02\n", "error[ST231] history without prices"),
        ("date,SPY\n2025-01-02,1\n2025-01-02,2\n", ":3:1: error[ST231] day 2025-01-02 twice"),
        ("date,SPY\n2025-01-02,0\n", ":2:12: error[ST231] price 0 of SPY"),
        ("date,SPY\n2025-01-02,-4\n", "error[ST231] price -4 of SPY"),
        ("date,SPY\n2025/01/02,4\n", ":2:1: error[ST156]"),
        ("date,SPY\n2025-01-02,dear\n", ":2:12: error[ST155]"),
        ("date,ticker,close\n2025-01-02,SPY,4\n2025-01-02,SPY,5\n", ":3:12: error[ST231] SPY on 2025-01-02"),
        ("date,ticker,close\n2025-01-02,,4\n", ":2:12: error[ST231] blank ticker"),
        ("date,ticker,close\n2025-01-02,SPY,-4\n", "error[ST231] price -4 of close"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_history(path)
    assert message in str(caught.value)
