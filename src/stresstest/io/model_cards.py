"""Model cards: what an instrument type assumes, cannot do, does at its edges, and moves with."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

FILE = "model_card.md"
"""Name of the card in the type's folder."""

SECTIONS = ("Model", "Assumptions", "Limits", "Edges", "Factors")
"""Headings of a card, in their order: each line `## Model` begins one."""


def model_card(spec: type) -> Mapping[str, str]:
    """Return the sections of a type's card, in Markdown, by heading; none where its folder has no card.

    The card is read when somebody asks for it: listing and validating never open it.

    Parameters
    ----------
    spec
        Model of the contract terms: the card lies beside its module.

    Raises
    ------
    ValueError
        The card has other sections than `SECTIONS`, or an empty one.
    """
    package = spec.__module__.rpartition(".")[0]
    file = files(package).joinpath(FILE) if package else None
    if file is None or not file.is_file():
        return MappingProxyType({})
    return read_card(file.read_text(encoding="utf-8"), package)


def read_card(text: str, name: str) -> Mapping[str, str]:
    r"""Return the sections of a card's text by heading; `name` says in errors whose card it is.

    Examples
    --------
    >>> read_card("\n".join(f"## {heading}\nThis." for heading in SECTIONS), "a")["Limits"]
    'This.'
    """
    _, *parts = f"\n{text}".split("\n## ")
    sections = [
        (heading.strip(), body.strip()) for heading, _, body in (part.partition("\n") for part in parts)
    ]
    headings = tuple(heading for heading, _ in sections)
    if headings != SECTIONS:
        raise ValueError(f"model card of {name}: sections {list(headings)}, expected {list(SECTIONS)}")
    empty = [heading for heading, body in sections if not body]
    if empty:
        raise ValueError(f"model card of {name}: nothing under {empty}")
    return MappingProxyType(dict(sections))
