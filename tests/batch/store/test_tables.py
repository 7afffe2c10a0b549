"""Tables as Parquet bytes: the same for the same table, row groups as asked for."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from stresstest.batch.store.tables import decode_table, encode_table

TABLE = pa.table({"portfolio": ["a", "b", "c"], "pnl": [1.5, None, float("nan")], "n": [1, 2, 3]})


def test_a_table_comes_back_with_its_bits() -> None:
    found = decode_table(encode_table(TABLE))
    assert found.drop(["pnl"]).equals(TABLE.drop(["pnl"]))
    assert found["pnl"].null_count == 1
    assert np.isnan(found["pnl"][2].as_py())


def test_the_same_table_gives_the_same_bytes() -> None:
    chunked = pa.concat_tables([TABLE.slice(0, 1), TABLE.slice(1)])
    assert encode_table(TABLE, [1, 2]) == encode_table(TABLE, [1, 2])
    assert encode_table(chunked) == encode_table(TABLE)


@pytest.mark.parametrize("sizes", [[1, 2], [3, 0], [0, 3]])
def test_row_groups_are_read_one_by_one(sizes: list[int]) -> None:
    content = encode_table(TABLE, sizes)
    names = [decode_table(content, group)["portfolio"].to_pylist() for group in range(2)]
    assert [len(found) for found in names] == sizes
    assert [name for found in names for name in found] == ["a", "b", "c"]


def test_row_groups_of_another_table_are_refused() -> None:
    with pytest.raises(ValueError, match="row groups of 2 rows for a table of 3"):
        encode_table(TABLE, [2])
