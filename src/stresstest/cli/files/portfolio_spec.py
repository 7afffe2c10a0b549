"""A whole portfolio file as one model, for its JSON Schema: the loader checks head and positions apart."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, Field, create_model

from stresstest.catalog import instrument_types
from stresstest.io.field_docs import add_descriptions
from stresstest.portfolio.spec import PortfolioHead, PositionHead


def portfolio_model() -> type[BaseModel]:
    """Return the model of a whole portfolio file: its head, and positions of every instrument type."""
    members: Any = tuple(_position_model(tag, type_.spec) for tag, type_ in instrument_types().items())
    position: Any = Annotated[Union[members], Field(discriminator="type")]  # noqa: UP007 - made at run time
    fields: dict[str, Any] = {
        "positions": (
            list[position] | str,
            Field(description="The positions, or the name of a CSV, Parquet or Excel table beside the file."),
        )
    }
    return create_model("Portfolio", __base__=PortfolioHead, __doc__=PortfolioHead.__doc__, **fields)


def _position_model(tag: str, spec: type[BaseModel]) -> type[BaseModel]:
    """Return the model of a position of one type: what every position has, then the contract terms."""
    add_descriptions(spec)
    literal: Any = Literal[tag]
    name = "".join(part.capitalize() for part in tag.split("_")) + "Position"
    fields: dict[str, Any] = {"type": (literal, Field(description="Instrument type."))}
    fields |= {name: (field.annotation, field) for name, field in spec.model_fields.items()}
    return create_model(name, __base__=PositionHead, __doc__=spec.__doc__, **fields)
