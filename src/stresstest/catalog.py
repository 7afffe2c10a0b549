"""Instrument types by tag: those in `stresstest.instruments`, and, for unknown tags, other packages'."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pkgutil import iter_modules
from types import MappingProxyType

from stresstest import instruments
from stresstest.errors import InputError, Problem, ProblemList, nearest
from stresstest.instrument_type import InstrumentType

ENTRY_POINT_GROUP = "stresstest.instruments"
"""Group in which another package names its `InstrumentType` objects."""


def instrument_types(*, outside: bool = False) -> Mapping[str, InstrumentType]:
    """Return every instrument type by its tag, in the order of tags.

    Parameters
    ----------
    outside
        Add the types that other installed packages offer. Looking for them takes time and imports their
        code.

    Raises
    ------
    InputError
        Two types claim one tag, or a type from outside cannot be loaded (ST351, ST352).

    Examples
    --------
    >>> instrument_types()["cash"].tag
    'cash'
    """
    return _all_types() if outside else _own_types()


def instrument_type(tag: str) -> InstrumentType:
    """Return the type that a portfolio's `type:` names.

    Raises
    ------
    InputError
        No type has this tag (ST350), or types from outside clash (ST351, ST352).
    """
    found = _own_types().get(tag) or _all_types().get(tag)
    if found is None:
        known = "a type that `stresstest list instruments` shows"
        raise InputError(
            [Problem("ST350", f"instrument type {tag!r}", known, suggestion=nearest(tag, _all_types()))]
        )
    return found


@cache
def _own_types() -> Mapping[str, InstrumentType]:
    names = sorted(module.name for module in iter_modules(instruments.__path__) if module.ispkg)
    return by_tag((name, import_module(f"{instruments.__name__}.{name}").INSTRUMENT_TYPE) for name in names)


@cache
def _all_types() -> Mapping[str, InstrumentType]:
    own = [(instruments.__name__, type_) for type_ in _own_types().values()]
    problems = ProblemList()
    offered = []
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda point: (point.name, point.value)):
        loaded = _load(point)
        if isinstance(loaded, Problem):
            problems.add(loaded)
        else:
            offered.append((point.value, loaded))
    problems.raise_if_any()
    return by_tag([*own, *offered])


def by_tag(offered: Iterable[tuple[str, InstrumentType]]) -> Mapping[str, InstrumentType]:
    """Return types by tag, given each with the place that offers it; a tag claimed twice is an error."""
    places: dict[str, str] = {}
    types: dict[str, InstrumentType] = {}
    problems = ProblemList()
    for place, type_ in offered:
        if type_.tag in types:
            got = f"instrument type {type_.tag!r} of {place!r}"
            problems.add(Problem("ST351", got, f"a tag that {places[type_.tag]!r} does not claim"))
            continue
        places[type_.tag], types[type_.tag] = place, type_
    problems.raise_if_any()
    return MappingProxyType(dict(sorted(types.items())))


def _load(point: EntryPoint) -> InstrumentType | Problem:
    """Return the type that an entry point names, or its fault; the tag is `<distribution>.<name>`."""
    where = f"entry point {point.name!r} = {point.value!r}"
    try:
        type_ = point.load()
    except Exception as error:  # whatever the other package's import raises
        return Problem("ST352", f"{where}: {type(error).__name__}: {error}", "an InstrumentType")
    if not isinstance(type_, InstrumentType):
        return Problem("ST352", f"{where}: {type(type_).__name__}", "an InstrumentType")
    distribution = point.dist.name if point.dist else point.module.partition(".")[0]
    prefix = re.sub(r"[-_.]+", "_", distribution).lower() + "."
    if not type_.tag.startswith(prefix):
        return Problem("ST352", f"{where}: tag {type_.tag!r}", f"a tag that begins with {prefix!r}")
    return type_
