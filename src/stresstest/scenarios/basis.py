"""What the size of a shock rests on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Basis:
    """What the size of a shock rests on.

    Attributes
    ----------
    basis_class
        `documented`, `computed`, `judgement` or `unverified`.
    analogue
        The episode it is modelled on.
    """

    basis_class: str
    analogue: str = ""
    note: str = ""
