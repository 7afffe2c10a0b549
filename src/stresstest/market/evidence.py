"""Evidence of a number: its class, its source and its date, which may not lie after the market's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from stresstest.errors import Problem, ProblemList, nearest
from stresstest.market.draft import BASIS_CLASSES, Place
from stresstest.market.snapshot import Provenance
from stresstest.market.suggestions import suggestion


class Claim(NamedTuple):
    """What a file says of a number, before it is checked; `source` holds ids joined by `;`."""

    basis_class: str
    source: str
    as_of: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Jury:
    """What claims are held against.

    Attributes
    ----------
    as_of
        No datum may be later.
    sources
        Source ids that may be cited; None where a source is free text.
    """

    as_of: date
    sources: Mapping[str, str] | None
    problems: ProblemList

    def provenance(self, claim: Claim, place: Place) -> Provenance:
        """Return the evidence of a claim after adding what is wrong with it to the problems.

        A judgement may rest on its note alone; every other number cites a source.
        """
        if claim.basis_class not in BASIS_CLASSES:
            got, expected = f"class {claim.basis_class!r}", "one of " + ", ".join(BASIS_CLASSES)
            close = nearest(claim.basis_class, BASIS_CLASSES)
            self.problems.add(Problem("ST206", got, expected, place("class"), close))
        if claim.as_of > self.as_of:
            got = f"datum of {claim.as_of}, after the market's {self.as_of}"
            self.problems.add(Problem("ST204", got, "nothing later than the market", place("date")))
        self._check_source(claim, place)
        return Provenance(*claim)

    def _check_source(self, claim: Claim, place: Place) -> None:
        if not claim.source and not (claim.basis_class == "judgement" and claim.note):
            expected = "a source, or for a judgement its reason in the note"
            self.problems.add(Problem("ST205", "a number without source", expected, place("source")))
        if self.sources is None or not claim.source or claim.source in self.sources:
            return
        for name in claim.source.split(";"):
            if name.strip() not in self.sources:
                got, expected = f"source {name.strip()!r}", "an id under `sources`"
                close = suggestion(name.strip(), self.sources, self.problems)
                self.problems.add(Problem("ST205", got, expected, place("source"), close))
