"""The document of `query --json` as a model, for its JSON Schema; it may gain fields, not lose any."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from stresstest.cli.run.part_spec import Part


class ColumnPart(Part):
    """A column of the answer."""

    name: str
    """Its name; a name that stands twice is numbered."""
    type: str
    """Its type, as DuckDB calls it."""


class QuerySpec(Part):
    """Rows that a query of a run's results gives."""

    document_schema: Annotated[Literal["stresstest/query/1"], Field(alias="schema")]
    """What the document is, and its version."""
    sql: str
    """The query."""
    columns: list[ColumnPart]
    """In the order of the cells."""
    rows: list[list[Any]]
    """One list of cells a row; a number that is missing or not finite is null."""
