"""What the size of a shock rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Basis:
    """What the size of a shock rests on.

    Attributes
    ----------
    basis_class
        `documented`, `computed`, `judgement` or `unverified`.
    analogue
        The episode it is modelled on.
    author, dated
        Who judged it and when, where that is stated.
    """

    basis_class: str
    analogue: str = ""
    note: str = ""
    author: str = ""
    dated: date | None = None


JUDGED = ("judgement", "unverified", "unstated")
"""Classes of what nothing but somebody's word stands behind; `unstated` where no class is written."""

CLASSES = ("documented", "computed", "unverified", "judgement", "unstated")
"""Classes of what a number rests on, the firmest first."""


def class_of(basis: Basis | None) -> str:
    """Return the class of a basis, `unstated` where there is none."""
    return "unstated" if basis is None else basis.basis_class
