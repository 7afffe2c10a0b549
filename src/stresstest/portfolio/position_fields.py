"""Fields of one position: which type it has, and names that neither positions nor that type know."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from stresstest.catalog import instrument_type, instrument_types
from stresstest.errors import InputError, Location, Problem, ProblemList, nearest
from stresstest.instrument_type import InstrumentType
from stresstest.portfolio.spec import POSITION_FIELDS

Locate = Callable[[str], Location]


def instrument_type_at(tag: object, locate: Locate, problems: ProblemList) -> InstrumentType | None:
    """Return the type that `tag` names; None, with the problem added where it is text that names none."""
    if not isinstance(tag, str):
        return None
    try:
        return instrument_type(tag)
    except InputError as error:
        problems.extend(problem.at(locate("type")) for problem in error.problems)
        return None


def unknown_fields(fields: Iterable[str], type_: InstrumentType, locate: Locate) -> list[Problem]:
    """Return a problem for each field that no position and not this type has."""
    known = [*type_.spec.model_fields, *sorted(POSITION_FIELDS)]
    return [
        Problem(
            "ST150",
            f"unknown field {str(field)[:64]!r} of type {type_.tag}",
            "one of " + ", ".join(known),
            locate(field),
            nearest(str(field), known),
        )
        for field in fields
        if field not in known
    ]


def known_columns() -> tuple[str, ...]:
    """Return every field that a column of a position table may be: those of positions and of all types."""
    names = dict.fromkeys(sorted(POSITION_FIELDS - {"tags", "lots"}))
    for type_ in instrument_types().values():
        names.update(dict.fromkeys(type_.spec.model_fields))
    return tuple(names)
