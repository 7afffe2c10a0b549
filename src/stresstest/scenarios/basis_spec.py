"""Sources and bases of sizes as scenario files write them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, Field, WithJsonSchema

from stresstest.io.fields import Date, Items, Spec


def as_list(value: object) -> object:
    """Return a single value as a list of one."""
    return value if isinstance(value, list | tuple) else (value,)


ONE_OR_MORE = WithJsonSchema(
    {
        "anyOf": [
            {"type": "string", "minLength": 1},
            {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
        ]
    }
)
"""Schema of a text or a list of texts."""

Texts: TypeAlias = Annotated[
    Items[Annotated[str, Field(min_length=1)]], BeforeValidator(as_list), ONE_OR_MORE
]
"""One text or a list of texts."""


class BasisSpec(Spec):
    """What the size of a shock rests on."""

    shorthand: ClassVar[str] = "class"
    examples: ClassVar[dict[str, tuple[object, ...]]] = {
        "analogue": ("-66 % in 2022",),
        "note": ("Half of it: the largest customer stays.",),
        "author": ("J. Doe",),
    }

    basis_class: Annotated[Literal["documented", "computed", "judgement", "unverified"], Field(alias="class")]
    """How well the size is founded."""
    analogue: str = ""
    """The episode that the size is modelled on."""
    note: str = ""
    """Why this size."""
    author: str = ""
    """Who judged it."""
    date: Date | None = None
    """Day on which it was judged."""
