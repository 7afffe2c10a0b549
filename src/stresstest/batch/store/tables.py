"""Tables as the bytes of Parquet files, the same for the same table, and row groups of them read back."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq


def encode_table(table: pa.Table, row_groups: Sequence[int] | None = None) -> bytes:
    """Return a table as a Parquet file: zstd, texts by dictionary, numbers by byte streams.

    Parameters
    ----------
    row_groups
        Rows of each row group, adding up to those of the table; one group where it is not given.

    Raises
    ------
    ValueError
        Where the row groups are not those of the table.
    """
    sizes = [table.num_rows] if row_groups is None else list(row_groups)
    if sum(sizes) != table.num_rows:
        raise ValueError(f"row groups of {sum(sizes)} rows for a table of {table.num_rows}")
    sink = pa.BufferOutputStream()
    floats = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    others = [name for name in table.column_names if name not in set(floats)]
    with pq.ParquetWriter(
        sink, table.schema, compression="zstd", use_dictionary=others, use_byte_stream_split=floats or False
    ) as writer:
        start = 0
        for size in sizes:
            writer.write_table(table.slice(start, size), row_group_size=max(size, 1))
            start += size
    content: bytes = sink.getvalue().to_pybytes()
    return content


def decode_table(content: bytes, row_group: int | None = None) -> pa.Table:
    """Return the table of a Parquet file, or one row group of it."""
    file = pq.ParquetFile(pa.BufferReader(content))
    if row_group is None:
        return file.read(use_threads=False)
    return file.read_row_group(row_group, use_threads=False)
