"""Drivers and the shifts that depend on them, as scenario files write them."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from typing import Annotated, Any, ClassVar, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    WithJsonSchema,
    model_validator,
)

from stresstest.io.fields import Items, Name, Number, Percentage, Spec
from stresstest.quantity import QuantityError, Shift, parse_level, parse_shift, parse_tenor
from stresstest.scenarios.basis_spec import BasisSpec
from stresstest.scenarios.drivers import unit_of

_SHIFT_PATTERN = (
    r"^(([+-][0-9][0-9_.eE+-]*|0)(%|bp|vol|pp|abs)|x[0-9][0-9_.eE+-]*|=[+-]?[0-9][0-9_.eE+-]*(%|bp|vol|pp)?)$"
)
_TENOR_PATTERN = "^[1-9][0-9]*[DWMY]$"
_DEPENDENCIES = ("table", "slope", "elasticity", "cases")


_SizedT = TypeVar("_SizedT", bound=Sized)


def _not_empty(value: _SizedT) -> _SizedT:
    if not value:
        raise QuantityError("ST153", "nothing in it", "at least one entry")
    return value


NotEmpty = AfterValidator(_not_empty)
"""At least one entry; unlike a length of the field it is not asked where an entry is wrong already."""


def _tenor_text(value: object) -> str:
    return parse_tenor(value).text


def _amount(value: object) -> str:
    """Return a level as text, checked; a plain number keeps its digits."""
    parse_level(value)
    return str(value)


def _shift_form(value: Any) -> str:
    if not isinstance(value, Mapping):
        return "one"
    return "driven" if "driver" in value or any(key in value for key in _DEPENDENCIES) else "table"


TenorText: TypeAlias = Annotated[
    str, PlainValidator(_tenor_text), WithJsonSchema({"type": "string", "pattern": _TENOR_PATTERN})
]

ShiftField: TypeAlias = Annotated[
    Shift,
    PlainValidator(parse_shift),
    WithJsonSchema(
        {"type": "string", "pattern": _SHIFT_PATTERN, "examples": ["-60%", "+150bp", "x0.4", "=4.5%"]}
    ),
]
"""Shift with its sign and unit: `-60%`, `+150bp`, `+5vol`, `+2pp`, `+0.1abs`, `x0.4`, `=120`, `=4.5%`."""

_ByTenor: TypeAlias = Annotated[
    dict[TenorText, ShiftField], NotEmpty, Field(json_schema_extra={"additionalProperties": False})
]

PlainShifts: TypeAlias = Annotated[
    Annotated[ShiftField, Tag("one")] | Annotated[_ByTenor, Tag("table")], Discriminator(_shift_form)
]
"""A shift, or a table of shifts by tenor."""

Amount: TypeAlias = Annotated[
    str, PlainValidator(_amount), WithJsonSchema({"type": ["string", "number"], "examples": ["50%", 1.5]})
]
"""Value of a driver, as text: `50%`, `100bp`, `1.5`."""


class DrivenShiftSpec(Spec):
    """A shift that depends on a driver: by exactly one of a table, a slope, an elasticity or cases."""

    examples: ClassVar[dict[str, tuple[object, ...]]] = {
        "driver": ("capex_cut",),
        "table": ({"0%": "0%", "50%": "-40%", "80%": "-60%"},),
        "slope": ("-1.2%", "+12bp"),
        "elasticity": (1.5, "demand_elasticity"),
        "cases": ({"discipline": "+5%", "demand_failure": "-20%"},),
    }

    driver: Name
    """The driver that the shift depends on."""
    table: Annotated[dict[Amount, PlainShifts], NotEmpty] | None = None
    """Shifts at values of the driver, linear between them: they cover its range."""
    slope: ShiftField | None = None
    """Amount for each point of the driver: -1.2% makes -60% where the driver is 50%."""
    elasticity: Number | Name | None = None
    """Power e in (1 + x)^e - 1, where the driver is x; a number, or a driver that is one."""
    cases: Annotated[dict[Name, Shifts], NotEmpty] | None = None
    """A shift for each choice of the driver; it may depend on another driver in turn."""

    @model_validator(mode="after")
    def _one_dependency(self) -> DrivenShiftSpec:
        stated = [name for name in _DEPENDENCIES if getattr(self, name) is not None]
        if len(stated) != 1:
            got = f"a shift over driver {self.driver} with " + (" and ".join(stated) or "nothing more")
            raise QuantityError("ST332", got, f"exactly one of {', '.join(_DEPENDENCIES)}")
        return self


Shifts: TypeAlias = Annotated[
    Annotated[ShiftField, Tag("one")]
    | Annotated[_ByTenor, Tag("table")]
    | Annotated[DrivenShiftSpec, Tag("driven")],
    Discriminator(_shift_form),
]
"""A shift, a table of shifts by tenor, or a shift that depends on a driver."""


class TriangularSpec(Spec):
    """Triangular distribution."""

    low: Amount
    """Smallest value."""
    mode: Amount
    """Most likely value."""
    high: Amount
    """Largest value."""


class UniformSpec(Spec):
    """Uniform distribution."""

    low: Amount
    """Smallest value."""
    high: Amount
    """Largest value."""


class NormalSpec(Spec):
    """Normal distribution, cut off at the ends of the driver's range."""

    mean: Amount
    """Mean before the cut."""
    standard_deviation: Amount
    """Standard deviation before the cut."""


