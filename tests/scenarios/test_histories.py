"""Which column a column goes on from."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tests.fixtures.books import AS_OF, small_market
from tests.fixtures.path_columns import path_columns

from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.histories import previous_columns, previous_years
from stresstest.scenarios.table import ColumnTable

STAGES = ("aged", "direct")


def table(rows):
    """Return the table of (scenario, slice, stage) rows, the base added."""
    names, slices, stages = zip(("base", 0, "base"), *rows, strict=True)
    count = len(names)
    return ColumnTable(names, np.array(slices), stages, np.full(count, -1), np.full(count, np.nan))


def test_every_column_of_today_goes_on_from_the_base():
    assert previous_columns(ColumnTable.instant(["a", "b"])).tolist() == [0, 0, 0]
    assert previous_years(ColumnTable.instant(["a"]), (0.0,)) == (None,)


def test_two_paths_with_one_date_in_common():
    two = table(
        [(name, number, stage) for name, number in (("a", 1), ("b", 2), ("a", 3)) for stage in STAGES]
    )
    assert previous_columns(two).tolist() == [0, 0, 1, 0, 3, 2, 5]
    assert previous_years(two, (0.0, 0.25, 1.0, 1.0)) == (None, 0.0, 0.0, 0.25)


def test_stages_of_one_date_all_shock_the_aged_column():
    staged = table([("a", 1, "aged"), ("a", 1, "direct"), ("a", 1, "propagated"), ("a", 2, "aged")])
    assert previous_columns(staged).tolist() == [0, 0, 1, 1, 3]


def test_a_column_without_an_aged_one_is_refused():
    with pytest.raises(ValueError, match="no aged column before it"):
        previous_columns(table([("a", 1, "direct")]))


def test_a_slice_of_columns_from_two_times_is_refused():
    mixed = table([("a", 1, "aged"), ("a", 1, "direct"), ("a", 2, "aged"), ("b", 2, "aged")])
    with pytest.raises(ValueError, match="do not all come from one time"):
        previous_years(mixed, (0.0, 0.25, 1.0))


def test_slices_may_share_a_time_but_never_today():
    market = small_market()
    good = path_columns(market, [(date(2026, 1, 1), {}), (date(2026, 1, 1), {})])
    assert good.elapsed_years[1] == good.elapsed_years[2]
    with pytest.raises(ValueError, match="ascending from 0"):
        path_columns(market, [(AS_OF, {})])
    with pytest.raises(ValueError, match="ascending from 0"):
        FactorColumns(good.table, market.levels, {}, (0.0, 0.5, 0.25))
