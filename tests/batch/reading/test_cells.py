"""P&L as a matrix, from the wide layout and from the long one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from tests.batch.reading.small_runs import TABLES

from stresstest.batch.reading.cells import cells_of_table

WIDE = pa.table(TABLES["pnl"])
ROWS = [
    (name, currency, base, scenario, TABLES["pnl"][scenario][row])
    for row, (name, currency, base) in enumerate(
        zip(*(TABLES["pnl"][key] for key in ("portfolio", "currency", "base_value")), strict=True)
    )
    for scenario in ("fall", "rise")
]
LONG = pa.table(
    dict(
        zip(("portfolio", "currency", "base_value", "scenario", "pnl"), zip(*ROWS, strict=True), strict=True)
    )
)


def test_both_layouts_give_one_matrix() -> None:
    wide, long = cells_of_table(WIDE), cells_of_table(LONG)
    assert wide.portfolios == long.portfolios == ("first", "second", "third")
    assert wide.scenarios == long.scenarios == ("fall", "rise")
    assert wide.currencies == long.currencies
    np.testing.assert_array_equal(wide.pnl, [[-300.0, 50.0], [-100.5, 0.0], [np.nan, 25.0]])
    np.testing.assert_array_equal(long.pnl, wide.pnl)
    np.testing.assert_array_equal(long.base_value, wide.base_value)


def test_a_part_takes_cells_by_name() -> None:
    part = cells_of_table(WIDE).part(["third", "nobody", "first"], ["rise", "never"])
    np.testing.assert_array_equal(part, [[25.0, np.nan], [np.nan, np.nan], [50.0, np.nan]])


def test_fractions_of_no_value_are_missing() -> None:
    table = pa.table({"portfolio": ["a"], "currency": ["USD"], "base_value": [0.0], "fall": [-1.0]})
    assert np.isnan(cells_of_table(table).fraction).all()