class DistributionSpec(Spec):
    """How likely each value of a driver is: exactly one form."""

    triangular: TriangularSpec | None = None
    """From low to high with the peak at mode."""
    uniform: UniformSpec | None = None
    """Every value from low to high alike."""
    normal: NormalSpec | None = None
    """Normal, cut off at the ends of the range."""
    choices: dict[Name, Percentage] | None = None
    """Probability of each choice; 100% in all."""

    @model_validator(mode="after")
    def _one_form(self) -> DistributionSpec:
        stated = [name for name in DistributionSpec.model_fields if getattr(self, name) is not None]
        if len(stated) != 1:
            got = "a distribution with " + (" and ".join(stated) or "no form")
            raise QuantityError("ST331", got, f"exactly one of {', '.join(DistributionSpec.model_fields)}")
        return self


class DriverSpec(Spec):
    """A named parameter: a number with its range, or a choice of words."""

    other_words: ClassVar[dict[str, str]] = {
        "default": "value",
        "min": "range",
        "max": "range",
        "low": "range",
        "high": "range",
        "options": "choices",
        "values": "choices",
    }
    examples: ClassVar[dict[str, tuple[object, ...]]] = {
        "value": ("50%", "100bp", 1.5, "demand_failure"),
        "range": (["10%", "80%"],),
        "choices": (["discipline", "demand_failure"],),
        "unit": ("USD bn",),
        "description": ("Cut of AI investment against plan.",),
    }

    value: Amount | Name
    """What it is unless set otherwise: 50%, 100bp, 1.5, or one of the choices."""
    range: Annotated[Items[Amount], Field(min_length=2, max_length=2)] | None = None
    """Smallest and largest value that it may be set to; a number must have one."""
    choices: Items[Name] | None = None
    """The words to choose from."""
    unit: Annotated[str, Field(min_length=1)] | None = None
    """What a plain number counts, in words: USD bn."""
    distribution: DistributionSpec | None = None
    """How likely each value is, for samples."""
    description: str = ""
    """What it means."""
    basis: BasisSpec | None = None
    """What its value rests on, with the episode it is modelled on."""

    @model_validator(mode="after")
    def _number_or_choice(self) -> DriverSpec:
        if (self.range is None) == (self.choices is None):
            got = "a driver with " + (
                "both a range and choices" if self.range else "neither range nor choices"
            )
            raise QuantityError("ST331", got, "a range for a number, or choices")
        if self.choices is not None:
            if self.distribution is not None and self.distribution.choices is None:
                raise QuantityError("ST331", "the distribution of a number for choices", "choices")
            return self
        units = {unit_of(text) for text in (self.value, *(self.range or ()))}
        if len(units) > 1:
            got = f"a value {self.value} with a range from {' to '.join(self.range or ())}"
            raise QuantityError("ST331", got, "one unit for value and range", self._with_unit())
        return self

    def _with_unit(self) -> str:
        """Return the value in the unit of the range, where it has none; nothing where that is not clear."""
        units = {unit_of(text) for text in self.range or ()}
        number, unit = parse_level(self.value), next(iter(units))
        if len(units) > 1 or unit_of(self.value):
            return ""
        return f"{100.0 * number:.12g}%" if unit == "%" and 0.0 < abs(number) < 1.0 else f"{self.value}{unit}"


DrivenShiftSpec.model_rebuild()
