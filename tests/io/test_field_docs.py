"""Descriptions of fields, read from the strings under them."""

from __future__ import annotations

from pydantic import BaseModel, Field

from stresstest.io.field_docs import add_descriptions
from stresstest.io.fields import Spec


class Base(Spec):
    """A base."""

    first: int
    """The first
    of them."""


class Derived(Base):
    """Derived from it."""

    second: int = 0
    """The second."""
    third: int = Field(default=0, description="kept")
    """not read"""
    fourth: int = 0


def test_strings_below_fields_are_their_descriptions():
    add_descriptions(Derived)
    found = {name: field.description for name, field in Derived.model_fields.items()}
    assert found == {"first": "The first\nof them.", "second": "The second.", "third": "kept", "fourth": None}


def test_a_class_without_source_has_none():
    made: type[BaseModel] = type("Made", (Spec,), {"__annotations__": {"x": int}, "__module__": __name__})
    add_descriptions(made)
    assert made.model_fields["x"].description is None
