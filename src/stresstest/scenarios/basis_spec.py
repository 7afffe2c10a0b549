"""Sources and bases of sizes as scenario files write them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from stresstest.io.fields import Items, Spec
from stresstest.scenarios.select_spec import ONE_OR_MORE, as_list

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
    }

    basis_class: Annotated[Literal["documented", "computed", "judgement", "unverified"], Field(alias="class")]
    """How well the size is founded."""
    analogue: str = ""
    """The episode that the size is modelled on."""
    note: str = ""
    """Why this size."""
