"""What a batch knows beside positions and scenarios: all that its tables of governance are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from stresstest.measures.breach_ages import Breach
from stresstest.measures.judgements.register import RegisteredNumber


@dataclass(frozen=True, slots=True, eq=False)
class Governed:
    """What tables of governance are made from.

    Attributes
    ----------
    day
        Date of the market: that of the run.
    previous
        Breaches of the run before, with their ages.
    tolerance
        Of net asset values, in place of each portfolio's own; None: its own.
    proxied
        Rows of instruments that the market alone does not value.
    register
        Numbers that the scenarios rest on, without what states them; none where nobody asked.
    layers
        Of each scenario the columns that value it up to each of `measures.judgements.shares.LAYERS`.
    judged_networks
        Scenarios with a network of which a number is judged.
    unvaried
        Scenarios whose variants cannot be had, each with why.
    """

    day: date
    previous: tuple[Breach, ...] = ()
    tolerance: float | None = None
    proxied: tuple[int, ...] = ()
    register: tuple[RegisteredNumber, ...] = ()
    layers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    judged_networks: frozenset[str] = frozenset()
    unvaried: Mapping[str, str] = field(default_factory=dict)
