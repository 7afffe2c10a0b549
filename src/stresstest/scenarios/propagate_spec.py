"""How a scenario file asks for propagation."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from stresstest.io.fields import Date, Items, Name, Spec
from stresstest.quantity import QuantityError


class PropagateSpec(Spec):
    """Where the joint moves of the factors that no line states are taken from."""

    shorthand: ClassVar[str] = "regime"
    examples: ClassVar[dict[str, tuple[object, ...]]] = {
        "regime": ("calm", "stressed"),
        "window": (["2022-01-03", "2022-12-30"],),
    }

    regime: Name | None = None
    """Regime of the market's factor model: calm, stressed."""
    window: Annotated[Items[Date], Field(min_length=2, max_length=2)] | None = None
    """First and last day of a window that the market's factor model carries."""

    @model_validator(mode="after")
    def _one_of_two(self) -> PropagateSpec:
        if (self.regime is None) == (self.window is None):
            got = "both" if self.regime is not None else "neither"
            raise QuantityError("ST153", f"{got} of regime and window", "one of them")
        return self

    def days(self) -> tuple[date, date] | None:
        """Return the window, or None where a regime is named."""
        return None if self.window is None else (self.window[0], self.window[1])
